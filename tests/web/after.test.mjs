// SPDX-License-Identifier: Apache-2.0
//
// What is asked after a release, in words.
import assert from "node:assert/strict";
import test from "node:test";
import { failureText, taskText } from "../../guard/web/src/after_section.js";

const failure = { live_at: "2026-01-31T12:00:00Z", detected_at: "2026-01-31T12:01:30Z", restored_at: "2026-01-31T12:10:00Z", restored_by: null };

test("a failure is told with how long it took to notice and to restore", () => {
  assert.equal(failureText(failure), "Noticed 1m30s after it went live, at 2026-01-31 12:01:30 UTC; restored 8m30s later, by its rollback.");
  assert.match(failureText({ ...failure, restored_by: "r3" }), /by release r3\.$/);
  assert.match(failureText({ ...failure, restored_at: null }), /; not seen restored\.$/);
  assert.equal(failureText(null), "");
});

test("a task is ticked where the guard answers it", () => {
  assert.equal(taskText({ task: "Review", done: true, words: "all held" }), "☑ Review: all held");
  assert.equal(taskText({ task: "Plan", done: false, words: "" }), "☐ Plan");
});

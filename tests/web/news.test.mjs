// SPDX-License-Identifier: Apache-2.0
//
// What screen readers are told of a release that was read again, and how values are written.
import assert from "node:assert/strict";
import test from "node:test";
import { quantity } from "../../guard/web/src/format.js";
import { newsOf } from "../../guard/web/src/release_row.js";

const release = { service: "shop", environment: "production", phase: "watching", reason: "it is live", needs_person: "" };

test("nothing of what was found when the page was opened is news", () => {
  assert.equal(newsOf(null, { ...release, needs_person: "act" }), "");
  assert.equal(newsOf(release, release), "");
});

test("another phase is news, and that a person is needed even in the same phase", () => {
  assert.equal(newsOf(release, { ...release, phase: "passed", reason: "all held" }), "shop in production: Passed. all held");
  assert.equal(newsOf(release, { ...release, needs_person: "a breach is held" }),
    "shop in production: a person is needed: a breach is held");
  assert.equal(newsOf({ ...release, needs_person: "old" }, { ...release, needs_person: "new" }), "");
});

test("a value is written as the guard writes it, with three significant digits", () => {
  for (const [value, unit, text] of [
    [0.009996, "ratio", "1%"], [0.00999, "ratio", "0.999%"], [0.6946, "ratio", "69.5%"], [1.996, "seconds", "2s"],
    [0.721094, "seconds", "721ms"], [7200, "seconds", "2h"], [90, "seconds", "90s"], [1234567, "number", "1234567"],
    [0, "seconds", "0s"], [0.0001, "number", "0.0001"], [1.5 * 2 ** 20, "bytes", "1.5MiB"], [null, "ratio", "no value"],
  ]) assert.equal(quantity(value, unit), text);
});

// SPDX-License-Identifier: Apache-2.0
//
// How releases went, in words.
import assert from "node:assert/strict";
import test from "node:test";
import { detectOf, failureOf, frequencyOf, restoreOf } from "../../guard/web/src/delivery_section.js";

const some = { deployments: 12, deployments_per_week: 2.8, judged: 11, failed: 2, change_failure_rate: 2 / 11, unrestored: 1,
  time_to_detect_median_seconds: 90, time_to_detect_p90_seconds: 120, time_to_restore_median_seconds: 600, time_to_restore_p90_seconds: 600 };
const none = { deployments: 0, deployments_per_week: 0, judged: 0, failed: 0, change_failure_rate: null, unrestored: 0,
  time_to_detect_median_seconds: null, time_to_detect_p90_seconds: null, time_to_restore_median_seconds: null, time_to_restore_p90_seconds: null };

test("figures are told as they were counted", () => {
  assert.equal(frequencyOf(some), "12, 2.8 a week");
  assert.equal(failureOf(some), "2 of 11 that were judged, 18.2%");
  assert.equal(detectOf(some), "median 1m30s, 90% within 2m");
  assert.equal(restoreOf(some), "median 10m, 90% within 10m; 1 not seen restored");
});

test("where there is none, that is said and no number is made up", () => {
  assert.equal(frequencyOf(none), "none");
  assert.equal(failureOf(none), "none was judged to its end");
  assert.equal(detectOf(none), "nothing failed");
  assert.equal(restoreOf(none), "nothing failed");
  assert.equal(restoreOf({ ...none, failed: 1, unrestored: 1 }), "1 not seen restored");
});

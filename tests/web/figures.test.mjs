// SPDX-License-Identifier: Apache-2.0
//
// The figures of a chart: over the time a release was live and on the side that is bad, as the report has them.
import assert from "node:assert/strict";
import test from "node:test";
import { timeLive, worst } from "../../guard/web/src/figures.js";

const second = (n) => new Date(n * 1000).toISOString();
const back = { kind: "rollback", state: "confirmed", finished_at: second(30) };
const released = (more) => ({ live_at: second(10), ended_at: null, decisions: [], ...more });
const always = { from: -Infinity, to: Infinity };

function worstOf(values, comparison, bounds = values.map(() => 3), live = always) {
  const found = worst([values.map((_value, i) => i * 10), values, bounds], comparison, live);
  return found && [found.value, found.i];
}

test("it is live from going live", () => {
  assert.deepEqual(timeLive(released({})), { from: 10000, to: Infinity });
  assert.equal(timeLive(released({ live_at: null })), null);
});

test("a release ends with the first rollback that was done, else with its watch", () => {
  const failed = { ...back, state: "failed", finished_at: second(20) };
  const later = { ...back, finished_at: second(50) };
  assert.equal(timeLive(released({ ended_at: second(90), decisions: [failed, back, later] })).to, 30000);
  assert.equal(timeLive(released({ ended_at: second(90), decisions: [failed] })).to, 90000);
});

test("what was before the release and after the rollback is not the release's", () => {
  const live = timeLive(released({ decisions: [back] }));
  assert.deepEqual(worstOf([90, 1, 2, 1.5, 80], "<", undefined, live), [2, 2]);
  assert.deepEqual(worstOf([90, 4, 2, 5, 80], "<", undefined, live), [5, 3], "both ends belong to it");
  assert.equal(worstOf([90, null, null, null, 80], "<", undefined, live), null);
});

test("the worst lies on the bad side, and is the first of equals", () => {
  const values = [2, 5, null, 1, 5];
  assert.deepEqual(worstOf(values, "<"), [5, 1]);
  assert.deepEqual(worstOf(values, "<="), [5, 1]);
  assert.deepEqual(worstOf(values, ">="), [1, 3]);
  assert.deepEqual(worstOf(values, "=="), [5, 1]);
  assert.deepEqual(worstOf(values, "!="), [2, 0]);
  assert.equal(worstOf([1, 2], "==", [null, null]), null);
});

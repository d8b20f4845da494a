// SPDX-License-Identifier: Apache-2.0
//
// What is made of the guard's answer to a trial, and of the last day of a rule.
import assert from "node:assert/strict";
import test from "node:test";

globalThis.matchMedia = () => ({ addEventListener() {} });
const { columnsOf, marksOf, settingsOf } = await import("../../guard/web/src/what_if.js");
const { breaks, describe } = await import("../../guard/web/src/day_figure.js");

const side = { objective: "< 2%", for: "5m", confidence: null, decided_at: null };

test("the tried objective is drawn before the one that is", () => {
  const points = { times: ["2026-01-31T12:00:00.000Z", "2026-01-31T12:00:15.000Z"], values: [0.5, "NaN"], bounds: [1, 1], tried_bounds: [2, null] };
  assert.deepEqual(columnsOf({ points }), [[1769860800, 1769860815], [0.5, null], [2, null], [1, 1]]);
});

test("where each would have decided is marked", () => {
  const answer = { live_at: "2026-01-31T12:00:00Z", now: { ...side, decided_at: "2026-01-31T12:07:00Z" }, tried: side };
  assert.deepEqual(marksOf(answer).map(({ label }) => label), ["live", "decided"]);
});

test("what is tried is said as a rule file has it", () => {
  assert.equal(settingsOf(side), "< 2% for 5m");
  assert.equal(settingsOf({ ...side, for: "0s" }), "< 2%");
  assert.equal(settingsOf({ ...side, for: null, confidence: 0.99 }), "< 2%, confidence 99%");
});

test("a day is told with its worst and how often the objective was broken", () => {
  const series = { slo: "queue", objective: "< 10", comparison: "<", unit: "number", from: "2026-01-31T12:00:00Z", step_seconds: 60,
    values: [3, 12, null], bounds: [10, 10, 10], baselines: [null, null, null] };
  assert.equal(describe(series), "queue, the last day: worst 12 at 2026-01-31 12:01:00 UTC, objective < 10 broken at 1 of 2 points.");
  assert.equal(describe({ ...series, values: [null, null, null] }), "queue: no values in the last day; objective < 10.");
});

test("each comparison breaks on its own side", () => {
  for (const [comparison, value] of [["<", 2], ["<=", 2.1], [">", 2], [">=", 1.9], ["==", 1], ["!=", 2]])
    assert.ok(breaks(comparison, value, 2), comparison);
  for (const [comparison, value] of [["<", 1], ["<=", 2], [">", 3], [">=", 2], ["==", 2], ["!=", 1]])
    assert.ok(!breaks(comparison, value, 2), comparison);
});

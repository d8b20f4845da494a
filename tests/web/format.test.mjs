// SPDX-License-Identifier: Apache-2.0
//
// Times and durations for people: as tests/base/time_text_test.cpp has them of the guard.
import assert from "node:assert/strict";
import test from "node:test";
import { span, took, when } from "../../guard/web/src/format.js";

const [second, minute, hour] = [1000, 60_000, 3_600_000];

test("a time has one form, in UTC, whatever it is made of", () => {
  for (const noon of ["2026-01-31T12:00:00.250Z", "2026-01-31T13:00:00.999+01:00", 1769860800000, new Date(1769860800000)])
    assert.equal(when(noon), "2026-01-31 12:00:00 UTC");
});

test("a duration shows its two largest units", () => {
  assert.equal(span(0), "0s");
  assert.equal(span(45 * second + 900), "45s");
  assert.equal(span(4 * minute + 5 * second), "4m5s");
  assert.equal(span(2 * minute), "2m");
  assert.equal(span(hour + 12 * minute + 59 * second), "1h12m");
  assert.equal(span(2 * hour), "2h");
  assert.equal(span(51 * hour), "2d3h");
  assert.equal(span(48 * hour), "2d");
  assert.equal(span(-3 * second), "0s");
});

test("what is over at once is told in milliseconds", () => {
  assert.equal(took(312.4), "312ms");
  assert.equal(took(0), "0s");
  assert.equal(took(1500), "1s");
});

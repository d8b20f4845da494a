// SPDX-License-Identifier: Apache-2.0
//
// A series as the guard gives it, as columns to draw: [seconds, values, bounds, baselines], null where nothing is known.
// Pure.
export function columnsOf(series) {
  const from = Date.parse(series.from) / 1000;
  const numbers = (list) => list.map((value) => (typeof value === "number" ? value : null));
  const times = series.values.map((_value, i) => from + i * series.step_seconds);
  return [times, numbers(series.values), numbers(series.bounds), numbers(series.baselines)];
}

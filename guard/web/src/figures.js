// SPDX-License-Identifier: Apache-2.0
//
// What a chart comes to in figures, by the rules of the report, so that page and report say the same. Pure.

// From going live until a rollback was done, or the end, in milliseconds; null: it never went live.
export function timeLive(release) {
  if (!release.live_at) return null;
  const back = release.decisions.find(({ kind, state }) => kind === "rollback" && state === "confirmed");
  const end = back ? back.finished_at : release.ended_at;
  return { from: Date.parse(release.live_at), to: end ? Date.parse(end) : Infinity };
}

// Greater is worse; null where that cannot be told.
function badness(comparison, value, bound) {
  if (value === null) return null;
  if (comparison.startsWith("<")) return value;
  if (comparison.startsWith(">")) return -value;
  if (bound === null) return null;
  return comparison === "==" ? Math.abs(value - bound) : -Math.abs(value - bound);
}

// The point that lies furthest on the bad side, {value, i}, the first of equals; null where there is none in this time.
// columns: [seconds, values, bounds, …].
export function worst([times, values, bounds], comparison, live) {
  let best = null;
  times.forEach((seconds, i) => {
    const at = Math.round(seconds * 1000);
    const bad = at >= live.from && at <= live.to ? badness(comparison, values[i], bounds[i]) : null;
    if (bad !== null && (best === null || bad > best.bad)) best = { value: values[i], i, bad };
  });
  return best;
}

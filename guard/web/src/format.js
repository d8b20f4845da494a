// SPDX-License-Identifier: Apache-2.0
//
// Numbers and times for people. Pure.

// Three significant digits, and all before the point, as the guard's own texts have them.
function short(number) {
  const size = Math.abs(number);
  return String(size >= 100 && size < 1e9 ? Math.round(number) : Number(number.toPrecision(3)));
}

function bytes(value) {
  const units = [["GiB", 2 ** 30], ["MiB", 2 ** 20], ["KiB", 1024]];
  const [name, size] = units.find(([, from]) => Math.abs(value) >= from) ?? ["B", 1];
  return short(value / size) + name;
}

function seconds(value) {
  const size = Math.abs(value);
  if (size !== 0 && size < 1) return `${short(value * 1000)}ms`;
  if (size >= 3600 && size % 3600 === 0) return `${short(value / 3600)}h`;
  if (size >= 60 && size % 60 === 0) return `${short(value / 60)}m`;
  return `${short(value)}s`;
}

export function quantity(value, unit) {
  if (value === null || value === undefined) return "no value";
  if (typeof value !== "number") return value;
  switch (unit) {
    case "ratio":
      return `${short(value * 100)}%`;
    case "seconds":
      return seconds(value);
    case "bytes":
      return bytes(value);
    default:
      return short(value);
  }
}

// "2d3h", "1h12m", "4m5s", "45s": the two largest units, as guard/base/time_text.cpp has them.
export function span(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = (large, size, small, divisor) => {
    const rest = Math.floor((seconds % size) / divisor);
    return `${Math.floor(seconds / size)}${large}${rest > 0 ? `${rest}${small}` : ""}`;
  };
  if (seconds >= 86400) return parts("d", 86400, "h", 3600);
  if (seconds >= 3600) return parts("h", 3600, "m", 60);
  return seconds >= 60 ? parts("m", 60, "s", 1) : `${seconds}s`;
}

// What is over at once is told in milliseconds.
export const took = (milliseconds) => (milliseconds > 0 && milliseconds < 1000 ? `${Math.round(milliseconds)}ms` : span(milliseconds));

// "2026-11-28 14:03:12 UTC": one form wherever a person reads a time, so that page, reports, messages and logs can be
// compared. Takes what Date takes.
export function when(at) {
  const text = new Date(at).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
}

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

// "2h 05m", "4m 09s", "12s": the two largest units.
export function span(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const two = (number) => String(number).padStart(2, "0");
  if (seconds >= 86400) return `${Math.floor(seconds / 86400)}d ${two(Math.floor((seconds % 86400) / 3600))}h`;
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)}h ${two(Math.floor((seconds % 3600) / 60))}m`;
  if (seconds >= 60) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  return `${seconds}s`;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

// The time of day where the reader is; with the day unless it is today's.
export function when(date, now) {
  const today = date.toDateString() === new Date(now).toDateString();
  return today ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`;
}

export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

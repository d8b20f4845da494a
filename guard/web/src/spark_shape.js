// SPDX-License-Identifier: Apache-2.0
//
// A series as the shapes of a small drawing: the line of its values, the line of its bound, and the bad side of that.
// Pure.

// From zero, as a share, a duration or a queue is read, and with room above whatever is highest.
function rangeOf(columns) {
  const known = columns.flat().filter((value) => value !== null);
  const low = Math.min(0, ...known);
  const high = Math.max(0, ...known);
  return [low, high > low ? high + (high - low) * 0.15 : low + 1];
}

// A line through what is known, broken where nothing is; a point by itself becomes a dot.
function line(values, x, y) {
  let drawing = false;
  return values.map((value, i) => {
    const begins = !drawing;
    drawing = value !== null;
    if (!drawing) return "";
    return begins ? `M${x(i)} ${y(value)}h0` : `L${x(i)} ${y(value)}`;
  }).join("");
}

// The area on the side where no value may be; empty where the comparison has no such side.
function badSide(bounds, comparison, { x, y, height }) {
  const edge = comparison.startsWith("<") ? 0 : comparison.startsWith(">") ? height : null;
  const known = bounds.map((value, i) => [i, value]).filter(([, value]) => value !== null);
  if (edge === null || known.length === 0) return "";
  const along = known.map(([i, value]) => `L${x(i)} ${y(value)}`).join("");
  return `M${x(known[0][0])} ${edge}${along}L${x(known.at(-1)[0])} ${edge}Z`;
}

// Paths for a drawing of this width and height; null where no value is known.
export function sparkShape([, values, bounds], comparison, { width, height }) {
  if (values.every((value) => value === null)) return null;
  const [low, high] = rangeOf([values, bounds]);
  const rounded = (number) => Math.round(number * 10) / 10;
  const x = (i) => rounded((i / Math.max(1, values.length - 1)) * width);
  const y = (value) => rounded(height - ((value - low) / (high - low)) * height);
  return { value: line(values, x, y), bound: line(bounds, x, y), bad: badSide(bounds, comparison, { x, y, height }) };
}

// SPDX-License-Identifier: Apache-2.0
//
// One objective drawn by uPlot: the value, the objective with its bad side shaded, the baseline, and what happened
// when. Lines differ by dashes as well as by colour.
import uPlot from "uplot";
import { quantity } from "./format.js";

const height = 190;
const dark = matchMedia("(prefers-color-scheme: dark)");

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const times = (long) =>
  new Intl.DateTimeFormat(undefined, {
    hour: "2-digit", minute: "2-digit", ...(long ? {} : { second: "2-digit" }), hourCycle: "h23", timeZone: "UTC",
  });

// From zero, as a share, a duration or a queue is read; with room above whatever is highest.
function range(columns) {
  const known = columns.flat().filter((value) => typeof value === "number");
  const low = Math.min(0, ...known);
  const high = Math.max(0, ...known);
  return [low * 1.15, high > low ? high + (high - low) * 0.15 : low + 1];
}

// The side of the objective where the value must not be.
function shade(plot, comparison) {
  const above = comparison.startsWith("<");
  if (!above && !comparison.startsWith(">")) return;
  const { left, top, width, height: tall } = plot.bbox;
  const edge = above ? top : top + tall;
  const points = plot.data[0].map((at, i) => [at, plot.data[2][i]]).filter(([, bound]) => bound !== null);
  if (points.length === 0) return;
  const place = ([at, bound]) => [plot.valToPos(at, "x", true), plot.valToPos(bound, "y", true)];
  const { ctx } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, tall);
  ctx.clip();
  ctx.beginPath();
  ctx.moveTo(place(points[0])[0], edge);
  for (const point of points) ctx.lineTo(...place(point));
  ctx.lineTo(place(points.at(-1))[0], edge);
  ctx.fillStyle = colour("chart-bad");
  ctx.fill();
  ctx.restore();
}

// Readable on whatever is drawn below it.
function writeOver(ctx, label, x, y) {
  ctx.setLineDash([]);
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.strokeStyle = colour("surface");
  ctx.strokeText(label, x, y);
  ctx.fillText(label, x, y);
}

// The first line of text on which this span is free; takes it.
function freeRow(rows, from, to) {
  const free = rows.findIndex((taken) => taken.every(([begin, end]) => to < begin || end < from));
  const row = free < 0 ? rows.push([]) - 1 : free;
  rows[row].push([from, to]);
  return row;
}

// Vertical lines with a word each; words that would run into each other are written on different lines.
function writeMarks(plot, marks) {
  const { left, top, width, height: tall } = plot.bbox;
  const { ctx } = plot;
  const pixels = (count) => count * devicePixelRatio;
  ctx.save();
  ctx.font = `${pixels(11)}px system-ui, sans-serif`;
  ctx.fillStyle = colour("text");
  ctx.textAlign = "left";
  ctx.lineJoin = "round";
  const rows = [];
  for (const { at, label } of marks) {
    const x = plot.valToPos(at / 1000, "x", true);
    if (x < left || x > left + width) continue;
    ctx.setLineDash([pixels(2), pixels(3)]);
    ctx.lineWidth = pixels(1);
    ctx.strokeStyle = ctx.fillStyle;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + tall);
    ctx.stroke();
    const long = ctx.measureText(label).width + pixels(8);
    const begin = x + long < left + width ? x : x - long;
    writeOver(ctx, label, begin + pixels(4), top + pixels(12 + 14 * freeRow(rows, begin, begin + long)));
  }
  ctx.restore();
}

export class Chart {
  // `hover` is told the index of the point under the cursor, or null.
  constructor(root, hover) {
    Object.assign(this, { root, hover, plot: null, drawn: null });
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(root);
    this.repaint = () => this.drawn && this.draw(...this.drawn);
    dark.addEventListener("change", this.repaint);
  }

  // columns: [seconds, values, bounds, baselines]; marks: [{at, label}].
  draw(columns, series, marks) {
    this.drawn = [columns, series, marks];
    this.plot?.destroy();
    this.plot = new uPlot(this.options(series, columns, marks), columns, this.root);
  }

  end() {
    this.sizes.disconnect();
    dark.removeEventListener("change", this.repaint);
    this.plot?.destroy();
  }

  fit() {
    const width = this.root.clientWidth;
    if (this.plot && width > 0 && width !== this.plot.width) this.plot.setSize({ width, height });
  }

  options(series, columns, marks) {
    const line = (name, width, dash) => ({ stroke: colour(name), width, dash, points: { show: false } });
    const axis = { stroke: colour("muted"), grid: { stroke: colour("grid"), width: 1 }, ticks: { show: false } };
    const name = times(columns[0].at(-1) - columns[0][0] > 1800);
    return {
      width: this.root.clientWidth || 300,
      height,
      legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: { x: { time: true }, y: { range: () => range(columns.slice(1)) } },
      axes: [
        { ...axis, size: 30, space: 70, values: (_plot, splits) => splits.map((at) => name.format(new Date(at * 1000))) },
        { ...axis, size: 62, values: (_plot, splits) => splits.map((value) => quantity(value, series.unit)) },
      ],
      series: [{}, line("chart-value", 2), line("bad", 1.5, [8, 4]), line("muted", 1.5, [2, 4])],
      hooks: {
        drawClear: [(plot) => shade(plot, series.comparison)],
        draw: [(plot) => writeMarks(plot, marks)],
        setCursor: [(plot) => this.hover(plot.cursor.idx ?? null)],
      },
    };
  }
}

// SPDX-License-Identifier: Apache-2.0
//
// The last day of a rule whose text is being written, as a chart and in words.
import { Chart } from "./chart.js";
import { columnsOf } from "./columns.js";
import { worst } from "./figures.js";
import { h, say, show } from "./dom.js";
import { quantity, when } from "./format.js";

// What a chart of a day says, in words.
export function describe(series) {
  const columns = columnsOf(series);
  const found = worst(columns, series.comparison, { from: 0, to: Infinity });
  const known = columns[1].filter((value) => value !== null).length;
  if (known === 0) return `${series.slo}: no values in the last day; objective ${series.objective}.`;
  const isBroken = (value, bound) => value !== null && bound !== null && breaks(series.comparison, value, bound);
  const broken = columns[1].filter((value, i) => isBroken(value, columns[2][i]));
  const most = found ? `worst ${quantity(found.value, series.unit)} at ${when(columns[0][found.i] * 1000)}, ` : "";
  return `${series.slo}, the last day: ${most}objective ${series.objective} broken at ${broken.length} of ${known} points.`;
}

// Whether the value does not keep `comparison bound`.
export function breaks(comparison, value, bound) {
  const holds = {
    "<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound,
    "==": value === bound, "!=": value !== bound,
  };
  return !holds[comparison];
}

export class DayFigure {
  constructor() {
    this.plot = h("div", { class: "plot", role: "img", "aria-label": "No chart yet." });
    this.hover = h("p", { class: "hover", "aria-hidden": "true" });
    this.words = h("figcaption", { dir: "auto" }, "Place the cursor in a rule to see its last day.");
    this.problem = show(h("p", { class: "problem", dir: "auto" }), false);
    this.baselineKey = h("li", { class: "key baseline" }, "baseline");
    const keys = h("ul", { class: "keys" }, h("li", { class: "key value" }, "value"),
      h("li", { class: "key objective" }, "objective, bad side shaded"), this.baselineKey);
    this.drawing = show(h("div", {}, this.plot, this.hover, keys), false);
    this.root = h("figure", { class: "card" }, this.drawing, this.words, this.problem);
    this.chart = new Chart(this.plot, (index) => this.point(index));
  }

  take(series) {
    this.series = series;
    this.columns = columnsOf(series);
    const known = this.columns[1].some((value) => value !== null);
    show(this.drawing, known);
    show(this.baselineKey, this.columns[3].some((value) => value !== null));
    if (known) this.chart.draw(this.columns, series, []);
    say(this.words, describe(series));
    this.plot.setAttribute("aria-label", `Chart of ${this.words.textContent}`);
    say(show(this.problem, series.problem !== ""), series.problem && `Some of it could not be read: ${series.problem}.`);
  }

  // Why there is none.
  none(why) {
    show(this.drawing, false);
    show(this.problem, false);
    say(this.words, why);
  }

  point(index) {
    if (index === null || !this.columns) return say(this.hover, "");
    const [at, value, bound] = this.columns.map((column) => column[index]);
    const objective = bound === null ? "" : ` · objective ${quantity(bound, this.series.unit)}`;
    say(this.hover, `${when(at * 1000)} · ${quantity(value, this.series.unit)}${objective}`);
  }

  end() {
    this.chart.end();
  }
}

// SPDX-License-Identifier: Apache-2.0
//
// The chart of one objective with its legend, and the same facts as words and as a table for those who cannot see it.
import { readSeries } from "./api.js";
import { Chart } from "./chart.js";
import { columnsOf } from "./columns.js";
import { fill, h, say, show } from "./dom.js";
import { timeLive, worst } from "./figures.js";
import { quantity, when } from "./format.js";
import { inTurn } from "./in_turn.js";

const rows = 24;
const soonest = 2000;
const latest = 15000;

function marksOf(release) {
  const at = (time, label) => (time ? [{ at: Date.parse(time), label }] : []);
  const rollbacks = release.decisions.filter((decision) => decision.kind === "rollback");
  return [
    ...at(release.live_at, "live"),
    ...rollbacks.flatMap((decision) => at(decision.at, "rollback")),
    ...rollbacks.filter((d) => d.state === "confirmed").flatMap((decision) => at(decision.finished_at, "hook done")),
  ];
}

export class SeriesFigure {
  constructor(context, id, slo) {
    Object.assign(this, { context, id, slo, due: 0, phase: null, busy: false });
    this.canvas = h("div", { class: "plot", role: "img", "aria-label": `Chart of ${slo}, not drawn yet.` });
    this.words = h("figcaption");
    this.hover = h("p", { class: "hover", "aria-hidden": "true" });
    this.problem = show(h("p", { class: "problem" }), false);
    this.baselineKey = h("li", { class: "key baseline" }, "baseline");
    this.body = h("tbody");
    const head = ["Time", "Value", "Objective", "Baseline"].map((name) => h("th", { scope: "col" }, name));
    this.table = h("details", { ontoggle: () => this.tabulate() }, h("summary", {}, "As a table"),
      h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `${slo} as a table` },
        h("table", {}, h("thead", {}, h("tr", {}, ...head)), this.body)));
    const keys = h("ul", { class: "keys" }, h("li", { class: "key value" }, "value"),
      h("li", { class: "key objective" }, "objective, bad side shaded"), this.baselineKey);
    this.root = h("figure", {}, this.canvas, this.hover, keys, this.words, this.problem, this.table);
    this.chart = new Chart(this.canvas, (index) => this.point(index));
  }

  // Asks again when there may be something new to see.
  update(release) {
    this.release = release;
    const changed = this.phase !== release.phase;
    if (this.busy || (!changed && (release.final || Date.now() < this.due))) return;
    this.phase = release.phase;
    this.busy = true;
    inTurn(() => this.load());
  }

  async load() {
    if (this.ended) return;
    try {
      this.take(await readSeries(this.id, this.slo));
    } catch (error) {
      say(show(this.problem, true), `The chart could not be read: ${error.message}.`);
      this.due = Date.now() + latest;
    }
    this.busy = false;
  }

  take(series) {
    if (this.ended) return;
    this.due = Date.now() + Math.min(latest, Math.max(soonest, series.step_seconds * 1000));
    this.series = series;
    this.columns = columnsOf(series);
    this.chart.draw(this.columns, series, marksOf(this.release));
    show(this.baselineKey, this.columns[3].some((value) => value !== null));
    say(show(this.problem, series.problem !== ""), series.problem && `Some of it could not be read: ${series.problem}.`);
    say(this.words, this.describe());
    this.canvas.setAttribute("aria-label", `Chart of ${this.slo}. ${this.words.textContent}`);
    this.tabulate();
  }

  describe() {
    const { columns, series } = this;
    if (columns[1].every((value) => value === null)) return "No values in this time.";
    const last = columns[1].reduce((found, value, i) => (value === null ? found : i), 0);
    const at = (i) => when(columns[0][i] * 1000);
    return `${this.worst(at)}; last ${quantity(columns[1][last], series.unit)} at ${at(last)}; ` +
      `objective ${series.objective}.`;
  }

  worst(at) {
    const live = timeLive(this.release);
    if (!live) return "Not live yet";
    const found = worst(this.columns, this.series.comparison, live);
    return found ? `Worst ${quantity(found.value, this.series.unit)} at ${at(found.i)}` : "No values while it was live";
  }

  point(index) {
    if (index === null || !this.columns) return say(this.hover, "");
    const [at, value, bound, baseline] = this.columns.map((column) => column[index]);
    const named = (name, number) => (number === null ? "" : ` · ${name} ${quantity(number, this.series.unit)}`);
    const time = when(at * 1000);
    say(this.hover, `${time} · ${quantity(value, this.series.unit)}${named("objective", bound)}${named("baseline", baseline)}`);
  }

  // At most so many rows, newest first, and only while someone looks at them.
  tabulate() {
    if (!this.table.open || !this.columns) return;
    const [times, values, bounds, baselines] = this.columns;
    const stride = Math.ceil(times.length / rows);
    const chosen = times.map((_time, i) => i).reverse().filter((_i, place) => place % stride === 0);
    const cell = (number) => h("td", {}, number === null ? "–" : quantity(number, this.series.unit));
    const row = (i) => h("tr", {}, h("th", { scope: "row" }, when(times[i] * 1000)), cell(values[i]),
      cell(bounds[i]), cell(baselines[i]));
    fill(this.body, ...chosen.map(row));
  }

  end() {
    this.ended = true;
    this.chart.end();
  }
}

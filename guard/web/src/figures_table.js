// SPDX-License-Identifier: Apache-2.0
//
// Each objective in figures, as the report gives them.
import { badge } from "./badge.js";
import { fill, h, show } from "./dom.js";
import { quantity, span, when } from "./format.js";
import { timeLive } from "./figures.js";
import { verdictWords } from "./words.js";

const names = ["Objective", "Must be", "Baseline", "Worst", "Median", "95th percentile", "Objective met", "Last value", "Verdict now"];

// On a narrow screen each cell stands by itself and needs the name of its column.
const cell = (column, content) => h("td", { "data-name": names[column] }, content === "" ? null : content);

function met(figures) {
  const points = `${figures.points} points, one every ${span(figures.step_seconds * 1000)}`;
  return figures.met_share === null ? points : `${quantity(figures.met_share, "ratio")} of ${points}`;
}

// Why there are no figures, or not all of them.
function problemOf(report, figures) {
  const some = figures.points > 0;
  if (figures.problem) return `${figures.slo}: ${some ? "some figures are missing" : "no figures"}: ${figures.problem}.`;
  return some ? "" : `${figures.slo}: no figures: there are no values from the time it was live.`;
}

export class FiguresTable {
  constructor() {
    this.body = h("tbody");
    this.problems = h("ul", { class: "problem" });
    this.never = h("p", { class: "nothing" }, "It never went live, so there is nothing to measure.");
    const head = h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name))));
    this.root = h("div", {}, this.never,
      h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Objectives in figures" },
        h("table", {}, head, this.body)), this.problems);
  }

  update(report) {
    const figures = new Map(report.figures.map((item) => [item.slo, item]));
    show(this.never, timeLive(report) === null);
    fill(this.body, ...report.rules.map((rule, i) => this.row(rule, figures.get(rule.slo), report.verdicts[i])));
    const problems = report.figures.map((item) => problemOf(report, item)).filter(Boolean);
    show(this.problems, problems.length > 0);
    fill(this.problems, ...problems.map((text) => h("li", { dir: "auto" }, text)));
  }

  // verdict: in words, as of a release that was rolled back one is about the version before.
  row(rule, figures, verdict) {
    const baseline = rule.baseline === null ? "" : quantity(rule.baseline, rule.unit);
    const cells = figures?.points > 0 ? this.cells(figures) : [baseline, "", "", "", ""];
    return h("tr", {}, h("th", { scope: "row" }, h("bdi", {}, rule.slo)), cell(1, rule.objective),
      ...cells.map((text, i) => cell(i + 2, text)), cell(names.length - 2, rule.value_text ?? ""), cell(names.length - 1, badge({ ...verdictWords(rule.verdict, rule.reason), text: verdict })));
  }

  cells(figures) {
    const number = (value) => (value === null ? "" : quantity(value, figures.unit));
    const at = figures.worst_at ? ` at ${when(figures.worst_at)}` : "";
    return [number(figures.baseline), number(figures.worst) + at, number(figures.median), number(figures.p95), met(figures)];
  }
}

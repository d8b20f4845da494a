// SPDX-License-Identifier: Apache-2.0
//
// One objective: the latest reading against it, the chart, and why the verdict is what it is.
import { Badge } from "./badge.js";
import { h, say, show } from "./dom.js";
import { quantity, when } from "./format.js";
import { SeriesFigure } from "./series_figure.js";
import { plain, verdictWords } from "./words.js";

// Annotations come from rule files, but a link is followed by a click: only web addresses.
function runbook(annotations) {
  const url = annotations.runbook_url ?? "";
  return /^https?:\/\//.test(url) ? url : null;
}

const outcomes = { ok: "Met", breach: "Broken", no_data: "No data", error: "Not readable" };

function reading(rule) {
  if (rule.kind !== "expr") return rule.value_text ?? outcomes[rule.outcome] ?? "Not read yet";
  return rule.value === null ? `no value (${plain(rule.reading_reason)})` : rule.value_text;
}

export class RuleCard {
  constructor(context, id) {
    Object.assign(this, { context, id });
    this.name = h("bdi");
    this.badge = new Badge();
    this.value = h("strong", { class: "reading" });
    this.objective = h("span");
    this.summary = h("p", { class: "reason", dir: "auto" });
    this.since = h("p", { class: "reason", dir: "auto" });
    this.explanation = h("p", { dir: "auto" });
    this.query = h("code", { dir: "auto" });
    this.runbook = h("a", { rel: "noreferrer noopener", target: "_blank" }, "Runbook");
    this.figure = null;
    this.chart = h("div");
    this.root = h("section", { class: "card" },
      h("div", { class: "row-head" }, h("h3", {}, this.name), this.badge.root),
      h("p", { class: "against" }, this.value, this.objective), this.summary, this.since, this.chart,
      h("details", {}, h("summary", {}, "Why"), this.explanation, h("p", {}, this.query), this.runbook));
  }

  update(rule) {
    const since = when(new Date(rule.since), this.context.clock.now());
    const baseline = rule.baseline === null ? "" : `, baseline ${quantity(rule.baseline, rule.unit)}`;
    const warns = rule.action === "warn" ? " It only warns." : "";
    say(this.name, rule.slo);
    this.badge.update(verdictWords(rule.verdict, rule.reason));
    say(this.value, reading(rule));
    say(this.objective, ` · objective: ${rule.objective}${baseline}`);
    say(this.since, `${rule.why}, since ${since}.${warns}`);
    say(show(this.summary, Boolean(rule.annotations.summary)), rule.annotations.summary ?? "");
    say(this.explanation, rule.explanation);
    say(this.query, rule.query);
    const link = runbook(rule.annotations);
    show(this.runbook, link !== null);
    if (link) this.runbook.setAttribute("href", link);
    if (rule.kind === "expr") this.draw(rule);
  }

  draw(rule) {
    if (!this.figure) this.chart.append((this.figure = new SeriesFigure(this.context, this.id, rule.slo)).root);
    this.figure.update(rule.release);
  }

  end() {
    this.figure?.end();
  }
}

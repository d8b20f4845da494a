// SPDX-License-Identifier: Apache-2.0
//
// One objective: the latest reading against it, the chart, and why the verdict is what it is.
import { Badge } from "./badge.js";
import { h, say, show } from "./dom.js";
import { quantity, when } from "./format.js";
import { Links } from "./links.js";
import { SeriesFigure } from "./series_figure.js";
import { plain, verdictWords } from "./words.js";

// Where to see for oneself, and what to do.
const linksOf = ({ links, annotations }) => [...links, ...(annotations.runbook_url ? [{ name: "Runbook", url: annotations.runbook_url }] : [])];

// The kinds of rules that have numbers.
const measured = new Set(["expr", "share"]);

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
    this.advice = h("p", { dir: "auto" });
    this.since = h("p", { class: "reason", dir: "auto" });
    this.explanation = h("p", { dir: "auto" });
    this.query = h("code", { dir: "auto" });
    this.condition = h("code", { dir: "auto" });
    this.onlyIf = h("p", {}, "Only if ", this.condition);
    this.links = new Links();
    this.figure = null;
    this.chart = h("div");
    this.whatIf = show(h("details", { ontoggle: () => this.offerTrial() }, h("summary", {}, "What if…")), false);
    this.root = h("section", { class: "card" },
      h("div", { class: "row-head" }, h("h3", {}, this.name), this.badge.root),
      h("p", { class: "against" }, this.value, this.objective), this.summary, this.advice, this.since, this.chart, this.links.root,
      h("details", {}, h("summary", {}, "Why"), this.explanation, h("p", {}, this.query), this.onlyIf), this.whatIf);
  }

  update(rule) {
    const since = when(rule.since);
    const baseline = rule.baseline === null ? "" : `, baseline ${quantity(rule.baseline, rule.unit)}`;
    const warns = { warn: " It only warns.", ask: " A breach asks a person." }[rule.action] ?? "";
    say(this.name, rule.slo);
    this.badge.update(verdictWords(rule.verdict, rule.reason));
    say(this.value, reading(rule));
    say(this.objective, ` · objective: ${rule.objective}${baseline}`);
    say(this.since, `${rule.why}, since ${since}.${warns}`);
    say(show(this.summary, Boolean(rule.annotations.summary)), rule.annotations.summary ?? "");
    const advice = rule.verdict === "ok" ? "" : rule.annotations.advice ?? "";
    say(show(this.advice, advice !== ""), `What to do: ${advice}`);
    say(this.explanation, rule.explanation);
    say(this.query, rule.query);
    say(this.condition, rule.condition ?? "");
    show(this.onlyIf, rule.condition !== null);
    this.links.update(linksOf(rule));
    this.rule = rule;
    show(this.whatIf, measured.has(rule.kind) && rule.release.live_at !== null);
    if (rule.kind === "expr") this.draw(rule);
  }

  // Few try: what it takes is loaded by those who do.
  async offerTrial() {
    if (!this.whatIf.open || this.trial !== undefined) return;
    this.trial = null;
    try {
      const { WhatIf } = await import("./what_if.js");
      this.whatIf.append((this.trial = new WhatIf(this.id, this.rule)).root);
    } catch {
      this.trial = undefined;
      this.whatIf.open = false;
    }
  }

  draw(rule) {
    if (!this.figure) this.chart.append((this.figure = new SeriesFigure(this.context, this.id, rule.slo)).root);
    this.figure.update(rule.release);
  }

  end() {
    this.figure?.end();
    this.trial?.end();
  }
}

// SPDX-License-Identifier: Apache-2.0
//
// What another objective would have made of a release: a form, and the guard's answer as words, a chart and a table of
// both. Nothing is changed by it.
import { Badge } from "./badge.js";
import { Chart } from "./chart.js";
import { fill, h, say, show } from "./dom.js";
import { quantity, when } from "./format.js";
import { tryObjective } from "./rules_api.js";
import { verdictWords } from "./words.js";

const numbers = (list) => list.map((value) => (typeof value === "number" ? value : null));

// [seconds, values, tried bounds, bounds]: the tried objective is the one whose bad side is shaded.
export function columnsOf({ points }) {
  const seconds = points.times.map((time) => Date.parse(time) / 1000);
  return [seconds, numbers(points.values), numbers(points.tried_bounds), numbers(points.bounds)];
}

export function marksOf({ live_at: live, now, tried }) {
  const at = (time, label) => (time ? [{ at: Date.parse(time), label }] : []);
  return [...at(live, "live"), ...at(now.decided_at, "decided"), ...at(tried.decided_at, "decided, as tried")];
}

// The parts of the rule that a side is about, as a rule file writes them.
export function settingsOf(side) {
  const held = side.for === null || side.for === "0s" ? "" : ` for ${side.for}`;
  return `${side.objective}${held}${side.confidence === null ? "" : `, confidence ${quantity(side.confidence, "ratio")}`}`;
}

class Side {
  constructor(name) {
    this.name = name;
    this.badge = new Badge();
    this.settings = h("strong");
    this.words = h("p", { dir: "auto" });
    this.root = h("div", { class: "side" },
      h("p", { class: "row-head" }, h("span", {}, `${name}: `, this.settings), this.badge.root), this.words);
  }

  update(side) {
    say(this.settings, settingsOf(side));
    this.badge.update(side.verdict === "unknown" ? { text: "Cannot be told", tone: "warn", icon: "question" }
      : verdictWords(side.verdict, ""));
    say(this.words, `The release ${side.words}.`);
  }
}

export class WhatIf {
  constructor(id, rule) {
    Object.assign(this, { id, slo: rule.slo, asked: 0 });
    this.fields = { objective: this.field("objective", "Objective", rule.objective) };
    if (rule.kind === "share") this.fields.confidence = this.field("confidence", "Confidence", "");
    else this.fields.for = this.field("for", "For", "");
    this.button = h("button", { type: "submit" }, "Try");
    this.problem = show(h("p", { class: "problem", role: "alert" }), false);
    this.state = h("p", { class: "unseen", role: "status" });
    this.sides = { tried: new Side("As tried"), now: new Side("As it is") };
    this.plot = h("div", { class: "plot", role: "img" });
    this.hover = h("p", { class: "hover", "aria-hidden": "true" });
    this.notes = h("ul", { class: "notes" });
    const keys = h("ul", { class: "keys" }, h("li", { class: "key value" }, "value"),
      h("li", { class: "key objective" }, "as tried, bad side shaded"), h("li", { class: "key baseline" }, "as it is"));
    this.figure = h("figure", {}, this.plot, this.hover, keys);
    this.result = show(h("div", {}, this.sides.tried.root, this.sides.now.root, this.figure, this.notes), false);
    this.root = h("form", { class: "what-if", onsubmit: (event) => this.submit(event) },
      h("p", { class: "quiet" }, "Judges this release again over its own past. It changes nothing."),
      h("div", { class: "fields" }, ...Object.values(this.fields).map(({ root }) => root), this.button),
      this.problem, this.state, this.result);
    this.chart = new Chart(this.plot, (index) => this.point(index));
  }

  field(key, label, value) {
    const id = `what-if-${this.slo}-${key}`;
    const input = h("input", { id, type: "text", value, autocomplete: "off", spellcheck: "false",
      placeholder: value === "" ? "as it is" : null });
    return { input, root: h("span", {}, h("label", { for: id }, label), input) };
  }

  change() {
    const written = Object.entries(this.fields).map(([key, { input }]) => [key, input.value.trim()]);
    return { slo: this.slo, ...Object.fromEntries(written.filter(([, text]) => text !== "")) };
  }

  async submit(event) {
    event.preventDefault();
    const asked = ++this.asked;
    this.button.disabled = true;
    say(this.state, "Judging…");
    show(this.problem, false);
    try {
      const answer = await tryObjective(this.id, this.change());
      if (asked === this.asked && !this.ended) this.take(answer);
    } catch (error) {
      show(this.result, false);
      say(this.state, "");
      say(show(this.problem, true), `It could not be tried: ${error.message}.`);
    }
    this.button.disabled = false;
  }

  take(answer) {
    this.answer = answer;
    this.columns = columnsOf(answer);
    for (const name of ["tried", "now"]) this.sides[name].update(answer[name]);
    show(this.result, true);
    show(this.figure, this.columns[0].length > 0);
    if (this.columns[0].length > 0) this.chart.draw(this.columns, answer, marksOf(answer));
    const words = `As tried, ${settingsOf(answer.tried)}, it ${answer.tried.words}.`;
    this.plot.setAttribute("aria-label", `Chart of ${this.slo} against both objectives. ${words}`);
    say(this.state, words);
    fill(this.notes, ...answer.notes.map((note) => h("li", { dir: "auto" }, note)));
  }

  point(index) {
    if (index === null || !this.columns) return say(this.hover, "");
    const [at, value, tried, bound] = this.columns.map((column) => column[index]);
    const named = (name, number) => (number === null ? "" : ` · ${name} ${quantity(number, this.answer.unit)}`);
    say(this.hover, `${when(at * 1000)} · ${quantity(value, this.answer.unit)}${named("as tried", tried)}${named("as it is", bound)}`);
  }

  end() {
    this.ended = true;
    this.chart.end();
  }
}

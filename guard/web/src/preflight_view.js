// SPDX-License-Identifier: Apache-2.0
//
// What a release would rest on, looked at when somebody asks: a line for each thing, with what to do where it is not well.
import { lookBefore, tryBefore } from "./api.js";
import { badge } from "./badge.js";
import { contactsText } from "./contacts.js";
import { fill, h, say, show } from "./dom.js";
import { when } from "./format.js";

const marks = {
  passed: { text: "Passed", tone: "good", icon: "check" },
  failed: { text: "Failed", tone: "bad", icon: "cross" },
  unknown: { text: "Unknown", tone: "warn", icon: "question" },
};
const mark = (state) => badge(marks[state] ?? { ...marks.unknown, text: state }, "mark");
const bdi = (text) => h("bdi", {}, text);

// What it comes to, in the words of the command line.
export function conclusion({ checks, state }) {
  const count = (wanted) => checks.filter((check) => check.state === wanted).length;
  if (state === "failed") return `Not now: ${count("failed")} of ${checks.length} checks failed.`;
  if (state === "unknown") return `Nothing speaks against a release; of ${count("unknown")} of ${checks.length} checks nobody can tell.`;
  return `A release may begin: all ${checks.length} checks passed.`;
}

function line({ name, state, seen, advice }) {
  return h("li", { class: "check" }, mark(state), h("strong", {}, bdi(name)),
    h("p", {}, bdi(seen), advice === "" ? null : h("span", { class: "quiet" }, " → ", bdi(advice))));
}

export class PreflightView {
  // filters: whose preflight is asked for already; the visitor's role says what may be tried.
  constructor(filters, role) {
    this.title = h("h1", { tabindex: "-1" }, "Before a release");
    this.service = h("input", { id: "pf-service", required: true, autocomplete: "off", value: filters.service });
    this.environment = h("input", { id: "pf-environment", required: true, autocomplete: "off", value: filters.environment });
    this.look = h("button", { type: "submit", class: "primary" }, "Look");
    this.probe = show(h("button", { type: "button", onclick: () => this.ask(tryBefore) }, "Look, send a test alert round and rehearse the hook"),
      role === "deploy" || role === "operate");
    this.problem = show(h("p", { class: "banner bad", role: "alert" }), false);
    this.said = h("p", { role: "status" });
    this.found = h("ul", { class: "checks" });
    this.call = show(h("p", { dir: "auto" }), false);
    this.root = h("article", { class: "preflight" }, this.title,
      h("form", { class: "card", onsubmit: (event) => (event.preventDefault(), this.ask(lookBefore)) },
        h("p", {}, h("label", { for: "pf-service" }, "Service"), this.service),
        h("p", {}, h("label", { for: "pf-environment" }, "Environment"), this.environment),
        h("p", {}, this.look, " ", this.probe)),
      this.problem, this.said, this.found, this.call);
    document.title = "Before a release – Release Guard";
  }

  concerns() {
    return false;
  }

  async load() {}

  async ask(call) {
    const wanted = { service: this.service.value.trim(), environment: this.environment.value.trim() };
    if (!this.root.querySelector("form").reportValidity()) return;
    for (const button of [this.look, this.probe]) button.disabled = true;
    show(this.problem, false);
    say(this.said, "Looking… This takes up to 15 seconds.");
    try {
      const told = await call(wanted);
      say(this.said, `${told.service} in ${told.environment}, ${told.live_version === null ? "" : `where ${told.live_version} is live, `}at ${when(told.at)}. ${conclusion(told)}`);
      fill(this.found, ...told.checks.map(line));
      const who = told.state === "passed" ? "" : contactsText(told.contacts);
      say(show(this.call, who !== ""), `Whom to call: ${who}`);
    } catch (error) {
      say(this.said, "");
      fill(this.found);
      show(this.call, false);
      say(show(this.problem, true), `${error.message}.`);
    } finally {
      for (const button of [this.look, this.probe]) button.disabled = false;
    }
  }

  end() {}
}

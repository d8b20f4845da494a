// SPDX-License-Identifier: Apache-2.0
//
// What of all releases the list shows: by service, environment and outcome.
import { fill, h } from "./dom.js";
import { outcomes, phaseWords } from "./words.js";

const option = (value, text) => h("option", { value }, text);
const outcomeOptions = () => [
  option("", "Any outcome"), option("open", "Under watch"),
  ...outcomes.map((phase) => option(phase, phaseWords(phase).text)),
];

export class Filters {
  // changed(filters, name) is told of every change and which it was.
  constructor(filters, changed) {
    this.service = h("input", { type: "search", id: "filter", oninput: () => changed(this.read(), "service") });
    this.environment = h("select", { id: "environment", onchange: () => changed(this.read(), "environment") });
    this.outcome = h("select", { id: "outcome", onchange: () => changed(this.read(), "outcome") },
      ...outcomeOptions());
    this.service.value = filters.service;
    this.offer([filters.environment]);
    this.environment.value = filters.environment;
    this.outcome.value = filters.outcome;
    if (this.outcome.selectedIndex < 0) this.outcome.value = "";
    const field = (id, name, input) => h("span", {}, h("label", { for: id }, name), input);
    this.root = h("div", { class: "filter", role: "search", "aria-label": "Releases" },
      field("filter", "Service named like", this.service), field("environment", "Environment", this.environment),
      field("outcome", "Outcome", this.outcome));
  }

  // The environments there are; what is chosen stays, also where there is none of that name any more.
  offer(environments) {
    const chosen = this.environment.value;
    const names = [...new Set([...environments, chosen])].filter((name) => name !== "").sort();
    if (this.offered === names.join("\n")) return;
    this.offered = names.join("\n");
    fill(this.environment, option("", "Any environment"), ...names.map((name) => option(name, name)));
    this.environment.value = chosen;
  }

  read() {
    return { service: this.service.value, environment: this.environment.value, outcome: this.outcome.value };
  }
}

// SPDX-License-Identifier: Apache-2.0
//
// What the guard goes by now: whether its sources answer, what holds it back, its hooks and receivers, where it listens,
// and every rule.
import { readInForce } from "./api.js";
import { badge } from "./badge.js";
import { fill, h, say } from "./dom.js";
import { span, when } from "./format.js";
import { rulesAddress } from "./release_row.js";
import { modeWords } from "./words.js";

// Every reading asks Prometheus and the Alertmanagers.
const pause = 15000;

const good = (text) => badge({ text, tone: "good", icon: "check" }, "mark");
const warn = (text) => badge({ text, tone: "warn", icon: "hand" }, "mark");
const quiet = (text) => h("p", { class: "nothing" }, text);
const time = (seconds) => span(seconds * 1000);
const bdi = (text) => h("bdi", {}, text);

// On a narrow screen each cell stands by itself and needs the name of its column.
function table(label, names, rows) {
  const head = h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name))));
  const row = ([first, ...cells]) => h("tr", {}, h("th", { scope: "row" }, first),
    ...cells.map((cell, i) => h("td", { "data-name": names[i + 1] }, cell === "" ? null : cell)));
  return h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": label },
    h("table", {}, head, h("tbody", {}, ...rows.map(row))));
}

function sourceRow(name, { address, problem }) {
  const state = problem === "" ? good("Answers") : badge({ text: "Does not answer", tone: "bad", icon: "cross" }, "mark");
  return [name, bdi(address), state, bdi(problem)];
}

function sources({ prometheus, alertmanagers }) {
  const rows = [...prometheus.map((server) => sourceRow("Prometheus", server)),
    ...alertmanagers.map((server) => sourceRow("Alertmanager", server))];
  return rows.length > 0 ? table("Sources", ["Source", "Address", "Now", "Why"], rows)
    : quiet("No Prometheus and no Alertmanager is configured.");
}

function brakes({ kill_switch: on, brakes: set }) {
  const killSwitch = on ? warn("On: nothing is rolled back automatically")
    : set.kill_switch_configured ? good("Off") : "Not configured";
  const breaker = set.breaker_services === 0 ? "Turned off"
    : `Holds everything once ${set.breaker_services} services breach within ${time(set.breaker_within_seconds)}`;
  return h("dl", { class: "facts" }, h("dt", {}, "Kill switch"), h("dd", {}, killSwitch), h("dt", {}, "Breaker"), h("dd", {}, breaker));
}

const begunBy = ({ origin, actor }) =>
  ({ configured: "The configuration", ordered: bdi(actor), release: "A release, by going live" })[origin] ?? origin;

function freezes(list) {
  if (list.length === 0) return quiet("No freeze is in force or to come.");
  return table("Freezes", ["Why", "Now", "From", "Until", "Of", "But not", "Begun by", "Id"], list.map((freeze) =>
    [bdi(freeze.reason), freeze.begun ? warn("In force") : "To come", when(freeze.from), when(freeze.until),
      h("code", {}, freeze.match.join(", ")), freeze.allow.join(", "), begunBy(freeze), bdi(freeze.id)]));
}

function hooks(list) {
  if (list.length === 0) return quiet("No hook is configured: nothing can be rolled back.");
  return table("Hooks", ["Hook", "Kind", "Longest call", "Calls at most", "No call later than", "If nobody knows whether it did it"],
    list.map((hook) => [bdi(hook.name), hook.kind, time(hook.timeout_seconds), String(hook.attempts),
      `${time(hook.deadline_seconds)} after the decision`, hook.idempotent ? "Called again, with the same key" : "A person decides"]));
}

function receivers(list) {
  if (list.length === 0) return quiet("No receiver is configured.");
  return table("Receivers", ["Receiver", "Kind", "Told of", "Of the end", "Again"], list.map((receiver) =>
    [bdi(receiver.name), receiver.kind, receiver.match.length === 0 ? "All alerts of the guard" : h("code", {}, receiver.match.join(", ")),
      receiver.send_resolved ? "Told too" : "Not told", `every ${time(receiver.repeat_interval_seconds)} while it lasts`]));
}

function listening({ addresses, path, tls, web_config_file: byFile }) {
  const urls = addresses.map((address) => h("li", {}, h("code", {}, `${tls ? "https" : "http"}://${address}${path}`)));
  return h("dl", { class: "facts" }, h("dt", {}, "Addresses"), h("dd", {}, h("ul", {}, ...urls)),
    h("dt", {}, "TLS"), h("dd", {}, tls ? "Yes" : "No"),
    h("dt", {}, "Web configuration file"), h("dd", {}, byFile ? "Given" : "None"));
}

const actions = { rollback: "Leads to a rollback", ask: "Asks a person", call: "Calls its hook first", warn: "Only warns" };

function group(item) {
  const facts = [
    ["Of releases with", h("code", {}, item.match.join(", "))],
    ["Mode", `${item.mode}: ${modeWords(item.mode)}`],
    ["Hook", item.hook === "" ? "none" : bdi(item.hook)],
    ["Window", `${time(item.window_seconds)}, of which the first ${time(item.settle_seconds)} ${item.serves === "" ? "" : "after the version serves "}do not count`],
    ...(item.serves === "" ? [] : [["Serves", h("code", {}, item.serves)]]),
    ...(item.requires === "" ? [] : [["Requires", bdi(item.requires)]]),
    ...(item.freezes === "" ? [] : [["Freezes", bdi(item.freezes)]]),
    ...(item.error_budget === "" ? [] : [["Error budget", bdi(item.error_budget)]]),
    ...(item.detects === "" ? [] : [["Finds releases by", h("code", {}, item.detects)]]),
    ...(item.contacts === "" ? [] : [["Whom to call", bdi(item.contacts)]]),
    ["Reads", `every ${time(item.interval_seconds)}`],
    ["After a rollback", `watches for ${time(item.verify_seconds)}, and makes no second one by itself for ${time(item.cooldown_seconds)}`],
  ];
  return h("section", { class: "card" },
    h("div", { class: "row-head" }, h("h3", {}, bdi(item.name)),
      h("a", { href: rulesAddress(item.name), "aria-label": `Edit the rules of ${item.name}` }, "Edit these rules")),
    h("dl", { class: "facts" }, ...facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    table(`Rules of ${item.name}`, ["Objective", "Must be", "Broken", "Then", "Read from"], item.rules.map((rule) =>
      [bdi(rule.slo), rule.objective, rule.breach, actions[rule.action] ?? rule.action, rule.kind])));
}

export class InForceView {
  constructor() {
    this.due = 0;
    this.title = h("h1", { tabindex: "-1" }, "In force");
    this.about = h("p", { class: "quiet" });
    this.body = h("div");
    this.root = h("article", { class: "in-force" }, this.title, this.about, this.body);
  }

  concerns() {
    return false;
  }

  async load() {
    if (Date.now() < this.due) return;
    this.due = Date.now() + pause;
    try {
      this.update(await readInForce());
    } catch (error) {
      this.due = 0;
      throw error;
    }
  }

  update(standing) {
    document.title = "In force – Release Guard";
    say(this.about, `Release Guard ${standing.version}. Sources asked at ${when(standing.asked_at)}.`);
    const { asked_at: _at, ...told } = standing;
    if (this.told === JSON.stringify(told)) return;
    this.told = JSON.stringify(told);
    const section = (title, ...parts) => h("section", {}, h("h2", {}, title), ...parts);
    fill(this.body,
      section("Sources", sources(standing)),
      section("What holds back", brakes(standing), freezes(standing.freezes)),
      section("Hooks", hooks(standing.hooks)),
      section("Receivers", receivers(standing.receivers)),
      section("Listening", listening(standing.listening)),
      section(`Rule groups (${standing.groups.length})`, h("div", { class: "cards" }, ...standing.groups.map(group))));
  }

  end() {}
}

// SPDX-License-Identifier: Apache-2.0
//
// One release: where it stands, what happens next, what may be done, and everything that speaks for it.
import { readRelease } from "./api.js";
import { Badge } from "./badge.js";
import { neededText } from "./contacts.js";
import { Countdown } from "./countdown.js";
import { DecisionList } from "./decision_list.js";
import { h, Keyed, say, show } from "./dom.js";
import { when } from "./format.js";
import { listAddress } from "./list_address.js";
import { isWebAddress, Links } from "./links.js";
import { NextSteps } from "./next_steps.js";
import { newsOf, reportAddress, rulesAddress, versionsOf } from "./release_row.js";
import { RuleCard } from "./rule_card.js";
import { Timeline } from "./timeline.js";
import { Verbs } from "./verbs.js";
import { decisionWords, modeWords, phaseWords, plain } from "./words.js";

const section = (title, ...children) => h("section", {}, h("h2", {}, title), ...children);

// What broke, where the phase's own reason no longer says it.
function causeOf(release) {
  const about = release.decisions.filter(({ kind }) => ["rollback", "ask", "hold", "would_rollback"].includes(kind));
  const last = about.at(-1);
  return last && last.reason !== release.reason
    ? `${decisionWords(last.kind).text}, because ${last.reason}` : "";
}

// What the pipeline said of it; addresses are links of their own.
function lastGoodOf({ last_good: good }) {
  return good ? `Last version that passed here: ${good.version}, ${when(good.passed_at)}` : "";
}

function labelsOf({ labels }) {
  return Object.entries(labels).filter(([, value]) => !isWebAddress(value)).map(([name, value]) => `${name}: ${value}`).join(" · ");
}

// One line that says how the objectives stand.
function standing(rules) {
  const named = (verdict) => rules.filter((rule) => rule.verdict === verdict).map((rule) => rule.slo);
  const parts = [["breached", "breached"], ["pending", "in breach for a short time"], ["unknown", "not known"]];
  const told = parts.map(([verdict, words]) => [named(verdict), words]).filter(([names]) => names.length > 0);
  if (told.length === 0) return `All ${rules.length} objectives hold.`;
  return told.map(([names, words]) => `${names.length} of ${rules.length} ${words}: ${names.join(", ")}`).join(". ") + ".";
}

export class ReleaseView {
  constructor(context, id) {
    Object.assign(this, { context, id, told: null });
    const { clock } = context;
    this.service = h("bdi");
    this.environment = h("bdi");
    this.versions = h("p", { class: "versions", dir: "auto" });
    this.lastGood = h("p", { class: "versions", dir: "auto" });
    this.labels = h("p", { class: "versions", dir: "auto" });
    this.links = new Links();
    this.badge = new Badge("badge big");
    this.paused = show(h("span", { class: "badge big quiet" }, "Paused"), false);
    this.countdown = new Countdown(clock);
    this.reason = h("p", { class: "reason", dir: "auto" });
    this.cause = h("p", { class: "cause", dir: "auto" });
    this.person = show(h("p", { class: "banner warn", dir: "auto" }), false);
    this.policy = h("p", { class: "quiet", dir: "auto" });
    this.next = new NextSteps(clock);
    this.verbs = new Verbs(context, (release) => this.update(release));
    this.rulesLink = h("a", { class: "up" }, "Edit its rules");
    this.standing = h("p", { class: "standing", dir: "auto" });
    this.cards = h("div", { class: "cards" });
    this.rules = new Keyed(this.cards, (rule) => rule.slo, () => new RuleCard(context, id));
    this.decisions = new DecisionList();
    this.timeline = new Timeline();
    this.build();
  }

  build() {
    this.title = h("h1", { tabindex: "-1" }, this.service, h("span", { class: "in" }, " in "), this.environment);
    this.root = h("article", {},
      h("p", { class: "ways" }, h("a", { href: listAddress(), class: "up" }, "All releases"),
        h("a", { href: reportAddress({ id: this.id }), class: "up" }, "Report"), this.rulesLink),
      h("div", { class: "release-head" }, this.title, h("div", { class: "badges" }, this.badge.root, this.paused)),
      this.versions, this.lastGood, this.labels, this.links.root, this.person, this.reason, this.cause, this.countdown.root, this.verbs.root,
      section("What happens next", this.next.root, this.policy),
      section("Decisions and hook calls", this.decisions.root),
      section("Objectives", this.standing, this.cards),
      section("Timeline", this.timeline.root));
  }

  concerns(ids) {
    return ids.includes(this.id);
  }

  async load() {
    this.update(await readRelease(this.id));
  }

  update(release) {
    this.tell(release);
    say(this.service, release.service);
    say(this.environment, release.environment);
    say(this.versions, `${versionsOf(release)} · ${plain(release.kind)} · id ${release.id}`);
    say(this.lastGood, lastGoodOf(release));
    show(this.lastGood, this.lastGood.textContent !== "");
    say(this.labels, labelsOf(release));
    show(this.labels, this.labels.textContent !== "");
    this.links.update(release.links);
    this.badge.update(phaseWords(release.phase));
    show(this.paused, release.paused);
    say(this.reason, release.reason);
    say(this.cause, causeOf(release));
    show(this.person, release.needs_person !== "");
    show(this.reason, !release.needs_person.includes(release.reason));
    say(this.person, neededText(release));
    this.countdown.update(release);
    const hook = release.hook ? `, hook ${release.hook}` : "";
    say(this.policy, `Rule group ${release.group}, mode ${release.mode}: ${modeWords(release.mode)}${hook}.`);
    this.rulesLink.href = rulesAddress(release.group);
    this.next.update(release);
    this.verbs.update(release);
    say(this.standing, standing(release.rules));
    this.rules.update(release.rules.map((rule) => ({ ...rule, release })));
    this.decisions.update(release.decisions);
    if (release.timeline) this.timeline.update(release.timeline);
  }

  tell(release) {
    const words = phaseWords(release.phase).text;
    document.title = `${release.needs_person ? "A person is needed" : words}: ${release.service} – Release Guard`;
    const news = newsOf(this.told, release);
    if (news) this.context.announce(news);
    this.told = release;
  }

  end() {
    for (const part of [this.countdown, this.next, this.rules, this.verbs]) part.end();
  }
}

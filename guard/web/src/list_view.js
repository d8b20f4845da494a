// SPDX-License-Identifier: Apache-2.0
//
// All releases: those that need a person first, then those under watch, then those that have ended, a line each.
import { readReleases } from "./api.js";
import { h, Keyed, say, show, showLater } from "./dom.js";
import { EndedTable } from "./ended_table.js";
import { Filters } from "./filters.js";
import { addressOf, keepListAddress, matches } from "./list_address.js";
import { newsOf, ReleaseRow } from "./release_row.js";

const step = 50;
const most = 1000;  // the guard lists no more at once

const endOf = (release) => release.ended_at ?? release.phase_since ?? "";

class Rows {
  constructor(clock) {
    this.root = h("ul", { class: "rows" });
    this.rows = new Keyed(this.root, (release) => release.id, (release) => new ReleaseRow(clock, release.id));
  }

  update(releases) {
    this.rows.update(releases);
  }

  end() {
    this.rows.end();
  }
}

class Section {
  constructor(title, nothing, list) {
    this.title = h("h2");
    this.name = title;
    this.list = list;
    this.words = nothing;
    this.nothing = h("p", { class: "nothing" });
    this.root = h("section", {}, this.title, this.nothing, list.root);
  }

  // filtered: not all that there is was to be shown; more: there is more than the guard was asked for.
  update(releases, { filtered, more = false }) {
    say(this.title, `${this.name} (${releases.length}${more ? " newest" : ""})`);
    say(show(this.nothing, releases.length === 0), filtered ? "None is like that." : this.words);
    show(this.list.root, releases.length > 0);
    this.root.classList.toggle("empty", releases.length === 0);
    this.list.update(releases);
  }
}

export class ListView {
  constructor(context, filters) {
    const { clock } = context;
    Object.assign(this, { context, known: null, newest: step, wanted: filters, releases: [] });
    this.more = h("button", { type: "button", onclick: () => this.showMore() }, "Show older releases");
    this.title = h("h1", { tabindex: "-1" }, "Releases");
    this.filters = new Filters(filters, (wanted, name) => this.refilter(wanted, name));
    this.sections = {
      person: new Section("A person is needed", "Nothing waits for a person.", new Rows(clock)),
      open: new Section("Under watch", "No release is being watched.", new Rows(clock)),
      ended: new Section("Ended", "No release has ended yet.", new EndedTable()),
    };
    this.inForce = show(h("p", { class: "banner warn", role: "status" }), false);
    this.hidden = show(h("p", { class: "person" }, h("span"), " ", h("a", { href: "#/" }, "Show all")), false);
    this.root = h("div", { class: "list" }, h("div", { class: "list-head" }, this.title, this.filters.root), this.inForce,
      this.hidden, ...Object.values(this.sections).map((section) => section.root), h("p", {}, show(this.more, false)), this.below = h("div"));
    keepListAddress(addressOf(filters));
  }

  concerns() {
    return true;
  }

  async load() {
    const { wanted } = this;
    const { releases, more, inForce, environments } = await readReleases(this.newest, wanted);
    if (wanted !== this.wanted) return;  // the next reading is under way
    Object.assign(this, { releases, hasMore: more });
    say(show(this.inForce, inForce.length > 0), inForce.join(" "));
    this.filters.offer(environments);
    this.tell();
    this.show();
    showLater(this.below, () => import("./delivery_section.js"), wanted.environment);
  }

  // The names of services are looked through here; of what has ended, the guard knows more than was asked for.
  refilter(wanted, name) {
    this.wanted = wanted;
    const address = addressOf(wanted);
    keepListAddress(address);
    history.replaceState(null, "", address);
    this.show();
    if (name !== "service") this.readAnew();
  }

  showMore() {
    this.newest = Math.min(most, this.newest + step);
    this.readAnew();
  }

  readAnew() {
    this.known = null;  // what comes into view is no news
    this.context.wake();
  }

  show() {
    const shown = this.releases.filter((release) => matches(this.wanted, release));
    const needsPerson = (release) => release.needs_person !== "";
    const others = shown.filter((release) => !needsPerson(release));
    const filtered = Object.values(this.wanted).some((value) => value !== "");
    const waiting = this.releases.filter(needsPerson).length;
    const seen = shown.length - others.length;
    this.sections.person.update(shown.filter(needsPerson), { filtered });
    this.sections.open.update(others.filter((release) => !release.final), { filtered });
    const ended = others.filter((release) => release.final).sort((a, b) => endOf(b).localeCompare(endOf(a)));
    this.sections.ended.update(ended, { filtered, more: this.hasMore });
    show(this.more, this.hasMore && this.newest < most);
    this.tellHidden(waiting - seen);
    document.title = waiting > 0 ? `(${waiting}) Release Guard` : "Release Guard";
  }

  // No filter hides that somebody is waited for.
  tellHidden(count) {
    const needs = count === 1 ? "1 more release needs a person, and is" : `${count} more releases need a person, and are`;
    say(show(this.hidden, count > 0).firstChild, `${needs} not among those shown here.`);
  }

  tell() {
    const known = this.known;
    this.known = new Map(this.releases.map((release) => [release.id, release]));
    if (!known) return;
    const nothing = { needs_person: "", phase: "" };
    const news = this.releases.map((release) => newsOf(known.get(release.id) ?? nothing, release)).filter(Boolean);
    if (news.length > 0) this.context.announce(news.join(" "));
  }

  end() {
    for (const section of Object.values(this.sections)) section.list.end();
  }
}

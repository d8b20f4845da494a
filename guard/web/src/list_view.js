// SPDX-License-Identifier: Apache-2.0
//
// All releases: those that need a person first, then those under watch, then those that have ended.
import { readReleases } from "./api.js";
import { h, Keyed, say, show } from "./dom.js";
import { newsOf, ReleaseRow } from "./release_row.js";

const step = 50;
const most = 1000;  // the guard lists no more at once

class Section {
  constructor(clock, title, nothing) {
    this.title = h("h2");
    this.name = title;
    this.list = h("ul", { class: "rows" });
    this.words = nothing;
    this.nothing = h("p", { class: "nothing" });
    this.rows = new Keyed(this.list, (release) => release.id, () => new ReleaseRow(clock));
    this.root = h("section", {}, this.title, this.nothing, this.list);
  }

  // filtered: not all that there is was to be shown; more: there is more than the guard was asked for.
  update(releases, { filtered, more = false }) {
    say(this.title, `${this.name} (${releases.length}${more ? " newest" : ""})`);
    say(show(this.nothing, releases.length === 0), filtered ? "None is named like that." : this.words);
    this.rows.update(releases);
  }
}

export class ListView {
  constructor(context) {
    const { clock } = context;
    this.context = context;
    this.known = null;
    this.newest = step;
    this.more = h("button", { type: "button", onclick: () => this.showMore() }, "Show older releases");
    this.title = h("h1", { tabindex: "-1" }, "Releases");
    this.filter = h("input", { type: "search", id: "filter", oninput: () => this.show() });
    this.sections = {
      person: new Section(clock, "A person is needed", "Nothing waits for a person."),
      open: new Section(clock, "Under watch", "No release is being watched."),
      ended: new Section(clock, "Ended", "No release has ended yet."),
    };
    this.inForce = show(h("p", { class: "banner warn", role: "status" }), false);
    this.root = h("div", {}, this.title, this.inForce,
      h("p", { class: "filter" }, h("label", { for: "filter" }, "Show only services named like"), this.filter),
      ...Object.values(this.sections).map((section) => section.root), h("p", {}, show(this.more, false)));
    this.releases = [];
  }

  concerns() {
    return true;
  }

  async load() {
    const { releases, more, inForce } = await readReleases(this.newest);
    Object.assign(this, { releases, hasMore: more });
    say(show(this.inForce, inForce.length > 0), inForce.join(" "));
    this.tell();
    this.show();
  }

  showMore() {
    this.newest = Math.min(most, this.newest + step);
    this.known = null;  // what is older is no news
    this.context.wake();
  }

  show() {
    const wanted = this.filter.value.trim().toLowerCase();
    const shown = this.releases.filter((r) => `${r.service} ${r.environment}`.toLowerCase().includes(wanted));
    const person = shown.filter((release) => release.needs_person !== "");
    const others = shown.filter((release) => release.needs_person === "");
    const filtered = shown.length < this.releases.length;
    this.sections.person.update(person, { filtered });
    this.sections.open.update(others.filter((release) => !release.final), { filtered });
    this.sections.ended.update(others.filter((release) => release.final), { filtered, more: this.hasMore });
    show(this.more, this.hasMore && this.newest < most);
    const waiting = this.releases.filter((release) => release.needs_person !== "").length;
    document.title = waiting > 0 ? `(${waiting}) Release Guard` : "Release Guard";
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
    for (const section of Object.values(this.sections)) section.rows.end();
  }
}

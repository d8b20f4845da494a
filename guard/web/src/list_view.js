// SPDX-License-Identifier: Apache-2.0
//
// All releases: those that need a person first, then those under watch, then those that have ended.
import { readReleases } from "./api.js";
import { h, Keyed, say, show } from "./dom.js";
import { ReleaseRow } from "./release_row.js";
import { phaseWords } from "./words.js";

class Section {
  constructor(clock, title, nothing) {
    this.title = h("h2");
    this.name = title;
    this.list = h("ul", { class: "rows" });
    this.nothing = h("p", { class: "nothing" }, nothing);
    this.rows = new Keyed(this.list, (release) => release.id, () => new ReleaseRow(clock));
    this.root = h("section", {}, this.title, this.nothing, this.list);
  }

  update(releases) {
    say(this.title, `${this.name} (${releases.length})`);
    show(this.nothing, releases.length === 0);
    this.rows.update(releases);
  }
}

export class ListView {
  constructor({ clock, announce }) {
    this.announce = announce;
    this.phases = null;
    this.title = h("h1", { tabindex: "-1" }, "Releases");
    this.filter = h("input", { type: "search", id: "filter", oninput: () => this.show() });
    this.sections = {
      person: new Section(clock, "A person is needed", "Nothing waits for a person."),
      open: new Section(clock, "Under watch", "No release is being watched."),
      ended: new Section(clock, "Ended", "No release has ended yet."),
    };
    this.root = h("div", {}, this.title,
      h("p", { class: "filter" }, h("label", { for: "filter" }, "Show only services named like"), this.filter),
      ...Object.values(this.sections).map((section) => section.root));
    this.releases = [];
  }

  concerns() {
    return true;
  }

  async load() {
    this.releases = await readReleases();
    this.tell();
    this.show();
  }

  show() {
    const wanted = this.filter.value.trim().toLowerCase();
    const shown = this.releases.filter((r) => `${r.service} ${r.environment}`.toLowerCase().includes(wanted));
    const person = shown.filter((release) => release.needs_person !== "");
    const others = shown.filter((release) => release.needs_person === "");
    this.sections.person.update(person);
    this.sections.open.update(others.filter((release) => !release.final));
    this.sections.ended.update(others.filter((release) => release.final));
    const waiting = this.releases.filter((release) => release.needs_person !== "").length;
    document.title = waiting > 0 ? `(${waiting}) Release Guard` : "Release Guard";
  }

  // Screen readers hear of releases that are new or in a new phase, not of the list as it was found.
  tell() {
    const known = this.phases;
    this.phases = new Map(this.releases.map((release) => [release.id, release.phase]));
    if (!known) return;
    for (const release of this.releases)
      if (known.get(release.id) !== release.phase)
        this.announce(`${release.service} in ${release.environment}: ${phaseWords(release.phase).text}. ${release.reason}`);
  }

  end() {
    for (const section of Object.values(this.sections)) section.rows.end();
  }
}

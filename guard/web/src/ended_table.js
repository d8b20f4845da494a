// SPDX-License-Identifier: Apache-2.0
//
// Releases that have ended, a line each.
import { Badge } from "./badge.js";
import { h, Keyed, say } from "./dom.js";
import { span, when } from "./format.js";
import { address } from "./release_row.js";
import { phaseWords } from "./words.js";

const names = ["Ended", "Service", "Version", "Outcome", "What broke", "Took", "By"];

// On a narrow screen each cell stands by itself and needs the name of its column.
const cell = (column, content) => h("td", { class: `of-${names[column].toLowerCase().replaceAll(" ", "-")}`, "data-name": names[column] }, content);

function duration({ live_at: live, announced_at: announced, ended_at: ended }) {
  return ended ? span(Date.parse(ended) - Date.parse(live ?? announced)) : "";
}

class EndedRow {
  constructor() {
    this.ended = h("time");
    this.service = h("bdi");
    this.environment = h("bdi");
    this.link = h("a", {}, this.service, h("span", { class: "in" }, " in "), this.environment);
    this.version = h("bdi");
    this.badge = new Badge("mark");
    this.broke = h("bdi");
    this.took = h("span");
    this.who = h("bdi");
    const parts = [this.ended, this.link, this.version, this.badge.root, this.broke, this.took, this.who];
    this.cells = parts.map((part, column) => cell(column, part));
    this.root = h("tr", {}, ...this.cells);
  }

  update(release) {
    const ended = release.ended_at ?? release.phase_since;
    this.ended.setAttribute("datetime", ended);
    say(this.ended, when(ended));
    this.link.setAttribute("href", address(release));
    say(this.service, release.service);
    say(this.environment, release.environment);
    say(this.version, release.version);
    this.badge.update(phaseWords(release.phase));
    say(this.broke, release.broke.join(", "));
    say(this.took, duration(release));
    say(this.who, release.decided_by || "the guard");
    // What a line has no room for.
    this.cells[1].title = `${release.service} in ${release.environment}`;
    this.cells[2].title = release.version;
    this.cells[3].title = release.reason;
    this.cells[4].title = release.broke.join(", ");
    this.cells[6].title = this.who.textContent;
  }
}

export class EndedTable {
  constructor() {
    const body = h("tbody");
    const head = h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name))));
    this.rows = new Keyed(body, (release) => release.id, () => new EndedRow());
    this.root = h("table", { class: "ended" }, head, body);
  }

  update(releases) {
    this.rows.update(releases);
  }

  end() {
    this.rows.end();
  }
}

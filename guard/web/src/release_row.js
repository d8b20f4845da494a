// SPDX-License-Identifier: Apache-2.0
//
// One release in the list that is open or needs a person.
import { Badge } from "./badge.js";
import { neededText } from "./contacts.js";
import { Countdown } from "./countdown.js";
import { h, say, show } from "./dom.js";
import { Sparkline } from "./sparkline.js";
import { phaseWords } from "./words.js";

export const address = (release) => `#/releases/${encodeURIComponent(release.id)}`;
export const reportAddress = (release) => `${address(release)}/report`;
export const rulesAddress = (group) => `#/rules?group=${encodeURIComponent(group)}`;

export class ReleaseRow {
  constructor(clock, id) {
    this.badge = new Badge();
    this.paused = show(h("span", { class: "badge quiet" }, "Paused"), false);
    this.service = h("bdi");
    this.environment = h("bdi");
    this.versions = h("bdi");
    this.link = h("a", {}, this.service, h("span", { class: "in" }, " in "), this.environment);
    this.reason = h("p", { class: "reason", dir: "auto" });
    this.person = h("p", { class: "person", dir: "auto" });
    this.countdown = new Countdown(clock);
    this.spark = new Sparkline(id);
    this.root = h("li", { class: "row" },
      h("div", { class: "row-head" }, h("h3", {}, this.link), this.badge.root, this.paused),
      h("div", { class: "row-words" },
        h("p", { class: "versions" }, this.versions), this.person, this.reason, this.countdown.root), this.spark.root);
  }

  update(release) {
    this.badge.update(phaseWords(release.phase));
    show(this.paused, release.paused);
    this.link.setAttribute("href", address(release));
    say(this.service, release.service);
    say(this.environment, release.environment);
    say(this.versions, versionsOf(release));
    say(this.reason, reasonOf(release));
    show(this.person, release.needs_person !== "");
    say(this.person, neededText(release));
    show(this.reason, release.needs_person === "");
    this.root.classList.toggle("waits", release.needs_person !== "");
    this.root.classList.toggle("alone", release.nearest === null || release.final);
    this.countdown.update(release);
    this.spark.update(release);
  }

  end() {
    this.countdown.end();
    this.spark.end();
  }
}

// What a screen reader is told of a release that was read again: another phase, or that a person is needed now. Nothing
// of what was found when the page was opened.
export function newsOf(before, release) {
  const name = `${release.service} in ${release.environment}`;
  const needed = release.needs_person !== "" && before?.needs_person === "";
  if (needed) return `${name}: a person is needed: ${release.needs_person}`;
  return before && before.phase !== release.phase ? `${name}: ${phaseWords(release.phase).text}. ${release.reason}` : "";
}

// What the phase does not say: mode observe leaves a release that broke an objective where it is.
function reasonOf(release) {
  const unnoticed = release.breach_decided && !release.final && release.mode === "observe";
  const broke = release.final && release.broke.length > 0 ? `Broke: ${release.broke.join(", ")}. ` : "";
  if (broke) return broke + release.reason;
  return unnoticed ? `An objective was broken; mode observe only says so. ${release.reason}` : release.reason;
}

export function versionsOf(release) {
  return release.previous_version ? `${release.version}, before it ${release.previous_version}` : `${release.version}, nothing before it`;
}

// SPDX-License-Identifier: Apache-2.0
//
// A word with an icon and a tone.
import { h, say } from "./dom.js";
import { svg } from "./svg.js";

const shapes = {
  clock: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M8 4.5V8l2.5 2",
  eye: "M1 8s2.5-4.5 7-4.5S15 8 15 8s-2.5 4.5-7 4.5S1 8 1 8M8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  hand: "M8 1.5l6.5 12h-13zM8 6v3.5M8 11.3v.7",
  back: "M6 3L2.5 6.5 6 10M3 6.5h6.5a4 4 0 0 1 0 7H6",
  check: "M2.5 8.5l3.5 4 7.5-9",
  cross: "M3 3l10 10M13 3L3 13",
  question: "M5.5 5.5a2.5 2.5 0 1 1 3.6 2.2C8.3 8.1 8 8.7 8 10M8 12.3v.7",
  stop: "M3.5 3.5h9v9h-9z",
  next: "M3 3l5 5-5 5M8.5 3l5 5-5 5",
};

export class Badge {
  constructor(kind = "badge") {
    this.path = svg("path", {});
    const icon = svg("svg", { viewBox: "0 0 16 16", class: "icon", "aria-hidden": "true" });
    icon.append(this.path);
    this.text = h("span");
    this.kind = kind;
    this.root = h("span", { class: kind }, icon, this.text);
  }

  update({ text, tone, icon }) {
    this.root.className = `${this.kind} ${tone}`;
    this.path.setAttribute("d", shapes[icon]);
    say(this.text, text);
    return this;
  }
}

export const badge = (words, kind) => new Badge(kind).update(words).root;

// SPDX-License-Identifier: Apache-2.0
//
// Everything that happened, in words, the newest first.
import { h, Keyed, say, show } from "./dom.js";
import { when } from "./format.js";
import { eventWords } from "./words.js";

const shownAtFirst = 30;

class Entry {
  constructor() {
    this.time = h("time");
    this.kind = h("span", { class: "kind" });
    this.message = h("span", { dir: "auto" });
    this.root = h("li", {}, this.time, this.kind, this.message);
  }

  update(event) {
    this.time.setAttribute("datetime", event.at);
    say(this.time, when(event.at));
    this.root.className = `event ${event.kind}`;
    say(this.kind, eventWords(event.kind));
    say(this.message, event.message);
  }
}

export class Timeline {
  constructor() {
    this.all = false;
    this.list = h("ol", { class: "timeline" });
    this.entries = new Keyed(this.list, (event) => event.key, () => new Entry());
    this.more = h("button", { type: "button", onclick: () => this.showAll() });
    this.root = h("div", {}, this.list, this.more);
  }

  // The guard gives the newest entries of a long timeline: the places of those move, so what they say is their name.
  update(events) {
    this.events = events;
    const seen = new Map();
    const named = (event) => {
      const words = `${event.at} ${event.kind} ${event.message}`;
      seen.set(words, (seen.get(words) ?? 0) + 1);
      return { ...event, key: `${words} ${seen.get(words)}` };
    };
    const newest = events.map(named).reverse();
    this.entries.update(this.all ? newest : newest.slice(0, shownAtFirst));
    const hidden = this.all ? 0 : Math.max(0, events.length - shownAtFirst);
    say(show(this.more, hidden > 0), `Show ${hidden} earlier entries`);
  }

  showAll() {
    this.all = true;
    this.update(this.events);
  }
}

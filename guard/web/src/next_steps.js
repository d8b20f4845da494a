// SPDX-License-Identifier: Apache-2.0
//
// What the guard will do next, and when.
import { fill, h, say } from "./dom.js";
import { span, when } from "./format.js";

export class NextSteps {
  constructor(clock) {
    this.clock = clock;
    this.root = h("ul", { class: "steps" });
    this.items = [];
    this.forget = clock.each(() => this.tick());
  }

  update(release) {
    this.steps = release.next.length > 0 ? release.next : [{ what: "Nothing more happens by itself.", at: null }];
    while (this.items.length < this.steps.length) this.items.push(h("li", { dir: "auto" }));
    fill(this.root, ...this.items.slice(0, this.steps.length));
    this.tick();
  }

  tick() {
    this.steps?.forEach(({ what, at }, i) => say(this.items[i], at ? `${this.due(at)}: ${what}` : what));
  }

  due(at) {
    const left = Date.parse(at) - this.clock.now();
    return `${left > 0 ? `In ${span(left)}` : "Now"} (${when(at)})`;
  }

  end() {
    this.forget();
  }
}

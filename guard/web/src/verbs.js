// SPDX-License-Identifier: Apache-2.0
//
// The buttons a visitor may press, each behind a confirmation. The guard has the last word: what it refuses is shown
// in its own words.
import { order } from "./api.js";
import { Confirmation } from "./confirmation.js";
import { h, Keyed, say, show } from "./dom.js";
import { planOf, verbNames } from "./verb_plans.js";

export class Verbs {
  constructor(context, done) {
    Object.assign(this, { context, done });
    this.buttons = h("div", { class: "buttons", role: "group", "aria-label": "What you may do" });
    this.keyed = new Keyed(this.buttons, (verb) => verb, (verb) => this.button(verb));
    this.hint = h("p", { class: "quiet" });
    this.dialog = new Confirmation((verb, reason) => this.send(verb, reason));
    this.root = h("div", { class: "verbs" }, this.buttons, this.hint, this.dialog.root);
  }

  update(release) {
    this.release = release;
    const { name, role } = this.context.visitor;
    const may = role === "operate";
    // Approving is rolling back: one button for it.
    const verbs = release.verbs.filter((verb) => verb !== "rollback" || !release.verbs.includes("approve"));
    show(this.buttons, may && verbs.length > 0);
    this.keyed.update(may ? verbs : []);
    show(this.hint, !may);
    say(this.hint, `You are ${name}, role ${role}: you may look. Orders need role operate.`);
    this.follow();
  }

  button(verb) {
    const danger = verb === "approve" || verb === "rollback";
    const root = h("button", { type: "button", class: danger ? "danger" : "", onclick: () => this.ask(verb) }, verbNames[verb]);
    return { root, update: () => {} };
  }

  ask(verb) {
    this.dialog.open(verb, planOf(verb, this.release));
    this.asked = this.release.phase;
  }

  // What is asked about may change while a person reads.
  follow() {
    const { verb } = this.dialog;
    if (!verb) return;
    const moved = this.asked !== this.release.phase;
    if (!this.release.verbs.includes(verb)) this.dialog.withdraw(`The release is ${this.release.phase.replaceAll("_", " ")} now: this is no longer possible.`);
    else this.dialog.renew(planOf(verb, this.release), moved ? "The release has moved on while you were reading; this is what would happen now." : "");
  }

  async send(verb, reason) {
    const release = await order(this.release.id, verb, reason);
    this.context.announce(`${verbNames[verb]}: the guard has taken the order.`);
    this.done(release);
    this.context.wake();
  }

  end() {
    this.dialog.close();
  }
}

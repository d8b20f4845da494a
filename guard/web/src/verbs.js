// SPDX-License-Identifier: Apache-2.0
//
// The buttons a visitor may press, each behind a confirmation. The guard has the last word: what it refuses is shown
// in its own words.
import { order } from "./api.js";
import { h, Keyed, say, show } from "./dom.js";

const verbNames = { approve: "Approve rollback", rollback: "Roll back", pause: "Pause", resume: "Resume", abort: "Abort" };

export class Verbs {
  constructor(context, done) {
    Object.assign(this, { context, done });
    this.buttons = h("div", { class: "buttons", role: "group", "aria-label": "What you may do" });
    this.keyed = new Keyed(this.buttons, (verb) => verb, (verb) => this.button(verb));
    this.hint = h("p", { class: "quiet" });
    this.root = h("div", { class: "verbs" }, this.buttons, this.hint);
  }

  update(release) {
    this.release = release;
    const { name, role } = this.context.visitor;
    const may = role === "operate";
    // Approving is rolling back: one button for it.
    const verbs = release.verbs.filter((verb) => verb !== "rollback" || !release.verbs.includes("approve"));
    show(this.buttons, may && verbs.length > 0);
    this.keyed.update(may ? verbs : []);
    if (may && verbs.length > 0) this.load();
    show(this.hint, !may);
    say(this.hint, `You are ${name}, role ${role}: you may look. Orders need role operate.`);
    this.follow();
  }

  button(verb) {
    const danger = verb === "approve" || verb === "rollback";
    const root = h("button", { type: "button", class: danger ? "danger" : "", onclick: () => this.ask(verb) }, verbNames[verb]);
    return { root, update: () => {} };
  }

  // There before anybody presses a button: whoever does may be in a hurry.
  load() {
    this.loading ??= import("./confirmation.js").then(({ Confirmation }) => {
      this.dialog = new Confirmation((verb, words) => this.send(verb, words));
      this.root.append(this.dialog.root);
    }).catch(() => (this.loading = null));
    return this.loading;
  }

  async ask(verb) {
    await this.load();
    if (!this.dialog) return say(show(this.hint, true), "The guard does not answer: try again, reload this page, or use the command line.");
    if (!this.root.isConnected || !this.release.verbs.includes(verb)) return;
    this.dialog.open(verb, this.release);
    this.asked = this.release.phase;
  }

  // What is asked about may change while a person reads.
  follow() {
    const verb = this.dialog?.verb;
    if (!verb) return;
    const moved = this.asked !== this.release.phase;
    if (!this.release.verbs.includes(verb)) this.dialog.withdraw(`The release is ${this.release.phase.replaceAll("_", " ")} now: this is no longer possible.`);
    else this.dialog.renew(this.release, moved ? "The release has moved on while you were reading; this is what would happen now." : "");
  }

  // To approve is to go back to the version that was asked about; to another one is an order of its own.
  async send(verb, words) {
    const release = await order(this.release.id, words.to ? "rollback" : verb, words);
    this.context.announce(`${verbNames[verb]}: the guard has taken the order.`);
    this.done(release);
    this.context.wake();
  }

  end() {
    this.dialog?.close();
  }
}

// SPDX-License-Identifier: Apache-2.0
//
// A modal dialog that says what will happen, takes a reason and, of a rollback, the version to go back to, and sends once.
// Focus starts on "Cancel", is kept inside by the browser, and goes back to where it came from. Loaded when it is needed.
import { fill, h, say, show } from "./dom.js";
import { planOf } from "./verb_plans.js";

export class Confirmation {
  // send(verb, {reason, to}) resolves when the order was taken; its error is shown.
  constructor(send) {
    Object.assign(this, { send, verb: null, sending: false });
    this.title = h("h2", { id: "confirm-title" });
    this.effects = h("ul", { id: "confirm-effects", dir: "auto" });
    this.note = h("p", { class: "banner warn", role: "alert" });
    this.target = h("input", { type: "text", id: "confirm-target", maxlength: "200", autocomplete: "off", oninput: () => this.renew(this.release) });
    this.good = h("button", { type: "button", class: "link", onclick: () => this.takeGood() });
    this.back = h("p", {}, h("label", { for: "confirm-target" }, "Back to version"), this.target, this.good);
    this.reason = h("input", { type: "text", id: "confirm-reason", maxlength: "500", autocomplete: "off" });
    this.cancel = h("button", { type: "button", onclick: () => this.close() }, "Cancel");
    this.confirm = h("button", { type: "submit" });
    this.root = h("dialog", { "aria-labelledby": "confirm-title", "aria-describedby": "confirm-effects", onclose: () => this.closed() },
      h("form", { onsubmit: (event) => this.submit(event) }, this.title, this.effects, this.note, this.back,
        h("p", {}, h("label", { for: "confirm-reason" }, "Why (goes into the timeline, may be empty)"), this.reason),
        h("div", { class: "buttons" }, this.cancel, this.confirm)));
  }

  open(verb, release) {
    this.verb = verb;
    this.from = document.activeElement;
    this.reason.value = "";
    this.target.value = release.goes_back_to || release.last_good?.version || "";
    this.withdrawn = false;
    this.renew(release);
    this.root.showModal();
    this.cancel.focus();
  }

  renew(release, note = "") {
    this.release = release;
    const plan = planOf(this.verb, release, this.target.value.trim());
    show(this.back, plan.goesBack);
    this.offerGood(release.last_good);
    say(this.title, plan.title);
    if (this.effects.textContent !== plan.effects.join(""))
      fill(this.effects, ...plan.effects.map((effect) => h("li", {}, effect)));
    say(this.confirm, plan.confirm);
    this.confirm.className = plan.danger ? "danger" : "primary";
    this.confirm.disabled = this.sending || this.withdrawn || (plan.goesBack && !this.target.value.trim());
    if (!this.sending && !this.withdrawn) this.warn(note);
  }

  offerGood(good) {
    show(this.good, good && good.version !== this.target.value.trim());
    if (good) say(this.good, `${good.version}, the last version that passed here`);
  }

  takeGood() {
    this.target.value = this.release.last_good.version;
    this.renew(this.release);
  }

  // What the order says: a version only where it is not the one that is meant without.
  said() {
    const to = this.back.hidden ? "" : this.target.value.trim();
    const reason = this.reason.value.trim();
    return { ...(reason && { reason }), ...(to && to !== this.release.goes_back_to && { to }) };
  }

  // What was asked about is no longer possible.
  withdraw(why) {
    if (this.sending) return;
    this.withdrawn = this.confirm.disabled = true;
    this.warn(why);
  }

  warn(text) {
    say(show(this.note, text !== ""), text);
  }

  async submit(event) {
    event.preventDefault();
    if (this.sending || this.confirm.disabled) return;
    this.sending = this.confirm.disabled = true;
    try {
      await this.send(this.verb, this.said());
      this.close();
    } catch (error) {
      this.warn(`The guard refused: ${error.message}.`);
      this.confirm.disabled = false;
    } finally {
      this.sending = false;
    }
  }

  close() {
    if (this.root.open) this.root.close();
  }

  // The button that opened it may be gone with what it ordered.
  closed() {
    if (this.root.open) return;  // the event comes later, and it may have been opened again meanwhile
    this.verb = null;
    const back = this.from?.isConnected ? this.from : document.querySelector("h1");
    back?.focus();
  }
}

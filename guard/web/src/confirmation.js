// SPDX-License-Identifier: Apache-2.0
//
// A modal dialog that says what will happen, takes a reason, and sends once. Focus starts on "Cancel", is kept inside
// by the browser, and goes back to where it came from.
import { fill, h, say, show } from "./dom.js";

export class Confirmation {
  // send(verb, reason) resolves when the order was taken; its error is shown.
  constructor(send) {
    Object.assign(this, { send, verb: null, sending: false });
    this.title = h("h2", { id: "confirm-title" });
    this.effects = h("ul", { id: "confirm-effects", dir: "auto" });
    this.note = h("p", { class: "banner warn", role: "alert" });
    this.reason = h("input", { type: "text", id: "confirm-reason", maxlength: "500", autocomplete: "off" });
    this.cancel = h("button", { type: "button", onclick: () => this.close() }, "Cancel");
    this.confirm = h("button", { type: "submit" });
    this.root = h("dialog", { "aria-labelledby": "confirm-title", "aria-describedby": "confirm-effects", onclose: () => this.closed() },
      h("form", { onsubmit: (event) => this.submit(event) }, this.title, this.effects, this.note,
        h("p", {}, h("label", { for: "confirm-reason" }, "Why (goes into the timeline, may be empty)"), this.reason),
        h("div", { class: "buttons" }, this.cancel, this.confirm)));
  }

  open(verb, plan) {
    this.verb = verb;
    this.from = document.activeElement;
    this.reason.value = "";
    this.confirm.disabled = false;
    this.renew(plan, "");
    this.root.showModal();
    this.cancel.focus();
  }

  renew(plan, note) {
    say(this.title, plan.title);
    if (this.effects.textContent !== plan.effects.join(""))
      fill(this.effects, ...plan.effects.map((effect) => h("li", {}, effect)));
    say(this.confirm, plan.confirm);
    this.confirm.className = plan.danger ? "danger" : "primary";
    if (!this.sending) this.warn(note);
  }

  // What was asked about is no longer possible.
  withdraw(why) {
    if (this.sending) return;
    this.confirm.disabled = true;
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
      await this.send(this.verb, this.reason.value.trim());
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

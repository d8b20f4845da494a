// SPDX-License-Identifier: Apache-2.0
//
// Who is signed in, and whether what is shown is live.
import { forgetToken, hasToken, signOut } from "./api.js";
import { Badge } from "./badge.js";
import { h, say, show } from "./dom.js";
import { when } from "./format.js";

export class VisitorBar {
  constructor(root, banners, clock) {
    Object.assign(this, { clock, shown: null });
    this.live = new Badge();
    this.name = h("span", { class: "who" });
    this.out = h("button", { type: "button", onclick: () => this.signOut() }, "Sign out");
    this.stale = show(h("p", { class: "banner bad", role: "alert" }), false);
    this.trouble = show(h("p", { class: "banner warn", role: "status", dir: "auto" }), false);
    root.append(this.live.root, this.name, this.out);
    banners.append(this.stale, this.trouble);
    this.signedOut();
  }

  signedOut() {
    this.live.update({ text: "Not signed in", tone: "quiet", icon: "stop" });
    say(this.name, "");
    for (const part of [this.out, this.stale, this.trouble]) show(part, false);
  }

  // What only the guard can end is asked of it first.
  async signOut() {
    try {
      if (this.staying) await signOut();
      forgetToken();
      location.reload();
    } catch (error) {
      this.lost(error);
    }
  }

  welcome({ name, role, signed_in: staying }) {
    this.staying = staying;
    if (this.name.textContent === "") this.live.update({ text: "Connecting", tone: "quiet", icon: "clock" });
    say(this.name, `${name}, ${role}`);
    show(this.out, hasToken() || staying);
  }

  connected() {
    this.live.update({ text: "Live", tone: "good", icon: "check" });
    show(this.stale, false);
  }

  lost(error) {
    const since = this.shown ? `What you see is from ${when(this.shown)}.` : "";
    this.live.update({ text: "Not live", tone: "bad", icon: "cross" });
    say(show(this.stale, true), `Not live: ${error.message || "the connection broke"}. ${since} Trying again.`);
  }

  // What is on the page was read just now.
  fresh() {
    this.shown = this.clock.now();
  }

  problems(list) {
    say(show(this.trouble, list.length > 0), `The guard has trouble: ${list.join("; ")}`);
  }
}

// SPDX-License-Identifier: Apache-2.0
//
// Log-in with a token. It is kept for this tab only, unless its user wants to stay signed in: then no script knows it.
import { forgetToken, keepToken, staySignedIn, takesPasswords } from "./api.js";
import { h, say, show } from "./dom.js";

export class LoginView {
  // enter() resolves when the token is good.
  constructor(enter, problem, signedOut) {
    this.enter = enter;
    this.signedOut = signedOut;
    this.token = h("input", { type: "password", id: "token", required: true, autocomplete: "current-password", "aria-describedby": "token-help" });
    this.stay = h("input", { type: "checkbox", id: "stay" });
    this.problem = h("p", { class: "banner bad", role: "alert" });
    this.button = h("button", { type: "submit", class: "primary" }, "Sign in");
    this.root = h("form", { class: "login card", onsubmit: (event) => this.submit(event) },
      h("h1", { tabindex: "-1" }, "Sign in"), this.problem,
      h("p", {}, h("label", { for: "token" }, "Token"), this.token),
      h("p", { id: "token-help", class: "quiet" },
        "A token of the guard's configuration. With role read you may look, with role operate you may give orders. This tab forgets it when it is closed."),
      h("p", {}, this.stay, h("label", { for: "stay" }, "Stay signed in on this device for some hours, so that a link from an alert opens here")),
      this.button,
      // The browser asks for it, and comes back to what is shown here.
      show(h("p", {}, h("a", { href: `api/v1/sign_in${location.hash}` }, "Sign in with user name and password")), takesPasswords()));
    this.say(problem);
  }

  say(problem) {
    say(show(this.problem, problem !== ""), problem);
  }

  async submit(event) {
    event.preventDefault();
    const token = this.token.value.trim();
    // A chat adds what no header can carry; the browser would only say that it could not ask.
    if (!/^[\x21-\x7e]+$/.test(token)) return this.say("This is no token: it holds blanks or characters that a token cannot have. Copy it from its file.");
    this.button.disabled = true;
    keepToken(token);
    try {
      await this.signedOut;
      if (this.stay.checked) {
        await staySignedIn();
        forgetToken();
      }
      await this.enter();
    } catch (error) {
      forgetToken();
      this.say(`That did not work: ${error.message}.`);
      this.token.focus();
    } finally {
      this.button.disabled = false;
    }
  }

  focus() {
    this.token.focus();
  }
}

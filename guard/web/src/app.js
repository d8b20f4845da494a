// SPDX-License-Identifier: Apache-2.0
//
// The page: who visits, which view is open, and reading it again whenever the guard says that something changed.
import { ApiError, forgetToken, hasToken, readTroubles, signOut, whoami } from "./api.js";
import { Clock } from "./clock.js";
import { fill, h, say } from "./dom.js";
import { filtersOf, listAddress } from "./list_address.js";
import { ListView } from "./list_view.js";
import { LoginView } from "./login_view.js";
import { ReleaseView } from "./release_view.js";
import { ReportView } from "./report_view.js";
import { Stream } from "./stream.js";
import { VisitorBar } from "./visitor_bar.js";

const soonest = 1000;
const anyway = 30000;  // read again even if no event came

const element = (id) => document.getElementById(id);
const main = element("main");

// An address typed by hand may hold anything.
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

class App {
  constructor() {
    this.clock = new Clock();
    this.bar = new VisitorBar(element("visitor"), element("banners"), this.clock);
    this.visitor = null;
    this.view = null;
    this.reading = this.again = false;
    addEventListener("hashchange", () => this.visitor && this.go(true));
    element("skip").addEventListener("click", (event) => (event.preventDefault(), main.focus()));
    setInterval(() => this.wake(), anyway);
  }

  async start() {
    try {
      await this.enter();
    } catch (error) {
      if (error.status === 401) return this.logIn(hasToken() ? `${error.message}.` : "");
      if (error.status === 403) return this.logIn(`${error.message}.`);
      this.bar.lost(error);
      setTimeout(() => this.start(), 2000);
    }
  }

  // A cookie that is not good any more would only be refused again and again.
  logIn(problem) {
    const signedOut = hasToken() ? Promise.resolve() : signOut().catch(() => {});
    forgetToken();
    this.close();
    this.bar.signedOut();
    const view = new LoginView(() => this.enter(), problem, signedOut);
    fill(main, view.root);
    view.focus();
  }

  async enter() {
    this.visitor = await whoami();
    this.clock.set(this.visitor.now);
    this.bar.welcome(this.visitor);
    this.go(false);
    this.stream = new Stream({
      opened: () => this.connected(),
      changed: ({ releases, more }) => (more || this.view?.concerns(releases)) && this.wake(),
      lost: (error) => this.bar.lost(error),
      refused: (error) => this.logIn(`${error.message}.`),
    });
    this.stream.run();
  }

  // The guard may be another one now, with another clock and another idea of who this is.
  async connected() {
    this.bar.connected();
    this.wake();
    try {
      this.visitor = await whoami();
      this.clock.set(this.visitor.now);
      this.bar.welcome(this.visitor);
    } catch (error) {
      this.failed(error);
    }
  }

  // What is looked at more rarely than releases is loaded when it is.
  async route() {
    const [path, query = ""] = location.hash.split("?");
    const [, id, report] = path.match(/^#\/releases\/([^/]+)(\/report)?$/) ?? [];
    if (path === "#/in-force") return new (await import("./in_force_view.js")).InForceView();
    if (path === "#/rules") return new (await import("./rules_view.js")).RulesView(new URLSearchParams(query).get("group"));
    if (path === "#/preflight") return new (await import("./preflight_view.js")).PreflightView(filtersOf(query), this.visitor.role);
    if (id === undefined) return new ListView(this, filtersOf(query));
    return report ? new ReportView(this, decoded(id)) : new ReleaseView(this, decoded(id));
  }

  // The address may change again before its view is loaded.
  async go(moveFocus) {
    const going = (this.going = location.hash);
    try {
      const view = await this.route();
      if (this.visitor && going === this.going) this.open(view, moveFocus);
      else view.end();
    } catch (error) {
      console.error(error);
      this.bar.lost(new ApiError(0, "this part of the page could not be loaded; load the page again"));
    }
  }

  announce(text) {
    say(element("announcer"), text);
  }

  open(view, moveFocus) {
    this.view?.end();
    this.view = view;
    this.shown = false;
    fill(main, h("p", { class: "nothing" }, "Reading…"));
    this.moveFocus = moveFocus;
    this.lastRead = 0;
    this.wake();
  }

  close() {
    this.stream?.end();
    this.view?.end();
    this.visitor = this.view = null;
  }

  // Reads the view again: one reading at a time, one more if something changed meanwhile, never many a second.
  async wake() {
    if (!this.view) return;
    this.again = true;
    if (this.reading) return;
    this.reading = true;
    while (this.again && this.view) {
      await new Promise((done) => setTimeout(done, this.lastRead + soonest - Date.now()));
      this.again = false;
      this.lastRead = Date.now();
      await this.readView(this.view);
    }
    this.reading = false;
  }

  async readView(view) {
    if (!view) return;
    try {
      await view.load();
      if (view !== this.view) return;
      this.bar.fresh();
      this.appear(view);
      this.bar.problems(await readTroubles());
    } catch (error) {
      if (view === this.view) this.failed(error, view);
    }
  }

  appear(view) {
    if (this.shown) return;
    this.shown = true;
    fill(main, view.root);
    scrollTo(0, 0);
    if (this.moveFocus) view.title.focus();
  }

  failed(error, view) {
    if (error.status === 401 || error.status === 403) return this.logIn(`${error.message}.`);
    // A fault of the page itself must neither stop it nor go unseen.
    if (error.status === undefined) console.error(error);
    if (!error.status || this.shown || !view) return this.bar.lost(error);
    fill(main, h("h1", { tabindex: "-1" }, "Not found"), h("p", { class: "reason" }, `${error.message}.`),
      h("p", {}, h("a", { href: listAddress() }, "All releases")));
  }
}

new App().start();

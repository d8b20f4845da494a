// SPDX-License-Identifier: Apache-2.0
//
// Rules as text: edited here, checked by the guard as it would read them, and tried on the last day. The guard keeps
// nothing of it: the text is copied or saved by whoever writes it.
import { readInForce } from "./api.js";
import { DayFigure } from "./day_figure.js";
import { fill, h, say, show } from "./dom.js";
import { save } from "./downloads.js";
import { Editor } from "./editor.js";
import { example } from "./rule_example.js";
import { checkRules, readRules, readRuleSeries } from "./rules_api.js";
import { Soon } from "./soon.js";

const pause = 700;  // after the last key
const newFile = "rules.yml";

const where = ({ line, column }) => (line > 0 ? `${line}:${column} ` : "");
const fileName = (path) => path.split("/").at(-1) || newFile;

export class RulesView {
  constructor(group) {
    Object.assign(this, { wanted: group, file: newFile, loaded: false, findings: null, drawn: "" });
    this.title = h("h1", { tabindex: "-1" }, "Rules");
    this.from = h("select", { id: "rules-from", onchange: () => this.begin(this.from.value) });
    this.host = h("div", { class: "editor" });
    this.standing = h("p", { class: "standing", role: "status", dir: "auto" });
    this.silence = show(h("p", { class: "problem", dir: "auto" }), false);
    this.list = h("ul", { class: "findings" });
    this.trouble = show(h("p", { class: "problem", role: "alert" }), false);
    this.done = h("p", { class: "quiet", role: "status" });
    this.figure = new DayFigure();
    this.build();
    this.checking = new Soon(pause, () => this.check());
    this.drawing = new Soon(pause, () => this.draw());
    this.editor = new Editor({
      host: this.host, label: "Rule file",
      changed: () => this.checking.ask(), moved: () => this.drawing.ask(),
    });
  }

  build() {
    const button = (name, act) => h("button", { type: "button", onclick: act }, name);
    this.root = h("article", { class: "rules" }, this.title,
      h("p", { class: "quiet" }, "Checked as you type, exactly as release-guard check would. Nothing is saved here: copy ",
        "or download the text, and put it where the rule files of this guard are."),
      h("div", { class: "fields" }, h("span", {}, h("label", { for: "rules-from" }, "Begin with"), this.from),
        h("span", { class: "buttons" }, button("Copy", () => this.copy()), button("Download", () => this.download()))),
      this.done, this.trouble, this.host, this.standing, this.silence, this.list,
      h("section", {}, h("h2", {}, "The rule under the cursor"), this.figure.root));
  }

  concerns() {
    return false;
  }

  // Once: what is written here is not read again.
  async load() {
    if (this.loaded) return;
    document.title = "Rules – Release Guard";
    const names = (await readInForce()).groups.map(({ name }) => name);
    this.loaded = true;
    fill(this.from, h("option", { value: "" }, "an example"), ...names.map((name) => h("option", { value: name }, name)));
    const known = names.includes(this.wanted);
    await this.begin(known ? this.wanted : "");
    if (this.wanted && !known) this.warn(`No rule group ${this.wanted} is in force any more: this is an example.`);
  }

  warn(text) {
    say(show(this.trouble, text !== ""), text);
  }

  // With the rules of a group in force, or the example. What stood here before comes back by undoing.
  async begin(group) {
    this.from.value = group;
    this.warn("");
    try {
      const { file, text } = group === "" ? { file: newFile, text: example } : await readRules(group);
      this.file = file;
      this.editor.text = text;
      if (group !== "") this.editor.goToGroup(group);
    } catch (error) {
      this.warn(`The rules could not be read: ${error.message}.`);
    }
  }

  async check() {
    const { text } = this.editor;
    say(this.standing, this.findings ? this.standing.textContent : "Checking…");
    try {
      const found = await checkRules(text, this.file);
      if (this.ended || text !== this.editor.text) return;
      this.take(found);
    } catch (error) {
      if (!this.ended) say(this.standing, `The text could not be checked: ${error.message}.`);
    }
  }

  take(found) {
    this.findings = found;
    const here = found.diagnostics.filter(({ path }) => path === this.file);
    say(this.standing, found.summary);
    say(show(this.silence, Boolean(found.not_parsed)), `No server was asked about the expressions: ${found.not_parsed}.`);
    const inOrder = [...found.diagnostics].sort((a, b) => a.line - b.line || a.column - b.column);
    fill(this.list, ...inOrder.map((item) => this.item(item)));
    this.editor.show(here);
    this.draw();
  }

  item(found) {
    const words = `${found.rule ? `rule "${found.rule}": ` : ""}${found.message}${found.fix ? `; ${found.fix}` : ""}`;
    const name = found.name ? ` [${found.name}]` : "";
    const text = `${where(found)}${found.severity}: ${words}${name}`;
    const own = found.path === this.file && found.line > 0;
    return h("li", { class: found.severity === "error" ? "bad" : "warn", dir: "auto" },
      own ? h("button", { type: "button", class: "link", onclick: () => this.editor.goTo(found) }, text) : `${found.path}: ${text}`);
  }

  // Of another rule, or of another text; not while the text has errors.
  async draw() {
    if (!this.findings) return;
    const { text, line, rule } = this.editor;
    const key = `${rule} ${text}`;
    if (key === this.drawn) return;
    this.drawn = key;
    if (rule === null) return this.figure.none("Place the cursor in a rule to see its last day.");
    try {
      const series = await readRuleSeries(text, line);
      if (!this.ended && this.drawn === key) this.figure.take(series);
    } catch (error) {
      if (!this.ended && this.drawn === key) this.figure.none(`No chart: ${error.message}.`);
    }
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.editor.text);
      say(this.done, "Copied.");
    } catch {
      say(this.done, "The browser does not let this page copy: select the text and copy it, or download it.");
    }
  }

  download() {
    save(new Blob([this.editor.text], { type: "application/yaml" }), fileName(this.file));
    say(this.done, `Downloaded as ${fileName(this.file)}.`);
  }

  end() {
    this.ended = true;
    this.checking.end();
    this.drawing.end();
    this.editor.end();
    this.figure.end();
  }
}

// SPDX-License-Identifier: Apache-2.0
//
// The objective that is nearest to its bound, drawn small: the value against the bound. With hundreds of open releases
// only those on the screen are asked for, one after the other, and each seldom.
import { readSeries } from "./api.js";
import { columnsOf } from "./columns.js";
import { h, say, show } from "./dom.js";
import { inTurn } from "./in_turn.js";
import { sparkShape } from "./spark_shape.js";
import { svg } from "./svg.js";
import { verdictWords } from "./words.js";

const size = { width: 240, height: 44 };
const pause = 30000;

const seen = new Map();
let watcher = null;

function watch(sparkline) {
  watcher ??= new IntersectionObserver((entries) =>
    entries.forEach(({ target, isIntersecting }) => seen.get(target)?.appear(isIntersecting)));
  seen.set(sparkline.root, sparkline);
  watcher.observe(sparkline.root);
}

function forget(sparkline) {
  watcher.unobserve(sparkline.root);
  seen.delete(sparkline.root);
}

export class Sparkline {
  constructor(id) {
    Object.assign(this, { id, slo: null, visible: false, busy: false, due: 0 });
    this.shapes = { bad: svg("path", { class: "bad-side" }), bound: svg("path", { class: "bound" }), value: svg("path", { class: "value" }) };
    this.drawing = svg("svg", { viewBox: `0 0 ${size.width} ${size.height}`, preserveAspectRatio: "none", class: "spark", role: "img" });
    this.drawing.append(...Object.values(this.shapes));
    this.name = h("bdi");
    this.reading = h("strong");
    this.objective = h("span");
    this.root = h("figure", { class: "nearest" }, this.drawing,
      h("figcaption", {}, this.name, " ", this.reading, " ", this.objective));
    watch(this);
  }

  update({ nearest, final }) {
    show(this.root, nearest !== null && !final);
    if (!nearest || final) return;
    if (nearest.slo !== this.slo) this.begin(nearest.slo);
    const { text, tone } = verdictWords(nearest.verdict, nearest.reason);
    say(this.name, nearest.slo);
    say(this.reading, nearest.value_text);
    this.reading.className = tone;
    say(this.objective, `must be ${nearest.objective}`);
    this.drawing.setAttribute("aria-label", `${nearest.slo}: ${nearest.value_text}, must be ${nearest.objective}. ${text}.`);
    this.ask();
  }

  begin(slo) {
    this.slo = slo;
    this.due = 0;
    this.draw(null);
  }

  appear(visible) {
    this.visible = visible;
    this.ask();
  }

  ask() {
    if (!this.isDue()) return;
    this.busy = true;
    inTurn(() => this.load());
  }

  isDue() {
    return this.slo !== null && this.visible && !this.busy && Date.now() >= this.due;
  }

  async load() {
    const { slo } = this;
    this.busy = false;
    if (!this.isDue() || this.ended) return;  // it was scrolled away while it waited for its turn
    this.busy = true;
    this.due = Date.now() + pause;
    try {
      const series = await readSeries(this.id, slo);
      if (slo === this.slo) this.draw(sparkShape(columnsOf(series), series.comparison, size));
    } catch {
      // What was drawn before stays; the value beside it is the guard's latest.
    }
    this.busy = false;
    this.ask();
  }

  draw(shape) {
    for (const [name, path] of Object.entries(this.shapes)) path.setAttribute("d", shape?.[name] ?? "");
    this.drawing.classList.toggle("drawn", shape !== null);
  }

  end() {
    this.ended = true;
    forget(this);
  }
}

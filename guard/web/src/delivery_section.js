// SPDX-License-Identifier: Apache-2.0
//
// How releases went over the last 30 days: how often, the share that failed, how long a failure lasted, and each day as
// a bar. It stands below the list, and is read seldom.
import { read } from "./api.js";
import { fill, h, show } from "./dom.js";
import { quantity, span, when } from "./format.js";
import { svg } from "./svg.js";

const pause = 60000;
const names = ["Service", "Deployments", "Failed", "Time to detect", "Time to restore"];
const day = { width: 10, bar: 8, height: 40 };

const most = (days) => Math.max(0, ...days.map(({ deployments }) => deployments));
const rate = (number) => number.toFixed(number < 10 ? 1 : 0);
const times = (median, p90) => `median ${span(median * 1000)}, 90% within ${span(p90 * 1000)}`;

export function frequencyOf(figures) {
  return figures.deployments === 0 ? "none" : `${figures.deployments}, ${rate(figures.deployments_per_week)} a week`;
}

export function failureOf(figures) {
  if (figures.change_failure_rate === null) return "none was judged to its end";
  return `${figures.failed} of ${figures.judged} that were judged, ${quantity(figures.change_failure_rate, "ratio")}`;
}

export function detectOf({ time_to_detect_median_seconds: median, time_to_detect_p90_seconds: p90 }) {
  return median === null ? "nothing failed" : times(median, p90);
}

export function restoreOf({ failed, unrestored, time_to_restore_median_seconds: median, time_to_restore_p90_seconds: p90 }) {
  if (failed === 0) return "nothing failed";
  const open = unrestored === 0 ? "" : `${unrestored} not seen restored`;
  return [median === null ? "" : times(median, p90), open].filter(Boolean).join("; ");
}

function bars(days) {
  const height = (count) => (count * day.height) / Math.max(1, most(days));
  const bar = (index, count, kind) => svg("rect", { class: `mark ${kind}`, fill: "currentColor", x: index * day.width + 1, y: day.height - height(count), width: day.bar, height: height(count) });
  const drawing = svg("svg", { viewBox: `0 0 ${days.length * day.width} ${day.height}`, preserveAspectRatio: "none", width: "100%", height: 44, role: "img",
    "aria-label": `Deployments a day: ${days.map(({ deployments }) => deployments).join(", ")}` });
  days.forEach(({ deployments, failed }, i) => drawing.append(bar(i, deployments, "info"), bar(i, failed, "bad")));
  return drawing;
}

function row({ service, environment, figures }) {
  const cells = [frequencyOf(figures), failureOf(figures), detectOf(figures), restoreOf(figures)];
  return h("tr", {}, h("th", { scope: "row" }, h("bdi", {}, service), h("span", { class: "in" }, " in "), h("bdi", {}, environment)),
    ...cells.map((text, i) => h("td", { "data-name": names[i + 1] }, text)));
}

export class Part {
  constructor() {
    this.due = 0;
    this.facts = h("dl", { class: "facts" });
    this.drawing = h("figure");
    this.rows = h("tbody");
    this.notes = h("ul", { class: "notes" });
    this.table = h("details", {}, h("summary", {}, "By service"), h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Figures by service" },
      h("table", {}, h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name)))), this.rows)));
    this.root = h("section", { class: "card" }, h("h2", {}, "The last 30 days"), this.drawing, this.facts, this.table, this.notes);
  }

  // Of one environment, or of all ("").
  async load(environment) {
    if (environment === this.environment && Date.now() < this.due) return;
    const figures = await read(`api/v1/figures?${new URLSearchParams({ since: "30d", ...(environment && { environment }) })}`);
    this.environment = environment;
    this.due = Date.now() + pause;
    this.update(figures);
  }

  update({ from, to, all, places, days, notes }) {
    const facts = [["Deployments", frequencyOf(all)], ["Failed", failureOf(all)], ["Time to detect", detectOf(all)], ["Time to restore", restoreOf(all)]];
    fill(this.facts, ...facts.flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]));
    fill(this.drawing, bars(days), h("figcaption", {}, `Deployments a day from ${when(from)} to ${when(to)}, ${most(days)} at most; the red part failed`));
    show(this.drawing, all.deployments > 0);
    show(this.table, places.length > 1);
    fill(this.rows, ...places.map(row));
    fill(this.notes, ...notes.map((note) => h("li", {}, note)));
  }
}

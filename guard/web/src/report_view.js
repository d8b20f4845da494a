// SPDX-License-Identifier: Apache-2.0
//
// The post-release report of one release: the figures the guard gives over the time it was live, and the report as a
// file. A browser sends no token by itself, so the page fetches it with the visitor's.
import { readReport } from "./api.js";
import { Badge } from "./badge.js";
import { contactsText } from "./contacts.js";
import { DecisionList } from "./decision_list.js";
import { fill, h, Keyed, say, show, showLater } from "./dom.js";
import { Downloads } from "./downloads.js";
import { FiguresTable } from "./figures_table.js";
import { span, when } from "./format.js";
import { listAddress } from "./list_address.js";
import { Links } from "./links.js";
import { address, versionsOf } from "./release_row.js";
import { SeriesFigure } from "./series_figure.js";
import { Timeline } from "./timeline.js";
import { modeWords, phaseWords, plain } from "./words.js";

// Every reading asks Prometheus for every objective.
const pause = 15000;

const section = (title, ...children) => h("section", {}, h("h2", {}, title), ...children);

class ObjectiveChart {
  constructor(context, id, slo) {
    this.figure = new SeriesFigure(context, id, slo);
    this.root = h("section", { class: "card" }, h("h3", {}, h("bdi", {}, slo)), this.figure.root);
  }

  update({ release }) {
    this.figure.update(release);
  }

  end() {
    this.figure.end();
  }
}

export class ReportView {
  constructor(context, id) {
    Object.assign(this, { context, id, due: 0, stale: true, report: null });
    this.service = h("bdi");
    this.environment = h("bdi");
    this.badge = new Badge("badge big");
    this.read = h("p", { class: "quiet" });
    this.facts = h("dl", { class: "facts" });
    this.links = new Links();
    this.downloads = new Downloads(id);
    this.table = new FiguresTable();
    this.cards = h("div", { class: "cards" });
    this.charts = new Keyed(this.cards, (rule) => rule.slo, (rule) => new ObjectiveChart(context, id, rule.slo));
    this.silence = h("p", { class: "nothing" }, "No alert that a rule reads fired.");
    this.alerts = new Timeline();
    this.decisions = new DecisionList();
    this.timeline = new Timeline();
    this.build();
  }

  build() {
    this.title = h("h1", { tabindex: "-1" }, "Report: ", this.service, h("span", { class: "in" }, " in "),
      this.environment);
    this.root = h("article", {},
      h("p", { class: "ways" }, h("a", { href: listAddress(), class: "up" }, "All releases"),
        h("a", { href: address({ id: this.id }), class: "up" }, "This release")),
      h("div", { class: "release-head" }, this.title, h("div", { class: "badges" }, this.badge.root)),
      this.read, this.facts, this.links.root, this.downloads.root,
      section("Objectives while it was live", this.table.root, this.cards),
      section("Alerts", this.silence, this.alerts.root),
      section("Decisions and hook calls", this.decisions.root),
      this.below = h("div"), section("Timeline", this.timeline.root));
  }

  concerns(ids) {
    this.stale ||= ids.includes(this.id);
    return ids.includes(this.id);
  }

  async load() {
    if (this.report && (Date.now() < this.due || (this.report.final && !this.stale))) return;
    this.stale = false;
    try {
      this.update(await readReport(this.id));
    } catch (error) {
      this.stale = true;
      throw error;
    }
    this.due = Date.now() + pause;
  }

  update(report) {
    this.report = report;
    document.title = `Report: ${report.service} ${report.version} – Release Guard`;
    say(this.service, report.service);
    say(this.environment, report.environment);
    this.badge.update(phaseWords(report.phase));
    say(this.read, report.final ? "The release has ended."
      : `As things stood at ${when(this.context.clock.now())}.`);
    fill(this.facts, ...this.list(report).flatMap(([name, text]) => [h("dt", {}, name), h("dd", { dir: "auto" }, text)]));
    this.links.update(report.links);
    this.table.update(report);
    this.charts.update(report.figures.map(({ slo }) => ({ slo, release: report })));
    show(this.silence, report.alerts.length === 0);
    this.alerts.update(report.alerts);
    this.decisions.update(report.decisions);
    this.timeline.update(report.timeline);
    showLater(this.below, () => import("./after_section.js"), report);
  }

  list(report) {
    const hook = report.hook ? `, hook ${report.hook}` : "";
    const took = report.duration_seconds;
    return [
      ["Outcome", `${phaseWords(report.phase).text}: ${report.reason}`],
      ["Cause", report.cause],
      ["A person is needed", report.needs_person],
      ["Whom to call", report.needs_person && contactsText(report.contacts)],
      ["Version", versionsOf(report)],
      ["Announced", when(report.announced_at)],
      ["Live", report.live_at ? when(report.live_at) : "never"],
      ["Ended", report.ended_at ? when(report.ended_at) : "not yet"],
      ["Took", took === null ? "" : span(Math.floor(took) * 1000)],
      ["Rules", `${report.group}, mode ${report.mode}: ${modeWords(report.mode)}${hook}`],
      ["Labels", Object.entries(report.labels).map(([name, value]) => `${name}: ${value}`).join(" · ")],
      ["Release", `${report.id} (${plain(report.kind)})`],
    ].filter(([, text]) => text);
  }

  end() {
    this.charts.end();
  }
}

// SPDX-License-Identifier: Apache-2.0
//
// What is asked within a day after a release: open questions, and what is to be done, of which the guard answers some.
// Only the report shows it.
import { fill, h, say, show } from "./dom.js";
import { span, when } from "./format.js";

const day = 24 * 3600 * 1000;

// How long it took to notice that the release failed, and then to restore; none of one that did not.
export function failureText(failure) {
  if (failure === null) return "";
  const took = (from, to) => span(Math.max(0, Date.parse(to) - Date.parse(from)));
  const noticed = `Noticed ${took(failure.live_at, failure.detected_at)} after it went live, at ${when(failure.detected_at)}`;
  if (failure.restored_at === null) return `${noticed}; not seen restored.`;
  const by = failure.restored_by === null ? "its rollback" : `release ${failure.restored_by}`;
  return `${noticed}; restored ${took(failure.detected_at, failure.restored_at)} later, by ${by}.`;
}

export const taskText = ({ task, done, words }) => `${done ? "☑" : "☐"} ${task}${words === "" ? "" : `: ${words}`}`;

const line = (text) => h("li", { dir: "auto" }, text);

export class Part {
  constructor() {
    this.failure = h("p", { class: "standing", dir: "auto" });
    this.questions = h("ul", { class: "steps" });
    this.until = h("p", { class: "quiet" });
    this.tasks = h("ul", { class: "plain" });
    this.root = h("section", {}, this.failure, h("h2", {}, "Open questions"), this.questions, h("h2", {}, "Within 24 hours"), this.until, this.tasks);
  }

  load(report) {
    say(show(this.failure, report.failure !== null), failureText(report.failure));
    const questions = report.open_questions.length > 0 ? report.open_questions : ["None that the guard knows of."];
    fill(this.questions, ...questions.map(line));
    say(this.until, `To be done by ${when(Date.parse(report.live_at ?? report.announced_at) + day)}; what is ticked, this report answers.`);
    fill(this.tasks, ...report.tasks.map((task) => line(taskText(task))));
  }
}

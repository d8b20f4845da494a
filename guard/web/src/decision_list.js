// SPDX-License-Identifier: Apache-2.0
//
// What was decided, why and by whom, and what came of each call of the hook.
import { Badge } from "./badge.js";
import { h, Keyed, say, show } from "./dom.js";
import { took, when } from "./format.js";
import { attemptWords, callWords, decisionWords, plain } from "./words.js";

class Attempt {
  constructor() {
    this.title = h("h4", { dir: "auto" });
    this.badge = new Badge();
    this.output = h("pre", { class: "output", tabindex: "0", role: "region", dir: "auto" });
    this.silent = h("p", { class: "quiet" });
    this.root = h("li", {}, h("div", { class: "row-head" }, this.title, this.badge.root), this.output, this.silent);
  }

  update(attempt) {
    const running = attempt.result === "running";
    const duration = running ? `, since ${when(attempt.started_at)}`
      : attempt.duration_seconds === null ? "" : `, ${took(attempt.duration_seconds * 1000)}`;
    say(this.title, `Call ${attempt.number}${duration}${attempt.detail ? `: ${attempt.detail}` : ""}`);
    this.badge.update(attemptWords(attempt.result));
    this.output.setAttribute("aria-label", `Output of call ${attempt.number}`);
    say(show(this.output, attempt.output !== ""), attempt.output);
    say(show(this.silent, attempt.output === ""), running ? "Its output is shown when it has ended." : "It wrote nothing.");
  }
}

class Decision {
  constructor() {
    this.badge = new Badge();
    this.call = new Badge();
    this.number = h("span");
    this.reason = h("p", { class: "reason", dir: "auto" });
    this.facts = h("p", { class: "quiet", dir: "auto" });
    this.list = h("ol", { class: "attempts" });
    this.attempts = new Keyed(this.list, (attempt) => attempt.number, () => new Attempt());
    this.root = h("li", { class: "card" },
      h("div", { class: "row-head" }, h("h3", {}, this.number), this.badge.root, this.call.root), this.reason, this.facts, this.list);
  }

  update(decision) {
    say(this.number, `Decision ${decision.number}`);
    this.badge.update(decisionWords(decision.kind));
    show(this.call.root, decision.state !== "none");
    if (decision.state !== "none") this.call.update(callWords(decision.state));
    say(this.reason, decision.reason);
    say(this.facts, this.describe(decision));
    show(this.list, decision.attempts.length > 0);
    this.attempts.update(decision.attempts);
  }

  describe(decision) {
    return [
      when(decision.at),
      decision.actor && `by ${decision.actor}`,
      decision.slo && `objective ${decision.slo}`,
      decision.brake !== "none" && `held by ${plain(decision.brake)}`,
      decision.hook && `hook ${decision.hook}`,
      decision.next_attempt_at && `next call ${when(decision.next_attempt_at)}`,
    ].filter(Boolean).join(" · ");
  }
}

export class DecisionList {
  constructor() {
    this.nothing = h("p", { class: "nothing" }, "Nothing has been decided yet.");
    this.list = h("ol", { class: "plain" });
    this.decisions = new Keyed(this.list, (decision) => decision.number, () => new Decision());
    this.root = h("div", {}, this.nothing, this.list);
  }

  // The newest first.
  update(decisions) {
    show(this.nothing, decisions.length === 0);
    this.decisions.update([...decisions].reverse());
  }
}

// SPDX-License-Identifier: Apache-2.0
//
// How much of the watch is left, as words and a bar; or when it ended.
import { h, say, show } from "./dom.js";
import { span, when } from "./format.js";

export class Countdown {
  constructor(clock) {
    this.clock = clock;
    this.words = h("span");
    this.bar = h("progress", { max: "1", "aria-label": "Share of the watch window that is over" });
    this.root = h("p", { class: "countdown" }, this.words, this.bar);
    this.forget = clock.each(() => this.tick());
  }

  update(release) {
    this.release = release;
    this.tick();
  }

  end() {
    this.forget();
  }

  tick() {
    if (!this.release) return;
    const { final, ended_at: ended, live_at: live, window_end: end, phase } = this.release;
    const judged = ["settling", "watching", "awaiting_approval"].includes(phase);
    show(this.bar, judged && Boolean(live && end));
    if (final) return say(this.words, ended ? `Ended ${when(ended)}` : "Ended");
    if (!judged) return say(this.words, this.next());
    if (!end) return say(this.words, this.release.paused ? this.release.next[0].what : "No window yet");
    const [from, to, now] = [Date.parse(live), Date.parse(end), this.clock.now()];
    say(this.words, `${span(to - now)} left of the window`);
    this.bar.value = Math.min(1, Math.max(0, (now - from) / Math.max(1, to - from)));
  }

  // What happens next, where the window does not count.
  next() {
    const [step] = this.release.next;
    if (!step) return "";
    const due = step.at ? ` (in ${span(Date.parse(step.at) - this.clock.now())})` : "";
    return `Next: ${step.what}${due}`;
  }
}

// SPDX-License-Identifier: Apache-2.0
//
// Server-sent events by fetch, because EventSource cannot send a token. An event only says that something changed;
// after each (re)connection everything is read anew, so that nothing missed matters.
import { ApiError, open } from "./api.js";

const silence = 40000;  // the guard says something every 15 s
const firstPause = 500;
const longestPause = 10000;

// The complete events of `text`, and what is left of it.
export function events(text) {
  const blocks = text.split("\n\n");
  const rest = blocks.pop();
  const data = (block) =>
    block.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
  return { list: blocks.map(data).filter((entry) => entry !== ""), rest };
}

// Calls opened(), changed({releases, more}), lost(error); goes on until `refused` (401 or 403) or end().
export class Stream {
  constructor(listener) {
    this.listener = listener;
    this.ended = false;
    this.hurry = () => {};
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.hurry());
  }

  async run() {
    let pause = firstPause;
    while (!this.ended) {
      try {
        await this.listen(() => (pause = firstPause));
      } catch (error) {
        if (this.ended) return;
        if (error.status === 401 || error.status === 403) return this.listener.refused(error);
        this.listener.lost(error);
      }
      if (this.ended) return;
      await this.rest(pause * (0.5 + Math.random()));
      pause = Math.min(longestPause, pause * 2);
    }
  }

  end() {
    this.ended = true;
    this.abort?.abort();
    this.hurry();
  }

  rest(time) {
    return new Promise((done) => {
      const timer = setTimeout(done, time);
      this.hurry = () => (clearTimeout(timer), done());
    });
  }

  async listen(opened) {
    this.abort = new AbortController();
    let timer;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.abort.abort(), silence);
    };
    try {
      alive();
      const answer = await open("api/v1/stream", { signal: this.abort.signal });
      opened();
      this.listener.opened();
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let text = ""; ; ) {
        const { value, done } = await reader.read();
        if (done) throw new ApiError(0, "the guard has ended the connection");
        alive();
        const { list, rest } = events(text + value);
        text = rest;
        for (const entry of list) this.listener.changed(JSON.parse(entry));
      }
    } finally {
      clearTimeout(timer);
      this.abort.abort();
    }
  }
}

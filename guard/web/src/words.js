// SPDX-License-Identifier: Apache-2.0
//
// What the guard's names mean, in words, with a tone and an icon: colour is never the only sign. Pure.

const phases = {
  deploying: ["Deploying", "info", "clock"],
  settling: ["Settling", "info", "clock"],
  watching: ["Watching", "info", "eye"],
  awaiting_approval: ["Awaiting approval", "warn", "hand"],
  rolling_back: ["Rolling back", "bad", "back"],
  verifying: ["Verifying the rollback", "warn", "eye"],
  passed: ["Passed", "good", "check"],
  breached: ["Breached, not rolled back", "bad", "cross"],
  unverified: ["Unverified", "warn", "question"],
  rolled_back: ["Rolled back", "warn", "back"],
  rollback_failed: ["Rollback failed", "bad", "cross"],
  aborted: ["Aborted", "quiet", "stop"],
  superseded: ["Superseded", "quiet", "next"],
};

const verdicts = {
  ok: ["Holds", "good", "check"],
  pending: ["In breach, not for long enough yet", "warn", "clock"],
  breached: ["Breached", "bad", "cross"],
  unknown: ["Unknown", "warn", "question"],
};

const decisions = {
  rollback: ["Roll back", "bad", "back"],
  would_rollback: ["Would roll back (mode observe)", "warn", "back"],
  ask: ["Ask a person", "warn", "hand"],
  hold: ["Hold back", "warn", "stop"],
  call: ["Call a hook for this rule", "warn", "next"],
  pass: ["Pass", "good", "check"],
  breached: ["End breached: nothing was rolled back", "bad", "cross"],
  unverified: ["End unverified", "warn", "question"],
  supersede: ["Superseded by a newer release", "quiet", "next"],
  abort: ["Abort the watch", "quiet", "stop"],
};

const calls = {
  decided: ["The hook is about to be called", "warn", "clock"],
  calling: ["The hook is being called", "warn", "clock"],
  confirmed: ["The hook did it", "good", "check"],
  failed: ["The hook failed", "bad", "cross"],
  unknown: ["Nobody knows whether the hook did it: look at the deployment", "bad", "question"],
};

const attempts = {
  running: ["running", "warn", "clock"],
  done: ["done", "good", "check"],
  retry: ["wants to be called again", "warn", "back"],
  not_started: ["did not start", "warn", "stop"],
  failed: ["failed", "bad", "cross"],
  unknown: ["outcome unknown", "bad", "question"],
};

const events = {
  phase: "Phase",
  verdict: "Evidence",
  decision: "Decision",
  attempt: "Hook",
  operator: "Person",
  note: "Note",
  signal: "Signal",
  gap: "Gap",
};

const modes = {
  enforce: "the guard rolls back by itself",
  ask: "the guard asks a person before it rolls back",
  observe: "the guard only says what it would do",
};

// The phases nothing follows by itself.
export const outcomes = ["passed", "breached", "unverified", "rolled_back", "rollback_failed", "aborted", "superseded"];

// A name this page does not know yet is shown as it is.
const look = (table, name) => {
  const [text, tone, icon] = table[name] ?? [plain(name), "quiet", "question"];
  return { text, tone, icon };
};

export const plain = (name) => String(name).replaceAll("_", " ");
export const phaseWords = (name) => look(phases, name);
// A breach from before the release is known for what it is.
const brokenBefore = { text: "Broken before the release", tone: "warn", icon: "clock" };

export const verdictWords = (name, reason) => (reason === "preexisting" ? brokenBefore : look(verdicts, name));
export const decisionWords = (name) => look(decisions, name);
export const callWords = (name) => look(calls, name);
export const attemptWords = (name) => look(attempts, name);
export const eventWords = (kind) => events[kind] ?? plain(kind);
export const modeWords = (mode) => modes[mode] ?? plain(mode);

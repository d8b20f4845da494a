// SPDX-License-Identifier: Apache-2.0
//
// What each verb will do to a release, in words: the confirmation says this before anything is sent. `target` is the
// version that a rollback goes back to. Pure.

const place = (release) => `${release.service} in ${release.environment}`;

function hookCall(release, target) {
  const usual = release.goes_back_to;  // what an order goes back to that names no version; null: it must name one
  const other = usual && target !== usual ? ` Without a choice it would be ${usual}.` : "";
  return target
    ? `Hook ${release.hook} is called now: it takes ${place(release)} from ${release.version} back to ${target}.${other}`
    : `Say which version hook ${release.hook} is to take ${place(release)} back to.`;
}

const afterwards = "Then the guard checks that every objective holds again.";

function earlierCalls(release) {
  const made = release.decisions.flatMap((decision) => decision.attempts).length;
  return made === 0 ? [] : [`The hook has been called ${made === 1 ? "once" : `${made} times`} for this release before.`];
}

function whatWasAsked(release) {
  const asked = [...release.decisions].reverse().find((decision) => decision.kind === "ask");
  return asked ? [`You agree to what the guard decided: ${asked.reason}`] : [];
}

const plans = {
  approve: (release, target) => ({
    title: `Approve the rollback of ${place(release)}?`,
    effects: [...whatWasAsked(release), hookCall(release, target), ...earlierCalls(release), afterwards],
    confirm: `Approve: back to ${target}`,
    danger: true,
    goesBack: true,
  }),
  rollback: (release, target) => ({
    title: `Roll back ${place(release)}?`,
    effects: [
      hookCall(release, target),
      ...earlierCalls(release),
      "Cooldown, breaker and kill switch do not hold back what a person orders.",
      afterwards,
    ],
    confirm: `Roll back to ${target}`,
    danger: true,
    goesBack: true,
  }),
  abort: (release) => ({
    title: `Abort the watch of ${place(release)}?`,
    effects: [
      `No hook is called: ${release.phase === "verifying" ? "what the hook has done stays" : `${release.version} stays where it is`}.`,
      ...(release.phase === "rolling_back" ? ["The rollback is called off, unless its hook is running at this moment."] : []),
      release.phase === "rollback_failed"
        ? "You say that the failed rollback is taken care of: its alerts end."
        : "The guard stops watching this release: a breach from here on leads to nothing.",
      "A rollback can still be ordered by hand afterwards.",
    ],
    confirm: "Abort the watch",
    danger: true,
  }),
  pause: (release) => ({
    title: `Pause the watch of ${place(release)}?`,
    effects: [
      "No hook is called. Nothing is judged until someone resumes the watch, so no breach leads to a rollback.",
      "The window stands still meanwhile.",
    ],
    confirm: "Pause",
    danger: false,
  }),
  resume: (release) => ({
    title: `Resume the watch of ${place(release)}?`,
    effects: [
      "Judging goes on and the window runs on from where it stood.",
      release.mode === "enforce" && release.hook
        ? `A breach calls hook ${release.hook} again: from ${release.version} back to ${release.previous_version || "nothing"}.`
        : `The rule group's mode is ${release.mode}: no hook is called without a person.`,
    ],
    confirm: "Resume",
    danger: false,
  }),
};

export const planOf = (verb, release, target) => plans[verb](release, target);

// SPDX-License-Identifier: Apache-2.0
//
// The guard's API, asked with the visitor's token. The token stays in this tab's session storage and goes nowhere but
// into the Authorization header of requests to this origin. Addresses are relative: a proxy may put the guard under a path.
import { when } from "./format.js";
import { outcomes } from "./words.js";

const place = "release-guard-token";
const patience = 20000;

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;  // 0: no answer at all
  }
}

export const keepToken = (token) => sessionStorage.setItem(place, token);
export const forgetToken = () => sessionStorage.removeItem(place);
export const hasToken = () => sessionStorage.getItem(place) !== null;

// Whether this guard takes passwords, as it says to who shows nothing that it knows.
let passwords = false;
export const takesPasswords = () => passwords;

// Sign-In: the page asks its visitor, not the browser.
function headers(extra) {
  const token = sessionStorage.getItem(place);
  return { ...extra, "Sign-In": "page", ...(token === null ? {} : { Authorization: `Bearer ${token}` }) };
}

// An address with user and password in it, as in a bookmark, is none that a script may ask.
const here = (path) => new URL(path, location.origin + location.pathname);

async function words(answer) {
  try {
    return (await answer.json()).error ?? `the guard answered ${answer.status}`;
  } catch {
    return `the guard answered ${answer.status}`;
  }
}

// The answer, if it is good; else an ApiError in the guard's own words.
export async function open(path, options = {}) {
  let answer;
  try {
    answer = await fetch(here(path), { ...options, headers: headers(options.headers), cache: "no-store", redirect: "error" });
  } catch (error) {
    if (options.signal?.reason?.name === "AbortError") throw error;
    throw new ApiError(0, "the guard does not answer");
  }
  if (answer.status === 401) passwords = answer.headers.get("Sign-In") === "password";
  if (!answer.ok) throw new ApiError(answer.status, await words(answer));
  return answer;
}

// A guard that ends in the middle of an answer has not answered.
async function value(path, options = {}) {
  const answer = await open(path, { ...options, signal: AbortSignal.timeout(patience) });
  try {
    return await answer.json();
  } catch {
    throw new ApiError(0, "the guard's answer broke off");
  }
}

// The report as a file: html, md or json.
export async function downloadReport(id, format) {
  const answer = await open(`${release(id)}/report?format=${format}`, { signal: AbortSignal.timeout(patience) });
  try {
    return await answer.blob();
  } catch {
    throw new ApiError(0, "the guard's answer broke off");
  }
}

export const read = (path) => value(path);
export const post = (path, body) =>
  value(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const release = (id) => `api/v1/releases/${encodeURIComponent(id)}`;
export const whoami = () => read("api/v1/whoami");

// The cookie of who stays signed in is sent to the page's own path only, which a proxy may have chosen.
const ownPath = () => ({ path: new URL(".", location.href).pathname });
export const staySignedIn = () => post("api/v1/sign_in", ownPath());
export const signOut = () => post("api/v1/sign_out", ownPath());
export const readInForce = () => read("api/v1/in_force");
export const lookBefore = (place) => read(`api/v1/preflight?${new URLSearchParams(place)}`);
export const tryBefore = (place) => post("api/v1/preflight", place);
export const readRelease = (id) => read(release(id));
export const readSeries = (id, slo) => read(`${release(id)}/series?slo=${encodeURIComponent(slo)}`);
export const readReport = (id) => read(`${release(id)}/report?format=json`);
export const order = (id, verb, words) => post(`${release(id)}/${verb}`, words);

// What stands in the guard's way: the lines of /-/ready after the first. Nothing where they cannot be read.
export async function readTroubles() {
  try {
    const answer = await fetch(here("-/ready"), { headers: headers(), cache: "no-store", signal: AbortSignal.timeout(patience) });
    return (await answer.text()).trim().split("\n").slice(1);
  } catch {
    return [];
  }
}

// Of the releases that have ended, those that are filtered for; null: none is.
function endedQuery(newest, { environment, outcome }) {
  if (outcome === "open") return null;
  const phase = outcomes.includes(outcome) ? outcome : outcomes.join(",");
  return new URLSearchParams({ limit: newest, phase, ...(environment ? { environment } : {}) }).toString();
}

// Everything that is open or needs a person, however much has ended since, and the `newest` that have ended.
export async function readReleases(newest, filters) {
  const ended = endedQuery(newest, filters);
  const queries = ["open=true&limit=1000", "needs_person=true&limit=1000", ...(ended ? [ended] : [])];
  const lists = await Promise.all(queries.map((query) => read(`api/v1/releases?${query}`)));
  const byId = new Map(lists.flatMap((list) => list.releases).map((item) => [item.id, item]));
  const releases = [...byId.values()].sort((a, b) => b.announced_at.localeCompare(a.announced_at));
  const { in_force: inForce, environments } = lists[0];
  const more = ended !== null && lists.at(-1).releases.length >= newest;
  return { releases, more, inForce: inForceWords(inForce), environments };
}

// What holds rollbacks or releases back for everybody, a sentence each.
const inForceWords = ({ kill_switch: off, freezes }) => [
  ...(off ? ["The kill switch is on: nothing is rolled back automatically."] : []),
  ...freezes.map(({ until, reason }) => `Releases are frozen until ${when(until)}: ${reason}.`),
];

// SPDX-License-Identifier: Apache-2.0
//
// Messages of the guard's timeline in the page's words; what the page does not know stays as it is.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { messageWords, withoutCodes } from "../../guard/web/src/words.js";

const cases = [
  ["phase", "verifying -> rolled_back: the hook is done", "Verifying the rollback → Rolled back: the hook is done"],
  ["phase", "deploying -> settling: it is live: a -> b", "Deploying → Settling: it is live: a -> b"],
  ["phase", "announced by ci: shop v1 -> v2 in production", "announced by ci: shop v1 -> v2 in production"],
  ["verdict", "error_rate: unknown -> ok (objective_met): 0.2% (of 9)", "error_rate: Unknown → Holds: 0.2% (of 9)"],
  ["verdict", "a b: ok -> breached (breach_sustained): two\nlines", "a b: Holds → Breached: two\nlines"],
  ["verdict", "error_rate: ok -> dubious (who_knows): x", "error_rate: Holds → dubious: x"],
  ["decision", "decision 1: rollback: error_rate is 20%", "Decision 1: Roll back: error_rate is 20%"],
  ["decision", "decision 2: hold (kill_switch): 20% (a_b)",
    "Decision 2: Hold the rollback back, held by kill switch: 20% (a_b)"],
  ["phase", "watching -> rolling_back: error_rate: 20% (breach_sustained)", "Watching → Rolling back: error_rate: 20%"],
  ["operator", "ci: ok -> breached (x): y", "ci: ok -> breached (x): y"],
  ["verdict", "something else (in_brackets)", "something else (in_brackets)"],
];

for (const [kind, message, words] of cases)
  test(`${kind}: ${message}`, () => assert.equal(messageWords(kind, message), words));

test("of the codes in reasons, every one that is no English word is dropped", () => {
  const api = readFileSync(new URL("../../guard/api/openapi.yaml", import.meta.url), "utf8");
  const codes = api.match(/^ {4}Reason:\s+enum: \[([^\]]+)\]/m)[1].split(/,\s*/).filter((code) => code.includes("_"));
  assert.ok(codes.length > 10);
  for (const code of codes) assert.equal(withoutCodes(`20% (of 12) against < 1% (${code}), and`), "20% (of 12) against < 1%, and");
});

test("what a person wrote in brackets stays", () => {
  assert.equal(withoutCodes("wrong (held) (my_word) ("), "wrong (held) (my_word) (");
});

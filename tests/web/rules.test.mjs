// SPDX-License-Identifier: Apache-2.0
//
// Where PromQL stands in a rule file, what is said of it before a server is asked, and when the guard is asked.
import assert from "node:assert/strict";
import test from "node:test";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Soon } from "../../guard/web/src/soon.js";

// Bundled as the page is: by itself Node.js would take CodeMirror twice, once in each form that it is packaged in.
const web = fileURLToPath(new URL("../../guard/web/", import.meta.url));
const { build } = createRequire(`${web}package.json`)("esbuild");
const bundled = await build({
  stdin: {
    resolveDir: `${web}src`,
    contents: `export { EditorState } from "@codemirror/state"; export { CompletionContext } from "@codemirror/autocomplete";
      export { example } from "./rule_example.js"; export { complete, lint } from "./promql_help.js";
      export { expressionsOf, ruleAt, ruleLanguage, withoutTemplates } from "./rule_language.js";`,
  },
  bundle: true, format: "esm", write: false,
});
const { EditorState, CompletionContext, example, complete, lint, expressionsOf, ruleAt, ruleLanguage, withoutTemplates } =
  await import(`data:text/javascript;base64,${Buffer.from(bundled.outputFiles[0].contents).toString("base64")}`);

const rules = `groups:
  - name: rate(
    rules:
      - slo: plain
        expr: sum(rate(http_requests_total{job="shop"}[5m]))
        only_if: "up > 0"
      - { slo: flow, bad: errors_total, total: 'all_total' }
      - slo: folded
        expr: >
          max(queue
            {service="{{ service }}"})
`;
const stateOf = (doc) => EditorState.create({ doc, extensions: [ruleLanguage] });
const texts = (state) => expressionsOf(state).map(({ from, to }) => state.sliceDoc(from, to).trim());

test("expressions are found however YAML writes them, and nothing else is", () => {
  assert.deepEqual(texts(stateOf(rules)), ['sum(rate(http_requests_total{job="shop"}[5m]))', "up > 0", "errors_total",
    "all_total", 'max(queue\n            {service="{{ service }}"})']);
});

test("what a release fills in is PromQL of the same length", () => {
  const text = 'rate(x{service="{{ service }}"}[{{ window_since_live "5m" }}])';
  const known = withoutTemplates(text);
  assert.equal(known.length, text.length);
  assert.match(known, /\[5m +\]/);
  assert.match(known, /service="x+"/);
});

test("what is no PromQL is said where it stands", () => {
  const state = stateOf(rules.replace("[5m]))", "))"));
  const [found] = lint(state);
  assert.equal(found.severity, "error");
  assert.match(found.message, /range vector|expected type/i);
  assert.equal(state.doc.lineAt(found.from).number, 5);
});

test("good expressions and the example are left in peace", () => {
  assert.deepEqual(lint(stateOf(rules)), []);
  assert.deepEqual(lint(stateOf(example)), []);
});

test("a line is a part of the rule around it, whatever stands first in that", () => {
  const state = stateOf("groups:\n- name: a\n  rules:\n  - expr: x\n    slo: one\n  - slo: two\n    expr: y\n  - { slo: three }\n  window: 1h\n");
  const at = (number) => ruleAt(state, state.doc.line(number));
  assert.equal(at(4), at(5));
  assert.equal(at(6), at(7));
  assert.equal(new Set([at(4), at(6), at(8)]).size, 3);
  assert.deepEqual([at(1), at(2), at(3), at(9)], [null, null, null, null]);
});

async function completed(doc) {
  const at = doc.indexOf("|");
  const state = stateOf(doc.replace("|", ""));
  const found = await complete(new CompletionContext(state, at, false));
  return found && { from: found.from - at, names: found.options.map(({ label }) => label) };
}

test("functions are completed inside an expression, and nowhere else", async () => {
  const plain = await completed("groups:\n- rules:\n  - expr: sum(ra|)\n");
  assert.ok(plain.names.includes("rate"));
  assert.equal(plain.from, -2);
  assert.ok((await completed('groups:\n- rules:\n  - { expr: "ra|" }\n')).names.includes("rate"));
  assert.equal(await completed("groups:\n- rules:\n  - slo: ra|\n"), null);
});

test("what is asked for often is done once, and once more if it was asked for meanwhile", async () => {
  let done = 0;
  let finish = null;
  const soon = new Soon(1, () => new Promise((resolve) => ((done += 1), (finish = resolve))));
  const until = async (count) => {
    while (done < count) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  for (let i = 0; i < 5; ++i) soon.ask();
  await until(1);
  soon.ask();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(done, 1, "one at a time");
  finish();
  await until(2);
  soon.end();
  finish();
});

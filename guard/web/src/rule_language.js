// SPDX-License-Identifier: Apache-2.0
//
// A rule file as CodeMirror reads it: YAML, with PromQL where a rule has an expression. Pure.
import { yamlLanguage } from "@codemirror/lang-yaml";
import { ensureSyntaxTree, syntaxTree } from "@codemirror/language";
import { parseMixed } from "@lezer/common";
import { LanguageType, promQLLanguage } from "@prometheus-io/codemirror-promql";

export const promql = promQLLanguage(LanguageType.PromQL);

const keys = new Set(["expr", "bad", "good", "total", "histogram", "only_if", "serves"]);

// The key of the pair that this scalar is the value of, or "".
function keyOf(node, read) {
  const pair = node.name === "BlockLiteralContent" ? node.parent?.parent : node.parent;
  const key = pair?.name === "Pair" ? pair.firstChild : null;
  return key?.name === "Key" ? read(key.from, key.to).trim() : "";
}

const isScalar = ({ name }) => ["Literal", "QuotedLiteral", "BlockLiteralContent"].includes(name);

// Without its quotes.
function textOf(node) {
  const quoted = node.name === "QuotedLiteral" && node.to - node.from >= 2;
  return quoted ? { from: node.from + 1, to: node.to - 1 } : { from: node.from, to: node.to };
}

function expressionAt(node, read) {
  return isScalar(node) && keys.has(keyOf(node, read)) ? textOf(node) : null;
}

export const ruleLanguage = yamlLanguage.configure({
  wrap: parseMixed((ref, input) => {
    const range = isScalar(ref) ? expressionAt(ref.node, (from, to) => input.read(from, to)) : null;
    return range && range.from < range.to ? { parser: promql.parser, overlay: [range] } : null;
  }),
});

export const patience = 200;  // milliseconds for a text that is not read to its end yet

const treeOf = (state) => ensureSyntaxTree(state, state.doc.length, patience) ?? syntaxTree(state);

// Where the rule begins that this line is a part of; null: none.
export function ruleAt(state, { from, text }) {
  const isRule = (node) => ["BlockMapping", "FlowMapping"].includes(node.name) && node.getChildren("Pair")
    .some(({ firstChild: key }) => key && state.sliceDoc(key.from, key.to).trim() === "slo");
  const first = from + /^\s*(?:-\s+)*/.exec(text)[0].length;
  for (let node = treeOf(state).resolveInner(first, 1); node; node = node.parent) if (isRule(node)) return node.from;
  return null;
}

// Every expression of the text, as [{from, to}].
export function expressionsOf(state) {
  const found = [];
  treeOf(state).iterate({
    enter: (ref) => {
      const range = isScalar(ref) ? expressionAt(ref.node, (from, to) => state.sliceDoc(from, to)) : null;
      if (range) found.push(range);
    },
  });
  return found;
}

// What a release fills in, as PromQL of the same length that says about the same.
export function withoutTemplates(text) {
  return text.replace(/\{\{[^{}\n]*\}\}/g, (field) =>
    (/window_since_live/.test(field) ? "5m".padEnd(field.length) : "x".repeat(field.length)));
}

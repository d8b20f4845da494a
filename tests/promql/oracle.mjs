// SPDX-License-Identifier: Apache-2.0
// Reads a JSON list of PromQL expressions from stdin and writes, for each, what the parser of Prometheus' own page
// finds in it, in the form of selectors_main.cpp, and {errors: [offset]}: where it cannot read it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../npm/package.json", import.meta.url));
const { parser } = require("@prometheus-io/lezer-promql");

const bytes = (text) => Buffer.byteLength(text, "utf8");

// What follows the child `after`, without the blanks before it.
function behind(after, node, text) {
  const rest = text.slice(after.to, node.to);
  return { from: node.to - rest.trimStart().length, to: node.to };
}

// What one node around a selector does to it, or null: {kind, from: where it begins, span: what it says}.
function modifier(node, text) {
  const range = node.getChild("DurationExpr");
  switch (node.name) {
    case "MatrixSelector":
      return { kind: "range", from: text.lastIndexOf("[", range.from), span: range };
    case "SubqueryExpr":
      return { kind: "subquery", from: text.lastIndexOf("[", range.from), span: range };
    case "OffsetExpr":
      return { kind: "offset", from: node.getChild("Offset").from, span: node.getChild("OffsetDurationExpr") };
    case "StepInvariantExpr":
      return { kind: "at", from: node.getChild("At").from, span: behind(node.getChild("At"), node, text) };
    default:
      return null;
  }
}

// In `a + b offset 5m` lezer's grammar moves both. Prometheus' own moves what stands right before (OFFSET and "[" bind
// tighter than any operator, promql/parser/generated_parser.y): what is left of an operator is passed over.
function selector(node, text) {
  const modifiers = [];
  let isLeft = false;
  for (let below = node, around = node.parent; around; below = around, around = around.parent) {
    if (around.name === "BinaryExpr") isLeft ||= below.to < around.lastChild.from;
    if (around.name === "ParenExpr" || around.name === "FunctionCallBody") isLeft = false;
    const found = isLeft ? null : modifier(around, text);
    if (!found) continue;
    const { kind, from, span } = found;
    modifiers.push([kind, bytes(text.slice(0, from)), text.slice(span.from, span.to)]);
  }
  return { begin: bytes(text.slice(0, node.from)), text: text.slice(node.from, node.to), modifiers };
}

function read(text) {
  const found = { errors: [], selectors: [], opaque: [] };
  parser.parse(text).iterate({
    enter: (at) => {
      if (at.type.isError) found.errors.push(at.from);
      else if (at.name === "VectorSelector" && found.errors.length === 0) found.selectors.push(selector(at.node, text));
      else if (at.name === "StringLiteral" || at.name === "LineComment")
        found.opaque.push([bytes(text.slice(0, at.from)), text.slice(at.from, at.to)]);
    },
  });
  return found;
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(read)));

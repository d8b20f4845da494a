// SPDX-License-Identifier: Apache-2.0
// Reads a JSON list of PromQL expressions from stdin and writes, for each, what the parser of Prometheus' own page
// finds in it: {errors: [offset], selectors: [{name, matchers: [[label, operator, value]], range, call}]}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../npm/package.json", import.meta.url));
const { parser } = require("@prometheus-io/lezer-promql");

function matcher(node, text) {
  const [label, operator, value] = ["LabelName", "MatchOp", "StringLiteral"].map((kind) => {
    const child = node.getChild(kind);
    return text.slice(child.from, child.to);
  });
  return [label, operator, value.slice(1, -1)];
}

// The name of the nearest function around a node; the body of a call stands between the two.
function callAround(node, text) {
  for (let at = node.parent; at; at = at.parent) {
    if (at.name !== "FunctionCall") continue;
    const name = at.getChild("FunctionIdentifier");
    return text.slice(name.from, name.to);
  }
  return null;
}

function selector(node, text) {
  const name = node.getChild("Identifier");
  const list = node.getChild("LabelMatchers");
  const range = node.parent.name === "MatrixSelector" ? node.parent.getChild("DurationExpr") : null;
  return {
    name: name ? text.slice(name.from, name.to) : null,
    matchers: list ? list.getChildren("UnquotedLabelMatcher").map((child) => matcher(child, text)) : [],
    range: range ? text.slice(range.from, range.to) : null,
    call: range ? callAround(node, text) : null,
  };
}

function read(text) {
  const found = { errors: [], selectors: [] };
  parser.parse(text).iterate({
    enter: (at) => {
      if (at.type.isError) found.errors.push(at.from);
      else if (at.name === "VectorSelector" && found.errors.length === 0) found.selectors.push(selector(at.node, text));
    },
  });
  return found;
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(read)));

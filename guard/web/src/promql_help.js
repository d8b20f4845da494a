// SPDX-License-Identifier: Apache-2.0
//
// What codemirror-promql knows, for the expressions inside a rule file: each is looked at as a document of its own, and
// what is found is moved to where it stands.
import { CompletionContext } from "@codemirror/autocomplete";
import { ensureSyntaxTree, syntaxTreeAvailable } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { PromQLExtension } from "@prometheus-io/codemirror-promql";
import { expressionsOf, patience, promql, withoutTemplates } from "./rule_language.js";

const help = new PromQLExtension();

// Read to its end: of a half, more would be said to be wrong than is. A state takes up what was read when it changes.
function alone(state, { from, to }) {
  const begun = EditorState.create({ doc: withoutTemplates(state.sliceDoc(from, to)), extensions: [promql] });
  ensureSyntaxTree(begun, begun.doc.length, patience);
  return begun.update({}).state;
}

// Completes within an expression; null elsewhere.
export async function complete(context) {
  const here = expressionsOf(context.state).find(({ from, to }) => from <= context.pos && context.pos <= to);
  if (!here) return null;
  const inside = new CompletionContext(alone(context.state, here), context.pos - here.from, context.explicit);
  const found = await help.getComplete().promQL(inside);
  if (!found) return null;
  const moved = (at) => (at === undefined ? undefined : at + here.from);
  return { ...found, from: moved(found.from), to: moved(found.to) };
}

// What is no PromQL, before any server is asked.
export function lint(state) {
  const check = help.getLinter().promQL();
  return expressionsOf(state).flatMap((range) => {
    const expression = alone(state, range);
    if (!syntaxTreeAvailable(expression)) return [];
    return check({ state: expression })
      .map((found) => ({ ...found, from: found.from + range.from, to: found.to + range.from, source: "PromQL" }));
  });
}

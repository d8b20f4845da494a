// SPDX-License-Identifier: Apache-2.0
//
// An editor of rule files by CodeMirror. It lives in a shadow root: there its styles are sheets that the page's content
// security policy has nothing against, as no <style> is made.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { complete, lint } from "./promql_help.js";
import { ruleAt, ruleLanguage } from "./rule_language.js";

// The page's own colours, so that both of its faces fit.
const theme = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--surface)", border: "1px solid var(--muted)", borderRadius: "6px", height: "100%" },
  "&.cm-focused": { outline: "3px solid var(--link)", outlineOffset: "2px" },
  ".cm-scroller": { font: "0.9rem/1.5 ui-monospace, 'DejaVu Sans Mono', monospace" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { color: "var(--muted)", backgroundColor: "var(--page)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "rgba(128, 128, 128, 0.12)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "var(--info-back)" },
  "&.cm-focused .cm-matchingBracket": { color: "inherit", backgroundColor: "var(--good-back)", outline: "1px solid var(--good)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-back)" },
  ".cm-tooltip": { color: "var(--text)", backgroundColor: "var(--surface)", border: "1px solid var(--muted)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--surface)", background: "var(--link)" },
  ".cm-diagnostic": { font: "0.9rem/1.4 system-ui, sans-serif", maxWidth: "min(36rem, 80vw)", whiteSpace: "pre-wrap" },
  ".cm-panels": { color: "var(--text)", backgroundColor: "var(--page)" },
  ".cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { backgroundColor: "var(--info-back)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName, tags.labelName], color: "var(--link)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.function(tags.variableName)], color: "var(--warn)" },
  { tag: [tags.number, tags.literal], color: "var(--info)" },
  { tag: [tags.comment, tags.lineComment, tags.meta], color: "var(--muted)", fontStyle: "italic" },
]);

// Where text is typed over several lines Chromium writes style attributes into what it joins, which the page's policy
// refuses: they are replaced here instead.
const overLines = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    // Chromium alone has it: what is selected now, of which the editor may not have heard yet.
    const selected = view.root.getSelection?.();
    if (event.inputType !== "insertText" || event.data === null || !selected?.focusNode || view.composing) return false;
    const ends = [[selected.anchorNode, selected.anchorOffset], [selected.focusNode, selected.focusOffset]];
    const [from, to] = ends.map((end) => view.posAtDOM(...end)).sort((a, b) => a - b);
    if (view.state.doc.lineAt(from).number === view.state.doc.lineAt(to).number) return false;
    const typed = () => view.state.update({
      changes: { from, to, insert: event.data }, selection: { anchor: from + event.data.length },
      userEvent: "input.type", scrollIntoView: true,
    });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, from, to, event.data, typed))) view.dispatch(typed());
    return true;
  },
});

// Where a finding of the guard stands: from its column to the end of the word, or of the line.
function placeOf(doc, { line, column }) {
  if (line < 1 || line > doc.lines) return { from: 0, to: 0 };
  const { from, to, text } = doc.line(line);
  const begin = Math.min(from + [...text].slice(0, Math.max(0, column - 1)).join("").length, to);
  const word = /^[\w./:-]+/.exec(text.slice(begin - from));
  return { from: begin, to: word ? begin + word[0].length : to };
}

const sloKey = /^\s*(?:-\s*)?\{?\s*slo:/;

const asDiagnostic = (doc) => (found) => ({
  ...placeOf(doc, found), severity: found.severity, source: found.name || undefined,
  message: `${found.rule ? `rule "${found.rule}": ` : ""}${found.message}${found.fix ? `; ${found.fix}` : ""}`,
});

export class Editor {
  // `changed` is told that the text has changed, `moved` that the cursor stands on another line.
  constructor({ host, label, changed, moved }) {
    this.moved = moved;
    this.changed = changed;
    const root = host.attachShadow({ mode: "open" });
    this.view = new EditorView({ root, parent: root, state: this.state("", label) });
  }

  state(doc, label) {
    return EditorState.create({
      doc,
      extensions: [
        lineNumbers(), history(), drawSelection(), highlightActiveLine(), indentOnInput(), bracketMatching(), closeBrackets(),
        lintGutter(), EditorView.lineWrapping, overLines, theme, syntaxHighlighting(colours), ruleLanguage,
        autocompletion({ override: [complete] }),
        EditorState.tabSize.of(2),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "off" }),
        // The tab key goes on to what comes next, as everywhere on the page.
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
        EditorView.updateListener.of((update) => this.heard(update)),
      ],
    });
  }

  heard(update) {
    const line = (state) => state.doc.lineAt(state.selection.main.head).number;
    if (update.docChanged) this.changed();
    if (update.docChanged || line(update.startState) !== line(update.state)) this.moved();
  }

  get text() {
    return this.view.state.doc.toString();
  }

  // One change, which can be undone by itself.
  set text(insert) {
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert }, selection: { anchor: 0 }, scrollIntoView: true,
      annotations: isolateHistory.of("full"),
    });
  }

  get line() {
    const { doc, selection } = this.view.state;
    return doc.lineAt(selection.main.head).number;
  }

  // Where the rule begins that the cursor stands in; null: none.
  get rule() {
    return ruleAt(this.view.state, this.view.state.doc.line(this.line));
  }

  // Those of the guard, and what codemirror-promql says of expressions about which the guard said nothing.
  show(findings) {
    const { state } = this.view;
    const told = findings.map(asDiagnostic(state.doc));
    const lines = new Set(findings.map(({ line }) => line));
    const own = lint(state).filter(({ from }) => !lines.has(state.doc.lineAt(from).number));
    this.view.dispatch(setDiagnostics(state, [...told, ...own].sort((a, b) => a.from - b.from)));
  }

  // To the first rule of this group, as far as that can be told from here.
  goToGroup(name) {
    const { doc } = this.view.state;
    const lines = Array.from({ length: doc.lines }, (_line, i) => doc.line(i + 1));
    const group = lines.findIndex(({ text }) => /\bname:/.test(text) && text.includes(name));
    const rule = lines.find(({ text }, i) => i >= group && sloKey.test(text));
    if (group < 0 || !rule) return;
    const anchor = rule.from;
    this.view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
  }

  goTo(finding) {
    this.view.dispatch({ selection: { anchor: placeOf(this.view.state.doc, finding).from }, scrollIntoView: true });
    this.view.focus();
  }

  end() {
    this.view.destroy();
  }
}

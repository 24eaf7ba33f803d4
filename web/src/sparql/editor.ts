// An editor for SPARQL: CodeMirror in a shadow tree, where it may have styles of
// its own under a policy that allows no style elements.
import { autocompletion, type CompletionContext, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--surface)", fontSize: "0.92rem" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", maxHeight: "26rem", minHeight: "12rem" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.6rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--muted)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--sunken) 60%, transparent)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--focus) 26%, transparent) !important",
  },
  ".cm-placeholder": { color: "var(--muted)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line-strong)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--ink)" },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--holds)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--agrees)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--claims)" },
  { tag: [tags.atom, tags.number, tags.bool], color: "var(--rules)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
  { tag: tags.operator, color: "var(--muted)" },
]);

export interface Editor {
  readonly view: EditorView;
  text(): string;
  set(text: string): void;
  /** Marks a fault at a line and a column, both from 1; without one, takes the mark away. */
  fault(at?: { line: number; column: number; message: string }): void;
  destroy(): void;
}

interface Options {
  text: string;
  label: string;
  words: readonly string[];
  onRun: () => void;
}

export function editor(host: HTMLElement, { text, label, words, onRun }: Options): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const options = words.map((word) => ({ label: word, type: word.startsWith("dm:") ? "property" : "keyword" }));
  const complete = (context: CompletionContext) => {
    const word = context.matchBefore(/[\w:]+/);
    return word ? { from: word.from, options, validFor: /^[\w:]*$/ } : null;
  };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        StreamLanguage.define(sparql),
        syntaxHighlighting(colours),
        autocompletion({ override: [complete] }),
        placeholder("SELECT ?who ?what { ?who dm:claims ?what }"),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, "aria-multiline": "true" }),
        Prec.highest(
          keymap.of([
            {
              key: "Mod-Enter",
              run: () => {
                onRun();
                return true;
              },
            },
          ]),
        ),
        // Tab is not bound: it leaves the editor, as it does any other field.
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        theme,
      ],
    }),
  });
  return {
    view,
    text: () => view.state.doc.toString(),
    set(next) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    fault(at) {
      const { doc } = view.state;
      const diagnostics = [];
      if (at) {
        const line = doc.line(Math.min(Math.max(at.line, 1), doc.lines));
        const from = Math.min(line.from + Math.max(at.column - 1, 0), line.to);
        diagnostics.push({ from, to: Math.min(from + 1, line.to), severity: "error" as const, message: at.message });
        view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      }
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    destroy: () => view.destroy(),
  };
}

// A document's text with passages marked in it, which may overlap.
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useRoving } from "./roving";
import { Plain } from "./text";

/** A passage to mark: where it is, in UTF-16 code units. */
export interface Mark {
  key: string;
  start: number;
  end: number;
}

interface Piece {
  text: string;
  marks: readonly Mark[];
}

interface Block {
  line: number;
  start: number;
  end: number;
  /** Its lines are a list or a table: they stay as they are. */
  verbatim: boolean;
}

/** Offsets in UTF-16 code units of offsets in UTF-8 bytes. */
export function fromBytes(text: string, offsets: readonly number[]): Map<number, number> {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  const out = new Map<number, number>();
  let [byte, unit] = [0, 0];
  for (const at of [...new Set(offsets)].sort((a, b) => a - b)) {
    unit += decoder.decode(bytes.subarray(byte, at)).length;
    byte = at;
    out.set(at, unit);
  }
  return out;
}

/** Divides a text into paragraphs, with the line that each begins on. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let line = 1;
  for (const found of text.matchAll(/(?:[^\n]*\S[^\n]*(?:\n|$))+|\n|[^\n]+(?:\n|$)/g)) {
    const body = found[0];
    if (body.trim() !== "") {
      const verbatim = body.trimEnd().includes("\n") && /^(\s*([-*+|>#]|\d+[.)])\s|\s{2,}|---)/m.test(body);
      blocks.push({ line, start: found.index, end: found.index + body.trimEnd().length, verbatim });
    }
    line += body.split("\n").length - 1;
  }
  return blocks;
}

/** Divides a part of a text where marks begin and end. */
export function piecesOf(text: string, start: number, end: number, marks: readonly Mark[]): Piece[] {
  const here = marks.filter((m) => m.start < end && m.end > start);
  const edges = new Set([start, end]);
  for (const m of here) {
    edges.add(Math.max(m.start, start));
    edges.add(Math.min(m.end, end));
  }
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((from, i) => {
    const to = sorted[i + 1] ?? end;
    return { text: text.slice(from, to), marks: here.filter((m) => m.start <= from && m.end >= to) };
  });
}

/** Scrolls the pane that an element is in, or else the page, and never both. */
export function bringIntoSight(element: HTMLElement) {
  const behavior = matchMedia("(prefers-reduced-motion: no-preference)").matches ? "smooth" : "instant";
  const pane = element.closest<HTMLElement>(".side");
  if (pane && pane.scrollHeight > pane.clientHeight + 1) {
    const to = pane.scrollTop + element.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTo({ top: to - pane.clientHeight / 3, behavior });
  } else if (!pane || getComputedStyle(pane).position !== "static")
    element.scrollIntoView({ block: "center", behavior });
}

interface Props {
  text: string;
  marks: readonly Mark[];
  selected: ReadonlySet<string>;
  /** Where a mark leads, so that it can be followed and kept as a link. */
  href: (mark: Mark) => string;
  onSelect: (mark: Mark) => void;
  /** Changes when the first selected mark is to be brought into sight. */
  reveal: string | number;
}

export function Reader({ text, marks, selected, href, onSelect, reveal }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const blocks = useMemo(() => blocksOf(text), [text]);
  const pieces = useMemo(() => blocks.map((b) => piecesOf(text, b.start, b.end, marks)), [text, blocks, marks]);
  const onKeyDown = useRoving<HTMLDivElement>("a.mark");
  // Reveal says when, selected what.
  useEffect(() => {
    const first = root.current?.querySelector<HTMLElement>("a.mark.on");
    if (first) bringIntoSight(first);
  }, [reveal, text]);
  let stop = true; // the first mark, or the selected one, is the tab stop
  const anySelected = marks.some((m) => selected.has(m.key));
  return (
    <div class="reader" ref={root} onKeyDown={onKeyDown}>
      {blocks.map((block, i) => (
        <div class="block" key={block.start}>
          <span class="line-no" aria-hidden="true">
            {block.line}
          </span>
          <p dir="auto" class={block.verbatim ? "verbatim" : undefined}>
            {(pieces[i] ?? []).map((piece, j) => {
              if (piece.marks.length === 0) return <Plain key={j} text={piece.text} />;
              const inner = piece.marks.reduce((a, b) => (b.end - b.start < a.end - a.start ? b : a));
              const on = piece.marks.some((m) => selected.has(m.key));
              const tab = stop && (on || !anySelected);
              if (tab) stop = false;
              return (
                <a
                  key={j}
                  class={`mark${on ? " on" : ""}${piece.marks.length > 1 ? " deep" : ""}`}
                  href={href(inner)}
                  aria-current={on ? "true" : undefined}
                  tabIndex={tab ? 0 : -1}
                  onClick={(e) => {
                    if (e.ctrlKey || e.metaKey || e.shiftKey) return;
                    e.preventDefault();
                    onSelect(inner);
                  }}
                >
                  <Plain text={piece.text} />
                </a>
              );
            })}
          </p>
        </div>
      ))}
    </div>
  );
}

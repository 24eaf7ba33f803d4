// A document's text with passages marked in it, which may overlap.
import { useEffect, useMemo, useRef } from "preact/hooks";
import { blocksOf, type Mark, piecesOf } from "./marks";
import { useRoving } from "./roving";
import { Plain } from "./text";

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

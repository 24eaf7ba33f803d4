// A document with every fact that was read in it marked in its text.

import { useEffect, useMemo, useRef } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso";
import { api, useData } from "../api/client";
import type { DocumentInfo, DocumentText, Fact } from "../api/types";
import { documentHref } from "../links";
import { FactSentence, RuleLink, Standing } from "../ui/fact";
import { Heading } from "../ui/heading";
import { RemoveButton } from "../ui/load";
import { Reader } from "../ui/reader";
import { useRoving } from "../ui/roving";
import { State } from "../ui/state";
import { count, dateWords, Name } from "../ui/text";

export function DocumentPage() {
  const { params } = useRoute();
  const id = params.id ?? "";
  const text = useData<DocumentText>(id ? api(`/documents/${encodeURIComponent(id)}/text`) : null);
  return (
    <div class="page wide">
      {!text.data && <Heading title={id} />}
      <State of={text}>{(data) => <Marked data={data} key={data.document.id} />}</State>
    </div>
  );
}

export function DocumentLine({ document }: { document: DocumentInfo }) {
  const said = [document.publisher, document.date && dateWords(document.date), document.path].filter(Boolean);
  return (
    <>
      {said.map((text, i) => (
        <span key={text}>
          {i > 0 ? ", " : ""}
          <Name>{text ?? ""}</Name>
        </span>
      ))}
    </>
  );
}

function Marked({ data }: { data: DocumentText }) {
  const { document, text, facts, passages } = data;
  const { query, route } = useLocation();
  const marks = useMemo(
    () => passages.map((p) => ({ key: `${p.start}-${p.end}`, start: p.startUtf16, end: p.endUtf16 })),
    [passages],
  );
  const at =
    passages.find((p) => `${p.start}-${p.end}` === query.at) ??
    passages.find((p) => query.fact !== undefined && p.facts.includes(query.fact));
  const selected = useMemo(() => new Set(at ? [`${at.start}-${at.end}`] : []), [at]);
  const chosen = new Set(query.fact && at?.facts.includes(query.fact) ? [query.fact] : at?.facts);
  const base = documentHref(document.id);
  const list = useRef<HTMLUListElement>(null);
  const onKeyDown = useRoving<HTMLUListElement>("button.show");

  const order = useMemo(() => {
    const first = new Map<string, (typeof passages)[number]>();
    for (const p of passages) for (const f of p.facts) if (!first.has(f)) first.set(f, p);
    return facts
      .map((fact) => ({ fact, passage: first.get(fact.id) }))
      .sort((a, b) => (a.passage?.start ?? 0) - (b.passage?.start ?? 0));
  }, [facts, passages]);

  // The facts come into sight when others are chosen.
  useEffect(() => {
    const panel = list.current?.closest<HTMLElement>(".side");
    const first = list.current?.querySelector<HTMLElement>("li.on");
    if (panel && first && panel.scrollHeight > panel.clientHeight)
      panel.scrollTop += first.getBoundingClientRect().top - panel.getBoundingClientRect().top - 60;
  }, [query.at, query.fact]);

  return (
    <>
      <div class="row between">
        <Heading title={document.title || document.id}>
          <Name max={300}>{document.title || document.id}</Name>
        </Heading>
        <RemoveButton id={document.id} removed={() => route("/documents")} />
      </div>
      <p class="lead">
        <DocumentLine document={document} />
      </p>
      <div class="with-side">
        <article class="panel sheet" aria-label="Text of the document">
          <Reader
            text={text}
            marks={marks}
            selected={selected}
            href={(mark) => `${base}?at=${mark.key}`}
            onSelect={(mark) => route(`${base}?at=${mark.key}`, true)}
            reveal={`${query.at ?? ""} ${query.fact ?? ""}`}
          />
        </article>
        <section class="side" aria-label="Facts in this document">
          <div class="side-head">
            <h2>
              {count(facts.length, "fact")} <span class="count">in {count(passages.length, "passage")}</span>
            </h2>
            {at && (
              <a class="source" href={base}>
                clear
              </a>
            )}
          </div>
          {facts.length === 0 && <p class="empty">Nothing in this text was read as a fact.</p>}
          <ul class="facts picks-facts" ref={list} onKeyDown={onKeyDown}>
            {order.map(({ fact, passage }, i) => (
              <FactHere
                key={fact.id}
                fact={fact}
                line={passage?.line}
                on={chosen.has(fact.id)}
                stop={at ? chosen.has(fact.id) && order.findIndex((o) => chosen.has(o.fact.id)) === i : i === 0}
                show={() => passage && route(`${base}?at=${passage.start}-${passage.end}&fact=${fact.id}`, true)}
              />
            ))}
          </ul>
        </section>
      </div>
    </>
  );
}

interface HereProps {
  fact: Fact;
  line: number | undefined;
  on: boolean;
  stop: boolean;
  show: () => void;
}

function FactHere({ fact, line, on, stop, show }: HereProps) {
  return (
    <li class={on ? "fact on" : "fact"}>
      <div class="fact-says">
        <FactSentence fact={fact} /> <Standing fact={fact} />
      </div>
      <div class="known">
        <button type="button" class="link show" aria-pressed={on} tabIndex={stop ? 0 : -1} onClick={show}>
          line {line ?? "?"}
          <span class="sr">, show in the text</span>
        </button>
        <RuleLink name={fact.rule} />
        <span>confidence {fact.confidence.toFixed(2)}</span>
      </div>
    </li>
  );
}

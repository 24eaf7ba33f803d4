// The first page: ask a question, and see the answer with the passages that
// prove it in their document.

import { useEffect, useMemo, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { api, useData } from "../api/client";
import type { Answer, AnswerItem, DisputePage, DocumentText, Evidence } from "../api/types";
import { askHref, disputeHref, documentHref, entityHref, queryHref } from "../links";
import { FactList } from "../ui/fact";
import { Heading } from "../ui/heading";
import { fromBytes } from "../ui/marks";
import { Reader } from "../ui/reader";
import { useRoving } from "../ui/roving";
import { State } from "../ui/state";
import { count, cut, dateWords, Name, Plain } from "../ui/text";
import { DisputeTable } from "./disputes";
import { DocumentLine } from "./document";

export function Ask() {
  const { query, route } = useLocation();
  const question = query.q ?? "";
  const answer = useData<Answer>(
    question ? api("/ask", { q: question, asOf: query.asOf, knownAt: query.knownAt, explain: true }) : null,
  );
  return (
    <div class={question ? "page wide" : "page"}>
      <Heading title={question || "Ask what the documents say"} hidden={question !== ""} />
      {!question && (
        <p class="lead">
          Who claims it, who holds it, which treaty covers it, who said so and when. Every answer comes with the
          sentence that proves it.
        </p>
      )}
      <AskForm
        key={question}
        question={question}
        asOf={query.asOf ?? ""}
        knownAt={query.knownAt ?? ""}
        onAsk={(q, asOf, knownAt) => {
          const params = new URLSearchParams({ q });
          if (asOf) params.set("asOf", asOf);
          if (knownAt) params.set("knownAt", knownAt);
          route(`/?${params}`);
        }}
      />
      {question ? <State of={answer}>{(a) => <Answered answer={a} key={answer.url} />}</State> : <Start />}
    </div>
  );
}

interface FormProps {
  question: string;
  asOf: string;
  knownAt: string;
  onAsk: (question: string, asOf: string, knownAt: string) => void;
}

const edtf = "-?[0-9X]{2,6}(-[0-9]{2}){0,2}~?";

function AskForm({ question, asOf, knownAt, onAsk }: FormProps) {
  const [timed, setTimed] = useState(asOf !== "" || knownAt !== "");
  return (
    <search>
      <form
        class="ask"
        onSubmit={(e) => {
          e.preventDefault();
          const form = new FormData(e.currentTarget);
          const value = (name: string) => String(form.get(name) ?? "").trim();
          if (value("q")) onAsk(value("q"), value("asOf"), value("knownAt"));
        }}
      >
        <label class="sr" for="question">
          Question
        </label>
        <div class="ask-line">
          <input
            id="question"
            name="q"
            class="input big"
            type="search"
            autocomplete="off"
            maxLength={2000}
            defaultValue={question}
            placeholder="Which islands does Japan claim?"
            dir="auto"
            required
          />
          <button type="submit" class="button primary">
            Ask
          </button>
        </div>
        <button type="button" class="link note" aria-expanded={timed} onClick={() => setTimed(!timed)}>
          {timed ? "At any time" : "At a certain time…"}
        </button>
        {timed && (
          <div class="row times">
            <label class="field">
              Held on
              <input
                class="input"
                name="asOf"
                placeholder="1956"
                pattern={edtf}
                title="YYYY, YYYY-MM or YYYY-MM-DD"
                defaultValue={asOf}
              />
            </label>
            <label class="field">
              Published by
              <input
                class="input"
                name="knownAt"
                placeholder="2022-03"
                pattern={edtf}
                title="YYYY, YYYY-MM or YYYY-MM-DD"
                defaultValue={knownAt}
              />
            </label>
          </div>
        )}
      </form>
    </search>
  );
}

/** What can be asked of the graph at hand, and what is in dispute in it. */
function Start() {
  const disputes = useData<DisputePage>(api("/disputes", { limit: 12 }));
  const items = disputes.data?.items ?? [];
  const [a, b, c] = items.map((d) => d.territory.name);
  const party = items[0]?.claimants[0]?.name;
  const examples = [
    a && `Who claims ${a}?`,
    b && `Who administers ${b}?`,
    c && `Which treaties cover ${c}?`,
    party && `What does ${party} claim?`,
    party && `Whom did ${party} sign treaties with?`,
  ].filter((q) => q !== undefined && q !== "");
  return (
    <>
      {examples.length > 0 && (
        <ul class="examples" aria-label="Questions to begin with">
          {examples.map((q) => (
            <li key={q}>
              <a class="button small" href={askHref(q ?? "")}>
                <Name>{q ?? ""}</Name>
              </a>
            </li>
          ))}
        </ul>
      )}
      <section class="section">
        <h2>
          In dispute <span class="count">{disputes.data?.total ?? ""}</span>
        </h2>
        <State of={disputes}>
          {(page) =>
            page.items.length === 0 ? (
              <p class="empty">
                No document tells of a claim yet. Load some with <code>demarc load</code>.
              </p>
            ) : (
              <>
                <DisputeTable items={page.items} />
                {page.next && (
                  <p class="more-rows">
                    <a href="/disputes">All disputes</a>
                  </p>
                )}
              </>
            )
          }
        </State>
      </section>
    </>
  );
}

const key = (ev: Evidence) => `${ev.doc}:${ev.start}-${ev.end}`;

function Answered({ answer }: { answer: Answer }) {
  const first = answer.answers.flatMap((a) => a.evidence ?? [])[0] ?? answer.evidence[0];
  const [shown, setShown] = useState<Evidence | undefined>(first);
  const onKeyDown = useRoving<HTMLOListElement>("button.evidence");
  const onShow = (ev: Evidence) => {
    setShown(ev);
    if (matchMedia("(max-width: 60rem)").matches) document.getElementById("proof")?.scrollIntoView({ block: "start" });
  };
  let stop = true;
  return (
    <div class={shown ? "with-side answer fade" : "answer fade"}>
      <section aria-label="Answer">
        <div role="status">
          <p class="answer-text" dir="auto">
            <Plain text={cut(answer.text, 4000)} />
          </p>
        </div>
        {answer.abstained && answer.nearest && answer.nearest.length > 0 && (
          <section class="section">
            <h2>The nearest that they say</h2>
            <FactList facts={answer.nearest} />
          </section>
        )}
        <ol class="answers" onKeyDown={onKeyDown}>
          {together(answer.answers).map((items) => (
            <li key={items[0]?.entity ?? items[0]?.name} class="answer-item">
              {items.map((item) => (
                <AnswerName key={item.entity ?? item.name} item={item} kind={answer.kind} />
              ))}
              {(items[0]?.evidence ?? []).map((ev) => {
                const tab = stop;
                stop = false;
                return (
                  <button
                    type="button"
                    key={key(ev)}
                    class="evidence"
                    tabIndex={tab ? 0 : -1}
                    aria-pressed={shown !== undefined && key(ev) === key(shown)}
                    onClick={() => onShow(ev)}
                  >
                    <span class="quote" dir="auto">
                      “<Plain text={cut(ev.text.trim(), 600)} />”
                    </span>
                    <span class="source">
                      <Name>{ev.doc}</Name>, line {ev.line}
                    </span>
                  </button>
                );
              })}
            </li>
          ))}
        </ol>
        {answer.plan && (
          <details class="how">
            <summary>How the question was understood</summary>
            <p class="note">
              <Plain text={answer.plan} />
            </p>
            {answer.sparql && (
              <>
                <pre tabIndex={0} role="region" aria-label="The question in SPARQL">
                  <code>{answer.sparql}</code>
                </pre>
                <a href={queryHref(answer.sparql)}>Open this query</a>
              </>
            )}
          </details>
        )}
      </section>
      {shown && (
        <section class="side" id="proof" aria-label="The proof in its document">
          <InDocument shown={shown} evidence={answer.evidence} onShow={setShown} />
        </section>
      )}
    </div>
  );
}

/** Members of an answer, those together that the same passages prove. */
function together(items: readonly AnswerItem[]): AnswerItem[][] {
  const groups = new Map<string, AnswerItem[]>();
  for (const item of items) {
    const proof = (item.evidence ?? []).map(key).join(" ");
    groups.set(proof, [...(groups.get(proof) ?? []), item]);
  }
  return [...groups.values()];
}

function AnswerName({ item, kind }: { item: AnswerItem; kind: Answer["kind"] }) {
  const name =
    kind === "date"
      ? dateWords(item.name)
      : kind === "yesno"
        ? item.name.replace(/^./, (c) => c.toUpperCase())
        : item.name;
  return (
    <h2 class="answer-name">
      {item.entity ? (
        <a href={entityHref(item.entity)}>
          <Name>{name}</Name>
        </a>
      ) : (
        <Name max={600}>{name}</Name>
      )}
      {item.note && (
        <>
          {" "}
          <span class="tag open">
            <Name>{item.note}</Name>
          </span>
        </>
      )}
      {item.entity?.startsWith("territory/") && (
        <a class="source" href={disputeHref(item.entity)}>
          dispute
        </a>
      )}
    </h2>
  );
}

interface InDocumentProps {
  shown: Evidence;
  evidence: readonly Evidence[];
  onShow: (ev: Evidence) => void;
}

/** The document that a passage is from, with all evidence of the answer marked. */
function InDocument({ shown, evidence, onShow }: InDocumentProps) {
  const doc = useData<DocumentText>(api(`/documents/${encodeURIComponent(shown.doc)}/text`));
  const data = doc.data?.document.id === shown.doc ? doc.data : undefined;
  const here = useMemo(() => {
    const all = evidence.some((ev) => key(ev) === key(shown)) ? evidence : [...evidence, shown];
    return all.filter((ev) => ev.doc === shown.doc);
  }, [evidence, shown]);
  const marks = useMemo(() => {
    if (!data) return [];
    const at = fromBytes(
      data.text,
      here.flatMap((ev) => [ev.start, ev.end]),
    );
    return here.map((ev) => ({ key: key(ev), start: at.get(ev.start) ?? 0, end: at.get(ev.end) ?? 0 }));
  }, [data, here]);
  const [turn, setTurn] = useState(0);
  // The passage comes into sight when another is shown.
  useEffect(() => setTurn((n) => n + 1), [shown, data]);
  if (doc.error || !data) return <State of={doc}>{() => null}</State>;
  return (
    <>
      <header class="side-head tall">
        <h2>
          <a href={documentHref(shown.doc)}>
            <Name>{data.document.title || data.document.id}</Name>
          </a>
        </h2>
        <p class="source">
          <DocumentLine document={data.document} />
          {here.length > 1 && <> · {count(here.length, "passage")}</>}
        </p>
      </header>
      <div class="sheet small">
        <Reader
          text={data.text}
          marks={marks}
          selected={new Set([key(shown)])}
          href={(mark) => `${documentHref(shown.doc)}?at=${mark.key.slice(shown.doc.length + 1)}`}
          onSelect={(mark) => {
            const ev = here.find((e) => key(e) === mark.key);
            if (ev) onShow(ev);
          }}
          reveal={turn}
        />
      </div>
    </>
  );
}

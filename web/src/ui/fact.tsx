// Facts, and the passages that prove them.
import { useId, useState } from "preact/hooks";
import { api, useData } from "../api/client";
import type { DocumentInfo, Entity, Evidence, Fact, Rule } from "../api/types";
import { entityHref, passageHref } from "../links";
import { predicateStyle, relation } from "../vocabulary";
import { State } from "./state";
import { count, cut, dateWords, Name, Plain } from "./text";

/** An entity's name with a link to its page; a literal is its text. */
export function EntityName({ entity }: { entity: Entity }) {
  if (!entity.id) return <Name>{entity.name}</Name>;
  return (
    <a class="entity" href={entityHref(entity.id)}>
      <Name>{entity.name}</Name>
    </a>
  );
}

type Value = string | Entity | (string | Entity)[];

function values(value: Value): (string | Entity)[] {
  return Array.isArray(value) ? value : [value];
}

const dates = new Set(["date", "since", "until", "from"]);

// Where a role's own name would not read well before its value.
const roleWords: Record<string, string> = {
  condition: "on condition of",
  cause: "because of",
  place: "in",
  extent: "as to",
};

function roleWord(role: string, value: string | Entity): string {
  if (role === "date") return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? "on" : "in";
  return roleWords[role] ?? role;
}

/** The qualifiers of a fact as prose has them: "since 1945, under the 1956 joint declaration". */
function Qualifiers({ fact, skip }: { fact: Fact; skip?: readonly string[] | undefined }) {
  return (
    <>
      {Object.entries(fact.qualifiers as Record<string, Value>).map(([role, value]) => {
        const all = values(value);
        const [first] = all;
        if (skip?.includes(role) || first === undefined || (role === "status" && first === fact.modality)) return null;
        const bare = role === "act" || role === "status";
        return (
          <span class="qualifier" key={role}>
            {bare ? " (" : `, ${roleWord(role, first)} `}
            {all.map((one, i) => (
              <span key={typeof one === "string" ? one : (one.id ?? one.name)}>
                {i > 0 ? " and " : ""}
                {typeof one !== "string" ? (
                  <EntityName entity={one} />
                ) : dates.has(role) ? (
                  <span class="when">{dateWords(one)}</span>
                ) : (
                  <Name>{one}</Name>
                )}
              </span>
            ))}
            {bare ? ")" : ""}
          </span>
        );
      })}
    </>
  );
}

/** How a document puts a fact forward, where it does not state it itself. */
export function Standing({ fact }: { fact: Fact }) {
  return (
    <>
      {fact.modality !== "asserted" && <span class="tag open">{fact.modality}</span>}
      {fact.attributedTo != null && (
        <span class="tag said">
          according to <Name>{fact.attributedTo}</Name>
        </span>
      )}
      {fact.holds === "possibly" && <span class="tag open">possibly</span>}
    </>
  );
}

/** A fact as a sentence: its sides, its relation in its colour, and its qualifiers. */
export function FactSentence({ fact, skip }: { fact: Fact; skip?: readonly string[] | undefined }) {
  const family = predicateStyle(fact.predicate).family;
  return (
    <>
      {fact.negated && (
        <>
          <span class="tag denied">not so:</span>{" "}
        </>
      )}
      <EntityName entity={fact.subject} /> <span class={`rel ${family}`}>{relation(fact)}</span>{" "}
      {fact.predicate === "said" ? (
        <q class="quote">
          <Name max={400}>{fact.object.name}</Name>
        </q>
      ) : (
        <EntityName entity={fact.object} />
      )}
      <Qualifiers fact={fact} skip={skip} />
    </>
  );
}

export function Quote({ evidence, fact, title }: { evidence: Evidence; fact?: string; title?: string | undefined }) {
  return (
    <figure>
      <blockquote class="quote" dir="auto">
        “<Plain text={cut(evidence.text.trim(), 1200)} />”
      </blockquote>
      <figcaption class="source">
        <a href={passageHref(evidence, fact)}>
          <Name>{title ?? evidence.doc}</Name>, line {evidence.line}
        </a>
      </figcaption>
    </figure>
  );
}

/** A fact on one line, that opens to its proof. */
export function FactItem({
  fact,
  open: first = false,
  titles,
}: {
  fact: Fact;
  open?: boolean;
  titles?: Titles | undefined;
}) {
  const [open, setOpen] = useState(first);
  const id = useId();
  return (
    <li class="fact">
      <div class="fact-line">
        <div class="fact-says">
          <FactSentence fact={fact} /> <Standing fact={fact} />
        </div>
        <button
          type="button"
          class="link more source"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          {open ? "hide proof" : "proof"}
          <span class="sr">
            {" "}
            that {fact.negated ? "not " : ""}
            <Name max={60}>{fact.subject.name}</Name> {relation(fact)} <Name max={60}>{fact.object.name}</Name>
          </span>
        </button>
      </div>
      <div id={id} class="proof" hidden={!open}>
        {open && <Proof fact={fact} titles={titles} />}
      </div>
    </li>
  );
}

export type Titles = ReadonlyMap<string, string>;

export function titlesOf(documents: readonly DocumentInfo[] | undefined): Titles {
  return new Map((documents ?? []).map((d) => [d.id, d.title || d.id]));
}

export function Proof({ fact, titles }: { fact: Fact; titles?: Titles | undefined }) {
  return (
    <>
      {fact.evidence.map((ev) => (
        <Quote key={`${ev.doc}:${ev.start}`} evidence={ev} fact={fact.id} title={titles?.get(ev.doc)} />
      ))}
      <p class="known">
        <RuleLink name={fact.rule} />
        <span>confidence {fact.confidence.toFixed(2)}</span>
        <span>
          fact <code>{fact.id.slice(0, 10)}</code>
        </span>
      </p>
    </>
  );
}

export function FactList({
  facts,
  titles,
  cap = 12,
}: {
  facts: readonly Fact[];
  titles?: Titles | undefined;
  cap?: number;
}) {
  const [all, setAll] = useState(false);
  const shown = all ? facts : facts.slice(0, cap);
  return (
    <>
      <ul class="facts">
        {shown.map((fact) => (
          <FactItem key={fact.id} fact={fact} titles={titles} />
        ))}
      </ul>
      {facts.length > shown.length && (
        <button type="button" class="link note" onClick={() => setAll(true)}>
          Show {count(facts.length - shown.length, "more fact")}
        </button>
      )}
    </>
  );
}

/** The name of a rule, which opens the rule as it is written. */
export function RuleLink({ name }: { name: string }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <span class="rule">
      rule{" "}
      <button type="button" class="link" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {name}
      </button>
      <span id={id} hidden={!open}>
        {open && <RuleText name={name} />}
      </span>
    </span>
  );
}

function RuleText({ name }: { name: string }) {
  const rule = useData<Rule>(api(`/rules/${encodeURIComponent(name)}`));
  return (
    <State of={rule}>
      {(r) => (
        <span class="rule-text">
          <span class="source">
            {r.file}:{r.line}
          </span>
          <pre tabIndex={0} role="region" aria-label={`Rule ${name}`}>
            <code>{r.text}</code>
          </pre>
        </span>
      )}
    </State>
  );
}

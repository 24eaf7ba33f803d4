// A dispute: who claims and who holds, what each side says, the instruments and
// what happened.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useRoute } from "preact-iso";
import { api, useData } from "../api/client";
import type { Dispute, Entity, Fact, Party } from "../api/types";
import { documentHref, entityHref, exploreHref } from "../links";
import { ClassMark } from "../ui/class";
import { EntityName, FactList, FactSentence, Quote, Standing, type Titles, titlesOf } from "../ui/fact";
import { Heading } from "../ui/heading";
import { Sources } from "../ui/sources";
import { State } from "../ui/state";
import { count, dateWords, Name, plainName } from "../ui/text";
import { predicateLabel, predicateStyle } from "../vocabulary";
import { AsOf } from "./disputes";
import { coordinates } from "./entity";

export function DisputePage() {
  const { params } = useRoute();
  const id = `${params.class}/${params.slug}`;
  const [asOf, setAsOf] = useState("");
  const [view, setView] = useState("all");
  const path = `/disputes/${encodeURIComponent(id)}`;
  const dispute = useData<Dispute>(api(path, { asOf, view: view === "all" ? undefined : view }));
  const whole = useData<Dispute>(api(path)); // all the parties there are, whose words can be chosen
  return (
    <div class="page">
      {!dispute.data && <Heading title={params.slug ?? ""} />}
      <State of={dispute}>
        {(d) => (
          <>
            <Top dispute={d} asOf={asOf} onAsOf={setAsOf}>
              <label class="field">
                As told by
                <select class="select" value={view} onChange={(e) => setView(e.currentTarget.value)}>
                  <option value="all">everybody</option>
                  <option value="asserted">the documents themselves</option>
                  {whole.data?.parties.map(
                    ({ entity }) =>
                      entity.id && (
                        <option key={entity.id} value={entity.id}>
                          {plainName(entity.name)}
                        </option>
                      ),
                  )}
                </select>
              </label>
            </Top>
            <Shown dispute={d} />
          </>
        )}
      </State>
    </div>
  );
}

interface TopProps {
  dispute: Dispute;
  asOf: string;
  onAsOf: (date: string) => void;
  children: ComponentChildren;
}

function Top({ dispute, asOf, onAsOf, children }: TopProps) {
  const { territory } = dispute;
  const { entity } = territory;
  const id = entity.id ?? "";
  return (
    <>
      <p class="over">
        <ClassMark name={entity.class ?? "Territory"} />
        {territory.kind && <span class="note">{territory.kind}</span>}
        {territory.latitude !== undefined && territory.longitude !== undefined && (
          <a class="note" href={`/map?${new URLSearchParams({ at: id })}`}>
            {coordinates(territory.latitude, territory.longitude)}
          </a>
        )}
      </p>
      <Heading title={entity.name}>
        <Name max={300}>{entity.name}</Name>
      </Heading>
      {entity.aliases && entity.aliases.length > 0 && (
        <p class="lead">
          also{" "}
          {entity.aliases.slice(0, 8).map((name, i) => (
            <span key={name}>
              {i > 0 ? " · " : ""}
              <Name max={60}>{name}</Name>
            </span>
          ))}
        </p>
      )}
      <div class="row after-title">
        <a class="button small" href={entityHref(id)}>
          Names and all facts
        </a>
        <a class="button small" href={exploreHref(id)}>
          Explore around it
        </a>
        {children}
        <AsOf value={asOf} onChange={onAsOf} />
      </div>
    </>
  );
}

function Shown({ dispute }: { dispute: Dispute }) {
  const titles = titlesOf(dispute.sources);
  const { parties } = dispute;
  return (
    <div class="fade">
      {parties.length === 0 && <p class="empty">The documents name nobody who claims or holds it.</p>}
      {parties.length > 0 && (
        <section class="section">
          <h2>Claims against control</h2>
          <Matrix parties={parties} />
        </section>
      )}
      {parties.length > 0 && (
        <section class="section" aria-labelledby="sides">
          <h2 id="sides">
            The sides <span class="count">{parties.length}</span>
          </h2>
          <div class="sides">
            {parties.map((party) => (
              <Side key={party.entity.id ?? party.entity.name} party={party} titles={titles} />
            ))}
          </div>
        </section>
      )}
      <div class="columns">
        {dispute.timeline.length > 0 && (
          <section class="section">
            <h2>
              Timeline <span class="count">{dispute.timeline.length}</span>
            </h2>
            <Timeline facts={dispute.timeline} />
          </section>
        )}
        {dispute.instruments.length > 0 && (
          <section class="section">
            <h2>
              Instruments <span class="count">{byInstrument(dispute.instruments).length}</span>
            </h2>
            <Instruments facts={dispute.instruments} titles={titles} />
          </section>
        )}
      </div>
      {dispute.derived.map((d) => (
        <section class="section" key={d.group.id}>
          <h2>
            Said of <EntityName entity={d.group} />
            <span class="count">a group that it is part of</span>
          </h2>
          <FactList facts={d.facts} titles={titles} />
        </section>
      ))}
      {dispute.other.length > 0 && (
        <section class="section">
          <h2>
            Also said <span class="count">{dispute.other.length}</span>
          </h2>
          <FactList facts={dispute.other} titles={titles} />
        </section>
      )}
      <section class="section">
        <Sources of={dispute.sources} />
      </section>
    </div>
  );
}

const columns = ["claims", "rejects", "recognizes", "administers", "seized", "transferredTo"];
const titlesOfColumns: Record<string, string> = {
  claims: "claims it",
  rejects: "rejects",
  recognizes: "recognizes",
  administers: "administers it",
  seized: "seized it",
  transferredTo: "receives it",
};

/** Who claims and who holds, a row for each party: the four relations are never mixed. */
function Matrix({ parties }: { parties: readonly Party[] }) {
  const all = parties.flatMap((p) => [...p.claims, ...p.control]);
  const shown = columns.filter((c) => c === "claims" || c === "administers" || all.some((f) => f.predicate === c));
  return (
    <div class="panel scroll">
      <table class="table matrix">
        <thead>
          <tr>
            <th scope="col">Party</th>
            {shown.map((c) => (
              <th scope="col" key={c}>
                <span class={`rel ${predicateStyle(c).family}`}>{titlesOfColumns[c] ?? predicateLabel(c)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parties.map((p) => (
            <tr key={p.entity.id ?? p.entity.name}>
              <th scope="row">
                <EntityName entity={p.entity} />
              </th>
              {shown.map((c) => (
                <td key={c}>
                  <Cell party={p.entity} facts={[...p.claims, ...p.control].filter((f) => f.predicate === c)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ party, facts }: { party: Entity; facts: readonly Fact[] }) {
  if (facts.length === 0) return <span class="note">–</span>;
  const plain = facts.filter((f) => !f.negated);
  const words = [...new Set((plain.length > 0 ? plain : facts).map((f) => when(f)).filter((w) => w !== ""))];
  const other = facts.some((f) => f.predicate === "rejects")
    ? facts.map((f) => f.object).find((e) => e.id !== party.id)
    : undefined;
  const standings = [...new Set(facts.map(standing).filter((s) => s !== ""))];
  const stated = plain.some((f) => standing(f) === "");
  const answer = plain.length === 0 ? "no" : stated && !other ? "yes" : "";
  return (
    <>
      <span
        class={`dot ${predicateStyle(facts[0]?.predicate ?? "").family}${stated ? "" : " hollow"}`}
        aria-hidden="true"
      />{" "}
      <span class="when">{words.join(", ") || answer}</span>
      {other && <EntityName entity={other} />}
      {!stated && standings.length > 0 && <span class="note"> {standings.join(", ")}</span>}
    </>
  );
}

function standing(f: Fact): string {
  const said = [
    f.negated && "denied",
    f.modality !== "asserted" && f.modality,
    f.attributedTo && `says ${f.attributedTo}`,
  ];
  return said.filter(Boolean).join(", ");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** When a fact held, in a few words. */
function when(f: Fact): string {
  const { date, since, until } = f.qualifiers;
  if (text(date)) return dateWords(text(date));
  if (text(since) && text(until)) return `${dateWords(text(since))} to ${dateWords(text(until))}`;
  if (text(since)) return `since ${dateWords(text(since))}`;
  if (text(until)) return `until ${dateWords(text(until))}`;
  return "";
}

function Side({ party, titles }: { party: Party; titles: Titles }) {
  const says = party.says.filter((f) => f.evidence.length > 0);
  const seen = new Set<string>();
  const quotes = says.flatMap((f) => {
    const ev = f.evidence[0];
    if (!ev || seen.has(`${ev.doc}:${ev.start}`)) return [];
    seen.add(`${ev.doc}:${ev.start}`);
    return [{ ev, fact: f }];
  });
  return (
    <article class="party" aria-label={party.entity.name}>
      <h3>
        <EntityName entity={party.entity} />
      </h3>
      {party.claims.length > 0 && (
        <>
          <h4>Claims and positions</h4>
          <Positions facts={party.claims} titles={titles} />
        </>
      )}
      {party.control.length > 0 && (
        <>
          <h4>Control</h4>
          <Positions facts={party.control} titles={titles} />
        </>
      )}
      {quotes.length > 0 && (
        <>
          <h4>In its words, as reported</h4>
          <div class="quotes">
            {quotes.slice(0, 4).map(({ ev, fact }) => (
              <Quote key={`${ev.doc}:${ev.start}`} evidence={ev} fact={fact.id} title={titles.get(ev.doc)} />
            ))}
          </div>
        </>
      )}
      {party.claims.length + party.control.length + quotes.length === 0 && (
        <p class="note">The documents tell nothing of its position.</p>
      )}
    </article>
  );
}

/** Facts with the sentence that says each, those that one sentence says together. */
function Positions({ facts, titles }: { facts: readonly Fact[]; titles: Titles }) {
  const [all, setAll] = useState(false);
  const groups = new Map<string, Fact[]>();
  for (const f of facts) {
    const ev = f.evidence[0];
    const key = ev ? `${ev.doc}:${ev.start}` : f.id;
    groups.set(key, [...(groups.get(key) ?? []), f]);
  }
  const list = [...groups];
  const most = 4;
  return (
    <>
      <ul class="positions">
        {(all ? list : list.slice(0, most)).map(([key, said]) => (
          <li key={key}>
            {said.map((f) => (
              <p key={f.id}>
                <FactSentence fact={f} /> <Standing fact={f} />
              </p>
            ))}
            {said[0]?.evidence[0] && (
              <Quote evidence={said[0].evidence[0]} fact={said[0].id} title={titles.get(said[0].evidence[0].doc)} />
            )}
          </li>
        ))}
      </ul>
      {!all && list.length > most && (
        <button type="button" class="link note" onClick={() => setAll(true)}>
          Show {list.length - most} more
        </button>
      )}
    </>
  );
}

function Timeline({ facts }: { facts: readonly Fact[] }) {
  return (
    <ol class="timeline">
      {facts.map((f) => (
        <li key={f.id} class={predicateStyle(f.predicate).family}>
          <span class="when">{when(f)}</span>
          <div>
            <FactSentence fact={f} skip={["date", "since", "until"]} /> <Standing fact={f} />{" "}
            {f.evidence[0] && (
              <a class="source" href={`${documentHref(f.evidence[0].doc, f.id)}`}>
                proof
                <span class="sr"> in {f.evidence[0].doc}</span>
              </a>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

function byInstrument(facts: readonly Fact[]): { instrument: Entity; facts: Fact[] }[] {
  const groups = new Map<string, { instrument: Entity; facts: Fact[] }>();
  for (const f of facts) {
    const instrument = f.object.class === "Instrument" ? f.object : f.subject;
    const key = instrument.id ?? instrument.name;
    const group = groups.get(key) ?? { instrument, facts: [] };
    group.facts.push(f);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function Instruments({ facts, titles }: { facts: readonly Fact[]; titles: Titles }) {
  const list = byInstrument(facts);
  return (
    <ul class="instruments">
      {list.map(({ instrument, facts: about }) => (
        <li key={instrument.id ?? instrument.name}>
          <details open={list.length <= 3}>
            <summary>
              <ClassMark name={instrument.class ?? "Instrument"} label={false} /> <Name>{instrument.name}</Name>{" "}
              <span class="count">{count(about.length, "fact")}</span>
            </summary>
            <p class="source">
              <a href={entityHref(instrument.id ?? "")}>All that is said of it</a>
            </p>
            <FactList facts={about} titles={titles} />
          </details>
        </li>
      ))}
    </ul>
  );
}

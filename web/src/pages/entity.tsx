// What the documents say of a state, territory, treaty, person or anything else.

import { useState } from "preact/hooks";
import { useRoute } from "preact-iso";
import { api, idPath, useData } from "../api/client";
import type { Card, Fact } from "../api/types";
import { disputeHref, exploreHref } from "../links";
import { ClassMark } from "../ui/class";
import { EntityName, FactList, titlesOf } from "../ui/fact";
import { Heading } from "../ui/heading";
import { Sources } from "../ui/sources";
import { State } from "../ui/state";
import { Name } from "../ui/text";
import { isA } from "../vocabulary";
import { AsOf } from "./disputes";

export function EntityPage() {
  const { params } = useRoute();
  const id = `${params.class}/${params.slug}`;
  const [asOf, setAsOf] = useState("");
  const card = useData<Card>(api(`/entities/${idPath(id)}`, { asOf }));
  return (
    <div class="page">
      {!card.data && <Heading title={params.slug ?? ""} />}
      <State of={card}>{(c) => <Shown card={c} key={c.entity.id} asOf={asOf} onAsOf={setAsOf} />}</State>
    </div>
  );
}

const lists = [
  ["claims", "Claims"],
  ["control", "Control"],
  ["instruments", "Instruments"],
  ["history", "History"],
  ["other", "Other"],
] as const;

export function coordinates(latitude: number, longitude: number): string {
  const at = (v: number, plus: string, minus: string) => `${Math.abs(v).toFixed(2)}° ${v < 0 ? minus : plus}`;
  return `${at(latitude, "N", "S")}, ${at(longitude, "E", "W")}`;
}

function Shown({ card, asOf, onAsOf }: { card: Card; asOf: string; onAsOf: (date: string) => void }) {
  const { entity } = card;
  const titles = titlesOf(card.sources);
  const kind = entity.class ?? "Thing";
  const withHolds = (facts: readonly Fact[]) =>
    facts.map((f) => (card.holds?.[f.id] ? { ...f, holds: card.holds[f.id] } : f)) as Fact[];
  return (
    <>
      <p class="over">
        <ClassMark name={kind} />
        {card.kind && <span class="note">{card.kind}</span>}
      </p>
      <Heading title={entity.name}>
        <Name max={300}>{entity.name}</Name>
      </Heading>
      <div class="row after-title">
        {isA(kind, "Place") && entity.id && (
          <a class="button small" href={disputeHref(entity.id)}>
            Dispute
          </a>
        )}
        {entity.id && (
          <a class="button small" href={exploreHref(entity.id)}>
            Explore around it
          </a>
        )}
        {card.latitude !== undefined && entity.id && (
          <a class="button small" href={`/map?${new URLSearchParams({ at: entity.id })}`}>
            On the map
          </a>
        )}
      </div>
      <div class="with-side card">
        <div>
          {lists.map(([key, title]) =>
            card[key].length > 0 ? (
              <section class="section" key={key}>
                <h2>
                  {title} <span class="count">{card[key].length}</span>
                </h2>
                <FactList facts={withHolds(card[key])} titles={titles} />
              </section>
            ) : null,
          )}
          {lists.every(([key]) => card[key].length === 0) && (
            <p class="empty">The documents say nothing of it {asOf && `that may have held in ${asOf}`}.</p>
          )}
        </div>
        <aside class="aside" aria-label="About it">
          <AsOf value={asOf} onChange={onAsOf} />
          <section>
            <h2>Names</h2>
            <ul class="names">
              {card.names.map((n) => (
                <li key={n.name}>
                  <Name>{n.name}</Name>
                  {n.by && n.by.length > 0 && (
                    <span class="note">
                      {" "}
                      used by{" "}
                      {n.by.map((e, i) => (
                        <span key={e.id ?? e.name}>
                          {i > 0 ? ", " : ""}
                          <EntityName entity={e} />
                        </span>
                      ))}
                    </span>
                  )}
                </li>
              ))}
            </ul>
          </section>
          {(card.latitude !== undefined || (card.codes?.length ?? 0) > 0) && (
            <section>
              <h2>Identity</h2>
              <dl class="pairs">
                {card.latitude !== undefined && card.longitude !== undefined && (
                  <>
                    <dt>coordinates</dt>
                    <dd>{coordinates(card.latitude, card.longitude)}</dd>
                  </>
                )}
                {card.codes?.map((c) => (
                  <>
                    <dt key={`${c.scheme}:`}>{c.scheme}</dt>
                    <dd key={`${c.scheme}:${c.value}`}>
                      <Name>{c.value}</Name>
                    </dd>
                  </>
                ))}
                <dt>id</dt>
                <dd>
                  <code>
                    <Name>{entity.id ?? ""}</Name>
                  </code>
                </dd>
              </dl>
            </section>
          )}
          <section>
            <Sources of={card.sources} />
          </section>
        </aside>
      </div>
    </>
  );
}

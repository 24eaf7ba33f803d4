// Territories on a map of the world, with who claims and who administers them.
// The land is Natural Earth's; no tile of any server is asked for.
import { type GeoPermissibleObjects, geoContains, geoEqualEarth, geoGraticule10, geoPath } from "d3-geo";
import { select } from "d3-selection";
import { type D3ZoomEvent, zoom as d3zoom, type ZoomBehavior, type ZoomTransform, zoomIdentity } from "d3-zoom";
import type { FeatureCollection as Geography } from "geojson";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { api, getJSON, idPath, useData } from "../api/client";
import type { Card, DocumentPage, FactPage, Feature, FeatureCollection } from "../api/types";
import { disputeHref, documentHref, entityHref } from "../links";
import { Heading } from "../ui/heading";
import { useRoving } from "../ui/roving";
import { ErrorNotice, State } from "../ui/state";
import { count, cut, dateWords, Name, Plain, plainName, spanOf, years } from "../ui/text";
import { YearSlider } from "../ui/years";
import { predicateLabel, relation } from "../vocabulary";

const width = 1000;
const height = 500;
const projection = geoEqualEarth().fitExtent(
  [
    [6, 6],
    [width - 6, height - 6],
  ],
  { type: "Sphere" },
);
const path = geoPath(projection);

type World = Topology<{ countries: GeometryCollection<{ name: string }> }>;

interface Land {
  countries: Geography;
  land: string;
  borders: string;
}

function landOf(world: World): Land {
  const { countries } = world.objects;
  return {
    countries: feature(world, countries),
    land: path(feature(world, countries)) ?? "",
    borders: path(mesh(world, countries, (a, b) => a !== b)) ?? "",
  };
}

const frame = {
  sphere: path({ type: "Sphere" }) ?? "",
  graticule: path(geoGraticule10()) ?? "",
};

/** The land: coarse at first, finer when somebody looks closer. */
function useLand(fine: boolean): Land | undefined {
  const [land, setLand] = useState<Land>();
  useEffect(() => {
    let on = true;
    const load = fine ? import("world-atlas/countries-50m.json") : import("world-atlas/countries-110m.json");
    load.then((m) => on && setLand(landOf(m.default as unknown as World)));
    return () => {
      on = false;
    };
  }, [fine]);
  return land;
}

/** What a feature says of one fact. */
interface Told {
  by?: string;
  byId?: string;
  to?: string;
  toId?: string;
  predicate: string;
  modality: string;
  label: string;
  quote?: string;
  fact: string;
  documents: string[];
  since?: string;
  until?: string;
  date?: string;
  negated?: boolean;
  attributedTo?: string;
}

const told = (list: unknown) => (list ?? []) as Told[];

interface Spot {
  feature: Feature;
  id: string;
  name: string;
  x: number;
  y: number;
}

type Show = "disputed" | "all";

export function MapPage() {
  const { query, route } = useLocation();
  const at = query.at;
  const [show, setShow] = useState<Show>("disputed");
  const [year, setYear] = useState<number | null>(null);
  const [asked, setAsked] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(year), 150);
    return () => clearTimeout(timer);
  }, [year]);
  const map = useData<FeatureCollection>(
    api("/map", { asOf: asked === null ? undefined : String(asked).padStart(4, "0") }),
  );
  const [from, to] = useYears();
  const features = map.data?.features ?? [];
  const spots = useMemo(() => {
    const out: Spot[] = [];
    for (const f of features) {
      const place = f.geometry && projection(f.geometry.coordinates as [number, number]);
      if (place) out.push({ feature: f, id: f.id, name: f.properties.name, x: place[0], y: place[1] });
    }
    return out;
  }, [features]);
  const contested = (f: Feature) => f.properties.claimants.length > 0;
  const shown = show === "all" ? spots : spots.filter((s) => contested(s.feature) || s.id === at);
  const nowhere = features.filter((f) => !f.geometry && (show === "all" || contested(f)));
  const selected = features.find((f) => f.id === at);
  const select_ = (id: string | undefined) => route(id ? `/map?${new URLSearchParams({ at: id })}` : "/map", true);
  return (
    <div class="map-page">
      <div class="toolbar">
        <Heading title="Map" />
        <fieldset class="row">
          <legend class="sr">Which territories</legend>
          {(["disputed", "all"] as const).map((s) => (
            <label class="check" key={s}>
              <input type="radio" name="show" checked={show === s} onChange={() => setShow(s)} />
              {s === "disputed" ? "claimed" : "all places"}
            </label>
          ))}
        </fieldset>
        <YearSlider value={year} onChange={setYear} min={from} max={to} />
        {map.data?.leftOut && <p class="count">{count(map.data.leftOut.facts, "fact")} left out</p>}
        <Legend />
      </div>
      {map.error && <ErrorNotice error={map.error} retry={map.retry} />}
      <div class="map-body">
        <World spots={shown} selected={selected} onSelect={select_} />
        <div class="map-side">
          {selected && <Details feature={selected} onClose={() => select_(undefined)} />}
          <State of={map}>
            {() => <PlaceList spots={shown} nowhere={nowhere} at={at} onSelect={select_} year={asked} />}
          </State>
        </div>
      </div>
    </div>
  );
}

/** The years that the documents speak of. */
function useYears(): [number, number] {
  const first = useData<FactPage>(api("/views/timeline", { limit: 1 }));
  const last = useData<DocumentPage>(api("/documents", { limit: 500 }));
  const began = first.data?.items[0];
  const from = began ? spanOf(began)[0] : 1900;
  const published = (last.data?.items ?? []).flatMap((d) => (d.date ? (years(d.date)?.[1] ?? []) : []));
  return [Number.isFinite(from) ? from : 1900, Math.max(2000, ...published)];
}

function Legend() {
  return (
    <ul class="legend" aria-label="Legend">
      <li>
        <Marker claimants={2} held={true} /> administered, with two claimants
      </li>
      <li>
        <Marker claimants={1} held={false} /> one claimant, nobody said to administer it
      </li>
    </ul>
  );
}

function arcs(n: number, r: number): string {
  if (n === 0) return "";
  if (n === 1) return `M0 ${-r}A${r} ${r} 0 1 1 -.01 ${-r}Z`;
  const gap = Math.min(0.5, 1.6 / n);
  return Array.from({ length: n }, (_, i) => {
    const [a, b] = [(i / n) * 2 * Math.PI + gap / 2, ((i + 1) / n) * 2 * Math.PI - gap / 2];
    const p = (t: number) => `${(r * Math.sin(t)).toFixed(2)} ${(-r * Math.cos(t)).toFixed(2)}`;
    return `M${p(a)}A${r} ${r} 0 ${b - a > Math.PI ? 1 : 0} 1 ${p(b)}`;
  }).join("");
}

function MarkerShape({ claimants, held }: { claimants: number; held: boolean }) {
  return (
    <>
      <circle class="m-ground" r="9" />
      <path class="m-claims" d={arcs(Math.min(claimants, 8), 7)} />
      {held ? (
        <rect class="m-holds" x="-3.200" y="-3.200" width="6.400" height="6.400" />
      ) : (
        <circle class="m-free" r="2.600" />
      )}
    </>
  );
}

function Marker(props: { claimants: number; held: boolean }) {
  return (
    <svg class="marker-key" viewBox="-10 -10 20 20" aria-hidden="true">
      <MarkerShape {...props} />
    </svg>
  );
}

interface WorldProps {
  spots: readonly Spot[];
  selected: Feature | undefined;
  onSelect: (id: string | undefined) => void;
}

function World({ spots, selected, onSelect }: WorldProps) {
  const svg = useRef<SVGSVGElement>(null);
  const behaviour = useRef<ZoomBehavior<SVGSVGElement, unknown> | null>(null);
  const [transform, setTransform] = useState<ZoomTransform>(zoomIdentity);
  const [scale, setScale] = useState(1); // of the drawing on the screen
  const land = useLand(transform.k > 3);
  const parties = useParties(selected, land);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  useEffect(() => {
    const element = svg.current;
    if (!element) return;
    const z = d3zoom<SVGSVGElement, unknown>()
      .scaleExtent([1, 60])
      .translateExtent([
        [-width / 4, -height / 2],
        [1.25 * width, 1.5 * height],
      ])
      .extent([
        [0, 0],
        [width, height],
      ])
      .on("zoom", (e: D3ZoomEvent<SVGSVGElement, unknown>) => setTransform(e.transform));
    behaviour.current = z;
    select(element).call(z).on("dblclick.zoom", null);
    const watch = new ResizeObserver(() => {
      const box = element.getBoundingClientRect();
      setScale(Math.min(box.width / width, box.height / height) || 1);
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
      select(element).on(".zoom", null);
    };
  }, []);

  const zoomBy = (k: number) => {
    if (svg.current && behaviour.current) behaviour.current.scaleBy(select(svg.current), k);
  };
  const reset = () => {
    if (svg.current && behaviour.current) behaviour.current.transform(select(svg.current), zoomIdentity);
  };

  // What is chosen elsewhere comes into sight.
  const there = selected && spots.find((s) => s.id === selected.id);
  // Only another choice moves the map.
  useEffect(() => {
    if (!there || !svg.current || !behaviour.current) return;
    const [x, y] = transform.apply([there.x, there.y]);
    const inside = x > 60 && x < width - 60 && y > 50 && y < height - 50;
    if (inside && transform.k > 1.5) return;
    const k = Math.max(transform.k, 4);
    behaviour.current.transform(
      select(svg.current),
      zoomIdentity.translate(width / 2 - k * there.x, height / 2 - k * there.y).scale(k),
    );
  }, [selected?.id, there === undefined]);

  const size = Math.min(1.9, Math.max(0.62, 1 / scale)) / transform.k;
  const labels = useMemo(
    () => placeLabels(spots, selected?.id, transform.k, scale),
    [spots, selected?.id, transform.k, scale],
  );
  return (
    <div class="map-frame">
      <svg
        ref={svg}
        class={still ? "world still" : "world"}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="xMidYMid meet"
        role="application"
        tabIndex={0}
        aria-label="Map of the world. Arrow keys move it, plus and minus zoom; the list beside it has the same places."
        onKeyDown={(e) => {
          const z = behaviour.current;
          if (!z || !svg.current || e.ctrlKey || e.metaKey || e.altKey) return;
          const step = 60 / transform.k;
          const moves: Record<string, () => void> = {
            "+": () => zoomBy(1.5),
            "=": () => zoomBy(1.5),
            "-": () => zoomBy(1 / 1.5),
            "0": reset,
            ArrowLeft: () => svg.current && z.translateBy(select(svg.current), step, 0),
            ArrowRight: () => svg.current && z.translateBy(select(svg.current), -step, 0),
            ArrowUp: () => svg.current && z.translateBy(select(svg.current), 0, step),
            ArrowDown: () => svg.current && z.translateBy(select(svg.current), 0, -step),
            Escape: () => onSelect(undefined),
          };
          const move = moves[e.key];
          if (!move) return;
          e.preventDefault();
          move();
        }}
      >
        <g transform={transform.toString()}>
          <path class="sea" d={frame.sphere} />
          <path class="graticule" d={frame.graticule} />
          {land && <path class="land" d={land.land} />}
          {parties.map((p) => (
            <path key={p.key} class={`party-land ${p.role}`} d={p.d} />
          ))}
          {land && <path class="borders" d={land.borders} />}
          {there &&
            parties.map((p) => (
              <path
                key={p.key}
                class={`party-line ${p.role}`}
                d={
                  path({
                    type: "LineString",
                    coordinates: [p.at, selected.geometry?.coordinates as [number, number]],
                  }) ?? ""
                }
              />
            ))}
          {spots.map((s) => (
            <g
              key={s.id}
              class={s.id === selected?.id ? "spot on" : "spot"}
              transform={`translate(${s.x} ${s.y}) scale(${size})`}
              onClick={() => onSelect(s.id)}
            >
              <title>{plainName(s.name)}</title>
              <MarkerShape
                claimants={s.feature.properties.claimants.length}
                held={s.feature.properties.administrators.length > 0}
              />
            </g>
          ))}
          {labels.map(({ spot, end }) => (
            <text
              key={spot.id}
              class={spot.id === selected?.id ? "label on" : "label"}
              transform={`translate(${spot.x} ${spot.y}) scale(${size})`}
              x={end ? -13 : 13}
              y="4"
              text-anchor={end ? "end" : "start"}
            >
              {plainName(spot.name, 30)}
            </text>
          ))}
        </g>
      </svg>
      <div class="map-buttons">
        <button type="button" class="button small" onClick={() => zoomBy(1.7)} aria-label="Zoom in">
          +
        </button>
        <button type="button" class="button small" onClick={() => zoomBy(1 / 1.7)} aria-label="Zoom out">
          −
        </button>
        <button type="button" class="button small" onClick={reset}>
          World
        </button>
      </div>
      <p class="map-note">
        Borders are Natural Earth’s and drawn for orientation only: they say nothing of who is right.
      </p>
    </div>
  );
}

interface PartyOnMap {
  key: string;
  role: "claims" | "holds";
  d: string;
  at: [number, number];
}

/** Where the states are that claim or administer what is selected. */
function useParties(selected: Feature | undefined, land: Land | undefined): PartyOnMap[] {
  const [cards, setCards] = useState<ReadonlyMap<string, Card>>(new Map());
  const ids = useMemo(() => {
    const p = selected?.properties;
    const out = new Map<string, "claims" | "holds">();
    for (const c of told(p?.claims)) if (c.byId && !c.negated) out.set(c.byId, "claims");
    for (const c of told(p?.administration)) if (c.byId && !c.negated && !c.until) out.set(c.byId, "holds");
    return out;
  }, [selected]);
  useEffect(() => {
    let on = true;
    const missing = [...ids.keys()].filter((id) => !cards.has(id)).slice(0, 12);
    if (missing.length === 0) return;
    Promise.allSettled(missing.map((id) => getJSON<Card>(api(`/entities/${idPath(id)}`)))).then((answers) => {
      if (!on) return;
      const next = new Map(cards);
      answers.forEach((a, i) => {
        const id = missing[i];
        if (a.status === "fulfilled" && id) next.set(id, a.value);
      });
      setCards(next);
    });
    return () => {
      on = false;
    };
  }, [ids, cards]);
  return useMemo(() => {
    if (!land) return [];
    const out: PartyOnMap[] = [];
    for (const [id, role] of ids) {
      const card = cards.get(id);
      if (card?.latitude === undefined || card.longitude === undefined) continue;
      const at: [number, number] = [card.longitude, card.latitude];
      const country = land.countries.features.find((f) => geoContains(f, at));
      out.push({ key: `${role} ${id}`, role, at, d: country ? (path(country as GeoPermissibleObjects) ?? "") : "" });
    }
    return out;
  }, [land, ids, cards]);
}

/** Chooses labels that do not lie on each other, what is selected first. */
function placeLabels(spots: readonly Spot[], selected: string | undefined, k: number, scale: number) {
  const pixels = k * scale;
  const taken: { x: number; y: number; w: number }[] = [];
  const out: { spot: Spot; end: boolean }[] = [];
  const weight = (s: Spot) => (s.id === selected ? 100 : s.feature.properties.claimants.length);
  for (const spot of [...spots].sort((a, b) => weight(b) - weight(a) || (a.id < b.id ? -1 : 1))) {
    const w = Math.min(spot.name.length, 30) * 7 + 26;
    const y = spot.y * pixels;
    for (const end of [false, true]) {
      const x = spot.x * pixels - (end ? w : 0);
      if (taken.some((t) => Math.abs(t.y - y) < 16 && x < t.x + t.w && t.x < x + w)) continue;
      if (x < 0 || x + w > width * pixels) continue;
      taken.push({ x, y, w });
      out.push({ spot, end });
      break;
    }
  }
  return out;
}

interface ListProps {
  spots: readonly Spot[];
  nowhere: readonly Feature[];
  at: string | undefined;
  onSelect: (id: string) => void;
  year: number | null;
}

function PlaceList({ spots, nowhere, at, onSelect, year }: ListProps) {
  const onKeyDown = useRoving<HTMLUListElement>("button.pick");
  const sorted = useMemo(() => [...spots].sort((a, b) => a.name.localeCompare(b.name, "en")), [spots]);
  const stop = sorted.find((s) => s.id === at)?.id ?? sorted[0]?.id;
  return (
    <section aria-label="Places">
      <h2 class="list-title">
        {count(sorted.length, "place")} {year !== null && <span class="count">as of {year}</span>}
      </h2>
      {sorted.length === 0 && <p class="empty">Nobody is said to claim anything then.</p>}
      <ul class="picks" onKeyDown={onKeyDown}>
        {sorted.map((s) => (
          <li key={s.id}>
            <button
              type="button"
              class="pick place"
              aria-current={s.id === at ? "true" : undefined}
              tabIndex={s.id === stop ? 0 : -1}
              onClick={() => onSelect(s.id)}
            >
              <Marker
                claimants={s.feature.properties.claimants.length}
                held={s.feature.properties.administrators.length > 0}
              />
              <span>
                <Name>{s.name}</Name>
                <span class="source">
                  <Names names={s.feature.properties.claimants} word="claimed by" />
                  <Names names={s.feature.properties.administrators} word="administered by" />
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {nowhere.length > 0 && (
        <>
          <h2 class="list-title">Without known coordinates</h2>
          <ul class="names plain-list">
            {nowhere.map((f) => (
              <li key={f.id}>
                <a href={entityHref(f.id)}>
                  <Name>{f.properties.name}</Name>
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Names({ names, word }: { names: readonly string[]; word: string }) {
  if (names.length === 0) return null;
  return (
    <span class="line">
      {word}{" "}
      {names.map((n, i) => (
        <span key={n}>
          {i > 0 ? ", " : ""}
          <Name max={60}>{n}</Name>
        </span>
      ))}
    </span>
  );
}

function Details({ feature: f, onClose }: { feature: Feature; onClose: () => void }) {
  const p = f.properties;
  const groups = [
    { title: "Claims", family: "claims", facts: told(p.claims) },
    { title: "Administration", family: "holds", facts: told(p.administration) },
    { title: "Changes", family: "holds", facts: told(p.changes) },
  ];
  return (
    <section class="panel pad map-details fade" aria-label={plainName(p.name)}>
      <div class="row between">
        <h2>
          <Name>{p.name}</Name>
        </h2>
        <button type="button" class="icon" aria-label="Close" onClick={onClose}>
          ×
        </button>
      </div>
      <p class="row">
        <a href={disputeHref(f.id)}>Dispute</a>
        <a href={entityHref(f.id)}>Names and facts</a>
      </p>
      {groups.map(
        (g) =>
          g.facts.length > 0 && (
            <div key={g.title}>
              <h3 class={`rel ${g.family}`}>{g.title}</h3>
              <ul>
                {g.facts.map((t) => (
                  <li key={t.fact} class="told">
                    <ToldSentence told={t} />
                    {t.since && !t.label.includes(t.since) && <span class="note"> since {dateWords(t.since)}</span>}
                    {t.quote && (
                      <blockquote class="quote" dir="auto">
                        “<Plain text={cut(t.quote, 400)} />”
                      </blockquote>
                    )}
                    <p class="source">
                      {t.documents.map((d) => (
                        <a key={d} href={documentHref(d, t.fact)}>
                          <Name>{d}</Name>
                        </a>
                      ))}
                    </p>
                  </li>
                ))}
              </ul>
            </div>
          ),
      )}
    </section>
  );
}

/** What is said of the place: "Argentina claims", "was transferred to Japan (1972)". */
function ToldSentence({ told: t }: { told: Told }) {
  const [name, id] = [t.by ?? t.to ?? "", t.byId ?? t.toId];
  const party = (
    <strong>
      {id ? (
        <a class="entity" href={entityHref(id)}>
          <Name>{name}</Name>
        </a>
      ) : (
        <Name>{name}</Name>
      )}
    </strong>
  );
  const verb = predicateLabel(t.predicate);
  const rest = t.label.startsWith(verb) ? t.label.slice(verb.length) : "";
  return (
    <>
      {t.by === undefined ? (
        <>
          {relation(t)} {party}
        </>
      ) : (
        <>
          {party} {relation(t)}
        </>
      )}
      <span class="note">
        <Plain text={rest} />
      </span>
    </>
  );
}

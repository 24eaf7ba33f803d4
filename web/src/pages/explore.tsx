// The graph: who and what is connected, drawn, to go on from one to the next.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { api, Failure, getJSON, useData } from "../api/client";
import type { Entity, Network, NetworkNode } from "../api/types";
import { toSVG } from "../graph/svg";
import { type GraphEdge, GraphView, type Ground, many } from "../graph/view";
import { disputeHref, entityHref } from "../links";
import { ClassMark } from "../ui/class";
import { FactList } from "../ui/fact";
import { Finder } from "../ui/finder";
import { Heading } from "../ui/heading";
import { useRoving } from "../ui/roving";
import { ErrorNotice } from "../ui/state";
import { count, Name, spanOf } from "../ui/text";
import { useTheme } from "../ui/theme";
import { YearSlider } from "../ui/years";
import { predicateLabel, predicateStyle } from "../vocabulary";

interface Graph {
  nodes: ReadonlyMap<string, NetworkNode>;
  edges: ReadonlyMap<string, GraphEdge>;
  leftOut: { nodes: number; facts: number };
}

const none: Graph = { nodes: new Map(), edges: new Map(), leftOut: { nodes: 0, facts: 0 } };

function add(graph: Graph, network: Network): Graph {
  const nodes = new Map(graph.nodes);
  for (const n of network.nodes) nodes.set(n.key, nodes.get(n.key) ?? n);
  const edges = new Map(graph.edges);
  for (const e of network.edges) edges.set(e.fact.id, e);
  const facts = new Map<string, number>();
  for (const e of edges.values()) for (const key of [e.source, e.target]) facts.set(key, (facts.get(key) ?? 0) + 1);
  for (const [key, n] of nodes) nodes.set(key, { ...n, facts: facts.get(key) ?? 0 });
  return { nodes, edges, leftOut: graph.leftOut };
}

function groundOf(): Ground {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return { ink: value("--ink"), muted: value("--muted"), ground: value("--ground"), focus: value("--focus") };
}

function save(blob: Blob, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const hiddenAtFirst = new Set(["Literal"]);

export function Explore() {
  const { query, route } = useLocation();
  const about = query.about ?? "";
  const most = Number(query.maxNodes) || 300;
  const first = useData<Network>(api("/graph", about ? { about, depth: 1, maxNodes: most } : { maxNodes: most }));
  const [graph, setGraph] = useState<Graph>(none);
  const [selected, setSelected] = useState<string | null>(null);
  const [expanded, setExpanded] = useState<string | undefined>();
  const [error, setError] = useState<Failure>();
  const [noClass, setNoClass] = useState<ReadonlySet<string>>(hiddenAtFirst);
  const [noPredicate, setNoPredicate] = useState<ReadonlySet<string>>(new Set());
  const [year, setYear] = useState<number | null>(null);
  const [said, setSaid] = useState("");

  useEffect(() => {
    if (!first.data) return;
    setExpanded(undefined);
    setGraph({ ...add(none, first.data), leftOut: first.data.leftOut });
    const node = about
      ? (first.data.nodes.find((n) => n.key === about) ?? first.data.nodes.find((n) => n.steps === 0))
      : undefined;
    setSelected(node?.key ?? null);
  }, [first.data, about]);

  const expand = (key: string) => {
    const node = graph.nodes.get(key);
    if (!node?.entity.id) return;
    getJSON<Network>(api("/graph", { about: node.entity.id, maxNodes: 200 })).then(
      (network) => {
        setError(undefined);
        const next = add(graph, network);
        setExpanded(key);
        setGraph(next);
        setSelected(key);
        const more = next.nodes.size - graph.nodes.size;
        setSaid(
          more > 0
            ? `${count(more, "more node")} around ${node.entity.name}`
            : `Nothing more around ${node.entity.name}`,
        );
      },
      (e: unknown) => e instanceof Failure && setError(e),
    );
  };
  const remove = (key: string) => {
    const nodes = new Map(graph.nodes);
    nodes.delete(key);
    const edges = new Map([...graph.edges].filter(([, e]) => e.source !== key && e.target !== key));
    setGraph({ ...graph, nodes, edges });
    setSelected(null);
  };

  const seen = useMemo(() => {
    const nodeOn = (key: string) => !noClass.has(graph.nodes.get(key)?.entity.class ?? "Literal");
    const edges = [...graph.edges.values()].filter((e) => {
      if (noPredicate.has(e.fact.predicate) || !nodeOn(e.source) || !nodeOn(e.target)) return false;
      if (year === null) return true;
      const [from, to] = spanOf(e.fact);
      return from <= year && year <= to;
    });
    // A filter of facts takes the nodes with it that no fact links any more.
    const linked = new Set(edges.flatMap((e) => [e.source, e.target]));
    const nodes = [...graph.nodes.values()].filter((n) => nodeOn(n.key) && (linked.has(n.key) || n.key === selected));
    return { nodes, edges, keys: new Set(nodes.map((n) => n.key)), ids: new Set(edges.map((e) => e.fact.id)) };
  }, [graph, noClass, noPredicate, year, selected]);

  const [from, to] = useMemo(() => {
    const found = [...graph.edges.values()].flatMap((e) => spanOf(e.fact)).filter(Number.isFinite);
    return found.length > 0 ? [Math.min(...found), Math.max(...found)] : [1900, 2000];
  }, [graph]);

  return (
    <div class="explore">
      <div class="toolbar">
        <Heading title="Explore" />
        <Finder
          label="Begin with a state, place, treaty or person"
          onChoose={(e: Entity) => route(`/explore?${new URLSearchParams({ about: e.id ?? "" })}`)}
        />
        {about && (
          <a class="button small" href="/explore">
            Whole graph
          </a>
        )}
        <YearSlider value={year} onChange={setYear} min={from} max={to} />
        <p class="count" role="status">
          {first.busy ? "Loading…" : `${count(seen.nodes.length, "node")}, ${count(seen.edges.length, "fact")}`}
          {graph.leftOut.facts > 0 &&
            `, ${count(graph.leftOut.nodes, "node")} and ${count(graph.leftOut.facts, "fact")} left out`}
          <span class="sr"> {said}</span>
        </p>
      </div>
      {(error ?? first.error) && <ErrorNotice error={(error ?? first.error) as Failure} retry={first.retry} />}
      <div class="explore-body">
        <Filters
          graph={graph}
          noClass={noClass}
          noPredicate={noPredicate}
          onClass={setNoClass}
          onPredicate={setNoPredicate}
        />
        <Canvas
          key={graph.nodes.size > many ? "many" : "few"}
          graph={graph}
          keys={seen.keys}
          ids={seen.ids}
          selected={selected}
          near={expanded}
          onSelect={setSelected}
          onExpand={expand}
          onRemove={remove}
        />
        <Side
          seen={seen}
          graph={graph}
          selected={selected}
          onSelect={setSelected}
          onExpand={expand}
          onRemove={remove}
        />
      </div>
    </div>
  );
}

interface FiltersProps {
  graph: Graph;
  noClass: ReadonlySet<string>;
  noPredicate: ReadonlySet<string>;
  onClass: (set: ReadonlySet<string>) => void;
  onPredicate: (set: ReadonlySet<string>) => void;
}

function tally(values: Iterable<string>): [string, number][] {
  const n = new Map<string, number>();
  for (const v of values) n.set(v, (n.get(v) ?? 0) + 1);
  return [...n].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}

function Filters({ graph, noClass, noPredicate, onClass, onPredicate }: FiltersProps) {
  const classes = tally([...graph.nodes.values()].map((n) => n.entity.class ?? "Literal"));
  const predicates = tally([...graph.edges.values()].map((e) => e.fact.predicate));
  return (
    <section class="filters" aria-label="Filters">
      <fieldset>
        <h2>
          <legend>Classes</legend>
          <button
            type="button"
            class="link note"
            onClick={() => onClass(noClass.size > 0 ? new Set() : new Set(classes.map(([c]) => c)))}
          >
            {noClass.size > 0 ? "all" : "none"}
            <span class="sr"> of the classes</span>
          </button>
        </h2>
        {classes.map(([c, n]) => (
          <label class="check" key={c}>
            <input type="checkbox" checked={!noClass.has(c)} onChange={() => onClass(toggled(noClass, c))} />
            <ClassMark name={c} />
            <span class="count">{n}</span>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <h2>
          <legend>Relations</legend>
          <button
            type="button"
            class="link note"
            onClick={() => onPredicate(noPredicate.size > 0 ? new Set() : new Set(predicates.map(([p]) => p)))}
          >
            {noPredicate.size > 0 ? "all" : "none"}
            <span class="sr"> of the relations</span>
          </button>
        </h2>
        {predicates.map(([p, n]) => (
          <label class="check" key={p}>
            <input
              type="checkbox"
              checked={!noPredicate.has(p)}
              onChange={() => onPredicate(toggled(noPredicate, p))}
            />
            <span class={`stroke ${predicateStyle(p).family}`} aria-hidden="true" />
            {predicateLabel(p)}
            <span class="count">{n}</span>
          </label>
        ))}
      </fieldset>
      <p class="note">
        Lines: solid is stated, dashed is somebody’s word, dotted is promised, planned or alleged; a bar at the end is
        denied.
      </p>
    </section>
  );
}

interface CanvasProps {
  graph: Graph;
  keys: ReadonlySet<string>;
  ids: ReadonlySet<string>;
  selected: string | null;
  near: string | undefined;
  onSelect: (key: string | null) => void;
  onExpand: (key: string) => void;
  onRemove: (key: string) => void;
}

declare global {
  interface Window {
    /** The drawing of the explorer, for measuring it. */
    demarcGraph?: GraphView;
  }
}

function Canvas(props: CanvasProps) {
  const { graph, keys, ids, selected, near } = props;
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<GraphView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const theme = useTheme();
  const [settled, setSettled] = useState(false);

  // The drawing lives as long as its element.
  useEffect(() => {
    if (!box.current) return;
    const made = new GraphView(box.current, groundOf(), graph.nodes.size > many, {
      select: (id) => latest.current.onSelect(id),
      expand: (id) => latest.current.onExpand(id),
    });
    view.current = made;
    window.demarcGraph = made;
    return () => {
      delete window.demarcGraph;
      made.destroy();
      view.current = null;
    };
  }, []);
  // The theme is what changes the ground.
  useEffect(() => view.current?.recolour(groundOf()), [theme]);
  // Near goes with the graph that it expanded.
  useEffect(() => {
    setSettled(false);
    view.current?.show({ nodes: [...graph.nodes.values()], edges: [...graph.edges.values()] }, near, () =>
      setSettled(true),
    );
  }, [graph]);
  useEffect(
    () =>
      view.current?.filter(
        (key) => keys.has(key),
        (id) => ids.has(id),
      ),
    [keys, ids],
  );
  // What a new graph brought is to be marked too.
  useEffect(() => {
    view.current?.select(selected);
    if (selected) view.current?.reveal(selected);
  }, [selected, graph]);

  const exportAs = async (format: "svg" | "png" | "json") => {
    const v = view.current;
    if (!v) return;
    if (format === "svg") save(new Blob([toSVG(v.core, groundOf())], { type: "image/svg+xml" }), "demarc.svg");
    else if (format === "png") save(await v.png(), "demarc.png");
    else {
      const nodes = [...graph.nodes.values()].filter((n) => keys.has(n.key));
      const edges = [...graph.edges.values()].filter((e) => ids.has(e.fact.id));
      save(new Blob([JSON.stringify({ nodes, edges }, null, 2)], { type: "application/json" }), "demarc.json");
    }
  };

  const directions: Record<string, [number, number]> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  return (
    <div class={graph.nodes.size > many ? "canvas many" : "canvas"} data-settled={settled}>
      <div class="canvas-view" ref={box} aria-hidden="true" />
      <div
        class="canvas-keys"
        role="application"
        tabIndex={0}
        aria-label="Drawing of the graph. Arrow keys go from node to node, Enter expands, Delete takes away, plus and minus zoom, Shift with arrows moves the drawing. The list beside it has the same nodes."
        aria-describedby="chosen"
        onKeyDown={(e) => {
          const v = view.current;
          if (!v || e.ctrlKey || e.metaKey || e.altKey) return;
          const direction = directions[e.key];
          if (direction && e.shiftKey) v.pan(-60 * direction[0], -60 * direction[1]);
          else if (direction) {
            const next = v.beside(selected, ...direction);
            if (next) props.onSelect(next);
          } else if (e.key === "Enter" && selected) props.onExpand(selected);
          else if (e.key === "Delete" && selected) props.onRemove(selected);
          else if (e.key === "Escape") props.onSelect(null);
          else if (e.key === "+" || e.key === "=") v.zoom(1.3);
          else if (e.key === "-") v.zoom(1 / 1.3);
          else if (e.key === "0") v.fit();
          else return;
          e.preventDefault();
        }}
      />
      <div class="canvas-buttons">
        <button type="button" class="button small" aria-label="Zoom in" onClick={() => view.current?.zoom(1.4)}>
          +
        </button>
        <button type="button" class="button small" aria-label="Zoom out" onClick={() => view.current?.zoom(1 / 1.4)}>
          −
        </button>
        <button type="button" class="button small" onClick={() => view.current?.fit()}>
          Fit
        </button>
        {(["svg", "png", "json"] as const).map((f) => (
          <button
            type="button"
            class="button small"
            key={f}
            aria-label={`Save what is seen as ${f.toUpperCase()}`}
            onClick={() => void exportAs(f)}
          >
            {f.toUpperCase()}
          </button>
        ))}
      </div>
      <p class="canvas-note" aria-hidden="true">
        {settled ? "Click a node for its facts, click twice to expand it." : "Laying it out…"}
      </p>
    </div>
  );
}

interface SideProps {
  seen: { nodes: readonly NetworkNode[]; edges: readonly GraphEdge[] };
  graph: Graph;
  selected: string | null;
  onSelect: (key: string) => void;
  onExpand: (key: string) => void;
  onRemove: (key: string) => void;
}

function Side({ seen, graph, selected, onSelect, onExpand, onRemove }: SideProps) {
  const node = selected === null ? undefined : graph.nodes.get(selected);
  const facts = seen.edges.filter((e) => e.source === selected || e.target === selected).map((e) => e.fact);
  const sorted = useMemo(
    () => [...seen.nodes].sort((a, b) => b.facts - a.facts || a.entity.name.localeCompare(b.entity.name, "en")),
    [seen],
  );
  const [cap, setCap] = useState(60);
  const onKeyDown = useRoving<HTMLUListElement>("button.pick");
  const stop = sorted.slice(0, cap).find((n) => n.key === selected)?.key ?? sorted[0]?.key;
  return (
    <section class="explore-side" aria-label="What is chosen, and all nodes">
      <div class="chosen" id="chosen" aria-live="polite">
        {node ? (
          <>
            <p class="over">
              <ClassMark name={node.entity.class ?? "Literal"} />
              {node.kind && <span class="note">{node.kind}</span>}
            </p>
            <h2>
              {node.entity.id ? (
                <a href={entityHref(node.entity.id)}>
                  <Name>{node.entity.name}</Name>
                </a>
              ) : (
                <Name>{node.entity.name}</Name>
              )}
            </h2>
            <p class="note">{count(facts.length, "fact")} here</p>
          </>
        ) : (
          <p class="note">Nothing is chosen.</p>
        )}
      </div>
      {node && (
        <div class="chosen">
          <div class="row">
            {node.entity.id && (
              <button type="button" class="button small primary" onClick={() => onExpand(node.key)}>
                Expand
              </button>
            )}
            <button type="button" class="button small" onClick={() => onRemove(node.key)}>
              Take away
            </button>
            {node.entity.class === "Territory" && node.entity.id && (
              <a class="button small" href={disputeHref(node.entity.id)}>
                Dispute
              </a>
            )}
          </div>
          <FactList key={node.key} facts={facts} cap={8} />
        </div>
      )}
      <h2 class="list-title">{count(sorted.length, "node")}</h2>
      <ul class="picks" onKeyDown={onKeyDown}>
        {sorted.slice(0, cap).map((n) => (
          <li key={n.key}>
            <button
              type="button"
              class="pick node"
              aria-current={n.key === selected ? "true" : undefined}
              tabIndex={n.key === stop ? 0 : -1}
              onClick={() => onSelect(n.key)}
            >
              <ClassMark name={n.entity.class ?? "Literal"} label={false} />
              <Name max={80}>{n.entity.name}</Name>
              <span class="count">{n.facts}</span>
            </button>
          </li>
        ))}
      </ul>
      {sorted.length > cap && (
        <button type="button" class="link note list-title" onClick={() => setCap(cap + 200)}>
          Show more
        </button>
      )}
    </section>
  );
}

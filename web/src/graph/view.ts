// Draws a graph with Cytoscape.js, in the looks of data/styles.
import cytoscape, {
  type Core,
  type ElementDefinition,
  type EventObject,
  type NodeSingular,
  type StylesheetJson,
} from "cytoscape";
import type { Fact, NetworkNode } from "../api/types";
import { plainName } from "../ui/text";
import { classStyle, predicateStyle, relation } from "../vocabulary";
import type { LayoutReply, LayoutRequest } from "./layout.worker";

export interface GraphEdge {
  source: string;
  target: string;
  fact: Fact;
}

export interface Shown {
  nodes: readonly NetworkNode[];
  edges: readonly GraphEdge[];
}

/** From how many nodes on a graph is drawn with less detail while it moves. */
export const many = 400;

/** Of a node with more lines than this, their names would cover each other. */
const mostLabels = 14;

const shapes: Record<string, string> = {
  box: "rectangle",
  rounded: "round-rectangle",
  ellipse: "ellipse",
  hexagon: "hexagon",
  octagon: "octagon",
  diamond: "diamond",
  note: "polygon",
  plain: "rectangle",
};

const arrows: Record<string, string> = {
  normal: "triangle",
  open: "vee",
  diamond: "diamond",
  dot: "circle",
  none: "none",
};

export interface Ground {
  ink: string;
  muted: string;
  ground: string;
  focus: string;
}

/** The colour of a line on a ground: black and grey become the ground's ink. */
export function lineColour(predicate: string, ground: Ground): string {
  const { color } = predicateStyle(predicate);
  if (color === "#000000") return ground.ink;
  return color === "#5A5A5A" ? ground.muted : color;
}

export function lineStyle(fact: Fact): "solid" | "dashed" | "dotted" {
  if (fact.modality !== "asserted") return "dotted";
  return fact.attributedTo == null ? "solid" : "dashed";
}

export const symmetric = new Set(["disputes", "negotiatesWith", "metWith", "delimited"]);

export function arrowOf(fact: Fact): string {
  if (fact.negated) return "tee";
  return symmetric.has(fact.predicate) ? "none" : (arrows[predicateStyle(fact.predicate).arrow] ?? "triangle");
}

export function radiusOf(node: NetworkNode): number {
  return 9 + 3.2 * Math.sqrt(Math.min(node.facts, 100));
}

export class GraphView {
  readonly #cy: Core;
  readonly #worker: Worker;
  readonly #still: boolean;
  #ground: Ground;
  #request = 0;
  #asked: string[] = [];
  #fit = true;
  #onSettled: (() => void) | undefined;

  constructor(
    container: HTMLElement,
    ground: Ground,
    big: boolean,
    on: { select: (id: string | null) => void; expand: (id: string) => void },
  ) {
    this.#ground = ground;
    this.#still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#cy = cytoscape({
      container,
      style: stylesheet(ground),
      layout: { name: "preset" },
      minZoom: 0.04,
      maxZoom: 4,
      boxSelectionEnabled: false,
      textureOnViewport: big,
      pixelRatio: big ? 1 : Math.min(devicePixelRatio, 2),
    });
    this.#worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = (e: MessageEvent<LayoutReply>) => this.#place(e.data);
    this.#cy.on("tap", "node", (e: EventObject) => on.select((e.target as NodeSingular).id()));
    this.#cy.on("dbltap", "node", (e: EventObject) => on.expand((e.target as NodeSingular).id()));
    this.#cy.on("tap", (e: EventObject) => {
      if (e.target === this.#cy) on.select(null);
    });
  }

  get core(): Core {
    return this.#cy;
  }

  destroy() {
    this.#worker.terminate();
    this.#cy.destroy();
  }

  recolour(ground: Ground) {
    this.#ground = ground;
    this.#cy.style(stylesheet(ground));
    this.#cy.batch(() => {
      for (const edge of this.#cy.edges()) edge.data("color", lineColour(edge.data("predicate") as string, ground));
    });
  }

  /** Shows a graph in place of the last one; what was there before keeps its place. */
  show({ nodes, edges }: Shown, near?: string, settled?: () => void) {
    this.#onSettled = settled;
    const cy = this.#cy;
    const keep = new Set<string>([...nodes.map((n) => n.key), ...edges.map((e) => e.fact.id)]);
    const fresh: ElementDefinition[] = [];
    for (const node of nodes) {
      if (cy.getElementById(node.key).nonempty()) continue;
      const style = classStyle(node.entity.class ?? "Thing");
      fresh.push({
        group: "nodes",
        data: {
          id: node.key,
          label: plainName(node.entity.name, 34),
          shape: shapes[style.shape] ?? "ellipse",
          fill: style.fill,
          size: 2 * radiusOf(node),
          font: 10.5 + Math.min(radiusOf(node) - 12, 16) * 0.55,
          fresh: true,
        },
        // Until it is laid out: no two at one place, or lines could not be drawn.
        position: { x: fresh.length * 7, y: (fresh.length % 13) * 11 },
      });
    }
    for (const { source, target, fact } of edges) {
      if (cy.getElementById(fact.id).nonempty()) continue;
      const style = predicateStyle(fact.predicate);
      fresh.push({
        group: "edges",
        data: {
          id: fact.id,
          source,
          target,
          predicate: fact.predicate,
          label: (fact.negated ? "not so: " : "") + relation(fact),
          color: lineColour(fact.predicate, this.#ground),
          width: style.width,
          line: lineStyle(fact),
          arrow: arrowOf(fact),
        },
      });
    }
    cy.batch(() => {
      cy.elements()
        .filter((e) => !keep.has(e.id()))
        .remove();
      cy.add(fresh);
    });
    if (fresh.length > 0) this.#layout(near);
    else settled?.();
  }

  #layout(near: string | undefined) {
    const nodes = this.#cy.nodes();
    this.#asked = nodes.map((n) => n.id());
    this.#fit = nodes.every((n) => n.data("fresh") === true);
    this.#worker.postMessage({
      id: ++this.#request,
      nodes: nodes.map((n) => ({
        id: n.id(),
        radius: (n.data("size") as number) / 2,
        ...(n.data("fresh") === true
          ? near === undefined
            ? {}
            : { near }
          : { x: n.position("x"), y: n.position("y") }),
      })),
      links: this.#cy.edges().map((e) => ({ source: e.source().id(), target: e.target().id() })),
    } satisfies LayoutRequest);
  }

  #place({ id, places, done }: LayoutReply) {
    if (id !== this.#request || (!done && (this.#still || this.#asked.length > many))) return;
    const cy = this.#cy;
    cy.batch(() => {
      this.#asked.forEach((key, i) => {
        const node = cy.getElementById(key);
        node.position({ x: places[2 * i] ?? 0, y: places[2 * i + 1] ?? 0 });
        if (done) node.data("fresh", false);
      });
    });
    if (this.#fit) cy.fit(undefined, 36);
    if (done) this.#onSettled?.();
  }

  /** Hides what a filter does not let through, without moving anything. */
  filter(node: (key: string) => boolean, edge: (id: string) => boolean) {
    this.#cy.batch(() => {
      for (const n of this.#cy.nodes())
        if (n.hasClass("hidden") === node(n.id())) n.toggleClass("hidden", !node(n.id()));
      for (const e of this.#cy.edges())
        if (e.hasClass("hidden") === edge(e.id())) e.toggleClass("hidden", !edge(e.id()));
    });
  }

  select(id: string | null) {
    const cy = this.#cy;
    cy.batch(() => {
      cy.elements().removeClass("on near named");
      if (id === null) return;
      const node = cy.getElementById(id);
      node.addClass("on");
      const near = node.connectedEdges();
      near.addClass(near.length > mostLabels ? "near" : "near named");
    });
  }

  /** Brings a node into sight. */
  reveal(id: string) {
    const node = this.#cy.getElementById(id);
    if (node.empty()) return;
    const { x1, y1, x2, y2 } = this.#cy.extent();
    const { x, y } = node.position();
    if (x < x1 || x > x2 || y < y1 || y > y2) this.#cy.center(node);
  }

  /** The visible node that lies nearest in a direction from another. */
  beside(id: string | null, dx: number, dy: number): string | null {
    const nodes = this.#cy.nodes().filter((n) => !n.hasClass("hidden"));
    const from = id === null ? undefined : this.#cy.getElementById(id);
    if (!from || from.empty()) return nodes.nonempty() ? (nodes[0]?.id() ?? null) : null;
    const { x, y } = from.position();
    let [best, cost]: [string | null, number] = [null, Number.POSITIVE_INFINITY];
    for (const n of nodes) {
      if (n.id() === id) continue;
      const [ax, ay] = [n.position("x") - x, n.position("y") - y];
      const along = ax * dx + ay * dy;
      const across = Math.abs(ax * dy - ay * dx);
      if (along <= 0 || across > 2 * along) continue;
      const c = along + 2 * across;
      if (c < cost) [best, cost] = [n.id(), c];
    }
    return best;
  }

  zoom(factor: number) {
    const cy = this.#cy;
    cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  }

  pan(dx: number, dy: number) {
    this.#cy.panBy({ x: dx, y: dy });
  }

  fit() {
    this.#cy.fit(this.#cy.elements().not(".hidden"), 36);
  }

  async png(): Promise<Blob> {
    return this.#cy.png({ output: "blob-promise", full: false, scale: 2, bg: this.#ground.ground });
  }
}

function stylesheet(g: Ground): StylesheetJson {
  const font = "Inter, system-ui, sans-serif";
  return [
    {
      selector: "node",
      style: {
        shape: "data(shape)" as unknown as "ellipse",
        width: "data(size)",
        height: "data(size)",
        "background-color": "data(fill)",
        "border-width": 1,
        "border-color": g.ink,
        "border-opacity": 0.55,
        label: "data(label)",
        color: g.ink,
        "font-family": font,
        "font-size": "data(font)",
        "text-valign": "bottom",
        "text-margin-y": 3,
        "text-outline-color": g.ground,
        "text-outline-width": 2,
        "text-outline-opacity": 0.9,
        "text-wrap": "wrap",
        "text-max-width": "110px",
        "min-zoomed-font-size": 6.5,
      },
    },
    {
      selector: 'node[shape = "polygon"]', // a sheet with its corner turned
      style: { "shape-polygon-points": "-1 -1 0.3 -1 1 -0.3 1 1 -1 1" },
    },
    {
      selector: "edge",
      style: {
        width: "data(width)",
        "line-color": "data(color)",
        "target-arrow-color": "data(color)",
        "target-arrow-shape": "data(arrow)" as unknown as "triangle",
        "line-style": "data(line)" as unknown as "solid",
        "curve-style": "bezier",
        "control-point-step-size": 26,
        "arrow-scale": 0.8,
        opacity: 0.78,
      },
    },
    {
      selector: "edge.near",
      style: { opacity: 1, "z-index": 5 },
    },
    {
      selector: "edge.named",
      style: {
        label: "data(label)",
        color: g.ink,
        "font-family": font,
        "font-size": 9.5,
        "text-rotation": "autorotate",
        "text-background-color": g.ground,
        "text-background-opacity": 0.9,
        "text-background-padding": "2px",
        "min-zoomed-font-size": 6,
      },
    },
    {
      selector: "node.on",
      style: { "border-width": 4, "border-color": g.focus, "border-opacity": 1, "font-weight": "bold", "z-index": 9 },
    },
    { selector: ".hidden", style: { display: "none" } },
  ];
}

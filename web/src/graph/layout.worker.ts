// Lays out a graph by forces, beside the thread that draws it.
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from "d3-force";

/** What is to be laid out. Nodes that have a place already begin there. */
export interface LayoutRequest {
  id: number;
  nodes: { id: string; radius: number; x?: number; y?: number; near?: string }[];
  links: { source: string; target: string }[];
}

/** Places of the nodes, in the order that they were sent in: x, y, x, y, …. */
export interface LayoutReply {
  id: number;
  places: Float32Array;
  done: boolean;
}

interface Node extends SimulationNodeDatum {
  id: string;
  radius: number;
  links: number;
}

let current = 0;

self.onmessage = (event: MessageEvent<LayoutRequest>) => {
  const { id, nodes, links } = event.data;
  current = id;
  const old = new Map(nodes.filter((n) => n.x !== undefined).map((n) => [n.id, n]));
  const fresh = old.size === 0;
  const degree = new Map<string, number>();
  for (const l of links) for (const end of [l.source, l.target]) degree.set(end, (degree.get(end) ?? 0) + 1);
  const all: Node[] = nodes.map((n, i) => {
    // New nodes begin beside the one that they were found from, at an angle of
    // their own, so that the same graph is laid out the same way each time.
    const from = n.near === undefined ? undefined : old.get(n.near);
    const angle = i * 2.399963;
    const far = from ? 60 : 12 * Math.sqrt(i + 1);
    return {
      id: n.id,
      radius: n.radius,
      links: degree.get(n.id) ?? 0,
      x: n.x ?? (from?.x ?? 0) + far * Math.cos(angle),
      y: n.y ?? (from?.y ?? 0) + far * Math.sin(angle),
    };
  });
  const edges: SimulationLinkDatum<Node>[] = links.map((l) => ({ ...l }));
  const big = all.length > 600;
  const simulation = forceSimulation(all)
    .force(
      "link",
      forceLink<Node, SimulationLinkDatum<Node>>(edges)
        .id((n) => n.id)
        .distance((l) => 34 + (l.source as Node).radius + (l.target as Node).radius),
    )
    .force(
      "charge",
      forceManyBody<Node>()
        .strength((n) => -(big ? 90 : 190) - 22 * Math.min(n.links, 30))
        .theta(big ? 1.2 : 0.9)
        .distanceMax(big ? 400 : 700),
    )
    .force(
      "collide",
      forceCollide<Node>((n) => n.radius + (big ? 6 : 15)),
    )
    .force("x", forceX<Node>().strength(big ? 0.05 : 0.07))
    .force("y", forceY<Node>().strength(big ? 0.06 : 0.1))
    .alpha(fresh ? 1 : 0.45)
    .alphaDecay(big ? 0.035 : 0.022)
    .stop();

  const reply = (done: boolean) => {
    const places = new Float32Array(all.length * 2);
    all.forEach((n, i) => {
      places[2 * i] = n.x ?? 0;
      places[2 * i + 1] = n.y ?? 0;
    });
    postMessage({ id, places, done } satisfies LayoutReply, { transfer: [places.buffer] });
  };
  const run = () => {
    if (current !== id) return; // another graph came
    const until = performance.now() + 120;
    while (simulation.alpha() > simulation.alphaMin()) {
      simulation.tick();
      if (performance.now() > until) {
        reply(false);
        setTimeout(run);
        return;
      }
    }
    reply(true);
  };
  run();
};

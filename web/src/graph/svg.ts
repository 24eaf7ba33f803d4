// Writes what a graph's drawing shows as SVG. It is made of elements, so that no
// name can be anything but text.
import type { Core } from "cytoscape";
import type { Ground } from "./view";

const ns = "http://www.w3.org/2000/svg";

type Attributes = Record<string, string | number>;

function element(name: string, attributes: Attributes, text?: string): SVGElement {
  const e = document.createElementNS(ns, name);
  for (const [key, value] of Object.entries(attributes))
    e.setAttribute(key, typeof value === "number" ? String(Math.round(value * 100) / 100) : value);
  if (text !== undefined) e.textContent = text;
  return e;
}

function polygon(x: number, y: number, r: number, points: readonly (readonly [number, number])[]): string {
  return points.map(([dx, dy]) => `${(x + dx * r).toFixed(1)},${(y + dy * r).toFixed(1)}`).join(" ");
}

const polygons: Record<string, readonly (readonly [number, number])[]> = {
  diamond: [
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, 0],
  ],
  hexagon: [
    [-0.5, -0.87],
    [0.5, -0.87],
    [1, 0],
    [0.5, 0.87],
    [-0.5, 0.87],
    [-1, 0],
  ],
  octagon: [
    [-0.42, -1],
    [0.42, -1],
    [1, -0.42],
    [1, 0.42],
    [0.42, 1],
    [-0.42, 1],
    [-1, 0.42],
    [-1, -0.42],
  ],
  polygon: [
    [-1, -1],
    [0.3, -1],
    [1, -0.3],
    [1, 1],
    [-1, 1],
  ],
};

function shape(kind: string, x: number, y: number, r: number, paint: Attributes): SVGElement {
  const points = polygons[kind];
  if (points) return element("polygon", { points: polygon(x, y, r, points), ...paint });
  if (kind === "ellipse") return element("circle", { cx: x, cy: y, r, ...paint });
  return element("rect", {
    x: x - r,
    y: y - r,
    width: 2 * r,
    height: 2 * r,
    rx: kind === "round-rectangle" ? r / 3 : 0,
    ...paint,
  });
}

const heads: Record<string, (c: string) => Attributes & { d: string }> = {
  triangle: (c) => ({ d: "M0 0L-9 4V-4Z", fill: c }),
  vee: (c) => ({ d: "M-9 4L0 0L-9-4", fill: "none", stroke: c, "stroke-width": 1.5 }),
  diamond: (c) => ({ d: "M0 0L-5 4L-10 0L-5-4Z", fill: c }),
  circle: (c) => ({ d: "M0 0a4 4 0 1 0-8 0a4 4 0 1 0 8 0", fill: c }),
  tee: (c) => ({ d: "M-1-6V6", fill: "none", stroke: c, "stroke-width": 2.5 }),
};

const dashes: Record<string, string> = { dashed: "6 4", dotted: "1.5 3" };

/** The part of a drawing that is seen, as the text of an SVG file. */
export function toSVG(cy: Core, ground: Ground): string {
  const { x1, y1, w, h } = cy.extent();
  const svg = element("svg", {
    viewBox: `${x1.toFixed(1)} ${y1.toFixed(1)} ${w.toFixed(1)} ${h.toFixed(1)}`,
    width: cy.width(),
    height: cy.height(),
  });
  svg.append(
    element("title", {}, "demarc"),
    element("rect", { x: x1, y: y1, width: w, height: h, fill: ground.ground }),
  );
  const lines = element("g", { "font-family": "Inter, sans-serif", "font-size": 9.5 });
  for (const edge of cy.edges()) {
    if (edge.hasClass("hidden") || edge.source().hasClass("hidden") || edge.target().hasClass("hidden")) continue;
    const color = edge.data("color") as string;
    const [from, to] = [edge.sourceEndpoint(), edge.targetEndpoint()];
    const bend = edge.controlPoints()?.[0];
    const line = element("path", {
      d: bend
        ? `M${from.x.toFixed(1)} ${from.y.toFixed(1)}Q${bend.x.toFixed(1)} ${bend.y.toFixed(1)} ${to.x.toFixed(1)} ${to.y.toFixed(1)}`
        : `M${from.x.toFixed(1)} ${from.y.toFixed(1)}L${to.x.toFixed(1)} ${to.y.toFixed(1)}`,
      fill: "none",
      stroke: color,
      "stroke-width": edge.data("width") as number,
    });
    const dash = dashes[edge.data("line") as string];
    if (dash) line.setAttribute("stroke-dasharray", dash);
    line.append(element("title", {}, edge.data("label") as string));
    lines.append(line);
    const head = heads[edge.data("arrow") as string];
    if (head) {
      const at = bend ?? from;
      const angle = (Math.atan2(to.y - at.y, to.x - at.x) * 180) / Math.PI;
      lines.append(
        element("path", {
          ...head(color),
          transform: `translate(${to.x.toFixed(1)} ${to.y.toFixed(1)}) rotate(${angle.toFixed(1)})`,
        }),
      );
    }
    if (edge.hasClass("named")) {
      const middle = edge.midpoint();
      lines.append(
        halo(
          element(
            "text",
            { x: middle.x, y: middle.y, "text-anchor": "middle", fill: ground.ink },
            edge.data("label") as string,
          ),
          ground,
        ),
      );
    }
  }
  const nodes = element("g", { "font-family": "Inter, sans-serif", "font-size": 11 });
  for (const node of cy.nodes()) {
    if (node.hasClass("hidden")) continue;
    const { x, y } = node.position();
    const r = (node.data("size") as number) / 2;
    nodes.append(
      shape(node.data("shape") as string, x, y, r, {
        fill: node.data("fill") as string,
        stroke: ground.ink,
        "stroke-width": node.hasClass("on") ? 3 : 0.8,
      }),
      halo(
        element(
          "text",
          { x, y: y + r + 13, "text-anchor": "middle", fill: ground.ink, "font-size": node.data("font") as number },
          node.data("label") as string,
        ),
        ground,
      ),
    );
  }
  svg.append(lines, nodes);
  return new XMLSerializer().serializeToString(svg);
}

function halo(text: SVGElement, ground: Ground): SVGElement {
  for (const [key, value] of Object.entries({
    stroke: ground.ground,
    "stroke-width": "3",
    "paint-order": "stroke",
    "stroke-linejoin": "round",
  }))
    text.setAttribute(key, value);
  return text;
}

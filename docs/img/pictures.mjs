// Prints a page that draws an export as the program that it is for does:
// node pictures.mjs gephi|cytoscape|d3|obsidian FOLDER
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";

const packages = createRequire(new URL("../../graph/testdata/readers/package.json", import.meta.url));
const [kind, folder] = process.argv.slice(2);
const text = (name) => readFileSync(`${folder}/${name}`, "utf8");
const escape = (s) => String(s).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const page = (body) => console.log(`<!DOCTYPE html><meta charset="utf-8"><style>body { margin: 0; overflow: hidden; font: 11px "DejaVu Sans", sans-serif; }</style>${body}`);

// svg fits places into the picture and draws nodes {x, y, label, color, r} and
// links {a, b, color, width}.
function svg(nodes, links, background = "#fff", ink = "#000") {
  const [w, h, m] = [1000, 640, 100];
  const range = (k) => [Math.min(...nodes.map((n) => n[k])), Math.max(...nodes.map((n) => n[k]))];
  const [[x0, x1], [y0, y1]] = [range("x"), range("y")];
  const at = (n) => [m + ((n.x - x0) / (x1 - x0)) * (w - 2 * m), m + ((n.y - y0) / (y1 - y0)) * (h - 2 * m)];
  const lines = links.map(({ a, b, color, width, dash }) => {
    const [[ax, ay], [bx, by]] = [at(a), at(b)];
    return `<line x1="${ax}" y1="${ay}" x2="${bx}" y2="${by}" stroke="${color}" stroke-width="${width}" ${dash ? `stroke-dasharray="${dash}"` : ""}/>`;
  });
  const discs = nodes.map((n) => {
    const [x, y] = at(n);
    return `<circle cx="${x}" cy="${y}" r="${n.r}" fill="${n.color}" stroke="#000" stroke-width=".5"/>
      <text x="${x}" y="${y - n.r - 4}" text-anchor="middle" fill="${ink}" paint-order="stroke" stroke="${background}" stroke-width="3">${escape(n.label)}</text>`;
  });
  page(`<svg width="${w}" height="${h}" style="background:${background}" font-size="12">${lines.join("")}${discs.join("")}</svg>`);
}

// layout has D3's forces place nodes and links.
async function layout(nodes, links) {
  const d3 = await import(packages.resolve("d3-force").replace(/dist\/d3-force\.js$/, "src/index.js"));
  d3.forceSimulation(nodes).force("link", d3.forceLink(links).id((n) => n.id).distance(90)).force("charge", d3.forceManyBody().strength(-500))
    .force("x", d3.forceX().strength(0.08)).force("y", d3.forceY().strength(0.12)).force("collide", d3.forceCollide(34)).stop().tick(400);
}

const kinds = {
  async gephi() {
    const gexf = packages("graphology-gexf");
    const Graph = packages("graphology");
    const forceAtlas2 = packages("graphology-layout-forceatlas2"); // Gephi's layout
    const graph = gexf.parse(Graph, text("graph.gexf"));
    let i = 0;
    graph.forEachNode((n) => graph.mergeNodeAttributes(n, { x: Math.cos(i), y: Math.sin(i++ * 2) }));
    forceAtlas2.assign(graph, { iterations: 800, settings: { ...forceAtlas2.inferSettings(graph), gravity: 2, adjustSizes: true } });
    const nodes = new Map(graph.mapNodes((n, a) => [n, { x: a.x, y: a.y, label: a.label, color: a.color, r: a.size / 2 }]));
    svg([...nodes.values()], graph.mapEdges((e, a, s, t) => ({ a: nodes.get(s), b: nodes.get(t), color: a.color ?? "#888", width: 1.5 })));
  },

  async d3() {
    const { nodes, links } = JSON.parse(text("graph.d3.json"));
    await layout(nodes, links);
    nodes.forEach((n) => (n.r = 9));
    svg(nodes, links.map((l) => ({ a: l.source, b: l.target, color: l.color, width: l.width, dash: { dashed: "6 4", dotted: "2 3" }[l.line] })));
  },

  async obsidian() {
    const names = readdirSync(`${folder}/notes`).map((f) => f.replace(/\.md$/, ""));
    const nodes = names.map((id) => ({ id, label: id, color: "#9d86e9", r: 5 }));
    const seen = new Set();
    for (const id of names) {
      for (const [, target] of text(`notes/${id}.md`).matchAll(/(?<!\\)\[\[([^\]|]*)/g)) {
        if (target !== id) seen.add([id, target].sort().join("\t"));
      }
    }
    const links = [...seen].sort().map((l) => ({ source: l.split("\t")[0], target: l.split("\t")[1] }));
    await layout(nodes, links);
    for (const n of nodes) n.r = 4 + Math.sqrt(links.filter((l) => l.source === n || l.target === n).length);
    svg(nodes, links.map((l) => ({ a: l.source, b: l.target, color: "#666", width: 1 })), "#1e1e1e", "#dadada");
  },

  async cytoscape() {
    const cx2 = Object.assign({}, ...JSON.parse(text("graph.cx2")));
    const looks = (list) => new Map(list.map((b) => [b.id, b.v]));
    const [nodes, edges] = [looks(cx2.nodeBypasses), looks(cx2.edgeBypasses)];
    const elements = [
      ...cx2.nodes.map((n) => ({ data: { id: "n" + n.id, name: n.v.name, fill: nodes.get(n.id).NODE_BACKGROUND_COLOR, color: nodes.get(n.id).NODE_LABEL_COLOR, shape: nodes.get(n.id).NODE_SHAPE } })),
      ...cx2.edges.map((e) => ({ data: { id: "e" + e.id, source: "n" + e.s, target: "n" + e.t, name: e.v.predicate, color: edges.get(e.id).EDGE_LINE_COLOR, line: edges.get(e.id).EDGE_LINE_STYLE, width: edges.get(e.id).EDGE_WIDTH } })),
    ];
    page(`<div id="cy" style="width:1000px;height:640px"></div><script>${readFileSync(packages.resolve("cytoscape").replace(/cytoscape\.cjs\.js$/, "cytoscape.min.js"), "utf8")}</script><script>
cytoscape({ container: document.getElementById("cy"), elements: ${JSON.stringify(elements).replaceAll("<", "\\u003c")},
  layout: { name: "concentric", concentric: (n) => n.degree(), levelWidth: () => 3, minNodeSpacing: 40, startAngle: 0.3, padding: 20 },
  style: [
    { selector: "node", style: { label: "data(name)", shape: "data(shape)", "background-color": "data(fill)", color: "data(color)", width: 104, height: 36, "border-width": 1, "font-size": 11, "text-valign": "center", "text-wrap": "wrap", "text-max-width": 100 } },
    { selector: "edge", style: { label: "data(name)", "line-color": "data(color)", "line-style": "data(line)", width: "data(width)", "target-arrow-shape": "triangle", "target-arrow-color": "data(color)", "curve-style": "bezier", "font-size": 9, "text-background-color": "#fff", "text-background-opacity": 1 } }
  ] });
</script>`);
  },
};

await kinds[kind]();

// The page that "demarc export --format html" writes: it draws the graph that
// stands in the page as JSON, and fetches nothing.
import cytoscape from "cytoscape";

const graph = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

// element makes an element with attributes and children, texts as they are.
function element(name, attributes = {}, ...children) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) e.addEventListener(key.slice(2), value);
    else e.setAttribute(key, value);
  }
  e.append(...children);
  return e;
}

const shapes = { box: "rectangle", rounded: "round-rectangle", ellipse: "ellipse", hexagon: "hexagon", octagon: "octagon", diamond: "diamond", note: "cut-rectangle", plain: "rectangle" };
const arrows = { normal: "triangle", open: "vee", diamond: "diamond", dot: "circle", bar: "tee", none: "none" };
const placed = graph.nodes.every((n) => n.x !== undefined);

// bent gives an edge the control point with which its middle, where the label
// stands, is where the layout has kept room for it.
function bent(f) {
  const [s, t] = [f.subject, f.object].map((id) => places.get(id));
  if (!placed || f.subject === f.object) return {};
  const [dx, dy] = [t.x - s.x, t.y - s.y];
  const length2 = dx * dx + dy * dy;
  if (length2 === 0) return {};
  const [cx, cy] = [2 * f.x - (s.x + t.x) / 2 - s.x, 2 * f.y - (s.y + t.y) / 2 - s.y];
  return { weight: (cx * dx + cy * dy) / length2, distance: (cy * dx - cx * dy) / Math.sqrt(length2) };
}

const places = new Map(graph.nodes.map((n) => [n.id, n]));
const cy = cytoscape({
  container: byId("graph"),
  elements: {
    nodes: graph.nodes.map((n) => ({ data: { ...n, shape: shapes[n.shape] }, position: placed ? { x: n.x, y: n.y } : undefined })),
    edges: graph.facts.map((f) => ({
      data: { ...f, ...bent(f), source: f.subject, target: f.object, head: arrows[f.arrow], tail: f.symmetric ? arrows[f.arrow] : "none" },
    })),
  },
  layout: placed ? { name: "preset", padding: 20 } : { name: "cose", animate: false, randomize: false, nodeDimensionsIncludeLabels: true, padding: 20 },
  minZoom: 0.05,
  maxZoom: 4,
  style: [
    { selector: "node", style: {
      label: "data(name)", shape: "data(shape)", "background-color": "data(fill)", color: "data(text)", width: "data(width)", height: "data(height)",
      "border-width": 1, "border-color": "#000", "font-size": 12, "text-valign": "center", "text-wrap": "wrap", "text-max-width": "data(wrap)",
      "font-family": "DejaVu Sans, Verdana, Noto Sans, sans-serif" } },
    { selector: "edge", style: {
      label: "data(label)", "line-color": "data(color)", "line-style": "data(line)", width: "data(width)", "curve-style": "bezier",
      "target-arrow-shape": "data(head)", "target-arrow-color": "data(color)", "source-arrow-shape": "data(tail)", "source-arrow-color": "data(color)",
      "font-size": 9.5, "text-wrap": "wrap", "text-max-width": 130, "text-background-color": "#fff", "text-background-opacity": 0.9, "text-background-padding": 1,
      "font-family": "DejaVu Sans, Verdana, Noto Sans, sans-serif" } },
    { selector: "edge[distance]", style: {
      "curve-style": "unbundled-bezier", "edge-distances": "node-position",
      "control-point-distances": "data(distance)", "control-point-weights": "data(weight)" } },
    { selector: ".hidden", style: { display: "none" } },
    { selector: ".faint", style: { opacity: 0.15 } },
    { selector: ".found", style: { "border-width": 4, "border-color": "#D55E00" } },
    { selector: "edge:selected", style: { "overlay-color": "#000", "overlay-opacity": 0.15 } },
    { selector: "node:selected", style: { "border-width": 4 } },
  ],
});

// ---- what is shown

const off = new Set(); // predicates
const slider = byId("slider");
const always = byId("always");

// holds reports whether a fact may hold in a year; one without a date always
// may.
const holds = (f, year) => (f.from === undefined || f.from <= year) && (f.to === undefined || f.to >= year);

function show() {
  const year = always.checked ? undefined : Number(slider.value);
  slider.disabled = always.checked;
  byId("year").textContent = year === undefined ? "any time" : String(year);
  cy.batch(() => {
    cy.edges().forEach((e) => e.toggleClass("hidden", off.has(e.data("predicate")) || (year !== undefined && !holds(e.data(), year))));
    cy.nodes().forEach((n) => n.toggleClass("hidden", n.degree(true) > 0 && n.connectedEdges().every((e) => e.hasClass("hidden"))));
  });
  const facts = cy.edges().not(".hidden").length;
  byId("shown").textContent = `${facts} of ${graph.facts.length} facts`;
  search();
}

function search() {
  const words = byId("search").value.trim().toLocaleLowerCase();
  cy.batch(() => {
    cy.elements().removeClass("faint found");
    if (!words) return;
    const found = cy.nodes().filter((n) => !n.hasClass("hidden") && [n.data("name"), ...(n.data("aliases") ?? [])].some((s) => s.toLocaleLowerCase().includes(words)));
    cy.elements().addClass("faint");
    found.closedNeighborhood().removeClass("faint");
    found.addClass("found");
  });
}

// ---- filters

const years = graph.facts.flatMap((f) => [f.from, f.to]).filter((y) => y !== undefined);
if (years.length) {
  slider.min = Math.min(...years);
  slider.max = Math.max(...years);
  slider.value = slider.max;
} else {
  always.disabled = true;
}
slider.addEventListener("input", show);
always.addEventListener("change", show);
byId("search").addEventListener("input", search);
byId("search").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  const first = cy.nodes(".found").first();
  if (first.nonempty()) select(first);
});

for (const p of graph.predicates) {
  const box = element("input", { type: "checkbox", value: p.predicate, onchange: () => { off[box.checked ? "delete" : "add"](p.predicate); show(); } });
  box.checked = true;
  byId("predicates").append(element("label", {}, box,
    element("span", { class: "line", style: `border-top-width:${p.width + 1}px;border-color:${p.color}` }), p.label, element("span", { class: "count" }, String(p.count))));
}
for (const on of [true, false]) {
  byId(on ? "all" : "none").addEventListener("click", () => {
    for (const box of byId("predicates").querySelectorAll("input")) if (box.checked !== on) box.click();
  });
}
for (const c of graph.classes) {
  byId("classes").append(element("label", {}, element("span", { class: "swatch", style: `background:${c.fill}` }), c.class, element("span", { class: "count" }, String(c.count))));
}

// ---- details

function details(...content) {
  byId("details").replaceChildren(...content);
}

function sentence(f) {
  const name = (id) => cy.getElementById(id).data("name");
  return `${name(f.subject)} ${f.label} ${name(f.object)}`;
}

function describeFact(f) {
  const list = [element("h2", {}, sentence(f))];
  for (const ev of f.evidence) {
    list.push(element("blockquote", { lang: "en" }, ev.text, element("cite", {}, `${ev.doc}, line ${ev.line}`)));
  }
  list.push(element("p", { class: "note" }, `Found by rule ${f.rule}, confidence ${f.confidence}.`));
  for (const id of new Set([f.subject, f.object])) {
    list.push(element("p", {}, element("button", { type: "button", onclick: () => select(cy.getElementById(id)) }, cy.getElementById(id).data("name"))));
  }
  details(...list);
}

function describeNode(n) {
  const data = n.data();
  const facts = element("ul");
  n.connectedEdges().forEach((e) => {
    facts.append(element("li", {}, element("button", { type: "button", onclick: () => select(e) }, sentence(e.data()))));
  });
  const also = data.aliases?.length ? [element("p", {}, "Also: " + data.aliases.join(", "))] : [];
  details(element("h2", {}, data.name), element("p", { class: "note" }, data.kind ?? data.class), ...also, facts);
}

// select shows what is known of a node or fact and brings it into sight.
function select(e) {
  cy.elements().unselect();
  e.select();
  if (e.isNode()) describeNode(e);
  else describeFact(e.data());
  cy.center(e);
}

cy.on("tap", "node", (event) => describeNode(event.target));
cy.on("tap", "edge", (event) => describeFact(event.target.data()));

show();
window.demarc = { cy, select }; // for the console

// Prints the facts that a consumer of a format reads in a file, one a line:
// name, label and name, separated by tabs.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [file, format] = process.argv.slice(2);
const text = () => readFileSync(file, "utf8");

// fill gives Cytoscape.js elements and reads them back.
async function fill(elements) {
  const { default: cytoscape } = await import("cytoscape");
  const cy = cytoscape({ headless: true, elements });
  return cy.edges().map((e) => [e.source().data("name"), e.data("label"), e.target().data("name")]);
}

const readers = {
  cytoscape: () => fill(JSON.parse(text()).elements),

  async cx2() {
    const { CX2Network } = await import("@js4cytoscape/ndex-client");
    const network = CX2Network.fromJSON(Object.assign({}, ...JSON.parse(text())));
    const { isValid, errors } = network.validate();
    if (!isValid) throw new Error(errors.join("\n"));
    for (const { name, elementCount } of network.metaData) {
      if (network[name].length !== elementCount) throw new Error(`${name}: ${network[name].length}, not ${elementCount}`);
    }
    const declared = network.attributeDeclarations[0];
    const check = (kind, values) => {
      for (const name in values) if (!declared[kind][name]) throw new Error(`${kind} have ${name}, which is not declared`);
    };
    network.getNodes().forEach((n) => check("nodes", n.v));
    network.getEdges().forEach((e) => check("edges", e.v));
    return fill({
      nodes: network.getNodes().map((n) => ({ data: { ...n.v, id: "n" + n.id } })),
      edges: network.getEdges().map((e) => ({ data: { ...e.v, id: "e" + e.id, source: "n" + e.s, target: "n" + e.t } })),
    });
  },

  async d3() {
    const { forceSimulation, forceLink, forceManyBody } = await import("d3-force");
    const { nodes, links } = JSON.parse(text());
    forceSimulation(nodes).force("link", forceLink(links).id((n) => n.id)).force("charge", forceManyBody()).tick(10).stop();
    if (!nodes.every((n) => Number.isFinite(n.x))) throw new Error("a node has no place");
    return links.map((l) => [l.source.label, l.label, l.target.label]);
  },

  async gexf() {
    const { default: gexf } = await import("graphology-gexf");
    const { default: Graph } = await import("graphology");
    const graph = gexf.parse(Graph, text(), { allowUndeclaredAttributes: false });
    const name = (n) => graph.getNodeAttribute(n, "label");
    graph.forEachNode((n, a) => {
      if (!a.color || !a.size) throw new Error(`${n} has no looks`);
    });
    return graph.mapEdges((e, a, s, t) => [name(s), a.label, name(t)]);
  },

  // A folder of notes: every link leads to a note, and every node's note tells
  // its facts.
  async obsidian() {
    const { default: matter } = await import("gray-matter");
    const notes = new Map();
    for (const name of readdirSync(file)) notes.set(name.replace(/\.md$/, ""), matter(readFileSync(join(file, name), "utf8")));
    const facts = new Set();
    for (const [name, note] of notes) {
      if (!note.data.id || !note.data.tags.length) throw new Error(`${name} does not say what it is`);
      for (const line of note.content.split("\n")) {
        for (const [, target] of line.matchAll(/(?<!\\)\[\[([^\]|]*)/g)) {
          if (!notes.has(target)) throw new Error(`${name} links to ${target}, which is not there`);
        }
        const fact = line.match(/^- \[\[(.*?)(?:\|.*?)?\]\] (.*) \[\[(.*?)(?:\|.*?)?\]\]$/);
        if (fact) facts.add([fact[1], fact[2].replace(/\\(.)/g, "$1"), fact[3]].join("\t"));
      }
    }
    return [...facts].map((f) => f.split("\t"));
  },

  // What Neo4j's own parser says is wrong; nothing is printed.
  async cypher() {
    const { lintCypherQuery, parseStatementsStrs } = await import("@neo4j-cypher/language-support");
    const statements = parseStatementsStrs(text());
    const wrong = statements.flatMap((s) => lintCypherQuery(s, {}).diagnostics.filter((d) => d.severity === 1).map((d) => `${d.message}: ${s}`));
    if (wrong.length) throw new Error(wrong.slice(0, 5).join("\n"));
    return [[statements.length]];
  },
};

for (const fact of await readers[format]()) {
  console.log(fact.map((part) => String(part).replace(/\s+/g, " ")).join("\t"));
}

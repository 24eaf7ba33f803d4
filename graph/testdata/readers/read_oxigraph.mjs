// Prints as N-Quads what Oxigraph reads in a file of the given media type.
// Triple terms are printed as the statements that they stand for: a reifier
// gets rdf:subject, rdf:predicate and rdf:object.
import { readFileSync } from "node:fs";
import { parse } from "oxigraph";

const rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const [file, format] = process.argv.slice(2);
const lines = [];
const graph = (q) => (q.graph.termType === "DefaultGraph" ? "" : ` ${q.graph}`);
for (const q of parse(readFileSync(file), { format })) {
  if (q.object.termType !== "Quad") {
    lines.push(`${q.subject} ${q.predicate} ${q.object}${graph(q)} .`);
    continue;
  }
  if (q.predicate.value !== rdf + "reifies") {
    throw new Error(`a triple term under ${q.predicate}`);
  }
  for (const part of ["subject", "predicate", "object"]) {
    lines.push(`${q.subject} <${rdf}${part}> ${q.object[part]}${graph(q)} .`);
  }
}
process.stdout.write(lines.join("\n") + "\n");

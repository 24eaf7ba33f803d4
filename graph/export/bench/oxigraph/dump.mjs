// Loads N-Quads into Oxigraph's store in memory, writes all of it to another
// file, and prints how many seconds the writing took. V8 holds no string of more
// than 512 MB: a larger store is written graph by graph, as N-Triples.
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { Store } from "oxigraph";

const [input, output] = process.argv.slice(2);
const store = new Store();
store.load(readFileSync(input), { format: "application/n-quads", lenient: true, no_transaction: true });
const start = process.hrtime.bigint();
const out = openSync(output, "w");
try {
  writeSync(out, store.dump({ format: "application/n-quads" }));
} catch (e) {
  console.error(`Oxigraph: ${e.message}; graph by graph`);
  for (const row of store.query("SELECT DISTINCT ?g { GRAPH ?g {} }")) {
    writeSync(out, store.dump({ format: "application/n-triples", from_graph_name: row.get("g") }));
  }
}
closeSync(out);
console.log(JSON.stringify({ seconds: Number(process.hrtime.bigint() - start) / 1e9 }));

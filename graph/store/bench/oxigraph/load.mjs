// Loads gzipped N-Quads into Oxigraph's store in memory and prints how long
// that takes, unpacking included.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Store } from "oxigraph";

const start = process.hrtime.bigint();
const store = new Store();
store.load(gunzipSync(readFileSync(process.argv[2])), {
  format: "application/n-quads",
  base_iri: "http://example.org/",
  unchecked: true,
  no_transaction: true,
});
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
console.log(JSON.stringify({ quads: store.size, seconds }));

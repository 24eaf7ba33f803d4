// Answers SPARQL queries over HTTP from the quads of a file, with Oxigraph. Its
// default graph is the union of all, as demarc's is.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Store } from "oxigraph";

const store = new Store();
store.load(readFileSync(process.argv[2]), { format: "application/n-quads", no_transaction: true });

const server = createServer((request, response) => {
	const query = new URL(request.url, "http://localhost").searchParams.get("query");
	try {
		const text = store.query(query, { use_default_graph_as_union: true, results_format: "application/sparql-results+json" });
		response.setHeader("Content-Type", "application/sparql-results+json");
		response.end(text);
	} catch (error) {
		response.statusCode = 400;
		response.end(String(error));
	}
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));

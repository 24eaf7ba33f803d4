// Queries in SPARQL and their results.

import demarc from "virtual:demarc";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Failure, isRecord, send } from "../api/client";
import type { SparqlResult } from "../api/types";
import { documentHref, entityHref } from "../links";
import { cookbook } from "../sparql/cookbook";
import { type Editor, editor } from "../sparql/editor";
import { Heading } from "../ui/heading";
import { useRoving } from "../ui/roving";
import { ErrorNotice } from "../ui/state";
import { count, cut, Name, Plain } from "../ui/text";

const keywords =
  "SELECT DISTINCT WHERE OPTIONAL FILTER UNION MINUS BIND VALUES GROUP ORDER BY HAVING LIMIT OFFSET ASK CONSTRUCT DESCRIBE COUNT EXISTS NOT GRAPH prov:wasAttributedTo prov:wasDerivedFrom rdf:subject rdf:predicate rdf:object skos:prefLabel dm:Fact dm:quote dm:date dm:since dm:until dm:polarity dm:modality".split(
    " ",
  );

interface Outcome {
  query: string;
  took: number;
  table?: SparqlResult;
  text?: string;
  error?: Failure;
}

const shownRows = 500;
const tables = "application/sparql-results+json, text/turtle;q=0.9";

async function ask(query: string, accept: string): Promise<Response> {
  return send("/sparql", {
    method: "POST",
    body: query,
    headers: { "Content-Type": "application/sparql-query", Accept: accept },
  });
}

/** The place that a message about a query names: "line 2, column 14" and the like. */
export function placeIn(message: string): { line: number; column: number } | undefined {
  const found = /line (\d+)(?:\D{1,12}?(\d+))?|(?:^|\D)(\d+):(\d+)/.exec(message);
  if (!found) return undefined;
  return { line: Number(found[1] ?? found[3]), column: Number(found[2] ?? found[4] ?? 1) };
}

export function Sparql() {
  const { query, route } = useLocation();
  const host = useRef<HTMLDivElement>(null);
  const edit = useRef<Editor | null>(null);
  const [outcome, setOutcome] = useState<Outcome>();
  const [busy, setBusy] = useState(false);
  const result = useRef<HTMLElement>(null);
  const onKeyDown = useRoving<HTMLUListElement>("button.pick");

  const run = async () => {
    const text = edit.current?.text().trim() ?? "";
    if (!text) return;
    route(`/sparql-editor?${new URLSearchParams({ query: text })}`, true);
    setBusy(true);
    edit.current?.fault();
    const start = performance.now();
    const took = () => performance.now() - start;
    try {
      const response = await ask(text, tables);
      if (response.headers.get("Content-Type")?.includes("json"))
        setOutcome({ query: text, table: (await response.json()) as SparqlResult, took: took() });
      else setOutcome({ query: text, text: await response.text(), took: took() });
    } catch (e) {
      const error = e instanceof Failure ? e : new Failure(0, String(e));
      setOutcome({ query: text, error, took: took() });
      const at = error.at ?? placeIn(error.message);
      if (at && error.status === 400) edit.current?.fault({ ...at, message: error.message });
    }
    setBusy(false);
  };
  const latest = useRef(run);
  latest.current = run;

  // The editor lives as long as its element.
  useEffect(() => {
    if (!host.current) return;
    const words = [...keywords, ...Object.keys(demarc.labels).map((p) => `dm:${p}`)];
    edit.current = editor(host.current, {
      text: query.query ?? cookbook[0]?.query ?? "",
      label: "Query in SPARQL",
      words,
      onRun: () => void latest.current(),
    });
    if (query.query) void latest.current();
    return () => edit.current?.destroy();
  }, []);

  return (
    <div class="page wide">
      <Heading title="Query" />
      <p class="lead">
        SPARQL 1.1 over what the documents say. The prefixes <code>dm:</code>, <code>state:</code>,{" "}
        <code>territory:</code>, <code>rdf:</code>, <code>prov:</code> and so on need no declaration; a query changes
        nothing.
      </p>
      <div class="query">
        <div>
          <div class="editor" ref={host} />
          <div class="row">
            <button type="button" class="button primary" disabled={busy} onClick={() => void run()}>
              {busy ? "Running…" : "Run"}
            </button>
            <span class="note">
              <kbd>Ctrl</kbd> <kbd>Enter</kbd>
            </span>
          </div>
          <section class="result" aria-label="Result" ref={result}>
            {outcome && <Result outcome={outcome} />}
          </section>
        </div>
        <aside class="cookbook">
          <h2 id="cookbook">Queries to begin with</h2>
          <ul class="picks panel" aria-labelledby="cookbook" onKeyDown={onKeyDown}>
            {cookbook.map((recipe, i) => (
              <li key={recipe.title}>
                <button
                  type="button"
                  class="pick"
                  tabIndex={i === 0 ? 0 : -1}
                  onClick={() => {
                    edit.current?.set(recipe.query);
                    void run();
                  }}
                >
                  {recipe.title}
                </button>
              </li>
            ))}
          </ul>
        </aside>
      </div>
    </div>
  );
}

function Result({ outcome }: { outcome: Outcome }) {
  const { table, text, error } = outcome;
  if (error) return <ErrorNotice error={error} />;
  const rows = table?.results?.bindings.length ?? 0;
  const said = table?.boolean === undefined ? (table ? count(rows, "row") : "A graph") : table.boolean ? "Yes" : "No";
  return (
    <>
      <div class="row between">
        <h2>
          <span role="status">{said}</span> <span class="count">in {Math.round(outcome.took)} ms</span>
        </h2>
        {table?.results && (
          <div class="row">
            {[
              ["CSV", "text/csv", "csv"],
              ["TSV", "text/tab-separated-values", "tsv"],
              ["JSON", "application/sparql-results+json", "json"],
            ].map(([name = "", type = "", end = ""]) => (
              <button
                type="button"
                class="button small"
                key={name}
                onClick={() => void download(outcome.query, type, `result.${end}`)}
              >
                {name}
                <span class="sr">: save the rows</span>
              </button>
            ))}
          </div>
        )}
      </div>
      {table?.results && <Rows table={table} />}
      {text !== undefined && (
        <pre tabIndex={0} role="region" aria-label="The graph in Turtle">
          <code>
            <Plain text={cut(text, 200_000)} />
          </code>
        </pre>
      )}
    </>
  );
}

async function download(query: string, type: string, name: string) {
  const response = await ask(query, type);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function Rows({ table }: { table: SparqlResult }) {
  const names = table.head.vars ?? [];
  const all = table.results?.bindings ?? [];
  const [most, setMost] = useState(shownRows);
  const rows = useMemo(() => all.slice(0, most), [all, most]);
  if (all.length === 0) return <p class="empty">No rows: nothing in the graph is so.</p>;
  return (
    <>
      <div class="panel scroll" tabIndex={0} role="region" aria-label="Rows">
        <table class="table">
          <thead>
            <tr>
              {names.map((n) => (
                <th scope="col" key={n}>
                  {n}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}>
                {names.map((n) => (
                  <td key={n}>
                    <Term term={row[n]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {all.length > rows.length && (
        <button type="button" class="link note" onClick={() => setMost(most + shownRows)}>
          Show {count(Math.min(shownRows, all.length - rows.length), "more row")}
        </button>
      )}
    </>
  );
}

type TermValue = NonNullable<SparqlResult["results"]>["bindings"][number][string];

const bases: [string, string][] = [
  ["https://w3id.org/demarc/schema#", "dm:"],
  ["http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:"],
  ["http://www.w3.org/2000/01/rdf-schema#", "rdfs:"],
  ["http://www.w3.org/2004/02/skos/core#", "skos:"],
  ["http://www.w3.org/ns/prov#", "prov:"],
  ["http://www.w3.org/2002/07/owl#", "owl:"],
  ["http://www.w3.org/2001/XMLSchema#", "xsd:"],
  ["http://purl.org/dc/terms/", "dcterms:"],
  ["http://www.wikidata.org/entity/", "wd:"],
];
const entities = "https://w3id.org/demarc/id/";

function Term({ term }: { term: TermValue | undefined }) {
  if (!isRecord(term)) return <span class="note">–</span>;
  if (term.type === "bnode") return <code>_:{cut(term.value, 80)}</code>;
  if (term.type === "literal")
    return (
      <>
        <Name max={1000}>{term.value}</Name>
        {term["xml:lang"] && <span class="datatype"> @{term["xml:lang"]}</span>}
      </>
    );
  if (term.value.startsWith(entities)) {
    const id = term.value.slice(entities.length);
    const [kind = "", slug = ""] = [id.slice(0, id.indexOf("/")), id.slice(id.indexOf("/") + 1)];
    const name = <Name max={200}>{`${kind}:${decoded(slug)}`}</Name>;
    if (kind === "document") return <a href={documentHref(decoded(slug))}>{name}</a>;
    if (kind === "fact" || kind === "passage" || kind === "decision") return <code>{name}</code>;
    return <a href={entityHref(`${kind}/${decoded(slug)}`)}>{name}</a>;
  }
  const base = bases.find(([iri]) => term.value.startsWith(iri));
  return <code>{base ? base[1] + cut(term.value.slice(base[0].length), 200) : `<${cut(term.value, 300)}>`}</code>;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

package graph

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/demarcgraph/demarc/graph/query"
)

// rows writes a result as lines of values, sorted.
func rows(r *query.Result) []string {
	var out []string
	for _, row := range r.Rows {
		var values []string
		for _, t := range row {
			values = append(values, strings.TrimPrefix(t.Value, "https://w3id.org/demarc/"))
		}
		out = append(out, strings.Join(values, " "))
	}
	slices.Sort(out)
	return out
}

func TestQuery(t *testing.T) {
	g := kurils(t)
	const id = "https://w3id.org/demarc/id/"
	const dm = "https://w3id.org/demarc/schema#"
	for _, test := range []struct {
		name string
		req  query.Request
		form query.Form
		want []string
	}{
		{"select", query.Request{Text: `SELECT ?t WHERE { instrument:1956-declaration dm:covers ?t }`}, query.Bindings, []string{"id/territory/shikotan"}},
		{"the query's own prefix", query.Request{Text: "PREFIX dm: <http://example.org/>\nSELECT ?t WHERE { ?x dm:covers ?t }"}, query.Bindings, nil},
		{"join", query.Request{Text: `SELECT ?name ?when WHERE {
			?f rdf:subject ?s ; rdf:predicate dm:partyTo ; dm:date ?when . ?s skos:prefLabel ?name } ORDER BY ?name`},
			query.Bindings, []string{"Japan 1956", "Soviet Union 1956"}},
		{"optional", query.Request{Text: `SELECT ?f ?who WHERE { ?f rdf:predicate dm:claims OPTIONAL { ?f prov:wasAttributedTo ?who } }`},
			query.Bindings, []string{"id/fact/19bd9eb760932151db5cf0e33dac9dd0 id/state/russia"}},
		{"count", query.Request{Text: `SELECT (COUNT(DISTINCT ?f) AS ?n) WHERE { ?f a dm:Fact }`}, query.Bindings, []string{"7"}},
		{"path", query.Request{Text: `SELECT ?t WHERE { state:soviet-union dm:partyTo/dm:covers ?t }`}, query.Bindings, []string{"id/territory/shikotan"}},
		{"named graph", query.Request{Text: `SELECT ?g WHERE { GRAPH ?g { state:japan skos:prefLabel ?n } }`}, query.Bindings, []string{"id/gazetteer"}},
		{"one named graph", query.Request{Text: `SELECT ?o WHERE { GRAPH document:note { state:japan dm:partyTo ?o } }`}, query.Bindings, []string{"id/instrument/1956-declaration"}},
		{"from", query.Request{Text: `SELECT ?n FROM document:note WHERE { state:japan skos:prefLabel ?n }`}, query.Bindings, nil},
		{"from two", query.Request{Text: `SELECT ?n FROM document:note FROM <` + id + `gazetteer> WHERE { state:japan skos:prefLabel ?n }`}, query.Bindings, []string{"Japan"}},
		{"from named", query.Request{Text: `SELECT ?g FROM NAMED document:note WHERE { GRAPH ?g { state:japan ?p ?n } } GROUP BY ?g`}, query.Bindings, []string{"id/document/note"}},
		{"no from", query.Request{Text: `SELECT ?o WHERE { ?f dm:from ?o }`}, query.Bindings, []string{"id/state/russia"}},
		{"symmetric", query.Request{Text: `SELECT ?a ?b WHERE { ?a dm:disputes ?b }`}, query.Bindings, []string{"id/state/japan id/state/russia", "id/state/russia id/state/japan"}},
		{"ask", query.Request{Text: `ASK { ?s dm:claims ?o }`}, query.Boolean, []string{"false"}},
		{"construct", query.Request{Text: `CONSTRUCT { ?o dm:coveredBy ?s } WHERE { ?s dm:covers ?o }`}, query.Triples,
			[]string{"id/territory/shikotan schema#coveredBy id/instrument/1956-declaration"}},
		{"a literal is no subject", query.Request{Text: `SELECT DISTINCT ?p WHERE { instrument:1956-declaration ?x ?o . ?o ?p ?y }`}, query.Bindings,
			[]string{"http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/2004/02/skos/core#prefLabel", "schema#foldedName", "schema#properName"}},
		{"filter on a number", query.Request{Text: `SELECT ?r WHERE { ?f dm:confidence ?c ; dm:rule ?r FILTER(?c > 0.85) }`}, query.Bindings,
			[]string{"call", "sign", "sign"}},
		{"gizmo", query.Request{Language: query.Gizmo, Text: `g.V("<` + id + `state/japan>").out("<` + dm + `partyTo>").all()`}, query.Bindings,
			[]string{"id/instrument/1956-declaration"}},
		{"gizmo tags", query.Request{Language: query.Gizmo, Text: `g.V().has("<` + dm + `rule>", "claim").tag("f").out("<` + dm + `polarity>").all()`}, query.Bindings,
			[]string{"schema#denied id/fact/19bd9eb760932151db5cf0e33dac9dd0"}},
		{"gizmo emits", query.Request{Language: query.Gizmo, Text: `g.emit({n: g.V("<` + id + `state/japan>").out("<` + dm + `partyTo>").toArray().length})`}, query.Bindings, []string{"1"}},
		{"graphql", query.Request{Language: query.GraphQL, Text: `{ nodes(<` + dm + `rule>: "cover") { id, s: <http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> } }`}, query.Trees,
			[]string{`nodes {"id":"https://w3id.org/demarc/id/fact/b779dd4b4c0d3a55025bc7c2a700ba5a","s":"https://w3id.org/demarc/id/instrument/1956-declaration"}`}},
		{"mql", query.Request{Language: query.MQL, Text: `[{"id": "<` + id + `state/japan>", "<` + dm + `partyTo>": null}]`}, query.Trees,
			[]string{` {"<https://w3id.org/demarc/schema#partyTo>":"<https://w3id.org/demarc/id/instrument/1956-declaration>","id":"<https://w3id.org/demarc/id/state/japan>"}`}},
	} {
		r, err := g.Query(t.Context(), test.req)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if d := diff(test.want, rows(r)); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, d)
		}
		if r.Form != test.form || r.Rows == nil || r.Limited {
			t.Errorf("%s: form %s, limited %v", test.name, r.Form, r.Limited)
		}
		for _, row := range r.Rows {
			if len(row) != len(r.Columns) {
				t.Errorf("%s: row %v under columns %v", test.name, row, r.Columns)
			}
		}
	}
}

func TestQueryTerms(t *testing.T) {
	g := kurils(t)
	r, err := g.Query(t.Context(), query.Request{Text: `SELECT ?s ?l ?n ?none WHERE { ?s dm:line ?n ; dm:quote ?l FILTER(?n = 2) } LIMIT 1`})
	if err != nil || len(r.Rows) != 1 {
		t.Fatal(r, err)
	}
	row := r.Rows[0]
	if row[0].Kind != query.IRI || row[1].Kind != query.Literal || row[1].Datatype != "" ||
		row[2] != (query.Term{Kind: query.Literal, Value: "2", Datatype: "http://www.w3.org/2001/XMLSchema#integer"}) || row[3] != (query.Term{}) {
		t.Errorf("%+v", row)
	}
}

func TestQueryErrors(t *testing.T) {
	g := kurils(t)
	for name, req := range map[string]query.Request{
		"sparql": {Text: "SELECT WHERE"}, "undeclared prefix": {Text: "SELECT * WHERE { ?s nothing:x ?o }"},
		"gizmo": {Language: query.Gizmo, Text: "g.V("}, "gizmo call": {Language: query.Gizmo, Text: "g.V().nothing()"},
		"graphql": {Language: query.GraphQL, Text: "{"}, "mql": {Language: query.MQL, Text: "["},
		"language": {Language: "cypher", Text: "MATCH (n) RETURN n"},
	} {
		if r, err := g.Query(t.Context(), req); err == nil {
			t.Errorf("%s: no error but %+v", name, r)
		}
	}
}

func TestQueryLimits(t *testing.T) {
	x, docs := randomCorpus(rand.New(rand.NewPCG(1, 1)), 40)
	g := open(t, x, atlas{})
	load(t, g, docs...)
	all := map[query.Language]string{
		query.SPARQL: "SELECT * WHERE { ?s ?p ?o }", query.Gizmo: "g.V().all()",
		query.GraphQL: "{ nodes { id } }", query.MQL: `[{"id": null}]`,
	}
	for language, text := range all {
		r, err := g.Query(t.Context(), query.Request{Language: language, Text: text, Limit: 7})
		if err != nil || len(r.Rows) != 7 || !r.Limited {
			t.Errorf("%s: %d rows, %v", language, len(r.Rows), err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if r, err := g.Query(ctx, query.Request{Language: language, Text: text}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s, cancelled: %v, %v", language, r, err)
		}
	}
	endless := map[query.Language]string{
		query.SPARQL: "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
		query.Gizmo:  "while (true) {}",
	}
	for language, text := range endless {
		begin := time.Now()
		_, err := g.Query(t.Context(), query.Request{Language: language, Text: text, Timeout: 50 * time.Millisecond})
		if !errors.Is(err, query.ErrTimeout) && !errors.Is(err, query.ErrTooLarge) {
			t.Errorf("%s: %v after %v", language, err, time.Since(begin))
		}
	}
	// What was given up cannot spoil the graph or keep it from closing.
	if _, err := g.Stats(t.Context()); err != nil {
		t.Error(err)
	}
}

// FuzzQuery asks for any query to end without a crash and in time.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		"SELECT * WHERE { ?s ?p ?o }", "SELECT (COUNT(*) AS ?n) { { SELECT ?s { ?s a dm:Fact } } FILTER NOT EXISTS { ?s dm:date ?d } } GROUP BY ?s HAVING(?n > 1)",
		"ASK { GRAPH ?g { ?s dm:claims/skos:prefLabel* ?o } }", "DESCRIBE state:japan", "CONSTRUCT { ?s ?p [] } WHERE { ?s ?p \"x\"@en }",
		"{ nodes(first: 2) { id, <https://w3id.org/demarc/schema#rule> } }", `[{"id": null, "<https://w3id.org/demarc/schema#rule>": []}]`,
		"g.V().limit(2).out().all()", "g.M().out('x')",
	} {
		for _, language := range query.Languages() {
			f.Add(string(language), seed)
		}
	}
	g := kurils(f)
	f.Fuzz(func(t *testing.T, language, text string) {
		r, err := g.Query(t.Context(), query.Request{Language: query.Language(language), Text: text, Timeout: time.Second, Limit: 50})
		if err == nil && len(r.Rows) > 50 {
			t.Errorf("%d rows", len(r.Rows))
		}
	})
}

package query_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// open returns a store with quads in a short notation: "s p o" or "s p o g",
// where :x is an IRI, _:x a blank node, 1 a number and anything else a string.
func open(t testing.TB, lines ...string) *store.Store {
	t.Helper()
	s, err := store.Open("", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	value := func(f string) quad.Value {
		var n int64
		if local, ok := strings.CutPrefix(f, ":"); ok {
			return quad.IRI("http://example/" + local)
		}
		if label, ok := strings.CutPrefix(f, "_:"); ok {
			return quad.BNode(label)
		}
		if _, err := fmt.Sscan(f, &n); err == nil {
			return quad.Int(n)
		}
		return quad.String(f)
	}
	var quads []quad.Quad
	for _, line := range lines {
		f := strings.Fields(line)
		q := quad.Quad{Subject: value(f[0]), Predicate: value(f[1]), Object: value(f[2])}
		if len(f) > 3 {
			q.Label = value(f[3])
		}
		quads = append(quads, q)
	}
	if err := s.Apply(t.Context(), nil, quads); err != nil {
		t.Fatal(err)
	}
	return s
}

func run(t testing.TB, s *store.Store, req query.Request) (*query.Result, error) {
	t.Helper()
	snapshot, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	req.Text = "PREFIX : <http://example/> " + req.Text
	return query.Run(t.Context(), snapshot, schema.Namespace{}, req)
}

// flat writes rows as lines, - for what is unbound.
func flat(r *query.Result) []string {
	var lines []string
	for _, row := range r.Rows {
		var values []string
		for _, v := range row {
			text := strings.TrimPrefix(v.Value, "http://example/")
			if v.Kind == query.None {
				text = "-"
			}
			values = append(values, text)
		}
		lines = append(lines, strings.Join(values, " "))
	}
	return lines
}

// TestSPARQL tests what the standard says of patterns in patterns, where an
// evaluator that looks things up from left to right goes wrong.
func TestSPARQL(t *testing.T) {
	s := open(t,
		":a :p 1", ":b :p 2", ":c :p 3", ":a :q :b", ":b :q :c", ":c :q :a", ":a :name Ann", ":b :name Bob",
		":d :r :a :g1", ":e :r :b :g1", ":e :r :b :g2", ":e :s 7 :g2", "_:x :t :a", "_:x :t :b", ":deep :t _:x")
	for _, test := range []struct {
		name, query string
		want        string // lines sorted and separated by |
	}{
		{"optional", `SELECT ?x ?n { ?x :p ?v OPTIONAL { ?x :name ?n } }`, "a Ann|b Bob|c -"},
		{"optional, filter on the left", `SELECT ?x ?n { ?x :p ?v OPTIONAL { ?x :name ?n FILTER(?v > 1) } }`, "a -|b Bob|c -"},
		{"optional over a filtered group", `SELECT ?x ?n { ?x :p ?v OPTIONAL { { ?x :name ?n FILTER(?v > 1) } } }`, "a -|b -|c -"},
		{"optional, nested, not well designed", `SELECT ?x ?y { ?x :p 1 OPTIONAL { ?y :p 2 OPTIONAL { ?x :p 3 } } }`, "a -"},
		{"optional twice, one variable", `SELECT ?x ?n { ?x :p ?v OPTIONAL { ?x :name ?n } OPTIONAL { ?x :q ?n } }`, "a Ann|b Bob|c a"},
		{"filter outside of its scope", `SELECT ?x { ?x :p ?v { ?x :q ?y FILTER(?v = 1) } }`, ""},
		{"bind is not seen in a nested group", `SELECT ?x ?w { ?x :p ?v { ?x :q ?y BIND(?v AS ?w) } }`, "a -|b -|c -"},
		{"bind joins", `SELECT ?x { ?x :p ?v { BIND(2 AS ?v) } }`, "b"},
		{"minus", `SELECT ?x { ?x :p ?v MINUS { ?x :name "Ann" } }`, "b|c"},
		{"minus shares nothing", `SELECT ?x { ?x :p ?v MINUS { ?y :name "Ann" } }`, "a|b|c"},
		{"minus does not see the left", `SELECT ?x { ?x :p ?v MINUS { ?x :q ?y FILTER(?v = 1) } }`, "a|b|c"},
		{"minus in a nested group", `SELECT ?x { ?x :p ?v { ?x :q ?y MINUS { ?x :name "Ann" } } }`, "b|c"},
		{"minus of what is optional", `SELECT ?x { ?x :p ?v OPTIONAL { ?x :name ?n } MINUS { ?y :name ?n } }`, "c"},
		{"optional in a nested group", `SELECT ?x ?n { ?x :p ?v { ?y :q ?x OPTIONAL { ?y :name ?n } } }`, "a -|b Ann|c Bob"},
		{"union and filter", `SELECT ?x { ?x :p ?v { { ?x :q ?y FILTER(?v = 1) } UNION { ?x :p ?w FILTER(?w = 2) } } }`, "b"},
		{"sub-query in exists", `SELECT ?x { ?x :p ?v FILTER EXISTS { SELECT ?x { ?x :name ?n } } }`, "a|b"},
		{"aggregate in a sub-query in a graph", `SELECT ?g ?m { GRAPH ?g { SELECT (MAX(?o) AS ?m) { ?s :s ?o } } }`, "g1 -|g2 7"},
		{"values in two places", `SELECT ?x ?y { VALUES ?x { :a :b } VALUES ?y { 1 2 } ?x :p ?y }`, "a 1|b 2"},
		{"not exists sees the left", `SELECT ?x { ?x :p ?v FILTER NOT EXISTS { ?x :q ?y FILTER(?v = 1) } }`, "b|c"},
		{"not exists shares nothing", `SELECT ?x { ?x :p ?v FILTER NOT EXISTS { ?y :name "Ann" } }`, ""},
		{"exists in a graph", `SELECT ?g { GRAPH ?g { ?s :r ?o FILTER EXISTS { ?s :s 7 } } }`, "g2"},
		{"exists in exists", `SELECT ?x { ?x :p ?v FILTER EXISTS { ?x :q ?y FILTER NOT EXISTS { ?y :name ?n } } }`, "b"},
		{"exists in bind", `SELECT ?x ?e { ?x :p ?v BIND(EXISTS { ?x :name ?n } AS ?e) }`, "a true|b true|c false"},
		{"values", `SELECT ?x ?v { VALUES (?x ?v) { (:a UNDEF) (UNDEF 2) (:c 1) } ?x :p ?v }`, "a 1|b 2"},
		{"values at the end", `SELECT ?x (COUNT(*) AS ?n) { ?x :p ?v } GROUP BY ?x VALUES ?x { :a :z }`, "a 1"},
		{"union keeps repetitions", `SELECT ?x { { ?x :p 1 } UNION { ?x :p 1 } }`, "a|a"},
		{"default graph of many labels", `SELECT ?s { ?s :r :b }`, "e"},
		{"graphs", `SELECT ?g ?s { GRAPH ?g { ?s :r :b } }`, "g1 e|g2 e"},
		{"one graph", `SELECT ?s { GRAPH :g1 { ?s :r ?o } }`, "d|e"},
		{"no such graph", `SELECT * { GRAPH :none { } }`, ""},
		{"graph joins", `SELECT ?g { ?x :p 2 GRAPH ?g { ?s :r ?x } GRAPH ?g { ?s :s ?n } }`, "g2"},
		{"path in a graph", `SELECT ?g ?o { GRAPH ?g { :e :r|:s ?o } }`, "g1 b|g2 7|g2 b"},
		{"from", `SELECT ?s ?o FROM :g2 { ?s ?p ?o }`, "e 7|e b"},
		{"from named only", `SELECT * FROM NAMED :g2 { ?s ?p ?o }`, ""},
		{"sub-query", `SELECT ?x ?m { ?x :p ?v { SELECT (MAX(?v) AS ?m) { ?y :p ?v } } }`, "a 3|b 3|c 3"},
		{"sub-query hides", `SELECT ?x ?v { ?x :p ?v { SELECT ?x { ?x :name ?v } } }`, "a 1|b 2"},
		{"sub-query with limit", `SELECT ?x ?n { { SELECT ?x { ?x :p ?v } ORDER BY DESC(?v) LIMIT 2 } OPTIONAL { ?x :name ?n } }`, "b Bob|c -"},
		{"sub-query in graph", `SELECT ?g ?n { GRAPH ?g { { SELECT (COUNT(*) AS ?n) { ?s :r ?o } } } }`, "g1 2|g2 1"},
		{"path, plus, in a circle", `SELECT ?y { :a :q+ ?y }`, "a|b|c"},
		{"path, star, both ends", `SELECT ?x { ?x :q* :nowhere }`, "nowhere"},
		{"path, same ends", `SELECT ?x { ?x :q/:q/:q ?x }`, "a|b|c"},
		{"path, inverse sequence", `SELECT ?x { ?x ^(:q/:q) :a }`, "c"},
		{"path, not", `SELECT ?o { :a !(:p|:q|^:q) ?o }`, "Ann|d|x"},
		{"path, optional", `SELECT ?o { :a (:q/:q)? ?o }`, "a|c"},
		{"blank nodes", `SELECT ?o { :deep :t [ :t ?o ] }`, "a|b"},
		{"aggregates", `SELECT (COUNT(*) AS ?n) (SUM(?v) AS ?s) (AVG(?v) AS ?m) (GROUP_CONCAT(STRLEN(STR(?v)); SEPARATOR="+") AS ?c) { ?x :p ?v }`, "3 6 2 1+1+1"},
		{"nothing has no groups", `SELECT ?x (COUNT(*) AS ?n) { ?x :nothing ?y } GROUP BY ?x`, ""},
		{"nothing is a group", `SELECT (COUNT(*) AS ?n) (MAX(?y) AS ?m) { ?x :nothing ?y }`, "0 -"},
		{"having", `SELECT ?t { ?t :q ?x . ?x :p ?v } GROUP BY ?t HAVING(SUM(?v) > 2)`, "b"},
		{"order by aggregate", `SELECT ?x { ?x :p ?v } GROUP BY ?x ORDER BY DESC(SUM(?v)) LIMIT 1`, "c"},
		{"distinct after projection", `SELECT DISTINCT ?l { ?x :p ?v BIND(?v > 1 AS ?l) }`, "false|true"},
		{"division by zero", `SELECT ?z { BIND(1/0 AS ?z) }`, "-"},
		{"or hides an error", `SELECT ?x { ?x :p ?v FILTER(?nothing || ?v = 1) }`, "a"},
		{"in", `SELECT ?x { ?x :p ?v FILTER(?v IN (1, 2+1)) }`, "a|c"},
		{"a literal is no subject", `SELECT * { ?x :name ?n . ?n ?p ?o }`, ""},
		{"escapes", `SELECT ("a\"b\u0041" AS ?x) {}`, `a"bA`},
		{"names with dots and escapes", `SELECT ?o { VALUES ?o { :x.y :x\-z :%41 } }`, "%41|x-z|x.y"},
		{"silent service", `SELECT ?x { ?x :p 1 SERVICE SILENT <http://nowhere/> { ?a ?b ?c } }`, "a"},
		{"describe", `DESCRIBE :deep`, "deep t x|x t a|x t b"},
		{"describe by pattern", `DESCRIBE ?x { ?x :p 3 }`, "c p 3|c q a"},
		{"construct with new nodes", `CONSTRUCT { _:n :n "v" } WHERE { ?x :p ?v }`, "q1 n v|q2 n v|q3 n v"},
		{"construct without", `CONSTRUCT WHERE { ?x :p 1 }`, "a p 1"},
		{"construct leaves out what is no triple", `CONSTRUCT { ?v :of ?x . ?x :n ?n } WHERE { ?x :p ?v OPTIONAL { ?x :name ?n } }`, "a n Ann|b n Bob"},
		{"ask", `ASK { ?x :p 4 }`, "false"},
		{"dates", `SELECT ?y { VALUES ?d { "1956-10-19"^^<http://www.w3.org/2001/XMLSchema#date> } BIND(YEAR(?d) AS ?y) FILTER(?d > "1956-01-01"^^<http://www.w3.org/2001/XMLSchema#date>) }`, "1956"},
		{"blank nodes of texts", `SELECT (COUNT(DISTINCT ?b) AS ?n) { ?x :p ?v BIND(BNODE("l") AS ?b) }`, "3"},
	} {
		r, err := run(t, s, query.Request{Text: test.query})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		got := flat(r)
		slices.Sort(got)
		if g := strings.Join(got, "|"); g != test.want {
			t.Errorf("%s: got %s, want %s", test.name, g, test.want)
		}
	}
}

func TestOrder(t *testing.T) {
	s := open(t, ":a :p 10", ":a :p 9", ":a :p x", ":a :p :i", "_:b :q 1", ":a :p _:b")
	r, err := run(t, s, query.Request{Text: `SELECT ?o { { :a :p ?o } UNION { ?z :q 1 } } ORDER BY ?o`})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(flat(r), " "); got != "- b i 9 10 x" {
		t.Error(got)
	}
}

func TestSyntaxErrors(t *testing.T) {
	s := open(t)
	for text, want := range map[string]string{
		"SELECT WHERE { }":                                  "what to select",
		"SELECT ?x { ?x :p }":                               "a variable, an IRI or a literal",
		"SELECT ?x { ?x :p ?y ":                             "the query ends",
		"SELECT ?x { ?x no:p ?y }":                          "prefix of no:p is not declared",
		"SELECT ?x (1 AS ?x) { }":                           "selected already",
		"SELECT (1 AS ?x) { ?x :p 1 }":                      "has a value already",
		"SELECT ?x { ?x :p ?y } GROUP BY ?y":                "many values in a group",
		"SELECT * { ?x :p ?y } GROUP BY ?y":                 "name the variables",
		"SELECT ?x { ?x :p ?y FILTER(COUNT(?y) > 1) }":      "SELECT, HAVING and ORDER BY only",
		"SELECT (SUM(COUNT(?y)) AS ?n) { ?x :p ?y }":        "inside another",
		"SELECT * { ?x :p ?y BIND(1 AS ?y) }":               "where BIND would",
		"SELECT * { VALUES (?x ?y) { (1) } }":               "1 values for 2",
		"SELECT * { _:a :p 1 OPTIONAL { _:a :q 2 } }":       "stands in two patterns",
		"SELECT * { ?x :p \"a\\qb\" }":                      "escapes",
		"SELECT * { ?x :p 'a":                               "not closed",
		"SELECT * { ?x :p ?y } LIMIT -1":                    "whole number",
		"DELETE WHERE { ?x :p ?y }":                         "SELECT, ASK, CONSTRUCT or DESCRIBE",
		"CONSTRUCT WHERE { ?x :p ?y FILTER(?y > 1) }":       "wanted",
		"SELECT * { " + strings.Repeat("{", 1000) + " }":    "nested",
		"SELECT (" + strings.Repeat("-", 1000) + "1 AS ?x)": "",
	} {
		_, err := run(t, s, query.Request{Text: text})
		var syntax *query.SyntaxError
		if !errors.As(err, &syntax) || !strings.Contains(err.Error(), want) || syntax.Line != 1 {
			t.Errorf("%.60s: %v, want %q", text, err, want)
		}
	}
	if _, err := run(t, s, query.Request{Text: "SELECT (:f(1) AS ?x) {}"}); err == nil || !strings.Contains(err.Error(), "no function <http://example/f>") {
		t.Error(err)
	}
	if _, err := run(t, s, query.Request{Text: "SELECT * { SERVICE <http://x/> {} }"}); err == nil || !strings.Contains(err.Error(), "SERVICE") {
		t.Error(err)
	}
}

// TestLimits has each limit stop a query that would go on.
func TestLimits(t *testing.T) {
	var lines []string
	for i := range 200 {
		lines = append(lines, fmt.Sprintf(":s%d :p %d", i, i))
	}
	s := open(t, lines...)
	const cross = "{ ?a :p ?b . ?c :p ?d . ?e :p ?f . ?g :p ?h }"
	doubling := "SELECT ?v40 { BIND(\"x\" AS ?v0)"
	for i := range 40 {
		doubling += fmt.Sprintf(" BIND(CONCAT(?v%d, ?v%d) AS ?v%d)", i, i, i+1)
	}
	doubling += " }"
	for _, test := range []struct {
		req   query.Request
		limit query.Limit
		is    error
	}{
		{query.Request{Text: "SELECT (COUNT(*) AS ?n) " + cross, Timeout: 50 * time.Millisecond}, query.LimitTime, query.ErrTimeout},
		{query.Request{Text: "SELECT * { ?a :p ?b FILTER NOT EXISTS { ?x :p ?y . ?z :p ?w . ?u :p ?v FILTER(?y + ?w + ?v < 0) } }", Timeout: 50 * time.Millisecond}, query.LimitTime, query.ErrTimeout},
		{query.Request{Text: "SELECT DISTINCT * " + cross, Limit: -1, Memory: 1 << 20}, query.LimitMemory, query.ErrTooLarge},
		{query.Request{Text: "SELECT * " + cross + " ORDER BY ?a", Memory: 1 << 20}, query.LimitMemory, query.ErrTooLarge},
		{query.Request{Text: "SELECT ?a ?c (COUNT(*) AS ?n) " + cross + " GROUP BY ?a ?c ?e", Memory: 1 << 20}, query.LimitMemory, query.ErrTooLarge},
		{query.Request{Text: doubling}, query.LimitMemory, query.ErrTooLarge},
		{query.Request{Text: "SELECT * " + cross, Limit: 10, Strict: true}, query.LimitRows, query.ErrTooManyRows},
		{query.Request{Language: query.Gizmo, Text: "while (true) {}", Timeout: 50 * time.Millisecond}, query.LimitTime, query.ErrTimeout},
		{query.Request{Language: query.Gizmo, Text: "g.V().all()", Limit: 10, Strict: true}, query.LimitRows, query.ErrTooManyRows},
		{query.Request{Language: query.GraphQL, Text: "{ nodes { id } }", Limit: 10, Strict: true}, query.LimitRows, query.ErrTooManyRows},
		{query.Request{Language: query.MQL, Text: `[{"id": null}]`, Limit: 10, Strict: true}, query.LimitRows, query.ErrTooManyRows},
		{query.Request{Language: query.GraphQL, Text: "{ nodes { id } }", Timeout: time.Nanosecond}, query.LimitTime, query.ErrTimeout},
		{query.Request{Language: query.MQL, Text: `[{"id": null}]`, Timeout: time.Nanosecond}, query.LimitTime, query.ErrTimeout},
	} {
		begin := time.Now()
		if test.req.Language != "" {
			snapshot, err := s.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			_, err = query.Run(t.Context(), snapshot, schema.Namespace{}, test.req)
			checkLimit(t, test.req.Text, err, test.limit, test.is)
		} else {
			_, err := run(t, s, test.req)
			checkLimit(t, test.req.Text, err, test.limit, test.is)
		}
		if d := time.Since(begin); d > time.Minute { // far from the limit, for busy machines and the race detector
			t.Errorf("%s: ended after %s", test.req.Text, d)
		}
	}
	// Without Strict, rows are cut, and the query does not go on for more.
	r, err := run(t, s, query.Request{Text: "SELECT * " + cross, Limit: 10})
	if err != nil || len(r.Rows) != 10 || !r.Limited {
		t.Errorf("%v, %v", r, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	snapshot, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	_, err = query.Run(ctx, snapshot, schema.Namespace{}, query.Request{Text: "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f . ?g ?s ?h }"})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func checkLimit(t *testing.T, text string, err error, limit query.Limit, is error) {
	t.Helper()
	var l *query.LimitError
	if !errors.As(err, &l) || l.Limit != limit || !errors.Is(err, is) || !strings.Contains(err.Error(), "raise the limit") {
		t.Errorf("%s: %v, want the limit of %s", text, err, limit)
	}
}

func FuzzSPARQL(f *testing.F) {
	for _, seed := range []string{
		"SELECT * { ?s ?p ?o OPTIONAL { ?o :p [] } } ORDER BY ?s LIMIT 3", "ASK { :a (:p|^:q)*/!(:p) ?x }",
		"CONSTRUCT { ?s :p (1 2) } WHERE { GRAPH ?g { ?s ?p ?o } MINUS { ?s :q ?o } }", "DESCRIBE * { ?x :p 'a'@en }",
		"SELECT (COUNT(DISTINCT *) AS ?n) { { SELECT ?x { VALUES ?x { 1 UNDEF } } } FILTER NOT EXISTS { ?x ?y ?z } } GROUP BY ?x HAVING(?n > 1)",
	} {
		f.Add(seed)
	}
	s := open(f, ":a :p 1", ":a :q :b", ":b :p :a :g")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := run(t, s, query.Request{Text: text, Limit: 20, Timeout: time.Second})
		if err == nil && len(r.Rows) > 20 {
			t.Errorf("%d rows", len(r.Rows))
		}
	})
}

// TestDistinct asks random queries with DISTINCT, which is evaluated on sets of
// what is looked at later, and without.
func TestDistinct(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	var lines []string
	for range 120 {
		lines = append(lines, fmt.Sprintf(":n%d :p%d :n%d :g%d", rnd.IntN(12), rnd.IntN(3), rnd.IntN(12), rnd.IntN(2)))
	}
	s := open(t, lines...)
	term := func() string {
		if rnd.IntN(5) == 0 {
			return fmt.Sprintf(":n%d", rnd.IntN(12))
		}
		return fmt.Sprintf("?v%d", rnd.IntN(4))
	}
	triple := func() string { return fmt.Sprintf("%s :p%d %s . ", term(), rnd.IntN(3), term()) }
	for range 300 {
		pattern := triple() + triple()
		switch rnd.IntN(8) {
		case 0:
			pattern += "OPTIONAL { " + triple() + "} "
		case 1:
			pattern += "{ " + triple() + "} UNION { " + triple() + "} "
		case 2:
			pattern += "FILTER NOT EXISTS { " + triple() + "} "
		case 3:
			pattern += "MINUS { " + triple() + "} "
		case 4:
			pattern += "OPTIONAL { " + triple() + "} " + triple()
		case 5:
			pattern += "BIND(STR(?v0) AS ?v9) "
		case 6:
			pattern += "GRAPH ?v3 { " + triple() + "} "
		}
		ask := func(format string) []string {
			text := fmt.Sprintf(format, pattern)
			r, err := run(t, s, query.Request{Text: text, Limit: -1})
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			rows := flat(r)
			slices.Sort(rows)
			return rows
		}
		for _, columns := range []string{"?v0", "?v1 ?v2", "?v0 ?v1 ?v2 ?v9"} {
			want := slices.Compact(ask("SELECT " + columns + " { %s }"))
			if got := ask("SELECT DISTINCT " + columns + " { %s }"); !slices.Equal(got, want) {
				t.Fatalf("%s { %s}:\n%q, want\n%q", columns, pattern, got, want)
			}
		}
		bound := ask("SELECT DISTINCT ?v1 { %s FILTER(BOUND(?v1)) }")
		if got := ask("SELECT (COUNT(DISTINCT ?v1) AS ?n) { %s }"); got[0] != fmt.Sprint(len(bound)) {
			t.Fatalf("{ %s}: counted %s, want %d", pattern, got, len(bound))
		}
		if got, want := ask("ASK { %s }"), fmt.Sprint(len(ask("SELECT * { %s }")) > 0); got[0] != want {
			t.Fatalf("ASK { %s}: %s, want %s", pattern, got, want)
		}
	}
}

// TestInverses asks by the names that predicates have the other way round.
func TestInverses(t *testing.T) {
	s, err := store.Open("", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	e := func(id string) quad.IRI { return quad.IRI(schema.Namespace{}.Entity(id)) }
	term := func(p schema.Predicate) quad.IRI { return quad.IRI(schema.Term(p)) }
	quads := []quad.Quad{
		{Subject: e("state/a"), Predicate: term(schema.Claims), Object: e("territory/x")},
		{Subject: e("territory/x"), Predicate: term(schema.PartOf), Object: e("territory/y")},
		{Subject: e("territory/y"), Predicate: term(schema.PartOf), Object: e("territory/z")},
	}
	if err := s.Apply(t.Context(), nil, quads); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"SELECT ?who { territory:x dm:isClaimedBy ?who }":                               "state/a",
		"SELECT ?x { ?x dm:isClaimedBy state:a }":                                       "territory/x",
		"SELECT ?x { state:a ^dm:isClaimedBy ?x }":                                      "territory/x",
		"SELECT ?x { state:a ^dm:isClaimedBy/dm:partOf+ ?x FILTER(?x != territory:y) }": "territory/z",
		"SELECT ?x { territory:z dm:includes/dm:includes ?x }":                          "territory/x",
		"SELECT ?x { territory:z dm:includes+ ?x FILTER(?x != territory:y) }":           "territory/x",
	} {
		r, err := run(t, s, query.Request{Text: text})
		if err != nil || len(r.Rows) != 1 || r.Rows[0][0].Value != string(e(want)) {
			t.Errorf("%s: %v, %v, want %s", text, r, err, want)
		}
	}
	// What a query makes says what it was asked to say.
	r, err := run(t, s, query.Request{Text: "CONSTRUCT { ?x dm:isClaimedBy ?who } { ?who dm:claims ?x }"})
	if err != nil || len(r.Rows) != 1 || r.Rows[0][1].Value != schema.VocabularyIRI+"isClaimedBy" {
		t.Errorf("%v, %v", r, err)
	}
}

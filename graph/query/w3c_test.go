package query_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/tggo/goRDFlib/term"

	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/internal/shared"
	"github.com/demarcgraph/demarc/internal/w3c"
	"github.com/demarcgraph/demarc/schema"
)

// exceptions are tests of the W3C's that demarc does not pass or that are not
// for a query engine, each with the reason. The keys are categories or
// category/test.
var exceptions = map[string]string{
	"protocol":            "these are requests and replies of HTTP, which graph/serve answers",
	"service-description": "this is a document that an HTTP service gives of itself, which graph/serve answers",
	"entailment":          "demarc answers from the quads it has, without RDFS and OWL entailment",
	"service":             "demarc reads its own graph only: other services are beyond its network-less working",
}

const (
	qt = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
	rs = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
	// defaultGraph labels what a test has in its default graph.
	defaultGraph = "urn:default"
)

// TestW3C runs the SPARQL 1.1 test cases of the W3C.
func TestW3C(t *testing.T) {
	manifests, err := filepath.Glob(filepath.Join(shared.Path(t, "w3c", "sparql11"), "*", "manifest.ttl"))
	if err != nil || len(manifests) == 0 {
		t.Fatal("no manifests", err)
	}
	for _, manifest := range manifests {
		if manifest, err = filepath.Abs(manifest); err != nil {
			t.Fatal(err)
		}
		category := filepath.Base(filepath.Dir(manifest))
		t.Run(category, func(t *testing.T) {
			if reason, ok := exceptions[category]; ok {
				t.Skip(reason)
			}
			runManifest(t, category, manifest)
		})
	}
}

func runManifest(t *testing.T, category, path string) {
	for _, e := range w3c.Entries(t, path) {
		t.Run(e.Name(), func(t *testing.T) {
			if reason, ok := exceptions[category+"/"+e.Name()]; ok {
				t.Skip(reason)
			}
			runCase(t, e)
		})
	}
}

func runCase(t *testing.T, e w3c.Node) {
	kind := strings.TrimPrefix(e.One(w3c.RDF+"type").Text(), w3c.Manifest)
	if strings.Contains(kind, "Update") {
		t.Skip("demarc has no SPARQL Update: documents are what changes a graph")
	}
	action := e.One(w3c.Manifest + "action")
	switch kind {
	case "PositiveSyntaxTest11", "PositiveSyntaxTest", "NegativeSyntaxTest11", "NegativeSyntaxTest":
		_, err := w3cQuery(t, action.File(), nil, nil)
		var syntax *query.SyntaxError
		failed := errors.As(err, &syntax) // what is well-formed may be beyond answering
		if failed != strings.HasPrefix(kind, "Negative") {
			t.Errorf("%s: %v", kind, err)
		}
	case "QueryEvaluationTest", "CSVResultFormatTest":
		want := e.One(w3c.Manifest + "result").File()
		var data, named []string
		for _, d := range action.All(qt + "data") {
			data = append(data, d.File())
		}
		for _, d := range action.All(qt + "graphData") {
			named = append(named, d.File())
		}
		got, err := w3cQuery(t, action.One(qt+"query").File(), data, named)
		if err != nil {
			t.Fatal(err)
		}
		compareResult(t, got, want)
	default:
		t.Errorf("tests of the kind %q are not known", kind)
	}
}

// w3cQuery runs the query in a file on a graph with the data of others.
func w3cQuery(t *testing.T, path string, data, named []string) (*query.Result, error) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	req := query.Request{Text: "BASE <file://" + path + "> " + string(text), Limit: -1}
	var quads []quad.Quad
	load := func(path, label string) {
		for _, tr := range triplesOf(t, path) {
			tr.Label = quad.IRI(label)
			quads = append(quads, tr)
		}
	}
	if !strings.Contains(strings.ToUpper(string(text)), "FROM") {
		req.DefaultGraphs = []string{defaultGraph}
		for _, f := range named {
			req.NamedGraphs = append(req.NamedGraphs, "file://"+f)
		}
		for _, f := range data {
			load(f, defaultGraph)
		}
	} else { // the query names the files itself
		named = append(named, data...)
	}
	for _, f := range named {
		load(f, "file://"+f)
	}
	s, err := store.Open("", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Apply(t.Context(), nil, quads); err != nil {
		t.Fatal(err)
	}
	snapshot, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return query.Run(t.Context(), snapshot, schema.Namespace{}, req)
}

// triplesOf reads a file of triples; blank nodes of different files differ.
func triplesOf(t *testing.T, path string) (quads []quad.Quad) {
	t.Helper()
	value := func(x term.Term) quad.Value {
		switch x := x.(type) {
		case term.URIRef:
			return quad.IRI(x.Value())
		case term.BNode:
			return quad.BNode(filepath.Base(path) + x.Value())
		}
		l := x.(term.Literal)
		switch {
		case l.Language() != "":
			return quad.LangString{Value: quad.String(l.Lexical()), Lang: l.Language()}
		case l.Datatype() == term.XSDString || l.Datatype().Value() == "":
			return quad.String(l.Lexical())
		}
		return quad.TypedString{Value: quad.String(l.Lexical()), Type: quad.IRI(l.Datatype().Value())}
	}
	w3c.Read(t, path).Triples(nil, nil, nil)(func(tr term.Triple) bool {
		quads = append(quads, quad.Quad{Subject: value(tr.Subject), Predicate: value(tr.Predicate), Object: value(tr.Object)})
		return true
	})
	return quads
}

// solution is a row by the names of its columns.
type solution map[string]query.Term

// compareResult compares with the result in a file: as a set with repetitions,
// blank nodes standing for any others.
func compareResult(t *testing.T, got *query.Result, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var want []solution
	columns := slices.Clone(got.Columns)
	switch ext := filepath.Ext(path); ext {
	case ".csv":
		compareCSV(t, got, data)
		return
	case ".tsv":
		// Ours and theirs are read alike: a term may be written in several ways.
		var ours bytes.Buffer
		if err := got.Write(&ours, query.TSV); err != nil {
			t.Fatal(err)
		}
		columns, want = readTSV(t, data)
		got.Columns, got.Rows = nil, nil
		var rows []solution
		got.Columns, rows = readTSV(t, ours.Bytes())
		for _, r := range rows {
			var row []query.Term
			for _, c := range got.Columns {
				row = append(row, r[c])
			}
			got.Rows = append(got.Rows, row)
		}
	case ".srx":
		var answer *bool
		columns, want, answer = readXML(t, data)
		if answer != nil {
			if got.Form != query.Boolean || (got.Rows[0][0].Value == "true") != *answer {
				t.Errorf("got %v, want %v", got.Rows, *answer)
			}
			return
		}
	case ".srj":
		var answer *bool
		columns, want, answer = readJSON(t, data)
		if answer != nil {
			if got.Form != query.Boolean || (got.Rows[0][0].Value == "true") != *answer {
				t.Errorf("got %v, want %v", got.Rows, *answer)
			}
			return
		}
	default:
		if got.Form != query.Triples {
			columns, want = readResultSet(t, path)
			break
		}
		for _, q := range triplesOf(t, path) {
			want = append(want, solution{"subject": termOf(q.Subject), "predicate": termOf(q.Predicate), "object": termOf(q.Object)})
		}
	}
	var have []solution
	for _, row := range got.Rows {
		s := solution{}
		for i, v := range row {
			if v.Kind != query.None {
				s[got.Columns[i]] = v
			}
		}
		have = append(have, s)
	}
	if c := slices.Sorted(slices.Values(got.Columns)); got.Form == query.Bindings && !slices.Equal(c, slices.Sorted(slices.Values(columns))) {
		t.Errorf("columns %v, want %v", got.Columns, columns)
	}
	if len(have) != len(want) || !match(have, want, map[string]string{}, map[string]string{}) {
		t.Errorf("got %d rows, want %d\ngot:\n%s\nwant:\n%s", len(have), len(want), show(have), show(want))
	}
	// What is written in the formats must read back as the same.
	if got.Form == query.Bindings {
		for _, format := range []query.Format{query.XML, query.AsJSON, query.TSV} {
			var b bytes.Buffer
			if err := got.Write(&b, format); err != nil {
				t.Fatal(err)
			}
			var back []solution
			switch format {
			case query.XML:
				_, back, _ = readXML(t, b.Bytes())
			case query.AsJSON:
				_, back, _ = readJSON(t, b.Bytes())
			default:
				_, back = readTSV(t, b.Bytes())
			}
			if len(back) != len(have) || !match(back, have, map[string]string{}, map[string]string{}) {
				t.Errorf("%s reads back as\n%s", format, show(back))
			}
		}
	}
}

func show(rows []solution) string {
	var lines []string
	for _, r := range rows {
		var b strings.Builder
		for _, c := range slices.Sorted(keys(r)) {
			fmt.Fprintf(&b, "  %s=%s", c, r[c])
		}
		lines = append(lines, b.String())
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func keys(s solution) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range s {
			if !yield(k) {
				return
			}
		}
	}
}

// match finds for each row of a one of b, under one mapping of blank nodes, by
// trying.
func match(a, b []solution, to, from map[string]string) bool {
	if len(a) == 0 {
		return len(b) == 0
	}
	for i, row := range b {
		var made []string
		if same(a[0], row, to, from, &made) {
			rest := slices.Delete(slices.Clone(b), i, i+1)
			if match(a[1:], rest, to, from) {
				return true
			}
		}
		for _, k := range made {
			delete(from, to[k])
			delete(to, k)
		}
	}
	return false
}

func same(a, b solution, to, from map[string]string, made *[]string) bool {
	if len(a) != len(b) {
		return false
	}
	for c, x := range a {
		y, ok := b[c]
		if !ok || x.Kind != y.Kind {
			return false
		}
		if x.Kind != query.Blank {
			if !sameTerm(x, y) {
				return false
			}
			continue
		}
		mapped, known := to[x.Value]
		_, taken := from[y.Value]
		switch {
		case known && mapped != y.Value, !known && taken:
			return false
		case !known:
			to[x.Value], from[y.Value] = y.Value, x.Value
			*made = append(*made, x.Value)
		}
	}
	return true
}

// sameTerm compares numbers of one type by value: results may write them in
// more than one way.
func sameTerm(a, b query.Term) bool {
	if a == b {
		return true
	}
	if a.Datatype != b.Datatype || a.Datatype == "" {
		return a.Value == b.Value && a.Datatype == b.Datatype && strings.EqualFold(a.Lang, b.Lang)
	}
	switch strings.TrimPrefix(a.Datatype, schema.XSD) {
	case "integer", "decimal", "double", "float":
		x, err := strconv.ParseFloat(a.Value, 64)
		y, err2 := strconv.ParseFloat(b.Value, 64)
		return err == nil && err2 == nil && x == y
	}
	return false
}

func termOf(v quad.Value) query.Term {
	switch v := v.(type) {
	case quad.IRI:
		return query.Term{Kind: query.IRI, Value: string(v)}
	case quad.BNode:
		return query.Term{Kind: query.Blank, Value: string(v)}
	case quad.LangString:
		return query.Term{Kind: query.Literal, Value: string(v.Value), Lang: v.Lang}
	case quad.TypedString:
		return query.Term{Kind: query.Literal, Value: string(v.Value), Datatype: string(v.Type)}
	}
	return query.Term{Kind: query.Literal, Value: string(v.(quad.String))}
}

func plain(t query.Term) query.Term {
	if t.Datatype == schema.XSD+"string" {
		t.Datatype = ""
	}
	return t
}

func readXML(t *testing.T, data []byte) (columns []string, rows []solution, answer *bool) {
	t.Helper()
	type lit struct {
		Text string `xml:",chardata"`
		Lang string `xml:"lang,attr"`
		Type string `xml:"datatype,attr"`
	}
	var doc struct {
		Vars []struct {
			Name string `xml:"name,attr"`
		} `xml:"head>variable"`
		Boolean *bool `xml:"boolean"`
		Results []struct {
			Bindings []struct {
				Name    string  `xml:"name,attr"`
				URI     *string `xml:"uri"`
				Blank   *string `xml:"bnode"`
				Literal *lit    `xml:"literal"`
			} `xml:"binding"`
		} `xml:"results>result"`
	}
	if err := xml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	for _, v := range doc.Vars {
		columns = append(columns, v.Name)
	}
	for _, r := range doc.Results {
		s := solution{}
		for _, b := range r.Bindings {
			switch {
			case b.URI != nil:
				s[b.Name] = query.Term{Kind: query.IRI, Value: *b.URI}
			case b.Blank != nil:
				s[b.Name] = query.Term{Kind: query.Blank, Value: *b.Blank}
			case b.Literal != nil:
				s[b.Name] = plain(query.Term{Kind: query.Literal, Value: b.Literal.Text, Lang: b.Literal.Lang, Datatype: b.Literal.Type})
			}
		}
		rows = append(rows, s)
	}
	return columns, rows, doc.Boolean
}

func readJSON(t *testing.T, data []byte) (columns []string, rows []solution, answer *bool) {
	t.Helper()
	var doc struct {
		Head    struct{ Vars []string }
		Boolean *bool
		Results struct {
			Bindings []map[string]struct {
				Type, Value, Datatype string
				Lang                  string `json:"xml:lang"`
			}
		}
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]query.Kind{"uri": query.IRI, "bnode": query.Blank, "literal": query.Literal, "typed-literal": query.Literal}
	for _, b := range doc.Results.Bindings {
		s := solution{}
		for name, v := range b {
			s[name] = plain(query.Term{Kind: kinds[v.Type], Value: v.Value, Lang: v.Lang, Datatype: v.Datatype})
		}
		rows = append(rows, s)
	}
	return doc.Head.Vars, rows, doc.Boolean
}

// readTSV reads terms by having them queried.
func readTSV(t *testing.T, data []byte) (columns []string, rows []solution) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(data), "\r", ""), "\n"), "\n")
	for _, c := range strings.Split(lines[0], "\t") {
		columns = append(columns, strings.TrimPrefix(c, "?"))
	}
	s, err := store.Open("", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, line := range lines[1:] {
		row := solution{}
		for i, v := range strings.Split(line, "\t") {
			if v == "" {
				continue
			}
			if blank, ok := strings.CutPrefix(v, "_:"); ok {
				row[columns[i]] = query.Term{Kind: query.Blank, Value: blank}
				continue
			}
			snapshot, err := s.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			r, err := query.Run(t.Context(), snapshot, schema.Namespace{}, query.Request{Text: "SELECT ?x { VALUES ?x { " + v + " } }"})
			if err != nil {
				t.Fatalf("%s: %v", v, err)
			}
			row[columns[i]] = r.Rows[0][0]
		}
		rows = append(rows, row)
	}
	return columns, rows
}

// compareCSV compares texts: the format does not tell terms apart.
func compareCSV(t *testing.T, got *query.Result, want []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := got.Write(&b, query.CSV); err != nil {
		t.Fatal(err)
	}
	read := func(data []byte) [][]string {
		rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		blanks := map[string]string{}
		slices.SortFunc(rows[1:], slices.Compare)
		for _, row := range rows {
			for i, v := range row {
				if strings.HasPrefix(v, "_:") {
					if blanks[v] == "" {
						blanks[v] = fmt.Sprintf("_:%d", len(blanks))
					}
					row[i] = blanks[v]
				} else if f, err := strconv.ParseFloat(v, 64); err == nil {
					row[i] = strconv.FormatFloat(f, 'g', -1, 64)
				}
			}
		}
		return rows
	}
	a, w := read(b.Bytes()), read(want)
	if !slices.EqualFunc(a, w, slices.Equal) {
		t.Errorf("got  %q\nwant %q", a, w)
	}
}

// readResultSet reads rows that are written as a graph.
func readResultSet(t *testing.T, path string) (columns []string, rows []solution) {
	t.Helper()
	set := w3c.With(w3c.Read(t, path), rs+"resultVariable")[0]
	for _, v := range set.All(rs + "resultVariable") {
		columns = append(columns, v.Text())
	}
	for _, sol := range set.All(rs + "solution") {
		s := solution{}
		for _, b := range sol.All(rs + "binding") {
			v := b.One(rs + "value")
			name := b.One(rs + "variable").Text()
			switch x := v.Term.(type) {
			case term.URIRef:
				s[name] = query.Term{Kind: query.IRI, Value: x.Value()}
			case term.BNode:
				s[name] = query.Term{Kind: query.Blank, Value: x.Value()}
			case term.Literal:
				l := query.Term{Kind: query.Literal, Value: x.Lexical(), Lang: x.Language()}
				if l.Lang == "" {
					l.Datatype = x.Datatype().Value()
				}
				s[name] = plain(l)
			}
		}
		rows = append(rows, s)
	}
	return columns, rows
}

package serve

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/rdfio"
	"github.com/demarcgraph/demarc/internal/shared"
	"github.com/demarcgraph/demarc/internal/w3c"
)

// updates are the W3C's tests of what demarc does not have.
func isUpdate(name string) bool { return strings.HasPrefix(name, "update_") }

// TestW3CProtocol sends the requests of the W3C's tests of the SPARQL 1.1
// Protocol.
func TestW3CProtocol(t *testing.T) {
	manifest := shared.Path(t, "w3c", "sparql11", "protocol", "manifest.ttl")
	s := newServer(t, protocolGraph(t, filepath.Dir(manifest)), Options{})
	tests, updates := 0, 0
	for _, entry := range w3c.Entries(t, manifest) {
		if isUpdate(entry.Name()) {
			updates++ // demarc has no SPARQL Update: documents are what changes a graph; TestSPARQL has it refused
			continue
		}
		tests++
		t.Run(entry.Name(), func(t *testing.T) { runProtocol(t, s, entry) })
	}
	if tests < 25 || updates < 5 {
		t.Errorf("the manifest has %d tests, and %d of updates", tests, updates)
	}
}

// protocolGraph has the graphs that the tests name, by the names that they have.
func protocolGraph(t *testing.T, dir string) *graph.Graph {
	t.Helper()
	var quads bytes.Buffer
	for _, n := range []string{"1", "2", "3"} {
		file, err := os.Open(filepath.Join(dir, "data"+n+".nt"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		err = rdfio.Read(t.Context(), file, rdfio.Options{Format: rdfio.NTriples}, func(q quad.Quad) error {
			q.Label = quad.IRI("http://kasei.us/2009/09/sparql/data/data" + n + ".rdf")
			quads.WriteString(q.NQuad() + "\n")
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	g, err := graph.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	if _, err := g.Import(t.Context(), bytes.NewReader(quads.Bytes()), graph.ImportOptions{Format: rdfio.NQuads}); err != nil {
		t.Fatal(err)
	}
	return g
}

const ht, cnt = "http://www.w3.org/2011/http#", "http://www.w3.org/2011/content#"

func runProtocol(t *testing.T, s *Server, entry w3c.Node) {
	for _, req := range entry.One(w3c.Manifest + "action").One(ht + "requests").Members() {
		target := strings.Replace(req.One(ht+"absolutePath").Text(), "/sparql/", "/sparql", 1)
		body := req.One(ht + "body").One(cnt + "chars").Text()
		r := httptest.NewRequest(req.One(ht+"methodName").Text(), target, strings.NewReader(body))
		r.Host = "localhost"
		for _, h := range req.One(ht + "headers").Members() {
			r.Header.Add(h.One(ht+"fieldName").Text(), h.One(ht+"fieldValue").Text())
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		want := req.One(ht + "resp")
		ok := false
		for _, status := range want.All(w3c.Manifest + "expectedStatus") {
			ok = ok || strings.Contains(status.Text(), "StatusCode"+string(rune('0'+w.Code/100))+"xx")
		}
		if !ok {
			t.Errorf("%s %s: %d %s", r.Method, target, w.Code, w.Body)
			continue
		}
		kind := w.Header().Get("Content-Type")
		switch format := want.One(w3c.Manifest + "expectedFormat").Text(); format {
		case "":
		case "RDF":
			if !slices.ContainsFunc(graphTypes, func(m string) bool { return strings.HasPrefix(kind, m) }) {
				t.Errorf("%s is no RDF", kind)
			}
		case "boolean", "tabular":
			if !slices.ContainsFunc(resultTypes, func(m string) bool { return strings.HasPrefix(kind, m) }) {
				t.Errorf("%s is no result", kind)
			}
		default:
			t.Errorf("results of the kind %q are not known", format)
		}
		if answer := want.One(w3c.Manifest + "expectedBoolean").Text(); answer != "" && !strings.Contains(w.Body.String(), answer) {
			t.Errorf("%s %s: %s, want %s", r.Method, target, w.Body, answer)
		}
	}
}

func TestSPARQL(t *testing.T) {
	s := newServer(t, samples(t), Options{})
	const (
		rows      = "SELECT ?s { ?s dm:claims territory:senkaku-islands } ORDER BY ?s"
		truth     = "ASK { ?s dm:claims territory:senkaku-islands }"
		construct = "CONSTRUCT { ?s dm:claims ?o } WHERE { ?s dm:claims ?o }"
	)
	for _, c := range []struct {
		query, accept string
		status        int
		kind          string
	}{
		{rows, "", 200, "application/sparql-results+json"},
		{rows, "*/*", 200, "application/sparql-results+json"},
		{rows, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 200, "application/xml"},
		{rows, "application/sparql-results+xml", 200, "application/sparql-results+xml"},
		{rows, "application/json", 200, "application/json"},
		{rows, "text/*", 200, "text/csv; charset=utf-8; header=present"},
		{rows, "text/csv;q=0.5, text/tab-separated-values", 200, "text/tab-separated-values; charset=utf-8"},
		{rows, "text/turtle", 406, ""},
		{rows, "application/sparql-results+json;q=0, text/turtle", 406, ""},
		{rows, "nonsense", 406, ""},
		{truth, "application/sparql-results+xml;q=0.3,application/sparql-results+json;q=0.2", 200, "application/sparql-results+xml"},
		{construct, "", 200, "text/turtle; charset=utf-8"},
		{construct, "application/n-triples", 200, "application/n-triples"},
		{construct, "application/rdf+xml, */*;q=0.1", 200, "application/rdf+xml"},
		{construct, "application/ld+json", 200, "application/ld+json"},
		{construct, "application/sparql-results+json", 406, ""},
		{"DESCRIBE territory:shikotan", "", 200, "text/turtle; charset=utf-8"},
		{"", "application/n-triples", 200, "application/n-triples"},
		{"", "application/json", 406, ""},
	} {
		target := "/sparql"
		if c.query != "" {
			target += "?query=" + url.QueryEscape(c.query)
		}
		w := send(t, s, http.MethodGet, target, "", "Accept", c.accept)
		kind := w.Header().Get("Content-Type")
		if w.Code != c.status || c.status == 200 && kind != c.kind {
			t.Errorf("%s as %q: %d %s", c.query, c.accept, w.Code, kind)
		}
		if w.Code != 200 {
			continue
		}
		body := w.Body.Bytes()
		if format, ok := map[string]rdfio.Format{"text/turtle; charset=utf-8": rdfio.Turtle, "application/n-triples": rdfio.NTriples,
			"application/rdf+xml": rdfio.RDFXML, "application/ld+json": rdfio.JSONLD}[kind]; ok {
			n := 0
			err := rdfio.Read(t.Context(), bytes.NewReader(body), rdfio.Options{Format: format}, func(q quad.Quad) error {
				if n++; q.Label != nil {
					t.Errorf("%s: a triple has the label %s", kind, q.Label)
				}
				return nil
			})
			if err != nil || n < 5 {
				t.Errorf("%s: %d triples, %v", kind, n, err)
			}
		}
		if strings.HasSuffix(kind, "json") && !json.Valid(body) || strings.HasSuffix(kind, "xml") && xml.Unmarshal(body, new(struct{})) != nil {
			t.Errorf("%s: %s", kind, body)
		}
	}
	description := send(t, s, http.MethodGet, "/sparql", "", "Accept", "application/n-triples").Body.String()
	for _, want := range []string{"sparql-service-description#Service", "#endpoint> <http://localhost:8080/sparql>", "#SPARQL11Query"} {
		if !strings.Contains(description, want) {
			t.Errorf("the service description has no %s:\n%s", want, description)
		}
	}
	// Each document is a named graph.
	graphs := send(t, s, http.MethodGet, "/sparql?query="+url.QueryEscape("SELECT DISTINCT ?g { GRAPH ?g { ?s dm:claims ?o } } LIMIT 1"), "").Body.Bytes()
	var found struct {
		Results struct {
			Bindings []map[string]struct{ Value string }
		}
	}
	if err := json.Unmarshal(graphs, &found); err != nil || len(found.Results.Bindings) != 1 {
		t.Fatalf("%s, %v", graphs, err)
	}
	g := url.QueryEscape(found.Results.Bindings[0]["g"].Value)
	const q = "/sparql?query=ASK%7B%3Fs+dm:claims+%3Fo%7D"
	for params, want := range map[string]string{"": "true", "&default-graph-uri=" + g: "true", "&default-graph-uri=http://example.org/none": "false",
		"&named-graph-uri=" + g: "false", "&output=json&unknown=ignored": "true"} {
		if w := send(t, s, http.MethodGet, q+params, ""); !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s, want %s", params, w.Code, w.Body, want)
		}
	}
	for _, c := range [][3]string{{"application/sparql-update", "CLEAR ALL", ""}, {"application/x-www-form-urlencoded", "update=CLEAR+ALL", ""},
		{"application/sparql-query", "ASK{}", "?using-graph-uri=x"}} {
		if w := send(t, s, http.MethodPost, "/sparql"+c[2], c[1], "Content-Type", c[0]); w.Code != 403 || !strings.Contains(w.Body.String(), "Update") {
			t.Errorf("%v: %d %s", c, w.Code, w.Body)
		}
	}
}

// FuzzSPARQLRequest feeds the reader of requests anything: it must refuse as a
// problem of the client's or give one query that is UTF-8.
func FuzzSPARQLRequest(f *testing.F) {
	for _, seed := range [][4]string{
		{"GET", "query=ASK%20%7B%7D", "", ""}, {"GET", "", "", ""}, {"POST", "", "application/sparql-query", "ASK {}"},
		{"POST", "default-graph-uri=a&default-graph-uri=b", "application/x-www-form-urlencoded; charset=UTF-8", "query=ASK%7B%7D&named-graph-uri=c"},
		{"POST", "query=x", "application/sparql-query", "y"}, {"POST", "", "application/sparql-update", "CLEAR ALL"}, {"GET", "a=%zz;b", "", ""},
		{"POST", "", "application/sparql-query; charset=UTF-16", "\xff\xfe"},
	} {
		f.Add(seed[0], seed[1], seed[2], []byte(seed[3]))
	}
	f.Fuzz(func(t *testing.T, method, rawQuery, contentType string, body []byte) {
		r, err := readSPARQL(method, rawQuery, contentType, body)
		if err != nil {
			if p, ok := err.(*problem); !ok || p.Status < 400 || p.Status > 499 || p.Detail == "" {
				t.Fatalf("%#v", err)
			}
			return
		}
		if r.described != (r.query == "") || r.described && method == http.MethodPost {
			t.Fatalf("%+v", r)
		}
		for _, iri := range slices.Concat([]string{r.query}, r.defaults, r.named) {
			if strings.ToValidUTF8(iri, "") != iri {
				t.Fatalf("%q is not UTF-8", iri)
			}
		}
	})
}

// FuzzAccept feeds content negotiation anything.
func FuzzAccept(f *testing.F) {
	for _, seed := range []string{"", "*/*", "text/*;q=0.5, text/csv;q=0", "a;q=NaN", ";;,,", "text/csv;q=2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		got, ok := accepted(http.Header{"Accept": {accept}}, resultTypes)
		if ok != (got != "") || ok && !slices.Contains(resultTypes, got) {
			t.Fatalf("%q: %q %v", accept, got, ok)
		}
		for _, o := range resultTypes {
			if q := quality(accept, o); !(q >= 0 && q <= 1) {
				t.Fatalf("%q: %v", accept, q)
			}
		}
	})
}

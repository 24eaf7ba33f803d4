package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/internal/bench"
)

// sampleGraph is a graph of the sample documents, for reading only.
var sampleGraph = sync.OnceValues(func() (*graph.Graph, error) {
	ctx := context.Background()
	g, err := graph.Open(ctx, "")
	if err != nil {
		return nil, err
	}
	docs, err := bench.Samples(ctx)
	if err != nil {
		return nil, err
	}
	for _, doc := range docs {
		if _, err := g.Load(ctx, doc); err != nil {
			return nil, err
		}
	}
	return g, nil
})

func samples(t testing.TB) *graph.Graph {
	t.Helper()
	g, err := sampleGraph()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func newServer(t testing.TB, g *graph.Graph, opts Options) *Server {
	t.Helper()
	s, err := New(Own(g), opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// send asks a server and returns its answer; headers come in pairs.
func send(t testing.TB, h http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, target, in)
	r.Host = "localhost:8080"
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// decoded returns the JSON of an answer.
func decoded[T any](t testing.TB, w *httptest.ResponseRecorder) (v T) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("%v: %d %s", err, w.Code, w.Body)
	}
	return v
}

// examples are requests for each operation, by its ID, which it answers with
// 200 unless another status stands before the path.
var examples = map[string][]string{
	"service":      {"/api/v1"},
	"documents":    {"/api/v1/documents", "/api/v1/documents?q=kuril&limit=1", "/api/v1/documents?limit=3"},
	"document":     {"/api/v1/documents/kurils-talks-2022", "404 /api/v1/documents/none"},
	"documentText": {"/api/v1/documents/kurils-talks-2022/text", "404 /api/v1/documents/none/text"},
	"entities": {"/api/v1/entities", "/api/v1/entities?q=shik", "/api/v1/entities?class=Territory&limit=2", "/api/v1/entities?q=Shikotn",
		"400 /api/v1/entities?class=Island", "400 /api/v1/entities?cursor=%21"},
	"entity": {"/api/v1/entities/territory/shikotan", "/api/v1/entities/territory/shikotan?asOf=2000&view=Japan", "404 /api/v1/entities/territory/none",
		"400 /api/v1/entities/territory/shikotan?asOf=2000-99", "404 /api/v1/entities/territory/shikotan?view=Narnia"},
	"facts": {"/api/v1/facts", "/api/v1/facts?about=Japan&predicates=claims&predicates=rejects&asOf=2020", "/api/v1/facts?subject=Japan&limit=1",
		"/api/v1/facts?object=japan&minConfidence=0.9", "/api/v1/facts?documents=kurils-talks-2022&view=asserted",
		"400 /api/v1/facts?predicates=likes", "400 /api/v1/facts?limit=0", "400 /api/v1/facts?limit=501", "400 /api/v1/facts?limit=x",
		"400 /api/v1/facts?minConfidence=NaN", "400 /api/v1/facts?limit=1&limit=2", "400 /api/v1/facts?nonsense=1", "404 /api/v1/facts?about=Jpaan"},
	"fact":       {"/api/v1/facts/381dd3186397f9f34d5772991601fa92", "404 /api/v1/facts/ffffffffffff", "400 /api/v1/facts/xyz"},
	"rule":       {"/api/v1/rules/delimit.verb", "404 /api/v1/rules/no.such"},
	"ask":        {"/api/v1/ask?q=Who+administers+the+Senkaku+Islands%3F&explain=true", "/api/v1/ask?q=What+is+love%3F", "400 /api/v1/ask", "400 /api/v1/ask?q=", "400 /api/v1/ask?q=x&explain=yes"},
	"view":       {"/api/v1/views/claims", "/api/v1/views/control?entity=Shikotan&derived=true", "/api/v1/views/timeline?limit=2&asOf=1990", "400 /api/v1/views/nothing", "400 /api/v1/views/claims?derived=true"},
	"history":    {"/api/v1/views/history"},
	"diff":       {"/api/v1/views/diff?from=2021&to=2022", "404 /api/v1/views/diff?from=1800&to=2022", "400 /api/v1/views/diff?from=1800"},
	"neighbours": {"/api/v1/views/neighbours?entity=Japan&limit=3", "400 /api/v1/views/neighbours"},
	"sources":    {"/api/v1/views/sources", "/api/v1/views/sources?entity=Japan"},
	"conflicts":  {"/api/v1/views/conflicts"},
	"compare":    {"/api/v1/views/compare?a=Japan&b=Russia"},
	"path":       {"/api/v1/views/path?a=Japan&b=Russia", "/api/v1/views/path?a=Japan&b=Philippines&steps=1"},
	"disputes":   {"/api/v1/disputes", "/api/v1/disputes?asOf=2000&limit=2"},
	"dispute":    {"/api/v1/disputes/Senkaku%20Islands", "/api/v1/disputes/territory%2Fshikotan?asOf=2000", "404 /api/v1/disputes/Japan", "404 /api/v1/disputes/Narnia"},
	"graph":      {"/api/v1/graph", "/api/v1/graph?about=Japan&depth=2&maxNodes=10", "/api/v1/graph?classes=State&classes=Territory&asOf=2000"},
	"map":        {"/api/v1/map", "/api/v1/map?about=Japan"},
	"export":     {"/api/v1/export/nquads", "/api/v1/export/graphml?about=Japan", "400 /api/v1/export/docx"},
	"sparql": {"/sparql?query=SELECT+*+%7B%3Fs+dm:claims+%3Fo%7D", "/sparql?query=ASK%7B%7D", "/sparql", "400 /sparql?query=SELECT", "400 /sparql?query=",
		"400 /sparql?query=ASK%7B%7D&query=ASK%7B%7D", "403 /sparql?update=CLEAR+ALL", "400 /sparql?query=ASK%7BFILTER(%3Chttp://x/f%3E(1))%7D"},
	"openapi":   {"/openapi.json"},
	"health":    {"/healthz"},
	"readiness": {"/readyz"},
	"metrics":   {"/metrics"},
}

// posts are bodies for the operations that take one: media type, body, status.
var posts = map[string][][3]string{
	"askByPost": {
		{"application/json", `{"question": "Who administers the Senkaku Islands?", "asOf": "2012"}`, "200"},
		{"application/json", `{"question": ""}`, "400"},
		{"application/json", `{"question": "Who?", "explain": 1}`, "400"},
		{"application/json", `{"question": "Who?", "other": 1}`, "400"},
		{"application/json", `{"question": "Who?", "asOf": "yesterday"}`, "400"},
		{"application/json", `{"question"`, "400"},
		{"text/plain", `Who?`, "415"},
	},
	"sparqlByPost": {
		{"application/sparql-query", "ASK {}", "200"},
		{"application/x-www-form-urlencoded", "query=CONSTRUCT%20WHERE%20%7B%3Fs%20dm%3Aclaims%20%3Fo%7D", "200"},
		{"application/sparql-update", "CLEAR ALL", "403"},
		{"text/plain", "ASK {}", "415"},
	},
}

// TestDescription asks for every operation of the description, and has both
// request and answer held against it by a validator of others.
func TestDescription(t *testing.T) {
	document, err := libopenapi.NewDocument(openAPI)
	if err != nil {
		t.Fatal(err)
	}
	check, errs := validator.NewValidator(document)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if ok, faults := check.ValidateDocument(); !ok {
		for _, f := range faults {
			t.Errorf("openapi.yaml: %s: %s", f.Message, f.Reason)
		}
	}
	about, err := describe()
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t, samples(t), Options{Version: "test"})
	try := func(t *testing.T, r *http.Request, body string, want int, id string) {
		t.Helper()
		r.Host, r.URL.Host, r.URL.Scheme = "localhost", "", ""
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d %s, want %d", r.URL, w.Code, w.Body, want)
			return
		}
		response := w.Result()
		r.Body = io.NopCloser(strings.NewReader(body))
		if want == 200 && id != "sparqlByPost" { // the validator does not know the media types of queries
			if ok, faults := check.ValidateHttpRequest(r); !ok {
				t.Errorf("%s: %s: %s", r.URL, faults[0].Message, faults[0].Reason)
			}
		}
		kind := response.Header.Get("Content-Type")
		if !strings.Contains(kind, "json") || id == "openapi" {
			return
		}
		if want != 200 && kind != "application/problem+json" {
			t.Errorf("%s: the error is %s", r.URL, kind)
		}
		response.Body = io.NopCloser(bytes.NewReader(w.Body.Bytes()))
		if ok, faults := check.ValidateHttpResponse(r, response); !ok {
			for _, f := range faults {
				t.Errorf("%s: %s: %s", r.URL, f.Message, f.Reason)
				for _, e := range f.SchemaValidationErrors {
					t.Errorf("   %s at %s", e.Reason, e.FieldPath)
				}
			}
		}
	}
	for _, op := range about.operations {
		t.Run(op.ID, func(t *testing.T) {
			for _, target := range examples[op.ID] {
				want := 200
				if status, rest, ok := strings.Cut(target, " "); ok {
					want, target = slices.Index(statusTexts, status)+400, rest
				}
				try(t, httptest.NewRequest(op.method, target, nil), "", want, op.ID)
			}
			for _, p := range posts[op.ID] {
				want := 200
				if p[2] != "200" {
					want = slices.Index(statusTexts, p[2]) + 400
				}
				r := httptest.NewRequest(op.method, op.path, strings.NewReader(p[1]))
				r.Header.Set("Content-Type", p[0])
				try(t, r, p[1], want, op.ID)
			}
			if examples[op.ID] == nil && posts[op.ID] == nil && op.ID != "loadDocuments" && op.ID != "removeDocument" { // which TestWrite asks
				t.Error("there is no example of it")
			}
		})
	}
}

// statusTexts are the statuses from 400 on.
var statusTexts = func() (texts []string) {
	for i := range 100 {
		texts = append(texts, "4"+string(rune('0'+i/10))+string(rune('0'+i%10)))
	}
	return texts
}()

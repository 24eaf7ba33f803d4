package serve

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/schema"
)

func TestHost(t *testing.T) {
	s := newServer(t, samples(t), Options{Hosts: []string{"Demarc.example.org"}})
	for host, want := range map[string]int{
		"localhost": 200, "localhost:8080": 200, "LOCALHOST": 200, "demarc.localhost:1": 200, "127.0.0.1:8080": 200, "[::1]:8080": 200, "[::1]": 200,
		"192.168.1.5": 200, "demarc.example.org": 200, "demarc.example.org.:443": 200,
		"evil.example": 421, "evil.example:8080": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421, "": 421, "demarc.example.org.evil": 421,
	} {
		for _, path := range []string{"/healthz", "/api/v1/facts?limit=1", "/", "/sparql"} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Host = host
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != want {
				t.Errorf("%s asked as %q: %d, want %d", path, host, w.Code, want)
			}
		}
	}
}

func TestToken(t *testing.T) {
	s := newServer(t, samples(t), Options{Token: "correct horse battery"})
	for header, want := range map[string]int{
		"": 401, "Bearer": 401, "Bearer ": 401, "Bearer wrong": 401, "Bearer correct horse batter": 401, "Bearer correct horse battery2": 401,
		"Basic correct horse battery": 401, "correct horse battery": 401,
		"Bearer correct horse battery": 200, "bearer correct horse battery": 200,
	} {
		for _, path := range []string{"/api/v1", "/sparql?query=ASK%7B%7D", "/metrics", "/openapi.json", "/api/v1/export/csv"} {
			w := send(t, s, http.MethodGet, path, "", "Authorization", header)
			if w.Code != want {
				t.Errorf("%s with %q: %d, want %d", path, header, w.Code, want)
			}
			if w.Code == 401 && w.Header().Get("WWW-Authenticate") == "" {
				t.Errorf("%s: no challenge", path)
			}
		}
	}
	// The pages must load to ask for the token, and whoever watches the process has none.
	for _, path := range []string{"/", "/healthz", "/readyz"} {
		if w := send(t, s, http.MethodGet, path, ""); w.Code != 200 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestHeaders(t *testing.T) {
	s := newServer(t, samples(t), Options{})
	for _, path := range []string{"/", "/api/v1", "/api/v1/none", "/sparql", "/healthz", "/nope.js"} {
		h := send(t, s, http.MethodGet, path, "").Header()
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "no-referrer",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: others may read it", path)
		}
	}
}

func TestListen(t *testing.T) {
	for _, c := range []struct {
		addr           string
		token          string
		write, exposed bool
		ok             bool
	}{
		{"localhost:0", "", false, false, true},
		{"127.0.0.1:0", "", true, false, true},
		{"[::1]:0", "", false, false, true},
		{":0", "", false, false, false},
		{"0.0.0.0:0", "", false, false, false},
		{"[::]:0", "", false, false, false},
		{":0", "", false, true, true},
		{":0", "", true, true, false},
		{":0", "t", true, false, true},
		{"nonsense", "", false, false, false},
	} {
		ln, err := Listen(t.Context(), c.addr, Options{Token: c.token, Write: c.write}, c.exposed)
		if ln != nil {
			ln.Close()
		}
		if (err == nil) != c.ok && !strings.Contains(fmt.Sprint(err), "::1") { // a machine without IPv6
			t.Errorf("%+v: %v", c, err)
		}
		if !c.ok && c.addr != "nonsense" && !errors.Is(err, ErrExposed) {
			t.Errorf("%+v: %v, want %v", c, err, ErrExposed)
		}
	}
}

// writable returns a graph that documents can be loaded into.
func writable(t *testing.T) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), filepath.Join(t.TempDir(), "g"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	return g
}

const claim = "Japan claims Shikotan, which Russia administers."

func TestWrite(t *testing.T) {
	g := writable(t)
	s := newServer(t, g, Options{Write: true, Limits: Limits{Upload: 1 << 20}})
	doc := `{"id": "note", "text": "` + claim + `", "date": "2020-01-02", "publisher": "Herald"}`
	const path = "/api/v1/documents"
	headers := func(more ...string) []string {
		return append([]string{"Content-Type", "application/json", "X-Demarc-Write", "1"}, more...)
	}
	// What browsers send for pages of other sites, and what forms can send.
	for i, c := range []struct {
		headers []string
		want    int
	}{
		{[]string{"Content-Type", "application/json"}, 400},
		{[]string{"Content-Type", "application/json", "X-Demarc-Write", "yes"}, 400},
		{headers("Origin", "https://evil.example"), 403},
		{headers("Origin", "null"), 403},
		{headers("Origin", "http://localhost:9"), 403},
		{headers("Sec-Fetch-Site", "cross-site"), 403},
		{headers("Sec-Fetch-Site", "same-site"), 403},
		{headers("Content-Type", "text/plain"), 415},
		{headers("Content-Type", ""), 415},
	} {
		if w := send(t, s, http.MethodPost, path, doc, c.headers...); w.Code != c.want {
			t.Errorf("%d: %d %s, want %d", i, w.Code, w.Body, c.want)
		}
	}
	for body, want := range map[string]int{
		`{"id": "", "text": "x"}`: 400, `{"id": "x"}`: 400, `{"id": "x", "text": "y", "extra": 1}`: 400, `[]`: 400, ``: 400,
		`{"id": "x", "text": "y", "date": "1956-13"}`: 400, `{"id": "x", "text": "` + strings.Repeat("y", 2<<20) + `"}`: 413,
	} {
		if w := send(t, s, http.MethodPost, path, body, headers()...); w.Code != want {
			t.Errorf("%.60s: %d %s, want %d", body, w.Code, w.Body, want)
		}
	}
	before := send(t, s, http.MethodGet, "/api/v1/facts", "")
	for _, want := range []graph.Status{graph.Added, graph.Unchanged} {
		w := send(t, s, http.MethodPost, path, doc, headers("Origin", "http://localhost:8080", "Sec-Fetch-Site", "same-origin")...)
		report := decoded[loadReport](t, w)
		if w.Code != 200 || len(report.Items) != 1 || report.Items[0].Status != want || report.Items[0].Facts == 0 {
			t.Fatalf("%d %s, want %s", w.Code, w.Body, want)
		}
	}
	// Whoever loads sees it at once, also who has asked before.
	after := send(t, s, http.MethodGet, "/api/v1/facts", "", "If-None-Match", before.Header().Get("ETag"))
	if after.Code != 200 || !strings.Contains(after.Body.String(), `"claims"`) {
		t.Errorf("after loading: %d %s", after.Code, after.Body)
	}
	if again := send(t, s, http.MethodGet, "/api/v1/facts", "", "If-None-Match", after.Header().Get("ETag")); again.Code != 304 || again.Body.Len() > 0 {
		t.Errorf("unchanged: %d", again.Code)
	}

	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	m.WriteField("publisher", "Gazette")
	for name, text := range map[string]string{"../../etc/a note.txt": "Chile claims the Picton Island.", "b.jsonl": `{"id": "b1", "text": "Peru disputes the boundary with Chile."}` + "\n{", "empty.md": ""} {
		part, err := m.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(part, text)
	}
	m.Close()
	w := send(t, s, http.MethodPost, path, form.String(), headers("Content-Type", m.FormDataContentType())...)
	report := decoded[loadReport](t, w)
	if w.Code != 200 || len(report.Items) != 2 || len(report.Failed) != 2 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	info := decoded[graph.DocumentInfo](t, send(t, s, http.MethodGet, path+"/a%20note", ""))
	if info.Publisher != "Gazette" || info.Path != "a note.txt" {
		t.Errorf("the document is %+v", info)
	}
	for i, c := range []struct {
		path    string
		headers []string
		want    int
	}{
		{"/note", nil, 400}, {"/note", headers("Origin", "https://evil.example"), 403}, {"/none", headers(), 404}, {"/note", headers(), 204}, {"/note", headers(), 404},
	} {
		if w := send(t, s, http.MethodDelete, path+c.path, "", c.headers...); w.Code != c.want {
			t.Errorf("%d: %d %s, want %d", i, w.Code, w.Body, c.want)
		}
	}
	if w := send(t, s, http.MethodGet, path+"/note", ""); w.Code != 404 {
		t.Errorf("the removed document: %d", w.Code)
	}
	// A server that only reads takes nothing.
	reader := newServer(t, g, Options{})
	if w := send(t, reader, http.MethodPost, path, doc, headers()...); w.Code != 403 {
		t.Errorf("without --write: %d", w.Code)
	}
	if w := send(t, reader, http.MethodDelete, path+"/b1", "", headers()...); w.Code != 403 {
		t.Errorf("without --write: %d", w.Code)
	}
}

// TestOtherSites checks what pages of other sites can make a browser ask.
func TestOtherSites(t *testing.T) {
	s := newServer(t, samples(t), Options{})
	for _, c := range []struct {
		site, mode string
		want       int
	}{
		{"cross-site", "no-cors", 403}, {"cross-site", "cors", 403}, {"cross-site", "navigate", 200}, {"same-origin", "cors", 200}, {"none", "navigate", 200}, {"", "", 200},
	} {
		if w := send(t, s, http.MethodGet, "/sparql?query=ASK%7B%7D", "", "Sec-Fetch-Site", c.site, "Sec-Fetch-Mode", c.mode); w.Code != c.want {
			t.Errorf("%+v: %d", c, w.Code)
		}
	}
}

// TestFollows has another process's writes shown by a server that only reads.
func TestFollows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "g")
	load := func(id string) {
		t.Helper()
		g, err := graph.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = g.Load(t.Context(), &schema.Document{ID: id, Text: claim})
		if err := errors.Join(err, g.Close()); err != nil {
			t.Fatal(err)
		}
	}
	load("one")
	f, err := graph.Follow(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := New(f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	first := send(t, s, http.MethodGet, "/api/v1/documents", "")
	load("two")
	second := send(t, s, http.MethodGet, "/api/v1/documents", "", "If-None-Match", first.Header().Get("ETag"))
	if page := decoded[list[graph.DocumentInfo]](t, second); second.Code != 200 || len(page.Items) != 2 {
		t.Errorf("%d %s", second.Code, second.Body)
	}
}

// extracted gives every document the same facts.
type extracted func(doc *schema.Document) []schema.Fact

func (x extracted) Extract(_ context.Context, doc *schema.Document) ([]schema.Fact, error) {
	return x(doc), nil
}

// TestHostileDocument loads a document full of markup, characters that turn the
// direction of writing, and a name of a megabyte, and looks at all that is told
// of it.
func TestHostileDocument(t *testing.T) {
	const script = "<script>alert(1)</script>\u202e\u2066"
	long := script + strings.Repeat("Shikotan", 1<<17)
	facts := extracted(func(doc *schema.Document) (facts []schema.Fact) {
		for _, name := range []string{long, "Shikotan" + script} {
			facts = append(facts, schema.Fact{
				Subject: schema.NewEntity(schema.State, "Japan", script), Predicate: schema.Claims, Object: schema.NewEntity(schema.Territory, name),
				Confidence: 1, Rule: script, Evidence: []schema.Evidence{doc.Quote(strings.Index(doc.Text, "Japan"), len(doc.Text))},
			})
		}
		return facts
	})
	g, err := graph.Open(t.Context(), "", graph.WithExtractor(facts))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	s := newServer(t, g, Options{Write: true})
	const id = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>/../%2e%2e/` + "\u202e\u2066"
	text := "<script>alert(document.cookie)</script> \u202e𝔘 Japan claims Shikotan\u202c, which Russia administers. " + long + ".\x00"
	body, err := json.Marshal(map[string]string{"id": id, "text": text, "title": "</title><script>alert(3)</script>", "publisher": "\u202e" + "p"})
	if err != nil {
		t.Fatal(err)
	}
	if w := send(t, s, http.MethodPost, "/api/v1/documents", string(body), "Content-Type", "application/json", "X-Demarc-Write", "1"); w.Code != 200 {
		t.Fatalf("%d %.300s", w.Code, w.Body)
	}
	escaped := strings.NewReplacer("%", "%25", "/", "%2F", "<", "%3C", ">", "%3E", `"`, "%22", " ", "%20", "\u202e", "%E2%80%AE", "\u2066", "%E2%81%A6").Replace(id)
	for _, path := range []string{
		"/api/v1/documents", "/api/v1/documents/" + escaped, "/api/v1/documents/" + escaped + "/text", "/api/v1/facts", "/api/v1/entities", "/api/v1/views/claims",
		"/api/v1/ask?q=Who+claims+Shikotan%3F", "/api/v1/graph", "/api/v1/map", "/api/v1/disputes", "/api/v1/entities?q=shikotan", "/api/v1/rules/" + url.PathEscape(script), "/sparql?query=SELECT+*+%7B%3Fs+%3Fp+%3Fo%7D",
		"/api/v1/documents/" + strings.ReplaceAll(escaped, "script", "no"),
	} {
		w := send(t, s, http.MethodGet, path, "")
		kind := w.Header().Get("Content-Type")
		if !strings.Contains(kind, "json") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%.80s: %d %s", path, w.Code, kind)
		}
		if !json.Valid(w.Body.Bytes()) {
			t.Errorf("%.80s: no JSON: %.100s", path, w.Body)
		}
		if (kind == "application/json" || kind == "application/problem+json") && strings.Contains(w.Body.String(), "<script") {
			t.Errorf("%.80s: markup comes as it is", path)
		}
	}
	out := decoded[struct {
		Text     string    `json:"text"`
		Passages []passage `json:"passages"`
	}](t, send(t, s, http.MethodGet, "/api/v1/documents/"+escaped+"/text", ""))
	if out.Text != text || len(out.Passages) == 0 {
		t.Fatalf("the text came back as %.100q with %d passages", out.Text, len(out.Passages))
	}
	units := utf16.Encode([]rune(text))
	for _, p := range out.Passages {
		if got, want := string(utf16.Decode(units[p.StartUTF16:p.EndUTF16])), text[p.Start:p.End]; got != want {
			t.Errorf("passage %+v is %.80q in UTF-16, %.80q in UTF-8", p, got, want)
		}
	}
}

// TestPaging goes through lists page by page and compares with the whole.
func TestPaging(t *testing.T) {
	s := newServer(t, samples(t), Options{})
	for _, path := range []string{"/api/v1/documents?x", "/api/v1/entities?class=Agent", "/api/v1/facts?asOf=2000", "/api/v1/views/claims?asOf=1990",
		"/api/v1/views/sources?view=all", "/api/v1/disputes?view=all", "/api/v1/entities?q=island", "/api/v1/views/neighbours?entity=Japan"} {
		path = strings.TrimSuffix(path, "?x")
		join := "?"
		if strings.Contains(path, "?") {
			join = "&"
		}
		whole := decoded[list[json.RawMessage]](t, send(t, s, http.MethodGet, path+join+"limit=500", ""))
		if whole.Next != "" || whole.Total == nil || *whole.Total != len(whole.Items) || len(whole.Items) < 3 {
			t.Fatalf("%s: %d items, total %v", path, len(whole.Items), whole.Total)
		}
		var got []json.RawMessage
		for cursor := ""; ; {
			one := decoded[list[json.RawMessage]](t, send(t, s, http.MethodGet, path+join+"limit=2"+cursor, ""))
			got = append(got, one.Items...)
			if one.Next == "" {
				break
			}
			cursor = "&cursor=" + one.Next
		}
		if fmt.Sprintf("%s", got) != fmt.Sprintf("%s", whole.Items) {
			t.Errorf("%s: %d items by pages, %d at once", path, len(got), len(whole.Items))
		}
		if w := send(t, s, http.MethodGet, path+join+"cursor=bm9uZQ", ""); w.Code != 410 {
			t.Errorf("%s: a cursor that leads nowhere: %d", path, w.Code)
		}
	}
}

// slow is a source that holds every reader up until it is told.
type slow struct {
	g       *graph.Graph
	entered chan struct{}
	go_     chan struct{}
}

func (s slow) With(ctx context.Context, read func(*graph.Graph) error) error {
	s.entered <- struct{}{}
	select {
	case <-s.go_:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return read(s.g)
}

func TestConcurrencyLimit(t *testing.T) {
	src := slow{samples(t), make(chan struct{}, 10), make(chan struct{})}
	s, err := New(src, Options{Limits: Limits{Concurrent: 2, Wait: 20 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if w := send(t, s, http.MethodGet, "/api/v1/documents", ""); w.Code != 200 {
				t.Errorf("a request that was let in: %d", w.Code)
			}
		})
		<-src.entered
	}
	if w := send(t, s, http.MethodGet, "/api/v1/documents", ""); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("one too many: %d", w.Code)
	}
	if w := send(t, s, http.MethodGet, "/healthz", ""); w.Code != 200 {
		t.Errorf("health of a busy server: %d", w.Code)
	}
	close(src.go_)
	wg.Wait()
	if w := send(t, s, http.MethodGet, "/api/v1/documents", ""); w.Code != 200 {
		t.Errorf("afterwards: %d", w.Code)
	}
}

func TestLimits(t *testing.T) {
	g := samples(t)
	src := slow{g, make(chan struct{}, 10), make(chan struct{})}
	late, err := New(src, Options{Limits: Limits{Query: 10 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	if w := send(t, late, http.MethodGet, "/api/v1/documents", ""); w.Code != 422 || !strings.Contains(w.Body.String(), "longer") {
		t.Errorf("out of time: %d %s", w.Code, w.Body)
	}
	const product = "/sparql?query=SELECT+*+%7B%3Fa+%3Fb+%3Fc.%3Fd+%3Fe+%3Ff.%3Fg+%3Fh+%3Fi%7D"
	for name, c := range map[string]struct {
		limits     Limits
		path, want string
	}{
		"rows":   {Limits{Rows: 100}, product, "more than 100 rows"},
		"memory": {Limits{Memory: 1 << 20, Rows: 1 << 30}, product + "+ORDER+BY+%3Fa", "memory"},
		"time":   {Limits{Query: 50 * time.Millisecond, Rows: 1 << 30}, "/sparql?query=SELECT+(COUNT(*)+AS+%3Fn)+%7B%3Fa+%3Fb+%3Fc.%3Fd+%3Fe+%3Ff.%3Fg+%3Fh+%3Fi%7D", "longer"},
		"result": {Limits{Result: 1000}, "/api/v1/facts", "larger"},
		"map":    {Limits{Result: 1000}, "/api/v1/map", "larger"},
	} {
		if w := send(t, newServer(t, g, Options{Limits: c.limits}), http.MethodGet, c.path, ""); w.Code != 422 || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s: %d %.200s", name, w.Code, w.Body)
		}
	}
	s := newServer(t, g, Options{Limits: Limits{Body: 100}})
	if w := send(t, s, http.MethodPost, "/api/v1/ask", `{"question": "`+strings.Repeat("x", 100)+`"}`, "Content-Type", "application/json"); w.Code != 413 {
		t.Errorf("a large body: %d", w.Code)
	}
}

// running starts a server on a port of its own.
func running(t *testing.T, src Source, opts Options) (base string, stop func() error) {
	t.Helper()
	s, err := New(src, opts)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := Listen(t.Context(), "127.0.0.1:0", opts, false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { stop() })
	return "http://" + ln.Addr().String(), stop
}

// TestStop ends a server while it answers: the answer must come whole.
func TestStop(t *testing.T) {
	src := slow{samples(t), make(chan struct{}, 10), make(chan struct{})}
	base, stop := running(t, src, Options{})
	answered := make(chan error, 1)
	go func() {
		resp, err := http.Get(base + "/api/v1/documents")
		if err == nil {
			var page list[graph.DocumentInfo]
			err = errors.Join(json.NewDecoder(resp.Body).Decode(&page), resp.Body.Close())
			if err == nil && len(page.Items) == 0 {
				err = errors.New("no documents")
			}
		}
		answered <- err
	}()
	<-src.entered // the request, and who counts
	<-src.entered
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	for { // until nobody is let in any more
		c, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
		if err != nil {
			break
		}
		c.Close()
	}
	select {
	case err := <-stopped:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	close(src.go_)
	if err := <-answered; err != nil {
		t.Errorf("the request at the time: %v", err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("stopping: %v", err)
	}

	// One that does not end is cut off.
	src = slow{samples(t), make(chan struct{}, 10), make(chan struct{})}
	base, stop = running(t, src, Options{Limits: Limits{Stop: 20 * time.Millisecond}})
	go http.Get(base + "/api/v1/documents")
	<-src.entered
	<-src.entered
	if err := stop(); err == nil {
		t.Error("a request was cut off and nobody is told")
	}
}

// TestSlowClients sends headers and bodies slower than the server waits.
func TestSlowClients(t *testing.T) {
	base, _ := running(t, Own(samples(t)), Options{Limits: Limits{Header: 100 * time.Millisecond, Read: 200 * time.Millisecond}})
	for _, begun := range []string{"GET /api/v1 HTTP/1.1\r\nHost: localhost\r\n", "POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"} {
		c, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		io.WriteString(c, begun)
		c.SetReadDeadline(time.Now().Add(10 * time.Second))
		if text, err := io.ReadAll(bufio.NewReader(c)); err != nil { // the server must close it
			t.Errorf("%.20q: %q, %v", begun, text, err)
		}
	}
}

func TestLogAndMetrics(t *testing.T) {
	var log bytes.Buffer
	s := newServer(t, samples(t), Options{Logger: slog.New(slog.NewJSONHandler(&log, nil))})
	send(t, s, http.MethodGet, "/api/v1/ask?q=a+secret+question", "")
	send(t, s, http.MethodGet, "/api/v1/nothing%0Aforged=line", "")
	send(t, s, "BREW", "/api/v1", "")
	for _, want := range []string{`"operation":"ask"`, `"status":200`, `"path":"/api/v1/ask"`, `"status":404`, `"method":"BREW"`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log has no %s:\n%s", want, &log)
		}
	}
	if strings.Contains(log.String(), "secret") || strings.Count(log.String(), "\n") != 3 {
		t.Errorf("the log tells too much:\n%s", &log)
	}
	text := send(t, s, http.MethodGet, "/metrics", "").Body.String()
	for _, want := range []string{`demarc_http_requests_total{code="200",method="GET",operation="ask"} 1`, `method="other"`, "go_goroutines", "demarc_http_request_seconds_bucket"} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics have no %s", want)
		}
	}
}

func TestMethods(t *testing.T) {
	s := newServer(t, samples(t), Options{})
	for _, c := range []struct {
		method, path string
		want         int
		allow        string
	}{
		{"PUT", "/api/v1/ask", 405, "GET, HEAD, POST"}, {"PATCH", "/api/v1/documents/x", 405, "DELETE, GET, HEAD"}, {"POST", "/api/v1/map", 405, "GET, HEAD"},
		{"POST", "/", 405, "GET, HEAD"}, {"DELETE", "/sparql", 405, "GET, HEAD, POST"}, {"OPTIONS", "/api/v1", 405, "GET, HEAD"}, {"TRACE", "/api/v1", 405, "GET, HEAD"},
		{"GET", "/debug/pprof/", 200, ""}, {"GET", "/api/v2", 404, ""},
	} {
		w := send(t, s, c.method, c.path, "")
		if w.Code != c.want || w.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: %d, Allow %q", c.method, c.path, w.Code, w.Header().Get("Allow"))
		}
		if strings.Contains(w.Body.String(), "goroutine") {
			t.Errorf("%s shows profiles", c.path)
		}
	}
	if w := send(t, s, http.MethodHead, "/api/v1/map", ""); w.Code != 200 || w.Header().Get("ETag") == "" {
		t.Errorf("HEAD: %d", w.Code)
	}
	w := send(t, Profiles().(*http.ServeMux), http.MethodGet, "/debug/pprof/", "")
	if w.Code != 200 || !strings.Contains(w.Body.String(), "goroutine") {
		t.Errorf("profiles: %d", w.Code)
	}
}

// TestCount has a graph counted while it is hard to read: who asks is told of the
// last count, and of the new one once there is one.
func TestCount(t *testing.T) {
	g := writable(t)
	if _, err := g.Load(t.Context(), &schema.Document{ID: "one", Text: claim}); err != nil {
		t.Fatal(err)
	}
	src := slow{g, make(chan struct{}, 100), make(chan struct{})}
	s, err := New(src, Options{Limits: Limits{Query: 50 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	// The first count does not end with the request that began it.
	if _, _, err := s.count(canceled(t), g); problemOf(err).Status != 503 {
		t.Fatalf("nobody has counted yet: %v", err)
	}
	close(src.go_)
	st, fresh, err := s.count(t.Context(), g)
	if err != nil || !fresh || st.Documents != 1 {
		t.Fatalf("%+v %v %v", st, fresh, err)
	}
	if _, err := g.Load(t.Context(), &schema.Document{ID: "two", Text: claim}); err != nil {
		t.Fatal(err)
	}
	s.source = slow{g, make(chan struct{}, 100), make(chan struct{})}
	if st, fresh, err := s.count(t.Context(), g); err != nil || fresh || st.Documents != 1 {
		t.Errorf("while it is counted anew: %+v %v %v", st, fresh, err)
	}
	close(s.source.(slow).go_)
	s.works.Wait()
	if st, fresh, err := s.count(t.Context(), g); err != nil || !fresh || st.Documents != 2 {
		t.Errorf("counted anew: %+v %v %v", st, fresh, err)
	}
}

func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestAnswers(t *testing.T) {
	a := answers{most: 1000}
	of := func(n int) *reply { return &reply{body: make([]byte, n)} }
	a.put("large", of(251))
	for i := range 10 {
		a.put(fmt.Sprint(i), of(200))
		a.put(fmt.Sprint(i), of(200))
	}
	for i := range 10 {
		if kept := a.get(fmt.Sprint(i)) != nil; kept != (i >= 5) {
			t.Errorf("answer %d is kept: %v", i, kept)
		}
	}
	if a.get("large") != nil || a.bytes != 1000 || len(a.kept) != 5 {
		t.Errorf("%d bytes in %d answers", a.bytes, len(a.kept))
	}
	// A kept answer is that of the state and of what was asked for.
	s := newServer(t, samples(t), Options{})
	w := send(t, s, http.MethodGet, "/api/v1/documents?limit=1", "")
	s.known.put(w.Header().Get("ETag"), &reply{contentType: "text/plain", body: []byte("kept")})
	if again := send(t, s, http.MethodGet, "/api/v1/documents?limit=1", ""); again.Body.String() != "kept" {
		t.Errorf("asked again: %s", again.Body)
	}
	if other := send(t, s, http.MethodGet, "/api/v1/documents?limit=2", ""); other.Body.String() == "kept" {
		t.Error("another request got the kept answer")
	}
}

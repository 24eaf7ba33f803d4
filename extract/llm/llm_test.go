package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/demarcgraph/demarc/extract"
	"github.com/demarcgraph/demarc/internal/golden"
	"github.com/demarcgraph/demarc/schema"
)

var (
	_ Fallback = (*Extractor)(nil)
	_ Fallback = (*extract.Extractor)(nil)
)

const text = `Japan claims Etorofu, which the Soviet Union seized in 1945.
Moscow says the islands belong to
Russia under a 1956 joint declaration. President Vladimir Putin met Abe.`

func document() *schema.Document {
	return &schema.Document{ID: "kuril-1", Title: "Talks stall", Date: schema.Day(2022, 3, 22), Text: "date 2022-03-22\n\n" + text, Body: 17}
}

// fact is a fact in the form that models write.
func fact(quote, subject, predicate, object string, more string) string {
	entity := func(s string) string {
		class, name, _ := strings.Cut(s, ":")
		return fmt.Sprintf(`{"name":%q,"class":%q}`, name, class)
	}
	f := map[string]json.RawMessage{
		"negated": json.RawMessage("false"), "modality": json.RawMessage(`"asserted"`), "attributedTo": json.RawMessage("null"),
		"date": json.RawMessage(`""`), "since": json.RawMessage(`""`), "until": json.RawMessage(`""`),
	}
	rel := map[string]json.RawMessage{
		"predicate": json.RawMessage(`"` + predicate + `"`), "subject": json.RawMessage(entity(subject)), "object": json.RawMessage(entity(object)),
		"qualifiers": json.RawMessage("[]"),
	}
	if more != "" {
		var extra map[string]json.RawMessage
		if err := json.Unmarshal([]byte(more), &extra); err != nil {
			panic(err)
		}
		for k, v := range extra {
			if k == "qualifiers" {
				rel[k] = v
			} else {
				f[k] = v
			}
		}
	}
	q, _ := json.Marshal(quote)
	f["quote"] = q
	f["relation"], _ = json.Marshal(rel)
	out, _ := json.Marshal(f)
	return string(out)
}

func facts(fs ...string) string { return `{"facts":[` + strings.Join(fs, ",") + `]}` }

var good = facts(
	fact("Japan claims Etorofu, which the Soviet Union seized in 1945.", "State:Japan", "claims", "Territory:Etorofu", ""),
	fact("Japan claims Etorofu, which the Soviet Union seized in 1945.", "State:USSR", "seized", "Territory:Iturup", `{"date":"1945"}`),
)

// completion is a server's response.
func completion(content, finish, refusal string) string {
	b, _ := json.Marshal(map[string]any{
		"id": "1", "object": "chat.completion", "created": 0, "model": "m",
		"choices": []any{map[string]any{"index": 0, "finish_reason": finish, "message": map[string]any{"role": "assistant", "content": content, "refusal": refusal}}},
		"usage":   map[string]int{"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
	})
	return string(b)
}

// stub is a server that answers each request by the next of its handlers, the
// last one from then on.
type stub struct {
	*httptest.Server
	mu     sync.Mutex
	bodies [][]byte
	heads  []http.Header
}

func serve(t *testing.T, handlers ...http.HandlerFunc) *stub {
	t.Helper()
	s := &stub{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		h := handlers[min(len(s.bodies), len(handlers)-1)]
		s.bodies = append(s.bodies, body)
		s.heads = append(s.heads, r.Header.Clone())
		s.mu.Unlock()
		if r.Method != http.MethodPost || r.URL.Path != "/v1/chat/completions" {
			t.Errorf("got %s %s", r.Method, r.URL)
		}
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// seen returns how many requests have come.
func (s *stub) seen() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.bodies)
}

func answer(content string) http.HandlerFunc { return finish(content, "stop", "") }

func finish(content, reason, refusal string) http.HandlerFunc {
	return raw(200, completion(content, reason, refusal))
}

func raw(code int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		io.WriteString(w, body)
	}
}

// fallback stands for the rules.
type fallback struct{ calls atomic.Int32 }

var fallen = []schema.Fact{{Rule: "fallback"}}

func (f *fallback) Extract(context.Context, *schema.Document) ([]schema.Fact, error) {
	f.calls.Add(1)
	return fallen, nil
}

type warnings struct {
	mu   sync.Mutex
	errs []error
}

func (w *warnings) add(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.errs = append(w.errs, err)
}

// open returns an extractor that asks s and never waits; paused has the pauses
// that it would have made.
func open(t *testing.T, s *stub, o Options) (x *Extractor, warned *warnings, paused *[]time.Duration) {
	t.Helper()
	warned, paused = &warnings{}, &[]time.Duration{}
	o.URL, o.Model, o.Warn = s.URL+"/v1", "test-model", warned.add
	x, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	x.client.pause = func(ctx context.Context, d time.Duration) error {
		*paused = append(*paused, d)
		return ctx.Err()
	}
	x.client.now = func() time.Time { return time.Date(2022, 3, 22, 0, 0, 0, 0, time.UTC) }
	return x, warned, paused
}

func lines(fs []schema.Fact) []string {
	var out []string
	for i := range fs {
		out = append(out, fs[i].String())
	}
	return out
}

func TestExtract(t *testing.T) {
	s := serve(t, answer(good))
	x, warned, _ := open(t, s, Options{})
	doc := document()
	got, err := x.Extract(t.Context(), doc)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"Japan claims Iturup", "Soviet Union seized Iturup (date=1945)"}; !slices.Equal(lines(got), want) {
		t.Errorf("got %q, want %q", lines(got), want)
	}
	for _, f := range got {
		if f.Rule != "llm:test-model" || f.Confidence != Confidence || f.Object.ID != "territory/iturup" {
			t.Errorf("%v: rule %q, confidence %v, object %q", &f, f.Rule, f.Confidence, f.Object.ID)
		}
		for _, ev := range f.Evidence {
			if doc.Text[ev.Start:ev.End] != ev.Text || ev.Line != 3 || !strings.HasPrefix(ev.Text, "Japan claims") {
				t.Errorf("%v: evidence %+v", &f, ev)
			}
		}
	}
	if len(warned.errs) > 0 {
		t.Errorf("warned: %v", warned.errs)
	}
	if got, want := x.Stats(), (Stats{Documents: 1, Requests: 1, PromptTokens: 100, AnsweredTokens: 10, Facts: 2}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestRequest shows to the byte what is sent, and that nothing else is.
func TestRequest(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "sk-for-somebody-else")
	t.Setenv("OPENAI_ORG_ID", "org")
	t.Setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/")
	t.Setenv(DefaultKeyEnv, "")
	s := serve(t, answer(good))
	x, _, _ := open(t, s, Options{})
	if _, err := x.Extract(t.Context(), document()); err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	if err := json.Indent(&body, s.bodies[0], "", "  "); err != nil {
		t.Fatal(err)
	}
	body.WriteByte('\n')
	golden.Check(t, filepath.Join("testdata", "request.json"), body.Bytes())
	var names []string
	for name := range s.heads[0] {
		names = append(names, name)
	}
	slices.Sort(names)
	if want := []string{"Accept", "Accept-Encoding", "Content-Length", "Content-Type", "User-Agent"}; !slices.Equal(names, want) {
		t.Errorf("sent headers %q, want %q", names, want)
	}
	x2, _, _ := open(t, s, Options{})
	if _, err := x2.Extract(t.Context(), document()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(s.bodies[0], s.bodies[1]) {
		t.Error("the same document makes two different requests")
	}
}

func TestKey(t *testing.T) {
	const key = "sk-secret-0123456789"
	for _, env := range []string{"", "OTHER_KEY"} {
		t.Setenv(DefaultKeyEnv, "")
		name := env
		if name == "" {
			name = DefaultKeyEnv
		}
		t.Setenv(name, key)
		s := serve(t, answer(good),
			raw(401, `{"error":{"message":"Incorrect API key provided: `+key+`"}}`),
			raw(400, `{"error":{"message":"who sends `+key+`?"}}`),
			raw(400, strings.Repeat("x", 190)+key))
		x, warned, _ := open(t, s, Options{APIKeyEnv: env, Fallback: &fallback{}})
		for range 4 {
			if _, err := x.Extract(t.Context(), document()); err != nil {
				t.Fatal(err)
			}
		}
		if got := s.heads[0].Get("Authorization"); got != "Bearer "+key {
			t.Errorf("Authorization: %q", got)
		}
		if len(warned.errs) != 3 {
			t.Fatalf("warned: %v", warned.errs)
		}
		for _, err := range warned.errs {
			for _, form := range []string{"%v", "%+v", "%#v"} {
				if said := fmt.Sprintf(form, err); strings.Contains(said, key[:10]) {
					t.Errorf("the key is in a warning: %s", said)
				}
			}
		}
		if !strings.Contains(warned.errs[0].Error(), "$"+name) {
			t.Errorf("%v does not say where the key belongs", warned.errs[0])
		}
		if said := fmt.Sprintf("%+v %#v", s.bodies, x.model); strings.Contains(said, key) {
			t.Error("the key is in a request's body")
		}
	}
}

func TestFallback(t *testing.T) {
	huge := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for range 2 * maxAnswer / 1024 {
			if _, err := w.Write(bytes.Repeat([]byte(" "), 1024)); err != nil {
				return
			}
		}
	}
	hang := func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
	}
	drop := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		w.Write([]byte("{"))
	}
	for _, test := range []struct {
		name     string
		server   []http.HandlerFunc
		cause    string // what the warning says; "" where none is wanted
		requests int
		pauses   []time.Duration
	}{
		{"good", []http.HandlerFunc{answer(good)}, "", 1, nil},
		{"no facts", []http.HandlerFunc{answer(`{"facts":[]}`)}, "", 1, nil},
		{"malformed", []http.HandlerFunc{answer(`{"facts":[{"quote"`)}, "not what was asked for", 1, nil},
		{"prose", []http.HandlerFunc{answer("Here are the facts:")}, "not what was asked for", 1, nil},
		{"no content", []http.HandlerFunc{answer("")}, "not what was asked for", 1, nil},
		{"no choices", []http.HandlerFunc{raw(200, `{"choices":[]}`)}, "is empty", 1, nil},
		{"not json", []http.HandlerFunc{raw(200, "<html>", "Content-Type", "text/html")}, "text/html", 1, nil},
		{"cut off", []http.HandlerFunc{finish(good, "length", "")}, "cut off", 1, nil},
		{"filtered", []http.HandlerFunc{finish("", "content_filter", "")}, "content filter", 1, nil},
		{"refused", []http.HandlerFunc{finish("", "stop", "I cannot\nhelp.")}, "refuses: I cannot help.", 1, nil},
		{"huge", []http.HandlerFunc{huge}, "longer than 4 MiB", 1, nil},
		{"rate limit", []http.HandlerFunc{raw(429, `{}`, "Retry-After", "7"), answer(good)}, "", 2, []time.Duration{7 * time.Second}},
		{"rate limit until", []http.HandlerFunc{raw(429, `{}`, "Retry-After", "Tue, 22 Mar 2022 00:00:09 GMT"), answer(good)}, "", 2, []time.Duration{9 * time.Second}},
		{"rate limit, short", []http.HandlerFunc{raw(429, `{}`, "Retry-After", "0.1"), answer(good)}, "", 2, []time.Duration{time.Second}},
		{"rate limit, long", []http.HandlerFunc{raw(429, `{}`, "Retry-After", "3600")}, "429 Too Many Requests: {}, and wants 1h0m0s of patience", 1, nil},
		{"rate limit, senseless", []http.HandlerFunc{raw(429, `{}`, "Retry-After", "-1e999"), answer(good)}, "", 2, []time.Duration{time.Second}},
		{"overloaded", []http.HandlerFunc{raw(503, "<html>busy</html>")}, "503 Service Unavailable, 4 times", 4, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}},
		{"fails once", []http.HandlerFunc{raw(500, ""), answer(good)}, "", 2, []time.Duration{time.Second}},
		{"breaks once", []http.HandlerFunc{drop, answer(good)}, "", 2, []time.Duration{time.Second}},
		{"no such model", []http.HandlerFunc{raw(404, `{"error":{"message":"model 'm' not found"}}`)}, "404 Not Found: model 'm' not found", 1, nil},
		{"redirect", []http.HandlerFunc{raw(307, "", "Location", "http://127.0.0.1:1/")}, "address that it redirects to", 1, nil},
		{"slow", []http.HandlerFunc{hang}, "did not answer within", 1, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, test.server...)
			fb := &fallback{}
			o := Options{Fallback: fb}
			if test.name == "slow" {
				o.Timeout = 20 * time.Millisecond
			}
			x, warned, paused := open(t, s, o)
			got, err := x.Extract(t.Context(), document())
			if err != nil {
				t.Fatal(err)
			}
			fell := len(got) == 1 && got[0].Rule == "fallback"
			if fell != (test.cause != "") || fell != (fb.calls.Load() == 1) {
				t.Errorf("got %q after %d calls of the fallback", lines(got), fb.calls.Load())
			}
			if test.cause != "" {
				var w *FallbackError
				if len(warned.errs) != 1 || !errors.As(warned.errs[0], &w) || w.Doc != "kuril-1" || !strings.Contains(w.Error(), "kuril-1") || !strings.Contains(w.Error(), test.cause) {
					t.Errorf("warned %v, want one of kuril-1 and %q", warned.errs, test.cause)
				}
			} else if len(warned.errs) > 0 {
				t.Errorf("warned: %v", warned.errs)
			}
			if n := x.Stats().Requests; n != test.requests || !slices.Equal(*paused, test.pauses) {
				t.Errorf("%d requests, pauses %v, want %d, %v", n, *paused, test.requests, test.pauses)
			}
			// a request that is given up may never have got there
			if test.name != "slow" && s.seen() != test.requests {
				t.Errorf("the server saw %d requests, want %d", s.seen(), test.requests)
			}
			if test.cause != "" {
				alone, _, _ := open(t, s, Options{Timeout: o.Timeout})
				if fs, err := alone.Extract(t.Context(), document()); err == nil || fs != nil || !strings.Contains(err.Error(), "kuril-1") || !strings.Contains(err.Error(), test.cause) {
					t.Errorf("without a fallback: %q, %v", lines(fs), err)
				}
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	s := serve(t, answer(good))
	x, warned, paused := open(t, s, Options{Fallback: &fallback{}})
	s.Close()
	if got, err := x.Extract(t.Context(), document()); err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if len(warned.errs) != 1 || !strings.Contains(warned.errs[0].Error(), "cannot be reached") || len(*paused) != maxAttempts-1 {
		t.Errorf("warned %v after %v", warned.errs, *paused)
	}
}

// TestCancel checks that an ended context is no failure of the server: nobody
// else is asked.
func TestCancel(t *testing.T) {
	for name, when := range map[string]string{"before": "before", "during the request": "request", "during the pause": "pause"} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if when == "request" {
					cancel()
					<-r.Context().Done()
				}
				w.WriteHeader(500)
			})
			fb := &fallback{}
			x, warned, _ := open(t, s, Options{Fallback: fb})
			x.client.pause = func(ctx context.Context, d time.Duration) error {
				cancel()
				return pause(ctx, d)
			}
			if when == "before" {
				cancel()
			}
			got, err := x.Extract(ctx, document())
			if !errors.Is(err, context.Canceled) || got != nil || fb.calls.Load() > 0 || len(warned.errs) > 0 {
				t.Errorf("got %q, %v; fallback %d, warned %v", lines(got), err, fb.calls.Load(), warned.errs)
			}
		})
	}
}

// TestConcurrent is for the race detector.
func TestConcurrent(t *testing.T) {
	s := serve(t, answer(good), answer("{"), answer(good))
	x, _, _ := open(t, s, Options{Fallback: &fallback{}})
	x.client.pause = pause
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := x.Extract(context.Background(), document()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := x.Stats(); got.Documents != 7 || got.Fallbacks != 1 || got.Requests != 8 {
		t.Errorf("%+v", got)
	}
}

func TestNew(t *testing.T) {
	for _, test := range []struct {
		o    Options
		want string
	}{
		{Options{Model: "m"}, "no URL"},
		{Options{URL: "localhost:11434", Model: "m"}, "none of a server"},
		{Options{URL: "http://", Model: "m"}, "none of a server"},
		{Options{URL: "https://host/v1?api-version=1", Model: "m"}, "none of a server"},
		{Options{URL: "https://me:hush@host/v1", Model: "m"}, "password"},
		{Options{URL: "https://me:hush@host/%zz", Model: "m"}, "the URL is none"},
		{Options{URL: "http://host/v1"}, "no model"},
		{Options{URL: "http://host/v1", Model: "m", Timeout: -1}, "negative"},
	} {
		_, err := New(test.o)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%+v: %v, want %q", test.o, err, test.want)
		}
	}
}

// TestConfidence keeps what a model finds below what the rules find.
func TestConfidence(t *testing.T) {
	x, err := extract.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range x.Rules().Rules() {
		if r.Confidence <= Confidence {
			t.Errorf("rule %s is believed no more than a model: %v", r.ID, r.Confidence)
		}
	}
}

// TestSameIDs checks that rules and model call the same things the same.
func TestSameIDs(t *testing.T) {
	rules, err := extract.New()
	if err != nil {
		t.Fatal(err)
	}
	doc := &schema.Document{ID: "d", Text: "Japan claims the Liancourt Rocks. In 2015 Kenya and Somalia signed an agreement on the Kenya-Somalia maritime boundary. " +
		"President Uhuru Kenyatta visited Mogadishu."}
	want, err := rules.Extract(t.Context(), doc)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[schema.Class][]string{}
	for _, f := range want {
		for _, e := range []schema.Entity{f.Subject, f.Object} {
			ids[e.Class] = append(ids[e.Class], e.ID)
		}
	}
	x, _, _ := open(t, serve(t, answer(`{"facts":[]}`)), Options{})
	c := newChecker(x.gaz, doc, "llm:m")
	for _, n := range []named{
		{"Japan", schema.State}, {"Dokdo", schema.Territory}, {"Kenya", schema.State},
		{"Somalia-Kenya maritime boundary", schema.Boundary}, {"maritime border between Kenya and Somalia", schema.Boundary},
		{"Uhuru Kenyatta", schema.Person}, {"President", schema.Office},
	} {
		e, why := c.resolve(n, []schema.Class{n.Class})
		if why != "" || !slices.Contains(ids[n.Class], e.ID) {
			t.Errorf("%v: %q %q, want one of %q", n, e.ID, why, ids[n.Class])
		}
	}
}

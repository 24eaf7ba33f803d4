package extract

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/extract/frame"
	"github.com/demarcgraph/demarc/extract/rule"
	"github.com/demarcgraph/demarc/internal/shared"
	"github.com/demarcgraph/demarc/schema"
)

// samples returns the documents that ship with demarc, as plain text with
// whatever markup they have.
func samples(t testing.TB) []schema.Document {
	t.Helper()
	var out []schema.Document
	err := fs.WalkDir(data.FS, "documents", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".txt", ".md", ".html", ".jsonl"}, path.Ext(name)) {
			return err
		}
		text, err := fs.ReadFile(data.FS, name)
		if err != nil {
			return err
		}
		if path.Ext(name) == ".jsonl" {
			docs, err := records(text)
			out = append(out, docs...)
			return err
		}
		out = append(out, schema.Document{ID: name, Date: schema.Day(2024, 5, 31), Text: string(text)})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatal("no sample documents")
	}
	return out
}

// records reads documents from JSON Lines.
func records(text []byte) ([]schema.Document, error) {
	var out []schema.Document
	sc := bufio.NewScanner(bytes.NewReader(text))
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		var j struct{ ID, Title, Country, Date, Source, Text string }
		if err := json.Unmarshal(sc.Bytes(), &j); err != nil {
			return nil, err
		}
		doc := schema.Document{ID: j.ID, Title: j.Title, Country: j.Country, Publisher: j.Source, Text: j.Text}
		if j.Date != "" {
			var err error
			if doc.Date, err = schema.ParseDate(j.Date); err != nil {
				return nil, err
			}
		}
		out = append(out, doc)
	}
	return out, sc.Err()
}

// sharedFile returns a file of the evaluation data, which need not be there.
func sharedFile(t testing.TB, elem ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(shared.Path(t, elem...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// development returns the documents of the development sample.
func development(t testing.TB) []schema.Document {
	t.Helper()
	docs, err := records(sharedFile(t, "corpus", "factbook-dev.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(sharedFile(t, "corpus", "seed-kurils-2022.txt"))
	article := schema.Document{ID: "seed-kurils-2022", Text: text, Date: schema.Day(2022, 3, 22)}
	article.Body = max(0, strings.Index(text, "Russia said"))
	return append(docs, article)
}

func extractAll(t testing.TB, x *Extractor, docs []schema.Document) []schema.Fact {
	t.Helper()
	var out []schema.Fact
	for i := range docs {
		facts, err := x.Extract(t.Context(), &docs[i])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, facts...)
	}
	return out
}

func asJSON(t testing.TB, facts []schema.Fact) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, f := range facts {
		if err := enc.Encode(f); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// checkFacts fails where facts of doc break what every fact holds to.
func checkFacts(t testing.TB, doc *schema.Document, facts []schema.Fact) {
	t.Helper()
	ids := map[string]bool{}
	for i := range facts {
		f := &facts[i]
		if len(f.Evidence) == 0 {
			t.Errorf("%s has no evidence", f)
		}
		for _, ev := range f.Evidence {
			if ev.Start < doc.Body || ev.Start >= ev.End || ev.End > len(doc.Text) {
				t.Fatalf("%s: evidence [%d, %d) of a text of %d bytes with %d of metadata", f, ev.Start, ev.End, len(doc.Text), doc.Body)
			}
			if ev.Doc != doc.ID || doc.Text[ev.Start:ev.End] != ev.Text || ev.Line != doc.Line(ev.Start) {
				t.Errorf("%s: evidence %+v is not the document's text", f, ev)
			}
		}
		info, ok := f.Predicate.Info()
		if !ok {
			t.Errorf("%s: no such predicate", f)
		}
		if f.Subject.Name == "" || f.Object.Name == "" || f.Subject.Same(f.Object) {
			t.Errorf("%s: want two different things with names", f)
		}
		if f.Subject.ID == "" || f.Object.ID == "" && f.Object.Class != schema.Literal {
			t.Errorf("%s: an entity has no identifier", f)
		}
		for _, q := range f.Qualifiers {
			if !slices.Contains(info.Roles, q.Role) || q.Value.Name == "" {
				t.Errorf("%s: qualifier %s=%q", f, q.Role, q.Value.Name)
			}
		}
		if f.Rule == "" || f.Confidence <= 0 || f.Confidence > 1 {
			t.Errorf("%s: rule %q, confidence %v", f, f.Rule, f.Confidence)
		}
		if ids[f.ID()] {
			t.Errorf("%s is there twice", f)
		}
		ids[f.ID()] = true
	}
	sorted := slices.Clone(facts)
	schema.SortFacts(sorted)
	for i := range facts {
		if facts[i].ID() != sorted[i].ID() {
			t.Fatal("the facts are not sorted")
		}
	}
}

func TestFactsOfSamples(t *testing.T) {
	x := newExtractor(t)
	docs, found := samples(t), 0
	for i := range docs {
		facts, err := x.Extract(t.Context(), &docs[i])
		if err != nil {
			t.Fatal(err)
		}
		checkFacts(t, &docs[i], facts)
		found += len(facts)
	}
	if found < len(docs) {
		t.Errorf("%d facts in %d documents", found, len(docs))
	}
}

func TestFactsOfDevelopmentSample(t *testing.T) {
	docs := development(t)
	kurils, err := records(sharedFile(t, "corpus", "kurils-1990-2023.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	x := newExtractor(t)
	docs = append(docs, kurils...)
	for i := range docs {
		facts, err := x.Extract(t.Context(), &docs[i])
		if err != nil {
			t.Fatal(err)
		}
		checkFacts(t, &docs[i], facts)
	}
}

// TestDeterminism reads the same documents again and again, with one extractor
// and a fresh one, alone and in parallel, always to the same bytes.
func TestDeterminism(t *testing.T) {
	docs := samples(t)
	x := newExtractor(t)
	want := asJSON(t, extractAll(t, x, docs))
	for range 20 {
		if got := asJSON(t, extractAll(t, x, docs[:1])); !bytes.HasPrefix(want, got) {
			t.Fatalf("read again, a document gives\n%s", got)
		}
	}
	fresh, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if got := asJSON(t, extractAll(t, fresh, docs)); !bytes.Equal(got, want) {
		t.Error("a fresh extractor gives other facts")
	}
	slices.Reverse(docs)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			facts := make([][]schema.Fact, len(docs))
			for i := range docs {
				var err error
				if facts[i], err = x.Extract(t.Context(), &docs[i]); err != nil {
					t.Error(err)
					return
				}
			}
			slices.Reverse(facts)
			if !bytes.Equal(asJSON(t, slices.Concat(facts...)), want) {
				t.Error("in parallel and in another order, the documents give other facts")
			}
		})
	}
	wg.Wait()
}

// TestBody finds the same facts behind metadata, at their new places.
func TestBody(t *testing.T) {
	const head, text = "Peru claims Chile.\n\n", "Japan claims Shikotan. The Paracel Islands are occupied by China."
	x := newExtractor(t)
	plain := schema.Document{ID: "d", Text: text}
	behind := schema.Document{ID: "d", Text: head + text, Body: len(head)}
	want, got := extractAll(t, x, []schema.Document{plain}), extractAll(t, x, []schema.Document{behind})
	checkFacts(t, &behind, got)
	if len(want) != 2 || len(got) != len(want) {
		t.Fatalf("%d facts in the text, %d behind metadata; want 2", len(want), len(got))
	}
	for i := range got {
		if got[i].ID() != want[i].ID() || got[i].Evidence[0].Start != want[i].Evidence[0].Start+len(head) {
			t.Errorf("%s at %d behind metadata, %s at %d without", &got[i], got[i].Evidence[0].Start, &want[i], want[i].Evidence[0].Start)
		}
	}
}

func TestCancel(t *testing.T) {
	x := newExtractor(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	doc := schema.Document{ID: "treaty.txt", Text: strings.Repeat("Japan claims Shikotan. ", 100)}
	facts, err := x.Extract(ctx, &doc)
	if !errors.Is(err, context.Canceled) || facts != nil || !strings.Contains(err.Error(), "treaty.txt") {
		t.Errorf("cancelled, it returns %d facts and %v", len(facts), err)
	}
}

// TestTraceOption is told of the rules that were tried.
func TestTraceOption(t *testing.T) {
	var log []string
	x, err := New(WithTrace(func(s *frame.Sentence, r *rule.Rule, trigger int, missing string) {
		log = append(log, strings.TrimSuffix(fmt.Sprintf("%s@%s %s", r.ID, s.Tokens[trigger].Text, missing), " "))
	}))
	if err != nil {
		t.Fatal(err)
	}
	extractAll(t, x, []schema.Document{{Text: "Japan claims Shikotan."}})
	if !slices.Contains(log, "claim.verb@claims") || !slices.Contains(log, "claim.noun@claims pos") {
		t.Errorf("traced %v", log)
	}
}

// overlay is a file system of its own files before those of another.
type overlay struct {
	over fstest.MapFS
	base fs.FS
}

func (o overlay) Open(name string) (fs.File, error) {
	if f, err := o.over.Open(name); err == nil {
		return f, nil
	}
	return o.base.Open(name)
}

func TestNewErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		fsys fs.FS
		want string
	}{
		{"faulty rule", overlay{fstest.MapFS{"rules/x.yaml": {Data: []byte("rules:\n- id: x.y\n")}}, data.FS}, "rules/x.yaml"},
		{"faulty list", overlay{fstest.MapFS{"lexicon/x.yaml": {Data: []byte("- a\n")}}, data.FS}, "lexicon/x.yaml"},
	} {
		if _, err := New(WithData(c.fsys)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want it to name %s", c.name, err, c.want)
		}
	}
	// the model is read with the first document
	for _, fsys := range []fs.FS{fstest.MapFS{}, overlay{fstest.MapFS{"models/english.model": {Data: []byte("x")}}, data.FS}} {
		x, err := New(WithData(fsys))
		if err != nil {
			t.Fatal(err)
		}
		_, err = x.Extract(t.Context(), &schema.Document{ID: "a.txt", Text: "Japan claims it."})
		if err == nil || !strings.Contains(err.Error(), "a.txt") || !strings.Contains(err.Error(), "english.model") {
			t.Errorf("without a model that can be read: %v", err)
		}
	}
}

// hostile texts are of the kinds that nobody writes.
func hostile() map[string]string {
	letters := func(i int) string {
		return string([]rune{'A' + rune(i%26), 'a' + rune(i/26%26), 'a' + rune(i/676%26), 'a' + rune(i/17576%26)})
	}
	var list, people, treaties strings.Builder
	for i := range 1500 {
		fmt.Fprintf(&list, "Isla %s, ", letters(i))
	}
	for i := range 300 {
		fmt.Fprintf(&people, "President %s %s met Minister %s of Peru. ", letters(i), letters(i+7), letters(i+9))
		fmt.Fprintf(&treaties, "Japan and Peru signed a treaty on Isla %s in %d. ", letters(i), 1000+i)
	}
	return map[string]string{
		"empty":               "",
		"blanks":              strings.Repeat(" \n\t\r", 20000),
		"one letter":          "x",
		"one long word":       strings.Repeat("a", 1<<20),
		"one long name":       strings.Repeat("Abc", 100000) + " claims Shikotan.",
		"many capitals":       strings.Repeat("Abc ", 3000) + "claims Shikotan.",
		"open parentheses":    strings.Repeat("(", 5000),
		"pairs":               strings.Repeat("(a)[b]", 1000),
		"deep parentheses":    strings.Repeat("(Japan ", 3000) + strings.Repeat(")", 3000),
		"deep quotes":         strings.Repeat("“", 3000) + "Japan claims Shikotan" + strings.Repeat("”", 3000) + strings.Repeat(`"'`, 3000),
		"punctuation":         strings.Repeat(`-,;:.!?'"/`, 700),
		"hyphens":             strings.Repeat("Japan-", 3000) + "Peru: claims Shikotan",
		"invalid UTF-8":       strings.Repeat("\xff\xfeJapan\xc0 claims \xed\xa0\x80Shikotan. ", 500),
		"zero bytes":          strings.Repeat("Japan claims\x00Shikotan.\x00", 500),
		"marks without base":  strings.Repeat("\u0301\u200b\u202e", 3000),
		"list of names":       "Japan claims " + list.String() + "and Shikotan.",
		"people":              people.String(),
		"treaties":            treaties.String(),
		"says that":           strings.Repeat("Japan says that ", 1500) + "Peru claims Shikotan.",
		"relative clauses":    "Japan claims Shikotan" + strings.Repeat(", which Peru claims", 800) + ".",
		"dates":               "Japan claimed Shikotan" + strings.Repeat(" in March 2014", 1500) + ".",
		"years":               strings.Repeat("1945 ", 5000),
		"numbers":             strings.Repeat("786 sq km of ", 2000),
		"of the coast of the": "Japan claims the island" + strings.Repeat(" of the coast", 2000) + ".",
		"and":                 strings.Repeat("and ", 3000),
		"headings":            strings.Repeat("Japan-Peru: ", 1500),
		"possessives":         strings.Repeat("Japan's ", 3000),
		"not":                 "Japan does " + strings.Repeat("not ", 3000) + "claim Shikotan.",
	}
}

// TestHostile reads texts that are built to be costly. It fails by a panic, or
// by not coming to an end.
func TestHostile(t *testing.T) {
	x := newExtractor(t)
	texts := hostile()
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && len(text) > 10000 {
				t.Skip("long")
			}
			doc := schema.Document{ID: name, Text: text, Country: "Peru"}
			facts, err := x.Extract(t.Context(), &doc)
			if err != nil {
				t.Fatal(err)
			}
			checkFacts(t, &doc, facts)
		})
	}
}

// TestMemory holds on to nothing of the documents that it has read.
func TestMemory(t *testing.T) {
	x := newExtractor(t)
	docs := samples(t)
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC() // pools survive one
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	extractAll(t, x, docs)
	before := heap()
	for i := range 200 {
		doc := docs[i%len(docs)]
		doc.ID = fmt.Sprint(i)
		doc.Text = strings.ReplaceAll(doc.Text, "Japan", fmt.Sprintf("Japan, as paper %d says,", i))
		extractAll(t, x, []schema.Document{doc})
	}
	if after := heap(); after > before+1<<20 {
		t.Errorf("after 200 documents the heap has grown from %d to %d bytes", before, after)
	}
}

func FuzzExtract(f *testing.F) {
	for _, seed := range []struct{ text, country string }{
		{"", ""},
		{"Japan claims the southern Kuril Islands, which Russia has administered since 1945.", ""},
		{"Croatia-Serbia: the boundary along the Danube is disputed (see map); claims 786 sq km", "Croatia"},
		{"\"We will never cede an inch,\" President José Peña told reporters on Monday.", ""},
		{"UK-administered, Spanish-claimed; the 1713 Treaty of Utrecht (Article X) ceded it.", "Gibraltar"},
		{"Zmiyinyy/Serpilor (Snake) Island's 2009 ICJ ruling\n\n- Kunashir\n- Iturup", "Ukraine"},
		{"(((((", "Peru"}, {"\xff\xfe\x00", "\xc0"}, {"’s ’s ’s", "x"}, {"of the of the in 1945", ""},
	} {
		f.Add(seed.text, seed.country, 0)
	}
	f.Fuzz(func(t *testing.T, text, country string, body int) {
		if len(text) > 5000 {
			return
		}
		doc := schema.Document{ID: "fuzz", Text: text, Country: country, Date: schema.Day(2024, 2, 29)}
		if body > 0 && body < len(text) && utf8.RuneStart(text[body]) {
			doc.Body = body
		}
		facts, err := newExtractor(t).Extract(t.Context(), &doc)
		if err != nil {
			t.Fatal(err)
		}
		checkFacts(t, &doc, facts)
	})
}

// BenchmarkExtract measures from raw text to facts on one core over the sample
// documents, in tokens a second.
func BenchmarkExtract(b *testing.B) {
	x := newExtractor(b)
	docs := samples(b)
	tokens := 0
	for i := range docs {
		parsed, err := x.parse(b.Context(), docs[i].Text)
		if err != nil {
			b.Fatal(err)
		}
		for _, s := range parsed.Sentences {
			tokens += len(s.Tokens)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		for i := range docs {
			if _, err := x.Extract(b.Context(), &docs[i]); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(tokens)*float64(b.N)/b.Elapsed().Seconds(), "tokens/s")
}

// TestFault checks that a fault in reading one document is an error that says where it
// is, and not the end of all.
func TestFault(t *testing.T) {
	_, err := new(Extractor).Extract(t.Context(), &schema.Document{ID: "note", Text: "Japan claims the islands."})
	if err == nil || !strings.Contains(err.Error(), "note") || !strings.Contains(err.Error(), "demarc/") {
		t.Errorf("error %v, want one that names the document and the place", err)
	}
}

package graph

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// claims is an extractor that reads who claims what, and against which date, and
// counts what it reads.
type claims struct{ read atomic.Int64 }

var claimed = regexp.MustCompile(`(\w+) claims (\w+)\.`)

func (x *claims) Extract(ctx context.Context, doc *schema.Document) (facts []schema.Fact, err error) {
	x.read.Add(1)
	for _, m := range claimed.FindAllStringSubmatchIndex(doc.Text[doc.Body:], -1) {
		text := func(i int) string { return doc.Text[doc.Body+m[i] : doc.Body+m[i+1]] }
		f := claim(text(2), place(text(4)))
		f.Modality, f.Confidence, f.Time.Since = schema.Asserted, 0.9, doc.Date
		f.Evidence = []schema.Evidence{doc.Quote(doc.Body+m[0], doc.Body+m[1])}
		facts = append(facts, f)
	}
	return facts, ctx.Err()
}

// sentences returns what n sentences say, which no other sentences do.
func sentences(from, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "In matter %d state%d claims isle%d. ", from+i, (from+i)%7, (from+i)%11)
	}
	return strings.TrimSpace(b.String())
}

func note(id, text string, date schema.Date) *schema.Document {
	return &schema.Document{ID: id, Text: text, Date: date}
}

func TestDuplicates(t *testing.T) {
	text, year := sentences(0, 40), schema.Year(1995)
	original := note("m", text, year)
	in := func(doc *schema.Document, country string) *schema.Document { doc.Country = country; return doc }
	for _, test := range []struct {
		name string
		doc  *schema.Document
		want LoadResult
	}{
		{"the same", note("n", text, year), LoadResult{DuplicateOf: "m"}},
		{"set otherwise", note("n", strings.ToUpper(strings.ReplaceAll(text, " ", "\n")), year), LoadResult{DuplicateOf: "m"}},
		{"another head", &schema.Document{ID: "n", Text: "By wire.\n" + text, Body: 9, Date: year}, LoadResult{DuplicateOf: "m"}},
		{"without its end", note("n", sentences(0, 38), year), LoadResult{DuplicateOf: "m"}},
		{"another number", note("n", strings.Replace(text, "matter 7 ", "matter 777 ", 1), year), LoadResult{NearDuplicateOf: "m"}},
		{"with more to say", note("n", sentences(0, 42), year), LoadResult{NearDuplicateOf: "m"}},
		{"next year", note("n", text, schema.Year(1996)), LoadResult{NearDuplicateOf: "m"}},
		{"the year before", note("n", text, schema.Year(1994)), LoadResult{}},
		{"of another country", in(note("n", text, year), "Japan"), LoadResult{NearDuplicateOf: "m"}},
		{"half of it", note("n", sentences(0, 20), year), LoadResult{}},
		{"something else", note("n", sentences(40, 40), year), LoadResult{}},
		{"no date", note("n", text, schema.Date{}), LoadResult{}},
	} {
		x := &claims{}
		g := open(t, x, smallAtlas)
		load(t, g, original)
		test.want.Doc, test.want.Status = "n", Added
		if test.want.DuplicateOf != "" {
			test.want.Status = Duplicate
		}
		got, err := g.Load(t.Context(), test.doc)
		if err != nil {
			t.Fatal(err)
		}
		if read := x.read.Load() == 2; read != (test.want.DuplicateOf == "") || read != (got.Facts > 0) {
			t.Errorf("%s: it was read: %v, facts: %d", test.name, read, got.Facts)
		}
		got.Facts, got.Quads = 0, 0
		if got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
		again, err := g.Load(t.Context(), test.doc)
		if again.Facts, again.Quads = 0, 0; err != nil || again.Status != Unchanged || again.DuplicateOf != test.want.DuplicateOf || again.NearDuplicateOf != test.want.NearDuplicateOf {
			t.Errorf("%s: once more: %+v, %v", test.name, again, err)
		}
		if info, err := g.DocumentInfo(t.Context(), "n"); err != nil || info.DuplicateOf != test.want.DuplicateOf || info.NearDuplicateOf != test.want.NearDuplicateOf {
			t.Errorf("%s: %+v, %v", test.name, info, err)
		}
		if doc, err := g.Document(t.Context(), "n"); err != nil || doc.Hash() != test.doc.Hash() {
			t.Errorf("%s: the document is not what it was: %v", test.name, err)
		}
		if report, err := g.Validate(t.Context(), nil); err != nil || report.Violations > 0 {
			t.Errorf("%s: %+v, %v", test.name, report, err)
		}
	}
}

// TestShortTexts checks that few words are no copy of the same words.
func TestShortTexts(t *testing.T) {
	g := open(t, &claims{}, smallAtlas)
	load(t, g, note("a", sentences(0, 2), schema.Date{}))
	if r, err := g.Load(t.Context(), note("b", sentences(0, 2), schema.Date{})); err != nil || r.Status != Added || r.NearDuplicateOf != "" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestReadDuplicates(t *testing.T) {
	doc, other := note("a", sentences(0, 40), schema.Date{}), note("b", sentences(0, 40), schema.Date{})
	path := t.TempDir()
	with := func(d Duplicates, do func(*Graph)) {
		g, err := Open(t.Context(), path, WithExtractor(&claims{}), WithGazetteer(smallAtlas), WithDuplicates(d))
		if err != nil {
			t.Fatal(err)
		}
		do(g)
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
	}
	check := func(g *Graph, doc *schema.Document, status Status, facts int) {
		t.Helper()
		if r, err := g.Load(t.Context(), doc); err != nil || r.Status != status || r.Facts != facts {
			t.Errorf("%+v, %v, want %s, %d facts", r, err, status, facts)
		}
	}
	with(ReadDuplicates, func(g *Graph) {
		check(g, doc, Added, 40)
		check(g, other, Added, 40)
	})
	with(LinkDuplicates, func(g *Graph) {
		check(g, other, Unchanged, 40) // it was loaded so that it is read
		check(g, note("c", doc.Text, doc.Date), Added, 40)
		check(g, note("d", doc.Text, doc.Date), Duplicate, 0)
	})
	with(ReadDuplicates, func(g *Graph) {
		check(g, note("d", doc.Text, doc.Date), Replaced, 40)
		check(g, note("d", doc.Text, doc.Date), Unchanged, 40)
	})
}

// family makes documents many of which are copies of one another.
func family(r *rand.Rand, n int) (docs []*schema.Document) {
	for i := range n {
		from := 40 * r.IntN(3)
		text := sentences(from, 40)
		switch r.IntN(6) {
		case 0:
			text = sentences(from, 38+r.IntN(4))
		case 1:
			text = strings.Replace(text, "claims", "claims  ", 1+r.IntN(3))
		case 2:
			text = strings.Replace(text, "matter", "question", 1)
		case 3:
			text = sentences(from+r.IntN(3), 39)
		}
		doc := note(fmt.Sprintf("doc-%c%d", 'a'+r.IntN(26), i), text, schema.Year(1990+r.IntN(2)))
		if r.IntN(10) == 0 {
			doc.Date = schema.Date{}
		}
		docs = append(docs, doc)
	}
	return docs
}

// TestCopiesFollowFromDocuments loads documents, many of them copies, changes and
// removes some, and compares with a graph into which what is left was loaded at
// once, in another order.
func TestCopiesFollowFromDocuments(t *testing.T) {
	rounds := uint64(12)
	if testing.Short() {
		rounds = 5
	}
	unread := 0
	for seed := range rounds {
		r := rand.New(rand.NewPCG(seed, 12))
		g := open(t, &claims{}, smallAtlas)
		there := map[string]*schema.Document{}
		put := func(doc *schema.Document) {
			load(t, g, doc)
			there[doc.ID] = doc
		}
		docs := family(r, 24)
		for i, doc := range docs {
			put(doc)
			switch old := docs[r.IntN(i+1)]; r.IntN(4) {
			case 0:
				if there[old.ID] != nil {
					if err := g.Remove(t.Context(), old.ID); err != nil {
						t.Fatal(err)
					}
					delete(there, old.ID)
				}
			case 1:
				changed := *family(r, 1)[0]
				changed.ID = old.ID
				put(&changed)
			}
		}
		fresh := open(t, &claims{}, smallAtlas)
		var left []*schema.Document
		for _, doc := range there {
			left = append(left, doc)
		}
		slices.SortFunc(left, func(a, b *schema.Document) int { return strings.Compare(a.Hash(), b.Hash()) })
		load(t, fresh, left...)
		if hash(t, g) != hash(t, fresh) {
			t.Fatalf("seed %d (- loaded at once, + with changes)\n%s", seed, diff(dump(t, fresh, "nquads"), dump(t, g, "nquads")))
		}
		if a, b := recordsOf(t, g), recordsOf(t, fresh); !slices.Equal(a, b) {
			t.Fatalf("seed %d: records %q, want %q", seed, a, b)
		}
		for info, err := range g.Documents(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if info.DuplicateOf != "" {
				unread++
			}
		}
		for _, doc := range left {
			if err := g.Remove(t.Context(), doc.ID); err != nil {
				t.Fatal(err)
			}
		}
		if stats, err := g.Stats(t.Context()); err != nil || stats.Quads != 0 || len(recordsOf(t, g)) > 0 {
			t.Fatalf("seed %d: of nothing are left %d quads and the records %q, %v", seed, stats.Quads, recordsOf(t, g), err)
		}
	}
	if unread < int(rounds)*4 {
		t.Errorf("in %d graphs %d documents were left unread, which tests little", rounds, unread)
	}
}

func recordsOf(t *testing.T, g *Graph) (keys []string) {
	t.Helper()
	err := g.with(t.Context(), func(v *view) error {
		for r, err := range v.Records(t.Context(), "") {
			if err != nil {
				return err
			}
			keys = append(keys, fmt.Sprintf("%q %x", r.Key, r.Value))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// TestCopiesAtOnce loads copies from several goroutines.
func TestCopiesAtOnce(t *testing.T) {
	docs := family(rand.New(rand.NewPCG(1, 2)), 40)
	one, many := open(t, &claims{}, smallAtlas), open(t, &claims{}, smallAtlas)
	load(t, one, docs...)
	var workers sync.WaitGroup
	for part := range 4 {
		workers.Go(func() {
			for i := part; i < len(docs); i += 4 {
				if _, err := many.Load(t.Context(), docs[i]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	workers.Wait()
	if hash(t, one) != hash(t, many) {
		t.Errorf("(- one after the other, + at once)\n%s", diff(dump(t, one, "nquads"), dump(t, many, "nquads")))
	}
}

// TestAddCopies checks that documents that were read elsewhere, copies too, come to
// what loading them comes to, also those of another graph.
func TestAddCopies(t *testing.T) {
	docs := family(rand.New(rand.NewPCG(3, 4)), 20)
	loaded, added, again := open(t, &claims{}, smallAtlas), open(t, &claims{}, smallAtlas), open(t, &claims{}, smallAtlas)
	load(t, loaded, docs...)
	for _, doc := range docs {
		r, err := Read(t.Context(), doc, &claims{}, smallAtlas, added.ns)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := added.Add(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if hash(t, added) != hash(t, loaded) {
		t.Error("adding comes to something else than loading")
	}
	for _, doc := range slices.Backward(docs) {
		var lines strings.Builder
		for _, q := range quadsOf(t, loaded, doc.ID) {
			lines.WriteString(store.FormatQuad(q))
		}
		for r, err := range again.Readings(t.Context(), strings.NewReader(lines.String())) {
			if err != nil {
				t.Fatal(err)
			}
			if _, err := again.Add(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
	}
	if hash(t, again) != hash(t, loaded) {
		t.Error("adding what another graph has comes to something else than loading")
	}
}

// TestRunsAreFoundAgain checks that what a document is found by is read back as it was
// written.
func TestRunsAreFoundAgain(t *testing.T) {
	g := open(t, &claims{}, smallAtlas)
	for _, doc := range family(rand.New(rand.NewPCG(5, 6)), 10) {
		doc.ID = "id\x00 of " + doc.ID
		load(t, g, doc)
		err := g.with(t.Context(), func(v *view) error {
			got, err := v.printOf(t.Context(), doc.ID)
			if want := runsOf(doc).print(doc.ID); err == nil && *got != *want {
				t.Errorf("%+v, want %+v", got, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// quadsOf returns the quads of a document.
func quadsOf(t *testing.T, g *Graph, id string) []store.Quad {
	t.Helper()
	var quads []store.Quad
	err := g.with(t.Context(), func(v *view) (err error) {
		quads, err = v.collect(t.Context(), store.Pattern{Label: quad.IRI(g.ns.Document(id))})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return quads
}

// FuzzRuns checks what holds of the runs of any text.
func FuzzRuns(f *testing.F) {
	f.Add("Title", sentences(0, 10), 3)
	f.Add("", "\xff\u0130 \u200d a b c "+sentences(0, 8), 0)
	f.Fuzz(func(t *testing.T, title, text string, body int) {
		doc := &schema.Document{ID: "a", Title: title, Text: text, Body: min(max(body, 0), len(text))}
		r := runsOf(doc)
		if r == nil {
			return
		}
		if r.addsTo(r) || r.share(r) != 1 {
			t.Errorf("it is no copy of itself: %v, %v", r.addsTo(r), r.share(r))
		}
		more := *doc
		more.Text += " something altogether different follows"
		s := runsOf(&more)
		if s.share(r) != r.share(s) || s.share(r) == 1 {
			t.Errorf("of what says more it shares %v, and that of it %v", r.share(s), s.share(r))
		}
		if *r.print("a") != *runsOf(doc).print("a") {
			t.Error("it is found by something else each time")
		}
	})
}

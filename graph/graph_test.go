package graph

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// given is an extractor that knows the facts of each document beforehand.
type given map[string][]schema.Fact

func (x given) Extract(ctx context.Context, doc *schema.Document) ([]schema.Fact, error) {
	return x[doc.ID], ctx.Err()
}

// atlas is a gazetteer of a few entries.
type atlas map[string]*gazetteer.Entry

func (a atlas) ByID(id string) *gazetteer.Entry { return a[id] }

var smallAtlas = atlas{
	"state/japan": {ID: "state/japan", Class: schema.State, Kind: "state", Name: "Japan",
		Names: []gazetteer.Name{{Text: "Nippon", Kind: gazetteer.Local}}, ISO2: "JP", ISO3: "JPN", COW: "740", Wikidata: "Q17"},
	"territory/takeshima": {ID: "territory/takeshima", Class: schema.Territory, Kind: "island", Name: "Liancourt Rocks",
		Names: []gazetteer.Name{
			{Text: "Takeshima", Kind: gazetteer.Local, By: "state/japan"},
			{Text: "Dokdo", Kind: gazetteer.Local, By: "state/south-korea"}},
		Lat: 37.24, Lon: 131.87, Located: true, MemberOf: []string{"territory/sea-of-japan"}},
}

func open(t testing.TB, x Extractor, gz Gazetteer, opts ...Option) *Graph {
	t.Helper()
	g, err := Open(t.Context(), "", append(opts, WithExtractor(x), WithGazetteer(gz))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	return g
}

func load(t testing.TB, g *Graph, docs ...*schema.Document) {
	t.Helper()
	for _, doc := range docs {
		if _, err := g.Load(t.Context(), doc); err != nil {
			t.Fatal(err)
		}
	}
}

func collect[T any](t testing.TB, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for v, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

func dump(t testing.TB, g *Graph, format string) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := g.Export(t.Context(), &b, format, export.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// diff compares facts apart from nil and empty lists.
func diff(want, got any) string { return cmp.Diff(want, got, cmpopts.EquateEmpty()) }

// randomCorpus makes documents and facts that use everything the model has.
func randomCorpus(r *rand.Rand, docs int) (given, []*schema.Document) {
	names := []string{"Japan", "Russia", "Iturup", `Quotes "and" \ slashes`, "尖閣諸島", "a/b#c?d%e", "Señor\nNew line", "Åland", "Kuril Islands"}
	classes := []schema.Class{schema.State, schema.Territory, schema.Instrument, schema.Person, schema.Court, schema.Office}
	entity := func() schema.Entity {
		e := schema.NewEntity(classes[r.IntN(len(classes))], names[r.IntN(len(names))])
		e.Aliases = []string{"also " + e.Name}
		return e
	}
	value := func() schema.Entity {
		if r.IntN(3) == 0 {
			return schema.Lit(names[r.IntN(len(names))])
		}
		return entity()
	}
	date := func() schema.Date {
		all := []schema.Date{{}, {}, schema.Year(1956), schema.Month(1956, 10), schema.Day(1956, 10, 19),
			{Year: 1950, Precision: schema.PrecisionDecade}, {Year: 1900, Precision: schema.PrecisionCentury},
			{Year: 1875, Precision: schema.PrecisionYear, Approximate: true}}
		return all[r.IntN(len(all))]
	}
	x := given{}
	var all []*schema.Document
	for i := range docs {
		text := strings.Repeat("All of this is prose,\nand some of it is proof. ", 5)
		doc := &schema.Document{ID: fmt.Sprintf("folder/doc %d", i), Title: names[r.IntN(len(names))], Date: date(), Text: text, Body: r.IntN(10)}
		var facts []schema.Fact
		for range 1 + r.IntN(8) {
			p := schema.Predicates()[r.IntN(len(schema.Predicates()))].Predicate
			f := schema.Fact{Subject: entity(), Predicate: p, Object: value(), Negated: r.IntN(4) == 0,
				Modality: schema.Modalities()[r.IntN(5)], Time: schema.Time{Date: date(), Since: date(), Until: date()},
				Rule: fmt.Sprintf("rule-%d", r.IntN(3)), Confidence: float64(1+r.IntN(100)) / 100}
			if p.Symmetric() {
				f.Object = entity()
			}
			if r.IntN(3) == 0 {
				f.AttributedTo = entity()
			}
			for range r.IntN(3) {
				f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.Roles()[r.IntN(len(schema.Roles()))], Value: value()})
			}
			for range 1 + r.IntN(2) {
				start := r.IntN(len(text) - 1)
				f.Evidence = append(f.Evidence, doc.Quote(start, start+1+r.IntN(len(text)-start-1)))
			}
			facts = append(facts, f)
		}
		x[doc.ID] = facts
		all = append(all, doc)
	}
	return x, all
}

func TestFactsRoundTrip(t *testing.T) {
	for seed := range uint64(30) {
		x, docs := randomCorpus(rand.New(rand.NewPCG(seed, 1)), 3)
		g := open(t, x, atlas{})
		load(t, g, docs...)
		var all []schema.Fact
		for _, doc := range docs {
			all = append(all, x[doc.ID]...)
			back, err := g.Document(t.Context(), doc.ID)
			if err != nil {
				t.Fatal(err)
			}
			if d := diff(doc, back); d != "" {
				t.Errorf("seed %d: document %s (-want +got):\n%s", seed, doc.ID, d)
			}
		}
		want := mergeFacts(all)
		got := collect(t, g.Facts(t.Context(), schema.Filter{}))
		if d := diff(want, got); d != "" {
			t.Fatalf("seed %d: facts (-want +got):\n%s", seed, d)
		}
	}
}

func TestFilters(t *testing.T) {
	x, docs := randomCorpus(rand.New(rand.NewPCG(7, 7)), 12)
	g := open(t, x, atlas{})
	load(t, g, docs...)
	all := collect(t, g.Facts(t.Context(), schema.Filter{}))
	filters := []schema.Filter{
		{Subject: "state/japan"}, {Object: "state/japan"}, {About: "territory/iturup"}, {Object: `"Japan"`}, {About: `"Russia"`},
		{Predicates: []schema.Predicate{schema.Claims, schema.Disputes}}, {Docs: []string{docs[3].ID, docs[1].ID}},
		{Docs: []string{docs[2].ID}, Predicates: []schema.Predicate{schema.PartyTo, schema.MetWith, schema.Said}},
		{Subject: "state/japan", About: "state/russia"}, {AsOf: schema.Year(1900)}, {Plain: true}, {MinConfidence: 0.7},
		{Subject: "state/nowhere"}, {Docs: []string{"nowhere"}},
	}
	for _, f := range all[:10] {
		filters = append(filters, schema.Filter{Subject: f.Subject.Key(), Object: f.Object.Key(), Predicates: []schema.Predicate{f.Predicate}})
	}
	for _, filter := range filters {
		var want []string
		for _, f := range all {
			if filter.Matches(&f) {
				want = append(want, f.ID())
			}
		}
		var got []string
		for _, f := range collect(t, g.Facts(t.Context(), filter)) {
			got = append(got, f.ID())
		}
		if len(filter.Docs) > 0 { // ordered by the first of these documents
			slices.Sort(want)
			slices.Sort(got)
		}
		if d := diff(want, got); d != "" {
			t.Errorf("%+v (-want +got):\n%s", filter, d)
		}
	}
}

func TestSameFactFromTwoDocuments(t *testing.T) {
	a := &schema.Document{ID: "a", Text: "Japan claims Iturup."}
	b := &schema.Document{ID: "b", Text: "Iturup is claimed by Japan."}
	fact := schema.Fact{Subject: schema.NewEntity(schema.State, "Japan"), Predicate: schema.Claims,
		Object: schema.NewEntity(schema.Territory, "Iturup"), Modality: schema.Asserted}
	inA, inB := fact, fact
	inA.Evidence, inA.Rule, inA.Confidence = []schema.Evidence{a.Quote(0, 20)}, "active", 0.5
	inB.Evidence, inB.Rule, inB.Confidence = []schema.Evidence{b.Quote(0, 27)}, "passive", 0.9
	g := open(t, given{"a": {inA}, "b": {inB}}, atlas{})
	load(t, g, b, a)
	want := fact
	want.Evidence, want.Rule, want.Confidence = []schema.Evidence{a.Quote(0, 20), b.Quote(0, 27)}, "passive", 0.9
	for _, filter := range []schema.Filter{{}, {Subject: "state/japan"}, {Docs: []string{"b"}}} {
		got := collect(t, g.Facts(t.Context(), filter))
		if d := diff([]schema.Fact{want}, got); d != "" {
			t.Errorf("%+v (-want +got):\n%s", filter, d)
		}
	}
	r, err := g.Query(t.Context(), query.Request{Text: "SELECT (COUNT(*) AS ?n) WHERE { ?s dm:claims ?o }"})
	if err != nil || r.Rows[0][0].Value != "1" {
		t.Errorf("the triple counts %v times, %v", r, err)
	}
	if err := g.Remove(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	if d := diff([]schema.Fact{inA}, collect(t, g.Facts(t.Context(), schema.Filter{}))); d != "" {
		t.Errorf("after removing b (-want +got):\n%s", d)
	}
}

func TestSameFactTwiceInOneDocument(t *testing.T) {
	doc := &schema.Document{ID: "d", Text: "Japan claims Iturup. Iturup is claimed by Japan."}
	sure := schema.Fact{Subject: schema.NewEntity(schema.State, "Japan"), Predicate: schema.Claims, Modality: schema.Asserted,
		Object: schema.NewEntity(schema.Territory, "Iturup"), Rule: "active", Confidence: 0.9, Evidence: []schema.Evidence{doc.Quote(0, 20)}}
	unsure := sure
	unsure.Rule, unsure.Confidence, unsure.Evidence = "a passive", 0.4, []schema.Evidence{doc.Quote(21, 48)}
	want := sure
	want.Evidence = []schema.Evidence{doc.Quote(0, 20), doc.Quote(21, 48)}
	for _, facts := range [][]schema.Fact{{sure, unsure}, {unsure, sure}} {
		g := open(t, given{"d": facts}, atlas{})
		load(t, g, doc)
		if d := diff([]schema.Fact{want}, collect(t, g.Facts(t.Context(), schema.Filter{}))); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
}

// TestGazetteerKnowsBetter lets two documents be wrong about what an entity is.
func TestGazetteerKnowsBetter(t *testing.T) {
	x := given{}
	g := open(t, x, smallAtlas)
	for _, id := range []string{"a", "b"} {
		doc := &schema.Document{ID: id, Text: "Japan claims Takeshima."}
		x[id] = []schema.Fact{{Subject: schema.NewEntity(schema.State, "Japan"), Predicate: schema.Claims,
			Object: schema.Entity{ID: "territory/takeshima", Class: schema.Boundary, Name: "The Rocks"}, Confidence: 1, Evidence: []schema.Evidence{doc.Quote(0, 5)}}}
		load(t, g, doc)
	}
	want := schema.Entity{ID: "territory/takeshima", Class: schema.Territory, Name: "Liancourt Rocks", Aliases: []string{"Dokdo", "Takeshima", "The Rocks"}}
	if d := diff([]schema.Entity{want}, collect(t, g.Entities(t.Context(), schema.Territory))); d != "" {
		t.Errorf("territories (-want +got):\n%s", d)
	}
	if found := collect(t, g.Entities(t.Context(), schema.Boundary)); len(found) > 0 {
		t.Errorf("boundaries %v", found)
	}
}

func TestLoadTwiceIsLoadOnce(t *testing.T) {
	x, docs := randomCorpus(rand.New(rand.NewPCG(3, 3)), 5)
	once, twice := open(t, x, smallAtlas), open(t, x, smallAtlas)
	load(t, once, docs...)
	for _, doc := range slices.Backward(docs) {
		first, err := twice.Load(t.Context(), doc)
		if err != nil || first.Facts != len(mergeFacts(x[doc.ID])) {
			t.Errorf("loading %s: %+v, %v", doc.ID, first, err)
		}
		again, err := twice.Load(t.Context(), doc)
		first.Status = Unchanged
		if err != nil || again != first {
			t.Errorf("loading %s again: %+v, %v, want %+v", doc.ID, again, err, first)
		}
	}
	same(t, once, twice)
}

func same(t *testing.T, a, b *Graph) {
	t.Helper()
	for _, f := range export.Formats() {
		switch f.Name {
		case "png", "svg", "yed":
			continue // drawn from the same DOT, and slowly
		}
		if testing.Short() && f.Name != "nquads" && f.Name != "csv" {
			continue
		}
		if d := cmp.Diff(strings.Split(dump(t, a, f.Name), "\n"), strings.Split(dump(t, b, f.Name), "\n")); d != "" {
			t.Errorf("%s differs:\n%s", f.Name, d)
		}
	}
	x, err := a.Hash(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	y, err := b.Hash(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if x != y {
		t.Errorf("hashes %s and %s differ", x, y)
	}
}

func TestRemovedIsNeverLoaded(t *testing.T) {
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 5))
		x, docs := randomCorpus(r, 6)
		never, removed := open(t, x, smallAtlas), open(t, x, smallAtlas)
		gone := docs[r.IntN(len(docs))]
		for _, doc := range docs {
			if doc != gone {
				load(t, never, doc)
			}
		}
		load(t, removed, docs...)
		if err := removed.Remove(t.Context(), gone.ID); err != nil {
			t.Fatal(err)
		}
		same(t, never, removed)
		if err := removed.Remove(t.Context(), gone.ID); !errors.Is(err, ErrNotFound) {
			t.Errorf("removing it again: %v", err)
		}
	}
}

func TestChangedDocumentReplacesItself(t *testing.T) {
	x, docs := randomCorpus(rand.New(rand.NewPCG(11, 1)), 4)
	g := open(t, x, smallAtlas)
	load(t, g, docs...)
	changed := *docs[1]
	changed.Text = "Something else altogether, about Takeshima."
	x[changed.ID] = []schema.Fact{{Subject: schema.NewEntity(schema.State, "Japan"), Predicate: schema.Claims, Modality: schema.Asserted,
		Object: schema.Entity{ID: "territory/takeshima", Class: schema.Territory, Name: "Liancourt Rocks"}, Confidence: 1,
		Evidence: []schema.Evidence{changed.Quote(0, 9)}}}
	result, err := g.Load(t.Context(), &changed)
	if err != nil || result.Status != Replaced || result.Facts != 1 {
		t.Fatalf("%+v, %v", result, err)
	}
	fresh := open(t, x, smallAtlas)
	load(t, fresh, docs[0], &changed, docs[2], docs[3])
	same(t, fresh, g)
}

// versioned is an extractor that says which one it is.
type versioned struct {
	given
	version string
}

func (x *versioned) Version() string { return x.version }

func TestNewExtractorReadsAgain(t *testing.T) {
	corpus, docs := randomCorpus(rand.New(rand.NewPCG(2, 2)), 1)
	x := &versioned{corpus, "1"}
	g := open(t, x, atlas{})
	for _, step := range []struct {
		version string
		want    Status
	}{{"1", Added}, {"1", Unchanged}, {"2", Replaced}, {"2", Unchanged}} {
		x.version = step.version
		result, err := g.Load(t.Context(), docs[0])
		if err != nil || result.Status != step.want {
			t.Errorf("version %s: %+v, %v, want %s", step.version, result, err, step.want)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	doc := &schema.Document{ID: "d", Text: "Japan claims Iturup. É"}
	good := schema.Fact{Subject: schema.NewEntity(schema.State, "Japan"), Predicate: schema.Claims,
		Object: schema.NewEntity(schema.Territory, "Iturup"), Confidence: 1, Evidence: []schema.Evidence{doc.Quote(0, 20)}}
	for name, spoil := range map[string]func(*schema.Fact){
		"predicate":      func(f *schema.Fact) { f.Predicate = "owns" },
		"subject":        func(f *schema.Fact) { f.Subject = schema.Lit("Japan") },
		"object":         func(f *schema.Fact) { f.Object = schema.Entity{} },
		"evidence":       func(f *schema.Fact) { f.Evidence = nil },
		"other document": func(f *schema.Fact) { f.Evidence[0].Doc = "e" },
		"offsets":        func(f *schema.Fact) { f.Evidence[0].End = 19 },
		"half a letter":  func(f *schema.Fact) { f.Evidence = []schema.Evidence{doc.Quote(0, 22)} },
		"range":          func(f *schema.Fact) { f.Evidence[0].End = 400 },
		"confidence":     func(f *schema.Fact) { f.Confidence = 0 },
		"role":           func(f *schema.Fact) { f.Qualifiers = []schema.Qualifier{{Role: "colour", Value: schema.Lit("red")}} },
	} {
		f := good
		f.Evidence = slices.Clone(good.Evidence)
		spoil(&f)
		g := open(t, given{"d": {f}}, atlas{})
		if _, err := g.Load(t.Context(), doc); err == nil {
			t.Errorf("%s: no error", name)
		}
		if n := len(collect(t, g.Documents(t.Context()))); n != 0 {
			t.Errorf("%s: %d documents in the graph", name, n)
		}
	}
	g := open(t, given{}, atlas{})
	for name, bad := range map[string]*schema.Document{
		"no ID": {Text: "x"}, "no UTF-8": {ID: "x", Text: "\xff"}, "body": {ID: "x", Text: "x", Body: 2},
	} {
		if _, err := g.Load(t.Context(), bad); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestIdentityComesAndGoes(t *testing.T) {
	doc := &schema.Document{ID: "d", Text: "Japan claims Takeshima."}
	x := given{"d": {{Subject: schema.NewEntity(schema.State, "Japan"), Predicate: schema.Claims, Modality: schema.Asserted,
		Object:     schema.Entity{ID: "territory/takeshima", Class: schema.Territory, Name: "Liancourt Rocks", Aliases: []string{"Takeshima Islets"}},
		Confidence: 1, Evidence: []schema.Evidence{doc.Quote(0, 22)}}}}
	g := open(t, x, smallAtlas)
	empty, err := g.Hash(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	load(t, g, doc)
	loaded := dump(t, g, "nquads")
	for _, name := range []string{"nippon", "DOKDO", "Takeshima Islets", "the Liancourt rocks"} {
		if found, err := g.Lookup(t.Context(), name); err != nil || len(found) != 1 {
			t.Errorf("looking up %q: %v, %v", name, found, err)
		}
	}
	card, err := g.Card(t.Context(), "territory/takeshima", query.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	want := schema.Entity{ID: "territory/takeshima", Class: schema.Territory, Name: "Liancourt Rocks", Aliases: []string{"Dokdo", "Takeshima", "Takeshima Islets"}}
	if d := diff(want, card.Entity); d != "" {
		t.Errorf("entity (-want +got):\n%s", d)
	}
	if card.Kind != "island" || card.Latitude == nil || *card.Latitude != 37.24 || len(card.Claims) != 1 || len(card.Sources) != 1 {
		t.Errorf("card %+v", card)
	}
	wantNames := []NameUse{{Name: "Liancourt Rocks"}, {"Dokdo", []schema.Entity{{ID: "state/south-korea", Class: schema.State, Name: "south korea"}}},
		{"Takeshima", []schema.Entity{{ID: "state/japan", Class: schema.State, Name: "Japan", Aliases: []string{"Nippon"}}}}, {Name: "Takeshima Islets"}}
	if d := diff(wantNames, card.Names); d != "" {
		t.Errorf("names (-want +got):\n%s", d)
	}
	if err := g.Remove(t.Context(), "d"); err != nil {
		t.Fatal(err)
	}
	if now, err := g.Hash(t.Context()); err != nil || now != empty {
		t.Errorf("something is left: %v\n%s", err, dump(t, g, "nquads"))
	}
	load(t, g, doc)
	if now := dump(t, g, "nquads"); now != loaded {
		t.Errorf("loaded again (-want +got):\n%s", cmp.Diff(strings.Split(loaded, "\n"), strings.Split(now, "\n")))
	}
}

func TestFactByBeginning(t *testing.T) {
	x, docs := randomCorpus(rand.New(rand.NewPCG(5, 5)), 8)
	g := open(t, x, atlas{})
	load(t, g, docs...)
	for _, f := range collect(t, g.Facts(t.Context(), schema.Filter{}))[:5] {
		for _, id := range []string{f.ID(), f.ID()[:16]} {
			if got, err := g.Fact(t.Context(), id); err != nil || got.ID() != f.ID() {
				t.Errorf("%s: %v, %v", id, got, err)
			}
		}
	}
	if _, err := g.Fact(t.Context(), "z"); !errors.Is(err, ErrNotFound) {
		t.Errorf("an ID of no fact: %v", err)
	}
	if _, err := g.Fact(t.Context(), ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("no ID: %v", err)
	}
	ambiguous := 0
	for _, c := range "0123456789abcdef" {
		if _, err := g.Fact(t.Context(), string(c)); errors.Is(err, ErrAmbiguous) {
			ambiguous++
		}
	}
	if ambiguous == 0 {
		t.Error("no beginning is ambiguous")
	}
}

func TestSuggest(t *testing.T) {
	doc := &schema.Document{ID: "d", Text: "Japan claims Shikotan."}
	g := open(t, given{"d": {{Subject: schema.NewEntity(schema.State, "Japan"), Predicate: schema.Claims,
		Object: schema.NewEntity(schema.Territory, "Shikotan"), Confidence: 1, Evidence: []schema.Evidence{doc.Quote(0, 5)}}}}, atlas{})
	load(t, g, doc)
	for typed, want := range map[string]string{
		"Shikotan": "territory/shikotan", "Shiktoan": "territory/shikotan", "Shikoton": "territory/shikotan",
		"Sikotann": "territory/shikotan", "Jpan": "state/japan", "Japna": "state/japan", "Jaapaan": "", "Xyz": "",
	} {
		found, err := g.Suggest(t.Context(), typed)
		got := ""
		if len(found) > 0 {
			got = found[0].ID
		}
		if err != nil || got != want {
			t.Errorf("%s: %v, %v, want %s", typed, found, err, want)
		}
	}
}

func TestReopenAndReadOnly(t *testing.T) {
	x, docs := randomCorpus(rand.New(rand.NewPCG(9, 9)), 3)
	path := t.TempDir() + "/g"
	if _, err := Open(t.Context(), path, WithReadOnly()); err == nil {
		t.Error("opened for reading what is not there")
	}
	var hash string
	for range 2 {
		g, err := Open(t.Context(), path, WithExtractor(x), WithGazetteer(smallAtlas))
		if err != nil {
			t.Fatal(err)
		}
		load(t, g, docs...)
		h, err := g.Hash(t.Context())
		if err != nil || hash != "" && h != hash {
			t.Errorf("hash %s, %v, was %s", h, err, hash)
		}
		hash = h
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := g.Stats(t.Context()); !errors.Is(err, ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	}
	g, err := Open(t.Context(), path, WithReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if _, err := g.Load(t.Context(), docs[0]); !errors.Is(err, ErrReadOnly) {
		t.Errorf("loading: %v", err)
	}
	if err := g.Remove(t.Context(), docs[0].ID); !errors.Is(err, ErrReadOnly) {
		t.Errorf("removing: %v", err)
	}
	st, err := g.Stats(t.Context())
	if err != nil || st.Documents != 3 || st.Facts != len(collect(t, g.Facts(t.Context(), schema.Filter{}))) ||
		st.Entities != len(collect(t, g.Entities(t.Context(), schema.Thing))) {
		t.Errorf("stats %+v, %v", st, err)
	}
}

func TestCancelled(t *testing.T) {
	x, docs := randomCorpus(rand.New(rand.NewPCG(4, 4)), 3)
	g := open(t, x, atlas{})
	load(t, g, docs...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.Load(ctx, docs[0]); !errors.Is(err, context.Canceled) {
		t.Errorf("Load: %v", err)
	}
	for _, filter := range []schema.Filter{{}, {Subject: "state/japan"}, {Docs: []string{docs[0].ID}}} {
		var last error
		for _, err := range g.Facts(ctx, filter) {
			last = err
		}
		if !errors.Is(last, context.Canceled) {
			t.Errorf("Facts %+v: %v", filter, last)
		}
	}
	for _, f := range export.Formats() {
		if _, err := g.Export(ctx, &bytes.Buffer{}, f.Name, export.Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("Export %s: %v", f.Name, err)
		}
	}
	if _, err := g.Lookup(ctx, "Japan"); !errors.Is(err, context.Canceled) {
		t.Errorf("Lookup: %v", err)
	}
}

// TestConcurrent is for the race detector: readers see whole documents only.
func TestConcurrent(t *testing.T) {
	x, docs := randomCorpus(rand.New(rand.NewPCG(8, 8)), 12)
	g := open(t, x, smallAtlas)
	var wg sync.WaitGroup
	for part := range 3 {
		wg.Go(func() {
			for i, doc := range docs {
				if i%3 != part {
					continue
				}
				if _, err := g.Load(t.Context(), doc); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			for range 10 {
				for f, err := range g.Facts(t.Context(), schema.Filter{}) {
					if err != nil || len(f.Evidence) == 0 || f.Subject.Name == "" {
						t.Errorf("half a fact: %v, %v", f, err)
					}
				}
				if _, err := g.Stats(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	want := open(t, x, smallAtlas)
	load(t, want, docs...)
	same(t, want, g)
}

// TestNamespace checks that a graph of another base has the same facts under
// IRIs of that base only.
func TestNamespace(t *testing.T) {
	const base = "https://example.org/disputes/"
	x, docs := randomCorpus(rand.New(rand.NewPCG(7, 8)), 6)
	plain, own := open(t, x, smallAtlas), open(t, x, smallAtlas, WithNamespace(schema.Namespace{Base: base}))
	load(t, plain, docs...)
	load(t, own, docs...)
	facts := func(g *Graph) []schema.Fact { return collect(t, g.Facts(t.Context(), schema.Filter{})) }
	if d := diff(facts(plain), facts(own)); d != "" {
		t.Errorf("the facts differ:\n%s", d)
	}
	sorted := func(nquads string) []string {
		lines := strings.Split(nquads, "\n")
		slices.Sort(lines)
		return lines
	}
	want := sorted(strings.ReplaceAll(dump(t, plain, "nquads"), "<"+schema.EntityBase, "<"+base))
	if d := cmp.Diff(want, sorted(dump(t, own, "nquads"))); d != "" {
		t.Errorf("the quads differ by more than their base:\n%s", d)
	}
	if doc, err := own.Document(t.Context(), docs[0].ID); err != nil || doc.Text != docs[0].Text {
		t.Errorf("document %v, %v", doc, err)
	}
	for _, doc := range docs {
		if err := own.Remove(t.Context(), doc.ID); err != nil {
			t.Fatal(err)
		}
	}
	if left := facts(own); len(left) > 0 {
		t.Errorf("%d facts are left of documents removed", len(left))
	}
}

package graph

import (
	"math/rand/v2"
	"testing"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// TestKnownAt compares a graph as it was known at a date with a graph into
// which only the documents of that time ever came.
func TestKnownAt(t *testing.T) {
	for seed := range uint64(10) {
		x, docs := randomCorpus(rand.New(rand.NewPCG(seed, 9)), 12)
		all := open(t, x, smallAtlas)
		load(t, all, docs...)
		for _, by := range []schema.Date{schema.Year(1800), schema.Year(1900), schema.Month(1956, 10), schema.Year(1956), schema.Year(2000)} {
			then := open(t, x, smallAtlas)
			for _, doc := range docs {
				if doc.Date.Published(by) {
					load(t, then, doc)
				}
			}
			now := all.knownAt(by)
			if d := diff(collect(t, then.Facts(t.Context(), schema.Filter{})), collect(t, all.Facts(t.Context(), schema.Filter{KnownAt: by}))); d != "" {
				t.Fatalf("seed %d: facts known at %s (-then +now):\n%s", seed, by, d)
			}
			entities := collect(t, then.Entities(t.Context(), schema.Thing))
			if d := diff(entities, collect(t, now.Entities(t.Context(), schema.Thing))); d != "" {
				t.Fatalf("seed %d: entities known at %s (-then +now):\n%s", seed, by, d)
			}
			for _, e := range entities {
				want, err := then.Card(t.Context(), e.ID, query.Scope{})
				if err != nil {
					t.Fatal(err)
				}
				got, err := all.Card(t.Context(), e.ID, query.Scope{KnownAt: by})
				if err != nil {
					t.Fatal(err)
				}
				if d := diff(want, got); d != "" {
					t.Fatalf("seed %d: %s known at %s (-then +now):\n%s", seed, e.ID, by, d)
				}
			}
			if d := diff(collect(t, then.Documents(t.Context())), collect(t, now.Documents(t.Context()))); d != "" {
				t.Errorf("seed %d: documents of %s (-then +now):\n%s", seed, by, d)
			}
		}
	}
}

func TestKnownAtReachesAnswersAndExports(t *testing.T) {
	g := kurils(t)
	before := schema.Year(1850)
	answer, err := g.Ask(t.Context(), "Which islands does the 1956 declaration cover?", ask.Options{KnownAt: before})
	if err != nil || !answer.Abstained {
		t.Errorf("known in 1850: %v, %v", answer.Answers, err)
	}
	answer, err = g.Ask(t.Context(), "Which islands does the 1956 declaration cover?", ask.Options{KnownAt: schema.Year(2100)})
	if err != nil || answer.Abstained {
		t.Errorf("known in 2100: %v", err)
	}
	var none, some counter
	if _, err := g.Export(t.Context(), &none, "nquads", export.Options{KnownAt: before}); err != nil || none > 0 {
		t.Errorf("%d bytes known in 1850, %v", none, err)
	}
	if _, err := g.Export(t.Context(), &some, "nquads", export.Options{KnownAt: schema.Year(2100)}); err != nil || some == 0 {
		t.Errorf("%d bytes known in 2100, %v", some, err)
	}
}

// counter counts the bytes that are written to it.
type counter int

func (n *counter) Write(p []byte) (int, error) {
	*n += counter(len(p))
	return len(p), nil
}

// TestNeutralNames names places that each side names otherwise.
func TestNeutralNames(t *testing.T) {
	japan, korea := schema.NewEntity(schema.State, "Japan"), schema.NewEntity(schema.State, "South Korea")
	doc := func(id string) *schema.Document {
		return &schema.Document{ID: id, Text: "It is called so.", Date: schema.Year(2000)}
	}
	called := func(id, place, name string, by schema.Entity) schema.Fact {
		return schema.Fact{Subject: schema.Entity{ID: "territory/rock", Class: schema.Territory, Name: place}, Predicate: schema.AlsoKnownAs,
			Object: schema.Lit(name), Qualifiers: []schema.Qualifier{{Role: schema.RoleBy, Value: by}},
			Confidence: 1, Evidence: []schema.Evidence{doc(id).Quote(0, 16)}}
	}
	for _, test := range []struct {
		name      string
		facts     given
		want      string
		forJapan  string
		forFrance string
	}{
		{"sides only", given{"a": {called("a", "Take", "Take", japan), called("a", "Take", "Dok", korea)}}, "Dok / Take", "Take", ""},
		{"a name of nobody's", given{
			"a": {called("a", "Take", "Take", japan)}, "b": {called("b", "Take", "Dok", korea)},
			"c": {called("c", "The Rock", "Dok", korea)}}, "The Rock", "Take", ""},
		{"the same name with a word more", given{"a": {called("a", "Rock", "Rock-to", japan)}}, "Rock", "Rock", ""},
		{"one side only", given{"a": {called("a", "Take", "Take", japan)}}, "Take", "Take", ""},
		{"what most tell", given{
			"a": {called("a", "Rock", "Takeshima", japan)}, "b": {called("b", "Rock", "Takeshima", japan)},
			"c": {called("c", "Islet", "Take", japan)}}, "Rock", "Takeshima", ""},
	} {
		g := open(t, test.facts, atlas{})
		for _, id := range []string{"c", "b", "a"} {
			if test.facts[id] != nil {
				load(t, g, doc(id))
			}
		}
		card, err := g.Card(t.Context(), "territory/rock", query.Scope{})
		if err != nil || card.Name != test.want {
			t.Errorf("%s: shown as %q, %v, want %q", test.name, card.Name, err, test.want)
		}
		for user, want := range map[string]string{"state/japan": test.forJapan, "state/france": test.forFrance} {
			if got, err := g.NameBy(t.Context(), "territory/rock", user); err != nil || got != want {
				t.Errorf("%s: %s says %q, %v, want %q", test.name, user, got, err, want)
			}
		}
		side, err := g.Card(t.Context(), "territory/rock", query.Scope{Side: "state/japan"})
		if err != nil || side.Name != test.forJapan || side.Names[0].Name != test.forJapan || len(side.Names) < len(card.Names) {
			t.Errorf("%s: on Japan's card %+v, %v", test.name, side.Names, err)
		}
	}
}

// TestNeutralNamesOfTheGazetteer knows a place under a side's own name.
func TestNeutralNamesOfTheGazetteer(t *testing.T) {
	entry := func(name string, names ...gazetteer.Name) atlas {
		return atlas{"territory/islet": {ID: "territory/islet", Class: schema.Territory, Name: name, Names: names}}
	}
	kita, bei := gazetteer.Name{Text: "Kita-Kojima", By: "state/japan"}, gazetteer.Name{Text: "Bei Xiaodao", By: "state/china"}
	north := gazetteer.Name{Text: "North Islet"}
	doc := &schema.Document{ID: "d", Text: "Japan claims it."}
	x := given{"d": {{Subject: schema.NewEntity(schema.State, "Japan"), Predicate: schema.Claims, Confidence: 1,
		Object: schema.Entity{ID: "territory/islet", Class: schema.Territory, Name: "Kita Kojima"}, Evidence: []schema.Evidence{doc.Quote(0, 5)}}}}
	for _, test := range []struct {
		atlas atlas
		want  string
	}{
		{entry("Kita Kojima", kita, bei, north), "North Islet"},
		{entry("Kita Kojima", kita, bei), "Bei Xiaodao / Kita-Kojima"},
		{entry("Kita Kojima", kita), "Kita Kojima"},
		{entry("The Islet", kita, bei), "The Islet"},
	} {
		g := open(t, x, test.atlas)
		load(t, g, doc)
		e, err := g.Lookup(t.Context(), "Kita Kojima")
		if err != nil || len(e) != 1 || e[0].Name != test.want {
			t.Errorf("%+v, %v, want %q", e, err, test.want)
		}
	}
}

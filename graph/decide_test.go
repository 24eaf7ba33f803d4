package graph

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/internal/rdf"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// teller makes documents of facts, each of one sentence.
type teller struct {
	x    given
	docs []*schema.Document
}

func (w *teller) doc(id string, facts ...schema.Fact) {
	doc := &schema.Document{ID: id, Text: "So it is said.", Date: schema.Year(2000)}
	for i := range facts {
		facts[i].Confidence, facts[i].Modality, facts[i].Evidence = 0.9, schema.Asserted, []schema.Evidence{doc.Quote(0, 14)}
	}
	if w.x == nil {
		w.x = given{}
	}
	w.x[id] = facts
	w.docs = append(w.docs, doc)
}

func place(name string, aliases ...string) schema.Entity {
	return schema.NewEntity(schema.Territory, name, aliases...)
}

func state(name string) schema.Entity { return schema.NewEntity(schema.State, name) }

func claim(who string, what schema.Entity) schema.Fact {
	return schema.Fact{Subject: state(who), Predicate: schema.Claims, Object: what}
}

func hold(who string, what schema.Entity) schema.Fact {
	return schema.Fact{Subject: state(who), Predicate: schema.Administers, Object: what}
}

func calls(who string, what schema.Entity, name string) schema.Fact {
	return schema.Fact{Subject: what, Predicate: schema.AlsoKnownAs, Object: schema.Lit(name),
		Qualifiers: []schema.Qualifier{{Role: schema.RoleBy, Value: state(who)}}}
}

func part(a, b schema.Entity) schema.Fact {
	return schema.Fact{Subject: a, Predicate: schema.PartOf, Object: b}
}

func hash(t testing.TB, g *Graph) string {
	t.Helper()
	h, err := g.Hash(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestRulesDecide asks which rule, if any, finds two entities of two documents
// to be one.
func TestRulesDecide(t *testing.T) {
	rock := atlas{"territory/rock": {ID: "territory/rock", Class: schema.Territory, Name: "Rock", Wikidata: "Q1",
		Names: []gazetteer.Name{{Text: "Take", By: "state/japan"}, {Text: "Dok", By: "state/korea"}, {Text: "Stone"}}},
		"territory/crag": {ID: "territory/crag", Class: schema.Territory, Name: "Crag", Names: []gazetteer.Name{{Text: "Stone"}}}}
	isle := schema.Entity{ID: "place/isle", Class: schema.Place, Name: "Isle"}
	for _, test := range []struct {
		name string
		a, b []schema.Fact
		want string
	}{
		{"a shared alias alone", []schema.Fact{claim("Japan", place("A", "X"))}, []schema.Fact{claim("Korea", place("B", "X"))}, ""},
		{"an alias and one relation", []schema.Fact{claim("Japan", place("A", "X"))}, []schema.Fact{claim("Japan", place("B", "X"))}, ""},
		{"an alias and two relations", []schema.Fact{claim("Japan", place("A", "X")), hold("Korea", place("A"))},
			[]schema.Fact{claim("Japan", place("B", "X")), hold("Korea", place("B"))}, "territory/a territory/b identity.alias"},
		{"two relations, no name", []schema.Fact{claim("Japan", place("A")), hold("Korea", place("A"))},
			[]schema.Fact{claim("Japan", place("B")), hold("Korea", place("B"))}, ""},
		{"one name, two classes that fit", []schema.Fact{claim("Japan", isle)}, []schema.Fact{claim("Japan", place("Isle"))}, "place/isle territory/isle identity.name"},
		{"one description, two classes that fit", []schema.Fact{claim("Japan", schema.Entity{ID: "place/the-islands", Class: schema.Place, Name: "the islands"})},
			[]schema.Fact{claim("Japan", place("the islands"))}, ""},
		{"one name and nothing else", []schema.Fact{claim("Japan", isle)}, []schema.Fact{claim("Korea", place("Isle"))}, ""},
		{"one name, two classes that do not", []schema.Fact{claim("Japan", schema.NewEntity(schema.Instrument, "Isle"))}, []schema.Fact{claim("Japan", place("Isle"))}, ""},
		{"called alike by two", []schema.Fact{calls("Japan", place("A"), "Take"), calls("Korea", place("A"), "Dok")},
			[]schema.Fact{calls("Japan", place("B"), "Take"), calls("Korea", place("B"), "Dok")}, "territory/a territory/b identity.called"},
		{"called alike by one", []schema.Fact{calls("Japan", place("A"), "Take"), calls("Japan", place("A"), "Taka")},
			[]schema.Fact{calls("Japan", place("B"), "Take"), calls("Japan", place("B"), "Taka")}, ""},
		{"called as the gazetteer has it", []schema.Fact{claim("Japan", place("Rock"))},
			[]schema.Fact{calls("Japan", place("Both"), "Take"), calls("Korea", place("Both"), "Dok")}, "territory/both territory/rock identity.called"},
		{"two that the gazetteer knows", []schema.Fact{claim("Japan", place("Rock")), hold("Korea", place("Rock"))},
			[]schema.Fact{claim("Japan", place("Crag")), hold("Korea", place("Crag"))}, ""},
		{"the one is part of the other", []schema.Fact{claim("Japan", place("A", "X")), hold("Korea", place("A")), part(place("A"), place("B"))},
			[]schema.Fact{claim("Japan", place("B", "X")), hold("Korea", place("B"))}, ""},
		{"two that one document tells apart", []schema.Fact{claim("Japan", place("A", "X")), hold("Korea", place("A"))},
			[]schema.Fact{claim("Japan", place("B", "X")), hold("Korea", place("B")), claim("Japan", place("A"))}, ""},
		{"one symmetric relation is not two", []schema.Fact{{Subject: state("A"), Predicate: schema.Disputes, Object: state("Japan")}, calls("Korea", state("A"), "X")},
			[]schema.Fact{{Subject: state("B"), Predicate: schema.Disputes, Object: state("Japan")}, calls("Korea", state("B"), "X")}, ""},
	} {
		var w teller
		w.doc("a", test.a...)
		w.doc("b", test.b...)
		g := open(t, w.x, rock)
		load(t, g, w.docs...)
		list, err := g.Decisions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range list {
			if d.Reason == "" || !d.Same || !d.Effect {
				t.Errorf("%s: %+v", test.name, d)
			}
			got = append(got, d.A.ID+" "+d.B.ID+" "+d.By)
		}
		if strings.Join(got, "; ") != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
		// what a document brings to decide goes with it
		if err := g.Remove(t.Context(), "b"); err != nil {
			t.Fatal(err)
		}
		if list, err := g.Decisions(t.Context()); err != nil || len(list) > 0 {
			t.Errorf("%s: without the document still %v, %v", test.name, list, err)
		}
	}
}

// twoNames are documents that have one island under two IDs.
func twoNames() *teller {
	var w teller
	w.doc("a", claim("Japan", place("Takeshima")), schema.Fact{Subject: state("Korea"), Predicate: schema.Seized, Object: place("Takeshima"), Time: schema.Time{Date: schema.Year(1954)}})
	w.doc("b", claim("Japan", place("Dokdo")), hold("Korea", place("Dokdo")))
	w.doc("c", schema.Fact{Subject: state("Japan"), Predicate: schema.Disputes, Object: state("Korea"),
		Qualifiers: []schema.Qualifier{{Role: schema.RoleOver, Value: place("Dokdo")}, {Role: schema.RoleOver, Value: place("Takeshima")}}},
		schema.Fact{Subject: state("Japan"), Predicate: schema.Rejects, Object: place("Dokdo"), AttributedTo: state("Korea")})
	w.doc("d", schema.Fact{Subject: state("Japan"), Predicate: schema.Disputes, Object: state("Korea"),
		Qualifiers: []schema.Qualifier{{Role: schema.RoleOver, Value: place("Dokdo")}}})
	return &w
}

// TestSameReadsAsOne joins two entities by hand and reads them everywhere.
func TestSameReadsAsOne(t *testing.T) {
	w := twoNames()
	g := open(t, w.x, atlas{})
	load(t, g, w.docs...)
	before := hash(t, g)
	changed, err := g.Same(t.Context(), "territory/takeshima", "territory/dokdo", "they are the Liancourt Rocks")
	if err != nil || !changed {
		t.Fatalf("changed %v, %v", changed, err)
	}
	again, err := g.Same(t.Context(), "territory/dokdo", "territory/takeshima", "again")
	if err != nil || again {
		t.Errorf("again: changed %v, %v", again, err)
	}
	wantFacts := []string{
		"Japan claims Dokdo [a b]", "Korea seized Dokdo (date=1954) [a]", "Korea administers Dokdo [b]",
		"Japan disputes Korea (over=Dokdo) [c d]", "Japan rejects Dokdo according to Korea [c]",
	}
	describe := func(facts []schema.Fact) []string {
		var out []string
		for _, f := range facts {
			var docs []string
			for _, ev := range f.Evidence {
				docs = append(docs, ev.Doc)
			}
			out = append(out, strings.Replace(fmt.Sprint(f.String(), " ", docs), " asserted", "", 1))
		}
		slices.Sort(out)
		return out
	}
	slices.Sort(wantFacts)
	all := collect(t, g.Facts(t.Context(), schema.Filter{}))
	for name, filter := range map[string]schema.Filter{
		"all": {}, "about one": {About: "territory/takeshima"}, "about the other": {About: "territory/dokdo"},
	} {
		if d := diff(wantFacts, describe(collect(t, g.Facts(t.Context(), filter)))); d != "" {
			t.Errorf("facts, %s (-want +got):\n%s", name, d)
		}
	}
	if got := describe(collect(t, g.Facts(t.Context(), schema.Filter{Object: "territory/takeshima", Predicates: []schema.Predicate{schema.Claims}}))); len(got) != 1 {
		t.Errorf("claims by the object: %v", got)
	}
	if got := describe(collect(t, g.Facts(t.Context(), schema.Filter{Docs: []string{"a"}}))); len(got) != 2 {
		t.Errorf("facts of a: %v", got)
	}
	for _, f := range all {
		got, err := g.Fact(t.Context(), f.ID()[:12])
		if err != nil || got.ID() != f.ID() || len(got.Evidence) != len(f.Evidence) {
			t.Errorf("%s by its ID: %s, %v", f.String(), got.String(), err)
		}
	}
	for _, name := range []string{"Takeshima", "Dokdo"} {
		found, err := g.Lookup(t.Context(), name)
		if err != nil || len(found) != 1 || found[0].ID != "territory/dokdo" {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
	if got := collect(t, g.Entities(t.Context(), schema.Territory)); len(got) != 1 || !slices.Contains(got[0].Aliases, "Takeshima") {
		t.Errorf("territories %v", got)
	}
	card, err := g.Card(t.Context(), "territory/takeshima", query.Scope{})
	if err != nil || card.ID != "territory/dokdo" || len(card.Names) != 2 || len(card.Sources) != 4 {
		t.Errorf("card %+v, %v", card, err)
	}
	var b strings.Builder
	if _, err := g.Export(t.Context(), &b, "nquads", export.Options{About: "territory/takeshima", Predicates: []schema.Predicate{schema.Claims}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"schema#claims> <https://w3id.org/demarc/id/territory/takeshima>", "schema#claims> <https://w3id.org/demarc/id/territory/dokdo>", "sameAs>"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("exported without %s:\n%s", want, b.String())
		}
	}
	r, err := g.Query(t.Context(), query.Request{Text: "SELECT ?who { ?who dm:administers/(owl:sameAs|^owl:sameAs)* territory:takeshima }"})
	if err != nil || len(r.Rows) != 1 {
		t.Errorf("SPARQL: %v, %v", r, err)
	}
	if changed, err := g.Split(t.Context(), "territory/takeshima", "territory/dokdo", ""); err != nil || !changed {
		t.Fatalf("split: changed %v, %v", changed, err)
	}
	if hash(t, g) != before {
		t.Error("same then split is not never")
	}
}

// TestIdentityProperties makes random decisions on random graphs: the order of
// documents makes no difference, and what is undone never was.
func TestIdentityProperties(t *testing.T) {
	names := []string{"A", "B", "C", "D", "E", "F"}
	for seed := range uint64(25) {
		r := rand.New(rand.NewPCG(seed, 11))
		var w teller
		pick := func() schema.Entity {
			e := place(names[r.IntN(len(names))], names[r.IntN(len(names))])
			if r.IntN(4) == 0 {
				e.ID, e.Class = "place/"+schema.Slug(e.Name), schema.Place
			}
			return e
		}
		who := []string{"Japan", "Korea"}
		for i := range 8 {
			var facts []schema.Fact
			for range 1 + r.IntN(4) {
				switch r.IntN(4) {
				case 0:
					facts = append(facts, calls(who[r.IntN(2)], pick(), names[r.IntN(len(names))]))
				case 1:
					facts = append(facts, hold(who[r.IntN(2)], pick()))
				default:
					facts = append(facts, claim(who[r.IntN(2)], pick()))
				}
			}
			w.doc(fmt.Sprint("doc", i), facts...)
		}
		gz := atlas{"territory/c": {ID: "territory/c", Class: schema.Territory, Name: "C", Names: []gazetteer.Name{{Text: "D", By: "state/japan"}}}}
		g := open(t, w.x, gz)
		load(t, g, w.docs...)
		want := hash(t, g)

		shuffled := slices.Clone(w.docs)
		r.Shuffle(len(shuffled), func(i, k int) { shuffled[i], shuffled[k] = shuffled[k], shuffled[i] })
		other := open(t, w.x, gz)
		load(t, other, shuffled...)
		if hash(t, other) != want {
			t.Fatalf("seed %d: the order of loads makes a difference:\n%s", seed, diff(dump(t, g, "nquads"), dump(t, other, "nquads")))
		}
		gone := shuffled[0]
		if err := other.Remove(t.Context(), gone.ID); err != nil {
			t.Fatal(err)
		}
		load(t, other, gone)
		if hash(t, other) != want {
			t.Fatalf("seed %d: a document that came back makes a difference:\n%s", seed, diff(dump(t, g, "nquads"), dump(t, other, "nquads")))
		}

		entities := collect(t, g.Entities(t.Context(), schema.Place))
		all := collect(t, g.Facts(t.Context(), schema.Filter{}))
		ids := map[string]bool{}
		for _, f := range all {
			if ids[f.ID()] {
				t.Errorf("seed %d: %s comes twice", seed, f.String())
			}
			ids[f.ID()] = true
		}
		for range 10 {
			a, b := entities[r.IntN(len(entities))].ID, entities[r.IntN(len(entities))].ID
			if a == b {
				continue
			}
			before := hash(t, g)
			changed, err := g.Same(t.Context(), a, b, "by hand")
			if errors.Is(err, ErrOverruled) {
				continue
			}
			if err != nil || !changed {
				t.Fatalf("seed %d: %s and %s: changed %v, %v", seed, a, b, changed, err)
			}
			x, err := g.One(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			if y, err := g.One(t.Context(), b); err != nil || x != y {
				t.Errorf("seed %d: %s is read as %s, %s as %s, %v", seed, a, x, b, y, err)
			}
			if changed, err := g.Split(t.Context(), a, b, ""); err != nil || !changed || hash(t, g) != before {
				t.Fatalf("seed %d: same then split of %s and %s is not never: %v", seed, a, b, err)
			}
			// and a decision that stays is no matter of order either
			if _, err := g.Same(t.Context(), a, b, "by hand"); err != nil {
				t.Fatal(err)
			}
			entities = collect(t, g.Entities(t.Context(), schema.Place))
		}
		list, err := g.Decisions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list { // by rule, then the other way round by hand
			if d.By == ByHand || !d.Effect {
				continue
			}
			before := hash(t, g)
			_, err := g.Split(t.Context(), d.A.ID, d.B.ID, "they are not")
			if errors.Is(err, ErrOverruled) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			x, _ := g.One(t.Context(), d.A.ID)
			if y, err := g.One(t.Context(), d.B.ID); err != nil || x == y {
				t.Errorf("seed %d: %s and %s are still one, %v", seed, d.A.ID, d.B.ID, err)
			}
			if _, err := g.Same(t.Context(), d.A.ID, d.B.ID, ""); err != nil || hash(t, g) != before {
				t.Fatalf("seed %d: split then same of %s and %s is not never: %v", seed, d.A.ID, d.B.ID, err)
			}
		}
	}
}

// fewPlaces knows one of the places of statements.
var fewPlaces = atlas{"territory/0": {ID: "territory/0", Class: schema.Territory, Name: "C", Wikidata: "Q1",
	Names: []gazetteer.Name{{Text: "D", By: "state/japan"}, {Text: "F", By: "state/korea"}}}}

// statements makes what a document says of some of so many places, several of one
// name.
func statements(r *rand.Rand, doc *schema.Document, places int) (facts []schema.Fact) {
	names := []string{"A", "B", "C", "d", "e", "F"}
	who := []string{"Japan", "Korea", "China"}
	pick := func() schema.Entity {
		id := r.IntN(places)
		e := place(names[id%len(names)], names[r.IntN(len(names))])
		if r.IntN(4) == 0 {
			e.Name = names[r.IntN(len(names))]
		}
		e.ID = fmt.Sprint("territory/", id)
		switch r.IntN(8) {
		case 0, 1:
			e.Class = schema.Place
		case 2:
			e.Class = schema.Instrument
		}
		return e
	}
	for range r.IntN(4) {
		switch a := pick(); r.IntN(5) {
		case 0:
			facts = append(facts, calls(who[r.IntN(3)], a, names[r.IntN(len(names))]))
		case 1:
			if b := pick(); b.ID != a.ID {
				facts = append(facts, part(a, b))
			}
		case 2:
			facts = append(facts, hold(who[r.IntN(3)], a))
		default:
			facts = append(facts, claim(who[r.IntN(3)], a))
		}
	}
	for i := range facts {
		facts[i].Confidence, facts[i].Modality, facts[i].Evidence = 0.9, schema.Asserted, []schema.Evidence{doc.Quote(0, 14)}
	}
	return facts
}

// settledLinks returns by which quads entities should be read as others, all
// decisions considered, and by which they are.
func settledLinks(t *testing.T, g *Graph) (want, got string) {
	t.Helper()
	err := g.with(t.Context(), func(v *view) error {
		all, err := v.verdicts(t.Context(), "")
		if err != nil {
			return err
		}
		p, err := v.settled(t.Context(), all)
		if err != nil {
			return err
		}
		have, err := v.collect(t.Context(), store.Pattern{Predicate: owlSameAs, Label: v.decisions})
		for _, q := range rdf.Sort(p.links(v.ns)) {
			want += store.FormatQuad(q)
		}
		for _, q := range rdf.Sort(have) {
			got += store.FormatQuad(q)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return want, got
}

// TestOnlyWhatChangesIsDecided compares a graph into which documents come, where
// rules are asked only about what a document can have changed, with one in which
// each takes the place of an empty one, where they are asked about all.
func TestOnlyWhatChangesIsDecided(t *testing.T) {
	byRule := 0
	for seed := range uint64(24) {
		r := rand.New(rand.NewPCG(seed+24, 6))
		places := []int{8, 15, 30}[seed%3]
		x, empty := given{}, given{}
		added, replaced := open(t, x, fewPlaces), open(t, empty, fewPlaces)
		if seed%4 < 2 {
			added.standing.few = 2
		}
		for n := range 40 {
			doc := &schema.Document{ID: fmt.Sprint("doc", n), Text: "So it is said."}
			x[doc.ID] = statements(r, doc, places)
			before := *doc
			before.Title = "Empty"
			load(t, replaced, &before)
			empty[doc.ID] = x[doc.ID]
			load(t, replaced, doc)
			load(t, added, doc)
			if seed%2 == 0 && r.IntN(12) == 0 { // what is decided by hand stays
				a, b := fmt.Sprint("territory/", r.IntN(places)), fmt.Sprint("territory/", r.IntN(places))
				same := r.IntN(3) == 0
				var errs [2]error
				for i, g := range []*Graph{added, replaced} {
					if same {
						_, errs[i] = g.Same(t.Context(), a, b, "seen")
					} else {
						_, errs[i] = g.Split(t.Context(), a, b, "seen")
					}
				}
				if (errs[0] == nil) != (errs[1] == nil) {
					t.Fatalf("seed %d: %v, but %v", seed, errs[0], errs[1])
				}
			}
			if hash(t, added) != hash(t, replaced) {
				t.Fatalf("seed %d, document %d: (- all asked, + only what changes)\n%s", seed, n, diff(dump(t, replaced, "nquads"), dump(t, added, "nquads")))
			}
			if want, got := settledLinks(t, added); want != got {
				t.Fatalf("seed %d, document %d: entities are read as others by\n%swhere the decisions come to\n%s", seed, n, got, want)
			}
		}
		list, err := added.Decisions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			if d.By != ByHand {
				byRule++
			}
		}
	}
	if byRule < 100 {
		t.Errorf("rules decided no more than %d times", byRule)
	}
}

// TestStanding checks that what a graph keeps from one change to the next is what
// it would find if it looked: a graph that is opened anew for each change becomes
// the same.
func TestStanding(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 5))
		x := given{}
		standing := open(t, x, fewPlaces)
		path := t.TempDir() + "/g"
		for step := range 40 {
			doc := &schema.Document{ID: fmt.Sprint("doc", r.IntN(9)), Title: fmt.Sprint(step), Text: "So it is said."}
			x[doc.ID] = statements(r, doc, 8)
			fresh, err := Open(t.Context(), path, WithExtractor(x), WithGazetteer(fewPlaces))
			if err != nil {
				t.Fatal(err)
			}
			if seed%3 == 0 && step%11 == 10 {
				standing.standing.relations = mostRelations // too many to keep
			}
			for _, g := range []*Graph{standing, fresh} {
				if step%5 == 4 {
					if err := g.Remove(t.Context(), doc.ID); err != nil && !errors.Is(err, ErrNotFound) {
						t.Fatal(err)
					}
					continue
				}
				load(t, g, doc)
			}
			if hash(t, standing) != hash(t, fresh) {
				t.Fatalf("seed %d, step %d: (- opened anew, + kept open)\n%s", seed, step, diff(dump(t, fresh, "nquads"), dump(t, standing, "nquads")))
			}
			if err := fresh.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestDecideRefuses(t *testing.T) {
	w := twoNames()
	g := open(t, w.x, atlas{})
	load(t, g, w.docs...)
	if _, err := g.Same(t.Context(), "territory/dokdo", "territory/atlantis", ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("an entity that there is not: %v", err)
	}
	if _, err := g.Same(t.Context(), "territory/dokdo", "territory/dokdo", ""); !errors.Is(err, ErrOneEntity) {
		t.Errorf("an entity and itself: %v", err)
	}
	for _, step := range []struct {
		same bool
		a, b string
		want error
	}{
		{true, "territory/dokdo", "territory/takeshima", nil},
		{false, "territory/takeshima", "state/japan", nil},
		{true, "territory/dokdo", "state/japan", ErrOverruled}, // japan is not takeshima, which is dokdo
	} {
		decide := g.Split
		if step.same {
			decide = g.Same
		}
		if _, err := decide(t.Context(), step.a, step.b, "why not"); !errors.Is(err, step.want) {
			t.Errorf("%+v: %v", step, err)
		}
	}
}

func TestWhySame(t *testing.T) {
	w := twoNames()
	w.doc("e", claim("Japan", place("Rock", "Dokdo")), part(place("Rock"), place("Sea")))
	g := open(t, w.x, smallAtlas)
	load(t, g, w.docs...)
	why := func(a, b string) Explanation {
		t.Helper()
		e, err := g.WhySame(t.Context(), a, b)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	if e := why("Japan", "Nippon"); !e.Same || len(e.Namings) != 2 || e.Namings[0].Source != "" {
		t.Errorf("by the gazetteer: %+v", e)
	}
	if e := why("Takeshima", "Rock"); e.Same || !strings.Contains(e.Reason, "share no name") && !strings.Contains(e.Reason, "too little") {
		t.Errorf("nothing in common: %+v", e)
	}
	if e := why("territory/dokdo", "territory/rock"); e.Same || !strings.Contains(e.Reason, "a name alone does not decide") {
		t.Errorf("an alias: %+v", e)
	}
	if e := why("Rock", "Sea"); e.Same || !strings.Contains(e.Reason, "relate the one to the other") {
		t.Errorf("related: %+v", e)
	}
	if e := why("Japan", "Rock"); e.Same || !strings.Contains(e.Reason, "one is a State, the other a Territory") {
		t.Errorf("classes: %+v", e)
	}
	if _, err := g.Same(t.Context(), "territory/takeshima", "territory/rock", "one islet"); err != nil {
		t.Fatal(err)
	}
	if e := why("territory/takeshima", "Rock"); !e.Same || len(e.Decisions) != 1 || e.Decisions[0].Reason != "one islet" || e.Decisions[0].By != ByHand {
		t.Errorf("by hand: %+v", e)
	}
	if _, err := g.WhySame(t.Context(), "Rock", "Atlantis"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a name that there is not: %v", err)
	}
}

// TestDecideConcurrently reads and loads while somebody decides back and forth.
func TestDecideConcurrently(t *testing.T) {
	w := twoNames()
	g := open(t, w.x, atlas{})
	load(t, g, w.docs[:2]...)
	var all sync.WaitGroup
	all.Go(func() {
		for i := range 20 {
			decide := g.Same
			if i%2 == 1 {
				decide = g.Split
			}
			if changed, err := decide(t.Context(), "territory/takeshima", "territory/dokdo", ""); err != nil || !changed {
				t.Errorf("step %d: changed %v, %v", i, changed, err)
			}
		}
	})
	all.Go(func() {
		for range 5 {
			for _, doc := range w.docs[2:] {
				if _, err := g.Load(t.Context(), doc); err != nil {
					t.Error(err)
				}
				if err := g.Remove(t.Context(), doc.ID); err != nil {
					t.Error(err)
				}
			}
		}
	})
	for range 2 {
		all.Go(func() {
			for range 20 {
				claims := schema.Filter{Predicates: []schema.Predicate{schema.Claims}}
				n := 0
				for f, err := range g.Facts(t.Context(), claims) {
					if err != nil {
						t.Error(err)
					}
					n += len(f.Evidence)
				}
				if n != 2 { // one fact of two passages, or two of one
					t.Errorf("%d passages claim", n)
				}
			}
		})
	}
	all.Wait()
	want := open(t, w.x, atlas{})
	load(t, want, w.docs[:2]...)
	if hash(t, g) != hash(t, want) {
		t.Error("after all has been undone the graph is another")
	}
}

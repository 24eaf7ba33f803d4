package graph

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

func TestMemoryIsOfOneState(t *testing.T) {
	var r remembered
	r.of(2).entities.put("a", schema.Entity{ID: "a", Name: "of state 2"})
	for _, test := range []struct {
		name    string
		version uint64
		want    bool
	}{
		{"the same state", 2, true},
		{"an older state, which somebody still reads", 1, false},
		{"a state without a version", 0, false},
		{"the same state, after others were read", 2, true},
		{"a newer state", 3, false},
		{"the state before, after the newer one", 2, false},
	} {
		if _, ok := r.of(test.version).entities.get("a"); ok != test.want {
			t.Errorf("%s: remembered %v, want %v", test.name, ok, test.want)
		}
	}
	r.of(0).entities.put("b", schema.Entity{ID: "b"})
	r.of(1).entities.put("b", schema.Entity{ID: "b"})
	if _, ok := r.of(3).entities.get("b"); ok {
		t.Error("what was read of another state is remembered of the newest")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	m := newMemory()
	for i := range mostEntities + 1 {
		m.entities.put(fmt.Sprint(i), schema.Entity{ID: fmt.Sprint(i)})
		m.values.put(store.ID(i+1), schema.Entity{ID: fmt.Sprint(i)})
	}
	if n := max(len(m.entities.values), len(m.values.values)); n > mostEntities {
		t.Errorf("%d entities are remembered, want at most %d", n, mostEntities)
	}
	for i := range mostFacts + 1 {
		m.facts.put(store.ID(i+1), statement{ok: true})
		m.whole.put(store.ID(i+1), statement{ok: true})
	}
	if n := max(len(m.facts.values), len(m.whole.values)); n > mostFacts {
		t.Errorf("%d facts are remembered, want at most %d", n, mostFacts)
	}
	for i := range mostListed + 1 {
		m.putStatements(fmt.Sprint(i), []store.ID{1})
	}
	if n := len(m.statements); n > mostListed {
		t.Errorf("statements of %d entities are remembered, want at most %d", n, mostListed)
	}
	if _, ok := m.facts.get(store.ID(mostFacts + 1)); !ok {
		t.Error("the fact that was read last is forgotten")
	}
	if _, ok := m.entities.get(fmt.Sprint(mostEntities)); !ok {
		t.Error("the entity that was read last is forgotten")
	}
}

// TestNear checks that the sieve of names lets through whatever is near enough.
func TestNear(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	alphabet := []rune("abcdefg éšж尖")
	for range 50_000 {
		a := make([]rune, 3+r.IntN(8))
		for i := range a {
			a[i] = alphabet[r.IntN(len(alphabet))]
		}
		b := append([]rune(nil), a...)
		for range r.IntN(4) {
			switch i := r.IntN(len(b)); r.IntN(4) {
			case 0:
				b[i] = alphabet[r.IntN(len(alphabet))]
			case 1:
				b = append(b[:i], append([]rune{alphabet[r.IntN(len(alphabet))]}, b[i:]...)...)
			case 2:
				if len(b) > 1 {
					b = append(b[:i], b[i+1:]...)
				}
			case 3:
				j := min(i+1, len(b)-1)
				b[i], b[j] = b[j], b[i]
			}
		}
		x, y := newFoldedName(string(a), 0), newFoldedName(string(b), 0)
		for edits := range 3 {
			if editDistance(a, b, edits) <= edits && !x.near(&y, edits) {
				t.Fatalf("%q and %q are %d edits apart, and not near", string(a), string(b), edits)
			}
		}
	}
	x, y := newFoldedName("sabah", 0), newFoldedName("gibraltar", 0)
	if x.near(&y, 2) {
		t.Error("the sieve lets everything through")
	}
}

// TestReadersCannotChangeMemory has two readers add to the same fact: neither may
// write into what is remembered, nor into what the other has.
func TestReadersCannotChangeMemory(t *testing.T) {
	doc := &schema.Document{ID: "doc", Text: "One. Two. Three. Four. Five."}
	f := schema.Fact{Subject: schema.NewEntity(schema.State, "Norland"), Predicate: schema.Claims, Object: schema.NewEntity(schema.Territory, "Kesh"),
		Modality: schema.Asserted, Confidence: 1, Rule: "r"}
	for i := range 5 { // a slice of five has room for more
		f.Evidence = append(f.Evidence, doc.Quote(5*i, 5*i+3))
		f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.RoleAbout, Value: schema.Lit(fmt.Sprint(i))})
	}
	g := open(t, given{"doc": {f}}, smallAtlas)
	load(t, g, doc)
	read := func(id string) []schema.Fact {
		return collect(t, g.Facts(t.Context(), schema.Filter{About: id}))
	}
	for _, e := range collect(t, g.Entities(t.Context(), schema.Thing)) {
		read(e.ID) // from now on they are remembered
		one, other := read(e.ID), read(e.ID)
		for i := range one {
			mine := append(one[i].Evidence, schema.Evidence{Doc: "mine"})
			my := append(one[i].Qualifiers, schema.Qualifier{Role: schema.RoleBy, Value: schema.Lit("me")})
			_ = append(other[i].Evidence, schema.Evidence{Doc: "theirs"})
			_ = append(other[i].Qualifiers, schema.Qualifier{Role: schema.RoleBy, Value: schema.Lit("them")})
			if got := mine[len(mine)-1].Doc; got != "mine" {
				t.Fatalf("%s: the evidence that one reader added is %s", &one[i], got)
			}
			if got := my[len(my)-1].Value.Name; got != "me" {
				t.Fatalf("%s: the qualifier that one reader added is %s", &one[i], got)
			}
		}
	}
}

// TestMemoryFollowsWrites compares what is read of a graph in which things have
// been read, written and removed in turn with a graph made afresh, also by names
// a letter off.
func TestMemoryFollowsWrites(t *testing.T) {
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 11))
		x, docs := randomCorpus(r, 8)
		g := open(t, x, smallAtlas)
		for i, doc := range docs {
			load(t, g, doc)
			kept := docs[:i+1]
			if i%3 == 2 {
				if err := g.Remove(t.Context(), docs[i-1].ID); err != nil {
					t.Fatal(err)
				}
				load(t, g, docs[i-1])
			}
			fresh := open(t, x, smallAtlas)
			load(t, fresh, kept...)
			entities := collect(t, fresh.Entities(t.Context(), schema.Thing))
			if d := diff(entities, collect(t, g.Entities(t.Context(), schema.Thing))); d != "" {
				t.Fatalf("seed %d, %d documents: entities (-fresh +used):\n%s", seed, len(kept), d)
			}
			for _, e := range entities {
				name := e.Name[:len(e.Name)-1]
				want, err := fresh.Suggest(t.Context(), name)
				if err != nil {
					t.Fatal(err)
				}
				got, err := g.Suggest(t.Context(), name)
				if err != nil {
					t.Fatal(err)
				}
				if d := diff(want, got); d != "" {
					t.Fatalf("seed %d: suggestions for %q (-fresh +used):\n%s", seed, name, d)
				}
				filter := schema.Filter{About: e.ID}
				if d := diff(collect(t, fresh.Facts(t.Context(), filter)), collect(t, g.Facts(t.Context(), filter))); d != "" {
					t.Fatalf("seed %d: facts about %s (-fresh +used):\n%s", seed, e.ID, d)
				}
			}
		}
	}
}

// TestMemoryIsShared reads and asks from several goroutines while documents come:
// the race detector sees who touches what others remember.
func TestMemoryIsShared(t *testing.T) {
	x, docs := randomCorpus(rand.New(rand.NewPCG(5, 13)), 10)
	g := open(t, x, smallAtlas)
	load(t, g, docs[:2]...)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for range 5 {
				for _, err := range g.Facts(t.Context(), schema.Filter{About: "state/japan"}) {
					if err != nil {
						t.Error(err)
					}
				}
				if _, err := g.Ask(t.Context(), "Who claims Itrup?", ask.Options{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, doc := range docs[2:] {
		if _, err := g.Load(t.Context(), doc); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
}

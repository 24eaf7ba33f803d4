package graph

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/schema"
)

// islands is a document that speaks of places with names much alike.
func islands() (*schema.Document, given) {
	doc := &schema.Document{ID: "d", Text: "Japan claims them all."}
	var facts []schema.Fact
	for _, name := range []string{"Pratas Island", "Pratas Reef", "South Pratas Shoal", "Spratly Islands"} {
		facts = append(facts, schema.Fact{Subject: schema.NewEntity(schema.State, "Japan"), Predicate: schema.Claims,
			Object: schema.NewEntity(schema.Territory, name), Confidence: 1, Evidence: []schema.Evidence{doc.Quote(0, 5)}})
	}
	return doc, given{"d": facts}
}

func TestFind(t *testing.T) {
	doc, facts := islands()
	g := open(t, facts, atlas{})
	load(t, g, doc)
	for _, c := range []struct {
		words string
		class schema.Class
		want  string
	}{
		{"Pratas", schema.Thing, "pratas-island pratas-reef south-pratas-shoal"},
		{"PRATAS REEF", schema.Thing, "pratas-reef"},
		{"isl pra", schema.Thing, "pratas-island"},
		{"island", schema.Thing, "pratas-island spratly-islands"},
		{"Spratley Islands", schema.Thing, "spratly-islands"},
		{"Pratas", schema.State, ""},
		{"japan", schema.State, "japan"},
		{"reefs", schema.Thing, ""},
		{" \t", schema.Thing, ""},
	} {
		found, err := g.Find(t.Context(), c.words, c.class)
		var got []string
		for _, e := range found {
			got = append(got, e.ID[strings.IndexByte(e.ID, '/')+1:])
		}
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%q: found %v, %v, want %s", c.words, got, err, c.want)
		}
	}
}

func TestResolve(t *testing.T) {
	doc, facts := islands()
	for i := range facts["d"] {
		facts["d"][i].Object.Aliases = []string{"the shoals"}
	}
	g := open(t, facts, atlas{})
	load(t, g, doc)
	for name, want := range map[string]string{"japan": "state/japan", "state/japan": "state/japan", "Pratas reef": "territory/pratas-reef"} {
		if id, err := g.Resolve(t.Context(), name); err != nil || id != want {
			t.Errorf("%s: %s, %v, want %s", name, id, err, want)
		}
	}
	for name, want := range map[string]error{"the shoals": ErrAmbiguous, "Pratas reeef": ErrNotFound, "Xyz": ErrNotFound} {
		_, err := g.Resolve(t.Context(), name)
		var unclear *NameError
		if !errors.Is(err, want) || !errors.As(err, &unclear) || unclear.Name != name {
			t.Errorf("%s: %v, want %v", name, err, want)
		} else if name != "Xyz" && !slices.ContainsFunc(unclear.Entities, func(e schema.Entity) bool { return e.ID == "territory/pratas-reef" }) {
			t.Errorf("%s: %v does not name Pratas Reef", name, err)
		}
	}
}

// TestFollow changes a graph under a follower, which must see each change, but
// not within one reading.
func TestFollow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "g")
	if _, err := Follow(t.Context(), path); err == nil {
		t.Error("follows a graph that is not there")
	}
	doc, facts := islands()
	other := *doc
	other.ID = "e"
	facts["e"] = nil
	opts := []Option{WithExtractor(facts), WithGazetteer(atlas{})}
	write := func(do func(*Graph) error) {
		t.Helper()
		g, err := Open(t.Context(), path, opts...)
		if err == nil {
			err = errors.Join(do(g), g.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add := func(d *schema.Document) func(*Graph) error {
		return func(g *Graph) error { _, err := g.Load(t.Context(), d); return err }
	}
	write(add(doc))
	f, err := Follow(t.Context(), path, opts...)
	if err != nil {
		t.Fatal(err)
	}
	documents := func(g *Graph) int {
		t.Helper()
		st, err := g.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return st.Documents
	}
	see := func(want int) {
		t.Helper()
		err := f.With(t.Context(), func(g *Graph) error {
			if n := documents(g); n != want {
				t.Errorf("sees %d documents, want %d", n, want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	see(1)
	err = f.With(t.Context(), func(g *Graph) error {
		write(add(&other))
		see(2)
		if n := documents(g); n != 1 {
			t.Errorf("the graph has %d documents and had 1 when reading began", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	write(func(g *Graph) error { return g.Remove(t.Context(), "d") })
	see(1)
	if err := errors.Join(f.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	if err := f.With(t.Context(), func(*Graph) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v, want %v", err, ErrClosed)
	}
}

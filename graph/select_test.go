package graph

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/schema"
)

func TestNetwork(t *testing.T) {
	doc, facts := islands()
	facts["d"] = append(facts["d"],
		schema.Fact{Subject: schema.NewEntity(schema.State, "China"), Predicate: schema.Claims, Object: schema.NewEntity(schema.Territory, "Pratas Reef"),
			Time: schema.Time{Since: schema.Year(1947)}, Confidence: 1, Evidence: []schema.Evidence{doc.Quote(0, 5)}},
		schema.Fact{Subject: schema.NewEntity(schema.Territory, "Pratas Reef"), Predicate: schema.AlsoKnownAs, Object: schema.Lit("Dongsha"),
			Confidence: 1, Evidence: []schema.Evidence{doc.Quote(0, 5)}},
		schema.Fact{Subject: schema.NewEntity(schema.State, "China"), Predicate: schema.Disputes, Object: schema.NewEntity(schema.State, "Japan"),
			Confidence: 1, Evidence: []schema.Evidence{doc.Quote(0, 5)}})
	g := open(t, facts, atlas{})
	load(t, g, doc)
	for _, c := range []struct {
		opts  export.Options
		nodes string // and how many edges each has here
		edges int
		left  string
	}{
		{export.Options{About: "territory/pratas-reef"}, "state/china 1, state/japan 1, territory/pratas-reef 2", 2, ""},
		{export.Options{About: "state/china", Classes: []schema.Class{schema.State}}, "state/china 1, state/japan 1", 1, ""},
		{export.Options{About: "territory/pratas-reef", Classes: []schema.Class{schema.Agent}}, "state/china 1, state/japan 1, territory/pratas-reef 2", 2, ""},
		{export.Options{Classes: []schema.Class{schema.Instrument}}, "", 0, ""},
		{export.Options{About: "state/china", AsOf: schema.Year(1930)}, "state/china 1, state/japan 1", 1, ""},
		{export.Options{MaxNodes: 2}, "state/china 1, state/japan 1", 1, "4 of 6 nodes and 6 of 7 facts"},
	} {
		n, err := g.Network(t.Context(), c.opts)
		if err != nil {
			t.Fatal(err)
		}
		var nodes []string
		for _, node := range n.Nodes {
			nodes = append(nodes, node.Key+" "+string(rune('0'+node.Facts)))
			if away := node.Steps; (away == nil) != (c.opts.About == "") || away != nil && *away == 0 != (node.Key == c.opts.About) {
				t.Errorf("%+v: %s is %v steps away", c.opts, node.Key, away)
			}
		}
		for _, e := range n.Edges {
			if (e.Fact.Holds != "") != !c.opts.AsOf.IsZero() || e.Source != e.Fact.Subject.ID {
				t.Errorf("%+v: edge %+v", c.opts, e)
			}
		}
		if got := strings.Join(nodes, ", "); got != c.nodes || len(n.Edges) != c.edges || !strings.HasSuffix(n.LeftOut.String(), c.left) {
			t.Errorf("%+v: nodes %s, %d edges, %s", c.opts, got, len(n.Edges), n.LeftOut)
		}
	}
}

// TestState opens graphs and changes them: their states must differ, and be the
// same as long as nothing happens.
func TestState(t *testing.T) {
	doc, facts := islands()
	path := filepath.Join(t.TempDir(), "g")
	seen := map[uint64]bool{}
	look := func(g *Graph) {
		t.Helper()
		a, err := g.State()
		if err != nil {
			t.Fatal(err)
		}
		if b, err := g.State(); err != nil || b != a || a == 0 {
			t.Fatalf("state %d, then %d, %v", a, b, err)
		}
		if seen[a] {
			t.Errorf("state %d is that of another graph", a)
		}
		seen[a] = true
	}
	g, err := Open(t.Context(), path, WithExtractor(facts), WithGazetteer(atlas{}))
	if err != nil {
		t.Fatal(err)
	}
	look(g)
	load(t, g, doc)
	look(g)
	reader, err := Open(t.Context(), path, WithReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	look(reader)
	if err := g.Remove(t.Context(), doc.ID); err != nil {
		t.Fatal(err)
	}
	look(g)
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := g.State(); err == nil {
		t.Error("a closed graph has a state")
	}
}

package export

import (
	"slices"
	"testing"

	"github.com/demarcgraph/demarc/schema"
)

func TestRank(t *testing.T) {
	a, b, c, d := schema.NewEntity(schema.State, "A"), schema.NewEntity(schema.State, "B"), schema.NewEntity(schema.State, "C"), schema.NewEntity(schema.State, "D")
	fact := func(s, o schema.Entity) schema.Fact {
		return schema.Fact{Subject: s, Predicate: schema.Disputes, Object: o}
	}
	name := schema.Fact{Subject: b, Predicate: schema.AlsoKnownAs, Object: schema.Lit("Bee")}
	facts := []schema.Fact{fact(a, b), fact(b, c), name, fact(c, d), fact(b, d)}

	got, left := Rank(facts, nil, 0, 0)
	if len(got) != len(facts) || !left.IsZero() {
		t.Errorf("without a limit: %d facts, %v", len(got), left)
	}
	if got, left = Rank(facts, nil, 4, 0); len(got) != len(facts) || !left.IsZero() {
		t.Errorf("a limit of all: %d facts, %v", len(got), left)
	}
	// B has most facts, then C and D: A goes, and with it what links it.
	if got, left = Rank(facts, nil, 3, 0); len(got) != 4 || left != (LeftOut{1, 4, 1, 5}) {
		t.Errorf("three nodes: %v, %v", got, left)
	}
	// From A, what is near comes before what has many facts.
	steps := map[string]int{a.Key(): 0, b.Key(): 1, c.Key(): 2, d.Key(): 2}
	if got, left = Rank(facts, steps, 2, 0); len(got) != 2 || left != (LeftOut{2, 4, 3, 5}) {
		t.Errorf("two nodes: %v, %v", got, left)
	}
	// A node that is left alone is left out, and counted.
	if got, left = Rank([]schema.Fact{fact(a, b), fact(c, d)}, nil, 3, 0); len(got) != 1 || left != (LeftOut{2, 4, 1, 2}) {
		t.Errorf("two pairs: %v, %v", got, left)
	}
	// Each two keep a fact before any keep another, and names go first.
	twice := append(slices.Clone(facts), fact(b, c), fact(b, c))
	got, left = Rank(twice, nil, 0, 5)
	if len(got) != 5 || left != (LeftOut{0, 4, 2, 7}) || got[1].Object.ID != c.ID || got[4].Object.ID != c.ID || got[3].Object.ID != d.ID {
		t.Errorf("five facts: %v, %v", got, left)
	}
	if got, left = Rank(twice, nil, 0, 2); len(got) != 2 || left != (LeftOut{1, 4, 5, 7}) || got[0].Object.ID != c.ID || got[1].Object.ID != d.ID {
		t.Errorf("two facts: %v, %v", got, left)
	}
}

package export

import (
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

	got, left := Rank(facts, nil, 0)
	if len(got) != len(facts) || !left.IsZero() {
		t.Errorf("without a limit: %d facts, %v", len(got), left)
	}
	if got, left = Rank(facts, nil, 4); len(got) != len(facts) || !left.IsZero() {
		t.Errorf("a limit of all: %d facts, %v", len(got), left)
	}
	// B has most facts, then C and D: A goes, and with it what links it.
	if got, left = Rank(facts, nil, 3); len(got) != 4 || left != (LeftOut{1, 4, 1, 5}) {
		t.Errorf("three nodes: %v, %v", got, left)
	}
	// From A, what is near comes before what has many facts.
	steps := map[string]int{a.Key(): 0, b.Key(): 1, c.Key(): 2, d.Key(): 2}
	if got, left = Rank(facts, steps, 2); len(got) != 2 || left != (LeftOut{2, 4, 3, 5}) {
		t.Errorf("two nodes: %v, %v", got, left)
	}
	// A node that is left alone is left out, and counted.
	if got, left = Rank([]schema.Fact{fact(a, b), fact(c, d)}, nil, 3); len(got) != 1 || left != (LeftOut{2, 4, 1, 2}) {
		t.Errorf("two pairs: %v, %v", got, left)
	}
}

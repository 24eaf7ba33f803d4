package graph

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/demarcgraph/demarc/schema"
)

// TestNodesAreFoundEitherWay compares the nodes of facts as their hashes and as
// their parts lead to them.
func TestNodesAreFoundEitherWay(t *testing.T) {
	several := 0
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 17))
		pick := func(class schema.Class, n int) schema.Entity {
			return schema.NewEntity(class, fmt.Sprintf("%s %d", class, r.IntN(n)))
		}
		x, docs := given{}, []*schema.Document{}
		for i := range 12 {
			doc := &schema.Document{ID: fmt.Sprint(i), Text: "Somebody did something."}
			for range 4 {
				f := schema.Fact{
					Subject: pick(schema.State, 4), Predicate: []schema.Predicate{schema.Disputes, schema.Claims}[r.IntN(2)], Object: pick(schema.State, 4),
					Modality: schema.Asserted, Confidence: 1, Rule: "r", Evidence: []schema.Evidence{doc.Quote(0, len(doc.Text))},
				}
				for range r.IntN(3) {
					f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.RoleOver, Value: pick(schema.Territory, 4)})
				}
				if f.Qualifiers = schema.SortQualifiers(f.Qualifiers); r.IntN(3) == 0 {
					f.AttributedTo = pick(schema.Person, 2)
				}
				x[doc.ID] = append(x[doc.ID], f)
			}
			docs = append(docs, doc)
		}
		g := open(t, x, smallAtlas)
		load(t, g, docs...)
		entities := collect(t, g.Entities(t.Context(), schema.Thing))
		for range 20 {
			a, b := entities[r.IntN(len(entities))], entities[r.IntN(len(entities))]
			if a.Class != b.Class {
				continue
			}
			if _, err := g.Same(t.Context(), a.ID, b.ID, ""); err != nil && !errors.Is(err, ErrOneEntity) && !errors.Is(err, ErrOverruled) {
				t.Fatal(err)
			}
		}
		facts := collect(t, g.Facts(t.Context(), schema.Filter{}))
		err := g.with(t.Context(), func(v *view) error {
			for _, f := range facts {
				want, err := v.hashedNodes(t.Context(), &f)
				if err != nil {
					return err
				}
				got, err := v.soughtNodes(t.Context(), &f)
				if err != nil {
					return err
				}
				if d := diff(want, got); d != "" || len(got) == 0 {
					t.Errorf("seed %d: %s (-hashed +sought):\n%s", seed, &f, d)
				}
				if len(want) > 1 {
					several++
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if several == 0 {
		t.Error("no fact has several nodes")
	}
}

// TestEntityOfManyNames reads a fact of which each document calls one side, and
// what it is under, by another of seventy names: in as many ways as no hash could
// be tried for.
func TestEntityOfManyNames(t *testing.T) {
	const names = 70
	x, docs := given{}, []*schema.Document{}
	for i := range names {
		doc := &schema.Document{ID: fmt.Sprint(i), Text: "Norland got it."}
		x[doc.ID] = []schema.Fact{{
			Subject: schema.NewEntity(schema.Territory, fmt.Sprintf("Kesh %d", i)), Predicate: schema.TransferredTo, Object: schema.NewEntity(schema.State, "Norland"),
			Qualifiers: []schema.Qualifier{{Role: schema.RoleUnder, Value: schema.NewEntity(schema.Instrument, fmt.Sprintf("pact %d", i))}},
			Modality:   schema.Asserted, Confidence: 1, Rule: "r", Evidence: []schema.Evidence{doc.Quote(0, len(doc.Text))},
		}}
		docs = append(docs, doc)
	}
	g := open(t, x, smallAtlas)
	load(t, g, docs...)
	for i := 1; i < names; i++ {
		for _, name := range []string{"territory/kesh", "instrument/pact"} {
			if _, err := g.Same(t.Context(), name+"-0", fmt.Sprintf("%s-%d", name, i), ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	facts := collect(t, g.Facts(t.Context(), schema.Filter{About: "state/norland"}))
	if len(facts) != 1 || len(facts[0].Evidence) != names {
		t.Fatalf("%d facts, want one that %d documents prove: %v", len(facts), names, facts)
	}
}

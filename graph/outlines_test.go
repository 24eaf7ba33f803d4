package graph

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// TestChosenByOutlines compares the facts that are chosen by their outlines with
// those that are chosen when all have been read, in graphs where documents have
// entities under several IDs.
func TestChosenByOutlines(t *testing.T) {
	merged, cut, conflicts := 0, 0, 0
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 23))
		x, docs := randomCorpus(r, 15)
		// The same again, by other names of those who do it.
		for _, doc := range docs[:5] {
			again := &schema.Document{ID: doc.ID + " again", Text: doc.Text}
			for _, f := range x[doc.ID] {
				f.Subject = schema.NewEntity(f.Subject.Class, f.Subject.Name+" the same")
				f.Evidence = []schema.Evidence{again.Quote(0, 11)}
				x[again.ID] = append(x[again.ID], f)
			}
			docs = append(docs, again)
		}
		// What cannot all hold.
		states := []schema.Entity{schema.NewEntity(schema.State, "Japan"), schema.NewEntity(schema.State, "Russia"), schema.NewEntity(schema.State, "Japan the same")}
		things := map[schema.Predicate]schema.Entity{
			schema.Administers: schema.NewEntity(schema.Territory, "Iturup"), schema.Claims: schema.NewEntity(schema.Territory, "Iturup"),
			schema.PartyTo: schema.NewEntity(schema.Instrument, "Pact"), schema.Disputes: states[1],
		}
		clash := &schema.Document{ID: "clash", Text: strings.Repeat("One says. ", 20)}
		for i := range 20 {
			p := []schema.Predicate{schema.Administers, schema.Claims, schema.PartyTo, schema.Disputes}[i%4]
			x[clash.ID] = append(x[clash.ID], schema.Fact{
				Subject: states[r.IntN(3)], Predicate: p, Object: things[p], Modality: schema.Asserted, Negated: r.IntN(3) == 0,
				Time: schema.Time{Date: schema.Year(1950 + r.IntN(5))}, Rule: "r", Confidence: 1, Evidence: []schema.Evidence{clash.Quote(10*i, 10*i+9)},
			})
		}
		docs = append(docs, clash)
		g := open(t, x, smallAtlas)
		load(t, g, docs...)
		entities := collect(t, g.Entities(t.Context(), schema.Thing))
		for range 60 {
			a, b := entities[r.IntN(len(entities))], entities[r.IntN(len(entities))]
			if other, ok := strings.CutSuffix(a.ID, "-the-same"); ok {
				b.ID, b.Class = other, a.Class
			}
			if a.Class != b.Class {
				continue
			}
			if _, err := g.Same(t.Context(), a.ID, b.ID, ""); err != nil && !errors.Is(err, ErrOneEntity) && !errors.Is(err, ErrOverruled) {
				t.Fatal(err)
			}
		}
		all := collect(t, g.Facts(t.Context(), schema.Filter{}))
		for _, scope := range []query.Scope{{}, {AsOf: schema.Year(1990)}, {KnownAt: schema.Year(2001)}} {
			want, err := query.Sources(t.Context(), struct{ query.Reader }{g}, scope)
			if err != nil {
				t.Fatal(err)
			}
			got, err := query.Sources(t.Context(), g, scope)
			if err != nil {
				t.Fatal(err)
			}
			if d := diff(want, got); d != "" {
				t.Errorf("seed %d: sources in %+v (-read +counted):\n%s", seed, scope, d)
			}
		}
		for _, scope := range []query.Scope{{}, {AsOf: schema.Year(1990)}, {KnownAt: schema.Year(2001)}} {
			want, err := query.Conflicts(t.Context(), struct{ query.Reader }{g}, scope)
			if err != nil {
				t.Fatal(err)
			}
			got, err := query.Conflicts(t.Context(), g, scope)
			if err != nil {
				t.Fatal(err)
			}
			if d := diff(want, got); d != "" {
				t.Errorf("seed %d: conflicts in %+v (-of all +of those contested):\n%s", seed, scope, d)
			}
			conflicts += len(want)
		}
		for _, opts := range []export.Options{
			{},
			{Predicates: []schema.Predicate{schema.Claims, schema.Disputes}},
			{Classes: []schema.Class{schema.Agent, schema.Territory}},
			{AsOf: schema.Year(1990)},
			{KnownAt: schema.Year(2001)},
		} {
			for _, most := range [][2]int{{1 << 20, 0}, {4, 0}, {4, 7}, {0, 5}} {
				opts.MaxNodes, opts.MaxFacts = most[0], most[1]
				what := fmt.Sprintf("seed %d: %+v", seed, opts)
				err := g.knownAt(opts.KnownAt).with(t.Context(), func(v *view) error {
					read, steps, err := v.selection(t.Context(), opts)
					if err != nil {
						return err
					}
					want, wantLeft := export.Rank(read, steps, opts.MaxNodes, opts.MaxFacts)
					got, _, left, err := v.chosen(t.Context(), opts)
					if err != nil {
						return err
					}
					if left != wantLeft || len(got) != len(want) {
						t.Fatalf("%s: %d facts, %v, want %d, %v", what, len(got), left, len(want), wantLeft)
					}
					if left.Facts > 0 {
						cut++
					}
					if opts.MaxFacts > 0 {
						return nil // of facts between the same two, others may be kept
					}
					for i := range want {
						if d := diff(want[i], got[i]); d != "" {
							t.Fatalf("%s (-read first +chosen first):\n%s", what, d)
						}
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		err := g.with(t.Context(), func(v *view) error {
			for i := range all {
				nodes, err := v.nodes(t.Context(), &all[i])
				if err != nil {
					return err
				}
				if len(nodes) > 1 {
					merged++
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if merged == 0 || cut == 0 || conflicts == 0 {
		t.Errorf("%d facts have several nodes, %d cuts left something out, %d conflicts: the test tests nothing", merged, cut, conflicts)
	}
}

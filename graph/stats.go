package graph

import (
	"context"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// Stats counts what a graph holds.
type Stats struct {
	Documents  int                      `json:"documents"`
	Facts      int                      `json:"facts"` // each once, however many documents prove it
	Entities   int                      `json:"entities"`
	Quads      int                      `json:"quads"`
	Bytes      int64                    `json:"bytes"`      // on disk
	Predicates map[schema.Predicate]int `json:"predicates"` // facts by predicate
	Classes    map[schema.Class]int     `json:"classes"`    // entities by class
}

// Stats counts what the graph holds.
func (g *Graph) Stats(ctx context.Context) (st Stats, err error) {
	st.Predicates, st.Classes = map[schema.Predicate]int{}, map[schema.Class]int{}
	quads, err := g.store.Stats(ctx)
	if err != nil {
		return st, err
	}
	st.Quads, st.Bytes = int(quads.Quads), quads.Bytes
	err = g.with(ctx, func(v *view) error {
		docs, err := v.documentIDs(ctx)
		if err != nil {
			return err
		}
		st.Documents = len(docs)
		for _, info := range schema.Predicates() {
			// The index keeps a fact's quads of several documents together.
			var last quad.Value
			n := 0
			p := store.Pattern{Predicate: rdfPredicate, Object: quad.IRI(schema.Term(info.Predicate))}
			err := v.each(ctx, p, func(q quad.Quad) bool {
				if q.Subject != last {
					last = q.Subject
					n++
				}
				return true
			})
			if err != nil {
				return err
			}
			if n > 0 {
				st.Predicates[info.Predicate] = n
				st.Facts += n
			}
		}
		// One fact may have several nodes where two entities were decided to be one.
		err = v.surplusNodes(ctx, func(p schema.Predicate, n int) {
			st.Predicates[p] -= n
			st.Facts -= n
		})
		if err != nil {
			return err
		}
		ids, err := v.entityIDs(ctx, schema.Thing)
		if err != nil {
			return err
		}
		st.Entities = len(ids)
		for _, id := range ids {
			e, err := v.entity(ctx, id)
			if err != nil {
				return err
			}
			st.Classes[e.Class]++
		}
		return nil
	})
	return st, err
}

// Hash identifies the graph's content: two graphs have the same hash if and
// only if they hold the same quads, in whichever order they came. It is 64
// hexadecimal digits.
func (g *Graph) Hash(ctx context.Context) (string, error) { return g.store.Hash(ctx) }

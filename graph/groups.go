package graph

import (
	"context"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// Groups returns the groups of places that an entity is a member of, those
// nearest to it first: what documents state it to be part of and what it belongs
// to by definition, as long as that is a group and not a region; see
// [schema.Entity.Collective]. What a group is part of, its members are too.
func (g *Graph) Groups(ctx context.Context, id string) (groups []schema.Entity, err error) {
	err = g.with(ctx, func(v *view) error {
		seen := map[string]bool{id: true}
		for next := []string{id}; len(next) > 0; next = next[1:] {
			var found []string
			for _, p := range []quad.IRI{quad.IRI(schema.Term(schema.PartOf)), dmMemberOf} {
				err := v.each(ctx, store.Pattern{Subject: quad.IRI(v.ns.Entity(next[0])), Predicate: p}, func(q quad.Quad) bool {
					if group, ok := v.ns.EntityID(lexical(q.Object)); ok && !seen[group] {
						seen[group] = true
						found = append(found, group)
					}
					return true
				})
				if err != nil {
					return err
				}
			}
			slices.Sort(found)
			for _, group := range found {
				e, err := v.entity(ctx, group)
				if err != nil {
					return err
				}
				if e.Collective() {
					groups = append(groups, e)
					next = append(next, group)
				}
			}
		}
		return nil
	})
	return groups, err
}

package graph

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// Lookup returns the entities of the graph that go by a name, compared by
// [schema.Fold] and without a leading "the" where nothing has it, sorted by ID.
// Names that a document calls an entity by count, whoever it says uses them.
func (g *Graph) Lookup(ctx context.Context, name string) (found []schema.Entity, err error) {
	err = g.with(ctx, func(v *view) error {
		found, err = v.Lookup(ctx, name)
		return err
	})
	return found, err
}

// Lookup is [Graph.Lookup].
func (v *view) Lookup(ctx context.Context, name string) ([]schema.Entity, error) {
	folded := schema.Fold(name)
	found, err := v.named(ctx, folded)
	if bare, ok := strings.CutPrefix(folded, "the "); ok && err == nil && len(found) == 0 {
		found, err = v.named(ctx, bare)
	}
	return found, err
}

// named returns the entities with the given folded name.
func (v *view) named(ctx context.Context, folded string) ([]schema.Entity, error) {
	ids, err := v.subjects(ctx, store.Pattern{Predicate: dmFoldedName, Object: quad.String(folded)})
	if err != nil {
		return nil, err
	}
	var found []schema.Entity
	for _, id := range ids {
		e, err := v.entity(ctx, id)
		if err != nil {
			return nil, err
		}
		found = append(found, e)
	}
	return found, nil
}

// Suggest returns the entities that have a name which a mistyped one may have
// meant, nearest first: one edit away, or two where the name has eight letters
// or more. An edit adds, drops or changes a letter or swaps two neighbours. It
// goes through all names of the graph, which it reads once.
func (g *Graph) Suggest(ctx context.Context, name string) (found []schema.Entity, err error) {
	err = g.with(ctx, func(v *view) error {
		found, err = v.Suggest(ctx, name)
		return err
	})
	return found, err
}

// Suggest is [Graph.Suggest].
func (v *view) Suggest(ctx context.Context, name string) ([]schema.Entity, error) {
	typed := newFoldedName(schema.Fold(name), 0)
	limit := 1
	if typed.length >= 8 {
		limit = 2
	}
	letters := []rune(typed.name)
	return v.ranked(ctx, func(name *foldedName) (int, bool) {
		if !name.near(&typed, limit) {
			return 0, false
		}
		d := editDistance(letters, []rune(name.name), limit)
		return d, d <= limit
	})
}

// ranked returns the entities that have a name which rank accepts, those of the
// lowest rank first.
func (v *view) ranked(ctx context.Context, rank func(*foldedName) (int, bool)) (found []schema.Entity, err error) {
	names, err := v.foldedNames(ctx)
	if err != nil {
		return nil, err
	}
	property, err := v.id(dmFoldedName)
	if err != nil {
		return nil, err
	}
	best := map[string]int{}
	for i := range names {
		r, ok := rank(&names[i])
		if !ok {
			continue
		}
		err := v.rows(ctx, store.QuadID{1: property, 2: names[i].node}, func(q store.QuadID) error {
			s, err := v.term(q[0])
			id, ok := v.ns.EntityID(lexical(s))
			if old, known := best[id]; ok && (!known || r < old) {
				best[id] = r
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	lowest := map[string]int{} // of what several IDs stand for, that of the lowest
	for id, r := range best {
		if is, err := v.spoken(ctx, id); err != nil {
			return nil, err
		} else if !is {
			continue
		}
		one, err := v.one(ctx, id)
		if err != nil {
			return nil, err
		}
		if old, known := lowest[one]; !known || r < old {
			lowest[one] = r
		}
	}
	for id := range lowest {
		e, err := v.entity(ctx, id)
		if err != nil {
			return nil, err
		}
		found = append(found, e)
	}
	slices.SortFunc(found, func(a, b schema.Entity) int {
		return cmp.Or(cmp.Compare(lowest[a.ID], lowest[b.ID]), strings.Compare(a.ID, b.ID))
	})
	return found, nil
}

// foldedNames returns all folded names of the graph, and remembers them where
// views of the same state can be told to give them the same IDs.
func (v *view) foldedNames(ctx context.Context) ([]foldedName, error) {
	v.memory.mu.RLock()
	names := v.memory.names
	v.memory.mu.RUnlock()
	if names != nil {
		return names, nil
	}
	property, err := v.id(dmFoldedName)
	if err != nil || property == 0 {
		return nil, err
	}
	names = []foldedName{}
	// The index keeps a name's quads together.
	err = v.rows(ctx, store.QuadID{1: property}, func(q store.QuadID) error {
		if n := len(names); n > 0 && names[n-1].node == q[2] {
			return nil
		}
		t, err := v.term(q[2])
		names = append(names, newFoldedName(lexical(t), q[2]))
		return err
	})
	if err != nil {
		return nil, err
	}
	v.memory.mu.Lock()
	defer v.memory.mu.Unlock()
	v.memory.names = names
	return names, nil
}

// editDistance returns the optimal string alignment distance of a and b, or
// something above limit where it is above limit.
func editDistance(a, b []rune, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	var before []int // the row before last, for swaps
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		least := row[0]
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > limit {
			return limit + 1
		}
		before, last = last, row
	}
	return last[len(b)]
}

// Entities yields the graph's entities of a class and its sub-classes, sorted
// by ID. The class [schema.Thing] selects all.
func (g *Graph) Entities(ctx context.Context, class schema.Class) iter.Seq2[schema.Entity, error] {
	return func(yield func(schema.Entity, error) bool) {
		v, err := g.view(ctx)
		if err != nil {
			yield(schema.Entity{}, err)
			return
		}
		defer v.Close()
		for e, err := range v.Entities(ctx, class) {
			if !yield(e, err) {
				return
			}
		}
	}
}

// Entities is [Graph.Entities].
func (v *view) Entities(ctx context.Context, class schema.Class) iter.Seq2[schema.Entity, error] {
	return func(yield func(schema.Entity, error) bool) {
		ids, err := v.entityIDs(ctx, class)
		if err != nil {
			yield(schema.Entity{}, err)
			return
		}
		for _, id := range ids {
			e, err := v.entity(ctx, id)
			if err == nil && !e.Class.Is(class) { // some document disagrees with the others
				continue
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// entityIDs returns the IDs of the entities that something types as class or
// one of its sub-classes, sorted.
func (v *view) entityIDs(ctx context.Context, class schema.Class) ([]string, error) {
	var patterns []store.Pattern
	for _, info := range schema.Classes() {
		if info.Class.Is(class) {
			patterns = append(patterns, store.Pattern{Predicate: rdfType, Object: quad.IRI(schema.Term(info.Class))})
		}
	}
	return v.subjects(ctx, patterns...)
}

// subjects returns the IDs of the entities that are subjects of quads which
// match one of the patterns, each of a predicate and an object, or that these are read as, sorted.
func (v *view) subjects(ctx context.Context, patterns ...store.Pattern) (ids []string, err error) {
	nodes := map[store.ID]bool{} // that have been met: several documents may say the same
	for _, p := range patterns {
		property, err := v.id(p.Predicate)
		if err != nil {
			return nil, err
		}
		object, err := v.byID().ID(p.Object)
		if err != nil {
			return nil, err
		}
		if property == 0 || object == 0 {
			continue
		}
		err = v.rows(ctx, store.QuadID{1: property, 2: object}, func(q store.QuadID) error {
			if nodes[q[0]] {
				return nil
			}
			nodes[q[0]] = true
			s, err := v.term(q[0])
			if id, ok := v.ns.EntityID(lexical(s)); ok {
				ids = append(ids, id)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for i := range ids {
		if ids[i], err = v.one(ctx, ids[i]); err != nil {
			return nil, err
		}
	}
	slices.Sort(ids)
	kept := ids[:0]
	for _, id := range slices.Compact(ids) {
		is, err := v.spoken(ctx, id)
		if err != nil {
			return nil, err
		}
		if is {
			kept = append(kept, id)
		}
	}
	return kept, nil
}

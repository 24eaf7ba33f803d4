package graph

import (
	"context"
	"errors"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// What documents call by different names may be one thing. Nothing of what a
// document brought is rewritten for that: the graph has one quad
//
//	other owl:sameAs one
//
// for each entity that is read as another, under a label of its own, and
// everything that reads entities reads the one. So a decision is undone by
// taking its quads out, exactly. Package documentation of decisions: decide.go.

// anyDecided reports whether some entity is read as another.
func (v *view) anyDecided(ctx context.Context) (bool, error) {
	if v.same != nil {
		return v.decided, nil
	}
	err := v.each(ctx, store.Pattern{Predicate: owlSameAs, Label: v.decisions}, func(quad.Quad) bool {
		v.decided = true
		return false
	})
	if err == nil {
		v.same = map[string]string{}
	}
	return v.decided, err
}

// one returns the ID of the entity that id is read as: its own where nothing
// has been decided of it.
func (v *view) one(ctx context.Context, id string) (string, error) {
	if is, err := v.anyDecided(ctx); err != nil || !is {
		return id, err
	}
	if one, ok := v.same[id]; ok {
		return one, nil
	}
	one := id
	p := store.Pattern{Subject: quad.IRI(v.ns.Entity(id)), Predicate: owlSameAs, Label: v.decisions}
	err := v.each(ctx, p, func(q quad.Quad) bool {
		one, _ = v.ns.EntityID(lexical(q.Object))
		return false
	})
	v.same[id] = one
	return one, err
}

// all returns the IDs of the entities that are read as the one with the given
// ID, itself first.
func (v *view) all(ctx context.Context, id string) ([]string, error) {
	one, err := v.one(ctx, id)
	if err != nil || !v.decided {
		return []string{one}, err
	}
	if ids, ok := v.members[one]; ok {
		return ids, nil
	}
	var others []string
	p := store.Pattern{Predicate: owlSameAs, Object: quad.IRI(v.ns.Entity(one)), Label: v.decisions}
	err = v.each(ctx, p, func(q quad.Quad) bool {
		other, _ := v.ns.EntityID(lexical(q.Subject))
		others = append(others, other)
		return true
	})
	slices.Sort(others)
	ids := append([]string{one}, others...)
	v.members[one] = ids
	return ids, err
}

// subjectNodes returns the nodes of the entities that are read as the one with
// the given ID.
func (v *view) subjectNodes(ctx context.Context, id string) ([]quad.Value, error) {
	ids, err := v.all(ctx, id)
	nodes := make([]quad.Value, len(ids))
	for i, id := range ids {
		nodes[i] = quad.IRI(v.ns.Entity(id))
	}
	return nodes, err
}

// eachOf is each for quads about an entity under any of its IDs: p's subject is
// set to each of its nodes.
func (v *view) eachOf(ctx context.Context, id string, p store.Pattern, do func(quad.Quad) bool) error {
	nodes, err := v.subjectNodes(ctx, id)
	if err != nil {
		return err
	}
	for _, n := range nodes {
		p.Subject = n
		if err := v.each(ctx, p, do); err != nil {
			return err
		}
	}
	return nil
}

// touched reports whether a fact speaks of an entity that others are read as.
func (v *view) touched(ctx context.Context, f *schema.Fact) (bool, error) {
	if is, err := v.anyDecided(ctx); err != nil || !is {
		return false, err
	}
	for _, e := range f.Entities() {
		if ids, err := v.all(ctx, e.ID); err != nil || len(ids) > 1 {
			return true, err
		}
	}
	return false, nil
}

// mostVariants is in how many ways of writing a fact its nodes are looked for by
// their hashes. One look-up takes as long as reading some quads of an index, and
// the ways multiply: four entities that have three IDs each make 567.
const mostVariants = 32

// nodes returns the statement nodes of a fact: one, unless it speaks of an
// entity that documents have under several IDs.
func (v *view) nodes(ctx context.Context, f *schema.Fact) ([]quad.IRI, error) {
	if is, err := v.touched(ctx, f); err != nil || !is {
		return []quad.IRI{quad.IRI(v.ns.Fact(f.ID()))}, err
	}
	ways := 1
	for i, e := range append([]schema.Entity{f.Subject, f.Object, f.AttributedTo}, valuesOf(f.Qualifiers)...) {
		if e.ID == "" {
			continue
		}
		ids, err := v.all(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		n := len(ids)
		if i > 2 {
			n = 1<<min(n, 20) - 1 // any of them, or several
		}
		if ways *= n; ways > mostVariants {
			return v.soughtNodes(ctx, f)
		}
	}
	return v.hashedNodes(ctx, f)
}

func valuesOf(qs []schema.Qualifier) []schema.Entity {
	values := make([]schema.Entity, len(qs))
	for i, q := range qs {
		values[i] = q.Value
	}
	return values
}

// soughtNodes finds the nodes of a fact by what they say: of those that the
// rarest of its parts leads to, the ones that come out as the same fact.
func (v *view) soughtNodes(ctx context.Context, f *schema.Fact) (found []quad.IRI, err error) {
	type part struct {
		properties []quad.IRI // it may be at either side
		value      schema.Entity
	}
	sides := []quad.IRI{rdfSubject, rdfObject}
	parts := []part{{sides[:1], f.Subject}, {sides[1:], f.Object}, {[]quad.IRI{provAttributed}, f.AttributedTo}}
	if f.Predicate.Symmetric() {
		parts[0].properties, parts[1].properties = sides, sides
	}
	for _, q := range f.Qualifiers {
		parts = append(parts, part{[]quad.IRI{quad.IRI(schema.Term(q.Role))}, q.Value})
	}
	var rarest []store.QuadID
	least := int64(-1)
	for _, p := range parts {
		if p.value.IsZero() {
			continue
		}
		values, err := v.keyNodes(ctx, p.value.Key())
		if err != nil {
			return nil, err
		}
		var patterns []store.QuadID
		n := int64(0)
		for _, property := range p.properties {
			id, err := v.id(property)
			if err != nil {
				return nil, err
			}
			for _, t := range values {
				value, err := v.byID().ID(t)
				if err != nil {
					return nil, err
				}
				if id == 0 || value == 0 {
					continue
				}
				pattern := store.QuadID{1: id, 2: value}
				some, err := v.byID().Count(ctx, pattern)
				if err != nil {
					return nil, err
				}
				patterns, n = append(patterns, pattern), n+some
			}
		}
		if least < 0 || n < least {
			rarest, least = patterns, n
		}
	}
	seen := map[store.ID]bool{}
	var nodes []store.ID
	for _, p := range rarest {
		err := v.rows(ctx, p, func(q store.QuadID) error {
			if !seen[q[0]] {
				seen[q[0]] = true
				nodes = append(nodes, q[0])
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	id := f.ID()
	for _, n := range nodes {
		s, err := v.statement(ctx, n, []schema.Predicate{f.Predicate})
		if err != nil {
			return nil, err
		}
		if !s.ok || s.ID() != id {
			continue
		}
		t, err := v.term(n)
		if err != nil {
			return nil, err
		}
		if iri, ok := t.(quad.IRI); ok {
			found = append(found, iri)
		}
	}
	slices.Sort(found)
	return found, nil
}

// hashedNodes finds the nodes of a fact by their IRIs, which are hashes of what
// each of them says, so that they need not be looked for.
func (v *view) hashedNodes(ctx context.Context, f *schema.Fact) ([]quad.IRI, error) {
	var found []quad.IRI
	seen := map[string]bool{}
	try := func(f *schema.Fact) error {
		id := f.ID()
		if seen[id] {
			return nil
		}
		seen[id] = true
		n := quad.IRI(v.ns.Fact(id))
		return v.each(ctx, store.Pattern{Subject: n, Predicate: rdfType}, func(quad.Quad) bool {
			found = append(found, n)
			return false
		})
	}
	err := v.variants(ctx, f, try)
	slices.Sort(found)
	return found, err
}

// variants calls try with f for each way of writing its entities by the IDs that
// they have in documents.
func (v *view) variants(ctx context.Context, f *schema.Fact, try func(*schema.Fact) error) error {
	forms := func(e schema.Entity) ([]schema.Entity, error) {
		if e.ID == "" {
			return []schema.Entity{e}, nil
		}
		ids, err := v.all(ctx, e.ID)
		list := make([]schema.Entity, len(ids))
		for i, id := range ids {
			list[i] = schema.Entity{ID: id, Class: e.Class}
		}
		return list, err
	}
	var sides [3][]schema.Entity
	for i, e := range []schema.Entity{f.Subject, f.Object, f.AttributedTo} {
		var err error
		if sides[i], err = forms(e); err != nil {
			return err
		}
	}
	// Two qualifiers of a document may have become one.
	sets := [][]schema.Qualifier{nil}
	for _, q := range f.Qualifiers {
		list, err := forms(q.Value)
		if err != nil {
			return err
		}
		var more [][]schema.Qualifier
		for _, set := range sets {
			for mask := 1; mask < 1<<len(list); mask++ {
				next := slices.Clone(set)
				for i, e := range list {
					if mask&(1<<i) != 0 {
						next = append(next, schema.Qualifier{Role: q.Role, Value: e})
					}
				}
				more = append(more, next)
			}
		}
		sets = more
	}
	g := *f
	for _, g.Subject = range sides[0] {
		for _, g.Object = range sides[1] {
			for _, g.AttributedTo = range sides[2] {
				for _, g.Qualifiers = range sets {
					if err := try(&g); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// surplusNodes reports, by predicate, how many statement nodes there are more
// than facts.
func (v *view) surplusNodes(ctx context.Context, report func(schema.Predicate, int)) error {
	seen := map[string]bool{} // facts by their IDs
	var inner error
	err := v.severalNodes(ctx, func(f *schema.Fact, _ quad.IRI) bool {
		if seen[f.ID()] {
			return true
		}
		seen[f.ID()] = true
		var nodes []quad.IRI
		if nodes, inner = v.nodes(ctx, f); inner == nil {
			report(f.Predicate, len(nodes)-1)
		}
		return inner == nil
	})
	return errors.Join(err, inner)
}

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
// their hashes: the ways multiply.
const mostVariants = 32

// nodes returns the statement nodes of a fact: one, unless it speaks of an
// entity that documents have under several IDs.
func (v *view) nodes(ctx context.Context, f *schema.Fact) ([]quad.IRI, error) {
	if is, err := v.touched(ctx, f); err != nil || !is {
		return []quad.IRI{quad.IRI(v.ns.Fact(f.ID()))}, err
	}
	ways, most := 1, 0
	var of mention // the one that documents call by most names
	for _, p := range mentionsOf(f) {
		ids, err := v.all(ctx, p.one)
		if err != nil {
			return nil, err
		}
		n := len(ids)
		if n > most {
			of, most = p, n
		}
		if !p.side {
			n = 1<<min(n, 20) - 1 // any of them, or several
		}
		ways = min(ways*n, 1<<30)
	}
	if ways <= mostVariants {
		return v.hashedNodes(ctx, f)
	}
	return v.soughtNodes(ctx, f, of)
}

// mention is where an entity stands in a fact's statement.
type mention struct {
	properties []quad.IRI
	one        string
	side       bool // no qualifier
}

// mentionsOf returns where the entities of a fact stand.
func mentionsOf(f *schema.Fact) (mentions []mention) {
	sides := []quad.IRI{rdfSubject, rdfObject}
	add := func(e schema.Entity, side bool, properties ...quad.IRI) {
		if e.ID != "" {
			mentions = append(mentions, mention{properties, e.ID, side})
		}
	}
	if f.Predicate.Symmetric() {
		add(f.Subject, true, sides...)
		add(f.Object, true, sides...)
	} else {
		add(f.Subject, true, rdfSubject)
		add(f.Object, true, rdfObject)
	}
	add(f.AttributedTo, true, provAttributed)
	for _, q := range f.Qualifiers {
		add(q.Value, false, quad.IRI(schema.Term(q.Role)))
	}
	return mentions
}

// soughtNodes finds the nodes of a fact among those that have one of its entities
// where it does.
func (v *view) soughtNodes(ctx context.Context, f *schema.Fact, of mention) (found []quad.IRI, err error) {
	id := f.ID()
	for _, property := range of.properties {
		statements, err := v.statements(ctx, property, of.one)
		if err != nil {
			return nil, err
		}
		for _, n := range statements[id] {
			t, err := v.term(n)
			if err != nil {
				return nil, err
			}
			if iri, ok := t.(quad.IRI); ok {
				found = append(found, iri)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// statements returns the statement nodes that have an entity, under any of its
// IDs, as a property's value: by the ID of the fact that they state.
func (v *view) statements(ctx context.Context, property quad.IRI, one string) (map[string][]store.ID, error) {
	key := string(property) + " " + one
	if found, ok := v.memory.statementsOf(key); ok {
		return found, nil
	}
	values, err := v.subjectNodes(ctx, one)
	if err != nil {
		return nil, err
	}
	p, err := v.id(property)
	if err != nil {
		return nil, err
	}
	var nodes []store.ID
	for _, t := range values {
		value, err := v.byID().ID(t)
		if err != nil {
			return nil, err
		}
		if p == 0 || value == 0 {
			continue
		}
		err = v.rows(ctx, store.QuadID{1: p, 2: value}, func(q store.QuadID) error { nodes = append(nodes, q[0]); return nil })
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(nodes) // several documents may have one
	found := map[string][]store.ID{}
	for _, n := range slices.Compact(nodes) {
		s, err := v.statement(ctx, n, nil)
		if err != nil {
			return nil, err
		}
		if s.ok {
			id := s.ID()
			found[id] = append(found[id], n)
		}
	}
	v.memory.putStatements(key, found)
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

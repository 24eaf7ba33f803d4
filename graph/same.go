package graph

import (
	"context"
	"errors"
	"fmt"
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

// sameAs is which nodes are read as which, as decisions say. Nobody may change it.
type sameAs struct {
	one    map[store.ID]store.ID   // the node that another is read as
	others map[store.ID][]store.ID // the nodes that are read as one
}

// concerns reports whether a node is read as another, or others as it.
func (s *sameAs) concerns(n store.ID) bool {
	if _, other := s.one[n]; other {
		return true
	}
	return len(s.others[n]) > 0
}

// decided returns what decisions say. All of it is read at once: there are few
// decisions beside what they are about, and each fact asks after several entities.
func (v *view) decided(ctx context.Context) (*sameAs, error) {
	if v.same == nil {
		v.same = v.memory.decided()
	}
	if v.same != nil {
		return v.same, nil
	}
	s := &sameAs{map[store.ID]store.ID{}, map[store.ID][]store.ID{}}
	property, err := v.id(owlSameAs)
	if err != nil {
		return s, err
	}
	label, err := v.id(v.decisions)
	if err != nil {
		return s, err
	}
	if property != 0 && label != 0 {
		err = v.rows(ctx, store.QuadID{1: property, 3: label}, func(q store.QuadID) error {
			s.one[q[0]] = q[2]
			s.others[q[2]] = append(s.others[q[2]], q[0])
			return nil
		})
	}
	if err == nil {
		v.same = s
		v.memory.putDecided(s)
	}
	return s, err
}

// node returns the ID of an entity's node, 0 where the graph does not have it.
func (v *view) node(id string) (store.ID, error) { return v.byID().ID(quad.IRI(v.ns.Entity(id))) }

// entityID returns the ID of the entity that a node stands for, "" if it stands
// for none.
func (v *view) entityID(n store.ID) (string, error) {
	t, err := v.term(n)
	id, _ := v.ns.EntityID(lexical(t))
	return id, err
}

// one returns the ID of the entity that id is read as: its own where nothing
// has been decided of it.
func (v *view) one(ctx context.Context, id string) (string, error) {
	s, err := v.decided(ctx)
	if err != nil || len(s.one) == 0 {
		return id, err
	}
	n, err := v.node(id)
	if err != nil {
		return id, err
	}
	one, is := s.one[n]
	if !is {
		return id, nil
	}
	return v.entityID(one)
}

// all returns the IDs of the entities that are read as the one with the given
// ID, itself first.
func (v *view) all(ctx context.Context, id string) ([]string, error) {
	s, err := v.decided(ctx)
	if err != nil || len(s.one) == 0 {
		return []string{id}, err
	}
	n, err := v.node(id)
	if err != nil {
		return nil, err
	}
	if one, is := s.one[n]; is {
		n = one
		if id, err = v.entityID(n); err != nil {
			return nil, err
		}
	}
	ids := []string{id}
	for _, other := range s.others[n] {
		o, err := v.entityID(other)
		if err != nil {
			return nil, err
		}
		ids = append(ids, o)
	}
	slices.Sort(ids[1:])
	return ids, nil
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

// nodesOf returns the IDs of the nodes of the entities that are read as the one
// with the given ID, as far as the graph has them.
func (v *view) nodesOf(ctx context.Context, id string) ([]store.ID, error) {
	same, err := v.decided(ctx)
	if err != nil {
		return nil, err
	}
	n, err := v.node(id)
	if err != nil || n == 0 {
		return nil, err
	}
	if one, is := same.one[n]; is {
		n = one
	}
	return append([]store.ID{n}, same.others[n]...), nil
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

// mostVariants is in how many ways of writing a fact its nodes are looked for by
// their hashes: the ways multiply.
const mostVariants = 8

// nodes returns the statement nodes of a fact: one, unless it speaks of an
// entity that documents have under several IDs.
func (v *view) nodes(ctx context.Context, f *schema.Fact) ([]store.ID, error) {
	ways := 1
	times := func(e schema.Entity, side bool) error {
		if e.ID == "" {
			return nil
		}
		ids, err := v.nodesOf(ctx, e.ID)
		n := max(len(ids), 1)
		if !side {
			n = 1<<min(n, 20) - 1 // any of them, or several
		}
		ways = min(ways*n, 1<<30)
		return err
	}
	err := errors.Join(times(f.Subject, true), times(f.Object, true), times(f.AttributedTo, true))
	for _, q := range f.Qualifiers {
		err = errors.Join(err, times(q.Value, false))
	}
	if err != nil {
		return nil, err
	}
	if ways <= mostVariants {
		return v.hashedNodes(ctx, f)
	}
	return v.soughtNodes(ctx, f)
}

// soughtNodes finds the nodes of a fact among those that have all of its parts.
func (v *view) soughtNodes(ctx context.Context, f *schema.Fact) (found []store.ID, err error) {
	type part struct {
		of         schema.Entity
		properties []quad.IRI
	}
	parts := []part{{f.Subject, []quad.IRI{rdfSubject}}, {f.Object, []quad.IRI{rdfObject}}}
	if f.Predicate.Symmetric() {
		either := []quad.IRI{rdfSubject, rdfObject}
		parts[0].properties, parts[1].properties = either, either
	}
	if !f.AttributedTo.IsZero() {
		parts = append(parts, part{f.AttributedTo, []quad.IRI{provAttributed}})
	}
	for _, q := range f.Qualifiers {
		parts = append(parts, part{q.Value, []quad.IRI{quad.IRI(schema.Term(q.Role))}})
	}
	const few = 4 // that are sooner read than sifted
	var some []store.ID
	for i, p := range parts {
		if i > 1 && len(some) <= few {
			break
		}
		have, err := v.statements(ctx, p.properties, p.of.Key())
		if err != nil {
			return nil, err
		}
		if i == 0 {
			some = have
		} else {
			some = intersect(some, have)
		}
	}
	id := f.ID()
	for _, n := range some {
		s, err := v.statement(ctx, n, nil)
		if err != nil {
			return nil, err
		}
		if s.ok && s.ID() == id {
			found = append(found, n)
		}
	}
	return found, nil
}

// intersect returns what two sorted lists have both.
func intersect(a, b []store.ID) []store.ID {
	if len(b) < len(a) {
		a, b = b, a
	}
	var both []store.ID
	for _, n := range a {
		i, found := slices.BinarySearch(b, n)
		if found {
			both = append(both, n)
		}
		b = b[i:]
	}
	return both
}

// statements returns the statement nodes that have an entity, under any of its
// IDs, or a literal as the value of one of some properties, in the order of their
// IDs.
func (v *view) statements(ctx context.Context, properties []quad.IRI, one string) ([]store.ID, error) {
	key := fmt.Sprint(properties, one)
	if found, ok := v.memory.statementsOf(key); ok {
		return found, nil
	}
	values, err := v.keyNodes(ctx, one)
	if err != nil {
		return nil, err
	}
	var nodes []store.ID
	for _, t := range values {
		value, err := v.byID().ID(t)
		if err != nil {
			return nil, err
		}
		for _, property := range properties {
			p, err := v.id(property)
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
	}
	slices.Sort(nodes) // several documents may have one
	nodes = slices.Compact(nodes)
	v.memory.putStatements(key, nodes)
	return nodes, nil
}

// hashedNodes finds the nodes of a fact by their IRIs, which are hashes of what
// each of them says, so that they need not be looked for.
func (v *view) hashedNodes(ctx context.Context, f *schema.Fact) (found []store.ID, err error) {
	property, err := v.id(rdfPredicate)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	try := func(f *schema.Fact) error {
		id := f.ID()
		if seen[id] {
			return nil
		}
		seen[id] = true
		n, err := v.byID().ID(quad.IRI(v.ns.Fact(id)))
		if err != nil || n == 0 {
			return err
		}
		is := false
		err = v.rows(ctx, store.QuadID{n, property}, func(store.QuadID) error { is = true; return nil })
		if is {
			found = append(found, n)
		}
		return err
	}
	err = v.variants(ctx, f, try)
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
		var nodes []store.ID
		if nodes, inner = v.nodes(ctx, f); inner == nil {
			report(f.Predicate, len(nodes)-1)
		}
		return inner == nil
	})
	return errors.Join(err, inner)
}

package graph

import (
	"cmp"
	"context"
	"encoding/binary"
	"iter"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// outline is what a fact is about, by the nodes of its parts: enough to choose by
// among all facts of a graph before any is read.
type outline struct {
	node            store.ID // a statement of the fact, of several that with the lowest ID
	predicate       store.ID
	subject, object store.ID // entities as decisions have them
	negated         bool
	time            schema.Time
	docs            []store.ID // labels of the documents that state it
}

// The parts of an outline besides its sides, which are read where they are wanted.
type parts uint8

const (
	withTime parts = 1 << iota
	withDocs
	withPolarity
)

// outlines goes through the index of a few properties and returns the outlines of
// all facts of some predicates, or of all, each once, by predicate and node. In a
// graph of a million quads it reads a tenth of them, in the order in which they are
// kept.
func (v *view) outlines(ctx context.Context, predicates []schema.Predicate, with parts) (list []outline, err error) {
	same, err := v.decided(ctx)
	if err != nil {
		return nil, err
	}
	entity := func(n store.ID) store.ID {
		if one, is := same.one[n]; is {
			return one
		}
		return n
	}
	property, err := v.id(rdfPredicate)
	if err != nil || property == 0 {
		return nil, err
	}
	patterns := []store.QuadID{{1: property}}
	if len(predicates) > 0 {
		patterns = nil
		for _, p := range predicates {
			n, err := v.id(quad.IRI(schema.Term(p)))
			if err != nil {
				return nil, err
			}
			if n != 0 {
				patterns = append(patterns, store.QuadID{1: property, 2: n})
			}
		}
	}
	at := map[store.ID]int{} // in list, by node
	for _, p := range patterns {
		err := v.rows(ctx, p, func(q store.QuadID) error {
			i, met := at[q[0]]
			if !met {
				i = len(list)
				at[q[0]] = i
				list = append(list, outline{node: q[0], predicate: q[2]})
			}
			if with&withDocs != 0 {
				list[i].docs = append(list[i].docs, q[3])
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	// each calls do with the value that every statement has of a property.
	each := func(property quad.IRI, do func(o *outline, value store.ID) error) error {
		p, err := v.id(property)
		if err != nil || p == 0 {
			return err
		}
		return v.rows(ctx, store.QuadID{1: p}, func(q store.QuadID) error {
			i, is := at[q[0]]
			if !is {
				return nil
			}
			return do(&list[i], q[2])
		})
	}
	if err := each(rdfSubject, func(o *outline, n store.ID) error { o.subject = entity(n); return nil }); err != nil {
		return nil, err
	}
	if err := each(rdfObject, func(o *outline, n store.ID) error { o.object = entity(n); return nil }); err != nil {
		return nil, err
	}
	if with&withPolarity != 0 {
		denied, err := v.id(quad.IRI(schema.Polarity(true)))
		if err != nil {
			return nil, err
		}
		if err := each(dmPolarity, func(o *outline, n store.ID) error { o.negated = n == denied; return nil }); err != nil {
			return nil, err
		}
	}
	if with&withTime != 0 {
		for property, set := range map[quad.IRI]func(*outline, schema.Date){
			dmDate:  func(o *outline, d schema.Date) { o.time.Date = d },
			dmSince: func(o *outline, d schema.Date) { o.time.Since = d },
			dmUntil: func(o *outline, d schema.Date) { o.time.Until = d },
		} {
			dates := map[store.ID]schema.Date{}
			err := each(property, func(o *outline, n store.ID) error {
				d, known := dates[n]
				if !known {
					t, err := v.term(n)
					if err != nil {
						return err
					}
					if d, err = parseDate(t); err != nil {
						return v.inFact(o.node, err)
					}
					dates[n] = d
				}
				set(o, d)
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return v.eachOnce(ctx, same, list)
}

// eachOnce drops from outlines all but the first of those that are of one fact:
// where documents have an entity under several IDs, one fact has several nodes.
func (v *view) eachOnce(ctx context.Context, same *sameAs, list []outline) ([]outline, error) {
	if len(same.one) == 0 {
		return list, nil
	}
	symmetric, err := v.symmetric()
	if err != nil {
		return nil, err
	}
	touched, err := v.touched(ctx, same)
	if err != nil {
		return nil, err
	}
	alike := map[sides]int{}
	for i := range list {
		if touched[list[i].node] {
			alike[list[i].sides(symmetric)]++
		}
	}
	seen := map[string]int{} // in kept
	kept := list[:0]
	for _, o := range list {
		if touched[o.node] && alike[o.sides(symmetric)] > 1 {
			key, err := v.content(ctx, o.node, same, symmetric[o.predicate])
			if err != nil {
				return nil, err
			}
			if i, is := seen[key]; is {
				kept[i].docs = append(kept[i].docs, o.docs...)
				continue
			}
			seen[key] = len(kept)
		}
		kept = append(kept, o)
	}
	return kept, nil
}

// symmetric returns the predicates that hold both ways if they hold one.
func (v *view) symmetric() (map[store.ID]bool, error) {
	predicates := map[store.ID]bool{}
	for _, info := range schema.Predicates() {
		if info.Predicate.Symmetric() {
			n, err := v.id(quad.IRI(schema.Term(info.Predicate)))
			if err != nil {
				return nil, err
			}
			predicates[n] = true
		}
	}
	return predicates, nil
}

// sides is what facts have in common that say something of the same two.
type sides struct{ predicate, a, b store.ID }

func (o *outline) sides(symmetric map[store.ID]bool) sides {
	if symmetric[o.predicate] {
		return sides{o.predicate, min(o.subject, o.object), max(o.subject, o.object)}
	}
	return sides{o.predicate, o.subject, o.object}
}

// touched returns the nodes of which some quad is about an entity that decisions
// are about.
func (v *view) touched(ctx context.Context, same *sameAs) (map[store.ID]bool, error) {
	nodes := map[store.ID]bool{}
	about := func(n store.ID) error {
		return v.rows(ctx, store.QuadID{2: n}, func(q store.QuadID) error { nodes[q[0]] = true; return nil })
	}
	for one, others := range same.others {
		for _, n := range append([]store.ID{one}, others...) {
			if err := about(n); err != nil {
				return nil, err
			}
		}
	}
	return nodes, nil
}

// content returns what a statement says, whoever says it how, in a form that is the
// same for statements of one fact.
func (v *view) content(ctx context.Context, node store.ID, same *sameAs, symmetric bool) (string, error) {
	aside := map[store.ID]bool{} // what does not count
	for _, p := range []quad.IRI{rdfType, dmRule, dmConfidence, provDerived} {
		n, err := v.id(p)
		if err != nil {
			return "", err
		}
		aside[n] = true
	}
	subject, err := v.id(rdfSubject)
	if err != nil {
		return "", err
	}
	object, err := v.id(rdfObject)
	if err != nil {
		return "", err
	}
	var said [][2]store.ID
	err = v.rows(ctx, store.QuadID{node}, func(q store.QuadID) error {
		if aside[q[1]] {
			return nil
		}
		p, o := q[1], q[2]
		if symmetric && p == object {
			p = subject
		}
		if one, is := same.one[o]; is {
			o = one
		}
		said = append(said, [2]store.ID{p, o})
		return nil
	})
	slices.SortFunc(said, func(a, b [2]store.ID) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	var key []byte
	for _, s := range slices.Compact(said) {
		key = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(key, uint64(s[0])), uint64(s[1]))
	}
	return string(key), err
}

// CountByDocument returns how many of the facts that filter selects each document
// tells, by its ID, without reading them. It is not ok where filter has to read
// them: where it asks for more than a date and predicates.
func (g *Graph) CountByDocument(ctx context.Context, filter schema.Filter) (facts map[string]int, ok bool, err error) {
	asks := filter
	asks.AsOf, asks.KnownAt, asks.Predicates = schema.Date{}, schema.Date{}, nil
	if !asks.IsZero() {
		return nil, false, nil
	}
	with := withDocs
	if !filter.AsOf.IsZero() {
		with |= withTime
	}
	facts = map[string]int{}
	err = g.knownAt(filter.KnownAt).with(ctx, func(v *view) error {
		all, err := v.outlines(ctx, filter.Predicates, with)
		if err != nil {
			return err
		}
		count := map[store.ID]int{}
		for i := range all {
			if !all[i].time.Holds(filter.AsOf) {
				continue
			}
			slices.Sort(all[i].docs)
			for _, label := range slices.Compact(all[i].docs) {
				count[label]++
			}
		}
		for label, n := range count {
			t, err := v.term(label)
			if err != nil {
				return err
			}
			if doc, is := v.ns.DocumentID(lexical(t)); is {
				facts[doc] = n
			}
		}
		return ctx.Err()
	})
	return facts, true, err
}

// Contested implements [query.Contests].
func (g *Graph) Contested(ctx context.Context, filter schema.Filter, whole, repeated []schema.Predicate) iter.Seq2[schema.Fact, error] {
	return func(yield func(schema.Fact, error) bool) {
		err := g.knownAt(filter.KnownAt).with(ctx, func(v *view) error {
			nodes, err := v.contested(ctx, filter.Predicates, whole, repeated)
			if err != nil {
				return err
			}
			facts, err := v.factsAt(ctx, nodes)
			if err != nil {
				return err
			}
			for i := range facts {
				if filter.Matches(&facts[i]) && !yield(facts[i], nil) {
					return nil
				}
			}
			return ctx.Err()
		})
		if err != nil {
			yield(schema.Fact{}, err)
		}
	}
}

// contested returns the nodes of the facts that [Graph.Contested] yields.
func (v *view) contested(ctx context.Context, of, whole, repeated []schema.Predicate) (nodes []store.ID, err error) {
	all, err := v.outlines(ctx, of, withPolarity)
	if err != nil {
		return nil, err
	}
	symmetric, err := v.symmetric()
	if err != nil {
		return nil, err
	}
	ids := func(predicates []schema.Predicate) (map[store.ID]bool, error) {
		set := map[store.ID]bool{}
		for _, p := range predicates {
			n, err := v.id(quad.IRI(schema.Term(p)))
			if err != nil {
				return nil, err
			}
			set[n] = true
		}
		return set, nil
	}
	isWhole, err := ids(whole)
	if err != nil {
		return nil, err
	}
	isRepeated, err := ids(repeated)
	if err != nil {
		return nil, err
	}
	said := map[sides]*[2]int{} // how often, and denied
	for i := range all {
		k := all[i].sides(symmetric)
		if said[k] == nil {
			said[k] = &[2]int{}
		}
		if all[i].negated {
			said[k][1]++
		} else {
			said[k][0]++
		}
	}
	for i := range all {
		o := &all[i]
		n := said[o.sides(symmetric)]
		if isWhole[o.predicate] || n[0] > 0 && n[1] > 0 || isRepeated[o.predicate] && n[0]+n[1] > 1 {
			nodes = append(nodes, o.node)
		}
	}
	return nodes, nil
}

// factsAt reads the facts of some nodes, in the order of the graph.
func (v *view) factsAt(ctx context.Context, nodes []store.ID) (facts []schema.Fact, err error) {
	for _, n := range nodes {
		f, err := v.factAt(ctx, n, nil)
		if err != nil {
			return nil, err
		}
		if f.ok {
			facts = append(facts, f.Fact)
		}
	}
	schema.SortFacts(facts)
	return facts, ctx.Err()
}

// byOutlines reports whether outlines tell which facts a selection has.
func byOutlines(opts *export.Options) bool {
	return opts.About == "" && len(opts.Documents) == 0 && opts.Side == string(query.All) && opts.MinConfidence == 0
}

// selected returns the outlines of the facts that opts selects, where [byOutlines],
// and what ranking has to know of each.
func (v *view) selected(ctx context.Context, opts *export.Options) (kept []outline, links []export.Link, err error) {
	with := parts(0)
	if !opts.AsOf.IsZero() {
		with = withTime
	}
	all, err := v.outlines(ctx, opts.Predicates, with)
	if err != nil {
		return nil, nil, err
	}
	admitted := map[store.ID]bool{}
	admit := func(sides ...store.ID) (bool, error) {
		if len(opts.Classes) == 0 {
			return true, nil
		}
		for _, n := range sides {
			is, known := admitted[n]
			if !known {
				e, err := v.valueAt(ctx, n)
				if err != nil {
					return false, err
				}
				is = e.Class == schema.Literal || slices.ContainsFunc(opts.Classes, e.Class.Is)
				admitted[n] = is
			}
			if !is {
				return false, nil
			}
		}
		return true, nil
	}
	keys := map[store.ID]string{}
	key := func(n store.ID) (string, error) {
		k, known := keys[n]
		if !known {
			var err error
			if k, err = v.keyOf(n); err != nil {
				return "", err
			}
			keys[n] = k
		}
		return k, nil
	}
	names, err := v.id(quad.IRI(schema.Term(schema.AlsoKnownAs)))
	if err != nil {
		return nil, nil, err
	}
	for _, o := range all {
		if !o.time.Holds(opts.AsOf) {
			continue
		}
		if is, err := admit(o.subject, o.object); err != nil {
			return nil, nil, err
		} else if !is {
			continue
		}
		var l export.Link
		if l.Source, err = key(o.subject); err != nil {
			return nil, nil, err
		}
		if l.Target, err = key(o.object); err != nil {
			return nil, nil, err
		}
		l.Name = o.predicate == names && strings.HasPrefix(l.Target, `"`)
		kept, links = append(kept, o), append(links, l)
	}
	return kept, links, ctx.Err()
}

// chosen returns the facts that opts selects and a limit on nodes and facts leaves,
// as [view.selection] does before it. Of the whole graph facts are chosen by their
// outlines, so that only those are read that are returned.
func (v *view) chosen(ctx context.Context, opts export.Options) (facts []schema.Fact, steps map[string]int, left export.LeftOut, err error) {
	if !byOutlines(&opts) || opts.MaxNodes == 0 && opts.MaxFacts == 0 {
		if facts, steps, err = v.selection(ctx, opts); err != nil {
			return nil, nil, left, err
		}
		facts, left = export.Rank(facts, steps, opts.MaxNodes, opts.MaxFacts)
		return facts, steps, left, nil
	}
	all, links, err := v.selected(ctx, &opts)
	if err != nil {
		return nil, nil, left, err
	}
	kept, left := export.Choose(links, nil, opts.MaxNodes, opts.MaxFacts)
	facts, err = v.factsAt(ctx, nodesAt(all, kept))
	return facts, nil, left, err
}

// mapped is chosen for maps: see [export.ChoosePlaces].
func (v *view) mapped(ctx context.Context, opts export.Options) (facts []schema.Fact, left export.LeftOut, err error) {
	if !byOutlines(&opts) {
		facts, _, err := v.selection(ctx, opts)
		if err != nil {
			return nil, left, err
		}
		facts, left = export.RankPlaces(facts, opts.MaxFacts)
		return facts, left, nil
	}
	all, links, err := v.selected(ctx, &opts)
	if err != nil {
		return nil, left, err
	}
	isPlace := map[store.ID]bool{}
	place := func(n store.ID) (bool, error) {
		is, known := isPlace[n]
		if !known {
			e, err := v.valueAt(ctx, n)
			if err != nil {
				return false, err
			}
			is = e.Class.Is(schema.Place)
			isPlace[n] = is
		}
		return is, nil
	}
	predicates := map[store.ID]schema.Predicate{}
	for _, info := range schema.Predicates() {
		n, err := v.id(quad.IRI(schema.Term(info.Predicate)))
		if err != nil {
			return nil, left, err
		}
		predicates[n] = info.Predicate
	}
	places := make([]export.PlaceLink, len(all))
	for i := range all {
		l := export.PlaceLink{Link: links[i], Predicate: predicates[all[i].predicate]}
		if l.SourcePlace, err = place(all[i].subject); err != nil {
			return nil, left, err
		}
		if !strings.HasPrefix(l.Target, `"`) {
			if l.TargetPlace, err = place(all[i].object); err != nil {
				return nil, left, err
			}
		}
		places[i] = l
	}
	kept, left := export.ChoosePlaces(places, opts.MaxFacts)
	facts, err = v.factsAt(ctx, nodesAt(all, kept))
	return facts, left, err
}

// nodesAt returns the nodes of some outlines.
func nodesAt(all []outline, indices []int) []store.ID {
	nodes := make([]store.ID, len(indices))
	for i, k := range indices {
		nodes[i] = all[k].node
	}
	return nodes
}

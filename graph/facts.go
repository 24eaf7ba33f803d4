package graph

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// Facts yields the facts that filter selects, their evidence complete,
// whichever documents it is from. They come by document and in the document's
// own order, each with the first of its documents. Subject, Object, About,
// Docs and Predicates are looked up in indexes; only a filter without any of
// them goes through the whole graph. With KnownAt facts and names are those of
// the documents published by then.
func (g *Graph) Facts(ctx context.Context, filter schema.Filter) iter.Seq2[schema.Fact, error] {
	return func(yield func(schema.Fact, error) bool) {
		v, err := g.knownAt(filter.KnownAt).view(ctx)
		if err != nil {
			yield(schema.Fact{}, err)
			return
		}
		defer v.Close()
		for f, err := range v.Facts(ctx, filter) {
			if !yield(f, err) {
				return
			}
		}
	}
}

// Facts yields what [Graph.Facts] does, of the documents that the view sees.
func (v *view) Facts(ctx context.Context, filter schema.Filter) iter.Seq2[schema.Fact, error] {
	return func(yield func(schema.Fact, error) bool) {
		var err error
		for _, key := range []*string{&filter.Subject, &filter.Object, &filter.About} {
			if *key, err = v.oneKey(ctx, *key); err != nil {
				yield(schema.Fact{}, err)
				return
			}
		}
		entity := filter.Subject != "" || filter.Object != "" || filter.About != ""
		if entity || len(filter.Predicates) > 0 && len(filter.Docs) == 0 {
			err = v.factsByIndex(ctx, filter, yield)
		} else {
			err = v.factsByDocument(ctx, filter, yield)
		}
		if err != nil {
			yield(schema.Fact{}, err)
		}
	}
}

// factsByDocument goes through the documents one after the other, so that a
// whole graph takes little more memory than its largest document, and what tells
// which facts have come.
func (v *view) factsByDocument(ctx context.Context, filter schema.Filter, yield func(schema.Fact, error) bool) error {
	docs := slices.Clone(filter.Docs)
	slices.Sort(docs)
	if len(docs) == 0 {
		var err error
		if docs, err = v.documentIDs(ctx); err != nil {
			return err
		}
	}
	property, err := v.id(rdfPredicate)
	if err != nil || property == 0 {
		return err
	}
	seen := map[store.ID]bool{} // facts of earlier documents
	done := map[string]bool{}
	for _, doc := range slices.Compact(docs) {
		label, err := v.byID().ID(quad.IRI(v.ns.Document(doc)))
		if err != nil {
			return err
		}
		if label == 0 {
			continue
		}
		var nodes []store.ID
		err = v.rows(ctx, store.QuadID{1: property, 3: label}, func(q store.QuadID) error {
			if !seen[q[0]] {
				seen[q[0]] = true
				nodes = append(nodes, q[0])
			}
			return nil
		})
		if err != nil {
			return err
		}
		more, err := v.yieldFacts(ctx, nodes, filter, done, yield)
		if !more || err != nil {
			return err
		}
	}
	return ctx.Err()
}

// factsByIndex finds the facts' nodes first, with the first document of each,
// and then reads them document by document.
func (v *view) factsByIndex(ctx context.Context, filter schema.Filter, yield func(schema.Fact, error) bool) error {
	first := map[store.ID]string{} // document IDs
	labels := map[store.ID]string{}
	document := func(label store.ID) (string, error) {
		doc, known := labels[label]
		if !known {
			t, err := v.term(label)
			if err != nil {
				return "", err
			}
			doc, _ = v.ns.DocumentID(lexical(t))
			labels[label] = doc
		}
		return doc, nil
	}
	relations, err := v.relations()
	if err != nil {
		return err
	}
	collect := func(p store.QuadID, into map[store.ID]string) error {
		return v.rows(ctx, p, func(q store.QuadID) error {
			if relations[q[1]] {
				return nil // between entities, which are no facts
			}
			doc, err := document(q[3])
			if old, ok := into[q[0]]; !ok || doc < old {
				into[q[0]] = doc
			}
			return err
		})
	}
	// Each criterion narrows what the one before has left.
	var narrowed bool
	narrow := func(patterns ...store.QuadID) error {
		found := map[store.ID]string{}
		for _, p := range patterns {
			if err := collect(p, found); err != nil {
				return err
			}
		}
		if narrowed {
			maps.DeleteFunc(found, func(n store.ID, _ string) bool { _, ok := first[n]; return !ok })
		}
		first, narrowed = found, true
		return nil
	}
	nodes := func(key string) (ids []store.ID, err error) {
		values, err := v.keyNodes(ctx, key)
		for _, n := range values {
			var id store.ID
			if id, err = v.byID().ID(n); err != nil {
				break
			}
			if id != 0 {
				ids = append(ids, id)
			}
		}
		return ids, err
	}
	subject, err := v.id(rdfSubject)
	if err != nil {
		return err
	}
	object, err := v.id(rdfObject)
	if err != nil {
		return err
	}
	if subject == 0 || object == 0 {
		return ctx.Err() // there are no facts
	}
	for _, side := range []struct {
		key         string
		own, mirror store.ID
	}{{filter.Subject, subject, object}, {filter.Object, object, subject}} {
		if side.key == "" {
			continue
		}
		ids, err := nodes(side.key)
		if err != nil {
			return err
		}
		var patterns []store.QuadID
		for _, n := range ids {
			patterns = append(patterns, store.QuadID{1: side.own, 2: n})
			if len(filter.Predicates) == 0 || slices.ContainsFunc(filter.Predicates, schema.Predicate.Symmetric) {
				patterns = append(patterns, store.QuadID{1: side.mirror, 2: n})
			}
		}
		if err := narrow(patterns...); err != nil {
			return err
		}
	}
	if filter.About != "" {
		ids, err := nodes(filter.About)
		if err != nil {
			return err
		}
		var patterns []store.QuadID
		for _, n := range ids {
			patterns = append(patterns, store.QuadID{2: n})
		}
		if err := narrow(patterns...); err != nil {
			return err
		}
	}
	if !narrowed {
		property, err := v.id(rdfPredicate)
		if err != nil || property == 0 {
			return err
		}
		var patterns []store.QuadID
		for _, p := range filter.Predicates {
			n, err := v.id(quad.IRI(schema.Term(p)))
			if err != nil {
				return err
			}
			if n != 0 {
				patterns = append(patterns, store.QuadID{1: property, 2: n})
			}
		}
		if err := narrow(patterns...); err != nil {
			return err
		}
	}

	found := slices.Sorted(maps.Keys(first))
	if len(filter.Predicates) > 0 {
		if found, err = v.withPredicate(ctx, found, filter.Predicates); err != nil {
			return err
		}
	}
	done := map[string]bool{}
	byDoc := map[string][]store.ID{}
	for _, n := range found {
		byDoc[first[n]] = append(byDoc[first[n]], n)
	}
	for _, doc := range slices.Sorted(maps.Keys(byDoc)) {
		more, err := v.yieldFacts(ctx, byDoc[doc], filter, done, yield)
		if !more || err != nil {
			return err
		}
	}
	return ctx.Err()
}

// withPredicate returns those of some nodes, which are sorted, that are statements
// of one of some predicates.
func (v *view) withPredicate(ctx context.Context, nodes []store.ID, predicates []schema.Predicate) (found []store.ID, err error) {
	property, err := v.id(rdfPredicate)
	if err != nil || property == 0 {
		return nil, err
	}
	c := v.byID().Cursor()
	for _, p := range predicates {
		value, err := v.id(quad.IRI(schema.Term(p)))
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		if value == 0 {
			continue
		}
		// In the order by predicates, which the cursor keeps to from here on, the nodes
		// are next to each other; by nodes each is in a block of its own.
		c.Seek(ctx, store.QuadID{1: property, 2: value})
		for _, n := range nodes {
			if c.Seek(ctx, store.QuadID{n, property, value}); c.Next(ctx) {
				found = append(found, n)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found), c.Close()
}

// relations returns the properties that stand between entities themselves.
func (v *view) relations() (map[store.ID]bool, error) {
	if v.between != nil {
		return v.between, nil
	}
	properties := []quad.IRI{owlSameAs, dmMemberOf, dmSuccessor, dmUsedBy}
	for _, p := range schema.Predicates() {
		properties = append(properties, quad.IRI(schema.Term(p.Predicate)))
	}
	between := map[store.ID]bool{}
	for _, p := range properties {
		n, err := v.id(p)
		if err != nil {
			return nil, err
		}
		between[n] = true
	}
	for _, r := range schema.Roles() { // some go by the same word
		n, err := v.id(quad.IRI(schema.Term(r)))
		if err != nil {
			return nil, err
		}
		delete(between, n)
	}
	v.between = between
	return between, nil
}

// yieldFacts reads the facts of those nodes that are a fact's and yields what
// filter selects, in their order. more is false once the consumer has had enough.
// done has the IDs of facts of several nodes that have been read before.
func (v *view) yieldFacts(ctx context.Context, nodes []store.ID, filter schema.Filter, done map[string]bool,
	yield func(schema.Fact, error) bool) (more bool, err error) {
	var facts []schema.Fact
	for _, n := range nodes {
		f, err := v.factAt(ctx, n, filter.Predicates)
		if err != nil {
			return false, err
		}
		if !f.ok {
			continue
		}
		if f.several {
			id := f.ID()
			if done[id] {
				continue
			}
			done[id] = true
		}
		if filter.Matches(&f.Fact) {
			facts = append(facts, f.Fact)
		}
	}
	schema.SortFacts(facts)
	for _, f := range facts {
		if !yield(f, nil) {
			return false, nil
		}
	}
	return true, nil
}

// Fact returns the fact with the given ID or unique beginning of an ID. It
// fails with [ErrNotFound] or [ErrAmbiguous].
func (g *Graph) Fact(ctx context.Context, id string) (schema.Fact, error) {
	v, err := g.view(ctx)
	if err != nil {
		return schema.Fact{}, err
	}
	defer v.Close()
	f, ok, err := v.fact(ctx, quad.IRI(v.ns.Fact(id)))
	if ok || err != nil {
		return f, err
	}
	found := map[string]quad.IRI{} // by the ID of the whole fact
	if id != "" {
		nodes := map[quad.IRI]bool{}
		err = v.each(ctx, store.Pattern{Predicate: rdfType, Object: classFact}, func(q quad.Quad) bool {
			n, _ := q.Subject.(quad.IRI)
			if other, _ := v.ns.FactID(string(n)); strings.HasPrefix(other, id) {
				nodes[n] = true
			}
			return len(nodes) < 2
		})
		for n := range nodes {
			f, _, e := v.fact(ctx, n)
			found[f.ID()], err = n, errors.Join(err, e)
		}
		if len(found) == 0 && err == nil {
			err = v.severalNodes(ctx, func(f *schema.Fact, n quad.IRI) bool {
				if strings.HasPrefix(f.ID(), id) {
					found[f.ID()] = n
				}
				return len(found) < 2
			})
		}
	}
	switch {
	case err != nil:
		return f, err
	case len(found) == 0:
		return f, fmt.Errorf("graph: fact %q: %w", id, ErrNotFound)
	case len(found) > 1:
		return f, fmt.Errorf("graph: fact %q: %w; give more of its ID", id, ErrAmbiguous)
	}
	for _, n := range found {
		f, _, err = v.fact(ctx, n)
	}
	return f, err
}

// severalNodes calls do with every fact of which the ID is that of no node,
// because it speaks of an entity that documents have under another ID, and with
// a node of it, until do returns false.
func (v *view) severalNodes(ctx context.Context, do func(*schema.Fact, quad.IRI) bool) error {
	others, err := v.collect(ctx, store.Pattern{Predicate: owlSameAs, Label: v.decisions})
	if err != nil {
		return err
	}
	for _, o := range others {
		mentions, err := v.collect(ctx, store.Pattern{Object: o.Subject})
		if err != nil {
			return err
		}
		for _, q := range mentions {
			n, _ := q.Subject.(quad.IRI)
			if _, ok := v.ns.FactID(string(n)); !ok {
				continue
			}
			f, ok, err := v.fact(ctx, n)
			if err != nil {
				return err
			}
			if ok && !do(&f, n) {
				return nil
			}
		}
	}
	return nil
}

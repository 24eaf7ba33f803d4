package graph

import (
	"context"
	"iter"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// Gazetteer identifies entities: their names, kinds, codes and coordinates. It
// must be safe for concurrent use; [gazetteer.Gazetteer] is one.
type Gazetteer interface {
	ByID(id string) *gazetteer.Entry // nil where it does not know the entity
}

// identityQuads says who an entry is, under the gazetteer's own label. It
// never says who claims or holds it. Other entries are linked to whether or
// not the graph has anything of them.
func identityQuads(ns schema.Namespace, e *gazetteer.Entry) []quad.Quad {
	m := mapper{ns: ns, label: quad.IRI(ns.Gazetteer())}
	s := quad.IRI(ns.Entity(e.ID))
	m.add(s, rdfType, quad.IRI(schema.Term(e.Class)))
	m.names(s, schema.Entity{}, e.Entity())
	m.addText(s, dmKind, e.Kind)
	m.addText(s, dmISO2, e.ISO2)
	m.addText(s, dmISO3, e.ISO3)
	m.addText(s, dmCOW, e.COW)
	if e.Wikidata != "" {
		m.add(s, skosExactMatch, quad.IRI(schema.Wikidata+e.Wikidata))
	}
	if e.Located {
		m.add(s, geoLat, quad.Float(e.Lat))
		m.add(s, geoLong, quad.Float(e.Lon))
	}
	for _, id := range e.MemberOf {
		m.add(s, dmMemberOf, quad.IRI(ns.Entity(id)))
	}
	for _, id := range e.Successors {
		m.add(s, dmSuccessor, quad.IRI(ns.Entity(id)))
	}
	m.addDate(s, dmExisted, e.From)
	m.addDate(s, dmExistedTo, e.Until)
	for _, n := range e.Names {
		if n.By == "" {
			continue
		}
		// One node for each use of a name, because SKOS labels carry nothing.
		label := quad.IRI(ns.Name(e.ID, n.Text, n.By))
		m.add(s, xlAltLabel, label)
		m.add(label, rdfType, xlLabel)
		m.add(label, xlLiteralForm, quad.String(n.Text))
		m.add(label, dmUsedBy, quad.IRI(ns.Entity(n.By)))
		m.addText(label, dmNameKind, string(n.Kind))
	}
	return m.quads
}

// identity returns the quads that the graph has under the gazetteer's label
// about an entity, its name nodes included.
func (v *view) identity(ctx context.Context, id string) ([]quad.Quad, error) {
	quads, err := v.collect(ctx, store.Pattern{Subject: quad.IRI(v.ns.Entity(id)), Label: v.gazetteer})
	if err != nil {
		return nil, err
	}
	for _, q := range slices.Clone(quads) {
		if q.Predicate != xlAltLabel {
			continue
		}
		more, err := v.collect(ctx, store.Pattern{Subject: q.Object, Label: v.gazetteer})
		if err != nil {
			return nil, err
		}
		quads = append(quads, more...)
	}
	return quads, nil
}

// identityChange is what has to leave and enter the gazetteer's part of the
// graph when a document speaks of other entities than before: an entity is
// identified as long as some document mentions it.
type identityChange struct {
	del, add   []quad.Quad
	come, gone []string // entity IDs
}

// identityChange compares what the gazetteer says of the entities that documents
// are going to speak of with what the graph has. Entities in identified have been
// compared before.
func (v *view) identityChange(ctx context.Context, gz Gazetteer, exchanges []exchange, identified map[string]bool) (c identityChange, err error) {
	var before []quad.Quad
	var now []string
	labels := map[quad.Value]bool{v.gazetteer: true, v.decisions: true}
	for _, e := range exchanges {
		before, now = append(before, e.before...), append(now, e.entities...)
		labels[e.label] = true
	}
	slices.Sort(now)
	now = slices.Compact(now)
	for _, id := range now {
		entry := gz.ByID(id)
		if entry == nil || identified[id] {
			continue
		}
		have, err := v.identity(ctx, id)
		if err != nil {
			return c, err
		}
		want := identityQuads(v.ns, entry)
		c.del = append(c.del, without(have, want)...)
		c.add = append(c.add, without(want, have)...)
		c.come = append(c.come, id)
	}
	for _, id := range mentioned(v.ns, slices.Values(before)) {
		if _, still := slices.BinarySearch(now, id); still {
			continue
		}
		elsewhere := false
		err := v.each(ctx, store.Pattern{Object: quad.IRI(v.ns.Entity(id))}, func(q quad.Quad) bool {
			elsewhere = !labels[q.Label]
			return !elsewhere
		})
		if err != nil {
			return c, err
		}
		if elsewhere {
			continue
		}
		have, err := v.identity(ctx, id)
		if err != nil {
			return c, err
		}
		c.del = append(c.del, have...)
		c.gone = append(c.gone, id)
	}
	return c, nil
}

// without returns the quads that are not among others.
func without(quads, others []quad.Quad) []quad.Quad {
	known := make(map[quad.Quad]bool, len(others))
	for _, q := range others {
		known[q] = true
	}
	return slices.DeleteFunc(slices.Clone(quads), func(q quad.Quad) bool { return known[q] })
}

// mentioned returns the IDs of the entities that facts among quads speak of,
// sorted.
func mentioned(ns schema.Namespace, quads iter.Seq[quad.Quad]) (ids []string) {
	for q := range quads {
		s, _ := q.Subject.(quad.IRI)
		o, _ := q.Object.(quad.IRI)
		if _, ok := ns.FactID(string(s)); !ok || q.Predicate == provDerived {
			continue
		}
		if id, ok := ns.EntityID(string(o)); ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

package graph

import (
	"maps"

	"github.com/cayleygraph/quad"
)

// standing is what deciding on identity would have to count in all documents,
// kept from one change of a graph to the next, so that the cost of a change grows
// with the change and not with the graph. What it has is true of the latest state;
// what it has not is read when it is needed. It is under Graph.write.
type standing struct {
	identified map[string]bool   // entities whose identity is known to be in the graph
	tallies    map[string]*tally // by entity
	together   map[pair]bool     // whether some document speaks of both
}

// How much of it is kept; beyond that it is made anew.
const (
	mostTallies = 1 << 16
	mostPairs   = 1 << 18
)

func newStanding() standing {
	return standing{map[string]bool{}, map[string]*tally{}, map[pair]bool{}}
}

// tally counts the quads that give an entity its classes and names.
type tally struct{ classes, names, aliases map[string]int }

// of returns the counts of a property, nil where it is none that counts.
func (t *tally) of(property quad.Value) map[string]int {
	switch property {
	case rdfType:
		return t.classes
	case skosPrefLabel:
		return t.names
	case skosAltLabel:
		return t.aliases
	}
	return nil
}

// change adds n to the count of what a quad says.
func (t *tally) change(q quad.Quad, gazetteer quad.Value, n int) {
	votes := t.of(q.Predicate)
	if votes == nil {
		return
	}
	if q.Label == gazetteer {
		n *= official
	}
	text := lexical(q.Object)
	if votes[text] += n; votes[text] == 0 {
		delete(votes, text)
	}
}

func (t *tally) clone() *tally {
	return &tally{maps.Clone(t.classes), maps.Clone(t.names), maps.Clone(t.aliases)}
}

// delta is what a change of a graph takes out and puts in.
type delta struct {
	gone, come []quad.Quad
	entities   map[string][]signed // what of it counts for the tally of an entity
}

type signed struct {
	quad.Quad
	n int // 1 for what comes, -1 for what goes
}

// deltaOf returns the delta of a change that has what goes and what comes; what
// does both does neither.
func (v *view) deltaOf(gone, come []quad.Quad) *delta {
	d := &delta{gone: without(gone, come), come: without(come, gone), entities: map[string][]signed{}}
	for n, quads := range map[int][]quad.Quad{-1: d.gone, 1: d.come} {
		for _, q := range quads {
			if q.Predicate != rdfType && q.Predicate != skosPrefLabel && q.Predicate != skosAltLabel {
				continue
			}
			if id, ok := v.ns.EntityID(lexical(q.Subject)); ok {
				d.entities[id] = append(d.entities[id], signed{q, n})
			}
		}
	}
	return d
}

// spokenOf returns the entities that are the object of some of the quads.
func (v *view) spokenOf(quads []quad.Quad) map[string]bool {
	ids := map[string]bool{}
	for _, q := range quads {
		if id, ok := v.ns.EntityID(lexical(q.Object)); ok && q.Label != v.gazetteer && q.Label != v.decisions {
			ids[id] = true
		}
	}
	return ids
}

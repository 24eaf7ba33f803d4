package graph

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// standing is what deciding on identity asks of the graph again and again, kept
// from one change to the next, so that the cost of a change grows with the change
// and not with the graph. What it has is true of the latest state; what it has not
// is read when it is needed. It is under Graph.write.
type standing struct {
	identified map[string]bool              // entities whose identity is known to be in the graph
	tallies    map[string]*tally            // by entity
	entities   *kept[string, schema.Entity] // as they are read without regard to decisions
	together   map[pair]bool                // whether some document speaks of both
	profiles   map[string]*profile          // by entity
	relations  int                          // in profiles
	holders    map[attribute][]string       // the entities that have a name or a code; nil for more than few
	few        int
	numbers    map[string]uint64 // of entities that relations are to
	numbered   []string          // entities by their numbers
}

// How much of it is kept; beyond that it is made anew.
const (
	mostTallies   = 1 << 16
	mostPairs     = 1 << 18
	mostProfiles  = 1 << 16
	mostRelations = 1 << 22 // of some 20 bytes
	mostHeld      = 1 << 17 // names and codes
	fewHolders    = 512     // of one
)

func newStanding() standing {
	return standing{
		identified: map[string]bool{}, tallies: map[string]*tally{}, entities: &kept[string, schema.Entity]{most: mostEntities},
		together: map[pair]bool{}, profiles: map[string]*profile{}, holders: map[attribute][]string{}, few: fewHolders, numbers: map[string]uint64{},
	}
}

// trim makes room for more.
func (s *standing) trim() {
	if len(s.profiles) >= mostProfiles || s.relations >= mostRelations {
		clear(s.profiles)
		clear(s.numbers)
		s.relations, s.numbered = 0, nil
	}
	if len(s.holders) >= mostHeld {
		clear(s.holders)
	}
}

// profile is what rules go by of an entity besides its tally: triples, however many
// documents say them.
type profile struct {
	folded, proper map[quad.Value]bool       // its names: see [mapper.folded]
	known          map[string]bool           // its names by [schema.AlsoKnownAs]
	called         bool                      // somebody may be told to use one of its names
	codes          map[quad.IRI][]quad.Value // by their lists
	related        map[numbered]bool         // what is stated of it
	linked         map[string]bool           // entities that it has other properties to
	uses           map[use]bool              // nil until they are first asked for: see [decider.usesOf]
	verdicts       map[string]verdict        // about it, by their IDs; nil until they are first asked for
}

// attribute is a name or a code that an entity can have.
type attribute struct {
	property quad.IRI
	value    quad.Value
}

// numbered is a relation in little room: the number of the entity on the other side,
// that of the predicate, and whether it is inverse.
type numbered uint64

const predicateBits = 8

var (
	predicates       = schema.Predicates()
	predicateNumbers = func() map[schema.Predicate]uint64 {
		numbers := map[schema.Predicate]uint64{}
		for i, info := range predicates {
			numbers[info.Predicate] = uint64(i)
		}
		return numbers
	}()
)

func numberOf(entity, predicate uint64, inverse bool) numbered {
	n := (entity<<predicateBits | predicate) << 1
	if inverse {
		n |= 1
	}
	return numbered(n)
}

// number returns a relation's number, which holds until the next trim.
func (s *standing) number(r relation) numbered {
	n, ok := s.numbers[r.other]
	if !ok {
		n = uint64(len(s.numbered))
		s.numbers[r.other], s.numbered = n, append(s.numbered, r.other)
	}
	return numberOf(n, predicateNumbers[r.predicate], r.inverse)
}

// relation returns the relation that has a number.
func (s *standing) relation(n numbered) relation {
	return relation{predicates[n>>1&(1<<predicateBits-1)].Predicate, s.numbered[n>>1>>predicateBits], n&1 != 0}
}

// relates reports whether an entity has a relation or another property to another.
func (s *standing) relates(p *profile, other string) bool {
	if p.linked[other] {
		return true
	}
	n, ok := s.numbers[other]
	if !ok {
		return false
	}
	for i := range uint64(len(predicates)) {
		if p.related[numberOf(n, i, false)] || p.related[numberOf(n, i, true)] {
			return true
		}
	}
	return false
}

// state adds a triple of which an entity is the subject to its profile.
func (s *standing) state(v *view, p *profile, triple quad.Quad) {
	switch property, _ := triple.Predicate.(quad.IRI); property {
	case dmFoldedName:
		p.folded[triple.Object] = true
	case dmProperName:
		p.proper[triple.Object] = true
	case quad.IRI(schema.Term(schema.AlsoKnownAs)):
		p.known[lexical(triple.Object)], p.called = true, true
	case xlAltLabel:
		p.called = true
	default:
		if slices.Contains(codes, property) && !slices.Contains(p.codes[property], triple.Object) {
			p.codes[property] = append(p.codes[property], triple.Object)
		}
	}
	if r, ok := v.relationOf(triple, false); ok {
		s.relate(p, r)
	} else if id, ok := v.ns.EntityID(lexical(triple.Object)); ok {
		p.linked[id] = true
	}
}

func (s *standing) relate(p *profile, r relation) {
	if n := s.number(r); !p.related[n] {
		p.related[n] = true
		s.relations++
	}
}

// hold notes that an entity has a name or a code.
func (s *standing) hold(a attribute, id string) {
	holders, ok := s.holders[a]
	switch {
	case !ok || holders == nil || slices.Contains(holders, id):
	case len(holders) == s.few:
		s.holders[a] = nil
	default:
		s.holders[a] = append(holders, id)
	}
}

// attributeOf returns the name or code that a quad gives its subject.
func attributeOf(q quad.Quad) (a attribute, ok bool) {
	property, _ := q.Predicate.(quad.IRI)
	ok = property == dmFoldedName || property == dmProperName || slices.Contains(codes, property)
	return attribute{property, q.Object}, ok
}

// enter makes what is standing true of the graph as it is going to be. Where
// documents only come, what is kept is added to; else what may be otherwise is
// forgotten.
func (s *standing) enter(d *decider) {
	if !d.adds {
		for _, q := range slices.Concat(d.delta.gone, d.delta.come) {
			for _, t := range []quad.Value{q.Subject, q.Object} {
				if id, ok := d.ns.EntityID(lexical(t)); ok {
					s.forget(id)
				}
			}
			if a, ok := attributeOf(q); ok {
				delete(s.holders, a)
			}
		}
		return
	}
	for _, q := range d.delta.come {
		if id, ok := d.ns.EntityID(lexical(q.Subject)); ok {
			s.comes(d, id, q)
		}
		if id, ok := d.ns.EntityID(lexical(q.Object)); ok && s.profiles[id] != nil {
			if r, ok := d.relationOf(q, true); ok {
				s.relate(s.profiles[id], r)
			}
		}
	}
}

// comes adds a quad that comes, of which an entity is the subject.
func (s *standing) comes(d *decider, id string, q quad.Quad) {
	if a, ok := attributeOf(q); ok {
		s.hold(a, id)
	}
	p := s.profiles[id]
	if p != nil {
		s.state(d.view, p, q)
	}
	switch q.Predicate {
	case quad.IRI(schema.Term(schema.AlsoKnownAs)):
		if p != nil && p.uses != nil {
			d.newUses(p.uses, q)
		}
	case xlAltLabel:
		if p != nil {
			p.uses = nil
		}
	case rdfType, skosPrefLabel, skosAltLabel:
	default:
		return
	}
	s.entities.drop(id) // it may go by another name, or as something else
}

// forget forgets what it has of an entity alone.
func (s *standing) forget(id string) {
	if p := s.profiles[id]; p != nil {
		s.relations -= len(p.related)
		delete(s.profiles, id)
	}
	s.entities.drop(id)
}

// redecide notes that some decisions have taken the place of others.
func (s *standing) redecide(old, now map[string]verdict) {
	each := func(verdicts map[string]verdict, do func(about map[string]verdict, id string, d verdict)) {
		for id, d := range verdicts {
			for _, entity := range []string{d.a, d.b} {
				if p := s.profiles[entity]; p != nil && p.verdicts != nil {
					do(p.verdicts, id, d)
				}
			}
		}
	}
	each(old, func(about map[string]verdict, id string, _ verdict) { delete(about, id) })
	each(now, func(about map[string]verdict, id string, d verdict) { about[id] = d })
}

// forgetVerdicts is for decisions that it has not been told of.
func (s *standing) forgetVerdicts() {
	for _, p := range s.profiles {
		p.verdicts = nil
	}
}

// fewMentions is in how many quads an entity is spoken of where all of them are
// sooner read than those of each predicate.
const fewMentions = 200

// profile returns the profile of an entity: in the graph as it is, and once that
// has been entered as it is going to be. Nobody but standing may change it.
func (d *decider) profile(ctx context.Context, id string) (*profile, error) {
	s := d.standing
	if p := s.profiles[id]; p != nil {
		return p, nil
	}
	v := d.base
	if d.entered {
		v = d.view
	}
	p := &profile{
		folded: map[quad.Value]bool{}, proper: map[quad.Value]bool{}, known: map[string]bool{}, codes: map[quad.IRI][]quad.Value{},
		related: map[numbered]bool{}, linked: map[string]bool{},
	}
	node := quad.IRI(v.ns.Entity(id))
	var decided []quad.Quad // perhaps by decisions only, which are no properties of it
	err := v.eachTriple(ctx, store.Pattern{Subject: node}, func(q quad.Quad) bool {
		if q.Predicate == owlSameAs || q.Predicate == owlDifferent {
			decided = append(decided, q)
		} else {
			s.state(v, p, q)
		}
		return true
	})
	for _, triple := range decided {
		err = errors.Join(err, v.each(ctx, store.Pattern{Subject: triple.Subject, Predicate: triple.Predicate, Object: triple.Object}, func(q quad.Quad) bool {
			if q.Label != v.decisions {
				s.state(v, p, q)
			}
			return q.Label == v.decisions
		}))
	}
	mentions := []store.Pattern{{Object: node}}
	n, counting := v.Count(ctx, mentions[0])
	if n > fewMentions {
		mentions = mentions[:0]
		for _, info := range predicates { // past all the statements about it
			mentions = append(mentions, store.Pattern{Predicate: quad.IRI(schema.Term(info.Predicate)), Object: node})
		}
	}
	err = errors.Join(err, counting)
	for _, mention := range mentions {
		err = errors.Join(err, v.eachTriple(ctx, mention, func(q quad.Quad) bool {
			if r, ok := v.relationOf(q, true); ok {
				s.relate(p, r)
			}
			return true
		}))
	}
	if err != nil {
		return nil, err
	}
	s.profiles[id] = p
	return p, nil
}

// profiles returns the profiles of both of a pair.
func (d *decider) profiles(ctx context.Context, p pair) (a, b *profile, err error) {
	if a, err = d.profile(ctx, p.a); err == nil {
		b, err = d.profile(ctx, p.b)
	}
	return a, b, err
}

// called reports whether somebody may be told to use one of an entity's names.
func (d *decider) called(ctx context.Context, id string) (bool, error) {
	p, err := d.profile(ctx, id)
	return err == nil && p.called, err
}

// verdictsOn returns the decisions about an entity that the graph has, by their IDs.
func (d *decider) verdictsOn(ctx context.Context, id string) (map[string]verdict, error) {
	p, err := d.profile(ctx, id)
	if err == nil && p.verdicts == nil {
		p.verdicts, err = d.verdicts(ctx, id)
	}
	if err != nil {
		return nil, err
	}
	return p.verdicts, nil
}

// holders returns the entities that have a name or a code; few is false where they
// are too many to be kept.
func (d *decider) holders(ctx context.Context, a attribute) (ids []string, few bool, err error) {
	s := d.standing
	ids, ok := s.holders[a]
	if ok {
		return ids, ids != nil, nil
	}
	v := d.base
	if d.entered {
		v = d.view
	}
	ids = []string{}
	err = v.eachTriple(ctx, store.Pattern{Predicate: a.property, Object: a.value}, func(q quad.Quad) bool {
		if id, ok := v.ns.EntityID(lexical(q.Subject)); ok {
			ids = append(ids, id)
		}
		return len(ids) <= s.few
	})
	if err != nil {
		return nil, false, err
	}
	if len(ids) > s.few {
		ids = nil
	}
	s.holders[a] = ids
	return ids, ids != nil, nil
}

// having adds the entities that have a name or a code.
func (d *decider) having(ctx context.Context, a attribute, to map[string]bool) error {
	ids, few, err := d.holders(ctx, a)
	if err == nil && !few {
		return d.eachTriple(ctx, store.Pattern{Predicate: a.property, Object: a.value}, d.subjects(to))
	}
	for _, id := range ids {
		to[id] = true
	}
	return err
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

package query

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/demarcgraph/demarc/schema"
)

// Side says whose words count: the ID of a state or another agent, Asserted, or
// All.
//
// As one side puts it, a fact holds that a document states itself or that the
// side says, in its own name or through a person who holds an office of it; what
// others say, and what is alleged by nobody in particular, is left out. Things
// go by the names that the side uses. As the documents assert it, only what they
// state themselves holds, and things go by their neutral names.
type Side string

// The sides that are nobody's.
const (
	All      Side = ""         // whoever says it, each with who does
	Asserted Side = "asserted" // what documents state themselves
)

// Namer is a [Reader] that knows who uses which name.
type Namer interface {
	// NameBy returns the name that user calls an entity by, "" where none is
	// known. Both are IDs.
	NameBy(ctx context.Context, entity, user string) (string, error)
}

// Facts yields the facts of some predicates, or all, that the scope selects, in
// the reader's order. Where they are one side's, they go by its names if the
// reader is a [Namer].
func (s Scope) Facts(ctx context.Context, r Reader, predicates ...schema.Predicate) iter.Seq2[schema.Fact, error] {
	return s.Side.Of(r).Facts(ctx, s.filter(predicates))
}

// Sided reads facts as one side puts them. It is not safe for concurrent use.
type Sided struct {
	reader Reader
	side   Side
	voices map[schema.Date]map[string]bool // by when it was known
	names  map[string]string
}

// Of returns a reader of what r has as the side puts it; that of [All] reads
// what r does.
func (side Side) Of(r Reader) *Sided {
	return &Sided{reader: r, side: side, voices: map[schema.Date]map[string]bool{}, names: map[string]string{}}
}

// Facts yields the facts that filter selects, in the reader's order. Where they
// are one side's, they go by its names if the reader is a [Namer].
func (s *Sided) Facts(ctx context.Context, filter schema.Filter) iter.Seq2[schema.Fact, error] {
	all := s.reader.Facts(ctx, filter)
	if s.side == All {
		return all
	}
	return func(yield func(schema.Fact, error) bool) {
		voices, ok := s.voices[filter.KnownAt]
		if !ok {
			var err error
			if voices, err = s.side.speakers(ctx, s.reader, filter.KnownAt); err != nil {
				yield(schema.Fact{}, err)
				return
			}
			s.voices[filter.KnownAt] = voices
		}
		for f, err := range all {
			if err != nil {
				yield(f, err)
				return
			}
			if !s.side.admits(&f, voices) {
				continue
			}
			if err := s.side.rename(ctx, s.reader, &f, s.names); err != nil {
				yield(f, err)
				return
			}
			if !yield(f, nil) {
				return
			}
		}
	}
}

// admits reports whether a fact holds as the side puts it.
func (side Side) admits(f *schema.Fact, voices map[string]bool) bool {
	if f.AttributedTo.IsZero() {
		return f.Modality != schema.Alleged
	}
	return voices[f.AttributedTo.Key()]
}

// speakers returns who speaks for the side, by ID.
func (side Side) speakers(ctx context.Context, r Reader, knownAt schema.Date) (map[string]bool, error) {
	voices := map[string]bool{}
	if side == Asserted {
		return voices, nil
	}
	id := string(side)
	voices[id] = true
	offices := schema.Filter{About: id, KnownAt: knownAt, Predicates: []schema.Predicate{schema.HoldsOffice}}
	for f, err := range r.Facts(ctx, offices) {
		if err != nil {
			return nil, err
		}
		of := slices.ContainsFunc(f.Qualifiers, func(q schema.Qualifier) bool { return q.Role == schema.RoleOf && q.Value.ID == id })
		if of && !f.Negated {
			voices[f.Subject.Key()] = true
		}
	}
	return voices, ctx.Err()
}

// rename calls the entities of a fact as the side does. It remembers names, and
// leaves what it is given of slices alone.
func (side Side) rename(ctx context.Context, r Reader, f *schema.Fact, names map[string]string) error {
	namer, ok := r.(Namer)
	if !ok || side == Asserted {
		return nil
	}
	f.Qualifiers = slices.Clone(f.Qualifiers)
	entities := []*schema.Entity{&f.Subject, &f.Object, &f.AttributedTo}
	for i := range f.Qualifiers {
		entities = append(entities, &f.Qualifiers[i].Value)
	}
	for _, e := range entities {
		if !e.Class.Is(schema.Place) {
			continue // who else is called otherwise is not in dispute
		}
		name, known := names[e.ID]
		if !known {
			var err error
			if name, err = namer.NameBy(ctx, e.ID, string(side)); err != nil {
				return err
			}
			names[e.ID] = name
		}
		*e = e.Called(name)
	}
	return nil
}

// sparql is the part of a query that keeps what the side admits of ?fact.
func (side Side) sparql(ns schema.Namespace) string {
	switch side {
	case All:
		return ""
	case Asserted:
		return "  FILTER NOT EXISTS { ?fact prov:wasAttributedTo ?says } FILTER NOT EXISTS { ?fact dm:modality dm:alleged }\n"
	}
	return fmt.Sprintf("  OPTIONAL { ?fact prov:wasAttributedTo ?says }\n"+
		"  FILTER(BOUND(?says) || NOT EXISTS { ?fact dm:modality dm:alleged })\n"+
		"  FILTER(!BOUND(?says) || ?says = <%[1]s> || EXISTS {\n"+
		"    ?office rdf:subject ?says ; rdf:predicate dm:holdsOffice ; dm:of <%[1]s> ; dm:polarity dm:affirmed })\n", ns.Entity(string(side)))
}

package schema

import "slices"

// Filter selects facts. Every field that is set must match; the zero value
// selects all facts.
type Filter struct {
	Subject    string // entity ID; for a symmetric predicate either side matches
	Object     string // entity ID, or a literal's key
	About      string // entity ID that is subject, object, attribution or a qualifier's value
	Predicates []Predicate
	Docs       []string // document IDs: the fact has evidence in one of them
	AsOf       Date     // may have held then; see [Time.Holds]
	KnownAt    Date     // as the documents published by then tell it; see [Filter.Matches]
	Plain      bool     // only what documents assert themselves; see [Fact.Plain]

	MinConfidence float64
}

// IsZero reports whether the filter selects all facts.
func (q *Filter) IsZero() bool {
	return q.Subject == "" && q.Object == "" && q.About == "" && len(q.Predicates) == 0 && len(q.Docs) == 0 &&
		q.AsOf.IsZero() && q.KnownAt.IsZero() && !q.Plain && q.MinConfidence == 0
}

// Matches reports whether the filter selects f. What was known at a date is not
// in a fact but in its documents: whoever reads facts leaves out the others
// before it asks, as [Date.Published] says, and a fact that none is left of.
func (q *Filter) Matches(f *Fact) bool {
	is := func(id string, e Entity) bool { return id == "" || e.Key() == id }
	sides := is(q.Subject, f.Subject) && is(q.Object, f.Object) ||
		f.Predicate.Symmetric() && is(q.Subject, f.Object) && is(q.Object, f.Subject)
	switch {
	case !sides,
		len(q.Predicates) > 0 && !slices.Contains(q.Predicates, f.Predicate),
		q.About != "" && !f.Mentions(q.About),
		q.Plain && !f.Plain(),
		f.Confidence < q.MinConfidence,
		!f.Time.Holds(q.AsOf):
		return false
	}
	return len(q.Docs) == 0 || slices.ContainsFunc(f.Evidence, func(ev Evidence) bool { return slices.Contains(q.Docs, ev.Doc) })
}

// Mentions reports whether one of the fact's sides, who says so, or one of its
// qualifiers has the given ID, or key where it has no ID.
func (f *Fact) Mentions(id string) bool {
	return f.Subject.Key() == id || f.Object.Key() == id || f.AttributedTo.Key() == id ||
		slices.ContainsFunc(f.Qualifiers, func(q Qualifier) bool { return q.Value.Key() == id })
}

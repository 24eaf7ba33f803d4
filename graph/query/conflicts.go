package query

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/demarcgraph/demarc/schema"
)

// ConflictKind says why two facts cannot both hold.
type ConflictKind string

// The kinds of conflicts.
const (
	TwoHolders ConflictKind = "two administrators" // of one territory at one time
	TwoDates   ConflictKind = "two dates"          // of one act
	YesAndNo   ConflictKind = "said and denied"    // the same fact
	Membership ConflictKind = "membership"         // a group and its member, each part of the other
)

// Conflict is a pair of facts that cannot both hold.
type Conflict struct {
	Kind ConflictKind `json:"kind"`
	A    schema.Fact  `json:"a"`
	B    schema.Fact  `json:"b"`
}

// acts are the predicates of what happens once between the same two, so that
// two dates contradict each other.
func acts() []schema.Predicate {
	return []schema.Predicate{schema.PartyTo, schema.Seized, schema.TransferredTo, schema.Recognizes, schema.RuledOn, schema.Delimited}
}

// Conflicts returns the pairs of facts that cannot both hold, among those that
// documents state themselves. Not in conflict are a coarser and a finer date
// of one act, an end and a beginning in the same year, what is untimed with
// what has ended, and what somebody says with what somebody else says; nor is
// what one publisher says now with what it said before, or what a document says
// with what began after its date.
func Conflicts(ctx context.Context, r Reader, scope Scope) ([]Conflict, error) {
	// What can be compared is found by what the facts have in common.
	type key struct {
		predicate             schema.Predicate
		subject, object, more string
	}
	holders, same, parts := map[string][]schema.Fact{}, map[key][]schema.Fact{}, map[key]schema.Fact{}
	for f, err := range scope.Facts(ctx, r) {
		if err != nil {
			return nil, err
		}
		if !f.AttributedTo.IsZero() || f.Modality != schema.Asserted && f.Modality != "" {
			continue
		}
		s, o := f.Subject.Key(), f.Object.Key()
		if f.Predicate.Symmetric() && o < s {
			s, o = o, s
		}
		// An act, an office of a state and a giver tell facts apart; an unnamed one
		// tells nothing.
		more := f.Qualifier(schema.RoleAct).Key() + "\x00" + f.Qualifier(schema.RoleOf).Key() + "\x00" +
			f.Qualifier(schema.RoleFrom).Key() + "\x00" + f.Qualifier(schema.RoleOver).Key() + "\x00" + f.Qualifier(schema.RoleAbout).Key()
		k := key{f.Predicate, s, o, more}
		same[k] = append(same[k], f)
		if f.Negated {
			continue
		}
		switch f.Predicate {
		case schema.Administers:
			holders[o] = append(holders[o], f)
		case schema.PartOf:
			if _, ok := parts[key{subject: s, object: o}]; !ok {
				parts[key{subject: s, object: o}] = f
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	list := []Conflict{}
	pairs := func(facts []schema.Fact, kind ConflictKind, clash func(a, b *schema.Fact) bool) {
		for i := range facts {
			for j := range facts[i+1:] {
				if a, b := &facts[i], &facts[i+1+j]; clash(a, b) {
					list = append(list, Conflict{kind, *a, *b})
				}
			}
		}
	}
	told := teller{ctx: ctx, lib: NewLibrary(r)}
	for _, o := range slices.Sorted(maps.Keys(holders)) {
		pairs(holders[o], TwoHolders, func(a, b *schema.Fact) bool {
			return !a.Subject.Same(b.Subject) && outlasts(a.Time, b.Time) && outlasts(b.Time, a.Time) && !told.inTurn(a, b)
		})
	}
	if told.err != nil {
		return nil, told.err
	}
	keys := slices.SortedFunc(maps.Keys(same), func(a, b key) int {
		return slices.Compare([]string{string(a.predicate), a.subject, a.object, a.more}, []string{string(b.predicate), b.subject, b.object, b.more})
	})
	for _, k := range keys {
		pairs(same[k], YesAndNo, func(a, b *schema.Fact) bool { return a.Negated != b.Negated && together(a.Time, b.Time) })
		if slices.Contains(acts(), k.predicate) {
			pairs(same[k], TwoDates, func(a, b *schema.Fact) bool {
				return !a.Negated && !b.Negated && apart(a.Time.Date, b.Time.Date)
			})
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(parts), func(a, b key) int {
		return slices.Compare([]string{a.subject, a.object}, []string{b.subject, b.object})
	}) {
		back, ok := parts[key{subject: k.object, object: k.subject}]
		if ok && k.subject < k.object {
			list = append(list, Conflict{Membership, parts[k], back})
		}
	}
	return list, nil
}

// apart reports whether two dates cannot be of one day, each as exact as it is.
// An approximate date leaves a year on either side.
func apart(a, b schema.Date) bool {
	if a.IsZero() || b.IsZero() {
		return false
	}
	slack := 0
	if a.Approximate || b.Approximate {
		slack = 1
	}
	if a.Last().Year+slack < b.First().Year || b.Last().Year+slack < a.First().Year {
		return true
	}
	return slack == 0 && (a.Last().Compare(b.First()) < 0 || b.Last().Compare(a.First()) < 0)
}

// outlasts reports whether what held at a surely went on after what holds at b
// had begun: it has not ended, or ended after the other's known beginning.
func outlasts(a, b schema.Time) bool {
	if a.Until.IsZero() {
		return true
	}
	return !b.Since.IsZero() && a.Until.First().Compare(b.Since.Last()) > 0
}

// teller knows who says facts, and when.
type teller struct {
	ctx context.Context
	lib *Library
	err error // the first
}

// sources returns the dates of the first and the last document of a fact, zero
// where one has none, and their publisher, "" for several.
func (t *teller) sources(f *schema.Fact) (first, last schema.Date, publisher string) {
	for i, ev := range f.Evidence {
		if t.err != nil {
			return schema.Date{}, schema.Date{}, ""
		}
		doc, err := t.lib.Document(t.ctx, ev.Doc)
		if err != nil || doc.Date.IsZero() {
			t.err = err
			return schema.Date{}, schema.Date{}, ""
		}
		by := series(doc.Publisher)
		if i == 0 {
			first, last, publisher = doc.Date, doc.Date, by
			continue
		}
		if doc.Date.Compare(first) < 0 {
			first = doc.Date
		}
		if doc.Date.Compare(last) > 0 {
			last = doc.Date
		}
		if by != publisher {
			publisher = ""
		}
	}
	return first, last, publisher
}

// series is a publisher without the numbers that tell its editions apart.
func series(publisher string) string {
	return schema.Fold(strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, publisher))
}

// inTurn reports whether two facts were told of one time after another: by one
// publisher, or the later with a beginning after the last that is told of the
// earlier.
func (t *teller) inTurn(a, b *schema.Fact) bool {
	firstA, lastA, byA := t.sources(a)
	firstB, lastB, byB := t.sources(b)
	after := func(last, first, since schema.Date, same bool) bool {
		if last.IsZero() {
			return false
		}
		return same && !first.IsZero() && last.Last().Compare(first.First()) < 0 ||
			!since.IsZero() && last.Last().Compare(since.First()) < 0
	}
	same := byA != "" && byA == byB
	return after(lastA, firstB, b.Time.Since, same) || after(lastB, firstA, a.Time.Since, same)
}

// together reports whether two facts may be of the same time.
func together(a, b schema.Time) bool {
	if apart(a.Date, b.Date) {
		return false
	}
	before := func(a, b schema.Time) bool {
		return !a.Until.IsZero() && !b.Since.IsZero() && a.Until.First().Compare(b.Since.Last()) <= 0
	}
	return !before(a, b) && !before(b, a)
}

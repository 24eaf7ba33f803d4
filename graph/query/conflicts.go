package query

import (
	"cmp"
	"context"
	"iter"
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
	TwoHolders     ConflictKind = "two administrators"                            // of one territory at one time
	GroupAndMember ConflictKind = "two administrators, of a group and its member" // at one time
	TwoDates       ConflictKind = "two dates"                                     // of one act
	SignedAndNot   ConflictKind = "signed and not signed"                         // or ratified, or party to it at all
	YesAndNo       ConflictKind = "said and denied"                               // the same fact
	Membership     ConflictKind = "membership"                                    // in a group: said and denied, or in a circle
)

// ConflictKinds returns every kind.
func ConflictKinds() []ConflictKind {
	return []ConflictKind{TwoHolders, GroupAndMember, TwoDates, SignedAndNot, YesAndNo, Membership}
}

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

// Contests is a [Reader] that can leave out facts that no other is like, before it
// reads them.
type Contests interface {
	// Contested yields, of the facts that filter selects, all of the predicates in
	// whole; of those in repeated, the facts of which another has the same sides;
	// and of the others those of which another with the same sides is denied where
	// they are not, or the other way round. It yields them in the order of Facts.
	Contested(ctx context.Context, filter schema.Filter, whole, repeated []schema.Predicate) iter.Seq2[schema.Fact, error]
}

// Conflicts returns the pairs of facts that cannot both hold, among those that
// documents state themselves. Not in conflict are a coarser and a finer date
// of one act, an end and a beginning in the same year, what is untimed with
// what has ended, and what somebody says with what somebody else says; nor is
// what one publisher says now with what it said before, or what a document says
// with what began after its date. Of an entity, conflicts are those that a fact
// of it is in.
func Conflicts(ctx context.Context, r Reader, scope Scope) ([]Conflict, error) {
	list := []Conflict{}
	for c, err := range EachConflict(ctx, r, scope) {
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, ctx.Err()
}

// EachConflict yields what [Conflicts] returns, as it finds it: two of a kind may be
// millions.
func EachConflict(ctx context.Context, r Reader, scope Scope) iter.Seq2[Conflict, error] {
	return func(yield func(Conflict, error) bool) {
		c := conflicts{
			told:    teller{ctx: ctx, lib: NewLibrary(r)},
			holders: map[string][]schema.Fact{}, same: map[relation][]schema.Fact{}, parties: map[relation][]schema.Fact{}, parts: parts{},
		}
		err := c.read(ctx, r, scope)
		if err == nil {
			more := true
			c.found = func(k Conflict) bool {
				about := func(f *schema.Fact) bool {
					return slices.ContainsFunc(f.Entities(), func(e schema.Entity) bool { return e.ID == scope.About })
				}
				if c.told.err == nil && (scope.About == "" || about(&k.A) || about(&k.B)) {
					more = yield(k, nil)
				}
				return more && c.told.err == nil && ctx.Err() == nil
			}
			if !c.holding() || !c.saying() || !c.membership() {
				if !more {
					return
				}
			}
			err = cmp.Or(c.told.err, ctx.Err())
		}
		if err != nil {
			yield(Conflict{}, err)
		}
	}
}

// relation is what facts must have in common to be compared.
type relation struct {
	triple
	more string // an act, an office of a state, a giver, a matter
}

func (a relation) compare(b relation) int {
	return slices.Compare([]string{string(a.predicate), a.subject, a.object, a.more}, []string{string(b.predicate), b.subject, b.object, b.more})
}

// conflicts looks for conflicts among facts.
type conflicts struct {
	told  teller
	found func(Conflict) bool // is given each; false ends the search

	holders map[string][]schema.Fact // by territory
	same    map[relation][]schema.Fact
	parties map[relation][]schema.Fact // to instruments, whatever the act
	parts   parts
}

// parts are facts of what is part of what, by the part's and the whole's keys.
type parts map[string]map[string]schema.Fact

// path returns the shortest way from a part up to a whole, none where the one is
// not within the other.
func (p parts) path(part, whole string) []schema.Fact {
	came := map[string][]schema.Fact{part: nil}
	for level := []string{part}; len(level) > 0; {
		var next []string
		for _, at := range level {
			for _, up := range slices.Sorted(maps.Keys(p[at])) {
				way := append(slices.Clone(came[at]), p[at][up])
				if up == whole {
					return way
				}
				if _, seen := came[up]; !seen {
					came[up] = way
					next = append(next, up)
				}
			}
		}
		level = next
	}
	return nil
}

// wholes returns what a part is part of, nearest first.
func (p parts) wholes(part string) []string {
	found := []string{part}
	for i := 0; i < len(found); i++ {
		for _, up := range slices.Sorted(maps.Keys(p[found[i]])) {
			if !slices.Contains(found, up) {
				found = append(found, up)
			}
		}
	}
	return found[1:]
}

// read collects the facts of a scope. Of an entity it reads what is said of the
// groups and members of it too.
func (c *conflicts) read(ctx context.Context, r Reader, scope Scope) error {
	about := []string{scope.About}
	if scope.About != "" {
		for f, err := range scope.Facts(ctx, r, schema.PartOf) {
			if err != nil {
				return err
			}
			about = append(about, f.Subject.Key(), f.Object.Key())
		}
		slices.Sort(about)
		about = slices.Compact(about)
	}
	seen := map[string]bool{}
	for _, scope.About = range about {
		all := scope.Facts(ctx, r)
		if contests, ok := r.(Contests); ok && scope.About == "" && scope.Side == All {
			all = contests.Contested(ctx, scope.filter(nil), []schema.Predicate{schema.Administers, schema.PartOf}, acts())
		}
		for f, err := range all {
			if err != nil {
				return err
			}
			if f.AttributedTo.IsZero() && (f.Modality == schema.Asserted || f.Modality == "") && !seen[f.ID()] {
				seen[f.ID()] = true
				c.add(f)
			}
		}
	}
	return ctx.Err()
}

func (c *conflicts) add(f schema.Fact) {
	// An act, an office of a state and a giver tell facts apart; an unnamed one
	// tells nothing.
	var more []string
	for _, role := range []schema.Role{schema.RoleAct, schema.RoleOf, schema.RoleFrom, schema.RoleOver, schema.RoleAbout} {
		more = append(more, f.Qualifier(role).Key())
	}
	k := relation{tripleOf(&f), strings.Join(more, "\x00")}
	c.same[k] = append(c.same[k], f)
	if f.Predicate == schema.PartyTo {
		k.more = ""
		c.parties[k] = append(c.parties[k], f)
	}
	switch {
	case f.Negated:
	case f.Predicate == schema.Administers:
		c.holders[f.Object.Key()] = append(c.holders[f.Object.Key()], f)
	case f.Predicate == schema.PartOf:
		s, o := f.Subject.Key(), f.Object.Key()
		if c.parts[s] == nil {
			c.parts[s] = map[string]schema.Fact{}
		}
		if _, ok := c.parts[s][o]; !ok {
			c.parts[s][o] = f
		}
	}
}

// pairs finds the pairs of a and b, or within a where b is nil, that clash. It
// returns false where the search is over.
func (c *conflicts) pairs(kind ConflictKind, a, b []schema.Fact, clash func(x, y *schema.Fact) bool) bool {
	for i := range a {
		others := b
		if b == nil {
			others = a[i+1:]
		}
		for k := range others {
			if x, y := &a[i], &others[k]; clash(x, y) && !c.found(Conflict{kind, *x, *y}) {
				return false
			}
		}
	}
	return true
}

// holding finds who holds what somebody else holds.
func (c *conflicts) holding() bool {
	atOnce := func(a, b *schema.Fact) bool {
		return !a.Subject.Same(b.Subject) && outlasts(a.Time, b.Time) && outlasts(b.Time, a.Time) && !c.told.inTurn(a, b)
	}
	places := slices.Sorted(maps.Keys(c.holders))
	for _, o := range places {
		if !c.pairs(TwoHolders, c.holders[o], nil, atOnce) {
			return false
		}
	}
	for _, member := range places {
		for _, group := range c.parts.wholes(member) {
			if c.parts.path(group, member) == nil && !c.pairs(GroupAndMember, c.holders[group], c.holders[member], atOnce) {
				return false
			}
		}
	}
	return true
}

// saying finds what is said and denied, and acts of two dates.
func (c *conflicts) saying() bool {
	opposed := func(a, b *schema.Fact) bool { return a.Negated != b.Negated && together(a.Time, b.Time) }
	for _, k := range several(c.parties) {
		more := c.pairs(SignedAndNot, c.parties[k], nil, func(a, b *schema.Fact) bool {
			if !opposed(a, b) {
				return false
			}
			if a.Negated {
				a, b = b, a
			}
			return excludes(b.Qualifier(schema.RoleAct).Name, a.Qualifier(schema.RoleAct).Name)
		})
		if !more {
			return false
		}
	}
	for _, k := range several(c.same) {
		more := true
		switch k.predicate {
		case schema.PartyTo:
		case schema.PartOf:
			more = c.pairs(Membership, c.same[k], nil, opposed)
		default:
			more = c.pairs(YesAndNo, c.same[k], nil, opposed)
		}
		if more && slices.Contains(acts(), k.predicate) {
			more = c.pairs(TwoDates, c.same[k], nil, func(a, b *schema.Fact) bool {
				return !a.Negated && !b.Negated && apart(a.Time.Date, b.Time.Date)
			})
		}
		if !more {
			return false
		}
	}
	return true
}

// several returns, in order, what more than one fact has in common.
func several(facts map[relation][]schema.Fact) (list []relation) {
	for k, alike := range facts {
		if len(alike) > 1 {
			list = append(list, k)
		}
	}
	slices.SortFunc(list, relation.compare)
	return list
}

// excludes reports whether who has not done one thing with an instrument cannot
// have done another; "" is being party to it, however that came.
func excludes(denied, done string) bool {
	switch denied {
	case "":
		return done == "" || done == "ratified"
	case "signed":
		return done == "signed" || done == "ratified"
	}
	return denied == done
}

// membership finds circles of what is part of what, each once: the first fact of
// it by its sides, with the next.
func (c *conflicts) membership() bool {
	key := func(f *schema.Fact) string { return f.Subject.Key() + "\x00" + f.Object.Key() }
	for _, s := range slices.Sorted(maps.Keys(c.parts)) {
		for _, o := range slices.Sorted(maps.Keys(c.parts[s])) {
			f := c.parts[s][o]
			back := c.parts.path(o, s)
			first := !slices.ContainsFunc(back, func(other schema.Fact) bool { return key(&other) < key(&f) })
			if back != nil && s != o && first && !c.found(Conflict{Membership, f, back[0]}) {
				return false
			}
		}
	}
	return true
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

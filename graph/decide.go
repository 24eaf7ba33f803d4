package graph

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// Decision is a decision that two entities, which documents have under two IDs,
// are one thing or are not.
type Decision struct {
	ID     string        `json:"id"`
	A      schema.Entity `json:"a"` // as its own documents have it; the one whose ID comes first
	B      schema.Entity `json:"b"`
	Same   bool          `json:"same"`
	By     string        `json:"by"` // [ByHand], or the rule that decided
	Reason string        `json:"reason"`
	Effect bool          `json:"effect"` // false where another decision overrules it
}

// Who decides. Rules decide when a document comes or goes, of the entities that
// it speaks of, and only by what the graph says of the two: so the order in
// which documents come makes no difference. They never join two entities of
// which the gazetteer knows both, of which one is said to be related to the
// other, whose classes do not fit or whose codes differ; and by names and
// relations none that one document tells apart. A name alone, and an alias above
// all, never decides.
const (
	ByHand = "hand"

	byCode   = "identity.code"   // a code that both have in one list
	byCalled = "identity.called" // two users, each with one name for both
	byName   = "identity.name"   // the same name and a shared relation
	byAlias  = "identity.alias"  // a name of both and two shared relations
)

// pair is two entities, by ID, in order.
type pair struct{ a, b string }

func pairOf(a, b string) pair {
	if b < a {
		a, b = b, a
	}
	return pair{a, b}
}

// verdict is a decision as it is stored.
type verdict struct {
	pair
	same       bool
	by, reason string
}

func (d *verdict) id() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %v %q", d.a, d.b, d.same, d.by))
	return hex.EncodeToString(sum[:16])
}

func (d *verdict) quads(ns schema.Namespace) []quad.Quad {
	m := mapper{ns: ns, label: quad.IRI(ns.Decisions())}
	n := quad.IRI(ns.Decision(d.id()))
	m.add(n, rdfType, classDecision)
	m.add(n, dmOne, quad.IRI(ns.Entity(d.a)))
	m.add(n, dmOther, quad.IRI(ns.Entity(d.b)))
	m.add(n, dmVerdict, quad.IRI(schema.Verdict(d.same)))
	m.addText(n, dmRule, d.by)
	m.addText(n, dmReason, d.reason)
	if !d.same {
		m.add(quad.IRI(ns.Entity(d.a)), owlDifferent, quad.IRI(ns.Entity(d.b)))
	}
	return m.quads
}

// verdictOf reads a decision back.
func (v *view) verdictOf(ctx context.Context, node quad.Value) (d verdict, err error) {
	err = v.each(ctx, store.Pattern{Subject: node, Label: v.decisions}, func(q quad.Quad) bool {
		switch q.Predicate {
		case dmOne:
			d.a, _ = v.ns.EntityID(lexical(q.Object))
		case dmOther:
			d.b, _ = v.ns.EntityID(lexical(q.Object))
		case dmVerdict:
			d.same = lexical(q.Object) == schema.Verdict(true)
		case dmRule:
			d.by = lexical(q.Object)
		case dmReason:
			d.reason = lexical(q.Object)
		}
		return true
	})
	return d, err
}

// verdicts returns the decisions about an entity, or all for "", by their IDs.
func (v *view) verdicts(ctx context.Context, id string) (map[string]verdict, error) {
	patterns := []store.Pattern{{Predicate: rdfType, Object: classDecision, Label: v.decisions}}
	if id != "" {
		e := quad.IRI(v.ns.Entity(id))
		patterns = []store.Pattern{{Predicate: dmOne, Object: e, Label: v.decisions}, {Predicate: dmOther, Object: e, Label: v.decisions}}
	}
	found := map[string]verdict{}
	for _, p := range patterns {
		nodes, err := v.collect(ctx, p)
		if err != nil {
			return nil, err
		}
		for _, n := range nodes {
			d, err := v.verdictOf(ctx, n.Subject)
			if err != nil {
				return nil, err
			}
			found[d.id()] = d
		}
	}
	return found, nil
}

// partition is what decisions come to: which entities are read as which.
type partition struct {
	one      map[string]string // of every entity that is read as another, and of that other
	members  map[string][]string
	overruns map[string]bool // IDs of decisions that others overrule
}

// settle lets decisions take effect: those that two are different first, then
// those by hand that two are one, then those by rule. One that would join what
// an earlier one keeps apart does not. Which entity others are read as: one that
// first says, then the first by ID.
func settle(decisions map[string]verdict, first func(id string) bool) partition {
	p := partition{map[string]string{}, map[string][]string{}, map[string]bool{}}
	apart := map[pair]bool{}
	var joins []string // IDs
	for id, d := range decisions {
		if d.same {
			joins = append(joins, id)
		} else {
			apart[d.pair] = true
		}
	}
	slices.SortFunc(joins, func(x, y string) int {
		a, b := decisions[x], decisions[y]
		hand := func(d verdict) int {
			if d.by == ByHand {
				return 0
			}
			return 1
		}
		return cmp.Or(hand(a)-hand(b), strings.Compare(a.a, b.a), strings.Compare(a.b, b.b), strings.Compare(x, y))
	})
	root := func(id string) string { return cmp.Or(p.one[id], id) }
	group := func(id string) []string {
		if g := p.members[root(id)]; g != nil {
			return g
		}
		return []string{id}
	}
	for _, id := range joins {
		d := decisions[id]
		if root(d.a) == root(d.b) {
			continue
		}
		x, y := group(d.a), group(d.b)
		forbidden := slices.ContainsFunc(x, func(s string) bool {
			return slices.ContainsFunc(y, func(t string) bool { return apart[pairOf(s, t)] })
		})
		if forbidden {
			p.overruns[id] = true
			continue
		}
		delete(p.members, root(d.a))
		delete(p.members, root(d.b))
		all := append(slices.Clone(x), y...)
		slices.SortFunc(all, func(s, t string) int {
			known := func(id string) int {
				if first(id) {
					return 0
				}
				return 1
			}
			return cmp.Or(known(s)-known(t), strings.Compare(s, t))
		})
		for _, m := range all {
			p.one[m] = all[0]
		}
		p.members[all[0]] = all
	}
	return p
}

// links returns the quads by which entities are read as others.
func (p *partition) links(ns schema.Namespace) []quad.Quad {
	var quads []quad.Quad
	for _, id := range slices.Sorted(maps.Keys(p.one)) {
		if one := p.one[id]; one != id {
			quads = append(quads, quad.Quad{Subject: quad.IRI(ns.Entity(id)), Predicate: owlSameAs,
				Object: quad.IRI(ns.Entity(one)), Label: quad.IRI(ns.Decisions())})
		}
	}
	return quads
}

// known reports whether the graph has the gazetteer's word on an entity.
func (v *view) known(ctx context.Context, id string) (is bool, err error) {
	err = v.each(ctx, store.Pattern{Subject: quad.IRI(v.ns.Entity(id)), Predicate: rdfType, Label: v.gazetteer},
		func(quad.Quad) bool { is = true; return false })
	return is, err
}

// settled returns what all of the decisions come to.
func (v *view) settled(ctx context.Context, decisions map[string]verdict) (partition, error) {
	known := map[string]bool{}
	for _, d := range decisions {
		for _, id := range []string{d.a, d.b} {
			if _, done := known[id]; done {
				continue
			}
			is, err := v.known(ctx, id)
			if err != nil {
				return partition{}, err
			}
			known[id] = is
		}
	}
	return settle(decisions, func(id string) bool { return known[id] }), nil
}

// redecide returns what has to leave and enter the graph where the decisions
// before become those after. v must show the graph as it is going to be.
func (v *view) redecide(ctx context.Context, before, after map[string]verdict) (del, add []quad.Quad, err error) {
	have, err := v.collect(ctx, store.Pattern{Predicate: owlSameAs, Label: v.decisions})
	if err != nil {
		return nil, nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		d := before[id]
		have = append(have, d.quads(v.ns)...)
	}
	p, err := v.settled(ctx, after)
	if err != nil {
		return nil, nil, err
	}
	want := p.links(v.ns)
	for _, id := range slices.Sorted(maps.Keys(after)) {
		d := after[id]
		want = append(want, d.quads(v.ns)...)
	}
	return without(have, want), without(want, have), nil
}

// raw is the view without regard to decisions: entities as documents have them.
func (v *view) raw() *view {
	w := *v
	w.decided, w.same, w.members, w.memory = false, map[string]string{}, map[string][]string{}, &memory{}
	return &w
}

// future is a reader of the graph as it will be once a document's quads are
// replaced.
type future struct {
	reader
	label    quad.Value
	gone     map[quad.Quad]bool
	subjects map[quad.Value][]quad.Quad // what comes, by its subjects
	objects  map[quad.Value][]quad.Quad // and by its objects
	come     []quad.Quad
}

func newFuture(r reader, label quad.Value, del, add []quad.Quad) *future {
	f := &future{r, label, map[quad.Quad]bool{}, map[quad.Value][]quad.Quad{}, map[quad.Value][]quad.Quad{}, add}
	for _, q := range del {
		f.gone[q] = true
	}
	for _, q := range add {
		f.subjects[q.Subject] = append(f.subjects[q.Subject], q)
		f.objects[q.Object] = append(f.objects[q.Object], q)
	}
	return f
}

// Index returns what will be by IDs.
func (f *future) Index() store.Index { return store.IndexOf(f) }

func (f *future) Match(ctx context.Context, p store.Pattern) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		for q, err := range f.reader.Match(ctx, p) {
			if err == nil && (q.Label == f.label || f.gone[q]) {
				continue
			}
			if !yield(q, err) {
				return
			}
		}
		come := f.come
		switch {
		case p.Subject != nil:
			come = f.subjects[p.Subject]
		case p.Object != nil:
			come = f.objects[p.Object]
		}
		fits := func(want, have quad.Value) bool { return want == nil || want == have }
		for _, q := range come {
			if fits(p.Subject, q.Subject) && fits(p.Predicate, q.Predicate) && fits(p.Object, q.Object) && fits(p.Label, q.Label) && !yield(q, nil) {
				return
			}
		}
	}
}

// decideAnew returns what has to leave and enter the graph of decisions where a
// document's quads become add and the gazetteer's part changes: rules decide
// anew of the entities that the document spoke or speaks of.
func (v *view) decideAnew(ctx context.Context, gz Gazetteer, label quad.Value, add []quad.Quad, identity *identityChange, entities []string) error {
	before, err := v.mentions(ctx, label)
	if err != nil {
		return err
	}
	w := v.raw()
	w.reader = newFuture(v.reader, label, identity.del, slices.Concat(add, identity.add))
	w.index, w.ids = nil, map[quad.Value]store.ID{}
	old, now := map[string]verdict{}, map[string]verdict{}
	affected := slices.Compact(slices.Sorted(slices.Values(slices.Concat(before, entities))))
	for _, id := range affected {
		have, err := w.verdicts(ctx, id)
		if err != nil {
			return err
		}
		maps.Copy(old, have)
		want, err := w.ruled(ctx, gz, id)
		if err != nil {
			return err
		}
		maps.Copy(now, want)
	}
	for id, d := range old {
		if d.by == ByHand {
			now[id] = d
		}
	}
	if len(old)+len(now) == 0 {
		return nil
	}
	// Also where the decisions stay, another entity may have become the one that
	// others are read as.
	all, err := w.verdicts(ctx, "")
	if err != nil {
		return err
	}
	after := maps.Clone(all)
	for id := range old {
		delete(after, id)
	}
	maps.Copy(after, now)
	del, more, err := w.redecide(ctx, all, after)
	identity.del, identity.add = append(identity.del, del...), append(identity.add, more...)
	return err
}

// ruled returns the decisions that rules make of an entity. The view must be a
// raw one.
func (v *view) ruled(ctx context.Context, gz Gazetteer, id string) (map[string]verdict, error) {
	candidates := map[string]bool{}
	s := quad.IRI(v.ns.Entity(id))
	for _, p := range append([]quad.IRI{dmFoldedName}, codes...) {
		values, err := v.collect(ctx, store.Pattern{Subject: s, Predicate: p})
		if err != nil {
			return nil, err
		}
		read := map[quad.Value]bool{} // every document that gives a name gives a quad
		for _, q := range values {
			if read[q.Object] {
				continue
			}
			read[q.Object] = true
			err := v.each(ctx, store.Pattern{Predicate: p, Object: q.Object}, func(q quad.Quad) bool {
				if other, ok := v.ns.EntityID(lexical(q.Subject)); ok && other != id {
					candidates[other] = true
				}
				return true
			})
			if err != nil {
				return nil, err
			}
		}
	}
	found := map[string]verdict{}
	for other := range candidates {
		if gz.ByID(id) != nil && gz.ByID(other) != nil {
			continue // it tells them apart
		}
		p := pairOf(id, other)
		by, reason, err := v.rule(ctx, gz, p)
		if err != nil {
			return nil, err
		}
		if by != "" {
			d := verdict{p, true, by, reason}
			found[d.id()] = d
		}
	}
	return found, nil
}

// codes are the properties that hold an entity's codes in other lists.
var codes = []quad.IRI{dmISO2, dmISO3, dmCOW, skosExactMatch}

// rule returns the rule by which two entities are one, and why; "" where there
// is none.
func (v *view) rule(ctx context.Context, gz Gazetteer, p pair) (by, reason string, err error) {
	a, err := v.entity(ctx, p.a)
	if err != nil {
		return "", "", err
	}
	b, err := v.entity(ctx, p.b)
	if err != nil {
		return "", "", err
	}
	if !a.Class.Is(b.Class) && !b.Class.Is(a.Class) {
		return "", "", nil
	}
	shared, differ, err := v.sharedCode(ctx, p)
	if err != nil || differ {
		return "", "", err
	}
	related, err := v.related(ctx, p)
	if err != nil || related {
		return "", "", err
	}
	if shared != "" {
		return byCode, "both have the code " + shared, nil
	}
	called, err := v.calledAlike(ctx, p)
	if err != nil {
		return "", "", err
	}
	if len(called) > 1 {
		return byCalled, strings.Join(called[:2], ", and "), nil
	}
	together, err := v.together(ctx, gz, p)
	if err != nil || together {
		return "", "", err
	}
	relations, err := v.sharedRelations(ctx, gz, p)
	if err != nil || len(relations) == 0 {
		return "", "", err
	}
	if schema.Fold(a.Name) == schema.Fold(b.Name) && proper(a.Name) {
		return byName, "both are called " + a.Name + ", and both: " + relations[0], nil
	}
	if len(relations) < 2 {
		return "", "", nil
	}
	name, err := v.sharedName(ctx, p)
	if err != nil || name == "" {
		return "", "", err
	}
	return byAlias, "both go by the name “" + name + "”, and both: " + strings.Join(relations[:2], ", "), nil
}

// values returns the values of a property of an entity as text, sorted.
func (v *view) values(ctx context.Context, id string, property quad.IRI) (texts []string, err error) {
	err = v.each(ctx, store.Pattern{Subject: quad.IRI(v.ns.Entity(id)), Predicate: property}, func(q quad.Quad) bool {
		texts = append(texts, lexical(q.Object))
		return true
	})
	slices.Sort(texts)
	return slices.Compact(texts), err
}

// sharedCode returns a code that both have, and whether they have different
// ones in one list.
func (v *view) sharedCode(ctx context.Context, p pair) (shared string, differ bool, err error) {
	for _, property := range codes {
		a, err := v.values(ctx, p.a, property)
		if err != nil {
			return "", false, err
		}
		b, err := v.values(ctx, p.b, property)
		if err != nil {
			return "", false, err
		}
		if len(a) == 0 || len(b) == 0 {
			continue
		}
		i := slices.IndexFunc(a, func(code string) bool { return slices.Contains(b, code) })
		if i < 0 {
			return "", true, nil
		}
		if shared == "" {
			shared = strings.TrimPrefix(a[i], schema.Wikidata)
		}
	}
	return shared, false, nil
}

// related reports whether documents state a relation of the two to each other.
func (v *view) related(ctx context.Context, p pair) (is bool, err error) {
	a, b := quad.IRI(v.ns.Entity(p.a)), quad.IRI(v.ns.Entity(p.b))
	for _, pattern := range []store.Pattern{{Subject: a, Object: b}, {Subject: b, Object: a}} {
		err = errors.Join(err, v.each(ctx, pattern, func(q quad.Quad) bool {
			is = is || q.Label != v.decisions
			return !is
		}))
	}
	return is, err
}

// together reports whether one document speaks of both: it tells them apart.
func (v *view) together(ctx context.Context, gz Gazetteer, p pair) (is bool, err error) {
	x, y := p.a, p.b // x is in fewer documents, as a rule
	if gz.ByID(x) != nil {
		x, y = y, x
	}
	asked := map[quad.Value]bool{v.gazetteer: true, v.decisions: true} // which are no documents
	var inner error
	err = v.each(ctx, store.Pattern{Object: quad.IRI(v.ns.Entity(x))}, func(q quad.Quad) bool {
		if !asked[q.Label] {
			asked[q.Label] = true
			inner = v.each(ctx, store.Pattern{Object: quad.IRI(v.ns.Entity(y)), Label: q.Label}, func(quad.Quad) bool { is = true; return false })
		}
		return !is && inner == nil
	})
	return is, errors.Join(err, inner)
}

// calledAlike returns, in words, which users call both by one name, one for each
// user and no name twice.
func (v *view) calledAlike(ctx context.Context, p pair) (said []string, err error) {
	a, err := v.uses(ctx, p.a)
	if err != nil || len(a) == 0 {
		return nil, err
	}
	b, err := v.uses(ctx, p.b)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(a, func(x, y use) int { return cmp.Or(strings.Compare(x.user, y.user), strings.Compare(x.name, y.name)) })
	seen := map[string]bool{}
	for _, u := range a {
		name := schema.Fold(u.name)
		if seen[u.user] || seen[name] || !slices.ContainsFunc(b, func(w use) bool { return w.user == u.user && schema.Fold(w.name) == name }) {
			continue
		}
		seen[u.user], seen[name] = true, true
		e, err := v.entity(ctx, u.user)
		if err != nil {
			return nil, err
		}
		said = append(said, e.Name+" calls both "+u.name)
	}
	return said, nil
}

// sharedName returns a name that both go by, the first by the alphabet; "" where
// they share no more than a description, such as "the islands".
func (v *view) sharedName(ctx context.Context, p pair) (string, error) {
	e, err := v.entity(ctx, p.a)
	if err != nil {
		return "", err
	}
	known, err := v.values(ctx, p.a, quad.IRI(schema.Term(schema.AlsoKnownAs)))
	if err != nil {
		return "", err
	}
	theirs, err := v.values(ctx, p.b, dmFoldedName)
	for _, name := range slices.Sorted(slices.Values(append(append(known, e.Name), e.Aliases...))) {
		if proper(name) && slices.Contains(theirs, schema.Fold(name)) {
			return name, err
		}
	}
	return "", err
}

// proper reports whether a name is more than common nouns: a letter of it is not
// lower case, or it has a number.
func proper(name string) bool {
	return strings.IndexFunc(name, func(r rune) bool { return unicode.IsDigit(r) || unicode.IsLetter(r) && !unicode.IsLower(r) }) >= 0
}

// sharedRelations returns, in words and sorted, what documents state of both.
func (v *view) sharedRelations(ctx context.Context, gz Gazetteer, p pair) (said []string, err error) {
	x, y := p.a, p.b // x has fewer, as a rule
	if gz.ByID(x) != nil {
		x, y = y, x
	}
	s, t := quad.IRI(v.ns.Entity(x)), quad.IRI(v.ns.Entity(y))
	seen := map[quad.Quad]bool{}
	for _, mine := range []store.Pattern{{Subject: s}, {Object: s}} {
		quads, err := v.collect(ctx, mine)
		if err != nil {
			return nil, err
		}
		for _, q := range quads {
			predicate, _ := q.Predicate.(quad.IRI)
			info, ok := schema.Predicate(strings.TrimPrefix(string(predicate), schema.VocabularyIRI)).Info()
			if !ok || info.Predicate == schema.AlsoKnownAs || info.Symmetric && mine.Object != nil {
				continue
			}
			theirs := store.Pattern{Subject: t, Predicate: predicate, Object: q.Object}
			other, verb := q.Object, info.Label
			if mine.Object != nil {
				theirs = store.Pattern{Subject: q.Subject, Predicate: predicate, Object: t}
				other, verb = q.Subject, info.Inverse
			}
			z, ok := v.ns.EntityID(lexical(other))
			if !ok || z == x || z == y {
				continue
			}
			key := quad.Quad{Subject: theirs.Subject, Predicate: predicate, Object: theirs.Object}
			if seen[key] {
				continue
			}
			seen[key] = true
			found := false
			if err := v.each(ctx, theirs, func(quad.Quad) bool { found = true; return false }); err != nil {
				return nil, err
			}
			if !found {
				continue
			}
			e, err := v.entity(ctx, z)
			if err != nil {
				return nil, err
			}
			said = append(said, verb+" "+e.Name)
		}
	}
	slices.Sort(said)
	return said, nil
}

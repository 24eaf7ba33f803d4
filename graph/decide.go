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
		slices.SortFunc(all, func(s, t string) int { return rank(s, t, first) })
		for _, m := range all {
			p.one[m] = all[0]
		}
		p.members[all[0]] = all
	}
	return p
}

// rank compares two entities: others are read as the one of lower rank.
func rank(s, t string, first func(id string) bool) int {
	known := func(id string) int {
		if first(id) {
			return 0
		}
		return 1
	}
	return cmp.Or(known(s)-known(t), strings.Compare(s, t))
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
// before become those after. They must be all that there are about the entities
// that they are about. v must show the graph as it is going to be.
func (v *view) redecide(ctx context.Context, before, after map[string]verdict) (del, add []quad.Quad, err error) {
	var have []quad.Quad
	entities := map[string]bool{}
	for _, decisions := range []map[string]verdict{before, after} {
		for _, d := range decisions {
			entities[d.a], entities[d.b] = true, true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(entities)) {
		links, err := v.collect(ctx, store.Pattern{Subject: quad.IRI(v.ns.Entity(id)), Predicate: owlSameAs, Label: v.decisions})
		if err != nil {
			return nil, nil, err
		}
		have = append(have, links...)
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
	w.same, w.memory = &sameAs{}, newMemory()
	w.cursor, w.around, w.between = nil, around{}, nil // the reader may be replaced
	return &w
}

// future is a reader of the graph as it will be once the quads of some documents
// are replaced.
type future struct {
	reader
	labels   map[quad.Value]bool // all whose quads are replaced, of those that the graph has
	gone     map[quad.Quad]bool
	subjects map[quad.Value][]quad.Quad // what comes, by its subjects
	objects  map[quad.Value][]quad.Quad // and by its objects
	come     []quad.Quad
}

func newFuture(r reader, labels map[quad.Value]bool, del, add []quad.Quad) *future {
	f := &future{r, labels, map[quad.Quad]bool{}, map[quad.Value][]quad.Quad{}, map[quad.Value][]quad.Quad{}, add}
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
			if err == nil && (f.labels[q.Label] || f.gone[q]) {
				continue
			}
			if !yield(q, err) {
				return
			}
		}
		for q := range f.comes(p) {
			if !yield(q, nil) {
				return
			}
		}
	}
}

// comes yields what comes and matches p.
func (f *future) comes(p store.Pattern) iter.Seq[quad.Quad] {
	come := f.come
	switch {
	case p.Subject != nil:
		come = f.subjects[p.Subject]
	case p.Object != nil:
		come = f.objects[p.Object]
	}
	fits := func(want, have quad.Value) bool { return want == nil || want == have }
	return func(yield func(quad.Quad) bool) {
		for _, q := range come {
			if fits(p.Subject, q.Subject) && fits(p.Predicate, q.Predicate) && fits(p.Object, q.Object) && fits(p.Label, q.Label) && !yield(q) {
				return
			}
		}
	}
}

func (f *future) Triples(ctx context.Context, p store.Pattern) iter.Seq2[quad.Quad, error] {
	p.Label = nil
	return func(yield func(quad.Quad, error) bool) {
		come := map[quad.Quad]bool{}
		for q := range f.comes(p) {
			q.Label = nil
			if come[q] {
				continue
			}
			if come[q] = true; !yield(q, nil) {
				return
			}
		}
		there := f.reader.Triples(ctx, p)
		if len(f.labels) > 0 || len(f.gone) > 0 {
			there = seen(ctx, f.reader, p, func(q quad.Quad) bool { return !f.labels[q.Label] && !f.gone[q] })
		}
		for q, err := range there {
			if err == nil && come[q] {
				continue
			}
			if !yield(q, err) {
				return
			}
		}
	}
}

// decider decides anew of the entities that documents spoke or speak of. Its
// view is a raw one of the graph as it is going to be.
type decider struct {
	*view
	gz       Gazetteer
	standing *standing
	next     *future
	base     *view  // a raw view of the graph as it is
	delta    *delta // from the one to the other
	adds     bool   // documents come, and none changes or goes
	entered  bool   // what is standing is true of the graph as it is going to be

	spoke, speaks []map[string]bool  // of which entities each document did, and does
	ruledOn       map[pair]*verdict  // nil for pairs that no rule joins
	was           map[string]*before // entities as they are, of those that the documents spoke or speak of
	old, now      map[string]verdict // decisions that the graph has, and those that take their place
}

// before is what of an entity as it is has to be known to tell what changes.
type before struct {
	entity schema.Entity
	named  bool              // it has a name, other than by the gazetteer
	grows  bool              // nothing comes but relations, votes for its names and classes, and mentions
	fresh  map[numbered]bool // what is going to be stated of it and is not, where it grows
}

// decideAnew adds to identity what has to leave and enter the graph of decisions
// where documents change and the gazetteer's part does: rules decide anew of the
// entities that the documents spoke or speak of. What is standing is from then on
// true of the graph as it is going to be, but for what [decider.committed] does.
func (v *view) decideAnew(ctx context.Context, gz Gazetteer, standing *standing, exchanges []exchange, identity *identityChange) (*decider, error) {
	var gone, add []quad.Quad
	var entities []string
	var spoke, speaks []map[string]bool
	replaced := map[quad.Value]bool{}
	for _, e := range exchanges {
		gone, add, entities = append(gone, e.before...), append(add, e.quads...), append(entities, e.entities...)
		spoke, speaks = append(spoke, v.spokenOf(e.before)), append(speaks, v.spokenOf(e.quads))
		if len(e.before) > 0 {
			replaced[e.label] = true
		}
	}
	standing.trim()
	base := v.raw()
	w := v.raw()
	next := newFuture(v.reader, replaced, identity.del, slices.Concat(add, identity.add))
	w.reader = next
	w.index, w.ids = nil, map[quad.Value]store.ID{}
	base.memory.entities, w.memory.entities = standing.entities, standing.entities
	d := &decider{
		view: w, gz: gz, standing: standing, next: next, base: base, adds: len(replaced) == 0 && len(identity.del) == 0,
		delta: v.deltaOf(slices.Concat(gone, identity.del), slices.Concat(add, identity.add)),
		spoke: spoke, speaks: speaks,
		ruledOn: map[pair]*verdict{}, was: map[string]*before{}, old: map[string]verdict{}, now: map[string]verdict{},
	}
	w.counted, base.counted = d.tally, d.tallied
	w.called, base.called = d.called, d.called
	affected := slices.Compact(slices.Sorted(slices.Values(slices.Concat(mentioned(v.ns, slices.Values(gone)), entities))))
	for _, id := range affected {
		b, err := d.before(ctx, id)
		if err != nil {
			return nil, err
		}
		b.grows = b.grows && !slices.Contains(identity.come, id) // which may bring codes
		d.was[id] = b
	}
	standing.enter(d)
	d.entered = true
	reworded, err := d.reworded(ctx, affected)
	if err != nil {
		return nil, err
	}
	affected = slices.Compact(slices.Sorted(slices.Values(slices.AppendSeq(affected, maps.Keys(reworded)))))
	for _, id := range affected {
		is := false
		if !reworded[id] {
			is, err = d.onlyRelated(ctx, id)
		}
		if err == nil && is {
			err = d.ruledOnRelations(ctx, id)
		} else if err == nil {
			var have map[string]verdict
			if have, err = d.verdictsOn(ctx, id); err == nil {
				maps.Copy(d.old, have)
				err = d.ruled(ctx, id)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	for id, v := range d.old {
		if v.by == ByHand {
			d.now[id] = v
		}
	}
	del, more, err := d.change(ctx, slices.Concat(identity.come, identity.gone))
	identity.del, identity.add = append(identity.del, del...), append(identity.add, more...)
	return d, err
}

// change returns what has to leave and enter the graph where decisions that it has
// become others, and where the gazetteer comes to know entities or forgets them.
func (d *decider) change(ctx context.Context, flipped []string) (del, add []quad.Quad, err error) {
	old, now := d.old, d.now
	comes, goes := map[string]verdict{}, map[string]verdict{} // not counting those that only get another reason
	var turns bool                                            // of a decision's entities, whether the gazetteer knows them
	for id, v := range now {
		if _, ok := old[id]; !ok {
			comes[id] = v
		}
		turns = turns || slices.Contains(flipped, v.a) || slices.Contains(flipped, v.b)
	}
	for id, v := range old {
		if _, ok := now[id]; !ok {
			goes[id] = v
		}
	}
	apart := false
	if !turns && len(goes) == 0 && len(comes) > 0 {
		different := store.Pattern{Predicate: dmVerdict, Object: quad.IRI(schema.Verdict(false)), Label: d.decisions}
		if err := d.each(ctx, different, func(quad.Quad) bool { apart = true; return false }); err != nil {
			return nil, nil, err
		}
	}
	if !turns && len(goes) == 0 && !apart {
		if del, add, err = d.join(ctx, comes); err != nil {
			return nil, nil, err
		}
		for id, v := range now {
			if was := old[id]; was != v {
				if was.by != "" {
					del = append(del, was.quads(d.ns)...)
				}
				add = append(add, v.quads(d.ns)...)
			}
		}
		return without(del, add), without(add, del), nil
	}
	// What other decisions come to, these do not touch, unless they are about what
	// these are about, or what that is joined to, and so on.
	all, err := d.connected(ctx, old, now)
	if err != nil {
		return nil, nil, err
	}
	after := maps.Clone(all)
	for id := range old {
		delete(after, id)
	}
	maps.Copy(after, now)
	return d.redecide(ctx, all, after)
}

// join returns how the links change by which entities are read as others, where
// decisions come that entities are one, and none forbids it: which others there
// are is then of no account.
func (d *decider) join(ctx context.Context, decisions map[string]verdict) (del, add []quad.Quad, err error) {
	roots := map[string]string{} // of entities that are read as themselves, what they are going to be read as
	root := func(id string) (string, error) {
		if _, ok := roots[id]; !ok {
			link := store.Pattern{Subject: quad.IRI(d.ns.Entity(id)), Predicate: owlSameAs, Label: d.decisions}
			if err := d.each(ctx, link, func(q quad.Quad) bool { id, _ = d.ns.EntityID(lexical(q.Object)); return false }); err != nil {
				return "", err
			}
		}
		for roots[id] != "" && roots[id] != id {
			id = roots[id]
		}
		roots[id] = id
		return id, nil
	}
	for _, id := range slices.Sorted(maps.Keys(decisions)) {
		x, err := root(decisions[id].a)
		if err != nil {
			return nil, nil, err
		}
		y, err := root(decisions[id].b)
		if err != nil {
			return nil, nil, err
		}
		first := map[string]bool{}
		for _, z := range []string{x, y} {
			if first[z], err = d.known(ctx, z); err != nil {
				return nil, nil, err
			}
		}
		if rank(y, x, func(id string) bool { return first[id] }) < 0 {
			x, y = y, x
		}
		if x != y {
			roots[y] = x
		}
	}
	for _, was := range slices.Sorted(maps.Keys(roots)) {
		is, err := root(was)
		if err != nil {
			return nil, nil, err
		}
		if is == was {
			continue
		}
		links, err := d.collect(ctx, store.Pattern{Predicate: owlSameAs, Object: quad.IRI(d.ns.Entity(was)), Label: d.decisions})
		if err != nil {
			return nil, nil, err
		}
		del = append(del, links...)
		one := quad.IRI(d.ns.Entity(is))
		for _, q := range append(links, quad.Quad{Subject: quad.IRI(d.ns.Entity(was)), Predicate: owlSameAs, Label: d.decisions}) {
			q.Object = one
			add = append(add, q)
		}
	}
	return del, add, nil
}

// connected returns the decisions of the graph about entities that some decisions
// are about, about the other entities that those are about, and so on.
func (v *view) connected(ctx context.Context, some ...map[string]verdict) (map[string]verdict, error) {
	found, seen := map[string]verdict{}, map[string]bool{}
	var next []string
	reach := func(decisions map[string]verdict) {
		for _, d := range decisions {
			for _, id := range []string{d.a, d.b} {
				if !seen[id] {
					seen[id] = true
					next = append(next, id)
				}
			}
		}
	}
	for _, decisions := range some {
		reach(decisions)
	}
	for ; len(next) > 0; next = next[1:] {
		about, err := v.verdicts(ctx, next[0])
		if err != nil {
			return nil, err
		}
		maps.Copy(found, about)
		reach(about)
	}
	return found, nil
}

// before returns an entity as it is, and what is going to change of it.
func (d *decider) before(ctx context.Context, id string) (*before, error) {
	t, err := d.tallied(ctx, id)
	if err != nil {
		return nil, err
	}
	b := &before{named: d.gz.ByID(id) == nil && len(t.names)+len(t.aliases) > 0}
	if b.entity, err = d.base.entity(ctx, id); err != nil || !d.adds {
		return b, err
	}
	p, err := d.profile(ctx, id)
	if err != nil {
		return nil, err
	}
	b.grows, b.fresh = true, map[numbered]bool{}
	node := quad.IRI(d.ns.Entity(id))
	for _, q := range d.next.subjects[node] {
		switch q.Predicate {
		case quad.IRI(schema.Term(schema.AlsoKnownAs)):
			b.grows = false
		case dmFoldedName:
			b.grows = b.grows && p.folded[q.Object]
		case dmProperName:
			b.grows = b.grows && p.proper[q.Object]
		}
	}
	for _, q := range slices.Concat(d.next.subjects[node], d.next.objects[node]) {
		if r, ok := d.relationOf(q, q.Subject != node); ok {
			if n := d.standing.number(r); !p.related[n] {
				b.fresh[n] = true
			}
		}
	}
	return b, nil
}

// reworded returns the entities of which something is decided for reasons that may
// be going to be said in other words: those that have to do with one of some
// entities which is going to go by another name.
func (d *decider) reworded(ctx context.Context, affected []string) (map[string]bool, error) {
	found := map[string]bool{}
	for _, id := range affected {
		was := d.was[id]
		if !was.named {
			continue // the gazetteer says what it is called, or nothing has to do with it yet
		}
		is, err := d.entity(ctx, id)
		if err != nil {
			return nil, err
		}
		if was.entity.Name == is.Name {
			continue
		}
		p, err := d.profile(ctx, id)
		if err != nil {
			return nil, err
		}
		for n := range p.related {
			other := d.standing.relation(n).other
			decided, err := d.verdictsOn(ctx, other)
			if err != nil {
				return nil, err
			}
			if len(decided) > 0 {
				found[other] = true
			}
		}
	}
	return found, nil
}

// onlyRelated reports whether of an entity, which is in the graph, nothing is going
// to change but that documents state more of it and speak of more beside it. Of
// one that many documents speak of, such as an agreement, that is nearly always so.
func (d *decider) onlyRelated(ctx context.Context, id string) (bool, error) {
	was := d.was[id]
	if was == nil || !was.grows {
		return false, nil
	}
	is, err := d.entity(ctx, id)
	return was.entity.Class == is.Class && was.entity.Name == is.Name && slices.Equal(was.entity.Aliases, is.Aliases), err
}

// ruledOnRelations is ruled for an entity of which only its relations change and
// beside whom it is spoken of: of others than those that have one of the new
// relations, or are spoken of beside it, the rules say what they said before. What
// has been decided of the entity and these it adds to the old decisions.
func (d *decider) ruledOnRelations(ctx context.Context, id string) error {
	candidates := map[string]bool{}
	if fresh := d.was[id].fresh; len(fresh) > 0 {
		if err := d.likeNamed(ctx, id, fresh, candidates); err != nil {
			return err
		}
	}
	decided, err := d.verdictsOn(ctx, id)
	if err != nil {
		return err
	}
	if len(decided) > 0 {
		for _, ids := range d.speaks {
			if ids[id] {
				maps.Copy(candidates, ids)
			}
		}
		for key, v := range decided {
			if v.by != ByHand && (candidates[v.a] || v.a == id) && (candidates[v.b] || v.b == id) {
				d.old[key] = v
			}
		}
	}
	return d.ruleOn(ctx, id, candidates)
}

// tallied returns the tally of an entity in the graph as it is.
func (d *decider) tallied(ctx context.Context, id string) (*tally, error) {
	t, ok := d.standing.tallies[id]
	if !ok {
		var err error
		if t, err = d.base.count(ctx, id); err != nil {
			return nil, err
		}
		if len(d.standing.tallies) >= mostTallies {
			clear(d.standing.tallies)
		}
		d.standing.tallies[id] = t
	}
	return t, nil
}

// tally returns the tally of an entity in the graph as it is going to be.
func (d *decider) tally(ctx context.Context, id string) (*tally, error) {
	t, err := d.tallied(ctx, id)
	if err != nil {
		return nil, err
	}
	changes := d.delta.entities[id]
	if len(changes) == 0 {
		return t, nil
	}
	t = t.clone()
	for _, c := range changes {
		t.change(c.Quad, d.gazetteer, c.n)
	}
	return t, nil
}

// committed makes what is standing true of the graph once the change is made.
func (d *decider) committed() {
	for id, changes := range d.delta.entities {
		if t := d.standing.tallies[id]; t != nil {
			for _, c := range changes {
				t.change(c.Quad, d.gazetteer, c.n)
			}
		}
	}
	d.standing.redecide(d.old, d.now)
	together := d.standing.together
	for _, ids := range d.spoke {
		eachPair(ids, func(p pair) {
			if together[p] {
				delete(together, p) // other documents may or may not speak of both
			}
		})
	}
	for _, ids := range d.speaks {
		eachPair(ids, func(p pair) {
			if _, ok := together[p]; ok {
				together[p] = true
			}
		})
	}
}

func eachPair(ids map[string]bool, do func(pair)) {
	sorted := slices.Sorted(maps.Keys(ids))
	for i, a := range sorted {
		for _, b := range sorted[i+1:] {
			do(pair{a, b})
		}
	}
}

// ruled adds the decisions that rules make of an entity to those that come.
func (d *decider) ruled(ctx context.Context, id string) error {
	candidates := map[string]bool{}
	for _, find := range []func(context.Context, string, map[string]bool) error{d.ofOneCode, d.calledLikewise, d.ofOneName} {
		if err := find(ctx, id, candidates); err != nil {
			return err
		}
	}
	return d.ruleOn(ctx, id, candidates)
}

// ruleOn adds the decisions that rules make of an entity and of others to those
// that come.
func (d *decider) ruleOn(ctx context.Context, id string, others map[string]bool) error {
	for other := range others {
		if other == id || d.gz.ByID(id) != nil && d.gz.ByID(other) != nil {
			continue // it tells them apart
		}
		p := pairOf(id, other)
		found, done := d.ruledOn[p]
		if !done {
			by, reason, err := d.rule(ctx, p)
			if err != nil {
				return err
			}
			if by != "" {
				found = &verdict{p, true, by, reason}
			}
			d.ruledOn[p] = found
		}
		if found != nil {
			d.now[found.id()] = *found
		}
	}
	return nil
}

// ofOneCode finds the entities that have a code of an entity.
func (d *decider) ofOneCode(ctx context.Context, id string, to map[string]bool) error {
	p, err := d.profile(ctx, id)
	if err != nil {
		return err
	}
	for property, values := range p.codes {
		for _, value := range values {
			if err := d.having(ctx, attribute{property, value}, to); err != nil {
				return err
			}
		}
	}
	return nil
}

// calledLikewise finds the entities that have names by which different users call
// an entity.
func (d *decider) calledLikewise(ctx context.Context, id string, to map[string]bool) error {
	uses, err := d.usesOf(ctx, id)
	if err != nil {
		return err
	}
	users, names := map[string]bool{}, map[string]bool{}
	for u := range uses {
		users[u.user], names[schema.Fold(u.name)] = true, true
	}
	if len(users) < 2 || len(names) < 2 {
		return nil // for one of each no rule asks
	}
	for name := range names {
		if err := d.having(ctx, attribute{dmFoldedName, quad.String(name)}, to); err != nil {
			return err
		}
	}
	return nil
}

// ofOneName finds the entities that have a name and a relation of an entity, and
// some that have only one of them. Names that neither writes as more than common
// nouns, such as "agreement", which no rule goes by, are passed over: there are as
// many of them as documents.
func (d *decider) ofOneName(ctx context.Context, id string, to map[string]bool) error {
	if d.gz.ByID(id) != nil {
		return d.likeNamed(ctx, id, nil, to)
	}
	p, err := d.profile(ctx, id)
	if err != nil || len(p.related) == 0 {
		return err
	}
	return d.likeNamed(ctx, id, p.related, to)
}

// likeNamed finds the entities that have a name of an entity and one of some
// relations, or any for nil.
func (d *decider) likeNamed(ctx context.Context, id string, relations map[numbered]bool, to map[string]bool) error {
	p, err := d.profile(ctx, id)
	if err != nil {
		return err
	}
	for name := range p.folded {
		named := attribute{dmProperName, name}
		if p.proper[name] {
			named.property = dmFoldedName
		}
		if relations == nil { // who has its name is soon told, what it has to do with not
			err = d.having(ctx, named, to)
		} else {
			err = d.named(ctx, named, relations, to)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// named finds the entities that have a name and one of some relations. Where many
// have the name, what the document brings to the graph is not looked at: of whatever
// else it speaks it tells from the entity. It goes through those of the name and
// those of the relations side by side then, and ends when either is at its end.
func (d *decider) named(ctx context.Context, name attribute, relations map[numbered]bool, to map[string]bool) error {
	holders, few, err := d.holders(ctx, name)
	if err != nil {
		return err
	}
	if few {
		return d.withAny(ctx, holders, relations, to)
	}
	pattern := store.Pattern{Predicate: name.property, Object: name.value}
	next, stop := iter.Pull2(d.base.Triples(ctx, pattern))
	defer stop()
	var byName, related []string
	add := func(list *[]string, t quad.Value) {
		if id, ok := d.ns.EntityID(lexical(t)); ok {
			*list = append(*list, id)
		}
	}
	for n := range relations {
		r := d.standing.relation(n)
		z := quad.IRI(d.ns.Entity(r.other))
		p := store.Pattern{Predicate: quad.IRI(schema.Term(r.predicate)), Object: z}
		if r.inverse {
			p = store.Pattern{Subject: z, Predicate: p.Predicate}
		}
		for q, err := range d.base.Triples(ctx, p) {
			if err != nil {
				return err
			}
			n, err, more := next()
			if err != nil {
				return err
			}
			if !more {
				return d.withAny(ctx, byName, relations, to)
			}
			add(&byName, n.Subject)
			if r.inverse {
				add(&related, q.Object)
			} else {
				add(&related, q.Subject)
			}
		}
	}
	for _, id := range related {
		pattern.Subject = quad.IRI(d.ns.Entity(id))
		if err := d.base.eachTriple(ctx, pattern, d.subjects(to)); err != nil {
			return err
		}
	}
	return nil
}

// withAny adds those of some entities that have one of some relations.
func (d *decider) withAny(ctx context.Context, ids []string, relations map[numbered]bool, to map[string]bool) error {
	for _, id := range ids {
		p, err := d.profile(ctx, id)
		if err != nil {
			return err
		}
		some, others := p.related, relations
		if len(others) < len(some) {
			some, others = others, some
		}
		for n := range some {
			if others[n] {
				to[id] = true
				break
			}
		}
	}
	return nil
}

// subjects returns a function that adds the entities that are subjects.
func (d *decider) subjects(to map[string]bool) func(quad.Quad) bool {
	return func(q quad.Quad) bool {
		if id, ok := d.ns.EntityID(lexical(q.Subject)); ok {
			to[id] = true
		}
		return true
	}
}

// codes are the properties that hold an entity's codes in other lists.
var codes = []quad.IRI{dmISO2, dmISO3, dmCOW, skosExactMatch}

// rule returns the rule by which two entities are one, and why; "" where there
// is none. What is asked first costs least or tells most pairs apart.
func (d *decider) rule(ctx context.Context, p pair) (by, reason string, err error) {
	a, err := d.class(ctx, p.a)
	if err != nil {
		return "", "", err
	}
	b, err := d.class(ctx, p.b)
	if err != nil {
		return "", "", err
	}
	if !a.Is(b) && !b.Is(a) {
		return "", "", nil
	}
	var shared string
	for _, id := range []string{p.a, p.b} {
		has, err := d.profile(ctx, id)
		if err != nil {
			return "", "", err
		}
		if len(has.codes) == 0 {
			break // most have none, and then it is no matter what the other has
		}
		if id == p.a {
			continue
		}
		var differ bool
		if shared, differ, err = d.sharedCode(ctx, p); err != nil || differ {
			return "", "", err
		}
	}
	said, err := d.calledAlike(ctx, p)
	if err != nil {
		return "", "", err
	}
	var relations []relation
	if shared == "" && len(said) < 2 {
		if relations, err = d.sharedRelations(ctx, p); err != nil || len(relations) == 0 {
			return "", "", err
		}
	}
	is, err := d.areRelated(ctx, p)
	if err != nil || is {
		return "", "", err
	}
	switch {
	case shared != "":
		return byCode, "both have the code " + shared, nil
	case len(said) > 1:
		return byCalled, strings.Join(said[:2], ", and "), nil
	}
	x, err := d.entity(ctx, p.a)
	if err != nil {
		return "", "", err
	}
	y, err := d.entity(ctx, p.b)
	if err != nil {
		return "", "", err
	}
	name := ""
	if by = byName; schema.Fold(x.Name) != schema.Fold(y.Name) || !proper(x.Name) {
		if by = byAlias; len(relations) < 2 {
			return "", "", nil
		}
		if name, err = d.sharedName(ctx, p); err != nil || name == "" {
			return "", "", err
		}
	}
	if is, err = d.together(ctx, p); err != nil || is {
		return "", "", err
	}
	inWords, err := d.inWords(ctx, relations)
	if err != nil {
		return "", "", err
	}
	if by == byName {
		return byName, "both are called " + x.Name + ", and both: " + inWords[0], nil
	}
	return byAlias, "both go by the name “" + name + "”, and both: " + strings.Join(inWords[:2], ", "), nil
}

// class returns the class of an entity, as [view.entity] does.
func (d *decider) class(ctx context.Context, id string) (schema.Class, error) {
	t, err := d.tally(ctx, id)
	if err != nil {
		return "", err
	}
	return classBy(t, id), nil
}

// values returns the values of a property of an entity as text, sorted.
func (v *view) values(ctx context.Context, id string, property quad.IRI) (texts []string, err error) {
	err = v.eachTriple(ctx, store.Pattern{Subject: quad.IRI(v.ns.Entity(id)), Predicate: property}, func(q quad.Quad) bool {
		texts = append(texts, lexical(q.Object))
		return true
	})
	slices.Sort(texts)
	return slices.Compact(texts), err
}

// sharedCode returns a code that both have, and whether they have different
// ones in one list.
func (d *decider) sharedCode(ctx context.Context, p pair) (shared string, differ bool, err error) {
	a, b, err := d.profiles(ctx, p)
	if err != nil {
		return "", false, err
	}
	for _, property := range codes {
		mine, theirs := lexicals(a.codes[property]), lexicals(b.codes[property])
		if len(mine) == 0 || len(theirs) == 0 {
			continue
		}
		i := slices.IndexFunc(mine, func(code string) bool { return slices.Contains(theirs, code) })
		if i < 0 {
			return "", true, nil
		}
		if shared == "" {
			shared = strings.TrimPrefix(mine[i], schema.Wikidata)
		}
	}
	return shared, false, nil
}

// lexicals returns what literals say, or IRIs, sorted.
func lexicals(values []quad.Value) (texts []string) {
	for _, v := range values {
		texts = append(texts, lexical(v))
	}
	slices.Sort(texts)
	return texts
}

// areRelated reports whether documents, or the gazetteer, state a relation of the
// two to each other.
func (d *decider) areRelated(ctx context.Context, p pair) (bool, error) {
	a, b, err := d.profiles(ctx, p)
	if err != nil {
		return false, err
	}
	return d.standing.relates(a, p.b) || d.standing.relates(b, p.a), nil
}

// together reports whether one document speaks of both: it tells them apart.
func (d *decider) together(ctx context.Context, p pair) (bool, error) {
	both := func(ids map[string]bool) bool { return ids[p.a] && ids[p.b] }
	if slices.ContainsFunc(d.speaks, both) {
		return true, nil
	}
	if slices.ContainsFunc(d.spoke, both) {
		return d.findTogether(ctx, p) // what is standing may be so by what the document was
	}
	is, known := d.standing.together[p]
	if known {
		return is, nil
	}
	is, err := d.findTogether(ctx, p)
	if err != nil {
		return false, err
	}
	if len(d.standing.together) >= mostPairs {
		clear(d.standing.together)
	}
	d.standing.together[p] = is
	return is, nil
}

// findTogether looks for a document that speaks of both, among those of the one of
// which fewer speak.
func (d *decider) findTogether(ctx context.Context, p pair) (is bool, err error) {
	v := d.base // which has no document that comes and speaks of both
	if !d.adds {
		v = d.view
	}
	x, err := v.node(p.a)
	if err != nil {
		return false, err
	}
	y, err := v.node(p.b)
	if err != nil || x == 0 || y == 0 {
		return false, err
	}
	n, err := v.byID().Count(ctx, store.QuadID{2: x})
	if err != nil {
		return false, err
	}
	most, err := v.byID().Count(ctx, store.QuadID{2: y})
	if err != nil {
		return false, err
	}
	if most < n {
		x, y, most = y, x, n
	}
	documents := map[store.ID]bool{}
	err = v.rows(ctx, store.QuadID{2: x}, func(q store.QuadID) error { documents[q[3]] = true; return nil })
	for _, label := range []quad.Value{d.gazetteer, d.decisions} { // which are none
		n, idErr := v.id(label)
		err = errors.Join(err, idErr)
		delete(documents, n)
	}
	if err != nil {
		return false, err
	}
	const quads = 250 // of a document, which are sooner gone through than more about y
	if most > quads*int64(len(documents)) {
		for label := range documents {
			if err = v.rows(ctx, store.QuadID{2: y, 3: label}, func(store.QuadID) error { return errEnough }); err != nil {
				break
			}
		}
	} else {
		err = v.rows(ctx, store.QuadID{2: y}, func(q store.QuadID) error {
			if documents[q[3]] {
				return errEnough
			}
			return nil
		})
	}
	if err == errEnough {
		return true, nil
	}
	return false, err
}

// calledAlike returns, in words, which users call both by one name, one for each
// user and no name twice.
func (d *decider) calledAlike(ctx context.Context, p pair) (said []string, err error) {
	a, err := d.usesOf(ctx, p.a)
	if err != nil || len(a) < 2 {
		return nil, err // which no rule asks for
	}
	b, err := d.usesOf(ctx, p.b)
	if err != nil {
		return nil, err
	}
	theirs := map[use]bool{}
	for u := range b {
		theirs[use{name: schema.Fold(u.name), user: u.user}] = true
	}
	sorted := slices.SortedFunc(maps.Keys(a), func(x, y use) int {
		return cmp.Or(strings.Compare(x.user, y.user), strings.Compare(x.name, y.name))
	})
	seen := map[string]bool{}
	for _, u := range sorted {
		name := schema.Fold(u.name)
		if seen[u.user] || seen[name] || !theirs[use{name: name, user: u.user}] {
			continue
		}
		seen[u.user], seen[name] = true, true
		e, err := d.entity(ctx, u.user)
		if err != nil {
			return nil, err
		}
		said = append(said, e.Name+" calls both "+u.name)
	}
	return said, nil
}

// usesOf is [view.uses] without counting documents.
func (d *decider) usesOf(ctx context.Context, id string) (map[use]bool, error) {
	profile, err := d.profile(ctx, id)
	if err != nil || profile.uses != nil {
		return profile.uses, err
	}
	found := map[use]bool{}
	profile.uses = found
	if !profile.called {
		return found, nil
	}
	known, err := d.marked(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, u := range known {
		found[u] = true
	}
	s, by := quad.IRI(d.ns.Entity(id)), quad.IRI(schema.Term(schema.RoleBy))
	triples, err := d.collectTriples(ctx, store.Pattern{Subject: s, Predicate: quad.IRI(schema.Term(schema.AlsoKnownAs))})
	if err != nil {
		return nil, err
	}
	for _, triple := range triples {
		nodes, err := d.collectTriples(ctx, store.Pattern{Predicate: rdfObject, Object: triple.Object})
		if err != nil {
			return nil, err
		}
		for _, n := range nodes {
			users, err := d.collectTriples(ctx, store.Pattern{Subject: n.Subject, Predicate: by})
			if err != nil {
				return nil, err
			}
			for _, q := range users {
				user, ok := d.ns.EntityID(lexical(q.Object))
				if !ok || found[use{name: lexical(triple.Object), user: user}] {
					continue
				}
				is, err := d.oneTells(ctx, q, []quad.Quad{triple, n, {Subject: n.Subject, Predicate: rdfSubject, Object: s}})
				if err != nil {
					return nil, err
				}
				if is {
					found[use{name: lexical(triple.Object), user: user}] = true
				}
			}
		}
	}
	return found, nil
}

// newUses adds to the uses of an entity those that a document tells which comes, by
// its quad that the entity has a name.
func (d *decider) newUses(uses map[use]bool, known quad.Quad) {
	by := quad.IRI(schema.Term(schema.RoleBy))
	for _, n := range d.next.objects[known.Object] {
		if n.Predicate != rdfObject || n.Label != known.Label {
			continue
		}
		of := d.next.subjects[n.Subject]
		if !slices.Contains(of, quad.Quad{Subject: n.Subject, Predicate: rdfSubject, Object: known.Subject, Label: known.Label}) {
			continue
		}
		for _, q := range of {
			if user, ok := d.ns.EntityID(lexical(q.Object)); ok && q.Predicate == by && q.Label == known.Label {
				uses[use{name: lexical(known.Object), user: user}] = true
			}
		}
	}
}

// oneTells reports whether one document tells a triple and all others.
func (d *decider) oneTells(ctx context.Context, triple quad.Quad, others []quad.Quad) (is bool, err error) {
	var inner error
	err = d.each(ctx, store.Pattern{Subject: triple.Subject, Predicate: triple.Predicate, Object: triple.Object}, func(q quad.Quad) bool {
		is = true
		for _, t := range others {
			has := false
			inner = errors.Join(inner, d.each(ctx, store.Pattern{Subject: t.Subject, Predicate: t.Predicate, Object: t.Object, Label: q.Label},
				func(quad.Quad) bool { has = true; return false }))
			is = is && has
		}
		return !is && inner == nil
	})
	return is, errors.Join(err, inner)
}

// sharedName returns a name that both go by, the first by the alphabet; "" where
// they share no more than a description, such as "the islands".
func (d *decider) sharedName(ctx context.Context, p pair) (string, error) {
	e, err := d.entity(ctx, p.a)
	if err != nil {
		return "", err
	}
	a, b, err := d.profiles(ctx, p)
	if err != nil {
		return "", err
	}
	names := append(slices.Collect(maps.Keys(a.known)), e.Name)
	for _, name := range slices.Sorted(slices.Values(append(names, e.Aliases...))) {
		if proper(name) && b.folded[quad.String(schema.Fold(name))] {
			return name, nil
		}
	}
	return "", nil
}

// proper reports whether a name is more than common nouns: a letter of it is not
// lower case, or it has a number.
func proper(name string) bool {
	return strings.IndexFunc(name, func(r rune) bool { return unicode.IsDigit(r) || unicode.IsLetter(r) && !unicode.IsLower(r) }) >= 0
}

// relation is one side of what documents state of an entity: the predicate, the
// entity on the other side, and which side that is.
type relation struct {
	predicate schema.Predicate
	other     string // its ID
	inverse   bool   // the other is the subject
}

// relationOf returns the relation that a triple states of its subject, or inverse
// of its object. A symmetric one is there the other way round too, and is not
// inverse.
func (v *view) relationOf(triple quad.Quad, inverse bool) (r relation, ok bool) {
	predicate, _ := triple.Predicate.(quad.IRI)
	name, ours := strings.CutPrefix(string(predicate), schema.VocabularyIRI)
	info, ok := schema.Predicate(name).Info()
	if !ours || !ok || info.Predicate == schema.AlsoKnownAs || inverse && info.Symmetric {
		return r, false
	}
	other := triple.Object
	if inverse {
		other = triple.Subject
	}
	z, ok := v.ns.EntityID(lexical(other))
	return relation{info.Predicate, z, inverse}, ok
}

// sharedRelations returns what documents state of both.
func (d *decider) sharedRelations(ctx context.Context, p pair) (shared []relation, err error) {
	x, y, err := d.profiles(ctx, p)
	if err != nil {
		return nil, err
	}
	if len(y.related) < len(x.related) {
		x, y = y, x
	}
	for n := range x.related {
		if !y.related[n] {
			continue
		}
		if r := d.standing.relation(n); r.other != p.a && r.other != p.b {
			shared = append(shared, r)
		}
	}
	return shared, nil
}

// inWords says relations, sorted.
func (d *decider) inWords(ctx context.Context, relations []relation) (said []string, err error) {
	for _, r := range relations {
		info, _ := r.predicate.Info()
		verb := info.Label
		if r.inverse {
			verb = info.Inverse
		}
		e, err := d.entity(ctx, r.other)
		if err != nil {
			return nil, err
		}
		said = append(said, verb+" "+e.Name)
	}
	slices.Sort(said)
	return said, nil
}

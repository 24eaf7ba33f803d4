package graph

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// Decisions returns the decisions that entities are one or are not, by hand and
// by rule, sorted by the entities' IDs.
func (g *Graph) Decisions(ctx context.Context) (list []Decision, err error) {
	err = g.with(ctx, func(v *view) error {
		found, err := v.verdicts(ctx, "")
		if err != nil {
			return err
		}
		list, err = v.decisionList(ctx, found)
		return err
	})
	return list, err
}

// decisionList puts entities and effect to all decisions of the graph.
func (v *view) decisionList(ctx context.Context, all map[string]verdict) ([]Decision, error) {
	p, err := v.settled(ctx, all)
	if err != nil {
		return nil, err
	}
	list := []Decision{}
	raw := v.raw()
	for id, d := range all {
		a, err := raw.entity(ctx, d.a)
		if err != nil {
			return nil, err
		}
		b, err := raw.entity(ctx, d.b)
		if err != nil {
			return nil, err
		}
		list = append(list, Decision{ID: id, A: a, B: b, Same: d.same, By: d.by, Reason: d.reason, Effect: !p.overruns[id]})
	}
	slices.SortFunc(list, func(a, b Decision) int {
		return slices.Compare([]string{a.A.ID, a.B.ID, a.By}, []string{b.A.ID, b.B.ID, b.By})
	})
	return list, nil
}

// Same decides by hand that two entities, given by their IDs, are one: it takes
// back a decision by hand that they are not, and where they are still two decides
// that they are one. From then on they are read as one, while what documents
// brought stays as it is. changed is false where they were one already. Split
// undoes it exactly.
func (g *Graph) Same(ctx context.Context, a, b, reason string) (changed bool, err error) {
	return g.decide(ctx, a, b, reason, true)
}

// Split decides by hand that two entities, given by their IDs, are two: it takes
// back a decision by hand that they are one, and where they are still one, or
// nobody had decided so, decides that they are not, whatever rules say. changed
// is false where that was decided already. Same undoes it where they were one.
func (g *Graph) Split(ctx context.Context, a, b, reason string) (changed bool, err error) {
	return g.decide(ctx, a, b, reason, false)
}

func (g *Graph) decide(ctx context.Context, a, b, reason string, same bool) (bool, error) {
	if g.readOnly {
		return false, fmt.Errorf("graph: decision on %q: %w", a, ErrReadOnly)
	}
	if a == b {
		return false, fmt.Errorf("graph: %q and itself: %w", a, ErrOneEntity)
	}
	release, err := g.exclude(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	var change store.Change
	err = g.with(ctx, func(v *view) error {
		for _, id := range []string{a, b} {
			typed, err := v.values(ctx, id, rdfType)
			if err != nil {
				return err
			}
			if len(typed) == 0 {
				return fmt.Errorf("graph: entity %q: %w", id, ErrNotFound)
			}
		}
		before, err := v.verdicts(ctx, "")
		if err != nil {
			return err
		}
		p := pairOf(a, b)
		after := maps.Clone(before)
		taken := verdict{p, !same, ByHand, ""}
		_, undone := after[taken.id()]
		delete(after, taken.id())
		now, err := v.settled(ctx, after)
		if err != nil {
			return err
		}
		one := now.one[a] != "" && now.one[a] == now.one[b]
		if same && !one || !same && (one || !undone) {
			d := verdict{p, same, ByHand, reason}
			if _, ok := after[d.id()]; !ok {
				after[d.id()] = d
			}
		}
		was, err := v.settled(ctx, before)
		if err != nil {
			return err
		}
		if now, err = v.settled(ctx, after); err != nil {
			return err
		}
		one = now.one[a] != "" && now.one[a] == now.one[b]
		if against := newlyOverruled(after, &was, &now); one != same || len(against) > 0 {
			return fmt.Errorf("graph: %q and %q: %w: split or join first what they say of %s", a, b, ErrOverruled,
				obstacle(after, &now, p, against))
		}
		change.Delete, change.Add, err = v.redecide(ctx, before, after)
		return err
	})
	if err != nil || len(change.Delete)+len(change.Add) == 0 {
		return false, err
	}
	g.standing.forgetVerdicts()
	if err := g.store.Commit(ctx, change); err != nil {
		return false, fmt.Errorf("graph: decision on %q and %q: %w", a, b, err)
	}
	g.log.Info("identity decided", "a", a, "b", b, "same", same)
	return true, nil
}

// newlyOverruled returns the decisions by hand, by their IDs, that have had effect
// and lose it.
func newlyOverruled(all map[string]verdict, was, now *partition) (ids []string) {
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if all[id].by == ByHand && now.overruns[id] && !was.overruns[id] {
			ids = append(ids, id)
		}
	}
	return ids
}

// obstacle says of which entities decisions stand against one about a pair: those
// given, or those between what the two are one with.
func obstacle(all map[string]verdict, p *partition, asked pair, against []string) string {
	if len(against) == 0 {
		groups := append(append([]string{asked.a, asked.b}, p.members[p.one[asked.a]]...), p.members[p.one[asked.b]]...)
		for _, id := range slices.Sorted(maps.Keys(all)) {
			if d := all[id]; d.pair != asked && slices.Contains(groups, d.a) && slices.Contains(groups, d.b) {
				against = append(against, id)
			}
		}
	}
	var said []string
	for _, id := range against {
		said = append(said, all[id].a+" and "+all[id].b)
	}
	return strings.Join(said, ", ")
}

// One returns the ID of the entity that the one with the given ID is read as: its
// own where nothing has been decided of it.
func (g *Graph) One(ctx context.Context, id string) (one string, err error) {
	err = g.with(ctx, func(v *view) error {
		one, err = v.one(ctx, id)
		return err
	})
	return one, err
}

// Written returns the entities that have a name, as documents have them and
// without regard to decisions, sorted by ID; see [Graph.Lookup].
func (g *Graph) Written(ctx context.Context, name string) (found []schema.Entity, err error) {
	err = g.with(ctx, func(v *view) error {
		found, err = v.raw().Lookup(ctx, name)
		return err
	})
	return found, err
}

// Naming is one way in which a document or the gazetteer has an entity by a
// name.
type Naming struct {
	Name   string `json:"name"`
	Entity string `json:"entity"` // the ID that documents have it under
	Source string `json:"source"` // a document's ID, or "" for the gazetteer
}

// Explanation says whether two names stand for one thing, and why.
type Explanation struct {
	Same      bool       `json:"same"`
	A         []string   `json:"a"`         // IDs that the first name stands for
	B         []string   `json:"b"`         // and the second
	Entity    string     `json:"entity"`    // the ID of the one thing; "" if there is none
	Namings   []Naming   `json:"namings"`   // where they stand for one ID: who names it so
	Decisions []Decision `json:"decisions"` // about the IDs
	Reason    string     `json:"reason"`
}

// WhySame explains whether two names, or IDs, stand for one thing. It fails with
// [ErrNotFound] where the graph has one of them not at all.
func (g *Graph) WhySame(ctx context.Context, a, b string) (e Explanation, err error) {
	err = g.with(ctx, func(v *view) error {
		e, err = v.whySame(ctx, a, b)
		return err
	})
	return e, err
}

func (v *view) whySame(ctx context.Context, a, b string) (Explanation, error) {
	e := Explanation{Namings: []Naming{}, Decisions: []Decision{}}
	raw := v.raw()
	for _, side := range []struct {
		name string
		ids  *[]string
	}{{a, &e.A}, {b, &e.B}} {
		if strings.Contains(side.name, "/") {
			*side.ids = []string{side.name}
			continue
		}
		found, err := raw.Lookup(ctx, side.name)
		if err != nil {
			return e, err
		}
		if len(found) == 0 {
			return e, fmt.Errorf("graph: %q: %w", side.name, ErrNotFound)
		}
		for _, f := range found {
			*side.ids = append(*side.ids, f.ID)
		}
	}
	all, err := v.verdicts(ctx, "")
	if err != nil {
		return e, err
	}
	p, err := v.settled(ctx, all)
	if err != nil {
		return e, err
	}
	one := func(id string) string {
		if r := p.one[id]; r != "" {
			return r
		}
		return id
	}
	var direct string
	for _, x := range e.A {
		for _, y := range e.B {
			if one(x) == one(y) && e.Entity == "" {
				e.Same, e.Entity = true, one(x)
				if x == y {
					direct = x
				}
			}
		}
	}
	about := map[string]verdict{}
	for id, d := range all {
		ids := slices.Concat(e.A, e.B)
		if e.Same {
			ids = p.members[e.Entity]
		}
		if slices.Contains(ids, d.a) && slices.Contains(ids, d.b) {
			about[id] = d
		}
	}
	if e.Decisions, err = v.decisionList(ctx, about); err != nil {
		return e, err
	}
	for i := range e.Decisions {
		e.Decisions[i].Effect = !p.overruns[e.Decisions[i].ID]
	}
	switch {
	case direct != "":
		e.Reason = "both are names of " + direct
		for _, name := range []string{a, b} {
			if err := raw.namings(ctx, direct, name, &e.Namings); err != nil {
				return e, err
			}
		}
	case e.Same:
		e.Reason = "what documents have under several IDs was decided to be one"
	case len(e.Decisions) > 0:
		e.Reason = "they were decided to be two"
	default:
		e.Reason, err = raw.whyTwo(ctx, e.A[0], e.B[0])
	}
	return e, err
}

// namings adds who has an entity under a name.
func (v *view) namings(ctx context.Context, id, name string, to *[]Naming) error {
	folded := schema.Fold(name)
	for _, property := range []quad.IRI{skosPrefLabel, skosAltLabel, quad.IRI(schema.Term(schema.AlsoKnownAs))} {
		quads, err := v.collect(ctx, store.Pattern{Subject: quad.IRI(v.ns.Entity(id)), Predicate: property})
		if err != nil {
			return err
		}
		for _, q := range quads {
			if text := lexical(q.Object); schema.Fold(text) == folded {
				doc, ok := v.ns.DocumentID(lexical(q.Label))
				if !ok {
					doc = ""
				}
				*to = append(*to, Naming{text, id, doc})
			}
		}
	}
	slices.SortFunc(*to, func(a, b Naming) int {
		return slices.Compare([]string{a.Name, a.Source}, []string{b.Name, b.Source})
	})
	*to = slices.Compact(*to)
	return nil
}

// whyTwo says what keeps rules from joining two entities of which nothing has
// been decided. The view must be a raw one.
func (v *view) whyTwo(ctx context.Context, a, b string) (string, error) {
	p := pairOf(a, b)
	x, err := v.entity(ctx, a)
	if err != nil {
		return "", err
	}
	y, err := v.entity(ctx, b)
	if err != nil {
		return "", err
	}
	if !x.Class.Is(y.Class) && !y.Class.Is(x.Class) {
		return fmt.Sprintf("one is a %s, the other a %s", x.Class, y.Class), nil
	}
	known := 0
	for _, id := range []string{a, b} {
		is, err := v.known(ctx, id)
		if err != nil {
			return "", err
		}
		if is {
			known++
		}
	}
	if known == 2 {
		return "the gazetteer tells them apart", nil
	}
	standing := newStanding()
	d := &decider{view: v, standing: &standing, entered: true}
	if _, differ, err := d.sharedCode(ctx, p); err != nil || differ {
		return "their codes differ", err
	}
	if is, err := d.areRelated(ctx, p); err != nil || is {
		return "documents relate the one to the other", err
	}
	name, err := d.sharedName(ctx, p)
	if err != nil {
		return "", err
	}
	if name != "" {

		return "they share the name “" + name + "” but too little else: a name alone does not decide", nil
	}
	return "they share no name, and nobody decided that they are one", nil
}

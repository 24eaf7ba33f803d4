package graph

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// A place under dispute keeps every name that it has. The one that it is shown
// by is neutral, by these rules, the first that gives a name:
//
//  1. the gazetteer's own, unless by the gazetteer it is one of several users'
//     own;
//  2. of the names that nobody is told to use in particular, the gazetteer's,
//     else the one by which most documents call it;
//  3. the names of all sides, one of each, with strokes between them.
//
// Only where a reader asks for one side's view is its own name shown: see
// [Graph.NameBy].

// use is somebody's use of a name.
type use struct {
	name, user string // the user's ID
	docs       int    // documents that tell of it; none where only the gazetteer does
}

// better orders uses of one entity's names by how well they stand for it: what
// more documents tell, then the shorter, then by the alphabet.
func (u use) better(other use) int {
	return cmp.Or(cmp.Compare(other.docs, u.docs),
		cmp.Compare(utf8.RuneCountInString(u.name), utf8.RuneCountInString(other.name)),
		strings.Compare(u.name, other.name), strings.Compare(u.user, other.user))
}

// NameBy returns the name that a user of names, such as a state, calls an entity
// by, "" where none is known. Both are given by their IDs. Of several it is the
// one that most documents tell of, then the shortest; where that only adds a word
// to the name that the entity is shown by ("Shikotan-to"), it is the latter.
func (g *Graph) NameBy(ctx context.Context, entity, user string) (name string, err error) {
	err = g.with(ctx, func(v *view) error {
		name, err = v.NameBy(ctx, entity, user)
		return err
	})
	return name, err
}

func (v *view) NameBy(ctx context.Context, entity, user string) (string, error) {
	uses, err := v.uses(ctx, entity)
	if err != nil {
		return "", err
	}
	if user, err = v.one(ctx, user); err != nil {
		return "", err
	}
	uses = slices.DeleteFunc(uses, func(u use) bool { return u.user != user })
	if len(uses) == 0 {
		return "", nil
	}
	own := slices.MinFunc(uses, use.better).name
	e, err := v.entity(ctx, entity)
	if strings.HasPrefix(schema.Fold(own), schema.Fold(e.Name)+" ") {
		own = e.Name // with the word for what it is in the user's language
	}
	return own, err
}

// Document makes a view, with Facts and NameBy, what the views of [query] read.
func (v *view) Document(ctx context.Context, id string) (*schema.Document, error) {
	return v.document(ctx, id)
}

var _ interface {
	query.Reader
	query.Namer
} = (*view)(nil)

// uses returns who uses which name of an entity, as the gazetteer and the
// documents tell.
func (v *view) uses(ctx context.Context, id string) ([]use, error) {
	found, err := v.told(ctx, id)
	if err != nil {
		return nil, err
	}
	known, err := v.marked(ctx, id)
	for _, k := range known {
		if !slices.ContainsFunc(found, func(u use) bool { return u.name == k.name && u.user == k.user }) {
			found = append(found, k)
		}
	}
	return found, err
}

// marked returns who uses which name of an entity as the gazetteer tells.
func (v *view) marked(ctx context.Context, id string) (found []use, err error) {
	labels, err := v.collectOf(ctx, id, xlAltLabel)
	if err != nil {
		return nil, err
	}
	for _, l := range labels {
		label, err := v.term(l[2])
		if err != nil {
			return nil, err
		}
		name, err := v.text(ctx, label, xlLiteralForm)
		if err != nil {
			return nil, err
		}
		users, err := v.collect(ctx, store.Pattern{Subject: label, Predicate: dmUsedBy})
		if err != nil {
			return nil, err
		}
		for _, q := range users {
			user, _ := v.ns.EntityID(lexical(q.Object))
			if user, err = v.one(ctx, user); err != nil {
				return nil, err
			}
			found = append(found, use{name: name, user: user})
		}
	}
	slices.SortFunc(found, use.better)
	return found, nil
}

// collectOf returns the quads about an entity, under any of its IDs, with a
// property.
func (v *view) collectOf(ctx context.Context, id string, property quad.IRI) (quads []store.QuadID, err error) {
	nodes, err := v.nodesOf(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, n := range nodes {
		err := v.rowsOf(ctx, n, property, func(q store.QuadID) error { quads = append(quads, q); return nil })
		if err != nil {
			return nil, err
		}
	}
	return quads, nil
}

// quad returns the terms of a quad.
func (v *view) quad(ids store.QuadID) (q quad.Quad, err error) {
	for i, term := range []*quad.Value{&q.Subject, &q.Predicate, &q.Object, &q.Label} {
		if *term, err = v.term(ids[i]); err != nil {
			return q, err
		}
	}
	return q, nil
}

// told returns who uses which name of an entity as documents tell.
func (v *view) told(ctx context.Context, id string) (found []use, err error) {
	known, err := v.collectOf(ctx, id, quad.IRI(schema.Term(schema.AlsoKnownAs)))
	if err != nil {
		return nil, err
	}
	docs := map[use]map[quad.Value]bool{}
	for _, ids := range known {
		triple, err := v.quad(ids)
		if err != nil {
			return nil, err
		}
		// From the name, which few facts have, and not from the entity.
		nodes, err := v.collect(ctx, store.Pattern{Predicate: rdfObject, Object: triple.Object, Label: triple.Label})
		if err != nil {
			return nil, err
		}
		for _, n := range nodes {
			about, err := v.collect(ctx, store.Pattern{Subject: n.Subject, Predicate: rdfSubject, Object: triple.Subject, Label: triple.Label})
			if err != nil {
				return nil, err
			}
			if len(about) == 0 {
				continue
			}
			by, err := v.collect(ctx, store.Pattern{Subject: n.Subject, Predicate: quad.IRI(schema.Term(schema.RoleBy)), Label: triple.Label})
			if err != nil {
				return nil, err
			}
			for _, q := range by {
				user, ok := v.ns.EntityID(lexical(q.Object))
				if !ok {
					continue
				}
				if user, err = v.one(ctx, user); err != nil {
					return nil, err
				}
				u := use{name: lexical(triple.Object), user: user}
				if docs[u] == nil {
					docs[u] = map[quad.Value]bool{}
				}
				docs[u][triple.Label] = true
			}
		}
	}
	for u, in := range docs {
		u.docs = len(in)
		found = append(found, u)
	}
	slices.SortFunc(found, use.better)
	return found, nil
}

// neutral returns the name to show an entity by: see the rules above. preferred
// and others count the documents that have a name as the first of the entity,
// and as another.
func (v *view) neutral(ctx context.Context, id string, preferred, others map[string]int) (string, error) {
	name := winner(preferred)
	known := preferred[name] >= official
	called := true
	var uses []use
	var err error
	if v.called != nil {
		called, err = v.called(ctx, id)
	}
	switch {
	case err != nil || !called:
	case known:
		uses, err = v.marked(ctx, id)
	default:
		uses, err = v.told(ctx, id)
	}
	if err != nil {
		return "", err
	}
	if known && len(users(uses)) < 2 {
		return name, nil
	}
	nobodys := func(names map[string]int) map[string]int {
		free := map[string]int{}
		for name, n := range names {
			folded := schema.Fold(name)
			if !slices.ContainsFunc(uses, func(u use) bool { return schema.Fold(u.name) == folded }) {
				free[name] = n
			}
		}
		return free
	}
	if free := cmp.Or(winner(nobodys(preferred)), winner(nobodys(others))); free != "" || len(uses) == 0 {
		return cmp.Or(free, name, winner(others)), nil
	}
	var all []string
	for _, user := range users(uses) {
		i := slices.IndexFunc(uses, func(u use) bool { return u.user == user })
		all = append(all, uses[i].name) // the best comes first
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " / "), nil
}

// users returns who the uses are of, each once.
func users(uses []use) []string {
	var ids []string
	for _, u := range uses {
		if !slices.Contains(ids, u.user) {
			ids = append(ids, u.user)
		}
	}
	return ids
}

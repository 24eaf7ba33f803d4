package graph

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// NameError says that a name does not stand for exactly one entity. It wraps
// [ErrNotFound] or [ErrAmbiguous].
type NameError struct {
	Name     string
	Entities []schema.Entity // those that the name stands for, or that a mistyped one may have meant
	Err      error
}

func (e *NameError) Error() string {
	const most = 8
	s := fmt.Sprintf("graph: %q: %v", e.Name, e.Err)
	for i, entity := range e.Entities {
		switch {
		case i == 0:
			s += "; there is " + entity.ID
		case i < most:
			s += ", " + entity.ID
		default:
			return fmt.Sprintf("%s and %d more", s, len(e.Entities)-most)
		}
	}
	return s
}

func (e *NameError) Unwrap() error { return e.Err }

// Resolve returns the ID of the one entity that people mean by a name or an ID,
// or fails with a [*NameError]. What has a stroke in it is taken for an ID, and
// need not be in the graph.
func (g *Graph) Resolve(ctx context.Context, name string) (id string, err error) {
	if strings.Contains(name, "/") {
		return g.One(ctx, name)
	}
	err = g.with(ctx, func(v *view) error {
		found, err := v.Lookup(ctx, name)
		switch {
		case err != nil:
			return err
		case len(found) == 1:
			id = found[0].ID
			return nil
		case len(found) > 1:
			return &NameError{name, found, ErrAmbiguous}
		}
		if found, err = v.Suggest(ctx, name); err != nil {
			return err
		}
		return &NameError{name, found, ErrNotFound}
	})
	return id, err
}

// How well a name fits words that are looked for, best first.
const (
	fitsWhole = iota // it is them
	fitsStart        // it begins with them
	fitsWords        // each begins a word of it
)

// Find returns the entities of a class that have a name with the given words, or
// beginnings of words, in any order, those that fit best first; where there is
// none, those that mistyped words may have meant, as [Graph.Suggest] does. It
// goes through all names of the graph, which it reads once.
func (g *Graph) Find(ctx context.Context, words string, class schema.Class) (found []schema.Entity, err error) {
	folded := schema.Fold(words)
	parts := strings.Fields(folded)
	if len(parts) == 0 {
		return nil, nil
	}
	err = g.with(ctx, func(v *view) error {
		found, err = v.ranked(ctx, func(name *foldedName) (int, bool) {
			switch {
			case name.name == folded:
				return fitsWhole, true
			case strings.HasPrefix(name.name, folded):
				return fitsStart, true
			}
			return fitsWords, !slices.ContainsFunc(parts, func(part string) bool { return !hasWord(name.name, part) })
		})
		if err == nil && len(found) == 0 {
			found, err = v.Suggest(ctx, words)
		}
		return err
	})
	return slices.DeleteFunc(found, func(e schema.Entity) bool { return !e.Class.Is(class) }), err
}

// hasWord reports whether a word of a folded text begins with part.
func hasWord(text, part string) bool {
	return strings.HasPrefix(text, part) || strings.Contains(text, " "+part)
}

// Everybody is the name of [query.All] that people write.
const Everybody = "all"

// Side returns the side that people mean by [Everybody], by [query.Asserted], or
// by a name or an ID. It fails as [Graph.Resolve] does.
func (g *Graph) Side(ctx context.Context, name string) (query.Side, error) {
	switch name {
	case Everybody, string(query.All):
		return query.All, nil
	case string(query.Asserted):
		return query.Asserted, nil
	}
	id, err := g.Resolve(ctx, name)
	return query.Side(id), err
}

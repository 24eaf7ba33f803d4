package graph

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// Code is an identifier of an entity in somebody else's list.
type Code = export.Code

// NameUse is a name of an entity and, where documents or the gazetteer say so,
// who uses it.
type NameUse struct {
	Name string          `json:"name"`
	By   []schema.Entity `json:"by,omitempty"`
}

// Card is what a graph knows of one entity.
type Card struct {
	export.Node
	Names       []NameUse      `json:"names"`       // the one to show first
	Claims      []schema.Fact  `json:"claims"`      // claims, disputes, rejections, recognition
	Control     []schema.Fact  `json:"control"`     // who administers it, or what it administers
	Instruments []schema.Fact  `json:"instruments"` // treaties and rulings, what they cover and who is party
	History     []schema.Fact  `json:"history"`     // acts, in the order of their dates, the undated last
	Other       []schema.Fact  `json:"other"`
	Sources     []DocumentInfo `json:"sources"` // the documents behind the facts above

	// Holds says of these facts, by ID, how sure it is that they hold at the date
	// asked for; nil where none is.
	Holds map[string]schema.Certainty `json:"holds,omitempty"`
}

// Card returns what the graph knows of the entity with the given ID within a
// scope, whose About does not count, or [ErrNotFound].
func (g *Graph) Card(ctx context.Context, entityID string, scope query.Scope) (card Card, err error) {
	err = g.knownAt(scope.KnownAt).with(ctx, func(v *view) error {
		card, err = v.card(ctx, entityID, scope)
		return err
	})
	return card, err
}

func (v *view) card(ctx context.Context, id string, scope query.Scope) (Card, error) {
	c := Card{
		Claims: []schema.Fact{}, Control: []schema.Fact{}, Instruments: []schema.Fact{}, History: []schema.Fact{},
		Other: []schema.Fact{}, Sources: []DocumentInfo{},
	}
	id, err := v.one(ctx, id)
	if err != nil {
		return c, err
	}
	if c.Node, err = v.describe(ctx, id); err != nil {
		return c, err
	}
	if is, err := v.spoken(ctx, id); err != nil {
		return c, err
	} else if !is {
		return c, fmt.Errorf("graph: entity %q: %w", id, ErrNotFound)
	}
	users := map[string][]schema.Entity{}
	uses, err := v.uses(ctx, id)
	if err != nil {
		return c, err
	}
	for _, u := range uses {
		e, err := v.entity(ctx, u.user)
		if err != nil {
			return c, err
		}
		users[u.name] = append(users[u.name], e)
	}
	if side := scope.Side; side != query.All && side != query.Asserted && c.Class.Is(schema.Place) {
		own, err := v.NameBy(ctx, id, string(side))
		if err != nil {
			return c, err
		}
		c.Entity = c.Entity.Called(own)
	}
	sources, lib := map[string]bool{}, query.NewLibrary(v)
	if !scope.AsOf.IsZero() {
		c.Holds = map[string]schema.Certainty{}
	}
	known := len(users) > 0
	scope.About = id
	for f, err := range scope.Facts(ctx, v) {
		if err != nil {
			return c, err
		}
		known = true
		for _, ev := range f.Evidence {
			sources[ev.Doc] = true
		}
		if f.Predicate == schema.AlsoKnownAs && f.Subject.ID == id && f.Object.Class == schema.Literal && !f.Negated {
			users[f.Object.Name] = append(users[f.Object.Name], []schema.Entity{}...)
		}
		if c.Holds != nil {
			if c.Holds[f.ID()], err = lib.Holds(ctx, &f, scope.AsOf); err != nil {
				return c, err
			}
		}
		list := c.list(f.Predicate)
		*list = append(*list, f)
	}
	if !known {
		typed := false
		err := v.eachOf(ctx, id, store.Pattern{Predicate: rdfType}, func(quad.Quad) bool { typed = true; return false })
		if err != nil {
			return c, err
		}
		if !typed {
			return c, fmt.Errorf("graph: entity %q: %w", id, ErrNotFound)
		}
	}
	for _, name := range append([]string{c.Name}, c.Aliases...) {
		users[name] = append(users[name], []schema.Entity{}...)
	}
	for _, name := range slices.Sorted(maps.Keys(users)) {
		by := users[name]
		slices.SortFunc(by, func(a, b schema.Entity) int { return strings.Compare(a.Key(), b.Key()) })
		c.Names = append(c.Names, NameUse{name, slices.CompactFunc(by, schema.Entity.Same)})
	}
	slices.SortStableFunc(c.Names, func(a, b NameUse) int { // the name to show, then the alphabet
		first := func(n NameUse) int {
			if n.Name == c.Name {
				return 0
			}
			return 1
		}
		return first(a) - first(b)
	})
	slices.SortStableFunc(c.History, func(a, b schema.Fact) int { return a.Time.Compare(b.Time) })
	for _, doc := range slices.Sorted(maps.Keys(sources)) {
		info, _, err := v.documentInfo(ctx, doc)
		if err != nil {
			return c, err
		}
		c.Sources = append(c.Sources, info)
	}
	return c, nil
}

// list returns the part of the card where facts of p stand.
func (c *Card) list(p schema.Predicate) *[]schema.Fact {
	switch p {
	case schema.Claims, schema.Disputes, schema.Rejects, schema.Recognizes:
		return &c.Claims
	case schema.Administers:
		return &c.Control
	case schema.PartyTo, schema.Covers, schema.RuledOn, schema.Delimited, schema.Provides:
		return &c.Instruments
	case schema.Seized, schema.TransferredTo, schema.NegotiatesWith, schema.MetWith, schema.Sanctions,
		schema.ParticipatesIn, schema.Said, schema.HoldsOffice:
		return &c.History
	default:
		return &c.Other
	}
}

// describe returns an entity with what the gazetteer knows of it.
func (v *view) describe(ctx context.Context, id string) (n export.Node, err error) {
	if n.Entity, err = v.entity(ctx, id); err != nil {
		return n, err
	}
	var quads []quad.Quad
	err = v.eachOf(ctx, id, store.Pattern{Label: v.gazetteer}, func(q quad.Quad) bool { quads = append(quads, q); return true })
	for _, q := range quads {
		value := lexical(q.Object)
		degrees, _ := q.Object.(quad.Float)
		switch q.Predicate {
		case dmKind:
			n.Kind = value
		case geoLat:
			lat := float64(degrees)
			n.Latitude = &lat
		case geoLong:
			long := float64(degrees)
			n.Longitude = &long
		case dmISO2:
			n.Codes = append(n.Codes, export.Code{Scheme: "iso3166-1-alpha-2", Value: value})
		case dmISO3:
			n.Codes = append(n.Codes, export.Code{Scheme: "iso3166-1-alpha-3", Value: value})
		case dmCOW:
			n.Codes = append(n.Codes, export.Code{Scheme: "cow", Value: value})
		case skosExactMatch:
			n.Codes = append(n.Codes, export.Code{Scheme: "wikidata", Value: strings.TrimPrefix(value, schema.Wikidata)})
		}
	}
	slices.SortFunc(n.Codes, func(a, b export.Code) int {
		return cmp.Or(strings.Compare(a.Scheme, b.Scheme), strings.Compare(a.Value, b.Value))
	})
	return n, err
}

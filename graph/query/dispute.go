package query

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// DisputeSummary is a territory with who claims and who holds it.
type DisputeSummary struct {
	Territory      schema.Entity   `json:"territory"`
	Claimants      []schema.Entity `json:"claimants"`      // sorted by ID, as are the others
	Administrators []schema.Entity `json:"administrators"` // who administers it now or did
	Facts          int             `json:"facts"`          // that say so
}

// DisputedTerritories returns the territories that somebody claims or that a
// dispute is over, those of most parties first, then of most facts. scope.About
// narrows them to what speaks of an entity.
func DisputedTerritories(ctx context.Context, r Reader, scope Scope) ([]DisputeSummary, error) {
	type disputed struct {
		DisputeSummary
		parties map[string]bool
	}
	found := map[string]*disputed{}
	of := func(e schema.Entity) *disputed {
		if !e.Class.Is(schema.Territory) {
			return nil
		}
		d := found[e.ID]
		if d == nil {
			d = &disputed{DisputeSummary{Territory: e, Claimants: []schema.Entity{}, Administrators: []schema.Entity{}}, map[string]bool{}}
			found[e.ID] = d
		}
		return d
	}
	contested := map[string]bool{}
	for f, err := range scope.Facts(ctx, r, schema.Claims, schema.Disputes, schema.Administers) {
		if err != nil {
			return nil, err
		}
		if f.Negated {
			continue
		}
		if f.Predicate == schema.Disputes {
			for _, q := range f.Qualifiers {
				if d := of(q.Value); d != nil && q.Role == schema.RoleOver {
					contested[q.Value.ID] = true
					d.parties[f.Subject.Key()], d.parties[f.Object.Key()] = true, true
					d.Facts++
				}
			}
			continue
		}
		d := of(f.Object)
		if d == nil {
			continue
		}
		d.Facts++
		d.parties[f.Subject.Key()] = true
		if f.Predicate == schema.Claims {
			contested[f.Object.ID] = true
			d.Claimants = append(d.Claimants, f.Subject)
		} else {
			d.Administrators = append(d.Administrators, f.Subject)
		}
	}
	var list []*disputed
	for id := range contested {
		d := found[id]
		d.Claimants, d.Administrators = distinct(d.Claimants), distinct(d.Administrators)
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b *disputed) int {
		return cmp.Or(cmp.Compare(len(b.parties), len(a.parties)), cmp.Compare(b.Facts, a.Facts), strings.Compare(a.Territory.ID, b.Territory.ID))
	})
	out := make([]DisputeSummary, len(list))
	for i, d := range list {
		out[i] = d.DisputeSummary
	}
	return out, ctx.Err()
}

// distinct sorts entities and drops repetitions.
func distinct(list []schema.Entity) []schema.Entity {
	slices.SortFunc(list, func(a, b schema.Entity) int { return strings.Compare(a.Key(), b.Key()) })
	return slices.CompactFunc(list, schema.Entity.Same)
}

// Party is who takes part in a dispute, with its side of it.
type Party struct {
	Entity  schema.Entity `json:"entity"`
	Claims  []HeldFact    `json:"claims"`  // what it claims, rejects, recognizes or disputes
	Control []HeldFact    `json:"control"` // what it holds, took, or was given
	Says    []HeldFact    `json:"says"`    // what is told as its words, of whatever kind
}

// Dispute is what is told of a territory, by who takes part.
type Dispute struct {
	Parties     []Party    `json:"parties"`     // claimants first, then holders, then others; each by ID
	Instruments []HeldFact `json:"instruments"` // treaties and rulings
	Timeline    []HeldFact `json:"timeline"`    // all that has a date, in its order
	Other       []HeldFact `json:"other"`       // what stands in none of the above
	Derived     []Derived  `json:"derived"`     // what is said of groups that it is part of, and holds of it too
	Sources     []string   `json:"sources"`     // the documents behind all of this, by their sorted IDs
}

// DisputeOver sets out what scope selects of the territory scope.About and, as
// far as it holds of their members, of the groups that it is part of.
func DisputeOver(ctx context.Context, r Reader, scope Scope, groups []schema.Entity) (Dispute, error) {
	d := Dispute{Parties: []Party{}, Instruments: []HeldFact{}, Timeline: []HeldFact{}, Other: []HeldFact{}, Derived: []Derived{}, Sources: []string{}}
	var facts []schema.Fact
	for f, err := range scope.Facts(ctx, r) {
		if err != nil {
			return d, err
		}
		facts = append(facts, f)
	}
	slices.SortStableFunc(facts, func(a, b schema.Fact) int { return a.Time.Compare(b.Time) })
	holds, err := NewLibrary(r).Certainties(ctx, facts, scope.AsOf)
	if err != nil {
		return d, err
	}
	parties := map[string]*Party{}
	party := func(e schema.Entity) *Party {
		p := parties[e.Key()]
		if p == nil {
			p = &Party{Entity: e, Claims: []HeldFact{}, Control: []HeldFact{}, Says: []HeldFact{}}
			parties[e.Key()] = p
		}
		return p
	}
	docs := map[string]bool{}
	for _, f := range Held(facts, holds) {
		for _, ev := range f.Evidence {
			docs[ev.Doc] = true
		}
		placed := !f.Time.IsZero()
		if placed {
			d.Timeline = append(d.Timeline, f)
		}
		switch f.Predicate {
		case schema.Claims, schema.Rejects, schema.Recognizes:
			p := party(f.Subject)
			p.Claims, placed = append(p.Claims, f), true
		case schema.Disputes:
			for _, side := range []schema.Entity{f.Subject, f.Object} {
				if side.Class.Is(schema.Agent) {
					p := party(side)
					p.Claims, placed = append(p.Claims, f), true
				}
			}
		case schema.Administers, schema.Seized:
			p := party(f.Subject)
			p.Control, placed = append(p.Control, f), true
		case schema.TransferredTo:
			p := party(f.Object)
			p.Control, placed = append(p.Control, f), true
		case schema.PartyTo, schema.Covers, schema.Provides, schema.RuledOn, schema.Delimited:
			d.Instruments, placed = append(d.Instruments, f), true
		case schema.Said:
			p := party(f.Subject)
			p.Says, placed = append(p.Says, f), true
		}
		if !f.AttributedTo.IsZero() {
			p := party(f.AttributedTo)
			p.Says, placed = append(p.Says, f), true
		}
		if !placed {
			d.Other = append(d.Other, f)
		}
	}
	for _, p := range parties {
		d.Parties = append(d.Parties, *p)
	}
	slices.SortFunc(d.Parties, func(a, b Party) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), strings.Compare(a.Entity.Key(), b.Entity.Key()))
	})
	for _, view := range []View{Claims, Control, Disputes, Instruments} {
		derived, err := view.Derived(ctx, r, scope, groups)
		if err != nil {
			return d, err
		}
		for _, group := range derived {
			i := slices.IndexFunc(d.Derived, func(one Derived) bool { return one.Group.Same(group.Group) })
			if i < 0 {
				d.Derived = append(d.Derived, Derived{Group: group.Group})
				i = len(d.Derived) - 1
			}
			d.Derived[i].Facts = append(d.Derived[i].Facts, group.Facts...)
			for _, f := range group.Facts {
				for _, ev := range f.Evidence {
					docs[ev.Doc] = true
				}
			}
		}
	}
	d.Sources = slices.AppendSeq(d.Sources, maps.Keys(docs))
	slices.Sort(d.Sources)
	return d, ctx.Err()
}

// rank orders parties: 0 for who claims, 1 for who holds, 2 for others.
func (p *Party) rank() int {
	switch {
	case slices.ContainsFunc(p.Claims, func(f HeldFact) bool { return f.Predicate == schema.Claims && !f.Negated }):
		return 0
	case len(p.Control) > 0:
		return 1
	}
	return 2
}

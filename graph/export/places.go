package export

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// place is a territory or boundary, or what else somebody claims, administers
// or takes, as maps show it.
type place struct {
	Node
	// Facts about the place of every document, in the source's order.
	claims, administration []schema.Fact
	changes                []schema.Fact // of hands: seizures and transfers
}

// readPlaces returns the places that facts link, sorted by ID, and notes which
// of them have no coordinates.
func readPlaces(ctx context.Context, w *writer, src Source) ([]place, error) {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return nil, err
	}
	about := map[string]*place{}
	at := func(e schema.Entity) *place {
		if about[e.Key()] == nil {
			about[e.Key()] = &place{}
		}
		return about[e.Key()]
	}
	for _, f := range n.edges {
		switch f.Predicate {
		case schema.Claims:
			p := at(f.Object)
			p.claims = append(p.claims, f)
		case schema.Administers:
			p := at(f.Object)
			p.administration = append(p.administration, f)
		case schema.Seized:
			p := at(f.Object)
			p.changes = append(p.changes, f)
		case schema.TransferredTo:
			p := at(f.Subject)
			p.changes = append(p.changes, f)
		}
	}
	var places []place
	var nowhere []string
	for _, node := range n.nodes {
		if node.ID == "" || !node.Class.Is(schema.Place) && about[node.Key()] == nil {
			continue
		}
		p := *at(node.Entity)
		p.Node = node
		places = append(places, p)
		if !p.located() {
			nowhere = append(nowhere, p.Name)
		}
	}
	if len(nowhere) > 0 {
		w.lost = append(w.lost, fmt.Sprintf("places without coordinates, which are in the list but not on the map: %d of %d: %s",
			len(nowhere), len(places), enumerate(nowhere)))
	}
	return places, nil
}

func (p *place) located() bool { return p.Latitude != nil && p.Longitude != nil }

// enumerate lists names for a person to read, not more than a few.
func enumerate(names []string) string {
	const most = 10
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// parties returns who some document itself says does it, sorted by name, each
// once. What is denied, promised or somebody's word is not in it.
func parties(facts []schema.Fact) []string {
	names := []string{}
	for i := range facts {
		if facts[i].Plain() {
			names = append(names, facts[i].Subject.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

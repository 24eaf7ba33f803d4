package cli

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// scopeOptions say which time and whose words a command shows.
type scopeOptions struct {
	asOf    schema.Date
	knownAt schema.Date
	view    string
}

// everybody is the value of --view that leaves nothing out.
const everybody = "all"

// addScopeFlags gives a command the flags of scopeOptions.
func addScopeFlags(f *Factory, cmd *cobra.Command, opts *scopeOptions) {
	addDateFlag(cmd, &opts.asOf, "as-of", "only what may have held on a `date`")
	addKnownAtFlag(cmd, &opts.knownAt)
	addViewFlag(f, cmd, &opts.view)
}

func addViewFlag(f *Factory, cmd *cobra.Command, dest *string) {
	cmd.Flags().StringVar(dest, "view", everybody,
		"whose words count: a `state`'s, with the names that it uses; asserted, for what documents state themselves; or all")
	cmd.RegisterFlagCompletionFunc("view", f.completeEntity)
}

func addKnownAtFlag(cmd *cobra.Command, dest *schema.Date) {
	addDateFlag(cmd, dest, "known-at", "only what documents published by a `date` say; those without a date are left out")
}

// scope resolves the options in a graph.
func (o *scopeOptions) scope(ctx context.Context, g *graph.Graph) (query.Scope, error) {
	s := query.Scope{AsOf: o.asOf, KnownAt: o.knownAt}
	switch o.view {
	case everybody, "":
	case string(query.Asserted):
		s.Side = query.Asserted
	default:
		id, err := resolve(ctx, g, o.view)
		if err != nil {
			return s, err
		}
		s.Side = query.Side(id)
	}
	return s, nil
}

// String says what the options leave, to go behind "the documents tell no …".
func (o *scopeOptions) String() string {
	var parts []string
	if !o.asOf.IsZero() {
		parts = append(parts, "as of "+o.asOf.String())
	}
	if !o.knownAt.IsZero() {
		parts = append(parts, "known at "+o.knownAt.String())
	}
	switch o.view {
	case everybody, "":
	case string(query.Asserted):
		parts = append(parts, "as asserted")
	default:
		parts = append(parts, "as "+o.view+" puts it")
	}
	return strings.Join(parts, ", ")
}

// heldFact is a fact with how sure it is that it holds on the day asked for.
type heldFact struct {
	fact  schema.Fact
	holds schema.Certainty
}

// MarshalJSON adds "holds" to the fact's own keys.
func (h heldFact) MarshalJSON() ([]byte, error) {
	b, err := json.Marshal(h.fact)
	if err != nil {
		return nil, err
	}
	return append(b[:len(b)-1], `,"holds":"`+string(h.holds)+`"}`...), nil
}

// held puts the certainties of facts beside them, where a date is asked for.
func held(facts []schema.Fact, holds map[string]schema.Certainty) any {
	if holds == nil {
		return facts
	}
	list := make([]heldFact, len(facts))
	for i := range facts {
		list[i] = heldFact{facts[i], holds[facts[i].ID()]}
	}
	return list
}

// certainties says of facts, by their IDs, how sure it is that they hold at a
// date; nil where there is none.
func certainties(ctx context.Context, lib *query.Library, facts []schema.Fact, at schema.Date) (map[string]schema.Certainty, error) {
	if at.IsZero() {
		return nil, nil
	}
	holds := map[string]schema.Certainty{}
	for i := range facts {
		c, err := lib.Holds(ctx, &facts[i], at)
		if err != nil {
			return nil, err
		}
		holds[facts[i].ID()] = c
	}
	return holds, nil
}

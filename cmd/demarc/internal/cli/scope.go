package cli

import (
	"context"
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

// addScopeFlags gives a command the flags of scopeOptions.
func addScopeFlags(f *Factory, cmd *cobra.Command, opts *scopeOptions) {
	addDateFlag(cmd, &opts.asOf, "as-of", "only what may have held on a `date`")
	addKnownAtFlag(cmd, &opts.knownAt)
	addViewFlag(f, cmd, &opts.view)
}

func addViewFlag(f *Factory, cmd *cobra.Command, dest *string) {
	cmd.Flags().StringVar(dest, "view", graph.Everybody,
		"whose words count: a `state`'s, with the names that it uses; asserted, for what documents state themselves; or all")
	cmd.RegisterFlagCompletionFunc("view", f.completeEntity)
}

func addKnownAtFlag(cmd *cobra.Command, dest *schema.Date) {
	addDateFlag(cmd, dest, "known-at", "only what documents published by a `date` say; those without a date are left out")
}

// scope resolves the options in a graph.
func (o *scopeOptions) scope(ctx context.Context, g *graph.Graph) (query.Scope, error) {
	s := query.Scope{AsOf: o.asOf, KnownAt: o.knownAt}
	var err error
	s.Side, err = g.Side(ctx, o.view)
	return s, unclear(err)
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
	case graph.Everybody, "":
	case string(query.Asserted):
		parts = append(parts, "as asserted")
	default:
		parts = append(parts, "as "+o.view+" puts it")
	}
	return strings.Join(parts, ", ")
}

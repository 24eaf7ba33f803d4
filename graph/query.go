package graph

import (
	"context"

	"github.com/demarcgraph/demarc/graph/query"
)

// Query runs a query in one of the languages of [query.Languages] on the
// present state of the graph; see [query.Run].
func (g *Graph) Query(ctx context.Context, req query.Request) (*query.Result, error) {
	snapshot, err := g.store.Snapshot()
	if err != nil {
		return nil, err
	}
	return query.Run(ctx, snapshot, g.ns, req)
}

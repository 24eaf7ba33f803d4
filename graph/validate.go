package graph

import (
	"context"
	"fmt"

	"github.com/demarcgraph/demarc/graph/query/shacl"
)

// Validate reports what in the graph does not have the shapes that it should:
// those of demarc's own schema where shapes is nil. What demarc itself stores
// has these always.
func (g *Graph) Validate(ctx context.Context, shapes *shacl.Shapes) (report *shacl.Report, err error) {
	if shapes == nil {
		if shapes, err = shacl.Builtin(); err != nil {
			return nil, fmt.Errorf("graph: %w", err)
		}
	}
	err = g.with(ctx, func(v *view) error {
		report, err = shapes.Validate(ctx, v)
		return err
	})
	return report, err
}

package graph

import (
	"context"
	"iter"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/internal/rdf"
	"github.com/demarcgraph/demarc/schema"
)

// Quads makes a source of quads of anybody's for the RDF formats of package
// export, which is as good as empty for all others.
func Quads(quads []quad.Quad, ns schema.Namespace) export.Source {
	return someQuads{rdf.Sort(quads), ns}
}

type someQuads struct {
	quads []quad.Quad
	ns    schema.Namespace
}

func (x someQuads) Namespace() schema.Namespace { return x.ns }
func (x someQuads) LeftOut() export.LeftOut     { return export.LeftOut{} }

func (x someQuads) Quads(ctx context.Context) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		for _, q := range x.quads {
			if !yield(q, ctx.Err()) {
				return
			}
		}
	}
}

func (x someQuads) Facts(context.Context) iter.Seq2[schema.Fact, error] {
	return func(func(schema.Fact, error) bool) {}
}

func (x someQuads) Node(_ context.Context, id string) (export.Node, error) {
	return export.Node{Entity: schema.Entity{ID: id}}, nil
}

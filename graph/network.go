package graph

import (
	"context"
	"io"

	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/query"
)

// Network is a selection of a graph as nodes and the facts between them.
type Network struct {
	Nodes   []NetworkNode  `json:"nodes"` // sorted by their keys
	Edges   []NetworkEdge  `json:"edges"`
	LeftOut export.LeftOut `json:"leftOut"` // by a limit on nodes
}

// Map writes the places that facts of a selection link in GeoJSON, each with who
// claims and who administers it and with at most opts.MaxFacts of all facts that say
// so.
func (g *Graph) Map(ctx context.Context, w io.Writer, opts export.Options) (report export.Report, err error) {
	err = g.knownAt(opts.KnownAt).with(ctx, func(v *view) error {
		facts, left, err := v.mapped(ctx, opts)
		if err != nil {
			return err
		}
		report.LeftOut = left
		report.Lost, err = export.Write(ctx, w, "geojson", &selection{wholeGraph{v}, facts, left, opts.Side}, opts)
		return err
	})
	return report, err
}

// NetworkNode is an entity or a literal of a network.
type NetworkNode struct {
	Key string `json:"key"` // see [schema.Entity.Key]
	export.Node
	Steps *int `json:"steps,omitempty"` // from what the selection is about; nil where it is about nothing
	Facts int  `json:"facts"`           // edges that it is a side of
}

// NetworkEdge is a fact between two nodes, which it names by their keys.
type NetworkEdge struct {
	Source string         `json:"source"`
	Target string         `json:"target"`
	Fact   query.HeldFact `json:"fact"`
}

// Network returns what opts selects as nodes and edges. Names that documents
// give are aliases of what they name. With opts.AsOf facts say how sure it is
// that they hold.
func (g *Graph) Network(ctx context.Context, opts export.Options) (n Network, err error) {
	n = Network{Nodes: []NetworkNode{}, Edges: []NetworkEdge{}}
	err = g.knownAt(opts.KnownAt).with(ctx, func(v *view) error {
		facts, steps, left, err := v.chosen(ctx, opts)
		if err != nil {
			return err
		}
		n.LeftOut = left
		nodes, edges, err := export.Network(ctx, &selection{wholeGraph{v}, facts, n.LeftOut, opts.Side})
		if err != nil {
			return err
		}
		holds, err := query.NewLibrary(v).Certainties(ctx, edges, opts.AsOf)
		if err != nil {
			return err
		}
		degree := map[string]int{}
		for _, f := range query.Held(edges, holds) {
			e := NetworkEdge{f.Subject.Key(), f.Object.Key(), f}
			n.Edges = append(n.Edges, e)
			degree[e.Source]++
			if e.Target != e.Source {
				degree[e.Target]++
			}
		}
		for _, node := range nodes {
			one := NetworkNode{Key: node.Key(), Node: node, Facts: degree[node.Key()]}
			if away, ok := steps[one.Key]; ok {
				one.Steps = &away
			}
			n.Nodes = append(n.Nodes, one)
		}
		return nil
	})
	return n, err
}

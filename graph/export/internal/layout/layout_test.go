package layout

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

var shapes = []string{"box", "ellipse", "hexagon", "octagon", "diamond"}

// random makes a graph of n nodes and m edges.
func random(seed uint64, n, m int) *Graph {
	r := rand.New(rand.NewPCG(seed, 0))
	g := &Graph{}
	for i := range n {
		g.Nodes = append(g.Nodes, Node{20 + 150*r.Float64(), 12 + 60*r.Float64(), shapes[i%len(shapes)]})
	}
	for range m {
		from := r.IntN(n)
		g.Edges = append(g.Edges, Edge{from, (from + 1 + r.IntN(n-1)) % n, 10 + 100*r.Float64(), 10 + 30*r.Float64(), r.IntN(2) == 0, r.IntN(3) == 0})
	}
	return g
}

// TestArrange checks what makes a drawing legible: nodes and labels keep clear
// of each other, and every line goes from its one node to the other.
func TestArrange(t *testing.T) {
	for _, g := range []*Graph{{}, random(1, 1, 0), random(2, 2, 3), random(3, 8, 12), random(4, 16, 24)} {
		name := fmt.Sprintf("%d nodes, %d edges", len(g.Nodes), len(g.Edges))
		a, err := Arrange(t.Context(), g)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		type box struct {
			what          string
			at            Point
			width, height float64
		}
		var boxes []box
		for i, n := range g.Nodes {
			boxes = append(boxes, box{fmt.Sprint("node ", i), a.Nodes[i], n.Width, n.Height})
		}
		for i, e := range g.Edges {
			route := a.Edges[i]
			boxes = append(boxes, box{fmt.Sprint("label ", i), route.Label, e.Width, e.Height})
			from, to := route.Curve[0], route.Curve[len(route.Curve)-1]
			if e.Tail {
				from = route.Tail
			}
			if e.Head {
				to = route.Head
			}
			touches := func(p Point, i int) bool {
				const slack = 4 // Graphviz clips lines at the outside of the border, which is wide at a sharp corner
				return math.Abs(p.X-a.Nodes[i].X) <= g.Nodes[i].Width/2+slack && math.Abs(p.Y-a.Nodes[i].Y) <= g.Nodes[i].Height/2+slack
			}
			if !touches(from, e.From) || !touches(to, e.To) {
				t.Errorf("%s: edge %d goes from %v to %v and not from node %d %v at %v to %d %v at %v", name, i, from, to, e.From, g.Nodes[e.From], a.Nodes[e.From], e.To, g.Nodes[e.To], a.Nodes[e.To])
			}
		}
		for i, p := range boxes {
			if p.at.X-p.width/2 < -1 || p.at.X+p.width/2 > a.Width+1 || p.at.Y-p.height/2 < -1 || p.at.Y+p.height/2 > a.Height+1 {
				t.Errorf("%s: %s at %v lies outside of %v by %v", name, p.what, p.at, a.Width, a.Height)
			}
			for _, q := range boxes[:i] {
				const slack = 1
				if math.Abs(p.at.X-q.at.X) < (p.width+q.width)/2-slack && math.Abs(p.at.Y-q.at.Y) < (p.height+q.height)/2-slack {
					t.Errorf("%s: %s at %v overlaps %s at %v", name, p.what, p.at, q.what, q.at)
				}
			}
		}
	}
}

// TestArrangeIsTheSame checks that neither a second run nor the way in which
// Graphviz is run changes anything.
func TestArrangeIsTheSame(t *testing.T) {
	g := random(5, 16, 24)
	want, err := Arrange(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Arrange(t.Context(), g)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("another run, another layout (%v)", err)
	}
	got, err = arrange(t.Context(), g, !g.compiles())
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("compiled, another layout than interpreted (%v)", err)
	}
}

func TestArrangeStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Arrange(ctx, random(6, 5, 5)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := Arrange(t.Context(), &Graph{Nodes: []Node{{10, 10, "no such shape;"}}}); err == nil {
		t.Error("a graph that Graphviz cannot read is arranged")
	}
}

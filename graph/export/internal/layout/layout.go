// Package layout arranges boxes and the lines between them with Graphviz, which
// runs as WebAssembly within the program. Nothing is made ready before the
// first layout: a program that draws nothing starts no later for it.
package layout

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed" // Graphviz
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// Graphviz 12.1.2 as github.com/goccy/go-graphviz builds it. That module itself
// makes it ready whenever a program starts, which takes 40 ms at best and most
// of a second where it may keep no cache.
//
//go:generate go run ./fetch
//go:embed graphviz.wasm.gz
var graphviz []byte

// Graph is what to arrange. Sizes are in points.
type Graph struct {
	Nodes []Node
	Edges []Edge
}

// Node is a box and what the lines that lead to it are to touch within it: a
// box, ellipse, hexagon, octagon or diamond, as wide and high as the box.
type Node struct {
	Width, Height float64
	Shape         string
}

// Edge is a line from one node to another, both given by their index, with a
// label as wide and high as that. A line leaves room for an arrow where one is.
type Edge struct {
	From, To      int
	Width, Height float64
	Head, Tail    bool // arrows at To and From
}

// Point is a place; y points down.
type Point struct{ X, Y float64 }

// Arrangement is where things are.
type Arrangement struct {
	Width, Height float64
	Nodes         []Point // the middle of each
	Edges         []Route
}

// Route is where a line and its label are.
type Route struct {
	Curve      []Point // a cubic Bézier spline: one point, and three for each piece
	Head, Tail Point   // where the arrows point at, if there are any
	Label      Point   // the middle
}

// ErrTooLarge says that Graphviz ran out of memory.
var ErrTooLarge = errors.New("layout: too many nodes and lines")

// compileFrom is from how many lines on it takes less time to compile Graphviz
// than to have it interpreted: about a second the one, 10 ms a line the other.
const compileFrom = 100

// Arrange arranges a graph in ranks from left to right. Equal graphs are
// arranged alike, on every machine.
func Arrange(ctx context.Context, g *Graph) (*Arrangement, error) {
	return arrange(ctx, g, g.compiles())
}

func (g *Graph) compiles() bool { return len(g.Edges) >= compileFrom }

func arrange(ctx context.Context, g *Graph, compile bool) (*Arrangement, error) {
	config := wazero.NewRuntimeConfigInterpreter()
	if compile {
		config = wazero.NewRuntimeConfig()
	}
	r := wazero.NewRuntimeWithConfig(ctx, config.WithCloseOnContextDone(true))
	defer r.Close(context.WithoutCancel(ctx)) // frees memory, and fails for nothing we could act on
	engine, err := start(ctx, r)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("layout: %w", err)
	}
	out, err := engine.layout(ctx, g.dot())
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("layout: %w\n%s", err, strings.TrimSpace(engine.stderr.String()))
	}
	return g.read(out)
}

// dot writes the graph with nothing but sizes in it.
func (g *Graph) dot() string {
	var b strings.Builder
	inches := func(points float64) string { return strconv.FormatFloat(points/72, 'f', 4, 64) }
	b.WriteString("digraph {\ngraph [rankdir=LR, nodesep=0.2, ranksep=0.3];\nnode [label=\"\", fixedsize=true];\nedge [arrowsize=0.8];\n")
	for i, n := range g.Nodes {
		fmt.Fprintf(&b, "%d [shape=%s, width=%s, height=%s];\n", i, n.Shape, inches(n.Width), inches(n.Height))
	}
	for i, e := range g.Edges {
		direction := "none"
		switch {
		case e.Head && e.Tail:
			direction = "both"
		case e.Head:
			direction = "forward"
		case e.Tail:
			direction = "back"
		}
		// The label is an empty table of its size, which Graphviz need not measure.
		fmt.Fprintf(&b, "%d -> %d [id=%d, dir=%s, label=<<TABLE BORDER=\"0\" FIXEDSIZE=\"TRUE\" WIDTH=\"%d\" HEIGHT=\"%d\"><TR><TD></TD></TR></TABLE>>];\n",
			e.From, e.To, i, direction, int(e.Width+1), int(e.Height+1))
	}
	b.WriteString("}\n")
	return b.String()
}

// read reads what Graphviz answers.
func (g *Graph) read(text []byte) (*Arrangement, error) {
	var answer struct {
		BB      string `json:"bb"`
		Objects []struct{ Name, Pos string }
		Edges   []struct{ ID, Pos, LP string }
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, fmt.Errorf("layout: the answer of Graphviz: %w", err)
	}
	var bad error
	numbers := func(s string) []float64 {
		var out []float64
		for part := range strings.SplitSeq(s, ",") {
			v, err := strconv.ParseFloat(part, 64)
			if err != nil {
				bad = fmt.Errorf("layout: the answer of Graphviz: %w", err)
			}
			out = append(out, v)
		}
		return append(out, 0, 0, 0, 0)
	}
	bb := numbers(answer.BB)
	out := &Arrangement{Width: bb[2], Height: bb[3], Nodes: make([]Point, len(g.Nodes)), Edges: make([]Route, len(g.Edges))}
	point := func(s string) Point {
		v := numbers(s)
		return Point{v[0], out.Height - v[1]}
	}
	for _, n := range answer.Objects {
		if i, err := strconv.Atoi(n.Name); err == nil && i < len(out.Nodes) {
			out.Nodes[i] = point(n.Pos)
		}
	}
	for _, e := range answer.Edges {
		i, err := strconv.Atoi(e.ID)
		if err != nil || i >= len(out.Edges) {
			return nil, fmt.Errorf("layout: the answer of Graphviz has an edge %q", e.ID)
		}
		route := Route{}
		for part := range strings.FieldsSeq(e.Pos) {
			switch {
			case strings.HasPrefix(part, "s,"):
				route.Tail = point(part[2:])
			case strings.HasPrefix(part, "e,"):
				route.Head = point(part[2:])
			default:
				route.Curve = append(route.Curve, point(part))
			}
		}
		if len(route.Curve) < 4 || len(route.Curve)%3 != 1 {
			return nil, fmt.Errorf("layout: Graphviz drew no line from %d to %d", g.Edges[i].From, g.Edges[i].To)
		}
		route.Label = point(e.LP)
		out.Edges[i] = route
	}
	return out, bad
}

// engine is a running Graphviz.
type engine struct {
	module api.Module
	stderr *bytes.Buffer
}

func start(ctx context.Context, r wazero.Runtime) (*engine, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(graphviz))
	if err != nil {
		return nil, err
	}
	code, err := io.ReadAll(unpacked)
	if err != nil {
		return nil, err
	}
	compiled, err := r.CompileModule(ctx, code)
	if err != nil {
		return nil, err
	}
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, r); err != nil {
		return nil, err
	}
	// What the module would call back in Go is of no use here: plug-ins for
	// drawing, own allocators.
	env := r.NewHostModuleBuilder("env")
	for _, f := range compiled.ImportedFunctions() {
		if module, name, _ := f.Import(); module == "env" {
			unused := api.GoFunc(func(context.Context, []uint64) { panic("layout: Graphviz calls " + name) })
			env.NewFunctionBuilder().WithGoFunction(unused, f.ParamTypes(), f.ResultTypes()).Export(name)
		}
	}
	if _, err := env.Instantiate(ctx); err != nil {
		return nil, err
	}
	e := &engine{stderr: &bytes.Buffer{}}
	e.module, err = r.InstantiateModule(ctx, compiled, wazero.NewModuleConfig().WithStderr(e.stderr).WithStartFunctions("_initialize"))
	return e, err
}

// layout runs Graphviz's "dot" and returns its JSON.
func (e *engine) layout(ctx context.Context, dot string) (out []byte, err error) {
	// Each call is of a function of Graphviz's C interface (cgraph.h, gvc.h).
	call := func(name string, args ...uint64) uint64 {
		if err != nil {
			return 0
		}
		var results []uint64
		if results, err = e.module.ExportedFunction(name).Call(ctx, args...); err != nil || len(results) == 0 {
			return 0
		}
		return results[0]
	}
	memory := e.module.Memory()
	put := func(b []byte) uint64 {
		p := call("malloc", uint64(len(b)))
		if err == nil && (p == 0 || !memory.Write(uint32(p), b)) {
			err = ErrTooLarge
		}
		return p
	}
	text := func(s string) uint64 { return put(append([]byte(s), 0)) }
	word := func(p uint64) uint32 {
		v, ok := memory.ReadUint32Le(uint32(p))
		if !ok && err == nil {
			err = ErrTooLarge
		}
		return v
	}
	// The built-in plug-ins: three pairs of a name and an address, to which the
	// end is to be added.
	plugins, _ := memory.Read(uint32(e.module.ExportedGlobal("lt_preloaded_symbols").Get()), 3*8)
	gvc := call("gvContextPlugins", put(append(bytes.Clone(plugins), make([]byte, 8)...)), 0)
	graph := call("agmemread", text(dot))
	if err == nil && graph == 0 {
		return nil, fmt.Errorf("no graph for Graphviz: %s", strings.TrimSpace(e.stderr.String()))
	}
	failed := call("gvLayout", gvc, graph, text("dot"))
	data, length := put(make([]byte, 4)), put(make([]byte, 4))
	failed |= call("gvRenderData", gvc, graph, text("json0"), data, length)
	if err == nil && failed != 0 {
		err = fmt.Errorf("no layout by Graphviz: %s", strings.TrimSpace(e.stderr.String()))
	}
	if err != nil {
		return nil, err
	}
	out, ok := memory.Read(word(data), word(length))
	if err == nil && !ok {
		err = ErrTooLarge
	}
	return bytes.Clone(out), err
}

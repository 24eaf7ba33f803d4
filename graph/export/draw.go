package export

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/demarcgraph/demarc/graph/export/internal/layout"
	"github.com/demarcgraph/demarc/graph/export/internal/typeset"
	"github.com/demarcgraph/demarc/schema"
)

// ErrTooLarge says that a selection is too large to be drawn legibly.
var ErrTooLarge = errors.New("too much for one drawing: select less, as by --about or --max-nodes")

// mostDrawn is how many facts a drawing may have. Nobody follows more lines
// than that, and the layout would take minutes.
const mostDrawn = 1000

// Sizes of text and how wide it may get before it is broken, in points.
const (
	nodeSize, nodeWidth, nodeLines    = 12, 150, 5
	longWidth, longLines              = 220, 8 // of statements and provisions, which are sentences
	labelSize, labelWidth, labelLines = 9.5, 130, 5
	margin                            = 14
)

// drawing is a graph with a place for everything in it.
type drawing struct {
	width, height float64
	desc          string
	nodes         []drawnNode
	edges         []drawnEdge
	legend        []legendEntry
	note          []typeset.Line
	noteY         float64
}

type drawnNode struct {
	node          *Node
	style         NodeStyle
	text          []typeset.Line
	at            layout.Point // its middle
	width, height float64
}

type drawnEdge struct {
	fact  *schema.Fact
	style EdgeStyle
	both  bool // arrows at both ends
	label []typeset.Line
	route layout.Route
}

// legendEntry says what a shape or a line stands for.
type legendEntry struct {
	node  *NodeStyle
	edge  *EdgeStyle
	both  bool
	label typeset.Line
	x, y  float64 // left, middle
}

// draw arranges the graph and everything that is said of it.
func draw(ctx context.Context, styles *Styles, src Source) (*drawing, error) {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return nil, err
	}
	if len(n.edges) > mostDrawn {
		return nil, fmt.Errorf("%d facts, of at most %d: %w", len(n.edges), mostDrawn, ErrTooLarge)
	}
	setter := typeset.New()
	var g layout.Graph
	d := &drawing{desc: describe(n, src)}
	index := map[string]int{}
	for i := range n.nodes {
		node := drawnNode{node: &n.nodes[i], style: styles.Node(n.nodes[i].Class)}
		width, lines := float64(nodeWidth), nodeLines
		if c := node.node.Class; c.Is(schema.Statement) || c.Is(schema.Provision) || c.Is(schema.Literal) {
			width, lines = longWidth, longLines
		}
		if node.text, err = setter.Wrap(node.node.Name, nodeSize, width, lines); err != nil {
			return nil, err
		}
		node.width, node.height = node.style.around(block(node.text, nodeSize))
		index[node.node.Key()] = i
		d.nodes = append(d.nodes, node)
		g.Nodes = append(g.Nodes, layout.Node{Width: node.width, Height: node.height, Shape: node.style.outline()})
	}
	for i := range n.edges {
		f := &n.edges[i]
		edge := drawnEdge{fact: f, style: styles.Edge(f), both: f.Predicate.Symmetric()}
		if edge.label, err = setter.Wrap(edgeLabel(f), labelSize, labelWidth, labelLines); err != nil {
			return nil, err
		}
		w, h := block(edge.label, labelSize)
		arrow := edge.style.Arrow != "none"
		d.edges = append(d.edges, edge)
		g.Edges = append(g.Edges, layout.Edge{From: index[f.Subject.Key()], To: index[f.Object.Key()],
			Width: w + 4, Height: h + 2, Head: arrow, Tail: arrow && edge.both})
	}
	arranged, err := layout.Arrange(ctx, &g)
	if err != nil {
		return nil, err
	}
	shift := func(p layout.Point) layout.Point { return layout.Point{X: p.X + margin, Y: p.Y + margin} }
	for i := range d.nodes {
		d.nodes[i].at = shift(arranged.Nodes[i])
	}
	for i := range d.edges {
		route := arranged.Edges[i]
		for k := range route.Curve {
			route.Curve[k] = shift(route.Curve[k])
		}
		route.Head, route.Tail, route.Label = shift(route.Head), shift(route.Tail), shift(route.Label)
		d.edges[i].route = route
	}
	d.width, d.height = arranged.Width+2*margin, arranged.Height+2*margin
	return d, d.addLegend(setter, styles, src.LeftOut())
}

// describe is a sentence for those who cannot see the drawing.
func describe(n *network, src Source) string {
	text := fmt.Sprintf("A graph of %d nodes and %d facts.", len(n.nodes), len(n.edges))
	if left := src.LeftOut(); !left.IsZero() {
		text += " " + sentenceOf(left)
	}
	return text
}

// sentenceOf writes what was left out as a sentence.
func sentenceOf(left LeftOut) string {
	s := left.String()
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// block is how wide and high lines of text are.
func block(lines []typeset.Line, size float64) (width, height float64) {
	for i := range lines {
		width = max(width, lines[i].Width)
	}
	return width, float64(len(lines)) * size * typeset.LineHeight
}

// outline is the shape that lines lead to.
func (s NodeStyle) outline() string {
	switch s.Shape {
	case "ellipse", "hexagon", "octagon", "diamond":
		return s.Shape
	}
	return "box"
}

// around is how wide and high the shape is that holds text of that size.
func (s NodeStyle) around(w, h float64) (width, height float64) {
	switch s.Shape {
	case "ellipse":
		return w*math.Sqrt2 + 6, h*math.Sqrt2 + 4
	case "hexagon":
		return w*1.46 + 10, h*1.6 + 4
	case "octagon":
		return w*1.17 + 12, h*1.8 + 4
	case "diamond":
		return w*1.64 + 10, h*2.6 + 4
	case "plain":
		return w + 4, h + 2
	}
	return w + 16, h + 10
}

// addLegend adds below the graph what its shapes and lines stand for, as far as
// it has them, and what was left out.
func (d *drawing) addLegend(setter *typeset.Setter, styles *Styles, left LeftOut) error {
	var entries []legendEntry
	add := func(e legendEntry, label string) error {
		lines, err := setter.Wrap(label, labelSize, 300, 1)
		e.label = lines[0]
		entries = append(entries, e)
		return err
	}
	used := map[schema.Class]bool{}
	for i := range d.nodes {
		used[d.nodes[i].node.Class] = true
	}
	for _, c := range schema.Classes() {
		if used[c.Class] && c.Class != schema.Literal {
			style := styles.Node(c.Class)
			if err := add(legendEntry{node: &style}, string(c.Class)); err != nil {
				return err
			}
		}
	}
	firstLine := len(entries)
	predicates, standings, denied := map[schema.Predicate]bool{}, map[string]bool{}, false
	for i := range d.edges {
		f := d.edges[i].fact
		predicates[f.Predicate], standings[standing(f)] = true, true
		denied = denied || f.Negated
	}
	for _, p := range schema.Predicates() {
		if predicates[p.Predicate] {
			style := styles.Edge(&schema.Fact{Predicate: p.Predicate})
			if err := add(legendEntry{edge: &style, both: p.Symmetric}, p.Label); err != nil {
				return err
			}
		}
	}
	firstStanding := len(entries)
	plain := EdgeStyle{Color: "#000000", Arrow: "none", Width: 1.5}
	for _, s := range []struct{ standing, label string }{
		{standsAsserted, "as the documents state"}, {standsAttributed, "as a party says"},
		{standsUnfulfilled, "promised, planned, conditional or alleged"},
	} {
		if standings[s.standing] && len(standings) > 1 {
			style := plain
			style.Line = styles.lines[s.standing]
			if err := add(legendEntry{edge: &style}, s.label); err != nil {
				return err
			}
		}
	}
	if denied {
		style := plain
		style.Line, style.Arrow = styles.lines[standsAsserted], styles.denied
		if err := add(legendEntry{edge: &style}, "denied"); err != nil {
			return err
		}
	}
	const sample, gap, row = 34, 16, 20 // of a drawn example, between entries, from row to row
	d.width = max(d.width, 420)
	x, y := float64(margin), d.height+row/2
	for i := range entries {
		e := &entries[i]
		width := sample + 6 + e.label.Width
		if x > margin && x+width > d.width-margin || i == firstLine && x > margin || i == firstStanding && x > margin {
			x, y = margin, y+row
		}
		e.x, e.y = x, y
		x += width + gap
	}
	d.legend = entries
	if len(entries) > 0 {
		d.height = y + row/2 + margin
	}
	if !left.IsZero() {
		lines, err := setter.Wrap(sentenceOf(left), labelSize, d.width-2*margin, 3)
		if err != nil {
			return err
		}
		_, h := block(lines, labelSize)
		d.note, d.noteY = lines, d.height
		d.height += h + margin
	}
	return nil
}

// ink is how a path is painted; what is empty is not.
type ink struct {
	fill, stroke string
	width        float64
	line         string // of the stroke: solid, dashed or dotted
}

// dashes is the pattern of the stroke, in points.
func (k ink) dashes() []float64 {
	switch k.line {
	case "dashed":
		return []float64{6, 4}
	case "dotted":
		return []float64{max(k.width, 1), 3}
	}
	return nil
}

// canvas is what is drawn on.
type canvas interface {
	// group begins a part that stands for something, and end ends it.
	group(class, id, title string)
	end()
	path(p path, with ink)
	// text writes lines around a middle: anchor "middle", or from it: "start".
	text(lines []typeset.Line, at layout.Point, size float64, anchor, color string)
}

// path is a sequence of straight lines and cubic Béziers.
type path struct {
	points [][]layout.Point // by piece: one point to move to or draw a line to, three for a curve
	closed bool
	circle float64 // instead: an ellipse around the only point, of that radius
	ratio  float64 // of its height to its width
}

func polygon(points ...layout.Point) path {
	p := path{closed: true}
	for _, pt := range points {
		p.points = append(p.points, []layout.Point{pt})
	}
	return p
}

func line(points ...layout.Point) path {
	p := polygon(points...)
	p.closed = false
	return p
}

func ellipse(at layout.Point, rx, ry float64) path {
	return path{points: [][]layout.Point{{at}}, circle: rx, ratio: ry / rx}
}

// paint draws everything: the lines first, then the nodes, then the labels of
// the lines, so that no line runs through a text.
func (d *drawing) paint(c canvas) {
	for i := range d.edges {
		e := &d.edges[i]
		c.group("edge "+string(e.fact.Predicate), e.fact.ID(), edgeTitle(e.fact))
		curve := path{points: [][]layout.Point{e.route.Curve[:1]}}
		for k := 1; k+2 < len(e.route.Curve); k += 3 {
			curve.points = append(curve.points, e.route.Curve[k:k+3])
		}
		c.path(curve, ink{stroke: e.style.Color, width: e.style.Width, line: e.style.Line})
		if e.style.Arrow != "none" {
			paintArrow(c, e.style, e.route.Curve[len(e.route.Curve)-1], e.route.Head)
			if e.both {
				paintArrow(c, e.style, e.route.Curve[0], e.route.Tail)
			}
		}
		c.end()
	}
	for i := range d.nodes {
		n := &d.nodes[i]
		c.group("node "+string(n.node.Class), n.node.Key(), nodeTitle(n.node))
		paintShape(c, n.style, n.at, n.width, n.height)
		c.text(n.text, n.at, nodeSize, "middle", n.style.Text)
		c.end()
	}
	for i := range d.edges {
		e := &d.edges[i]
		w, h := block(e.label, labelSize)
		at := e.route.Label
		c.path(polygon(corners(at, w+3, h)...), ink{fill: "#FFFFFF"})
		c.text(e.label, at, labelSize, "middle", "#000000")
	}
	for i := range d.legend {
		e := &d.legend[i]
		middle := layout.Point{X: e.x + 17, Y: e.y}
		if e.node != nil {
			paintShape(c, *e.node, middle, 28, 13)
		} else {
			from, to := layout.Point{X: e.x, Y: e.y}, layout.Point{X: e.x + 34, Y: e.y}
			begin, end := from, to
			if e.edge.Arrow != "none" {
				end.X -= 8
				if e.both {
					begin.X += 8
				}
			}
			c.path(line(begin, end), ink{stroke: e.edge.Color, width: e.edge.Width, line: e.edge.Line})
			if e.edge.Arrow != "none" {
				paintArrow(c, *e.edge, end, to)
				if e.both {
					paintArrow(c, *e.edge, begin, from)
				}
			}
		}
		c.text([]typeset.Line{e.label}, layout.Point{X: e.x + 40, Y: e.y}, labelSize, "start", "#000000")
	}
	if len(d.note) > 0 {
		_, h := block(d.note, labelSize)
		c.text(d.note, layout.Point{X: margin, Y: d.noteY + h/2}, labelSize, "start", "#000000")
	}
}

// edgeTitle is what one wants to know of a fact when pointing at its line.
func edgeTitle(f *schema.Fact) string {
	lines := []string{f.Subject.Name + " " + edgeLabel(f) + " " + f.Object.Name}
	for _, ev := range f.Evidence {
		lines = append(lines, fmt.Sprintf("“%s” (%s:%d)", ev.Text, ev.Doc, ev.Line))
	}
	return strings.Join(lines, "\n")
}

// nodeTitle is what one wants to know of a node when pointing at it.
func nodeTitle(n *Node) string {
	title := n.Name + " (" + cmp.Or(n.Kind, string(n.Class)) + ")"
	if len(n.Aliases) > 0 {
		title += "\n" + strings.Join(n.Aliases, ", ")
	}
	return title
}

// corners are those of a box around a point.
func corners(at layout.Point, width, height float64) []layout.Point {
	x, y := width/2, height/2
	return []layout.Point{{X: at.X - x, Y: at.Y - y}, {X: at.X + x, Y: at.Y - y}, {X: at.X + x, Y: at.Y + y}, {X: at.X - x, Y: at.Y + y}}
}

// paintShape draws what a node is drawn as, so wide and high.
func paintShape(c canvas, style NodeStyle, at layout.Point, width, height float64) {
	with := ink{fill: style.Fill, stroke: "#000000", width: 1, line: "solid"}
	rx, ry := width/2, height/2
	// at a share of the width and height from the middle
	p := func(x, y float64) layout.Point { return layout.Point{X: at.X + x*rx, Y: at.Y + y*ry} }
	switch style.Shape {
	case "ellipse":
		c.path(ellipse(at, rx, ry), with)
	case "hexagon":
		c.path(polygon(p(-1, 0), p(-0.5, -1), p(0.5, -1), p(1, 0), p(0.5, 1), p(-0.5, 1)), with)
	case "octagon":
		const k = math.Sqrt2 - 1
		c.path(polygon(p(-1, -k), p(-k, -1), p(k, -1), p(1, -k), p(1, k), p(k, 1), p(-k, 1), p(-1, k)), with)
	case "diamond":
		c.path(polygon(p(-1, 0), p(0, -1), p(1, 0), p(0, 1)), with)
	case "note": // a corner is folded
		fold := min(7, ry/2)
		x, y := 1-fold/rx, -1+fold/ry
		c.path(polygon(p(-1, -1), p(x, -1), p(1, y), p(1, 1), p(-1, 1)), with)
		c.path(line(p(x, -1), p(x, y), p(1, y)), ink{stroke: with.stroke, width: with.width, line: with.line})
	case "rounded":
		c.path(roundedBox(at, rx, ry, min(7, ry)), with)
	case "plain":
		c.path(polygon(corners(at, width, height)...), ink{fill: style.Fill})
	default:
		c.path(polygon(corners(at, width, height)...), with)
	}
}

func roundedBox(at layout.Point, rx, ry, r float64) path {
	const k = 0.5523 // how far along its tangents a Bézier's points are to make a quarter of a circle
	p := path{closed: true}
	to := func(points ...layout.Point) { p.points = append(p.points, points) }
	pt := func(x, y float64) layout.Point { return layout.Point{X: at.X + x, Y: at.Y + y} }
	to(pt(-rx+r, -ry))
	to(pt(rx-r, -ry))
	to(pt(rx-r+k*r, -ry), pt(rx, -ry+r-k*r), pt(rx, -ry+r))
	to(pt(rx, ry-r))
	to(pt(rx, ry-r+k*r), pt(rx-r+k*r, ry), pt(rx-r, ry))
	to(pt(-rx+r, ry))
	to(pt(-rx+r-k*r, ry), pt(-rx, ry-r+k*r), pt(-rx, ry-r))
	to(pt(-rx, -ry+r))
	to(pt(-rx, -ry+r-k*r), pt(-rx+r-k*r, -ry), pt(-rx+r, -ry))
	return p
}

// paintArrow draws an arrow from where its line ends to what it points at.
func paintArrow(c canvas, style EdgeStyle, from, to layout.Point) {
	dx, dy := to.X-from.X, to.Y-from.Y
	length := math.Hypot(dx, dy)
	if length == 0 {
		return
	}
	dx, dy = dx/length, dy/length
	// so far along the line, and so far beside it
	p := func(along, beside float64) layout.Point {
		return layout.Point{X: from.X + along*dx - beside*dy, Y: from.Y + along*dy + beside*dx}
	}
	half := 2.6 + style.Width/2
	stroke := ink{stroke: style.Color, width: max(style.Width, 1), line: "solid"}
	fill := ink{fill: style.Color, stroke: style.Color, width: 0.5, line: "solid"}
	switch style.Arrow {
	case "normal":
		c.path(polygon(p(length, 0), p(0, half), p(0, -half)), fill)
	case "open":
		c.path(line(from, to), stroke)
		c.path(line(p(0, half), p(length, 0), p(0, -half)), stroke)
	case "diamond":
		c.path(polygon(p(length, 0), p(length/2, half), p(0, 0), p(length/2, -half)), fill)
	case "dot":
		c.path(ellipse(p(length/2, 0), length/2, length/2), fill)
	case "bar":
		c.path(line(from, to), stroke)
		c.path(line(p(length-1.5, half+1.5), p(length-1.5, -half-1.5)), ink{stroke: style.Color, width: max(style.Width, 1) + 1, line: "solid"})
	}
}

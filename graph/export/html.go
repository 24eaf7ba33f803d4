package export

import (
	"context"
	_ "embed" // the page
	"encoding/json"
	"errors"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// The page's parts. page.min.js is Cytoscape.js with page/page.js, as npm builds
// them.
//
//go:generate sh -c "cd page && npm ci --silent --no-audit --no-fund && npm run --silent build"
var (
	//go:embed page/page.html
	pageHTML string
	//go:embed page/page.css
	pageCSS string
	//go:embed page/page.min.js
	pageScript string
)

// pageGraph is what the page draws.
type pageGraph struct {
	Nodes      []pageNode      `json:"nodes"`
	Facts      []pageFact      `json:"facts"`
	Classes    []pageClass     `json:"classes"`
	Predicates []pagePredicate `json:"predicates"`
}

type pageNode struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	Class   schema.Class `json:"class"`
	Kind    string       `json:"kind,omitempty"`
	Aliases []string     `json:"aliases,omitempty"`
	Shape   string       `json:"shape"`
	Fill    string       `json:"fill"`
	Text    string       `json:"text"`
	Width   float64      `json:"width"`
	Height  float64      `json:"height"`
	Wrap    float64      `json:"wrap"`        // where its text is broken
	X       *float64     `json:"x,omitempty"` // its middle, where it has a place
	Y       *float64     `json:"y,omitempty"`
}

type pageFact struct {
	ID         string            `json:"id"`
	Subject    string            `json:"subject"`
	Object     string            `json:"object"`
	Predicate  schema.Predicate  `json:"predicate"`
	Label      string            `json:"label"`
	Symmetric  bool              `json:"symmetric,omitempty"`
	Color      string            `json:"color"`
	Arrow      string            `json:"arrow"`
	Line       string            `json:"line"`
	Width      float64           `json:"width"`
	X          *float64          `json:"x,omitempty"` // the middle of its label, where it has a place
	Y          *float64          `json:"y,omitempty"`
	From       *int              `json:"from,omitempty"` // years, both inclusive
	To         *int              `json:"to,omitempty"`
	Rule       string            `json:"rule"`
	Confidence float64           `json:"confidence"`
	Evidence   []schema.Evidence `json:"evidence"`
}

type pageClass struct {
	Class schema.Class `json:"class"`
	Fill  string       `json:"fill"`
	Count int          `json:"count"`
}

type pagePredicate struct {
	Predicate schema.Predicate `json:"predicate"`
	Label     string           `json:"label"`
	Color     string           `json:"color"`
	Width     float64          `json:"width"`
	Count     int              `json:"count"`
}

// writeHTML writes a page that draws the graph, to be searched, filtered by
// predicate and year, and asked for its sentences. It needs nothing but itself.
func writeHTML(ctx context.Context, w *writer, src Source) error {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return err
	}
	// What is too large to be drawn on paper is laid out by the page itself.
	d, err := draw(ctx, w.styles, src)
	if errors.Is(err, ErrTooLarge) {
		d, err = nil, nil
	}
	if err != nil {
		return err
	}
	var g pageGraph
	classes, predicates := map[schema.Class]int{}, map[schema.Predicate]int{}
	for i := range n.nodes {
		node := &n.nodes[i]
		style := w.styles.Node(node.Class)
		out := pageNode{ID: node.Key(), Name: node.Name, Class: node.Class, Kind: node.Kind, Aliases: node.Aliases,
			Shape: style.Shape, Fill: style.Fill, Text: style.Text, Width: 130, Height: 40, Wrap: 120}
		if d != nil {
			drawn := &d.nodes[i]
			textWidth, _ := block(drawn.text, nodeSize)
			out.Width, out.Height, out.X, out.Y, out.Wrap = drawn.width, drawn.height, &drawn.at.X, &drawn.at.Y, textWidth+6
		}
		g.Nodes = append(g.Nodes, out)
		classes[node.Class]++
	}
	for i := range n.edges {
		f := &n.edges[i]
		style := w.styles.Edge(f)
		out := pageFact{ID: f.ID(), Subject: f.Subject.Key(), Object: f.Object.Key(), Predicate: f.Predicate, Label: edgeLabel(f),
			Symmetric: f.Predicate.Symmetric(), Color: style.Color, Arrow: style.Arrow, Line: style.Line, Width: style.Width,
			Rule: f.Rule, Confidence: f.Confidence, Evidence: f.Evidence}
		if d != nil {
			out.X, out.Y = &d.edges[i].route.Label.X, &d.edges[i].route.Label.Y
		}
		first, last := f.Time.Since, f.Time.Until
		if !f.Time.Date.IsZero() {
			first, last = f.Time.Date, f.Time.Date
		}
		if !first.IsZero() {
			year := first.First().Year
			out.From = &year
		}
		if !last.IsZero() {
			year := last.Last().Year
			out.To = &year
		}
		g.Facts = append(g.Facts, out)
		predicates[f.Predicate]++
	}
	for _, c := range schema.Classes() {
		if count := classes[c.Class]; count > 0 {
			g.Classes = append(g.Classes, pageClass{c.Class, w.styles.Node(c.Class).Fill, count})
		}
	}
	for _, p := range schema.Predicates() {
		if count := predicates[p.Predicate]; count > 0 {
			style := w.styles.Edge(&schema.Fact{Predicate: p.Predicate})
			g.Predicates = append(g.Predicates, pagePredicate{p.Predicate, p.Label, style.Color, style.Width, count})
		}
	}
	// The escapes of JSON for HTML keep what is in quotes from ending the script.
	data, err := json.Marshal(g)
	if err != nil {
		return err
	}
	title := "demarc"
	w.text(strings.NewReplacer("{{.Title}}", title, "{{.CSS}}", pageCSS, "{{.Description}}", escapeXML(describe(n, src)),
		"{{.Data}}", string(data), "{{.Script}}", strings.ReplaceAll(pageScript, "</script", `<\/script`)).Replace(pageHTML))
	return nil
}

package export

import (
	"context"
	"encoding/xml"
	"math"
	"strconv"

	"github.com/demarcgraph/demarc/schema"
)

// writeGEXF writes GEXF 1.3 for Gephi: facts with the time they hold at, for
// its timeline, and nodes and lines in their colours. Facts of one predicate
// are of one kind, because Gephi keeps lines between the same two nodes apart
// by their kind. All are directed, as in GraphML and for its reason.
func writeGEXF(ctx context.Context, w *writer, src Source) error {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return err
	}
	w.text(xml.Header, `<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">`, "\n",
		"  <meta>\n    <creator>demarc</creator>\n    <description>", w.xml(describe(n, src)), "</description>\n  </meta>\n",
		`  <graph defaultedgetype="directed" mode="dynamic" timeformat="date">`, "\n")
	nodeKeys, edgeKeys := graphMLKeys(n)
	declare := func(class string, keys []attribute) {
		w.text(`    <attributes class="`, class, "\" mode=\"static\">\n")
		for _, k := range keys {
			w.text(`      <attribute id="`, w.xml(k.name), `" title="`, w.xml(k.name), `" type="`, k.kind(), "\"/>\n")
		}
		w.text("    </attributes>\n")
	}
	declare("node", nodeKeys)
	declare("edge", edgeKeys)
	values := func(attrs []attribute) {
		w.text("        <attvalues>\n")
		for _, a := range attrs {
			w.text(`          <attvalue for="`, w.xml(a.name), `" value="`, w.xml(plainText(a.value)), "\"/>\n")
		}
		w.text("        </attvalues>\n")
	}
	color := func(hex string) {
		r, g, b := rgb(hex)
		w.text(`        <viz:color r="`, strconv.Itoa(r), `" g="`, strconv.Itoa(g), `" b="`, strconv.Itoa(b), "\"/>\n")
	}
	degree := map[string]int{}
	for i := range n.edges {
		degree[n.edges[i].Subject.Key()]++
		degree[n.edges[i].Object.Key()]++
	}
	w.text("    <nodes>\n")
	for i := range n.nodes {
		node := &n.nodes[i]
		style := w.styles.Node(node.Class)
		w.text(`      <node id="`, w.xml(node.Key()), `" label="`, w.xml(node.Name), "\">\n")
		values(nodeAttributes(node))
		color(style.Fill)
		w.text(`        <viz:size value="`, number(10+4*math.Sqrt(float64(degree[node.Key()]))), "\"/>\n",
			`        <viz:shape value="`, gexfShape(style.Shape), "\"/>\n      </node>\n")
	}
	w.text("    </nodes>\n    <edges>\n")
	for i := range n.edges {
		f := &n.edges[i]
		style := w.styles.Edge(f)
		info, _ := f.Predicate.Info()
		w.text(`      <edge id="`, f.ID(), `" source="`, w.xml(f.Subject.Key()), `" target="`, w.xml(f.Object.Key()),
			`" kind="`, w.xml(info.Label), `" label="`, w.xml(edgeLabel(f)), "\">\n")
		values(edgeAttributes(f))
		if from, to := spell(f.Time); from != "" || to != "" {
			w.text("        <spells>\n          <spell")
			if from != "" {
				w.text(` start="`, from, `"`)
			}
			if to != "" {
				w.text(` end="`, to, `"`)
			}
			w.text("/>\n        </spells>\n")
		}
		color(style.Color)
		w.text(`        <viz:thickness value="`, number(style.Width), "\"/>\n",
			`        <viz:shape value="`, style.Line, "\"/>\n      </edge>\n")
	}
	w.text("    </edges>\n  </graph>\n</gexf>\n")
	return nil
}

// spell is the time at which a fact may hold, from its first day to its last,
// "" where that is open.
func spell(t schema.Time) (from, to string) {
	first, last := t.Since, t.Until
	if !t.Date.IsZero() {
		first, last = t.Date, t.Date
	}
	if !first.IsZero() {
		from = first.First().String()
	}
	if !last.IsZero() {
		to = last.Last().String()
	}
	return from, to
}

func gexfShape(shape string) string {
	switch shape {
	case "diamond":
		return "diamond"
	case "box", "rounded", "note", "plain":
		return "square"
	}
	return "disc"
}

// rgb splits a colour written #RRGGBB.
func rgb(hex string) (r, g, b int) {
	v, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return 0, 0, 0
	}
	return int(v >> 16), int(v >> 8 & 0xFF), int(v & 0xFF)
}

package export

import (
	"context"
	"encoding/xml"
)

// How yEd names what styles say.
var (
	yedShapes = map[string]string{"box": "rectangle", "rounded": "roundrectangle", "ellipse": "ellipse", "hexagon": "hexagon",
		"octagon": "octagon", "diamond": "diamond", "note": "rectangle", "plain": "rectangle"}
	yedArrows = map[string]string{"normal": "standard", "open": "plain", "diamond": "diamond", "dot": "circle", "bar": "t_shape", "none": "none"}
	yedLines  = map[string]string{"solid": "line", "dashed": "dashed", "dotted": "dotted"}
)

// writeYEd writes GraphML with yEd's own elements: labels, shapes, colours and
// places, so that it opens as it is drawn here.
func writeYEd(ctx context.Context, w *writer, src Source) error {
	d, err := draw(ctx, w.styles, src)
	if err != nil {
		return err
	}
	w.text(xml.Header, `<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml"`,
		` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`,
		` xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://www.yworks.com/xml/schema/graphml/1.1/ygraphml.xsd">`, "\n",
		`  <key id="description" for="node" attr.name="description" attr.type="string"/>`, "\n",
		`  <key id="nodegraphics" for="node" yfiles.type="nodegraphics"/>`, "\n",
		`  <key id="edgedescription" for="edge" attr.name="description" attr.type="string"/>`, "\n",
		`  <key id="predicate" for="edge" attr.name="predicate" attr.type="string"/>`, "\n",
		`  <key id="edgegraphics" for="edge" yfiles.type="edgegraphics"/>`, "\n",
		"  <graph id=\"demarc\" edgedefault=\"directed\">\n    <desc>", w.xml(d.desc), "</desc>\n")
	for i := range d.nodes {
		n := &d.nodes[i]
		w.text(`    <node id="`, graphMLID(n.node.Entity), "\">\n",
			`      <data key="description">`, w.xml(nodeTitle(n.node)), "</data>\n",
			`      <data key="nodegraphics"><y:ShapeNode><y:Geometry x="`, number(n.at.X-n.width/2), `" y="`, number(n.at.Y-n.height/2),
			`" width="`, number(n.width), `" height="`, number(n.height), `"/><y:Fill color="`, n.style.Fill,
			`" transparent="false"/><y:BorderStyle color="#000000" type="line" width="1.0"/><y:NodeLabel fontSize="12" textColor="`, n.style.Text, `">`)
		for k := range n.text {
			if k > 0 {
				w.text("\n")
			}
			w.text(w.xml(n.text[k].Text))
		}
		w.text(`</y:NodeLabel><y:Shape type="`, yedShapes[n.style.Shape], "\"/></y:ShapeNode></data>\n    </node>\n")
	}
	for i := range d.edges {
		e := &d.edges[i]
		source := "none"
		if e.both {
			source = yedArrows[e.style.Arrow]
		}
		w.text(`    <edge id="`, e.fact.ID(), `" source="`, graphMLID(e.fact.Subject), `" target="`, graphMLID(e.fact.Object), "\">\n",
			`      <data key="edgedescription">`, w.xml(edgeTitle(e.fact)), "</data>\n",
			`      <data key="predicate">`, w.xml(string(e.fact.Predicate)), "</data>\n",
			`      <data key="edgegraphics"><y:PolyLineEdge><y:LineStyle color="`, e.style.Color, `" type="`, yedLines[e.style.Line],
			`" width="`, number(e.style.Width), `"/><y:Arrows source="`, source, `" target="`, yedArrows[e.style.Arrow], `"/><y:EdgeLabel fontSize="10">`)
		for k := range e.label {
			if k > 0 {
				w.text("\n")
			}
			w.text(w.xml(e.label[k].Text))
		}
		w.text("</y:EdgeLabel></y:PolyLineEdge></data>\n    </edge>\n")
	}
	w.text("  </graph>\n</graphml>\n")
	return nil
}

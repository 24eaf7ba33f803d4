package export

import (
	"context"
	"encoding/json"
)

// d3Values are the attributes of a node or link, by their names.
func d3Values(attrs []attribute) map[string]any {
	v := map[string]any{}
	for _, a := range attrs {
		v[a.name] = a.value
	}
	return v
}

// writeD3 writes the nodes and links that D3's force simulation and its many
// relatives take, one a line.
func writeD3(ctx context.Context, w *writer, src Source) error {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return err
	}
	list := func(name string, count int, element func(int) map[string]any) error {
		w.text(quoteJSON(name), ": [")
		for i := range count {
			text, err := json.Marshal(element(i))
			if err != nil {
				return err
			}
			if i > 0 {
				w.text(",")
			}
			w.text("\n  ", string(text))
		}
		w.text("\n]")
		return nil
	}
	w.text(`{"description": `, quoteJSON(describe(n, src)), ",\n")
	err = list("nodes", len(n.nodes), func(i int) map[string]any {
		node := &n.nodes[i]
		v := d3Values(nodeAttributes(node))
		style := w.styles.Node(node.Class)
		v["id"], v["color"], v["textColor"], v["shape"] = node.Key(), style.Fill, style.Text, style.Shape
		return v
	})
	if err != nil {
		return err
	}
	w.text(",\n")
	err = list("links", len(n.edges), func(i int) map[string]any {
		f := &n.edges[i]
		v := d3Values(edgeAttributes(f))
		style := w.styles.Edge(f)
		v["id"], v["source"], v["target"] = f.ID(), f.Subject.Key(), f.Object.Key()
		v["color"], v["line"], v["arrow"], v["width"], v["symmetric"] = style.Color, style.Line, style.Arrow, style.Width, f.Predicate.Symmetric()
		return v
	})
	w.text("}\n")
	return err
}

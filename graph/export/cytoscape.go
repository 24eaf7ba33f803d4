package export

import (
	"context"
	"encoding/json"
)

// writeCytoscape writes the JSON that Cytoscape.js takes as its elements and
// Cytoscape imports, an element a line. Keys are sorted.
func writeCytoscape(ctx context.Context, w *writer, src Source) error {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return err
	}
	element := func(i int, attrs []attribute) error {
		data := map[string]any{}
		for _, a := range attrs {
			data[a.name] = a.value
		}
		text, err := json.Marshal(map[string]any{"data": data})
		if i > 0 {
			w.text(",")
		}
		w.text("\n    ", string(text))
		return err
	}
	w.text(`{"format_version": "1.0", "generated_by": "demarc", "target_cytoscapejs_version": "~3.0", "data": {"name": "demarc"`)
	if left := src.LeftOut(); !left.IsZero() {
		w.text(`, "leftOut": `, quoteJSON(left.String()))
	}
	w.text(`}, "elements": {`, "\n  \"nodes\": [")
	for i := range n.nodes {
		attrs := append(nodeAttributes(&n.nodes[i]), attribute{"id", n.nodes[i].Key()}, attribute{"name", n.nodes[i].Name})
		if err := element(i, attrs); err != nil {
			return err
		}
	}
	w.text("\n  ],\n  \"edges\": [")
	for i := range n.edges {
		f := &n.edges[i]
		attrs := append(edgeAttributes(f), attribute{"id", f.ID()},
			attribute{"source", f.Subject.Key()}, attribute{"target", f.Object.Key()}, attribute{"interaction", string(f.Predicate)})
		if err := element(i, attrs); err != nil {
			return err
		}
	}
	w.text("\n  ]\n}}\n")
	return nil
}

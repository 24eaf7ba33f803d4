package export

import (
	"context"
	"strings"
)

// How Graphviz names what styles say.
var (
	dotShapes = map[string]string{"box": "box", "rounded": "box", "ellipse": "ellipse", "hexagon": "hexagon",
		"octagon": "octagon", "diamond": "diamond", "note": "note", "plain": "plaintext"}
	dotArrows = map[string]string{"normal": "normal", "open": "vee", "diamond": "diamond", "dot": "dot", "bar": "tee", "none": "none"}
)

// writeDOT writes a directed graph for Graphviz, drawn as the styles say. Classes
// and tooltips are for the SVG that Graphviz makes.
func writeDOT(ctx context.Context, w *writer, src Source) error {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return err
	}
	if left := src.LeftOut(); !left.IsZero() {
		w.text("// ", left.String(), "\n")
	}
	w.text("digraph demarc {\n",
		"  graph [rankdir=LR, overlap=false, splines=true];\n",
		"  node [fontname=\"Helvetica\"];\n",
		"  edge [fontname=\"Helvetica\", fontsize=10];\n")
	for _, node := range n.nodes {
		style := w.styles.Node(node.Class)
		looks := "filled"
		if style.Shape == "rounded" {
			looks = `"rounded,filled"`
		}
		w.text("  ", quoteDOT(node.Key()), " [label=", quoteDOT(node.Name), ", shape=", dotShapes[style.Shape], ", style=", looks,
			", fillcolor=", quoteDOT(style.Fill), ", fontcolor=", quoteDOT(style.Text),
			", class=", quoteDOT(string(node.Class)), ", tooltip=", quoteDOT(string(node.Class)), "];\n")
	}
	for _, f := range n.edges {
		style := w.styles.Edge(&f)
		w.text("  ", quoteDOT(f.Subject.Key()), " -> ", quoteDOT(f.Object.Key()), " [id=", quoteDOT(f.ID()),
			", label=", quoteDOT(edgeLabel(&f)), ", color=", quoteDOT(style.Color), ", style=", style.Line,
			", penwidth=", plainText(style.Width), ", arrowhead=", dotArrows[style.Arrow], ", class=", quoteDOT(string(f.Predicate)))
		if f.Predicate.Symmetric() {
			w.text(", dir=both, arrowtail=", dotArrows[style.Arrow])
		}
		if len(f.Evidence) > 0 {
			w.text(", tooltip=", quoteDOT(f.Evidence[0].Text))
		}
		w.text("];\n")
	}
	w.text("}\n")
	return nil
}

// quoteDOT writes a DOT string. A backslash would begin an escape sequence of
// Graphviz's own.
func quoteDOT(s string) string {
	s = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "\r", " ", "\x00", "").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	return `"` + s + `"`
}

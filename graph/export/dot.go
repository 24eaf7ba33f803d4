package export

import (
	"context"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// The colours of the drawing, by class: Okabe and Ito's palette, which
// colour-blind people can tell apart. Classes not listed have their parent's.
func nodeStyle(c schema.Class) (shape, colour string) {
	switch {
	case c.Is(schema.State):
		return "box", "#56B4E9"
	case c.Is(schema.Court):
		return "box", "#CC79A7"
	case c.Is(schema.Person):
		return "oval", "#F0E442"
	case c.Is(schema.Agent):
		return "box", "#0072B2"
	case c.Is(schema.Boundary):
		return "hexagon", "#009E73"
	case c.Is(schema.Place):
		return "ellipse", "#009E73"
	case c.Is(schema.Instrument), c.Is(schema.Provision):
		return "note", "#E69F00"
	case c.Is(schema.Literal):
		return "plaintext", "#FFFFFF"
	default:
		return "ellipse", "#DDDDDD"
	}
}

// writeDOT writes a directed graph for Graphviz. What a document denies is
// drawn red, what is only promised, planned or somebody's word dashed.
func writeDOT(ctx context.Context, w *writer, src Source) error {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return err
	}
	w.text("digraph demarc {\n",
		"  graph [rankdir=LR, overlap=false, splines=true];\n",
		"  node [style=filled, fontname=\"Helvetica\"];\n",
		"  edge [fontname=\"Helvetica\", fontsize=10];\n")
	for _, node := range n.nodes {
		shape, colour := nodeStyle(node.Class)
		font := "#000000"
		if colour == "#0072B2" {
			font = "#FFFFFF"
		}
		w.text("  ", quoteDOT(node.Key()), " [label=", quoteDOT(node.Name), ", shape=", shape,
			", fillcolor=", quoteDOT(colour), ", fontcolor=", quoteDOT(font),
			", tooltip=", quoteDOT(string(node.Class)), "];\n")
	}
	for _, f := range n.edges {
		w.text("  ", quoteDOT(f.Subject.Key()), " -> ", quoteDOT(f.Object.Key()), " [id=", quoteDOT(f.ID()),
			", label=", quoteDOT(edgeLabel(&f)))
		if f.Predicate.Symmetric() {
			w.text(", dir=none")
		}
		if f.Negated {
			w.text(`, color="#D55E00"`)
		}
		if !f.AttributedTo.IsZero() || f.Modality != schema.Asserted {
			w.text(", style=dashed")
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

package export

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// What a label is put between to get its shape in Mermaid.
var mermaidShapes = map[string][2]string{"box": {"[", "]"}, "rounded": {"(", ")"}, "ellipse": {"([", "])"}, "hexagon": {"{{", "}}"},
	"octagon": {"{{", "}}"}, "diamond": {"{", "}"}, "note": {">", "]"}, "plain": {"[", "]"}}

// Lines of Mermaid by their arrow and pattern; a symmetric one has no arrow.
func mermaidLine(style EdgeStyle, both bool) string {
	end := map[string]string{"normal": ">", "open": ">", "diamond": ">", "dot": "o", "bar": "x", "none": "-"}[style.Arrow]
	begin := ""
	if both && end != "-" {
		begin = map[string]string{">": "<"}[end]
		if begin == "" {
			begin = end
		}
	}
	if style.Line == "solid" {
		return begin + "--" + end
	}
	if end == "-" {
		return begin + "-.-"
	}
	return begin + "-.-" + end
}

// writeMermaid writes a flowchart for Markdown pages, such as GitHub's. Mermaid
// itself refuses more than 500 lines unless it is told otherwise.
func writeMermaid(ctx context.Context, w *writer, src Source) error {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return err
	}
	if left := src.LeftOut(); !left.IsZero() {
		w.text("%% ", left.String(), "\n")
	}
	w.text("flowchart LR\n")
	id := map[string]string{}
	for i := range n.nodes {
		node := &n.nodes[i]
		id[node.Key()] = "n" + strconv.Itoa(i)
		shape := mermaidShapes[w.styles.Node(node.Class).Shape]
		w.text("  n", strconv.Itoa(i), shape[0], quoteMermaid(node.Name), shape[1], ":::", string(node.Class), "\n")
	}
	var links strings.Builder
	for i := range n.edges {
		f := &n.edges[i]
		style := w.styles.Edge(f)
		w.text("  ", id[f.Subject.Key()], " ", mermaidLine(style, f.Predicate.Symmetric()), "|", quoteMermaid(edgeLabel(f)), "| ", id[f.Object.Key()], "\n")
		fmt.Fprintf(&links, "  linkStyle %d stroke:%s,stroke-width:%spx\n", i, style.Color, number(style.Width))
	}
	used := map[string]bool{}
	for i := range n.nodes {
		class := n.nodes[i].Class
		if !used[string(class)] {
			used[string(class)] = true
			style := w.styles.Node(class)
			w.text("  classDef ", string(class), " fill:", style.Fill, ",color:", style.Text, ",stroke:#000000\n")
		}
	}
	w.text(links.String())
	return nil
}

// quoteMermaid writes a label in quotes. What Mermaid reads as markup is written
// by number, in its own way of doing so.
func quoteMermaid(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ") {
		switch r {
		case '"', '#', '&', '<', '>', '`', '\\', ';', '*', '_', '~', '[', ']', '{', '}', '|', '$':
			fmt.Fprintf(&b, "#%d;", r)
		case ':', '/': // would make links of addresses
			fmt.Fprintf(&b, "#%d;", r)
		default:
			if r < ' ' || r == 0x7F {
				r = '\uFFFD'
			}
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

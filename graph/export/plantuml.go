package export

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// How PlantUML names what styles say.
var (
	plantShapes = map[string]string{"box": "rectangle", "rounded": "card", "ellipse": "usecase", "hexagon": "storage",
		"octagon": "node", "diamond": "agent", "note": "file", "plain": "label"}
	plantArrows = map[string]string{"normal": ">", "open": ">>", "diamond": "*", "dot": "0", "bar": "+", "none": ""}
)

// writePlantUML writes a diagram for PlantUML.
func writePlantUML(ctx context.Context, w *writer, src Source) error {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return err
	}
	w.text("@startuml\n")
	if left := src.LeftOut(); !left.IsZero() {
		w.text("' ", left.String(), "\n")
	}
	w.text("left to right direction\nskinparam shadowing false\nskinparam defaultTextAlignment center\n")
	id := map[string]string{}
	for i := range n.nodes {
		node := &n.nodes[i]
		id[node.Key()] = "n" + strconv.Itoa(i)
		style := w.styles.Node(node.Class)
		w.text(plantShapes[style.Shape], " ", quotePlantUML(node.Name), " as n", strconv.Itoa(i))
		if style.Shape != "plain" {
			w.text(" ", style.Fill)
		}
		w.text("\n")
	}
	for i := range n.edges {
		f := &n.edges[i]
		style := w.styles.Edge(f)
		end := plantArrows[style.Arrow]
		begin := ""
		if f.Predicate.Symmetric() {
			begin = strings.ReplaceAll(end, ">", "<")
		}
		pattern := ""
		if style.Line != "solid" {
			pattern = "," + style.Line
		}
		w.text(id[f.Subject.Key()], " ", begin, "-[", style.Color, pattern, "]-", end, " ", id[f.Object.Key()],
			" : ", escapePlantUML(edgeLabel(f)), "\n")
	}
	w.text("@enduml\n")
	return nil
}

func quotePlantUML(s string) string { return `"` + escapePlantUML(s) + `"` }

// escapePlantUML writes text so that no part of it is taken for markup: what is
// neither a letter, a digit nor harmless is written by number.
func escapePlantUML(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ") {
		switch {
		case r < ' ' || r == 0x7F:
			b.WriteRune('\uFFFD')
		case strings.ContainsRune("\"\\*_/-~<>&[]{}|=#%^`'@:;!$", r):
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

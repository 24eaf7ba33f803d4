package export

import (
	"context"
	"encoding/json"
	"strings"
)

// How Cytoscape names what styles say.
var (
	cx2Shapes = map[string]string{"box": "rectangle", "rounded": "round-rectangle", "ellipse": "ellipse", "hexagon": "hexagon",
		"octagon": "octagon", "diamond": "diamond", "note": "rectangle", "plain": "rectangle"}
	cx2Arrows = map[string]string{"normal": "triangle", "open": "open_delta", "diamond": "diamond", "dot": "circle", "bar": "tee", "none": "none"}
)

// writeCX2 writes CX2, the format of Cytoscape 3.10 and NDEx, with its own
// visual style: labels and tooltips pass through, the rest is set element by
// element, because it comes of several things at once.
func writeCX2(ctx context.Context, w *writer, src Source) error {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return err
	}
	type object = map[string]any
	nodeKeys, edgeKeys := graphMLKeys(n)
	declare := func(keys []attribute) object {
		out := object{"name": object{"d": "string"}}
		for _, k := range keys {
			kind := k.kind()
			if _, several := k.value.([]string); several {
				kind = "list_of_string"
			}
			out[k.name] = object{"d": kind}
		}
		return out
	}
	var failed error
	line := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil && failed == nil {
			failed = err
		}
		return string(text)
	}
	values := func(name string, attrs []attribute) object {
		v := object{"name": name}
		for _, a := range attrs {
			v[a.name] = a.value
		}
		return v
	}
	nodeDeclared, edgeDeclared := declare(nodeKeys), declare(edgeKeys)
	nodeDeclared["key"], edgeDeclared["id"], edgeDeclared["interaction"] = object{"d": "string"}, object{"d": "string"}, object{"d": "string"}
	var nodes, edges, nodeLooks, edgeLooks []string
	id := map[string]int{}
	for i := range n.nodes {
		node := &n.nodes[i]
		id[node.Key()] = i
		v := values(node.Name, nodeAttributes(node))
		v["key"] = node.Key()
		style := w.styles.Node(node.Class)
		nodes = append(nodes, line(object{"id": i, "v": v}))
		nodeLooks = append(nodeLooks, line(object{"id": i, "v": object{"NODE_BACKGROUND_COLOR": style.Fill, "NODE_LABEL_COLOR": style.Text, "NODE_SHAPE": cx2Shapes[style.Shape]}}))
	}
	for i := range n.edges {
		f := &n.edges[i]
		v := values(edgeLabel(f), edgeAttributes(f))
		v["id"], v["interaction"] = f.ID(), string(f.Predicate)
		style := w.styles.Edge(f)
		look := object{"EDGE_LINE_COLOR": style.Color, "EDGE_LINE_STYLE": style.Line, "EDGE_WIDTH": style.Width, "EDGE_TARGET_ARROW_SHAPE": cx2Arrows[style.Arrow]}
		if f.Predicate.Symmetric() {
			look["EDGE_SOURCE_ARROW_SHAPE"] = cx2Arrows[style.Arrow]
		}
		edges = append(edges, line(object{"id": i, "s": id[f.Subject.Key()], "t": id[f.Object.Key()], "v": v}))
		edgeLooks = append(edgeLooks, line(object{"id": i, "v": look}))
	}
	passes := func(attribute string) object {
		return object{"type": "PASSTHROUGH", "definition": object{"attribute": attribute, "type": "string"}}
	}
	aspects := []struct {
		name  string
		lines []string
	}{
		{"attributeDeclarations", []string{line(object{"networkAttributes": object{"name": object{"d": "string"}, "description": object{"d": "string"}}, "nodes": nodeDeclared, "edges": edgeDeclared})}},
		{"networkAttributes", []string{line(object{"name": "demarc", "description": describe(n, src)})}},
		{"nodes", nodes},
		{"edges", edges},
		{"visualProperties", []string{line(object{
			"default": object{
				"network": object{"NETWORK_BACKGROUND_COLOR": "#FFFFFF"},
				"node":    object{"NODE_WIDTH": 110, "NODE_HEIGHT": 36, "NODE_LABEL_FONT_SIZE": 11, "NODE_LABEL_MAX_WIDTH": 110, "NODE_BORDER_WIDTH": 1, "NODE_BORDER_COLOR": "#000000"},
				"edge":    object{"EDGE_LABEL_FONT_SIZE": 9, "EDGE_LABEL_COLOR": "#000000"},
			},
			"nodeMapping": object{"NODE_LABEL": passes("name")},
			"edgeMapping": object{"EDGE_LABEL": passes("name")},
		})}},
		{"nodeBypasses", nodeLooks},
		{"edgeBypasses", edgeLooks},
	}
	var meta []object
	for _, a := range aspects {
		if len(a.lines) > 0 {
			meta = append(meta, object{"name": a.name, "elementCount": len(a.lines)})
		}
	}
	w.text(`[{"CXVersion":"2.0","hasFragments":false},`, "\n", line(object{"metaData": meta}), ",\n")
	for _, a := range aspects {
		if len(a.lines) > 0 {
			w.text(`{"`, a.name, "\":[\n", strings.Join(a.lines, ",\n"), "\n]},\n")
		}
	}
	w.text(`{"status":[{"success":true}]}]`, "\n")
	return failed
}

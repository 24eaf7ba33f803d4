package export

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// graphMLKeys are the attributes that nodes and edges may have, in the order
// of their declaration. GraphML wants each declared with its type.
func graphMLKeys(n *network) (nodeKeys, edgeKeys []attribute) {
	add := func(keys []attribute, attrs []attribute) []attribute {
		for _, a := range attrs {
			if !slices.ContainsFunc(keys, func(k attribute) bool { return k.name == a.name }) {
				keys = append(keys, a)
			}
		}
		return keys
	}
	for i := range n.nodes {
		nodeKeys = add(nodeKeys, nodeAttributes(&n.nodes[i]))
	}
	for i := range n.edges {
		edgeKeys = add(edgeKeys, edgeAttributes(&n.edges[i]))
	}
	byName := func(a, b attribute) int { return strings.Compare(a.name, b.name) }
	slices.SortFunc(nodeKeys, byName)
	slices.SortFunc(edgeKeys, byName)
	return nodeKeys, edgeKeys
}

// writeGraphML writes one directed graph, because NetworkX and igraph refuse
// graphs of both kinds; what holds in both directions is marked as symmetric. Lists become one string with
// semicolons, because GraphML has no lists.
func writeGraphML(ctx context.Context, w *writer, src Source) error {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return err
	}
	nodeKeys, edgeKeys := graphMLKeys(n)
	w.text(xml.Header,
		`<graphml xmlns="http://graphml.graphdrawing.org/xmlns"`,
		` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`,
		` xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">`, "\n")
	declare := func(domain string, keys []attribute) {
		for _, k := range keys {
			w.text(`  <key id="`, domain[:1], ".", w.xml(k.name), `" for="`, domain, `" attr.name="`, w.xml(k.name), `" attr.type="`, k.kind(), "\"/>\n")
		}
	}
	declare("node", nodeKeys)
	declare("edge", edgeKeys)
	data := func(domain string, attrs []attribute) {
		for _, a := range attrs {
			w.text(`      <data key="`, domain[:1], ".", w.xml(a.name), `">`, w.xml(plainText(a.value)), "</data>\n")
		}
	}
	w.text("  <graph id=\"demarc\" edgedefault=\"directed\">\n")
	if left := src.LeftOut(); !left.IsZero() {
		w.text("    <desc>", escapeXML(left.String()), "</desc>\n")
	}
	for i := range n.nodes {
		w.text(`    <node id="`, graphMLID(n.nodes[i].Entity), "\">\n")
		data("node", nodeAttributes(&n.nodes[i]))
		w.text("    </node>\n")
	}
	for i := range n.edges {
		f := &n.edges[i]
		w.text(`    <edge id="`, f.ID(), `" source="`, graphMLID(f.Subject), `" target="`, graphMLID(f.Object), "\">\n")
		data("edge", edgeAttributes(f))
		w.text("    </edge>\n")
	}
	w.text("  </graph>\n</graphml>\n")
	return nil
}

// graphMLID is an entity's ID as GraphML's schema admits it, an NMTOKEN:
// state:japan.
func graphMLID(e schema.Entity) string {
	if e.ID == "" {
		return fmt.Sprintf("literal:%x", sha256.Sum256([]byte(e.Name)))
	}
	return escapeXML(strings.ReplaceAll(e.ID, "/", ":"))
}

// plainText writes an attribute's value for formats that have text only.
func plainText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case []string:
		return strings.Join(v, "; ")
	default:
		return ""
	}
}

// escapeXML escapes text for XML 1.0; what it cannot hold becomes U+FFFD.
func escapeXML(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil { // a buffer's Write never fails
		panic(err)
	}
	return b.String()
}

package export

import (
	"context"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/internal/rdf"
	"github.com/demarcgraph/demarc/schema"
)

// writeRDFXML writes a description for each subject in each label, one after
// the other. Labels are lost, as in Turtle.
func writeRDFXML(ctx context.Context, w *writer, src Source) error {
	x := &rdfXML{w: w}
	w.text(xml.Header, "<rdf:RDF")
	for _, p := range schema.Prefixes() {
		x.prefixes = append(x.prefixes, p)
		w.text("\n    xmlns:", p.Name, `="`, w.xml(p.IRI), `"`)
	}
	w.text(">\n")
	if left := src.LeftOut(); !left.IsZero() {
		w.text("<!-- ", left.String(), " -->\n")
	}
	for node, err := range subjects(ctx, src) {
		if err != nil {
			return err
		}
		w.text("\n  <rdf:Description ", x.reference("about", node[0].Subject), ">\n")
		for _, q := range node {
			if err := x.property(q); err != nil {
				return err
			}
		}
		w.text("  </rdf:Description>\n")
		if w.err != nil {
			return w.err
		}
	}
	w.text("</rdf:RDF>\n")
	return nil
}

type rdfXML struct {
	w        *writer
	prefixes []schema.Prefix
}

func (x *rdfXML) property(q quad.Quad) error {
	start, end, err := x.element(iriOf(q.Predicate))
	if err != nil {
		return err
	}
	lexical, datatype, lang, isLiteral := rdf.Lexical(q.Object)
	switch {
	case !isLiteral:
		x.w.text("    <", start, " ", x.reference("resource", q.Object), "/>\n")
		return nil
	case lang != "":
		start += ` xml:lang="` + x.w.xml(lang) + `"`
	case datatype != "":
		start += ` rdf:datatype="` + x.w.xml(datatype) + `"`
	}
	x.w.text("    <", start, ">", x.w.xml(lexical), "</", end, ">\n")
	return nil
}

// element returns the start of a property's element, with its namespace where
// that has no prefix, and its name.
func (x *rdfXML) element(iri string) (start, name string, err error) {
	for _, p := range x.prefixes {
		local, ok := strings.CutPrefix(iri, p.IRI)
		if !ok || !isNCName(local) {
			continue
		}
		if p.IRI == schema.RDF && slices.Contains(rdfSyntaxNames, local) {
			return "", "", fmt.Errorf("RDF/XML has another meaning for the property %s: write Turtle or TriG", iri)
		}
		name = p.Name + ":" + local
		return name, name, nil
	}
	// The longest name at the end, as short namespaces say more.
	for i := range iri {
		if i > 0 && isNCName(iri[i:]) {
			name = "ns:" + iri[i:]
			return name + ` xmlns:ns="` + x.w.xml(iri[:i]) + `"`, name, nil
		}
	}
	return "", "", fmt.Errorf("RDF/XML cannot write the property %s, which does not end in a name: write Turtle or TriG", iri)
}

// rdfSyntaxNames are what RDF/XML takes for its own syntax in the place of a
// property.
var rdfSyntaxNames = []string{"RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "langString",
	"Description", "li", "aboutEach", "aboutEachPrefix", "bagID"}

// reference writes the attribute that names a node.
func (x *rdfXML) reference(attribute string, v quad.Value) string {
	if b, ok := v.(quad.BNode); ok {
		return `rdf:nodeID="` + nodeID(string(b)) + `"`
	}
	return "rdf:" + attribute + `="` + x.w.xml(iriOf(v)) + `"`
}

// nodeID turns the label of a blank node into an NCName; no two labels have
// the same.
func nodeID(label string) string {
	const coded = "_x"
	if isNCName(label) && !strings.HasPrefix(label, coded) {
		return label
	}
	return coded + hex.EncodeToString([]byte(label))
}

// isNCName reports whether s is a name in XML without a colon. Where versions
// of XML differ, the strictest decides: letters of the basic plane only.
func isNCName(s string) bool {
	for i, r := range s {
		letter := r == '_' || r < 0x10000 && unicode.IsLetter(r)
		if !letter && (i == 0 || r != '-' && r != '.' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != ""
}

// Package rdf holds what the packages below graph share about RDF terms.
package rdf

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// Lexical takes a literal apart: its lexical form, and the IRI of its datatype
// or its language tag where it is no plain string. ok is false for terms that
// are no literals.
func Lexical(v quad.Value) (lexical, datatype, lang string, ok bool) {
	switch v := v.(type) {
	case quad.String:
		return string(v), "", "", true
	case quad.LangString:
		return string(v.Value), "", v.Lang, true
	case quad.TypedString:
		return string(v.Value), expand(v.Type), "", true
	case quad.Bool: // the store's own "True" is no lexical form of xsd:boolean
		if v {
			return "true", schema.XSD + "boolean", "", true
		}
		return "false", schema.XSD + "boolean", "", true
	case quad.TypedStringer:
		t := v.TypedString()
		return string(t.Value), expand(t.Type), "", true
	default:
		return "", "", "", false
	}
}

// expand writes out the one abbreviation that the store's native types use.
func expand(iri quad.IRI) string {
	if local, ok := strings.CutPrefix(string(iri), "xsd:"); ok {
		return schema.XSD + local
	}
	return string(iri)
}

// Sort orders quads by label, subject, predicate and object as N-Quads writes
// them, and drops repetitions.
func Sort(quads []quad.Quad) []quad.Quad {
	type keyed struct {
		label, s, p, o string
		quad           quad.Quad
	}
	written := map[quad.Value]string{} // terms come many times
	format := func(v quad.Value) string {
		text, ok := written[v]
		if !ok {
			text = store.Format(v)
			written[v] = text
		}
		return text
	}
	rows := make([]keyed, len(quads))
	for i, q := range quads {
		rows[i] = keyed{format(q.Label), format(q.Subject), format(q.Predicate), format(q.Object), q}
	}
	compare := func(a, b keyed) int {
		return cmp.Or(strings.Compare(a.label, b.label), strings.Compare(a.s, b.s),
			strings.Compare(a.p, b.p), strings.Compare(a.o, b.o))
	}
	slices.SortFunc(rows, compare)
	rows = slices.CompactFunc(rows, func(a, b keyed) bool { return compare(a, b) == 0 })
	quads = quads[:0]
	for _, r := range rows {
		quads = append(quads, r.quad)
	}
	return quads
}

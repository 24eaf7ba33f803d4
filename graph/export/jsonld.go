package export

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/internal/rdf"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// writeJSONLD writes JSON-LD 1.1 with a named graph for each label and a node
// a line. It compacts as it goes, by the terms of [schema.Context].
func writeJSONLD(ctx context.Context, w *writer, src Source) error {
	ns := src.Namespace()
	c := &compactor{prefixes: ns.Prefixes(), terms: schema.Terms()}
	w.text(`{"@context": `, string(ns.Context()), `, "@graph": [`)
	var label quad.Value
	first, open := true, false // the graph's first node; within a named graph
	for node, err := range subjects(ctx, src) {
		if err != nil {
			return err
		}
		if l := node[0].Label; l != label {
			if open {
				w.text("\n]}")
			}
			if open || !first {
				w.text(",")
			}
			label, open, first = l, true, true
			w.text("\n{\"@id\": ", c.id(label), `, "@graph": [`)
		}
		if !first {
			w.text(",")
		}
		first = false
		w.text("\n  ", c.node(node))
		if err := cmp.Or(c.err, w.err); err != nil {
			return err
		}
	}
	if open {
		w.text("\n]}")
	}
	w.text("\n]}\n")
	return nil
}

// compactor shortens IRIs and values as the JSON-LD compaction algorithm would
// with demarc's context.
type compactor struct {
	prefixes []schema.Prefix
	terms    map[string]schema.ContextTerm // by IRI
	err      error                         // the first thing that could not be written
}

// node writes the quads of one subject, which are sorted, as an object.
func (c *compactor) node(quads []quad.Quad) string {
	var b bytes.Buffer
	b.WriteString(`{"@id": ` + c.id(quads[0].Subject))
	for i := 0; i < len(quads); {
		p := quads[i].Predicate
		n := i + 1
		for n < len(quads) && quads[n].Predicate == p {
			n++
		}
		name, coercion := c.iri(iriOf(p)), ""
		var values []string
		isLiteral := func(q quad.Quad) bool { _, _, _, ok := rdf.Lexical(q.Object); return ok }
		if p == rdfType && !slices.ContainsFunc(quads[i:n], isLiteral) {
			name, coercion = "@type", "@vocab"
		} else if t, ok := c.terms[iriOf(p)]; ok {
			name, coercion = t.Name, t.Type
		}
		for _, q := range quads[i:n] {
			values = append(values, c.value(q.Object, coercion))
		}
		b.WriteString(", " + quoteJSON(name) + ": ")
		if len(values) == 1 {
			b.WriteString(values[0])
		} else {
			b.WriteByte('[')
			for j, v := range values {
				if j > 0 {
					b.WriteString(", ")
				}
				b.WriteString(v)
			}
			b.WriteByte(']')
		}
		i = n
	}
	b.WriteByte('}')
	return b.String()
}

// value writes an object. Under a term of the context that gives it its type a
// plain string does, otherwise it says its type itself.
func (c *compactor) value(v quad.Value, coercion string) string {
	switch v.(type) {
	case quad.IRI, quad.BNode:
		switch coercion {
		case "@id":
			return c.id(v)
		case "@vocab":
			if t, ok := c.terms[iriOf(v)]; ok {
				return quoteJSON(t.Name)
			}
			return c.id(v)
		}
		return `{"@id": ` + c.id(v) + `}`
	}
	lexical, datatype, lang, _ := rdf.Lexical(v)
	integer, isInt := v.(quad.Int)
	const exact = 1 << 53 // numbers of JSON are doubles to most readers
	switch {
	case isInt && coercion == "" && -exact < integer && integer < exact:
		return lexical
	case datatype == "" && lang == "" && coercion == "", datatype != "" && datatype == coercion:
		return quoteJSON(lexical)
	case lang != "":
		return `{"@value": ` + quoteJSON(lexical) + `, "@language": ` + quoteJSON(lang) + `}`
	case datatype == "":
		return `{"@value": ` + quoteJSON(lexical) + `}`
	default:
		return `{"@value": ` + quoteJSON(lexical) + `, "@type": ` + quoteJSON(c.iri(datatype)) + `}`
	}
}

func (c *compactor) id(v quad.Value) string {
	if iri, ok := v.(quad.IRI); ok {
		return quoteJSON(c.iri(string(iri)))
	}
	return quoteJSON(store.Format(v))
}

// iri shortens an IRI by its prefix, or leaves it whole.
func (c *compactor) iri(iri string) string {
	for _, p := range c.prefixes {
		local, ok := strings.CutPrefix(iri, p.IRI)
		if ok && local != "" && !strings.HasPrefix(local, "//") { // "x://" reads as an IRI of its own
			return p.Name + ":" + local
		}
	}
	scheme, rest, _ := strings.Cut(iri, ":")
	confused := slices.ContainsFunc(c.prefixes, func(p schema.Prefix) bool { return p.Name == scheme })
	if confused && !strings.HasPrefix(rest, "//") && c.err == nil {
		c.err = fmt.Errorf("the scheme of the IRI %s is a prefix of demarc's JSON-LD context: write TriG or N-Quads", iri)
	}
	return iri
}

func iriOf(v quad.Value) string {
	iri, _ := v.(quad.IRI)
	return string(iri)
}

// quoteJSON writes a string as JSON.
func quoteJSON(s string) string {
	text, err := marshal(s)
	if err != nil { // strings always encode
		panic(err)
	}
	return text
}

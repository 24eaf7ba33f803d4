package export

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/internal/rdf"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// writeTurtle writes the triples of one label after those of the other, so
// that it needs no more memory than one document; a triple that several
// documents state is written for each, which Turtle reads as once.
func writeTurtle(ctx context.Context, w *writer, src Source) error {
	return writeBlocks(ctx, w, src, func(t *turtle, batch []quad.Quad) { t.triples(batch, "") })
}

// writeTriG writes a named graph for each label.
func writeTriG(ctx context.Context, w *writer, src Source) error {
	return writeBlocks(ctx, w, src, func(t *turtle, batch []quad.Quad) {
		if batch[0].Label == nil {
			t.triples(batch, "")
			return
		}
		w.text("\n", t.term(batch[0].Label), " {")
		t.triples(batch, "    ")
		w.text("}\n")
	})
}

func writeBlocks(ctx context.Context, w *writer, src Source, block func(*turtle, []quad.Quad)) error {
	t := &turtle{w: w, prefixes: src.Namespace().Prefixes()}
	for _, p := range t.prefixes {
		w.text("@prefix ", p.Name, ": <", p.IRI, "> .\n")
	}
	for batch, err := range src.Quads(ctx) {
		if err != nil {
			return err
		}
		if len(batch) > 0 {
			block(t, batch)
		}
		if w.err != nil {
			return w.err
		}
	}
	return nil
}

type turtle struct {
	w        *writer
	prefixes []schema.Prefix
}

const rdfType = quad.IRI(schema.RDF + "type")

// typeFirst moves the types of each subject in front of its other properties,
// where people look for them. The quads must be sorted; they are copied.
func typeFirst(quads []quad.Quad) []quad.Quad {
	quads = slices.Clone(quads)
	for i := 0; i < len(quads); {
		n := i + 1
		for n < len(quads) && quads[n].Subject == quads[i].Subject {
			n++
		}
		slices.SortStableFunc(quads[i:n], func(a, b quad.Quad) int {
			switch {
			case a.Predicate == b.Predicate:
				return 0
			case a.Predicate == rdfType:
				return -1
			case b.Predicate == rdfType:
				return 1
			}
			return 0
		})
		i = n
	}
	return quads
}

// triples writes sorted quads of one label, each subject and predicate once.
func (t *turtle) triples(quads []quad.Quad, indent string) {
	quads = typeFirst(quads)
	for i, q := range quads {
		sameSubject := i > 0 && quads[i-1].Subject == q.Subject
		switch {
		case sameSubject && quads[i-1].Predicate == q.Predicate:
			t.w.text(", ", t.term(q.Object))
			continue
		case sameSubject:
			t.w.text(" ;\n", indent, "    ")
		case i > 0:
			t.w.text(" .\n\n", indent, t.term(q.Subject), " ")
		default:
			t.w.text("\n", indent, t.term(q.Subject), " ")
		}
		predicate := "a"
		if q.Predicate != rdfType {
			predicate = t.term(q.Predicate)
		}
		t.w.text(predicate, " ", t.term(q.Object))
	}
	t.w.text(" .\n")
}

func (t *turtle) term(v quad.Value) string {
	switch v := v.(type) {
	case quad.IRI:
		if s := schema.Compact(string(v), t.prefixes); !strings.HasPrefix(s, "<") {
			return s
		}
		return store.Format(v)
	case quad.BNode:
		return store.Format(v)
	case quad.Int: // numbers are written as they are
		return string(v.TypedString().Value)
	case quad.Float:
		if !math.IsInf(float64(v), 0) && !math.IsNaN(float64(v)) {
			return string(v.TypedString().Value)
		}
	}
	lexical, datatype, _, _ := rdf.Lexical(v)
	if datatype == "" {
		return store.Format(v)
	}
	return store.Format(quad.String(lexical)) + "^^" + t.term(quad.IRI(datatype))
}

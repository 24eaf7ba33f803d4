package export

import (
	"context"
	"iter"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/internal/rdf"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// writeTurtle writes the triples of one label after those of the other, so
// that it needs no more memory than one subject; a triple that several
// documents state is written for each, which Turtle reads as once.
func writeTurtle(ctx context.Context, w *writer, src Source) error {
	t := newTurtle(w, src)
	for node, err := range subjects(ctx, src) {
		if err != nil {
			return err
		}
		t.node(node, "")
		if w.err != nil {
			return w.err
		}
	}
	return nil
}

// writeTriG writes a named graph for each label.
func writeTriG(ctx context.Context, w *writer, src Source) error {
	t := newTurtle(w, src)
	var label quad.Value
	for node, err := range subjects(ctx, src) {
		if err != nil {
			return err
		}
		if node[0].Label != label {
			if label != nil {
				w.text("}\n")
			}
			label = node[0].Label
			w.text("\n", t.term(label), " {")
		}
		if label == nil {
			t.node(node, "")
		} else {
			t.node(node, "    ")
		}
		if w.err != nil {
			return w.err
		}
	}
	if label != nil {
		w.text("}\n")
	}
	return nil
}

// subjects yields the quads of each subject in each label together, its types
// in front of its other properties, where people look for them. The slice is
// good until the next one.
func subjects(ctx context.Context, src Source) iter.Seq2[[]quad.Quad, error] {
	return func(yield func([]quad.Quad, error) bool) {
		var types, others []quad.Quad
		var last quad.Quad
		for q, err := range src.Quads(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			if last.Subject != nil && (q.Subject != last.Subject || q.Label != last.Label) {
				if !yield(append(types, others...), nil) {
					return
				}
				types, others = types[:0], others[:0]
			}
			if last = q; q.Predicate == rdfType {
				types = append(types, q)
			} else {
				others = append(others, q)
			}
		}
		if last.Subject != nil {
			yield(append(types, others...), nil)
		}
	}
}

type turtle struct {
	w        *writer
	prefixes []schema.Prefix
	// annotations are the statement nodes to write behind a triple, in RDF 1.2.
	annotations map[quad.Quad][][]quad.Quad
}

// newTurtle writes the prefixes.
func newTurtle(w *writer, src Source) *turtle {
	writeComment(w, src)
	t := &turtle{w: w, prefixes: src.Namespace().Prefixes()}
	for _, p := range t.prefixes {
		w.text("@prefix ", p.Name, ": <", p.IRI, "> .\n")
	}
	return t
}

const rdfType = quad.IRI(schema.RDF + "type")

// node writes the quads of one subject, which are sorted.
func (t *turtle) node(quads []quad.Quad, indent string) {
	t.w.text("\n", indent, t.term(quads[0].Subject), " ")
	t.properties(quads, indent)
	t.w.text(" .\n")
}

// properties writes the predicates and objects of sorted quads, each predicate
// once.
func (t *turtle) properties(quads []quad.Quad, indent string) {
	for i, q := range quads {
		switch {
		case i > 0 && quads[i-1].Predicate == q.Predicate:
			t.w.text(", ", t.term(q.Object))
			t.annotate(q, indent)
			continue
		case i > 0:
			t.w.text(" ;\n", indent, "    ")
		}
		predicate := "a"
		if q.Predicate != rdfType {
			predicate = t.term(q.Predicate)
		}
		t.w.text(predicate, " ", t.term(q.Object))
		t.annotate(q, indent)
	}
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
	case quad.Int:
		return string(v.TypedString().Value)
	}
	// Not doubles: there are readers that keep of a bare one the value only, and
	// write it in another way, which is another literal.
	lexical, datatype, _, _ := rdf.Lexical(v)
	if datatype == "" {
		return store.Format(v)
	}
	return store.Format(quad.String(lexical)) + "^^" + t.term(quad.IRI(datatype))
}

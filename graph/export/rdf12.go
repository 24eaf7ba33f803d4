package export

import (
	"context"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/schema"
)

// Statement nodes in RDF 1.2: instead of rdf:subject, rdf:predicate and
// rdf:object, the node is the reifier of a triple. Where the graph has that
// triple, which it does of what a document asserts itself, the node's other
// properties stand behind the triple as its annotation; where it has not, they
// are said of the triple in double angle brackets, which does not state it.

const (
	rdfSubject   = quad.IRI(schema.RDF + "subject")
	rdfPredicate = quad.IRI(schema.RDF + "predicate")
	rdfObject    = quad.IRI(schema.RDF + "object")
)

// writeTurtle12 writes Turtle of RDF 1.2.
func writeTurtle12(ctx context.Context, w *writer, src Source) error {
	return writeAnnotated(ctx, w, src, func(t *turtle, g *annotated) { g.write(t, "") })
}

// writeTriG12 writes TriG of RDF 1.2.
func writeTriG12(ctx context.Context, w *writer, src Source) error {
	return writeAnnotated(ctx, w, src, func(t *turtle, g *annotated) {
		if g.label == nil {
			g.write(t, "")
			return
		}
		w.text("\n", t.term(g.label), " {")
		g.write(t, "    ")
		w.text("}\n")
	})
}

// writeAnnotated has each label's quads written together, because a triple and
// its annotation are not neighbours: it needs memory for the largest document.
func writeAnnotated(ctx context.Context, w *writer, src Source, write func(*turtle, *annotated)) error {
	writeComment(w, src)
	w.text("VERSION \"1.2\"\n")
	t := newTurtle(w, src)
	var g *annotated
	for node, err := range subjects(ctx, src) {
		if err != nil {
			return err
		}
		if g == nil || g.label != node[0].Label {
			if g != nil {
				write(t, g)
			}
			g = &annotated{label: node[0].Label}
		}
		g.nodes = append(g.nodes, slices.Clone(node))
		if w.err != nil {
			return w.err
		}
	}
	if g != nil {
		write(t, g)
	}
	return nil
}

// annotated is the part of a graph under one label.
type annotated struct {
	label quad.Value
	nodes [][]quad.Quad // by subject
}

// reifies returns the triple that a statement node is about, and the node's
// other quads. ok is false where the node is no statement or more than one.
func reifies(node []quad.Quad) (triple quad.Quad, others []quad.Quad, ok bool) {
	triple.Label = node[0].Label
	for _, q := range node {
		var part *quad.Value
		switch q.Predicate {
		case rdfSubject:
			part = &triple.Subject
		case rdfPredicate:
			part = &triple.Predicate
		case rdfObject:
			part = &triple.Object
		default:
			others = append(others, q)
			continue
		}
		if *part != nil {
			return triple, nil, false
		}
		*part = q.Object
	}
	_, isProperty := triple.Predicate.(quad.IRI)
	switch triple.Subject.(type) {
	case quad.IRI, quad.BNode:
		return triple, others, isProperty && triple.Object != nil
	}
	return triple, nil, false
}

func (g *annotated) write(t *turtle, indent string) {
	there := map[quad.Quad]bool{}
	for _, node := range g.nodes {
		for _, q := range node {
			there[q] = true
		}
	}
	t.annotations = map[quad.Quad][][]quad.Quad{}
	var rest [][]quad.Quad
	for _, node := range g.nodes {
		if triple, _, ok := reifies(node); ok && there[triple] {
			t.annotations[triple] = append(t.annotations[triple], node)
		} else {
			rest = append(rest, node)
		}
	}
	for _, node := range rest {
		triple, others, ok := reifies(node)
		if !ok || len(others) == 0 {
			t.node(node, indent)
			continue
		}
		t.w.text("\n", indent, "<< ", t.term(triple.Subject), " ", t.term(triple.Predicate), " ", t.term(triple.Object),
			" ~ ", t.term(node[0].Subject), " >> ")
		t.properties(others, indent)
		t.w.text(" .\n")
	}
}

// annotate writes what statement nodes say of a triple.
func (t *turtle) annotate(triple quad.Quad, indent string) {
	for _, node := range t.annotations[triple] {
		_, others, _ := reifies(node)
		t.w.text("\n", indent, "        ~ ", t.term(node[0].Subject))
		if len(others) > 0 {
			t.w.text(" {| ")
			t.properties(others, indent+"        ")
			t.w.text(" |}")
		}
	}
}

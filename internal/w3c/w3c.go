// Package w3c reads the manifests of the W3C's test cases, which are RDF, for
// the tests that run them. It reads with a library that demarc itself does not
// use, so that a mistake in demarc's own readers cannot hide itself.
package w3c

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	rdfgraph "github.com/tggo/goRDFlib/graph"
	"github.com/tggo/goRDFlib/nt"
	"github.com/tggo/goRDFlib/rdfxml"
	"github.com/tggo/goRDFlib/term"
	"github.com/tggo/goRDFlib/turtle"
)

// Manifest is the namespace of test manifests.
const Manifest = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"

// RDF is the namespace of RDF itself.
const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

// Node is a term in a graph, from which one goes to others. What is not found is
// a Node without a Term, from which one gets nowhere.
type Node struct {
	graph *rdfgraph.Graph
	Term  term.Term
}

// Read reads a file of RDF by its name's ending: .rdf as RDF/XML, .nt as
// N-Triples, else as Turtle. IRIs are relative to the file.
func Read(t testing.TB, path string) *rdfgraph.Graph {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	g := rdfgraph.NewGraph()
	base := "file://" + path
	switch filepath.Ext(path) {
	case ".rdf":
		err = rdfxml.Parse(g, bytes.NewReader(data), rdfxml.WithBase(base))
	case ".nt":
		err = nt.Parse(g, bytes.NewReader(data), nt.WithBase(base))
	default:
		err = turtle.Parse(g, bytes.NewReader(data), turtle.WithBase(base))
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return g
}

// With returns the nodes that have a property, one for each of its values.
func With(g *rdfgraph.Graph, property string) (subjects []Node) {
	p := term.NewURIRefUnsafe(property)
	g.Triples(nil, &p, nil)(func(t term.Triple) bool {
		subjects = append(subjects, Node{g, t.Subject})
		return true
	})
	return subjects
}

// Entries returns the test cases of a manifest in their order; a manifest
// without any fails the test.
func Entries(t testing.TB, path string) (entries []Node) {
	t.Helper()
	for _, manifest := range With(Read(t, path), Manifest+"entries") {
		entries = append(entries, manifest.One(Manifest+"entries").Members()...)
	}
	if len(entries) == 0 {
		t.Fatalf("%s: the manifest has no entries", path)
	}
	return entries
}

// All returns the values of a property.
func (n Node) All(property string) (values []Node) {
	s, ok := n.Term.(term.Subject)
	if !ok {
		return nil
	}
	p := term.NewURIRefUnsafe(property)
	n.graph.Triples(s, &p, nil)(func(t term.Triple) bool {
		values = append(values, Node{n.graph, t.Object})
		return true
	})
	return values
}

// One returns a value of a property, or a Node without a Term where there is none.
func (n Node) One(property string) Node {
	if all := n.All(property); len(all) > 0 {
		return all[0]
	}
	return Node{graph: n.graph}
}

// Text returns the IRI or the text of a node; "" without a Term.
func (n Node) Text() string {
	switch t := n.Term.(type) {
	case nil:
		return ""
	case term.URIRef:
		return t.Value()
	case term.Literal:
		return t.Lexical()
	}
	return n.Term.String()
}

// Name returns what an IRI ends with.
func (n Node) Name() string {
	id := n.Text()
	return id[strings.LastIndexAny(id, "#/")+1:]
}

// File returns the path of an IRI that names a file.
func (n Node) File() string { return strings.TrimPrefix(n.Text(), "file://") }

// Members returns what is in a list, in its order.
func (n Node) Members() (members []Node) {
	for first := n.One(RDF + "first"); first.Term != nil; first = n.One(RDF + "first") {
		members = append(members, first)
		n = n.One(RDF + "rest")
	}
	return members
}

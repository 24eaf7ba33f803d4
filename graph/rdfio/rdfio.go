// Package rdfio reads RDF files of other tools: N-Triples, N-Quads, Turtle,
// TriG, RDF/XML and JSON-LD, gzipped or not. It is the counterpart of package
// export.
package rdfio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/piprate/json-gold/ld"
	rdfgraph "github.com/tggo/goRDFlib/graph"
	"github.com/tggo/goRDFlib/rdfxml"
	rdfstore "github.com/tggo/goRDFlib/store"
	"github.com/tggo/goRDFlib/term"
	"github.com/tggo/goRDFlib/trig"
	"github.com/tggo/goRDFlib/turtle"

	"github.com/demarcgraph/demarc/graph/store"
)

// Format is a way of writing RDF, by the name that package export has for it.
type Format string

// The formats.
const (
	NTriples Format = "ntriples"
	NQuads   Format = "nquads"
	Turtle   Format = "turtle"
	TriG     Format = "trig"
	RDFXML   Format = "rdfxml"
	JSONLD   Format = "jsonld"
)

// Formats returns every format.
func Formats() []Format { return []Format{NTriples, NQuads, Turtle, TriG, RDFXML, JSONLD} }

var extensions = map[string]Format{
	".nt": NTriples, ".nq": NQuads, ".ttl": Turtle, ".trig": TriG,
	".rdf": RDFXML, ".owl": RDFXML, ".xml": RDFXML, ".jsonld": JSONLD, ".json": JSONLD,
}

// FormatOf returns the format of a file by the extension of its name, a
// trailing .gz apart; ok is false where that does not say.
func FormatOf(name string) (f Format, ok bool) {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	f, ok = extensions[path.Ext(name)]
	return f, ok
}

// Name returns a file's name without folders and without what says how it is
// written.
func Name(file string) string {
	name := path.Base(strings.ReplaceAll(file, "\\", "/"))
	if strings.HasSuffix(strings.ToLower(name), ".gz") {
		name = name[:len(name)-len(".gz")]
	}
	if short := strings.TrimSuffix(name, path.Ext(name)); short != "" {
		return short
	}
	return name
}

// Options are the settings of [Read].
type Options struct {
	Format Format
	Base   string // the IRI that relative ones are relative to
}

// ErrUnsupported is the error of what RDF 1.2 can say and a graph cannot keep:
// triples as terms, and strings with a direction.
var ErrUnsupported = errors.New("the graph cannot keep it")

// Read calls add with each quad that r holds, in the order in which they are
// written there, until it returns an error. Blank nodes are called b1, b2 and so
// on in that order. Files of the formats other than N-Triples and N-Quads are
// read into memory; contexts of JSON-LD that are elsewhere are not fetched.
func Read(ctx context.Context, r io.Reader, opts Options, add func(quad.Quad) error) error {
	r, err := store.Decompress(r)
	if err != nil {
		return err
	}
	s := &sink{ctx: ctx, add: add, blanks: map[string]quad.BNode{}}
	switch opts.Format {
	case NTriples, NQuads:
		for q, err := range store.ReadNQuads(r) {
			if err != nil {
				return err
			}
			if err := s.take(s.blank(q.Subject), q.Predicate, s.blank(q.Object), s.blank(q.Label)); err != nil {
				return err
			}
		}
		return nil
	case Turtle:
		return s.parse(func() error {
			return turtle.Parse(rdfgraph.NewGraph(rdfgraph.WithStore(s)), r, turtle.WithBase(opts.Base))
		})
	case RDFXML:
		return s.parse(func() error {
			return rdfxml.Parse(rdfgraph.NewGraph(rdfgraph.WithStore(s)), r, rdfxml.WithBase(opts.Base))
		})
	case TriG:
		ds := rdfgraph.NewDataset(rdfgraph.WithStore(s))
		s.unnamed = term.TermKey(ds.DefaultContext().Identifier())
		return s.parse(func() error { return trig.ParseDataset(ds, r, trig.WithBase(opts.Base)) })
	case JSONLD:
		return s.parse(func() error { return s.jsonLD(r, opts.Base) })
	}
	return fmt.Errorf("no such format: want one of %v", Formats())
}

// sink is a store of goRDFlib's that passes on what parsers put into it.
type sink struct {
	rdfstore.Store
	ctx     context.Context
	add     func(quad.Quad) error
	blanks  map[string]quad.BNode
	unnamed string // the default graph's name for itself
}

// stop is what a parser is stopped with: it takes no errors.
type stop struct{ err error }

func (s *sink) parse(parse func() error) (err error) {
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case stop:
			err = fault.err
		default: // of the library
			err = fmt.Errorf("the parser cannot make sense of it: %v", fault)
		}
	}()
	return parse()
}

func (s *sink) Bind(string, term.URIRef)             {}
func (s *sink) Namespace(string) (term.URIRef, bool) { return term.URIRef{}, false }
func (s *sink) Prefix(term.URIRef) (string, bool)    { return "", false }
func (s *sink) Namespaces() rdfstore.NamespaceIterator {
	return func(func(string, term.URIRef) bool) {}
}
func (s *sink) ContextAware() bool { return true }
func (s *sink) Triples(term.TriplePattern, term.Term) rdfstore.TripleIterator {
	return func(func(term.Triple) bool) {}
}

func (s *sink) Add(t term.Triple, graph term.Term) {
	sub, err1 := s.value(t.Subject)
	pred, err2 := s.value(t.Predicate)
	obj, err3 := s.value(t.Object)
	var label quad.Value
	var err4 error
	if s.unnamed != "" && graph != nil && term.TermKey(graph) != s.unnamed {
		label, err4 = s.value(graph)
	}
	err := errors.Join(err1, err2, err3, err4)
	if err == nil {
		err = s.take(sub, pred, obj, label)
	}
	if err != nil {
		panic(stop{err})
	}
}

func (s *sink) take(sub, pred, obj, label quad.Value) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	return s.add(quad.Quad{Subject: sub, Predicate: pred, Object: obj, Label: label})
}

func (s *sink) value(t term.Term) (quad.Value, error) {
	switch t := t.(type) {
	case term.URIRef:
		return quad.IRI(t.Value()), nil
	case term.BNode:
		return s.blank(quad.BNode(t.Value())), nil
	case term.Literal:
		if t.Dir() != "" {
			return nil, fmt.Errorf("a string with a direction, %s: %w", t.N3(), ErrUnsupported)
		}
		return literal(t.Lexical(), t.Datatype().Value(), t.Language()), nil
	}
	return nil, fmt.Errorf("a triple as a term, %s: %w", t.N3(), ErrUnsupported)
}

// blank renames a blank node; other terms stay as they are.
func (s *sink) blank(v quad.Value) quad.Value {
	b, ok := v.(quad.BNode)
	if !ok {
		return v
	}
	n, ok := s.blanks[string(b)]
	if !ok {
		n = quad.BNode("b" + strconv.Itoa(len(s.blanks)+1))
		s.blanks[string(b)] = n
	}
	return n
}

func literal(text, datatype, lang string) quad.Value {
	const xsdString = "http://www.w3.org/2001/XMLSchema#string"
	switch {
	case lang != "":
		return quad.LangString{Value: quad.String(text), Lang: lang}
	case datatype == "" || datatype == xsdString:
		return quad.String(text)
	}
	return quad.TypedString{Value: quad.String(text), Type: quad.IRI(datatype)}
}

// offline refuses to fetch contexts.
type offline struct{}

func (offline) LoadDocument(iri string) (*ld.RemoteDocument, error) {
	return nil, fmt.Errorf("the context <%s> is not in the file, and demarc asks no network: write it into the file", iri)
}

func (s *sink) jsonLD(r io.Reader, base string) error {
	dec := json.NewDecoder(r)
	var doc any
	if err := dec.Decode(&doc); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return fmt.Errorf("byte %d: there is more after the JSON", dec.InputOffset())
	}
	opts := ld.NewJsonLdOptions(base)
	opts.DocumentLoader = offline{}
	out, err := ld.NewJsonLdProcessor().ToRDF(doc, opts)
	if err != nil {
		var fault *ld.JsonLdError
		if errors.As(err, &fault) && fault.Details != nil {
			return fmt.Errorf("%s: %v", fault.Code, fault.Details)
		}
		return err
	}
	dataset, ok := out.(*ld.RDFDataset)
	if !ok {
		return fmt.Errorf("it has no graph: %T", out)
	}
	var names []string
	for name := range dataset.Graphs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		var label quad.Value
		switch {
		case name == "@default":
		case strings.HasPrefix(name, "_:"):
			label = s.blank(quad.BNode(name[2:]))
		default:
			label = quad.IRI(name)
		}
		for _, q := range dataset.Graphs[name] {
			if err := s.take(s.node(q.Subject), s.node(q.Predicate), s.node(q.Object), label); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *sink) node(n ld.Node) quad.Value {
	switch n := n.(type) {
	case ld.Literal:
		return literal(n.Value, n.Datatype, n.Language)
	case *ld.Literal:
		return literal(n.Value, n.Datatype, n.Language)
	}
	if ld.IsBlankNode(n) {
		return s.blank(quad.BNode(strings.TrimPrefix(n.GetValue(), "_:")))
	}
	return quad.IRI(n.GetValue())
}

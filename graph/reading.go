package graph

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/internal/rdf"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// Reading is what a document comes to before it enters a graph. Reading needs
// none: so many machines can read, each a part of the documents, write what they
// read as N-Quads, and one graph takes it in with [Graph.Add]; what of it is one
// thing with what other documents speak of is decided then. A Reading is not
// changed once it is made, and safe for concurrent use.
type Reading struct {
	doc       *schema.Document
	facts     int
	extractor string
	ns        schema.Namespace
	quads     []quad.Quad // sorted
	entities  []string    // IDs of what the facts speak of, sorted
	unread    bool        // the document was not read, since it is a copy of another
	compared  *comparison // what the document is compared by; nil where that is not known yet
}

// Doc returns the document. One that was read back from N-Quads has no map to
// its file's bytes.
func (r *Reading) Doc() *schema.Document { return r.doc }

// Facts returns how many facts the document makes.
func (r *Reading) Facts() int { return r.facts }

// Quads returns how many quads the document becomes.
func (r *Reading) Quads() int { return len(r.quads) }

// linked returns the quads, with those of what the document is a copy of, sorted.
func (r *Reading) linked(l link) []quad.Quad {
	if l.to == "" {
		return r.quads
	}
	return rdf.Sort(slices.Concat(r.quads, l.quads(r.ns, r.doc.ID)))
}

// AppendNQuads appends the quads to b, each on a line, in their one order: the
// same document, read by the same extractor, gives the same bytes. Each has the
// document as its label.
func (r *Reading) AppendNQuads(b []byte) []byte {
	for _, q := range r.quads {
		b = append(b, store.FormatQuad(q)...)
	}
	return b
}

// Read has x read a document, as [Graph.Load] does, and turns the facts into
// quads of the namespace. Names that gz knows are left out: a graph that the
// reading is added to says them itself.
func Read(ctx context.Context, doc *schema.Document, x Extractor, gz Gazetteer, ns schema.Namespace) (*Reading, error) {
	if err := checkDocument(doc); err != nil {
		return nil, err
	}
	facts, err := x.Extract(ctx, doc)
	if err != nil {
		return nil, fmt.Errorf("graph: document %q: %w", doc.ID, err)
	}
	for i := range facts {
		if err := checkFact(doc, &facts[i]); err != nil {
			return nil, err
		}
	}
	facts = mergeFacts(facts)
	r := &Reading{doc: doc, facts: len(facts), extractor: versionOf(x), ns: ns}
	m := mapper{ns: ns, gazetteer: gz}
	r.quads, r.entities = m.documentQuads(doc, facts, r.extractor)
	return r, nil
}

// versionOf returns the version of an extractor that has one.
func versionOf(x Extractor) string {
	if versioned, ok := x.(interface{ Version() string }); ok {
		return versioned.Version()
	}
	return ""
}

// Readings yields the documents of N-Quads, gzipped or not, that
// [Reading.AppendNQuads] wrote one after the other, in the graph's namespace. After
// an error, such as that
// of a document that is not whole, the sequence ends.
func (g *Graph) Readings(ctx context.Context, r io.Reader) iter.Seq2[*Reading, error] {
	return func(yield func(*Reading, error) bool) {
		var quads []quad.Quad
		emit := func() bool {
			if len(quads) == 0 {
				return true
			}
			reading, err := readingOf(ctx, quads, g.ns)
			quads = nil
			return yield(reading, err) && err == nil
		}
		for q, err := range store.ReadNQuads(r) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(nil, fmt.Errorf("graph: read documents: %w", err))
				return
			}
			if len(quads) > 0 && q.Label != quads[0].Label && !emit() {
				return
			}
			quads = append(quads, q)
		}
		emit()
	}
}

// readingOf makes sure that quads of one label are a whole document.
func readingOf(ctx context.Context, quads []quad.Quad, ns schema.Namespace) (*Reading, error) {
	label := quads[0].Label
	id, ok := "", false
	if iri, is := label.(quad.IRI); is {
		id, ok = ns.DocumentID(string(iri))
	}
	if !ok {
		return nil, fmt.Errorf("graph: read documents: %s is no document of this graph's namespace", store.Format(label))
	}
	r := &Reading{ns: ns, entities: mentioned(ns, slices.Values(quads))}
	for _, q := range quads { // what it is a copy of, another graph decides anew
		switch q.Predicate {
		case dmDuplicateOf:
			r.unread = true
		case dmNearDuplicateOf:
		default:
			r.quads = append(r.quads, q)
		}
	}
	v := view{reader: newFuture(nothing{}, nil, nil, quads), ns: ns}
	info, ok, err := v.documentInfo(ctx, id)
	if err == nil && !ok {
		err = errors.New("its own description is not among its quads")
	}
	if err == nil {
		r.facts = info.Facts
		r.extractor, err = v.text(ctx, label, dmExtractor)
	}
	if err == nil {
		r.doc, err = v.document(ctx, id)
	}
	if err == nil {
		err = checkDocument(r.doc)
	}
	if err == nil && r.doc.Hash() != info.Hash {
		err = errors.New("it is not whole: its text and what is said of it have another hash than was written")
	}
	if err != nil {
		return nil, fmt.Errorf("graph: read documents: document %q: %w", id, err)
	}
	return r, nil
}

// nothing is a graph without quads, to be matched only.
type nothing struct{ reader }

func (nothing) Match(context.Context, store.Pattern) iter.Seq2[quad.Quad, error] {
	return func(func(quad.Quad, error) bool) {}
}

// Add adds a document that was read elsewhere to the graph, as [Graph.Load] does
// once it has read it. A document that is already there, read by the same
// extractor, changes nothing.
func (g *Graph) Add(ctx context.Context, r *Reading) (LoadResult, error) {
	if g.readOnly {
		return LoadResult{Doc: r.doc.ID}, fmt.Errorf("graph: document %q: %w", r.doc.ID, ErrReadOnly)
	}
	if g.ns.Entity("") != r.ns.Entity("") {
		return LoadResult{Doc: r.doc.ID}, fmt.Errorf("graph: document %q was read for the namespace %q, the graph has %q", r.doc.ID, r.ns.Entity(""), g.ns.Entity(""))
	}
	result, err := g.unchanged(ctx, r.doc, r.extractor)
	if err != nil || result.Status == Unchanged {
		return result, err
	}
	return g.enter(ctx, r)
}

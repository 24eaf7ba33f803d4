package graph

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"runtime"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/internal/rdf"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// Export writes the graph, or what opts selects of it, in one of the formats
// of [export.Formats]. The same graph gives the same bytes. Of a selection the
// RDF formats hold the facts with all that hangs on them, but not the texts of
// the documents. What the export does not hold is returned.
func (g *Graph) Export(ctx context.Context, w io.Writer, format string, opts export.Options) (report export.Report, err error) {
	// Pebble's cache is C memory: on one thread all of its blocks come from one
	// arena of C's allocator, and what is freed is used again. On many, each of
	// their arenas grows to the size of the cache and keeps it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err = g.knownAt(opts.KnownAt).with(ctx, func(v *view) error {
		var src export.Source = &wholeGraph{v}
		if !opts.IsZero() {
			facts, _, left, err := v.chosen(ctx, opts)
			if err != nil {
				return err
			}
			report.LeftOut = left
			src = &selection{wholeGraph{v}, facts, report.LeftOut, opts.Side}
		}
		report.Lost, err = export.Write(ctx, w, format, src, opts)
		return err
	})
	return report, err
}

// wholeGraph exports everything.
type wholeGraph struct{ v *view }

func (x *wholeGraph) Namespace() schema.Namespace { return x.v.ns }

func (x *wholeGraph) Facts(ctx context.Context) iter.Seq2[schema.Fact, error] {
	return x.v.Facts(ctx, schema.Filter{})
}

func (x *wholeGraph) Node(ctx context.Context, id string) (export.Node, error) {
	return x.v.describe(ctx, id)
}

func (x *wholeGraph) LeftOut() export.LeftOut { return export.LeftOut{} }

// Quads goes from label to label, and sorts the quads of each.
func (x *wholeGraph) Quads(ctx context.Context) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		sorter := rdf.NewSorter(0)
		more := true
		sorted := func() error {
			for q, err := range sorter.Sorted(ctx) {
				if err != nil {
					return err
				}
				if more = yield(q, nil); !more {
					break
				}
			}
			return nil
		}
		// each hands the quads that match p, and are wanted, on.
		each := func(p store.Pattern, wanted func(quad.Quad) bool) error {
			for q, err := range x.v.Match(ctx, p) {
				if err == nil && wanted(q) {
					err = sorter.Add(q)
				}
				if err != nil {
					return err
				}
			}
			return sorted()
		}
		err := func() error {
			labels := map[string]quad.Value{}
			var labelled int64
			for label, err := range x.v.Labels(ctx) {
				if err != nil {
					return err
				}
				n, err := x.v.Count(ctx, store.Pattern{Label: label})
				if err != nil {
					return err
				}
				labelled += n
				labels[store.Format(label)] = label
			}
			all, err := x.v.Count(ctx, store.Pattern{})
			if err != nil {
				return err
			}
			if labelled < all { // some quads have none
				if err := each(store.Pattern{}, func(q quad.Quad) bool { return q.Label == nil }); err != nil {
					return err
				}
			}
			for _, key := range slices.Sorted(maps.Keys(labels)) {
				if !more {
					return nil
				}
				if err := each(store.Pattern{Label: labels[key]}, func(quad.Quad) bool { return true }); err != nil {
					return err
				}
			}
			return ctx.Err()
		}()
		if err := errors.Join(err, sorter.Close()); err != nil && more {
			yield(quad.Quad{}, err)
		}
	}
}

// selection exports some facts.
type selection struct {
	wholeGraph
	facts []schema.Fact
	left  export.LeftOut
	side  string // whose names things go by; "" and query.Asserted for the neutral ones
}

// Node names what it describes as the side does.
func (x *selection) Node(ctx context.Context, id string) (export.Node, error) {
	n, err := x.wholeGraph.Node(ctx, id)
	if err == nil && n.Class.Is(schema.Place) && x.side != "" && x.side != string(query.Asserted) {
		var name string
		name, err = x.v.NameBy(ctx, id, x.side)
		n.Entity = n.Called(name)
	}
	return n, err
}

func (x *selection) LeftOut() export.LeftOut { return x.left }

// selection returns the facts that opts selects, before MaxNodes. With About it
// goes from entity to entity along the facts that the other options admit, and
// returns how many steps each entity is away.
func (v *view) selection(ctx context.Context, opts export.Options) (facts []schema.Fact, steps map[string]int, err error) {
	scope := query.Scope{AsOf: opts.AsOf, KnownAt: opts.KnownAt, Docs: opts.Documents, Side: query.Side(opts.Side)}
	var start string
	admitted := func(e schema.Entity) bool {
		return len(opts.Classes) == 0 || e.Class == schema.Literal || e.ID == start ||
			slices.ContainsFunc(opts.Classes, e.Class.Is)
	}
	about := func(id string) iter.Seq2[schema.Fact, error] {
		scope.About = id
		return func(yield func(schema.Fact, error) bool) {
			for f, err := range scope.Facts(ctx, v, opts.Predicates...) {
				if err == nil && (f.Confidence < opts.MinConfidence || !admitted(f.Subject) || !admitted(f.Object)) {
					continue
				}
				if !yield(f, err) {
					return
				}
			}
		}
	}
	if opts.About == "" {
		facts, err = collectFacts(about(""))
		return facts, nil, err
	}
	if start, err = v.oneKey(ctx, opts.About); err != nil {
		return nil, nil, err
	}
	nodes, err := v.keyNodes(ctx, start)
	if err != nil {
		return nil, nil, err
	}
	known := int64(0)
	for _, n := range nodes {
		count, err := v.Count(ctx, store.Pattern{Object: n})
		if err != nil {
			return nil, nil, err
		}
		known += count
	}
	if known == 0 {
		return nil, nil, fmt.Errorf("graph: entity %q: %w", opts.About, ErrNotFound)
	}
	found := map[string]schema.Fact{}
	steps = map[string]int{start: 0}
	front := []string{start}
	for depth := 0; depth <= opts.Depth && len(front) > 0; depth++ {
		var next []string
		for _, id := range front {
			for f, err := range about(id) {
				if err != nil {
					return nil, nil, err
				}
				found[f.ID()] = f
				for _, e := range []schema.Entity{f.Subject, f.Object} {
					if _, seen := steps[e.Key()]; seen {
						continue
					}
					steps[e.Key()] = depth + 1
					if e.ID != "" {
						next = append(next, e.ID)
					}
				}
			}
		}
		front = next
	}
	facts = make([]schema.Fact, 0, len(found))
	for _, id := range slices.Sorted(maps.Keys(found)) {
		facts = append(facts, found[id])
	}
	schema.SortFacts(facts)
	return facts, steps, ctx.Err()
}

func collectFacts(seq iter.Seq2[schema.Fact, error]) (facts []schema.Fact, err error) {
	for f, err := range seq {
		if err != nil {
			return nil, err
		}
		facts = append(facts, f)
	}
	return facts, nil
}

func (x *selection) Facts(ctx context.Context) iter.Seq2[schema.Fact, error] {
	return func(yield func(schema.Fact, error) bool) {
		for _, f := range x.facts {
			if err := ctx.Err(); err != nil {
				yield(schema.Fact{}, err)
				return
			}
			if !yield(f, nil) {
				return
			}
		}
	}
}

func (x *selection) Quads(ctx context.Context) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		sorter := rdf.NewSorter(0)
		done := map[quad.Value]bool{}
		copyNode := func(node quad.Value, properties func(quad.IRI) bool) error {
			if done[node] {
				return nil
			}
			done[node] = true
			return x.copy(ctx, sorter, store.Pattern{Subject: node}, properties)
		}
		var err error
		for i := range x.facts {
			if err = x.copyFact(ctx, &x.facts[i], copyNode, sorter); err != nil {
				break
			}
		}
		if err != nil {
			yield(quad.Quad{}, errors.Join(err, sorter.Close()))
			return
		}
		sorter.Sorted(ctx)(yield)
	}
}

// copy hands the quads that match p on, those with a property that is wanted.
func (x *selection) copy(ctx context.Context, to *rdf.Sorter, p store.Pattern, wanted func(quad.IRI) bool) error {
	for q, err := range x.v.Match(ctx, p) {
		if err != nil {
			return err
		}
		if p, ok := q.Predicate.(quad.IRI); ok && wanted(p) {
			if err := to.Add(q); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// copyFact copies the statement, its plain triples, passages, documents and
// entities.
func (x *selection) copyFact(ctx context.Context, f *schema.Fact, copyNode func(quad.Value, func(quad.IRI) bool) error, to *rdf.Sorter) error {
	all := func(quad.IRI) bool { return true }
	ns := x.v.ns
	var nodes []quad.Value
	statements, err := x.v.nodes(ctx, f)
	if err != nil {
		return err
	}
	for _, n := range statements {
		t, err := x.v.term(n)
		if err != nil {
			return err
		}
		nodes = append(nodes, t)
	}
	for _, ev := range f.Evidence {
		nodes = append(nodes, quad.IRI(ns.Passage(ev.Doc, ev.Start, ev.End)))
	}
	for _, n := range nodes {
		if err := copyNode(n, all); err != nil {
			return err
		}
	}
	for _, ev := range f.Evidence {
		if err := copyNode(quad.IRI(ns.Document(ev.Doc)), func(p quad.IRI) bool { return p != dmText }); err != nil {
			return err
		}
	}
	for _, e := range f.Entities() {
		identifies := func(p quad.IRI) bool { // not what documents say of it
			_, isFact := schema.Predicate(strings.TrimPrefix(string(p), schema.VocabularyIRI)).Info()
			return !isFact
		}
		ids, err := x.v.all(ctx, e.ID)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := copyNode(quad.IRI(ns.Entity(id)), identifies); err != nil {
				return err
			}
			identity, err := x.v.identity(ctx, id)
			if err != nil {
				return err
			}
			for _, q := range identity {
				if err := to.Add(q); err != nil {
					return err
				}
			}
		}
	}
	if !f.Plain() {
		return nil
	}
	subjects, err := x.v.keyNodes(ctx, f.Subject.Key())
	if err != nil {
		return err
	}
	objects, err := x.v.keyNodes(ctx, f.Object.Key())
	if err != nil {
		return err
	}
	for _, s := range subjects {
		for _, o := range objects {
			patterns := []store.Pattern{{Subject: s, Predicate: quad.IRI(schema.Term(f.Predicate)), Object: o}}
			if f.Predicate.Symmetric() {
				patterns = append(patterns, store.Pattern{Subject: o, Predicate: quad.IRI(schema.Term(f.Predicate)), Object: s})
			}
			for _, p := range patterns {
				if err := x.copy(ctx, to, p, all); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

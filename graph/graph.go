package graph

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/extract"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// Errors that callers tell apart with [errors.Is].
var (
	ErrNotFound  = errors.New("not found")
	ErrAmbiguous = errors.New("ambiguous")
	ErrReadOnly  = store.ErrReadOnly
	ErrClosed    = store.ErrClosed
	ErrOneEntity = errors.New("they are one and the same")
	ErrOverruled = errors.New("other decisions stand against it")
)

// Extractor finds the facts of a document. It must be safe for concurrent use
// and give equal facts for equal documents. Where it has a method
// Version() string, documents that another version read are read again when
// they are next loaded.
type Extractor interface {
	Extract(ctx context.Context, doc *schema.Document) ([]schema.Fact, error)
}

// Graph is a knowledge graph of documents, kept in one folder. It is safe for
// concurrent use: each call reads the state that the last finished write left,
// and writes wait for one another. Only Close must come after everything else.
type Graph struct {
	store *store.Store
	ns    schema.Namespace
	log   *slog.Logger

	write    sync.Mutex // held from reading what a write depends on to its end
	standing standing   // under write

	memory remembered
	serial uint64 // of the graph among those that the process has opened

	readOnly   bool
	duplicates Duplicates
	by         schema.Date // only documents published by then are seen; zero for all
	extractor  func() (Extractor, error)
	gazetteer  func() (Gazetteer, error)
	engine     func() (*ask.Engine, error)
}

// Option changes how a graph is opened.
type Option func(*Graph)

// WithReadOnly opens an existing graph as it is at that moment, for reading, also
// while another process writes to it; Load and Remove then fail with
// [ErrReadOnly].
func WithReadOnly() Option { return func(g *Graph) { g.readOnly = true } }

// WithExtractor takes facts from x instead of from demarc's own extractor.
func WithExtractor(x Extractor) Option {
	return func(g *Graph) { g.extractor = func() (Extractor, error) { return x, nil } }
}

// WithGazetteer identifies entities by gz instead of by the gazetteer that
// ships with demarc.
func WithGazetteer(gz Gazetteer) Option {
	return func(g *Graph) { g.gazetteer = func() (Gazetteer, error) { return gz, nil } }
}

// WithNamespace sets the base of the IRIs of entities, documents and facts. A
// graph must be opened with the namespace that it was made with.
func WithNamespace(ns schema.Namespace) Option { return func(g *Graph) { g.ns = ns } }

// WithLogger reports what the graph does to l. Without it the graph is silent.
func WithLogger(l *slog.Logger) Option { return func(g *Graph) { g.log = l } }

// Open opens the graph in the folder path and creates it where there is none;
// an empty path makes a graph in memory. One process at a time can have a graph
// open for writing; any number can have it open for reading besides, each as it
// was when it was opened. What extraction and questions need is read when they
// are first used.
func Open(ctx context.Context, path string, opts ...Option) (*Graph, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	g := &Graph{
		serial:    opened.Add(1),
		log:       slog.New(slog.DiscardHandler),
		standing:  newStanding(),
		extractor: sync.OnceValues(func() (Extractor, error) { return extract.New() }),
		gazetteer: sync.OnceValues(func() (Gazetteer, error) { return gazetteer.Default() }),
	}
	for _, opt := range opts {
		opt(g)
	}
	g.engine = sync.OnceValues(func() (*ask.Engine, error) { return ask.New(ask.WithNamespace(g.ns)) })
	var err error
	if g.store, err = store.Open(path, store.Options{ReadOnly: g.readOnly, Logger: g.log}); err != nil {
		return nil, err
	}
	return g, nil
}

// opened counts the graphs that the process has opened.
var opened atomic.Uint64

// State tells the states of all graphs that the process opens apart: where it
// returns the same number, other than 0, nothing has changed. 0 is unknown.
func (g *Graph) State() (state uint64, err error) {
	snapshot, err := g.store.Snapshot()
	if err != nil {
		return 0, err
	}
	if v := snapshot.Version(); v != 0 {
		const versions = 40 // bits: a million million changes of one graph
		state = g.serial<<versions | v
	}
	return state, snapshot.Close()
}

// Namespace returns what the graph's IRIs are made with.
func (g *Graph) Namespace() schema.Namespace { return g.ns }

// Verify checks that the parts of the graph's files agree; see
// [store.Store.Verify].
func (g *Graph) Verify(ctx context.Context) (store.Report, error) { return g.store.Verify(ctx) }

// Close releases the graph. Calls after it fail with [ErrClosed].
func (g *Graph) Close() error { return g.store.Close() }

// knownAt is the graph as it would be had only the documents come that were
// published by a date; for the zero date the graph itself. It is for reading.
func (g *Graph) knownAt(by schema.Date) *Graph {
	if by.IsZero() || !g.by.IsZero() && g.by.Compare(by) <= 0 {
		return g
	}
	return &Graph{
		store: g.store, ns: g.ns, log: g.log, readOnly: true, by: by,
		extractor: g.extractor, gazetteer: g.gazetteer, engine: g.engine,
	}
}

// view returns the present state of the graph. It must be closed.
func (g *Graph) view(ctx context.Context) (*view, error) {
	snapshot, err := g.store.Snapshot()
	if err != nil {
		return nil, err
	}
	v := &view{
		reader: snapshot, ns: g.ns, gazetteer: quad.IRI(g.ns.Gazetteer()), decisions: quad.IRI(g.ns.Decisions()),
		ids: map[quad.Value]store.ID{},
	}
	if g.by.IsZero() {
		v.memory = g.memory.of(snapshot.Version())
		return v, nil
	}
	now := *v // which has other IDs of terms
	now.ids = nil
	past, err := publishedBy(ctx, &now, g.by)
	if now.cursor != nil {
		err = errors.Join(err, now.cursor.Close())
	}
	if err != nil {
		return nil, errors.Join(err, snapshot.Close())
	}
	v.reader = past
	v.past, v.memory = true, newMemory()
	return v, nil
}

// with runs read on the present state of the graph.
func (g *Graph) with(ctx context.Context, read func(*view) error) error {
	v, err := g.view(ctx)
	if err != nil {
		return err
	}
	return errors.Join(read(v), v.Close())
}

// Ask answers a question in plain English; see [ask.Engine.Ask]. With a side, as
// [query.Side] has it, only facts answer: of sentences it cannot be told whose
// words they are.
func (g *Graph) Ask(ctx context.Context, question string, opts ask.Options) (ask.Answer, error) {
	engine, err := g.engine()
	if err != nil {
		return ask.Answer{}, fmt.Errorf("graph: %w", err)
	}
	var answer ask.Answer
	err = g.knownAt(opts.KnownAt).with(ctx, func(v *view) error {
		if side := query.Side(opts.Side); side != query.All {
			opts.FactsOnly = true
			answer, err = engine.Ask(ctx, &sided{v, side.Of(v)}, question, opts)
			return err
		}
		answer, err = engine.Ask(ctx, v, question, opts)
		return err
	})
	return answer, err
}

// sided is a view of which one side's words count.
type sided struct {
	*view
	words *query.Sided
}

// Facts yields the facts of the view as the side puts them.
func (s *sided) Facts(ctx context.Context, filter schema.Filter) iter.Seq2[schema.Fact, error] {
	return s.words.Facts(ctx, filter)
}

var (
	_ ask.Reader    = (*Graph)(nil)
	_ ask.Reader    = (*view)(nil)
	_ ask.Reader    = (*sided)(nil)
	_ ask.Suggester = (*view)(nil)
	_ ask.Suggester = (*sided)(nil)
	_ ask.Counter   = (*view)(nil)
)

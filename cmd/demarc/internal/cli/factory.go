package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"

	"github.com/demarcgraph/demarc/extract"
	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/nlp"
)

// Factory makes what commands need, when they first need it: building the
// commands themselves opens and loads nothing.
type Factory struct {
	*Streams

	// Getenv reads the environment.
	Getenv func(string) string

	// Extractor returns the extractor, the same at every call.
	Extractor func() (*extract.Extractor, error)

	// Pipeline returns the tagger and parser, the same at every call.
	Pipeline func() (*nlp.Pipeline, error)

	// global flags
	db    string
	debug bool
}

// defaultDB is the folder of the graph where nobody says otherwise.
const defaultDB = "demarc.db"

// inMemory is the path of a graph that leaves nothing behind.
const inMemory = ""

// newFactory returns a factory over the given streams and environment.
func newFactory(streams *Streams, getenv func(string) string) *Factory {
	return &Factory{
		Streams:   streams,
		Getenv:    getenv,
		Extractor: sync.OnceValues(func() (*extract.Extractor, error) { return extract.New() }),
		Pipeline:  sync.OnceValues(newPipeline),
	}
}

// DB returns the folder of the graph: of --db, $DEMARC_DB or the default.
func (f *Factory) DB() string {
	if f.db != "" {
		return f.db
	}
	if db := f.Getenv("DEMARC_DB"); db != "" {
		return db
	}
	return defaultDB
}

// OpenGraph opens the graph for writing and creates it where there is none.
func (f *Factory) OpenGraph(ctx context.Context, opts ...graph.Option) (*graph.Graph, error) {
	return f.open(ctx, f.DB(), opts...)
}

// ReadGraph opens the graph, which must be there, for reading.
func (f *Factory) ReadGraph(ctx context.Context) (*graph.Graph, error) {
	return f.openExisting(ctx, graph.WithReadOnly())
}

// FollowGraph opens the graph, which must be there, for reading its newest state.
func (f *Factory) FollowGraph(ctx context.Context) (*graph.Follower, error) {
	if err := f.mustExist(); err != nil {
		return nil, err
	}
	return graph.Follow(ctx, f.DB(), graph.WithLogger(f.Logger()))
}

// ChangeGraph opens the graph, which must be there, for writing.
func (f *Factory) ChangeGraph(ctx context.Context) (*graph.Graph, error) { return f.openExisting(ctx) }

func (f *Factory) openExisting(ctx context.Context, opts ...graph.Option) (*graph.Graph, error) {
	if err := f.mustExist(); err != nil {
		return nil, err
	}
	return f.open(ctx, f.DB(), opts...)
}

// mustExist fails where there is no graph. A server says itself what it lacks.
func (f *Factory) mustExist() error {
	if store.OnServer(f.DB()) {
		return nil
	}
	if _, err := os.Stat(f.DB()); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no graph in %s: make one with \"demarc load FILE...\", or name another with --db", f.DB())
	}
	return nil
}

// open opens the graph in path.
func (f *Factory) open(ctx context.Context, path string, opts ...graph.Option) (*graph.Graph, error) {
	return graph.Open(ctx, path, append(opts, graph.WithLogger(f.Logger()))...)
}

// Logger returns a logger to standard error, silent without --debug.
func (f *Factory) Logger() *slog.Logger {
	if !f.debug {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(f.Err, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

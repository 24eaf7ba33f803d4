package query

import (
	"context"
	"errors"
	"sync"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/quad"
)

// guard stands between a query of Cayley's and its snapshot. A session cannot
// be waited for when it is given up; a guard that is shut keeps it from a
// snapshot that may be closed. It also makes code that brings a context of its
// own stop with the query's.
type guard struct {
	ctx  context.Context
	mu   sync.RWMutex
	over bool
}

var errStopped = errors.New("the query was stopped")

// enter asks for access, which leave ends; without error only.
func (g *guard) enter() error {
	if err := g.ctx.Err(); err != nil {
		return err
	}
	g.mu.RLock()
	if g.over {
		g.mu.RUnlock()
		return errStopped
	}
	return nil
}

func (g *guard) leave() { g.mu.RUnlock() }

// shut waits for running accesses and refuses all later ones.
func (g *guard) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
}

// guardedStore is a quad store behind a guard, for reading only.
type guardedStore struct {
	cayley.QuadStore
	g *guard
}

var _ cayley.QuadStore = guardedStore{}

func guarded[T any](g *guard, read func() (T, error)) (T, error) {
	if err := g.enter(); err != nil {
		var none T
		return none, err
	}
	defer g.leave()
	return read()
}

func (s guardedStore) ValueOf(v quad.Value) (cayley.Ref, error) {
	return guarded(s.g, func() (cayley.Ref, error) { return s.QuadStore.ValueOf(v) })
}

func (s guardedStore) NameOf(r cayley.Ref) (quad.Value, error) {
	return guarded(s.g, func() (quad.Value, error) { return s.QuadStore.NameOf(r) })
}

func (s guardedStore) Quad(r cayley.Ref) (quad.Quad, error) {
	return guarded(s.g, func() (quad.Quad, error) { return s.QuadStore.Quad(r) })
}

func (s guardedStore) QuadDirection(r cayley.Ref, d quad.Direction) (cayley.Ref, error) {
	return guarded(s.g, func() (cayley.Ref, error) { return s.QuadStore.QuadDirection(r, d) })
}

func (s guardedStore) QuadIteratorSize(ctx context.Context, d quad.Direction, r cayley.Ref) (refs.Size, error) {
	return guarded(s.g, func() (refs.Size, error) { return s.QuadStore.QuadIteratorSize(ctx, d, r) })
}

func (s guardedStore) Stats(ctx context.Context, exact bool) (cayley.Stats, error) {
	return guarded(s.g, func() (cayley.Stats, error) { return s.QuadStore.Stats(ctx, exact) })
}

func (s guardedStore) shape(make func() iterator.Shape) iterator.Shape {
	shape, err := guarded(s.g, func() (iterator.Shape, error) { return make(), nil })
	if err != nil {
		return iterator.NewError(err)
	}
	if iterator.IsNull(shape) {
		return shape // Cayley recognizes it and prunes
	}
	return guardedShape{shape, s.g}
}

func (s guardedStore) QuadIterator(d quad.Direction, r cayley.Ref) iterator.Shape {
	return s.shape(func() iterator.Shape { return s.QuadStore.QuadIterator(d, r) })
}

func (s guardedStore) NodesAllIterator() iterator.Shape { return s.shape(s.QuadStore.NodesAllIterator) }
func (s guardedStore) QuadsAllIterator() iterator.Shape { return s.shape(s.QuadStore.QuadsAllIterator) }

// guardedShape is one of the store's own iterators, which have no parts.
type guardedShape struct {
	iterator.Shape
	g *guard
}

func (s guardedShape) Iterate() iterator.Scanner {
	return &guardedScanner{Scanner: s.Shape.Iterate(), guardedBase: guardedBase{g: s.g}}
}

func (s guardedShape) Lookup() iterator.Index {
	return &guardedIndex{Index: s.Shape.Lookup(), guardedBase: guardedBase{g: s.g}}
}

func (s guardedShape) Stats(ctx context.Context) (iterator.Costs, error) {
	return guarded(s.g, func() (iterator.Costs, error) { return s.Shape.Stats(ctx) })
}

func (s guardedShape) Optimize(context.Context) (iterator.Shape, bool) { return s, false }

// guardedBase keeps the error of a refused access.
type guardedBase struct {
	g   *guard
	err error
}

func (b *guardedBase) do(step func() bool) bool {
	if b.err == nil {
		b.err = b.g.enter()
	}
	if b.err != nil {
		return false
	}
	defer b.g.leave()
	return step()
}

type guardedScanner struct {
	iterator.Scanner
	guardedBase
}

func (s *guardedScanner) Next(ctx context.Context) bool {
	return s.do(func() bool { return s.Scanner.Next(ctx) })
}

func (s *guardedScanner) Err() error { return errors.Join(s.err, s.Scanner.Err()) }

// Close leaves an iterator that was still running to the snapshot's own Close.
func (s *guardedScanner) Close() error {
	s.g.mu.RLock()
	defer s.g.mu.RUnlock()
	if s.g.over {
		return s.err
	}
	return s.Scanner.Close()
}

type guardedIndex struct {
	iterator.Index
	guardedBase
}

func (s *guardedIndex) Contains(ctx context.Context, r cayley.Ref) bool {
	return s.do(func() bool { return s.Index.Contains(ctx, r) })
}

func (s *guardedIndex) Err() error { return errors.Join(s.err, s.Index.Err()) }

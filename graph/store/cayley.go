package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/quad"
)

// Name is the name our store has in Cayley's registry; see [Register].
const Name = "demarc"

// Register makes graphs of the default kind known to Cayley under [Name], so
// that graph.NewQuadStore can open them by their path. Nothing in this project
// needs that. Cayley's registry is global, has no lock and takes a name once.
func Register() {
	graph.RegisterQuadStore(Name, graph.QuadStoreRegistration{
		NewFunc: func(path string, o graph.Options) (graph.QuadStore, error) {
			readOnly, err := o.BoolKey("read_only", false)
			if err != nil {
				return nil, err
			}
			s, err := Open(path, Options{ReadOnly: readOnly})
			if err != nil {
				return nil, err
			}
			return owned{s.QuadStore().(*quadStore), s}, nil
		},
		InitFunc: func(path string, _ graph.Options) error {
			s, err := Open(path, Options{})
			if err != nil {
				return err
			}
			return s.Close()
		},
		IsPersistent: true,
	})
}

// owned is a quad store that closes the graph under it.
type owned struct {
	*quadStore
	s *Store
}

func (o owned) Close() error { return o.s.Close() }

func (d *disk) quadStore() graph.QuadStore { return &quadStore{d.live} }
func (v *view) quadStore() graph.QuadStore { return &quadStore{v} }

// nodeRef refers to a term in Cayley's terms.
type nodeRef id

func (n nodeRef) Key() any { return n }

// quadRef refers to a quad in Cayley's terms.
type quadRef quadID

func (q quadRef) Key() any { return q }

// refOf is the reference for an id, nil for none.
func refOf(n id) graph.Ref {
	if n == 0 {
		return nil
	}
	return nodeRef(n)
}

// quadStore is a view as Cayley's graph.QuadStore.
type quadStore struct {
	v *view
}

var (
	_ graph.QuadStore = (*quadStore)(nil)
	_ refs.BatchNamer = (*quadStore)(nil)
)

// node returns the id behind a reference to a term. A reference that carries
// its value, as Cayley makes for computed results, is looked up.
func (s *quadStore) node(r graph.Ref) (id, error) {
	switch r := r.(type) {
	case nodeRef:
		return id(r), nil
	case refs.PreFetchedValue:
		return s.v.lookup(r.NameOf())
	}
	return 0, nil
}

func (s *quadStore) ValueOf(v quad.Value) (graph.Ref, error) {
	n, err := s.v.lookup(v)
	return refOf(n), err
}

func (s *quadStore) NameOf(r graph.Ref) (quad.Value, error) {
	switch r := r.(type) {
	case nodeRef:
		return s.v.term(id(r))
	case refs.PreFetchedValue:
		return r.NameOf(), nil
	}
	return nil, nil
}

func (s *quadStore) ValuesOf(ctx context.Context, vals []graph.Ref) ([]quad.Value, error) {
	out := make([]quad.Value, len(vals))
	for i, r := range vals {
		var err error
		if out[i], err = s.NameOf(r); err != nil {
			return nil, err
		}
	}
	return out, ctx.Err()
}

func (s *quadStore) RefsOf(ctx context.Context, nodes []quad.Value) ([]graph.Ref, error) {
	out := make([]graph.Ref, len(nodes))
	for i, v := range nodes {
		var err error
		if out[i], err = s.ValueOf(v); err != nil {
			return nil, err
		}
		if out[i] == nil {
			return nil, fmt.Errorf("not in the graph: %s", Format(v))
		}
	}
	return out, ctx.Err()
}

func (s *quadStore) Quad(r graph.Ref) (quad.Quad, error) {
	q, ok := r.(quadRef)
	if !ok {
		return quad.Quad{}, nil
	}
	return s.v.quad(quadID(q))
}

func (s *quadStore) QuadDirection(r graph.Ref, d quad.Direction) (graph.Ref, error) {
	q, ok := r.(quadRef)
	if !ok || d < quad.Subject || d > quad.Label {
		return nil, nil
	}
	return refOf(q[d-1]), nil
}

func (s *quadStore) QuadIterator(d quad.Direction, r graph.Ref) iterator.Shape {
	n, err := s.node(r)
	if err != nil {
		return iterator.NewError(err)
	}
	if n == 0 {
		return iterator.NewNull()
	}
	sh := &quadsShape{v: s.v}
	sh.p[d-1] = n
	return sh
}

func (s *quadStore) QuadIteratorSize(_ context.Context, d quad.Direction, r graph.Ref) (refs.Size, error) {
	n, err := s.node(r)
	if err != nil || n == 0 {
		return refs.Size{Exact: err == nil}, err
	}
	c, err := s.v.counts(n)
	return refs.Size{Value: c[d-1], Exact: true}, err
}

func (s *quadStore) Stats(context.Context, bool) (graph.Stats, error) {
	c, err := s.v.totals()
	return graph.Stats{
		Nodes: refs.Size{Value: c[totalTerms], Exact: true},
		Quads: refs.Size{Value: c[totalQuads], Exact: true},
	}, err
}

func (s *quadStore) NodesAllIterator() iterator.Shape { return &nodesShape{v: s.v} }
func (s *quadStore) QuadsAllIterator() iterator.Shape { return &quadsShape{v: s.v} }

// ApplyDeltas applies deltas in one synced batch.
func (s *quadStore) ApplyDeltas(deltas []graph.Delta, ignore graph.IgnoreOpts) error {
	if s.v.snap != nil {
		return ErrReadOnly
	}
	ctx := context.Background() // Cayley's interface has none
	return s.v.d.update(ctx, func(t *txn) error {
		for _, d := range deltas {
			switch d.Action {
			case graph.Add:
				existed, err := t.add(d.Quad)
				if err != nil {
					return &graph.DeltaError{Delta: d, Err: err}
				}
				if existed && !ignore.IgnoreDup {
					return &graph.DeltaError{Delta: d, Err: graph.ErrQuadExists}
				}
			case graph.Delete:
				existed, err := t.remove(d.Quad)
				if err != nil {
					return &graph.DeltaError{Delta: d, Err: err}
				}
				if !existed && !ignore.IgnoreMissing {
					return &graph.DeltaError{Delta: d, Err: graph.ErrQuadNotExist}
				}
			default:
				return &graph.DeltaError{Delta: d, Err: graph.ErrInvalidAction}
			}
		}
		return nil
	})
}

// NewQuadWriter returns a writer that ignores quads that are there. Quads are
// on disk once Close has returned.
func (s *quadStore) NewQuadWriter() (quad.WriteCloser, error) {
	if s.v.snap != nil {
		return nil, ErrReadOnly
	}
	return &quadWriter{s: s}, nil
}

type quadWriter struct {
	s   *quadStore
	buf []quad.Quad
}

// writerBatch is how many quads a writer gathers for one batch.
const writerBatch = 1 << 16

func (w *quadWriter) WriteQuad(q quad.Quad) error {
	w.buf = append(w.buf, q)
	if len(w.buf) < writerBatch {
		return nil
	}
	return w.flush()
}

func (w *quadWriter) WriteQuads(quads []quad.Quad) (int, error) {
	for i, q := range quads {
		if err := w.WriteQuad(q); err != nil {
			return i, err
		}
	}
	return len(quads), nil
}

// flush keeps what it could not write, so that it can be tried again.
func (w *quadWriter) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	if err := w.s.v.d.commit(context.Background(), []Change{{Add: w.buf}}); err != nil {
		return err
	}
	w.buf = w.buf[:0]
	return nil
}

func (w *quadWriter) Close() error { return w.flush() }

// Close does nothing: the view belongs to a store or a snapshot.
func (s *quadStore) Close() error { return nil }

// quadsShape is all quads that match a pattern.
type quadsShape struct {
	v *view
	p quadID
}

func (s *quadsShape) open() refScanner                                { return s.v.scan(&s.p) }
func (s *quadsShape) String() string                                  { return fmt.Sprintf("Quads(%x)", s.p) }
func (s *quadsShape) Iterate() iterator.Scanner                       { return &scan{open: s.open, name: "QuadsNext"} }
func (s *quadsShape) Lookup() iterator.Index                          { return &quadsContains{p: s.p} }
func (s *quadsShape) SubIterators() []iterator.Shape                  { return nil }
func (s *quadsShape) Optimize(context.Context) (iterator.Shape, bool) { return s, false }
func (s *quadsShape) Stats(ctx context.Context) (iterator.Costs, error) {
	size, exact, err := s.v.estimate(&s.p)
	return iterator.Costs{ContainsCost: 1, NextCost: 1, Size: refs.Size{Value: size, Exact: exact}}, err
}

// base is what our iterators have in common: no tags, no further paths.
type base struct {
	err error
}

func (b *base) TagResults(map[string]graph.Ref) {}
func (b *base) NextPath(context.Context) bool   { return false }
func (b *base) Err() error                      { return b.err }

// refScanner is a cursor over what has a reference in Cayley's terms.
type refScanner interface {
	next(ctx context.Context) bool
	ref() graph.Ref
	close() error
}

func (s *scanner) ref() graph.Ref     { return quadRef(s.q) }
func (s *termScanner) ref() graph.Ref { return nodeRef(s.id) }

// scan goes through all of a shape, which it opens when it is first asked.
type scan struct {
	base
	open func() refScanner
	name string
	s    refScanner
	end  bool
}

func (it *scan) String() string { return it.name }

func (it *scan) Next(ctx context.Context) bool {
	if it.end {
		return false
	}
	if it.s == nil {
		it.s = it.open()
	}
	if it.s.next(ctx) {
		return true
	}
	it.end = true
	it.err = it.s.close()
	return false
}

func (it *scan) Result() graph.Ref {
	if it.s == nil || it.end {
		return nil
	}
	return it.s.ref()
}

func (it *scan) Close() error {
	it.end = true
	if it.s == nil {
		return nil
	}
	return it.s.close()
}

// quadsContains checks quads against a pattern, without reading anything: a
// reference to a quad has all of its ids.
type quadsContains struct {
	base
	p   quadID
	cur graph.Ref
}

func (it *quadsContains) String() string { return "QuadsContains" }

func (it *quadsContains) Contains(_ context.Context, r graph.Ref) bool {
	it.cur = nil
	q, ok := r.(quadRef)
	if !ok || !(*quadID)(&q).matches(&it.p) {
		return false
	}
	it.cur = r
	return true
}

func (it *quadsContains) Result() graph.Ref { return it.cur }
func (it *quadsContains) Close() error      { return nil }

// nodesShape is all terms.
type nodesShape struct {
	v *view
}

func (s *nodesShape) open() refScanner                                { return s.v.scanTerms() }
func (s *nodesShape) String() string                                  { return "Nodes" }
func (s *nodesShape) Iterate() iterator.Scanner                       { return &scan{open: s.open, name: "NodesNext"} }
func (s *nodesShape) Lookup() iterator.Index                          { return &nodesContains{v: s.v} }
func (s *nodesShape) SubIterators() []iterator.Shape                  { return nil }
func (s *nodesShape) Optimize(context.Context) (iterator.Shape, bool) { return s, false }
func (s *nodesShape) Stats(context.Context) (iterator.Costs, error) {
	c, err := s.v.totals()
	return iterator.Costs{
		ContainsCost: 1,
		NextCost:     1,
		Size:         refs.Size{Value: c[totalTerms], Exact: true},
	}, err
}

type nodesContains struct {
	base
	v   *view
	cur graph.Ref
}

func (it *nodesContains) String() string { return "NodesContains" }

func (it *nodesContains) Contains(_ context.Context, r graph.Ref) bool {
	it.cur = nil
	n, ok := r.(nodeRef)
	if !ok {
		// Cayley asks for computed values too; they are in if they are terms.
		p, ok := r.(refs.PreFetchedValue)
		if !ok {
			return false
		}
		found, err := it.v.lookup(p.NameOf())
		if err != nil || found == 0 {
			it.err = errors.Join(it.err, err)
			return false
		}
		it.cur = r
		return true
	}
	t, err := it.v.term(id(n))
	if err != nil || t == nil {
		it.err = errors.Join(it.err, err)
		return false
	}
	it.cur = r
	return true
}

func (it *nodesContains) Result() graph.Ref { return it.cur }
func (it *nodesContains) Close() error      { return nil }

package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"iter"
	"log/slog"
	"math/bits"
	"slices"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// Options are the settings of [Open]. The zero value is ready to use.
type Options struct {
	// ReadOnly opens a graph that exists as it is at that moment, and changes
	// nothing of what it says: at most it puts what a writer that was killed has left
	// in its log where it is found sooner. Any number of processes may do so, before and while another
	// writes; what it writes afterwards is not seen. The files of that moment
	// take room on the disk until the store is closed.
	ReadOnly bool
	// Logger gets what happens in the background; nil keeps silent.
	Logger *slog.Logger
	// CacheSize is the memory in bytes for pieces of the files, 64 MiB if 0.
	CacheSize int64
	// TermCacheSize is the memory in bytes for decoded terms, 32 MiB if 0.
	TermCacheSize int64
	// RowCacheSize is the memory in bytes for what was found of late by queries
	// that read by IDs, 32 MiB if 0.
	RowCacheSize int64
	// Reserve is the space in bytes that a change must leave free on the disk,
	// 64 MiB if 0, none if negative.
	Reserve int64

	recovering bool // see [disk.recover]

	// For tests.
	fs   vfs.FS
	hash func(term []byte) id
}

func (o *Options) setDefaults() {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.CacheSize == 0 {
		o.CacheSize = 64 << 20
	}
	if o.TermCacheSize == 0 {
		o.TermCacheSize = 32 << 20
	}
	if o.RowCacheSize == 0 {
		o.RowCacheSize = 32 << 20
	}
	if o.Reserve == 0 {
		o.Reserve = 64 << 20
	}
	o.Reserve = max(o.Reserve, 0)
	if o.hash == nil {
		o.hash = hashTerm
	}
}

// Store is an open graph. It is safe for concurrent use, except that Close
// must come after everything else.
type Store struct {
	eng engine
}

// engine is a back end.
type engine interface {
	commit(ctx context.Context, changes []Change) error
	exclude(ctx context.Context) (changed bool, release func(), err error)
	read() (reader, error)
	importQuads(ctx context.Context, r io.Reader, opts ImportOptions) (ImportResult, error)
	verify(ctx context.Context) (Report, error)
	backup(ctx context.Context, dir string) error
	quadStore() graph.QuadStore
	close() error
}

// reader reads one state of a back end.
type reader interface {
	match(ctx context.Context, p Pattern, yield func(Quad, error) bool)
	triples(ctx context.Context, p Pattern, yield func(Quad, error) bool)
	count(ctx context.Context, p Pattern) (int64, error)
	labels(ctx context.Context, yield func(Value, error) bool)
	records(ctx context.Context, prefix string, yield func(Record, error) bool)
	beside(ctx context.Context, prefix, key string) (before, after string, err error)
	stats(ctx context.Context) (Stats, error)
	index() Index
	version() uint64
	quadStore() graph.QuadStore
	close() error
}

// Open opens the graph at path, a folder, and creates it if there is none. An
// empty path makes a graph in memory. A path that begins with postgres:// is the
// address of a PostgreSQL database, whose only use is the graph: its tables are
// made if there are none, and writers take turns.
//
// The error is an [*ErrLocked] where two processes would write, and wraps
// [ErrNoGraph], [ErrNotEmpty] or [ErrNoSpace] where these are the reason.
func Open(path string, opts Options) (*Store, error) {
	opts.setDefaults()
	if OnServer(path) {
		s, err := openPostgres(path, opts)
		if err != nil {
			return nil, err
		}
		return &Store{s}, nil
	}
	d, err := openDisk(path, opts)
	if err != nil {
		return nil, err
	}
	return &Store{d}, nil
}

// Close closes the store. Snapshots must have been closed before.
func (s *Store) Close() error { return s.eng.close() }

// Apply takes the quads of del out and puts those of add in, in one step: on
// return all of it is on disk, on error nothing of it has happened. Quads of
// del that are not there and quads of add that are make no difference.
func (s *Store) Apply(ctx context.Context, del, add []Quad) error {
	return s.Commit(ctx, Change{Delete: del, Add: add})
}

// ReplaceLabel takes all quads with the given label out and puts add in, in
// one step like [Store.Apply]. The quads of add may have any label.
func (s *Store) ReplaceLabel(ctx context.Context, label Value, add []Quad) error {
	if label == nil {
		return errors.New("store: replace: no label given")
	}
	return s.Commit(ctx, Change{Label: label, Add: add})
}

// Commit applies changes one after the other, all in one step like
// [Store.Apply]. Several changes cost one trip to the disk, and so do calls
// from several goroutines at once.
func (s *Store) Commit(ctx context.Context, changes ...Change) error {
	return s.eng.commit(ctx, changes)
}

// Exclude waits for its turn to write among all processes that write to the graph
// and call it, and keeps the others out until release is called: so what is written
// can depend on what was read. changed is whether another process may have written
// since this one last did. A folder has one writer anyway, so there it does nothing.
func (s *Store) Exclude(ctx context.Context) (changed bool, release func(), err error) {
	return s.eng.exclude(ctx)
}

// Snapshot returns the present state of the graph; it stays the same whatever
// is written after. It must be closed, before the store is.
func (s *Store) Snapshot() (*Snapshot, error) {
	r, err := s.eng.read()
	if err != nil {
		return nil, err
	}
	return &Snapshot{r}, nil
}

// Match is [Snapshot.Match] on the state at the time the loop begins.
func (s *Store) Match(ctx context.Context, p Pattern) iter.Seq2[Quad, error] {
	return func(yield func(Quad, error) bool) {
		snap, err := s.Snapshot()
		if err != nil {
			yield(Quad{}, err)
			return
		}
		defer snap.Close()
		snap.r.match(ctx, p, yield)
	}
}

// Labels is [Snapshot.Labels] on the state at the time the loop begins.
func (s *Store) Labels(ctx context.Context) iter.Seq2[Value, error] {
	return func(yield func(Value, error) bool) {
		snap, err := s.Snapshot()
		if err != nil {
			yield(nil, err)
			return
		}
		defer snap.Close()
		snap.r.labels(ctx, yield)
	}
}

// Count is [Snapshot.Count] on the present state.
func (s *Store) Count(ctx context.Context, p Pattern) (n int64, err error) {
	err = s.with(func(snap *Snapshot) error {
		n, err = snap.Count(ctx, p)
		return err
	})
	return n, err
}

// Stats is [Snapshot.Stats] on the present state.
func (s *Store) Stats(ctx context.Context) (st Stats, err error) {
	err = s.with(func(snap *Snapshot) error {
		st, err = snap.Stats(ctx)
		return err
	})
	return st, err
}

// Hash is [Snapshot.Hash] on the present state.
func (s *Store) Hash(ctx context.Context) (h string, err error) {
	err = s.with(func(snap *Snapshot) error {
		h, err = snap.Hash(ctx)
		return err
	})
	return h, err
}

func (s *Store) with(read func(*Snapshot) error) error {
	snap, err := s.Snapshot()
	if err != nil {
		return err
	}
	return errors.Join(read(snap), snap.Close())
}

// QuadStore returns the graph as Cayley sees it, for its query languages. Every
// iterator reads the state at the time it starts; use [Snapshot.QuadStore] for
// a query that must see one state throughout. Closing it does nothing.
func (s *Store) QuadStore() graph.QuadStore { return s.eng.quadStore() }

// Snapshot is one state of a graph. It is safe for concurrent use.
type Snapshot struct {
	r reader
}

// Close releases the snapshot.
func (s *Snapshot) Close() error { return s.r.close() }

// Match yields the quads that match p, by way of the index that suits it best.
// Their order is the same whenever the graph is. After an error, a cancelled
// context's included, the sequence ends.
func (s *Snapshot) Match(ctx context.Context, p Pattern) iter.Seq2[Quad, error] {
	return func(yield func(Quad, error) bool) { s.r.match(ctx, p, yield) }
}

// Triples yields the triples of the quads that match p, each once however many
// labels it has, as quads without a label. It passes over the labels, so that the
// time it takes grows with the triples and not with the quads; the label of p is
// of no account.
func (s *Snapshot) Triples(ctx context.Context, p Pattern) iter.Seq2[Quad, error] {
	return func(yield func(Quad, error) bool) {
		p.Label = nil
		s.r.triples(ctx, p, yield)
	}
}

// Labels yields every label that some quad has, once each.
func (s *Snapshot) Labels(ctx context.Context) iter.Seq2[Value, error] {
	return func(yield func(Value, error) bool) { s.r.labels(ctx, yield) }
}

// Records yields the records whose keys begin with prefix, in the order of their
// keys.
func (s *Snapshot) Records(ctx context.Context, prefix string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) { s.r.records(ctx, prefix, yield) }
}

// Beside returns, of the records whose keys begin with prefix, as key does, the
// keys of the last before key and of the first after it, whether or not there is a
// record of that key; "" where there is none.
func (s *Snapshot) Beside(ctx context.Context, prefix, key string) (before, after string, err error) {
	return s.r.beside(ctx, prefix, key)
}

// Count returns the number of quads that match p. With at most one component
// set it takes no time; otherwise the matching quads are counted.
func (s *Snapshot) Count(ctx context.Context, p Pattern) (int64, error) { return s.r.count(ctx, p) }

// Stats are figures about a graph.
type Stats struct {
	Quads int64
	Terms int64 // distinct terms, labels included
	Bytes int64 // on disk; 0 where it is not known
}

// Stats returns the exact numbers of quads and terms; it does not count.
func (s *Snapshot) Stats(ctx context.Context) (Stats, error) { return s.r.stats(ctx) }

// Version tells states of an open store apart: snapshots with the same version,
// other than 0, have the same quads and give terms the same IDs. 0 is unknown.
func (s *Snapshot) Version() uint64 { return s.r.version() }

// QuadStore returns the snapshot as Cayley sees it. It takes no changes.
// Closing it does nothing. On PostgreSQL, whose part of Cayley knows no
// snapshots, it is that of the store.
func (s *Snapshot) QuadStore() graph.QuadStore { return s.r.quadStore() }

// Hash returns a fingerprint of all quads: the sum of the SHA-256 of their
// lines in canonical N-Quads, modulo 2^256, in hexadecimal. Graphs with the
// same quads have the same hash, however and wherever they were made.
func (s *Snapshot) Hash(ctx context.Context) (string, error) {
	var sum [4]uint64
	var line []byte
	for q, err := range s.Match(ctx, Pattern{}) {
		if err != nil {
			return "", err
		}
		line = appendQuad(line[:0], q)
		h := sha256.Sum256(line)
		var carry uint64
		for i := range sum {
			sum[i], carry = bits.Add64(sum[i], binary.LittleEndian.Uint64(h[8*i:]), carry)
		}
	}
	var out []byte
	for _, w := range sum {
		out = binary.LittleEndian.AppendUint64(out, w)
	}
	return hex.EncodeToString(out), nil
}

// The disk's side of the interfaces.

func (d *disk) exclude(context.Context) (bool, func(), error) { return false, func() {}, nil }

func (d *disk) read() (reader, error) {
	v, err := d.snapshot()
	if err != nil {
		return nil, err
	}
	return v, nil
}

func (v *view) match(ctx context.Context, p Pattern, yield func(Quad, error) bool) {
	v.each(ctx, p, func(s *scanner) (quadID, bool) { return s.q, true }, yield)
}

func (v *view) triples(ctx context.Context, p Pattern, yield func(Quad, error) bool) {
	// Only the order by labels does not end with them, and no label is set.
	var last quadID
	same := 0 // quads of the last triple that were stepped over
	v.each(ctx, p, func(s *scanner) (quadID, bool) {
		now := quadID{s.q[dirS], s.q[dirP], s.q[dirO]}
		if now == last {
			if same++; same == nearby {
				s.skip(3)
			}
			return now, false
		}
		last, same = now, 0
		return now, true
	}, yield)
}

// each goes through the quads that match p and yields what pick makes of those
// that it wants.
func (v *view) each(ctx context.Context, p Pattern, pick func(*scanner) (quadID, bool), yield func(Quad, error) bool) {
	n, ok, err := v.pattern(p)
	if err != nil {
		yield(Quad{}, err)
		return
	}
	if !ok {
		if err := ctx.Err(); err != nil {
			yield(Quad{}, err)
		}
		return
	}
	s := v.scan(&n)
	for s.next(ctx) {
		picked, ok := pick(s)
		if !ok {
			continue
		}
		q, err := v.quad(picked)
		if err != nil {
			s.err = err
			break
		}
		if !yield(q, nil) {
			s.stop()
			return
		}
	}
	if err := s.close(); err != nil {
		yield(Quad{}, err)
	}
}

func (v *view) count(ctx context.Context, p Pattern) (int64, error) {
	n, ok, err := v.pattern(p)
	if err != nil || !ok {
		return 0, err
	}
	return v.size(ctx, &n)
}

func (v *view) labels(ctx context.Context, yield func(Value, error) bool) {
	s := v.scanIn(gspo, &quadID{}, 0)
	for s.next(ctx) {
		t, err := v.term(s.q[dirG])
		if err != nil {
			s.err = err
			break
		}
		if !yield(t, nil) {
			s.stop()
			return
		}
		s.skip(1)
	}
	if err := s.close(); err != nil {
		yield(nil, err)
	}
}

func (v *view) records(ctx context.Context, prefix string, yield func(Record, error) bool) {
	var c cursor
	lower := append([]byte{tabRecord}, prefix...)
	c.open(v, lower, successor(slices.Clone(lower)))
	for c.next(ctx) {
		if !yield(Record{Key: string(c.it.Key()[1:]), Value: bytes.Clone(c.it.Value())}, nil) {
			c.stop()
			return
		}
	}
	if err := c.close(); err != nil {
		yield(Record{}, err)
	}
}

func (v *view) beside(ctx context.Context, prefix, key string) (before, after string, err error) {
	if err := ctx.Err(); err != nil {
		return "", "", err
	}
	var c cursor
	lower := append([]byte{tabRecord}, prefix...)
	c.open(v, lower, successor(slices.Clone(lower)))
	if c.it != nil {
		at := append([]byte{tabRecord}, key...)
		if c.it.SeekLT(at) {
			before = string(c.it.Key()[1:])
		}
		if c.it.SeekGE(append(at, 0)) { // the least key after it
			after = string(c.it.Key()[1:])
		}
	}
	return before, after, c.close()
}

func (v *view) stats(context.Context) (Stats, error) {
	c, err := v.totals()
	if err != nil {
		return Stats{}, err
	}
	return Stats{
		Quads: c[totalQuads],
		Terms: c[totalTerms],
		Bytes: int64(v.d.db.Metrics().DiskSpaceUsage()),
	}, nil
}

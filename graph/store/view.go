package store

import (
	"context"
	"errors"
	"sync"

	"github.com/cockroachdb/pebble/v2"
)

// view reads one state of a store: that of a snapshot, or always the latest.
// A view is safe for concurrent use.
type view struct {
	d     *disk
	r     pebble.Reader
	snap  *pebble.Snapshot // nil for the latest state
	epoch uint64           // of the term cache; of a snapshot only
	born  uint64           // the version of the store, or 0 for one in between; of a snapshot only
	pool  iterPool
}

// snapshot returns a view of the latest state. It must be closed.
func (d *disk) snapshot() (*view, error) {
	if err := d.usable(false); err != nil {
		return nil, err
	}
	epoch, born := d.cache.current(), d.version.Load() // before the snapshot: too old is harmless
	snap := d.db.NewSnapshot()
	if born%2 != 0 || d.version.Load() != born {
		born = 0 // nobody can say which state it has
	}
	return &view{d: d, r: snap, snap: snap, epoch: epoch, born: born}, nil
}

func (v *view) version() uint64 { return v.born }

func (v *view) close() error {
	v.pool.close()
	if v.snap == nil {
		return nil
	}
	return v.snap.Close()
}

// encoded returns the term of an id as the dictionary has it, nil if the id is
// not in use.
func (v *view) encoded(n id) ([]byte, error) {
	var key [idKeyLen]byte
	e, err := getEntry(v.r, appendIDKey(key[:0], tabDict, n))
	if len(e.term) == 0 {
		return nil, err
	}
	return e.term, err
}

// term returns the term of an id, nil if the id is not in use or 0.
func (v *view) term(n id) (Value, error) {
	if n == 0 {
		return nil, nil
	}
	if t, ok := v.d.cache.get(n); ok {
		return t, nil
	}
	epoch := v.epoch
	if v.snap == nil {
		epoch = v.d.cache.current()
	}
	var key [idKeyLen]byte
	val, closer, err := v.r.Get(appendIDKey(key[:0], tabDict, n))
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var t Value
	e, err := decodeEntry(val)
	if err == nil && len(e.term) > 0 {
		t, err = decodeTerm(e.term)
	}
	if err := errors.Join(err, closer.Close()); err != nil || t == nil {
		return nil, err
	}
	v.d.cache.put(n, t, epoch)
	return t, nil
}

// lookup returns the id of a term, 0 if the store does not have it.
func (v *view) lookup(t Value) (id, error) {
	if t == nil {
		return 0, nil
	}
	var buf [128]byte
	enc, err := appendTerm(buf[:0], t)
	if err != nil {
		return 0, nil // what cannot be kept is not here
	}
	n, _, err := v.find(t, enc, nil, v.encoded)
	return n, err
}

// quad returns the terms of a quad.
func (v *view) quad(n quadID) (q Quad, err error) {
	if q.Subject, err = v.term(n[dirS]); err != nil {
		return q, err
	}
	if q.Predicate, err = v.term(n[dirP]); err != nil {
		return q, err
	}
	if q.Object, err = v.term(n[dirO]); err != nil {
		return q, err
	}
	q.Label, err = v.term(n[dirG])
	return q, err
}

// pattern turns the terms of p into ids. ok is false if one of them is not in
// the store, so that nothing matches.
func (v *view) pattern(p Pattern) (n quadID, ok bool, err error) {
	for i, t := range [...]Value{p.Subject, p.Predicate, p.Object, p.Label} {
		if t == nil {
			continue
		}
		if n[i], err = v.lookup(t); err != nil || n[i] == 0 {
			return n, false, err
		}
	}
	return n, true, nil
}

// counts returns how many quads have the term as S, P, O and G.
func (v *view) counts(n id) (counts, error) {
	var key [idKeyLen]byte
	return getCounts(v.r, appendIDKey(key[:0], tabDict, n))
}

// totals returns the numbers of quads and terms.
func (v *view) totals() (counts, error) { return getCounts(v.r, keyStats) }

// size returns the number of quads that match p.
func (v *view) size(ctx context.Context, p *quadID) (int64, error) {
	bound, dir := 0, 0
	for i, n := range p {
		if n != 0 {
			bound, dir = bound+1, i
		}
	}
	switch bound {
	case 0:
		c, err := v.totals()
		return c[totalQuads], err
	case 1:
		c, err := v.counts(p[dir])
		return c[dir], err
	}
	var n int64
	s := v.scan(p)
	for s.next(ctx) {
		n++
	}
	return n, s.close()
}

// rarity estimates the cost of going through all quads with v in direction
// dir; where the counts cannot be read the scan itself will meet the error.
func (v *view) rarity(dir int, n id) int64 {
	c, _ := v.counts(n)
	return c[dir]
}

// scan returns a cursor over the quads that match p, in the order of the index
// that suits p best.
func (v *view) scan(p *quadID) *scanner {
	o, n := bestOrder(p, v.rarity)
	return v.scanIn(o, p, n)
}

// scanIn is scan in a given order, of which n components are set in p.
func (v *view) scanIn(o *order, p *quadID, n int) *scanner {
	s := &scanner{o: o, p: *p}
	s.filter = n < 4 && func() bool {
		for _, d := range o.perm[n:] {
			if p[d] != 0 {
				return true
			}
		}
		return false
	}()
	var lower, upper [quadKeyLen]byte
	prefix := o.appendPrefix(lower[:0], p, n)
	s.open(v, prefix, successor(append(upper[:0], prefix...)))
	return s
}

// cursor goes through the keys of a range. Its owner calls next until it
// returns false, then close, which returns the error that ended it.
type cursor struct {
	v       *view
	it      *pebble.Iterator // nil once the cursor is at its end
	started bool
	seek    []byte // where to go next, if not to the next key
	steps   uint
	err     error
}

// open makes c a cursor over the keys from lower up to upper.
func (c *cursor) open(v *view, lower, upper []byte) {
	c.v = v
	if c.it, c.err = v.pool.get(v); c.err == nil {
		c.it.SetBounds(lower, upper)
	}
}

// next goes to the next key. It notices a cancelled context every few steps.
func (c *cursor) next(ctx context.Context) bool {
	if c.it == nil || c.err != nil {
		return false
	}
	if c.steps++; c.steps&0xff == 1 {
		if c.err = ctx.Err(); c.err != nil {
			c.stop()
			return false
		}
	}
	var ok bool
	switch {
	case c.seek != nil:
		ok = c.it.SeekGE(c.seek)
		c.seek = nil
	case c.started:
		ok = c.it.Next()
	default:
		ok = c.it.First()
	}
	c.started = true
	if !ok {
		c.stop()
	}
	return ok
}

// stop gives the iterator back.
func (c *cursor) stop() {
	if c.it != nil {
		if err := c.it.Error(); err != nil && c.err == nil {
			c.err = err
		}
		c.v.pool.put(c.v, c.it)
		c.it = nil
	}
}

func (c *cursor) close() error {
	c.stop()
	return c.err
}

// scanner is a cursor over quads.
type scanner struct {
	cursor
	o      *order
	p      quadID
	q      quadID // the current quad
	filter bool   // p has components that the index range does not cover
}

// next goes to the next quad that matches.
func (s *scanner) next(ctx context.Context) bool {
	for s.cursor.next(ctx) {
		s.q = s.o.decode(s.it.Key())
		if !s.filter || s.q.matches(&s.p) {
			return true
		}
	}
	return false
}

// skip makes the next quad one that differs from the current in the first n
// components of the order.
func (s *scanner) skip(n int) {
	if s.it != nil {
		s.seek = successor(s.o.appendPrefix(nil, &s.q, n))
	}
}

// iterPool keeps Pebble iterators for the next scan of the same state: making
// one costs more than most scans.
type iterPool struct {
	mu      sync.Mutex
	version uint64
	idle    []*pebble.Iterator
	busy    map[*pebble.Iterator]uint64 // and the version they were made for
	closed  bool
}

const maxIdle = 64

// get returns an iterator over the latest state of v.
func (p *iterPool) get(v *view) (*pebble.Iterator, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, ErrClosed
	}
	if v.snap == nil {
		if err := p.expire(v.d.version.Load()); err != nil {
			return nil, err
		}
	}
	if p.busy == nil {
		p.busy = map[*pebble.Iterator]uint64{}
	}
	if n := len(p.idle); n > 0 {
		it := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.busy[it] = p.version
		return it, nil
	}
	it, err := v.r.NewIter(nil)
	if err == nil {
		p.busy[it] = p.version
	}
	return it, err
}

// put takes an iterator back.
func (p *iterPool) put(v *view, it *pebble.Iterator) {
	p.mu.Lock()
	defer p.mu.Unlock()
	version, ok := p.busy[it]
	if !ok {
		return // closed with the pool
	}
	delete(p.busy, it)
	if version == p.version && len(p.idle) < maxIdle && it.Error() == nil {
		p.idle = append(p.idle, it)
		return
	}
	_ = it.Close() // repeats the error that the scanner has seen
}

// changed drops the iterators over a state that is no longer the latest: they
// would keep its files and memory.
func (p *iterPool) changed(version uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.expire(version) // an error of a read that has ended is of no use
}

func (p *iterPool) expire(version uint64) error {
	if version == p.version {
		return nil
	}
	p.version = version
	return p.drain()
}

func (p *iterPool) drain() error {
	var err error
	for _, it := range p.idle {
		err = errors.Join(err, it.Close())
	}
	p.idle = p.idle[:0]
	return err
}

// close closes all iterators, those of abandoned scans too.
func (p *iterPool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	_ = p.drain()
	for it := range p.busy {
		_ = it.Close()
	}
	p.busy = nil
}

// estimate returns the number of quads that match p, or, with more than one
// component set, an upper bound of it that costs no scan.
func (v *view) estimate(p *quadID) (n int64, exact bool, err error) {
	bound := 0
	for dir, t := range p {
		if t == 0 {
			continue
		}
		c, err := v.counts(t)
		if err != nil {
			return 0, false, err
		}
		if bound == 0 || c[dir] < n {
			n = c[dir]
		}
		bound++
	}
	if bound == 0 {
		c, err := v.totals()
		return c[totalQuads], true, err
	}
	return n, bound == 1 || n == 0, nil
}

// scanTerms returns a cursor over the ids of all terms.
func (v *view) scanTerms() *termScanner {
	s := &termScanner{}
	s.open(v, []byte{tabDict}, []byte{tabDict + 1})
	return s
}

// termScanner is a cursor over ids.
type termScanner struct {
	cursor
	id id
}

func (s *termScanner) next(ctx context.Context) bool {
	if !s.cursor.next(ctx) {
		return false
	}
	s.id = decodeIDKey(s.it.Key())
	return true
}

// fan estimates how many quads there are for one node in direction dir, among
// those that have the nodes of fixed; at least one.
func (v *view) fan(dir int, fixed *quadID) (int64, error) {
	switch {
	case fixed[dir] != 0:
		n, _, err := v.estimate(fixed)
		return max(n, 1), err
	case fixed[dirP] == 0 || dir == dirP:
		return defaultFan, nil
	}
	return v.d.fans.get(v, dir, fixed[dirP])
}

// defaultFan is a guess at the quads of a node.
const defaultFan = 8

// fanCache remembers how many quads of a predicate there are for a node, in one
// version of a store.
type fanCache struct {
	mu      sync.Mutex
	version uint64
	m       map[fanKey]int64
}

type fanKey struct {
	dir int
	p   id
}

func (c *fanCache) get(v *view, dir int, p id) (int64, error) {
	version := v.born
	if v.snap == nil {
		version = v.d.version.Load()
	}
	if version == 0 {
		return v.sampleFan(dir, p)
	}
	c.mu.Lock()
	if c.version < version {
		c.m, c.version = nil, version
	}
	n, ok := c.m[fanKey{dir, p}]
	ok = ok && c.version == version
	c.mu.Unlock()
	if ok {
		return n, nil
	}
	n, err := v.sampleFan(dir, p)
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version != version {
		return n, nil
	}
	if c.m == nil {
		c.m = map[fanKey]int64{}
	}
	c.m[fanKey{dir, p}] = n
	return n, nil
}

// sampleFan looks at the first objects of a predicate, which, ids being hashes,
// are as good as any, and at the quads of the nodes found there.
func (v *view) sampleFan(dir int, p id) (int64, error) {
	const quads, nodes = 64, 8
	ctx := context.Background()
	if dir == dirG {
		return defaultFan, nil
	}
	seen := map[id]bool{}
	s := v.scan(&quadID{dirP: p})
	for i := 0; i < quads && len(seen) < nodes && s.next(ctx); i++ {
		seen[s.q[dir]] = true
	}
	if err := s.close(); err != nil || len(seen) == 0 {
		return 1, err
	}
	var sum int64
	for n := range seen {
		q := quadID{dirP: p}
		q[dir] = n
		s := v.scan(&q)
		for i := 0; i < quads && s.next(ctx); i++ {
			sum++
		}
		if err := s.close(); err != nil {
			return 1, err
		}
	}
	return max(sum/int64(len(seen)), 1), nil
}

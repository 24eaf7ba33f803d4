package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"iter"
	"slices"

	"github.com/cockroachdb/pebble/v2"
)

// ID stands for a term within one snapshot. 0 is no term: the label of an
// unlabelled quad, or a wildcard in a pattern.
type ID uint64

// QuadID is a quad, or a pattern, by the IDs of its terms: subject, predicate,
// object, label.
type QuadID [4]ID

// Index reads a snapshot by IDs, so that quads can be joined without their terms
// being looked up: see [Snapshot.Index]. It is for one goroutine at a time, and
// until the snapshot is closed.
type Index interface {
	// ID returns the ID of a term, 0 if the graph does not have it.
	ID(v Value) (ID, error)
	// Term returns the term of an ID, nil if there is none.
	Term(n ID) (Value, error)
	// Count returns how many quads match p or, where more than one component is
	// set, the number of the rarest of them, which is no less. It takes no time.
	Count(ctx context.Context, p QuadID) (int64, error)
	// Fan estimates how many quads with the given predicate a node has that is
	// their subject (dir 0) or object (dir 2): at least 1.
	Fan(dir int, predicate ID) (int64, error)
	// Cursor returns a cursor, which must be closed.
	Cursor() Cursor
}

// Cursor goes through the quads that match a pattern, and then through those of
// the next: a cursor that seeks patterns in the order of their IDs finds the
// next one close by.
type Cursor interface {
	// Seek begins with the quads that match p, in the order of an index.
	Seek(ctx context.Context, p QuadID)
	// Next goes to the next quad; after the last, or an error, it returns false.
	Next(ctx context.Context) bool
	// Quad returns the present quad.
	Quad() QuadID
	// Err returns the error that ended the cursor, if one did.
	Err() error
	Close() error
}

// Index returns the snapshot by IDs.
func (s *Snapshot) Index() Index { return s.r.index() }

func (v *view) index() Index { return diskIndex{v} }

// diskIndex is the index of a graph on disk, whose IDs are those of the files.
type diskIndex struct{ v *view }

func (x diskIndex) ID(t Value) (ID, error) {
	n, err := x.v.lookup(t)
	return ID(n), err
}

func (x diskIndex) Term(n ID) (Value, error) { return x.v.term(id(n)) }

func (x diskIndex) Count(_ context.Context, p QuadID) (int64, error) {
	q := p.internal()
	n, _, err := x.v.estimate(&q)
	return n, err
}

func (x diskIndex) Fan(dir int, predicate ID) (int64, error) {
	return x.v.fan(dir, &quadID{dirP: id(predicate)})
}

func (x diskIndex) Cursor() Cursor {
	c := &diskCursor{v: x.v}
	if c.it, c.err = x.v.pool.get(x.v); c.err == nil {
		c.it.SetBounds(nil, nil)
	}
	return c
}

func (p QuadID) internal() quadID { return quadID{id(p[0]), id(p[1]), id(p[2]), id(p[3])} }

// diskCursor reads quad keys through one iterator without bounds, which keeps
// its place from one pattern to the next.
type diskCursor struct {
	v      *view
	it     *pebble.Iterator
	p      quadID
	o      *order
	prefix [quadKeyLen]byte
	n      int // bytes of prefix
	filter bool
	fresh  bool // the iterator stands on the next quad's key already
	valid  bool // the iterator stands on a key
	luck   int  // how well stepping to the next pattern has done
	q      quadID
	steps  uint
	err    error

	rows []quadID // read already, up to mostRows
	at   int      // of the next in rows
	more bool     // after rows the iterator goes on
	buf  []quadID
}

// nearby is how many keys a cursor steps over, looking for the next pattern,
// before it seeks: a seek costs as much as several steps.
const nearby = 4

func (c *diskCursor) Seek(ctx context.Context, p QuadID) {
	if c.err != nil {
		return
	}
	c.p = p.internal()
	c.rows, c.at, c.more = nil, 0, true
	version := c.v.born
	if version == 0 || c.p == (quadID{}) {
		c.seek()
		return
	}
	var ok bool
	if c.rows, ok = c.v.d.rows.get(version, c.p); ok {
		c.more = false
		return
	}
	c.seek()
	c.buf = c.buf[:0]
	for len(c.buf) < mostRows && c.advance(ctx) {
		c.buf = append(c.buf, c.q)
	}
	c.rows = c.buf
	if c.more = len(c.buf) == mostRows; !c.more && c.err == nil {
		c.rows = slices.Clone(c.buf)
		c.v.d.rows.put(version, c.p, c.rows)
	}
}

// seek moves the iterator to the first key of the pattern.
func (c *diskCursor) seek() {
	was := c.o
	var set int
	if c.o, set = bestOrder(&c.p, c.v.rarity); set >= 3 && was != nil && was.bound(&c.p) == set {
		// Any order gives the labels of a triple; the last one is close by where it
		// begins alike.
		var lead [quadKeyLen]byte
		if begin := was.appendPrefix(lead[:0], &c.p, 1); bytes.HasPrefix(c.prefix[:c.n], begin) {
			c.o = was
		}
	}
	c.filter = false
	for _, d := range c.o.perm[set:] {
		c.filter = c.filter || c.p[d] != 0
	}
	// Where the last pattern ended there may be this one's first key.
	var last [quadKeyLen]byte
	lastN := copy(last[:], c.prefix[:c.n])
	prefix := c.o.appendPrefix(c.prefix[:0], &c.p, set)
	c.n = len(prefix)
	c.fresh = true
	ahead := bytes.Compare(last[:lastN], prefix) < 0 && !bytes.HasPrefix(prefix, last[:lastN])
	if c.valid && was == c.o && ahead && c.step(prefix) {
		return
	}
	c.valid = c.it.SeekGE(prefix)
}

// step moves the iterator to the first key that is not less than prefix, if that
// is near.
func (c *diskCursor) step(prefix []byte) bool {
	if bytes.Compare(c.it.Key(), prefix) >= 0 {
		return true // there is none between the last pattern and this one
	}
	if c.luck < -8 {
		if c.luck++; c.luck < -1 {
			return false
		}
	}
	for range nearby {
		if c.valid = c.it.Next(); !c.valid {
			return false
		}
		if bytes.Compare(c.it.Key(), prefix) >= 0 {
			c.luck = min(c.luck+1, 8)
			return true
		}
	}
	if c.luck--; c.luck == -9 {
		c.luck = -64
	}
	return false
}

func (c *diskCursor) Next(ctx context.Context) bool {
	if c.err != nil {
		return false
	}
	if c.at < len(c.rows) {
		c.q = c.rows[c.at]
		c.at++
		return true
	}
	if !c.more {
		return false
	}
	return c.advance(ctx)
}

// advance reads the next quad of the pattern.
func (c *diskCursor) advance(ctx context.Context) bool {
	for {
		if c.steps++; c.steps&0xff == 1 {
			if c.err = ctx.Err(); c.err != nil {
				return false
			}
		}
		if !c.fresh {
			c.valid = c.it.Next()
		}
		c.fresh = false
		if !c.valid {
			c.err = c.it.Error()
			break
		}
		key := c.it.Key()
		if !bytes.HasPrefix(key, c.prefix[:c.n]) {
			break
		}
		for i, d := range c.o.perm {
			c.q[d] = id(binary.BigEndian.Uint64(key[1+8*i:]))
		}
		if !c.filter || c.q.matches(&c.p) {
			return true
		}
	}
	c.more = false
	return false
}

func (c *diskCursor) Quad() QuadID { return QuadID{ID(c.q[0]), ID(c.q[1]), ID(c.q[2]), ID(c.q[3])} }

func (c *diskCursor) Err() error { return c.err }

func (c *diskCursor) Close() error {
	if c.it != nil {
		c.err = errors.Join(c.err, c.it.Error())
		c.v.pool.put(c.v, c.it)
		c.it, c.rows, c.more, c.valid = nil, nil, false, false
	}
	return c.err
}

// Matcher is what an index can be made of: a [Snapshot], or something that shows
// it otherwise than it is.
type Matcher interface {
	Match(ctx context.Context, p Pattern) iter.Seq2[Quad, error]
	Count(ctx context.Context, p Pattern) (int64, error)
}

// IndexOf returns an index of what has no IDs of its own. It numbers the terms as
// they come up, so that IDs are those of this index only.
func IndexOf(m Matcher) Index { return &termIndex{m: m, ids: map[string]ID{}} }

type termIndex struct {
	m     Matcher
	ids   map[string]ID // by encoding
	terms []Value       // that of ID n at n-1
}

func (x *termIndex) ID(t Value) (ID, error) {
	if t == nil {
		return 0, nil
	}
	enc, err := appendTerm(nil, t)
	if err != nil {
		return 0, nil // what cannot be kept is not here
	}
	n, ok := x.ids[string(enc)]
	if !ok {
		if t, err = decodeTerm(enc); err != nil {
			return 0, err
		}
		x.terms = append(x.terms, t)
		n = ID(len(x.terms))
		x.ids[string(enc)] = n
	}
	return n, nil
}

func (x *termIndex) Term(n ID) (Value, error) {
	if n == 0 || n > ID(len(x.terms)) {
		return nil, nil
	}
	return x.terms[n-1], nil
}

func (x *termIndex) pattern(p QuadID) Pattern {
	at := func(n ID) Value {
		t, _ := x.Term(n)
		return t
	}
	return Pattern{at(p[0]), at(p[1]), at(p[2]), at(p[3])}
}

func (x *termIndex) Count(ctx context.Context, p QuadID) (n int64, err error) {
	bound := false
	for i, t := range p {
		if t == 0 {
			continue
		}
		var one QuadID
		one[i] = t
		c, err := x.m.Count(ctx, x.pattern(one))
		if err != nil {
			return 0, err
		}
		if !bound || c < n {
			n = c
		}
		bound = true
	}
	if !bound {
		return x.m.Count(ctx, Pattern{})
	}
	return n, nil
}

func (*termIndex) Fan(int, ID) (int64, error) { return defaultFan, nil }

func (x *termIndex) Cursor() Cursor { return &termCursor{x: x} }

// termCursor reads the quads of a pattern in whole, as it cannot keep a place in
// the back end while others read it.
type termCursor struct {
	x     *termIndex
	p     QuadID
	fresh bool
	quads []QuadID
	at    int
	err   error
}

func (c *termCursor) Seek(ctx context.Context, p QuadID) {
	c.p, c.fresh = p, true
	c.quads = c.quads[:0]
}

func (c *termCursor) Next(ctx context.Context) bool {
	if c.err != nil {
		return false
	}
	if c.fresh {
		c.fresh, c.at = false, -1
		for q, err := range c.x.m.Match(ctx, c.x.pattern(c.p)) {
			if c.err = err; err != nil {
				return false
			}
			var n QuadID
			for i, t := range [...]Value{q.Subject, q.Predicate, q.Object, q.Label} {
				if n[i], c.err = c.x.ID(t); c.err != nil {
					return false
				}
			}
			c.quads = append(c.quads, n)
		}
	}
	if c.err == nil {
		c.err = ctx.Err()
	}
	c.at++
	return c.err == nil && c.at < len(c.quads)
}

func (c *termCursor) Quad() QuadID { return c.quads[c.at] }

func (c *termCursor) Err() error { return c.err }

func (c *termCursor) Close() error { return c.err }

package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"

	"github.com/cespare/xxhash/v2"
	"github.com/cockroachdb/pebble/v2"
)

// Report is what [Store.Verify] has found.
type Report struct {
	Quads, Terms int64    // counted one by one
	Problems     []string // the first of them; none in a sound graph
	More         int      // how many problems are not in Problems
}

// OK reports whether nothing is wrong.
func (r *Report) OK() bool { return len(r.Problems) == 0 }

const maxProblems = 100

func (r *Report) problem(format string, args ...any) {
	if len(r.Problems) == maxProblems {
		r.More++
		return
	}
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}

// Verify reads all of the graph and checks that its parts agree: every order
// has the same quads, the dictionary has the terms of these and no others, each
// under its own id, and all counts are right. The error is about reading, not
// about what was found.
func (s *Store) Verify(ctx context.Context) (Report, error) { return s.eng.verify(ctx) }

func (d *disk) verify(ctx context.Context) (r Report, err error) {
	v, err := d.snapshot()
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, v.close()) }()

	// All tables are sorted by id first, so one pass over all at once sees
	// everything about a term together.
	var heads [4]verifyCursor
	for i, o := range orders {
		heads[i].s = v.scanIn(o, &quadID{}, 0)
		defer func() { err = errors.Join(err, heads[i].s.close()) }()
		heads[i].next(ctx)
	}
	dict, err := openIDTable(v, tabDict)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, dict.close()) }()

	var displaced int64
	for i := 0; ; i++ {
		if i&0xfff == 0 {
			if err := ctx.Err(); err != nil {
				return r, err
			}
		}
		n := dict.id
		for i := range heads {
			n = least(n, heads[i].first())
		}
		if n == 0 {
			break
		}
		var have entry
		var want counts
		if dict.id == n {
			if have, err = decodeEntry(dict.it.Value()); err != nil {
				r.problem("the entry of term %x cannot be read", n)
			}
		}
		if enc := have.term; len(enc) > 0 {
			r.Terms++
			if t, err := decodeTerm(enc); err != nil {
				r.problem("term %x cannot be read: %x", n, enc)
			} else if d.opts.hash(enc) != n&^slotMask {
				r.problem("term %s has the id %x of another", Format(t), n)
			}
			if n&slotMask != 0 {
				displaced++
			}
		} else {
			r.problem("id %x is used but not in the dictionary", n)
		}
		if dict.id == n {
			dict.next()
		}
		for i := range heads {
			for heads[i].first() == n {
				want[orders[i].perm[0]]++
				heads[i].next(ctx)
			}
		}
		if have.counts != want {
			r.problem("term %x is counted %v times as subject, predicate, object and label, but used %v times", n, have.counts, want)
		}
		if want.zero() {
			r.problem("term %x is in no quad", n)
		}
	}
	for i := range heads {
		if err := heads[i].s.err; err != nil {
			return r, err
		}
	}
	if err := dict.it.Error(); err != nil {
		return r, err
	}

	r.Quads = heads[0].n
	for i, o := range orders[1:] {
		h := &heads[i+1]
		n, sum := heads[0].n, heads[0].sum
		if o == gspo {
			n, sum = heads[0].labelled, heads[0].labelledSum
		}
		if h.n != n || h.sum != sum {
			r.problem("order %c has other quads than order s: %d, not %d", o.tab, h.n, n)
		}
	}
	total, err := v.totals()
	if err != nil {
		return r, err
	}
	if want := (counts{totalQuads: r.Quads, totalTerms: r.Terms, totalDisplaced: displaced}); total != want {
		r.problem("the totals say %d quads and %d terms, there are %d and %d",
			total[totalQuads], total[totalTerms], r.Quads, r.Terms)
	}
	return r, nil
}

func least(a, b id) id {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// verifyCursor goes through an order and sums up what it sees.
type verifyCursor struct {
	s           *scanner
	ok          bool
	n, labelled int64
	sum         [2]uint64 // of hashes of the quads
	labelledSum [2]uint64
}

func (c *verifyCursor) next(ctx context.Context) {
	if c.ok = c.s.next(ctx); !c.ok {
		return
	}
	var b [32]byte
	for i, v := range c.s.q {
		binary.BigEndian.PutUint64(b[8*i:], uint64(v))
	}
	h := xxhash.Sum64(b[:])
	c.n++
	addTo(&c.sum, h)
	if c.s.q[dirG] != 0 {
		c.labelled++
		addTo(&c.labelledSum, h)
	}
}

func addTo(sum *[2]uint64, h uint64) {
	var carry uint64
	sum[0], carry = bits.Add64(sum[0], h, 0)
	sum[1] += carry
}

// first returns the first component of the current quad, 0 at the end.
func (c *verifyCursor) first() id {
	if !c.ok {
		return 0
	}
	return c.s.q[c.s.o.perm[0]]
}

// idTable is a cursor over a table whose keys are ids.
type idTable struct {
	it *pebble.Iterator
	id id // 0 at the end
}

func openIDTable(v *view, tab byte) (*idTable, error) {
	it, err := v.r.NewIter(&pebble.IterOptions{LowerBound: []byte{tab}, UpperBound: []byte{tab + 1}})
	if err != nil {
		return nil, err
	}
	t := &idTable{it: it}
	t.set(it.First())
	return t, nil
}

func (t *idTable) next() { t.set(t.it.Next()) }

func (t *idTable) set(ok bool) {
	t.id = 0
	if ok && len(t.it.Key()) == idKeyLen {
		t.id = decodeIDKey(t.it.Key())
	}
}

func (t *idTable) close() error { return t.it.Close() }

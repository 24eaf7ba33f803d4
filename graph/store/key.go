package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/cockroachdb/pebble/v2"
)

// The tables, by the first byte of their keys. The order of the bytes is the
// order in which an import writes them.
const (
	tabCounts = 'c'
	tabDict   = 'd'
	tabGSPO   = 'g'
	tabMeta   = 'm'
	tabOSPG   = 'o'
	tabPOSG   = 'p'
	tabRecord = 'r'
	tabSPOG   = 's'
)

const (
	idKeyLen   = 1 + 8
	quadKeyLen = 1 + 4*8
)

var (
	keyFormat = []byte{tabMeta, 'f'}
	keyStats  = []byte{tabMeta, 's'}
)

// formatVersion is raised whenever the layout changes so that older programs
// would misread it.
const formatVersion = 1

// order is one of the sorted orders of the quads.
type order struct {
	tab  byte
	perm [4]int // which component of a quadID comes first, second …
}

var (
	spog   = &order{tabSPOG, [4]int{dirS, dirP, dirO, dirG}}
	posg   = &order{tabPOSG, [4]int{dirP, dirO, dirS, dirG}}
	ospg   = &order{tabOSPG, [4]int{dirO, dirS, dirP, dirG}}
	gspo   = &order{tabGSPO, [4]int{dirG, dirS, dirP, dirO}}
	orders = [...]*order{spog, posg, ospg, gspo}
)

// appendPrefix appends the key of the first n components of q in this order.
func (o *order) appendPrefix(b []byte, q *quadID, n int) []byte {
	b = append(b, o.tab)
	for _, d := range o.perm[:n] {
		b = binary.BigEndian.AppendUint64(b, uint64(q[d]))
	}
	return b
}

// decode reads a key of this order.
func (o *order) decode(key []byte) (q quadID) {
	_ = key[quadKeyLen-1]
	for i, d := range o.perm {
		q[d] = id(binary.BigEndian.Uint64(key[1+8*i:]))
	}
	return q
}

// bound reports how many leading components of the order are set in q.
func (o *order) bound(q *quadID) int {
	for i, d := range o.perm {
		if q[d] == 0 {
			return i
		}
	}
	return len(o.perm)
}

// bestOrder returns the order with the most leading components set in q, and
// their number. Among equals the one whose first component count finds rarest
// wins.
func bestOrder(q *quadID, count func(dir int, v id) int64) (best *order, n int) {
	best = spog
	var rarest int64 = -1
	for _, o := range orders {
		m := o.bound(q)
		if m == 0 || m < n {
			continue
		}
		if m > n {
			best, n, rarest = o, m, -1
			continue
		}
		if n >= 3 || best.perm[0] == o.perm[0] { // nothing much to choose
			continue
		}
		if rarest < 0 {
			rarest = count(best.perm[0], q[best.perm[0]])
		}
		if c := count(o.perm[0], q[o.perm[0]]); c < rarest {
			best, rarest = o, c
		}
	}
	return best, n
}

// matches reports whether q agrees with every component set in p.
func (q *quadID) matches(p *quadID) bool {
	for i, v := range p {
		if v != 0 && v != q[i] {
			return false
		}
	}
	return true
}

// successor turns a prefix into the first key behind all keys that have it.
func successor(prefix []byte) []byte {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i]++; prefix[i] != 0 {
			return prefix[:i+1]
		}
	}
	return nil
}

func appendIDKey(b []byte, tab byte, v id) []byte {
	return binary.BigEndian.AppendUint64(append(b, tab), uint64(v))
}

func decodeIDKey(key []byte) id { return id(binary.BigEndian.Uint64(key[1:])) }

// counts are the numbers of quads that have a term as S, P, O and G; the
// store's totals are kept in the same form, as quads and terms.
type counts [4]int64

const (
	totalQuads = iota
	totalTerms
	totalDisplaced
)

func (c *counts) zero() bool { return *c == counts{} }

func (c *counts) add(d *counts) {
	for i := range c {
		c[i] += d[i]
	}
}

func (c *counts) append(b []byte) []byte {
	n := len(c)
	for n > 0 && c[n-1] == 0 {
		n--
	}
	for _, v := range c[:n] {
		b = binary.AppendVarint(b, v)
	}
	return b
}

func decodeCounts(b []byte) (c counts, err error) {
	for i := 0; len(b) > 0; i++ {
		v, n := binary.Varint(b)
		if n <= 0 || i == len(c) {
			return c, fmt.Errorf("%w: counts %x", ErrCorrupt, b)
		}
		c[i] = v
		b = b[n:]
	}
	return c, nil
}

// countsMerger adds counts up. Its name is on disk: never change one without
// the other.
var countsMerger = &pebble.Merger{
	Name: "demarc.counts.v1",
	Merge: func(_, value []byte) (pebble.ValueMerger, error) {
		c, err := decodeCounts(value)
		return &countsSum{c}, err
	},
}

type countsSum struct{ counts }

func (s *countsSum) MergeNewer(value []byte) error {
	c, err := decodeCounts(value)
	s.add(&c)
	return err
}

func (s *countsSum) MergeOlder(value []byte) error { return s.MergeNewer(value) }

func (s *countsSum) Finish(bool) ([]byte, io.Closer, error) { return s.append(nil), nil, nil }

// get reads one key. It returns nil for a missing one.
func get(r pebble.Reader, key []byte) ([]byte, error) {
	v, closer, err := r.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v = slices.Clone(v)
	if v == nil {
		v = []byte{}
	}
	return v, closer.Close()
}

func getCounts(r pebble.Reader, key []byte) (c counts, err error) {
	v, closer, err := r.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	c, err = decodeCounts(v)
	return c, errors.Join(err, closer.Close())
}

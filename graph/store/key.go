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
const formatVersion = 2

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

// entry is what the dictionary has under an id: how often the term is used, and
// the term, encoded. Writers that find a term there merge an entry without one.
//
// On disk it is a byte whose lowest bits say which counts there are, these as
// varints, and the term.
type entry struct {
	counts
	term []byte
}

func (e *entry) append(b []byte) []byte {
	at := len(b)
	b = append(b, 0)
	for i, v := range e.counts {
		if v != 0 {
			b[at] |= 1 << i
			b = binary.AppendVarint(b, v)
		}
	}
	return append(b, e.term...)
}

// decodeEntry reads an entry, whose term is part of b.
func decodeEntry(b []byte) (e entry, err error) {
	if len(b) == 0 || b[0]>>len(e.counts) != 0 {
		return e, fmt.Errorf("%w: dictionary entry %x", ErrCorrupt, b)
	}
	rest := b[1:]
	for i := range e.counts {
		if b[0]&(1<<i) == 0 {
			continue
		}
		v, n := binary.Varint(rest)
		if n <= 0 {
			return e, fmt.Errorf("%w: dictionary entry %x", ErrCorrupt, b)
		}
		e.counts[i] = v
		rest = rest[n:]
	}
	e.term = rest
	return e, nil
}

// entryMerger adds counts up. Its name is on disk: never change one without
// the other.
var entryMerger = &pebble.Merger{
	Name: "demarc.entry.v2",
	Merge: func(_, value []byte) (pebble.ValueMerger, error) {
		var s entrySum
		return &s, s.MergeNewer(value)
	},
}

// formerMerger is the name of what format 1 was merged by. Pebble opens no graph
// that was merged in another way.
const formerMerger = "demarc.counts.v1"

type entrySum struct{ entry }

func (s *entrySum) MergeNewer(value []byte) error {
	e, err := decodeEntry(value)
	s.add(&e.counts)
	if len(e.term) > 0 {
		s.term = slices.Clone(e.term)
	}
	return err
}

// MergeOlder need not be another: all entries of an id that have a term have the same.
func (s *entrySum) MergeOlder(value []byte) error { return s.MergeNewer(value) }

func (s *entrySum) Finish(bool) ([]byte, io.Closer, error) { return s.append(nil), nil, nil }

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

// getEntry reads the entry of a key, one without counts and term if there is none.
func getEntry(r pebble.Reader, key []byte) (e entry, err error) {
	v, err := get(r, key)
	if v == nil || err != nil {
		return e, err
	}
	return decodeEntry(v)
}

func getCounts(r pebble.Reader, key []byte) (c counts, err error) {
	v, closer, err := r.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	e, err := decodeEntry(v)
	return e.counts, errors.Join(err, closer.Close())
}

package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/cockroachdb/pebble/v2"
	"golang.org/x/sync/errgroup"
)

// Change is a set of changes that are applied in this order: all quads with
// the label Label out, if it is not nil; the quads of Delete out; those of Add
// in. Adding what is there and deleting what is not are no errors. Records are
// kept in the same step.
type Change struct {
	Label       Value
	Delete, Add []Quad
	Records     []Record
}

// Record is what a program keeps beside the quads, such as a ledger of its work:
// it is on disk together with the quads of its change, in backups too, but no part
// of the graph, of its hash or of what queries and exports see.
type Record struct {
	Key   string
	Value []byte // nil takes the record out
}

// txn collects a change against the latest state. Its owner holds d.write.
type txn struct {
	d      *disk
	ids    map[Value]id      // terms looked up so far; 0 is not there
	last   [4]known          // of them those of the quad before
	fresh  map[id][]byte     // terms that are new, encoded
	quads  map[quadID]flip   // quads touched so far
	notes  map[string][]byte // records, nil for those that go
	probes []*probe
	key    []byte

	changed []id // in the dictionary, by the batch
	witness id   // see unflushed
}

// known is a term whose id is known.
type known struct {
	v Value
	n id
}

// flip is whether a quad was there before the change, and is after it.
type flip struct{ before, after bool }

func (d *disk) newTxn() *txn {
	return &txn{d: d, ids: map[Value]id{}, fresh: map[id][]byte{}, quads: map[quadID]flip{}}
}

func (t *txn) close() error {
	var errs []error
	for _, p := range t.probes {
		errs = append(errs, p.close())
	}
	return errors.Join(errs...)
}

// probe looks for terms that are mostly not there: an iterator can ask the
// filters of the lowest level, where Pebble's Get reads a block of every term.
type probe struct {
	d     *disk
	dict  *pebble.Iterator // over the dictionary, made when first used
	table *pebble.Iterator // over what of it is in tables
	key   []byte
}

// probe returns the probe with a number, which are made in their order.
func (t *txn) probe(i int) (*probe, error) {
	if i < len(t.probes) {
		return t.probes[i], nil
	}
	if i == 0 {
		t.d.unflushed.poll()
	}
	it, err := t.d.db.NewIter(&pebble.IterOptions{UseL6Filters: true, OnlyReadGuaranteedDurable: true})
	if err != nil {
		return nil, err
	}
	p := &probe{d: t.d, table: it}
	t.probes = append(t.probes, p)
	if i == 0 {
		err = t.d.unflushed.settle(func(n id) (bool, error) {
			enc, err := p.seek(p.table, n)
			return enc != nil, err
		})
	}
	return p, err
}

func (p *probe) close() error {
	err := p.table.Close()
	if p.dict != nil {
		err = errors.Join(err, p.dict.Close())
	}
	return err
}

// encoded is view.encoded. What it returns holds until the next call.
func (p *probe) encoded(n id) (enc []byte, err error) {
	if !p.d.unflushed.has(n) {
		return p.seek(p.table, n)
	}
	if p.dict == nil {
		if p.dict, err = p.d.db.NewIter(&pebble.IterOptions{UseL6Filters: true}); err != nil {
			return nil, err
		}
	}
	return p.seek(p.dict, n)
}

// seek returns the term that it has under an id, nil for none.
func (p *probe) seek(it *pebble.Iterator, n id) ([]byte, error) {
	p.key = appendIDKey(p.key[:0], tabDict, n)
	if !it.SeekPrefixGE(p.key) {
		return nil, it.Error()
	}
	val, err := it.ValueAndErr()
	if err != nil {
		return nil, err
	}
	e, err := decodeEntry(val)
	if len(e.term) == 0 {
		return nil, err
	}
	return e.term, err
}

// sought is a term that is looked up together with others.
type sought struct {
	v    Value
	enc  []byte
	home id
	here bool // in the dictionary, under home
	none bool // nothing is, under home
}

// worthProbing is how many terms a second goroutine is worth looking up.
const worthProbing = 128

// foresee looks up the terms of quads that are going to be added, in the order of
// their ids and on two processors.
func (t *txn) foresee(quads []Quad) error {
	var all []sought
	var buf []byte
	for i := range quads {
		q := &quads[i]
		for j, v := range [...]Value{q.Subject, q.Predicate, q.Object, q.Label} {
			if v == nil || t.last[j].v == v {
				continue
			}
			t.last[j] = known{v: v}
			if _, ok := t.ids[v]; ok {
				continue
			}
			at := len(buf)
			var err error
			if buf, err = appendTerm(buf, v); err != nil {
				return err
			}
			enc := buf[at:len(buf):len(buf)]
			home := t.d.opts.hash(enc)
			if c, ok := t.d.cache.get(home); ok && c == canonical(v) {
				t.ids[v] = home
				continue
			}
			t.ids[v] = 0
			all = append(all, sought{v: v, enc: enc, home: home})
		}
	}
	t.last = [4]known{}
	slices.SortFunc(all, func(a, b sought) int { return cmp.Compare(a.home, b.home) })
	look := func(p *probe, some []sought) error {
		for i := range some {
			s := &some[i]
			have, err := p.encoded(s.home)
			if err != nil {
				return err
			}
			s.none, s.here = have == nil, bytes.Equal(have, s.enc)
		}
		return nil
	}
	first, err := t.probe(0)
	if err != nil {
		return err
	}
	if len(all) < worthProbing {
		err = look(first, all)
	} else {
		var second *probe
		if second, err = t.probe(1); err != nil {
			return err
		}
		var g errgroup.Group
		g.Go(func() error { return look(second, all[len(all)/2:]) })
		err = errors.Join(look(first, all[:len(all)/2]), g.Wait())
	}
	if err != nil {
		return err
	}
	for _, s := range all {
		_, taken := t.fresh[s.home]
		switch {
		case s.here:
			t.ids[s.v] = s.home
			t.d.cache.put(s.home, canonical(s.v), t.d.cache.current())
		case s.none && !taken && !t.d.displaced.Load() && !hasSlots(t.fresh, s.home):
			t.ids[s.v] = s.home
			t.fresh[s.home] = s.enc
		default:
			delete(t.ids, s.v)
		}
	}
	return nil
}

// term returns the id of v, 0 if it has none. With create it gets one.
func (t *txn) term(v Value, create bool) (id, error) {
	if v == nil {
		return 0, nil
	}
	if n, ok := t.ids[v]; ok && (n != 0 || !create) {
		return n, nil
	}
	enc, err := appendTerm(nil, v)
	if err != nil {
		return 0, err
	}
	p, err := t.probe(0)
	if err != nil {
		return 0, err
	}
	n, free, err := t.d.live.find(v, enc, t.fresh, p.encoded)
	if err != nil {
		return 0, err
	}
	if n == 0 && create {
		if free == 0 {
			return 0, fmt.Errorf("store: no id left for %s: %d other terms share its hash", Format(v), slotMask+1)
		}
		n = free
		t.fresh[n] = enc
	}
	t.ids[v] = n
	return n, nil
}

// resolve returns the ids of a quad. Without create, ok is false if one of its
// terms is not in the store.
func (t *txn) resolve(q Quad, create bool) (n quadID, ok bool, err error) {
	for i, v := range [...]Value{q.Subject, q.Predicate, q.Object, q.Label} {
		if v != nil && t.last[i].v == v {
			n[i] = t.last[i].n
			continue
		}
		if n[i], err = t.term(v, create); err != nil {
			return n, false, err
		}
		if n[i] == 0 && i != dirG {
			if v == nil {
				return n, false, fmt.Errorf("store: a quad needs subject, predicate and object: %v", q)
			}
			return n, false, nil
		}
		if n[i] == 0 && v != nil {
			return n, false, nil
		}
		t.last[i] = known{v, n[i]}
	}
	return n, true, nil
}

// has reports whether the quad is there now.
func (t *txn) has(n quadID) (flip, error) {
	if f, ok := t.quads[n]; ok {
		return f, nil
	}
	for _, v := range n {
		if _, ok := t.fresh[v]; ok {
			return flip{}, nil
		}
	}
	t.key = spog.appendPrefix(t.key[:0], &n, 4)
	_, closer, err := t.d.db.Get(t.key)
	if errors.Is(err, pebble.ErrNotFound) {
		return flip{}, nil
	}
	if err != nil {
		return flip{}, err
	}
	return flip{true, true}, closer.Close()
}

// add puts a quad in and reports whether it was there.
func (t *txn) add(q Quad) (existed bool, err error) {
	n, _, err := t.resolve(q, true)
	if err != nil {
		return false, err
	}
	f, err := t.has(n)
	if err != nil || f.after {
		return f.after, err
	}
	f.after = true
	t.quads[n] = f
	return false, nil
}

// remove takes a quad out and reports whether it was there.
func (t *txn) remove(q Quad) (existed bool, err error) {
	n, ok, err := t.resolve(q, false)
	if err != nil || !ok {
		return false, err
	}
	f, err := t.has(n)
	if err != nil || !f.after {
		return false, err
	}
	f.after = false
	t.quads[n] = f
	return true, nil
}

// removeLabel takes all quads of a label out.
func (t *txn) removeLabel(ctx context.Context, label Value) error {
	n, err := t.term(label, false)
	if err != nil || n == 0 {
		return err
	}
	for q, f := range t.quads {
		if q[dirG] == n {
			f.after = false
			t.quads[q] = f
		}
	}
	if t.fresh[n] != nil {
		return nil
	}
	s := t.d.live.scan(&quadID{dirG: n})
	for s.next(ctx) {
		if _, ok := t.quads[s.q]; !ok {
			t.quads[s.q] = flip{before: true}
		}
	}
	return s.close()
}

// batch writes down what the change comes to, and which terms it drops. The
// batch is empty if it comes to nothing.
func (t *txn) batch() (b *pebble.Batch, gone []id, err error) {
	b = t.d.db.NewBatch()
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close())
		}
	}()
	var total counts
	var added, removed []quadID
	rank := map[id]uint32{0: 0}
	ids := []id{0} // of all terms, sorted; their places in it are their ranks
	for q, f := range t.quads {
		switch {
		case f.before == f.after:
			continue
		case f.before:
			removed = append(removed, q)
		default:
			added = append(added, q)
		}
		for _, v := range q {
			if _, ok := rank[v]; !ok {
				rank[v] = 0
				ids = append(ids, v)
			}
		}
	}
	slices.Sort(ids)
	for i, v := range ids {
		rank[v] = uint32(i)
	}
	terms := make([]counts, len(ids))
	ranks := func(quads []quadID, delta int64) [][4]uint32 {
		total[totalQuads] += delta * int64(len(quads))
		out := make([][4]uint32, len(quads))
		for i, q := range quads {
			for j, v := range q {
				r := rank[v]
				out[i][j] = r
				terms[r][j] += delta
			}
		}
		return out
	}
	in, out := ranks(added, 1), ranks(removed, -1)
	terms[0] = counts{} // no term
	// Pebble takes keys in their order several times faster than in any other.
	for _, o := range orders {
		err := errors.Join(
			t.writeOrder(o, ids, in, func(key []byte) error { return b.Set(key, nil, nil) }),
			t.writeOrder(o, ids, out, func(key []byte) error { return b.Delete(key, nil) }))
		if err != nil {
			return nil, nil, err
		}
	}
	var val []byte
	for r, v := range ids {
		e := entry{counts: terms[r]}
		if e.zero() {
			continue
		}
		t.key = appendIDKey(t.key[:0], tabDict, v)
		if e.counts[dirS] < 0 || e.counts[dirP] < 0 || e.counts[dirO] < 0 || e.counts[dirG] < 0 {
			left, err := getCounts(t.d.db, t.key)
			if err != nil {
				return nil, nil, err
			}
			if left.add(&e.counts); left.zero() {
				gone = append(gone, v)
				total[totalTerms]--
				total[totalDisplaced] -= displaced(v)
				if err := b.Delete(t.key, nil); err != nil {
					return nil, nil, err
				}
				continue
			}
		}
		write := b.Merge
		if enc, ok := t.fresh[v]; ok {
			write = b.Set
			e.term = enc
			total[totalTerms]++
			total[totalDisplaced] += displaced(v)
			t.changed = append(t.changed, v)
			if t.witness == 0 && !t.d.unflushed.has(v) {
				t.witness = v
			}
		}
		val = e.append(val[:0])
		if err := write(t.key, val, nil); err != nil {
			return nil, nil, err
		}
	}
	t.changed = append(t.changed, gone...)
	for _, k := range slices.Sorted(maps.Keys(t.notes)) {
		t.key = append(append(t.key[:0], tabRecord), k...)
		if v := t.notes[k]; v != nil {
			err = b.Set(t.key, v, nil)
		} else {
			err = b.Delete(t.key, nil)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	if !total.zero() {
		e := entry{counts: total}
		if err := b.Merge(keyStats, e.append(val[:0]), nil); err != nil {
			return nil, nil, err
		}
	}
	if total[totalDisplaced] > 0 {
		t.d.displaced.Store(true)
	}
	return b, gone, nil
}

// displaced is 1 for the id of a term that is not in the first slot of its hash.
func displaced(v id) int64 { return int64(min(v&slotMask, 1)) }

// writeOrder calls write with the keys of quads in one order, sorted. The quads
// are given by the ranks of their terms among ids, which sort faster.
func (t *txn) writeOrder(o *order, ids []id, quads [][4]uint32, write func(key []byte) error) error {
	type ranks struct{ first, last uint64 }
	keys := make([]ranks, 0, len(quads))
	for _, q := range quads {
		if o == gspo && q[dirG] == 0 {
			continue
		}
		at := func(i int) uint64 { return uint64(q[o.perm[i]]) }
		keys = append(keys, ranks{at(0)<<32 | at(1), at(2)<<32 | at(3)})
	}
	slices.SortFunc(keys, func(a, b ranks) int {
		if c := cmp.Compare(a.first, b.first); c != 0 {
			return c
		}
		return cmp.Compare(a.last, b.last)
	})
	for _, k := range keys {
		t.key = append(t.key[:0], o.tab)
		for _, r := range [...]uint64{k.first >> 32, k.first & math.MaxUint32, k.last >> 32, k.last & math.MaxUint32} {
			t.key = binary.BigEndian.AppendUint64(t.key, uint64(ids[r]))
		}
		if err := write(t.key); err != nil {
			return err
		}
	}
	return nil
}

// update runs fill on an empty transaction and commits what it collected, in
// one batch. It returns when the batch is on disk; others may commit, and share
// its way to the disk, in the meantime.
func (d *disk) update(ctx context.Context, fill func(*txn) error) (err error) {
	d.write.Lock()
	locked := true
	defer func() {
		if p := recover(); p != nil {
			// Pebble panics where its log cannot be written.
			e, ok := p.(error)
			if !ok {
				panic(p)
			}
			d.fail(e)
			err = fmt.Errorf("graph %s: %w", d.path, diskError(e))
		}
		if locked {
			d.write.Unlock()
		}
	}()
	if err := d.usable(true); err != nil {
		return err
	}
	t := d.newTxn()
	defer func() {
		// Errors of the change go out as they are: Cayley compares them by value.
		if e := t.close(); e != nil {
			err = errors.Join(err, e)
		}
	}()
	if err := fill(t); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	b, gone, err := t.batch()
	if err != nil {
		return err
	}
	if b.Empty() {
		return b.Close()
	}
	if err := d.room(int64(b.Len())); err != nil {
		return errors.Join(err, b.Close())
	}
	d.version.Add(1)
	d.unflushed.note(t.changed, t.witness)
	err = d.db.ApplyNoSyncWait(b, pebble.Sync)
	d.live.pool.changed(d.version.Add(1))
	if err != nil {
		return fmt.Errorf("graph %s: %w", d.path, diskError(err))
	}
	if d.unflushed.full() {
		d.forgetUnflushed()
	}
	d.cache.drop(gone)
	locked = false
	d.write.Unlock()
	if err := b.SyncWait(); err != nil {
		d.fail(err)
	}
	if err := d.failure.Load(); err != nil {
		return fmt.Errorf("graph %s: %w", d.path, *err)
	}
	return b.Close()
}

// commit applies changes, all in one batch.
func (d *disk) commit(ctx context.Context, changes []Change) error {
	return d.update(ctx, func(t *txn) error {
		for _, c := range changes {
			if c.Label != nil {
				if err := t.removeLabel(ctx, c.Label); err != nil {
					return err
				}
			}
			for _, q := range c.Delete {
				if _, err := t.remove(q); err != nil {
					return err
				}
			}
			if err := t.foresee(c.Add); err != nil {
				return err
			}
			for _, q := range c.Add {
				if _, err := t.add(q); err != nil {
					return err
				}
			}
			for _, r := range c.Records {
				if t.notes == nil {
					t.notes = map[string][]byte{}
				}
				t.notes[r.Key] = r.Value
			}
		}
		return nil
	})
}

// find looks for the term v, encoded as enc, in the store and in fresh. It
// returns its id, or 0 and the id it could get; both are 0 if none is free.
func (v *view) find(t Value, enc []byte, fresh map[id][]byte, encoded func(id) ([]byte, error)) (found, free id, err error) {
	home := v.d.opts.hash(enc)
	if c, ok := v.d.cache.get(home); ok && c == canonical(t) {
		return home, 0, nil
	}
	for n := home; n <= home|slotMask; n++ {
		have, ok := fresh[n]
		if !ok {
			if have, err = encoded(n); err != nil {
				return 0, 0, err
			}
			ok = have != nil
		}
		switch {
		case ok && bytes.Equal(have, enc):
			return n, 0, nil
		case !ok && free == 0:
			free = n
		}
		if !ok && n == home && !v.d.displaced.Load() && !hasSlots(fresh, home) {
			break
		}
	}
	return 0, free, nil
}

// hasSlots reports whether fresh has terms displaced from home.
func hasSlots(fresh map[id][]byte, home id) bool {
	for n := home + 1; n <= home|slotMask; n++ {
		if _, ok := fresh[n]; ok {
			return true
		}
	}
	return false
}

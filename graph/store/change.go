package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/cockroachdb/pebble/v2"
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
	d     *disk
	ids   map[Value]id      // terms looked up so far; 0 is not there
	fresh map[id][]byte     // terms that are new, encoded
	quads map[quadID]flip   // quads touched so far
	notes map[string][]byte // records, nil for those that go
	dict  *pebble.Iterator  // over the dictionary, made when first used
	table *pebble.Iterator  // over what of it is in tables
	key   []byte

	changed []id // in the dictionary, by the batch
	witness id   // see unflushed
}

// flip is whether a quad was there before the change, and is after it.
type flip struct{ before, after bool }

func (d *disk) newTxn() *txn {
	return &txn{d: d, ids: map[Value]id{}, fresh: map[id][]byte{}, quads: map[quadID]flip{}}
}

func (t *txn) close() error {
	var errs []error
	for _, it := range []*pebble.Iterator{t.dict, t.table} {
		if it != nil {
			errs = append(errs, it.Close())
		}
	}
	return errors.Join(errs...)
}

// encoded is view.encoded for terms that are mostly not there: an iterator can
// ask the filters of the lowest level, where Pebble's Get reads a block of every
// term. What it returns holds until the next call.
func (t *txn) encoded(n id) ([]byte, error) {
	if t.table == nil {
		t.d.unflushed.poll()
		var err error
		if t.table, err = t.d.db.NewIter(&pebble.IterOptions{UseL6Filters: true, OnlyReadGuaranteedDurable: true}); err != nil {
			return nil, err
		}
		if err := t.d.unflushed.settle(func(n id) (bool, error) {
			enc, err := t.seek(t.table, n)
			return enc != nil, err
		}); err != nil {
			return nil, err
		}
	}
	if !t.d.unflushed.has(n) {
		return t.seek(t.table, n)
	}
	if t.dict == nil {
		var err error
		if t.dict, err = t.d.db.NewIter(&pebble.IterOptions{UseL6Filters: true}); err != nil {
			return nil, err
		}
	}
	return t.seek(t.dict, n)
}

// seek returns the term that it has under an id, nil for none.
func (t *txn) seek(it *pebble.Iterator, n id) ([]byte, error) {
	t.key = appendIDKey(t.key[:0], tabDict, n)
	if !it.SeekPrefixGE(t.key) {
		return nil, it.Error()
	}
	return it.ValueAndErr()
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
	n, free, err := t.d.live.find(v, enc, t.fresh, t.encoded)
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
	terms := map[id]*counts{}
	var added, removed []quadID
	for q, f := range t.quads {
		if f.before == f.after {
			continue
		}
		delta := int64(1)
		if f.before {
			delta = -1
			removed = append(removed, q)
		} else {
			added = append(added, q)
		}
		total[totalQuads] += delta
		for i, v := range q {
			if v == 0 {
				continue
			}
			c := terms[v]
			if c == nil {
				c = new(counts)
				terms[v] = c
			}
			c[i] += delta
		}
	}
	// Pebble takes keys in their order several times faster than in any other.
	for _, o := range orders {
		err := errors.Join(
			t.writeOrder(o, added, func(key []byte) error { return b.Set(key, nil, nil) }),
			t.writeOrder(o, removed, func(key []byte) error { return b.Delete(key, nil) }))
		if err != nil {
			return nil, nil, err
		}
	}
	ids := slices.Sorted(maps.Keys(terms))
	var val []byte
	for _, v := range ids {
		c := terms[v]
		t.key = appendIDKey(t.key[:0], tabCounts, v)
		if c[dirS] < 0 || c[dirP] < 0 || c[dirO] < 0 || c[dirG] < 0 {
			left, err := getCounts(t.d.db, t.key)
			if err != nil {
				return nil, nil, err
			}
			if left.add(c); left.zero() {
				gone = append(gone, v)
				if err := b.Delete(t.key, nil); err != nil {
					return nil, nil, err
				}
				continue
			}
		}
		if c.zero() {
			continue
		}
		val = c.append(val[:0])
		if err := b.Merge(t.key, val, nil); err != nil {
			return nil, nil, err
		}
	}
	for _, v := range gone {
		total[totalTerms]--
		total[totalDisplaced] -= displaced(v)
		if err := b.Delete(appendIDKey(t.key[:0], tabDict, v), nil); err != nil {
			return nil, nil, err
		}
	}
	for _, v := range ids {
		enc, ok := t.fresh[v]
		if !ok {
			continue
		}
		total[totalTerms]++
		total[totalDisplaced] += displaced(v)
		t.changed = append(t.changed, v)
		if t.witness == 0 && !t.d.unflushed.has(v) {
			t.witness = v
		}
		if err := b.Set(appendIDKey(t.key[:0], tabDict, v), enc, nil); err != nil {
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
		if err := b.Merge(keyStats, total.append(val[:0]), nil); err != nil {
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

// writeOrder calls write with the keys of quads in one order, sorted.
func (t *txn) writeOrder(o *order, quads []quadID, write func(key []byte) error) error {
	keys := make([]quadID, 0, len(quads))
	for _, q := range quads {
		if o == gspo && q[dirG] == 0 {
			continue
		}
		keys = append(keys, quadID{q[o.perm[0]], q[o.perm[1]], q[o.perm[2]], q[o.perm[3]]})
	}
	slices.SortFunc(keys, compareQuads)
	for _, k := range keys {
		t.key = append(t.key[:0], o.tab)
		for _, v := range k {
			t.key = binary.BigEndian.AppendUint64(t.key, uint64(v))
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

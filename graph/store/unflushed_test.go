package store

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/cockroachdb/pebble/v2"
)

// TestUnflushed goes through a life of a graph whose memory is written out now
// and then. Of what memory is said not to have, tables and the whole must agree.
func TestUnflushed(t *testing.T) {
	ctx := t.Context()
	s, m := openTest(t, ""), &model{t: t, s: openTest(t, "")}
	d := s.eng.(*disk)
	d.unflushed.limit = 300
	r := rand.New(rand.NewPCG(9, 9))
	dictionary := func(opts pebble.IterOptions) map[id][]byte {
		opts.LowerBound, opts.UpperBound = []byte{tabDict}, []byte{tabDict + 1}
		it, err := d.db.NewIter(&opts)
		if err != nil {
			t.Fatal(err)
		}
		all := map[id][]byte{}
		for ok := it.First(); ok; ok = it.Next() {
			e, err := decodeEntry(it.Value())
			if err != nil {
				t.Fatal(err)
			}
			if len(e.term) > 0 {
				all[decodeIDKey(it.Key())] = bytes.Clone(e.term)
			}
		}
		if err := it.Close(); err != nil {
			t.Fatal(err)
		}
		return all
	}
	known, forgotten, met, settled, remembered := 0, 0, 0, 0, 0
	for i := range 250 {
		if err := step(ctx, s, i); err != nil {
			t.Fatal(err)
		}
		if r.IntN(4) == 0 {
			if err := d.db.Flush(); err != nil {
				t.Fatal(err)
			}
		}
		whole, tables := dictionary(pebble.IterOptions{}), dictionary(pebble.IterOptions{OnlyReadGuaranteedDurable: true})
		for _, ids := range []map[id][]byte{whole, tables} {
			for n := range ids {
				if d.unflushed.has(n) {
					continue
				}
				known++
				if !bytes.Equal(whole[n], tables[n]) {
					t.Fatalf("step %d: term %x is %q, in tables %q", i, n, whole[n], tables[n])
				}
			}
		}
		if len(whole) != len(tables) {
			met++
		}
		if d.unflushed.flush != nil {
			forgotten++
			remembered = 0
		}
		settled += max(remembered-len(d.unflushed.ids), 0)
		remembered = len(d.unflushed.ids)
		if i%25 == 0 {
			assertSound(t, s)
			if h, err := s.Hash(ctx); err != nil || h != m.at(i) {
				t.Fatalf("step %d: the graph is not that of the same steps, %v", i, err)
			}
		}
	}
	t.Logf("%d terms known not to be in memory; in %d steps there were some; in %d nothing was known; %d settled", known, met, forgotten, settled)
	if known == 0 || met < 20 || forgotten == 0 || forgotten == 250 || settled == 0 {
		t.Error("the steps do not try enough")
	}
}

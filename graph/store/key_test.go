package store

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2"
)

func FuzzDecodeEntry(f *testing.F) {
	for _, e := range []entry{
		{},
		{counts: counts{1, 0, -2, 1 << 40}},
		{counts: counts{dirO: 1}, term: []byte("sa literal")},
		{term: []byte("i")},
	} {
		f.Add(e.append(nil))
	}
	f.Add([]byte{})
	f.Add([]byte{1})
	f.Add([]byte{0x10, 2})
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := decodeEntry(b)
		if err != nil {
			return
		}
		again, err := decodeEntry(e.append(nil))
		if err != nil || again.counts != e.counts || !bytes.Equal(again.term, e.term) {
			t.Errorf("%x is %+v, then %+v, %v", b, e, again, err)
		}
	})
}

// TestEntryMerger merges the entries of an id from all sides, as Pebble may.
func TestEntryMerger(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 500 {
		var operands [][]byte // oldest first
		var want entry
		for i := range 1 + r.IntN(6) {
			var e entry
			for d := range e.counts {
				e.counts[d] = int64(r.IntN(5) - 1)
			}
			if i == 0 && r.IntN(2) == 0 {
				e.term = []byte("ia term")
				want.term = e.term
			}
			want.add(&e.counts)
			operands = append(operands, e.append(nil))
		}
		at := r.IntN(len(operands))
		m, err := entryMerger.Merge(nil, bytes.Clone(operands[at]))
		if err != nil {
			t.Fatal(err)
		}
		older, newer := operands[:at], operands[at+1:]
		for len(older)+len(newer) > 0 {
			var b []byte
			if len(newer) == 0 || len(older) > 0 && r.IntN(2) == 0 {
				b = bytes.Clone(older[len(older)-1])
				older = older[:len(older)-1]
				err = m.MergeOlder(b)
			} else {
				b = bytes.Clone(newer[0])
				newer = newer[1:]
				err = m.MergeNewer(b)
			}
			if err != nil {
				t.Fatal(err)
			}
			clear(b) // it is not the merger's to keep
		}
		b, _, err := m.Finish(true)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := decodeEntry(b); err != nil || got.counts != want.counts || !bytes.Equal(got.term, want.term) {
			t.Errorf("merged to %+v, %v; want %+v", got, err, want)
		}
	}
}

// TestOtherFormats opens graphs of the format before, which Pebble refuses, and of
// one to come.
func TestOtherFormats(t *testing.T) {
	for _, tt := range []struct{ merger, format, want string }{
		{formerMerger, "1", "it has format 1, this program reads and writes 2"},
		{entryMerger.Name, "3", "it has format 3, this program reads and writes 2"},
	} {
		dir := filepath.Join(t.TempDir(), "g")
		s := openTest(t, dir)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		// Made anew in the same folder, but for the lock that marks it a graph.
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if filepath.Base(f) != lockName {
				err = errors.Join(err, os.RemoveAll(f))
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		merger := *entryMerger
		merger.Name = tt.merger
		db, err := pebble.Open(dir, &pebble.Options{Merger: &merger, FormatMajorVersion: pebble.FormatNewest})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Set(keyFormat, []byte(tt.format), pebble.Sync); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		for _, readOnly := range []bool{false, true} {
			s, err := Open(dir, Options{ReadOnly: readOnly})
			if err == nil {
				err = s.Close()
				t.Errorf("format %s is opened", tt.format)
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "export it with the program that made it") {
				t.Errorf("read-only %v: format %s gives %v", readOnly, tt.format, err)
			}
		}
	}
}

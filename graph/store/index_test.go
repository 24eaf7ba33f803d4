package store

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// indexMatch collects what a cursor finds for p, as Match would give it, leaving
// off after most quads.
func indexMatch(t *testing.T, x Index, c Cursor, p Pattern, most int) (out []string, ok bool) {
	t.Helper()
	var n QuadID
	for i, v := range [...]Value{p.Subject, p.Predicate, p.Object, p.Label} {
		if v == nil {
			continue
		}
		var err error
		if n[i], err = x.ID(v); err != nil {
			t.Fatal(err)
		}
		if n[i] == 0 {
			return nil, false
		}
	}
	c.Seek(t.Context(), n)
	for len(out) < most && c.Next(t.Context()) {
		var v [4]Value
		for i, n := range c.Quad() {
			var err error
			if v[i], err = x.Term(n); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, FormatQuad(Quad{Subject: v[0], Predicate: v[1], Object: v[2], Label: v[3]}))
	}
	if err := c.Err(); err != nil {
		t.Fatal(err)
	}
	return out, true
}

// TestIndex compares reading by IDs with reading by terms: with cursors that go
// from pattern to pattern, some left off before their end, on several states of
// a store.
func TestIndex(t *testing.T) {
	s := openTest(t, "")
	rnd := rand.New(rand.NewPCG(1, 2))
	quads := mixed(3, 2000)
	type reader struct {
		name    string
		index   Index
		cursors [2]Cursor
	}
	type state struct {
		snap    *Snapshot
		readers []reader
	}
	leave := func(st state) {
		for _, r := range st.readers {
			for _, c := range r.cursors {
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			}
		}
		if err := st.snap.Close(); err != nil {
			t.Error(err)
		}
	}
	var states []state // of this round and the one before
	for round := range 6 {
		part := quads[round*300 : (round+1)*300]
		if err := s.Apply(t.Context(), quads[max(0, round-2)*300:max(0, round-1)*300], part); err != nil {
			t.Fatal(err)
		}
		snap, err := s.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		st := state{snap: snap}
		for i, x := range []Index{snap.Index(), IndexOf(snap)} {
			st.readers = append(st.readers, reader{[]string{"ids", "terms"}[i], x, [2]Cursor{x.Cursor(), x.Cursor()}})
		}
		if states = append(states, st); len(states) > 2 {
			leave(states[0])
			states = states[1:]
		}
		for i := range 300 {
			q := quads[rnd.IntN((round+1)*300)]
			var p Pattern
			bits := rnd.IntN(16)
			for k, at := range []*Value{&p.Subject, &p.Predicate, &p.Object, &p.Label} {
				if bits>>k&1 != 0 {
					*at = [...]Value{q.Subject, q.Predicate, q.Object, q.Label}[k]
				}
			}
			for _, st := range states {
				want := collect(t, st.snap.Match(t.Context(), p))
				for _, r := range st.readers {
					most := len(want) + 1
					if rnd.IntN(3) == 0 {
						most = rnd.IntN(most)
					}
					got, ok := indexMatch(t, r.index, r.cursors[i%2], p, most)
					slices.Sort(got)
					if !ok && len(want) > 0 || most > len(want) && !slices.Equal(got, slices.Sorted(slices.Values(want))) ||
						slices.ContainsFunc(got, func(q string) bool { return !slices.Contains(want, q) }) {
						t.Fatalf("round %d, %s: %+v: %d of %d quads", round, r.name, p, len(got), len(want))
					}
				}
			}
		}
	}
	for _, st := range states {
		leave(st)
	}
}

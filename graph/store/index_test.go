package store

import (
	"context"
	"errors"
	"iter"
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

// broken is a matcher that fails after some quads.
type broken struct {
	Matcher
	after int
}

var errBroken = errors.New("broken")

func (b broken) Match(ctx context.Context, p Pattern) iter.Seq2[Quad, error] {
	return func(yield func(Quad, error) bool) {
		n := 0
		for q, err := range b.Matcher.Match(ctx, p) {
			if n++; n > b.after {
				yield(Quad{}, errBroken)
				return
			}
			if !yield(q, err) {
				return
			}
		}
	}
}

func (broken) Count(context.Context, Pattern) (int64, error) { return 0, errBroken }

// half shows the quads with the first label only.
type half struct {
	Matcher
	label Value
}

func (h half) Match(ctx context.Context, p Pattern) iter.Seq2[Quad, error] {
	return func(yield func(Quad, error) bool) {
		for q, err := range h.Matcher.Match(ctx, p) {
			if (err != nil || q.Label == h.label) && !yield(q, err) {
				return
			}
		}
	}
}

func (h half) Count(ctx context.Context, p Pattern) (n int64, err error) {
	for _, err := range h.Match(ctx, p) {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// TestIndexOf checks what an index of something without IDs promises: IDs that
// stay, counts, what a matcher hides, and errors.
func TestIndexOf(t *testing.T) {
	s := openTest(t, "")
	quads := mixed(7, 400)
	if err := s.Apply(t.Context(), nil, quads); err != nil {
		t.Fatal(err)
	}
	snap, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	x := IndexOf(snap)
	for _, q := range quads {
		for _, v := range []Value{q.Subject, q.Predicate, q.Object, q.Label} {
			n, err := x.ID(v)
			if err != nil {
				t.Fatal(err)
			}
			back, err := x.Term(n)
			if err != nil || Format(back) != Format(v) && v != nil {
				t.Fatalf("%v has ID %d, which is %v: %v", v, n, back, err)
			}
			if again, err := x.ID(v); err != nil || again != n || (n == 0) != (v == nil) {
				t.Fatalf("%v has ID %d, then %d: %v", v, n, again, err)
			}
		}
	}
	if v, err := x.Term(1 << 40); v != nil || err != nil {
		t.Errorf("an ID that was never given is %v, %v", v, err)
	}
	all, err := snap.Count(t.Context(), Pattern{})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := x.Count(t.Context(), QuadID{}); n != all || err != nil {
		t.Errorf("%d quads, %v, want %d", n, err, all)
	}
	q := quads[0]
	var p QuadID
	least := all
	for i, v := range []Value{q.Subject, q.Predicate, q.Object, q.Label} {
		p[i], _ = x.ID(v)
		one := []Pattern{{Subject: v}, {Predicate: v}, {Object: v}, {Label: v}}[i]
		n, err := snap.Count(t.Context(), one)
		if err != nil {
			t.Fatal(err)
		}
		if p[i] != 0 {
			least = min(least, n)
		}
	}
	if n, err := x.Count(t.Context(), p); n != least || err != nil {
		t.Errorf("a quad counts %d, %v, want %d, as many as have its rarest term", n, err, least)
	}

	i := slices.IndexFunc(quads, func(q Quad) bool { return q.Label != nil })
	h := half{snap, quads[i].Label}
	shown := 0
	c := IndexOf(h).Cursor()
	for c.Seek(t.Context(), QuadID{}); c.Next(t.Context()); {
		shown++
	}
	if n, _ := h.Count(t.Context(), Pattern{}); shown == 0 || int64(shown) != n || n == all {
		t.Errorf("%d quads are shown, want %d of %d", shown, n, all)
	}

	b := IndexOf(broken{snap, 3})
	c = b.Cursor()
	c.Seek(t.Context(), QuadID{})
	if c.Next(t.Context()) || !errors.Is(c.Err(), errBroken) || !errors.Is(c.Close(), errBroken) {
		t.Errorf("a matcher that fails gives %v", c.Err())
	}
	c.Seek(t.Context(), QuadID{})
	if c.Next(t.Context()) {
		t.Error("a cursor goes on after its error")
	}
	if _, err := b.Count(t.Context(), p); !errors.Is(err, errBroken) {
		t.Errorf("counting in it gives %v", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	c = x.Cursor()
	c.Seek(ctx, QuadID{})
	if !c.Next(ctx) {
		t.Fatal(c.Err())
	}
	cancel()
	if c.Next(ctx) || !errors.Is(c.Err(), context.Canceled) {
		t.Errorf("cancelled, a cursor goes on: %v", c.Err())
	}
}

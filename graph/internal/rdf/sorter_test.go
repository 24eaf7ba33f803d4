package rdf

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
)

// someQuads returns quads of all kinds of terms, some of them more than once.
func someQuads(r *rand.Rand, n int) []quad.Quad {
	iri := func() quad.Value { return quad.IRI(fmt.Sprintf("http://example.org/%d", r.IntN(20))) }
	var out []quad.Quad
	for range n {
		q := quad.Quad{Subject: iri(), Predicate: iri(), Object: iri()}
		switch r.IntN(8) {
		case 0:
			q.Subject = quad.BNode(fmt.Sprintf("b%d", r.IntN(9)))
		case 1:
			q.Object = quad.String(strings.Repeat("a \"b\" ü\n", r.IntN(4)))
		case 2:
			q.Object = quad.LangString{Value: "千島", Lang: "ja"}
		case 3:
			q.Object = quad.Int(r.IntN(99))
		case 4:
			q.Object = quad.TypedString{Value: "1956-10", Type: "http://www.w3.org/2001/XMLSchema#gYearMonth"}
		}
		if r.IntN(3) > 0 {
			q.Label = iri()
		}
		out = append(out, q)
	}
	return out
}

func TestSorterSortsAsSort(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for seed := range uint64(8) {
		quads := someQuads(rand.New(rand.NewPCG(seed, 8)), 500)
		for _, limit := range []int{600, 5000, 0} {
			s := NewSorter(limit)
			for range 2 { // the second time it is used again
				for _, q := range quads {
					if err := s.Add(q); err != nil {
						t.Fatal(err)
					}
				}
				if files := len(s.files); (limit == 0) != (files == 0) {
					t.Fatalf("limit %d: %d files", limit, files)
				}
				var got []quad.Quad
				for q, err := range s.Sorted(t.Context()) {
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, q)
				}
				if want := Sort(slices.Clone(quads)); !slices.Equal(got, want) {
					t.Fatalf("seed %d, limit %d: %d quads, want %d in another order", seed, limit, len(got), len(want))
				}
			}
		}
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestSorterStops(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s := NewSorter(1)
	fill := func() {
		for _, q := range someQuads(rand.New(rand.NewPCG(1, 8)), 50) {
			if err := s.Add(q); err != nil {
				t.Fatal(err)
			}
		}
	}
	fill()
	for range s.Sorted(t.Context()) {
		break
	}
	fill()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n := 0
	for _, err := range s.Sorted(ctx) {
		if n++; !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	}
	if n != 1 {
		t.Errorf("a cancelled sequence has %d elements", n)
	}
	fill()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	t.Setenv("TMPDIR", "/nowhere/at/all")
	err := s.Add(quad.Quad{Subject: quad.IRI("s"), Predicate: quad.IRI("p"), Object: quad.IRI("o")})
	if err == nil {
		err = s.Add(quad.Quad{Subject: quad.IRI("s"), Predicate: quad.IRI("p"), Object: quad.IRI("q")})
	}
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no place for temporary files: %v", err)
	}
}

func TestParseTerm(t *testing.T) {
	for _, q := range someQuads(rand.New(rand.NewPCG(3, 8)), 500) {
		for _, want := range []quad.Value{q.Subject, q.Predicate, q.Object, q.Label} {
			if got, err := store.ParseTerm(store.Format(want)); err != nil || got != want {
				t.Errorf("%v comes back as %v, %v", want, got, err)
			}
		}
	}
	for _, bad := range []string{"x", `"a`, `"a" .`, "<a> <b>", "<>"} {
		if v, err := store.ParseTerm(bad); err == nil {
			t.Errorf("%q is read as %v", bad, v)
		}
	}
}

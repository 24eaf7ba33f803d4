//go:build linux

package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/demarcgraph/demarc/graph"
)

func TestMain(m *testing.M) {
	if child() {
		return
	}
	os.Exit(m.Run())
}

// TestSoak is the short form of what the program does for an hour.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	opts := options{length: 12 * time.Second, documents: 8, checks: 4, seed: 1, memory: 160, dir: filepath.Join(t.TempDir(), "g")}
	s, err := newSoaker(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.run(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
	if s.loads == 0 || s.kills == 0 || s.asked.Load() == 0 || s.queried.Load() == 0 || s.exported.Load() == 0 || s.shown.Load() == 0 {
		t.Errorf("not all was done: %d loads, %d kills, %d questions, %d queries, %d exports, %d cards",
			s.loads, s.kills, s.asked.Load(), s.queried.Load(), s.exported.Load(), s.shown.Load())
	}
}

// opened returns a soaker of so many documents, and its graph opened for writing.
func opened(t *testing.T, documents int) (*soaker, *graph.Graph) {
	t.Helper()
	s, err := newSoaker(t.Context(), options{documents: documents, dir: filepath.Join(t.TempDir(), "g")})
	if err != nil {
		t.Fatal(err)
	}
	g, err := graph.Open(t.Context(), s.opts.dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, g
}

// TestCopies checks that documents are what the library says they are: every third of
// four a copy, every fourth nearly one.
func TestCopies(t *testing.T) {
	ctx := t.Context()
	s, g := opened(t, 8)
	defer s.close()
	defer g.Close()
	for slot := range s.opts.documents {
		for revision := range revisions {
			if _, err := g.Load(ctx, s.docs.document(slot, revision)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.count(ctx, g); err != nil {
		t.Fatal(err)
	}
	if s.copies != 2 || s.nearCopies != 2 {
		t.Errorf("of eight documents %d are copies and %d nearly, want 2 and 2", s.copies, s.nearCopies)
	}
}

// TestLossIsSeen loses a document, and brings one that should not be there.
func TestLossIsSeen(t *testing.T) {
	ctx := t.Context()
	s, g := opened(t, 2)
	defer s.close()
	defer g.Close()
	if _, err := g.Load(ctx, s.docs.document(0, 0)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		present map[int]int
		unsure  *step
		ok      bool
	}{
		{map[int]int{0: 0}, nil, true},
		{map[int]int{}, nil, false},
		{map[int]int{0: 1}, nil, false},
		{map[int]int{0: 0, 1: 0}, nil, false},
		{map[int]int{}, &step{0, 0}, true},
		{map[int]int{}, &step{0, 1}, false},
		{map[int]int{}, &step{1, 0}, false},
		{map[int]int{0: 0}, &step{0, none}, true},
		{map[int]int{0: 0, 1: 2}, &step{1, none}, true},
		{map[int]int{0: 2}, &step{0, none}, false},
	} {
		s.present = c.present
		if err := s.settle(ctx, c.unsure); (err == nil) != c.ok {
			t.Errorf("with %v and %v under way: %v", c.present, c.unsure, err)
		}
	}
	s.present = map[int]int{0: 0}
	if err := s.check(ctx, 0); err == nil {
		t.Error("the graph is open for writing and can be opened once more")
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.check(ctx, 0); err != nil {
		t.Error(err)
	}
	s.present = map[int]int{0: 1}
	if err := s.check(ctx, 0); err == nil {
		t.Error("a graph of another revision passes")
	}
}

func TestGrowthIsSeen(t *testing.T) {
	for _, c := range []struct {
		step sample
		ok   bool
	}{
		{sample{}, true}, {sample{rss: 20}, false}, {sample{heap: 4}, false}, {sample{disk: 1000}, false}, {sample{files: 2}, false}, {sample{routines: 2}, false},
	} {
		s := &soaker{}
		for i := range 20 {
			n := int64(i)
			s.samples = append(s.samples, sample{100 + n*c.step.rss, 50 + n*c.step.heap, 1000 + n*c.step.disk, 20 + i*c.step.files, 20 + i*c.step.routines})
		}
		if err := s.growth(); (err == nil) != c.ok {
			t.Errorf("growing by %+v: %v", c.step, err)
		}
	}
}

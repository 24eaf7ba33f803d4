package graph

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/graph/store/storetest"
	"github.com/demarcgraph/demarc/internal/bench"
	"github.com/demarcgraph/demarc/schema"
)

// How many processes load how many documents in TestLoaders.
const loaders, loaded = 4, 24

// ofLoaders returns the document of a number: every fourth is a copy of the one
// before it, which another process loads.
func ofLoaders(corpus *bench.Corpus, n int) *schema.Document {
	if n%4 != 3 {
		return corpus.Document(n)
	}
	doc := *corpus.Document(n - 1)
	doc.ID = "a-copy-of-" + doc.ID
	return &doc
}

// TestLoaders has several processes load each a part of the documents into one
// graph on a server, while others read it: a document is there wholly or not at
// all, and in the end the graph is the one that a single process makes.
func TestLoaders(t *testing.T) {
	if part := os.Getenv("DEMARC_TEST_PART"); part != "" {
		loadPart(t, os.Getenv("DEMARC_TEST_GRAPH"), part)
		return
	}
	if testing.Short() {
		t.Skip("starts a server and processes")
	}
	addr := storetest.Postgres(t)(t)
	corpus, err := bench.NewCorpus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	one, err := Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	all, err := Open(t.Context(), "", WithDuplicates(ReadDuplicates)) // where copies are read
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	for n := range loaded {
		load(t, one, ofLoaders(corpus, n))
		load(t, all, ofLoaders(corpus, n))
	}
	if hash(t, one) == hash(t, all) {
		t.Error("no document is a copy of another")
	}
	g, err := Open(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()

	var done atomic.Bool
	read := make(chan error, 1)
	go func() {
		for {
			last := done.Load()
			if err := readWhole(t.Context(), g, one, all); err != nil || last {
				read <- err
				return
			}
		}
	}()
	var cmds []*exec.Cmd
	for part := range loaders {
		cmd := exec.Command(os.Args[0], "-test.run=^TestLoaders$")
		cmd.Env = append(os.Environ(), "DEMARC_TEST_GRAPH="+addr, "DEMARC_TEST_PART="+strconv.Itoa(part))
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		cmds = append(cmds, cmd)
	}
	for part, cmd := range cmds {
		if err := cmd.Wait(); err != nil {
			t.Errorf("process %d: %v", part, err)
		}
	}
	done.Store(true)
	if err := <-read; err != nil {
		t.Error(err)
	}
	if hash(t, g) != hash(t, one) {
		t.Errorf("(- one process, + four)\n%s", diff(dump(t, one, "nquads"), dump(t, g, "nquads")))
	}
	if r, err := g.Verify(t.Context()); err != nil || !r.OK() {
		t.Errorf("verify: %q, %v", r.Problems, err)
	}
}

// loadPart loads the documents of one process.
func loadPart(t *testing.T, addr, part string) {
	n, err := strconv.Atoi(part)
	if err != nil {
		t.Fatal(err)
	}
	corpus, err := bench.NewCorpus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	g, err := Open(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	for ; n < loaded; n += loaders {
		load(t, g, ofLoaders(corpus, n))
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
}

// readWhole checks that each document that a graph has is wholly there, as one of
// two other graphs has it.
func readWhole(ctx context.Context, g, whole, read *Graph) error {
	return g.with(ctx, func(v *view) error {
		ids, err := v.documentIDs(ctx)
		if err != nil {
			return err
		}
		for _, id := range ids {
			of := store.Pattern{Label: quad.IRI(g.ns.Document(id))}
			got, err := v.Count(ctx, of)
			if err != nil {
				return err
			}
			want, err := whole.store.Count(ctx, of)
			if err != nil {
				return err
			}
			other, err := read.store.Count(ctx, of)
			if err != nil {
				return err
			}
			if got != want && got != other {
				return fmt.Errorf("document %q is there with %d of %d or %d quads", id, got, want, other)
			}
		}
		return nil
	})
}

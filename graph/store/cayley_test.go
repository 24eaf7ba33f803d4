package store

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/graphtest"
	cpath "github.com/cayleygraph/cayley/query/path"
)

// TestCayleyConformance runs Cayley's own suite, which reads its film data
// beside its sources, on graphs in memory and on disk.
func TestCayleyConformance(t *testing.T) {
	t.Chdir(filepath.Join(cayleyDir(t), "graph", "memstore"))
	for _, where := range []string{"memory", "disk"} {
		t.Run(where, func(t *testing.T) {
			graphtest.TestAll(t, func(t testing.TB) (graph.QuadStore, graph.Options) {
				path := ""
				if where == "disk" {
					path = t.TempDir()
				}
				return openTest(t, path).QuadStore(), nil
			}, &graphtest.Config{AlwaysRunIntegration: where == "disk"})
		})
	}
}

// cayleyDir returns the folder with Cayley's sources.
func cayleyDir(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/cayleygraph/cayley").Output()
	if err != nil {
		t.Skipf("cannot find Cayley's sources: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// openTest opens a store that is closed with the test.
func openTest(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// TestRegister opens a graph by its name in Cayley's registry.
func TestRegister(t *testing.T) {
	Register()
	path := filepath.Join(t.TempDir(), "g")
	if err := graph.InitQuadStore(Name, path, nil); err != nil {
		t.Fatal(err)
	}
	q := Quad{Subject: iri("s"), Predicate: iri("p"), Object: iri("o")}
	for _, readOnly := range []bool{false, true} {
		qs, err := graph.NewQuadStore(Name, path, graph.Options{"read_only": readOnly})
		if err != nil {
			t.Fatal(err)
		}
		err = qs.ApplyDeltas([]graph.Delta{{Quad: q, Action: graph.Add}}, graph.IgnoreOpts{IgnoreDup: true})
		if readOnly != errors.Is(err, ErrReadOnly) {
			t.Errorf("read-only %v: %v", readOnly, err)
		}
		got, err := cpath.StartPath(qs, q.Subject).Out(q.Predicate).Iterate(t.Context()).AllValues(qs)
		if err != nil || len(got) != 1 || got[0] != q.Object {
			t.Errorf("%v, %v", got, err)
		}
		if err := qs.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestSnapshotQuadStore checks that a snapshot's quad store takes no changes.
func TestSnapshotQuadStore(t *testing.T) {
	snap, err := openTest(t, "").Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	if err := snap.QuadStore().ApplyDeltas(nil, graph.IgnoreOpts{}); !errors.Is(err, ErrReadOnly) {
		t.Errorf("ApplyDeltas: %v", err)
	}
	if _, err := snap.QuadStore().NewQuadWriter(); !errors.Is(err, ErrReadOnly) {
		t.Errorf("NewQuadWriter: %v", err)
	}
}

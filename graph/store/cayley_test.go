package store

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/graphtest"
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
			}, &graphtest.Config{})
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

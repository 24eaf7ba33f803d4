package graph_test

import (
	"path/filepath"
	"testing"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/internal/shared"
	"github.com/demarcgraph/demarc/internal/source"
)

// TestReadDocumentsConform validates graphs of real documents: the samples, and
// the corpus of the shared data where that is there.
func TestReadDocumentsConform(t *testing.T) {
	folders := []string{filepath.Join("..", "data", "documents")}
	if corpus, ok := shared.Find("corpus"); ok && !testing.Short() {
		folders = append(folders, corpus)
	}
	for _, folder := range folders {
		g, err := graph.Open(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer g.Close()
		n := 0
		for doc, err := range source.Open(t.Context(), []string{folder}, source.Options{}) {
			if err != nil {
				t.Fatal(err)
			}
			if _, err := g.Load(t.Context(), doc); err != nil {
				t.Fatal(err)
			}
			n++
		}
		report, err := g.Validate(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d documents, %d nodes", folder, n, report.Nodes)
		if n == 0 || report.Nodes < n {
			t.Errorf("%s: %d documents, %d nodes", folder, n, report.Nodes)
		}
		for _, r := range report.Results { // a warning is about what a document says
			if t.Logf("%s: %s %s %s: %s %s", folder, r.Focus, r.Path, r.Value, r.Severity, r.Message); r.Severity == "Violation" {
				t.Fail()
			}
		}
	}
}

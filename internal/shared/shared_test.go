package shared

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPath(t *testing.T) {
	root := t.TempDir()
	within := filepath.Join(root, "demarc", "graph", "query")
	for _, dir := range []string{within, filepath.Join(root, "demarc", ".ci"), filepath.Join(root, "shared", "eval"), filepath.Join(root, "elsewhere", "only")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	skips := func(elem ...string) bool {
		ran := false
		t.Run("", func(t *testing.T) {
			Path(t, elem...)
			ran = true
		})
		return !ran
	}
	t.Setenv("DEMARC_SHARED", "")
	t.Chdir(within)
	if skips("eval") || !skips("treebank") || !skips("only") {
		t.Error("what is there is skipped, or what is not there is not")
	}
	t.Setenv("DEMARC_SHARED", filepath.Join(root, "elsewhere"))
	if skips("only") || !skips("eval") {
		t.Error("DEMARC_SHARED names another folder")
	}
	t.Setenv("DEMARC_SHARED", "")
	t.Chdir(root)
	if !skips("eval") {
		t.Error("there is no repository here")
	}
}

package export

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestPageIsBuilt builds the page's script anew, and compares.
func TestPageIsBuilt(t *testing.T) {
	if _, err := os.Stat(filepath.Join("page", "node_modules")); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the packages of graph/export/page are missing: .ci/setup installs them")
		}
		t.Skip("the packages of graph/export/page are missing: .ci/setup installs them")
	}
	built := filepath.Join(t.TempDir(), "page.min.js")
	cmd := exec.Command("npm", "run", "--silent", "build", "--", "--outfile="+built)
	cmd.Dir = "page"
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("npm run build: %v\n%s", err, out)
	}
	text, err := os.ReadFile(built)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != pageScript {
		t.Error("page/page.min.js is not what its sources give: run go generate ./graph/export")
	}
}

package lint

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/internal/golden"
)

//go:generate go test -run TestPackageTable -update .

// TestPackageTable keeps the table of docs/architecture.md what the packages say
// of themselves.
func TestPackageTable(t *testing.T) {
	list := exec.Command("go", "list", "-f", "{{.ImportPath}}\t{{.Doc}}", "./...")
	list.Dir = filepath.Join("..", "..")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	table := "| package | |\n| --- | --- |\n"
	for line := range strings.Lines(string(out)) {
		path, doc, _ := strings.Cut(strings.TrimSpace(line), "\t")
		path = strings.TrimPrefix(path, module+"/")
		if doc == "" {
			t.Errorf("package %s has no comment that says what it is", path)
		}
		// "Package x does" goes without saying what is in the first column.
		name := path[strings.LastIndexByte(path, '/')+1:]
		for _, begin := range []string{"Package " + name + " ", "Command " + name + " "} {
			doc = strings.TrimPrefix(doc, begin)
		}
		table += fmt.Sprintf("| [`%s`](../%s) | %s |\n", path, path, strings.ReplaceAll(doc, "|", `\|`))
	}
	path := filepath.Join("..", "..", "docs", "architecture.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- packages -->\n", "<!-- /packages -->"
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the document has no table of packages")
	}
	golden.Check(t, path, before+begin+table+end+after)
}

package graph

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/internal/golden"
)

const embedFolder = "../examples/embed"

// embedModule derives the example's go.mod from the module's own, so that it
// builds with the same versions and without a network.
func embedModule(t *testing.T) []byte {
	root, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(root), "\nmodule github.com/demarcgraph/demarc\n")
	if !ok {
		if rest, ok = strings.CutPrefix(string(root), "module github.com/demarcgraph/demarc\n"); !ok {
			t.Fatal("go.mod does not begin as expected")
		}
	}
	version, requirements, ok := strings.Cut(strings.TrimPrefix(rest, "\n"), "\n")
	if !ok {
		t.Fatal("go.mod names no versions")
	}
	return fmt.Appendf(nil, `// The versions are those of demarc's own go.mod; go test ./graph -run Embed -update copies them.
module github.com/demarcgraph/demarc/examples/embed

%s

require github.com/demarcgraph/demarc v0.0.0

replace github.com/demarcgraph/demarc => ../..

%s`, version, strings.TrimLeft(requirements, "\n"))
}

func TestEmbedExample(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	sum, err := os.ReadFile("../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"go.mod": embedModule(t), "go.sum": sum} {
		golden.Check(t, filepath.Join(embedFolder, name), want)
	}
	cmd := exec.CommandContext(t.Context(), "go", "run", ".")
	cmd.Dir = embedFolder
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"note: added", "Which islands does Japan claim?", "Shikotan", `"Japan claims Shikotan and Iturup."  note:1`} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the example does not say %q:\n%s", want, out)
		}
	}
}

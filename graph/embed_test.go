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

const examplesFolder = "../examples"

// examples are the programs that embed demarc, each a module of its own, with what
// each needs besides, and the sums of that.
var examples = map[string]struct{ requires, sums string }{
	"embed": {}, "rules": {}, "page": {},
	"watch": {"require github.com/fsnotify/fsnotify v1.10.1\n\n", `github.com/fsnotify/fsnotify v1.10.1 h1:b0/UzAf9yR5rhf3RPm9gf3ehBPpf0oZKIjtpKrx59Ho=
github.com/fsnotify/fsnotify v1.10.1/go.mod h1:TLheqan6HD6GBK6PrDWyDPBaEV8LspOxvPSjC+bVfgo=
`},
}

// exampleModule derives an example's go.mod from the module's own, so that it
// builds with the same versions and without a network.
func exampleModule(t *testing.T, name, requires string) []byte {
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
module github.com/demarcgraph/demarc/examples/%s

%s

require github.com/demarcgraph/demarc v0.0.0

replace github.com/demarcgraph/demarc => ../..

%s%s`, name, version, requires, strings.TrimLeft(requirements, "\n"))
}

// TestEmbedModules keeps what the examples are built of.
func TestEmbedModules(t *testing.T) {
	sum, err := os.ReadFile("../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(examplesFolder, "*"))
	if err != nil || len(found) != len(examples) {
		t.Errorf("there are the examples %v, %v, and %d are known here", found, err, len(examples))
	}
	for name, x := range examples {
		golden.Check(t, filepath.Join(examplesFolder, name, "go.mod"), exampleModule(t, name, x.requires))
		golden.Check(t, filepath.Join(examplesFolder, name, "go.sum"), string(sum)+x.sums)
	}
}

func TestEmbedExample(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	cmd := exec.CommandContext(t.Context(), "go", "run", ".")
	cmd.Dir = filepath.Join(examplesFolder, "embed")
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

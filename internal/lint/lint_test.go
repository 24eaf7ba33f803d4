package lint

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/demarcgraph/demarc"

// pkg is what "go list -json" says of a package.
type pkg struct {
	ImportPath string
	Name       string
	Imports    []string
	Deps       []string
}

// packages lists the module's packages.
func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Name,Imports,Deps", "./...")
	cmd.Dir = filepath.Join("..", "..")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var pkgs []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return pkgs
		}
		if err != nil {
			t.Fatal(err)
		}
		if within(p.ImportPath, module) {
			pkgs = append(pkgs, p)
		}
	}
}

// within reports whether path is root or below it.
func within(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

func withinAny(path string, roots []string) bool {
	return slices.ContainsFunc(roots, func(root string) bool { return within(path, root) })
}

// TestWalls keeps the layout: data runs one way, each stage sees only what it
// is built on, and whoever imports only the stages that read links no store.
func TestWalls(t *testing.T) {
	ours := func(paths ...string) []string {
		for i, p := range paths {
			paths[i] = module + "/" + p
		}
		return paths
	}
	pkgs := packages(t)

	// What of ours a package and everything it depends on may be.
	reach := []struct {
		from string
		may  []string
	}{
		{"schema", ours("schema")},
		{"data", ours("data")},
		{"nlp", ours("nlp")},
		{"extract", ours("extract", "schema", "data", "nlp")},
		{"internal/source", ours("internal/source", "schema")},
		{"internal/bench", ours("internal/bench", "internal/source", "extract", "schema", "data", "nlp")},
		{"internal/eval", ours("internal/eval", "schema")},
		{"graph", ours("graph", "extract", "schema", "data", "nlp")},
		{"graph/serve", ours("graph", "extract", "schema", "data", "nlp", "internal/source")}, // it takes files
	}
	for _, wall := range reach {
		seen := false
		for _, p := range pkgs {
			if !within(p.ImportPath, module+"/"+wall.from) || p.Name == "main" {
				continue // nobody links a program, such as those that measure
			}
			if wall.from == "graph" && within(p.ImportPath, module+"/graph/serve") {
				continue // which has a wall of its own
			}
			seen = true
			for _, dep := range p.Deps {
				if within(dep, module) && !withinAny(dep, wall.may) {
					t.Errorf("%s reaches %s; %s may reach only %s", p.ImportPath, dep, wall.from, strings.Join(wall.may, ", "))
				}
			}
		}
		if !seen {
			t.Errorf("there is no package %s", wall.from)
		}
	}

	// Who may import what is not ours, for all the world to see.
	imports := []struct {
		path string
		by   []string
	}{
		{"github.com/cayleygraph/cayley", ours("graph/store", "graph/query")},
		{"github.com/cockroachdb/pebble", ours("graph/store")},
		{"github.com/cayleygraph/quad", ours("graph")},
		{"github.com/spf13/cobra", ours("cmd")},
		{"github.com/jedib0t/go-pretty", ours("cmd")},
		{"github.com/schollz/progressbar", ours("cmd")},
		{"net/http", ours("graph/serve", "extract/llm", "cmd", "internal/source")}, // the last reads responses that archives keep
		{"github.com/openai/openai-go", ours("extract/llm")},
		{"github.com/prometheus/client_golang", ours("graph/serve")},
		{"github.com/modelcontextprotocol/go-sdk", ours("graph/serve", "cmd")},
		{"github.com/tetratelabs/wazero", ours("graph/export/internal/layout")},
		{"github.com/go-text/typesetting", ours("graph/export/internal/typeset")},
	}
	for _, wall := range imports {
		for _, p := range pkgs {
			if slices.ContainsFunc(p.Imports, func(i string) bool { return within(i, wall.path) }) && !withinAny(p.ImportPath, wall.by) {
				t.Errorf("%s imports %s; only %s may", p.ImportPath, wall.path, strings.Join(wall.by, ", "))
			}
		}
	}

	for _, p := range pkgs {
		if p.ImportPath == module+"/graph" || p.ImportPath == module+"/extract" {
			for _, dep := range p.Deps {
				if withinAny(dep, ours("graph/serve", "extract/llm")) {
					t.Errorf("%s reaches %s: whoever embeds it would link a server or a client", p.ImportPath, dep)
				}
			}
		}
		if withinAny(p.ImportPath, ours("nlp", "extract")) {
			for _, dep := range p.Deps {
				if withinAny(dep, []string{"github.com/cayleygraph", "github.com/cockroachdb"}) {
					t.Errorf("%s links the store: it reaches %s", p.ImportPath, dep)
				}
			}
		}
	}
}

// initLine is what the runtime says of one package's start under
// GODEBUG=inittrace=1.
var initLine = regexp.MustCompile(`(?m)^init (\S+) @.* ms clock, (\d+) bytes, (\d+) allocs$`)

// TestStartIsCheap looks at what packages allocate when demarc starts: who
// compiles patterns or reads data before they are needed allocates much. The
// time it takes is not looked at, since it depends on the machine.
func TestStartIsCheap(t *testing.T) {
	const (
		most    = 128 << 10 // for one package of ours
		mostAll = 4 << 20
	)
	binary := filepath.Join(t.TempDir(), "demarc")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", binary, "../../cmd/demarc").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	cmd := exec.Command(binary, "version")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var trace bytes.Buffer
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	all, seen := 0, 0
	for _, m := range initLine.FindAllStringSubmatch(trace.String(), -1) {
		n, err := strconv.Atoi(m[2])
		if err != nil {
			t.Fatal(err)
		}
		seen++
		all += n
		if within(m[1], module) && n > most {
			t.Errorf("%s allocates %d bytes when the program starts, more than %d: put it off until it is needed", m[1], n, most)
		}
	}
	if seen < 10 {
		t.Fatalf("the trace has %d packages:\n%s", seen, &trace)
	}
	if all > mostAll {
		t.Errorf("starting allocates %d bytes, more than %d", all, mostAll)
	}
}

// documents lists the Markdown files that the repository keeps for readers.
func documents(t *testing.T) []string {
	t.Helper()
	docs := []string{filepath.Join("..", "..", "README.md")}
	more, err := filepath.Glob(filepath.Join("..", "..", "docs", "*.md"))
	if err != nil || len(more) == 0 {
		t.Fatalf("no documents in docs: %v", err)
	}
	return append(docs, more...)
}

var link = regexp.MustCompile(`\]\(([^)#\s]+)(#[^)\s]*)?\)`)

// TestLinks checks that what documents link to within the repository is there.
func TestLinks(t *testing.T) {
	for _, name := range documents(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if target := m[1]; !strings.Contains(target, ":") {
				if _, err := os.Stat(filepath.Join(filepath.Dir(name), filepath.FromSlash(target))); err != nil {
					t.Errorf("%s links to %s, which is not there", name, target)
				}
			}
		}
	}
}

var makeTarget = regexp.MustCompile("(?m)(?:^(?:\\$ )?|`)make ([a-z-]+)")

// TestMakeTargets checks that every "make" line of the documents names a
// target.
func TestMakeTargets(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join("..", "..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range documents(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range makeTarget.FindAllStringSubmatch(string(text), -1) {
			if !regexp.MustCompile(`(?m)^` + m[1] + `:`).Match(makefile) {
				t.Errorf("%s says \"make %s\", which is no target", name, m[1])
			}
		}
	}
}

// TestReadmeExample keeps the README's program that of examples/embed, which
// is compiled and run.
func TestReadmeExample(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(filepath.Join("..", "..", "examples", "embed", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := bytes.Cut(readme, []byte("<!-- example -->\n```go\n"))
	shown, _, ok2 := bytes.Cut(rest, []byte("```\n<!-- /example -->"))
	if !ok || !ok2 {
		t.Fatal("the README has no example")
	}
	if !bytes.Contains(program, bytes.TrimSpace(shown)) || len(bytes.TrimSpace(shown)) == 0 {
		t.Errorf("the README's program is not within examples/embed/main.go:\n%s", shown)
	}
}

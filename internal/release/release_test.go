package release

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// The tools that make releases, in the versions that are used.
const (
	goreleaser = "github.com/goreleaser/goreleaser/v2@v2.15.2"
	cyclonedx  = "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0"
)

const root = "../.."

// long skips a test that takes minutes, but for "make release-check".
func long(t *testing.T) {
	t.Helper()
	if os.Getenv("DEMARC_RELEASE") == "" {
		t.Skip("takes minutes: make release-check")
	}
}

// settings are the parts of the release's settings that the tests here need.
type settings struct {
	Builds []struct {
		Main    string
		Env     []string
		Goos    []string
		Goarch  []string
		Flags   []string
		Ldflags []string
	}
	Archives []struct {
		Files []struct{ Src string }
	}
	Nfpms []struct {
		Contents []struct{ Src string }
	}
}

func read(t *testing.T) settings {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, ".goreleaser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var s settings
	if err := yaml.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	if len(s.Builds) != 1 || len(s.Builds[0].Goos) == 0 || len(s.Builds[0].Goarch) == 0 {
		t.Fatalf("the settings build %+v", s.Builds)
	}
	return s
}

// build builds as the release does, within the sources in dir.
func build(t *testing.T, s settings, dir, out string, env ...string) {
	t.Helper()
	b := s.Builds[0]
	args := append([]string{"build", "-buildvcs=false", "-o", out}, b.Flags...)
	args = append(args, "-ldflags="+strings.Join(b.Ldflags, " "), b.Main)
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), b.Env...), append(env, "GOFLAGS=", "PWD="+dir)...)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, text)
	}
}

// checkout copies the sources into a folder of that name.
func checkout(t *testing.T, name string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	list := exec.Command("git", "ls-files", "-z", "--", "*.go", "*.s", "go.mod", "go.sum", "data", "schema", "graph", "nlp", "extract", "internal", "cmd")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Skip("the sources are in no repository of git")
	}
	for path := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if strings.Contains(path, "testdata/") || strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			continue // deleted, and not yet committed so
		}
		to := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestReproducible builds in two folders and compares the bytes. With
// DEMARC_RELEASE=clean neither build uses what the other, or an earlier one, compiled.
func TestReproducible(t *testing.T) {
	if testing.Short() {
		t.Skip("builds twice")
	}
	s := read(t)
	var programs [2][]byte
	for i, name := range []string{"here", "some where/else"} {
		dir := checkout(t, name)
		var env []string
		if os.Getenv("DEMARC_RELEASE") == "clean" {
			env = append(env, "GOCACHE="+t.TempDir())
		}
		out := filepath.Join(t.TempDir(), "demarc")
		build(t, s, dir, out, env...)
		var err error
		if programs[i], err = os.ReadFile(out); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(programs[i], []byte(dir)) {
			t.Errorf("the program has the name of the folder that it was built in")
		}
	}
	if !bytes.Equal(programs[0], programs[1]) {
		t.Errorf("built twice, the program has the hashes %x and %x", sha256.Sum256(programs[0]), sha256.Sum256(programs[1]))
	}
}

// TestTargets builds for every system that a release is made for.
func TestTargets(t *testing.T) {
	long(t)
	s := read(t)
	for _, goos := range s.Builds[0].Goos {
		for _, goarch := range s.Builds[0].Goarch {
			t.Run(goos+"/"+goarch, func(t *testing.T) {
				build(t, s, root, filepath.Join(t.TempDir(), "demarc"), "GOOS="+goos, "GOARCH="+goarch)
			})
		}
	}
}

// TestSettings lets goreleaser check its settings.
func TestSettings(t *testing.T) {
	long(t)
	run(t, goreleaser, "check", ".goreleaser.yaml")
}

// TestFiles looks whether the files that the settings name are there, or made by
// the program for the manual.
func TestFiles(t *testing.T) {
	s := read(t)
	var files []string
	for _, a := range s.Archives {
		for _, f := range a.Files {
			files = append(files, f.Src)
		}
	}
	for _, p := range s.Nfpms {
		for _, f := range p.Contents {
			files = append(files, f.Src)
		}
	}
	share := filepath.Join(t.TempDir(), "share")
	manual := exec.Command("go", "run", "./cmd/demarc/internal/manual", "-out", share)
	manual.Dir = root
	if out, err := manual.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, f := range files {
		path := filepath.Join(root, f)
		if below, ok := strings.CutPrefix(f, "build/share/"); ok {
			path = filepath.Join(share, below)
		}
		if found, err := filepath.Glob(path); err != nil || len(found) == 0 {
			t.Errorf("the release takes %s, which is not there", f)
		}
	}
	if len(files) < 8 {
		t.Errorf("the release takes only %v", files)
	}
}

// TestContents compares the list of what a program is made of, as the release's
// tool makes it, with what the program says itself.
func TestContents(t *testing.T) {
	long(t)
	program := filepath.Join(t.TempDir(), "demarc")
	build(t, read(t), root, program)
	document := os.Getenv("DEMARC_SBOM") // where to leave it
	if document == "" {
		document = filepath.Join(t.TempDir(), "demarc.cdx.json")
	}
	run(t, cyclonedx, "bin", "-json", "-noserial", "-output", document, program)
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	var bom struct {
		BOMFormat  string
		Metadata   struct{ Component struct{ Name string } }
		Components []struct{ Type, Name, Version, PURL string }
	}
	if err := json.Unmarshal(text, &bom); err != nil {
		t.Fatal(err)
	}
	if bom.BOMFormat != "CycloneDX" || bom.Metadata.Component.Name != "github.com/demarcgraph/demarc" {
		t.Errorf("the list is a %q of %q", bom.BOMFormat, bom.Metadata.Component.Name)
	}
	listed := map[string]bool{}
	for _, c := range bom.Components {
		listed[c.Name+" "+c.Version] = true
		if !strings.HasPrefix(c.PURL, "pkg:golang/") {
			t.Errorf("%s has the address %q", c.Name, c.PURL)
		}
	}
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	linked := map[string]bool{}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		linked[m.Path+" "+m.Version] = true
	}
	for name := range linked {
		if !listed[name] {
			t.Errorf("%s is linked and not listed", name)
		}
	}
	if len(linked) < 20 {
		t.Errorf("the program says that it is made of %v", slices.Sorted(maps.Keys(linked)))
	}
	fmt.Printf("%d modules are linked, %d components listed\n", len(linked), len(listed))
}

// run runs a program of another module, in the sources.
func run(t *testing.T, program string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"run", program}, args...)...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", program, err, out)
	}
}

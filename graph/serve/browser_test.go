package serve

import (
	"compress/gzip"
	"context"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/internal/bench"
	"github.com/demarcgraph/demarc/internal/golden"
)

// web is where the sources of the pages are, and pictures where docs/web.md has
// its pictures.
var (
	web      = filepath.Join("..", "..", "web")
	pictures = filepath.Join("..", "..", "docs", "img")
)

// run runs a program of the packages of web/ and returns what it says; the test
// is skipped where they are not installed.
func run(t *testing.T, env []string, args ...string) (string, error) {
	t.Helper()
	if testing.Short() {
		t.Skip("programs of Node are run by the long tests")
	}
	if _, err := os.Stat(filepath.Join(web, "node_modules")); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the packages of web are missing: .ci/setup installs them")
		}
		t.Skip("the packages of web are missing: .ci/setup installs them")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", append([]string{"exec", "--silent", "--"}, args...)...)
	cmd.Dir = web
	cmd.Env = append(os.Environ(), env...)
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestPagesAreBuilt builds the pages anew and compares them with those that are
// embedded.
func TestPagesAreBuilt(t *testing.T) {
	folder := t.TempDir()
	if out, err := run(t, []string{"DEMARC_PAGES_OUT=" + folder}, "vite", "build"); err != nil {
		t.Fatalf("vite build: %v\n%s", err, out)
	}
	sums := func(files fs.FS) map[string]string {
		all := map[string]string{}
		err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := fs.ReadFile(files, name)
			all[name] = string(b)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	built := sums(os.DirFS(folder))
	embedded, err := fs.Sub(bundle, "pages")
	if err != nil {
		t.Fatal(err)
	}
	kept := sums(embedded)
	for name, text := range built {
		if kept[name] != text {
			t.Errorf("graph/serve/pages/%s is not what web gives: run go generate ./graph/serve", name)
		}
	}
	for name := range kept {
		if _, ok := built[name]; !ok {
			t.Errorf("graph/serve/pages/%s is nothing that web gives: run go generate ./graph/serve", name)
		}
	}
}

// TestPagesAreSmall holds the pages, all together and each file compressed as it
// is sent, to what a slow line can bear.
func TestPagesAreSmall(t *testing.T) {
	const most = 1_200_000
	total := 0
	err := fs.WalkDir(bundle, "pages", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := bundle.ReadFile(name)
		if err != nil {
			return err
		}
		var n counter
		w := gzip.NewWriter(&n)
		if _, err := w.Write(b); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		total += int(n)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes compressed", total)
	if total > most || total == 0 {
		t.Errorf("the pages have %d bytes when compressed, and may have %d", total, most)
	}
}

// counter counts the bytes that are written to it.
type counter int

var _ io.Writer = (*counter)(nil)

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

// TestPagesSources checks the types and the style of the sources, and that the
// types of the API are those of openapi.yaml.
func TestPagesSources(t *testing.T) {
	kept, err := os.ReadFile(filepath.Join(web, "src", "api", "schema.d.ts"))
	if err != nil {
		t.Fatal(err)
	}
	description, err := filepath.Abs("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	made := filepath.Join(t.TempDir(), "schema.d.ts")
	if out, err := run(t, nil, "openapi-typescript", description, "--output", made); err != nil {
		t.Fatalf("openapi-typescript: %v\n%s", err, out)
	}
	now, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), string(now)); diff != "" {
		t.Errorf("web/src/api/schema.d.ts is not what openapi.yaml gives: run go generate ./graph/serve (- the file, + now)\n%s", diff)
	}
	if out, err := run(t, nil, "tsc", "--noEmit"); err != nil {
		t.Errorf("tsc: %v\n%s", err, out)
	}
	if out, err := run(t, nil, "biome", "check", "--error-on-warnings", "."); err != nil {
		t.Errorf("biome: %v\n%s", err, out)
	}
}

// TestInChromium goes through the pages in Chromium, as web/tests says. With
// -update it takes the pictures in docs/img anew, to be looked at.
func TestInChromium(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("Chromium is missing: .ci/setup installs it")
		}
		t.Skip("Chromium is missing: .ci/setup installs it")
	}
	start := func(g *graph.Graph, opts Options) string {
		opts.Version = "(a test)"
		server := httptest.NewServer(newServer(t, g, opts))
		t.Cleanup(server.Close)
		return server.URL
	}
	g := samples(t)
	writable, err := graph.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := writable.Close(); err != nil {
			t.Error(err)
		}
	})
	docs, err := bench.Samples(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := writable.Load(t.Context(), docs[0]); err != nil {
		t.Fatal(err)
	}
	env := []string{
		"DEMARC_CHROMIUM=" + chromium,
		"DEMARC_TEST_OUTPUT=" + t.TempDir(),
		"DEMARC_URL=" + start(g, Options{}),
		"DEMARC_WRITE_URL=" + start(writable, Options{Write: true}),
		"DEMARC_LOCKED_URL=" + start(g, Options{Token: "a-token-for-tests"}),
	}
	if golden.Update() {
		folder, err := filepath.Abs(pictures)
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, "DEMARC_PICTURES="+folder)
	}
	out, err := run(t, env, "playwright", "test")
	if err != nil {
		t.Fatalf("playwright: %v\n%s", err, out)
	}
	t.Log(out)
}

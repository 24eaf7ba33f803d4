package pipeline

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/local"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/memfs"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/testing/ptest"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/shards"
	"github.com/demarcgraph/demarc/internal/source"
	"github.com/demarcgraph/demarc/schema"
)

func TestMain(m *testing.M) { ptest.Main(m) }

// write makes a file; a name that ends in .gz is compressed.
func write(t *testing.T, path, text string) {
	t.Helper()
	data := []byte(text)
	if strings.HasSuffix(path, ".gz") {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		data = b.Bytes()
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func line(id, text string) string {
	out, _ := json.Marshal(map[string]string{"id": id, "text": text})
	return string(out) + "\n"
}

// corpus makes a folder with documents of every kind, good and bad, and returns
// the patterns that find them.
func corpus(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	samples, err := filepath.Glob("../../data/documents/*")
	if err != nil || len(samples) == 0 {
		t.Fatal("no sample documents", err)
	}
	for _, path := range samples {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "a", filepath.Base(path)), string(text))
	}
	archive, err := os.ReadFile("../../internal/source/testdata/good/pages.warc")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "b", "pages.warc.gz"), string(archive))
	write(t, filepath.Join(dir, "b", "more.jsonl.gz"), line("one", "Japan claims Shikotan.")+line("two", "Russia administers Shikotan.")+
		`{"text":"Argentina claims the Falkland Islands."}`+"\n")
	// The same once more, one changed, one that is broken, one without text.
	write(t, filepath.Join(dir, "c", "more.jsonl"), line("one", "Japan claims Shikotan.")+line("two", "Russia administers Iturup.")+
		"{broken\n"+line("four", "")+`{"text":"Spain claims Gibraltar."}`+"\n")
	write(t, filepath.Join(dir, "c", "empty.txt"), "")
	write(t, filepath.Join(dir, "c", "binary.txt"), "\x7fELF\x00\x00")
	var cut bytes.Buffer
	w := gzip.NewWriter(&cut)
	fmt.Fprint(w, strings.Repeat(line("cut", "Japan claims Iturup."), 9))
	w.Flush()
	if err := os.WriteFile(filepath.Join(dir, "c", "cut.jsonl.gz"), cut.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return []string{filepath.Join(dir, "a", "*"), filepath.Join(dir, "b", "*"), filepath.Join(dir, "c", "*"), filepath.Join(dir, "nowhere", "*")}
}

// run runs the pipeline and returns the manifest.
func run(t *testing.T, opts Options) (*shards.Manifest, beam.PipelineResult) {
	t.Helper()
	if err := opts.Check(); err != nil {
		t.Fatal(err)
	}
	p, s := beam.NewPipelineWithRoot()
	Read(s, opts)
	result := ptest.RunAndValidate(t, p)
	fs, err := filesystem.New(t.Context(), opts.Output)
	if err != nil {
		t.Fatal(err)
	}
	text, err := filesystem.Read(t.Context(), fs, join(opts.Output, shards.ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	m, err := shards.DecodeManifest(text)
	if err != nil {
		t.Fatal(err)
	}
	return m, result
}

func open(t *testing.T) *graph.Graph {
	t.Helper()
	g, err := graph.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	return g
}

func hash(t *testing.T, g *graph.Graph) string {
	t.Helper()
	h, err := g.Hash(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestSameAsLoad compares the graph of the shards with that of demarc load, what
// could not be read with what load says of it, and the counters with the manifest.
func TestSameAsLoad(t *testing.T) {
	patterns := corpus(t)
	loaded := open(t)
	inputs, err := source.List(t.Context(), patterns, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	failed := map[string]bool{}
	for _, in := range inputs {
		for doc, err := range in.Documents(t.Context(), source.Options{}) {
			if err != nil {
				failed[err.Error()] = true
				continue
			}
			if _, err := loaded.Load(t.Context(), doc); err != nil {
				t.Fatal(err)
			}
		}
	}

	out := filepath.Join(t.TempDir(), "read")
	opts := Options{Inputs: patterns, Output: out, Shards: 3}
	m, result := run(t, opts)
	imported := open(t)
	for _, s := range m.Shards {
		if _, err := s.Import(t.Context(), imported, os.DirFS(out)); err != nil {
			t.Fatal(err)
		}
	}
	if len(m.Shards) != 3 || hash(t, imported) != hash(t, loaded) {
		t.Errorf("%d shards with %+v do not make the graph that loading makes", len(m.Shards), m.Total)
	}

	var replaced int
	for _, f := range m.Failed {
		text, err := os.ReadFile(filepath.Join(out, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(string(text)) {
			var f failure
			if err := json.Unmarshal([]byte(l), &f); err != nil {
				t.Fatal(err)
			}
			switch {
			case failed[f.Reason]:
				delete(failed, f.Reason)
			case f.ID == "two" && strings.Contains(f.Reason, "takes its place"):
				replaced++
			case strings.Contains(f.Path, "nowhere"):
				delete(failed, f.Path+": no file matches the pattern; check the spelling")
			default:
				t.Errorf("%+v, of which load says nothing", f)
			}
		}
	}
	if len(failed) > 0 || replaced != 1 {
		t.Errorf("%d documents were replaced; not listed: %v", replaced, failed)
	}

	counters := map[string]int64{}
	for _, c := range result.Metrics().AllMetrics().Counters() {
		if c.Key.Namespace == "demarc" {
			counters[c.Key.Name] += c.Committed
		}
	}
	total := m.Total
	if counters["documents"] != total.Documents || counters["facts"] != total.Facts || counters["quads"] != total.Quads ||
		counters["failed"] != total.Failed || counters["bytes"] == 0 || total.Failed == 0 || total.Facts == 0 {
		t.Errorf("the counters are %v, the manifest says %+v", counters, total)
	}

	// Once more, over what is there and what a worker that was killed has left: the
	// same files, byte for byte, and no others.
	before := files(t, out)
	write(t, filepath.Join(out, temporary+"0123-documents-00000-of-00003.nq.gz"), "half a sha")
	run(t, opts)
	after := files(t, out)
	if len(before) != len(after) {
		t.Errorf("%d files, then %d", len(before), len(after))
	}
	for name, text := range before {
		if after[name] != text {
			t.Errorf("%s has changed", name)
		}
	}
}

func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		found[e.Name()] = string(text)
	}
	return found
}

// TestObjectStore reads from and writes to another file system than the local
// one.
func TestObjectStore(t *testing.T) {
	memfs.Write("memfs://news/2021/a.jsonl", []byte(line("", "Japan claims Shikotan.")))
	memfs.Write("memfs://news/2022/a.jsonl", []byte(line("", "Russia administers Shikotan.")))
	m, _ := run(t, Options{Inputs: []string{"memfs://news/*/a.jsonl"}, Output: "memfs://read", Shards: 1})
	if m.Total.Documents != 2 || m.Total.Failed != 0 {
		t.Errorf("%+v", m.Total)
	}
}

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		opts Options
		want string
	}{
		{Options{Output: "o", Shards: 1}, "nothing to read"},
		{Options{Inputs: []string{"i"}, Shards: 1}, "nowhere to write"},
		{Options{Inputs: []string{"i"}, Output: "o"}, "0 shards"},
		{Options{Inputs: []string{"hdfs://i"}, Output: "o", Shards: 1}, `"hdfs" not registered`},
	} {
		if err := test.opts.Check(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v, want %q", test.opts, err, test.want)
		}
	}
}

// entries makes what a shard is written of, in an order of its own each time.
func entries(t *testing.T, n, turn int) func(*entry) bool {
	t.Helper()
	i := 0
	return func(e *entry) bool {
		if i == n {
			return false
		}
		k := (i*7 + turn) % n
		i++
		r, err := read(context.Background(), &schema.Document{ID: fmt.Sprintf("doc-%03d", k), Text: "Japan claims Shikotan."})
		*e = r
		return err == nil
	}
}

// TestTwiceAtATime writes a shard by several workers at once, as runners do that
// hold one of them for dead.
func TestTwiceAtATime(t *testing.T) {
	out := t.TempDir()
	var wg sync.WaitGroup
	results := make([]written, 4)
	for i := range results {
		wg.Go(func() {
			fn := &writeFn{place{out, 1}}
			if err := fn.ProcessElement(context.Background(), 0, entries(t, 10, i), func(_ int, w written) { results[i] = w }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(slices.Compact(results)) != 1 {
		t.Errorf("workers disagree: %v", results)
	}
	found := files(t, out)
	if len(found) != 1 {
		t.Errorf("%d files", len(found))
	}
	g := open(t)
	r, err := shards.Import(t.Context(), g, strings.NewReader(found["documents-00000-of-00001.nq.gz"]))
	if err != nil || r.Added != 10 || r.Documents != 10 {
		t.Errorf("%+v, %v", r, err)
	}
}

// full is a file system whose disk is full after some bytes.
type full struct{ filesystem.Interface }

func (f full) OpenWrite(ctx context.Context, name string) (io.WriteCloser, error) {
	w, err := f.Interface.OpenWrite(ctx, name)
	return &fullWriter{w, 900}, err
}

func (f full) Remove(ctx context.Context, name string) error {
	return f.Interface.(filesystem.Remover).Remove(ctx, name)
}

func (f full) Rename(ctx context.Context, old, name string) error {
	return f.Interface.(filesystem.Renamer).Rename(ctx, old, name)
}

type fullWriter struct {
	io.WriteCloser
	left int
}

var errFull = errors.New("no space left")

func (w *fullWriter) Write(p []byte) (int, error) {
	n, err := w.WriteCloser.Write(p[:min(len(p), w.left)])
	if w.left -= n; n < len(p) && err == nil {
		err = errFull
	}
	return n, err
}

// TestHalfWritten leaves no half of a shard, and what was there before alone.
func TestHalfWritten(t *testing.T) {
	dir := t.TempDir()
	local, err := filesystem.New(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	filesystem.Register("full", func(context.Context) filesystem.Interface {
		return full{relative{local, dir}}
	})
	fn := &writeFn{place{"full://out", 1}}
	var done written
	if err := fn.ProcessElement(t.Context(), 0, entries(t, 1, 0), func(_ int, w written) { done = w }); err == nil {
		before := files(t, filepath.Join(dir, "out"))
		err := fn.ProcessElement(t.Context(), 0, entries(t, 40, 0), func(int, written) { t.Error("a half is reported as written") })
		if !errors.Is(err, errFull) {
			t.Errorf("%v", err)
		}
		if after := files(t, filepath.Join(dir, "out")); len(after) != 1 || after["documents-00000-of-00001.nq.gz"] != before["documents-00000-of-00001.nq.gz"] {
			t.Errorf("the folder has %d files", len(after))
		}
	} else {
		t.Errorf("%v, %v: one document has room", done, err)
	}
}

// relative is the local file system under a scheme.
type relative struct {
	filesystem.Interface
	dir string
}

func (r relative) path(name string) string {
	_, name, _ = strings.Cut(name, "://")
	return filepath.Join(r.dir, name)
}

func (r relative) OpenWrite(ctx context.Context, name string) (io.WriteCloser, error) {
	return r.Interface.OpenWrite(ctx, r.path(name))
}

func (r relative) Remove(ctx context.Context, name string) error {
	return r.Interface.(filesystem.Remover).Remove(ctx, r.path(name))
}

func (r relative) Rename(ctx context.Context, old, name string) error {
	return r.Interface.(filesystem.Renamer).Rename(ctx, r.path(old), r.path(name))
}

// TestChoose takes the document that loading one after the other would leave.
func TestChoose(t *testing.T) {
	for _, test := range []struct{ order, path, text, replaced string }{
		{"a1", "a", "1", ""},
		{"a1 b1 c1", "a", "1", ""},
		{"a1 b2", "b", "2", "a"},
		{"a1 b2 c1", "c", "1", "b"},
		{"a1 b2 c2", "b", "2", "a"},
	} {
		var docs []document
		for i, s := range strings.Fields(test.order) {
			docs = append(docs, document{ID: "x", Path: s[:1], Text: s[1:], File: i})
		}
		slices.Reverse(docs) // they come in any order
		doc, replaced, err := choose(func(d *document) bool {
			if len(docs) == 0 {
				return false
			}
			*d, docs = docs[0], docs[1:]
			return true
		})
		paths := ""
		for _, f := range replaced {
			paths += f.Path
		}
		if err != nil || doc.Path != test.path || doc.Text != test.text || paths != test.replaced {
			t.Errorf("%s: %s of %s, %q replaced, %v", test.order, doc.Text, doc.Path, paths, err)
		}
	}
}

// TestBreaks keeps a document that breaks the extractor from stopping the others.
func TestBreaks(t *testing.T) {
	if err := guard(func() error { panic("odd") }); err == nil || !strings.Contains(err.Error(), "odd") {
		t.Errorf("%v", err)
	}
}

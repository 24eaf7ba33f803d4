package shards

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/gzip"

	"github.com/demarcgraph/demarc/extract"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/internal/source"
	"github.com/demarcgraph/demarc/schema"
)

func documents(t *testing.T) (docs []*schema.Document) {
	t.Helper()
	for doc, err := range source.Open(t.Context(), []string{"../../data/documents"}, source.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, doc)
	}
	if len(docs) < 10 {
		t.Fatalf("%d sample documents", len(docs))
	}
	return docs
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

func hashOf(t *testing.T, g *graph.Graph) string {
	t.Helper()
	h, err := g.Hash(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// write reads documents, with no graph, into n shards and a manifest.
func write(t *testing.T, docs []*schema.Document, n int) fstest.MapFS {
	t.Helper()
	x, err := extract.New()
	if err != nil {
		t.Fatal(err)
	}
	gz, err := gazetteer.Default()
	if err != nil {
		t.Fatal(err)
	}
	docs = slices.SortedFunc(slices.Values(docs), func(a, b *schema.Document) int { return cmp.Compare(a.ID, b.ID) })
	dir := fstest.MapFS{}
	var all []Shard
	for i := range n {
		var b bytes.Buffer
		name := string(rune('a'+i)) + ".nq.gz"
		w, err := NewWriter(&b, name)
		if err != nil {
			t.Fatal(err)
		}
		for k, doc := range docs {
			if k%n != i {
				continue
			}
			r, err := graph.Read(t.Context(), doc, x, gz, schema.Namespace{})
			if err != nil {
				t.Fatal(err)
			}
			packed, err := Pack(r)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Add(doc.ID, r.Facts(), r.Quads(), packed); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, w.Shard())
		dir[name] = &fstest.MapFile{Data: b.Bytes()}
	}
	text, err := NewManifest(x.Version(), all, nil).Encode()
	if err != nil {
		t.Fatal(err)
	}
	dir[ManifestName] = &fstest.MapFile{Data: text}
	return dir
}

func importAll(ctx context.Context, g *graph.Graph, dir fs.FS) (all []Result, err error) {
	m, err := ReadManifest(dir, ManifestName)
	if err != nil {
		return nil, err
	}
	if err := m.Check(dir); err != nil {
		return nil, err
	}
	for _, s := range m.Shards {
		r, err := s.Import(ctx, g, dir)
		all = append(all, r)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// TestImport compares what shards make with what loading makes, and what becomes
// of it afterwards.
func TestImport(t *testing.T) {
	docs := documents(t)
	loaded, imported := open(t), open(t)
	for _, i := range rand.New(rand.NewPCG(1, 2)).Perm(len(docs)) {
		if _, err := loaded.Load(t.Context(), docs[i]); err != nil {
			t.Fatal(err)
		}
	}
	dir := write(t, docs, 3)
	results, err := importAll(t.Context(), imported, dir)
	if err != nil {
		t.Fatal(err)
	}
	added := int64(0)
	for _, r := range results {
		added += r.Added
	}
	if added != int64(len(docs)) {
		t.Errorf("%+v, want %d added", results, len(docs))
	}
	if hashOf(t, imported) != hashOf(t, loaded) {
		t.Error("what was imported is not what loading makes")
	}

	// Twice is once, whoever brings the documents.
	if results, err = importAll(t.Context(), imported, dir); err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if r.Unchanged != r.Documents || r.Documents == 0 {
			t.Errorf("again: %+v", r)
		}
	}
	if r, err := imported.Load(t.Context(), docs[0]); err != nil || r.Status != graph.Unchanged {
		t.Errorf("%+v, %v: a document that was imported is not known when it is loaded", r, err)
	}

	// A document goes as it does where it was loaded, and what was decided of it.
	for _, g := range []*graph.Graph{loaded, imported} {
		if err := g.Remove(t.Context(), docs[3].ID); err != nil {
			t.Fatal(err)
		}
	}
	if hashOf(t, imported) != hashOf(t, loaded) {
		t.Error("removing a document leaves something else")
	}
	// One that has changed since replaces its old self.
	changed := *docs[4]
	changed.Text += "\n\nJapan claims Laputa."
	if _, err := loaded.Load(t.Context(), &changed); err != nil {
		t.Fatal(err)
	}
	results, err = importAll(t.Context(), imported, write(t, []*schema.Document{&changed}, 1))
	if err != nil || results[0].Replaced != 1 {
		t.Errorf("%+v, %v", results, err)
	}
	if hashOf(t, imported) != hashOf(t, loaded) {
		t.Error("a changed document leaves something else")
	}
}

// TestDamaged keeps out what is not whole, names it, and goes on once it is.
func TestDamaged(t *testing.T) {
	docs := documents(t)[:6]
	dir := write(t, docs, 2)
	whole := *dir["b.nq.gz"]
	damage := func(data []byte) fs.FS {
		d := fstest.MapFS{"a.nq.gz": dir["a.nq.gz"], ManifestName: dir[ManifestName]}
		if data != nil {
			d["b.nq.gz"] = &fstest.MapFile{Data: data}
		}
		return d
	}
	flipped := bytes.Clone(whole.Data)
	flipped[len(flipped)/2] ^= 1
	g := open(t)
	for _, test := range []struct {
		name string
		dir  fs.FS
		want string
	}{
		{"missing", damage(nil), "b.nq.gz, which the manifest names, is not beside it"},
		{"cut", damage(whole.Data[:len(whole.Data)-9]), "b.nq.gz is not the file that the manifest describes: it has"},
		{"changed", damage(flipped), "b.nq.gz is not the file that the manifest describes: it has another checksum"},
	} {
		if _, err := importAll(t.Context(), g, test.dir); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
	results, err := importAll(t.Context(), g, dir)
	if err != nil || results[0].Unchanged != 3 || results[1].Added != 3 {
		t.Errorf("%+v, %v", results, err)
	}

	for _, text := range []string{"", "{}", `{"format": "demarc-shards/2"}`, `{"format": "demarc-shards/1", "more": 1}`,
		`{"format": "demarc-shards/1", "shards": [{"name": "../a"}]}`, `{"format": "demarc-shards/1", "total": {"documents": 3}}`} {
		if _, err := ReadManifest(fstest.MapFS{"m": {Data: []byte(text)}}, "m"); err == nil {
			t.Errorf("%q is no manifest", text)
		}
	}
}

// TestReadings refuses documents that are not whole, or not of the graph.
func TestReadings(t *testing.T) {
	dir := write(t, documents(t)[:2], 1)
	gz, err := dir.Open("a.nq.gz")
	if err != nil {
		t.Fatal(err)
	}
	if !Is(gz) {
		t.Error("a shard does not look like one")
	}
	if file, err := os.Open("shards.go"); err != nil || Is(file) {
		t.Error("what is no shard looks like one")
	}
	text := unzip(t, dir["a.nq.gz"].Data)
	lines := strings.SplitAfter(text, "\n")
	without := func(what string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.Contains(l, what) }), "")
	}
	for _, test := range []struct{ text, want string }{
		{without("schema#text>"), "it is not whole"},
		{without("schema#hash>"), "its own description is not among its quads"},
		{strings.ReplaceAll(text, "/id/document/", "/id/papers/"), "is no document of this graph's namespace"},
		{lines[1] + lines[len(lines)-2], "document"},
		{"<a> <b> <c> .\n", "is no document"},
		{"what?", "line 1"},
	} {
		g := open(t)
		if _, err := Import(t.Context(), g, strings.NewReader(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, want %q", err, test.want)
		}
	}
}

func unzip(t *testing.T, data []byte) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Package shards is the form in which documents that were read on many machines
// come to a graph: files of N-Quads, each with the documents that fell to it, and
// a manifest that says what has to be there.
//
// A shard is gzipped N-Quads with a first line, a comment, that tells it from
// other N-Quads, and the documents after it in the order of their IDs, each as
// [graph.Reading.AppendNQuads] writes it and a gzip member of its own. So they
// travel compressed, and the same documents give the same bytes: whoever has to
// write a shard once more overwrites it with itself.
//
// The manifest is written last: where it is there, and its checksums are those of
// the files, the reading was finished.
package shards

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"strings"

	"github.com/klauspost/compress/gzip"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/schema"
)

// ManifestName is the name of the manifest, which lies beside the shards.
const ManifestName = "manifest.json"

// format is what a manifest says it is. It changes with the form of shards.
const format = "demarc-shards/1"

// mark is the first line of a shard.
const mark = "# demarc documents 1\n"

// Manifest says what a reading came to.
type Manifest struct {
	Format    string  `json:"format"`
	Extractor string  `json:"extractor"` // the version of what found the facts; see [graph.Extractor]
	Schema    string  `json:"schema"`    // the version of the vocabulary; see [SchemaVersion]
	Total     Counts  `json:"total"`
	Shards    []Shard `json:"shards"`           // in the order of their names
	Failed    []Shard `json:"failed,omitempty"` // files that list the documents that could not be read, one a line
}

// Shard is one file.
type Shard struct {
	Name string `json:"name"`
	Counts
	Bytes  int64  `json:"bytes"` // of the file
	SHA256 string `json:"sha256"`
}

// Counts are what shards hold. Of files that list failures, Documents counts
// these.
type Counts struct {
	Documents int64 `json:"documents"`
	Facts     int64 `json:"facts"`
	Quads     int64 `json:"quads"`
	Failed    int64 `json:"failed,omitempty"`
}

func (c *Counts) add(o Counts) {
	c.Documents += o.Documents
	c.Facts += o.Facts
	c.Quads += o.Quads
	c.Failed += o.Failed
}

// SchemaVersion identifies the vocabulary that this program writes quads in.
func SchemaVersion() string {
	sum := sha256.Sum256(schema.Vocabulary())
	return hex.EncodeToString(sum[:8])
}

// NewManifest returns the manifest of shards, whose files are named in their
// order, and of the files that list failures.
func NewManifest(extractor string, shards, failed []Shard) *Manifest {
	m := &Manifest{Format: format, Extractor: extractor, Schema: SchemaVersion(), Shards: shards, Failed: failed}
	m.Total = m.sum()
	return m
}

func (m *Manifest) sum() (total Counts) {
	for _, s := range m.Shards {
		total.add(s.Counts)
	}
	for _, s := range m.Failed {
		total.Failed += s.Documents
	}
	return total
}

// Encode returns the manifest as it is written: JSON on several lines.
func (m *Manifest) Encode() ([]byte, error) {
	text, err := json.MarshalIndent(m, "", "  ")
	return append(text, '\n'), err
}

// ReadManifest reads the manifest at path; see [DecodeManifest].
func ReadManifest(dir fs.FS, path string) (*Manifest, error) {
	text, err := fs.ReadFile(dir, path)
	if err != nil {
		return nil, err
	}
	return DecodeManifest(text)
}

// DecodeManifest reads a manifest, which must be one of this version and agree
// with itself.
func DecodeManifest(text []byte) (*Manifest, error) {
	m := &Manifest{}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	var head struct{ Format string }
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, fmt.Errorf("it is no manifest of shards: %w", err)
	}
	if head.Format != format {
		return nil, fmt.Errorf("it is no manifest that this version of demarc reads: its format is %q, want %q", head.Format, format)
	}
	if err := dec.Decode(m); err != nil {
		return nil, fmt.Errorf("it is no manifest of shards: %w", err)
	}
	for _, s := range m.Shards {
		if s.Name == "" || strings.ContainsAny(s.Name, `/\`) {
			return nil, fmt.Errorf("it names the shard %q, which does not lie beside it", s.Name)
		}
	}
	if sum := m.sum(); sum != m.Total {
		return nil, fmt.Errorf("its shards come to %+v, its total is %+v: it has been changed", sum, m.Total)
	}
	return m, nil
}

// Pack returns the document's part of a shard.
func Pack(r *graph.Reading) ([]byte, error) { return pack(r.AppendNQuads(nil)) }

func pack(text []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(text)
	err = errors.Join(err, w.Close())
	return b.Bytes(), err
}

// Writer writes one shard.
type Writer struct {
	to    io.Writer
	hash  hash.Hash
	shard Shard
	last  string
}

// NewWriter returns a writer of a shard of the given name to w.
func NewWriter(w io.Writer, name string) (*Writer, error) {
	s := &Writer{to: w, hash: sha256.New(), shard: Shard{Name: name}}
	head, err := pack([]byte(mark))
	if err != nil {
		return nil, err
	}
	return s, s.write(head)
}

func (w *Writer) write(data []byte) error {
	w.hash.Write(data)
	w.shard.Bytes += int64(len(data))
	_, err := w.to.Write(data)
	return err
}

// Add adds a document as [Pack] returned it, whose ID comes after those before.
func (w *Writer) Add(id string, facts, quads int, packed []byte) error {
	if w.shard.Documents > 0 && id <= w.last {
		return fmt.Errorf("shards: document %q comes after %q", id, w.last)
	}
	w.last = id
	w.shard.add(Counts{Documents: 1, Facts: int64(facts), Quads: int64(quads)})
	return w.write(packed)
}

// Shard says what the shard is. What it was written to is its caller's to close.
func (w *Writer) Shard() Shard {
	shard := w.shard
	shard.SHA256 = hex.EncodeToString(w.hash.Sum(nil))
	return shard
}

// Is reports whether r, which may be gzipped, begins as a shard does. It reads no
// further than it must.
func Is(r io.Reader) bool {
	b := bufio.NewReader(r)
	if head, _ := b.Peek(2); string(head) == "\x1f\x8b" {
		gz, err := gzip.NewReader(b)
		if err != nil {
			return false
		}
		b = bufio.NewReader(gz)
	}
	head, _ := b.Peek(len(mark))
	return string(head) == mark
}

// Result counts what adding documents did.
type Result struct {
	Documents int64 `json:"documents"`
	Added     int64 `json:"added"`
	Replaced  int64 `json:"replaced"`
	Unchanged int64 `json:"unchanged"`
	Duplicate int64 `json:"duplicate"`
	Facts     int64 `json:"facts"`
}

func (r *Result) add(l graph.LoadResult) {
	r.Documents++
	r.Facts += int64(l.Facts)
	switch l.Status {
	case graph.Added:
		r.Added++
	case graph.Replaced:
		r.Replaced++
	case graph.Unchanged:
		r.Unchanged++
	case graph.Duplicate:
		r.Duplicate++
	}
}

// Import adds the documents of a shard to g, each whole or not at all. After an
// error the result says what went in before it; to import the shard once more
// goes on from there.
func Import(ctx context.Context, g *graph.Graph, r io.Reader) (result Result, err error) {
	for reading, err := range g.Readings(ctx, r) {
		if err != nil {
			return result, err
		}
		l, err := g.Add(ctx, reading)
		if err != nil {
			return result, err
		}
		result.add(l)
	}
	return result, ctx.Err()
}

// Check reports what of the manifest's shards is not in dir, or has not the size
// that the manifest says.
func (m *Manifest) Check(dir fs.FS) error {
	var faults []error
	for _, s := range m.Shards {
		info, err := fs.Stat(dir, s.Name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			faults = append(faults, fmt.Errorf("%s, which the manifest names, is not beside it", s.Name))
		case err != nil:
			faults = append(faults, err)
		case info.Size() != s.Bytes:
			faults = append(faults, s.damaged(fmt.Sprintf("it has %d bytes, not %d", info.Size(), s.Bytes)))
		}
	}
	return errors.Join(faults...)
}

func (s *Shard) damaged(how string) error {
	return fmt.Errorf("%s is not the file that the manifest describes: %s; copy it anew, or let the pipeline write both once more", s.Name, how)
}

// Import adds the documents of the shard in dir to g, once it has found that it
// is the file that the manifest describes.
func (s *Shard) Import(ctx context.Context, g *graph.Graph, dir fs.FS) (result Result, err error) {
	f, err := dir.Open(s.Name)
	if err != nil {
		return result, err
	}
	defer f.Close() // only read from: closing loses nothing
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return result, fmt.Errorf("%s: %w", s.Name, err)
	}
	if sum := hex.EncodeToString(h.Sum(nil)); sum != s.SHA256 {
		return result, s.damaged("it has another checksum")
	}
	again, err := dir.Open(s.Name)
	if err != nil {
		return result, err
	}
	defer again.Close()
	if result, err = Import(ctx, g, again); err != nil {
		return result, fmt.Errorf("%s: %w", s.Name, err)
	}
	if result.Documents != s.Documents {
		return result, s.damaged(fmt.Sprintf("it has %d documents, not %d", result.Documents, s.Documents))
	}
	return result, nil
}

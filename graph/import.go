package graph

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/rdfio"
	"github.com/demarcgraph/demarc/graph/store"
)

// ImportOptions are the settings of [Graph.Import]. The zero value is ready to
// use.
type ImportOptions struct {
	Format rdfio.Format // N-Quads if not given
	Name   string       // what the source is called in the graph; by its content if not given
	Path   string       // of its file, to be shown
}

// ImportResult is what [Graph.Import] did.
type ImportResult struct {
	Doc   string `json:"doc,omitempty"` // the document that stands for the source; "" if all its quads have graphs of their own
	Read  int64  `json:"read"`
	Added int64  `json:"added"`
}

// importer is what stands for the extractor in the documents of imports.
const importer = "import"

// Import adds the quads of RDF that another tool wrote, all or none of them; r
// is read twice. Quads in a named graph keep it. The others come under a
// document of the source's name, which [Graph.Remove] takes out; what the source
// brought under that name before and no longer has is taken out too. To import
// the same once more changes nothing.
func (g *Graph) Import(ctx context.Context, r io.ReadSeeker, opts ImportOptions) (result ImportResult, err error) {
	if g.readOnly {
		return result, fmt.Errorf("graph: import: %w", ErrReadOnly)
	}
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return result, fmt.Errorf("graph: import: %w", err)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return result, fmt.Errorf("graph: import: %w", err)
	}
	hash := hex.EncodeToString(h.Sum(nil))
	id := cmp.Or(opts.Name, "import-"+hash[:8])
	label := quad.IRI(g.ns.Document(id))

	release, err := g.exclude(ctx)
	if err != nil {
		return result, fmt.Errorf("graph: import: %w", err)
	}
	defer release()
	g.standing = newStanding()
	if err := g.makeRoom(ctx, id, label, hash); err != nil {
		return result, err
	}
	from := io.Reader(r)
	if opts.Format != "" && opts.Format != rdfio.NQuads && opts.Format != rdfio.NTriples {
		pipe, w := io.Pipe()
		ctx, cancel := context.WithCancel(ctx)
		done := make(chan struct{})
		go func() {
			defer close(done)
			out := bufio.NewWriterSize(w, 1<<16)
			err := rdfio.Read(ctx, r, rdfio.Options{Format: opts.Format, Base: string(label)}, func(q quad.Quad) error {
				_, err := out.WriteString(store.FormatQuad(q))
				return err
			})
			w.CloseWithError(errors.Join(err, out.Flush()))
		}()
		defer func() {
			cancel()
			pipe.Close()
			<-done
		}()
		from = pipe
	}
	// Blank nodes of two sources are different ones, those of one always the same.
	read, err := g.store.Import(ctx, from, store.ImportOptions{Label: label, Blank: "i" + hash[:12] + "-"})
	if err != nil {
		return result, fmt.Errorf("graph: %w", err)
	}
	result.Read, result.Added = read.Read, read.Added
	n, err := g.store.Count(ctx, store.Pattern{Label: label})
	if err != nil || n == 0 {
		return result, err
	}
	result.Doc = id
	d := &mapper{ns: g.ns, label: label}
	d.add(label, rdfType, classDocument)
	d.add(label, rdfType, provEntity)
	d.add(label, dcIdentifier, quad.String(id))
	d.addText(label, dmPath, opts.Path)
	d.add(label, dmHash, quad.String(hash))
	d.add(label, dmExtractor, quad.String(importer))
	d.add(label, dmFacts, quad.Int(0))
	if err := g.store.Apply(ctx, nil, d.quads); err != nil {
		return result, fmt.Errorf("graph: import: %w", err)
	}
	g.log.Info("imported", "doc", id, "read", read.Read, "added", read.Added)
	return result, nil
}

// makeRoom takes out what a source of the same name brought before, unless it is
// the same, and fails where the name is that of a document that was read. Its
// caller excludes others.
func (g *Graph) makeRoom(ctx context.Context, id string, label quad.IRI, hash string) error {
	return g.with(ctx, func(v *view) error {
		info, ok, err := v.documentInfo(ctx, id)
		if err != nil || !ok || info.Hash == hash {
			return err
		}
		was, err := v.text(ctx, label, dmExtractor)
		if err != nil {
			return err
		}
		if was != importer {
			return fmt.Errorf("graph: import: there is a document %q already: import under another name", id)
		}
		return g.store.ReplaceLabel(ctx, label, nil)
	})
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/extract/table"
	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/rdfio"
	"github.com/demarcgraph/demarc/graph/shards"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/internal/source"
	"github.com/demarcgraph/demarc/schema"
)

type importOptions struct {
	f       *Factory
	paths   []string
	format  rdfio.Format // "" for by the file's extension
	mapping string       // of tables; "" for RDF
	name    string
	json    bool
}

func newImportCmd(f *Factory, runF func(context.Context, *importOptions) error) *cobra.Command {
	opts := &importOptions{f: f}
	cmd := &cobra.Command{
		Use:   "import FILE|-...",
		Short: "Add RDF of other tools, tables of claims, or documents read elsewhere, to the graph",
		Long: doc(`
			Add RDF that any tool has written (N-Triples, N-Quads, Turtle, TriG, RDF/XML,
			JSON-LD), or with --map tables of claims in CSV, to the graph. Files may be
			gzipped. Each goes in whole or not at all, and to import it once more changes
			nothing.

			Quads in a named graph keep it; all others come under a document with the name
			of the file, or of --name, which "demarc docs list" shows and "demarc docs
			remove" takes out. What "demarc export --format nquads" wrote makes the same graph
			again.

			Documents that were read on many machines come as shards, with a manifest.json
			beside them. Given the manifest, import makes sure that all shards are there and
			undamaged; given shards, it takes these. Each document then goes in as "demarc
			load" would have put it, whole or not at all; one that is there already is left
			alone, so that an import that was interrupted goes on where it ended. See
			docs/scale.md.

			A mapping says which columns of a table hold what; each fact that it makes is
			proved by its row. Mappings that come with demarc are called by their names:
			icow. See docs/tables.md.`),
		Example: doc(`
			$ demarc import graph.nq.gz
			$ demarc import --format turtle --name wikidata - < items.ttl
			$ demarc import --map icow ICOWclaims.csv
			$ demarc import --map columns.yaml claims.csv
			$ demarc import read/manifest.json`),
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, paths []string) error {
			opts.paths = paths
			if err := opts.check(); err != nil {
				return err
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return importRun(cmd.Context(), opts)
		},
	}
	addEnumFlag(cmd, &opts.format, "format", "", "", rdfio.Formats(), "format of the files, instead of what their extensions say")
	cmd.Flags().StringVar(&opts.mapping, "map", "", "the files are tables, read by this `mapping`: a file, or the name of one that comes with demarc")
	cmd.Flags().StringVar(&opts.name, "name", "", "`name` of the document that the file comes under")
	addJSONFlag(cmd, &opts.json)
	return cmd
}

func (o *importOptions) check() error {
	switch {
	case o.mapping != "" && o.format != "":
		return usagef("--map and --format exclude each other: tables are CSV")
	case o.name != "" && len(o.paths) > 1:
		return usagef("--name is for one file: there are %d", len(o.paths))
	}
	return nil
}

// importJSON is what importing one file of RDF did.
type importJSON struct {
	File string `json:"file"`
	graph.ImportResult
}

func importRun(ctx context.Context, opts *importOptions) (err error) {
	f := opts.f
	var with []graph.Option
	var m *table.Mapping
	if opts.mapping != "" {
		if m, err = readMapping(opts.mapping); err != nil {
			return err
		}
		gz, err := gazetteer.Default()
		if err != nil {
			return err
		}
		with = append(with, graph.WithExtractor(table.New(m, gz)))
	}
	g, err := f.OpenGraph(ctx, with...)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	t := f.newTable(column{title: "FILE"}, column{title: "READ", right: true}, column{title: "ADDED", right: true})
	if m != nil {
		t = f.newTable(column{title: "DOCUMENT"}, column{title: "STATUS"}, column{title: "FACTS", right: true})
	}
	shard := f.newTable(column{title: "SHARD"}, column{title: "DOCUMENTS", right: true}, column{title: "ADDED", right: true},
		column{title: "REPLACED", right: true}, column{title: "UNCHANGED", right: true}, column{title: "FACTS", right: true})
	for _, path := range opts.paths {
		var err error
		switch {
		case m != nil:
			err = opts.importTable(ctx, g, m, path, t)
		case opts.format == "" && filepath.Base(path) == shards.ManifestName:
			err = opts.importManifest(ctx, g, path, shard)
		default:
			err = opts.importRDF(ctx, g, path, t, shard)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return errors.Join(t.end(), shard.end())
}

// importManifest adds the documents of all the shards that a manifest names.
func (o *importOptions) importManifest(ctx context.Context, g *graph.Graph, path string, t *tabular) error {
	dir := os.DirFS(filepath.Dir(path))
	m, err := shards.ReadManifest(dir, filepath.Base(path))
	if err != nil {
		return err
	}
	if err := m.Check(dir); err != nil {
		return err
	}
	if x, err := o.f.Extractor(); err != nil {
		return err
	} else if v := x.Version(); v != m.Extractor {
		fmt.Fprintf(o.f.Err, "demarc: warning: %s: the documents were read with the rules and names %s, this demarc has %s: to load one here reads it again\n",
			path, m.Extractor, v)
	}
	for _, s := range m.Shards {
		r, err := s.Import(ctx, g, dir)
		if err != nil {
			return err
		}
		if err := o.shardRow(filepath.Join(filepath.Dir(path), s.Name), r, t); err != nil {
			return err
		}
	}
	for _, s := range m.Failed {
		fmt.Fprintf(o.f.Err, "demarc: %s could not be read when the shards were made: %s says why\n",
			count(int(s.Documents), "document"), filepath.Join(filepath.Dir(path), s.Name))
	}
	return nil
}

// shardJSON is what importing a shard did.
type shardJSON struct {
	File string `json:"file"`
	shards.Result
}

func (o *importOptions) shardRow(path string, r shards.Result, t *tabular) error {
	if o.json {
		return o.f.writeJSONLine(shardJSON{path, r})
	}
	row := []string{path}
	for _, n := range []int64{r.Documents, r.Added, r.Replaced, r.Unchanged, r.Facts} {
		row = append(row, strconv.FormatInt(n, 10))
	}
	return t.row(row...)
}

// importRDF adds a file of RDF, or of documents that were read elsewhere.
func (o *importOptions) importRDF(ctx context.Context, g *graph.Graph, path string, t, shard *tabular) error {
	to := graph.ImportOptions{Format: o.format, Name: o.name}
	if to.Format == "" {
		var ok bool
		if to.Format, ok = rdfio.FormatOf(path); !ok && path != source.Stdin {
			return usagef("the file's extension does not say what it holds: say so with --format, or with --map for a table")
		}
	}
	file, err := o.f.openInput(path)
	if err != nil {
		return err
	}
	defer file.Close()
	is := shards.Is(file)
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if is {
		r, err := shards.Import(ctx, g, file)
		if err != nil {
			return err
		}
		return o.shardRow(path, r, shard)
	}
	if path != source.Stdin {
		to.Path = path
		if to.Name == "" {
			to.Name = rdfio.Name(path)
		}
	}
	r, err := g.Import(ctx, file, to)
	if err != nil {
		return err
	}
	if o.json {
		return o.f.writeJSONLine(importJSON{path, r})
	}
	return t.row(path, strconv.FormatInt(r.Read, 10), strconv.FormatInt(r.Added, 10))
}

func (o *importOptions) importTable(ctx context.Context, g *graph.Graph, m *table.Mapping, path string, t *tabular) error {
	file, err := o.f.openInput(path)
	if err != nil {
		return err
	}
	defer file.Close()
	in, err := store.Decompress(file)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	doc := &schema.Document{ID: o.name, Title: m.Title, Publisher: m.Publisher, Text: string(text)}
	if path != source.Stdin {
		doc.Path = path
	}
	if doc.ID == "" {
		doc.ID = rdfio.Name(path)
		if path == source.Stdin {
			doc.ID = "table-" + doc.Hash()[:8]
		}
	}
	r, err := g.Load(ctx, doc)
	if err != nil {
		return err
	}
	if o.json {
		return o.f.writeJSONLine(r)
	}
	return t.row(r.Doc, string(r.Status), strconv.Itoa(r.Facts))
}

// readMapping reads a mapping from a file, or one that comes with demarc.
func readMapping(name string) (*table.Mapping, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) && path.Base(name) == name && path.Ext(name) == "" {
		if m, err := table.Read(data.FS, path.Join(table.Dir, name+".yaml")); !errors.Is(err, fs.ErrNotExist) {
			return m, err
		}
		return nil, fmt.Errorf("there is no mapping %q, neither a file nor one that comes with demarc: icow", name)
	}
	if err != nil {
		return nil, err
	}
	return table.Parse(name, text)
}

// openInput opens a file, or standard input by way of a temporary file, so that
// it can be read twice.
func (f *Factory) openInput(path string) (io.ReadSeekCloser, error) {
	if path != source.Stdin {
		return os.Open(path)
	}
	file, err := os.CreateTemp("", "demarc-stdin-")
	if err != nil {
		return nil, err
	}
	in := &temporary{file}
	if _, err := io.Copy(file, f.In); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

// temporary is a file that is gone once it is closed.
type temporary struct{ *os.File }

func (t *temporary) Close() error { return errors.Join(t.File.Close(), os.Remove(t.Name())) }

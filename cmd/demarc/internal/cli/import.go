package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/internal/source"
)

type importOptions struct {
	f     *Factory
	paths []string
	json  bool
}

func newImportCmd(f *Factory, runF func(context.Context, *importOptions) error) *cobra.Command {
	opts := &importOptions{f: f}
	cmd := &cobra.Command{
		Use:   "import FILE|-...",
		Short: "Add quads of N-Quads or N-Triples files to the graph",
		Long: doc(`
			Add the quads of N-Quads or N-Triples files, which may be gzipped, of any RDF
			tool to the graph. Each file goes in whole or not at all.

			What "demarc export --format nquads" wrote makes the same graph again.`),
		Example: doc(`
			$ demarc import graph.nq.gz`),
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, paths []string) error {
			opts.paths = paths
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return importRun(cmd.Context(), opts)
		},
	}
	addJSONFlag(cmd, &opts.json)
	return cmd
}

// importJSON is what importing one file did.
type importJSON struct {
	File  string `json:"file"`
	Read  int64  `json:"read"`
	Added int64  `json:"added"`
}

func importRun(ctx context.Context, opts *importOptions) (err error) {
	f := opts.f
	s, err := store.Open(f.DB(), store.Options{Logger: f.Logger()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	t := f.newTable(column{title: "FILE"}, column{title: "READ", right: true}, column{title: "ADDED", right: true})
	for i, path := range opts.paths {
		// Blank nodes of two files are different ones.
		r, err := importFile(ctx, f, s, path, store.ImportOptions{Blank: "f" + strconv.Itoa(i)})
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if opts.json {
			err = f.writeJSONLine(importJSON{path, r.Read, r.Added})
		} else {
			err = t.row(path, strconv.FormatInt(r.Read, 10), strconv.FormatInt(r.Added, 10))
		}
		if err != nil {
			return err
		}
	}
	return t.end()
}

func importFile(ctx context.Context, f *Factory, s *store.Store, path string, opts store.ImportOptions) (store.ImportResult, error) {
	var in io.Reader = f.In
	if path != source.Stdin {
		file, err := os.Open(path)
		if err != nil {
			return store.ImportResult{}, err
		}
		defer file.Close()
		in = file
	}
	return s.Import(ctx, in, opts)
}

package cli

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph/export"
)

type exportOptions struct {
	f      *Factory
	format string
	output string
	about  string
	styles string // a file
	scopeOptions
	export export.Options
}

func newExportCmd(f *Factory, runF func(context.Context, *exportOptions) error) *cobra.Command {
	opts := &exportOptions{f: f}
	var formats, described []string
	for _, format := range export.Formats() {
		formats = append(formats, format.Name)
		const indent = "                 "
		described = append(described, fmt.Sprintf("  %-14s %s", format.Name, strings.TrimSpace(wrap(format.Description, indent, defaultWidth))))
	}
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the graph in a format for drawing, publishing or other stores",
		Long: doc(`
			Write the graph, or a part of it, to standard output or a file. The same graph
			gives the same bytes. The formats are:

		`) + "\n" + strings.Join(described, "\n"),
		Example: doc(`
			$ demarc export --format turtle > graph.ttl
			$ demarc export --about Shikotan --depth 1 --output shikotan.dot`),
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := opts.check(); err != nil {
				return err
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return exportRun(cmd.Context(), opts)
		},
	}
	addEnumFlag(cmd, &opts.format, "format", "f", "", formats, "how to write (default: by the extension of --output)")
	cmd.Flags().StringVarP(&opts.output, "output", "o", "", "write to a `file`, which appears only when it is whole; a format of several files goes\ninto a folder, or into an archive whose name ends in .zip")
	cmd.Flags().StringVar(&opts.about, "about", "", "only facts about this `entity`, a name or ID")
	cmd.Flags().IntVar(&opts.export.Depth, "depth", 0, "with --about: and about what these facts mention, so many `steps` away")
	addEnumsFlag(cmd, &opts.export.Predicates, "predicates", predicates(), "only these predicates")
	cmd.Flags().StringSliceVar(&opts.export.Documents, "documents", nil, "only facts of these documents, by `ID`")
	addScopeFlags(f, cmd, &opts.scopeOptions)
	cmd.Flags().Float64Var(&opts.export.MinConfidence, "min-confidence", 0, "only facts of at least this `confidence`, from 0 to 1")
	cmd.Flags().IntVar(&opts.export.MaxNodes, "max-nodes", 0, "at most so many `nodes`, those of the highest rank, that is the closest to --about, then\nthose that most facts link; what is left out is said (default: all)")
	cmd.Flags().StringVar(&opts.styles, "styles", "", "`file` of colours and shapes, to be used over the shipped data/styles/styles.yaml")
	cmd.RegisterFlagCompletionFunc("about", f.completeEntity)
	cmd.RegisterFlagCompletionFunc("documents", f.completeDocuments)
	return cmd
}

// check refuses what no flag's own check refuses, and chooses the format.
func (o *exportOptions) check() error {
	if o.format == "" {
		if filepath.Ext(o.output) == "" {
			return usagef("which format? Say with --format; \"demarc export --help\" lists them")
		}
		if o.format = formatByName(filepath.Base(o.output)); o.format == "" {
			return usagef("no format has the extension %s: say which with --format", filepath.Ext(o.output))
		}
	}
	if o.export.Depth < 0 {
		return usagef("--depth %d: want 0 or more", o.export.Depth)
	}
	if o.export.Depth > 0 && o.about == "" {
		return usagef("--depth counts steps from an entity: name it with --about")
	}
	if o.export.MaxNodes < 0 {
		return usagef("--max-nodes %d: want 1 or more, or 0 for all", o.export.MaxNodes)
	}
	return inUnit("min-confidence", o.export.MinConfidence)
}

// formatByName returns the format that a file's name says by its extension,
// which may have several dots, or "".
func formatByName(name string) string {
	for i, c := range name {
		if c == '.' {
			if format, err := export.Lookup(name[i:]); err == nil {
				return format.Name
			}
		}
	}
	return ""
}

func exportRun(ctx context.Context, opts *exportOptions) (err error) {
	f := opts.f
	g, err := f.ReadGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	if opts.about != "" {
		if opts.export.About, err = resolve(ctx, g, opts.about); err != nil {
			return err
		}
	}
	scope, err := opts.scope(ctx, g)
	if err != nil {
		return err
	}
	opts.export.AsOf, opts.export.KnownAt, opts.export.Side = scope.AsOf, scope.KnownAt, string(scope.Side)
	if opts.styles != "" {
		text, err := os.ReadFile(opts.styles)
		if err != nil {
			return err
		}
		if opts.export.Styles, err = export.ParseStyles(opts.styles, text); err != nil {
			return err
		}
	}
	var report export.Report
	write := func(w io.Writer) (err error) {
		report, err = g.Export(ctx, w, opts.format, opts.export)
		return err
	}
	switch {
	case opts.output == "" || opts.output == "-":
		err = write(f.Out)
	case opts.folder():
		err = writeFolder(opts.output, write)
	default:
		err = writeFile(opts.output, write)
	}
	if err == nil && !report.LeftOut.IsZero() {
		fmt.Fprintf(f.Err, "demarc: warning: export: %s; a larger --max-nodes keeps more\n", report.LeftOut)
	}
	for _, lost := range report.Lost {
		fmt.Fprintf(f.Err, "demarc: warning: export: %s\n", lost)
	}
	return err
}

// folder reports whether a format of several files goes into a folder, because
// the output has not the name of an archive.
func (o *exportOptions) folder() bool {
	format, err := export.Lookup(o.format)
	return err == nil && filepath.Ext(format.Extension) == ".zip" && filepath.Ext(o.output) != ".zip"
}

// writeFolder unpacks the archive that is written into a folder, which must not
// be there yet or be empty, and is there whole or not at all.
func writeFolder(path string, write func(io.Writer) error) (err error) {
	if entries, err := os.ReadDir(path); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s is not empty: remove it or name another folder", path)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var packed bytes.Buffer
	if err := write(&packed); err != nil {
		return err
	}
	archive, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		return err
	}
	path = filepath.Clean(path)
	tmp, err := os.MkdirTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(tmp))
		}
	}()
	if err := errors.Join(os.CopyFS(tmp, archive), os.Chmod(tmp, 0o755)); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // an empty one
		return err
	}
	return os.Rename(tmp, path)
}

// writeFile writes a file that is there whole or not at all.
func writeFile(path string, write func(io.Writer) error) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	if err := errors.Join(write(tmp), tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

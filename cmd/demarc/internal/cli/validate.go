package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/query/shacl"
	"github.com/demarcgraph/demarc/graph/rdfio"
	"github.com/demarcgraph/demarc/internal/source"
)

type validateOptions struct {
	f      *Factory
	paths  []string
	input  rdfio.Format // "" for by the files' extensions
	shapes string       // "" for demarc's own
	turtle bool
	json   bool
}

func newValidateCmd(f *Factory, runF func(context.Context, *validateOptions) error) *cobra.Command {
	opts := &validateOptions{f: f}
	cmd := &cobra.Command{
		Use:   "validate [FILE|-...]",
		Short: "Check a graph, or RDF files, by the shapes of the schema",
		Long: doc(`
			Check by SHACL shapes that a graph has the form that demarc's schema gives it:
			the graph of --db, or the one that RDF files hold together. The shapes are
			those of the schema, or others of a file in Turtle.

			What demarc stores itself always has that form. What was imported may not:
			each line names a node, the property and value at fault, and what is wrong.
			Violations make the exit code 1; a Warning, such as a claim by what is no
			state, does not.`),
		Example: doc(`
			$ demarc validate
			$ demarc validate --json items.ttl more.nq.gz
			$ demarc validate --shapes house-rules.ttl --turtle > report.ttl`),
		RunE: func(cmd *cobra.Command, paths []string) error {
			opts.paths = paths
			if opts.json && opts.turtle {
				return usagef("--json and --turtle exclude each other")
			}
			if opts.input != "" && len(paths) == 0 {
				return usagef("--input is for files: none is given")
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return validateRun(cmd.Context(), opts)
		},
	}
	addEnumFlag(cmd, &opts.input, "input", "", "", rdfio.Formats(), "format of the files, instead of what their extensions say")
	cmd.Flags().StringVar(&opts.shapes, "shapes", "", "Turtle `file` of the shapes to check by")
	cmd.Flags().BoolVar(&opts.turtle, "turtle", false, "print the report as SHACL has it, in Turtle")
	addJSONFlag(cmd, &opts.json)
	return cmd
}

func validateRun(ctx context.Context, opts *validateOptions) (err error) {
	f := opts.f
	shapes, err := opts.readShapes()
	if err != nil {
		return err
	}
	var g *graph.Graph
	if len(opts.paths) == 0 {
		g, err = f.ReadGraph(ctx)
	} else {
		g, err = opts.fileGraph(ctx)
	}
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	report, err := g.Validate(ctx, shapes)
	if err != nil {
		return err
	}
	switch {
	case opts.json:
		err = f.writeJSON(report)
	case opts.turtle:
		err = report.WriteTurtle(f.Out)
	default:
		err = f.printReport(report)
	}
	if err != nil {
		return err
	}
	if report.Limited {
		if _, err := fmt.Fprintf(f.Err, "demarc: there are more than the first %d\n", shacl.MostResults); err != nil {
			return err
		}
	}
	if report.Violations > 0 {
		return fmt.Errorf("%s of the shapes", count(report.Violations, "violation"))
	}
	return nil
}

func (f *Factory) printReport(report *shacl.Report) error {
	t := f.newTable(column{title: "NODE", flex: true}, column{title: "PROPERTY"}, column{title: "VALUE", flex: true},
		column{title: "WHAT IS WRONG", flex: true}, column{title: "SEVERITY"})
	for _, r := range report.Results {
		if err := t.row(r.Focus, r.Path, r.Value, r.Message, r.Severity); err != nil {
			return err
		}
	}
	if err := t.end(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(f.Out, "%s checked: %s, %s in all\n", count(report.Nodes, "node"), count(report.Violations, "violation"), count(len(report.Results), "result"))
	return err
}

// readShapes returns nil for demarc's own.
func (o *validateOptions) readShapes() (*shacl.Shapes, error) {
	if o.shapes == "" {
		return nil, nil
	}
	text, err := os.ReadFile(o.shapes)
	if err != nil {
		return nil, err
	}
	return shacl.Parse(o.shapes, text)
}

// fileGraph returns a graph in memory of what the files hold.
func (o *validateOptions) fileGraph(ctx context.Context) (g *graph.Graph, err error) {
	if g, err = o.f.open(ctx, inMemory); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, g.Close())
		}
	}()
	for i, path := range o.paths {
		format := o.input
		if format == "" {
			var ok bool
			if format, ok = rdfio.FormatOf(path); !ok && path != source.Stdin {
				return g, usagef("%s: the file's extension does not say what it holds: say so with --input", path)
			}
		}
		file, err := o.f.openInput(path)
		if err != nil {
			return g, err
		}
		_, err = g.Import(ctx, file, graph.ImportOptions{Format: format, Name: fmt.Sprintf("file-%d", i+1)})
		if err = errors.Join(err, file.Close()); err != nil {
			return g, fmt.Errorf("%s: %w", path, err)
		}
	}
	return g, nil
}

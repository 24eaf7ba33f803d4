package cli

import (
	"context"
	"fmt"
	"io/fs"
	"path"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/internal/source"
)

type demoOptions struct {
	f    *Factory
	keep bool
}

// demoQuestions are what the demonstration asks of the sample documents.
func demoQuestions() []string {
	return []string{
		"Which islands does the 1956 declaration cover?",
		"Who administers the Senkaku Islands?",
		"Which states claim the Spratly Islands?",
	}
}

func newDemoCmd(f *Factory, runF func(context.Context, *demoOptions) error) *cobra.Command {
	opts := &demoOptions{f: f}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Load the sample documents and ask three questions",
		Long: doc(`
			Load the sample documents that come with demarc into a graph, ask three
			questions and print each answer with the sentence that proves it.

			The graph is in memory and gone afterwards, unless --keep puts it where --db
			says.`),
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return demoRun(cmd.Context(), opts)
		},
	}
	cmd.Flags().BoolVar(&opts.keep, "keep", false, "load into the graph of --db and keep it")
	return cmd
}

func demoRun(ctx context.Context, opts *demoOptions) (err error) {
	f := opts.f
	db := inMemory
	if opts.keep {
		db = f.DB()
	}
	g, err := f.open(ctx, db)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	var sum loadSummary
	if err := loadSamples(ctx, g, &sum); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(f.Out, "%s\n", sum.String()); err != nil {
		return err
	}
	a := &asker{f: f, g: g, opts: &askOptions{}, docs: newSources(g)}
	for _, q := range demoQuestions() {
		if _, err := fmt.Fprintf(f.Out, "\n%s\n", f.paint(heading, q)); err != nil {
			return err
		}
		answer, err := g.Ask(ctx, q, a.opts.ask)
		if err != nil {
			return err
		}
		answer.Plan = ""
		if err := a.printText(ctx, &answer); err != nil {
			return err
		}
	}
	if opts.keep {
		_, err = fmt.Fprintf(f.Out, "\nThe graph is in %s: ask it more with \"demarc ask --db %s\".\n", db, db)
	}
	return err
}

// samples is the folder of the sample documents among demarc's data.
const samples = "documents"

// loadSamples loads the sample documents.
func loadSamples(ctx context.Context, g *graph.Graph, sum *loadSummary) error {
	entries, err := fs.ReadDir(data.FS, samples)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if format, err := source.ParseFormat(path.Ext(e.Name())); err != nil || format == "" || e.Name()[0] == '.' {
			continue
		}
		if err := loadSample(ctx, g, path.Join(samples, e.Name()), sum); err != nil {
			return err
		}
	}
	return nil
}

func loadSample(ctx context.Context, g *graph.Graph, name string, sum *loadSummary) error {
	file, err := data.FS.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	for doc, err := range source.Read(ctx, file, "data/"+name, source.Options{}) {
		if err != nil {
			return err
		}
		r, err := g.Load(ctx, doc)
		if err != nil {
			return err
		}
		sum.add(r)
	}
	return nil
}

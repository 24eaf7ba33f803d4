package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/internal/source"
	"github.com/demarcgraph/demarc/schema"
)

type verifyOptions struct {
	f    *Factory
	json bool
}

func newVerifyCmd(f *Factory, runF func(context.Context, *verifyOptions) error) *cobra.Command {
	opts := &verifyOptions{f: f}
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check that the graph is sound and every quotation true",
		Long: doc(`
			Read all of the graph and check that its parts agree, that every quotation is
			the text of its document at its place, and that the documents are still those
			of the files that they were read from, as far as these are there.

			A file that has changed or is gone is reported, but is no fault of the graph.`),
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return verifyRun(cmd.Context(), opts)
		},
	}
	addJSONFlag(cmd, &opts.json)
	return cmd
}

// verifyReport is what checking a graph found.
type verifyReport struct {
	Quads     int64    `json:"quads"`
	Terms     int64    `json:"terms"`
	Documents int      `json:"documents"`
	Quotes    int      `json:"quotes"`
	Problems  []string `json:"problems"` // faults of the graph
	More      int      `json:"more"`     // faults that are not listed
	Changed   []string `json:"changed"`  // files that are not what was read
}

func verifyRun(ctx context.Context, opts *verifyOptions) error {
	f := opts.f
	r := verifyReport{Problems: []string{}, Changed: []string{}}
	if err := r.check(ctx, f); err != nil {
		return err
	}
	if opts.json {
		if err := f.writeJSON(&r); err != nil {
			return err
		}
	} else {
		w := &errWriter{w: f.Out}
		for _, p := range r.Problems {
			w.printf("problem\t%s\n", oneLine(p))
		}
		for _, c := range r.Changed {
			w.printf("changed\t%s\n", oneLine(c))
		}
		w.printf("%s, %s, %s: %s\n", count(int(r.Quads), "quad"), count(r.Documents, "document"), count(r.Quotes, "quotation"), count(len(r.Problems)+r.More, "problem"))
		if w.err != nil {
			return w.err
		}
	}
	if len(r.Problems) > 0 {
		return errors.New("the graph is damaged: load its documents into a new one, or restore a backup")
	}
	return nil
}

// check opens the graph and checks all of it.
func (r *verifyReport) check(ctx context.Context, f *Factory) (err error) {
	g, err := f.ReadGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	report, err := g.Verify(ctx)
	if err != nil {
		return err
	}
	r.Quads, r.Terms, r.More = report.Quads, report.Terms, report.More
	r.Problems = append(r.Problems, report.Problems...)
	return r.checkQuotes(ctx, g)
}

// checkQuotes checks each document's quotations, and its file.
func (r *verifyReport) checkQuotes(ctx context.Context, g *graph.Graph) error {
	for info, err := range g.Documents(ctx) {
		if err != nil {
			return err
		}
		doc, err := g.Document(ctx, info.ID)
		if err != nil {
			return err
		}
		r.Documents++
		for fact, err := range g.Facts(ctx, schema.Filter{Docs: []string{doc.ID}}) {
			if err != nil {
				return err
			}
			for _, ev := range fact.Evidence {
				if ev.Doc != doc.ID {
					continue
				}
				r.Quotes++
				if ev.Start < 0 || ev.Start > ev.End || ev.End > len(doc.Text) || doc.Text[ev.Start:ev.End] != ev.Text {
					r.Problems = append(r.Problems, fmt.Sprintf("fact %s: the quotation is not in document %s from byte %d to %d", fact.ID(), doc.ID, ev.Start, ev.End))
				}
			}
		}
		if why := changed(ctx, doc); why != "" {
			r.Changed = append(r.Changed, fmt.Sprintf("%s: %s", doc.ID, why))
		}
	}
	return ctx.Err()
}

// changed says why a document is not what its file holds now, or "".
func changed(ctx context.Context, doc *schema.Document) string {
	if doc.Path == "" || doc.Path == source.Stdin {
		return ""
	}
	for now, err := range source.Open(ctx, []string{doc.Path}, source.Options{}) {
		if errors.Is(err, fs.ErrNotExist) {
			return doc.Path + " is gone"
		}
		if err == nil && now.Text == doc.Text {
			return ""
		}
	}
	return doc.Path + " has changed"
}

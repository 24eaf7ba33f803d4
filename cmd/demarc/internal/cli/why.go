package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/schema"
)

type whyOptions struct {
	f    *Factory
	id   string
	json bool
}

func newWhyCmd(f *Factory, runF func(context.Context, *whyOptions) error) *cobra.Command {
	opts := &whyOptions{f: f}
	cmd := &cobra.Command{
		Use:   "why FACT",
		Short: "Show the sentences behind a fact, and the rule that found it",
		Long: doc(`
			Show where a fact comes from: the passages that prove it, each within its
			document, the rule that found it and how sure that is.

			FACT is its ID as other commands print it, or the beginning of it.`),
		Example: doc(`
			$ demarc show Shikotan
			$ demarc why 4f0c21`),
		Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, ids []string) error {
			opts.id = ids[0]
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return whyRun(cmd.Context(), opts)
		},
	}
	addJSONFlag(cmd, &opts.json)
	return cmd
}

func whyRun(ctx context.Context, opts *whyOptions) (err error) {
	f := opts.f
	g, err := f.ReadGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	fact, err := g.Fact(ctx, opts.id)
	if err != nil {
		return err
	}
	if opts.json {
		return f.writeJSON(&fact)
	}
	if !f.OutTTY {
		return f.whyLines(&fact)
	}
	w := &errWriter{w: f.Out}
	w.printf("%s\n", f.paint(bold, wrap(oneLine(fact.Sentence()), "", f.Width)))
	if s := fact.Standing(); s != "" {
		w.printf("%s\n", wrap(oneLine(s), "", f.Width))
	}
	docs := newSources(g)
	for i := range fact.Evidence {
		doc, err := docs.get(ctx, fact.Evidence[i].Doc)
		if err != nil {
			return err
		}
		w.printf("\n")
		f.quote(w, doc, &fact.Evidence[i], "  ")
		info, err := g.DocumentInfo(ctx, doc.ID)
		if err != nil {
			return err
		}
		switch {
		case info.Copies == 1:
			w.printf("    %s\n", f.paint(dim, "another document is a copy of this one"))
		case info.Copies > 1:
			w.printf("    %s\n", f.paint(dim, count(info.Copies, "document")+" are copies of this one"))
		}
	}
	w.printf("\n%s\n", f.paint(dim, fmt.Sprintf("rule %s, confidence %.2f, fact %s", oneLine(fact.Rule), fact.Confidence, fact.ID())))
	return w.err
}

// whyLines prints one line for each passage: fact, document, line, byte
// offsets, rule, confidence, and the passage.
func (f *Factory) whyLines(fact *schema.Fact) error {
	t := f.newTable(make([]column, 8)...)
	for _, ev := range fact.Evidence {
		err := t.row(fact.ID(), ev.Doc, fmt.Sprint(ev.Line), fmt.Sprint(ev.Start), fmt.Sprint(ev.End),
			fact.Rule, fmt.Sprintf("%.2f", fact.Confidence), ev.Text)
		if err != nil {
			return err
		}
	}
	return t.end()
}

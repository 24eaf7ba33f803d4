package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/schema"
)

func newDocsCmd(f *Factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "docs COMMAND",
		Short: "List, show and remove the documents of the graph",
		Args:  noSuchCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newDocsListCmd(f, nil), newDocsShowCmd(f, nil), newDocsRemoveCmd(f, nil))
	return cmd
}

type docsListOptions struct {
	f      *Factory
	failed bool
	json   bool
}

func newDocsListCmd(f *Factory, runF func(context.Context, *docsListOptions) error) *cobra.Command {
	opts := &docsListOptions{f: f}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the documents of the graph",
		Long: doc(`
			List the documents of the graph, with what they are copies of, or with --failed
			those that could not be read or loaded, by their files and the lines or IDs
			there, with the reasons. Once they are loaded they are no longer listed.`),
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return docsListRun(cmd.Context(), opts)
		},
	}
	cmd.Flags().BoolVar(&opts.failed, "failed", false, "list the documents that failed instead")
	addJSONFlag(cmd, &opts.json)
	return cmd
}

func docsListRun(ctx context.Context, opts *docsListOptions) (err error) {
	f := opts.f
	g, err := f.ReadGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	if opts.failed {
		return docsFailed(ctx, opts, g)
	}
	infos := []graph.DocumentInfo{}
	t := f.newTable(column{title: "DOCUMENT"}, column{title: "DATE"}, column{title: "FACTS", right: true},
		column{title: "PUBLISHER", flex: true}, column{title: "TITLE", flex: true},
		column{title: "COPY OF", flex: true})
	for info, err := range g.Documents(ctx) {
		if err != nil {
			return err
		}
		if opts.json {
			infos = append(infos, info)
			continue
		}
		if err := t.row(info.ID, info.Date.String(), strconv.Itoa(info.Facts), info.Publisher, info.Title, copyOf(info)); err != nil {
			return err
		}
	}
	if opts.json {
		return f.writeJSON(infos)
	}
	return t.end()
}

// copyOf says what a document is a copy of.
func copyOf(info graph.DocumentInfo) string {
	if info.NearDuplicateOf != "" {
		return "nearly " + info.NearDuplicateOf
	}
	return info.DuplicateOf
}

// docsFailed lists the documents that failed.
func docsFailed(ctx context.Context, opts *docsListOptions, g *graph.Graph) error {
	f := opts.f
	failures := []graph.Failure{}
	t := f.newTable(column{title: "FILE"}, column{title: "LINE", right: true}, column{title: "DOCUMENT"}, column{title: "REASON", flex: true})
	for failure, err := range g.Failures(ctx) {
		if err != nil {
			return err
		}
		if opts.json {
			failures = append(failures, failure)
			continue
		}
		line := ""
		if failure.Line > 0 {
			line = strconv.Itoa(failure.Line)
		}
		if err := t.row(failure.Path, line, failure.Doc, failure.Error); err != nil {
			return err
		}
	}
	if opts.json {
		return f.writeJSON(failures)
	}
	return t.end()
}

type docsShowOptions struct {
	f    *Factory
	id   string
	text bool
	json bool
}

func newDocsShowCmd(f *Factory, runF func(context.Context, *docsShowOptions) error) *cobra.Command {
	opts := &docsShowOptions{f: f}
	cmd := &cobra.Command{
		Use:               "show DOCUMENT",
		Short:             "Show a document and the facts found in it",
		Args:              args(cobra.ExactArgs(1)),
		ValidArgsFunction: f.completeDocuments,
		RunE: func(cmd *cobra.Command, ids []string) error {
			opts.id = ids[0]
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return docsShowRun(cmd.Context(), opts)
		},
	}
	cmd.Flags().BoolVar(&opts.text, "text", false, "print the document's text, exactly as it is kept")
	addJSONFlag(cmd, &opts.json)
	return cmd
}

// documentJSON is a document as it is printed with --json.
type documentJSON struct {
	ID        string        `json:"id"`
	Title     string        `json:"title,omitempty"`
	Date      schema.Date   `json:"date,omitzero"`
	Publisher string        `json:"source,omitempty"`
	Country   string        `json:"country,omitempty"`
	Path      string        `json:"path,omitempty"`
	Text      string        `json:"text"`
	Facts     []schema.Fact `json:"facts"`

	DuplicateOf     string `json:"duplicateOf,omitempty"`
	NearDuplicateOf string `json:"nearDuplicateOf,omitempty"`
	Copies          int    `json:"copies,omitempty"`
}

func docsShowRun(ctx context.Context, opts *docsShowOptions) (err error) {
	f := opts.f
	g, err := f.ReadGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	doc, err := g.Document(ctx, opts.id)
	if err != nil {
		return err
	}
	if opts.text && !opts.json {
		_, err := io.WriteString(f.Out, doc.Text)
		return err
	}
	info, err := g.DocumentInfo(ctx, doc.ID)
	if err != nil {
		return err
	}
	facts := []schema.Fact{}
	for fact, err := range g.Facts(ctx, schema.Filter{Docs: []string{doc.ID}}) {
		if err != nil {
			return err
		}
		facts = append(facts, fact)
	}
	if opts.json {
		return f.writeJSON(documentJSON{doc.ID, doc.Title, doc.Date, doc.Publisher, doc.Country, doc.Path, doc.Text, facts,
			info.DuplicateOf, info.NearDuplicateOf, info.Copies})
	}
	if f.OutTTY {
		w := &errWriter{w: f.Out}
		w.printf("%s\n", f.paint(bold, oneLine(doc.ID)))
		copies := ""
		if info.Copies > 0 {
			copies = strconv.Itoa(info.Copies) + ", not read"
		}
		for _, field := range [][2]string{
			{"title", doc.Title}, {"date", doc.Date.String()}, {"source", doc.Publisher}, {"country", doc.Country}, {"file", doc.Path},
			{"length", count(len(doc.Text), "byte")}, {"facts", strconv.Itoa(len(facts))}, {"copy of", copyOf(info)}, {"copies", copies},
		} {
			if field[1] != "" {
				w.printf("  %s %s\n", f.paint(dim, fmt.Sprintf("%-8s", field[0])), oneLine(field[1]))
			}
		}
		w.printf("\n")
		for i := range facts {
			f.factLines(w, &facts[i], facts[i].Standing())
		}
		return w.err
	}
	t := newFactTable(f)
	for i := range facts {
		line := ""
		for _, ev := range facts[i].Evidence {
			if ev.Doc == doc.ID {
				line = "line " + strconv.Itoa(ev.Line)
				break
			}
		}
		if err := t.add(&facts[i], line); err != nil {
			return err
		}
	}
	return t.end()
}

type docsRemoveOptions struct {
	f   *Factory
	ids []string
}

func newDocsRemoveCmd(f *Factory, runF func(context.Context, *docsRemoveOptions) error) *cobra.Command {
	opts := &docsRemoveOptions{f: f}
	return &cobra.Command{
		Use:               "remove DOCUMENT...",
		Short:             "Take documents and exactly their facts out of the graph",
		Args:              args(cobra.MinimumNArgs(1)),
		ValidArgsFunction: f.completeDocuments,
		RunE: func(cmd *cobra.Command, ids []string) error {
			opts.ids = ids
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return docsRemoveRun(cmd.Context(), opts)
		},
	}
}

func docsRemoveRun(ctx context.Context, opts *docsRemoveOptions) (err error) {
	f := opts.f
	g, err := f.ChangeGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	var missing error
	for _, id := range opts.ids {
		switch err := g.Remove(ctx, id); {
		case errors.Is(err, graph.ErrNotFound):
			missing = err
			fmt.Fprintf(f.Err, "demarc: there is no document %q\n", id)
		case err != nil:
			return err
		case f.ErrTTY:
			fmt.Fprintf(f.Err, "removed %s\n", oneLine(id))
		}
	}
	if missing != nil {
		return nothingError("") // each has been reported
	}
	return nil
}

// completeDocuments completes the IDs of documents.
func (f *Factory) completeDocuments(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	g, err := f.ReadGraph(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer g.Close()
	var ids []string
	for info, err := range g.Documents(cmd.Context()) {
		if err != nil {
			break
		}
		ids = append(ids, oneLine(info.ID))
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

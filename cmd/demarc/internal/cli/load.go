package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/internal/source"
	"github.com/demarcgraph/demarc/schema"
)

type loadOptions struct {
	f *Factory
	documentOptions
	extractor  extractorOptions
	duplicates graph.Duplicates
	retry      bool
	json       bool
}

func newLoadCmd(f *Factory, runF func(context.Context, *loadOptions) error) *cobra.Command {
	opts := &loadOptions{f: f}
	cmd := &cobra.Command{
		Use:   "load FILE|FOLDER|PATTERN|-...",
		Short: "Read documents into the graph",
		Long: doc(`
			Read documents, find the facts in them and add both to the graph.

			Text, Markdown, HTML, PDF and JSON Lines files and web archives (WARC) are read,
			also compressed with gzip; of a folder, all files of these kinds in it and below
			it; "-" is standard input.

			A document goes in whole or not at all. One that is in the graph already and
			has not changed is left alone, one that has changed replaces its old self.
			A document that has no run of three words which another of the same date and
			country has not is a copy of that: it is kept and linked to it, but not read,
			and read once the other is removed. One that says nearly the same is read and
			linked to the one before it. "demarc docs list" shows both. To have every
			document read, say --duplicates read.

			Documents that cannot be read are reported and the others loaded; the exit
			code is then 3. The graph keeps a list of them with the reasons: "demarc docs
			list --failed". To load their files once more, say --retry.

			Loading can be interrupted at any moment. The same command goes on where it
			stopped, since what is in the graph already is left alone.

			One demarc at a time can write to a graph. Others can ask, show, export and
			back it up meanwhile: each sees the documents that were in when it began.`),
		Example: doc(`
			$ demarc load article.txt
			$ demarc load --jobs 4 --source "CIA World Factbook" reports/ more.jsonl.gz
			$ curl -s https://example.org/news.html | demarc load --date 2022-03-22 -`),
		Args: func(cmd *cobra.Command, paths []string) error {
			if opts.retry {
				return nil
			}
			return args(cobra.MinimumNArgs(1))(cmd, paths)
		},
		RunE: func(cmd *cobra.Command, paths []string) error {
			opts.paths = paths
			if err := errors.Join(opts.check(), opts.extractor.check()); err != nil {
				return err
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return loadRun(cmd.Context(), opts)
		},
	}
	addDocumentFlags(cmd, &opts.documentOptions)
	addExtractorFlags(cmd, &opts.extractor)
	addEnumFlag(cmd, &opts.duplicates, "duplicates", "", graph.LinkDuplicates, []graph.Duplicates{graph.LinkDuplicates, graph.ReadDuplicates},
		"what to do with documents that say what others say")
	cmd.Flags().BoolVar(&opts.retry, "retry", false, "load the files too that had documents which failed")
	addJSONFlag(cmd, &opts.json)
	return cmd
}

func loadRun(ctx context.Context, opts *loadOptions) (err error) {
	f := opts.f
	with, err := f.extractorFor(&opts.extractor)
	if err != nil {
		return err
	}
	g, err := f.OpenGraph(ctx, append(with, graph.WithDuplicates(opts.duplicates))...)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	opts.source.Known = knownPaths(ctx, g)
	if opts.retry {
		for failure, err := range g.Failures(ctx) {
			if err != nil {
				return err
			}
			if failure.Path != source.Stdin && !slices.Contains(opts.paths, failure.Path) {
				opts.paths = append(opts.paths, failure.Path)
			}
		}
		if len(opts.paths) == 0 {
			return nil
		}
	}
	again := map[graph.Failure]bool{} // what has failed of the present input
	opts.failed = func(ctx context.Context, failure graph.Failure) error {
		again[failure] = true
		return g.Fail(ctx, failure)
	}
	opts.ended = func(ctx context.Context, path string) error {
		defer clear(again)
		return g.Forget(ctx, path, func(failure graph.Failure) bool { return again[failure] })
	}
	var sum loadSummary
	emit := func(_ *schema.Document, r graph.LoadResult) error {
		sum.add(r)
		switch {
		case opts.json:
			err = f.writeJSONLine(r)
		case !f.OutTTY:
			_, err = fmt.Fprintf(f.Out, "%s\t%s\t%d\n", oneLine(r.Doc), r.Status, r.Facts)
		}
		if err != nil {
			return err
		}
		return f.Flush() // who waits for the document to be loaded sees it at once
	}
	err = eachDocument(ctx, f, &opts.documentOptions, g.Load, emit)
	if f.OutTTY && !opts.json && sum.documents > 0 {
		fmt.Fprintln(f.Out, sum.String())
	}
	return err
}

// loadSummary adds up what loading did.
type loadSummary struct {
	documents, facts           int
	added, replaced, unchanged int
	duplicate                  int
}

func (s *loadSummary) add(r graph.LoadResult) {
	s.documents++
	s.facts += r.Facts
	switch r.Status {
	case graph.Added:
		s.added++
	case graph.Replaced:
		s.replaced++
	case graph.Unchanged:
		s.unchanged++
	case graph.Duplicate:
		s.duplicate++
	}
}

// String is such as "3 documents, 120 facts: 2 added, 1 unchanged".
func (s *loadSummary) String() string {
	var parts []string
	for _, p := range []struct {
		n    int
		what graph.Status
	}{{s.added, graph.Added}, {s.replaced, graph.Replaced}, {s.unchanged, graph.Unchanged}, {s.duplicate, graph.Duplicate}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return fmt.Sprintf("%s, %s: %s", count(s.documents, "document"), count(s.facts, "fact"), strings.Join(parts, ", "))
}

// knownPaths tells under which IDs the graph has files already. A graph that
// cannot be read will say so when a document is loaded.
func knownPaths(ctx context.Context, g *graph.Graph) func(id string) (path string, ok bool) {
	return func(id string) (string, bool) {
		doc, err := g.DocumentInfo(ctx, id)
		if err != nil || doc.Path == "" {
			return "", false
		}
		return doc.Path, true
	}
}

// closeGraph closes g and reports a failure unless there is one already.
func closeGraph(g io.Closer, err *error) {
	if e := g.Close(); e != nil && *err == nil {
		*err = e
	}
}

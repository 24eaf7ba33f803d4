package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/schema"
)

// factFormat is a way of printing extracted facts.
type factFormat string

const (
	formatFacts  factFormat = "facts"
	formatTable  factFormat = "table"
	formatNQuads factFormat = "nquads"
	formatTurtle factFormat = "turtle"
)

type extractOptions struct {
	f *Factory
	documentOptions
	extractor     extractorOptions
	format        factFormat
	json          bool
	minConfidence float64
}

func newExtractCmd(f *Factory, runF func(context.Context, *extractOptions) error) *cobra.Command {
	opts := &extractOptions{f: f}
	cmd := &cobra.Command{
		Use:   "extract FILE|FOLDER|PATTERN|-...",
		Short: "Print the facts in documents, without a graph",
		Long: doc(`
			Read documents as "demarc load" does and print the facts found in them. No
			graph is read or written.

			The format "facts" is JSON Lines, one fact a line, with evidence as byte
			offsets into the document's text; "table" has one line a fact, with the line
			that it stands on and the beginning of its ID; "nquads" and "turtle" are what
			a graph of these documents holds.`),
		Example: doc(`
			$ demarc extract article.txt
			$ demarc extract --format facts reports/*.jsonl > facts.jsonl`),
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, paths []string) error {
			opts.paths = paths
			if opts.json {
				if cmd.Flags().Changed("format") && opts.format != formatFacts {
					return usagef("--json is --format facts: it cannot be --format %s too", opts.format)
				}
				opts.format = formatFacts
			}
			if err := errors.Join(opts.check(), opts.extractor.check(), inUnit("min-confidence", opts.minConfidence)); err != nil {
				return err
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return extractRun(cmd.Context(), opts)
		},
	}
	addEnumFlag(cmd, &opts.format, "format", "f", formatTable, []factFormat{formatFacts, formatTable, formatNQuads, formatTurtle}, "how to print")
	cmd.Flags().Float64Var(&opts.minConfidence, "min-confidence", 0, "only facts of at least this `confidence`, from 0 to 1")
	addDocumentFlags(cmd, &opts.documentOptions)
	addExtractorFlags(cmd, &opts.extractor)
	addJSONFlag(cmd, &opts.json)
	return cmd
}

func extractRun(ctx context.Context, opts *extractOptions) error {
	switch opts.format {
	case formatNQuads, formatTurtle:
		return extractRDF(ctx, opts)
	case formatFacts:
		return extractFacts(ctx, opts, func(facts []schema.Fact) error {
			for i := range facts {
				if err := opts.f.writeJSONLine(&facts[i]); err != nil {
					return err
				}
			}
			return nil
		})
	default:
		t := newFactTable(opts.f)
		err := extractFacts(ctx, opts, func(facts []schema.Fact) error {
			for i := range facts {
				from := ""
				if len(facts[i].Evidence) > 0 {
					from = fmt.Sprintf("%s:%d", facts[i].Evidence[0].Doc, facts[i].Evidence[0].Line)
				}
				if err := t.add(&facts[i], from); err != nil {
					return err
				}
			}
			return nil
		})
		if e := t.end(); e != nil && err == nil {
			err = e
		}
		return err
	}
}

// extractFacts gives each document's facts to emit.
func extractFacts(ctx context.Context, opts *extractOptions, emit func([]schema.Fact) error) error {
	x, err := opts.f.newExtractor(&opts.extractor)
	if err != nil {
		return err
	}
	return eachDocument(ctx, opts.f, &opts.documentOptions, x.Extract, func(_ *schema.Document, facts []schema.Fact) error {
		kept := facts[:0]
		for _, fact := range facts {
			if fact.Confidence >= opts.minConfidence {
				kept = append(kept, fact)
			}
		}
		return emit(kept)
	})
}

// extractRDF prints the quads that a graph of the documents holds, by way of a
// graph in memory: there is but one way from facts to quads.
func extractRDF(ctx context.Context, opts *extractOptions) (err error) {
	f := opts.f
	with, err := f.extractorFor(&opts.extractor)
	if err != nil {
		return err
	}
	g, err := f.open(ctx, inMemory, append(with, graph.WithDuplicates(graph.ReadDuplicates))...)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	err = eachDocument(ctx, f, &opts.documentOptions, g.Load, func(*schema.Document, graph.LoadResult) error { return nil })
	if _, some := err.(someFailedError); err != nil && !some {
		return err
	}
	if _, e := g.Export(ctx, f.Out, string(opts.format), export.Options{MinConfidence: opts.minConfidence}); e != nil {
		return e
	}
	return err
}

// factTable prints facts as a table.
type factTable struct{ *tabular }

func newFactTable(f *Factory) factTable {
	faint := func(string) string { return dim }
	return factTable{f.newTable(
		column{title: "SUBJECT", flex: true}, column{title: "PREDICATE"}, column{title: "OBJECT", flex: true},
		column{title: "DETAILS", flex: true}, column{title: "SOURCE", style: faint}, column{title: "FACT", style: faint})}
}

// add adds a fact that stands at a place.
func (t factTable) add(fact *schema.Fact, place string) error {
	predicate := string(fact.Predicate)
	if fact.Negated {
		predicate = "not " + predicate
	}
	details := fact.Details()
	if s := fact.Standing(); s != "" && details != "" {
		details += "; " + s
	} else {
		details += s
	}
	return t.row(fact.Subject.Name, predicate, fact.Object.Name, details, place, short(fact.ID()))
}

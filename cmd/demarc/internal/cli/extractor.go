package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/extract"
	"github.com/demarcgraph/demarc/extract/llm"
	"github.com/demarcgraph/demarc/graph"
)

// extractorKind says who reads documents.
type extractorKind string

const (
	extractorRules extractorKind = "rules"
	extractorLLM   extractorKind = "llm"
)

// extractorOptions choose the extractor.
type extractorOptions struct {
	kind       extractorKind
	url, model string
	data       string // folder of rules, word lists and names of the user's own
}

func addExtractorFlags(cmd *cobra.Command, opts *extractorOptions) {
	addEnumFlag(cmd, &opts.kind, "extractor", "", extractorRules, []extractorKind{extractorRules, extractorLLM}, "who finds the facts")
	cmd.Flags().StringVar(&opts.url, "llm-url", "", "with --extractor llm: send the documents to this OpenAI-compatible `server`")
	cmd.Flags().StringVar(&opts.model, "llm-model", "", "with --extractor llm: `name` of the model")
	addDataFlag(cmd, &opts.data)
	cmd.RegisterFlagCompletionFunc("llm-url", cobra.NoFileCompletions)
	cmd.RegisterFlagCompletionFunc("llm-model", cobra.NoFileCompletions)
}

// check refuses what no flag's own check refuses.
func (o *extractorOptions) check() error {
	switch {
	case o.kind != extractorLLM && (o.url != "" || o.model != ""):
		return usagef("--llm-url and --llm-model are for --extractor llm")
	case o.kind == extractorLLM && (o.url == "" || o.model == ""):
		return usagef("--extractor llm needs --llm-url and --llm-model")
	}
	return nil
}

// extractorFor returns the option of a graph whose documents the extractor that
// o chooses reads. A graph makes the usual one itself, once it is needed.
func (f *Factory) extractorFor(o *extractorOptions) ([]graph.Option, error) {
	if o.kind != extractorLLM && o.data == "" {
		return nil, nil
	}
	x, err := f.newExtractor(o)
	return []graph.Option{graph.WithExtractor(x)}, err
}

// newExtractor returns the extractor that o chooses. Where a model cannot read
// a document, the rules do, and a warning goes to standard error.
func (f *Factory) newExtractor(o *extractorOptions) (graph.Extractor, error) {
	newRules := f.Extractor
	if o.data != "" {
		newRules = func() (*extract.Extractor, error) { return newRulesExtractor(o.data) }
	}
	rules, err := newRules()
	if err != nil || o.kind != extractorLLM {
		return rules, err
	}
	return llm.New(llm.Options{URL: o.url, Model: o.model, Fallback: rules, Warn: func(err error) {
		fmt.Fprintf(f.Err, "demarc: warning: %s\n", oneLine(err.Error()))
	}})
}

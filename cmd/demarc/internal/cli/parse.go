package cli

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/nlp/render"
)

// parseFormat is a way of printing parsed sentences.
type parseFormat string

const (
	parseCoNLLU parseFormat = "conllu"
	parseTree   parseFormat = "tree"
	parseSVG    parseFormat = "svg"
)

type parseOptions struct {
	f      *Factory
	text   string
	file   string
	format parseFormat
	only   int // the number of the one sentence to print; 0 for all
	json   bool
}

func newParseCmd(f *Factory, runF func(context.Context, *parseOptions) error) *cobra.Command {
	opts := &parseOptions{f: f}
	cmd := &cobra.Command{
		Use:   "parse [TEXT]",
		Short: "Show the sentences, tags and dependency trees of a text",
		Long: doc(`
			Cut a text into sentences and tokens and print their tags, lemmas and
			dependency trees (Universal Dependencies). The text is the argument, or comes
			from a file, or with "-" from standard input.

			The format "conllu" is that of treebanks, and the default in a pipe; "tree" is
			the default on a terminal; "svg" draws the arcs of one sentence. With --json,
			tokens have their byte offsets.`),
		Example: doc(`
			$ demarc parse "Japan claims the islands, which Russia administers."
			$ demarc parse --format conllu --file article.txt
			$ demarc parse --format svg "Japan claims the islands." > tree.svg`),
		Args: args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, words []string) error {
			switch {
			case len(words) == 0 && opts.file == "":
				return usagef("no text given: give it as an argument, or with --file")
			case len(words) > 0 && opts.file != "":
				return usagef("the text is given twice, as an argument and in --file")
			case len(words) > 0 && words[0] == "-":
				opts.file = "-"
			case len(words) > 0:
				opts.text = words[0]
			}
			if opts.only < 0 {
				return usagef("--sentence %d: want 1 or more", opts.only)
			}
			if opts.format == "" {
				if opts.format = parseCoNLLU; f.OutTTY {
					opts.format = parseTree
				}
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return parseRun(cmd.Context(), opts)
		},
	}
	addEnumFlag(cmd, &opts.format, "format", "f", "", []parseFormat{parseCoNLLU, parseTree, parseSVG}, "how to print (default: tree on a terminal, else conllu)")
	cmd.Flags().StringVar(&opts.file, "file", "", "read the text from a `file`")
	cmd.Flags().IntVar(&opts.only, "sentence", 0, "only the sentence of this `number`, from 1")
	addJSONFlag(cmd, &opts.json)
	return cmd
}

// newPipeline loads the language models that demarc ships with.
func newPipeline() (*nlp.Pipeline, error) {
	models, err := fs.Sub(data.FS, "models")
	if err != nil {
		return nil, err
	}
	return nlp.Load(models)
}

// tokenJSON is a token as it is printed with --json.
type tokenJSON struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
	Lemma string `json:"lemma"`
	Tag   string `json:"tag"`
	POS   string `json:"pos"`
	Head  int    `json:"head"` // index of the head; -1 for the root
	Rel   string `json:"rel"`
}

// sentenceJSON is a sentence as it is printed with --json.
type sentenceJSON struct {
	Start  int         `json:"start"`
	End    int         `json:"end"`
	Tokens []tokenJSON `json:"tokens"`
}

// parseRun parses the whole text and prints what was asked for of it.
func parseRun(ctx context.Context, opts *parseOptions) error {
	f := opts.f
	p, err := f.Pipeline()
	if err != nil {
		return err
	}
	text, err := opts.read()
	if err != nil {
		return err
	}
	doc, err := p.Parse(ctx, text)
	if err != nil {
		return err
	}
	if n := len(doc.Sentences); opts.only > n {
		return nothingError(fmt.Sprintf("there is no sentence %d: the text has %s", opts.only, count(n, "sentence")))
	}
	if opts.only > 0 {
		doc.Sentences = doc.Sentences[opts.only-1 : opts.only]
	}
	switch {
	case opts.json:
		for i := range doc.Sentences {
			if err := f.writeJSONLine(sentenceToJSON(&doc.Sentences[i])); err != nil {
				return err
			}
		}
	case opts.format == parseSVG:
		if n := len(doc.Sentences); n != 1 {
			return usagef("a drawing is of one sentence, and the text has %d: say which with --sentence", n)
		}
		return render.SVG(f.Out, &doc.Sentences[0])
	case opts.format == parseTree:
		for i := range doc.Sentences {
			if err := f.writeTree(&doc.Sentences[i]); err != nil {
				return err
			}
		}
	default:
		return render.CoNLLU(f.Out, doc)
	}
	return nil
}

// read returns the text that is to be parsed.
func (o *parseOptions) read() (string, error) {
	switch o.file {
	case "":
		return o.text, nil
	case "-":
		text, err := io.ReadAll(o.f.In)
		if err != nil {
			return "", fmt.Errorf("reading the text from standard input: %w", err)
		}
		return string(text), nil
	default:
		text, err := os.ReadFile(o.file)
		return string(text), err
	}
}

// writeTree prints a sentence's tree, and an empty line after it.
func (f *Factory) writeTree(s *nlp.Sentence) error {
	if err := render.Tree(f.Out, s); err != nil {
		return err
	}
	_, err := fmt.Fprintln(f.Out)
	return err
}

func sentenceToJSON(s *nlp.Sentence) sentenceJSON {
	j := sentenceJSON{Start: s.Start, End: s.End}
	for _, t := range s.Tokens {
		j.Tokens = append(j.Tokens, tokenJSON(t))
	}
	return j
}

package cli

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/nlp/conllu"
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

			The format "conllu" is that of treebanks, with byte offsets in the last
			column; "tree" is for terminals and the default there; "svg" draws arcs.`),
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

func parseRun(ctx context.Context, opts *parseOptions) error {
	f := opts.f
	p, err := f.Pipeline()
	if err != nil {
		return err
	}
	var sentences iter.Seq2[nlp.Sentence, error]
	switch opts.file {
	case "":
		sentences = p.Sentences(ctx, opts.text)
	case "-":
		sentences = p.Stream(ctx, f.In)
	default:
		file, err := os.Open(opts.file)
		if err != nil {
			return err
		}
		defer file.Close()
		sentences = p.Stream(ctx, file)
	}
	var drawn []nlp.Sentence
	n := 0
	for s, err := range sentences {
		if err != nil {
			return err
		}
		n++
		switch {
		case opts.json:
			err = f.writeJSONLine(sentenceToJSON(&s))
		case opts.format == parseSVG:
			drawn = append(drawn, s)
		case opts.format == parseTree:
			err = f.writeTree(&s)
		default:
			err = writeCoNLLU(f.Out, &s, n)
		}
		if err != nil {
			return err
		}
	}
	if opts.format == parseSVG && !opts.json {
		return writeSVG(f.Out, drawn)
	}
	return nil
}

func sentenceToJSON(s *nlp.Sentence) sentenceJSON {
	j := sentenceJSON{Start: s.Start, End: s.End}
	for _, t := range s.Tokens {
		j.Tokens = append(j.Tokens, tokenJSON(t))
	}
	return j
}

// writeCoNLLU writes the n-th sentence with its tokens' byte offsets, under the
// names that other tools give them.
func writeCoNLLU(w io.Writer, s *nlp.Sentence, n int) error {
	out := conllu.Sentence{Comments: []string{fmt.Sprintf("sent_id = %d", n)}}
	for i, t := range s.Tokens {
		misc := fmt.Sprintf("start_char=%d|end_char=%d", t.Start, t.End)
		if i+1 < len(s.Tokens) && s.Tokens[i+1].Start == t.End {
			misc += "|SpaceAfter=No"
		}
		out.Words = append(out.Words, conllu.Word{
			Form: oneLine(t.Text), Lemma: oneLine(t.Lemma), UPOS: t.POS, XPOS: t.Tag, Head: t.Head + 1, DepRel: t.Rel, Misc: misc,
		})
	}
	return conllu.Write(w, &out)
}

// children lists the tokens that hang on each token, in the text's order.
func children(s *nlp.Sentence) (of [][]int, root int) {
	of = make([][]int, len(s.Tokens))
	for i, t := range s.Tokens {
		if t.Head < 0 {
			root = i
			continue
		}
		of[t.Head] = append(of[t.Head], i)
	}
	return of, root
}

// writeTree prints a sentence and below it its tree, a token a line.
func (f *Factory) writeTree(s *nlp.Sentence) error {
	if len(s.Tokens) == 0 {
		return nil
	}
	w := &errWriter{w: f.Out}
	var words []string
	for _, t := range s.Tokens {
		words = append(words, oneLine(t.Text))
	}
	w.printf("%s\n", f.paint(dim, wrap(strings.Join(words, " "), "", f.Width)))
	of, root := children(s)
	type node struct {
		token        int
		lead, branch string
	}
	pending := []node{{token: root}}
	for len(pending) > 0 {
		n := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		t := s.Tokens[n.token]
		w.printf("%s%s %s %s\n", n.lead+n.branch, f.paint(bold, oneLine(t.Text)), t.Rel, f.paint(dim, t.POS+" "+t.Tag+" "+oneLine(t.Lemma)))
		lead := n.lead
		switch n.branch {
		case "├─ ":
			lead += "│  "
		case "└─ ":
			lead += "   "
		}
		for k := len(of[n.token]) - 1; k >= 0; k-- {
			branch := "├─ "
			if k == len(of[n.token])-1 {
				branch = "└─ "
			}
			pending = append(pending, node{of[n.token][k], lead, branch})
		}
	}
	w.printf("\n")
	return w.err
}

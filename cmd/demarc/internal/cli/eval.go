package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/internal/eval"
	"github.com/demarcgraph/demarc/internal/source"
	"github.com/demarcgraph/demarc/nlp/conllu"
	nlpeval "github.com/demarcgraph/demarc/nlp/eval"
	"github.com/demarcgraph/demarc/schema"
)

type evalOptions struct {
	f        *Factory
	treebank string
	json     bool
}

func newEvalCmd(f *Factory, runF func(context.Context, *evalOptions) error) *cobra.Command {
	opts := &evalOptions{f: f}
	cmd := &cobra.Command{
		Use:   "eval COMMAND",
		Short: "Measure facts, answers and parsing against right ones",
		Long: doc(`
			Measure what demarc reads and answers against files of right facts, answers or
			dependency trees.`),
		Example: doc(`
			$ demarc eval facts --gold gold.jsonl --docs corpus/
			$ demarc eval answers --questions questions.jsonl --docs corpus/
			$ demarc eval --treebank en_ewt-dev.conllu.gz`),
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if opts.treebank == "" {
				return cmd.Help()
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return evalTreebankRun(cmd.Context(), opts)
		},
	}
	cmd.Flags().StringVar(&opts.treebank, "treebank", "", "measure the tagger and parser on a CoNLL-U `file`, which may be gzipped")
	addJSONFlag(cmd, &opts.json)
	cmd.AddCommand(newEvalFactsCmd(f, nil), newEvalAnswersCmd(f, nil))
	return cmd
}

type evalFactsOptions struct {
	f           *Factory
	gold, facts string
	docs        documentOptions
	errors      bool
	minF1       float64
	json        bool
}

func newEvalFactsCmd(f *Factory, runF func(context.Context, *evalFactsOptions) error) *cobra.Command {
	opts := &evalFactsOptions{f: f}
	cmd := &cobra.Command{
		Use:   "facts --gold FILE (--facts FILE | [--docs] FILE...)",
		Short: "Measure extracted facts against right ones",
		RunE: func(cmd *cobra.Command, paths []string) error {
			opts.docs.paths = append(opts.docs.paths, paths...)
			if opts.gold == "" {
				return usagef("which facts are right? Say with --gold")
			}
			if (opts.facts == "") == (len(opts.docs.paths) == 0) {
				return usagef("give either --facts, a file of extracted facts, or --docs, documents to extract them from")
			}
			if err := opts.docs.check(); err != nil {
				return err
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return evalFactsRun(cmd.Context(), opts)
		},
	}
	cmd.Flags().StringVar(&opts.gold, "gold", "", "the right facts: a `file` of JSON Lines")
	cmd.Flags().StringVar(&opts.facts, "facts", "", "measure the facts of a `file`, as \"demarc extract --format facts\" prints them")
	addEvalDocsFlag(cmd, &opts.docs)
	addErrorsFlag(cmd, &opts.errors)
	cmd.Flags().Float64Var(&opts.minF1, "min-f1", 0, "fail below this F1, from 0 to 1")
	addJSONFlag(cmd, &opts.json)
	return cmd
}

func addEvalDocsFlag(cmd *cobra.Command, docs *documentOptions) {
	docs.source.MaxDocument = source.DefaultMaxDocument
	cmd.Flags().StringSliceVar(&docs.paths, "docs", nil, "read these documents, `files` or folders")
}

func addErrorsFlag(cmd *cobra.Command, dest *bool) {
	cmd.Flags().BoolVar(dest, "errors", false, "list what is missing and what is wrong")
}

func evalFactsRun(ctx context.Context, opts *evalFactsOptions) error {
	f := opts.f
	gold, err := readLinesOf[eval.GoldDoc](opts.gold)
	if err != nil {
		return err
	}
	var facts []eval.Fact
	if opts.facts != "" {
		facts, err = readLinesOf[eval.Fact](opts.facts)
	} else {
		err = extractFacts(ctx, &extractOptions{f: f, documentOptions: opts.docs}, func(found []schema.Fact) error {
			scored, err := eval.FromFacts(found)
			facts = append(facts, scored...)
			return err
		})
	}
	if err != nil {
		return err
	}
	score := eval.ScoreFacts(gold, facts)
	if err := printScore(f, score, opts.errors, opts.json, func() { score.Errors = nil }); err != nil {
		return err
	}
	if f1 := score.All.F1(); f1 < opts.minF1 {
		return fmt.Errorf("F1 is %.3f, below %.3f", f1, opts.minF1)
	}
	return nil
}

// score is what facts' and answers' scores have in common.
type score interface {
	WriteTable(io.Writer) error
	WriteErrors(io.Writer) error
}

// printScore prints a score, with or without its list of errors, which drop
// removes.
func printScore(f *Factory, s score, errors, asJSON bool, drop func()) error {
	if asJSON {
		if !errors {
			drop()
		}
		return f.writeJSON(s)
	}
	if errors {
		if err := s.WriteErrors(f.Out); err != nil {
			return err
		}
	}
	return s.WriteTable(f.Out)
}

// readLinesOf reads a file of JSON Lines.
func readLinesOf[T any](path string) ([]T, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var out []T
	for v, err := range eval.Lines[T](file) {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		out = append(out, v)
	}
	return out, nil
}

type evalAnswersOptions struct {
	f                  *Factory
	questions, answers string
	corpus             []string
	docs               documentOptions
	errors             bool
	minRight           float64
	json               bool
}

func newEvalAnswersCmd(f *Factory, runF func(context.Context, *evalAnswersOptions) error) *cobra.Command {
	opts := &evalAnswersOptions{f: f}
	cmd := &cobra.Command{
		Use:   "answers --questions FILE [--answers FILE [[--corpus] FILE...] | [--docs] FILE...]",
		Short: "Measure answers against right ones",
		Long: doc(`
			Measure answers to questions: those of a file, or those that demarc gives, from
			a temporary graph of the documents in --docs, or else from the graph of --db.`),
		RunE: func(cmd *cobra.Command, paths []string) error {
			if opts.answers != "" {
				opts.corpus = append(opts.corpus, paths...)
			} else {
				opts.docs.paths = append(opts.docs.paths, paths...)
			}
			if opts.questions == "" {
				return usagef("which questions? Say with --questions")
			}
			if opts.answers != "" && len(opts.docs.paths) > 0 {
				return usagef("give either --answers, a file of answers, or --docs, documents to ask")
			}
			if opts.answers == "" && len(opts.corpus) > 0 {
				return usagef("--corpus is for checking the quotations in --answers")
			}
			if err := opts.docs.check(); err != nil {
				return err
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return evalAnswersRun(cmd.Context(), opts)
		},
	}
	cmd.Flags().StringVar(&opts.questions, "questions", "", "the questions with their right answers: a `file` of JSON Lines")
	cmd.Flags().StringVar(&opts.answers, "answers", "", "measure the answers of a `file`, as \"demarc ask --batch\" prints them")
	cmd.Flags().StringSliceVar(&opts.corpus, "corpus", nil, "the documents that --answers quotes, `files` or folders, to check the quotations")
	addEvalDocsFlag(cmd, &opts.docs)
	addErrorsFlag(cmd, &opts.errors)
	cmd.Flags().Float64Var(&opts.minRight, "min", 0, "fail if less than this share is exactly right, from 0 to 1")
	addJSONFlag(cmd, &opts.json)
	return cmd
}

func evalAnswersRun(ctx context.Context, opts *evalAnswersOptions) (err error) {
	f := opts.f
	questions, err := readLinesOf[eval.Question](opts.questions)
	if err != nil {
		return err
	}
	var (
		answers []eval.Answer
		texts   map[string]string
	)
	if opts.answers != "" {
		if answers, err = readLinesOf[eval.Answer](opts.answers); err == nil {
			texts, err = corpusTexts(ctx, opts.corpus)
		}
	} else {
		answers, texts, err = opts.ask(ctx, questions)
	}
	if err != nil {
		return err
	}
	score := eval.ScoreAnswers(questions, answers, texts)
	if err := printScore(f, score, opts.errors, opts.json, func() { score.Errors = nil }); err != nil {
		return err
	}
	if share := float64(score.Right) / float64(max(score.Questions, 1)); share < opts.minRight {
		return fmt.Errorf("%.3f are exactly right, below %.3f", share, opts.minRight)
	}
	return nil
}

// corpusTexts reads documents, by identifier.
func corpusTexts(ctx context.Context, paths []string) (map[string]string, error) {
	texts := map[string]string{}
	for doc, err := range source.Open(ctx, paths, source.Options{}) {
		if err != nil {
			return nil, err
		}
		texts[doc.ID] = doc.Text
	}
	return texts, nil
}

// ask asks the questions of the graph that the options say, and returns the
// answers and the texts of the documents that they quote.
func (opts *evalAnswersOptions) ask(ctx context.Context, questions []eval.Question) (_ []eval.Answer, _ map[string]string, err error) {
	f := opts.f
	var g *graph.Graph
	if len(opts.docs.paths) == 0 {
		g, err = f.ReadGraph(ctx)
	} else {
		g, err = f.open(ctx, inMemory, graph.WithDuplicates(graph.ReadDuplicates))
	}
	if err != nil {
		return nil, nil, err
	}
	defer closeGraph(g, &err)
	if len(opts.docs.paths) > 0 {
		err := eachDocument(ctx, f, &opts.docs, g.Load, func(*schema.Document, graph.LoadResult) error { return nil })
		if err != nil {
			return nil, nil, err
		}
	}
	var answers []eval.Answer
	texts := map[string]string{}
	for _, q := range questions {
		a, err := g.Ask(ctx, q.Question, ask.Options{NoNearest: true})
		if err != nil {
			return nil, nil, fmt.Errorf("question %s: %w", q.ID, err)
		}
		answers = append(answers, eval.FromAnswer(q.ID, a.Abstained, a.Evidence, func(yield func(string, []string) bool) {
			for _, item := range a.Answers {
				if !yield(item.Name, item.Aliases) {
					return
				}
			}
		}))
		for _, ev := range a.Evidence {
			if _, ok := texts[ev.Doc]; ok {
				continue
			}
			doc, err := g.Document(ctx, ev.Doc)
			if err != nil {
				return nil, nil, err
			}
			texts[ev.Doc] = doc.Text
		}
	}
	return answers, texts, nil
}

func evalTreebankRun(ctx context.Context, opts *evalOptions) error {
	f := opts.f
	p, err := f.Pipeline()
	if err != nil {
		return err
	}
	file, err := conllu.Open(opts.treebank)
	if err != nil {
		return err
	}
	defer file.Close()
	scores, err := nlpeval.Evaluate(ctx, file, p)
	if err != nil {
		return fmt.Errorf("%s: %w", opts.treebank, err)
	}
	if opts.json {
		return f.writeJSON(&scores)
	}
	w := &errWriter{w: f.Out}
	w.printf("%d sentences, %d words\n", scores.GoldSentences, scores.GoldWords)
	w.printf("%-24s %8s %8s\n", "", "given", "raw text")
	for _, r := range []struct {
		name  string
		given nlpeval.Ratio
		raw   nlpeval.F1
	}{
		{"sentences (F1)", nlpeval.Ratio{}, scores.Sentences},
		{"words (F1)", nlpeval.Ratio{}, scores.Words},
		{"universal tags", scores.UPOS, scores.RawUPOS},
		{"Penn tags", scores.XPOS, scores.RawXPOS},
		{"lemmas", scores.Lemma, scores.RawLemma},
		{"heads (UAS)", scores.UAS, scores.RawUAS},
		{"labelled heads (LAS)", scores.LAS, scores.RawLAS},
	} {
		given := ""
		if r.given.Of > 0 {
			given = fmt.Sprintf("%.2f", r.given.Percent())
		}
		w.printf("%-24s %8s %8.2f\n", r.name, given, r.raw.Percent())
	}
	w.printf("%.0f words a second, raw text to trees\n", scores.TokensPerSecond)
	return w.err
}

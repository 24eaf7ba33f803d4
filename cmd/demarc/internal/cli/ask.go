package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/internal/eval"
	"github.com/demarcgraph/demarc/schema"
)

// answerFormat is a way of printing answers.
type answerFormat string

const (
	answerText  answerFormat = "text"
	answerJSONL answerFormat = "jsonl"
)

type askOptions struct {
	f        *Factory
	question string
	batch    string
	format   answerFormat
	json     bool
	explain  bool
	scope    scopeOptions
	ask      ask.Options
}

func newAskCmd(f *Factory, runF func(context.Context, *askOptions) error) *cobra.Command {
	opts := &askOptions{f: f}
	cmd := &cobra.Command{
		Use:   "ask [QUESTION]",
		Short: "Answer a question in plain English, with the sentences that prove it",
		Long: doc(`
			Answer a question from what the documents say, with the passages that prove
			the answer. Where the documents do not say, demarc says so; the exit code is
			then 4.

			Without a question, questions are read one a line: on a terminal with history
			(arrow keys) and completion of names (Tab), until Ctrl-D.

			In a pipe, each line has the answer, how it is said where it is not stated
			outright, document, line, byte offsets from and to, and the passage.

			With --view, only what a side says, or what documents state themselves, is an
			answer, and things go by the names that the side uses; sentences that hold no
			fact are then left aside.

			With --batch, the questions come from a file of JSON Lines with the keys "id"
			and "question".`),
		Example: doc(`
			$ demarc ask "which islands does the 1956 declaration cover?"
			$ demarc ask --as-of 1940 who administered Etorofu
			$ demarc ask --view Japan which islands does Russia hold
			$ demarc ask --batch questions.jsonl --format jsonl > answers.jsonl`),
		RunE: func(cmd *cobra.Command, words []string) error {
			opts.question = strings.Join(words, " ")
			if err := opts.check(cmd.Flags().Changed("format")); err != nil {
				return err
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return askRun(cmd.Context(), opts)
		},
	}
	cmd.Flags().StringVar(&opts.batch, "batch", "", "answer the questions of a `file`, or with - of standard input")
	addEnumFlag(cmd, &opts.format, "format", "", answerText, []answerFormat{answerText, answerJSONL}, "how to print")
	cmd.Flags().BoolVar(&opts.explain, "explain", false, "show how the question was understood, also as SPARQL")
	addScopeFlags(f, cmd, &opts.scope)
	cmd.Flags().StringSliceVar(&opts.ask.Docs, "documents", nil, "only these documents, by `ID`")
	cmd.Flags().Float64Var(&opts.ask.MinConfidence, "min-confidence", 0, "only facts of at least this `confidence`, from 0 to 1")
	cmd.RegisterFlagCompletionFunc("documents", f.completeDocuments)
	addJSONFlag(cmd, &opts.json)
	return cmd
}

// check refuses what no flag's own check refuses.
func (o *askOptions) check(formatGiven bool) error {
	if o.batch != "" {
		if o.question != "" {
			return usagef("a question and --batch: give one of them")
		}
		if !formatGiven {
			o.format = answerJSONL
		}
	}
	return inUnit("min-confidence", o.ask.MinConfidence)
}

func askRun(ctx context.Context, opts *askOptions) (err error) {
	f := opts.f
	g, err := f.ReadGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	scope, err := opts.scope.scope(ctx, g)
	if err != nil {
		return err
	}
	opts.ask.AsOf, opts.ask.KnownAt, opts.ask.Side = scope.AsOf, scope.KnownAt, string(scope.Side)
	a := &asker{f: f, g: g, opts: opts, docs: newSources(g)}
	switch {
	case opts.batch != "":
		return a.batch(ctx)
	case opts.question != "":
		answer, err := a.ask(ctx, "", opts.question)
		if err != nil {
			return err
		}
		if answer.Abstained {
			return nothingError("") // the answer says so
		}
		return nil
	case f.InTTY && f.OutTTY:
		return a.converse(ctx)
	default:
		return a.lines(ctx)
	}
}

// asker asks questions of a graph and prints the answers.
type asker struct {
	f    *Factory
	g    *graph.Graph
	opts *askOptions
	docs *sources
}

// ask asks one question and prints the answer.
func (a *asker) ask(ctx context.Context, id, question string) (*ask.Answer, error) {
	answer, err := a.g.Ask(ctx, question, a.opts.ask)
	if err != nil {
		return nil, err
	}
	answer.ID = id
	if !a.opts.explain {
		answer.Plan, answer.SPARQL = "", ""
	}
	return &answer, a.print(ctx, &answer)
}

func (a *asker) print(ctx context.Context, answer *ask.Answer) error {
	switch {
	case a.opts.format == answerJSONL:
		return a.f.writeJSONLine(answer)
	case a.opts.json:
		return a.f.writeJSON(answer)
	case a.f.OutTTY:
		return a.printText(ctx, answer)
	default:
		return a.printLines(answer)
	}
}

// batchQuestion is one line of a file of questions.
type batchQuestion struct {
	ID       string `json:"id"`
	Question string `json:"question"`
}

// batch answers the questions of a file, in its order.
func (a *asker) batch(ctx context.Context) error {
	in := a.f.In
	if a.opts.batch != "-" {
		file, err := os.Open(a.opts.batch)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	for q, err := range eval.Lines[batchQuestion](in) {
		if err != nil {
			return fmt.Errorf("%s: %w", a.opts.batch, err)
		}
		if a.opts.format == answerText {
			if _, err := fmt.Fprintf(a.f.Out, "%s\n", a.f.paint(heading, oneLine(q.Question))); err != nil {
				return err
			}
		}
		if _, err := a.ask(ctx, q.ID, q.Question); err != nil {
			return fmt.Errorf("question %s: %w", q.ID, err)
		}
	}
	return nil
}

// lines answers the questions on standard input, one a line.
func (a *asker) lines(ctx context.Context) error {
	asked, answered := 0, 0
	for line, err := range readLines(a.f.In) {
		if err != nil {
			return fmt.Errorf("reading questions from standard input: %w", err)
		}
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		asked++
		answer, err := a.ask(ctx, "", line)
		if err != nil {
			return err
		}
		if !answer.Abstained {
			answered++
		}
	}
	if asked == 0 {
		return usagef("no question given")
	}
	if answered == 0 {
		return nothingError("")
	}
	return nil
}

// mostQuotes is how many passages are shown for one answer on a terminal.
const mostQuotes = 3

// printText prints an answer for people: the answer first, then the passages
// that prove it. Answers that follow one another and rest on the same passages
// share them.
func (a *asker) printText(ctx context.Context, answer *ask.Answer) error {
	f := a.f
	w := &errWriter{w: f.Out}
	if answer.Plan != "" {
		w.printf("%s\n%s\n", f.paint(heading, "Understood as"), wrap(printable(answer.Plan), "  ", f.Width))
		if answer.SPARQL != "" {
			w.printf("\n%s\n  %s\n", f.paint(heading, "In SPARQL"), strings.ReplaceAll(strings.TrimSpace(printable(answer.SPARQL)), "\n", "\n  "))
		}
		w.printf("\n%s\n", f.paint(heading, "Answer"))
	}
	if answer.Abstained || len(answer.Answers) == 0 {
		text := answer.Text
		if text == "" {
			text = notSaid
		}
		w.printf("%s\n", wrap(oneLine(text), "", f.Width))
		if len(answer.Nearest) > 0 {
			w.printf("\n%s\n", f.paint(heading, "What they do say"))
			for i := range answer.Nearest {
				f.factLines(w, &answer.Nearest[i], answer.Nearest[i].Standing())
			}
		}
		return w.err
	}
	for i, item := range answer.Answers {
		name := item.Name
		if answer.Kind == ask.Number && answer.Text != "" {
			name = strings.TrimSuffix(answer.Text, ".") // with what was counted
		}
		w.printf("%s", f.paint(bold, oneLine(name)))
		if item.Note != "" {
			w.printf("%s", f.paint(dim, " — "+oneLine(item.Note)))
		}
		w.printf("\n")
		if i+1 < len(answer.Answers) && slices.Equal(item.Evidence, answer.Answers[i+1].Evidence) {
			continue
		}
		for k := range item.Evidence {
			if k == mostQuotes {
				w.printf("  %s\n", f.paint(dim, "and "+count(len(item.Evidence)-k, "more passage")))
				break
			}
			doc, err := a.docs.get(ctx, item.Evidence[k].Doc)
			if err != nil {
				return err
			}
			f.quote(w, doc, &item.Evidence[k], "  ")
		}
	}
	return w.err
}

// notSaid is the answer where there is none.
const notSaid = "The documents do not say."

// printLines prints an answer for programs: a line for each passage of each
// answer. That there is no answer goes to standard error.
func (a *asker) printLines(answer *ask.Answer) error {
	f := a.f
	if answer.Plan != "" {
		if _, err := fmt.Fprintf(f.Err, "%s\n%s\n", answer.Plan, answer.SPARQL); err != nil {
			return err
		}
	}
	if answer.Abstained || len(answer.Answers) == 0 {
		text := answer.Text
		if text == "" {
			text = notSaid
		}
		_, err := fmt.Fprintln(f.Err, oneLine(text))
		return err
	}
	t := f.newTable(make([]column, 7)...)
	for _, item := range answer.Answers {
		evidence := item.Evidence
		if len(evidence) == 0 {
			evidence = []schema.Evidence{{}}
		}
		for _, ev := range evidence {
			if err := t.row(item.Name, item.Note, ev.Doc, fmt.Sprint(ev.Line), fmt.Sprint(ev.Start), fmt.Sprint(ev.End), ev.Text); err != nil {
				return err
			}
		}
	}
	return t.end()
}

// converse asks for questions on the terminal and answers them until the user
// ends it.
func (a *asker) converse(ctx context.Context) error {
	p, err := newPrompt(a.f, func() []string { return a.names(ctx) })
	if err != nil {
		return err
	}
	for {
		question, err := p.readLine("demarc> ")
		if errors.Is(err, io.EOF) {
			_, err := fmt.Fprintln(a.f.Out) // what comes next begins a line
			return err
		}
		if err != nil {
			return err
		}
		if question = strings.TrimSpace(question); question == "" {
			continue
		}
		if question == "exit" || question == "quit" {
			return nil
		}
		if _, err := a.ask(ctx, "", question); err != nil {
			return err
		}
		fmt.Fprintln(a.f.Out)
	}
}

// names lists the names of the graph's entities, for completion.
func (a *asker) names(ctx context.Context) []string {
	var names []string
	for e, err := range a.g.Entities(ctx, schema.Thing) {
		if err != nil {
			break // without completion one can still ask
		}
		names = append(names, oneLine(e.Name))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

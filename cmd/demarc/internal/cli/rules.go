package cli

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/extract"
	"github.com/demarcgraph/demarc/extract/frame"
	"github.com/demarcgraph/demarc/extract/rule"
	"github.com/demarcgraph/demarc/schema"
)

// rulesOptions are those of all commands about rules.
type rulesOptions struct {
	f    *Factory
	data string
	json bool
}

func newRulesCmd(f *Factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules COMMAND",
		Short: "List, test and trace the rules that find facts",
		Long: doc(`
			List, test and trace the rules that find facts. docs/rules.md teaches how to
			write one.`),
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newRulesListCmd(f, nil), newRulesTestCmd(f, nil), newRulesTraceCmd(f, nil))
	return cmd
}

func addRulesFlags(cmd *cobra.Command, opts *rulesOptions) {
	addDataFlag(cmd, &opts.data)
	addJSONFlag(cmd, &opts.json)
}

func newRulesListCmd(f *Factory, runF func(context.Context, *rulesOptions) error) *cobra.Command {
	opts := &rulesOptions{f: f}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the rules",
		Args:  args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return rulesListRun(cmd.Context(), opts)
		},
	}
	addRulesFlags(cmd, opts)
	return cmd
}

// ruleJSON is a rule as it is printed with --json.
type ruleJSON struct {
	ID         string             `json:"id"`
	POS        string             `json:"pos"` // "" for any
	Trigger    []string           `json:"trigger"`
	Predicates []schema.Predicate `json:"predicates"`
	Confidence float64            `json:"confidence"`
	Examples   int                `json:"examples"`
}

func rulesListRun(_ context.Context, opts *rulesOptions) error {
	f := opts.f
	fsys, err := dataFS(opts.data)
	if err != nil {
		return err
	}
	set, err := rule.Load(fsys)
	if err != nil {
		return err
	}
	list := []ruleJSON{}
	for _, r := range set.Rules() {
		j := ruleJSON{r.ID, r.Trigger.POS, r.Trigger.Lemmas, nil, r.Confidence, len(r.Examples)}
		for _, e := range r.Emit {
			if !slices.Contains(j.Predicates, e.Predicate) {
				j.Predicates = append(j.Predicates, e.Predicate)
			}
		}
		list = append(list, j)
	}
	if opts.json {
		return f.writeJSON(list)
	}
	t := f.newTable(column{title: "RULE"}, column{title: "FINDS", flex: true}, column{title: "CONFIDENCE", right: true},
		column{title: "EXAMPLES", right: true}, column{title: "POS"}, column{title: "TRIGGER", flex: true})
	for _, j := range list {
		pos := j.POS
		if pos == "" {
			pos = "any"
		}
		if err := t.row(j.ID, plainList(j.Predicates), strconv.FormatFloat(j.Confidence, 'g', -1, 64), strconv.Itoa(j.Examples), pos, strings.Join(j.Trigger, ", ")); err != nil {
			return err
		}
	}
	return t.end()
}

func plainList(predicates []schema.Predicate) string {
	var out []string
	for _, p := range predicates {
		out = append(out, string(p))
	}
	return strings.Join(out, ", ")
}

type rulesTestOptions struct {
	rulesOptions
	only []string // IDs of rules; all where there are none
}

func newRulesTestCmd(f *Factory, runF func(context.Context, *rulesTestOptions) error) *cobra.Command {
	opts := &rulesTestOptions{rulesOptions: rulesOptions{f: f}}
	cmd := &cobra.Command{
		Use:   "test [RULE...]",
		Short: "Read the examples of rules and check what they give",
		Long: doc(`
			Read the examples of all rules, or of those named, and check that each gives
			the facts that it lists and none that it rules out. The exit code is 1 where
			one does not.`),
		Example: doc(`
			$ demarc rules test
			$ demarc rules test --data myrules claim.verb`),
		RunE: func(cmd *cobra.Command, ids []string) error {
			opts.only = ids
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return rulesTestRun(cmd.Context(), opts)
		},
	}
	addRulesFlags(cmd, &opts.rulesOptions)
	return cmd
}

// exampleJSON is a tested example as it is printed with --json.
type exampleJSON struct {
	Rule  string   `json:"rule"`
	Text  string   `json:"text"`
	OK    bool     `json:"ok"`
	Diff  []string `json:"diff"`
	Found []string `json:"found"`
}

func rulesTestRun(ctx context.Context, opts *rulesTestOptions) error {
	f := opts.f
	x, err := newRulesExtractor(opts.data)
	if err != nil {
		return err
	}
	rules := x.Rules().Rules()
	for _, id := range opts.only {
		if !slices.ContainsFunc(rules, func(r *rule.Rule) bool { return r.ID == id }) {
			return nothingError(fmt.Sprintf("there is no rule %q: \"demarc rules list\" shows them", id))
		}
	}
	w := &errWriter{w: f.Out}
	tested, failed := 0, 0
	for _, r := range rules {
		if len(opts.only) > 0 && !slices.Contains(opts.only, r.ID) {
			continue
		}
		for i := range r.Examples {
			j, err := testExample(ctx, x, r, &r.Examples[i])
			if err != nil {
				return fmt.Errorf("rule %q: %w", r.ID, err)
			}
			tested++
			if !j.OK {
				failed++
			}
			switch {
			case opts.json:
				if err := f.writeJSONLine(j); err != nil {
					return err
				}
			case !j.OK:
				w.printf("%s  %s\n", f.paint(bold, j.Rule), oneLine(j.Text))
				for _, d := range j.Diff {
					w.printf("    %s\n", oneLine(d))
				}
				for _, d := range j.Found {
					w.printf("    %s\n", f.paint(dim, "found: "+oneLine(d)))
				}
			}
		}
	}
	if !opts.json {
		w.printf("%s, %d failed\n", count(tested, "example"), failed)
	}
	if w.err == nil && failed > 0 {
		return fmt.Errorf("%d of %s failed", failed, count(tested, "example"))
	}
	return w.err
}

func testExample(ctx context.Context, x *extract.Extractor, r *rule.Rule, e *rule.Example) (exampleJSON, error) {
	j := exampleJSON{Rule: r.ID, Text: e.Text, Diff: []string{}, Found: []string{}}
	doc, err := e.Document()
	if err != nil {
		return j, err
	}
	facts, err := x.Extract(ctx, doc)
	if err != nil {
		return j, err
	}
	for i := range facts {
		j.Found = append(j.Found, facts[i].String()+" <"+facts[i].Rule+">")
	}
	j.Diff = append(j.Diff, e.Check(facts)...)
	j.OK = len(j.Diff) == 0
	return j, nil
}

type rulesTraceOptions struct {
	rulesOptions
	text, country string
	date          schema.Date
}

func newRulesTraceCmd(f *Factory, runF func(context.Context, *rulesTraceOptions) error) *cobra.Command {
	opts := &rulesTraceOptions{rulesOptions: rulesOptions{f: f}}
	cmd := &cobra.Command{
		Use:   "trace TEXT",
		Short: "Show which rules a text sets off, and how far each comes",
		Long: doc(`
			Read a text and show, for each word that sets off a rule, whether the rule
			matches or what it misses: the name of an argument, "require", "unless", "pos"
			where the word is of another part of speech, or "fallback" where another rule
			was first. The facts follow, each with its rule. Facts that come from no rule's
			word (names, titles, treaties and their topics) are among them.`),
		Example: doc(`
			$ demarc rules trace "Shikotan, claimed by Japan, is held by Russia."
			$ demarc rules trace --country Croatia "claims the east bank of the Danube"`),
		Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, texts []string) error {
			opts.text = texts[0]
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return rulesTraceRun(cmd.Context(), opts)
		},
	}
	cmd.Flags().StringVar(&opts.country, "country", "", "`state` whose entry the text is")
	addDateFlag(cmd, &opts.date, "date", "date of publication of the text")
	addRulesFlags(cmd, &opts.rulesOptions)
	return cmd
}

// attemptJSON is a rule that was tried, as it is printed with --json.
type attemptJSON struct {
	Rule    string `json:"rule"`
	Trigger string `json:"trigger"`
	Matched bool   `json:"matched"`
	Missing string `json:"missing,omitempty"`
}

func rulesTraceRun(ctx context.Context, opts *rulesTraceOptions) error {
	f := opts.f
	attempts := []attemptJSON{}
	x, err := newRulesExtractor(opts.data, extract.WithTrace(func(s *frame.Sentence, r *rule.Rule, trigger int, missing string) {
		attempts = append(attempts, attemptJSON{r.ID, s.Tokens[trigger].Text, missing == "", missing})
	}))
	if err != nil {
		return err
	}
	facts, err := x.Extract(ctx, &schema.Document{ID: "text", Text: opts.text, Country: opts.country, Date: opts.date})
	if err != nil {
		return err
	}
	if opts.json {
		if facts == nil {
			facts = []schema.Fact{}
		}
		return f.writeJSON(struct {
			Rules []attemptJSON `json:"rules"`
			Facts []schema.Fact `json:"facts"`
		}{attempts, facts})
	}
	t := f.newTable(column{title: "WORD"}, column{title: "RULE"}, column{title: "RESULT", flex: true})
	for _, a := range attempts {
		result := "matches"
		if !a.Matched {
			result = "misses " + a.Missing
		}
		if err := t.row(a.Trigger, a.Rule, result); err != nil {
			return err
		}
	}
	if err := t.end(); err != nil {
		return err
	}
	w := &errWriter{w: f.Out}
	if len(attempts) > 0 && len(facts) > 0 {
		w.printf("\n")
	}
	for i := range facts {
		w.printf("%s  %s\n", oneLine(facts[i].String()), f.paint(dim, "<"+facts[i].Rule+">"))
	}
	return w.err
}

// newRulesExtractor returns an extractor over the shipped data, with that of
// the folder before it if there is one.
func newRulesExtractor(folder string, opts ...extract.Option) (*extract.Extractor, error) {
	if folder != "" {
		fsys, err := dataFS(folder)
		if err != nil {
			return nil, err
		}
		opts = append(opts, extract.WithData(fsys))
	}
	return extract.New(opts...)
}

func addDataFlag(cmd *cobra.Command, dest *string) {
	cmd.Flags().StringVar(dest, "data", "", "`folder` with rules/, lexicon/ or gazetteer/ files to read beside, or in place of, the shipped ones")
	cmd.MarkFlagDirname("data") // the flag is there: no error
}

// dataFS returns the shipped data, with the files of a folder added: one of the
// same path stands in for the shipped one. Without a folder it is the shipped
// data alone.
func dataFS(folder string) (fs.FS, error) {
	if folder == "" {
		return data.FS, nil
	}
	if _, err := os.ReadDir(folder); err != nil {
		return nil, fmt.Errorf("--data: %w", err)
	}
	own := os.DirFS(folder)
	for _, name := range []string{"rules", "lexicon", "gazetteer", "models"} {
		if info, err := fs.Stat(own, name); err == nil && info.IsDir() {
			return data.Over(own), nil
		}
	}
	return nil, fmt.Errorf("--data: %s has no folder rules, lexicon, gazetteer or models", folder)
}

package eval_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/extract"
	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/internal/eval"
	"github.com/demarcgraph/demarc/internal/golden"
	"github.com/demarcgraph/demarc/internal/openie"
	"github.com/demarcgraph/demarc/internal/shared"
	"github.com/demarcgraph/demarc/internal/source"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/nlp/conllu"
	nlpeval "github.com/demarcgraph/demarc/nlp/eval"
)

// page is a document with sections that are written from scores.
type page struct {
	path, is string
}

func openPage(t *testing.T, elem ...string) *page {
	t.Helper()
	path := filepath.Join(append([]string{"..", ".."}, elem...)...)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return &page{path, string(text)}
}

// section replaces what stands between the marks of a name.
func (p *page) section(t *testing.T, name, body string) {
	t.Helper()
	begin, end := "<!-- begin "+name+" -->\n", "<!-- end "+name+" -->"
	before, rest, ok := strings.Cut(p.is, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no section %q", p.path, name)
	}
	p.is = before + begin + body + end + after
}

// close compares the page with what it was.
func (p *page) close(t *testing.T) {
	t.Helper()
	golden.Check(t, p.path, p.is)
}

// TestQuality scores what demarc reads and answers and compares the figures
// with those in docs/quality.md and the README, so that each change of them
// shows in a review. Sections whose data are not there are left as they are.
// Treebanks take long and are scored only where DEMARC_EVAL is set.
func TestQuality(t *testing.T) {
	quality, readme := openPage(t, "docs", "quality.md"), openPage(t, "README.md")
	x, err := extract.New()
	if err != nil {
		t.Fatal(err)
	}
	baseline := openie.New(parser(t))
	beside := "\n| set | | precision | recall | F1 | right | wrong | missing |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
	set := func(name, gold, questions string, docs ...string) (row string) {
		facts, answers := scoreFacts(t, x, gold, docs...), scoreAnswers(t, questions, docs...)
		beside += besideRow(name, "demarc", facts.All) + besideRow(name, "baseline", scoreFacts(t, baseline, gold, docs...).All)
		quality.section(t, name+" facts", factTable(facts))
		quality.section(t, name+" answers", answerTable(answers))
		return fmt.Sprintf("| %s | %.3f | %.3f | %.3f | %s | %s |\n", name, facts.All.Precision(), facts.All.Recall(), facts.All.F1(),
			share(answers.Right, answers.Questions), share(answers.TrueEvidence, answers.Answered))
	}
	rows := "\n| set | facts: precision | recall | F1 | questions answered exactly right | answers with true evidence |\n| --- | ---: | ---: | ---: | ---: | ---: |\n"
	complete := true
	if gold, ok := shared.Find("eval", "gold-dev.jsonl"); ok {
		dir := filepath.Dir(filepath.Dir(gold))
		corpus := filepath.Join(dir, "corpus")
		rows += set("development", gold, filepath.Join(dir, "eval", "questions-dev.jsonl"),
			filepath.Join(corpus, "factbook-dev.jsonl"), filepath.Join(corpus, "seed-kurils-2022.txt"))
		if os.Getenv("DEMARC_EVAL") != "" {
			banks := filepath.Join(dir, "treebank")
			quality.section(t, "treebanks", bankTable(t, filepath.Join(banks, "en_ewt-dev.conllu.gz"), filepath.Join(banks, "en_gum-dev.conllu.gz")))
		}
	} else {
		complete = false
		t.Log("without the evaluation data beside the repository (or in DEMARC_SHARED), only our own set is scored")
	}
	if own := filepath.Join("testdata", "own"); exists(filepath.Join(own, "gold.jsonl")) {
		rows += set("own", filepath.Join(own, "gold.jsonl"), filepath.Join(own, "questions.jsonl"), filepath.Join(own, "docs.jsonl"))
	}
	if complete {
		quality.section(t, "baseline", beside+"\n")
		readme.section(t, "quality", rows+"\n")
	}
	quality.close(t)
	readme.close(t)
}

// TestNews keeps what has been learnt from the news items that rules were mended
// with.
func TestNews(t *testing.T) {
	keeps(t, "own2", 0.82, 0.85)
	keeps(t, "own4", 0.74, 0.82)
	keeps(t, "own5", 0.82, 0.89)
	keeps(t, "own6", 0.79, 0.92)
}

// TestNotes keeps what has been learnt from notes, treaties and statements.
func TestNotes(t *testing.T) {
	keeps(t, "own3", 0.76, 0.84)
	keeps(t, "own7", 0.84, 0.93)
}

// TestHeldOut tells how text is read that no rule was mended by.
func TestHeldOut(t *testing.T) { keeps(t, "own9", 0.61, 0.80) }

// keeps fails where the documents of a folder under testdata are read worse than
// they were.
func keeps(t *testing.T, folder string, f1, precision float64) {
	t.Helper()
	dir := filepath.Join("testdata", folder)
	x, err := extract.New()
	if err != nil {
		t.Fatal(err)
	}
	score := scoreFacts(t, x, filepath.Join(dir, "gold.jsonl"), filepath.Join(dir, "docs.jsonl"))
	if f, p := score.All.F1(), score.All.Precision(); f < f1 || p < precision {
		t.Errorf("%s: F1 %.3f, precision %.3f; want at least %.2f and %.2f", folder, f, p, f1, precision)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func records[T any](t *testing.T, path string) []T {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []T
	for v, err := range eval.Lines[T](f) {
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out = append(out, v)
	}
	return out
}

func scoreFacts(t *testing.T, x graph.Extractor, gold string, docs ...string) *eval.FactScore {
	t.Helper()
	var facts []eval.Fact
	for doc, err := range source.Open(t.Context(), docs, source.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		found, err := x.Extract(t.Context(), doc)
		if err != nil {
			t.Fatal(err)
		}
		scored, err := eval.FromFacts(found)
		if err != nil {
			t.Fatal(err)
		}
		facts = append(facts, scored...)
	}
	return eval.ScoreFacts(records[eval.GoldDoc](t, gold), facts)
}

// besideRow is a row of the table of demarc and the baseline.
func besideRow(set, name string, c eval.Counts) string {
	return fmt.Sprintf("| %s | %s | %.3f | %.3f | %.3f | %d | %d | %d |\n", set, name, c.Precision(), c.Recall(), c.F1(), c.Right, c.Wrong, c.Missing)
}

func factTable(s *eval.FactScore) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%d documents.\n\n| predicate | precision | recall | F1 | right | wrong | missing |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n", s.Documents)
	row := func(name string, c eval.Counts) {
		fmt.Fprintf(&b, "| %s | %.3f | %.3f | %.3f | %d | %d | %d |\n", name, c.Precision(), c.Recall(), c.F1(), c.Right, c.Wrong, c.Missing)
	}
	for _, p := range s.Predicates {
		row("`"+string(p.Predicate)+"`", p.Counts)
	}
	row("**all**", s.All)
	fmt.Fprintf(&b, "\nQualifiers right: %s. Attribution right: %s.\n\n", share(s.QualifiersRight, s.Qualifiers), share(s.AttributionRight, s.Attributions))
	return b.String()
}

func share(part, whole int) string {
	if whole == 0 {
		return "none"
	}
	return fmt.Sprintf("%d of %d (%.3f)", part, whole, float64(part)/float64(whole))
}

func scoreAnswers(t *testing.T, questions string, docs ...string) *eval.AnswerScore {
	t.Helper()
	ctx := t.Context()
	g, err := graph.Open(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	texts := map[string]string{}
	for doc, err := range source.Open(ctx, docs, source.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.Load(ctx, doc); err != nil {
			t.Fatal(err)
		}
		texts[doc.ID] = doc.Text
	}
	qs := records[eval.Question](t, questions)
	var answers []eval.Answer
	for _, q := range qs {
		answers = append(answers, answer(ctx, t, g, q))
	}
	return eval.ScoreAnswers(qs, answers, texts)
}

func answerTable(s *eval.AnswerScore) string {
	return fmt.Sprintf("\n| questions | exactly right | mean F1 | rightly withheld | wrongly withheld | true evidence |\n"+
		"| ---: | ---: | ---: | ---: | ---: | ---: |\n| %d | %s | %.3f | %d of %d | %d | %s |\n\n",
		s.Questions, share(s.Right, s.Questions), s.MeanF1, s.RightlyWithheld, s.Unanswerable, s.WronglyWithheld, share(s.TrueEvidence, s.Answered))
}

func answer(ctx context.Context, t *testing.T, g *graph.Graph, q eval.Question) eval.Answer {
	t.Helper()
	a, err := g.Ask(ctx, q.Question, ask.Options{NoNearest: true})
	if err != nil {
		t.Fatalf("question %s: %v", q.ID, err)
	}
	return eval.FromAnswer(q.ID, a.Abstained, a.Evidence, func(yield func(string, []string) bool) {
		for _, item := range a.Answers {
			if !yield(item.Name, item.Aliases) {
				return
			}
		}
	})
}

func parser(t *testing.T) *nlp.Pipeline {
	t.Helper()
	models, err := fs.Sub(data.FS, "models")
	if err != nil {
		t.Fatal(err)
	}
	p, err := nlp.Load(models)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func bankTable(t *testing.T, banks ...string) string {
	t.Helper()
	p := parser(t)
	var b strings.Builder
	b.WriteString("\n| treebank | sentences, F1 | words, F1 | universal tags | Penn tags | lemmas | UAS | LAS |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for _, path := range banks {
		f, err := conllu.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := nlpeval.Evaluate(t.Context(), f, p)
		f.Close()
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		name, _, _ := strings.Cut(filepath.Base(path), ".")
		fmt.Fprintf(&b, "| %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |\n", name, s.Sentences.Percent(), s.Words.Percent(),
			s.UPOS.Percent(), s.XPOS.Percent(), s.Lemma.Percent(), s.UAS.Percent(), s.LAS.Percent())
	}
	b.WriteString("\n")
	return b.String()
}

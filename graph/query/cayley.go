package query

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	cayley "github.com/cayleygraph/cayley/graph"
	cayleyquery "github.com/cayleygraph/cayley/query"
	"github.com/cayleygraph/cayley/query/gizmo"
	"github.com/cayleygraph/cayley/query/graphql"
	"github.com/cayleygraph/cayley/query/mql"
	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/internal/rdf"
)

// runCayley runs a query in one of Cayley's languages. One row more than limit
// is fetched, to know whether there are more.
func runCayley(ctx context.Context, g *guard, s Snapshot, language Language, text string, limit int) (result *Result, err error) {
	defer func() { // Cayley's parsers and Gizmo's bindings panic on some input
		if p := recover(); p != nil {
			err = fmt.Errorf("the query cannot be run: %v", p)
		}
	}()
	qs := guardedStore{s.QuadStore(), g}
	var session cayleyquery.Session
	collation := cayleyquery.Raw
	switch language {
	case Gizmo:
		session = gizmo.NewSession(qs)
	case GraphQL:
		session = graphql.NewSession(qs)
	default:
		session, collation = mql.NewSession(qs), cayleyquery.JSON
	}
	options := cayleyquery.Options{Collation: collation, Limit: limit + 1}
	if limit < 0 {
		options.Limit = -1
	}
	it, err := session.Execute(ctx, text, options)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	var bindings []map[string]Term
	trees := &Result{Form: Trees, Columns: []string{"field", "value"}, Rows: [][]Term{}}
	for it.Next(ctx) {
		r := it.Result()
		if row, ok := r.(*gizmo.Result); ok {
			b, err := gizmoRow(qs, row)
			if err != nil {
				return nil, err
			}
			if b != nil {
				bindings = append(bindings, b)
			}
		} else if fields, ok := r.(map[string]any); ok && language == GraphQL {
			for _, field := range slices.Sorted(maps.Keys(fields)) {
				if err := trees.addTree(field, fields[field]); err != nil {
					return nil, err
				}
			}
		} else if err := trees.addTree("", r); err != nil {
			return nil, err
		}
		if limit > 0 && len(bindings)+len(trees.Rows) > limit {
			break
		}
	}
	if err := it.Err(); err != nil {
		return nil, err
	}
	if language != Gizmo {
		return trees, nil
	}
	return tabulate(bindings), nil
}

// gizmoRow turns one result of a Gizmo query into a row; nil where the result
// is only the script's last value.
func gizmoRow(qs cayley.QuadStore, r *gizmo.Result) (map[string]Term, error) {
	if r.Meta {
		return nil, nil
	}
	if r.Tags == nil {
		if fields, ok := r.Val.(map[string]any); ok {
			row := map[string]Term{}
			for k, v := range fields {
				t, err := jsonTerm(v)
				if err != nil {
					return nil, err
				}
				row[k] = t
			}
			return row, nil
		}
		t, err := jsonTerm(r.Val)
		return map[string]Term{"value": t}, err
	}
	row := map[string]Term{}
	for tag, ref := range r.Tags {
		v, err := qs.NameOf(ref)
		if err != nil {
			return nil, err
		}
		if v != nil {
			row[tag] = termOf(v)
		}
	}
	return row, nil
}

// tabulate gives every row all columns: id first, then the alphabet.
func tabulate(bindings []map[string]Term) *Result {
	columns := map[string]bool{}
	for _, row := range bindings {
		for c := range row {
			columns[c] = true
		}
	}
	r := &Result{Form: Bindings, Columns: []string{}, Rows: [][]Term{}}
	if columns[gizmo.TopResultTag] {
		r.Columns = append(r.Columns, gizmo.TopResultTag)
		delete(columns, gizmo.TopResultTag)
	}
	r.Columns = append(r.Columns, slices.Sorted(maps.Keys(columns))...)
	for _, b := range bindings {
		row := make([]Term, len(r.Columns))
		for i, c := range r.Columns {
			row[i] = b[c]
		}
		r.Rows = append(r.Rows, row)
	}
	return r
}

// addTree adds a row for each element of a field.
func (r *Result) addTree(field string, value any) error {
	values := []any{value}
	switch list := value.(type) {
	case []map[string]any:
		values = values[:0]
		for _, v := range list {
			values = append(values, v)
		}
	case []any:
		values = list
	}
	for _, v := range values {
		tree, err := treeTerm(v)
		if err != nil {
			return err
		}
		r.Rows = append(r.Rows, []Term{{Kind: Literal, Value: field}, tree})
	}
	return nil
}

// jsonTerm is a value that a script made: a string stays one, all else is JSON.
func jsonTerm(v any) (Term, error) {
	if s, ok := v.(string); ok {
		return Term{Kind: Literal, Value: s}, nil
	}
	if t, ok := v.(quad.Value); ok {
		return termOf(t), nil
	}
	return treeTerm(v)
}

func treeTerm(v any) (Term, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(plain(v))
	return Term{Kind: JSON, Value: strings.TrimSuffix(b.String(), "\n")}, err
}

// plain replaces the store's terms in a tree: IRIs and literals by strings,
// numbers by numbers.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[k] = plain(e)
		}
		return out
	case []map[string]any:
		return plainList(v)
	case []any:
		return plainList(v)
	case []quad.Value:
		return plainList(v)
	case quad.IRI:
		return string(v)
	case quad.BNode:
		return "_:" + string(v)
	case quad.Int, quad.Float, quad.Bool:
		return v.(quad.Value).Native()
	case quad.Value:
		lexical, _, _, _ := rdf.Lexical(v)
		return lexical
	default:
		return v
	}
}

func plainList[T any](list []T) []any {
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = plain(e)
	}
	return out
}

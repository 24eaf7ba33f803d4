package query

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	rdflib "github.com/tggo/goRDFlib"
	"github.com/tggo/goRDFlib/graph"
	"github.com/tggo/goRDFlib/sparql"
	rdfstore "github.com/tggo/goRDFlib/store"
	"github.com/tggo/goRDFlib/term"

	"github.com/demarcgraph/demarc/graph/internal/rdf"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// runSPARQL parses and evaluates with goRDFlib, which reads the snapshot
// through an adapter. The evaluator has no context and no join order: the
// adapter stops it, and the patterns are brought into a good order before.
func runSPARQL(ctx context.Context, g *guard, s Snapshot, ns schema.Namespace, text string) (*Result, error) {
	type outcome struct {
		result *sparql.Result
		err    error
	}
	done := make(chan outcome, 1) // whoever gives up does not block the other
	go func() {
		var out outcome
		defer func() {
			switch p := recover().(type) {
			case nil:
			case stop:
				out.err = p.err
			default:
				out.err = fmt.Errorf("the query cannot be run: %v", p)
			}
			done <- out
		}()
		reads := 0
		out.result, out.err = evalSPARQL(&source{ctx: ctx, g: g, s: s, reads: &reads}, ns, text)
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case out := <-done:
		if out.err != nil {
			return nil, out.err
		}
		return sparqlResult(out.result), nil
	}
}

func evalSPARQL(x *source, ns schema.Namespace, text string) (*sparql.Result, error) {
	var prologue strings.Builder // on the query's own first line, so that errors name the right one
	for _, p := range ns.Prefixes() {
		fmt.Fprintf(&prologue, "PREFIX %s: <%s> ", p.Name, p.IRI)
	}
	q, err := sparql.Parse(prologue.String() + text)
	if err != nil {
		return nil, fmt.Errorf("the query does not parse: %w", err)
	}
	if namesGraphs.MatchString(text) {
		if q.NamedGraphs, err = x.namedGraphs(); err != nil {
			return nil, err
		}
	}
	o := &optimizer{x: x, prefixes: q.Prefixes, terms: schema.Terms()}
	o.dataset(q, text)
	q.Where = o.pattern(q.Where)
	if o.err != nil {
		return nil, o.err
	}
	return sparql.EvalQuery(x.graph(), q, nil)
}

var fromClause = regexp.MustCompile(`(?i)(?:^|[\s}>])FROM\s+(NAMED\s+)?(<[^>]*>|[\pL\pN_.-]*:[^\s{]*)`)

// dataset does what the clauses FROM and FROM NAMED say, which the parser
// skips.
func (o *optimizer) dataset(q *sparql.ParsedQuery, text string) {
	clauses := fromClause.FindAllStringSubmatch(text, -1)
	if clauses == nil {
		return
	}
	named := map[string]*rdflib.Graph{}
	o.x.some = []quad.Value{}
	for _, c := range clauses {
		o.check(c[2])
		iri, _ := o.constant(c[2]).(quad.IRI)
		if c[1] == "" {
			o.x.some = append(o.x.some, iri)
		} else if g, ok := q.NamedGraphs[string(iri)]; ok {
			named[string(iri)] = g
		}
	}
	q.NamedGraphs = named
}

var namesGraphs = regexp.MustCompile(`(?i)\bgraph\b`)

// stop carries an error through the evaluator, which knows none.
type stop struct{ err error }

// source shows the quads of one label, or of all together, to the evaluator.
type source struct {
	rdfstore.Store // nil: what is not overridden is never called on a query

	ctx   context.Context
	g     *guard
	s     Snapshot
	label quad.Value   // nil for all
	some  []quad.Value // these instead of all, where not nil
	reads *int         // of the whole query
}

func (x *source) graph() *graph.Graph { return graph.NewGraphFromStore(x, nil) }

func (x *source) namedGraphs() (map[string]*rdflib.Graph, error) {
	if err := x.g.enter(); err != nil {
		return nil, err
	}
	defer x.g.leave()
	named := map[string]*rdflib.Graph{}
	for label, err := range x.s.Labels(x.ctx) {
		if err != nil {
			return nil, err
		}
		if iri, ok := label.(quad.IRI); ok {
			own := *x
			own.label, own.some = label, nil
			named[string(iri)] = own.graph()
		}
	}
	return named, x.ctx.Err()
}

func (x *source) ContextAware() bool { return false }

// Triples reads all matches before it yields the first, so that the snapshot
// is not in use while the evaluator computes.
func (x *source) Triples(p term.TriplePattern, _ term.Term) rdfstore.TripleIterator {
	return func(yield func(term.Triple) bool) {
		for _, t := range x.match(p) {
			if !yield(t) {
				return
			}
		}
	}
}

func (x *source) match(p term.TriplePattern) (triples []term.Triple) {
	if err := x.g.enter(); err != nil {
		panic(stop{err})
	}
	defer x.g.leave()
	pattern := store.Pattern{Label: x.label}
	if p.Subject != nil {
		pattern.Subject = valueOf(p.Subject)
	}
	if p.Predicate != nil {
		pattern.Predicate = valueOf(*p.Predicate)
	}
	if p.Object != nil {
		pattern.Object = valueOf(p.Object)
	}
	var last quad.Quad
	for q, err := range x.s.Match(x.ctx, pattern) {
		if err != nil {
			panic(stop{err})
		}
		if x.some != nil && !slices.Contains(x.some, q.Label) {
			continue
		}
		q.Label = nil
		if q == last { // one triple under several labels; the indexes keep it together
			continue
		}
		last = q
		if *x.reads++; *x.reads > MaxReads {
			panic(stop{ErrTooLarge})
		}
		subject, ok := rdfTerm(q.Subject).(term.Subject)
		predicate, isIRI := rdfTerm(q.Predicate).(term.URIRef)
		if ok && isIRI {
			triples = append(triples, term.Triple{Subject: subject, Predicate: predicate, Object: rdfTerm(q.Object)})
		}
	}
	return triples
}

// valueOf and rdfTerm translate between the store's terms and goRDFlib's.
func valueOf(t term.Term) quad.Value {
	switch t := t.(type) {
	case term.URIRef:
		return quad.IRI(t.Value())
	case term.BNode:
		return quad.BNode(t.Value())
	case term.Literal:
		switch {
		case t.Language() != "":
			return quad.LangString{Value: quad.String(t.Lexical()), Lang: t.Language()}
		case t.Datatype().Value() == "" || t.Datatype() == term.XSDString:
			return quad.String(t.Lexical())
		case t.Datatype() == term.XSDBoolean:
			return quad.Bool(t.Lexical() == "true" || t.Lexical() == "1")
		}
		return quad.TypedString{Value: quad.String(t.Lexical()), Type: quad.IRI(t.Datatype().Value())}
	}
	return quad.String(t.String())
}

func rdfTerm(v quad.Value) term.Term {
	switch v := v.(type) {
	case quad.IRI:
		return term.NewURIRefUnsafe(string(v))
	case quad.BNode:
		return term.NewBNode(string(v))
	}
	lexical, datatype, lang, _ := rdf.Lexical(v)
	switch {
	case lang != "":
		return term.NewLiteral(lexical, term.WithLang(lang))
	case datatype != "":
		return term.NewLiteral(lexical, term.WithDatatype(term.NewURIRefUnsafe(datatype)))
	}
	return term.NewLiteral(lexical)
}

func sparqlResult(r *sparql.Result) *Result {
	switch r.Type {
	case "ASK":
		answer := Term{Kind: Literal, Value: fmt.Sprint(r.AskResult), Datatype: schema.XSD + "boolean"}
		return &Result{Form: Boolean, Columns: []string{"ask"}, Rows: [][]Term{{answer}}}
	case "CONSTRUCT":
		out := &Result{Form: Triples, Columns: []string{"subject", "predicate", "object"}, Rows: [][]Term{}}
		r.Graph.Triples(nil, nil, nil)(func(t term.Triple) bool {
			out.Rows = append(out.Rows, []Term{
				termOf(valueOf(t.Subject)), termOf(valueOf(t.Predicate)), termOf(valueOf(t.Object))})
			return true
		})
		slices.SortFunc(out.Rows, func(a, b []Term) int { // goRDFlib keeps them in maps
			return slices.CompareFunc(a, b, func(x, y Term) int {
				return strings.Compare(fmt.Sprint(x), fmt.Sprint(y))
			})
		})
		return out
	}
	out := &Result{Form: Bindings, Columns: append([]string{}, r.Vars...), Rows: [][]Term{}}
	for _, b := range r.Bindings {
		row := make([]Term, len(r.Vars))
		for i, v := range r.Vars {
			if t, ok := b[v]; ok && t != nil {
				row[i] = termOf(valueOf(t))
			}
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// optimizer rewrites the patterns of a query for an evaluator that runs the
// triples of a basic graph pattern in the order they were written, and that
// takes a literal in the place of a subject for "any subject".
type optimizer struct {
	x        *source
	prefixes map[string]string
	terms    map[string]schema.ContextTerm
	err      error // the first fault found on the way
}

func (o *optimizer) pattern(p sparql.Pattern) sparql.Pattern {
	switch p := p.(type) {
	case *sparql.BGP:
		for _, t := range p.Triples {
			for _, part := range []string{t.Subject, t.Predicate, t.Object} {
				o.check(part)
			}
		}
		p.Triples = o.order(p.Triples)
		return o.subjects(p)
	case *sparql.JoinPattern:
		p.Left, p.Right = o.pattern(p.Left), o.pattern(p.Right)
	case *sparql.OptionalPattern:
		p.Main, p.Optional = o.pattern(p.Main), o.pattern(p.Optional)
	case *sparql.UnionPattern:
		p.Left, p.Right = o.pattern(p.Left), o.pattern(p.Right)
	case *sparql.MinusPattern:
		p.Left, p.Right = o.pattern(p.Left), o.pattern(p.Right)
	case *sparql.FilterPattern:
		p.Pattern = o.pattern(p.Pattern)
	case *sparql.BindPattern:
		p.Pattern = o.pattern(p.Pattern)
	case *sparql.GraphPattern:
		p.Pattern = o.pattern(p.Pattern)
	case *sparql.SubqueryPattern:
		p.Query.Where = o.pattern(p.Query.Where)
	}
	return p
}

var prefixed = regexp.MustCompile(`^([\pL][\pL\pN_.-]*)?:`)

// check refuses a name whose prefix is not declared, which the evaluator would
// take for a variable.
func (o *optimizer) check(part string) {
	if m := prefixed.FindStringSubmatch(part); m != nil && o.err == nil {
		if _, ok := o.prefixes[m[1]]; !ok {
			o.err = fmt.Errorf("the prefix of %s is not declared: add PREFIX %s: <…>", part, m[1])
		}
	}
}

// order puts the rarest triple first and then, each time, the one that the
// variables bound so far narrow most.
func (o *optimizer) order(triples []sparql.Triple) []sparql.Triple {
	rest := slices.Clone(triples)
	bound := map[string]bool{}
	var ordered []sparql.Triple
	for len(rest) > 0 {
		best, least := 0, math.Inf(1)
		for i, t := range rest {
			if c := o.cost(t, bound); c < least {
				best, least = i, c
			}
		}
		t := rest[best]
		rest = slices.Delete(rest, best, best+1)
		ordered = append(ordered, t)
		for _, part := range []string{t.Subject, t.Predicate, t.Object} {
			bound[part] = true
		}
	}
	return ordered
}

// cost estimates how many triples a pattern matches for each solution so far:
// the count of its rarest constant, less where a variable is bound.
func (o *optimizer) cost(t sparql.Triple, bound map[string]bool) float64 {
	count := func(p store.Pattern) float64 {
		n, err := guarded(o.x.g, func() (int64, error) { return o.x.s.Count(o.x.ctx, p) })
		if err != nil { // the evaluation will meet it again
			return math.MaxInt32
		}
		return float64(n)
	}
	cost := count(store.Pattern{})
	if t.PredicatePath != nil {
		cost *= 2
	} else if v := o.constant(t.Predicate); v != nil {
		cost = min(cost, count(store.Pattern{Predicate: v}))
	}
	if v := o.constant(t.Subject); v != nil {
		cost = min(cost, count(store.Pattern{Subject: v})/10)
	} else if bound[t.Subject] {
		cost = min(cost/100, 10)
	}
	if v := o.constant(t.Object); v != nil {
		cost = min(cost, count(store.Pattern{Object: v}))
	} else if bound[t.Object] {
		cost = min(cost/100, 100)
	}
	return cost
}

// constant returns the IRI that a part of a pattern is, nil for variables and
// literals.
func (o *optimizer) constant(part string) quad.Value {
	if strings.HasPrefix(part, "<") && strings.HasSuffix(part, ">") && !strings.HasPrefix(part, "<<") {
		return quad.IRI(part[1 : len(part)-1])
	}
	if prefix, local, ok := strings.Cut(part, ":"); ok && !strings.HasPrefix(part, "?") && !strings.HasPrefix(part, `"`) {
		if ns, ok := o.prefixes[prefix]; ok {
			return quad.IRI(ns + local)
		}
	}
	return nil
}

// subjects sees to it that variables which stand for subjects are never bound
// to literals, where an earlier triple of the pattern could do so.
func (o *optimizer) subjects(p *sparql.BGP) sparql.Pattern {
	var out sparql.Pattern = p
	objects := map[string]bool{}
	for _, t := range p.Triples {
		if objects[t.Subject] {
			isLiteral := &sparql.FuncExpr{Name: "ISLITERAL", Args: []sparql.Expr{&sparql.VarExpr{Name: t.Subject[1:]}}}
			out = &sparql.FilterPattern{Pattern: out, Expr: &sparql.UnaryExpr{Op: "!", Arg: isLiteral}}
			delete(objects, t.Subject)
		}
		if strings.HasPrefix(t.Object, "?") && o.mayBeLiteral(o.constant(t.Predicate)) {
			objects[t.Object] = true
		}
	}
	return out
}

// mayBeLiteral reports whether a property, nil for any, may have literals. Of
// demarc's own the schema says so.
func (o *optimizer) mayBeLiteral(p quad.Value) bool {
	iri, ok := p.(quad.IRI)
	if !ok {
		return true
	}
	t, ok := o.terms[string(iri)]
	return !ok || t.Type != "@id" && t.Type != "@vocab"
}

package shacl

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/internal/rdf"
	"github.com/demarcgraph/demarc/graph/query/internal/sparql"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// Graph is what is validated: a [store.Snapshot]. Its labels make no difference.
type Graph interface {
	Match(ctx context.Context, p store.Pattern) iter.Seq2[quad.Quad, error]
}

// Result is one thing that is wrong: a sh:ValidationResult.
type Result struct {
	Focus     string `json:"focus"`          // the node, as in N-Triples
	Path      string `json:"path,omitempty"` // the property, with a prefix where there is one
	Value     string `json:"value,omitempty"`
	Component string `json:"component"` // the constraint component, such as MinCountConstraintComponent
	Shape     string `json:"shape"`     // whose constraint it is
	Severity  string `json:"severity"`  // Violation, Warning or Info
	Message   string `json:"message"`

	focus, value, severity, shape quad.Value
	path                          path
}

// Report is what validation has found.
type Report struct {
	Conforms   bool     `json:"conforms"`   // nothing
	Violations int      `json:"violations"` // how many results are of the severity Violation
	Nodes      int      `json:"nodes"`      // how often a node was looked at as a target
	Results    []Result `json:"results"`    // in the order of shapes and nodes
	Limited    bool     `json:"limited,omitempty"`
}

// MostResults is how many results a report has at most.
const MostResults = 10_000

// Validate reports what in g does not have the shapes that it should.
func (s *Shapes) Validate(ctx context.Context, g Graph) (*Report, error) {
	v := &validation{ctx: ctx, g: g, report: &Report{Results: []Result{}}, types: map[quad.Value][]quad.Value{}, below: map[quad.Value][]quad.Value{},
		have: map[quad.Value]map[quad.IRI][]quad.Value{}, tried: map[trial]bool{}}
	for _, shape := range s.targeted {
		err := v.targets(shape, func(focus quad.Value) error {
			v.report.Nodes++
			return v.shape(shape, focus)
		})
		if err == errFull {
			v.report.Limited = true
			break
		}
		if err != nil {
			return nil, err
		}
	}
	v.report.Conforms = len(v.report.Results) == 0
	for _, r := range v.report.Results {
		if r.severity == sh("Violation") {
			v.report.Violations++
		}
	}
	return v.report, nil
}

// validation is the state of Validate.
type validation struct {
	ctx    context.Context
	g      Graph
	report *Report
	trying int  // shapes that are only tried
	failed bool // one that is tried
	at     path // where a node shape finds fault with a property; else nil

	have   map[quad.Value]map[quad.IRI][]quad.Value // properties of the latest nodes
	types  map[quad.Value][]quad.Value              // of some nodes
	tried  map[trial]bool                           // shapes that some nodes have, or have not
	below  map[quad.Value][]quad.Value              // classes, and those below them
	nested int
}

// trial is a node that a shape is tried on.
type trial struct {
	s    *shape
	node quad.Value
}

var (
	errFull   = fmt.Errorf("shacl: more than %d results", MostResults)
	errNested = fmt.Errorf("shacl: shapes refer to one another more than %d deep", deepest)
)

// mostCached is how many nodes' types and trials are remembered, and mostNodes
// of how many all properties are.
const mostCached, mostNodes = 1 << 16, 64

// each calls do with the quads of a pattern.
func (v *validation) each(p store.Pattern, do func(quad.Quad) error) error {
	for q, err := range v.g.Match(v.ctx, p) {
		if err != nil {
			return err
		}
		if err := do(q); err != nil {
			return err
		}
	}
	return v.ctx.Err()
}

// targets calls do with each target of a shape, once.
func (v *validation) targets(s *shape, do func(quad.Value) error) error {
	var patterns []store.Pattern
	for _, class := range s.classes {
		classes, err := v.classes(class)
		if err != nil {
			return err
		}
		for _, c := range classes {
			patterns = append(patterns, store.Pattern{Predicate: rdfType, Object: c})
		}
	}
	for _, p := range s.subjectsOf {
		patterns = append(patterns, store.Pattern{Predicate: p})
	}
	subjects := len(patterns)
	for _, p := range s.objectsOf {
		patterns = append(patterns, store.Pattern{Predicate: p})
	}
	seen := map[quad.Value]bool{}
	visit := func(n quad.Value) error {
		if seen[n] {
			return nil
		}
		seen[n] = true
		return do(n)
	}
	for _, n := range s.nodes {
		if err := visit(n); err != nil {
			return err
		}
	}
	for i, p := range patterns {
		err := v.each(p, func(q quad.Quad) error {
			if i < subjects {
				return visit(q.Subject)
			}
			return visit(q.Object)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// classes returns a class and those below it in the graph.
func (v *validation) classes(class quad.Value) ([]quad.Value, error) {
	if all, ok := v.below[class]; ok {
		return all, nil
	}
	all := []quad.Value{class}
	for i := 0; i < len(all); i++ {
		err := v.each(store.Pattern{Predicate: subClassOf, Object: all[i]}, func(q quad.Quad) error {
			if !slices.Contains(all, q.Subject) {
				all = append(all, q.Subject)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	v.below[class] = all
	return all, nil
}

// is reports whether a node is of a class.
func (v *validation) is(node, class quad.Value) (bool, error) {
	if kindOf(node) == "literal" {
		return false, nil
	}
	types, ok := v.types[node]
	if !ok {
		err := v.each(store.Pattern{Subject: node, Predicate: rdfType}, func(q quad.Quad) error {
			types = append(types, q.Object)
			return nil
		})
		if err != nil {
			return false, err
		}
		if len(v.types) >= mostCached {
			clear(v.types)
		}
		v.types[node] = types
	}
	classes, err := v.classes(class)
	return slices.ContainsFunc(types, func(t quad.Value) bool { return slices.Contains(classes, t) }), err
}

// properties returns the properties of a node and their values, each once.
func (v *validation) properties(node quad.Value) (map[quad.IRI][]quad.Value, error) {
	have, ok := v.have[node]
	if ok {
		return have, nil
	}
	have = map[quad.IRI][]quad.Value{}
	if kindOf(node) != "literal" {
		err := v.each(store.Pattern{Subject: node}, func(q quad.Quad) error {
			p, ok := q.Predicate.(quad.IRI)
			// One triple under several labels comes in a row.
			if values := have[p]; ok && (len(values) == 0 || values[len(values)-1] != q.Object) {
				have[p] = append(values, q.Object)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(v.have) >= mostNodes {
		clear(v.have)
	}
	v.have[node] = have
	return have, nil
}

// follow returns the ends of a path from a node, each once.
func (v *validation) follow(p path, node quad.Value) ([]quad.Value, error) {
	var out []quad.Value
	add := func(more []quad.Value) {
		for _, n := range more {
			if !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	switch p := p.(type) {
	case step:
		have, err := v.properties(node)
		return have[quad.IRI(p)], err
	case inverse:
		iri, ok := p.p.(step)
		if !ok {
			return nil, fmt.Errorf("shacl: sh:inversePath of more than one predicate is not supported")
		}
		err := v.each(store.Pattern{Predicate: quad.IRI(iri), Object: node}, func(q quad.Quad) error {
			add([]quad.Value{q.Subject})
			return nil
		})
		return out, err
	case either:
		for _, part := range p {
			more, err := v.follow(part, node)
			if err != nil {
				return nil, err
			}
			add(more)
		}
	case sequence:
		out = []quad.Value{node}
		for _, part := range p {
			from := out
			out = nil
			for _, n := range from {
				more, err := v.follow(part, n)
				if err != nil {
					return nil, err
				}
				add(more)
			}
		}
	}
	return out, nil
}

// shape checks a focus node.
func (v *validation) shape(s *shape, focus quad.Value) error {
	if s.off {
		return nil
	}
	if v.nested++; v.nested > deepest {
		return errNested
	}
	defer func() { v.nested-- }()
	values := []quad.Value{focus}
	if s.path != nil {
		var err error
		if values, err = v.follow(s.path, focus); err != nil {
			return err
		}
	}
	for _, c := range s.constraints {
		var full error
		err := c.check(v, focus, values, func(value quad.Value, why string) {
			if v.trying > 0 {
				v.failed = true
				return
			}
			if len(v.report.Results) >= MostResults {
				full = errFull
				return
			}
			v.report.Results = append(v.report.Results, s.result(c.component, focus, v.at, value, why))
		})
		if err != nil || full != nil {
			if err == nil {
				err = full
			}
			return err
		}
	}
	return nil
}

// conforms tries a shape on a node.
func (v *validation) conforms(s *shape, node quad.Value) (bool, error) {
	if ok, known := v.tried[trial{s, node}]; known {
		return ok, nil
	}
	failed := v.failed
	v.trying++
	v.failed = false
	err := v.shape(s, node)
	ok := !v.failed
	v.trying--
	v.failed = failed
	if err == nil {
		if len(v.tried) >= mostCached {
			clear(v.tried)
		}
		v.tried[trial{s, node}] = ok
	}
	return ok, err
}

// result describes what a constraint does not like, at a property where the
// shape has no path of its own.
func (s *shape) result(component string, focus quad.Value, at path, value quad.Value, why string) Result {
	if s.path != nil {
		at = s.path
	}
	r := Result{
		Focus: store.Format(focus), Component: component + "ConstraintComponent", Shape: short(s.id),
		Severity: strings.TrimPrefix(text(s.severity), schema.SHACL), Message: why,
		focus: focus, value: value, severity: s.severity, shape: s.id, path: at,
	}
	if value != nil {
		r.Value = store.Format(value)
	}
	if at != nil {
		r.Path = fmt.Sprint(at)
	}
	if s.message != "" {
		r.Message = s.message
	}
	return r
}

func (p step) String() string     { return short(quad.IRI(p)) }
func (p inverse) String() string  { return fmt.Sprintf("^%v", p.p) }
func (p sequence) String() string { return joined(p, "/") }
func (p either) String() string   { return "(" + joined(p, "|") + ")" }

func joined(parts []path, sep string) string {
	var out []string
	for _, p := range parts {
		out = append(out, fmt.Sprint(p))
	}
	return strings.Join(out, sep)
}

// WriteTurtle writes the report as a sh:ValidationReport.
func (r *Report) WriteTurtle(w io.Writer) error {
	var b strings.Builder
	b.WriteString("@prefix sh: <" + schema.SHACL + "> .\n\n[] a sh:ValidationReport ;\n    sh:conforms " + fmt.Sprint(r.Conforms))
	for i := range r.Results {
		res := &r.Results[i]
		fmt.Fprintf(&b, " ;\n    sh:result [\n        a sh:ValidationResult ;\n        sh:focusNode %s", turtleTerm(res.focus))
		if res.path != nil {
			fmt.Fprintf(&b, " ;\n        sh:resultPath %s", turtlePath(res.path))
		}
		if res.value != nil {
			fmt.Fprintf(&b, " ;\n        sh:value %s", turtleTerm(res.value))
		}
		fmt.Fprintf(&b, " ;\n        sh:sourceConstraintComponent sh:%s ;\n        sh:sourceShape %s ;\n        sh:resultSeverity %s ;\n        sh:resultMessage %s ]",
			res.Component, turtleTerm(res.shape), turtleTerm(res.severity), store.Format(quad.String(res.Message)))
	}
	b.WriteString(" .\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func turtleTerm(v quad.Value) string { return store.Format(v) }

func turtlePath(p path) string {
	list := func(parts []path) string {
		var out []string
		for _, p := range parts {
			out = append(out, turtlePath(p))
		}
		return "( " + strings.Join(out, " ") + " )"
	}
	switch p := p.(type) {
	case inverse:
		return "[ sh:inversePath " + turtlePath(p.p) + " ]"
	case sequence:
		return list(p)
	case either:
		return "[ sh:alternativePath " + list(p) + " ]"
	}
	return turtleTerm(quad.IRI(p.(step)))
}

// kindsOf are the kinds of nodes by what sh:nodeKind calls them.
var kindsOf = map[quad.Value]string{
	sh("IRI"): "IRI", sh("BlankNode"): "blank node", sh("Literal"): "literal", sh("BlankNodeOrIRI"): "blank node or IRI",
	sh("BlankNodeOrLiteral"): "blank node or literal", sh("IRIOrLiteral"): "IRI or literal",
}

func kindOf(v quad.Value) string {
	switch v.(type) {
	case quad.IRI:
		return "IRI"
	case quad.BNode:
		return "blank node"
	}
	return "literal"
}

// text is what a literal says, or an IRI.
func text(v quad.Value) string {
	switch v := v.(type) {
	case quad.IRI:
		return string(v)
	case quad.BNode:
		return string(v)
	}
	lexical, _, _, _ := rdf.Lexical(v)
	return lexical
}

func language(v quad.Value) string {
	_, _, lang, _ := rdf.Lexical(v)
	return lang
}

// datatypeIs reports whether a node is a literal of a datatype, and written as
// that wants it.
func datatypeIs(node, datatype quad.Value) bool {
	_, have, lang, ok := rdf.Lexical(node)
	switch {
	case !ok:
		return false
	case lang != "":
		have = string(langLiteral)
	case have == "":
		have = schema.XSD + "string"
	}
	return have == text(datatype) && sparql.WellFormed(node)
}

// compare orders two literals; ok is false where they have no order.
func compare(a, b quad.Value) (c int, ok bool) {
	c, err := sparql.Compare(a, b)
	return c, err == nil
}

// same reports whether two terms are one: the store may write one in its own way.
func same(a, b quad.Value) bool { return a == b || store.Format(a) == store.Format(b) }

// short writes a term with one of the schema's prefixes.
func short(v quad.Value) string {
	if iri, ok := v.(quad.IRI); ok {
		return schema.Compact(string(iri), append(schema.Prefixes(), schema.Prefix{Name: "sh", IRI: schema.SHACL}))
	}
	return store.Format(v)
}

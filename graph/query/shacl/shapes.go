// Package shacl validates graphs by the core of SHACL, the Shapes Constraint
// Language of the W3C. It reads a graph node by node from its indexes, so that
// what it needs does not grow with the graph.
//
// Shapes may use all targets, paths of predicates, their inverses, sequences and
// alternatives, and the constraint components that [Parse] lists. What it does
// not know, such as constraints in SPARQL, it refuses rather than passes over.
package shacl

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/rdfio"
	"github.com/demarcgraph/demarc/schema"
)

func sh(name string) quad.IRI { return quad.IRI(schema.SHACL + name) }

const (
	rdfType     = quad.IRI(schema.RDF + "type")
	rdfFirst    = quad.IRI(schema.RDF + "first")
	rdfRest     = quad.IRI(schema.RDF + "rest")
	rdfNil      = quad.IRI(schema.RDF + "nil")
	subClassOf  = quad.IRI(schema.RDFS + "subClassOf")
	rdfsClass   = quad.IRI(schema.RDFS + "Class")
	owlClass    = quad.IRI(schema.OWL + "Class")
	langLiteral = quad.IRI(schema.RDF + "langString")
)

// Shapes are shapes ready to validate with. They are immutable and safe for
// concurrent use.
type Shapes struct {
	targeted []*shape // those with targets, in the order of their names
}

// shape is a node shape or, with a path, a property shape.
type shape struct {
	id          quad.Value
	name        string // for reports
	classes     []quad.Value
	nodes       []quad.Value
	subjectsOf  []quad.Value
	objectsOf   []quad.Value
	path        path // nil for a node shape
	constraints []constraint
	severity    quad.Value
	message     string
	off         bool
}

// constraint is what a constraint component asks of a shape's value nodes.
type constraint struct {
	component string // "MinCount", without ConstraintComponent
	// check calls bad for each value that does not fit, or with nil for the
	// focus node as a whole, and says why.
	check func(v *validation, focus quad.Value, values []quad.Value, bad func(value quad.Value, why string)) error
}

// source is the graph that shapes are written in.
type source map[quad.Value]map[quad.IRI][]quad.Value

// Builtin returns the shapes of demarc's own schema; see [schema.Shapes].
func Builtin() (*Shapes, error) { return Parse("demarc's own shapes", schema.Shapes()) }

// Parse reads shapes in Turtle, of a file called name. The constraint components
// are those of sh:class, datatype, nodeKind, minCount, maxCount, minExclusive,
// minInclusive, maxExclusive, maxInclusive, minLength, maxLength, pattern,
// languageIn, uniqueLang, equals, disjoint, lessThan, lessThanOrEquals, not, and,
// or, xone, node, property, closed, hasValue and in.
func Parse(name string, turtle []byte) (*Shapes, error) {
	g := source{}
	opts := rdfio.Options{Format: rdfio.Turtle}
	err := rdfio.Read(context.Background(), bytes.NewReader(turtle), opts, func(q quad.Quad) error {
		p, ok := q.Predicate.(quad.IRI)
		if !ok {
			return nil
		}
		if g[q.Subject] == nil {
			g[q.Subject] = map[quad.IRI][]quad.Value{}
		}
		if !slices.Contains(g[q.Subject][p], q.Object) {
			g[q.Subject][p] = append(g[q.Subject][p], q.Object)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := &parser{g: g, known: map[quad.Value]*shape{}}
	out := &Shapes{}
	nodes := slices.SortedFunc(maps.Keys(g), func(a, b quad.Value) int { return strings.Compare(quad.StringOf(a), quad.StringOf(b)) })
	for _, n := range nodes {
		props := g[n]
		isShape := slices.Contains(props[rdfType], quad.Value(sh("NodeShape"))) || slices.Contains(props[rdfType], quad.Value(sh("PropertyShape")))
		for _, t := range []string{"targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"} {
			isShape = isShape || len(props[sh(t)]) > 0
		}
		if !isShape {
			continue
		}
		s, err := p.shape(n)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if len(s.classes)+len(s.nodes)+len(s.subjectsOf)+len(s.objectsOf) > 0 && !s.off {
			out.targeted = append(out.targeted, s)
		}
	}
	if len(out.targeted) == 0 {
		return nil, fmt.Errorf("%s: it has no shape with a target", name)
	}
	return out, nil
}

type parser struct {
	g     source
	known map[quad.Value]*shape
}

// ignored are properties of shapes that validation does not look at.
var ignored = map[string]bool{
	"name": true, "description": true, "order": true, "group": true, "defaultValue": true, "flags": true, "ignoredProperties": true,
	"path": true, "severity": true, "message": true, "deactivated": true,
	"targetClass": true, "targetNode": true, "targetSubjectsOf": true, "targetObjectsOf": true,
}

func (p *parser) shape(n quad.Value) (*shape, error) {
	if s := p.known[n]; s != nil {
		return s, nil
	}
	props := p.g[n]
	s := &shape{id: n, name: short(n), severity: sh("Violation")}
	p.known[n] = s // a shape may come back to itself
	s.classes, s.nodes = slices.Clone(props[sh("targetClass")]), props[sh("targetNode")]
	s.subjectsOf, s.objectsOf = props[sh("targetSubjectsOf")], props[sh("targetObjectsOf")]
	if types := props[rdfType]; slices.Contains(types, quad.Value(rdfsClass)) || slices.Contains(types, quad.Value(owlClass)) {
		s.classes = append(s.classes, n)
	}
	fail := func(format string, args ...any) error {
		return fmt.Errorf("shape %s: %s", s.name, fmt.Sprintf(format, args...))
	}
	if v := props[sh("severity")]; len(v) > 0 {
		s.severity = v[0]
	}
	if v := props[sh("message")]; len(v) > 0 {
		s.message = text(v[0])
	}
	if v := props[sh("deactivated")]; len(v) > 0 {
		s.off = text(v[0]) == "true"
	}
	if v := props[sh("path")]; len(v) > 0 {
		var err error
		if s.path, err = p.path(v[0], 0); err != nil {
			return nil, fail("%v", err)
		}
		s.name = short(v[0])
	}
	for _, property := range slices.Sorted(maps.Keys(props)) {
		name, ok := strings.CutPrefix(string(property), schema.SHACL)
		if !ok || ignored[name] {
			continue
		}
		for _, value := range props[property] {
			c, err := p.constraint(name, value, props)
			if err != nil {
				return nil, fail("%v", err)
			}
			if c != nil {
				s.constraints = append(s.constraints, *c)
			}
		}
	}
	return s, nil
}

// list reads an RDF list.
func (p *parser) list(n quad.Value) ([]quad.Value, error) {
	var out []quad.Value
	for seen := map[quad.Value]bool{}; n != rdfNil; n = p.g[n][rdfRest][0] {
		if seen[n] || len(p.g[n][rdfFirst]) != 1 || len(p.g[n][rdfRest]) != 1 {
			return nil, fmt.Errorf("%s is no list", short(n))
		}
		seen[n] = true
		out = append(out, p.g[n][rdfFirst][0])
	}
	return out, nil
}

func (p *parser) shapes(list quad.Value) ([]*shape, error) {
	nodes, err := p.list(list)
	if err != nil {
		return nil, err
	}
	var out []*shape
	for _, n := range nodes {
		s, err := p.shape(n)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// path is how value nodes are found from a focus node.
type path interface{}

type (
	step     quad.IRI
	inverse  struct{ p path }
	sequence []path
	either   []path
)

// deepest is how deep paths may be nested.
const deepest = 50

func (p *parser) path(n quad.Value, depth int) (path, error) {
	if depth > deepest {
		return nil, fmt.Errorf("its path is nested more than %d deep", deepest)
	}
	if iri, ok := n.(quad.IRI); ok && iri != rdfNil {
		return step(iri), nil
	}
	props := p.g[n]
	parts := func(list quad.Value) (out []path, err error) {
		nodes, err := p.list(list)
		for _, n := range nodes {
			var q path
			if q, err = p.path(n, depth+1); err != nil {
				return nil, err
			}
			out = append(out, q)
		}
		return out, err
	}
	if v := props[sh("inversePath")]; len(v) == 1 {
		q, err := p.path(v[0], depth+1)
		return inverse{q}, err
	}
	if v := props[sh("alternativePath")]; len(v) == 1 {
		q, err := parts(v[0])
		return either(q), err
	}
	if len(props[rdfFirst]) > 0 {
		q, err := parts(n)
		return sequence(q), err
	}
	return nil, fmt.Errorf("its path %s is of a kind that is not supported: want predicates, sh:inversePath, sequences and sh:alternativePath", short(n))
}

func count(value quad.Value) (int, error) {
	n, err := strconv.Atoi(text(value))
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s: want a number from 0", short(value))
	}
	return n, nil
}

// constraint reads one parameter of a constraint component; nil for one that is
// part of another's.
func (p *parser) constraint(name string, value quad.Value, props map[quad.IRI][]quad.Value) (*constraint, error) {
	each := func(component, why string, ok func(v *validation, node quad.Value) (bool, error)) *constraint {
		return &constraint{component, func(v *validation, _ quad.Value, values []quad.Value, bad func(quad.Value, string)) error {
			for _, node := range values {
				fits, err := ok(v, node)
				if err != nil {
					return err
				}
				if !fits {
					bad(node, why)
				}
			}
			return nil
		}}
	}
	switch name {
	case "minCount", "maxCount":
		n, err := count(value)
		if err != nil {
			return nil, err
		}
		return &constraint{upper(name), func(_ *validation, _ quad.Value, values []quad.Value, bad func(quad.Value, string)) error {
			switch {
			case name == "minCount" && len(values) < n:
				bad(nil, fmt.Sprintf("there are %d, want at least %d", len(values), n))
			case name == "maxCount" && len(values) > n:
				bad(nil, fmt.Sprintf("there are %d, want at most %d", len(values), n))
			}
			return nil
		}}, nil
	case "class":
		return each("Class", "it is no "+short(value), func(v *validation, node quad.Value) (bool, error) { return v.is(node, value) }), nil
	case "datatype":
		return each("Datatype", "its datatype is not "+short(value), func(_ *validation, node quad.Value) (bool, error) { return datatypeIs(node, value), nil }), nil
	case "nodeKind":
		kinds := kindsOf[value]
		if kinds == "" {
			return nil, fmt.Errorf("there is no kind of node %s", short(value))
		}
		return each("NodeKind", "it is no "+kinds, func(_ *validation, node quad.Value) (bool, error) {
			return strings.Contains(kinds, kindOf(node)), nil
		}), nil
	case "minExclusive", "minInclusive", "maxExclusive", "maxInclusive":
		want := map[string]string{"minExclusive": "more than", "minInclusive": "at least", "maxExclusive": "less than", "maxInclusive": "at most"}[name]
		return each(upper(name), "want "+want+" "+text(value), func(_ *validation, node quad.Value) (bool, error) {
			c, ok := compare(node, value)
			return ok && map[string]bool{"minExclusive": c > 0, "minInclusive": c >= 0, "maxExclusive": c < 0, "maxInclusive": c <= 0}[name], nil
		}), nil
	case "minLength", "maxLength":
		n, err := count(value)
		if err != nil {
			return nil, err
		}
		why := fmt.Sprintf("want at least %d characters", n)
		if name == "maxLength" {
			why = fmt.Sprintf("want at most %d characters", n)
		}
		return each(upper(name), why, func(_ *validation, node quad.Value) (bool, error) {
			length := len([]rune(text(node)))
			return kindOf(node) != "blank node" && (name == "minLength" && length >= n || name == "maxLength" && length <= n), nil
		}), nil
	case "pattern":
		expression := text(value)
		if f := props[sh("flags")]; len(f) > 0 {
			flags := text(f[0])
			if strings.Trim(flags, "ims") != "" {
				return nil, fmt.Errorf("sh:flags %q: want some of i, m and s", flags)
			}
			if flags != "" {
				expression = "(?" + flags + ")" + expression
			}
		}
		re, err := regexp.Compile(expression)
		if err != nil {
			return nil, fmt.Errorf("sh:pattern: %w", err)
		}
		return each("Pattern", "it does not match "+text(value), func(_ *validation, node quad.Value) (bool, error) {
			return kindOf(node) != "blank node" && re.MatchString(text(node)), nil
		}), nil
	case "languageIn":
		list, err := p.list(value)
		if err != nil {
			return nil, err
		}
		return each("LanguageIn", "its language is not in the list", func(_ *validation, node quad.Value) (bool, error) {
			lang := strings.ToLower(language(node))
			return slices.ContainsFunc(list, func(l quad.Value) bool {
				want := strings.ToLower(text(l))
				return lang == want || strings.HasPrefix(lang, want+"-")
			}), nil
		}), nil
	case "uniqueLang":
		if text(value) != "true" {
			return nil, nil
		}
		return &constraint{"UniqueLang", func(_ *validation, _ quad.Value, values []quad.Value, bad func(quad.Value, string)) error {
			n := map[string]int{}
			for _, node := range values {
				n[strings.ToLower(language(node))]++
			}
			for _, lang := range slices.Sorted(maps.Keys(n)) {
				if lang != "" && n[lang] > 1 {
					bad(nil, fmt.Sprintf("there are %d in the language %s", n[lang], lang))
				}
			}
			return nil
		}}, nil
	case "in":
		list, err := p.list(value)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, v := range list {
			names = append(names, short(v))
		}
		return each("In", "want one of "+strings.Join(names, ", "), func(_ *validation, node quad.Value) (bool, error) {
			return slices.ContainsFunc(list, func(v quad.Value) bool { return same(v, node) }), nil
		}), nil
	case "hasValue":
		return &constraint{"HasValue", func(_ *validation, _ quad.Value, values []quad.Value, bad func(quad.Value, string)) error {
			if !slices.ContainsFunc(values, func(v quad.Value) bool { return same(v, value) }) {
				bad(nil, "want "+short(value))
			}
			return nil
		}}, nil
	case "equals", "disjoint", "lessThan", "lessThanOrEquals":
		property, ok := value.(quad.IRI)
		if !ok {
			return nil, fmt.Errorf("sh:%s %s: want a property", name, short(value))
		}
		return &constraint{upper(name), pair(name, property)}, nil
	case "not", "node", "property":
		inner, err := p.shape(value)
		if err != nil {
			return nil, err
		}
		switch name {
		case "property":
			if inner.path == nil {
				return nil, fmt.Errorf("the property shape %s has no sh:path", inner.name)
			}
			return &constraint{"Property", func(v *validation, _ quad.Value, values []quad.Value, _ func(quad.Value, string)) error {
				for _, node := range values {
					if err := v.shape(inner, node); err != nil {
						return err
					}
				}
				return nil
			}}, nil
		case "not":
			return each("Not", "it has the shape "+inner.name, func(v *validation, node quad.Value) (bool, error) {
				ok, err := v.conforms(inner, node)
				return !ok, err
			}), nil
		}
		return each("Node", "it has not the shape "+inner.name, func(v *validation, node quad.Value) (bool, error) { return v.conforms(inner, node) }), nil
	case "and", "or", "xone":
		shapes, err := p.shapes(value)
		if err != nil {
			return nil, err
		}
		why := map[string]string{"and": "it has not all of the shapes", "or": "it has none of the shapes", "xone": "it has not exactly one of the shapes"}[name]
		return each(upper(name), why+p.say(shapes), func(v *validation, node quad.Value) (bool, error) {
			n := 0
			for _, s := range shapes {
				ok, err := v.conforms(s, node)
				if err != nil {
					return false, err
				}
				if ok {
					n++
				}
				if ok && name == "or" {
					return true, nil
				}
			}
			return name == "and" && n == len(shapes) || name == "xone" && n == 1, nil
		}), nil
	case "closed":
		if text(value) != "true" {
			return nil, nil
		}
		return p.closed(props)
	}
	return nil, fmt.Errorf("sh:%s is not supported", name)
}

// say describes shapes by what they ask for, where that is one thing each.
func (p *parser) say(shapes []*shape) string {
	var out []string
	for _, s := range shapes {
		for _, property := range []string{"datatype", "class", "path"} {
			if v := p.g[s.id][sh(property)]; len(v) == 1 {
				out = append(out, short(v[0]))
				break
			}
		}
	}
	if len(out) == 0 || len(out) < len(shapes) {
		return ""
	}
	return " for " + strings.Join(out, ", ")
}

// closed is sh:closed: no properties but those of the property shapes.
func (p *parser) closed(props map[quad.IRI][]quad.Value) (*constraint, error) {
	allowed := map[quad.IRI]bool{}
	for _, ps := range props[sh("property")] {
		for _, v := range p.g[ps][sh("path")] {
			if iri, ok := v.(quad.IRI); ok {
				allowed[iri] = true
			}
		}
	}
	for _, list := range props[sh("ignoredProperties")] {
		more, err := p.list(list)
		if err != nil {
			return nil, err
		}
		for _, v := range more {
			if iri, ok := v.(quad.IRI); ok {
				allowed[iri] = true
			}
		}
	}
	return &constraint{"Closed", func(v *validation, _ quad.Value, values []quad.Value, bad func(quad.Value, string)) error {
		for _, node := range values {
			have, err := v.properties(node)
			if err != nil {
				return err
			}
			for _, property := range slices.Sorted(maps.Keys(have)) {
				if allowed[property] {
					continue
				}
				v.at = step(property)
				for _, o := range have[property] {
					bad(o, "the property is not allowed")
				}
			}
			v.at = nil
		}
		return nil
	}}, nil
}

// pair is a constraint between the values and those of another property of the
// focus node.
func pair(name string, property quad.IRI) func(*validation, quad.Value, []quad.Value, func(quad.Value, string)) error {
	return func(v *validation, focus quad.Value, values []quad.Value, bad func(quad.Value, string)) error {
		have, err := v.properties(focus)
		if err != nil {
			return err
		}
		others := have[property]
		has := func(list []quad.Value, node quad.Value) bool {
			return slices.ContainsFunc(list, func(o quad.Value) bool { return same(o, node) })
		}
		for _, node := range values {
			switch name {
			case "equals":
				if !has(others, node) {
					bad(node, "it is not among the values of "+short(property))
				}
			case "disjoint":
				if has(others, node) {
					bad(node, "it is among the values of "+short(property))
				}
			default:
				for _, o := range others {
					c, ok := compare(node, o)
					if ok && (c < 0 || c == 0 && name == "lessThanOrEquals") {
						continue
					}
					want := "less than "
					if name == "lessThanOrEquals" {
						want = "at most "
					}
					bad(node, "want "+want+text(o)+", the value of "+short(property))
				}
			}
		}
		if name == "equals" {
			for _, o := range others {
				if !has(values, o) {
					bad(o, "it is only among the values of "+short(property))
				}
			}
		}
		return nil
	}
}

// upper writes the name of a parameter as its component is called.
func upper(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

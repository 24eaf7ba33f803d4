package shacl_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	gordf "github.com/tggo/goRDFlib/shacl"

	"github.com/demarcgraph/demarc/graph/query/shacl"
	"github.com/demarcgraph/demarc/graph/rdfio"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// validate validates Turtle.
func validate(t testing.TB, shapes, turtle string) *shacl.Report {
	t.Helper()
	parsed, err := shacl.Parse("shapes.ttl", []byte(prefixes+shapes))
	if err != nil {
		t.Fatal(err)
	}
	report, err := parsed.Validate(t.Context(), graphOf(t, turtle))
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func graphOf(t testing.TB, turtle string) *store.Snapshot {
	t.Helper()
	s, err := store.Open("", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	var quads []quad.Quad
	err = rdfio.Read(t.Context(), strings.NewReader(prefixes+turtle), rdfio.Options{Format: rdfio.Turtle}, func(q quad.Quad) error {
		for _, g := range []quad.IRI{"http://e/g1", "http://e/g2"} { // labels make no difference
			q.Label = g
			quads = append(quads, q)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(t.Context(), nil, quads); err != nil {
		t.Fatal(err)
	}
	snap, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { snap.Close() })
	return snap
}

const prefixes = `@prefix : <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
`

// components has a constraint of each component; data are made at random, so
// that some nodes fit and some do not.
var components = []string{
	"sh:path :p ; sh:minCount 1", "sh:path :p ; sh:maxCount 1", "sh:path :p ; sh:class :C", "sh:path :p ; sh:datatype xsd:integer",
	"sh:path :p ; sh:datatype xsd:gYear", "sh:path :p ; sh:datatype xsd:string",
	"sh:path :p ; sh:nodeKind sh:IRI", "sh:path :p ; sh:nodeKind sh:BlankNodeOrLiteral", "sh:path :p ; sh:nodeKind sh:IRIOrLiteral",
	"sh:path :p ; sh:minInclusive 2", "sh:path :p ; sh:maxExclusive 3", "sh:path :p ; sh:minExclusive 2", "sh:path :p ; sh:maxInclusive 2",
	"sh:path :p ; sh:minLength 2", "sh:path :p ; sh:maxLength 1", `sh:path :p ; sh:pattern "^[A-B]" ; sh:flags "i"`,
	`sh:path :p ; sh:languageIn ( "en" "de" )`, "sh:path :p ; sh:uniqueLang true",
	"sh:path :p ; sh:in ( :a 1 \"a\" )", "sh:path :p ; sh:hasValue :a",
	"sh:path :p ; sh:equals :q", "sh:path :p ; sh:disjoint :q", "sh:path :p ; sh:lessThan :q", "sh:path :p ; sh:lessThanOrEquals :q",
	"sh:path :p ; sh:or ( [ sh:datatype xsd:integer ] [ sh:class :C ] )", "sh:path :p ; sh:and ( [ sh:nodeKind sh:Literal ] [ sh:minInclusive 2 ] )",
	"sh:path :p ; sh:xone ( [ sh:class :C ] [ sh:class :D ] )", "sh:path :p ; sh:not [ sh:class :C ]",
	"sh:path :p ; sh:node [ sh:property [ sh:path :q ; sh:minCount 1 ] ]",
	"sh:path [ sh:inversePath :p ] ; sh:minCount 1", "sh:path ( :p :q ) ; sh:minCount 1", "sh:path [ sh:alternativePath ( :p :q ) ] ; sh:maxCount 2",
	"sh:path :p ; sh:property [ sh:path :q ; sh:maxCount 1 ]",
}

// TestLikeGoRDFlib compares each constraint component, and each kind of target,
// with another program's.
func TestLikeGoRDFlib(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	pick := func(from ...string) string { return from[rnd.IntN(len(from))] }
	targets := []string{"sh:targetClass :C", "sh:targetNode :a, :x", "sh:targetSubjectsOf :q", "sh:targetObjectsOf :p", "a rdfs:Class, sh:NodeShape"}
	found := map[string]int{}
	for round := range 12 {
		var data strings.Builder
		data.WriteString(":E rdfs:subClassOf :C .\n")
		for range 25 {
			value := pick(":a", ":b", ":c", ":d", "1", "2", "3", "2.5", `"a"`, `"Bc"`, `"b"@en`, `"c"@EN`, `"d"@de-AT`, `"1956"^^xsd:gYear`, `"x"^^xsd:integer`)
			fmt.Fprintf(&data, "%s %s %s .\n", pick(":a", ":b", ":c", ":d"), pick(":p", ":p", ":q"), value)
		}
		for _, n := range []string{":a", ":b", ":c", ":d"} {
			fmt.Fprintf(&data, "%s a %s .\n", n, pick(":C", ":D", ":E"))
		}
		var shapes []string
		for i, c := range components {
			shapes = append(shapes, fmt.Sprintf(":S a sh:NodeShape ; %s ; sh:property [ %s ] .", targets[(i+round)%len(targets)], c))
		}
		shapes = append(shapes, ":S sh:targetClass :C ; sh:closed true ; sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ; sh:property [ sh:path :p ] .",
			":S sh:targetClass :C ; sh:nodeKind sh:Literal .", ":S sh:targetObjectsOf :p ; sh:datatype xsd:integer ; sh:severity sh:Warning .")
		for _, s := range shapes {
			data := data.String()
			if strings.Contains(s, "lessThan") { // goRDFlib gives these an order, which SPARQL's < does not
				data = between.ReplaceAllString(data, "")
			}
			ours := validate(t, s, data)
			theirs := other(t, s, data)
			var got []string
			for _, r := range ours.Results {
				value := r.Value
				if r.Path == "" && value == r.Focus {
					value = ""
				}
				got = append(got, strings.Join([]string{r.Focus, r.Component, r.Severity, value}, " "))
				found[r.Component]++
			}
			slices.Sort(got)
			if !slices.Equal(got, theirs) {
				t.Fatalf("%s\n%s\nours:\n%s\ntheirs:\n%s", s, data, strings.Join(got, "\n"), strings.Join(theirs, "\n"))
			}
			if ours.Conforms != (len(theirs) == 0) {
				t.Errorf("%s: conforms is %v with %d results", s, ours.Conforms, len(theirs))
			}
		}
	}
	for _, c := range []string{
		"Class", "Datatype", "NodeKind", "MinCount", "MaxCount", "MinExclusive", "MinInclusive", "MaxExclusive", "MaxInclusive",
		"MinLength", "MaxLength", "Pattern", "LanguageIn", "UniqueLang", "Equals", "Disjoint", "LessThan", "LessThanOrEquals", "Not", "And",
		"Or", "Xone", "Node", "Closed", "HasValue", "In",
	} {
		if found[c+"ConstraintComponent"] == 0 {
			t.Errorf("nothing has failed for %s", c)
		}
	}
}

// between are triples between two nodes, and of strings in a language.
var between = regexp.MustCompile(`(?m)^:\w :[pq] (:\w|".*"@\S+) \.\n`)

// other validates with goRDFlib.
func other(t *testing.T, shapes, turtle string) []string {
	t.Helper()
	s, err := gordf.LoadTurtleString(prefixes+shapes, "")
	if err != nil {
		t.Fatal(err)
	}
	d, err := gordf.LoadTurtleString(prefixes+turtle, "")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range gordf.Validate(d, s).Results {
		component := strings.TrimPrefix(r.SourceConstraintComponent.Value(), schema.SHACL)
		value := r.Value.String()
		if r.ResultPath.IsNone() && r.Value.String() == r.FocusNode.String() {
			value = "" // the focus node itself
		}
		out = append(out, strings.Join([]string{r.FocusNode.String(), component, strings.TrimPrefix(r.ResultSeverity.Value(), schema.SHACL), value}, " "))
	}
	slices.Sort(out)
	return out
}

func TestReport(t *testing.T) {
	const shapes = `:S a sh:NodeShape ; sh:targetClass :C ;
		sh:property [ sh:path :p ; sh:maxCount 1 ; sh:or ( [ sh:datatype xsd:integer ] [ sh:datatype xsd:date ] ) ] ;
		sh:property [ sh:path [ sh:inversePath :q ] ; sh:minCount 1 ; sh:message "Nobody has it." ; sh:severity sh:Info ] .`
	r := validate(t, shapes, `:x a :C ; :p 1, "two" . :y a :C . :z :q :y .`)
	want := []shacl.Result{
		{Focus: "<http://example.org/x>", Path: "<http://example.org/p>", Component: "MaxCountConstraintComponent", Severity: "Violation", Message: "there are 2, want at most 1"},
		{Focus: "<http://example.org/x>", Path: "<http://example.org/p>", Value: `"two"`, Component: "OrConstraintComponent", Severity: "Violation",
			Message: "it has none of the shapes for xsd:integer, xsd:date"},
		{Focus: "<http://example.org/x>", Path: "^<http://example.org/q>", Component: "MinCountConstraintComponent", Severity: "Info", Message: "Nobody has it."},
	}
	if r.Conforms || r.Nodes != 2 || len(r.Results) != len(want) {
		t.Fatalf("%+v", r)
	}
	for i, got := range r.Results {
		w := want[i]
		if got.Focus != w.Focus || got.Path != w.Path || got.Value != w.Value || got.Component != w.Component || got.Severity != w.Severity || got.Message != w.Message {
			t.Errorf("%+v, want %+v", got, w)
		}
	}
	// Everything conforms to a shape that is switched off.
	off := ":S sh:targetClass :C ; sh:deactivated true ; sh:nodeKind sh:Literal . :T sh:targetNode :x ; sh:node :S ; sh:minCount 1 ."
	if r := validate(t, off, ":x a :C ."); !r.Conforms || r.Nodes != 1 {
		t.Errorf("%+v", r)
	}
	var b bytes.Buffer
	if err := r.WriteTurtle(&b); err != nil {
		t.Fatal(err)
	}
	// The report is a report by the W3C's own shape of one.
	form := validate(t, `:R a sh:NodeShape ; sh:targetClass sh:ValidationReport ;
		sh:property [ sh:path sh:conforms ; sh:datatype xsd:boolean ; sh:minCount 1 ] ; sh:property [ sh:path sh:result ; sh:minCount 3 ; sh:node [
			sh:property [ sh:path sh:focusNode ; sh:minCount 1 ; sh:maxCount 1 ] ; sh:property [ sh:path sh:resultSeverity ; sh:minCount 1 ] ;
			sh:property [ sh:path sh:sourceConstraintComponent ; sh:nodeKind sh:IRI ; sh:minCount 1 ] ] ] .`, b.String())
	if !form.Conforms || form.Nodes != 1 {
		t.Errorf("%+v\n%s", form.Results, b.String())
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		":S a":                                 "shapes.ttl: ",
		":S a sh:NodeShape .":                  "no shape with a target",
		":S sh:targetNode :a ; sh:sparql [] .": "shape <http://example.org/S>: sh:sparql is not supported",
		":S sh:targetNode :a ; sh:minCount 0 ; sh:in :l .":                         "no list",
		":S sh:targetNode :a ; sh:property [ sh:minCount 1 ] .":                    "no sh:path",
		":S sh:targetNode :a ; sh:property [ sh:path [ sh:zeroOrMorePath :p ] ] .": "not supported",
		`:S sh:targetNode :a ; sh:pattern "(" .`:                                   "sh:pattern: ",
		`:S sh:targetNode :a ; sh:property [ sh:path :p ; sh:minCount "many" ] .`:  "want a number",
		`:S sh:targetNode :a ; sh:nodeKind sh:Thing .`:                             "kind of node",
		`:S sh:targetNode :a ; sh:in _:l . _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> 1 ; <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:l .`: "no list",
	} {
		if _, err := shacl.Parse("shapes.ttl", []byte(prefixes+text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	// A shape of itself is an error when it never ends, not before.
	s, err := shacl.Parse("s", []byte(prefixes+":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:node :S ] ."))
	if err != nil {
		t.Fatal(err)
	}
	if r, err := s.Validate(t.Context(), graphOf(t, ":a :p :b . :b :p :c .")); err != nil || !r.Conforms {
		t.Error(r, err)
	}
	if _, err := s.Validate(t.Context(), graphOf(t, ":a :p :a .")); err == nil {
		t.Error("a shape without end has one")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Validate(ctx, graphOf(t, ":a :p :b .")); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(string(schema.Shapes()))
	for _, c := range components {
		f.Add(prefixes + ":S sh:targetClass :C ; sh:property [ " + c + " ] .")
	}
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := shacl.Parse("fuzz.ttl", []byte(text)); err == nil {
			if _, err := s.Validate(t.Context(), graphOf(t, ":a a :C ; :p :b, 1 . :b :p :a .")); err != nil && !strings.Contains(err.Error(), "shacl: ") {
				t.Error(err)
			}
		}
	})
}

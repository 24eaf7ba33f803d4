package graph

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	rdfgraph "github.com/tggo/goRDFlib/graph"
	"github.com/tggo/goRDFlib/shacl"
	"github.com/tggo/goRDFlib/turtle"

	"github.com/demarcgraph/demarc/schema"
)

func TestVocabularyIsTurtle(t *testing.T) {
	g := rdfgraph.NewGraph()
	if err := turtle.Parse(g, strings.NewReader(string(schema.Vocabulary()))); err != nil {
		t.Fatal(err)
	}
	if g.Len() < 200 {
		t.Errorf("%d triples", g.Len())
	}
}

// TestGraphsConform validates what is stored by the published shapes.
func TestGraphsConform(t *testing.T) {
	shapes, err := shacl.LoadTurtleString(string(schema.Shapes()), "")
	if err != nil {
		t.Fatal(err)
	}
	conforms := func(text string) (bool, []shacl.ValidationResult) {
		t.Helper()
		data, err := shacl.LoadTurtleString(text, "")
		if err != nil {
			t.Fatal(err)
		}
		report := shacl.Validate(data, shapes)
		return report.Conforms, report.Results
	}
	x, docs := randomCorpus(rand.New(rand.NewPCG(3, 4)), 10)
	// Two documents may be unsure of one fact in different ways; each is right.
	random := open(t, x, smallAtlas)
	load(t, random, docs...)
	for _, g := range []*Graph{kurils(t), random} {
		if ok, results := conforms(dump(t, g, "turtle")); !ok {
			for _, r := range results {
				t.Errorf("%+v", r)
			}
		}
	}
	good := dump(t, kurils(t), "turtle")
	for what, spoil := range map[string][2]string{
		"confidence": {`dm:confidence "8E-01"`, `dm:confidence "8E+01"`},
		"predicate":  {"rdf:predicate dm:covers", "rdf:predicate dm:owns"},
		"polarity":   {"dm:polarity dm:denied", "dm:polarity dm:maybe"},
		"passage":    {"dm:end 76", "dm:end 7"},
		"date":       {`dm:since "194X"^^dm:edtf`, `dm:since "the forties"`},
		"hash":       {`dm:hash "`, `dm:hash "no`},
	} {
		bad := strings.Replace(good, spoil[0], spoil[1], 1)
		if bad == good {
			t.Errorf("%s: %s is not there", what, spoil[0])
		}
		if ok, _ := conforms(bad); ok {
			t.Errorf("%s: the shapes let %s pass", what, spoil[1])
		}
	}
}

// TestVocabularyIsComplete checks that what graphs say in demarc's own terms is
// in the tables that the published vocabulary, context and reference are made
// from.
func TestVocabularyIsComplete(t *testing.T) {
	known := map[string]bool{}
	for _, p := range schema.Properties() {
		known[p.Name] = true
	}
	for _, p := range schema.Predicates() {
		known[string(p.Predicate)] = true
	}
	for _, r := range append(schema.Roles(), schema.RoleDate, schema.RoleSince, schema.RoleUntil) {
		known[string(r)] = true
	}
	x, docs := randomCorpus(rand.New(rand.NewPCG(3, 4)), 10)
	random := open(t, x, smallAtlas)
	load(t, random, docs...)
	for _, g := range []*Graph{kurils(t), random} {
		for _, q := range readNQuads(t, dump(t, g, "nquads")) {
			if name, ok := strings.CutPrefix(string(q.Predicate.(quad.IRI)), schema.VocabularyIRI); ok && !known[name] {
				t.Errorf("the vocabulary has no property %s", name)
				known[name] = true
			}
		}
	}
}

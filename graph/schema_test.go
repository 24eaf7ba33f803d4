package graph

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	rdfgraph "github.com/tggo/goRDFlib/graph"
	gordf "github.com/tggo/goRDFlib/shacl"
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

// TestGraphsConform validates what is stored by the published shapes, with our
// own validator and with goRDFlib's.
func TestGraphsConform(t *testing.T) {
	shapes, err := gordf.LoadTurtleString(string(schema.Shapes()), "")
	if err != nil {
		t.Fatal(err)
	}
	x, docs := randomCorpus(rand.New(rand.NewPCG(3, 4)), 10)
	// Two documents may be unsure of one fact in different ways; each is right.
	random := open(t, x, smallAtlas)
	load(t, random, docs...)
	for _, g := range []*Graph{kurils(t), random} {
		report, err := g.Validate(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if report.Violations > 0 || report.Nodes == 0 {
			t.Errorf("%d nodes, %+v", report.Nodes, report.Results)
		}
		data, err := gordf.LoadTurtleString(dump(t, g, "turtle"), "")
		if err != nil {
			t.Fatal(err)
		}
		var ours, theirs []string
		for _, r := range report.Results {
			ours = append(ours, r.Focus+" "+r.Component+" "+r.Severity)
		}
		for _, r := range gordf.Validate(data, shapes).Results {
			cut := func(t gordf.Term) string { return strings.TrimPrefix(t.Value(), schema.SHACL) }
			theirs = append(theirs, r.FocusNode.String()+" "+cut(r.SourceConstraintComponent)+" "+cut(r.ResultSeverity))
		}
		slices.Sort(ours)
		slices.Sort(theirs)
		if !slices.Equal(ours, theirs) {
			t.Errorf("ours:\n%s\ntheirs:\n%s", strings.Join(ours, "\n"), strings.Join(theirs, "\n"))
		}
	}
}

// TestShapesSee spoils a graph in one way after the other.
func TestShapesSee(t *testing.T) {
	good := dump(t, kurils(t), "nquads")
	violations := func(text string) int {
		t.Helper()
		g := open(t, nil, smallAtlas)
		if _, err := g.Import(t.Context(), strings.NewReader(text), ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		report, err := g.Validate(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return report.Violations
	}
	if n := violations(good); n > 0 {
		t.Fatalf("%d violations as it is", n)
	}
	const dm, xsd = schema.VocabularyIRI, schema.XSD
	for what, spoil := range map[string][2]string{
		"confidence":     {`"8E-01"^^`, `"8E+01"^^`},
		"predicate":      {`#predicate> <` + dm + `covers>`, `#predicate> <` + dm + `owns>`},
		"polarity":       {`polarity> <` + dm + `denied>`, `polarity> <` + dm + `maybe>`},
		"passage":        {`end> "76"`, `end> "7"`},
		"line":           {`line> "1"`, `line> "0"`},
		"date":           {`since> "194X"^^<` + dm + `edtf>`, `since> "the forties"`},
		"ill-typed date": {`date> "2022-03-22"^^`, `date> "2022-03-32"^^`},
		"hash":           {`hash> "`, `hash> "no`},
		"entity":         {`id/territory/shikotan> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>`, `id/territory/shikotan> <` + dm + `was>`},
		"attribution":    {`wasAttributedTo> <https://w3id.org/demarc/id/state/russia>`, `wasAttributedTo> "Moscow"`},
		"qualifier":      {`condition> "`, `condition> <http://example.org/nobody> . # "`},
		"text twice":     {`text> "In 1956`, `text> "x" .` + "\n" + `<https://w3id.org/demarc/id/document/note> <` + dm + `text> "In 1956`},
		"code":           {`iso3166Alpha2> "JP"`, `iso3166Alpha2> <http://example.org/JP>`},
		"integer":        {`facts> "`, `facts> "many"^^<` + xsd + `integer> . # "`},
	} {
		bad := strings.Replace(good, spoil[0], spoil[1], 1)
		if bad == good {
			t.Errorf("%s: %s is not there", what, spoil[0])
		} else if violations(bad) == 0 {
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

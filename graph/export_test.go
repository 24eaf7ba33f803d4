package graph

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"
	"github.com/piprate/json-gold/ld"
	rdflib "github.com/tggo/goRDFlib"
	rdfgraph "github.com/tggo/goRDFlib/graph"
	"github.com/tggo/goRDFlib/nq"
	rdfstore "github.com/tggo/goRDFlib/store"
	"github.com/tggo/goRDFlib/term"
	"github.com/tggo/goRDFlib/trig"
	"github.com/tggo/goRDFlib/turtle"

	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/internal/rdf"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/internal/golden"
	"github.com/demarcgraph/demarc/schema"
)

// kurils is a small graph of real shape for the golden files.
func kurils(t testing.TB) *Graph {
	doc := &schema.Document{ID: "note", Title: "A note", Date: schema.Day(2022, 3, 22), Publisher: "The \"Gazette\"",
		Text: "In 1956 Japan and the Soviet Union signed a declaration. It covers Shikotan. Moscow says that Japan does not claim Dokdo.\n" +
			"Tokyo calls the Liancourt Rocks Takeshima. Russia will hand Shikotan over after a peace treaty."}
	quote := func(text string) []schema.Evidence {
		i := strings.Index(doc.Text, text)
		return []schema.Evidence{doc.Quote(i, i+len(text))}
	}
	japan := schema.NewEntity(schema.State, "Japan", "Nippon")
	ussr, russia := schema.NewEntity(schema.State, "Soviet Union"), schema.NewEntity(schema.State, "Russia")
	declaration := schema.NewEntity(schema.Instrument, "1956 declaration", "declaration")
	shikotan := schema.NewEntity(schema.Territory, "Shikotan")
	rocks := schema.Entity{ID: "territory/takeshima", Class: schema.Territory, Name: "Liancourt Rocks"}
	year := schema.Time{Date: schema.Year(1956)}
	facts := []schema.Fact{
		{Subject: japan, Predicate: schema.PartyTo, Object: declaration, Time: year, Confidence: 0.9, Rule: "sign",
			Qualifiers: []schema.Qualifier{{Role: schema.RoleAct, Value: schema.Lit("signed")}}, Evidence: quote("In 1956 Japan and the Soviet Union signed a declaration.")},
		{Subject: ussr, Predicate: schema.PartyTo, Object: declaration, Time: year, Confidence: 0.9, Rule: "sign",
			Qualifiers: []schema.Qualifier{{Role: schema.RoleAct, Value: schema.Lit("signed")}}, Evidence: quote("In 1956 Japan and the Soviet Union signed a declaration.")},
		{Subject: declaration, Predicate: schema.Covers, Object: shikotan, Confidence: 0.8, Rule: "cover", Evidence: quote("It covers Shikotan.")},
		{Subject: japan, Predicate: schema.Claims, Object: rocks, Negated: true, AttributedTo: russia, Confidence: 0.7, Rule: "claim",
			Evidence: quote("Moscow says that Japan does not claim Dokdo.")},
		{Subject: rocks, Predicate: schema.AlsoKnownAs, Object: schema.Lit("Takeshima"), Confidence: 1, Rule: "call",
			Qualifiers: []schema.Qualifier{{Role: schema.RoleBy, Value: japan}}, Evidence: quote("Tokyo calls the Liancourt Rocks Takeshima.")},
		{Subject: shikotan, Predicate: schema.TransferredTo, Object: japan, Modality: schema.Conditional, Confidence: 0.6, Rule: "hand-over",
			Qualifiers: []schema.Qualifier{{Role: schema.RoleFrom, Value: russia}, {Role: schema.RoleCondition, Value: schema.Lit("after a peace treaty")}},
			Evidence:   quote("Russia will hand Shikotan over after a peace treaty.")},
		{Subject: russia, Predicate: schema.Disputes, Object: japan, Time: schema.Time{Since: schema.Date{Year: 1940, Precision: schema.PrecisionDecade}},
			Confidence: 0.5, Rule: "dispute", Evidence: quote("Russia will hand Shikotan over")},
	}
	g := open(t, given{"note": facts}, smallAtlas)
	load(t, g, doc)
	return g
}

func TestGolden(t *testing.T) {
	g := kurils(t)
	for _, f := range export.Formats() {
		if f.Name == "png" || strings.HasSuffix(f.Extension, ".zip") { // bytes of Go's compression, which may change with its version
			continue
		}
		got := dump(t, g, f.Name)
		if before, after, ok := strings.Cut(got, "\n<script>"); ok && f.Name == "html" {
			_, after, _ = strings.Cut(after, "</script>") // the script has a test of its own
			got = before + after
		}
		golden.Check(t, filepath.Join("testdata", "kurils"+f.Extension), got)
	}
}

// The readers of the RDF formats: goRDFlib's and json-gold's, which share no
// code with the writers.
var readers = map[string]func(t *testing.T, text string) []quad.Quad{
	"nquads": readNQuads,
	"jsonld": func(t *testing.T, text string) []quad.Quad {
		var doc any
		if err := json.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatal(err)
		}
		opts := ld.NewJsonLdOptions("")
		opts.Format = "application/n-quads"
		out, err := ld.NewJsonLdProcessor().ToRDF(doc, opts)
		if err != nil {
			t.Fatal(err)
		}
		return readNQuads(t, out.(string))
	},
	"trig": func(t *testing.T, text string) []quad.Quad {
		r := &recorder{Store: rdfstore.NewMemoryStore()}
		ds := rdfgraph.NewDataset(rdfgraph.WithStore(r))
		r.unnamed = ds.DefaultContext().Identifier()
		if err := trig.ParseDataset(ds, strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
		return r.quads
	},
	"turtle": func(t *testing.T, text string) (quads []quad.Quad) {
		g := rdfgraph.NewGraph()
		if err := turtle.Parse(g, strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
		g.Triples(nil, nil, nil)(func(tr term.Triple) bool {
			quads = append(quads, quad.Quad{Subject: quadTerm(tr.Subject), Predicate: quadTerm(tr.Predicate), Object: quadTerm(tr.Object)})
			return true
		})
		return quads
	},
}

// recorder keeps the graph names that goRDFlib's own store forgets.
type recorder struct {
	rdfstore.Store
	unnamed term.Term // what the default graph is called
	quads   []quad.Quad
}

func (r *recorder) Add(tr term.Triple, context term.Term) {
	q := quad.Quad{Subject: quadTerm(tr.Subject), Predicate: quadTerm(tr.Predicate), Object: quadTerm(tr.Object)}
	if context != r.unnamed {
		q.Label = quadTerm(context)
	}
	r.quads = append(r.quads, q)
}

func readNQuads(t *testing.T, text string) (quads []quad.Quad) {
	err := nq.Parse(rdfgraph.NewGraph(), strings.NewReader(text), nq.WithQuadHandler(
		func(s rdflib.Subject, p rdflib.URIRef, o rdflib.Term, label rdflib.Term) {
			quads = append(quads, quad.Quad{Subject: quadTerm(s), Predicate: quadTerm(p), Object: quadTerm(o), Label: quadTerm(label)})
		}))
	if err != nil {
		t.Fatal(err)
	}
	return quads
}

func quadTerm(t term.Term) quad.Value {
	switch t := t.(type) {
	case term.URIRef:
		return quad.IRI(t.Value())
	case term.BNode:
		return quad.BNode(t.Value())
	case term.Literal:
		switch {
		case t.Language() != "":
			return quad.LangString{Value: quad.String(t.Lexical()), Lang: t.Language()}
		case t.Datatype() == term.XSDString || t.Datatype().Value() == "":
			return quad.String(t.Lexical())
		}
		return quad.TypedString{Value: quad.String(t.Lexical()), Type: quad.IRI(t.Datatype().Value())}
	}
	return nil
}

func TestOthersReadWhatIsWritten(t *testing.T) {
	x, docs := randomCorpus(rand.New(rand.NewPCG(1, 2)), 20)
	random := open(t, x, smallAtlas)
	load(t, random, docs...)
	for _, g := range []*Graph{kurils(t), random} {
		want, err := g.Hash(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range export.Formats() {
			read := readers[f.Name]
			if read == nil {
				if f.Lossless {
					t.Errorf("%s is said to lose nothing but never read back", f.Name)
				}
				continue
			}
			quads := read(t, dump(t, g, f.Name))
			if !f.Lossless {
				if d := cmp.Diff(triples(t, g), lines(quads)); d != "" {
					t.Errorf("%s (-want +got):\n%s", f.Name, d)
				}
				continue
			}
			back, err := store.Open("", store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := back.Apply(t.Context(), nil, quads); err != nil {
				t.Fatal(err)
			}
			if got, err := back.Hash(t.Context()); err != nil || got != want {
				var again []quad.Quad
				for q, err := range back.Match(t.Context(), store.Pattern{}) {
					if err != nil {
						t.Fatal(err)
					}
					again = append(again, q)
				}
				t.Errorf("%s gives another graph (-want +got): %v\n%s", f.Name, err, cmp.Diff(strings.Split(dump(t, g, "nquads"), "\n"), lines(again)))
			}
			if err := back.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func lines(quads []quad.Quad) []string {
	var out []string
	for _, q := range rdf.Sort(quads) {
		out = append(out, strings.TrimSuffix(store.FormatQuad(q), "\n"))
	}
	return out
}

// triples returns the graph without its labels.
func triples(t *testing.T, g *Graph) []string {
	var quads []quad.Quad
	for q, err := range g.store.Match(t.Context(), store.Pattern{}) {
		if err != nil {
			t.Fatal(err)
		}
		q.Label = nil
		quads = append(quads, q)
	}
	return lines(quads)
}

func TestNetworksAreWellFormed(t *testing.T) {
	x, docs := randomCorpus(rand.New(rand.NewPCG(6, 2)), 20)
	docs[0].Title = "control \x01 characters"
	random := open(t, x, smallAtlas)
	load(t, random, docs...)
	for _, g := range []*Graph{kurils(t), random} {
		edges := 0
		for _, f := range collect(t, g.Facts(t.Context(), schema.Filter{})) {
			if f.Predicate != schema.AlsoKnownAs || f.Object.Class != schema.Literal {
				edges++
			}
		}
		// GraphML: every edge joins nodes that are there, every key is declared.
		type data struct {
			Key string `xml:"key,attr"`
		}
		var ml struct {
			Keys []struct {
				ID string `xml:"id,attr"`
			} `xml:"key"`
			Nodes []struct {
				ID   string `xml:"id,attr"`
				Data []data `xml:"data"`
			} `xml:"graph>node"`
			Edges []struct {
				Source string `xml:"source,attr"`
				Target string `xml:"target,attr"`
				Data   []data `xml:"data"`
			} `xml:"graph>edge"`
		}
		if err := xml.Unmarshal([]byte(dump(t, g, "graphml")), &ml); err != nil {
			t.Fatal(err)
		}
		nodes, keys := map[string]bool{}, map[string]bool{}
		for _, k := range ml.Keys {
			keys[k.ID] = true
		}
		for _, n := range ml.Nodes {
			if strings.ContainsAny(n.ID, "/ \"\n") {
				t.Errorf("node %q: no NMTOKEN", n.ID)
			}
			nodes[n.ID] = true
		}
		for _, e := range ml.Edges {
			if !nodes[e.Source] || !nodes[e.Target] {
				t.Errorf("edge from %s to %s: no such node", e.Source, e.Target)
			}
			for _, d := range e.Data {
				if !keys[d.Key] {
					t.Errorf("key %s is not declared", d.Key)
				}
			}
		}
		if len(ml.Edges) != edges {
			t.Errorf("%d edges, want %d", len(ml.Edges), edges)
		}

		var cy struct {
			Elements struct {
				Nodes, Edges []struct{ Data map[string]any }
			}
		}
		if err := json.Unmarshal([]byte(dump(t, g, "cytoscape")), &cy); err != nil {
			t.Fatal(err)
		}
		elements := map[any]bool{}
		for _, n := range cy.Elements.Nodes {
			elements[n.Data["id"]] = true
		}
		for _, e := range cy.Elements.Edges {
			if !elements[e.Data["source"]] || !elements[e.Data["target"]] {
				t.Errorf("element %v joins no nodes", e.Data)
			}
		}
		if len(cy.Elements.Nodes) != len(nodes) || len(cy.Elements.Edges) != edges {
			t.Errorf("%d nodes and %d edges, want %d and %d", len(cy.Elements.Nodes), len(cy.Elements.Edges), len(nodes), edges)
		}

		for _, name := range []string{"csv", "csv-nodes"} {
			if _, err := csv.NewReader(strings.NewReader(dump(t, g, name))).ReadAll(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestSelection(t *testing.T) {
	g := kurils(t)
	for name, test := range map[string]struct {
		opts export.Options
		want []string // predicates
	}{
		"all":           {export.Options{}, []string{"alsoKnownAs", "claims", "covers", "disputes", "partyTo", "partyTo", "transferredTo"}},
		"about":         {export.Options{About: "territory/takeshima"}, []string{"alsoKnownAs", "claims"}},
		"one step":      {export.Options{About: "state/soviet-union", Depth: 1}, []string{"covers", "partyTo", "partyTo"}},
		"predicates":    {export.Options{Predicates: []schema.Predicate{schema.Covers}}, []string{"covers"}},
		"documents":     {export.Options{Documents: []string{"another"}}, nil},
		"confidence":    {export.Options{MinConfidence: 0.8}, []string{"alsoKnownAs", "covers", "partyTo", "partyTo"}},
		"as of":         {export.Options{AsOf: schema.Year(1900), Predicates: []schema.Predicate{schema.PartyTo, schema.Covers}}, []string{"covers"}},
		"asserted":      {export.Options{Side: "asserted", Predicates: []schema.Predicate{schema.Claims, schema.Covers}}, []string{"covers"}},
		"one side":      {export.Options{Side: "state/russia", Predicates: []schema.Predicate{schema.Claims, schema.Covers}}, []string{"claims", "covers"}},
		"two at a time": {export.Options{About: "state/japan", Predicates: []schema.Predicate{schema.Disputes}}, []string{"disputes"}},
	} {
		var b bytes.Buffer
		if _, err := g.Export(t.Context(), &b, "csv", test.opts); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range rows[1:] {
			got = append(got, row[5])
		}
		slices.Sort(got)
		if d := diff(test.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		// What is selected is part of the whole, and says who its entities are.
		if _, err := g.Export(t.Context(), &b, "nquads", test.opts); err != nil {
			t.Fatal(err)
		}
		whole := dump(t, g, "nquads")
		for line := range strings.Lines(b.String()) {
			if !strings.Contains(whole, line) {
				t.Errorf("%s: not in the graph: %s", name, line)
			}
		}
		if strings.Contains(b.String(), "schema#covers>") && !strings.Contains(b.String(), `prefLabel> "Shikotan"`) {
			t.Errorf("%s: Shikotan has no name:\n%s", name, b.String())
		}
		if test.opts.IsZero() != strings.Contains(b.String(), "schema#text>") {
			t.Errorf("%s: texts belong to whole graphs only", name)
		}
	}
	// As one side puts it, things go by the names that it uses.
	for side, want := range map[string]string{"": "Liancourt Rocks", "asserted": "Liancourt Rocks", "state/japan": "Takeshima"} {
		var b bytes.Buffer
		if _, err := g.Export(t.Context(), &b, "csv-nodes", export.Options{Side: side, About: "territory/takeshima"}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "territory/takeshima,"+want+",") {
			t.Errorf("for %q there is no %s:\n%s", side, want, &b)
		}
	}
	// What a limit leaves out is said, to the caller and in the file.
	for format, place := range map[string]string{"csv": "", "dot": "// ", "graphml": "<desc>", "cytoscape": `"leftOut": "`, "nquads": "# ", "turtle": "# ", "trig": "# ", "rdfxml": "<!-- ", "turtle-rdf12": "# ", "trig-rdf12": "# "} {
		var b bytes.Buffer
		report, err := g.Export(t.Context(), &b, format, export.Options{About: "state/russia", Depth: 3, MaxNodes: 3})
		if err != nil {
			t.Fatal(err)
		}
		left := report.LeftOut
		if want := (export.LeftOut{Nodes: 3, OfNodes: 6, Facts: 5, OfFacts: 7}); left != want {
			t.Errorf("%s: %+v is left out, want %+v", format, left, want)
		}
		if !strings.Contains(b.String(), place) || place != "" && !strings.Contains(b.String(), place+left.String()) {
			t.Errorf("%s does not say that something is %s:\n%s", format, left, &b)
		}
		if strings.Contains(b.String(), "1956 declaration") {
			t.Errorf("%s: the declaration is two steps away and not left out:\n%s", format, &b)
		}
	}
	if report, err := g.Export(t.Context(), io.Discard, "dot", export.Options{MaxNodes: 6}); err != nil || !report.LeftOut.IsZero() {
		t.Errorf("a limit that is not reached: %v, %v", report, err)
	}
	if _, err := g.Export(t.Context(), io.Discard, "csv", export.Options{About: "state/atlantis"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("about nothing: %v", err)
	}
	if _, err := g.Export(t.Context(), io.Discard, "gif", export.Options{}); err == nil || !strings.Contains(err.Error(), "graphml") {
		t.Errorf("a format that does not exist: %v", err)
	}
}

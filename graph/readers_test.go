package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"
	"github.com/piprate/json-gold/ld"

	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/internal/rdf"
	"github.com/demarcgraph/demarc/graph/rdfio"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// reader is a program that people read exported RDF with.
type rdfReader struct {
	name    string
	formats map[string]string // ours, by the reader's names for them
	command func(t *testing.T, file, format string) *exec.Cmd
}

var rdfReaders = []rdfReader{
	{"rdflib", map[string]string{"nquads": "nquads", "trig": "trig", "turtle": "turtle", "jsonld": "json-ld", "rdfxml": "xml"},
		func(t *testing.T, file, format string) *exec.Cmd {
			// Debian's own, where its packages are.
			return exec.Command(tool(t, "/usr/bin/python3"), filepath.Join("testdata", "readers", "read_rdflib.py"), file, format)
		}},
	{"raptor", map[string]string{"nquads": "nquads", "trig": "trig", "turtle": "turtle", "rdfxml": "rdfxml"},
		func(t *testing.T, file, format string) *exec.Cmd {
			return exec.Command(tool(t, "rapper"), "-q", "-i", format, "-o", "nquads", file)
		}},
	{"Oxigraph", map[string]string{"nquads": "application/n-quads", "trig": "application/trig", "turtle": "text/turtle",
		"jsonld": "application/ld+json", "rdfxml": "application/rdf+xml",
		"trig-rdf12": "application/trig", "turtle-rdf12": "text/turtle"},
		func(t *testing.T, file, format string) *exec.Cmd {
			return node(t, "read_oxigraph.mjs", file, format)
		}},
}

// tool returns the path of a program that the test needs. Without it the test
// is skipped, but never in continuous integration; .ci/setup installs it.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		missing(t, name)
	}
	return path
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("needs %s: .ci/setup installs it", what)
	}
	t.Skipf("needs %s: .ci/setup installs it", what)
}

// node returns the command that runs one of the scripts in testdata/readers.
func node(t *testing.T, script string, args ...string) *exec.Cmd {
	t.Helper()
	dir := filepath.Join("testdata", "readers")
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		missing(t, "the packages of "+filepath.ToSlash(filepath.Join("graph", dir)))
	}
	return exec.Command(tool(t, "node"), append([]string{filepath.Join(dir, script)}, args...)...)
}

// output runs a command and returns what it prints.
func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(cmd.Args, " "), err, &stderr)
	}
	return string(out)
}

// canonical returns quads with their blank nodes named by their place in the
// graph, as RDF Dataset Canonicalization does: equal for isomorphic graphs.
// Language tags are in lower case, as they are compared.
func canonical(t *testing.T, quads []quad.Quad) []string {
	t.Helper()
	node := func(v quad.Value) ld.Node {
		if b, ok := v.(quad.BNode); ok {
			return ld.NewBlankNode("_:" + string(b))
		}
		if iri, ok := v.(quad.IRI); ok {
			return ld.NewIRI(string(iri))
		}
		text, datatype, lang, _ := rdf.Lexical(v)
		switch {
		case lang != "":
			datatype = ld.RDFLangString
		case datatype == "":
			datatype = ld.XSDString
		}
		return ld.NewLiteral(text, datatype, strings.ToLower(lang))
	}
	dataset := ld.NewRDFDataset()
	for _, q := range quads {
		name := "@default"
		switch l := q.Label.(type) {
		case quad.IRI:
			name = string(l)
		case quad.BNode:
			name = "_:" + string(l)
		}
		dataset.Graphs[name] = append(dataset.Graphs[name], ld.NewQuad(node(q.Subject), node(q.Predicate), node(q.Object), name))
	}
	opts := ld.NewJsonLdOptions("")
	opts.Format = "application/n-quads"
	opts.Algorithm = ld.AlgorithmURDNA2015
	out, err := ld.NewNormalisationAlgorithm(ld.AlgorithmURDNA2015).Main(dataset, opts)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(out.(string)), "\n")
}

// difference returns what only one of two sets of lines has, at most some
// lines of it.
func difference(want, got []string) string {
	count := map[string]int{}
	for _, line := range want {
		count[line]--
	}
	for _, line := range got {
		count[line]++
	}
	var out []string
	for _, line := range slices.Sorted(maps.Keys(count)) {
		if n := count[line]; n != 0 && len(out) < 30 {
			out = append(out, fmt.Sprintf("%+d %s", n, line))
		}
	}
	return strings.Join(out, "\n")
}

// wholeOf returns all quads of a graph.
func wholeOf(t *testing.T, g *Graph) (quads []quad.Quad) {
	t.Helper()
	for q, err := range g.store.Match(t.Context(), store.Pattern{}) {
		if err != nil {
			t.Fatal(err)
		}
		quads = append(quads, q)
	}
	return quads
}

func unlabelled(quads []quad.Quad) []quad.Quad {
	var out []quad.Quad
	for _, q := range quads {
		q.Label = nil
		out = append(out, q)
	}
	return rdf.Sort(out)
}

// cannotRead are the tests that ask too much of a reader, and why.
var cannotRead = map[string]string{
	"foreign/raptor/trig":   "raptor 2.0.15 takes no blank node for the name of a graph",
	"foreign/rdflib/nquads": `rdflib 6.1.1 takes the escaped backslash of "\\n" for the escape of a line break`,
}

// TestOtherToolsReadTheSameGraph has every RDF format read by programs of
// others, and compares the graphs: equal but for the names of blank nodes.
func TestOtherToolsReadTheSameGraph(t *testing.T) {
	for name, g := range graphsToRead(t) {
		for _, r := range rdfReaders {
			for _, f := range export.Formats() {
				theirs, ok := r.formats[f.Name]
				test := name + "/" + r.name + "/" + f.Name
				if !ok || cannotRead[test] != "" {
					continue
				}
				t.Run(test, func(t *testing.T) {
					file := filepath.Join(t.TempDir(), "graph"+f.Extension)
					if err := os.WriteFile(file, []byte(dump(t, g, f.Name)), 0o644); err != nil {
						t.Fatal(err)
					}
					var got []quad.Quad
					text := output(t, r.command(t, file, theirs))
					for q, err := range store.ReadNQuads(strings.NewReader(text)) {
						if err != nil {
							t.Fatalf("%v\n%s", err, text)
						}
						got = append(got, q)
					}
					want := wholeOf(t, g)
					if !keepsLabels(f) {
						want = unlabelled(want)
					}
					if d := difference(canonical(t, rdf.Sort(want)), canonical(t, rdf.Sort(got))); d != "" {
						t.Errorf("another graph (-want +got):\n%s", d)
					}
				})
			}
		}
	}
}

// keepsLabels says whether a format of RDF has named graphs.
func keepsLabels(f export.Format) bool {
	return slices.Contains([]string{"nquads", "trig", "trig-rdf12", "jsonld"}, f.Name)
}

// graphsToRead are a small graph of real shape, a random one of documents, and
// one of quads that came from elsewhere.
func graphsToRead(t *testing.T) map[string]*Graph {
	r := rand.New(rand.NewPCG(1, 2))
	x, docs := randomCorpus(r, 8)
	random := open(t, x, smallAtlas)
	load(t, random, docs...)
	foreign := open(t, given{}, atlas{})
	if err := foreign.store.Apply(t.Context(), nil, foreignQuads(r, 300)); err != nil {
		t.Fatal(err)
	}
	return map[string]*Graph{"kurils": kurils(t), "random": random, "foreign": foreign}
}

// foreignQuads makes up quads that demarc would not write itself: words in many
// scripts, blank nodes in every place, language tags, numbers, statement nodes
// that are no facts.
func foreignQuads(r *rand.Rand, n int) []quad.Quad {
	words := []string{"", " ", "island", "択捉島", "Курильские острова", "جزر القمر", "דוקדו", "Đảo Trường Sa", "டெல்லி", "ສະຫວັນ", "🏝️ 𐍈",
		"quotes \" ' \"\"\" '''", `back\slash \n \u0041`, "line\nfeed\r\nand\ttab", "<b>&amp;</b> ]]>", "a\u0301 \u00e1", "\u200fright to left\u200e", "{| ~ << >> |}"}
	pick := func() string { return words[r.IntN(len(words))] }
	iri := func() quad.Value {
		paths := []string{"a", "b/c", "x#y", "%C3%A9", "é", "島", "a?b=c&d='e'", "(1,2);3", "~me", "a.b.", "-1", "1/"}
		return quad.IRI("http://example.org/" + paths[r.IntN(len(paths))])
	}
	blank := func() quad.Value { return quad.BNode([]string{"b0", "b1", "x.y", "0a", "_x62"}[r.IntN(5)]) }
	node := func() quad.Value {
		if r.IntN(4) == 0 {
			return blank()
		}
		return iri()
	}
	literal := func() quad.Value {
		switch r.IntN(9) {
		case 0:
			return quad.LangString{Value: quad.String(pick()), Lang: []string{"ja", "zh-Hant", "en-GB", "sr-Latn-RS"}[r.IntN(4)]}
		case 1:
			return quad.Int(r.Int64() >> r.IntN(64))
		case 2:
			return quad.Float([]float64{0, 1, -2.5, 1e30, 1e-7, 9007199254740993}[r.IntN(6)])
		case 3:
			return quad.Bool(r.IntN(2) == 0)
		case 4:
			return quad.TypedString{Value: []quad.String{"007", "-0", "1e3"}[r.IntN(3)], Type: quad.IRI(schema.XSD + "integer")}
		case 5:
			return quad.TypedString{Value: quad.String(pick()), Type: "http://example.org/type#own"}
		case 6:
			return quad.TypedString{Value: "1956-10-19", Type: quad.IRI(schema.XSD + "date")}
		}
		return quad.String(pick())
	}
	var out []quad.Quad
	for i := range n {
		q := quad.Quad{Subject: node(), Predicate: quad.IRI([]string{"http://example.org/p", "http://example.org/é#q-1", "http://other.example/ns#p.2",
			schema.VocabularyIRI + "claims", schema.RDF + "value", schema.RDF + "type"}[r.IntN(6)]), Object: literal()}
		if r.IntN(2) == 0 || q.Predicate == rdfType {
			q.Object = node()
		}
		switch r.IntN(4) {
		case 0:
		case 1:
			q.Label = blank()
		default:
			q.Label = iri()
		}
		out = append(out, q)
		if i%7 == 0 { // stated or not, and sometimes by half
			s := quad.IRI(fmt.Sprintf("http://example.org/statement/%d", i))
			out = append(out, quad.Quad{Subject: s, Predicate: rdfSubject, Object: q.Subject, Label: q.Label},
				quad.Quad{Subject: s, Predicate: rdfPredicate, Object: q.Predicate, Label: q.Label})
			if i%3 > 0 {
				out = append(out, quad.Quad{Subject: s, Predicate: rdfObject, Object: []quad.Value{q.Object, literal()}[i%2], Label: q.Label})
			}
			if i%2 > 0 {
				out = append(out, quad.Quad{Subject: s, Predicate: rdfType, Object: iri(), Label: q.Label})
			}
		}
	}
	return out
}

// TestLosslessRoundTrip writes generated graphs in every format that is said
// to lose nothing, and reads them into empty graphs: the hash must be the same,
// or, where blank nodes have got other names, the graph but for these.
func TestLosslessRoundTrip(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 9))
		x, docs := randomCorpus(r, 4)
		g := open(t, x, smallAtlas)
		load(t, g, docs...)
		blank := seed%2 == 1
		if blank {
			if err := g.store.Apply(t.Context(), nil, foreignQuads(r, 100)); err != nil {
				t.Fatal(err)
			}
		}
		want, err := g.Hash(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range export.Formats() {
			if !f.Lossless {
				continue
			}
			read, text := readers[f.Name], dump(t, g, f.Name)
			if read == nil {
				t.Fatalf("nothing reads %s", f.Name)
			}
			quads := read(t, text)
			if d := difference(canonical(t, wholeOf(t, g)), canonical(t, rdf.Sort(quads))); d != "" {
				t.Fatalf("seed %d: %s: another graph (-want +got):\n%s", seed, f.Name, d)
			}
			back := open(t, given{}, atlas{})
			if f.Name == "nquads" { // by our own reader, which keeps the names of blank nodes
				_, err = back.store.Import(t.Context(), strings.NewReader(text), store.ImportOptions{})
			} else {
				err = back.store.Apply(t.Context(), nil, quads)
			}
			if err != nil {
				t.Fatal(err)
			}
			if got, err := back.Hash(t.Context()); err != nil || got != want && (!blank || f.Name == "nquads") {
				t.Errorf("seed %d: %s: hash %s, %v, want %s", seed, f.Name, got, err, want)
			}
			if blank {
				continue // an import gives quads without a label one
			}
			imported := open(t, given{}, atlas{})
			if _, err := imported.Import(t.Context(), strings.NewReader(text), ImportOptions{Format: rdfio.Format(f.Name), Name: "again"}); err != nil {
				t.Fatal(err)
			}
			if got, err := imported.Hash(t.Context()); err != nil || got != want {
				t.Errorf("seed %d: %s: imported, the hash is %s, %v, want %s", seed, f.Name, got, err, want)
			}
		}
	}
}

// TestWhatSyntaxesCannotHold has errors and notes say what a format of RDF has
// no way to write.
func TestWhatSyntaxesCannotHold(t *testing.T) {
	for name, test := range map[string]struct {
		format    string
		predicate quad.IRI
		object    quad.Value
		err, lost string
	}{
		"no name at its end":    {"rdfxml", "http://example.org/p/2", quad.String("x"), "http://example.org/p/2", ""},
		"a name of the syntax":  {"rdfxml", quad.IRI(schema.RDF + "li"), quad.String("x"), "another meaning", ""},
		"a control character":   {"rdfxml", "http://example.org/p", quad.String("a\x01b\ufffd"), "", "cannot hold"},
		"a scheme like geo":     {"jsonld", "http://example.org/p", quad.IRI("geo:37.24,131.87"), "geo:37.24,131.87", ""},
		"the same in Turtle":    {"turtle", "http://example.org/p", quad.IRI("geo:37.24,131.87"), "", ""},
		"a literal for a class": {"jsonld", rdfType, quad.String("x"), "", ""},
	} {
		g := open(t, given{}, atlas{})
		q := quad.Quad{Subject: quad.IRI("http://example.org/s"), Predicate: test.predicate, Object: test.object}
		if err := g.store.Apply(t.Context(), nil, []quad.Quad{q}); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		report, err := g.Export(t.Context(), &b, test.format, export.Options{})
		if (err != nil) != (test.err != "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: %v, want %q", name, err, test.err)
		}
		if got := strings.Join(report.Lost, "\n"); (got != "") != (test.lost != "") || !strings.Contains(got, test.lost) {
			t.Errorf("%s: lost: %q, want %q", name, got, test.lost)
		}
		if read := readers[test.format]; err == nil && read != nil {
			if got := read(t, b.String()); len(got) != 1 || got[0] != q {
				t.Errorf("%s: came back as %v", name, got)
			}
		}
	}
}

// TestJSONLDIsCompact has json-gold compact graphs of documents by the published
// context: nothing can be said more shortly.
func TestJSONLDIsCompact(t *testing.T) {
	graphs := graphsToRead(t)
	delete(graphs, "foreign") // json-gold writes language tags in lower case
	for name, g := range graphs {
		var doc, published map[string]any
		if err := json.Unmarshal([]byte(dump(t, g, "jsonld")), &doc); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join("..", "schema", "context.jsonld"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &published); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(published["@context"], doc["@context"]); d != "" {
			t.Errorf("%s: another context (-want +got):\n%s", name, d)
		}
		processor, opts := ld.NewJsonLdProcessor(), ld.NewJsonLdOptions("")
		expanded, err := processor.Expand(doc, opts)
		if err != nil {
			t.Fatal(err)
		}
		compact, err := processor.Compact(expanded, published, opts)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(byTerm(t, compact["@graph"]), byTerm(t, doc["@graph"])); d != "" {
			t.Errorf("%s: not compact (-json-gold +demarc):\n%.6000s", name, d)
		}
	}
}

// byTerm gives every property of JSON-LD the name of its term and a list of
// values. The algorithm of JSON-LD has a term only for values of the type that
// the context gives it, so that dates would have two names; demarc keeps to one,
// and says the type of values that have another.
func byTerm(t *testing.T, v any) any {
	switch v := v.(type) {
	case []any:
		var out []any
		for _, e := range v {
			out = append(out, byTerm(t, e))
		}
		return out
	case map[string]any:
		out := map[string][]string{}
		for key, value := range v {
			for _, p := range schema.Prefixes() {
				if local, ok := strings.CutPrefix(key, p.Name+":"); ok {
					if term, ok := schema.Terms()[p.IRI+local]; ok {
						key = term.Name
					}
				}
			}
			list, ok := value.([]any)
			if !ok {
				list = []any{value}
			}
			for _, e := range list {
				text, err := json.Marshal(byTerm(t, e))
				if err != nil {
					t.Fatal(err)
				}
				out[key] = append(out[key], string(text))
			}
			slices.Sort(out[key])
		}
		return out
	}
	return v
}

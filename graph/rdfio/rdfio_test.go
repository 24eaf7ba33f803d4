package rdfio

import (
	"bytes"
	"compress/gzip"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
)

// texts say the same in every format, those without named graphs less the one
// quad that has one.
var texts = map[Format]string{
	NTriples: `<http://example.org/a> <http://example.org/p> <http://example.org/b> .
<http://example.org/a> <http://example.org/q> "1956"^^<http://www.w3.org/2001/XMLSchema#gYear> .
<http://example.org/a> <http://example.org/q> "Kurilen"@de .
<http://example.org/a> <http://example.org/r> _:x .
_:x <http://example.org/q> "two \"words\"" .
`,
	Turtle: `@prefix : <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:a :p <b> ; :q "1956"^^xsd:gYear, "Kurilen"@de ; :r [ :q 'two "words"' ] .`,
	RDFXML: `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://example.org/">
<rdf:Description rdf:about="http://example.org/a">
<p rdf:resource="b"/>
<q rdf:datatype="http://www.w3.org/2001/XMLSchema#gYear">1956</q>
<q xml:lang="de">Kurilen</q>
<r><rdf:Description><q>two "words"</q></rdf:Description></r>
</rdf:Description></rdf:RDF>`,
}

const named = "<http://example.org/a> <http://example.org/p> <http://example.org/c> <http://example.org/g> .\n"

func init() {
	texts[NQuads] = texts[NTriples] + named
	texts[TriG] = texts[Turtle] + " :g { :a :p :c }"
	texts[JSONLD] = `{"@context": {"@vocab": "http://example.org/", "p": {"@type": "@id"}}, "@graph": [
{"@id": "a", "p": "b", "q": [{"@value": "1956", "@type": "http://www.w3.org/2001/XMLSchema#gYear"}, {"@value": "Kurilen", "@language": "de"}],
"r": {"@id": "_:z", "q": "two \"words\""}}, {"@id": "g", "@graph": [{"@id": "a", "p": "c"}]}]}`
}

func read(t testing.TB, f Format, text []byte) ([]string, error) {
	t.Helper()
	var lines []string
	err := Read(t.Context(), bytes.NewReader(text), Options{Format: f, Base: "http://example.org/"}, func(q quad.Quad) error {
		lines = append(lines, store.FormatQuad(q))
		return nil
	})
	slices.Sort(lines)
	return lines, err
}

func TestRead(t *testing.T) {
	want, err := read(t, NTriples, []byte(texts[NTriples]))
	if err != nil || len(want) != 5 || !slices.ContainsFunc(want, func(l string) bool { return strings.Contains(l, "_:b1 ") }) {
		t.Fatalf("%q, %v", want, err)
	}
	for _, f := range Formats() {
		t.Run(string(f), func(t *testing.T) {
			want := want
			if f == NQuads || f == TriG || f == JSONLD {
				want = slices.Sorted(slices.Values(append(slices.Clone(want), named)))
			}
			for range 3 { // in the same order, with the same blank nodes
				got, err := read(t, f, []byte(texts[f]))
				if err != nil || !slices.Equal(got, want) {
					t.Fatalf("%v\n%s\nwant\n%s", err, strings.Join(got, ""), strings.Join(want, ""))
				}
			}
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			z.Write([]byte(texts[f]))
			z.Close()
			if got, err := read(t, f, packed.Bytes()); err != nil || !slices.Equal(got, want) {
				t.Errorf("gzipped: %d quads, %v", len(got), err)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	for f, text := range map[Format]string{
		NQuads: "<a> <b> .", Turtle: "<http://example.org/a> <http://example.org/p>", TriG: "{ <a> }",
		RDFXML: "<rdf:RDF>", JSONLD: `{"@id": `, "csv": "a,b",
	} {
		if got, err := read(t, f, []byte(text)); err == nil {
			t.Errorf("%s: no error, %q", f, got)
		}
	}
	for text, want := range map[string]string{
		`{"@context": "https://schema.org/", "name": "a"}`: "asks no network",
	} {
		if _, err := read(t, JSONLD, []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	_, err := read(t, Turtle, []byte("<http://e/s> <http://e/p> <<( <http://e/a> <http://e/b> <http://e/c> )>> ."))
	if !errors.Is(err, ErrUnsupported) {
		t.Errorf("a triple as a term: %v", err)
	}
	stop := errors.New("stop")
	for _, f := range Formats() {
		n := 0
		err := Read(t.Context(), strings.NewReader(texts[f]), Options{Format: f}, func(quad.Quad) error {
			n++
			return stop
		})
		if !errors.Is(err, stop) || n != 1 {
			t.Errorf("%s: %d quads after an error, %v", f, n, err)
		}
	}
}

func TestNames(t *testing.T) {
	for file, want := range map[string]struct {
		f    Format
		name string
	}{
		"a/b.ttl": {Turtle, "b"}, "b.NQ.gz": {NQuads, "b"}, "x.nt": {NTriples, "x"}, "x.y.trig": {TriG, "x.y"},
		"o.owl": {RDFXML, "o"}, "o.jsonld": {JSONLD, "o"}, "o.csv": {"", "o"}, ".ttl": {Turtle, ".ttl"},
	} {
		if f, ok := FormatOf(file); f != want.f || ok != (want.f != "") || Name(file) != want.name {
			t.Errorf("%s: %q, %v, %q", file, f, ok, Name(file))
		}
	}
}

// FuzzRead wants every text to be read or refused, and what has been read to be
// read again from its N-Quads.
func FuzzRead(f *testing.F) {
	for i, format := range Formats() {
		f.Add(uint8(i), []byte(texts[format]))
	}
	f.Fuzz(func(t *testing.T, format uint8, text []byte) {
		lines, err := read(t, Formats()[int(format)%len(Formats())], text)
		if err != nil {
			return
		}
		if _, err := read(t, NQuads, []byte(strings.Join(lines, ""))); err != nil {
			t.Errorf("%q: %v", lines, err)
		}
	})
}

package schema

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/internal/golden"
)

func TestPublishedFiles(t *testing.T) {
	for path, want := range map[string][]byte{
		"vocabulary.ttl":                         Vocabulary(),
		"shapes.ttl":                             Shapes(),
		"context.jsonld":                         []byte(`{"@context": ` + string(Namespace{}.Context()) + "}\n"),
		filepath.Join("..", "docs", "schema.md"): Reference(),
	} {
		golden.Check(t, path, want)
	}
}

func TestContextIsJSON(t *testing.T) {
	var context map[string]any
	if err := json.Unmarshal((Namespace{Base: "https://example.org/"}).Context(), &context); err != nil {
		t.Fatal(err)
	}
	if context["state"] != "https://example.org/state/" || context["prefLabel"] != "skos:prefLabel" {
		t.Errorf("%v", context)
	}
	names := map[string]string{}
	for iri, term := range Terms() {
		if other, ok := names[term.Name]; ok {
			t.Errorf("the term %s stands for %s and %s", term.Name, iri, other)
		}
		names[term.Name] = iri
	}
	for _, p := range (Namespace{}).Prefixes() {
		if _, ok := names[p.Name]; ok {
			t.Errorf("%s is a prefix and a term", p.Name)
		}
	}
}

func TestCompact(t *testing.T) {
	prefixes := Namespace{}.Prefixes()
	for iri, want := range map[string]string{
		EntityBase + "state/japan":          "state:japan",
		EntityBase + "document/a%20b":       "document:a%20b",
		EntityBase + "document/a/b":         "<" + EntityBase + "document/a/b>",
		EntityBase + "document/a.txt":       "<" + EntityBase + "document/a.txt>",
		EntityBase + "state/":               "<" + EntityBase + "state/>",
		EntityBase + "document/-a":          "<" + EntityBase + "document/-a>",
		EntityBase + "document/x#bytes=1-2": "<" + EntityBase + "document/x#bytes=1-2>",
		"urn:x":                             "<urn:x>",
		RDF + "type":                        "rdf:type",
	} {
		if got := Compact(iri, prefixes); got != want {
			t.Errorf("Compact(%s) = %s, want %s", iri, got, want)
		}
	}
}

func TestIRIsComeBack(t *testing.T) {
	for _, ns := range []Namespace{{}, {Base: "http://localhost/x/"}} {
		for _, id := range []string{"a", "folder/b c", "ä#?%/“", "x#bytes=1-2"} {
			if got, ok := ns.DocumentID(ns.Document(id)); !ok || got != id {
				t.Errorf("document %q came back as %q, %v", id, got, ok)
			}
			if got, ok := ns.FactID(ns.Fact("0123")); !ok || got != "0123" {
				t.Errorf("fact came back as %q, %v", got, ok)
			}
			if _, ok := ns.DocumentID(ns.Passage(id, 1, 2)); ok {
				t.Errorf("a passage of %q is taken for a document", id)
			}
			if strings.ContainsAny(ns.Passage(id, 1, 2), " \"<>{}|\\^`") {
				t.Errorf("%s is no IRI", ns.Passage(id, 1, 2))
			}
		}
		if _, ok := ns.DocumentID(ns.Entity("state/japan")); ok {
			t.Error("a state is taken for a document")
		}
	}
}

func TestDateLiteral(t *testing.T) {
	for date, want := range map[Date]string{
		Day(1956, 10, 19): XSD + "date", Month(1956, 10): XSD + "gYearMonth", Year(1956): XSD + "gYear",
		{Year: 1950, Precision: PrecisionDecade}:                  EDTF,
		{Year: 1956, Precision: PrecisionYear, Approximate: true}: EDTF,
	} {
		lexical, datatype := date.Literal()
		back, err := ParseDate(lexical)
		if datatype != want || back != date || err != nil {
			t.Errorf("%v: %s^^%s, %v, %v", date, lexical, datatype, back, err)
		}
	}
}

func TestInverseNames(t *testing.T) {
	known := map[string]bool{}
	for _, p := range Predicates() {
		known[string(p.Predicate)] = true
	}
	for p, want := range map[Predicate]string{
		Claims: "isClaimedBy", PartOf: "includes", TransferredTo: "received", RuledOn: "wasRuledOnBy", Disputes: "", AlsoKnownAs: "", "x": "",
	} {
		if got := p.InverseName(); got != want {
			t.Errorf("%s: %q, want %q", p, got, want)
		}
	}
	for _, p := range Predicates() {
		name := p.Predicate.InverseName()
		if name != "" && known[name] {
			t.Errorf("%s of %s is another's name", name, p.Predicate)
		}
		known[name] = true
	}
}

func TestInherited(t *testing.T) {
	kurils, shikotan := NewEntity(Territory, "Kuril Islands"), NewEntity(Territory, "Shikotan")
	oblast := NewEntity(Territory, "Sakhalin Oblast")
	japan, russia := NewEntity(State, "Japan"), NewEntity(State, "Russia")
	if !kurils.Collective() || oblast.Collective() || japan.Collective() {
		t.Error("which are groups")
	}
	over := []Qualifier{{RoleOver, kurils}}
	for _, c := range []struct {
		f    Fact
		want bool
	}{
		{Fact{Subject: japan, Predicate: Claims, Object: kurils}, true},
		{Fact{Subject: japan, Predicate: Claims, Object: kurils, Negated: true}, false},
		{Fact{Subject: japan, Predicate: Claims, Object: shikotan}, false},
		{Fact{Subject: kurils, Predicate: TransferredTo, Object: russia}, true},
		{Fact{Subject: japan, Predicate: Disputes, Object: russia, Qualifiers: over}, true},
		{Fact{Subject: japan, Predicate: Disputes, Object: russia}, false},
		{Fact{Subject: kurils, Predicate: PartOf, Object: oblast}, false},
		{Fact{Subject: kurils, Predicate: AlsoKnownAs, Object: Lit("Chishima")}, false},
	} {
		if got := c.f.Inherited(kurils); got != c.want {
			t.Errorf("%s: %v", c.f.String(), got)
		}
	}
}

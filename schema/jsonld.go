package schema

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// ContextTerm is how JSON-LD names a class, a property or a value of the
// vocabulary.
type ContextTerm struct {
	Name string
	// Type is what a plain string means as the property's value: "@id" an IRI,
	// "@vocab" a term of the context, an IRI a literal of that datatype, ""
	// a plain literal.
	Type string
}

// Terms returns the terms of demarc's JSON-LD context, by IRI.
func Terms() map[string]ContextTerm {
	terms := map[string]ContextTerm{
		RDF + "subject":            {"subject", "@id"},
		RDF + "predicate":          {"predicate", "@vocab"},
		RDF + "object":             {"object", ""},
		PROV + "wasAttributedTo":   {"attributedTo", "@id"},
		PROV + "wasDerivedFrom":    {"evidence", "@id"},
		PROV + "Entity":            {"Entity", ""},
		SKOS + "prefLabel":         {"prefLabel", ""},
		SKOS + "altLabel":          {"altLabel", ""},
		SKOS + "exactMatch":        {"exactMatch", "@id"},
		SKOSXL + "altLabel":        {"nameUse", "@id"},
		SKOSXL + "Label":           {"Label", ""},
		SKOSXL + "literalForm":     {"literalForm", ""},
		DCTerms + "identifier":     {"identifier", ""},
		DCTerms + "title":          {"title", ""},
		DCTerms + "date":           {"published", XSD + "date"},
		DCTerms + "publisher":      {"publisher", ""},
		Geo + "lat":                {"lat", XSD + "double"},
		Geo + "long":               {"long", XSD + "double"},
		VocabularyIRI + "denied":   {"denied", ""},
		VocabularyIRI + "affirmed": {"affirmed", ""},
	}
	own := func(name, coercion string) { terms[VocabularyIRI+name] = ContextTerm{name, coercion} }
	for _, c := range classes {
		own(string(c.Class), "")
	}
	for _, c := range nodeClasses {
		own(c.name, "")
	}
	for _, m := range Modalities() {
		own(string(m), "")
	}
	for _, r := range Roles() {
		own(string(r), "") // an entity or a literal
	}
	for _, p := range predicates {
		if slices.Equal(p.Objects, []Class{Literal}) {
			own(string(p.Predicate), "")
		} else {
			own(string(p.Predicate), "@id")
		}
	}
	for _, p := range properties {
		switch {
		case p.Range == RDFS+"Resource":
			own(p.Name, "@vocab")
		case strings.HasPrefix(p.Range, VocabularyIRI):
			own(p.Name, "@id")
		case p.Range == XSD+"double":
			own(p.Name, p.Range)
		case p.Name == "date" || p.Name == "since" || p.Name == "until":
			own(p.Name, XSD+"date") // coarser dates say their type themselves
		default:
			own(p.Name, "")
		}
	}
	return terms
}

// Context returns the JSON-LD 1.1 context of this namespace's graphs, as one
// JSON object.
func (n Namespace) Context() []byte {
	var b bytes.Buffer
	entry := func(key string, value any) {
		if b.Len() > 0 {
			b.WriteString(",\n")
		}
		text, err := json.Marshal(value)
		if err != nil { // strings and string maps always encode
			panic(err)
		}
		fmt.Fprintf(&b, "  %q: %s", key, text)
	}
	entry("@version", 1.1)
	for _, p := range n.Prefixes() {
		entry(p.Name, p.IRI)
	}
	type named struct {
		ContextTerm
		iri string
	}
	var terms []named
	for iri, t := range Terms() {
		terms = append(terms, named{t, iri})
	}
	slices.SortFunc(terms, func(a, b named) int { return cmp.Compare(a.Name, b.Name) })
	short := func(iri string) string {
		if strings.HasPrefix(iri, "@") {
			return iri
		}
		return Compact(iri, Prefixes())
	}
	for _, t := range terms {
		if t.Type == "" {
			entry(t.Name, short(t.iri))
		} else {
			entry(t.Name, map[string]string{"@id": short(t.iri), "@type": short(t.Type)})
		}
	}
	return []byte("{\n" + b.String() + "\n}")
}

package schema

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// The namespaces of the vocabularies that demarc's graphs build on.
const (
	DCTerms = "http://purl.org/dc/terms/"
	Geo     = "http://www.w3.org/2003/01/geo/wgs84_pos#"
	OWL     = "http://www.w3.org/2002/07/owl#"
	PROV    = "http://www.w3.org/ns/prov#"
	RDF     = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	RDFS    = "http://www.w3.org/2000/01/rdf-schema#"
	SHACL   = "http://www.w3.org/ns/shacl#"
	SKOS    = "http://www.w3.org/2004/02/skos/core#"
	SKOSXL  = "http://www.w3.org/2008/05/skos-xl#"
	XSD     = "http://www.w3.org/2001/XMLSchema#"

	Wikidata = "http://www.wikidata.org/entity/"
)

// Prefix is a short name for a namespace, as Turtle, SPARQL and JSON-LD use it.
type Prefix struct {
	Name, IRI string
}

// Prefixes returns the prefixes that demarc writes and that queries may use
// without declaring them, sorted by name.
func Prefixes() []Prefix {
	return []Prefix{
		{"dcterms", DCTerms}, {"dm", VocabularyIRI}, {"geo", Geo}, {"owl", OWL}, {"prov", PROV}, {"rdf", RDF},
		{"rdfs", RDFS}, {"skos", SKOS}, {"skosxl", SKOSXL}, {"wd", Wikidata}, {"xsd", XSD},
	}
}

// Prefixes returns [Prefixes] and, sorted after them, a prefix for each kind of
// node in this namespace: state:japan, fact:0123….
func (n Namespace) Prefixes() []Prefix {
	var own []Prefix
	for _, kind := range []string{"document", "fact"} {
		own = append(own, Prefix{kind, n.base() + kind + "/"})
	}
	for _, c := range classes {
		kind := strings.ToLower(string(c.Class))
		if c.Class != Literal && !slices.Contains(allRoles(), Role(kind)) { // JSON-LD has one name for one thing
			own = append(own, Prefix{kind, n.base() + kind + "/"})
		}
	}
	slices.SortFunc(own, func(a, b Prefix) int { return strings.Compare(a.Name, b.Name) })
	return append(Prefixes(), own...)
}

// Compact writes an IRI with the first of the prefixes whose namespace it is
// in, or in angle brackets where it needs them. The result is good in Turtle,
// TriG and SPARQL.
func Compact(iri string, prefixes []Prefix) string {
	for _, p := range prefixes {
		if local, ok := strings.CutPrefix(iri, p.IRI); ok && plainLocal(local) {
			return p.Name + ":" + local
		}
	}
	return "<" + iri + ">"
}

// plainLocal reports whether a local name needs no escapes.
func plainLocal(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '-' && i > 0:
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			i += 2
		default:
			return false
		}
	}
	return s != ""
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'A' <= c && c <= 'F' || 'a' <= c && c <= 'f' }

// Property is a property of the graph's own nodes: statements, passages,
// documents, names, and what the gazetteer knows of entities. Predicates and
// roles are properties too but have their own tables.
type Property struct {
	Name    string   // local name in demarc's vocabulary
	Domain  []string // local names of classes
	Range   string   // an IRI: a class, or a datatype of [XSD] or [EDTF]
	Many    bool     // a node may have several
	Comment string
}

// EDTF is the datatype of dates that XML Schema cannot write: decades,
// centuries, and dates that their document calls approximate.
const EDTF = VocabularyIRI + "edtf"

// The classes of the graph's own nodes.
const (
	FactClass     = "Fact"
	PassageClass  = "Passage"
	DocumentClass = "Document"
	DecisionClass = "Decision"
)

// nodeClasses describes the classes that entities never have.
var nodeClasses = []struct{ name, parent, comment string }{
	{DecisionClass, PROV + "Entity", "A decision that two entities of documents are one thing, or are not."},
	{DocumentClass, PROV + "Entity", "A text that facts were read from. Its IRI labels all quads that it gives rise to."},
	{FactClass, RDF + "Statement", "One typed, directed statement that a document makes; its IRI is a hash of its content."},
	{PassageClass, PROV + "Entity", "A passage of a document that proves a fact, by the byte offsets of its text."},
}

var properties = []Property{
	{"polarity", []string{FactClass}, RDFS + "Resource", false, "dm:affirmed, or dm:denied where the document says that it is not so."},
	{"modality", []string{FactClass}, RDFS + "Resource", false, "In which way the document puts the fact forward."},
	{"date", []string{FactClass}, RDFS + "Literal", false, "When it happened, as precisely as the document says."},
	{"since", []string{FactClass}, RDFS + "Literal", false, "When it began to hold."},
	{"until", []string{FactClass}, RDFS + "Literal", false, "When it ceased to hold."},
	{"rule", []string{FactClass, DecisionClass}, XSD + "string", true, "The rule that found the fact, one for each document, or that decided; hand where a user did."},
	{"confidence", []string{FactClass}, XSD + "double", true, "The probability that a careful reader agrees, one for each document."},

	{"inDocument", []string{PassageClass}, VocabularyIRI + DocumentClass, false, "The document that the passage is of."},
	{"start", []string{PassageClass}, XSD + "integer", false, "The byte of the document's text at which the passage begins, from 0."},
	{"end", []string{PassageClass}, XSD + "integer", false, "The byte after the passage's last."},
	{"line", []string{PassageClass}, XSD + "integer", false, "The line of the text on which the passage begins, from 1."},
	{"quote", []string{PassageClass}, XSD + "string", false, "The passage's own words."},

	{"text", []string{DocumentClass}, XSD + "string", false, "The whole text, never normalised."},
	{"body", []string{DocumentClass}, XSD + "integer", false, "The byte at which metadata end and prose begins, where not 0."},
	{"hash", []string{DocumentClass}, XSD + "string", false, "SHA-256 of text and metadata, in hexadecimal."},
	{"path", []string{DocumentClass}, XSD + "string", false, "The file that the document was read from."},
	{"country", []string{DocumentClass}, XSD + "string", false, "The state whose entry the document is."},
	{"extractor", []string{DocumentClass}, XSD + "string", false, "The version of the extractor that read the document."},
	{"facts", []string{DocumentClass}, XSD + "integer", false, "How many facts the document proves."},
	{"duplicateOf", []string{DocumentClass}, VocabularyIRI + DocumentClass, false, "A document that says all that this one says, which was therefore not read."},
	{"nearDuplicateOf", []string{DocumentClass}, VocabularyIRI + DocumentClass, false, "The document before this one that says nearly the same."},

	{"one", []string{DecisionClass}, VocabularyIRI + string(Thing), false, "The first of the two entities, by the order of their IRIs."},
	{"other", []string{DecisionClass}, VocabularyIRI + string(Thing), false, "The second of the two."},
	{"verdict", []string{DecisionClass}, RDFS + "Resource", false, "dm:same or dm:different."},
	{"reason", []string{DecisionClass}, XSD + "string", false, "Why it was decided so."},

	{"foldedName", []string{string(Thing)}, XSD + "string", true, "A name in lower case without accents and punctuation, for look-ups."},
	{"properName", []string{string(Thing)}, XSD + "string", true, "A folded name that is written with a capital letter or a number, so that it is more than common nouns."},
	{"kind", []string{string(Thing)}, XSD + "string", false, "What sort of state, territory or body it is: island, sea, historical-state."},
	{"memberOf", []string{string(Thing)}, VocabularyIRI + string(Thing), true, "The group or region that it belongs to by definition."},
	{"successor", []string{string(State)}, VocabularyIRI + string(State), true, "A state that succeeded it."},
	{"existedSince", []string{string(State)}, RDFS + "Literal", false, "When a historical state came into being."},
	{"existedUntil", []string{string(State)}, RDFS + "Literal", false, "When a historical state ceased to be."},
	{"iso3166Alpha2", []string{string(Thing)}, XSD + "string", false, "Two-letter code of ISO 3166-1."},
	{"iso3166Alpha3", []string{string(Thing)}, XSD + "string", false, "Three-letter code of ISO 3166-1."},
	{"cowCode", []string{string(Thing)}, XSD + "string", false, "Country code of the Correlates of War project."},
	{"usedBy", nil, VocabularyIRI + string(Agent), false, "Who uses the name that a skosxl:Label stands for."},
	{"nameKind", nil, XSD + "string", false, "What sort of name a skosxl:Label is: official, local, former."},
}

// Properties returns the properties of the graph's own nodes.
func Properties() []Property { return slices.Clone(properties) }

// Modalities returns every modality, the plain one first.
func Modalities() []Modality { return []Modality{Asserted, Promised, Conditional, Planned, Alleged} }

// Roles returns every role that some predicate takes and that is no date,
// sorted.
func Roles() []Role { return slices.Clone(allRoles()) }

var allRoles = sync.OnceValue(func() (roles []Role) {
	for _, p := range predicates {
		for _, r := range p.Roles {
			if r != RoleDate && r != RoleSince && r != RoleUntil {
				roles = append(roles, r)
			}
		}
	}
	slices.Sort(roles)
	return slices.Compact(roles)
})

// Polarity returns the IRI that says whether a fact is denied.
func Polarity(negated bool) string {
	if negated {
		return VocabularyIRI + "denied"
	}
	return VocabularyIRI + "affirmed"
}

// Verdict returns the IRI that says whether two entities were decided to be one.
func Verdict(same bool) string {
	if same {
		return VocabularyIRI + "same"
	}
	return VocabularyIRI + "different"
}

// Literal returns the date as an RDF literal: its lexical form and the IRI of
// its datatype. XML Schema's types are used where they can hold the date, else
// [EDTF].
func (d Date) Literal() (lexical, datatype string) {
	datatype = EDTF
	if !d.Approximate {
		switch d.Precision {
		case PrecisionYear:
			datatype = XSD + "gYear"
		case PrecisionMonth:
			datatype = XSD + "gYearMonth"
		case PrecisionDay:
			datatype = XSD + "date"
		}
	}
	return d.String(), datatype
}

// Passage returns the IRI of the bytes [start, end) of a document's text.
func (n Namespace) Passage(doc string, start, end int) string {
	return fmt.Sprintf("%s#bytes=%d-%d", n.Document(doc), start, end)
}

// Name returns the IRI of the node that says that the entity by calls another
// entity name.
func (n Namespace) Name(entity, name, by string) string {
	return n.Entity(entity) + "#name=" + url.PathEscape(name+","+by)
}

// FactID returns the ID of the fact with the given IRI; ok is false where the
// IRI is not a statement node of this namespace.
func (n Namespace) FactID(iri string) (id string, ok bool) {
	return strings.CutPrefix(iri, n.base()+"fact/")
}

// DocumentID returns the ID of the document with the given IRI; ok is false
// where the IRI is not a document of this namespace.
func (n Namespace) DocumentID(iri string) (id string, ok bool) {
	if strings.Contains(iri, "#") { // a passage
		return "", false
	}
	id, ok = n.EntityID(iri)
	if !ok {
		return "", false
	}
	return strings.CutPrefix(id, "document/")
}

// Gazetteer returns the IRI that labels what demarc itself knows of the
// entities that occur in a graph.
func (n Namespace) Gazetteer() string { return n.Entity("gazetteer") }

// Decisions returns the IRI that labels the decisions that entities are one or
// are not.
func (n Namespace) Decisions() string { return n.Entity("decisions") }

// Decision returns the IRI of the decision with the given ID.
func (n Namespace) Decision(id string) string { return n.Entity("decision/" + id) }

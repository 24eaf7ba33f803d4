package graph

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/internal/rdf"
	"github.com/demarcgraph/demarc/schema"
)

// The properties of a graph's nodes. Those of facts are schema.Term of their
// predicates and roles.
const (
	rdfType      = quad.IRI(schema.RDF + "type")
	rdfSubject   = quad.IRI(schema.RDF + "subject")
	rdfPredicate = quad.IRI(schema.RDF + "predicate")
	rdfObject    = quad.IRI(schema.RDF + "object")

	skosPrefLabel  = quad.IRI(schema.SKOS + "prefLabel")
	skosAltLabel   = quad.IRI(schema.SKOS + "altLabel")
	skosExactMatch = quad.IRI(schema.SKOS + "exactMatch")
	xlAltLabel     = quad.IRI(schema.SKOSXL + "altLabel")
	xlLabel        = quad.IRI(schema.SKOSXL + "Label")
	xlLiteralForm  = quad.IRI(schema.SKOSXL + "literalForm")

	owlSameAs    = quad.IRI(schema.OWL + "sameAs")
	owlDifferent = quad.IRI(schema.OWL + "differentFrom")

	provAttributed = quad.IRI(schema.PROV + "wasAttributedTo")
	provDerived    = quad.IRI(schema.PROV + "wasDerivedFrom")

	dcIdentifier = quad.IRI(schema.DCTerms + "identifier")
	dcTitle      = quad.IRI(schema.DCTerms + "title")
	dcDate       = quad.IRI(schema.DCTerms + "date")
	dcPublisher  = quad.IRI(schema.DCTerms + "publisher")

	geoLat  = quad.IRI(schema.Geo + "lat")
	geoLong = quad.IRI(schema.Geo + "long")

	dmPolarity   = quad.IRI(schema.VocabularyIRI + "polarity")
	dmModality   = quad.IRI(schema.VocabularyIRI + "modality")
	dmDate       = quad.IRI(schema.VocabularyIRI + "date")
	dmSince      = quad.IRI(schema.VocabularyIRI + "since")
	dmUntil      = quad.IRI(schema.VocabularyIRI + "until")
	dmRule       = quad.IRI(schema.VocabularyIRI + "rule")
	dmConfidence = quad.IRI(schema.VocabularyIRI + "confidence")

	dmInDocument = quad.IRI(schema.VocabularyIRI + "inDocument")
	dmStart      = quad.IRI(schema.VocabularyIRI + "start")
	dmEnd        = quad.IRI(schema.VocabularyIRI + "end")
	dmLine       = quad.IRI(schema.VocabularyIRI + "line")
	dmQuote      = quad.IRI(schema.VocabularyIRI + "quote")

	dmText      = quad.IRI(schema.VocabularyIRI + "text")
	dmBody      = quad.IRI(schema.VocabularyIRI + "body")
	dmHash      = quad.IRI(schema.VocabularyIRI + "hash")
	dmPath      = quad.IRI(schema.VocabularyIRI + "path")
	dmCountry   = quad.IRI(schema.VocabularyIRI + "country")
	dmExtractor = quad.IRI(schema.VocabularyIRI + "extractor")
	dmFacts     = quad.IRI(schema.VocabularyIRI + "facts")

	dmDuplicateOf     = quad.IRI(schema.VocabularyIRI + "duplicateOf")
	dmNearDuplicateOf = quad.IRI(schema.VocabularyIRI + "nearDuplicateOf")

	dmFoldedName = quad.IRI(schema.VocabularyIRI + "foldedName")
	dmProperName = quad.IRI(schema.VocabularyIRI + "properName")
	dmKind       = quad.IRI(schema.VocabularyIRI + "kind")
	dmMemberOf   = quad.IRI(schema.VocabularyIRI + "memberOf")
	dmSuccessor  = quad.IRI(schema.VocabularyIRI + "successor")
	dmExisted    = quad.IRI(schema.VocabularyIRI + "existedSince")
	dmExistedTo  = quad.IRI(schema.VocabularyIRI + "existedUntil")
	dmISO2       = quad.IRI(schema.VocabularyIRI + "iso3166Alpha2")
	dmISO3       = quad.IRI(schema.VocabularyIRI + "iso3166Alpha3")
	dmCOW        = quad.IRI(schema.VocabularyIRI + "cowCode")
	dmUsedBy     = quad.IRI(schema.VocabularyIRI + "usedBy")
	dmNameKind   = quad.IRI(schema.VocabularyIRI + "nameKind")

	dmOne     = quad.IRI(schema.VocabularyIRI + "one")
	dmOther   = quad.IRI(schema.VocabularyIRI + "other")
	dmVerdict = quad.IRI(schema.VocabularyIRI + "verdict")
	dmReason  = quad.IRI(schema.VocabularyIRI + "reason")

	classDecision = quad.IRI(schema.VocabularyIRI + schema.DecisionClass)
	classFact     = quad.IRI(schema.VocabularyIRI + schema.FactClass)
	classPassage  = quad.IRI(schema.VocabularyIRI + schema.PassageClass)
	classDocument = quad.IRI(schema.VocabularyIRI + schema.DocumentClass)
	provEntity    = quad.IRI(schema.PROV + "Entity")
)

// checkDocument refuses what the graph could not give back as it was.
func checkDocument(doc *schema.Document) error {
	if doc.ID == "" {
		return errors.New("graph: a document needs an ID")
	}
	for _, field := range []struct{ name, value string }{
		{"ID", doc.ID}, {"title", doc.Title}, {"publisher", doc.Publisher}, {"country", doc.Country}, {"text", doc.Text},
	} {
		if !utf8.ValidString(field.value) {
			return fmt.Errorf("graph: document %q: its %s is not UTF-8; decode it before loading", doc.ID, field.name)
		}
	}
	if doc.Body < 0 || doc.Body > len(doc.Text) {
		return fmt.Errorf("graph: document %q: prose begins at byte %d of a text of %d bytes", doc.ID, doc.Body, len(doc.Text))
	}
	return nil
}

// checkFact refuses a fact that breaks the model: what it says of doc must be
// in doc.
func checkFact(doc *schema.Document, f *schema.Fact) error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("graph: document %q: fact %q of rule %q %s", doc.ID, f.String(), f.Rule, fmt.Sprintf(format, args...))
	}
	if _, ok := f.Predicate.Info(); !ok {
		return bad("has the predicate %q, which the vocabulary does not have", f.Predicate)
	}
	if f.Subject.ID == "" {
		return bad("has a subject without an ID")
	}
	if len(f.Evidence) == 0 {
		return bad("has no evidence")
	}
	if !(f.Confidence > 0 && f.Confidence <= 1) {
		return bad("has the confidence %v, want more than 0 and at most 1", f.Confidence)
	}
	for _, ev := range f.Evidence {
		if ev.Doc != doc.ID || ev.Start < 0 || ev.End <= ev.Start || ev.End > len(doc.Text) || doc.Text[ev.Start:ev.End] != ev.Text {
			return bad("has evidence that is not the document's bytes %d to %d", ev.Start, ev.End)
		}
		if !utf8.ValidString(ev.Text) {
			return bad("has evidence that cuts a character in two, from byte %d to %d", ev.Start, ev.End)
		}
	}
	entities := []schema.Entity{f.Subject, f.Object}
	if !f.AttributedTo.IsZero() {
		entities = append(entities, f.AttributedTo)
	}
	for _, q := range f.Qualifiers {
		if !slices.Contains(schema.Roles(), q.Role) {
			return bad("has a qualifier in the role %q, which the vocabulary does not have", q.Role)
		}
		entities = append(entities, q.Value)
	}
	for _, e := range entities {
		if e.Name == "" || !utf8.ValidString(e.Name) || (e.ID == "") != (e.Class == schema.Literal) {
			return bad("speaks of %+v, which is neither a literal with a value nor an entity with ID, class and name", e)
		}
	}
	return nil
}

// mergeFacts makes one fact of those that say the same: the evidence of all,
// rule and confidence of the most confident. Sides of symmetric predicates are
// brought into the order that their ID assumes. The result is in the order of
// [schema.SortFacts]; facts is not changed.
func mergeFacts(facts []schema.Fact) []schema.Fact {
	at := map[string]int{}
	var merged []schema.Fact
	for _, f := range facts {
		if f.Predicate.Symmetric() && f.Object.Key() < f.Subject.Key() {
			f.Subject, f.Object = f.Object, f.Subject
		}
		f.Modality = cmp.Or(f.Modality, schema.Asserted)
		f.Qualifiers = schema.SortQualifiers(slices.Clone(f.Qualifiers))
		f.Evidence = schema.SortEvidence(slices.Clone(f.Evidence))
		id := f.ID()
		i, ok := at[id]
		if !ok {
			at[id] = len(merged)
			merged = append(merged, f)
			continue
		}
		m := &merged[i]
		m.Evidence = schema.SortEvidence(append(m.Evidence, f.Evidence...))
		if f.Confidence > m.Confidence || f.Confidence == m.Confidence && f.Rule < m.Rule {
			m.Rule, m.Confidence = f.Rule, f.Confidence
		}
	}
	schema.SortFacts(merged)
	return merged
}

// mapper turns a document and its facts into quads, all under the document's
// label.
type mapper struct {
	ns        schema.Namespace
	gazetteer Gazetteer // whose names need not be said again; may be nil
	label     quad.Value
	quads     []quad.Quad
}

func (m *mapper) add(s quad.Value, p quad.IRI, o quad.Value) {
	m.quads = append(m.quads, quad.Quad{Subject: s, Predicate: p, Object: o, Label: m.label})
}

func (m *mapper) addText(s quad.Value, p quad.IRI, text string) {
	if text != "" {
		m.add(s, p, quad.String(text))
	}
}

func (m *mapper) addDate(s quad.Value, p quad.IRI, d schema.Date) {
	if !d.IsZero() {
		m.add(s, p, dateValue(d))
	}
}

func dateValue(d schema.Date) quad.Value {
	lexical, datatype := d.Literal()
	return quad.TypedString{Value: quad.String(lexical), Type: quad.IRI(datatype)}
}

func (m *mapper) value(e schema.Entity) quad.Value {
	if e.Class == schema.Literal {
		return quad.String(e.Name)
	}
	return quad.IRI(m.ns.Entity(e.ID))
}

// documentQuads returns the quads of doc and its facts, sorted, and the IDs of
// the entities that the facts speak of. The facts must be checked and merged.
func (m *mapper) documentQuads(doc *schema.Document, facts []schema.Fact, extractor string) ([]quad.Quad, []string) {
	d := quad.IRI(m.ns.Document(doc.ID))
	m.label = d
	m.add(d, rdfType, classDocument)
	m.add(d, rdfType, provEntity)
	m.add(d, dcIdentifier, quad.String(doc.ID))
	m.addText(d, dcTitle, doc.Title)
	m.addDate(d, dcDate, doc.Date)
	m.addText(d, dcPublisher, doc.Publisher)
	m.addText(d, dmCountry, doc.Country)
	m.addText(d, dmPath, doc.Path)
	m.add(d, dmHash, quad.String(doc.Hash()))
	m.addText(d, dmExtractor, extractor)
	m.addText(d, dmText, doc.Text)
	if doc.Body != 0 {
		m.add(d, dmBody, quad.Int(doc.Body))
	}
	m.add(d, dmFacts, quad.Int(len(facts)))

	entities := map[string]schema.Entity{}
	for i := range facts {
		m.fact(&facts[i], entities)
	}
	ids := make([]string, 0, len(entities))
	for key := range entities {
		ids = append(ids, entities[key].ID)
	}
	slices.Sort(ids)
	return rdf.Sort(m.quads), slices.Compact(ids)
}

func (m *mapper) fact(f *schema.Fact, seen map[string]schema.Entity) {
	n := quad.IRI(m.ns.Fact(f.ID()))
	s, o := m.value(f.Subject), m.value(f.Object)
	p := quad.IRI(schema.Term(f.Predicate))
	m.entity(f.Subject, seen)
	m.entity(f.Object, seen)
	if f.Plain() {
		m.add(s, p, o)
		if f.Predicate.Symmetric() {
			m.add(o, p, s)
		}
	}
	if f.Predicate == schema.AlsoKnownAs && !f.Negated && f.Object.Class == schema.Literal {
		m.folded(s, f.Object.Name)
	}

	m.add(n, rdfType, classFact)
	m.add(n, rdfSubject, s)
	m.add(n, rdfPredicate, p)
	m.add(n, rdfObject, o)
	m.add(n, dmPolarity, quad.IRI(schema.Polarity(f.Negated)))
	m.add(n, dmModality, quad.IRI(schema.Term(f.Modality)))
	if !f.AttributedTo.IsZero() {
		m.add(n, provAttributed, m.value(f.AttributedTo))
		m.entity(f.AttributedTo, seen)
	}
	m.addDate(n, dmDate, f.Time.Date)
	m.addDate(n, dmSince, f.Time.Since)
	m.addDate(n, dmUntil, f.Time.Until)
	for _, q := range f.Qualifiers {
		m.add(n, quad.IRI(schema.Term(q.Role)), m.value(q.Value))
		m.entity(q.Value, seen)
	}
	m.addText(n, dmRule, f.Rule)
	m.add(n, dmConfidence, quad.Float(f.Confidence))
	for _, ev := range f.Evidence {
		passage := quad.IRI(m.ns.Passage(ev.Doc, ev.Start, ev.End))
		m.add(n, provDerived, passage)
		m.add(passage, rdfType, classPassage)
		m.add(passage, dmInDocument, m.label)
		m.add(passage, dmStart, quad.Int(ev.Start))
		m.add(passage, dmEnd, quad.Int(ev.End))
		m.add(passage, dmLine, quad.Int(ev.Line))
		m.add(passage, dmQuote, quad.String(ev.Text))
	}
}

// entity says what the facts know of e and the gazetteer does not. The names
// of one entity may differ from fact to fact, so that all are kept; seen spares
// repeating what was just said.
func (m *mapper) entity(e schema.Entity, seen map[string]schema.Entity) {
	if e.ID == "" {
		return
	}
	key := fmt.Sprintf("%s\x00%s\x00%s\x00%q", e.ID, e.Class, e.Name, e.Aliases)
	if _, ok := seen[key]; ok {
		return
	}
	seen[key] = e
	var known schema.Entity
	if m.gazetteer != nil {
		if entry := m.gazetteer.ByID(e.ID); entry != nil {
			known = entry.Entity()
		}
	}
	s := quad.IRI(m.ns.Entity(e.ID))
	if known.Class != e.Class {
		m.add(s, rdfType, quad.IRI(schema.Term(e.Class)))
	}
	m.names(s, known, e)
}

// names adds the names of e that known does not have, the first of an entity
// as its preferred one.
func (m *mapper) names(s quad.Value, known, e schema.Entity) {
	for i, name := range append([]string{e.Name}, e.Aliases...) {
		if name == "" || name == known.Name || slices.Contains(known.Aliases, name) {
			continue
		}
		property := skosAltLabel
		if i == 0 && known.IsZero() {
			property = skosPrefLabel
		}
		m.add(s, property, quad.String(name))
		m.folded(s, name)
	}
}

// folded adds what a name of s is looked up by.
func (m *mapper) folded(s quad.Value, name string) {
	folded := quad.String(schema.Fold(name))
	m.add(s, dmFoldedName, folded)
	if proper(name) {
		m.add(s, dmProperName, folded)
	}
}

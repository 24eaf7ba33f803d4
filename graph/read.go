package graph

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/internal/rdf"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// reader is what a view needs of the store: a [store.Snapshot].
type reader interface {
	Match(ctx context.Context, p store.Pattern) iter.Seq2[quad.Quad, error]
	Count(ctx context.Context, p store.Pattern) (int64, error)
	Labels(ctx context.Context) iter.Seq2[quad.Value, error]
	Close() error
}

// view reads facts, entities and documents back from the quads of one state of
// the graph. It remembers the entities it has met and is not safe for
// concurrent use.
type view struct {
	reader
	ns        schema.Namespace
	gazetteer quad.Value
	decisions quad.Value
	entities  map[string]schema.Entity
	past      bool // some documents are hidden: see [known]

	// What has been looked up of decisions; see same.go.
	decided bool
	same    map[string]string
	members map[string][]string
}

// each calls do with every quad that matches p until do returns false.
func (v *view) each(ctx context.Context, p store.Pattern, do func(quad.Quad) bool) error {
	for q, err := range v.Match(ctx, p) {
		if err != nil {
			return err
		}
		if !do(q) {
			return nil
		}
	}
	return ctx.Err()
}

func (v *view) collect(ctx context.Context, p store.Pattern) (quads []quad.Quad, err error) {
	err = v.each(ctx, p, func(q quad.Quad) bool { quads = append(quads, q); return true })
	return quads, err
}

// text returns the one value of a property as a string, "" where there is none.
func (v *view) text(ctx context.Context, s quad.Value, p quad.IRI) (text string, err error) {
	err = v.each(ctx, store.Pattern{Subject: s, Predicate: p}, func(q quad.Quad) bool {
		text = lexical(q.Object)
		return false
	})
	return text, err
}

// lexical returns what a literal says, or an IRI.
func lexical(t quad.Value) string {
	if iri, ok := t.(quad.IRI); ok {
		return string(iri)
	}
	text, _, _, _ := rdf.Lexical(t)
	return text
}

func parseDate(t quad.Value) (schema.Date, error) { return schema.ParseDate(lexical(t)) }

// keyNodes returns the nodes of the entity or literal with the given key; see
// [schema.Entity.Key].
func (v *view) keyNodes(ctx context.Context, key string) ([]quad.Value, error) {
	if literal, ok := strings.CutPrefix(key, `"`); ok {
		return []quad.Value{quad.String(strings.TrimSuffix(literal, `"`))}, nil
	}
	return v.subjectNodes(ctx, key)
}

// oneKey is one for keys.
func (v *view) oneKey(ctx context.Context, key string) (string, error) {
	if key == "" || strings.HasPrefix(key, `"`) {
		return key, nil
	}
	return v.one(ctx, key)
}

// value turns a node back into an entity or literal.
func (v *view) value(ctx context.Context, t quad.Value) (schema.Entity, error) {
	iri, ok := t.(quad.IRI)
	if !ok {
		return schema.Lit(lexical(t)), nil
	}
	id, ok := v.ns.EntityID(string(iri))
	if !ok { // from elsewhere: it keeps its whole IRI
		return schema.Entity{ID: string(iri), Class: schema.Thing, Name: string(iri)}, nil
	}
	return v.entity(ctx, id)
}

// entity returns the entity with the given ID, or the one that it is read as, as
// all documents and the gazetteer know it together. The gazetteer's class and name come first, then
// those that most documents use, as long as they are no side's own.
func (v *view) entity(ctx context.Context, id string) (schema.Entity, error) {
	id, err := v.one(ctx, id)
	if err != nil {
		return schema.Entity{}, err
	}
	if e, ok := v.entities[id]; ok {
		return e, nil
	}
	votes := func(p quad.IRI) (map[string]int, error) {
		n := map[string]int{}
		err := v.eachOf(ctx, id, store.Pattern{Predicate: p}, func(q quad.Quad) bool {
			weight := 1
			if q.Label == v.gazetteer {
				weight = official
			}
			n[lexical(q.Object)] += weight
			return true
		})
		return n, err
	}
	classes, err := votes(rdfType)
	if err != nil {
		return schema.Entity{}, err
	}
	names, err := votes(skosPrefLabel)
	if err != nil {
		return schema.Entity{}, err
	}
	aliases, err := votes(skosAltLabel)
	if err != nil {
		return schema.Entity{}, err
	}
	e := schema.Entity{
		ID:    id,
		Class: schema.Class(strings.TrimPrefix(winner(classes), schema.VocabularyIRI)),
		Name:  winner(names),
	}
	if e.Class == "" {
		e.Class = classOf(id)
	}
	if names[e.Name] < official || e.Class.Is(schema.Place) {
		if e.Name, err = v.neutral(ctx, id, names, aliases); err != nil {
			return schema.Entity{}, err
		}
		e.Name = cmp.Or(e.Name, nameOf(id))
	}
	for _, n := range slices.Sorted(maps.Keys(aliases)) {
		if n != e.Name {
			e.Aliases = append(e.Aliases, n)
		}
	}
	for n := range names {
		if n != e.Name {
			e.Aliases = append(e.Aliases, n)
		}
	}
	slices.Sort(e.Aliases)
	e.Aliases = slices.Compact(e.Aliases)
	v.entities[id] = e
	return e, nil
}

// official is the gazetteer's vote, more than all documents have together.
const official = 1 << 40

// winner returns the key with the most votes, the longest and then the first
// of several.
func winner(votes map[string]int) string {
	best := ""
	for _, k := range slices.Sorted(maps.Keys(votes)) {
		if best == "" || votes[k] > votes[best] || votes[k] == votes[best] && len(k) > len(best) {
			best = k
		}
	}
	return best
}

// classOf and nameOf stand in for an entity of which a graph has nothing but
// mentions.
func classOf(id string) schema.Class {
	folder, _, _ := strings.Cut(id, "/")
	for _, c := range schema.Classes() {
		if strings.EqualFold(string(c.Class), folder) {
			return c.Class
		}
	}
	return schema.Thing
}

func nameOf(id string) string {
	_, slug, ok := strings.Cut(id, "/")
	if !ok {
		slug = id
	}
	return strings.ReplaceAll(slug, "-", " ")
}

// fact reads one fact back, with the evidence of all of its nodes; ok is false
// where there is none with the IRI.
func (v *view) fact(ctx context.Context, iri quad.IRI) (f schema.Fact, ok bool, err error) {
	if f, ok, err = v.statement(ctx, iri); err != nil || !ok {
		return f, ok, err
	}
	if is, err := v.touched(ctx, &f); err != nil || !is {
		return f, true, err
	}
	if f.Predicate.Symmetric() && f.Object.Key() < f.Subject.Key() {
		f.Subject, f.Object = f.Object, f.Subject
	}
	nodes, err := v.nodes(ctx, &f)
	if err != nil {
		return f, false, err
	}
	for _, n := range nodes {
		if n == iri {
			continue
		}
		other, _, err := v.statement(ctx, n)
		if err != nil {
			return f, false, err
		}
		f.Evidence = append(f.Evidence, other.Evidence...)
		if other.Confidence > f.Confidence || other.Confidence == f.Confidence && other.Rule < f.Rule {
			f.Rule, f.Confidence = other.Rule, other.Confidence
		}
	}
	f.Evidence = schema.SortEvidence(f.Evidence)
	return f, true, nil
}

// statement reads one statement node back as a fact.
func (v *view) statement(ctx context.Context, iri quad.IRI) (f schema.Fact, ok bool, err error) {
	quads, err := v.collect(ctx, store.Pattern{Subject: iri})
	if err != nil {
		return f, false, err
	}
	type reading struct {
		rule       string
		confidence float64
	}
	readings := map[string]*reading{} // by label
	seen := map[string]bool{}         // qualifiers and passages, by what they say
	broken := func(what string, t quad.Value) error {
		return fmt.Errorf("graph: fact %s has the %s %s, which demarc does not write", iri, what, store.Format(t))
	}
	for _, q := range quads {
		label := quad.StringOf(q.Label)
		r := readings[label]
		if r == nil {
			r = &reading{}
			readings[label] = r
		}
		property, isIRI := q.Predicate.(quad.IRI)
		if !isIRI {
			return f, false, broken("property", q.Predicate)
		}
		switch property {
		case rdfType:
			ok = ok || q.Object == classFact
		case rdfSubject:
			f.Subject, err = v.value(ctx, q.Object)
		case rdfObject:
			f.Object, err = v.value(ctx, q.Object)
		case rdfPredicate:
			f.Predicate = schema.Predicate(strings.TrimPrefix(lexical(q.Object), schema.VocabularyIRI))
		case dmPolarity:
			f.Negated = lexical(q.Object) == schema.Polarity(true)
		case dmModality:
			f.Modality = schema.Modality(strings.TrimPrefix(lexical(q.Object), schema.VocabularyIRI))
		case provAttributed:
			f.AttributedTo, err = v.value(ctx, q.Object)
		case dmDate:
			f.Time.Date, err = parseDate(q.Object)
		case dmSince:
			f.Time.Since, err = parseDate(q.Object)
		case dmUntil:
			f.Time.Until, err = parseDate(q.Object)
		case dmRule:
			r.rule = lexical(q.Object)
		case dmConfidence:
			n, isFloat := q.Object.(quad.Float)
			if !isFloat {
				return f, false, broken("confidence", q.Object)
			}
			r.confidence = float64(n)
		case provDerived:
			key := quad.StringOf(q.Object)
			if seen[key] {
				continue
			}
			seen[key] = true
			var ev schema.Evidence
			if ev, err = v.evidence(ctx, q.Object); err == nil {
				f.Evidence = append(f.Evidence, ev)
			}
		default:
			role, isRole := strings.CutPrefix(string(property), schema.VocabularyIRI)
			key := role + " " + quad.StringOf(q.Object)
			if !isRole || seen[key] {
				continue
			}
			seen[key] = true
			var e schema.Entity
			if e, err = v.value(ctx, q.Object); err == nil {
				f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.Role(role), Value: e})
			}
		}
		if err != nil {
			return f, false, fmt.Errorf("graph: fact %s: %w", iri, err)
		}
	}
	for _, label := range slices.Sorted(maps.Keys(readings)) {
		if r := readings[label]; r.confidence > f.Confidence || r.confidence == f.Confidence && r.rule < f.Rule {
			f.Rule, f.Confidence = r.rule, r.confidence
		}
	}
	f.Qualifiers = schema.SortQualifiers(f.Qualifiers)
	f.Evidence = schema.SortEvidence(f.Evidence)
	return f, ok, nil
}

func (v *view) evidence(ctx context.Context, passage quad.Value) (ev schema.Evidence, err error) {
	err = v.each(ctx, store.Pattern{Subject: passage}, func(q quad.Quad) bool {
		n, _ := q.Object.(quad.Int)
		switch q.Predicate {
		case dmInDocument:
			ev.Doc, _ = v.ns.DocumentID(lexical(q.Object))
		case dmStart:
			ev.Start = int(n)
		case dmEnd:
			ev.End = int(n)
		case dmLine:
			ev.Line = int(n)
		case dmQuote:
			ev.Text = lexical(q.Object)
		}
		return true
	})
	return ev, err
}

// documentInfo returns what the graph knows of a document besides its text; ok
// is false where it does not have the document.
func (v *view) documentInfo(ctx context.Context, id string) (info DocumentInfo, ok bool, err error) {
	d := quad.IRI(v.ns.Document(id))
	info.ID = id
	var date, facts string
	for _, field := range []struct {
		property quad.IRI
		value    *string
	}{
		{dmHash, &info.Hash}, {dcTitle, &info.Title}, {dcDate, &date}, {dcPublisher, &info.Publisher},
		{dmCountry, &info.Country}, {dmPath, &info.Path}, {dmFacts, &facts},
	} {
		if *field.value, err = v.text(ctx, d, field.property); err != nil {
			return info, false, err
		}
		if info.Hash == "" {
			return info, false, nil
		}
	}
	if info.Date, err = schema.ParseDate(date); err != nil {
		return info, false, fmt.Errorf("graph: document %q: %w", id, err)
	}
	if _, err = fmt.Sscan(facts, &info.Facts); err != nil {
		return info, false, fmt.Errorf("graph: document %q: number of facts %q: %w", id, facts, err)
	}
	return info, true, nil
}

// documentIDs returns the IDs of all documents, sorted.
func (v *view) documentIDs(ctx context.Context) (ids []string, err error) {
	err = v.each(ctx, store.Pattern{Predicate: rdfType, Object: classDocument}, func(q quad.Quad) bool {
		if id, ok := v.ns.DocumentID(lexical(q.Subject)); ok {
			ids = append(ids, id)
		}
		return true
	})
	slices.Sort(ids)
	return slices.Compact(ids), err
}

// document returns a document with its text.
func (v *view) document(ctx context.Context, id string) (*schema.Document, error) {
	info, ok, err := v.documentInfo(ctx, id)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("graph: document %q: %w", id, ErrNotFound)
	}
	doc := &schema.Document{
		ID: id, Title: info.Title, Date: info.Date, Publisher: info.Publisher, Country: info.Country, Path: info.Path,
	}
	d := quad.IRI(v.ns.Document(id))
	if doc.Text, err = v.text(ctx, d, dmText); err != nil {
		return nil, err
	}
	body, err := v.text(ctx, d, dmBody)
	if err != nil {
		return nil, err
	}
	if body != "" {
		if _, err := fmt.Sscan(body, &doc.Body); err != nil {
			return nil, fmt.Errorf("graph: document %q: beginning of its prose %q: %w", id, body, err)
		}
	}
	return doc, nil
}

package graph

import (
	"cmp"
	"context"
	"errors"
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
	Triples(ctx context.Context, p store.Pattern) iter.Seq2[quad.Quad, error]
	Count(ctx context.Context, p store.Pattern) (int64, error)
	Labels(ctx context.Context) iter.Seq2[quad.Value, error]
	Records(ctx context.Context, prefix string) iter.Seq2[store.Record, error]
	Beside(ctx context.Context, prefix, key string) (before, after string, err error)
	Index() store.Index
	Close() error
}

// view reads facts, entities and documents back from the quads of one state of
// the graph. It is not safe for concurrent use, though views of one state share
// their memory.
type view struct {
	reader
	ns        schema.Namespace
	gazetteer quad.Value
	decisions quad.Value
	memory    *memory
	past      bool // some documents are hidden: see [known]

	// Where it is set, it has the tally of an entity; nobody may change that.
	counted func(ctx context.Context, id string) (*tally, error)
	// Where it is set and returns false, nobody is told to use a name of an entity.
	called func(ctx context.Context, id string) (bool, error)

	index   store.Index       // nil until it is first used
	cursor  store.Cursor      // nil where it is in use, or none has been opened
	around  around            // the node that was last asked for properties
	between map[store.ID]bool // see [view.relations]
	ids     map[quad.Value]store.ID
	same    *sameAs // nil until it is first used
}

// id returns the ID of a term, 0 where the graph does not have it. It remembers
// it: this is for terms that are asked for over and over, such as properties.
func (v *view) id(t quad.Value) (store.ID, error) {
	if n, ok := v.ids[t]; ok {
		return n, nil
	}
	n, err := v.byID().ID(t)
	if err == nil {
		if v.ids == nil {
			v.ids = map[quad.Value]store.ID{}
		}
		v.ids[t] = n
	}
	return n, err
}

// byID returns the index of the graph.
func (v *view) byID() store.Index {
	if v.index == nil {
		v.index = v.Index()
	}
	return v.index
}

func (v *view) term(n store.ID) (quad.Value, error) { return v.byID().Term(n) }

// rows calls do with every quad that matches p, by IDs, until do fails. It spares
// what each does with terms that nobody looks at.
func (v *view) rows(ctx context.Context, p store.QuadID, do func(store.QuadID) error) (err error) {
	c := v.cursor
	if v.cursor = nil; c == nil { // do may call rows itself
		c = v.byID().Cursor()
	}
	for c.Seek(ctx, p); err == nil && c.Next(ctx); {
		err = do(c.Quad())
	}
	if err == nil {
		err = c.Err()
	}
	if (err == nil || err == errEnough) && v.cursor == nil {
		v.cursor = c // what is read next is often close by
		return err
	}
	if closing := c.Close(); closing != nil {
		err = errors.Join(err, closing)
	}
	return err
}

// Close releases the view and the state that it reads.
func (v *view) Close() error {
	if v.cursor == nil {
		return v.reader.Close()
	}
	return errors.Join(v.cursor.Close(), v.reader.Close())
}

// rowsOf is rows for the quads of a node with a property. Whoever asks for one
// property will ask for others: of a node of few quads it reads all of them, where
// the store's own index yields them one by one.
func (v *view) rowsOf(ctx context.Context, n store.ID, property quad.IRI, do func(store.QuadID) error) error {
	p, err := v.id(property)
	if err != nil || p == 0 || n == 0 {
		return err
	}
	if _, stored := v.reader.(*store.Snapshot); !stored {
		return v.rows(ctx, store.QuadID{n, p}, do)
	}
	if v.around.node != n {
		var rows []store.QuadID
		err := v.rows(ctx, store.QuadID{n}, func(q store.QuadID) error {
			if rows = append(rows, q); len(rows) > fewRows {
				return errEnough
			}
			return nil
		})
		if err != nil && err != errEnough {
			return err
		}
		v.around = around{n, err == nil, rows}
	}
	if !v.around.all {
		return v.rows(ctx, store.QuadID{n, p}, do)
	}
	for _, q := range v.around.rows {
		if q[1] != p {
			continue
		}
		if err := do(q); err != nil {
			return err
		}
	}
	return nil
}

// around is what has been read of a node.
type around struct {
	node store.ID
	all  bool // rows are all of its quads
	rows []store.QuadID
}

// fewRows is of how many quads of a node all are read at once.
const fewRows = 60

// errEnough ends rows early.
var errEnough = errors.New("enough")

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

// eachTriple is each for triples, which come once however many documents say
// them and have no label.
func (v *view) eachTriple(ctx context.Context, p store.Pattern, do func(quad.Quad) bool) error {
	for q, err := range v.Triples(ctx, p) {
		if err != nil {
			return err
		}
		if !do(q) {
			return nil
		}
	}
	return ctx.Err()
}

func (v *view) collectTriples(ctx context.Context, p store.Pattern) (triples []quad.Quad, err error) {
	err = v.eachTriple(ctx, p, func(q quad.Quad) bool { triples = append(triples, q); return true })
	return triples, err
}

func (v *view) collect(ctx context.Context, p store.Pattern) (quads []quad.Quad, err error) {
	err = v.each(ctx, p, func(q quad.Quad) bool { quads = append(quads, q); return true })
	return quads, err
}

// text returns the one value of a property as a string, "" where there is none.
func (v *view) text(ctx context.Context, s quad.Value, p quad.IRI) (string, error) {
	n, err := v.byID().ID(s)
	if err != nil {
		return "", err
	}
	return v.textOf(ctx, n, p)
}

// textOf is text by the ID of a node.
func (v *view) textOf(ctx context.Context, n store.ID, property quad.IRI) (text string, err error) {
	err = v.rowsOf(ctx, n, property, func(q store.QuadID) error {
		t, err := v.term(q[2])
		if text = lexical(t); err == nil {
			err = errEnough
		}
		return err
	})
	if err == errEnough {
		err = nil
	}
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

// valueAt is value by the ID of a node.
func (v *view) valueAt(ctx context.Context, n store.ID) (schema.Entity, error) {
	if e, ok := v.memory.values.get(n); ok {
		return e, nil
	}
	t, err := v.term(n)
	if err != nil {
		return schema.Entity{}, err
	}
	e, err := v.value(ctx, t)
	if err == nil && e.Class != schema.Literal { // there are as many literals as facts
		v.memory.values.put(n, e)
	}
	return e, err
}

// keyOf returns the key of what a node stands for: see [schema.Entity.Key].
func (v *view) keyOf(n store.ID) (string, error) {
	t, err := v.term(n)
	if err != nil {
		return "", err
	}
	iri, ok := t.(quad.IRI)
	if !ok {
		e := schema.Lit(lexical(t))
		return e.Key(), nil
	}
	if id, ok := v.ns.EntityID(string(iri)); ok {
		return id, nil
	}
	return string(iri), nil
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
	if e, ok := v.memory.entities.get(id); ok {
		return e, nil
	}
	t, err := v.tally(ctx, id)
	if err != nil {
		return schema.Entity{}, err
	}
	names, aliases := t.names, t.aliases
	e := schema.Entity{ID: id, Class: classBy(t, id), Name: winner(names)}
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
	v.memory.entities.put(e.ID, e)
	return e, nil
}

// tally counts what the quads of an entity's nodes say of its class and names.
func (v *view) tally(ctx context.Context, id string) (*tally, error) {
	if v.counted != nil {
		return v.counted(ctx, id)
	}
	return v.count(ctx, id)
}

// count is tally by what the graph has.
func (v *view) count(ctx context.Context, id string) (*tally, error) {
	gazetteer, err := v.id(v.gazetteer)
	if err != nil {
		return nil, err
	}
	nodes, err := v.nodesOf(ctx, id)
	if err != nil {
		return nil, err
	}
	t := &tally{map[string]int{}, map[string]int{}, map[string]int{}}
	for _, n := range nodes {
		for _, p := range []quad.IRI{rdfType, skosPrefLabel, skosAltLabel} {
			votes := t.of(p)
			said, count := store.ID(0), 0 // what is read comes by what it says
			cast := func(next store.ID) error {
				if count > 0 {
					o, err := v.term(said)
					if err != nil {
						return err
					}
					votes[lexical(o)] += count
				}
				said, count = next, 0
				return nil
			}
			err := v.rowsOf(ctx, n, p, func(q store.QuadID) (err error) {
				if q[2] != said {
					err = cast(q[2])
				}
				if gazetteer != 0 && q[3] == gazetteer {
					count += official
				} else {
					count++
				}
				return err
			})
			if err := errors.Join(err, cast(0)); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
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

// classBy returns the class that most say an entity to have.
func classBy(t *tally, id string) schema.Class {
	return cmp.Or(schema.Class(strings.TrimPrefix(winner(t.classes), schema.VocabularyIRI)), classOf(id))
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
	n, err := v.byID().ID(iri)
	if err != nil || n == 0 {
		return f, false, err
	}
	s, err := v.factAt(ctx, n, nil)
	return s.Fact, s.ok, err
}

// factAt is fact by the ID of a node. What it returns is not ok either where the
// fact's predicate is none of the given ones; without any it may be each.
func (v *view) factAt(ctx context.Context, node store.ID, predicates []schema.Predicate) (s statement, err error) {
	s, err = v.statement(ctx, node, predicates)
	if err != nil || !s.ok || !s.several {
		return s, err
	}
	whole, known := v.memory.whole.get(node)
	if !known {
		if whole, err = v.join(ctx, node, s); err != nil {
			return statement{}, err
		}
		v.memory.whole.put(node, whole)
	}
	return whole.clip(), nil
}

// join adds what the other nodes of a fact say to what one says.
func (v *view) join(ctx context.Context, node store.ID, s statement) (statement, error) {
	if s.Predicate.Symmetric() && s.Object.Key() < s.Subject.Key() {
		s.Subject, s.Object = s.Object, s.Subject
	}
	nodes, err := v.nodes(ctx, &s.Fact)
	if err != nil {
		return s, err
	}
	s.Evidence = slices.Clone(s.Evidence)
	for _, n := range nodes {
		if n == node {
			continue
		}
		other, err := v.statement(ctx, n, nil)
		if err != nil {
			return s, err
		}
		s.Evidence = append(s.Evidence, other.Evidence...)
		if other.Confidence > s.Confidence || other.Confidence == s.Confidence && other.Rule < s.Rule {
			s.Rule, s.Confidence = other.Rule, other.Confidence
		}
	}
	s.Evidence = schema.SortEvidence(s.Evidence)
	return s, nil
}

// statement is what one statement node says.
type statement struct {
	schema.Fact
	ok      bool // it is typed as a fact
	several bool // decisions are about something that it speaks of, so that it may have several nodes
}

// clip returns what whoever adds to it cannot change for others.
func (s statement) clip() statement {
	s.Evidence, s.Qualifiers = slices.Clip(s.Evidence), slices.Clip(s.Qualifiers)
	return s
}

// statement reads one statement node back as a fact, unless its predicate is
// none of the given ones; see [view.factAt].
func (v *view) statement(ctx context.Context, node store.ID, predicates []schema.Predicate) (s statement, err error) {
	s, known := v.memory.facts.get(node)
	if !known {
		var rows []store.QuadID
		err := v.rows(ctx, store.QuadID{node}, func(q store.QuadID) error { rows = append(rows, q); return nil })
		if err != nil {
			return s, err
		}
		if wanted, err := v.wanted(rows, predicates); err != nil || !wanted {
			return statement{}, err
		}
		if s, err = v.readStatement(ctx, node, rows); err != nil {
			return s, err
		}
		v.memory.facts.put(node, s)
	}
	if len(predicates) > 0 && !slices.Contains(predicates, s.Predicate) {
		return statement{}, nil
	}
	return s.clip(), nil
}

// wanted reports whether quads are those of a statement whose predicate is one of
// the given ones, or any where none is given.
func (v *view) wanted(rows []store.QuadID, predicates []schema.Predicate) (bool, error) {
	property, err := v.id(rdfPredicate)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(rows, func(q store.QuadID) bool { return q[1] == property })
	if i < 0 || len(predicates) == 0 {
		return i >= 0, nil
	}
	for _, p := range predicates {
		want, err := v.id(quad.IRI(schema.Term(p)))
		if err != nil {
			return false, err
		}
		if want != 0 && slices.ContainsFunc(rows, func(q store.QuadID) bool { return q[1] == property && q[2] == want }) {
			return true, nil
		}
	}
	return false, nil
}

// readStatement makes a fact of the quads of a statement node.
func (v *view) readStatement(ctx context.Context, node store.ID, rows []store.QuadID) (s statement, err error) {
	f := &s.Fact
	same, err := v.decided(ctx)
	if err != nil {
		return s, err
	}
	type reading struct {
		rule       string
		confidence float64
	}
	readings := map[store.ID]*reading{}            // by label
	seen := make(map[store.QuadID]bool, len(rows)) // properties with their values
	broken := func(what string, t quad.Value) error {
		iri, _ := v.term(node)
		return fmt.Errorf("graph: fact %s has the %s %s, which demarc does not write", store.Format(iri), what, store.Format(t))
	}
	for _, q := range rows {
		r := readings[q[3]]
		if r == nil {
			r = &reading{}
			readings[q[3]] = r
		}
		p, err := v.term(q[1])
		if err != nil {
			return s, err
		}
		property, isIRI := p.(quad.IRI)
		if !isIRI {
			return s, broken("property", p)
		}
		// What several documents say is read once, but for what each says of its
		// own reading.
		said := store.QuadID{0, q[1], q[2]}
		if property != dmRule && property != dmConfidence {
			if seen[said] {
				continue
			}
			seen[said] = true
		}
		if property == provDerived {
			ev, err := v.evidence(ctx, q[2])
			if err != nil {
				return s, v.inFact(node, err)
			}
			f.Evidence = append(f.Evidence, ev)
			continue
		}
		var o quad.Value // but of entities, which are better known by their nodes
		var e schema.Entity
		role, isRole := roleOf(property)
		if isRole || property == rdfSubject || property == rdfObject || property == provAttributed {
			e, err = v.valueAt(ctx, q[2])
			s.several = s.several || same.concerns(q[2])
		} else {
			o, err = v.term(q[2])
		}
		if err != nil {
			return s, v.inFact(node, err)
		}
		switch property {
		case rdfType:
			s.ok = s.ok || o == classFact
		case rdfSubject:
			f.Subject = e
		case rdfObject:
			f.Object = e
		case rdfPredicate:
			f.Predicate = schema.Predicate(strings.TrimPrefix(lexical(o), schema.VocabularyIRI))
		case dmPolarity:
			f.Negated = lexical(o) == schema.Polarity(true)
		case dmModality:
			f.Modality = schema.Modality(strings.TrimPrefix(lexical(o), schema.VocabularyIRI))
		case provAttributed:
			f.AttributedTo = e
		case dmDate:
			f.Time.Date, err = parseDate(o)
		case dmSince:
			f.Time.Since, err = parseDate(o)
		case dmUntil:
			f.Time.Until, err = parseDate(o)
		case dmRule:
			r.rule = lexical(o)
		case dmConfidence:
			n, isFloat := o.(quad.Float)
			if !isFloat {
				return s, broken("confidence", o)
			}
			r.confidence = float64(n)
		default:
			if isRole {
				f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: role, Value: e})
			}
		}
		if err != nil {
			return s, v.inFact(node, err)
		}
	}
	for _, r := range readings {
		if r.confidence > f.Confidence || r.confidence == f.Confidence && r.rule < f.Rule {
			f.Rule, f.Confidence = r.rule, r.confidence
		}
	}
	f.Qualifiers = schema.SortQualifiers(f.Qualifiers)
	f.Evidence = schema.SortEvidence(f.Evidence)
	return s, nil
}

// roleOf returns the role of a qualifier that a property of a statement stands
// for, if it stands for one.
func roleOf(property quad.IRI) (role schema.Role, is bool) {
	switch property {
	case dmPolarity, dmModality, dmDate, dmSince, dmUntil, dmRule, dmConfidence:
		return "", false
	}
	name, is := strings.CutPrefix(string(property), schema.VocabularyIRI)
	return schema.Role(name), is
}

// inFact says in which fact something went wrong.
func (v *view) inFact(node store.ID, err error) error {
	iri, _ := v.term(node) // as far as it can be read
	return fmt.Errorf("graph: fact %s: %w", lexical(iri), err)
}

func (v *view) evidence(ctx context.Context, passage store.ID) (ev schema.Evidence, err error) {
	err = v.rows(ctx, store.QuadID{passage}, func(q store.QuadID) error {
		p, err := v.term(q[1])
		if err != nil {
			return err
		}
		o, err := v.term(q[2])
		n, _ := o.(quad.Int)
		switch p {
		case dmInDocument:
			ev.Doc, _ = v.ns.DocumentID(lexical(o))
		case dmStart:
			ev.Start = int(n)
		case dmEnd:
			ev.End = int(n)
		case dmLine:
			ev.Line = int(n)
		case dmQuote:
			ev.Text = lexical(o)
		}
		return err
	})
	return ev, err
}

// documentInfo returns what the graph knows of a document besides its text; ok
// is false where it does not have the document.
func (v *view) documentInfo(ctx context.Context, id string) (info DocumentInfo, ok bool, err error) {
	info.ID = id
	n, err := v.byID().ID(quad.IRI(v.ns.Document(id)))
	if err != nil {
		return info, false, err
	}
	var date, facts string
	for _, field := range []struct {
		property quad.IRI
		value    *string
	}{
		{dmHash, &info.Hash}, {dcTitle, &info.Title}, {dcDate, &date}, {dcPublisher, &info.Publisher},
		{dmCountry, &info.Country}, {dmPath, &info.Path}, {dmFacts, &facts},
	} {
		if *field.value, err = v.textOf(ctx, n, field.property); err != nil {
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
	l, err := v.linkOf(ctx, id)
	if l.unread {
		info.DuplicateOf = l.to
	} else {
		info.NearDuplicateOf = l.to
	}
	copied, e := v.id(dmDuplicateOf)
	if err = errors.Join(err, e); err == nil && copied != 0 {
		err = v.rows(ctx, store.QuadID{1: copied, 2: n}, func(store.QuadID) error { info.Copies++; return nil })
	}
	return info, err == nil, err
}

// CountDocuments returns how many documents the view sees.
func (v *view) CountDocuments(ctx context.Context) (int64, error) {
	return v.Count(ctx, store.Pattern{Predicate: rdfType, Object: classDocument})
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

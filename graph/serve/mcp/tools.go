package mcp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// How many items a list has where the client does not say, and at most.
const (
	usualItems, mostItems = 20, 200
	usualRows, mostRows   = 100, 1000

	usualContext, mostContext = 300, 2000 // bytes around a passage
	mostPassage               = 8 << 10   // bytes read from a document
)

func (s *Server) addTools() {
	add(s, tool[askInput, askOutput]{
		name: "ask", title: "Ask a question",
		description: "Answer a question in plain English about territorial disputes from the documents, with the sentences that prove the answer. " +
			"Good for who, what, which, when, where, how many, and yes or no: \"Which islands does Japan claim?\", \"When was the treaty signed?\". " +
			"Answers are complete lists. Where the documents do not say, \"abstained\" is true and \"nearest\" has what they do say.",
		edit: func(in *jsonschema.Schema) {
			bounded(in, "question", MaxQuestion)
			limited(in, usualItems, mostItems)
			unit(in, "minConfidence")
		},
		call: askCall,
	})
	add(s, tool[searchInput, searchOutput]{
		name: "search", title: "Search for names and documents",
		description: "Find states, territories, treaties, people and other entities by a name or words of it, also misspelt, and documents by words of their ID, title or publisher. " +
			"Use it to get the ID that the other tools take. It does not look into the texts of documents: ask does.",
		edit: func(in *jsonschema.Schema) {
			bounded(in, "words", MaxQuestion)
			classes := []any{}
			for _, c := range schema.Classes() {
				if c.Class != schema.Literal {
					classes = append(classes, string(c.Class))
				}
			}
			in.Properties["class"].Enum = classes
			limited(in, usualItems, mostItems)
		},
		call: searchCall,
	})
	add(s, tool[showInput, showOutput]{
		name: "show", title: "Show an entity",
		description: "Show what the documents say of one state, territory, treaty, person or other entity: its names and who uses them, claims, control, instruments, history, and the documents behind them. " +
			"Who claims a place and who holds it are apart.",
		edit: func(in *jsonschema.Schema) {
			bounded(in, "entity", MaxQuestion)
			limited(in, usualItems, mostItems)
		},
		call: showCall,
	})
	add(s, tool[evidenceInput, evidenceOutput]{
		name: "evidence", title: "Show the evidence",
		description: "Show every passage that proves a fact, with the text around it, the rule that found the fact and how sure it is. " +
			"Or, given a document and bytes of its text, read what stands there: to check a quotation, or to read on.",
		edit: func(in *jsonschema.Schema) {
			bounded(in, "fact", 64)
			bounded(in, "document", MaxQuestion)
			span(in, "context", 0, mostContext, usualContext)
			atLeast(in, "start", 0)
			atLeast(in, "end", 0)
		},
		call: evidenceCall,
	})
	add(s, tool[sparqlInput, sparqlOutput]{
		name: "sparql", title: "Query in SPARQL",
		description: "Run a SPARQL 1.1 query (SELECT, ASK, CONSTRUCT, DESCRIBE) on the graph. It cannot change the graph. " +
			"The prefixes dm: (vocabulary), state:, territory:, instrument: and so on (entities), document:, fact:, rdf:, rdfs:, skos: and prov: need no declaration. " +
			"A plain triple such as { ?who dm:claims ?what } is what documents state themselves; what parties say is in statement nodes (rdf:subject, rdf:predicate, rdf:object, dm:attributedTo …). " +
			"The resource demarc://vocabulary has all terms.",
		edit: func(in *jsonschema.Schema) {
			bounded(in, "query", MaxQuery)
			limited(in, usualRows, mostRows)
		},
		call: s.sparqlCall,
	})
	add(s, tool[timelineInput, timelineOutput]{
		name: "timeline", title: "Show a timeline",
		description: "List what happened, in the order of time: of one entity, or of all the graph. Only facts with a date are in it.",
		edit: func(in *jsonschema.Schema) {
			bounded(in, "entity", MaxQuestion)
			limited(in, usualItems, mostItems)
		},
		call: timelineCall,
	})
}

// bounded lets a text have at most so many characters.
func bounded(in *jsonschema.Schema, name string, most int) { in.Properties[name].MaxLength = &most }

func atLeast(in *jsonschema.Schema, name string, least float64) {
	in.Properties[name].Minimum = &least
}

// span lets a number be between two, and says what it is if not given.
func span(in *jsonschema.Schema, name string, least, most float64, usual int) {
	p := in.Properties[name]
	p.Minimum, p.Maximum, p.Default = &least, &most, fmt.Append(nil, usual)
}

func unit(in *jsonschema.Schema, name string) {
	least, most := 0.0, 1.0
	in.Properties[name].Minimum, in.Properties[name].Maximum = &least, &most
}

func limited(in *jsonschema.Schema, usual, most int) { span(in, "limit", 1, float64(most), usual) }

// scopeInput says which time and whose words a tool shows.
type scopeInput struct {
	AsOf    string `json:"asOf,omitempty" jsonschema:"only what may have held on this date: YYYY, YYYY-MM or YYYY-MM-DD"`
	KnownAt string `json:"knownAt,omitempty" jsonschema:"only what documents published by this date say: YYYY, YYYY-MM or YYYY-MM-DD"`
	View    string `json:"view,omitempty" jsonschema:"whose words count: the name or ID of a state, with the names that it uses; or \"asserted\" for what documents state themselves; all if not given"`
}

func (in *scopeInput) scope(ctx context.Context, g *graph.Graph) (s query.Scope, err error) {
	if s.AsOf, err = date("asOf", in.AsOf); err != nil {
		return s, err
	}
	if s.KnownAt, err = date("knownAt", in.KnownAt); err != nil {
		return s, err
	}
	switch in.View {
	case "", "all":
	case string(query.Asserted):
		s.Side = query.Asserted
	default:
		id, err := g.Resolve(ctx, in.View)
		if err != nil {
			return s, fmt.Errorf("view: %w", err)
		}
		s.Side = query.Side(id)
	}
	return s, nil
}

func date(name, text string) (schema.Date, error) {
	d, err := schema.ParseDate(text)
	if err != nil {
		return d, fmt.Errorf("%s: %w", name, err)
	}
	return d, nil
}

type askInput struct {
	Question      string   `json:"question" jsonschema:"the question, in English"`
	AsOf          string   `json:"asOf,omitempty" jsonschema:"only facts that may have held on this date: YYYY, YYYY-MM or YYYY-MM-DD"`
	KnownAt       string   `json:"knownAt,omitempty" jsonschema:"only what documents published by this date say: YYYY, YYYY-MM or YYYY-MM-DD"`
	Documents     []string `json:"documents,omitempty" jsonschema:"only these documents, by ID"`
	MinConfidence float64  `json:"minConfidence,omitempty" jsonschema:"only facts of at least this confidence"`
	Limit         int      `json:"limit,omitempty" jsonschema:"most answers to return"`
}

// Answer is one member of an answer.
type Answer struct {
	Name     string   `json:"name" jsonschema:"dates in EDTF, numbers plain"`
	Entity   string   `json:"entity,omitempty" jsonschema:"its ID, where it is an entity"`
	Note     string   `json:"note,omitempty" jsonschema:"how it is said, where not asserted: promised, according to Japan"`
	Facts    []string `json:"facts" jsonschema:"IDs of the facts behind it"`
	Evidence []Quote  `json:"evidence"`
	More     int      `json:"moreEvidence,omitempty"`
}

type askOutput struct {
	Question  string   `json:"question"`
	Kind      ask.Kind `json:"kind" jsonschema:"list, one, date, number, yesno, or none where the question was not understood"`
	Abstained bool     `json:"abstained" jsonschema:"the documents do not say"`
	Answers   []Answer `json:"answers"`
	More      int      `json:"moreAnswers,omitempty"`
	Text      string   `json:"text" jsonschema:"the answer as a sentence or two"`
	Nearest   []Fact   `json:"nearest,omitempty" jsonschema:"of an abstention, what the documents do say"`
}

func askCall(ctx context.Context, g *graph.Graph, in askInput) (out askOutput, err error) {
	if strings.TrimSpace(in.Question) == "" {
		return out, errors.New("question: it is empty")
	}
	opts := ask.Options{Docs: in.Documents, MinConfidence: in.MinConfidence}
	if opts.AsOf, err = date("asOf", in.AsOf); err != nil {
		return out, err
	}
	if opts.KnownAt, err = date("knownAt", in.KnownAt); err != nil {
		return out, err
	}
	answer, err := g.Ask(ctx, in.Question, opts)
	if err != nil {
		return out, err
	}
	out = askOutput{Question: answer.Question, Kind: answer.Kind, Abstained: answer.Abstained, Answers: []Answer{}, Text: short(answer.Text, mostQuote)}
	r := newReader(ctx, g, opts.AsOf)
	for _, item := range answer.Answers[:min(len(answer.Answers), in.Limit)] {
		a := Answer{Name: short(item.Name, mostQuote), Entity: item.Entity, Note: short(item.Note, mostName), Facts: item.Facts}
		if a.Facts = a.Facts[:min(len(a.Facts), mostItems)]; a.Facts == nil {
			a.Facts = []string{}
		}
		if a.Evidence, a.More, err = r.quotes(item.Evidence); err != nil {
			return out, err
		}
		out.Answers = append(out.Answers, a)
	}
	out.Answers = fitting(out.Answers)
	out.More = len(answer.Answers) - len(out.Answers)
	out.Nearest, _, err = r.facts(answer.Nearest, in.Limit)
	return out, err
}

func (o askOutput) text() string {
	var w writer
	if o.Abstained {
		w.line("%s", o.Text)
		if len(o.Nearest) > 0 {
			w.section("What they do say", o.Nearest, 0)
		}
		return w.String()
	}
	if o.Kind == ask.Number {
		w.line("%s", o.Text) // with what was counted
	}
	for i := range o.Answers {
		a := &o.Answers[i]
		s := a.Name
		if a.Note != "" {
			s += " — " + a.Note
		}
		w.line("%s", s)
		if i+1 < len(o.Answers) && slices.Equal(a.Evidence, o.Answers[i+1].Evidence) {
			continue // the next rests on the same
		}
		w.quotes("  ", a.Evidence, a.More)
	}
	w.more("", o.More, "answer")
	return w.String()
}

type searchInput struct {
	Words string       `json:"words" jsonschema:"a name, or words or beginnings of words of one"`
	Class schema.Class `json:"class,omitempty" jsonschema:"only entities of this class"`
	Limit int          `json:"limit,omitempty" jsonschema:"most entities, and most documents, to return"`
}

// Found is an entity that was found.
type Found struct {
	Entity
	Aliases []string `json:"aliases" jsonschema:"some of its other names"`
}

type searchOutput struct {
	Entities      []Found    `json:"entities" jsonschema:"those whose names fit best first"`
	MoreEntities  int        `json:"moreEntities,omitempty"`
	Documents     []Document `json:"documents"`
	MoreDocuments bool       `json:"moreDocuments,omitempty"`
}

func searchCall(ctx context.Context, g *graph.Graph, in searchInput) (out searchOutput, err error) {
	out.Entities, out.Documents = []Found{}, []Document{}
	words := strings.Fields(schema.Fold(in.Words))
	if !strings.ContainsFunc(in.Words, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return out, fmt.Errorf("words: there is none in %q", short(in.Words, mostName))
	}
	class := in.Class
	if class == "" {
		class = schema.Thing
	}
	found, err := g.Find(ctx, in.Words, class)
	if err != nil {
		return out, err
	}
	for i := range found[:min(len(found), in.Limit)] {
		out.Entities = append(out.Entities, Found{entityOf(&found[i]), unique(found[i].Aliases)})
	}
	out.Entities = fitting(out.Entities)
	out.MoreEntities = len(found) - len(out.Entities)
	if in.Class != "" {
		return out, nil
	}
	for info, err := range g.Documents(ctx) {
		if err != nil {
			return out, err
		}
		text := " " + schema.Fold(info.ID+" "+info.Title+" "+info.Publisher)
		if slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, " "+word) }) {
			continue
		}
		if len(out.Documents) == in.Limit {
			out.MoreDocuments = true
			break
		}
		out.Documents = append(out.Documents, documentOf(&info))
	}
	return out, ctx.Err()
}

func (o searchOutput) text() string {
	var w writer
	if len(o.Entities)+len(o.Documents) == 0 {
		w.line("The documents speak of nothing by that name.")
	}
	for i := range o.Entities {
		e := &o.Entities[i]
		s := fmt.Sprintf("%s  %s, %s", e.ID, e.Name, e.Class)
		if len(e.Aliases) > 0 {
			s += "; also " + strings.Join(e.Aliases, ", ")
		}
		w.line("%s", s)
	}
	w.more("", o.MoreEntities, "thing")
	for i := range o.Documents {
		w.document("document ", &o.Documents[i])
	}
	if o.MoreDocuments {
		w.line("… and more documents")
	}
	return w.String()
}

func (w *writer) document(indent string, d *Document) {
	s := indent + d.ID
	for _, part := range []string{d.Title, d.Publisher, d.Date} {
		if part != "" {
			s += ", " + part
		}
	}
	w.line("%s  [%s]", s, d.URI)
}

type showInput struct {
	Entity string `json:"entity" jsonschema:"any of its names, or its ID, such as territory/shikotan"`
	scopeInput
	Limit int `json:"limit,omitempty" jsonschema:"most facts of each kind to return"`
}

// Name is a name of an entity and who uses it.
type Name struct {
	Name   string   `json:"name"`
	UsedBy []Entity `json:"usedBy,omitempty"`
}

// Code is an identifier of an entity in somebody else's list.
type Code struct {
	Scheme string `json:"scheme"`
	Value  string `json:"value"`
}

// Facts are facts of one kind.
type Facts struct {
	Facts []Fact `json:"facts"`
	More  int    `json:"more,omitempty" jsonschema:"facts that are not listed"`
}

type showOutput struct {
	Entity
	Kind        string     `json:"kind,omitempty" jsonschema:"island, archipelago and so on"`
	Latitude    *float64   `json:"latitude,omitempty"`
	Longitude   *float64   `json:"longitude,omitempty"`
	Codes       []Code     `json:"codes"`
	Names       []Name     `json:"names" jsonschema:"the one to show first"`
	Claims      Facts      `json:"claims" jsonschema:"claims, disputes, rejections, recognition"`
	Control     Facts      `json:"control" jsonschema:"who administers it, or what it administers"`
	Instruments Facts      `json:"instruments" jsonschema:"treaties and rulings, what they cover and who is party"`
	History     Facts      `json:"history" jsonschema:"acts, in the order of their dates"`
	Other       Facts      `json:"other"`
	Sources     []Document `json:"sources" jsonschema:"the documents behind the facts"`
	MoreSources int        `json:"moreSources,omitempty"`
}

func showCall(ctx context.Context, g *graph.Graph, in showInput) (out showOutput, err error) {
	id, err := g.Resolve(ctx, in.Entity)
	if err != nil {
		return out, err
	}
	scope, err := in.scope(ctx, g)
	if err != nil {
		return out, err
	}
	card, err := g.Card(ctx, id, scope)
	if err != nil {
		return out, err
	}
	r := newReader(ctx, g, scope.AsOf)
	out = showOutput{
		Entity: entityOf(&card.Entity), Kind: card.Kind, Latitude: card.Latitude, Longitude: card.Longitude,
		Codes: []Code{}, Names: []Name{}, Sources: []Document{},
	}
	for _, c := range card.Codes {
		out.Codes = append(out.Codes, Code{c.Scheme, c.Value})
	}
	for _, n := range card.Names[:min(len(card.Names), mostItems)] {
		name := Name{Name: short(n.Name, mostName)}
		for i := range n.By[:min(len(n.By), mostNames)] {
			name.UsedBy = append(name.UsedBy, entityOf(&n.By[i]))
		}
		out.Names = append(out.Names, name)
	}
	for _, part := range []struct {
		to   *Facts
		from []schema.Fact
	}{
		{&out.Claims, card.Claims}, {&out.Control, card.Control}, {&out.Instruments, card.Instruments},
		{&out.History, card.History}, {&out.Other, card.Other},
	} {
		if part.to.Facts, part.to.More, err = r.facts(part.from, in.Limit); err != nil {
			return out, err
		}
	}
	for i := range card.Sources[:min(len(card.Sources), in.Limit)] {
		out.Sources = append(out.Sources, documentOf(&card.Sources[i]))
	}
	out.MoreSources = len(card.Sources) - len(out.Sources)
	return out, nil
}

func (o showOutput) text() string {
	var w writer
	kind := string(o.Class)
	if o.Kind != "" {
		kind += ", " + o.Kind
	}
	w.line("%s  %s  %s", o.Name, kind, o.ID)
	if o.Latitude != nil && o.Longitude != nil {
		w.line("latitude %.2f, longitude %.2f", *o.Latitude, *o.Longitude)
	}
	var all []string
	for _, n := range o.Names {
		name := n.Name
		if len(n.UsedBy) > 0 {
			name += " (" + names(n.UsedBy) + ")"
		}
		all = append(all, name)
	}
	w.line("Names: %s", strings.Join(all, " · "))
	w.section("Claims", o.Claims.Facts, o.Claims.More)
	w.section("Control", o.Control.Facts, o.Control.More)
	w.section("Instruments", o.Instruments.Facts, o.Instruments.More)
	w.section("History", o.History.Facts, o.History.More)
	w.section("Also", o.Other.Facts, o.Other.More)
	if len(o.Sources) > 0 {
		w.line("")
		w.line("Sources")
		for i := range o.Sources {
			w.document("  ", &o.Sources[i])
		}
		w.more("  ", o.MoreSources, "document")
	}
	return w.String()
}

type evidenceInput struct {
	Fact     string `json:"fact,omitempty" jsonschema:"the fact's ID, or the beginning of it"`
	Context  int    `json:"context,omitempty" jsonschema:"bytes of text to show before and after each passage"`
	Document string `json:"document,omitempty" jsonschema:"in place of a fact: a document's ID"`
	Start    int    `json:"start,omitempty" jsonschema:"with a document: first byte of its text to read"`
	End      int    `json:"end,omitempty" jsonschema:"with a document: first byte behind what is to be read"`
}

// Passage is a quotation with what stands around it.
type Passage struct {
	Quote
	Before    string `json:"before" jsonschema:"the text before it"`
	After     string `json:"after" jsonschema:"the text after it"`
	Publisher string `json:"publisher,omitempty"`
	URI       string `json:"uri" jsonschema:"the resource with the document's text"`
}

type evidenceOutput struct {
	Fact     *Fact     `json:"fact,omitempty" jsonschema:"without its evidence, which is in the passages"`
	Passages []Passage `json:"passages"`
	More     int       `json:"morePassages,omitempty"`
}

func evidenceCall(ctx context.Context, g *graph.Graph, in evidenceInput) (out evidenceOutput, err error) {
	if (in.Fact == "") == (in.Document == "") {
		return out, errors.New("give either fact or document")
	}
	r := newReader(ctx, g, schema.Date{})
	out.Passages = []Passage{}
	var evidence []schema.Evidence
	if in.Document != "" {
		doc, err := g.Document(ctx, in.Document)
		if err != nil {
			return out, err
		}
		if in.Start < 0 || in.Start > in.End || in.End > len(doc.Text) {
			return out, fmt.Errorf("bytes %d to %d: the text of %s has the bytes 0 to %d", in.Start, in.End, in.Document, len(doc.Text))
		}
		// Whole characters.
		start, end := cutAt(doc.Text, in.Start), cutAt(doc.Text, in.End)
		evidence = []schema.Evidence{doc.Quote(start, end)}
	} else {
		fact, err := g.Fact(ctx, in.Fact)
		if err != nil {
			return out, err
		}
		f, err := r.fact(&fact)
		if err != nil {
			return out, err
		}
		f.Evidence, f.More = []Quote{}, 0
		out.Fact, evidence = &f, fact.Evidence
	}
	for i := range evidence[:min(len(evidence), mostItems)] {
		p, err := passage(ctx, g, r, &evidence[i], in.Context)
		if err != nil {
			return out, err
		}
		out.Passages = append(out.Passages, p)
	}
	out.Passages = fitting(out.Passages)
	out.More = len(evidence) - len(out.Passages)
	return out, nil
}

func passage(ctx context.Context, g *graph.Graph, r *reader, ev *schema.Evidence, around int) (p Passage, err error) {
	doc, err := g.Document(ctx, ev.Doc)
	if err != nil {
		return p, err
	}
	if p.Quote, err = r.quote(ev, mostPassage); err != nil {
		return p, err
	}
	p.Publisher, p.URI = short(doc.Publisher, mostName), documentURI(doc.ID)
	p.Before = doc.Text[cutAt(doc.Text, max(p.Start-around, 0)):p.Start]
	p.After = doc.Text[p.End:cutAt(doc.Text, min(p.End+around, len(doc.Text)))]
	return p, nil
}

func (o evidenceOutput) text() string {
	var w writer
	if o.Fact != nil {
		w.fact("", o.Fact)
	}
	for i := range o.Passages {
		p := &o.Passages[i]
		w.quote("", &p.Quote)
		if p.Before != "" {
			w.line("  before it: %s", p.Before)
		}
		if p.After != "" {
			w.line("  after it: %s", p.After)
		}
	}
	w.more("", o.More, "passage")
	return w.String()
}

type sparqlInput struct {
	Query string `json:"query"`
	Limit int    `json:"limit,omitempty" jsonschema:"most rows to return"`
}

type sparqlOutput struct {
	Form    query.Form     `json:"form" jsonschema:"bindings, boolean or triples"`
	Columns []string       `json:"columns"`
	Rows    [][]query.Term `json:"rows" jsonschema:"a value for each column; kind is iri, literal, bnode, or empty where unbound"`
	Limited bool           `json:"limited" jsonschema:"there are more rows"`
}

func (s *Server) sparqlCall(ctx context.Context, g *graph.Graph, in sparqlInput) (out sparqlOutput, err error) {
	timeout := s.timeout
	if timeout < 0 {
		timeout = time.Duration(-1)
	}
	res, err := g.Query(ctx, query.Request{Language: query.SPARQL, Text: in.Query, Limit: in.Limit, Timeout: timeout, Memory: query.DefaultMemory / calls})
	if err != nil {
		return out, err
	}
	out = sparqlOutput{Form: res.Form, Columns: res.Columns, Rows: res.Rows, Limited: res.Limited}
	if out.Columns == nil {
		out.Columns = []string{}
	}
	if out.Rows == nil {
		out.Rows = [][]query.Term{}
	}
	for _, row := range out.Rows {
		for i := range row {
			row[i].Value = short(row[i].Value, mostQuote)
		}
	}
	out.Rows = fitting(out.Rows)
	out.Limited = out.Limited || len(out.Rows) < len(res.Rows)
	return out, nil
}

func (o sparqlOutput) text() string {
	var w writer
	prefixes := schema.Namespace{}.Prefixes()
	if o.Form != query.Boolean {
		w.WriteString(strings.Join(o.Columns, "\t") + "\n")
	}
	for _, row := range o.Rows {
		for i, t := range row {
			if i > 0 {
				w.WriteByte('\t')
			}
			value := t.Value
			if t.Kind == query.IRI {
				value = schema.Compact(value, prefixes)
			}
			w.WriteString(clean(value))
		}
		w.WriteByte('\n')
	}
	if o.Limited {
		w.line("… and more rows")
	}
	return w.String()
}

type timelineInput struct {
	Entity string `json:"entity,omitempty" jsonschema:"only what speaks of it: any of its names, or its ID"`
	From   string `json:"from,omitempty" jsonschema:"only what begins on this date or later: YYYY, YYYY-MM or YYYY-MM-DD"`
	To     string `json:"to,omitempty" jsonschema:"only what begins on this date or earlier"`
	scopeInput
	Limit int `json:"limit,omitempty" jsonschema:"most facts to return; to go on, ask from the date of the last"`
}

type timelineOutput struct {
	Facts []Fact `json:"facts" jsonschema:"in the order of their dates"`
	More  int    `json:"more,omitempty"`
}

func timelineCall(ctx context.Context, g *graph.Graph, in timelineInput) (out timelineOutput, err error) {
	from, err := date("from", in.From)
	if err != nil {
		return out, err
	}
	to, err := date("to", in.To)
	if err != nil {
		return out, err
	}
	scope, err := in.scope(ctx, g)
	if err != nil {
		return out, err
	}
	if in.Entity != "" {
		if scope.About, err = g.Resolve(ctx, in.Entity); err != nil {
			return out, err
		}
	}
	facts, err := query.Timeline.Facts(ctx, g, scope)
	if err != nil {
		return out, err
	}
	facts = slices.DeleteFunc(facts, func(f schema.Fact) bool {
		begin := f.Time.Begin()
		return !from.IsZero() && begin.Last().Compare(from.First()) < 0 || !to.IsZero() && begin.First().Compare(to.Last()) > 0
	})
	out.Facts, out.More, err = newReader(ctx, g, scope.AsOf).facts(facts, in.Limit)
	return out, err
}

func (o timelineOutput) text() string {
	var w writer
	if len(o.Facts) == 0 {
		w.line("The documents tell nothing with a date.")
	}
	for i := range o.Facts {
		f := &o.Facts[i]
		when := f.Date
		for _, other := range []string{f.Since, f.Until} {
			if when == "" {
				when = other
			}
		}
		w.line("%s", when)
		w.fact("  ", f)
	}
	w.more("", o.More, "fact")
	return w.String()
}

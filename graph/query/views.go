package query

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// Reader is what views read: a graph, or facts from anywhere.
type Reader interface {
	// Facts yields the facts that a filter selects, in a fixed order.
	Facts(ctx context.Context, filter schema.Filter) iter.Seq2[schema.Fact, error]
	// Document returns a document that facts have evidence in.
	Document(ctx context.Context, id string) (*schema.Document, error)
}

// View is a list of facts of one kind: what a query for them asks.
type View string

// The views.
const (
	Claims      View = "claims"      // who claims what, who rejects and recognizes it
	Control     View = "control"     // who holds what, and how it came to
	Disputes    View = "disputes"    // who is in dispute with whom
	Instruments View = "instruments" // treaties and rulings: parties, what they cover and provide
	People      View = "people"      // who held which office, met whom and said what
	Timeline    View = "timeline"    // all that has a date, in its order
)

// Views returns every view.
func Views() []View { return []View{Claims, Control, Disputes, Instruments, People, Timeline} }

// Predicates returns the predicates of the view's facts, nil for all.
func (v View) Predicates() []schema.Predicate {
	switch v {
	case Claims:
		return []schema.Predicate{schema.Claims, schema.Rejects, schema.Recognizes}
	case Control:
		return []schema.Predicate{schema.Administers, schema.Seized, schema.TransferredTo}
	case Disputes:
		return []schema.Predicate{schema.Disputes, schema.NegotiatesWith, schema.Delimited}
	case Instruments:
		return []schema.Predicate{schema.PartyTo, schema.Covers, schema.Provides, schema.RuledOn}
	case People:
		return []schema.Predicate{schema.HoldsOffice, schema.MetWith, schema.Said}
	}
	return nil
}

// Scope narrows a view. The zero value is the whole graph.
type Scope struct {
	About   string      // the ID of an entity that a fact speaks of
	AsOf    schema.Date // what may have held then; see [schema.Time.At]
	KnownAt schema.Date // what the documents published by then say; see [schema.Date.Published]
	Docs    []string    // IDs of documents
	Side    Side        // whose words count; see [Side]
}

func (s Scope) filter(predicates []schema.Predicate) schema.Filter {
	return schema.Filter{About: s.About, AsOf: s.AsOf, KnownAt: s.KnownAt, Docs: s.Docs, Predicates: predicates}
}

// Facts returns the facts of the view: those with dates by their beginning,
// then the others, each in the order of the graph.
func (v View) Facts(ctx context.Context, r Reader, scope Scope) ([]schema.Fact, error) {
	if !slices.Contains(Views(), v) {
		return nil, fmt.Errorf("query: no such view %q: want one of %v", v, Views())
	}
	facts := []schema.Fact{}
	for f, err := range scope.Facts(ctx, r, v.Predicates()...) {
		if err != nil {
			return nil, err
		}
		if v == Timeline && f.Time.IsZero() {
			continue
		}
		facts = append(facts, f)
	}
	slices.SortStableFunc(facts, func(a, b schema.Fact) int { return a.Time.Compare(b.Time) })
	return facts, ctx.Err()
}

// SPARQL returns the query that the view stands for. Its columns are the fact's
// node, subject, predicate and object.
func (v View) SPARQL(ns schema.Namespace, scope Scope) string {
	var b strings.Builder
	b.WriteString("SELECT DISTINCT ?fact ?subject ?predicate ?object WHERE {\n")
	if predicates := v.Predicates(); predicates != nil {
		b.WriteString("  VALUES ?predicate {")
		for _, p := range predicates {
			b.WriteString(" dm:" + string(p))
		}
		b.WriteString(" }\n")
	}
	b.WriteString("  ?fact a dm:Fact ; rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object .\n")
	if scope.About != "" {
		fmt.Fprintf(&b, "  ?fact ?role <%s> .\n", ns.Entity(scope.About))
	}
	if len(scope.Docs) > 0 {
		b.WriteString("  ?fact prov:wasDerivedFrom ?passage . ?passage dm:inDocument ?document .\n  VALUES ?document {")
		for _, d := range scope.Docs {
			fmt.Fprintf(&b, " <%s>", ns.Document(d))
		}
		b.WriteString(" }\n")
	}
	if v == Timeline || !scope.AsOf.IsZero() {
		b.WriteString("  OPTIONAL { ?fact dm:date ?date } OPTIONAL { ?fact dm:since ?since } OPTIONAL { ?fact dm:until ?until }\n")
	}
	if v == Timeline {
		b.WriteString("  FILTER(BOUND(?date) || BOUND(?since) || BOUND(?until))\n")
	}
	if !scope.AsOf.IsZero() {
		b.WriteString("  BIND(COALESCE(?since, ?date) AS ?begin)\n")
		fmt.Fprintf(&b, "  FILTER(!BOUND(?begin) || %s <= %d)\n", earliest("?begin"), number(scope.AsOf.Last()))
		fmt.Fprintf(&b, "  FILTER(!BOUND(?until) || %s >= %d)\n", latest("?until"), number(scope.AsOf.First()))
	}
	if !scope.KnownAt.IsZero() {
		b.WriteString("  ?fact prov:wasDerivedFrom/dm:inDocument/dcterms:date ?published .\n")
		fmt.Fprintf(&b, "  FILTER(%s <= %d)\n", earliest("?published"), number(scope.KnownAt.Last()))
	}
	b.WriteString(scope.Side.sparql(ns))
	b.WriteString("}\n")
	return b.String()
}

// earliest and latest are SPARQL expressions of the first and the last day that
// a date may mean, as [number] writes days.
func earliest(date string) string { return dayNumber(date, "0", "-") }
func latest(date string) string   { return dayNumber(date, "9", "+") }

// dayNumber writes a digit for all that a date leaves open, and moves an
// approximate date by a year.
func dayNumber(date, open, move string) string {
	digits := fmt.Sprintf(`REPLACE(REPLACE(STR(%s), "[-~]", ""), "X", %q)`, date, open)
	return fmt.Sprintf(`xsd:integer(SUBSTR(CONCAT(%s, %q), 1, 8)) %s IF(CONTAINS(STR(%s), "~"), 10000, 0)`,
		digits, strings.Repeat(open, 4), move, date)
}

// number writes a day as a number with eight digits.
func number(day schema.Date) int { return day.Year*10000 + day.Month*100 + day.Day }

// Neighbour is an entity that facts connect with another.
type Neighbour struct {
	Entity     schema.Entity      `json:"entity"`
	Predicates []schema.Predicate `json:"predicates"` // in alphabetical order
	Facts      int                `json:"facts"`
}

// Neighbours returns the entities that some fact connects with the one of
// scope, those of most facts first.
func Neighbours(ctx context.Context, r Reader, scope Scope) ([]Neighbour, error) {
	found := map[string]*Neighbour{}
	for f, err := range scope.Facts(ctx, r) {
		if err != nil {
			return nil, err
		}
		seen := map[string]bool{scope.About: true}
		for _, e := range f.Entities() {
			if seen[e.ID] {
				continue
			}
			seen[e.ID] = true
			n := found[e.ID]
			if n == nil {
				n = &Neighbour{Entity: e}
				found[e.ID] = n
			}
			n.Facts++
			if !slices.Contains(n.Predicates, f.Predicate) {
				n.Predicates = append(n.Predicates, f.Predicate)
			}
		}
	}
	list := []Neighbour{}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		slices.Sort(found[id].Predicates)
		list = append(list, *found[id])
	}
	slices.SortStableFunc(list, func(a, b Neighbour) int { return b.Facts - a.Facts })
	return list, ctx.Err()
}

// Step is a fact on a path and the entity that it leads to.
type Step struct {
	Fact schema.Fact   `json:"fact"`
	To   schema.Entity `json:"to"`
}

// DefaultSteps is how long paths may be where nobody says otherwise.
const DefaultSteps = 5

// Path returns a shortest chain of facts that connects two entities, none
// where there is no such chain of at most that many steps (DefaultSteps if 0).
// Facts that are denied connect nothing. scope.About is not used.
func Path(ctx context.Context, r Reader, from, to string, steps int, scope Scope) ([]Step, error) {
	steps = cmp.Or(steps, DefaultSteps)
	came := map[string]Step{from: {}}
	before := map[string]string{}
	level := []string{from}
	for depth := 0; depth < steps && len(level) > 0; depth++ {
		if _, ok := came[to]; ok {
			break
		}
		var next []string
		for _, id := range level {
			scope.About = id
			for f, err := range scope.Facts(ctx, r) {
				if err != nil {
					return nil, err
				}
				if f.Negated {
					continue
				}
				for _, e := range f.Entities() {
					if _, ok := came[e.ID]; !ok {
						came[e.ID], before[e.ID] = Step{f, e}, id
						next = append(next, e.ID)
					}
				}
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		level = next
	}
	path := []Step{}
	if _, ok := came[to]; !ok || from == to {
		return path, ctx.Err()
	}
	for id := to; id != from; id = before[id] {
		path = append(path, came[id])
	}
	slices.Reverse(path)
	return path, ctx.Err()
}

// Comparison sets two entities side by side.
type Comparison struct {
	Both    []Shared      `json:"both"`    // what facts of one predicate connect with both
	OnlyA   []schema.Fact `json:"onlyA"`   // facts of the first without such a counterpart
	OnlyB   []schema.Fact `json:"onlyB"`   // and of the second
	Between []schema.Fact `json:"between"` // facts that speak of both
}

// Shared is an entity or value that both sides have in one relation.
type Shared struct {
	Predicate schema.Predicate `json:"predicate"`
	Value     schema.Entity    `json:"value"`
	A         schema.Fact      `json:"a"`
	B         schema.Fact      `json:"b"`
}

// Compare sets the facts of which a and b are subject or object side by side.
// scope.About is not used.
func Compare(ctx context.Context, r Reader, a, b string, scope Scope) (Comparison, error) {
	c := Comparison{Both: []Shared{}, OnlyA: []schema.Fact{}, OnlyB: []schema.Fact{}, Between: []schema.Fact{}}
	type relation struct {
		predicate schema.Predicate
		negated   bool
		subject   bool // the entity is the subject
		other     string
	}
	of := func(id string) (map[relation]schema.Fact, []relation, error) {
		facts := map[relation]schema.Fact{}
		var inOrder []relation
		scope.About = id
		for f, err := range scope.Facts(ctx, r) {
			if err != nil {
				return nil, nil, err
			}
			s, o := f.Subject.Key(), f.Object.Key()
			both := slices.ContainsFunc(f.Entities(), func(e schema.Entity) bool { return e.ID == a }) &&
				slices.ContainsFunc(f.Entities(), func(e schema.Entity) bool { return e.ID == b })
			if both {
				if id == a {
					c.Between = append(c.Between, f)
				}
				continue
			}
			if s != id && o != id {
				continue
			}
			k := relation{f.Predicate, f.Negated, s == id && !f.Predicate.Symmetric(), o}
			if s != id {
				k.other = s
			}
			if _, ok := facts[k]; !ok {
				facts[k] = f
				inOrder = append(inOrder, k)
			}
		}
		return facts, inOrder, ctx.Err()
	}
	ofA, orderA, err := of(a)
	if err != nil {
		return c, err
	}
	ofB, orderB, err := of(b)
	if err != nil {
		return c, err
	}
	for _, k := range orderA {
		f := ofA[k]
		g, ok := ofB[k]
		if !ok {
			c.OnlyA = append(c.OnlyA, f)
			continue
		}
		value := f.Object
		if value.Key() != k.other {
			value = f.Subject
		}
		c.Both = append(c.Both, Shared{k.predicate, value, f, g})
	}
	for _, k := range orderB {
		if _, ok := ofA[k]; !ok {
			c.OnlyB = append(c.OnlyB, ofB[k])
		}
	}
	return c, nil
}

// Source is a document with how much it says.
type Source struct {
	Doc   string `json:"doc"`
	Facts int    `json:"facts"`
}

// Counter is a [Reader] that may know how many facts documents tell without
// reading them.
type Counter interface {
	// CountByDocument returns how many of the facts that filter selects each
	// document tells, by its ID. It is not ok where they have to be read for that.
	CountByDocument(ctx context.Context, filter schema.Filter) (facts map[string]int, ok bool, err error)
}

// Sources returns the documents that speak of what scope selects, those with
// most facts first.
func Sources(ctx context.Context, r Reader, scope Scope) ([]Source, error) {
	n, err := countSources(ctx, r, scope)
	if err != nil {
		return nil, err
	}
	list := []Source{}
	for _, d := range slices.Sorted(maps.Keys(n)) {
		list = append(list, Source{d, n[d]})
	}
	slices.SortStableFunc(list, func(a, b Source) int { return b.Facts - a.Facts })
	return list, ctx.Err()
}

func countSources(ctx context.Context, r Reader, scope Scope) (map[string]int, error) {
	if counter, ok := r.(Counter); ok && scope.Side == All {
		if n, ok, err := counter.CountByDocument(ctx, scope.filter(nil)); ok || err != nil {
			return n, err
		}
	}
	n := map[string]int{}
	for f, err := range scope.Facts(ctx, r) {
		if err != nil {
			return nil, err
		}
		docs := map[string]bool{}
		for _, ev := range f.Evidence {
			docs[ev.Doc] = true
		}
		for d := range docs {
			n[d]++
		}
	}
	return n, ctx.Err()
}

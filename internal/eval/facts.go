package eval

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// GoldDoc is a document's facts as a careful reader wrote them down.
type GoldDoc struct {
	ID    string     `json:"id"`
	Facts []GoldFact `json:"facts"`
}

// GoldFact is one fact that a document makes.
type GoldFact struct {
	Subject      []string                   `json:"s"` // acceptable names, the best first
	Predicate    schema.Predicate           `json:"p"`
	Object       []string                   `json:"o"`
	Qualifiers   map[string]json.RawMessage `json:"q"`
	AttributedTo *string                    `json:"attr"`
	Negated      bool                       `json:"neg"`
	Optional     bool                       `json:"opt"` // counts neither for nor against
}

// Fact is an extracted fact in the facts format, as far as the scores see it.
type Fact struct {
	Doc          string                     `json:"doc"`
	Subject      names                      `json:"subject"`
	Predicate    schema.Predicate           `json:"predicate"`
	Object       names                      `json:"object"`
	Qualifiers   map[string]json.RawMessage `json:"qualifiers"`
	AttributedTo *string                    `json:"attributedTo"`
	Negated      bool                       `json:"negated"`
}

// FromFacts turns facts into the form that is scored, through the very format
// that they are printed in.
func FromFacts(facts []schema.Fact) ([]Fact, error) {
	out := make([]Fact, len(facts))
	for i := range facts {
		raw, err := json.Marshal(facts[i])
		if err != nil {
			return nil, fmt.Errorf("eval: %s: %w", &facts[i], err)
		}
		if err := json.Unmarshal(raw, &out[i]); err != nil {
			return nil, fmt.Errorf("eval: %s: %w", &facts[i], err)
		}
	}
	return out, nil
}

// ReadGold reads a gold standard: one [GoldDoc] a line.
func ReadGold(r io.Reader) ([]GoldDoc, error) { return collect[GoldDoc](r) }

// ReadFacts reads extracted facts: one [Fact] a line.
func ReadFacts(r io.Reader) ([]Fact, error) { return collect[Fact](r) }

func collect[T any](r io.Reader) ([]T, error) {
	var out []T
	for v, err := range Lines[T](r) {
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// FactScore says how well facts match a gold standard.
type FactScore struct {
	Predicates []PredicateScore `json:"predicates"` // those that occur, in the vocabulary's order
	All        Counts           `json:"all"`

	QualifiersRight  int `json:"qualifiersRight"` // of the qualifiers of right facts
	Qualifiers       int `json:"qualifiers"`
	AttributionRight int `json:"attributionRight"` // of the right facts
	Attributions     int `json:"attributions"`
	Documents        int `json:"documents"`

	Errors []FactErrors `json:"errors,omitempty"` // of documents that have any
}

// PredicateScore is the part of a [FactScore] that one predicate has.
type PredicateScore struct {
	Predicate schema.Predicate `json:"predicate"`
	Counts
}

// FactErrors lists one document's errors, each as one line of text.
type FactErrors struct {
	Doc     string   `json:"doc"`
	Missing []string `json:"missing,omitempty"`
	Wrong   []string `json:"wrong,omitempty"`
}

// gold is a gold fact made ready for matching.
type gold struct {
	*GoldFact
	s, o keySet
}

// found is an extracted fact made ready for matching.
type found struct {
	*Fact
	s, o keySet
}

func (g *gold) matches(f *found) bool {
	if f.Predicate != g.Predicate || f.Negated != g.Negated {
		return false
	}
	return f.s.meets(g.s) && f.o.meets(g.o) ||
		g.Predicate.Symmetric() && f.s.meets(g.o) && f.o.meets(g.s)
}

// triple is the same for gold facts that differ only in their qualifiers.
func (g *gold) triple() string {
	s, o := fold(first(g.Subject)), fold(first(g.Object))
	if g.Predicate.Symmetric() && o < s {
		s, o = o, s
	}
	return fmt.Sprintf("%s|%t|%s|%s", g.Predicate, g.Negated, s, o)
}

func (g *gold) String() string {
	return label(first(g.Subject), g.Predicate, first(g.Object), g.Negated)
}
func (f *found) String() string {
	return label(first(f.Subject), f.Predicate, first(f.Object), f.Negated)
}

func label(s string, p schema.Predicate, o string, negated bool) string {
	text := fmt.Sprintf("%s -%s-> %s", s, p, o)
	if negated {
		text += " (neg)"
	}
	return text
}

func first(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

// group holds the gold facts of one triple. It is required where one of its
// facts is, and is matched once.
type group struct {
	facts    []*gold
	required []*gold
	found    []*found // the fact it was matched with, then all others that match it
}

func (g *group) matches(f *found) bool {
	return slices.ContainsFunc(g.facts, func(x *gold) bool { return x.matches(f) })
}

// groups returns the facts by triple, required groups first.
func groups(doc *GoldDoc) []*group {
	byTriple := map[string]*group{}
	var out []*group
	for i := range doc.Facts {
		f := &doc.Facts[i]
		g := &gold{f, keys(f.Subject...), keys(f.Object...)}
		gr := byTriple[g.triple()]
		if gr == nil {
			gr = &group{}
			byTriple[g.triple()] = gr
			out = append(out, gr)
		}
		gr.facts = append(gr.facts, g)
		if !f.Optional {
			gr.required = append(gr.required, g)
		}
	}
	slices.SortStableFunc(out, func(a, b *group) int { return rank(a) - rank(b) })
	return out
}

func rank(g *group) int {
	if len(g.required) > 0 {
		return 0
	}
	return 1
}

// match pairs groups with facts, greedily and in order, and returns the facts
// that match no group at all. A second wording of a matched fact is no error.
func match(groups []*group, facts []*found) (spare []*found) {
	used := make([]bool, len(facts))
	for _, g := range groups {
		for i, f := range facts {
			if used[i] || !g.matches(f) {
				continue
			}
			used[i] = true
			g.found = []*found{f}
			for j, other := range facts {
				if j != i && g.matches(other) {
					g.found = append(g.found, other)
				}
			}
			break
		}
	}
	for i, f := range facts {
		if !used[i] && !slices.ContainsFunc(groups, func(g *group) bool { return g.matches(f) }) {
			spare = append(spare, f)
		}
	}
	return spare
}

// ScoreFacts compares facts with a gold standard. Facts of documents that the
// standard does not have, and predicates outside the core vocabulary, are left
// aside. The order of facts matters only where two match the same gold fact.
func ScoreFacts(standard []GoldDoc, facts []Fact) *FactScore {
	byDoc := map[string][]*found{}
	for i := range facts {
		f := &facts[i]
		if info, ok := f.Predicate.Info(); ok && info.Core {
			byDoc[f.Doc] = append(byDoc[f.Doc], &found{f, keys(f.Subject...), keys(f.Object...)})
		}
	}
	score := &FactScore{}
	counts := map[schema.Predicate]*Counts{}
	of := func(p schema.Predicate) *Counts {
		if counts[p] == nil {
			counts[p] = &Counts{}
		}
		return counts[p]
	}
	for i := range standard {
		doc := &standard[i]
		score.Documents++
		grouped := groups(doc)
		spare := match(grouped, byDoc[doc.ID])
		errs := FactErrors{Doc: doc.ID}
		for _, g := range grouped {
			switch {
			case len(g.required) == 0:
			case g.found == nil:
				of(g.required[0].Predicate).Missing++
				errs.Missing = append(errs.Missing, g.required[0].String())
			default:
				of(g.required[0].Predicate).Right++
				score.addQualities(g)
			}
		}
		for _, f := range spare {
			of(f.Predicate).Wrong++
			errs.Wrong = append(errs.Wrong, f.String())
		}
		if errs.Missing != nil || errs.Wrong != nil {
			score.Errors = append(score.Errors, errs)
		}
	}
	for _, info := range schema.Predicates() {
		if c := counts[info.Predicate]; c != nil && info.Core {
			score.Predicates = append(score.Predicates, PredicateScore{info.Predicate, *c})
			score.All.Add(*c)
		}
	}
	return score
}

// addQualities counts qualifiers and attribution of a matched group.
func (s *FactScore) addQualities(g *group) {
	for _, want := range g.required {
		best, asked := 0, 0
		for _, f := range g.found {
			var right int
			right, asked = qualifiersRight(want.Qualifiers, f.Qualifiers)
			best = max(best, right)
		}
		s.QualifiersRight += best
		s.Qualifiers += asked
	}
	s.Attributions++
	want, have := attribution(g.required[0].AttributedTo), attribution(g.found[0].AttributedTo)
	if len(want) == 0 && len(have) == 0 || want.meets(have) {
		s.AttributionRight++
	}
}

func attribution(name *string) keySet {
	if name == nil {
		return nil
	}
	return keys(*name)
}

var startsWithYear = regexp.MustCompile(`^-?\d{4}`)

// qualifiersRight counts, of the gold fact's qualifiers, those that the fact
// has right.
func qualifiersRight(want, have map[string]json.RawMessage) (right, asked int) {
	for role, w := range want {
		wanted, wantScalar := values(w)
		if len(wanted) == 0 {
			continue
		}
		asked++
		given, givenScalar := values(have[role])
		if len(given) == 0 {
			continue
		}
		isDate := (role == "date" || role == "since" || role == "until" || role == "from") &&
			wantScalar && startsWithYear.MatchString(wanted[0])
		if isDate {
			if givenScalar && sameDate(wanted[0], given[0]) {
				right++
			}
			continue
		}
		if w, h := keys(wanted...), keys(given...); w.meets(h) || w.overlaps(h) {
			right++
		}
	}
	return right, asked
}

// values lists the wordings in a qualifier: a value, an object with a name and
// aliases, or a list of them. bare is true for a single plain value.
func values(raw json.RawMessage) (wordings []string, bare bool) {
	var many []names
	switch text := strings.TrimSpace(string(raw)); {
	case text == "", text == "null", text == `""`:
		return nil, false
	case text[0] == '[':
		if json.Unmarshal(raw, &many) != nil {
			return nil, false
		}
	default:
		var one names
		if json.Unmarshal(raw, &one) != nil {
			return nil, false
		}
		many, bare = []names{one}, text[0] != '{'
	}
	return slices.Concat(many...), bare
}

// sameDate reports whether one date is the other or a coarser form of it.
func sameDate(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }

// WriteTable prints the score as a table with one line a predicate, then the
// shares of right qualifiers and attributions, then F1 alone.
func (s *FactScore) WriteTable(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%-16s %6s %6s %6s %6s %6s %6s\n", "predicate", "P", "R", "F1", "right", "wrong", "miss")
	row := func(name string, c Counts) {
		fmt.Fprintf(&b, "%-16s %6.3f %6.3f %6.3f %6d %6d %6d\n", name, c.Precision(), c.Recall(), c.F1(), c.Right, c.Wrong, c.Missing)
	}
	for _, p := range s.Predicates {
		row(string(p.Predicate), p.Counts)
	}
	row("all", s.All)
	fmt.Fprintf(&b, "qualifiers right %d of %d (%.3f); attribution right %d of %d (%.3f); %d documents\n",
		s.QualifiersRight, s.Qualifiers, ratio(s.QualifiersRight, s.Qualifiers),
		s.AttributionRight, s.Attributions, ratio(s.AttributionRight, s.Attributions), s.Documents)
	fmt.Fprintf(&b, "F1 %.3f\n", s.All.F1())
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteErrors prints what is missing and what is wrong, by document.
func (s *FactScore) WriteErrors(w io.Writer) error {
	var b strings.Builder
	for _, e := range s.Errors {
		fmt.Fprintln(&b, "##", e.Doc)
		for _, m := range e.Missing {
			fmt.Fprintln(&b, "   missing", m)
		}
		for _, m := range e.Wrong {
			fmt.Fprintln(&b, "   wrong  ", m)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

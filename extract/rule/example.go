package rule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// Document returns the example as a document to extract from. It fails where
// the example's date is none.
func (e *Example) Document() (*schema.Document, error) {
	doc := &schema.Document{ID: "example", Text: e.Text, Country: e.Country}
	if e.Date != "" {
		var err error
		if doc.Date, err = schema.ParseDate(e.Date); err != nil {
			return nil, fmt.Errorf("example %q: %w", e.Text, err)
		}
	}
	return doc, nil
}

// Check compares the facts that were found in the example's text with those
// that it lists, and returns a line for each that is missing, unwanted or
// unreadable.
//
// Names count under any of an entity's names, letter case apart, and either way
// round where the predicate is symmetric. A listed fact must be found with the
// polarity, modality and attribution that it is written with, and with at least
// its dates and qualifiers; a coarser date admits a finer one. An unwanted fact
// must not be found at all: what it does not say, any fact may have.
func (e *Example) Check(found []schema.Fact) []string {
	var out []string
	for _, text := range e.Facts {
		p, err := parsePattern(text)
		switch {
		case err != nil:
			out = append(out, err.Error())
		case !slices.ContainsFunc(found, func(f schema.Fact) bool { return p.matches(&f, true) }):
			out = append(out, "missing: "+text)
		}
	}
	for _, text := range e.Not {
		p, err := parsePattern(text)
		switch {
		case err != nil:
			out = append(out, err.Error())
		case slices.ContainsFunc(found, func(f schema.Fact) bool { return p.matches(&f, false) }):
			out = append(out, "unwanted: "+text)
		}
	}
	return out
}

// pattern is a fact as [schema.Fact.String] writes it.
type pattern struct {
	negated         bool
	subject, object string
	predicate       schema.Predicate
	qualifiers      []pair
	modality        schema.Modality
	attributedTo    string
}

type pair struct{ role, value string }

func parsePattern(text string) (*pattern, error) {
	p := &pattern{}
	rest := text
	rest, p.negated = strings.CutPrefix(rest, "not ")
	for _, info := range schema.Predicates() {
		if s, o, ok := strings.Cut(rest, " "+string(info.Predicate)+" "); ok {
			p.subject, p.predicate, rest = s, info.Predicate, o
			break
		}
	}
	if p.subject == "" {
		return nil, fmt.Errorf("%q is no fact: want subject, predicate and object, as in \"Japan claims Kunashiri\"", text)
	}
	rest, p.attributedTo, _ = strings.Cut(rest, " according to ")
	if before, modality, ok := strings.Cut(rest, " ["); ok {
		rest, p.modality = before, schema.Modality(strings.TrimSuffix(modality, "]"))
	}
	if open := strings.LastIndex(rest, " ("); open >= 0 && strings.HasSuffix(rest, ")") && strings.Contains(rest[open:], "=") {
		for _, part := range strings.Split(rest[open+2:len(rest)-1], ", ") {
			role, value, ok := strings.Cut(part, "=")
			if n := len(p.qualifiers); !ok && n > 0 {
				p.qualifiers[n-1].value += ", " + part // the value has a comma
				continue
			}
			p.qualifiers = append(p.qualifiers, pair{role, value})
		}
		rest = rest[:open]
	}
	p.object = rest
	return p, nil
}

// matches reports whether f is the fact that p writes. Where exact, modality
// and attribution are those written, also where none are.
func (p *pattern) matches(f *schema.Fact, exact bool) bool {
	if f.Predicate != p.predicate || f.Negated != p.negated {
		return false
	}
	if !(called(f.Subject, p.subject) && called(f.Object, p.object)) &&
		!(f.Predicate.Symmetric() && called(f.Subject, p.object) && called(f.Object, p.subject)) {
		return false
	}
	if exact || p.modality != "" {
		if cmp.Or(f.Modality, schema.Asserted) != cmp.Or(p.modality, schema.Asserted) {
			return false
		}
	}
	if exact && p.attributedTo == "" && !f.AttributedTo.IsZero() || p.attributedTo != "" && !called(f.AttributedTo, p.attributedTo) {
		return false
	}
	return !slices.ContainsFunc(p.qualifiers, func(q pair) bool { return !q.of(f) })
}

// of reports whether f has the date or qualifier.
func (q pair) of(f *schema.Fact) bool {
	date := schema.Date{}
	switch {
	case q.role == "date":
		date = f.Time.Date
	case q.role == "since", q.role == "from" && f.Predicate == schema.HoldsOffice:
		date = f.Time.Since
	case q.role == "until":
		date = f.Time.Until
	}
	if text := date.String(); !date.IsZero() && (text == q.value || strings.HasPrefix(text, q.value+"-")) {
		return true
	}
	return slices.ContainsFunc(f.Qualifiers, func(k schema.Qualifier) bool {
		return string(k.Role) == q.role && called(k.Value, q.value)
	})
}

// called reports whether e goes by the name.
func called(e schema.Entity, name string) bool {
	return !e.IsZero() && (strings.EqualFold(e.Name, name) || slices.ContainsFunc(e.Aliases, func(a string) bool { return strings.EqualFold(a, name) }))
}

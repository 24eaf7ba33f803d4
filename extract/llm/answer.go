package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// Reason says why a fact that a model gave was dropped. It reads after a
// number: "2 not quoted from the document".
type Reason string

// The reasons, in the order in which facts are checked. A fact is dropped whole
// where any part of it is at fault: without its attribution, condition or
// status it would say more than the document does.
const (
	NotQuoted    Reason = "not quoted from the document"
	NotKnown     Reason = "with a predicate, class, role or value that the vocabulary does not have"
	NotFitting   Reason = "between things that the predicate does not take"
	NotNamed     Reason = "about names that the document does not give"
	Ambiguous    Reason = "about names of several places or states"
	BadDate      Reason = "with a date that is none or that the document does not give"
	SelfRelation Reason = "between a thing and itself"
)

var reasons = [...]Reason{NotQuoted, NotKnown, NotFitting, NotNamed, Ambiguous, BadDate, SelfRelation}

// given is a fact as a model writes it.
type given struct {
	Quote        *string         `json:"quote"`
	Relation     *relation       `json:"relation"`
	Negated      *bool           `json:"negated"`
	Modality     *string         `json:"modality"`
	AttributedTo json.RawMessage `json:"attributedTo"` // named or null
	Date         *string         `json:"date"`
	Since        *string         `json:"since"`
	Until        *string         `json:"until"`

	speaker *named
}

type relation struct {
	Predicate  schema.Predicate `json:"predicate"`
	Subject    named            `json:"subject"`
	Object     named            `json:"object"`
	Qualifiers []qualifier      `json:"qualifiers"`
}

type named struct {
	Name  string       `json:"name"`
	Class schema.Class `json:"class"`
}

type qualifier struct {
	Role  schema.Role  `json:"role"`
	Name  string       `json:"name"`
	Class schema.Class `json:"class"`
}

// mostFacts is how many facts one piece of a document may have. Models that
// begin to repeat themselves have no end of them.
const mostFacts = 1000

// parseAnswer reads a model's answer. It fails where that is not JSON of the
// right shape, to the last key; what it says is not looked at.
func parseAnswer(data []byte) ([]given, error) {
	var answer struct {
		Facts *[]given `json:"facts"`
	}
	if err := strictly(data, &answer); err != nil {
		return nil, fmt.Errorf("the model's answer is not what was asked for: %w", err)
	}
	if answer.Facts == nil {
		return nil, errors.New(`the model's answer is not what was asked for: it has no "facts"`)
	}
	facts := *answer.Facts
	if len(facts) > mostFacts {
		return nil, fmt.Errorf("the model's answer has %d facts: it goes on and on", len(facts))
	}
	for i := range facts {
		f := &facts[i]
		if f.Quote == nil || f.Relation == nil || f.Negated == nil || f.Modality == nil ||
			f.AttributedTo == nil || f.Date == nil || f.Since == nil || f.Until == nil {
			return nil, fmt.Errorf("the model's answer is not what was asked for: fact %d lacks a part", i+1)
		}
		if err := strictly(f.AttributedTo, &f.speaker); err != nil {
			return nil, fmt.Errorf("the model's answer is not what was asked for: fact %d: attributedTo: %w", i+1, err)
		}
	}
	return facts, nil
}

// strictly decodes one JSON value without unknown keys or anything after it.
func strictly(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("something follows the JSON")
	}
	return nil
}

// take checks the facts that a model found in a piece of the document and keeps
// those that hold.
func (c *checker) take(p piece, facts []given) {
	passage := newPassage(c.doc.Text, p.start, p.end)
	for i := range facts {
		c.given++
		f, why := c.check(passage, &facts[i])
		if why != "" {
			c.dropped[why]++
			continue
		}
		c.facts = append(c.facts, f)
	}
}

// check makes a fact of what a model gives, or says why it cannot.
func (c *checker) check(passage *passage, g *given) (f schema.Fact, why Reason) {
	start, end, ok := passage.find(*g.Quote)
	if !ok {
		return f, NotQuoted
	}
	r := g.Relation
	info, ok := r.Predicate.Info()
	modality := schema.Modality(*g.Modality)
	if !ok || !slices.Contains(modalities(), modality) {
		return f, NotKnown
	}
	f = schema.Fact{
		Predicate: r.Predicate, Negated: *g.Negated, Modality: modality,
		Evidence: []schema.Evidence{c.doc.Quote(start, end)}, Rule: c.rule, Confidence: Confidence,
	}
	if f.Subject, why = c.resolve(r.Subject, info.Subjects); why != "" {
		return f, why
	}
	if f.Object, why = c.resolve(r.Object, info.Objects); why != "" {
		return f, why
	}
	if g.speaker != nil {
		if f.AttributedTo, why = c.resolve(*g.speaker, []schema.Class{schema.Agent}); why != "" {
			return f, why
		}
		if f.Predicate == schema.Claims && f.AttributedTo.Same(f.Subject) {
			f.AttributedTo = schema.Entity{} // whoever says that something is his has claimed it
		}
	}
	qualifiers, _ := roles(info)
	for _, q := range r.Qualifiers {
		if !slices.Contains(qualifiers, q.Role) {
			return f, NotKnown
		}
		var value schema.Entity
		if words := values(info.Predicate, q.Role); words != nil {
			word := strings.ToLower(strings.TrimSpace(q.Name))
			if !slices.Contains(words, word) {
				return f, NotKnown
			}
			value = schema.Lit(word)
		} else if value, why = c.resolve(named{q.Name, q.Class}, []schema.Class{schema.Thing, schema.Literal}); why != "" {
			return f, why
		}
		f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: q.Role, Value: value})
	}
	f.Qualifiers = schema.SortQualifiers(f.Qualifiers)
	if f.Time, why = c.time(info, g); why != "" {
		return f, why
	}
	if f.Subject.Same(f.Object) {
		return f, SelfRelation
	}
	return f, ""
}

// time reads the dates of a fact.
func (c *checker) time(info schema.PredicateInfo, g *given) (t schema.Time, why Reason) {
	for _, d := range []struct {
		role schema.Role
		text string
		to   *schema.Date
	}{{schema.RoleDate, *g.Date, &t.Date}, {schema.RoleSince, *g.Since, &t.Since}, {schema.RoleUntil, *g.Until, &t.Until}} {
		if d.text == "" {
			continue
		}
		if !slices.Contains(info.Roles, d.role) {
			return t, NotKnown
		}
		date, err := schema.ParseDate(d.text)
		if err != nil || !c.gives(date) {
			return t, BadDate
		}
		*d.to = date
	}
	if !t.Since.IsZero() && !t.Until.IsZero() && t.Since.First().Compare(t.Until.Last()) > 0 {
		return t, BadDate
	}
	return t, ""
}

// Package openie is what demarc's rules are measured against: open information
// extraction, which takes every clause for a triple of subject, verb and object as
// the dependency tree has them, and maps the verbs to demarc's predicates by a
// plain list. It knows no names, resolves nothing, and reads neither nouns ("its
// claim to") nor who says something; what the rules find beyond it, and what they
// leave out, is what they are worth.
package openie

import (
	"context"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/schema"
)

// Extractor takes facts from the trees of a parser. It is safe for concurrent
// use.
type Extractor struct{ parser *nlp.Pipeline }

// New returns an extractor that reads by the given parser.
func New(parser *nlp.Pipeline) *Extractor { return &Extractor{parser} }

// verb says which predicate a verb makes. The object is its direct one, or
// follows one of the prepositions.
type verb struct {
	predicate    schema.Predicate
	prepositions []string // "" is the direct object, the first that there is counts
	from         string   // "obj": the fact's subject is the direct object, and its object follows the preposition
}

// verbs is the list, by lemma. A verb has one meaning here.
var verbs = map[string]verb{
	"claim":      {predicate: schema.Claims, prepositions: []string{""}},
	"administer": {predicate: schema.Administers, prepositions: []string{""}},
	"control":    {predicate: schema.Administers, prepositions: []string{""}},
	"govern":     {predicate: schema.Administers, prepositions: []string{""}},
	"hold":       {predicate: schema.Administers, prepositions: []string{""}},
	"occupy":     {predicate: schema.Administers, prepositions: []string{""}},
	"seize":      {predicate: schema.Seized, prepositions: []string{""}},
	"annex":      {predicate: schema.Seized, prepositions: []string{""}},
	"invade":     {predicate: schema.Seized, prepositions: []string{""}},
	"capture":    {predicate: schema.Seized, prepositions: []string{""}},
	"dispute":    {predicate: schema.Disputes, prepositions: []string{"with", ""}},
	"sign":       {predicate: schema.PartyTo, prepositions: []string{""}},
	"ratify":     {predicate: schema.PartyTo, prepositions: []string{""}},
	"conclude":   {predicate: schema.PartyTo, prepositions: []string{""}},
	"join":       {predicate: schema.PartyTo, prepositions: []string{""}},
	"accede":     {predicate: schema.PartyTo, prepositions: []string{"to"}},
	"cover":      {predicate: schema.Covers, prepositions: []string{""}},
	"settle":     {predicate: schema.Covers, prepositions: []string{""}},
	"cede":       {predicate: schema.TransferredTo, prepositions: []string{"to"}, from: "obj"},
	"transfer":   {predicate: schema.TransferredTo, prepositions: []string{"to"}, from: "obj"},
	"return":     {predicate: schema.TransferredTo, prepositions: []string{"to"}, from: "obj"},
	"award":      {predicate: schema.TransferredTo, prepositions: []string{"to"}, from: "obj"},
	"hand":       {predicate: schema.TransferredTo, prepositions: []string{"to"}, from: "obj"},
	"know":       {predicate: schema.AlsoKnownAs, prepositions: []string{"as"}, from: "obj"},
	"belong":     {predicate: schema.PartOf, prepositions: []string{"to"}},
	"negotiate":  {predicate: schema.NegotiatesWith, prepositions: []string{"with"}},
	"meet":       {predicate: schema.MetWith, prepositions: []string{"", "with"}},
	"reject":     {predicate: schema.Rejects, prepositions: []string{""}},
	"protest":    {predicate: schema.Rejects, prepositions: []string{""}},
	"contest":    {predicate: schema.Rejects, prepositions: []string{""}},
	"recognize":  {predicate: schema.Recognizes, prepositions: []string{""}},
	"sanction":   {predicate: schema.Sanctions, prepositions: []string{""}},
	"rule":       {predicate: schema.RuledOn, prepositions: []string{"on"}},
	"delimit":    {predicate: schema.Delimited, prepositions: []string{"with"}},
	"demarcate":  {predicate: schema.Delimited, prepositions: []string{"with"}},
}

// Extract returns the facts of doc, in the order of [schema.SortFacts].
func (x *Extractor) Extract(ctx context.Context, doc *schema.Document) ([]schema.Fact, error) {
	parsed, err := x.parser.Parse(ctx, doc.Text[doc.Body:])
	if err != nil {
		return nil, err
	}
	var facts []schema.Fact
	for _, sent := range parsed.Sentences {
		c := newClauses(&sent)
		for i, t := range sent.Tokens {
			v, ok := verbs[t.Lemma]
			if t.POS != "VERB" || !ok {
				continue
			}
			for _, triple := range c.triples(i, v, doc.Country) {
				facts = append(facts, schema.Fact{
					Subject: triple.subject, Predicate: v.predicate, Object: triple.object, Negated: c.negated(i),
					Evidence: []schema.Evidence{doc.Quote(doc.Body+sent.Start, doc.Body+sent.End)}, Rule: "openie." + t.Lemma, Confidence: 1,
				})
			}
		}
	}
	schema.SortFacts(facts)
	return facts, nil
}

type triple struct{ subject, object schema.Entity }

// clauses reads a sentence's tree.
type clauses struct {
	sent     *nlp.Sentence
	children [][]int
}

func newClauses(sent *nlp.Sentence) *clauses {
	c := &clauses{sent, make([][]int, len(sent.Tokens))}
	for i, t := range sent.Tokens {
		if t.Head >= 0 {
			c.children[t.Head] = append(c.children[t.Head], i)
		}
	}
	return c
}

// with returns the dependents of a token by one of the relations, and what is
// coordinated with them.
func (c *clauses) with(i int, rels ...string) (found []int) {
	for _, k := range c.children[i] {
		if slices.Contains(rels, c.sent.Tokens[k].Rel) {
			found = append(append(found, k), c.with(k, "conj")...)
		}
	}
	return found
}

// after returns the dependents of a verb that follow a preposition; "" is none.
func (c *clauses) after(i int, preposition string) (found []int) {
	if preposition == "" {
		return c.with(i, "obj")
	}
	for _, k := range c.children[i] {
		if rel, _, _ := strings.Cut(c.sent.Tokens[k].Rel, ":"); rel == "obl" && c.has(k, "case", preposition) {
			found = append(append(found, k), c.with(k, "conj")...)
		}
	}
	return found
}

func (c *clauses) has(i int, rel, word string) bool {
	return slices.ContainsFunc(c.children[i], func(k int) bool {
		t := c.sent.Tokens[k]
		return t.Rel == rel && strings.EqualFold(t.Text, word)
	})
}

func (c *clauses) negated(i int) bool {
	return slices.ContainsFunc(c.children[i], func(k int) bool {
		l := c.sent.Tokens[k].Lemma
		return c.sent.Tokens[k].Rel == "advmod" && (l == "not" || l == "never")
	})
}

// triples returns what the clause of a verb says, active or passive. A verb that
// is coordinated with another has its subject; a clause without one has that of
// the document.
func (c *clauses) triples(i int, v verb, country string) (found []triple) {
	patients, passive := c.with(i, "nsubj:pass"), true
	agents := c.after(i, "by")
	if len(patients) == 0 {
		passive = slices.ContainsFunc(c.children[i], func(k int) bool { return c.sent.Tokens[k].Rel == "aux:pass" })
		patients = c.with(i, "obj")
	}
	if !passive {
		agents = c.with(i, "nsubj")
	}
	tok := c.sent.Tokens[i]
	if len(agents)+len(patients) == 0 || len(agents) == 0 && !passive {
		switch {
		case tok.Rel == "conj":
			agents = c.with(tok.Head, "nsubj")
		case tok.Rel == "acl:relcl":
			agents = []int{tok.Head}
		case tok.Rel == "acl": // "islands administered by Japan"
			patients, agents = []int{tok.Head}, c.after(i, "by")
		}
	}
	subjects := c.entities(agents)
	if len(subjects) == 0 && tok.Rel == "root" && !passive && country != "" {
		subjects = []schema.Entity{schema.NewEntity(schema.State, country)}
	}
	if v.from == "obj" {
		subjects = c.entities(patients)
	}
	var objects []schema.Entity
	for _, p := range v.prepositions {
		if objects = c.entities(c.after(i, p)); p == "" {
			objects = c.entities(patients)
		}
		if len(objects) > 0 {
			break
		}
	}
	for _, s := range subjects {
		for _, o := range objects {
			found = append(found, triple{s, o})
		}
	}
	return found
}

// entities returns the phrases of tokens, without pronouns.
func (c *clauses) entities(heads []int) (found []schema.Entity) {
	for _, h := range heads {
		if c.sent.Tokens[h].POS == "PRON" {
			continue
		}
		name := c.phrase(h)
		e := schema.NewEntity(schema.Territory, name)
		if short := c.sent.Tokens[h].Text; short != name {
			e.Aliases = []string{short}
		}
		found = append(found, e)
	}
	return found
}

// phrase returns a noun with what belongs to its name: the words right around it
// that depend on it as parts of a name, adjectives or numbers do.
func (c *clauses) phrase(head int) string {
	first, last := head, head
	part := func(k int) bool {
		for k >= 0 && k != head {
			switch rel, _, _ := strings.Cut(c.sent.Tokens[k].Rel, ":"); rel {
			case "compound", "flat", "amod", "nummod":
				k = c.sent.Tokens[k].Head
			default:
				return false
			}
		}
		return k == head
	}
	for first > 0 && part(first-1) {
		first--
	}
	for last+1 < len(c.sent.Tokens) && part(last+1) {
		last++
	}
	var words []string
	for _, t := range c.sent.Tokens[first : last+1] {
		words = append(words, t.Text)
	}
	return strings.Join(words, " ")
}

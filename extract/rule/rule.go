// Package rule compiles extraction rules and runs them over the grammar of a
// sentence.
//
// A rule is data. It names a trigger word, the roles in which each argument
// stands to it (see package frame), the class that each argument must have and
// the facts that follow. docs/rules.md teaches how to write one.
package rule

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/demarcgraph/demarc/extract/frame"
	"github.com/demarcgraph/demarc/schema"
)

// Rule turns one way of saying something into facts.
type Rule struct {
	ID         string     `yaml:"id"`
	Trigger    Trigger    `yaml:"trigger"`
	Args       []Arg      `yaml:"args"`
	Require    []string   `yaml:"require"`  // role paths one of which must lead somewhere
	Unless     []string   `yaml:"unless"`   // role paths none of which may lead anywhere
	Fallback   bool       `yaml:"fallback"` // only where no other rule gives its predicates at the trigger
	Emit       []Emission `yaml:"emit"`
	Confidence float64    `yaml:"confidence"` // of a fact it makes; 0 means 0.8
	Examples   []Example  `yaml:"examples"`

	require, unless []rolePath
	args            []compiledArg
}

// Trigger is the word that a rule starts from.
type Trigger struct {
	POS    string   `yaml:"pos"` // verb, noun, adjective, or "" for any
	Lemmas []string `yaml:"lemmas"`
}

// Arg says where an argument stands and what it must be.
type Arg struct {
	Name     string         `yaml:"name"`
	Roles    []string       `yaml:"roles"` // role paths, tried in order
	Class    []schema.Class `yaml:"class"` // any of them; none means any phrase at all
	Optional bool           `yaml:"optional"`
	All      bool           `yaml:"all"`     // gather from all roles, not the first that answers
	Default  string         `yaml:"default"` // "country", "parties", "heading", "place", "opponent", "deed" or "instrument" where no role answers
	Min      int            `yaml:"min"`     // how many entities there must be
}

// Emission is a fact that a rule makes of its arguments.
type Emission struct {
	Predicate  schema.Predicate       `yaml:"predicate"`
	Subject    string                 `yaml:"subject"`    // name of an argument
	Object     string                 `yaml:"object"`     // name of an argument
	Pair       string                 `yaml:"pair"`       // instead: every two entities of one argument
	Qualifiers map[schema.Role]string `yaml:"qualifiers"` // role → argument name, or "=" and a literal
	Says       string                 `yaml:"says"`       // argument in whose view the fact holds
	Own        bool                   `yaml:"own"`        // only where its subject is who says so
	Negate     bool                   `yaml:"negate"`     // the rule's words deny the fact
	Modality   schema.Modality        `yaml:"modality"`
	Time       string                 `yaml:"time"`     // which date a time expression gives: date, since, until, none; "" as the predicate has it
	Dated      string                 `yaml:"dated"`    // "yes" or "no": only where the trigger is, or is not, an act at a date
	Future     string                 `yaml:"future"`   // "yes" or "no": only where the trigger tells, or does not tell, of what is to come
	Polarity   string                 `yaml:"polarity"` // "denied" or "affirmed": only where the words deny or affirm; the fact itself is then affirmed
	When       []string               `yaml:"when"`     // arguments that must be there for this fact
	Not        []string               `yaml:"not"`      // arguments that must not be there
}

// Example is a sentence with the facts that the whole extractor must find in
// it, written as [schema.Fact.String] does, and those that it must not.
type Example struct {
	Text    string   `yaml:"text"`
	Country string   `yaml:"country"`
	Date    string   `yaml:"date"`
	Facts   []string `yaml:"facts"`
	Not     []string `yaml:"not"`
}

// Set is a compiled collection of rules with the word lists that they refer
// to. It is safe for concurrent use.
type Set struct {
	rules []*Rule
	index map[string][]*Rule // by trigger lemma
	lists map[string]map[string]bool
	known map[string]bool // every word of a list or trigger
}

type ruleFile struct {
	Rules []*Rule `yaml:"rules"`
}

// Load reads the word lists below dir "lexicon" and the rules below "rules" of
// fsys, in the order of their file names. Unknown keys, unknown predicates,
// missing arguments and repeated rule names are errors that name the file and
// where they can the line.
func Load(fsys fs.FS) (*Set, error) {
	set := &Set{index: map[string][]*Rule{}, lists: map[string]map[string]bool{}, known: map[string]bool{}}
	if err := eachYAML(fsys, "lexicon", func(name string, data []byte) error {
		var lists map[string][]string
		if err := strict(name, data, &lists); err != nil {
			return err
		}
		for list, words := range lists {
			if set.lists[list] != nil {
				return fmt.Errorf("%s: word list %q is defined twice", name, list)
			}
			m := map[string]bool{}
			for _, w := range words {
				m[w] = true
				set.known[w] = true
			}
			set.lists[list] = m
		}
		return nil
	}); err != nil {
		return nil, err
	}
	seen := map[string]string{}
	if err := eachYAML(fsys, "rules", func(name string, data []byte) error {
		var f ruleFile
		if err := strict(name, data, &f); err != nil {
			return err
		}
		for _, r := range f.Rules {
			if other := seen[r.ID]; other != "" {
				return fmt.Errorf("%s: rule %q is already in %s", name, r.ID, other)
			}
			seen[r.ID] = name
			if err := set.add(r); err != nil {
				return fmt.Errorf("%s: rule %q: %w", name, r.ID, err)
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	return set, nil
}

func eachYAML(fsys fs.FS, dir string, do func(name string, data []byte) error) error {
	entries, err := fs.ReadDir(fsys, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("rule: %w", err)
	}
	for _, e := range entries {
		if path.Ext(e.Name()) != ".yaml" {
			continue
		}
		name := path.Join(dir, e.Name())
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return fmt.Errorf("rule: %w", err)
		}
		if err := do(name, data); err != nil {
			return fmt.Errorf("rule: %w", err)
		}
	}
	return nil
}

func strict(name string, data []byte, v any) error {
	if err := yaml.UnmarshalWithOptions(data, v, yaml.DisallowUnknownField()); err != nil {
		return fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, true))
	}
	return nil
}

// Rules returns the rules in the order of their files.
func (set *Set) Rules() []*Rule { return set.rules }

// In reports whether the word list has the lemma. A list that does not exist
// has no words.
func (set *Set) In(list, lemma string) bool { return set.lists[list][lemma] }

// Verb mends the lemma of a verb that lost a final e ("ced" for "ceding") or
// gained one ("belonge"), kept a doubled letter ("controll"), or is an irregular
// past as it stands ("retook"), going by the words that rules and lists know.
func (set *Set) Verb(lemma string) string {
	if base := irregular[lemma]; base != "" {
		return base
	}
	if lemma == "" || set.known[lemma] {
		return lemma
	}
	if set.known[lemma+"e"] {
		return lemma + "e"
	}
	n := len(lemma)
	if short := lemma[:n-1]; n > 3 && (lemma[n-1] == 'e' || lemma[n-1] == lemma[n-2]) && set.known[short] {
		return short
	}
	return lemma
}

// irregular has the verbs whose past forms a lemmatizer of everyday text does
// not know, by what it makes of them.
var irregular = map[string]string{"retook": "retake", "retaken": "retake", "overran": "overrun", "stole": "steal", "stolen": "steal",
	"undertook": "undertake", "overthrew": "overthrow", "withdrew": "withdraw", "withdrawn": "withdraw", "redrew": "redraw", "redrawn": "redraw",
	"forsook": "forsake", "forgave": "forgive", "forwent": "forgo", "upheld": "uphold", "withheld": "withhold", "drove": "drive", "driven": "drive",
	"threw": "throw", "thrown": "throw", "fought": "fight", "sought": "seek", "bought": "buy", "swept": "sweep", "laid": "lay", "broke": "break",
	"uphel": "uphold", "froze": "freeze", "withhel": "withhold", "overthraw": "overthrow", "bound": "bind", "boun": "bind", "flead": "flee",
	"begun": "begin", "shook": "shake", "initialle": "initial", "initiall": "initial"}

// Words returns the members of a word list, sorted.
func (set *Set) Words(list string) []string {
	var out []string
	for w := range set.lists[list] {
		out = append(out, w)
	}
	slices.Sort(out)
	return out
}

type compiledArg struct {
	Arg
	paths []rolePath
}

// rolePath leads from the trigger to a token, step by step.
type rolePath []step

type step struct {
	role   string
	lemmas map[string]bool // nil admits any
}

func (set *Set) add(r *Rule) error {
	switch {
	case r.ID == "":
		return errors.New("it has no id")
	case len(r.Trigger.Lemmas) == 0:
		return errors.New("its trigger has no lemmas")
	case len(r.Emit) == 0:
		return errors.New("it emits nothing")
	}
	switch r.Trigger.POS {
	case "", "verb", "noun", "adjective":
	default:
		return fmt.Errorf("pos %q: want verb, noun or adjective", r.Trigger.POS)
	}
	if r.Confidence == 0 {
		r.Confidence = 0.8
	}
	var err error
	names := map[string]bool{}
	for _, a := range r.Args {
		if a.Name == "" || names[a.Name] {
			return fmt.Errorf("argument %q: every argument needs a name of its own", a.Name)
		}
		names[a.Name] = true
		switch a.Default {
		case "", "country", "parties", "heading", "place", "opponent", "deed", "instrument":
		default:
			return fmt.Errorf("argument %q: default %q: want country, parties, heading, place, opponent, deed or instrument", a.Name, a.Default)
		}
		if len(a.Roles) == 0 {
			return fmt.Errorf("argument %q: it needs a role", a.Name)
		}
		c := compiledArg{Arg: a}
		if c.paths, err = set.paths(a.Roles); err != nil {
			return fmt.Errorf("argument %q: %w", a.Name, err)
		}
		r.args = append(r.args, c)
	}
	if r.require, err = set.paths(r.Require); err != nil {
		return err
	}
	if r.unless, err = set.paths(r.Unless); err != nil {
		return err
	}
	for _, e := range r.Emit {
		if _, ok := e.Predicate.Info(); !ok {
			return fmt.Errorf("it emits %q, which is no predicate", e.Predicate)
		}
		yesNo := []string{"", "yes", "no"}
		if !slices.Contains(yesNo, e.Dated) || !slices.Contains(yesNo, e.Future) || !slices.Contains([]string{"", "denied", "affirmed"}, e.Polarity) {
			return fmt.Errorf("dated %q, future %q, polarity %q: want yes or no, yes or no, denied or affirmed", e.Dated, e.Future, e.Polarity)
		}
		refs := slices.Concat(e.When, e.Not)
		if e.Pair != "" {
			refs = append(refs, e.Pair)
		} else {
			refs = append(refs, e.Subject, e.Object)
		}
		if e.Says != "" {
			refs = append(refs, e.Says)
		}
		for _, q := range e.Qualifiers {
			if !strings.HasPrefix(q, "=") {
				refs = append(refs, q)
			}
		}
		for _, ref := range refs {
			if !names[ref] && !strings.HasPrefix(ref, "=") {
				return fmt.Errorf("it emits %q, which is none of its arguments", ref)
			}
		}
	}
	lemmas, err := set.expand(r.Trigger.Lemmas)
	if err != nil {
		return err
	}
	for lemma := range lemmas {
		set.known[lemma] = true
		set.index[lemma] = append(set.index[lemma], r)
	}
	set.rules = append(set.rules, r)
	return nil
}

// expand replaces "@list" by the members of the list.
func (set *Set) expand(words []string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, w := range words {
		list, ok := strings.CutPrefix(w, "@")
		if !ok {
			out[w] = true
			continue
		}
		if set.lists[list] == nil {
			return nil, fmt.Errorf("word list %q is not defined in lexicon/", list)
		}
		for m := range set.lists[list] {
			out[m] = true
		}
	}
	return out, nil
}

// paths parses role paths such as "patient{claim,@right}/to".
func (set *Set) paths(texts []string) ([]rolePath, error) {
	var out []rolePath
	for _, text := range texts {
		var p rolePath
		for _, part := range strings.Split(text, "/") {
			role, rest, braced := strings.Cut(part, "{")
			st := step{role: role}
			if braced {
				words, ok := strings.CutSuffix(rest, "}")
				if !ok {
					return nil, fmt.Errorf("role path %q: a { without }", text)
				}
				var err error
				if st.lemmas, err = set.expand(strings.Split(words, ",")); err != nil {
					return nil, fmt.Errorf("role path %q: %w", text, err)
				}
			}
			if role == "" {
				return nil, fmt.Errorf("role path %q has an empty step", text)
			}
			p = append(p, st)
		}
		out = append(out, p)
	}
	return out, nil
}

// Resolver tells what the words of a sentence stand for.
type Resolver interface {
	// Resolve returns the entities of one of the classes that the phrase
	// headed by token i stands for, coordination included. Without classes
	// any phrase resolves, at least to a literal of its words.
	Resolve(i int, classes []schema.Class) []schema.Entity
	// Default returns what the kind of default stands for at token i, a rule's
	// trigger: the document's country, the parties of its heading and so on, as
	// far as they are of one of the classes.
	Default(i int, kind string, classes []schema.Class) []schema.Entity
}

// Bound is an argument that has been found.
type Bound struct {
	Tokens   []int // heads of its phrases; empty for a default
	Entities []schema.Entity
}

// Match is a rule that fits at a token.
type Match struct {
	Rule    *Rule
	Trigger int
	Args    map[string]Bound
}

// Trace is told how far each rule came at each of its trigger words in s.
// Missing is the argument or condition that failed: "pos" and "fallback" where
// the rule was not even tried, "" where it matched.
type Trace func(s *frame.Sentence, r *Rule, trigger int, missing string)

// Match returns the rules that fit somewhere in the sentence, by trigger in
// the order of the text, then in the order of the files. The trace may be nil.
func (set *Set) Match(s *frame.Sentence, res Resolver, trace Trace) []Match {
	var out []Match
	for i := range s.Tokens {
		rules := set.index[s.Lemma(i)]
		if lower := s.Lower(i); lower != s.Lemma(i) && len(rules) == 0 {
			rules = set.index[lower]
		}
		for _, r := range rules {
			var m Match
			var missing string
			switch {
			case !r.Trigger.fits(s, i):
				missing = "pos"
			case r.Fallback && slices.ContainsFunc(out, func(m Match) bool { return m.Trigger == i && m.Rule.sharesPredicate(r) }):
				missing = "fallback"
			default:
				m, missing = r.bind(s, i, res)
			}
			if trace != nil {
				trace(s, r, i, missing)
			}
			if missing == "" {
				out = append(out, m)
			}
		}
	}
	return out
}

func (r *Rule) sharesPredicate(other *Rule) bool {
	return slices.ContainsFunc(r.Emit, func(e Emission) bool {
		return slices.ContainsFunc(other.Emit, func(f Emission) bool { return e.Predicate == f.Predicate })
	})
}

func (t *Trigger) fits(s *frame.Sentence, i int) bool {
	switch t.POS {
	case "verb":
		return s.IsVerb(i)
	case "noun":
		if s.IsNoun(i) {
			return true
		}
		// taggers take "talks" and "claims" for verbs
		switch s.Rel(i) {
		case "nsubj", "obj", "obl", "nmod":
			return strings.HasSuffix(s.Lower(i), "s")
		}
		return false
	case "adjective":
		return s.Tokens[i].POS == "ADJ" || strings.HasPrefix(s.Tokens[i].Tag, "JJ")
	}
	return true
}

func (r *Rule) bind(s *frame.Sentence, i int, res Resolver) (m Match, missing string) {
	for _, p := range r.unless {
		if len(p.follow(s, i)) > 0 {
			return m, "unless"
		}
	}
	if len(r.require) > 0 && !slices.ContainsFunc(r.require, func(p rolePath) bool { return len(p.follow(s, i)) > 0 }) {
		return m, "require"
	}
	m = Match{Rule: r, Trigger: i, Args: map[string]Bound{}}
	for _, a := range r.args {
		b := a.find(s, i, res, r.taken(a.Name, m.Args))
		if len(b.Entities) < max(a.Min, 1) {
			if a.Optional {
				continue
			}
			return m, a.Name
		}
		m.Args[a.Name] = b
	}
	return m, ""
}

// taken returns the entities that cannot be the argument, since they have been
// found for the other side of a fact that it makes.
func (r *Rule) taken(arg string, found map[string]Bound) []schema.Entity {
	for i := range r.Emit {
		other := r.Emit[i].Subject
		switch arg {
		case other:
			other = r.Emit[i].Object
		case r.Emit[i].Object:
		default:
			continue
		}
		// of several, each may be told of another of them
		if es := found[other].Entities; len(es) == 1 {
			return es
		}
	}
	return nil
}

// find binds the argument at token i to what its roles lead to, except to the
// entities that are taken.
func (a *compiledArg) find(s *frame.Sentence, i int, res Resolver, taken []schema.Entity) Bound {
	var b Bound
	filled := false
	for _, p := range a.paths {
		for _, tok := range p.follow(s, i) {
			es := res.Resolve(tok, a.Class)
			others := slices.DeleteFunc(slices.Clone(es), func(e schema.Entity) bool { return slices.ContainsFunc(taken, e.Same) })
			filled = filled || len(es) == 0 || len(others) > 0
			if es = others; len(es) == 0 {
				continue
			}
			b.Tokens = append(b.Tokens, tok)
			for _, e := range es {
				if !slices.ContainsFunc(b.Entities, e.Same) {
					b.Entities = append(b.Entities, e)
				}
			}
		}
		if len(b.Entities) > 0 && !a.All {
			return b
		}
	}
	// a default stands in for a subject that is left out, not for one that is
	// there and is something else
	if len(b.Entities) == 0 && a.Default != "" && !filled && a.omitted(s, i) {
		b.Entities = res.Default(i, a.Default, a.Class)
	}
	return b
}

// omitted reports whether English lets the argument go unsaid at token i: the
// subject of an active verb, the object of a passive one, the parties of a
// noun. A participle that modifies a noun leaves out neither.
func (a *compiledArg) omitted(s *frame.Sentence, i int) bool {
	if !s.IsVerb(i) || a.Default != "country" || a.Roles[0] == "by" || a.Roles[0] == frame.Recipient {
		return true
	}
	switch s.Rel(i) {
	case "amod", "acl":
		return false
	}
	return s.Passive(i) == (a.Roles[0] == frame.Patient)
}

// follow returns where the path leads from token i.
func (p rolePath) follow(s *frame.Sentence, i int) []int {
	at := []int{i}
	for _, st := range p {
		var next []int
		for _, k := range at {
			found := []int{k}
			if st.role != "self" {
				found = s.Role(k, st.role)
			}
			for _, f := range found {
				if st.lemmas == nil || st.lemmas[s.Lemma(f)] || st.lemmas[s.Lower(f)] {
					next = append(next, f)
				} else if st.role != "self" {
					for _, c := range s.Conjuncts(f)[1:] {
						if st.lemmas[s.Lemma(c)] || st.lemmas[s.Lower(c)] {
							next = append(next, c)
						}
					}
				}
			}
		}
		if len(next) == 0 {
			return nil
		}
		at = next
	}
	return at
}

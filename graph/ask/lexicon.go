package ask

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/demarcgraph/demarc/schema"
)

// The files of the lexicon, below data/questions.
const (
	relationsFile = "questions/relations.yaml"
	typesFile     = "questions/types.yaml"
	wordsFile     = "questions/words.yaml"
)

// relation is an entry of relations.yaml.
type relation struct {
	Predicate schema.Predicate  `yaml:"predicate"`
	Kind      relationKind      `yaml:"kind"`
	Words     []string          `yaml:"words"`
	Roles     map[string]string `yaml:"roles"`
	With      map[string]string `yaml:"with"`
	Said      []string          `yaml:"said"`
	Carries   schema.Class      `yaml:"carries"`
	Time      string            `yaml:"time"`
	Examples  []example         `yaml:"examples"`
}

type example struct {
	Ask  string `yaml:"ask"`
	Plan string `yaml:"plan"`
}

type relationKind string

const (
	verbKind  relationKind = "verb"
	nounKind  relationKind = "noun"
	agentKind relationKind = "agent"
)

// Slots of a fact that are not qualifiers' roles; see relations.yaml.
const (
	slotSubject   = "subject"
	slotObject    = "object"
	slotParty     = "party"
	slotBoundary  = "boundary"
	slotMentioned = "mentioned"
	slotAny       = "any"
)

// typeWord is an entry of types.yaml.
type typeWord struct {
	Class  schema.Class `yaml:"class"`
	Kind   string       `yaml:"kind"`
	Family string       `yaml:"family"`
	Words  []string     `yaml:"words"`
	Not    []string     `yaml:"not"`
}

// words is the content of words.yaml.
type words struct {
	Units         []string            `yaml:"units"`
	Denying       []string            `yaml:"denying"`
	Idioms        []string            `yaml:"idioms"`
	Synonyms      [][]string          `yaml:"synonyms"`
	Saying        []string            `yaml:"saying"`
	Light         []string            `yaml:"light"`
	Status        map[string][]string `yaml:"status"`
	Irregular     map[string][]string `yaml:"irregular"`
	Now           []string            `yaml:"now"`
	Partial       []string            `yaml:"partial"`
	Institutions  []string            `yaml:"institutions"`
	Abbreviations map[string]string   `yaml:"abbreviations"`
	Events        map[string][]string `yaml:"events"`
	Clauses       map[string][]string `yaml:"clauses"`
	Examples      []example           `yaml:"examples"`
	Stop          []string            `yaml:"stop"`
	Own           []string            `yaml:"own"`
	Considering   []string            `yaml:"considering"`
	Sources       []string            `yaml:"sources"`
	Mentioned     []string            `yaml:"mentioned"`
	Deeds         map[string]string   `yaml:"deeds"`
	Regions       map[string][][2]int `yaml:"regions"`
}

// lexicon is what the engine knows of English. It is read-only after loading.
type lexicon struct {
	relations []*relation
	words     words

	triggers phrases[*relation]
	types    phrases[*typeWord]
	status   phrases[string] // → resumed, ended …
	synonyms map[string][]string
	saying   map[string]bool // forms of verbs of saying
	denying  phrases[bool]   // that deny the verb behind them
	idioms   phrases[bool]   // whose words mean something else together
	light    map[string]string
	units    phrases[string]
	now      phrases[bool]
	own      phrases[bool]   // "its own", "theirs"
	events   phrases[string] // → happened, changed
	clauses  phrases[string] // → said, provides, provisions
	stop     map[string]bool
	partial  map[string]bool
	lemmas   map[string]string // inflected form → lemma, of every word known here
	past     map[string]bool   // forms that may be participles
	kinds    map[string][]*typeWord
}

func loadLexicon(fsys fs.FS) (*lexicon, error) {
	var relations []*relation
	var types []*typeWord
	x := &lexicon{
		triggers: phrases[*relation]{}, types: phrases[*typeWord]{}, status: phrases[string]{}, units: phrases[string]{}, now: phrases[bool]{}, own: phrases[bool]{}, events: phrases[string]{}, clauses: phrases[string]{}, idioms: phrases[bool]{}, denying: phrases[bool]{}, synonyms: map[string][]string{}, saying: map[string]bool{},
		light: map[string]string{}, stop: map[string]bool{}, partial: map[string]bool{},
		lemmas: map[string]string{}, past: map[string]bool{}, kinds: map[string][]*typeWord{},
	}
	err := errors.Join(readYAML(fsys, relationsFile, &relations), readYAML(fsys, typesFile, &types), readYAML(fsys, wordsFile, &x.words))
	if err != nil {
		return nil, err
	}
	x.relations = relations
	for n, r := range relations {
		if _, ok := r.Predicate.Info(); !ok {
			return nil, fmt.Errorf("ask: %s: entry %d: there is no predicate %q", relationsFile, n+1, r.Predicate)
		}
		for _, w := range r.Words {
			switch r.Kind {
			case verbKind:
				x.inflectVerb(w, func(form string) { x.triggers.add(form, r) })
			case nounKind, agentKind:
				x.inflectNoun(w, func(form string) { x.triggers.add(form, r) })
			default:
				return nil, fmt.Errorf("ask: %s: entry %d: kind %q: want verb, noun or agent", relationsFile, n+1, r.Kind)
			}
		}
	}
	for _, t := range types {
		x.kinds[t.Kind] = append(x.kinds[t.Kind], t)
		for _, w := range t.Words {
			x.inflectNoun(w, func(form string) { x.types.add(form, t) })
		}
	}
	for _, status := range slices.Sorted(maps.Keys(x.words.Status)) {
		for _, w := range x.words.Status[status] {
			x.inflectVerb(w, func(form string) { x.status.add(form, status) })
		}
	}
	for _, w := range x.words.Light {
		x.inflectVerb(w, func(form string) { x.light[form] = w })
	}
	for _, w := range x.words.Units {
		x.inflectNoun(w, func(form string) { x.units.add(form, w) })
	}
	for _, w := range x.words.Denying {
		x.inflectVerb(w, func(form string) { x.denying.add(form, true) })
	}
	for _, w := range x.words.Idioms {
		x.inflectVerb(w, func(form string) { x.idioms.add(form, true) })
	}
	for _, group := range x.words.Synonyms {
		for _, w := range group {
			verb, _, _ := strings.Cut(w, " ")
			x.inflectVerb(verb, func(string) {})
			x.synonyms[w] = append(x.synonyms[w], group...)
		}
	}
	for _, w := range slices.Sorted(maps.Keys(x.words.Irregular)) {
		x.inflectVerb(w, func(string) {})
	}
	for _, w := range x.words.Saying {
		x.inflectVerb(w, func(form string) { x.saying[form] = true })
	}
	for _, what := range slices.Sorted(maps.Keys(x.words.Events)) {
		for _, w := range x.words.Events[what] {
			x.events.add(w, what)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(x.words.Clauses)) {
		for _, w := range x.words.Clauses[what] {
			add := func(form string) { x.clauses.add(form, what) }
			if what == clauseProvisions {
				x.inflectNoun(w, add)
			} else {
				x.inflectVerb(w, add)
			}
		}
	}
	for _, w := range x.words.Own {
		x.own.add(w, true)
	}
	for _, w := range x.words.Now {
		x.now.add(w, true)
	}
	for set, list := range map[*map[string]bool][]string{&x.stop: x.words.Stop, &x.partial: x.words.Partial} {
		for _, w := range list {
			(*set)[w] = true
		}
	}
	return x, nil
}

func readYAML(fsys fs.FS, name string, into any) error {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(raw, into, yaml.Strict()); err != nil {
		return fmt.Errorf("ask: %s: %w", name, err)
	}
	return nil
}

// phrases finds values by phrases of one or more words, the longest first.
type phrases[T any] map[string][]phrase[T]

type phrase[T any] struct {
	words  []string
	values []T
}

func (p phrases[T]) add(text string, v T) {
	ws := strings.Fields(strings.ReplaceAll(text, "-", " "))
	list := p[ws[0]]
	for i := range list {
		if slices.Equal(list[i].words, ws) {
			list[i].values = append(list[i].values, v)
			return
		}
	}
	list = append(list, phrase[T]{ws, []T{v}})
	slices.SortStableFunc(list, func(a, b phrase[T]) int { return len(b.words) - len(a.words) })
	p[ws[0]] = list
}

// of returns the values of the phrase of exactly these words.
func (p phrases[T]) of(words ...string) ([]T, bool) {
	for _, ph := range p[words[0]] {
		if slices.Equal(ph.words, words) {
			return ph.values, true
		}
	}
	return nil, false
}

// match returns the values of the longest phrase that the tokens from i on
// begin with, and the end of the phrase. Hyphens and commas inside do not count.
func (p phrases[T]) match(toks []token, i, end int) ([]T, int) {
	for _, ph := range p[toks[i].low] {
		k, ok := i, true
		for n, w := range ph.words {
			if n > 0 && k < end && (toks[k].low == "-" || toks[k].low == "," && k+1 < end && toks[k+1].low == w) {
				k++
			}
			if k >= end || toks[k].low != w {
				ok = false
				break
			}
			k++
		}
		if ok {
			return ph.values, k
		}
	}
	return nil, i
}

// inflectVerb calls add with every form of a phrase whose first word is a verb.
func (x *lexicon) inflectVerb(text string, add func(string)) {
	verb, rest, _ := strings.Cut(text, " ")
	if rest != "" {
		rest = " " + rest
	}
	for _, f := range x.verbForms(verb) {
		if _, taken := x.lemmas[f]; !taken {
			x.lemmas[f] = verb
		}
		add(f + rest)
	}
	for _, w := range strings.Fields(rest) {
		x.know(w)
	}
}

func (x *lexicon) know(w string) {
	if _, ok := x.lemmas[w]; !ok {
		x.lemmas[w] = w
	}
}

// verbForms returns the forms of a verb in British and American spelling.
func (x *lexicon) verbForms(verb string) []string {
	forms := []string{verb}
	spellings := []string{verb}
	for _, pair := range [][2]string{{"ize", "ise"}, {"ise", "ize"}} {
		if stem, ok := strings.CutSuffix(verb, pair[0]); ok && len(stem) > 4 {
			spellings = append(spellings, stem+pair[1])
			forms = append(forms, stem+pair[1])
		}
	}
	for _, v := range spellings {
		last := v[len(v)-1]
		stem := v
		switch {
		case strings.HasSuffix(v, "e"):
			stem = v[:len(v)-1]
			forms = append(forms, v+"s")
		case last == 'y' && len(v) > 1 && !strings.ContainsRune("aeiou", rune(v[len(v)-2])):
			forms = append(forms, v[:len(v)-1]+"ies", v[:len(v)-1]+"ied", v+"ing")
			x.past[v[:len(v)-1]+"ied"] = true
			continue
		case strings.HasSuffix(v, "s") || strings.HasSuffix(v, "sh") || strings.HasSuffix(v, "ch") || strings.HasSuffix(v, "x"):
			forms = append(forms, v+"es")
		default:
			forms = append(forms, v+"s")
		}
		if irregular, ok := x.words.Irregular[verb]; ok {
			forms = append(forms, irregular...)
			for _, f := range irregular {
				x.past[f] = true
			}
			forms = append(forms, stem+"ing", doubled(v)+"ing")
			continue
		}
		for _, s := range []string{stem, doubled(v)} {
			forms = append(forms, s+"ed", s+"ing")
			x.past[s+"ed"] = true
		}
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// doubled returns the verb with its last consonant doubled, as in "permitted".
func doubled(v string) string {
	n := len(v)
	if n < 3 || strings.ContainsRune("aeiouwxy", rune(v[n-1])) || !strings.ContainsRune("aeiou", rune(v[n-2])) || strings.ContainsRune("aeiou", rune(v[n-3])) {
		return strings.TrimSuffix(v, "e")
	}
	return v + v[n-1:]
}

// inflectNoun calls add with singular and plural of a phrase whose last word,
// or the word before "of", is a noun.
func (x *lexicon) inflectNoun(text string, add func(string)) {
	ws := strings.Fields(text)
	head := len(ws) - 1
	if i := slices.Index(ws, "of"); i > 0 {
		head = i - 1
	}
	for _, w := range ws {
		x.know(w)
	}
	add(text)
	plural := pluralOf(ws[head])
	if plural != ws[head] {
		if _, taken := x.lemmas[plural]; !taken {
			x.lemmas[plural] = ws[head]
		}
		ws[head] = plural
		add(strings.Join(ws, " "))
	}
}

func pluralOf(w string) string {
	n := len(w)
	switch {
	case strings.HasSuffix(w, "man"):
		return w[:n-3] + "men"
	case w == "person":
		return "people"
	case w == "spots" || strings.HasSuffix(w, "ss") || strings.HasSuffix(w, "ch") || strings.HasSuffix(w, "x"):
		return w + "es"
	case strings.HasSuffix(w, "s"):
		return w
	case strings.HasSuffix(w, "y") && n > 1 && !strings.ContainsRune("aeiou", rune(w[n-2])):
		return w[:n-1] + "ies"
	default:
		return w + "s"
	}
}

// lemma returns the dictionary form of a lower-case word, by the lexicon where
// it knows the word and by spelling otherwise: a key for comparing words, not
// always a word.
func (x *lexicon) lemma(w string) string {
	if l, ok := x.lemmas[w]; ok {
		return l
	}
	s := stem(w)
	if b, ok := strings.CutSuffix(s, "our"); ok && len(b) > 2 { // favour, harbour
		return b + "or"
	}
	return s
}

// stem cuts the commonest endings, so that forms of one word meet.
func stem(w string) string {
	n := len(w)
	switch {
	case n > 5 && strings.HasSuffix(w, "ies"):
		return w[:n-3] + "y"
	case n > 5 && strings.HasSuffix(w, "ied"):
		return w[:n-3] + "y"
	case n > 5 && strings.HasSuffix(w, "ing"):
		w = w[:n-3]
	case n > 4 && strings.HasSuffix(w, "ed"):
		w = w[:n-2]
	case n > 4 && (strings.HasSuffix(w, "ches") || strings.HasSuffix(w, "shes") || strings.HasSuffix(w, "sses")):
		return w[:n-2]
	case n > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us"):
		w = w[:n-1]
	default:
		return strings.TrimSuffix(w, "e")
	}
	if n = len(w); n > 3 && w[n-1] == w[n-2] && !strings.ContainsRune("lsz", rune(w[n-1])) {
		w = w[:n-1]
	}
	return strings.TrimSuffix(w, "e")
}

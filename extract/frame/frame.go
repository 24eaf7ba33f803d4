// Package frame reads the grammar of a parsed sentence as predicates with
// arguments: who does what to whom, whichever way English puts it. Active and
// passive, relative and participial clauses, shared subjects and objects,
// control, light verbs and nominalizations ("X claims Y", "Y, claimed by X",
// "X's claim to Y", "X laid claim to Y") come out with the same roles.
//
// The roles of a token are agent and patient (the deep subject and object),
// recipient, clause (a finite complement), action (a complement without
// subject of its own), of a noun also owner and modifier, of a verb adverb, and every
// preposition by its own word: "to", "over", "because of". A preposition after
// "<" leads the other way, from the noun behind it to what it is said of.
package frame

import (
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/nlp"
)

// The names of the roles that are not prepositions.
const (
	Agent     = "agent"
	Patient   = "patient"
	Recipient = "recipient"
	Clause    = "clause"
	Action    = "action"
	Owner     = "owner"     // "Russia's", "its"
	Modifier  = "modifier"  // adjectives and compound parts before a noun
	Adverb    = "adverb"    // the adverbs before a verb: "is partly demarcated"
	Attribute = "attribute" // what a noun is said of: "X is a claim", "X, a claim"
	Done      = "done"      // the verb that tells what becomes of a noun
	There     = "there"     // the place that was spoken of before: "keeps troops there"
)

// Alongside is the preposition that names who else does something; "together
// with" and the like count as this one word.
const Alongside = "alongside"

// Sentence is a parsed sentence whose tokens can be asked for their roles. It
// is not safe for concurrent use.
type Sentence struct {
	Tokens   []nlp.Token
	children [][]int
	support  func(lemma string) bool
}

// New indexes a sentence. Support tells the light verbs, whose object is what
// is really done ("lay claim", "hold talks").
func New(tokens []nlp.Token, support func(lemma string) bool) *Sentence {
	s := &Sentence{Tokens: tokens, children: make([][]int, len(tokens)), support: support}
	for i := range tokens {
		if h := tokens[i].Head; h >= 0 && h < len(tokens) && h != i {
			s.children[h] = append(s.children[h], i)
		}
	}
	return s
}

// joined returns the verb, "join" or "support … in", by which subject and object
// do together what infinitive or gerund i says, or -1.
func (s *Sentence) joined(i int) int {
	if !s.ToInfinitive(i) && s.Tokens[i].Tag != "VBG" {
		return -1
	}
	for k, n := s.Tokens[i].Head, 0; k >= 0 && n < 3; k, n = s.Tokens[k].Head, n+1 {
		switch s.Lemma(k) {
		case "join":
			return k
		case "support", "back", "assist", "help", "follow":
			if m := s.Dependent(i, "mark"); m >= 0 && s.Lower(m) == "in" {
				return k // "supports South Korea in rejecting the claim"
			}
		}
		if s.IsVerb(k) {
			return -1
		}
	}
	return -1
}

// Accused reports whether gerund i is what somebody is accused of: "accused its
// neighbour of seizing villages".
func (s *Sentence) Accused(i int) bool {
	m := s.Dependent(i, "mark")
	if m < 0 || s.Lower(m) != "of" || s.Tokens[i].Tag != "VBG" {
		return false
	}
	for k, n := s.Tokens[i].Head, 0; k >= 0 && n < 2; k, n = s.Tokens[k].Head, n+1 {
		if s.Lemma(k) == "accuse" {
			return true
		}
	}
	return false
}

// Children returns the dependents of token i in order. The slice is the
// sentence's own.
func (s *Sentence) Children(i int) []int { return s.children[i] }

// Rel returns the relation of token i to its head without subtype.
func (s *Sentence) Rel(i int) string {
	rel, _, _ := strings.Cut(s.Tokens[i].Rel, ":")
	return rel
}

// Dependents returns the dependents of i whose relation, with or without
// subtype, is one of rels.
func (s *Sentence) Dependents(i int, rels ...string) []int {
	var out []int
	for _, c := range s.children[i] {
		if slices.Contains(rels, s.Tokens[c].Rel) || slices.Contains(rels, s.Rel(c)) {
			out = append(out, c)
		}
	}
	return out
}

// Dependent returns the first dependent of i in one of the relations, or -1.
func (s *Sentence) Dependent(i int, rels ...string) int {
	if ds := s.Dependents(i, rels...); len(ds) > 0 {
		return ds[0]
	}
	return -1
}

// Head returns the head of token i, -1 for the root.
func (s *Sentence) Head(i int) int { return s.Tokens[i].Head }

// Lower returns the lower-cased text of token i, "" where there is none.
func (s *Sentence) Lower(i int) string {
	if i < 0 || i >= len(s.Tokens) {
		return ""
	}
	return strings.ToLower(s.Tokens[i].Text)
}

// Lemma returns the lemma of token i, "" where there is none.
func (s *Sentence) Lemma(i int) string {
	if i < 0 || i >= len(s.Tokens) {
		return ""
	}
	return strings.ToLower(s.Tokens[i].Lemma)
}

// IsVerb reports whether token i is a verb form, participles included.
func (s *Sentence) IsVerb(i int) bool {
	t := &s.Tokens[i]
	return t.POS == "VERB" || strings.HasPrefix(t.Tag, "VB")
}

// IsNoun reports whether token i is a common or proper noun.
func (s *Sentence) IsNoun(i int) bool {
	pos := s.Tokens[i].POS
	return pos == "NOUN" || pos == "PROPN"
}

// Case returns the preposition of a nominal, multi-word ones joined by spaces,
// or "".
func (s *Sentence) Case(i int) string {
	var words []string
	for _, c := range s.children[i] {
		if s.Rel(c) != "case" {
			continue
		}
		if s.Lower(c) == "'s" || s.Lower(c) == "’s" || s.Lower(c) == "'" || s.Lower(c) == "’" {
			continue
		}
		words = append(words, s.Lower(c))
		for _, f := range s.Dependents(c, "fixed") {
			words = append(words, s.Lower(f))
		}
	}
	if len(words) > 0 {
		return strings.Join(words, " ")
	}
	if s.Rel(i) == "conj" && s.Tokens[i].Head >= 0 {
		return s.Case(s.Tokens[i].Head)
	}
	return ""
}

// Passive reports whether verb i is in the passive or a past participle that
// modifies what it was done to.
func (s *Sentence) Passive(i int) bool {
	if s.Dependent(i, "nsubj:pass", "aux:pass", "csubj:pass") >= 0 {
		return true
	}
	if !s.IsVerb(i) {
		return false
	}
	tag := s.Tokens[i].Tag
	past := tag == "VBN" || tag == "VBD"
	switch s.Lemma(i) {
	case "go", "come", "revert", "belong", "fall", "remain":
		return false // "went to Chile by a treaty"
	}
	if !past || s.Dependent(i, "obj") >= 0 {
		return false
	}
	if s.byAgent(i) >= 0 && s.Dependent(i, "aux") < 0 {
		return true
	}
	if tag != "VBN" || s.Dependent(i, "nsubj", "aux") >= 0 {
		return false
	}
	switch s.Rel(i) {
	case "acl", "amod", "advcl":
		return true
	case "conj":
		// the head of a conjunct stands before it, so this ends
		h := s.Tokens[i].Head
		return h >= 0 && h < i && s.Passive(h)
	}
	return false
}

// byAgent returns the nominal that "by" names as the doer, or -1.
func (s *Sentence) byAgent(i int) int {
	for _, c := range s.Dependents(i, "obl", "nmod") {
		if (s.Tokens[c].Rel == "obl:agent" || s.Case(c) == "by") && !s.temporal(c) {
			return c
		}
	}
	// "handed to Cameroon by Nigeria": below what stands before it
	for _, o := range s.Dependents(i, "obl", "obj") {
		if s.IsVerb(i) && s.Dependent(i, "aux:pass") >= 0 {
			for _, c := range s.Dependents(o, "nmod") {
				if s.Case(c) == "by" && !s.temporal(c) {
					return c
				}
			}
		}
	}
	if s.IsNoun(i) {
		// "the seizure of the islands by Iran"
		for k := i + 1; k < min(i+9, len(s.Tokens)-1) && !s.IsVerb(k); k++ {
			if s.Lower(k) == "by" && k > i+2 && s.Lower(i+1) == "of" {
				for n := k + 1; n < min(k+4, len(s.Tokens)); n++ {
					if s.IsNoun(n) && !s.temporal(n) {
						return n
					}
				}
			}
		}
	}
	// "claimed by Vietnam": the phrase follows at once, wherever the tree hangs it
	if tag := s.Tokens[i].Tag; i+2 < len(s.Tokens) && (tag == "VBN" || tag == "VBD") && s.Lower(i+1) == "by" {
		for k := i + 2; k < len(s.Tokens); k++ {
			switch {
			case s.IsNoun(k) && !s.temporal(k):
				for k+1 < len(s.Tokens) && s.IsNoun(k+1) && s.Tokens[k].Head == k+1 {
					k++
				}
				return k
			case s.Tokens[k].POS == "DET", s.Tokens[k].POS == "ADJ", s.Tokens[k].POS == "CCONJ" && s.Lower(k) == "both":
			default:
				return -1
			}
		}
	}
	return -1
}

// temporal tells "by March", "by ten votes" and "by telephone" from "by Japan".
func (s *Sentence) temporal(i int) bool {
	switch s.Lemma(i) {
	case "vote", "majority", "margin", "link", "telephone", "phone", "video", "letter", "telegram", "radio", "proxy":
		return true
	}
	return s.Tokens[i].POS == "NUM" || s.Tokens[i].Rel == "obl:tmod" || s.Tokens[i].Rel == "nmod:tmod"
}

// maxDepth bounds how far shared arguments are followed, so that a malformed
// tree cannot make the search run away.
const maxDepth = 12

// Role returns the tokens in the given role of token i, heads of their
// phrases, coordination not yet expanded. The result is empty where there are
// none.
func (s *Sentence) Role(i int, role string) []int {
	if i < 0 || i >= len(s.Tokens) {
		return nil
	}
	switch role {
	case Agent:
		out := one(s.agent(i, maxDepth))
		if h := s.Tokens[i].Head; len(out) == 1 && h == out[0] && s.Rel(i) == "acl" && s.Tokens[i].Tag == "VBG" && s.IsVerb(max(s.Tokens[h].Head, 0)) && s.Rel(h) == "obj" && !s.Accused(i) {
			// "signed a decree recognizing": the decree, or who signed it
			if a := s.agent(s.Tokens[h].Head, maxDepth); a >= 0 {
				out = append(out, a)
			}
		}
		if h := s.Tokens[i].Head; len(out) == 1 && h >= 0 && s.Rel(i) == "xcomp" && s.Tokens[i].Tag == "VBG" && s.IsVerb(h) && s.Tokens[out[0]].Head == h && s.Rel(out[0]) == "obj" {
			if a := s.agent(h, maxDepth); a >= 0 {
				out = append(out, a) // "signed laws on Monday incorporating": whoever signed them
			}
		}
		for _, c := range s.preposition(i, Alongside, maxDepth) {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
		if h := s.joined(i); h >= 0 {
			// "A joins B to counter C": both do
			out = append(out, s.Role(h, Patient)...)
			slices.Sort(out)
			out = slices.Compact(out)
			if a := s.agent(h, maxDepth); a >= 0 && !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
		return out
	case Patient:
		out := one(s.patient(i, maxDepth))
		if len(out) == 1 && s.IsVerb(i) && s.Passive(i) {
			for _, c := range s.ownPreposition(i, Alongside) {
				if !slices.Contains(out, c) {
					out = append(out, c) // "were returned along with Okinawa"
				}
			}
		}
		return out
	case Recipient:
		if c := s.promoted(i); c >= 0 {
			return []int{s.antecedent(c)}
		}
		objs := s.Dependents(i, "obj")
		if c := s.Dependent(i, "iobj"); c >= 0 && (len(objs) > 0 || s.Dependent(i, "compound") < 0) {
			return []int{c} // not "give them up"
		}
		if len(objs) > 1 {
			return []int{s.antecedent(objs[0])} // "awarded Honduras most of them"
		}
		return nil
	case Clause:
		out := s.Dependents(i, "ccomp")
		if h := s.Tokens[i].Head; len(out) == 0 && s.Rel(i) == "parataxis" && h >= 0 && s.IsVerb(i) {
			out = []int{h} // "…", the ministry said
		}
		for _, c := range s.Dependents(i, "acl") {
			if m := s.Dependent(c, "mark"); m >= 0 && s.Lower(m) == "that" {
				out = append(out, c) // "the claim that"
			}
		}
		for _, c := range slices.Clone(out) {
			for _, d := range s.Dependents(c, "conj") { // "found that A, that B"
				if s.IsVerb(d) {
					out = append(out, d)
				}
			}
		}
		return out
	case Action:
		out := s.Dependents(i, "xcomp")
		for _, c := range s.Dependents(i, "advcl", "acl") {
			if m := s.Dependent(c, "mark"); m >= 0 && s.Lower(m) == "as" && s.Tokens[c].POS == "ADJ" {
				continue // "recognized them as independent"
			}
			if s.Tokens[c].Tag == "VBG" && c > 0 && s.Tokens[c-1].Text == "," && s.Rel(c) == "advcl" {
				continue // ", defying the West": beside what is done
			}
			if s.Tokens[c].Rel != "acl:relcl" && s.Dependent(c, "nsubj", "nsubj:pass") < 0 {
				out = append(out, c)
			}
		}
		if h := s.Tokens[i].Head; len(out) == 0 && s.IsNoun(i) && h >= 0 && s.IsVerb(h) {
			// "persists with its claim to regain": the infinitive may hang too high
			for _, c := range s.Dependents(h, "advcl", "xcomp") {
				if m := s.Dependent(c, "mark"); c > i && m >= 0 && s.Lower(m) == "to" {
					out = append(out, c)
				}
			}
		}
		return out
	case Owner:
		return s.owner(i, maxDepth)
	case Modifier:
		return s.Dependents(i, "amod", "compound", "nmod:desc", "flat")
	case Adverb:
		return slices.DeleteFunc(s.Dependents(i, "advmod"), func(c int) bool { return c > i })
	case Attribute:
		return s.attribute(i)
	case Done:
		if h := s.Tokens[i].Head; h >= 0 && (s.IsVerb(h) || s.Rel(i) == "nsubj" && s.Tokens[h].POS == "ADJ") {
			switch s.Rel(i) {
			case "obj", "nsubj", "obl", "xcomp":
				return []int{h}
			}
		}
		// a finite verb may look like a participle of its subject
		return s.Dependents(i, "acl")
	case There:
		var out []int
		for _, c := range s.Dependents(i, "advmod", "obl") {
			if s.Lower(c) == There {
				out = append(out, c)
			}
		}
		return out
	default:
		if word, ok := strings.CutPrefix(role, "<"); ok {
			return s.situated(i, word)
		}
		return s.preposition(i, role, maxDepth)
	}
}

// situated returns what is said to be where the preposition before noun i puts
// it: "the islands under Japanese control", "they are in British hands", "he
// placed them under guard".
func (s *Sentence) situated(i int, word string) []int {
	h := s.Tokens[i].Head
	if s.Case(i) != word {
		return nil
	}
	switch {
	case s.Dependent(i, "cop") >= 0:
		return s.attribute(i)
	case h < 0:
		return nil
	case s.IsVerb(h):
		if p := s.patient(h, maxDepth); p >= 0 && p != i {
			return []int{p}
		}
		return one(s.agent(h, maxDepth))
	case s.IsNoun(h) && s.Rel(i) == "nmod":
		return []int{h}
	}
	return nil
}

func one(i int) []int {
	if i < 0 {
		return nil
	}
	return []int{i}
}

// antecedent resolves a relative pronoun to the noun that its clause modifies.
func (s *Sentence) antecedent(i int) int {
	switch s.Lower(i) {
	case "which", "who", "that", "whom", "whose":
	default:
		return i
	}
	if tag := s.Tokens[i].Tag; tag != "WDT" && tag != "WP" && tag != "WP$" && tag != "IN" {
		return i
	}
	for v, n := s.Tokens[i].Head, 0; v >= 0 && n < maxDepth; v, n = s.Tokens[v].Head, n+1 {
		if strings.HasPrefix(s.Tokens[v].Rel, "acl") && s.Tokens[v].Head >= 0 {
			return s.Tokens[v].Head
		}
	}
	return i
}

// agent follows the deep subject of a verb, or the doer of a nominalization.
func (s *Sentence) agent(i, depth int) int {
	if depth == 0 {
		return -1
	}
	if !s.IsVerb(i) {
		return s.nounAgent(i, depth)
	}
	if s.Passive(i) {
		if a := s.byAgent(i); a >= 0 {
			return a
		}
		if h := s.Tokens[i].Head; s.Rel(i) == "conj" && h >= 0 && s.Passive(h) {
			// "was seized and occupied by X": the first verb's doer follows the last
			return -1
		}
		for _, c := range s.Dependents(i, "conj") {
			if s.Passive(c) && s.Dependent(c, "aux", "aux:pass") < 0 {
				return s.agent(c, depth-1)
			}
		}
		return s.compoundAgent(i)
	}
	if c := s.Dependent(i, "nsubj"); c >= 0 {
		return s.antecedent(c)
	}
	if c := s.Dependent(i, "obj"); c >= 0 && c < i && s.Tokens[i].Tag == "VBG" && s.IsNoun(c) {
		return c // "protests the government creating blocks"
	}
	h := s.Tokens[i].Head
	if h < 0 {
		return -1
	}
	switch s.Rel(i) {
	case "conj":
		if s.IsVerb(h) {
			if s.Passive(h) {
				return s.patient(h, depth-1)
			}
			return s.agent(h, depth-1)
		}
	case "xcomp":
		if o := s.Dependent(h, "obj", "iobj"); o >= 0 && o < i {
			if p := s.Dependent(o, "nmod:poss"); p >= 0 && s.ToInfinitive(i) && s.Tokens[o].Tag == "NN" && s.Tokens[p].Text != s.Lower(p) {
				switch s.Lemma(o) {
				case "decision", "plan", "move", "attempt", "bid", "vow", "pledge", "promise", "refusal", "effort", "threat":
					return p // "condemned Washington's decision to lift the embargo"
				}
			}
			return s.antecedent(o)
		}
		if s.Passive(h) {
			return s.patient(h, depth-1)
		}
		if c := s.Dependent(h, "nsubj"); c >= 0 && !s.IsVerb(h) {
			return s.antecedent(c) // "are due to meet"
		}
		return s.agent(h, depth-1)
	case "advcl", "ccomp":
		if m := s.Dependent(i, "mark"); m >= 0 && s.Lower(m) == "of" && s.Lemma(h) == "accuse" {
			return s.patient(h, depth-1) // "accused Somalia of invading"
		} else if m >= 0 && s.Lower(m) == "from" && s.Tokens[i].Tag == "VBG" {
			if o := s.Dependent(h, "obj", "iobj"); o >= 0 && o < i && s.IsVerb(h) {
				return s.antecedent(o) // "kept the two from signing"
			}
		}
		if s.Tokens[i].Tag == "VBG" || s.Tokens[i].Tag == "VB" || slices.Contains(s.Auxiliaries(i), "having") {
			if x := s.Dependent(h, "xcomp", "ccomp"); x >= 0 && x < i && slices.ContainsFunc(s.children[i], func(c int) bool { return s.Lower(c) == "thereby" || s.Lower(c) == "thus" }) {
				if a := s.agent(x, depth-1); a >= 0 && s.Tokens[a].POS == "PROPN" {
					return a // "recognize Venezuela's granting it effect, thereby claiming": Venezuela claims
				}
			}
			if v := s.Tokens[h].Head; s.Tokens[h].POS == "ADJ" && s.Rel(h) == "xcomp" && v >= 0 {
				h = v // "became more vocal in rejecting"
			}
			if s.Passive(h) {
				if a := s.byAgent(h); a >= 0 {
					return a
				}
				return s.patient(h, depth-1)
			}
			return s.agent(h, depth-1)
		}
	case "acl":
		if s.Ranked(i) {
			if a := s.attribute(h); len(a) > 0 {
				return a[0]
			}
			return h
		}
		if s.Tokens[i].Rel == "acl:relcl" {
			if s.Dependent(i, "obj") >= 0 || s.hasRelative(i) {
				return h
			}
			return -1
		}
		if s.Tokens[i].Tag == "VBG" {
			if s.IsNoun(h) && s.deverbal(h) {
				return s.agent(h, depth-1)
			}
			return h
		}
		// "a commission awarded the town": a finite verb taken for a participle
		if tag := s.Tokens[i].Tag; (tag == "VBN" || tag == "VBD") && s.Dependent(i, "obj") >= 0 {
			return h
		}
		// "the right to do so": whoever has the right
		return s.agent(h, depth-1)
	case "amod":
		if s.Tokens[i].Tag == "VBG" {
			return h
		}
	}
	return -1
}

// deverbal reports whether noun h takes a doer of its own ("Brunei's sultan
// dropping claims" has none, "accusation of seizing" has).
func (s *Sentence) deverbal(h int) bool { return s.Dependent(h, "nmod:poss") >= 0 }

func (s *Sentence) hasRelative(i int) bool {
	return slices.ContainsFunc(s.children[i], func(c int) bool {
		return s.Rel(c) == "nsubj" && s.antecedent(c) != c
	})
}

// compoundAgent finds the doer in "French-administered", "UK - administered".
func (s *Sentence) compoundAgent(i int) int {
	for _, c := range s.Dependents(i, "compound") {
		if c == i-1 && s.IsNoun(c) {
			return c
		}
	}
	if i >= 2 && isHyphen(s.Tokens[i-1].Text) {
		return i - 2
	}
	return -1
}

func isHyphen(w string) bool { return w == "-" || w == "‐" || w == "–" }

// quantities are nouns that only count what their "of" phrase names.
var quantities = map[string]bool{"series": true, "set": true, "round": true, "number": true, "package": true, "range": true,
	"raft": true, "wave": true, "host": true, "variety": true, "couple": true, "pair": true, "dozen": true}

// nounAgent finds who does what a noun names: "Russia's annexation", "the
// annexation by Russia", "Russian annexation", or the subject of a light verb.
func (s *Sentence) nounAgent(i, depth int) int {
	if depth == 0 {
		return -1
	}
	if c := s.byAgent(i); c >= 0 {
		return c
	}
	if os := s.owner(i, depth-1); len(os) > 0 {
		return os[0]
	}
	if v := s.supportVerb(i); v >= 0 {
		if a := s.agent(v, depth-1); a >= 0 {
			return a
		}
	}
	// "sanctions imposed by X", "talks held by A and B"
	for _, c := range s.Dependents(i, "acl") {
		if s.support != nil && s.support(s.Lemma(c)) && s.Passive(c) {
			if a := s.byAgent(c); a >= 0 {
				return a
			}
		}
	}
	if v := s.relativeSupport(i); v >= 0 {
		if a := s.agent(v, depth-1); a >= 0 {
			return a
		}
	}
	if h := s.Tokens[i].Head; h >= 0 && s.IsNoun(h) {
		if s.Rel(i) == "conj" || s.Rel(i) == "nmod" && s.Case(i) == "of" && quantities[s.Lemma(h)] {
			return s.nounAgent(h, depth-1)
		}
	}
	return -1
}

// when holds the prepositions that only tell when: "signed it during a summit"
// does not say who held the summit.
var when = map[string]bool{"during": true, "after": true, "before": true, "amid": true, "following": true, "since": true,
	"until": true, "at": true, "by": true, "despite": true, "ahead of": true, "prior to": true}

// supportVerb returns the light verb that noun i is the object of, or -1.
func (s *Sentence) supportVerb(i int) int {
	h := s.Tokens[i].Head
	if h < 0 || !s.IsVerb(h) {
		return -1
	}
	rel := s.Tokens[i].Rel
	if s.support != nil && s.support(s.Lemma(h)) {
		if rel == "obj" || rel == "nsubj:pass" || s.Rel(i) == "obl" && s.Dependent(h, "obj") < 0 && !when[s.Case(i)] {
			return h
		}
	}
	return -1
}

// relativeSupport returns the light verb of a relative clause that noun i is the
// object of, or -1: "the sanctions that Japan has imposed".
func (s *Sentence) relativeSupport(i int) int {
	for _, c := range s.Dependents(i, "acl") {
		if s.Tokens[c].Rel != "acl:relcl" || s.support == nil || !s.support(s.Lemma(c)) || s.Passive(c) || s.hasRelative(c) || s.Dependent(c, "nsubj") < 0 {
			continue
		}
		if o := s.Dependent(c, "obj"); o < 0 || s.antecedent(o) == i {
			return c
		}
	}
	return -1
}

// owner returns the possessors of noun i and the adjectives and names before
// it that may stand for one.
func (s *Sentence) owner(i, depth int) []int {
	if depth <= 0 {
		return nil
	}
	var out []int
	for _, c := range s.Dependents(i, "nmod:poss") {
		switch s.Lemma(c) {
		case "week", "month", "year", "day", "today", "yesterday", "morning", "evening":
		default:
			out = append(out, c)
		}
	}
	for _, c := range s.Dependents(i, "amod", "compound", "nmod:desc") {
		if t := &s.Tokens[c]; c < i && s.Tokens[c].Tag != "CD" && (t.POS == "PROPN" || t.POS == "ADJ" && t.Text != strings.ToLower(t.Text)) {
			out = append(out, c)
		} else if c < i && s.Rel(c) == "compound" {
			// "a U.N. trade embargo", whichever noun the tree hangs the name on
			for _, d := range s.Dependents(c, "amod", "compound") {
				if t := &s.Tokens[d]; d < c && t.POS == "PROPN" {
					out = append(out, d)
				}
			}
		}
	}
	return out
}

// patient follows the deep object of a verb.
func (s *Sentence) patient(i, depth int) int {
	if depth == 0 {
		return -1
	}
	if !s.IsVerb(i) {
		return -1
	}
	h := s.Tokens[i].Head
	if s.Passive(i) {
		if s.promoted(i) >= 0 {
			return s.antecedent(s.Dependent(i, "obj"))
		}
		if c := s.Dependent(i, "nsubj:pass", "nsubj"); c >= 0 {
			return s.antecedent(c)
		}
		if c := s.fronted(i); c >= 0 {
			return c
		}
		switch s.Rel(i) {
		case "acl", "amod":
			if v := s.series(i, h); v >= 0 {
				return s.patient(v, depth-1)
			}
			// "islands in the Gulf seized by Iran": the islands, not the Gulf
			for h >= 0 && s.Rel(i) == "acl" && s.Rel(h) == "nmod" && s.Head(h) >= 0 && s.IsNoun(s.Head(h)) && s.Lower(i-1) != "," {
				if c := s.Case(h); c != "in" && c != "off" && c != "near" && c != "along" {
					break
				}
				h = s.Head(h)
			}
			return h
		case "conj":
			if h >= 0 && s.IsVerb(h) {
				if s.Passive(h) {
					return s.patient(h, depth-1)
				}
				if s.Rel(h) == "acl" && s.Tokens[h].Head >= 0 {
					return s.Tokens[h].Head
				}
				// "an area controlled by A but claimed by B"
				for k := i - 1; k >= 0; k-- {
					if k != h && s.IsVerb(k) && s.Rel(k) == "acl" && s.Passive(k) {
						return s.patient(k, depth-1)
					}
				}
				return s.agent(h, depth-1)
			}
			if h >= 0 && s.IsNoun(h) {
				// "is part of Samoa but was claimed by Tokelau"
				if c := s.Dependent(h, "nsubj"); c >= 0 && s.Dependent(h, "cop") >= 0 && s.Dependent(i, "aux:pass") >= 0 {
					return s.antecedent(c)
				}
				return h
			}
		case "advcl", "xcomp":
			if m := s.Dependent(i, "mark"); m >= 0 && s.Lower(m) == "as" && h >= 0 && s.IsVerb(h) && s.Dependent(h, "obj") >= 0 {
				return s.patient(h, depth-1) // "described the islands as occupied by Russia"
			}
			if n := s.nounBefore(i); n >= 0 && s.Rel(i) == "advcl" && !(h >= 0 && s.IsVerb(h) && s.Passive(h) && n == s.byAgent(h)) {
				return n
			}
			if h >= 0 && s.IsVerb(h) {
				if s.Passive(h) {
					return s.patient(h, depth-1)
				}
				return s.agent(h, depth-1)
			}
			return h
		}
		// a participle right after a noun, whatever the tree makes of it
		return s.nounBefore(i)
	}
	if objs := s.Dependents(i, "obj"); len(objs) > 0 {
		// of two, the second ("awarded Honduras most of them"), unless it follows another verb
		last := objs[len(objs)-1]
		for _, c := range s.Dependents(i, "conj") {
			if s.IsVerb(c) && c < last && objs[0] < c {
				last = objs[0]
			}
		}
		return s.antecedent(last)
	}
	if c := s.Dependent(i, "iobj"); c >= 0 {
		return s.antecedent(c)
	}
	// "claims both": taken for an adverb
	if i+1 < len(s.Tokens) && s.Lower(i+1) == "both" && s.Tokens[i+1].Head == i {
		return i + 1
	}
	// "ceding to China the area": an object that comes late
	for _, c := range s.Dependents(i, "obl") {
		if c > i+1 && s.IsNoun(c) && s.Case(c) == "" && !s.temporal(c) && s.Tokens[c].Rel != "obl:unmarked" {
			return c
		}
	}
	// "islands which Japan claims", "islands Japan claims"
	if s.Tokens[i].Rel == "acl:relcl" && s.Dependent(i, "nsubj") >= 0 && !s.hasRelative(i) && h >= 0 {
		return h
	}
	// "seized and occupied the islands"
	for _, c := range s.Dependents(i, "conj") {
		if s.IsVerb(c) && s.Dependent(c, "nsubj", "nsubj:pass") < 0 && !s.Passive(c) {
			if o := s.Dependent(c, "obj"); o >= 0 {
				return s.antecedent(o)
			}
		}
	}
	// "Sudan claims but Egypt administers the triangle"
	for _, c := range s.Dependents(i, "conj") {
		if s.IsVerb(c) && s.Dependent(c, "nsubj") >= 0 && !s.Passive(c) && s.conjunctionAfter(i) && s.Dependent(i, "ccomp", "xcomp", "obl") < 0 {
			return s.patient(c, depth-1)
		}
	}
	// "seized the islands and occupied since 1945" is no English; the reverse
	// sharing holds only where the first object follows both verbs
	if s.Rel(i) == "conj" && h >= 0 && s.IsVerb(h) {
		if o := s.Dependent(h, "obj"); o > i {
			return s.antecedent(o)
		}
	}
	return -1
}

// fronted returns the subject of the clause that the participle at token i opens,
// or -1: "Signed in 1928, it recognized …", whichever of the two verbs the tree
// makes the head.
func (s *Sentence) fronted(i int) int {
	if s.Tokens[i].Tag != "VBN" || s.Dependent(i, "nsubj", "nsubj:pass", "aux", "aux:pass", "mark") >= 0 {
		return -1
	}
	for k := range i {
		if s.Tokens[k].POS != "ADV" && s.Tokens[k].POS != "PUNCT" {
			return -1
		}
	}
	for _, v := range append(s.Dependents(i, "parataxis", "ccomp"), s.Tokens[i].Head) {
		if v <= i || !s.IsVerb(v) {
			continue
		}
		if c := s.Dependent(v, "nsubj", "nsubj:pass"); c > i {
			return c
		}
	}
	return -1
}

// promoted returns the subject of passive verb i that is given what its object
// names, or -1: "Rome was promised the land".
func (s *Sentence) promoted(i int) int {
	switch s.Lemma(i) {
	case "give", "grant", "award", "promise", "offer", "hand", "assign", "allot", "allocate", "leave", "deny", "guarantee":
	default:
		return -1
	}
	if o := s.Dependent(i, "obj"); o > i {
		return s.Dependent(i, "nsubj:pass")
	}
	return -1
}

// conjunctionAfter reports whether a conjunction follows token i at once, commas
// and adverbs apart: its object is still to come.
func (s *Sentence) conjunctionAfter(i int) bool {
	for k := i + 1; k < len(s.Tokens); k++ {
		switch {
		case s.Tokens[k].POS == "CCONJ":
			return true
		case s.Tokens[k].POS == "ADV", s.Tokens[k].Text == ",":
		default:
			return false
		}
	}
	return false
}

// series returns the participle before participle i in "occupied by China,
// claimed by Vietnam", where the tree hangs i on noun h, which is only its doer;
// -1 where that is not so.
func (s *Sentence) series(i, h int) int {
	k := i - 1
	for k > h && s.Tokens[k].POS == "ADV" {
		k--
	}
	if h < 0 || k != h+1 || s.Tokens[k].Text != "," {
		return -1
	}
	if v := s.Tokens[h].Head; v >= 0 && v < h && s.IsVerb(v) && s.byAgent(v) == h {
		return v
	}
	return -1
}

// nounBefore returns the noun right before token i, adverbs and a comma apart,
// or -1.
func (s *Sentence) nounBefore(i int) int {
	for k := i - 1; k >= 0; k-- {
		switch {
		case s.IsNoun(k):
			return k
		case s.Tokens[k].POS == "ADV", s.Tokens[k].Text == ",":
		default:
			return -1
		}
	}
	return -1
}

// attribute returns what i is said to be: "X is a claim", "X as a claim".
func (s *Sentence) attribute(i int) []int {
	if s.Dependent(i, "cop") >= 0 {
		if n := s.Dependent(i, "nsubj"); n >= 0 {
			return []int{s.antecedent(n)}
		}
		if s.Tokens[i].Rel == "acl:relcl" {
			return one(s.Tokens[i].Head)
		}
	}
	if h := s.Tokens[i].Head; s.Rel(i) == "appos" {
		for k := h + 1; k < i; k++ {
			if s.Tokens[k].Text == ":" {
				return nil // a list, not what they are
			}
		}
		return one(h)
	}
	// "became a party"
	if h := s.Tokens[i].Head; h >= 0 && s.IsNoun(i) && (s.Rel(i) == "xcomp" || s.Rel(i) == "obj") && (s.Lemma(h) == "become" || s.Lemma(h) == "remain") {
		return one(s.agent(h, maxDepth))
	}
	// "the reef, which Manila says is its own": the noun that saying modifies
	if h := s.Tokens[i].Head; s.Dependent(i, "cop") >= 0 && h >= 0 && s.Rel(i) == "ccomp" && s.Tokens[h].Rel == "acl:relcl" && s.Tokens[h].Head >= 0 {
		return one(s.Tokens[h].Head)
	}
	return s.Dependents(i, "appos")
}

// preposition returns the nominals that the given preposition attaches to
// token i. Attachment is where parsers err most, so a verb also answers for its
// object, and a noun for the light verb above it.
func (s *Sentence) preposition(i int, word string, depth int) []int {
	if depth == 0 {
		return nil
	}
	out := s.ownPreposition(i, word)
	if len(out) > 0 {
		return out
	}
	if s.IsVerb(i) {
		if o := s.Dependent(i, "obj", "nsubj:pass"); o >= 0 {
			if out = s.nestedPreposition(o, word, 3); len(out) > 0 {
				return out
			}
		}
		for _, o := range s.Dependents(i, "obl", "advmod") {
			if out = s.ownPreposition(o, word); len(out) > 0 {
				return out
			}
		}
		// "signed and ratified with the UAE"
		for _, c := range s.Dependents(i, "conj") {
			if s.IsVerb(c) && s.conjunctionAfter(i) && s.Dependent(c, "nsubj", "nsubj:pass") < 0 {
				return s.ownPreposition(c, word)
			}
		}
		return nil
	}
	// "all right, title and claim to the island": what follows the last is said of each
	if conj := s.Dependents(i, "conj"); len(conj) > 0 && s.Dependent(i, "nmod") < i {
		if out = s.ownPreposition(conj[len(conj)-1], word); len(out) > 0 {
			return out
		}
	}
	if h := s.Tokens[i].Head; h >= 0 {
		rel := s.Tokens[i].Rel
		if s.IsVerb(h) && (rel == "obj" || rel == "iobj" || s.Rel(i) == "nsubj" || s.Rel(i) == "obl") {
			if out = s.ownPreposition(h, word); len(out) > 0 {
				return out
			}
		}
		// "a dispute between A and B over C": the later phrase may hang on the earlier one's noun
	}
	for _, c := range s.Dependents(i, "nmod", "acl") {
		if s.Tokens[c].Rel == "acl:relcl" && c != s.relativeSupport(i) {
			continue
		}
		if out = s.ownPreposition(c, word); len(out) > 0 && word != "of" && word != "in" {
			return out
		}
	}
	if h := s.Tokens[i].Head; h >= 0 && s.IsNoun(h) && (s.Rel(i) == "conj" || s.Rel(i) == "nmod" && s.Case(i) == "of" && spans[s.Lemma(h)]) {
		return s.preposition(h, word, depth-1)
	}
	return nil
}

// spans holds the nouns that only say how long something lasts: "decades of conflict".
var spans = map[string]bool{"day": true, "week": true, "month": true, "year": true, "decade": true, "century": true}

// nestedPreposition looks for a preposition below a noun that it follows but
// does not belong to: "transfer sovereignty over the islands to Mauritius".
func (s *Sentence) nestedPreposition(i int, word string, depth int) []int {
	if out := s.ownPreposition(i, word); len(out) > 0 || depth == 0 {
		return out
	}
	for _, c := range s.Dependents(i, "nmod", "conj") {
		if s.Tokens[c].Rel == "nmod:poss" {
			continue
		}
		if out := s.nestedPreposition(c, word, depth-1); len(out) > 0 {
			return out
		}
	}
	return nil
}

func (s *Sentence) ownPreposition(i int, word string) []int {
	var out []int
	for _, c := range s.children[i] {
		switch s.Rel(c) {
		case "obl", "nmod":
			if s.Tokens[c].Rel != "nmod:poss" && s.Case(c) == word {
				out = append(out, s.antecedent(c))
			}
		case "acl", "advcl", "xcomp":
			// "claim to restore", "dispute over controlling"
			if m := s.Dependent(c, "mark"); m >= 0 && s.Lower(m) == word && (s.Tokens[c].Tag == "VBG" || s.Tokens[c].POS == "ADJ") {
				out = append(out, c)
			}
		}
	}
	return out
}

// Conjuncts returns token i and everything coordinated with it, in order. What
// "not" or "except" excludes is left out.
func (s *Sentence) Conjuncts(i int) []int {
	out := []int{i}
	for _, c := range s.Dependents(i, "conj") {
		if s.excluded(c) {
			continue
		}
		out = append(out, s.Conjuncts(c)...)
	}
	return out
}

func (s *Sentence) excluded(i int) bool {
	return slices.ContainsFunc(s.children[i], func(c int) bool {
		w := s.Lower(c)
		return c < i && (w == "not" || w == "except") && (s.Rel(c) == "advmod" || s.Rel(c) == "cc")
	})
}

// Span returns the tokens of the phrase that i heads, as a half-open range
// from its leftmost to its rightmost descendant; stop tells the dependents to
// leave out, with all below them.
func (s *Sentence) Span(i int, stop func(int) bool) (first, last int) {
	first, last = i, i+1
	var walk func(int, int)
	walk = func(k, depth int) {
		if depth == 0 {
			return
		}
		for _, c := range s.children[k] {
			if stop != nil && stop(c) {
				continue
			}
			first, last = min(first, c), max(last, c+1)
			walk(c, depth-1)
		}
	}
	walk(i, 4*maxDepth)
	return first, last
}

// Negated reports whether what token i says is denied: by "not", "never",
// "no", "neither", or by a verb above it that denies ("refuse to", "fail to",
// "has yet to").
func (s *Sentence) Negated(i int, denies func(lemma string) bool) bool {
	if s.deniedBelow(i) || s.inverted(i) || s.outstanding(i) {
		return true
	}
	if h := s.Tokens[i].Head; h >= 0 && s.Rel(i) == "amod" && s.IsVerb(i) {
		if d := s.Dependent(h, "det"); d >= 0 && s.Lower(d) == "no" {
			return true // "there was no agreed boundary"
		}
	}
	for k, n := i, 0; n < maxDepth; n++ {
		h := s.Tokens[k].Head
		if h < 0 {
			return false
		}
		switch s.Rel(k) {
		case "xcomp", "ccomp":
			gerund := s.Tokens[k].Tag == "VBG" // "does not recognize Pakistan's ceding the lands": it did
			// "never ceased to claim" denies twice
			if s.Rel(k) == "xcomp" && (s.deniedBelow(h) && !gerund) != (denies != nil && denies(s.Lemma(h))) {
				return true
			}
			if s.Rel(k) == "ccomp" {
				return false
			}
		case "advcl", "obl":
			// "prevented the two from signing"
			if m := s.Dependent(k, "mark", "case"); m >= 0 && s.Lower(m) == "from" && denies != nil && denies(s.Lemma(h)) {
				return true
			}
			return false
		case "obj", "nsubj:pass":
			// a noun shares its light verb's denial: "has made no claim"
			if !s.IsNoun(k) || s.supportVerb(k) < 0 || len(s.owner(k, maxDepth)) > 0 || s.doneBy(k) {
				return false // another's claim, the occupation by another, do not share the denial
			}
			if s.deniedBelow(h) {
				return true
			}
		case "conj":
			// "does not claim or occupy"
			if or := s.Dependent(k, "cc"); s.IsVerb(k) && (or < 0 || s.Lower(or) == "or" || s.Lower(or) == "nor") && s.Dependent(k, "nsubj", "nsubj:pass") < 0 && or >= 0 {
				return s.deniedBelow(h)
			}
			return false
		default:
			return false
		}
		k = h
	}
	return false
}

// doneBy reports whether a phrase with "by" below noun i says who did it.
func (s *Sentence) doneBy(i int) bool {
	return slices.ContainsFunc(s.Dependents(i, "nmod"), func(c int) bool { return c > i && (s.Case(c) == "by" || s.doneBy(c)) })
}

// inverted reports whether "neither" or "nor" with the auxiliary after it opens the
// clause of verb i: "nor has it ever recognized the line".
func (s *Sentence) inverted(i int) bool {
	if !s.IsVerb(i) {
		return false
	}
	for k := i - 2; k >= 0 && k > i-8; k-- {
		switch t := &s.Tokens[k]; {
		case (s.Lower(k) == "neither" || s.Lower(k) == "nor") && (s.Tokens[k+1].POS == "AUX" || s.Lemma(k+1) == "have" || s.Lemma(k+1) == "do"):
			return true
		case t.POS == "PUNCT", t.POS == "VERB" && s.Lemma(k) != "have" && s.Lemma(k) != "do":
			return false
		}
	}
	return false
}

func (s *Sentence) deniedBelow(i int) bool {
	for _, c := range s.children[i] {
		switch s.Lower(c) {
		case "not", "n't", "n’t", "never", "neither", "nor":
			if s.Rel(c) == "advmod" || s.Rel(c) == "cc" && s.Lower(c) != "not" {
				return true
			}
		case "no":
			if s.Rel(c) == "det" {
				return true
			}
		case "longer":
			if s.Lower(c-1) == "no" {
				return true
			}
		case "yet":
			// "has yet to ratify", whichever verb the tree makes the head
			if s.Rel(c) == "advmod" && (s.Dependent(i, "xcomp") >= 0 && s.Lemma(i) == "have" || s.ToInfinitive(i)) {
				return true
			}
		}
		// "no state recognizes", "neither side signed"
		if r := s.Rel(c); r == "nsubj" || r == "obj" {
			if d := s.Dependent(c, "det"); d >= 0 && (s.Lower(d) == "no" || s.Lower(d) == "neither") {
				return true
			}
			if w := s.Lower(c); w == "none" || w == "nobody" || w == "neither" {
				return true
			}
		}
		if s.Tokens[c].Rel == "obl:agent" && s.Lower(c) == "neither" {
			return true // "is claimed by neither"
		}
	}
	return false
}

// outstanding reports whether what verb i tells is still to be done: "the line remains to be
// agreed", "demarcation still to be completed".
func (s *Sentence) outstanding(i int) bool {
	if !s.ToInfinitive(i) {
		return false
	}
	if h := s.Tokens[i].Head; s.Rel(i) == "xcomp" && h >= 0 && s.Lemma(h) == "remain" {
		return true
	}
	return s.Rel(i) != "xcomp" && s.Dependent(i, "aux", "aux:pass") >= 0 && slices.ContainsFunc(s.children[i], func(c int) bool {
		return s.Rel(c) == "advmod" && c < i && (s.Lower(c) == "still" || s.Lower(c) == "yet")
	})
}

// ToInfinitive reports whether "to" marks verb i.
func (s *Sentence) ToInfinitive(i int) bool {
	m := s.Dependent(i, "mark")
	return m >= 0 && s.Lower(m) == "to"
}

// Ranked reports whether infinitive i tells what "the only", "the first" or "the
// last" of its kind did: "the only state to challenge the claim".
func (s *Sentence) Ranked(i int) bool {
	h := s.Tokens[i].Head
	return h >= 0 && s.Rel(i) == "acl" && s.IsNoun(h) && s.ToInfinitive(i) && slices.ContainsFunc(s.children[h], func(c int) bool {
		switch s.Lower(c) {
		case "only", "first", "second", "last", "latest":
			return c < h
		}
		return false
	})
}

// Infinitive reports whether verb i is an infinitive of purpose or content that
// hangs on a noun or verb: "an agreement to define".
func (s *Sentence) Infinitive(i int) bool {
	return s.joined(i) < 0 && !s.Ranked(i) && s.IsVerb(i) && (s.Rel(i) == "acl" || s.Rel(i) == "advcl") && s.ToInfinitive(i)
}

// Purpose reports whether verb i is a gerund that only names an aim or topic:
// "aimed at signing", "a point to signing", "talks about ceding".
func (s *Sentence) Purpose(i int) bool {
	if s.Tokens[i].Tag != "VBG" {
		return false
	}
	m := s.Dependent(i, "mark", "case")
	if m < 0 {
		return false
	}
	switch s.Lower(m) {
	case "on":
		h := s.Tokens[i].Head // "went on demanding"
		return h < 0 || s.Lemma(h) != "go" && s.Lemma(h) != "carry" && s.Lemma(h) != "keep"
	case "at", "for", "to", "toward", "towards", "about", "without", "against":
		return true
	}
	return false
}

// Auxiliaries returns the lower-cased auxiliaries of verb i, those of the verb
// it is coordinated with included where it has none and no subject of its own.
func (s *Sentence) Auxiliaries(i int) []string {
	var out []string
	for _, c := range s.Dependents(i, "aux") {
		out = append(out, s.Lower(c))
	}
	if len(out) == 0 && s.Rel(i) == "conj" && s.Dependent(i, "nsubj", "nsubj:pass") < 0 && s.Tokens[i].Head >= 0 && s.IsVerb(s.Tokens[i].Head) {
		return s.Auxiliaries(s.Tokens[i].Head)
	}
	return out
}

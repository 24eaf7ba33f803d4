package frame

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/nlp"
)

// tags are the Penn tags of words whose tag a tree leaves out.
var tags = map[string]string{"NOUN": "NN", "PROPN": "NNP", "ADJ": "JJ", "ADV": "RB", "ADP": "IN", "DET": "DT", "PRON": "PRP",
	"AUX": "VBZ", "PART": "TO", "NUM": "CD", "CCONJ": "CC", "SCONJ": "IN", "PUNCT": "."}

// tree builds a sentence of words written as form/lemma:POS.TAG:head:relation,
// where heads count from 1 and lemma and tag may be left out.
func tree(t testing.TB, text string) *Sentence {
	t.Helper()
	var tokens []nlp.Token
	at := 0
	for _, word := range strings.Fields(text) {
		parts := strings.SplitN(word, ":", 4)
		if len(parts) != 4 {
			t.Fatalf("%q: want form:POS:head:relation", word)
		}
		form, lemma, ok := strings.Cut(parts[0], "/")
		if !ok {
			lemma = form
		}
		pos, tag, ok := strings.Cut(parts[1], ".")
		if !ok {
			tag = tags[pos]
		}
		head, err := strconv.Atoi(parts[2])
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, nlp.Token{Start: at, End: at + len(form), Text: form, Lemma: lemma, POS: pos, Tag: tag, Head: head - 1, Rel: parts[3]})
		at += len(form) + 1
	}
	return New(tokens, func(lemma string) bool {
		return slices.Contains([]string{"lay", "make", "have", "hold", "impose"}, lemma)
	})
}

func (s *Sentence) find(t testing.TB, word string) int {
	t.Helper()
	i := slices.IndexFunc(s.Tokens, func(tok nlp.Token) bool { return tok.Text == word })
	if i < 0 {
		t.Fatalf("no word %q", word)
	}
	return i
}

func (s *Sentence) words(tokens []int) string {
	var out []string
	for _, i := range tokens {
		out = append(out, s.Tokens[i].Text)
	}
	return strings.Join(out, " ")
}

const (
	active      = "Japan:PROPN:2:nsubj claims/claim:VERB.VBZ:0:root the:DET:4:det islands/island:NOUN.NNS:2:obj"
	passive     = "The:DET:2:det islands/island:NOUN.NNS:4:nsubj:pass are/be:AUX:4:aux:pass claimed/claim:VERB.VBN:0:root by:ADP:6:case Japan:PROPN:4:obl"
	which       = "Japan:PROPN:2:nsubj wants/want:VERB.VBZ:0:root islands/island:NOUN.NNS:2:obj which:PRON.WDT:6:obj Russia:PROPN:6:nsubj holds/hold:VERB.VBZ:3:acl:relcl"
	whichActs   = "Russia:PROPN:0:root ,:PUNCT:4:punct which:PRON.WDT:4:nsubj holds/hold:VERB.VBZ:1:acl:relcl the:DET:6:det islands/island:NOUN.NNS:4:obj"
	that        = "islands/island:NOUN.NNS:0:root that:PRON.WDT:4:nsubj:pass were/be:AUX.VBD:4:aux:pass seized/seize:VERB.VBN:1:acl:relcl by:ADP:6:case Russia:PROPN:4:obl:agent"
	zero        = "islands/island:NOUN.NNS:0:root Japan:PROPN:3:nsubj claims/claim:VERB.VBZ:1:acl:relcl"
	reduced     = "islands/island:NOUN.NNS:0:root claimed/claim:VERB.VBN:1:acl by:ADP:4:case Japan:PROPN:2:obl"
	gerund      = "states/state:NOUN.NNS:0:root claiming/claim:VERB.VBG:1:acl the:DET:4:det islands/island:NOUN.NNS:2:obj"
	finiteAcl   = "a:DET:2:det commission:NOUN:0:root awarded/award:VERB.VBD:2:acl the:DET:5:det town:NOUN:3:obj"
	compound    = "UK:PROPN:3:compound -:PUNCT:3:punct administered/administer:VERB.VBN:4:amod islands/island:NOUN.NNS:0:root"
	subjectCtrl = "Japan:PROPN:2:nsubj agreed/agree:VERB.VBD:0:root to:PART:4:mark cede:VERB.VB:2:xcomp the:DET:6:det islands/island:NOUN.NNS:4:obj"
	objectCtrl  = "Britain:PROPN:2:nsubj asked/ask:VERB.VBD:0:root Spain:PROPN:2:obj to:PART:5:mark cede:VERB.VB:2:xcomp the:DET:7:det rock:NOUN:5:obj"
	passiveCtrl = "Spain:PROPN:3:nsubj:pass was/be:AUX.VBD:3:aux:pass forced/force:VERB.VBN:0:root to:PART:5:mark cede:VERB.VB:3:xcomp the:DET:7:det rock:NOUN:5:obj"
	sharedSubj  = "Japan:PROPN:2:nsubj seized/seize:VERB.VBD:0:root the:DET:4:det islands/island:NOUN.NNS:2:obj and:CCONJ:6:cc annexed/annex:VERB.VBD:2:conj them/they:PRON:6:obj"
	sharedObj   = "Japan:PROPN:2:nsubj seized/seize:VERB.VBD:0:root and:CCONJ:4:cc occupied/occupy:VERB.VBD:2:conj the:DET:6:det islands/island:NOUN.NNS:4:obj"
	sharedFirst = "Japan:PROPN:2:nsubj seized/seize:VERB.VBD:0:root and:CCONJ:4:cc occupied/occupy:VERB.VBD:2:conj the:DET:6:det islands/island:NOUN.NNS:2:obj"
	passiveConj = "Goa:PROPN:3:nsubj:pass was/be:AUX.VBD:3:aux:pass invaded/invade:VERB.VBN:0:root and:CCONJ:5:cc annexed/annex:VERB.VBN:3:conj by:ADP:7:case India:PROPN:5:obl"
	mixedConj   = "area:NOUN:0:root controlled/control:VERB.VBN:1:acl by:ADP:4:case Sudan:PROPN:2:obl but:CCONJ:6:cc claimed/claim:VERB.VBN:2:conj by:ADP:8:case Egypt:PROPN:6:obl"
	light       = "Spain:PROPN:2:nsubj laid/lay:VERB.VBD:0:root claim:NOUN:2:obj to:ADP:6:case the:DET:6:det rock:NOUN:3:nmod"
	lightHigh   = "Spain:PROPN:2:nsubj laid/lay:VERB.VBD:0:root claim:NOUN:2:obj to:ADP:6:case the:DET:6:det rock:NOUN:2:obl"
	lightPass   = "No:DET:2:det claim:NOUN:4:nsubj:pass was/be:AUX.VBD:4:aux:pass made/make:VERB.VBN:0:root by:ADP:6:case Spain:PROPN:4:obl"
	talks       = "Iran:PROPN:2:nsubj held/hold:VERB.VBD:0:root talks/talk:NOUN.NNS:2:obj with:ADP:5:case Iraq:PROPN:2:obl"
	owned       = "Russia:PROPN:3:nmod:poss 's:PART.POS:1:case annexation:NOUN:0:root of:ADP:5:case Crimea:PROPN:3:nmod"
	byNoun      = "The:DET:2:det annexation:NOUN:0:root of:ADP:4:case Crimea:PROPN:2:nmod by:ADP:6:case Russia:PROPN:2:nmod"
	adjective   = "Russian:ADJ:2:amod annexation:NOUN:0:root of:ADP:4:case Crimea:PROPN:2:nmod"
	ofSeries    = "a:DET:2:det series:NOUN:6:nsubj of:ADP:5:case Russian:ADJ:5:amod claims/claim:NOUN.NNS:2:nmod failed/fail:VERB.VBD:0:root"
	series      = "Russia:PROPN:2:nsubj made/make:VERB.VBD:0:root a:DET:4:det series:NOUN:2:obj of:ADP:6:case claims/claim:NOUN.NNS:4:nmod"
	ofOver      = "Japan:PROPN:2:nsubj transferred/transfer:VERB.VBD:0:root sovereignty:NOUN:2:obj over:ADP:6:case the:DET:6:det islands/island:NOUN.NNS:3:nmod to:ADP:8:case China:PROPN:6:nmod"
	dispute     = "dispute:NOUN:0:root between:ADP:3:case Peru:PROPN:1:nmod and:CCONJ:5:cc Chile:PROPN:3:conj over:ADP:8:case the:DET:8:det sea:NOUN:3:nmod"
	multiWord   = "ruled/rule:VERB.VBD:0:root because:ADP:4:case of:ADP:2:fixed treaties/treaty:NOUN.NNS:1:obl"
	copula      = "Japan:PROPN:4:nsubj is/be:AUX:4:cop a:DET:4:det claimant:NOUN:0:root to:ADP:7:case the:DET:7:det islands/island:NOUN.NNS:4:nmod"
	apposition  = "Japan:PROPN:0:root ,:PUNCT:4:punct a:DET:4:det claimant:NOUN:1:appos to:ADP:6:case islands/island:NOUN.NNS:4:nmod"
	relCopula   = "islands/island:NOUN.NNS:0:root which:PRON.WDT:5:nsubj are/be:AUX:5:cop under:ADP:5:case administration:NOUN:1:acl:relcl"
	thatClause  = "claim:NOUN:0:root that:SCONJ:4:mark Japan:PROPN:4:nsubj left/leave:VERB.VBD:1:acl"
	clause      = "Japan:PROPN:2:nsubj says/say:VERB.VBZ:0:root that:SCONJ:6:mark the:DET:5:det islands/island:NOUN.NNS:6:nsubj belong:VERB.VBP:2:ccomp"
	right       = "Japan:PROPN:3:nmod:poss 's:PART.POS:1:case right:NOUN:0:root to:PART:5:mark fish:VERB.VB:3:acl"
	recipient   = "Russia:PROPN:2:nsubj gave/give:VERB.VBD:0:root Japan:PROPN:2:iobj two:NUM:5:nummod islands/island:NOUN.NNS:2:obj"
	over        = "dispute:NOUN:0:root over:SCONJ:3:mark fishing/fish:VERB.VBG:1:acl in:ADP:5:case waters/water:NOUN.NNS:3:obl"
	byMarch     = "islands/island:NOUN.NNS:3:nsubj:pass were/be:AUX.VBD:3:aux:pass returned/return:VERB.VBN:0:root by:ADP:5:case 1956:NUM:3:obl"
	join        = "Malaysia:PROPN:2:nsubj joined/join:VERB.VBD:0:root Vietnam:PROPN:2:obj to:PART:5:mark claim:VERB.VB:2:advcl the:DET:7:det shelf:NOUN:5:obj"
	underNoun   = "the:DET:2:det islands/island:NOUN.NNS:0:root under:ADP:5:case Russian:ADJ:5:amod control:NOUN:2:nmod"
	underVerb   = "islands/island:NOUN.NNS:3:nsubj:pass were/be:AUX.VBD:3:aux:pass placed/place:VERB.VBN:0:root under:ADP:6:case Russian:ADJ:6:amod control:NOUN:3:obl"
	underStays  = "islands/island:NOUN.NNS:2:nsubj remained/remain:VERB.VBD:0:root under:ADP:5:case Russian:ADJ:5:amod control:NOUN:2:obl"
	partBut     = "It:PRON:3:nsubj is/be:AUX:3:cop part:NOUN:0:root but:CCONJ:6:cc was/be:AUX.VBD:6:aux:pass claimed/claim:VERB.VBN:3:conj by:ADP:8:case Tokelau:PROPN:6:obl:agent"
	saidOf      = "reef:NOUN:0:root which:PRON.WDT:4:obj Manila:PROPN:4:nsubj says/say:VERB.VBZ:1:acl:relcl is/be:AUX:7:cop its:PRON.PRP$:7:nmod:poss own:ADJ:4:ccomp"
	wherever    = "reef:NOUN:0:root claimed/claim:VERB.VBN:1:acl by:ADP:6:case the:DET:6:det little:ADJ:6:amod Brunei:PROPN:1:nmod"
)

func TestRoles(t *testing.T) {
	for _, c := range []struct {
		name, tree, word, role, want string
	}{
		{"active", active, "claims", Agent, "Japan"},
		{"active", active, "claims", Patient, "islands"},
		{"passive", passive, "claimed", Agent, "Japan"},
		{"passive", passive, "claimed", Patient, "islands"},
		{"passive without doer", byMarch, "returned", Agent, ""},
		{"passive without doer", byMarch, "returned", Patient, "islands"},
		{"which, object", which, "holds", Patient, "islands"},
		{"which, object", which, "holds", Agent, "Russia"},
		{"which, subject", whichActs, "holds", Agent, "Russia"},
		{"which, subject", whichActs, "holds", Patient, "islands"},
		{"that, passive", that, "seized", Agent, "Russia"},
		{"that, passive", that, "seized", Patient, "islands"},
		{"zero relative", zero, "claims", Agent, "Japan"},
		{"zero relative", zero, "claims", Patient, "islands"},
		{"reduced relative", reduced, "claimed", Agent, "Japan"},
		{"reduced relative", reduced, "claimed", Patient, "islands"},
		{"by phrase that hangs on the noun", wherever, "claimed", Agent, "Brunei"},
		{"by phrase that hangs on the noun", wherever, "claimed", Patient, "reef"},
		{"present participle", gerund, "claiming", Agent, "states"},
		{"present participle", gerund, "claiming", Patient, "islands"},
		{"finite verb taken for a participle", finiteAcl, "awarded", Agent, "commission"},
		{"finite verb taken for a participle", finiteAcl, "awarded", Patient, "town"},
		{"hyphenated", compound, "administered", Agent, "UK"},
		{"hyphenated", compound, "administered", Patient, "islands"},
		{"subject control", subjectCtrl, "cede", Agent, "Japan"},
		{"subject control", subjectCtrl, "cede", Patient, "islands"},
		{"subject control", subjectCtrl, "agreed", Action, "cede"},
		{"object control", objectCtrl, "cede", Agent, "Spain"},
		{"control by a passive", passiveCtrl, "cede", Agent, "Spain"},
		{"shared subject", sharedSubj, "annexed", Agent, "Japan"},
		{"shared subject", sharedSubj, "annexed", Patient, "them"},
		{"shared object", sharedObj, "seized", Patient, "islands"},
		{"shared object", sharedObj, "occupied", Agent, "Japan"},
		{"shared object on the first verb", sharedFirst, "occupied", Patient, "islands"},
		{"passives joined", passiveConj, "invaded", Agent, "India"},
		{"passives joined", passiveConj, "annexed", Agent, "India"},
		{"passives joined", passiveConj, "annexed", Patient, "Goa"},
		{"participles joined", mixedConj, "controlled", Agent, "Sudan"},
		{"participles joined", mixedConj, "claimed", Agent, "Egypt"},
		{"participles joined", mixedConj, "claimed", Patient, "area"},
		{"light verb", light, "claim", Agent, "Spain"},
		{"light verb", light, "claim", "to", "rock"},
		{"light verb, phrase on the verb", lightHigh, "claim", "to", "rock"},
		{"light verb, passive", lightPass, "claim", Agent, "Spain"},
		{"light verb, what is done", light, "claim", Done, "laid"},
		{"talks with", talks, "talks", Agent, "Iran"},
		{"talks with", talks, "talks", "with", "Iraq"},
		{"possessive", owned, "annexation", Agent, "Russia"},
		{"possessive", owned, "annexation", Owner, "Russia"},
		{"possessive", owned, "annexation", "of", "Crimea"},
		{"noun with by", byNoun, "annexation", Agent, "Russia"},
		{"noun with by", byNoun, "annexation", "of", "Crimea"},
		{"adjective", adjective, "annexation", Agent, "Russian"},
		{"adjective", adjective, "annexation", Modifier, "Russian"},
		{"counted", ofSeries, "claims", Agent, "Russian"},
		{"counted, light verb", series, "claims", Agent, "Russia"},
		{"of what the object is", ofOver, "transferred", "to", "China"},
		{"of what the object is", ofOver, "sovereignty", "over", "islands"},
		{"dispute", dispute, "dispute", "between", "Peru"},
		{"dispute, topic on the other noun", dispute, "dispute", "over", "sea"},
		{"preposition of two words", multiWord, "ruled", "because of", "treaties"},
		{"preposition of two words", multiWord, "ruled", "because", ""},
		{"preposition with a gerund", over, "dispute", "over", "fishing"},
		{"copula", copula, "claimant", Attribute, "Japan"},
		{"apposition", apposition, "claimant", Attribute, "Japan"},
		{"copula in a relative clause", relCopula, "administration", Attribute, "islands"},
		{"noun with a that-clause", thatClause, "claim", Clause, "left"},
		{"verb with a that-clause", clause, "says", Clause, "belong"},
		{"right to do", right, "fish", Agent, "Japan"},
		{"two objects", recipient, "gave", Recipient, "Japan"},
		{"two objects", recipient, "gave", Patient, "islands"},
		{"join to do", join, "claim", Agent, "Malaysia Vietnam"},
		{"under control, on the noun", underNoun, "control", "<under", "islands"},
		{"under control, on a passive", underVerb, "control", "<under", "islands"},
		{"under control, on an active verb", underStays, "control", "<under", "islands"},
		{"under control, with a copula", relCopula, "administration", "<under", "islands"},
		{"in what is not under", underNoun, "control", "<in", ""},
		{"passive joined to a predicate noun", partBut, "claimed", Patient, "It"},
		{"what somebody says of the antecedent", saidOf, "own", Attribute, "reef"},
		{"no such role", active, "claims", "over", ""},
	} {
		t.Run(c.name+"/"+c.word+" "+c.role, func(t *testing.T) {
			s := tree(t, c.tree)
			if got := s.words(s.Role(s.find(t, c.word), c.role)); got != c.want {
				t.Errorf("the %s of %q is %q, want %q", c.role, c.word, got, c.want)
			}
		})
	}
}

func TestPassive(t *testing.T) {
	for _, c := range []struct {
		tree, word string
		want       bool
	}{
		{active, "claims", false},
		{passive, "claimed", true},
		{reduced, "claimed", true},
		{compound, "administered", true},
		{gerund, "claiming", false},
		{finiteAcl, "awarded", false},
		{passiveConj, "annexed", true},
		{sharedObj, "occupied", false},
		{"Russia:PROPN:3:nsubj has/have:AUX:3:aux annexed/annex:VERB.VBN:0:root Crimea:PROPN:3:obj", "annexed", false},
		{owned, "annexation", false},
	} {
		s := tree(t, c.tree)
		if got := s.Passive(s.find(t, c.word)); got != c.want {
			t.Errorf("%q in %q: passive is %t, want %t", c.word, c.tree, got, c.want)
		}
	}
}

func TestNegated(t *testing.T) {
	denies := func(lemma string) bool { return lemma == "refuse" || lemma == "prevent" }
	for _, c := range []struct {
		name, tree, word string
		want             bool
	}{
		{"plain", active, "claims", false},
		{"not", "Japan:PROPN:4:nsubj does/do:AUX:4:aux not:PART.RB:4:advmod claim:VERB.VB:0:root it:PRON:4:obj", "claim", true},
		{"never", "Japan:PROPN:3:nsubj never:ADV:3:advmod claimed/claim:VERB.VBD:0:root it:PRON:3:obj", "claimed", true},
		{"neither", "Neither:DET:2:det state:NOUN:3:nsubj claims/claim:VERB.VBZ:0:root it:PRON:3:obj", "claims", true},
		{"no subject", "No:DET:2:det state:NOUN:3:nsubj claims/claim:VERB.VBZ:0:root it:PRON:3:obj", "claims", true},
		{"no claim", lightPass, "claim", true},
		{"light verb", "Spain:PROPN:4:nsubj did/do:AUX.VBD:4:aux not:PART.RB:4:advmod make:VERB.VB:0:root a:DET:6:det claim:NOUN:4:obj", "claim", true},
		{"refuse to", "Spain:PROPN:2:nsubj refuses/refuse:VERB.VBZ:0:root to:PART:4:mark sign:VERB.VB:2:xcomp", "sign", true},
		{"refuse itself", "Spain:PROPN:2:nsubj refuses/refuse:VERB.VBZ:0:root to:PART:4:mark sign:VERB.VB:2:xcomp", "refuses", false},
		{"not above a complement", "Spain:PROPN:4:nsubj did/do:AUX.VBD:4:aux not:PART.RB:4:advmod agree:VERB.VB:0:root to:PART:6:mark sign:VERB.VB:4:xcomp", "sign", true},
		{"not above a clause", "Spain:PROPN:4:nsubj did/do:AUX.VBD:4:aux not:PART.RB:4:advmod say:VERB.VB:0:root Peru:PROPN:6:nsubj signed/sign:VERB.VBD:4:ccomp", "signed", false},
		{"refusal to say", "Spain:PROPN:2:nsubj refused/refuse:VERB.VBD:0:root to:PART:4:mark say:VERB.VB:2:xcomp Peru:PROPN:6:nsubj signed/sign:VERB.VBD:4:ccomp", "signed", false},
		{"not below", "Spain:PROPN:2:nsubj agreed/agree:VERB.VBD:0:root not:PART.RB:5:advmod to:PART:5:mark sign:VERB.VB:2:xcomp", "agreed", false},
		{"not below", "Spain:PROPN:2:nsubj agreed/agree:VERB.VBD:0:root not:PART.RB:5:advmod to:PART:5:mark sign:VERB.VB:2:xcomp", "sign", true},
		{"or", "Peru:PROPN:4:nsubj does/do:AUX:4:aux not:PART.RB:4:advmod claim:VERB.VB:0:root or:CCONJ:6:cc occupy:VERB.VB:4:conj it:PRON:6:obj", "occupy", true},
		{"but", "Peru:PROPN:4:nsubj does/do:AUX:4:aux not:PART.RB:4:advmod claim:VERB.VB:0:root but:CCONJ:6:cc occupies/occupy:VERB.VBZ:4:conj it:PRON:6:obj", "occupies", false},
		{"prevent from", "War:NOUN:2:nsubj prevented/prevent:VERB.VBD:0:root Peru:PROPN:2:obj from:SCONJ:5:mark signing/sign:VERB.VBG:2:advcl", "signing", true},
		{"yet to", "Peru:PROPN:2:nsubj has/have:VERB.VBZ:0:root yet:ADV:2:advmod to:PART:5:mark sign:VERB.VB:2:xcomp", "sign", true},
		{"relative clause of what is denied", "Peru:PROPN:4:nsubj did/do:AUX.VBD:4:aux not:PART.RB:4:advmod sign:VERB.VB:0:root pacts/pact:NOUN.NNS:4:obj that:PRON.WDT:7:nsubj cede:VERB.VBP:5:acl:relcl land:NOUN:7:obj", "cede", false},
	} {
		t.Run(c.name+"/"+c.word, func(t *testing.T) {
			s := tree(t, c.tree)
			if got := s.Negated(s.find(t, c.word), denies); got != c.want {
				t.Errorf("%q: denied is %t, want %t", c.word, got, c.want)
			}
		})
	}
}

// TestAims tells what is only aimed at from what is done.
func TestAims(t *testing.T) {
	for _, c := range []struct {
		tree, word          string
		purpose, infinitive bool
	}{
		{"talks/talk:NOUN.NNS:0:root aimed/aim:VERB.VBN:1:acl at:SCONJ:4:mark signing/sign:VERB.VBG:2:advcl", "signing", true, false},
		{"talks/talk:NOUN.NNS:0:root on:SCONJ:3:mark ceding/cede:VERB.VBG:1:acl", "ceding", true, false},
		{"agreement:NOUN:0:root to:PART:3:mark define:VERB.VB:1:acl", "define", false, true},
		{"left/leave:VERB.VBD:0:root after:SCONJ:3:mark ceding/cede:VERB.VBG:1:advcl", "ceding", false, false},
		{gerund, "claiming", false, false},
		{subjectCtrl, "cede", false, false},
		{join, "claim", false, false},
	} {
		s := tree(t, c.tree)
		i := s.find(t, c.word)
		if got := s.Purpose(i); got != c.purpose {
			t.Errorf("%q in %q: purpose is %t", c.word, c.tree, got)
		}
		if got := s.Infinitive(i); got != c.infinitive {
			t.Errorf("%q in %q: infinitive is %t", c.word, c.tree, got)
		}
	}
}

func TestConjuncts(t *testing.T) {
	for _, c := range []struct{ tree, word, want string }{
		{"Peru:PROPN:0:root ,:PUNCT:3:punct Chile:PROPN:1:conj and:CCONJ:5:cc Bolivia:PROPN:1:conj", "Peru", "Peru Chile Bolivia"},
		{"Peru:PROPN:0:root and:CCONJ:3:cc Chile:PROPN:1:conj and:CCONJ:5:cc Bolivia:PROPN:3:conj", "Peru", "Peru Chile Bolivia"},
		{"Peru:PROPN:0:root but:CCONJ:4:cc not:PART.RB:4:advmod Chile:PROPN:1:conj", "Peru", "Peru"},
		{active, "Japan", "Japan"},
	} {
		s := tree(t, c.tree)
		if got := s.words(s.Conjuncts(s.find(t, c.word))); got != c.want {
			t.Errorf("what is coordinated with %q in %q is %q, want %q", c.word, c.tree, got, c.want)
		}
	}
}

func TestAuxiliaries(t *testing.T) {
	s := tree(t, "Peru:PROPN:3:nsubj will:AUX.MD:3:aux sign:VERB.VB:0:root and:CCONJ:5:cc ratify:VERB.VB:3:conj it:PRON:5:obj")
	for _, word := range []string{"sign", "ratify"} {
		if got := strings.Join(s.Auxiliaries(s.find(t, word)), " "); got != "will" {
			t.Errorf("the auxiliaries of %q are %q, want will", word, got)
		}
	}
}

func TestSpan(t *testing.T) {
	s := tree(t, owned)
	if first, last := s.Span(s.find(t, "annexation"), nil); first != 0 || last != 5 {
		t.Errorf("the span of the root is [%d, %d), want [0, 5)", first, last)
	}
	withoutOf := func(i int) bool { return s.Case(i) == "of" }
	if first, last := s.Span(s.find(t, "annexation"), withoutOf); first != 0 || last != 3 {
		t.Errorf("the span without its of-phrase is [%d, %d), want [0, 3)", first, last)
	}
}

// TestAnyTree asks every token of trees of any shape, however their words are
// tagged, for every role: the answers are tokens of the sentence.
func TestAnyTree(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	rels := []string{"nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:agent", "nmod", "nmod:poss", "amod", "acl", "acl:relcl", "advcl", "xcomp",
		"ccomp", "conj", "cc", "case", "mark", "aux", "aux:pass", "cop", "appos", "compound", "fixed", "det", "parataxis"}
	pos := []string{"NOUN", "PROPN", "VERB", "ADJ", "ADP", "PRON", "NUM", "ADV"}
	verbTags := []string{"VBN", "VBD", "VBG", "VB", "VBZ"}
	words := []string{"which", "that", "by", "to", "from", "not", "yet", "claim", "join", "-", "Japan", "series", "over"}
	pick := func(list []string) string { return list[rng.IntN(len(list))] }
	roles := []string{Agent, Patient, Recipient, Clause, Action, Owner, Modifier, Adverb, Attribute, Done, "to", "over", "of", "by", "<by", "<over"}
	for range 3000 {
		tokens := make([]nlp.Token, 1+rng.IntN(12))
		order := rng.Perm(len(tokens)) // a token hangs on one that comes before it here
		place := make([]int, len(tokens))
		for n, i := range order {
			place[i] = n
		}
		for i := range tokens {
			w := pick(words)
			tok := nlp.Token{Text: w, Lemma: w, POS: pick(pos), Head: order[rng.IntN(max(1, place[i]))], Rel: pick(rels)}
			if place[i] == 0 {
				tok.Head, tok.Rel = -1, "root"
			}
			if tok.Tag = tags[tok.POS]; tok.POS == "VERB" {
				tok.Tag = pick(verbTags)
			}
			tokens[i] = tok
		}
		s := New(tokens, func(string) bool { return true })
		for i := range tokens {
			for _, role := range roles {
				for _, k := range s.Role(i, role) {
					if k < 0 || k >= len(tokens) {
						t.Fatalf("the %s of token %d of %d is token %d", role, i, len(tokens), k)
					}
				}
			}
			s.Negated(i, func(string) bool { return true })
			s.Passive(i)
			s.Auxiliaries(i)
			s.Span(i, nil)
		}
	}
}

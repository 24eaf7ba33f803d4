package extract

import (
	"strings"

	"github.com/demarcgraph/demarc/nlp"
)

// mend puts right what a parser of everyday text is apt to get wrong in the
// news: participles after a noun taken for its verb, names drawn into the
// expression of time that follows them, what somebody said taken for a
// relative clause of when or where it was said, conjunctions for prepositions. Name tells which words stand
// for names, reports the verbs of saying, named the nouns for treaties and disputes.
func mend(t []nlp.Token, name func(i int) bool, reports, named func(lemma string) bool) {
	for i := range t {
		reduced(t, i)
		beforeTime(t, i)
		reported(t, i, reports)
		due(t, i)
		speaking(t, i)
		conjunction(t, i)
		relative(t, i)
		restrictive(t, i, name, named)
		contact(t, i, name)
		trailing(t, i)
		reducedActive(t, i)
		gerund(t, i)
		accused(t, i)
		spoke(t, i, reports)
		enumerating(t, i)
		asserted(t, i, name)
		companion(t, i)
		begun(t, i)
		gathered(t, i)
		pluralVerb(t, i)
		thirdPerson(t, i)
		formsPart(t, i)
		nextSubject(t, i)
		passiveToo(t, i)
		notBy(t, i)
		twoSubjects(t, i)
		afterQuote(t, i, reports)
		howLong(t, i)
		afterDate(t, i)
		premodifying(t, i)
		bareSubject(t, i)
		drawnToDate(t, i)
		acted(t, i, name)
		addressed(t, i)
		nameBefore(t, i, name)
		coordinateVerb(t, i)
		secondObject(t, i)
	}
}

// bareSubject gives a verb without a subject the noun before it that the tree hangs on
// it as a phrase, although no preposition governs it: "In July a tribunal in The Hague,
// ruling on a complaint, held".
func bareSubject(t []nlp.Token, n int) {
	v := t[n].Head
	if t[n].Rel != "obl" || v <= n || t[n].Tag != "NN" && t[n].POS != "PROPN" || t[v].Tag != "VBD" && t[v].Tag != "VBZ" || child(t, n, "case") >= 0 || child(t, n, "det") < 0 || child(t, v, "nsubj", "nsubj:pass", "aux:pass", "expl") >= 0 {
		return
	}
	switch t[n].Lemma {
	case "day", "week", "month", "year", "morning", "night", "evening", "afternoon", "time", "moment":
		return
	}
	t[n].Rel = "nsubj"
}

// drawnToDate gives a verb without a subject the name that the tree joins to the day
// before it: "On Thursday President Macron, on his first visit, met".
func drawnToDate(t []nlp.Token, n int) {
	d := t[n].Head
	if t[n].Rel != "flat" || d < 0 || d > n || t[n].POS != "PROPN" || t[d].Rel != "obl" || t[d].Head < n || child(t, t[d].Head, "nsubj", "nsubj:pass", "aux:pass") >= 0 {
		return
	}
	if child(t, d, "case") < 0 || t[t[d].Head].POS != "VERB" {
		return
	}
	t[n].Head, t[n].Rel = t[d].Head, "nsubj"
}

// acted makes the verb at token v active where the tree takes it for a participle, although
// no auxiliary makes it one and its subject is somebody: "his counterpart, X, signed by
// video link".
func acted(t []nlp.Token, v int, name func(i int) bool) {
	if t[v].Tag != "VBN" || t[v].Rel != "root" && t[v].Rel != "conj" && t[v].Rel != "parataxis" || child(t, v, "aux", "aux:pass") >= 0 {
		return
	}
	n := child(t, v, "nsubj:pass")
	if n < 0 || n > v {
		return
	}
	for k := v + 1; k+1 < len(t); k++ {
		if t[k].Lemma == "by" && (name(k+1) || k+2 < len(t) && name(k+2)) {
			return
		}
	}
	who := child(t, n, "appos")
	switch t[n].Lemma {
	case "court", "tribunal", "judge", "government", "president", "minister", "king", "counterpart", "premier", "parliament", "army", "navy":
	default:
		if !name(n) && (who < 0 || !name(who)) || t[v].Lemma != "sign" {
			return
		}
	}
	t[v].Tag, t[n].Rel = "VBD", "nsubj"
	if t[n].POS == "ADJ" {
		t[n].POS, t[n].Tag = "NOUN", "NN"
	}
}

// addressed takes for an apposition what the tree takes for a call to somebody, which news
// has none of: "In an 11-point text, the Argyle Declaration, the two sides undertook".
func addressed(t []nlp.Token, n int) {
	if t[n].Rel != "vocative" || t[n].POS != "NOUN" && t[n].POS != "PROPN" {
		return
	}
	k := n - 1
	for k > 0 && t[k].Text != "," {
		k--
	}
	if k < 1 || t[k-1].POS != "NOUN" && t[k-1].POS != "PROPN" {
		return
	}
	t[n].Head, t[n].Rel = k-1, "appos"
}

// nameBefore hangs a relative clause with a preposition before its pronoun on the name
// right before the comma: "its relations with Georgia, to which both provinces belong".
func nameBefore(t []nlp.Token, v int, name func(i int) bool) {
	if t[v].Rel != "acl:relcl" {
		return
	}
	for k := 3; k < v; k++ {
		if t[k].Head == v && (t[k].Lemma == "which" || t[k].Lemma == "whom") && t[k-1].Head == k && t[k-1].Rel == "case" && t[k-2].Text == "," && name(k-3) && t[v].Head < k-3 && !under(t, k-3, "of") {
			t[v].Head = k - 3
			return
		}
	}
}

// coordinateVerb makes a verb of a word that is also a plural noun where it is
// coordinated with a verb and its object follows: "annexed it and today controls most
// of it".
func coordinateVerb(t []nlp.Token, i int) {
	h := t[i].Head
	if t[i].Tag != "NNS" || t[i].Rel != "conj" || h < 0 || h > i || t[h].POS != "VERB" || i+1 >= len(t) || child(t, i, "det", "amod", "case", "nmod:poss") >= 0 {
		return
	}
	switch t[i].Text {
	case "controls", "claims", "rules", "protests", "disputes", "contests":
	default:
		return
	}
	for k := i + 1; k < len(t); k++ {
		if t[k].POS == "VERB" || t[k].POS == "PUNCT" || t[k].POS == "ADP" {
			return
		}
		if t[k].POS != "NOUN" && t[k].POS != "PROPN" && t[k].POS != "PRON" || t[k].Rel == "compound" {
			continue
		}
		t[i].POS, t[i].Tag, t[i].Lemma = "VERB", "VBZ", strings.TrimSuffix(t[i].Text, "s")
		t[k].Head, t[k].Rel = i, "obj"
		return
	}
}

// thirdPerson makes a verb of what is taken for a plural noun and yet has a subject and no
// copula: "the treaty with Romania confirms the frontier laid down in 1947".
func thirdPerson(t []nlp.Token, i int) {
	if t[i].Tag != "NNS" || i+1 >= len(t) || !strings.HasSuffix(t[i].Text, "s") || child(t, i, "cop", "det", "amod", "compound", "nmod:poss", "case", "nummod") >= 0 {
		return
	}
	if n := child(t, i, "nsubj"); n < 0 || n > i || t[i].Rel != "root" && t[i].Rel != "acl:relcl" {
		return
	}
	t[i].POS, t[i].Tag = "VERB", "VBZ"
	// "the frontier" is no subject of "laid down", which tells of it
	if c := child(t, i, "acl"); c > i && t[c].Tag == "VBN" && child(t, i, "obj") < 0 {
		if n := child(t, c, "nsubj"); n > i && n < c {
			t[n].Head, t[n].Rel = i, "obj"
			t[c].Head = n
		}
	}
}

// formsPart makes a verb of "form" before "part": "the southern islands form part of the
// oblast".
func formsPart(t []nlp.Token, i int) {
	if i == 0 || i+1 >= len(t) || t[i].Text != "form" || t[i+1].Text != "part" || t[i].Head != i+1 || t[i].Rel != "compound" {
		return
	}
	n := i + 1
	t[i].POS, t[i].Tag = "VERB", "VBP"
	t[i].Head, t[i].Rel = t[n].Head, t[n].Rel
	t[n].Head, t[n].Rel = i, "obj"
	for k := 0; k < i; k++ {
		if t[k].Head == n || t[k].Head == i && t[k].Rel == "compound" {
			t[k].Head, t[k].Rel = i, "dep"
			if t[k].POS == "PROPN" || t[k].POS == "NOUN" {
				t[k].Rel = "nsubj"
			}
		}
	}
}

// nextSubject has the noun right before the auxiliary of coordinated verb v be its subject,
// where the tree joins it to the last noun of the clause before: "the town went to Peru and
// the port was kept by Chile".
func nextSubject(t []nlp.Token, v int) {
	h := t[v].Head
	if t[v].Rel != "conj" || t[v].POS != "VERB" || h < 0 || h > v || child(t, v, "nsubj", "nsubj:pass") >= 0 {
		return
	}
	aux := child(t, v, "aux", "aux:pass")
	if aux <= h+1 {
		return
	}
	n := aux - 1
	if t[n].Rel != "conj" || t[n].Head <= h || t[n].Head > n || t[n].POS != "PROPN" && t[n].POS != "NOUN" || child(t, n, "cc") < 0 {
		return
	}
	t[n].Head, t[n].Rel = v, "nsubj"
	if child(t, v, "aux:pass") >= 0 {
		t[n].Rel = "nsubj:pass"
	}
}

// passiveToo makes the past form that is coordinated with a passive one and has no object a
// participle too: "was detached from Germany and incorporated into Lithuania".
func passiveToo(t []nlp.Token, v int) {
	h := t[v].Head
	if t[v].Rel != "conj" || t[v].Tag != "VBD" || h < 0 || h > v || t[h].Tag != "VBN" || child(t, h, "aux:pass") < 0 || child(t, v, "obj", "nsubj", "nsubj:pass", "aux", "ccomp", "xcomp") >= 0 {
		return
	}
	switch t[v].Lemma {
	case "incorporate", "annex", "cede", "transfer", "hand", "award", "assign", "attach", "absorb", "divide", "partition", "split", "place", "allot", "give", "sell", "occupy", "administer", "include", "restore":
		t[v].Tag = "VBN"
	}
}

// notBy hangs "not" before an agent on the verb: "was ratified by Chile, but not by Peru".
func notBy(t []nlp.Token, i int) {
	h := t[i].Head
	if t[i].Text != "not" || t[i].Rel != "advmod" || h < 0 || t[h].Rel != "obl:agent" || i == 0 || t[i-1].Lemma == "but" || t[h].Head < 0 || t[h].Head > i {
		return
	}
	t[i].Head = t[h].Head
}

// premodifying has the name at token i modify the noun right after it, where the tree
// lists both: "the island and Black Sea boundary".
func premodifying(t []nlp.Token, i int) {
	if i+1 < len(t) && t[i].Rel == "conj" && t[i].POS == "PROPN" && t[i+1].Rel == "conj" && t[i+1].POS == "NOUN" && t[i+1].Head == t[i].Head {
		t[i].Head, t[i].Rel = i+1, "compound"
	}
}

// begun makes the past form at token v the verb of the noun that the tree hangs it
// on, where nothing else is: "demarcation of the boundary commenced in 2005".
func begun(t []nlp.Token, v int) {
	h := t[v].Head
	if t[v].Rel != "acl" || t[v].Tag != "VBD" || h < 0 || h > v || t[h].Head >= 0 || child(t, v, "obj", "nsubj", "aux") >= 0 {
		return
	}
	switch t[v].Lemma {
	case "commence", "begin", "start", "resume", "end", "stall", "collapse":
	default:
		return
	}
	t[v].Head, t[v].Rel = -1, "root"
	t[h].Head, t[h].Rel = v, "nsubj"
}

// asserted joins the noun at token i, which has a possessor, to the noun whose
// phrase the name before it ends, and not to that name: "Libyan claims on maps of
// Algeria and the Front's assertions".
func asserted(t []nlp.Token, i int, name func(i int) bool) {
	h := t[i].Head
	if t[i].Rel != "conj" || t[i].POS != "NOUN" || h < 0 || h > i || !name(h) || t[h].Rel != "nmod" || child(t, i, "nmod:poss") < 0 {
		return
	}
	if c := child(t, h, "case"); c < 0 || t[c].Lemma != "of" && t[c].Lemma != "in" && t[c].Lemma != "on" {
		return
	}
	for k, n := t[h].Head, 0; k >= 0 && n < 6; k, n = t[k].Head, n+1 {
		switch t[k].Rel {
		case "obj", "nsubj", "nsubj:pass":
			t[i].Head = k
			return
		}
	}
}

// companion gives the preposition at token i, taken for a conjunction of the
// infinitive that follows, to the name after it: "the border with Yemen to stem".
func companion(t []nlp.Token, i int) {
	v := t[i].Head
	if t[i].Rel != "mark" || t[i].Lemma != "with" || i+1 >= len(t) || t[i+1].POS != "PROPN" || v < 0 || t[i+1].Head == v {
		return
	}
	for k := i + 2; k < v; k++ {
		if t[k].Head == v && t[k].Rel == "mark" {
			t[i].Head, t[i].Rel = i+1, "case"
			return
		}
	}
}

// enumerating joins the noun at token i to the noun before a relative clause and
// not to that clause's verb: "the towns which Morocco claims as well as the islands".
func enumerating(t []nlp.Token, i int) {
	v := t[i].Head
	if t[i].Rel != "conj" || v < 0 || t[i].POS != "NOUN" && t[i].POS != "PROPN" || t[v].POS != "VERB" || t[v].Rel != "acl:relcl" {
		return
	}
	h := t[v].Head
	if h < 0 || h > v || child(t, i, "nsubj", "nsubj:pass", "cop") >= 0 {
		return
	}
	if t[h].Rel == "conj" || t[h].Rel == "appos" {
		h = t[h].Head
	}
	t[i].Head = h
}

// child returns the first token that depends on token i in one of the
// relations, or -1.
func child(t []nlp.Token, i int, rels ...string) int {
	for k := range t {
		if t[k].Head != i {
			continue
		}
		for _, rel := range rels {
			if t[k].Rel == rel {
				return k
			}
		}
	}
	return -1
}

// reduced hangs the participle at token v on the noun right before it where
// another verb is the noun's: "sanctions imposed on Asmara could end".
func reduced(t []nlp.Token, v int) {
	if v == 0 || v+1 >= len(t) || t[v].Tag != "VBN" && t[v].Tag != "VBD" || t[v].Rel == "acl" || t[v+1].POS != "ADP" {
		return
	}
	n := v - 1
	if t[n].POS != "NOUN" && t[n].POS != "PROPN" || child(t, v, "aux", "aux:pass", "obj", "nsubj:pass") >= 0 {
		return
	}
	own := child(t, v, "nsubj")
	if own >= 0 && own != n {
		return
	}
	w := -1 // the noun's verb
	switch {
	case own < 0 && t[n].Head > v && (t[n].Rel == "nsubj" || t[n].Rel == "nsubj:pass"):
		w = t[n].Head
	case own == n:
		for k := v + 1; k < len(t) && w < 0; k++ {
			if t[k].Head == v && (t[k].Rel == "ccomp" || t[k].Rel == "parataxis") && child(t, k, "nsubj", "nsubj:pass", "mark") < 0 && (t[k].Tag == "VBD" || t[k].Tag == "VBZ" || t[k].Tag == "VBP" || child(t, k, "aux", "aux:pass", "cop") >= 0) {
				w = k
			}
		}
	}
	if w < 0 {
		return
	}
	for k := t[w].Head; k >= 0; k = t[k].Head {
		if k == v {
			t[w].Head, t[w].Rel = t[v].Head, t[v].Rel
			break
		}
	}
	if own == n {
		t[n].Head, t[n].Rel = w, "nsubj"
	}
	t[v].Head, t[v].Rel = n, "acl"
}

// beforeTime frees the name at token m of a measure of time after it: "imposed
// sanctions on Iraq four days after the invasion".
func beforeTime(t []nlp.Token, m int) {
	h := t[m].Head
	if t[m].Rel == "compound" && h == m+1 && t[h].Rel == "nummod" && t[h].Head == h+1 {
		h++ // hung on the number
	}
	if h < 0 || t[m].Rel != "compound" || t[m].POS != "PROPN" || h != m+2 || t[m+1].Rel != "nummod" || t[h].Head < 0 {
		return
	}
	switch t[h].Lemma {
	case "hour", "day", "week", "month", "year", "decade":
	default:
		return
	}
	t[m].Head, t[m].Rel = t[h].Head, "obl"
	if t[m].Head > m {
		t[m].Rel = t[h].Rel
	}
	for k := range m {
		if t[k].Head == h && t[k].Rel == "case" {
			t[k].Head = m
		}
	}
}

// reported gives the verb of saying at token v the clause with "that" which
// hangs on a phrase between them: "ruled on Monday that the island belongs".
func reported(t []nlp.Token, v int, reports func(lemma string) bool) {
	if t[v].POS != "VERB" || !reports(t[v].Lemma) || child(t, v, "ccomp", "obj") >= 0 {
		return
	}
	for w := v + 2; w < len(t); w++ {
		if t[w].Rel != "acl:relcl" && t[w].Rel != "acl" {
			continue
		}
		below := false // whether the noun belongs to a phrase of the verb
		for k, n := t[w].Head, 0; k > v && n < 4; k, n = t[k].Head, n+1 {
			if t[k].Head == v && strings.HasPrefix(t[k].Rel, "obl") {
				below = true
			}
		}
		that := t[w].Head + 1
		for that < w && t[that].Lemma != "that" {
			that++
		}
		if subject := child(t, w, "nsubj", "nsubj:pass"); !below || that == w || subject <= that {
			continue
		}
		t[that].Head, t[that].Rel = w, "mark"
		t[w].Head, t[w].Rel = v, "ccomp"
		return
	}
}

// due makes the infinitive after "due" its complement: "are due to meet".
func due(t []nlp.Token, i int) {
	if t[i].Lemma != "due" || i+2 >= len(t) || t[i+1].Lemma != "to" || t[i+2].Tag != "VB" {
		return
	}
	t[i+1].Head, t[i+1].Rel = i+2, "mark"
	if t[i+2].Head == i {
		t[i+2].Rel = "xcomp"
	}
}

// relative makes the pronoun of a relative clause with a subject of its own the
// object: "which Maduro and Ali signed".
func relative(t []nlp.Token, v int) {
	if t[v].Rel != "acl:relcl" || child(t, v, "obj") >= 0 {
		return
	}
	if that := child(t, v, "mark"); that >= 0 && t[v].POS == "VERB" && t[that].Lemma == "that" && t[that].Tag != "IN" && child(t, v, "nsubj") > that && child(t, v, "ccomp", "xcomp", "aux:pass") < 0 {
		t[that].Rel = "obj" // "the peninsula that it had captured"
		return
	}
	which := child(t, v, "nsubj")
	if which < 0 || t[which].Lemma != "which" && t[which].Lemma != "that" {
		return
	}
	for k := which + 1; k < v; k++ {
		if t[k].Head == v && t[k].Rel == "nsubj" {
			t[which].Rel = "obj"
			return
		}
	}
}

// restrictive hangs a relative clause with "that", which no name takes, on the
// treaty or dispute before it: "an accord between Libya and Turkey that draws".
func restrictive(t []nlp.Token, v int, name func(i int) bool, named func(lemma string) bool) {
	h := t[v].Head
	if t[v].Rel != "acl:relcl" || h < 0 || !name(h) {
		return
	}
	if that := child(t, v, "nsubj", "obj", "nsubj:pass"); that < 0 || t[that].Lemma != "that" {
		return
	}
	for n := 0; h >= 0 && n < 4; h, n = t[h].Head, n+1 {
		if t[h].POS == "NOUN" && named(t[h].Lemma) {
			t[v].Head = h
			return
		}
	}
}

// trailing hangs the participle after a comma on the verb of the whole clause and not on
// one inside of what it only speaks of: "suspended a deal that lets boats operate near
// the islands, accusing Tokyo".
func trailing(t []nlp.Token, v int) {
	if t[v].Tag != "VBG" || t[v].Rel != "advcl" || v < 2 || t[v-1].Text != "," {
		return
	}
	h := t[v].Head
	for n := 0; h >= 0 && t[h].Head >= 0 && n < 6; n++ {
		infinitive := t[h].Tag == "VB" && child(t, h, "mark") >= 0 && (t[h].Rel == "advcl" || t[h].Rel == "acl" || t[h].Rel == "xcomp")
		if !infinitive && t[h].Rel != "acl:relcl" && t[h].Rel != "acl" && t[h].POS != "NOUN" && t[h].POS != "PROPN" {
			break
		}
		h = t[h].Head
	}
	if h >= 0 && h < v && t[h].POS == "VERB" {
		t[v].Head = h
	}
}

// reducedActive gives back to a verb its object where the participle after it was taken
// for an adjective of a later noun: "signing a treaty formally ending hostilities".
func reducedActive(t []nlp.Token, v int) {
	m := t[v].Head
	if t[v].Tag != "VBG" || t[v].Rel != "amod" || m <= v {
		return
	}
	n := child(t, v, "obj")
	if n < 0 || n > v || t[n].POS != "NOUN" || t[m].Rel != "obj" || t[m].Head > n {
		return
	}
	t[n].Head, t[n].Rel = t[m].Head, "obj"
	t[v].Head, t[v].Rel = n, "acl"
	t[m].Head = v
}

// gerund makes a verb of a word that is also an adjective where a preposition governs it
// and not the noun after it: "joined them in imposing sanctions".
func gerund(t []nlp.Token, v int) {
	if t[v].Lemma != "imposing" || v == 0 || t[v-1].POS != "ADP" || t[v].Rel != "amod" {
		return
	}
	n := t[v].Head
	if n <= v || t[n].Head < 0 {
		return
	}
	t[v].POS, t[v].Tag, t[v].Lemma = "VERB", "VBG", "impose"
	t[v].Head, t[v].Rel = t[n].Head, "advcl"
	t[n].Head, t[n].Rel = v, "obj"
	t[v-1].Head, t[v-1].Rel = v, "mark"
}

// accused makes the gerund after "accused X of" govern the noun that it was taken for an
// adjective of: "accused Moscow of wrecking talks".
func accused(t []nlp.Token, v int) {
	if t[v].Tag != "VBG" || t[v].Rel != "amod" || v == 0 || t[v-1].Lemma != "of" {
		return
	}
	n := t[v].Head
	if n <= v || t[n].Rel != "nmod" && t[n].Rel != "obl" {
		return
	}
	a := t[n].Head
	if a >= 0 && t[a].Lemma != "accuse" {
		a = t[a].Head
	}
	if a < 0 || t[a].Lemma != "accuse" {
		return
	}
	t[v].Head, t[v].Rel = a, "advcl"
	t[v-1].Head, t[v-1].Rel = v, "mark"
	t[n].Head, t[n].Rel = v, "obj"
}

// spoke coordinates a verb of speech with the one that reports the clause it was hung
// on: "said the country was exhausted but accused Israel".
func spoke(t []nlp.Token, v int, reports func(lemma string) bool) {
	h := t[v].Head
	if t[v].Rel != "conj" || t[v].Tag != "VBD" && t[v].Tag != "VBZ" || h < 0 || t[h].Rel != "ccomp" || t[h].Head < 0 || child(t, v, "nsubj", "nsubj:pass", "aux", "aux:pass") >= 0 {
		return
	}
	u := t[h].Head
	if t[u].Tag != t[v].Tag || u > h || !reports(t[u].Lemma) {
		return
	}
	switch t[v].Lemma {
	case "accuse", "call", "urge", "condemn", "warn", "vow", "thank", "praise", "denounce", "reject", "demand":
	case "dispute", "contest", "claim", "oppose":
		if t[h].Tag == t[v].Tag {
			return
		}
	default:
		if !reports(t[v].Lemma) {
			return
		}
	}
	t[v].Head = u
}

// twoSubjects makes the first of two nouns that stand side by side as subjects of one
// verb part of the second: "the two NATO allies are".
func twoSubjects(t []nlp.Token, n int) {
	if n+1 >= len(t) || t[n].Rel != "nsubj" || t[n+1].Rel != "nsubj" || t[n].Head != t[n+1].Head || t[n].POS != "PROPN" || t[n+1].POS != "NOUN" {
		return
	}
	t[n].Head, t[n].Rel = n+1, "compound"
	for k := range n {
		if t[k].Head == n {
			t[k].Head = n + 1
		}
	}
}

// afterDate gives a verb its subject where the tree coordinates it with the date that
// opens the clause: "In May of that year Sudanese troops rolled in".
func afterDate(t []nlp.Token, v int) {
	if t[v].Tag != "VBD" || child(t, v, "nsubj", "nsubj:pass", "aux:pass") >= 0 {
		return
	}
	d := child(t, v, "obl")
	if d < 0 || d > 2 || t[d].POS != "PROPN" && t[d].POS != "NUM" {
		return
	}
	n := child(t, d, "conj", "appos")
	if n < 0 || n > v || t[n].POS != "NOUN" && t[n].POS != "PROPN" || child(t, n, "cc") >= 0 {
		return
	}
	t[n].Head, t[n].Rel = v, "nsubj"
}

// gathered makes a participle of "meeting" after those who meet: "leaders meeting in
// Brussels added".
func gathered(t []nlp.Token, i int) {
	if i == 0 || t[i].Text != "meeting" || t[i].Tag != "NN" || t[i-1].Tag != "NNS" || i+1 >= len(t) || t[i+1].POS != "ADP" {
		return
	}
	if h := t[i].Head; h > i && (t[i].Rel == "nsubj" || t[i].Rel == "csubj") && t[i-1].Head >= i {
		if t[i-1].Head == i {
			t[i-1].Head, t[i-1].Rel = h, "nsubj"
		}
		t[i].POS, t[i].Tag, t[i].Lemma = "VERB", "VBG", "meet"
		t[i].Head, t[i].Rel = i-1, "acl"
	}
}

// pluralVerb makes a verb of a word that is also a plural noun where a relative pronoun
// comes before it and its object after it: "an agreement that hands two islands to X".
func pluralVerb(t []nlp.Token, i int) {
	if i == 0 || t[i].Tag != "NNS" || t[i].Rel != "nsubj" || t[i-1].Lemma != "that" && t[i-1].Lemma != "which" {
		return
	}
	switch t[i].Text {
	case "hands", "transfers", "returns", "grants", "awards", "claims", "places", "bars", "names", "maps":
	default:
		return
	}
	n := t[i].Head
	if n <= i || t[n].POS != "NOUN" && t[n].POS != "PROPN" || t[n].Rel != "acl:relcl" || t[n].Head < 0 {
		return
	}
	t[i].POS, t[i].Tag, t[i].Lemma = "VERB", "VBZ", strings.TrimSuffix(t[i].Text, "s")
	t[i].Head, t[i].Rel = t[n].Head, "acl:relcl"
	t[n].Head, t[n].Rel = i, "obj"
	t[i-1].Head, t[i-1].Rel = i, "nsubj"
	t[i-1].Tag = "WDT"
}

// afterQuote puts the verb of saying that follows a comma above the clause before it,
// where the tree coordinates the two because that clause has an "and" of its own: "X is
// ours and Y is not, he said".
func afterQuote(t []nlp.Token, v int, reports func(lemma string) bool) {
	h := t[v].Head
	if t[v].Rel != "conj" || h < 0 || h > v || !reports(t[v].Lemma) || child(t, v, "cc", "ccomp", "obj") >= 0 {
		return
	}
	n := child(t, v, "nsubj")
	if n < 0 {
		return
	}
	first := n // of the subject
	for k := n - 1; k > h; k-- {
		if t[k].Head == n || t[k].Head >= first && t[k].Head <= n {
			first = k
		} else {
			break
		}
	}
	if first == 0 || t[first-1].Text != "," {
		return
	}
	t[v].Head, t[v].Rel = t[h].Head, t[h].Rel
	t[h].Head, t[h].Rel = v, "ccomp"
}

// howLong takes the measure of time before "after" or "before" for what it is, and not
// for a subject: "months after Chinese ships took control".
func howLong(t []nlp.Token, n int) {
	if t[n].Rel != "nsubj" || n+1 >= len(t) || t[n+1].Rel != "mark" || t[n].Head < 0 || t[n+1].Head != t[n].Head {
		return
	}
	switch t[n].Lemma {
	case "hour", "day", "week", "month", "year", "decade":
	default:
		return
	}
	for k := n + 1; k < t[n].Head; k++ {
		if t[k].Head == t[n].Head && (t[k].Rel == "nsubj" || t[k].Rel == "nsubj:pass") {
			t[n].Rel = "obl:unmarked"
			return
		}
	}
}

// contact reads "…, a decision Beijing rejects" as a clause on the noun, which has no
// pronoun: the parser may make both of them subjects.
func contact(t []nlp.Token, v int, name func(i int) bool) {
	if t[v].Tag != "VBZ" && t[v].Tag != "VBD" || v < 4 || t[v].Rel == "acl:relcl" {
		return
	}
	who := v - 1
	for who > 0 && (t[who].POS == "ADV" || t[who].POS == "AUX") {
		who--
	}
	n := who - 1
	if !name(who) || t[n].POS != "NOUN" || t[who].Head != v && t[who].Head != n {
		return
	}
	if child(t, v, "obj", "ccomp") >= 0 {
		return
	}
	a := n - 1
	for a > 0 && (t[a].POS == "ADJ" || t[a].POS == "NOUN") {
		a--
	}
	if w := t[a].Lemma; w != "a" && w != "an" || a == 0 || t[a-1].Text != "," {
		return
	}
	if t[v].Head != n {
		t[n].Head, t[n].Rel = t[v].Head, "appos"
	}
	if t[n].Head < 0 || t[n].Head == v {
		return
	}
	t[v].Head, t[v].Rel = n, "acl:relcl"
	t[who].Head, t[who].Rel = v, "nsubj"
}

// speaking makes the gerund that opens a sentence an adverb of its verb and not what
// is said: "Speaking after the talks, he said".
func speaking(t []nlp.Token, i int) {
	if i == 0 && t[i].Tag == "VBG" && t[i].Rel == "ccomp" && t[i].Head > i && child(t, i, "nsubj", "aux", "cop") < 0 {
		t[i].Rel = "advcl"
	}
}

// conjunction gives the clause after "after" and the like its subject, where
// the parser took the word for a preposition: "protested after X became".
func conjunction(t []nlp.Token, v int) {
	if t[v].Rel != "advcl" || t[v].Tag != "VBD" && t[v].Tag != "VBZ" && t[v].Tag != "VBP" || child(t, v, "nsubj", "nsubj:pass", "csubj") >= 0 {
		return
	}
	m := child(t, v, "mark")
	if m < 0 || m > v {
		return
	}
	for k := v - 1; k > m; k-- {
		if t[k].Head == t[v].Head && t[k].Rel == "obl" && (t[k].POS == "PROPN" || t[k].POS == "NOUN" || t[k].POS == "PRON") && child(t, k, "case") < 0 {
			t[k].Head, t[k].Rel = v, "nsubj"
			return
		}
	}
}

// secondObject takes the month or day at token n, which the tree makes an object beside
// another, for when it was: "recaptured it the following February".
func secondObject(t []nlp.Token, n int) {
	h := t[n].Head
	if t[n].Rel != "obj" || h < 0 || h > n || !timeWord[strings.ToLower(t[n].Text)] {
		return
	}
	if first := child(t, h, "obj"); first >= 0 && first < n {
		t[n].Rel = "obl:unmarked"
	}
}

// timeWord holds the words for days, months and the like.
var timeWord = map[string]bool{"monday": true, "tuesday": true, "wednesday": true, "thursday": true, "friday": true, "saturday": true, "sunday": true,
	"january": true, "february": true, "march": true, "april": true, "may": true, "june": true, "july": true, "august": true, "september": true, "october": true,
	"november": true, "december": true, "day": true, "week": true, "month": true, "year": true, "morning": true, "night": true, "spring": true, "summer": true, "autumn": true, "winter": true}

// under reports whether the preposition governs token n.
func under(t []nlp.Token, n int, preposition string) bool {
	c := child(t, n, "case")
	return c >= 0 && t[c].Lemma == preposition
}

// setOff makes a participle of the naming verb at token i that a comma sets off after a
// noun and a name follows: "The island, called Tartupaluk in Greenlandic, was".
func setOff(t []nlp.Token, i int) {
	if i < 2 || i+1 >= len(t) || t[i].Tag != "VBD" || !naming[t[i].Lemma] || t[i-1].Text != "," || !capitalized(t[i+1].Text) || child(t, i, "aux") >= 0 {
		return
	}
	if n := i - 2; t[n].POS == "NOUN" || t[n].POS == "PROPN" {
		if t[i].Head < 0 && t[n].Head >= 0 {
			if v := t[n].Head; v > i {
				t[v].Head, t[v].Rel = -1, "root"
			}
		}
		t[i].Tag, t[i].Head, t[i].Rel = "VBN", n, "acl"
	}
}

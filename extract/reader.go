package extract

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/demarcgraph/demarc/extract/frame"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/extract/timex"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/schema"
)

// reader holds what is known while one document is read, sentence by sentence.
type reader struct {
	x    *Extractor
	doc  *schema.Document
	ents *registry

	country *entity   // whose entry the document is, or the first of its heading
	parties []*entity // of the heading, or of the document's country alone

	sents   []*sentence
	persons map[string]*entity // by folded last name
	firsts  map[string]*entity // persons by the folded first word of their names
	recent  []*entity          // entities in the order they were last mentioned
	voice   *entity            // who says "we": the state that the document's title names
	speech  bool               // the document is the voice's own statement

	voices  []*entity           // in whose words what is being read is reported
	said    *entity             // who was quoted last
	spoke   *entity             // who said something last, by the document's own words too
	quoting bool                // a quotation is open where the sentence begins
	posts   []post              // offices spoken of without a name
	acted   map[*entity]*entity // for which states people spoke who no longer hold office

	both   []*entity // who "the two countries" were last
	bothAt int       // in which sentence

	depth    int                      // of phrases resolved within phrases
	count    map[*entity]int          // how often each was named so far
	total    map[*gazetteer.Entry]int // how often the whole document names each state
	ruled    schema.Date              // when the judgment was given that is told of
	bound    []*entity                // who binds himself in the articles of the deed
	deed     *entity                  // the instrument that the document itself is, or nil
	titled   bool                     // whether the text begins with the title of deed
	same     map[string]*entity       // descriptions that were given the name of a known place
	told     map[string]bool          // memberships of groups that have been stated
	byName   map[*entity]*entity      // the state of its time that a capital stands for, by the state of today; nil where it is that one
	calledSo map[string]*entity       // the place that a definite noun stood for last
	date     schema.Date              // told last
	facts    []schema.Fact
}

// sentence is a parsed sentence with what was recognized in it.
type sentence struct {
	*frame.Sentence
	start, end  int // byte offsets into the document's text
	index       int // among the document's sentences
	texts       []string
	times       []timex.Expr
	timeAt      []int // token → index into times, or -1
	mentions    []*mention
	at          []int             // token → index into mentions, or -1
	lists       [][]int           // surface coordinations, as indices into mentions
	instruments map[int]*entity   // by head token
	spans       map[int][2]int    // the tokens of the name of an instrument, by head token
	described   []spoken          // what its descriptions of places stand for
	told        schema.Date       // the date told last before it
	subject     *entity           // who acts as the subject of the whole sentence, where it is a state
	acting      []*entity         // the two states that act as the subject of one of its clauses, the last
	among       map[int][]*entity // who is among those that the noun ending at this byte names
	quoted      *entity           // who says the whole sentence, where it is a quotation
	work        int               // phrases resolved so far
	read        map[int]bool      // instruments whose phrase has been read, by head token
	folded      []bool            // tokens that only wrap the name of a state: "the Government of"
	hyphenated  map[int]bool      // lists joined by hyphens: "China-Vietnam"
	heading     int               // the tokens that "Japan-Russia:" takes
	headings    map[int][]*entity // whom stretches within a note are about, by their first token: "Thailand-Laos:"
	abstained   map[int]*entity   // who did not do what a stretch tells, by its first token
	not         *entity           // who did not do what the clause tells
	about       []*entity         // whom the clause's own heading names
	unsaid      map[int][]string  // words to read before a token that the text leaves out: "the strip, [is] ceded to Chile"
}

// mention is a name in the text.
type mention struct {
	first, last int // tokens, half-open
	head        int // the token that the rest of the sentence hangs on
	ent         *entity
	usage       gazetteer.Usage
	list        int  // index into sentence.lists, or -1
	aside       bool // not what the text goes on about: "the United States among them", the place of a dateline
}

func (s *sentence) mentionAt(i int) *mention {
	if i < 0 || i >= len(s.at) || s.at[i] < 0 {
		return nil
	}
	return s.mentions[s.at[i]]
}

// listed returns what stands in one list with a mention, itself included, in the
// order of the text: only itself where it is in none.
func (s *sentence) listed(m *mention) []*entity {
	if m.list < 0 {
		return []*entity{m.ent}
	}
	var out []*entity
	for _, n := range s.lists[m.list] {
		out = append(out, s.mentions[n].ent)
	}
	return out
}

// text returns the document's own words for a range of tokens.
func (s *sentence) text(r *reader, first, last int) string {
	return r.doc.Text[s.Tokens[first].Start:s.Tokens[last-1].End]
}

// capitalized reports whether a word is written as a name: with a capital
// first letter, or one after the article of an Arabic name ("al-Bashir").
func capitalized(w string) bool {
	if len(w) > 3 && (strings.HasPrefix(w, "al-") || strings.HasPrefix(w, "el-") || strings.HasPrefix(w, "ad-") || strings.HasPrefix(w, "as-")) {
		w = w[3:]
	}
	c, _ := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(c)
}

// prepare recognizes the names and times of one parsed sentence.
func (r *reader) prepare(sent *nlp.Sentence, index int) *sentence {
	for i := range sent.Tokens {
		setOff(sent.Tokens, i)
	}
	s := &sentence{
		Sentence: frame.New(sent.Tokens, func(lemma string) bool { return r.x.rules.In("support", lemma) }),
		start:    sent.Start, end: sent.End, index: index, instruments: map[int]*entity{}, spans: map[int][2]int{}, read: map[int]bool{}, hyphenated: map[int]bool{},
	}
	for _, t := range sent.Tokens {
		s.texts = append(s.texts, t.Text)
	}
	s.at = slices.Repeat([]int{-1}, len(sent.Tokens))
	s.timeAt = slices.Repeat([]int{-1}, len(sent.Tokens))
	s.told = r.date
	s.times = timex.FindAfter(sent.Tokens, r.doc.Date, s.told)
	for _, x := range s.times {
		if x.Date.Precision >= schema.PrecisionYear {
			r.date = x.Date
		}
	}
	for k, e := range s.times {
		for i := e.Core; i < e.Last; i++ {
			s.timeAt[i] = k
		}
	}
	r.findMentions(s)
	for _, m := range s.mentions {
		m.aside = m.aside || r.namesPact(s, m)
	}
	r.foldBodies(s)
	r.findLists(s)
	return s
}

// namesPact reports whether a capital only says which treaty or award is meant: "the
// Paris award", "the Algiers peace accord".
func (r *reader) namesPact(s *sentence, m *mention) bool {
	if m.usage != gazetteer.AsMetonym || m.ent.class != schema.State {
		return false
	}
	k := m.last
	for n := 0; n < 2 && k < len(s.Tokens) && r.x.rules.In("technical", s.Lower(k)); n++ {
		k++
	}
	return k < len(s.Tokens) && s.mentionAt(k) == nil && (r.x.rules.In("treaty_noun", s.Lower(k)) || r.x.rules.In("ruling_noun", s.Lower(k)))
}

// findMentions goes through the sentence from left to right and takes the
// longest name at each place.
func (r *reader) findMentions(s *sentence) {
	for i := 0; i < len(s.Tokens); {
		if s.timeAt[i] >= 0 {
			i++
			continue
		}
		m := r.nameAt(s, i)
		if m == nil {
			i++
			if _, n := r.x.gaz.MatchOffice(s.texts[i-1:]); n > 1 {
				i += n - 1 // a title is no part of a name: "Secretary of State Colin Powell"
			} else {
				for n := min(4, len(s.texts)-i+1); n > 1; n-- {
					if r.officeNamed(s.texts[i-1:i-1+n]) != nil {
						i += n - 1 // "Prime Ministers A and B"
						break
					}
				}
			}
			continue
		}
		if m.ent.kind == "area" && m.first > 0 && s.texts[m.first-1] == "," && m.last < len(s.Tokens) && (s.texts[m.last] == "," || s.texts[m.last] == ".") {
			i = m.last // "the farms, about 25 sq km, …": how large they are
			continue
		}
		m.head = headOf(s.Sentence, m.first, m.last)
		m.list = -1
		for k := m.first; k < m.last; k++ {
			s.at[k] = len(s.mentions)
		}
		s.mentions = append(s.mentions, m)
		i = m.last
	}
}

// headOf returns the token of the range that hangs on something outside it.
func headOf(s *frame.Sentence, first, last int) int {
	for i := first; i < last; i++ {
		if h := s.Head(i); (h < first || h >= last) && s.Rel(i) != "punct" && s.Rel(i) != "det" {
			return i
		}
	}
	return last - 1
}

// nameAt returns the mention that begins at token i, or nil.
func (r *reader) nameAt(s *sentence, i int) *mention {
	if m := r.measure(s, i); m != nil {
		return m
	}
	if s.Lower(i) == "the" {
		return nil // the article stays outside of the name
	}
	if m := r.compassName(s, i); m != nil {
		return m
	}
	if p := r.spokenOf(s, i); p != nil {
		return &mention{first: i, last: i + 1, ent: p, usage: gazetteer.AsName}
	}
	run := r.properRun(s, i)
	if end := r.pastParenthesis(s, i, run); end > 0 {
		return r.territoryMention(s, i, end)
	}
	readings, n := r.x.gaz.MatchTokens(s.texts[i:])
	if n > 1 && s.texts[i+n-1] == "to" {
		// "Shikotan to Japan", not "Shikotan-to"
		readings, n = r.x.gaz.MatchTokens(s.texts[i : i+n-1])
	}
	if n == 1 && i > 0 && len(readings) > 0 && readings[0].Usage == gazetteer.AsDemonym && (s.Lower(i-1) == "local" || s.Lower(i-1) == "ethnic" || s.Lower(i-1) == "native") {
		readings, n = nil, 0 // "the local Serbs" are not Serbia
	}
	if n > 1 && i+n < len(s.texts) && isPossessive(s.texts[i+n-1]) && capitalized(s.texts[i+n]) {
		readings, n = nil, 0 // "St George's Hall" is not the town
	}
	readings, n = r.acceptable(s, i, readings, n)
	if m := r.placeName(s, i, run, n); m != nil {
		return m
	}
	if n > 0 && i+n >= run {
		best := readings[0]
		return &mention{first: i, last: i + n, ent: r.ents.known(best.Entry), usage: best.Usage}
	}
	if run > i {
		if m := r.longName(s, i, run, n, readings); m != nil {
			return m
		}
	}
	if n > 0 {
		best := readings[0]
		if run == i+n+1 && n == 1 && (r.titleBefore(s, i) >= 0 || i >= 3 && s.texts[i-1] == "," && readings[0].Usage == gazetteer.AsName && readings[0].Entry.Class != schema.State && r.titleBefore(s, i-1) >= 0) && !r.common(s.Lower(run-1)) {
			return &mention{first: i, last: run, ent: r.person(s.text(r, i, run)), usage: gazetteer.AsName} // "Foreign Minister Santiago Cafiero"
		}
		if best.Usage == gazetteer.AsMetonym && run == i+n+1 && run < len(s.Tokens) && s.IsVerb(run) && r.x.rules.In("say", s.Lemma(run)) && !r.common(s.Lower(run-1)) {
			e := r.ents.described(schema.Thing, s.text(r, i, run), "")
			e.named = true
			return &mention{first: i, last: run, ent: e, usage: gazetteer.AsName} // "Santiago Cafiero said": no city
		}
		return &mention{first: i, last: i + n, ent: r.ents.known(best.Entry), usage: best.Usage}
	}
	return nil
}

// compassName reads a known name whose first word is written small: "the southern Kuril
// Islands".
func (r *reader) compassName(s *sentence, i int) *mention {
	w := s.texts[i]
	if !compass(strings.TrimSuffix(w, "ern")) || i+1 >= len(s.texts) || !capitalized(s.texts[i+1]) {
		return nil
	}
	words := slices.Clone(s.texts[i:min(i+5, len(s.texts))])
	words[0] = strings.ToUpper(w[:1]) + w[1:]
	readings, n := r.x.gaz.MatchTokens(words)
	if n < 2 || readings[0].Entry.Class != schema.Territory || readings[0].Usage != gazetteer.AsName {
		return nil
	}
	return &mention{first: i, last: i + n, ent: r.ents.known(readings[0].Entry), usage: gazetteer.AsName}
}

// spokenOf returns the person whose last name stands at token i, where it is also a
// word of the language: "Cleverly wrote", after "James Cleverly".
func (r *reader) spokenOf(s *sentence, i int) *entity {
	p := r.persons[schema.Fold(s.texts[i])]
	if p == nil || !capitalized(s.texts[i]) || s.Tokens[i].POS == "PROPN" && i > 0 || i+1 >= len(s.Tokens) || capitalized(s.texts[i+1]) {
		return nil
	}
	if tag := s.Tokens[i+1].Tag; i > 0 || tag == "VBD" || tag == "VBZ" || tag == "MD" || isPossessive(s.texts[i+1]) {
		return p
	}
	if s.Lower(i+1) == "and" && i+2 < len(s.texts) && capitalized(s.texts[i+2]) {
		return p
	}
	return nil
}

// common reports whether a capitalized word after a name is one of those that
// rules and lists know, and so no family name.
func (r *reader) common(word string) bool {
	for _, list := range []string{"instrument_noun", "ruling_noun", "boundary_noun", "court_noun", "organization_noun", "government_noun", "person_title", "office_noun", "territory_noun", "polity_noun"} {
		if r.x.rules.In(list, word) {
			return true
		}
	}
	return false
}

// pastParenthesis returns the end of a name that goes on after a parenthesis,
// as in "Zmiyinyy/Serpilor (Snake) Island", or 0.
func (r *reader) pastParenthesis(s *sentence, i, run int) int {
	if run == i || run >= len(s.Tokens) || s.texts[run] != "(" {
		return 0
	}
	k := run + 1
	for k < len(s.Tokens) && (capitalized(s.texts[k]) || isHyphenWord(s.texts[k])) {
		k++
	}
	if k > run+1 && (s.Lower(k) == "to" || s.Lower(k) == "in") && k+2 < len(s.Tokens) && s.texts[k+2] == ")" && capitalized(s.texts[k+1]) {
		k += 2 // "Kasikili (Sidudu to Botswana) Island"
	}
	if k == run+1 || k+1 >= len(s.Tokens) || s.texts[k] != ")" {
		return 0
	}
	switch w := s.Lower(k + 1); {
	case capitalized(s.texts[k+1]) && r.x.rules.In("name_noun", w):
		return k + 2
	case (w == "gas" || w == "oil") && (s.Lower(k+2) == "field" || s.Lower(k+2) == "fields"):
		return k + 3 // "the Durra (Arash) gas field"
	}
	return 0
}

// measure reads an amount of land that stands for the land itself: "786 sq
// km", "approximately 1,100 square kilometers in the Pamirs".
func (r *reader) measure(s *sentence, i int) *mention {
	k := i
	switch s.Lower(k) {
	case "approximately", "about", "some", "around", "nearly", "over", "roughly", "almost":
		k++
	}
	if k >= len(s.Tokens) || s.Tokens[k].POS != "NUM" && !isNumber(s.texts[k]) {
		return nil
	}
	core := k
	for k < len(s.Tokens) && (isNumber(s.texts[k]) || s.Tokens[k].POS == "NUM") {
		k++
	}
	switch s.Lower(k) {
	case "sq", "sq.", "square":
		k += 2
	case "hectares", "acres", "km2", "km²":
		k++
	default:
		return nil
	}
	if k > len(s.Tokens) || k < len(s.Tokens) && (s.Tokens[k].POS == "NOUN" || isHyphenWord(s.texts[k])) {
		return nil // "a 400 sq km dispute"
	}
	last := k
	// "two sq km (0.8 sq mi) of Sabanerwa" is Sabanerwa
	of := k
	if of < len(s.Tokens) && s.texts[of] == "(" {
		for of < len(s.Tokens) && s.texts[of] != ")" {
			of++
		}
		of++
	}
	if of+1 < len(s.Tokens) && s.Lower(of) == "of" && capitalized(s.texts[of+1]) {
		if m := r.nameAt(s, of+1); m != nil && m.ent.class != schema.State {
			m.first = i
			if m.ent.class == schema.Thing {
				m.ent = r.ents.described(schema.Territory, m.ent.name, "")
				m.ent.named = true
			}
			return m
		}
	}
	if of == k && k+2 < len(s.Tokens) && s.Lower(k) == "of" {
		// "38,000 square kilometres of its territory in Aksai Chin"
		for n := k + 1; n < min(k+5, len(s.Tokens)-1); n++ {
			if !r.x.rules.In("soil_noun", s.Lower(n)) || s.Lower(n+1) != "in" {
				continue
			}
			at := n + 2
			if s.Lower(at) == "the" {
				at++
			}
			if at < len(s.Tokens) && capitalized(s.texts[at]) {
				if readings, n := r.x.gaz.MatchTokens(s.texts[at:]); n > 0 && readings[0].Entry.Class == schema.Territory {
					return &mention{first: i, last: k, ent: r.ents.known(readings[0].Entry), usage: gazetteer.AsName}
				}
			}
		}
	}
	if k+1 < len(s.Tokens) && s.Lower(k) == "in" {
		n := k + 1
		if s.Lower(n) == "the" {
			n++
		}
		if n < len(s.Tokens) && capitalized(s.texts[n]) && s.timeAt[n] < 0 {
			last = r.properRun(s, n)
		}
	}
	e := r.ents.described(schema.Territory, s.text(r, i, last), measured, s.text(r, core, k), s.text(r, i, k))
	return &mention{first: i, last: last, ent: e, usage: gazetteer.AsName}
}

// measured is the kind of a territory that only its size names.
const measured = "area"

func isNumber(w string) bool { return w != "" && w[0] >= '0' && w[0] <= '9' }

// acceptable drops the readings of a name that the place in the sentence rules
// out, and orders the rest: a plain name before a nickname, what the document
// already speaks of before what it does not.
func (r *reader) acceptable(s *sentence, i int, readings []gazetteer.Match, n int) ([]gazetteer.Match, int) {
	if n == 0 {
		return nil, 0
	}
	first := i
	if n > 1 && s.Lower(i) == "the" {
		first++
	}
	if !capitalized(s.texts[first]) && !arabicArticle(s, first) && readings[0].Entry.Kind != "maritime-line" {
		return nil, 0
	}
	if n == 1 && (s.texts[i] == "American" || s.texts[i] == "Americans") {
		switch s.Lower(i - 1) {
		case "central", "south", "latin", "north":
			return nil, 0 // no adjective of the United States
		}
	}
	// a single word at the start of a sentence may be any word
	if first == 0 && n == 1 && s.Tokens[0].POS != "PROPN" && s.Tokens[0].POS != "ADJ" && s.Tokens[0].Tag != "VBG" && slices.ContainsFunc(readings, func(m gazetteer.Match) bool { return m.Usage == gazetteer.AsMetonym }) {
		return nil, 0
	}
	then := r.era(s, i, readings)
	rank := func(m gazetteer.Match) int {
		score := 0
		if m.Usage == gazetteer.AsMetonym && m.Entry.Kind == "historical-state" && !then.IsZero() {
			if m.Entry.Existed(then) {
				score += 8 // "Moscow" in 1975
			} else {
				score -= 8
			}
		}
		if m.Usage == gazetteer.AsMetonym {
			score -= 2
		}
		if m.Entry.Kind == "historical-state" && m.Usage != gazetteer.AsName {
			score--
		}
		if r.ents.byKey[m.Entry.ID] != nil {
			score += 3
		}
		if r.country != nil && r.country.entry == m.Entry {
			score++ // "Congolese" in the entry of one of the two
		}
		if m.Kind == gazetteer.Former {
			score--
		}
		return -score
	}
	readings = slices.Clone(readings)
	slices.SortStableFunc(readings, func(a, b gazetteer.Match) int {
		if c := rank(a) - rank(b); c != 0 || len(readings) == 1 {
			return c
		}
		return cmp.Compare(r.distance(s, a.Entry), r.distance(s, b.Entry))
	})
	return readings, n
}

// era returns the time of which the clause around token i tells, where one of the
// readings is a state that is no more and the time decides whether it is meant; zero
// where nothing tells. What is said in the present tense is of the document's own time.
func (r *reader) era(s *sentence, i int, readings []gazetteer.Match) schema.Date {
	gone := slices.IndexFunc(readings, func(m gazetteer.Match) bool {
		return m.Usage == gazetteer.AsMetonym && m.Entry.Kind == "historical-state"
	})
	if gone < 0 {
		return schema.Date{}
	}
	now := r.doc.Date
	if v := s.governor(i); v >= 0 && s.present(v) {
		return now
	}
	nearest, named := s.datesNear(i)
	told := s.told
	if known := slices.ContainsFunc(readings, func(m gazetteer.Match) bool {
		return m.Entry.Kind == "historical-state" && r.ents.byKey[m.Entry.ID] != nil
	}); !known && !now.IsZero() {
		named, told = schema.Date{}, schema.Date{} // news tell of old papers
	}
	for n := s.index - 1; nearest.IsZero() && n >= max(0, s.index-2) && !strings.Contains(r.doc.Text[r.sents[n].end:s.start], "\n"); n-- {
		nearest, _ = r.sents[n].datesNear(len(r.sents[n].Tokens)) // and the passage goes on
	}
	for _, d := range []schema.Date{nearest, named, told} {
		if !d.IsZero() {
			return d
		}
	}
	if !now.IsZero() && slices.ContainsFunc(readings, func(m gazetteer.Match) bool { return m.Entry.Kind == "historical-state" && m.Entry.Existed(now) }) {
		return now
	}
	return schema.Date{}
}

// present reports whether verb i is in the present tense or the present perfect.
func (s *sentence) present(i int) bool {
	if tag := s.Tokens[i].Tag; tag == "VBZ" || tag == "VBP" {
		return true
	}
	return slices.ContainsFunc(s.Dependents(i, "aux", "aux:pass"), func(c int) bool { t := s.Tokens[c].Tag; return t == "VBZ" || t == "VBP" })
}

// datesNear returns the date told last before token i, or else first after it, between the
// semicolons around it; and one that only belongs to the name of something, "the 1956
// declaration". They are zero where there is none.
func (s *sentence) datesNear(i int) (told, named schema.Date) {
	for _, x := range s.times {
		if x.Date.Precision < schema.PrecisionYear || slices.Contains(s.texts[min(i, x.First):min(max(i, x.Last), len(s.texts))], ";") {
			continue
		}
		switch {
		case s.Lower(x.Core-1) == "of" || x.First == x.Core && x.Last < len(s.Tokens) && s.IsNoun(x.Last):
			named = x.Date
		case told.IsZero() || x.First < i:
			told = x.Date
		}
	}
	return told, named
}

// governor returns the verb that token i hangs on, through whatever nouns, or -1.
func (s *sentence) governor(i int) int {
	for k, n := i, 0; k >= 0 && n < 8; k, n = s.Head(k), n+1 {
		if k != i && s.IsVerb(k) {
			return k
		}
	}
	return -1
}

// distance returns how far a place lies from the nearest one that the document
// has named so far or names in this sentence, in degrees along a great circle;
// 0 where nothing tells. It decides between places of one name.
func (r *reader) distance(s *sentence, e *gazetteer.Entry) float64 {
	if !e.Located {
		return 0
	}
	near := 0.0
	consider := func(o *gazetteer.Entry) {
		if o == nil || o == e || !o.Located {
			return
		}
		const rad = math.Pi / 180
		cos := math.Sin(e.Lat*rad)*math.Sin(o.Lat*rad) + math.Cos(e.Lat*rad)*math.Cos(o.Lat*rad)*math.Cos((e.Lon-o.Lon)*rad)
		if d := math.Acos(min(1, max(-1, cos))) / rad; near == 0 || d < near {
			near = d
		}
	}
	for _, known := range r.ents.order {
		consider(known.entry)
	}
	for i := range s.texts {
		if !capitalized(s.texts[i]) {
			continue
		}
		if others, n := r.x.gaz.MatchTokens(s.texts[i:]); n > 0 && len(others) == 1 {
			consider(others[0].Entry)
		}
	}
	return near
}

// properRun returns the end of the run of capitalized words that begins at i,
// or i if there is none.
func (r *reader) properRun(s *sentence, i int) int {
	if !capitalized(s.texts[i]) || s.Tokens[i].POS == "PRON" || s.Tokens[i].POS == "DET" {
		return i
	}
	if i == 0 && s.Tokens[0].POS != "PROPN" && s.Tokens[0].POS != "NOUN" && s.Tokens[0].POS != "ADJ" {
		return i
	}
	k := i + 1
	for k < len(s.Tokens) && s.timeAt[k] < 0 {
		w := s.texts[k]
		switch {
		case capitalized(w) && s.Tokens[k].POS != "PRON":
			k++
			continue
		case s.Tokens[k].Start == s.Tokens[k-1].End && strings.ContainsAny(w, "'’") && !isPossessive(w) && w != "n't" && w != "n’t":
			k++ // "Ren'ai", cut in two
			continue
		case isHyphenWord(w) && k >= i+2 && r.givenName(s, i, k):
			k += 2
			continue
		case (w == "-" || w == "'" || w == "’" || w == "/" || w == "–") && k+1 < len(s.Tokens) && capitalized(s.texts[k+1]) &&
			s.Tokens[k].Start == s.Tokens[k-1].End && s.Tokens[k+1].Start == s.Tokens[k].End:
			k += 2
			continue
		case connective[w] && k+2 < len(s.Tokens) && isHyphenWord(s.texts[k+1]) && s.Tokens[k+1].Start == s.Tokens[k].End && capitalized(s.texts[k+2]):
			k += 3 // "al-Bashir"
			continue
		case connective[w] && k+1 < len(s.Tokens) && capitalized(s.texts[k+1]):
			k += 2
			continue
		case connective[w] && k+2 < len(s.Tokens) && connective[s.texts[k+1]] && capitalized(s.texts[k+2]):
			k += 3 // "von der Leyen"
			continue
		}
		break
	}
	return k
}

// givenName reports whether the hyphen at token k joins the parts of a Korean
// or Chinese given name after the family name at i: "Lee Myung-bak".
func (r *reader) givenName(s *sentence, i, k int) bool {
	if k+1 >= len(s.Tokens) || s.Tokens[k].Start != s.Tokens[k-1].End || s.Tokens[k+1].Start != s.Tokens[k].End {
		return false
	}
	w := s.texts[k+1]
	if len(w) > 5 || w != strings.ToLower(w) || participle(s, k+1) || w == "born" || w == "based" || w == "style" || w == "era" || w == "wide" {
		return false
	}
	_, known := r.x.gaz.MatchTokens(s.texts[i:k])
	return known < k-i // "Hong Kong-wide"
}

// arabicArticle reports whether the article of an Arabic name stands at token
// i, cut off from it: "al", "-", "Fashaga".
func arabicArticle(s *sentence, i int) bool {
	return connective[s.texts[i]] && i+2 < len(s.Tokens) && isHyphenWord(s.texts[i+1]) && s.Tokens[i+1].Start == s.Tokens[i].End && capitalized(s.texts[i+2])
}

// connective joins the words of names in the languages that maps borrow from.
var connective = map[string]bool{"de": true, "del": true, "da": true, "do": true, "dos": true, "du": true, "des": true, "la": true,
	"le": true, "al": true, "el": true, "ad": true, "den": true, "der": true, "di": true, "van": true, "von": true, "y": true, "e": true, "bin": true, "ibn": true}

// placeName reads names that their own words mark as places: "Hans Island",
// "Uzengi-Kush area", "Isla Conejo", "Gulf of Fonseca". known is the length of
// the gazetteer's name at i.
func (r *reader) placeName(s *sentence, i, run, known int) *mention {
	w := s.Lower(i)
	if run == i || r.isStatus(s, i, run) {
		return nil
	}
	if k := run - 2; k >= i && s.Lower(run-1) == "group" && workingGroup[s.Lower(k)] {
		return nil // "Joint Liaison Group"
	}
	in := r.x.rules.In
	// "Isla Conejo", "Gulf of Fonseca"
	if in("name_prefix", w) && capitalized(s.texts[i]) {
		last := run
		if k := i + 1; last == k && k+1 < len(s.Tokens) && s.Lower(k) == "of" {
			k++
			if s.Lower(k) == "the" {
				k++
			}
			if k < len(s.Tokens) && capitalized(s.texts[k]) {
				last = r.properRun(s, k)
			}
		}
		if last > i+1 && last > i+known && !in("organization_noun", s.Lemma(last-1)) && !in("instrument_noun", s.Lemma(last-1)) {
			return r.territoryMention(s, i, last)
		}
		return nil
	}
	last := run
	if last < len(s.Tokens) && in("name_noun", s.Lower(last)) && !(s.Lower(last) == "pass" && s.Lower(last+1) == "to") && !isHyphenated(s, last) && !(last+1 < len(s.Tokens) && in("boundary_noun", s.Lower(last+1))) {
		last++ // "Limbang corridor", but "the China-Vietnam land boundary" is no land
	} else if !in("name_noun", s.Lower(last-1)) || last-i < 2 {
		return nil
	}
	first := i
	// "Japanese Senkaku Islands": the adjective is not part of the name
	for first < last-2 {
		readings, n := r.x.gaz.MatchTokens(s.texts[first:last])
		if n == 0 || first+n >= last-1 || readings[0].Usage == gazetteer.AsName {
			break
		}
		first += n
	}
	if first > i || known > 0 && i+known >= last {
		return nil // the adjective or the known name comes first
	}
	// one known name and a common noun: "Sabah state", "Russia's territory"
	if known > 0 && i+known == last-1 {
		readings, _ := r.x.gaz.MatchTokens(s.texts[i:])
		if readings[0].Entry.Class != schema.Territory && readings[0].Entry.Class != schema.Place {
			return nil
		}
		if water := isWater(&entity{entry: readings[0].Entry}); water && !in("water_noun", s.Lower(last-1)) || readings[0].Entry.Class == schema.Place && s.Lower(last-1) != "region" && !capitalized(s.texts[last-1]) {
			return nil // "the Black Sea peninsula" is no sea
		}
		return &mention{first: i, last: last, ent: r.ents.known(readings[0].Entry), usage: gazetteer.AsName}
	}
	return r.territoryMention(s, first, last)
}

// workingGroup holds the words before "Group" in the names of bodies, not of islands.
var workingGroup = map[string]bool{"liaison": true, "working": true, "contact": true, "minsk": true, "joint": true, "study": true, "expert": true, "observer": true, "monitoring": true}

// isStatus reports whether the words [i, run) only tell what a territory is under
// some law: "a UK Overseas Territory", "an Exclusive Economic Zone".
func (r *reader) isStatus(s *sentence, i, run int) bool {
	if run-i < 2 {
		return false
	}
	switch s.Lower(run-2) + " " + s.Lower(run-1) {
	case "overseas territory", "overseas territories", "dependent territory", "economic zone", "administrative region":
	default:
		return false
	}
	for k := i; k < run-2; k++ {
		switch s.Lower(k) {
		case "exclusive", "special", "crown":
			continue
		}
		if readings, n := r.x.gaz.MatchTokens(s.texts[k : k+1]); n == 0 || readings[0].Entry.Class != schema.State {
			return false
		}
	}
	return true
}

// isHyphenated reports whether token i continues a hyphenated word.
func isHyphenated(s *sentence, i int) bool {
	return i+1 < len(s.Tokens) && s.texts[i+1] == "-" && s.Tokens[i].End == s.Tokens[i+1].Start
}

func (r *reader) territoryMention(s *sentence, first, last int) *mention {
	name := s.text(r, first, last)
	if entries := r.x.gaz.Lookup(name); len(entries) > 0 {
		return &mention{first: first, last: last, ent: r.ents.known(entries[0]), usage: gazetteer.AsName}
	}
	if outer, rest, ok := strings.Cut(name, " ("); ok {
		// "Hoang Sa (Paracel) Islands": one that is known by either name
		inner, noun, _ := strings.Cut(rest, ")")
		for _, n := range []string{outer + noun, inner + noun} {
			if entries := r.x.gaz.Lookup(n); len(entries) > 0 && entries[0].Class == schema.Territory {
				e := r.ents.known(entries[0])
				e.addName(name)
				return &mention{first: first, last: last, ent: e, usage: gazetteer.AsName}
			}
		}
	}
	if entry := r.misspelt(name); entry != nil && entry.Place() && !r.settlement(s, first) {
		e := r.ents.known(entry)
		e.addName(name)
		return &mention{first: first, last: last, ent: e, usage: gazetteer.AsName}
	}
	e := r.ents.described(schema.Territory, name, s.Lower(last-1))
	e.named = true
	return &mention{first: first, last: last, ent: e, usage: gazetteer.AsName}
}

// longName classifies a run of capitalized words that the gazetteer does not
// know as a whole.
func (r *reader) longName(s *sentence, i, run, known int, readings []gazetteer.Match) *mention {
	in := r.x.rules.In
	last := s.Lemma(run - 1)
	lower := s.Lower(run - 1)
	if in("instrument_noun", lower) || in("ruling_noun", lower) || in("boundary_noun", lower) || in("instrument_noun", s.Lower(i)) && s.Lower(i) != "bill" {
		return nil // read as a phrase, with year, parties and topic
	}
	if office, n := r.x.gaz.MatchOffice(s.texts[i:run]); office != nil && n > 0 && (run-i == n || office.Title() || r.titleBefore(s, i) < 0) {
		return nil // a title is read with the person that bears it, but "Minister Amir Khan Muttaqi" is no emir
	}
	if r.deed != nil && (lower == "parties" || lower == "party" || lower == "governments") && (run-i == 1 || strings.EqualFold(s.texts[run-2], "Contracting")) {
		return nil // of the treaty that is being read
	}
	for k := i; k < run-1; k++ {
		if in("office_noun", s.Lower(k)) {
			return nil // so is "National Security Adviser"
		}
	}
	if run-i >= 2 && (in("court_noun", last) || in("organization_noun", last)) {
		class := schema.Organization
		if first := s.Lower(i); last == "court" || last == "tribunal" || last == "commission" && first != "joint" && first != "mixed" {
			class = schema.Court
		}
		if entries := r.x.gaz.Lookup(s.text(r, i, run)); len(entries) > 0 {
			return &mention{first: i, last: run, ent: r.ents.known(entries[0]), usage: gazetteer.AsName}
		}
		if armed := in("government_noun", last); armed && known > 0 && readings[0].Entry.Class == schema.State || last == "assembly" && run == i+2 && s.Lower(i) != "general" {
			return nil // "Guyana Defence Force", "the National Assembly": they act for their state
		}
		e := r.ents.described(class, s.text(r, i, run), last)
		e.named = true
		return &mention{first: i, last: run, ent: e, usage: gazetteer.AsName}
	}
	if known > 0 {
		return nil
	}
	if in("government_noun", last) || (in("person_title", lower) || in("court_noun", lower) || in("judge_noun", lower)) && run-i == 1 || in("territory_noun", lower) && run-i == 1 {
		return nil
	}
	if s.Tokens[i].POS != "PROPN" && !(run-i >= 2 && i >= 2 && s.texts[i-1] == "," && r.titleBefore(s, i-1) >= 0) {
		return nil
	}
	if i == 0 && run == 1 && s.index >= 0 && !r.elsewhere(s.texts[0]) {
		return nil // any word may begin a sentence with a capital
	}
	name := s.text(r, i, run)
	if run == i+1 && i > 0 && s.Lower(i-1) == "the" && (name == "North" || name == "South") {
		// "the North" of two Koreas, Vietnams or Sudans
		if e := r.lastOf(func(e *entity) bool { return e.class == schema.State && strings.HasPrefix(e.name, name+" ") }); e != nil {
			return &mention{first: i, last: run, ent: e, usage: gazetteer.AsName}
		}
	}
	if p := r.personOf(s, i, run); p != nil {
		return &mention{first: i, last: run, ent: p, usage: gazetteer.AsName}
	}
	if entry := r.misspelt(name); entry != nil && !r.settlement(s, i) {
		return &mention{first: i, last: run, ent: r.ents.known(entry), usage: gazetteer.AsName}
	}
	class := schema.Thing
	if run == i+1 && i > 0 && in("organization_noun", s.Lower(i-1)) && isUpperAbbreviation(name) {
		class = schema.Organization // "the Kanak liberation front FLNKS"
	}
	e := r.ents.described(class, name, "")
	e.named = true
	return &mention{first: i, last: run, ent: e, usage: gazetteer.AsName}
}

// settlement reports whether the name at token i is that of a village or town,
// which are too many for a name one letter off to be a slip.
func (r *reader) settlement(s *sentence, i int) bool {
	if i < 2 || s.Lower(i-1) != "of" {
		return false
	}
	switch s.Lemma(i - 2) {
	case "village", "town", "hamlet", "settlement", "district":
		return true
	}
	return false
}

// elsewhere reports whether the document has the word, so capitalized, also
// within a sentence: after a small letter or a comma and a space.
func (r *reader) elsewhere(word string) bool {
	for at := 0; ; {
		k := strings.Index(r.doc.Text[at:], word)
		if k < 0 {
			return false
		}
		k += at
		if k >= 2 && r.doc.Text[k-1] == ' ' {
			if c := r.doc.Text[k-2]; c >= 'a' && c <= 'z' || c == ',' {
				return true
			}
		}
		at = k + len(word)
	}
}

// misspelt returns the entry whose name is one edit away from a name of at
// least six letters, if there is exactly one.
func (r *reader) misspelt(name string) *gazetteer.Entry {
	if utf8.RuneCountInString(name) < 6 || strings.ContainsRune(name, '.') {
		return nil
	}
	return r.x.near(schema.Fold(name))
}

// findLists joins names that stand in one enumeration: "A, B, and C". Trees
// often break long lists; commas and a conjunction do not lie.
func (r *reader) findLists(s *sentence) {
	for k := 0; k < len(s.mentions); {
		list := []int{k}
		joined, hyphen := false, false
		for n := k + 1; n < len(s.mentions); n++ {
			prev, next := s.mentions[list[len(list)-1]], s.mentions[n]
			if s.inParentheses(next.first) && !s.inParentheses(prev.first) {
				continue
			}
			if next.last < len(s.Tokens) && r.x.rules.In("technical", s.Lower(next.last)) && sideOf(next) == 2 {
				break // "Snake Island and Black Sea maritime boundary": it modifies the noun
			}
			if sideOf(prev) == 3 && sideOf(next) != 3 && n+1 < len(s.mentions) && s.mentions[n+1].ent.class == schema.Person && r.titleBefore(s, s.mentions[n+1].first) >= 0 {
				// "Serbia's President A and Kosovo's Prime Minister B", "ministers A of Serbia and B of Kosovo"
				join, and := r.joiner(s, prev.last, next.first)
				if s.Lower(prev.last) == "of" && prev.last+1 == next.first {
					join, and = r.joiner(s, next.last, s.mentions[n+1].first)
				}
				if join && and {
					joined = true
					list = append(list, n+1)
					break
				}
			}
			if a, b := sideOf(prev), sideOf(next); a == 0 || b == 0 || a != b && !(a+b == 6 && a != 3) {
				break // what is not known yet may be a place
			}
			if hyphenJoined(s, prev.last, next.first) && sideOf(prev) == 1 {
				hyphen, joined = true, true
				list = append(list, n)
				continue
			}
			from, to := prev.last, next.first
			if from < len(s.Tokens) && isPossessive(s.texts[from]) && next.last < len(s.Tokens) && isPossessive(s.texts[next.last]) {
				from++ // "France's and Madagascar's claims"
			}
			if sideOf(next) == 3 {
				if first := r.titleBefore(s, to); first > prev.last {
					to = first
				}
			}
			if sideOf(next) == 2 && len(list) >= 1 && r.x.rules.In("technical", s.Lower(next.last)) && r.x.rules.In("boundary_noun", s.Lower(next.last+1)) {
				break // "Snake Island and Black Sea maritime boundary"
			}
			join, and := r.joiner(s, from, to)
			if join && and && len(list) == 1 && s.texts[from] == "," && r.beginsClause(s, next.last) && hasVerb(s, 0, prev.first, nil) {
				break // "awarded the islands to Yemen, and Eritrea withdrew"
			}
			if !join || hyphen || joined && !and && slices.ContainsFunc(list, func(n int) bool { return s.mentions[n].ent == next.ent }) {
				break // "signed by Spain and Morocco, Spain agreed": a new clause
			}
			if owned := next.last + 1; sideOf(next) == 1 && and && owned < len(s.Tokens) && isPossessive(s.texts[next.last]) && s.mentionAt(owned) != nil && s.mentionAt(owned).ent.class.Is(schema.Place) && !isPossessive(s.texts[prev.last]) && s.Tokens[prev.last].POS != "CCONJ" {
				break // "the coasts of Vietnam and of China's Hainan"
			}
			joined = joined || and || sideOf(next) == 2 && next.ent.entry != nil && strings.Contains(next.ent.name, " and ") // "the Falklands, South Georgia and the South Sandwich Islands"
			list = append(list, n)
		}
		if end := s.mentions[list[len(list)-1]].last; len(list) > 1 && !joined && sideOf(s.mentions[k]) == 1 && s.Tokens[max(s.mentions[k].first-1, 0)].POS == "ADP" &&
			(end == len(s.Tokens) || s.texts[end] == ";" || s.texts[end] == "." && end+1 == len(s.Tokens)) {
			joined = true // "negotiations continue with the Philippines, Indonesia"
		}
		if len(list) > 1 && joined {
			s.hyphenated[len(s.lists)] = hyphen
			for _, n := range list {
				s.mentions[n].list = len(s.lists)
			}
			s.lists = append(s.lists, list)
			r.takeKind(s, s.mentions[list[len(list)-1]])
			r.shareKind(s, list)
		}
		k++
		for k < len(s.mentions) && (s.mentions[k].list >= 0 || slices.Contains(list, k)) {
			k++
		}
	}
}

// foldBodies marks the words by which a state is named through its government or
// sovereign, so that only the state is left to be parsed: "the Ministry of Foreign
// Affairs of Greece", "Her Majesty the Queen of Denmark".
func (r *reader) foldBodies(s *sentence) {
	s.folded = make([]bool, len(s.Tokens))
	for _, m := range s.mentions {
		if m.ent.class != schema.State || m.usage != gazetteer.AsName || m.first < 2 {
			continue
		}
		k := m.first - 1
		for k > 0 && (s.Lower(k) == "the" || s.Lower(k) == "all") {
			k--
		}
		if s.Lower(k) != "of" {
			continue
		}
		first := -1
		for n := k - 1; n >= 0 && n >= k-6 && (s.mentionAt(n) == nil || s.mentionAt(n).ent.class == schema.Thing); n-- {
			w := s.Lower(n)
			if bodyNoun[w] && (capitalized(s.texts[n]) || w == "government") {
				first = n
				break
			}
			if w == "king" || w == "queen" || w == "emperor" || w == "empress" || w == "tsar" || w == "sultan" || w == "shah" {
				for first = n; first > 0 && n-first < 5 && s.Lower(first) != "his" && s.Lower(first) != "her"; {
					first--
				}
				if w := s.Lower(first); w != "his" && w != "her" {
					first = -1
				}
				break
			}
			if w != "of" && w != "and" && w != "for" && !capitalized(s.texts[n]) {
				break
			}
		}
		if first < 0 || first+1 < len(s.Tokens) && isPossessive(s.texts[first+1]) {
			continue
		}
		if first > 0 && s.Lower(first-1) == "the" {
			first--
		}
		for n := first; n < m.first; n++ {
			s.folded[n] = true
		}
	}
}

// bodyNoun holds the bodies that speak for a state when its name follows.
var bodyNoun = map[string]bool{"government": true, "ministry": true, "department": true}

// beginsClause reports whether a finite verb stands at token i, adverbs apart.
func (r *reader) beginsClause(s *sentence, i int) bool {
	for i < len(s.Tokens) && s.Tokens[i].POS == "ADV" {
		i++
	}
	return i < len(s.Tokens) && s.mentionAt(i) == nil && hasVerb(s, i, i+1, nil)
}

// takeKind has the last name of a list take the common noun after it that tells
// what all of them are: "the Abkhazia and South Ossetia regions".
func (r *reader) takeKind(s *sentence, m *mention) {
	if i := m.last; i < len(s.Tokens) && sideOf(m) == 2 && s.Tokens[i].Tag == "NNS" && s.mentionAt(i) == nil && r.x.rules.In("name_noun", s.Lemma(i)) {
		s.at[i] = s.at[m.first]
		m.last++
	}
}

// shareKind has the names of a list share the plural after the last of them: "the
// Mindanao and Celebes Seas" are two seas, and no islands.
func (r *reader) shareKind(s *sentence, list []int) {
	last := s.mentions[list[len(list)-1]]
	i := last.last
	if i >= len(s.Tokens) || !capitalized(s.texts[i]) || i+1 < len(s.Tokens) && capitalized(s.texts[i+1]) {
		return
	}
	var kind string
	switch s.Lower(i) {
	case "seas", "straits", "rivers", "lakes", "gulfs", "bays", "channels":
		kind = strings.TrimSuffix(s.texts[i], "s")
	default:
		return
	}
	for _, n := range list {
		if sideOf(s.mentions[n]) != 2 && s.mentions[n].ent.class != schema.Thing {
			return
		}
	}
	for _, n := range list {
		m := s.mentions[n]
		name := s.text(r, m.first, m.last) + " " + kind
		if known := r.x.gaz.Lookup(name); len(known) > 0 {
			m.ent = r.ents.known(known[0])
			continue
		}
		m.ent = r.ents.described(schema.Territory, name, strings.ToLower(kind))
		m.ent.named = true
	}
	s.at[i] = s.at[last.first]
	last.last++
}

// inParentheses reports whether token i stands between parentheses.
func (s *sentence) inParentheses(i int) bool {
	return slices.ContainsFunc(parentheses(s), func(p parenthesis) bool { return p.first <= i && i < p.last })
}

// sideOf tells what may stand in one list: 1 for what acts, 2 for places.
func sideOf(m *mention) int {
	switch {
	case m.usage == gazetteer.AsAdjective:
		return 0
	case m.ent.class == schema.State || m.ent.class == schema.Organization || m.ent.class == schema.Court:
		return 1
	case m.ent.class.Is(schema.Place):
		return 2
	case m.ent.class == schema.Person:
		return 3
	case m.ent.class == schema.Thing:
		return 4 // nobody knows yet
	}
	return 0
}

// hyphenJoined reports whether only a hyphen or slash stands between two names.
func hyphenJoined(s *sentence, from, to int) bool {
	return to == from+1 && (isHyphenWord(s.texts[from]) || s.texts[from] == "/") && s.Tokens[from].Start == s.Tokens[from-1].End
}

// joiner reports whether only a comma, a conjunction, articles and the like
// stand between two tokens, and whether a conjunction does.
func (r *reader) joiner(s *sentence, from, to int) (join, and bool) {
	if from >= to {
		return false, false
	}
	depth, words := 0, 0
	for i := from; i < to; i++ {
		if i < len(s.folded) && s.folded[i] {
			continue
		}
		switch s.texts[i] {
		case "(":
			depth++
			continue
		case ")":
			depth--
			continue
		}
		if depth > 0 {
			continue
		}
		if words++; words > 5 {
			return false, false
		}
		switch s.Lower(i) {
		case ",", "the", "of", "island", "islands", "both", "possibly", "perhaps":
		case "offshore", "uninhabited", "nearby", "adjacent", "smaller", "tiny", "small", "adjoining", "neighboring", "neighbouring":
		case "and", "or", "&", "nor", "plus":
			and = true
		case "as", "well":
			if s.Lower(i) == "well" {
				and = true
			}
		case "along", "together":
			if s.Lower(i+1) != "with" {
				return false, false
			}
		case "with":
			if w := s.Lower(i - 1); w != "along" && w != "together" {
				return false, false
			}
			and = true
		default:
			if and && isNumber(s.texts[i]) && i+1 < to {
				continue // "Walvis Bay and the 12 offshore Penguin Islands"
			}
			return false, false
		}
	}
	return depth == 0, and
}

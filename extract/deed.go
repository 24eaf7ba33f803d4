package extract

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/demarcgraph/demarc/schema"
)

// A deed is a document that is itself an instrument: the text of a treaty or a
// summary of it, article by article. What it says its parties do, they do under
// it, and "the present Convention" is the document.

var (
	// deedMark is what only the text of an instrument has.
	deedMark = lazy(`(?m)^\W*(?i:article|art\.) (?i:[ivxlc]+|[0-9]+|first|one|the first)\b|(?i)\b(?:contracting part(?:y|ies)|have agreed (?:as follows|upon|to the following)|in witness whereof|plenipotentiaries)\b|(?m)^(?:Signed|Done|Concluded) (?:at|in) `)
	// deedSummary says in a title that what follows is a summary of an instrument.
	deedSummary = lazy(`(?i)\((?:summary|outline|extracts?|excerpts?|abridged|text)[^)]*\)|\bin brief$|\bin outline$`)
	// deedAside is what a title says beside the instrument's name.
	deedAside = lazy(`(?i)\s*\([^)]*\)|,?\s+in (?:brief|outline)$|^(?:the|summary of the|text of the|extracts? from the)\s+|,? (?:of |signed (?:at|in) .*)?(?:\d{1,2} )?(?:\w+ )?\b1[0-9]{3}$|,? (?:of |signed (?:at|in) .*)?(?:\d{1,2} )?(?:\w+ )?\b20[0-9]{2}$`)
	// deedSigned finds where and when an instrument was signed.
	deedSigned = lazy(`(?i:signed|done|concluded)(?: (?:at|in)(?: the city of)? ((?:[A-Z][\pL'-]+ ?){1,3}))?,?[^.;]{0,120}?(?:(\d{1,2})(?:st|nd|rd|th)?(?: day)?(?: of)? (January|February|March|April|May|June|July|August|September|October|November|December),? (?:of )?(\d{4})|(January|February|March|April|May|June|July|August|September|October|November|December) (\d{1,2}), (\d{4}))`)
	// deedPreamble is how the parties of a treaty introduce themselves.
	deedPreamble = lazy(`(?i)\b(?:desiring|desirous|animated|being resolved|have resolved|have decided|wishing|agree|on the one part|of the one part)\b`)
	deedYear     = lazy(`\b1[4-9][0-9]{2}\b|\b20[0-9]{2}\b`)
)

// lazy compiles an expression when it is first needed.
func lazy(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// findDeed makes an entity of the instrument that the document is, where it is one.
func (r *reader) findDeed() {
	text := r.doc.Text[r.doc.Body:]
	opening, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	for _, title := range []string{r.doc.Title, opening} {
		if len(title) > 240 || !deedMark().MatchString(text) && !deedSummary().MatchString(title) {
			continue
		}
		name := strings.Trim(deedAside().ReplaceAllString(strings.TrimSpace(title), ""), " .,:")
		head, short := r.deedHead(name)
		if head == "" {
			continue
		}
		e := r.ents.described(schema.Instrument, name, "", short, title)
		e.named, e.head, e.date = true, head, r.doc.Date
		if y := deedYear().FindString(title); y != "" {
			e.date = schema.Year(atoi(y))
		}
		e.parties = r.deedParties(title, text)
		if m := deedSigned().FindStringSubmatch(text); m != nil {
			day, month, year := m[2], m[3], m[4]
			if year == "" {
				day, month, year = m[6], m[5], m[7]
			}
			e.date = schema.Day(atoi(year), slices.Index(monthNames[:], titleCase(month))+1, atoi(day))
			if place := strings.TrimSpace(m[1]); place != "" {
				kind := titleCase(head)
				e.addName(kind+" of "+place, place+" "+kind)
			}
		}
		names := []string{name, short, head}
		if len(e.parties) == 2 {
			pair := e.parties[0].name + "-" + e.parties[1].name + " " + head
			names = append(names, pair, e.parties[1].name+"-"+e.parties[0].name+" "+head)
		}
		for _, n := range names {
			e.addName(n)
			if !e.date.IsZero() {
				y := schema.Year(e.date.Year).String()
				e.addName(y+" "+n, n+" of "+y)
			}
		}
		r.deed, r.titled = e, title == opening
		r.touch(e)
		if len(r.parties) == 0 && len(e.parties) == 2 {
			r.parties = e.parties
		}
		return
	}
}

func atoi(digits string) int {
	n := 0
	for _, c := range digits {
		n = n*10 + int(c-'0')
	}
	return n
}

func titleCase(w string) string {
	if w == "" {
		return ""
	}
	return strings.ToUpper(w[:1]) + strings.ToLower(w[1:])
}

// deedHead returns the noun that says what kind of instrument a title names, in
// lower case, and the title up to whom or what it is between; "" where it names
// none.
func (r *reader) deedHead(title string) (head, short string) {
	words := strings.Fields(title)
	for i, w := range words {
		bare := strings.ToLower(strings.Trim(w, ".,:;"))
		switch bare {
		case "between", "concerning", "respecting", "regarding", "with", "on", "for", "relating", "relative":
			if head != "" {
				return head, strings.Trim(strings.Join(words[:i], " "), " ,")
			}
		}
		if capitalized(w) && (r.x.rules.In("treaty_noun", bare) || bare == "convention" || bare == "treaties") {
			head, short = strings.TrimSuffix(bare, "ies"), title
			if head != bare {
				head += "y"
			}
		}
	}
	return head, short
}

// deedParties returns the states whose instrument it is: those that its title
// puts it between or with, or else those of its preamble. Where the text says by
// whom it was signed, the rules will find them.
func (r *reader) deedParties(title, text string) []*entity {
	preamble := text
	if k := deedMark().FindStringIndex(text); k != nil {
		preamble = text[:k[0]]
	}
	if len(preamble) > 900 {
		preamble = preamble[:900]
	}
	clause := func(in, word string) []*entity {
		k := strings.Index(strings.ToLower(in), word)
		if k < 0 {
			return nil
		}
		in = in[k:]
		if k := strings.IndexAny(in, ".;\n("); k > 0 {
			in = in[:k]
		}
		return r.statesIn(in)
	}
	if es := clause(title, "between "); len(es) >= 2 {
		return es
	}
	if es := r.statesIn(title); len(es) >= 2 {
		return es
	}
	if es := clause(title, "with "); len(es) > 0 {
		return es
	}
	if opening, _, _ := strings.Cut(strings.TrimSpace(preamble), "\n"); opening == strings.ToUpper(opening) {
		if es := r.statesIn(opening); len(es) >= 2 {
			return es // the title of the deed itself, above the extract
		}
	}
	if es := clause(preamble, "between "); len(es) >= 2 {
		return es
	}
	if deedPreamble().MatchString(preamble) {
		return r.statesIn(preamble)
	}
	return nil
}

// statesIn returns the states that a text names, each once.
func (r *reader) statesIn(text string) []*entity {
	words := strings.FieldsFunc(text, func(c rune) bool {
		return c == ' ' || c == ',' || c == '\n' || c == ';' || c == '.' || c == '(' || c == ')' || c == '-'
	})
	var out []*entity
	for i := 0; i < len(words); i++ {
		if !capitalized(words[i]) {
			continue
		}
		readings, n := r.x.gaz.MatchTokens(words[i:])
		if n == 0 || readings[0].Entry.Class != schema.State {
			continue
		}
		if e := r.ents.known(readings[0].Entry); !slices.Contains(out, e) {
			out = append(out, e)
		}
		i += n - 1
	}
	return out
}

// signDeed states who is party to the instrument that the document is.
func (r *reader) signDeed() {
	e := r.deed
	if e == nil || len(r.sents) == 0 {
		return
	}
	at := r.sents[0]
	f := schema.Fact{Predicate: schema.PartyTo, Rule: "deed.parties", Confidence: 0.9, Time: schema.Time{Date: e.date}}
	body := r.doc.Text[r.doc.Body:]
	if m := deedSigned().FindStringIndex(body); m != nil || deedMark().MatchString(body) {
		f.Qualifiers = []schema.Qualifier{{Role: schema.RoleAct, Value: schema.Lit("signed")}}
		for _, s := range r.sents {
			if m != nil && s.start <= r.doc.Body+m[0] {
				at = s
			}
		}
	}
	for _, p := range e.parties {
		r.emit(at, f, p.value(), e.value())
	}
	f.Rule, f.Confidence = "deed.binds", 0.8
	for _, p := range r.bound {
		if !slices.Contains(e.parties, p) {
			r.emit(at, f, p.value(), e.value())
		}
	}
}

// isDeed reports whether the noun i, with what stands around it, is the
// document itself: "the present Treaty", "this Convention", "the Treaty".
func (r *reader) isDeed(s *sentence, i int, name string, described bool) bool {
	e := r.deed
	if e == nil {
		return false
	}
	if r.titled && s.index == 0 && e.head == s.Lower(i) && !slices.ContainsFunc(s.texts[:i], func(w string) bool { return strings.EqualFold(w, e.head) }) {
		return true // in the title above the text
	}
	folded := schema.Fold(name)
	if described && (folded == schema.Fold(e.name) || slices.ContainsFunc(e.aliases, func(a string) bool { return schema.Fold(a) == folded })) {
		return true
	}
	if described && strings.HasPrefix(schema.Fold(e.name), folded+" ") && strings.Contains(folded, " ") {
		return true
	}
	if !sameKind(e.head, s.Lemma(i)) || len(s.Role(i, "between")) > 0 || len(s.Role(i, "with")) > 0 || len(s.Role(i, "on")) > 0 || slices.ContainsFunc(s.Role(i, "of"), func(c int) bool { return s.timeAt[c] >= 0 }) {
		return false // "as established by the convention between Russia and Britain, of 1825"
	}
	for _, c := range s.Children(i) {
		switch s.Lower(c) {
		case "this", "present", "foregoing":
			return true
		}
	}
	return !described && e.head == s.Lower(i) && r.definite(s, i)
}

// provides reads what the deed itself settles in a clause: the boundaries and
// places that its articles dispose of.
func (r *reader) provides(s *sentence) {
	if r.deed == nil {
		return
	}
	covers := func(es []*entity) {
		for _, t := range es {
			if !slices.Contains(r.deed.topics, t) {
				r.deed.topics = append(r.deed.topics, t)
				r.emit(s, schema.Fact{Predicate: schema.Covers, Rule: "deed.provides", Confidence: 0.75}, r.deed.value(), t.value())
			}
		}
	}
	for i := range s.Tokens {
		rel := s.Rel(i)
		if rel != "nsubj" && rel != "nsubj:pass" && rel != "obj" {
			continue
		}
		verb := s.Head(i)
		if verb < 0 || !r.operative(s, verb) {
			continue
		}
		if r.x.rules.In("boundary_noun", s.Lower(i)) || s.Lower(i) == "line" && r.x.rules.In("boundary_noun", s.Lower(i-1)) {
			covers(r.boundaries(s, i))
			continue
		}
		m := s.mentionAt(i)
		switch {
		case m != nil && m.ent.class == schema.Territory && !isWater(m.ent):
			covers(r.resolve(s, i, []schema.Class{schema.Territory}))
		case m == nil && r.isLand(s.Sentence, i) && len(s.Role(i, "of")) > 0:
			covers(slices.DeleteFunc(r.resolve(s, i, []schema.Class{schema.Territory}), func(e *entity) bool { return !e.named || isWater(e) }))
		case m != nil && m.ent.class == schema.State && rel == "nsubj" && !s.Passive(verb) && r.x.rules.In("treaty_deed", s.Lemma(verb)):
			// "Turkey renounces all title": whoever binds himself is party to it
			if m.list < 0 && r.country == nil && !slices.Contains(r.bound, m.ent) {
				r.bound = append(r.bound, m.ent)
			}
		}
	}
}

// operative reports whether verb i lays something down: "shall be", "cedes", "is
// ceded". What happened before the treaty is told in the past.
func (r *reader) operative(s *sentence, i int) bool {
	aux := s.Auxiliaries(i)
	if slices.Contains(aux, "shall") || slices.Contains(aux, "will") {
		return true
	}
	switch s.Tokens[i].Tag {
	case "VBZ", "VBP", "VB":
		return true
	case "VBN":
		return slices.Contains(aux, "is") || slices.Contains(aux, "are")
	}
	return false
}

// byDeed adds to a fact of the deed's articles that it is so under the deed.
func (r *reader) byDeed(f *schema.Fact, object schema.Entity, covers func(schema.Entity)) {
	e := r.deed
	if e == nil || f.Negated || !f.AttributedTo.IsZero() || f.Object.ID == e.key || f.Subject.ID == e.key {
		return
	}
	if d := f.Time.Date; !d.IsZero() && !e.date.IsZero() && d.Year < e.date.Year {
		return // what went before
	}
	switch f.Predicate {
	case schema.TransferredTo:
		if !hasRole(f, schema.RoleUnder) {
			f.Qualifiers = schema.SortQualifiers(append(f.Qualifiers, schema.Qualifier{Role: schema.RoleUnder, Value: e.value()}))
		}
	case schema.Claims:
		if f.Qualifier(schema.RoleStatus).Name == "dropped" {
			covers(object)
		}
	case schema.Recognizes:
		if object.Class.Is(schema.Territory) {
			covers(object)
		}
	}
}

// contracting returns the parties of the deed where noun i stands for them: "the
// High Contracting Parties", "both Governments".
func (r *reader) contracting(s *sentence, i int) []*entity {
	if r.deed == nil || len(r.deed.parties) < 2 {
		return nil
	}
	switch lower := s.Lower(i); lower {
	case "parties", "governments", "states", "party", "sides", "countries", "nations", "powers", "republics", "signatories":
		described := false
		for _, c := range s.Dependents(i, "amod", "compound", "nummod") {
			switch s.Lower(c) {
			case "contracting":
				return r.deed.parties
			case "high", "two", "signatory", "respective", "both":
			default:
				described = true
			}
		}
		if described || !isPlural(s, i) || !r.definite(s, i) || len(s.Role(i, "of")) > 0 || len(s.Dependents(i, "acl")) > 0 {
			return nil
		}
		return r.deed.parties
	}
	return nil
}

// Package extract reads facts out of documents.
//
// A document goes through nlp (sentences, tags, trees), mentions (names from
// the gazetteer and from their own wording, dates), rules over the grammar of
// each sentence, and the resolution of pronouns, descriptions and metonyms to
// entities. Rules, word lists and names are data; see package rule.
package extract

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/extract/frame"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/extract/rule"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/schema"
)

// Extractor turns documents into facts. It is safe for concurrent use.
type Extractor struct {
	gaz   *gazetteer.Gazetteer
	rules *rule.Set
	parse func(ctx context.Context, text string) (*nlp.Doc, error)
	// annotate tags and parses words that are already cut. It is there once
	// parse has been called.
	annotate func(words []string) nlp.Sentence
	near     func(folded string) *gazetteer.Entry
	verb     func(participle string) string // its lemma
	trace    rule.Trace
	version  func() string
}

// Option changes how an extractor is made.
type Option func(*settings)

type settings struct {
	fsys  fs.FS
	trace rule.Trace
}

// WithData reads gazetteer, lexicon, rules and models from fsys instead of the
// data that ships with demarc.
func WithData(fsys fs.FS) Option { return func(s *settings) { s.fsys = fsys } }

// WithTrace has every rule tried reported to t.
func WithTrace(t rule.Trace) Option { return func(s *settings) { s.trace = t } }

// New returns an extractor. It reads gazetteer and rules at once; the parser's
// model is read when the first document is. It fails where the data is at
// fault, naming the file.
func New(opts ...Option) (*Extractor, error) {
	set := settings{}
	for _, o := range opts {
		o(&set)
	}
	x := &Extractor{trace: set.trace}
	var err error
	if set.fsys == nil {
		set.fsys = data.FS
		x.gaz, err = gazetteer.Default()
	} else {
		x.gaz, err = gazetteer.Load(set.fsys)
	}
	if err != nil {
		return nil, fmt.Errorf("extract: %w", err)
	}
	if x.rules, err = rule.Load(set.fsys); err != nil {
		return nil, fmt.Errorf("extract: %w", err)
	}
	pipeline := sync.OnceValues(func() (*nlp.Pipeline, error) {
		models, err := fs.Sub(set.fsys, "models")
		if err != nil {
			return nil, err
		}
		return nlp.Load(models)
	})
	x.parse = func(ctx context.Context, text string) (*nlp.Doc, error) {
		p, err := pipeline()
		if err != nil {
			return nil, err
		}
		return p.Parse(ctx, text)
	}
	x.annotate = func(words []string) nlp.Sentence {
		p, err := pipeline()
		if err != nil {
			return nlp.Sentence{} // parse has reported it
		}
		return p.Annotate(words)
	}
	x.verb = func(participle string) string {
		s := x.annotate([]string{"It", "was", participle, "."})
		return x.rules.Verb(strings.ToLower(s.Tokens[2].Lemma))
	}
	x.near = nearest(x.gaz)
	x.version = sync.OnceValue(func() string { return fingerprint(set.fsys) })
	return x, nil
}

// Version identifies what the extractor reads with: its rules, word lists,
// gazetteer and model, and the form of its facts. Documents read by another
// version are worth reading again.
func (x *Extractor) Version() string { return x.version() }

// factsVersion changes whenever the code comes to find other facts with the
// same data.
const factsVersion = "1"

// fingerprint hashes the data that the extractor reads with. Of models, which
// are large and seldom change, name, size and both ends count.
func fingerprint(fsys fs.FS) string {
	h := sha256.New()
	fmt.Fprintln(h, factsVersion)
	for _, dir := range []string{"gazetteer", "lexicon", "models", "rules"} {
		entries, err := fs.ReadDir(fsys, dir)
		if err != nil {
			continue // a folder that is not there has nothing to tell
		}
		for _, e := range entries {
			data, err := fs.ReadFile(fsys, dir+"/"+e.Name())
			if err != nil {
				continue
			}
			fmt.Fprintln(h, dir, e.Name(), len(data))
			if edge := 1 << 16; dir == "models" && len(data) > 2*edge {
				h.Write(data[:edge])
				h.Write(data[len(data)-edge:])
				continue
			}
			h.Write(data)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Rules returns the extractor's rules.
func (x *Extractor) Rules() *rule.Set { return x.rules }

// Extract returns the facts that doc states, in the order of
// [schema.SortFacts]. It fails where the model cannot be read or ctx ends, and where
// it comes upon a fault of its own, which ends the reading of this document and of no
// other.
func (x *Extractor) Extract(ctx context.Context, doc *schema.Document) (facts []schema.Fact, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			facts, err = nil, fmt.Errorf("extract: %s: a fault of demarc's (please report it with the document): %v at %s", doc.ID, fault, faultPlace())
		}
	}()
	parsed, err := x.parse(ctx, doc.Text[doc.Body:])
	if err != nil {
		return nil, fmt.Errorf("extract: %s: %w", doc.ID, err)
	}
	r := &reader{x: x, doc: doc, ents: newRegistry(), persons: map[string]*entity{}, told: map[string]bool{}, same: map[string]*entity{}, count: map[*entity]int{}, acted: map[*entity]*entity{}}
	r.survey(parsed)
	for i := range parsed.Sentences {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("extract: %s: %w", doc.ID, err)
		}
		sent := &parsed.Sentences[i]
		shift(sent, doc.Body)
		x.part(sent)
		r.read(sent, i)
	}
	return r.finish(), nil
}

// faultPlace returns the function and line of demarc's that the last panic came from, to
// be called by a deferred function.
func faultPlace() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for panicked := false; ; {
		f, more := frames.Next()
		if panicked && !strings.HasPrefix(f.Function, "runtime.") || !more {
			return fmt.Sprintf("%s:%d", f.Function, f.Line)
		}
		panicked = panicked || strings.HasPrefix(f.Function, "runtime.gopanic")
	}
}

// survey counts how often the document names each state, before it is read: who
// it is about shows in the whole of it, not in how it begins. Adjectives count half, names
// of cities only where they stand for a state and not where something happens.
func (r *reader) survey(parsed *nlp.Doc) {
	r.total = map[*gazetteer.Entry]int{}
	for n := range parsed.Sentences {
		tokens := parsed.Sentences[n].Tokens
		words := make([]string, len(tokens))
		for i := range tokens {
			words[i] = tokens[i].Text
		}
		for i := dateline(&sentence{Sentence: &frame.Sentence{Tokens: tokens}, texts: words, index: n}); i < len(words); i++ {
			if !capitalized(words[i]) {
				continue
			}
			readings, k := r.x.gaz.MatchTokens(words[i:])
			if k == 0 {
				continue
			}
			if m := readings[0]; m.Entry.Class == schema.State && !(m.Usage == gazetteer.AsMetonym && i > 0 && tokens[i-1].POS == "ADP") {
				weight := 2
				if m.Usage == gazetteer.AsAdjective {
					weight = 1
				}
				if n == 0 {
					weight *= 2 // what the report opens with
				}
				r.total[m.Entry] += weight
			}
			i += k - 1
		}
	}
}

// shift moves a sentence that was parsed without the document's metadata to
// its place in the document's text.
func shift(sent *nlp.Sentence, by int) {
	if by == 0 {
		return
	}
	sent.Start += by
	sent.End += by
	for i := range sent.Tokens {
		sent.Tokens[i].Start += by
		sent.Tokens[i].End += by
	}
}

// part takes the words apart that join two states by a hyphen, "Djibouti-Eritrea",
// where the tokenizer has left them whole.
func (x *Extractor) part(sent *nlp.Sentence) {
	state := func(name string) bool {
		es := x.gaz.Lookup(name)
		return len(es) > 0 && es[0].Class == schema.State
	}
	for i := 0; i < len(sent.Tokens); i++ {
		t := sent.Tokens[i]
		left, right, ok := strings.Cut(t.Text, "-")
		if !ok || !state(left) || !state(right) {
			continue
		}
		at := t.Start + len(left)
		first, hyphen, second := t, t, t
		first.Text, first.Lemma, first.End, first.POS, first.Tag = left, left, at, "PROPN", "NNP"
		hyphen.Text, hyphen.Lemma, hyphen.Start, hyphen.End, hyphen.POS, hyphen.Tag, hyphen.Head, hyphen.Rel = "-", "-", at, at+1, "PUNCT", "HYPH", i+2, "punct"
		second.Text, second.Lemma, second.Start, second.POS, second.Tag, second.Head, second.Rel = right, right, at+1, "PROPN", "NNP", i, "flat"
		for k := range sent.Tokens {
			if sent.Tokens[k].Head > i {
				sent.Tokens[k].Head += 2
			}
		}
		if first.Head > i {
			first.Head += 2
		}
		sent.Tokens = slices.Replace(sent.Tokens, i, i+1, first, hyphen, second)
		i += 2
	}
}

// read takes one sentence through all stages.
func (r *reader) read(sent *nlp.Sentence, index int) {
	o := r.prepare(sent, index)
	for _, m := range o.mentions {
		if m.last <= dateline(o) && m.ent.class.Is(schema.Place) {
			m.aside = true // "JERUSALEM —": where it was written, not what it is about
		}
	}
	r.sents = append(r.sents, o)
	r.heading(o)
	if index == 0 {
		r.findDeed()
	}
	r.names(o)
	r.titles(o)
	named := r.called(o)
	r.quotation(o)
	r.reportedAside(o, named)
	o.subject = r.mainActor(o)
	for _, s := range r.clauses(o, named) {
		if s.about != nil {
			r.parties = s.about
		}
		r.treaties(s)
		r.judgments(s)
		for _, m := range r.x.rules.Match(s.Sentence, view{r, s}, r.x.trace) {
			r.relate(s, &m)
		}
		r.treaties(s) // those that only a rule found out to be one
		r.provides(s)
		r.belongings(s)
		r.predicated(s)
		r.repeats(s)
		r.careers(s)
		r.listen(s)
		if es := r.actingPair(s); es != nil {
			o.acting = es
		}
	}
	for _, m := range o.mentions {
		if m.aside && m.ent.class.Is(schema.Place) {
			continue
		}
		r.touch(m.ent)
		r.count[m.ent]++
	}
}

// quotation finds out whether a sentence is all in quotation marks, and who was
// quoted before it in its paragraph.
func (r *reader) quotation(o *sentence) {
	if o.index > 0 && strings.Contains(r.doc.Text[r.sents[o.index-1].end:o.start], "\n") {
		r.quoting = false
	}
	inside := r.quoting
	all := true // no word stands outside of the marks
	for i, w := range o.texts {
		switch {
		case w == "“" || w == "``":
			inside = true
		case w == "”" || w == "''":
			inside = false
		case w == `"`:
			inside = !inside
		case !inside && o.Tokens[i].POS != "PUNCT":
			all = false
		}
	}
	if all {
		o.quoted = r.said
	} else if o.index > 0 && !inside && !r.quoting && !slices.ContainsFunc(o.texts, isQuote) {
		r.said = nil // the document speaks again
	}
	r.quoting = inside
}

// reportedAside reads "The islands, it repeated, are ours" without the clause between the
// commas, as the words of who spoke last.
func (r *reader) reportedAside(o *sentence, cut []bool) {
	who := r.spoke
	if who == nil && o.index > 0 {
		who = r.sents[o.index-1].subject
	}
	for i := 2; i+3 < len(o.texts); i++ {
		if o.texts[i-1] != "," || o.texts[i+2] != "," || o.Tokens[i].POS != "PRON" || !strings.HasPrefix(o.Tokens[i+1].Tag, "VB") || who == nil || o.quoted != nil {
			continue
		}
		switch o.Lower(i) {
		case "it", "he", "she":
		default:
			continue
		}
		if lemma := o.Lemma(i + 1); !r.x.rules.In("opine", lemma) && lemma != "repeat" || o.Tokens[i+3].POS != "AUX" && o.Tokens[i+3].POS != "VERB" {
			continue
		}
		for k := i - 1; k <= i+2; k++ {
			cut[k] = true
		}
		o.quoted = who
	}
}

// listen remembers who speaks in the clause.
func (r *reader) listen(s *sentence) {
	for i := range s.Tokens {
		if s.IsVerb(i) && r.x.rules.In("opine", s.Lemma(i)) {
			if es := r.opiners(s, i); len(es) > 0 {
				r.said, r.spoke = es[0], es[0]
			}
		}
	}
}

// utterance is what the title, or the first line, of a statement says.
var utterance = lazy(`(?i)\b(?:statement|speech|address|remarks|note verbale|letter|communiqu[eé]|declaration|press release|message)\b.*\b(?:by|of|from)\b`)

// findVoice finds who says "we": the state that the title names. Where the
// document is that state's own statement, it speaks throughout.
func (r *reader) findVoice() {
	opening, _, _ := strings.Cut(strings.TrimSpace(r.doc.Text[r.doc.Body:]), "\n")
	for _, line := range []string{r.doc.Title, opening} {
		own := len(line) < 200 && utterance().MatchString(line) && !strings.Contains(strings.ToLower(line), "joint")
		states := r.statesIn(line)
		if len(states) == 0 && own && r.country != nil && r.country.class == schema.State {
			states = []*entity{r.country} // "Remarks by the Foreign Ministry Spokesperson"
		}
		if len(states) == 0 || line != r.doc.Title && !own {
			continue
		}
		r.voice, r.speech = states[0], own
		return
	}
}

// heading reads "Japan-Russia:" and the like: the parties of what follows. The
// first heading and the document's country give the unnamed subject.
func (r *reader) heading(s *sentence) {
	if s.index == 0 && r.doc.Country != "" {
		name, _, _ := strings.Cut(r.doc.Country, " (") // "Falkland Islands (Islas Malvinas)"
		if first, rest, inverted := strings.Cut(name, ", "); inverted {
			name = rest + " " + first // "Korea, South", as an index has it
		}
		if es := r.x.gaz.Lookup(name); len(es) > 0 {
			r.country = r.ents.known(es[0])
		} else {
			r.country = r.ents.described(schema.Territory, r.doc.Country, "")
		}
		r.touch(r.country)
	}
	if s.index == 0 {
		r.findVoice()
	}
	// names joined by hyphens up to a colon; a note in parentheses may follow
	var parties []*entity
	i := 0
	for i < len(s.Tokens) {
		if m := s.mentionAt(i); m != nil {
			if m.ent.class == schema.State || m.ent.class == schema.Territory {
				parties = append(parties, m.ent)
			}
			i = m.last
			continue
		}
		switch s.texts[i] {
		case "-", "–", "/", "(", ")", ",", "various", "the", "and", "Maritime", "Boundary", "Land":
			i++
			continue
		}
		break
	}
	if i < len(s.Tokens) && s.texts[i] == ":" && len(parties) > 0 {
		r.parties = parties
		s.heading = i + 1
	} else if i == len(s.Tokens) && len(parties) > 1 && i > 1 && s.texts[i-1] == ":" {
		r.parties = parties
	} else if s.index > 0 || len(r.parties) > 0 {
		return
	}
	if r.country == nil && len(r.parties) > 0 {
		r.country = r.parties[0]
	}
}

// nearest returns a function that finds the one gazetteer entry whose name is
// one edit away.
func nearest(g *gazetteer.Gazetteer) func(string) *gazetteer.Entry {
	index := sync.OnceValue(func() map[string][]*gazetteer.Entry {
		m := map[string][]*gazetteer.Entry{}
		for _, e := range g.All() {
			names := []string{e.Name}
			for _, n := range e.Names {
				if n.Kind != gazetteer.Abbreviation {
					names = append(names, n.Text)
				}
			}
			for _, n := range names {
				if f := schema.Fold(n); len(f) >= 6 {
					for _, k := range deletions(f) {
						if !slices.Contains(m[k], e) {
							m[k] = append(m[k], e)
						}
					}
				}
			}
		}
		return m
	})
	return func(folded string) *gazetteer.Entry {
		if len(folded) < 6 {
			return nil
		}
		var found *gazetteer.Entry
		for _, k := range deletions(folded) {
			for _, e := range index()[k] {
				if found != nil && found != e {
					return nil
				}
				found = e
			}
		}
		return found
	}
}

// deletions returns s and every string with one of its letters left out, the
// first excepted: two words one edit apart share one (Garbe 2012, SymSpell).
func deletions(s string) []string {
	out := []string{s}
	for i := 1; i < len(s); i++ {
		out = append(out, s[:i]+s[i+1:])
	}
	return out
}

// finish gives every fact the names that its entities gathered over the whole
// document, joins what was found twice, and sorts.
func (r *reader) finish() []schema.Fact {
	r.signDeed()
	r.nameInstruments()
	r.dateByInstrument()
	current := func(e schema.Entity) schema.Entity {
		if known := cmp.Or(r.same[e.ID], r.ents.byKey[e.ID]); e.ID != "" && known != nil {
			return known.value() // what was only described before may have got its name since
		}
		return e
	}
	byID := map[string]int{}
	var out []schema.Fact
	for _, f := range r.facts {
		f.Subject, f.Object, f.AttributedTo = current(f.Subject), current(f.Object), current(f.AttributedTo)
		for i := range f.Qualifiers {
			f.Qualifiers[i].Value = current(f.Qualifiers[i].Value)
		}
		f.Qualifiers = schema.SortQualifiers(f.Qualifiers)
		if f.Subject.Same(f.Object) {
			continue
		}
		id := f.ID()
		if k, ok := byID[id]; ok {
			out[k].Evidence = append(out[k].Evidence, f.Evidence...)
			out[k].Confidence = max(out[k].Confidence, f.Confidence)
			continue
		}
		byID[id] = len(out)
		out = append(out, f)
	}
	out = subsume(out)
	for i := range out {
		out[i].Evidence = schema.SortEvidence(out[i].Evidence)
	}
	schema.SortFacts(out)
	return out
}

// subsume drops a fact that another of the same triple says more exactly in
// the same sentence: the one without date or qualifiers.
func subsume(facts []schema.Fact) []schema.Fact {
	var out []schema.Fact
	for i := range facts {
		f := &facts[i]
		covered := false
		for j := range facts {
			g := &facts[j]
			if i == j || !sameTriple(f, g) {
				continue
			}
			if within(f, g) && (!within(g, f) || j < i) {
				covered = true
				break
			}
		}
		if !covered {
			out = append(out, *f)
		}
	}
	return out
}

func sameTriple(f, g *schema.Fact) bool {
	if f.Predicate != g.Predicate || f.Negated != g.Negated || f.AttributedTo.Key() != g.AttributedTo.Key() && !f.AttributedTo.IsZero() {
		return false
	}
	if !slices.ContainsFunc(f.Evidence, func(ev schema.Evidence) bool { return slices.Contains(g.Evidence, ev) }) {
		return false
	}
	return f.Subject.Same(g.Subject) && f.Object.Same(g.Object) ||
		f.Predicate.Symmetric() && f.Subject.Same(g.Object) && f.Object.Same(g.Subject)
}

// within reports whether everything that f tells of time and qualifiers, g
// tells too.
func within(f, g *schema.Fact) bool {
	for _, d := range [][2]schema.Date{{f.Time.Date, g.Time.Date}, {f.Time.Since, g.Time.Since}, {f.Time.Until, g.Time.Until}} {
		if !d[0].IsZero() && d[0] != d[1] {
			return false
		}
	}
	for _, q := range f.Qualifiers {
		if !slices.ContainsFunc(g.Qualifiers, func(k schema.Qualifier) bool { return k.Role == q.Role && k.Value.Same(q.Value) }) {
			return false
		}
	}
	return true
}

// dateByInstrument dates what was done by a treaty or judgment that bears a
// date, where the text gives no other.
func (r *reader) dateByInstrument() {
	for i := range r.facts {
		f := &r.facts[i]
		if !f.Time.IsZero() || f.Negated {
			continue
		}
		by := schema.Entity{}
		switch f.Predicate {
		case schema.PartyTo:
			if act := f.Qualifier(schema.RoleAct).Name; act == "" || act == "signed" || act == "agreed" {
				by = f.Object
			}
		case schema.TransferredTo:
			if f.Modality == schema.Asserted {
				by = f.Qualifier(schema.RoleUnder)
			}
		}
		if e := r.ents.byKey[by.ID]; e != nil && by.ID != "" {
			f.Time.Date = e.date
		}
	}
}

// nameInstruments tells instruments of the same plain description apart by
// their parties, so that "the 2009 treaty" of two documents is not one.
func (r *reader) nameInstruments() {
	heads := map[string]int{}
	for _, e := range r.ents.order {
		if e.class == schema.Instrument {
			heads[e.head]++
		}
	}
	for _, e := range r.ents.order {
		if e.class == schema.Instrument && !e.plural && e.head != "" && heads[e.head] == 1 && !strings.EqualFold(e.name, e.head) {
			e.addName(e.head)
		}
	}
}

package ask

import (
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/extract/frame"
	"github.com/demarcgraph/demarc/extract/timex"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/schema"
)

// Who or what is something to somebody, where no fact tells: "who is the chairman
// of the commission", "which countries are the guarantors of the protocol". The
// documents say so by apposition ("X, the chairman of the commission"), as a title
// ("Chairman X of …") or outright ("the guarantors are X and Y").

// calling is what a question for who is something asks.
type calling struct {
	words  []string // lemmas of the noun and what belongs to it: "chief minister"
	of     []Name   // to whom
	class  schema.Class
	when   []timex.Expr
	former bool // also who no longer is
}

// calling reads the question; nil where it asks for no such thing.
func (p *parser) calling() *calling {
	c := p.clauses[0]
	if p.form != asksThing || c.verb >= 0 || len(p.clauses) > 1 || !p.keywords && !p.isCopular() {
		return nil
	}
	k := &calling{class: schema.Agent, former: !p.presentTense()}
	if w := p.wanted; w != nil && w.wh != "" && w.office == nil {
		if t, _ := p.variable(w, ""); t.Class != "" {
			k.class = t.Class
		}
	}
	for _, n := range append(p.nodes(c, c.a, c.b), p.wanted) {
		if n == nil || n.wh != "" && n.office == nil && len(n.words) == 0 || len(n.relations()) > 0 && !n.agent() {
			continue
		}
		var words []string
		switch {
		case n.office != nil:
			words, k.class = p.words(n.head), schema.Person
		case n.head != nil && (n.agent() || len(n.words) == 0 && n.heads(schema.Person) != nil):
			words = p.words(n.head)
		case n.head == nil && len(n.refs) == 0 && len(n.words) > 0:
			words = n.words[len(n.words)-1:]
		default:
			continue
		}
		of := p.within(n)
		if p.keywords {
			of = nil
			for _, r := range p.refs {
				of = append(of, r.name())
			}
		}
		if len(of) == 0 || len(words) == 0 {
			continue
		}
		for _, w := range words {
			k.words = append(k.words, p.lex.lemma(w))
		}
		k.of = of
		for i := range p.chunks {
			if p.chunks[i].kind == kDate {
				k.when = append(k.when, p.chunks[i].date)
			}
		}
		k.former = k.former || n.status == "former"
		return k
	}
	return nil
}

// isCopular reports whether the question's first auxiliary is a form of "to be".
func (p *parser) isCopular() bool {
	for i := range p.chunks {
		switch p.kindAt(i) {
		case kAux:
			return slices.Contains(beForms, p.chunks[i].low)
		case kPoss:
			return p.kindAt(i-1) == kWh // "who's"
		}
	}
	return false
}

// words returns the lower-cased words of a chunk.
func (p *parser) words(c *chunk) []string {
	var out []string
	for k := c.first; k < c.last; k++ {
		if p.toks[k].isWord() {
			out = append(out, p.toks[k].low)
		}
	}
	return out
}

// called answers from the sentences that call somebody what the question asks for.
func (x *runner) called(ans *Answer, k *calling, parse func() (*nlp.Pipeline, error)) error {
	q := &reading{role: frame.Agent, class: k.class, names: k.of, content: k.words}
	for doc, err := range x.candidates(q) {
		if err != nil {
			return err
		}
		for ps := range sentences(doc) {
			text := ps.text()
			folded := " " + foldText(text) + " "
			if len(text) > maxPassage || x.overlap(k.words, folded) < len(k.words) || slices.ContainsFunc(k.of, func(n Name) bool { return !x.textNames(folded, n) && !x.shortly(folded, n) }) {
				continue
			}
			if slices.ContainsFunc(k.when, func(w timex.Expr) bool { return !x.ofYear(ps, w, yearsIn(folded)) }) {
				continue
			}
			pipeline, err := parse()
			if err != nil {
				return err
			}
			parsed, err := pipeline.Parse(x.ctx, text)
			if err != nil {
				return err
			}
			for _, it := range x.callings(q, k, ps, parsed) {
				if !slices.ContainsFunc(ans.Answers, func(o Item) bool { return strings.EqualFold(o.Name, it.Name) }) {
					ans.Answers = append(ans.Answers, it)
				}
			}
			if len(ans.Answers) > 0 {
				ans.Plan = "sentences that call somebody " + strings.Join(k.words, " ") + " of " + k.of[0].label()
				ans.SPARQL = ""
				x.say(ans)
				return nil
			}
		}
	}
	return nil
}

// callings returns who a sentence calls by the words.
func (x *runner) callings(q *reading, k *calling, ps *passage, doc *nlp.Doc) []Item {
	var items []Item
	for _, sent := range doc.Sentences {
		toks := sent.Tokens
		fs := frame.New(toks, func(lemma string) bool { return x.lex.light[lemma] != "" })
		for i := range toks {
			if !x.calls(k, toks, i) {
				continue
			}
			phrase := i // the noun whose phrase says to whom
			var who []int
			switch h := toks[i].Head; {
			case fs.Dependent(i, "cop") >= 0:
				who = fs.Dependents(i, "nsubj")
			case h >= 0 && fs.Rel(i) == "nsubj" && fs.Dependent(h, "cop") >= 0, h >= 0 && fs.Rel(i) == "appos":
				who = []int{h}
			case h > i && fs.Rel(i) == "compound" && toks[h].POS == "PROPN":
				phrase, who = h, []int{h}
			default:
				who = fs.Dependents(i, "appos", "flat")
			}
			first, last := span(toks, fs, phrase, true)
			for first > 0 && (toks[first-1].Tag == "POS" || toks[first-1].POS == "PROPN" || toks[first-1].POS == "ADJ") {
				first--
			}
			said := " " + foldText(ps.text()[toks[first].Start:toks[last-1].End]) + " "
			if slices.ContainsFunc(k.of, func(n Name) bool { return !x.textNames(said, n) && !x.shortly(said, n) }) || !k.former && wasOnce(toks, first, i) {
				continue
			}
			if in := x.listed(q, ps, toks[last-1].End); len(in) > 0 {
				items, who = append(items, in...), nil
			}
			for _, w := range who {
				for _, c := range fs.Conjuncts(w) {
					if it, ok := x.asItem(q, ps, fs, toks, c); ok {
						items = append(items, it)
					}
				}
			}
		}
	}
	return items
}

// listed returns the names that stand in dashes or brackets behind a place in a
// passage: "the guarantors -- Chile and Peru -- …"; none unless all are known.
func (x *runner) listed(q *reading, ps *passage, at int) (items []Item) {
	m := inDashes().FindStringSubmatchIndex(ps.text()[at:])
	if m == nil {
		return nil
	}
	for _, name := range listComma().Split(ps.text()[at+m[2]:at+m[3]], -1) {
		e, ok := x.knownIn(strings.TrimSpace(name), q, true)
		if !ok {
			return nil
		}
		it := x.quoted(ps, 0, 0)
		it.Name, it.Aliases, it.Entity = e.Name, append(it.Aliases, e.Aliases...), e.ID
		items = append(items, it)
	}
	return items
}

var (
	inDashes  = lazily(`^[^—–(:;.]{0,24}?\s*(?:—|–|--|\(|:)\s*([^—–();.]+?)\s*(?:—|–|--|\)|;|\.|$)`)
	listComma = lazily(`,\s*and\s+|,\s*|\s+and\s+`)
)

// shortly reports whether a folded text, padded with spaces, speaks of an instrument
// by its kind alone: "the protocol".
func (x *runner) shortly(folded string, n Name) bool {
	if len(n.Entities) == 0 || n.Entities[0].Class != schema.Instrument {
		return false
	}
	words := strings.Fields(schema.Fold(n.Text))
	kind := words[len(words)-1]
	return x.lex.types[kind] != nil && strings.Contains(folded, " the "+kind+" ")
}

// calls reports whether the words end at token i.
func (x *runner) calls(k *calling, toks []nlp.Token, i int) bool {
	for n := range k.words {
		at := i - n
		if at < 0 || x.lex.lemma(strings.ToLower(toks[at].Text)) != k.words[len(k.words)-1-n] {
			return false
		}
	}
	return true
}

// wasOnce reports whether a noun phrase is said to be over: "the former chairman".
func wasOnce(toks []nlp.Token, first, head int) bool {
	for k := max(0, first-1); k < head; k++ {
		switch strings.ToLower(toks[k].Text) {
		case "former", "then", "ex", "late", "previous", "ousted":
			return true
		}
	}
	return false
}

package rule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/extract/frame"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/schema"
)

// files returns a file system with these files.
func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

const claim = `rules:
- id: claim
  trigger: {pos: verb, lemmas: [claim]}
  args:
  - {name: who, roles: [agent], class: [State]}
  - {name: what, roles: [patient], class: [Territory]}
  emit:
  - {predicate: claims, subject: who, object: what}
`

func load(t testing.TB, fsys fstest.MapFS) *Set {
	t.Helper()
	set, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestLoad(t *testing.T) {
	set := load(t, files("rules/b.yaml", strings.ReplaceAll(claim, "id: claim", "id: second"), "rules/a.yaml", claim,
		"rules/README.md", "not a rule", "lexicon/w.yaml", "right: [title, claim]\nempty: []\n"))
	var ids []string
	for _, r := range set.Rules() {
		ids = append(ids, r.ID)
		if r.Confidence != 0.8 {
			t.Errorf("%s has confidence %v, want the default 0.8", r.ID, r.Confidence)
		}
	}
	if want := []string{"claim", "second"}; !slices.Equal(ids, want) {
		t.Errorf("rules %v, want %v: the order of the files' names", ids, want)
	}
	if !set.In("right", "title") || set.In("right", "island") || set.In("none", "title") {
		t.Error("the word list does not hold what its file says")
	}
	if got := set.Words("right"); !slices.Equal(got, []string{"claim", "title"}) {
		t.Errorf("words %v, want them sorted", got)
	}
	for _, c := range [][2]string{{"titl", "title"}, {"claim", "claim"}, {"island", "island"}, {"", ""}} {
		if got := set.Verb(c[0]); got != c[1] {
			t.Errorf("the verb %q is mended to %q, want %q", c[0], got, c[1])
		}
	}
}

// TestLoadNothing loads data that has neither rules nor lists.
func TestLoadNothing(t *testing.T) {
	if set := load(t, fstest.MapFS{}); len(set.Rules()) != 0 {
		t.Errorf("rules %v out of nothing", set.Rules())
	}
}

func TestLoadErrors(t *testing.T) {
	// edit returns the files with one thing in the rule changed.
	edit := func(old, new string) fstest.MapFS {
		if !strings.Contains(claim, old) {
			t.Fatalf("the rule has no %q", old)
		}
		return files("rules/x.yaml", strings.Replace(claim, old, new, 1))
	}
	for _, c := range []struct {
		name string
		fsys fstest.MapFS
		want []string // all of them in the error
	}{
		{"unknown key", edit("trigger:", "triger:"), []string{"rules/x.yaml", "[3:", "triger"}},
		{"unknown key of an argument", edit("name: what", "nam: what"), []string{"rules/x.yaml", "[6:", "nam"}},
		{"unknown key of an emission", edit("object:", "objekt:"), []string{"rules/x.yaml", "[8:", "objekt"}},
		{"not YAML", files("rules/x.yaml", "rules: [\n"), []string{"rules/x.yaml"}},
		{"wrong type", edit("lemmas: [claim]", "lemmas: {a: b}"), []string{"rules/x.yaml", "[3:"}},
		{"unknown predicate", edit("predicate: claims", "predicate: clams"), []string{"rules/x.yaml", `"claim"`, `"clams"`}},
		{"unknown pos", edit("pos: verb", "pos: adverb"), []string{"rules/x.yaml", `"claim"`, `"adverb"`, "verb, noun or adjective"}},
		{"no id", edit("id: claim", "id: \"\""), []string{"rules/x.yaml", "no id"}},
		{"no trigger", edit("lemmas: [claim]", "lemmas: []"), []string{"rules/x.yaml", `"claim"`, "no lemmas"}},
		{"no emission", files("rules/x.yaml", claim[:strings.Index(claim, "  emit:")]), []string{"rules/x.yaml", `"claim"`, "emits nothing"}},
		{"missing list", edit("[claim]", "[\"@clam\"]"), []string{"rules/x.yaml", `"claim"`, `"clam"`, "lexicon/"}},
		{"missing list in a path", edit("[patient]", "[\"patient{@clam}/to\"]"), []string{"rules/x.yaml", `"claim"`, `"what"`, `"clam"`}},
		{"brace without end", edit("[patient]", "[\"patient{claim/to\"]"), []string{"rules/x.yaml", `"what"`, "a { without }"}},
		{"empty step", edit("[patient]", "[\"patient//to\"]"), []string{"rules/x.yaml", `"what"`, "empty step"}},
		{"unnamed argument", edit("name: what, ", ""), []string{"rules/x.yaml", `"claim"`, "name of its own"}},
		{"argument twice", edit("name: what", "name: who"), []string{"rules/x.yaml", `"who"`, "name of its own"}},
		{"unknown default", edit("class: [State]", "class: [State], default: moon"), []string{"rules/x.yaml", `"who"`, `"moon"`, "country, parties, heading, place, opponent, deed or instrument"}},
		{"unknown argument", edit("object: what", "object: where"), []string{"rules/x.yaml", `"claim"`, `"where"`, "none of its arguments"}},
		{"unknown argument of a qualifier", edit("object: what", "object: what, qualifiers: {status: how}"), []string{`"how"`}},
		{"unknown argument of a condition", edit("object: what", "object: what, when: [then]"), []string{`"then"`}},
		{"unknown argument of a pair", edit("subject: who, object: what", "pair: sides"), []string{`"sides"`}},
		{"unknown dated", edit("object: what", "object: what, dated: maybe"), []string{`"maybe"`, "yes or no"}},
		{"unknown polarity", edit("object: what", "object: what, polarity: no"), []string{`"no"`, "denied or affirmed"}},
		{"rule twice", files("rules/a.yaml", claim, "rules/b.yaml", claim), []string{"rules/b.yaml", `"claim"`, "rules/a.yaml"}},
		{"list twice", files("lexicon/a.yaml", "x: [a]", "lexicon/b.yaml", "x: [b]"), []string{"lexicon/b.yaml", `"x"`, "twice"}},
		{"list of lists", files("lexicon/a.yaml", "x: [a]\ny: {z: b}"), []string{"lexicon/a.yaml", "[2:"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(c.fsys)
			if err == nil {
				t.Fatal("it loads")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not say %s: %v", want, err)
				}
			}
		})
	}
}

// TestShipped loads the rules that ship with demarc, whose names and listed
// words follow one form.
func TestShipped(t *testing.T) {
	set, err := Load(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range set.Rules() {
		if group, way, ok := strings.Cut(r.ID, "."); !ok || group == "" || way == "" {
			t.Errorf("rule %q: want the form topic.way", r.ID)
		}
		if r.Confidence <= 0 || r.Confidence > 1 {
			t.Errorf("rule %q: confidence %v is no probability", r.ID, r.Confidence)
		}
		for _, e := range r.Emit {
			info, _ := e.Predicate.Info()
			for role := range e.Qualifiers {
				if !slices.Contains(info.Roles, role) {
					t.Errorf("rule %q: %s takes no qualifier %q", r.ID, e.Predicate, role)
				}
			}
		}
	}
}

// sentence is "Japan claims the islands" with more words before the verb.
func sentence(lemma string, prefix ...string) *frame.Sentence {
	var tokens []nlp.Token
	v := len(prefix) + 1
	for _, w := range prefix {
		tokens = append(tokens, nlp.Token{Text: w, Lemma: w, POS: "ADV", Tag: "RB", Head: v, Rel: "advmod"})
	}
	tokens = append(tokens,
		nlp.Token{Text: "Japan", Lemma: "Japan", POS: "PROPN", Tag: "NNP", Head: v, Rel: "nsubj"},
		nlp.Token{Text: lemma + "s", Lemma: lemma, POS: "VERB", Tag: "VBZ", Head: -1, Rel: "root"},
		nlp.Token{Text: "islands", Lemma: "island", POS: "NOUN", Tag: "NNS", Head: v, Rel: "obj"},
		nlp.Token{Text: "near", Lemma: "near", POS: "ADP", Tag: "IN", Head: v + 3, Rel: "case"},
		nlp.Token{Text: "Korea", Lemma: "Korea", POS: "PROPN", Tag: "NNP", Head: v + 1, Rel: "nmod"})
	return frame.New(tokens, nil)
}

// names resolves tokens to entities of the classes that it has for their text.
type names struct {
	s        *frame.Sentence
	class    map[string]schema.Class
	defaults map[string][]schema.Entity
}

func (n names) Resolve(i int, classes []schema.Class) []schema.Entity {
	class := n.class[n.s.Tokens[i].Text]
	if len(classes) == 0 {
		return []schema.Entity{schema.Lit(n.s.Tokens[i].Text)}
	}
	if !slices.Contains(classes, class) {
		return nil
	}
	return []schema.Entity{schema.NewEntity(class, n.s.Tokens[i].Text)}
}

func (n names) Default(_ int, kind string, classes []schema.Class) []schema.Entity {
	return n.defaults[kind]
}

func world(s *frame.Sentence) names {
	return names{s, map[string]schema.Class{"Japan": schema.State, "Korea": schema.State, "islands": schema.Territory},
		map[string][]schema.Entity{"country": {schema.NewEntity(schema.State, "Peru")}, "parties": {schema.NewEntity(schema.State, "Peru"), schema.NewEntity(schema.State, "Chile")}}}
}

// show writes matches as rule(argument=entities, ...), arguments sorted.
func show(matches []Match) string {
	var out []string
	for _, m := range matches {
		var args []string
		for name, b := range m.Args {
			var es []string
			for _, e := range b.Entities {
				es = append(es, e.Name)
			}
			args = append(args, name+"="+strings.Join(es, "+"))
		}
		slices.Sort(args)
		out = append(out, m.Rule.ID+"("+strings.Join(args, ", ")+")")
	}
	return strings.Join(out, " ")
}

func TestMatch(t *testing.T) {
	rule := func(trigger, args, more string) string {
		return "rules:\n- id: r\n  trigger: " + trigger + "\n" + more + "  args:\n" + args + "  emit:\n  - {predicate: claims, subject: =x, object: =y}\n"
	}
	who := "  - {name: who, roles: [agent], class: [State]}\n"
	for _, c := range []struct{ name, rules, want string }{
		{"verb", claim, "claim(what=islands, who=Japan)"},
		{"any word", rule("{lemmas: [claim]}", who, ""), "r(who=Japan)"},
		{"word as it is written", rule("{lemmas: [claims]}", who, ""), "r(who=Japan)"},
		{"another part of speech", rule("{pos: noun, lemmas: [claim]}", who, ""), ""},
		{"another word", rule("{lemmas: [hold]}", who, ""), ""},
		{"class that does not fit", rule("{lemmas: [claim]}", "  - {name: who, roles: [agent], class: [Court]}\n", ""), ""},
		{"optional argument", rule("{lemmas: [claim]}", who+"  - {name: how, roles: [with], optional: true}\n", ""), "r(who=Japan)"},
		{"any phrase", rule("{lemmas: [claim]}", "  - {name: what, roles: [patient]}\n", ""), "r(what=islands)"},
		{"path", rule("{lemmas: [claim]}", "  - {name: off, roles: [patient/near], class: [State]}\n", ""), "r(off=Korea)"},
		{"path with a word", rule("{lemmas: [claim]}", "  - {name: off, roles: [\"patient{island}/near\"], class: [State]}\n", ""), "r(off=Korea)"},
		{"path with a list", rule("{lemmas: [claim]}", "  - {name: off, roles: [\"patient{@land}/near\"], class: [State]}\n", ""), "r(off=Korea)"},
		{"path with another word", rule("{lemmas: [claim]}", "  - {name: off, roles: [\"patient{reef}/near\"], class: [State]}\n", ""), ""},
		{"paths in their order", rule("{lemmas: [claim]}", "  - {name: who, roles: [with, patient/near, agent], class: [State]}\n", ""), "r(who=Korea)"},
		{"paths all together", rule("{lemmas: [claim]}", "  - {name: who, roles: [agent, patient/near], class: [State], all: true}\n", ""), "r(who=Japan+Korea)"},
		{"two wanted, one there", rule("{lemmas: [claim]}", "  - {name: who, roles: [agent], class: [State], min: 2}\n", ""), ""},
		{"two wanted, two there", rule("{lemmas: [claim]}", "  - {name: who, roles: [agent, patient/near], class: [State], all: true, min: 2}\n", ""), "r(who=Japan+Korea)"},
		{"self", rule("{lemmas: [claim]}", "  - {name: it, roles: [self]}\n", ""), "r(it=claims)"},
		{"require, there", rule("{lemmas: [claim]}", who, "  require: [over, \"patient{island}\"]\n"), "r(who=Japan)"},
		{"require, not there", rule("{lemmas: [claim]}", who, "  require: [over, \"patient{reef}\"]\n"), ""},
		{"unless, there", rule("{lemmas: [claim]}", who, "  unless: [patient/near]\n"), ""},
		{"unless, not there", rule("{lemmas: [claim]}", who, "  unless: [clause]\n"), "r(who=Japan)"},
		{"the subject is not the object", strings.Replace(rule("{lemmas: [claim]}", who+"  - {name: whom, roles: [agent, patient/near], class: [State]}\n", ""), "subject: =x, object: =y", "subject: who, object: whom", 1), "r(who=Japan, whom=Korea)"},
		{"the subject leaves its object to a default", strings.Replace(rule("{lemmas: [claim]}", who+"  - {name: whom, roles: [agent], class: [State], default: parties}\n", ""), "subject: =x, object: =y", "subject: who, object: whom", 1), "r(who=Japan, whom=Peru+Chile)"},
		{"default, nobody there", rule("{lemmas: [claim]}", "  - {name: who, roles: [with], class: [State], default: parties}\n", ""), "r(who=Peru+Chile)"},
		{"default, somebody there", rule("{lemmas: [claim]}", "  - {name: who, roles: [agent], class: [State], default: country}\n", ""), "r(who=Japan)"},
		{"default, something else there", rule("{lemmas: [claim]}", "  - {name: who, roles: [patient], class: [State], default: country}\n", ""), ""},
		{"fallback behind another", claim + strings.TrimPrefix(rule("{lemmas: [claim]}", who, "  fallback: true\n"), "rules:\n"), "claim(what=islands, who=Japan)"},
		{"fallback alone", strings.Replace(claim, "[claim]", "[hold]", 1) + strings.TrimPrefix(rule("{lemmas: [claim]}", who, "  fallback: true\n"), "rules:\n"), "r(who=Japan)"},
		{"fallback of another predicate", claim + strings.Replace(strings.TrimPrefix(rule("{lemmas: [claim]}", who, "  fallback: true\n"), "rules:\n"), "predicate: claims", "predicate: rejects", 1), "claim(what=islands, who=Japan) r(who=Japan)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := load(t, files("rules/x.yaml", c.rules, "lexicon/w.yaml", "land: [island, reef]"))
			s := sentence("claim")
			if got := show(set.Match(s, world(s), nil)); got != c.want {
				t.Errorf("matches %q, want %q", got, c.want)
			}
		})
	}
}

// TestOmitted lets the country stand in for a subject that is left out, and
// only there.
func TestOmitted(t *testing.T) {
	set := load(t, files("rules/x.yaml", strings.Replace(claim, "class: [State]", "class: [State], default: country", 1)))
	island := nlp.Token{Text: "islands", Lemma: "island", POS: "NOUN", Tag: "NNS"}
	verb := nlp.Token{Text: "claims", Lemma: "claim", POS: "VERB", Tag: "VBZ"}
	at := func(tok nlp.Token, head int, rel string) nlp.Token {
		tok.Head, tok.Rel = head, rel
		return tok
	}
	participle := verb
	participle.Text, participle.Tag = "claimed", "VBN"
	for _, c := range []struct {
		name   string
		tokens []nlp.Token
		want   string
	}{
		{"claims the islands", []nlp.Token{at(verb, -1, "root"), at(island, 0, "obj")}, "claim(what=islands, who=Peru)"},
		{"islands claimed", []nlp.Token{at(island, -1, "root"), at(participle, 0, "acl")}, ""},
		{"claimed islands", []nlp.Token{at(participle, 1, "amod"), at(island, -1, "root")}, ""},
	} {
		s := frame.New(c.tokens, nil)
		if got := show(set.Match(s, world(s), nil)); got != c.want {
			t.Errorf("%s: matches %q, want %q", c.name, got, c.want)
		}
	}
}

// TestOrder gives matches by place in the text, then by place in the files.
func TestOrder(t *testing.T) {
	one := "- id: %s\n  trigger: {lemmas: [%s]}\n  emit:\n  - {predicate: claims, subject: =x, object: =y}\n"
	set := load(t, files("rules/x.yaml", "rules:\n"+fmt.Sprintf(one, "a", "claim")+fmt.Sprintf(one, "b", "now")+fmt.Sprintf(one, "c", "claim")+fmt.Sprintf(one, "d", "now")))
	s := sentence("claim", "now")
	if got, want := show(set.Match(s, world(s), nil)), "b() d() a() c()"; got != want {
		t.Errorf("matches %q, want %q", got, want)
	}
}

func TestCheck(t *testing.T) {
	japan, russia := schema.NewEntity(schema.State, "Japan"), schema.NewEntity(schema.State, "Russia", "Russian Federation")
	iturup := schema.NewEntity(schema.Territory, "Iturup", "Etorofu")
	day, err := schema.ParseDate("1945-08-28")
	if err != nil {
		t.Fatal(err)
	}
	found := []schema.Fact{
		{Subject: japan, Predicate: schema.Claims, Object: iturup},
		{Subject: russia, Predicate: schema.Seized, Object: iturup, Time: schema.Time{Date: day}},
		{Subject: russia, Predicate: schema.Disputes, Object: japan, Qualifiers: []schema.Qualifier{{Role: schema.RoleOver, Value: iturup}}},
		{Subject: japan, Predicate: schema.Recognizes, Object: russia, Negated: true},
		{Subject: russia, Predicate: schema.Administers, Object: iturup, AttributedTo: japan, Modality: schema.Alleged},
		{Subject: iturup, Predicate: schema.AlsoKnownAs, Object: schema.Lit("Isle (north, of)")},
		{Subject: iturup, Predicate: schema.TransferredTo, Object: japan, Qualifiers: []schema.Qualifier{{Role: schema.RoleCondition, Value: schema.Lit("a, b")}}},
	}
	for _, c := range []struct {
		fact          string
		listed, ruled bool // found where it is to be, found where it is not to be
	}{
		{"Japan claims Iturup", true, true},
		{"Japan claims etorofu", true, true},
		{"Japan claims Kunashir", false, false},
		{"not Japan claims Iturup", false, false},
		{"Iturup claims Japan", false, false},
		{"Japan claims Iturup (since=1945)", false, false},
		{"Russian Federation seized Iturup (date=1945-08-28)", true, true},
		{"Russia seized Iturup (date=1945)", true, true},
		{"Russia seized Iturup (date=194)", false, false},
		{"Russia seized Iturup", true, true},
		{"Japan disputes Russia (over=Etorofu)", true, true},
		{"Japan disputes Russia (over=Japan)", false, false},
		{"not Japan recognizes Russia", true, true},
		{"Japan recognizes Russia", false, false},
		{"Russia administers Iturup", false, true},
		{"Russia administers Iturup [alleged]", false, true},
		{"Russia administers Iturup [alleged] according to Japan", true, true},
		{"Russia administers Iturup [planned]", false, false},
		{"Russia administers Iturup according to Russia", false, false},
		{"Iturup alsoKnownAs Isle (north, of)", true, true},
		{"Iturup transferredTo Japan (condition=a, b)", true, true},
	} {
		e := Example{Facts: []string{c.fact}}
		if diff := e.Check(found); (len(diff) == 0) != c.listed {
			t.Errorf("%q as a fact: %v", c.fact, diff)
		}
		e = Example{Not: []string{c.fact}}
		if diff := e.Check(found); (len(diff) == 0) == c.ruled {
			t.Errorf("%q as none: %v", c.fact, diff)
		}
	}
	for _, bad := range []string{"", "Japan", "Japan wants Iturup"} {
		e := Example{Facts: []string{bad}, Not: []string{bad}}
		if diff := e.Check(found); len(diff) != 2 || !strings.Contains(diff[0], "is no fact") {
			t.Errorf("%q is read as a fact: %v", bad, diff)
		}
	}
	e := Example{Text: "x", Date: "1945-13"}
	if _, err := e.Document(); err == nil || !strings.Contains(err.Error(), `"x"`) {
		t.Errorf("an example of no date: %v", err)
	}
	e = Example{Text: "x", Date: "1945-08", Country: "Japan"}
	if doc, err := e.Document(); err != nil || doc.Text != "x" || doc.Country != "Japan" || doc.Date.String() != "1945-08" {
		t.Errorf("the example's document is %+v, %v", doc, err)
	}
}

// BenchmarkMatch matches one rule that fits among many whose trigger does not
// occur: the time must not grow with their number.
func BenchmarkMatch(b *testing.B) {
	for _, others := range []int{0, 100, 10000} {
		b.Run(fmt.Sprintf("others=%d", others), func(b *testing.B) {
			text := strings.Builder{}
			text.WriteString(claim)
			for i := range others {
				text.WriteString(strings.NewReplacer("rules:\n", "", "id: claim", fmt.Sprintf("id: other%d", i), "[claim]", fmt.Sprintf("[other%d]", i)).Replace(claim))
			}
			set := load(b, files("rules/x.yaml", text.String()))
			s := sentence("claim")
			res := world(s)
			b.ReportAllocs()
			for b.Loop() {
				if len(set.Match(s, res, nil)) != 1 {
					b.Fatal("no match")
				}
			}
		})
	}
}

// traced lists the rules that are tried, as rule@trigger:missing.
func traced(set *Set, s *frame.Sentence) []string {
	var out []string
	set.Match(s, world(s), func(at *frame.Sentence, r *Rule, trigger int, missing string) {
		if at == s {
			out = append(out, fmt.Sprintf("%s@%d:%s", r.ID, trigger, missing))
		}
	})
	return out
}

func TestTrace(t *testing.T) {
	text := claim
	for _, r := range []struct{ id, edit, to string }{
		{"court", "class: [State]", "class: [Court]"},
		{"land", "class: [Territory]", "class: [Boundary]"},
		{"noun", "pos: verb", "pos: noun"},
		{"asks", "  args:", "  require: [with]\n  args:"},
		{"bars", "  args:", "  unless: [patient]\n  args:"},
		{"last", "  args:", "  fallback: true\n  args:"},
	} {
		text += strings.NewReplacer("rules:\n", "", "id: claim", "id: "+r.id, r.edit, r.to).Replace(claim)
	}
	set := load(t, files("rules/x.yaml", text))
	want := []string{"claim@1:", "court@1:who", "land@1:what", "noun@1:pos", "asks@1:require", "bars@1:unless", "last@1:fallback"}
	if got := traced(set, sentence("claim")); !slices.Equal(got, want) {
		t.Errorf("traced %v, want %v", got, want)
	}
}

// TestIndex tries only rules whose trigger stands in the sentence.
func TestIndex(t *testing.T) {
	text := claim
	for i := range 50 {
		text += strings.NewReplacer("rules:\n", "", "id: claim", fmt.Sprintf("id: other%d", i), "[claim]", fmt.Sprintf("[other%d]", i)).Replace(claim)
	}
	set := load(t, files("rules/x.yaml", text))
	s := sentence("claim")
	tried := traced(set, s)
	if want := []string{"claim@1:"}; !slices.Equal(tried, want) {
		t.Errorf("tried %v, want %v", tried, want)
	}
}

package ask_test

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/schema"
)

func TestHostileQuestions(t *testing.T) {
	_, m := second(t)
	e := engine(t)
	for _, test := range []struct{ name, question, want string }{
		{"empty", "", "no words"},
		{"blank", " \t\n", "no words"},
		{"punctuation", "?!…", "no words"},
		{"long", strings.Repeat("Who claims Gibraltar? ", 500), "too long"},
		{"many words", strings.Repeat("a ", 900), "too many words"},
		{"not UTF-8", "Who claims \xff\xfe?", "UTF-8"},
		{"another script", "Кому принадлежат Курильские острова?", "English"},
		{"control characters", "Who\x00 claims\x1b[31m Gibraltar\x07?", "Spain"},
		{"another language", "Wem gehört Gibraltar?", "do not say"},
		{"SPARQL", `"} ; DROP ALL ; SELECT * { ?s ?p ?o } #`, "do not say"},
		{"update", "INSERT DATA { <a> <b> <c> }", "do not say"},
		{"Gizmo", `g.V("state/spain").All()`, "do not say"},
		{"SQL", "Robert'); DROP TABLE facts;--", "do not say"},
		{"path", "../../etc/passwd", "do not say"},
		{"nonsense", "colourless green ideas sleep furiously", "do not say"},
		{"nested relatives", "Who claims " + strings.Repeat("the islands that Spain claims and ", 30) + "Gibraltar?", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, err := e.Ask(context.Background(), m, test.question, ask.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(a.Text, test.want) {
				t.Errorf("text %q does not say %q", a.Text, test.want)
			}
			if a.Text == "" || a.Abstained != (len(a.Answers) == 0) {
				t.Errorf("abstained %v with %d answers, text %q", a.Abstained, len(a.Answers), a.Text)
			}
		})
	}
}

func TestNothingBreaksOutOfSPARQL(t *testing.T) {
	_, m := second(t)
	for _, q := range []string{
		`Who claims "Evil\" } DROP ALL #"?`,
		"Who calls Gibraltar the Rock\" . } ; CLEAR ALL ; #?",
		"Which islands does X> } DELETE WHERE { ?s ?p ?o claim?",
	} {
		p, _, err := engine(t).Plan(context.Background(), m, q)
		if err != nil {
			t.Fatal(err)
		}
		got := p.SPARQL(schema.Namespace{})
		inside, escaped := false, false
		var bare strings.Builder // what stands outside quotes and IRIs
		for _, r := range got {
			switch {
			case escaped:
				escaped = false
			case inside && r == '\\':
				escaped = true
			case r == '"':
				inside = !inside
			case !inside:
				bare.WriteRune(r)
			}
		}
		for _, word := range []string{"DROP", "CLEAR", "DELETE"} {
			if strings.Contains(bare.String(), word) {
				t.Errorf("%s: %s stands in the query:\n%s", q, word, got)
			}
		}
		if inside {
			t.Errorf("%s: a quote is left open:\n%s", q, got)
		}
	}
}

func TestPlanAsSPARQL(t *testing.T) {
	_, m := second(t)
	p, ok, err := engine(t).Plan(context.Background(), m, "Which territories are claimed by Morocco but administered by Spain?")
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	got := p.SPARQL(schema.Namespace{})
	for _, want := range []string{
		"SELECT DISTINCT ?x", "rdf:predicate dm:claims", "rdf:predicate dm:administers", "<https://w3id.org/demarc/id/state/morocco>",
		"<https://w3id.org/demarc/id/state/spain>", "dm:Territory",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestOptions(t *testing.T) {
	_, m := second(t)
	names := func(question string, opts ask.Options) []string {
		a, err := engine(t).Ask(context.Background(), m, question, opts)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, it := range a.Answers {
			out = append(out, it.Name)
		}
		return out
	}
	for _, test := range []struct {
		name, question string
		opts           ask.Options
		want           []string
	}{
		{"document", "Who claims Gibraltar?", ask.Options{Docs: []string{"gibraltar"}}, []string{"Spain"}},
		{"other document", "Who claims Gibraltar?", ask.Options{Docs: []string{"kosovo"}}, nil},
		{"as of before", "Who governed the Essequibo region?", ask.Options{AsOf: schema.Year(1850), FactsOnly: true}, nil},
		{"as of after", "Who governed the Essequibo region?", ask.Options{AsOf: schema.Year(1950)}, []string{"Guyana"}},
		{"sure facts only", "Who claims Gibraltar?", ask.Options{MinConfidence: 1.1, FactsOnly: true}, nil},
		{"sentences", "Who said his country would not cede a single blade of grass?", ask.Options{}, []string{"Irfaan Ali"}},
		{"no sentences", "Who said his country would not cede a single blade of grass?", ask.Options{FactsOnly: true}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := names(test.question, test.opts); !reflect.DeepEqual(got, test.want) {
				t.Errorf("is %q, want %q", got, test.want)
			}
		})
	}
}

// What is promised, denied or said by somebody is told apart.
func TestManner(t *testing.T) {
	_, m := second(t)
	for _, test := range []struct{ question, want string }{
		{"To whom will London hand the Chagos islands?", "promised"},
		{"Who claims Essequibo?", "according to Irfaan Ali"},
		{"Which territory will Sudan hand over to South Sudan?", "on condition: its residents vote for it in a referendum"},
		{"Who administers Gibraltar?", "United Kingdom."},
	} {
		a, err := engine(t).Ask(context.Background(), m, test.question, ask.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(a.Text, test.want) {
			t.Errorf("%s: %q does not say %q", test.question, a.Text, test.want)
		}
	}
}

func TestAbstainingShowsNearestFacts(t *testing.T) {
	_, m := second(t)
	a, err := engine(t).Ask(context.Background(), m, "When did Britain seize Diego Garcia?", ask.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !a.Abstained || len(a.Nearest) == 0 || !strings.Contains(a.Nearest[0].String(), "Diego Garcia") {
		t.Errorf("abstained %v, nearest %v", a.Abstained, a.Nearest)
	}
	a, err = engine(t).Ask(context.Background(), m, "When did Britain seize Diego Garcia?", ask.Options{NoNearest: true})
	if err != nil || len(a.Nearest) > 0 {
		t.Error(a.Nearest, err)
	}
}

// broken is a graph whose disk fails.
type broken struct{ ask.Reader }

var errDisk = errors.New("disk on fire")

func (b broken) Facts(context.Context, schema.Filter) iter.Seq2[schema.Fact, error] {
	return func(yield func(schema.Fact, error) bool) { yield(schema.Fact{}, errDisk) }
}

func TestErrors(t *testing.T) {
	_, m := second(t)
	if _, err := engine(t).Ask(context.Background(), broken{m}, "Who claims Gibraltar?", ask.Options{}); !errors.Is(err, errDisk) {
		t.Errorf("a failing graph gives %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, q := range []string{"Who claims Gibraltar?", "Why was the hearing put off?", ""} {
		if _, err := engine(t).Ask(ctx, m, q, ask.Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%q, cancelled: %v", q, err)
		}
	}
}

func FuzzAsk(f *testing.F) {
	docs, m := second(f)
	for _, q := range []string{
		"Who claims Gibraltar?", "Which territories claimed by Sudan does Egypt administer?", "Why was the hearing put off?",
		"armenia prime minister", "Gibraltar 1704?", "How many square kilometres around the temple are contested?",
		"What has to come first before Abyei is handed over?", "Give me the names of all prime ministers who, which, that is",
		"is is is", "who's who's", "of by with to", "\"“’'s", "Which which which of of of", "Who did Erdoğan meet, and when, and why not?",
	} {
		f.Add(q)
	}
	e := engine(f)
	f.Fuzz(func(t *testing.T, q string) {
		a, err := e.Ask(context.Background(), m, q, ask.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if a.Text == "" || a.Answers == nil || a.Evidence == nil || a.Abstained != (len(a.Answers) == 0) {
			t.Errorf("%q: %+v", q, a)
		}
		for _, it := range a.Answers {
			if it.Name == "" || len(it.Evidence) == 0 {
				t.Errorf("%q: item %+v", q, it)
			}
			for _, ev := range it.Evidence {
				if docs[ev.Doc].Text[ev.Start:ev.End] != ev.Text {
					t.Errorf("%q: false evidence %+v", q, ev)
				}
			}
		}
		b, err := e.Ask(context.Background(), m, q, ask.Options{})
		if err != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%q: asked twice, answered differently: %v", q, err)
		}
	})
}

func BenchmarkAsk(b *testing.B) {
	_, m := second(b)
	e := engine(b)
	for _, bench := range []struct{ name, question string }{
		{"facts", "Which territories are claimed by Morocco but administered by Spain?"},
		{"sentences", "Why did Baku lift its blockade?"},
		{"misspelt", "Who claims Gibralter?"},
		{"withheld", "When did Britain seize Diego Garcia?"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := e.Ask(b.Context(), m, bench.question, ask.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

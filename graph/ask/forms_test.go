package ask_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/graph/ask/asktest"
	"github.com/demarcgraph/demarc/schema"
)

// form is a text, what is known of it and what is asked of it.
type form struct {
	line      int
	text      string
	facts     []string
	questions [][2]string // with their answers
}

func readForms(t testing.TB, path string) (forms []form) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sc := bufio.NewScanner(file)
	for n := 1; sc.Scan(); n++ {
		word, rest, _ := strings.Cut(sc.Text(), " ")
		if word == "text" {
			forms = append(forms, form{line: n, text: rest})
			continue
		}
		f := &form{}
		if len(forms) > 0 {
			f = &forms[len(forms)-1]
		}
		switch word {
		case "", "#":
		case "fact":
			f.facts = append(f.facts, rest)
		case "?":
			f.questions = append(f.questions, [2]string{rest})
		case "=":
			f.questions[len(f.questions)-1][1] = rest
		default:
			t.Fatalf("%s:%d: %q is no kind of line", path, n, word)
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return forms
}

// Each form is a graph of its own, so that nothing but it can answer.
func TestForms(t *testing.T) {
	path := filepath.Join("testdata", "forms.txt")
	e := engine(t)
	for _, f := range readForms(t, path) {
		doc := &schema.Document{ID: "text", Text: f.text}
		facts, err := asktest.ParseFacts("doc text\n"+strings.Join(f.facts, "\n"), map[string]*schema.Document{"text": doc})
		if err != nil {
			t.Fatalf("%s:%d: %v", path, f.line, err)
		}
		m := &asktest.Memory{}
		m.Add(doc, facts["text"])
		for _, q := range f.questions {
			t.Run(fmt.Sprintf("%d %s", f.line, q[0]), func(t *testing.T) {
				a, err := e.Ask(context.Background(), m, q[0], ask.Options{})
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, it := range a.Answers {
					got = append(got, it.Name)
				}
				want := strings.Split(q[1], "; ")
				if q[1] == "" {
					want = nil
				}
				slices.Sort(got)
				slices.Sort(want)
				if !slices.Equal(got, want) {
					t.Errorf("answers %q, want %q\n\t%s", got, want, a.Plan)
				}
			})
		}
	}
}

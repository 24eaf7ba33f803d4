package ask_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/graph/ask/asktest"
	"github.com/demarcgraph/demarc/schema"
)

// plain is a graph that knows what the examples of the lexicon name beyond the
// gazetteer.
func plain(t testing.TB) *asktest.Memory {
	doc := &schema.Document{ID: "names", Text: "Nobody means anything by these names."}
	facts := []schema.Fact{
		{Subject: schema.NewEntity(schema.Instrument, "Treaty of Utrecht"), Predicate: schema.Covers, Object: schema.NewEntity(schema.Territory, "Utrecht's Field")},
		{Subject: schema.NewEntity(schema.Person, "Ilham Aliyev", "Aliyev"), Predicate: schema.MetWith, Object: schema.NewEntity(schema.Person, "Nikol Pashinyan", "Pashinyan")},
	}
	for i := range facts {
		facts[i].Evidence = []schema.Evidence{doc.Quote(0, len(doc.Text))}
		facts[i].Confidence = 1
	}
	m := &asktest.Memory{}
	m.Add(doc, facts)
	return m
}

func engine(t testing.TB, opts ...ask.Option) *ask.Engine {
	e, err := ask.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestLexiconExamples(t *testing.T) {
	raw, err := fs.ReadFile(data.FS, "questions/relations.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var relations []struct {
		Predicate string
		Examples  []struct{ Ask, Plan string }
	}
	if err := yaml.Unmarshal(raw, &relations); err != nil {
		t.Fatal(err)
	}
	if raw, err = fs.ReadFile(data.FS, "questions/words.yaml"); err != nil {
		t.Fatal(err)
	}
	var words struct {
		Examples []struct{ Ask, Plan string }
	}
	if err := yaml.Unmarshal(raw, &words); err != nil {
		t.Fatal(err)
	}
	relations = append(relations, struct {
		Predicate string
		Examples  []struct{ Ask, Plan string }
	}{"words", words.Examples})
	e, m := engine(t), plain(t)
	n := 0
	for _, r := range relations {
		for _, x := range r.Examples {
			n++
			plan, ok, err := e.Plan(context.Background(), m, x.Ask)
			if err != nil {
				t.Fatal(err)
			}
			if !ok || plan.String() != x.Plan {
				t.Errorf("%s: %s\n\tis:   %s\n\twant: %s", r.Predicate, x.Ask, plan, x.Plan)
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d examples", n)
	}
}

func TestLexiconFaults(t *testing.T) {
	good := fstest.MapFS{}
	for _, name := range []string{"relations.yaml", "types.yaml", "words.yaml"} {
		raw, err := fs.ReadFile(data.FS, "questions/"+name)
		if err != nil {
			t.Fatal(err)
		}
		good["questions/"+name] = &fstest.MapFile{Data: raw}
	}
	for _, test := range []struct{ name, file, content, want string }{
		{"unknown key", "relations.yaml", "- predicate: claims\n  kind: verb\n  word: [claim]\n", "word"},
		{"unknown predicate", "relations.yaml", "- predicate: likes\n  kind: verb\n  words: [like]\n", "likes"},
		{"unknown kind", "relations.yaml", "- predicate: claims\n  kind: adverb\n  words: [claim]\n", "adverb"},
		{"no YAML", "types.yaml", "- [", "types.yaml"},
		{"missing file", "words.yaml", "", "words.yaml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for k, v := range good {
				fsys[k] = v
			}
			if test.content == "" {
				delete(fsys, "questions/"+test.file)
			} else {
				fsys["questions/"+test.file] = &fstest.MapFile{Data: []byte(test.content)}
			}
			_, err := engine(t, ask.WithData(fsys)).Ask(context.Background(), plain(t), "Who claims Sabah?", ask.Options{})
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), test.file) {
				t.Errorf("error %v does not name %s and %s", err, test.file, test.want)
			}
		})
	}
}

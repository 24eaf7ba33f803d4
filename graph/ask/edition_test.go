package ask_test

import (
	"context"
	"testing"

	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/graph/ask/asktest"
	"github.com/demarcgraph/demarc/schema"
)

// What an edition says is asked of the documents of its year only.
func TestEditions(t *testing.T) {
	m := &asktest.Memory{}
	for _, d := range []struct {
		id     string
		year   int
		text   string
		holder string
	}{
		{"note-1990", 1990, "Kesh administered by Chile", "Chile"},
		{"note-1992", 1992, "Kesh administered by Peru", "Peru"},
	} {
		doc := &schema.Document{ID: d.id, Date: schema.Year(d.year), Text: d.text}
		facts, err := asktest.ParseFacts("doc "+d.id+"\nState:"+d.holder+" | administers | Territory:Kesh", map[string]*schema.Document{d.id: doc})
		if err != nil {
			t.Fatal(err)
		}
		m.Add(doc, facts[d.id])
	}
	e := engine(t)
	for _, test := range []struct {
		question string
		docs     []string
		want     string
	}{
		{"Who administered Kesh according to the 1992 edition?", nil, "Peru."},
		{"According to the 1990 edition, who administered Kesh?", nil, "Chile."},
		{"In the 1990 edition of the World Factbook, who administered Kesh?", nil, "Chile."},
		{"Who administered Kesh according to the 1991 edition?", nil, "There is no document of that year."},
		{"Who administered Kesh according to the 1992 edition?", []string{"note-1990"}, "There is no document of that year."},
		{"Who administered Kesh?", nil, "Chile and Peru."},
	} {
		a, err := e.Ask(context.Background(), m, test.question, ask.Options{Docs: test.docs})
		if err != nil {
			t.Fatal(err)
		}
		if a.Text != test.want {
			t.Errorf("%s: %q, want %q", test.question, a.Text, test.want)
		}
	}
}

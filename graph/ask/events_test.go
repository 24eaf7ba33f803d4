package ask_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/graph/ask/asktest"
	"github.com/demarcgraph/demarc/schema"
)

// history is a graph of two editions of a note and a treaty.
func history(t *testing.T) *asktest.Memory {
	t.Helper()
	state := func(name string) schema.Entity { return schema.NewEntity(schema.State, name) }
	chile, peru, bolivia := state("Chile"), state("Peru"), state("Bolivia")
	tacna, arica := schema.NewEntity(schema.Territory, "Tacna"), schema.NewEntity(schema.Territory, "Arica")
	treaty := schema.NewEntity(schema.Instrument, "Treaty of Lima")
	m := &asktest.Memory{}
	add := func(id string, date schema.Date, text string, facts ...schema.Fact) {
		doc := &schema.Document{ID: id, Title: "Peru: notes", Country: "Peru", Date: date, Text: text}
		for i := range facts {
			facts[i].Evidence = []schema.Evidence{doc.Quote(0, len(text))}
			facts[i].Confidence, facts[i].Modality = 1, schema.Asserted
		}
		m.Add(doc, facts)
	}
	at := func(d schema.Date) schema.Time { return schema.Time{Date: d} }
	signed := []schema.Qualifier{{Role: schema.RoleAct, Value: schema.Lit("signed")}}
	add("old", schema.Year(2019), "Chile took Tacna and Arica in 1880; by the Treaty of Lima, signed on 3 June 1929, Tacna went to Peru. Bolivia claims Arica.",
		schema.Fact{Subject: chile, Predicate: schema.Seized, Object: tacna, Time: at(schema.Year(1880))},
		schema.Fact{Subject: chile, Predicate: schema.Seized, Object: arica, Time: at(schema.Year(1880))},
		schema.Fact{Subject: chile, Predicate: schema.PartyTo, Object: treaty, Time: at(schema.Day(1929, 6, 3)), Qualifiers: signed},
		schema.Fact{Subject: peru, Predicate: schema.PartyTo, Object: treaty, Time: at(schema.Day(1929, 6, 3)), Qualifiers: signed},
		schema.Fact{Subject: treaty, Predicate: schema.Covers, Object: tacna},
		schema.Fact{Subject: bolivia, Predicate: schema.Claims, Object: arica},
	)
	add("new", schema.Year(2022), "Bolivia rejects the Treaty of Lima. Chile did not seize Arica in 1930.",
		schema.Fact{Subject: bolivia, Predicate: schema.Rejects, Object: treaty},
		schema.Fact{Subject: chile, Predicate: schema.Seized, Object: arica, Time: at(schema.Year(1930)), Negated: true},
	)
	return m
}

func TestEvents(t *testing.T) {
	m := history(t)
	for _, test := range []struct {
		question string
		want     []string
	}{
		{"What happened to Tacna?", []string{"1880: Chile seized Tacna", "1929-06-03: Chile and Peru signed Treaty of Lima"}},
		{"What happened between Chile and Peru in 1929?", []string{"1929-06-03: Chile and Peru signed Treaty of Lima"}},
		{"What happened in 1880?", []string{"1880: Chile seized Arica and Tacna"}},
		{"What took place in Arica before 1900?", []string{"1880: Chile seized Arica"}},
		{"What happened in 1930 in Arica?", nil}, // denied
		{"What happened between Chile and Peru in 1990?", nil},
		{"What happened to Atlantis in 1880?", nil},
		{"What happened to the fishermen of Tacna in 1880?", nil},
		{"What happened?", nil},
		{"What changed in Arica after 2020?", []string{"2022: no longer told: Bolivia claims Arica"}},
		{"What has changed since 2020 for Bolivia?", []string{"2022: first told: Bolivia rejects Treaty of Lima", "2022: no longer told: Bolivia claims Arica"}},
	} {
		a, err := engine(t).Ask(context.Background(), m, test.question, ask.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, it := range a.Answers {
			got = append(got, it.Name)
			if len(it.Evidence) == 0 || len(it.Facts) == 0 {
				t.Errorf("%s: %q is not proved", test.question, it.Name)
			}
		}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s\n\tis   %s\n\twant %s", test.question, strings.Join(got, "; "), strings.Join(test.want, "; "))
		}
	}
}

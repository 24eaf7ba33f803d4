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

func TestClauses(t *testing.T) {
	georgia, kenya := schema.NewEntity(schema.State, "Georgia"), schema.NewEntity(schema.State, "Kenya")
	kenyatta := schema.NewEntity(schema.Person, "Uhuru Kenyatta", "Kenyatta")
	lima, paris := schema.NewEntity(schema.Instrument, "Treaty of Lima"), schema.NewEntity(schema.Instrument, "Treaty of Paris")
	tacna, peru := schema.NewEntity(schema.Territory, "Tacna"), schema.NewEntity(schema.State, "Peru")
	m := &asktest.Memory{}
	add := func(text string, facts ...schema.Fact) {
		doc := &schema.Document{ID: strings.Fields(text)[0], Text: text}
		for i := range facts {
			facts[i].Evidence = []schema.Evidence{doc.Quote(0, len(text))}
			facts[i].Confidence, facts[i].Modality = 1, schema.Asserted
		}
		m.Add(doc, facts)
	}
	statement := func(s string) schema.Entity { return schema.NewEntity(schema.Statement, s) }
	add("Georgia said that it would break with Syria.",
		schema.Fact{Subject: georgia, Predicate: schema.Said, Object: statement("that it would break with Syria")})
	add("Kenyatta, Kenya's president, warned that the judgment was void.",
		schema.Fact{Subject: kenyatta, Predicate: schema.HoldsOffice, Object: schema.NewEntity(schema.Office, "President"), Qualifiers: []schema.Qualifier{{Role: schema.RoleOf, Value: kenya}}},
		schema.Fact{Subject: kenyatta, Predicate: schema.Said, Object: statement("the judgment was void")})
	add("The Treaty of Paris provides that fishing shall be free.",
		schema.Fact{Subject: paris, Predicate: schema.Provides, Object: schema.NewEntity(schema.Provision, "fishing shall be free")})
	add("By the Treaty of Lima Tacna went to Peru, which, Georgia says, claims it.",
		schema.Fact{Subject: tacna, Predicate: schema.TransferredTo, Object: peru, Qualifiers: []schema.Qualifier{{Role: schema.RoleUnder, Value: lima}}},
		schema.Fact{Subject: peru, Predicate: schema.Claims, Object: tacna, AttributedTo: georgia})
	for _, test := range []struct {
		question string
		want     []string
	}{
		{"What did Georgia say about Syria?", []string{"it would break with Syria"}},
		{"What did the Georgian foreign ministry say about Syria?", []string{"it would break with Syria"}},
		{"What did Georgia say about Tacna?", []string{"Peru claims Tacna"}},
		{"What did Georgia say about Kenya?", nil},
		{"What did Georgia say about fishing?", nil},
		{"What did the president of Kenya say about the judgment?", []string{"the judgment was void"}},
		{"What has Uhuru Kenyatta said?", []string{"the judgment was void"}},
		{"What did Peru say?", nil},
		{"What does the Treaty of Paris provide?", []string{"fishing shall be free"}},
		{"What does the Treaty of Paris lay down about fishing?", []string{"fishing shall be free"}},
		{"What does the Treaty of Paris say about oil?", nil},
		{"What are the terms of the Treaty of Lima?", []string{"Tacna was transferred to Peru"}},
	} {
		a, err := engine(t).Ask(context.Background(), m, test.question, ask.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, it := range a.Answers {
			got = append(got, it.Name)
			if len(it.Evidence) == 0 {
				t.Errorf("%s: %q is not proved", test.question, it.Name)
			}
		}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s\n\tis   %s\n\twant %s\n\tplan %s", test.question, strings.Join(got, "; "), strings.Join(test.want, "; "), a.Plan)
		}
	}
}

package ask_test

import (
	"context"
	"testing"

	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/graph/ask/asktest"
	"github.com/demarcgraph/demarc/schema"
)

// What has no date of its own happened when the news of it came, and what
// happened to one thing says nothing of when it did to another.
func TestWhenItIsNotSaid(t *testing.T) {
	ali, maduro := schema.NewEntity(schema.Person, "Irfaan Ali"), schema.NewEntity(schema.Person, "Nicolás Maduro")
	portugal := schema.NewEntity(schema.State, "Portugal")
	m := &asktest.Memory{}
	add := func(doc *schema.Document, f schema.Fact) {
		f.Evidence = []schema.Evidence{doc.Quote(0, len(doc.Text))}
		f.Confidence, f.Modality = 1, schema.Asserted
		m.Add(doc, []schema.Fact{f})
	}
	add(&schema.Document{ID: "news", Date: schema.Day(2023, 12, 15), Text: "Irfaan Ali and Nicolás Maduro met at the airport."},
		schema.Fact{Subject: ali, Predicate: schema.MetWith, Object: maduro})
	far := " It is a dry place with few people, hardly any water and no harbour at all, where for most of the year nobody but a warden lives. "
	text := "Spain took Olivenza from Portugal in 1801." + far + far + far + "Spain has doubts about the Savage Islands."
	doc := &schema.Document{ID: "note", Date: schema.Year(2022), Text: text}
	f := schema.Fact{Subject: portugal, Predicate: schema.Claims, Object: schema.NewEntity(schema.Territory, "Savage Islands"), Confidence: 1, Modality: schema.Asserted}
	f.Evidence = []schema.Evidence{doc.Quote(len(text)-43, len(text))}
	m.Add(doc, []schema.Fact{f})
	add(&schema.Document{ID: "profile", Date: schema.Year(2022), Text: "Shinzo Abe, a former prime minister of Japan, resigned in 2020."},
		schema.Fact{Subject: schema.NewEntity(schema.Person, "Shinzo Abe"), Predicate: schema.HoldsOffice, Object: schema.NewEntity(schema.Office, "Prime Minister"), Time: schema.Time{Until: schema.Year(2020)},
			Qualifiers: []schema.Qualifier{{Role: schema.RoleOf, Value: schema.NewEntity(schema.State, "Japan")}, {Role: schema.RoleStatus, Value: schema.Lit("former")}}})
	add(&schema.Document{ID: "career", Date: schema.Year(2022), Text: "Junichiro Koizumi was prime minister of Japan from 2001 to 2006."},
		schema.Fact{Subject: schema.NewEntity(schema.Person, "Junichiro Koizumi"), Predicate: schema.HoldsOffice, Object: schema.NewEntity(schema.Office, "Prime Minister"), Time: schema.Time{Since: schema.Year(2001), Until: schema.Year(2006)},
			Qualifiers: []schema.Qualifier{{Role: schema.RoleOf, Value: schema.NewEntity(schema.State, "Japan")}}})
	for _, test := range []struct{ question, want string }{
		{"Who was prime minister of Japan in 1990?", ""},
		{"Who was prime minister of Japan in 2003?", "Junichiro Koizumi"},
		{"Whom did Nicolás Maduro meet in December 2023?", "Irfaan Ali"},
		{"Whom did Nicolás Maduro meet in 2022?", ""},
		{"When did Spain take Olivenza?", "1801"},
		{"When did Portugal annex the Savage Islands?", ""},
	} {
		a, err := engine(t).Ask(context.Background(), m, test.question, ask.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, it := range a.Answers {
			got += it.Name
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.question, got, test.want)
		}
	}
}

// A group that a text only numbers counts as many as it says.
func TestCountOfGroup(t *testing.T) {
	doc := &schema.Document{ID: "treaty", Text: "Twelve states signed the Antarctic Treaty."}
	f := schema.Fact{Subject: schema.NewEntity(schema.Agent, "Twelve states"), Predicate: schema.PartyTo, Object: schema.NewEntity(schema.Instrument, "Antarctic Treaty"),
		Qualifiers: []schema.Qualifier{{Role: schema.RoleAct, Value: schema.Lit("signed")}}, Evidence: []schema.Evidence{doc.Quote(0, len(doc.Text))}, Confidence: 1, Modality: schema.Asserted}
	m := &asktest.Memory{}
	m.Add(doc, []schema.Fact{f})
	a, err := engine(t).Ask(context.Background(), m, "How many states signed the Antarctic Treaty?", ask.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Answers) != 1 || a.Answers[0].Name != "12" {
		t.Errorf("answers %v, want 12", a.Answers)
	}
}

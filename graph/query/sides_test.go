package query_test

import (
	"context"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// named is facts in memory of which it is known who says what.
type named struct {
	told
	names map[string]string // "user entity" → name
}

func (n named) NameBy(_ context.Context, entity, user string) (string, error) {
	return n.names[user+" "+entity], nil
}

func TestSides(t *testing.T) {
	minister := schema.NewEntity(schema.Person, "Minister")
	office := fact(minister, schema.HoldsOffice, schema.NewEntity(schema.Office, "Minister"), func(f *schema.Fact) {
		f.Qualifiers = []schema.Qualifier{{Role: schema.RoleOf, Value: japan}}
	})
	facts := named{told{
		fact(japan, schema.Claims, dokdo),
		fact(korea, schema.Seized, dokdo, by(japan)),
		fact(russia, schema.Seized, shikotan, by(minister)),
		fact(japan, schema.Seized, dokdo, by(korea)),
		fact(ussr, schema.Seized, shikotan, func(f *schema.Fact) { f.Modality = schema.Alleged }),
		fact(shikotan, schema.TransferredTo, japan, func(f *schema.Fact) { f.Modality = schema.Promised }),
		office,
	}, map[string]string{"state/japan territory/dokdo": "Takeshima"}}
	for _, test := range []struct {
		side query.Side
		want string
	}{
		{query.All, "Japan claims Dokdo; South Korea seized Dokdo according to Japan; Russia seized Shikotan according to Minister; " +
			"Japan seized Dokdo according to South Korea; Soviet Union seized Shikotan [alleged]; Shikotan transferredTo Japan [promised]"},
		{query.Asserted, "Japan claims Dokdo; Shikotan transferredTo Japan [promised]"},
		{query.Side(japan.ID), "Japan claims Takeshima; South Korea seized Takeshima according to Japan; " +
			"Russia seized Shikotan according to Minister; Shikotan transferredTo Japan [promised]"},
		{query.Side(korea.ID), "Japan claims Dokdo; Japan seized Dokdo according to South Korea; Shikotan transferredTo Japan [promised]"},
	} {
		var got []string
		for f, err := range (query.Scope{Side: test.side}).Facts(t.Context(), facts) {
			if err != nil {
				t.Fatal(err)
			}
			if f.Predicate != schema.HoldsOffice {
				got = append(got, f.String())
			}
		}
		if text := strings.Join(got, "; "); text != test.want {
			t.Errorf("%q: got %s, want %s", test.side, text, test.want)
		}
	}
	if facts.told[0].Object.Name != "Dokdo" {
		t.Error("the reader's own facts were renamed")
	}
	// a denial of office is none
	facts.told[len(facts.told)-1].Negated = true
	for f := range (query.Scope{Side: query.Side(japan.ID)}).Facts(t.Context(), facts) {
		if f.AttributedTo.Same(minister) {
			t.Errorf("%s speaks for nobody", minister.Name)
		}
	}
}

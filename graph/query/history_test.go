package query_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// Documents lists those that the facts are from.
func (s told) Documents(ctx context.Context) iter.Seq2[schema.DocumentInfo, error] {
	return func(yield func(schema.DocumentInfo, error) bool) {
		var ids []string
		for _, f := range s {
			for _, ev := range f.Evidence {
				ids = append(ids, ev.Doc)
			}
		}
		slices.Sort(ids)
		for _, id := range slices.Compact(ids) {
			doc, err := s.Document(ctx, id)
			if !yield(schema.DocumentInfo{ID: doc.ID, Publisher: doc.Publisher, Date: doc.Date}, err) {
				return
			}
		}
	}
}

var _ query.Archive = told(nil)

// saying gives a fact a passage of its own in a document.
func saying(doc, text string) func(*schema.Fact) {
	return func(f *schema.Fact) {
		if f.Evidence[0].Doc == "d" {
			f.Evidence = nil
		}
		f.Evidence = append(f.Evidence, schema.Evidence{Doc: doc, Text: text, End: len(text)})
	}
}

func summary(c *query.Changes) string {
	var parts []string
	for _, f := range c.Gone {
		parts = append(parts, "-"+f.String())
	}
	for _, f := range c.New {
		parts = append(parts, "+"+f.String())
	}
	for _, ch := range c.Changed {
		parts = append(parts, fmt.Sprintf("~%s: %v", ch.Before.Subject.Name+" "+string(ch.Before.Predicate)+" "+ch.Before.Object.Name, ch.What))
	}
	for _, ch := range c.Reworded {
		parts = append(parts, fmt.Sprintf("=%s: %q %q", ch.After.String(), ch.Before.Evidence[0].Text, ch.After.Evidence[0].Text))
	}
	return strings.Join(parts, "; ")
}

// editions are two publishers' words over some years.
var editions = told{
	fact(ussr, schema.Administers, shikotan, since("1945"), saying("fb,1990 1990", "held"), saying("fb,1991 1991", "held")),
	fact(russia, schema.Administers, shikotan, saying("fb,1992 1992", "holds"), saying("fb,1993 1993-05", "now holds")),
	fact(russia, schema.Administers, shikotan, since("1991"), saying("fb,1995 1995", "has held")),
	fact(japan, schema.Claims, shikotan, saying("fb,1990 1990", "claims"), saying("fb,1991 1991", "claims"),
		saying("fb,1992 1992", "has a claim to"), saying("fb,1995 1995", "has a claim to")),
	fact(korea, schema.Claims, dokdo, saying("gazette 1991-04-19", "wants")),
	fact(ussr, schema.Seized, shikotan, on("1945-08"), saying("fb,1990 1990", "took")),
	fact(ussr, schema.Seized, shikotan, on("1946"), saying("fb,1995 1995", "took")),
	fact(japan, schema.PartyTo, treaty, saying("fb,1991 1991", "signed")),
	fact(japan, schema.PartyTo, treaty, denied, saying("fb,1992 1992", "did not sign")),
}

func TestDiff(t *testing.T) {
	for _, test := range []struct {
		from, to string
		known    bool
		scope    query.Scope
		want     string
	}{
		{"1990", "1991", false, query.Scope{}, "-Soviet Union seized Shikotan (date=1945-08); +South Korea claims Dokdo; +Japan partyTo 1956 declaration"},
		{"1990", "1992", false, query.Scope{About: shikotan.ID}, "-Soviet Union seized Shikotan (date=1945-08); -Soviet Union administers Shikotan (since=1945); " +
			`+Russia administers Shikotan; =Japan claims Shikotan: "claims" "has a claim to"`},
		{"1992", "1995", false, query.Scope{About: shikotan.ID}, "+Soviet Union seized Shikotan (date=1946); ~Russia administers Shikotan: [{since  1991}]"},
		{"1991", "1992", false, query.Scope{About: treaty.ID}, "~Japan partyTo 1956 declaration: [{polarity affirmed denied}]"},
		{"1990", "1995", false, query.Scope{About: ussr.ID}, "-Soviet Union administers Shikotan (since=1945); -Soviet Union seized Shikotan (date=1945-08); +Soviet Union seized Shikotan (date=1946)"},
		{"1993-05", "1993", false, query.Scope{}, ""},
		{"1990", "1993", true, query.Scope{About: russia.ID}, "+Russia administers Shikotan"},
		{"1991", "1991", true, query.Scope{}, ""},
	} {
		d, err := query.Diff(t.Context(), editions, date(test.from), date(test.to), test.known, test.scope)
		if err != nil {
			t.Fatal(err)
		}
		if got := summary(&d.Changes); sorted(got) != sorted(test.want) {
			t.Errorf("%s to %s, known %v, %+v:\n got %s\nwant %s", test.from, test.to, test.known, test.scope, got, test.want)
		}
		for _, f := range slices.Concat(d.Gone, d.New) {
			for _, ev := range f.Evidence {
				if !slices.Contains(slices.Concat(d.From.Docs, d.To.Docs), ev.Doc) {
					t.Errorf("%s is proved by %s, of another edition", f.String(), ev.Doc)
				}
			}
		}
	}
	d, err := query.Diff(t.Context(), editions, date("1990"), date("1995"), false, query.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range d.Gone {
		if want := map[schema.Predicate]string{schema.Administers: "1991", schema.Seized: "1990"}[f.Predicate]; d.Turned[f.ID()] != date(want) {
			t.Errorf("%s was last told %s, want %s", f.String(), d.Turned[f.ID()], want)
		}
	}
	for _, test := range []struct{ from, want string }{
		{"1980", "no document was published in 1980: the first is of 1990"},
		{"1994", "no document was published in 1994: the nearest are of 1993-05 and 1995"},
		{"1996-02", "no document was published in 1996-02: the last is of 1995"},
	} {
		var none *query.NoEditionError
		if _, err := query.Diff(t.Context(), editions, date(test.from), date("1995"), false, query.Scope{}); !errors.As(err, &none) || err.Error() != test.want {
			t.Errorf("%s: %v, want %s", test.from, err, test.want)
		}
	}
	if _, err := query.Diff(t.Context(), told{}, date("1990"), date("1995"), false, query.Scope{}); err == nil {
		t.Error("no documents, and no error")
	}
}

func sorted(list string) string {
	parts := strings.Split(list, "; ")
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}

func TestHistory(t *testing.T) {
	chapters, err := query.History(t.Context(), editions, query.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range chapters {
		got = append(got, chapters[i].Date.String()+": "+sorted(summary(&chapters[i].Changes)))
	}
	want := []string{
		"1990: +Japan claims Shikotan; +Soviet Union administers Shikotan (since=1945); +Soviet Union seized Shikotan (date=1945-08)",
		"1991: +Japan partyTo 1956 declaration; +South Korea claims Dokdo; -Soviet Union seized Shikotan (date=1945-08)",
		// the Gazette has published nothing since, and takes nothing back
		"1992: +Russia administers Shikotan; -Soviet Union administers Shikotan (since=1945); " +
			`=Japan claims Shikotan: "claims" "has a claim to"; ~Japan partyTo 1956 declaration: [{polarity affirmed denied}]`,
		"1993: -Japan claims Shikotan; -not Japan partyTo 1956 declaration", // "now holds" says no less
		"1995: +Japan claims Shikotan; +Soviet Union seized Shikotan (date=1946); ~Russia administers Shikotan: [{since  1991}]",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	var lanes []string
	for _, l := range query.ToldLanes(chapters) {
		var spans []string
		for _, s := range l.Spans {
			spans = append(spans, s.Since.String()+"/"+s.Until.String())
		}
		lanes = append(lanes, l.Facts[0].String()+" "+strings.Join(spans, " "))
	}
	for _, want := range []string{
		"Japan claims Shikotan 1990/1992 1995/", "Soviet Union administers Shikotan (since=1945) 1990/1991", "South Korea claims Dokdo 1991/",
		"Russia administers Shikotan 1992/1993", "Russia administers Shikotan (since=1991) 1995/", "not Japan partyTo 1956 declaration 1992/1992",
	} {
		if !slices.Contains(lanes, want) {
			t.Errorf("no lane %s in\n%s", want, strings.Join(lanes, "\n"))
		}
	}
	before, err := query.History(t.Context(), editions, query.Scope{KnownAt: date("1991")})
	if err != nil || len(before) != 2 {
		t.Errorf("known at 1991: %d chapters, %v", len(before), err)
	}
}

func TestLanes(t *testing.T) {
	lanes := query.Lanes([]schema.Fact{
		fact(japan, schema.Claims, shikotan, since("1945")), fact(ussr, schema.Seized, shikotan, on("1904")),
		fact(japan, schema.Claims, kurils, since("1945")), fact(japan, schema.Claims, dokdo, since("1954")),
	})
	var got []string
	for _, l := range lanes {
		got = append(got, fmt.Sprint(len(l.Facts), " ", l.Facts[0].String()))
	}
	if want := "1 Soviet Union seized Shikotan (date=1904); 2 Japan claims Shikotan (since=1945); 1 Japan claims Dokdo (since=1954)"; strings.Join(got, "; ") != want {
		t.Errorf("got %s", strings.Join(got, "; "))
	}
	if first, last := query.Years(lanes, date("1890"), date("1990")); first != 1890 || last != 1990 {
		t.Errorf("from %d to %d", first, last)
	}
}

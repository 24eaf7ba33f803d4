package query_test

import (
	"context"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// told is facts in memory.
type told []schema.Fact

func (s told) Facts(_ context.Context, filter schema.Filter) iter.Seq2[schema.Fact, error] {
	return func(yield func(schema.Fact, error) bool) {
		for _, f := range s {
			if filter.Matches(&f) && !yield(f, nil) {
				return
			}
		}
	}
}

// Document makes a document of an ID such as "fb 1990": its publisher and date.
func (s told) Document(_ context.Context, id string) (*schema.Document, error) {
	publisher, when, _ := strings.Cut(id, " ")
	return &schema.Document{ID: id, Publisher: publisher, Date: date(when)}, nil
}

var (
	japan    = schema.NewEntity(schema.State, "Japan")
	russia   = schema.NewEntity(schema.State, "Russia")
	ussr     = schema.NewEntity(schema.State, "Soviet Union")
	korea    = schema.NewEntity(schema.State, "South Korea")
	shikotan = schema.NewEntity(schema.Territory, "Shikotan")
	kurils   = schema.NewEntity(schema.Territory, "Kurils")
	dokdo    = schema.NewEntity(schema.Territory, "Dokdo")
	treaty   = schema.NewEntity(schema.Instrument, "1956 declaration")
)

func fact(s schema.Entity, p schema.Predicate, o schema.Entity, change ...func(*schema.Fact)) schema.Fact {
	f := schema.Fact{Subject: s, Predicate: p, Object: o, Modality: schema.Asserted, Confidence: 1, Rule: "r",
		Evidence: []schema.Evidence{{Doc: "d", Text: "x", End: 1}}}
	for _, c := range change {
		c(&f)
	}
	return f
}

func date(text string) schema.Date {
	d, err := schema.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func on(d string) func(*schema.Fact)    { return func(f *schema.Fact) { f.Time.Date = date(d) } }
func since(d string) func(*schema.Fact) { return func(f *schema.Fact) { f.Time.Since = date(d) } }
func until(d string) func(*schema.Fact) { return func(f *schema.Fact) { f.Time.Until = date(d) } }
func in(docs ...string) func(*schema.Fact) {
	return func(f *schema.Fact) {
		f.Evidence = nil
		for _, d := range docs {
			f.Evidence = append(f.Evidence, schema.Evidence{Doc: d, Text: "x", End: 1})
		}
	}
}
func denied(f *schema.Fact) { f.Negated = true }
func by(e schema.Entity) func(*schema.Fact) {
	return func(f *schema.Fact) { f.AttributedTo = e }
}
func act(a string) func(*schema.Fact) {
	return func(f *schema.Fact) {
		f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.RoleAct, Value: schema.Lit(a)})
	}
}

func TestConflicts(t *testing.T) {
	for _, test := range []struct {
		name string
		a, b schema.Fact
		want query.ConflictKind // "" for none
	}{
		{"two hold it now", fact(japan, schema.Administers, shikotan), fact(russia, schema.Administers, shikotan), query.TwoHolders},
		{"one after the other", fact(japan, schema.Administers, shikotan, until("1945")), fact(russia, schema.Administers, shikotan, since("1945")), ""},
		{"they overlap", fact(japan, schema.Administers, shikotan, until("1951")), fact(russia, schema.Administers, shikotan, since("1945-09")), query.TwoHolders},
		{"one has ended", fact(japan, schema.Administers, shikotan, until("1945")), fact(russia, schema.Administers, shikotan), ""},
		{"one publisher, in turn", fact(ussr, schema.Administers, shikotan, since("1945"), in("fb,1990 1990", "fb,1991 1991")), fact(russia, schema.Administers, shikotan, in("fb,1992 1992", "fb,2000 2000")), ""},
		{"one publisher, at once", fact(ussr, schema.Administers, shikotan, in("fb 1990", "fb 1994")), fact(russia, schema.Administers, shikotan, in("fb 1992")), query.TwoHolders},
		{"two publishers", fact(ussr, schema.Administers, shikotan, in("fb 1990")), fact(russia, schema.Administers, shikotan, in("news 1992")), query.TwoHolders},
		{"it began later", fact(ussr, schema.Administers, shikotan, since("1945"), in("fb 1990")), fact(russia, schema.Administers, shikotan, since("1991"), in("news 1992")), ""},
		{"one is denied", fact(japan, schema.Administers, shikotan, denied), fact(russia, schema.Administers, shikotan), ""},
		{"one is somebody's word", fact(japan, schema.Administers, shikotan, by(japan)), fact(russia, schema.Administers, shikotan), ""},
		{"two claim it", fact(japan, schema.Claims, shikotan), fact(russia, schema.Claims, shikotan), ""},
		{"a finer date", fact(japan, schema.PartyTo, treaty, on("1956")), fact(japan, schema.PartyTo, treaty, on("1956-10-19")), ""},
		{"two dates", fact(japan, schema.PartyTo, treaty, on("1956-10-19")), fact(japan, schema.PartyTo, treaty, on("1957")), query.TwoDates},
		{"two dates of one month", fact(japan, schema.PartyTo, treaty, on("1956-10-19")), fact(japan, schema.PartyTo, treaty, on("1956-10-20")), query.TwoDates},
		{"about that year", fact(japan, schema.PartyTo, treaty, on("1956~")), fact(japan, schema.PartyTo, treaty, on("1957")), ""},
		{"a decade", fact(japan, schema.PartyTo, treaty, on("195X")), fact(japan, schema.PartyTo, treaty, on("1956-10")), ""},
		{"two acts", fact(japan, schema.PartyTo, treaty, on("1956"), act("signed")), fact(japan, schema.PartyTo, treaty, on("1957"), act("ratified")), ""},
		{"two meetings", fact(japan, schema.NegotiatesWith, russia, on("1956")), fact(japan, schema.NegotiatesWith, russia, on("1957")), ""},
		{"signed and not", fact(ussr, schema.PartyTo, treaty, act("signed")), fact(ussr, schema.PartyTo, treaty, act("signed"), denied), query.SignedAndNot},
		{"party and not", fact(ussr, schema.PartyTo, treaty), fact(ussr, schema.PartyTo, treaty, denied), query.SignedAndNot},
		{"ratified, and not signed", fact(ussr, schema.PartyTo, treaty, act("ratified")), fact(ussr, schema.PartyTo, treaty, act("signed"), denied), query.SignedAndNot},
		{"ratified, and no party", fact(ussr, schema.PartyTo, treaty, act("ratified")), fact(ussr, schema.PartyTo, treaty, denied), query.SignedAndNot},
		{"signed, but not ratified", fact(ussr, schema.PartyTo, treaty, act("signed")), fact(ussr, schema.PartyTo, treaty, act("ratified"), denied), ""},
		{"signed, but no party", fact(ussr, schema.PartyTo, treaty, act("signed")), fact(ussr, schema.PartyTo, treaty, denied), ""},
		{"said and denied", fact(japan, schema.Claims, shikotan), fact(japan, schema.Claims, shikotan, denied), query.YesAndNo},
		{"denied by a party", fact(japan, schema.Claims, shikotan), fact(japan, schema.Claims, shikotan, denied, by(russia)), ""},
		{"a member and none", fact(shikotan, schema.PartOf, kurils), fact(shikotan, schema.PartOf, kurils, denied), query.Membership},
		{"in two groups", fact(shikotan, schema.PartOf, kurils), fact(shikotan, schema.PartOf, dokdo), ""},
		{"signed by another", fact(japan, schema.PartyTo, treaty), fact(ussr, schema.PartyTo, treaty, denied), ""},
		{"not then, but later", fact(ussr, schema.PartyTo, treaty, on("1951"), denied), fact(ussr, schema.PartyTo, treaty, on("1956")), ""},
		{"each part of the other", fact(shikotan, schema.PartOf, kurils), fact(kurils, schema.PartOf, shikotan), query.Membership},
	} {
		for _, facts := range []told{{test.a, test.b}, {test.b, test.a}} {
			got, err := query.Conflicts(t.Context(), facts, query.Scope{})
			if err != nil {
				t.Fatal(err)
			}
			var kind query.ConflictKind
			if len(got) > 0 {
				kind = got[0].Kind
			}
			if kind != test.want || len(got) > 1 {
				t.Errorf("%s: got %d, %q, want %q", test.name, len(got), kind, test.want)
			}
		}
	}
}

// TestGroupConflicts asks of groups and what is part of them.
func TestGroupConflicts(t *testing.T) {
	habomai := schema.NewEntity(schema.Territory, "Habomai islets")
	for _, test := range []struct {
		name  string
		facts told
		about string
		want  string
	}{
		{"a member held by another", told{fact(shikotan, schema.PartOf, kurils), fact(russia, schema.Administers, kurils), fact(japan, schema.Administers, shikotan)}, "",
			"two administrators, of a group and its member: Russia administers Kurils | Japan administers Shikotan"},
		{"the same, of the member", told{fact(shikotan, schema.PartOf, kurils), fact(russia, schema.Administers, kurils), fact(japan, schema.Administers, shikotan)}, shikotan.ID,
			"two administrators, of a group and its member: Russia administers Kurils | Japan administers Shikotan"},
		{"of another member", told{fact(shikotan, schema.PartOf, kurils), fact(habomai, schema.PartOf, kurils), fact(russia, schema.Administers, kurils), fact(japan, schema.Administers, shikotan)}, habomai.ID, ""},
		{"a member of a member", told{fact(shikotan, schema.PartOf, habomai), fact(habomai, schema.PartOf, kurils), fact(russia, schema.Administers, kurils), fact(japan, schema.Administers, shikotan)}, "",
			"two administrators, of a group and its member: Russia administers Kurils | Japan administers Shikotan"},
		{"held before", told{fact(shikotan, schema.PartOf, kurils), fact(russia, schema.Administers, kurils, since("1945")), fact(japan, schema.Administers, shikotan, until("1945"))}, "", ""},
		{"held by the same", told{fact(shikotan, schema.PartOf, kurils), fact(russia, schema.Administers, kurils), fact(russia, schema.Administers, shikotan)}, "", ""},
		{"two members", told{fact(shikotan, schema.PartOf, kurils), fact(habomai, schema.PartOf, kurils), fact(russia, schema.Administers, habomai), fact(japan, schema.Administers, shikotan)}, "", ""},
		{"a circle of three", told{fact(shikotan, schema.PartOf, habomai), fact(habomai, schema.PartOf, kurils), fact(kurils, schema.PartOf, shikotan)}, "",
			"membership: Habomai islets partOf Kurils | Kurils partOf Shikotan"},
		{"a ladder", told{fact(shikotan, schema.PartOf, habomai), fact(habomai, schema.PartOf, kurils), fact(shikotan, schema.PartOf, kurils)}, "", ""},
	} {
		list, err := query.Conflicts(t.Context(), test.facts, query.Scope{About: test.about})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range list {
			got = append(got, string(c.Kind)+": "+c.A.String()+" | "+c.B.String())
			if !slices.Contains(query.ConflictKinds(), c.Kind) {
				t.Errorf("%s is no kind", c.Kind)
			}
		}
		if strings.Join(got, "; ") != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, strings.Join(got, "; "), test.want)
		}
	}
}

func TestViews(t *testing.T) {
	facts := told{
		fact(japan, schema.Claims, shikotan), fact(russia, schema.Administers, shikotan, since("1945")),
		fact(japan, schema.PartyTo, treaty, on("1956-10-19")), fact(treaty, schema.Covers, shikotan),
		fact(japan, schema.Claims, dokdo), fact(korea, schema.Administers, dokdo), fact(korea, schema.Claims, dokdo),
		fact(japan, schema.Administers, shikotan, until("1945")),
	}
	lines := func(v query.View, scope query.Scope) string {
		list, err := v.Facts(t.Context(), facts, scope)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, f := range list {
			out = append(out, f.String())
		}
		return strings.Join(out, "; ")
	}
	for _, test := range []struct {
		view  query.View
		scope query.Scope
		want  string
	}{
		{query.Claims, query.Scope{About: dokdo.ID}, "Japan claims Dokdo; South Korea claims Dokdo"},
		{query.Control, query.Scope{AsOf: schema.Year(1920)}, "Japan administers Shikotan (until=1945); South Korea administers Dokdo"},
		{query.Timeline, query.Scope{}, "Russia administers Shikotan (since=1945); Japan administers Shikotan (until=1945); Japan partyTo 1956 declaration (date=1956-10-19)"},
		{query.Instruments, query.Scope{}, "Japan partyTo 1956 declaration (date=1956-10-19); 1956 declaration covers Shikotan"},
		{query.People, query.Scope{}, ""},
	} {
		if got := lines(test.view, test.scope); got != test.want {
			t.Errorf("%s: got %s, want %s", test.view, got, test.want)
		}
	}
	if _, err := query.View("weather").Facts(t.Context(), facts, query.Scope{}); err == nil {
		t.Error("a view that there is not")
	}

	path, err := query.Path(t.Context(), facts, russia.ID, korea.ID, 0, query.Scope{})
	var to []string
	for _, s := range path {
		to = append(to, s.To.Name)
	}
	if got := strings.Join(to, " "); err != nil || got != "Shikotan Japan Dokdo South Korea" {
		t.Errorf("path %s, %v", got, err)
	}
	for _, end := range []struct {
		to    string
		steps int
	}{{korea.ID, 3}, {"state/nowhere", 0}, {russia.ID, 0}} {
		if path, err := query.Path(t.Context(), facts, russia.ID, end.to, end.steps, query.Scope{}); err != nil || len(path) > 0 {
			t.Errorf("path to %s in %d: %v, %v", end.to, end.steps, path, err)
		}
	}

	near, err := query.Neighbours(t.Context(), facts, query.Scope{About: shikotan.ID})
	if err != nil || len(near) != 3 || near[0].Entity.Name != "Japan" || near[0].Facts != 2 ||
		!slices.Equal(near[0].Predicates, []schema.Predicate{schema.Administers, schema.Claims}) {
		t.Errorf("neighbours %+v, %v", near, err)
	}

	c, err := query.Compare(t.Context(), facts, shikotan.ID, dokdo.ID, query.Scope{})
	if err != nil || len(c.Both) != 1 || c.Both[0].Value.Name != "Japan" || c.Both[0].Predicate != schema.Claims || len(c.OnlyA) != 3 || len(c.OnlyB) != 2 || len(c.Between) != 0 {
		t.Errorf("comparison %+v, %v", c, err)
	}
	sources, err := query.Sources(t.Context(), facts, query.Scope{})
	if err != nil || len(sources) != 1 || sources[0] != (query.Source{Doc: "d", Facts: len(facts)}) {
		t.Errorf("sources %v, %v", sources, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := query.Conflicts(ctx, facts, query.Scope{}); err == nil {
		t.Error("cancelled, and no error")
	}
}

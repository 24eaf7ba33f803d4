package query_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

func TestDisputes(t *testing.T) {
	over := func(e schema.Entity) func(*schema.Fact) {
		return func(f *schema.Fact) { f.Qualifiers = []schema.Qualifier{{Role: schema.RoleOver, Value: e}} }
	}
	facts := told{
		fact(japan, schema.Claims, shikotan),
		fact(russia, schema.Administers, shikotan, since("1945")),
		fact(ussr, schema.Claims, shikotan, denied),
		fact(korea, schema.Recognizes, shikotan, by(japan)),
		fact(japan, schema.Disputes, russia, over(kurils)),
		fact(korea, schema.Administers, dokdo),
		fact(treaty, schema.Covers, shikotan),
		fact(shikotan, schema.PartOf, kurils),
		fact(russia, schema.Claims, kurils),
	}
	list, err := query.DisputedTerritories(t.Context(), facts, query.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range list {
		got = append(got, fmt.Sprintf("%s %d %d %d", d.Territory.Name, len(d.Claimants), len(d.Administrators), d.Facts))
	}
	// Nobody claims Dokdo here, so there is no dispute; who denies a claim has none.
	if want := "Kurils 1 0 2; Shikotan 1 1 2"; strings.Join(got, "; ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, "; "), want)
	}

	d, err := query.DisputeOver(t.Context(), facts, query.Scope{About: shikotan.ID, AsOf: schema.Year(2000)}, []schema.Entity{kurils})
	if err != nil {
		t.Fatal(err)
	}
	got = nil
	for _, p := range d.Parties {
		got = append(got, fmt.Sprintf("%s %d %d %d", p.Entity.Name, len(p.Claims), len(p.Control), len(p.Says)))
	}
	if want := "Japan 1 0 1; Russia 0 1 0; South Korea 1 0 0; Soviet Union 1 0 0"; strings.Join(got, "; ") != want {
		t.Errorf("parties %s, want %s", strings.Join(got, "; "), want)
	}
	if len(d.Instruments) != 1 || len(d.Timeline) != 1 || len(d.Other) != 1 || len(d.Sources) != 1 {
		t.Errorf("instruments %v, timeline %v, other %v, sources %v", d.Instruments, d.Timeline, d.Other, d.Sources)
	}
	if len(d.Derived) != 1 || d.Derived[0].Group.ID != kurils.ID || len(d.Derived[0].Facts) != 2 {
		t.Errorf("derived %v", d.Derived)
	}
	text, err := json.Marshal(d.Timeline[0])
	if err != nil || !strings.HasSuffix(string(text), `,"holds":"possibly"}`) || d.Timeline[0].Holds != schema.Possibly {
		t.Errorf("%s, %v", text, err)
	}
}

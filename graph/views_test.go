package graph

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// TestViewsAreSPARQL asks for each view as a library call and as the SPARQL
// that it stands for.
func TestViewsAreSPARQL(t *testing.T) {
	x, docs := randomCorpus(rand.New(rand.NewPCG(7, 7)), 30)
	g := open(t, x, atlas{})
	load(t, g, docs...)
	var about string
	for e, err := range g.Entities(t.Context(), schema.Territory) {
		if err != nil {
			t.Fatal(err)
		}
		about = e.ID
		break
	}
	found := 0
	for _, scope := range []query.Scope{
		{}, {About: about}, {Docs: []string{docs[0].ID, docs[1].ID}},
		{AsOf: schema.Year(1945)}, {AsOf: schema.Day(1956, 10, 19)}, {AsOf: schema.Month(1990, 3), About: about},
		{AsOf: schema.Year(1874)}, {KnownAt: schema.Year(1956)}, {KnownAt: schema.Day(1956, 10, 18), AsOf: schema.Year(1956)},
		{Side: query.Asserted}, {Side: "state/japan"}, {Side: "person/russia", About: about},
	} {
		for _, v := range query.Views() {
			facts, err := v.Facts(t.Context(), g, scope)
			if err != nil {
				t.Fatal(err)
			}
			var want, got []string
			for i := range facts {
				want = append(want, facts[i].ID())
			}
			r, err := g.Query(t.Context(), query.Request{Text: v.SPARQL(schema.Namespace{}, scope), Limit: -1})
			if err != nil {
				t.Fatalf("%s: %v\n%s", v, err, v.SPARQL(schema.Namespace{}, scope))
			}
			for _, row := range r.Rows {
				id, _ := schema.Namespace{}.FactID(row[0].Value)
				got = append(got, id)
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s of %+v: SPARQL has %d facts, the view %d\n%s", v, scope, len(got), len(want), v.SPARQL(schema.Namespace{}, scope))
			}
			found += len(got)
		}
	}
	if found == 0 {
		t.Error("the views are empty")
	}
}

// TestCookbook runs every query of docs/query.md.
func TestCookbook(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "query.md"))
	if err != nil {
		t.Fatal(err)
	}
	g := kurils(t)
	blocks := regexp.MustCompile("(?s)```(sparql|js)\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 10 {
		t.Errorf("%d queries", len(blocks))
	}
	for _, b := range blocks {
		language := query.SPARQL
		if b[1] == "js" {
			language = query.Gizmo
		}
		if _, err := g.Query(t.Context(), query.Request{Language: language, Text: b[2]}); err != nil {
			t.Errorf("%v\n%s", err, b[2])
		}
	}
	for _, kind := range query.ConflictKinds() {
		if !strings.Contains(string(text), "| "+string(kind)+" |") {
			t.Errorf("nothing is said of conflicts of the kind %q", kind)
		}
	}
	for _, v := range query.Views() {
		if !strings.Contains(string(text), "`"+string(v)+"`") {
			t.Errorf("nothing is said of the view %s", v)
		}
	}
}

package graph

import (
	"errors"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/graph/rdfio"
)

// TestImport imports beside documents: twice is once, removed is never, changed
// replaces.
func TestImport(t *testing.T) {
	g := kurils(t)
	before := dump(t, g, "nquads")
	const turtle = `@prefix dm: <https://w3id.org/demarc/schema#> . @prefix state: <https://w3id.org/demarc/id/state/> .
state:japan dm:claims <https://w3id.org/demarc/id/territory/erewhon> ; dm:note [ dm:note "a" ], [ dm:note "b" ] .`
	imp := func(text string, opts ImportOptions) ImportResult {
		t.Helper()
		r, err := g.Import(t.Context(), strings.NewReader(text), opts)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	opts := ImportOptions{Format: rdfio.Turtle, Name: "erewhon", Path: "erewhon.ttl"}
	if r := imp(turtle, opts); r != (ImportResult{"erewhon", 5, 5}) {
		t.Errorf("%+v", r)
	}
	once := dump(t, g, "nquads")
	if r := imp(turtle, opts); r != (ImportResult{"erewhon", 5, 0}) {
		t.Errorf("again: %+v", r)
	}
	if twice := dump(t, g, "nquads"); twice != once {
		t.Error("twice is not once")
	}
	imp(strings.Replace(turtle, "erewhon", "laputa", 1), opts)
	changed := dump(t, g, "nquads")
	if strings.Contains(changed, "territory/erewhon") || !strings.Contains(changed, "territory/laputa") {
		t.Error("a changed file has not replaced what it brought")
	}
	// The same text under no name of its own is another source.
	if r := imp(turtle, ImportOptions{Format: rdfio.Turtle}); !strings.HasPrefix(r.Doc, "import-") || r.Added != 5 {
		t.Errorf("%+v", r)
	} else if err := g.Remove(t.Context(), r.Doc); err != nil {
		t.Fatal(err)
	}
	if err := g.Remove(t.Context(), "erewhon"); err != nil {
		t.Fatal(err)
	}
	if after := dump(t, g, "nquads"); after != before {
		t.Error("removed is not never imported")
	}

	// Quads with graphs of their own stay in them.
	if r := imp(before, ImportOptions{Name: "export"}); r.Doc != "" || r.Added != 0 {
		t.Errorf("the graph into itself: %+v", r)
	}
	empty := open(t, nil, smallAtlas)
	if _, err := empty.Import(t.Context(), strings.NewReader(before), ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if dump(t, empty, "nquads") != before {
		t.Error("an export does not make the same graph again")
	}

	for _, bad := range []struct {
		text string
		opts ImportOptions
		want string
	}{
		{turtle, ImportOptions{Format: rdfio.Turtle, Name: "note"}, `a document "note" already`},
		{turtle + " <", opts, ""},
		{turtle, ImportOptions{Format: rdfio.NQuads}, "line 1"},
	} {
		if _, err := g.Import(t.Context(), strings.NewReader(bad.text), bad.opts); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%+v: %v", bad.opts, err)
		}
	}
	if after := dump(t, g, "nquads"); after != before {
		t.Error("what failed has left something")
	}
	g.readOnly = true
	if _, err := g.Import(t.Context(), strings.NewReader(turtle), opts); !errors.Is(err, ErrReadOnly) {
		t.Error(err)
	}
}

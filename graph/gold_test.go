package graph

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/internal/shared"
	"github.com/demarcgraph/demarc/schema"
)

// goldFact is a fact as ../shared/eval/FACTS.md writes it.
type goldFact struct {
	S, O []string
	P    schema.Predicate
	Q    map[string]json.RawMessage
	Attr *string
	Neg  bool
}

// convert makes a fact of the model of one of the gold data. The whole text
// proves it, for gold facts name no passage.
func (f *goldFact) convert(doc *schema.Document) schema.Fact {
	info, _ := f.P.Info()
	entity := func(class schema.Class, names []string) schema.Entity {
		if class == schema.Literal {
			return schema.Lit(names[0])
		}
		return schema.NewEntity(class, names[0], names[1:]...)
	}
	out := schema.Fact{Subject: entity(info.Subjects[0], f.S), Predicate: f.P, Object: entity(info.Objects[0], f.O), Negated: f.Neg,
		Modality: schema.Asserted, Rule: "gold", Confidence: 1, Evidence: []schema.Evidence{doc.Quote(0, len(doc.Text))}}
	if f.Attr != nil {
		out.AttributedTo = schema.NewEntity(schema.State, *f.Attr)
	}
	for role, raw := range f.Q {
		var many []string
		var one string
		if json.Unmarshal(raw, &many) != nil {
			if json.Unmarshal(raw, &one) != nil {
				continue
			}
			many = []string{one}
		}
		date, err := schema.ParseDate(many[0])
		switch {
		case role == "date" && err == nil:
			out.Time.Date = date
		case (role == "since" || role == "from") && err == nil:
			out.Time.Since = date
		case role == "until" && err == nil:
			out.Time.Until = date
		default:
			out.Qualifiers = append(out.Qualifiers, schema.Qualifier{Role: schema.Role(role), Value: schema.Lit(many[0])})
		}
	}
	return out
}

func goldCorpus(t testing.TB) (given, []*schema.Document) {
	x := given{}
	var docs []*schema.Document
	file, err := os.Open(shared.Path(t, "eval", "gold-dev.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var gold struct {
			ID    string
			Facts []goldFact
		}
		if err := json.Unmarshal(lines.Bytes(), &gold); err != nil {
			t.Fatal(err)
		}
		doc := &schema.Document{ID: gold.ID, Text: "The text of " + gold.ID + "."}
		for _, f := range gold.Facts {
			if _, ok := f.P.Info(); ok {
				x[doc.ID] = append(x[doc.ID], f.convert(doc))
			}
		}
		docs = append(docs, doc)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return x, docs
}

// TestGoldFactsRoundTrip loads all facts that careful readers found and looks
// for each of them.
func TestGoldFactsRoundTrip(t *testing.T) {
	x, docs := goldCorpus(t)
	g, err := Open(t.Context(), t.TempDir()+"/g", WithExtractor(x), WithGazetteer(atlas{}))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	begin := time.Now()
	load(t, g, docs...)
	elapsed := time.Since(begin)
	// What rules find to be one thing in two documents is read as one.
	one := func(e schema.Entity) schema.Entity {
		if e.ID == "" {
			return e
		}
		id, err := g.One(t.Context(), e.ID)
		if err != nil {
			t.Fatal(err)
		}
		e.ID = id
		return e
	}
	want := map[string]*schema.Fact{}
	for _, doc := range docs {
		var facts []schema.Fact
		for _, f := range x[doc.ID] {
			f.Subject, f.Object, f.AttributedTo = one(f.Subject), one(f.Object), one(f.AttributedTo)
			f.Qualifiers = slices.Clone(f.Qualifiers)
			for i := range f.Qualifiers {
				f.Qualifiers[i].Value = one(f.Qualifiers[i].Value)
			}
			facts = append(facts, f)
		}
		for _, f := range mergeFacts(facts) {
			if old, ok := want[f.ID()]; ok {
				old.Evidence = append(old.Evidence, f.Evidence...)
				continue
			}
			want[f.ID()] = &f
		}
	}
	n := 0
	for f, err := range g.Facts(context.Background(), schema.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		// Names differ from document to document; what it says does not.
		w := want[f.ID()]
		if w == nil {
			t.Errorf("not loaded: %s", f.String())
			continue
		}
		if d := diff(schema.SortEvidence(w.Evidence), f.Evidence); d != "" || f.Predicate != w.Predicate || f.Time != w.Time ||
			f.Negated != w.Negated || !f.AttributedTo.Same(w.AttributedTo) || f.Rule != w.Rule || f.Confidence != w.Confidence {
			t.Errorf("%s came back as %s\n%s", w.String(), f.String(), d)
		}
	}
	if n != len(want) {
		t.Errorf("%d facts, want %d", n, len(want))
	}
	st, err := g.Stats(t.Context())
	if err != nil || st.Facts != n || st.Documents != len(docs) {
		t.Errorf("%+v, %v", st, err)
	}
	decisions, err := g.Decisions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range decisions {
		t.Logf("%s and %s: %s, %s", d.A.ID, d.B.ID, d.By, d.Reason)
	}
	var size countingWriter
	if _, err := g.Export(t.Context(), &size, "nquads", export.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d documents, %d facts, %d quads, loaded in %v, %d bytes on disk, %d as N-Quads", st.Documents, st.Facts, st.Quads, elapsed, st.Bytes, size)
}

type countingWriter int

func (w *countingWriter) Write(p []byte) (int, error) {
	*w += countingWriter(len(p))
	return len(p), nil
}

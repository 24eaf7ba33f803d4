package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"testing"
	"time"
)

func iri(s string) IRI { return IRI("http://example.org/" + s) }

// doc returns n quads labelled as one document, some of which other documents
// have too.
func doc(label string, n int) []Quad {
	var out []Quad
	for i := range n {
		out = append(out, Quad{
			Subject:   iri(fmt.Sprintf("s%d", i/3)),
			Predicate: iri(fmt.Sprintf("p%d", i%3)),
			Object:    String(fmt.Sprintf("text %d of %s", i, label)),
			Label:     iri(label),
		})
	}
	return out
}

func collect(t testing.TB, seq iter.Seq2[Quad, error]) []string {
	t.Helper()
	var out []string
	for q, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, FormatQuad(q))
	}
	return out
}

func lines(quads []Quad) []string {
	var out []string
	for _, q := range quads {
		out = append(out, FormatQuad(q))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestTerms(t *testing.T) {
	const xsd = "http://www.w3.org/2001/XMLSchema#"
	now := time.Date(1956, 10, 19, 12, 0, 0, 123456789, time.FixedZone("", 3600))
	tests := []struct{ in, want Value }{
		{iri("a"), iri("a")},
		{BNode("b1"), BNode("b1")},
		{String(""), String("")},
		{String("a\x00b\nc"), String("a\x00b\nc")},
		{LangString{Value: "Kurils", Lang: "en"}, LangString{Value: "Kurils", Lang: "en"}},
		{LangString{}, LangString{}},
		{TypedString{Value: "1956", Type: xsd + "gYear"}, TypedString{Value: "1956", Type: xsd + "gYear"}},
		{TypedString{Value: "x", Type: xsd + "string"}, String("x")},
		{TypedString{Value: "x"}, String("x")},
		{TypedString{Value: "7", Type: xsd + "integer"}, Int(7)},
		{TypedString{Value: "7", Type: "xsd:integer"}, Int(7)},
		{TypedString{Value: "07", Type: xsd + "integer"}, TypedString{Value: "07", Type: xsd + "integer"}},
		{TypedString{Value: "7", Type: xsd + "int"}, TypedString{Value: "7", Type: xsd + "int"}},
		{TypedString{Value: "1.5", Type: xsd + "double"}, TypedString{Value: "1.5", Type: xsd + "double"}},
		{Int(-5), Int(-5)},
		{Float(2.5), Float(2.5)},
		{Bool(true), Bool(true)},
		{Bool(false), Bool(false)},
		{Time(now), Time(now.UTC())},
	}
	s := openTest(t, "")
	for i, tt := range tests {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			q := Quad{Subject: iri("s"), Predicate: iri("p"), Object: tt.in, Label: iri(fmt.Sprint(i))}
			if err := s.Apply(t.Context(), nil, []Quad{q}); err != nil {
				t.Fatal(err)
			}
			for got, err := range s.Match(t.Context(), Pattern{Object: tt.in, Label: q.Label}) {
				if err != nil || got.Object != tt.want {
					t.Errorf("got %#v, %v; want %#v", got.Object, err, tt.want)
				}
			}
			if n, err := s.Count(t.Context(), Pattern{Object: tt.want, Label: q.Label}); n != 1 || err != nil {
				t.Errorf("Count = %d, %v; want 1", n, err)
			}
		})
	}
}

func TestMatchEveryPattern(t *testing.T) {
	s := openTest(t, "")
	var all []Quad
	for i := range 4 {
		all = append(all, doc(fmt.Sprintf("d%d", i), 20)...)
	}
	all = append(all, Quad{Subject: iri("s1"), Predicate: iri("p1"), Object: iri("o")})
	if err := s.Apply(t.Context(), nil, all); err != nil {
		t.Fatal(err)
	}
	for mask := range 16 {
		for _, probe := range all {
			var p Pattern
			for i, set := range []func(){
				func() { p.Subject = probe.Subject }, func() { p.Predicate = probe.Predicate },
				func() { p.Object = probe.Object }, func() { p.Label = probe.Label },
			} {
				if mask>>i&1 == 1 {
					set()
				}
			}
			var want []Quad
			for _, q := range all {
				if (p.Subject == nil || p.Subject == q.Subject) && (p.Predicate == nil || p.Predicate == q.Predicate) &&
					(p.Object == nil || p.Object == q.Object) && (p.Label == nil || p.Label == q.Label) {
					want = append(want, q)
				}
			}
			got := collect(t, s.Match(t.Context(), p))
			if n, err := s.Count(t.Context(), p); err != nil || n != int64(len(got)) {
				t.Errorf("Count(%v) = %d, %v; Match has %d", p, n, err, len(got))
			}
			slices.Sort(got)
			if !slices.Equal(got, lines(want)) {
				t.Fatalf("Match(%v) has %d quads, want %d", p, len(got), len(want))
			}
		}
	}
}

func TestReplaceLabel(t *testing.T) {
	s := openTest(t, t.TempDir())
	ctx := t.Context()
	never := openTest(t, "")
	apply := func(s *Store, label string, n int) {
		t.Helper()
		if err := s.ReplaceLabel(ctx, iri(label), doc(label, n)); err != nil {
			t.Fatal(err)
		}
	}
	hash := func(s *Store) string {
		t.Helper()
		h, err := s.Hash(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	apply(s, "a", 30)
	apply(s, "b", 50)
	apply(s, "b", 50) // twice is once
	apply(s, "c", 10)
	apply(s, "a", 7)
	apply(s, "c", 0)
	apply(never, "b", 50)
	apply(never, "a", 7)
	if hash(s) != hash(never) {
		t.Error("a replaced and removed document leaves traces")
	}
	a, err := s.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	b, err := never.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if a.Quads != b.Quads || a.Terms != b.Terms || a.Quads != 57 {
		t.Errorf("stats %+v, want %+v", a, b)
	}
	if err := s.ReplaceLabel(ctx, nil, nil); err == nil {
		t.Error("replacing no label is no error")
	}
}

func TestReopen(t *testing.T) {
	dir := t.TempDir()
	ctx := t.Context()
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(ctx, nil, doc("a", 100)); err != nil {
		t.Fatal(err)
	}
	want := collect(t, s.Match(ctx, Pattern{}))
	_, err = Open(dir, Options{})
	if locked, ok := errors.AsType[*ErrLocked](err); !ok || locked.PID != os.Getpid() {
		t.Errorf("second Open: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(ctx, nil, doc("b", 1)); !errors.Is(err, ErrClosed) {
		t.Errorf("Apply after Close: %v", err)
	}
	ro, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	ro2, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatalf("second reader: %v", err)
	}
	if _, err := Open(dir, Options{}); err == nil {
		t.Error("a writer opens what readers read")
	}
	if got := collect(t, ro.Match(ctx, Pattern{})); !slices.Equal(got, want) {
		t.Errorf("reopened: %d quads, want %d", len(got), len(want))
	}
	if err := ro.Apply(ctx, nil, doc("b", 1)); !errors.Is(err, ErrReadOnly) {
		t.Errorf("Apply: %v, want ErrReadOnly", err)
	}
	if err := errors.Join(ro.Close(), ro2.Close()); err != nil {
		t.Error(err)
	}
}

func TestOpenErrors(t *testing.T) {
	if _, err := Open(t.TempDir()+"/none", Options{ReadOnly: true}); !errors.Is(err, ErrNoGraph) {
		t.Errorf("missing folder: %v", err)
	}
	full := t.TempDir()
	if err := os.WriteFile(full+"/x", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(full, Options{}); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("folder of others: %v", err)
	}
}

func TestSnapshotStays(t *testing.T) {
	s := openTest(t, "")
	ctx := t.Context()
	if err := s.Apply(ctx, nil, doc("a", 10)); err != nil {
		t.Fatal(err)
	}
	snap, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	if err := s.ReplaceLabel(ctx, iri("a"), doc("a", 3)); err != nil {
		t.Fatal(err)
	}
	if n := len(collect(t, snap.Match(ctx, Pattern{Label: iri("a")}))); n != 10 {
		t.Errorf("snapshot has %d quads, want 10", n)
	}
	if n := len(collect(t, s.Match(ctx, Pattern{Label: iri("a")}))); n != 3 {
		t.Errorf("store has %d quads, want 3", n)
	}
}

func TestCancelled(t *testing.T) {
	s := openTest(t, "")
	if err := s.Apply(t.Context(), nil, doc("a", 2000)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var last error
	for _, err := range s.Match(ctx, Pattern{}) {
		if err != nil {
			last = err
			continue
		}
		if n++; n == 10 {
			cancel()
		}
	}
	if !errors.Is(last, context.Canceled) || n >= 2000 {
		t.Errorf("%d quads, then %v", n, last)
	}
	if err := s.Apply(ctx, nil, doc("b", 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("Apply: %v", err)
	}
}

func TestLabels(t *testing.T) {
	s := openTest(t, "")
	var want []string
	for i := range 20 {
		l := fmt.Sprintf("d%02d", i)
		want = append(want, string(iri(l)))
		if err := s.Apply(t.Context(), nil, doc(l, 5)); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for l, err := range s.Labels(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(l.(IRI)))
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

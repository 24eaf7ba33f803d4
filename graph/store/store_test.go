package store

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func iri(s string) IRI { return IRI("http://example.org/" + s) }

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

func TestReopen(t *testing.T) {
	dir := t.TempDir()
	ctx := t.Context()
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(ctx, nil, mixed(1, 100)); err != nil {
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
	if err := s.Apply(ctx, nil, mixed(2, 1)); !errors.Is(err, ErrClosed) {
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
	// A writer may come; the readers see what was there when they came.
	w, err := Open(dir, Options{})
	if err != nil {
		t.Fatalf("a writer beside readers: %v", err)
	}
	if err := w.Apply(ctx, nil, mixed(2, 100)); err != nil {
		t.Fatal(err)
	}
	more := collect(t, w.Match(ctx, Pattern{}))
	ro3, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		t.Fatalf("a reader beside a writer: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, r := range []struct {
		s    *Store
		want []string
	}{{ro, want}, {ro2, want}, {ro3, more}} {
		if got := collect(t, r.s.Match(ctx, Pattern{})); !slices.Equal(got, r.want) {
			t.Errorf("reopened: %d quads, want %d", len(got), len(r.want))
		}
	}
	if err := ro.Apply(ctx, nil, mixed(2, 1)); !errors.Is(err, ErrReadOnly) {
		t.Errorf("Apply: %v, want ErrReadOnly", err)
	}
	if err := errors.Join(ro.Close(), ro2.Close(), ro3.Close()); err != nil {
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

// TestCollisions gives a store so few hashes that terms must share them.
func TestCollisions(t *testing.T) {
	ctx := t.Context()
	few := Options{hash: func(term []byte) id {
		var sum id
		for _, c := range term {
			sum += id(c)
		}
		return (sum%97 + 1) << slotBits
	}}
	s, err := Open("", few)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ref := openTest(t, "")
	content := func(i int) []Quad {
		var out []Quad
		for j := range 40 {
			out = append(out, Quad{
				Subject: iri(fmt.Sprintf("s%d", (i+j)%19)), Predicate: iri("p"),
				Object: Int((i * j) % 89), Label: iri(fmt.Sprint("l", i%5)),
			})
		}
		return out
	}
	full := false
	for i := range 200 {
		add := content(i)
		if i%3 == 2 {
			add = nil
		}
		err := s.ReplaceLabel(ctx, iri(fmt.Sprint("l", i%5)), add)
		if err != nil {
			full = true // five terms of one hash; nothing may have changed
			continue
		}
		if err := ref.ReplaceLabel(ctx, iri(fmt.Sprint("l", i%5)), add); err != nil {
			t.Fatal(err)
		}
		assertSound(t, s)
		got, want := collect(t, s.Match(ctx, Pattern{})), collect(t, ref.Match(ctx, Pattern{}))
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("step %d: %d quads, want %d", i, len(got), len(want))
		}
		for _, q := range add {
			if n, err := s.Count(ctx, Pattern(q)); n != 1 || err != nil {
				t.Fatalf("step %d: %v is there %d times, %v", i, q, n, err)
			}
		}
	}
	if d := s.eng.(*disk); !d.displaced.Load() {
		t.Error("no terms have collided")
	}
	t.Logf("some hash was full: %v", full)
	if _, err := s.Import(ctx, strings.NewReader(nquads(content(1))), ImportOptions{}); !errors.Is(err, ErrCollision) {
		t.Errorf("import into a store with collisions: %v", err)
	}
	fresh, err := Open("", few)
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	if _, err := fresh.Import(ctx, strings.NewReader(nquads(mixed(1, 500))), ImportOptions{}); !errors.Is(err, ErrCollision) {
		t.Errorf("import with collisions: %v", err)
	}
	if st, err := fresh.Stats(ctx); err != nil || st.Quads != 0 {
		t.Errorf("a failed import left %+v, %v", st, err)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := t.TempDir()
	path := dir + "/g"
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Apply(t.Context(), nil, mixed(1, 100)), s.Close()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chmod(path, 0o555), os.Chmod(dir, 0o555)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(os.Chmod(dir, 0o755), os.Chmod(path, 0o755)) })
	for _, p := range []string{path, dir + "/new"} {
		if _, err := Open(p, Options{}); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("open %s for writing: %v", p, err)
		}
	}
	ro, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := ro.Count(t.Context(), Pattern{}); n == 0 || err != nil {
		t.Errorf("%d quads, %v", n, err)
	}
	if err := ro.Close(); err != nil {
		t.Error(err)
	}
}

func TestWorthMerging(t *testing.T) {
	for _, test := range []struct {
		name          string
		written, size uint64
		levels        int
		want          bool
	}{
		{"a first load", 120 << 20, 100 << 20, 4, true},
		{"a first load that Pebble has merged already", 120 << 20, 100 << 20, 1, false},
		{"some more documents", 20 << 20, 100 << 20, 4, false},
		{"a small graph", 1 << 20, 1 << 20, 2, false},
		{"a graph that takes too long", 5 << 30, 4 << 30, 6, false},
	} {
		if got := worthMerging(test.written, test.size, test.levels); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// mixed returns n random quads, some of them equal.
func mixed(seed uint64, n int) []Quad {
	r := rand.New(rand.NewPCG(seed, 1))
	term := func(kind string, n int) IRI { return iri(fmt.Sprintf("%s%d", kind, r.IntN(n))) }
	var out []Quad
	for range n {
		q := Quad{Subject: term("s", n/4+1), Predicate: term("p", 7)}
		switch r.IntN(5) {
		case 0:
			q.Object = term("s", n/4+1)
		case 1:
			q.Object = String(fmt.Sprintf("text \"%d\"\n", r.IntN(n)))
		case 2:
			q.Object = Int(r.IntN(100))
		case 3:
			q.Object = LangString{Value: "Куры", Lang: "ru"}
		case 4:
			q.Object = BNode(fmt.Sprintf("b%d", r.IntN(9)))
		}
		if r.IntN(3) > 0 {
			q.Label = term("doc", 5)
		}
		out = append(out, q)
	}
	return out
}

func nquads(quads []Quad) string {
	var b strings.Builder
	for _, q := range quads {
		b.WriteString(FormatQuad(q))
	}
	return b.String()
}

func TestImportIsApply(t *testing.T) {
	for _, tt := range []struct {
		name   string
		memory int64
		before int // quads that are there before
		gz     bool
	}{
		{name: "into nothing"},
		{name: "gzip", gz: true},
		{name: "by way of files", memory: 20 << 10},
		{name: "into something", before: 3000},
		{name: "into something by way of files", memory: 20 << 10, before: 3000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx := t.Context()
			all := mixed(7, 12_000)
			a, b := openTest(t, t.TempDir()), openTest(t, "")
			for _, s := range []*Store{a, b} {
				if err := s.Apply(ctx, nil, all[:tt.before]); err != nil {
					t.Fatal(err)
				}
			}
			before, err := a.Stats(ctx)
			if err != nil {
				t.Fatal(err)
			}
			var in io.Reader = strings.NewReader(nquads(all))
			if tt.gz {
				var z bytes.Buffer
				w := gzip.NewWriter(&z)
				if _, err := io.Copy(w, in); err != nil {
					t.Fatal(err)
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				in = &z
			}
			res, err := a.Import(ctx, in, ImportOptions{Memory: tt.memory})
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Apply(ctx, nil, all); err != nil {
				t.Fatal(err)
			}
			assertSame(t, a, b)
			assertSound(t, a)
			after, err := a.Stats(ctx)
			if err != nil {
				t.Fatal(err)
			}
			want := ImportResult{int64(len(all)), after.Quads - before.Quads, after.Terms - before.Terms}
			if res != want {
				t.Errorf("result %+v, want %+v", res, want)
			}
			// What an import brought in can be taken out again.
			if err := a.Apply(ctx, all, nil); err != nil {
				t.Fatal(err)
			}
			if st, err := a.Stats(ctx); err != nil || st.Quads != 0 || st.Terms != 0 {
				t.Errorf("after deleting all: %+v, %v", st, err)
			}
		})
	}
}

// assertSame fails the test unless both stores have the same quads, terms and
// counts.
func assertSame(t *testing.T, a, b *Store) {
	t.Helper()
	ctx := t.Context()
	x, y := collect(t, a.Match(ctx, Pattern{})), collect(t, b.Match(ctx, Pattern{}))
	if !slices.Equal(x, y) {
		t.Fatalf("%d quads, want %d, or others", len(x), len(y))
	}
	sa, err := a.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	sb, err := b.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if sa.Quads != sb.Quads || sa.Terms != sb.Terms || sa.Quads != int64(len(x)) {
		t.Fatalf("stats %+v and %+v for %d quads", sa, sb, len(x))
	}
}

func TestImportLabelAndBlank(t *testing.T) {
	s := openTest(t, "")
	_, err := s.Import(t.Context(), strings.NewReader("_:a <p> _:b .\n_:a <p> \"x\" <g> .\n"),
		ImportOptions{Label: iri("l"), Blank: "f1-"})
	if err != nil {
		t.Fatal(err)
	}
	got := collect(t, s.Match(t.Context(), Pattern{}))
	slices.Sort(got)
	want := []string{"_:f1-a <p> \"x\" <g> .\n", "_:f1-a <p> _:f1-b <http://example.org/l> .\n"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestImportErrors(t *testing.T) {
	s := openTest(t, t.TempDir())
	_, err := s.Import(t.Context(), strings.NewReader("<a> <b> <c> .\n\n<a> <b> .\n"), ImportOptions{})
	if syn, ok := errors.AsType[*SyntaxError](err); !ok || syn.Line != 3 {
		t.Errorf("bad line: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Import(ctx, strings.NewReader(nquads(mixed(1, 100))), ImportOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if st, err := s.Stats(t.Context()); err != nil || st.Quads != 0 || st.Terms != 0 {
		t.Errorf("failed imports left %+v, %v", st, err)
	}
}

func TestReadNQuads(t *testing.T) {
	tests := []struct {
		in   string
		want string // canonical; "" for an error
	}{
		{`<a> <b> <c> .`, "<a> <b> <c> .\n"},
		{`<a><b><c><d>.`, "<a> <b> <c> <d> .\n"},
		{"\t<a>  <b>\t_:c  . # remark", "<a> <b> _:c .\n"},
		{`_:a.b <p> _:c. `, "_:a.b <p> _:c .\n"},
		{`<a> <b> "x" .`, "<a> <b> \"x\" .\n"},
		{`<a> <b> "x\ty\u00e9\U0001F600\"" _:g .`, "<a> <b> \"x\\tyé😀\\\"\" _:g .\n"},
		{`<a> <b> "x"@en-GB .`, "<a> <b> \"x\"@en-GB .\n"},
		{`<a> <b> "x"^^<http://www.w3.org/2001/XMLSchema#string> .`, "<a> <b> \"x\" .\n"},
		{`<a> <b> "12"^^<http://www.w3.org/2001/XMLSchema#integer> .`, "<a> <b> \"12\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n"},
		{`<a> <b> "012"^^<http://www.w3.org/2001/XMLSchema#integer> .`, "<a> <b> \"012\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n"},
		{`<a> <b> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .`, "<a> <b> \"true\"^^<http://www.w3.org/2001/XMLSchema#boolean> .\n"},
		{`<\u0061> <b> <c> .`, "<a> <b> <c> .\n"},
		{`<a> <b> <c>`, ""},
		{`<a> <b> .`, ""},
		{`<a> "b" <c> .`, ""},
		{`"a" <b> <c> .`, ""},
		{`<a> _:b <c> .`, ""},
		{`<a> <b> "c .`, ""},
		{`<a> <b> "c\q" .`, ""},
		{`<a> <b> "c\uD800" .`, ""},
		{`<a> <b> "c"^^d .`, ""},
		{`<a> <b> "c"@ .`, ""},
		{`<> <b> <c> .`, ""},
		{`<a b> <b> <c> .`, ""},
		{`<a> <b> <c> <d> <e> .`, ""},
		{`<a> <b> <c> . <d>`, ""},
		{`<a> <b> <c> "d" .`, ""},
		{`_: <b> <c> .`, ""},
	}
	for _, tt := range tests {
		got := ""
		for q, err := range ReadNQuads(strings.NewReader(tt.in + "\n")) {
			if err != nil {
				got = ""
				break
			}
			got += FormatQuad(q)
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func FuzzNQuads(f *testing.F) {
	f.Add(nquads(mixed(3, 20)))
	f.Add("<a> <b> \"x\\u00e9\"@en <g> . # x\n_:a.b <p> _:c .\n")
	f.Fuzz(func(t *testing.T, in string) {
		var quads []Quad
		for q, err := range ReadNQuads(strings.NewReader(in)) {
			if err != nil {
				return
			}
			quads = append(quads, q)
		}
		// What was read is written and read again as the same.
		i := 0
		for q, err := range ReadNQuads(strings.NewReader(nquads(quads))) {
			if err != nil {
				t.Fatalf("%v\n%s", err, nquads(quads))
			}
			if i >= len(quads) || FormatQuad(q) != FormatQuad(quads[i]) {
				t.Fatalf("quad %d: %s", i, FormatQuad(q))
			}
			i++
		}
		if i != len(quads) {
			t.Fatalf("%d quads, want %d", i, len(quads))
		}
	})
}

// FuzzParseTerm reads terms that are written in many ways: what is read comes
// back from how it is written.
func FuzzParseTerm(f *testing.F) {
	for _, seed := range []string{"", "<http://example.org/>", "_:b", `"a"`, `"\u5343島"@ja`, `"1"^^<http://www.w3.org/2001/XMLSchema#integer>`,
		`"1E+00"^^<http://www.w3.org/2001/XMLSchema#double>`, `"2022-03-22T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>`, `"x`, "<>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := ParseTerm(text)
		if err != nil {
			return
		}
		if again, err := ParseTerm(Format(v)); err != nil || Format(again) != Format(v) {
			t.Errorf("%q is %v, written %s, read as %v, %v", text, v, Format(v), again, err)
		}
	})
}

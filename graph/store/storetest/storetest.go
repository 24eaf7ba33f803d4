// Package storetest is the suite of tests that every back end of graph/store
// passes.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cayleygraph/cayley/query/path"

	"github.com/demarcgraph/demarc/graph/store"
)

// Run runs the suite. Every call of open returns a new, empty store, which it
// closes itself at the end of the test.
func Run(t *testing.T, open func(testing.TB) *store.Store) {
	for _, tt := range []struct {
		name string
		f    func(*testing.T, func(testing.TB) *store.Store)
	}{
		{"terms", testTerms},
		{"patterns", testPatterns},
		{"life of a document", testLife},
		{"order of changes", testOrder},
		{"labels", testLabels},
		{"triples", testTriples},
		{"records", testRecords},
		{"bad quads", testBadQuads},
		{"snapshot", testSnapshot},
		{"import", testImport},
		{"concurrency", testConcurrency},
		{"cancellation", testCancellation},
		{"early end", testEarlyEnd},
		{"cayley", testCayley},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.f(t, open) })
	}
}

func iri(s string) store.IRI { return store.IRI("http://example.org/" + s) }

// document returns n quads labelled as one document. Its subjects, predicates
// and some objects are those of other documents too.
func document(label string, n int) []store.Quad {
	var out []store.Quad
	for i := range n {
		q := store.Quad{
			Subject:   iri(fmt.Sprintf("s%d", i/3)),
			Predicate: iri(fmt.Sprintf("p%d", i%3)),
			Object:    store.String(fmt.Sprintf("text %d of %s", i, label)),
			Label:     iri(label),
		}
		if i%4 == 0 {
			q.Object = iri(fmt.Sprintf("o%d", i))
		}
		out = append(out, q)
	}
	return out
}

func collect(t testing.TB, seq iter.Seq2[store.Quad, error]) []string {
	t.Helper()
	var out []string
	for q, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, store.FormatQuad(q))
	}
	return out
}

// lines returns quads as sorted lines, each once.
func lines(quads []store.Quad) []string {
	var out []string
	for _, q := range quads {
		out = append(out, store.FormatQuad(q))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func apply(t testing.TB, s *store.Store, del, add []store.Quad) {
	t.Helper()
	if err := s.Apply(t.Context(), del, add); err != nil {
		t.Fatal(err)
	}
}

func hash(t testing.TB, s *store.Store) string {
	t.Helper()
	h, err := s.Hash(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func assertSound(t testing.TB, s *store.Store) {
	t.Helper()
	r, err := s.Verify(t.Context())
	if err != nil && !errors.Is(err, store.ErrUnsupported) {
		t.Fatal(err)
	}
	if !r.OK() {
		t.Errorf("verify: %s", strings.Join(r.Problems, "\n"))
	}
}

func testTerms(t *testing.T, open func(testing.TB) *store.Store) {
	const xsd = "http://www.w3.org/2001/XMLSchema#"
	day := time.Date(1956, 10, 19, 12, 0, 0, 0, time.FixedZone("", 3600))
	tests := []struct{ in, want store.Value }{
		{iri("a"), iri("a")},
		{store.BNode("b1"), store.BNode("b1")},
		{store.String("plain"), store.String("plain")},
		{store.String("quoted \"é\"\t\n\\"), store.String("quoted \"é\"\t\n\\")},
		{store.String("http://example.org/a"), store.String("http://example.org/a")},
		{store.LangString{Value: "Kurils", Lang: "en"}, store.LangString{Value: "Kurils", Lang: "en"}},
		{store.TypedString{Value: "1956", Type: xsd + "gYear"}, store.TypedString{Value: "1956", Type: xsd + "gYear"}},
		{store.TypedString{Value: "195X", Type: iri("edtf")}, store.TypedString{Value: "195X", Type: iri("edtf")}},
		{store.TypedString{Value: "1956-10-19", Type: xsd + "date"}, store.TypedString{Value: "1956-10-19", Type: xsd + "date"}},
		{store.Int(-5), store.Int(-5)},
		{store.Float(2.5), store.Float(2.5)},
		{store.Bool(true), store.Bool(true)},
		{store.Bool(false), store.Bool(false)},
		{store.Time(day), store.Time(day.UTC())},
	}
	s := open(t)
	for i, tt := range tests {
		q := store.Quad{Subject: iri("s"), Predicate: iri("p"), Object: tt.in, Label: iri(fmt.Sprint(i))}
		apply(t, s, nil, []store.Quad{q})
		n := 0
		for got, err := range s.Match(t.Context(), store.Pattern{Object: tt.in, Label: q.Label}) {
			if err != nil || got.Object != tt.want {
				t.Errorf("got %#v, %v; want %#v", got.Object, err, tt.want)
			}
			n++
		}
		if n != 1 {
			t.Errorf("%#v: %d quads, want 1", tt.in, n)
		}
		if n, err := s.Count(t.Context(), store.Pattern{Object: tt.want}); n != 1 || err != nil {
			t.Errorf("Count of %#v = %d, %v; want 1", tt.want, n, err)
		}
	}
	assertSound(t, s)
}

func testPatterns(t *testing.T, open func(testing.TB) *store.Store) {
	s := open(t)
	var all []store.Quad
	for i := range 3 {
		all = append(all, document(fmt.Sprintf("d%d", i), 12)...)
	}
	all = append(all, store.Quad{Subject: iri("s1"), Predicate: iri("p1"), Object: iri("o")})
	apply(t, s, nil, all)
	for mask := range 16 {
		for i := 0; i < len(all); i += 5 {
			probe := all[i]
			var p store.Pattern
			var want []store.Quad
			if mask&1 != 0 {
				p.Subject = probe.Subject
			}
			if mask&2 != 0 {
				p.Predicate = probe.Predicate
			}
			if mask&4 != 0 {
				p.Object = probe.Object
			}
			if mask&8 != 0 {
				p.Label = probe.Label
			}
			for _, q := range all {
				if (p.Subject == nil || p.Subject == q.Subject) && (p.Predicate == nil || p.Predicate == q.Predicate) &&
					(p.Object == nil || p.Object == q.Object) && (p.Label == nil || p.Label == q.Label) {
					want = append(want, q)
				}
			}
			got := collect(t, s.Match(t.Context(), p))
			if again := collect(t, s.Match(t.Context(), p)); !slices.Equal(got, again) {
				t.Errorf("Match(%v) has another order the second time", p)
			}
			if n, err := s.Count(t.Context(), p); err != nil || n != int64(len(got)) {
				t.Errorf("Count(%v) = %d, %v; Match has %d", p, n, err, len(got))
			}
			slices.Sort(got)
			if !slices.Equal(got, lines(want)) {
				t.Fatalf("Match(%v) has %d quads, want %d", p, len(got), len(want))
			}
		}
	}
	for _, p := range []store.Pattern{{Subject: iri("none")}, {Object: store.Int(77)}, {Label: iri("d0"), Subject: store.BNode("x")}} {
		if got := collect(t, s.Match(t.Context(), p)); len(got) > 0 {
			t.Errorf("Match(%v) = %q", p, got)
		}
	}
}

func testLife(t *testing.T, open func(testing.TB) *store.Store) {
	ctx := t.Context()
	s, never := open(t), open(t)
	replace := func(s *store.Store, label string, n int) {
		t.Helper()
		if err := s.ReplaceLabel(ctx, iri(label), document(label, n)); err != nil {
			t.Fatal(err)
		}
		assertSound(t, s)
	}
	replace(s, "a", 30)
	replace(s, "b", 50)
	once := hash(t, s)
	replace(s, "b", 50)
	if hash(t, s) != once {
		t.Error("loaded twice is not loaded once")
	}
	replace(s, "c", 10)
	replace(s, "a", 7)
	replace(s, "c", 0)
	replace(s, "none", 0)
	// in another order, without what has gone
	replace(never, "b", 50)
	replace(never, "a", 7)
	if hash(t, s) != hash(t, never) {
		t.Error("a document that was replaced or removed leaves traces")
	}
	got, err := s.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	want, err := never.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if got.Quads != 57 || want.Quads != 57 || got.Terms != want.Terms {
		t.Errorf("stats %+v, want %+v", got, want)
	}
	if n, err := s.Count(ctx, store.Pattern{Object: store.String("text 9 of a")}); n != 0 || err != nil {
		t.Errorf("a removed term is counted %d times, %v", n, err)
	}
	if err := s.ReplaceLabel(ctx, nil, nil); err == nil {
		t.Error("replacing no label is no error")
	}
	replace(s, "a", 0)
	replace(s, "b", 0)
	if st, err := s.Stats(ctx); err != nil || st.Quads != 0 || st.Terms != 0 {
		t.Errorf("all removed: %+v, %v", st, err)
	}
	if hash(t, s) != hash(t, open(t)) {
		t.Error("all removed is not empty")
	}
}

func testOrder(t *testing.T, open func(testing.TB) *store.Store) {
	s := open(t)
	ctx := t.Context()
	a, b := document("a", 6), document("b", 6)
	// label, then delete, then add; change after change
	err := s.Commit(ctx,
		store.Change{Add: a},
		store.Change{Delete: a[:2], Add: a[1:2]},
		store.Change{Add: b},
		store.Change{Label: iri("b"), Add: b[:1]},
		store.Change{Delete: b[:1]},
		store.Change{Add: b[:1]},
	)
	if err != nil {
		t.Fatal(err)
	}
	got := collect(t, s.Match(ctx, store.Pattern{}))
	slices.Sort(got)
	if want := lines(append(a[1:], b[0])); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	assertSound(t, s)
	if err := s.Commit(ctx); err != nil {
		t.Errorf("no change: %v", err)
	}
	apply(t, s, document("none", 3), nil) // is no error
}

func testLabels(t *testing.T, open func(testing.TB) *store.Store) {
	s := open(t)
	var want []string
	for i := range 9 {
		l := fmt.Sprintf("d%02d", i)
		want = append(want, string(iri(l)))
		apply(t, s, nil, document(l, 5))
	}
	apply(t, s, nil, []store.Quad{{Subject: iri("s"), Predicate: iri("p"), Object: iri("o")}})
	var got []string
	for l, err := range s.Labels(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(l.(store.IRI)))
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func testBadQuads(t *testing.T, open func(testing.TB) *store.Store) {
	s := open(t)
	good := document("a", 1)[0]
	for _, q := range []store.Quad{
		{Predicate: good.Predicate, Object: good.Object},
		{Subject: good.Subject, Object: good.Object},
		{Subject: good.Subject, Predicate: good.Predicate},
	} {
		if err := s.Apply(t.Context(), nil, []store.Quad{good, q}); err == nil {
			t.Errorf("%v: no error", q)
		}
	}
	if n, err := s.Count(t.Context(), store.Pattern{}); n != 0 || err != nil {
		t.Errorf("a change that failed left %d quads, %v", n, err)
	}
}

func testSnapshot(t *testing.T, open func(testing.TB) *store.Store) {
	s := open(t)
	ctx := t.Context()
	apply(t, s, nil, document("a", 10))
	snap, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := snap.Close(); err != nil {
			t.Error(err)
		}
	}()
	before, err := snap.Hash(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ReplaceLabel(ctx, iri("a"), document("a", 3)); err != nil {
		t.Fatal(err)
	}
	apply(t, s, nil, document("b", 4))
	if n := len(collect(t, snap.Match(ctx, store.Pattern{Label: iri("a")}))); n != 10 {
		t.Errorf("the snapshot has %d quads, want 10", n)
	}
	if after, err := snap.Hash(ctx); err != nil || after != before {
		t.Errorf("the snapshot has changed, %v", err)
	}
	if st, err := snap.Stats(ctx); err != nil || st.Quads != 10 {
		t.Errorf("the snapshot's stats: %+v, %v", st, err)
	}
	if n := len(collect(t, s.Match(ctx, store.Pattern{}))); n != 7 {
		t.Errorf("the store has %d quads, want 7", n)
	}
}

// testRecords checks that records are kept with the quads of their change, and are
// no part of the graph.
func testRecords(t *testing.T, open func(testing.TB) *store.Store) {
	ctx := t.Context()
	s := open(t)
	apply(t, s, nil, document("a", 10))
	before, err := s.Hash(ctx)
	if err != nil {
		t.Fatal(err)
	}
	records := func(prefix string) (got []string) {
		snap, err := s.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		defer snap.Close()
		for r, err := range snap.Records(ctx, prefix) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, r.Key+"="+string(r.Value))
		}
		return got
	}
	commit := func(c store.Change) {
		t.Helper()
		if err := s.Commit(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	if got := records(""); got != nil {
		t.Errorf("a new graph has the records %q", got)
	}
	commit(store.Change{Records: []store.Record{{Key: "b\x00\xff2", Value: []byte("two")}, {Key: "a1", Value: []byte{}}, {Key: "b\x00\xff1", Value: []byte("one")}}})
	commit(store.Change{Records: []store.Record{{Key: "c", Value: []byte("three")}, {Key: "none"}}})
	if got, want := records(""), []string{"a1=", "b\x00\xff1=one", "b\x00\xff2=two", "c=three"}; !slices.Equal(got, want) {
		t.Errorf("records %q, want %q", got, want)
	}
	if got, want := records("b\x00\xff"), []string{"b\x00\xff1=one", "b\x00\xff2=two"}; !slices.Equal(got, want) {
		t.Errorf("records of a prefix %q, want %q", got, want)
	}
	for _, test := range []struct{ prefix, key, before, after string }{
		{"b\x00", "b\x00", "", "b\x00\xff1"},
		{"b\x00", "b\x00\xff1", "", "b\x00\xff2"},
		{"b\x00", "b\x00\xff1a", "b\x00\xff1", "b\x00\xff2"},
		{"b\x00", "b\x00\xff3", "b\x00\xff2", ""},
		{"", "b", "a1", "b\x00\xff1"},
		{"d", "d", "", ""},
	} {
		snap, err := s.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		before, after, err := snap.Beside(ctx, test.prefix, test.key)
		if err != nil || before != test.before || after != test.after {
			t.Errorf("beside %q of those with %q there are %q and %q, %v, want %q and %q", test.key, test.prefix, before, after, err, test.before, test.after)
		}
		if err := snap.Close(); err != nil {
			t.Fatal(err)
		}
	}
	commit(store.Change{Add: document("b", 1), Records: []store.Record{{Key: "c", Value: []byte("four")}, {Key: "a1"}}})
	commit(store.Change{Label: iri("b")})
	if got, want := records(""), []string{"b\x00\xff1=one", "b\x00\xff2=two", "c=four"}; !slices.Equal(got, want) {
		t.Errorf("after a change records %q, want %q", got, want)
	}
	bad := store.Change{Records: []store.Record{{Key: "d", Value: []byte("five")}}, Add: []store.Quad{{Subject: iri("s")}}}
	if err := s.Commit(ctx, bad); err == nil || len(records("d")) > 0 {
		t.Errorf("a change that failed (%v) has left a record", err)
	}
	if after, err := s.Hash(ctx); err != nil || after != before {
		t.Errorf("records change the graph's hash, %v", err)
	}
	if r, err := s.Verify(ctx); err != nil || !r.OK() {
		t.Errorf("verify: %q, %v", r.Problems, err)
	}
}

// testTriples checks that each triple comes once, however many labels it has.
func testTriples(t *testing.T, open func(testing.TB) *store.Store) {
	s := open(t)
	var quads []store.Quad
	for i := range 12 {
		for doc := range 1 + i*i%23 {
			quads = append(quads, store.Quad{Subject: iri(fmt.Sprint("s", i%3)), Predicate: iri(fmt.Sprint("p", i%2)),
				Object: iri(fmt.Sprint("o", i%5)), Label: iri(fmt.Sprint("doc", doc))})
		}
	}
	quads = append(quads, store.Quad{Subject: iri("s0"), Predicate: iri("p0"), Object: iri("o0")}) // and one without a label
	apply(t, s, nil, quads)
	snap, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	for mask := range 8 {
		var p store.Pattern
		if mask&1 != 0 {
			p.Subject = iri("s1")
		}
		if mask&2 != 0 {
			p.Predicate = iri("p1")
		}
		if mask&4 != 0 {
			p.Object = iri("o2")
		}
		var want []store.Quad
		for q, err := range snap.Match(t.Context(), p) {
			if err != nil {
				t.Fatal(err)
			}
			q.Label = nil
			want = append(want, q)
		}
		got := collect(t, snap.Triples(t.Context(), p))
		slices.Sort(got)
		if want := lines(want); !slices.Equal(got, want) {
			t.Errorf("triples of %v: %q, want %q", p, got, want)
		}
	}
	for range snap.Triples(t.Context(), store.Pattern{}) {
		break // leaves nothing open
	}
	if got := collect(t, snap.Triples(t.Context(), store.Pattern{Subject: iri("none")})); got != nil {
		t.Errorf("triples of what is not there: %q", got)
	}
}

func testImport(t *testing.T, open func(testing.TB) *store.Store) {
	ctx := t.Context()
	a, b := open(t), open(t)
	quads := append(document("a", 50), document("b", 50)...)
	apply(t, a, nil, quads[:30])
	apply(t, b, nil, quads)
	res, err := a.Import(ctx, strings.NewReader(strings.Join(lines(quads), "")), store.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if res.Read != 100 || res.Added != 70 {
		t.Errorf("result %+v", res)
	}
	if hash(t, a) != hash(t, b) {
		t.Error("import is not apply")
	}
	assertSound(t, a)
	before := hash(t, a)
	_, err = a.Import(ctx, strings.NewReader("<x> <y> <z> .\n<x> <y>\n"), store.ImportOptions{})
	if _, ok := errors.AsType[*store.SyntaxError](err); !ok {
		t.Errorf("bad line: %v", err)
	}
	if hash(t, a) != before {
		t.Error("a failed import has changed the graph")
	}
}

// testConcurrency has documents come and go while others look: every reader
// sees each document whole or not at all.
func testConcurrency(t *testing.T, open func(testing.TB) *store.Store) {
	s := open(t)
	ctx := t.Context()
	const writers, rounds, size = 3, 12, 40
	var work, readers sync.WaitGroup
	stop := make(chan struct{})
	for w := range writers {
		label := fmt.Sprintf("d%d", w)
		work.Go(func() {
			for i := range rounds {
				n := size
				if i%3 == 2 {
					n = 0
				}
				if err := s.ReplaceLabel(ctx, iri(label), document(label, n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 2 {
		readers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				snap, err := s.Snapshot()
				if err != nil {
					t.Error(err)
					return
				}
				total := 0
				for w := range writers {
					n := 0
					for _, err := range snap.Match(ctx, store.Pattern{Label: iri(fmt.Sprintf("d%d", w))}) {
						if err != nil {
							t.Error(err)
						}
						n++
					}
					if n != 0 && n != size {
						t.Errorf("a reader sees %d of %d quads of a document", n, size)
					}
					total += n
				}
				if st, err := snap.Stats(ctx); err != nil || st.Quads != int64(total) {
					t.Errorf("a reader counts %d quads, sees %d, %v", st.Quads, total, err)
				}
				if err := snap.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	close(stop)
	readers.Wait()
	assertSound(t, s)
}

func testCancellation(t *testing.T, open func(testing.TB) *store.Store) {
	s := open(t)
	apply(t, s, nil, document("a", 2000))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var last error
	for _, err := range s.Match(ctx, store.Pattern{}) {
		if last = err; err != nil {
			break
		}
		if n++; n == 10 {
			cancel()
		}
	}
	if !errors.Is(last, context.Canceled) || n >= 2000 {
		t.Errorf("cancelled after 10 quads: %d quads, then %v", n, last)
	}
	for _, err := range s.Match(ctx, store.Pattern{Subject: iri("s1")}) {
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("cancelled before the first quad: %v", last)
	}
	if err := s.Apply(ctx, nil, document("b", 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("Apply: %v", err)
	}
	in := strings.NewReader(strings.Join(lines(document("b", 5)), ""))
	if _, err := s.Import(ctx, in, store.ImportOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Import: %v", err)
	}
	if _, err := s.Hash(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Hash: %v", err)
	}
	if _, err := s.Count(ctx, store.Pattern{Label: iri("a"), Predicate: iri("p1")}); !errors.Is(err, context.Canceled) {
		t.Errorf("Count: %v", err)
	}
	if n, err := s.Count(t.Context(), store.Pattern{}); n != 2000 || err != nil {
		t.Errorf("%d quads after cancelled changes, %v", n, err)
	}
}

func testEarlyEnd(t *testing.T, open func(testing.TB) *store.Store) {
	s := open(t)
	apply(t, s, nil, document("a", 100))
	for range 50 {
		for range s.Match(t.Context(), store.Pattern{}) {
			break
		}
		for range s.Labels(t.Context()) {
			break
		}
	}
	apply(t, s, document("a", 100), nil)
}

// testCayley asks by way of Cayley's paths.
func testCayley(t *testing.T, open func(testing.TB) *store.Store) {
	s := open(t)
	ctx := t.Context()
	apply(t, s, nil, []store.Quad{
		{Subject: iri("japan"), Predicate: iri("claims"), Object: iri("etorofu"), Label: iri("d1")},
		{Subject: iri("japan"), Predicate: iri("claims"), Object: iri("shikotan"), Label: iri("d1")},
		{Subject: iri("russia"), Predicate: iri("claims"), Object: iri("etorofu"), Label: iri("d2")},
		{Subject: iri("etorofu"), Predicate: iri("name"), Object: store.String("Etorofu"), Label: iri("d1")},
		{Subject: iri("shikotan"), Predicate: iri("name"), Object: store.String("Shikotan"), Label: iri("d1")},
	})
	snap, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := snap.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, qs := range []struct {
		name string
		path *path.Path
	}{
		{"store", path.StartPath(s.QuadStore(), iri("russia"))},
		{"snapshot", path.StartPath(snap.QuadStore(), iri("russia"))},
	} {
		var got []string
		names := qs.path.Out(iri("claims")).In(iri("claims")).Out(iri("claims")).Unique().Out(iri("name"))
		err := names.Iterate(ctx).EachValue(nil, func(v store.Value) error {
			got = append(got, string(v.(store.String)))
			return nil
		})
		slices.Sort(got)
		if err != nil || !slices.Equal(got, []string{"Etorofu", "Shikotan"}) {
			t.Errorf("%s: %v, %v", qs.name, got, err)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	it := s.QuadStore().QuadsAllIterator().Iterate()
	for it.Next(cancelled) {
		t.Error("a cancelled iterator goes on")
	}
	// Cayley's SQL store puts it in words of its own.
	if err := it.Err(); err == nil || !strings.Contains(err.Error(), context.Canceled.Error()) {
		t.Errorf("a cancelled iterator ends with %v", err)
	}
	_ = it.Close() // repeats the error
}

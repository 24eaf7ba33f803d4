package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2"
)

// assertSound fails the test if the store's parts disagree.
func assertSound(t testing.TB, s *Store) Report {
	t.Helper()
	r, err := s.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK() {
		t.Errorf("%d problems: %s", len(r.Problems)+r.More, strings.Join(r.Problems, "\n"))
	}
	return r
}

func TestVerify(t *testing.T) {
	ctx := t.Context()
	q := Quad{Subject: iri("s"), Predicate: iri("p"), Object: String("o"), Label: iri("g")}
	key := func(o *order, v *view) []byte {
		n, _, _ := v.pattern(Pattern(q))
		return o.appendPrefix(nil, &n, 4)
	}
	idKey := func(tab byte, v *view, t Value) []byte {
		n, _ := v.lookup(t)
		return appendIDKey(nil, tab, n)
	}
	tests := []struct {
		name   string
		damage func(db *pebble.DB, v *view) error
		want   string
	}{
		{"quad missing from an order", func(db *pebble.DB, v *view) error { return db.Delete(key(posg, v), nil) }, "order p"},
		{"quad missing from labels", func(db *pebble.DB, v *view) error { return db.Delete(key(gspo, v), nil) }, "order g"},
		{"quad only in one order", func(db *pebble.DB, v *view) error {
			n, _, _ := v.pattern(Pattern(q))
			n[dirS], n[dirO] = n[dirO], n[dirS]
			return db.Set(ospg.appendPrefix(nil, &n, 4), nil, nil)
		}, "order o"},
		{"term missing", func(db *pebble.DB, v *view) error { return db.Delete(idKey(tabDict, v, q.Object), nil) }, "not in the dictionary"},
		{"orphan", func(db *pebble.DB, v *view) error {
			enc, _ := appendTerm(nil, iri("orphan"))
			return db.Set(appendIDKey(nil, tabDict, hashTerm(enc)), (&entry{term: enc}).append(nil), nil)
		}, "is in no quad"},
		{"wrong id", func(db *pebble.DB, v *view) error {
			enc, _ := appendTerm(nil, iri("other"))
			return db.Set(idKey(tabDict, v, q.Object), (&entry{counts{dirO: 1}, enc}).append(nil), nil)
		}, "of another"},
		{"wrong count", func(db *pebble.DB, v *view) error {
			return db.Merge(idKey(tabDict, v, q.Predicate), (&entry{counts: counts{dirP: 1}}).append(nil), nil)
		}, "is counted"},
		{"counts without a term", func(db *pebble.DB, v *view) error {
			key := idKey(tabDict, v, q.Predicate)
			c, _ := getCounts(db, key)
			return db.Set(key, (&entry{counts: c}).append(nil), nil)
		}, "not in the dictionary"},
		{"wrong total", func(db *pebble.DB, v *view) error {
			return db.Merge(keyStats, (&entry{counts: counts{totalQuads: -1}}).append(nil), nil)
		}, "totals"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := openTest(t, "")
			if err := s.Apply(ctx, nil, append(mixed(1, 500), q)); err != nil {
				t.Fatal(err)
			}
			st, err := s.Stats(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if r := assertSound(t, s); r.Quads != st.Quads || r.Terms != st.Terms {
				t.Errorf("report %+v, stats %+v", r, st)
			}
			d := s.eng.(*disk)
			if err := tt.damage(d.db, d.live); err != nil {
				t.Fatal(err)
			}
			r, err := s.Verify(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(strings.Join(r.Problems, "\n"), tt.want) {
				t.Errorf("problems %q, want one with %q", r.Problems, tt.want)
			}
		})
	}
}

func TestBackupRestore(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	s := openTest(t, filepath.Join(dir, "graph"))
	if err := s.Apply(ctx, nil, mixed(1, 2000)); err != nil {
		t.Fatal(err)
	}
	want, err := s.Hash(ctx)
	if err != nil {
		t.Fatal(err)
	}
	backup, again := filepath.Join(dir, "backup"), filepath.Join(dir, "again")
	if err := s.Backup(ctx, backup); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(ctx, nil, mixed(2, 100)); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(ctx, backup); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("backup over another: %v", err)
	}
	if err := Restore(ctx, backup, again); err != nil {
		t.Fatal(err)
	}
	if err := Restore(ctx, backup, again); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("restore over a graph: %v", err)
	}
	if err := Restore(ctx, dir, filepath.Join(dir, "x")); !errors.Is(err, ErrNoGraph) {
		t.Errorf("restore from anything: %v", err)
	}
	restored := openTest(t, again)
	if got, err := restored.Hash(ctx); got != want || err != nil {
		t.Errorf("restored %s, %v; want %s", got, err, want)
	}
	if err := restored.Apply(ctx, nil, mixed(3, 100)); err != nil {
		t.Errorf("a restored graph cannot be written: %v", err)
	}
	// A backup that has lost a file is no backup.
	tables, err := filepath.Glob(filepath.Join(backup, "*.sst"))
	if err != nil || len(tables) == 0 {
		t.Fatalf("a backup without tables: %v", err)
	}
	for _, f := range tables {
		if err := os.Truncate(f, 100); err != nil {
			t.Fatal(err)
		}
	}
	bad := filepath.Join(dir, "bad")
	if err := Restore(ctx, backup, bad); err == nil {
		t.Error("a damaged backup is restored")
	}
	if _, err := os.Stat(bad + partial); err == nil {
		t.Error("a failed restore leaves files")
	}
}

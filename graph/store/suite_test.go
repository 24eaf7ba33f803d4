package store_test

import (
	"testing"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/graph/store/storetest"
)

func TestSuite(t *testing.T) {
	open := func(t testing.TB, path string) *store.Store {
		s, err := store.Open(path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	}
	t.Run("memory", func(t *testing.T) {
		storetest.Run(t, func(t testing.TB) *store.Store { return open(t, "") })
	})
	t.Run("disk", func(t *testing.T) {
		storetest.Run(t, func(t testing.TB) *store.Store { return open(t, t.TempDir()) })
	})
}

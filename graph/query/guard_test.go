package query

import (
	"context"
	"errors"
	"testing"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
)

// TestGuard holds on to iterators of a query that was given up.
func TestGuard(t *testing.T) {
	s, err := store.Open("", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, name := range []quad.IRI{"a", "b", "c"} {
		if err := s.Apply(t.Context(), nil, []quad.Quad{{Subject: name, Predicate: quad.IRI("p"), Object: quad.IRI("o")}}); err != nil {
			t.Fatal(err)
		}
	}
	snapshot, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	g := &guard{ctx: t.Context()}
	qs := guardedStore{snapshot.QuadStore(), g}
	node, err := qs.ValueOf(quad.IRI("a"))
	if err != nil || node == nil {
		t.Fatal(node, err)
	}
	running, idle := qs.QuadsAllIterator().Iterate(), qs.NodesAllIterator()
	if !running.Next(t.Context()) {
		t.Fatal(running.Err())
	}
	g.shut()
	if err := snapshot.Close(); err != nil {
		t.Fatal(err)
	}
	if running.Next(context.Background()) || !errors.Is(running.Err(), errStopped) {
		t.Errorf("a running iterator goes on: %v", running.Err())
	}
	if err := running.Close(); !errors.Is(err, errStopped) {
		t.Errorf("closing it: %v", err)
	}
	if it := idle.Iterate(); it.Next(context.Background()) || !errors.Is(it.Err(), errStopped) {
		t.Errorf("a new iterator begins: %v", it.Err())
	}
	if it := idle.Lookup(); it.Contains(context.Background(), node) || !errors.Is(it.Err(), errStopped) {
		t.Errorf("a look-up succeeds: %v", it.Err())
	}
	if _, err := qs.NameOf(node); !errors.Is(err, errStopped) {
		t.Errorf("a name is read: %v", err)
	}
	if it := qs.QuadIterator(quad.Subject, node).Iterate(); it.Next(context.Background()) || it.Err() == nil {
		t.Errorf("a look-up of quads begins: %v", it.Err())
	}
}

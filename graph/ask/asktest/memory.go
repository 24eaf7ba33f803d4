// Package asktest holds facts and documents in memory for testing questions:
// a reader without a store, and a short notation for facts.
package asktest

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/schema"
)

// Memory is a graph in memory. The zero value is an empty one. Reading is safe
// for concurrent use once everything has been added.
type Memory struct {
	docs     []*schema.Document
	facts    []schema.Fact
	entities map[string]schema.Entity
	order    []string            // entity IDs in order of first mention
	names    map[string][]string // folded name → entity IDs
	about    map[string][]int    // entity ID → facts that mention it
}

var _ ask.Reader = (*Memory)(nil)

// Add puts a document and its facts into the graph.
func (m *Memory) Add(doc *schema.Document, facts []schema.Fact) {
	m.docs = append(m.docs, doc)
	for _, f := range facts {
		for i := range m.facts {
			if m.facts[i].ID() == f.ID() { // the same fact from another document: one more passage
				m.facts[i].Evidence = schema.SortEvidence(append(slices.Clone(m.facts[i].Evidence), f.Evidence...))
				f.Evidence = nil
				break
			}
		}
		m.mention(f.Subject)
		m.mention(f.Object)
		m.mention(f.AttributedTo)
		for _, q := range f.Qualifiers {
			m.mention(q.Value)
		}
		if f.Evidence == nil {
			continue
		}
		n := len(m.facts)
		m.facts = append(m.facts, f)
		seen := map[string]bool{}
		for _, e := range append([]schema.Entity{f.Subject, f.Object, f.AttributedTo}, values(f.Qualifiers)...) {
			if k := e.Key(); !e.IsZero() && !seen[k] {
				seen[k] = true
				m.about[k] = append(m.about[k], n)
			}
		}
	}
}

func values(qs []schema.Qualifier) []schema.Entity {
	out := make([]schema.Entity, len(qs))
	for i, q := range qs {
		out[i] = q.Value
	}
	return out
}

func (m *Memory) mention(e schema.Entity) {
	if m.entities == nil {
		m.entities, m.names, m.about = map[string]schema.Entity{}, map[string][]string{}, map[string][]int{}
	}
	if e.ID == "" {
		return
	}
	have, ok := m.entities[e.ID]
	if !ok {
		m.order = append(m.order, e.ID)
		have = schema.Entity{ID: e.ID, Class: e.Class, Name: e.Name}
	}
	for _, n := range append([]string{e.Name}, e.Aliases...) {
		if n != have.Name && !slices.Contains(have.Aliases, n) {
			have.Aliases = append(have.Aliases, n)
		}
		if k := schema.Fold(n); !slices.Contains(m.names[k], e.ID) {
			m.names[k] = append(m.names[k], e.ID)
		}
	}
	slices.Sort(have.Aliases)
	m.entities[e.ID] = have
}

// Facts implements [ask.Reader].
func (m *Memory) Facts(ctx context.Context, q schema.Filter) iter.Seq2[schema.Fact, error] {
	return func(yield func(schema.Fact, error) bool) {
		for _, n := range m.candidates(q) {
			if ctx.Err() != nil {
				break
			}
			f := m.facts[n]
			if q.Matches(&f) && !yield(m.named(f), nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(schema.Fact{}, err)
		}
	}
}

func (m *Memory) candidates(q schema.Filter) []int {
	for _, id := range []string{q.Subject, q.Object, q.About} {
		if id != "" {
			return m.about[id]
		}
	}
	all := make([]int, len(m.facts))
	for i := range all {
		all[i] = i
	}
	return all
}

// named gives a fact's entities all the names that they have in the graph.
func (m *Memory) named(f schema.Fact) schema.Fact {
	full := func(e schema.Entity) schema.Entity {
		if k, ok := m.entities[e.ID]; ok {
			return k
		}
		return e
	}
	f.Subject, f.Object, f.AttributedTo = full(f.Subject), full(f.Object), full(f.AttributedTo)
	f.Qualifiers = slices.Clone(f.Qualifiers)
	for i := range f.Qualifiers {
		f.Qualifiers[i].Value = full(f.Qualifiers[i].Value)
	}
	return f
}

// Entities implements [ask.Reader].
func (m *Memory) Entities(ctx context.Context, class schema.Class) iter.Seq2[schema.Entity, error] {
	return func(yield func(schema.Entity, error) bool) {
		for _, id := range m.order {
			if e := m.entities[id]; (class == "" || e.Class.Is(class)) && !yield(e, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(schema.Entity{}, err)
		}
	}
}

// Lookup implements [ask.Reader].
func (m *Memory) Lookup(ctx context.Context, name string) ([]schema.Entity, error) {
	var out []schema.Entity
	for _, id := range m.names[schema.Fold(name)] {
		out = append(out, m.entities[id])
	}
	return out, ctx.Err()
}

// Document implements [ask.Reader].
func (m *Memory) Document(ctx context.Context, id string) (*schema.Document, error) {
	for _, d := range m.docs {
		if d.ID == id {
			return d, ctx.Err()
		}
	}
	return nil, &NoDocumentError{id}
}

// NoDocumentError says that the graph has no document of that ID.
type NoDocumentError struct{ ID string }

func (e *NoDocumentError) Error() string { return "asktest: no document " + e.ID }

// Documents implements [ask.Reader].
func (m *Memory) Documents(ctx context.Context) iter.Seq2[schema.DocumentInfo, error] {
	return func(yield func(schema.DocumentInfo, error) bool) {
		docs := slices.SortedFunc(slices.Values(m.docs), func(a, b *schema.Document) int { return strings.Compare(a.ID, b.ID) })
		for _, d := range docs {
			info := schema.DocumentInfo{ID: d.ID, Title: d.Title, Date: d.Date, Publisher: d.Publisher, Country: d.Country, Path: d.Path, Hash: d.Hash()}
			if !yield(info, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(schema.DocumentInfo{}, err)
		}
	}
}

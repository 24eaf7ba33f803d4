package graph

import (
	"context"
	"iter"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// known is a reader that sees some documents only, beside what no document
// says: the gazetteer's part of the graph and decisions on identity.
type known struct {
	reader
	hidden map[quad.Value]bool // labels of the documents it does not see
}

// publishedBy returns a reader that sees the documents that may have been
// published by a date.
func publishedBy(ctx context.Context, v *view, by schema.Date) (*known, error) {
	k := &known{v.reader, map[quad.Value]bool{}}
	ids, err := v.documentIDs(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		label := quad.IRI(v.ns.Document(id))
		text, err := v.text(ctx, label, dcDate)
		if err != nil {
			return nil, err
		}
		date, err := schema.ParseDate(text)
		if err != nil {
			return nil, err
		}
		if !date.Published(by) {
			k.hidden[label] = true
		}
	}
	return k, nil
}

func (k *known) Match(ctx context.Context, p store.Pattern) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		if k.hidden[p.Label] {
			return
		}
		for q, err := range k.reader.Match(ctx, p) {
			if err == nil && k.hidden[q.Label] {
				continue
			}
			if !yield(q, err) {
				return
			}
		}
	}
}

// Triples looks for a document that k sees behind each triple.
func (k *known) Triples(ctx context.Context, p store.Pattern) iter.Seq2[quad.Quad, error] {
	return seen(ctx, k.reader, p, func(q quad.Quad) bool { return !k.hidden[q.Label] })
}

// seen yields the triples that match p and have a quad that is to be seen.
func seen(ctx context.Context, r reader, p store.Pattern, visible func(quad.Quad) bool) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		for t, err := range r.Triples(ctx, p) {
			if err != nil {
				yield(t, err)
				return
			}
			found := false
			for q, err := range r.Match(ctx, store.Pattern{Subject: t.Subject, Predicate: t.Predicate, Object: t.Object}) {
				if err != nil {
					yield(quad.Quad{}, err)
					return
				}
				if found = visible(q); found {
					break
				}
			}
			if found && !yield(t, nil) {
				return
			}
		}
	}
}

// Index returns what k sees by IDs.
func (k *known) Index() store.Index { return store.IndexOf(k) }

func (k *known) Count(ctx context.Context, p store.Pattern) (n int64, err error) {
	for _, err := range k.Match(ctx, p) {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

func (k *known) Labels(ctx context.Context) iter.Seq2[quad.Value, error] {
	return func(yield func(quad.Value, error) bool) {
		for label, err := range k.reader.Labels(ctx) {
			if err == nil && k.hidden[label] {
				continue
			}
			if !yield(label, err) {
				return
			}
		}
	}
}

// spoken reports whether a document that the view sees speaks of an entity.
// Without hidden documents every entity of the graph is spoken of.
func (v *view) spoken(ctx context.Context, id string) (is bool, err error) {
	if !v.past {
		return true, nil
	}
	nodes, err := v.subjectNodes(ctx, id)
	for _, n := range nodes {
		if is || err != nil {
			break
		}
		err = v.each(ctx, store.Pattern{Object: n}, func(q quad.Quad) bool {
			is = q.Label != v.gazetteer && q.Label != v.decisions
			return !is
		})
	}
	return is, err
}

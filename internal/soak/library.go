//go:build linux

package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/demarcgraph/demarc/extract"
	"github.com/demarcgraph/demarc/internal/bench"
	"github.com/demarcgraph/demarc/schema"
)

// revisions is how many texts each document has in the course of time.
const revisions = 3

// library is the documents that come and go.
type library struct {
	corpus    *bench.Corpus
	documents int
}

func newLibrary(ctx context.Context, documents int) (*library, error) {
	corpus, err := bench.NewCorpus(ctx)
	return &library{corpus, documents}, err
}

func documentID(slot int) string { return fmt.Sprintf("document-%03d", slot) }

// document returns a revision of a document.
func (l *library) document(slot, revision int) *schema.Document {
	doc := *l.corpus.Document(slot + revision*l.documents)
	doc.ID = documentID(slot)
	return &doc
}

// remembering is an extractor that reads each text once, so that new graphs of
// old documents are quickly made. It is safe for concurrent use.
type remembering struct {
	*extract.Extractor
	mu    sync.Mutex
	facts map[string][]schema.Fact // by the document's hash
}

func (r *remembering) Extract(ctx context.Context, doc *schema.Document) ([]schema.Fact, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := doc.Hash()
	if facts, ok := r.facts[key]; ok {
		return facts, nil
	}
	facts, err := r.Extractor.Extract(ctx, doc)
	if err == nil {
		r.facts[key] = facts
	}
	return facts, err
}

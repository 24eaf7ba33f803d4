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

// document returns a revision of a document. Of each four, the third says what the
// second says, and the fourth that and one thing more, so that copies lose and find
// their originals as documents come, change and go.
func (l *library) document(slot, revision int) *schema.Document {
	original := slot
	if n := slot % 4; n > 1 {
		original = slot - n + 1
	}
	doc := *l.corpus.Document(original + revision*l.documents)
	doc.ID = documentID(slot)
	if slot%4 == 3 {
		doc.Text += "\n\nHans Island was claimed by Canada and Denmark."
	}
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

// Package extract reads facts out of documents.
package extract

import (
	"context"

	"github.com/demarcgraph/demarc/schema"
)

// Extractor turns documents into facts. It is safe for concurrent use.
type Extractor struct{}

// Option changes how an extractor is made.
type Option func(*Extractor)

// New returns an extractor over the data that ships with demarc.
func New(opts ...Option) (*Extractor, error) { return &Extractor{}, nil }

// Extract returns the facts that doc states, in the order of [schema.SortFacts].
func (x *Extractor) Extract(ctx context.Context, doc *schema.Document) ([]schema.Fact, error) {
	return nil, ctx.Err()
}

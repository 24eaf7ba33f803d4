package ask

import (
	"context"
	"iter"

	"github.com/demarcgraph/demarc/schema"
)

// Reader is what the engine sees of a graph. *graph.Graph is one; so is
// asktest.Memory. A Reader is safe for concurrent use as far as its documents
// say so; the engine only reads.
type Reader interface {
	// Facts yields the facts that the filter selects, in a fixed order, their
	// evidence complete.
	Facts(ctx context.Context, filter schema.Filter) iter.Seq2[schema.Fact, error]
	// Entities yields the graph's entities of a class and its sub-classes.
	Entities(ctx context.Context, class schema.Class) iter.Seq2[schema.Entity, error]
	// Lookup returns the graph's entities that go by a name, compared by
	// [schema.Fold].
	Lookup(ctx context.Context, name string) ([]schema.Entity, error)
	// Document returns a document with its text.
	Document(ctx context.Context, id string) (*schema.Document, error)
	// Documents yields what is known of every document, sorted by ID.
	Documents(ctx context.Context) iter.Seq2[schema.DocumentInfo, error]
}

// Suggester is a [Reader] that finds misspelt names faster than by going
// through its entities.
type Suggester interface {
	// Suggest returns the entities with a name that a mistyped one may have
	// meant, nearest first.
	Suggest(ctx context.Context, name string) ([]schema.Entity, error)
}

// Counter is a [Reader] that knows how many documents it has without going
// through them.
type Counter interface {
	CountDocuments(ctx context.Context) (int64, error)
}

// Kind says what sort of answer a question asks for.
type Kind string

// The kinds of answers.
const (
	List   Kind = "list"   // a complete set of names
	One    Kind = "one"    // a single name or phrase
	Date   Kind = "date"   // a date in EDTF
	Number Kind = "number" // a plain number
	YesNo  Kind = "yesno"  // "yes" or "no"
	None   Kind = "none"   // the question could not be understood
)

// Options change how one question is answered. The zero value asks all
// documents about any time.
type Options struct {
	AsOf          schema.Date // only facts that may have held then
	KnownAt       schema.Date // only what the documents published by then say; the reader's to keep
	Side          string      // whose words count, as query.Side of package graph/query has it, "" for everybody's; the reader's to keep
	Docs          []string    // only these documents; all if empty
	MinConfidence float64     // only facts of at least this confidence
	FactsOnly     bool        // do not look into the documents' sentences
	NoNearest     bool        // do not collect the nearest facts on abstaining
}

// Answer is the complete answer to a question. Its JSON form is one line of a
// batch: id, answers, abstained and evidence, and what else there is to say.
type Answer struct {
	ID        string            `json:"id,omitempty"` // the question's, for batches
	Question  string            `json:"question"`
	Kind      Kind              `json:"kind"`
	Answers   []Item            `json:"answers"`   // never nil
	Abstained bool              `json:"abstained"` // the documents do not say
	Evidence  []schema.Evidence `json:"evidence"`  // of all answers; never nil
	Nearest   []schema.Fact     `json:"nearest,omitempty"`
	Plan      string            `json:"plan,omitempty"`   // the plan in words
	SPARQL    string            `json:"sparql,omitempty"` // the same as a query; "" for a search of sentences
	Text      string            `json:"text"`             // the answer as a sentence or two
}

// Item is one member of an answer.
type Item struct {
	Name     string            `json:"name"` // dates in EDTF, numbers plain
	Aliases  []string          `json:"aliases"`
	Entity   string            `json:"entity,omitempty"` // its ID, where it is one
	Note     string            `json:"note,omitempty"`   // how it is said, where not asserted: "promised", "according to Japan"
	Facts    []string          `json:"facts,omitempty"`  // IDs of the facts behind it
	Evidence []schema.Evidence `json:"evidence"`
}

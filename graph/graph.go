package graph

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"

	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// Errors that callers tell apart with [errors.Is].
var (
	ErrNotFound  = errors.New("not found")
	ErrAmbiguous = errors.New("ambiguous")
	ErrReadOnly  = errors.New("the graph is open for reading only")
	ErrClosed    = errors.New("the graph is closed")
)

// Extractor finds the facts of a document. It must be safe for concurrent use
// and give equal facts for equal documents. Where it has a method
// Version() string, documents that another version read are read again when
// they are next loaded.
type Extractor interface {
	Extract(ctx context.Context, doc *schema.Document) ([]schema.Fact, error)
}

// Graph is a knowledge graph of documents, kept in one folder. It is safe for
// concurrent use: each call reads the state that the last finished write left,
// and writes wait for one another.
type Graph struct {
	opts options
}

type options struct {
	readOnly  bool
	extractor Extractor
	namespace schema.Namespace
	logger    *slog.Logger
}

// Option changes how a graph is opened.
type Option func(*options)

// WithReadOnly opens an existing graph for reading; Load and Remove then fail
// with [ErrReadOnly].
func WithReadOnly() Option { return func(o *options) { o.readOnly = true } }

// WithExtractor takes facts from x instead of from demarc's own extractor.
func WithExtractor(x Extractor) Option { return func(o *options) { o.extractor = x } }

// WithNamespace sets the base of the IRIs of entities, documents and facts. A
// graph must be opened with the namespace that it was made with.
func WithNamespace(ns schema.Namespace) Option { return func(o *options) { o.namespace = ns } }

// WithLogger reports what the graph does to l. Without it the graph is silent.
func WithLogger(l *slog.Logger) Option { return func(o *options) { o.logger = l } }

// Open opens the graph in the folder path and creates it where there is none.
// One process at a time can have a graph open for writing.
func Open(ctx context.Context, path string, opts ...Option) (*Graph, error) {
	g := &Graph{}
	for _, opt := range opts {
		opt(&g.opts)
	}
	return g, errors.ErrUnsupported
}

// Status says what loading a document did.
type Status string

// The outcomes of [Graph.Load].
const (
	Added     Status = "added"
	Replaced  Status = "replaced"
	Unchanged Status = "unchanged"
)

// LoadResult is what [Graph.Load] did. Facts and Quads count what the graph
// now holds of the document.
type LoadResult struct {
	Doc    string `json:"doc"`
	Status Status `json:"status"`
	Facts  int    `json:"facts"`
	Quads  int    `json:"quads"`
}

// Load extracts the facts of doc and adds document and facts to the graph,
// replacing what an earlier document of the same ID left there. It does so
// whole or not at all, and what it added is on disk when it returns. A
// document that is already there, read by the same extractor, changes nothing.
func (g *Graph) Load(ctx context.Context, doc *schema.Document) (LoadResult, error) {
	return LoadResult{}, errors.ErrUnsupported
}

// Remove takes a document and exactly its facts out of the graph. It fails
// with [ErrNotFound] where there is no such document.
func (g *Graph) Remove(ctx context.Context, docID string) error { return errors.ErrUnsupported }

// DocumentInfo is what a graph knows of a document besides its text.
type DocumentInfo = schema.DocumentInfo

// Documents yields what is known of every document, sorted by ID.
func (g *Graph) Documents(ctx context.Context) iter.Seq2[DocumentInfo, error] {
	return func(yield func(DocumentInfo, error) bool) { yield(DocumentInfo{}, errors.ErrUnsupported) }
}

// Document returns a document with its text, or [ErrNotFound].
func (g *Graph) Document(ctx context.Context, id string) (*schema.Document, error) {
	return nil, errors.ErrUnsupported
}

// Facts yields the facts that filter selects in the order of
// [schema.SortFacts], their evidence complete, whichever documents it is from.
func (g *Graph) Facts(ctx context.Context, filter schema.Filter) iter.Seq2[schema.Fact, error] {
	return func(yield func(schema.Fact, error) bool) { yield(schema.Fact{}, errors.ErrUnsupported) }
}

// Fact returns the fact with the given ID or unique beginning of an ID. It
// fails with [ErrNotFound] or [ErrAmbiguous].
func (g *Graph) Fact(ctx context.Context, id string) (schema.Fact, error) {
	return schema.Fact{}, errors.ErrUnsupported
}

// Lookup returns the entities of the graph that go by a name, compared by
// [schema.Fold], sorted by ID.
func (g *Graph) Lookup(ctx context.Context, name string) ([]schema.Entity, error) {
	return nil, errors.ErrUnsupported
}

// Suggest returns the entities that have a name which could be meant by a
// mistyped one, nearest first.
func (g *Graph) Suggest(ctx context.Context, name string) ([]schema.Entity, error) {
	return nil, errors.ErrUnsupported
}

// Entities yields the graph's entities of a class and its sub-classes, sorted
// by ID. The class [schema.Thing] selects all.
func (g *Graph) Entities(ctx context.Context, class schema.Class) iter.Seq2[schema.Entity, error] {
	return func(yield func(schema.Entity, error) bool) { yield(schema.Entity{}, errors.ErrUnsupported) }
}

// Code is an identifier of an entity in somebody else's list.
type Code struct {
	Scheme string `json:"scheme"` // "iso3166-1-alpha-2", "cow", "wikidata", …
	Value  string `json:"value"`
}

// NameUse is a name of an entity and, where documents say so, who uses it.
type NameUse struct {
	Name string          `json:"name"`
	By   []schema.Entity `json:"by,omitempty"`
}

// Card is what a graph knows of one entity.
type Card struct {
	Entity      schema.Entity  `json:"entity"`
	Names       []NameUse      `json:"names"`
	Kind        string         `json:"kind,omitempty"` // "island", "archipelago", … where known
	Codes       []Code         `json:"codes,omitempty"`
	Latitude    *float64       `json:"latitude,omitempty"` // WGS 84, degrees
	Longitude   *float64       `json:"longitude,omitempty"`
	Claims      []schema.Fact  `json:"claims"`      // claims, disputes, rejections, recognition
	Control     []schema.Fact  `json:"control"`     // who administers it, or what it administers
	Instruments []schema.Fact  `json:"instruments"` // treaties, rulings, what they cover and who is party
	History     []schema.Fact  `json:"history"`     // dated acts, in the order of their dates
	Other       []schema.Fact  `json:"other"`
	Sources     []DocumentInfo `json:"sources"` // the documents behind the facts above
}

// Card returns what the graph knows of the entity with the given ID, or
// [ErrNotFound].
func (g *Graph) Card(ctx context.Context, entityID string) (Card, error) {
	return Card{}, errors.ErrUnsupported
}

// Ask answers a question in plain English; see [ask.Engine.Ask].
func (g *Graph) Ask(ctx context.Context, question string, opts ask.Options) (ask.Answer, error) {
	return ask.Answer{}, errors.ErrUnsupported
}

// Query runs a query in one of the languages of [query.Languages].
func (g *Graph) Query(ctx context.Context, req query.Request) (*query.Result, error) {
	return nil, errors.ErrUnsupported
}

// Export writes the graph, or what opts selects of it, in one of the formats
// of [export.Formats]. The same graph gives the same bytes.
func (g *Graph) Export(ctx context.Context, w io.Writer, format string, opts export.Options) error {
	return errors.ErrUnsupported
}

// Stats counts what a graph holds.
type Stats struct {
	Documents  int                      `json:"documents"`
	Facts      int                      `json:"facts"`
	Entities   int                      `json:"entities"`
	Quads      int                      `json:"quads"`
	Predicates map[schema.Predicate]int `json:"predicates"` // facts by predicate
	Classes    map[schema.Class]int     `json:"classes"`    // entities by class
}

// Stats counts what the graph holds.
func (g *Graph) Stats(ctx context.Context) (Stats, error) { return Stats{}, errors.ErrUnsupported }

// Hash identifies the graph's content: two graphs have the same hash if and
// only if they hold the same quads, in whichever order they came. It is 64
// hexadecimal digits.
func (g *Graph) Hash(ctx context.Context) (string, error) { return "", errors.ErrUnsupported }

// Close releases the graph. Calls after it fail with [ErrClosed].
func (g *Graph) Close() error { return nil }

var _ ask.Reader = (*Graph)(nil)

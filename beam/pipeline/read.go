package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"

	"github.com/demarcgraph/demarc/extract"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/shards"
	"github.com/demarcgraph/demarc/internal/source"
	"github.com/demarcgraph/demarc/schema"
)

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// matchFn finds the files and gives them the ids that demarc load gives them,
// for which it has to know all of them.
type matchFn struct{ Globs []string }

// ProcessElement is called once.
func (fn *matchFn) ProcessElement(ctx context.Context, _ []byte, emit func(file), fail func(failure)) error {
	var paths []string
	for _, glob := range fn.Globs {
		found, err := list(ctx, glob)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			countFailed.Inc(ctx, 1)
			fail(failure{Path: glob, Kind: string(source.NotFound), Reason: "no file matches"})
		}
		slices.Sort(found)
		paths = append(paths, found...)
	}
	for i, in := range source.Inputs(paths) {
		emit(file{Path: in.Path, ID: in.ID, Format: string(in.Format), Number: i})
	}
	return nil
}

func list(ctx context.Context, glob string) ([]string, error) {
	fs, err := filesystem.New(ctx, glob)
	if err != nil {
		return nil, err
	}
	defer fs.Close()
	return fs.List(ctx, glob)
}

// document is a [schema.Document] on its way, without its map to the file.
type document struct {
	ID, Title, Date, Publisher, Country, Path, Text string
	Body                                            int
	File, Number                                    int // where it stands in the order of all documents
}

func (d *document) document() (*schema.Document, error) {
	date, err := schema.ParseDate(d.Date)
	return &schema.Document{ID: d.ID, Title: d.Title, Date: date, Publisher: d.Publisher, Country: d.Country,
		Path: d.Path, Text: d.Text, Body: d.Body}, err
}

// readFn reads the documents of files.
type readFn struct{ MaxDocument int64 }

// ProcessElement reads one file. Of one on an object store that ends in an error
// of reading it, the runner is to try again.
func (fn *readFn) ProcessElement(ctx context.Context, f file, emit func(string, document), fail func(failure)) error {
	fs, err := filesystem.New(ctx, f.Path)
	if err != nil {
		return err
	}
	defer fs.Close()
	r, err := fs.OpenRead(ctx, f.Path)
	if err != nil {
		if remote(f.Path) {
			return err
		}
		countFailed.Inc(ctx, 1)
		fail(failureOf(f.Path, "", err))
		return nil
	}
	defer r.Close()
	in := source.Input{Path: f.Path, ID: f.ID, Format: source.Format(f.Format), Size: -1}
	number := 0
	for doc, err := range in.Read(ctx, r, source.Options{MaxDocument: fn.MaxDocument}) {
		var e *source.Error
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &e) && !(e.Kind == source.Unreadable && remote(f.Path)):
			countFailed.Inc(ctx, 1)
			fail(failureOf(f.Path, "", err))
		case err != nil:
			return err
		default:
			number++
			emit(doc.ID, document{ID: doc.ID, Title: doc.Title, Date: doc.Date.String(), Publisher: doc.Publisher,
				Country: doc.Country, Path: doc.Path, Text: doc.Text, Body: doc.Body, File: f.Number, Number: number})
		}
	}
	return ctx.Err()
}

// entry is a document's part of a shard. One without an ID stands for none.
type entry struct {
	ID           string
	Facts, Quads int
	Packed       []byte
}

// emptyEntry makes sure that a shard is written.
func emptyEntry(shard int) (int, entry) { return shard, entry{} }

// reader is what documents are read with, the same for all in a process.
var reader = sync.OnceValues(func() (r struct {
	x  *extract.Extractor
	gz *gazetteer.Gazetteer
}, err error) {
	if r.x, err = extract.New(); err != nil {
		return r, err
	}
	r.gz, err = gazetteer.Default()
	return r, err
})

// extractFn takes one document of each ID and finds its facts.
type extractFn struct{ Shards int }

// Setup reads what extraction needs.
func (fn *extractFn) Setup() error {
	_, err := reader()
	return err
}

// ProcessElement gets all documents of an ID.
func (fn *extractFn) ProcessElement(ctx context.Context, id string, docs func(*document) bool, emit func(int, entry), fail func(failure)) error {
	doc, replaced, err := choose(docs)
	if err != nil {
		return err
	}
	for _, f := range replaced {
		countFailed.Inc(ctx, 1)
		fail(f)
	}
	e, err := read(ctx, doc)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		countFailed.Inc(ctx, 1)
		fail(failureOf(doc.Path, id, err))
		return nil
	}
	countDocuments.Inc(ctx, 1)
	countFacts.Inc(ctx, int64(e.Facts))
	countQuads.Inc(ctx, int64(e.Quads))
	countBytes.Inc(ctx, int64(len(doc.Text)))
	emit(shardOf(id, fn.Shards), e)
	return nil
}

// read finds a document's facts.
func read(ctx context.Context, doc *schema.Document) (e entry, err error) {
	with, err := reader()
	if err != nil {
		return e, err
	}
	err = guard(func() error {
		r, err := graph.Read(ctx, doc, with.x, with.gz, schema.Namespace{})
		if err != nil {
			return err
		}
		e = entry{ID: doc.ID, Facts: r.Facts(), Quads: r.Quads()}
		e.Packed, err = shards.Pack(r)
		return err
	})
	return e, err
}

// guard makes an error of a panic of f: that a document breaks the extractor is no
// reason for the others not to be read.
func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the document breaks the extractor: %v", p)
		}
	}()
	return f()
}

// choose returns the document that would be left of documents of one ID were
// they loaded in their order: the last, unless those right before it are the same
// but for their path. The others, where they differ, are failures.
func choose(docs func(*document) bool) (*schema.Document, []failure, error) {
	type version struct {
		file, number int
		path, hash   string
	}
	var versions []version
	byHash := map[string]*schema.Document{}
	for d := (document{}); docs(&d); d = (document{}) {
		doc, err := d.document()
		if err != nil {
			return nil, nil, err
		}
		c := version{d.File, d.Number, d.Path, doc.Hash()}
		versions = append(versions, c)
		if byHash[c.hash] == nil {
			byHash[c.hash] = doc
		}
	}
	slices.SortFunc(versions, func(a, b version) int { return cmp.Or(a.file-b.file, a.number-b.number) })
	last := versions[len(versions)-1]
	doc := byHash[last.hash]
	var replaced []failure
	for i := len(versions) - 1; i >= 0; i-- {
		c := versions[i]
		switch {
		case c.hash == last.hash && len(replaced) == 0:
			doc.Path = c.path
		case c.hash != last.hash:
			replaced = append(replaced, failure{Path: c.path, ID: doc.ID, Kind: string(source.Duplicate),
				Reason: fmt.Sprintf("another document of this id, of %s, takes its place", last.path)})
		}
	}
	return doc, replaced, nil
}

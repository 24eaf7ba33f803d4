package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/demarcgraph/demarc/graph/store"
)

// The ledger of what has been loaded is the graph itself: it has the hash of each
// document and the version of the extractor that read it, in the same step as the
// document's facts. So loading can be interrupted at any moment and goes on where
// it stopped. Here are the documents that it has not, because they failed; they
// are kept beside the graph and are no part of its hash or of exports.

// Failure is a document that could not be read or loaded.
type Failure struct {
	Path  string `json:"path,omitempty"` // of its file, as it was given
	Line  int    `json:"line,omitempty"` // of the file, from 1, where that has several documents
	Doc   string `json:"doc,omitempty"`  // the document's ID, where that is known
	Hash  string `json:"hash,omitempty"` // and its [schema.Document.Hash]
	Error string `json:"error"`
}

// failedPrefix is what the keys of failures begin with.
const failedPrefix = "failed\x00"

// failedKey is the key of a document that failed, and with neither line nor ID
// what the keys of all failures of a file begin with.
func failedKey(path string, line int, doc string) string {
	key := failedPrefix + path + "\x00"
	switch {
	case doc != "":
		key += "id " + doc
	case line > 0:
		key += fmt.Sprintf("line %012d", line)
	}
	return key
}

func (f *Failure) key() string { return failedKey(f.Path, f.Line, f.Doc) }

// Fail notes that a document failed. The note goes when the document is loaded, and
// when it is forgotten.
func (g *Graph) Fail(ctx context.Context, f Failure) error {
	if g.readOnly {
		return fmt.Errorf("graph: failure of %q: %w", f.Path, ErrReadOnly)
	}
	value, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("graph: failure of %q: %w", f.Path, err)
	}
	if err := g.store.Commit(ctx, store.Change{Records: []store.Record{{Key: f.key(), Value: value}}}); err != nil {
		return fmt.Errorf("graph: failure of %q: %w", f.Path, err)
	}
	return nil
}

// Failures yields the documents that failed and have not been loaded since, by
// their paths and the lines or IDs there.
func (g *Graph) Failures(ctx context.Context) iter.Seq2[Failure, error] {
	return func(yield func(Failure, error) bool) {
		err := g.with(ctx, func(v *view) error {
			for f, err := range v.failures(ctx, failedPrefix) {
				if err != nil {
					return fmt.Errorf("graph: read the ledger: %w", err)
				}
				if !yield(f, nil) {
					return nil
				}
			}
			return nil
		})
		if err != nil {
			yield(Failure{}, err)
		}
	}
}

// failures yields the documents that failed whose keys begin with prefix.
func (v *view) failures(ctx context.Context, prefix string) iter.Seq2[Failure, error] {
	return func(yield func(Failure, error) bool) {
		for r, err := range v.Records(ctx, prefix) {
			var f Failure
			if err == nil {
				err = json.Unmarshal(r.Value, &f)
			}
			if !yield(f, err) || err != nil {
				return
			}
		}
	}
}

// Forget takes the notes of a file's documents that failed out, but for those of
// which again says that they have failed since.
func (g *Graph) Forget(ctx context.Context, path string, again func(Failure) bool) error {
	var gone []store.Record
	err := g.with(ctx, func(v *view) error {
		for f, err := range v.failures(ctx, failedKey(path, 0, "")) {
			if err != nil {
				return err
			}
			if !again(f) {
				gone = append(gone, store.Record{Key: f.key()})
			}
		}
		return nil
	})
	if err == nil && len(gone) > 0 {
		err = g.store.Commit(ctx, store.Change{Records: gone})
	}
	if err != nil {
		return fmt.Errorf("graph: failures of %q: %w", path, err)
	}
	return nil
}

// loaded returns what has to leave the ledger when a document is loaded.
func (v *view) loaded(ctx context.Context, path, id string) (gone []store.Record, err error) {
	key := failedKey(path, 0, id)
	_, noted, err := v.record(ctx, key)
	if noted {
		gone = append(gone, store.Record{Key: key})
	}
	return gone, err
}

// record returns the value of a record, and whether there is one of that key.
func (v *view) record(ctx context.Context, key string) (value []byte, ok bool, err error) {
	for r, err := range v.Records(ctx, key) {
		return r.Value, err == nil && r.Key == key, err // it is the first of those that begin with it
	}
	return nil, false, nil
}

// exclude keeps other writers out, in this process and in others, until release is
// called: what a write depends on must not change before its end. What is standing
// is forgotten where another process has written in the meantime.
func (g *Graph) exclude(ctx context.Context) (release func(), err error) {
	g.write.Lock()
	changed, unlock, err := g.store.Exclude(ctx)
	if err != nil {
		g.write.Unlock()
		return nil, err
	}
	if changed {
		g.standing = newStanding()
	}
	return func() {
		unlock()
		g.write.Unlock()
	}, nil
}

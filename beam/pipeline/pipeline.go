// Package pipeline reads documents on many machines: an Apache Beam pipeline from
// files of documents to the shards that a graph imports (package
// [github.com/demarcgraph/demarc/graph/shards]).
//
//	files → documents → one of each ID → facts, quads → shards → manifest
//	                 ↘ what cannot be read, with the reason ↗
//
// A runner may do any part of the work twice, or twice at a time. What comes out
// has each document once all the same: documents are told apart by ID and content
// where they are brought together, which shard one falls to depends on its ID
// alone, a shard is written under a name of its own and then renamed, and whoever
// writes it once more writes the same bytes. The manifest is written last.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"github.com/demarcgraph/demarc/internal/source"
)

// Options are the settings of [Read].
type Options struct {
	// Inputs are patterns of files, local or on what object stores Beam has file
	// systems for, of the formats that demarc reads.
	Inputs []string
	// Output is the folder that shards and manifest are written to, on any of the
	// same.
	Output string
	// Shards is the number of shards. What else is the same, the same number gives
	// the same files.
	Shards int
	// MaxDocument is the greatest size of a document in bytes; 0 is demarc's usual
	// one.
	MaxDocument int64
}

// Check reports what no pipeline can run with.
func (o *Options) Check() error {
	switch {
	case len(o.Inputs) == 0:
		return errors.New("there is nothing to read: name the files")
	case o.Output == "":
		return errors.New("there is nowhere to write to: name a folder")
	case o.Shards < 1:
		return fmt.Errorf("%d shards: want 1 or more", o.Shards)
	}
	for _, path := range append([]string{o.Output}, o.Inputs...) {
		fs, err := filesystem.New(context.Background(), path)
		if err != nil {
			return err
		}
		fs.Close()
	}
	return nil
}

// The counters of the pipeline, in the namespace "demarc". A runner counts what
// it did, parts done twice included; the manifest counts what came of it.
var (
	countDocuments = beam.NewCounter("demarc", "documents") // that were read and are whole
	countFacts     = beam.NewCounter("demarc", "facts")
	countQuads     = beam.NewCounter("demarc", "quads")
	countFailed    = beam.NewCounter("demarc", "failed")
	countBytes     = beam.NewCounter("demarc", "bytes") // of text
)

// Read adds the pipeline to s. It returns the manifest as written, one string.
func Read(s beam.Scope, opts Options) beam.PCollection {
	s = s.Scope("demarc.Read")
	files, unmatched := beam.ParDo2(s.Scope("match"), &matchFn{Globs: opts.Inputs}, beam.Impulse(s))
	docs, unread := beam.ParDo2(s.Scope("read"), &readFn{MaxDocument: opts.MaxDocument}, beam.Reshuffle(s, files))
	entries, unextracted := beam.ParDo2(s.Scope("extract"), &extractFn{Shards: opts.Shards}, beam.GroupByKey(s, docs))

	// Every shard is written, whether or not a document falls to it.
	numbers := make([]int, opts.Shards)
	for i := range numbers {
		numbers[i] = i
	}
	empty := beam.ParDo(s, emptyEntry, beam.CreateList(s, numbers))
	written := beam.ParDo(s.Scope("write"), &writeFn{place{opts.Output, opts.Shards}}, beam.GroupByKey(s, beam.Flatten(s, entries, empty)))

	failures := beam.ParDo(s, &spreadFn{Shards: opts.Shards}, beam.Flatten(s, unmatched, unread, unextracted))
	listed := beam.ParDo(s.Scope("list failures"), &listFn{place{opts.Output, opts.Shards}}, beam.GroupByKey(s, failures))

	return beam.ParDo(s.Scope("manifest"), &manifestFn{Output: opts.Output}, beam.GroupByKey(s, beam.Flatten(s, written, listed)))
}

// file is an input on its way.
type file struct {
	Path, ID, Format string
	Number           int // in the order of the inputs
}

// failure is a document, or a file, that could not be read.
type failure struct {
	Path   string `json:"path"`
	Line   int    `json:"line,omitempty"` // from 1
	ID     string `json:"id,omitempty"`
	Kind   string `json:"kind,omitempty"`
	Reason string `json:"reason"`
}

// failureOf describes an error about an input.
func failureOf(path, id string, err error) failure {
	f := failure{Path: path, ID: id, Reason: err.Error()}
	var e *source.Error
	if errors.As(err, &e) {
		f.Line, f.Kind = e.Line, string(e.Kind)
	}
	return f
}

func init() {
	beam.RegisterType(typeOf[file]())
	beam.RegisterType(typeOf[failure]())
	beam.RegisterType(typeOf[document]())
	beam.RegisterType(typeOf[entry]())
	beam.RegisterType(typeOf[written]())
	register.DoFn4x1[context.Context, []byte, func(file), func(failure), error](&matchFn{})
	register.DoFn4x1[context.Context, file, func(string, document), func(failure), error](&readFn{})
	register.DoFn5x1[context.Context, string, func(*document) bool, func(int, entry), func(failure), error](&extractFn{})
	register.DoFn4x1[context.Context, int, func(*entry) bool, func(int, written), error](&writeFn{})
	register.DoFn4x1[context.Context, int, func(*failure) bool, func(int, written), error](&listFn{})
	register.DoFn3x2[context.Context, int, func(*written) bool, string, error](&manifestFn{})
	register.DoFn2x2[context.Context, failure, int, failure](&spreadFn{})
	register.Function1x2(emptyEntry)
	register.Emitter1[file]()
	register.Emitter1[failure]()
	register.Emitter2[string, document]()
	register.Emitter2[int, entry]()
	register.Emitter2[int, written]()
	register.Iter1[document]()
	register.Iter1[entry]()
	register.Iter1[failure]()
	register.Iter1[written]()
}

// shardOf returns the shard that a key falls to.
func shardOf(key string, shards int) int {
	h := fnv.New32a()
	h.Write([]byte(key))
	return int(h.Sum32() % uint32(shards))
}

// remote reports whether a path is that of an object store, whose reading may
// fail today and not tomorrow.
func remote(path string) bool { return strings.Contains(path, "://") }

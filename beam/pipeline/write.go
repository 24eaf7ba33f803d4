package pipeline

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"

	"github.com/demarcgraph/demarc/graph/shards"
)

// place is where one of several files of a kind is written.
type place struct {
	Output string
	Shards int
}

func (p place) name(kind string, shard int, extension string) string {
	return fmt.Sprintf("%s-%05d-of-%05d%s", kind, shard, p.Shards, extension)
}

// temporary begins the names of files that are not whole.
const temporary = "tmp-"

func join(folder, name string) string { return strings.TrimSuffix(folder, "/") + "/" + name }

// writeFile writes a file of the folder whole or not at all: under a name that
// nobody else uses, which then becomes its own.
func writeFile(ctx context.Context, folder, name string, write func(io.Writer) error) (err error) {
	fs, err := filesystem.New(ctx, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fs.Close()) }()
	random := make([]byte, 8)
	if _, err := rand.Read(random); err != nil {
		return err
	}
	part := join(folder, temporary+hex.EncodeToString(random)+"-"+name)
	w, err := fs.OpenWrite(ctx, part)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(w, 1<<20)
	err = write(b)
	if err = errors.Join(err, b.Flush(), w.Close()); err == nil {
		err = filesystem.Rename(ctx, fs, part, join(folder, name))
	}
	if rm, ok := fs.(filesystem.Remover); ok && err != nil {
		err = errors.Join(err, rm.Remove(ctx, part))
	}
	return err
}

// written is a file that has been written: a shard, or a list of failures.
type written struct {
	Failures bool
	Shard    string // a [shards.Shard] in JSON
}

func writtenOf(failures bool, s shards.Shard) (written, error) {
	text, err := json.Marshal(s)
	return written{failures, string(text)}, err
}

// writeFn writes shards.
type writeFn struct{ place }

// ProcessElement gets all documents of a shard, in any order. They go through a
// file on the worker's disk, so that their number is not bounded by its memory.
func (fn *writeFn) ProcessElement(ctx context.Context, shard int, entries func(*entry) bool, emit func(int, written)) (err error) {
	spool, err := os.CreateTemp("", "demarc-shard-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, spool.Close(), os.Remove(spool.Name())) }()
	type item struct {
		id           string
		facts, quads int
		at, size     int64
	}
	var items []item
	at := int64(0)
	buffered := bufio.NewWriterSize(spool, 1<<20)
	for e := (entry{}); entries(&e); e = (entry{}) {
		if e.ID == "" {
			continue
		}
		n, err := buffered.Write(e.Packed)
		if err != nil {
			return err
		}
		items = append(items, item{e.ID, e.Facts, e.Quads, at, int64(n)})
		at += int64(n)
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	slices.SortFunc(items, func(a, b item) int { return strings.Compare(a.id, b.id) })

	name := fn.name("documents", shard, ".nq.gz")
	var done shards.Shard
	err = writeFile(ctx, fn.Output, name, func(w io.Writer) error {
		sw, err := shards.NewWriter(w, name)
		if err != nil {
			return err
		}
		for _, i := range items {
			packed := make([]byte, i.size)
			if _, err := spool.ReadAt(packed, i.at); err != nil {
				return err
			}
			if err := sw.Add(i.id, i.facts, i.quads, packed); err != nil {
				return err
			}
		}
		done = sw.Shard()
		return ctx.Err()
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	out, err := writtenOf(false, done)
	if err != nil {
		return err
	}
	emit(0, out)
	return nil
}

// spreadFn says which list a failure goes to.
type spreadFn struct{ Shards int }

// ProcessElement keeps the failures of one file together.
func (fn *spreadFn) ProcessElement(_ context.Context, f failure) (int, failure) {
	return shardOf(f.Path, fn.Shards), f
}

// listFn writes lists of failures: JSON Lines, sorted.
type listFn struct{ place }

// ProcessElement gets all failures of a list.
func (fn *listFn) ProcessElement(ctx context.Context, shard int, failures func(*failure) bool, emit func(int, written)) error {
	var all []failure
	for f := (failure{}); failures(&f); f = (failure{}) {
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b failure) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), a.Line-b.Line, strings.Compare(a.ID, b.ID), strings.Compare(a.Reason, b.Reason))
	})
	all = slices.Compact(all)
	name := fn.name("failed", shard, ".jsonl")
	h := sha256.New()
	s := shards.Shard{Name: name, Counts: shards.Counts{Documents: int64(len(all))}}
	err := writeFile(ctx, fn.Output, name, func(w io.Writer) error {
		for _, f := range all {
			line, err := json.Marshal(f)
			if err != nil {
				return err
			}
			line = append(line, '\n')
			h.Write(line)
			s.Bytes += int64(len(line))
			if _, err := w.Write(line); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	s.SHA256 = hex.EncodeToString(h.Sum(nil))
	out, err := writtenOf(true, s)
	if err != nil {
		return err
	}
	emit(0, out)
	return nil
}

// manifestFn writes the manifest and removes what those left who did not finish.
type manifestFn struct{ Output string }

// ProcessElement gets all that was written and returns the manifest.
func (fn *manifestFn) ProcessElement(ctx context.Context, _ int, files func(*written) bool) (string, error) {
	var all, failed []shards.Shard
	for f := (written{}); files(&f); f = (written{}) {
		var s shards.Shard
		if err := json.Unmarshal([]byte(f.Shard), &s); err != nil {
			return "", err
		}
		if f.Failures {
			failed = append(failed, s)
		} else {
			all = append(all, s)
		}
	}
	byName := func(a, b shards.Shard) int { return strings.Compare(a.Name, b.Name) }
	slices.SortFunc(all, byName)
	slices.SortFunc(failed, byName)
	with, err := reader()
	if err != nil {
		return "", err
	}
	text, err := shards.NewManifest(with.x.Version(), all, failed).Encode()
	if err != nil {
		return "", err
	}
	if err := clean(ctx, fn.Output); err != nil {
		return "", err
	}
	err = writeFile(ctx, fn.Output, shards.ManifestName, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
	return string(text), err
}

// clean removes temporary files.
func clean(ctx context.Context, folder string) error {
	fs, err := filesystem.New(ctx, folder)
	if err != nil {
		return err
	}
	defer fs.Close()
	rm, ok := fs.(filesystem.Remover)
	if !ok {
		return nil
	}
	left, err := fs.List(ctx, join(folder, temporary+"*"))
	if err != nil {
		return err
	}
	for _, name := range left {
		err = errors.Join(err, rm.Remove(ctx, name))
	}
	return err
}

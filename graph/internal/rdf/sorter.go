package rdf

import (
	"bufio"
	"bytes"
	"container/heap"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"iter"
	"os"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
)

// DefaultSortMemory is how many bytes a [Sorter] keeps before it writes to
// files, where its limit is 0.
const DefaultSortMemory = 64 << 20

// Sorter brings any number of quads into the order of [Sort] in bounded
// memory: what does not fit goes sorted into temporary files, which are merged
// when they are read. It is not safe for concurrent use. Close removes the
// files.
type Sorter struct {
	limit  int
	dir    string // of the temporary files, made when there are any
	blocks [][]byte
	used   int      // how many of the blocks are
	rows   [][]byte // within the blocks
	size   int
	files  []*os.File
	names  names
	key    []byte
}

const (
	sortBlock = 1 << 20
	rowCost   = 24 // of a slice's header
)

// NewSorter returns an empty sorter. Its memory is limited to so many bytes,
// [DefaultSortMemory] if 0; one quad always fits.
func NewSorter(limit int) *Sorter {
	if limit == 0 {
		limit = DefaultSortMemory
	}
	return &Sorter{limit: limit, names: names{}}
}

// names remembers how terms that come again and again are written: those of
// labels and predicates.
type names map[quad.Value]string

const maxNames = 1 << 10

func (n names) format(v quad.Value) string {
	text, ok := n[v]
	if !ok {
		if len(n) == maxNames {
			clear(n)
		}
		text = store.Format(v)
		n[v] = text
	}
	return text
}

// Add takes a quad. It is an error if it comes after Sorted.
func (s *Sorter) Add(q quad.Quad) error {
	// No term has a zero byte as it is written, so rows compare as their terms
	// do, one after the other.
	k := append(append(s.key[:0], s.names.format(q.Label)...), 0)
	k = append(append(k, store.Format(q.Subject)...), 0)
	k = append(append(k, s.names.format(q.Predicate)...), 0)
	s.key = append(k, store.Format(q.Object)...)
	if len(s.rows) > 0 && s.size+len(s.key)+rowCost > s.limit {
		if err := s.spill(); err != nil {
			return err
		}
	}
	s.rows = append(s.rows, s.keep(s.key))
	s.size += len(s.key) + rowCost
	return nil
}

// keep copies a row into the blocks.
func (s *Sorter) keep(row []byte) []byte {
	if s.used == 0 || cap(s.blocks[s.used-1])-len(s.blocks[s.used-1]) < len(row) {
		if s.used == len(s.blocks) || cap(s.blocks[s.used]) < len(row) {
			s.blocks = slices.Insert(s.blocks, s.used, make([]byte, 0, max(sortBlock, len(row))))
		}
		s.used++
	}
	b := &s.blocks[s.used-1]
	start := len(*b)
	*b = append(*b, row...)
	return (*b)[start:len(*b):len(*b)]
}

func (s *Sorter) sort() {
	slices.SortFunc(s.rows, bytes.Compare)
	s.rows = slices.CompactFunc(s.rows, bytes.Equal)
}

// forget empties the memory, whose blocks are used again.
func (s *Sorter) forget() {
	clear(s.rows)
	s.rows = s.rows[:0]
	s.blocks = slices.DeleteFunc(s.blocks, func(b []byte) bool { return cap(b) > sortBlock })
	for i := range s.blocks {
		s.blocks[i] = s.blocks[i][:0]
	}
	s.used, s.size = 0, 0
}

// spill writes what is in memory to a file and forgets it.
func (s *Sorter) spill() (err error) {
	if s.dir == "" {
		if s.dir, err = os.MkdirTemp("", "demarc-sort-"); err != nil {
			return err
		}
	}
	f, err := os.CreateTemp(s.dir, "run-")
	if err != nil {
		return err
	}
	s.files = append(s.files, f)
	s.sort()
	w := bufio.NewWriterSize(f, 1<<16)
	var head [binary.MaxVarintLen64]byte
	for _, row := range s.rows {
		// The writer keeps its first error for Flush.
		_, _ = w.Write(head[:binary.PutUvarint(head[:], uint64(len(row)))])
		_, _ = w.Write(row)
	}
	s.forget()
	if err := w.Flush(); err != nil {
		return err
	}
	_, err = f.Seek(0, io.SeekStart)
	return err
}

// Sorted yields the quads in order, each once, and empties the sorter, which
// can then be used anew.
func (s *Sorter) Sorted(ctx context.Context) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		s.sort()
		heads := runHeap{&run{rows: s.rows}}
		for _, f := range s.files {
			heads = append(heads, &run{file: bufio.NewReaderSize(f, 1<<15)})
		}
		stopped := false
		err := merge(ctx, heads, func(q quad.Quad, err error) bool {
			stopped = !yield(q, err)
			return !stopped
		})
		s.forget()
		// Who wants no more is told nothing more either.
		if err := errors.Join(err, s.Close()); err != nil && !stopped {
			yield(quad.Quad{}, err)
		}
	}
}

func merge(ctx context.Context, runs runHeap, yield func(quad.Quad, error) bool) error {
	var heads runHeap
	for _, r := range runs {
		ok, err := r.next()
		if err != nil {
			return err
		}
		if ok {
			heads = append(heads, r)
		}
	}
	heap.Init(&heads)
	var last []byte
	var d decoder
	for n := 0; len(heads) > 0; n++ {
		if n&0xff == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		r := heads[0]
		if !bytes.Equal(r.row, last) {
			last = append(last[:0], r.row...)
			q, err := d.quad(last)
			if err != nil {
				return err
			}
			if !yield(q, nil) {
				return nil
			}
		}
		ok, err := r.next()
		switch {
		case err != nil:
			return err
		case !ok:
			heap.Pop(&heads)
		case len(heads) > 1:
			heap.Fix(&heads, 0)
		}
	}
	return ctx.Err()
}

// run is one sorted sequence of rows, in memory or in a file.
type run struct {
	rows [][]byte
	file *bufio.Reader
	row  []byte // the present one
}

// next goes to the next row; ok is false at the end.
func (r *run) next() (ok bool, err error) {
	if r.file == nil {
		if len(r.rows) == 0 {
			return false, nil
		}
		r.row, r.rows = r.rows[0], r.rows[1:]
		return true, nil
	}
	n, err := binary.ReadUvarint(r.file)
	if err == io.EOF {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r.row = slices.Grow(r.row[:0], int(n))[:n]
	_, err = io.ReadFull(r.file, r.row)
	return err == nil, err
}

type runHeap []*run

func (h runHeap) Len() int           { return len(h) }
func (h runHeap) Less(i, j int) bool { return bytes.Compare(h[i].row, h[j].row) < 0 }
func (h runHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *runHeap) Push(any)          {} // never called: runs only leave
func (h *runHeap) Pop() any          { *h = (*h)[:len(*h)-1]; return nil }

// decoder turns rows back into quads. Terms that are those of the row before
// are not parsed again.
type decoder struct {
	text [4]string
	term [4]quad.Value
}

func (d *decoder) quad(row []byte) (quad.Quad, error) {
	for i := range d.text {
		text, rest, _ := bytes.Cut(row, []byte{0})
		row = rest
		if string(text) == d.text[i] {
			continue
		}
		var err error
		d.text[i] = string(text)
		if d.term[i], err = store.ParseTerm(d.text[i]); err != nil {
			return quad.Quad{}, err
		}
	}
	return quad.Quad{Label: d.term[0], Subject: d.term[1], Predicate: d.term[2], Object: d.term[3]}, nil
}

// Close removes the temporary files. The sorter can be used anew.
func (s *Sorter) Close() error {
	var err error
	for _, f := range s.files {
		err = errors.Join(err, f.Close())
	}
	s.files = nil
	if s.dir != "" {
		err = errors.Join(err, os.RemoveAll(s.dir))
		s.dir = ""
	}
	return err
}

package store

import (
	"bufio"
	"bytes"
	"cmp"
	"container/heap"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/objstorage/objstorageprovider"
	"github.com/cockroachdb/pebble/v2/sstable"
	"github.com/cockroachdb/pebble/v2/vfs"
	"golang.org/x/sync/errgroup"
)

// ImportOptions are the settings of [Store.Import].
type ImportOptions struct {
	// Label is given to quads that have none; nil leaves them without.
	Label Value
	// Blank is put in front of the labels of blank nodes. N-Quads from
	// different sources may use the same labels for different nodes.
	Blank string
	// Memory is how many bytes to sort with, 256 MiB if 0. What does not fit
	// goes through temporary files in the graph's folder.
	Memory int64
	// Progress, if not nil, is told now and then how many quads have been read.
	// It is called from one goroutine at a time.
	Progress func(quads int64)
}

// ImportResult says what an import has done.
type ImportResult struct {
	Read  int64 // quads in the input
	Added int64 // quads that were not in the graph
	Terms int64 // terms that were not in the graph
}

// ErrCollision is returned by [Store.Import] when the ids of two different
// terms collide, which one import in thousands of the largest may see. Loading
// the same quads by [Store.Apply] gives them different ids.
var ErrCollision = errors.New("two terms share a hash; load these quads in batches instead")

// Import adds the quads of N-Quads or N-Triples, gzipped or not, in one step
// like [Store.Apply]: all of them are in the graph when it returns, or, after
// an error, none. It sorts them and hands them to the store as finished tables,
// which is several times faster than [Store.Apply]. Other writers wait for the
// last part of it, readers do not.
func (s *Store) Import(ctx context.Context, r io.Reader, opts ImportOptions) (ImportResult, error) {
	if opts.Memory == 0 {
		opts.Memory = 256 << 20
	}
	return s.eng.importQuads(ctx, r, opts)
}

// importPrefix begins the names of folders that an import works in. Those that
// a killed process left behind are removed by the next writer.
const importPrefix = "import-"

func (d *disk) removeLeftovers() error {
	names, err := d.fs.List(d.path)
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasPrefix(name, importPrefix) {
			err = errors.Join(err, d.fs.RemoveAll(d.fs.PathJoin(d.path, name)))
		}
	}
	return err
}

// importer is one import on its way.
type importer struct {
	d    *disk
	opts ImportOptions
	dir  string
	res  ImportResult

	mu    sync.Mutex // guards what follows
	files int
	quads []quadRun
	terms []termSource
	ssts  []string
}

func (d *disk) importQuads(ctx context.Context, r io.Reader, opts ImportOptions) (res ImportResult, err error) {
	if err := d.usable(true); err != nil {
		return res, err
	}
	im := &importer{d: d, opts: opts}
	im.dir = d.fs.PathJoin(d.path, fmt.Sprintf("%s%d", importPrefix, d.imports.Add(1)))
	if err := d.fs.MkdirAll(im.dir, 0o755); err != nil {
		return res, fmt.Errorf("import: %w", diskError(err))
	}
	defer func() { err = errors.Join(err, d.fs.RemoveAll(im.dir)) }()
	if err := im.read(ctx, r); err != nil {
		return im.res, fmt.Errorf("import: %w", diskError(err))
	}
	d.write.Lock()
	defer d.write.Unlock()
	if err := d.usable(true); err != nil {
		return im.res, err
	}
	if err := d.room(im.res.Read * bytesPerQuad / 4); err != nil {
		return im.res, err
	}
	err = im.build(ctx)
	d.forgetUnflushed() // Pebble may queue the tables that it takes in
	if err != nil {
		im.res.Added, im.res.Terms = 0, 0
		return im.res, fmt.Errorf("import: %w", diskError(err))
	}
	return im.res, nil
}

// bytesPerQuad is a cautious guess at the room a quad takes.
const bytesPerQuad = 160

// block is a piece of the input made of whole lines.
type block struct {
	line int // of its first line
	text []byte
}

const blockSize = 1 << 20

// read parses the input on all processors into sorted runs.
func (im *importer) read(ctx context.Context, r io.Reader) error {
	label := []byte(nil)
	if im.opts.Label != nil {
		var err error
		if label, err = appendTerm(nil, im.opts.Label); err != nil {
			return err
		}
	}
	workers := runtime.GOMAXPROCS(0)
	g, ctx := errgroup.WithContext(ctx)
	blocks := make(chan block, workers)
	g.Go(func() error {
		defer close(blocks)
		r, err := Decompress(r)
		if err != nil {
			return err
		}
		return splitBlocks(r, func(b block) error {
			select {
			case blocks <- b:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	for range workers {
		g.Go(func() error {
			w := &runWriter{im: im, label: label, limit: im.opts.Memory / int64(2*workers)}
			w.line.blank = im.opts.Blank
			for b := range blocks {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := w.parse(b); err != nil {
					return err
				}
			}
			return w.finish()
		})
	}
	return g.Wait()
}

// splitBlocks cuts r into blocks.
func splitBlocks(r io.Reader, emit func(block) error) error {
	line := 1
	var rest []byte
	for {
		buf := make([]byte, max(blockSize, 2*len(rest)))
		n := copy(buf, rest)
		m, err := io.ReadFull(r, buf[n:])
		buf = buf[:n+m]
		end := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !end {
			return err
		}
		cut := len(buf)
		if !end {
			if cut = bytes.LastIndexByte(buf, '\n') + 1; cut == 0 && len(buf) > maxLine {
				return &SyntaxError{line, fmt.Sprintf("longer than %d bytes", maxLine)}
			}
		}
		if cut > 0 {
			if err := emit(block{line, buf[:cut]}); err != nil {
				return err
			}
			line += bytes.Count(buf[:cut], []byte{'\n'})
		}
		if end {
			return nil
		}
		rest = buf[cut:]
	}
}

// termAt is a term in a runWriter's arena.
type termAt struct {
	id       id
	off, len uint32
}

// runWriter gathers quads and terms and sorts them into runs.
type runWriter struct {
	im    *importer
	label []byte
	line  quadLine
	limit int64

	quads []quadID
	terms []termAt
	arena []byte
	// recent remembers, by id, terms that need not be written again.
	recent [1 << 14]uint32 // index into terms, plus one
}

// maxArena keeps offsets into the arena within their type.
const maxArena = 1 << 31

func (w *runWriter) parse(b block) error {
	n := 0
	for line := b.line; len(b.text) > 0; line++ {
		var s []byte
		if i := bytes.IndexByte(b.text, '\n'); i >= 0 {
			s, b.text = b.text[:i], b.text[i+1:]
		} else {
			s, b.text = b.text, nil
		}
		ok, err := w.line.parse(s)
		if err != nil {
			return &SyntaxError{line, err.Error()}
		}
		if !ok {
			continue
		}
		n++
		var q quadID
		for i := range q {
			enc := w.line.term(i)
			if len(enc) == 0 {
				if enc = w.label; len(enc) == 0 {
					continue
				}
			}
			if q[i], err = w.term(enc); err != nil {
				return err
			}
		}
		w.quads = append(w.quads, q)
	}
	w.im.mu.Lock()
	w.im.res.Read += int64(n)
	if p := w.im.opts.Progress; p != nil {
		p(w.im.res.Read)
	}
	w.im.mu.Unlock()
	if int64(len(w.quads))*32+int64(len(w.terms))*16+int64(len(w.arena)) > w.limit || len(w.arena) > maxArena/2 {
		return w.spill()
	}
	return nil
}

func (w *runWriter) term(enc []byte) (id, error) {
	n := w.im.d.opts.hash(enc)
	slot := &w.recent[(n>>slotBits)%id(len(w.recent))]
	if *slot > 0 {
		if t := w.terms[*slot-1]; t.id == n && bytes.Equal(w.arena[t.off:t.off+t.len], enc) {
			return n, nil
		}
	}
	if len(w.arena)+len(enc) > maxArena {
		return 0, fmt.Errorf("a block of terms is larger than %d bytes", maxArena)
	}
	w.terms = append(w.terms, termAt{n, uint32(len(w.arena)), uint32(len(enc))})
	w.arena = append(w.arena, enc...)
	*slot = uint32(len(w.terms))
	return n, nil
}

// sort sorts what has been gathered and drops duplicates.
func (w *runWriter) sort() error {
	slices.SortFunc(w.quads, compareQuads)
	w.quads = slices.Compact(w.quads)
	slices.SortFunc(w.terms, func(a, b termAt) int { return cmp.Compare(a.id, b.id) })
	out := w.terms[:0]
	for _, t := range w.terms {
		if n := len(out); n > 0 && out[n-1].id == t.id {
			if !bytes.Equal(w.bytes(out[n-1]), w.bytes(t)) {
				return ErrCollision
			}
			continue
		}
		out = append(out, t)
	}
	w.terms = out
	return nil
}

func (w *runWriter) bytes(t termAt) []byte { return w.arena[t.off : t.off+t.len] }

func compareQuads(a, b quadID) int {
	for i := range a {
		if a[i] != b[i] {
			return cmp.Compare(a[i], b[i])
		}
	}
	return 0
}

// spill writes a run to files and forgets it.
func (w *runWriter) spill() error {
	if err := w.sort(); err != nil {
		return err
	}
	quads, err := w.im.spillQuads(w.quads)
	if err != nil {
		return err
	}
	terms, err := w.im.spillTerms(w)
	if err != nil {
		return err
	}
	w.im.addRuns(quads, terms)
	w.quads, w.terms, w.arena = w.quads[:0], w.terms[:0], w.arena[:0]
	clear(w.recent[:])
	return nil
}

// finish keeps the last run in memory.
func (w *runWriter) finish() error {
	if len(w.quads) == 0 {
		return nil
	}
	if err := w.sort(); err != nil {
		return err
	}
	w.im.addRuns(&memQuads{w.quads}, func() (termRun, error) { return &memTerms{w, 0}, nil })
	return nil
}

func (im *importer) addRuns(q quadRun, t termSource) {
	im.mu.Lock()
	defer im.mu.Unlock()
	im.quads = append(im.quads, q)
	im.terms = append(im.terms, t)
}

// temp creates a file in the import's folder.
func (im *importer) temp(ext string) (vfs.File, string, error) {
	im.mu.Lock()
	im.files++
	name := im.d.fs.PathJoin(im.dir, fmt.Sprintf("%06d.%s", im.files, ext))
	im.mu.Unlock()
	f, err := im.d.fs.Create(name, vfs.WriteCategoryUnspecified)
	return f, name, err
}

// writeTemp writes a file and returns its name.
func (im *importer) writeTemp(write func(*bufio.Writer) error) (string, error) {
	f, name, err := im.temp("run")
	if err != nil {
		return "", err
	}
	b := bufio.NewWriterSize(f, 1<<18)
	return name, errors.Join(write(b), b.Flush(), f.Close())
}

func (im *importer) openTemp(name string) (*fileRun, error) {
	f, err := im.d.fs.Open(name, vfs.SequentialReadsOption)
	if err != nil {
		return nil, err
	}
	return &fileRun{f, bufio.NewReaderSize(f, 1<<18)}, nil
}

// fileRun is an open temporary file. It is removed with the import's folder.
type fileRun struct {
	f vfs.File
	r *bufio.Reader
}

func (r *fileRun) close() error { return r.f.Close() }

// quadRun is a sorted run of quads without duplicates. Its ids may be in any
// order's sequence.
type quadRun interface {
	next() (q quadID, ok bool, err error)
	close() error
}

type memQuads struct{ q []quadID }

func (m *memQuads) next() (q quadID, ok bool, err error) {
	if len(m.q) == 0 {
		return q, false, nil
	}
	q, m.q = m.q[0], m.q[1:]
	return q, true, nil
}

func (m *memQuads) close() error { return nil }

type fileQuads struct {
	*fileRun
	buf [32]byte
}

func (im *importer) spillQuads(quads []quadID) (quadRun, error) {
	name, err := im.writeTemp(func(b *bufio.Writer) error {
		var rec [32]byte
		for _, q := range quads {
			for i, v := range q {
				binary.BigEndian.PutUint64(rec[8*i:], uint64(v))
			}
			if _, err := b.Write(rec[:]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	f, err := im.openTemp(name)
	if err != nil {
		return nil, err
	}
	return &fileQuads{fileRun: f}, nil
}

func (f *fileQuads) next() (q quadID, ok bool, err error) {
	if _, err := io.ReadFull(f.r, f.buf[:]); err == io.EOF {
		return q, false, nil
	} else if err != nil {
		return q, false, err
	}
	for i := range q {
		q[i] = id(binary.BigEndian.Uint64(f.buf[8*i:]))
	}
	return q, true, nil
}

// termSource begins to read a run of terms. It can be called several times.
type termSource func() (termRun, error)

// termRun is a run of terms, sorted by id, without duplicates. The bytes are
// good until the next call.
type termRun interface {
	next() (n id, enc []byte, ok bool, err error)
	close() error
}

type memTerms struct {
	w *runWriter
	i int
}

func (m *memTerms) next() (id, []byte, bool, error) {
	if m.i == len(m.w.terms) {
		return 0, nil, false, nil
	}
	t := m.w.terms[m.i]
	m.i++
	return t.id, m.w.bytes(t), true, nil
}

func (m *memTerms) close() error { return nil }

type fileTerms struct {
	*fileRun
	buf []byte
}

func (im *importer) spillTerms(w *runWriter) (termSource, error) {
	name, err := im.writeTemp(func(b *bufio.Writer) error {
		var rec [12]byte
		for _, t := range w.terms {
			binary.BigEndian.PutUint64(rec[:], uint64(t.id))
			binary.BigEndian.PutUint32(rec[8:], t.len)
			if _, err := b.Write(rec[:]); err != nil {
				return err
			}
			if _, err := b.Write(w.bytes(t)); err != nil {
				return err
			}
		}
		return nil
	})
	return func() (termRun, error) {
		f, err := im.openTemp(name)
		if err != nil {
			return nil, err
		}
		return &fileTerms{fileRun: f}, nil
	}, err
}

func (f *fileTerms) next() (id, []byte, bool, error) {
	var rec [12]byte
	if _, err := io.ReadFull(f.r, rec[:]); err == io.EOF {
		return 0, nil, false, nil
	} else if err != nil {
		return 0, nil, false, err
	}
	n := int(binary.BigEndian.Uint32(rec[8:]))
	f.buf = slices.Grow(f.buf[:0], n)[:n]
	if _, err := io.ReadFull(f.r, f.buf); err != nil {
		return 0, nil, false, err
	}
	return id(binary.BigEndian.Uint64(rec[:])), f.buf, true, nil
}

// merged is the union of quad runs.
type merged struct {
	runs  []quadRun // all, to close
	heads []quadHead
	last  quadID
	begun bool
}

type quadHead struct {
	q   quadID
	run quadRun
}

func mergeQuads(runs []quadRun) (*merged, error) {
	m := &merged{runs: runs}
	for _, r := range runs {
		q, ok, err := r.next()
		if err != nil {
			return m, err
		}
		if ok {
			m.heads = append(m.heads, quadHead{q, r})
		}
	}
	heap.Init(m)
	return m, nil
}

func (m *merged) Len() int           { return len(m.heads) }
func (m *merged) Less(i, j int) bool { return compareQuads(m.heads[i].q, m.heads[j].q) < 0 }
func (m *merged) Swap(i, j int)      { m.heads[i], m.heads[j] = m.heads[j], m.heads[i] }
func (m *merged) Push(any)           {} // never called: heads only leave
func (m *merged) Pop() any           { m.heads = m.heads[:len(m.heads)-1]; return nil }

func (m *merged) next() (quadID, bool, error) {
	for len(m.heads) > 0 {
		h := &m.heads[0]
		q := h.q
		n, ok, err := h.run.next()
		if err != nil {
			return q, false, err
		}
		if ok {
			h.q = n
			if len(m.heads) > 1 {
				heap.Fix(m, 0)
			}
		} else {
			heap.Pop(m)
		}
		if !m.begun || q != m.last {
			m.begun, m.last = true, q
			return q, true, nil
		}
	}
	return quadID{}, false, nil
}

func (m *merged) close() (err error) {
	for _, r := range m.runs {
		err = errors.Join(err, r.close())
	}
	return err
}

// sorter sorts quads that have been brought into an order's sequence.
type sorter struct {
	im    *importer
	limit int
	buf   []quadID
	runs  []quadRun
}

func (s *sorter) add(q quadID) error {
	s.buf = append(s.buf, q)
	if len(s.buf) < s.limit {
		return nil
	}
	slices.SortFunc(s.buf, compareQuads)
	r, err := s.im.spillQuads(s.buf)
	s.buf = s.buf[:0]
	s.runs = append(s.runs, r)
	return err
}

func (s *sorter) sorted() (*merged, error) {
	slices.SortFunc(s.buf, compareQuads)
	return mergeQuads(append(s.runs, &memQuads{s.buf}))
}

// build makes the tables out of the runs and hands them over. Its caller holds
// the writer's lock.
func (im *importer) build(ctx context.Context) error {
	if im.d.displaced.Load() {
		return ErrCollision
	}
	empty, err := im.d.empty()
	if err != nil {
		return err
	}
	// The quads in SPOG order, without those that are there, go into their
	// table and on to the sorters of the other orders.
	perQuad := int64(3 * 32)
	limit := int(max(im.opts.Memory/perQuad, 1<<10))
	others := [3]*sorter{}
	for i := range others {
		others[i] = &sorter{im: im, limit: limit}
	}
	m, err := mergeQuads(im.quads)
	if err != nil {
		return errors.Join(err, m.close())
	}
	var src quadRun = m
	if !empty {
		src = &newQuads{quadRun: m, s: im.d.live.scanIn(spog, &quadID{}, 0), ctx: ctx}
	}
	var uses [4]countSource
	uses[dirS], err = im.writeQuads(ctx, spog, src, func(q quadID) error {
		im.res.Added++
		for i, o := range orders[1:] {
			if o == gspo && q[dirG] == 0 {
				continue
			}
			var k quadID
			for j, d := range o.perm {
				k[j] = q[d]
			}
			if err := others[i].add(k); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, src.close()); err != nil {
		return err
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, o := range orders[1:] {
		g.Go(func() error {
			m, err := others[i].sorted()
			if err == nil {
				uses[o.perm[0]], err = im.writeQuads(gctx, o, m, nil)
			}
			return errors.Join(err, m.close())
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if im.res.Terms, err = im.writeDictionary(ctx, uses, empty); err != nil || im.res.Added == 0 {
		return err
	}
	w := im.table(false)
	total := entry{counts: counts{totalQuads: im.res.Added, totalTerms: im.res.Terms}}
	w.merge(keyStats, total.append(nil))
	if err := w.close(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	im.d.version.Add(1)
	err = im.d.db.Ingest(ctx, im.ssts)
	im.d.live.pool.changed(im.d.version.Add(1))
	return err
}

// empty reports whether the graph has no quads.
func (d *disk) empty() (bool, error) {
	c, err := d.live.totals()
	return c[totalQuads] == 0, err
}

// newQuads passes on the quads of a SPOG run that the store does not have.
type newQuads struct {
	quadRun
	s    *scanner
	ctx  context.Context
	have bool // s is on a quad
	end  bool // s has no more
	key  []byte
}

func (n *newQuads) next() (quadID, bool, error) {
	for {
		q, ok, err := n.quadRun.next()
		if !ok || err != nil {
			return q, ok, err
		}
		if !n.end && (!n.have || compareQuads(n.s.q, q) < 0) {
			n.key = spog.appendPrefix(n.key[:0], &q, 4)
			n.s.seek = n.key
			n.have = n.s.next(n.ctx)
			n.end = !n.have
			if n.s.err != nil {
				return q, false, n.s.err
			}
		}
		if n.end || n.s.q != q {
			return q, true, nil
		}
	}
}

func (n *newQuads) close() error { return errors.Join(n.quadRun.close(), n.s.close()) }

// writeQuads writes a sorted sequence into an order's table, counts its first
// components and shows each quad to also.
func (im *importer) writeQuads(ctx context.Context, o *order, src quadRun, also func(quadID) error) (countSource, error) {
	w := im.table(o == spog)
	counts := &countWriter{im: im}
	var key [quadKeyLen]byte
	key[0] = o.tab
	for i := 0; ; i++ {
		if i&0xfff == 0 {
			if err := ctx.Err(); err != nil {
				return nil, errors.Join(err, w.close())
			}
		}
		q, ok, err := src.next()
		if err != nil {
			return nil, errors.Join(err, w.close())
		}
		if !ok {
			break
		}
		for j, v := range q {
			binary.BigEndian.PutUint64(key[1+8*j:], uint64(v))
		}
		w.set(key[:], nil)
		if err := counts.add(q[0]); err != nil {
			return nil, errors.Join(err, w.close())
		}
		if also != nil {
			if err := also(q); err != nil {
				return nil, errors.Join(err, w.close())
			}
		}
	}
	if err := w.close(); err != nil {
		return nil, err
	}
	return counts.finish()
}

// writeDictionary writes the terms that the store does not have into the
// dictionary, and how often all are used, and returns the number of the former. It
// does so in parts, side by side.
func (im *importer) writeDictionary(ctx context.Context, uses [4]countSource, empty bool) (n int64, err error) {
	parts := runtime.GOMAXPROCS(0)
	width := ^id(0)/id(parts) + 1
	added := make([]int64, parts)
	g, ctx := errgroup.WithContext(ctx)
	for i := range parts {
		g.Go(func() (err error) {
			first := id(i) * width
			last := first + width - 1
			if i == parts-1 {
				last = ^id(0)
			}
			added[i], err = im.writeEntries(ctx, uses, empty, first, last)
			return err
		})
	}
	err = g.Wait()
	for _, m := range added {
		n += m
	}
	return n, err
}

// writeEntries writes the part of the dictionary from one id to another.
func (im *importer) writeEntries(ctx context.Context, uses [4]countSource, empty bool, first, last id) (added int64, err error) {
	h := &termHeap{}
	defer func() {
		for _, r := range h.runs {
			err = errors.Join(err, r.close())
		}
	}()
	for _, open := range im.terms {
		if err := h.push(open, first); err != nil {
			return 0, err
		}
	}
	heap.Init(h)
	var runs [4]*countRun
	for i, open := range uses {
		if runs[i], err = open(); err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, runs[i].close()) }()
		for runs[i].next(); runs[i].id != 0 && runs[i].id < first; {
			runs[i].next()
		}
		if err := runs[i].err; err != nil {
			return 0, err
		}
	}
	var it *pebble.Iterator
	if !empty {
		if it, err = im.d.db.NewIter(&pebble.IterOptions{LowerBound: []byte{tabDict}, UpperBound: []byte{tabDict + 1}}); err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, it.Close()) }()
	}
	w := im.table(true)
	defer func() { err = errors.Join(err, w.close()) }()
	var cur id
	var enc, key, val []byte
	for i := 0; len(h.heads) > 0 && h.heads[0].id <= last; i++ {
		if i&0xfff == 0 {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
		}
		head := &h.heads[0]
		if head.id == cur {
			if !bytes.Equal(head.enc, enc) {
				return 0, ErrCollision
			}
		} else {
			cur, enc = head.id, append(enc[:0], head.enc...)
			key = appendIDKey(key[:0], tabDict, cur)
			var e entry
			for d, r := range runs {
				if r.id == cur {
					e.counts[d] = r.n
					if r.next(); r.err != nil {
						return 0, r.err
					}
				}
			}
			have, err := termAtKey(it, key)
			switch {
			case err != nil:
				return 0, err
			case have == nil:
				e.term = enc
				added++
				val = e.append(val[:0])
				w.set(key, val)
			case !bytes.Equal(have, enc):
				return 0, ErrCollision
			case !e.zero():
				val = e.append(val[:0])
				w.merge(key, val)
			}
		}
		if err := h.next(); err != nil {
			return 0, err
		}
	}
	return added, nil
}

// termAtKey returns the encoded term of a key of the dictionary, nil if there is
// none. The iterator may be nil, and its keys are asked for in their order.
func termAtKey(it *pebble.Iterator, key []byte) ([]byte, error) {
	if it == nil {
		return nil, nil
	}
	if !it.SeekGE(key) || !bytes.Equal(it.Key(), key) {
		return nil, it.Error()
	}
	e, err := decodeEntry(it.Value())
	if len(e.term) == 0 {
		return nil, err
	}
	return e.term, err
}

type termHead struct {
	id  id
	enc []byte
	run termRun
}

type termHeap struct {
	runs  []termRun // all, to close
	heads []termHead
}

// push opens a run and puts it in, from the given id on.
func (h *termHeap) push(open termSource, first id) error {
	r, err := open()
	if err != nil {
		return err
	}
	h.runs = append(h.runs, r)
	for {
		n, enc, ok, err := r.next()
		if err != nil || !ok {
			return err
		}
		if n >= first {
			h.heads = append(h.heads, termHead{n, enc, r})
			return nil
		}
	}
}

// next goes to the next term.
func (h *termHeap) next() (err error) {
	head := &h.heads[0]
	var ok bool
	if head.id, head.enc, ok, err = head.run.next(); err != nil {
		return err
	}
	if ok {
		heap.Fix(h, 0)
	} else {
		heap.Pop(h)
	}
	return nil
}

func (h *termHeap) Len() int           { return len(h.heads) }
func (h *termHeap) Less(i, j int) bool { return h.heads[i].id < h.heads[j].id }
func (h *termHeap) Swap(i, j int)      { h.heads[i], h.heads[j] = h.heads[j], h.heads[i] }
func (h *termHeap) Push(any)           {} // never called: heads only leave
func (h *termHeap) Pop() any           { h.heads = h.heads[:len(h.heads)-1]; return nil }

// countWriter counts the equal ids of a sorted sequence.
type countWriter struct {
	im   *importer
	buf  []byte
	f    vfs.File
	name string
	cur  id
	n    uint64
}

func (c *countWriter) add(v id) error {
	if v == c.cur {
		c.n++
		return nil
	}
	if err := c.emit(); err != nil {
		return err
	}
	c.cur, c.n = v, 1
	return nil
}

func (c *countWriter) emit() error {
	if c.n == 0 {
		return nil
	}
	c.buf = binary.BigEndian.AppendUint64(c.buf, uint64(c.cur))
	c.buf = binary.AppendUvarint(c.buf, c.n)
	if len(c.buf) < 16<<20 {
		return nil
	}
	return c.spill()
}

func (c *countWriter) spill() (err error) {
	if c.f == nil {
		if c.f, c.name, err = c.im.temp("counts"); err != nil {
			return err
		}
	}
	_, err = c.f.Write(c.buf)
	c.buf = c.buf[:0]
	return err
}

// countSource begins to read counts. It can be called several times.
type countSource func() (*countRun, error)

func (c *countWriter) finish() (countSource, error) {
	if err := c.emit(); err != nil {
		return nil, err
	}
	if c.f == nil {
		return func() (*countRun, error) { return &countRun{r: bufio.NewReader(bytes.NewReader(c.buf))}, nil }, nil
	}
	if err := errors.Join(c.spill(), c.f.Close()); err != nil {
		return nil, err
	}
	return func() (*countRun, error) {
		f, err := c.im.openTemp(c.name)
		if err != nil {
			return nil, err
		}
		return &countRun{r: f.r, f: f}, nil
	}, nil
}

// countRun is a sorted sequence of ids and counts.
type countRun struct {
	r   *bufio.Reader
	f   *fileRun // nil in memory
	id  id       // the current one; 0 at the end
	n   int64
	err error
}

func (c *countRun) close() error {
	if c.f == nil {
		return nil
	}
	return c.f.close()
}

func (c *countRun) next() {
	var b [8]byte
	c.id = 0
	if _, err := io.ReadFull(c.r, b[:]); err != nil {
		if err != io.EOF {
			c.err = err
		}
		return
	}
	n, err := binary.ReadUvarint(c.r)
	c.id, c.n, c.err = id(binary.BigEndian.Uint64(b[:])), int64(n), err
}

// tableWriter writes one table of the store as a sequence of files.
type tableWriter struct {
	im     *importer
	filter bool // for single keys, not only for ranges
	w      *sstable.Writer
	err    error
}

// maxTableFile is how large one file of a table may grow.
const maxTableFile = 128 << 20

func (im *importer) table(filter bool) *tableWriter { return &tableWriter{im: im, filter: filter} }

// open makes sure that there is a file to write to.
func (t *tableWriter) open() bool {
	if t.err != nil {
		return false
	}
	if t.w != nil && t.w.Raw().EstimatedSize() > maxTableFile {
		t.err = t.w.Close()
		t.w = nil
	}
	if t.w == nil && t.err == nil {
		f, name, err := t.im.temp("sst")
		if err != nil {
			t.err = err
			return false
		}
		o := t.im.d.popts.MakeWriterOptions(len(t.im.d.popts.Levels)-1, t.im.d.db.TableFormat())
		if !t.filter {
			o.FilterPolicy = nil
		}
		t.w = sstable.NewWriter(objstorageprovider.NewFileWritable(f), o)
		t.im.mu.Lock()
		t.im.ssts = append(t.im.ssts, name)
		t.im.mu.Unlock()
	}
	return t.err == nil
}

func (t *tableWriter) set(key, value []byte) {
	if t.open() {
		t.err = t.w.Set(key, value)
	}
}

func (t *tableWriter) merge(key, value []byte) {
	if t.open() {
		t.err = t.w.Merge(key, value)
	}
}

// close returns the first error of all that was written.
func (t *tableWriter) close() error {
	if t.w != nil {
		t.err = errors.Join(t.err, t.w.Close())
		t.w = nil
	}
	return t.err
}

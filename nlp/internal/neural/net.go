// Package neural is the parser proper: a small recurrent network that reads the
// words of a sentence, their endings and the linear tagger's guesses, and says
// for each word its tag, its head and its relation to it.
//
// Words pass through three bidirectional layers of simple recurrent units (Lei
// et al. 2018, "Simple Recurrent Units for Highly Parallelizable Recurrence").
// A bilinear form scores every pair of words as dependent and head (Dozat and
// Manning 2017, "Deep Biaffine Attention for Neural Dependency Parsing"), and
// the best tree is decoded from the scores.
//
// Products are converted before they are added to: Go would fuse the two on some
// processors, and the same text has to give the same tree on all.
package neural

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/demarcgraph/demarc/nlp/internal/blob"
	"github.com/demarcgraph/demarc/nlp/internal/linear"
	"github.com/demarcgraph/demarc/nlp/internal/vec"
)

// Sizes of the network.
const (
	wordDim  = 64
	affixDim = 48
	shapeDim = 16
	tagDim   = 32
	inDim    = wordDim + affixDim + shapeDim + tagDim
	width    = 256 // of a layer, both directions together
	half     = width / 2
	layers   = 3
	tagLayer = 2 // the tags are read from the output of this layer, counted from 1
	arcDim   = 128
	relDim   = 96
	distDim  = 32 // buckets of distance, padded

	affixRows = 1 << 14
	shapeRows = 1 << 8
	affixes   = 6
)

// matrix is a part of the dense parameters.
type matrix struct{ off, rows, cols int }

func (m matrix) size() int { return m.rows * m.cols }

// layout names the parts of the dense parameters.
type layout struct {
	in, inBias                       matrix
	rec                              [layers]matrix // input to z, f, r
	recBias                          [layers]matrix // of f and r
	tag, tagBias                     matrix
	arc, arcBias                     matrix // dependent, then head
	pair, headBias, root, dist       matrix
	rel, relBias, relOut, relOutBias matrix
	size                             int
}

func newLayout(tags, labels int) layout {
	var l layout
	add := func(m *matrix, rows, cols int) {
		*m = matrix{l.size, rows, cols}
		l.size += rows * cols
	}
	add(&l.in, inDim, width)
	add(&l.inBias, 1, width)
	for i := range layers {
		add(&l.rec[i], width, 3*width)
		add(&l.recBias[i], 1, 2*width)
	}
	add(&l.tag, width, vec.Pad(tags))
	add(&l.tagBias, 1, vec.Pad(tags))
	add(&l.arc, width, 2*arcDim)
	add(&l.arcBias, 1, 2*arcDim)
	add(&l.pair, arcDim, arcDim)
	add(&l.headBias, 1, arcDim)
	add(&l.root, 1, arcDim)
	add(&l.dist, arcDim, distDim)
	add(&l.rel, width, 2*relDim)
	add(&l.relBias, 1, relDim)
	add(&l.relOut, relDim, vec.Pad(labels))
	add(&l.relOutBias, 1, vec.Pad(labels))
	return l
}

// matrices lists the parts that are multiplied with, in a fixed order.
func (l *layout) matrices() []matrix {
	ms := []matrix{l.in}
	ms = append(ms, l.rec[:]...)
	return append(ms, l.tag, l.arc, l.pair, l.dist, l.rel, l.relOut)
}

// Net is a trained network. It is read-only and safe to share.
type Net struct {
	Tags, POS []string // by tag class; the first len(Tags) rows of the tag table
	Labels    []string
	vocab     map[uint64]int32 // hash of the lower-cased word → row, 0 is any other
	tables    [4]table
	lay       layout
	dense     []float32
	packed    map[int][]float32 // by offset: the matrices laid out for vec.Gemm
	rootLabel int
}

// The tables of embeddings.
const (
	wordTable = iota
	affixTable
	shapeTable
	tagTable
)

// table is a list of vectors.
type table struct {
	dim int
	w   []float32
}

func (t *table) row(i int32) []float32 { return t.w[int(i)*t.dim : int(i+1)*t.dim] }

// Feature is what the network sees of a word: rows of the tables.
type Feature struct {
	word, shape, tag int32
	affix            [affixes]int32 // -1 where the word is too short
}

// Features appends what the network sees of the words of a sentence, whose tag
// classes tags the linear tagger guessed, to out.
func (n *Net) Features(words []string, tags []int, out []Feature) []Feature {
	shout := shouting(words)
	for i, w := range words {
		low := strings.ToLower(foldWord(w))
		h := linear.Hash(low)
		f := Feature{word: n.vocab[h], tag: int32(tags[i])}
		s := shapeOf(w, i == 0)
		if shout {
			s = 0
		}
		f.shape = int32(s & (shapeRows - 1))
		f.affix = [affixes]int32{int32((h >> 7) & (affixRows - 1)), -1, -1, -1, -1, -1}
		for k, n := range [...]int{2, 3} {
			if len(low) > n {
				f.affix[1+k] = int32(linear.Mix(uint64(n), linear.Hash(low[:n])) & (affixRows - 1))
			}
		}
		for k, n := range [...]int{2, 3, 4} {
			if len(low) > n {
				f.affix[3+k] = int32(linear.Mix(uint64(10+n), linear.Hash(low[len(low)-n:])) & (affixRows - 1))
			}
		}
		out = append(out, f)
	}
	return out
}

// shouting says that a text of several words is all in capitals, so that they
// mean nothing.
func shouting(words []string) bool {
	letters := 0
	for _, w := range words {
		for _, r := range w {
			if unicode.IsLower(r) {
				return false
			}
			if unicode.IsUpper(r) {
				letters++
			}
		}
	}
	return len(words) > 2 && letters > 8
}

// foldWord brings a word to the form that the vocabulary has: plain quotes and
// dashes, each digit 0.
func foldWord(w string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x80 && (r < '0' || r > '9'):
			return r
		case unicode.IsDigit(r):
			return '0'
		case r == '’' || r == '‘':
			return '\''
		case r == '“' || r == '”' || r == '«' || r == '»':
			return '"'
		case r == '–' || r == '−':
			return '-'
		}
		return r
	}, w)
}

// shapeOf hashes the shape of a word, that of a sentence's first word apart.
func shapeOf(w string, first bool) uint64 {
	if first {
		return linear.Shape(8, w)
	}
	return linear.Shape(7, w)
}

// prepare lays the matrices out for multiplication.
func (n *Net) prepare() {
	if n.packed == nil {
		n.packed = map[int][]float32{}
	}
	for _, m := range n.lay.matrices() {
		p := n.packed[m.off]
		if p == nil {
			p = make([]float32, m.size())
			n.packed[m.off] = p
		}
		vec.Pack(p, n.part(m), m.rows, m.cols, m.cols)
	}
}

func (n *Net) part(m matrix) []float32 { return n.dense[m.off : m.off+m.size()] }

// mul sets c to a·m (rows of a lda apart, of c ldc apart).
func (n *Net) mul(m matrix, t int, a []float32, lda int, c []float32, ldc int, add bool) {
	vec.Gemm(t, m.rows, m.cols, a, lda, n.packed[m.off], c, ldc, add)
}

// grow returns s with length n, its content undefined.
func grow(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n, n+n/4)
	}
	return s[:n]
}

// acts are the values inside the network for a batch of sentences laid one
// after the other; training needs them again on the way back.
type acts struct {
	offs   []int // sentence i is offs[i]:offs[i+1]
	x0     []float32
	x      [layers + 1][]float32
	xd     [layers][]float32 // x with dropout; x itself when not training
	u      [layers][]float32 // z, f, r
	c, g   [layers][]float32
	xt, xl []float32 // inputs of the tagger and of the parser
	tag    []float32
	arc    []float32
	rel    []float32
	q      []float32
	dist   []float32
}

// embed writes the vector of a word.
func (n *Net) embed(f *Feature, out []float32) {
	copy(out, n.tables[wordTable].row(f.word))
	a := out[wordDim : wordDim+affixDim]
	clear(a)
	for _, i := range f.affix {
		if i >= 0 {
			for k, v := range n.tables[affixTable].row(i) {
				a[k] += v
			}
		}
	}
	copy(out[wordDim+affixDim:], n.tables[shapeTable].row(f.shape))
	copy(out[wordDim+affixDim+shapeDim:], n.tables[tagTable].row(f.tag))
}

// recur runs layer l: from xd[l] and x[l] to x[l+1].
func (n *Net) recur(l int, a *acts) {
	t := a.offs[len(a.offs)-1]
	a.u[l] = grow(a.u[l], t*3*width)
	a.c[l] = grow(a.c[l], t*width)
	a.g[l] = grow(a.g[l], t*width)
	a.x[l+1] = grow(a.x[l+1], t*width)
	u := a.u[l]
	n.mul(n.lay.rec[l], t, a.xd[l], width, u, 3*width, false)
	bias := n.part(n.lay.recBias[l])
	for i := range t {
		row := u[i*3*width+width : (i+1)*3*width]
		for j, b := range bias {
			row[j] += b
		}
		vec.Sigmoid(row)
	}
	c := a.c[l]
	for s := 0; s+1 < len(a.offs); s++ {
		from, to := a.offs[s], a.offs[s+1]
		for dir := range 2 {
			lo := dir * half
			var prev []float32
			for k := range to - from {
				i := from + k
				if dir == 1 {
					i = to - 1 - k
				}
				z := u[i*3*width+lo : i*3*width+lo+half]
				f := u[i*3*width+width+lo : i*3*width+width+lo+half]
				cur := c[i*width+lo : i*width+lo+half]
				if prev == nil {
					for j := range cur {
						cur[j] = (1 - f[j]) * z[j]
					}
				} else {
					prev := prev[:len(cur)]
					f, z := f[:len(cur)], z[:len(cur)]
					for j := range cur {
						cur[j] = z[j] + float32(f[j]*(prev[j]-z[j]))
					}
				}
				prev = cur
			}
		}
	}
	g := a.g[l]
	copy(g, c[:t*width])
	vec.Tanh(g[:t*width])
	out, in := a.x[l+1], a.x[l]
	for i := range t {
		r := u[i*3*width+2*width : (i+1)*3*width]
		o := out[i*width : (i+1)*width][:len(r)]
		x := in[i*width : (i+1)*width][:len(r)]
		h := g[i*width : (i+1)*width][:len(r)]
		for j := range r {
			o[j] = x[j] + float32(r[j]*(h[j]-x[j]))
		}
	}
}

// addBias adds b to each of the t rows of x.
func addBias(x, b []float32, t int) {
	for i := range t {
		row := x[i*len(b) : (i+1)*len(b)]
		for j, v := range b {
			row[j] += v
		}
	}
}

const leak = 0.1

func leaky(x []float32) {
	for i, v := range x {
		x[i] = max(v, leak*v)
	}
}

// bucket returns the column of the distance table for a head d words to the
// right of its dependent (to the left when negative).
func bucket(d int) int {
	side := 1
	if d < 0 {
		side, d = 10, -d
	}
	switch {
	case d <= 4:
		return side + d - 1
	case d <= 6:
		return side + 4
	case d <= 9:
		return side + 5
	case d <= 14:
		return side + 6
	case d <= 24:
		return side + 7
	}
	return side + 8
}

// Scratch holds buffers that calls reuse.
type Scratch struct {
	a        acts
	feats    []Feature
	packed   []float32
	scores   []float32
	hidden   []float32
	relScore []float32
	dec      decoder
}

// MaxReach is the greatest distance between a word and its head that the
// parser considers in sentences too long for all pairs, in words.
const MaxReach = 256

// Result is what the network says of a word.
type Result struct {
	Tag, Label int
	Head       int // -1 for the root
}

// Parse annotates sentences laid one after the other: sentence i has the words
// offs[i]:offs[i+1], none of them empty. What it says of a sentence does not
// depend on those beside it; many at once are only faster, since the matrices
// then come from memory once for all. The result is valid until the next call
// with the same scratch.
func (n *Net) Parse(words []string, tags, offs []int, s *Scratch, out []Result) []Result {
	out = slices.Grow(out[:0], len(words))[:len(words)]
	t := len(words)
	if t == 0 {
		return out
	}
	s.feats = s.feats[:0]
	for i := range len(offs) - 1 {
		s.feats = n.Features(words[offs[i]:offs[i+1]], tags[offs[i]:offs[i+1]], s.feats)
	}
	a := &s.a
	a.offs = append(a.offs[:0], offs...)
	a.x0 = grow(a.x0, t*inDim)
	for i := range s.feats {
		n.embed(&s.feats[i], a.x0[i*inDim:(i+1)*inDim])
	}
	a.x[0] = grow(a.x[0], t*width)
	n.mul(n.lay.in, t, a.x0, inDim, a.x[0], width, false)
	addBias(a.x[0], n.part(n.lay.inBias), t)
	for l := range layers {
		a.xd[l] = a.x[l]
		if l > 0 { // only training needs the inside of all layers
			a.u[l], a.c[l], a.g[l] = a.u[0], a.c[0], a.g[0]
		}
		n.recur(l, a)
	}
	a.xt, a.xl = a.x[tagLayer], a.x[layers]
	n.project(a)

	// Tags.
	tp := n.lay.tag.cols
	for i := range out {
		row := a.tag[i*tp : i*tp+len(n.Tags)]
		out[i].Tag = argmax(row)
	}
	n.queries(a)
	for i := range len(offs) - 1 {
		n.arcs(s, out[offs[i]:offs[i+1]], offs[i])
	}
	// Relations to the chosen heads.
	s.hidden = grow(s.hidden, t*relDim)
	relBias := n.part(n.lay.relBias)
	for k := range len(offs) - 1 {
		for i := offs[k]; i < offs[k+1]; i++ {
			hid := s.hidden[i*relDim : (i+1)*relDim]
			if out[i].Head < 0 {
				clear(hid)
				continue
			}
			h := offs[k] + out[i].Head
			dep := a.rel[i*2*relDim : i*2*relDim+relDim][:len(hid)]
			head := a.rel[h*2*relDim+relDim : (h+1)*2*relDim][:len(hid)]
			bias := relBias[:len(hid)]
			for j := range hid {
				hid[j] = max(0, dep[j]+head[j]+bias[j])
			}
		}
	}
	lp := n.lay.relOut.cols
	s.relScore = grow(s.relScore, t*lp)
	n.mul(n.lay.relOut, t, s.hidden, relDim, s.relScore, lp, false)
	addBias(s.relScore, n.part(n.lay.relOutBias), t)
	for i := range out {
		if out[i].Head < 0 {
			out[i].Label = n.rootLabel
			continue
		}
		row := s.relScore[i*lp : i*lp+len(n.Labels)]
		row[n.rootLabel] = float32(math.Inf(-1))
		out[i].Label = argmax(row)
	}
	return out
}

// project computes what tags, arcs and relations are read from.
func (n *Net) project(a *acts) {
	t := a.offs[len(a.offs)-1]
	tp := n.lay.tag.cols
	a.tag = grow(a.tag, t*tp)
	n.mul(n.lay.tag, t, a.xt, width, a.tag, tp, false)
	addBias(a.tag, n.part(n.lay.tagBias), t)
	a.arc = grow(a.arc, t*2*arcDim)
	n.mul(n.lay.arc, t, a.xl, width, a.arc, 2*arcDim, false)
	addBias(a.arc, n.part(n.lay.arcBias), t)
	leaky(a.arc)
	a.rel = grow(a.rel, t*2*relDim)
	n.mul(n.lay.rel, t, a.xl, width, a.rel, 2*relDim, false)
}

// queries computes from the arc vectors what is multiplied with heads.
func (n *Net) queries(a *acts) {
	t := a.offs[len(a.offs)-1]
	a.q = grow(a.q, t*arcDim)
	n.mul(n.lay.pair, t, a.arc, 2*arcDim, a.q, arcDim, false)
	addBias(a.q, n.part(n.lay.headBias), t)
	a.dist = grow(a.dist, t*distDim)
	n.mul(n.lay.dist, t, a.arc, 2*arcDim, a.dist, distDim, false)
}

// arcs scores the pairs of the sentence that starts at word base and decodes
// its tree into out, which has its length.
func (n *Net) arcs(s *Scratch, out []Result, base int) {
	t := len(out)
	s.dec.reset(t)
	if t <= 2*MaxReach {
		n.scoreBlock(s, base, 0, t, 0, t)
	} else {
		// Blocks of words, each against the heads in its reach.
		for lo := 0; lo < t; lo += MaxReach {
			hi := min(t, lo+MaxReach)
			n.scoreBlock(s, base, lo, hi, max(0, lo-MaxReach), min(t, hi+MaxReach))
		}
	}
	s.dec.tree(out)
}

// scoreBlock scores words lo:hi as dependents against the root and the heads
// from:to, all counted from base, and hands the rows to the decoder.
func (n *Net) scoreBlock(s *Scratch, base, lo, hi, from, to int) {
	a := &s.a
	cols := to - from
	pad := vec.Pad(cols)
	s.packed = grow(s.packed, arcDim*pad)
	vec.PackT(s.packed, a.arc[(base+from)*2*arcDim+arcDim:], arcDim, cols, 2*arcDim)
	s.scores = grow(s.scores, (hi-lo)*pad)
	vec.Gemm(hi-lo, arcDim, cols, a.q[(base+lo)*arcDim:], arcDim, s.packed, s.scores, pad, false)
	root := n.part(n.lay.root)
	for i := lo; i < hi; i++ {
		row := s.scores[(i-lo)*pad : (i-lo)*pad+cols]
		d := a.dist[(base+i)*distDim : (base+i+1)*distDim]
		for j := range row {
			row[j] += d[bucket(from+j-i)]
		}
		row[i-from] = float32(math.Inf(-1))
		rs := d[0]
		q := a.q[(base+i)*arcDim : (base+i+1)*arcDim]
		for k, v := range root {
			rs += float32(q[k] * v)
		}
		s.dec.add(i, from, rs, row)
	}
}

func argmax(x []float32) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}

// Encode writes the network: the embeddings in eight bits with a scale for each
// vector, the matrices in sixteen bits with a scale for each.
func (n *Net) Encode(w *blob.Writer) {
	w.Strings(n.Tags)
	w.Strings(n.POS)
	w.Strings(n.Labels)
	keys := make([]uint64, len(n.vocab)+1)
	for h, i := range n.vocab {
		keys[i] = h
	}
	w.Int(len(keys))
	for _, k := range keys[1:] {
		w.Uint64(k)
	}
	for i := range n.tables {
		t := &n.tables[i]
		w.Int(t.dim)
		rows := len(t.w) / t.dim
		w.Int(rows)
		for r := range rows {
			w.Quantised8(t.row(int32(r)))
		}
	}
	w.Int(len(n.dense))
	for rest := n.dense; len(rest) > 0; {
		k := min(len(rest), quantum)
		w.Quantised16(rest[:k])
		rest = rest[k:]
	}
}

// quantum is the number of dense parameters that share a scale.
const quantum = 256

// Decode reads a network.
func Decode(r *blob.Reader) (*Net, error) {
	n := &Net{Tags: r.Strings(), POS: r.Strings(), Labels: r.Strings()}
	rows := r.Int()
	n.vocab = make(map[uint64]int32, min(rows, 1<<20))
	for i := 1; i < rows && r.Err() == nil; i++ {
		n.vocab[r.Uint64()] = int32(i)
	}
	want := [...][2]int{wordTable: {wordDim, rows}, affixTable: {affixDim, affixRows}, shapeTable: {shapeDim, shapeRows}, tagTable: {tagDim, len(n.Tags)}}
	for i := range n.tables {
		t := &n.tables[i]
		t.dim = r.Int()
		k := r.Int()
		if r.Err() == nil && (t.dim != want[i][0] || k != want[i][1]) {
			return nil, fmt.Errorf("network has a table of %d vectors of %d numbers, want %d of %d", k, t.dim, want[i][1], want[i][0])
		}
		if r.Err() != nil {
			return nil, r.Err()
		}
		t.w = make([]float32, k*t.dim)
		for j := range k {
			r.Quantised8(t.row(int32(j)))
		}
	}
	n.lay = newLayout(len(n.Tags), len(n.Labels))
	if k := r.Int(); r.Err() == nil && k != n.lay.size {
		return nil, fmt.Errorf("network has %d parameters, want %d", k, n.lay.size)
	}
	n.dense = make([]float32, n.lay.size)
	for rest := n.dense; len(rest) > 0 && r.Err() == nil; {
		k := min(len(rest), quantum)
		r.Quantised16(rest[:k])
		rest = rest[k:]
	}
	if n.rootLabel = slices.Index(n.Labels, "root"); n.rootLabel < 0 {
		return nil, fmt.Errorf("network has no label root")
	}
	if r.Err() != nil {
		return nil, r.Err()
	}
	n.prepare()
	return n, nil
}

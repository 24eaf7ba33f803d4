package neural

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/demarcgraph/demarc/nlp/internal/linear"
	"github.com/demarcgraph/demarc/nlp/internal/vec"
)

// Gold is a sentence to learn from. Guess holds the linear tagger's classes,
// Tags the true ones (-1 where the pair is too rare to have one), Heads -1 at
// the root.
type Gold struct {
	Words       []string
	Guess, Tags []int
	Heads       []int
	Labels      []string
}

// Config are the settings of a training run.
type Config struct {
	Tags, POS []string // of the tag classes
	Epochs    int
	Batch     int // words in a batch
	Rate      float64
	Dropout   float32
	Seed      uint64
	Log       func(format string, args ...any)
	Each      func(epoch int, n *Net) // called after each epoch if not nil
}

// Train learns a network. The same sentences and settings give the same
// network on processors with the same kernels.
func Train(ctx context.Context, data []Gold, c Config) (*Net, error) {
	n := &Net{Tags: c.Tags, POS: c.POS, vocab: map[uint64]int32{}}
	count := map[uint64]int{}
	seen := map[string]bool{}
	for _, g := range data {
		for i, w := range g.Words {
			count[linear.Hash(strings.ToLower(foldWord(w)))]++
			seen[g.Labels[i]] = true
		}
	}
	for l := range seen {
		n.Labels = append(n.Labels, l)
	}
	slices.Sort(n.Labels)
	n.rootLabel = slices.Index(n.Labels, "root")
	var hashes []uint64
	for h, k := range count {
		if k >= 2 {
			hashes = append(hashes, h)
		}
	}
	slices.SortFunc(hashes, func(a, b uint64) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	freq := make([]int, 1, len(hashes)+1)
	for i, h := range hashes {
		n.vocab[h] = int32(i + 1)
		freq = append(freq, count[h])
	}
	rng := rand.New(rand.NewPCG(c.Seed, 5))
	n.initialise(rng, len(freq))

	t := &trainer{Config: c, net: n, freq: freq}
	t.load(data)
	return n, t.run(ctx, rng)
}

func (n *Net) initialise(rng *rand.Rand, words int) {
	for i, d := range [...][2]int{wordTable: {wordDim, words}, affixTable: {affixDim, affixRows}, shapeTable: {shapeDim, shapeRows}, tagTable: {tagDim, len(n.Tags)}} {
		t := &n.tables[i]
		t.dim = d[0]
		t.w = make([]float32, d[0]*d[1])
		scale := 0.5
		if i == affixTable {
			scale = 0.25
		}
		for j := range t.w {
			t.w[j] = float32(rng.NormFloat64() * scale)
		}
	}
	n.lay = newLayout(len(n.Tags), len(n.Labels))
	n.dense = make([]float32, n.lay.size)
	for _, m := range append(n.lay.matrices(), n.lay.root) {
		scale := math.Sqrt(2 / float64(m.rows+m.cols))
		switch {
		case slices.Contains(n.lay.rec[:], m):
			scale = math.Sqrt(1 / float64(m.rows))
		case m == n.lay.dist, m == n.lay.pair:
			scale = 0.5 / math.Sqrt(float64(m.rows))
		}
		w := n.part(m)
		for j := range w {
			w[j] = float32(rng.NormFloat64() * scale)
		}
	}
	for _, m := range n.lay.recBias {
		b := n.part(m)
		for j := range half * 2 {
			b[j] = 1 // remember, to begin with
		}
		for j := width; j < 2*width; j++ {
			b[j] = -1 // and mostly pass on
		}
	}
}

type sentence struct {
	feats             []Feature
	tags, heads, rels []int32
}

type trainer struct {
	Config
	net   *Net
	freq  []int
	sents []sentence
	work  [workers]*pass
	opt   adam
	table [4]adam
	trans map[int][]float32 // packed transposes
}

// workers share a batch; their number is part of what makes a run repeatable.
const workers = 2

func (t *trainer) load(data []Gold) {
	t.sents = make([]sentence, len(data))
	for i, g := range data {
		s := &t.sents[i]
		s.feats = t.net.Features(g.Words, g.Guess, nil)
		for j := range g.Words {
			s.tags = append(s.tags, int32(g.Tags[j]))
			s.heads = append(s.heads, int32(g.Heads[j]))
			s.rels = append(s.rels, int32(slices.Index(t.net.Labels, g.Labels[j])))
		}
	}
}

func (t *trainer) run(ctx context.Context, rng *rand.Rand) error {
	n := t.net
	for i := range t.work {
		t.work[i] = &pass{t: t, rng: rand.New(rand.NewPCG(t.Seed, 100+uint64(i))), grad: make([]float32, len(n.dense))}
	}
	t.opt = newAdam(len(n.dense))
	for i := range n.tables {
		t.table[i] = newAdam(len(n.tables[i].w))
	}
	t.trans = map[int][]float32{}
	for _, m := range n.lay.matrices() {
		t.trans[m.off] = make([]float32, m.cols*vec.Pad(m.rows))
	}
	total := 0
	for i := range t.sents {
		total += len(t.sents[i].feats)
	}
	steps := t.Epochs * (total/t.Batch + 1)
	step := 0
	order := make([]int, len(t.sents))
	for i := range order {
		order[i] = i
	}
	for epoch := range t.Epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		var loss losses
		for i := 0; i < len(order); {
			if err := ctx.Err(); err != nil {
				return err
			}
			var parts [workers][]int
			var sizes [workers]int
			size := 0
			for i < len(order) && size < t.Batch {
				k := 0
				for w := range sizes {
					if sizes[w] < sizes[k] {
						k = w
					}
				}
				parts[k] = append(parts[k], order[i])
				sizes[k] += len(t.sents[order[i]].feats)
				size += len(t.sents[order[i]].feats)
				i++
			}
			n.prepare()
			for _, m := range n.lay.matrices() {
				vec.PackT(t.trans[m.off], n.part(m), m.cols, m.rows, m.cols)
			}
			var wg sync.WaitGroup
			for w, p := range t.work {
				wg.Go(func() { p.run(parts[w], 1/float32(size)) })
			}
			wg.Wait()
			for _, p := range t.work {
				loss.add(p.loss)
			}
			progress := float64(step) / float64(steps)
			rate := t.Rate * min(1, float64(step+1)/200) * max(0.01, 1-progress)
			t.update(rate)
			step++
		}
		t.Log("epoch %d: tag %.3f arc %.3f rel %.3f", epoch+1, loss.tag/loss.words, loss.arc/loss.words, loss.rel/loss.words)
		if t.Each != nil {
			n.prepare()
			t.Each(epoch+1, n)
		}
	}
	n.prepare()
	return nil
}

type losses struct{ tag, arc, rel, words float64 }

func (l *losses) add(o losses) {
	l.tag += o.tag
	l.arc += o.arc
	l.rel += o.rel
	l.words += o.words
}

// update moves the parameters by the gradients of all workers.
func (t *trainer) update(rate float64) {
	n := t.net
	g := t.work[0].grad
	for _, p := range t.work[1:] {
		for i, v := range p.grad {
			g[i] += v
		}
	}
	norm := 0.0
	for _, v := range g {
		norm += float64(v) * float64(v)
	}
	scale := float32(1)
	if norm = math.Sqrt(norm); norm > 5 {
		scale = float32(5 / norm)
	}
	for i := range g {
		g[i] *= scale
	}
	t.opt.step++
	t.opt.apply(n.dense, g, 0, rate)
	// The tables: only the rows that were looked at.
	for k := range n.tables {
		t.table[k].step++
	}
	rows := map[[2]int32][]float32{}
	var keys [][2]int32
	add := func(k int, row int32, g []float32) {
		key := [2]int32{int32(k), row}
		sum := rows[key]
		if sum == nil {
			sum = make([]float32, len(g))
			rows[key] = sum
			keys = append(keys, key)
		}
		for i, v := range g {
			sum[i] += v
		}
	}
	for _, p := range t.work {
		for i := range p.feats {
			f, g := &p.feats[i], p.dx0[i*inDim:(i+1)*inDim]
			if f.word >= 0 {
				add(wordTable, f.word, g[:wordDim])
			}
			for _, a := range f.affix {
				if a >= 0 {
					add(affixTable, a, g[wordDim:wordDim+affixDim])
				}
			}
			add(shapeTable, f.shape, g[wordDim+affixDim:wordDim+affixDim+shapeDim])
			if f.tag >= 0 {
				add(tagTable, f.tag, g[wordDim+affixDim+shapeDim:])
			}
		}
	}
	for _, key := range keys {
		tb := &n.tables[key[0]]
		g := rows[key]
		for i := range g {
			g[i] *= scale
		}
		t.table[key[0]].apply(tb.row(key[1]), g, int(key[1])*tb.dim, rate)
	}
}

// adam is the state of the optimiser (Kingma and Ba 2015).
type adam struct {
	m, v []float32
	step int
}

func newAdam(n int) adam { return adam{m: make([]float32, n), v: make([]float32, n)} }

// apply updates w, which lies at offset off of the state, by the gradient g.
func (a *adam) apply(w, g []float32, off int, rate float64) {
	const b1, b2, eps = 0.9, 0.98, 1e-8
	c1 := 1 - math.Pow(b1, float64(a.step))
	c2 := 1 - math.Pow(b2, float64(a.step))
	lr := float32(rate * math.Sqrt(c2) / c1)
	m, v := a.m[off:off+len(w)], a.v[off:off+len(w)]
	for i, x := range g {
		m[i] += (1 - b1) * (x - m[i])
		v[i] += (1 - b2) * (x*x - v[i])
		w[i] -= lr * m[i] / (float32(math.Sqrt(float64(v[i]))) + eps)
	}
}

// pass is one worker's way through the network and back.
type pass struct {
	t     *trainer
	rng   *rand.Rand
	grad  []float32
	loss  losses
	acts  acts
	feats []Feature // with words dropped: -1 is a vector of zeros
	dx0   []float32

	mask0, maskT, maskL, maskA, maskR []float32
	maskX                             [layers][]float32
	dx                                [layers + 1][]float32
	du, da, dr, dq, dd, dtag, tmp     []float32
	scores, heads, packed, trans, dh  []float32
	hidden, dhidden, logits           []float32
}

// drop fills a mask with zeros at the rate p and with what keeps the sum else.
func (p *pass) drop(mask []float32, n int, rate float32) []float32 {
	mask = grow(mask, n)
	keep := 1 / (1 - rate)
	limit := uint32(float64(rate) * (1 << 32))
	for i := 0; i < n; i += 2 {
		r := p.rng.Uint64()
		mask[i] = keep
		if uint32(r) < limit {
			mask[i] = 0
		}
		if i+1 < n {
			mask[i+1] = keep
			if uint32(r>>32) < limit {
				mask[i+1] = 0
			}
		}
	}
	return mask
}

// dropRows is drop with one mask for all words of a sentence.
func (p *pass) dropRows(mask []float32, cols int, rate float32) []float32 {
	offs := p.acts.offs
	mask = grow(mask, offs[len(offs)-1]*cols)
	for s := 0; s+1 < len(offs); s++ {
		p.tmp = p.drop(p.tmp, cols, rate)
		for i := offs[s]; i < offs[s+1]; i++ {
			copy(mask[i*cols:(i+1)*cols], p.tmp)
		}
	}
	return mask
}

func times(dst, a, b []float32) {
	b = b[:len(a)]
	dst = dst[:len(a)]
	for i, v := range a {
		dst[i] = v * b[i]
	}
}

func plus(dst, a []float32) {
	dst = dst[:len(a)]
	for i, v := range a {
		dst[i] += v
	}
}

// back adds the gradient of y = x·m: to the matrix, and to dx if it is not nil.
func (p *pass) back(m matrix, rows int, x []float32, ldx int, dy []float32, ldy int, dx []float32, lddx int) {
	p.trans = grow(p.trans, m.rows*rows)
	vec.Transpose(p.trans, x, rows, m.rows, ldx)
	p.packed = grow(p.packed, rows*vec.Pad(m.cols))
	vec.Pack(p.packed, dy, rows, m.cols, ldy)
	vec.Gemm(m.rows, rows, m.cols, p.trans, rows, p.packed, p.grad[m.off:], m.cols, true)
	if dx != nil {
		vec.Gemm(rows, m.cols, m.rows, dy, ldy, p.t.trans[m.off], dx, lddx, true)
	}
}

func (p *pass) backBias(m matrix, rows int, dy []float32, ldy int) {
	g := p.grad[m.off : m.off+m.size()]
	for i := range rows {
		plus(g, dy[i*ldy:i*ldy+m.cols])
	}
}

func zero(s []float32, n int) []float32 {
	s = grow(s, n)
	clear(s)
	return s
}

// run goes forward and back over the sentences; scale is what each word counts.
func (p *pass) run(which []int, scale float32) {
	clear(p.grad)
	p.loss = losses{}
	n, t := p.t.net, p.t
	a := &p.acts
	a.offs = append(a.offs[:0], 0)
	p.feats = p.feats[:0]
	for _, s := range which {
		p.feats = append(p.feats, t.sents[s].feats...)
		a.offs = append(a.offs, len(p.feats))
	}
	total := len(p.feats)
	p.dx0 = zero(p.dx0, total*inDim)
	if total == 0 {
		return
	}
	p.loss.words = float64(total)
	// Words that the vocabulary knows are now and then treated as unknown, the
	// rarer the more often.
	a.x0 = grow(a.x0, total*inDim)
	for i := range p.feats {
		f := &p.feats[i]
		if f.word > 0 {
			if r := p.rng.Float64(); r < 0.4/(0.4+float64(t.freq[f.word])) {
				f.word = 0
				f.affix[0] = -1
			} else if r > 0.93 {
				f.word = 0
			}
		}
		n.embed(f, a.x0[i*inDim:(i+1)*inDim])
		if p.rng.Float64() < 0.4 {
			f.tag = -1
			clear(a.x0[(i+1)*inDim-tagDim : (i+1)*inDim])
		}
	}
	p.mask0 = p.drop(p.mask0, total*inDim, t.Dropout*0.6)
	times(a.x0, a.x0, p.mask0)
	a.x[0] = grow(a.x[0], total*width)
	n.mul(n.lay.in, total, a.x0, inDim, a.x[0], width, false)
	addBias(a.x[0], n.part(n.lay.inBias), total)
	for l := range layers {
		p.maskX[l] = p.dropRows(p.maskX[l], width, t.Dropout)
		a.xd[l] = grow(a.xd[l], total*width)
		times(a.xd[l], a.x[l][:total*width], p.maskX[l])
		n.recur(l, a)
	}
	p.maskT = p.drop(p.maskT, total*width, t.Dropout)
	p.maskL = p.dropRows(p.maskL, width, t.Dropout)
	a.xt, a.xl = grow(a.xt, total*width), grow(a.xl, total*width)
	times(a.xt, a.x[tagLayer][:total*width], p.maskT)
	times(a.xl, a.x[layers][:total*width], p.maskL)
	n.project(a)
	p.maskA = p.dropRows(p.maskA, 2*arcDim, t.Dropout)
	p.maskR = p.dropRows(p.maskR, 2*relDim, t.Dropout)
	// The mask is applied after the leak, so its slope can be read off arc.
	times(a.arc, a.arc, p.maskA)
	times(a.rel, a.rel, p.maskR)
	n.queries(a)

	for l := range p.dx {
		p.dx[l] = zero(p.dx[l], total*width)
	}
	p.backTags(which, scale)
	p.da = zero(p.da, total*2*arcDim)
	p.dr = zero(p.dr, total*2*relDim)
	p.backArcs(which, scale)
	p.backRels(which, scale)
	// To the last layer.
	times(p.dr, p.dr, p.maskR)
	times(p.da, p.da, p.maskA)
	for i, v := range a.arc[:total*2*arcDim] {
		if v < 0 {
			p.da[i] *= leak
		}
	}
	p.backBias(n.lay.arcBias, total, p.da, 2*arcDim)
	p.dh = zero(p.dh, total*width)
	p.back(n.lay.arc, total, a.xl, width, p.da, 2*arcDim, p.dh, width)
	p.back(n.lay.rel, total, a.xl, width, p.dr, 2*relDim, p.dh, width)
	times(p.dh, p.dh, p.maskL)
	plus(p.dx[layers], p.dh)
	for l := layers - 1; l >= 0; l-- {
		p.backRecur(l)
	}
	p.backBias(n.lay.inBias, total, p.dx[0], width)
	p.back(n.lay.in, total, a.x0, inDim, p.dx[0], width, p.dx0, inDim)
	times(p.dx0, p.dx0, p.mask0)
}

func (p *pass) backTags(which []int, scale float32) {
	n, a := p.t.net, &p.acts
	total := len(p.feats)
	tp := n.lay.tag.cols
	p.dtag = zero(p.dtag, total*tp)
	i := 0
	for _, s := range which {
		for _, gold := range p.t.sents[s].tags {
			if gold >= 0 {
				row := p.dtag[i*tp : i*tp+len(n.Tags)]
				copy(row, a.tag[i*tp:])
				x := row[gold]
				p.loss.tag += float64(vec.Softmax(row) - x)
				row[gold]--
				for j := range row {
					row[j] *= scale * 0.5
				}
			}
			i++
		}
	}
	p.backBias(n.lay.tagBias, total, p.dtag, tp)
	p.dh = zero(p.dh, total*width)
	p.back(n.lay.tag, total, a.xt, width, p.dtag, tp, p.dh, width)
	times(p.dh, p.dh, p.maskT)
	plus(p.dx[tagLayer], p.dh)
}

func (p *pass) backArcs(which []int, scale float32) {
	n, a := p.t.net, &p.acts
	total := len(p.feats)
	p.dq = zero(p.dq, total*arcDim)
	p.dd = zero(p.dd, total*distDim)
	var packedHeads []float32
	for s, id := range which {
		from, to := a.offs[s], a.offs[s+1]
		k := to - from
		pad := vec.Pad(k + 1)
		p.heads = zero(p.heads, pad*arcDim)
		copy(p.heads, n.part(n.lay.root))
		for i := range k {
			copy(p.heads[(i+1)*arcDim:(i+2)*arcDim], a.arc[(from+i)*2*arcDim+arcDim:(from+i+1)*2*arcDim])
		}
		packedHeads = grow(packedHeads, arcDim*pad)
		vec.PackT(packedHeads, p.heads, arcDim, k+1, arcDim)
		p.scores = grow(p.scores, k*pad)
		q := a.q[from*arcDim : to*arcDim]
		vec.Gemm(k, arcDim, k+1, q, arcDim, packedHeads, p.scores, pad, false)
		for i := range k {
			row := p.scores[i*pad : i*pad+k+1]
			d := a.dist[(from+i)*distDim : (from+i+1)*distDim]
			row[0] += d[0]
			for j := range k {
				row[j+1] += d[bucket(j-i)]
			}
			row[i+1] = -1e9
			gold := p.t.sents[id].heads[i] + 1
			x := row[gold]
			p.loss.arc += float64(vec.Softmax(row) - x)
			row[gold]--
			dd := p.dd[(from+i)*distDim : (from+i+1)*distDim]
			for j := range row {
				row[j] *= scale
				if j == 0 {
					dd[0] += row[0]
				} else {
					dd[bucket(j-1-i)] += row[j]
				}
			}
			clear(p.scores[i*pad+k+1 : (i+1)*pad])
		}
		// dq = ds·heads
		p.packed = grow(p.packed, pad*arcDim)
		vec.Pack(p.packed, p.heads, k+1, arcDim, arcDim)
		vec.Gemm(k, k+1, arcDim, p.scores, pad, p.packed, p.dq[from*arcDim:], arcDim, false)
		// dheads = dsᵀ·q
		p.trans = grow(p.trans, (k+1)*k)
		vec.Transpose(p.trans, p.scores, k, k+1, pad)
		p.packed = grow(p.packed, k*arcDim)
		vec.Pack(p.packed, q, k, arcDim, arcDim)
		p.tmp = grow(p.tmp, (k+1)*arcDim)
		vec.Gemm(k+1, k, arcDim, p.trans, k, p.packed, p.tmp, arcDim, false)
		plus(p.grad[n.lay.root.off:], p.tmp[:arcDim])
		for i := range k {
			plus(p.da[(from+i)*2*arcDim+arcDim:], p.tmp[(i+1)*arcDim:(i+2)*arcDim])
		}
	}
	p.backBias(n.lay.headBias, total, p.dq, arcDim)
	p.back(n.lay.pair, total, a.arc, 2*arcDim, p.dq, arcDim, p.da, 2*arcDim)
	p.back(n.lay.dist, total, a.arc, 2*arcDim, p.dd, distDim, p.da, 2*arcDim)
}

func (p *pass) backRels(which []int, scale float32) {
	n, a := p.t.net, &p.acts
	total := len(p.feats)
	lp := n.lay.relOut.cols
	p.hidden = zero(p.hidden, total*relDim)
	bias := n.part(n.lay.relBias)
	for s, id := range which {
		from := a.offs[s]
		for i, h := range p.t.sents[id].heads {
			if h < 0 {
				continue
			}
			hid := p.hidden[(from+i)*relDim : (from+i+1)*relDim]
			dep := a.rel[(from+i)*2*relDim:]
			head := a.rel[(from+int(h))*2*relDim+relDim:]
			for j := range hid {
				hid[j] = max(0, dep[j]+head[j]+bias[j])
			}
		}
	}
	p.logits = grow(p.logits, total*lp)
	n.mul(n.lay.relOut, total, p.hidden, relDim, p.logits, lp, false)
	addBias(p.logits, n.part(n.lay.relOutBias), total)
	for s, id := range which {
		from, to := a.offs[s], a.offs[s+1]
		for i := from; i < to; i++ {
			row := p.logits[i*lp : (i+1)*lp]
			clear(row[len(n.Labels):])
			if p.t.sents[id].heads[i-from] < 0 {
				clear(row)
				continue
			}
			row = row[:len(n.Labels)]
			gold := p.t.sents[id].rels[i-from]
			x := row[gold]
			p.loss.rel += float64(vec.Softmax(row) - x)
			row[gold]--
			for j := range row {
				row[j] *= scale
			}
		}
	}
	p.backBias(n.lay.relOutBias, total, p.logits, lp)
	p.dhidden = zero(p.dhidden, total*relDim)
	p.back(n.lay.relOut, total, p.hidden, relDim, p.logits, lp, p.dhidden, relDim)
	for i, v := range p.hidden[:total*relDim] {
		if v <= 0 {
			p.dhidden[i] = 0
		}
	}
	p.backBias(n.lay.relBias, total, p.dhidden, relDim)
	for s, id := range which {
		from := a.offs[s]
		for i, h := range p.t.sents[id].heads {
			if h < 0 {
				continue
			}
			g := p.dhidden[(from+i)*relDim : (from+i+1)*relDim]
			plus(p.dr[(from+i)*2*relDim:], g)
			plus(p.dr[(from+int(h))*2*relDim+relDim:], g)
		}
	}
}

// backRecur goes back through layer l: from dx[l+1] to dx[l].
func (p *pass) backRecur(l int) {
	n, a := p.t.net, &p.acts
	total := len(p.feats)
	p.du = grow(p.du, total*3*width)
	u, c, g, du := a.u[l], a.c[l], a.g[l], p.du
	out, in := p.dx[l+1], p.dx[l]
	// What reaches r, the cell and the layer's own input.
	p.dh = grow(p.dh, total*width)
	for i := range total {
		r := u[i*3*width+2*width : (i+1)*3*width]
		for j, rv := range r {
			k := i*width + j
			d := out[k]
			du[i*3*width+2*width+j] = d * (g[k] - a.x[l][k]) * rv * (1 - rv)
			p.dh[k] = d * rv * (1 - g[k]*g[k])
			in[k] += d * (1 - rv)
		}
	}
	carry := make([]float32, half)
	for s := 0; s+1 < len(a.offs); s++ {
		from, to := a.offs[s], a.offs[s+1]
		for dir := range 2 {
			lo := dir * half
			clear(carry)
			for k := to - from - 1; k >= 0; k-- {
				i, before := from+k, from+k-1
				if dir == 1 {
					i, before = to-1-k, to-k
				}
				base := i * 3 * width
				for j := range half {
					z, f := u[base+lo+j], u[base+width+lo+j]
					dc := p.dh[i*width+lo+j] + carry[j]
					var prev float32
					if k > 0 {
						prev = c[before*width+lo+j]
					}
					du[base+lo+j] = dc * (1 - f)
					du[base+width+lo+j] = dc * (prev - z) * f * (1 - f)
					carry[j] = dc * f
				}
			}
		}
	}
	for i := range total {
		plus(p.grad[n.lay.recBias[l].off:], du[i*3*width+width:(i+1)*3*width])
	}
	p.dh = zero(p.dh, total*width)
	p.back(n.lay.rec[l], total, a.xd[l], width, du, 3*width, p.dh, width)
	times(p.dh, p.dh, p.maskX[l])
	plus(in, p.dh)
}

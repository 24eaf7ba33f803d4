package neural

import "math"

// decoder finds a tree in the scores of all arcs of a sentence: each word takes
// its best head, then cycles and surplus roots are mended at the least loss.
type decoder struct {
	n      int
	root   []float32 // score of being the root, by word
	from   []int     // first head of the row, by word
	rows   []float32
	at     []int // start of the row in rows, n+1 entries
	head   []int // -1 for the root
	mark   []int
	inTree []bool
}

func (d *decoder) reset(n int) {
	d.n = n
	d.root, d.from, d.rows, d.at, d.head = d.root[:0], d.from[:0], d.rows[:0], append(d.at[:0], 0), d.head[:0]
}

// add takes the scores of word i: as the root, and under each head from on.
// Words come in order.
func (d *decoder) add(i, from int, root float32, row []float32) {
	d.root = append(d.root, root)
	d.from = append(d.from, from)
	d.rows = append(d.rows, row...)
	d.at = append(d.at, len(d.rows))
	d.head = append(d.head, from+argmax(row))
	if d.n == 1 {
		d.head[0] = -1
	}
}

// score returns the score of the arc from h to i; minus infinity out of reach.
func (d *decoder) score(h, i int) float32 {
	k := h - d.from[i]
	if k < 0 || k >= d.at[i+1]-d.at[i] {
		return float32(math.Inf(-1))
	}
	return d.rows[d.at[i]+k]
}

// tree writes the heads of the tree to out.
func (d *decoder) tree(out []Result) {
	// The root is the word that gains most by being it.
	best, gain := 0, float32(math.Inf(-1))
	for i := range d.n {
		g := d.root[i]
		if d.n > 1 {
			g -= d.score(d.head[i], i)
		}
		if g > gain {
			best, gain = i, g
		}
	}
	d.head[best] = -1
	d.mend(best)
	for i := range out {
		out[i].Head = d.head[i]
	}
}

// mend breaks the cycles, one after the other: a word of the cycle moves to the
// head that costs least among those that hang off the root already.
func (d *decoder) mend(root int) {
	if cap(d.mark) < d.n {
		d.mark = make([]int, d.n)
		d.inTree = make([]bool, d.n)
	}
	mark, inTree := d.mark[:d.n], d.inTree[:d.n]
	clear(mark)
	clear(inTree)
	inTree[root] = true
	// First what hangs off the root as it is, then the cycles: these can then
	// move to any word outside of them.
	for pass := range 2 {
		for start := range d.n {
			// Walk up until something known: the tree, or this walk's own cycle.
			i, walk := start, start+1+pass*d.n
			for !inTree[i] && mark[i] != walk {
				mark[i] = walk
				i = d.head[i]
			}
			if !inTree[i] {
				if pass == 0 {
					continue
				}
				d.breakCycle(i, root)
			}
			for j := start; !inTree[j]; j = d.head[j] {
				inTree[j] = true
			}
		}
	}
}

// breakCycle moves one word of the cycle through i under a word in the tree.
func (d *decoder) breakCycle(i, root int) {
	word, head, loss := -1, root, float32(math.Inf(1))
	for j := i; ; {
		own := d.score(d.head[j], j)
		for k, v := range d.rows[d.at[j]:d.at[j+1]] {
			h := d.from[j] + k
			if d.inTree[h] && own-v < loss {
				word, head, loss = j, h, own-v
			}
		}
		if j = d.head[j]; j == i {
			break
		}
	}
	if word < 0 { // nothing in reach hangs off the root yet
		word = i
	}
	d.head[word] = head
}

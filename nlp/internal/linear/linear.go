// Package linear is a multi-class linear classifier over hashed features,
// trained as an averaged perceptron. A feature is a 64-bit hash; it has weights
// only for the classes that training ever moved it to or from.
package linear

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"unicode"

	"github.com/demarcgraph/demarc/nlp/internal/blob"
)

// Model is a trained classifier. It is read-only and safe to share.
type Model struct {
	classes int
	rows    []entry  // sorted by key; one more for the end
	first   []uint32 // by the leading bits of a key: where such rows start; one more
	shift   uint     // what remains of a key's bits
	weights []int32  // weight<<8 | class
}

// entry is a feature and where its weights start. What is looked at together
// lies together: reading memory is most of what a score costs.
type entry struct{ key, start uint32 }

// key folds a feature's hash to what the model stores of it.
func key(f uint64) uint32 { return max(1, uint32(f^f>>32)) }

// Scores adds up the weights of the features for each class into out, whose
// length is the number of classes.
func (m *Model) Scores(feats []uint64, out []int32) {
	clear(out)
	for _, f := range feats {
		k := key(f)
		b := k >> m.shift
		for i, end := m.first[b], m.first[b+1]; i < end; i++ {
			if m.rows[i].key < k {
				continue
			}
			if m.rows[i].key == k {
				for _, w := range m.weights[m.rows[i].start:m.rows[i+1].start] {
					out[w&0xFF] += w >> 8
				}
			}
			break
		}
	}
}

// Classes returns the number of classes.
func (m *Model) Classes() int { return m.classes }

// Encode writes the model: the features in the order of their keys, each with
// its classes and weights.
func (m *Model) Encode(w *blob.Writer) {
	w.Int(m.classes)
	features := m.rows[:len(m.rows)-1]
	w.Int(len(features))
	w.Int(len(m.weights))
	last := uint32(0)
	for i, e := range features {
		w.Int(int(e.key - last))
		last = e.key
		row := m.weights[e.start:m.rows[i+1].start]
		w.Int(len(row))
		for _, x := range row {
			w.Int(int(x & 0xFF))
			w.Signed(int(x >> 8))
		}
	}
}

// Decode reads a model.
func Decode(r *blob.Reader) (*Model, error) {
	m := &Model{classes: r.Int()}
	features, weights := r.Count(2), r.Count(2)
	if err := r.Err(); err != nil {
		return nil, err
	}
	if m.classes < 2 || m.classes > math.MaxUint8 {
		return nil, fmt.Errorf("linear model has %d classes", m.classes)
	}
	m.allocate(features, weights)
	last := uint32(0)
	for range features {
		k := last + uint32(r.Int())
		n := r.Int()
		if r.Err() != nil || k <= last {
			return nil, blob.ErrShort
		}
		last = k
		m.start(k)
		for range n {
			c := r.Int()
			if c >= m.classes || r.Err() != nil {
				return nil, blob.ErrShort
			}
			m.weights = append(m.weights, int32(int16(r.Signed()))<<8|int32(c))
		}
	}
	m.finish()
	return m, r.Err()
}

// allocate makes room for a model with leading bits enough that about two keys
// share them.
func (m *Model) allocate(features, weights int) {
	lead := uint(max(1, bits.Len(uint(features))-1))
	m.shift = 32 - lead
	m.first = make([]uint32, 1<<lead+1)
	m.rows = make([]entry, 0, features+1)
	m.weights = make([]int32, 0, weights)
}

// start begins the weights of a key; keys come in rising order.
func (m *Model) start(k uint32) {
	m.rows = append(m.rows, entry{k, uint32(len(m.weights))})
	m.first[k>>m.shift+1]++
}

func (m *Model) finish() {
	m.rows = append(m.rows, entry{start: uint32(len(m.weights))})
	for b := 1; b < len(m.first); b++ {
		m.first[b] += m.first[b-1]
	}
}

// Trainer learns a Model. It is not safe for use by several goroutines.
type Trainer struct {
	classes int
	keys    []uint32 // open addressing; 0 is empty
	index   []int32  // of the slot's row
	rows    []row
	step    float32
}

type row struct {
	key uint32
	w   []weight
}

type weight struct {
	class  uint8
	w, acc float32
}

// NewTrainer makes a trainer for at most 255 classes.
func NewTrainer(classes int) *Trainer {
	const size = 1 << 16
	return &Trainer{classes: classes, keys: make([]uint32, size), index: make([]int32, size), step: 1}
}

// find returns the slot of k, or the empty one where it belongs.
func (t *Trainer) find(k uint32) uint32 {
	mask := uint32(len(t.keys) - 1)
	i := k * 0x9E3779B1 >> 7 & mask
	for t.keys[i] != 0 && t.keys[i] != k {
		i = (i + 1) & mask
	}
	return i
}

// row returns the row of k, which it makes if need be.
func (t *Trainer) row(k uint32) *row {
	if 2*len(t.rows) > len(t.keys) {
		t.keys, t.index = make([]uint32, 2*len(t.keys)), make([]int32, 2*len(t.keys))
		for j := range t.rows {
			i := t.find(t.rows[j].key)
			t.keys[i], t.index[i] = t.rows[j].key, int32(j)
		}
	}
	i := t.find(k)
	if t.keys[i] == 0 {
		t.keys[i], t.index[i] = k, int32(len(t.rows))
		t.rows = append(t.rows, row{key: k})
	}
	return &t.rows[t.index[i]]
}

// Scores is Model.Scores on the weights as they stand.
func (t *Trainer) Scores(feats []uint64, out []float32) {
	clear(out)
	for _, f := range feats {
		if i := t.find(key(f)); t.keys[i] != 0 {
			for _, w := range t.rows[t.index[i]].w {
				out[w.class] += w.w
			}
		}
	}
}

// Update moves the weights towards class gold and away from class guess, and
// counts one step for the average. Equal classes only count the step.
func (t *Trainer) Update(feats []uint64, gold, guess int) {
	t.step++
	if gold == guess {
		return
	}
	for _, f := range feats {
		r := t.row(key(f))
		r.add(uint8(gold), 1, t.step)
		r.add(uint8(guess), -1, t.step)
	}
}

func (r *row) add(class uint8, d, step float32) {
	for i := range r.w {
		if r.w[i].class == class {
			r.w[i].w += d
			r.w[i].acc += d * step
			return
		}
	}
	r.w = append(r.w, weight{class, d, d * step})
}

// Model ends the training. It returns the averaged weights, rounded to a step of quantum; weights
// under half a step are dropped, so a larger step makes a smaller model.
func (t *Trainer) Model(quantum float64) *Model {
	slices.SortFunc(t.rows, func(a, b row) int { return int(int64(a.key) - int64(b.key)) })
	features, weights := 0, 0
	avg := func(w weight) int {
		a := float64(w.w) - float64(w.acc)/float64(t.step)
		return int(max(math.MinInt16, min(math.MaxInt16, math.Round(a/quantum))))
	}
	for _, r := range t.rows {
		n := 0
		for _, w := range r.w {
			if avg(w) != 0 {
				n++
			}
		}
		if n > 0 {
			features++
			weights += n
		}
	}
	m := &Model{classes: t.classes}
	m.allocate(features, weights)
	for _, r := range t.rows {
		slices.SortFunc(r.w, func(a, b weight) int { return int(a.class) - int(b.class) })
		if !slices.ContainsFunc(r.w, func(w weight) bool { return avg(w) != 0 }) {
			continue
		}
		m.start(r.key)
		for _, w := range r.w {
			if a := avg(w); a != 0 {
				m.weights = append(m.weights, int32(a)<<8|int32(w.class))
			}
		}
	}
	m.finish()
	return m
}

// Mix folds x into the feature hash h.
func Mix(h, x uint64) uint64 {
	h ^= x
	h *= 0x9E3779B97F4A7C15
	return h ^ h>>29
}

// Shape hashes the kinds of characters of a word, runs cut to two, into h.
func Shape(h uint64, word string) uint64 {
	last, run := rune(-1), 0
	for _, r := range word {
		c := r
		switch {
		case unicode.IsUpper(r):
			c = 'X'
		case unicode.IsLetter(r):
			c = 'x'
		case unicode.IsDigit(r):
			c = 'd'
		}
		if c == last {
			run++
		} else {
			run = 0
		}
		last = c
		if run < 2 {
			h = Mix(h, uint64(c))
		}
	}
	return h
}

// Hash hashes a string (FNV-1a with a final mix).
func Hash[T string | []byte](s T) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	return h ^ h>>31
}

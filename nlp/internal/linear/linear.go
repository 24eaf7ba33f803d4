// Package linear is a multi-class linear classifier over hashed features,
// trained as an averaged perceptron. There is no feature dictionary: a feature
// is a 64-bit hash, its weights for all classes lie beside each other in one
// table, and collisions are left to the training to live with.
package linear

import (
	"fmt"
	"math"

	"github.com/demarcgraph/demarc/nlp/internal/blob"
)

// Model is a trained classifier. It is read-only and safe to share.
type Model struct {
	classes int
	mask    uint64
	w       []int16
}

// Scores adds up the weights of the features for each class into out, whose
// length is the number of classes.
func (m *Model) Scores(feats []uint64, out []int32) {
	clear(out)
	for _, f := range feats {
		i := f & m.mask
		row := m.w[i : i+uint64(len(out))]
		for c, w := range row {
			out[c] += int32(w)
		}
	}
}

// Classes returns the number of classes.
func (m *Model) Classes() int { return m.classes }

// Encode writes the model.
func (m *Model) Encode(w *blob.Writer) {
	w.Int(m.classes)
	w.Int16s(m.w)
}

// Decode reads a model.
func Decode(r *blob.Reader) (*Model, error) {
	m := &Model{classes: r.Int(), w: r.Int16s()}
	if err := r.Err(); err != nil {
		return nil, err
	}
	size := len(m.w) - m.classes
	if size <= 0 || size&(size-1) != 0 {
		return nil, fmt.Errorf("linear model has a table of %d weights for %d classes: not a power of two", len(m.w), m.classes)
	}
	m.mask = uint64(size - 1)
	return m, nil
}

// Trainer learns a Model. It is not safe for use by several goroutines.
type Trainer struct {
	classes int
	mask    uint64
	w, acc  []float32
	step    float32
}

// NewTrainer makes a trainer with a table of 2^bits rows.
func NewTrainer(classes, bits int) *Trainer {
	size := 1<<bits + classes
	return &Trainer{classes: classes, mask: 1<<bits - 1, w: make([]float32, size), acc: make([]float32, size), step: 1}
}

// Scores is Model.Scores on the weights as they stand.
func (t *Trainer) Scores(feats []uint64, out []float32) {
	clear(out)
	for _, f := range feats {
		i := f & t.mask
		row := t.w[i : i+uint64(len(out))]
		for c, w := range row {
			out[c] += w
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
		i := f & t.mask
		t.w[i+uint64(gold)]++
		t.acc[i+uint64(gold)] += t.step
		t.w[i+uint64(guess)]--
		t.acc[i+uint64(guess)] -= t.step
	}
}

// Model returns the averaged weights, rounded to sixteen bits.
func (t *Trainer) Model() *Model {
	avg := make([]float64, len(t.w))
	var largest float64
	for i := range avg {
		avg[i] = float64(t.w[i]) - float64(t.acc[i])/float64(t.step)
		largest = max(largest, math.Abs(avg[i]))
	}
	m := &Model{classes: t.classes, mask: t.mask, w: make([]int16, len(t.w))}
	if largest == 0 {
		return m
	}
	scale := math.MaxInt16 / largest
	for i, a := range avg {
		m.w[i] = int16(math.Round(a * scale))
	}
	return m
}

// Mix folds x into the feature hash h.
func Mix(h, x uint64) uint64 {
	h ^= x
	h *= 0x9E3779B97F4A7C15
	return h ^ h>>29
}

// Hash hashes a string (FNV-1a with a final mix).
func Hash[T string | []byte](s T) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	return h ^ h>>31
}

package linear

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/demarcgraph/demarc/nlp/internal/blob"
)

// learn teaches a trainer that class c goes with feature c, among noise.
func learn(seed uint64) *Model {
	t := NewTrainer(5)
	rng := rand.New(rand.NewPCG(seed, 0))
	scores := make([]float32, 5)
	for range 3000 {
		c := rng.IntN(5)
		feats := []uint64{Hash(string(rune('a' + c))), Hash("bias"), rng.Uint64N(4000) << 20}
		t.Scores(feats, scores)
		best := 0
		for i, v := range scores {
			if v > scores[best] {
				best = i
			}
		}
		t.Update(feats, c, best)
	}
	return t.Model(0.01)
}

func TestLearn(t *testing.T) {
	m := learn(1)
	scores := make([]int32, m.Classes())
	for c := range 5 {
		m.Scores([]uint64{Hash(string(rune('a' + c))), Hash("bias")}, scores)
		if best := slices.Index(scores, slices.Max(scores)); best != c {
			t.Errorf("feature of class %d gives class %d: %v", c, best, scores)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	m := learn(1)
	var w, again, other blob.Writer
	m.Encode(&w)
	learn(1).Encode(&other)
	if !bytes.Equal(w.Bytes(), other.Bytes()) {
		t.Error("the same data and seed give different bytes")
	}
	back, err := Decode(blob.NewReader(w.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	back.Encode(&again)
	if !bytes.Equal(w.Bytes(), again.Bytes()) {
		t.Error("the model changes on its way through a file")
	}
	a, b := make([]int32, 5), make([]int32, 5)
	for c := range 5 {
		f := []uint64{Hash(string(rune('a' + c))), 12345}
		m.Scores(f, a)
		back.Scores(f, b)
		if !slices.Equal(a, b) {
			t.Errorf("scores %v, after a round trip %v", a, b)
		}
	}
	for n := range w.Bytes() {
		if n%97 == 0 {
			if _, err := Decode(blob.NewReader(w.Bytes()[:n])); err == nil {
				t.Errorf("a model cut at %d bytes is read without error", n)
			}
		}
	}
}

package neural

import (
	"math"
	"math/rand/v2"
	"testing"
)

// decode fills a decoder with scores[i][0] for the root and scores[i][h+1] for
// the head h, and decodes.
func decode(scores [][]float32) []Result {
	var d decoder
	out := make([]Result, len(scores))
	d.reset(len(scores))
	for i, row := range scores {
		r := append([]float32(nil), row[1:]...)
		r[i] = float32(math.Inf(-1))
		d.add(i, 0, row[0], r)
	}
	d.tree(out)
	return out
}

// valid says whether heads form a tree with one root.
func valid(heads []int) bool {
	roots := 0
	for i := range heads {
		if heads[i] < 0 {
			roots++
		}
		steps := 0
		for j := i; j >= 0; j = heads[j] {
			if steps++; steps > len(heads) {
				return false
			}
		}
	}
	return roots == 1
}

// best finds the best tree of few words by trying all.
func best(scores [][]float32, heads []int, i int) float64 {
	if i == len(heads) {
		if !valid(heads) {
			return math.Inf(-1)
		}
		sum := 0.0
		for j, h := range heads {
			sum += float64(scores[j][h+1])
		}
		return sum
	}
	top := math.Inf(-1)
	for h := -1; h < len(heads); h++ {
		if h != i {
			heads[i] = h
			top = max(top, best(scores, heads, i+1))
		}
	}
	return top
}

func TestDecode(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	exact, total := 0, 0
	for range 400 {
		n := 1 + rng.IntN(5)
		scores := make([][]float32, n)
		for i := range scores {
			scores[i] = make([]float32, n+1)
			for j := range scores[i] {
				scores[i][j] = float32(rng.NormFloat64())
			}
		}
		heads := make([]int, n)
		sum := 0.0
		for i, r := range decode(scores) {
			heads[i] = r.Head
			sum += float64(scores[i][r.Head+1])
		}
		if !valid(heads) {
			t.Fatalf("heads %v are no tree", heads)
		}
		total++
		if sum > best(scores, make([]int, n), 0)-1e-4 {
			exact++
		}
	}
	// Random scores are far harder than those of a trained network, where
	// nearly all words agree on a tree at once.
	if exact*100 < 80*total {
		t.Errorf("%d of %d trees are the best", exact, total)
	}
}

// Scores that point everywhere in circles still give a tree, and soon.
func TestDecodeCycles(t *testing.T) {
	const n = 3000
	var d decoder
	d.reset(n)
	for i := range n {
		row := make([]float32, 9)
		from := max(0, min(n-9, i-4))
		for k := range row {
			if from+k == i {
				row[k] = float32(math.Inf(-1))
			} else if from+k == i^1 {
				row[k] = 10
			}
		}
		d.add(i, from, float32(-i), row)
	}
	out := make([]Result, n)
	d.tree(out)
	heads := make([]int, n)
	for i, r := range out {
		heads[i] = r.Head
	}
	if !valid(heads) {
		t.Error("no tree")
	}
}

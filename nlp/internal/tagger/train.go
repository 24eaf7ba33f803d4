package tagger

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/nlp/internal/linear"
)

// Gold is a sentence with its true tags.
type Gold struct{ Words, Tags, POS []string }

// quantum is the step of the weights.
const quantum = 0.1

// Train learns a tagger. The same sentences and seed give the same model.
func Train(data []Gold, epochs int, seed uint64) *Model {
	count := map[string]int{}
	for _, g := range data {
		for i := range g.Words {
			count[g.Tags[i]+"\t"+g.POS[i]]++
		}
	}
	pairs := make([]string, 0, len(count))
	for p, n := range count {
		if n >= 3 {
			pairs = append(pairs, p)
		}
	}
	slices.Sort(pairs)
	m := &Model{}
	class := map[string]int{}
	for i, p := range pairs {
		tag, pos, _ := strings.Cut(p, "\t")
		m.Tags, m.POS = append(m.Tags, tag), append(m.POS, pos)
		class[p] = i
	}
	m.kinds = kindsOf(data)
	t := linear.NewTrainer(len(pairs))
	scores := make([]float32, len(pairs))
	rng := rand.New(rand.NewPCG(seed, 2))
	order := make([]int, len(data))
	for i := range order {
		order[i] = i
	}
	var s Scratch
	var out []int
	for range epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, o := range order {
			g := &data[o]
			s.load(g.Words, m.kinds)
			out = slices.Grow(out[:0], len(g.Words))[:len(g.Words)]
			for i := range g.Words {
				s.features(i, out)
				t.Scores(s.feats, scores)
				best := 0
				for c, v := range scores {
					if v > scores[best] {
						best = c
					}
				}
				if gold, ok := class[g.Tags[i]+"\t"+g.POS[i]]; ok {
					t.Update(s.feats, gold, best)
				}
				out[i] = best
			}
		}
	}
	m.weights = t.Model(quantum)
	return m
}

// kindsOf sorts the words seen often enough by the tags they take.
func kindsOf(data []Gold) map[uint64]uint64 {
	const least = 5
	counts := map[uint64]map[string]int{}
	for _, g := range data {
		for i, w := range g.Words {
			h := linear.Hash(Lower(w))
			if counts[h] == nil {
				counts[h] = map[string]int{}
			}
			counts[h][g.Tags[i]]++
		}
	}
	kinds := map[uint64]uint64{}
	for h, tags := range counts {
		total := 0
		for _, n := range tags {
			total += n
		}
		if total < least {
			continue
		}
		k := uint64(1)
		for _, t := range slices.Sorted(maps.Keys(tags)) {
			if tags[t]*20 >= total { // one in twenty
				k = linear.Mix(k, linear.Hash(t))
			}
		}
		kinds[h] = k&0x7FFFFFFF | 1<<30
	}
	return kinds
}

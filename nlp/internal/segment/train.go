package segment

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/nlp/internal/linear"
)

// quantum is the step of the weights.
const quantum = 0.05

// Gold is a paragraph with its true cuts: Tokens in order, Ends as Segment
// returns them.
type Gold struct {
	Text   string
	Tokens []Span
	Ends   []int
}

// Train learns a segmenter. The same paragraphs and seed give the same model.
func Train(data []Gold, epochs int, seed uint64) *Model {
	m := &Model{contracted: contractions(data)}
	tok, sent := linear.NewTrainer(2), linear.NewTrainer(2)
	rng := rand.New(rand.NewPCG(seed, 1))
	order := make([]int, len(data))
	for i := range order {
		order[i] = i
	}
	var s Scratch
	var scores [2]float32
	learn := func(t *linear.Trainer, gold bool) {
		t.Scores(s.feats, scores[:])
		want, got := 0, 0
		if gold {
			want = 1
		}
		if scores[1] > scores[0] {
			got = 1
		}
		t.Update(s.feats, want, got)
	}
	for range epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, o := range order {
			g := &data[o]
			starts := map[int]bool{}
			for _, t := range g.Tokens {
				starts[t.Start] = true
			}
			for i := 0; i < len(g.Tokens); {
				// A chunk: tokens that touch each other.
				j := i + 1
				for j < len(g.Tokens) && g.Tokens[j].Start == g.Tokens[j-1].End {
					j++
				}
				end := g.Tokens[j-1].End
				s.load(g.Text, g.Tokens[i].Start, end)
				start := g.Tokens[i].Start
				for k := 1; k < len(s.runes); k++ {
					if !s.candidate(k) {
						continue
					}
					s.tokenFeatures(g.Text, k, start, end)
					learn(tok, starts[s.offs[k]])
					if starts[s.offs[k]] {
						start = s.offs[k]
					}
				}
				i = j
			}
			first := 0
			for _, e := range g.Ends {
				for i := first; i < e && i+1 < len(g.Tokens); i++ {
					if closes(g.Text[g.Tokens[i].Start:g.Tokens[i].End]) {
						s.sentFeatures(g.Text, g.Tokens, i, first)
						learn(sent, i+1 == e)
					}
				}
				first = e
			}
		}
	}
	m.token, m.sent = tok.Model(quantum), sent.Model(quantum)
	return m
}

// contractions finds the words that are written together without a mark
// ("cannot", "gonna") and more often parted than not.
func contractions(data []Gold) map[string]int {
	parted, whole := map[string]map[int]int{}, map[string]int{}
	for _, g := range data {
		for i, t := range g.Tokens {
			w := g.Text[t.Start:t.End]
			if !letters(w) {
				continue
			}
			whole[strings.ToLower(w)]++
			if i+1 < len(g.Tokens) && g.Tokens[i+1].Start == t.End {
				next := g.Text[t.End:g.Tokens[i+1].End]
				if letters(next) && len(w)+len(next) <= 8 {
					both := strings.ToLower(w + next)
					if parted[both] == nil {
						parted[both] = map[int]int{}
					}
					parted[both][len(w)]++
				}
			}
		}
	}
	out := map[string]int{}
	for w, at := range parted {
		places := make([]int, 0, len(at))
		for p := range at {
			places = append(places, p)
		}
		slices.Sort(places)
		best := places[0]
		for _, p := range places {
			if at[p] > at[best] {
				best = p
			}
		}
		if at[best] >= 2 && at[best] > whole[w] {
			out[w] = best
		}
	}
	return out
}

func letters(w string) bool {
	for _, r := range w {
		if c := classOf(r); c == other || c == digit {
			return false
		}
	}
	return w != ""
}

// Package parser builds dependency trees with a greedy arc-hybrid transition
// system and a linear classifier trained with a dynamic oracle (Goldberg and
// Nivre 2013, "Training deterministic parsers with non-deterministic oracles").
package parser

import (
	"math/rand/v2"
	"slices"

	"github.com/demarcgraph/demarc/nlp/internal/blob"
	"github.com/demarcgraph/demarc/nlp/internal/linear"
)

// Input is a sentence to parse: one hash per word for each view of it.
type Input struct{ Word, Lower, Tag, POS, Suffix []uint64 }

// Model is a trained parser. It is read-only and safe to share.
type Model struct {
	Labels  []string
	weights *linear.Model
}

// Classes: 0 shift, then left for each label, then right for each label.

// Encode writes the model.
func (m *Model) Encode(w *blob.Writer) {
	w.Strings(m.Labels)
	m.weights.Encode(w)
}

// Decode reads a model.
func Decode(r *blob.Reader) (*Model, error) {
	m := &Model{Labels: r.Strings()}
	var err error
	m.weights, err = linear.Decode(r)
	return m, err
}

type node struct {
	head, label            int
	l1, l2, r1, r2, nl, nr int // leftmost and rightmost children, next to them, counts
}

// state is a configuration. The root is the last word of the buffer, n.
type state struct {
	n     int
	stack []int
	next  int
	nodes []node
}

func (s *state) reset(n int) {
	s.n, s.next, s.stack = n, 0, s.stack[:0]
	s.nodes = slices.Grow(s.nodes[:0], n+1)[:n+1]
	for i := range s.nodes {
		s.nodes[i] = node{head: -1, label: -1, l1: -1, l2: -1, r1: -1, r2: -1}
	}
}

func (s *state) done() bool { return len(s.stack) == 0 && s.next == s.n }

const (
	shift = iota
	left
	right
)

func (s *state) allowed(move int) bool {
	k := len(s.stack)
	switch move {
	case shift:
		return s.next < s.n
	case left:
		return k > 0 && (s.next < s.n || k == 1)
	default:
		return k > 1
	}
}

func (s *state) apply(move, label int) {
	k := len(s.stack)
	switch move {
	case shift:
		s.stack = append(s.stack, s.next)
		s.next++
	case left:
		s.attach(s.next, s.stack[k-1], label)
		s.stack = s.stack[:k-1]
	case right:
		s.attach(s.stack[k-2], s.stack[k-1], label)
		s.stack = s.stack[:k-1]
	}
}

func (s *state) attach(h, d, label int) {
	s.nodes[d].head, s.nodes[d].label = h, label
	p := &s.nodes[h]
	if d < h {
		p.l2, p.l1 = p.l1, d
		p.nl++
	} else {
		p.r2, p.r1 = p.r1, d
		p.nr++
	}
}

func (m *Model) split(class int) (move, label int) {
	if class == 0 {
		return shift, -1
	}
	return 1 + (class-1)/len(m.Labels), (class - 1) % len(m.Labels)
}

// Scratch holds buffers that calls reuse.
type Scratch struct {
	st     state
	feats  []uint64
	scores []int32
}

// Parse writes each word's head (-1 for the root) and label.
func (m *Model) Parse(in *Input, heads, labels []int, s *Scratch) {
	n := len(in.Word)
	s.st.reset(n)
	s.scores = slices.Grow(s.scores[:0], m.weights.Classes())[:m.weights.Classes()]
	for !s.st.done() {
		s.feats = features(&s.st, in, s.feats[:0])
		m.weights.Scores(s.feats, s.scores)
		best := -1
		for c, v := range s.scores {
			if best >= 0 && v <= s.scores[best] {
				continue
			}
			if move, _ := m.split(c); s.st.allowed(move) {
				best = c
			}
		}
		s.st.apply(m.split(best))
	}
	for i := range n {
		h := s.st.nodes[i].head
		if h == n {
			h = -1
		}
		heads[i], labels[i] = h, s.st.nodes[i].label
	}
}

func features(s *state, in *Input, f []uint64) []uint64 {
	none := node{head: -1, label: -1, l1: -1, l2: -1, r1: -1, r2: -1}
	nd := func(i int) *node {
		if i < 0 {
			return &none
		}
		return &s.nodes[i]
	}
	get := func(v []uint64, i int) uint64 {
		if i < 0 {
			return 3
		}
		if i >= len(v) {
			return 5
		}
		return v[i]
	}
	k := len(s.stack)
	s0, s1, s2 := -1, -1, -1
	if k > 0 {
		s0 = s.stack[k-1]
	}
	if k > 1 {
		s1 = s.stack[k-2]
	}
	if k > 2 {
		s2 = s.stack[k-3]
	}
	buf := func(j int) int {
		if s.next+j > s.n {
			return -1
		}
		return s.next + j
	}
	b0, b1, b2 := buf(0), buf(1), buf(2)
	W := func(i int) uint64 { return get(in.Lower, i) }
	P := func(i int) uint64 { return get(in.Tag, i) }
	L := func(i int) uint64 { return uint64(nd(i).label + 1) }
	id := uint64(0)
	add := func(a ...uint64) {
		id++
		h := id * 0xD6E8FEB86659FD93
		for _, x := range a {
			h = linear.Mix(h, x)
		}
		f = append(f, h)
	}
	S0, S1, B0, B1 := nd(s0), nd(s1), nd(b0), nd(b1)
	_ = B1
	s0w, s0p, s1w, s1p, b0w, b0p, b1w, b1p := W(s0), P(s0), W(s1), P(s1), W(b0), P(b0), W(b1), P(b1)
	b2p, s2p := P(b2), P(s2)
	dist := func(a, b int) uint64 {
		if a < 0 || b < 0 {
			return 99
		}
		d := b - a
		if d > 10 {
			return 11
		}
		if d > 5 {
			return 6
		}
		return uint64(d)
	}
	d0, d1 := dist(s0, b0), dist(s1, s0)
	add(0)
	add(s0w)
	add(s0p)
	add(s0w, s0p)
	add(s1w)
	add(s1p)
	add(s1w, s1p)
	add(b0w)
	add(b0p)
	add(b0w, b0p)
	add(b1w)
	add(b1p)
	add(b1w, b1p)
	add(b2p, W(b2))
	add(s0w, b0w)
	add(s0w, s0p, b0p)
	add(s0p, b0w, b0p)
	add(s0p, b0p)
	add(s0w, s1w)
	add(s1w, s0p, s1p)
	add(s1p, s0w, s0p)
	add(s1p, s0p)
	add(b0p, b1p)
	add(s0p, b0p, b1p)
	add(s0p, b0p, b1p, b2p)
	add(s1p, s0p, b0p)
	add(s1p, s0p, b0p, b1p)
	add(s2p, s1p, s0p)
	add(s1p, s0p, b0w)
	add(s1w, s0p, b0p)
	add(s1p, s0w, b0p)
	add(s0p, b0w, b1p)
	add(s0p, b0p, b1w)
	add(s0w, b0p, b1p)
	for _, x := range [...]int{S0.l1, S0.r1, S0.l2, S0.r2, S1.l1, S1.r1, S1.r2, B0.l1, B0.l2} {
		add(W(x), L(x))
		add(P(x), L(x))
	}
	add(s0p, P(S0.l1), P(S0.r1), b0p)
	add(s0p, P(S0.r1), b0p)
	add(s0p, P(S0.l1), b0p)
	add(s0p, b0p, P(B0.l1))
	add(s1p, s0p, P(S1.r1))
	add(s1p, s0p, P(S1.l1))
	add(s1p, s0p, P(S0.l1))
	add(s1p, s0p, P(S0.r1))
	add(s1p, s0p, L(S1.r1), L(S0.l1))
	add(s0p, b0p, L(S0.r1), L(B0.l1))
	add(s1p, s0p, W(S0.l1))
	add(s1w, s0w, W(S0.l1))
	add(s0p, L(S0.l1), L(S0.l2))
	add(s0p, L(S0.r1), L(S0.r2))
	add(s1p, L(S1.r1), L(S1.r2), s0p)
	add(s0w, L(S0.l1), L(S0.r1))
	add(s0w, d0)
	add(s0p, d0, b0p)
	add(b0w, d0)
	add(s1p, d1, s0p)
	add(s0w, d1)
	add(s1w, d1)
	add(s0w, uint64(S0.nl), uint64(S0.nr))
	add(s0p, uint64(S0.nl), uint64(S0.nr), b0p)
	add(s1p, uint64(S1.nl), uint64(S1.nr), s0p)
	add(b0p, uint64(B0.nl), s0p)
	add(get(in.Suffix, s0), s1p)
	add(get(in.Suffix, b0), s0p)
	add(get(in.Suffix, s1), s0p)
	return f
}

// Gold is a sentence with its true tree; Heads has -1 at the root.
type Gold struct {
	In     Input
	Heads  []int
	Labels []string
}

// Train learns a parser whose table has 2^bits rows.
func Train(data []Gold, epochs, bits int, seed uint64) *Model {
	m := &Model{}
	label := map[string]int{}
	for _, g := range data {
		for _, l := range g.Labels {
			label[l] = 0
		}
	}
	for l := range label {
		m.Labels = append(m.Labels, l)
	}
	slices.Sort(m.Labels)
	for i, l := range m.Labels {
		label[l] = i
	}
	classes := 1 + 2*len(m.Labels)
	t := linear.NewTrainer(classes, bits)
	scores := make([]float32, classes)
	rng := rand.New(rand.NewPCG(seed, 3))
	order := make([]int, len(data))
	for i := range order {
		order[i] = i
	}
	var st state
	var feats []uint64
	for epoch := range epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, o := range order {
			g := &data[o]
			n := len(g.Heads)
			st.reset(n)
			gold := make([]int, n)
			gl := make([]int, n)
			for i, h := range g.Heads {
				gold[i], gl[i] = h, label[g.Labels[i]]
				if h < 0 {
					gold[i] = n
				}
			}
			for !st.done() {
				feats = features(&st, &g.In, feats[:0])
				t.Scores(feats, scores)
				var cost [3]int
				least := 1 << 30
				for mv := range cost {
					cost[mv] = 1 << 30
					if st.allowed(mv) {
						cost[mv] = st.cost(mv, gold)
						least = min(least, cost[mv])
					}
				}
				best, guess := -1, -1
				for c, v := range scores {
					mv, l := m.split(c)
					if cost[mv] == 1<<30 {
						continue
					}
					if guess < 0 || v > scores[guess] {
						guess = c
					}
					if cost[mv] != least {
						continue
					}
					if mv != shift {
						d := st.stack[len(st.stack)-1]
						h := st.next
						if mv == right {
							h = st.stack[len(st.stack)-2]
						}
						if gold[d] == h && gl[d] != l {
							continue
						}
					}
					if best < 0 || v > scores[best] {
						best = c
					}
				}
				t.Update(feats, best, guess)
				act := best
				if epoch > 0 && rng.Float64() < 0.9 {
					act = guess
				}
				st.apply(m.split(act))
			}
		}
	}
	m.weights = t.Model()
	return m
}

// cost counts the gold arcs that the move makes unreachable.
func (s *state) cost(move int, gold []int) int {
	k := len(s.stack)
	c := 0
	switch move {
	case shift:
		b := s.next
		for i, d := range s.stack {
			if gold[d] == b {
				c++
			}
			if i < k-1 && gold[b] == d {
				c++
			}
		}
	case left:
		d := s.stack[k-1]
		h := gold[d]
		if k > 1 && h == s.stack[k-2] || h > s.next {
			c++
		}
		for j := s.next; j < s.n; j++ {
			if gold[j] == d {
				c++
			}
		}
	case right:
		d := s.stack[k-1]
		if gold[d] >= s.next {
			c++
		}
		for j := s.next; j < s.n; j++ {
			if gold[j] == d {
				c++
			}
		}
	}
	return c
}

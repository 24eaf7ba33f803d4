// Package render writes parsed text for people and other programs: as CoNLL-U,
// as a tree of lines for the terminal, and as SVG with arcs over the words.
package render

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/nlp/conllu"
)

// CoNLLU writes the sentences of doc in CoNLL-U, numbered from 1, with the raw
// text and the spacing. Words written as one ("don't") are the words of a
// multiword token.
func CoNLLU(w io.Writer, doc *nlp.Doc) error {
	for i := range doc.Sentences {
		s := &doc.Sentences[i]
		c := conllu.Sentence{Words: make([]conllu.Word, len(s.Tokens))}
		if i == 0 || strings.Count(doc.Text[doc.Sentences[i-1].End:s.Start], "\n") > 1 {
			c.Comments = append(c.Comments, "newpar")
		}
		c.Comments = append(c.Comments,
			"sent_id = "+strconv.Itoa(i+1),
			"text = "+strings.Join(strings.Fields(doc.Text[s.Start:s.End]), " "))
		for j, t := range s.Tokens {
			end := len(doc.Text)
			if j+1 < len(s.Tokens) {
				end = s.Tokens[j+1].Start
			} else if i+1 < len(doc.Sentences) {
				end = doc.Sentences[i+1].Start
			}
			misc := ""
			if t.End == end && t.End < len(doc.Text) {
				misc = "SpaceAfter=No"
			}
			switch n := len(c.Ranges); {
			case j > 0 && n > 0 && c.Ranges[n-1].Last == j && oneWord(&s.Tokens[j-1], &t):
				r := &c.Ranges[n-1]
				r.Last, r.Form, r.Misc, misc = j+1, r.Form+field(t.Text), misc, ""
			case j+1 < len(s.Tokens) && oneWord(&t, &s.Tokens[j+1]):
				c.Ranges = append(c.Ranges, conllu.Range{First: j + 1, Last: j + 1, Form: field(t.Text)})
				misc = ""
			}
			c.Words[j] = conllu.Word{
				Form: field(t.Text), Lemma: field(t.Lemma), UPOS: t.POS, XPOS: t.Tag,
				Head: t.Head + 1, DepRel: t.Rel, Misc: misc,
			}
		}
		if err := conllu.Write(w, &c); err != nil {
			return err
		}
	}
	return nil
}

// oneWord says whether two tokens, a before b, are parts of one written word: they
// touch, and b is a clitic ("'s") or continues the letters of a ("n't").
func oneWord(a, b *nlp.Token) bool {
	if a.End != b.Start || notWord(a.POS) || notWord(b.POS) {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(a.Text)
	first, _ := utf8.DecodeRuneInString(b.Text)
	return first == '\'' || first == '’' || unicode.IsLetter(last) && unicode.IsLetter(first)
}

func notWord(pos string) bool { return pos == "PUNCT" || pos == "SYM" }

// field keeps what a token holds from breaking the columns.
func field(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return '\uFFFD'
		}
		return r
	}, s)
}

// Tree writes the dependency tree of a sentence, one word a line, dependents
// indented under their head in the order of the text:
//
//	claims VERB root
//	├── Japan PROPN nsubj
//	└── Shikotan PROPN obj
func Tree(w io.Writer, s *nlp.Sentence) error {
	var b bytes.Buffer
	kids, root := children(s)
	var write func(i int, lead, branch, below string)
	write = func(i int, lead, branch, below string) {
		t := &s.Tokens[i]
		fmt.Fprintf(&b, "%s%s%s %s %s\n", lead, branch, field(t.Text), t.POS, t.Rel)
		for k, c := range kids[i] {
			if k == len(kids[i])-1 {
				write(c, lead+below, "└── ", "    ")
			} else {
				write(c, lead+below, "├── ", "│   ")
			}
		}
	}
	for _, r := range root {
		write(r, "", "", "")
	}
	_, err := w.Write(b.Bytes())
	return err
}

// children lists the dependents of each word, and the roots.
func children(s *nlp.Sentence) (kids [][]int, root []int) {
	kids = make([][]int, len(s.Tokens))
	for i, t := range s.Tokens {
		if t.Head < 0 {
			root = append(root, i)
		} else {
			kids[t.Head] = append(kids[t.Head], i)
		}
	}
	return kids, root
}

// Measures of the drawing, in pixels.
const (
	charWidth  = 9
	wordGap    = 22
	margin     = 16
	levelStep  = 26
	labelWidth = 7
	textBelow  = 48
)

// SVG draws a sentence as one SVG image: the words in a row with their part of
// speech below, and over them an arc from each head to its dependent with the
// relation. Colours follow the page (currentColor).
func SVG(w io.Writer, s *nlp.Sentence) error {
	n := len(s.Tokens)
	mid := make([]int, n)
	x := margin
	for i, t := range s.Tokens {
		wide := max(utf8.RuneCountInString(t.Text)*charWidth, len(t.POS)*labelWidth, len(t.Rel)*labelWidth)
		mid[i] = x + wide/2
		x += wide + wordGap
	}
	width := max(x-wordGap+margin, 2*margin)

	// Short arcs lie low; a longer one goes over all it spans.
	type arc struct{ from, to, dep, level int }
	var arcs []arc
	for i, t := range s.Tokens {
		if t.Head >= 0 {
			arcs = append(arcs, arc{from: min(i, t.Head), to: max(i, t.Head), dep: i})
		}
	}
	slices.SortStableFunc(arcs, func(a, b arc) int { return (a.to - a.from) - (b.to - b.from) })
	level := make([]int, n)
	top := 1
	for k := range arcs {
		a := &arcs[k]
		for _, l := range level[a.from:a.to] {
			a.level = max(a.level, l)
		}
		a.level++
		for i := a.from; i < a.to; i++ {
			level[i] = a.level
		}
		top = max(top, a.level)
	}
	base := (top+1)*levelStep + margin
	height := base + textBelow + margin

	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="15" fill="currentColor" role="img">`+"\n", width, height, width, height)
	var words []string
	for _, t := range s.Tokens {
		words = append(words, t.Text)
	}
	fmt.Fprintf(&b, "<title>%s</title>\n", escape(strings.Join(words, " ")))
	for _, a := range arcs {
		head := s.Tokens[a.dep].Head
		// Arcs to dependents on the two sides of a head part by a few pixels.
		hx, dx := mid[head], mid[a.dep]
		if a.dep < head {
			hx -= 4
		} else {
			hx += 4
		}
		y := base - a.level*levelStep
		fmt.Fprintf(&b, `<path d="M%d %dV%dQ%d %d %d %dH%dQ%d %d %d %dV%d" fill="none" stroke="currentColor" stroke-opacity=".55"/>`+"\n",
			hx, base-4, y+8, hx, y, toward(hx, dx, 8), y, toward(dx, hx, 8), dx, y, dx, y+8, base-8)
		fmt.Fprintf(&b, `<path d="M%d %dl-4 -7h8z"/>`+"\n", dx, base-2)
		fmt.Fprintf(&b, `<text x="%d" y="%d" font-size="11" text-anchor="middle">%s</text>`+"\n", (hx+dx)/2, y-3, escape(s.Tokens[a.dep].Rel))
	}
	for i, t := range s.Tokens {
		if t.Head < 0 {
			fmt.Fprintf(&b, `<path d="M%d %dV%d" stroke="currentColor" stroke-opacity=".55"/><path d="M%d %dl-4 -7h8z"/><text x="%d" y="%d" font-size="11" text-anchor="middle">%s</text>`+"\n",
				mid[i], margin, base-8, mid[i], base-2, mid[i], margin-3, escape(t.Rel))
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle">%s</text>`, mid[i], base+16, escape(t.Text))
		fmt.Fprintf(&b, `<text x="%d" y="%d" font-size="11" text-anchor="middle" fill-opacity=".7">%s</text>`+"\n", mid[i], base+34, escape(t.POS))
	}
	b.WriteString("</svg>\n")
	_, err := w.Write(b.Bytes())
	return err
}

// toward returns the point d pixels from x on the way to y.
func toward(x, y, d int) int {
	if y < x {
		return x - d
	}
	return x + d
}

func escape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s)) // a strings.Builder takes all
	return b.String()
}

package cli

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/demarcgraph/demarc/nlp"
)

// The measures of a drawing, in pixels.
const (
	svgLetter = 8.4 // the width of a letter of the words
	svgSmall  = 6.0 // of the labels
	svgGap    = 18  // between words
	svgLevel  = 26  // between arcs, upwards
	svgBelow  = 48  // for the words and their tags
	svgMargin = 16
)

// writeSVG draws each sentence as words on a line, with an arc from each head
// to its dependents, one sentence below the other.
func writeSVG(w io.Writer, sentences []nlp.Sentence) error {
	var body strings.Builder
	width, y := 0.0, float64(svgMargin)
	for i := range sentences {
		sw, sh := drawSentence(&body, &sentences[i], y)
		width, y = max(width, sw), y+sh
	}
	_, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %[1]f %[2]f" font-family="ui-monospace, DejaVu Sans Mono, monospace">
<style>text{text-anchor:middle;fill:#222}.w{font-size:14px}.t{font-size:10px;fill:#666}.r{font-size:10px;fill:#0b5394}path{fill:none;stroke:#0b5394}@media(prefers-color-scheme:dark){text{fill:#ddd}.t{fill:#999}.r{fill:#8ab4e8}path{stroke:#8ab4e8}}</style>
<defs><marker id="a" viewBox="0 0 6 6" refX="3" refY="3" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0L6 3L0 6z" style="fill:#0b5394;stroke:none"/></marker></defs>
%s</svg>
`, width, y, body.String())
	return err
}

// arc joins the tokens from and to, at a height where it crosses no label.
type arc struct {
	from, to, level int
	rel             string
}

// arcs returns a sentence's arcs. An arc is one level above the highest that
// lies under it.
func arcs(s *nlp.Sentence) (out []arc, highest int) {
	for i, t := range s.Tokens {
		if t.Head >= 0 {
			out = append(out, arc{from: t.Head, to: i, rel: t.Rel})
		}
	}
	span := func(a arc) (int, int) { return min(a.from, a.to), max(a.from, a.to) }
	for length := 1; length < len(s.Tokens); length++ {
		for i := range out {
			lo, hi := span(out[i])
			if hi-lo != length {
				continue
			}
			level := 1
			for _, other := range out {
				if l, h := span(other); other.level > 0 && l >= lo && h <= hi {
					level = max(level, other.level+1)
				}
			}
			out[i].level = level
			highest = max(highest, level)
		}
	}
	return out, highest
}

// drawSentence draws s with its top at y and returns its width and height.
func drawSentence(b *strings.Builder, s *nlp.Sentence, y float64) (width, height float64) {
	lines, highest := arcs(s)
	base := y + float64(highest+1)*svgLevel
	centers := make([]float64, len(s.Tokens))
	x := float64(svgMargin)
	for i, t := range s.Tokens {
		w := max(float64(text.StringWidth(t.Text))*svgLetter, float64(len(t.POS))*svgSmall)
		centers[i] = x + w/2
		x += w + svgGap
	}
	label := func(class string, x, y float64, s string) {
		fmt.Fprintf(b, `<text class="%s" x="%.1f" y="%.1f">`, class, x, y)
		xml.EscapeText(b, []byte(oneLine(s))) // a Builder's Write never fails
		b.WriteString("</text>\n")
	}
	for _, a := range lines {
		from, to := centers[a.from], centers[a.to]
		top := base - float64(a.level)*svgLevel
		shift := 4.0 // heads and dependents do not meet in one point
		if to < from {
			shift = -4
		}
		fmt.Fprintf(b, `<path d="M%.1f %.1fC%[1]f %.1f %.1f %[3]f %[4]f %.1f" marker-end="url(#a)"/>`+"\n", from+shift, base-16, top-8, to-shift/4, base-18)
		label("r", (from+to)/2, top-1, a.rel)
	}
	for i, t := range s.Tokens {
		if t.Head < 0 {
			label("r", centers[i], base-18, "root")
		}
		label("w", centers[i], base, t.Text)
		label("t", centers[i], base+15, t.POS)
	}
	return x - svgGap + svgMargin, float64(highest+1)*svgLevel + svgBelow
}

package export

import (
	"context"
	"strconv"

	"github.com/demarcgraph/demarc/graph/export/internal/layout"
	"github.com/demarcgraph/demarc/graph/export/internal/typeset"
)

// svgFonts are asked for in this order: the first two are as wide as what the
// labels were measured with.
const svgFonts = "'DejaVu Sans', Verdana, 'Noto Sans', sans-serif"

// writeSVG writes a drawing whose texts can be searched and copied. Pointing at
// a line shows the sentences that prove the fact.
func writeSVG(ctx context.Context, w *writer, src Source) error {
	d, err := draw(ctx, w.styles, src)
	if err != nil {
		return err
	}
	width, height := number(d.width), number(d.height)
	w.text(`<?xml version="1.0" encoding="UTF-8"?>`, "\n",
		`<svg xmlns="http://www.w3.org/2000/svg" width="`, width, `pt" height="`, height, `pt" viewBox="0 0 `, width, " ", height,
		`" role="img" font-family="`, svgFonts, "\">\n",
		"<title>demarc</title>\n<desc>", escapeXML(d.desc), "</desc>\n",
		`<rect width="`, width, `" height="`, height, "\" fill=\"#FFFFFF\"/>\n")
	d.paint(&svgCanvas{w})
	w.text("</svg>\n")
	return nil
}

// number writes a length, in points and tenths.
func number(v float64) string {
	s := strconv.FormatFloat(v, 'f', 1, 64)
	if s == "-0.0" {
		return "0"
	}
	if n := len(s); s[n-2:] == ".0" {
		return s[:n-2]
	}
	return s
}

type svgCanvas struct{ w *writer }

func (c *svgCanvas) group(class, id, title string) {
	c.w.text(`<g class="`, c.w.xml(class), `" id="`, c.w.xml(id), `"><title>`, c.w.xml(title), "</title>\n")
}

func (c *svgCanvas) end() { c.w.text("</g>\n") }

func (c *svgCanvas) path(p path, with ink) {
	w := c.w
	if p.circle > 0 {
		at := p.points[0][0]
		w.text(`<ellipse cx="`, number(at.X), `" cy="`, number(at.Y), `" rx="`, number(p.circle), `" ry="`, number(p.circle*p.ratio), `"`)
	} else {
		w.text(`<path d="`)
		for i, piece := range p.points {
			switch {
			case i == 0:
				w.text("M")
			case len(piece) == 3:
				w.text("C")
			default:
				w.text("L")
			}
			for k, at := range piece {
				if k > 0 {
					w.text(" ")
				}
				w.text(number(at.X), ",", number(at.Y))
			}
		}
		if p.closed {
			w.text("Z")
		}
		w.text(`"`)
	}
	fill := with.fill
	if fill == "" {
		fill = "none"
	}
	w.text(` fill="`, fill, `"`)
	if with.stroke != "" {
		w.text(` stroke="`, with.stroke, `" stroke-width="`, number(with.width), `"`)
		for i, dash := range with.dashes() {
			w.text([]string{` stroke-dasharray="`, " "}[min(i, 1)], number(dash))
			if i == len(with.dashes())-1 {
				w.text(`"`)
			}
		}
	}
	w.text("/>\n")
}

// text gives the width of each line, so that it keeps its place whatever font
// it is shown in.
func (c *svgCanvas) text(lines []typeset.Line, at layout.Point, size float64, anchor, color string) {
	for i := range lines {
		if lines[i].Text == "" {
			continue
		}
		c.w.text(`<text x="`, number(at.X), `" y="`, number(baseline(at.Y, i, len(lines), size)), `" font-size="`, number(size),
			`" text-anchor="`, anchor, `" fill="`, color, `" textLength="`, number(lines[i].Width),
			`" lengthAdjust="spacingAndGlyphs">`, c.w.xml(lines[i].Text), "</text>\n")
	}
}

// baseline is that of line i of n around a middle.
func baseline(middle float64, i, n int, size float64) float64 {
	const above = typeset.Ascent + (typeset.LineHeight-1)/4
	return middle + (float64(i)-float64(n)/2)*size*typeset.LineHeight + above*size
}

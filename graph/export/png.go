package export

import (
	"context"
	"fmt"
	"image/png"
	"math"

	"git.sr.ht/~sbinet/gg"

	"github.com/demarcgraph/demarc/graph/export/internal/layout"
	"github.com/demarcgraph/demarc/graph/export/internal/typeset"
)

// A picture has two pixels to the point, fewer where it would get too large,
// and none if its text could then no longer be read.
const (
	pixelsPerPoint = 2.0
	fewestPerPoint = 1.0
	mostPixels     = 64 << 20
)

// writePNG paints the drawing that SVG has, with fonts of its own.
func writePNG(ctx context.Context, w *writer, src Source) error {
	d, err := draw(ctx, w.styles, src)
	if err != nil {
		return err
	}
	scale := min(pixelsPerPoint, math.Sqrt(mostPixels/(d.width*d.height)))
	if scale < fewestPerPoint {
		return fmt.Errorf("%.0f by %.0f points: %w, or write SVG", d.width, d.height, ErrTooLarge)
	}
	c := &pngCanvas{gg.NewContext(int(math.Ceil(d.width*scale)), int(math.Ceil(d.height*scale))), scale}
	c.SetHexColor("#FFFFFF")
	c.Clear()
	c.Scale(scale, scale)
	c.SetFillRule(gg.FillRuleWinding) // as fonts have it
	d.paint(c)
	return (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(w, c.Image())
}

// pngCanvas paints in points. Of lines gg takes widths and dashes in pixels.
type pngCanvas struct {
	*gg.Context
	scale float64
}

func (c *pngCanvas) group(string, string, string) {}
func (c *pngCanvas) end()                         {}

func (c *pngCanvas) path(p path, with ink) {
	if p.circle > 0 {
		c.DrawEllipse(p.points[0][0].X, p.points[0][0].Y, p.circle, p.circle*p.ratio)
	} else {
		for i, piece := range p.points {
			switch {
			case i == 0:
				c.MoveTo(piece[0].X, piece[0].Y)
			case len(piece) == 3:
				c.CubicTo(piece[0].X, piece[0].Y, piece[1].X, piece[1].Y, piece[2].X, piece[2].Y)
			default:
				c.LineTo(piece[0].X, piece[0].Y)
			}
		}
		if p.closed {
			c.ClosePath()
		}
	}
	if with.fill != "" {
		c.SetHexColor(with.fill)
		c.FillPreserve()
	}
	if with.stroke != "" {
		c.SetHexColor(with.stroke)
		c.SetLineWidth(with.width * c.scale)
		dashes := with.dashes()
		for i := range dashes {
			dashes[i] *= c.scale
		}
		c.SetDash(dashes...)
		c.SetLineCapButt()
		c.StrokePreserve()
	}
	c.ClearPath()
}

func (c *pngCanvas) text(lines []typeset.Line, at layout.Point, size float64, anchor, color string) {
	c.SetHexColor(color)
	for i := range lines {
		x := at.X
		if anchor == "middle" {
			x -= lines[i].Width / 2
		}
		lines[i].Outline(x, baseline(at.Y, i, len(lines), size), c)
		c.Fill()
	}
}

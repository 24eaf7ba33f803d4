// Package typeset sets labels in any script: it breaks them into lines,
// measures these and gives the outlines of their glyphs. The fonts come with
// it, so that a label is as wide on every machine.
package typeset

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

//go:embed fonts/*.gz
var fonts embed.FS

// latin is the font of what no other is needed for; it has Greek, Cyrillic,
// Armenian, Georgian, Hebrew, Arabic and more besides.
const latin = "DejaVuSans"

// fontOf are the fonts of the scripts that latin does not have.
var fontOf = []struct {
	script *unicode.RangeTable
	font   string
}{
	{unicode.Han, "WenQuanYiMicroHei"}, {unicode.Hiragana, "WenQuanYiMicroHei"}, {unicode.Katakana, "WenQuanYiMicroHei"},
	{unicode.Hangul, "WenQuanYiMicroHei"}, {unicode.Bopomofo, "WenQuanYiMicroHei"}, {unicode.Yi, "WenQuanYiMicroHei"},
	{unicode.Bengali, "NotoSansBengali"}, {unicode.Devanagari, "NotoSansDevanagari"}, {unicode.Ethiopic, "NotoSansEthiopic"},
	{unicode.Gujarati, "NotoSansGujarati"}, {unicode.Gurmukhi, "NotoSansGurmukhi"}, {unicode.Kannada, "NotoSansKannada"},
	{unicode.Khmer, "NotoSansKhmer"}, {unicode.Lao, "NotoSansLao"}, {unicode.Malayalam, "NotoSansMalayalam"},
	{unicode.Mongolian, "NotoSansMongolian"}, {unicode.Myanmar, "NotoSansMyanmar"}, {unicode.Oriya, "NotoSansOriya"},
	{unicode.Sinhala, "NotoSansSinhala"}, {unicode.Tamil, "NotoSansTamil"}, {unicode.Telugu, "NotoSansTelugu"},
	{unicode.Thaana, "NotoSansThaana"}, {unicode.Thai, "NotoSansThai"}, {unicode.Tibetan, "NotoSerifTibetan"},
}

// LineHeight is the distance of baselines, and Ascent that of the first from
// the top, both as shares of the size of the text.
const (
	LineHeight = 1.2
	Ascent     = 0.93
)

// Setter sets text. It reads each font when it first needs it. Not safe for
// concurrent use.
type Setter struct {
	faces     map[string]*font.Face
	shaper    shaping.HarfbuzzShaper
	segmenter shaping.Segmenter
	wrapper   shaping.LineWrapper
	err       error // of reading a font
}

// New returns a setter.
func New() *Setter { return &Setter{faces: map[string]*font.Face{}} }

// Line is one line of a label.
type Line struct {
	Text  string
	Width float64 // points

	runs []shaping.Output // from left to right
}

// Wrap breaks text into lines of at most width points where its script allows
// it, at least one and at most so many; what is over ends in an ellipsis. The
// size is in points. White space counts as one blank.
func (s *Setter) Wrap(text string, size, width float64, lines int) ([]Line, error) {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
	runes := []rune(text)
	if len(runes) == 0 {
		return []Line{{}}, nil
	}
	direction := di.DirectionLTR
	if rightToLeft(runes) {
		direction = di.DirectionRTL
	}
	input := shaping.Input{Text: runes, RunEnd: len(runes), Direction: direction, Size: points(size), Language: language.NewLanguage("en")}
	ellipsis := input
	ellipsis.Text, ellipsis.RunEnd = []rune("…"), 1
	truncator := s.shape(ellipsis)
	config := shaping.WrapConfig{Direction: direction, TruncateAfterLines: lines, Truncator: truncator[0]}
	wrapped, left := s.wrapper.WrapParagraphF(config, points(width), runes, shaping.NewSliceIterator(s.shape(input)))
	if s.err != nil {
		return nil, s.err
	}
	var out []Line
	for i, outputs := range wrapped {
		line := Line{runs: slices.Clone(outputs)}
		cut := left > 0 && i == len(wrapped)-1 // its last run is the ellipsis
		first, end := len(runes), 0
		for k := range line.runs {
			run := &line.runs[k]
			if !cut || k < len(line.runs)-1 {
				first, end = min(first, run.Runes.Offset), max(end, run.Runes.Offset+run.Runes.Count)
			}
			line.Width += float64(run.Advance) / 64
		}
		if first < end {
			line.Text = strings.TrimSpace(string(runes[first:end]))
		}
		if cut {
			line.Text += "…"
		}
		slices.SortStableFunc(line.runs, func(a, b shaping.Output) int { return int(a.VisualIndex - b.VisualIndex) })
		out = append(out, line)
	}
	return out, nil
}

func points(v float64) fixed.Int26_6 { return fixed.Int26_6(v*64 + 0.5) }

// shape turns text into glyphs, run by run of one script, direction and font.
func (s *Setter) shape(input shaping.Input) []shaping.Output {
	var out []shaping.Output
	for _, run := range s.segmenter.Split(input, s) {
		if run.Face == nil {
			return []shaping.Output{{}} // s.err says why
		}
		out = append(out, s.shaper.Shape(run))
	}
	return out
}

// ResolveFace returns the font for a rune.
func (s *Setter) ResolveFace(r rune) *font.Face {
	name := latin
	for _, f := range fontOf {
		if unicode.Is(f.script, r) {
			name = f.font
			break
		}
	}
	face := s.face(name)
	if name == latin && face != nil {
		// Signs that belong to no script, such as those of Chinese punctuation.
		if _, ok := face.NominalGlyph(r); !ok {
			return s.face("WenQuanYiMicroHei")
		}
	}
	return face
}

func (s *Setter) face(name string) *font.Face {
	if f, ok := s.faces[name]; ok {
		return f
	}
	f, err := read(name)
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("typeset: font %s: %w", name, err)
	}
	s.faces[name] = f
	return f
}

func read(name string) (*font.Face, error) {
	packed, err := fonts.ReadFile("fonts/" + name + ".gz")
	if err != nil {
		return nil, err
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	ttf, err := io.ReadAll(unpacked)
	if err != nil {
		return nil, err
	}
	faces, err := font.ParseTTC(bytes.NewReader(ttf)) // reads what is no collection too
	if err != nil {
		return nil, err
	}
	return faces[0], nil
}

// rightToLeft reports whether the first letter is of a script that runs from
// right to left.
func rightToLeft(runes []rune) bool {
	for _, r := range runes {
		if unicode.IsLetter(r) {
			return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Thaana, unicode.Syriac, unicode.Nko)
		}
	}
	return false
}

// Path takes the outlines of glyphs. The y axis points down.
type Path interface {
	MoveTo(x, y float64)
	LineTo(x, y float64)
	QuadraticTo(x1, y1, x2, y2 float64)
	CubicTo(x1, y1, x2, y2, x3, y3 float64)
	ClosePath()
}

// Outline draws the line's glyphs, the first beginning at x on the baseline y.
func (l *Line) Outline(x, y float64, to Path) {
	for i := range l.runs {
		run := &l.runs[i]
		scale := float64(run.Size) / 64 / float64(run.Face.Upem())
		for _, g := range run.Glyphs {
			if outline, ok := run.Face.GlyphDataOutline(g.GlyphID); ok {
				draw(outline, x+float64(g.XOffset)/64, y-float64(g.YOffset)/64, scale, to)
			}
			x += float64(g.Advance) / 64
		}
	}
}

func draw(outline font.GlyphOutline, x, y, scale float64, to Path) {
	at := func(p opentype.SegmentPoint) (float64, float64) {
		return x + float64(p.X)*scale, y - float64(p.Y)*scale
	}
	open := false
	for _, s := range outline.Segments {
		x1, y1 := at(s.Args[0])
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			if open {
				to.ClosePath()
			}
			to.MoveTo(x1, y1)
			open = true
		case opentype.SegmentOpLineTo:
			to.LineTo(x1, y1)
		case opentype.SegmentOpQuadTo:
			x2, y2 := at(s.Args[1])
			to.QuadraticTo(x1, y1, x2, y2)
		case opentype.SegmentOpCubeTo:
			x2, y2 := at(s.Args[1])
			x3, y3 := at(s.Args[2])
			to.CubicTo(x1, y1, x2, y2, x3, y3)
		}
	}
	if open {
		to.ClosePath()
	}
}

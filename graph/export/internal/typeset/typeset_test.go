package typeset

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// names are one territory or state in each script that a state writes in.
var names = map[string]string{
	"Latin": "Nagorno-Karabakh, Žižkov, Đà Nẵng", "Greek": "Κύπρος", "Cyrillic": "Курильские острова", "Armenian": "Արցախ",
	"Georgian": "სამხრეთ ოსეთი", "Hebrew": "רמת הגולן", "Arabic": "الصحراء الغربية", "Thaana": "ދިވެހިރާއްޖެ",
	"Devanagari": "कश्मीर", "Bengali": "বাংলাদেশ", "Gurmukhi": "ਪੰਜਾਬ", "Gujarati": "ગુજરાત", "Oriya": "ଓଡ଼ିଶା", "Tamil": "கச்சத்தீவு",
	"Telugu": "తెలంగాణ", "Kannada": "ಕರ್ನಾಟಕ", "Malayalam": "കേരളം", "Sinhala": "ශ්\u200dරී ලංකාව", "Thai": "ปราสาทพระวิหาร", "Lao": "ລາວ",
	"Khmer": "ប្រាសាទព្រះវិហារ", "Myanmar": "မြန်မာ", "Ethiopic": "ባድሜ", "Tibetan": "བོད་", "Mongolian": "ᠮᠣᠩᠭᠣᠯ",
	"Chinese": "釣魚臺列嶼、钓鱼岛", "Japanese": "北方領土（ほっぽうりょうど）・竹島", "Korean": "독도", "Tifinagh": "ⵜⴰⵏⴻⵣⵔⵓⴼⵜ",
	"mixed": "Dokdo (독도) / Takeshima (竹島)",
}

func TestEveryScriptHasGlyphs(t *testing.T) {
	s := New()
	for script, name := range names {
		lines, err := s.Wrap(name, 12, 1000, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(lines) != 1 || lines[0].Text != name || lines[0].Width < 5 {
			t.Errorf("%s: %q is %v", script, name, lines)
		}
		for _, run := range lines[0].runs {
			for _, g := range run.Glyphs {
				if g.GlyphID == 0 {
					t.Errorf("%s: no glyph for %q of %q", script, []rune(name)[g.TextIndex()], name)
				}
			}
		}
		var p extent
		lines[0].Outline(0, 0, &p)
		if p.closed == 0 || p.right > lines[0].Width+4 || p.left < -4 {
			t.Errorf("%s: the outline of %q goes from %.1f to %.1f, its width is %.1f", script, name, p.left, p.right, lines[0].Width)
		}
	}
}

// extent measures a path.
type extent struct {
	left, right float64
	closed      int
}

func (e *extent) MoveTo(x, y float64)              { e.left, e.right = min(e.left, x), max(e.right, x) }
func (e *extent) LineTo(x, y float64)              { e.MoveTo(x, y) }
func (e *extent) QuadraticTo(_, _, x, y float64)   { e.MoveTo(x, y) }
func (e *extent) CubicTo(_, _, _, _, x, y float64) { e.MoveTo(x, y) }
func (e *extent) ClosePath()                       { e.closed++ }

func TestWrap(t *testing.T) {
	s := New()
	text := "Russia has suspended its negotiations\nwith Japan   on a peace treaty"
	lines, err := s.Wrap(text, 12, 120, 10)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, l := range lines {
		if l.Width > 120 {
			t.Errorf("%q is %.1f wide", l.Text, l.Width)
		}
		all = append(all, l.Text)
	}
	if got, want := strings.Join(all, " "), strings.Join(strings.Fields(text), " "); got != want || len(lines) < 3 {
		t.Errorf("%q, want the words of %q", all, want)
	}
	// The last line that there is room for ends in an ellipsis.
	if lines, err = s.Wrap(text, 12, 120, 2); err != nil || len(lines) != 2 || !strings.HasSuffix(lines[1].Text, "…") || lines[1].Width > 120 {
		t.Errorf("two lines: %v, %v", lines, err)
	}
	// A word that is too long is broken, as are scripts without blanks.
	for _, long := range []string{strings.Repeat("Ouagadougou", 10), strings.Repeat("釣魚臺列嶼", 10)} {
		lines, err := s.Wrap(long, 12, 100, 20)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, l := range lines {
			n += utf8.RuneCountInString(l.Text)
			if l.Width > 100 {
				t.Errorf("%q is %.1f wide", l.Text, l.Width)
			}
		}
		if n != utf8.RuneCountInString(long) {
			t.Errorf("%d runes of %d: %v", n, utf8.RuneCountInString(long), lines)
		}
	}
	if lines, err := s.Wrap(" \n", 12, 100, 3); err != nil || len(lines) != 1 || lines[0].Text != "" {
		t.Errorf("nothing: %v, %v", lines, err)
	}
	// Of two directions the parts come in the order in which they are read.
	lines, err = s.Wrap("שלום abc", 12, 1000, 1)
	if err != nil || len(lines[0].runs) < 2 || lines[0].runs[0].Runes.Offset == 0 {
		t.Errorf("Hebrew before Latin: the first run from the left is of rune %d, %v", lines[0].runs[0].Runes.Offset, err)
	}
}

func FuzzWrap(f *testing.F) {
	for _, name := range names {
		f.Add(name, 60.0, 3)
	}
	f.Add("\xff\x00 \u202e\u200d", 1.0, 1)
	f.Fuzz(func(t *testing.T, text string, width float64, lines int) {
		if !(width >= 1 && width < 1000) || lines < 1 || lines > 100 || len(text) > 1000 {
			t.Skip()
		}
		out, err := New().Wrap(text, 10, width, lines)
		if err != nil || len(out) == 0 || len(out) > lines {
			t.Fatalf("%d lines, %v", len(out), err)
		}
		for i := range out {
			out[i].Outline(0, 0, &extent{})
			if !utf8.ValidString(out[i].Text) {
				t.Errorf("%q", out[i].Text)
			}
		}
	})
}

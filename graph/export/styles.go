package export

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/schema"
)

// Styles say how drawings look. They are read from a file, of which
// data/styles/styles.yaml is the shipped one and the reference. Safe for
// concurrent use.
type Styles struct {
	palette    map[string]string // colours by name
	classes    map[schema.Class]NodeStyle
	predicates map[schema.Predicate]EdgeStyle
	lines      map[string]string // by standing
	denied     string            // arrow
}

// NodeStyle is how a node is drawn.
type NodeStyle struct {
	Shape string // box, rounded, ellipse, hexagon, octagon, diamond, note or plain
	Fill  string // "#RRGGBB"
	Text  string // "#000000" or "#FFFFFF", whichever is the clearer on Fill
}

// EdgeStyle is how a fact is drawn between its two nodes.
type EdgeStyle struct {
	Color string  // "#RRGGBB"
	Arrow string  // normal, open, diamond, dot, bar or none
	Line  string  // solid, dashed or dotted
	Width float64 // points
}

var (
	shapes    = []string{"box", "rounded", "ellipse", "hexagon", "octagon", "diamond", "note", "plain"}
	arrows    = []string{"normal", "open", "diamond", "dot", "bar", "none"}
	lineKinds = []string{"solid", "dashed", "dotted"}
)

// What stands behind a fact, as drawings tell it apart.
const (
	standsAsserted    = "asserted"
	standsAttributed  = "attributed"
	standsUnfulfilled = "unfulfilled"
	standsDenied      = "denied"
)

// otherPredicate is the entry for predicates without one of their own.
const otherPredicate = schema.Predicate("other")

// stylesFile is the form of the file.
type stylesFile struct {
	Palette map[string]string `yaml:"palette"`
	Classes map[schema.Class]struct {
		Shape string `yaml:"shape"`
		Fill  string `yaml:"fill"`
	} `yaml:"classes"`
	Predicates map[schema.Predicate]struct {
		Color string  `yaml:"color"`
		Arrow string  `yaml:"arrow"`
		Width float64 `yaml:"width"`
	} `yaml:"predicates"`
	Standing map[string]struct {
		Line  string `yaml:"line"`
		Arrow string `yaml:"arrow"`
	} `yaml:"standing"`
}

// DefaultStyles returns the shipped styles.
var DefaultStyles = sync.OnceValues(func() (*Styles, error) {
	text, err := fs.ReadFile(data.FS, "styles/styles.yaml")
	if err != nil {
		return nil, err
	}
	return (&Styles{}).parse("styles.yaml", text)
})

// ParseStyles reads a file of styles; name is for its errors. It need only have
// what differs from the shipped styles.
func ParseStyles(name string, text []byte) (*Styles, error) {
	base, err := DefaultStyles()
	if err != nil {
		return nil, err
	}
	return base.parse(name, text)
}

var hexColor = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// parse returns s with what text says in the place of its own.
func (s *Styles) parse(name string, text []byte) (*Styles, error) {
	var file stylesFile
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, true))
	}
	out := &Styles{
		palette: map[string]string{}, classes: map[schema.Class]NodeStyle{},
		predicates: map[schema.Predicate]EdgeStyle{}, lines: map[string]string{}, denied: s.denied,
	}
	maps.Copy(out.palette, s.palette)
	maps.Copy(out.palette, file.Palette)
	maps.Copy(out.classes, s.classes)
	maps.Copy(out.predicates, s.predicates)
	maps.Copy(out.lines, s.lines)
	var errs []error // all that is wrong, in a fixed order
	oneOf := func(of, what, value string, allowed []string) string {
		if !slices.Contains(allowed, value) {
			errs = append(errs, fmt.Errorf("%s: %s: no %s %q: want one of %q", name, of, what, value, allowed))
		}
		return value
	}
	color := func(of, value string) string {
		if c, ok := out.palette[value]; ok {
			value = c
		}
		if !hexColor.MatchString(value) {
			errs = append(errs, fmt.Errorf("%s: %s: colour %q is neither in the palette nor written #RRGGBB", name, of, value))
			return "#000000"
		}
		return value
	}
	for _, class := range slices.Sorted(maps.Keys(file.Classes)) {
		style := file.Classes[class]
		if !slices.ContainsFunc(schema.Classes(), func(c schema.ClassInfo) bool { return c.Class == class }) {
			errs = append(errs, fmt.Errorf("%s: there is no class %q", name, class))
		}
		of := string(class)
		fill := color(of, style.Fill)
		out.classes[class] = NodeStyle{oneOf(of, "shape", style.Shape, shapes), fill, textOn(fill)}
	}
	for _, p := range slices.Sorted(maps.Keys(file.Predicates)) {
		style := file.Predicates[p]
		if _, ok := p.Info(); !ok && p != otherPredicate {
			errs = append(errs, fmt.Errorf("%s: there is no predicate %q", name, p))
		}
		of := string(p)
		width := cmp.Or(style.Width, 1)
		if !(width > 0 && width <= 20) {
			errs = append(errs, fmt.Errorf("%s: %s: width %v: want points, from above 0 to 20", name, of, width))
		}
		out.predicates[p] = EdgeStyle{Color: color(of, style.Color), Arrow: oneOf(of, "arrow", style.Arrow, arrows), Width: width}
	}
	for _, standing := range slices.Sorted(maps.Keys(file.Standing)) {
		style := file.Standing[standing]
		switch standing {
		case standsDenied:
			out.denied = oneOf(standing, "arrow", style.Arrow, arrows)
		case standsAsserted, standsAttributed, standsUnfulfilled:
			out.lines[standing] = oneOf(standing, "line", style.Line, lineKinds)
		default:
			errs = append(errs, fmt.Errorf("%s: there is no standing %q", name, standing))
		}
	}
	return out, errors.Join(errs...)
}

// textOn returns the colour, black or white, that has the higher contrast with
// a fill by the formula of WCAG 2.
func textOn(fill string) string {
	if (luminance(fill)+0.05)/0.05 >= 1.05/(luminance(fill)+0.05) {
		return "#000000"
	}
	return "#FFFFFF"
}

// luminance is the relative luminance of a colour written #RRGGBB, from 0 to 1.
func luminance(color string) float64 {
	n, err := strconv.ParseUint(color[1:], 16, 32)
	if err != nil {
		return 0
	}
	linear := func(shift int) float64 {
		c := float64(n>>shift&0xFF) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
}

// Node returns the style of a class, which may be its parent's.
func (s *Styles) Node(class schema.Class) NodeStyle {
	for c := class; c != ""; {
		if style, ok := s.classes[c]; ok {
			return style
		}
		info := schema.ClassInfo{}
		if i := slices.IndexFunc(schema.Classes(), func(k schema.ClassInfo) bool { return k.Class == c }); i >= 0 {
			info = schema.Classes()[i]
		}
		c = info.Parent
	}
	return s.classes[schema.Thing]
}

// Edge returns the style of a fact.
func (s *Styles) Edge(f *schema.Fact) EdgeStyle {
	style, ok := s.predicates[f.Predicate]
	if !ok {
		style = s.predicates[otherPredicate]
	}
	style.Line = s.lines[standing(f)]
	if f.Negated {
		style.Arrow = s.denied
	}
	return style
}

// standing tells what stands behind a fact; whether it is denied is apart.
func standing(f *schema.Fact) string {
	switch {
	case f.Modality != schema.Asserted && f.Modality != "":
		return standsUnfulfilled
	case !f.AttributedTo.IsZero():
		return standsAttributed
	}
	return standsAsserted
}

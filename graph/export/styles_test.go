package export

import (
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/schema"
)

// TestDefaultStyles checks that every class and predicate is drawn, with text
// that can be read on it, and that no two predicates look the same on paper.
func TestDefaultStyles(t *testing.T) {
	s, err := DefaultStyles()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range schema.Classes() {
		style := s.Node(c.Class)
		if style.Shape == "" || style.Fill == "" {
			t.Errorf("%s: %+v", c.Class, style)
		}
		light, dark := luminance(style.Fill)+0.05, luminance(style.Text)+0.05
		if ratio := max(light, dark) / min(light, dark); ratio < 4.5 {
			t.Errorf("%s: text has a contrast of %.1f, less than 4.5 (WCAG 2, AA)", c.Class, ratio)
		}
	}
	seen := map[EdgeStyle]schema.Predicate{}
	for _, p := range schema.Predicates() {
		if p.Predicate == schema.AlsoKnownAs { // shown with the node
			continue
		}
		if _, ok := s.predicates[p.Predicate]; !ok {
			t.Errorf("%s has no style of its own", p.Predicate)
		}
		f := schema.Fact{Predicate: p.Predicate}
		style := s.Edge(&f)
		if style.Line != "solid" || style.Arrow == "" {
			t.Errorf("%s: %+v", p.Predicate, style)
		}
		if other, ok := seen[style]; ok && !(p.Symmetric && p.Predicate == schema.MetWith) { // states negotiate, persons meet
			t.Errorf("%s looks like %s", p.Predicate, other)
		}
		seen[style] = p.Predicate
	}
	said := schema.Fact{Predicate: schema.Claims, AttributedTo: schema.NewEntity(schema.State, "Japan"), Negated: true}
	if got := s.Edge(&said); got.Line != "dashed" || got.Arrow != "bar" {
		t.Errorf("a denial by a party: %+v", got)
	}
	said.Modality = schema.Promised
	if got := s.Edge(&said); got.Line != "dotted" {
		t.Errorf("a promise: %+v", got)
	}
	if got := s.Edge(&schema.Fact{Predicate: "invented"}); got.Color == "" {
		t.Errorf("an unknown predicate: %+v", got)
	}
}

func TestParseStyles(t *testing.T) {
	s, err := ParseStyles("own.yaml", []byte("palette: {ink: \"#000080\"}\nclasses:\n  Agent: {shape: hexagon, fill: ink}\npredicates:\n  claims: {color: yellow, arrow: dot}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Node(schema.Agent); got != (NodeStyle{"hexagon", "#000080", "#FFFFFF"}) {
		t.Errorf("Agent: %+v", got)
	}
	if got, _ := DefaultStyles(); s.Node(schema.State) != got.Node(schema.State) || got.Node(schema.Agent).Shape == "hexagon" {
		t.Error("what is not named has changed, or the shipped styles have")
	}
	if got := s.Edge(&schema.Fact{Predicate: schema.Claims}); got != (EdgeStyle{"#F0E442", "dot", "solid", 1}) {
		t.Errorf("claims: %+v", got)
	}
	for text, want := range map[string]string{
		"clases: {}": "unknown field",
		"classes:\n  Sate: {shape: box, fill: blue}":                  `no class "Sate"`,
		"classes:\n  State: {shape: box, fill: blu}":                  `colour "blu"`,
		"classes:\n  State: {shape: cube, fill: blue}":                `no shape "cube": want one of ["box"`,
		"predicates:\n  claim: {color: blue, arrow: dot}":             `no predicate "claim"`,
		"predicates:\n  claims: {color: blue, arrow: long}":           `no arrow "long"`,
		"predicates:\n  claims: {color: blue, arrow: dot, width: -1}": "width -1",
		"standing:\n  denied: {arrow: long}":                          `no arrow "long"`,
		"standing:\n  said: {line: dotted}":                           `no standing "said"`,
	} {
		if _, err := ParseStyles("own.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "own.yaml") {
			t.Errorf("%q: %v, want an error with %s", text, err, want)
		}
	}
}

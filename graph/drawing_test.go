package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/image/draw"

	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/schema"
)

// file writes an export to a file and returns its path.
func file(t *testing.T, g *Graph, format string, opts export.Options) string {
	t.Helper()
	f, err := export.Lookup(format)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := g.Export(t.Context(), &b, format, opts); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "graph"+f.Extension)
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// anyScript is a graph whose names are of many scripts.
func anyScript(t *testing.T) *Graph {
	names := []string{"Курильские острова", "北方領土", "독도", "الصحراء الغربية", "רמת הגולן", "ปราสาทพระวิหาร", "कश्मीर", "სამხრეთ ოსეთი", "Nagorno-Karabakh"}
	doc := &schema.Document{ID: "names", Text: strings.Join(names, "\n")}
	var facts []schema.Fact
	for i, name := range names {
		state := schema.NewEntity(schema.State, []string{"日本", "Россия", "Ελλάδα"}[i%3])
		start := strings.Index(doc.Text, name)
		facts = append(facts, schema.Fact{Subject: state, Predicate: schema.Claims, Object: schema.NewEntity(schema.Territory, name), Confidence: 1,
			Evidence: []schema.Evidence{doc.Quote(start, start+len(name))}})
	}
	g := open(t, given{"names": facts}, smallAtlas)
	load(t, g, doc)
	return g
}

// TestGraphvizDraws has Graphviz draw the DOT, with every node and fact in it.
func TestGraphvizDraws(t *testing.T) {
	x, docs := randomCorpus(rand.New(rand.NewPCG(6, 2)), 20)
	corpus := open(t, x, smallAtlas)
	load(t, corpus, docs...)
	for _, g := range []*Graph{kurils(t), anyScript(t), corpus} {
		path := file(t, g, "dot", export.Options{})
		drawn := output(t, exec.Command(tool(t, "dot"), "-Tsvg", path))
		edges := 0
		for _, f := range collect(t, g.Facts(t.Context(), schema.Filter{})) {
			if f.Predicate == schema.AlsoKnownAs && f.Object.Class == schema.Literal {
				continue
			}
			edges++
			if !strings.Contains(drawn, `id="`+f.ID()+`"`) || !strings.Contains(drawn, `class="edge `+string(f.Predicate)+`"`) {
				t.Errorf("Graphviz draws no %s", f.String())
			}
		}
		if n := strings.Count(drawn, `class="edge `); n != edges {
			t.Errorf("Graphviz draws %d lines, want %d", n, edges)
		}
	}
}

// TestDrawings has another program paint the SVG and compares that with the PNG.
func TestDrawings(t *testing.T) {
	for name, g := range map[string]*Graph{"kurils": kurils(t), "any script": anyScript(t)} {
		svg, own := file(t, g, "svg", export.Options{}), file(t, g, "png", export.Options{})
		painted := svg + ".png"
		output(t, exec.Command(tool(t, "rsvg-convert"), "--zoom", "1.5", "-o", painted, svg)) // points are 4/3 pixels: two to the point
		want, got := picture(t, painted), picture(t, own)
		if math.Abs(float64(want.Bounds().Dx()-got.Bounds().Dx())) > 2 || math.Abs(float64(want.Bounds().Dy()-got.Bounds().Dy())) > 2 {
			t.Fatalf("%s: librsvg paints %v, we %v", name, want.Bounds(), got.Bounds())
		}
		// Pixel by pixel at a tenth of the size, at which fonts do not matter but
		// what is where and in which colour does.
		a, b := small(want, got.Bounds()), small(got, got.Bounds())
		var sum float64
		worst := 0.0
		for i := range a.Pix {
			d := math.Abs(float64(a.Pix[i]) - float64(b.Pix[i]))
			sum, worst = sum+d, max(worst, d)
		}
		if mean := sum / float64(len(a.Pix)); mean > 1 || worst > 100 {
			t.Errorf("%s: the pictures differ by %.2f on average and by at most %.0f of 255", name, mean, worst)
		}
		if again := file(t, g, "png", export.Options{}); !bytes.Equal(read(t, again), read(t, own)) {
			t.Errorf("%s: another picture of the same graph", name)
		}
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func picture(t *testing.T, path string) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(read(t, path)))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return img
}

func small(img image.Image, bounds image.Rectangle) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, bounds.Dx()/10, bounds.Dy()/10))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(out, out.Bounds(), img, img.Bounds(), draw.Over, nil)
	return out
}

// TestDrawingSays checks what a drawing says besides its picture: the sentence
// behind a line, and what was left out.
func TestDrawingSays(t *testing.T) {
	g := kurils(t)
	var b bytes.Buffer
	left, err := g.Export(t.Context(), &b, "svg", export.Options{About: "state/russia", Depth: 3, MaxNodes: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Left out" + strings.TrimPrefix(left.LeftOut.String(), "left out"), "Russia will hand Shikotan over after a peace treaty.", "(note:2)", ">Shikotan</text>"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the drawing does not say %q:\n%s", want, &b)
		}
	}
	// An empty selection is an empty drawing, too large a one an error that says
	// what to do.
	if _, err := g.Export(t.Context(), &b, "svg", export.Options{Documents: []string{"another"}}); err != nil {
		t.Errorf("nothing: %v", err)
	}
	x, docs := randomCorpus(rand.New(rand.NewPCG(1, 2)), 300)
	large := open(t, x, smallAtlas)
	load(t, large, docs...)
	for _, format := range []string{"svg", "png"} {
		if _, err := large.Export(t.Context(), &b, format, export.Options{}); !errors.Is(err, export.ErrTooLarge) || !strings.Contains(err.Error(), "--max-nodes") {
			t.Errorf("%s of a large graph: %v", format, err)
		}
	}
}

// TestPage opens the page in a browser and uses it: search, filters, the slider,
// a click on a line and on a node.
func TestPage(t *testing.T) {
	g := kurils(t)
	page := string(read(t, file(t, g, "html", export.Options{})))
	const use = `<pre id="out"></pre><script>
const steps = {};
const cy = demarc.cy, $ = (id) => document.getElementById(id);
const names = (set) => set.map((e) => e.data("name") ?? e.data("predicate")).sort();
const shown = () => names(cy.edges().filter((e) => e.style("display") !== "none"));
const fire = (e, kind) => e.dispatchEvent(new Event(kind, {bubbles: true}));
steps.all = shown();
steps.legend = [...$("predicates").querySelectorAll("label")].map((l) => l.textContent);
steps.inside = cy.elements().renderedBoundingBox().x2 <= cy.width() + 1 && cy.nodes().every((n) => n.renderedWidth() > 5);
$("search").value = "nippon"; fire($("search"), "input");
steps.found = names(cy.nodes(".found"));
$("search").value = ""; fire($("search"), "input");
steps.nothing = names(cy.nodes(".found"));
document.querySelector("input[value=partyTo]").click();
steps.filtered = shown();
steps.status = $("shown").textContent;
document.querySelector("input[value=partyTo]").click();
$("always").click();
$("slider").value = "1956"; fire($("slider"), "input");
steps.in1956 = shown();
$("slider").value = $("slider").min; fire($("slider"), "input");
steps.atFirst = shown();
steps.first = $("year").textContent;
$("always").click();
cy.edges("[predicate='transferredTo']").first().emit("tap");
steps.evidence = $("details").textContent;
cy.nodes("[name='Shikotan']").emit("tap");
steps.node = [...$("details").querySelectorAll("li")].map((l) => l.textContent);
$("out").textContent = JSON.stringify(steps);
</script></body>`
	page = strings.Replace(page, "</body>", use, 1)
	var got struct {
		All, Legend, Found, Nothing, Filtered, In1956, AtFirst, Node []string
		Status, First, Evidence                                      string
		Inside                                                       bool
	}
	if err := json.Unmarshal([]byte(inBrowser(t, page)), &got); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		what      string
		want, got []string
	}{
		{"all", []string{"claims", "covers", "disputes", "partyTo", "partyTo", "transferredTo"}, got.All},
		{"the legend", []string{"claims1", "has a dispute with1", "is party to2", "covers1", "was transferred to1"}, got.Legend},
		{"a search for an alias", []string{"Japan"}, got.Found},
		{"no search", []string{}, got.Nothing},
		{"without treaties", []string{"claims", "covers", "disputes", "transferredTo"}, got.Filtered},
		{"1956", []string{"claims", "covers", "disputes", "partyTo", "partyTo", "transferredTo"}, got.In1956},
		{"the first year", []string{"claims", "covers", "disputes", "transferredTo"}, got.AtFirst},
		{"a node", []string{"1956 declaration covers Shikotan", "Shikotan was transferred to (conditional; from Russia; condition: after a peace treaty) Japan"}, got.Node},
	} {
		if d := cmp.Diff(test.want, test.got, cmpopts.SortSlices(strings.Compare)); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.what, d)
		}
	}
	if got.Status != "4 of 6 facts" || got.First != "1940" || !got.Inside {
		t.Errorf("%q, first year %q, drawn inside: %v", got.Status, got.First, got.Inside)
	}
	if !strings.Contains(got.Evidence, "Russia will hand Shikotan over after a peace treaty.note, line 2") {
		t.Errorf("a click on a line shows %q", got.Evidence)
	}
	// It asks nobody for anything.
	for _, reference := range []string{`src="`, `href="`, "@import", "url("} {
		markup, _, _ := strings.Cut(page, "<script>")
		if strings.Contains(markup, reference) {
			t.Errorf("the page has %s", reference)
		}
	}
	// Nothing that a document says becomes part of the page.
	x, docs := randomCorpus(rand.New(rand.NewPCG(3, 2)), 5)
	docs[0].Text += " </script><script>alert(1)</script>"
	hostile := open(t, x, smallAtlas)
	load(t, hostile, docs...)
	if text := string(read(t, file(t, hostile, "html", export.Options{}))); strings.Count(text, "</script>") != strings.Count(page, "</script>")-1 {
		t.Errorf("%d scripts end, want %d", strings.Count(text, "</script>"), strings.Count(page, "</script>")-1)
	}
}

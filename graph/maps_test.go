package graph

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/schema"
)

// islets is a graph of claims with all sorts of dates: some of places that are
// on the map and some of one that is not.
func islets(t *testing.T) *Graph {
	doc := &schema.Document{ID: "note", Text: "All of this is made up."}
	japan, korea := schema.NewEntity(schema.State, "Japan"), schema.NewEntity(schema.State, "Korea <South> & Co")
	rocks := schema.Entity{ID: "territory/takeshima", Class: schema.Territory, Name: "Liancourt Rocks"}
	elsewhere := schema.NewEntity(schema.Territory, "Остров “Нигде”")
	fact := func(s schema.Entity, p schema.Predicate, o schema.Entity, at schema.Time) schema.Fact {
		return schema.Fact{Subject: s, Predicate: p, Object: o, Time: at, Confidence: 0.5, Rule: "r", Modality: schema.Asserted, Evidence: []schema.Evidence{doc.Quote(0, 5)}}
	}
	said := fact(schema.NewEntity(schema.State, "China"), schema.Claims, rocks, schema.Time{})
	said.AttributedTo = japan
	g := open(t, given{"note": {
		fact(japan, schema.Claims, rocks, schema.Time{Since: schema.Year(1905), Until: schema.Date{Year: 1950, Precision: schema.PrecisionDecade}}),
		fact(korea, schema.Claims, rocks, schema.Time{Date: schema.Month(1952, 1)}),
		fact(korea, schema.Administers, rocks, schema.Time{Since: schema.Day(1954, 9, 2)}),
		said,
		fact(korea, schema.Claims, elsewhere, schema.Time{Until: schema.Date{Year: 1900, Precision: schema.PrecisionCentury}}),
		fact(elsewhere, schema.TransferredTo, japan, schema.Time{Date: schema.Year(1951)}),
		fact(japan, schema.Seized, rocks, schema.Time{Date: schema.Year(1905)}),
		fact(japan, schema.Disputes, korea, schema.Time{Date: schema.Date{Year: 1965, Precision: schema.PrecisionYear, Approximate: true}}),
	}}, smallAtlas)
	load(t, g, doc)
	return g
}

// exported writes a graph to a file and returns its name and what the export
// says it does not hold.
func exported(t *testing.T, g *Graph, format string) (file string, report export.Report) {
	t.Helper()
	f, err := export.Lookup(format)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "map"+f.Extension)
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if report, err = g.Export(t.Context(), out, format, export.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return file, report
}

var ogrField = regexp.MustCompile(`^  (\S+) \([^)]*\)*\)? = (.*)$`)

// ogrFeatures returns the features that GDAL reads in a layer of a file: their
// fields, and their geometry as "geometry".
func ogrFeatures(t *testing.T, file, layer string) []map[string]string {
	t.Helper()
	var features []map[string]string
	for line := range strings.Lines(output(t, exec.Command(tool(t, "ogrinfo"), "-ro", "-q", file, layer))) {
		line = strings.TrimSuffix(line, "\n")
		switch m := ogrField.FindStringSubmatch(line); {
		case strings.HasPrefix(line, "OGRFeature("):
			features = append(features, map[string]string{})
		case m != nil:
			features[len(features)-1][m[1]] = m[2]
		case strings.HasPrefix(line, "  POINT"):
			features[len(features)-1]["geometry"] = strings.TrimSpace(line)
		}
	}
	return features
}

func TestGDALReadsGeoJSON(t *testing.T) {
	file, report := exported(t, islets(t), "geojson")
	if want := []string{"places without coordinates, which are in the list but not on the map: 1 of 2: Остров “Нигде”"}; cmp.Diff(want, report.Lost) != "" {
		t.Errorf("%q is said to be lost, want %q", report.Lost, want)
	}
	got := ogrFeatures(t, file, "map")
	if len(got) != 2 {
		t.Fatalf("%d features: %v", len(got), got)
	}
	for field, want := range map[string]string{
		"id": "territory/takeshima", "name": "Liancourt Rocks", "kind": "island", "geometry": "POINT (131.87 37.24)",
		"claimants": "(2:Japan,Korea <South> & Co)", "administrators": "(1:Korea <South> & Co)",
	} {
		if got[0][field] != want {
			t.Errorf("%s: %q, want %q", field, got[0][field], want)
		}
	}
	var claims []map[string]any
	if err := json.Unmarshal([]byte(got[0]["claims"]), &claims); err != nil || len(claims) != 3 {
		t.Fatalf("claims: %v, %v", claims, err)
	}
	var when []any
	facts := map[any]bool{}
	for _, c := range claims {
		if id, _ := c["fact"].(string); len(id) < 8 || facts[id] {
			t.Errorf("claims do not say which facts they are: %v", claims)
		}
		facts[c["fact"]] = true
		when = append(when, c["by"], c["since"], c["until"], c["date"], c["attributedTo"])
	}
	want := []any{"Japan", "1905", "195X", nil, nil, "Korea <South> & Co", nil, nil, "1952-01", nil, "China", nil, nil, nil, "Japan"}
	if d := cmp.Diff(sortedBy5(want), sortedBy5(when)); d != "" {
		t.Errorf("claims (-want +got):\n%s", d)
	}
	if !strings.Contains(got[1]["changes"], `"to": "Japan"`) || !strings.Contains(got[0]["changes"], `"by": "Japan"`) {
		t.Errorf("changes of hands: %s, %s", got[0]["changes"], got[1]["changes"])
	}
	if got[1]["name"] != "Остров “Нигде”" || got[1]["geometry"] != "" {
		t.Errorf("without coordinates: %v", got[1])
	}
}

// sortedBy5 makes rows of five values comparable in any order.
func sortedBy5(values []any) map[any][]any {
	rows := map[any][]any{}
	for i := 0; i < len(values); i += 5 {
		rows[values[i]] = values[i : i+5]
	}
	return rows
}

func TestGDALReadsKML(t *testing.T) {
	file, report := exported(t, islets(t), "kml")
	if len(report.Lost) != 1 {
		t.Errorf("%q is said to be lost", report.Lost)
	}
	if got := ogrFeatures(t, file, "Places"); len(got) != 2 || got[0]["Name"] != "Liancourt Rocks" || got[0]["geometry"] != "POINT (131.87 37.24)" ||
		got[0]["claimants"] != "Japan; Korea <South> & Co" || got[1]["Name"] != "Остров “Нигде”" || got[1]["geometry"] != "" {
		t.Errorf("places: %v", got)
	}
	spans := map[string][2]string{}
	for _, layer := range []string{"Claims", "Administration", "Changes of hands"} {
		for _, f := range ogrFeatures(t, file, layer) {
			spans[f["Name"]] = [2]string{f["begin"], f["end"]}
			if somewhere := f["geometry"] != ""; somewhere != strings.Contains(f["Name"], "Liancourt Rocks") {
				t.Errorf("%s stands at %q", f["Name"], f["geometry"])
			}
		}
	}
	want := map[string][2]string{
		"Japan claims (1905/195X) Liancourt Rocks":                     {"1905/01/01 00:00:00", "1959/12/31 00:00:00"},
		"Korea <South> & Co claims (1952-01) Liancourt Rocks":          {"1952/01/01 00:00:00", ""},
		"China claims (according to Japan) Liancourt Rocks":            {"", ""},
		"Korea <South> & Co claims (/19XX) Остров “Нигде”":             {"", "1999/12/31 00:00:00"},
		"Остров “Нигде” was transferred to (1951) Japan":               {"1951/01/01 00:00:00", ""},
		"Japan seized (1905) Liancourt Rocks":                          {"1905/01/01 00:00:00", ""},
		"Korea <South> & Co administers (1954-09-02/) Liancourt Rocks": {"1954/09/02 00:00:00", ""},
	}
	if d := cmp.Diff(want, spans); d != "" {
		t.Errorf("spans (-want +got):\n%s", d)
	}
}

// timelineRead is what testdata/readers/read_timeline.mjs prints.
type timelineRead struct {
	Errors []any
	Ready  bool
	Drawn  int
	Events []struct{ ID, Start, End, Headline, Text string }
}

func readTimeline(t *testing.T, file string) (read timelineRead) {
	t.Helper()
	if err := json.Unmarshal([]byte(output(t, node(t, "read_timeline.mjs", file))), &read); err != nil {
		t.Fatal(err)
	}
	return read
}

func TestTimelineJSReadsTimeline(t *testing.T) {
	file, report := exported(t, islets(t), "timelinejs")
	if want := []string{"facts without a date, which are not on the timeline: 1 of 8"}; cmp.Diff(want, report.Lost) != "" {
		t.Errorf("%q is said to be lost, want %q", report.Lost, want)
	}
	read := readTimeline(t, file)
	if len(read.Errors) > 0 || !read.Ready || read.Drawn != len(read.Events) {
		t.Errorf("errors %v, ready %v, %d drawn of %d", read.Errors, read.Ready, read.Drawn, len(read.Events))
	}
	got := map[string][2]string{}
	for _, e := range read.Events {
		got[e.Headline] = [2]string{e.Start, e.End}
		if e.Text != "<blockquote>All o</blockquote><p>note:1</p>" {
			t.Errorf("%s: %s", e.Headline, e.Text)
		}
	}
	want := map[string][2]string{
		"Japan claims Liancourt Rocks":                             {"1905-01-01", "1959-01-01"},
		"Korea &lt;South&gt; &amp; Co claims Liancourt Rocks":      {"1952-01-01", ""},
		"Korea &lt;South&gt; &amp; Co administers Liancourt Rocks": {"1954-09-02", ""},
		"Korea &lt;South&gt; &amp; Co claims Остров “Нигде”":       {"1900-01-01", "1999-01-01"},
		"Остров “Нигде” was transferred to Japan":                  {"1951-01-01", ""},
		"Japan seized Liancourt Rocks":                             {"1905-01-01", ""},
		"Japan has a dispute with Korea &lt;South&gt; &amp; Co":    {"1965-01-01", ""},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("events (-want +got):\n%s", d)
	}
}

// TestMapsOfAnything has maps and timelines of random graphs read: nothing may
// be missing, whatever is in the names.
func TestMapsOfAnything(t *testing.T) {
	x, docs := randomCorpus(rand.New(rand.NewPCG(7, 8)), 8)
	g := open(t, x, smallAtlas)
	load(t, g, docs...)
	var claims, dated int
	for _, f := range collect(t, g.Facts(t.Context(), schema.Filter{})) {
		if f.Predicate == schema.Claims && f.Object.ID != "" {
			claims++
		}
		if isName := f.Predicate == schema.AlsoKnownAs && f.Object.Class == schema.Literal; !f.Time.IsZero() && !isName {
			dated++
		}
	}
	file, _ := exported(t, g, "kml")
	if got := len(ogrFeatures(t, file, "Claims")); got != claims || claims == 0 {
		t.Errorf("%d claims in KML, want %d", got, claims)
	}
	places := len(ogrFeatures(t, file, "Places"))
	file, _ = exported(t, g, "geojson")
	if got := len(ogrFeatures(t, file, "map")); got != places || places == 0 {
		t.Errorf("%d places in GeoJSON, %d in KML", got, places)
	}
	file, _ = exported(t, g, "timelinejs")
	if read := readTimeline(t, file); len(read.Errors) > 0 || len(read.Events) != dated || read.Drawn != dated {
		t.Errorf("errors %v, %d events, %d drawn, want %d", read.Errors, len(read.Events), read.Drawn, dated)
	}
}

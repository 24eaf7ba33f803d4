package table

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/schema"
)

func world(t testing.TB) *gazetteer.Gazetteer {
	t.Helper()
	gz, err := gazetteer.Default()
	if err != nil {
		t.Fatal(err)
	}
	return gz
}

func TestShippedMappings(t *testing.T) {
	files, err := fs.Glob(data.FS, Dir+"/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if _, err := Read(data.FS, f); err != nil {
			t.Error(err)
		}
	}
}

// extract reads a table and checks that each fact is proved by bytes of it.
func extract(t testing.TB, m *Mapping, text string) ([]string, error) {
	t.Helper()
	doc := &schema.Document{ID: "table", Text: text}
	facts, err := New(m, world(t)).Extract(t.Context(), doc)
	var lines []string
	for _, f := range facts {
		ev := f.Evidence[0]
		if doc.Text[ev.Start:ev.End] != ev.Text || doc.Line(ev.Start) != ev.Line {
			t.Fatalf("%s: evidence %+v is not in the table", f.String(), ev)
		}
		lines = append(lines, fmt.Sprintf("%s < %d %q", f.String(), ev.Line, ev.Text))
	}
	return lines, err
}

func TestICOW(t *testing.T) {
	m, err := Read(data.FS, Dir+"/icow.yaml")
	if err != nil {
		t.Fatal(err)
	}
	got, err := extract(t, m, "\ufeffclaim,claimdy,name,chal,tgt,begclaim,endclaim\r\n"+
		"900,90001,Kuril Islands,740,365,19510908,-9\r\n\r\n"+
		"901,90101,\"Nowhere,\r\nGreater\",160,200,18410000,184206\r\n"+
		"902,90201,,160,200,1841,-9\r\n")
	want := []string{
		`Japan claims Kuril Islands (since=1951-09-08) < 2 "900,90001,Kuril Islands,740,365,19510908,-9"`,
		`Japan disputes Russia (since=1951-09-08, over=Kuril Islands) < 2 "900,90001,Kuril Islands,740,365,19510908,-9"`,
		`Argentina claims Nowhere,` + "\n" + `Greater (since=1841, until=1842-06) < 4 "901,90101,\"Nowhere,\r\nGreater\",160,200,18410000,184206"`,
		`Argentina disputes United Kingdom (since=1841, until=1842-06, over=Nowhere,` + "\n" + `Greater) < 4 "901,90101,\"Nowhere,\r\nGreater\",160,200,18410000,184206"`,
		`Argentina disputes United Kingdom (since=1841) < 6 "902,90201,,160,200,1841,-9"`,
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v\n%s\nwant\n%s", err, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

const wide = `
separator: ";"
missing: ["?"]
facts:
  - predicate: claims
    subject: {column: who, class: Agent}
    object: {column: what, class: Territory}
    since: {column: from}
    negated: true
    modality: alleged
    said_by: {column: source, class: Agent}
    qualifiers:
      status: {value: dormant, class: Literal}
    where: {kind: [claim, "old claim"]}
    confidence: 0.5
`

func TestMapping(t *testing.T) {
	m, err := Parse("wide.yaml", []byte(wide))
	if err != nil {
		t.Fatal(err)
	}
	got, err := extract(t, m, "kind;who;what;from;source\nclaim;Peru;Erewhon;1956-10;?\nold claim;Peru;Laputa;?;Chile\nrumour;Peru;Utopia;?;Chile\nclaim;?;Utopia;?;Chile\n")
	want := []string{
		`not Peru claims Erewhon (since=1956-10, status=dormant) [alleged] < 2 "claim;Peru;Erewhon;1956-10;?"`,
		`not Peru claims Laputa (status=dormant) [alleged] according to Chile < 3 "old claim;Peru;Laputa;?;Chile"`,
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v\n%q\nwant\n%q", err, got, want)
	}
	other, err := Parse("wide.yaml", []byte(strings.Replace(wide, "dormant", "asleep", 1)))
	if err != nil || New(m, world(t)).Version() == New(other, world(t)).Version() {
		t.Errorf("another mapping has the same version, %v", err)
	}
}

func TestMappingErrors(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"separator", "seperator", "seperator"},
		{`";"`, `";;"`, `separator ";;": want one character`},
		{"predicate: claims", "predicate: owns", `fact 1: there is no predicate "owns"`},
		{"modality: alleged", "modality: maybe", `no modality "maybe"`},
		{"status:", "colour:", `claims takes no qualifier "colour"`},
		{"class: Agent}", "class: Ghost}", `no class "Ghost"`},
		{"{column: who, class: Agent}", "{column: who, class: Literal}", "no Literal"},
		{"{column: who, class: Agent}", "{column: who}", "subject: no class"},
		{"{column: who, class: Agent}", "{class: Agent}", "want a column"},
		{"{column: who, class: Agent}", "{column: who, class: Agent, by: fips}", `by "fips"`},
		{"since: {column: from}", "since: {column: from, layout: dmy}", `layout "dmy"`},
		{"since: {column: from}", "date: {column: from}", `claims has no "date"`},
		{"confidence: 0.5", "confidence: 5", "confidence 5"},
	} {
		text := strings.Replace(wide, c.old, c.new, 1)
		if _, err := Parse("wide.yaml", []byte(text)); text == wide || err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "wide.yaml: ") {
			t.Errorf("%s: %v, want %q", c.new, err, c.want)
		}
	}
	if _, err := Parse("x.yaml", nil); err == nil {
		t.Error("an empty mapping is no error")
	}
}

func TestTableErrors(t *testing.T) {
	m, err := Read(data.FS, Dir+"/icow.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const head = "name,chal,tgt,begclaim,endclaim\n"
	for text, want := range map[string]string{
		"":                                    "the table is empty",
		"name,chal,tgt,begclaim\n":            `no column "endclaim"`,
		"name,name\n":                         `column "name" twice`,
		head + "A,740,365,1951,-9\nB,1":       "row 2: record on line 3",
		head + "A,740,365,19511301,-9":        `row 1, line 2, column "begclaim": "19511301" is no date`,
		head + "A,740,365,2 May,-9":           `column "begclaim": "2 May" is no date`,
		head + "A,9999,365,1951,-9":           `row 1, line 2, column "chal": the gazetteer knows no State with the cow code "9999"`,
		head + "A,740,365,1951,1950":          `column "endclaim": it ends (1950) before it begins (1951)`,
		head + "A,740,365,\"1951,-9":          "row 1: ",
		head + strings.Repeat("A,1,1,1\n", 1): "wrong number of fields",
	} {
		_, err := extract(t, m, text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	_, err = extract(t, m, head+strings.Repeat("A,9999,365,1951,-9\n", 100))
	var cell *CellError
	if !errors.As(err, &cell) || cell.Row != 1 || cell.Line != 2 || strings.Count(err.Error(), "\n") != mostErrors {
		t.Errorf("%v", err)
	}
}

// FuzzExtract wants each mapping and table to be read or refused, and each fact
// to be proved.
func FuzzExtract(f *testing.F) {
	icow, err := fs.ReadFile(data.FS, Dir+"/icow.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(icow), "name,chal,tgt,begclaim,endclaim\nKuril Islands,740,365,1951,-9\n")
	f.Add(wide, "kind;who;what;from;source\n\nclaim;Peru;\"Ere\nwhon\";1956-10;?\n")
	f.Fuzz(func(t *testing.T, mapping, text string) {
		m, err := Parse("fuzz.yaml", []byte(mapping))
		if err != nil {
			return
		}
		lines, err := extract(t, m, text)
		if err != nil && len(lines) > 0 {
			t.Errorf("%q besides %v", lines, err)
		}
	})
}

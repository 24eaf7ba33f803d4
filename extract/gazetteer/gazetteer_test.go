package gazetteer

import (
	"encoding/csv"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/schema"
)

func load(t testing.TB) *Gazetteer {
	t.Helper()
	g, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func ids(entries []*Entry) string {
	var s []string
	for _, e := range entries {
		s = append(s, e.ID)
	}
	return strings.Join(s, " ")
}

func TestLookup(t *testing.T) {
	g := load(t)
	for name, want := range map[string]string{
		"Japan":                                "state/japan",
		"the United Kingdom":                   "state/united-kingdom",
		"U.K.":                                 "state/united-kingdom",
		"UAE":                                  "state/united-arab-emirates",
		"DRC":                                  "state/democratic-republic-of-the-congo",
		"FYROM":                                "state/north-macedonia",
		"Burma":                                "state/myanmar",
		"Cote d'Ivoire":                        "state/ivory-coast",
		"Côte d’Ivoire":                        "state/ivory-coast",
		"Soviet Union":                         "state/soviet-union",
		"USSR":                                 "state/soviet-union",
		"Congo":                                "state/democratic-republic-of-the-congo state/republic-of-the-congo",
		"Etorofu":                              "territory/iturup",
		"Take-shima":                           "territory/liancourt-rocks",
		"TOKDO":                                "territory/liancourt-rocks",
		"Senkaku-shoto":                        "territory/senkaku-islands",
		"Islas Malvinas":                       "territory/falkland-islands",
		"Zmiyinyy/Serpilor (Snake) Island":     "territory/snake-island",
		"Habomai islet group":                  "territory/habomai-islets",
		"Security Council":                     "organization/united-nations-security-council",
		"ICJ":                                  "court/international-court-of-justice",
		"Ethiopia-Eritrea Boundary Commission": "court/eritrea-ethiopia-boundary-commission",
		"Tokyo":                                "", // a metonym, no name
		"Atlantis":                             "",
		"":                                     "",
	} {
		if got := ids(g.Lookup(name)); got != want {
			t.Errorf("Lookup(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestReadings(t *testing.T) {
	g := load(t)
	for text, want := range map[string][]string{
		"Japanese":    {"adjective state/japan", "demonym state/japan"},
		"the Kremlin": {"metonym state/russia", "metonym state/soviet-russia", "metonym state/soviet-union"},
		"Tokyo":       {"metonym state/japan"},
		"UK":          {"name state/united-kingdom", "adjective state/united-kingdom"},
		"Georgian":    {"adjective state/georgia", "demonym state/georgia"},
		"Singapore":   {"name state/singapore", "adjective state/singapore"},
	} {
		var got []string
		for _, m := range g.Readings(text) {
			got = append(got, string(m.Usage)+" "+m.Entry.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("Readings(%q) = %q, want %q", text, got, want)
		}
	}
	ms := g.Readings("Etorofu")
	if len(ms) != 1 || ms[0].By != "state/japan" || ms[0].Kind != Local || ms[0].Text != "Etorofu" {
		t.Errorf("Readings(Etorofu) = %+v, want one local name, used by state/japan", ms)
	}
}

func TestMatchTokens(t *testing.T) {
	g := load(t)
	tests := []struct {
		text string // tokens, separated by spaces
		want string // first reading's id
		n    int
	}{
		{"Japan claims them", "state/japan", 1},
		{"South Korea said", "state/south-korea", 2},
		{"South Korean officials", "state/south-korea", 2},
		{"the Democratic Republic of the Congo and", "state/democratic-republic-of-the-congo", 6},
		{"The United Nations", "organization/united-nations", 3},
		{"United Nations Security Council", "organization/united-nations-security-council", 4},
		{"U.S. troops", "state/united-states", 1},
		{"US troops", "state/united-states", 1},
		{"us too", "", 0},
		{"turkey is eaten", "", 0},
		{"Turkey is", "state/turkey", 1},
		{"who said", "", 0},
		{"Take - shima", "territory/liancourt-rocks", 3},
		{"Take-shima", "territory/liancourt-rocks", 1},
		{"Abu Musa", "territory/abu-musa", 2},
		{"Falkland Islands ( Islas Malvinas )", "territory/falkland-islands", 2}, // the rest is another name
		{"Kingdom of Serbs , Croats and Slovenes", "state/kingdom-of-serbs-croats-and-slovenes", 7},
		{"Picton , Lennox and Nueva", "territory/picton-island", 1}, // of which each is meant
		{"America 's president", "state/united-states", 1},
		{"South , Korea", "", 0},
		{"Luhans 'k", "territory/luhansk", 2},
		{"Sea of Japan", "territory/sea-of-japan", 3},
		{"SOUTH KOREA", "state/south-korea", 2},
		{"Hans Island", "territory/hans-island", 2},
		{"the People 's Republic of China said", "state/china", 6},
		{"Democratic People ’s Republic of Korea", "state/north-korea", 6},
		{"Japan 's islands", "state/japan", 1},
		{"Japan-Russia", "", 0}, // a token that goes on after the name
		{"the", "", 0},
		{", Japan", "", 0},
		{"", "", 0},
	}
	for _, test := range tests {
		ms, n := g.MatchTokens(strings.Fields(test.text))
		got := ""
		if len(ms) > 0 {
			got = ms[0].Entry.ID
		}
		if got != test.want || n != test.n {
			t.Errorf("MatchTokens(%q) = %q, %d, want %q, %d", test.text, got, n, test.want, test.n)
		}
	}
}

func TestMatchIgnoresCase(t *testing.T) {
	ms, n := load(t).Match(strings.Fields("the falkland islands and more"))
	if n != 3 || ms[0].Entry.ID != "territory/falkland-islands" {
		t.Errorf("Match = %v, %d", ms, n)
	}
}

func TestOffices(t *testing.T) {
	g := load(t)
	for text, want := range map[string]struct {
		id string
		n  int
	}{
		"Prime Minister Shinzo Abe":       {"office/prime-minister", 2},
		"foreign minister":                {"office/foreign-minister", 2},
		"Minister of Foreign Affairs Lee": {"office/foreign-minister", 4},
		"Gen. Park":                       {"office/general", 1},
		"Mr. Lavrov":                      {"office/mr", 1},
		"PM Modi":                         {"office/prime-minister", 1},
		"pm":                              {"", 0},
		"general agreement":               {"", 0},
		"major powers":                    {"", 0},
		"he said":                         {"", 0},
		"Tokyo":                           {"", 0},
	} {
		o, n := g.MatchOffice(strings.Fields(text))
		id := ""
		if o != nil {
			id = o.ID
		}
		if id != want.id || n != want.n {
			t.Errorf("MatchOffice(%q) = %q, %d, want %q, %d", text, id, n, want.id, want.n)
		}
	}
	if o := g.LookupOffice("Foreign Secretary"); o == nil || o.Level != "foreign-minister" {
		t.Errorf("LookupOffice(Foreign Secretary) = %+v", o)
	}
}

func TestEveryExpressionIsFound(t *testing.T) {
	g := load(t)
	for _, e := range g.All() {
		texts := slices.Concat([]string{e.Name}, e.Adjectives, e.Demonyms, e.Metonyms)
		for _, n := range e.Names {
			texts = append(texts, n.Text)
		}
		for _, text := range texts {
			if text == "" || strings.TrimSpace(text) != text {
				t.Errorf("%s: expression %q is empty or has spaces around it", e.ID, text)
			}
			for _, find := range []func([]string) ([]Match, int){g.MatchTokens, g.Match} {
				tokens := strings.Fields(text)
				ms, n := find(tokens)
				if n != len(tokens) || !slices.ContainsFunc(ms, func(m Match) bool { return m.Entry == e }) {
					t.Errorf("%s: %q is read as %v, %d tokens", e.ID, text, ms, n)
				}
			}
		}
	}
}

func TestStates(t *testing.T) {
	states := 0
	for _, e := range load(t).All() {
		if e.Class != schema.State || e.Kind == "historical-state" {
			continue
		}
		states++
		if len(e.Adjectives) == 0 || len(e.Demonyms) == 0 || len(e.Metonyms) == 0 {
			t.Errorf("%s lacks an adjective, a demonym or a capital", e.ID)
		}
		if !e.Located {
			t.Errorf("%s has no coordinates", e.ID)
		}
		if e.Kind == "state" && (len(e.ISO2) != 2 || len(e.ISO3) != 3 || e.COW == "" || e.Wikidata == "") {
			t.Errorf("%s lacks a code", e.ID)
		}
	}
	if states < 195 {
		t.Errorf("%d states, want at least 195", states)
	}
}

func TestEntries(t *testing.T) {
	g := load(t)
	item := regexp.MustCompile(`^Q[1-9][0-9]*$`)
	codes := make(map[string]string)
	territories := 0
	for _, e := range g.All() {
		if g.ByID(e.ID) != e {
			t.Errorf("ByID(%s) is another entry", e.ID)
		}
		if !strings.HasPrefix(e.ID, strings.ToLower(string(e.Class))+"/") || e.ID != strings.ToLower(e.ID) {
			t.Errorf("%s is no id of class %s", e.ID, e.Class)
		}
		if !slices.ContainsFunc(schema.Classes(), func(c schema.ClassInfo) bool { return c.Class == e.Class }) {
			t.Errorf("%s: unknown class %q", e.ID, e.Class)
		}
		for _, code := range []string{"iso " + e.ISO2, "iso " + e.ISO3, "cow " + e.COW, "item " + e.Wikidata} {
			if _, v, _ := strings.Cut(code, " "); v == "" {
				continue
			}
			if other := codes[code]; other != "" {
				t.Errorf("%s and %s share %s", other, e.ID, code)
			}
			codes[code] = e.ID
		}
		if e.Wikidata != "" && !item.MatchString(e.Wikidata) {
			t.Errorf("%s: Wikidata item %q", e.ID, e.Wikidata)
		}
		if math.Abs(e.Lat) > 90 || math.Abs(e.Lon) > 180 {
			t.Errorf("%s lies at %v, %v", e.ID, e.Lat, e.Lon)
		}
		if !e.From.IsZero() && !e.Until.IsZero() && e.From.Compare(e.Until) > 0 {
			t.Errorf("%s ends before it begins", e.ID)
		}
		if slices.Contains(e.MemberOf, e.ID) || slices.Contains(e.Successors, e.ID) {
			t.Errorf("%s belongs to itself", e.ID)
		}
		if e.Class == schema.Territory && e.Kind != "sea" && e.Kind != "river" {
			territories++
		}
		for _, n := range e.Names {
			if n.By == e.ID && e.Class == schema.Territory {
				t.Errorf("%s is named %s by itself", e.ID, n.Text)
			}
		}
		for _, id := range e.MemberOf {
			if g.ByID(id).Class.Is(schema.Agent) {
				t.Errorf("%s is put into %s: whose it is, is not for the gazetteer to say", e.ID, id)
			}
		}
	}
	if territories < 320 {
		t.Errorf("%d territories, want at least 320", territories)
	}
}

// TestIdentityOnly keeps out columns that would say who claims or holds what.
func TestIdentityOnly(t *testing.T) {
	files, err := data.FS.ReadDir(Dir)
	if err != nil {
		t.Fatal(err)
	}
	read := make(map[string]bool)
	for _, table := range tables {
		read[table.file] = true
	}
	read[officesFile] = true
	holds := regexp.MustCompile(`(?i)claim|holder|owner|administ|sovereign|control|occup|disput`)
	for _, f := range files {
		if !read[f.Name()] {
			t.Errorf("%s is read by nobody", f.Name())
		}
		b, err := data.FS.ReadFile(Dir + "/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		head, err := csv.NewReader(strings.NewReader(string(b))).Read()
		if err != nil {
			t.Fatal(err)
		}
		for _, column := range head {
			if holds.MatchString(column) {
				t.Errorf("%s has a column %q", f.Name(), column)
			}
		}
	}
}

func TestLoadErrors(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  string // in the message
	}{
		{"unknown column", map[string]string{"states.csv": "name,kind,owner\nA,state,B\n"}, `states.csv:1: unknown column "owner"`},
		{"no kind", map[string]string{"states.csv": "name,kind\nA,\n"}, "states.csv:2: an entry needs"},
		{"twice", map[string]string{"states.csv": "name,kind\nA,state\n\nA,state\n"}, "states.csv:4: state/a stands already at gazetteer/states.csv:2"},
		{"no such group", map[string]string{"territories.csv": "name,kind,member_of\nA,island,b\n"}, `territories.csv:2: territory/a: its group "territory/b"`},
		{"no such user", map[string]string{"territories.csv": "name,kind,names\nA,island,X@b\n"}, `"state/b", who calls it X`},
		{"no such successor", map[string]string{"historical.csv": "name,kind,successors\nA,historical-state,b\n"}, `successor "state/b"`},
		{"off the globe", map[string]string{"territories.csv": "name,kind,lat,lon\nA,island,91,0\n"}, `"91", "0" are no degrees`},
		{"kind of name", map[string]string{"territories.csv": "name,kind,names\nA,island,X~nick\n"}, `unknown kind "nick"`},
		{"date", map[string]string{"historical.csv": "name,kind,from\nA,historical-state,soon\n"}, "column from"},
		{"ragged", map[string]string{"states.csv": "name,kind\nA\n"}, "states.csv: record on line 2"},
		{"office", map[string]string{"offices.csv": "name,level,aliases\nA,,\n"}, "offices.csv:2: an office needs"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for name, text := range test.files {
				fsys[Dir+"/"+name] = &fstest.MapFile{Data: []byte(text)}
			}
			_, err := Load(fsys)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one that says %q", err, test.want)
			}
		})
	}
	g, err := Load(fstest.MapFS{})
	if err != nil || len(g.All()) != 0 {
		t.Errorf("an empty folder gives %d entries and %v", len(g.All()), err)
	}
}

func TestEntity(t *testing.T) {
	e := load(t).ByID("territory/shikotan").Entity()
	if e.ID != "territory/shikotan" || e.Name != "Shikotan" || !slices.IsSorted(e.Aliases) || slices.Contains(e.Aliases, "Shikotan") {
		t.Errorf("entity %+v", e)
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "-", "Côte d'Ivoire", "U.S.", "  a  b ", "Tok-do", "Şerpilor", "Ångström", "Ŀa", "ŉa", "ǆ", "e\u0323\u0301", "O’Higgins", "\xff\xfe", "ʻAbd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := string(appendFold(nil, s)), schema.Fold(s); got != want {
			t.Errorf("appendFold(%q) = %q, want %q", s, got, want)
		}
	})
}

func FuzzMatchTokens(f *testing.F) {
	f.Add("the Take - shima islands / of Côte d'Ivoire")
	f.Add("- - the The U.S.A. ' s")
	g := load(f)
	f.Fuzz(func(t *testing.T, s string) {
		tokens := strings.Fields(s)
		if ms, n := g.MatchTokens(tokens); n < 0 || n > len(tokens) || (n > 0) != (len(ms) > 0) {
			t.Errorf("MatchTokens(%q) = %d readings, %d tokens", tokens, len(ms), n)
		}
		if _, n := g.MatchOffice(tokens); n < 0 || n > len(tokens) {
			t.Errorf("MatchOffice(%q) takes %d tokens", tokens, n)
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(data.FS); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMatchTokens(b *testing.B) {
	g := load(b)
	tokens := strings.Fields("Japan and the United Kingdom said on Monday that South Korea claims the Falkland Islands and Take-shima in the Sea of Japan")
	b.ReportAllocs()
	for b.Loop() {
		for i := range tokens {
			g.MatchTokens(tokens[i:])
		}
	}
}

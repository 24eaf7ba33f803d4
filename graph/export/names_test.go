package export

import (
	"strings"
	"testing"
)

func TestFileNames(t *testing.T) {
	taken := fileNames{}
	for _, test := range [][3]string{
		{"Japan", "State", "Japan"}, {"JAPAN", "Person", "JAPAN (Person)"}, {"japan", "Person", "japan (Person 2)"},
		{`a/b\c:d*e?"f"<g>|h#i^j[k]`, "Thing", "a b c d e f g h i j k"}, {" . ", "Thing", "Thing"}, {"", "Thing", " (Thing)"},
	} {
		got := taken.of(test[0], test[1])
		if got != test[2] && strings.TrimSpace(got) != strings.TrimSpace(test[2]) {
			t.Errorf("%q: %q, want %q", test[0], got, test[2])
		}
	}
	if got := taken.of(strings.Repeat("島", 100), "Territory"); len(got) > 120 || !strings.HasPrefix(got, "島") {
		t.Errorf("a long name: %q", got)
	}
}

func TestEscapes(t *testing.T) {
	for _, test := range []struct{ name, got, want string }{
		{"Mermaid", quoteMermaid("a \"b\" <c> #1\n`x`"), `"a #34;b#34; #60;c#62; #35;1 #96;x#96;"`},
		{"PlantUML", escapePlantUML("**a** \"b\"\n-- 独島"), "<U+002A><U+002A>a<U+002A><U+002A> <U+0022>b<U+0022> <U+002D><U+002D> 独島"},
		{"Markdown", escapeMarkdown("[[a]] *b*\n# c"), `\[\[a\]\] \*b\* \# c`},
		{"Cypher", cypherName("a`b"), "`a``b`"},
		{"Cypher type", cypherType("partyTo"), "PARTY_TO"},
	} {
		if test.got != test.want {
			t.Errorf("%s: %s, want %s", test.name, test.got, test.want)
		}
	}
}

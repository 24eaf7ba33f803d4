package export

import (
	"slices"
	"strings"
	"testing"
)

func TestLookup(t *testing.T) {
	for name, want := range map[string]string{
		"nquads": "nquads", ".ttl": "turtle", ".JSONLD": "jsonld", "application/n-quads": "nquads",
		"text/turtle; charset=utf-8": "turtle", ".nodes.csv": "csv-nodes", "text/csv": "csv",
	} {
		if f, err := Lookup(name); err != nil || f.Name != want {
			t.Errorf("%s: %s, %v, want %s", name, f.Name, err, want)
		}
	}
	for _, name := range []string{"", "rdf", ".gif"} {
		if f, err := Lookup(name); err == nil || !strings.Contains(err.Error(), "graphml") {
			t.Errorf("%q: %s, %v", name, f.Name, err)
		}
	}
}

func TestFormats(t *testing.T) {
	var names, extensions, types []string
	for _, f := range Formats() {
		names, extensions, types = append(names, f.Name), append(extensions, f.Extension), append(types, f.MIME)
		if f.Description == "" || !strings.HasPrefix(f.Extension, ".") {
			t.Errorf("%+v", f)
		}
	}
	for _, list := range [][]string{names, extensions, types} {
		sorted := slices.Sorted(slices.Values(list))
		if len(slices.Compact(sorted)) != len(list) {
			t.Errorf("something is there twice: %v", list)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("not sorted: %v", names)
	}
}

func TestQuoting(t *testing.T) {
	if got := quoteDOT("a \"b\" \\ c\nd\xff"); got != `"a \"b\" \\ c d`+"\uFFFD"+`"` {
		t.Errorf("DOT: %s", got)
	}
	if got := quoteJSON("<a> & \"b\"\n"); got != `"<a> & \"b\"\n"` {
		t.Errorf("JSON: %s", got)
	}
	if got := escapeXML("<a> & \x01"); got != "&lt;a&gt; &amp; \uFFFD" {
		t.Errorf("XML: %s", got)
	}
}

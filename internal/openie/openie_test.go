package openie

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/schema"
)

// TestExtract reads clauses of each shape that the baseline knows, and says
// nothing where there is none.
func TestExtract(t *testing.T) {
	models, err := fs.Sub(data.FS, "models")
	if err != nil {
		t.Fatal(err)
	}
	p, err := nlp.Load(models)
	if err != nil {
		t.Fatal(err)
	}
	x := New(p)
	for _, test := range []struct{ text, country, want string }{
		{"Japan claims the southern Kuril Islands.", "", "Japan claims southern Kuril Islands"},
		{"Japan and China claim the islands.", "", "China claims islands; Japan claims islands"},
		{"The islands are administered by Japan.", "", "Japan administers islands"},
		{"China does not recognize Taiwan.", "", "not China recognizes Taiwan"},
		{"Spain ceded Florida to the United States.", "", "Florida transferredTo United States"},
		{"The islands were returned to Argentina.", "", "islands transferredTo Argentina"},
		{"Chile negotiates with Bolivia.", "", "Chile negotiatesWith Bolivia"},
		{"Claims the Falkland Islands.", "Argentina", "Argentina claims Falkland Islands"},
		{"They claim it.", "", ""},
		{"Japan likes the islands.", "", ""},
	} {
		facts, err := x.Extract(t.Context(), &schema.Document{ID: "d", Text: test.text, Country: test.country})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range facts {
			s := f.Subject.Name + " " + string(f.Predicate) + " " + f.Object.Name
			if f.Negated {
				s = "not " + s
			}
			got = append(got, s)
		}
		if diff := cmp.Diff(test.want, strings.Join(got, "; ")); diff != "" {
			t.Errorf("%s: %s", test.text, diff)
		}
	}
}

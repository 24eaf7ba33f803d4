package extract

import (
	"sync"
	"testing"

	"github.com/demarcgraph/demarc/extract/rule"
)

// shipped is the extractor over the data that ships with demarc.
var shipped = sync.OnceValues(func() (*Extractor, error) { return New() })

func newExtractor(t testing.TB) *Extractor {
	t.Helper()
	x, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestRuleExamples reads every example of every rule and finds the facts that
// it lists, and none that it rules out.
func TestRuleExamples(t *testing.T) {
	x := newExtractor(t)
	for _, r := range x.Rules().Rules() {
		t.Run(r.ID, func(t *testing.T) {
			if len(r.Examples) == 0 {
				t.Error("the rule has no example")
			}
			for i := range r.Examples {
				e := &r.Examples[i]
				if e.Text == "" || len(e.Facts) == 0 && len(e.Not) == 0 {
					t.Errorf("example %d (%q) shows nothing: give it facts or not", i+1, e.Text)
					continue
				}
				checkExample(t, x, e)
			}
		})
	}
}

// checkExample fails where the extractor does not read an example as it says.
func checkExample(t *testing.T, x *Extractor, e *rule.Example) {
	t.Helper()
	doc, err := e.Document()
	if err != nil {
		t.Fatal(err)
	}
	facts, err := x.Extract(t.Context(), doc)
	if err != nil {
		t.Fatal(err)
	}
	diff := e.Check(facts)
	if len(diff) == 0 {
		return
	}
	t.Errorf("%s", e.Text)
	for _, d := range diff {
		t.Errorf("    %s", d)
	}
	for i := range facts {
		t.Logf("    found %s <%s>", facts[i].String(), facts[i].Rule)
	}
}

package export

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// LeftOut is what [Rank] kept out of a selection: never silently, whoever
// exports is told, and the file says it where its format has a place for it.
type LeftOut struct {
	Nodes   int `json:"nodes"`   // nodes left out …
	OfNodes int `json:"ofNodes"` // … of how many that were selected
	Facts   int `json:"facts"`
	OfFacts int `json:"ofFacts"`
}

// IsZero reports whether nothing was left out.
func (l LeftOut) IsZero() bool { return l.Nodes == 0 && l.Facts == 0 }

// String is a sentence for people without its full stop, or "" if nothing was
// left out.
func (l LeftOut) String() string {
	if l.IsZero() {
		return ""
	}
	return fmt.Sprintf("left out, as of the lowest rank: %d of %d nodes and %d of %d facts", l.Nodes, l.OfNodes, l.Facts, l.OfFacts)
}

// writeComment says what was left out, in the formats whose comments begin with
// a number sign.
func writeComment(w *writer, src Source) {
	if left := src.LeftOut(); !left.IsZero() {
		w.text("# ", left.String(), "\n")
	}
}

// Rank keeps the most nodes of the highest rank, and the facts whose two sides
// are both kept, in their order. A node ranks by its steps from where the
// selection began, then by how many facts it is a side of, then by its key, so
// that the same facts always give the same cut. Names that documents give are
// no nodes and go with what they name. No limit is 0; nil steps are all the same.
func Rank(facts []schema.Fact, steps map[string]int, most int) ([]schema.Fact, LeftOut) {
	if most == 0 {
		return facts, LeftOut{}
	}
	degree := map[string]int{}
	for i := range facts {
		f := &facts[i]
		if isName(f) {
			degree[f.Subject.Key()] += 0 // a node, but not linked by this
			continue
		}
		degree[f.Subject.Key()]++
		degree[f.Object.Key()]++
	}
	keys := slices.SortedFunc(maps.Keys(degree), func(a, b string) int {
		return cmp.Or(cmp.Compare(steps[a], steps[b]), cmp.Compare(degree[b], degree[a]), strings.Compare(a, b))
	})
	if len(keys) <= most {
		return facts, LeftOut{}
	}
	kept := map[string]bool{}
	for _, k := range keys[:most] {
		kept[k] = true
	}
	var out []schema.Fact
	drawn := map[string]bool{} // a node that lost all its facts goes too
	for i := range facts {
		f := &facts[i]
		if kept[f.Subject.Key()] && (isName(f) || kept[f.Object.Key()]) {
			out = append(out, *f)
			drawn[f.Subject.Key()] = true
			if !isName(f) {
				drawn[f.Object.Key()] = true
			}
		}
	}
	return out, LeftOut{len(keys) - len(drawn), len(keys), len(facts) - len(out), len(facts)}
}

// isName reports whether f says no more than a name, which is shown with what
// it names and not as a node.
func isName(f *schema.Fact) bool {
	return f.Predicate == schema.AlsoKnownAs && f.Object.Class == schema.Literal
}

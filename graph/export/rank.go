package export

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// LeftOut is what [Choose] kept out of a selection: never silently, whoever
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

// Rank keeps of facts what [Choose] does.
func Rank(facts []schema.Fact, steps map[string]int, mostNodes, mostFacts int) ([]schema.Fact, LeftOut) {
	if mostNodes == 0 && mostFacts == 0 {
		return facts, LeftOut{}
	}
	links := make([]Link, len(facts))
	for i := range facts {
		f := &facts[i]
		links[i] = Link{f.Subject.Key(), f.Object.Key(), isName(f)}
	}
	kept, left := Choose(links, steps, mostNodes, mostFacts)
	if left.IsZero() {
		return facts, left
	}
	out := make([]schema.Fact, len(kept))
	for i, k := range kept {
		out[i] = facts[k]
	}
	return out, left
}

// Link is what [Choose] has to know of a fact: the keys of its sides, see
// [schema.Entity.Key], and whether it says no more than a name of the first.
type Link struct {
	Source, Target string
	Name           bool
}

// Choose keeps the nodes of the highest rank, and of the facts between them at most
// so many; no limit is 0. It returns the indices of the facts that are kept, in
// their order.
//
// A node ranks by its steps from where the selection began, then by how many facts
// it is a side of, then by its key, so that the same facts always give the same
// cut. Names that documents give are no nodes and go with what they name. Nil steps
// are all the same. Of facts, each two nodes keep one before any keep another,
// those of the highest rank first, and names come last. A node that loses all its
// facts goes too.
func Choose(links []Link, steps map[string]int, mostNodes, mostFacts int) (kept []int, left LeftOut) {
	degree := map[string]int{}
	for _, l := range links {
		if l.Name {
			degree[l.Source] += 0 // a node, but not linked by this
			continue
		}
		degree[l.Source]++
		degree[l.Target]++
	}
	keys := slices.SortedFunc(maps.Keys(degree), func(a, b string) int {
		return cmp.Or(cmp.Compare(steps[a], steps[b]), cmp.Compare(degree[b], degree[a]), strings.Compare(a, b))
	})
	rank := map[string]int{} // of those that are kept
	for i, k := range keys {
		if mostNodes == 0 || i < mostNodes {
			rank[k] = i
		}
	}
	type between struct{ index, nth, lower, higher int }
	var found []between
	times := map[[2]int]int{}
	for i, l := range links {
		a, ok := rank[l.Source]
		if !ok {
			continue
		}
		b := a
		if !l.Name {
			if b, ok = rank[l.Target]; !ok {
				continue
			}
		}
		pair := [2]int{max(a, b), min(a, b)}
		if l.Name {
			pair = [2]int{len(keys), a}
		}
		found = append(found, between{i, times[pair], pair[0], pair[1]})
		times[pair]++
	}
	if mostFacts > 0 && len(found) > mostFacts {
		slices.SortStableFunc(found, func(a, b between) int {
			if names := cmp.Compare(a.lower/len(keys), b.lower/len(keys)); names != 0 {
				return names
			}
			return cmp.Or(cmp.Compare(a.nth, b.nth), cmp.Compare(a.lower, b.lower), cmp.Compare(a.higher, b.higher))
		})
		found = found[:mostFacts]
		slices.SortFunc(found, func(a, b between) int { return a.index - b.index })
	}
	drawn := map[string]bool{}
	for _, f := range found {
		l := links[f.index]
		kept = append(kept, f.index)
		drawn[l.Source] = true
		if !l.Name {
			drawn[l.Target] = true
		}
	}
	return kept, LeftOut{len(keys) - len(drawn), len(keys), len(links) - len(kept), len(links)}
}

// PlaceLink is what [ChoosePlaces] has to know of a fact.
type PlaceLink struct {
	Link
	Predicate                schema.Predicate
	SourcePlace, TargetPlace bool // whether the sides are places
}

// Shown reports whether maps say of a place that the fact is so.
func (l *PlaceLink) Shown() bool {
	switch l.Predicate {
	case schema.Claims, schema.Administers, schema.Seized, schema.TransferredTo:
		return true
	}
	return false
}

// ChoosePlaces keeps of facts what a map shows: every place that some fact links,
// and of the facts that maps tell at most so many; no limit is 0. As with [Choose],
// each two nodes keep one of a predicate before any keep another. It returns the
// indices of the facts that are kept, in their order.
func ChoosePlaces(links []PlaceLink, mostFacts int) (kept []int, left LeftOut) {
	type relation struct {
		predicate      schema.Predicate
		source, target string
	}
	type shown struct{ index, nth int }
	var found []shown
	times := map[relation]int{}
	for i := range links {
		l := &links[i]
		if l.Shown() {
			r := relation{l.Predicate, l.Source, l.Target}
			found = append(found, shown{i, times[r]})
			times[r]++
		}
	}
	of := len(found)
	if mostFacts > 0 && len(found) > mostFacts {
		slices.SortStableFunc(found, func(a, b shown) int { return a.nth - b.nth })
		found = found[:mostFacts]
	}
	linked := map[string]bool{} // places
	keep := func(i int) {
		kept = append(kept, i)
		if l := &links[i]; l.SourcePlace {
			linked[l.Source] = true
		}
		if l := &links[i]; l.TargetPlace {
			linked[l.Target] = true
		}
	}
	for _, f := range found {
		keep(f.index)
	}
	for i := range links {
		if l := &links[i]; l.SourcePlace && !linked[l.Source] || l.TargetPlace && !linked[l.Target] {
			keep(i) // one fact that links it will do
		}
	}
	slices.Sort(kept)
	nodes := map[string]bool{}
	for i := range links {
		nodes[links[i].Source], nodes[links[i].Target] = true, true
	}
	return slices.Compact(kept), LeftOut{0, len(nodes), of - len(found), of}
}

// RankPlaces keeps of facts what [ChoosePlaces] does.
func RankPlaces(facts []schema.Fact, mostFacts int) ([]schema.Fact, LeftOut) {
	links := make([]PlaceLink, len(facts))
	for i := range facts {
		f := &facts[i]
		links[i] = PlaceLink{Link{f.Subject.Key(), f.Object.Key(), isName(f)}, f.Predicate, f.Subject.Class.Is(schema.Place), f.Object.Class.Is(schema.Place)}
	}
	kept, left := ChoosePlaces(links, mostFacts)
	out := make([]schema.Fact, len(kept))
	for i, k := range kept {
		out[i] = facts[k]
	}
	return out, left
}

// isName reports whether f says no more than a name, which is shown with what
// it names and not as a node.
func isName(f *schema.Fact) bool {
	return f.Predicate == schema.AlsoKnownAs && f.Object.Class == schema.Literal
}

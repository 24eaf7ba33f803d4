package query

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// Archive is a [Reader] that lists its documents.
type Archive interface {
	Reader
	// Documents yields what is known of every document, sorted by ID.
	Documents(ctx context.Context) iter.Seq2[schema.DocumentInfo, error]
}

// Edition is the documents of one time.
type Edition struct {
	Date schema.Date `json:"date"` // when they were published
	Docs []string    `json:"docs"` // their IDs, sorted
}

// Changes are what one edition tells otherwise than another. Facts come in the
// order of the documents, their evidence from the edition's own.
type Changes struct {
	New      []schema.Fact `json:"new"`      // only told after
	Gone     []schema.Fact `json:"gone"`     // only told before
	Changed  []Change      `json:"changed"`  // of the same things, but not the same
	Reworded []Change      `json:"reworded"` // the same, in other words
	Same     int           `json:"same"`     // facts told both times, reworded ones among them
}

// Quiet reports whether nothing is told otherwise, not even in other words.
func (c *Changes) Quiet() bool {
	return len(c.New)+len(c.Gone)+len(c.Changed)+len(c.Reworded) == 0
}

// LeftOut is how much of each kind of changes a limit kept out.
type LeftOut struct {
	New      int `json:"new"`
	Gone     int `json:"gone"`
	Changed  int `json:"changed"`
	Reworded int `json:"reworded"`
}

// Limit keeps at most so many changes of each kind, the first.
func (c *Changes) Limit(most int) (left LeftOut) {
	left = LeftOut{max(0, len(c.New)-most), max(0, len(c.Gone)-most), max(0, len(c.Changed)-most), max(0, len(c.Reworded)-most)}
	c.New, c.Gone = c.New[:min(most, len(c.New))], c.Gone[:min(most, len(c.Gone))]
	c.Changed, c.Reworded = c.Changed[:min(most, len(c.Changed))], c.Reworded[:min(most, len(c.Reworded))]
	return left
}

// Change is a fact as it was told before and after.
type Change struct {
	Before schema.Fact `json:"before"`
	After  schema.Fact `json:"after"`
	What   []Aspect    `json:"what"` // none of a fact that is only in other words
}

// Aspect is one thing that a fact says otherwise than before. Before or After is
// "" where nothing is said.
type Aspect struct {
	Name   string `json:"name"` // a role, or "modality", "polarity" or "according to"
	Before string `json:"before"`
	After  string `json:"after"`
}

// Difference is what two editions tell otherwise.
type Difference struct {
	From Edition `json:"from"`
	To   Edition `json:"to"`
	Changes

	// Turned is when a document last told what is gone before the later edition,
	// and first told what is new after the earlier one, by the facts' IDs.
	Turned map[string]schema.Date `json:"turned"`
}

// NoEditionError says that no document was published at a date.
type NoEditionError struct {
	Date          schema.Date
	Before, After schema.Date // the nearest documents' dates, zero for none
}

func (e *NoEditionError) Error() string {
	msg := "no document was published in " + e.Date.String()
	switch {
	case e.Before.IsZero() && e.After.IsZero():
		return msg + ": no document has a date"
	case e.Before.IsZero():
		return msg + ": the first is of " + e.After.String()
	case e.After.IsZero():
		return msg + ": the last is of " + e.Before.String()
	}
	return msg + ": the nearest are of " + e.Before.String() + " and " + e.After.String()
}

// Diff compares what the documents published at two dates tell: those of each
// day, month or year, or, if known is true, all that had been published by the
// end of it. It fails with a [NoEditionError] where there are none. scope.KnownAt
// and scope.Docs do not count.
func Diff(ctx context.Context, r Archive, from, to schema.Date, known bool, scope Scope) (Difference, error) {
	var d Difference
	dated, err := datedDocuments(ctx, r)
	if err != nil {
		return d, err
	}
	var facts [2][]schema.Fact
	for i, side := range []struct {
		date    schema.Date
		edition *Edition
	}{{from, &d.From}, {to, &d.To}} {
		*side.edition = Edition{Date: side.date}
		for _, doc := range dated {
			if known && doc.Date.Published(side.date) || !known && !apart(doc.Date, side.date) {
				side.edition.Docs = append(side.edition.Docs, doc.ID)
			}
		}
		if len(side.edition.Docs) == 0 {
			return d, noEdition(dated, side.date)
		}
		slices.Sort(side.edition.Docs)
		if facts[i], err = told(ctx, r, scope, side.edition.Docs); err != nil {
			return d, err
		}
	}
	d.Changes = compare(facts[0], facts[1])
	return d, d.turn(ctx, r, dated, scope)
}

// turn fills in when what is gone was last told, and what is new first.
func (d *Difference) turn(ctx context.Context, r Archive, dated []schema.DocumentInfo, scope Scope) error {
	d.Turned = map[string]schema.Date{}
	gone, fresh := map[string]bool{}, map[string]bool{}
	for i := range d.Gone {
		gone[d.Gone[i].ID()] = true
	}
	for i := range d.New {
		fresh[d.New[i].ID()] = true
	}
	if len(gone)+len(fresh) == 0 {
		return nil
	}
	var between []string
	date := map[string]schema.Date{}
	for _, doc := range dated {
		if doc.Date.Last().Compare(d.From.Date.First()) >= 0 && doc.Date.First().Compare(d.To.Date.Last()) <= 0 {
			between = append(between, doc.ID)
			date[doc.ID] = doc.Date
		}
	}
	slices.Sort(between)
	facts, err := told(ctx, r, scope, between)
	for i := range facts {
		id := facts[i].ID()
		for _, ev := range facts[i].Evidence {
			when, known := d.Turned[id]
			switch told := date[ev.Doc]; {
			case gone[id] && (!known || told.Compare(when) > 0), fresh[id] && (!known || told.Compare(when) < 0):
				d.Turned[id] = told
			}
		}
	}
	return err
}

// datedDocuments returns the documents that have a date, in its order.
func datedDocuments(ctx context.Context, r Archive) (docs []schema.DocumentInfo, err error) {
	for doc, err := range r.Documents(ctx) {
		if err != nil {
			return nil, err
		}
		if !doc.Date.IsZero() {
			docs = append(docs, doc)
		}
	}
	slices.SortStableFunc(docs, func(a, b schema.DocumentInfo) int { return a.Date.Compare(b.Date) })
	return docs, ctx.Err()
}

func noEdition(dated []schema.DocumentInfo, at schema.Date) error {
	e := &NoEditionError{Date: at}
	for _, doc := range dated {
		if doc.Date.Last().Compare(at.First()) < 0 {
			e.Before = doc.Date
		} else if e.After.IsZero() {
			e.After = doc.Date
		}
	}
	return e
}

// told returns the facts that some documents tell, with evidence from these
// documents only.
func told(ctx context.Context, r Reader, scope Scope, docs []string) (facts []schema.Fact, err error) {
	scope.KnownAt, scope.Docs = schema.Date{}, docs
	for f, err := range scope.Facts(ctx, r) {
		if err != nil {
			return nil, err
		}
		f.Evidence = slices.DeleteFunc(slices.Clone(f.Evidence), func(ev schema.Evidence) bool {
			_, found := slices.BinarySearch(docs, ev.Doc)
			return !found
		})
		facts = append(facts, f)
	}
	schema.SortFacts(facts)
	return facts, ctx.Err()
}

// triple is what a fact is about, whatever it says of it.
type triple struct {
	subject   string
	predicate schema.Predicate
	object    string
}

func tripleOf(f *schema.Fact) triple {
	s, o := f.Subject.Key(), f.Object.Key()
	if f.Predicate.Symmetric() && o < s {
		s, o = o, s
	}
	return triple{s, f.Predicate, o}
}

// compare finds what is told otherwise after than before. What neither tells as
// it was is paired where both are of the same things, those that differ in least
// first; two acts of different dates are two acts.
func compare(before, after []schema.Fact) Changes {
	c := Changes{New: []schema.Fact{}, Gone: []schema.Fact{}, Changed: []Change{}, Reworded: []Change{}}
	was := map[string]*schema.Fact{}
	for i := range before {
		was[before[i].ID()] = &before[i]
	}
	open := map[triple][]*schema.Fact{} // told after, and not before
	paired := map[*schema.Fact]bool{}
	for i := range after {
		f := &after[i]
		old := was[f.ID()]
		if old == nil {
			open[tripleOf(f)] = append(open[tripleOf(f)], f)
			continue
		}
		paired[old], paired[f] = true, true
		c.Same++
		if reworded(old, f) {
			c.Reworded = append(c.Reworded, Change{*old, *f, []Aspect{}})
		}
	}
	type pair struct {
		old, new *schema.Fact
		what     []Aspect
	}
	var pairs []pair
	for i := range before {
		old := &before[i]
		if paired[old] {
			continue
		}
		for _, f := range open[tripleOf(old)] {
			if !slices.Contains(acts(), f.Predicate) || !apart(old.Time.Date, f.Time.Date) {
				pairs = append(pairs, pair{old, f, aspects(old, f)})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(len(a.what), len(b.what)) })
	changed := map[*schema.Fact]Change{} // by the fact told after
	for _, p := range pairs {
		if !paired[p.old] && !paired[p.new] {
			paired[p.old], paired[p.new] = true, true
			changed[p.new] = Change{*p.old, *p.new, p.what}
		}
	}
	for i := range before {
		if !paired[&before[i]] {
			c.Gone = append(c.Gone, before[i])
		}
	}
	for i := range after {
		f := &after[i]
		if change, ok := changed[f]; ok {
			c.Changed = append(c.Changed, change)
		} else if !paired[f] {
			c.New = append(c.New, *f)
		}
	}
	return c
}

// reworded reports whether no passage of the one fact has the words of one of
// the other. A passage that only says more besides is in the same words.
func reworded(a, b *schema.Fact) bool {
	for _, x := range a.Evidence {
		for _, y := range b.Evidence {
			was, is := schema.Fold(x.Text), schema.Fold(y.Text)
			if strings.Contains(was, is) || strings.Contains(is, was) {
				return false
			}
		}
	}
	return true
}

// aspects lists what two facts of the same things say otherwise.
func aspects(a, b *schema.Fact) []Aspect {
	list := []Aspect{}
	add := func(name, before, after string) {
		if before != after {
			list = append(list, Aspect{name, before, after})
		}
	}
	polarity := func(f *schema.Fact) string {
		if f.Negated {
			return "denied"
		}
		return "affirmed"
	}
	add("polarity", polarity(a), polarity(b))
	add("modality", string(cmp.Or(a.Modality, schema.Asserted)), string(cmp.Or(b.Modality, schema.Asserted)))
	add("according to", a.AttributedTo.Name, b.AttributedTo.Name)
	add(string(schema.RoleDate), a.Time.Date.String(), b.Time.Date.String())
	add(string(schema.RoleSince), a.Time.Since.String(), b.Time.Since.String())
	add(string(schema.RoleUntil), a.Time.Until.String(), b.Time.Until.String())
	values := func(f *schema.Fact) map[schema.Role]string {
		byRole := map[schema.Role][]string{}
		for _, q := range f.Qualifiers {
			byRole[q.Role] = append(byRole[q.Role], q.Value.Name)
		}
		joined := map[schema.Role]string{}
		for role, names := range byRole {
			joined[role] = strings.Join(names, ", ")
		}
		return joined
	}
	x, y := values(a), values(b)
	both := maps.Clone(x)
	maps.Copy(both, y)
	for _, role := range slices.Sorted(maps.Keys(both)) {
		add(string(role), x[role], y[role])
	}
	return list
}

// Chapter is an edition and what it tells otherwise than those before it.
type Chapter struct {
	Edition
	Publishers []string `json:"publishers"` // of its documents, sorted
	Changes
}

// History tells how what documents say has changed from year to year: one
// chapter for each year of which there are documents. Gone is what every
// publisher that told it last has left out of what it published that year; who
// publishes nothing takes nothing back. Facts without a dated document have no
// place in it. scope.KnownAt ends it; scope.Docs does not count.
func History(ctx context.Context, r Archive, scope Scope) ([]Chapter, error) {
	var chapters []Chapter
	for c, err := range EachChapter(ctx, r, scope) {
		if err != nil {
			return nil, err
		}
		chapters = append(chapters, c)
	}
	return chapters, ctx.Err()
}

// EachChapter yields the chapters of a [History], each as soon as its documents
// have been read.
func EachChapter(ctx context.Context, r Archive, scope Scope) iter.Seq2[Chapter, error] {
	return func(yield func(Chapter, error) bool) {
		chapters, publisher, err := contents(ctx, r, scope)
		if err != nil {
			yield(Chapter{}, err)
			return
		}
		var standing []schema.Fact // as last told
		for _, c := range chapters {
			speaking := map[string]bool{}
			for _, doc := range c.Docs {
				speaking[publisher[doc]] = true
			}
			now, err := told(ctx, r, scope, c.Docs)
			if err != nil {
				yield(Chapter{}, err)
				return
			}
			// Who is silent still says what it said.
			said := map[string]bool{}
			for k := range now {
				said[now[k].ID()] = true
			}
			var before, silent []schema.Fact
			for _, f := range standing {
				if said[f.ID()] || !slices.ContainsFunc(f.Evidence, func(ev schema.Evidence) bool { return !speaking[publisher[ev.Doc]] }) {
					before = append(before, f)
				} else {
					silent = append(silent, f)
				}
			}
			c.Changes = compare(before, now)
			standing = append(silent, now...)
			if !yield(c, nil) {
				return
			}
		}
	}
}

// contents returns the chapters of a history, still without what they tell, and
// the publisher of each document, without what tells its editions apart.
func contents(ctx context.Context, r Archive, scope Scope) (chapters []Chapter, publisher map[string]string, err error) {
	dated, err := datedDocuments(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	publisher = map[string]string{}
	for _, doc := range dated {
		if !scope.KnownAt.IsZero() && !doc.Date.Published(scope.KnownAt) {
			continue
		}
		year := schema.Year(doc.Date.First().Year)
		if n := len(chapters); n == 0 || chapters[n-1].Date != year {
			chapters = append(chapters, Chapter{Edition: Edition{Date: year}})
		}
		c := &chapters[len(chapters)-1]
		c.Docs = append(c.Docs, doc.ID)
		if doc.Publisher != "" {
			c.Publishers = append(c.Publishers, doc.Publisher)
		}
		publisher[doc.ID] = series(doc.Publisher)
	}
	for i := range chapters {
		c := &chapters[i]
		slices.Sort(c.Docs)
		slices.Sort(c.Publishers)
		c.Publishers = slices.Compact(c.Publishers)
	}
	return chapters, publisher, nil
}

// Alike gathers facts that differ in their objects only and are told in the same
// passages, such as a state's claims to four islands named in one sentence. The
// groups come in the order of their first facts.
func Alike(facts []schema.Fact) [][]schema.Fact {
	at := map[string]int{}
	var groups [][]schema.Fact
	for _, f := range facts {
		same := f
		same.Object = schema.Entity{}
		key := fmt.Sprint(same.ID(), f.Object.Class == schema.Literal, f.Evidence)
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], f)
	}
	return groups
}

// Lane is facts that share a line of a drawn timeline: alike but for their
// objects, and of the same times.
type Lane struct {
	Facts []schema.Fact `json:"facts"`
	Spans []schema.Time `json:"spans"` // in their order
}

// Lanes lays out facts by when they happened or held, those that begin first
// above.
func Lanes(facts []schema.Fact) []Lane {
	spans := map[string][]schema.Time{}
	for i := range facts {
		spans[facts[i].ID()] = []schema.Time{facts[i].Time}
	}
	return lanes(facts, spans)
}

// ToldLanes lays out the facts of a history by when documents told them. A span
// without an end goes on to the last chapter.
func ToldLanes(chapters []Chapter) []Lane {
	var facts []schema.Fact
	spans := map[string][]schema.Time{}
	begin := func(f *schema.Fact, at schema.Date) {
		id := f.ID()
		if spans[id] == nil {
			facts = append(facts, *f)
		}
		spans[id] = append(spans[id], schema.Time{Since: at})
	}
	end := func(f *schema.Fact, at schema.Date) {
		if list := spans[f.ID()]; len(list) > 0 {
			list[len(list)-1].Until = at
		}
	}
	for i := range chapters {
		c := &chapters[i]
		for k := range c.Gone {
			end(&c.Gone[k], chapters[i-1].Date)
		}
		for k := range c.Changed {
			end(&c.Changed[k].Before, chapters[i-1].Date)
			begin(&c.Changed[k].After, c.Date)
		}
		for k := range c.New {
			begin(&c.New[k], c.Date)
		}
	}
	return lanes(facts, spans)
}

// lanes puts facts that are alike but for their objects and have the same spans
// into one lane. Lanes come by their first span.
func lanes(facts []schema.Fact, spans map[string][]schema.Time) []Lane {
	at := map[string]int{}
	var list []Lane
	for _, f := range facts {
		when := spans[f.ID()]
		same := f
		same.Object = schema.Entity{}
		key := fmt.Sprint(same.ID(), f.Object.Class == schema.Literal, when)
		i, ok := at[key]
		if !ok {
			i = len(list)
			at[key] = i
			list = append(list, Lane{Spans: when})
		}
		list[i].Facts = append(list[i].Facts, f)
	}
	slices.SortStableFunc(list, func(a, b Lane) int { return a.Spans[0].Compare(b.Spans[0]) })
	return list
}

// Years returns the first and the last year that lanes speak of, and at least
// those of the given dates.
func Years(lanes []Lane, dates ...schema.Date) (first, last int) {
	first, last = 9999, 0
	lanes = append(slices.Clone(lanes), Lane{})
	for _, d := range dates {
		lanes[len(lanes)-1].Spans = append(lanes[len(lanes)-1].Spans, schema.Time{Date: d})
	}
	for _, lane := range lanes {
		for _, when := range lane.Spans {
			for _, d := range []schema.Date{when.Date, when.Since, when.Until} {
				if !d.IsZero() {
					first, last = min(first, d.First().Year), max(last, d.Last().Year)
				}
			}
		}
	}
	return first, max(first, last)
}

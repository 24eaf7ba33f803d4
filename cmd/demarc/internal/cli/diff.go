package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

type diffOptions struct {
	f        *Factory
	about    string
	from, to schema.Date
	known    bool
	json     bool
	scopeOptions
}

func newDiffCmd(f *Factory, runF func(context.Context, *diffOptions) error) *cobra.Command {
	opts := &diffOptions{f: f}
	cmd := &cobra.Command{
		Use:   "diff --from DATE --to DATE [ENTITY]",
		Short: "Tell what documents of two times say otherwise",
		Long: doc(`
			Compare what the documents published at one date say with what those of
			another do: what is said no longer, what is new, what is said of the same
			things but otherwise (since when, with which status, who says so), and what is
			the same in other words, each with the passages.

			A date is a day, a month or a year: a year compares all that was published in
			it. With --known everything published by the end of it counts.

			In a pipe, each line has the kind of change, the date, the fact's ID, the
			fact, how it is put forward, what changed, document, line and passage.`),
		Example: doc(`
			$ demarc diff --from 1990 --to 2023
			$ demarc diff --from 1990 --to 2023 --known Shikotan`),
		Args:              args(cobra.ArbitraryArgs),
		ValidArgsFunction: f.completeEntity,
		RunE: func(cmd *cobra.Command, words []string) error {
			opts.about = strings.Join(words, " ")
			if opts.from.IsZero() || opts.to.IsZero() {
				return usagef("what is to be compared? Say with --from DATE and --to DATE")
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return diffRun(cmd.Context(), opts)
		},
	}
	addDateFlag(cmd, &opts.from, "from", "the earlier `date`")
	addDateFlag(cmd, &opts.to, "to", "the later `date`")
	cmd.Flags().BoolVar(&opts.known, "known", false, "compare all that was known by each date, not only what was published at it")
	addDateFlag(cmd, &opts.asOf, "as-of", "only what may have held on a `date`")
	addViewFlag(f, cmd, &opts.view)
	addJSONFlag(cmd, &opts.json)
	return cmd
}

func diffRun(ctx context.Context, opts *diffOptions) (err error) {
	f := opts.f
	g, err := f.ReadGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	scope, err := opts.scope(ctx, g)
	if err != nil {
		return err
	}
	if opts.about != "" {
		if scope.About, err = resolve(ctx, g, opts.about); err != nil {
			return err
		}
	}
	d, err := query.Diff(ctx, g, opts.from, opts.to, opts.known, scope)
	var none *query.NoEditionError
	if errors.As(err, &none) {
		return nothingError(err.Error())
	}
	if err != nil {
		return err
	}
	if opts.json {
		return f.writeJSON(d)
	}
	p := &changePrinter{f: f, ctx: ctx, docs: newSources(g), w: &errWriter{w: f.Out}, turned: d.Turned}
	if f.OutTTY {
		p.w.printf("%s\n", f.paint(bold, fmt.Sprintf("From %s (%s) to %s (%s)", d.From.Date, count(len(d.From.Docs), "document"),
			d.To.Date, count(len(d.To.Docs), "document"))))
	}
	return p.changes(&d.Changes, d.From.Date, d.To.Date)
}

// changePrinter prints what documents tell otherwise than others: on a terminal
// for people to read, elsewhere one line for each fact.
type changePrinter struct {
	f    *Factory
	ctx  context.Context
	docs *sources
	w    *errWriter

	turned map[string]schema.Date // see [query.Difference]
}

// told is something said in words, with the passages that prove it.
type told struct {
	text   string
	proofs []proof
}

// proof is a passage, with what it stands for where there are two.
type proof struct {
	as string
	ev schema.Evidence
}

// changes prints changes by their kind.
func (p *changePrinter) changes(c *query.Changes, from, to schema.Date) error {
	if !p.f.OutTTY {
		return p.lines(c, from, to)
	}
	for _, part := range []struct {
		title string
		told  []told
	}{
		{"No longer said", p.facts(c.Gone, "last said")}, {"New", p.facts(c.New, "first said")}, {"Changed", changes(c.Changed)},
		{"Said in other words", changes(c.Reworded)},
	} {
		if len(part.told) == 0 {
			continue
		}
		p.w.printf("\n%s\n", p.f.paint(heading, part.title))
		if err := p.print(part.told, "  "); err != nil {
			return err
		}
	}
	if n := c.Same - len(c.Reworded); n > 0 {
		p.w.printf("\n%s\n", p.f.paint(dim, count(n, "fact")+" said in the same words"))
	}
	return p.w.err
}

// print prints what is told, passages once for all that follows one another and
// rests on them.
func (p *changePrinter) print(all []told, indent string) error {
	for i, t := range all {
		p.w.printf("%s\n", wrap(oneLine(t.text), indent, p.f.Width))
		if i+1 < len(all) && slices.Equal(t.proofs, all[i+1].proofs) {
			continue
		}
		for _, proof := range t.proofs {
			doc, err := p.docs.get(p.ctx, proof.ev.Doc)
			if err != nil {
				return err
			}
			if proof.as != "" {
				p.w.printf("%s\n", p.f.paint(dim, indent+"  "+proof.as))
			}
			p.f.quote(p.w, doc, &proof.ev, indent+"  ")
		}
	}
	return p.w.err
}

// facts puts facts into words, those that differ in their objects only in one,
// and when that turned where it is known.
func (p *changePrinter) facts(list []schema.Fact, turned string) []told {
	var all []told
	for _, alike := range query.Alike(list) {
		for len(alike) > 0 {
			date := p.turned[alike[0].ID()]
			var group, rest []schema.Fact
			for _, f := range alike {
				if p.turned[f.ID()] == date {
					group = append(group, f)
				} else {
					rest = append(rest, f)
				}
			}
			alike = rest
			text := together(group)
			if !date.IsZero() {
				text += "; " + turned + " " + date.String()
			}
			all = append(all, told{text, []proof{{ev: group[0].Evidence[0]}}})
		}
	}
	return all
}

// changes puts changes into words, those in one that differ in their objects
// only.
func changes(list []query.Change) []told {
	var all []told
	var groups [][]query.Change
	at := map[string]int{}
	before := make([]schema.Fact, len(list))
	for i := range list {
		before[i] = list[i].Before
	}
	group := map[string]int{} // of the fact before, by its ID
	for n, g := range query.Alike(before) {
		for i := range g {
			group[g[i].ID()] = n
		}
	}
	for _, c := range list {
		key := fmt.Sprint(group[c.Before.ID()], c.What, c.After.Evidence)
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], c)
	}
	for _, g := range groups {
		var facts []schema.Fact
		for _, c := range g {
			facts = append(facts, c.Before)
		}
		text := together(facts)
		if what := inWords(g[0].What); what != "" {
			text += " — " + what
		}
		all = append(all, told{text, []proof{{"before", g[0].Before.Evidence[0]}, {"after", g[0].After.Evidence[0]}}})
	}
	return all
}

// together puts facts into words that differ in their objects only.
func together(group []schema.Fact) string {
	f := group[0]
	names := make([]string, len(group))
	for i := range group {
		names[i] = group[i].Object.Name
	}
	f.Object.Name = schema.Enumerate(names)
	text := f.Sentence()
	if s := f.Standing(); s != "" {
		text += " — " + s
	}
	return text
}

// inWords says what changed: "since 1945 → 1946, no longer status dormant".
func inWords(what []query.Aspect) string {
	var parts []string
	for _, a := range what {
		switch {
		case a.Before == "":
			parts = append(parts, "now "+a.Name+" "+a.After)
		case a.After == "":
			parts = append(parts, "no longer "+a.Name+" "+a.Before)
		default:
			parts = append(parts, a.Name+" "+a.Before+" → "+a.After)
		}
	}
	return strings.Join(parts, ", ")
}

// lines prints a line for each fact.
func (p *changePrinter) lines(c *query.Changes, from, to schema.Date) error {
	t := p.f.newTable(make([]column, 9)...)
	row := func(kind string, date schema.Date, f *schema.Fact, what []query.Aspect) error {
		ev := &f.Evidence[0]
		return t.row(kind, date.String(), f.ID(), f.Sentence(), f.Standing(), inWords(what), ev.Doc, strconv.Itoa(ev.Line), ev.Text)
	}
	for i := range c.Gone {
		if err := row("gone", from, &c.Gone[i], nil); err != nil {
			return err
		}
	}
	for i := range c.New {
		if err := row("new", to, &c.New[i], nil); err != nil {
			return err
		}
	}
	for _, part := range []struct {
		kind string
		list []query.Change
	}{{"changed", c.Changed}, {"reworded", c.Reworded}} {
		for i := range part.list {
			change := &part.list[i]
			if err := errors.Join(row(part.kind+" from", from, &change.Before, change.What), row(part.kind+" to", to, &change.After, change.What)); err != nil {
				return err
			}
		}
	}
	return nil
}

var _ query.Archive = (*graph.Graph)(nil)

package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// groupViews is the group of the commands below in help.
const groupViews = "views"

// viewOptions are the options of every view.
type viewOptions struct {
	f     *Factory
	words []string // names of entities, as they were given; none for the whole graph
	names []string // their IDs
	scopeOptions
	scope query.Scope // what they select, once there is a graph
	lib   *query.Library
	json  bool

	view    query.View // of those that list facts
	sparql  bool
	derived bool
	steps   int

	timeline timelineOptions
}

// viewCmd is what commands of views differ in.
type viewCmd struct {
	use, short, long, example string
	args                      cobra.PositionalArgs
	one                       bool // the arguments are one name of several words
	run                       func(context.Context, *viewOptions, *graph.Graph) error
}

// newViewCmds makes the commands that list what the graph holds of one kind.
// Tests get the options from runF in place of a run.
func newViewCmds(f *Factory, runF func(context.Context, *viewOptions) error) []*cobra.Command {
	var cmds []*cobra.Command
	for _, v := range []struct {
		view                query.View
		short, long, sample string
	}{
		{query.Claims, "List who claims what", "who claims what, and who rejects or recognizes it", "claims Shikotan"},
		{query.Control, "List who holds what", "who administers what, and how it was seized or handed over", "control --as-of 1920"},
		{query.Disputes, "List who is in dispute with whom", "who has a dispute with whom, negotiates, or has agreed a boundary", "disputes Japan"},
		{query.Instruments, "List treaties and rulings", "treaties and rulings: who is party, what they cover and provide", "instruments Shikotan"},
		{query.People, "List offices, meetings and statements", "who held which office, met whom and said what", "people Japan"},
		{query.Timeline, "List what happened, by date", "everything that has a date, in its order", "timeline --draw Shikotan"},
	} {
		opts := &viewOptions{f: f, view: v.view}
		more := ""
		if v.view == query.Timeline {
			more = "\n\n" + timelineHelp
		}
		cmd := opts.command(viewCmd{
			use: string(v.view) + " [ENTITY]", short: v.short,
			long:    "List " + v.long + ".\nENTITY is any of a thing's names, or its ID, to list only what speaks of it." + more,
			example: "$ demarc " + v.sample, args: cobra.ArbitraryArgs, one: true, run: factsRun,
		}, runF)
		cmd.Flags().BoolVar(&opts.sparql, "sparql", false, "print the query that the view stands for")
		cmd.Flags().BoolVar(&opts.derived, "derived", false, "list too what is said of the groups that ENTITY is part of, marked so")
		if v.view == query.Timeline {
			addTimelineFlags(cmd, &opts.timeline)
		}
		cmds = append(cmds, cmd)
	}
	add := func(c viewCmd) *viewOptions {
		opts := &viewOptions{f: f}
		cmds = append(cmds, opts.command(c, runF))
		return opts
	}
	path := add(viewCmd{use: "path A B", short: "Show how two things are connected",
		long:    "Show a shortest chain of facts that connects two things. Denied facts connect\nnothing.",
		example: "$ demarc path Japan \"South Korea\"", args: cobra.ExactArgs(2), run: pathRun})
	cmds[len(cmds)-1].Flags().IntVar(&path.steps, "steps", query.DefaultSteps, "most facts in the chain")
	add(viewCmd{use: "neighbours ENTITY", short: "List what a thing is connected with",
		long: "List the things that some fact connects with ENTITY, those of most facts\nfirst.", example: "$ demarc neighbours Shikotan",
		args: cobra.MinimumNArgs(1), one: true, run: neighboursRun})
	add(viewCmd{use: "compare A B", short: "Set two things side by side",
		long:    "Show what two things have in common, what the documents say of only one, and\nwhat speaks of both.",
		example: "$ demarc compare Shikotan Dokdo", args: cobra.ExactArgs(2), run: compareRun})
	add(viewCmd{use: "sources [ENTITY]", short: "List the documents that speak of a thing",
		long: "List the documents that speak of ENTITY, or of anything, those of most facts\nfirst.", example: "$ demarc sources Shikotan",
		args: cobra.ArbitraryArgs, one: true, run: sourcesRun})
	add(viewCmd{use: "conflicts [ENTITY]", short: "List facts that cannot both hold",
		long: "List pairs of facts that cannot both hold, with the passages of both: two\nadministrators of one place at one time, or of a group and a member of it, two\ndates of one act, a treaty signed and not signed, what else is said and denied,\nand places that are part of each other.\n\n" +
			"Only what documents state themselves is compared. A finer date does not\ncontradict a coarser one.",
		example: "$ demarc conflicts Shikotan", args: cobra.ArbitraryArgs, one: true, run: conflictsRun})
	return cmds
}

func (o *viewOptions) command(c viewCmd, runF func(context.Context, *viewOptions) error) *cobra.Command {
	cmd := &cobra.Command{
		Use: c.use, Short: c.short, Long: c.long, Example: "  " + c.example, Args: args(c.args),
		ValidArgsFunction: o.f.completeEntity,
		RunE: func(cmd *cobra.Command, words []string) error {
			if o.words = words; c.one && len(words) > 0 {
				o.words = []string{strings.Join(words, " ")}
			}
			if o.steps < 0 {
				return usagef("--steps %d: want 0 or more", o.steps)
			}
			if err := o.timeline.check(o.json, o.sparql); err != nil {
				return err
			}
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return viewRun(cmd.Context(), o, c.run)
		},
	}
	addScopeFlags(o.f, cmd, &o.scopeOptions)
	addJSONFlag(cmd, &o.json)
	return cmd
}

func viewRun(ctx context.Context, opts *viewOptions, do func(context.Context, *viewOptions, *graph.Graph) error) (err error) {
	g, err := opts.f.ReadGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	for _, name := range opts.words {
		id, err := resolve(ctx, g, name)
		if err != nil {
			return err
		}
		opts.names = append(opts.names, id)
	}
	if opts.scope, err = opts.scopeOptions.scope(ctx, g); err != nil {
		return err
	}
	if len(opts.names) > 0 {
		opts.scope.About = opts.names[0]
	}
	opts.lib = query.NewLibrary(g)
	return do(ctx, opts, g)
}

// nothing is the error of a view without content.
func (o *viewOptions) nothing(what string) error {
	if len(o.words) > 0 {
		what += " of " + strings.Join(o.words, " and ")
	}
	if s := o.scopeOptions.String(); s != "" {
		what += " " + s
	}
	return nothingError("the documents tell no " + what)
}

func factsRun(ctx context.Context, opts *viewOptions, g *graph.Graph) error {
	f := opts.f
	if opts.sparql {
		_, err := fmt.Fprint(f.Out, opts.view.SPARQL(schema.Namespace{}, opts.scope))
		return err
	}
	if opts.view == query.Timeline && opts.timeline.by == byPublication {
		return historyRun(ctx, opts, g)
	}
	facts, err := opts.view.Facts(ctx, g, opts.scope)
	if err != nil {
		return err
	}
	holds, err := opts.lib.Certainties(ctx, facts, opts.asOf)
	if err != nil {
		return err
	}
	if opts.derived {
		return derivedRun(ctx, opts, g, facts, holds)
	}
	if opts.json {
		return f.writeJSON(query.Held(facts, holds))
	}
	if len(facts) == 0 {
		return opts.nothing(string(opts.view))
	}
	if opts.timeline.drawn() {
		return f.drawTimeline(query.Lanes(facts), &opts.timeline, opts.words, holds)
	}
	return f.printFacts("", facts, holds, opts.view == query.Timeline)
}

// derivedRun lists facts of a view, and after them what holds of the entity
// because it does of a group that it is part of.
func derivedRun(ctx context.Context, opts *viewOptions, g *graph.Graph, facts []schema.Fact, holds map[string]schema.Certainty) error {
	f := opts.f
	if len(opts.names) == 0 {
		return usagef("--derived is for one ENTITY: none is named")
	}
	groups, err := g.Groups(ctx, opts.names[0])
	if err != nil {
		return err
	}
	derived, err := opts.view.Derived(ctx, g, opts.scope, groups)
	if err != nil {
		return err
	}
	if opts.json {
		return f.writeJSON(struct {
			Facts   []query.HeldFact `json:"facts"`
			Derived []query.Derived  `json:"derived"`
		}{query.Held(facts, holds), derived})
	}
	if len(facts)+len(derived) == 0 {
		return opts.nothing(string(opts.view))
	}
	if err := f.printFacts("", facts, holds, opts.view == query.Timeline); err != nil {
		return err
	}
	for _, d := range derived {
		if holds, err = opts.lib.Certainties(ctx, d.Facts, opts.asOf); err != nil {
			return err
		}
		if err := f.printFacts("Derived, as part of "+d.Group.Name, d.Facts, holds, opts.view == query.Timeline); err != nil {
			return err
		}
	}
	return nil
}

// printFacts prints facts under a heading: on a terminal for people to read,
// elsewhere one line for each passage. Dates are those by which a timeline is
// ordered.
func (f *Factory) printFacts(title string, facts []schema.Fact, holds map[string]schema.Certainty, dates bool) error {
	w := &errWriter{w: f.Out}
	t := f.newTable(make([]column, 7)...)
	if f.OutTTY && title != "" && len(facts) > 0 {
		w.printf("%s\n", f.paint(heading, title))
	}
	for i := range facts {
		fact := &facts[i]
		begin := fact.Time.Begin().String()
		if f.OutTTY {
			if dates {
				w.printf("%s\n", f.paint(bold, begin))
			}
			f.factLines(w, fact, standingAt(fact, holds))
			continue
		}
		for _, ev := range fact.Evidence {
			row := []string{fact.ID(), fact.Sentence(), standingAt(fact, holds), ev.Doc, strconv.Itoa(ev.Line)}
			if dates {
				row = append([]string{begin}, row...)
			}
			if title != "" {
				row = append([]string{strings.ToLower(title)}, row...)
			}
			if err := t.row(row...); err != nil {
				return err
			}
		}
	}
	return w.err
}

func pathRun(ctx context.Context, opts *viewOptions, g *graph.Graph) error {
	f := opts.f
	path, err := query.Path(ctx, g, opts.names[0], opts.names[1], opts.steps, opts.scope)
	if err != nil {
		return err
	}
	if opts.json {
		return f.writeJSON(path)
	}
	if len(path) == 0 {
		if opts.names[0] == opts.names[1] {
			return usagef("%s is one thing under two names: name two", opts.names[0])
		}
		return nothingError(fmt.Sprintf("no chain of up to %d facts connects %s with %s", opts.steps, opts.words[0], opts.words[1]))
	}
	w := &errWriter{w: f.Out}
	t := f.newTable(make([]column, 5)...)
	for i := range path {
		s := &path[i]
		if f.OutTTY {
			w.printf("%s\n", f.paint(bold, oneLine(fmt.Sprintf("%d. to %s", i+1, s.To.Name))))
			f.factLines(w, &s.Fact, s.Fact.Standing())
			continue
		}
		ev := s.Fact.Evidence[0]
		if err := t.row(s.To.Name, s.Fact.ID(), s.Fact.Sentence(), ev.Doc, strconv.Itoa(ev.Line)); err != nil {
			return err
		}
	}
	return w.err
}

func neighboursRun(ctx context.Context, opts *viewOptions, g *graph.Graph) error {
	list, err := query.Neighbours(ctx, g, opts.scope)
	if err != nil {
		return err
	}
	if opts.json {
		return opts.f.writeJSON(list)
	}
	if len(list) == 0 {
		return opts.nothing("neighbours")
	}
	t := opts.f.newTable(column{title: "NAME", flex: true}, column{title: "ID"}, column{title: "FACTS", right: true}, column{title: "BY", flex: true})
	for _, n := range list {
		var by []string
		for _, p := range n.Predicates {
			by = append(by, string(p))
		}
		if err := t.row(n.Entity.Name, n.Entity.ID, strconv.Itoa(n.Facts), strings.Join(by, ", ")); err != nil {
			return err
		}
	}
	return t.end()
}

func compareRun(ctx context.Context, opts *viewOptions, g *graph.Graph) error {
	f := opts.f
	c, err := query.Compare(ctx, g, opts.names[0], opts.names[1], opts.scope)
	if err != nil {
		return err
	}
	if opts.json {
		return f.writeJSON(c)
	}
	var both []schema.Fact
	for _, s := range c.Both {
		both = append(both, s.A, s.B)
	}
	for _, part := range []struct {
		title string
		facts []schema.Fact
	}{
		{"Both", both}, {"Only " + opts.words[0], c.OnlyA}, {"Only " + opts.words[1], c.OnlyB}, {"Between them", c.Between},
	} {
		holds, err := opts.lib.Certainties(ctx, part.facts, opts.asOf)
		if err != nil {
			return err
		}
		if err := f.printFacts(part.title, part.facts, holds, false); err != nil {
			return err
		}
	}
	return nil
}

func sourcesRun(ctx context.Context, opts *viewOptions, g *graph.Graph) error {
	list, err := query.Sources(ctx, g, opts.scope)
	if err != nil {
		return err
	}
	if opts.json {
		return opts.f.writeJSON(list)
	}
	if len(list) == 0 {
		return opts.nothing("sources")
	}
	t := opts.f.newTable(column{title: "DOCUMENT", flex: true}, column{title: "FACTS", right: true}, column{title: "DATE"}, column{title: "TITLE", flex: true})
	for _, s := range list {
		doc, err := g.Document(ctx, s.Doc)
		if err != nil {
			return err
		}
		if err := t.row(s.Doc, strconv.Itoa(s.Facts), doc.Date.String(), doc.Title); err != nil {
			return err
		}
	}
	return t.end()
}

func conflictsRun(ctx context.Context, opts *viewOptions, g *graph.Graph) error {
	f := opts.f
	list, err := query.Conflicts(ctx, g, opts.scope)
	if err != nil {
		return err
	}
	if opts.json {
		return f.writeJSON(list)
	}
	if len(list) == 0 {
		return opts.nothing("conflicts")
	}
	w := &errWriter{w: f.Out}
	t := f.newTable(make([]column, 6)...)
	docs := newSources(g)
	for i := range list {
		c := &list[i]
		if f.OutTTY {
			w.printf("%s\n", f.paint(heading, string(c.Kind)))
		}
		for _, fact := range []*schema.Fact{&c.A, &c.B} {
			ev := &fact.Evidence[0]
			if !f.OutTTY {
				if err := t.row(string(c.Kind), fact.ID(), fact.Sentence(), ev.Doc, strconv.Itoa(ev.Line), ev.Text); err != nil {
					return err
				}
				continue
			}
			doc, err := docs.get(ctx, ev.Doc)
			if err != nil {
				return err
			}
			w.printf("%s\n", wrap(oneLine(fact.Sentence()), "  ", f.Width))
			f.quote(w, doc, ev, "    ")
		}
	}
	return w.err
}

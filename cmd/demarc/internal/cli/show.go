package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/schema"
)

type showOptions struct {
	f    *Factory
	name string
	all  bool
	scopeOptions
	json bool
}

func newShowCmd(f *Factory, runF func(context.Context, *showOptions) error) *cobra.Command {
	opts := &showOptions{f: f}
	cmd := &cobra.Command{
		Use:   "show ENTITY",
		Short: "Show what the documents say of a state, territory, treaty or person",
		Long: doc(`
			Show a card of an entity: its names and who uses them, who claims and who
			holds it, the instruments that concern it, its history, and the documents
			that say so.

			ENTITY is any of its names, or its ID, such as "territory/shikotan".`),
		Example: doc(`
			$ demarc show Shikotan
			$ demarc show --json territory/shikotan`),
		Args:              args(cobra.MinimumNArgs(1)),
		ValidArgsFunction: f.completeEntity,
		RunE: func(cmd *cobra.Command, words []string) error {
			opts.name = strings.Join(words, " ")
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return showRun(cmd.Context(), opts)
		},
	}
	addScopeFlags(f, cmd, &opts.scopeOptions)
	cmd.Flags().BoolVar(&opts.all, "all", false, "show every fact also on a terminal, however many there are")
	addJSONFlag(cmd, &opts.json)
	return cmd
}

func showRun(ctx context.Context, opts *showOptions) (err error) {
	f := opts.f
	g, err := f.ReadGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	id, err := resolve(ctx, g, opts.name)
	if err != nil {
		return err
	}
	scope, err := opts.scope(ctx, g)
	if err != nil {
		return err
	}
	card, err := g.Card(ctx, id, scope)
	if err != nil {
		return err
	}
	if opts.json {
		return f.writeJSON(card)
	}
	return f.printCard(&card, opts.all)
}

// resolve returns the ID of the one entity that a user means by a name or ID.
func resolve(ctx context.Context, g *graph.Graph, name string) (string, error) {
	id, err := g.Resolve(ctx, name)
	return id, unclear(err)
}

// unclear puts the error of a name that does not stand for one entity as users
// of the command line need it.
func unclear(err error) error {
	var unclear *graph.NameError
	if !errors.As(err, &unclear) {
		return err
	}
	switch {
	case errors.Is(err, graph.ErrAmbiguous):
		return fmt.Errorf("%q is a name of several: say which by its ID\n%s", unclear.Name, describe(unclear.Entities))
	case len(unclear.Entities) > 0:
		return nothingError(fmt.Sprintf("the documents do not speak of %q; did you mean one of these?\n%s", unclear.Name, describe(unclear.Entities)))
	}
	return nothingError(fmt.Sprintf("the documents do not speak of %q", unclear.Name))
}

// describe lists entities by ID and name.
func describe(entities []schema.Entity) string {
	const most = 8
	var b strings.Builder
	for i, e := range entities {
		if i == most {
			fmt.Fprintf(&b, "  and %d more\n", len(entities)-most)
			break
		}
		fmt.Fprintf(&b, "  %s  %s\n", e.ID, oneLine(e.Name))
	}
	return strings.TrimRight(b.String(), "\n")
}

// completeEntity completes the names of entities.
func (f *Factory) completeEntity(cmd *cobra.Command, words []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	if len(words) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	g, err := f.ReadGraph(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer g.Close()
	var names []string
	prefix := schema.Fold(toComplete)
	for e, err := range g.Entities(cmd.Context(), schema.Thing) {
		if err != nil {
			break
		}
		if toComplete == "" || strings.HasPrefix(schema.Fold(e.Name), prefix) {
			names = append(names, oneLine(e.Name))
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// cardSection is a part of a card: facts of one kind.
type cardSection struct {
	title string
	facts []schema.Fact
}

func cardSections(c *graph.Card) []cardSection {
	return []cardSection{
		{"Claims", c.Claims}, {"Control", c.Control}, {"Instruments", c.Instruments},
		{"History", c.History}, {"Also", c.Other},
	}
}

// mostOnCard is how many facts of one kind, and how many sources, are shown on
// a terminal unless all are asked for.
const mostOnCard = 20

// printCard prints a card: on a terminal for people to read, elsewhere one line
// for each name, fact and source, with the kind of line first.
func (f *Factory) printCard(c *graph.Card, all bool) error {
	if !f.OutTTY {
		return f.printCardLines(c)
	}
	w := &errWriter{w: f.Out}
	kind := string(c.Entity.Class)
	if c.Kind != "" && !strings.EqualFold(c.Kind, kind) {
		kind += ", " + c.Kind
	}
	w.printf("%s  %s\n", f.paint(bold, oneLine(c.Entity.Name)), f.paint(dim, oneLine(kind+"  "+c.Entity.ID)))
	var about []string
	for _, code := range c.Codes {
		about = append(about, code.Scheme+" "+code.Value)
	}
	if c.Latitude != nil && c.Longitude != nil {
		about = append(about, coordinates(*c.Latitude, *c.Longitude))
	}
	if len(about) > 0 {
		w.printf("%s\n", f.paint(dim, wrap(oneLine(strings.Join(about, " · ")), "", f.Width)))
	}
	if names := f.nameUses(c.Names); names != "" {
		w.printf("\n%s\n%s\n", f.paint(heading, "Names"), wrap(names, "  ", f.Width))
	}
	for _, s := range cardSections(c) {
		if len(s.facts) == 0 {
			continue
		}
		w.printf("\n%s\n", f.paint(heading, s.title))
		for i := range s.facts {
			if i == mostOnCard && !all {
				w.printf("  %s\n", f.paint(dim, fmt.Sprintf("and %d more: --all shows them", len(s.facts)-i)))
				break
			}
			f.factLines(w, &s.facts[i], standingAt(&s.facts[i], c.Holds))
		}
	}
	if len(c.Sources) > 0 {
		w.printf("\n%s\n", f.paint(heading, "Sources"))
		for i, d := range c.Sources {
			if i == mostOnCard && !all {
				w.printf("  %s\n", f.paint(dim, fmt.Sprintf("and %d more: --all shows them", len(c.Sources)-i)))
				break
			}
			w.printf("%s\n", wrap(oneLine(sourceLine(&d)), "  ", f.Width))
		}
	}
	return w.err
}

// factLines prints a fact in words and how it is put forward, then in faint
// where it stands.
func (f *Factory) factLines(w *errWriter, fact *schema.Fact, standing string) {
	text := oneLine(fact.Sentence())
	if standing != "" {
		text += " — " + oneLine(standing)
	}
	w.printf("%s\n", wrap(text, "  ", f.Width))
	var from []string
	for i, ev := range fact.Evidence {
		const most = 3
		if i == most {
			from = append(from, fmt.Sprintf("and %d more", len(fact.Evidence)-most))
			break
		}
		from = append(from, fmt.Sprintf("%s:%d", oneLine(ev.Doc), ev.Line))
	}
	w.printf("%s\n", f.paint(dim, wrap(short(fact.ID())+"  "+strings.Join(from, ", "), "    ", f.Width)))
}

func sourceLine(d *graph.DocumentInfo) string {
	parts := []string{d.ID}
	for _, p := range []string{d.Title, d.Publisher, d.Date.String()} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

func (f *Factory) nameUses(names []graph.NameUse) string {
	var parts []string
	for _, n := range names {
		part := oneLine(n.Name)
		if len(n.By) > 0 {
			part += " (" + oneLine(entityNames(n.By)) + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " · ")
}

func entityNames(entities []schema.Entity) string {
	var names []string
	for _, e := range entities {
		names = append(names, e.Name)
	}
	return strings.Join(names, ", ")
}

// coordinates writes a position in degrees: "43.80° N, 146.75° E".
func coordinates(lat, long float64) string {
	ns, ew := "N", "E"
	if lat < 0 {
		lat, ns = -lat, "S"
	}
	if long < 0 {
		long, ew = -long, "W"
	}
	return fmt.Sprintf("%.2f° %s, %.2f° %s", lat, ns, long, ew)
}

func (f *Factory) printCardLines(c *graph.Card) error {
	t := f.newTable(make([]column, 6)...)
	line := func(kind, id, text, standing, docs, line string) error {
		return t.row(kind, id, text, standing, docs, line)
	}
	if err := line("entity", c.Entity.ID, c.Entity.Name, string(c.Entity.Class), c.Kind, ""); err != nil {
		return err
	}
	for _, code := range c.Codes {
		if err := line("code", "", code.Scheme, code.Value, "", ""); err != nil {
			return err
		}
	}
	for _, n := range c.Names {
		if err := line("name", "", n.Name, entityNames(n.By), "", ""); err != nil {
			return err
		}
	}
	for _, s := range cardSections(c) {
		for i := range s.facts {
			fact := &s.facts[i]
			for _, ev := range fact.Evidence {
				if err := line(strings.ToLower(s.title), fact.ID(), fact.Sentence(), standingAt(fact, c.Holds), ev.Doc, fmt.Sprint(ev.Line)); err != nil {
					return err
				}
			}
		}
	}
	for _, d := range c.Sources {
		if err := line("source", d.ID, d.Title, d.Publisher, d.Date.String(), d.Path); err != nil {
			return err
		}
	}
	return nil
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
)

func newIdentityCmd(f *Factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "identity",
		Short: "Decide which names stand for one thing, and see why",
		Long: doc(`
			Documents have things under different names. What the gazetteer knows is told
			apart and put together by it; of the rest, rules decide that two entities are
			one where codes agree, or names and what is said of both. You can decide too.
			What documents brought stays as it is, so that every decision can be undone
			exactly.`),
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newIdentityListCmd(f, nil), newDecideCmd(f, true, nil), newDecideCmd(f, false, nil), newIdentityWhyCmd(f, nil))
	return cmd
}

type identityListOptions struct {
	f    *Factory
	json bool
}

func newIdentityListCmd(f *Factory, runF func(context.Context, *identityListOptions) error) *cobra.Command {
	opts := &identityListOptions{f: f}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the decisions that two entities are one, or are not",
		Long: doc(`
			List the decisions that two entities are one thing or are two, each with its
			reason and who decided: hand, or a rule.

			In a pipe, each line has the one ID, the verdict, the other ID, who decided,
			the reason, and "overruled" where another decision stands against it.`),
		Example: "  $ demarc identity list",
		Args:    args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return identityListRun(cmd.Context(), opts)
		},
	}
	addJSONFlag(cmd, &opts.json)
	return cmd
}

func identityListRun(ctx context.Context, opts *identityListOptions) (err error) {
	f := opts.f
	g, err := f.ReadGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	list, err := g.Decisions(ctx)
	if err != nil {
		return err
	}
	if opts.json {
		return f.writeJSON(list)
	}
	if len(list) == 0 {
		return nothingError("nothing has been decided")
	}
	return f.printDecisions(list)
}

// printDecisions prints a line for each decision.
func (f *Factory) printDecisions(list []graph.Decision) error {
	t := f.newTable(column{title: "ONE", flex: true}, column{title: "IS"}, column{title: "OTHER", flex: true},
		column{title: "BY"}, column{title: "BECAUSE", flex: true}, column{})
	for _, d := range list {
		verdict, effect := "same", ""
		if !d.Same {
			verdict = "different"
		}
		if !d.Effect {
			effect = "overruled"
		}
		if err := t.row(d.A.ID, verdict, d.B.ID, d.By, d.Reason, effect); err != nil {
			return err
		}
	}
	return t.end()
}

type decideOptions struct {
	f      *Factory
	same   bool
	names  [2]string
	reason string
}

// newDecideCmd makes the command that decides that two entities are one, or that
// they are two.
func newDecideCmd(f *Factory, same bool, runF func(context.Context, *decideOptions) error) *cobra.Command {
	opts := &decideOptions{f: f, same: same}
	cmd := &cobra.Command{
		Use:   "same A B",
		Short: "Decide that two entities are one thing",
		Long: doc(`
			Decide that two entities, each given by a name or its ID, are one thing. From
			then on all that documents say of either is said of the one: of what the
			gazetteer knows, else of the one whose ID comes first. "identity split" undoes
			it exactly.

			A decision that two are different is taken back.`),
		Example: "  $ demarc identity same --reason \"both are the islet off Cape Nosappu\" \"Kaigara Island\" \"Signal'ny\"",
	}
	if !same {
		cmd.Use, cmd.Short = "split A B", "Decide that two entities are two things"
		cmd.Long = doc(`
			Decide that two entities, each given by the ID that documents have it under or
			by a name, are two things, whatever rules say. A decision by hand that they are
			one is taken back, as if it had never been. "identity same" undoes it.`)
		cmd.Example = "  $ demarc identity split territory/habomai-group territory/habomai-islets"
	}
	cmd.Args = args(cobra.ExactArgs(2))
	cmd.ValidArgsFunction = f.completeEntity
	cmd.RunE = func(cmd *cobra.Command, words []string) error {
		opts.names = [2]string(words)
		if runF != nil {
			return runF(cmd.Context(), opts)
		}
		return decideRun(cmd.Context(), opts)
	}
	cmd.Flags().StringVar(&opts.reason, "reason", "", "why, as a `text` to be kept with the decision")
	return cmd
}

func decideRun(ctx context.Context, opts *decideOptions) (err error) {
	f := opts.f
	g, err := f.ChangeGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	var ids [2]string
	for i, name := range opts.names {
		if ids[i], err = written(ctx, g, name); err != nil {
			return err
		}
	}
	decide, done, already := g.Split, "two", "two already, by a decision"
	if opts.same {
		decide, done, already = g.Same, "one", "one already"
	}
	changed, err := decide(ctx, ids[0], ids[1], opts.reason)
	if errors.Is(err, graph.ErrOneEntity) {
		return usagef("%s and %s are both names of %s: decisions are on entities that documents have under two IDs; \"demarc identity why\" says who names it so",
			opts.names[0], opts.names[1], ids[0])
	}
	if err != nil {
		return err
	}
	if !changed {
		done = already
	}
	_, err = fmt.Fprintf(f.Out, "%s\t%s\t%s\n", ids[0], ids[1], done)
	return err
}

// written returns the ID that documents have the one entity under that a user
// means by a name or ID.
func written(ctx context.Context, g *graph.Graph, name string) (string, error) {
	if strings.Contains(name, "/") {
		return name, nil
	}
	found, err := g.Written(ctx, name)
	if err != nil {
		return "", err
	}
	switch len(found) {
	case 1:
		return found[0].ID, nil
	case 0:
		return resolve(ctx, g, name) // which says what may have been meant
	}
	return "", fmt.Errorf("%q is a name of several: say which by its ID\n%s", name, describe(found))
}

type identityWhyOptions struct {
	f     *Factory
	names [2]string
	json  bool
}

func newIdentityWhyCmd(f *Factory, runF func(context.Context, *identityWhyOptions) error) *cobra.Command {
	opts := &identityWhyOptions{f: f}
	cmd := &cobra.Command{
		Use:   "why A B",
		Short: "Say why two names stand for one thing, or do not",
		Long: doc(`
			Say whether two names, or IDs, stand for one thing, and why: who names it so,
			the gazetteer or which documents, and which decisions there are.`),
		Example:           "  $ demarc identity why Etorofu Iturup",
		Args:              args(cobra.ExactArgs(2)),
		ValidArgsFunction: f.completeEntity,
		RunE: func(cmd *cobra.Command, words []string) error {
			opts.names = [2]string(words)
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return identityWhyRun(cmd.Context(), opts)
		},
	}
	addJSONFlag(cmd, &opts.json)
	return cmd
}

func identityWhyRun(ctx context.Context, opts *identityWhyOptions) (err error) {
	f := opts.f
	g, err := f.ReadGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	e, err := g.WhySame(ctx, opts.names[0], opts.names[1])
	if err != nil {
		return err
	}
	if opts.json {
		return f.writeJSON(e)
	}
	verdict := "two"
	if e.Same {
		verdict = "one"
	}
	w := &errWriter{w: f.Out}
	w.printf("%s: %s\n", f.paint(bold, verdict), oneLine(e.Reason))
	for _, n := range e.Namings {
		source := n.Source
		if source == "" {
			source = "the gazetteer"
		}
		w.printf("  %s\n", oneLine(fmt.Sprintf("%s, in %s", n.Name, source)))
	}
	if w.err != nil || len(e.Decisions) == 0 {
		return w.err
	}
	return f.printDecisions(e.Decisions)
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// Main runs demarc with the process's arguments, streams and environment and
// returns the code to exit with.
func Main() int {
	// A first interrupt lets the work at hand finish; a second one kills.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return run(ctx, newFactory(systemStreams(), os.Getenv), os.Args[1:])
}

// Root returns the root of all commands, for making manuals of. Running it
// prints nothing.
func Root() *cobra.Command {
	return newRootCmd(newFactory(&Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Width: defaultWidth}, func(string) string { return "" }))
}

// run runs one command line and returns its exit code. It prints the error, if
// there is one.
func run(ctx context.Context, f *Factory, args []string) int {
	root := newRootCmd(f)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		err = f.Flush()
	} else {
		f.Flush() // the error at hand matters more
	}
	if ctx.Err() != nil && err != nil {
		err = context.Canceled // whatever the interruption was taken for on its way
	}
	report(f, cmd, err)
	return exitCode(err)
}

// report prints err with what to do about it.
func report(f *Factory, cmd *cobra.Command, err error) {
	switch exitCode(err) {
	case exitOK:
	case exitInterrupted:
		fmt.Fprintln(f.Err, "demarc: interrupted")
	case exitUsage:
		fmt.Fprintf(f.Err, "demarc: %v\nRun '%s --help' for usage.\n", err, cmd.CommandPath())
	default:
		if err.Error() != "" {
			fmt.Fprintf(f.Err, "demarc: %v\n", err)
		}
	}
}

// The groups that help lists commands in.
const (
	groupUse  = "use"
	groupLook = "look"
	groupKeep = "keep"
	groupMore = "more"
)

func newRootCmd(f *Factory) *cobra.Command {
	root := &cobra.Command{
		Use:   "demarc",
		Short: "Read documents about territorial disputes, and answer questions with proof",
		Long: doc(`
			demarc reads documents about territorial disputes, builds a knowledge graph
			of them, and answers questions with the sentence that proves the answer.
			It works offline: no key, no network.`),
		Example: doc(`
			$ demarc load article.txt notes/ reports.jsonl
			$ demarc ask "which islands does the 1956 declaration cover?"
			$ demarc show Shikotan`),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noSuchCommand,
		RunE:          func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	root.SetIn(f.In)
	root.SetOut(f.Out)
	root.SetErr(f.Err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.PersistentFlags().StringVar(&f.db, "db", "", "`folder` of the graph (default $DEMARC_DB, else "+defaultDB+")")
	root.PersistentFlags().BoolVar(&f.debug, "debug", false, "log what happens to standard error")
	root.MarkPersistentFlagDirname("db") // the flag is there: no error

	root.AddGroup(
		&cobra.Group{ID: groupUse, Title: "From documents to answers:"},
		&cobra.Group{ID: groupLook, Title: "Looking into the graph:"},
		&cobra.Group{ID: groupKeep, Title: "Keeping it:"},
		&cobra.Group{ID: groupViews, Title: "Views of the graph:"},
		&cobra.Group{ID: groupMore, Title: "More:"})
	add := func(group string, cmds ...*cobra.Command) {
		for _, c := range cmds {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	add(groupUse, newLoadCmd(f, nil), newAskCmd(f, nil), newExtractCmd(f, nil), newExportCmd(f, nil), newServeCmd(f, nil), newMCPCmd(f, nil), newDemoCmd(f, nil))
	add(groupLook, newShowCmd(f, nil), newWhyCmd(f, nil), newDocsCmd(f), newIdentityCmd(f), newQueryCmd(f, nil), newStatsCmd(f, nil))
	add(groupKeep, newVerifyCmd(f, nil), newValidateCmd(f, nil), newBackupCmd(f, nil), newRestoreCmd(f, nil), newImportCmd(f, nil))
	add(groupViews, newViewCmds(f, nil)...)
	add(groupViews, newDiffCmd(f, nil))
	add(groupMore, newSchemaCmd(f, nil), newParseCmd(f, nil), newRulesCmd(f), newEvalCmd(f, nil),
		newCompletionCmd(f), newVersionCmd(f))
	root.SetHelpCommandGroupID(groupMore)
	root.CompletionOptions.DisableDefaultCmd = true // newCompletionCmd is ours
	for _, topic := range newTopics() {
		root.AddCommand(topic)
	}
	return root
}

// noSuchCommand refuses arguments of a command that has only sub-commands.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.SuggestionsMinimumDistance <= 0 {
		cmd.SuggestionsMinimumDistance = 2 // cobra sets it only where it checks itself
	}
	msg := fmt.Sprintf("there is no command %q", cmd.CommandPath()+" "+args[0])
	if s := cmd.SuggestionsFor(args[0]); len(s) > 0 {
		msg += "; did you mean " + strings.Join(s, " or ") + "?"
	}
	return usageError{errors.New(msg)}
}

// args makes a failed check of arguments a usage error.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, values []string) error {
		if err := check(cmd, values); err != nil {
			return usageError{err}
		}
		return nil
	}
}

// doc removes from a text the indentation that it has in the source.
func doc(s string) string {
	lines := strings.Split(strings.Trim(s, "\n"), "\n")
	prefix := lines[0][:len(lines[0])-len(strings.TrimLeft(lines[0], "\t"))]
	for i, l := range lines {
		lines[i] = strings.TrimRight(strings.TrimPrefix(l, prefix), "\t")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

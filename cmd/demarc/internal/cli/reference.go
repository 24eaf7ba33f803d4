package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// writeReference writes the manual of all commands as Markdown, made of what
// the commands say of themselves.
func writeReference(w io.Writer, root *cobra.Command) error {
	out := &errWriter{w: w}
	out.printf("# Commands\n\n%s\n\n", "<!-- Made by \"make generate\" from the commands themselves: change their help, not this file. -->")
	out.printf("%s\n", root.Long)
	root.InitDefaultHelpCmd()
	writeFlags(out, "Flags of every command", root.PersistentFlags())
	var topics []*cobra.Command
	var visit func(*cobra.Command)
	visit = func(cmd *cobra.Command) {
		for _, c := range cmd.Commands() {
			switch {
			case c.Hidden || c.Name() == "help":
			case c.IsAdditionalHelpTopicCommand():
				topics = append(topics, c)
			default:
				writeCommand(out, c)
				visit(c)
			}
		}
	}
	visit(root)
	for _, t := range topics {
		out.printf("\n## %s\n\n```text\n%s\n```\n", t.Short, t.Long)
	}
	return out.err
}

func writeCommand(out *errWriter, cmd *cobra.Command) {
	about := cmd.Long
	if about == "" {
		about = cmd.Short + "."
	}
	out.printf("\n## %s\n\n```\n%s\n```\n\n%s\n", cmd.CommandPath(), cmd.UseLine(), about)
	if cmd.Example != "" {
		out.printf("\n```\n%s\n```\n", cmd.Example)
	}
	writeFlags(out, "Flags", cmd.LocalFlags())
}

func writeFlags(out *errWriter, title string, flags *pflag.FlagSet) {
	var rows []string
	flags.VisitAll(func(flag *pflag.Flag) {
		if flag.Hidden || flag.Name == "help" {
			return
		}
		value, usage := pflag.UnquoteUsage(flag)
		name := "--" + flag.Name
		if flag.Shorthand != "" {
			name = "-" + flag.Shorthand + ", " + name
		}
		if value != "" {
			name += " " + value
		}
		if d := flag.DefValue; d != "" && d != "false" && d != "0" && d != "[]" {
			usage += " (default " + d + ")"
		}
		rows = append(rows, fmt.Sprintf("| `%s` | %s |", name, strings.ReplaceAll(usage, "|", "\\|")))
	})
	if len(rows) > 0 {
		out.printf("\n%s:\n\n| flag | |\n| --- | --- |\n%s\n", title, strings.Join(rows, "\n"))
	}
}

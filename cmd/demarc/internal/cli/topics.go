package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// newTopics returns the help topics that are no commands.
func newTopics() []*cobra.Command {
	var codes strings.Builder
	for _, c := range exitCodes() {
		fmt.Fprintf(&codes, "\n  %-4d %s", c.code, c.when)
	}
	return []*cobra.Command{
		{
			Use:   "exit-codes",
			Short: "The codes that demarc exits with",
			Long:  "demarc exits with one of these codes:\n" + codes.String(),
		},
		{
			Use:   "environment",
			Short: "The environment variables that demarc reads",
			Long: doc(`
				DEMARC_DB       the folder of the graph, where --db does not say it
				DEMARC_LLM_KEY  the key for the server of --llm-url
				NO_COLOR        if set to anything, nothing is coloured
				TERM            if "dumb", nothing is coloured`),
		},
		{
			Use:   "formatting",
			Short: "How output looks on a terminal, in a pipe and as JSON",
			Long: doc(`
				On a terminal, lists are aligned tables with a heading, fitted to its width.

				In a pipe or a file, the same lists are lines of values separated by tabs,
				without heading, colour or progress; a tab or line end within a value becomes
				a space. The columns are those of the terminal and stay in their order.

				With --json, a command prints one JSON value; commands that work through many
				documents (load, extract) print one JSON object a line as they go. Keys keep
				their order and their meaning. Offsets are byte offsets into the document's
				text, which is UTF-8: text[start:end] is the quotation.

				Dates are written as far as they are known: 1956-10-19, 1956-10, 1956, 195X,
				19XX, with a trailing ~ where the document itself says "about" (EDTF).

				Progress and errors go to standard error, progress only to a terminal.`),
		},
	}
}

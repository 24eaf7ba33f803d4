package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph/serve/mcp"
)

type mcpOptions struct {
	f       *Factory
	timeout time.Duration
}

func newMCPCmd(f *Factory, runF func(context.Context, *mcpOptions) error) *cobra.Command {
	opts := &mcpOptions{f: f}
	cmd := &cobra.Command{
		Use:   "mcp",
		Short: "Serve the graph to assistants that speak the Model Context Protocol",
		Long: doc(`
			Speak the Model Context Protocol on standard input and output, so that an
			assistant can ask, search, show, prove and query. The assistant's program
			starts it; nobody types into it.

			It only reads, opens no port and follows what other processes load meanwhile.
			It ends when its standard input does.`),
		Example: doc(`
			$ demarc --db disputes.db mcp`),
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if opts.timeout < 0 {
				return usagef("--timeout %s: want 0 or more", opts.timeout)
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return mcpRun(cmd.Context(), opts)
		},
	}
	cmd.Flags().DurationVar(&opts.timeout, "timeout", mcp.DefaultTimeout, "longest time of one call; 0 for any")
	return cmd
}

func mcpRun(ctx context.Context, opts *mcpOptions) (err error) {
	f := opts.f
	follower, err := f.FollowGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(follower, &err)
	if f.InTTY {
		fmt.Fprintln(f.Err, "demarc: waiting for a client on standard input; Ctrl-D ends it. Assistants start this command themselves.")
	}
	settings := mcp.Options{Version: currentVersion().Version, Timeout: opts.timeout, Logger: f.Logger()}
	if settings.Timeout == 0 {
		settings.Timeout = -1 // a user's 0 is "none"; the server's is "as usual"
	}
	return mcp.New(follower, settings).Run(ctx, &sdk.IOTransport{
		Reader: io.NopCloser(f.In), Writer: unclosed{f}, MaxLineLength: mcp.MaxMessage,
	})
}

// unclosed writes to standard output at once, and leaves it open.
type unclosed struct{ f *Factory }

func (w unclosed) Write(p []byte) (int, error) {
	n, err := w.f.Out.Write(p)
	if err == nil {
		err = w.f.Flush()
	}
	return n, err
}

func (unclosed) Close() error { return nil }

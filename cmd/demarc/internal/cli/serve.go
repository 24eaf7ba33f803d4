package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph/serve"
)

// logFormat is a way of logging requests.
type logFormat string

const (
	logText logFormat = "text"
	logJSON logFormat = "json"
	logNone logFormat = "none"
)

type serveOptions struct {
	f          *Factory
	listen     string
	publicRead bool
	tokenFile  string
	pprof      string
	log        logFormat
	serve.Options
}

func newServeCmd(f *Factory, runF func(context.Context, *serveOptions) error) *cobra.Command {
	opts := &serveOptions{f: f}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the graph to browsers and other programs by HTTP",
		Long: doc(`
			Serve pages to explore the graph with, a JSON API and SPARQL by HTTP, until
			interrupted. Requests that are being answered then finish. docs/api.md describes
			what can be asked for, docs/deploy.md how to run it for others.

			It only reads, and only this machine reaches it, unless told otherwise. What
			other demarcs write meanwhile it shows. With --write documents can be loaded and
			removed; no other demarc can then write to the graph.

			An address that other machines reach needs a token, from --token-file,
			$DEMARC_TOKEN or --token, which requests bring in the header "Authorization:
			Bearer TOKEN"; or --public-read, for everybody to read. A name that the server
			is asked by, other than localhost, must be given with --host.

			The address is printed on standard output when requests are taken.`),
		Example: doc(`
			$ demarc serve
			$ demarc serve --write --listen localhost:9000
			$ demarc serve --listen :8080 --host demarc.example.org --token-file token`),
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := opts.check(); err != nil {
				return err
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return serveRun(cmd.Context(), opts)
		},
	}
	limits := serve.DefaultLimits()
	flags := cmd.Flags()
	flags.StringVar(&opts.listen, "listen", "localhost:8080", "`address` to take requests at; port 0 for any that is free")
	flags.BoolVar(&opts.Write, "write", false, "let documents be loaded and removed")
	flags.StringVar(&opts.Token, "token", "", "`token` that requests must bring, which others on this machine can see here")
	flags.StringVar(&opts.tokenFile, "token-file", "", "`file` with the token that requests must bring (default $DEMARC_TOKEN)")
	flags.BoolVar(&opts.publicRead, "public-read", false, "let everybody who reaches the address read")
	flags.StringSliceVar(&opts.Hosts, "host", nil, "`name` that the server is asked by, besides localhost and IP addresses")
	flags.StringVar(&opts.pprof, "pprof", "", "`address` of this machine to serve profiles of the process at")
	addEnumFlag(cmd, &opts.log, "log", "", logText, []logFormat{logText, logJSON, logNone}, "how to log requests to standard error")
	flags.DurationVar(&opts.Limits.Query, "query-timeout", limits.Query, "longest time to find an answer")
	flags.IntVar(&opts.Limits.Concurrent, "concurrent", 0, "most requests to work on at once (default: 8 for each processor)")
	opts.Limits.Memory, opts.Limits.Upload = limits.Memory, limits.Upload
	flags.Var(sizeValue{&opts.Limits.Memory}, "query-memory", "about the most memory that a query may take, as a `size`")
	flags.Var(sizeValue{&opts.Limits.Upload}, "max-upload", "refuse documents of more than this `size` in one request")
	return cmd
}

// check refuses what no flag's own check refuses, and reads the token.
func (o *serveOptions) check() error {
	if o.Limits.Query <= 0 {
		return usagef("--query-timeout %s: want more than 0", o.Limits.Query)
	}
	if o.Limits.Concurrent < 0 {
		return usagef("--concurrent %d: want 1 or more", o.Limits.Concurrent)
	}
	if o.pprof != "" {
		addr, err := net.ResolveTCPAddr("tcp", o.pprof)
		if err != nil || !addr.IP.IsLoopback() {
			return usagef("--pprof %s: want an address that only this machine reaches, such as localhost:6060", o.pprof)
		}
	}
	if o.Token != "" && o.tokenFile != "" {
		return usagef("--token and --token-file: give one of them")
	}
	if o.Token == "" {
		o.Token = o.f.Getenv("DEMARC_TOKEN")
	}
	if o.tokenFile != "" {
		text, err := os.ReadFile(o.tokenFile)
		if err != nil {
			return err
		}
		if o.Token = strings.TrimSpace(string(text)); o.Token == "" {
			return fmt.Errorf("%s: the file is empty: it must have the token", o.tokenFile)
		}
	}
	const least = 16
	if o.Token != "" && (len(o.Token) < least || strings.ContainsAny(o.Token, " \t\r\n")) {
		return usagef("the token must be %d characters or more, without spaces: \"openssl rand -hex 32\" makes one", least)
	}
	return nil
}

func serveRun(ctx context.Context, opts *serveOptions) (err error) {
	f := opts.f
	opts.Version, opts.Logger = currentVersion().Version, opts.logger()
	ln, err := serve.Listen(ctx, opts.listen, opts.Options, opts.publicRead)
	if errors.Is(err, serve.ErrExposed) {
		return usagef("%w: give it one with --token-file, or let everybody read with --public-read, without --write", err)
	}
	if err != nil {
		return err
	}
	defer ln.Close() // once more than Serve does, where it comes to that
	source, graph, err := opts.source(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(graph, &err)
	server, err := serve.New(source, opts.Options)
	if err != nil {
		return err
	}
	if opts.pprof != "" {
		stop, err := serveProfiles(ctx, opts)
		if err != nil {
			return err
		}
		defer stop()
	}
	if _, err := fmt.Fprintf(f.Out, "http://%s/\n", ln.Addr()); err != nil {
		return err
	}
	if err := f.Flush(); err != nil { // who started it waits for this line
		return err
	}
	return server.Serve(ctx, ln)
}

// source opens the graph: for writing, or so that it shows what others write.
func (o *serveOptions) source(ctx context.Context) (serve.Source, io.Closer, error) {
	if o.Write {
		g, err := o.f.OpenGraph(ctx)
		if err != nil {
			return nil, nil, err
		}
		return serve.Own(g), g, nil
	}
	follower, err := o.f.FollowGraph(ctx)
	if err != nil {
		return nil, nil, err
	}
	return follower, follower, nil
}

func (o *serveOptions) logger() *slog.Logger {
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	if o.f.debug {
		options.Level = slog.LevelDebug
	}
	switch o.log {
	case logNone:
		return slog.New(slog.DiscardHandler)
	case logJSON:
		return slog.New(slog.NewJSONHandler(o.f.Err, options))
	}
	return slog.New(slog.NewTextHandler(o.f.Err, options))
}

// serveProfiles serves profiles until it is stopped.
func serveProfiles(ctx context.Context, opts *serveOptions) (stop func() error, err error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", opts.pprof)
	if err != nil {
		return nil, err
	}
	s := &http.Server{Handler: serve.Profiles(), ReadHeaderTimeout: 10 * time.Second}
	go s.Serve(ln) // it returns when it is closed
	opts.Logger.Info("profiles", "address", "http://"+ln.Addr().String()+"/debug/pprof/")
	return s.Close, nil
}

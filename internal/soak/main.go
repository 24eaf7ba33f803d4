//go:build linux

// Command soak works a graph hard and looks whether anything is lost or grows.
//
//	go run ./internal/soak -for 1h
//
// A process loads, replaces and removes documents, of which half are copies or near
// copies of others, and is killed, starved of memory until it falls over, or left to
// finish; then the next goes on. Beside it this process asks, queries, exports and
// shows without a pause. In between all is checked: that each change which was done is there and none which was not, that
// the graph has the hash of a new graph of the documents that should be left, that
// it verifies and every quotation is true; and that memory, open files and disk
// space stay what they were. It prints a table and fails if one of these is not so.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"
)

func main() {
	if child() {
		return
	}
	var opts options
	flag.DurationVar(&opts.length, "for", time.Hour, "how long")
	flag.IntVar(&opts.documents, "documents", 60, "how many documents come and go")
	flag.IntVar(&opts.checks, "checks", 20, "how often all is checked")
	flag.Uint64Var(&opts.seed, "seed", 1, "of what happens when")
	flag.Int64Var(&opts.memory, "memory", 160, "GOMEMLIMIT of the process that writes, in MiB")
	flag.StringVar(&opts.demarc, "demarc", "", "a demarc `program`, to verify with besides")
	flag.StringVar(&opts.dir, "dir", "", "`folder` for the graph (default a temporary one)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := soak(ctx, opts); err != nil {
		fmt.Fprintf(os.Stderr, "soak: %v\n", err)
		os.Exit(1)
	}
}

// soak works as opts say, in a folder of its own if they name none.
func soak(ctx context.Context, opts options) (err error) {
	if opts.dir == "" {
		dir, err := os.MkdirTemp("", "soak")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		opts.dir = filepath.Join(dir, "soak.db")
	}
	s, err := newSoaker(ctx, opts)
	if err != nil {
		return err
	}
	return errors.Join(s.run(ctx), s.close())
}

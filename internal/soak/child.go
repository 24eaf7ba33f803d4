//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/demarcgraph/demarc/graph"
)

// envTask tells a process that it is to write, and how.
const envTask = "DEMARC_SOAK_TASK"

// task is what a writing process is told.
type task struct {
	Dir       string
	Documents int
	Seed      uint64
	Steps     int   // 0 for until it dies
	Room      int64 // bytes that it may have more than it has after opening; 0 for any
}

// step is one change: a revision of a document comes, or the document goes.
type step struct {
	slot     int
	revision int // none to remove
}

const none = -1

// child writes, if this process has a task, and reports whether it had.
func child() bool {
	text := os.Getenv(envTask)
	if text == "" {
		return false
	}
	var t task
	if err := errors.Join(json.Unmarshal([]byte(text), &t), t.run(context.Background())); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n", err)
		os.Exit(1)
	}
	return true
}

// run changes the graph. It prints each step when it begins, and "done" when the
// change is on disk.
func (t *task) run(ctx context.Context) error {
	docs, err := newLibrary(ctx, t.Documents)
	if err != nil {
		return err
	}
	g, err := graph.Open(ctx, t.Dir)
	if err != nil {
		return err
	}
	if t.Room > 0 {
		if err := starve(t.Room); err != nil {
			return err
		}
	}
	r := rand.New(rand.NewPCG(t.Seed, 1))
	for i := 0; i < t.Steps || t.Steps == 0; i++ {
		s := step{r.IntN(t.Documents), r.IntN(revisions+1) - 1}
		fmt.Println(s.slot, s.revision)
		if s.revision == none {
			if err := g.Remove(ctx, documentID(s.slot)); err != nil && !errors.Is(err, graph.ErrNotFound) {
				return err
			}
		} else if _, err := g.Load(ctx, docs.document(s.slot, s.revision)); err != nil {
			return err
		}
		fmt.Println("done")
	}
	return g.Close()
}

// starve lets this process have only so much more address space than it has.
func starve(room int64) error {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(statm))[0], 10, 64)
	if err != nil {
		return err
	}
	most := uint64(pages*int64(os.Getpagesize()) + room)
	return unix.Setrlimit(unix.RLIMIT_AS, &unix.Rlimit{Cur: most, Max: most})
}

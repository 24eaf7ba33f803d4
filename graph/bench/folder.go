//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/demarcgraph/demarc/internal/bench"
)

// caches is how many megabytes more a folder of four times the files may take: what
// the store's caches have when they are full, and as much again until the collector
// comes.
const caches = 256

// folders loads folders of n and 4n files with the program itself, one document at
// a time and two, into graphs in dir, prints what it took, and fails where memory grows with the
// folder.
func folders(ctx context.Context, corpus *bench.Corpus, dir string, n int, demarc string) error {
	fmt.Printf("%s\n\n", bench.Heading())
	bench.Head("files", "jobs", "documents/s", "processor time a document, ms", "memory, MB")
	written := 0
	var memory [2][2]int64 // by jobs, and of n and 4n files
	for i, files := range []int{n, 4 * n} {
		folder := filepath.Join(dir, "documents")
		if err := writeFiles(corpus, folder, written, files); err != nil {
			return err
		}
		written = files
		for j, jobs := range []int{1, 2} {
			db := filepath.Join(dir, "graph")
			cmd := exec.CommandContext(ctx, demarc, "load", "--db", db, "--jobs", strconv.Itoa(jobs), folder)
			cmd.Stderr = os.Stderr
			start := time.Now()
			if err := cmd.Run(); err != nil {
				return fmt.Errorf("%s: %w", demarc, err)
			}
			wall := time.Since(start)
			cpu, rss := bench.Used(cmd.ProcessState)
			memory[j][i] = rss
			bench.Row(bench.Thousands(int64(files)), strconv.Itoa(jobs), bench.Thousands(bench.PerSecond(int64(files), wall)),
				bench.Millis(cpu/time.Duration(files)), bench.Thousands(rss))
			if err := os.RemoveAll(db); err != nil {
				return err
			}
		}
	}
	for j, m := range memory {
		if m[1] > m[0]+caches {
			return fmt.Errorf("with %d jobs, a folder of %d files takes %d MB and one of %d files %d MB: want at most %d MB more", j+1, n, m[0], 4*n, m[1], caches)
		}
	}
	return nil
}

// writeFiles adds the documents of the numbers from first up to end to a folder, a
// hundred to each of its own.
func writeFiles(corpus *bench.Corpus, folder string, first, end int) error {
	for i := first; i < end; i++ {
		doc := corpus.Document(i)
		path := filepath.Join(folder, strconv.Itoa(i/100), fmt.Sprintf("document-%07d.txt", i))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte("date "+doc.Date.String()+"\n"+doc.Text[doc.Body:]), 0o644); err != nil {
			return err
		}
	}
	return nil
}

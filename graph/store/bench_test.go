package store

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// films returns Cayley's film data: gzipped N-Quads, 471,705 of them.
func films(b *testing.B) []byte {
	b.Helper()
	data, err := os.ReadFile(filepath.Join(cayleyDir(b), "data", "30kmoviedata.nq.gz"))
	if err != nil {
		b.Skip(err)
	}
	return data
}

func open(b *testing.B, path string) *Store {
	b.Helper()
	s, err := Open(path, Options{})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func BenchmarkImport(b *testing.B) {
	data := films(b)
	var quads int64
	for b.Loop() {
		path := filepath.Join(b.TempDir(), "g")
		s := open(b, path)
		res, err := s.Import(b.Context(), bytes.NewReader(data), ImportOptions{})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		quads += res.Added
		if quads == res.Added {
			b.ReportMetric(float64(folderSize(b, path))/float64(res.Added), "B/quad")
		}
	}
	b.ReportMetric(float64(quads)/b.Elapsed().Seconds(), "quads/s")
}

func folderSize(b *testing.B, dir string) (n int64) {
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		fi, err := e.Info()
		if err == nil {
			n += fi.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkReplaceLabel writes documents of 300 quads, each in a synced batch of
// its own: from one goroutine, and from eight, which share the syncs.
func BenchmarkReplaceLabel(b *testing.B) {
	for _, writers := range []int{1, 8} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s := open(b, b.TempDir())
			defer s.Close()
			var wg sync.WaitGroup
			work := make(chan int)
			for range writers {
				wg.Go(func() {
					for i := range work {
						if err := s.ReplaceLabel(context.Background(), iri(fmt.Sprint("d", i)), benchDoc(i)); err != nil {
							b.Error(err)
						}
					}
				})
			}
			i := 0
			for b.Loop() {
				work <- i
				i++
			}
			close(work)
			wg.Wait()
		})
	}
}

func benchDoc(i int) []Quad {
	var out []Quad
	label := iri(fmt.Sprint("d", i))
	for j := range 300 {
		out = append(out, Quad{
			Subject: iri(fmt.Sprintf("d%d/s%d", i, j/8)), Predicate: iri(fmt.Sprint("p", j%8)),
			Object: String(fmt.Sprintf("a value, number %d of %d", j, i)), Label: label,
		})
	}
	return out
}

// BenchmarkOpen opens and closes a graph of 471,705 quads.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	s := open(b, dir)
	if _, err := s.Import(b.Context(), bytes.NewReader(films(b)), ImportOptions{}); err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := open(b, dir).Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMatch looks up the quads of one subject.
func BenchmarkMatch(b *testing.B) {
	s := open(b, b.TempDir())
	defer s.Close()
	if _, err := s.Import(b.Context(), bytes.NewReader(films(b)), ImportOptions{}); err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		for _, err := range s.Match(b.Context(), Pattern{Subject: IRI("/en/larry_fine_1902")}) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
	}
	if n == 0 {
		b.Fatal("nothing found")
	}
}

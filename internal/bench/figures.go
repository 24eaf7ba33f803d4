package bench

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Heading says when and where a run is made: date, version of Go, processors and
// [LoadAverage].
func Heading() string {
	return fmt.Sprintf("%s, %s, %d processors, load %s", time.Now().Format(time.DateOnly), runtime.Version(), runtime.NumCPU(), LoadAverage())
}

// LoadAverage returns how many processes ran or waited over the last minute, as
// Linux says, or "unknown".
func LoadAverage() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	load, _, _ := strings.Cut(string(data), " ")
	return load
}

// Row prints a row of a table in Markdown on standard output.
func Row(cells ...string) { fmt.Println("| " + strings.Join(cells, " | ") + " |") }

// Head prints the first two rows of a table.
func Head(cells ...string) {
	Row(cells...)
	Row(slices.Repeat([]string{"---"}, len(cells))...)
}

// Thousands writes a number with a comma between every three digits.
func Thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Millis writes a duration in milliseconds, without the unit, "–" for none.
func Millis(d time.Duration) string {
	if d == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000)
}

// Median returns the middle one of some durations, 0 for none.
func Median(times []time.Duration) time.Duration { return Percentile(times, 50) }

// Percentile returns the duration that p percent of some are not longer than, 0
// for none.
func Percentile(times []time.Duration, p int) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[min(len(sorted)*p/100, len(sorted)-1)]
}

// PerSecond returns how many of n things come to a second of d.
func PerSecond(n int64, d time.Duration) int64 { return int64(float64(n) / d.Seconds()) }

// Size returns how many bytes the files of a folder have together. What it cannot
// read it leaves out.
func Size(dir string) (n int64) {
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			if info, err := e.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil
	})
	return n
}

// Folder returns the folder dir, made where there is none, or a new one if dir is
// "". The function that comes with it removes a new one, and keeps any other.
func Folder(dir string) (path string, done func() error, err error) {
	if dir != "" {
		return dir, func() error { return nil }, os.MkdirAll(dir, 0o755)
	}
	path, err = os.MkdirTemp("", "bench-")
	return path, func() error { return os.RemoveAll(path) }, err
}

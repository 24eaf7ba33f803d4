// Package golden compares what a test gets with the file that keeps what it
// should get. With the flag -update, which importing this package adds to a
// test, the files are written anew, to be looked at as a difference.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files")

// Update reports whether the test runs with -update: for what is rewritten by
// other means than [Check].
func Update() bool { return *update }

// Check reports an error with the difference where the file at path does not
// hold got to the byte. With -update it writes the file first, and the folder
// where there is none.
func Check[T ~string | ~[]byte](t testing.TB, path string, got T) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update to write it", err)
	}
	if string(want) != string(got) {
		t.Errorf("%s is not what it should be: look at the difference and run the test with -update (- the file, + now)\n%s",
			path, cmp.Diff(string(want), string(got)))
	}
}

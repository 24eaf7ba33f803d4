// Package shared finds the data that tests use where it is there and that the
// repository does not hold: the evaluation data, treebanks and the W3C's test
// cases, in a folder named shared beside the repository, or in the one that
// DEMARC_SHARED names.
package shared

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Find returns where a file or folder of the data is, named by its path within
// them, and whether it is there. It looks from the working directory upwards for
// the repository, so ask before changing that.
func Find(elem ...string) (path string, ok bool) {
	name := filepath.Join(elem...)
	if dir := os.Getenv("DEMARC_SHARED"); dir != "" {
		path = filepath.Join(dir, name)
		return path, exists(path)
	}
	at, err := os.Getwd()
	for ; err == nil && at != filepath.Dir(at); at = filepath.Dir(at) {
		if exists(filepath.Join(at, ".ci")) { // where the repository is: a module may lie within it
			path = filepath.Join(filepath.Dir(at), "shared", name)
			return path, exists(path)
		}
	}
	return "", false
}

// Path is [Find] for tests that are nothing without what it names: where it is not
// there the test is skipped, and says what it wants.
func Path(t testing.TB, elem ...string) string {
	t.Helper()
	path, ok := Find(elem...)
	if !ok {
		t.Skipf("needs shared/%s beside the repository: set DEMARC_SHARED to the folder that holds it", strings.Join(elem, "/"))
	}
	return path
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

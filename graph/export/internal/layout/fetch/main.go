// Command fetch packs the WebAssembly of Graphviz out of the Go module that
// builds it. It runs in the folder of package layout, by go generate.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// module is where it is from, in a version whose build of Graphviz is known to
// have the functions that layout calls.
const module = "github.com/goccy/go-graphviz@v0.2.9"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "fetch:", err)
		os.Exit(1)
	}
}

func run() error {
	cmd := exec.Command("go", "mod", "download", "-json", module)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("go mod download %s: %w", module, err)
	}
	var where struct{ Dir string }
	if err := json.Unmarshal(out, &where); err != nil {
		return err
	}
	code, err := os.ReadFile(filepath.Join(where.Dir, "internal", "wasm", "graphviz.wasm"))
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(code); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile("graphviz.wasm.gz", packed.Bytes(), 0o644)
}

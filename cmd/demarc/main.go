// Demarc reads documents about territorial disputes, builds a knowledge graph
// of them and answers questions with the sentence that proves the answer.
package main

import (
	"os"

	"github.com/demarcgraph/demarc/cmd/demarc/internal/cli"
)

func main() { os.Exit(cli.Main()) }

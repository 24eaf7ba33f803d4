package ask_test

import (
	"os"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/graph/ask"
)

func TestDebug(t *testing.T) {
	q := os.Getenv("Q")
	if q == "" {
		t.Skip()
	}
	e, _ := ask.New()
	for _, q := range strings.Split(q, "|") {
		if strings.HasPrefix(q, "2:") {
			_, m := second(t)
			ask.Debug(e, m, q[2:])
			continue
		}
		dir := shared(t)
		ask.Debug(e, gold(t, dir, loadDocs(t, dir)), q)
	}
}

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
			ask.DebugSearch(e, m, q[2:])
			continue
		}
		dir := shared(t)
		m := extracted(t, loadDocs(t, dir))
		ask.Debug(e, m, q)
		ask.DebugSearch(e, m, q)
	}
}

package extract

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/internal/eval"
	"github.com/demarcgraph/demarc/schema"
)

// tally counts facts that a careful reader agrees with and those that not.
type tally struct {
	right, wrong int
	confidence   float64 // sum over both
}

func (c tally) n() int             { return c.right + c.wrong }
func (c tally) precision() float64 { return float64(c.right) / float64(c.n()) }
func (c tally) mean() float64      { return c.confidence / float64(c.n()) }

// TestCalibration compares the confidence of facts with how often they are
// right. With -v it prints what docs/rules.md and whoever sets the confidence
// of a rule need.
func TestCalibration(t *testing.T) {
	t.Run("own set", func(t *testing.T) {
		own := filepath.Join("..", "internal", "eval", "testdata", "own")
		texts, err := os.ReadFile(filepath.Join(own, "docs.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		docs, err := records(texts)
		if err != nil {
			t.Fatal(err)
		}
		gold, err := os.ReadFile(filepath.Join(own, "gold.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		calibrate(t, docs, gold)
	})
	t.Run("development set", func(t *testing.T) {
		calibrate(t, development(t), sharedFile(t, "eval", "gold-dev.jsonl"))
	})
}

// calibrate logs the reliability of confidence and of each rule over documents
// whose facts are known.
func calibrate(t *testing.T, docs []schema.Document, known []byte) {
	gold, err := eval.ReadGold(bytes.NewReader(known))
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]eval.GoldDoc{}
	for _, doc := range gold {
		byID[doc.ID] = doc
	}
	facts := extractAll(t, newExtractor(t), docs)
	scored, err := eval.FromFacts(facts)
	if err != nil {
		t.Fatal(err)
	}
	buckets, rules := map[int]tally{}, map[string]tally{}
	all, square := tally{}, 0.0
	for i, f := range facts {
		doc, ok := byID[scored[i].Doc]
		if !ok {
			t.Fatalf("nobody says what the facts of %s are", scored[i].Doc)
		}
		// of one fact, the score says whether it is right, wrong, or not asked for
		counts := eval.ScoreFacts([]eval.GoldDoc{doc}, scored[i:i+1]).All
		if counts.Right+counts.Wrong == 0 {
			continue
		}
		add := func(c tally) tally {
			return tally{c.right + counts.Right, c.wrong + counts.Wrong, c.confidence + f.Confidence}
		}
		bucket := min(int(f.Confidence*20+1e-9), 19)
		buckets[bucket] = add(buckets[bucket])
		rules[f.Rule] = add(rules[f.Rule])
		all = add(all)
		square += (f.Confidence - float64(counts.Right)) * (f.Confidence - float64(counts.Right))
	}
	if all.n() == 0 {
		t.Fatal("no fact is right or wrong")
	}
	var b strings.Builder
	gap := 0.0
	fmt.Fprintf(&b, "| confidence | facts | mean confidence | right |\n| --- | ---: | ---: | ---: |\n")
	for _, k := range slices.Sorted(maps.Keys(buckets)) {
		c := buckets[k]
		fmt.Fprintf(&b, "| %.2f to %.2f | %d | %.2f | %.2f |\n", float64(k)/20, float64(k+1)/20, c.n(), c.mean(), c.precision())
		gap += math.Abs(c.mean()-c.precision()) * float64(c.n()) / float64(all.n())
	}
	fmt.Fprintf(&b, "| all | %d | %.2f | %.2f |\n\n", all.n(), all.mean(), all.precision())
	fmt.Fprintf(&b, "expected calibration error %.3f, Brier score %.3f\n\n", gap, square/float64(all.n()))
	fmt.Fprintf(&b, "| rule | facts | right | confidence | suggested |\n| --- | ---: | ---: | ---: | ---: |\n")
	for _, id := range slices.Sorted(maps.Keys(rules)) {
		c := rules[id]
		fmt.Fprintf(&b, "| %s | %d | %.2f | %.2f | %.2f |\n", id, c.n(), c.precision(), c.mean(), suggested(c, all.precision()))
	}
	t.Logf("\n%s", &b)
}

// suggested is the confidence that a rule has earned on these documents: its
// precision, drawn towards that of all rules as long as it has made few facts.
func suggested(c tally, prior float64) float64 {
	const weight = 8 // facts that the prior counts for
	p := (float64(c.right) + weight*prior) / (float64(c.n()) + weight)
	return math.Round(p*20) / 20
}

//go:build unix

// Command bench measures package nlp on one core beside taggers that do a part
// of its work, all on the same text in the same run, and prints a table in
// Markdown. Times are those of the processor, so that other work on the machine
// counts little. The script run beside it fetches the taggers of npm and calls it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"

	"github.com/jdkato/prose/v3/tag"
	"github.com/jdkato/prose/v3/tokenize"

	"github.com/demarcgraph/demarc/internal/bench"
	"github.com/demarcgraph/demarc/nlp"
)

// result is what a contestant took for the text.
type result struct {
	Name    string  `json:"name"`
	Gives   string  `json:"gives"`
	Seconds float64 `json:"seconds"`
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	models := flag.String("models", "../../data/models", "folder of the model")
	folder := flag.String("texts", "../../data/documents", "folder of the texts that are repeated")
	size := flag.Int("bytes", 1_000_000, "how much text to measure on, about")
	rounds := flag.Int("rounds", 5, "how often to measure, for the best time")
	peers := flag.String("peers", "", "peers.js, its packages installed beside it; without, Go only")
	flag.Parse()

	runtime.GOMAXPROCS(1)
	texts, err := repeat(*folder, *size)
	if err != nil {
		log.Fatal(err)
	}
	load := bench.LoadAverage()
	tokens, results, err := goParsers(*models, texts, *rounds)
	if err != nil {
		log.Fatal(err)
	}
	if *peers != "" {
		more, err := npmTaggers(*peers, texts, *rounds)
		if err != nil {
			log.Fatal(err)
		}
		results = append(results, more...)
	}

	length := 0
	for _, t := range texts {
		length += len(t)
	}
	fmt.Printf("%d tokens, %.1f MB, processor time on one core, best of %d rounds; load of the machine %s on %d processors\n\n",
		tokens, float64(length)/1e6, *rounds, load, runtime.NumCPU())
	fmt.Print("| | gives | tokens/s | ratio |\n| --- | --- | ---: | ---: |\n")
	for _, r := range results {
		fmt.Printf("| %s | %s | %.0f | %.2f |\n", r.Name, r.Gives, float64(tokens)/r.Seconds, results[0].Seconds/r.Seconds)
	}
}

// repeat returns the texts of the files in folder again and again, until they
// come to size bytes.
func repeat(folder string, size int) ([]string, error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var samples []string
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			return nil, err
		}
		switch filepath.Ext(f.Name()) {
		case ".txt", ".md":
			samples = append(samples, string(data))
		case ".jsonl":
			for dec := json.NewDecoder(bytes.NewReader(data)); ; {
				var doc struct{ Text string }
				if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					return nil, fmt.Errorf("%s: %w", f.Name(), err)
				}
				samples = append(samples, doc.Text)
			}
		}
	}
	if len(samples) == 0 {
		return nil, fmt.Errorf("%s holds no .txt, .md or .jsonl", folder)
	}
	var texts []string
	for i := 0; size > 0; i++ {
		s := samples[i%len(samples)]
		texts = append(texts, s)
		size -= len(s) + 1
	}
	return texts, nil
}

// goParsers measures nlp and prose. tokens is how many nlp finds; all speeds
// count in these, so that ratios are those of the time for the same text.
func goParsers(models string, texts []string, rounds int) (tokens int, results []result, err error) {
	p, err := nlp.Load(os.DirFS(models))
	if err != nil {
		return 0, nil, err
	}
	ctx := context.Background()
	ours, err := best(rounds, func() error {
		tokens = 0
		for _, text := range texts {
			doc, err := p.Parse(ctx, text)
			if err != nil {
				return err
			}
			for _, s := range doc.Sentences {
				tokens += len(s.Tokens)
			}
		}
		return nil
	})
	if err != nil {
		return 0, nil, err
	}
	tokenizer := tokenize.New()
	tagger, err := tag.New()
	if err != nil {
		return 0, nil, fmt.Errorf("prose: %w", err)
	}
	theirs, err := best(rounds, func() error {
		for _, text := range texts {
			tagger.TagTokens(tokenizer.Tokenize(text))
		}
		return nil
	})
	if err != nil {
		return 0, nil, err
	}
	return tokens, []result{
		{"demarc `nlp`", "Penn and universal tags, lemmas, trees", ours},
		{"prose v3, no sentences", "Penn tags", theirs},
	}, nil
}

// best returns the seconds of processor that the fastest of the rounds takes,
// after one to warm up.
func best(rounds int, run func() error) (float64, error) {
	fastest := math.Inf(1)
	for i := range rounds + 1 {
		start := bench.CPU()
		if err := run(); err != nil {
			return 0, err
		}
		if i > 0 {
			fastest = min(fastest, (bench.CPU() - start).Seconds())
		}
	}
	return fastest, nil
}

// npmTaggers has node run the script and reads its lines.
func npmTaggers(script string, texts []string, rounds int) ([]result, error) {
	file := filepath.Join(filepath.Dir(script), "texts.json")
	data, err := json.Marshal(texts)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command("node", "--single-threaded", script, file, strconv.Itoa(rounds))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("node %s: %w", script, err)
	}
	var results []result
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var r result
		if err := dec.Decode(&r); errors.Is(err, io.EOF) {
			return results, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s printed something else than results: %w", script, err)
		}
		results = append(results, r)
	}
}

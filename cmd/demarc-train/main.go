// Demarc-train learns the models of package nlp from treebanks in CoNLL-U.
//
//	demarc-train -o data/models en_ewt-train.conllu.gz en_gum-train.conllu.gz
//
// The same files and seed give the same model, byte for byte.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/demarcgraph/demarc/nlp/conllu"
	"github.com/demarcgraph/demarc/nlp/train"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "demarc-train:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	out := flag.String("o", "data/models", "the `folder` that the model is written to")
	seed := flag.Uint64("seed", 1, "seed of the random numbers")
	epochs := flag.Int("epochs", 0, "passes over the data, 0 for the default")
	dev := flag.String("dev", "", "a `treebank` to measure on after each pass; nothing is learnt from it")
	base := flag.String("base", "", "a model `file` whose tagger and network are kept; only the quick parts are learnt anew")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: demarc-train [flags] TREEBANK.conllu[.gz] ...")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		return fmt.Errorf("no treebank given")
	}
	var banks [][]conllu.Sentence
	for _, name := range flag.Args() {
		b, err := read(name)
		if err != nil {
			return err
		}
		banks = append(banks, b)
	}
	var measured []conllu.Sentence
	if *dev != "" {
		var err error
		if measured, err = read(*dev); err != nil {
			return err
		}
	}
	var kept []byte
	if *base != "" {
		var err error
		if kept, err = os.ReadFile(*base); err != nil {
			return err
		}
	}
	start := time.Now()
	data, err := train.Train(ctx, banks, train.Options{
		Seed: *seed, Epochs: *epochs, Dev: measured, Base: kept,
		Log: func(format string, args ...any) {
			fmt.Fprintf(os.Stderr, "%6.1fs %s\n", time.Since(start).Seconds(), fmt.Sprintf(format, args...))
		},
	})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(*out, train.FileName), data, 0o644)
}

func read(name string) ([]conllu.Sentence, error) {
	f, err := conllu.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []conllu.Sentence
	for s, err := range conllu.Read(f) {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, s)
	}
	return out, nil
}

package nlp_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/nlp/render"
)

func Example() {
	p, err := nlp.Load(os.DirFS("../data/models"))
	if err != nil {
		log.Fatal(err)
	}
	doc, err := p.Parse(context.Background(), "Ruritania claims the islands.")
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range doc.Sentences {
		for _, w := range s.Tokens {
			head := "ROOT"
			if w.Head >= 0 {
				head = s.Tokens[w.Head].Text
			}
			fmt.Println(w.Text, w.Lemma, w.POS, w.Tag, w.Rel, head)
		}
	}
	// Output:
	// Ruritania Ruritania PROPN NNP nsubj claims
	// claims claim VERB VBZ root ROOT
	// the the DET DT det islands
	// islands island NOUN NNS obj claims
	// . . PUNCT . punct claims
}

func ExamplePipeline_Stream() {
	p, err := nlp.Load(os.DirFS("../data/models"))
	if err != nil {
		log.Fatal(err)
	}
	file := strings.NewReader("They met on Monday. No treaty was signed.")
	for s, err := range p.Stream(context.Background(), file) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(s.Start, s.End, len(s.Tokens))
	}
	// Output:
	// 0 19 5
	// 20 41 5
}

func ExamplePipeline_Annotate() {
	p, err := nlp.Load(os.DirFS("../data/models"))
	if err != nil {
		log.Fatal(err)
	}
	s := p.Annotate([]string{"The", "islands", "were", "occupied", "by", "Graustark", "."})
	if err := render.Tree(os.Stdout, &s); err != nil {
		log.Fatal(err)
	}
	// Output:
	// occupied VERB root
	// ├── islands NOUN nsubj:pass
	// │   └── The DET det
	// ├── were AUX aux:pass
	// ├── Graustark PROPN obl:agent
	// │   └── by ADP case
	// └── . PUNCT punct
}

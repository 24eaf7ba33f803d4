package ask

import (
	"context"
	"fmt"
	"os"
	"testing"
)

var kindNames = []string{"Word", "Name", "Date", "Wh", "Aux", "Prep", "And", "Or", "Comma", "Poss", "Neg", "Pron", "Det", "Num", "Verb", "Noun", "Type", "Office", "Status", "Light", "Unit", "Now", "Hyphen", "Stop", "Punct"}

// Debug prints how a question is read.
func Debug(e *Engine, r Reader, q string) {
	p, _, err := e.prepare(context.Background(), r, q, Options{})
	if err != nil {
		panic(err)
	}
	if err := p.parse(); err != nil {
		panic(err)
	}
	for i, c := range p.chunks {
		h := ""
		if p.hidden[i] {
			h = "~"
		}
		t := p.text[p.toks[c.first].start:p.toks[c.last-1].end]
		if c.ref != nil {
			for _, e := range c.ref.ents {
				t += "=" + e.ID
			}
		}
		fmt.Fprintf(os.Stdout, "%s%s[%s] ", h, kindNames[c.kind], t)
	}
	fmt.Println()
	for _, c := range p.clauses {
		fmt.Printf("  clause %d-%d verb %d passive %v rel %d noun %v roles:", c.a, c.b, c.verb, c.passive, len(c.relations), c.noun != nil)
		for _, r := range sortedKeys(c.roles) {
			for _, n := range c.roles[r] {
				fmt.Printf(" %s=%s", r, p.low(n.first, n.last))
			}
		}
		fmt.Println()
	}
	pl, ok := p.plan()
	fmt.Println(" ", ok, pl)
}

func TestNothing(t *testing.T) {}

// DebugSearch prints how the second layer reads a question.
func DebugSearch(e *Engine, r Reader, q string) {
	p, x, err := e.prepare(context.Background(), r, q, Options{})
	if err != nil {
		panic(err)
	}
	if err := p.parse(); err != nil {
		panic(err)
	}
	rd := x.readQuestion(p)
	if rd == nil {
		fmt.Println("   no reading; form", p.form)
		return
	}
	fmt.Println("  ", rd, "content", rd.content, "names", len(rd.names), "class", rd.class, "speaker", rd.speaker)
	ps, err := x.passages(p, rd)
	for _, s := range ps {
		fmt.Printf("   %.2f %s\n", s.score, s.text())
	}
	pipe, _ := e.nlp()
	for _, s := range ps {
		its, err := x.extract(p, rd, s, pipe)
		fmt.Println("   =", its, err)
	}
	fmt.Println(err)
}

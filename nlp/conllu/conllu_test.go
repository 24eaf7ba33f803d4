package conllu_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/nlp/conllu"
)

const sample = `# newdoc id = d
# sent_id = 1
# text = They don't.
1	They	they	PRON	PRP	_	3	nsubj	_	_
2-3	don't	_	_	_	_	_	_	_	SpaceAfter=No
2	do	do	AUX	VBP	_	0	root	_	_
3	n't	not	PART	RB	_	2	advmod	_	_
3.1	go	go	VERB	VB	_	_	_	_	_
4	.	.	PUNCT	.	_	2	punct	_	_

# newpar
# sent_id = 2
1	Ok	ok	INTJ	UH	_	0	root	_	_

`

func read(s string) ([]conllu.Sentence, error) {
	var out []conllu.Sentence
	for x, err := range conllu.Read(strings.NewReader(s)) {
		if err != nil {
			return out, err
		}
		out = append(out, x)
	}
	return out, nil
}

func TestRead(t *testing.T) {
	sents, err := read(sample)
	if err != nil {
		t.Fatal(err)
	}
	if len(sents) != 2 || len(sents[0].Words) != 4 || len(sents[0].Ranges) != 1 {
		t.Fatalf("got %+v", sents)
	}
	if got := sents[0].Comment("text"); got != "They don't." {
		t.Errorf("text comment %q", got)
	}
	text, spans := conllu.Text(sents)
	if want := "They don't.\n\nOk"; text != want {
		t.Errorf("text %q, want %q", text, want)
	}
	for i, s := range sents {
		for j, w := range s.Words {
			if got := text[spans[i][j][0]:spans[i][j][1]]; got != w.Form {
				t.Errorf("span of %q gives %q", w.Form, got)
			}
		}
	}
}

func TestRoundTrip(t *testing.T) {
	sents, err := read(sample)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for i := range sents {
		if err := conllu.Write(&b, &sents[i]); err != nil {
			t.Fatal(err)
		}
	}
	want := strings.Replace(sample, "3.1\tgo\tgo\tVERB\tVB\t_\t_\t_\t_\t_\n", "", 1)
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"columns", "1\ta\n", "line 1: 2 columns"},
		{"too many", "1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\n", "line 1: more than ten"},
		{"order", "2\ta\ta\tX\tX\t_\t0\troot\t_\t_\n", `line 1: ID "2", want 1`},
		{"head", "1\ta\ta\tX\tX\t_\tx\troot\t_\t_\n", `head "x"`},
		{"head out of range", "1\ta\ta\tX\tX\t_\t7\tdep\t_\t_\n\n", "word 1 has head 7"},
		{"range", "3-4\ta\t_\t_\t_\t_\t_\t_\t_\t_\n", `range "3-4"`},
	} {
		if _, err := read(c.in); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample)
	f.Add("1-2\tab\t_\t_\t_\t_\t_\t_\t_\t_\n1\tax\t_\t_\t_\t_\t0\troot\t_\t_\n2\té\t_\t_\t_\t_\t1\tdep\t_\t_\n")
	f.Fuzz(func(t *testing.T, in string) {
		first, err := read(in)
		if err != nil {
			return
		}
		text, spans := conllu.Text(first)
		last := 0
		for i := range spans {
			for _, sp := range spans[i] {
				if sp[0] < last || sp[1] < sp[0] || sp[1] > len(text) {
					t.Fatalf("span %v after %d in a text of %d bytes", sp, last, len(text))
				}
				last = sp[1]
			}
		}
		var b bytes.Buffer
		for i := range first {
			if err := conllu.Write(&b, &first[i]); err != nil {
				t.Fatal(err)
			}
		}
		second, err := read(b.String())
		if err != nil {
			t.Fatalf("cannot read back: %v\n%s", err, b.String())
		}
		var again bytes.Buffer
		for i := range second {
			if err := conllu.Write(&again, &second[i]); err != nil {
				t.Fatal(err)
			}
		}
		if !reflect.DeepEqual(b.String(), again.String()) {
			t.Fatalf("not stable:\n%s\nthen\n%s", b.String(), again.String())
		}
	})
}

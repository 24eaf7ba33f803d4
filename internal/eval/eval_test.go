package eval

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/internal/shared"
	"github.com/demarcgraph/demarc/schema"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Japan", "japan"},
		{"Côte d’Ivoire", "cote d ivoire"},
		{"Japan's claim", "japan claim"},
		{"Japan’s", "japan"},
		{"Islands'students", "islands students"},
		{"O'Sullivan", "o sullivan"},
		{"  U.S.--Mexico  ", "u s mexico"},
		{"Åland", "aland"},
		{"尖閣", ""},
		{"ﬁsh ½", "fish 1 2"},
	} {
		if got := fold(c.in); got != c.want {
			t.Errorf("fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestKeysDropGenericWords(t *testing.T) {
	if !keys("Habomai islets").meets(keys("The Habomai Group")) {
		t.Error("generic words tell names apart")
	}
	if keys("Kuril Islands").meets(keys("Spratly Islands")) {
		t.Error("a shared generic word makes different names the same")
	}
	if got := keys("The Islands"); len(got) != 1 || !got["the islands"] {
		t.Errorf("a name of generic words alone has keys %v", got)
	}
}

func facts(t *testing.T, lines string) []Fact {
	t.Helper()
	fs, err := ReadFacts(strings.NewReader(lines))
	if err != nil {
		t.Fatal(err)
	}
	return fs
}

func TestScoreFacts(t *testing.T) {
	if _, err := ReadGold(strings.NewReader("{\"id\":\n\"d\"}")); err == nil {
		t.Fatal("a record broken over lines was read")
	}
	gold, err := ReadGold(strings.NewReader(strings.ReplaceAll(`{"id":"d","facts":[
{"s":["Japan"],"p":"claims","o":["Habomai"],"q":{},"attr":null,"neg":false,"opt":true},
{"s":["Japan"],"p":"claims","o":["Shikotan"],"q":{"since":"1945"},"attr":null,"neg":false,"opt":false},
{"s":["Japan"],"p":"partyTo","o":["1956 declaration"],"q":{"act":"signed","date":"1956-10-19"},"attr":null,"neg":false,"opt":false},
{"s":["Japan"],"p":"partyTo","o":["1956 declaration"],"q":{"act":"ratified"},"attr":null,"neg":false,"opt":false},
{"s":["Russia"],"p":"disputes","o":["Japan"],"q":{"over":["Kuril Islands","Kurils"]},"attr":"Japan","neg":false,"opt":false},
{"s":["Russia"],"p":"administers","o":["Iturup"],"q":{},"attr":null,"neg":false,"opt":true}]}`, "\n", "")))
	if err != nil {
		t.Fatal(err)
	}
	const (
		claims   = `{"doc":"d","subject":{"name":"Tokyo","aliases":["Japan"]},"predicate":"claims","object":{"name":"Shikotan Island"},"qualifiers":{"since":"1945-08"}}` + "\n"
		denied   = `{"doc":"d","subject":{"name":"Japan"},"predicate":"claims","object":{"name":"Shikotan"},"negated":true}` + "\n"
		signed   = `{"doc":"d","subject":{"name":"Japan"},"predicate":"partyTo","object":{"name":"1956 declaration"},"qualifiers":{"act":"signed","date":"1956"}}` + "\n"
		disputes = `{"doc":"d","subject":{"name":"Japan"},"predicate":"disputes","object":{"name":"Russia"},"qualifiers":{"over":{"name":"Southern Kuril Islands","aliases":[]}},"attributedTo":"Japan"}` + "\n"
		optional = `{"doc":"d","subject":{"name":"Russia"},"predicate":"administers","object":{"name":"Iturup"}}` + "\n"
		other    = `{"doc":"e","subject":{"name":"Russia"},"predicate":"administers","object":{"name":"Iturup"}}` + "\n"
		vague    = `{"doc":"d","subject":{"name":"Japan"},"predicate":"claims","object":{"name":"Shikotan","aliases":["Habomai"]}}` + "\n"
		beyond   = `{"doc":"d","subject":{"name":"Russia"},"predicate":"said","object":{"name":"no"}}` + "\n"
	)
	for _, c := range []struct {
		name, facts         string
		want                Counts
		qualifiers, attribs int
	}{
		{"nothing", "", Counts{0, 0, 3}, 0, 0},
		{"alias and finer date", claims, Counts{1, 0, 2}, 1, 1},
		{"a fact twice is one", claims + claims, Counts{1, 0, 2}, 1, 1},
		{"wrong polarity", denied, Counts{0, 1, 3}, 0, 0},
		{"two acts, one fact", signed, Counts{1, 0, 2}, 2, 1},
		{"symmetric, attributed", disputes, Counts{1, 0, 2}, 1, 1},
		{"a required fact is matched before an optional one", vague, Counts{1, 0, 2}, 0, 1},
		{"optional, other document, other predicate", optional + other + beyond, Counts{0, 0, 3}, 0, 0},
	} {
		s := ScoreFacts(gold, facts(t, c.facts))
		if s.All != c.want || s.QualifiersRight != c.qualifiers || s.AttributionRight != c.attribs {
			t.Errorf("%s: %+v, qualifiers %d, attribution %d; want %+v, %d, %d",
				c.name, s.All, s.QualifiersRight, s.AttributionRight, c.want, c.qualifiers, c.attribs)
		}
		sum := Counts{}
		for _, p := range s.Predicates {
			sum.Add(p.Counts)
		}
		if sum != s.All {
			t.Errorf("%s: the predicates add up to %+v, not %+v", c.name, sum, s.All)
		}
	}
}

func TestFromFactsKeepsWhatIsScored(t *testing.T) {
	f := schema.Fact{
		Subject:   schema.NewEntity(schema.State, "Japan", "Tokyo"),
		Predicate: schema.Claims, Object: schema.NewEntity(schema.Territory, "Shikotan"), Negated: true,
		AttributedTo: schema.NewEntity(schema.State, "Russia"), Time: schema.Time{Since: schema.Year(1945)},
		Evidence: []schema.Evidence{{Doc: "d", End: 1, Text: "x", Line: 1}},
	}
	got, err := FromFacts([]schema.Fact{f})
	if err != nil {
		t.Fatal(err)
	}
	g := got[0]
	if g.Doc != "d" || !slices.Equal(g.Subject, names{"Japan", "Tokyo"}) || !g.Negated ||
		g.AttributedTo == nil || *g.AttributedTo != "Russia" || string(g.Qualifiers["since"]) != `"1945"` {
		t.Errorf("got %+v", g)
	}
}

func TestScoreAnswers(t *testing.T) {
	q := `{"id":"1","question":"?","kind":"%s","answers":%s,"docs":["d"]}`
	a := `{"id":"1","answers":%s,"abstained":%s,"evidence":[{"doc":"%s","start":0,"end":5,"text":"Japan"}]}`
	for _, c := range []struct {
		name, kind, right, given, abstained, doc string
		ok, evidence                             int
	}{
		{"list", "list", `[["Shikotan"],["Habomai islets","Habomai"]]`, `[{"name":"Habomai"},{"name":"Shikotan Island"}]`, "false", "d", 1, 1},
		{"one missing", "list", `[["Shikotan"],["Habomai"]]`, `[{"name":"Habomai"}]`, "false", "d", 0, 1},
		{"one too many", "one", `[["Japan"]]`, `["Japan","Russia"]`, "false", "d", 0, 1},
		{"finer date", "date", `[["1956"]]`, `["1956-10-19"]`, "false", "d", 1, 1},
		{"coarser date", "date", `[["1956-10-19"]]`, `["1956"]`, "false", "d", 0, 1},
		{"number", "number", `[[4]]`, `["4"]`, "false", "d", 1, 1},
		{"other document", "one", `[["Japan"]]`, `["Japan"]`, "false", "e", 1, 0},
		{"withheld", "none", `[]`, `[]`, "true", "d", 1, 0},
		{"silent", "none", `[]`, `[]`, "false", "d", 0, 0},
	} {
		qs, err := ReadQuestions(strings.NewReader(fmt.Sprintf(q, c.kind, c.right)))
		if err != nil {
			t.Fatal(err)
		}
		as, err := ReadAnswers(strings.NewReader(fmt.Sprintf(a, c.given, c.abstained, c.doc)))
		if err != nil {
			t.Fatal(err)
		}
		s := ScoreAnswers(qs, as, map[string]string{"d": "Japan and Russia", "e": "Japan"})
		if s.Right != c.ok || s.TrueEvidence != c.evidence {
			t.Errorf("%s: right %d, evidence %d; want %d, %d", c.name, s.Right, s.TrueEvidence, c.ok, c.evidence)
		}
		if (len(s.Errors) == 0) != (c.ok == 1) {
			t.Errorf("%s: errors %+v", c.name, s.Errors)
		}
		if s = ScoreAnswers(qs, as, map[string]string{"d": "Chile and Peru"}); s.TrueEvidence != 0 {
			t.Errorf("%s: a false quotation counts as evidence", c.name)
		}
	}
}

// reference runs a reference scorer and returns what it prints.
func reference(t *testing.T, args ...string) string {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("needs python3 to run the reference scorer")
	}
	out, err := exec.Command(python, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", args[0], err)
	}
	return string(out)
}

func writeLines(t *testing.T, records []any) string {
	t.Helper()
	var b bytes.Buffer
	for _, r := range records {
		line, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	path := filepath.Join(t.TempDir(), "records.jsonl")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func readFile[T any](t *testing.T, path string) []T {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	vs, err := collect[T](f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return vs
}

// TestFactScoresEqualReference scores gold facts that were damaged in every
// way that matters, here and by the reference scorer.
func TestFactScoresEqualReference(t *testing.T) {
	gold := shared.Path(t, "eval", "gold-dev.jsonl")
	script := shared.Path(t, "eval", "score.py")
	docs := readFile[GoldDoc](t, gold)
	for seed := range uint64(8) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var records []any
		for _, doc := range docs {
			for _, f := range doc.Facts {
				records = append(records, damaged(rng, doc.ID, f)...)
			}
		}
		path := writeLines(t, records)
		var got bytes.Buffer
		score := ScoreFacts(docs, readFile[Fact](t, path))
		score.WriteErrors(&got)
		score.WriteTable(&got)
		if want := reference(t, script, gold, path, "--errors"); clean(got.String()) != clean(want) {
			t.Fatalf("seed %d: got\n%s\nthe reference scorer prints\n%s", seed, got.String(), want)
		}
	}
}

// clean drops the blank that the reference prints where "(neg)" would stand.
func clean(s string) string { return strings.ReplaceAll(s, " \n", "\n") }

func damaged(rng *rand.Rand, doc string, f GoldFact) []any {
	name := func(names []string) any {
		pick := names[rng.IntN(len(names))]
		switch rng.IntN(4) {
		case 0:
			return map[string]any{"name": strings.ToUpper(pick), "aliases": names[:1]}
		case 1:
			return map[string]any{"name": "the " + pick + "'s"}
		default:
			return pick
		}
	}
	qualifiers := map[string]any{}
	for role, raw := range f.Qualifiers {
		var v any
		json.Unmarshal(raw, &v)
		switch rng.IntN(6) {
		case 0:
			continue
		case 1:
			v = []any{v}
		case 2:
			if s, ok := v.(string); ok {
				v = map[string]any{"name": "x", "aliases": []string{s}}
			}
		case 3:
			if s, ok := v.(string); ok && len(s) > 4 {
				v = s[:4]
			}
		case 4:
			if s, ok := v.(string); ok {
				v = s + "-01"
			}
		}
		qualifiers[role] = v
	}
	r := map[string]any{
		"doc": doc, "subject": name(f.Subject), "predicate": f.Predicate, "object": name(f.Object),
		"qualifiers": qualifiers, "attributedTo": f.AttributedTo, "negated": f.Negated,
	}
	switch rng.IntN(10) {
	case 0:
		return nil
	case 1:
		r["negated"] = !f.Negated
	case 2:
		r["subject"], r["object"] = r["object"], r["subject"]
	case 3:
		r["predicate"] = "disputes"
	case 4:
		r["attributedTo"] = "Japan"
	case 5:
		return []any{r, r}
	case 6:
		r["predicate"] = "said"
	}
	return []any{r}
}

func TestAnswerScoresEqualReference(t *testing.T) {
	questions := shared.Path(t, "eval", "questions-dev.jsonl")
	script := shared.Path(t, "eval", "score_answers.py")
	corpus := []string{shared.Path(t, "corpus", "factbook-dev.jsonl"), shared.Path(t, "corpus", "seed-kurils-2022.txt")}
	texts := map[string]string{}
	for _, d := range readFile[struct{ ID, Text string }](t, corpus[0]) {
		texts[d.ID] = d.Text
	}
	seed, err := os.ReadFile(corpus[1])
	if err != nil {
		t.Fatal(err)
	}
	texts["seed-kurils-2022"] = string(seed)
	qs := readFile[Question](t, questions)
	for seed := range uint64(8) {
		rng := rand.New(rand.NewPCG(seed, 2))
		var records []any
		for _, q := range qs {
			records = append(records, answered(rng, q, texts))
		}
		path := writeLines(t, records)
		score := ScoreAnswers(qs, readFile[Answer](t, path), texts)
		var got bytes.Buffer
		score.WriteTable(&got)
		want := reference(t, append([]string{script, questions, path, "--corpus"}, corpus...)...)
		if got.String() != want {
			t.Fatalf("seed %d: got\n%s\nthe reference scorer prints\n%s", seed, got.String(), want)
		}
	}
}

func answered(rng *rand.Rand, q Question, texts map[string]string) any {
	var given []any
	for _, want := range q.Answers {
		pick := string(want[rng.IntN(len(want))])
		switch rng.IntN(12) {
		case 0:
			continue
		case 1:
			pick += "-10"
		case 2:
			given = append(given, "nowhere")
		}
		given = append(given, map[string]any{"name": pick, "aliases": []string{}})
	}
	var evidence []any
	if len(q.Docs) > 0 {
		doc := q.Docs[0]
		if rng.IntN(6) == 0 {
			doc = "elsewhere"
		}
		text := texts[q.Docs[0]]
		start := rng.IntN(max(len(text)/2, 1))
		end := min(start+40, len(text))
		quote := strings.ToValidUTF8(text[start:end], "?")
		evidence = append(evidence, map[string]any{"doc": doc, "start": start, "end": end, "text": quote})
	}
	return map[string]any{"id": q.ID, "answers": given, "abstained": rng.IntN(5) > 0 && given == nil, "evidence": evidence}
}

func TestWriteAnswerErrors(t *testing.T) {
	s := &AnswerScore{Errors: []AnswerError{
		{ID: "1", Question: "Who?", Right: []string{"A", "B"}, Given: []string{"C"}},
		{ID: "2", Question: "When?", Withheld: true},
		{ID: "3", Question: "Where?"},
	}}
	var b strings.Builder
	if err := s.WriteErrors(&b); err != nil {
		t.Fatal(err)
	}
	const want = `## 1 Who?
   right: A; B
   given: C
## 2 When?
   right: not said
   given: withheld
## 3 Where?
   right: not said
   given: nothing
`
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}

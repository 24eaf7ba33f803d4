package source

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/demarcgraph/demarc/internal/golden"
	"github.com/demarcgraph/demarc/schema"
)

// read collects what Read gives.
func readBytes(data []byte, name string, opts Options) (docs []*schema.Document, errs []error) {
	for doc, err := range Read(context.Background(), bytes.NewReader(data), name, opts) {
		if err != nil {
			errs = append(errs, err)
		} else {
			docs = append(docs, doc)
		}
	}
	return docs, errs
}

// only reads the one document of data.
func only(t testing.TB, data []byte, name string, opts Options) *schema.Document {
	t.Helper()
	docs, errs := readBytes(data, name, opts)
	if len(errs) > 0 || len(docs) != 1 {
		t.Fatalf("%s: got %d documents and the errors %v", name, len(docs), errs)
	}
	checkRuns(t, docs[0], data, name)
	return docs[0]
}

func wantKind(t testing.TB, data []byte, name string, opts Options, want Kind) {
	t.Helper()
	docs, errs := readBytes(data, name, opts)
	if len(docs) > 0 || len(errs) != 1 {
		t.Fatalf("%s: got %d documents and the errors %v, want one of kind %q", name, len(docs), errs, want)
	}
	var e *Error
	if !errors.As(errs[0], &e) || e.Kind != want {
		t.Errorf("%s: got %v, want kind %q", name, errs[0], want)
	}
}

// checkRuns checks that a document's map leads to the bytes it came from.
func checkRuns(t testing.TB, doc *schema.Document, data []byte, name string) {
	t.Helper()
	if strings.HasSuffix(name, ".gz") {
		gz, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if data, err = io.ReadAll(gz); err != nil {
			t.Fatal(err)
		}
	}
	if doc.Body < 0 || doc.Body > len(doc.Text) {
		t.Fatalf("%s: body %d of %d bytes", name, doc.Body, len(doc.Text))
	}
	if len(doc.Runs) == 0 {
		if doc.Text != string(data) {
			t.Errorf("%s: no runs, but the text is not the file", name)
		}
		return
	}
	if doc.Runs[0].Start != 0 {
		t.Errorf("%s: the first run begins at %d", name, doc.Runs[0].Start)
	}
	for i, r := range doc.Runs {
		end := len(doc.Text)
		if i+1 < len(doc.Runs) {
			end = doc.Runs[i+1].Start
		}
		if end <= r.Start {
			t.Fatalf("%s: run %d of %d bytes: %+v", name, i, end-r.Start, r)
		}
		if r.Source < 0 || r.Source > len(data) {
			t.Fatalf("%s: run %d leads out of the file: %+v", name, i, r)
		}
		if r.Verbatim && (r.Source+end-r.Start > len(data) || doc.Text[r.Start:end] != string(data[r.Source:r.Source+end-r.Start])) {
			t.Fatalf("%s: run %d, %+v, is %q in the text but not in the file", name, i, r, doc.Text[r.Start:end])
		}
	}
}

func pack(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestGolden reads every file of testdata/good and compares the documents with
// those of testdata/golden.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/good/*")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			docs, errs := readBytes(data, file, Options{})
			if errs != nil {
				t.Fatal(errs)
			}
			var got bytes.Buffer
			for _, doc := range docs {
				if filepath.Ext(file) != ".warc" && (filepath.Ext(file) != ".jsonl" || len(doc.Runs) > 0) {
					checkRuns(t, doc, data, file)
				}
				fmt.Fprintf(&got, "id: %s\ntitle: %s\ndate: %v\npublisher: %s\ncountry: %s\nbody: %d\n\n%s\n----\n",
					doc.ID, doc.Title, doc.Date, doc.Publisher, doc.Country, doc.Body, doc.Text)
			}
			golden.Check(t, filepath.Join("testdata", "golden", filepath.Base(file)+".golden"), got.Bytes())

			// Compressed, it is the same but for its path.
			packed, errs := readBytes(pack(t, data), file+".gz", Options{})
			if errs != nil {
				t.Fatal(errs)
			}
			for _, doc := range packed {
				doc.Path = file
			}
			if diff := cmp.Diff(docs, packed); diff != "" {
				t.Errorf("compressed: %s", diff)
			}
		})
	}
}

// TestBad reads the folder testdata/bad as a whole: each bad file is an error
// that says what to do, and the good ones among them still come.
func TestBad(t *testing.T) {
	var got bytes.Buffer
	for doc, err := range Open(t.Context(), []string{"testdata/bad"}, Options{}) {
		var e *Error
		switch {
		case errors.As(err, &e):
			fmt.Fprintf(&got, "%s\t%v\n", e.Kind, err)
		case err != nil:
			t.Fatal(err)
		default:
			fmt.Fprintf(&got, "document\t%s\n", doc.ID)
		}
	}
	golden.Check(t, "testdata/bad.golden", got.Bytes())
}

func TestPlainTextStays(t *testing.T) {
	for _, text := range []string{
		" date 2022-03-22 Russia said it.\r\n\r\nMore\ttext \n",
		"\ufeffTitle: T\n\nProse",
		"---\ntitle: T\n---\nProse",
		"No head, \u2028 odd \u00a0spaces",
	} {
		doc := only(t, []byte(text), "a.txt", Options{})
		if doc.Text != text || doc.Runs != nil {
			t.Errorf("%q became %q with runs %v", text, doc.Text, doc.Runs)
		}
	}
}

func TestHead(t *testing.T) {
	for _, test := range []struct {
		text, title, date, publisher, country, prose string
	}{
		{" date 2022-03-22 Russia said", "", "2022-03-22", "", "", "Russia said"},
		{"date 2022-03 Russia said", "", "2022-03", "", "", "Russia said"},
		{"Date: 2022-03-22: Russia said", "", "2022-03-22", "", "", "Russia said"},
		{"date 2022-03-22\nRussia said", "", "2022-03-22", "", "", "Russia said"},
		{"title Talks end\nsource Kyodo\ndate 2022-03-22\n\nRussia said", "Talks end", "2022-03-22", "Kyodo", "", "Russia said"},
		{"Title: Talks end\nAuthor: N. N.\nDate: March 22nd, 2022\nCountry: Japan\n\nRussia said", "Talks end", "2022-03-22", "", "Japan", "Russia said"},
		{"Talks end\n22 March 2022\n\nRussia said", "Talks end", "2022-03-22", "", "", "Russia said"},
		{"---\ntitle: 'It''s over' # really\ndate: 2022-03-22T10:00:00Z\ntags: [a]\n---\n\nRussia said", "It's over", "2022-03-22", "", "", "Russia said"},
		{"---\ntitle: >\n  Talks\n  end\n---\nRussia said", "Talks end", "", "", "", "Russia said"},
		{"+++\ntitle = \"Talks \\\"end\\\"\"\ndate = 2022-03-22\n+++\nRussia said", `Talks "end"`, "2022-03-22", "", "", "Russia said"},
		{"Talks end\n\nRussia said it.", "Talks end", "", "", "", "Talks end\n\nRussia said it."},
		// What looks like a head and is none.
		{"---\nRussia said", "", "", "", "", "---\nRussia said"},
		{"date 2022-13-45 Russia said", "", "", "", "", "date 2022-13-45 Russia said"},
		{"dates are sweet", "", "", "", "", "dates are sweet"},
		{"Date palms: 3000 grow there.", "", "", "", "", "Date palms: 3000 grow there."},
		{"title fights\nRussia said", "", "", "", "", "title fights\nRussia said"},
		{"Russia: claims all.\nDate: 2022", "", "", "", "", "Russia: claims all.\nDate: 2022"},
		{"1956 saw a declaration.", "", "", "", "", "1956 saw a declaration."},
	} {
		doc := only(t, []byte(test.text), "a.txt", Options{})
		got := []string{doc.Title, doc.Date.String(), doc.Publisher, doc.Country, doc.Text[doc.Body:]}
		want := []string{test.title, test.date, test.publisher, test.country, test.prose}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", test.text, diff)
		}
	}
}

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"2022": "2022", "2022-03": "2022-03", "195X": "195X", "1956~": "1956~", "2022-3-5": "2022-03-05",
		"2022-03-22T23:30:00-05:00": "2022-03-22", "2022-03-22 10:00": "2022-03-22", "2022/03/22": "2022-03-22",
		"Tue, 22 Mar 2022 10:00:00 GMT": "2022-03-22", "22 March 2022": "2022-03-22", "March 22, 2022": "2022-03-22",
		"Mar. 22nd, 2022": "2022-03-22", "Sept. 3, 1999": "1999-09-03", "22.03.2022": "2022-03-22", "March 2022": "2022-03",
		"Monday, March 22, 2022 at 10:15 a.m. EST": "2022-03-22", "the 19th day of October 1956": "1956-10-19", "20220322": "2022-03-22",
		"": "", "03/04/2022": "", "yesterday": "", "31 February 2022": "", "2022-02-30": "", "Augustus": "",
	} {
		d, ok := parseDate(in)
		if got := d.String(); got != want || ok != (want != "") {
			t.Errorf("parseDate(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}

func TestEncodings(t *testing.T) {
	utf16 := func(big bool, s string) string {
		var b []byte
		for _, r := range s {
			if big {
				b = append(b, byte(r>>8), byte(r))
			} else {
				b = append(b, byte(r), byte(r>>8))
			}
		}
		return string(b)
	}
	for _, test := range []struct {
		name, in string
		opts     Options
		want     string
		kind     Kind
	}{
		{name: "windows-1252", in: "caf\xe9 \x93quoted\x94 \x96 \xc0 la 5\x80", want: "café “quoted” – À la 5€"},
		{name: "UTF-16 LE", in: "\xff\xfe" + utf16(false, "Kuré \u2014 x"), want: "\ufeffKuré — x"},
		{name: "UTF-16 BE", in: "\xfe\xff" + utf16(true, "Kuré"), want: "\ufeffKuré"},
		{name: "UTF-16 without mark", in: utf16(false, "The islands are old."), want: "The islands are old."},
		{name: "given", in: "\xf2\xc9\xd3", opts: Options{Encoding: "koi8-r"}, want: "Рис"},
		{name: "given, stateful", in: "\x1b$B$\"\x1b(B x", opts: Options{Encoding: "iso-2022-jp"}, want: "あ x"},
		{name: "given, wrong", in: "\xf2\xc9\xd3", opts: Options{Encoding: "utf-8"}, kind: Encoding},
		{name: "given, unknown", in: "x", opts: Options{Encoding: "utf-9"}, kind: Encoding},
		{name: "odd UTF-16", in: "\xff\xfeA", kind: Encoding},
		{name: "invalid", in: "Japan claims \xff\xfe islands", kind: Encoding},
		{name: "invalid, overlong", in: "Japan \xc3\x28 claims", kind: Encoding},
		{name: "invalid, cut off", in: "Japan \xe2\x82", kind: Encoding},
		{name: "invalid, among valid", in: "Привет caf\xe9", kind: Encoding},
		{name: "invalid, controls", in: "a \x80\x81 b", kind: Encoding},
		{name: "UTF-32", in: "\xff\xfe\x00\x00A\x00\x00\x00", kind: Encoding},
		{name: "zero bytes", in: "text\x00more text", kind: Binary},
		{name: "controls", in: strings.Repeat("\x01\x02", 50) + "text", kind: Binary},
		{name: "ZIP", in: "PK\x03\x04\x00\x00", kind: Binary},
		{name: "empty", in: "", kind: Empty},
		{name: "blank", in: " \n\t\n", kind: Empty},
		{name: "only a head", in: "Title: x\nDate: 2022\n", kind: Empty},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.kind != "" {
				wantKind(t, []byte(test.in), "a.txt", test.opts, test.kind)
				return
			}
			if doc := only(t, []byte(test.in), "a.txt", test.opts); doc.Text != test.want {
				t.Errorf("got %q, want %q", doc.Text, test.want)
			}
		})
	}
}

func TestPageThatDeclaresAnotherEncoding(t *testing.T) {
	for in, want := range map[string]string{
		"<meta charset=utf-8><p>caf\xe9":        "café",
		"<meta charset=iso-8859-1><p>caf\u00e9": "café",
		"<meta charset=shift_jis><p>\x83n\x83{": "ハボ",
		"<meta charset=utf-16><p>caf\u00e9":     "café",
	} {
		if doc := only(t, []byte(in), "a.html", Options{}); doc.Text != want {
			t.Errorf("%q: got %q, want %q", in, doc.Text, want)
		}
	}
	wantKind(t, []byte("<meta charset=utf-8><p>a\xff\xfeb"), "a.html", Options{}, Encoding)
}

func TestJSONLines(t *testing.T) {
	data := "\ufeff" + `{"id": "one", "title": "T", "date": "2022-03-22", "source": "S", "country": "Japan", "text": "A \"q\" \u00e9\n\ud83c\udf0d z", "more": [1]}` + "\n" +
		`not json` + "\n" +
		"\n" +
		`{"id": 7, "text": "Number."}` + "\r\n" +
		`{"text": "No id."}` + "\n" +
		`{"id": "one", "text": "Other text."}` + "\n" +
		`{"id": "x", "text": 5}` + "\n" +
		`{"id": "x"}` + "\n" +
		`{"id": "x", "date": "someday", "text": "t"}` + "\n" +
		"{\"id\": \"x\", \"text\": \"\xff\"}\n" +
		`{"id": "d", "text": "date 2001-02-03 Japan said."}` + "\n" +
		`{"id": "x", "text": "cut o`
	docs, errs := readBytes([]byte(data), "dir/f.jsonl", Options{})
	var got []string
	for _, doc := range docs {
		got = append(got, fmt.Sprintf("%s|%s|%v|%s|%s|%s", doc.ID, doc.Title, doc.Date, doc.Publisher, doc.Country, doc.Text[doc.Body:]))
		for i := range len(doc.Text) {
			if r := doc.Runs[slices.IndexFunc(doc.Runs, func(r schema.Run) bool { return r.Start <= i })]; r.Verbatim && len(doc.Runs) == 1 && data[doc.SourceOffset(i)] != doc.Text[i] {
				t.Errorf("%s: byte %d leads to %q", doc.ID, i, data[doc.SourceOffset(i)])
			}
		}
		checkRuns(t, doc, []byte(data), "f.jsonl")
	}
	want := []string{"one|T|2022-03-22|S|Japan|A \"q\" é\n🌍 z", "7|||||Number.", "f:5|||||No id.", "d||2001-02-03|||Japan said."}
	for i := range got {
		got[i] = strings.ReplaceAll(got[i], "||||||", "|||||")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var places []string
	for _, err := range errs {
		var e *Error
		if !errors.As(err, &e) {
			t.Fatal(err)
		}
		places = append(places, fmt.Sprintf("%d %s", e.Line, e.Kind))
		if !strings.HasPrefix(err.Error(), fmt.Sprintf("dir/f.jsonl:%d: ", e.Line)) {
			t.Errorf("the message does not name the place: %v", err)
		}
	}
	wantPlaces := []string{"2 malformed", "6 duplicate", "7 malformed", "8 malformed", "9 malformed", "10 encoding", "12 truncated"}
	if diff := cmp.Diff(wantPlaces, places); diff != "" {
		t.Error(diff)
	}
	// An escaped character leads to its escape, one after it to itself.
	if one := docs[0]; data[one.SourceOffset(strings.Index(one.Text, "é"))] != '\\' || data[one.SourceOffset(strings.Index(one.Text, "z"))] != 'z' {
		t.Error("offsets do not lead through escapes")
	}
}

func TestJSONLinesAgainstJSON(t *testing.T) {
	for _, raw := range []string{`"\ud800"`, `"\ud800\u0041"`, `"\udc00x"`, `"\ud83c\udf0d"`, `"\ud83c\ud83c\udf0d"`, `"\/\b\f\n\r\t\\\""`, `""`, `"é\u0000"`} {
		var want string
		if err := json.Unmarshal([]byte(raw), &want); err != nil {
			t.Fatal(err)
		}
		if got, _ := unquote([]byte(raw), 0); got != want {
			t.Errorf("unquote(%s) = %q, want %q", raw, got, want)
		}
	}
}

func TestOverrides(t *testing.T) {
	doc := only(t, []byte("Title: T\nDate: 2001\n\nProse"), "a.txt", Options{Title: "Mine", Date: schema.Year(1999), Publisher: "P", Country: "C"})
	if doc.Title != "Mine" || doc.Date != schema.Year(1999) || doc.Publisher != "P" || doc.Country != "C" {
		t.Errorf("got %+v", doc)
	}
}

func TestStdin(t *testing.T) {
	for in, want := range map[string]string{
		"Japan claims it.":                            "Japan claims it.",
		`{"id": "a", "text": "Japan claims it."}`:     "Japan claims it.",
		"<html><p>Japan claims it.":                   "Japan claims it.",
		string(makePDF(t, "", linesPDF("In a PDF."))): "In a PDF.",
		string(pack(t, []byte("Packed."))):            "Packed.",
	} {
		n := 0
		for doc, err := range Open(t.Context(), []string{"-", "-"}, Options{Stdin: strings.NewReader(in)}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			if doc.Text != want || doc.ID != "a" && !strings.HasPrefix(doc.ID, "stdin-") {
				t.Errorf("got %q: %q", doc.ID, doc.Text)
			}
		}
		if n != 1 {
			t.Errorf("%.20q: got %d documents", in, n)
		}
	}
}

// tree writes files and returns their folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// ids lists paths and returns "path id" of each, the path relative to dir, or
// "path kind" of an error.
func ids(t *testing.T, dir string, opts Options, paths ...string) []string {
	t.Helper()
	inputs, err := List(t.Context(), paths, opts)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, in := range inputs {
		name := in.Path
		if rel, err := filepath.Rel(dir, in.Path); err == nil && filepath.IsAbs(in.Path) {
			name = rel
		}
		var e *Error
		if errors.As(in.Err, &e) {
			out = append(out, name+" !"+string(e.Kind))
			continue
		}
		out = append(out, name+" "+in.ID)
	}
	return out
}

func TestIDs(t *testing.T) {
	dir := tree(t, map[string]string{
		"docs/alone.txt": "x", "docs/a/same.txt": "x", "docs/b/same.md": "x", "docs/same.txt": "x",
		"docs/c/twin.txt": "x", "docs/c/twin.html.gz": "x", "docs/dotted.name.txt": "x",
		"docs/.hidden.txt": "x", "docs/.git/x.txt": "x", "docs/image.png": "x",
	})
	docs := filepath.Join(dir, "docs")
	want := []string{
		"docs/a/same.txt a/same", "docs/alone.txt alone", "docs/b/same.md b/same", "docs/c/twin.html.gz twin.html.gz",
		"docs/c/twin.txt twin.txt", "docs/dotted.name.txt dotted.name", "docs/same.txt docs/same",
	}
	if diff := cmp.Diff(want, ids(t, dir, Options{}, docs)); diff != "" {
		t.Error(diff)
	}
	// From another working directory, and with a file named twice, too.
	t.Chdir(filepath.Join(docs, "a"))
	got := ids(t, dir, Options{}, "..", filepath.Join(docs, "alone.txt"))
	for i := range got {
		got[i] = got[i][strings.LastIndexByte(got[i], ' ')+1:]
		want[i] = want[i][strings.LastIndexByte(want[i], ' ')+1:]
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestKnownIDs(t *testing.T) {
	dir := tree(t, map[string]string{"a/same.txt": "x", "b/same.txt": "x"})
	before := map[string]string{"same": "b/same.txt"}
	opts := Options{Known: func(id string) (string, bool) { path, ok := before[id]; return path, ok }}
	for _, test := range []struct {
		paths, want []string
	}{
		{[]string{dir}, []string{"a/same.txt a/same", "b/same.txt same"}},
		{[]string{filepath.Join(dir, "a", "same.txt")}, []string{"a/same.txt a/same"}},
		{[]string{filepath.Join(dir, "b", "same.txt")}, []string{"b/same.txt same"}},
	} {
		if diff := cmp.Diff(test.want, ids(t, dir, opts, test.paths...)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestLinks(t *testing.T) {
	dir := tree(t, map[string]string{"docs/a.txt": "x", "docs/sub/b.txt": "x", "other/c.txt": "x"})
	docs := filepath.Join(dir, "docs")
	for link, target := range map[string]string{
		"docs/self": ".", "docs/sub/up": "../../docs", "docs/again": "sub", "docs/other": "../other",
		"docs/a2.txt": "a.txt", "docs/gone.txt": "nowhere", "docs/loop.txt": "loop.txt",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	want := []string{"docs/a.txt a", "docs/gone.txt !not found", "docs/loop.txt !loop", "docs/other/c.txt c",
		"docs/self !loop", "docs/sub/b.txt b", "docs/sub/up !loop"}
	if diff := cmp.Diff(want, ids(t, dir, Options{}, docs)); diff != "" {
		t.Error(diff)
	}
}

func TestPathsThatFail(t *testing.T) {
	dir := tree(t, map[string]string{"a.txt": "x", "b.txt": "x", "empty/x.png": "x", "[odd].txt": "x", "locked.txt": "x"})
	join := func(name string) string { return filepath.Join(dir, name) }
	want := []string{"a.txt a", "b.txt b", "locked.txt locked", "[odd].txt [odd]", "*.pdf !not found", "missing.txt !not found", "empty !empty", "a[ !not found"}
	got := ids(t, dir, Options{}, join("[a-l]*.txt"), join("[odd].txt"), join("*.pdf"), join("missing.txt"), join("empty"), join("a["))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	if err := os.Chmod(join("locked.txt"), 0); err != nil {
		t.Fatal(err)
	}
	for _, err := range Open(t.Context(), []string{join("locked.txt")}, Options{}) {
		var e *Error
		if !errors.As(err, &e) || e.Kind != Permission {
			t.Errorf("got %v", err)
		}
	}
}

func TestFailure(t *testing.T) {
	for _, test := range []struct {
		err  error
		want Kind
	}{
		{&os.PathError{Op: "open", Path: "p", Err: os.ErrPermission}, Permission},
		{&os.PathError{Op: "open", Path: "p", Err: os.ErrNotExist}, NotFound},
		{io.ErrUnexpectedEOF, Truncated},
		{gzip.ErrChecksum, Malformed},
		{errors.New("disk on fire"), Unreadable},
	} {
		if got := failure("p", test.err); got.Kind != test.want || !errors.Is(got, test.err) && got.Kind == Unreadable {
			t.Errorf("%v is of kind %q, want %q", test.err, got.Kind, test.want)
		}
	}
	for kind := range wayOut {
		if way := wayOut[kind]; way == "" || !strings.HasSuffix((&Error{Path: "p", Kind: kind, Err: io.EOF}).Error(), way) {
			t.Errorf("an error of kind %q shows no way out", kind)
		}
	}
}

func TestGzip(t *testing.T) {
	packed := pack(t, []byte(strings.Repeat("Japan claims it. ", 1000)))
	wantKind(t, packed[:len(packed)-10], "a.txt.gz", Options{}, Truncated)
	wantKind(t, packed[:12], "a.txt.gz", Options{}, Truncated)
	damaged := bytes.Clone(packed)
	damaged[len(damaged)-6]++
	wantKind(t, damaged, "a.txt.gz", Options{}, Malformed)
	wantKind(t, pack(t, make([]byte, 64<<20)), "bomb.txt.gz", Options{}, TooLarge)
	wantKind(t, pack(t, bytes.Repeat([]byte("x"), 64<<20)), "bomb.html.gz", Options{}, TooLarge)
	docs, errs := readBytes(pack(t, []byte(`{"id":"a","text":"x"}`+"\n"+strings.Repeat(" x", 32<<20)+"\n"+`{"id":"b","text":"x"}`)), "bomb.jsonl.gz", Options{})
	if len(docs) != 2 || len(errs) != 1 {
		t.Errorf("got %d documents, errors %v", len(docs), errs)
	}
	cut := pack(t, []byte(`{"id":"a","text":"x"}`+"\n"+strings.Repeat("x", 1<<20)))
	docs, errs = readBytes(cut[:len(cut)-20], "cut.jsonl.gz", Options{})
	if len(docs) != 1 || len(errs) != 1 {
		t.Errorf("got %d documents, errors %v", len(docs), errs)
	}
}

// endless gives n bytes of one line.
type endless struct{ n int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.n == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), e.n)
	for i := range p[:n] {
		p[i] = 'x'
	}
	e.n -= n
	return int(n), nil
}

func TestLongLine(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 100 MB")
	}
	for _, name := range []string{"a.txt", "a.md", "a.html", "a.jsonl", "-"} {
		r := io.MultiReader(strings.NewReader(`{"text": "`), &endless{100 << 20}, strings.NewReader("\n"+`{"id": "b", "text": "x"}`))
		docs, kinds := 0, []Kind{}
		for _, err := range Read(t.Context(), r, name, Options{}) {
			var e *Error
			if errors.As(err, &e) {
				kinds = append(kinds, e.Kind)
			} else {
				docs++
			}
		}
		wantDocs := 0
		if name == "a.jsonl" || name == "-" {
			wantDocs = 1 // the line after it
		}
		if docs != wantDocs || !slices.Equal(kinds, []Kind{TooLarge}) {
			t.Errorf("%s: got %d documents, errors %v", name, docs, kinds)
		}
	}
}

func TestNotJSONLines(t *testing.T) {
	_, errs := readBytes([]byte(strings.Repeat("a,b\n", 5000)), "a.jsonl", Options{})
	if len(errs) != maxBadLines+1 {
		t.Errorf("got %d errors", len(errs))
	}
	wantKind(t, []byte("\n\n"), "a.jsonl", Options{}, Empty)
}

func TestCancel(t *testing.T) {
	dir := tree(t, map[string]string{"a.jsonl": strings.Repeat(`{"text":"x"}`+"\n", 100), "b.txt": "x"})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n, last := 0, error(nil)
	for _, err := range Open(ctx, []string{dir}, Options{}) {
		if n++; n == 10 {
			cancel()
		}
		last = err
	}
	if n != 11 || !errors.Is(last, context.Canceled) {
		t.Errorf("after %d: %v", n, last)
	}
	for _, err := range Open(ctx, []string{dir}, Options{}) {
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

func TestProgressAddsUp(t *testing.T) {
	dir := tree(t, map[string]string{"a.txt": "some text", "b.pdf": string(makePDF(t, "", linesPDF("x"))),
		"c.jsonl.gz": string(pack(t, []byte(`{"text":"x"}`)))})
	inputs, err := List(t.Context(), []string{dir}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range inputs {
		var sum int64
		for _, err := range in.Documents(t.Context(), Options{Progress: func(n int64) { sum += n }}) {
			if err != nil {
				t.Error(err)
			}
		}
		if sum != in.Size {
			t.Errorf("%s: progress of %d, size %d", in.Path, sum, in.Size)
		}
	}
}

func TestStopsWhenAsked(t *testing.T) {
	for range Read(t.Context(), strings.NewReader("bad\nbad\n{\"text\":\"x\"}\n"), "a.jsonl", Options{}) {
		break // yielding after this panics
	}
}

func TestParseFormat(t *testing.T) {
	for in, want := range map[string]Format{"": "", "txt": Text, ".md": Markdown, "HTM": HTML, "pdf": PDF, "ndjson": JSONL} {
		if got, err := ParseFormat(in); err != nil || got != want {
			t.Errorf("ParseFormat(%q) = %q, %v", in, got, err)
		}
	}
	if _, err := ParseFormat("docx"); err == nil || !strings.Contains(err.Error(), "jsonl") {
		t.Errorf("got %v", err)
	}
}

func TestLongMarkdown(t *testing.T) {
	var in, want strings.Builder
	in.WriteString("A [link][ref].\n\n")
	want.WriteString("A link.")
	for i := range 3000 {
		fmt.Fprintf(&in, "Paragraph *%d* of é.\n\n```\n\ncode\n```\n\n", i)
		fmt.Fprintf(&want, "\n\nParagraph %d of é.\n\n\ncode", i)
	}
	in.WriteString("[ref]: https://example.org/\n\n" + strings.Repeat("é", maxPart))
	want.WriteString("\n\n" + strings.Repeat("é", maxPart))
	doc := only(t, []byte(in.String()), "a.md", Options{})
	if got := doc.Text; got != want.String() {
		i := 0
		for got[i] == want.String()[i] {
			i++
		}
		t.Errorf("differs from %d: %.100q, want %.100q", i, got[i:], want.String()[i:])
	}
}

func TestSameIDInSeveralInputs(t *testing.T) {
	dir := tree(t, map[string]string{"a.txt": "x", "b.jsonl": `{"id":"a","text":"y"}`, "c.jsonl": `{"id":"c","text":"z"}`, "d.jsonl": `{"id":"c","text":"z"}`})
	var got []string
	for doc, err := range Open(t.Context(), []string{dir}, Options{}) {
		var e *Error
		if errors.As(err, &e) {
			got = append(got, filepath.Base(e.Path)+" "+string(e.Kind))
			continue
		}
		got = append(got, doc.ID)
	}
	// Of c and d the text is the same, but the path differs: no matter.
	if diff := cmp.Diff([]string{"a", "b.jsonl duplicate", "c", "c"}, got); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkRead(b *testing.B) {
	sentence := "Freedonia claims Gookie Island, which Sylvania has held since the treaty of 1920. "
	prose := strings.Repeat(sentence, 50)
	for name, data := range map[string]string{
		"a.txt":   strings.Repeat(prose+"\n\n", 50),
		"a.md":    strings.Repeat("## A *heading*\n\n"+prose+"\n\n", 50),
		"a.html":  "<html><body><article>" + strings.Repeat("<p>"+prose+"</p>\n", 50) + "</article></body></html>",
		"a.jsonl": strings.Repeat(`{"text": "`+prose+"\"}\n", 50),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, errs := readBytes([]byte(data), name, Options{}); errs != nil {
					b.Fatal(errs)
				}
			}
		})
	}
}

func TestHTML(t *testing.T) {
	links := "<ul><li><a>One</a><li><a>Two</a><li><a>Three</a></ul>"
	for _, test := range []struct{ name, in, want string }{
		{"lists of links go", "<p>Prose.</p>" + links, "Prose."},
		{"but for a page of links", links, "One\n\nTwo\n\nThree"},
		{"boilerplate by class goes", "<div class='site-footer'>x</div><p>Some more prose than that.</p>", "Some more prose than that."},
		{"but not around everything", "<div class='nav-wrapper'><p>Prose.</p></div>", "Prose."},
		{"article", "<p>x</p><article><p>Prose, rather long.</p></article>", "Prose, rather long."},
		{"several articles", "<article><p>One.</p></article><article><p>Two.</p></article>", "One.\n\nTwo."},
		{"teasers", "<article>x</article><p>Prose of the page itself, not of an article.</p>", "x\n\nProse of the page itself, not of an article."},
		{"footnote marks go", "Prose<sup class=reference><a>[1]</a></sup>.", "Prose."},
		{"breaks", "a<br>b<br><br>c", "a\nb\n\nc"},
		{"soft hyphens go", "terri&shy;tory is\u200blands", "territory islands"},
		{"unclosed", "<div><p>a<b>b</div>c", "ab\n\nc"},
		{"stray ends", "</p></div>a</i>b", "ab"},
		{"deep", strings.Repeat("<div>", 10000) + "text", "text"},
		{"deep, side by side", strings.Repeat("<div>a", 600), strings.TrimSuffix(strings.Repeat("a\n\n", 600), "\n\n")},
		{"scripts at the end", "text<script>var a = '<p>x</p>'", "text"},
		{"textarea and noscript go", "text<textarea>x</textarea><noscript>y</noscript>", "text"},
		{"own elements", "<my-article>te<my-b>x</my-b>t</my-article>", "text"},
		{"references", "&lt;b&gt; &amp;lt; &notit; &nosuch; &#x41;&#66 &", "<b> &lt; ¬it; &nosuch; AB &"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if doc := only(t, []byte(test.in), "a.html", Options{}); doc.Text != test.want {
				t.Errorf("got %.300q, want %.300q", doc.Text, test.want)
			}
		})
	}
}

func TestHTMLDepthIsBounded(t *testing.T) {
	p := page{text: strings.Repeat("<div>", 20*maxOpen) + "text"}
	if err := p.parse(); err != nil {
		t.Fatal(err)
	}
	depth := 0
	for n := p.root; n != nil; n = n.last {
		depth++
	}
	if depth > maxOpen+1 {
		t.Errorf("a tree %d elements deep", depth)
	}
}

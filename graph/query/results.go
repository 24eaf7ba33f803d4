package query

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/demarcgraph/demarc/graph/store"
)

// Format is a way to write a result down.
type Format string

// The formats: the W3C's for the results of SPARQL, and a table for reading.
const (
	Table  Format = "table"
	AsJSON Format = "json"
	XML    Format = "xml"
	CSV    Format = "csv"
	TSV    Format = "tsv"
)

// Formats returns every format.
func Formats() []Format { return []Format{Table, AsJSON, XML, CSV, TSV} }

// ContentType is the media type of a format.
func (f Format) ContentType() string {
	switch f {
	case AsJSON:
		return "application/sparql-results+json"
	case XML:
		return "application/sparql-results+xml"
	case CSV:
		return "text/csv; charset=utf-8; header=present"
	case TSV:
		return "text/tab-separated-values; charset=utf-8"
	default:
		return "text/plain; charset=utf-8"
	}
}

// Write writes the result in a format. Triples are written as rows of their
// three terms, nested results as strings of JSON. CSV and TSV have no form for
// a Boolean: they get a column of one value.
func (r *Result) Write(w io.Writer, format Format) error {
	switch format {
	case Table:
		return r.writeTable(w)
	case AsJSON:
		return r.writeJSON(w)
	case XML:
		return r.writeXML(w)
	case CSV:
		c := csv.NewWriter(w)
		c.UseCRLF = true
		// A line without a value would be taken for none at all.
		if err := c.Write(r.Columns); err != nil {
			return err
		}
		for _, row := range r.Rows {
			values := make([]string, len(row))
			for i, t := range row {
				if values[i] = t.Value; t.Kind == Blank {
					values[i] = "_:" + t.Value
				}
			}
			if err := c.Write(values); err != nil {
				return err
			}
		}
		c.Flush()
		return c.Error()
	case TSV:
		b := bufio.NewWriter(w)
		for i, c := range r.Columns {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString("?" + c)
		}
		b.WriteByte('\n')
		for _, row := range r.Rows {
			for i, t := range row {
				if i > 0 {
					b.WriteByte('\t')
				}
				b.WriteString(t.String())
			}
			b.WriteByte('\n')
		}
		return b.Flush()
	}
	return fmt.Errorf("query: no such format %q: want one of %v", format, Formats())
}

// String writes a term as Turtle and SPARQL do, and nothing for none.
func (t Term) String() string {
	if t.Kind == None {
		return ""
	}
	return store.Format(t.Node())
}

func (r *Result) writeTable(w io.Writer) error {
	widths := make([]int, len(r.Columns))
	lines := [][]string{r.Columns}
	for _, row := range r.Rows {
		line := make([]string, len(row))
		for i, t := range row {
			line[i] = strings.Map(func(c rune) rune {
				if c < ' ' || c == 0x7f {
					return ' '
				}
				return c
			}, t.Value)
		}
		lines = append(lines, line)
	}
	for _, line := range lines {
		for i, v := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(v))
		}
	}
	b := bufio.NewWriter(w)
	for _, line := range lines {
		var text strings.Builder
		for i, v := range line {
			if i > 0 {
				text.WriteString("  ")
			}
			text.WriteString(v)
			text.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(v)))
		}
		b.WriteString(strings.TrimRight(text.String(), " "))
		b.WriteByte('\n')
	}
	return b.Flush()
}

// resultTerm is a term as the JSON format has it.
type resultTerm struct {
	Type     string `json:"type"`
	Value    string `json:"value"`
	Lang     string `json:"xml:lang,omitempty"`
	Datatype string `json:"datatype,omitempty"`
}

func (t Term) result() resultTerm {
	kind := "literal"
	switch t.Kind {
	case IRI:
		kind = "uri"
	case Blank:
		kind = "bnode"
	}
	return resultTerm{kind, t.Value, t.Lang, t.Datatype}
}

func (r *Result) isTrue() bool {
	return len(r.Rows) > 0 && r.Rows[0][0].Value == "true"
}

func (r *Result) writeJSON(w io.Writer) error {
	type results struct {
		Bindings []map[string]resultTerm `json:"bindings"`
	}
	var doc struct {
		Head struct {
			Vars []string `json:"vars,omitempty"`
		} `json:"head"`
		Results *results `json:"results,omitempty"`
		Boolean *bool    `json:"boolean,omitempty"`
	}
	if r.Form == Boolean {
		answer := r.isTrue()
		doc.Boolean = &answer
	} else {
		doc.Head.Vars = r.Columns
		doc.Results = &results{Bindings: []map[string]resultTerm{}}
		for _, row := range r.Rows {
			b := map[string]resultTerm{}
			for i, t := range row {
				if t.Kind != None {
					b[r.Columns[i]] = t.result()
				}
			}
			doc.Results.Bindings = append(doc.Results.Bindings, b)
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}

func (r *Result) writeXML(w io.Writer) error {
	b := bufio.NewWriter(w)
	text := func(s string) string {
		var out strings.Builder
		xml.EscapeText(&out, []byte(s)) // a Builder takes everything
		return out.String()
	}
	b.WriteString(xml.Header + `<sparql xmlns="http://www.w3.org/2005/sparql-results#">` + "\n<head>")
	if r.Form == Boolean {
		fmt.Fprintf(b, "</head>\n<boolean>%t</boolean>\n</sparql>\n", r.isTrue())
		return b.Flush()
	}
	for _, c := range r.Columns {
		fmt.Fprintf(b, `<variable name="%s"/>`, text(c))
	}
	b.WriteString("</head>\n<results>\n")
	for _, row := range r.Rows {
		b.WriteString("<result>")
		for i, t := range row {
			if t.Kind == None {
				continue
			}
			fmt.Fprintf(b, `<binding name="%s">`, text(r.Columns[i]))
			switch {
			case t.Kind == IRI:
				fmt.Fprintf(b, "<uri>%s</uri>", text(t.Value))
			case t.Kind == Blank:
				fmt.Fprintf(b, "<bnode>%s</bnode>", text(t.Value))
			case t.Lang != "":
				fmt.Fprintf(b, `<literal xml:lang="%s">%s</literal>`, text(t.Lang), text(t.Value))
			case t.Datatype != "":
				fmt.Fprintf(b, `<literal datatype="%s">%s</literal>`, text(t.Datatype), text(t.Value))
			default:
				fmt.Fprintf(b, "<literal>%s</literal>", text(t.Value))
			}
			b.WriteString("</binding>")
		}
		b.WriteString("</result>\n")
	}
	b.WriteString("</results>\n</sparql>\n")
	return b.Flush()
}

package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"
)

// addJSONFlag gives a command the flag --json.
func addJSONFlag(cmd *cobra.Command, dest *bool) {
	cmd.Flags().BoolVar(dest, "json", false, "print JSON")
}

// writeJSON prints v as one JSON value: indented on a terminal, on one line
// elsewhere. Text is never escaped for HTML.
func (s *Streams) writeJSON(v any) error {
	enc := json.NewEncoder(s.Out)
	enc.SetEscapeHTML(false)
	if s.OutTTY {
		enc.SetIndent("", "  ")
	}
	return enc.Encode(v)
}

// writeJSONLine prints v as one line of JSON, for records in a stream.
func (s *Streams) writeJSONLine(v any) error {
	enc := json.NewEncoder(s.Out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// column is a column of a table.
type column struct {
	title string
	right bool // numbers
	flex  bool // takes what width the others leave, and wraps

	style func(value string) string // how a value stands out; nil for not at all
}

// tabular prints rows as an aligned table on a terminal, and elsewhere as
// lines of values separated by tabs, without a heading.
type tabular struct {
	s       *Streams
	columns []column
	rows    [][]string
}

func (s *Streams) newTable(columns ...column) *tabular { return &tabular{s: s, columns: columns} }

// row adds a row with a value for each column. Into a pipe it goes at once.
func (t *tabular) row(values ...string) error {
	for i, v := range values {
		values[i] = oneLine(v)
	}
	if t.s.OutTTY {
		t.rows = append(t.rows, values)
		return nil
	}
	_, err := fmt.Fprintln(t.s.Out, strings.Join(values, "\t"))
	return err
}

// end prints what row has kept back.
func (t *tabular) end() error {
	if len(t.rows) == 0 {
		return nil
	}
	const gap = 2
	w := table.NewWriter()
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Format = table.FormatOptions{}
	style.Box = table.BoxStyle{PaddingRight: strings.Repeat(" ", gap)}
	w.SetStyle(style)
	w.SuppressTrailingSpaces()

	header := table.Row{}
	widths := make([]int, len(t.columns))
	for i, c := range t.columns {
		header = append(header, t.s.paint(bold, c.title))
		widths[i] = text.StringWidth(c.title)
		for _, row := range t.rows {
			widths[i] = max(widths[i], text.StringWidth(row[i]))
		}
	}
	w.AppendHeader(header)
	w.SetColumnConfigs(t.configs(widths, gap))
	for _, row := range t.rows {
		cells := table.Row{}
		for i, v := range row {
			if style := t.columns[i].style; style != nil {
				v = t.s.paint(style(v), v)
			}
			cells = append(cells, v)
		}
		w.AppendRow(cells)
	}
	_, err := fmt.Fprintln(t.s.Out, w.Render())
	return err
}

// configs shares the terminal's width out: flexible columns get equal parts of
// what the others leave, unless they need less.
func (t *tabular) configs(widths []int, gap int) []table.ColumnConfig {
	const least = 12 // narrower than this nobody can read
	left, flexible := t.s.Width, []int{}
	for i, c := range t.columns {
		left -= gap
		if c.flex {
			flexible = append(flexible, i)
		} else {
			left -= widths[i]
		}
	}
	for n := len(flexible); n > 0; n-- { // the narrowest first: what it does not need, the others get
		k := 0
		for j := range flexible {
			if widths[flexible[j]] < widths[flexible[k]] {
				k = j
			}
		}
		i := flexible[k]
		widths[i] = min(widths[i], max(left/n, least))
		left -= widths[i]
		flexible = append(flexible[:k], flexible[k+1:]...)
	}
	var configs []table.ColumnConfig
	for i, c := range t.columns {
		config := table.ColumnConfig{Number: i + 1}
		if c.flex {
			config.WidthMax, config.WidthMaxEnforcer = widths[i], text.WrapSoft
		}
		if c.right {
			config.Align, config.AlignHeader = text.AlignRight, text.AlignRight
		}
		configs = append(configs, config)
	}
	return configs
}

// printable makes text of a document safe to print: control characters, which
// could drive a terminal, become spaces, and characters that turn the writing
// direction of what follows are left out. Line ends stay.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return -1
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			return ' '
		}
		return r
	}, s)
}

// oneLine is [printable] for what has to stay on one line.
func oneLine(s string) string { return strings.ReplaceAll(printable(s), "\n", " ") }

// wrap breaks text at spaces into lines of at most width columns, each begun by
// indent. A style that is on at the end of a line goes on in the next.
func wrap(s, indent string, width int) string {
	const least = 20
	width = max(width-text.StringWidth(indent), least)
	var b strings.Builder
	style := ""
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(indent + style)
		column := 0
		for k, word := range strings.Split(line, " ") {
			n := text.StringWidthWithoutEscSequences(word)
			switch {
			case k > 0 && column > 0 && column+1+n > width:
				if style != "" {
					b.WriteString(reset)
				}
				b.WriteString("\n" + indent + style)
				column = 0
			case k > 0:
				b.WriteByte(' ')
				column++
			}
			b.WriteString(word)
			column += n
			style = styleAfter(style, word)
		}
	}
	return b.String()
}

// styleAfter returns the style that is on after a word, where style was on
// before it.
func styleAfter(style, word string) string {
	for {
		_, rest, ok := strings.Cut(word, "\x1b[")
		if !ok {
			return style
		}
		code, after, _ := strings.Cut(rest, "m")
		if style = "\x1b[" + code + "m"; style == reset {
			style = ""
		}
		word = after
	}
}

// count puts a number before a noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// errWriter remembers the first failure, so that a run of prints is checked
// once.
type errWriter struct {
	w   io.Writer
	err error
}

func (w *errWriter) printf(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.w, format, args...)
	}
}

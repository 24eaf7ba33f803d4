package table

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/schema"
)

// Gazetteer is what a table's names and codes are looked up in: a
// [gazetteer.Gazetteer].
type Gazetteer interface {
	All() []*gazetteer.Entry
	Lookup(name string) []*gazetteer.Entry
}

// Extractor makes facts of documents that are tables. It is safe for concurrent
// use.
type Extractor struct {
	m     *Mapping
	gz    Gazetteer
	codes map[Key]map[string][]*gazetteer.Entry
}

// New returns an extractor that reads tables by m.
func New(m *Mapping, gz Gazetteer) *Extractor {
	x := &Extractor{m: m, gz: gz, codes: map[Key]map[string][]*gazetteer.Entry{ByCOW: {}, ByISO2: {}, ByISO3: {}}}
	for _, e := range gz.All() {
		for key, code := range map[Key]string{ByCOW: e.COW, ByISO2: e.ISO2, ByISO3: e.ISO3} {
			if code != "" {
				x.codes[key][code] = append(x.codes[key][code], e)
			}
		}
	}
	return x
}

// Version names the mapping by what it says, so that a table is read again when
// its mapping has changed.
func (x *Extractor) Version() string { return "table " + x.m.hash }

// CellError is a cell that cannot be read. Row counts the table's rows from 1,
// the heading's not included; Line is the line of the file, from 1.
type CellError struct {
	Row, Line int
	Column    string
	Err       error
}

func (e *CellError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("row %d, line %d: %v", e.Row, e.Line, e.Err)
	}
	return fmt.Sprintf("row %d, line %d, column %q: %v", e.Row, e.Line, e.Column, e.Err)
}

func (e *CellError) Unwrap() error { return e.Err }

// mostErrors is how many faults of a table are reported.
const mostErrors = 20

// Extract reads the table that doc's text is, in CSV with a heading. The facts'
// evidence is their rows. Its errors are [*CellError]s, up to 20 joined; a table
// with a fault makes no facts.
func (x *Extractor) Extract(ctx context.Context, doc *schema.Document) ([]schema.Fact, error) {
	text := doc.Text[doc.Body:]
	const bom = "\ufeff"
	offset := doc.Body
	if strings.HasPrefix(text, bom) {
		text, offset = text[len(bom):], offset+len(bom)
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = []rune(x.m.Separator)[0]
	r.ReuseRecord = true
	head, err := r.Read()
	if err == io.EOF {
		return nil, errors.New("the table is empty: want a heading and rows")
	}
	if err != nil {
		return nil, err
	}
	columns := map[string]int{}
	for i, name := range head {
		name = strings.TrimSpace(name)
		if _, twice := columns[name]; twice {
			return nil, fmt.Errorf("the heading has the column %q twice", name)
		}
		columns[name] = i
	}
	if err := x.m.needs(columns); err != nil {
		return nil, err
	}
	var facts []schema.Fact
	var errs []error
	for n := 1; ; n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		start := int(r.InputOffset())
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", n, err) // it names the line
		}
		end := int(r.InputOffset())
		line, _ := r.FieldPos(0)
		row := row{x: x, columns: columns, cells: cells, n: n, line: line}
		// The reader passes over empty lines before a row.
		raw := text[start:end]
		start += len(raw) - len(strings.TrimLeft(raw, "\r\n"))
		end = start + len(strings.TrimRight(text[start:end], "\r\n"))
		row.evidence = schema.Evidence{
			Doc: doc.ID, Start: offset + start, End: offset + end, Text: text[start:end],
			Line: line + strings.Count(doc.Text[:doc.Body], "\n"),
		}
		for i := range x.m.Facts {
			f, ok, err := row.fact(i)
			if err != nil {
				errs = append(errs, err)
			} else if ok {
				facts = append(facts, f)
			}
		}
		if len(errs) >= mostErrors {
			errs = append(errs[:mostErrors], errors.New("there may be more"))
			break
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	schema.SortFacts(facts)
	return facts, nil
}

// needs fails where a column that the mapping names is not there.
func (m *Mapping) needs(columns map[string]int) error {
	need := map[string]bool{}
	for _, f := range m.Facts {
		need[f.Subject.Column], need[f.Object.Column] = true, true
		if f.Said != nil {
			need[f.Said.Column] = true
		}
		for _, q := range f.Qualifiers {
			need[q.Column] = true
		}
		for _, d := range f.dates() {
			if d != nil {
				need[d.Column] = true
			}
		}
		for c := range f.Where {
			need[c] = true
		}
	}
	delete(need, "")
	for _, c := range slices.Sorted(maps.Keys(need)) {
		if _, ok := columns[c]; !ok {
			return fmt.Errorf("the table has no column %q, which the mapping names: it has %s", c, strings.Join(slices.Sorted(maps.Keys(columns)), ", "))
		}
	}
	return nil
}

// row is one row of a table.
type row struct {
	x        *Extractor
	columns  map[string]int
	cells    []string
	n, line  int
	evidence schema.Evidence
}

func (r *row) fail(column string, err error) error { return &CellError{r.n, r.line, column, err} }

// cell returns what a column holds, "" where that is nothing.
func (r *row) cell(column string) string {
	text := strings.TrimSpace(r.cells[r.columns[column]])
	if slices.Contains(r.x.m.Missing, text) {
		return ""
	}
	return text
}

// fact makes the mapping's i-th fact of the row; ok is false where the row has
// none.
func (r *row) fact(i int) (f schema.Fact, ok bool, err error) {
	m := &r.x.m.Facts[i]
	for column, values := range m.Where {
		if !slices.Contains(values, r.cell(column)) {
			return f, false, nil
		}
	}
	f = schema.Fact{
		Predicate: m.Predicate, Negated: m.Negated, Modality: cmp.Or(m.Modality, schema.Asserted),
		Evidence: []schema.Evidence{r.evidence}, Rule: "table/" + strconv.Itoa(i+1), Confidence: m.Confidence,
	}
	for _, d := range []struct {
		from *Date
		to   *schema.Date
	}{{m.Date, &f.Time.Date}, {m.Since, &f.Time.Since}, {m.Until, &f.Time.Until}} {
		if d.from == nil {
			continue
		}
		if *d.to, err = parseDate(r.cell(d.from.Column), d.from.Layout); err != nil {
			return f, false, r.fail(d.from.Column, err)
		}
	}
	if since, until := f.Time.Since, f.Time.Until; !since.IsZero() && !until.IsZero() && until.Last().Compare(since.First()) < 0 {
		return f, false, r.fail(m.Until.Column, fmt.Errorf("it ends (%s) before it begins (%s)", until, since))
	}
	at := f.Time.Since
	if at.IsZero() {
		at = f.Time.Date
	}
	if f.Subject, err = r.entity(&m.Subject, at); err != nil || f.Subject.IsZero() {
		return f, false, err
	}
	if f.Object, err = r.entity(&m.Object, at); err != nil || f.Object.IsZero() {
		return f, false, err
	}
	if m.Said != nil {
		if f.AttributedTo, err = r.entity(m.Said, at); err != nil {
			return f, false, err
		}
	}
	for _, role := range slices.Sorted(maps.Keys(m.Qualifiers)) {
		v := m.Qualifiers[role]
		e, err := r.entity(&v, at)
		if err != nil {
			return f, false, err
		}
		if !e.IsZero() {
			f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: role, Value: e})
		}
	}
	f.Qualifiers = schema.SortQualifiers(f.Qualifiers)
	return f, true, nil
}

// entity returns who or what a row names, the zero entity where the cell holds
// nothing. Of several that had one code or name one after the other, it is the
// one there was at the time.
func (r *row) entity(v *Value, at schema.Date) (schema.Entity, error) {
	text := v.Text
	if v.Column != "" {
		text = r.cell(v.Column)
	}
	if text == "" {
		return schema.Entity{}, nil
	}
	if v.Class == schema.Literal {
		return schema.Lit(text), nil
	}
	by := cmp.Or(v.By, ByName)
	var found []*gazetteer.Entry
	if by == ByName {
		found = r.x.gz.Lookup(text)
	} else {
		found = r.x.codes[by][text]
	}
	found = slices.Clone(found)
	found = slices.DeleteFunc(found, func(e *gazetteer.Entry) bool { return !e.Class.Is(v.Class) })
	if len(found) > 1 {
		then := slices.DeleteFunc(slices.Clone(found), func(e *gazetteer.Entry) bool {
			return !schema.Time{Since: e.From, Until: e.Until}.Holds(at)
		})
		if len(then) > 0 {
			found = then
		}
	}
	if exact := slices.DeleteFunc(slices.Clone(found), func(e *gazetteer.Entry) bool { return schema.Fold(e.Name) != schema.Fold(text) }); len(found) > 1 && len(exact) == 1 {
		found = exact
	}
	switch {
	case len(found) == 1:
		return found[0].Entity(), nil
	case by != ByName && len(found) == 0:
		return schema.Entity{}, r.fail(v.Column, fmt.Errorf("the gazetteer knows no %s with the %s code %q: add it to a folder for --data, or leave the row out with \"where\"", v.Class, by, text))
	case by != ByName:
		return schema.Entity{}, r.fail(v.Column, fmt.Errorf("the %s code %q is that of %s and of %s", by, text, found[0].Name, found[1].Name))
	}
	// A name that nobody knows, or that several bear, is a thing of its own.
	return schema.NewEntity(v.Class, text), nil
}

// parseDate reads a date in one of the layouts; "" is the zero date.
func parseDate(text string, layout Layout) (schema.Date, error) {
	if layout != LayoutYMD || text == "" {
		return schema.ParseDate(text)
	}
	bad := fmt.Errorf("%q is no date: want YYYYMMDD, YYYYMM or YYYY", text)
	digits := []byte(text)
	if n := len(digits); n != 4 && n != 6 && n != 8 || bytes.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		return schema.Date{}, bad
	}
	edtf := text[:4]
	if len(text) >= 6 && text[4:6] != "00" {
		edtf += "-" + text[4:6]
		if len(text) == 8 && text[6:] != "00" {
			edtf += "-" + text[6:]
		}
	}
	d, err := schema.ParseDate(edtf)
	if err != nil {
		return d, bad
	}
	return d, nil
}

package gazetteer

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// Dir is the folder of an [fs.FS] that holds the tables.
const Dir = "gazetteer"

// tables names the files that hold entries and the class that each gives
// them; the column "class" overrides it row by row.
var tables = [...]struct {
	file  string
	class schema.Class
}{
	{"states.csv", schema.State},
	{"historical.csv", schema.State},
	{"dependencies.csv", schema.Territory},
	{"territories.csv", schema.Territory},
	{"regions.csv", schema.Territory},
	{"waters.csv", schema.Territory},
	{"places.csv", schema.Place},
	{"bodies.csv", schema.Organization},
}

// officesFile holds the offices.
const officesFile = "offices.csv"

// Load reads the gazetteer from the tables in folder "gazetteer" of fsys. A
// table that is absent is left out. An unknown column, a repeated ID or a
// reference to an ID that is nowhere is an error that names file and line.
func Load(fsys fs.FS) (*Gazetteer, error) {
	g := &Gazetteer{
		byID:        make(map[string]*Entry, 2048),
		names:       newIndex[reading](10000),
		officeNames: newIndex[officeName](512),
	}
	for _, t := range tables {
		if err := readTable(fsys, t.file, entryColumns, func(r row) error { return g.addEntry(r, t.class) }); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(g.entries, func(a, b *Entry) int { return cmp.Compare(a.ID, b.ID) })
	for _, e := range g.entries {
		if err := g.resolve(e); err != nil {
			return nil, fmt.Errorf("gazetteer: %s: %w", e.origin, err)
		}
	}
	g.indexNames()
	if err := readTable(fsys, officesFile, officeColumns, g.addOffice); err != nil {
		return nil, err
	}
	return g, nil
}

func (g *Gazetteer) addEntry(r row, class schema.Class) error {
	e, err := r.entry(class)
	if err != nil {
		return err
	}
	if first := g.byID[e.ID]; first != nil {
		return fmt.Errorf("%s stands already at %s; give one of them a slug", e.ID, first.origin)
	}
	g.byID[e.ID] = e
	g.entries = append(g.entries, e)
	return nil
}

// resolve checks that every id that e refers to is there.
func (g *Gazetteer) resolve(e *Entry) error {
	for _, id := range e.MemberOf {
		if g.byID[id] == nil {
			return fmt.Errorf("%s: its group %q is in no table", e.ID, id)
		}
	}
	for _, id := range e.Successors {
		if g.byID[id] == nil {
			return fmt.Errorf("%s: its successor %q is in no table", e.ID, id)
		}
	}
	for _, n := range e.Names {
		if n.By != "" && g.byID[n.By] == nil {
			return fmt.Errorf("%s: %q, who calls it %s, is in no table", e.ID, n.By, n.Text)
		}
	}
	return nil
}

// indexNames enters every expression of every entry: names before adjectives,
// demonyms and metonyms, so that readings come in that order.
func (g *Gazetteer) indexNames() {
	var scratch []byte
	add := func(r reading) {
		scratch = key(scratch, r.text())
		g.names.add(scratch, r, repeats)
	}
	for _, e := range g.entries {
		add(reading{e, usageName, -1})
		for i := range e.Names {
			add(reading{e, usageName, int16(i)})
		}
	}
	for _, usage := range []usage{usageAdjective, usageDemonym, usageMetonym} {
		for _, e := range g.entries {
			for i := range e.texts(usage) {
				add(reading{e, usage, int16(i)})
			}
		}
	}
}

// repeats reports whether r adds nothing to a reading that folds alike: another
// spelling, or a capital named like its state. But NATO and Nato count each,
// because running text tells them apart.
func repeats(r, there reading) bool {
	return there.entry == r.entry && (there.usage == r.usage || there.usage == usageName && r.usage == usageMetonym) &&
		caseOf(there.text()) == caseOf(r.text())
}

func (g *Gazetteer) addOffice(r row) error {
	o := &Office{}
	for i, c := range r.columns {
		switch v := r.cells[i]; c {
		case "name":
			o.Name = v
		case "aliases":
			o.Aliases = list(v)
		case "level":
			o.Level = v
		}
	}
	if o.Name == "" || o.Level == "" {
		return errors.New("an office needs a name and a level")
	}
	o.ID = schema.EntityID(schema.Office, o.Name)
	g.offices = append(g.offices, o)
	for _, name := range append([]string{o.Name}, o.Aliases...) {
		g.officeNames.add(key(nil, name), officeName{o, name}, func(a, b officeName) bool {
			return a.office == b.office && caseOf(a.text) == caseOf(b.text)
		})
	}
	return nil
}

// origin is where an entry was read, for messages.
type origin struct {
	file string
	line int
}

func (o origin) String() string { return o.file + ":" + strconv.Itoa(o.line) }

// row is one record of a table.
type row struct {
	origin
	columns, cells []string
}

var (
	entryColumns = []string{"name", "class", "kind", "slug", "official", "names", "adjectives", "demonyms", "metonyms",
		"iso2", "iso3", "cow", "wikidata", "lat", "lon", "member_of", "from", "until", "successors"}
	officeColumns = []string{"name", "level", "aliases"}
)

// entry makes an entry of a row.
func (r row) entry(class schema.Class) (*Entry, error) {
	e := &Entry{Class: class, origin: r.origin}
	var slug, official, names, lat, lon string
	for i, v := range r.cells {
		if v == "" {
			continue
		}
		var err error
		switch r.columns[i] {
		case "name":
			e.Name = v
		case "class":
			e.Class = schema.Class(v)
		case "kind":
			e.Kind = v
		case "slug":
			slug = v
		case "official":
			official = v
		case "names":
			names = v
		case "adjectives":
			e.Adjectives = list(v)
		case "demonyms":
			e.Demonyms = list(v)
		case "metonyms":
			e.Metonyms = list(v)
		case "iso2":
			e.ISO2 = v
		case "iso3":
			e.ISO3 = v
		case "cow":
			e.COW = v
		case "wikidata":
			e.Wikidata = v
		case "lat":
			lat = v
		case "lon":
			lon = v
		case "member_of":
			e.MemberOf = references(v, schema.Territory)
		case "successors":
			e.Successors = references(v, schema.State)
		case "from":
			e.From, err = schema.ParseDate(v)
		case "until":
			e.Until, err = schema.ParseDate(v)
		}
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", r.columns[i], err)
		}
	}
	if e.Name == "" || e.Kind == "" {
		return nil, errors.New("an entry needs a name and a kind")
	}
	if slug == "" {
		slug = e.Name
	}
	e.ID = entryID(e.Class, slug)
	if err := e.readNames(official, names); err != nil {
		return nil, err
	}
	if lat != "" || lon != "" {
		var errLat, errLon error
		e.Lat, errLat = strconv.ParseFloat(lat, 64)
		e.Lon, errLon = strconv.ParseFloat(lon, 64)
		if errLat != nil || errLon != nil || math.Abs(e.Lat) > 90 || math.Abs(e.Lon) > 180 {
			return nil, fmt.Errorf("coordinates %q, %q are no degrees", lat, lon)
		}
		e.Located = true
	}
	return e, nil
}

// entryID is [schema.EntityID], faster.
func entryID(class schema.Class, name string) string {
	id := append(make([]byte, 0, 64), prefix(class)...)
	start := len(id)
	id = appendFold(id, name)
	for i := start; i < len(id); i++ {
		if id[i] == ' ' {
			id[i] = '-'
		}
	}
	return string(id)
}

// prefix returns what the identifiers of a class begin with.
func prefix(class schema.Class) string {
	switch class {
	case schema.State:
		return "state/"
	case schema.Territory:
		return "territory/"
	}
	return strings.ToLower(string(class)) + "/"
}

func (e *Entry) readNames(official, names string) error {
	n := 0
	for _, cell := range []string{official, names} {
		if cell != "" {
			n += 1 + strings.Count(cell, "|")
		}
	}
	if n == 0 {
		return nil
	}
	e.Names = make([]Name, 0, n)
	for text := range strings.SplitSeq(official, "|") {
		if text != "" {
			e.Names = append(e.Names, Name{Text: text, Kind: Official})
		}
	}
	if names == "" {
		return nil
	}
	for cell := range strings.SplitSeq(names, "|") {
		name, err := parseName(cell)
		if err != nil {
			return err
		}
		e.Names = append(e.Names, name)
	}
	return nil
}

// parseName reads a name: the text, then "~kind" and "@user" where given. A
// name with a user is local unless it says otherwise, capitals alone are an
// abbreviation, and other names are spellings.
func parseName(cell string) (Name, error) {
	text, by, _ := strings.Cut(cell, "@")
	text, kind, _ := strings.Cut(text, "~")
	if text == "" {
		return Name{}, fmt.Errorf("empty name in %q", cell)
	}
	n := Name{Text: text, Kind: NameKind(kind)}
	if by != "" {
		n.By = reference(by, schema.State)
	}
	switch n.Kind {
	case "":
		switch {
		case by != "":
			n.Kind = Local
		case abbreviation(text):
			n.Kind = Abbreviation
		default:
			n.Kind = Spelling
		}
	case Official, Short, Abbreviation, Local, Former, Spelling:
	default:
		return n, fmt.Errorf("name %q: unknown kind %q", text, kind)
	}
	return n, nil
}

// list returns the parts of a cell, which "|" separates.
func list(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, "|")
}

func references(cell string, class schema.Class) []string {
	ids := list(cell)
	for i := range ids {
		ids[i] = reference(ids[i], class)
	}
	return ids
}

// reference returns the id that a cell refers to: a whole id, or a slug of the
// usual class.
func reference(cell string, class schema.Class) string {
	if strings.Contains(cell, "/") {
		return cell
	}
	return prefix(class) + cell
}

// readTable calls do for every record of a table. Lines that begin with "#"
// are comments.
func readTable(fsys fs.FS, name string, known []string, do func(row) error) error {
	file := Dir + "/" + name
	f, err := fsys.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("gazetteer: %w", err)
	}
	defer f.Close()
	c := csv.NewReader(f)
	c.Comment = '#'
	c.ReuseRecord = true
	head, err := c.Read()
	if err != nil {
		return fmt.Errorf("gazetteer: %s: %w", file, err)
	}
	columns := slices.Clone(head)
	for _, column := range columns {
		if !slices.Contains(known, column) {
			return fmt.Errorf("gazetteer: %s:1: unknown column %q; known are %s", file, column, strings.Join(known, ", "))
		}
	}
	for {
		cells, err := c.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("gazetteer: %s: %w", file, err)
		}
		line, _ := c.FieldPos(0)
		at := origin{file, line}
		if err := do(row{at, columns, cells}); err != nil {
			return fmt.Errorf("gazetteer: %s: %w", at, err)
		}
	}
}

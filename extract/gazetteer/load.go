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
// table that is absent is left out, so that a user's folder may bring some of
// them only. An unknown column, a repeated ID or a reference to an ID that is
// nowhere is an error that names file and line.
func Load(fsys fs.FS) (*Gazetteer, error) {
	g := &Gazetteer{
		byID:        make(map[string]*Entry, 2048),
		names:       index[Match]{byFirst: make(map[string][]phrase[Match], 4096)},
		officeNames: index[officeName]{byFirst: make(map[string][]phrase[officeName], 256)},
	}
	where := make(map[string]string, 2048) // id → file:line, for messages
	for _, t := range tables {
		err := readTable(fsys, t.file, func(r row) error {
			e, err := r.entry(t.class)
			if err != nil {
				return err
			}
			if first, ok := where[e.ID]; ok {
				return fmt.Errorf("%s stands already at %s; give one of them a slug", e.ID, first)
			}
			where[e.ID] = r.place()
			g.byID[e.ID] = e
			g.entries = append(g.entries, e)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(g.entries, func(a, b *Entry) int { return cmp.Compare(a.ID, b.ID) })
	for _, e := range g.entries {
		if err := g.resolve(e); err != nil {
			return nil, fmt.Errorf("gazetteer: %s: %w", where[e.ID], err)
		}
	}
	g.indexNames()
	if err := readTable(fsys, officesFile, g.addOffice); err != nil {
		return nil, err
	}
	g.officeNames.freeze()
	return g, nil
}

// resolve checks that every id that e refers to is there.
func (g *Gazetteer) resolve(e *Entry) error {
	check := func(what, id string) error {
		if g.byID[id] == nil {
			return fmt.Errorf("%s: %s %q is in no table", e.ID, what, id)
		}
		return nil
	}
	var errs []error
	for _, id := range e.MemberOf {
		errs = append(errs, check("group", id))
	}
	for _, id := range e.Successors {
		errs = append(errs, check("successor", id))
	}
	for _, n := range e.Names {
		if n.By != "" {
			errs = append(errs, check("user of "+n.Text, n.By))
		}
	}
	return errors.Join(errs...)
}

// indexNames enters every expression of every entry: names before adjectives,
// demonyms and metonyms, so that readings come in that order.
func (g *Gazetteer) indexNames() {
	add := func(m Match) {
		// A capital that is named like its state, or two spellings that fold
		// alike, add nothing.
		k := key(m.Text)
		again := slices.ContainsFunc(g.names.find(k), func(o Match) bool {
			return o.Entry == m.Entry && (o.Usage == m.Usage || o.Usage == AsName && m.Usage == AsMetonym) && abbreviation(o.Text) == abbreviation(m.Text)
		})
		if !again {
			g.names.add(k, m)
		}
	}
	for _, e := range g.entries {
		add(Match{Entry: e, Usage: AsName, Text: e.Name})
		for _, n := range e.Names {
			add(Match{Entry: e, Usage: AsName, Text: n.Text, Kind: n.Kind, By: n.By})
		}
	}
	for _, list := range []struct {
		usage Usage
		of    func(*Entry) []string
	}{
		{AsAdjective, func(e *Entry) []string { return e.Adjectives }},
		{AsDemonym, func(e *Entry) []string { return e.Demonyms }},
		{AsMetonym, func(e *Entry) []string { return e.Metonyms }},
	} {
		for _, e := range g.entries {
			for _, text := range list.of(e) {
				add(Match{Entry: e, Usage: list.usage, Text: text})
			}
		}
	}
	g.names.freeze()
}

func (g *Gazetteer) addOffice(r row) error {
	if err := r.only("name", "aliases", "level"); err != nil {
		return err
	}
	o := &Office{Name: r.get("name"), Aliases: r.list("aliases"), Level: r.get("level")}
	if o.Name == "" || o.Level == "" {
		return errors.New("an office needs a name and a level")
	}
	o.ID = schema.EntityID(schema.Office, o.Name)
	g.offices = append(g.offices, o)
	g.officeNames.add(key(o.Name), officeName{o, o.Name})
	for _, a := range o.Aliases {
		g.officeNames.add(key(a), officeName{o, a})
	}
	return nil
}

// row is one record of a table, its cells found by column name.
type row struct {
	file    string
	line    int
	columns []string
	cells   []string
}

func (r row) place() string { return r.file + ":" + strconv.Itoa(r.line) }

func (r row) get(column string) string {
	for i, c := range r.columns {
		if c == column {
			return r.cells[i]
		}
	}
	return ""
}

// list returns the parts of a cell, which "|" separates.
func (r row) list(column string) []string {
	cell := r.get(column)
	if cell == "" {
		return nil
	}
	return strings.Split(cell, "|")
}

func (r row) only(columns ...string) error {
	for _, c := range r.columns {
		if !slices.Contains(columns, c) {
			return fmt.Errorf("unknown column %q; known are %s", c, strings.Join(columns, ", "))
		}
	}
	return nil
}

var entryColumns = []string{"name", "class", "kind", "slug", "official", "names", "adjectives", "demonyms", "metonyms",
	"iso2", "iso3", "cow", "wikidata", "lat", "lon", "member_of", "from", "until", "successors"}

// entry makes an entry of a row.
func (r row) entry(class schema.Class) (*Entry, error) {
	if err := r.only(entryColumns...); err != nil {
		return nil, err
	}
	e := &Entry{Class: class, Adjectives: r.list("adjectives"), Demonyms: r.list("demonyms"), Metonyms: r.list("metonyms")}
	for i, c := range r.columns {
		switch v := r.cells[i]; c {
		case "name":
			e.Name = v
		case "kind":
			e.Kind = v
		case "iso2":
			e.ISO2 = v
		case "iso3":
			e.ISO3 = v
		case "cow":
			e.COW = v
		case "wikidata":
			e.Wikidata = v
		case "class":
			if v != "" {
				e.Class = schema.Class(v)
			}
		}
	}
	if e.Name == "" || e.Kind == "" {
		return nil, errors.New("an entry needs a name and a kind")
	}
	slug := r.get("slug")
	if slug == "" {
		slug = schema.Slug(e.Name)
	}
	e.ID = strings.ToLower(string(e.Class)) + "/" + slug
	for _, text := range r.list("official") {
		e.Names = append(e.Names, Name{Text: text, Kind: Official})
	}
	for _, cell := range r.list("names") {
		n, err := parseName(cell)
		if err != nil {
			return nil, err
		}
		e.Names = append(e.Names, n)
	}
	for _, ref := range r.list("member_of") {
		e.MemberOf = append(e.MemberOf, reference(ref, schema.Territory))
	}
	for _, ref := range r.list("successors") {
		e.Successors = append(e.Successors, reference(ref, schema.State))
	}
	if err := r.coordinates(e); err != nil {
		return nil, err
	}
	for _, d := range []struct {
		column string
		to     *schema.Date
	}{{"from", &e.From}, {"until", &e.Until}} {
		if v := r.get(d.column); v != "" {
			var err error
			if *d.to, err = schema.ParseDate(v); err != nil {
				return nil, fmt.Errorf("column %s: %w", d.column, err)
			}
		}
	}
	return e, nil
}

func (r row) coordinates(e *Entry) error {
	lat, lon := r.get("lat"), r.get("lon")
	if lat == "" && lon == "" {
		return nil
	}
	var errLat, errLon error
	e.Lat, errLat = strconv.ParseFloat(lat, 64)
	e.Lon, errLon = strconv.ParseFloat(lon, 64)
	if errLat != nil || errLon != nil || math.Abs(e.Lat) > 90 || math.Abs(e.Lon) > 180 {
		return fmt.Errorf("coordinates %q, %q are no degrees", lat, lon)
	}
	e.Located = true
	return nil
}

// parseName reads a name cell: the text, then "~kind" and "@user" where given.
// A name with a user is local unless it says otherwise, other names are
// spellings, and capitals alone an abbreviation.
func parseName(cell string) (Name, error) {
	text, by, _ := strings.Cut(cell, "@")
	text, kind, _ := strings.Cut(text, "~")
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
	if text == "" {
		return n, fmt.Errorf("empty name in %q", cell)
	}
	return n, nil
}

// reference returns the id that a cell refers to: a whole id, or a slug of the
// usual class.
func reference(cell string, class schema.Class) string {
	if strings.Contains(cell, "/") {
		return cell
	}
	return strings.ToLower(string(class)) + "/" + cell
}

// readTable calls do for every record of a table. Lines that begin with "#"
// are comments.
func readTable(fsys fs.FS, name string, do func(row) error) error {
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
	for {
		cells, err := c.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("gazetteer: %s: %w", file, err)
		}
		line, _ := c.FieldPos(0)
		if err := do(row{file: file, line: line, columns: columns, cells: cells}); err != nil {
			return fmt.Errorf("gazetteer: %s:%d: %w", file, line, err)
		}
	}
}

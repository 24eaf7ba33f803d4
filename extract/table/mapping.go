// Package table turns tables of claims that people have made by hand into
// facts. A mapping says which column holds what; each fact is proved by the row
// that it is read from.
//
// docs/tables.md teaches how to write a mapping.
package table

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/demarcgraph/demarc/schema"
)

// Dir is the folder of the mappings that come with demarc, in their file system.
const Dir = "mappings"

// Mapping says what the columns of a table hold. A Mapping that [Parse] has
// returned is immutable and safe for concurrent use.
type Mapping struct {
	Title     string   `yaml:"title"`     // of the data set
	Publisher string   `yaml:"publisher"` // who made it
	Separator string   `yaml:"separator"` // between the cells of a row: one character, "," if not given
	Missing   []string `yaml:"missing"`   // what cells hold that hold nothing; empty cells never do
	Facts     []Fact   `yaml:"facts"`     // made of each row

	hash string
}

// Fact is a fact that a row makes, if it has subject, object and what Where asks
// for.
type Fact struct {
	Predicate  schema.Predicate      `yaml:"predicate"`
	Subject    Value                 `yaml:"subject"`
	Object     Value                 `yaml:"object"`
	Negated    bool                  `yaml:"negated"`
	Modality   schema.Modality       `yaml:"modality"`
	Said       *Value                `yaml:"said_by"`
	Date       *Date                 `yaml:"date"`
	Since      *Date                 `yaml:"since"`
	Until      *Date                 `yaml:"until"`
	Qualifiers map[schema.Role]Value `yaml:"qualifiers"`
	Where      map[string][]string   `yaml:"where"`      // columns and what they must hold, one of it
	Confidence float64               `yaml:"confidence"` // 1 if not given
}

// Value says who or what a cell names. Class is the class of an entity that the
// gazetteer does not know, or Literal for a value that is no entity; with it
// the gazetteer's entities of other classes are passed over.
type Value struct {
	Column string       `yaml:"column"`
	Text   string       `yaml:"value"` // instead of a column: the same in every row
	Class  schema.Class `yaml:"class"`
	By     Key          `yaml:"by"` // "" for name
}

// Key is what a cell names an entity by.
type Key string

// The keys. A name that the gazetteer does not know makes a new entity; a code
// that it does not know is an error.
const (
	ByName Key = "name"
	ByCOW  Key = "cow"
	ByISO2 Key = "iso2"
	ByISO3 Key = "iso3"
)

// Date says how a column writes dates. Without a layout, dates are as demarc
// writes them: 1956-10-19, 1956-10, 1956.
type Date struct {
	Column string `yaml:"column"`
	Layout Layout `yaml:"layout"`
}

// Layout is a way of writing dates.
type Layout string

// The layouts. In "ymd" 19561019, 195610 and 1956 are a day, a month and a year,
// and parts at the end may be 00 for unknown.
const (
	LayoutEDTF Layout = "edtf"
	LayoutYMD  Layout = "ymd"
)

// Read reads a mapping from a file.
func Read(fsys fs.FS, name string) (*Mapping, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	return Parse(name, text)
}

// Parse reads a mapping from the text of the file called name. Unknown keys, and
// what the vocabulary does not have, are errors.
func Parse(name string, text []byte) (*Mapping, error) {
	m := &Mapping{}
	if err := yaml.UnmarshalWithOptions(text, m, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	sum := sha256.Sum256(text)
	m.hash = hex.EncodeToString(sum[:8])
	return m, nil
}

// check refuses a mapping whose facts the graph would refuse.
func (m *Mapping) check() error {
	if m.Separator == "" {
		m.Separator = ","
	}
	if r := []rune(m.Separator); len(r) != 1 || strings.ContainsAny(m.Separator, "\"\r\n\ufffd") {
		return fmt.Errorf("separator %q: want one character", m.Separator)
	}
	if len(m.Facts) == 0 {
		return errors.New("it makes no facts: list them under \"facts\"")
	}
	var errs []error
	for i := range m.Facts {
		f := &m.Facts[i]
		if err := f.check(); err != nil {
			errs = append(errs, fmt.Errorf("fact %d: %w", i+1, err))
		}
	}
	return errors.Join(errs...)
}

func (f *Fact) check() error {
	info, ok := f.Predicate.Info()
	if !ok {
		return fmt.Errorf("there is no predicate %q: see \"demarc schema\"", f.Predicate)
	}
	if f.Modality != "" && !slices.Contains(schema.Modalities(), f.Modality) {
		return fmt.Errorf("there is no modality %q: want one of %v", f.Modality, schema.Modalities())
	}
	if f.Confidence == 0 {
		f.Confidence = 1
	}
	if !(f.Confidence > 0 && f.Confidence <= 1) {
		return fmt.Errorf("confidence %v: want more than 0 and at most 1", f.Confidence)
	}
	values := map[string]Value{"subject": f.Subject, "object": f.Object}
	if f.Said != nil {
		values["said_by"] = *f.Said
	}
	for role, v := range f.Qualifiers {
		if !slices.Contains(info.Roles, role) || role == schema.RoleDate || role == schema.RoleSince || role == schema.RoleUntil {
			return fmt.Errorf("%s takes no qualifier %q: it has %v", f.Predicate, role, info.Roles)
		}
		values[string(role)] = v
	}
	for what, v := range values {
		if err := v.check(); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	if f.Subject.Class == schema.Literal || f.Said != nil && f.Said.Class == schema.Literal {
		return errors.New("a subject or speaker is an entity, no Literal")
	}
	for what, d := range f.dates() {
		switch {
		case d == nil:
		case !slices.Contains(info.Roles, what):
			return fmt.Errorf("%s has no %q: it has %v", f.Predicate, what, info.Roles)
		case d.Column == "":
			return fmt.Errorf("%s: no column", what)
		case d.Layout != "" && d.Layout != LayoutEDTF && d.Layout != LayoutYMD:
			return fmt.Errorf("%s: layout %q: want %s or %s", what, d.Layout, LayoutEDTF, LayoutYMD)
		}
	}
	return nil
}

func (f *Fact) dates() map[schema.Role]*Date {
	return map[schema.Role]*Date{schema.RoleDate: f.Date, schema.RoleSince: f.Since, schema.RoleUntil: f.Until}
}

func (v *Value) check() error {
	if (v.Column == "") == (v.Text == "") {
		return errors.New("want a column, or a value")
	}
	if v.Class == "" {
		return errors.New("no class")
	}
	if !slices.ContainsFunc(schema.Classes(), func(c schema.ClassInfo) bool { return c.Class == v.Class }) {
		return fmt.Errorf("there is no class %q: see \"demarc schema\"", v.Class)
	}
	switch v.By {
	case "", ByName, ByCOW, ByISO2, ByISO3:
		return nil
	}
	return fmt.Errorf("by %q: want %s, %s, %s or %s", v.By, ByName, ByCOW, ByISO2, ByISO3)
}

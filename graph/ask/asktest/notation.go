package asktest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// ParseFacts reads facts in a short notation and finds the passages that prove
// them. It returns them by document ID.
//
//	names Territory:Perejil Island = Perejil; Leila
//	doc gibraltar
//	State:Spain | claims | Territory:Gibraltar | since=1704; status="renewed" | Person:Jose Manuel Albares
//	not State:Turkey | partyTo | Instrument:UN Convention on the Law of the Sea | act="signed"
//
// An entity is written Class:Name, a literal "in quotes", a date bare. Lines
// that begin with # and empty lines are skipped.
func ParseFacts(notation string, docs map[string]*schema.Document) (map[string][]schema.Fact, error) {
	out := map[string][]schema.Fact{}
	names := map[string][]string{}
	var doc *schema.Document
	for n, line := range strings.Split(notation, "\n") {
		line = strings.TrimSpace(line)
		fail := func(format string, args ...any) error {
			return fmt.Errorf("asktest: line %d: %s", n+1, fmt.Sprintf(format, args...))
		}
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case strings.HasPrefix(line, "names "):
			entity, list, ok := strings.Cut(line[len("names "):], " = ")
			if !ok {
				return nil, fail("want names Class:Name = name; name")
			}
			names[entity] = strings.Split(list, "; ")
			continue
		case strings.HasPrefix(line, "doc "):
			if doc = docs[line[len("doc "):]]; doc == nil {
				return nil, fail("there is no document %s", line[len("doc "):])
			}
			continue
		}
		if doc == nil {
			return nil, fail("a fact before the first doc line")
		}
		f, err := parseFact(line, names)
		if err != nil {
			return nil, fail("%v", err)
		}
		f.Evidence = []schema.Evidence{Locate(doc, &f)}
		out[doc.ID] = append(out[doc.ID], f)
	}
	return out, nil
}

func parseFact(line string, names map[string][]string) (schema.Fact, error) {
	f := schema.Fact{Modality: schema.Asserted, Rule: "by hand", Confidence: 1}
	line, f.Negated = strings.CutPrefix(line, "not ")
	parts := strings.Split(line, "|")
	if len(parts) < 3 {
		return f, fmt.Errorf("want subject | predicate | object, have %q", line)
	}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	var err error
	if f.Subject, err = parseEntity(parts[0], names); err != nil {
		return f, err
	}
	f.Predicate = schema.Predicate(parts[1])
	if _, ok := f.Predicate.Info(); !ok {
		return f, fmt.Errorf("no predicate %q", parts[1])
	}
	if f.Object, err = parseEntity(parts[2], names); err != nil {
		return f, err
	}
	if len(parts) > 3 && parts[3] != "" {
		for _, q := range strings.Split(parts[3], "; ") {
			role, value, _ := strings.Cut(q, "=")
			if err := qualify(&f, schema.Role(role), value, names); err != nil {
				return f, err
			}
		}
	}
	if len(parts) > 4 {
		if f.AttributedTo, err = parseEntity(parts[4], names); err != nil {
			return f, err
		}
	}
	switch f.Qualifier(schema.RoleStatus).Name {
	case "promised":
		f.Modality = schema.Promised
	case "planned":
		f.Modality = schema.Planned
	}
	f.Qualifiers = schema.SortQualifiers(f.Qualifiers)
	return f, nil
}

func parseEntity(s string, names map[string][]string) (schema.Entity, error) {
	if text, ok := strings.CutPrefix(s, `"`); ok {
		return schema.Lit(strings.TrimSuffix(text, `"`)), nil
	}
	class, name, ok := strings.Cut(s, ":")
	if !ok || !slices.ContainsFunc(schema.Classes(), func(c schema.ClassInfo) bool { return string(c.Class) == class }) {
		return schema.Entity{}, fmt.Errorf("want Class:Name or a quoted literal, have %q", s)
	}
	return schema.NewEntity(schema.Class(class), name, names[s]...), nil
}

func qualify(f *schema.Fact, role schema.Role, value string, names map[string][]string) error {
	for to, date := range map[schema.Role]*schema.Date{schema.RoleDate: &f.Time.Date, schema.RoleSince: &f.Time.Since, schema.RoleUntil: &f.Time.Until} {
		if role == to {
			d, err := schema.ParseDate(value)
			*date = d
			return err
		}
	}
	e, err := parseEntity(value, names)
	f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: role, Value: e})
	return err
}

// clauseEnd ends what may stand alone as a proof: a sentence, or a clause that
// a semicolon closes.
var clauseEnd = regexp.MustCompile(`[.;](?:\s|["”’)]|$)|\n`)

// Locate returns the clause of the document that names most of what the fact
// is about: the passage a reader would point to.
func Locate(doc *schema.Document, f *schema.Fact) schema.Evidence {
	wanted := []schema.Entity{f.Subject, f.Object}
	for _, q := range f.Qualifiers {
		wanted = append(wanted, q.Value)
	}
	dates := []string{}
	for _, d := range []schema.Date{f.Time.Date, f.Time.Since, f.Time.Until} {
		if !d.IsZero() {
			dates = append(dates, fmt.Sprint(d.Year))
		}
	}
	best, bestScore := schema.Evidence{}, -1
	begin := doc.Body
	ends := clauseEnd.FindAllStringIndex(doc.Text[begin:], -1)
	ends = append(ends, []int{len(doc.Text) - begin, len(doc.Text) - begin})
	offset := begin
	for _, e := range ends {
		start, end := begin, offset+e[0]
		if end < len(doc.Text) && doc.Text[end] == '.' {
			end++
		}
		for start < end && strings.ContainsRune(" \n\t;.", rune(doc.Text[start])) {
			start++
		}
		begin = offset + e[1]
		if start >= end {
			continue
		}
		if s := score(doc.Text[start:end], wanted, dates); s > bestScore {
			best, bestScore = doc.Quote(start, end), s
		}
	}
	return best
}

func score(clause string, wanted []schema.Entity, dates []string) int {
	folded := " " + schema.Fold(clause) + " "
	total := 0
	for i, e := range wanted {
		weight := 1
		if i < 2 {
			weight = 3
		}
		for _, n := range append([]string{e.Name}, e.Aliases...) {
			if strings.Contains(folded, " "+schema.Fold(n)+" ") {
				total += weight
				break
			}
		}
	}
	for _, d := range dates {
		if strings.Contains(clause, d) {
			total++
		}
	}
	return total
}

package schema

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Fact is one typed, directed statement that a document makes.
type Fact struct {
	Subject   Entity
	Predicate Predicate
	Object    Entity
	Negated   bool     // the document says that it is not so
	Modality  Modality // "" reads as Asserted

	// AttributedTo is who says so, where the document reports the fact as
	// somebody's words; the zero entity where it states the fact itself.
	AttributedTo Entity

	Time       Time
	Qualifiers []Qualifier // sorted by [SortQualifiers]

	Evidence   []Evidence // at least one, sorted by [SortEvidence]
	Rule       string     // the rule that found it
	Confidence float64    // the probability that a careful reader agrees, in (0, 1]
}

// Qualifier adds to a fact what is neither its subject, object nor time: over
// which territory, under which instrument, on which condition.
type Qualifier struct {
	Role  Role
	Value Entity // an entity or a [Literal]
}

// SortQualifiers orders qualifiers by role and value and drops repetitions.
func SortQualifiers(qs []Qualifier) []Qualifier {
	slices.SortFunc(qs, func(a, b Qualifier) int {
		return cmp.Or(strings.Compare(string(a.Role), string(b.Role)), strings.Compare(a.Value.Key(), b.Value.Key()))
	})
	return slices.CompactFunc(qs, func(a, b Qualifier) bool { return a.Role == b.Role && a.Value.Same(b.Value) })
}

// Qualifier returns the first value in the given role, or the zero entity.
func (f *Fact) Qualifier(role Role) Entity {
	for _, q := range f.Qualifiers {
		if q.Role == role {
			return q.Value
		}
	}
	return Entity{}
}

// Plain reports whether the fact stands in the graph as a plain triple: the
// document asserts it itself and does not deny it.
func (f *Fact) Plain() bool {
	return !f.Negated && f.AttributedTo.IsZero() && (f.Modality == Asserted || f.Modality == "")
}

// ID identifies the fact by its content: the same fact from two documents has
// one ID. Evidence, rule, confidence and the names that entities go by do not
// count. It is the first 128 bits of a SHA-256, in hexadecimal.
func (f *Fact) ID() string {
	s, o := f.Subject.Key(), f.Object.Key()
	if f.Predicate.Symmetric() && o < s {
		s, o = o, s
	}
	modality := cmp.Or(f.Modality, Asserted)
	b := make([]byte, 0, 256)
	field := func(v string) {
		b = strconv.AppendInt(b, int64(len(v)), 10)
		b = append(append(append(b, ':'), v...), ';')
	}
	for _, v := range []string{
		s, string(f.Predicate), o, strconv.FormatBool(f.Negated), string(modality), f.AttributedTo.Key(),
		f.Time.Date.String(), f.Time.Since.String(), f.Time.Until.String(),
	} {
		field(v)
	}
	for _, q := range SortQualifiers(slices.Clone(f.Qualifiers)) {
		field(string(q.Role))
		field(q.Value.Key())
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// Entities returns the entities of the fact that have an ID: its sides, who says
// so, and those among its qualifiers.
func (f *Fact) Entities() []Entity {
	all := []Entity{f.Subject, f.Object, f.AttributedTo}
	for _, q := range f.Qualifiers {
		all = append(all, q.Value)
	}
	return slices.DeleteFunc(all, func(e Entity) bool { return e.ID == "" })
}

// String returns the fact on one line, for logs and tests.
func (f *Fact) String() string {
	var b strings.Builder
	if f.Negated {
		b.WriteString("not ")
	}
	fmt.Fprintf(&b, "%s %s %s", f.Subject.Name, f.Predicate, f.Object.Name)
	var qs []string
	for _, t := range f.times() {
		qs = append(qs, string(t.role)+"="+t.date.String())
	}
	for _, q := range f.Qualifiers {
		qs = append(qs, string(q.Role)+"="+q.Value.Name)
	}
	if len(qs) > 0 {
		b.WriteString(" (" + strings.Join(qs, ", ") + ")")
	}
	if m := f.Modality; m != "" && m != Asserted {
		b.WriteString(" [" + string(m) + "]")
	}
	if !f.AttributedTo.IsZero() {
		b.WriteString(" according to " + f.AttributedTo.Name)
	}
	return b.String()
}

type roleDate struct {
	role Role
	date Date
}

// times lists the known dates under the qualifier names that FACTS records use.
// An office is held "from" a date, because "since" would say that it still is.
func (f *Fact) times() []roleDate {
	since := RoleSince
	if f.Predicate == HoldsOffice {
		since = RoleFrom
	}
	var out []roleDate
	for _, t := range []roleDate{{RoleDate, f.Time.Date}, {since, f.Time.Since}, {RoleUntil, f.Time.Until}} {
		if !t.date.IsZero() {
			out = append(out, t)
		}
	}
	return out
}

// entityJSON is an entity in the facts format. A literal is its bare value.
type entityJSON struct {
	Name    string   `json:"name"`
	Aliases []string `json:"aliases"`
	ID      string   `json:"id,omitempty"`
	Class   Class    `json:"class,omitempty"`
}

func toJSON(e Entity) entityJSON {
	aliases := e.Aliases
	if aliases == nil {
		aliases = []string{}
	}
	return entityJSON{e.Name, aliases, e.ID, e.Class}
}

func (j entityJSON) entity() Entity {
	e := Entity{ID: j.ID, Class: j.Class, Name: j.Name}
	if len(j.Aliases) > 0 {
		e.Aliases = j.Aliases
	}
	return e
}

type factJSON struct {
	ID           string                     `json:"id"`
	Doc          string                     `json:"doc"`
	Subject      entityJSON                 `json:"subject"`
	Predicate    Predicate                  `json:"predicate"`
	Object       entityJSON                 `json:"object"`
	Qualifiers   map[string]json.RawMessage `json:"qualifiers"`
	AttributedTo *string                    `json:"attributedTo"`
	Attribution  *entityJSON                `json:"attribution,omitempty"`
	Negated      bool                       `json:"negated"`
	Modality     Modality                   `json:"modality"`
	Rule         string                     `json:"rule"`
	Confidence   float64                    `json:"confidence"`
	Evidence     []Evidence                 `json:"evidence"`
}

// MarshalJSON writes the fact in the facts format: one object with doc,
// subject, predicate, object, qualifiers (dates among them), attributedTo,
// negated, modality, rule, confidence and evidence. Keys come in a fixed order.
func (f Fact) MarshalJSON() ([]byte, error) {
	j := factJSON{
		ID: f.ID(), Subject: toJSON(f.Subject), Predicate: f.Predicate, Object: toJSON(f.Object),
		Qualifiers: map[string]json.RawMessage{}, Negated: f.Negated, Modality: cmp.Or(f.Modality, Asserted),
		Rule: f.Rule, Confidence: f.Confidence, Evidence: f.Evidence,
	}
	if len(f.Evidence) > 0 {
		j.Doc = f.Evidence[0].Doc
	} else {
		j.Evidence = []Evidence{}
	}
	if !f.AttributedTo.IsZero() {
		a := toJSON(f.AttributedTo)
		j.AttributedTo, j.Attribution = &f.AttributedTo.Name, &a
	}
	for _, t := range f.times() {
		j.Qualifiers[string(t.role)] = json.RawMessage(`"` + t.date.String() + `"`)
	}
	byRole := map[Role][]any{}
	for _, q := range f.Qualifiers {
		var v any = toJSON(q.Value)
		if q.Value.Class == Literal {
			v = q.Value.Name
		}
		byRole[q.Role] = append(byRole[q.Role], v)
	}
	for role, vs := range byRole {
		var v any = vs
		if len(vs) == 1 {
			v = vs[0]
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		j.Qualifiers[string(role)] = raw
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what [Fact.MarshalJSON] writes.
func (f *Fact) UnmarshalJSON(data []byte) error {
	var j factJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	*f = Fact{
		Subject: j.Subject.entity(), Predicate: j.Predicate, Object: j.Object.entity(), Negated: j.Negated,
		Modality: j.Modality, Rule: j.Rule, Confidence: j.Confidence, Evidence: j.Evidence,
	}
	switch {
	case j.Attribution != nil:
		f.AttributedTo = j.Attribution.entity()
	case j.AttributedTo != nil:
		f.AttributedTo = NewEntity(Agent, *j.AttributedTo)
	}
	for role, raw := range j.Qualifiers {
		if err := f.readQualifier(Role(role), raw); err != nil {
			return fmt.Errorf("schema: qualifier %q: %w", role, err)
		}
	}
	f.Qualifiers = SortQualifiers(f.Qualifiers)
	return nil
}

func (f *Fact) readQualifier(role Role, raw json.RawMessage) error {
	var date *Date
	switch {
	case role == RoleDate:
		date = &f.Time.Date
	case role == RoleSince, role == RoleFrom && f.Predicate == HoldsOffice:
		date = &f.Time.Since
	case role == RoleUntil:
		date = &f.Time.Until
	}
	if date != nil {
		return json.Unmarshal(raw, date)
	}
	var many []json.RawMessage
	if json.Unmarshal(raw, &many) != nil {
		many = []json.RawMessage{raw}
	}
	for _, one := range many {
		var value Entity
		var text string
		if json.Unmarshal(one, &text) == nil {
			value = Lit(text)
		} else {
			var e entityJSON
			if err := json.Unmarshal(one, &e); err != nil {
				return err
			}
			value = e.entity()
		}
		f.Qualifiers = append(f.Qualifiers, Qualifier{role, value})
	}
	return nil
}

// SortFacts orders facts by document and place of their first evidence, then
// by content, so that one document's facts read in its own order.
func SortFacts(facts []Fact) {
	slices.SortStableFunc(facts, func(a, b Fact) int {
		if len(a.Evidence) > 0 && len(b.Evidence) > 0 {
			if c := compareEvidence(a.Evidence[0], b.Evidence[0]); c != 0 {
				return c
			}
		}
		if c := cmp.Or(
			strings.Compare(string(a.Predicate), string(b.Predicate)),
			strings.Compare(a.Subject.Key(), b.Subject.Key()),
			strings.Compare(a.Object.Key(), b.Object.Key())); c != 0 {
			return c
		}
		return strings.Compare(a.ID(), b.ID()) // hashes: only where nothing else decides
	})
}

package schema

import "strings"

// Sentence puts the fact into words: "Japan claims Shikotan (since 1945)". Who
// says so is not in it; see [Fact.Standing].
func (f *Fact) Sentence() string {
	verb := string(f.Predicate)
	if info, ok := f.Predicate.Info(); ok {
		verb = info.Label
	}
	if f.Predicate == TransferredTo && f.Modality != "" && f.Modality != Asserted {
		verb = "is to be transferred to" // nothing has happened yet
	}
	s := f.Subject.Name + " " + verb + " " + f.Object.Name
	if f.Negated {
		s = "not so: " + s
	}
	if d := f.Details(); d != "" {
		s += " (" + d + ")"
	}
	return s
}

// Details lists the fact's dates and qualifiers in words: "since 1945, over
// Iturup and Shikotan". It is empty where there are none.
func (f *Fact) Details() string {
	var parts []string
	add := func(role Role, values ...string) {
		if text := Enumerate(values); text != "" {
			parts = append(parts, string(role)+" "+text)
		}
	}
	add(RoleDate, f.Time.Date.String())
	add(RoleSince, f.Time.Since.String())
	add(RoleUntil, f.Time.Until.String())
	for i := 0; i < len(f.Qualifiers); { // sorted by role
		role := f.Qualifiers[i].Role
		var values []string
		for ; i < len(f.Qualifiers) && f.Qualifiers[i].Role == role; i++ {
			values = append(values, f.Qualifiers[i].Value.Name)
		}
		add(role, values...)
	}
	return strings.Join(parts, ", ")
}

// Standing says how a document puts the fact forward, where it does not state it
// itself: "promised, according to Japan".
func (f *Fact) Standing() string {
	var parts []string
	if f.Modality != "" && f.Modality != Asserted {
		parts = append(parts, string(f.Modality))
	}
	if !f.AttributedTo.IsZero() {
		parts = append(parts, "according to "+f.AttributedTo.Name)
	}
	return strings.Join(parts, ", ")
}

// Enumerate joins values as prose does: "a, b and c".
func Enumerate(values []string) string {
	n := len(values)
	if n < 2 {
		return strings.Join(values, "")
	}
	return strings.Join(values[:n-1], ", ") + " and " + values[n-1]
}

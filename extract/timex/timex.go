// Package timex finds expressions of time in English sentences and resolves
// them to dates with precision: "7 March 2005", "since 1954", "from 1945 to
// 1972", "last Monday", "in the early 1990s".
//
// Expressions that need an anchor ("Monday", "last month", "in March") are
// resolved against the date of the document; without one they are left out.
package timex

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/schema"
)

// Relation says how an expression relates what it modifies to its date.
type Relation uint8

// The relations. On is that of a bare date and of "in", "on", "at", "during".
const (
	On     Relation = iota
	Since           // from then on
	Until           // up to then
	Before          // some time before
	After           // some time after
	By              // at the latest then
	AsOf            // the state of affairs then
	Within          // from Date to End
)

// Expr is an expression of time. Its tokens are the half-open range
// [First, Last) of the sentence, a preposition that belongs to it included.
type Expr struct {
	First, Last int
	Core        int // index of the first token of the date itself, after any preposition
	Relation    Relation
	Date        schema.Date
	End         schema.Date // of Within, otherwise zero
}

// Time returns the expression as the time of an act or condition.
func (e Expr) Time() schema.Time {
	switch e.Relation {
	case Since, After:
		return schema.Time{Since: e.Date}
	case Until, Before:
		return schema.Time{Until: e.Date}
	case Within:
		return schema.Time{Since: e.Date, Until: e.End}
	default:
		return schema.Time{Date: e.Date}
	}
}

// Find returns the expressions of time among tokens, in order and without
// overlap. The anchor is the document's date; it may be zero.
//
// "The following year", "that month" and the like are resolved against the date
// told last before them in the tokens.
func Find(tokens []nlp.Token, anchor schema.Date) []Expr {
	return FindAfter(tokens, anchor, schema.Date{})
}

// FindAfter is [Find] for tokens before which the text told a date, which may be zero.
func FindAfter(tokens []nlp.Token, anchor, told schema.Date) []Expr {
	s := scanner{tokens: tokens, anchor: anchor, told: told}
	var out []Expr
	for i := 0; i < len(tokens); {
		d, n := s.date(i)
		if n == 0 {
			i++
			continue
		}
		e := Expr{First: i, Core: i, Last: i + n, Date: d}
		s.relate(&e)
		if k := len(out) - 1; k >= 0 && e.First < out[k].Last {
			e.First = out[k].Last
		}
		out = append(out, e)
		i = e.Last
		if e.Date.Precision >= schema.PrecisionYear {
			s.told = e.Date
			s.here = e.Date
			if next := s.pos(e.Last); s.at(e.Core-1) == "of" || e.First == e.Core && (next == "NOUN" || next == "PROPN") {
				s.here = schema.Date{} // "the 1956 declaration": its name
			}
		}
	}
	return out
}

type scanner struct {
	tokens []nlp.Token
	anchor schema.Date
	told   schema.Date // the date told last
	here   schema.Date // the date at which the tokens have told of something last
}

// at returns the lower-cased text of token i, or "" outside the sentence.
func (s *scanner) at(i int) string {
	if i < 0 || i >= len(s.tokens) {
		return ""
	}
	return strings.ToLower(s.tokens[i].Text)
}

// relate looks at the words around the date for what it begins, ends or spans.
func (s *scanner) relate(e *Expr) {
	i := e.Core - 1
	if s.at(i) == "the" {
		i--
	}
	switch s.at(i) {
	case "since":
		e.Relation, e.First = Since, i
	case "until", "till", "through", "up":
		e.Relation, e.First = Until, i
	case "before":
		e.Relation, e.First = Before, i
	case "after":
		e.Relation, e.First = After, i
	case "by":
		e.Relation, e.First = By, i
	case "of":
		switch {
		case s.at(i-1) == "as":
			e.Relation, e.First = AsOf, i-1
		default:
			e.First = i
		}
	case "from":
		e.First = i
		if end, n := s.end(e.Last, "to", "until", "till", "through", "-", "–", "—"); n > 0 {
			e.Relation, e.End, e.Last = Within, end, e.Last+n
			return
		}
		switch s.at(e.Last) {
		case "on", "onward", "onwards":
			e.Last++
		}
		e.Relation = Since
		return
	case "between":
		if end, n := s.end(e.Last, "and"); n > 0 {
			e.Relation, e.End, e.Last, e.First = Within, end, e.Last+n, i
			return
		}
	case "in", "on", "at", "during", "around", "about", "circa", "throughout", "for":
		e.First = i
		if w := s.at(i); w == "around" || w == "about" || w == "circa" {
			e.Date.Approximate = true
		}
	}
	if e.Relation == On && e.Date.Precision == schema.PrecisionYear {
		if end, n := s.end(e.Last, "-", "–", "—", "to"); n > 0 && end.Precision == schema.PrecisionYear && e.Date.Compare(end) < 0 {
			e.Relation, e.End, e.Last = Within, end, e.Last+n
		}
	}
}

// end reads the second date of a span after one of the joining words.
func (s *scanner) end(i int, joins ...string) (schema.Date, int) {
	for _, j := range joins {
		if s.at(i) != j {
			continue
		}
		k := i + 1
		if s.at(k) == "the" {
			k++
		}
		if d, n := s.date(k); n > 0 {
			return d, k + n - i
		}
	}
	return schema.Date{}, 0
}

var (
	isoDate  = regexp.MustCompile(`^(\d{4})-(\d{2})(?:-(\d{2}))?$`)
	yearWord = regexp.MustCompile(`^(1[0-9]{3}|20[0-9]{2})$`)
	decade   = regexp.MustCompile(`^['’]?(1[0-9]{3}|20[0-9]{2}|[0-9]0)['’]?s$`)
	dayWord  = regexp.MustCompile(`^([1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?$`)
	century  = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)$`)
)

var months = map[string]int{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8,
	"september": 9, "october": 10, "november": 11, "december": 12,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}

var weekdays = map[string]time.Weekday{
	"monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday, "thursday": time.Thursday,
	"friday": time.Friday, "saturday": time.Saturday, "sunday": time.Sunday,
}

var ordinals = map[string]int{
	"eighteenth": 18, "nineteenth": 19, "twentieth": 20, "seventeenth": 17, "sixteenth": 16, "fifteenth": 15,
}

var smallNumbers = map[string]int{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}

// units are nouns after which a number is a quantity, never a year.
var units = map[string]bool{
	"km": true, "kilometers": true, "kilometres": true, "square": true, "sq": true, "miles": true, "nautical": true,
	"nm": true, "meters": true, "metres": true, "hectares": true, "people": true, "troops": true, "soldiers": true,
	"islands": true, "residents": true, "refugees": true, "villages": true, "dollars": true, "percent": true, "%": true,
	"inhabitants": true, "citizens": true, "ships": true, "vessels": true, "kilometer": true, "mile": true, "acres": true,
}

// date reads a date that begins at token i and returns it with the number of
// tokens it takes, 0 if there is none.
func (s *scanner) date(i int) (schema.Date, int) {
	w := s.at(i)
	if w == "" {
		return schema.Date{}, 0
	}
	if m := isoDate.FindStringSubmatch(w); m != nil {
		if d, err := schema.ParseDate(w); err == nil {
			return d, 1
		}
	}
	if d, n := s.isoTokens(i); n > 0 {
		return d, n
	}
	if d, n := s.narrated(i); n > 0 {
		return d, n
	}
	// "7 March 2005", "the 7th of March"
	if m := dayWord.FindStringSubmatch(w); m != nil {
		k := i + 1
		if s.at(k) == "of" {
			k++
		}
		if month, ok := s.month(k); ok {
			day, _ := strconv.Atoi(m[1])
			y, n := s.yearAfter(k + 1)
			if n > 0 {
				return valid(y, month, day), k + 1 + n - i
			}
			if y = s.anchorYear(month, day); y > 0 {
				return valid(y, month, day), k + 1 - i
			}
			return schema.Date{}, 0
		}
	}
	if month, ok := s.month(i); ok {
		// "March 7, 2005", "March 7", "March 2005", "March"
		if m := dayWord.FindStringSubmatch(s.at(i + 1)); m != nil && !units[s.at(i+2)] {
			day, _ := strconv.Atoi(m[1])
			if y, n := s.yearAfter(i + 2); n > 0 {
				return valid(y, month, day), 2 + n
			}
			if y := s.anchorYear(month, day); y > 0 {
				return valid(y, month, day), 2
			}
		}
		if y, n := s.yearAfter(i + 1); n > 0 {
			return schema.Month(y, month), 1 + n
		}
		// "July and August 1974": the year holds for both
		switch s.at(i + 1) {
		case "and", "or", "to", "-", "–", "/":
			if _, ok := s.month(i + 2); ok {
				if y, n := s.yearAfter(i + 3); n > 0 {
					return schema.Month(y, month), 1
				}
			}
		}
		if len(strings.TrimSuffix(s.at(i), ".")) > 3 && s.at(i) != "march" || s.monthLike(i) {
			y := s.anchorYear(month, 0)
			last := s.at(i - 1)
			if y > 0 && last == "last" && s.anchor.Precision >= schema.PrecisionMonth && month == s.anchor.Month {
				y--
			}
			if y > 0 {
				return schema.Month(y, month), 1
			}
		}
		return schema.Date{}, 0
	}
	if d, n := s.part(i); n > 0 {
		return d, n
	}
	if decade.MatchString(w) {
		digits := strings.Trim(w, "'’s")
		y, _ := strconv.Atoi(digits)
		if len(digits) == 2 {
			y += 1900
		}
		if y%100 == 0 && len(digits) == 4 {
			return schema.Date{Year: y, Precision: schema.PrecisionCentury}, 1
		}
		return schema.Date{Year: y, Precision: schema.PrecisionDecade}, 1
	}
	if s.at(i+1) == "century" {
		if m := century.FindStringSubmatch(w); m != nil {
			c, _ := strconv.Atoi(m[1])
			return schema.Date{Year: (c - 1) * 100, Precision: schema.PrecisionCentury}, 2
		}
		if c, ok := ordinals[w]; ok {
			return schema.Date{Year: (c - 1) * 100, Precision: schema.PrecisionCentury}, 2
		}
	}
	if yearWord.MatchString(w) && s.yearLike(i) {
		y, _ := strconv.Atoi(w)
		return schema.Year(y), 1
	}
	return s.relative(i)
}

// narrated reads what goes by the date told last: "the following year", "that month",
// "the same day", "the following April", "August of that year", "two years later".
func (s *scanner) narrated(i int) (schema.Date, int) {
	t := s.told
	if t.IsZero() || t.Precision < schema.PrecisionYear {
		return schema.Date{}, 0
	}
	month := func(m, n int) (schema.Date, int) {
		if day := dayWord.FindStringSubmatch(s.at(i - 1)); day != nil && s.at(i) != "the" {
			return schema.Date{}, 0
		}
		return schema.Month(t.Year, m), n
	}
	switch w := s.at(i); w {
	case "that", "same":
		switch unit := s.at(i + 1); unit {
		case "year":
			return schema.Year(t.Year), 2
		case "month":
			if t.Precision >= schema.PrecisionMonth {
				return schema.Month(t.Year, t.Month), 2
			}
		case "day":
			if t.Precision == schema.PrecisionDay {
				return t, 2
			}
		}
		if m, ok := s.month(i + 1); ok && w == "that" && !yearWord.MatchString(s.at(i+2)) {
			return month(m, 2)
		}
	case "following", "next":
		if w == "next" && s.at(i-1) != "the" {
			return schema.Date{}, 0
		}
		switch unit := s.at(i + 1); unit {
		case "year":
			return schema.Year(t.Year + 1), 2
		case "month":
			if t.Precision >= schema.PrecisionMonth {
				d := time.Date(t.Year, time.Month(t.Month+1), 1, 0, 0, 0, 0, time.UTC)
				return schema.Month(d.Year(), int(d.Month())), 2
			}
		case "day":
			if t.Precision == schema.PrecisionDay {
				return schema.DayOf(time.Date(t.Year, time.Month(t.Month), t.Day+1, 0, 0, 0, 0, time.UTC)), 2
			}
		}
		if m, ok := s.month(i + 1); ok && !yearWord.MatchString(s.at(i+2)) {
			year := t.Year
			if t.Precision < schema.PrecisionMonth || m <= t.Month {
				year++
			}
			return schema.Month(year, m), 2
		}
	}
	// "August of that year", "28 August of that year"
	k, day := i, 0
	if d := dayWord.FindStringSubmatch(s.at(k)); d != nil {
		day, _ = strconv.Atoi(d[1])
		k++
	}
	if m, ok := s.month(k); ok && s.at(k+1) == "of" && s.at(k+2) == "that" && s.at(k+3) == "year" {
		if day > 0 {
			return valid(t.Year, m, day), k + 4 - i
		}
		return schema.Month(t.Year, m), k + 4 - i
	}
	if n, ok := smallNumbers[s.at(i)]; ok && s.at(i+2) == "later" && strings.HasPrefix(s.at(i+1), "year") {
		return schema.Year(t.Year + n), 3
	}
	return schema.Date{}, 0
}

// isoTokens reads an ISO date that the tokenizer split at its hyphens.
func (s *scanner) isoTokens(i int) (schema.Date, int) {
	if !yearWord.MatchString(s.at(i)) {
		return schema.Date{}, 0
	}
	for _, n := range []int{5, 3} {
		if i+n > len(s.tokens) || s.tokens[i+n-1].End-s.tokens[i].Start > 10 {
			continue
		}
		var b strings.Builder
		for k := i; k < i+n; k++ {
			b.WriteString(s.tokens[k].Text)
		}
		if d, err := schema.ParseDate(b.String()); err == nil && b.Len() > 4 {
			return d, n
		}
	}
	return schema.Date{}, 0
}

// part reads "early 1990s", "late 1998", "mid-1970s", "the end of 1998".
func (s *scanner) part(i int) (schema.Date, int) {
	w := s.at(i)
	switch w {
	case "early", "late", "mid":
		k := i + 1
		if s.at(k) == "-" || s.at(k) == "in" || s.at(k) == "the" {
			k++
		}
		if s.at(k) == "the" {
			k++
		}
		d, n := s.date(k)
		if n == 0 || d.Precision > schema.PrecisionMonth {
			return schema.Date{}, 0
		}
		return d, k + n - i
	case "end", "beginning", "start", "middle", "spring", "summer", "autumn", "fall", "winter", "half":
		k := i + 1
		if s.at(k) == "of" {
			k++
		}
		if s.at(k) == "the" {
			k++
		}
		if k == i+1 && (w == "end" || w == "start" || w == "half" || w == "beginning" || w == "middle") {
			return schema.Date{}, 0
		}
		d, n := s.date(k)
		if n == 0 || d.Precision > schema.PrecisionYear {
			return schema.Date{}, 0
		}
		return d, k + n - i
	}
	if rest, ok := strings.CutPrefix(w, "mid-"); ok && rest != "" {
		sub := scanner{tokens: []nlp.Token{{Text: rest}}, anchor: s.anchor}
		if d, n := sub.date(0); n == 1 {
			return d, 1
		}
	}
	return schema.Date{}, 0
}

func (s *scanner) month(i int) (int, bool) {
	if i < 0 || i >= len(s.tokens) {
		return 0, false
	}
	w := s.tokens[i].Text
	if w == "" || w[0] < 'A' || w[0] > 'Z' {
		return 0, false
	}
	m, ok := months[strings.ToLower(strings.TrimSuffix(w, "."))]
	return m, ok
}

// monthLike tells the month from the verb or modal of the same spelling, for
// "May" and "March" without day or year.
func (s *scanner) monthLike(i int) bool {
	if i+1 < len(s.tokens) && len(s.at(i)) == 3 {
		if c := s.tokens[i+1].Text[0]; c >= 'A' && c <= 'Z' {
			return false // "by Jan Herman van Roijen"
		}
	}
	switch s.at(i - 1) {
	case "in", "since", "until", "by", "last", "this", "next", "late", "early", "during", "of":
		return true
	}
	return false
}

// yearAfter reads a year at i, or after a comma, "of" or "in" at i.
func (s *scanner) yearAfter(i int) (year, n int) {
	k := i
	switch s.at(k) {
	case ",", "of":
		k++
	}
	if yearWord.MatchString(s.at(k)) && !units[s.at(k+1)] {
		y, _ := strconv.Atoi(s.at(k))
		return y, k + 1 - i
	}
	return 0, 0
}

// yearLike tells a year from another four-digit number by its neighbours.
func (s *scanner) yearLike(i int) bool {
	if units[s.at(i+1)] {
		return false
	}
	switch s.at(i - 1) {
	case "$", "€", "£", "article", "resolution", "no.", "number", "nearly", "approximately", "some", "over", "than", "least", "estimated":
		return false
	}
	next := s.at(i + 1)
	return !(next == "-" && units[s.at(i+2)])
}

// pos returns the part of speech of token i, or "" outside the sentence.
func (s *scanner) pos(i int) string {
	if i < 0 || i >= len(s.tokens) {
		return ""
	}
	return s.tokens[i].POS
}

// bygone is how many years before the anchor a time must lie for what goes on from it to
// be of its year: "in 1917 it declared independence, recognized on 31 December".
const bygone = 2

// anchorYear returns the year of the first such month and day from the time that the tokens
// have told of, where that is long gone; else of the latest one that is not after the
// anchor, or 0 without one.
func (s *scanner) anchorYear(month, day int) int {
	a := s.anchor
	if t := s.here; !t.IsZero() && (a.IsZero() || t.Year+bygone <= a.Year) {
		if t.Precision >= schema.PrecisionMonth && (month < t.Month || month == t.Month && t.Precision == schema.PrecisionDay && day > 0 && day < t.Day) {
			return t.Year + 1
		}
		return t.Year
	}
	if a.IsZero() {
		return 0
	}
	if a.Precision >= schema.PrecisionMonth && (month > a.Month || month == a.Month && a.Precision == schema.PrecisionDay && day > a.Day) {
		return a.Year - 1
	}
	return a.Year
}

// valid returns the most exact date that the calendar allows.
func valid(y, m, d int) schema.Date {
	day := schema.Day(y, m, d)
	if _, err := schema.ParseDate(day.String()); err != nil {
		return schema.Month(y, m)
	}
	return day
}

// relative reads expressions that only the document's date resolves.
func (s *scanner) relative(i int) (schema.Date, int) {
	a := s.anchor
	if a.IsZero() {
		return schema.Date{}, 0
	}
	w := s.at(i)
	day := func(offset int) schema.Date {
		return schema.DayOf(time.Date(a.Year, time.Month(a.Month), a.Day+offset, 0, 0, 0, 0, time.UTC))
	}
	exact := a.Precision == schema.PrecisionDay
	if wd, ok := weekdays[w]; ok && exact && s.tokens[i].Text[0] < 'a' {
		today := time.Date(a.Year, time.Month(a.Month), a.Day, 0, 0, 0, 0, time.UTC).Weekday()
		back := (int(today) - int(wd) + 7) % 7
		if s.at(i-1) == "next" {
			return day(7 - back), 1
		}
		return day(-back), 1
	}
	switch w {
	case "today", "yesterday", "tomorrow":
		if exact {
			return day(map[string]int{"today": 0, "yesterday": -1, "tomorrow": 1}[w]), 1
		}
	case "last", "this", "next":
		shift := map[string]int{"last": -1, "this": 0, "next": 1}[w]
		switch unit := s.at(i + 1); {
		case unit == "year":
			return schema.Year(a.Year + shift), 2
		case unit == "month" && a.Precision >= schema.PrecisionMonth:
			t := time.Date(a.Year, time.Month(a.Month+shift), 1, 0, 0, 0, 0, time.UTC)
			return schema.Month(t.Year(), int(t.Month())), 2
		case unit == "week" && exact:
			d := day(7 * shift)
			d.Approximate = true
			return d, 2
		}
	}
	if n, ok := smallNumbers[w]; ok && s.at(i+2) == "ago" || ok && s.at(i+2) == "earlier" {
		switch s.at(i + 1) {
		case "year", "years":
			return schema.Year(a.Year - n), 3
		case "month", "months":
			if a.Precision >= schema.PrecisionMonth {
				t := time.Date(a.Year, time.Month(a.Month-n), 1, 0, 0, 0, 0, time.UTC)
				return schema.Month(t.Year(), int(t.Month())), 3
			}
		case "day", "days":
			if exact {
				return day(-n), 3
			}
		case "decade", "decades":
			return schema.Date{Year: (a.Year - 10*n) / 10 * 10, Precision: schema.PrecisionDecade}, 3
		}
	}
	return schema.Date{}, 0
}

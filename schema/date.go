package schema

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Precision says how much of a [Date] is known, coarsest first.
type Precision uint8

// The precisions of a date. PrecisionNone is the zero value: no date at all.
const (
	PrecisionNone Precision = iota
	PrecisionCentury
	PrecisionDecade
	PrecisionYear
	PrecisionMonth
	PrecisionDay
)

var precisionNames = [...]string{"none", "century", "decade", "year", "month", "day"}

// String returns the precision's English name.
func (p Precision) String() string {
	if int(p) < len(precisionNames) {
		return precisionNames[p]
	}
	return "precision(" + strconv.Itoa(int(p)) + ")"
}

// Date is a day, month, year, decade or century of the proleptic Gregorian
// calendar, never more exact than the text it was read from. The zero value
// means that no date is known.
//
// Dates are comparable with ==. The written form is the Extended Date/Time
// Format, EDTF level 1 (ISO 8601-2:2019), restricted to what occurs in prose:
// "1956-10-19", "1956-10", "1956", "195X", "19XX", and a trailing "~" for a
// date that the text itself calls approximate.
type Date struct {
	Year, Month, Day int
	Precision        Precision
	Approximate      bool
}

// Year returns the date that covers the year y.
func Year(y int) Date { return Date{Year: y, Precision: PrecisionYear} }

// Month returns the date that covers the month m of the year y.
func Month(y, m int) Date { return Date{Year: y, Month: m, Precision: PrecisionMonth} }

// Day returns the date of one day.
func Day(y, m, d int) Date { return Date{Year: y, Month: m, Day: d, Precision: PrecisionDay} }

// DayOf returns the calendar day of t, in t's own location.
func DayOf(t time.Time) Date {
	y, m, d := t.Date()
	return Day(y, int(m), d)
}

// IsZero reports whether no date is known.
func (d Date) IsZero() bool { return d.Precision == PrecisionNone }

// String returns the date in EDTF, or "" for the zero date.
func (d Date) String() string {
	var s string
	switch d.Precision {
	case PrecisionNone:
		return ""
	case PrecisionCentury:
		s = fmt.Sprintf("%02dXX", d.Year/100)
	case PrecisionDecade:
		s = fmt.Sprintf("%03dX", d.Year/10)
	case PrecisionYear:
		s = fmt.Sprintf("%04d", d.Year)
	case PrecisionMonth:
		s = fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	default:
		s = fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
	}
	if d.Approximate {
		s += "~"
	}
	return s
}

var edtf = regexp.MustCompile(`^(\d{2}XX|\d{3}X|\d{4}(?:-\d{2}(?:-\d{2})?)?)(~?)$`)

// ParseDate reads the written form that [Date.String] gives. The empty string
// is the zero date. It fails on anything else, naming what it was given.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	m := edtf.FindStringSubmatch(s)
	if m == nil {
		return Date{}, fmt.Errorf("schema: %q is no date: want YYYY, YYYY-MM, YYYY-MM-DD, YYYX or YYXX, with ~ for about", s)
	}
	d := Date{Approximate: m[2] == "~"}
	body := m[1]
	num := func(t string) int { n, _ := strconv.Atoi(t); return n } // the pattern admits digits only
	switch {
	case strings.HasSuffix(body, "XX"):
		d.Year, d.Precision = num(body[:2])*100, PrecisionCentury
	case strings.HasSuffix(body, "X"):
		d.Year, d.Precision = num(body[:3])*10, PrecisionDecade
	case len(body) == 4:
		d.Year, d.Precision = num(body), PrecisionYear
	case len(body) == 7:
		d.Year, d.Month, d.Precision = num(body[:4]), num(body[5:]), PrecisionMonth
	default:
		d.Year, d.Month, d.Day, d.Precision = num(body[:4]), num(body[5:7]), num(body[8:]), PrecisionDay
	}
	if d.Precision >= PrecisionMonth && (d.Month < 1 || d.Month > 12) ||
		d.Precision == PrecisionDay && (d.Day < 1 || d.Day > daysIn(d.Year, d.Month)) {
		return Date{}, fmt.Errorf("schema: %q is no date of the calendar", s)
	}
	return d, nil
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// MarshalText writes the date in EDTF.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a date in EDTF; see [ParseDate].
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// First returns the first day that the date covers; the zero date's is the
// zero date.
func (d Date) First() Date {
	switch d.Precision {
	case PrecisionNone, PrecisionDay:
		return Date{Year: d.Year, Month: d.Month, Day: d.Day, Precision: d.Precision}
	case PrecisionMonth:
		return Day(d.Year, d.Month, 1)
	default:
		return Day(d.Year, 1, 1)
	}
}

// Last returns the last day that the date covers; the zero date's is the zero
// date.
func (d Date) Last() Date {
	switch d.Precision {
	case PrecisionNone, PrecisionDay:
		return Date{Year: d.Year, Month: d.Month, Day: d.Day, Precision: d.Precision}
	case PrecisionMonth:
		return Day(d.Year, d.Month, daysIn(d.Year, d.Month))
	case PrecisionDecade:
		return Day(d.Year+9, 12, 31)
	case PrecisionCentury:
		return Day(d.Year+99, 12, 31)
	default:
		return Day(d.Year, 12, 31)
	}
}

// Covers reports whether every day of other lies within d: 1956 covers
// 1956-10-19, and every date covers itself. The zero date neither covers nor
// is covered.
func (d Date) Covers(other Date) bool {
	if d.IsZero() || other.IsZero() {
		return false
	}
	return compareDays(d.First(), other.First()) <= 0 && compareDays(d.Last(), other.Last()) >= 0
}

// Compare orders dates by their first day, then the finer one first, then the
// exact one before the approximate. The zero date comes before all others.
func (d Date) Compare(other Date) int {
	if c := compareDays(d.First(), other.First()); c != 0 {
		return c
	}
	if c := cmp.Compare(other.Precision, d.Precision); c != 0 && !d.IsZero() && !other.IsZero() {
		return c
	}
	switch {
	case d.Approximate == other.Approximate:
		return 0
	case other.Approximate:
		return -1
	default:
		return 1
	}
}

func compareDays(a, b Date) int {
	return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Day, b.Day))
}

// Published reports whether a document of date d may have been published by
// the last day of by. A document without a date is not known to have been.
func (d Date) Published(by Date) bool {
	return !d.IsZero() && compareDays(d.earliest(), by.Last()) <= 0
}

// Time says when a fact holds or happened, as far as its document tells. An
// act has a Date; a condition that lasts has Since and Until, either of which
// may be unknown. The zero value says nothing of time. Times are comparable
// with ==.
type Time struct {
	Date, Since, Until Date
}

// IsZero reports whether nothing is known.
func (t Time) IsZero() bool { return t == Time{} }

// Begin is the date by which a fact stands in time: that of an act, else when
// a state of things began, else when it ended.
func (t Time) Begin() Date { return cmp.Or(t.Date, t.Since, t.Until) }

// Compare orders times by where they begin, those that say nothing last.
func (t Time) Compare(other Time) int {
	a, b := t.Begin(), other.Begin()
	if a.IsZero() || b.IsZero() {
		return b.Compare(a) // the zero date comes before all others
	}
	return a.Compare(b)
}

// Certainty says how sure it is that a fact holds on a date.
type Certainty string

// The certainties, of which a date asked for gets exactly one.
const (
	Never    Certainty = "never"
	Possibly Certainty = "possibly"
	Surely   Certainty = "surely"
)

// slack is by how many years an approximate date may be off either way.
const slack = 1

// earliest and latest are the first and the last day that a date may mean.
func (d Date) earliest() Date { return d.First().years(-slack, d.Approximate) }
func (d Date) latest() Date   { return d.Last().years(slack, d.Approximate) }

// years moves a day by n years where it is asked to.
func (d Date) years(n int, move bool) Date {
	if move && !d.IsZero() {
		d.Year += n
	}
	return d
}

// At says whether the fact holds on the day that at means, which is one of
// those that at covers: surely where it holds on each of them however exact the
// fact's own dates are, never where on none, else possibly. A date that a text
// calls approximate may be a year off.
//
// An act's consequences last: once it has happened, it holds. What lasts and
// has no known end, or no known beginning, surely held from the first to the
// last of the days on which documents said so, and possibly before and after;
// a beginning or an end that is known takes the place of the first or the last
// of them.
func (t Time) At(at Date, said ...Date) Certainty {
	if at.IsZero() {
		return Surely
	}
	begin := cmp.Or(t.Since, t.Date)
	if !begin.IsZero() && compareDays(begin.earliest(), at.Last()) > 0 ||
		!t.Until.IsZero() && compareDays(t.Until.latest(), at.First()) < 0 {
		return Never
	}
	var first, last Date // surely from the one to the other
	for _, d := range said {
		if d.IsZero() {
			continue
		}
		if day := d.latest(); first.IsZero() || compareDays(day, first) < 0 {
			first = day
		}
		if day := d.earliest(); last.IsZero() || compareDays(day, last) > 0 {
			last = day
		}
	}
	act := !t.Date.IsZero() && t.Since.IsZero()
	began := !begin.IsZero() && compareDays(begin.latest(), at.First()) <= 0 ||
		begin.IsZero() && !first.IsZero() && compareDays(first, at.First()) <= 0
	var lasted bool
	switch {
	case !t.Until.IsZero():
		lasted = compareDays(t.Until.earliest(), at.Last()) >= 0
	case act:
		lasted = true
	default:
		lasted = !last.IsZero() && compareDays(last, at.Last()) >= 0
	}
	if began && lasted {
		return Surely
	}
	return Possibly
}

// Holds reports whether the fact may have held on some day that at covers: see
// [Time.At].
func (t Time) Holds(at Date) bool { return t.At(at) != Never }

package export

import (
	"context"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"github.com/demarcgraph/demarc/schema"
)

// The JSON of TimelineJS, whose texts are HTML.
type (
	timelineEvent struct {
		ID          string        `json:"unique_id"`
		Start       timelineDate  `json:"start_date"`
		End         *timelineDate `json:"end_date,omitempty"`
		DisplayDate string        `json:"display_date"`
		Group       string        `json:"group"` // a row of the timeline
		Text        timelineText  `json:"text"`
	}
	timelineDate struct {
		Year  int `json:"year"`
		Month int `json:"month,omitempty"`
		Day   int `json:"day,omitempty"`
	}
	timelineText struct {
		Headline string `json:"headline"`
		Text     string `json:"text"`
	}
)

// writeTimelineJS writes an event for each fact with a date, in the order of
// their beginnings, for TimelineJS.
func writeTimelineJS(ctx context.Context, w *writer, src Source) error {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return err
	}
	dated := slices.DeleteFunc(slices.Clone(n.edges), func(f schema.Fact) bool { return f.Time.IsZero() })
	if undated := len(n.edges) - len(dated); undated > 0 {
		w.lost = append(w.lost, fmt.Sprintf("facts without a date, which are not on the timeline: %d of %d", undated, len(n.edges)))
	}
	slices.SortStableFunc(dated, func(a, b schema.Fact) int { return beginning(&a).Compare(beginning(&b)) })
	w.text(`{"title": {"text": {"headline": "demarc"}}, "events": [`)
	for i := range dated {
		line, err := marshal(eventOf(&dated[i]))
		if err != nil {
			return err
		}
		w.element(i, line)
	}
	w.text("\n]}\n")
	return nil
}

// beginning is where a fact stands on the timeline. TimelineJS knows no
// intervals that are open at their beginning: a fact of which only the end is
// known stands at its end.
func beginning(f *schema.Fact) schema.Date {
	for _, d := range []schema.Date{f.Time.Since, f.Time.Date} {
		if !d.IsZero() {
			return d
		}
	}
	return f.Time.Until
}

func eventOf(f *schema.Fact) timelineEvent {
	info, _ := f.Predicate.Info()
	begin, end := beginning(f), f.Time.Until
	if f.Time.Since.IsZero() && !f.Time.Date.IsZero() && f.Time.Until.IsZero() {
		end = begin // an act: within so long a time
	}
	undated := *f
	undated.Time = schema.Time{}
	e := timelineEvent{
		ID: f.ID(), Start: timelineDay(begin, begin.First()), DisplayDate: displayTime(f.Time), Group: info.Label,
		Text: timelineText{Headline: html.EscapeString(f.Subject.Name + " " + edgeLabel(&undated) + " " + f.Object.Name)},
	}
	if last := timelineDay(end, end.Last()); !end.IsZero() && last != e.Start {
		e.End = &last
	}
	var text strings.Builder
	for _, ev := range f.Evidence {
		fmt.Fprintf(&text, "<blockquote>%s</blockquote><p>%s:%d</p>", html.EscapeString(ev.Text), html.EscapeString(ev.Doc), ev.Line)
	}
	e.Text.Text = text.String()
	return e
}

// timelineDay writes as much of a date as is known; of a decade or century the
// year of the given day, its first or last.
func timelineDay(d, day schema.Date) timelineDate {
	switch d.Precision {
	case schema.PrecisionDay:
		return timelineDate{d.Year, d.Month, d.Day}
	case schema.PrecisionMonth:
		return timelineDate{d.Year, d.Month, 0}
	default:
		return timelineDate{Year: day.Year}
	}
}

// displayTime writes a time in words, as exactly as it is known.
func displayTime(t schema.Time) string {
	var parts []string
	add := func(before string, d schema.Date) {
		if !d.IsZero() {
			parts = append(parts, before+displayDate(d))
		}
	}
	add("", t.Date)
	if !t.Since.IsZero() && !t.Until.IsZero() {
		parts = append(parts, displayDate(t.Since)+" – "+displayDate(t.Until))
	} else {
		add("since ", t.Since)
		add("until ", t.Until)
	}
	return strings.Join(parts, ", ")
}

func displayDate(d schema.Date) string {
	var s string
	switch d.Precision {
	case schema.PrecisionCentury:
		n := d.Year/100 + 1
		suffix := "th"
		if n/10 != 1 && n%10 >= 1 && n%10 <= 3 {
			suffix = []string{"st", "nd", "rd"}[n%10-1]
		}
		s = fmt.Sprintf("the %d%s century", n, suffix)
	case schema.PrecisionDecade:
		s = fmt.Sprintf("the %ds", d.Year)
	case schema.PrecisionYear:
		s = fmt.Sprint(d.Year)
	case schema.PrecisionMonth:
		s = fmt.Sprintf("%s %d", time.Month(d.Month), d.Year)
	default:
		s = fmt.Sprintf("%d %s %d", d.Day, time.Month(d.Month), d.Year)
	}
	if d.Approximate {
		s = "about " + s
	}
	return s
}

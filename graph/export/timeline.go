package export

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// Timeline is what is drawn along an axis of years.
type Timeline struct {
	Title       string
	Rows        []TimelineRow
	First, Last int // the years that the axis has at least
}

// TimelineRow is a line of a timeline.
type TimelineRow struct {
	Text  string        // what is said
	Fact  schema.Fact   // the one that it is drawn like, and whose passage is shown
	Spans []schema.Time // when: an act's date, or from when to when
}

// The measures of a timeline, in pixels.
const (
	timelineWidth  = 1000
	timelineMargin = 24
	timelineHead   = 72 // title and axis
	timelineRow    = 38
	timelineBar    = 8
	timelineGlyph  = 7 // of the text, on average
)

// WriteTimeline writes a timeline as an SVG image: an act as a
// diamond, as wide as its date is vague, what lasted as a bar, which ends in an
// arrow where its document gives no end. styles are those of drawings, nil for
// [DefaultStyles]. The same timeline gives the same bytes. What is said is text in
// the image, so that it can be searched and read aloud.
func WriteTimeline(w io.Writer, t Timeline, styles *Styles) error {
	if styles == nil {
		var err error
		if styles, err = DefaultStyles(); err != nil {
			return err
		}
	}
	out := &writer{bw: bufio.NewWriter(w)}
	axis := newAxis(&t)
	height := timelineHead + len(t.Rows)*timelineRow + timelineMargin
	printf := func(format string, args ...any) { out.text(fmt.Sprintf(format, args...)) }

	printf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" role="img" font-family="sans-serif" font-size="12">`+"\n", timelineWidth, height)
	printf("<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#FFFFFF\"/>\n", escapeXML(t.Title))
	printf("<text x=\"%d\" y=\"28\" font-size=\"16\" font-weight=\"bold\">%s</text>\n", timelineMargin, escapeXML(t.Title))
	for year := axis.first; year <= axis.last; year += axis.step {
		x := axis.at(schema.Year(year).First())
		printf("<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#E6E6E6\"/>\n", x, timelineHead-8, x, height-timelineMargin)
		printf("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#5A5A5A\">%d</text>\n", x, timelineHead-14, year)
	}
	for i := range t.Rows {
		row := &t.Rows[i]
		y := timelineHead + i*timelineRow
		style := styles.Edge(&row.Fact)
		printf("<g>\n<title>%s</title>\n", escapeXML(row.tooltip()))
		text := row.Text
		if most := (timelineWidth - 2*timelineMargin) / timelineGlyph; len([]rune(text)) > most {
			text = string([]rune(text)[:most-1]) + "…"
		}
		printf("<text x=\"%d\" y=\"%d\">%s</text>\n", timelineMargin, y+14, escapeXML(text))
		for _, when := range row.Spans {
			axis.draw(printf, when, float64(y+timelineRow-2*timelineBar), style)
		}
		printf("</g>\n")
	}
	printf("</svg>\n")
	return out.flush()
}

// tooltip is what is shown of a row that is pointed at.
func (r *TimelineRow) tooltip() string {
	lines := []string{r.Text}
	for _, when := range r.Spans {
		if when.Date.IsZero() {
			lines = append(lines, when.Since.String()+"/"+when.Until.String()) // an EDTF interval
		} else {
			lines = append(lines, when.Date.String())
		}
	}
	if len(r.Fact.Evidence) > 0 {
		lines = append(lines, "“"+r.Fact.Evidence[0].Text+"” "+r.Fact.Evidence[0].Doc)
	}
	return strings.Join(lines, "\n")
}

// axis maps days to the width of the image.
type axis struct{ first, last, step int } // years, the first and last of them on a tick

func newAxis(t *Timeline) axis {
	first, last := t.First, max(t.Last, t.First)+1
	const most = 12 // ticks
	step := 1
	for factor, k := []int{2, 5, 10}, 0; (last-first)/step > most; k++ {
		step = factor[k%3]
		for range k / 3 {
			step *= 10
		}
	}
	return axis{first - first%step, last + (step-last%step)%step, step}
}

func (a axis) at(day schema.Date) float64 {
	const side = 2 * timelineMargin
	years := float64(day.Year-a.first) + (float64(day.Month-1)+float64(day.Day-1)/31)/12
	return side + years*(timelineWidth-2*side)/float64(a.last-a.first)
}

// draw draws one span at a height.
func (a axis) draw(printf func(string, ...any), when schema.Time, y float64, style EdgeStyle) {
	dash := ""
	switch style.Line {
	case "dashed":
		dash = ` stroke-dasharray="6 3"`
	case "dotted":
		dash = ` stroke-dasharray="2 3"`
	}
	polygon := func(fill string, points ...float64) {
		var list []string
		for i := 0; i < len(points); i += 2 {
			list = append(list, fmt.Sprintf("%.1f,%.1f", points[i], points[i+1]))
		}
		printf("<polygon points=\"%s\" fill=\"%s\"/>\n", strings.Join(list, " "), fill)
	}
	const half = timelineBar / 2
	if !when.Date.IsZero() {
		from, to := a.at(when.Date.First()), a.at(when.Date.Last())
		middle := (from + to) / 2
		polygon(style.Color, min(from, middle-half), y+half, middle, y, max(to, middle+half), y+half, middle, y+timelineBar)
		return
	}
	from, to := a.at(schema.Year(a.first).First()), a.at(schema.Year(a.last).First())
	if !when.Since.IsZero() {
		from = a.at(when.Since.First())
	}
	if !when.Until.IsZero() {
		to = max(a.at(when.Until.Last()), from+1)
	}
	printf("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%d\"%s/>\n", from, y+half, to, y+half, style.Color, timelineBar, dash)
	arrow := func(x, by float64) {
		polygon(style.Color, x, y-half, x+by, y+half, x, y+timelineBar+half)
	}
	if when.Until.IsZero() {
		arrow(to, timelineBar)
	}
	if when.Since.IsZero() {
		arrow(from, -timelineBar)
	}
}

package cli

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// order is what a timeline goes by.
type order string

const (
	byEvent       order = "event"
	byPublication order = "publication"
)

// timelineOptions are the options that only timelines have.
type timelineOptions struct {
	by   order
	draw bool
	svg  bool
}

func (o *timelineOptions) drawn() bool { return o.draw || o.svg }

const timelineHelp = `With --by publication it tells how what documents say has changed: for each
year of which there are documents, what they say that was not said before, what
they say otherwise, and what they say no longer. A publisher that published
nothing that year takes nothing back.`

func addTimelineFlags(cmd *cobra.Command, opts *timelineOptions) {
	addEnumFlag(cmd, &opts.by, "by", "", byEvent, []order{byEvent, byPublication}, "what is put in order: when it happened, or when it was told")
	cmd.Flags().BoolVar(&opts.draw, "draw", false, "draw it along an axis of years")
	cmd.Flags().BoolVar(&opts.svg, "svg", false, "draw it as an SVG image")
}

// check refuses forms that exclude each other.
func (o *timelineOptions) check(json, sparql bool) error {
	forms := 0
	for _, asked := range []bool{o.draw, o.svg, json, sparql} {
		if asked {
			forms++
		}
	}
	switch {
	case forms > 1:
		return usagef("--draw, --svg, --json and --sparql: give one of them")
	case sparql && o.by == byPublication:
		return usagef("--sparql is for timelines by event")
	}
	return nil
}

// historyRun tells how what documents say has changed over the years.
func historyRun(ctx context.Context, opts *viewOptions, g *graph.Graph) error {
	f := opts.f
	chapters, err := query.History(ctx, g, opts.scope)
	if err != nil {
		return err
	}
	if opts.json {
		return f.writeJSON(chapters)
	}
	lanes := query.ToldLanes(chapters)
	if len(lanes) == 0 {
		return opts.nothing("history by documents with a date")
	}
	if opts.timeline.drawn() {
		return f.drawTimeline(lanes, &opts.timeline, opts.words, nil, chapters[0].Date, chapters[len(chapters)-1].Date)
	}
	p := &changePrinter{f: f, ctx: ctx, docs: newSources(g), w: &errWriter{w: f.Out}}
	for i := 0; i < len(chapters); i++ {
		last := i
		for last+1 < len(chapters) && chapters[last].Quiet() && chapters[last+1].Quiet() {
			last++
		}
		if err := p.chapter(&chapters[i], &chapters[last], i == 0); err != nil {
			return err
		}
		i = last
	}
	return p.w.err
}

// chapter prints what one year's documents tell otherwise than those before, or
// in one line the years from c to last, of which there is nothing to say.
func (p *changePrinter) chapter(c, last *query.Chapter, first bool) error {
	if !p.f.OutTTY {
		return p.lines(&c.Changes, c.Date, c.Date)
	}
	if !first {
		p.w.printf("\n")
	}
	if c != last {
		p.w.printf("%s  %s\n", p.f.paint(bold, c.Date.String()+" to "+last.Date.String()), p.f.paint(dim, "nothing new"))
		return p.w.err
	}
	p.w.printf("%s  %s\n", p.f.paint(bold, c.Date.String()),
		p.f.paint(dim, oneLine(strings.Join(append(slices.Clone(c.Publishers), count(len(c.Docs), "document")), ", "))))
	if c.Quiet() {
		p.w.printf("  %s\n", p.f.paint(dim, "nothing new"))
		return p.w.err
	}
	fresh := "new: "
	if first {
		fresh = ""
	}
	for _, part := range []struct {
		mark string
		told []told
	}{
		{"no longer: ", p.facts(c.Gone, "")}, {fresh, p.facts(c.New, "")},
		{"changed: ", changes(c.Changed)}, {"in other words: ", changes(c.Reworded)},
	} {
		for i := range part.told {
			part.told[i].text = part.mark + part.told[i].text
		}
		if err := p.print(part.told, "  "); err != nil {
			return err
		}
	}
	return p.w.err
}

// drawTimeline draws lanes along an axis of years: as an image, or as text with
// an act as a point, and what lasted as a bar with an arrow where an end is not
// known. The axis goes over the years of the dates of within at least.
func (f *Factory) drawTimeline(lanes []query.Lane, opts *timelineOptions, words []string, holds map[string]schema.Certainty, within ...schema.Date) error {
	first, last := query.Years(lanes, within...)
	if opts.svg {
		title := "Timeline"
		if len(words) > 0 {
			title += " of " + strings.Join(words, " ")
		}
		if opts.by == byPublication {
			title += ", by when it was told"
		}
		rows := make([]export.TimelineRow, len(lanes))
		for i := range lanes {
			rows[i] = export.TimelineRow{Text: together(lanes[i].Facts), Fact: lanes[i].Facts[0], Spans: lanes[i].Spans}
		}
		return export.WriteTimeline(f.Out, export.Timeline{Title: title, Rows: rows, First: first, Last: last}, nil)
	}
	axis := min(max(f.Width/3, 20), 60)
	at := func(year int) int { return (year - first) * (axis - 1) / max(last-first, 1) }
	w := &errWriter{w: f.Out}
	from, to := strconv.Itoa(first), strconv.Itoa(last)
	w.printf("%s%s%s\n", from, strings.Repeat(" ", max(axis-len(from)-len(to), 1)), to)
	for i := range lanes {
		lane := &lanes[i]
		line := []rune(strings.Repeat("·", axis))
		for _, when := range lane.Spans {
			if !when.Date.IsZero() {
				for k := at(when.Date.First().Year); k <= at(when.Date.Last().Year); k++ {
					line[k] = '●'
				}
				continue
			}
			begin, end := 0, axis-1
			if !when.Since.IsZero() {
				begin = at(when.Since.First().Year)
			}
			if !when.Until.IsZero() {
				end = max(at(when.Until.Last().Year), begin)
			}
			for k := begin; k <= end; k++ {
				line[k] = '━'
			}
			if when.Until.IsZero() {
				line[end] = '▶'
			}
			if when.Since.IsZero() {
				line[begin] = '◀'
			}
		}
		text := together(lane.Facts)
		if holds[lane.Facts[0].ID()] == schema.Possibly {
			text += " — " + string(schema.Possibly)
		}
		const gap = "  "
		indent := strings.Repeat(" ", axis) + gap
		wrapped := wrap(oneLine(text), indent, max(f.Width, axis+40))
		w.printf("%s%s%s\n", string(line), gap, strings.TrimPrefix(wrapped, indent))
	}
	return w.err
}

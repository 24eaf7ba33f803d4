package export

import (
	"context"
	"encoding/xml"
	"strconv"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// writeKML writes four folders of placemarks: the places, and, with the span of
// time in which each holds, what is claimed, what is administered and what
// changed hands.
func writeKML(ctx context.Context, w *writer, src Source) error {
	places, err := readPlaces(ctx, w, src)
	if err != nil {
		return err
	}
	k := &kml{w}
	w.text(xml.Header, `<kml xmlns="http://www.opengis.net/kml/2.2">`, "\n<Document>\n  <name>demarc</name>\n")
	k.style("place", w.styles.Node(schema.Territory).Fill)
	k.style("claim", w.styles.Edge(&schema.Fact{Predicate: schema.Claims}).Color)
	k.style("administration", w.styles.Edge(&schema.Fact{Predicate: schema.Administers}).Color)
	k.style("change", w.styles.Edge(&schema.Fact{Predicate: schema.TransferredTo}).Color)

	w.text("  <Folder>\n    <name>Places</name>\n")
	for i := range places {
		p := &places[i]
		data := []attribute{{"id", p.ID}, {"claimants", parties(p.claims)}, {"administrators", parties(p.administration)}}
		for _, a := range nodeAttributes(&p.Node) {
			if a.name != "label" && a.name != "latitude" && a.name != "longitude" {
				data = append(data, a)
			}
		}
		k.placemark(p, p.Name, "place", "", data)
	}
	w.text("  </Folder>\n")
	folder := func(name, style string, of func(*place) []schema.Fact) {
		w.text("  <Folder>\n    <name>", name, "</name>\n")
		for i := range places {
			for _, f := range of(&places[i]) {
				data := append([]attribute{{"fact", f.ID()}, {"subject", f.Subject.Name}, {"object", f.Object.Name}}, edgeAttributes(&f)...)
				k.placemark(&places[i], f.Subject.Name+" "+edgeLabel(&f)+" "+f.Object.Name, style, timeSpan(&f), data)
			}
		}
		w.text("  </Folder>\n")
	}
	folder("Claims", "claim", func(p *place) []schema.Fact { return p.claims })
	folder("Administration", "administration", func(p *place) []schema.Fact { return p.administration })
	folder("Changes of hands", "change", func(p *place) []schema.Fact { return p.changes })
	w.text("</Document>\n</kml>\n")
	return nil
}

type kml struct{ w *writer }

// style declares the colour of an icon, which KML writes backwards.
func (k *kml) style(id, rgb string) {
	c := strings.TrimPrefix(rgb, "#")
	k.w.text(`  <Style id="`, id, `"><IconStyle><color>ff`, strings.ToLower(c[4:6]+c[2:4]+c[0:2]), "</color></IconStyle></Style>\n")
}

// placemark writes a point; its elements come in the order of KML's schema.
func (k *kml) placemark(p *place, name, style, span string, data []attribute) {
	w := k.w
	w.text("    <Placemark>\n      <name>", w.xml(name), "</name>\n", span, "      <styleUrl>#", style, "</styleUrl>\n      <ExtendedData>\n")
	for _, a := range data {
		w.text(`        <Data name="`, w.xml(a.name), `"><value>`, w.xml(plainText(a.value)), "</value></Data>\n")
	}
	w.text("      </ExtendedData>\n")
	if p.located() {
		w.text("      <Point><coordinates>", degrees(*p.Longitude), ",", degrees(*p.Latitude), "</coordinates></Point>\n")
	}
	w.text("    </Placemark>\n")
}

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', -1, 64) }

// timeSpan says when a fact holds, as [schema.Time.Holds] has it: an act's
// consequences last. It is empty where nothing is known. Days are written in
// full, the first and the last that a date covers, since GDAL, and with it QGIS,
// reads no bare years; how exact a date is stands in the placemark's data.
func timeSpan(f *schema.Fact) string {
	begin, end := f.Time.Since, f.Time.Until
	if begin.IsZero() {
		begin = f.Time.Date
	}
	if begin.IsZero() && end.IsZero() {
		return ""
	}
	span := "      <TimeSpan>"
	if !begin.IsZero() {
		span += "<begin>" + begin.First().String() + "</begin>"
	}
	if !end.IsZero() {
		span += "<end>" + end.Last().String() + "</end>"
	}
	return span + "</TimeSpan>\n"
}

package export

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/demarcgraph/demarc/schema"
)

// feature is a place in GeoJSON (RFC 7946).
type feature struct {
	Type       string         `json:"type"`
	ID         string         `json:"id"`
	Geometry   *point         `json:"geometry"` // null for a place without coordinates
	Properties map[string]any `json:"properties"`
}

type point struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"` // longitude, latitude
}

// writeGeoJSON writes a feature for each place, one a line. Its properties
// name who claims and who administers it, and have every fact that says so or
// that it changed hands.
func writeGeoJSON(ctx context.Context, w *writer, src Source) error {
	places, err := readPlaces(ctx, w, src)
	if err != nil {
		return err
	}
	w.text(`{"type": "FeatureCollection", "features": [`)
	for i := range places {
		p := &places[i]
		f := feature{Type: "Feature", ID: p.ID, Properties: map[string]any{
			"name": p.Name, "claimants": parties(p.claims), "administrators": parties(p.administration),
			"claims": factRecords(p.claims), "administration": factRecords(p.administration),
			"changes": factRecords(p.changes),
		}}
		if p.located() {
			f.Geometry = &point{"Point", [2]float64{*p.Longitude, *p.Latitude}}
		}
		for _, a := range nodeAttributes(&p.Node) {
			switch a.name {
			case "label", "latitude", "longitude": // said in another place
			default:
				f.Properties[a.name] = a.value
			}
		}
		line, err := marshal(f)
		if err != nil {
			return err
		}
		w.element(i, line)
	}
	w.text("\n]")
	if left := src.LeftOut(); !left.IsZero() {
		text, err := marshal(left)
		if err != nil {
			return err
		}
		w.text(`, "leftOut": `, text)
	}
	w.text("}\n")
	return nil
}

// factRecords returns what maps say of each fact: who does it, when, and who says so.
func factRecords(of []schema.Fact) []map[string]any {
	out := []map[string]any{}
	for i := range of {
		f := &of[i]
		one := map[string]any{"fact": f.ID()}
		if f.Predicate == schema.TransferredTo {
			one["to"], one["toId"] = f.Object.Name, f.Object.Key()
		} else {
			one["by"], one["byId"] = f.Subject.Name, f.Subject.Key()
		}
		for _, a := range edgeAttributes(f) {
			one[a.name] = a.value
		}
		out = append(out, one)
	}
	return out
}

// element writes the i-th element of a list in JSON, on a line of its own.
func (w *writer) element(i int, json string) {
	if i > 0 {
		w.text(",")
	}
	w.text("\n", json)
}

// marshal writes JSON on one line, its keys sorted, without the escapes that
// only HTML needs.
func marshal(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return string(bytes.TrimRight(b.Bytes(), "\n")), err
}

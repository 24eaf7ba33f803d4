package query

import (
	"context"
	"encoding/json"

	"github.com/demarcgraph/demarc/schema"
)

// HeldFact is a fact with how sure it is that it holds on the day asked for.
type HeldFact struct {
	schema.Fact
	Holds schema.Certainty // "" where no day was asked for
}

// MarshalJSON adds "holds" to the fact's own keys, where a day was asked for.
func (h HeldFact) MarshalJSON() ([]byte, error) {
	b, err := json.Marshal(h.Fact)
	if err != nil || h.Holds == "" {
		return b, err
	}
	return append(b[:len(b)-1], `,"holds":"`+string(h.Holds)+`"}`...), nil
}

// Held puts the certainties of facts, by their IDs, beside them. Without any,
// nothing is said of them.
func Held(facts []schema.Fact, holds map[string]schema.Certainty) []HeldFact {
	list := make([]HeldFact, len(facts))
	for i := range facts {
		list[i].Fact = facts[i]
		if holds != nil {
			list[i].Holds = holds[facts[i].ID()]
		}
	}
	return list
}

// Certainties says of facts, by their IDs, how sure it is that they hold at a
// date; nil where there is none.
func (l *Library) Certainties(ctx context.Context, facts []schema.Fact, at schema.Date) (map[string]schema.Certainty, error) {
	if at.IsZero() {
		return nil, nil
	}
	holds := map[string]schema.Certainty{}
	for i := range facts {
		c, err := l.Holds(ctx, &facts[i], at)
		if err != nil {
			return nil, err
		}
		holds[facts[i].ID()] = c
	}
	return holds, nil
}

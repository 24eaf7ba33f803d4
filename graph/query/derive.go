package query

import (
	"context"

	"github.com/demarcgraph/demarc/schema"
)

// Derived are facts about a group that hold of its members too.
type Derived struct {
	Group schema.Entity `json:"group"`
	Facts []schema.Fact `json:"facts"`
}

// Derived returns the view's facts about groups that the entity scope.About
// belongs to, as far as these hold of their members; see [schema.Fact.Inherited].
// No document says them of the entity itself.
func (v View) Derived(ctx context.Context, r Reader, scope Scope, groups []schema.Entity) ([]Derived, error) {
	out := []Derived{}
	for _, group := range groups {
		scope.About = group.ID
		facts, err := v.Facts(ctx, r, scope)
		if err != nil {
			return nil, err
		}
		d := Derived{Group: group}
		for _, f := range facts {
			if f.Inherited(group) {
				d.Facts = append(d.Facts, f)
			}
		}
		if len(d.Facts) > 0 {
			out = append(out, d)
		}
	}
	return out, nil
}

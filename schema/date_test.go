package schema

import "testing"

// TestTimeCompare puts times in order: an act by its date, what lasts by its
// beginning, else its end, and what has no date last.
func TestTimeCompare(t *testing.T) {
	want := []Time{
		{Since: Year(1945), Until: Year(2000)},
		{Date: Year(1956)},
		{Until: Month(1956, 10)},
		{Date: Year(1960), Since: Year(1900)},
		{},
	}
	for i, a := range want {
		for j, b := range want {
			if got := a.Compare(b); got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("%v to %v is %d", a, b, got)
			}
		}
	}
}

package schema

import "testing"

func parsed(t *testing.T, text string) Date {
	t.Helper()
	d, err := ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAt(t *testing.T) {
	for _, test := range []struct {
		name               string
		date, since, until string
		said               []string
		at                 string
		want               Certainty
	}{
		{"nothing is asked", "1956", "", "", nil, "", Surely},
		{"a year may be any of its days", "", "1956", "", []string{"1990"}, "1956-10-19", Possibly},
		{"the year before", "", "1956", "", []string{"1990"}, "1955-12-31", Never},
		{"the year after", "", "1956", "", []string{"1990"}, "1957-01-01", Surely},
		{"the whole year asked for", "", "1956-10-19", "", []string{"1990"}, "1956", Possibly},
		{"an end in a year", "", "1945", "1956", nil, "1956-06-01", Possibly},
		{"after the end", "", "1945", "1956", nil, "1957", Never},
		{"before the end", "", "1945", "1956", nil, "1955", Surely},
		{"open, while documents say so", "", "1945", "", []string{"1990-06-30"}, "1989", Surely},
		{"open, in the year of the last", "", "1945", "", []string{"1990-06-30"}, "1990", Possibly},
		{"open, after the last", "", "1945", "", []string{"1990-06-30"}, "2023", Possibly},
		{"open, no date of a document", "", "1945", "", nil, "1950", Possibly},
		{"no dates at all", "", "", "", nil, "1950", Possibly},
		{"between two documents", "", "", "", []string{"1990-06-30", "2000-06-30"}, "1995", Surely},
		{"before the first", "", "", "", []string{"1990-06-30", "2000-06-30"}, "1989", Possibly},
		{"documents that are no more exact than a year", "", "", "", []string{"1990", "2000"}, "1990-12-31", Surely},
		{"the same, on a day in it", "", "", "", []string{"1990", "2000"}, "1990-06-30", Possibly},
		{"until only", "", "", "1991", []string{"2000"}, "1950", Possibly},
		{"an act before", "1951-09", "", "", nil, "1951-08-31", Never},
		{"an act within", "1951-09", "", "", nil, "1951-09-08", Possibly},
		{"an act after", "1951-09", "", "", nil, "2023", Surely},
		{"a decade", "", "195X", "", []string{"1990"}, "1955", Possibly},
		{"after the decade", "", "195X", "", []string{"1990"}, "1960", Surely},
		{"a century", "", "18XX", "", []string{"1990"}, "1799", Never},
		{"about a year, the year before", "", "1956~", "", []string{"1990"}, "1955", Possibly},
		{"about a year, two before", "", "1956~", "", []string{"1990"}, "1954", Never},
		{"about a year, the year after", "", "1956~", "", []string{"1990"}, "1957", Possibly},
		{"about a year, two after", "", "1956~", "", []string{"1990"}, "1958", Surely},
		{"until about a year", "", "1945", "1956~", nil, "1957", Possibly},
	} {
		when := Time{Date: parsed(t, test.date), Since: parsed(t, test.since), Until: parsed(t, test.until)}
		var said []Date
		for _, s := range test.said {
			said = append(said, parsed(t, s))
		}
		got := when.At(parsed(t, test.at), said...)
		if got != test.want {
			t.Errorf("%s: %+v at %s: %s, want %s", test.name, when, test.at, got, test.want)
		}
		if holds := when.Holds(parsed(t, test.at)); holds != (got != Never) {
			t.Errorf("%s: holds %v, but %s", test.name, holds, got)
		}
	}
}

// TestFinerIsSurer asks of each day of a year and of the year itself.
func TestFinerIsSurer(t *testing.T) {
	year := Year(1956)
	for _, since := range []string{"", "1955", "1956", "1956-03", "1956-10-19", "1956~", "195X"} {
		for _, until := range []string{"", "1956", "1956-11", "1957", "1956~"} {
			when := Time{Since: parsed(t, since), Until: parsed(t, until)}
			coarse := when.At(year)
			for month := 1; month <= 12; month++ {
				fine := when.At(Month(1956, month))
				if coarse != Possibly && fine != coarse {
					t.Errorf("%+v: %s in 1956, %s in month %d", when, coarse, fine, month)
				}
			}
		}
	}
}

func TestPublished(t *testing.T) {
	for _, test := range []struct {
		date, by string
		want     bool
	}{
		{"1990-06-30", "1990-06-30", true}, {"1990-06-30", "1990-06-29", false}, {"1990-06-30", "1990", true},
		{"1990", "1990-03-01", true}, {"1991", "1990", false}, {"1991~", "1990", true}, {"", "2023", false},
	} {
		if got := parsed(t, test.date).Published(parsed(t, test.by)); got != test.want {
			t.Errorf("%q by %s: %v", test.date, test.by, got)
		}
	}
}

package segment

import (
	"strings"
	"unicode/utf8"
)

// The treebanks hold few titles and references; these are the common ones of
// news and treaties. Each is an abbreviation only before what it belongs to.

// title says whether w, without its full stop, is a title before a name.
func title(w string) bool {
	switch w {
	case "Mr", "Mrs", "Ms", "Mx", "Messrs", "Mme", "Dr", "Prof", "Rev", "Fr", "Hon",
		"Adm", "Amb", "Brig", "Capt", "Cdr", "Cmdr", "Col", "Cpl", "Gen", "Lt", "Maj", "Pvt", "Sgt",
		"Gov", "Pres", "Rep", "Reps", "Sen", "Sens", "Supt", "St", "Ste", "Mt", "Ft":
		return true
	}
	return false
}

// reference says whether w, without its full stop, is a word before a number.
func reference(w string) bool {
	switch strings.ToLower(w) {
	case "no", "nos", "art", "arts", "fig", "figs", "vol", "vols", "p", "pp", "sec", "ch", "para", "paras",
		"ca", "c", "approx", "est",
		"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec":
		return true
	}
	return false
}

// inside says whether w, without its full stop, is short for a word that no sentence
// ends in.
func inside(w string) bool {
	switch w {
	case "incl", "excl", "approx", "viz", "resp", "esp":
		return true
	}
	return false
}

// abbreviation says whether the full stop after w, whose next chunk begins with
// r, belongs to w.
func abbreviation(w string, next uint64) bool {
	return next == uint64(upper) && title(w) || next == uint64(digit) && reference(w) || inside(w)
}

// abbreviated is abbreviation for a token that ends at byte end of text.
func abbreviated(text string, t Span) bool {
	w := text[t.Start:t.End]
	if len(w) > 8 || !strings.HasSuffix(w, ".") {
		return false
	}
	r, _ := utf8.DecodeRuneInString(w)
	return classOf(r) != other && abbreviation(w[:len(w)-1], nextClass(text, t.End))
}

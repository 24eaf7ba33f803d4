package sparql

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/internal/rdf"
)

const (
	xsd         = "http://www.w3.org/2001/XMLSchema#"
	xsdString   = xsd + "string"
	xsdBoolean  = xsd + "boolean"
	xsdInteger  = xsd + "integer"
	xsdDecimal  = xsd + "decimal"
	xsdFloat    = xsd + "float"
	xsdDouble   = xsd + "double"
	xsdDateTime = xsd + "dateTime"
)

// literal is a literal taken apart; datatype is xsd:string for plain ones and
// "" for those with a language.
type literal struct{ text, datatype, lang string }

func literalOf(v quad.Value) literal {
	text, datatype, lang, _ := rdf.Lexical(v)
	if datatype == "" && lang == "" {
		datatype = xsdString
	}
	return literal{text, datatype, lang}
}

func isLiteral(v quad.Value) bool {
	switch v.(type) {
	case nil, quad.IRI, quad.BNode:
		return false
	}
	return true
}

// textOf is STR: what a literal says, or an IRI.
func textOf(v quad.Value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case quad.IRI:
		return string(v)
	case quad.BNode:
		return string(v)
	}
	text, _, _, _ := rdf.Lexical(v)
	return text
}

// typed returns the one form of a literal that the store has for it: a native
// value if that is written in the same way.
func typed(text, datatype string) quad.Value {
	t := quad.TypedString{Value: quad.String(text), Type: quad.IRI(datatype)}
	switch datatype {
	case xsdString:
		return t.Value
	case xsdInteger, xsdDouble, xsdDateTime:
		v, err := t.ParseValue()
		if err != nil {
			break
		}
		if native, ok := v.(quad.TypedStringer); ok && native.TypedString().Value == t.Value && native.TypedString().Type.Full() == t.Type {
			return v
		}
	}
	return t
}

func boolean(b bool) quad.Value {
	return quad.TypedString{Value: quad.String(strconv.FormatBool(b)), Type: xsdBoolean}
}

// The types of numbers, each of which holds all those before it.
type numType uint8

const (
	integer numType = iota
	decimal
	float
	double
)

var numTypes = [...]string{xsdInteger, xsdDecimal, xsdFloat, xsdDouble}

// num is a number: f of a float or double, otherwise r, or i where r is nil.
type num struct {
	t numType
	i int64
	r *big.Rat
	f float64
}

// derived are the types derived from xsd:integer.
var derived = map[string]bool{
	"nonPositiveInteger": true, "negativeInteger": true, "long": true, "int": true, "short": true, "byte": true,
	"nonNegativeInteger": true, "unsignedLong": true, "unsignedInt": true, "unsignedShort": true,
	"unsignedByte": true, "positiveInteger": true,
}

var (
	integerForm = regexp.MustCompile(`^[+-]?[0-9]+$`)
	decimalForm = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$`)
	doubleForm  = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$`)
)

// number returns the value of a numeric literal; ok is false for others and for
// those whose text is no number.
func number(v quad.Value) (n num, ok bool) {
	if i, ok := v.(quad.Int); ok {
		return num{t: integer, i: int64(i)}, true
	}
	if f, ok := v.(quad.Float); ok {
		return num{t: double, f: float64(f)}, true
	}
	t, ok := v.(quad.TypedString)
	if !ok {
		return num{}, false
	}
	local, ok := strings.CutPrefix(string(t.Type), xsd)
	if !ok {
		return num{}, false
	}
	switch {
	case local == "integer" || derived[local]:
		return parseNum(string(t.Value), integer)
	case local == "decimal":
		return parseNum(string(t.Value), decimal)
	case local == "float":
		return parseNum(string(t.Value), float)
	case local == "double":
		return parseNum(string(t.Value), double)
	}
	return num{}, false
}

// longest is how many digits a number may be written with, so that no literal
// can make arithmetic slow.
const longest = 4096

func parseNum(text string, t numType) (num, bool) {
	text = strings.Trim(text, " \t\r\n")
	if len(text) > longest {
		return num{}, false
	}
	switch t {
	case integer:
		if !integerForm.MatchString(text) {
			return num{}, false
		}
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return num{t: t, i: i}, true
		}
		fallthrough
	case decimal:
		if !decimalForm.MatchString(text) {
			return num{}, false
		}
		r, ok := new(big.Rat).SetString(strings.TrimSuffix(text, "."))
		return num{t: t, r: r}, ok
	}
	switch text {
	case "INF", "+INF":
		return num{t: t, f: math.Inf(1)}, true
	case "-INF":
		return num{t: t, f: math.Inf(-1)}, true
	case "NaN":
		return num{t: t, f: math.NaN()}, true
	}
	if !doubleForm.MatchString(text) {
		return num{}, false
	}
	bits := 64
	if t == float {
		bits = 32
	}
	f, _ := strconv.ParseFloat(text, bits) // out of range is infinite
	return num{t: t, f: f}, true
}

func (n num) rat() *big.Rat {
	if n.r != nil {
		return n.r
	}
	return new(big.Rat).SetInt64(n.i)
}

func (n num) float() float64 {
	switch {
	case n.t >= float:
		return n.f
	case n.r != nil:
		f, _ := n.r.Float64()
		return f
	}
	return float64(n.i)
}

// value writes a number as a literal, in the canonical form of its type.
func (n num) value() quad.Value {
	if n.t == integer && n.r == nil {
		return quad.Int(n.i)
	}
	return typed(n.text(), numTypes[n.t])
}

func (n num) text() string {
	switch {
	case n.t >= float:
		return floatText(n.f, n.t)
	case n.r == nil:
		return strconv.FormatInt(n.i, 10)
	case n.r.IsInt():
		return n.r.Num().String()
	}
	text := strings.TrimRight(n.r.FloatString(24), "0")
	return strings.TrimSuffix(text, ".")
}

func floatText(f float64, t numType) string {
	switch {
	case math.IsInf(f, 1):
		return "INF"
	case math.IsInf(f, -1):
		return "-INF"
	case math.IsNaN(f):
		return "NaN"
	}
	bits := 64
	if t == float {
		bits = 32
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'E', -1, bits), "E")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	e, _ := strconv.Atoi(exponent)
	return mantissa + "E" + strconv.Itoa(e)
}

// arithmetic is +, -, * and /.
func arithmetic(op string, a, b num) (num, error) {
	t := max(a.t, b.t)
	if t >= float {
		x, y := a.float(), b.float()
		switch op {
		case "+":
			x += y
		case "-":
			x -= y
		case "*":
			x *= y
		default:
			x /= y
		}
		if t == float {
			x = float64(float32(x))
		}
		return num{t: t, f: x}, nil
	}
	if t == integer && a.r == nil && b.r == nil && op != "/" {
		x, y := a.i, b.i
		var z int64
		fits := true
		switch op {
		case "+":
			z = x + y
			fits = (z > x) == (y > 0)
		case "-":
			z = x - y
			fits = (z < x) == (y > 0)
		default:
			z = x * y
			fits = x == 0 || z/x == y && !(x == -1 && y == math.MinInt64)
		}
		if fits {
			return num{t: t, i: z}, nil
		}
	}
	r := new(big.Rat)
	switch op {
	case "+":
		r.Add(a.rat(), b.rat())
	case "-":
		r.Sub(a.rat(), b.rat())
	case "*":
		r.Mul(a.rat(), b.rat())
	default:
		if b.rat().Sign() == 0 {
			return num{}, errExpr
		}
		r.Quo(a.rat(), b.rat())
		t = decimal
	}
	if r.Num().BitLen() > 8*longest {
		return num{}, errExpr
	}
	if r.Denom().BitLen() > 256 { // as many digits as are ever written
		r.SetString(r.FloatString(24))
	}
	return num{t: t, r: r}, nil
}

// compareNum returns -1, 0 or 1, and false if one of the two is not a number.
func compareNum(a, b num) (int, bool) {
	if max(a.t, b.t) >= float {
		x, y := a.float(), b.float()
		switch {
		case x < y:
			return -1, true
		case x > y:
			return 1, true
		}
		return 0, x == y
	}
	if a.r == nil && b.r == nil {
		switch {
		case a.i < b.i:
			return -1, true
		case a.i > b.i:
			return 1, true
		}
		return 0, true
	}
	return a.rat().Cmp(b.rat()), true
}

// moment is a point in time or, of a shorter date, its beginning; zoned says
// that it has a time zone, and zone is that as it was written.
type moment struct {
	t     time.Time
	zoned bool
	zone  string
}

var momentForm = regexp.MustCompile(`^(-?[0-9]{4,})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2}(?:\.[0-9]+)?))?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?$`)

// momentOf reads a literal that is a date or a part of one; its datatype says
// how long it must be.
func momentOf(l literal) (moment, bool) {
	m := momentForm.FindStringSubmatch(strings.TrimSpace(l.text))
	if m == nil {
		return moment{}, false
	}
	var right bool
	switch strings.TrimPrefix(l.datatype, xsd) {
	case "dateTime", "dateTimeStamp":
		right = m[4] != ""
	case "date":
		right = m[3] != "" && m[4] == ""
	case "gYearMonth":
		right = m[2] != "" && m[3] == ""
	case "gYear":
		right = m[2] == ""
	}
	if !right {
		return moment{}, false
	}
	at := func(i, otherwise int) int {
		if m[i] == "" {
			return otherwise
		}
		n, _ := strconv.Atoi(m[i])
		return n
	}
	seconds, _ := strconv.ParseFloat(m[6], 64)
	year, month, day, hour, minute := at(1, 0), at(2, 1), at(3, 1), at(4, 0), at(5, 0)
	if month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || seconds >= 60 {
		return moment{}, false
	}
	zone := time.UTC
	if m[7] != "" && m[7] != "Z" {
		h, _ := strconv.Atoi(m[7][1:3])
		min, _ := strconv.Atoi(m[7][4:])
		offset := h*3600 + min*60
		if m[7][0] == '-' {
			offset = -offset
		}
		zone = time.FixedZone("", offset)
	}
	whole := math.Floor(seconds)
	t := time.Date(year, time.Month(month), day, hour, minute, int(whole), int(math.Round((seconds-whole)*1e9)), zone)
	if t.Day() != day && hour < 24 {
		return moment{}, false // 31 February
	}
	return moment{t, m[7] != "", m[7]}, true
}

// compareMoments returns -1, 0 or 1, and false where a missing time zone, which
// may be up to 14 hours either way, leaves it open.
func compareMoments(a, b moment) (int, bool) {
	c := a.t.Compare(b.t)
	if a.zoned != b.zoned && a.t.Sub(b.t).Abs() <= 14*time.Hour {
		return c, false
	}
	return c, true
}

package sparql

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cayleygraph/quad"
)

// many is an arity without a bound.
const many = math.MaxInt

// arity returns how many arguments a function takes; least is -1 for what is
// no function.
func arity(name string) (least, most int) {
	switch name {
	case "RAND", "NOW", "UUID", "STRUUID":
		return 0, 0
	case "STR", "LANG", "DATATYPE", "BOUND", "IRI", "URI", "ABS", "CEIL", "FLOOR", "ROUND", "STRLEN", "UCASE", "LCASE",
		"ENCODE_FOR_URI", "YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS", "TIMEZONE", "TZ",
		"MD5", "SHA1", "SHA256", "SHA384", "SHA512", "ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC":
		return 1, 1
	case "LANGMATCHES", "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "STRLANG", "STRDT", "SAMETERM":
		return 2, 2
	case "IF":
		return 3, 3
	case "BNODE":
		return 0, 1
	case "SUBSTR", "REGEX":
		return 2, 3
	case "REPLACE":
		return 3, 4
	case "COALESCE", "CONCAT":
		return 0, many
	}
	return -1, -1
}

func isFunction(name string) bool {
	least, _ := arity(name)
	return least >= 0
}

// knownCast reports whether an IRI names a function: a datatype that literals
// can be made of others in.
func knownCast(iri string) bool {
	switch iri {
	case xsdString, xsdBoolean, xsdInteger, xsdDecimal, xsdFloat, xsdDouble, xsdDateTime, xsd + "date":
		return true
	}
	return false
}

func (x *run) call(c *call, r row, a active) (quad.Value, error) {
	switch c.name { // those that do not want all their arguments
	case "BOUND":
		return boolean(r[c.args[0].(*varExpr).v.slot] != 0), nil
	case "IF":
		ok, err := x.truth(c.args[0], r, a)
		if err != nil {
			return nil, err
		}
		if ok {
			return x.value(c.args[1], r, a)
		}
		return x.value(c.args[2], r, a)
	case "COALESCE":
		for _, e := range c.args {
			v, err := x.value(e, r, a)
			if err == nil || fatal(err) {
				return v, err
			}
		}
		return nil, errExpr
	}
	args := make([]quad.Value, len(c.args))
	for i, e := range c.args {
		v, err := x.value(e, r, a)
		if err != nil {
			return nil, err
		}
		args[i] = v
	}
	if c.iri {
		return cast(args[0], c.name)
	}
	return x.apply(c.name, args, r)
}

// text is a string argument: plain or with a language.
func text(v quad.Value) (literal, error) {
	if !isLiteral(v) {
		return literal{}, errExpr
	}
	l := literalOf(v)
	if l.lang == "" && l.datatype != xsdString {
		return l, errExpr
	}
	return l, nil
}

// like writes a string in the language of l.
func (l literal) like(s string) quad.Value {
	if l.lang != "" {
		return quad.LangString{Value: quad.String(s), Lang: l.lang}
	}
	return quad.String(s)
}

func (x *run) apply(name string, args []quad.Value, r row) (quad.Value, error) {
	switch name {
	case "RAND":
		return num{t: double, f: x.random()}.value(), nil
	case "NOW":
		return typed(x.now.UTC().Format("2006-01-02T15:04:05.000Z"), xsdDateTime), nil
	case "UUID":
		return quad.IRI("urn:uuid:" + uuid()), nil
	case "STRUUID":
		return quad.String(uuid()), nil
	case "BNODE":
		return x.blank(args, r)
	case "CONCAT":
		return x.concat(args)
	}
	v := args[0]
	switch name {
	case "STR":
		if _, ok := v.(quad.BNode); ok {
			return nil, errExpr
		}
		return quad.String(textOf(v)), nil
	case "IRI":
		return toIRI(args)
	case "ISIRI", "ISURI":
		_, ok := v.(quad.IRI)
		return boolean(ok), nil
	case "ISBLANK":
		_, ok := v.(quad.BNode)
		return boolean(ok), nil
	case "ISLITERAL":
		return boolean(isLiteral(v)), nil
	case "ISNUMERIC":
		_, ok := number(v)
		return boolean(ok), nil
	case "SAMETERM":
		return boolean(v == args[1]), nil
	}
	if !isLiteral(v) {
		return nil, errExpr
	}
	l := literalOf(v)
	switch name {
	case "LANG":
		return quad.String(l.lang), nil
	case "DATATYPE":
		if l.lang != "" {
			return quad.IRI(rdfNS + "langString"), nil
		}
		return quad.IRI(l.datatype), nil
	case "ABS", "CEIL", "FLOOR", "ROUND":
		n, ok := number(v)
		if !ok {
			return nil, errExpr
		}
		return rounded(name, n).value(), nil
	case "YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS", "TIMEZONE", "TZ":
		return partOfDate(name, l)
	case "STRLANG":
		tag, err := text(args[1])
		if err != nil || l.lang != "" || l.datatype != xsdString || tag.text == "" {
			return nil, errExpr
		}
		return quad.LangString{Value: quad.String(l.text), Lang: tag.text}, nil
	case "STRDT":
		datatype, ok := args[1].(quad.IRI)
		if !ok || l.lang != "" || l.datatype != xsdString {
			return nil, errExpr
		}
		return typed(l.text, string(datatype)), nil
	case "MD5", "SHA1", "SHA256", "SHA384", "SHA512":
		if l.datatype != xsdString {
			return nil, errExpr
		}
		return quad.String(digest(name, l.text)), nil
	}
	if _, err := text(v); err != nil {
		return nil, err
	}
	switch name {
	case "STRLEN":
		return quad.Int(utf8.RuneCountInString(l.text)), nil
	case "UCASE":
		return l.like(strings.ToUpper(l.text)), nil
	case "LCASE":
		return l.like(strings.ToLower(l.text)), nil
	case "ENCODE_FOR_URI":
		return quad.String(encodeForURI(l.text)), nil
	case "SUBSTR":
		return substring(l, args[1:])
	case "REGEX", "REPLACE":
		return x.regex(name, l, args[1:])
	}
	other, err := text(args[1])
	if err != nil {
		return nil, err
	}
	if name == "LANGMATCHES" {
		return boolean(langMatches(l.text, other.text)), nil
	}
	if other.lang != "" && !strings.EqualFold(other.lang, l.lang) {
		return nil, errExpr // another language
	}
	i := strings.Index(l.text, other.text)
	switch name {
	case "CONTAINS":
		return boolean(i >= 0), nil
	case "STRSTARTS":
		return boolean(strings.HasPrefix(l.text, other.text)), nil
	case "STRENDS":
		return boolean(strings.HasSuffix(l.text, other.text)), nil
	case "STRBEFORE":
		if i < 0 {
			return quad.String(""), nil
		}
		return l.like(l.text[:i]), nil
	case "STRAFTER":
		if i < 0 {
			return quad.String(""), nil
		}
		return l.like(l.text[i+len(other.text):]), nil
	}
	return nil, errExpr
}

func (x *run) random() float64 {
	n, err := rand.Int(rand.Reader, big.NewInt(1<<53))
	if err != nil {
		return 0
	}
	return float64(n.Int64()) / (1 << 53)
}

func uuid() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// blank makes a blank node: the same for one text within one solution.
func (x *run) blank(args []quad.Value, r row) (quad.Value, error) {
	if len(args) == 0 {
		return x.newBlank()
	}
	l, err := text(args[0])
	if err != nil {
		return nil, err
	}
	// What a solution has bound stands for it: columns that the query works out
	// itself do not, for they come one after the other.
	var slots []int
	for _, v := range x.vars {
		if !x.computed[v] {
			slots = append(slots, v.slot)
		}
	}
	key := keyOf(r, slots) + l.text
	if x.texts == nil {
		x.texts = map[string]quad.Value{}
	}
	b := x.texts[key]
	if b == nil {
		if b, err = x.newBlank(); err != nil {
			return nil, err
		}
		x.texts[key] = b
		if err := x.keep(len(key) / 32); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// fits refuses a text that by itself takes much of the memory there is, so that
// a chain of expressions cannot double one again and again.
func (x *run) fits(length int) error {
	if x.opts.Memory > 0 && int64(length) > x.opts.Memory/8 {
		return ErrMemory
	}
	return x.tick()
}

func (x *run) concat(args []quad.Value) (quad.Value, error) {
	var b strings.Builder
	lang := ""
	for i, v := range args {
		l, err := text(v)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			lang = l.lang
		} else if lang != l.lang {
			lang = ""
		}
		if err := x.fits(b.Len() + len(l.text)); err != nil {
			return nil, err
		}
		b.WriteString(l.text)
	}
	return literal{lang: lang}.like(b.String()), nil
}

// toIRI makes an IRI of a text, relative to the base that may come after it.
func toIRI(args []quad.Value) (quad.Value, error) {
	if iri, ok := args[0].(quad.IRI); ok {
		return iri, nil
	}
	l, err := text(args[0])
	if err != nil || l.lang != "" {
		return nil, errExpr
	}
	if len(args) < 2 {
		return quad.IRI(l.text), nil
	}
	base, err := url.Parse(textOf(args[1]))
	if err != nil {
		return nil, errExpr
	}
	ref, err := url.Parse(l.text)
	if err != nil {
		return quad.IRI(l.text), nil
	}
	return quad.IRI(base.ResolveReference(ref).String()), nil
}

func rounded(name string, n num) num {
	if n.t >= float {
		switch name {
		case "ABS":
			n.f = math.Abs(n.f)
		case "CEIL":
			n.f = math.Ceil(n.f)
		case "FLOOR":
			n.f = math.Floor(n.f)
		default:
			n.f = math.Floor(n.f + 0.5) // a half goes up
		}
		return n
	}
	r := n.rat()
	if name == "ABS" {
		return num{t: n.t, r: new(big.Rat).Abs(r)}.short()
	}
	if r.IsInt() {
		return n
	}
	if name == "ROUND" {
		r = new(big.Rat).Add(r, big.NewRat(1, 2))
	}
	whole := new(big.Int).Div(r.Num(), r.Denom()) // rounds down: the divisor is positive
	if name == "CEIL" {
		whole.Add(whole, big.NewInt(1))
	}
	return num{t: n.t, r: new(big.Rat).SetInt(whole)}.short()
}

// short brings an integer into its short form, if it fits.
func (n num) short() num {
	if n.t == integer && n.r != nil && n.r.IsInt() && n.r.Num().IsInt64() {
		return num{t: n.t, i: n.r.Num().Int64()}
	}
	return n
}

func partOfDate(name string, l literal) (quad.Value, error) {
	m, ok := momentOf(l)
	if !ok {
		return nil, errExpr
	}
	clock := strings.HasPrefix(l.datatype, xsdDateTime)
	day := clock || l.datatype == xsd+"date"
	month := day || l.datatype == xsd+"gYearMonth"
	switch name {
	case "YEAR":
		return quad.Int(m.t.Year()), nil
	case "MONTH":
		if month {
			return quad.Int(m.t.Month()), nil
		}
	case "DAY":
		if day {
			return quad.Int(m.t.Day()), nil
		}
	case "HOURS":
		if clock {
			return quad.Int(m.t.Hour()), nil
		}
	case "MINUTES":
		if clock {
			return quad.Int(m.t.Minute()), nil
		}
	case "SECONDS":
		if clock {
			s := new(big.Rat).SetFrac64(int64(m.t.Second())*1e9+int64(m.t.Nanosecond()), 1e9)
			return num{t: decimal, r: s}.value(), nil
		}
	case "TZ":
		return quad.String(m.zone), nil
	case "TIMEZONE":
		if !m.zoned {
			return nil, errExpr
		}
		_, seconds := m.t.Zone()
		return typed(duration(seconds), xsd+"dayTimeDuration"), nil
	}
	return nil, errExpr
}

func duration(seconds int) string {
	if seconds == 0 {
		return "PT0S"
	}
	sign := ""
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	text := sign + "PT"
	if h := seconds / 3600; h > 0 {
		text += strconv.Itoa(h) + "H"
	}
	if m := seconds / 60 % 60; m > 0 {
		text += strconv.Itoa(m) + "M"
	}
	return text
}

func digest(name, s string) string {
	var sum []byte
	switch name {
	case "MD5":
		h := md5.Sum([]byte(s))
		sum = h[:]
	case "SHA1":
		h := sha1.Sum([]byte(s))
		sum = h[:]
	case "SHA256":
		h := sha256.Sum256([]byte(s))
		sum = h[:]
	case "SHA384":
		h := sha512.Sum384([]byte(s))
		sum = h[:]
	default:
		h := sha512.Sum512([]byte(s))
		sum = h[:]
	}
	return hex.EncodeToString(sum)
}

func encodeForURI(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if letter(c) || digit(c) || strings.IndexByte("-_.~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// substring counts characters from 1, as XPath does: it rounds, and takes what
// lies before the beginning for nothing.
func substring(l literal, args []quad.Value) (quad.Value, error) {
	from, ok := number(args[0])
	if !ok {
		return nil, errExpr
	}
	begin := math.Floor(from.float() + 0.5)
	end := math.Inf(1)
	if len(args) > 1 {
		n, ok := number(args[1])
		if !ok {
			return nil, errExpr
		}
		end = begin + math.Floor(n.float()+0.5)
	}
	var b strings.Builder
	i := 1.0
	for _, r := range l.text {
		if i >= begin && i < end {
			b.WriteRune(r)
		}
		i++
	}
	return l.like(b.String()), nil
}

func langMatches(tag, pattern string) bool {
	if pattern == "*" {
		return tag != ""
	}
	tag, pattern = strings.ToLower(tag), strings.ToLower(pattern)
	return tag == pattern || strings.HasPrefix(tag, pattern+"-")
}

type regexpKey struct{ pattern, flags string }

type regexpOrError struct {
	re  *regexp.Regexp
	err error
}

func (x *run) compile(pattern, flags string) (*regexp.Regexp, error) {
	key := regexpKey{pattern, flags}
	if c, ok := x.regexps[key]; ok {
		return c.re, c.err
	}
	goFlags, err := "", error(nil)
	for _, f := range flags {
		switch f {
		case 'i', 's', 'm':
			goFlags += string(f)
		case 'x': // white space outside of classes has no meaning
			var b strings.Builder
			class := false
			for i, r := range pattern {
				escaped := i > 0 && pattern[i-1] == '\\'
				class = r == '[' && !escaped || class && (r != ']' || escaped)
				if class || !strings.ContainsRune(" \t\r\n", r) {
					b.WriteRune(r)
				}
			}
			pattern = b.String()
		case 'q':
			pattern = regexp.QuoteMeta(pattern)
		default:
			err = errExpr
		}
	}
	var re *regexp.Regexp
	if err == nil {
		if goFlags != "" {
			pattern = "(?" + goFlags + ")" + pattern
		}
		if re, err = regexp.Compile(pattern); err != nil {
			err = errExpr
		}
	}
	x.regexps[key] = regexpOrError{re, err}
	return re, err
}

// replacement matches what has a meaning in the new text of REPLACE.
var replacement = regexp.MustCompile(`\\\$|\\\\|\$[0-9]`)

func (x *run) regex(name string, l literal, args []quad.Value) (quad.Value, error) {
	var texts []string
	for _, v := range args {
		t, err := text(v)
		if err != nil || t.lang != "" {
			return nil, errExpr
		}
		texts = append(texts, t.text)
	}
	flags := ""
	if name == "REGEX" && len(texts) > 1 || len(texts) > 2 {
		flags = texts[len(texts)-1]
	}
	re, err := x.compile(texts[0], flags)
	if err != nil {
		return nil, err
	}
	if name == "REGEX" {
		return boolean(re.MatchString(l.text)), nil
	}
	if re.MatchString("") {
		return nil, errExpr // as XPath has it
	}
	with := texts[1]
	if strings.Contains(flags, "q") {
		with = strings.ReplaceAll(with, "$", "$$")
	} else {
		with = replacement.ReplaceAllStringFunc(with, func(s string) string {
			switch {
			case s == `\$`:
				return "$$"
			case s == `\\`:
				return `\`
			}
			return "${" + s[1:] + "}"
		})
	}
	matches := len(re.FindAllStringIndex(l.text, -1))
	groups := strings.Count(with, "$") // all that one stands for together is no longer than the text
	if err := x.fits(len(l.text)*(1+groups) + matches*len(with)); err != nil {
		return nil, err
	}
	return l.like(re.ReplaceAllString(l.text, with)), nil
}

// cast makes a literal of another datatype.
func cast(v quad.Value, to string) (quad.Value, error) {
	if iri, ok := v.(quad.IRI); ok && to == xsdString {
		return quad.String(iri), nil
	}
	if !isLiteral(v) {
		return nil, errExpr
	}
	l := literalOf(v)
	if l.lang != "" {
		return nil, errExpr
	}
	n, isNumber := number(v)
	b, isBool := boolText(l.text)
	isBool = isBool && l.datatype == xsdBoolean
	isText := l.datatype == xsdString
	if isBool {
		n = num{t: integer}
		if b {
			n.i = 1
		}
	}
	switch to {
	case xsdString:
		switch {
		case isNumber:
			return quad.String(plainNumber(n)), nil
		case isBool:
			return quad.String(strconv.FormatBool(b)), nil
		}
		return quad.String(l.text), nil
	case xsdBoolean:
		switch {
		case isNumber:
			ok, err := truthOf(v)
			return boolean(ok), err
		case isBool:
			return boolean(b), nil
		case isText:
			if b, ok := boolText(strings.TrimSpace(l.text)); ok {
				return boolean(b), nil
			}
		}
	case xsdInteger, xsdDecimal, xsdFloat, xsdDouble:
		var t numType
		for i, name := range numTypes {
			if name == to {
				t = numType(i)
			}
		}
		if isText {
			p, ok := parseNum(l.text, t)
			if !ok {
				return nil, errExpr
			}
			return p.value(), nil
		}
		if !isNumber && !isBool {
			return nil, errExpr
		}
		return convert(n, t)
	case xsdDateTime, xsd + "date":
		if !isText && l.datatype != xsdDateTime && l.datatype != xsd+"date" {
			return nil, errExpr
		}
		s := strings.TrimSpace(l.text)
		if !isText && l.datatype != to {
			m, ok := momentOf(l)
			if !ok {
				return nil, errExpr
			}
			form := "2006-01-02T15:04:05"
			if to != xsdDateTime {
				form = time.DateOnly
			}
			s = m.t.Format(form) + m.zone
		}
		if _, ok := momentOf(literal{text: s, datatype: to}); !ok {
			return nil, errExpr
		}
		return typed(s, to), nil
	}
	return nil, errExpr
}

// convert makes a number one of another type.
func convert(n num, t numType) (quad.Value, error) {
	if t >= float {
		f := n.float()
		if t == float {
			f = float64(float32(f))
		}
		return num{t: t, f: f}.value(), nil
	}
	if n.t >= float {
		r := new(big.Rat).SetFloat64(n.f)
		if r == nil { // infinite or no number
			return nil, errExpr
		}
		n = num{t: decimal, r: r}
	}
	if t == integer && n.r != nil {
		whole := new(big.Int).Quo(n.r.Num(), n.r.Denom()) // cuts off
		n.r = new(big.Rat).SetInt(whole)
	}
	n.t = t
	return n.short().value(), nil
}

// plainNumber writes a number as XPath makes a string of it: without an
// exponent where it is neither very large nor very small.
func plainNumber(n num) string {
	if a := math.Abs(n.f); n.t >= float && (a == 0 || a >= 1e-6 && a < 1e6) {
		bits := 64
		if n.t == float {
			bits = 32
		}
		return strconv.FormatFloat(n.f, 'f', -1, bits)
	}
	return n.text()
}

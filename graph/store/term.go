package store

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/cespare/xxhash/v2"
)

// The terms and quads of Cayley, by names that do not need Cayley imported.
type (
	// Value is a term: an IRI, a blank node or a literal. Nil is no term: the
	// label of an unlabelled quad, or a wildcard in a [Pattern].
	Value = quad.Value
	// Quad is one statement and the label it was loaded under.
	Quad = quad.Quad
	// IRI is an identifier, without its angle brackets.
	IRI = quad.IRI
	// BNode is a blank node, without the leading "_:".
	BNode = quad.BNode
	// String is a plain literal.
	String = quad.String
	// LangString is a literal with a language tag.
	LangString = quad.LangString
	// TypedString is a literal with a datatype, kept in the form it was
	// written in. A literal that is exactly how [Int], [Float], [Bool] or
	// [Time] would be written comes back as one of those.
	TypedString = quad.TypedString
	// Int is an xsd:integer.
	Int = quad.Int
	// Float is an xsd:double.
	Float = quad.Float
	// Bool is an xsd:boolean.
	Bool = quad.Bool
	// Time is an xsd:dateTime; it comes back in UTC.
	Time = quad.Time
)

// Pattern selects quads. Nil components match anything; a nil Label therefore
// matches quads with and without a label.
type Pattern struct {
	Subject, Predicate, Object, Label Value
}

// id stands for a term. 0 is no term.
type id uint64

// The lowest bits of an id number the terms of one hash.
const (
	slotBits    = 2
	slotMask id = 1<<slotBits - 1
)

// quadID is a quad by the ids of its terms, in the order S, P, O, G.
type quadID [4]id

// Directions as indexes into a quadID; Cayley's constants are one higher.
const (
	dirS = iota
	dirP
	dirO
	dirG
)

// Kinds of encoded terms: the first byte of a dictionary entry.
const (
	kindIRI    = 'i'
	kindBNode  = 'b'
	kindString = 's'
	kindLang   = 'l' // length of the tag, tag, text
	kindTyped  = 't' // length of the datatype, datatype, text
	kindInt    = 'n' // 8 bytes
	kindFloat  = 'f' // 8 bytes, IEEE 754
	kindBool   = 'o' // 1 byte
	kindTime   = 'd' // 8 bytes of Unix seconds, 4 of nanoseconds
)

// canonical returns the one form of v that the dictionary knows: a typed
// literal that reads exactly as a native value is written becomes that value,
// so that both find the same term.
func canonical(v Value) Value {
	s, ok := v.(TypedString)
	if !ok {
		return v
	}
	full := s.Type.Full()
	if full == "" || full == xsdString {
		return s.Value
	}
	if !quad.HasStringConversion(full) {
		return v
	}
	native, err := s.ParseValue()
	if err != nil {
		return v
	}
	if t, ok := native.(quad.TypedStringer); ok {
		if ts := t.TypedString(); ts.Value == s.Value && ts.Type.Full() == full {
			return native
		}
	}
	return v
}

const xsdString IRI = "http://www.w3.org/2001/XMLSchema#string"

// appendTerm appends the dictionary's encoding of v, which must not be nil.
func appendTerm(b []byte, v Value) ([]byte, error) {
	switch v := canonical(v).(type) {
	case IRI:
		return append(append(b, kindIRI), v...), nil
	case BNode:
		return append(append(b, kindBNode), v...), nil
	case String:
		return append(append(b, kindString), v...), nil
	case LangString:
		return appendTagged(b, kindLang, v.Lang, string(v.Value)), nil
	case TypedString:
		return appendTagged(b, kindTyped, string(v.Type), string(v.Value)), nil
	case Int:
		return binary.BigEndian.AppendUint64(append(b, kindInt), uint64(v)), nil
	case Float:
		return binary.BigEndian.AppendUint64(append(b, kindFloat), math.Float64bits(float64(v))), nil
	case Bool:
		if v {
			return append(b, kindBool, 1), nil
		}
		return append(b, kindBool, 0), nil
	case Time:
		t := time.Time(v)
		b = binary.BigEndian.AppendUint64(append(b, kindTime), uint64(t.Unix()))
		return binary.BigEndian.AppendUint32(b, uint32(t.Nanosecond())), nil
	default:
		return nil, fmt.Errorf("store: cannot keep a term of type %T", v)
	}
}

func appendTagged(b []byte, kind byte, tag, text string) []byte {
	b = binary.AppendUvarint(append(b, kind), uint64(len(tag)))
	return append(append(b, tag...), text...)
}

// decodeTerm is the inverse of appendTerm. The result does not refer to b.
func decodeTerm(b []byte) (Value, error) {
	if len(b) == 0 {
		return nil, fmt.Errorf("%w: empty term", ErrCorrupt)
	}
	kind, rest := b[0], b[1:]
	switch kind {
	case kindIRI:
		return IRI(rest), nil
	case kindBNode:
		return BNode(rest), nil
	case kindString:
		return String(rest), nil
	case kindLang, kindTyped:
		n, w := binary.Uvarint(rest)
		if w > 0 && n <= uint64(len(rest)-w) {
			s := string(rest[w:])
			if kind == kindLang {
				return LangString{Lang: s[:n], Value: String(s[n:])}, nil
			}
			return TypedString{Type: IRI(s[:n]), Value: String(s[n:])}, nil
		}
	case kindInt:
		if len(rest) == 8 {
			return Int(binary.BigEndian.Uint64(rest)), nil
		}
	case kindFloat:
		if len(rest) == 8 {
			return Float(math.Float64frombits(binary.BigEndian.Uint64(rest))), nil
		}
	case kindBool:
		if len(rest) == 1 {
			return Bool(rest[0] == 1), nil
		}
	case kindTime:
		if len(rest) == 12 {
			sec, nsec := binary.BigEndian.Uint64(rest), binary.BigEndian.Uint32(rest[8:])
			return Time(time.Unix(int64(sec), int64(nsec)).UTC()), nil
		}
	}
	return nil, fmt.Errorf("%w: term %x", ErrCorrupt, b)
}

// hashTerm returns the id of an encoded term in the first slot of its hash.
func hashTerm(enc []byte) id {
	if h := id(xxhash.Sum64(enc)) &^ slotMask; h != 0 {
		return h
	}
	return slotMask + 1 // 0 is no term
}

// Format writes a term as canonical N-Quads does, and "" for nil.
// Datatypes are written in full, control characters escaped.
func Format(v Value) string {
	if v == nil {
		return ""
	}
	return string(appendFormat(nil, v))
}

// ParseTerm is the inverse of [Format]. A literal that is exactly how a native
// value would be written becomes that value, as everywhere in the store.
func ParseTerm(text string) (Value, error) {
	if text == "" {
		return nil, nil
	}
	if label, ok := strings.CutPrefix(text, "_:"); ok {
		return BNode(label), nil
	}
	var l quadLine
	rest, err := l.parseTerm([]byte(text), dirO)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("store: want the end of the term, have %s", excerpt(rest))
	}
	return decodeTerm(l.buf)
}

func appendFormat(b []byte, v Value) []byte {
	switch v := v.(type) {
	case IRI:
		return appendIRI(b, v)
	case BNode:
		return append(append(b, "_:"...), v...)
	case String:
		return appendQuoted(b, string(v))
	case LangString:
		b = appendQuoted(b, string(v.Value))
		return append(append(b, '@'), v.Lang...)
	case TypedString:
		b = appendQuoted(b, string(v.Value))
		return appendIRI(append(b, "^^"...), v.Type.Full())
	case Bool:
		text := "false"
		if v {
			text = "true"
		}
		return appendFormat(b, TypedString{Value: String(text), Type: v.TypedString().Type})
	case Time:
		t := time.Time(v).UTC().Format("2006-01-02T15:04:05.999999999Z07:00")
		return appendFormat(b, TypedString{Value: String(t), Type: v.TypedString().Type})
	case quad.TypedStringer:
		return appendFormat(b, v.TypedString())
	default:
		return append(b, v.String()...)
	}
}

func appendIRI(b []byte, iri IRI) []byte {
	b = append(b, '<')
	start := 0
	for i := 0; i < len(iri); i++ {
		if c := iri[i]; c <= ' ' || escapedInIRI[c] {
			b = append(b, iri[start:i]...)
			b = fmt.Appendf(b, `\u%04X`, c)
			start = i + 1
		}
	}
	return append(append(b, iri[start:]...), '>')
}

// escapedInIRI are the characters, besides white space and control characters,
// that N-Quads escapes in an IRI.
var escapedInIRI = [256]bool{'<': true, '>': true, '"': true, '{': true, '}': true, '|': true, '^': true, '`': true, '\\': true}

func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, `\n`...)
		case '\r':
			b = append(b, `\r`...)
		case '\t':
			b = append(b, `\t`...)
		case '\b':
			b = append(b, `\b`...)
		case '\f':
			b = append(b, `\f`...)
		default:
			if c < ' ' || c == 0x7f {
				b = fmt.Appendf(b, `\u%04X`, c)
			} else {
				b = append(b, c)
			}
		}
	}
	return append(b, '"')
}

// FormatQuad writes a quad as one line of canonical N-Quads, with its newline.
func FormatQuad(q Quad) string { return string(appendQuad(nil, q)) }

func appendQuad(b []byte, q Quad) []byte {
	b = append(appendFormat(b, q.Subject), ' ')
	b = append(appendFormat(b, q.Predicate), ' ')
	b = append(appendFormat(b, q.Object), ' ')
	if q.Label != nil {
		b = append(appendFormat(b, q.Label), ' ')
	}
	return append(b, ".\n"...)
}

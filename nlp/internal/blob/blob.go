// Package blob is the binary form of the models: numbers, strings and byte
// runs written one after the other.
//
// Why not gob: a model is a few long arrays, and reading them must cost no more
// than copying them.
package blob

import (
	"encoding/binary"
	"errors"
	"math"
)

// Writer collects a model's bytes. The zero value is ready to use.
type Writer struct{ b []byte }

// Bytes returns what has been written.
func (w *Writer) Bytes() []byte { return w.b }

// Int writes a non-negative number.
func (w *Writer) Int(n int) { w.b = binary.AppendUvarint(w.b, uint64(n)) }

// Float writes a 32-bit float.
func (w *Writer) Float(f float32) {
	w.b = binary.LittleEndian.AppendUint32(w.b, math.Float32bits(f))
}

// String writes a string with its length.
func (w *Writer) String(s string) {
	w.Int(len(s))
	w.b = append(w.b, s...)
}

// Uint64 writes a number in eight bytes.
func (w *Writer) Uint64(n uint64) { w.b = binary.LittleEndian.AppendUint64(w.b, n) }

// Quantised8 writes v in eight bits an element, scaled by the largest.
func (w *Writer) Quantised8(v []float32) {
	scale := largest(v) / math.MaxInt8
	w.Float(scale)
	for _, x := range v {
		w.b = append(w.b, byte(int8(quantise(x, scale))))
	}
}

// Quantised16 writes v in sixteen bits an element, scaled by the largest.
func (w *Writer) Quantised16(v []float32) {
	scale := largest(v) / math.MaxInt16
	w.Float(scale)
	for _, x := range v {
		w.b = binary.LittleEndian.AppendUint16(w.b, uint16(int16(quantise(x, scale))))
	}
}

func largest(v []float32) float32 {
	var m float32
	for _, x := range v {
		m = max(m, x, -x)
	}
	return m
}

func quantise(x, scale float32) int {
	if scale == 0 {
		return 0
	}
	return int(math.Round(float64(x / scale)))
}

// Signed writes a number that may be negative.
func (w *Writer) Signed(n int) { w.b = binary.AppendVarint(w.b, int64(n)) }

// Section writes the bytes of another writer with their length.
func (w *Writer) Section(b []byte) {
	w.Int(len(b))
	w.b = append(w.b, b...)
}

// Strings writes a list of strings with its length.
func (w *Writer) Strings(v []string) {
	w.Int(len(v))
	for _, s := range v {
		w.String(s)
	}
}

// Reader reads what Writer wrote. After the first fault every call returns
// zero values; Err tells of it.
type Reader struct {
	b   []byte
	at  int
	err error
}

// NewReader reads from b, which must not change while sections of it are read.
func NewReader(b []byte) *Reader { return &Reader{b: b} }

// ErrShort says that the data ends too early or names an impossible length.
var ErrShort = errors.New("model data is cut short or damaged")

// Err returns the first fault, or nil.
func (r *Reader) Err() error { return r.err }

func (r *Reader) fail() {
	r.err = ErrShort
	r.at = len(r.b)
}

func (r *Reader) take(n int) []byte {
	if r.err != nil || n < 0 || n > len(r.b)-r.at {
		r.fail()
		return nil
	}
	b := r.b[r.at : r.at+n]
	r.at += n
	return b
}

// Int reads a number.
func (r *Reader) Int() int {
	if r.at < len(r.b) && r.b[r.at] < 0x80 { // most are small
		r.at++
		return int(r.b[r.at-1])
	}
	n, k := binary.Uvarint(r.b[r.at:])
	if k <= 0 || n > math.MaxUint32 {
		r.fail()
		return 0
	}
	r.at += k
	return int(n)
}

// Count reads a length and checks that so many items of size bytes can follow.
func (r *Reader) Count(size int) int {
	n := r.Int()
	if n > (len(r.b)-r.at)/size {
		r.fail()
		return 0
	}
	return n
}

// Float reads a 32-bit float.
func (r *Reader) Float() float32 {
	b := r.take(4)
	if b == nil {
		return 0
	}
	return math.Float32frombits(binary.LittleEndian.Uint32(b))
}

// String reads a string.
func (r *Reader) String() string { return string(r.take(r.Int())) }

// Uint64 reads a number of eight bytes.
func (r *Reader) Uint64() uint64 {
	b := r.take(8)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}

// Quantised8 fills v with what Writer.Quantised8 wrote.
func (r *Reader) Quantised8(v []float32) {
	scale := r.Float()
	for i, x := range r.take(len(v)) {
		v[i] = float32(int8(x)) * scale
	}
}

// Quantised16 fills v with what Writer.Quantised16 wrote.
func (r *Reader) Quantised16(v []float32) {
	scale := r.Float()
	if b := r.take(2 * len(v)); b != nil {
		for i := range v {
			v[i] = float32(int16(binary.LittleEndian.Uint16(b[2*i:]))) * scale
		}
	}
}

// Signed reads a number that may be negative.
func (r *Reader) Signed() int {
	u := r.Int()
	return int(int64(u>>1) ^ -int64(u&1))
}

// Section returns the bytes that Writer.Section wrote, without copying them.
func (r *Reader) Section() []byte { return r.take(r.Int()) }

// Strings reads a list of strings.
func (r *Reader) Strings() []string {
	v := make([]string, r.Count(1))
	for i := range v {
		v[i] = r.String()
	}
	return v
}

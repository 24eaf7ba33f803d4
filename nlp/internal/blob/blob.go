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

// Int8s writes a run of bytes with its length.
func (w *Writer) Int8s(v []int8) {
	w.Int(len(v))
	for _, x := range v {
		w.b = append(w.b, byte(x))
	}
}

// Int16s writes a run of 16-bit numbers with its length.
func (w *Writer) Int16s(v []int16) {
	w.Int(len(v))
	for _, x := range v {
		w.b = binary.LittleEndian.AppendUint16(w.b, uint16(x))
	}
}

// Floats writes a run of 32-bit floats with its length.
func (w *Writer) Floats(v []float32) {
	w.Int(len(v))
	for _, x := range v {
		w.Float(x)
	}
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
	err error
}

// NewReader reads from b, which must not change while strings read from it
// live on as byte runs.
func NewReader(b []byte) *Reader { return &Reader{b: b} }

// ErrShort says that the data ends too early or names an impossible length.
var ErrShort = errors.New("model data is cut short or damaged")

// Err returns the first fault, or nil.
func (r *Reader) Err() error { return r.err }

func (r *Reader) take(n int) []byte {
	if r.err != nil || n < 0 || n > len(r.b) {
		r.err = ErrShort
		r.b = nil
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

// Int reads a number.
func (r *Reader) Int() int {
	n, k := binary.Uvarint(r.b)
	if k <= 0 || n > math.MaxInt32 {
		r.err = ErrShort
		r.b = nil
		return 0
	}
	r.b = r.b[k:]
	return int(n)
}

// count reads a length and checks that so many items of size bytes can follow.
func (r *Reader) count(size int) int {
	n := r.Int()
	if n > len(r.b)/size {
		r.err = ErrShort
		r.b = nil
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

// Int8s reads a run of bytes.
func (r *Reader) Int8s() []int8 {
	b := r.take(r.Int())
	v := make([]int8, len(b))
	for i, x := range b {
		v[i] = int8(x)
	}
	return v
}

// Int16s reads a run of 16-bit numbers.
func (r *Reader) Int16s() []int16 {
	v := make([]int16, r.count(2))
	b := r.take(2 * len(v))
	for i := range v {
		v[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return v
}

// Floats reads a run of 32-bit floats.
func (r *Reader) Floats() []float32 {
	v := make([]float32, r.count(4))
	for i := range v {
		v[i] = r.Float()
	}
	return v
}

// Strings reads a list of strings.
func (r *Reader) Strings() []string {
	v := make([]string, r.count(1))
	for i := range v {
		v[i] = r.String()
	}
	return v
}

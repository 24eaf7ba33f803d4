//go:build !arm64

package vec

import "math"

// addScaled adds x times w to sum, rounding once.
func addScaled(sum *[Width]float32, x float32, w *[Width]float32) {
	x64 := float64(x)
	for j := range sum {
		s := x64*float64(w[j]) + float64(sum[j]) // the product is exact
		if b := math.Float64bits(s); b&below == half || b<<1-1 < least<<1-1 {
			s = roundToOdd(x64*float64(w[j]), float64(sum[j]))
		}
		sum[j] = float32(s)
	}
}

// Where rounding a sum to 64 bits and again to 32 may give another float than
// rounding once.
const (
	below = 1<<29 - 1          // the bits of a fraction that a 32-bit float lacks,
	half  = 1 << 28            // as they are half-way between two floats
	least = (1023 - 126) << 52 // the least normal 32-bit float: below, but for zero, they are less dense
)

// roundToOdd returns p + q, of the two nearest floats the odd one unless the sum
// is exact: rounded again to 32 bits, it gives what one rounding would have
// (Boldo and Melquiond 2008, "Emulation of FMA and correctly rounded sums").
func roundToOdd(p, q float64) float64 {
	s := p + q
	back := s - p
	rest := (p - (s - back)) + (q - back)
	if b := math.Float64bits(s); rest != 0 && b&1 == 0 {
		if rest > 0 == (s > 0) {
			b++
		} else {
			b--
		}
		s = math.Float64frombits(b)
	}
	return s
}

// Package vec is the arithmetic of the neural network on 32-bit floats: matrix
// products, in assembly where the processor allows, and the functions applied
// to single elements. Gemm, Tanh and Sigmoid give the same bits on every
// processor: sums run in one order, matrix products fuse multiply and add, and
// all else rounds each product, by a conversion that Go may not fuse across.
package vec

import "math"

// Width is the number of columns of a panel; matrices that are multiplied have
// a multiple of it.
const Width = 16

// Pad rounds n up to a multiple of Width.
func Pad(n int) int { return (n + Width - 1) / Width * Width }

// Pack lays the k×n matrix b out for Gemm: panels of Width columns, each row by
// row. Columns from n to Pad(n) become zero. dst has k*Pad(n) elements.
func Pack(dst, b []float32, k, n, ldb int) {
	for j := 0; j < n; j += Width {
		w := min(Width, n-j)
		for i := range k {
			row := dst[:Width]
			copy(row, b[i*ldb+j:i*ldb+j+w])
			clear(row[w:])
			dst = dst[Width:]
		}
	}
}

// PackT is Pack of the transpose: b is n×k, the packed matrix k×n.
func PackT(dst, b []float32, k, n, ldb int) {
	for j := 0; j < n; j += Width {
		w := min(Width, n-j)
		if w < Width {
			clear(dst[:k*Width])
		}
		for x := range w {
			col := b[(j+x)*ldb : (j+x)*ldb+k]
			for i, v := range col {
				dst[i*Width+x] = v
			}
		}
		dst = dst[k*Width:]
	}
}

// Gemm sets c to a·b, or adds it when add is set. a is m×k with rows lda apart,
// b a packed k×n matrix, c m×Pad(n) with rows ldc apart.
func Gemm(m, k, n int, a []float32, lda int, b []float32, c []float32, ldc int, add bool) {
	if m == 0 || n == 0 {
		return
	}
	n = Pad(n)
	if len(a) < (m-1)*lda+k || len(b) < k*n || len(c) < (m-1)*ldc+n {
		panic("vec: matrix too short")
	}
	if k == 0 {
		for i := 0; i < m && !add; i++ {
			clear(c[i*ldc : i*ldc+n])
		}
		return
	}
	for j := 0; j < n; j += Width {
		panel(m, k, a, lda, b[k*j:], c[j:], ldc, add)
	}
}

// panelGo is panel for processors without the assembly. It gives the same bits:
// each product is added without being rounded before, as fused instructions do.
func panelGo(m, k int, a []float32, lda int, b []float32, c []float32, ldc int, add bool) {
	for i := range m {
		var sum [Width]float32
		row := c[i*ldc : i*ldc+Width]
		if add {
			copy(sum[:], row)
		}
		for p, x := range a[i*lda : i*lda+k] {
			addScaled(&sum, x, (*[Width]float32)(b[p*Width:]))
		}
		copy(row, sum[:])
	}
}

// Transpose writes the transpose of the m×n matrix a, rows lda apart, to dst
// with rows m apart.
func Transpose(dst, a []float32, m, n, lda int) {
	const block = 16
	for i0 := 0; i0 < m; i0 += block {
		for j0 := 0; j0 < n; j0 += block {
			for i := i0; i < min(m, i0+block); i++ {
				for j := j0; j < min(n, j0+block); j++ {
					dst[j*m+i] = a[i*lda+j]
				}
			}
		}
	}
}

// Tanh replaces each element by its hyperbolic tangent, to about 1e-6.
func Tanh(x []float32) { tanhs(x) }

// Sigmoid replaces each element by its logistic function.
func Sigmoid(x []float32) {
	for i := range x {
		x[i] *= 0.5
	}
	tanhs(x)
	for i := range x {
		x[i] = 0.5 + float32(0.5*x[i])
	}
}

func tanhGo(x []float32) {
	for i, v := range x {
		x[i] = tanh(v)
	}
}

// tanh is a rational function, the fraction of a polynomial of degree 13 over
// one of degree 6, with the coefficients that the Eigen library publishes.
func tanh(x float32) float32 {
	const clamp = 7.90531110763549805
	x = max(-clamp, min(clamp, x))
	y := x * x
	p := float32(y*-2.76076847742355e-16) + 2.00018790482477e-13
	p = float32(y*p) + -8.60467152213735e-11
	p = float32(y*p) + 5.12229709037114e-08
	p = float32(y*p) + 1.48572235717979e-05
	p = float32(y*p) + 6.37261928875436e-04
	p = float32(y*p) + 4.89352455891786e-03
	q := float32(y*1.19825839466702e-06) + 1.18534705686654e-04
	q = float32(y*q) + 2.26843463243900e-03
	q = float32(y*q) + 4.89352518554385e-03
	return float32(x*p) / q
}

// Softmax replaces x by its softmax and returns the logarithm of the sum of
// the exponentials.
func Softmax(x []float32) float32 {
	top := float32(math.Inf(-1))
	for _, v := range x {
		top = max(top, v)
	}
	var sum float32
	for i, v := range x {
		e := float32(math.Exp(float64(v - top)))
		x[i] = e
		sum += e
	}
	for i := range x {
		x[i] /= sum
	}
	return top + float32(math.Log(float64(sum)))
}

//go:build amd64

package vec

import "golang.org/x/sys/cpu"

//go:noescape
func avx2x6(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)

//go:noescape
func avx2x4(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)

//go:noescape
func avx2x2(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)

//go:noescape
func avx2x1(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)

//go:noescape
func avx512x12(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)

//go:noescape
func avx512x8(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)

//go:noescape
func avx512x4(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)

//go:noescape
func avx512x2(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)

//go:noescape
func avx512x1(k int, a *float32, lda int, b *float32, c *float32, ldc int, add bool)

//go:noescape
func tanhAVX2(x *float32, n int)

func tanhs(x []float32) {
	n := 0
	if cpu.X86.HasAVX2 {
		if n = len(x) &^ 7; n > 0 {
			tanhAVX2(&x[0], n)
		}
	}
	tanhGo(x[n:])
}

// panel multiplies m rows of a with one panel of b. The slices are long enough
// by Gemm's checks.
func panel(m, k int, a []float32, lda int, b []float32, c []float32, ldc int, add bool) {
	switch {
	case cpu.X86.HasAVX512F:
		panelAVX512(m, k, a, lda, b, c, ldc, add)
	case cpu.X86.HasAVX2 && cpu.X86.HasFMA:
		panelAVX2(m, k, a, lda, b, c, ldc, add)
	default:
		panelGo(m, k, a, lda, b, c, ldc, add)
	}
}

func panelAVX512(m, k int, a []float32, lda int, b []float32, c []float32, ldc int, add bool) {
	for ; m >= 12; m -= 12 {
		avx512x12(k, &a[0], lda, &b[0], &c[0], ldc, add)
		if m == 12 {
			return
		}
		a, c = a[12*lda:], c[12*ldc:]
	}
	if m >= 8 {
		avx512x8(k, &a[0], lda, &b[0], &c[0], ldc, add)
		if m == 8 {
			return
		}
		a, c, m = a[8*lda:], c[8*ldc:], m-8
	}
	if m >= 4 {
		avx512x4(k, &a[0], lda, &b[0], &c[0], ldc, add)
		if m == 4 {
			return
		}
		a, c, m = a[4*lda:], c[4*ldc:], m-4
	}
	if m >= 2 {
		avx512x2(k, &a[0], lda, &b[0], &c[0], ldc, add)
		if m == 2 {
			return
		}
		a, c = a[2*lda:], c[2*ldc:]
	}
	avx512x1(k, &a[0], lda, &b[0], &c[0], ldc, add)
}

func panelAVX2(m, k int, a []float32, lda int, b []float32, c []float32, ldc int, add bool) {
	for ; m >= 6; m -= 6 {
		avx2x6(k, &a[0], lda, &b[0], &c[0], ldc, add)
		if m == 6 {
			return
		}
		a, c = a[6*lda:], c[6*ldc:]
	}
	if m >= 4 {
		avx2x4(k, &a[0], lda, &b[0], &c[0], ldc, add)
		if m == 4 {
			return
		}
		a, c, m = a[4*lda:], c[4*ldc:], m-4
	}
	if m >= 2 {
		avx2x2(k, &a[0], lda, &b[0], &c[0], ldc, add)
		if m == 2 {
			return
		}
		a, c = a[2*lda:], c[2*ldc:]
	}
	avx2x1(k, &a[0], lda, &b[0], &c[0], ldc, add)
}

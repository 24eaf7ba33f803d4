//go:build !amd64

package vec

func panel(m, k int, a []float32, lda int, b []float32, c []float32, ldc int, add bool) {
	panelGo(m, k, a, lda, b, c, ldc, add)
}

func tanhs(x []float32) { tanhGo(x) }

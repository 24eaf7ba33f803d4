package vec

// addScaled adds x times w to sum, rounding once: on arm64 the compiler fuses
// multiply and add wherever it may. TestKernelsAgree fails if it does not.
func addScaled(sum *[Width]float32, x float32, w *[Width]float32) {
	for j := range sum {
		sum[j] += x * w[j]
	}
}

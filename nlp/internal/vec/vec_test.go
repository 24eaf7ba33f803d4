package vec

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestGemm(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, d := range [][3]int{{1, 1, 16}, {5, 3, 16}, {13, 40, 48}, {24, 64, 30}, {7, 0, 16}, {31, 5, 1}} {
		m, k, n := d[0], d[1], d[2]
		for _, transposed := range []bool{false, true} {
			t.Run(fmt.Sprint(d, transposed), func(t *testing.T) {
				a, b, c := random(rng, m*k), random(rng, k*n), random(rng, m*Pad(n))
				want := make([]float64, m*n)
				packed := make([]float32, k*Pad(n))
				at := func(i, j int) float32 { return b[i*n+j] }
				if transposed {
					at = func(i, j int) float32 { return b[j*k+i] }
					PackT(packed, b, k, n, k)
				} else {
					Pack(packed, b, k, n, n)
				}
				for i := range m {
					for j := range n {
						want[i*n+j] = float64(c[i*Pad(n)+j])
						for p := range k {
							want[i*n+j] += float64(a[i*k+p]) * float64(at(p, j))
						}
					}
				}
				Gemm(m, k, n, a, k, packed, c, Pad(n), true)
				for i := range m {
					for j := range n {
						if d := math.Abs(float64(c[i*Pad(n)+j]) - want[i*n+j]); d > 1e-4 {
							t.Fatalf("c[%d,%d] is off by %g", i, j, d)
						}
					}
				}
			})
		}
	}
}

func random(rng *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = rng.Float32() - 0.5
	}
	return v
}

func TestTanh(t *testing.T) {
	var in []float32
	for x := float32(-12); x < 12; x += 0.013 {
		in = append(in, x)
	}
	out := append([]float32(nil), in...)
	Tanh(out)
	for i, x := range in {
		if out[i] != tanh(x) {
			t.Fatalf("Tanh(%g) = %g, in Go %g: the kernels must agree to the bit", x, out[i], tanh(x))
		}
		if d := math.Abs(float64(out[i]) - math.Tanh(float64(x))); d > 2e-6 {
			t.Fatalf("Tanh(%g) is off by %g", x, d)
		}
	}
}

func BenchmarkGemm(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	m, k, n := 24, 256, 768
	a, w, c := random(rng, m*k), random(rng, k*n), random(rng, m*n)
	for b.Loop() {
		Gemm(m, k, n, a, k, w, c, n, false)
	}
	b.ReportMetric(float64(m*k*n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFMA/s")
}

func BenchmarkTanh(b *testing.B) {
	x := make([]float32, 1024)
	for b.Loop() {
		Tanh(x)
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/1024, "ns/elem")
}

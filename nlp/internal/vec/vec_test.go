package vec

import (
	"fmt"
	"math"
	"math/big"
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

// kernel is one of the functions behind Gemm.
type kernel struct {
	name string
	run  func(m, k int, a []float32, lda int, b []float32, c []float32, ldc int, add bool)
}

// Every kernel gives the bits that exact sums, rounded once after each product,
// give.
func TestKernelsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for _, d := range [][2]int{{1, 40}, {2, 7}, {3, 1}, {5, 64}, {8, 9}, {13, 256}, {27, 20}} {
		m, k := d[0], d[1]
		few := func(v ...float32) float32 { return v[rng.IntN(len(v))] * float32(1-2*rng.IntN(2)) }
		for _, in := range []struct {
			name   string
			factor func() float32
			sum    func() float32
		}{
			{"even", func() float32 { return rng.Float32() - 0.5 }, func() float32 { return rng.Float32() - 0.5 }},
			{"zeros", func() float32 { return few(0, 0, rng.Float32()) }, func() float32 { return few(0, rng.Float32()) }},
			// Sums so near to half-way between two floats that 64 bits do not tell.
			{"halves", func() float32 { return few(0, 0, 0x1p-12+0x1p-30, 0x1p-12-0x1p-30) },
				func() float32 { return few(1, 1+0x1p-23, 1+0x1p-22) }},
			{"tiny", func() float32 { return few(0, 0, 0x1p-75+0x1p-93, 0x1p-75-0x1p-93) },
				func() float32 { return few(0x1p-127, 0x1p-127+0x1p-149, 0x1p-127+0x1p-148) }},
		} {
			for _, add := range []bool{false, true} {
				a, b, c := make([]float32, m*k), make([]float32, k*Width), make([]float32, m*Width)
				for _, x := range [][]float32{a, b} {
					for i := range x {
						x[i] = in.factor()
					}
				}
				for i := range c {
					c[i] = in.sum()
				}
				want := append([]float32(nil), c...)
				for i := range m {
					for j := range Width {
						sum := &want[i*Width+j]
						if !add {
							*sum = 0
						}
						for p := range k {
							*sum = fma(a[i*k+p], b[p*Width+j], *sum)
						}
					}
				}
				for _, ker := range kernels() {
					got := append([]float32(nil), c...)
					ker.run(m, k, a, k, b, got, Width, add)
					for i := range got {
						if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
							t.Fatalf("%s, %d×%d, %s, add %v: element %d is %x, want %x", ker.name, m, k, in.name, add, i, got[i], want[i])
						}
					}
				}
			}
		}
	}
}

// fma returns x·y + z rounded once.
func fma(x, y, z float32) float32 {
	exact := func(v float32) *big.Float { return new(big.Float).SetPrec(1000).SetFloat64(float64(v)) }
	sum := exact(x)
	sum.Mul(sum, exact(y)).Add(sum, exact(z))
	if sum.Sign() == 0 {
		return x*y + z // of the zeros, the right one
	}
	f, _ := sum.Float32()
	return f
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

package vec

import "golang.org/x/sys/cpu"

// kernels lists those that this processor runs.
func kernels() []kernel {
	ks := []kernel{{"Go", panelGo}}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		ks = append(ks, kernel{"AVX2", panelAVX2})
	}
	if cpu.X86.HasAVX512F {
		ks = append(ks, kernel{"AVX-512", panelAVX512})
	}
	return ks
}

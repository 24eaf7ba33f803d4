package gazetteer

import "testing"

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(dataFS()); err != nil {
			b.Fatal(err)
		}
	}
}

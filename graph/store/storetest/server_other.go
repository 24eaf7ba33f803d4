//go:build !linux

package storetest

import (
	"os"
	"syscall"
	"testing"
)

// serverAttr leaves a server to the test that ends it.
func serverAttr(t *testing.T, _ string) *syscall.SysProcAttr {
	t.Helper()
	if os.Getuid() == 0 {
		t.Skip("root may not run a server")
	}
	return nil
}

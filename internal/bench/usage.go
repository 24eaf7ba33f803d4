//go:build unix

package bench

import (
	"os"
	"runtime"
	"syscall"
	"time"
)

// CPU returns the processor time that this process has used.
func CPU() time.Duration { return self().cpu() }

// MaxRSS returns the most memory that this process has had, in megabytes. A
// process that another has started begins with what that one had.
func MaxRSS() int64 { return self().rss() }

// Used returns the processor time that a process which has ended used, and the
// most memory that it had, in megabytes.
func Used(p *os.ProcessState) (cpu time.Duration, rss int64) {
	u := (*usage)(p.SysUsage().(*syscall.Rusage))
	return u.cpu(), u.rss()
}

type usage syscall.Rusage

func self() *usage {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // fails for wrong arguments only
	return (*usage)(&u)
}

func (u *usage) cpu() time.Duration {
	return time.Duration((*syscall.Rusage)(u).Utime.Nano() + (*syscall.Rusage)(u).Stime.Nano())
}

func (u *usage) rss() int64 {
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return u.Maxrss >> 20 // in bytes there
	}
	return u.Maxrss >> 10
}

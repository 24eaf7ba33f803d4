// Package release checks what releases are made by: that programs built in two
// places are the same bytes and build for every system, that the list of what is in
// them is complete, and that the release's settings are sound. It has tests only;
// those that take minutes run with DEMARC_RELEASE set, as "make release-check" does.
package release

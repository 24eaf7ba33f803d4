// Package lint keeps the rules that hold between packages: which may import
// which, and that what the documentation says is there is there. It has tests
// only.
package lint

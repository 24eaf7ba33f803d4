// Package cli is the command line: one file for each command, which parses and
// checks flags, works on the library, and prints.
package cli

// Package bench is what the programs that measure demarc share: documents
// without end to measure on, and the figures of a run and how they are written.
// No part of demarc that others link imports it.
package bench

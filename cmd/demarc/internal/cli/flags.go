package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/schema"
)

// enumValue is a flag that takes one of a set of values.
type enumValue[T ~string] struct {
	dest    *T
	allowed []T
}

func (v enumValue[T]) String() string {
	if v.dest == nil {
		return ""
	}
	return string(*v.dest)
}
func (v enumValue[T]) Type() string { return "string" }
func (v enumValue[T]) Set(s string) error {
	if !slices.Contains(v.allowed, T(s)) {
		return fmt.Errorf("want one of %s", list(v.allowed))
	}
	*v.dest = T(s)
	return nil
}

// enumsValue is a flag that takes several of a set of values, separated by
// commas or given one by one.
type enumsValue[T ~string] struct {
	dest    *[]T
	allowed []T
}

func (v enumsValue[T]) String() string {
	if v.dest == nil {
		return ""
	}
	return list(*v.dest)
}
func (v enumsValue[T]) Type() string { return "strings" }
func (v enumsValue[T]) Set(s string) error {
	for one := range strings.SplitSeq(s, ",") {
		if !slices.Contains(v.allowed, T(one)) {
			return fmt.Errorf("%q is none of %s", one, list(v.allowed))
		}
		*v.dest = append(*v.dest, T(one))
	}
	return nil
}

func list[T ~string](values []T) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(v))
	}
	return b.String()
}

// addEnumFlag gives a command a flag with a fixed set of values, which are
// checked, shown in the help and completed by the shell.
func addEnumFlag[T ~string](cmd *cobra.Command, dest *T, name, short string, value T, allowed []T, usage string) {
	*dest = value
	cmd.Flags().VarP(enumValue[T]{dest, allowed}, name, short, usage+": "+list(allowed))
	completeFlag(cmd, name, allowed)
}

// addEnumsFlag is [addEnumFlag] for a flag that takes several values.
func addEnumsFlag[T ~string](cmd *cobra.Command, dest *[]T, name string, allowed []T, usage string) {
	cmd.Flags().Var(enumsValue[T]{dest, allowed}, name, usage+": "+list(allowed))
	completeFlag(cmd, name, allowed)
}

func completeFlag[T ~string](cmd *cobra.Command, name string, allowed []T) {
	var values []string
	for _, v := range allowed {
		values = append(values, string(v))
	}
	// It fails only for a flag that is not there.
	cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// dateValue is a flag that takes a date.
type dateValue struct{ dest *schema.Date }

func (v dateValue) String() string {
	if v.dest == nil {
		return ""
	}
	return v.dest.String()
}
func (v dateValue) Type() string { return "date" }
func (v dateValue) Set(s string) error {
	d, err := schema.ParseDate(s)
	if err != nil {
		return err
	}
	*v.dest = d
	return nil
}

func addDateFlag(cmd *cobra.Command, dest *schema.Date, name, usage string) {
	cmd.Flags().Var(dateValue{dest}, name, usage+" (YYYY, YYYY-MM or YYYY-MM-DD)")
	cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
}

// predicates lists the vocabulary's predicates, as values for a flag.
func predicates() []schema.Predicate {
	var ps []schema.Predicate
	for _, info := range schema.Predicates() {
		ps = append(ps, info.Predicate)
	}
	return ps
}

// inUnit refuses a share that is not between 0 and 1.
func inUnit(name string, v float64) error {
	if v < 0 || v > 1 {
		return usagef("--%s %v: want a number from 0 to 1", name, v)
	}
	return nil
}

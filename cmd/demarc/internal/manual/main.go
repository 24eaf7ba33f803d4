// Command manual writes what packages of demarc bring along besides the program:
// its manual pages and the completion scripts of the shells, made from the
// commands themselves.
//
//	go run ./cmd/demarc/internal/manual -out build/share
//
// The folder gets what belongs below /usr/share. The pages' date is
// $SOURCE_DATE_EPOCH's, or none.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/demarcgraph/demarc/cmd/demarc/internal/cli"
)

func main() {
	out := flag.String("out", "", "`folder` to write into")
	flag.Parse()
	if *out == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := write(*out, os.Getenv("SOURCE_DATE_EPOCH")); err != nil {
		fmt.Fprintf(os.Stderr, "manual: %v\n", err)
		os.Exit(1)
	}
}

// write writes all below the folder out.
func write(out, epoch string) error {
	header := &doc.GenManHeader{Source: "demarc", Manual: "demarc manual"}
	if epoch != "" {
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return fmt.Errorf("SOURCE_DATE_EPOCH=%s: want seconds since 1970", epoch)
		}
		date := time.Unix(seconds, 0).UTC()
		header.Date = &date
	}
	root := cli.Root()
	for _, f := range []struct {
		path  string
		write func(*bytes.Buffer) error
	}{
		{"bash-completion/completions/demarc", func(w *bytes.Buffer) error { return root.GenBashCompletionV2(w, true) }},
		{"zsh/site-functions/_demarc", func(w *bytes.Buffer) error { return root.GenZshCompletion(w) }},
		{"fish/vendor_completions.d/demarc.fish", func(w *bytes.Buffer) error { return root.GenFishCompletion(w, true) }},
		{"powershell/demarc.ps1", func(w *bytes.Buffer) error { return root.GenPowerShellCompletionWithDesc(w) }},
	} {
		if err := writeFile(filepath.Join(out, f.path), f.write); err != nil {
			return err
		}
	}
	return writePages(filepath.Join(out, "man"), root, header)
}

// writePages writes the pages of a command and of those below it: commands are
// in section 1 of the manual, topics of help in section 7.
func writePages(dir string, cmd *cobra.Command, header *doc.GenManHeader) error {
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.IsAdditionalHelpTopicCommand() {
			if err := writePages(dir, c, header); err != nil {
				return err
			}
		}
	}
	asMarkdown(cmd)
	own := *header // the page's title is filled in
	own.Section = "1"
	if cmd.IsAdditionalHelpTopicCommand() {
		own.Section = "7"
	}
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + "." + own.Section
	return writeFile(filepath.Join(dir, "man"+own.Section, name), func(w *bytes.Buffer) error {
		if err := doc.GenMan(cmd, &own, w); err != nil {
			return err
		}
		if own.Section == "7" {
			topic(w)
		}
		if header.Date == nil { // the library would take today's
			undated(w)
		}
		return nil
	})
}

// asMarkdown makes of the texts of a command, which are plain, the Markdown that
// pages are made of: tables, which begin with spaces, keep their lines.
func asMarkdown(cmd *cobra.Command) {
	cmd.DisableAutoGenTag = true
	var b strings.Builder
	table := false
	for line := range strings.Lines(cmd.Long) {
		indented := strings.HasPrefix(line, "  ")
		if indented != table && b.Len() > 0 {
			b.WriteByte('\n')
		}
		if table = indented; table {
			b.WriteString("    " + line)
		} else {
			special.WriteString(&b, line)
		}
	}
	cmd.Long = b.String()
}

// special escapes what means something in Markdown.
var special = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "<", `\<`, ">", `\>`, "[", `\[`, "]", `\]`, "`", "\\`", "#", `\#`)

// topic leaves of the page of a command what a topic, which nobody runs, has.
func topic(w *bytes.Buffer) {
	const heading = "\n.SH "
	sections := strings.Split(w.String(), heading)
	page := sections[0]
	for _, s := range sections[1:] {
		if strings.HasPrefix(s, "NAME") || strings.HasPrefix(s, "DESCRIPTION") {
			page += heading + s
		}
	}
	w.Reset()
	w.WriteString(page + heading + "SEE ALSO\n\\fBdemarc(1)\\fP\n")
}

// undated takes the date out of a page's heading.
func undated(w *bytes.Buffer) {
	page := w.String()
	head, rest, _ := strings.Cut(page, "\n.SH ")
	at := strings.Index(head, ".TH ")
	fields := strings.SplitN(head[at:], `" "`, 4) // title, section, date, source
	fields[2] = ""
	w.Reset()
	w.WriteString(head[:at] + strings.Join(fields, `" "`) + "\n.SH " + rest)
}

func writeFile(path string, write func(*bytes.Buffer) error) error {
	var w bytes.Buffer
	if err := write(&w); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, w.Bytes(), 0o644)
}

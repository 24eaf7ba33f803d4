package source

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/demarcgraph/demarc/schema"
)

// decode makes text of a file's bytes. The encoding is the one given, else
// what a byte order mark says, else UTF-8 if the bytes are that, else the one
// that the file declares, else windows-1252 if they read well as that. Bytes
// that are not of the encoding are an error that names the first place.
//
// A byte order mark of UTF-8 stays in the text, so that offsets are the file's.
func decode(data []byte, given, declared string) (string, []schema.Run, error) {
	var enc encoding.Encoding
	switch {
	case given != "":
		var err error
		if enc, err = lookup(given); err != nil {
			return "", nil, err
		}
	case bytes.HasPrefix(data, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff")):
		return "", nil, wrong(Encoding, "the text is UTF-32, which is not read")
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		enc = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		enc = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case bytes.IndexByte(data, 0) >= 0:
		if enc = guessUTF16(data); enc == nil {
			return "", nil, binary(data)
		}
	case utf8.Valid(data) && !bytes.Contains(data, []byte("\x1b$")): // the shift of ISO-2022
	default:
		if declared != "" {
			var err error
			if enc, err = lookup(declared); err != nil {
				return "", nil, err
			}
		}
		// A page may well declare UTF-8 and not be it.
		if enc == nil && readsAsWindows1252(data) {
			enc = charmap.Windows1252
		}
	}
	if enc == nil {
		if !utf8.Valid(data) {
			return "", nil, notUTF8(data)
		}
		text := string(data)
		return text, nil, checkText(text)
	}
	text, runs, err := transcode(data, enc)
	if err != nil {
		return "", nil, err
	}
	return text, runs, checkText(text)
}

// lookup finds an encoding by its name on the web; nil is UTF-8.
func lookup(label string) (encoding.Encoding, error) {
	label = strings.TrimSpace(label)
	enc, name := charset.Lookup(label)
	switch {
	case enc == nil || name == "replacement":
		return nil, wrong(Encoding, "no encoding %q is known", label)
	case name == "utf-8":
		return nil, nil
	}
	return enc, nil
}

// maxControls is the share of control characters, one in so many bytes, that
// text may hold; what has more is binary.
const maxControls = 200

// checkText refuses what is no text though it decodes as some.
func checkText(text string) error {
	controls := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == 0:
			return binary([]byte(text))
		case c < ' ' && !strings.ContainsRune("\t\n\v\f\r\x1b\b", rune(c)), c == 0x7f:
			controls++
		}
	}
	if controls > 8 && controls > len(text)/maxControls {
		return binary([]byte(text))
	}
	return nil
}

// binary says what a file that is no text looks like.
func binary(data []byte) error {
	for _, known := range []struct{ magic, what string }{
		{"%PDF-", "a PDF file"},
		{"PK\x03\x04", "a ZIP archive or an Office document"},
		{"\xd0\xcf\x11\xe0", "an old Office document"},
		{"\x1f\x8b", "a gzip file"},
		{"\x89PNG", "an image"},
		{"\xff\xd8\xff", "an image"},
		{"GIF8", "an image"},
		{"\x7fELF", "a program"},
	} {
		if bytes.HasPrefix(data, []byte(known.magic)) {
			return wrong(Binary, "it is no text: it looks like %s", known.what)
		}
	}
	return wrong(Binary, "it is no text: it holds bytes that text does not")
}

func notUTF8(data []byte) *Error {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			line := 1 + bytes.Count(data[:i], []byte("\n"))
			e := wrong(Encoding, "byte %d (%#02x) is not valid UTF-8", i, data[i])
			e.Line = line
			return e
		}
		i += n
	}
	return wrong(Encoding, "not valid UTF-8")
}

// guessUTF16 tells UTF-16 without a byte order mark by the zero bytes that
// Latin letters, spaces and line ends have in it: in every second place only.
func guessUTF16(data []byte) encoding.Encoding {
	sample := data[:min(len(data), peekSize)&^1]
	if len(sample) < 4 || len(data)%2 != 0 {
		return nil
	}
	var zeros [2]int
	for i, c := range sample {
		if c == 0 {
			zeros[i%2]++
		}
	}
	half := len(sample) / 2
	switch {
	case zeros[0] == 0 && zeros[1] > half/2:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case zeros[1] == 0 && zeros[0] > half/2:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// readsAsWindows1252 reports whether bytes that are not UTF-8 look like prose
// in windows-1252, of which latin-1 is a part: letters with accents within
// words and the punctuation of word processors. Bytes that also hold
// characters of UTF-8, or others than those, are taken for damaged UTF-8.
func readsAsWindows1252(data []byte) bool {
	letter := func(i int) bool {
		if i < 0 || i >= len(data) {
			return false
		}
		c := data[i]
		return 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0xc0
	}
	space := func(i int) bool { return i < 0 || i >= len(data) || strings.IndexByte(" \t\r\n'", data[i]) >= 0 }
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		if r, n := utf8.DecodeRune(data[i:]); r != utf8.RuneError && n > 1 {
			return false
		}
		switch c := data[i]; {
		case strings.IndexByte("\x81\x8d\x8f\x90\x9d", c) >= 0: // of no meaning
			return false
		case c == 0xf0 || c >= 0xfe: // rare letters, frequent in damaged files
			return false
		case c == 0xd7 || c == 0xf7: // × and ÷
			if letter(i-1) || letter(i+1) {
				return false
			}
		case c >= 0xe0:
			if !letter(i-1) && !letter(i+1) && !(space(i-1) && space(i+1)) {
				return false
			}
		case c >= 0xc0:
			if !letter(i+1) && !letter(i-1) && !(space(i-1) && space(i+1)) {
				return false
			}
		case strings.IndexByte("\x85\x91\x92\x93\x94\x95\x96\x97\x8a\x8c\x8e\x9a\x9c\x9e\x9f\xa0\xa7\xa9\xab\xad\xae\xb0\xb7\xbb", c) >= 0:
		case strings.IndexByte("\x80\xa3\xa5\xb2\xb3\xb4\xb9\xba\xaa\xbc\xbd\xbe\x99\xb1\xb5\xb6\xa1\xbf\x84\x8b\x9b\x82\xa2", c) >= 0:
			if !letter(i-1) && !letter(i+1) && !digit(data, i-1) && !digit(data, i+1) {
				return false
			}
		default:
			return false
		}
		i++
	}
	return true
}

func digit(data []byte, i int) bool {
	return i >= 0 && i < len(data) && '0' <= data[i] && data[i] <= '9'
}

// maxSequence is more bytes than any character, with the escapes before it,
// takes in any encoding of the web.
const maxSequence = 16

// transcode decodes character by character, to know where each came from.
func transcode(data []byte, enc encoding.Encoding) (string, []schema.Run, error) {
	var b builder
	b.text.Grow(len(data))
	t := enc.NewDecoder().Transformer
	var dst [64]byte
	for i := 0; i < len(data); {
		n := 1
		for {
			end := min(i+n, len(data))
			nDst, nSrc, err := t.Transform(dst[:], data[i:end], end == len(data))
			if nSrc == 0 && errors.Is(err, transform.ErrShortSrc) && n < maxSequence {
				n++
				continue
			}
			if nSrc == 0 {
				return "", nil, wrong(Encoding, "byte %d (%#02x) does not fit the encoding %v", i, data[i], enc)
			}
			got := string(dst[:nDst])
			if strings.ContainsRune(got, utf8.RuneError) {
				e := wrong(Encoding, "byte %d (%#02x) does not fit the encoding %v", i, data[i], enc)
				e.Line = 1 + strings.Count(b.text.String(), "\n")
				return "", nil, e
			}
			if got == string(data[i:i+nSrc]) {
				b.verbatim(got, i)
			} else {
				b.stand(got, i)
			}
			i += nSrc
			break
		}
	}
	text, runs := b.build()
	return text, runs, nil
}

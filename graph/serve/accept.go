package serve

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// accepted returns which of some media types a client prefers, as its Accept
// header says (RFC 9110, section 12.5.1): of those that it likes alike the first.
// Without the header it takes any. ok is false where it takes none.
func accepted(header http.Header, offers []string) (best string, ok bool) {
	accept := strings.Join(header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return offers[0], true
	}
	most := 0.0
	for _, o := range offers {
		if q := quality(accept, o); q > most {
			best, most = o, q
		}
	}
	return best, most > 0
}

// quality is how much an Accept header likes a media type, from 0 to 1: what the
// most specific of its ranges that the type is in says.
func quality(accept, mediaType string) float64 {
	q, specific := 0.0, -1
	major, _, _ := strings.Cut(mediaType, "/")
	for one := range strings.SplitSeq(accept, ",") {
		kind, params, err := mime.ParseMediaType(one)
		if err != nil {
			continue
		}
		how := -1
		switch kind {
		case mediaType:
			how = 2
		case major + "/*":
			how = 1
		case "*/*":
			how = 0
		}
		if how <= specific {
			continue
		}
		specific, q = how, 1
		if text, ok := params["q"]; ok {
			if q, err = strconv.ParseFloat(text, 64); err != nil || !(q >= 0 && q <= 1) {
				q = 0
			}
		}
	}
	return q
}

// mediaType refuses a body that is not of a media type.
func (r *request) mediaType(want string) error {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != want {
		return refusef(http.StatusUnsupportedMediaType, "the body must be %s, and the header Content-Type must say so", want)
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return refusef(http.StatusUnsupportedMediaType, "the body is in %s: want UTF-8", charset)
	}
	return nil
}

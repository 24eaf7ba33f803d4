package serve

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// mayAskBy reports whether the server may be asked by a host's name, as a
// request's Host header gives it. A page of another site can make its own name
// lead here, and would then count as this site (DNS rebinding); it cannot do so
// with an address, nor with localhost.
func (s *Server) mayAskBy(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return true
	}
	return s.hosts[host] || strings.HasSuffix(host, ".localhost")
}

// authorize refuses requests without the token, where there is one.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) error {
	if s.opts.Token == "" {
		return nil
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	// Digests are of one length, so that the comparison tells nothing of it.
	given, want := sha256.Sum256([]byte(strings.TrimSpace(token))), sha256.Sum256([]byte(s.opts.Token))
	if subtle.ConstantTimeCompare(given[:], want[:]) == 1 && strings.EqualFold(scheme, "Bearer") {
		return nil
	}
	w.Header().Set("WWW-Authenticate", `Bearer realm="demarc"`)
	if scheme == "" {
		return refusef(http.StatusUnauthorized, "this needs the server's token, in the header Authorization: Bearer TOKEN")
	}
	return refusef(http.StatusUnauthorized, "that is not the server's token")
}

// sameSite refuses what a browser sends for another site: of requests that could
// change something, those of any other origin, and of the others those that are
// not a link that somebody followed.
func (s *Server) sameSite(r *http.Request) error {
	if err := crossOrigin.Check(r); err != nil {
		return refusef(http.StatusForbidden, "a page of another site sent this: %v", err)
	}
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" && r.Header.Get("Sec-Fetch-Mode") != "navigate" {
		return refusef(http.StatusForbidden, "a page of another site sent this")
	}
	return nil
}

var crossOrigin = http.NewCrossOriginProtection()

package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestAbuse floods a server with requests made from the description and broken
// in many ways: slow, huge, malformed and hostile ones. It must answer each as
// HTTP has it or cut the connection, answer well-formed ones all the while, and
// keep neither goroutine nor file once it is over. DEMARC_ABUSE is how many
// requests there are.
func TestAbuse(t *testing.T) {
	n := 600
	if testing.Short() {
		n = 200
	}
	if text := os.Getenv("DEMARC_ABUSE"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	about, err := describe()
	if err != nil {
		t.Fatal(err)
	}
	g := samples(t)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}, Timeout: 30 * time.Second}
	goroutines, files := runtime.NumGoroutine(), openFiles()
	limits := Limits{Header: 300 * time.Millisecond, Read: 500 * time.Millisecond, Idle: time.Second, Query: 2 * time.Second, Body: 64 << 10, Wait: time.Second, Concurrent: 4, Rows: 10_000, Memory: 16 << 20, Result: 4 << 20}
	base, stop := running(t, Own(g), Options{Limits: limits})
	addr := strings.TrimPrefix(base, "http://")

	// Somebody asks as one should, all the time.
	calm, over := context.WithCancel(t.Context())
	served := 0
	var friends sync.WaitGroup
	friends.Go(func() {
		for i := 0; calm.Err() == nil; i++ {
			path := []string{"/healthz", "/api/v1/documents?limit=2", "/sparql?query=ASK%7B%7D", "/api/v1/entities/state/japan"}[i%4]
			resp, err := client.Get(base + path)
			if err != nil {
				t.Errorf("a well-formed request: %v", err)
				return
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if resp.StatusCode == http.StatusServiceUnavailable { // it has to wait its turn
				continue
			}
			if resp.StatusCode != http.StatusOK {
				t.Errorf("%s: %s", path, resp.Status)
			}
			served++
		}
	})

	statuses := map[int]int{}
	var mu sync.Mutex
	var foes sync.WaitGroup
	jobs := make(chan int)
	for range 8 {
		foes.Go(func() {
			for i := range jobs {
				a := &abuse{about: about, rnd: rand.New(rand.NewPCG(9, uint64(i)))}
				status, err := a.send(addr, limits)
				if err != nil {
					t.Errorf("request %d: %v", i, err)
				}
				mu.Lock()
				statuses[status]++
				mu.Unlock()
			}
		})
	}
	for i := range n {
		jobs <- i
	}
	close(jobs)
	foes.Wait()
	over()
	friends.Wait()
	t.Logf("%d requests by status (0: cut off): %v; %d well-formed ones answered meanwhile", n, statuses, served)
	if statuses[500] > 0 {
		t.Errorf("%d requests made the server fail", statuses[500])
	}
	for _, status := range []int{200, 400, 404, 405, 421} {
		if statuses[status] == 0 {
			t.Errorf("no request was answered with %d: the flood is too tame", status)
		}
	}
	if served < n/50 {
		t.Errorf("only %d well-formed requests were answered", served)
	}
	if w, err := client.Get(base + "/api/v1/ask?q=Who+administers+the+Senkaku+Islands%3F"); err != nil || w.StatusCode != 200 {
		t.Errorf("afterwards: %v %v", w, err)
	} else {
		w.Body.Close()
	}
	client.CloseIdleConnections()
	if err := stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	for wait := time.Now(); runtime.NumGoroutine() > goroutines || openFiles() > files; time.Sleep(20 * time.Millisecond) {
		if time.Since(wait) > 10*time.Second {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, %d before; %d files, %d before\n%s", runtime.NumGoroutine(), goroutines, openFiles(), files, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

// openFiles counts the process's open files, 0 where the system does not tell.
func openFiles() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}

// abuse makes one request of a number.
type abuse struct {
	about *description
	rnd   *rand.Rand
}

func pick[T any](a *abuse, from ...T) T { return from[a.rnd.IntN(len(from))] }

// nasty are texts that have broken programs.
var nasty = []string{
	"", " ", "\x00", "%00", "..%2f..%2fetc%2fpasswd", "../../../../etc/passwd", "file:///etc/passwd", "\\\\host\\share", "<script>alert(1)</script>", "' OR 1=1 --",
	"${jndi:ldap://x}", "{{7*7}}", "\u202e\u2066x", "\xff\xfe", "\xc0\xaf", "-1", "0", "1e309", "NaN", "99999999999999999999", "true", "null", "[]", "{}", "9999-99-99",
	"territory/", "/", "//", "state/japan/../../x", "Japan", "territory/shikotan", strings.Repeat("a", 3000), strings.Repeat("(", 2000), strings.Repeat("é", 500), "\r\nX-Injected: 1",
	"SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a", "SELECT * { ?s (<a>|<b>)* ?o }", strings.Repeat("{", 5000), "ASK { FILTER(REGEX(\"aaaaaaaaaaaaaaaaaaaaaaaa!\", \"(a+)+$\")) }",
	"CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "DESCRIBE ?s { ?s ?p ?o }", "DROP ALL", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
}

// text is a value for a parameter: as the description has it, or not.
func (a *abuse) text(s *jsonSchema) string {
	s = a.about.of(s)
	if a.rnd.IntN(3) == 0 {
		return pick(a, nasty...)
	}
	switch {
	case len(s.Enum) > 0:
		return pick(a, s.Enum...)
	case s.Type == "array":
		return a.text(s.Items)
	case s.Type == "integer":
		return strconv.Itoa(a.rnd.IntN(1000) - 10)
	case s.Type == "number":
		return fmt.Sprint(a.rnd.Float64()*1.2 - 0.1)
	case s.Type == "boolean":
		return pick(a, "true", "false", "1")
	case s.Pattern != "":
		return pick(a, "1956", "1956-10-19", "195X", "1956~", "381dd3186397f9f34d5772991601fa92", "abcd")
	}
	return pick(a, "Japan", "Shikotan", "territory/shikotan", "Who claims Shikotan?", "kurils-talks-2022", "ASK {}", "SELECT * { ?s dm:claims ?o }")
}

// send sends one request and returns the answer's status, 0 where the server cut
// the connection, as it may do with what is no HTTP.
func (a *abuse) send(addr string, limits Limits) (status int, err error) {
	op := pick(a, a.about.operations...)
	path, query := op.path, url.Values{}
	header := []string{"Host: " + pick(a, "localhost", "localhost", "localhost", addr, addr, addr, "evil.example", "", "a b", strings.Repeat("h", 300))}
	for _, p := range op.Parameters {
		switch value := a.text(p.Schema); p.In {
		case "path":
			path = strings.Replace(path, "{"+p.Name+"}", url.PathEscape(value), 1)
		case "query":
			if p.Required || a.rnd.IntN(2) == 0 {
				for range 1 + a.rnd.IntN(20)/19*300 {
					query.Add(p.Name, value)
				}
			}
		case "header":
			header = append(header, p.Name+": "+pick(a, "1", "0", "\x01"))
		}
	}
	if a.rnd.IntN(8) == 0 {
		query.Add(pick(a, nasty...), pick(a, nasty...))
	}
	target := path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	method := op.method
	if a.rnd.IntN(8) == 0 {
		method = pick(a, "PUT", "PATCH", "OPTIONS", "HEAD", "TRACE", "CONNECT", "BREW", "DELETE", "POST", "GET")
	}
	var body []byte
	if op.RequestBody != nil {
		kind := pick(a, "text/plain", "")
		for known := range op.RequestBody.Content {
			if len(known) > len(kind) && a.rnd.IntN(2) == 0 || a.rnd.IntN(20) == 0 {
				kind = known
			}
		}
		switch a.rnd.IntN(6) {
		case 0:
			body = bytes.Repeat([]byte("x"), int(limits.Body)*2)
		case 1:
			body = []byte(strings.Repeat(`{"question":`, 5000))
		case 2:
			body = []byte(`{"question": ` + strconv.Quote(pick(a, nasty...)) + `}`)
		case 3:
			body = []byte("query=" + url.QueryEscape(pick(a, nasty...)) + "&query=x"[:a.rnd.IntN(9)])
		default:
			body = []byte(pick(a, nasty...))
		}
		header = append(header, "Content-Type: "+kind)
	}
	switch a.rnd.IntN(12) {
	case 0:
		header = append(header, "Origin: https://evil.example", "Sec-Fetch-Site: cross-site")
	case 1:
		header = append(header, "Accept: "+pick(a, "text/csv", "*/*;q=x", strings.Repeat("a/b,", 500), "text/turtle"))
	case 2:
		header = append(header, "If-None-Match: "+pick(a, "*", `W/"x"`, strings.Repeat(`"x",`, 1000)))
	case 3:
		header = append(header, "X-Long: "+strings.Repeat("x", 1<<10*(1+a.rnd.IntN(128))))
	case 4:
		header = append(header, "Range: bytes=5-1", "Expect: 200-maybe")
	}
	length := len(body)
	if a.rnd.IntN(10) == 0 {
		length += a.rnd.IntN(100) // which never comes
	}
	if a.rnd.IntN(20) == 0 {
		header = append(header, "Transfer-Encoding: chunked")
	} else if length > 0 {
		header = append(header, "Content-Length: "+strconv.Itoa(length))
	}
	raw := []byte(method + " " + target + " HTTP/1." + pick(a, "1", "1", "1", "0", "7") + "\r\n" + strings.Join(header, "\r\n") + "\r\nConnection: close\r\n\r\n")
	raw = append(raw, body...)
	switch a.rnd.IntN(12) {
	case 0: // bytes that are not HTTP
		for range 1 + a.rnd.IntN(10) {
			raw[a.rnd.IntN(len(raw))] = byte(a.rnd.IntN(256))
		}
	case 1: // cut short
		raw = raw[:a.rnd.IntN(len(raw))]
	}

	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(30 * time.Second))
	if a.rnd.IntN(20) == 0 { // slowly
		for i := 0; i < len(raw) && i < 10; i++ {
			if _, err := conn.Write(raw[i : i+1]); err != nil {
				return 0, nil
			}
			time.Sleep(60 * time.Millisecond)
		}
		raw = raw[min(10, len(raw)):]
	}
	conn.Write(raw) // the server may have had enough before it is all there
	if a.rnd.IntN(20) == 0 {
		return 0, nil // gone without waiting
	}
	answer, err := io.ReadAll(io.LimitReader(conn, 64<<10))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return 0, fmt.Errorf("%.200q was neither answered nor cut off", raw)
	}
	if len(answer) == 0 {
		return 0, nil
	}
	if _, err := fmt.Sscanf(string(answer[:min(len(answer), 20)]), "HTTP/1.%d %d", new(int), &status); err != nil {
		return 0, fmt.Errorf("%.200q was answered with %.200q", raw, answer)
	}
	head, _, _ := bytes.Cut(answer, []byte("\r\n\r\n"))
	if bytes.Contains(head, []byte("\nX-Injected")) {
		return status, fmt.Errorf("%.200q put a header into the answer", raw)
	}
	return status, nil
}

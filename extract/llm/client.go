package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/shared"
)

const (
	seed        = 1
	maxAttempts = 4                // requests for one piece of a document
	firstPause  = time.Second      // before the second attempt; doubled for each further one
	maxPause    = 30 * time.Second // longer than this is not waited for
	maxAnswer   = 4 << 20          // bytes of one response
	maxFault    = 64 << 10         // bytes that are read of an error response
)

// client asks one model of one server.
type client struct {
	chat    openai.ChatCompletionService
	model   string
	format  json.RawMessage // the JSON schema of answers
	timeout time.Duration
	pause   func(ctx context.Context, d time.Duration) error
	now     func() time.Time
}

// newClient sends nothing. The services of openai-go are used one by one since
// its own client would take keys and addresses from OPENAI_… variables, and
// send a key meant for one server to another.
func newClient(url, model, env, key string, h *http.Client, timeout time.Duration, format json.RawMessage) *client {
	if h == nil {
		h = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	options := []option.RequestOption{
		option.WithBaseURL(url), option.WithHTTPClient(h), option.WithMaxRetries(0),
		option.WithHeader("User-Agent", "demarc"),
		option.WithMiddleware(guard(env, key)),
	}
	for _, name := range []string{"Lang", "Package-Version", "OS", "Arch", "Runtime", "Runtime-Version", "Retry-Count", "Timeout"} {
		options = append(options, option.WithHeaderDel("X-Stainless-"+name))
	}
	if key != "" {
		options = append(options, option.WithAPIKey(key))
	}
	return &client{
		chat: openai.NewChatCompletionService(options...), model: model, format: format, timeout: timeout,
		pause: pause, now: time.Now,
	}
}

// pause waits for d or until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// reply is a model's answer and what it cost.
type reply struct {
	text                         string
	requests                     int
	promptTokens, answeredTokens int
}

// ask sends the instructions and the prompt, and again where the failure may
// pass. It fails where ctx ends, the server fails for good, or the model
// refuses or does not finish.
func (c *client) ask(ctx context.Context, prompt string) (r reply, err error) {
	for wait := firstPause; ; wait *= 2 {
		r.requests++
		var res *openai.ChatCompletion
		if res, err = c.send(ctx, prompt); err == nil {
			r.promptTokens, r.answeredTokens = int(res.Usage.PromptTokens), int(res.Usage.CompletionTokens)
			r.text, err = content(res)
			return r, err
		}
		var fault *statusError
		var broken *connectionError
		again := errors.As(err, &broken)
		delay := wait
		if errors.As(err, &fault) {
			again = fault.temporary()
			delay = max(wait, fault.after(c.now()))
		}
		switch {
		case ctx.Err() != nil:
			return r, ctx.Err()
		case !again:
			return r, err
		case r.requests == maxAttempts:
			return r, fmt.Errorf("%w, %d times", err, maxAttempts)
		case delay > maxPause:
			return r, fmt.Errorf("%w, and wants %v of patience", err, delay.Round(time.Second))
		}
		if err := c.pause(ctx, delay); err != nil {
			return r, err
		}
	}
}

// send makes one request.
func (c *client) send(ctx context.Context, prompt string) (*openai.ChatCompletion, error) {
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	res, err := c.chat.New(limited, openai.ChatCompletionNewParams{
		Model: c.model,
		Messages: []openai.ChatCompletionMessageParamUnion{
			openai.SystemMessage(instructions()),
			openai.UserMessage(prompt),
		},
		Temperature: openai.Float(0),
		Seed:        openai.Int(seed),
		ResponseFormat: openai.ChatCompletionNewParamsResponseFormatUnion{
			OfJSONSchema: &shared.ResponseFormatJSONSchemaParam{
				JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{
					Name: "facts", Strict: openai.Bool(true), Schema: c.format,
				},
			},
		},
	})
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		return nil, fmt.Errorf("the server did not answer within %v", c.timeout)
	}
	return res, err
}

// content returns what the model said, where it said it to the end.
func content(res *openai.ChatCompletion) (string, error) {
	if len(res.Choices) == 0 {
		return "", errors.New("the server's answer is empty")
	}
	choice := res.Choices[0]
	switch {
	case choice.Message.Refusal != "":
		return "", fmt.Errorf("the model refuses: %s", brief(choice.Message.Refusal))
	case choice.FinishReason == "length":
		return "", errors.New("the model's answer is cut off: its output limit or context is too small")
	case choice.FinishReason == "content_filter":
		return "", errors.New("the server's content filter holds the answer back")
	}
	return choice.Message.Content, nil
}

// statusError is an answer other than success.
type statusError struct {
	code       int
	message    string
	retryAfter string
}

func (e *statusError) Error() string {
	s := fmt.Sprintf("the server answers %d %s", e.code, http.StatusText(e.code))
	if e.message != "" {
		s += ": " + e.message
	}
	return s
}

// temporary reports whether the same request may succeed later.
func (e *statusError) temporary() bool {
	switch e.code {
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return e.code >= 500 && e.code != http.StatusNotImplemented
}

// after returns how long the server asks to wait, in either form of RFC 9110.
func (e *statusError) after(now time.Time) time.Duration {
	if s, err := strconv.ParseFloat(e.retryAfter, 64); err == nil && s >= 0 {
		return time.Duration(min(s, 1e6) * float64(time.Second))
	}
	if t, err := http.ParseTime(e.retryAfter); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}

// connectionError is a request that no whole answer came to.
type connectionError struct{ err error }

func (e *connectionError) Error() string { return "the server cannot be reached: " + e.err.Error() }
func (e *connectionError) Unwrap() error { return e.err }

var errHuge = fmt.Errorf("the server's answer is longer than %d MiB", maxAnswer>>20)

// guard returns the step around every request that turns failures into errors
// of this package, bounds what is read, and keeps the key out of what is said.
func guard(env, key string) option.Middleware {
	return func(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
		res, err := next(req)
		if err != nil {
			return nil, &connectionError{err}
		}
		if res.StatusCode >= 200 && res.StatusCode < 300 {
			res.Body = &limitedBody{res.Body, maxAnswer}
			return res, nil
		}
		defer res.Body.Close()
		fault := &statusError{code: res.StatusCode, retryAfter: res.Header.Get("Retry-After")}
		switch {
		case res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden:
			fault.message = "it wants another key in $" + env // its own words may repeat the key
		case res.StatusCode < 400:
			fault.message = "give the address that it redirects to"
		default:
			body, _ := io.ReadAll(io.LimitReader(res.Body, maxFault)) // what there is of it explains enough
			if key != "" {
				body = bytes.ReplaceAll(body, []byte(key), []byte("[key]"))
			}
			fault.message = explain(body)
		}
		return nil, fault
	}
}

// explain returns what the body of an error response says.
func explain(body []byte) string {
	var said struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &said) != nil || said.Error.Message == "" {
		if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
			return "" // a page
		}
		return brief(string(body))
	}
	return brief(said.Error.Message)
}

// brief returns a foreign text as it can stand in a message: one short line.
func brief(s string) string {
	const most = 200
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))), " ")
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// limitedBody fails where a body is longer than left bytes.
type limitedBody struct {
	io.ReadCloser
	left int
}

func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left+1)])
	if b.left -= n; b.left < 0 {
		return 0, errHuge
	}
	if err != nil && err != io.EOF {
		err = &connectionError{err}
	}
	return n, err
}

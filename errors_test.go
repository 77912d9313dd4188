package clarifai_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
)

var sentinels = []error{
	clarifai.ErrInvalidArgument, clarifai.ErrInvalidPage, clarifai.ErrUnauthorized, clarifai.ErrForbidden, clarifai.ErrNotFound,
	clarifai.ErrRateLimited, clarifai.ErrResultWindow, clarifai.ErrPageRepeated, clarifai.ErrPartialFailure,
	clarifai.ErrInvalidResponse, clarifai.ErrResponseTooLarge,
}

// failingWith returns the error of a call whose attempt fails with a cause.
func failingWith(t *testing.T, cause error) error {
	t.Helper()
	client, mock := newClient(t, clarifai.WithRetry(clarifai.RetryPolicy{}))
	mock.RegisterNoResponder(httpmock.NewErrorResponder(cause))
	_, err := client.ListInputs(t.Context(), nil)
	return err
}

// quotaError is an error of a transport.
type quotaError struct{ text string }

func (e *quotaError) Error() string { return e.text }

// silentError has a text that does not say what it wraps.
type silentError struct{ error }

func (e silentError) Error() string { return "failed" }
func (e silentError) Unwrap() error { return e.error }

func TestErrorsKeepTheTypeOfTheirCause(t *testing.T) {
	long := strings.Repeat("x", 5000)
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", io.ErrUnexpectedEOF)}
	for name, cause := range map[string]error{
		"as it is":               refused,
		"long":                   fmt.Errorf("%s: %w", long, refused),
		"with the token":         fmt.Errorf("proxy said Key %s: %w", token, refused),
		"long, with the token":   fmt.Errorf("%s %s: %w", long, token, refused),
		"twice wrapped":          fmt.Errorf("%s: %w", long, fmt.Errorf("%s: %w", token, refused)),
		"among others":           errors.Join(errors.New(token), fmt.Errorf("%w: %w", errors.New(long), refused)),
		"in a URL":               &url.Error{Op: "Get", URL: "https://example.com/?key=" + token, Err: refused},
		"below a text without":   silentError{fmt.Errorf("Key %s: %w", token, refused)},
		"beside what shows none": errors.Join(silentError{errors.New(token)}, refused),
	} {
		err := failingWith(t, cause)
		var op *net.OpError
		if !errors.Is(err, io.ErrUnexpectedEOF) || !errors.As(err, &op) || op != refused {
			t.Errorf("%s: errors.Is: %t, errors.As: %v", name, errors.Is(err, io.ErrUnexpectedEOF), op)
		}
		if !errors.Is(err, cause) && name != "as it is" && name != "in a URL" { // net/http has its own *url.Error
			t.Errorf("%s: the cause is lost", name)
		}
		if errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: is what it is not", name)
		}
		if len(err.Error()) > 1200 || strings.Contains(err.Error(), token) {
			t.Errorf("%s: %d bytes: %.2000v", name, len(err.Error()), err)
		}
		var out emitted
		out.printError(err)
		if form, where := out.holds(token); form != "" {
			t.Errorf("%s: the token %s in …%s…", name, form, where)
		}
	}
}

// errors.Is finds a cause that shows the token, and errors.As does not hand it out.
func TestACauseThatContainsTheTokenIsHidden(t *testing.T) {
	for name, test := range map[string]struct {
		cause error
		as    bool
	}{
		"a text with the token": {&quotaError{"no quota for " + token}, false},
		"a long text":           {&quotaError{strings.Repeat("x", 5000)}, true},
		"a text without":        {fmt.Errorf("%s: %w", token, &quotaError{"no quota"}), true},
	} {
		err := failingWith(t, test.cause)
		var quota *quotaError
		if !errors.Is(err, test.cause) || errors.As(err, &quota) != test.as || test.as != (quota != nil) {
			t.Errorf("%s: errors.Is: %t, errors.As: %v", name, errors.Is(err, test.cause), quota)
		}
		if strings.Contains(err.Error(), token) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestATokenOfSixLettersIsRedacted(t *testing.T) {
	client, mock := newClient(t, clarifai.WithPAT("secret"))
	recorder(t, mock, answer(401, `{"status":{"code":11008,"description":"no key is secret"}}`))
	if _, err := client.ListInputs(t.Context(), nil); err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "no key is [the token]") {
		t.Errorf("%v", err)
	}
}

// checkPrefix fails the test unless an error starts with the name of the package, and
// has it nowhere else.
func checkPrefix(t *testing.T, name string, err error) {
	t.Helper()
	if err == nil || !strings.HasPrefix(err.Error(), "clarifai: ") || strings.Count(err.Error(), "clarifai:") != 1 {
		t.Errorf("%s: %v", name, err)
	}
}

func TestEveryErrorHasThePackagePrefixOnce(t *testing.T) {
	for _, err := range sentinels {
		checkPrefix(t, "a sentinel", err)
	}
	for name, respond := range map[string]httpmock.Responder{
		"a refusal":               answer(400, `{"status":{"code":11102,"description":"Invalid request"}}`),
		"not JSON":                answer(502, "<html>"),
		"a redirect without JSON": httpmock.NewStringResponder(302, "<html>").HeaderSet(http.Header{"Location": {"https://example.com"}}),
		"too large":               answer(200, strings.Repeat(" ", 2000)),
		"a broken connection":     httpmock.NewErrorResponder(io.ErrUnexpectedEOF),
		"an error of this package": httpmock.NewErrorResponder(fmt.Errorf("%w: %w", clarifai.ErrForbidden,
			&clarifai.PageError{Page: 1, Err: &clarifai.Error{Method: "GET", Path: "/", Err: clarifai.ErrInvalidResponse}})),
	} {
		client, mock := newClient(t, clarifai.WithRetry(clarifai.RetryPolicy{}), clarifai.WithMaxResponseSize(1000))
		mock.RegisterNoResponder(respond)
		_, err := client.ListInputs(t.Context(), nil)
		checkPrefix(t, name, err)
		if inner := errors.Unwrap(err); errors.Is(inner, clarifai.ErrInvalidResponse) && name != "an error of this package" {
			checkPrefix(t, name+", its cause", inner)
		}
		for _, err := range client.ListInputsAll(t.Context(), nil) {
			checkPrefix(t, name+", in an iterator", err)
		}
	}

	client, mock := newClient(t)
	recorder(t, mock, answer(200, `{"status":{"code":10000},"inputs":[{"id":"a"}]}`))
	for _, err := range client.ListInputsAll(t.Context(), nil) {
		if err != nil {
			checkPrefix(t, "a page that repeats", err)
		}
	}
	_, err := client.GetInput(t.Context(), "")
	checkPrefix(t, "an argument", err)
	for _, err := range client.ListInputsAll(t.Context(), nil, clarifai.Limit(-1)) {
		checkPrefix(t, "an argument of an iterator", err)
	}
	canceled, cancel := context.WithCancelCause(t.Context())
	cancel(fmt.Errorf("giving up: %w", err))
	_, err = client.ListInputs(canceled, nil)
	checkPrefix(t, "a context whose cause is an error of this package", err)
	for _, err := range client.ListInputsAll(canceled, nil) {
		checkPrefix(t, "an iterator with such a context", err)
	}
}

// Whatever a server sends and a caller passes, the text of an error is short and
// UTF-8.
func TestTheTextOfAnErrorIsShort(t *testing.T) {
	const mebi = 1 << 20
	long := strings.Repeat("x", mebi)
	failed := strings.Repeat(`{"id":"`+strings.Repeat("i", 10_000)+`","status":{"code":30100,"description":"`+strings.Repeat("d", 10_000)+`"}},`, 128)
	for name, body := range map[string]string{
		"a description":      `{"status":{"code":11102,"description":"` + long + `","details":"` + long + `","developer_notes":"` + long + `","req_id":"` + long + `"}}`,
		"a name of a code":   `{"status":{"code":"` + long + `"}}`,
		"a wrong type":       `{"status":{"code":10000},"inputs":"` + long + `"}`,
		"a wrong number":     `{"status":{"code":10000},"inputs":[{"created_at":` + strings.Repeat("1", mebi) + `}]}`,
		"a long name":        `{"status":{"code":10000},"inputs":[{"data":{"metadata":{"` + long + `":` + `}}}]}`,
		"a page":             "<html>" + long,
		"many failed items":  `{"status":{"code":10010},"inputs":[` + strings.TrimSuffix(failed, ",") + `]}`,
		"a cut in a letter":  `{"status":{"code":11102,"description":"x` + strings.Repeat("é", mebi) + `"}}`,
		"a cut at a letter":  `{"status":{"code":11102,"description":"` + strings.Repeat("é", mebi) + `"}}`,
		"a page in no UTF-8": "x" + strings.Repeat("é", mebi) + "\xff",
	} {
		client, mock := newClient(t, clarifai.WithRetry(clarifai.RetryPolicy{}))
		recorder(t, mock, answer(200, body))
		_, err := client.PostInputs(t.Context(), &clarifai.PostInputsRequest{Inputs: []*clarifai.Input{{ID: "a"}}})
		if err == nil || len(err.Error()) > 40_000 || !utf8.ValidString(err.Error()) {
			t.Errorf("%s: %d bytes, UTF-8: %t: %.300v", name, len(err.Error()), utf8.ValidString(err.Error()), err)
		}
		if e := (*clarifai.Error)(nil); errors.As(err, &e) && (len(e.Body) > 256 || !utf8.ValidString(e.Body)) {
			t.Errorf("%s: the body starts with %q", name, e.Body)
		}
	}
	client, mock := newClient(t)
	requests := recorder(t, mock, answer(200, success))
	for name, call := range map[string]func() error{
		"an ID":     func() error { return client.DeleteInputs(t.Context(), long+"\xff") },
		"an action": func() error { return patch(t, client, long) },
		"an endpoint": func() error {
			return list(t, client, clarifai.Endpoint[clarifai.Input]{Method: "GET", Path: long, Key: "a"})
		},
		"a name": func() error {
			return list(t, client, clarifai.Endpoint[clarifai.Input]{Method: "GET", Path: "/", Key: "a"}.With(long, "a"))
		},
		"a path": func() error { return &clarifai.Error{Method: "GET", Path: long} },
		"a method": func() error {
			return list(t, client, clarifai.Endpoint[clarifai.Input]{Method: long, Path: "/", Key: "a"})
		},
	} {
		err := call()
		if err == nil || len(err.Error()) > 5000 || !utf8.ValidString(err.Error()) {
			t.Errorf("%s: %d bytes, UTF-8: %t: %.300v", name, len(fmt.Sprint(err)), utf8.ValidString(fmt.Sprint(err)), err)
		}
	}
	if len(*requests) > 0 {
		t.Errorf("%d requests", len(*requests))
	}
}

func patch(t *testing.T, client *clarifai.Client, action string) error {
	_, err := client.PatchInputs(t.Context(), &clarifai.PatchInputsRequest{Inputs: []*clarifai.Input{{ID: "a"}}, Action: action})
	return err
}

func list[T any](t *testing.T, client *clarifai.Client, e clarifai.Endpoint[T]) error {
	_, err := e.List(t.Context(), client, nil)
	return err
}

package clarifai_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
)

const (
	token = "0123456789abcdef0123456789abcdef"
	base  = "https://api.clarifai.com/v2/users/USER/apps/APP"
)

// newClient makes a client of the app USER/APP that only the mock answers.
func newClient(t *testing.T, opts ...clarifai.Option) (*clarifai.Client, *httpmock.MockTransport) {
	t.Helper()
	mock := httpmock.NewMockTransport()
	defaults := []clarifai.Option{
		clarifai.WithPAT(token),
		clarifai.WithApp("USER", "APP"),
		clarifai.WithBaseURL("https://api.clarifai.com"),
		clarifai.WithHTTPClient(&http.Client{Transport: mock}),
		clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: 4, MinWait: time.Microsecond, MaxWait: time.Microsecond}),
	}
	client, err := clarifai.NewClient(append(defaults, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return client, mock
}

// request is what went over the wire.
type request struct {
	method, url, body string
	header            http.Header
}

// recorder answers every request with the answers in turn, the last one for all
// that follow, and records what was sent.
func recorder(t *testing.T, mock *httpmock.MockTransport, answers ...httpmock.Responder) *[]request {
	t.Helper()
	var requests []request
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		var body []byte
		if r.Body != nil {
			var err error
			if body, err = io.ReadAll(r.Body); err != nil {
				t.Error(err)
			}
		}
		requests = append(requests, request{r.Method, r.URL.String(), string(body), r.Header})
		return answers[min(len(requests), len(answers))-1](r)
	})
	return &requests
}

// answer returns a responder that, like httpmock's own, sets no Content-Type.
func answer(status int, body string) httpmock.Responder {
	return httpmock.NewStringResponder(status, body)
}

func testdata(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

const success = `{"status":{"code":10000,"description":"Ok","req_id":"req-1"}}`

func clearEnvironment(t *testing.T) {
	t.Helper()
	for _, name := range []string{"CLARIFAI_PAT", "CLARIFAI_SESSION_TOKEN", "CLARIFAI_USER_ID", "CLARIFAI_APP_ID", "CLARIFAI_API_BASE", "CLARIFAI_ROOT_CERTIFICATES_PATH"} {
		t.Setenv(name, "")
	}
}

func TestACallWithoutAnAppNamesTheOptionAndTheVariable(t *testing.T) {
	clearEnvironment(t)
	client, mock := newClient(t, clarifai.WithApp("USER", ""))
	_, err := client.ListInputs(t.Context(), nil)
	if !errors.Is(err, clarifai.ErrInvalidArgument) || !strings.Contains(err.Error(), "WithApp") || !strings.Contains(err.Error(), "CLARIFAI_APP_ID") {
		t.Error(err)
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestAppSharesTheConnection(t *testing.T) {
	client, mock := newClient(t)
	requests := recorder(t, mock, answer(200, `{"status":{"code":10000},"counts":{"processed":7}}`))
	other := client.App("", "OTHER")
	for _, c := range []*clarifai.Client{client, other} {
		if counts, err := c.GetInputCount(t.Context()); err != nil || counts.Processed != 7 {
			t.Fatal(counts, err)
		}
	}
	if got := (*requests)[0].url; got != base+"/inputs/status" {
		t.Error(got)
	}
	if got := (*requests)[1].url; got != "https://api.clarifai.com/v2/users/me/apps/OTHER/inputs/status" {
		t.Error(got)
	}
	if client.HTTPClient() != other.HTTPClient() {
		t.Error("another connection")
	}
}

func TestIDsAreEscapedIntoThePath(t *testing.T) {
	client, mock := newClient(t)
	requests := recorder(t, mock, answer(200, `{"status":{"code":10000},"input":{}}`))
	for id, want := range map[string]string{
		"a/b":     "a%2Fb",
		"a b?c#d": "a%20b%3Fc%23d",
		"50%":     "50%25",
		"{id}":    "%7Bid%7D",
		"ü":       "%C3%BC",
		"...":     "...",
		"a:b@c":   "a:b@c",
	} {
		*requests = nil
		if _, err := client.GetInput(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if got := (*requests)[0].url; got != base+"/inputs/"+want {
			t.Errorf("%q: %s", id, got)
		}
	}
}

func TestIDsThatChangeThePathAreRejected(t *testing.T) {
	client, mock := newClient(t)
	for _, id := range []string{"", ".", "..", "../x", "a/../b", "/", "a//b", "a/", "a\nb", "\x00", "a\xff"} {
		_, err := client.GetSearch(t.Context(), id)
		var argument *clarifai.ArgumentError
		if !errors.As(err, &argument) || argument.Argument != "id" || argument.Value != id {
			t.Errorf("%q: %v", id, err)
		}
		if _, err := client.App("USER", "APP").App(id, "x").GetInputCount(t.Context()); id != "" && err == nil {
			t.Errorf("user %q: no error", id)
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestAContextThatIsDoneSendsNothing(t *testing.T) {
	client, mock := newClient(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.ListInputs(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestRateLimitSpacesRequestsOfAllApps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, mock := newClient(t, clarifai.WithRateLimit(2))
		var sent []time.Time
		mock.RegisterNoResponder(func(*http.Request) (*http.Response, error) {
			sent = append(sent, time.Now())
			return httpmock.NewStringResponse(200, success), nil
		})
		for i := range 4 {
			if _, err := client.App("", fmt.Sprint(i)).ListInputs(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 3 {
			if wait := sent[i+1].Sub(sent[i]); wait != 500*time.Millisecond {
				t.Errorf("wait %d was %v", i+1, wait)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		start := time.Now()
		if _, err := client.ListInputs(ctx, nil); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > time.Millisecond {
			t.Error(err, time.Since(start))
		}
		if len(sent) != 4 {
			t.Error("sent a request out of turn")
		}
	})
}

func TestARetryThatIsNotSentKeepsTheEarlierFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, mock := newClient(t, clarifai.WithRateLimit(0.5))
		recorder(t, mock, answer(503, `{"status":{"code":10030,"req_id":"req-503"}}`))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := client.ListInputs(ctx, nil)
		var e *clarifai.Error
		if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &e) || e.HTTPStatus != 503 || e.Status.ReqID != "req-503" || e.Attempts != 1 {
			t.Errorf("%v: %+v", err, e)
		}

		recorder(t, mock, httpmock.NewErrorResponder(syscall.ECONNRESET))
		time.Sleep(2 * time.Second) // of the rate limit
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := client.ListInputs(ctx, nil); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, syscall.ECONNRESET) {
			t.Error(err)
		}
	})
}

func TestWithHTTPClientDoesNotModifyTheClient(t *testing.T) {
	before := *http.DefaultClient
	given := &http.Client{Timeout: 7 * time.Second}
	for _, hc := range []*http.Client{http.DefaultClient, given} {
		client, err := clarifai.NewClient(clarifai.WithPAT(token), clarifai.WithHTTPClient(hc), clarifai.WithTimeout(time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if client.HTTPClient() == hc {
			t.Error("not a copy")
		}
	}
	if !reflect.DeepEqual(*http.DefaultClient, before) || !reflect.DeepEqual(*given, http.Client{Timeout: 7 * time.Second}) {
		t.Errorf("changed: %+v, %+v", *http.DefaultClient, *given)
	}
}

func TestBothHTTPMockModesWork(t *testing.T) {
	body := testdata(t, "list_inputs.json")
	list := func(client *clarifai.Client) {
		t.Helper()
		page, err := client.ListInputs(t.Context(), nil)
		if err != nil || len(page.Items) != 2 {
			t.Error(page, err)
		}
	}
	newDefault := func() *clarifai.Client {
		client, err := clarifai.NewClient(clarifai.WithPAT(token), clarifai.WithApp("USER", "APP"))
		if err != nil {
			t.Fatal(err)
		}
		return client
	}
	clearEnvironment(t)
	t.Run("Activate", func(t *testing.T) {
		early := newDefault()
		httpmock.Activate(t)
		httpmock.RegisterResponder("GET", base+"/inputs", answer(200, body))
		list(early)
		list(newDefault())
	})
	t.Run("ActivateNonDefault", func(t *testing.T) {
		client := newDefault()
		httpmock.ActivateNonDefault(client.HTTPClient())
		defer httpmock.DeactivateAndReset()
		httpmock.RegisterResponder("GET", base+"/inputs", answer(200, body))
		list(client)
	})
}

func TestAPrintedClientDoesNotShowTheToken(t *testing.T) {
	var out bytes.Buffer
	for _, opt := range []clarifai.Option{clarifai.WithPAT(token), clarifai.WithSessionToken(token)} {
		clearEnvironment(t)
		ownDefaultTransports(t)
		client, err := clarifai.NewClient(opt, clarifai.WithApp("USER", "APP"))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []any{client, *client, opt, client.HTTPClient(), *client.HTTPClient(), []any{client}} {
			fmt.Fprintf(&out, "%v %+v %#v %s %d %x %q\n", v, v, v, v, v, v, v)
			slog.New(slog.NewTextHandler(&out, nil)).Info("client", "client", v)
			slog.New(slog.NewJSONHandler(&out, nil)).Info("client", "client", v)
		}
		if err := json.NewEncoder(&out).Encode([]any{client, *client}); err != nil {
			t.Error(err)
		}
	}
	if strings.Contains(out.String(), token) {
		t.Error(out.String())
	}
	if !strings.Contains(out.String(), `clarifai.Client{user "USER", app "APP" at https://api.clarifai.com}`) {
		t.Error("a client does not say what it is of")
	}
}

func TestATokenInAResponseIsRedacted(t *testing.T) {
	for name, responder := range map[string]httpmock.Responder{
		"in a page":    answer(500, "<html>Authorization: Key "+token+"</html>"),
		"in a status":  answer(400, `{"status":{"code":11102,"details":"header `+token+`","req_id":"`+token+`"}}`),
		"in an error":  httpmock.NewErrorResponder(errors.New("malformed HTTP response \"" + token + "\"")),
		"in a header":  answer(302, "").HeaderSet(http.Header{"Location": {"https://evil.example/?" + token}}),
		"in a success": answer(200, `{"status":{"code":10000,"req_id":"`+token+`"}}`),
	} {
		var out bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
		client, mock := newClient(t, clarifai.WithLogger(logger))
		recorder(t, mock, responder)
		_, err := client.ListInputs(t.Context(), nil)
		for ; err != nil; err = errors.Unwrap(err) {
			fmt.Fprintf(&out, "%v %+v %#v\n", err, err, err)
		}
		if strings.Contains(out.String(), token) {
			t.Errorf("%s: %s", name, out.String())
		}
	}
}

func TestShortTokensAreNotRedacted(t *testing.T) {
	client, mock := newClient(t, clarifai.WithPAT("any"), clarifai.WithRetry(clarifai.RetryPolicy{}))
	recorder(t, mock, answer(429, testdata(t, "throttled.json")))
	if _, err := client.ListInputs(t.Context(), nil); !strings.Contains(err.Error(), "Making too many requests") {
		t.Error(err)
	}
}

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

// answer is a responder that, like httpmock's own, says nothing of its content's type.
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
	for _, name := range []string{"CLARIFAI_PAT", "CLARIFAI_SESSION_TOKEN", "CLARIFAI_USER_ID", "CLARIFAI_APP_ID", "CLARIFAI_API_BASE"} {
		t.Setenv(name, "")
	}
}

func TestOptionsWinOverTheEnvironmentAndTheEnvironmentOverDefaults(t *testing.T) {
	for _, test := range []struct {
		name        string
		environment map[string]string
		opts        []clarifai.Option
		url         string
		header      map[string]string
	}{
		{
			name:   "defaults",
			opts:   []clarifai.Option{clarifai.WithPAT("pat"), clarifai.WithApp("", "app")},
			url:    "https://api.clarifai.com/v2/users/me/apps/app/inputs/status",
			header: map[string]string{"Authorization": "Key pat"},
		},
		{
			name: "environment",
			environment: map[string]string{
				"CLARIFAI_PAT": "pat", "CLARIFAI_SESSION_TOKEN": "session", "CLARIFAI_USER_ID": "user",
				"CLARIFAI_APP_ID": "app", "CLARIFAI_API_BASE": "https://proxy.example/clarifai/",
			},
			url:    "https://proxy.example/clarifai/v2/users/user/apps/app/inputs/status",
			header: map[string]string{"Authorization": "Key pat", "X-Clarifai-Session-Token": ""},
		},
		{
			name:        "session token of the environment",
			environment: map[string]string{"CLARIFAI_SESSION_TOKEN": "session", "CLARIFAI_APP_ID": "app"},
			url:         "https://api.clarifai.com/v2/users/me/apps/app/inputs/status",
			header:      map[string]string{"Authorization": "", "X-Clarifai-Session-Token": "session"},
		},
		{
			name: "options",
			environment: map[string]string{
				"CLARIFAI_PAT": "no", "CLARIFAI_USER_ID": "no", "CLARIFAI_APP_ID": "no", "CLARIFAI_API_BASE": "https://no.example",
			},
			opts: []clarifai.Option{
				clarifai.WithSessionToken("session"), clarifai.WithApp("user", "app"), clarifai.WithBaseURL("other.example:8443/a/b"),
				clarifai.WithUserAgent("exporter/1.2"),
			},
			url:    "https://other.example:8443/a/b/v2/users/user/apps/app/inputs/status",
			header: map[string]string{"Authorization": "", "X-Clarifai-Session-Token": "session", "User-Agent": "exporter/1.2 clarifai-go/0.2.0"},
		},
		{
			name:   "http on this machine",
			opts:   []clarifai.Option{clarifai.WithPAT("pat"), clarifai.WithApp("", "app"), clarifai.WithBaseURL("http://[::1]:8080")},
			url:    "http://[::1]:8080/v2/users/me/apps/app/inputs/status",
			header: map[string]string{"Authorization": "Key pat", "User-Agent": "clarifai-go/0.2.0", "Accept": "application/json"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			clearEnvironment(t)
			for name, value := range test.environment {
				t.Setenv(name, value)
			}
			mock := httpmock.NewMockTransport()
			client, err := clarifai.NewClient(append(test.opts, clarifai.WithHTTPClient(&http.Client{Transport: mock}))...)
			if err != nil {
				t.Fatal(err)
			}
			requests := recorder(t, mock, answer(200, `{"status":{"code":10000},"counts":{}}`))
			if _, err := client.GetInputCount(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := (*requests)[0]
			if got.method != "GET" || got.url != test.url || got.body != "" {
				t.Errorf("sent %+v, want GET %s", got, test.url)
			}
			for name, want := range test.header {
				if got := got.header.Get(name); got != want {
					t.Errorf("header %s: %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestNewClientRefusesWhatCannotWork(t *testing.T) {
	clearEnvironment(t)
	pat := clarifai.WithPAT("pat")
	for _, test := range []struct {
		name string
		opts []clarifai.Option
		want []string // in the error
	}{
		{"no token", nil, []string{"WithPAT", "CLARIFAI_PAT", "WithSessionToken", "CLARIFAI_SESSION_TOKEN"}},
		{"two tokens", []clarifai.Option{pat, clarifai.WithSessionToken("session")}, []string{"WithPAT", "WithSessionToken"}},
		{"a token with a line end", []clarifai.Option{clarifai.WithPAT("secret\n")}, []string{"WithPAT", "CLARIFAI_PAT", "byte 6"}},
		{"plain http", []clarifai.Option{pat, clarifai.WithBaseURL("http://api.clarifai.com")}, []string{"WithBaseURL", "CLARIFAI_API_BASE", "http://api.clarifai.com", "https"}},
		{"a host like localhost", []clarifai.Option{pat, clarifai.WithBaseURL("http://localhost.example")}, []string{"localhost.example"}},
		{"another scheme", []clarifai.Option{pat, clarifai.WithBaseURL("ftp://api.clarifai.com")}, []string{"ftp://", "https"}},
		{"no host", []clarifai.Option{pat, clarifai.WithBaseURL("https:///v2")}, []string{"no host"}},
		{"one slash", []clarifai.Option{pat, clarifai.WithBaseURL("https:/api.clarifai.com")}, []string{"no host"}},
		{"no colon", []clarifai.Option{pat, clarifai.WithBaseURL("https//api.clarifai.com")}, []string{"no host"}},
		{"no port", []clarifai.Option{pat, clarifai.WithBaseURL("api.clarifai.com:")}, []string{"port"}},
		{"a query", []clarifai.Option{pat, clarifai.WithBaseURL("https://api.clarifai.com?x=1")}, []string{"query"}},
		{"the version of the paths", []clarifai.Option{pat, clarifai.WithBaseURL("https://proxy.example/clarifai/v2/")}, []string{"https://proxy.example/clarifai/v2/", "must not end in /v2"}},
		{"a password", []clarifai.Option{pat, clarifai.WithBaseURL("https://u:hunter2@api.clarifai.com")}, []string{"password"}},
		{"no URL", []clarifai.Option{pat, clarifai.WithBaseURL("https://exa mple")}, []string{"exa mple"}},
		{"a negative timeout", []clarifai.Option{pat, clarifai.WithTimeout(-1)}, []string{"WithTimeout", "-1ns"}},
		{"negative retries", []clarifai.Option{pat, clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: -1})}, []string{"MaxRetries", "-1"}},
		{"waits the wrong way round", []clarifai.Option{pat, clarifai.WithRetry(clarifai.RetryPolicy{MinWait: 2, MaxWait: 1})}, []string{"MaxWait", "1ns", "2ns"}},
		{"no rate", []clarifai.Option{pat, clarifai.WithRateLimit(0)}, []string{"WithRateLimit", "0"}},
		{"no response size", []clarifai.Option{pat, clarifai.WithMaxResponseSize(0)}, []string{"WithMaxResponseSize", "0"}},
		{"a user agent of two lines", []clarifai.Option{pat, clarifai.WithUserAgent("a\r\nb")}, []string{"WithUserAgent"}},
		{"a nil option", []clarifai.Option{nil}, []string{"Option", "nil"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			client, err := clarifai.NewClient(test.opts...)
			var argument *clarifai.ArgumentError
			if client != nil || !errors.Is(err, clarifai.ErrInvalidArgument) || !errors.As(err, &argument) {
				t.Fatalf("client %v, error %v", client, err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
			for _, secret := range []string{"secret", "hunter2"} {
				if strings.Contains(fmt.Sprintf("%v %+v", err, argument), secret) {
					t.Errorf("%q holds a secret", err)
				}
			}
		})
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

func TestIDsThatLeadElsewhereAreRefused(t *testing.T) {
	client, mock := newClient(t)
	for _, id := range []string{"", ".", "..", "../x", "a/../b", "/", "a//b", "a/", "a\nb", "\x00", "a\xff"} {
		_, err := client.GetInput(t.Context(), id)
		var argument *clarifai.ArgumentError
		if !errors.As(err, &argument) || argument.Argument != "input_id" || argument.Value != id {
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

func TestAFailureSaysWhatCameBack(t *testing.T) {
	const path = "/v2/users/USER/apps/APP/inputs/nope"
	html := "<html><body>502 Bad Gateway</body></html>"
	for _, test := range []struct {
		name   string
		status int
		body   string
		want   clarifai.Error // but for Err
		is     []error
		text   string
	}{
		{
			name: "not found", status: 404, body: testdata(t, "input_not_found.json"),
			want: clarifai.Error{Status: clarifai.Status{Code: 30102, Description: "Input does not exist", Details: "input 'nope' does not exist", ReqID: "req-404"}},
			is:   []error{clarifai.ErrNotFound},
			text: "clarifai: GET " + path + ": HTTP 404: 30102 INPUT_DOES_NOT_EXIST: Input does not exist: input 'nope' does not exist (request ID req-404); check the IDs, and the user and app that they belong to",
		},
		{
			name: "not found by code", status: 400, body: `{"status":{"code":11101}}`,
			want: clarifai.Error{Status: clarifai.Status{Code: 11101}}, is: []error{clarifai.ErrNotFound},
		},
		{
			name: "not found in HTML", status: 404, body: html,
			want: clarifai.Error{Body: html}, is: []error{clarifai.ErrNotFound, clarifai.ErrInvalidResponse},
		},
		{
			name: "throttled, with a name for a code", status: 200, body: testdata(t, "throttled.json"),
			want: clarifai.Error{Status: clarifai.Status{Code: 11005, Description: "Making too many requests", Details: "exceeded limit of 15 requests per second", ReqID: "req-429"}},
			is:   []error{clarifai.ErrRateLimited},
		},
		{name: "throttled", status: 429, body: "", want: clarifai.Error{}, is: []error{clarifai.ErrRateLimited, clarifai.ErrInvalidResponse}},
		{name: "monthly limit", status: 403, body: `{"status":{"code":"11004"}}`, want: clarifai.Error{Status: clarifai.Status{Code: 11004}}, is: []error{clarifai.ErrRateLimited, clarifai.ErrForbidden}},
		{name: "bad key", status: 401, body: `{"status":{"code":11009}}`, want: clarifai.Error{Status: clarifai.Status{Code: 11009}}, is: []error{clarifai.ErrUnauthorized}},
		{name: "bad key by code", status: 400, body: `{"status":{"code":"CONN_KEY_INVALID"}}`, want: clarifai.Error{Status: clarifai.Status{Code: 11008}}, is: []error{clarifai.ErrUnauthorized}},
		{name: "scopes", status: 400, body: `{"status":{"code":11007}}`, want: clarifai.Error{Status: clarifai.Status{Code: 11007}}, is: []error{clarifai.ErrForbidden}},
		{name: "window", status: 400, body: testdata(t, "result_window.json"), want: clarifai.Error{Status: clarifai.Status{Code: 40002, Description: "Invalid search request", Details: "page * perPage cannot exceed 2500", ReqID: "req-window"}}, is: []error{clarifai.ErrResultWindow}},
		{name: "mixed", status: 200, body: `{"status":{"code":10010}}`, want: clarifai.Error{Status: clarifai.Status{Code: 10010}}, is: []error{clarifai.ErrPartialFailure}},
		{name: "an unknown name", status: 400, body: `{"status":{"code":"A_NAME_OF_TOMORROW"}}`, want: clarifai.Error{Status: clarifai.Status{CodeName: "A_NAME_OF_TOMORROW"}}, text: "clarifai: GET " + path + ": HTTP 400: A_NAME_OF_TOMORROW"},
		{name: "an unknown number", status: 400, body: `{"status":{"code":77777}}`, want: clarifai.Error{Status: clarifai.Status{Code: 77777}}, text: "clarifai: GET " + path + ": HTTP 400: 77777"},
		{name: "success that is none", status: 500, body: `{"status":{"code":10000}}`, want: clarifai.Error{Status: clarifai.Status{Code: 10000}}},
		{name: "a gateway", status: 504, body: `{"status":{"code":10020,"description":"Gateway timeout"}}`, want: clarifai.Error{Status: clarifai.Status{Code: 10020, Description: "Gateway timeout"}}},
		{name: "HTML", status: 200, body: html, want: clarifai.Error{Body: html}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "nothing", status: 200, body: "", is: []error{clarifai.ErrInvalidResponse}},
		{name: "no content", status: 204, body: "", is: []error{clarifai.ErrInvalidResponse}},
		{name: "cut off", status: 200, body: `{"status":{"code":10000},"input":{"id":"no`, want: clarifai.Error{Body: `{"status":{"code":10000},"input":{"id":"no`}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "an array", status: 200, body: `[1]`, want: clarifai.Error{Body: `[1]`}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "a null", status: 200, body: `null`, want: clarifai.Error{Body: `null`}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "no status", status: 200, body: `{"input":{"id":"nope"}}`, want: clarifai.Error{Body: `{"input":{"id":"nope"}}`}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "a null status", status: 200, body: `{"status":null}`, want: clarifai.Error{Body: `{"status":null}`}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "a status without a code", status: 200, body: `{"status":{"description":"Ok"}}`, want: clarifai.Error{Status: clarifai.Status{Description: "Ok"}, Body: `{"status":{"description":"Ok"}}`}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "a status of another type", status: 200, body: `{"status":[]}`, want: clarifai.Error{Body: `{"status":[]}`}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "no input", status: 200, body: success, want: clarifai.Error{Status: clarifai.Status{Code: 10000, Description: "Ok", ReqID: "req-1"}, Body: success}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "long", status: 200, body: strings.Repeat("é", 1000), want: clarifai.Error{Body: strings.Repeat("é", 128)}, is: []error{clarifai.ErrInvalidResponse}},
	} {
		t.Run(test.name, func(t *testing.T) {
			client, mock := newClient(t, clarifai.WithRetry(clarifai.RetryPolicy{}))
			requests := recorder(t, mock, answer(test.status, test.body))
			input, err := client.GetInput(t.Context(), "nope")
			var got *clarifai.Error
			if input != nil || !errors.As(err, &got) {
				t.Fatal(input, err)
			}
			if len(*requests) != 1 {
				t.Errorf("%d requests without retries", len(*requests))
			}
			test.want.Method, test.want.Path, test.want.HTTPStatus, test.want.Attempts, test.want.Err = "GET", path, test.status, 1, got.Err
			if !reflect.DeepEqual(*got, test.want) {
				t.Errorf("got  %+v\nwant %+v", *got, test.want)
			}
			for _, sentinel := range []error{
				clarifai.ErrInvalidArgument, clarifai.ErrInvalidPage, clarifai.ErrUnauthorized, clarifai.ErrForbidden, clarifai.ErrNotFound,
				clarifai.ErrRateLimited, clarifai.ErrResultWindow, clarifai.ErrPageRepeated, clarifai.ErrPartialFailure,
				clarifai.ErrInvalidResponse, clarifai.ErrResponseTooLarge,
			} {
				want := false
				for _, is := range test.is {
					want = want || is == sentinel
				}
				if errors.Is(err, sentinel) != want {
					t.Errorf("errors.Is(err, %v) is %v", sentinel, !want)
				}
			}
			if test.text != "" && err.Error() != test.text {
				t.Errorf("got  %s\nwant %s", err, test.text)
			}
		})
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

func TestARetryThatFindsNoTurnKeepsWhatFailed(t *testing.T) {
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
	})
}

func TestWithHTTPClientLeavesTheClientAsItWas(t *testing.T) {
	before := *http.DefaultClient
	given := &http.Client{Timeout: 7 * time.Second}
	for _, hc := range []*http.Client{http.DefaultClient, given} {
		client, err := clarifai.NewClient(clarifai.WithPAT(token), clarifai.WithHTTPClient(hc), clarifai.WithTimeout(time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if client.HTTPClient() == hc {
			t.Error("not a copy of its own")
		}
	}
	if !reflect.DeepEqual(*http.DefaultClient, before) || !reflect.DeepEqual(*given, http.Client{Timeout: 7 * time.Second}) {
		t.Errorf("changed: %+v, %+v", *http.DefaultClient, *given)
	}
}

func TestBothWaysOfMockingIntercept(t *testing.T) {
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

func TestNoPrintOfAClientShowsTheToken(t *testing.T) {
	var out bytes.Buffer
	for _, opt := range []clarifai.Option{clarifai.WithPAT(token), clarifai.WithSessionToken(token)} {
		clearEnvironment(t)
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

func TestATokenThatTheServerEchoesIsTakenOut(t *testing.T) {
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

func TestATokenOfATestIsNotTakenOutOfWords(t *testing.T) {
	client, mock := newClient(t, clarifai.WithPAT("any"), clarifai.WithRetry(clarifai.RetryPolicy{}))
	recorder(t, mock, answer(429, testdata(t, "throttled.json")))
	if _, err := client.ListInputs(t.Context(), nil); !strings.Contains(err.Error(), "Making too many requests") {
		t.Error(err)
	}
}

package clarifai_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
)

func TestReadsAreRetriedAndWritesOnlyIfTheServerDidNotAct(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	reset := &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	const again, once = 5, 1
	for _, test := range []struct {
		name         string
		responder    httpmock.Responder
		reads, write int
	}{
		{"refused", httpmock.NewErrorResponder(refused), again, again},
		{"reset", httpmock.NewErrorResponder(reset), again, once},
		{"429", answer(429, testdata(t, "throttled.json")), again, again},
		{"408", answer(408, ""), again, once},
		{"502", answer(502, "<html>"), again, once},
		{"503", answer(503, ""), again, once},
		{"504", answer(504, `{"status":{"code":10020}}`), again, once},
		{"520", answer(520, "<html>"), again, once},
		{"521", answer(521, "<html>"), again, once},
		{"522", answer(522, "<html>"), again, once},
		{"523", answer(523, "<html>"), again, once},
		{"524", answer(524, "<html>"), again, once},
		{"519", answer(519, "<html>"), once, once},
		{"525", answer(525, "<html>"), once, once},
		{"500 with 40030", answer(500, `{"status":{"code":40030}}`), again, once},
		{"500 with 40031", answer(500, `{"status":{"code":40031}}`), again, once},
		{"11005", answer(200, testdata(t, "throttled.json")), again, once},
		{"10030", answer(200, `{"status":{"code":10030}}`), again, once},
		{"500", answer(500, success), once, once},
		{"404", answer(404, testdata(t, "input_not_found.json")), once, once},
		{"401", answer(401, ""), once, once},
		{"HTML", answer(200, "<html>"), once, once},
		{"a redirect", answer(307, success), once, once},
	} {
		t.Run(test.name, func(t *testing.T) {
			client, mock := newClient(t)
			requests := recorder(t, mock, test.responder)
			search := []clarifai.Search{clarifai.NewSearch()}
			for operation, call := range map[string]func(context.Context) error{
				"ListInputs": func(ctx context.Context) error { _, err := client.ListInputs(ctx, nil); return err },
				"GetInput":   func(ctx context.Context) error { _, err := client.GetInput(ctx, "a"); return err },
				"PostAnnotationsSearches": func(ctx context.Context) error {
					_, err := client.PostAnnotationsSearches(ctx, &clarifai.PostAnnotationsSearchesRequest{Searches: search})
					return err
				},
				"PostInputs": func(ctx context.Context) error {
					_, err := client.PostInputs(ctx, &clarifai.PostInputsRequest{Inputs: []*clarifai.Input{{ID: "a"}}})
					return err
				},
				"PatchInputs": func(ctx context.Context) error {
					_, err := client.PatchInputs(ctx, &clarifai.PatchInputsRequest{Inputs: []*clarifai.Input{{ID: "a"}}, Action: "merge"})
					return err
				},
				"DeleteInput":  func(ctx context.Context) error { return client.DeleteInput(ctx, "a") },
				"DeleteInputs": func(ctx context.Context) error { return client.DeleteInputs(ctx, "a") },
				"DeleteSearch": func(ctx context.Context) error { return client.DeleteSearch(ctx, "a") },
			} {
				*requests = nil
				if err := call(t.Context()); err == nil {
					t.Errorf("%s: no error", operation)
				}
				want := test.reads
				if strings.HasPrefix(operation, "Delete") || operation == "PostInputs" || operation == "PatchInputs" {
					want = test.write
				}
				if len(*requests) != want {
					t.Errorf("%s: sent %d times, want %d", operation, len(*requests), want)
				}
				if err := call(t.Context()); !attempts(err, want) || want > 1 && !strings.Contains(err.Error(), fmt.Sprintf("after %d attempts", want)) {
					t.Errorf("%s does not say how often it was sent: %v", operation, err)
				}
				for _, r := range *requests {
					if r.body != (*requests)[0].body || r.url != (*requests)[0].url {
						t.Errorf("%s: sent again as %+v, not as %+v", operation, r, (*requests)[0])
					}
				}
			}
		})
	}
}

func attempts(err error, want int) bool {
	var e *clarifai.Error
	return errors.As(err, &e) && e.Attempts == want
}

func TestARetriedCallSucceeds(t *testing.T) {
	client, mock := newClient(t)
	requests := recorder(t, mock,
		httpmock.NewErrorResponder(errors.New("connection reset")),
		answer(503, "<html>"),
		answer(200, testdata(t, "throttled.json")),
		answer(200, testdata(t, "list_inputs.json")))
	page, err := client.ListInputs(t.Context(), nil)
	if err != nil || len(page.Items) != 2 || len(*requests) != 4 {
		t.Fatal(page, err, len(*requests))
	}
}

// The waits before the retries of a read, in time that is exact.
func TestWaitsBeforeRetries(t *testing.T) {
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for _, test := range []struct {
		name       string
		policy     clarifai.RetryPolicy
		retryAfter func() string
		status     int             // 503 when it is 0
		low, high  []time.Duration // bounds of the waits; without high they are exact
		gaveUp     time.Duration   // wait requested by the server that ends the call
	}{
		{name: "the default", low: ms(200, 200, 400, 800), high: ms(200, 400, 800, 1600), policy: clarifai.RetryPolicy{MaxRetries: 4}},
		{name: "up to the most", low: ms(1000, 1000, 1500, 1500, 1500), high: ms(1000, 2000, 3000, 3000, 3000),
			policy: clarifai.RetryPolicy{MaxRetries: 5, MinWait: time.Second, MaxWait: 3 * time.Second}},
		{name: "always the same", low: ms(50, 50, 50), high: ms(50, 50, 50),
			policy: clarifai.RetryPolicy{MaxRetries: 3, MinWait: 50 * time.Millisecond, MaxWait: 50 * time.Millisecond}},
		{name: "a most below the least by default", low: ms(20, 20), high: ms(20, 20),
			policy: clarifai.RetryPolicy{MaxRetries: 2, MaxWait: 20 * time.Millisecond}},
		{name: "a least above the most by default", low: ms(60_000), high: ms(60_000),
			policy: clarifai.RetryPolicy{MaxRetries: 1, MinWait: time.Minute}},
		{name: "none", policy: clarifai.RetryPolicy{}},
		{name: "a most beyond all time", low: ms(200, 200), high: ms(200, 400), policy: clarifai.RetryPolicy{MaxRetries: 2, MaxWait: math.MaxInt64}},

		{name: "throttled", status: 429, low: ms(1000, 2000, 4000, 8000), policy: clarifai.RetryPolicy{MaxRetries: 4}},
		{name: "throttled, up to the most", status: 429, low: ms(1000, 2000, 3000, 3000), policy: clarifai.RetryPolicy{MaxRetries: 4, MaxWait: 3 * time.Second}},
		{name: "throttled, at least the least", status: 429, low: ms(1500, 3000, 6000), policy: clarifai.RetryPolicy{MaxRetries: 3, MinWait: 1500 * time.Millisecond}},
		{name: "throttled, with a most below a second", status: 429, low: ms(20, 20), policy: clarifai.RetryPolicy{MaxRetries: 2, MaxWait: 20 * time.Millisecond}},
		{name: "throttled, with a most beyond all time", status: 429, low: ms(1000, 2000), policy: clarifai.RetryPolicy{MaxRetries: 2, MaxWait: math.MaxInt64}},

		{name: "seconds", retryAfter: func() string { return "7" }, low: ms(7000, 7000), policy: clarifai.RetryPolicy{MaxRetries: 2}},
		{name: "seconds of a throttled client", status: 429, retryAfter: func() string { return "7" }, low: ms(7000, 7000), policy: clarifai.RetryPolicy{MaxRetries: 2}},
		{name: "seconds, the most", retryAfter: func() string { return "15" }, low: ms(15_000), policy: clarifai.RetryPolicy{MaxRetries: 1}},
		{name: "seconds below the least", retryAfter: func() string { return "1" }, low: ms(2000), policy: clarifai.RetryPolicy{MaxRetries: 1, MinWait: 2 * time.Second}},
		{name: "no seconds", retryAfter: func() string { return "0" }, low: ms(200), policy: clarifai.RetryPolicy{MaxRetries: 1}},
		{name: "seconds below zero", retryAfter: func() string { return "-5" }, low: ms(200), policy: clarifai.RetryPolicy{MaxRetries: 1}},
		{name: "a date", retryAfter: func() string { return in(9 * time.Second) }, low: ms(9000, 9000), policy: clarifai.RetryPolicy{MaxRetries: 2}},
		{name: "a date that is past", retryAfter: func() string { return in(-time.Hour) }, low: ms(200), policy: clarifai.RetryPolicy{MaxRetries: 1}},
		{name: "nonsense", retryAfter: func() string { return "tomorrow" }, low: ms(200), policy: clarifai.RetryPolicy{MaxRetries: 1}},

		{name: "seconds above the most", retryAfter: func() string { return "16" }, gaveUp: 16 * time.Second, policy: clarifai.RetryPolicy{MaxRetries: 1}},
		{name: "seconds above the most, throttled", status: 429, retryAfter: func() string { return "16" }, gaveUp: 16 * time.Second, policy: clarifai.RetryPolicy{MaxRetries: 1}},
		{name: "seconds of a century", retryAfter: func() string { return "3155760000" }, gaveUp: math.MaxInt32 * time.Second, policy: clarifai.RetryPolicy{MaxRetries: 1}},
		{name: "seconds beyond any number", retryAfter: func() string { return strings.Repeat("9", 400) }, gaveUp: math.MaxInt32 * time.Second, policy: clarifai.RetryPolicy{MaxRetries: 1}},
		{name: "a date above the most", retryAfter: func() string { return in(time.Hour) }, gaveUp: time.Hour, policy: clarifai.RetryPolicy{MaxRetries: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &inMemory{answer: func(*http.Request, int) (*http.Response, error) {
					if test.retryAfter != nil {
						return respond(cmp.Or(test.status, 503), "", "Retry-After", test.retryAfter())
					}
					return respond(cmp.Or(test.status, 503), "")
				}}
				_, err := server.client(t, clarifai.WithRetry(test.policy)).ListInputs(t.Context(), nil)
				var e *clarifai.Error
				if !errors.As(err, &e) || e.HTTPStatus != cmp.Or(test.status, 503) {
					t.Error(err)
				}
				if !errors.Is(err, clarifai.ErrInvalidResponse) {
					t.Errorf("the cause is lost: %v", err)
				}
				if e.RetryAfter < 0 {
					t.Errorf("requested %v", e.RetryAfter)
				}
				if test.gaveUp != 0 && (e.RetryAfter != test.gaveUp || !strings.Contains(err.Error(), "RetryPolicy.MaxWait (15s)")) {
					t.Errorf("requested %v: %v", e.RetryAfter, err)
				}
				waits := server.waits()
				if len(waits) != len(test.low) {
					t.Fatalf("%d waits, want %d", len(waits), len(test.low))
				}
				if test.high == nil {
					test.high = test.low
				}
				for i, wait := range waits {
					if wait < test.low[i] || wait > test.high[i] {
						t.Errorf("wait %d was %v, want %v to %v", i+1, wait, test.low[i], test.high[i])
					}
				}
			})
		})
	}
}

func ms(waits ...int) []time.Duration {
	var durations []time.Duration
	for _, wait := range waits {
		durations = append(durations, time.Duration(wait)*time.Millisecond)
	}
	return durations
}

// A wait ends with the context, and does not begin when it would outlast it.
func TestAWaitDoesNotOutlastTheContext(t *testing.T) {
	for name, answer := range map[string]func(*http.Request, int) (*http.Response, error){
		"a backoff":     func(*http.Request, int) (*http.Response, error) { return respond(503, "") },
		"a Retry-After": func(*http.Request, int) (*http.Response, error) { return respond(503, "", "Retry-After", "10") },
		"a pause":       func(*http.Request, int) (*http.Response, error) { return respond(429, "") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &inMemory{answer: answer}
				client := server.client(t, clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: 1, MinWait: 8 * time.Second}))

				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				start := time.Now()
				_, err := client.ListInputs(ctx, nil)
				var e *clarifai.Error
				if took := time.Since(start); took != 0 || !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &e) || e.HTTPStatus < 400 || e.Attempts != 1 {
					t.Errorf("with a deadline, took %v: %v", took, err)
				}
				if asked := e.RetryAfter; (asked == 10*time.Second) != (name == "a Retry-After") {
					t.Errorf("requested %v", asked)
				}

				ctx, cancel = context.WithCancel(t.Context())
				time.AfterFunc(5*time.Second, cancel)
				start = time.Now()
				_, err = server.client(t, clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: 1, MinWait: 8 * time.Second})).ListInputs(ctx, nil)
				if took := time.Since(start); took != 5*time.Second || !errors.Is(err, context.Canceled) || !errors.As(err, &e) || e.HTTPStatus < 400 || e.Attempts != 1 {
					t.Errorf("cancelled, took %v: %v", took, err)
				}

				// A wait that ends before the deadline is no reason to give up.
				server = &inMemory{answer: func(r *http.Request, attempt int) (*http.Response, error) {
					if attempt > 1 {
						return respond(200, success)
					}
					return answer(r, attempt)
				}}
				ctx, cancel = context.WithTimeout(t.Context(), 11*time.Second)
				defer cancel()
				if _, err := server.client(t, clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: 1, MinWait: 8 * time.Second, MaxWait: 10 * time.Second})).ListInputs(ctx, nil); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestBackoffHasJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, same := time.Duration(0), 0
		for range 20 {
			server := &inMemory{answer: func(*http.Request, int) (*http.Response, error) { return respond(503, "") }}
			if _, err := server.client(t, clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: 3})).ListInputs(t.Context(), nil); err == nil {
				t.Error("no error")
			}
			if wait := server.waits()[2]; wait == first {
				same++
			} else {
				first = wait
			}
		}
		if same > 2 {
			t.Errorf("%d of 20 third waits were %v", same, first)
		}
	})
}

func TestByDefaultFourRetriesOutlastTenSecondsOfThrottling(t *testing.T) {
	for _, name := range []string{"HTTP 429", "code 11005"} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			server := &inMemory{answer: func(*http.Request, int) (*http.Response, error) {
				switch {
				case time.Since(start) > 10*time.Second:
					return respond(200, success)
				case name == "HTTP 429":
					return respond(429, "")
				}
				return respond(200, `{"status":{"code":"CONN_THROTTLED"}}`)
			}}
			if _, err := server.client(t).ListInputs(t.Context(), nil); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := server.client(t).ListInputs(t.Context(), nil); err != nil {
				t.Errorf("%s: %v", name, err)
			}

			down := &inMemory{answer: func(*http.Request, int) (*http.Response, error) { return respond(503, "") }}
			if _, err := down.client(t).ListInputs(t.Context(), nil); !attempts(err, 5) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestAnErrorSaysHowManyAttemptsWereMade(t *testing.T) {
	for retries, text := range []string{": HTTP 503: ", ": HTTP 503 after 2 attempts: ", ": HTTP 503 after 3 attempts: "} {
		client, mock := newClient(t, clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: retries, MaxWait: time.Microsecond}))
		recorder(t, mock, answer(503, `{"status":{"code":10020}}`))
		if _, err := client.ListInputs(t.Context(), nil); !strings.Contains(fmt.Sprint(err), text) {
			t.Errorf("%v, want %q", err, text)
		}
	}
}

package clarifai_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
)

func TestATimeoutAppliesToEachAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, mock := newClient(t, clarifai.WithTimeout(5*time.Second))
		var attempts atomic.Int32 // httpmock may leave a hanging responder behind
		mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			if attempts.Add(1) < 3 {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return httpmock.NewStringResponse(200, success), nil
		})
		start := time.Now()
		if _, err := client.ListInputs(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start).Round(time.Second); attempts.Load() != 3 || took != 10*time.Second {
			t.Errorf("%d attempts in %v", attempts.Load(), took)
		}
	})
}

// WithTimeout bounds an attempt; the deadline of the context bounds the call.
func TestATimeoutEndsAnAttemptAndADeadlineEndsTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &inMemory{answer: func(r *http.Request, _ int) (*http.Response, error) { return hang(r) }}
		policy := clarifai.RetryPolicy{MaxRetries: 2, MinWait: time.Second, MaxWait: time.Second}
		client := server.client(t, clarifai.WithTimeout(5*time.Second), clarifai.WithRetry(policy))

		start := time.Now()
		_, err := client.ListInputs(t.Context(), nil)
		if took := time.Since(start); took != 3*5*time.Second+2*time.Second || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a read took %v: %v", took, err)
		}

		start = time.Now()
		err = client.DeleteInput(t.Context(), "a")
		if took := time.Since(start); took != 5*time.Second || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a write took %v: %v", took, err)
		}

		start = time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 5500*time.Millisecond) // ends during the first backoff, so the call fails without waiting
		defer cancel()
		server.sent = nil
		_, err = client.ListInputs(ctx, nil)
		if took := time.Since(start); took != 5*time.Second || !errors.Is(err, context.DeadlineExceeded) || len(server.sent) != 1 {
			t.Errorf("took %v, %d attempts: %v", took, len(server.sent), err)
		}
	})
}

// A timeout of an attempt, at any stage, is distinguished from the end of the caller's
// context.
func TestATimeoutOfAnAttemptIsNotTheEndOfTheCallersContext(t *testing.T) {
	stalls := func(r *http.Request, _ int) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: stalledBody{r.Context()}}, nil
	}
	for _, test := range []struct {
		name   string
		answer func(*http.Request, int) (*http.Response, error)
		says   string
	}{
		{"before the header", func(r *http.Request, _ int) (*http.Response, error) { return hang(r) }, "exceeded WithTimeout (5s)"},
		{"before the header, with the error of the context", func(r *http.Request, _ int) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}, "exceeded WithTimeout (5s)"},
		{"in the body", stalls, "exceeded WithTimeout (5s)"},
		{"in the transport", func(*http.Request, int) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: context.DeadlineExceeded}
		}, "dial tcp"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &inMemory{answer: test.answer}
				for by, opt := range map[string]clarifai.Option{
					"WithTimeout":    clarifai.WithTimeout(5 * time.Second),
					"WithHTTPClient": clarifai.WithHTTPClient(&http.Client{Transport: server, Timeout: 5 * time.Second}),
				} {
					client := server.client(t, clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: 1}), opt)
					_, err := client.ListInputs(t.Context(), nil)
					var e *clarifai.Error
					if !errors.As(err, &e) || e.Attempts != 2 || !e.Timeout() || !errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("%s: %v", by, err)
					}
					if !strings.Contains(err.Error(), "after 2 attempts") || !strings.Contains(err.Error(), test.says) {
						t.Errorf("%s: %v", by, err)
					}
					var network net.Error
					if !errors.As(err, &network) || !network.Timeout() {
						t.Errorf("%s: not a net.Error: %v", by, err)
					}

					ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
					defer cancel()
					if _, err := client.ListInputs(ctx, nil); test.name != "in the transport" && (!errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded)) {
						t.Errorf("%s: the caller's deadline: %v", by, err)
					}
				}
			})
		})
	}
}

func TestOneMinuteLimitsAnAttemptByDefault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &inMemory{answer: func(r *http.Request, _ int) (*http.Response, error) { return hang(r) }}
		start := time.Now()
		_, err := server.client(t, clarifai.WithRetry(clarifai.RetryPolicy{})).ListInputs(t.Context(), nil)
		if took := time.Since(start); took != time.Minute || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("took %v: %v", took, err)
		}
	})
}

func TestWithTimeoutOverridesTheTimeoutOfTheHTTPClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &inMemory{answer: func(r *http.Request, _ int) (*http.Response, error) { return hang(r) }}
		client := server.client(t, clarifai.WithRetry(clarifai.RetryPolicy{}), clarifai.WithTimeout(10*time.Second),
			clarifai.WithHTTPClient(&http.Client{Transport: server, Timeout: 5 * time.Second}))
		start := time.Now()
		if _, err := client.ListInputs(t.Context(), nil); time.Since(start) != 10*time.Second || !strings.Contains(err.Error(), "exceeded WithTimeout (10s)") {
			t.Errorf("took %v: %v", time.Since(start), err)
		}
	})
}

func TestTheContextOfAnAttemptIsDoneAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var last context.Context
		server := &inMemory{answer: func(r *http.Request, attempt int) (*http.Response, error) {
			if last != nil && last.Err() == nil {
				t.Error("the context of the first attempt is not done")
			}
			if last = r.Context(); attempt == 1 {
				return respond(503, "")
			}
			return respond(200, success)
		}}
		if _, err := server.client(t).ListInputs(t.Context(), nil); err != nil || last.Err() == nil {
			t.Errorf("the context of the last attempt is not done: %v", err)
		}
	})
}

func TestOtherErrorsAreNotTimeouts(t *testing.T) {
	client, mock := newClient(t, clarifai.WithRetry(clarifai.RetryPolicy{}))
	recorder(t, mock, answer(503, ""), httpmock.NewErrorResponder(&net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}))
	for range 2 {
		_, err := client.ListInputs(t.Context(), nil)
		var e *clarifai.Error
		if !errors.As(err, &e) || e.Timeout() || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
	}
}

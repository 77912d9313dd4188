package clarifai_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai-go/clarifai"
	"golang.org/x/time/rate"
)

// bucket is a server of pages that rejects requests above its rate limit.
type bucket struct {
	limiter *rate.Limiter
	latency time.Duration
	varies  bool // by up to a half in either direction
	pages   *faultyServer

	mu            sync.Mutex
	took, refused int
}

func (b *bucket) answer(r *http.Request, _ int) (*http.Response, error) {
	wait := func() {
		latency := b.latency / 2
		if b.varies {
			latency = latency/2 + rand.N(latency+1)
		}
		time.Sleep(latency)
	}
	wait()
	allowed := b.limiter.Allow()
	wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	if !allowed {
		b.refused++
		return respond(429, `{"status":{"code":"CONN_THROTTLED"}}`)
	}
	b.took++
	page, key := requestedPage(r)
	return respond(200, string(b.pages.page(page, key)))
}

// The servers reject requests above 15 per second, with bursts of 1 or 15. Their
// latency varies, so that requests arrive out of order.
func TestAClientFindsTheRateThatTheServerAllows(t *testing.T) {
	const perPage, perSecond = 2, 15
	for _, pages := range []int{120, 1000} {
		for _, burst := range []int{1, 15} {
			for _, prefetch := range []int{8, 32} {
				for _, latency := range []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond} {
					for _, varies := range []bool{false, true} {
						t.Run(fmt.Sprintf("%d pages/bursts of %d/Prefetch(%d)/latency %v, varies %v", pages, burst, prefetch, latency, varies), func(t *testing.T) {
							synctest.Test(t, func(t *testing.T) {
								b := &bucket{limiter: rate.NewLimiter(perSecond, burst), latency: latency, varies: varies, pages: &faultyServer{pages: pages, perPage: perPage}}
								server := &inMemory{answer: b.answer}
								start := time.Now()
								items, err := toTheEnd(t, pagedCalls[0].all(t.Context(), server.client(t), clarifai.PageParams{PerPage: perPage}, clarifai.Prefetch(prefetch)))
								if err != nil {
									t.Error(err)
								}
								inOrder(t, items, pages*perPage)
								refused := float64(b.refused) / float64(b.took+b.refused)
								if pages >= 1000 && refused >= 0.05 {
									t.Errorf("%.1f percent of the requests were rejected", 100*refused)
								}
								took := time.Since(start)
								pace := float64(b.took) / took.Seconds()
								if pages >= 1000 && !varies && pace < perSecond*2/3 {
									t.Errorf("the rate was %.1f per second", pace)
								}
								t.Logf("%d accepted, %d rejected (%.1f percent), in %v, %.1f per second", b.took, b.refused, 100*refused, took.Round(time.Second), pace)
							})
						})
					}
				}
			}
		}
	}
}

// throttling is a server that rejects all requests with HTTP 429 for some time.
func throttling(until time.Time, headers ...string) *inMemory {
	return &inMemory{answer: func(*http.Request, int) (*http.Response, error) {
		if time.Now().Before(until) {
			return respond(429, "", headers...)
		}
		return respond(200, success)
	}}
}

func TestRequestsAreNotPacedBeforeTheFirstThrottling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := throttling(time.Now())
		client := server.client(t)
		start := time.Now()
		var calls sync.WaitGroup
		for range 1000 {
			calls.Go(func() {
				if _, err := client.ListInputs(t.Context(), nil); err != nil {
					t.Error(err)
				}
			})
		}
		calls.Wait()
		if took := time.Since(start); took != 0 {
			t.Errorf("took %v", took)
		}
	})
}

func TestAPauseIsSharedByAllAppsOfAClient(t *testing.T) {
	for name, headers := range map[string][]string{"a second": nil, "Retry-After": {"Retry-After", "5"}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				server := throttling(start.Add(time.Millisecond), headers...)
				client := server.client(t)
				pause := time.Second
				if headers != nil {
					pause = 5 * time.Second
				}
				var calls sync.WaitGroup
				for i := range 8 {
					calls.Go(func() {
						time.Sleep(time.Duration(i) * 100 * time.Millisecond)
						if _, err := client.App("", fmt.Sprint(i)).ListInputs(t.Context(), nil); err != nil {
							t.Error(err)
						}
					})
				}
				calls.Wait()
				if len(server.sent) != 9 {
					t.Errorf("%d requests", len(server.sent))
				}
				for i, at := range server.sent[1:] {
					if at.Sub(start) < pause || i > 0 && at.Equal(server.sent[i]) {
						t.Errorf("request %d was sent after %v", i+2, at.Sub(start))
					}
				}
				// Other clients are not affected.
				start = time.Now()
				if _, err := server.client(t).ListInputs(t.Context(), nil); err != nil || time.Since(start) != 0 {
					t.Errorf("another client took %v: %v", time.Since(start), err)
				}
			})
		})
	}
}

// A pause also delays calls that already wait for the rate limit, and a later response
// with a shorter Retry-After does not shorten it.
func TestAPauseDelaysCallsThatWaitForTheRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		server := &inMemory{answer: func(_ *http.Request, attempt int) (*http.Response, error) {
			switch attempt {
			case 1:
				time.Sleep(1200 * time.Millisecond) // the second is sent in the meantime
				return respond(429, "", "Retry-After", "10")
			case 2:
				time.Sleep(500 * time.Millisecond)
				return respond(429, "", "Retry-After", "1")
			}
			return respond(200, success)
		}}
		client := server.client(t, clarifai.WithRateLimit(1))
		var calls sync.WaitGroup
		for range 4 {
			calls.Go(func() {
				if _, err := client.ListInputs(t.Context(), nil); err != nil {
					t.Error(err)
				}
			})
		}
		calls.Wait()
		for i, at := range server.sent[2:] {
			if at.Sub(start) < 11200*time.Millisecond {
				t.Errorf("request %d was sent after %v", i+3, at.Sub(start))
			}
		}
	})
}

func TestACallThatIsPausedEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := throttling(time.Now().Add(time.Millisecond), "Retry-After", "10")
		client := server.client(t)
		var calls sync.WaitGroup
		for range 3 { // the first waits for the pause, the others for the first
			calls.Go(func() {
				if _, err := client.ListInputs(t.Context(), nil); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(time.Second)

		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		_, err := client.ListInputs(ctx, nil)
		var e *clarifai.Error
		if took := time.Since(start); took != 0 || !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &e) || e.Attempts != 0 {
			t.Errorf("with a deadline, took %v: %v", took, err)
		}

		for range 2 {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(2*time.Second, cancel)
			start = time.Now()
			_, err = client.ListInputs(ctx, nil)
			if took := time.Since(start); took != 2*time.Second || !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled, took %v: %v", took, err)
			}
		}
		calls.Wait()
	})
}

// All calls survive ten seconds in which the server rejects everything. The outage does
// not affect the rate that the client learned.
func TestPrefetchOutlastsTenSecondsOfThrottling(t *testing.T) {
	const pages, perPage, outage = 600, 2, 10 * time.Second
	for _, begins := range []time.Duration{0, time.Second} {
		synctest.Test(t, func(t *testing.T) {
			numbered := &faultyServer{pages: pages, perPage: perPage}
			start := time.Now()
			refused := 0
			server := &inMemory{}
			server.answer = func(r *http.Request, _ int) (*http.Response, error) {
				time.Sleep(100 * time.Millisecond)
				page, key := requestedPage(r)
				server.mu.Lock()
				defer server.mu.Unlock()
				if since := time.Since(start); since >= begins && since < begins+outage {
					refused++
					return respond(429, "")
				}
				return respond(200, string(numbered.page(page, key)))
			}
			items, err := toTheEnd(t, pagedCalls[0].all(t.Context(), server.client(t), clarifai.PageParams{PerPage: perPage}, clarifai.Prefetch(32)))
			if err != nil {
				t.Error(err)
			}
			inOrder(t, items, pages*perPage)
			// The last wait may end up to 8 seconds after the outage.
			took, mostRefused, longest := time.Since(start)-begins-outage, 32+10, 35*time.Second
			if begins > 0 { // the client has learned the rate
				mostRefused, longest = 4*32, 15*time.Second
			}
			if refused > mostRefused || took > longest {
				t.Errorf("%d requests were rejected; took %v after the outage", refused, took)
			}
		})
	}
}

func TestTheRateRecoversOverTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bucket{limiter: rate.NewLimiter(5, 1), latency: 10 * time.Millisecond, pages: &faultyServer{pages: 300, perPage: 1}}
		server := &inMemory{answer: b.answer}
		client := server.client(t)
		all := func() time.Duration {
			start := time.Now()
			for _, err := range client.ListInputsAll(t.Context(), &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 1}}, clarifai.Prefetch(8)) {
				if err != nil {
					t.Fatal(err)
				}
			}
			return time.Since(start)
		}
		all()
		b.limiter.SetLimit(rate.Inf)
		time.Sleep(15 * time.Minute)
		if took := all(); took > 5*time.Second {
			t.Errorf("after 15 minutes, took %v", took)
		}
		// The rate also recovers after a burst that was rejected.
		b.limiter.SetLimit(5)
		all()
		if b.limiter.SetLimit(rate.Inf); all() > 3*time.Minute {
			t.Error("the rate did not recover while requests were sent")
		}
	})
}

// A client that does not retry does not wait either.
func TestAClientWithoutRetriesIsNotThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := throttling(time.Now().Add(time.Hour))
		client := server.client(t, clarifai.WithRetry(clarifai.RetryPolicy{}))
		start := time.Now()
		for range 5 {
			if _, err := client.ListInputs(t.Context(), nil); !errors.Is(err, clarifai.ErrRateLimited) || !attempts(err, 1) {
				t.Error(err)
			}
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("took %v", took)
		}
	})
}

// If the Retry-After exceeds MaxWait, the call fails; the caller decides whether to
// wait.
func TestARetryAfterThatExceedsMaxWaitDoesNotDelayOtherCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := throttling(time.Now().Add(time.Millisecond), "Retry-After", "3600")
		client := server.client(t)
		start := time.Now()
		_, err := client.ListInputs(t.Context(), nil)
		var e *clarifai.Error
		if !errors.As(err, &e) || e.RetryAfter != time.Hour || !attempts(err, 1) || !errors.Is(err, clarifai.ErrRateLimited) || time.Since(start) != 0 {
			t.Errorf("took %v: %v", time.Since(start), err)
		}
		time.Sleep(2 * time.Second)
		start = time.Now()
		if _, err := client.ListInputs(t.Context(), nil); err != nil || time.Since(start) != 0 {
			t.Errorf("took %v: %v", time.Since(start), err)
		}
	})
}

// MaxWait also bounds the time between two requests.
func TestTheTimeBetweenRequestsIsAtMostMaxWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &inMemory{answer: func(_ *http.Request, attempt int) (*http.Response, error) {
			if attempt%2 == 1 {
				return respond(429, "")
			}
			return respond(200, success)
		}}
		client := server.client(t, clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: 4, MaxWait: time.Millisecond}))
		start := time.Now()
		for range 100 {
			if _, err := client.ListInputs(t.Context(), nil); err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(start); took > 300*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

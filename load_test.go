package clarifai_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai-go/clarifai"
)

// inMemory is a transport without a network or goroutines. It honors the context of a
// request and records when each request was sent.
type inMemory struct {
	mu     sync.Mutex
	sent   []time.Time
	answer func(r *http.Request, attempt int) (*http.Response, error)
}

func (m *inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	m.sent = append(m.sent, time.Now())
	attempt := len(m.sent)
	m.mu.Unlock()
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	return m.answer(r, attempt)
}

func respond(status int, body string, headers ...string) (*http.Response, error) {
	resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
	for i := 0; i < len(headers); i += 2 {
		resp.Header.Set(headers[i], headers[i+1])
	}
	return resp, nil
}

func hang(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, context.Cause(r.Context())
}

func (m *inMemory) client(t *testing.T, opts ...clarifai.Option) *clarifai.Client {
	t.Helper()
	client, err := clarifai.NewClient(append([]clarifai.Option{
		clarifai.WithPAT(token), clarifai.WithApp("USER", "APP"), clarifai.WithHTTPClient(&http.Client{Transport: m}),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// waits returns the times between requests.
func (m *inMemory) waits() []time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	var waits []time.Duration
	for i := 1; i < len(m.sent); i++ {
		waits = append(waits, m.sent[i].Sub(m.sent[i-1]))
	}
	return waits
}

// Goroutines that use several apps, make calls of every kind and retry stay within 15
// requests per second. Each gets the response to its own request. Calls that are
// cancelled do not affect the others.
func TestManyGoroutinesShareOneRateLimit(t *testing.T) {
	const goroutines, calls, perSecond = 64, 12, 15
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		served := map[string]int{}
		server := &inMemory{}
		server.answer = func(r *http.Request, attempt int) (*http.Response, error) {
			time.Sleep(time.Duration(attempt%5) * 100 * time.Millisecond) // responses overlap
			if err := r.Context().Err(); err != nil {
				return nil, err
			}
			if attempt%20 == 0 {
				return respond(503, "")
			}
			id := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
			mu.Lock()
			defer mu.Unlock()
			served[id]++
			return respond(200, fmt.Sprintf(`{"status":{"code":10000},"input":{"id":%q}}`, id))
		}
		client := server.client(t, clarifai.WithRateLimit(perSecond), clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: 9}), clarifai.WithTimeout(time.Hour))
		var all sync.WaitGroup
		for g := range goroutines {
			all.Go(func() {
				mine := client
				if g%2 == 1 {
					mine = client.App("USER", "OTHER")
				}
				for n := range calls {
					ctx, cancel := context.WithCancel(t.Context())
					if g%8 == 7 { // cancel, usually while the call waits for the rate limit
						time.AfterFunc(time.Duration(n)*150*time.Millisecond, cancel)
					}
					id := fmt.Sprintf("%d-%d", g, n)
					input, err := mine.GetInput(ctx, id)
					if err == nil && input.ID != id {
						t.Errorf("requested %s, got %s", id, input.ID)
					}
					if err != nil && (g%8 != 7 || !errors.Is(err, context.Canceled)) {
						t.Errorf("%s: %v", id, err)
					}
					cancel()
				}
			})
		}
		all.Wait()
		for g := range goroutines {
			for n := range calls {
				if id := fmt.Sprintf("%d-%d", g, n); g%8 != 7 && served[id] != 1 {
					t.Errorf("%s was served %d times", id, served[id])
				}
			}
		}
		// The limiter rounds to nanoseconds.
		sent := server.sent
		slices.SortFunc(sent, time.Time.Compare)
		most := 0
		for i, start := range sent {
			n := 0
			for _, at := range sent[i:] {
				if at.Sub(start) < time.Second-time.Microsecond {
					n++
				}
			}
			most = max(most, n)
		}
		if most > perSecond+1 {
			t.Errorf("%d requests in a second", most)
		}
		// The rate is not much lower either: only the slots of cancelled calls are
		// lost.
		took, needed := sent[len(sent)-1].Sub(sent[0]), time.Duration(len(sent))*time.Second/perSecond
		if took > needed*3/2 {
			t.Errorf("%d requests took %v", len(sent), took)
		}
		t.Logf("%d requests in %v, at most %d in a second", len(sent), took.Round(time.Millisecond), most)
	})
}

// Iterators that share a rate limit, with and without Prefetch, get all their pages.
func TestIteratorsShareTheRateLimit(t *testing.T) {
	const perSecond, pages = 15, 20
	synctest.Test(t, func(t *testing.T) {
		numbered := &faultyServer{pages: pages, perPage: 2}
		server := &inMemory{answer: func(r *http.Request, _ int) (*http.Response, error) {
			page, key := requestedPage(r)
			return respond(200, string(numbered.page(page, key)))
		}}
		client := server.client(t, clarifai.WithRateLimit(perSecond))
		var all sync.WaitGroup
		for g := range 8 {
			all.Go(func() {
				items, err := toTheEnd(t, pagedCalls[0].all(t.Context(), client, clarifai.PageParams{PerPage: 2}, clarifai.Prefetch(g%4*3)))
				if err != nil {
					t.Error(err)
				}
				inOrder(t, items, pages*2)
			})
		}
		all.Wait()
		for i, wait := range server.waits() {
			if wait < time.Second/perSecond-time.Microsecond {
				t.Errorf("wait %d was %v", i, wait)
			}
		}
	})
}

// When a context ends, calls and iterators end immediately, whatever they are doing.
func TestACallEndsImmediatelyWithItsContext(t *testing.T) {
	const patience = 1234 * time.Millisecond
	for _, test := range []struct {
		name   string
		answer func(*http.Request, int) (*http.Response, error)
	}{
		{"in an attempt", func(r *http.Request, _ int) (*http.Response, error) { return hang(r) }},
		{"in a body", func(r *http.Request, _ int) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: stalledBody{r.Context()}}, nil
		}},
		{"after retries", func(r *http.Request, attempt int) (*http.Response, error) {
			if attempt < 3 {
				return respond(503, "")
			}
			return hang(r)
		}},
	} {
		for _, prefetch := range []int{0, 8} {
			t.Run(fmt.Sprintf("%s/Prefetch(%d)", test.name, prefetch), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					server := &inMemory{answer: test.answer}
					client := server.client(t, clarifai.WithTimeout(time.Hour))
					cause := errors.New("no patience")
					for want, begin := range map[error]func() (context.Context, func()){
						context.Canceled: func() (context.Context, func()) {
							ctx, cancel := context.WithCancelCause(t.Context())
							time.AfterFunc(patience, func() { cancel(cause) })
							return ctx, func() {}
						},
						context.DeadlineExceeded: func() (context.Context, func()) {
							ctx, cancel := context.WithTimeoutCause(t.Context(), patience, cause)
							return ctx, cancel
						},
					} {
						server.sent = nil
						start := time.Now()
						ctx, cancel := begin()
						errs := 0
						for _, err := range client.ListInputsAll(ctx, nil, clarifai.Prefetch(prefetch)) {
							var failed *clarifai.PageError
							if errs++; !errors.Is(err, want) || !errors.Is(err, cause) || !errors.As(err, &failed) || failed.Page != 1 {
								t.Errorf("%v", err)
							}
						}
						if took := time.Since(start); took != patience || errs != 1 {
							t.Errorf("took %v, %d errors", took, errs)
						}
						cancel()
					}
				})
			})
		}
	}
}

// stalledBody is a body that never delivers data.
type stalledBody struct{ ctx context.Context }

func (b stalledBody) Read([]byte) (int, error) {
	<-b.ctx.Done()
	return 0, b.ctx.Err()
}
func (stalledBody) Close() error { return nil }

// Leaving a loop does not wait for prefetched requests: those that hang or back off are
// cancelled.
func TestLeavingALoopCancelsPrefetchedRequests(t *testing.T) {
	for name, slow := range map[string]func(*http.Request) (*http.Response, error){
		"hanging requests":       hang,
		"requests that back off": func(*http.Request) (*http.Response, error) { return respond(503, "", "Retry-After", "15") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pages := &faultyServer{pages: 100, perPage: 2}
				var underWay atomic.Int32
				server := &inMemory{answer: func(r *http.Request, _ int) (*http.Response, error) {
					underWay.Add(1)
					defer underWay.Add(-1)
					page, key := requestedPage(r)
					if page > 1 {
						defer time.Sleep(time.Millisecond) // cancelling takes time
						return slow(r)
					}
					return respond(200, string(pages.page(page, key)))
				}}
				client := server.client(t, clarifai.WithRateLimit(1000))
				start := time.Now()
				for _, err := range client.ListInputsAll(context.Background(), nil, clarifai.Prefetch(8)) {
					if err != nil {
						t.Error(err)
					}
					synctest.Wait()
					break
				}
				if took := time.Since(start); took > 20*time.Millisecond || underWay.Load() != 0 {
					t.Errorf("took %v, with %d requests left", took, underWay.Load())
				}
				// synctest fails the test if a goroutine is left.
			})
		})
	}
}

// A panic in the body of a loop propagates and leaves no goroutine. synctest checks the
// latter.
func TestAPanicInALoopCancelsPrefetchedRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pages := &faultyServer{pages: 100, perPage: 2}
		server := &inMemory{answer: func(r *http.Request, _ int) (*http.Response, error) {
			page, key := requestedPage(r)
			if page > 1 {
				return hang(r)
			}
			return respond(200, string(pages.page(page, key)))
		}}
		client := server.client(t)
		defer func() {
			if recover() != "mine" {
				t.Error("the panic did not propagate")
			}
		}()
		for range client.ListInputsAll(context.Background(), nil, clarifai.Prefetch(8)) {
			panic("mine")
		}
	})
}

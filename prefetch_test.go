package clarifai_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"encoding/json"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
	"go.uber.org/goleak"
)

func TestPrefetchKeepsThatManyRequestsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, mock := newClient(t)
		var now, most atomic.Int32
		server := &pager{items: 1000}
		server.before = func(r *http.Request, _ int) *http.Response {
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
			delay(r, 20*time.Millisecond)
			return nil
		}
		mock.RegisterNoResponder(server.respond)
		req := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 10}}
		for _, test := range []struct {
			prefetch int
			took     time.Duration
		}{{0, 101 * 20 * time.Millisecond}, {8, 13 * 20 * time.Millisecond}} {
			most.Store(0)
			start := time.Now()
			ids, err := collect(client.ListInputsAll(t.Context(), req, clarifai.Prefetch(test.prefetch)), inputID)
			if err != nil || !slices.Equal(ids, count(1000)) {
				t.Errorf("%d items, %v", len(ids), err)
			}
			if took := time.Since(start); took != test.took || int(most.Load()) != max(test.prefetch, 1) {
				t.Errorf("Prefetch(%d): %v, at most %d at a time", test.prefetch, took, most.Load())
			}
		}
	})
}

func TestPrefetchedPagesAreDeliveredInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, mock := newClient(t)
		server := &pager{items: 1000}
		server.before = func(r *http.Request, page int) *http.Response {
			delay(r, time.Duration(page*7919%13)*time.Millisecond)
			return nil
		}
		mock.RegisterNoResponder(server.respond)
		req := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 10}}
		if ids, err := collect(client.ListInputsAll(t.Context(), req, clarifai.Prefetch(16)), inputID); err != nil || !slices.Equal(ids, count(1000)) {
			t.Errorf("%d items, %v", len(ids), err)
		}
	})
}

func TestPagesFetchedAheadOfACancellationAreNotDelivered(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	server := &pager{items: 1000}
	mock.RegisterNoResponder(server.respond)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var ids []string
	var last error
	for in, err := range client.ListInputsAll(ctx, &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 10}}, clarifai.Prefetch(4)) {
		if last = err; err == nil {
			ids = append(ids, in.ID)
			cancel()
		}
	}
	var page *clarifai.PageError
	if !errors.Is(last, context.Canceled) || !errors.As(last, &page) || page.Page != 2 || !slices.Equal(ids, count(10)) {
		t.Error(ids, last)
	}
}

func TestPrefetchAtItsMaximum(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	mock.RegisterNoResponder((&pager{items: 1500}).respond)
	req := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 1}}
	if ids, err := collect(client.ListInputsAll(t.Context(), req, clarifai.Prefetch(1000)), inputID); err != nil || !slices.Equal(ids, count(1500)) {
		t.Errorf("Prefetch(1000): %d items, %v", len(ids), err)
	}
	if n := mock.GetTotalCallCount(); n > 1500+1000 {
		t.Errorf("Prefetch(1000): %d requests", n)
	}
	mock.ZeroCallCounters()
	for _, pages := range []int{1001, -1, math.MaxInt, math.MinInt} {
		var argument *clarifai.ArgumentError
		err := firstError(client.ListInputsAll(t.Context(), req, clarifai.Prefetch(pages)))
		if !errors.As(err, &argument) || argument.Argument != "Prefetch" || argument.Value != pages || !strings.Contains(err.Error(), "0 to 1000") {
			t.Errorf("Prefetch(%d): %v", pages, err)
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// ender is a place where a caller's code runs while page 3 is fetched.
type ender struct {
	name string
	end  func(how func()) (client []clarifai.Option, decode func()) // nil means the transport
}

var enders = []ender{
	{"a transport", nil},
	{"a logger", func(how func()) ([]clarifai.Option, func()) {
		return []clarifai.Option{clarifai.WithLogger(slog.New(endingLog{slog.DiscardHandler, how}))}, nil
	}},
	{"an UnmarshalJSON", func(how func()) ([]clarifai.Option, func()) { return nil, how }},
}

type endingLog struct {
	slog.Handler
	end func()
}

func (endingLog) Enabled(context.Context, slog.Level) bool { return true }

func (l endingLog) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "page" && a.Value.Int64() == 3 {
			l.end()
		}
		return true
	})
	return nil
}

// fragile is a result whose decoding runs the caller's code.
type fragile struct{ ID string }

var fragileEnd atomic.Pointer[func()]

func (f *fragile) UnmarshalJSON(b []byte) error {
	var v struct{ ID string }
	err := json.Unmarshal(b, &v)
	if f.ID = v.ID; f.ID == "20" { // the first of page 3
		if end := fragileEnd.Load(); end != nil {
			(*end)()
		}
	}
	return err
}

// fragilePages iterates over pages of 10. Code at e ends the fetch of the third page.
func fragilePages(t *testing.T, e ender, how func(), prefetch int) iter.Seq2[*clarifai.Page[fragile], error] {
	t.Helper()
	server := &pager{items: 55}
	transport := roundTripper(func(r *http.Request) (*http.Response, error) {
		if e.end == nil && r.URL.Query().Get("page") == "3" {
			how()
		}
		return server.respond(r)
	})
	opts := []clarifai.Option{clarifai.WithHTTPClient(&http.Client{Transport: transport})}
	fragileEnd.Store(nil)
	if e.end != nil {
		more, decode := e.end(how)
		opts = append(opts, more...)
		if decode != nil {
			fragileEnd.Store(&decode)
		}
	}
	client, _ := newClient(t, opts...)
	endpoint := clarifai.Endpoint[fragile]{Method: "GET", Path: "/v2/users/{user_id}/apps/{app_id}/inputs", Key: "inputs"}
	return endpoint.Pages(t.Context(), client, &clarifai.PageParams{PerPage: 10}, clarifai.Prefetch(prefetch))
}

// t.Fatal calls runtime.Goexit, for example. Without Prefetch, that ends the goroutine
// of the loop, as intended.
func TestGoexitDuringARequestFailsThePage(t *testing.T) {
	for _, e := range enders {
		for _, prefetch := range []int{1, 2, 8} {
			synctest.Test(t, func(t *testing.T) { // fails immediately if the loop hangs
				n := 0
				for page, err := range fragilePages(t, e, runtime.Goexit, prefetch) {
					if n++; n <= 2 {
						if err != nil || page.Number != n {
							t.Errorf("%s, Prefetch(%d): %v, %v", e.name, prefetch, page, err)
						}
						continue
					}
					var failed *clarifai.PageError
					if n > 3 || !errors.As(err, &failed) || failed.Page != 3 || !failed.CanResume() || !strings.Contains(err.Error(), "runtime.Goexit") {
						t.Errorf("%s, Prefetch(%d): %v, %v", e.name, prefetch, page, err)
					}
				}
				if n != 3 {
					t.Errorf("%s, Prefetch(%d): %d pages and errors", e.name, prefetch, n)
				}
			})
		}
	}
}

func TestTheNoResponderOfHTTPMockEndsALoop(t *testing.T) {
	for _, prefetch := range []int{1, 8} {
		synctest.Test(t, func(t *testing.T) {
			client, mock := newClient(t)
			var fatal atomic.Int32
			mock.RegisterNoResponder(httpmock.NewNotFoundResponder(func(...any) { // like t.Fatal
				fatal.Add(1)
				runtime.Goexit()
			}))
			mock.RegisterResponderWithQuery("GET", base+"/inputs", "page=1&per_page=1000", answer(200, inputsOf("a b")))
			ids, err := collect(client.ListInputsAll(t.Context(), nil, clarifai.Prefetch(prefetch)), inputID)
			var failed *clarifai.PageError
			if !slices.Equal(ids, []string{"a", "b"}) || !errors.As(err, &failed) || failed.Page != 2 || !strings.Contains(err.Error(), "t.Fatal") || fatal.Load() == 0 {
				t.Error(ids, err)
			}
		})
	}
}

// httpmock runs a responder in a separate goroutine, and waits for it until the context
// of the attempt is done.
func TestGoexitInAResponderDoesNotBlockTheLoop(t *testing.T) {
	for _, prefetch := range []int{0, 8} {
		for deadline, want := range map[time.Duration]error{time.Second: context.DeadlineExceeded, time.Hour: os.ErrDeadlineExceeded} {
			synctest.Test(t, func(t *testing.T) {
				client, mock := newClient(t, clarifai.WithTimeout(time.Minute))
				mock.RegisterNoResponder(func(*http.Request) (*http.Response, error) {
					runtime.Goexit() // like t.Fatal
					return nil, nil
				})
				ctx, cancel := context.WithTimeout(t.Context(), deadline)
				defer cancel()
				ids, err := collect(client.ListInputsAll(ctx, nil, clarifai.Prefetch(prefetch)), inputID)
				var failed *clarifai.PageError
				if len(ids) != 0 || !errors.Is(err, want) || !errors.As(err, &failed) || failed.Page != 1 {
					t.Error(ids, err)
				}
			})
		}
	}
}

func TestAPanicDuringARequestReachesTheLoop(t *testing.T) {
	type own struct{ text string }
	for _, e := range enders {
		for _, value := range []any{"text", &own{"a pointer"}, errors.New("an error"), own{"a struct"}} {
			for _, prefetch := range []int{0, 1, 2, 8} {
				synctest.Test(t, func(t *testing.T) { // fails if a goroutine is left
					n := 0
					defer func() {
						if got := recover(); got != value || n != 2 {
							t.Errorf("%s, Prefetch(%d): after %d pages: %v, want %v", e.name, prefetch, n, got, value)
						}
					}()
					for page, err := range fragilePages(t, e, func() { panic(value) }, prefetch) {
						if n++; err != nil || page.Number != n {
							t.Errorf("%s, Prefetch(%d): %v, %v", e.name, prefetch, page, err)
						}
					}
					t.Errorf("%s, Prefetch(%d): the loop ended", e.name, prefetch)
				})
			}
		}
	}
}

// A panic is dropped if its page comes after the last page that the loop uses, or if
// the context is done. No goroutine is left.
func TestAPanicAfterTheLastPageOfALoopIsDropped(t *testing.T) {
	for _, how := range []func(){runtime.Goexit, func() { panic("dropped") }} {
		for name, leave := range map[string]func(cancel func()) (stop bool){
			"break":  func(func()) bool { return true },
			"cancel": func(cancel func()) bool { cancel(); return false },
		} {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				list := func(ctx context.Context, req *clarifai.PageParams) (*clarifai.Page[owner], error) {
					if req.Page > 2 {
						<-ctx.Done()
						how()
					}
					return &clarifai.Page[owner]{Items: []*owner{{}}}, nil
				}
				n := 0
				for page, err := range clarifai.Pages(ctx, list, nil, clarifai.Prefetch(8)) {
					if n++; n == 1 {
						synctest.Wait()
						if leave(cancel) {
							break
						}
					} else if !errors.Is(err, context.Canceled) {
						t.Errorf("%s: %v, %v", name, page, err)
					}
				}
			})
		}
	}
}

// Over HTTP/1.1, each request in flight needs a connection. No further connections are
// opened when many become idle at once.
func TestPrefetchOpensNoMoreConnectionsThanRequestsInFlight(t *testing.T) {
	const prefetch, pages = 300, 900
	var mu sync.Mutex
	waiting, opened := 0, 0
	release := make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		// Responses are sent 300 at a time, so that as many connections become idle at
		// once.
		mu.Lock()
		open := release
		if waiting++; waiting%prefetch == 0 {
			close(release)
			release = make(chan struct{})
		}
		mu.Unlock()
		select {
		case <-open:
		case <-r.Context().Done():
		}
		if page > pages {
			io.WriteString(w, inputsOf(""))
			return
		}
		io.WriteString(w, inputsOf(strconv.Itoa(page)))
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			mu.Lock()
			opened++
			mu.Unlock()
		}
	}
	server.Start()
	defer server.Close()
	client := clientOf(t, server.URL)
	defer client.HTTPClient().CloseIdleConnections()
	n := 0
	for page, err := range clarifai.Pages(t.Context(), client.ListInputs, nil, clarifai.Prefetch(prefetch)) {
		if n++; err != nil || page.Items[0].ID != strconv.Itoa(n) {
			t.Fatal(page, err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if n != pages || opened > prefetch {
		t.Errorf("%d pages over %d connections", n, opened)
	}
}

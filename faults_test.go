package clarifai_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"iter"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
	"go.uber.org/goleak"
)

// noLeaks fails the test when goroutines that it started are left at its end.
func noLeaks(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
}

// fault is how a server answers a request for a page, given as it should be.
type fault func(w http.ResponseWriter, r *http.Request, body []byte)

// faultyServer serves pages of inputs and of hits over TCP, and misbehaves where
// its script says so.
type faultyServer struct {
	*httptest.Server
	pages, perPage int
	script         func(page, attempt int) fault // nil for a page as it should be

	mu       sync.Mutex
	attempts map[int]int // per page
	requests int
}

type connKey struct{}

func newFaultyServer(t *testing.T, pages, perPage int) *faultyServer {
	s := &faultyServer{pages: pages, perPage: perPage, attempts: map[int]int{}}
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.ErrorLog = nowhere
	s.Config.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		return context.WithValue(ctx, connKey{}, conn)
	}
	t.Cleanup(s.Close)
	return s
}

func (s *faultyServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	page, key := requestedPage(r)
	fault := s.next(page)
	body := s.page(page, key)
	if fault == nil {
		fault = asItShould
	}
	fault(w, r, body)
}

// next counts a request for a page, and says what the script has for it.
func (s *faultyServer) next(page int) fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	s.attempts[page]++
	if s.script == nil {
		return nil
	}
	return s.script(page, s.attempts[page])
}

func (s *faultyServer) sent() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

func (s *faultyServer) sentFor(page int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts[page]
}

// heal ends the script.
func (s *faultyServer) heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = nil
}

// requestedPage reads where a request's page is: in the query or in the body.
func requestedPage(r *http.Request) (page int, key string) {
	if r.Method == http.MethodGet {
		page, _ = strconv.Atoi(r.URL.Query().Get("page"))
		return page, "inputs"
	}
	body := r.Body
	if r.GetBody != nil { // on its way, not arrived
		body, _ = r.GetBody()
	}
	var search struct {
		Pagination clarifai.PageParams `json:"pagination"`
	}
	_ = json.NewDecoder(body).Decode(&search)
	_, _ = io.Copy(io.Discard, body)
	return search.Pagination.Page, "hits"
}

func (s *faultyServer) page(number int, key string) []byte {
	var items []string
	if number <= s.pages {
		for i := range s.perPage {
			item := fmt.Sprintf(`{"id":"%d"}`, (number-1)*s.perPage+i)
			if key == "hits" {
				item = `{"score":1,"input":` + item + `}`
			}
			items = append(items, item)
		}
	}
	return fmt.Appendf(nil, `{"status":{"code":10000,"description":"Ok","req_id":"req-%d"},"%s":[%s]}`, number, key, strings.Join(items, ","))
}

func asItShould(w http.ResponseWriter, _ *http.Request, body []byte) {
	_, _ = w.Write(body)
}

// says answers with a status, a body and headers, given as name and value.
func says(status int, body string, headers ...string) fault {
	return func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// raw writes what the function does to the connection, and closes it: with a
// reset, or with what looks like the regular end.
func raw(reset bool, write func(conn net.Conn, body []byte)) fault {
	return func(w http.ResponseWriter, _ *http.Request, body []byte) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		write(conn, body)
		if reset {
			_ = conn.(*net.TCPConn).SetLinger(0)
		}
		_ = conn.Close()
	}
}

// stalls sends a part of the response, and then nothing until the client gives up.
func stalls(write func(w http.ResponseWriter, body []byte)) fault {
	return func(w http.ResponseWriter, r *http.Request, body []byte) {
		write(w, body)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
}

// connection is the connection of a request to a faultyServer, also an HTTP/2 one.
func connection(r *http.Request) *tls.Conn { return r.Context().Value(connKey{}).(*tls.Conn) }

// detour sends the requests that the script marks to another address.
type detour struct {
	http.RoundTripper
	server       *faultyServer
	scheme, host string

	mu       sync.Mutex
	marks    func(page, attempt int) bool
	attempts map[int]int
}

// heal ends the script.
func (d *detour) heal() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.marks = func(int, int) bool { return false }
}

func (d *detour) RoundTrip(r *http.Request) (*http.Response, error) {
	page, _ := requestedPage(r)
	d.mu.Lock()
	d.attempts[page]++
	away := d.marks(page, d.attempts[page])
	d.mu.Unlock()
	if away {
		d.server.next(page)
		r = r.Clone(r.Context())
		r.URL.Scheme, r.URL.Host = d.scheme, d.host
	}
	return d.RoundTripper.RoundTrip(r)
}

// pagedCall is one of the calls that page, as a sequence of the numbers of items.
type pagedCall struct {
	name string
	all  func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, opts ...clarifai.IterOption) iter.Seq2[int, error]
}

var pagedCalls = []pagedCall{
	{"ListInputsAll", func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, opts ...clarifai.IterOption) iter.Seq2[int, error] {
		return numbers(c.ListInputsAll(ctx, &clarifai.ListInputsRequest{PageParams: params}, opts...), func(i *clarifai.Input) string { return i.ID })
	}},
	{"PostAnnotationsSearchesAll", func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, opts ...clarifai.IterOption) iter.Seq2[int, error] {
		request := &clarifai.PostAnnotationsSearchesRequest{Searches: []clarifai.Search{clarifai.NewSearch()}, PageParams: params}
		return numbers(c.PostAnnotationsSearchesAll(ctx, request, opts...), func(h *clarifai.Hit) string { return h.Input.ID })
	}},
}

func numbers[T any](all iter.Seq2[*T, error], id func(*T) string) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for item, err := range all {
			number := -1
			if err == nil {
				number, err = strconv.Atoi(id(item))
			}
			if !yield(number, err) {
				return
			}
		}
	}
}

// toTheEnd ranges over all items to the end, and checks that an error is the last
// thing that comes.
func toTheEnd(t *testing.T, all iter.Seq2[int, error]) (items []int, failed error) {
	t.Helper()
	for item, err := range all {
		if failed != nil {
			t.Errorf("after the error: %v, %v", item, err)
		}
		if failed = err; err == nil {
			items = append(items, item)
		}
	}
	return items, failed
}

// inOrder checks that the items are those from the first to before the last one, each once.
func inOrder(t *testing.T, items []int, last int) {
	t.Helper()
	for i, item := range items {
		if item != i {
			t.Fatalf("item %d is %d", i, item)
		}
	}
	if len(items) != last {
		t.Errorf("%d items, want %d", len(items), last)
	}
}

const html502 = "<html><head><title>502 Bad Gateway</title></head></html>"

// faults are those of one page, and what comes of them.
var faults = []struct {
	name     string
	fault    fault
	detour   string  // in place of fault: "refused" or "certificate"
	http2    bool    // serve HTTP/2
	retried  bool    // by the client
	onceOnly bool    // no use in repeating it
	timeout  bool    // it takes a timeout to notice
	is       []error // what it ends in when it does not stop
	status   int     // HTTP status that the error holds
	code     clarifai.StatusCode
}{
	{name: "429", fault: says(429, `{"status":{"code":11005}}`), retried: true, is: []error{clarifai.ErrRateLimited}, status: 429, code: 11005},
	{name: "429, Retry-After longer than MaxWait", fault: says(429, `{"status":{"code":11005}}`, "Retry-After", "1"), is: []error{clarifai.ErrRateLimited}, status: 429, code: 11005},
	{name: "429 without a body", fault: says(429, ""), retried: true, is: []error{clarifai.ErrRateLimited, clarifai.ErrInvalidResponse}, status: 429},
	{name: "11005 in a 200", fault: says(200, `{"status":{"code":"CONN_THROTTLED"}}`), retried: true, is: []error{clarifai.ErrRateLimited}, status: 200, code: 11005},
	{name: "11005 in a 200, with items", fault: says(200, `{"status":{"code":11005},"inputs":[{"id":"-7"}],"hits":[{"input":{"id":"-7"}}]}`), retried: true, is: []error{clarifai.ErrRateLimited}, status: 200, code: 11005},
	{name: "10030 in a 200", fault: says(200, `{"status":{"code":10030}}`), retried: true, status: 200, code: 10030},
	{name: "500", fault: says(500, `{"status":{"code":10020}}`), status: 500, code: 10020},
	{name: "502, HTML", fault: says(502, html502), retried: true, is: []error{clarifai.ErrInvalidResponse}, status: 502},
	{name: "503", fault: says(503, `{"status":{"code":10020}}`), retried: true, status: 503, code: 10020},
	{name: "504", fault: says(504, `{"status":{"code":10020,"description":"Gateway timeout"}}`), retried: true, status: 504, code: 10020},
	{name: "connection refused", detour: "refused", retried: true, is: []error{syscall.ECONNREFUSED}},
	{name: "reset before the header", fault: raw(true, func(net.Conn, []byte) {}), retried: true},
	{name: "closed before the header", fault: raw(false, func(net.Conn, []byte) {}), retried: true, is: []error{io.EOF}},
	{name: "reset in mid-body", fault: raw(true, func(conn net.Conn, body []byte) {
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body[:len(body)/2])
	}), retried: true, is: []error{clarifai.ErrInvalidResponse}, status: 200},
	{name: "cut short after what looks like an empty page", fault: raw(false, func(conn net.Conn, body []byte) {
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body)+100, `{"status":{"code":10000},"inputs":[],"hits":[]}`)
	}), retried: true, is: []error{clarifai.ErrInvalidResponse, io.ErrUnexpectedEOF}, status: 200},
	{name: "chunks that end without the last one", fault: raw(false, func(conn net.Conn, body []byte) {
		const empty = `{"status":{"code":10000},"inputs":[],"hits":[]}`
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(empty), empty)
	}), retried: true, is: []error{clarifai.ErrInvalidResponse, io.ErrUnexpectedEOF}, status: 200},
	{name: "chunks that never end", fault: stalls(func(w http.ResponseWriter, _ []byte) {
		_, _ = io.WriteString(w, `{"status":{"code":10000},"inputs":[],"hits":[]}`)
	}), retried: true, timeout: true, is: []error{clarifai.ErrInvalidResponse, os.ErrDeadlineExceeded}, status: 200},
	{name: "a body that stalls", fault: stalls(func(w http.ResponseWriter, body []byte) {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body[:len(body)/2])
	}), retried: true, timeout: true, is: []error{clarifai.ErrInvalidResponse, os.ErrDeadlineExceeded}, status: 200},
	{name: "cut JSON in a whole response", fault: says(200, `{"status":{"code":10000},"inputs":[{"id":"0"}`), is: []error{clarifai.ErrInvalidResponse}, status: 200},
	{name: "an empty 200", fault: says(200, ""), is: []error{clarifai.ErrInvalidResponse}, status: 200},
	{name: "404", fault: says(404, `{"status":{"code":11101}}`), is: []error{clarifai.ErrNotFound}, status: 404, code: 11101},
	{name: "a certificate that does not verify", detour: "certificate"},
	{name: "HTTP/2 stream reset", http2: true, fault: func(http.ResponseWriter, *http.Request, []byte) { panic(http.ErrAbortHandler) }, retried: true},
	{name: "HTTP/2 connection lost", http2: true, fault: func(_ http.ResponseWriter, r *http.Request, _ []byte) {
		_ = connection(r).NetConn().(*net.TCPConn).SetLinger(0)
		_ = connection(r).NetConn().Close()
	}, retried: true, onceOnly: true},
	{name: "HTTP/2 GOAWAY", http2: true, fault: func(w http.ResponseWriter, r *http.Request, body []byte) {
		w.Header().Set("Connection", "close") // net/http's server says GOAWAY after that
		asItShould(w, r, body)
	}, retried: true, onceOnly: true},
	{name: "HTTP/2 GOAWAY to what is under way", http2: true, fault: func(_ http.ResponseWriter, r *http.Request, _ []byte) {
		const length, goAway, flags, stream, lastStream, noError = "\x00\x00\x08", "\x07", "\x00", "\x00\x00\x00\x00", "\x00\x00\x00\x00", "\x00\x00\x00\x00"
		_, _ = io.WriteString(connection(r), length+goAway+flags+stream+lastStream+noError)
		<-r.Context().Done()
	}, retried: true, onceOnly: true},
}

// What a fault does to a run over 100 pages, met once at four of them and met
// without end at one. No item is lost, none comes twice: a fault that passes is not
// seen; one that stays ends the run at its page, from where another run goes on.
func TestFaultsLoseNothingAndDoubleNothing(t *testing.T) {
	const pages, perPage, broken, retries = 100, 5, 50, 2
	noLeaks(t)
	type row struct {
		sort                                                 int
		fault, repeated, call, fetch, requests, items, comes string
	}
	var mu sync.Mutex
	var table []row
	t.Run("matrix", func(t *testing.T) {
		for n, f := range faults {
			for _, always := range []bool{false, true} {
				if always && (f.onceOnly || !f.retried) {
					continue // no different
				}
				for _, call := range pagedCalls {
					for _, prefetch := range []int{0, 8} {
						r := row{n, f.name, "once", call.name, "sequential", "", "", "all delivered"}
						if always {
							r.repeated = "always"
						}
						if prefetch > 0 {
							r.fetch = fmt.Sprintf("Prefetch(%d)", prefetch)
						}
						t.Run(strings.Join([]string{f.name, r.repeated, call.name, r.fetch}, "/"), func(t *testing.T) {
							t.Parallel()
							fails := always || !f.retried
							at := []int{1, broken, broken + 1, pages}
							if fails || f.timeout {
								at = []int{broken}
							}
							marks := func(page, attempt int) bool { return slices.Contains(at, page) && (always || attempt == 1) }

							server := newFaultyServer(t, pages, perPage)
							if f.fault != nil {
								server.script = func(page, attempt int) fault {
									if marks(page, attempt) {
										return f.fault
									}
									return nil
								}
							}
							opts := []clarifai.Option{
								clarifai.WithPAT("pat"), clarifai.WithApp("USER", "APP"),
								clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: retries, MinWait: time.Millisecond, MaxWait: time.Millisecond}),
							}
							if f.timeout {
								opts = append(opts, clarifai.WithTimeout(200*time.Millisecond))
							}
							heal := server.heal
							switch {
							case f.http2:
								server.EnableHTTP2 = true
								server.StartTLS()
								opts = append(opts, clarifai.WithHTTPClient(server.Client()))
							case f.detour != "":
								server.Start()
								scheme, host := detourTo(t, f.detour)
								own := http.DefaultTransport.(*http.Transport).Clone()
								t.Cleanup(own.CloseIdleConnections)
								d := &detour{RoundTripper: own, server: server, scheme: scheme, host: host, marks: marks, attempts: map[int]int{}}
								opts = append(opts, clarifai.WithHTTPClient(&http.Client{Transport: d}))
								heal = d.heal
							default:
								server.Start()
							}
							client, err := clarifai.NewClient(append(opts, clarifai.WithBaseURL(server.URL))...)
							if err != nil {
								t.Fatal(err)
							}
							t.Cleanup(client.HTTPClient().CloseIdleConnections)

							params := clarifai.PageParams{PerPage: perPage}
							items, err := toTheEnd(t, call.all(t.Context(), client, params, clarifai.Prefetch(prefetch)))
							requests := server.sent()
							if fails {
								inOrder(t, items, (broken-1)*perPage)
								r.comes = checkFailure(t, err, broken, f.status, f.code, f.is, f.detour == "certificate")
								attempts := 1
								if f.retried {
									attempts += retries
								}
								most := attempts
								if f.status == 0 && f.detour == "" && call.name == "ListInputsAll" {
									most *= prefetch + 2 // net/http itself sends a GET again that a kept connection lost, on the next one
								}
								if got := server.sentFor(broken); got < attempts || got > most {
									t.Errorf("page %d was asked for %d times, want %d", broken, got, attempts)
								}
								heal()
								var failed *clarifai.PageError
								if errors.As(err, &failed) {
									params.Page = failed.Page
									var rest []int
									rest, err = toTheEnd(t, call.all(t.Context(), client, params, clarifai.Prefetch(prefetch)))
									items = append(items, rest...)
									r.comes += ", the rest from there"
								}
							}
							if err != nil {
								t.Error(err)
							}
							inOrder(t, items, pages*perPage)
							if limit := 2 * (pages + 1 + prefetch); requests > limit {
								t.Errorf("%d requests", requests)
							}
							if want := pages + 1 + len(at); !fails && !f.timeout && prefetch == 0 && f.status != 0 && requests != want {
								t.Errorf("%d requests, want %d", requests, want)
							}
							r.requests, r.items = strconv.Itoa(requests), strconv.Itoa(len(items))
							mu.Lock()
							defer mu.Unlock()
							table = append(table, r)
						})
					}
				}
			}
		}
	})
	slices.SortStableFunc(table, func(a, b row) int {
		if a.sort != b.sort {
			return a.sort - b.sort
		}
		return strings.Compare(b.repeated+a.call+b.fetch, a.repeated+b.call+a.fetch)
	})
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "fault\tmet\tcall\tfetch\trequests\titems\toutcome")
	for _, r := range table {
		fmt.Fprintln(w, strings.Join([]string{r.fault, r.repeated, r.call, r.fetch, r.requests, r.items, r.comes}, "\t"))
	}
	_ = w.Flush()
	t.Logf("%d pages of %d, %d retries\n%s", pages, perPage, retries, out.String())
}

// checkFailure checks the error that an iterator ended in, and describes it.
func checkFailure(t *testing.T, err error, page, status int, code clarifai.StatusCode, is []error, certificate bool) string {
	t.Helper()
	var failed *clarifai.PageError
	var e *clarifai.Error
	if !errors.As(err, &failed) || !errors.As(err, &e) {
		t.Fatalf("%T: %v", err, err)
	}
	if failed.Page != page || e.HTTPStatus != status || e.Status.Code != code {
		t.Errorf("page %d, HTTP status %d, code %d: %v", failed.Page, e.HTTPStatus, e.Status.Code, err)
	}
	for _, target := range is {
		if !errors.Is(err, target) {
			t.Errorf("%v is not %v", err, target)
		}
	}
	var verification *tls.CertificateVerificationError
	if errors.As(err, &verification) != certificate {
		t.Errorf("%v", err)
	}
	outcome := fmt.Sprintf("page %d", failed.Page)
	if status != 0 {
		outcome += fmt.Sprintf(": HTTP %d", status)
	}
	if code != 0 {
		outcome += fmt.Sprintf(", %d", code)
	}
	for _, target := range is {
		outcome += fmt.Sprintf(", %v", target)
	}
	if certificate {
		outcome += ", CertificateVerificationError"
	}
	return outcome
}

// detourTo is an address that refuses connections, or a server whose certificate
// nobody knows.
func detourTo(t *testing.T, where string) (scheme, host string) {
	if where == "refused" {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_ = listener.Close()
		return "http", listener.Addr().String()
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a request went to a server whose certificate does not verify")
	}))
	server.Config.ErrorLog = nowhere
	server.StartTLS()
	t.Cleanup(server.Close)
	return "https", server.Listener.Addr().String()
}

// One request in twenty fails, in all the ways that pass: 100,000 items arrive all the same.
func TestSoakDeliversEachOfAHundredThousandItemsOnce(t *testing.T) {
	const pages, perPage = 1000, 100
	noLeaks(t)
	var passing []fault
	for _, f := range faults {
		if f.retried && f.fault != nil && !f.timeout && !f.http2 {
			passing = append(passing, f.fault)
		}
	}
	for _, call := range pagedCalls {
		for _, prefetch := range []int{0, 8} {
			t.Run(fmt.Sprintf("%s/Prefetch(%d)", call.name, prefetch), func(t *testing.T) {
				server := newFaultyServer(t, pages, perPage)
				failures := 0
				server.script = func(page, attempt int) fault {
					// The dice are of the page and the attempt, as the order of pages that are fetched ahead is not fixed.
					seed := fnv.New64a()
					fmt.Fprintf(seed, "%d %d", page, attempt)
					dice := rand.New(rand.NewPCG(4, seed.Sum64()))
					if dice.Float64() >= 0.05 {
						return nil
					}
					failures++
					return passing[dice.IntN(len(passing))]
				}
				server.Start()
				client := clientOf(t, server.URL)
				items, err := toTheEnd(t, call.all(t.Context(), client, clarifai.PageParams{PerPage: perPage}, clarifai.Prefetch(prefetch)))
				if err != nil {
					t.Error(err)
				}
				inOrder(t, items, pages*perPage)
				server.Close()
				if failures < pages/40 {
					t.Errorf("only %d failures", failures)
				}
				t.Logf("%d requests, %d of them failed, %d items", server.sent(), failures, len(items))
			})
		}
	}
}

// clientOf makes a client of a server that waits a millisecond before a retry.
func clientOf(t *testing.T, url string, opts ...clarifai.Option) *clarifai.Client {
	t.Helper()
	client, err := clarifai.NewClient(append([]clarifai.Option{
		clarifai.WithPAT(token), clarifai.WithApp("USER", "APP"), clarifai.WithBaseURL(url),
		clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: 4, MinWait: time.Millisecond, MaxWait: time.Millisecond}),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.HTTPClient().CloseIdleConnections)
	return client
}

// writes are the calls that change something, with a file of so many bytes.
func writes(size int) map[string]func(context.Context, *clarifai.Client) error {
	inputs := []*clarifai.Input{clarifai.ImageFromBytes("a", make([]byte, size))}
	return map[string]func(context.Context, *clarifai.Client) error{
		"PostInputs": func(ctx context.Context, c *clarifai.Client) error {
			_, err := c.PostInputs(ctx, &clarifai.PostInputsRequest{Inputs: inputs})
			return err
		},
		"PatchInputs": func(ctx context.Context, c *clarifai.Client) error {
			_, err := c.PatchInputs(ctx, &clarifai.PatchInputsRequest{Inputs: inputs, Action: "merge"})
			return err
		},
		"DeleteInput":  func(ctx context.Context, c *clarifai.Client) error { return c.DeleteInput(ctx, "a") },
		"DeleteInputs": func(ctx context.Context, c *clarifai.Client) error { return c.DeleteInputs(ctx, "a", "b") },
		"DeleteSearch": func(ctx context.Context, c *clarifai.Client) error { return c.DeleteSearch(ctx, "a") },
	}
}

// A write that may have been acted on is not sent again, neither by this package
// nor by net/http on a kept connection.
func TestAWriteIsNotSentAgainWhenItMayHaveBeenActedOn(t *testing.T) {
	noLeaks(t)
	for _, f := range []struct {
		name  string
		fault fault
		is    error
	}{
		{"500", says(500, `{"status":{"code":10020}}`), nil},
		{"502", says(502, html502), clarifai.ErrInvalidResponse},
		{"503", says(503, `{"status":{"code":10020}}`), nil},
		{"504", says(504, `{"status":{"code":10020}}`), nil},
		{"10030 in a 200", says(200, `{"status":{"code":10030}}`), nil},
		{"11005 in a 200", says(200, `{"status":{"code":11005}}`), clarifai.ErrRateLimited},
		{"an empty 200", says(200, ""), clarifai.ErrInvalidResponse},
		{"cut short", says(200, `{"status":{"code":10000}`), clarifai.ErrInvalidResponse},
		{"reset after it was read", raw(true, func(net.Conn, []byte) {}), nil},
		{"closed after it was read", raw(false, func(net.Conn, []byte) {}), nil},
		{"reset in mid-body", raw(true, func(conn net.Conn, _ []byte) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
		}), clarifai.ErrInvalidResponse},
		{"timeout", stalls(func(http.ResponseWriter, []byte) {}), os.ErrDeadlineExceeded},
		{"reset while writing", nil, nil},
	} {
		t.Run(f.name, func(t *testing.T) {
			var arrived atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet { // so that the connection is a kept one
					_, _ = io.WriteString(w, success)
					return
				}
				arrived.Add(1)
				if f.fault == nil {
					raw(true, func(net.Conn, []byte) {})(w, r, nil)
					return
				}
				_, _ = io.Copy(io.Discard, r.Body)
				f.fault(w, r, nil)
			}))
			defer server.Close()
			size := 1000
			if f.fault == nil {
				size = 8 << 20 // more than the buffers of a connection hold
			}
			for name, call := range writes(size) {
				opts := []clarifai.Option{}
				if f.name == "timeout" {
					opts = append(opts, clarifai.WithTimeout(300*time.Millisecond))
				}
				client := clientOf(t, server.URL, opts...)
				if _, err := client.ListInputs(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
				arrived.Store(0)
				err := call(t.Context(), client)
				var e *clarifai.Error
				if !errors.As(err, &e) || f.is != nil && !errors.Is(err, f.is) {
					t.Errorf("%s: %v", name, err)
				}
				if n := arrived.Load(); n != 1 {
					t.Errorf("%s: sent %d times", name, n)
				}
				client.HTTPClient().CloseIdleConnections()
			}
		})
	}
}

func TestAWriteIsSentAgainWhenTheServerDidNotTakeIt(t *testing.T) {
	noLeaks(t)
	for name, call := range writes(100_000) {
		t.Run(name, func(t *testing.T) {
			var bodies []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if bodies = append(bodies, string(body)); len(bodies) < 3 {
					w.WriteHeader(http.StatusTooManyRequests)
				}
				_, _ = io.WriteString(w, `{"status":{"code":10000},"inputs":[{"id":"a"}]}`)
			}))
			defer server.Close()
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			_, closed := detourTo(t, "refused")
			attempts := 0
			refusedOnce := roundTripper(func(r *http.Request) (*http.Response, error) {
				if attempts++; attempts == 1 {
					r = r.Clone(r.Context())
					r.URL.Host = closed
				}
				return transport.RoundTrip(r)
			})
			client := clientOf(t, server.URL, clarifai.WithHTTPClient(&http.Client{Transport: refusedOnce}))
			if err := call(t.Context(), client); err != nil {
				t.Error(err)
			}
			if attempts != 4 || len(bodies) != 3 || bodies[2] != bodies[0] {
				t.Errorf("%d attempts, %d arrived", attempts, len(bodies))
			}
		})
	}
}

func TestARoundTripperThatBreaksItsContractIsAnError(t *testing.T) {
	log.SetOutput(io.Discard) // net/http writes about it
	defer log.SetOutput(os.Stderr)
	for name, rt := range map[string]roundTripper{
		"neither response nor error": func(*http.Request) (*http.Response, error) { return nil, nil },
		"both response and error": func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(success))}, errors.New("an error")
		},
		"no body": func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 200}, nil },
		"no body of so many bytes": func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, ContentLength: 9}, nil
		},
		"nothing in the response": func(*http.Request) (*http.Response, error) { return &http.Response{}, nil },
		"a body that fails to close": func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: brokenBody{}}, nil
		},
	} {
		// net/http leaves a goroutine behind until the timeout when a contract is broken.
		client := clientOf(t, "https://api.clarifai.com", clarifai.WithHTTPClient(&http.Client{Transport: rt}), clarifai.WithTimeout(50*time.Millisecond))
		var e *clarifai.Error
		if page, err := client.ListInputs(t.Context(), nil); page != nil || !errors.As(err, &e) {
			t.Errorf("%s: %v, %v", name, page, err)
		}
	}
}

type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, errors.New("cannot be read") }
func (brokenBody) Close() error             { return errors.New("cannot be closed") }

// A server on the wrong port, or one that does not know https, stays as it is.
func TestAServerWithoutHTTPSIsAskedOnce(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request") }))
	server.Config.ErrorLog = nowhere
	defer server.Close()
	attempts := 0
	counts := roundTripper(func(r *http.Request) (*http.Response, error) {
		attempts++
		return http.DefaultTransport.RoundTrip(r)
	})
	client := clientOf(t, strings.Replace(server.URL, "http:", "https:", 1), clarifai.WithHTTPClient(&http.Client{Transport: counts}))
	if _, err := client.ListInputs(t.Context(), nil); !errors.Is(err, http.ErrSchemeMismatch) || attempts != 1 {
		t.Errorf("%d attempts: %v", attempts, err)
	}
}

// The first of two attempts says more than the second: none of it may be left.
func TestNothingOfAFailedAttemptIsDelivered(t *testing.T) {
	for _, second := range []string{
		`{"status":{"code":10000}}`,
		`{"status":{"code":10000},"inputs":null}`,
		`{"status":{"code":10000},"inputs":[{"id":"b"}]}`,
	} {
		client, mock := newClient(t)
		recorder(t, mock, answer(200, `{"status":{"code":10030},"inputs":[{"id":"a","data":{"metadata":{"of":"a"}}},{"id":"c"}]}`), answer(200, second))
		page, err := client.ListInputs(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			if item.ID != "b" || item.Data != nil {
				t.Errorf("after %s: %+v", second, item)
			}
		}
	}
}

// The account's window ends in the middle of page 3. A failure there is not taken
// for the window, and page 3 is delivered whole or not at all.
func TestAFailureAtTheResultWindowIsNotTakenForIt(t *testing.T) {
	const window, perPage = 25, 10
	for _, prefetch := range []int{0, 8} {
		client, mock := newClient(t)
		down := true
		mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			var search struct {
				Pagination clarifai.PageParams `json:"pagination"`
			}
			if err := json.NewDecoder(r.Body).Decode(&search); err != nil {
				t.Error(err)
			}
			page := search.Pagination
			if page.Page*page.PerPage > window {
				return httpmock.NewStringResponse(400, fmt.Sprintf(`{"status":{"code":40002,"details":"page * perPage cannot exceed %d"}}`, window)), nil
			}
			if page.PerPage < perPage && page.Page*page.PerPage == window && down {
				return httpmock.NewStringResponse(500, `{"status":{"code":10020}}`), nil
			}
			var hits []string
			for i := range page.PerPage {
				hits = append(hits, fmt.Sprintf(`{"input":{"id":"%d"}}`, (page.Page-1)*page.PerPage+i))
			}
			return httpmock.NewStringResponse(200, `{"status":{"code":10000},"hits":[`+strings.Join(hits, ",")+`]}`), nil
		})
		call, params := pagedCalls[1], clarifai.PageParams{PerPage: perPage}
		items, err := toTheEnd(t, call.all(t.Context(), client, params, clarifai.Prefetch(prefetch)))
		var failed *clarifai.PageError
		if !errors.As(err, &failed) || failed.Page != 3 || errors.Is(err, clarifai.ErrResultWindow) {
			t.Fatal(err)
		}
		inOrder(t, items, 20)

		down, params.Page = false, failed.Page
		rest, err := toTheEnd(t, call.all(t.Context(), client, params, clarifai.Prefetch(prefetch)))
		if !errors.Is(err, clarifai.ErrResultWindow) {
			t.Error(err)
		}
		inOrder(t, append(items, rest...), window)
	}
}

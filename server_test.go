package clarifai_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
	"go.uber.org/goleak"
)

// noLeaks fails the test if goroutines that it started still run at its end.
func noLeaks(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
}

// fault writes a faulty response to a request for a page. Its last argument is the
// correct body.
type fault func(w http.ResponseWriter, r *http.Request, body []byte)

// faultyServer serves pages of inputs and of hits over TCP, with the faults of its
// script.
type faultyServer struct {
	*httptest.Server
	pages, perPage int
	script         func(page, attempt int) fault // returns nil for a correct response

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

// next counts a request for a page and returns its fault in the script.
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

// requestedPage returns the page that a request asks for, in its query or its body.
func requestedPage(r *http.Request) (page int, key string) {
	if r.Method == http.MethodGet {
		page, _ = strconv.Atoi(r.URL.Query().Get("page"))
		return page, "inputs"
	}
	body := r.Body
	if r.GetBody != nil { // an outgoing request
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

// says responds with a status, a body and headers, given as pairs of name and value.
func says(status int, body string, headers ...string) fault {
	return func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// raw calls a function to write to the connection, and closes the connection: with a
// reset, or normally.
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

// stalls sends part of the response, and then nothing until the client gives up.
func stalls(write func(w http.ResponseWriter, body []byte)) fault {
	return func(w http.ResponseWriter, r *http.Request, body []byte) {
		write(w, body)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
}

// connection returns the connection of a request to a faultyServer, over HTTP/1.1 or
// HTTP/2.
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

// pagedCall is an iterator under test, as a sequence of item numbers.
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

// toTheEnd ranges over all items and checks that nothing follows an error.
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

// inOrder checks that the items are the numbers from 0 to last-1, each once.
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

// detourTo returns the address of a closed port, or of a server with an untrusted
// certificate.
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
		t.Error("the request arrived despite the untrusted certificate")
	}))
	server.Config.ErrorLog = nowhere
	server.StartTLS()
	t.Cleanup(server.Close)
	return "https", server.Listener.Addr().String()
}

// clientOf returns a client of a server. It waits a millisecond before a retry.
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

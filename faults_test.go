package clarifai_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/clarifai-go/clarifai"
)

const html502 = "<html><head><title>502 Bad Gateway</title></head></html>"

// faults are the faults of a single page, with their expected effects.
var faults = []struct {
	name     string
	fault    fault
	detour   string  // used instead of fault: "refused" or "certificate"
	http2    bool    // serve HTTP/2
	retried  bool    // by the client
	onceOnly bool    // not tested on every attempt
	timeout  bool    // detected only by a timeout
	is       []error // errors that match if the fault persists
	status   int     // HTTP status in the error
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
	{name: "chunks without the last one", fault: raw(false, func(conn net.Conn, body []byte) {
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
	{name: "truncated JSON in a complete response", fault: says(200, `{"status":{"code":10000},"inputs":[{"id":"0"}`), is: []error{clarifai.ErrInvalidResponse}, status: 200},
	{name: "an empty 200", fault: says(200, ""), is: []error{clarifai.ErrInvalidResponse}, status: 200},
	{name: "404", fault: says(404, `{"status":{"code":11101}}`), is: []error{clarifai.ErrNotFound}, status: 404, code: 11101},
	{name: "untrusted certificate", detour: "certificate"},
	{name: "HTTP/2 stream reset", http2: true, fault: func(http.ResponseWriter, *http.Request, []byte) { panic(http.ErrAbortHandler) }, retried: true},
	{name: "HTTP/2 connection lost", http2: true, fault: func(_ http.ResponseWriter, r *http.Request, _ []byte) {
		_ = connection(r).NetConn().(*net.TCPConn).SetLinger(0)
		_ = connection(r).NetConn().Close()
	}, retried: true, onceOnly: true},
	{name: "HTTP/2 GOAWAY", http2: true, fault: func(w http.ResponseWriter, r *http.Request, body []byte) {
		w.Header().Set("Connection", "close") // makes net/http's server send GOAWAY
		asItShould(w, r, body)
	}, retried: true, onceOnly: true},
	{name: "HTTP/2 GOAWAY for requests in flight", http2: true, fault: func(_ http.ResponseWriter, r *http.Request, _ []byte) {
		const length, goAway, flags, stream, lastStream, noError = "\x00\x00\x08", "\x07", "\x00", "\x00\x00\x00\x00", "\x00\x00\x00\x00", "\x00\x00\x00\x00"
		_, _ = io.WriteString(connection(r), length+goAway+flags+stream+lastStream+noError)
		<-r.Context().Done()
	}, retried: true, onceOnly: true},
}

// Each fault occurs in an iteration over 100 pages: once at each of four pages, or on
// every attempt at one page. No item is lost or repeated. A fault that is retried
// successfully goes unnoticed; a persistent fault ends the iteration at its page, and
// another iteration resumes from there.
func TestFaultsNeitherLoseNorRepeatItems(t *testing.T) {
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
					continue // the same as once
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
									most *= prefetch + 2 // net/http itself retries a GET that a reused connection lost
								}
								if got := server.sentFor(broken); got < attempts || got > most {
									t.Errorf("page %d was requested %d times, want %d", broken, got, attempts)
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

// checkFailure checks the error that ended an iteration, and describes it.
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

// One request in twenty fails, with each of the transient faults. All of the 100,000
// items still arrive.
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
					// The random choice depends on the page and the attempt only,
					// because prefetched pages are requested in no fixed order.
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

// The first of two attempts has fields that the second lacks. None of them may be left
// in the result.
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

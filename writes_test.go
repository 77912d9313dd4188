package clarifai_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
)

// writes returns the calls that change data, with a file of the given size.
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

// A write is not retried if the server may have acted on it: neither by this package
// nor by net/http on a reused connection.
func TestAWriteIsNotRetriedIfTheServerMayHaveActedOnIt(t *testing.T) {
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
		{"truncated JSON", says(200, `{"status":{"code":10000}`), clarifai.ErrInvalidResponse},
		{"reset after the request", raw(true, func(net.Conn, []byte) {}), nil},
		{"closed after the request", raw(false, func(net.Conn, []byte) {}), nil},
		{"reset in mid-body", raw(true, func(conn net.Conn, _ []byte) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
		}), clarifai.ErrInvalidResponse},
		{"timeout", stalls(func(http.ResponseWriter, []byte) {}), os.ErrDeadlineExceeded},
		{"reset while writing", nil, nil},
	} {
		t.Run(f.name, func(t *testing.T) {
			var arrived atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet { // opens the connection that the write reuses
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
				size = 8 << 20 // more than a connection buffers
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

func TestAWriteIsRetriedIfTheServerDidNotActOnIt(t *testing.T) {
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

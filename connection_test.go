package clarifai

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// network is an in-memory network that can drop its connections as a NAT does: it
// discards what either side writes and closes nothing.
type network struct {
	accepted chan net.Conn
	closed   chan struct{}

	mu    sync.Mutex
	conns []*forgettable
}

func newNetwork() *network {
	return &network{accepted: make(chan net.Conn), closed: make(chan struct{})}
}

func (n *network) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	a, b := net.Pipe()
	forgotten := new(atomic.Bool)
	client, server := &forgettable{a, forgotten}, &forgettable{b, forgotten}
	select {
	case n.accepted <- server:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.conns = append(n.conns, client)
	return client, nil
}

// forget drops the existing connections.
func (n *network) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, conn := range n.conns {
		conn.forgotten.Store(true)
	}
}

func (n *network) dialled() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.conns)
}

func (n *network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.accepted:
		return conn, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

func (n *network) Close() error {
	close(n.closed)
	return nil
}

func (n *network) Addr() net.Addr { return &net.TCPAddr{} }

type forgettable struct {
	net.Conn
	forgotten *atomic.Bool
}

func (c *forgettable) Write(b []byte) (int, error) {
	if c.forgotten.Load() {
		return len(b), nil
	}
	return c.Conn.Write(b)
}

// onNetwork runs a test in a synctest bubble, with a client that has the default
// transport and options. The server has 10 pages of one input and calls a hook first
// for each request.
func onNetwork(t *testing.T, http2 bool, test func(t *testing.T, n *network, client *Client, hook *func(page string))) {
	t.Helper()
	source := httptest.NewTLSServer(nil) // for its certificate
	certificates, roots := source.TLS.Certificates, x509.NewCertPool()
	roots.AddCert(source.Certificate())
	source.Close()
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork()
		hook := func(string) {}
		server := &http.Server{
			ErrorLog:  log.New(io.Discard, "", 0),
			TLSConfig: &tls.Config{Certificates: certificates, SessionTicketsDisabled: true}, // a pipe has no buffer for tickets
			Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if http2 != (r.ProtoMajor == 2) {
					t.Error(r.Proto)
				}
				page := r.URL.Query().Get("page")
				hook(page)
				body := `{"status":{"code":10000},"inputs":[]}`
				if len(page) == 1 || page == "10" || r.Method == http.MethodPost {
					body = fmt.Sprintf(`{"status":{"code":10000},"inputs":[{"id":%q}]}`, page)
				}
				_, _ = io.WriteString(w, body)
			}),
		}
		if !http2 {
			server.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){}
		}
		var serving sync.WaitGroup
		serving.Go(func() { _ = server.ServeTLS(n, "", "") })
		defer serving.Wait()
		defer server.Close()

		transport := newDefaultTransport()
		transport.own.DialContext = n.dial
		transport.own.TLSClientConfig.RootCAs = roots
		defer transport.CloseIdleConnections()
		client, err := NewClient(WithPAT("pat"), WithApp("USER", "APP"), WithBaseURL("https://example.com"), WithHTTPClient(&http.Client{Transport: transport}))
		if err != nil {
			t.Fatal(err)
		}
		test(t, n, client, &hook)
	})
}

func TestADeadHTTP2ConnectionIsClosed(t *testing.T) {
	for _, prefetch := range []int{0, 4} {
		onNetwork(t, true, func(t *testing.T, n *network, client *Client, hook *func(string)) {
			var once sync.Once
			*hook = func(page string) {
				if page == "5" {
					once.Do(n.forget)
				}
			}
			start := time.Now()
			var ids []string
			for input, err := range client.ListInputsAll(t.Context(), &ListInputsRequest{PageParams: PageParams{PerPage: 1}}, Prefetch(prefetch)) {
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, input.ID)
			}
			if got := strings.Join(ids, " "); got != "1 2 3 4 5 6 7 8 9 10" {
				t.Errorf("got %s", got)
			}
			if took := time.Since(start); took > 25*time.Second {
				t.Errorf("took %v", took)
			}
			if _, err := client.PostInputs(t.Context(), &PostInputsRequest{Inputs: []*Input{{ID: "a"}}}); err != nil {
				t.Error(err)
			}
			if got := n.dialled(); got > 2*max(prefetch, 1) {
				t.Errorf("%d connections", got)
			}
		})
	}
}

// A connection that dies while idle is closed before the next call.
func TestADeadIdleHTTP2ConnectionIsClosed(t *testing.T) {
	onNetwork(t, true, func(t *testing.T, n *network, client *Client, _ *func(string)) {
		for range 2 {
			if _, err := client.PostInputs(t.Context(), &PostInputsRequest{Inputs: []*Input{{ID: "a"}}}); err != nil {
				t.Error(err)
			}
			n.forget()
			time.Sleep(25 * time.Second)
		}
		if got := n.dialled(); got != 2 {
			t.Errorf("%d connections", got)
		}
	})
}

// HTTP/1.1 has no pings.
func TestIdleConnectionsAreClosedAfterATimeout(t *testing.T) {
	onNetwork(t, false, func(t *testing.T, n *network, client *Client, hook *func(string)) {
		*hook = func(string) { time.Sleep(time.Millisecond) } // so that each needs a connection
		for _, err := range client.ListInputsAll(t.Context(), &ListInputsRequest{PageParams: PageParams{PerPage: 1}}, Prefetch(8)) {
			if err != nil {
				t.Fatal(err)
			}
		}
		before := n.dialled()
		if before < 8 {
			t.Fatalf("%d connections", before)
		}
		n.forget()
		start := time.Now()
		if _, err := client.ListInputs(t.Context(), nil); err != nil {
			t.Error(err)
		}
		if took := time.Since(start).Round(time.Second); took != time.Minute || n.dialled() != before+1 {
			t.Errorf("took %v and %d more connections", took, n.dialled()-before)
		}
		if _, err := client.PostInputs(t.Context(), &PostInputsRequest{Inputs: []*Input{{ID: "a"}}}); err != nil {
			t.Error(err)
		}
	})
}

// A write to a dead connection fails, as it may have arrived. The next write succeeds.
func TestAWriteToADeadConnectionFailsOnce(t *testing.T) {
	onNetwork(t, true, func(t *testing.T, n *network, client *Client, hook *func(string)) {
		if _, err := client.ListInputs(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		n.forget()
		start := time.Now()
		_, err := client.PostInputs(t.Context(), &PostInputsRequest{Inputs: []*Input{{ID: "a"}}})
		var e *Error
		if took := time.Since(start); !errors.As(err, &e) || e.Attempts != 1 || errors.Is(err, os.ErrDeadlineExceeded) || took > 25*time.Second {
			t.Errorf("took %v: %v", took, err)
		}
		if _, err := client.PostInputs(t.Context(), &PostInputsRequest{Inputs: []*Input{{ID: "a"}}}); err != nil {
			t.Error(err)
		}
	})
}

// crypto/tls rejects older versions by default, unless the program allows them.
func TestTLSBelow12IsRejected(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the request arrived") }))
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	standard := http.DefaultTransport.(*http.Transport)
	was := standard.TLSClientConfig
	standard.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS10}
	defer func() { standard.TLSClientConfig = was }()
	transport := newDefaultTransport()
	defer transport.CloseIdleConnections()
	client, err := NewClient(WithPAT("pat"), WithApp("USER", "APP"), WithBaseURL(server.URL), WithHTTPClient(&http.Client{Transport: transport}), WithRetry(RetryPolicy{}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.ListInputs(t.Context(), nil)
	var e *Error
	if !errors.As(err, &e) || e.HTTPStatus != 0 || !strings.Contains(err.Error(), "protocol version") {
		t.Errorf("%v", err)
	}
}

func TestTheDefaultTransport(t *testing.T) {
	clients := [2]*Client{}
	for i := range clients {
		var err error
		if clients[i], err = NewClient(WithPAT("pat")); err != nil {
			t.Fatal(err)
		}
	}
	shared := clients[0].HTTPClient().Transport
	if shared != clients[1].HTTPClient().Transport {
		t.Error("the default transport is not shared")
	}
	own := shared.(defaultTransport).own
	if own.Proxy == nil || !own.ForceAttemptHTTP2 || own.MaxIdleConns != 0 || own.MaxIdleConnsPerHost < maxPrefetch || own.IdleConnTimeout == 0 {
		t.Errorf("%+v", own)
	}
	if ping := own.HTTP2.SendPingTimeout + own.HTTP2.PingTimeout; ping != 20*time.Second {
		t.Errorf("pings for %v", ping)
	}
	if size := clients[0].conn.maxSize; size != 128<<20 {
		t.Errorf("a response may have %d bytes", size)
	}
}

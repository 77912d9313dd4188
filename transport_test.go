package clarifai_test

import (
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
)

// countingServer is a server that answers success, and counts its connections.
type countingServer struct {
	*httptest.Server
	mu           sync.Mutex
	opened, open int
	changed      *sync.Cond
}

func newCountingServer(t *testing.T) *countingServer {
	s := &countingServer{}
	s.changed = sync.NewCond(&s.mu)
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, success) }))
	count := s.Config.ConnState // of httptest
	s.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		if count != nil {
			count(conn, state)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		switch state {
		case http.StateNew:
			s.opened++
			s.open++
		case http.StateClosed:
			s.open--
		}
		s.changed.Broadcast()
	}
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func TestClientsShareTheConnectionsOfTheDefaultTransport(t *testing.T) {
	server := newCountingServer(t)
	before := runtime.NumGoroutine()
	const clients = 200
	for range clients {
		client, err := clarifai.NewClient(clarifai.WithPAT(token), clarifai.WithApp("USER", "APP"), clarifai.WithBaseURL(server.URL))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.ListInputs(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	server.mu.Lock()
	opened := server.opened
	server.mu.Unlock()
	if more := runtime.NumGoroutine() - before; opened > 2 || more > 20 {
		t.Errorf("%d clients opened %d connections and left %d goroutines", clients, opened, more)
	}
}

func TestIdleConnectionsOfTheDefaultTransportCanBeClosed(t *testing.T) {
	noLeaks(t)
	server := newCountingServer(t)
	client, err := clarifai.NewClient(clarifai.WithPAT(token), clarifai.WithApp("USER", "APP"), clarifai.WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.ListInputs(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	client.HTTPClient().CloseIdleConnections()
	server.mu.Lock()
	defer server.mu.Unlock()
	for server.open > 0 {
		server.changed.Wait()
	}
}

// closer is a transport that counts how often its idle connections are closed.
type closer struct {
	http.RoundTripper
	closed int
}

func (c *closer) CloseIdleConnections() { c.closed++ }

func TestClosingIdleConnectionsReachesAReplacedDefaultTransport(t *testing.T) {
	client, err := clarifai.NewClient(clarifai.WithPAT(token))
	if err != nil {
		t.Fatal(err)
	}
	standard := http.DefaultTransport
	replaced := &closer{RoundTripper: standard}
	http.DefaultTransport = replaced
	defer func() { http.DefaultTransport = standard }()
	client.HTTPClient().CloseIdleConnections()
	if replaced.closed != 1 {
		t.Errorf("closed %d times", replaced.closed)
	}
}

// ownDefaultTransports gives each new client its own default transport, by means of a
// root certificate. Connections of other tests would modify the shared transport while it
// is printed.
func ownDefaultTransports(t *testing.T) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	server.Close()
	rootCertificates(t, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
}

// rootCertificates writes a file and points the environment to it.
func rootCertificates(t *testing.T, content []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CLARIFAI_ROOT_CERTIFICATES_PATH", path)
	return path
}

func TestRootCertificatesFromTheEnvironmentAreTrusted(t *testing.T) {
	noLeaks(t)
	var requests int
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests++; r.ProtoMajor != 2 {
			t.Error(r.Proto)
		}
		_, _ = io.WriteString(w, success)
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = nowhere
	server.StartTLS()
	defer server.Close()
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	rootCertificates(t, append([]byte("# the authority of the house\n"), certificate...))
	if _, err := clientOf(t, server.URL).ListInputs(t.Context(), nil); err != nil {
		t.Error(err)
	}
	if _, err := clientOf(t, server.URL, clarifai.WithHTTPClient(nil)).ListInputs(t.Context(), nil); err != nil {
		t.Errorf("with no HTTP client: %v", err)
	}

	// No other client trusts the certificate.
	own := http.DefaultTransport.(*http.Transport).Clone()
	defer own.CloseIdleConnections()
	custom := clientOf(t, server.URL, clarifai.WithHTTPClient(&http.Client{Transport: own}))
	plain := clientOf(t, server.URL, clarifai.WithHTTPClient(&http.Client{}))
	t.Setenv("CLARIFAI_ROOT_CERTIFICATES_PATH", "")
	for name, client := range map[string]*clarifai.Client{
		"a custom transport":         custom,
		"a client without transport": plain,
		"the shared transport":       clientOf(t, server.URL),
	} {
		_, err := client.ListInputs(t.Context(), nil)
		var verification *tls.CertificateVerificationError
		if !errors.As(err, &verification) || !attempts(err, 1) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if requests != 2 {
		t.Errorf("%d requests", requests)
	}
}

func TestNewClientRejectsInvalidRootCertificateFiles(t *testing.T) {
	opts := []clarifai.Option{clarifai.WithPAT(token), clarifai.WithHTTPClient(&http.Client{Transport: httpmock.NewMockTransport()})}
	refused := func(path string) {
		t.Helper()
		_, err := clarifai.NewClient(opts[0])
		var e *clarifai.ArgumentError
		if !errors.As(err, &e) || e.Argument != "CLARIFAI_ROOT_CERTIFICATES_PATH" || e.Value != path || strings.Count(err.Error(), path) != 1 {
			t.Errorf("%s: %v", path, err)
		}
		if _, err := clarifai.NewClient(opts...); err != nil {
			t.Errorf("the variable has an effect on a custom transport: %v", err)
		}
	}
	for _, content := range []string{"", "\n", "not PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		refused(rootCertificates(t, []byte(content)))
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "missing.pem"), t.TempDir(), "\x00"} {
		if strings.Contains(path, "\x00") {
			continue // no environment holds it
		}
		t.Setenv("CLARIFAI_ROOT_CERTIFICATES_PATH", path)
		refused(path)
	}
}

func TestHTTPIsRejectedExceptForLoopbackOrWithInsecureHTTP(t *testing.T) {
	for _, test := range []struct {
		url      string
		loopback bool
	}{
		{"http://localhost", true},
		{"http://LOCALHOST:8080", true},
		{"http://127.0.0.1", true},
		{"http://127.9.9.9:80", true},
		{"http://[::1]:8080", true},
		{"HTTP://localhost", true},
		{"http://localhost.example.com", false},
		{"http://api.internal:8080/clarifai", false},
		{"http://10.0.0.1", false},
		{"http://[::2]", false},
		{"HTTP://api.internal", false},
	} {
		var e *clarifai.ArgumentError
		_, err := clarifai.NewClient(clarifai.WithPAT(token), clarifai.WithBaseURL(test.url))
		if test.loopback && err != nil || !test.loopback && (!errors.As(err, &e) || !strings.Contains(err.Error(), "WithInsecureHTTP") || !strings.Contains(err.Error(), test.url)) {
			t.Errorf("%s: %v", test.url, err)
		}
		client, mock := newClient(t, clarifai.WithInsecureHTTP(), clarifai.WithBaseURL(test.url))
		requests := recorder(t, mock, answer(200, success))
		if _, err := client.ListInputs(t.Context(), nil); err != nil {
			t.Errorf("%s: %v", test.url, err)
		}
		if r := (*requests)[0]; !strings.HasPrefix(r.url, "http://") || r.header.Get("Authorization") != "Key "+token {
			t.Errorf("%+v", r)
		}
	}
	// It allows nothing else.
	for _, url := range []string{"ftp://api.internal", "http://", "http://user:password@api.internal", "http://api.internal?a=b"} {
		if _, err := clarifai.NewClient(clarifai.WithPAT(token), clarifai.WithInsecureHTTP(), clarifai.WithBaseURL(url)); !errors.Is(err, clarifai.ErrInvalidArgument) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// The text of a certificate's error may list hundreds of names.
func TestAnInvalidCertificateIsNotRetried(t *testing.T) {
	for _, length := range []int{10, 100_000} {
		client, mock := newClient(t)
		requests := recorder(t, mock, httpmock.NewErrorResponder(&tls.CertificateVerificationError{Err: errors.New(strings.Repeat("x", length))}))
		_, err := client.ListInputs(t.Context(), nil)
		if len(*requests) != 1 || !attempts(err, 1) || len(err.Error()) > 4096 {
			t.Errorf("%d attempts: %.100s", len(*requests), err)
		}
	}
}

// A server that refuses the TLS of the client will refuse it again.
func TestATLSAlertIsTriedOnce(t *testing.T) {
	for name, config := range map[string]*tls.Config{
		"a certificate of the client is required":               {ClientAuth: tls.RequireAnyClientCert},
		"a certificate of the client is required, with TLS 1.2": {ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12},
		"no version in common":                                  {MaxVersion: tls.VersionTLS11},
	} {
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.TLS, server.Config.ErrorLog = config, nowhere
		server.StartTLS()
		client := clientOf(t, server.URL, clarifai.WithHTTPClient(&http.Client{Transport: server.Client().Transport}))
		_, err := client.ListInputs(t.Context(), nil)
		var network *net.OpError
		if !errors.As(err, &network) || network.Op != "remote error" || !attempts(err, 1) {
			t.Errorf("%s: %v", name, err)
		}
		server.Close()
	}
}

func TestAServerWithoutTLSIsNotRetried(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	defer serving.Wait()
	defer listener.Close()
	accepted := 0
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			accepted++
			_, _ = io.WriteString(conn, "SSH-2.0-OpenSSH_9.9\r\n")
			_ = conn.(*net.TCPConn).CloseWrite()
			_, _ = io.Copy(io.Discard, conn)
			_ = conn.Close()
		}
	})
	_, err = clientOf(t, "https://"+listener.Addr().String()).ListInputs(t.Context(), nil)
	var record tls.RecordHeaderError
	if !errors.As(err, &record) || !attempts(err, 1) {
		t.Error(err)
	}
}

func TestErrorsAboutLongURLsHaveAdvice(t *testing.T) {
	client, mock := newClient(t)
	recorder(t, mock, answer(414, "<html>Request-URI Too Large</html>"), answer(431, ""))
	ids := make([]string, 10_000)
	for i := range ids {
		ids[i] = fmt.Sprintf("input-%05d", i)
	}
	for range 2 {
		_, err := client.ListInputs(t.Context(), &clarifai.ListInputsRequest{IDs: ids})
		if !attempts(err, 1) || !strings.Contains(err.Error(), "send fewer values in the query, such as 100 IDs at a time") {
			t.Error(err)
		}
	}
}

func TestTheLargestMaxResponseSizeDoesNotOverflow(t *testing.T) {
	client, mock := newClient(t, clarifai.WithMaxResponseSize(math.MaxInt64))
	recorder(t, mock, answer(200, success))
	if _, err := client.ListInputs(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func TestARoundTripperThatViolatesItsContractIsAnError(t *testing.T) {
	log.SetOutput(io.Discard) // net/http writes about it
	defer log.SetOutput(os.Stderr)
	for name, rt := range map[string]roundTripper{
		"neither response nor error": func(*http.Request) (*http.Response, error) { return nil, nil },
		"both response and error": func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(success))}, errors.New("an error")
		},
		"no body": func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 200}, nil },
		"no body in spite of a Content-Length": func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, ContentLength: 9}, nil
		},
		"nothing in the response": func(*http.Request) (*http.Response, error) { return &http.Response{}, nil },
		"a body that fails to close": func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: brokenBody{}}, nil
		},
	} {
		// net/http leaves a goroutine until the timeout if the contract is violated.
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

// A retry cannot help with a wrong port, or with a server that does not support https.
func TestAnHTTPServerAtAnHTTPSURLIsNotRetried(t *testing.T) {
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

package clarifai

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/go-resty/resty/v2"
	"golang.org/x/time/rate"
)

// connection holds what the clients of several apps share.
type connection struct {
	resty   *resty.Client
	baseURL string
	maxSize int64 // maximum size of a response
	logger  *slog.Logger
	redact  redactor

	retry    RetryPolicy
	throttle *throttle
	limiter  *rate.Limiter // set by WithRateLimit
}

// connect configures resty.
func (c *config) connect(baseURL string, authorize func(http.Header), token string) (*connection, error) {
	// Copy the client, because resty modifies it.
	hc := http.Client{}
	certificates := os.Getenv("CLARIFAI_ROOT_CERTIFICATES_PATH")
	if c.httpClient != nil {
		hc, certificates = *c.httpClient, ""
	}
	if hc.Transport == nil {
		transport, err := trusting(certificates)
		if err != nil {
			return nil, err
		}
		hc.Transport = transport
	}
	timeout := cmp.Or(c.timeout, hc.Timeout, defaultTimeout)
	hc.Timeout = 0 // its error would match context.DeadlineExceeded
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

	conn := &connection{
		baseURL:  baseURL,
		maxSize:  c.maxResponseSize,
		logger:   c.logger,
		retry:    c.retry,
		throttle: newThrottle(c.retry),
		limiter:  rate.NewLimiter(cmp.Or(c.rateLimit, rate.Inf), 1),
		redact:   newRedactor(token),
	}
	tooLong := fmt.Errorf("the attempt exceeded WithTimeout (%v): %w", timeout, os.ErrDeadlineExceeded)
	conn.resty = resty.NewWithClient(&hc).
		SetBaseURL(baseURL).
		SetLogger(silent{}).
		SetHeader("Accept", "application/json").
		SetHeader("User-Agent", strings.TrimSpace(c.userAgent+" clarifai-go/"+version)).
		SetDoNotParseResponse(true). // see readBody
		SetRetryCount(c.retry.MaxRetries).
		SetRetryWaitTime(0).
		SetRetryMaxWaitTime(math.MaxInt64). // waitBefore enforces the bounds
		SetRetryAfter(conn.waitBefore).
		OnBeforeRequest(func(_ *resty.Client, req *resty.Request) error {
			authorize(req.Header)
			return conn.wait(req.Context())
		}).
		SetPreRequestHook(func(_ *resty.Client, req *http.Request) error {
			call := callOf(req.Context())
			call.attempt, call.cancel = context.WithTimeoutCause(req.Context(), timeout, tooLong)
			*req = *req.WithContext(call.attempt)
			return nil
		})
	return conn, nil
}

// call is the state of a call. resty's hooks are shared by all calls; they get the state
// from the context.Context of the request.
type call struct {
	ctx      context.Context // context of the caller
	attempt  context.Context // context of the current attempt, which also has a timeout
	cancel   context.CancelFunc
	failure  *Error // failure of the last attempt
	logRetry func(wait time.Duration)
}

type callKey struct{}

// context returns the caller's context with the call as a value.
func (c *call) context() context.Context { return context.WithValue(c.ctx, callKey{}, c) }

func callOf(ctx context.Context) *call { return ctx.Value(callKey{}).(*call) }

// end ends the current attempt and returns its error. The error matches
// context.DeadlineExceeded only if the caller's context has expired.
func (c *call) end(err error) error {
	defer c.cancel()
	var wrapped *url.Error // repeats the method and the URL
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if err == nil || c.ctx.Err() != nil {
		return err
	}
	if c.attempt.Err() != nil {
		return context.Cause(c.attempt)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return timeoutError{err}
	}
	return err
}

// timeoutError is a timeout of the transport, for example while connecting. It does not
// match context.DeadlineExceeded, although the net/http error that it wraps does.
type timeoutError struct{ error }

func (e timeoutError) Is(target error) bool {
	return target == os.ErrDeadlineExceeded || target != context.DeadlineExceeded && errors.Is(e.error, target)
}

func (e timeoutError) As(target any) bool { return errors.As(e.error, target) }

func (timeoutError) Timeout() bool { return true }

// wait waits until the next attempt may be sent.
func (c *connection) wait(ctx context.Context) error {
	for {
		if err := c.throttle.wait(ctx); err != nil {
			return err
		}
		if err := waitTurn(ctx, c.limiter); err != nil {
			return err
		}
		if pause, _ := c.throttle.state(); pause <= 0 { // a pause may have started in the meantime
			return nil
		}
	}
}

// waitTurn waits until the rate limit allows a request.
func waitTurn(ctx context.Context, limiter *rate.Limiter) error {
	err := limiter.Wait(ctx)
	if err == nil || ctx.Err() != nil {
		return err
	}
	return fmt.Errorf("%w: %w", context.DeadlineExceeded, err)
}

// silent is a logger that discards everything. resty's own logger writes to standard
// error.
type silent struct{}

func (silent) Errorf(string, ...any) {}

func (silent) Warnf(string, ...any) {}

func (silent) Debugf(string, ...any) {}

// standardTransport is the original http.DefaultTransport, which may be replaced later.
var standardTransport = http.DefaultTransport

// defaultTransport is a copy of http.DefaultTransport with additional settings. If
// http.DefaultTransport is replaced, for example by httpmock.Activate, defaultTransport
// uses the replacement.
type defaultTransport struct{ own *http.Transport } // nil if http.DefaultTransport was replaced before this package was initialized

// sharedTransport returns the transport of all clients without a custom transport.
var sharedTransport = sync.OnceValue(newDefaultTransport)

func newDefaultTransport() defaultTransport {
	standard, ok := standardTransport.(*http.Transport)
	if !ok {
		return defaultTransport{}
	}
	own := standard.Clone()
	own.MaxIdleConns, own.MaxIdleConnsPerHost = 0, math.MaxInt // keep the connections of parallel requests
	if own.TLSClientConfig == nil {
		own.TLSClientConfig = &tls.Config{}
	}
	own.TLSClientConfig.MinVersion = max(own.TLSClientConfig.MinVersion, tls.VersionTLS12)
	if own.HTTP2 == nil {
		own.HTTP2 = &http.HTTP2Config{}
	}
	// Without pings, a connection that the network has silently dropped is used forever.
	own.HTTP2.SendPingTimeout = cmp.Or(own.HTTP2.SendPingTimeout, 10*time.Second)
	own.HTTP2.PingTimeout = cmp.Or(own.HTTP2.PingTimeout, 10*time.Second)
	return defaultTransport{own}
}

// trusting returns a default transport that also trusts the certificates in a PEM file. If
// path is empty, it returns the shared transport.
func trusting(path string) (http.RoundTripper, error) {
	if path == "" {
		return sharedTransport(), nil
	}
	refuse := func(reason string) (http.RoundTripper, error) {
		return nil, &ArgumentError{Argument: "CLARIFAI_ROOT_CERTIFICATES_PATH", Value: path, Reason: reason}
	}
	pem, err := os.ReadFile(path)
	if err != nil {
		return refuse("cannot be read: " + errors.Unwrap(err).Error())
	}
	t := newDefaultTransport()
	if t.own == nil {
		return refuse("requires http.DefaultTransport to be an *http.Transport")
	}
	roots := t.own.TLSClientConfig.RootCAs
	if roots != nil {
		roots = roots.Clone()
	} else if roots, err = x509.SystemCertPool(); err != nil {
		return refuse(err.Error())
	}
	if !roots.AppendCertsFromPEM(pem) {
		return refuse("contains no PEM certificate")
	}
	t.own.TLSClientConfig.RootCAs = roots
	return t, nil
}

func (t defaultTransport) current() http.RoundTripper {
	if t.own == nil || http.DefaultTransport != standardTransport {
		return http.DefaultTransport
	}
	return t.own
}

func (t defaultTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	return t.current().RoundTrip(req)
}

// CloseIdleConnections closes idle connections. [http.Client.CloseIdleConnections] calls it.
func (t defaultTransport) CloseIdleConnections() {
	(&http.Client{Transport: t.current()}).CloseIdleConnections()
}

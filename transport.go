package clarifai

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"
	"golang.org/x/time/rate"
)

// connection is what the clients of several apps share.
type connection struct {
	resty   *resty.Client
	baseURL string
	maxSize int64 // of a response
	logger  *slog.Logger
	redact  redactor
}

// connect sets resty up.
func (c *config) connect(baseURL string, authorize func(http.Header), token string) *connection {
	// A copy, as resty changes what it is given.
	hc := http.Client{}
	if c.httpClient != nil {
		hc = *c.httpClient
	}
	if hc.Transport == nil {
		hc.Transport = newDefaultTransport()
	}
	hc.Timeout = cmp.Or(c.timeout, hc.Timeout, defaultTimeout)
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

	userAgent := strings.TrimSpace(c.userAgent + " clarifai-go/" + version)
	r := resty.NewWithClient(&hc).
		SetBaseURL(baseURL).
		SetLogger(silent{}).
		SetHeader("Accept", "application/json").
		SetHeader("User-Agent", userAgent).
		SetDoNotParseResponse(true). // see readBody
		SetRetryCount(c.retry.MaxRetries).
		SetRetryWaitTime(c.retry.MinWait).
		SetRetryMaxWaitTime(c.retry.MaxWait).
		SetRetryAfter(retryAfter)
	limiter := rate.NewLimiter(cmp.Or(c.rateLimit, rate.Inf), 1)
	r.OnBeforeRequest(func(_ *resty.Client, req *resty.Request) error {
		authorize(req.Header)
		return waitTurn(req.Context(), limiter)
	})
	return &connection{
		resty:   r,
		baseURL: baseURL,
		maxSize: c.maxResponseSize,
		logger:  c.logger,
		redact:  newRedactor(token),
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

// silent keeps resty from writing to standard error.
type silent struct{}

func (silent) Errorf(string, ...any) {}

func (silent) Warnf(string, ...any) {}

func (silent) Debugf(string, ...any) {}

// retryAfter reads the Retry-After header; resty keeps it within the bounds of
// the policy. 0 means that there is none.
func retryAfter(_ *resty.Client, resp *resty.Response) (time.Duration, error) {
	value := resp.Header().Get("Retry-After")
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil || errors.Is(err, strconv.ErrRange) {
		return max(time.Duration(seconds)*time.Second, 0), nil
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(time.Until(date), 0), nil
	}
	return 0, nil
}

// standardTransport is what http.DefaultTransport is as long as nobody replaces it.
var standardTransport = http.DefaultTransport

// defaultTransport is http.DefaultTransport with room to keep the connections of
// requests made in parallel. It follows a replacement, such as httpmock.Activate
// makes.
type defaultTransport struct{ own *http.Transport }

func newDefaultTransport() defaultTransport {
	standard, ok := standardTransport.(*http.Transport)
	if !ok {
		return defaultTransport{}
	}
	own := standard.Clone()
	own.MaxIdleConnsPerHost = own.MaxIdleConns
	if own.TLSClientConfig == nil {
		own.TLSClientConfig = &tls.Config{}
	}
	own.TLSClientConfig.MinVersion = max(own.TLSClientConfig.MinVersion, tls.VersionTLS12)
	return defaultTransport{own}
}

func (t defaultTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if t.own != nil && http.DefaultTransport == standardTransport {
		return t.own.RoundTrip(req)
	}
	return http.DefaultTransport.RoundTrip(req)
}

// CloseIdleConnections is for [http.Client.CloseIdleConnections].
func (t defaultTransport) CloseIdleConnections() {
	if t.own != nil {
		t.own.CloseIdleConnections()
	}
}

// retryable reports whether the call can be sent again. What is not a read can,
// only when the server surely did not act on it. lost tells that there was no
// response, or not all of one.
func (e *Error) retryable(read, lost bool) bool {
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var network *net.OpError
	switch {
	case e.HTTPStatus == http.StatusTooManyRequests:
		return true
	case !read:
		return errors.As(e.Err, &network) && network.Op == "dial"
	case errors.Is(e, ErrResponseTooLarge), errors.As(e.Err, &certificate), errors.As(e.Err, &record), errors.Is(e.Err, http.ErrSchemeMismatch):
		return false // and would be the next time
	}
	return lost || e.Status.Code == StatusConnThrottled || e.Status.Code == StatusTryAgain ||
		slices.Contains([]int{http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}, e.HTTPStatus)
}

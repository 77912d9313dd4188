package clarifai

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/go-resty/resty/v2"
	"golang.org/x/time/rate"
)

// retryable reports whether the call may be retried. A write may be retried only if the
// server cannot have acted on it. cause is the error that prevented a complete response,
// or nil if the response is complete.
func (e *Error) retryable(read bool, cause error) bool {
	var network *net.OpError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case e.HTTPStatus == http.StatusTooManyRequests:
		return true
	case !read:
		return errors.As(cause, &network) && network.Op == "dial"
	case errors.Is(cause, ErrResponseTooLarge), errors.As(cause, &certificate), errors.As(cause, &record), errors.Is(cause, http.ErrSchemeMismatch):
		return false // the next attempt would fail the same way
	case errors.As(cause, &network) && network.Op == "remote error" && lastingAlert.MatchString(network.Err.Error()):
		return false // a retry would fail with the same TLS alert
	}
	return cause != nil || slices.Contains(passingStatuses, e.HTTPStatus) || slices.Contains(passingCodes, e.Status.Code)
}

var lastingAlert = regexp.MustCompile(`certificate|handshake failure|protocol version`)

var (
	passingStatuses = []int{
		http.StatusRequestTimeout, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
		520, 521, 522, 523, 524, // used by Cloudflare if the server behind it fails or is slow
	}
	passingCodes = []StatusCode{
		StatusTryAgain, StatusConnThrottled,
		40030, 40031, // request queue full, server unavailable
	}
)

// throttled reports whether the server refused the request because there were too many.
func (e *Error) throttled() bool {
	return e.HTTPStatus == http.StatusTooManyRequests || e.Status.Code == StatusConnThrottled
}

// wait returns the time to wait after a failed attempt. resty's own backoff cannot be used
// because it applies a cap and jitter, and does not report the result.
func (p RetryPolicy) wait(e *Error) time.Duration {
	if e.RetryAfter > 0 {
		return max(e.RetryAfter, p.MinWait)
	}
	wait := p.MinWait
	if e.throttled() {
		wait = min(max(wait, firstPause), p.MaxWait)
	}
	for range e.Attempts - 1 {
		wait += min(wait, p.MaxWait-wait)
	}
	if !e.throttled() {
		wait = max(wait/2+rand.N(wait/2+1), p.MinWait) // jitter
	}
	return wait
}

// waitBefore returns the time to wait before the next attempt, or an error if the call must
// not be retried. resty calls it.
func (c *connection) waitBefore(_ *resty.Client, resp *resty.Response) (time.Duration, error) {
	call := callOf(resp.Request.Context())
	failure := call.failure
	wait := c.retry.wait(failure)
	var err error
	if wait > c.retry.MaxWait {
		err = fmt.Errorf("the server requested a wait of %v, longer than RetryPolicy.MaxWait (%v)", wait, c.retry.MaxWait)
	} else {
		err = outlasts(call.ctx, wait)
	}
	if err != nil {
		if failure.Err != nil {
			err = &joined{err, failure.Err}
		}
		failure.Err = err
		return 0, err
	}
	call.logRetry(wait)
	return wait, nil
}

// settled tells the throttle the outcome of an attempt.
func (c *connection) settled(resp *resty.Response, failure *Error) {
	switch {
	case c.retry.MaxRetries == 0:
	case failure == nil || !failure.throttled():
		c.throttle.accepted(resp.Request.Time)
	default:
		pause := c.retry.wait(failure)
		if pause > c.retry.MaxWait {
			pause = 0 // the call is not retried
		}
		c.throttle.refused(resp.Request.Time, pause)
	}
}

// outlasts returns an error if a wait would outlast the context.
func outlasts(ctx context.Context, wait time.Duration) error {
	if deadline, ok := ctx.Deadline(); ok && wait > time.Until(deadline) {
		return fmt.Errorf("%w: a wait of %v before the next attempt would outlast the context", context.DeadlineExceeded, wait.Round(time.Millisecond))
	}
	return nil
}

// retryAfter returns the wait that the Retry-After header requests, or 0 if the header is
// missing or invalid. The header holds a number of seconds or a date.
func retryAfter(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil || errors.Is(err, strconv.ErrRange) {
		return max(time.Duration(seconds)*time.Second, 0)
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(time.Until(date), 0)
	}
	return 0
}

// The parameters of a throttle.
const (
	firstPause    = time.Second     // doubles with each attempt of the same call
	slowDown      = 0.8             // rate after a pause, as a fraction of the accepted rate
	firstDoubling = 2 * time.Second // time for the rate to double after it was first lowered
	lastDoubling  = time.Minute     // maximum of that time
)

// throttle delays the requests of a connection. After the server has refused a request
// because there were too many, all requests wait for the end of a pause. They are then
// sent at a lower rate than the server accepted before. The rate grows over time. If the
// server soon refuses another request, the rate is lowered again and then grows more
// slowly, so that it converges.
type throttle struct {
	turn  chan struct{} // held while waiting, so that a change of the rate applies to all waiters
	pacer *rate.Limiter
	floor float64 // minimum rate per second

	mu       sync.Mutex
	pause    time.Time // end of the pause
	slowed   time.Time // when the rate was last lowered; zero means never
	limit    float64   // rate per second before it was last lowered
	rate     float64   // rate per second at the end of the pause; 0 means not known yet
	doubling time.Duration
	took     bool      // whether the server accepted a request sent after slowed
	second   time.Time // start of the current second
	now, ago int       // number of requests accepted in the current second and the one before
}

func newThrottle(p RetryPolicy) *throttle {
	return &throttle{
		turn:  make(chan struct{}, 1),
		pacer: rate.NewLimiter(rate.Inf, 1),
		floor: 1 / p.MaxWait.Seconds(),
	}
}

// state returns the remaining time of the pause, and the current rate.
func (t *throttle) state() (pause time.Duration, limit float64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	pause = time.Until(t.pause)
	switch {
	case t.slowed.IsZero():
		return pause, float64(rate.Inf)
	case t.rate == 0 && pause > 0: // responses to earlier requests may still arrive
		return pause, t.limit
	case t.rate == 0:
		t.rate = max(slowDown*min(t.limit, float64(max(t.now, t.ago, 1))), t.floor)
	}
	return pause, t.rate * math.Exp2(max(-pause, 0).Seconds()/t.doubling.Seconds())
}

// wait waits until the pause is over and the rate permits another request.
func (t *throttle) wait(ctx context.Context) error {
	for {
		pause, limit := t.state()
		if pause <= 0 && limit >= float64(rate.Inf) {
			return nil
		}
		if pause <= 0 {
			return t.waitTurn(ctx)
		}
		if err := outlasts(ctx, pause); err != nil {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (t *throttle) waitTurn(ctx context.Context) error {
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	_, limit := t.state()
	t.pacer.SetLimit(rate.Limit(min(limit, float64(rate.Inf))))
	return waitTurn(ctx, t.pacer)
}

// accepted records that the server accepted a request.
func (t *throttle) accepted(sent time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	if passed := now.Sub(t.second); passed >= time.Second {
		t.ago, t.now, t.second = t.now, 0, now
		if passed >= 2*time.Second {
			t.ago = 0
		}
	}
	t.now++
	t.took = t.took || sent.After(t.slowed)
}

// refused records that the server refused a request because there were too many.
func (t *throttle) refused(sent time.Time, wait time.Duration) {
	_, limit := t.state()
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	// Lower the rate again only if the refused request was sent at the current rate, and the
	// server has accepted another request at that rate. Otherwise, the refusal does not show
	// that the current rate is too high.
	if t.slowed.IsZero() || t.took && sent.After(t.slowed) {
		if t.slowed.IsZero() || now.Sub(t.pause) > 10*t.doubling { // long recovered
			t.doubling = firstDoubling
		} else {
			t.doubling = min(4*t.doubling, lastDoubling)
		}
		t.slowed, t.limit, t.rate, t.took = now, limit, 0, false
	}
	if end := now.Add(wait); end.After(t.pause) {
		t.pause = end
	}
}

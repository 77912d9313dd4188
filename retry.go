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

// retryable reports whether the call may be sent again. A write may only when the
// server surely did not act on it. cause is why there was no response, or not all
// of one; nil when there was.
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
		return false // the next attempt would end the same way
	case errors.As(cause, &network) && network.Op == "remote error" && lastingAlert.MatchString(network.Err.Error()):
		return false // so would it after this alert of TLS
	}
	return cause != nil || slices.Contains(passingStatuses, e.HTTPStatus) || slices.Contains(passingCodes, e.Status.Code)
}

var lastingAlert = regexp.MustCompile(`certificate|handshake failure|protocol version`)

var (
	passingStatuses = []int{
		http.StatusRequestTimeout, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
		520, 521, 522, 523, 524, // Cloudflare, in front of a server that fails or is slow
	}
	passingCodes = []StatusCode{
		StatusTryAgain, StatusConnThrottled,
		40030, 40031, // the queue of requests is full, the server is unavailable
	}
)

// throttled reports whether the server refused the request as one too many.
func (e *Error) throttled() bool {
	return e.HTTPStatus == http.StatusTooManyRequests || e.Status.Code == StatusConnThrottled
}

// wait is the time to wait after a failed attempt. resty computes a backoff too, but
// it caps and jitters it, and does not say what it is.
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

// waitBefore gives resty the time to wait before the next attempt, or an error.
func (c *connection) waitBefore(_ *resty.Client, resp *resty.Response) (time.Duration, error) {
	call := callOf(resp.Request.Context())
	failure := call.failure
	wait := c.retry.wait(failure)
	var err error
	if wait > c.retry.MaxWait {
		err = fmt.Errorf("the server asks for a wait of %v, longer than RetryPolicy.MaxWait (%v)", wait, c.retry.MaxWait)
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

// settled has the throttle note what came of an attempt.
func (c *connection) settled(resp *resty.Response, failure *Error) {
	switch {
	case c.retry.MaxRetries == 0:
	case failure == nil || !failure.throttled():
		c.throttle.accepted(resp.Request.Time)
	default:
		pause := c.retry.wait(failure)
		if pause > c.retry.MaxWait {
			pause = 0 // given up on
		}
		c.throttle.refused(resp.Request.Time, pause)
	}
}

// outlasts is the error of a wait that would last longer than the context.
func outlasts(ctx context.Context, wait time.Duration) error {
	if deadline, ok := ctx.Deadline(); ok && wait > time.Until(deadline) {
		return fmt.Errorf("%w: a wait of %v before the next attempt would outlast the context", context.DeadlineExceeded, wait.Round(time.Millisecond))
	}
	return nil
}

// retryAfter reads the Retry-After header: seconds or a date. 0 means none.
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

// The pace of a client that has been throttled.
const (
	firstPause    = time.Second     // doubled by each attempt of the same call
	slowDown      = 0.8             // of what the server took
	firstDoubling = 2 * time.Second // the time in which the rate doubles after the first throttling
	lastDoubling  = time.Minute     // and after many
)

// throttle makes the requests of a connection wait together: all for the end of a
// pause when the server refused one as too many, and then each for its turn, at a
// rate below the one that the server took. That rate grows with time, more slowly
// with every further throttling, so that it settles.
type throttle struct {
	turn  chan struct{} // held while waiting, so that a change of the rate applies to all who wait
	pacer *rate.Limiter
	floor float64 // per second

	mu       sync.Mutex
	pause    time.Time // its end
	slowed   time.Time // when the rate was last lowered; zero means no rate
	limit    float64   // per second, before that
	rate     float64   // per second, at the end of the pause; 0 means not known yet
	doubling time.Duration
	took     bool      // a request sent since slowed
	second   time.Time // the start of a second
	now, ago int       // requests that the server took in that second, and in the one before
}

func newThrottle(p RetryPolicy) *throttle {
	return &throttle{
		turn:  make(chan struct{}, 1),
		pacer: rate.NewLimiter(rate.Inf, 1),
		floor: 1 / p.MaxWait.Seconds(),
	}
}

// state is how long the pause still lasts, and the rate.
func (t *throttle) state() (pause time.Duration, limit float64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	pause = time.Until(t.pause)
	switch {
	case t.slowed.IsZero():
		return pause, float64(rate.Inf)
	case t.rate == 0 && pause > 0: // responses to earlier requests may yet come
		return pause, t.limit
	case t.rate == 0:
		t.rate = max(slowDown*min(t.limit, float64(max(t.now, t.ago, 1))), t.floor)
	}
	return pause, t.rate * math.Exp2(max(-pause, 0).Seconds()/t.doubling.Seconds())
}

// wait waits for the end of the pause and for a turn.
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

// accepted notes that the server took a request.
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

// refused notes that the server refused a request as one too many.
func (t *throttle) refused(sent time.Time, wait time.Duration) {
	_, limit := t.state()
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	// The rate is too high only if the server took something at that rate, and not if it
	// takes nothing, and only for requests sent at that rate.
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

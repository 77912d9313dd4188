package clarifaitest

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/clarifai-go/clarifai"
	"golang.org/x/time/rate"
)

// Fault selects requests and specifies how they fail. A fault with only a Delay slows
// requests down. Requests that fail do not change the app. For example, to fail the
// third page of a list, and to cut off every search:
//
//	app.AddFault(clarifaitest.Fault{Operation: "ListInputs", Page: 3, HTTPStatus: 503})
//	app.AddFault(clarifaitest.Fault{Operation: "PostInputsSearches", Err: io.ErrUnexpectedEOF})
type Fault struct {
	// Operation is the API's name for the operation, such as "ListInputs". If empty,
	// the fault applies to all operations.
	Operation string

	// Page is the number of the page to which the fault applies. If 0, the page number
	// does not matter.
	Page int

	// Nth selects the nth matching request since the fault was added, counted from 1. 0
	// means all matching requests. A retry counts as another request: if Nth is 1 and
	// a read fails with a 503, the retry is the second request, and it succeeds. With
	// Prefetch, requests may arrive in a different order from the pages.
	Nth int

	// Delay is the time before the response is sent. If the context of the request
	// ends during the delay, the request fails with the error of the context.
	Delay time.Duration

	// Err is a connection error that is returned instead of a response. Examples are
	// io.ErrUnexpectedEOF, and &net.OpError{Op: "dial", …} for an unreachable server.
	Err error

	// Status is the status in the response. If its code is 0, the generic failure code
	// 10020 is used.
	Status clarifai.Status

	// HTTPStatus is the HTTP status of the response. If 0, it is derived from Status:
	// 429 for 11005, 404 for 30102, and so on.
	HTTPStatus int

	// Body is the body of the response, such as the HTML page of a gateway. If empty,
	// the body is JSON with the status.
	Body string
}

// fault counts the requests that match it.
type fault struct {
	Fault
	seen int
}

// AddFault adds a fault. If several apply to a request, their delays add up, and the
// first one that fails the request determines the response. AddFault panics if the
// fault specifies neither a failure nor a delay, if the app does not support the
// operation, if Page is set for an operation that does not use page numbers, or if Page,
// Nth or Delay is negative.
func (a *App) AddFault(f Fault) {
	if f.Operation != "" {
		checkOperation(f.Operation)
	}
	if f.Page < 0 || f.Page > 0 && f.Operation != "" && !pages(f.Operation) || f.Nth < 0 || f.Delay < 0 || f.Delay == 0 && !f.fails() {
		panic(fmt.Sprintf("clarifaitest: AddFault: %+v has no effect", f))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults = append(a.faults, &fault{Fault: f})
}

// ClearFaults removes all faults.
func (a *App) ClearFaults() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults = nil
}

// SetRateLimit makes the app reject requests above the given rate as the API does,
// with HTTP 429 and code 11005. Bursts of up to one second's worth of requests are
// allowed. The default, 0, means no limit.
func (a *App) SetRateLimit(perSecond float64) {
	if !(perSecond >= 0) {
		panic(fmt.Sprintf("clarifaitest: SetRateLimit: invalid rate %v", perSecond))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.limiter = nil
	if perSecond > 0 {
		a.limiter = rate.NewLimiter(rate.Limit(perSecond), int(max(1, math.Min(perSecond, math.MaxInt32))))
	}
}

func (f *Fault) fails() bool {
	return f.Err != nil || f.HTTPStatus != 0 || f.Status != (clarifai.Status{}) || f.Body != ""
}

// faultOf returns the first fault that makes the request fail, and the sum of the delays of
// all faults that apply to it. The fault is nil if the request does not fail.
func (a *App) faultOf(r *arrival) (failure *Fault, delay time.Duration) {
	for _, f := range a.faults {
		if f.Operation != "" && f.Operation != r.Operation {
			continue
		}
		if f.Page != 0 && (!pages(r.Operation) || f.Page != max(r.request().Page().Page, clarifai.DefaultPage)) {
			continue
		}
		if f.seen++; f.Nth != 0 && f.Nth != f.seen {
			continue
		}
		delay += f.Delay
		if failure == nil && f.fails() {
			failure = &f.Fault
		}
	}
	return failure, delay
}

// response returns the response to a failed request, or Err if it is set.
func (f *Fault) response(req *http.Request, requestID string) (*http.Response, error) {
	if f.Err != nil {
		return nil, f.Err
	}
	status := f.Status
	if status.Code == 0 {
		status.Code = clarifai.StatusFailure
	}
	httpStatus := f.HTTPStatus
	if httpStatus == 0 {
		httpStatus = httpStatusOf(status.Code)
	}
	if f.Body != "" {
		return respondWith(req, httpStatus, "text/html", []byte(f.Body)), nil
	}
	if status.Description == "" {
		status.Description = descriptions[status.Code]
	}
	if status.ReqID == "" {
		status.ReqID = requestID
	}
	return respondWith(req, httpStatus, "application/json", mustMarshal(fields{"status": status})), nil
}

// throttled returns the response to a request that exceeds the rate limit. The API's
// documentation shows such a response.
func throttled(req *http.Request, requestID string, limit rate.Limit) *http.Response {
	return respondWith(req, http.StatusTooManyRequests, "application/json", mustMarshal(fields{"status": map[string]any{
		"code":        clarifai.StatusConnThrottled.String(),
		"description": "Making too many requests",
		"details":     fmt.Sprintf("exceeded limit of %v requests per second", float64(limit)),
		"req_id":      requestID,
	}}))
}

// sleep pauses until the duration has passed or the context ends.
func sleep(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

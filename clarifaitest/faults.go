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

// Fault says which requests go wrong, and how. Without anything but a Delay, they
// are late and otherwise answered as ever; with anything else, they change nothing
// in the app. The third page of a list fails, and every search is cut off:
//
//	app.AddFault(clarifaitest.Fault{Operation: "ListInputs", Page: 3, HTTPStatus: 503})
//	app.AddFault(clarifaitest.Fault{Operation: "PostInputsSearches", Err: io.ErrUnexpectedEOF})
type Fault struct {
	// Operation is the API's name of the operation, such as "ListInputs". Empty
	// means every one.
	Operation string

	// Page is the page that goes wrong, by its number, of operations that page by
	// number. 0 means every request.
	Page int

	// Nth is which of those requests goes wrong, counted from 1 from when the fault
	// was added. 0 means every one. A retry counts as a request: of a read that
	// fails once, with a 503 or anything else that is tried again, the retry is the
	// next one and succeeds. With Prefetch, the order of the requests is not that of
	// the pages.
	Nth int

	// Delay is how long the answer takes, unless the request's context ends before.
	Delay time.Duration

	// Err is what the connection fails with, in place of an answer, such as
	// io.ErrUnexpectedEOF, or &net.OpError{Op: "dial", …} for a server that was
	// never reached.
	Err error

	// Status is the status in the answer. Where its code is 0, it is 10020, the
	// failure that has no code of its own.
	Status clarifai.Status

	// HTTPStatus is the HTTP status of the answer. 0 means the one that goes with
	// the status: 429 for 11005, 404 for 30102, and so on.
	HTTPStatus int

	// Body is the body of the answer, in place of JSON with the status, such as the
	// HTML page of a gateway.
	Body string
}

// fault counts the requests that it looks at.
type fault struct {
	Fault
	seen int
}

// AddFault has requests go wrong, in addition to those of the faults added before.
// Of several faults of one request the delays add up, and the first failure counts.
// It panics when the fault can do nothing: without any failure or delay, with the
// name of an operation that the app does not answer, or with a page of one that
// does not page by number.
func (a *App) AddFault(f Fault) {
	if f.Operation != "" {
		checkOperation(f.Operation)
	}
	if f.Page < 0 || f.Page > 0 && f.Operation != "" && !pages(f.Operation) || f.Nth < 0 || f.Delay < 0 || f.Delay == 0 && !f.fails() {
		panic(fmt.Sprintf("clarifaitest: AddFault: %+v does nothing", f))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults = append(a.faults, &fault{Fault: f})
}

// ClearFaults takes all faults away.
func (a *App) ClearFaults() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults = nil
}

// SetRateLimit has the app refuse requests above so many per second, as the API
// does: with HTTP 429 and the code 11005, by its name. As many at once are let
// through. 0, the default, means no limit.
func (a *App) SetRateLimit(perSecond float64) {
	if !(perSecond >= 0) {
		panic(fmt.Sprintf("clarifaitest: SetRateLimit: %v per second", perSecond))
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

// faultOf gives what goes wrong with a request, and how late it is.
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

// response answers a request with the fault.
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

// throttled is the answer to a request too many, as the API's documentation
// shows it.
func throttled(req *http.Request, requestID string, limit rate.Limit) *http.Response {
	return respondWith(req, http.StatusTooManyRequests, "application/json", mustMarshal(fields{"status": map[string]any{
		"code":        clarifai.StatusConnThrottled.String(),
		"description": "Making too many requests",
		"details":     fmt.Sprintf("exceeded limit of %v requests per second", float64(limit)),
		"req_id":      requestID,
	}}))
}

// sleep waits, unless the context ends before.
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

package clarifaitest

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/clarifai-go/clarifai"
	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// Request is a request that the app received.
type Request struct {
	Operation string         // the API's name, such as "ListInputs"; empty if the app does not support it
	Method    string         // such as GET
	Path      string         // unescaped
	Query     url.Values     // empty if there is no query
	Body      map[string]any // the JSON body, as encoding/json decodes it; nil if it is not an object
}

// Page returns the requested page, from the query or the body. Parameters that
// were not sent are 0.
//
//	if got := app.LastRequest().Page(); got != (clarifai.PageParams{Page: 2, PerPage: 20}) {
//		t.Errorf("requested %+v", got)
//	}
func (r Request) Page() clarifai.PageParams {
	pagination, _ := r.Body["pagination"].(map[string]any)
	number := func(name string) int {
		switch n := pagination[name].(type) {
		case float64:
			if n == math.Trunc(n) {
				return int(n)
			}
		case string:
			inBody, _ := strconv.Atoi(n)
			return inBody
		}
		n, _ := strconv.Atoi(r.Query.Get(name))
		return n
	}
	return clarifai.PageParams{Page: number("page"), PerPage: number("per_page")}
}

// Requests returns the requests for the named operations, or all requests if none is
// named, in order of arrival. It includes retries, but not requests that a registered
// responder answered. It panics if the app does not support one of the operations.
func (a *App) Requests(operations ...string) []Request {
	var requests []Request
	for _, r := range a.arrivals(operations) {
		requests = append(requests, r.request())
	}
	return requests
}

// LastRequest returns the last element of [App.Requests], or the zero Request if the app
// has received no such request.
func (a *App) LastRequest(operations ...string) Request {
	arrivals := a.arrivals(operations)
	if len(arrivals) == 0 {
		return Request{}
	}
	return arrivals[len(arrivals)-1].request()
}

// arrivals returns the requests for the named operations, or all requests if none is
// named.
func (a *App) arrivals(operations []string) []arrival {
	for _, name := range operations {
		checkOperation(name)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return filter(a.requests, func(r arrival) bool { return len(operations) == 0 || slices.Contains(operations, r.Operation) })
}

// arrival is a received request. Its body is decoded on demand.
type arrival struct {
	Request
	body []byte
}

func arrived(operation string, req *http.Request, body []byte) arrival {
	return arrival{Request{Operation: operation, Method: req.Method, Path: req.URL.Path, Query: req.URL.Query()}, body}
}

// request returns a copy of the request, which the caller may change.
func (a *arrival) request() Request {
	r := a.Request
	r.Query = maps.Clone(r.Query)
	for name, values := range r.Query {
		r.Query[name] = slices.Clone(values)
	}
	if json.Unmarshal(a.body, &r.Body, jsonv1.DefaultOptionsV1()) != nil {
		r.Body = nil
	}
	return r
}

// checkOperation panics if the app supports no operation with that name, because a test
// with a misspelled name would test nothing.
func checkOperation(name string) {
	if !slices.ContainsFunc(operations, func(op operation) bool { return op.name == name && op.handle != nil }) {
		panic(fmt.Sprintf("clarifaitest: the app supports no operation %q", name))
	}
}

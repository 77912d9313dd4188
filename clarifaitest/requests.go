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

// Request is a request that the app was sent, whatever it answered.
type Request struct {
	Operation string         // the API's name of it, such as "ListInputs"; empty for one that the app does not answer
	Method    string         // such as GET
	Path      string         // unescaped
	Query     url.Values     // empty when there is none
	Body      map[string]any // the JSON body, as encoding/json decodes it; nil when there is none
}

// Page gives the page that was asked for, in the query or in the body. What was
// not sent is 0.
//
//	if got := app.LastRequest().Page(); got != (clarifai.PageParams{Page: 2, PerPage: 20}) {
//		t.Errorf("asked for %+v", got)
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

// Requests returns the requests so far in the order of their arrival, those to
// the named operations or, with no name, all. Retries count. What a responder of
// your own answered never arrived here. It panics when the app answers no
// operation of such a name.
func (a *App) Requests(operations ...string) []Request {
	var requests []Request
	for _, r := range a.arrivals(operations) {
		requests = append(requests, r.request())
	}
	return requests
}

// LastRequest returns the last of [App.Requests], or a zero Request.
func (a *App) LastRequest(operations ...string) Request {
	arrivals := a.arrivals(operations)
	if len(arrivals) == 0 {
		return Request{}
	}
	return arrivals[len(arrivals)-1].request()
}

// arrivals gives the requests to the named operations or, with no name, all.
func (a *App) arrivals(operations []string) []arrival {
	for _, name := range operations {
		checkOperation(name)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return filter(a.requests, func(r arrival) bool { return len(operations) == 0 || slices.Contains(operations, r.Operation) })
}

// arrival is a request as it is kept.
type arrival struct {
	Request
	body []byte
}

func arrived(operation string, req *http.Request, body []byte) arrival {
	return arrival{Request{Operation: operation, Method: req.Method, Path: req.URL.Path, Query: req.URL.Query()}, body}
}

// request gives a copy of the request that the caller can do with as it likes.
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

// checkOperation panics when the app answers no such operation: a test with a
// misspelt name would pass without a test.
func checkOperation(name string) {
	if !slices.ContainsFunc(operations, func(op operation) bool { return op.name == name && op.handle != nil }) {
		panic(fmt.Sprintf("clarifaitest: the app answers no operation %q", name))
	}
}

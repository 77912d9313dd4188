package clarifaitest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/clarifai-go/clarifai"
)

// operation is one of the API's.
type operation struct {
	name   string
	method string
	path   string   // below the user and the app
	query  []string // the parameters that it knows
	handle func(*App, *call) (fields, error)
}

var paging = []string{"page", "per_page"}

// operations are those that the app answers, and without a handle those that it
// would take for another. Of two whose paths fit, the first counts.
var operations = []operation{
	{"ListInputs", http.MethodGet, "inputs", append([]string{"ids", "status.code"}, paging...), (*App).listInputs},
	{"PostInputs", http.MethodPost, "inputs", nil, (*App).postInputs},
	{"PatchInputs", http.MethodPatch, "inputs", nil, (*App).patchInputs},
	{"DeleteInputs", http.MethodDelete, "inputs", nil, (*App).deleteInputs},
	{"GetInputCount", http.MethodGet, "inputs/status", nil, (*App).getInputCount},
	{"StreamInputs", http.MethodGet, "inputs/stream", []string{"per_page", "last_id", "order_by_id", "descending"}, (*App).streamInputs},
	{"PostInputsSearches", http.MethodPost, "inputs/searches", nil, (*App).postInputsSearches},
	{"GetInput", http.MethodGet, "inputs/{input_id}", nil, (*App).getInput},
	{"DeleteAnnotations", http.MethodDelete, "inputs/annotations", nil, nil}, // no input has that ID
	{"DeleteInput", http.MethodDelete, "inputs/{input_id}", nil, (*App).deleteInputByID},
	{"PostAnnotationsSearches", http.MethodPost, "annotations/searches", nil, (*App).postAnnotationsSearches},
	{"ListSearches", http.MethodGet, "searches", paging, (*App).listSearches},
	{"GetSearch", http.MethodGet, "searches/{id}", nil, (*App).getSearch},
	{"PostSearchesByID", http.MethodPost, "searches/{id}", nil, (*App).postSearchesByID},
	{"DeleteSearch", http.MethodDelete, "searches/{id}", nil, (*App).deleteSearch},
	{"ListConcepts", http.MethodGet, "concepts", append([]string{"id"}, paging...), (*App).listConcepts},
	{"ListDatasetInputs", http.MethodGet, "datasets/{dataset_id}/inputs", paging, (*App).listDatasetInputs},
}

// pages reports whether an operation pages by number: in the query, or as a search
// does in the body.
func pages(name string) bool {
	return slices.ContainsFunc(operations, func(op operation) bool {
		return op.name == name && (slices.Contains(op.query, "page") || op.method == http.MethodPost && strings.Contains(op.path, "searches"))
	})
}

// call is a request to an operation.
type call struct {
	userID, appID string
	path          map[string]string // the variables of the path
	query         url.Values
	body          []byte
}

// fields are those of a response beside its status.
type fields map[string]any

// problem is a response that does not say success.
type problem struct {
	httpStatus int
	status     clarifai.Status
	fields     fields
}

func (p *problem) Error() string { return p.status.String() }

// refuse makes a problem with the HTTP status and the description that go with a
// code.
func refuse(code clarifai.StatusCode, format string, args ...any) *problem {
	return &problem{httpStatus: httpStatusOf(code), status: *statusOf(code, format, args...)}
}

func statusOf(code clarifai.StatusCode, format string, args ...any) *clarifai.Status {
	return &clarifai.Status{Code: code, Description: descriptions[code], Details: fmt.Sprintf(format, args...)}
}

var descriptions = map[clarifai.StatusCode]string{
	clarifai.StatusSuccess:              "Ok",
	clarifai.StatusMixedStatus:          "Mixed status",
	clarifai.StatusFailure:              "Failure",
	clarifai.StatusConnBadRequestFormat: "Bad request format",
	clarifai.StatusConnDoesNotExist:     "Resource does not exist",
	clarifai.StatusConnInvalidRequest:   "Invalid request",
	clarifai.StatusConnMethodNotAllowed: "Method not allowed",
	clarifai.StatusInputSuccess:         "Download complete",
	clarifai.StatusInputPending:         "Download pending",
	clarifai.StatusInputDoesNotExist:    "Input does not exist",
	clarifai.StatusInputDuplicate:       "Input has a duplicate ID",
	clarifai.StatusAnnotationSuccess:    "Annotation success",
	clarifai.StatusSearchInvalidRequest: "Search request is invalid",
}

func httpStatusOf(code clarifai.StatusCode) int {
	switch code {
	case clarifai.StatusSuccess, clarifai.StatusMixedStatus:
		return http.StatusOK
	case clarifai.StatusConnTokenInvalid, clarifai.StatusConnCredentialsInvalid, clarifai.StatusConnKeyInvalid, clarifai.StatusConnKeyNotFound:
		return http.StatusUnauthorized
	case clarifai.StatusConnInsufficientScopes, clarifai.StatusInputPermissionDenied:
		return http.StatusForbidden
	case clarifai.StatusConnDoesNotExist, clarifai.StatusInputDoesNotExist:
		return http.StatusNotFound
	case clarifai.StatusConnMethodNotAllowed:
		return http.StatusMethodNotAllowed
	case clarifai.StatusConnExceedHourlyLimit, clarifai.StatusConnExceedMonthlyLimit, clarifai.StatusConnThrottled, clarifai.StatusConnExceedsLimits:
		return http.StatusTooManyRequests
	case clarifai.StatusTryAgain:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// respond is the app as a responder of httpmock.
func (a *App) respond(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		body, err = io.ReadAll(req.Body)
		req.Body.Close()
		if err != nil {
			return nil, err
		}
	}
	op, c, unknown := find(req, body)
	name := ""
	if unknown == nil {
		name = op.name
	}
	a.mu.Lock()
	a.requests = append(a.requests, arrived(name, req, body))
	requestID := fmt.Sprintf("clarifaitest-%d", len(a.requests))
	limiter, tooMany := a.limiter, a.limiter != nil && !a.limiter.Allow()
	failure, delay := a.faultOf(&a.requests[len(a.requests)-1])
	a.mu.Unlock()

	if tooMany {
		return throttled(req, requestID, limiter.Limit()), nil
	}
	if err := sleep(req.Context(), delay); err != nil {
		return nil, err
	}
	if failure != nil {
		return failure.response(req, requestID)
	}
	if unknown != nil {
		return response(req, requestID, nil, unknown), nil
	}
	answer, err := a.answer(op, c)
	return response(req, requestID, answer, err), nil
}

func (a *App) answer(op *operation, c *call) (fields, error) {
	if err := c.check(op); err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return op.handle(a, c)
}

// find finds the operation that a request is for. The path may have a prefix, as
// the base URL may.
func find(req *http.Request, body []byte) (*operation, *call, error) {
	path := req.URL.EscapedPath()
	otherMethod := false
	for start := 0; ; {
		i := strings.Index(path[start:], "/v2/")
		if i < 0 {
			break
		}
		start += i + len("/v2/")
		parts := strings.Split(path[start:], "/")
		c := &call{query: req.URL.Query(), body: body}
		for i, part := range parts {
			var err error
			if parts[i], err = url.PathUnescape(part); err != nil || part == "" {
				parts = nil
				break
			}
		}
		// The API has each path without a user and an app too, for keys of one app.
		if len(parts) > 4 && parts[0] == "users" && parts[2] == "apps" {
			c.userID, c.appID = parts[1], parts[3]
			parts = parts[4:]
		}
		for i := range operations {
			op := &operations[i]
			if variables, ok := match(op.path, parts); !ok {
				continue
			} else if c.path = variables; op.method == req.Method {
				if op.handle == nil {
					return nil, nil, notAnswered(op.name)
				}
				return op, c, nil
			}
			otherMethod = true
		}
	}
	if otherMethod {
		return nil, nil, refuse(clarifai.StatusConnMethodNotAllowed, "%s %s", req.Method, path)
	}
	return nil, nil, notAnswered(req.Method + " " + path)
}

func notAnswered(what string) *problem {
	return refuse(clarifai.StatusConnDoesNotExist, "clarifaitest does not answer %s; a responder registered on App.Transport can", what)
}

// match matches a path such as inputs/{input_id}, and gives its variables.
func match(path string, parts []string) (map[string]string, bool) {
	pattern := strings.Split(path, "/")
	if len(pattern) != len(parts) {
		return nil, false
	}
	variables := make(map[string]string)
	for i, part := range pattern {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			variables[strings.TrimSuffix(name, "}")] = parts[i]
		} else if part != parts[i] {
			return nil, false
		}
	}
	return variables, true
}

// check refuses fields where the operation has none, and parameters that it does
// not know. What it knows comes once, but for a list.
func (c *call) check(op *operation) error {
	if len(c.body) > 0 && (op.method == http.MethodGet || op.name == "DeleteInput" || op.name == "DeleteSearch") {
		return refuse(clarifai.StatusConnBadRequestFormat, "%s takes no body", op.name)
	}
	for name, values := range c.query {
		if !slices.Contains(op.query, name) {
			return refuse(clarifai.StatusConnBadRequestFormat, "%s has no query parameter %q", op.name, name)
		}
		if len(values) > 1 && name != "ids" {
			return refuse(clarifai.StatusConnBadRequestFormat, "the query parameter %q is given %d times", name, len(values))
		}
	}
	return nil
}

// page gives the page that the query asks for.
func (c *call) page(defaultPerPage int) (clarifai.PageParams, error) {
	var asked pagination
	for name, into := range map[string]*pageNumber{"page": &asked.Page, "per_page": &asked.PerPage} {
		if !c.query.Has(name) {
			continue
		}
		n, err := strconv.ParseUint(c.query.Get(name), 10, 32)
		if err != nil {
			return clarifai.PageParams{}, refuse(clarifai.StatusConnInvalidRequest, "%s %q is not a number from 0 to %d", name, c.query.Get(name), uint32(math.MaxUint32))
		}
		*into = pageNumber(n)
	}
	return pageOf(asked, defaultPerPage)
}

// flag reads a parameter that is true or false.
func (c *call) flag(name string) (bool, error) {
	value := c.query.Get(name)
	if !c.query.Has(name) || value == "false" {
		return false, nil
	}
	if value != "true" {
		return false, refuse(clarifai.StatusConnBadRequestFormat, "%s %q is neither true nor false", name, value)
	}
	return true, nil
}

// pageOf gives a page with the API's defaults and bounds.
func pageOf(asked pagination, defaultPerPage int) (clarifai.PageParams, error) {
	p := clarifai.PageParams{Page: int(cmp.Or(asked.Page, clarifai.DefaultPage)), PerPage: int(cmp.Or(asked.PerPage, pageNumber(defaultPerPage)))}
	if err := p.Validate(); err != nil {
		return p, refuse(clarifai.StatusConnInvalidRequest, "%s", strings.TrimPrefix(err.Error(), "clarifai: "))
	}
	return p, nil
}

// cut gives the items of a page.
func cut[T any](items []T, p clarifai.PageParams) []T {
	start := int(min(int64(p.Page-1)*int64(p.PerPage), int64(len(items)))) // the product may not fit an int of 32 bits
	return items[start:min(start+p.PerPage, len(items))]
}

// response encodes an answer as the API does.
func response(req *http.Request, requestID string, answer fields, err error) *http.Response {
	httpStatus := http.StatusOK
	status := clarifai.Status{Code: clarifai.StatusSuccess, Description: descriptions[clarifai.StatusSuccess]}
	var p *problem
	if errors.As(err, &p) {
		httpStatus, status, answer = p.httpStatus, p.status, p.fields
	}
	status.ReqID = requestID
	body := fields{"status": status}
	for name, value := range answer {
		body[name] = value
	}
	return respondWith(req, httpStatus, "application/json", mustMarshal(body))
}

func respondWith(req *http.Request, httpStatus int, contentType string, body []byte) *http.Response {
	return &http.Response{
		Status:        fmt.Sprintf("%d %s", httpStatus, http.StatusText(httpStatus)),
		StatusCode:    httpStatus,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        http.Header{"Content-Type": {contentType}},
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       req,
	}
}

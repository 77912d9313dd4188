package clarifaitest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/clarifai-go/clarifai"
)

// call is a request to an operation.
type call struct {
	app           *App
	op            *operation
	userID, appID string
	path          map[string]string // the variables of the path
	query         url.Values
	given         map[string][]any // the parsed query
	body          []byte
}

// fields are the fields of a response except its status.
type fields map[string]any

// problem is a response that reports a full or partial failure.
type problem struct {
	httpStatus int
	status     clarifai.Status
	fields     fields
}

func (p *problem) Error() string { return p.status.String() }

// refuse returns a problem with the given code. The code determines the HTTP status and
// the description. The format and args form the details.
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
	clarifai.StatusModelTrained:         "Model is trained",
	clarifai.StatusModelDoesNotExist:    "Model does not exist",
	clarifai.StatusWorkflowDoesNotExist: "Workflow does not exist",
	clarifai.StatusDatasetVersionReady:  "Dataset version is ready",
}

func httpStatusOf(code clarifai.StatusCode) int {
	switch code {
	case clarifai.StatusSuccess, clarifai.StatusMixedStatus:
		return http.StatusOK
	case clarifai.StatusConnTokenInvalid, clarifai.StatusConnCredentialsInvalid, clarifai.StatusConnKeyInvalid, clarifai.StatusConnKeyNotFound:
		return http.StatusUnauthorized
	case clarifai.StatusConnInsufficientScopes, clarifai.StatusInputPermissionDenied:
		return http.StatusForbidden
	case clarifai.StatusConnDoesNotExist, clarifai.StatusInputDoesNotExist, clarifai.StatusModelDoesNotExist, clarifai.StatusWorkflowDoesNotExist:
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

// respond is the httpmock responder of the app.
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
	c, unknown := find(req)
	name := ""
	if unknown == nil {
		c.app, c.body = a, body
		name = c.op.name
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
	answer, err := a.answer(c)
	return response(req, requestID, answer, err), nil
}

func (a *App) answer(c *call) (fields, error) {
	if len(c.body) > 0 && (c.op.method == http.MethodGet || c.op.name == "DeleteInput" || c.op.name == "DeleteSearch") {
		return nil, refuse(clarifai.StatusConnBadRequestFormat, "%s must not have a body", c.op.name)
	}
	if err := c.read(); err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return c.op.handle(a, c)
}

// route is a path of an operation.
type route struct {
	op    *operation
	parts []string
}

// routes are the paths of all operations. For keys that belong to a single app, the API
// also accepts paths without the prefix users/{user_id}/apps/{app_id}.
var routes = func() (all []route) {
	for i := range operations {
		op := &operations[i]
		if path, ok := strings.CutPrefix(op.path, "/"); ok {
			all = append(all, route{op, strings.Split(path, "/")})
			continue
		}
		all = append(all, route{op, strings.Split("users/{user_id}/apps/{app_id}/"+op.path, "/")}, route{op, strings.Split(op.path, "/")})
	}
	return all
}()

// find returns the call for a request. The path may have the prefix of a base URL.
func find(req *http.Request) (*call, error) {
	path := req.URL.EscapedPath()
	otherMethod := false
	for start := 0; ; {
		i := strings.Index(path[start:], "/v2/")
		if i < 0 {
			break
		}
		start += i + len("/v2/")
		parts := strings.Split(path[start:], "/")
		for i, part := range parts {
			var err error
			if parts[i], err = url.PathUnescape(part); err != nil || part == "" {
				parts = nil
				break
			}
		}
		for _, r := range routes {
			variables, ok := match(r.parts, parts)
			if !ok {
				continue
			}
			if r.op.method != req.Method {
				otherMethod = true
				continue
			}
			if r.op.handle == nil {
				return nil, notAnswered(clarifai.StatusConnDoesNotExist, r.op.name)
			}
			return &call{op: r.op, userID: variables["user_id"], appID: variables["app_id"], path: variables,
				query: req.URL.Query(), given: make(map[string][]any)}, nil
		}
	}
	code := clarifai.StatusConnDoesNotExist
	if otherMethod {
		code = clarifai.StatusConnMethodNotAllowed
	}
	return nil, notAnswered(code, req.Method+" "+path)
}

func notAnswered(code clarifai.StatusCode, what string) *problem {
	return refuse(code, "clarifaitest does not answer %s; register a responder on App.Transport", what)
}

// match matches a pattern such as inputs/{input_id} and returns its variables.
func match(pattern, parts []string) (map[string]string, bool) {
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

// pageOf applies the API's defaults and bounds to a page.
func pageOf(asked pagination, defaultPerPage int) (clarifai.PageParams, error) {
	p := clarifai.PageParams{Page: int(cmp.Or(asked.Page, clarifai.DefaultPage)), PerPage: int(cmp.Or(asked.PerPage, pageNumber(defaultPerPage)))}
	if err := p.Validate(); err != nil {
		return p, refuse(clarifai.StatusConnInvalidRequest, "%s", strings.TrimPrefix(err.Error(), "clarifai: "))
	}
	return p, nil
}

// cut returns the items of a page.
func cut[T any](items []T, p clarifai.PageParams) []T {
	start := int(min(int64(p.Page-1)*int64(p.PerPage), int64(len(items)))) // the product may overflow a 32-bit int
	return items[start:min(start+p.PerPage, len(items))]
}

// response encodes an answer or a problem as an HTTP response.
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

// Package clarifai is a client for Clarifai's REST API. Its focus is pagination: it lists
// and searches the inputs and other resources of an app, page by page or with iterators
// over all results. It also adds, changes and deletes inputs.
//
//	client, err := clarifai.NewClient() // uses the token and the app of the environment
//
// A request embeds [PageParams] to select a page. For a GET endpoint, the PageParams are
// sent in the query, here as inputs?page=2&per_page=20:
//
//	page, err := client.ListInputs(ctx, &clarifai.ListInputsRequest{
//		PageParams: clarifai.PageParams{Page: 2, PerPage: 20},
//	})
//
// For a POST endpoint, the PageParams are sent in the body, here as
// "pagination":{"page":2,"per_page":20}:
//
//	page, err := client.PostAnnotationsSearches(ctx, &clarifai.PostAnnotationsSearchesRequest{
//		Searches:   []clarifai.Search{clarifai.NewSearch(clarifai.FilterByConcept("people", true))},
//		PageParams: clarifai.PageParams{Page: 2, PerPage: 20},
//	})
//
// Every method that returns a page has a counterpart that iterates over all pages:
//
//	for input, err := range client.ListInputsAll(ctx, nil) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(input.ID)
//	}
//
// [Pages] documents how iterators handle short pages, errors and concurrency. Use an
// [Endpoint] to page through the results of an operation that has no method in this
// package.
//
// # Errors
//
// A failed API call returns an [*Error]. If an argument is invalid, nothing is sent and
// the error is an [*ArgumentError]. An iterator yields a [*PageError] that wraps one of
// them. Use [errors.Is] to compare these errors with sentinel errors such as
// [ErrNotFound].
//
// # Testing
//
// Package clarifaitest provides an in-memory app for the tests of programs that use this
// package. You can also mock responses with httpmock: call Activate, or pass
// [Client.HTTPClient] to ActivateNonDefault.
//
// The API is documented at https://docs.clarifai.com, and its pagination at
// https://docs.clarifai.com/api-guide/advanced-topics/pagination.
package clarifai

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/go-resty/resty/v2"
)

// A Client calls the API for one app. It is safe for concurrent use. Printing a Client
// or encoding it as JSON does not reveal the token.
//
// A Client does not follow redirects, because a redirect could send the token to another
// URL or turn a POST into a GET. A redirect is returned as an [*Error] that names the
// target.
type Client struct {
	conn   *connection
	userID string
	appID  string
}

// NewClient returns a new client. Settings that are not given as options are taken from
// the environment, and then from defaults. A token is required, and most calls require
// an app; see [WithPAT] and [WithApp]. NewClient sends nothing.
//
// Create one client and reuse it: its calls share connections, the rate limit and the
// pauses after throttling.
//
// The error is an [*ArgumentError] that names the option or the environment variable.
func NewClient(opts ...Option) (*Client, error) {
	cfg := config{retry: defaultRetry, maxResponseSize: defaultMaxResponseSize}
	for _, opt := range opts {
		if opt == nil {
			return nil, &ArgumentError{Argument: "Option", Reason: "must not be nil"}
		}
		if err := opt(&cfg); err != nil {
			return nil, err
		}
	}
	authorize, token, err := cfg.credentials()
	if err != nil {
		return nil, err
	}
	baseURL, err := parseBaseURL(cmp.Or(cfg.baseURL, os.Getenv("CLARIFAI_API_BASE"), defaultBaseURL), cfg.insecureHTTP)
	if err != nil {
		return nil, err
	}
	conn, err := cfg.connect(baseURL, authorize, token)
	if err != nil {
		return nil, err
	}
	return &Client{
		conn:   conn,
		userID: cmp.Or(cfg.userID, os.Getenv("CLARIFAI_USER_ID"), defaultUserID),
		appID:  cmp.Or(cfg.appID, os.Getenv("CLARIFAI_APP_ID")),
	}, nil
}

// App returns a client for another app. It shares the token, the options, the
// connections and the rate limit of c. If userID is empty, App uses the user ID "me",
// which means the owner of the token.
func (c *Client) App(userID, appID string) *Client {
	if c == nil {
		return nil // its calls return errNoClient
	}
	other := *c
	other.userID, other.appID = cmp.Or(userID, defaultUserID), appID
	return &other
}

// HTTPClient returns the client that sends the requests. Tests can use it to mock
// responses: httpmock.ActivateNonDefault(client.HTTPClient()).
func (c *Client) HTTPClient() *http.Client {
	if c == nil || c.conn == nil {
		return nil
	}
	return c.conn.resty.GetClient()
}

// String returns a string that contains the user ID, the app ID and the base URL.
func (c Client) String() string {
	if c.conn == nil {
		return "clarifai.Client{}"
	}
	return fmt.Sprintf("clarifai.Client{user %q, app %q at %s}", c.userID, c.appID, c.conn.baseURL)
}

// GoString returns c.String(), so that printing with %#v does not reveal the token.
func (c Client) GoString() string { return c.String() }

// operation is a call to the API.
type operation struct {
	method string
	path   string // may contain {user_id} and {app_id}
	query  url.Values
	body   any
	read   bool // may be retried, because repeating it does no harm
	fields []*field

	page, perPage int // values to log; omitted if 0
}

// A Call describes an API operation that [Client.Do] calls. Use it for operations that
// have no method in this package. For paginated operations, use an [Endpoint].
//
// A call sends one request and reads one response, so Do rejects the operations that
// stream their requests or responses: GenerateModelOutputs, StreamModelOutputs,
// PostModelVersionsUpload, PostPipelineStepVersionsUpload, PostArtifactVersionsUpload,
// ProcessRunnerItems, StreamTrackAnnotationsSearches and StreamLogEntries.
//
// A Call is safe for concurrent use.
type Call struct {
	// Method is GET, POST, PUT, PATCH or DELETE.
	Method string

	// Path is the path as documented by the API. The client fills in {user_id} and
	// {app_id}; use With to fill in any other {name}.
	Path string

	// Idempotent specifies whether the request can be sent twice without harm. If
	// true, the call is retried like a read; see [RetryPolicy]. A GET is always
	// idempotent.
	Idempotent bool

	err error // first error of With
}

// With returns a copy of the call with {name} in the path replaced by the escaped value;
// see [Endpoint.With].
func (c Call) With(name, value string) Call {
	path, err := fillPath(c.Path, name, value)
	if err == nil {
		c.Path = path
	} else if c.err == nil {
		c.err = err
	}
	return c
}

// Do calls an operation of the API with the client's token, app and options.
//
// A GET sends the request in the query; the request must be a struct whose url tags name
// the parameters, or a pointer to one. Any other method, including DELETE, sends the
// request as the JSON body. If the request is nil, Do sends neither a query nor a body.
//
// The response is decoded into response, a pointer to a struct whose json tags name the
// wanted fields. Do overwrites its previous contents. If response is nil, only the status
// is decoded.
//
// Do returns the status of the response. If an argument is invalid, Do sends nothing and
// returns an [*ArgumentError]. Any other error is an [*Error]. If some items of a write
// failed, the error matches [ErrPartialFailure], Error.Failed lists them, and the response
// is decoded as well.
func (c *Client) Do(ctx context.Context, call Call, request, response any) (Status, error) {
	op, err := call.operation(request, response)
	if err != nil {
		return Status{}, err
	}
	return c.do(ctx, op)
}

func (c Call) operation(request, response any) (operation, error) {
	op := operation{method: c.Method, path: c.Path, read: c.Idempotent || c.Method == http.MethodGet}
	if c.err != nil {
		return op, c.err
	}
	methods := []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	if !slices.Contains(methods, c.Method) {
		return op, &ArgumentError{Argument: "Call.Method", Value: c.Method, Reason: "must be one of " + strings.Join(methods, ", ")}
	}
	if name := streamsAt(c.Method, c.Path); name != "" {
		return op, &ArgumentError{Argument: "Call.Path", Value: c.Path, Reason: "is the path of " + name + ", which streams"}
	}
	if response != nil {
		if !takesObject(response) {
			return op, &ArgumentError{Argument: "response", Value: fmt.Sprintf("%T", response), Reason: "must be nil or a non-nil pointer to a struct"}
		}
		op.fields = []*field{{into: response}}
	}
	v := reflect.ValueOf(request)
	if request == nil || (v.Kind() == reflect.Pointer || v.Kind() == reflect.Map) && v.IsNil() {
		return op, nil
	}
	checked := request
	if v.Kind() == reflect.Struct { // only pointers have the methods
		pointer := reflect.New(v.Type())
		pointer.Elem().Set(v)
		checked = pointer.Interface()
	}
	if req, ok := checked.(PageRequest); ok && req.pageParams() != nil {
		if err := req.pageParams().Validate(); err != nil {
			return op, err
		}
	}
	if req, ok := checked.(interface{ validate() error }); ok {
		if err := req.validate(); err != nil {
			return op, err
		}
	}
	if c.Method != http.MethodGet {
		op.body = request
		return op, nil
	}
	if reflect.Indirect(v).Kind() != reflect.Struct {
		return op, &ArgumentError{Argument: "request", Value: fmt.Sprintf("%T", request), Reason: "must be a struct with url tags, or a pointer to one, for a GET"}
	}
	var err error
	op.query, err = queryOf(request)
	return op, err
}

// do executes an operation. All calls go through it. It returns the status of the
// response and decodes the fields of the operation, even after a partial failure.
func (c *Client) do(ctx context.Context, op operation) (Status, error) {
	if c == nil || c.conn == nil {
		return Status{}, errNoClient
	}
	if ctx == nil {
		return Status{}, errNilContext
	}
	path, err := fillApp(op.path, c.userID, c.appID)
	if err != nil {
		return Status{}, err
	}
	call := &call{ctx: ctx, cancel: func() {}}
	defer func() { call.cancel() }() // needed if an attempt panicked
	request := c.conn.resty.R().SetContext(call.context()).SetQueryParamsFromValues(op.query)
	if op.body != nil {
		body, err := encode(op.body)
		if err != nil {
			return Status{}, err
		}
		if jsontext.Value(body).Kind() != '{' {
			return Status{}, &ArgumentError{Argument: "request", Value: fmt.Sprintf("%T", op.body), Reason: "must encode as a JSON object, such as a struct, a map or a json.RawMessage"}
		}
		request.SetBody(body).SetHeader("Content-Type", "application/json")
	}

	// The decision to retry depends on the body, so resty's retry condition, settle,
	// reads the response. resty does not call the condition if retries are disabled or
	// the context is done. In these cases, do calls settle after the last attempt.
	var status Status
	var failure *Error
	settled := 0
	settle := func(resp *resty.Response, err error) (again bool) {
		if resp == nil {
			return false // nothing was sent
		}
		body := bodies.Get().(*bytes.Buffer)
		defer releaseBody(body)
		if err == nil {
			err = readBody(body, resp.RawResponse, c.conn.maxSize)
		}
		err = call.end(err)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			c.HTTPClient().CloseIdleConnections() // they may be dead too
		}
		status, failure = read(&Error{Method: op.method, Path: path}, op.fields, c.conn.redact, resp, body.Bytes(), err)
		if failure != nil {
			failure.RetryAfter = retryAfter(resp.Header())
		}
		settled, call.failure = resp.Request.Attempt, failure
		c.conn.settled(resp, failure)
		c.log(ctx, op, path, resp, status, failure)
		return failure != nil && ctx.Err() == nil && failure.retryable(op.read, err)
	}
	call.logRetry = func(wait time.Duration) { c.logRetry(ctx, op, path, wait, failure) }
	resp, err := request.AddRetryCondition(settle).Execute(op.method, path)
	switch {
	case resp == nil && failure == nil:
		status, failure = read(&Error{Method: op.method, Path: path}, op.fields, c.conn.redact, nil, nil, err)
	case resp == nil: // an earlier attempt failed
		err = c.conn.redact.error(err)
		if failure.Err != nil {
			err = &joined{err, failure.Err}
		}
		failure.Err = err
	case settled != resp.Request.Attempt:
		settle(resp, err)
	}
	if failure == nil {
		return status, nil
	}
	if ctx.Err() != nil {
		failure.Err = contextError(ctx)
	}
	return status, failure
}

func (c *Client) log(ctx context.Context, op operation, path string, resp *resty.Response, status Status, failure *Error) {
	if c.conn.logger == nil {
		return
	}
	attrs := op.attrs(path, resp.Request.Attempt)
	attrs = append(attrs,
		slog.Int("http_status", resp.StatusCode()),
		slog.Int("code", int(status.Code)),
		slog.String("request_id", status.ReqID),
		slog.Duration("duration", time.Since(resp.Request.Time)))
	if failure != nil && failure.Err != nil {
		attrs = append(attrs, slog.String("error", loggable(failure.Err)))
	}
	c.conn.logger.LogAttrs(ctx, slog.LevelDebug, "clarifai: attempt", attrs...)
}

// logRetry logs a retry, with its cause and the wait before it.
func (c *Client) logRetry(ctx context.Context, op operation, path string, wait time.Duration, failure *Error) {
	if c.conn.logger == nil {
		return
	}
	var cause []string
	if failure.HTTPStatus != 0 {
		cause = append(cause, fmt.Sprintf("HTTP %d", failure.HTTPStatus))
	}
	if failure.Status.Code != 0 {
		cause = append(cause, Status{Code: failure.Status.Code}.String())
	}
	if failure.Err != nil {
		cause = append(cause, loggable(failure.Err))
	}
	attrs := append(op.attrs(path, failure.Attempts), slog.Duration("wait", wait), slog.String("cause", strings.Join(cause, ": ")))
	c.conn.logger.LogAttrs(ctx, slog.LevelWarn, "clarifai: retry", attrs...)
}

// attrs returns the attributes that identify an attempt in the log.
func (op operation) attrs(path string, attempt int) []slog.Attr {
	attrs := []slog.Attr{slog.String("method", op.method), slog.String("path", path), slog.Int("attempt", attempt)}
	if op.page > 0 {
		attrs = append(attrs, slog.Int("page", op.page))
	}
	if op.perPage > 0 {
		attrs = append(attrs, slog.Int("per_page", op.perPage))
	}
	return attrs
}

// getOne gets the resource at path. key names the field of the response that contains
// the resource. req may be nil.
func getOne[T any](ctx context.Context, c *Client, path, key string, req any) (*T, error) {
	values, err := queryOf(req)
	if err != nil {
		return nil, err
	}
	resource := new(T)
	op := operation{method: http.MethodGet, path: path, query: values, read: true, fields: []*field{{name: key, into: resource, required: true}}}
	if _, err := c.do(ctx, op); err != nil {
		return nil, err
	}
	return resource, nil
}

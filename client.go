// Package clarifai is a client of Clarifai's REST API: it lists, changes and
// searches the inputs of an app, one page at a time or all of them.
//
//	client, err := clarifai.NewClient() // the token and the app from the environment
//
// A request embeds [PageParams], which say what page it asks for. A GET endpoint
// gets them in the query, here as inputs?page=2&per_page=20:
//
//	page, err := client.ListInputs(ctx, &clarifai.ListInputsRequest{
//		PageParams: clarifai.PageParams{Page: 2, PerPage: 20},
//	})
//
// A POST endpoint gets them in the body, here as "pagination":{"page":2,"per_page":20}:
//
//	page, err := client.PostAnnotationsSearches(ctx, &clarifai.PostAnnotationsSearchesRequest{
//		Searches:   []clarifai.Search{clarifai.NewSearch(clarifai.FilterByConcept("people", true))},
//		PageParams: clarifai.PageParams{Page: 2, PerPage: 20},
//	})
//
// Every call that returns a page has an iterator over all pages:
//
//	for input, err := range client.ListInputsAll(ctx, nil) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(input.ID)
//	}
//
// [Endpoint.All] tells what it does about short pages, errors and concurrency.
// [Endpoint] itself pages any endpoint that has no method here.
//
// # Errors
//
// What the API refuses, answers wrongly or does not answer is an [*Error], what is
// refused before anything is sent an [*ArgumentError], and what ends an iterator a
// [*PageError] that holds one of them. All answer to [errors.Is] with the sentinel
// errors, such as [ErrNotFound].
//
// # Tests
//
// Package clarifaitest is an app in memory for the tests of whoever imports this
// package. httpmock works too, as Activate and as ActivateNonDefault with
// [Client.HTTPClient].
//
// The API is documented at https://docs.clarifai.com, pagination at
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

// Client calls the API for one app. It is safe for concurrent use. Neither
// printing it nor encoding it as JSON shows the token.
//
// It follows no redirect: the token would go where the answer says, and a POST
// would come there as a GET. A redirect is an [*Error] that names its target.
type Client struct {
	conn   *connection
	userID string
	appID  string
}

// NewClient makes a client from the options, else from the environment, else
// from defaults. It needs a token, and most calls need an app; see [WithPAT] and
// [WithApp]. Nothing is sent. Make one client and keep it: its calls share a rate
// limit and the pauses of a throttled client.
//
// Its errors are [*ArgumentError]s, which name the option and the environment
// variable.
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

// App returns a client of another app on the same connection: with the same
// token, options and rate limit. An empty userID means "me", the owner of the
// token.
func (c *Client) App(userID, appID string) *Client {
	if c == nil {
		return nil // whose calls say so
	}
	other := *c
	other.userID, other.appID = cmp.Or(userID, defaultUserID), appID
	return &other
}

// HTTPClient returns the client that sends the requests, so that a test can
// answer them: httpmock.ActivateNonDefault(client.HTTPClient()).
func (c *Client) HTTPClient() *http.Client {
	if c == nil || c.conn == nil {
		return nil
	}
	return c.conn.resty.GetClient()
}

// String names the app and the base URL.
func (c Client) String() string {
	if c.conn == nil {
		return "clarifai.Client{}"
	}
	return fmt.Sprintf("clarifai.Client{user %q, app %q at %s}", c.userID, c.appID, c.conn.baseURL)
}

// GoString is String, for %#v.
func (c Client) GoString() string { return c.String() }

// operation is a call of the API.
type operation struct {
	method string
	path   string // with {user_id} and {app_id}
	query  url.Values
	body   any
	read   bool // changes nothing, so it can be sent again
	fields []*field

	page, perPage int // for the log; 0 where there is none
}

// Call is any operation of the API. It is for those that have no method here; those
// that page are better called with an [Endpoint].
//
// An operation that streams its requests or its responses is refused, since a call
// sends one request and reads one response: GenerateModelOutputs,
// StreamModelOutputs, PostModelVersionsUpload, PostPipelineStepVersionsUpload,
// PostArtifactVersionsUpload, ProcessRunnerItems, StreamTrackAnnotationsSearches and
// StreamLogEntries.
//
// A Call is a value, and safe for concurrent use.
type Call struct {
	// Method is GET, POST, PUT, PATCH or DELETE.
	Method string

	// Path is the path as the API documents it. {user_id} and {app_id} are filled
	// from the client, any other {name} by With.
	Path string

	// Idempotent says that sending the request twice does no harm, so the call is
	// retried like a read; see [RetryPolicy]. Every GET is.
	Idempotent bool

	err error // why With could not fill the path
}

// With returns a copy of the call with the {name} in its path replaced by the escaped
// value, as [Endpoint.With] does.
func (c Call) With(name, value string) Call {
	path, err := fillPath(c.Path, name, value)
	if err == nil {
		c.Path = path
	} else if c.err == nil {
		c.err = err
	}
	return c
}

// Do calls the API, with the client's token, app, retries, limits and log.
//
// The request is sent in the query of a GET, which needs a struct whose url tags
// name the parameters, and is the JSON body of any other method, DELETE included. It
// may be nil. The response is a pointer to a struct whose json tags name the wanted
// fields of the API's response, or nil. What it held before is overwritten.
//
// Do returns the status of the response. Its errors are an [*ArgumentError] for what
// is refused before anything is sent, and otherwise an [*Error]. If only some items
// of a write failed, the error matches [ErrPartialFailure], Error.Failed lists them,
// and the response is filled too.
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
			return op, &ArgumentError{Argument: "response", Value: fmt.Sprintf("%T", response), Reason: "must be nil or a pointer to a struct, which is not nil"}
		}
		op.fields = []*field{{into: response}}
	}
	v := reflect.ValueOf(request)
	if request == nil || (v.Kind() == reflect.Pointer || v.Kind() == reflect.Map) && v.IsNil() {
		return op, nil
	}
	checked := request
	if v.Kind() == reflect.Struct { // whose pointer has the methods
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

var (
	errNilContext = &ArgumentError{Argument: "ctx", Reason: "must not be nil"}
	errNoClient   = &ArgumentError{Argument: "Client", Reason: "must be one of NewClient"}
)

// do is what every call goes through. It returns the status of the response, and
// decodes the fields that the operation names, which it does for a partial
// failure too.
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
	defer func() { call.cancel() }() // of an attempt that panicked
	request := c.conn.resty.R().SetContext(call.context()).SetQueryParamsFromValues(op.query)
	if op.body != nil {
		body, err := encode(op.body)
		if err != nil {
			return Status{}, err
		}
		if jsontext.Value(body).Kind() != '{' {
			return Status{}, &ArgumentError{Argument: "request", Value: fmt.Sprintf("%T", op.body), Reason: "must be an object in JSON, such as a struct, a map or a json.RawMessage"}
		}
		request.SetBody(body).SetHeader("Content-Type", "application/json")
	}

	// resty asks after each attempt whether to retry, which only the body can
	// tell, so that is where the response is read. It does not ask when it will
	// not retry anyway, so the last attempt may be left to do afterwards.
	var status Status
	var failure *Error
	settled := 0
	settle := func(resp *resty.Response, err error) (again bool) {
		if resp == nil {
			return false // there was no turn for it
		}
		body := bodies.Get().(*bytes.Buffer)
		defer releaseBody(body)
		if err == nil {
			err = readBody(body, resp.RawResponse, c.conn.maxSize)
		}
		err = call.end(err)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			c.HTTPClient().CloseIdleConnections() // which may be as dead as the one in use
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
	case resp == nil: // an attempt before failed too
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

// contextError is the error of a context that is done, with its cause.
func contextError(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != ctx.Err() {
		return &joined{ctx.Err(), cause}
	}
	return ctx.Err()
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

// logRetry logs that the call is sent again after a wait, and why.
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

// attrs are what a log says of an attempt before it is known what comes of it.
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

// getOne gets the resource that comes in the field key. The request may be nil.
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

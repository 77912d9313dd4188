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
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/go-resty/resty/v2"
	"golang.org/x/time/rate"
)

const version = "0.1.0"

// The defaults of the options that have no environment variable.
const (
	defaultBaseURL         = "https://api.clarifai.com"
	defaultUserID          = "me" // the API's alias for the owner of the token
	defaultTimeout         = time.Minute
	defaultMaxResponseSize = 128 << 20 // the API's own limit
)

var defaultRetry = RetryPolicy{MaxRetries: 4, MinWait: 200 * time.Millisecond, MaxWait: 15 * time.Second}

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

// connection is what the clients of several apps share.
type connection struct {
	resty   *resty.Client
	baseURL string
	maxSize int64 // of a response
	logger  *slog.Logger

	// redact takes the token out of what a server sends back. The token itself is
	// in closures only, where no print of a struct can show it.
	redact func(string) string
}

// Option configures a client.
type Option func(*config) error

type config struct {
	pat, sessionToken string
	userID, appID     string
	baseURL           string
	httpClient        *http.Client
	timeout           time.Duration
	retry             RetryPolicy
	rateLimit         rate.Limit
	maxResponseSize   int64
	logger            *slog.Logger
	userAgent         string
}

// WithPAT sets the personal access token that authorizes the calls. Without it,
// or with an empty one, it is that of the environment variable CLARIFAI_PAT.
func WithPAT(pat string) Option {
	return func(c *config) error {
		c.pat = pat
		return nil
	}
}

// WithSessionToken sets a session token, in place of a personal access token.
// Without it, or with an empty one, it is that of the environment variable
// CLARIFAI_SESSION_TOKEN, which counts when there is no personal access token.
func WithSessionToken(token string) Option {
	return func(c *config) error {
		c.sessionToken = token
		return nil
	}
}

// WithApp sets the app, and the user that it belongs to. Where one is empty, it
// is that of the environment variables CLARIFAI_USER_ID and CLARIFAI_APP_ID; a
// user that is empty there too is "me", the owner of the token.
func WithApp(userID, appID string) Option {
	return func(c *config) error {
		c.userID, c.appID = userID, appID
		return nil
	}
}

// WithBaseURL sets where the API is, with or without a path. Without it, or with
// an empty one, it is that of the environment variable CLARIFAI_API_BASE, else
// https://api.clarifai.com. A host without a scheme means https; http is refused
// unless the host is this machine (localhost or a loopback address), because it
// would show the token to the network.
func WithBaseURL(url string) Option {
	return func(c *config) error {
		c.baseURL = url
		return nil
	}
}

// WithHTTPClient sets the client that sends the requests. Its transport, its
// cookie jar and its timeout are used, in a copy: it stays as it is. nil means
// the default: a client with the settings of [http.DefaultTransport], which refuses
// TLS below 1.2. What a transport of your own takes is for you to set.
func WithHTTPClient(hc *http.Client) Option {
	return func(c *config) error {
		c.httpClient = hc
		return nil
	}
}

// WithTimeout limits the time of one attempt, from connecting to the last byte
// of the response. Without it, it is that of the client of [WithHTTPClient] where
// it has one, else one minute. A read that takes longer is tried again, as
// [RetryPolicy] says; a context limits a call as a whole.
func WithTimeout(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return &ArgumentError{Argument: "WithTimeout", Value: d, Reason: "must be more than 0"}
		}
		c.timeout = d
		return nil
	}
}

// RetryPolicy says how often and when a call is sent again.
//
// Sent again are reads (every GET and search) that found no connection, lost it
// or took longer than [WithTimeout], or that were answered with HTTP 429, 502, 503
// or 504 or with the API's codes 11005 (throttled) or 10030 (try again). A write
// is sent again only when the server surely did not act on it: it refused the
// connection, or answered 429.
//
// The wait doubles from MinWait to MaxWait, with jitter. A Retry-After header, in
// seconds or as a date, counts instead, but never below MinWait or above MaxWait.
type RetryPolicy struct {
	MaxRetries int           // attempts after the first one; 0 means none
	MinWait    time.Duration // 0 means 200 ms
	MaxWait    time.Duration // 0 means 15 s, or MinWait where that is more
}

// WithRetry sets the retry policy. Without it, a call is sent again up to four
// times, after 200 ms to 15 s.
func WithRetry(p RetryPolicy) Option {
	return func(c *config) error {
		if p.MaxRetries < 0 {
			return &ArgumentError{Argument: "RetryPolicy.MaxRetries", Value: p.MaxRetries, Reason: "must be 0 or more"}
		}
		if p.MinWait < 0 {
			return &ArgumentError{Argument: "RetryPolicy.MinWait", Value: p.MinWait, Reason: "must be 0 or more"}
		}
		if p.MaxWait < 0 {
			return &ArgumentError{Argument: "RetryPolicy.MaxWait", Value: p.MaxWait, Reason: "must be 0 or more"}
		}
		if p.MinWait == 0 {
			p.MinWait = min(defaultRetry.MinWait, cmp.Or(p.MaxWait, defaultRetry.MinWait))
		}
		if p.MaxWait == 0 {
			p.MaxWait = max(defaultRetry.MaxWait, p.MinWait)
		}
		if p.MaxWait < p.MinWait {
			return &ArgumentError{Argument: "RetryPolicy.MaxWait", Value: p.MaxWait, Reason: fmt.Sprintf("must be MinWait (%v) or more", p.MinWait)}
		}
		c.retry = p
		return nil
	}
}

// WithRateLimit spaces the requests of the client, and of all clients made from
// it with [Client.App], to at most so many per second; retries count. A call
// waits for its turn, or fails at once when its context would end before. The
// API allows 15 per second unless an account has more. Without it, there is no
// limit on this side.
func WithRateLimit(perSecond float64) Option {
	return func(c *config) error {
		if !(perSecond > 0) || math.IsInf(perSecond, 0) {
			return &ArgumentError{Argument: "WithRateLimit", Value: perSecond, Reason: "must be more than 0 per second, and finite"}
		}
		c.rateLimit = rate.Limit(perSecond)
		return nil
	}
}

// WithMaxResponseSize limits the size of a response, once decompressed. Without
// it, it is 128 MiB, as much as the API sends. A response above it is an
// [ErrResponseTooLarge].
func WithMaxResponseSize(bytes int64) Option {
	return func(c *config) error {
		if bytes <= 0 {
			return &ArgumentError{Argument: "WithMaxResponseSize", Value: bytes, Reason: "must be 1 byte or more"}
		}
		c.maxResponseSize = bytes
		return nil
	}
}

// WithLogger logs each attempt, at debug level: its method, path and page, the
// HTTP status, code and request ID of the response, the duration and the number
// of the attempt. Never the token, and no data.
func WithLogger(l *slog.Logger) Option {
	return func(c *config) error {
		c.logger = l
		return nil
	}
}

// WithUserAgent puts the name of a product, such as "exporter/1.2", before the
// package's own in the User-Agent header.
func WithUserAgent(product string) Option {
	return func(c *config) error {
		if strings.ContainsFunc(product, unicode.IsControl) {
			return &ArgumentError{Argument: "WithUserAgent", Value: product, Reason: "must not hold control characters"}
		}
		c.userAgent = product
		return nil
	}
}

// NewClient makes a client from the options, else from the environment, else
// from defaults. It needs a token, and most calls need an app; see [WithPAT] and
// [WithApp]. Nothing is sent.
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
	baseURL, err := parseBaseURL(cmp.Or(cfg.baseURL, os.Getenv("CLARIFAI_API_BASE"), defaultBaseURL))
	if err != nil {
		return nil, err
	}
	return &Client{
		conn:   cfg.connect(baseURL, authorize, token),
		userID: cmp.Or(cfg.userID, os.Getenv("CLARIFAI_USER_ID"), defaultUserID),
		appID:  cmp.Or(cfg.appID, os.Getenv("CLARIFAI_APP_ID")),
	}, nil
}

// credentials chooses the token, and returns how to put it into a request.
func (c *config) credentials() (authorize func(http.Header), token string, err error) {
	pat, session := c.pat, c.sessionToken
	if pat != "" && session != "" {
		return nil, "", &ArgumentError{Argument: "WithPAT and WithSessionToken", Reason: "one of them, not both"}
	}
	if pat == "" && session == "" {
		pat = os.Getenv("CLARIFAI_PAT")
	}
	if pat == "" && session == "" {
		session = os.Getenv("CLARIFAI_SESSION_TOKEN")
	}
	name, header, value := "WithPAT (CLARIFAI_PAT)", "Authorization", "Key "+pat
	token = pat
	if pat == "" {
		name, header, value = "WithSessionToken (CLARIFAI_SESSION_TOKEN)", "X-Clarifai-Session-Token", session
		token = session
	}
	if token == "" {
		return nil, "", &ArgumentError{Argument: "token", Reason: "there is none: use WithPAT or WithSessionToken, or set CLARIFAI_PAT or CLARIFAI_SESSION_TOKEN"}
	}
	if i := strings.IndexFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }); i >= 0 {
		return nil, "", &ArgumentError{Argument: name, Reason: fmt.Sprintf("must be printable ASCII without spaces; byte %d of it is not", i)}
	}
	return func(h http.Header) { h.Set(header, value) }, token, nil
}

// parseBaseURL returns the URL without a slash at its end.
func parseBaseURL(s string) (string, error) {
	refuse := func(reason string) (string, error) {
		// A password in the URL is for no log, nor the start of one in a broken URL.
		return "", &ArgumentError{Argument: "WithBaseURL (CLARIFAI_API_BASE)", Value: userinfo.ReplaceAllString(s, "$1…@"), Reason: reason}
	}
	withScheme := s
	if !strings.Contains(s, "://") {
		withScheme = "https://" + s
	}
	u, err := url.Parse(withScheme)
	if err != nil {
		if strings.Contains(s, "@") {
			return refuse("is not a URL") // why not may quote the password
		}
		var parse *url.Error
		errors.As(err, &parse)
		return refuse("is not a URL: " + parse.Err.Error())
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return refuse("must be an https URL")
	case slices.Contains([]string{"", "http", "https"}, strings.ToLower(u.Hostname())):
		return refuse("has no host")
	case strings.HasSuffix(u.Host, ":") || u.Port() != "" && !validPort(u.Port()):
		return refuse("has no port of 1 to 65535")
	case u.User != nil:
		return refuse("must not hold a user or password")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return refuse("must not have a query or a fragment")
	case strings.HasSuffix(strings.TrimRight(u.Path, "/"), "/v2"):
		return refuse("must not end in /v2, which the paths of the API start with")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return refuse("must be https, as http would show the token to the network; http is for localhost only")
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// userinfo is all that may be a user and a password.
var userinfo = regexp.MustCompile(`(?s)^([A-Za-z][A-Za-z0-9+.-]*://)?.*@`)

func validPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// connect sets resty up.
func (c *config) connect(baseURL string, authorize func(http.Header), token string) *connection {
	// A copy, as resty changes what it is given.
	hc := http.Client{}
	if c.httpClient != nil {
		hc = *c.httpClient
	}
	if hc.Transport == nil {
		hc.Transport = newDefaultTransport()
	}
	hc.Timeout = cmp.Or(c.timeout, hc.Timeout, defaultTimeout)
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

	userAgent := strings.TrimSpace(c.userAgent + " clarifai-go/" + version)
	r := resty.NewWithClient(&hc).
		SetBaseURL(baseURL).
		SetLogger(silent{}).
		SetHeader("Accept", "application/json").
		SetHeader("User-Agent", userAgent).
		SetDoNotParseResponse(true). // see readBody
		SetRetryCount(c.retry.MaxRetries).
		SetRetryWaitTime(c.retry.MinWait).
		SetRetryMaxWaitTime(c.retry.MaxWait).
		SetRetryAfter(retryAfter)
	tokenIn := redactor(token)
	limiter := rate.NewLimiter(cmp.Or(c.rateLimit, rate.Inf), 1)
	r.OnBeforeRequest(func(_ *resty.Client, req *resty.Request) error {
		authorize(req.Header)
		return waitTurn(req.Context(), limiter)
	})
	return &connection{
		resty:   r,
		baseURL: baseURL,
		maxSize: c.maxResponseSize,
		logger:  c.logger,
		redact:  func(s string) string { return tokenIn.Replace(s) },
	}
}

// redactor replaces the token, also where it is quoted or escaped as JSON, Go, URLs
// and HTML do it. A token of a few letters is one that a test made up, and would be
// found within words.
func redactor(token string) *strings.Replacer {
	if len(token) < 6 {
		return strings.NewReplacer()
	}
	quoted, _ := json.Marshal(token)
	asJSON, asGo := string(quoted), strconv.Quote(token)
	forms := []string{
		token,
		asJSON[1 : len(asJSON)-1],
		strings.ReplaceAll(asJSON[1:len(asJSON)-1], "/", `\/`),
		asGo[1 : len(asGo)-1],
		url.QueryEscape(token),
		url.PathEscape(token),
		html.EscapeString(token),
	}
	var pairs []string
	for _, form := range forms {
		pairs = append(pairs, form, "[the token]")
	}
	return strings.NewReplacer(pairs...)
}

// waitTurn waits until the rate limit allows a request.
func waitTurn(ctx context.Context, limiter *rate.Limiter) error {
	err := limiter.Wait(ctx)
	if err == nil || ctx.Err() != nil {
		return err
	}
	return fmt.Errorf("%w: %w", context.DeadlineExceeded, err)
}

// silent keeps resty from writing to standard error.
type silent struct{}

func (silent) Errorf(string, ...any) {}
func (silent) Warnf(string, ...any)  {}
func (silent) Debugf(string, ...any) {}

// retryAfter reads the Retry-After header; resty keeps it within the bounds of
// the policy. 0 means that there is none.
func retryAfter(_ *resty.Client, resp *resty.Response) (time.Duration, error) {
	value := resp.Header().Get("Retry-After")
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil || errors.Is(err, strconv.ErrRange) {
		return max(time.Duration(seconds)*time.Second, 0), nil
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(time.Until(date), 0), nil
	}
	return 0, nil
}

// standardTransport is what http.DefaultTransport is as long as nobody replaces it.
var standardTransport = http.DefaultTransport

// defaultTransport is http.DefaultTransport with room to keep the connections of
// requests made in parallel. It follows a replacement, such as httpmock.Activate
// makes.
type defaultTransport struct{ own *http.Transport }

func newDefaultTransport() defaultTransport {
	standard, ok := standardTransport.(*http.Transport)
	if !ok {
		return defaultTransport{}
	}
	own := standard.Clone()
	own.MaxIdleConnsPerHost = own.MaxIdleConns
	if own.TLSClientConfig == nil {
		own.TLSClientConfig = &tls.Config{}
	}
	own.TLSClientConfig.MinVersion = max(own.TLSClientConfig.MinVersion, tls.VersionTLS12)
	return defaultTransport{own}
}

func (t defaultTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if t.own != nil && http.DefaultTransport == standardTransport {
		return t.own.RoundTrip(req)
	}
	return http.DefaultTransport.RoundTrip(req)
}

// CloseIdleConnections is for [http.Client.CloseIdleConnections].
func (t defaultTransport) CloseIdleConnections() {
	if t.own != nil {
		t.own.CloseIdleConnections()
	}
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
	page   int  // for the log; 0 where there is none
	fields map[string]*field
}

// field is a field of a response: what it is decoded into, and how it came.
type field struct {
	into     any
	required bool
	check    func() error // what else it must be; may be nil
	raw      []byte       // its text in the response
	err      error        // why it could not be decoded
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
	path, err := c.fillApp(op.path)
	if err != nil {
		return Status{}, err
	}
	request := c.conn.resty.R().SetContext(ctx).SetQueryParamsFromValues(op.query)
	if op.body != nil {
		body, err := json.Marshal(op.body)
		if err != nil {
			return Status{}, unencodable("request", op.body, 0)
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
			return false // refused by waitTurn
		}
		if err == nil {
			err = readBody(resp, c.conn.maxSize)
		}
		status, failure = c.read(op, path, resp, err)
		settled = resp.Request.Attempt
		c.log(ctx, op, path, resp, status, failure)
		return failure != nil && ctx.Err() == nil && failure.retryable(op.read, err != nil)
	}
	resp, err := request.AddRetryCondition(settle).Execute(op.method, path)
	switch {
	case resp == nil && failure == nil:
		status, failure = c.read(op, path, nil, err)
	case resp == nil: // an attempt before failed too
		failure.Err = c.readable(err)
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

// unencodable names the part of a value that has no JSON, such as NaN, a function
// or a map that holds itself; nil when it has JSON.
func unencodable(name string, value any, depth int) error {
	_, err := json.Marshal(value)
	if err == nil {
		return nil
	}
	v := reflect.Indirect(reflect.ValueOf(value))
	var inside error
	switch kind := v.Kind(); {
	case depth == 32: // holds itself
	case kind == reflect.Struct:
		for i := 0; i < v.NumField() && inside == nil; i++ {
			if field := v.Type().Field(i); field.IsExported() {
				tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
				inside = unencodable(name+"."+cmp.Or(tag, field.Name), v.Field(i).Interface(), depth+1)
			}
		}
	case kind == reflect.Slice:
		for i := 0; i < v.Len() && inside == nil; i++ {
			inside = unencodable(fmt.Sprintf("%s[%d]", name, i), v.Index(i).Interface(), depth+1)
		}
	case kind == reflect.Map:
		for keys := v.MapRange(); keys.Next() && inside == nil; {
			inside = unencodable(fmt.Sprintf("%s[%q]", name, keys.Key()), keys.Value().Interface(), depth+1)
		}
	case kind == reflect.Float64:
		return &ArgumentError{Argument: name, Value: v.Float(), Reason: "must be a finite number"}
	}
	if inside != nil {
		return inside
	}
	return &ArgumentError{Argument: name, Value: fmt.Sprintf("%T", value), Reason: err.Error()}
}

// readBody reads the body of a response. resty would do it in pieces of 512 bytes,
// and allocate five times as much.
func readBody(resp *resty.Response, limit int64) error {
	body, length := resp.RawResponse.Body, resp.RawResponse.ContentLength
	defer body.Close()
	var b bytes.Buffer
	if length > 0 {
		b.Grow(int(min(length, limit, 4<<20)) + bytes.MinRead) // no more for what is but a claim
	}
	_, err := b.ReadFrom(io.LimitReader(body, min(limit, math.MaxInt-1)+1))
	if int64(b.Len()) > limit {
		return fmt.Errorf("%w: %w; ask for fewer results per page, or raise WithMaxResponseSize", ErrInvalidResponse, ErrResponseTooLarge)
	}
	resp.SetBody(b.Bytes())
	return err
}

// contextError is the error of a context that is done, with its cause.
func contextError(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != ctx.Err() {
		return fmt.Errorf("%w: %w", ctx.Err(), cause)
	}
	return ctx.Err()
}

// fillApp fills {user_id} and {app_id} in, and finds what is not filled in.
func (c *Client) fillApp(path string) (string, error) {
	for _, id := range []struct{ name, value string }{{"user_id", c.userID}, {"app_id", c.appID}} {
		if !strings.Contains(path, "{"+id.name+"}") {
			continue
		}
		if id.name == "app_id" && id.value == "" {
			return "", &ArgumentError{Argument: "app_id", Reason: "there is none: use WithApp or Client.App, or set CLARIFAI_APP_ID"}
		}
		var err error
		if path, err = fillPath(path, id.name, id.value); err != nil {
			return "", err
		}
	}
	if name := placeholder.FindString(path); name != "" {
		return "", &ArgumentError{Argument: "path", Value: path, Reason: name + " is not filled in; use Endpoint.With"}
	}
	if !strings.HasPrefix(path, "/") {
		return "", &ArgumentError{Argument: "path", Value: path, Reason: "must start with /"}
	}
	if u, err := url.Parse(path); err != nil || u.EscapedPath() != path {
		return "", &ArgumentError{Argument: "path", Value: path, Reason: "must be the path of a URL, escaped, without a host, query or fragment"}
	}
	return path, nil
}

var placeholder = regexp.MustCompile(`{[^}]*}`)

// fillPath fills {name} in with an ID, escaped. It refuses what could lead
// elsewhere: no ID at all, and dots that a server on the way may take for a step
// up, whether it unescapes slashes before that or not.
func fillPath(path, name, id string) (string, error) {
	if !strings.Contains(path, "{"+name+"}") {
		return "", &ArgumentError{Argument: "path", Value: path, Reason: "has no {" + name + "}"}
	}
	if err := checkID(name, id); err != nil {
		return "", err
	}
	if slices.ContainsFunc(strings.Split(id, "/"), func(part string) bool { return part == "" || part == "." || part == ".." }) {
		return "", &ArgumentError{Argument: name, Value: id, Reason: `must not be "." or "..", or have an empty, "." or ".." part between slashes`}
	}
	return strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(id)), nil
}

// read makes sense of the outcome of an attempt. The failure is nil only when
// the API says success.
func (c *Client) read(op operation, path string, resp *resty.Response, err error) (Status, *Error) {
	failure := &Error{Method: op.method, Path: path}
	if resp != nil {
		failure.HTTPStatus, failure.Attempts = resp.StatusCode(), resp.Request.Attempt
	}
	if err != nil {
		var wrapped *url.Error // says method and URL once more
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		err = c.readable(err)
		if failure.HTTPStatus != 0 && !errors.Is(err, ErrInvalidResponse) { // the body was cut off
			err = fmt.Errorf("%w: %w", ErrInvalidResponse, err)
		}
		failure.Err = err
		return Status{}, failure
	}
	body := resp.Body()
	success := resp.IsSuccess()
	status, err := c.decode(body, op.fields)
	if success && err == nil && status.Code == StatusSuccess {
		if err = missing(op.fields); err == nil {
			return status, nil
		}
	}
	if clean := c.conn.redact(string(body)); clean != string(body) {
		body = []byte(clean)
		var again error
		if status, again = c.decode(body, op.fields); again != nil && err != nil {
			err = again
		}
	}
	failure.Status = status
	if err != nil {
		failure.Err = fmt.Errorf("%w: %w", ErrInvalidResponse, err)
		// Invalid UTF-8 first, which could hide the token from redact.
		start := c.conn.redact(string(bytes.ToValidUTF8(body[:min(len(body), 64<<10)], nil)))
		failure.Body = strings.ToValidUTF8(start[:min(len(start), 256)], "")
	}
	if target := resp.Header().Get("Location"); target != "" && !success {
		redirect := c.readable(fmt.Errorf("not following the redirect to %q", target))
		if failure.Err != nil {
			redirect = fmt.Errorf("%w: %w", redirect, failure.Err)
		}
		failure.Err = redirect
	}
	return status, failure
}

// decode is the function decode, without the token in the status and in the error.
func (c *Client) decode(body []byte, fields map[string]*field) (Status, error) {
	status, err := decode(body, fields)
	if err == nil && status.Code == 0 && status.CodeName == "" {
		err = errors.New("has a status without a code")
	}
	if err != nil {
		err = c.readable(err)
	}
	return c.redactStatus(status), err
}

func (c *Client) redactStatus(s Status) Status {
	for _, text := range []*string{&s.CodeName, &s.Description, &s.Details, &s.ReqID, &s.DeveloperNotes} {
		*text = c.conn.redact(*text)
	}
	return s
}

// readable is an error without the token, and without the megabytes of what it
// may quote from a response.
func (c *Client) readable(err error) error {
	text := cut(c.conn.redact(err.Error()), readableLength)
	if text == err.Error() {
		return err
	}
	return errors.New(text)
}

// retryable reports whether the call can be sent again. What is not a read can,
// only when the server surely did not act on it. lost tells that there was no
// response, or not all of one.
func (e *Error) retryable(read, lost bool) bool {
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var network *net.OpError
	switch {
	case e.HTTPStatus == http.StatusTooManyRequests:
		return true
	case !read:
		return errors.As(e.Err, &network) && network.Op == "dial"
	case errors.Is(e, ErrResponseTooLarge), errors.As(e.Err, &certificate), errors.As(e.Err, &record), errors.Is(e.Err, http.ErrSchemeMismatch):
		return false // and would be the next time
	}
	return lost || e.Status.Code == StatusConnThrottled || e.Status.Code == StatusTryAgain ||
		slices.Contains([]int{http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}, e.HTTPStatus)
}

func (c *Client) log(ctx context.Context, op operation, path string, resp *resty.Response, status Status, failure *Error) {
	if c.conn.logger == nil {
		return
	}
	attrs := []slog.Attr{
		slog.String("method", op.method),
		slog.String("path", path),
		slog.Int("page", op.page),
		slog.Int("http_status", resp.StatusCode()),
		slog.Int("code", int(status.Code)),
		slog.String("request_id", status.ReqID),
		slog.Duration("duration", time.Since(resp.Request.Time)),
		slog.Int("attempt", resp.Request.Attempt),
	}
	if failure != nil && failure.Err != nil {
		attrs = append(attrs, slog.String("error", failure.Err.Error()))
	}
	c.conn.logger.LogAttrs(ctx, slog.LevelDebug, "clarifai: attempt", attrs...)
}

// getOne gets the resource that comes in the field key.
func getOne[T any](ctx context.Context, c *Client, path, key string) (*T, error) {
	resource := new(T)
	op := operation{method: http.MethodGet, path: path, read: true, fields: map[string]*field{key: {into: resource, required: true}}}
	if _, err := c.do(ctx, op); err != nil {
		return nil, err
	}
	return resource, nil
}

// missing finds a field that had to come.
func missing(fields map[string]*field) error {
	for name, field := range fields {
		if field.required && (field.raw == nil || string(field.raw) == "null") {
			return fmt.Errorf("has no %s", name)
		}
	}
	return nil
}

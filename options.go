package clarifai

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/time/rate"
)

const version = "0.2.0"

// The defaults of the options.
const (
	defaultBaseURL         = "https://api.clarifai.com"
	defaultUserID          = "me" // the API's alias for the owner of the token
	defaultTimeout         = time.Minute
	defaultMaxResponseSize = 128 << 20 // the API's own limit
)

var defaultRetry = RetryPolicy{MaxRetries: 4, MinWait: 200 * time.Millisecond, MaxWait: 15 * time.Second}

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
	insecureHTTP      bool
}

// WithPAT sets the personal access token that authorizes the calls. If neither WithPAT nor
// [WithSessionToken] sets a token, CLARIFAI_PAT is used.
func WithPAT(pat string) Option {
	return func(c *config) error {
		c.pat = pat
		return nil
	}
}

// WithSessionToken sets a session token, to be used instead of a personal access token.
// If neither [WithPAT] nor WithSessionToken sets a token and CLARIFAI_PAT is empty,
// CLARIFAI_SESSION_TOKEN is used.
func WithSessionToken(token string) Option {
	return func(c *config) error {
		c.sessionToken = token
		return nil
	}
}

// WithApp sets the app and the user that it belongs to. If userID is empty,
// CLARIFAI_USER_ID is used or, if that is not set, "me", which is the owner of the token.
// If appID is empty, CLARIFAI_APP_ID is used.
func WithApp(userID, appID string) Option {
	return func(c *config) error {
		c.userID, c.appID = userID, appID
		return nil
	}
}

// WithBaseURL sets the URL of the API, with or without a path. If url is empty,
// CLARIFAI_API_BASE is used or, if that is not set, https://api.clarifai.com. The default
// scheme is https. The scheme http would reveal the token to the network. It is rejected
// unless the host is localhost or a loopback address; see [WithInsecureHTTP].
func WithBaseURL(url string) Option {
	return func(c *config) error {
		c.baseURL = url
		return nil
	}
}

// WithInsecureHTTP allows http in the base URL for any host. Anyone with access to the
// network can then read the token and all data, and modify requests and responses. Use
// WithInsecureHTTP only inside a private network, for an API that does not support TLS.
func WithInsecureHTTP() Option {
	return func(c *config) error {
		c.insecureHTTP = true
		return nil
	}
}

// WithHTTPClient sets the client that sends the requests. Its transport, cookie jar and
// timeout are used; hc itself is not modified. The timeout limits a single attempt, like
// [WithTimeout].
//
// If hc or its Transport is nil, the default transport is used. All clients share it. It
// has the settings of [http.DefaultTransport], but requires TLS 1.2 or later, and closes
// HTTP/2 connections that do not answer a ping. A custom transport must set its own
// minimum TLS version.
//
// Without WithHTTPClient, CLARIFAI_ROOT_CERTIFICATES_PATH may name a PEM file. Each client
// then has its own default transport, which also trusts the certificates in the file. The
// variable has no effect with WithHTTPClient, unless hc is nil.
func WithHTTPClient(hc *http.Client) Option {
	return func(c *config) error {
		c.httpClient = hc
		return nil
	}
}

// WithTimeout limits the duration of a single attempt, from connecting to reading the
// last byte of the response. The default is the timeout of the client given to
// [WithHTTPClient] or, if it has none, one minute. To limit the whole call, use a
// context.
//
// A read that takes longer is retried; see [RetryPolicy]. If no retries are left, the
// error matches [os.ErrDeadlineExceeded], and [Error.Timeout] returns true. The error
// matches [context.DeadlineExceeded] only if the caller's context has expired.
func WithTimeout(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return &ArgumentError{Argument: "WithTimeout", Value: d, Reason: "must be greater than 0"}
		}
		c.timeout = d
		return nil
	}
}

// RetryPolicy determines how often and when a failed call is retried.
//
// A read (a GET or a search) is retried after a missing or incomplete response, after a
// timeout set by [WithTimeout], after HTTP status 408, 429, 502, 503, 504 or 520 to 524,
// and after the API's status code 10030 (try again), 11005 (throttled), 40030 (queue
// full) or 40031 (server unavailable). A write is retried only if the server cannot have
// acted on it: the connection could not be established, or the HTTP status was 429.
//
// The wait before a retry doubles from MinWait up to MaxWait, with jitter. After HTTP
// status 429 or code 11005, it starts at one second, or at MinWait if that is longer, and
// has no jitter. If the response has a Retry-After header, the wait is the value of the
// header, or MinWait if that is longer. If Retry-After is longer than MaxWait, the call
// fails immediately, and Error.RetryAfter holds the wait. The call also fails immediately
// if its context would expire during the wait.
//
// After throttling, the whole client pauses: it sends no request, for any app, until the
// wait is over. It then limits its requests to a lower rate than the server accepted
// before. The limit rises again over time.
type RetryPolicy struct {
	MaxRetries int           // maximum number of retries; 0 disables retries and pauses
	MinWait    time.Duration // minimum wait; 0 means 200 ms
	MaxWait    time.Duration // maximum wait; 0 means 15 s, or MinWait if that is longer
}

// WithRetry sets the retry policy. By default, a call is retried up to four times, with
// waits of 200 ms to 15 s. If every attempt is throttled and the responses have no
// Retry-After header, the waits add up to at least 15 seconds.
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

// WithRateLimit limits the number of requests per second, including retries. Clients
// created by [Client.App] share the limit. Requests are spaced evenly. A call waits for
// its turn, but fails immediately if its context would expire first. By default, the
// client does not limit its requests; the API allows 15 per second, unless an account has
// a higher limit.
func WithRateLimit(perSecond float64) Option {
	return func(c *config) error {
		if !(perSecond > 0) || math.IsInf(perSecond, 0) {
			return &ArgumentError{Argument: "WithRateLimit", Value: perSecond, Reason: "must be greater than 0 per second, and finite"}
		}
		c.rateLimit = rate.Limit(perSecond)
		return nil
	}
}

// WithMaxResponseSize limits the size of a response after decompression, in bytes. The
// default is 128 MiB, which is the API's own limit. If a response is larger, the error
// matches [ErrResponseTooLarge].
func WithMaxResponseSize(bytes int64) Option {
	return func(c *config) error {
		if bytes <= 0 {
			return &ArgumentError{Argument: "WithMaxResponseSize", Value: bytes, Reason: "must be 1 byte or more"}
		}
		c.maxResponseSize = bytes
		return nil
	}
}

// WithLogger sets a logger. Each attempt is logged at level Debug, with its method, path,
// page, attempt number, duration and error, and with the HTTP status, API status code and
// request ID of the response. Each retry is logged at level Warn, with its cause and the
// wait before it. The log never contains response data or the token.
func WithLogger(l *slog.Logger) Option {
	return func(c *config) error {
		c.logger = l
		return nil
	}
}

// WithUserAgent adds a product name, such as "exporter/1.2", to the User-Agent header. It
// precedes the name of this package.
func WithUserAgent(product string) Option {
	return func(c *config) error {
		if strings.ContainsFunc(product, unicode.IsControl) {
			return &ArgumentError{Argument: "WithUserAgent", Value: product, Reason: "must not contain control characters"}
		}
		c.userAgent = product
		return nil
	}
}

// credentials returns the token, and a function that adds it to the header of a request.
func (c *config) credentials() (authorize func(http.Header), token string, err error) {
	pat, session := c.pat, c.sessionToken
	if pat != "" && session != "" {
		return nil, "", &ArgumentError{Argument: "WithPAT and WithSessionToken", Reason: "must not both be set"}
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
		return nil, "", &ArgumentError{Argument: "token", Reason: "missing: use WithPAT or WithSessionToken, or set CLARIFAI_PAT or CLARIFAI_SESSION_TOKEN"}
	}
	if i := strings.IndexFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }); i >= 0 {
		return nil, "", &ArgumentError{Argument: name, Reason: fmt.Sprintf("must be printable ASCII without spaces; byte %d of it is not", i)}
	}
	return func(h http.Header) { h.Set(header, value) }, token, nil
}

// parseBaseURL validates a base URL, and returns it without trailing slashes.
func parseBaseURL(s string, insecureHTTP bool) (string, error) {
	refuse := func(reason string) (string, error) {
		// Do not reveal a password, even in a malformed URL.
		return "", &ArgumentError{Argument: "WithBaseURL (CLARIFAI_API_BASE)", Value: userinfo.ReplaceAllString(s, "$1…@"), Reason: reason}
	}
	withScheme := s
	if !strings.Contains(s, "://") {
		withScheme = "https://" + s
	}
	u, err := url.Parse(withScheme)
	if err != nil {
		if strings.Contains(s, "@") {
			return refuse("is not a URL") // the error may quote the password
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
		return refuse("must have a port between 1 and 65535")
	case u.User != nil:
		return refuse("must not contain a user or password")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return refuse("must not have a query or a fragment")
	case strings.HasSuffix(strings.TrimRight(u.Path, "/"), "/v2"):
		return refuse("must not end in /v2, because the API's paths start with it")
	case u.Scheme == "http" && !insecureHTTP && !isLoopback(u.Hostname()):
		return refuse("must be https, because http would reveal the token to the network; to allow http to hosts other than localhost, use WithInsecureHTTP")
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// userinfo matches everything that may be a user and a password.
var userinfo = regexp.MustCompile(`(?s)^([A-Za-z][A-Za-z0-9+.-]*://)?.*@`)

func validPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

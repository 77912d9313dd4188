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

// The defaults of the options that have no environment variable.
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

// WithBaseURL sets the URL of the API, with or without a path. If empty,
// CLARIFAI_API_BASE is used, else https://api.clarifai.com. A host without a scheme
// means https. http is refused unless the host is localhost or a loopback address,
// because it would show the token to the network; see [WithInsecureHTTP].
func WithBaseURL(url string) Option {
	return func(c *config) error {
		c.baseURL = url
		return nil
	}
}

// WithInsecureHTTP allows http in the base URL for any host. Whoever can read the
// traffic, on the network or in a proxy, then reads the token and all data, and
// can change both requests and responses. It is for an API inside a private network
// that has no TLS.
func WithInsecureHTTP() Option {
	return func(c *config) error {
		c.insecureHTTP = true
		return nil
	}
}

// WithHTTPClient sets the client that sends the requests. Its transport, cookie
// jar and timeout are used; the client itself is not changed. Its timeout limits an
// attempt, as [WithTimeout] does.
//
// If hc or its Transport is nil, the default transport is used. It has the settings
// of [http.DefaultTransport], but refuses TLS below 1.2, closes HTTP/2 connections
// that do not answer a ping, and is shared by all clients. If
// CLARIFAI_ROOT_CERTIFICATES_PATH is set, it also trusts the certificates in that PEM
// file, and each client has its own. A custom transport must set its own minimum TLS
// version and certificate authorities; the variable has no effect on it.
func WithHTTPClient(hc *http.Client) Option {
	return func(c *config) error {
		c.httpClient = hc
		return nil
	}
}

// WithTimeout limits the time of one attempt, from connecting to the last byte
// of the response. The default is the timeout of the client given to
// [WithHTTPClient], else one minute. A read that takes longer is retried, as
// [RetryPolicy] says. When no retries are left, the error matches
// [os.ErrDeadlineExceeded], and its [Error.Timeout] is true. It does not match
// [context.DeadlineExceeded], which means that the caller's context has ended. Use
// a context to limit the call as a whole.
func WithTimeout(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return &ArgumentError{Argument: "WithTimeout", Value: d, Reason: "must be more than 0"}
		}
		c.timeout = d
		return nil
	}
}

// RetryPolicy says how often and when a failed call is retried.
//
// A read (a GET or a search) is retried if it got no response or only part of one,
// took longer than [WithTimeout], or got HTTP 408, 429, 502, 503, 504 or 520 to 524, or
// the API's code 10030 (try again), 11005 (throttled), 40030 (queue full) or 40031
// (server unavailable). A write is retried only if the server surely did not act on
// it: it refused the connection, or answered 429.
//
// The wait before a retry doubles from MinWait up to MaxWait, with jitter. After HTTP
// 429 or code 11005, it starts at one second, or MinWait if that is longer, and has no
// jitter. If the response has a Retry-After header, that is the wait, but at least
// MinWait. A Retry-After longer than MaxWait ends the call at once, with the wait in
// Error.RetryAfter, and so does a wait that would outlast the context.
//
// A throttled client waits as a whole: none of its requests, of any app, is sent
// until the wait is over. From then on they are sent at a rate below the one that the
// server accepted, which rises again with time.
type RetryPolicy struct {
	MaxRetries int           // attempts after the first one; 0 means none, and no waits at all
	MinWait    time.Duration // 0 means 200 ms
	MaxWait    time.Duration // 0 means 15 s, or MinWait if that is longer
}

// WithRetry sets the retry policy. The default is up to four retries, after 200 ms
// to 15 s, which outlasts 15 seconds of throttling.
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

// WithLogger logs each attempt at debug level: its method, path and page, the HTTP
// status, code and request ID of the response, the error, the duration and the number
// of the attempt. Each retry is logged as a warning, with its cause and the wait before
// it. A log never holds the token or data of a response.
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

// parseBaseURL returns the URL without a slash at its end, or refuses it.
func parseBaseURL(s string, insecureHTTP bool) (string, error) {
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
	case u.Scheme == "http" && !insecureHTTP && !isLoopback(u.Hostname()):
		return refuse("must be https, as http would show the token to the network; http is for localhost only, unless WithInsecureHTTP allows it")
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

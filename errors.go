package clarifai

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// prefix starts the message of every error of this package.
const prefix = "clarifai: "

// Sentinel errors, for use with [errors.Is]. An [*Error] matches every sentinel
// error that corresponds to its HTTP status, its API status code or its cause. It may
// match several: a 404 response with an HTML body matches both ErrNotFound and
// ErrInvalidResponse.
var (
	// ErrInvalidArgument means that an argument was rejected before anything was
	// sent. Use [errors.As] with an [*ArgumentError] for the details.
	ErrInvalidArgument = errors.New(prefix + "invalid argument")

	// ErrInvalidPage means that page or per_page was rejected before anything was
	// sent. The error also matches ErrInvalidArgument.
	ErrInvalidPage = errors.New(prefix + "invalid page")

	// ErrUnauthorized means that the token is missing, invalid or revoked.
	ErrUnauthorized = errors.New(prefix + "unauthorized")

	// ErrForbidden means that the token is valid but lacks a required permission.
	ErrForbidden = errors.New(prefix + "forbidden")

	// ErrNotFound means that the user, the app, the path, or a resource such as an
	// input or a model does not exist. For a token that does not exist, the error
	// is ErrUnauthorized.
	ErrNotFound = errors.New(prefix + "not found")

	// ErrRateLimited means that there were too many requests per second, hour or
	// month. The call has already been retried as [RetryPolicy] allows.
	ErrRateLimited = errors.New(prefix + "rate limited")

	// ErrResultWindow means that page × per_page of a search exceeds the account's
	// limit. The API returns no results past it.
	ErrResultWindow = errors.New(prefix + "past the result window")

	// ErrPageRepeated means that the server returns the same pages in a cycle, so
	// the iteration would never end. Two consecutive pages had the same results as
	// earlier pages, or a page of [Client.StreamInputs] ended with the same input
	// as an earlier page.
	ErrPageRepeated = errors.New(prefix + "page repeated: the server sent the results of earlier pages again")

	// ErrPartialFailure means that some items of a write failed. The call still
	// returns all items of the response, and Error.Failed lists the failed items.
	ErrPartialFailure = errors.New(prefix + "partial failure")

	// ErrInvalidResponse means that the response is not a valid API response: it is
	// not a JSON object, has no status, has a field of the wrong type, or was
	// truncated.
	ErrInvalidResponse = errors.New(prefix + "invalid response")

	// ErrResponseTooLarge means that the decompressed response exceeds
	// [WithMaxResponseSize]. The error also matches ErrInvalidResponse.
	ErrResponseTooLarge = errors.New(prefix + "response too large")
)

var (
	errNilContext = &ArgumentError{Argument: "ctx", Reason: "must not be nil"}
	errNoClient   = &ArgumentError{Argument: "Client", Reason: "must be created by NewClient"}
)

// kinds maps HTTP statuses and the names of API status codes to sentinel errors.
// Error.Error appends the advice to the message.
var kinds = []struct {
	err        error
	httpStatus int
	codes      *regexp.Regexp // if several kinds match a code, the first one is used
	advice     string
}{
	{ErrUnauthorized, http.StatusUnauthorized, regexp.MustCompile(`^CONN_(TOKEN|CREDENTIALS|KEY)_(INVALID|NOT_FOUND)$`), "check the token"},
	{ErrForbidden, http.StatusForbidden, regexp.MustCompile(`^CONN_INSUFFICIENT_SCOPES$|_PERMISSION_DENIED$`), "check the scopes of the token and the owner of the app"},
	{ErrNotFound, http.StatusNotFound, regexp.MustCompile(`_(DOES_NOT_EXIST|NOT_FOUND)$`), "check the IDs, and the user and app that they belong to"},
	{ErrRateLimited, http.StatusTooManyRequests, regexp.MustCompile(`^CONN_(THROTTLED|EXCEEDS?_([A-Z]+_)?LIMITS?)$`), "reduce the request rate with WithRateLimit, or request a higher limit"},
	{ErrPartialFailure, 0, regexp.MustCompile(`^MIXED_STATUS$`), "see the status of each item"},
}

// Error describes a failed API call: the API refused it, the response was invalid, or
// there was no response. It never holds the token.
type Error struct {
	Method string
	Path   string // documented path, with the IDs filled in and escaped

	// HTTPStatus is the HTTP status code of the response, or 0 if there was none.
	HTTPStatus int

	// Status is the status that the API returned, or zero if it returned none.
	Status Status

	// Attempts is the number of attempts, including retries.
	Attempts int

	// RetryAfter is the wait that the server requested, or 0 if it requested none.
	RetryAfter time.Duration

	// Failed lists the failed items of a write. If the error matches
	// ErrPartialFailure, other items of the write succeeded.
	Failed []ItemError

	// Body is the start of the response body if the response is invalid.
	Body string

	// Err is the underlying error, if any, such as a [net.OpError],
	// [context.Canceled] or [ErrInvalidResponse].
	Err error
}

// ItemError describes a failed item of a write.
type ItemError struct {
	Index  int    // index in the request, from 0
	ID     string // ID of the item
	Status Status // status of the item, which explains the failure
}

// Error returns a message that describes the call and the failure. For some errors, the
// message ends with advice.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, prefix+"%s %s", e.Method, cut(e.Path, readableLength))
	if e.HTTPStatus != 0 {
		fmt.Fprintf(&b, ": HTTP %d", e.HTTPStatus)
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " after %d attempts", e.Attempts)
	}
	if s := e.Status.String(); s != "" {
		b.WriteString(": " + s)
	}
	for i, item := range e.Failed {
		if i == 10 { // Failed has the full list
			fmt.Fprintf(&b, "; and %d more", len(e.Failed)-i)
			break
		}
		fmt.Fprintf(&b, "; item %d %q: %v", item.Index, cut(item.ID, readableLength), item.Status)
	}
	if e.Err != nil {
		b.WriteString(": " + bare(e.Err))
	}
	if e.Body != "" {
		fmt.Fprintf(&b, ": the body starts with %q", e.Body)
	}
	if _, past := e.resultWindow(); past {
		b.WriteString("; narrow the search, or request a larger window")
	}
	if e.HTTPStatus == http.StatusRequestURITooLong || e.HTTPStatus == http.StatusRequestHeaderFieldsTooLarge {
		b.WriteString("; send fewer values in the query, such as 100 IDs at a time")
	}
	for _, kind := range kinds {
		if e.Is(kind.err) {
			b.WriteString("; " + kind.advice)
		}
	}
	return b.String()
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Timeout reports whether the call failed because of a timeout: an attempt took
// longer than [WithTimeout] allows, or the deadline of the context passed.
func (e *Error) Timeout() bool {
	var timeout interface{ Timeout() bool }
	return errors.As(e.Err, &timeout) && timeout.Timeout()
}

// Is reports whether target is a sentinel error that corresponds to the HTTP status or
// the API's status code.
func (e *Error) Is(target error) bool {
	name := e.Status.name()
	named := false
	for _, kind := range kinds {
		matches := !named && kind.codes.MatchString(name)
		named = named || matches
		if target == kind.err && (matches || e.HTTPStatus != 0 && e.HTTPStatus == kind.httpStatus) {
			return true
		}
	}
	_, past := e.resultWindow()
	return past && target == ErrResultWindow
}

// windowDetails matches Status.Details if the page is past the result window. The API
// has no status code for this error.
var windowDetails = regexp.MustCompile(`page \* perPage cannot exceed(?: (\d{1,18})\b)?`)

// resultWindow reports whether the API refused a page past the result window. It also
// returns the size of the window, or 0 if the API does not include it.
func (e *Error) resultWindow() (size int64, past bool) {
	match := windowDetails.FindStringSubmatch(e.Status.Details)
	if match == nil {
		return 0, false
	}
	size, _ = strconv.ParseInt(match[1], 10, 64)
	return size, true
}

// ArgumentError describes an argument that was rejected before anything was sent.
type ArgumentError struct {
	Argument string // name of the argument in the API or in this package
	Value    any    // rejected value; nil for a secret
	Reason   string // allowed values, or what is wrong with the value
	kind     error
}

// Error returns a message with the argument, its value and the reason.
func (e *ArgumentError) Error() string {
	text := prefix + cut(e.Argument, readableLength)
	if value, ok := e.Value.(string); ok {
		text += fmt.Sprintf(" %q", cut(value, readableLength))
	} else if e.Value != nil {
		text += " " + cut(fmt.Sprint(e.Value), readableLength)
	}
	return text + ": " + cut(e.Reason, readableLength)
}

// Is reports whether target is ErrInvalidArgument or, for page and per_page,
// ErrInvalidPage.
func (e *ArgumentError) Is(target error) bool {
	return target == ErrInvalidArgument || e.kind != nil && target == e.kind
}

// jsonPath formats a JSON pointer in the style of Go and of the API's errors, such as
// inputs[0].data.metadata["a key"]. It truncates long paths.
func jsonPath(pointer jsontext.Pointer) string {
	var path strings.Builder
	for name := range pointer.Tokens() {
		switch {
		case path.Len() > 256 || len(name) > 64: // omit the whole name: if a token in it were cut, the rest would not be redacted
			return strings.TrimPrefix(path.String(), ".") + "…"
		case index.MatchString(name):
			path.WriteString("[" + name + "]")
		case plainName.MatchString(name):
			path.WriteString("." + name)
		default:
			fmt.Fprintf(&path, "[%q]", name)
		}
	}
	return strings.TrimPrefix(path.String(), ".")
}

var (
	index     = regexp.MustCompile(`^\d+$`)
	plainName = regexp.MustCompile(`^[\w-]+$`)
)

// PageError is the type of the errors that iterators yield. All results of the pages
// before Page have been delivered. If CanResume reports true, no result of Page has
// been delivered.
type PageError struct {
	Page    int   // number of the page that failed
	PerPage int   // page size of the iteration, which may depend on Limit
	Err     error // underlying error
}

// Error returns a message with the page number and the underlying error.
func (e *PageError) Error() string {
	if errors.Is(e.Err, ErrInvalidArgument) {
		return e.Err.Error() // the error does not depend on the page
	}
	return fmt.Sprintf(prefix+"page %d: %s", e.Page, bare(e.Err))
}

// Unwrap returns Err.
func (e *PageError) Unwrap() error { return e.Err }

// CanResume reports whether the iteration can be resumed without losing or repeating
// results. To resume, use PageParams{Page: e.Page, PerPage: e.PerPage} or, with
// [Client.StreamInputsAll], the ID of the last input received.
//
// CanResume returns false for [ErrInvalidArgument], because the request would be
// rejected again; for [ErrResultWindow], because some results of the page may have
// been delivered; and for [ErrPageRepeated].
func (e *PageError) CanResume() bool {
	return !errors.Is(e.Err, ErrInvalidArgument) && !errors.Is(e.Err, ErrResultWindow) && !errors.Is(e.Err, ErrPageRepeated)
}

// contextError returns the error of a context that is done, with its cause if any.
func contextError(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != ctx.Err() {
		return &joined{ctx.Err(), cause}
	}
	return ctx.Err()
}

// joined combines an error with its cause. Both can be found with errors.Is and
// errors.As.
type joined struct{ err, cause error }

func (e *joined) Error() string   { return prefix + bare(e.err) + ": " + bare(e.cause) }
func (e *joined) Unwrap() []error { return []error{e.err, e.cause} }

// bare returns the text of an error without the prefix, for use in another error.
func bare(err error) string { return strings.ReplaceAll(err.Error(), prefix, "") }

// redactor removes the token from a string. Only closures hold the token, so printing a
// struct does not show it.
type redactor func(string) string

// newRedactor returns a redactor that replaces the token, including forms that are
// quoted or escaped for JSON, JSON pointers, Go, URLs or HTML. Tokens of fewer than 6
// bytes are not replaced: only tests use them, and they may occur within words.
func newRedactor(token string) redactor {
	if len(token) < 6 {
		return func(s string) string { return s }
	}
	var pairs []string
	for _, form := range []string{
		token,
		string(jsontext.Pointer("").AppendToken(token))[1:],
		url.QueryEscape(token),
		url.PathEscape(token),
		html.EscapeString(token),
	} {
		pairs = append(pairs, form, "[the token]")
	}
	replacer := strings.NewReplacer(pairs...)
	// JSON and Go put a backslash before some characters, and JSON may escape any character.
	// The API may send such JSON, and Error.Body holds JSON as received.
	stripped := strings.ReplaceAll(token, `\`, "")
	escaped := sync.OnceValue(func() *regexp.Regexp {
		var characters strings.Builder
		for _, c := range token {
			fmt.Fprintf(&characters, `(?:\\?%s|(?i:\\u%04x))`, regexp.QuoteMeta(string(c)), c)
		}
		return regexp.MustCompile(characters.String())
	})
	return func(s string) string {
		s = replacer.Replace(s)
		// The regular expression is slow, so first look for the token, ignoring escapes.
		if plain := asciiEscape.ReplaceAllStringFunc(s, unescape); strings.Contains(strings.ReplaceAll(plain, `\`, ""), stripped) {
			s = escaped().ReplaceAllLiteralString(s, "[the token]")
		}
		return s
	}
}

var asciiEscape = regexp.MustCompile(`\\u00[2-7][0-9a-fA-F]`)

func unescape(escape string) string {
	letter, _ := strconv.ParseUint(escape[2:], 16, 8)
	return string(rune(letter))
}

func (redact redactor) status(s Status) Status {
	for _, text := range []*string{&s.CodeName, &s.Description, &s.Details, &s.ReqID, &s.DeveloperNotes} {
		*text = redact(*text)
	}
	return s
}

// error returns err if its text is short and no error in the tree of err contains the
// token. Otherwise, it returns a replacement whose text is short and does not contain the
// token. errors.Is gives the same results for the replacement as for err. errors.As finds
// only errors that do not contain the token.
func (redact redactor) error(err error) error {
	text := cut(redact(err.Error()), readableLength)
	if text == err.Error() && !redact.shows(err) {
		return err
	}
	return &shortened{
		text: text,
		is:   func(target error) bool { return errors.Is(err, target) },
		as:   func(target any) bool { return redact.as(err, target) },
	}
}

// shortened is the replacement that redactor.error returns. Only closures hold the
// original error, because it may contain the token.
type shortened struct {
	text string
	is   func(error) bool
	as   func(any) bool
}

func (e *shortened) Error() string        { return e.text }
func (e *shortened) Is(target error) bool { return e.is(target) }
func (e *shortened) As(target any) bool   { return e.as(target) }

// shows reports whether the text of err, or of an error that it wraps, contains the
// token.
func (redact redactor) shows(err error) bool {
	return redact(err.Error()) != err.Error() || slices.ContainsFunc(unwrap(err), redact.shows)
}

// as works like errors.As, but finds only the errors in the tree of err that do not
// contain the token.
func (redact redactor) as(err error, target any) bool {
	if !redact.shows(err) {
		return errors.As(err, target)
	}
	return slices.ContainsFunc(unwrap(err), func(inner error) bool { return redact.as(inner, target) })
}

// unwrap returns the errors that an error wraps.
func unwrap(err error) (inner []error) {
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		inner = []error{err.Unwrap()}
	case interface{ Unwrap() []error }:
		inner = slices.Clone(err.Unwrap())
	}
	return slices.DeleteFunc(inner, func(err error) bool { return err == nil })
}

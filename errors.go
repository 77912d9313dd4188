package clarifai

import (
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

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// prefix starts the text of every error of this package, once.
const prefix = "clarifai: "

// The errors that a call can be asked about with [errors.Is]. An [*Error] answers
// to each that fits its HTTP status, its API status code or its cause, so more
// than one may hold: a 404 with an HTML page for a body is both ErrNotFound and
// ErrInvalidResponse.
var (
	// ErrInvalidArgument: an argument was rejected before anything was sent.
	// [errors.As] with an [*ArgumentError] tells which, and what it may be.
	ErrInvalidArgument = errors.New(prefix + "invalid argument")

	// ErrInvalidPage: page or per_page was rejected before anything was sent. It
	// is also an ErrInvalidArgument.
	ErrInvalidPage = errors.New(prefix + "invalid page")

	// ErrUnauthorized: the token is missing, wrong or revoked.
	ErrUnauthorized = errors.New(prefix + "unauthorized")

	// ErrForbidden: the token is valid, but may not do this.
	ErrForbidden = errors.New(prefix + "forbidden")

	// ErrNotFound: the user, the app, the path, or a resource such as an input or a
	// model does not exist. It is not the error for a token that does not exist,
	// which is ErrUnauthorized.
	ErrNotFound = errors.New(prefix + "not found")

	// ErrRateLimited: too many requests per second, hour or month. A read has been
	// sent again as often as [RetryPolicy] allows.
	ErrRateLimited = errors.New(prefix + "rate limited")

	// ErrResultWindow: the account's limit on page × per_page, past which a search
	// gives no results.
	ErrResultWindow = errors.New(prefix + "past the result window")

	// ErrPageRepeated: the pages go round in circles, so the iteration would never
	// end. Two consecutive pages had the results of earlier ones, or a page of
	// [Client.StreamInputs] ended with the same input as an earlier one.
	ErrPageRepeated = errors.New(prefix + "page repeated: the server sent the results of earlier pages again")

	// ErrPartialFailure: some items of a write failed. The items come back all the
	// same, and Error.Failed lists those that failed.
	ErrPartialFailure = errors.New(prefix + "partial failure")

	// ErrInvalidResponse: the response is not one of the API's: no JSON, not an
	// object, without a status, with a field of the wrong type, or lost before its
	// end.
	ErrInvalidResponse = errors.New(prefix + "invalid response")

	// ErrResponseTooLarge: the response is larger than [WithMaxResponseSize]
	// allows, once decompressed. It is also an ErrInvalidResponse.
	ErrResponseTooLarge = errors.New(prefix + "response too large")
)

// kinds tells which sentinel answers to which HTTP status and to which of the API's
// names of codes, and what the reader of such an error can do.
var kinds = []struct {
	err        error
	httpStatus int
	codes      *regexp.Regexp // the first kind whose codes match is that of a code
	advice     string
}{
	{ErrUnauthorized, http.StatusUnauthorized, regexp.MustCompile(`^CONN_(TOKEN|CREDENTIALS|KEY)_(INVALID|NOT_FOUND)$`), "check the token"},
	{ErrForbidden, http.StatusForbidden, regexp.MustCompile(`^CONN_INSUFFICIENT_SCOPES$|_PERMISSION_DENIED$`), "check the scopes of the token and the owner of the app"},
	{ErrNotFound, http.StatusNotFound, regexp.MustCompile(`_(DOES_NOT_EXIST|NOT_FOUND)$`), "check the IDs, and the user and app that they belong to"},
	{ErrRateLimited, http.StatusTooManyRequests, regexp.MustCompile(`^CONN_(THROTTLED|EXCEEDS?_([A-Z]+_)?LIMITS?)$`), "send less often, with WithRateLimit, or ask for a higher limit"},
	{ErrPartialFailure, 0, regexp.MustCompile(`^MIXED_STATUS$`), "see the status of each item"},
}

// Error is a call that failed: refused by the API, answered by something else,
// or not answered at all. It never holds the token.
type Error struct {
	Method string
	Path   string // as the API documents it, with the IDs filled in and escaped

	// HTTPStatus is the HTTP status of the response, 0 when there was none.
	HTTPStatus int

	// Status is what the API says about it, zero when the response has none.
	Status Status

	// Attempts is how often the call was sent, 1 when it was not sent again.
	Attempts int

	// RetryAfter is how long the server asks to wait, 0 when it does not say.
	RetryAfter time.Duration

	// Failed lists the items of a write that failed: some of them when
	// errors.Is(err, ErrPartialFailure), else all that the API names.
	Failed []ItemError

	// Body is the start of a response that is not one of the API's.
	Body string

	// Err is the cause where there is one beside the API's refusal, such as a
	// [net.OpError], [context.Canceled] or [ErrInvalidResponse].
	Err error
}

// ItemError is an item of a write that failed.
type ItemError struct {
	Index  int    // in the request, from 0
	ID     string // of the item
	Status Status // why it failed
}

// Error says what was called, what came back, and what to do about it.
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
		if i == 10 { // Failed has them all
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
		b.WriteString("; narrow the search, or ask for a larger window")
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

// Timeout reports whether the call failed because something took too long: an
// attempt longer than [WithTimeout] allows, or the call longer than its context.
func (e *Error) Timeout() bool {
	var timeout interface{ Timeout() bool }
	return errors.As(e.Err, &timeout) && timeout.Timeout()
}

// Is answers to the package's sentinel errors, by HTTP status and by API code.
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

// windowDetails is how the API refuses to page further; it has no code for that.
var windowDetails = regexp.MustCompile(`page \* perPage cannot exceed(?: (\d{1,18})\b)?`)

// resultWindow reports whether the API refused to page further, and the size of
// the window where it says it.
func (e *Error) resultWindow() (size int64, past bool) {
	match := windowDetails.FindStringSubmatch(e.Status.Details)
	if match == nil {
		return 0, false
	}
	size, _ = strconv.ParseInt(match[1], 10, 64)
	return size, true
}

// ArgumentError is an argument that was rejected before anything was sent.
type ArgumentError struct {
	Argument string // what it is called in the API or in this package
	Value    any    // what it was; nil for a secret
	Reason   string // what it may be, or what is wrong with it
	kind     error
}

// Error names the argument, its value, and its bounds.
func (e *ArgumentError) Error() string {
	text := prefix + cut(e.Argument, readableLength)
	if value, ok := e.Value.(string); ok {
		text += fmt.Sprintf(" %q", cut(value, readableLength))
	} else if e.Value != nil {
		text += " " + cut(fmt.Sprint(e.Value), readableLength)
	}
	return text + ": " + cut(e.Reason, readableLength)
}

// Is answers to ErrInvalidArgument, and to ErrInvalidPage for page and per_page.
func (e *ArgumentError) Is(target error) bool {
	return target == ErrInvalidArgument || e.kind != nil && target == e.kind
}

// jsonPath writes a JSON pointer as Go and the API's errors would: all of
// inputs[0].data.metadata["a key"], if it is short.
func jsonPath(pointer jsontext.Pointer) string {
	var path strings.Builder
	for name := range pointer.Tokens() {
		switch {
		case path.Len() > 256 || len(name) > 64: // never a part of a name, which may be the token
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

// PageError is what an iterator yields. It says which page failed: all results of
// the pages before it have been delivered and, if CanResume reports true, none of
// that page.
type PageError struct {
	Page    int // which page failed
	PerPage int // the page size that it counts in, which Limit may have chosen
	Err     error
}

// Error says which page failed, and why.
func (e *PageError) Error() string {
	if errors.Is(e.Err, ErrInvalidArgument) {
		return e.Err.Error() // the page is not to blame
	}
	return fmt.Sprintf(prefix+"page %d: %s", e.Page, bare(e.Err))
}

// Unwrap returns Err.
func (e *PageError) Unwrap() error { return e.Err }

// CanResume reports whether the iteration can be resumed without losing or repeating
// a result: from PageParams{Page: e.Page, PerPage: e.PerPage}, or with
// [Client.StreamInputsAll] from the ID of the last input received. It is false for
// [ErrInvalidArgument], as the request would be refused again, for
// [ErrResultWindow], before which results of that page may have been delivered, and
// for [ErrPageRepeated].
func (e *PageError) CanResume() bool {
	return !errors.Is(e.Err, ErrInvalidArgument) && !errors.Is(e.Err, ErrResultWindow) && !errors.Is(e.Err, ErrPageRepeated)
}

// joined is an error with its cause. errors.Is and errors.As find both.
type joined struct{ err, cause error }

func (e *joined) Error() string   { return prefix + bare(e.err) + ": " + bare(e.cause) }
func (e *joined) Unwrap() []error { return []error{e.err, e.cause} }

// bare returns the text of an error without the prefix, for use within another one.
func bare(err error) string { return strings.ReplaceAll(err.Error(), prefix, "") }

// redactor takes the token out of a text. The token itself is in closures only,
// where no print of a struct can show it.
type redactor func(string) string

// newRedactor replaces the token, also where it is quoted or escaped as JSON, JSON
// pointers, Go, URLs and HTML do it. A token of a few letters is one that a test
// made up, and would be found within words.
func newRedactor(token string) redactor {
	if len(token) < 6 {
		return func(s string) string { return s }
	}
	quoted, _ := json.Marshal(token, asEncodingJSON)
	asJSON, asGo := string(quoted), strconv.Quote(token)
	forms := []string{
		token,
		asJSON[1 : len(asJSON)-1],
		strings.ReplaceAll(asJSON[1:len(asJSON)-1], "/", `\/`),
		string(jsontext.Pointer("").AppendToken(token))[1:],
		asGo[1 : len(asGo)-1],
		url.QueryEscape(token),
		url.PathEscape(token),
		html.EscapeString(token),
	}
	var pairs []string
	for _, form := range forms {
		pairs = append(pairs, form, "[the token]")
	}
	replacer := strings.NewReplacer(pairs...)
	// JSON may also escape any letter, which then shows in the start of a body.
	escaped := sync.OnceValue(func() *regexp.Regexp {
		var letters strings.Builder
		for _, letter := range token {
			fmt.Fprintf(&letters, `(?:\\?%s|(?i:\\u%04x))`, regexp.QuoteMeta(string(letter)), letter)
		}
		return regexp.MustCompile(letters.String())
	})
	return func(s string) string {
		s = replacer.Replace(s)
		if plain := asciiEscape.ReplaceAllStringFunc(s, unescape); replacer.Replace(plain) != plain {
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

// error returns an error whose text has neither the token nor the megabytes that it
// may quote from a response. errors.Is finds all that it wraps, and errors.As what
// does not show the token.
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

// shortened has what it stands for in closures, as the token may be in it.
type shortened struct {
	text string
	is   func(error) bool
	as   func(any) bool
}

func (e *shortened) Error() string        { return e.text }
func (e *shortened) Is(target error) bool { return e.is(target) }
func (e *shortened) As(target any) bool   { return e.as(target) }

// shows reports whether the text of an error, or of one that it wraps, has the token.
func (redact redactor) shows(err error) bool {
	return redact(err.Error()) != err.Error() || slices.ContainsFunc(unwrap(err), redact.shows)
}

// as is errors.As for the errors in the tree of err that do not show the token.
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

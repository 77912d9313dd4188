package clarifai

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// The errors that a call can be asked about with [errors.Is]. An [*Error] answers
// to each that fits its HTTP status, its API status code or its cause, so more
// than one may hold: a 404 with an HTML page for a body is both ErrNotFound and
// ErrInvalidResponse.
var (
	// ErrInvalidArgument: an argument was rejected before anything was sent.
	// [errors.As] with an [*ArgumentError] tells which, and what it may be.
	ErrInvalidArgument = errors.New("invalid argument")

	// ErrInvalidPage: page or per_page was rejected before anything was sent. It
	// is also an ErrInvalidArgument.
	ErrInvalidPage = errors.New("invalid page")

	// ErrUnauthorized: the token is missing, wrong or revoked.
	ErrUnauthorized = errors.New("unauthorized")

	// ErrForbidden: the token is valid, but may not do this.
	ErrForbidden = errors.New("forbidden")

	// ErrNotFound: no such user, app, input, search or path.
	ErrNotFound = errors.New("not found")

	// ErrRateLimited: too many requests per second, hour or month. A read has been
	// sent again as often as [RetryPolicy] allows.
	ErrRateLimited = errors.New("rate limited")

	// ErrResultWindow: the account's limit on page × per_page, past which a search
	// gives no results.
	ErrResultWindow = errors.New("past the result window")

	// ErrPageRepeated: a page held the very results of the page before it, so the
	// server takes no notice of the page number, and the iteration would never end.
	ErrPageRepeated = errors.New("clarifai: page repeated: the server gave the results of the page before once more, so it takes no notice of the page number")

	// ErrPartialFailure: some items of a write failed. The items come back all the
	// same, and Error.Failed lists those that failed.
	ErrPartialFailure = errors.New("partial failure")

	// ErrInvalidResponse: the response is not one of the API's: no JSON, not an
	// object, without a status, with a field of the wrong type, or lost before its
	// end.
	ErrInvalidResponse = errors.New("invalid response")

	// ErrResponseTooLarge: the response is larger than [WithMaxResponseSize]
	// allows, once decompressed. It is also an ErrInvalidResponse.
	ErrResponseTooLarge = errors.New("response too large")
)

// kinds tells which sentinel answers to which HTTP status and API codes, and
// what the reader of such an error can do.
var kinds = []struct {
	err        error
	httpStatus int
	codes      []StatusCode
	advice     string
}{
	{ErrUnauthorized, http.StatusUnauthorized, []StatusCode{
		StatusConnTokenInvalid, StatusConnCredentialsInvalid, StatusConnKeyInvalid, StatusConnKeyNotFound,
	}, "check the token"},
	{ErrForbidden, http.StatusForbidden, []StatusCode{
		StatusConnInsufficientScopes, StatusInputPermissionDenied, StatusInputVideoPermissionDenied, StatusAnnotationPermissionDenied,
	}, "check the scopes of the token and the owner of the app"},
	{ErrNotFound, http.StatusNotFound, []StatusCode{
		StatusConnDoesNotExist, StatusInputDoesNotExist, StatusInputVideoDoesNotExist,
	}, "check the IDs, and the user and app that they belong to"},
	{ErrRateLimited, http.StatusTooManyRequests, []StatusCode{
		StatusConnExceedHourlyLimit, StatusConnExceedMonthlyLimit, StatusConnThrottled, StatusConnExceedsLimits,
	}, "send less often, with WithRateLimit, or ask for a higher limit"},
	{ErrPartialFailure, 0, []StatusCode{StatusMixedStatus}, "see the status of each item"},
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
	fmt.Fprintf(&b, "clarifai: %s %s", e.Method, e.Path)
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
		fmt.Fprintf(&b, "; item %d %q: %v", item.Index, item.ID, item.Status)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	if e.Body != "" {
		fmt.Fprintf(&b, ": the body starts with %q", e.Body)
	}
	if _, past := e.resultWindow(); past {
		b.WriteString("; narrow the search, or ask for a larger window")
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

// Is answers to the package's sentinel errors, by HTTP status and by API code.
func (e *Error) Is(target error) bool {
	for _, kind := range kinds {
		if target != kind.err {
			continue
		}
		if e.HTTPStatus != 0 && e.HTTPStatus == kind.httpStatus {
			return true
		}
		for _, code := range kind.codes {
			if e.Status.Code == code {
				return true
			}
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
	if e.Value == nil {
		return fmt.Sprintf("clarifai: %s: %s", e.Argument, e.Reason)
	}
	format := "clarifai: %s %v: %s"
	if _, ok := e.Value.(string); ok {
		format = "clarifai: %s %q: %s"
	}
	return fmt.Sprintf(format, e.Argument, e.Value, e.Reason)
}

// Is answers to ErrInvalidArgument, and to ErrInvalidPage for page and per_page.
func (e *ArgumentError) Is(target error) bool {
	return target == ErrInvalidArgument || e.kind != nil && target == e.kind
}

// PageError is what an iterator yields: it tells which page failed. All results
// of the pages before it have been delivered and none of that page, so a script
// can go on from there, with PageParams{Page: e.Page, PerPage: e.PerPage}. There is
// no going on from [ErrResultWindow], before which results of that page may have
// been delivered, nor from [ErrInvalidArgument].
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
	return fmt.Sprintf("page %d: %v", e.Page, e.Err)
}

// Unwrap returns Err.
func (e *PageError) Unwrap() error { return e.Err }

// Status is what the API says about a request or about one resource.
type Status struct {
	Code             StatusCode `json:"code,omitempty"`
	Description      string     `json:"description,omitempty"`       // in short
	Details          string     `json:"details,omitempty"`           // for anyone
	PercentCompleted uint32     `json:"percent_completed,omitempty"` // of a long job
	TimeRemaining    uint32     `json:"time_remaining,omitempty"`    // of a long job, in seconds
	ReqID            string     `json:"req_id,omitempty"`            // quote it to the API's support
	DeveloperNotes   string     `json:"developer_notes,omitempty"`   // for developers

	// CodeName is the name that came for a code, where this package does not know
	// it; Code is 0 then.
	CodeName string `json:"-"`
}

// String gives the code, the description and the details, with the request ID.
func (s Status) String() string {
	var parts []string
	switch {
	case s.CodeName != "":
		parts = append(parts, cut(s.CodeName, readableLength))
	case s.Code != 0:
		part := strconv.Itoa(int(s.Code))
		if name, ok := statusCodeNames[s.Code]; ok {
			part += " " + name
		}
		parts = append(parts, part)
	}
	for _, text := range []string{s.Description, s.Details, s.DeveloperNotes} {
		if text != "" {
			parts = append(parts, cut(text, readableLength))
		}
	}
	text := strings.Join(parts, ": ")
	if s.ReqID != "" {
		text += fmt.Sprintf(" (request ID %s)", cut(s.ReqID, readableLength))
	}
	return strings.TrimSpace(text)
}

// readableLength is how much of a text that a server made an error shows.
const readableLength = 1024

// cut shortens a text.
func cut(text string, length int) string {
	if len(text) <= length {
		return text
	}
	return strings.ToValidUTF8(text[:length], "") + "…"
}

// UnmarshalJSON reads a status whose code is a number or a name.
func (s *Status) UnmarshalJSON(b []byte) error { return unmarshal(b, s) }

// setCode reads a code, and keeps a name that this package does not know.
func (s *Status) setCode(b []byte) error {
	s.CodeName = ""
	if err := s.Code.UnmarshalJSON(b); err != nil {
		return err
	}
	var name string
	if s.Code == 0 && json.Unmarshal(b, &name) == nil && name != "0" {
		s.CodeName = name
	}
	return nil
}

// EncodeValues writes the number into a query, where String would give a name.
func (c StatusCode) EncodeValues(key string, v *url.Values) error {
	v.Set(key, strconv.Itoa(int(c)))
	return nil
}

// String gives the API's name of the code, and the number where this package
// does not know it.
func (c StatusCode) String() string {
	if name, ok := statusCodeNames[c]; ok {
		return name
	}
	return strconv.Itoa(int(c))
}

// UnmarshalJSON reads a number or a name; a name that this package does not know
// is read as 0.
func (c *StatusCode) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(c, b, statusCodesByName)
}

// unmarshalEnum reads one of the API's enumerations: a number, a number in
// quotes, or a name, which is 0 when it is not known here, as the API may learn
// names before this package does.
func unmarshalEnum[E ~int32](e *E, b []byte, names map[string]E) error {
	if n, err := strconv.ParseInt(string(b), 10, 32); err == nil {
		*e = E(n)
		return nil
	}
	var name string
	if json.Unmarshal(b, &name) != nil {
		var number int32
		err := json.Unmarshal(b, &number)
		*e = E(number)
		return err
	}
	if n, err := strconv.ParseInt(name, 10, 32); err == nil {
		*e = E(n)
	} else {
		*e = names[name]
	}
	return nil
}

// StatusCode is a code of the API: of a response, or of a resource such as an
// input. Any number can be held; those of requests, credentials, concepts,
// annotations, inputs and searches have names here.
type StatusCode int32

// The status codes, by family. A code keeps the API's name, which String gives.
const (
	// Generic.
	StatusSuccess        StatusCode = 10000
	StatusMixedStatus    StatusCode = 10010
	StatusFailure        StatusCode = 10020
	StatusTryAgain       StatusCode = 10030
	StatusNotImplemented StatusCode = 10040
	StatusMoved          StatusCode = 10050
	StatusTeapot         StatusCode = 10060
	StatusAccepted       StatusCode = 10070

	// Connection.
	StatusConnAccountIssues      StatusCode = 11000
	StatusConnTokenInvalid       StatusCode = 11001
	StatusConnCredentialsInvalid StatusCode = 11002
	StatusConnExceedHourlyLimit  StatusCode = 11003
	StatusConnExceedMonthlyLimit StatusCode = 11004
	StatusConnThrottled          StatusCode = 11005
	StatusConnExceedsLimits      StatusCode = 11006
	StatusConnInsufficientScopes StatusCode = 11007
	StatusConnKeyInvalid         StatusCode = 11008
	StatusConnKeyNotFound        StatusCode = 11009
	StatusConnBadRequestFormat   StatusCode = 11100
	StatusConnDoesNotExist       StatusCode = 11101
	StatusConnInvalidRequest     StatusCode = 11102
	StatusConnMethodNotAllowed   StatusCode = 11103
	StatusConnNoGDPRConsent      StatusCode = 11104
	StatusConnInvalidRange       StatusCode = 11105
	StatusConnAuthMethodDisabled StatusCode = 11200
	StatusConnUncategorized      StatusCode = 99001

	// Concept.
	StatusConceptModifySuccess   StatusCode = 23150
	StatusConceptModifyPending   StatusCode = 23151
	StatusConceptModifyFailed    StatusCode = 23152
	StatusConceptsInvalidRequest StatusCode = 40003

	// Annotation.
	StatusAnnotationSuccess                 StatusCode = 24150
	StatusAnnotationPending                 StatusCode = 24151
	StatusAnnotationFailed                  StatusCode = 24152
	StatusAnnotationUnknownStatus           StatusCode = 24154
	StatusAnnotationInvalidArgument         StatusCode = 24155
	StatusAnnotationPermissionDenied        StatusCode = 24156
	StatusAnnotationAwaitingReview          StatusCode = 24157
	StatusAnnotationAwaitingConsensusReview StatusCode = 24159
	StatusAnnotationReviewDenied            StatusCode = 24158
	StatusAnnotationModifySuccess           StatusCode = 24250
	StatusAnnotationModifyPending           StatusCode = 24251
	StatusAnnotationModifyFailed            StatusCode = 24252
	StatusAnnotationTrackIdle               StatusCode = 24300
	StatusAnnotationTrackInProgress         StatusCode = 24301
	StatusAnnotationTrackPending            StatusCode = 24302
	StatusAnnotationTrackApproved           StatusCode = 24303
	StatusAnnotationTrackFailed             StatusCode = 24304
	StatusAnnotationUncategorized           StatusCode = 99004

	// Input.
	StatusInputSuccess                      StatusCode = 30000
	StatusInputPending                      StatusCode = 30001
	StatusInputFailed                       StatusCode = 30002
	StatusInputInProgress                   StatusCode = 30003
	StatusInputStatusUpdateFailed           StatusCode = 30004
	StatusInputDeleteFailed                 StatusCode = 30005
	StatusInputDuplicate                    StatusCode = 30100
	StatusInputUnsupportedFormat            StatusCode = 30101
	StatusInputDoesNotExist                 StatusCode = 30102
	StatusInputPermissionDenied             StatusCode = 30103
	StatusInputInvalidArgument              StatusCode = 30104
	StatusInputOverLimit                    StatusCode = 30105
	StatusInputInvalidURL                   StatusCode = 30106
	StatusInputModifySuccess                StatusCode = 30200
	StatusInputModifyPending                StatusCode = 30201
	StatusInputModifyFailed                 StatusCode = 30203
	StatusInputStorageHostFailed            StatusCode = 30210
	StatusAllInputInvalidBytes              StatusCode = 30300
	StatusInputClusterSuccess               StatusCode = 30400
	StatusInputClusterPending               StatusCode = 30401
	StatusInputClusterFailed                StatusCode = 30402
	StatusInputClusterInProgress            StatusCode = 30403
	StatusInputReindexSuccess               StatusCode = 30500
	StatusInputReindexPending               StatusCode = 30501
	StatusInputReindexFailed                StatusCode = 30502
	StatusInputReindexInProgress            StatusCode = 30503
	StatusInputVideoDownloadSuccess         StatusCode = 31000
	StatusInputVideoDownloadPending         StatusCode = 31001
	StatusInputVideoDownloadFailed          StatusCode = 31002
	StatusInputVideoDuplicate               StatusCode = 31100
	StatusInputVideoUnsupportedFormat       StatusCode = 31101
	StatusInputVideoDoesNotExist            StatusCode = 31102
	StatusInputVideoPermissionDenied        StatusCode = 31103
	StatusInputVideoInvalidArgument         StatusCode = 31104
	StatusInputVideoOverLimit               StatusCode = 31105
	StatusInputVideoInvalidURL              StatusCode = 31106
	StatusInputVideoModifySuccess           StatusCode = 31200
	StatusInputVideoModifyPending           StatusCode = 31201
	StatusInputVideoModifyFailed            StatusCode = 31203
	StatusInputVideoStorageHostFailed       StatusCode = 31210
	StatusAllInputVideosInvalidBytes        StatusCode = 31300
	StatusInputVideoProcessingSuccess       StatusCode = 31400
	StatusInputVideoProcessingPending       StatusCode = 31410
	StatusInputVideoProcessingFailed        StatusCode = 31420
	StatusInputVideoStorageInconsistency    StatusCode = 31430
	StatusInputVideoStorageFailure          StatusCode = 31440
	StatusInputVideoURLGenerationFailure    StatusCode = 31450
	StatusInputConnectionFailed             StatusCode = 39996
	StatusRequestDisabledForMaintenance     StatusCode = 39997
	StatusInputWritesDisabledForMaintenance StatusCode = 39998
	StatusInputInvalidRequest               StatusCode = 39999
	StatusInputUncategorized                StatusCode = 99003

	// Search.
	StatusSearchInvalidRequest         StatusCode = 40002
	StatusSearchInternalFailure        StatusCode = 43001
	StatusSearchProjectionFailure      StatusCode = 43002
	StatusSearchPredictionFailure      StatusCode = 43003
	StatusSearchByNotFullyIndexedInput StatusCode = 43004
	StatusSavedSearchModifyFailed      StatusCode = 43005
	StatusSearchCountsUnavailable      StatusCode = 43006
)

var statusCodeNames = map[StatusCode]string{
	StatusSuccess:                           "SUCCESS",
	StatusMixedStatus:                       "MIXED_STATUS",
	StatusFailure:                           "FAILURE",
	StatusTryAgain:                          "TRY_AGAIN",
	StatusNotImplemented:                    "NOT_IMPLEMENTED",
	StatusMoved:                             "MOVED",
	StatusTeapot:                            "TEAPOT",
	StatusAccepted:                          "ACCEPTED",
	StatusConnAccountIssues:                 "CONN_ACCOUNT_ISSUES",
	StatusConnTokenInvalid:                  "CONN_TOKEN_INVALID",
	StatusConnCredentialsInvalid:            "CONN_CREDENTIALS_INVALID",
	StatusConnExceedHourlyLimit:             "CONN_EXCEED_HOURLY_LIMIT",
	StatusConnExceedMonthlyLimit:            "CONN_EXCEED_MONTHLY_LIMIT",
	StatusConnThrottled:                     "CONN_THROTTLED",
	StatusConnExceedsLimits:                 "CONN_EXCEEDS_LIMITS",
	StatusConnInsufficientScopes:            "CONN_INSUFFICIENT_SCOPES",
	StatusConnKeyInvalid:                    "CONN_KEY_INVALID",
	StatusConnKeyNotFound:                   "CONN_KEY_NOT_FOUND",
	StatusConnBadRequestFormat:              "CONN_BAD_REQUEST_FORMAT",
	StatusConnDoesNotExist:                  "CONN_DOES_NOT_EXIST",
	StatusConnInvalidRequest:                "CONN_INVALID_REQUEST",
	StatusConnMethodNotAllowed:              "CONN_METHOD_NOT_ALLOWED",
	StatusConnNoGDPRConsent:                 "CONN_NO_GDPR_CONSENT",
	StatusConnInvalidRange:                  "CONN_INVALID_RANGE",
	StatusConnAuthMethodDisabled:            "CONN_AUTH_METHOD_DISABLED",
	StatusConnUncategorized:                 "CONN_UNCATEGORIZED",
	StatusConceptModifySuccess:              "CONCEPT_MODIFY_SUCCESS",
	StatusConceptModifyPending:              "CONCEPT_MODIFY_PENDING",
	StatusConceptModifyFailed:               "CONCEPT_MODIFY_FAILED",
	StatusConceptsInvalidRequest:            "CONCEPTS_INVALID_REQUEST",
	StatusAnnotationSuccess:                 "ANNOTATION_SUCCESS",
	StatusAnnotationPending:                 "ANNOTATION_PENDING",
	StatusAnnotationFailed:                  "ANNOTATION_FAILED",
	StatusAnnotationUnknownStatus:           "ANNOTATION_UNKNOWN_STATUS",
	StatusAnnotationInvalidArgument:         "ANNOTATION_INVALID_ARGUMENT",
	StatusAnnotationPermissionDenied:        "ANNOTATION_PERMISSION_DENIED",
	StatusAnnotationAwaitingReview:          "ANNOTATION_AWAITING_REVIEW",
	StatusAnnotationAwaitingConsensusReview: "ANNOTATION_AWAITING_CONSENSUS_REVIEW",
	StatusAnnotationReviewDenied:            "ANNOTATION_REVIEW_DENIED",
	StatusAnnotationModifySuccess:           "ANNOTATION_MODIFY_SUCCESS",
	StatusAnnotationModifyPending:           "ANNOTATION_MODIFY_PENDING",
	StatusAnnotationModifyFailed:            "ANNOTATION_MODIFY_FAILED",
	StatusAnnotationTrackIdle:               "ANNOTATION_TRACK_IDLE",
	StatusAnnotationTrackInProgress:         "ANNOTATION_TRACK_IN_PROGRESS",
	StatusAnnotationTrackPending:            "ANNOTATION_TRACK_PENDING",
	StatusAnnotationTrackApproved:           "ANNOTATION_TRACK_APPROVED",
	StatusAnnotationTrackFailed:             "ANNOTATION_TRACK_FAILED",
	StatusAnnotationUncategorized:           "ANNOTATION_UNCATEGORIZED",
	StatusInputSuccess:                      "INPUT_SUCCESS",
	StatusInputPending:                      "INPUT_PENDING",
	StatusInputFailed:                       "INPUT_FAILED",
	StatusInputInProgress:                   "INPUT_IN_PROGRESS",
	StatusInputStatusUpdateFailed:           "INPUT_STATUS_UPDATE_FAILED",
	StatusInputDeleteFailed:                 "INPUT_DELETE_FAILED",
	StatusInputDuplicate:                    "INPUT_DUPLICATE",
	StatusInputUnsupportedFormat:            "INPUT_UNSUPPORTED_FORMAT",
	StatusInputDoesNotExist:                 "INPUT_DOES_NOT_EXIST",
	StatusInputPermissionDenied:             "INPUT_PERMISSION_DENIED",
	StatusInputInvalidArgument:              "INPUT_INVALID_ARGUMENT",
	StatusInputOverLimit:                    "INPUT_OVER_LIMIT",
	StatusInputInvalidURL:                   "INPUT_INVALID_URL",
	StatusInputModifySuccess:                "INPUT_MODIFY_SUCCESS",
	StatusInputModifyPending:                "INPUT_MODIFY_PENDING",
	StatusInputModifyFailed:                 "INPUT_MODIFY_FAILED",
	StatusInputStorageHostFailed:            "INPUT_STORAGE_HOST_FAILED",
	StatusAllInputInvalidBytes:              "ALL_INPUT_INVALID_BYTES",
	StatusInputClusterSuccess:               "INPUT_CLUSTER_SUCCESS",
	StatusInputClusterPending:               "INPUT_CLUSTER_PENDING",
	StatusInputClusterFailed:                "INPUT_CLUSTER_FAILED",
	StatusInputClusterInProgress:            "INPUT_CLUSTER_IN_PROGRESS",
	StatusInputReindexSuccess:               "INPUT_REINDEX_SUCCESS",
	StatusInputReindexPending:               "INPUT_REINDEX_PENDING",
	StatusInputReindexFailed:                "INPUT_REINDEX_FAILED",
	StatusInputReindexInProgress:            "INPUT_REINDEX_IN_PROGRESS",
	StatusInputVideoDownloadSuccess:         "INPUT_VIDEO_DOWNLOAD_SUCCESS",
	StatusInputVideoDownloadPending:         "INPUT_VIDEO_DOWNLOAD_PENDING",
	StatusInputVideoDownloadFailed:          "INPUT_VIDEO_DOWNLOAD_FAILED",
	StatusInputVideoDuplicate:               "INPUT_VIDEO_DUPLICATE",
	StatusInputVideoUnsupportedFormat:       "INPUT_VIDEO_UNSUPPORTED_FORMAT",
	StatusInputVideoDoesNotExist:            "INPUT_VIDEO_DOES_NOT_EXIST",
	StatusInputVideoPermissionDenied:        "INPUT_VIDEO_PERMISSION_DENIED",
	StatusInputVideoInvalidArgument:         "INPUT_VIDEO_INVALID_ARGUMENT",
	StatusInputVideoOverLimit:               "INPUT_VIDEO_OVER_LIMIT",
	StatusInputVideoInvalidURL:              "INPUT_VIDEO_INVALID_URL",
	StatusInputVideoModifySuccess:           "INPUT_VIDEO_MODIFY_SUCCESS",
	StatusInputVideoModifyPending:           "INPUT_VIDEO_MODIFY_PENDING",
	StatusInputVideoModifyFailed:            "INPUT_VIDEO_MODIFY_FAILED",
	StatusInputVideoStorageHostFailed:       "INPUT_VIDEO_STORAGE_HOST_FAILED",
	StatusAllInputVideosInvalidBytes:        "ALL_INPUT_VIDEOS_INVALID_BYTES",
	StatusInputVideoProcessingSuccess:       "INPUT_VIDEO_PROCESSING_SUCCESS",
	StatusInputVideoProcessingPending:       "INPUT_VIDEO_PROCESSING_PENDING",
	StatusInputVideoProcessingFailed:        "INPUT_VIDEO_PROCESSING_FAILED",
	StatusInputVideoStorageInconsistency:    "INPUT_VIDEO_STORAGE_INCONSISTENCY",
	StatusInputVideoStorageFailure:          "INPUT_VIDEO_STORAGE_FAILURE",
	StatusInputVideoURLGenerationFailure:    "INPUT_VIDEO_URL_GENERATION_FAILURE",
	StatusInputConnectionFailed:             "INPUT_CONNECTION_FAILED",
	StatusRequestDisabledForMaintenance:     "REQUEST_DISABLED_FOR_MAINTENANCE",
	StatusInputWritesDisabledForMaintenance: "INPUT_WRITES_DISABLED_FOR_MAINTENANCE",
	StatusInputInvalidRequest:               "INPUT_INVALID_REQUEST",
	StatusInputUncategorized:                "INPUT_UNCATEGORIZED",
	StatusSearchInvalidRequest:              "SEARCH_INVALID_REQUEST",
	StatusSearchInternalFailure:             "SEARCH_INTERNAL_FAILURE",
	StatusSearchProjectionFailure:           "SEARCH_PROJECTION_FAILURE",
	StatusSearchPredictionFailure:           "SEARCH_PREDICTION_FAILURE",
	StatusSearchByNotFullyIndexedInput:      "SEARCH_BY_NOT_FULLY_INDEXED_INPUT",
	StatusSavedSearchModifyFailed:           "SAVED_SEARCH_MODIFY_FAILED",
	StatusSearchCountsUnavailable:           "SEARCH_COUNTS_UNAVAILABLE",
}

// statusCodesByName reads the names back, those that the API has renamed too.
var statusCodesByName = func() map[string]StatusCode {
	codes := map[string]StatusCode{
		"INPUT_DOWNLOAD_SUCCESS":     StatusInputSuccess,
		"INPUT_DOWNLOAD_PENDING":     StatusInputPending,
		"INPUT_DOWNLOAD_FAILED":      StatusInputFailed,
		"INPUT_DOWNLOAD_IN_PROGRESS": StatusInputInProgress,
	}
	for code, name := range statusCodeNames {
		codes[name] = code
	}
	return codes
}()

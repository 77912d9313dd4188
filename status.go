package clarifai

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

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
func (s *Status) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, s, asEncodingJSON)
}

// UnmarshalJSONFrom is UnmarshalJSON for encoding/json/v2.
func (s *Status) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return json.UnmarshalDecode(d, &statusWithName{(*StatusFields)(s), (*codeOrName)(s)})
}

// statusWithName reads a status, and the name that may come for its code.
type statusWithName struct {
	*StatusFields
	Code *codeOrName `json:"code"` // in place of that of StatusFields
}

type (
	StatusFields Status // without the methods
	codeOrName   Status
)

func (s *codeOrName) UnmarshalJSON(b []byte) error {
	s.CodeName = ""
	if err := s.Code.UnmarshalJSON(b); err != nil {
		return err
	}
	var name string
	if s.Code == 0 && json.Unmarshal(b, &name, asEncodingJSON) == nil && name != "0" {
		s.CodeName = name
	}
	return nil
}

// asEncodingJSON has the JSON library follow the rules of encoding/json.
var asEncodingJSON = json.JoinOptions(jsonv1.DefaultOptionsV1(), jsonv1.ReportErrorsWithLegacySemantics(false))

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
	if json.Unmarshal(b, &name, asEncodingJSON) != nil {
		var number int32
		err := json.Unmarshal(b, &number, asEncodingJSON)
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

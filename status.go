package clarifai

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// Status is the API's status of a request or a resource.
type Status struct {
	Code             StatusCode `json:"code,omitzero"`
	Description      string     `json:"description,omitzero"`       // short description
	Details          string     `json:"details,omitzero"`           // details for end users
	PercentCompleted uint32     `json:"percent_completed,omitzero"` // progress of a long-running job
	TimeRemaining    uint32     `json:"time_remaining,omitzero"`    // estimated time left of a long-running job, in seconds
	ReqID            string     `json:"req_id,omitzero"`            // ID of the request; include it when contacting support
	DeveloperNotes   string     `json:"developer_notes,omitzero"`   // notes for developers

	// If the code in the response is a name that this package does not know,
	// CodeName is that name and Code is 0.
	CodeName string `json:"-"`
}

// String returns the code, the descriptive texts and the request ID.
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

// readableLength is the maximum length, in bytes, of each server-supplied text in
// an error.
const readableLength = 1024

// cut returns text truncated to at most length bytes, followed by an ellipsis if it
// was longer.
func cut(text string, length int) string {
	if len(text) <= length {
		return text
	}
	return strings.ToValidUTF8(text[:length], "") + "…"
}

// name returns the API's name for the code, or "" if the code or its name is
// unknown.
func (s Status) name() string {
	if s.CodeName != "" || s.Code == 0 {
		return s.CodeName
	}
	return statusCodeNames[s.Code]
}

// failed reports whether an item with this status failed. The API has codes for each
// type of resource and keeps adding more. For this reason, the method examines the end
// of the code's name. The item failed if the name does not indicate success or
// progress, or if the code has no name.
func (s Status) failed() bool {
	if s.Code == 0 && s.CodeName == "" {
		return false
	}
	name := s.name()
	return !accepted.MatchString(name) || strings.Contains(name, "_NOT_") || strings.HasSuffix(name, "MISSING")
}

var accepted = regexp.MustCompile(`(^|_)(SUCCESS|ACCEPTED|APPROVED|ACTIVE|READY|IDLE|DONE|COMPLETED?|(UN)?TRAINED|EVALUATED|EXPORTED|DEPLOYED` +
	`|PENDING|QUEUED|IN_PROGRESS|[A-Z]+ING|(QUEUED_FOR|AWAITING)_[A-Z_]+)$`)

// UnmarshalJSON decodes a status whose code is a number or a name.
func (s *Status) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, s, asEncodingJSON)
}

// UnmarshalJSONFrom implements the UnmarshalerFrom interface of encoding/json/v2.
func (s *Status) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	read := statusWithName{statusFields: statusFields(*s)}
	read.Code = (*codeOrName)(&read.statusFields)
	err := json.UnmarshalDecode(d, &read)
	*s = Status(read.statusFields)
	return err
}

// MarshalJSON encodes the status. If CodeName is set, it is encoded as the code.
func (s Status) MarshalJSON() ([]byte, error) {
	fields := statusFields(s)
	if s.CodeName == "" {
		return json.Marshal(&fields, asEncodingJSON)
	}
	return json.Marshal(&statusWithName{fields, (*codeOrName)(&fields)}, asEncodingJSON)
}

// statusWithName is a status whose code is a number or a name.
type statusWithName struct {
	statusFields
	Code *codeOrName `json:"code"` // shadows the Code of statusFields
}

type (
	statusFields Status // omits the methods
	codeOrName   Status
)

func (s *codeOrName) UnmarshalJSON(b []byte) error {
	number, name, err := numberOrName(b)
	code, known := statusCodesByName[name]
	if known {
		number, name = int32(code), ""
	}
	s.Code, s.CodeName = StatusCode(number), name
	return err
}

func (s *codeOrName) MarshalJSON() ([]byte, error) { return json.Marshal(s.CodeName) }

// asEncodingJSON makes the JSON library follow the rules of encoding/json.
var asEncodingJSON = json.JoinOptions(jsonv1.DefaultOptionsV1(), jsonv1.ReportErrorsWithLegacySemantics(false))

// EncodeValues adds the code to a query as a number. Without it, the query encoder
// would call String, which returns a name.
func (c StatusCode) EncodeValues(key string, v *url.Values) error {
	v.Set(key, strconv.Itoa(int(c)))
	return nil
}

// String returns the API's name for the code, or the code in decimal if the name is
// unknown.
func (c StatusCode) String() string {
	if name, ok := statusCodeNames[c]; ok {
		return name
	}
	return strconv.Itoa(int(c))
}

// UnmarshalJSON decodes a number or a name. An unknown name is decoded as 0;
// [Status] keeps it in CodeName.
func (c *StatusCode) UnmarshalJSON(b []byte) error {
	number, name, err := numberOrName(b)
	*c = StatusCode(number)
	if name != "" {
		*c = statusCodesByName[name]
	}
	return err
}

// The API sends enumeration values as numbers and accepts both numbers and names.
// This package represents them as names, so that unknown values are preserved.

// unmarshalEnum decodes a number, a quoted number or a name. A number without a
// known name is kept in decimal.
func unmarshalEnum[E ~string](e *E, b []byte, numbers map[E]int32) error {
	number, name, err := numberOrName(b)
	*e = E(name)
	if number != 0 {
		*e = E(strconv.Itoa(int(number)))
	}
	for known, n := range numbers {
		if number == n {
			*e = known
		}
	}
	return err
}

// marshalEnum encodes e as its number, or as its name if the number is unknown.
func marshalEnum[E ~string](e E, numbers map[E]int32) ([]byte, error) {
	text := enumText(e, numbers)
	if _, err := strconv.ParseInt(text, 10, 32); err == nil {
		return []byte(text), nil
	}
	return json.Marshal(text)
}

// enumText returns the number of e in decimal, or e itself if the number is unknown.
func enumText[E ~string](e E, numbers map[E]int32) string {
	if number, ok := numbers[e]; ok {
		return strconv.Itoa(int(number))
	}
	return string(e)
}

// numberOrName decodes an enumeration value.
func numberOrName(b []byte) (number int32, name string, err error) {
	if n, err := strconv.ParseInt(string(b), 10, 32); err == nil {
		return int32(n), "", nil
	}
	if json.Unmarshal(b, &name, asEncodingJSON) != nil {
		err = json.Unmarshal(b, &number, asEncodingJSON)
		return number, "", err
	}
	if n, err := strconv.ParseInt(name, 10, 32); err == nil {
		return int32(n), "", nil
	}
	return 0, name, nil
}

// StatusCode is the API's status code of a response or of a resource, such as an
// input. Codes without a constant are valid too.
type StatusCode int32

// The status codes of requests and of the resources in this package. String also
// returns the API's name for codes that have no constant.
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

	// Model.
	StatusModelTrained                              StatusCode = 21100
	StatusModelTraining                             StatusCode = 21101
	StatusModelUntrained                            StatusCode = 21102
	StatusModelQueuedForTraining                    StatusCode = 21103
	StatusModelUploading                            StatusCode = 21104
	StatusModelUploadingFailed                      StatusCode = 21105
	StatusModelTrainingFailed                       StatusCode = 21106
	StatusModelBuilding                             StatusCode = 21107
	StatusModelBuildingFailed                       StatusCode = 21108
	StatusModelBuildUnexpectedError                 StatusCode = 21109
	StatusModelTrainingNoData                       StatusCode = 21110
	StatusModelTrainingNoPositives                  StatusCode = 21111
	StatusModelTrainingOneVsNSingleClass            StatusCode = 21112
	StatusModelTrainingTimedOut                     StatusCode = 21113
	StatusModelTrainingWaitingError                 StatusCode = 21114
	StatusModelTrainingUnknownError                 StatusCode = 21115
	StatusModelTrainingMsgRedeliver                 StatusCode = 21116
	StatusModelTrainingInsufficientData             StatusCode = 21117
	StatusModelTrainingInvalidParams                StatusCode = 21118
	StatusModelTrainingInvalidDataToleranceExceeded StatusCode = 21119
	StatusModelModifySuccess                        StatusCode = 21150
	StatusModelModifyPending                        StatusCode = 21151
	StatusModelModifyFailed                         StatusCode = 21152
	StatusModelDoesNotExist                         StatusCode = 21200
	StatusModelPermissionDenied                     StatusCode = 21201
	StatusModelInvalidArgument                      StatusCode = 21202
	StatusModelInvalidRequest                       StatusCode = 21203
	StatusModelEvaluated                            StatusCode = 21300
	StatusModelEvaluating                           StatusCode = 21301
	StatusModelNotEvaluated                         StatusCode = 21302
	StatusModelQueuedForEvaluation                  StatusCode = 21303
	StatusModelEvaluationTimedOut                   StatusCode = 21310
	StatusModelEvaluationWaitingError               StatusCode = 21311
	StatusModelEvaluationUnknownError               StatusCode = 21312
	StatusModelPredictionFailed                     StatusCode = 21313
	StatusModelEvaluationMsgRedeliver               StatusCode = 21314
	StatusModelEvaluationNeedLabels                 StatusCode = 21315
	StatusModelEvaluationNeedInputs                 StatusCode = 21316
	StatusModelEvaluationFailed                     StatusCode = 21317
	StatusModelDeploymentFailed                     StatusCode = 21350
	StatusModelDeploying                            StatusCode = 21351
	StatusModelQueuedForDeployment                  StatusCode = 21352
	StatusModelNotDeployed                          StatusCode = 21353
	StatusModelBusyPleaseRetry                      StatusCode = 21354
	StatusModelLoading                              StatusCode = 21355
	StatusModelReferenceInvalidArgument             StatusCode = 21400
	StatusModelExampleInputInvalidArgument          StatusCode = 21420
	StatusModelExported                             StatusCode = 21500
	StatusModelExporting                            StatusCode = 21501
	StatusModelExportingFailed                      StatusCode = 21502
	StatusModelExportPending                        StatusCode = 21503
	StatusModelUncategorized                        StatusCode = 99002

	// Workflow.
	StatusWorkflowNoMatchingInput     StatusCode = 22001
	StatusWorkflowRequireTrainedModel StatusCode = 22002
	StatusWorkflowDuplicate           StatusCode = 22100
	StatusWorkflowUnsupportedFormat   StatusCode = 22101
	StatusWorkflowDoesNotExist        StatusCode = 22102
	StatusWorkflowPermissionDenied    StatusCode = 22103
	StatusWorkflowInvalidArgument     StatusCode = 22104
	StatusWorkflowInvalidRecipe       StatusCode = 22105
	StatusWorkflowInvalidTemplate     StatusCode = 22106
	StatusWorkflowInvalidGraph        StatusCode = 22107
	StatusWorkflowInternalFailure     StatusCode = 22108
	StatusWorkflowModifySuccess       StatusCode = 22150
	StatusWorkflowModifyPending       StatusCode = 22151
	StatusWorkflowModifyFailed        StatusCode = 22152
	StatusWorkflowReindexFailed       StatusCode = 22153
	StatusWorkflowInvalidRequest      StatusCode = 22999

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

	// Dataset.
	StatusDatasetVersionPending               StatusCode = 64005
	StatusDatasetVersionInProgress            StatusCode = 64010
	StatusDatasetVersionReady                 StatusCode = 64015
	StatusDatasetVersionFailure               StatusCode = 64020
	StatusDatasetVersionUnexpectedError       StatusCode = 64025
	StatusDatasetVersionConflict              StatusCode = 64030
	StatusDatasetInputSuccess                 StatusCode = 64100
	StatusDatasetInputDuplicate               StatusCode = 64101
	StatusDatasetVersionExportSuccess         StatusCode = 64200
	StatusDatasetVersionExportPending         StatusCode = 64201
	StatusDatasetVersionExportFailed          StatusCode = 64202
	StatusDatasetVersionExportInProgress      StatusCode = 64203
	StatusDatasetVersionExportUnexpectedError StatusCode = 64204
)

// statusCodeNames maps all status codes to their names in the API.
var statusCodeNames = map[StatusCode]string{
	0:     "ZERO",
	10000: "SUCCESS",
	10010: "MIXED_STATUS",
	10020: "FAILURE",
	10030: "TRY_AGAIN",
	10040: "NOT_IMPLEMENTED",
	10050: "MOVED",
	10060: "TEAPOT",
	10070: "ACCEPTED",
	11000: "CONN_ACCOUNT_ISSUES",
	11001: "CONN_TOKEN_INVALID",
	11002: "CONN_CREDENTIALS_INVALID",
	11003: "CONN_EXCEED_HOURLY_LIMIT",
	11004: "CONN_EXCEED_MONTHLY_LIMIT",
	11005: "CONN_THROTTLED",
	11006: "CONN_EXCEEDS_LIMITS",
	11007: "CONN_INSUFFICIENT_SCOPES",
	11008: "CONN_KEY_INVALID",
	11009: "CONN_KEY_NOT_FOUND",
	11100: "CONN_BAD_REQUEST_FORMAT",
	11101: "CONN_DOES_NOT_EXIST",
	11102: "CONN_INVALID_REQUEST",
	11103: "CONN_METHOD_NOT_ALLOWED",
	11104: "CONN_NO_GDPR_CONSENT",
	11105: "CONN_INVALID_RANGE",
	11200: "CONN_AUTH_METHOD_DISABLED",
	21100: "MODEL_TRAINED",
	21101: "MODEL_TRAINING",
	21102: "MODEL_UNTRAINED",
	21103: "MODEL_QUEUED_FOR_TRAINING",
	21104: "MODEL_UPLOADING",
	21105: "MODEL_UPLOADING_FAILED",
	21106: "MODEL_TRAINING_FAILED",
	21107: "MODEL_BUILDING",
	21108: "MODEL_BUILDING_FAILED",
	21109: "MODEL_BUILD_UNEXPECTED_ERROR",
	21110: "MODEL_TRAINING_NO_DATA",
	21111: "MODEL_TRAINING_NO_POSITIVES",
	21112: "MODEL_TRAINING_ONE_VS_N_SINGLE_CLASS",
	21113: "MODEL_TRAINING_TIMED_OUT",
	21114: "MODEL_TRAINING_WAITING_ERROR",
	21115: "MODEL_TRAINING_UNKNOWN_ERROR",
	21116: "MODEL_TRAINING_MSG_REDELIVER",
	21117: "MODEL_TRAINING_INSUFFICIENT_DATA",
	21118: "MODEL_TRAINING_INVALID_PARAMS",
	21119: "MODEL_TRAINING_INVALID_DATA_TOLERANCE_EXCEEDED",
	21150: "MODEL_MODIFY_SUCCESS",
	21151: "MODEL_MODIFY_PENDING",
	21152: "MODEL_MODIFY_FAILED",
	21200: "MODEL_DOES_NOT_EXIST",
	21201: "MODEL_PERMISSION_DENIED",
	21202: "MODEL_INVALID_ARGUMENT",
	21203: "MODEL_INVALID_REQUEST",
	21300: "MODEL_EVALUATED",
	21301: "MODEL_EVALUATING",
	21302: "MODEL_NOT_EVALUATED",
	21303: "MODEL_QUEUED_FOR_EVALUATION",
	21310: "MODEL_EVALUATION_TIMED_OUT",
	21311: "MODEL_EVALUATION_WAITING_ERROR",
	21312: "MODEL_EVALUATION_UNKNOWN_ERROR",
	21313: "MODEL_PREDICTION_FAILED",
	21314: "MODEL_EVALUATION_MSG_REDELIVER",
	21315: "MODEL_EVALUATION_NEED_LABELS",
	21316: "MODEL_EVALUATION_NEED_INPUTS",
	21317: "MODEL_EVALUATION_FAILED",
	21350: "MODEL_DEPLOYMENT_FAILED",
	21351: "MODEL_DEPLOYING",
	21352: "MODEL_QUEUED_FOR_DEPLOYMENT",
	21353: "MODEL_NOT_DEPLOYED",
	21354: "MODEL_BUSY_PLEASE_RETRY",
	21355: "MODEL_LOADING",
	21400: "MODEL_REFERENCE_INVALID_ARGUMENT",
	21420: "MODEL_EXAMPLE_INPUT_INVALID_ARGUMENT",
	21500: "MODEL_EXPORTED",
	21501: "MODEL_EXPORTING",
	21502: "MODEL_EXPORTING_FAILED",
	21503: "MODEL_EXPORT_PENDING",
	22001: "WORKFLOW_NO_MATCHING_INPUT",
	22002: "WORKFLOW_REQUIRE_TRAINED_MODEL",
	22100: "WORKFLOW_DUPLICATE",
	22101: "WORKFLOW_UNSUPPORTED_FORMAT",
	22102: "WORKFLOW_DOES_NOT_EXIST",
	22103: "WORKFLOW_PERMISSION_DENIED",
	22104: "WORKFLOW_INVALID_ARGUMENT",
	22105: "WORKFLOW_INVALID_RECIPE",
	22106: "WORKFLOW_INVALID_TEMPLATE",
	22107: "WORKFLOW_INVALID_GRAPH",
	22108: "WORKFLOW_INTERNAL_FAILURE",
	22150: "WORKFLOW_MODIFY_SUCCESS",
	22151: "WORKFLOW_MODIFY_PENDING",
	22152: "WORKFLOW_MODIFY_FAILED",
	22153: "WORKFLOW_REINDEX_FAILED",
	22999: "WORKFLOW_INVALID_REQUEST",
	23150: "CONCEPT_MODIFY_SUCCESS",
	23151: "CONCEPT_MODIFY_PENDING",
	23152: "CONCEPT_MODIFY_FAILED",
	24150: "ANNOTATION_SUCCESS",
	24151: "ANNOTATION_PENDING",
	24152: "ANNOTATION_FAILED",
	24154: "ANNOTATION_UNKNOWN_STATUS",
	24155: "ANNOTATION_INVALID_ARGUMENT",
	24156: "ANNOTATION_PERMISSION_DENIED",
	24157: "ANNOTATION_AWAITING_REVIEW",
	24158: "ANNOTATION_REVIEW_DENIED",
	24159: "ANNOTATION_AWAITING_CONSENSUS_REVIEW",
	24250: "ANNOTATION_MODIFY_SUCCESS",
	24251: "ANNOTATION_MODIFY_PENDING",
	24252: "ANNOTATION_MODIFY_FAILED",
	24300: "ANNOTATION_TRACK_IDLE",
	24301: "ANNOTATION_TRACK_IN_PROGRESS",
	24302: "ANNOTATION_TRACK_PENDING",
	24303: "ANNOTATION_TRACK_APPROVED",
	24304: "ANNOTATION_TRACK_FAILED",
	24900: "METADATA_INVALID_PATCH_ARGUMENTS",
	24901: "METADATA_PARSING_ISSUE",
	24902: "METADATA_MANIPULATION_ISSUE",
	25000: "TRAINER_JOB_STATE_NONE",
	25001: "TRAINER_JOB_STATE_QUEUED",
	25002: "TRAINER_JOB_STATE_RUNNING",
	25003: "TRAINER_JOB_STATE_COMPLETE",
	25004: "TRAINER_JOB_STATE_ERROR",
	25150: "DATA_DUMP_SUCCESS",
	25151: "DATA_DUMP_PENDING",
	25152: "DATA_DUMP_FAILED",
	25153: "DATA_DUMP_IN_PROGRESS",
	25154: "DATA_DUMP_NO_DATA",
	25155: "DATA_DUMP_UNEXPECTED_ERROR",
	25170: "DATA_DUMP_EXPORT_SUCCESS",
	25171: "DATA_DUMP_EXPORT_PENDING",
	25172: "DATA_DUMP_EXPORT_FAILED",
	25173: "DATA_DUMP_EXPORT_IN_PROGRESS",
	25174: "DATA_DUMP_EXPORT_UNEXPECTED_ERROR",
	25200: "APP_DUPLICATION_SUCCESS",
	25201: "APP_DUPLICATION_FAILED",
	25202: "APP_DUPLICATION_PENDING",
	25203: "APP_DUPLICATION_IN_PROGRESS",
	25204: "APP_DUPLICATION_INVALID_REQUEST",
	25300: "MODULE_DOES_NOT_EXIST",
	25301: "MODULE_PERMISSION_DENIED",
	25302: "MODULE_INVALID_ARGUMENT",
	25303: "MODULE_INVALID_REQUEST",
	25400: "BULK_OPERATION_SUCCESS",
	25401: "BULK_OPERATION_FAILED",
	25402: "BULK_OPERATION_PENDING",
	25403: "BULK_OPERATION_IN_PROGRESS",
	25404: "BULK_OPERATION_INVALID_REQUEST",
	25405: "BULK_OPERATION_CANCELLED",
	25406: "BULK_OPERATION_UNEXPECTED_ERROR",
	25600: "RUNNER_DOES_NOT_EXIST",
	25601: "RUNNER_PERMISSION_DENIED",
	25602: "RUNNER_INVALID_ARGUMENT",
	25603: "RUNNER_INVALID_REQUEST",
	25604: "RUNNER_NEEDS_RETRY",
	25605: "RUNNER_STREAM_START",
	25606: "RUNNER_STREAM_END",
	25607: "RUNNER_ITEM_CANCELLED",
	25608: "RUNNER_PROCESSING_FAILED",
	25609: "RUNNER_SPECIAL_HANDLING_NOT_COMPLETE",
	25700: "NODEPOOL_DOES_NOT_EXIST",
	25701: "NODEPOOL_INVALID_ARGUMENT",
	25702: "NODEPOOL_INVALID_REQUEST",
	25800: "COMPUTE_CLUSTER_DOES_NOT_EXIST",
	25801: "COMPUTE_CLUSTER_INVALID_ARGUMENT",
	25802: "COMPUTE_CLUSTER_INVALID_REQUEST",
	25900: "DEPLOYMENT_DOES_NOT_EXIST",
	25901: "DEPLOYMENT_INVALID_ARGUMENT",
	25902: "DEPLOYMENT_INVALID_REQUEST",
	26000: "INSTANCE_TYPE_DOES_NOT_EXIST",
	26001: "INSTANCE_TYPE_INVALID_ARGUMENT",
	26002: "INSTANCE_TYPE_INVALID_REQUEST",
	26100: "COMPUTE_PLANE_METRICS_INVALID_REQUEST",
	26200: "PIPELINE_STEP_DOES_NOT_EXIST",
	26201: "PIPELINE_STEP_INVALID_ARGUMENT",
	26202: "PIPELINE_STEP_INVALID_REQUEST",
	26203: "PIPELINE_STEP_UPLOADING",
	26204: "PIPELINE_STEP_UPLOADING_FAILED",
	26205: "PIPELINE_STEP_BUILDING",
	26206: "PIPELINE_STEP_BUILDING_FAILED",
	26207: "PIPELINE_STEP_BUILD_UNEXPECTED_ERROR",
	26208: "PIPELINE_STEP_READY",
	26209: "PIPELINE_STEP_NOT_READY",
	26300: "PIPELINE_DOES_NOT_EXIST",
	26301: "PIPELINE_INVALID_ARGUMENT",
	26302: "PIPELINE_INVALID_REQUEST",
	26400: "ARTIFACT_DOES_NOT_EXIST",
	26401: "ARTIFACT_INVALID_ARGUMENT",
	26402: "ARTIFACT_INVALID_REQUEST",
	26403: "ARTIFACT_VERSION_DOES_NOT_EXIST",
	26404: "ARTIFACT_VERSION_INVALID_ARGUMENT",
	26405: "ARTIFACT_VERSION_INVALID_REQUEST",
	30000: "INPUT_SUCCESS",
	30001: "INPUT_PENDING",
	30002: "INPUT_FAILED",
	30003: "INPUT_IN_PROGRESS",
	30004: "INPUT_STATUS_UPDATE_FAILED",
	30005: "INPUT_DELETE_FAILED",
	30100: "INPUT_DUPLICATE",
	30101: "INPUT_UNSUPPORTED_FORMAT",
	30102: "INPUT_DOES_NOT_EXIST",
	30103: "INPUT_PERMISSION_DENIED",
	30104: "INPUT_INVALID_ARGUMENT",
	30105: "INPUT_OVER_LIMIT",
	30106: "INPUT_INVALID_URL",
	30200: "INPUT_MODIFY_SUCCESS",
	30201: "INPUT_MODIFY_PENDING",
	30203: "INPUT_MODIFY_FAILED",
	30210: "INPUT_STORAGE_HOST_FAILED",
	30300: "ALL_INPUT_INVALID_BYTES",
	30400: "INPUT_CLUSTER_SUCCESS",
	30401: "INPUT_CLUSTER_PENDING",
	30402: "INPUT_CLUSTER_FAILED",
	30403: "INPUT_CLUSTER_IN_PROGRESS",
	30500: "INPUT_REINDEX_SUCCESS",
	30501: "INPUT_REINDEX_PENDING",
	30502: "INPUT_REINDEX_FAILED",
	30503: "INPUT_REINDEX_IN_PROGRESS",
	31000: "INPUT_VIDEO_DOWNLOAD_SUCCESS",
	31001: "INPUT_VIDEO_DOWNLOAD_PENDING",
	31002: "INPUT_VIDEO_DOWNLOAD_FAILED",
	31100: "INPUT_VIDEO_DUPLICATE",
	31101: "INPUT_VIDEO_UNSUPPORTED_FORMAT",
	31102: "INPUT_VIDEO_DOES_NOT_EXIST",
	31103: "INPUT_VIDEO_PERMISSION_DENIED",
	31104: "INPUT_VIDEO_INVALID_ARGUMENT",
	31105: "INPUT_VIDEO_OVER_LIMIT",
	31106: "INPUT_VIDEO_INVALID_URL",
	31200: "INPUT_VIDEO_MODIFY_SUCCESS",
	31201: "INPUT_VIDEO_MODIFY_PENDING",
	31203: "INPUT_VIDEO_MODIFY_FAILED",
	31210: "INPUT_VIDEO_STORAGE_HOST_FAILED",
	31300: "ALL_INPUT_VIDEOS_INVALID_BYTES",
	31400: "INPUT_VIDEO_PROCESSING_SUCCESS",
	31410: "INPUT_VIDEO_PROCESSING_PENDING",
	31420: "INPUT_VIDEO_PROCESSING_FAILED",
	31430: "INPUT_VIDEO_STORAGE_INCONSISTENCY",
	31440: "INPUT_VIDEO_STORAGE_FAILURE",
	31450: "INPUT_VIDEO_URL_GENERATION_FAILURE",
	39996: "INPUT_CONNECTION_FAILED",
	39997: "REQUEST_DISABLED_FOR_MAINTENANCE",
	39998: "INPUT_WRITES_DISABLED_FOR_MAINTENANCE",
	39999: "INPUT_INVALID_REQUEST",
	40001: "PREDICT_INVALID_REQUEST",
	40002: "SEARCH_INVALID_REQUEST",
	40003: "CONCEPTS_INVALID_REQUEST",
	40004: "STATS_INVALID_REQUEST",
	40010: "DATABASE_DUPLICATE_KEY",
	40011: "DATABASE_STATEMENT_TIMEOUT",
	40012: "DATABASE_INVALID_ROWS_AFFECTED",
	40013: "DATABASE_DEADLOCK_DETECTED",
	40014: "DATABASE_FAIL_TASK",
	40015: "DATABASE_FAIL_TO_GET_CONNECTIONS",
	40016: "DATABASE_TOO_MANY_CLIENTS",
	40017: "DATABASE_CONSTRAINT_VIOLATED",
	40020: "ASYNC_WORKER_MULTI_ERRORS",
	40021: "DATABASE_CANCELED",
	40030: "RPC_REQUEST_QUEUE_FULL",
	40031: "RPC_SERVER_UNAVAILABLE",
	40032: "RPC_REQUEST_TIMEOUT",
	40033: "RPC_MAX_MESSAGE_SIZE_EXCEEDED",
	40034: "EXTERNAL_CONNECTION_ERROR",
	40035: "RPC_CANCELED",
	40036: "RPC_UNKNOWN_METHOD",
	40037: "REQUEST_CANCELED_BY_USER",
	40050: "QUERY_INVALID_SYNTAX",
	41000: "QUEUE_CONN_ERROR",
	41002: "QUEUE_CLOSE_REQUEST_TIMEOUT",
	41003: "QUEUE_CONN_CLOSED",
	41004: "QUEUE_PUBLISH_ACK_TIMEOUT",
	41005: "QUEUE_PUBLISH_ERROR",
	41006: "QUEUE_SUBSCRIPTION_TIMEOUT",
	41007: "QUEUE_SUBSCRIPTION_ERROR",
	41008: "QUEUE_MARSHALLING_FAILED",
	41009: "QUEUE_UNMARSHALLING_FAILED",
	41010: "QUEUE_MAX_MSG_REDELIVERY_EXCEEDED",
	41011: "QUEUE_ACK_FAILURE",
	41100: "SQS_OVERLIMIT",
	41101: "SQS_INVALID_RECEIPT_HANDLE",
	41102: "SQS_UNKNOWN",
	43001: "SEARCH_INTERNAL_FAILURE",
	43002: "SEARCH_PROJECTION_FAILURE",
	43003: "SEARCH_PREDICTION_FAILURE",
	43004: "SEARCH_BY_NOT_FULLY_INDEXED_INPUT",
	43005: "SAVED_SEARCH_MODIFY_FAILED",
	43006: "SEARCH_COUNTS_UNAVAILABLE",
	43040: "CLUSTER_INTERNAL_FAILURE",
	43100: "EVALUATION_QUEUED",
	43101: "EVALUATION_IN_PROGRESS",
	43102: "EVALUATION_SUCCESS",
	43103: "EVALUATION_FAILED_TO_RETRIEVE_DATA",
	43104: "EVALUATION_INVALID_ARGUMENT",
	43105: "EVALUATION_FAILED",
	43106: "EVALUATION_PENDING",
	43107: "EVALUATION_TIMED_OUT",
	43108: "EVALUATION_UNEXPECTED_ERROR",
	43109: "EVALUATION_MIXED",
	44001: "STRIPE_EVENT_ERROR",
	44002: "STRIPE_UNEXPECTED_ERROR",
	45001: "CACHE_MISS",
	45002: "REDIS_SCRIPT_EXITED_WITH_FAILURE",
	45003: "REDIS_STREAM_ERR",
	45004: "REDIS_NO_CONSUMERS",
	45005: "REDIS_STREAM_BACKOFF",
	46001: "SIGNUP_EVENT_ERROR",
	46002: "SIGNUP_FLAGGED",
	46003: "FILETYPE_UNSUPPORTED",
	46004: "LOGIN_EVENT_ERROR",
	46005: "SIFT_UNCATEGORIZED_ERROR",
	46006: "USER_FLAGGED",
	47001: "APP_COUNT_INVALID_MESSAGE",
	47002: "APP_COUNT_UPDATE_INCREMENT_FAILED",
	47003: "APP_COUNT_REBUILD_FAILED",
	47004: "APP_COUNT_INTERNAL_FAILURE",
	47101: "MP_DOWNLOAD_ERROR",
	47102: "MP_RESOLVE_DNS_ERROR",
	47103: "MP_DOWNLOAD_MAX_SIZE_EXCEEDED_ERROR",
	47104: "MP_IMAGE_DECODE_ERROR",
	47105: "MP_INVALID_ARGUMENT",
	47106: "MP_IMAGE_PROCESSING_ERROR",
	47201: "DATATIER_CONN_ERROR",
	50001: "USER_CONSENT_FACE",
	51000: "WORKER_MISSING",
	51001: "WORKER_ACTIVE",
	51002: "WORKER_INACTIVE",
	52000: "COLLECTOR_MISSING",
	52001: "COLLECTOR_ACTIVE",
	52002: "COLLECTOR_INACTIVE",
	52003: "COLLECTOR_POST_INPUT_FAILED",
	53001: "SSO_IDENTITY_PROVIDER_DOES_NOT_EXIST",
	54001: "TASK_IN_PROGRESS",
	54002: "TASK_DONE",
	54003: "TASK_WONT_DO",
	54005: "TASK_FAILED",
	54006: "TASK_IDLE",
	54100: "TASK_CONFLICT",
	54101: "TASK_NOT_IMPLEMENTED",
	54102: "TASK_MISSING",
	54103: "TASK_PERMISSION_DENIED",
	54200: "TASK_ASSIGNMENT_SUCCESS",
	54201: "TASK_ASSIGNMENT_PENDING",
	54202: "TASK_ASSIGNMENT_AWAITING_REVIEW",
	54203: "TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW",
	54204: "TASK_ASSIGNMENT_REJECTED",
	54300: "TASK_ASSIGNMENT_REVIEW_SUCCESS",
	54301: "TASK_ASSIGNMENT_REVIEW_PENDING",
	54302: "TASK_ASSIGNMENT_REVIEW_DISMISSED",
	55001: "LABEL_ORDER_PENDING",
	55002: "LABEL_ORDER_IN_PROGRESS",
	55003: "LABEL_ORDER_SUCCESS",
	55004: "LABEL_ORDER_CANCELED",
	60000: "LICENSE_ACTIVE",
	60001: "LICENSE_DOES_NOT_EXIST",
	60002: "LICENSE_NEED_UPDATE",
	60003: "LICENSE_EXPIRED",
	60004: "LICENSE_REVOKED",
	60005: "LICENSE_DELETED",
	60006: "LICENSE_VOLUME_EXCEEDED",
	61000: "PASSWORD_VALIDATION_SUCCESS",
	61001: "PASSWORD_VALIDATION_FAILED",
	61002: "PASSWORDPOLICY_INVALID_ARGUMENT",
	62000: "FEATUREFLAG_CONFIG_NOT_FOUND",
	62001: "FEATUREFLAG_INVALID_ARGUMENT",
	62002: "FEATUREFLAG_BLOCKED",
	62003: "FEATUREFLAG_NOT_FOUND",
	63000: "MAINTENANCE_SUCCESS",
	63001: "MAINTENANCE_FAILED",
	64000: "JOB_QUEUED",
	64001: "JOB_RUNNING",
	64002: "JOB_COMPLETED",
	64003: "JOB_FAILED",
	64004: "JOB_CANCELLED",
	64005: "DATASET_VERSION_PENDING",
	64006: "JOB_UNEXPECTED_ERROR",
	64007: "JOB_CONFLICT",
	64010: "DATASET_VERSION_IN_PROGRESS",
	64015: "DATASET_VERSION_READY",
	64020: "DATASET_VERSION_FAILURE",
	64025: "DATASET_VERSION_UNEXPECTED_ERROR",
	64030: "DATASET_VERSION_CONFLICT",
	64100: "DATASET_INPUT_SUCCESS",
	64101: "DATASET_INPUT_DUPLICATE",
	64200: "DATASET_VERSION_EXPORT_SUCCESS",
	64201: "DATASET_VERSION_EXPORT_PENDING",
	64202: "DATASET_VERSION_EXPORT_FAILED",
	64203: "DATASET_VERSION_EXPORT_IN_PROGRESS",
	64204: "DATASET_VERSION_EXPORT_UNEXPECTED_ERROR",
	65000: "AUTH_MISSING_IDP_ASSOC",
	66000: "LIST_OBJECTS_FAILED",
	67000: "ARCHIVE_EXTRACT_FAILED",
	68000: "UPLOAD_IN_PROGRESS",
	68001: "UPLOAD_DONE",
	68002: "UPLOAD_FAILED",
	68003: "UPLOAD_UNEXPECTED_ERROR",
	68004: "UPLOAD_EXPIRED",
	68005: "UPLOAD_CANCELED",
	68006: "UPLOAD_CONFLICT",
	69000: "BILLING_INVALID_INFO",
	69001: "BILLING_MISSING_TOKENS",
	70000: "LOG_ENTRIES_INVALID_REQUEST",
	71001: "TWILIO_UNCATEGORIZED_ERROR",
	71002: "TWILIO_INVALID_ARGUMENT",
	71003: "TWILIO_MAX_VERIFICATION_BEGIN_EXCEEDED",
	71004: "TWILIO_MAX_VERIFICATION_CHECK_EXCEEDED",
	71005: "TWILIO_RESOURCE_NOT_FOUND",
	71006: "TWILIO_CLIENT_NOT_INITIALIZED",
	90400: "BAD_REQUEST",
	90500: "SERVER_ERROR",
	98004: "INTERNAL_SERVER_ISSUE",
	98005: "INTERNAL_FETCHING_ISSUE",
	98006: "INTERNAL_DATABASE_ISSUE",
	98008: "INTERNAL_CONTEXT_CANCELED",
	98009: "INTERNAL_UNEXPECTED_TIMEOUT",
	98010: "INTERNAL_UNEXPECTED_V1",
	98011: "INTERNAL_UNEXPECTED_PANIC",
	98012: "INTERNAL_UNEXPECTED_SPIRE",
	98013: "INTERNAL_REDIS_UNAVAILABLE",
	98014: "INTERNAL_RESOURCE_EXHAUSTED",
	98015: "INTERNAL_REDIS_UNCATEGORIZED",
	98016: "INTERNAL_AWS_UNCATEGORIZED",
	98017: "INTERNAL_AZURE_UNCATEGORIZED",
	98018: "INTERNAL_VECTORDB_UNCATEGORIZED",
	98019: "INTERNAL_ORACLE_UNCATEGORIZED",
	98020: "INTERNAL_VULTR_UNCATEGORIZED",
	98021: "INTERNAL_GCP_UNCATEGORIZED",
	99001: "CONN_UNCATEGORIZED",
	99002: "MODEL_UNCATEGORIZED",
	99003: "INPUT_UNCATEGORIZED",
	99004: "ANNOTATION_UNCATEGORIZED",
	99005: "BILLING_UNCATEGORIZED",
	99009: "INTERNAL_UNCATEGORIZED",
}

// statusCodesByName maps names to status codes. It includes names that the API has
// since changed.
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

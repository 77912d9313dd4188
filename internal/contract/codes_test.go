package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// statusCodes returns the definition's enum.
func statusCodes(t *testing.T) protoreflect.EnumValueDescriptors {
	t.Helper()
	return message(t, "status.Status").Fields().ByName("code").Enum().Values()
}

// named returns the constants of the SDK's StatusCode, by name.
func named(t *testing.T) map[string]clarifai.StatusCode {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../status.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	constants := make(map[string]clarifai.StatusCode)
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if goType, ok := spec.Type.(*ast.Ident); !ok || goType.Name != "StatusCode" {
			return true
		}
		code, err := strconv.ParseInt(spec.Values[0].(*ast.BasicLit).Value, 10, 32)
		if err != nil {
			t.Fatalf("%s: %v", spec.Names[0].Name, err)
		}
		constants[spec.Names[0].Name] = clarifai.StatusCode(code)
		return true
	})
	return constants
}

// constantOf returns the SDK's name for a name of the definition, ignoring case:
// StatusConnNoGDPRConsent is CONN_NO_GDPR_CONSENT.
func constantOf(name protoreflect.Name) string {
	return strings.ToLower("Status" + strings.ReplaceAll(string(name), "_", ""))
}

func TestStatusCodesMatchTheDefinition(t *testing.T) {
	codes := statusCodes(t)
	for constant, code := range named(t) {
		value := codes.ByNumber(protoreflect.EnumNumber(code))
		if value == nil {
			t.Errorf("%s is %d, which is not in the definition", constant, int32(code))
			continue
		}
		if strings.ToLower(constant) != constantOf(value.Name()) {
			t.Errorf("%s is %d, which is %s", constant, int32(code), value.Name())
		}
	}
}

// families are the codes that have a constant: the generic ones, by number, and those
// of connections and of the resources that the SDK reads, by name.
var families = regexp.MustCompile(`^(10\d{3} |11\d{3} |3\d{4} |\d+ (CONN|CONCEPTS?|ANNOTATION|INPUT|SEARCH|SAVED_SEARCH|MODEL|WORKFLOW|DATASET)_)`)

func TestEveryStatusCodeOfTheFamiliesHasAConstant(t *testing.T) {
	constants := make(map[string]bool)
	for constant := range named(t) {
		constants[strings.ToLower(constant)] = true
	}
	codes := statusCodes(t)
	for i := range codes.Len() {
		name, number := codes.Get(i).Name(), codes.Get(i).Number()
		// If a number has several names, the first is the preferred one.
		if codes.ByNumber(number) == codes.Get(i) && families.MatchString(fmt.Sprintf("%d %s", number, name)) && !constants[constantOf(name)] {
			t.Errorf("%s has no constant", name)
		}
	}
}

func TestEveryStatusCodeHasItsName(t *testing.T) {
	codes := statusCodes(t)
	if codes.Len() < 433 {
		t.Errorf("%d codes, want 433 or more", codes.Len())
	}
	for i := range codes.Len() {
		name, number := codes.Get(i).Name(), codes.Get(i).Number()
		var read clarifai.StatusCode
		if err := json.Unmarshal(fmt.Appendf(nil, "%q", name), &read); err != nil || read != clarifai.StatusCode(number) {
			t.Errorf("%s is decoded as %d (%v), want %d", name, int32(read), err, number)
		}
		if got := clarifai.StatusCode(number).String(); got != string(codes.ByNumber(number).Name()) {
			t.Errorf("%d is printed as %s, want %s", number, got, codes.ByNumber(number).Name())
		}
	}
}

// sentinelOf returns the error that a code matches according to its name.
func sentinelOf(name string) error {
	switch {
	case slices.Contains([]string{"CONN_TOKEN_INVALID", "CONN_CREDENTIALS_INVALID", "CONN_KEY_INVALID", "CONN_KEY_NOT_FOUND"}, name):
		return clarifai.ErrUnauthorized
	case strings.HasSuffix(name, "_DOES_NOT_EXIST"), strings.HasSuffix(name, "_NOT_FOUND"):
		return clarifai.ErrNotFound
	case strings.HasSuffix(name, "_PERMISSION_DENIED"), name == "CONN_INSUFFICIENT_SCOPES":
		return clarifai.ErrForbidden
	case slices.Contains([]string{"CONN_EXCEED_HOURLY_LIMIT", "CONN_EXCEED_MONTHLY_LIMIT", "CONN_THROTTLED", "CONN_EXCEEDS_LIMITS"}, name):
		return clarifai.ErrRateLimited
	case name == "MIXED_STATUS":
		return clarifai.ErrPartialFailure
	}
	return nil
}

func TestEveryStatusCodeMatchesTheSentinelOfItsName(t *testing.T) {
	codes := statusCodes(t)
	count := make(map[error]int)
	for i := range codes.Len() {
		name := string(codes.Get(i).Name())
		want := sentinelOf(name)
		count[want]++
		for _, status := range []clarifai.Status{{Code: clarifai.StatusCode(codes.Get(i).Number())}, {CodeName: name}} {
			err := &clarifai.Error{HTTPStatus: 400, Status: status}
			for _, sentinel := range []error{clarifai.ErrUnauthorized, clarifai.ErrForbidden, clarifai.ErrNotFound, clarifai.ErrRateLimited, clarifai.ErrPartialFailure} {
				if got := errors.Is(err, sentinel); got != (sentinel == want) {
					t.Errorf("%s: errors.Is(%v) = %t", name, sentinel, got)
				}
			}
		}
	}
	if count[clarifai.ErrNotFound] < 19 || count[clarifai.ErrForbidden] < 9 {
		t.Errorf("%d codes are ErrNotFound and %d ErrForbidden", count[clarifai.ErrNotFound], count[clarifai.ErrForbidden])
	}
}

// notFailed are the codes of items that did not fail, apart from those that end in
// SUCCESS, PENDING or IN_PROGRESS.
var notFailed = strings.Fields(`ZERO ACCEPTED
	MODEL_TRAINED MODEL_TRAINING MODEL_UNTRAINED MODEL_QUEUED_FOR_TRAINING MODEL_UPLOADING MODEL_BUILDING
	MODEL_EVALUATED MODEL_EVALUATING MODEL_QUEUED_FOR_EVALUATION MODEL_DEPLOYING MODEL_QUEUED_FOR_DEPLOYMENT MODEL_LOADING
	MODEL_EXPORTED MODEL_EXPORTING ANNOTATION_AWAITING_REVIEW ANNOTATION_AWAITING_CONSENSUS_REVIEW
	ANNOTATION_TRACK_IDLE ANNOTATION_TRACK_APPROVED TRAINER_JOB_STATE_QUEUED TRAINER_JOB_STATE_RUNNING TRAINER_JOB_STATE_COMPLETE
	PIPELINE_STEP_UPLOADING PIPELINE_STEP_BUILDING PIPELINE_STEP_READY EVALUATION_QUEUED WORKER_ACTIVE COLLECTOR_ACTIVE
	TASK_DONE TASK_IDLE TASK_ASSIGNMENT_AWAITING_REVIEW TASK_ASSIGNMENT_AWAITING_CONSENSUS_REVIEW LICENSE_ACTIVE
	JOB_QUEUED JOB_RUNNING JOB_COMPLETED DATASET_VERSION_READY UPLOAD_DONE`)

func TestEveryStatusCodeOfAnItemSaysWhetherItFailed(t *testing.T) {
	codes := statusCodes(t)
	successful := regexp.MustCompile(`(^|_)(SUCCESS|PENDING|IN_PROGRESS)$`)
	var items []string
	want := make(map[string]bool)
	for i := range codes.Len() {
		name := string(codes.Get(i).Name())
		for _, code := range []string{name, strconv.Itoa(int(codes.Get(i).Number()))} {
			id := fmt.Sprintf("%s %d", code, len(items))
			items = append(items, fmt.Sprintf(`{"id":%q,"status":{"code":%q}}`, id, code))
			want[id] = !successful.MatchString(name) && !slices.Contains(notFailed, name)
		}
	}
	answer := `{"status":{"code":10010},"inputs":[` + strings.Join(items, ",") + `]}`
	client, err := clarifai.NewClient(clarifai.WithPAT("token"), clarifai.WithApp("USER", "APP"), clarifai.WithHTTPClient(&http.Client{Transport: answers(answer)}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.PostInputs(t.Context(), &clarifai.PostInputsRequest{Inputs: []*clarifai.Input{{ID: "a"}}})
	var e *clarifai.Error
	if !errors.As(err, &e) || !errors.Is(err, clarifai.ErrPartialFailure) {
		t.Fatal(err)
	}
	got := make(map[string]bool)
	for _, item := range e.Failed {
		got[item.ID] = true
	}
	for id, failed := range want {
		if got[id] != failed {
			t.Errorf("an item with the code %s: listed as failed = %t", id, got[id])
		}
	}
}

// answers is a transport that responds to every request with the same body.
type answers string

func (a answers) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(string(a)))}, nil
}

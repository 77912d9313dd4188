package clarifai_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
)

// Each code matches exactly one sentinel error, regardless of the HTTP status. It
// is recognized by its number and by its name, even if this package does not know
// the name.
func TestStatusCodesMatchSentinelErrors(t *testing.T) {
	codes := map[error]string{
		clarifai.ErrUnauthorized:   "11001 11002 11008 11009 CONN_KEY_NOT_FOUND CONN_TOKEN_INVALID",
		clarifai.ErrForbidden:      "11007 21201 22103 24156 25301 25601 30103 31103 54103 WIDGET_PERMISSION_DENIED",
		clarifai.ErrNotFound:       "11101 21200 22102 25300 25600 25700 25800 25900 26000 26200 26300 26400 26403 30102 31102 53001 60001 62000 62003 71005 WIDGET_DOES_NOT_EXIST WIDGET_NOT_FOUND",
		clarifai.ErrRateLimited:    "11003 11004 11005 11006 CONN_THROTTLED CONN_EXCEED_DAILY_LIMIT",
		clarifai.ErrPartialFailure: "10010 MIXED_STATUS",
		nil:                        "10020 11000 11102 21202 30100 30105 43109 54102 99003 123456 WIDGET_FAILED WIDGET_PERMISSION_DENIED_ONCE WIDGET_NOT_FOUND_YET CONN_THROTTLED_ONCE MIXED_STATUSES",
	}
	for want, list := range codes {
		for code := range strings.FieldsSeq(list) {
			client, mock := newClient(t, clarifai.WithRetry(clarifai.RetryPolicy{}))
			recorder(t, mock, answer(400, fmt.Sprintf(`{"status":{"code":%q}}`, code)))
			_, err := client.GetInput(t.Context(), "a")
			for _, sentinel := range sentinels {
				if got := errors.Is(err, sentinel); got != (sentinel == want) {
					t.Errorf("%s: errors.Is(err, %v) is %t", code, sentinel, got)
				}
			}
		}
	}
}

// An item of a write has failed unless its status indicates that it was accepted or
// is being processed.
func TestFailedItemsAreRecognizedByCodeName(t *testing.T) {
	failed := strings.Fields(`10010 10020 11005 21106 23152 30002 30004 30100 30102 30104 30203 30502 31002 31420 39999 51002 64101 123456
		WIDGET_FAILED WIDGET_LOST WIDGET_NOT_ACCEPTED WIDGET_NOT_READY WIDGET_MISSING WIDGET_CANCELED SUCCESSOR PENDINGS UNSUCCESSFUL`)
	taken := strings.Fields(`0 10000 10070 21103 23150 23151 24150 24151 24157 24301 30000 30001 30003 30200 30201 30400 30401 30403
		30500 30501 30503 31000 31001 31200 31201 31400 31410 64100 68000 68001
		WIDGET_SUCCESS WIDGET_PENDING WIDGET_IN_PROGRESS WIDGET_PROCESSING WIDGET_QUEUED WIDGET_AWAITING_APPROVAL PENDING`)
	var items []string
	for _, code := range slices.Concat(failed, taken) {
		items = append(items, fmt.Sprintf(`{"id":%q,"status":{"code":%[1]q}}`, code))
	}
	items = append(items, `{"id":"without a status"}`, `{"id":"without a code","status":{}}`, `{"id":"null","status":null}`)
	client, mock := newClient(t)
	for _, code := range []int{10010, 10020} {
		recorder(t, mock, answer(200, `{"status":{"code":`+strconv.Itoa(code)+`},"inputs":[`+strings.Join(items, ",")+`]}`))
		inputs, err := client.PostInputs(t.Context(), &clarifai.PostInputsRequest{Inputs: []*clarifai.Input{{}}})
		var e *clarifai.Error
		if len(inputs) != len(items) || !errors.As(err, &e) {
			t.Fatalf("%d inputs, %v", len(inputs), err)
		}
		var got []string
		for i, item := range e.Failed {
			got = append(got, item.ID)
			if item.Index != i {
				t.Errorf("%s has the index %d, want %d", item.ID, item.Index, i)
			}
		}
		if !slices.Equal(got, failed) {
			t.Errorf("%d: listed as failed: %q, want %q", code, got, failed)
		}
	}
}

func TestNullResourceIsAnInvalidResponse(t *testing.T) {
	for _, body := range []string{`{"status":{"code":10000},"input":null,"counts":null}`, `{"status":{"code":10000}}`} {
		client, mock := newClient(t, clarifai.WithRetry(clarifai.RetryPolicy{}))
		recorder(t, mock, answer(200, body))
		if input, err := client.GetInput(t.Context(), "a"); input != nil || !errors.Is(err, clarifai.ErrInvalidResponse) {
			t.Errorf("%s: %v, %v", body, input, err)
		}
		if counts, err := client.GetInputCount(t.Context()); counts != nil || !errors.Is(err, clarifai.ErrInvalidResponse) {
			t.Errorf("%s: %v, %v", body, counts, err)
		}
	}
}

func TestStatusCodeString(t *testing.T) {
	for code, want := range map[clarifai.StatusCode]string{
		clarifai.StatusInputSuccess: "INPUT_SUCCESS", clarifai.StatusModelTrained: "MODEL_TRAINED", 62003: "FEATUREFLAG_NOT_FOUND", 0: "ZERO", 123456: "123456",
	} {
		if code.String() != want {
			t.Errorf("String of %d is %s, want %s", int32(code), code, want)
		}
	}
}

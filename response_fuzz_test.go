package clarifai

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-resty/resty/v2"
)

func FuzzDecodePage(f *testing.F) {
	for _, body := range hostile() {
		if len(body) < 10_000 { // the fuzzer gets nowhere with a megabyte
			f.Add([]byte(body))
		}
	}
	f.Fuzz(compare)
}

func FuzzDecodeStatus(f *testing.F) {
	f.Fuzz(func(t *testing.T, text []byte) {
		compare(t, slices.Concat([]byte(`{"status":`), text, []byte("}")))
		got, err := decode(slices.Concat([]byte(`{"status":`), text, []byte("}")), nil)
		var want *Status
		if wantErr := json.Unmarshal(text, &want); wantErr == nil && want != nil && (err != nil || got != *want) {
			t.Fatalf("%s is %+v, %v; want %+v", text, got, err, *want)
		}
		if err == nil && got.Code == 0 && got.CodeName != "" && !strings.Contains(got.String(), strings.TrimSpace(got.CodeName)) {
			t.Fatalf("%q does not say %q", got, got.CodeName)
		}
	})
}

func FuzzDecodeError(f *testing.F) {
	const token = "zhe-secret-token"
	redact := newRedactor(token)
	f.Fuzz(func(t *testing.T, httpStatus int, location string, body []byte) {
		var r results
		resp := &resty.Response{Request: &resty.Request{}, RawResponse: &http.Response{StatusCode: httpStatus, Header: http.Header{"Location": {location}}}}
		status, failure := read(&Error{Method: http.MethodGet, Path: "/v2"}, r.fields(), redact, resp, body, nil)
		if failure == nil {
			if status.Code != StatusSuccess || httpStatus < 200 || httpStatus > 299 {
				t.Fatalf("HTTP %d with %+v is taken for a success", httpStatus, status)
			}
			return
		}
		if strings.Contains(fmt.Sprintf("%v %+v", failure, failure), token) {
			t.Fatalf("the token is in the error: %+v", failure)
		}
		if failure.HTTPStatus != httpStatus || !strings.HasPrefix(failure.Error(), "clarifai: GET /v2") {
			t.Fatalf("%v", failure)
		}
		if length := len(failure.Error()); length > 4096+5*len(body)+5*len(location) {
			t.Fatalf("an error of %d bytes for a response of %d", length, len(body))
		}
		failure.retryable(true, nil)
		for _, kind := range []error{ErrInvalidResponse, ErrRateLimited, ErrResultWindow} {
			_ = errors.Is(failure, kind)
		}
	})
}

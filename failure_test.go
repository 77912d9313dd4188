package clarifai_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
)

func TestErrorsDescribeTheResponse(t *testing.T) {
	const path = "/v2/users/USER/apps/APP/inputs/nope"
	html := "<html><body>502 Bad Gateway</body></html>"
	for _, test := range []struct {
		name   string
		status int
		body   string
		want   clarifai.Error // but for Err
		is     []error
		text   string
	}{
		{
			name: "not found", status: 404, body: testdata(t, "input_not_found.json"),
			want: clarifai.Error{Status: clarifai.Status{Code: 30102, Description: "Input does not exist", Details: "input 'nope' does not exist", ReqID: "req-404"}},
			is:   []error{clarifai.ErrNotFound},
			text: "clarifai: GET " + path + ": HTTP 404: 30102 INPUT_DOES_NOT_EXIST: Input does not exist: input 'nope' does not exist (request ID req-404); check the IDs, and the user and app that they belong to",
		},
		{
			name: "not found by code", status: 400, body: `{"status":{"code":11101}}`,
			want: clarifai.Error{Status: clarifai.Status{Code: 11101}}, is: []error{clarifai.ErrNotFound},
		},
		{
			name: "not found in HTML", status: 404, body: html,
			want: clarifai.Error{Body: html}, is: []error{clarifai.ErrNotFound, clarifai.ErrInvalidResponse},
		},
		{
			name: "throttled, with a name for a code", status: 200, body: testdata(t, "throttled.json"),
			want: clarifai.Error{Status: clarifai.Status{Code: 11005, Description: "Making too many requests", Details: "exceeded limit of 15 requests per second", ReqID: "req-429"}},
			is:   []error{clarifai.ErrRateLimited},
		},
		{name: "throttled", status: 429, body: "", want: clarifai.Error{}, is: []error{clarifai.ErrRateLimited, clarifai.ErrInvalidResponse}},
		{name: "monthly limit", status: 403, body: `{"status":{"code":"11004"}}`, want: clarifai.Error{Status: clarifai.Status{Code: 11004}}, is: []error{clarifai.ErrRateLimited, clarifai.ErrForbidden}},
		{name: "bad key", status: 401, body: `{"status":{"code":11009}}`, want: clarifai.Error{Status: clarifai.Status{Code: 11009}}, is: []error{clarifai.ErrUnauthorized}},
		{name: "bad key by code", status: 400, body: `{"status":{"code":"CONN_KEY_INVALID"}}`, want: clarifai.Error{Status: clarifai.Status{Code: 11008}}, is: []error{clarifai.ErrUnauthorized}},
		{name: "scopes", status: 400, body: `{"status":{"code":11007}}`, want: clarifai.Error{Status: clarifai.Status{Code: 11007}}, is: []error{clarifai.ErrForbidden}},
		{name: "window", status: 400, body: testdata(t, "result_window.json"), want: clarifai.Error{Status: clarifai.Status{Code: 40002, Description: "Invalid search request", Details: "page * perPage cannot exceed 2500", ReqID: "req-window"}}, is: []error{clarifai.ErrResultWindow}},
		{name: "mixed", status: 200, body: `{"status":{"code":10010}}`, want: clarifai.Error{Status: clarifai.Status{Code: 10010}}, is: []error{clarifai.ErrPartialFailure}},
		{name: "an unknown name", status: 400, body: `{"status":{"code":"A_NAME_OF_TOMORROW"}}`, want: clarifai.Error{Status: clarifai.Status{CodeName: "A_NAME_OF_TOMORROW"}}, text: "clarifai: GET " + path + ": HTTP 400: A_NAME_OF_TOMORROW"},
		{name: "an unknown number", status: 400, body: `{"status":{"code":77777}}`, want: clarifai.Error{Status: clarifai.Status{Code: 77777}}, text: "clarifai: GET " + path + ": HTTP 400: 77777"},
		{name: "success that is none", status: 500, body: `{"status":{"code":10000}}`, want: clarifai.Error{Status: clarifai.Status{Code: 10000}}},
		{name: "a gateway", status: 504, body: `{"status":{"code":10020,"description":"Gateway timeout"}}`, want: clarifai.Error{Status: clarifai.Status{Code: 10020, Description: "Gateway timeout"}}},
		{name: "HTML", status: 200, body: html, want: clarifai.Error{Body: html}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "nothing", status: 200, body: "", is: []error{clarifai.ErrInvalidResponse}},
		{name: "no content", status: 204, body: "", is: []error{clarifai.ErrInvalidResponse}},
		{name: "cut off", status: 200, body: `{"status":{"code":10000},"input":{"id":"no`, want: clarifai.Error{Body: `{"status":{"code":10000},"input":{"id":"no`}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "an array", status: 200, body: `[1]`, want: clarifai.Error{Body: `[1]`}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "a null", status: 200, body: `null`, want: clarifai.Error{Body: `null`}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "no status", status: 200, body: `{"input":{"id":"nope"}}`, want: clarifai.Error{Body: `{"input":{"id":"nope"}}`}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "a null status", status: 200, body: `{"status":null}`, want: clarifai.Error{Body: `{"status":null}`}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "a status without a code", status: 200, body: `{"status":{"description":"Ok"}}`, want: clarifai.Error{Status: clarifai.Status{Description: "Ok"}, Body: `{"status":{"description":"Ok"}}`}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "a status of another type", status: 200, body: `{"status":[]}`, want: clarifai.Error{Body: `{"status":[]}`}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "no input", status: 200, body: success, want: clarifai.Error{Status: clarifai.Status{Code: 10000, Description: "Ok", ReqID: "req-1"}, Body: success}, is: []error{clarifai.ErrInvalidResponse}},
		{name: "long", status: 200, body: strings.Repeat("é", 1000), want: clarifai.Error{Body: strings.Repeat("é", 128)}, is: []error{clarifai.ErrInvalidResponse}},
	} {
		t.Run(test.name, func(t *testing.T) {
			client, mock := newClient(t, clarifai.WithRetry(clarifai.RetryPolicy{}))
			requests := recorder(t, mock, answer(test.status, test.body))
			input, err := client.GetInput(t.Context(), "nope")
			var got *clarifai.Error
			if input != nil || !errors.As(err, &got) {
				t.Fatal(input, err)
			}
			if len(*requests) != 1 {
				t.Errorf("%d requests without retries", len(*requests))
			}
			test.want.Method, test.want.Path, test.want.HTTPStatus, test.want.Attempts, test.want.Err = "GET", path, test.status, 1, got.Err
			if !reflect.DeepEqual(*got, test.want) {
				t.Errorf("got  %+v\nwant %+v", *got, test.want)
			}
			for _, sentinel := range []error{
				clarifai.ErrInvalidArgument, clarifai.ErrInvalidPage, clarifai.ErrUnauthorized, clarifai.ErrForbidden, clarifai.ErrNotFound,
				clarifai.ErrRateLimited, clarifai.ErrResultWindow, clarifai.ErrPageRepeated, clarifai.ErrPartialFailure,
				clarifai.ErrInvalidResponse, clarifai.ErrResponseTooLarge,
			} {
				want := false
				for _, is := range test.is {
					want = want || is == sentinel
				}
				if errors.Is(err, sentinel) != want {
					t.Errorf("errors.Is(err, %v) is %v", sentinel, !want)
				}
			}
			if test.text != "" && err.Error() != test.text {
				t.Errorf("got  %s\nwant %s", err, test.text)
			}
		})
	}
}

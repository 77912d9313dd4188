package clarifai_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
)

func TestDoSendsTheRequestInTheQueryOrTheBody(t *testing.T) {
	type filter struct {
		IDs  []string `url:"ids,omitempty" json:"ids"`
		Name string   `url:"name,omitempty" json:"name,omitempty"`
	}
	ids := filter{IDs: []string{"a", "b&c"}}
	for _, test := range []struct {
		call            clarifai.Call
		request         any
		sent, body, typ string
	}{
		{clarifai.Call{Method: "GET", Path: "/v2/users/{user_id}/apps/{app_id}/tasks"}, ids, "GET " + base + "/tasks?ids=a&ids=b%26c", "", ""},
		{clarifai.Call{Method: "GET", Path: "/v2/tasks"}, &ids, "GET https://api.clarifai.com/v2/tasks?ids=a&ids=b%26c", "", ""},
		{clarifai.Call{Method: "POST", Path: "/v2/tasks"}, struct{ *clarifai.PageParams }{}, "POST https://api.clarifai.com/v2/tasks", `{}`, "application/json"},
		{clarifai.Call{Method: "GET", Path: "/v2/tasks"}, (*filter)(nil), "GET https://api.clarifai.com/v2/tasks", "", ""},
		{clarifai.Call{Method: "GET", Path: "/v2/tasks"}, nil, "GET https://api.clarifai.com/v2/tasks", "", ""},
		{
			clarifai.Call{Method: "GET", Path: "/v2/models"}, clarifai.ListModelsRequest{SortBy: clarifai.SortByName, PageParams: clarifai.PageParams{Page: 2}},
			"GET https://api.clarifai.com/v2/models?page=2&sort_by_name=true", "", "",
		},
		{clarifai.Call{Method: "POST", Path: "/v2/tasks"}, ids, "POST https://api.clarifai.com/v2/tasks", `{"ids":["a","b\u0026c"]}`, "application/json"},
		{clarifai.Call{Method: "POST", Path: "/v2/tasks"}, nil, "POST https://api.clarifai.com/v2/tasks", "", ""},
		{clarifai.Call{Method: "POST", Path: "/v2/tasks"}, map[string]any(nil), "POST https://api.clarifai.com/v2/tasks", "", ""},
		{clarifai.Call{Method: "PUT", Path: "/v2/tasks"}, map[string]any{"a": nil}, "PUT https://api.clarifai.com/v2/tasks", `{"a":null}`, "application/json"},
		{clarifai.Call{Method: "PATCH", Path: "/v2/tasks"}, json.RawMessage(`{"a":1.0}`), "PATCH https://api.clarifai.com/v2/tasks", `{"a":1.0}`, "application/json"},
		{clarifai.Call{Method: "DELETE", Path: "/v2/tasks"}, &ids, "DELETE https://api.clarifai.com/v2/tasks", `{"ids":["a","b\u0026c"]}`, "application/json"},
		{clarifai.Call{Method: "DELETE", Path: "/v2/tasks/{task_id}"}.With("task_id", "a/b c"), nil, "DELETE https://api.clarifai.com/v2/tasks/a%2Fb%20c", "", ""},
	} {
		client, mock := newClient(t)
		requests := recorder(t, mock, answer(200, success))
		status, err := client.Do(t.Context(), test.call, test.request, nil)
		if err != nil || status.ReqID != "req-1" || len(*requests) != 1 {
			t.Errorf("%s: %+v, %v, %d requests", test.sent, status, err, len(*requests))
			continue
		}
		got := (*requests)[0]
		if got.method+" "+got.url != test.sent || got.body != test.body || got.header.Get("Content-Type") != test.typ {
			t.Errorf("sent %s %s %s (%s)\nwant %s %s (%s)", got.method, got.url, got.body, got.header.Get("Content-Type"), test.sent, test.body, test.typ)
		}
		if got.header.Get("Authorization") != "Key "+token {
			t.Errorf("%s: without the token", test.sent)
		}
	}
}

func TestDoDecodesTheWantedFields(t *testing.T) {
	client, mock := newClient(t)
	recorder(t, mock, answer(200, `{"status":{"code":10000,"req_id":"r"},"outputs":[{"id":"o"}],"count":"7","other":{}}`))
	response := struct {
		Status  clarifai.Status `json:"status"`
		Outputs []clarifai.Output
		Count   int64 `json:"count"`
		Missing *int  `json:"missing"`
	}{Missing: clarifai.Ptr(1)}
	call := clarifai.Call{Method: "POST", Path: "/v2/new"}
	status, err := client.Do(t.Context(), call, nil, &response)
	if err != nil {
		t.Fatal(err)
	}
	if status.ReqID != "r" || response.Status.ReqID != "r" || response.Outputs[0].ID != "o" || response.Count != 7 || response.Missing != nil {
		t.Errorf("%+v, %+v", status, response)
	}
	var whole json.RawMessage
	if _, err := client.Do(t.Context(), call, nil, &whole); err != nil || !strings.Contains(string(whole), `"count":"7"`) {
		t.Errorf("%s, %v", whole, err)
	}
}

func TestDoReturnsTheSameErrorsAsMethods(t *testing.T) {
	type results struct {
		Datasets []clarifai.Dataset `json:"datasets"`
	}
	for _, test := range []struct {
		name     string
		answer   string
		is       error
		datasets int
	}{
		{"partial failure", `{"status":{"code":10010},"datasets":[{"id":"a"}]}`, clarifai.ErrPartialFailure, 1},
		{"no status", `{"datasets":[{"id":"a"}]}`, clarifai.ErrInvalidResponse, 1},
		{"a field of the wrong type", `{"status":{"code":10000},"datasets":{}}`, clarifai.ErrInvalidResponse, 0},
		{"no JSON", `<html>`, clarifai.ErrInvalidResponse, 0},
		{"a failure with HTTP 200", `{"status":{"code":11101}}`, clarifai.ErrNotFound, 0},
	} {
		client, mock := newClient(t)
		requests := recorder(t, mock, answer(200, test.answer))
		var got results
		_, err := client.Do(t.Context(), clarifai.Call{Method: "POST", Path: "/v2/new"}, nil, &got)
		var failure *clarifai.Error
		if !errors.Is(err, test.is) || !errors.As(err, &failure) || failure.Method != "POST" || failure.Path != "/v2/new" {
			t.Errorf("%s: %v", test.name, err)
		}
		if len(got.Datasets) != test.datasets || len(*requests) != 1 {
			t.Errorf("%s: %d datasets, %d requests", test.name, len(got.Datasets), len(*requests))
		}
	}
}

func TestACallListsTheItemsThatFailed(t *testing.T) {
	client, mock := newClient(t)
	recorder(t, mock, answer(200, `{"status":{"code":10010},"count":3,"names":["a"],"datasets":[
		{"id":"a","status":{"code":"DATASET_NEW_PROBLEM","details":"`+token+`"}},{"id":"b","status":{"code":10000}},null,{"id":"c"},{"status":{"code":30100}}]}`))
	_, err := client.Do(t.Context(), clarifai.Call{Method: "PATCH", Path: "/v2/datasets"}, nil, nil)
	var failure *clarifai.Error
	if !errors.As(err, &failure) || !errors.Is(err, clarifai.ErrPartialFailure) {
		t.Fatal(err)
	}
	want := []clarifai.ItemError{
		{Index: 0, ID: "a", Status: clarifai.Status{CodeName: "DATASET_NEW_PROBLEM", Details: "[the token]"}},
		{Index: 4, Status: clarifai.Status{Code: clarifai.StatusInputDuplicate}},
	}
	if !reflect.DeepEqual(failure.Failed, want) {
		t.Errorf("failed: %+v\nwant %+v", failure.Failed, want)
	}
}

func TestAnIdempotentCallIsRetried(t *testing.T) {
	for _, test := range []struct {
		call  clarifai.Call
		sends int
	}{
		{clarifai.Call{Method: "GET", Path: "/v2/new"}, 2},
		{clarifai.Call{Method: "POST", Path: "/v2/new"}, 1},
		{clarifai.Call{Method: "PUT", Path: "/v2/new"}, 1},
		{clarifai.Call{Method: "PATCH", Path: "/v2/new"}, 1},
		{clarifai.Call{Method: "DELETE", Path: "/v2/new"}, 1},
		{clarifai.Call{Method: "POST", Path: "/v2/new", Idempotent: true}, 2},
		{clarifai.Call{Method: "DELETE", Path: "/v2/new", Idempotent: true}, 2},
	} {
		client, mock := newClient(t)
		requests := recorder(t, mock, answer(502, "<html>"), answer(200, success))
		_, err := client.Do(t.Context(), test.call, nil, nil)
		if len(*requests) != test.sends || (err == nil) != (test.sends == 2) {
			t.Errorf("%+v: sent %d times, want %d: %v", test.call, len(*requests), test.sends, err)
		}
	}
}

func TestDoRejectsInvalidCalls(t *testing.T) {
	get, post := clarifai.Call{Method: "GET", Path: "/v2/new"}, clarifai.Call{Method: "POST", Path: "/v2/new"}
	var none *struct{}
	for _, test := range []struct {
		call              clarifai.Call
		request, response any
		says              string
	}{
		{clarifai.Call{Path: "/v2/new"}, nil, nil, `Call.Method "": must be one of GET, POST, PUT, PATCH, DELETE`},
		{clarifai.Call{Method: "get", Path: "/v2/new"}, nil, nil, `Call.Method "get": must be one of`},
		{clarifai.Call{Method: "HEAD", Path: "/v2/new"}, nil, nil, `Call.Method "HEAD": must be one of`},
		{clarifai.Call{Method: "GET"}, nil, nil, `path "": must start with /`},
		{clarifai.Call{Method: "GET", Path: "https://evil.example/v2"}, nil, nil, `must start with /`},
		{clarifai.Call{Method: "GET", Path: "//evil.example/v2"}, nil, nil, `without a host`},
		{clarifai.Call{Method: "GET", Path: "/v2/new?page=1"}, nil, nil, `without a host, query or fragment`},
		{clarifai.Call{Method: "GET", Path: "/v2/new#top"}, nil, nil, `without a host, query or fragment`},
		{clarifai.Call{Method: "GET", Path: "/v2/../new"}, nil, nil, `path "/v2/../new": must not contain an empty, "." or ".." segment`},
		{clarifai.Call{Method: "GET", Path: "/v2/%2E%2e/new"}, nil, nil, `must not contain an empty, "." or ".." segment`},
		{clarifai.Call{Method: "GET", Path: "/v2/./new"}, nil, nil, `must not contain an empty, "." or ".." segment`},
		{clarifai.Call{Method: "GET", Path: "/v2/..%2Fnew"}, nil, nil, `must not contain an empty, "." or ".." segment`},
		{clarifai.Call{Method: "GET", Path: "///evil.example/v2"}, nil, nil, `must not contain an empty, "." or ".." segment`},
		{clarifai.Call{Method: "DELETE", Path: "/v2/tasks//new"}, nil, nil, `must not contain an empty, "." or ".." segment`},
		{clarifai.Call{Method: "POST", Path: "/v2/models/outputs/stream/"}, nil, nil, `must not contain an empty, "." or ".." segment`},
		{clarifai.Call{Method: "GET", Path: "/v2/new%0Aline"}, nil, nil, `must not contain control characters`},
		{clarifai.Call{Method: "GET", Path: "/v2/tasks/{task_id}"}, nil, nil, `{task_id} is not filled in; use With`},
		{clarifai.Call{Method: "GET", Path: "/v2/tasks/{task_id}"}.With("task_id", ".."), nil, nil, `task_id "..": must not be "." or ".."`},
		{clarifai.Call{Method: "GET", Path: "/v2/tasks/{task_id}"}.With("id", "a").With("task_id", "b"), nil, nil, `has no {id}`},
		{get, map[string]string{"a": "b"}, nil, `request "map[string]string": must be a struct with url tags`},
		{get, struct{ Name string }{"\xff"}, nil, `Name "\xff": must be valid UTF-8`},
		{get, clarifai.PageParams{Page: -1}, nil, `page -1: must be 1 or more`},
		{get, &clarifai.ListModelsRequest{SortBy: "age"}, nil, `sort_by "age": must be one of`},
		{get, clarifai.ListModelsRequest{SortBy: "age"}, nil, `sort_by "age": must be one of`},
		{post, clarifai.PostInputsSearchesRequest{}, nil, `searches []: must not be empty`},
		{post, &clarifai.PostInputsSearchesRequest{}, nil, `searches []: must not be empty; see NewSearch`},
		{post, struct{ Name string }{"\xff"}, nil, `Name: must be valid UTF-8`},
		{post, struct{ F func() }{func() {}}, nil, `F`},
		{post, []byte("{}"), nil, `request "[]uint8": must encode as a JSON object`},
		{post, "{}", nil, `request "string": must encode as a JSON object`},
		{post, []string{"a"}, nil, `request "[]string": must encode as a JSON object`},
		{post, json.RawMessage(nil), nil, fmt.Sprintf(`request "%T": must encode as a JSON object`, json.RawMessage(nil))}, // "jsontext.Value" as of Go 1.27
		{post, nil, new(int), `response "*int": must be nil or a non-nil pointer to a struct`},
		{post, nil, new([]clarifai.Output), `response "*[]clarifai.Output": must be nil or a non-nil pointer to a struct`},
		{post, nil, new(func()), `response "*func()": must be nil or a non-nil pointer to a struct`},
		{post, nil, map[string]any{}, `response "map[string]interface {}": must be nil or a non-nil pointer to a struct`},
		{post, nil, struct{}{}, `response "struct {}": must be nil or a non-nil pointer to a struct`},
		{post, nil, none, `response "*struct {}": must be nil or a non-nil pointer to a struct`},
		{clarifai.Call{Method: "POST", Path: "/v2/models/outputs/stream"}, nil, nil, `is the path of StreamModelOutputs, which streams`},
		{clarifai.Call{Method: "POST", Path: "/v2/models/versions/upload"}, nil, nil, `PostModelVersionsUpload`},
		{clarifai.Call{Method: "POST", Path: "/v2/pipeline_step_versions/upload"}, nil, nil, `PostPipelineStepVersionsUpload`},
		{clarifai.Call{Method: "POST", Path: "/v2/artifact_versions/upload"}, nil, nil, `PostArtifactVersionsUpload`},
		{clarifai.Call{Method: "POST", Path: "/v2/runners/items/process"}, nil, nil, `ProcessRunnerItems`},
		{clarifai.Call{Method: "POST", Path: "/v2/users/{user_id}/apps/{app_id}/models/{model_id}/outputs/generate"}.With("model_id", "m"), nil, nil, `GenerateModelOutputs`},
		{clarifai.Call{Method: "POST", Path: "/v2/users/u/apps/a/models/m/versions/v/outputs/generate"}, nil, nil, `GenerateModelOutputs`},
		{clarifai.Call{Method: "POST", Path: "/v2/inputs/{input_id}/track_annotations/searches/stream"}.With("input_id", "i"), nil, nil, `StreamTrackAnnotationsSearches`},
		{clarifai.Call{Method: "GET", Path: "/v2/users/u/apps/a/pipelines/p/versions/v/runs/r/builder/stream/logs"}, nil, nil, `StreamLogEntries`},
	} {
		client, mock := newClient(t)
		requests := recorder(t, mock, answer(200, success))
		_, err := client.Do(t.Context(), test.call, test.request, test.response)
		if !errors.Is(err, clarifai.ErrInvalidArgument) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%v\ndoes not contain %s", err, test.says)
		}
		if len(*requests) != 0 {
			t.Errorf("%s: %d requests", test.says, len(*requests))
		}
	}
}

func TestACallNeedsAClientAndAContext(t *testing.T) {
	call := clarifai.Call{Method: http.MethodGet, Path: "/v2/new"}
	var none *clarifai.Client
	if _, err := none.Do(t.Context(), call, nil, nil); !errors.Is(err, clarifai.ErrInvalidArgument) {
		t.Error(err)
	}
	client, _ := newClient(t)
	var ctx ctxT
	if _, err := client.Do(ctx, call, nil, nil); !errors.Is(err, clarifai.ErrInvalidArgument) {
		t.Error(err)
	}
}

package clarifai_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
)

type thing struct {
	ID string `json:"id"`
}

const page = `{"status":{"code":10000},%q:[{"id":"a"}]}`

func TestEndpointByOperationName(t *testing.T) {
	for _, test := range []struct {
		endpoint  clarifai.Endpoint[thing]
		key, sent string
	}{
		{clarifai.Endpoint[thing]{Operation: "ListModels"}, "models", "GET " + base + "/models"},
		{clarifai.Endpoint[thing]{Operation: "ListModels", Path: "/v2/users/{user_id}/models"}, "models", "GET https://api.clarifai.com/v2/users/USER/models"},
		{clarifai.Endpoint[thing]{Operation: "ListModels", Path: "/v2/users/someone/models"}, "models", "GET https://api.clarifai.com/v2/users/someone/models"},
		{clarifai.Endpoint[thing]{Operation: "ListModels", Path: "/v2/models"}, "models", "GET https://api.clarifai.com/v2/models"},
		{clarifai.Endpoint[thing]{Operation: "ListApps"}, "apps", "GET https://api.clarifai.com/v2/users/USER/apps"},
		{clarifai.Endpoint[thing]{Operation: "ListSecrets", Method: "GET", Key: "secrets"}, "secrets", "GET https://api.clarifai.com/v2/users/USER/secrets"},
		{clarifai.Endpoint[thing]{Operation: "ListModelVersions"}.With("model_id", "a/b"), "model_versions", "GET " + base + "/models/a%2Fb/versions"},
		{
			clarifai.Endpoint[thing]{Operation: "ListLogEntries"}.With("model_id", "m").With("model_version_id", "v").With("log_type", "builder"),
			"log_entries", "GET " + base + "/models/m/versions/v/builder/logs",
		},
		{clarifai.Endpoint[thing]{Operation: "PostModelsSearches"}, "models", "POST " + base + "/models/searches"},
		{clarifai.Endpoint[thing]{Method: "GET", Path: "/v2/users/{user_id}/apps/{app_id}/tasks"}, "tasks", "GET " + base + "/tasks"},
		{clarifai.Endpoint[thing]{Method: "GET", Path: "/v2/datasets/{id}/inputs"}.With("id", "d"), "dataset_inputs", "GET https://api.clarifai.com/v2/datasets/d/inputs"},
	} {
		client, mock := newClient(t)
		requests := recorder(t, mock, answer(200, fmt.Sprintf(page, test.key)))
		got, err := test.endpoint.List(t.Context(), client, nil)
		if err != nil || len(got.Items) != 1 || got.Items[0].ID != "a" {
			t.Errorf("%s: %+v, %v", test.sent, got, err)
			continue
		}
		if r := (*requests)[0]; r.method+" "+r.url != test.sent {
			t.Errorf("sent %s %s, want %s", r.method, r.url, test.sent)
		}
	}
}

func TestInvalidEndpointIsRejected(t *testing.T) {
	const models = "/v2/users/{user_id}/apps/{app_id}/models"
	for _, test := range []struct {
		endpoint clarifai.Endpoint[thing]
		says     string
	}{
		{clarifai.Endpoint[thing]{Operation: "ListModel"}, `Endpoint.Operation "ListModel": is not a paginated operation; did you mean ListModels?`},
		{clarifai.Endpoint[thing]{Operation: "listmodelversions"}, `did you mean ListModelVersions?`},
		{clarifai.Endpoint[thing]{Operation: "PostInputSearch"}.With("id", "x"), `did you mean PostInputsSearches?`},
		{clarifai.Endpoint[thing]{Operation: "ListModels", Key: "inputs"}, `Endpoint.Key "inputs": must be "models", or empty, for GET ` + models},
		{clarifai.Endpoint[thing]{Operation: "ListModels", Method: "POST"}, `Endpoint.Path "POST ` + models + `": must be GET ` + models},
		{clarifai.Endpoint[thing]{Operation: "ListModels", Path: "/v2/workflows"}, `Endpoint.Path "GET /v2/workflows": must be GET ` + models + ` or /v2/users/{user_id}/models or /v2/models for ListModels`},
		{clarifai.Endpoint[thing]{Method: "GET", Path: models, Key: "model"}, `Endpoint.Key "model": must be "models", or empty, for GET ` + models},
		{clarifai.Endpoint[thing]{Method: "POST", Path: "/v2/users/{user_id}/apps/{app_id}/searches", Key: "searches"}, `must be "hits"`},
		{clarifai.Endpoint[thing]{Method: "GET", Path: "/v2/users/u/apps/a/datasets/d/versions", Key: "versions"}, `must be "dataset_versions"`},
		{clarifai.Endpoint[thing]{Operation: "ListModelVersions"}, `{model_id} is not filled in`},
		{clarifai.Endpoint[thing]{Operation: "ListModelVersions"}.With("model", "m"), `has no {model}`},
		{clarifai.Endpoint[thing]{Method: "GET", Path: "/v2/new"}, `Endpoint.Key "": must be the name of the response field`},
	} {
		client, mock := newClient(t)
		requests := recorder(t, mock, answer(200, success))
		_, err := test.endpoint.List(t.Context(), client, nil)
		if !errors.Is(err, clarifai.ErrInvalidArgument) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("error %v\ndoes not contain %s", err, test.says)
		}
		if len(*requests) != 0 {
			t.Errorf("%s: %d requests", test.says, len(*requests))
		}
	}
}

func TestOperationsListsAllPaginatedOperations(t *testing.T) {
	names := clarifai.Operations()
	if len(names) != 64 || !slices.IsSorted(names) {
		t.Errorf("%d operations, want 64, sorted: %q", len(names), names)
	}
	missing := regexp.MustCompile(`\{(\w+)\} is not filled in`)
	for _, name := range names {
		client, mock := newClient(t)
		requests := recorder(t, mock, answer(200, success))
		endpoint := clarifai.Endpoint[thing]{Operation: name}
		_, err := endpoint.List(t.Context(), client, nil)
		for err != nil && missing.MatchString(err.Error()) {
			endpoint = endpoint.With(missing.FindStringSubmatch(err.Error())[1], "x")
			_, err = endpoint.List(t.Context(), client, nil)
		}
		if err != nil || len(*requests) != 1 {
			t.Errorf("%s: %d requests, %v", name, len(*requests), err)
		}
	}
}

func TestResultsInAnotherFieldAreAnError(t *testing.T) {
	for _, test := range []struct{ method, body, says string }{
		{"GET", `"others":[{"id":"a"}]`, "has no things, but has results in others"},
		{"GET", `"searches":[{"id":"a"}]`, "has no things, but has results in searches"},
		{"POST", `"hits":[{"score":1}],"searches":[{}]`, "has no things, but has results in hits"},
		{"POST", `"searches":[{"query":{}}],"hit_counts":[{"estimated_total":0}],"id":"x"`, ""},
		{"GET", `"others":[]`, ""},
		{"GET", `"others":null`, ""},
		{"GET", `"others":{"things":[{}]}`, ""},
		{"GET", `"notes":["deprecated"]`, ""},
		{"GET", `"things":[],"others":[{"id":"a"}]`, ""},
		{"GET", `"things":null,"others":[{"id":"a"}]`, ""},
	} {
		client, mock := newClient(t)
		recorder(t, mock, answer(200, `{"status":{"code":10000},`+test.body+`}`))
		things := clarifai.Endpoint[thing]{Method: test.method, Path: "/v2/new", Key: "things"}
		got, err := collect(things.All(t.Context(), client, nil), func(x *thing) string { return x.ID })
		switch {
		case test.says == "" && (err != nil || len(got) != 0):
			t.Errorf("%s: %d items, %v", test.body, len(got), err)
		case test.says != "" && (!errors.Is(err, clarifai.ErrInvalidResponse) || !strings.Contains(err.Error(), test.says)):
			t.Errorf("%s: error %v does not contain %s", test.body, err, test.says)
		}
	}
}

// A failed response that also has results is reported by its status.
func TestFailureWithResultsReportsItsStatus(t *testing.T) {
	client, mock := newClient(t)
	recorder(t, mock, answer(404, `{"status":{"code":11101},"others":[{"id":"a"}]}`))
	_, err := clarifai.Endpoint[thing]{Method: "GET", Path: "/v2/new", Key: "things"}.List(t.Context(), client, nil)
	if !errors.Is(err, clarifai.ErrNotFound) || errors.Is(err, clarifai.ErrInvalidResponse) {
		t.Error(err)
	}
}

// Results are returned exactly as the API sent them and do not change while other
// pages are read.
func TestRawResultsAreReturnedUnchanged(t *testing.T) {
	client, mock := newClient(t)
	first := []string{`{"id" : "a",  "new":[1.0,"NaN",1e400], "id":"again"}`, `{"b":{"c":12345678901234567890}}`}
	second := []string{`{"id" : "z",  "new":[2.0,"NaN",2e400], "id":"AGAIN"}`, `{"y":{"x":98765432109876543210}}`}
	recorder(t, mock,
		answer(200, `{"status":{"code":10000},"models":[`+strings.Join(first, " , ")+`]}`),
		answer(200, `{"status":{"code":10000},"models":[`+strings.Join(second, " , ")+`]}`),
		answer(200, success))
	models := clarifai.Endpoint[json.RawMessage]{Operation: "ListModels"}
	got, err := collect(models.All(t.Context(), client, nil), func(raw *json.RawMessage) string { return string(*raw) })
	if err != nil {
		t.Fatal(err)
	}
	if want := append(first, second...); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

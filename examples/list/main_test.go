package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/examples/internal/scripttest"
)

const onSample = "list: sample app: 250 made-up inputs, 90 of them annotated \"people\"\n"

func start(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(t.Context(), append(args, "-sample"), &out, &err)
	return code, out.String(), err.String()
}

func TestListsAnyOperationByName(t *testing.T) {
	const api = "https://api.clarifai.com/v2/users/me/"
	for _, test := range []struct{ args, requests, want string }{
		{"ListConcepts", "GET " + api + "apps/sample/concepts\n", "" +
			"ID      NAME    TIME\npeople  people  2026-01-01T00:00:00Z\ncar     car     2026-01-01T00:00:00Z\n"},
		{"ListConcepts -page 2 -per-page 1", "GET " + api + "apps/sample/concepts?page=2&per_page=1\n", "" +
			"ID   NAME  TIME\ncar  car   2026-01-01T00:00:00Z\n"},
		{"ListConcepts -param id=peo", "GET " + api + "apps/sample/concepts?id=peo\n", "" +
			"ID      NAME    TIME\npeople  people  2026-01-01T00:00:00Z\n"},
		{"ListModels -path /v2/users/{user_id}/models -per-page 1", "GET " + api + "models?per_page=1\n", "" +
			"ID               NAME             TIME\npeople-detector  People detector  2026-01-01T00:00:00Z\n"},
		{"ListModelVersions -with model_id=people-detector -all", "" +
			"GET " + api + "apps/sample/models/people-detector/versions?page=1&per_page=1000\n" +
			"GET " + api + "apps/sample/models/people-detector/versions?page=2&per_page=1000\n", "" +
			"ID  TIME\n1   2026-01-01T00:00:00Z\n2   2026-01-01T00:00:00Z\n"},
		{"PostConceptsSearches -per-page 1 -param concept_query={\"name\":\"c*\"}", "" +
			"POST " + api + "apps/sample/concepts/searches\n{\"concept_query\":{\"name\":\"c*\"},\"pagination\":{\"per_page\":1}}\n", "" +
			"ID   NAME  TIME\ncar  car   2026-01-01T00:00:00Z\n"},
		{"PostAnnotationsSearches -param searches=[{}] -per-page 1", "" + // the ID of the input
			"POST " + api + "apps/sample/annotations/searches\n{\"pagination\":{\"per_page\":1},\"searches\":[{}]}\n", "" +
			"ID         TIME\ninput-001  2026-01-01T00:01:00Z\n"},
		{"ListDatasets -json -per-page 1", "GET " + api + "apps/sample/datasets?per_page=1\n", "" +
			`{"app_id":"sample","created_at":"2026-01-01T00:00:00Z","id":"train","modified_at":"2026-01-01T00:00:00Z","user_id":"me"}` + "\n"},
	} {
		code, stdout, stderr := start(t, strings.Fields(test.args)...)
		if code != 0 || stdout != test.want || stderr != onSample+test.requests {
			t.Errorf("%s: got %d\n%s%s\nwant\n%s%s%s", test.args, code, stdout, stderr, test.want, onSample, test.requests)
		}
	}
	if code, stdout, stderr := start(t, "ListModels", "-page", "9"); code != 0 || stdout != "" || !strings.HasSuffix(stderr, "?page=9\nno results\n") {
		t.Errorf("got %d, %q and %q", code, stdout, stderr)
	}
}

// Values that the SDK does not know or cannot decode are printed unchanged.
func TestJSONPrintsResultsAsSentByTheAPI(t *testing.T) {
	const first, second = `{"new":"<&>","id":1e400,"value":"NaN"}`, `{"note":[1.0]}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(`{"status":{"code":10000},"secrets":[` + strings.ReplaceAll(first, ",", ",\n ") + "," + second + `]}`))
	}))
	defer server.Close()
	t.Setenv("CLARIFAI_PAT", "secret")
	t.Setenv("CLARIFAI_API_BASE", server.URL)
	for _, test := range []struct{ flag, want string }{
		{"-json=true", first + "\n" + second + "\n"},
		{"-json=false", "ID\n1e400\n-\n"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), []string{"ListSecrets", test.flag}, &stdout, &stderr); code != 0 || stdout.String() != test.want {
			t.Errorf("%s: got %d, %q and %s", test.flag, code, &stdout, &stderr)
		}
	}
}

func TestResultsWithoutColumnsArePrintedAsJSON(t *testing.T) {
	results := []*json.RawMessage{}
	for _, text := range []string{`{"message":"a"}`, `{"id":"","name":null}`, `null`, `7`} {
		raw := json.RawMessage(text)
		results = append(results, &raw)
	}
	if header, _ := table(results); header != nil {
		t.Errorf("got %q", header)
	}
}

func TestRejectsInvalidFlags(t *testing.T) {
	for _, args := range []string{
		"", "-all", "Nope", "ListModels -per-page 1001", "ListModels -page two", "ListModels stray", "ListModels -with x", "ListModels -with =x", "ListModels -param x",
		"ListModels -with model_id=x", "ListModelVersions", "ListModelVersions -with model_id=", "ListModels -path /v2/nope", "ListModels -all -page -1",
	} {
		code, stdout, stderr := start(t, strings.Fields(args)...)
		if code != 2 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "list: ") {
			t.Errorf("%q: got %d, %q and %q; want 2 and one line", args, code, stdout, stderr)
		}
	}
	if _, _, stderr := start(t, "ListModel"); !strings.Contains(stderr, "did you mean ListModels?") {
		t.Errorf("got %q", stderr)
	}
}

func TestHelpListsTheOperations(t *testing.T) {
	code, stdout, stderr := start(t, "-h")
	if code != 0 || stdout != "" || !strings.Contains(stderr, "-per-page") {
		t.Errorf("got %d, %q and %q", code, stdout, stderr)
	}
	_, list, _ := strings.Cut(stderr, "\nOperations:\n")
	if got := strings.Fields(list); len(got) != 64 || strings.Join(got, " ") != strings.Join(clarifai.Operations(), " ") {
		t.Errorf("got %d operations: %q", len(got), got)
	}
}

func TestREADMEOutput(t *testing.T) { scripttest.CheckREADME(t, name, run) }

package contract

import (
	"net/http"
	"slices"
	"testing"
)

// everyEndpoint returns the endpoint of every method in the definition.
func everyEndpoint(t *testing.T) []endpoint {
	t.Helper()
	all, err := official(t).endpoints()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// endpointOf returns the endpoint of an operation, such as "ListInputs".
func endpointOf(t *testing.T, method string) endpoint {
	t.Helper()
	for _, e := range everyEndpoint(t) {
		if string(e.method.Name()) == method {
			return e
		}
	}
	t.Fatalf("the definition has no method %s", method)
	return endpoint{}
}

func TestEndpointsThatPage(t *testing.T) {
	count := make(map[paging]int)
	for _, e := range everyEndpoint(t) {
		count[e.paging]++
		var verb string
		switch e.paging {
		case inQuery, byCursor:
			verb = http.MethodGet
		case inBody:
			verb = http.MethodPost
		default:
			continue
		}
		for _, r := range e.routes {
			if r.verb != verb {
				t.Errorf("%s pages by %s and has the route %s %s", e.method.Name(), e.paging, r.verb, r.template)
			}
		}
	}
	for how, want := range map[paging]int{inQuery: 56, inBody: 8, byCursor: 1, notPaging: 224} {
		if count[how] != want {
			t.Errorf("%d endpoints page by %q, want %d", count[how], how, want)
		}
	}
}

func TestEndpointsHaveTheirKeys(t *testing.T) {
	for method, want := range map[string]string{
		"ListInputs":              "inputs",
		"StreamInputs":            "inputs",
		"ListDatasetInputs":       "dataset_inputs",
		"ListModelTypes":          "model_types",
		"ListSearches":            "searches",
		"ListBulkOperations":      "bulk_operation",
		"PostSearches":            "hits",
		"PostSearchesByID":        "hits",
		"PostAnnotationsSearches": "hits",
		"PostModelsSearches":      "models",
		"PostAuditLogSearches":    "entries",
	} {
		if got := endpointOf(t, method).key; got == nil || string(got.Name()) != want {
			t.Errorf("%s: the key is %v, want %s", method, got, want)
		}
	}
}

func TestEndpointsHaveTheirRoutes(t *testing.T) {
	r := endpointOf(t, "ListDatasetInputs").routes[0]
	if want := "/v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/inputs"; r.path() != want {
		t.Errorf("path %s, want %s", r.path(), want)
	}
	if want := []string{"user_id", "app_id", "dataset_id"}; !slices.Equal(r.variables(), want) {
		t.Errorf("variables %q, want %q", r.variables(), want)
	}
	if want := []string{"user_app_id.user_id", "user_app_id.app_id", "dataset_id"}; !slices.Equal(r.fields(), want) {
		t.Errorf("fields %q, want %q", r.fields(), want)
	}
}

// Four routes in the definition belong to two methods each. The earlier method keeps
// the route.
func TestARouteOfTwoMethodsBelongsToTheEarlier(t *testing.T) {
	shapes := make(map[string]string)
	for _, e := range everyEndpoint(t) {
		name := string(e.method.Name())
		if len(e.routes) == 0 && name != "PatchRunners" {
			t.Errorf("%s has no route", name)
		}
		for _, r := range e.routes {
			if earlier, claimed := shapes[r.shape()]; claimed {
				t.Errorf("%s and %s share the route %s", earlier, name, r.shape())
			}
			shapes[r.shape()] = name
		}
	}
	for method, want := range map[string]int{"PatchRunners": 0, "StreamLogEntries": 1, "PostPipelines": 1, "ListPipelines": 2} {
		if got := len(endpointOf(t, method).routes); got != want {
			t.Errorf("%s has %d routes, want %d", method, got, want)
		}
	}
}

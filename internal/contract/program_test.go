package contract

import (
	"iter"
	"net/http"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
)

// listed fails the test unless the items are all results of the operation, in order.
func listed[T any](t *testing.T, operation string, items iter.Seq2[*T, error], id func(*T) string) {
	t.Helper()
	all, err := clarifai.Collect(items)
	if err != nil {
		t.Error(err)
	}
	if len(all) != total {
		t.Errorf("%s: %d items, want %d", operation, len(all), total)
	}
	method := endpointOf(t, operation).method
	for i, item := range all {
		if got, want := id(item), label(method, i); got != want {
			t.Fatalf("%s: item %d is %s, want %s", operation, i, got, want)
		}
	}
}

// A program lists all items of every kind of resource, in order.
func TestProgramListsEveryKindOfResource(t *testing.T) {
	ctx, client := t.Context(), clientOf(t, serve(t, paged))
	ofDataset := &clarifai.ListDatasetInputsRequest{DatasetID: "train"}
	versions := &clarifai.ListDatasetVersionsRequest{DatasetID: "train"}
	listed(t, "ListInputs", client.ListInputsAll(ctx, nil), func(i *clarifai.Input) string { return i.ID })
	listed(t, "ListSearches", client.ListSearchesAll(ctx, nil), func(s *clarifai.Search) string { return s.ID })

	listed(t, "ListAnnotations", client.ListAnnotationsAll(ctx, nil), func(a *clarifai.Annotation) string { return a.ID })
	listed(t, "ListConcepts", client.ListConceptsAll(ctx, nil), func(c *clarifai.Concept) string { return c.ID })
	listed(t, "PostConceptsSearches", client.PostConceptsSearchesAll(ctx, nil), func(c *clarifai.Concept) string { return c.ID })
	listed(t, "ListDatasets", client.ListDatasetsAll(ctx, nil), func(d *clarifai.Dataset) string { return d.ID })
	listed(t, "ListDatasetInputs", client.ListDatasetInputsAll(ctx, ofDataset), func(d *clarifai.DatasetInput) string { return d.Input.ID })
	listed(t, "ListDatasetVersions", client.ListDatasetVersionsAll(ctx, versions), func(v *clarifai.DatasetVersion) string { return v.ID })
	listed(t, "ListModels", client.ListModelsAll(ctx, nil), func(m *clarifai.Model) string { return m.ID })
	listed(t, "ListModelVersions", client.ListModelVersionsAll(ctx, &clarifai.ListModelVersionsRequest{ModelID: "cars"}),
		func(v *clarifai.ModelVersion) string { return v.ID })
	listed(t, "ListWorkflows", client.ListWorkflowsAll(ctx, nil), func(w *clarifai.Workflow) string { return w.ID })
	listed(t, "ListApps", client.ListAppsAll(ctx, nil, clarifai.Prefetch(2)), func(a *clarifai.App) string { return a.ID })

	pages := 0
	for page, err := range clarifai.Pages(ctx, client.ListModels, &clarifai.ListModelsRequest{PageParams: clarifai.PageParams{PerPage: 500}}, clarifai.Limit(1200)) {
		if err != nil {
			t.Fatal(err)
		}
		pages++
		if want := min(500, 1200-500*(page.Number-1)); page.Number != pages || len(page.Items) != want {
			t.Errorf("page %d has number %d and %d models, want %d models", pages, page.Number, len(page.Items), want)
		}
	}
	if pages != 3 {
		t.Errorf("%d pages, want 3", pages)
	}
}

// doCalls has one call for each family of operations, written according to the API's
// documentation.
var doCalls = []struct {
	operation string
	call      clarifai.Call
	request   any
}{
	{"GetUser", clarifai.Call{Method: http.MethodGet, Path: "/v2/users/{user_id}"}, nil},
	{"PatchApp", clarifai.Call{Method: http.MethodPatch, Path: ofApp}, object{"app": object{"description": "d"}, "action": "overwrite"}},
	{"DeleteAnnotationFilters", clarifai.Call{Method: http.MethodDelete, Path: ofApp + "/annotation_filters"}, object{"annotation_filter_ids": []string{"f"}}},
	{"DeleteAnnotationTracks", clarifai.Call{Method: http.MethodDelete, Path: ofApp + "/annotation_tracks"}, object{"ids": []string{"t"}}},
	{"PostAnnotations", clarifai.Call{Method: http.MethodPost, Path: ofApp + "/annotations"}, object{"annotations": []clarifai.Annotation{{
		InputID: "i", Data: &clarifai.Data{Concepts: []clarifai.Concept{{ID: "dog", Value: clarifai.Ptr(0.0)}}},
	}}}},
	{"GetArtifact", clarifai.Call{Method: http.MethodGet, Path: ofApp + "/artifacts/{artifact_id}"}.With("artifact_id", "a"), nil},
	{"CancelBulkOperations", clarifai.Call{Method: http.MethodPatch, Path: ofApp + "/bulk_operations", Idempotent: true}, object{"ids": []string{"b"}}},
	{"PostCollaborators", clarifai.Call{Method: http.MethodPost, Path: ofApp + "/collaborators"}, object{"collaborators": []object{{"scopes": []string{"All"}}}}},
	{"PatchCollectors", clarifai.Call{Method: http.MethodPatch, Path: ofApp + "/collectors"}, object{"collectors": []object{{"id": "c"}}, "action": "merge"}},
	{"PostConceptLanguages", clarifai.Call{Method: http.MethodPost, Path: ofApp + "/concepts/{concept_id}/languages"}.With("concept_id", "dog"),
		object{"concept_languages": []object{{"id": "de", "name": "Hund"}}}},
	{"PutDatasetVersionExports", clarifai.Call{Method: http.MethodPut, Path: ofApp + "/datasets/{dataset_id}/versions/{dataset_version_id}/exports"}.
		With("dataset_id", "d").With("dataset_version_id", "v"),
		object{"exports": []clarifai.DatasetVersionExport{{Format: clarifai.ExportCOCO}}}},
	{"PostAppDuplications", clarifai.Call{Method: http.MethodPost, Path: ofApp + "/duplications"}, object{"app_duplications": []object{{"new_app_name": "copy"}}}},
	{"GetEvaluation", clarifai.Call{Method: http.MethodGet, Path: ofApp + "/evaluations/{evaluation_id}"}.With("evaluation_id", "e"),
		struct {
			Matrix bool `url:"fields.confusion_matrix"`
		}{true}},
	{"DeleteAnnotation", clarifai.Call{Method: http.MethodDelete, Path: ofApp + "/inputs/{input_id}/annotations/{annotation_id}", Idempotent: true}.
		With("input_id", "i").With("annotation_id", "a"), nil},
	{"DeleteInstalledModuleVersions", clarifai.Call{Method: http.MethodDelete, Path: ofApp + "/installed_module_versions"}, object{"ids": []string{"m"}}},
	{"ListAppKeys", clarifai.Call{Method: http.MethodGet, Path: ofApp + "/keys"}, clarifai.PageParams{Page: 2, PerPage: 20}},
	{"PostLabelOrders", clarifai.Call{Method: http.MethodPost, Path: ofApp + "/label_orders"}, object{"label_orders": []object{{"name": "l"}}}},
	{"PostModelOutputs", clarifai.Call{Method: http.MethodPost, Path: ofApp + "/models/{model_id}/outputs"}.With("model_id", "cars"),
		struct {
			Inputs []*clarifai.Input `json:"inputs"`
		}{[]*clarifai.Input{clarifai.ImageFromURL("", "https://example.com/car.jpg")}}},
	{"PostModules", clarifai.Call{Method: http.MethodPost, Path: ofApp + "/modules"}, object{"modules": []object{{"id": "m"}}}},
	{"MyScopes", clarifai.Call{Method: http.MethodGet, Path: ofApp + "/myscopes"}, nil},
	{"PatchAppsDetails", clarifai.Call{Method: http.MethodPatch, Path: ofApp + "/partial"}, object{"action": "overwrite"}},
	{"PostPipelineSteps", clarifai.Call{Method: http.MethodPost, Path: ofApp + "/pipeline_steps"}, object{"pipeline_steps": []object{{"id": "p"}}}},
	{"PostPipelines", clarifai.Call{Method: http.MethodPost, Path: ofApp + "/pipelines"}, object{"pipelines": []object{{"id": "p"}}}},
	{"GetResourceCounts", clarifai.Call{Method: http.MethodGet, Path: ofApp + "/resource_counts"}, nil},
	{"PatchSearches", clarifai.Call{Method: http.MethodPatch, Path: ofApp + "/searches"}, object{"searches": []clarifai.Search{{ID: "s", Name: "n"}}, "action": "overwrite"}},
	{"PostStatValues", clarifai.Call{Method: http.MethodPost, Path: ofApp + "/stats/values"}, object{"stat_values": []object{{"value": 1.5, "tags": []string{"t"}}}}},
	{"PatchAnnotationsStatus", clarifai.Call{Method: http.MethodPatch, Path: ofApp + "/task/{task_id}/annotations/status"}.With("task_id", "t"), object{"user_ids": []string{"u"}, "action": "overwrite"}},
	{"PutTaskAssignments", clarifai.Call{Method: http.MethodPut, Path: ofApp + "/tasks/{task_id}/assignments"}.With("task_id", "t"), object{"action": "LABEL_SUBMIT"}},
	{"PostUploads", clarifai.Call{Method: http.MethodPost, Path: ofApp + "/uploads"}, object{"uploads": []object{{"content_name": "a.zip", "content_length": "9007199254740993"}}}},
	{"PostWorkflowResults", clarifai.Call{Method: http.MethodPost, Path: ofApp + "/workflows/{workflow_id}/results"}.With("workflow_id", "w"),
		object{"inputs": []*clarifai.Input{clarifai.TextFromString("", "a red car")}}},
	{"PostApps", clarifai.Call{Method: http.MethodPost, Path: "/v2/users/{user_id}/apps"}, object{"apps": []clarifai.App{{ID: "new"}}}},
	{"PostAuditLogSearches", clarifai.Call{Method: http.MethodPost, Path: "/v2/users/{user_id}/audit_log/searches", Idempotent: true},
		object{"pagination": clarifai.PageParams{Page: 2, PerPage: 20}}},
	{"ListCollaborations", clarifai.Call{Method: http.MethodGet, Path: "/v2/users/{user_id}/collaborations"}, nil},
	{"GetNodepool", clarifai.Call{Method: http.MethodGet, Path: "/v2/users/{user_id}/compute_clusters/{compute_cluster_id}/nodepools/{nodepool_id}"}.
		With("compute_cluster_id", "c").With("nodepool_id", "n"), nil},
	{"PatchDeployments", clarifai.Call{Method: http.MethodPatch, Path: "/v2/users/{user_id}/deployments"}, object{"deployments": []object{{"id": "d"}}, "action": "merge"}},
	{"GetAppDuplication", clarifai.Call{Method: http.MethodGet, Path: "/v2/users/{user_id}/duplications/{app_duplication_id}"}.With("app_duplication_id", "d"), nil},
	{"PostKeys", clarifai.Call{Method: http.MethodPost, Path: "/v2/users/{user_id}/keys"}, object{"keys": []object{{"description": "k"}}}},
	{"ListMetricLabels", clarifai.Call{Method: http.MethodGet, Path: "/v2/users/{user_id}/metrics/labels"}, nil},
	{"MyScopesUser", clarifai.Call{Method: http.MethodGet, Path: "/v2/users/{user_id}/myscopes"}, nil},
	{"ListScopes", clarifai.Call{Method: http.MethodGet, Path: "/v2/users/{user_id}/scopes"}, nil},
	{"DeleteSecrets", clarifai.Call{Method: http.MethodDelete, Path: "/v2/users/{user_id}/secrets"}, object{"ids": []string{"s"}}},
	{"PostValidatePassword", clarifai.Call{Method: http.MethodPost, Path: "/v2/users/{user_id}/validate_password"}, object{"password": object{"plaintext": "p"}}},
	{"GetStatusCode", clarifai.Call{Method: http.MethodGet, Path: "/v2/status_codes/{status_code_id}"}.With("status_code_id", "10000"), nil},
}

const ofApp = "/v2/users/{user_id}/apps/{app_id}"

type object = map[string]any

// familyOf returns the family of an operation: its path up to the first element after
// the user and the app, such as /models. Operations without a user form one family.
func familyOf(e endpoint) string {
	path := e.routes[0].path()
	for _, start := range []string{ofApp, "/v2/users/{user_id}"} {
		if rest, ok := strings.CutPrefix(path, start); ok {
			first, _, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
			return start + "/" + first
		}
	}
	return ""
}

// A program calls an operation of each family with Do.
func TestProgramCallsEveryFamily(t *testing.T) {
	families := make(map[string]bool)
	for _, e := range everyEndpoint(t) {
		if len(e.routes) > 0 && !e.stream {
			families[familyOf(e)] = true
		}
	}
	s := serve(t, nil)
	client := clientOf(t, s)
	for _, test := range doCalls {
		var response struct {
			Status clarifai.Status `json:"status"`
		}
		status, err := client.Do(t.Context(), test.call, test.request, &response)
		if err != nil {
			t.Errorf("%s: %v", test.operation, err)
			continue
		}
		if status.Code != clarifai.StatusSuccess || response.Status != status {
			t.Errorf("%s: got the status %v, and %v in the response", test.operation, status, response.Status)
		}
		calls := s.received()
		if got := calls[len(calls)-1].method; got != test.operation {
			t.Errorf("%s arrived at %s", test.operation, got)
		}
		delete(families, familyOf(endpointOf(t, test.operation)))
	}
	for family := range families {
		t.Errorf("no operation below %s is called", family)
	}
}

package clarifai

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const (
	userPath = "/v2/users/{user_id}"
	appPath  = userPath + "/apps/{app_id}"
)

// listing describes a paginated operation of the API.
type listing struct {
	method string
	key    string   // response field that holds the results
	paths  []string // all paths of the operation; the first is the default
}

// listings maps the names of the paginated operations to their descriptions.
var listings = map[string]listing{
	"GetConceptCounts":      {"GET", "concept_counts", []string{appPath + "/concepts/status", "/v2/concepts/status"}},
	"ListAnnotationFilters": {"GET", "annotation_filters", []string{appPath + "/annotation_filters", "/v2/annotation_filters"}},
	"ListAnnotationTracks":  {"GET", "annotation_tracks", []string{appPath + "/inputs/{input_id}/annotation_tracks", "/v2/inputs/{input_id}/annotation_tracks"}},
	"ListAnnotationWorkers": {"GET", "workers", []string{appPath + "/annotations/workers", "/v2/annotations/workers"}},
	"ListAnnotations":       {"GET", "annotations", []string{appPath + "/annotations", "/v2/annotations"}},
	"ListAppDuplications":   {"GET", "app_duplications", []string{userPath + "/duplications"}},
	"ListAppKeys":           {"GET", "keys", []string{appPath + "/keys"}},
	"ListApps":              {"GET", "apps", []string{userPath + "/apps", "/v2/apps"}},
	"ListArtifactVersions":  {"GET", "artifact_versions", []string{appPath + "/artifacts/{artifact_id}/versions"}},
	"ListArtifacts":         {"GET", "artifacts", []string{appPath + "/artifacts"}},
	"ListBulkOperations":    {"GET", "bulk_operation", []string{appPath + "/bulk_operations", "/v2/bulk_operations"}},
	"ListCollaborations":    {"GET", "collaborations", []string{userPath + "/collaborations"}},
	"ListCollaborators":     {"GET", "collaborators", []string{appPath + "/collaborators"}},
	"ListCollectors":        {"GET", "collectors", []string{appPath + "/collectors", "/v2/collectors"}},
	"ListComputeClusters":   {"GET", "compute_clusters", []string{userPath + "/compute_clusters", "/v2/compute_clusters"}},
	"ListConceptLanguages":  {"GET", "concept_languages", []string{appPath + "/concepts/{concept_id}/languages", "/v2/concepts/{concept_id}/languages"}},
	"ListConceptRelations":  {"GET", "concept_relations", []string{appPath + "/concepts/{concept_id}/relations", appPath + "/concepts/relations"}},
	"ListConcepts":          {"GET", "concepts", []string{appPath + "/concepts", "/v2/concepts"}},
	"ListDatasetInputs":     {"GET", "dataset_inputs", []string{appPath + "/datasets/{dataset_id}/inputs", "/v2/datasets/{dataset_id}/inputs"}},
	"ListDatasetVersionMetricsGroups": {"GET", "dataset_version_metrics_groups", []string{
		appPath + "/datasets/{dataset_id}/versions/{dataset_version_id}/metrics",
		"/v2/datasets/{dataset_id}/versions/{dataset_version_id}/metrics",
	}},
	"ListDatasetVersions":         {"GET", "dataset_versions", []string{appPath + "/datasets/{dataset_id}/versions", "/v2/datasets/{dataset_id}/versions"}},
	"ListDatasets":                {"GET", "datasets", []string{appPath + "/datasets", userPath + "/datasets", "/v2/datasets"}},
	"ListDeployments":             {"GET", "deployments", []string{userPath + "/deployments", "/v2/deployments"}},
	"ListEvaluations":             {"GET", "eval_metrics", []string{appPath + "/evaluations", userPath + "/evaluations", "/v2/evaluations"}},
	"ListInputs":                  {"GET", "inputs", []string{appPath + "/inputs", "/v2/inputs"}},
	"ListInputsAddJobs":           {"GET", "inputs_add_jobs", []string{appPath + "/inputs/jobs/add", "/v2/inputs/jobs/add"}},
	"ListInputsExtractionJobs":    {"GET", "inputs_extraction_jobs", []string{appPath + "/inputs/jobs/extraction", "/v2/inputs/jobs/extraction"}},
	"ListInstalledModuleVersions": {"GET", "installed_module_versions", []string{appPath + "/installed_module_versions"}},
	"ListKeys":                    {"GET", "keys", []string{userPath + "/keys"}},
	"ListLabelOrders":             {"GET", "label_orders", []string{appPath + "/label_orders", "/v2/label_orders"}},
	"ListLogEntries": {"GET", "log_entries", []string{
		appPath + "/models/{model_id}/versions/{model_version_id}/{log_type}/logs",
		appPath + "/pipelines/{pipeline_id}/versions/{pipeline_version_id}/runs/{pipeline_version_run_id}/{log_type}/logs",
		userPath + "/compute_clusters/{compute_cluster_id}/nodepools/{nodepool_id}/runners/{runner_id}/{log_type}/logs",
		userPath + "/compute_clusters/{compute_cluster_user_id}/{compute_cluster_id}/nodepools/{nodepool_id}/versions/{model_version_id}/{log_type}/logs",
		userPath + "/compute_clusters/{compute_cluster_id}/{log_type}/logs",
	}},
	"ListModelConcepts": {"GET", "concepts", []string{appPath + "/models/{model_id}/concepts", appPath + "/models/{model_id}/versions/{version_id}/concepts"}},
	"ListModelInputs": {"GET", "inputs", []string{
		appPath + "/models/{model_id}/inputs",
		appPath + "/models/{model_id}/versions/{version_id}/inputs",
		"/v2/models/{model_id}/inputs",
		"/v2/models/{model_id}/versions/{version_id}/inputs",
	}},
	"ListModelReferences": {"GET", "model_references", []string{appPath + "/models/{model_id}/references", "/v2/models/{model_id}/references"}},
	"ListModelTypes":      {"GET", "model_types", []string{appPath + "/models/types", "/v2/models/types"}},
	"ListModelVersionEvaluations": {"GET", "eval_metrics", []string{
		appPath + "/models/{model_id}/versions/{model_version_id}/evaluations",
		"/v2/models/{model_id}/versions/{model_version_id}/evaluations",
	}},
	"ListModelVersionInputExamples": {"GET", "model_version_input_examples", []string{
		appPath + "/models/{model_id}/versions/{model_version_id}/input_examples",
		"/v2/models/{model_id}/versions/{model_version_id}/input_examples",
	}},
	"ListModelVersions":        {"GET", "model_versions", []string{appPath + "/models/{model_id}/versions", "/v2/models/{model_id}/versions"}},
	"ListModels":               {"GET", "models", []string{appPath + "/models", userPath + "/models", "/v2/models"}},
	"ListModuleVersions":       {"GET", "module_versions", []string{appPath + "/modules/{module_id}/versions"}},
	"ListModules":              {"GET", "modules", []string{appPath + "/modules", userPath + "/modules", "/v2/modules"}},
	"ListNodepools":            {"GET", "nodepools", []string{userPath + "/compute_clusters/{compute_cluster_id}/nodepools", userPath + "/nodepools", "/v2/nodepools"}},
	"ListPipelineStepVersions": {"GET", "pipeline_step_versions", []string{appPath + "/pipeline_steps/{pipeline_step_id}/versions"}},
	"ListPipelineSteps":        {"GET", "pipeline_steps", []string{appPath + "/pipeline_steps"}},
	"ListPipelineVersionRuns": {"GET", "pipeline_version_runs", []string{
		appPath + "/pipelines/{pipeline_id}/versions/{pipeline_version_id}/runs",
		userPath + "/compute_clusters/{compute_cluster_id}/nodepools/{nodepool_id}/pipeline_version_runs",
	}},
	"ListPipelineVersions": {"GET", "pipeline_versions", []string{appPath + "/pipelines/{pipeline_id}/versions", "/v2/pipelines/{pipeline_id}/versions"}},
	"ListPipelines":        {"GET", "pipelines", []string{appPath + "/pipelines", "/v2/pipelines"}},
	"ListRunners":          {"GET", "runners", []string{userPath + "/compute_clusters/{compute_cluster_id}/nodepools/{nodepool_id}/runners", userPath + "/runners"}},
	"ListSearches":         {"GET", "searches", []string{appPath + "/searches", "/v2/searches"}},
	"ListSecrets":          {"GET", "secrets", []string{userPath + "/secrets"}},
	"ListTasks":            {"GET", "tasks", []string{appPath + "/tasks", "/v2/tasks"}},
	"ListUploads":          {"GET", "uploads", []string{appPath + "/uploads", "/v2/uploads"}},
	"ListWorkflowVersionEvaluationData": {"GET", "workflow_version_evaluation_data", []string{
		appPath + "/workflows/{workflow_id}/versions/{workflow_version_id}/evaluations/{workflow_version_evaluation_id}/data",
		"/v2/workflow-version-evaluations/{workflow_version_evaluation_id}/data",
	}},
	"ListWorkflowVersionEvaluations": {"GET", "workflow_version_evaluations", []string{
		appPath + "/workflows/{workflow_id}/versions/{workflow_version_id}/evaluations",
		"/v2/workflow-version-evaluations",
	}},
	"ListWorkflowVersions":    {"GET", "workflow_versions", []string{appPath + "/workflows/{workflow_id}/versions", "/v2/workflows/{workflow_id}/versions"}},
	"ListWorkflows":           {"GET", "workflows", []string{appPath + "/workflows", userPath + "/workflows", "/v2/workflows"}},
	"PostAnnotationsSearches": {"POST", "hits", []string{appPath + "/annotations/searches", "/v2/annotations/searches"}},
	"PostAppsSearches":        {"POST", "apps", []string{userPath + "/apps/searches"}},
	"PostAuditLogSearches":    {"POST", "entries", []string{userPath + "/audit_log/searches"}},
	"PostConceptsSearches":    {"POST", "concepts", []string{appPath + "/concepts/searches", "/v2/concepts/searches"}},
	"PostInputsSearches":      {"POST", "hits", []string{appPath + "/inputs/searches", "/v2/inputs/searches"}},
	"PostModelsSearches":      {"POST", "models", []string{appPath + "/models/searches", "/v2/models/searches"}},
	"PostSearches":            {"POST", "hits", []string{appPath + "/searches", "/v2/searches"}},
	"PostSearchesByID":        {"POST", "hits", []string{appPath + "/searches/{id}", "/v2/searches/{id}"}},
}

// streams maps the names of the streaming operations to their descriptions. The API
// also defines StreamLogEntries at two paths of ListLogEntries. The map omits these two
// paths: Do rejects every path in the map, but ListLogEntries does not stream and must
// remain callable.
var streams = map[string]listing{
	"GenerateModelOutputs": {"POST", "", []string{
		appPath + "/models/{model_id}/versions/{version_id}/outputs/generate", appPath + "/models/{model_id}/outputs/generate",
	}},
	"PostArtifactVersionsUpload":     {"POST", "", []string{"/v2/artifact_versions/upload"}},
	"PostModelVersionsUpload":        {"POST", "", []string{"/v2/models/versions/upload"}},
	"PostPipelineStepVersionsUpload": {"POST", "", []string{"/v2/pipeline_step_versions/upload"}},
	"ProcessRunnerItems":             {"POST", "", []string{"/v2/runners/items/process"}},
	"StreamLogEntries": {"GET", "", []string{
		appPath + "/pipelines/{pipeline_id}/versions/{pipeline_version_id}/runs/{pipeline_version_run_id}/{log_type}/stream/logs",
	}},
	"StreamModelOutputs": {"POST", "", []string{"/v2/models/outputs/stream"}},
	"StreamTrackAnnotationsSearches": {"POST", "", []string{
		appPath + "/inputs/{input_id}/track_annotations/searches/stream", "/v2/inputs/{input_id}/track_annotations/searches/stream",
	}},
}

// Operations returns the sorted names of all paginated operations, for use in
// [Endpoint.Operation].
func Operations() []string { return slices.Sorted(maps.Keys(listings)) }

// serves reports whether path is a path of the operation. The placeholders in path may
// be filled in.
func (l listing) serves(method, path string) bool {
	return l.method == method && slices.ContainsFunc(l.paths, func(template string) bool { return isFilled(template, path) })
}

// isFilled reports whether path matches template. A {name} in template matches any
// segment of path.
func isFilled(template, path string) bool {
	want, templateRest, more := strings.Cut(template, "/")
	got, pathRest, moreOfPath := strings.Cut(path, "/")
	if more != moreOfPath || want != got && !strings.HasPrefix(want, "{") {
		return false
	}
	return !more || isFilled(templateRest, pathRest)
}

// resolve sets the empty fields of an endpoint according to listings. It looks up
// the operation by name or, if the name is empty, by path. If it finds the operation,
// known is true.
func resolve(operation string, method, path, key *string) (known bool, err error) {
	l, known := listings[operation]
	switch {
	case known:
		*method, *path = cmp.Or(*method, l.method), cmp.Or(*path, l.paths[0])
		if !l.serves(*method, *path) {
			return false, &ArgumentError{Argument: "Endpoint.Path", Value: *method + " " + *path,
				Reason: fmt.Sprintf("must be %s %s for %s", l.method, strings.Join(l.paths, " or "), operation)}
		}
	case operation != "":
		return false, &ArgumentError{Argument: "Endpoint.Operation", Value: operation, Reason: "is not a paginated operation; did you mean " + nearest(operation) + "?"}
	default:
		for _, l = range listings {
			if known = l.serves(*method, *path); known {
				break
			}
		}
		if !known {
			return false, nil
		}
	}
	if *key = cmp.Or(*key, l.key); *key != l.key {
		return false, &ArgumentError{Argument: "Endpoint.Key", Value: *key, Reason: fmt.Sprintf("must be %q, or empty, for %s %s", l.key, *method, *path)}
	}
	return true, nil
}

// nearest returns the operation whose name has the smallest edit distance to name.
func nearest(name string) string {
	return slices.MinFunc(Operations(), func(a, b string) int { return cmp.Compare(edits(name, a), edits(name, b)) })
}

// edits returns the Levenshtein distance between a and b, computed by the
// Wagner–Fischer algorithm.
func edits(a, b string) int {
	row := make([]int, len(b)+1) // distances from the current prefix of a to each prefix of b
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// streamsAt returns the name of the streaming operation at the path, or "" if there
// is none.
func streamsAt(method, path string) string {
	for name, l := range streams {
		if l.serves(method, path) {
			return name
		}
	}
	return ""
}

// noOtherResults returns a field for the whole response of an unknown endpoint. The
// field's complete function returns an error if the response has no key but has results
// under another name. In the response to a search, searches and hit_counts are not
// results.
func noOtherResults(method, key string) *field {
	var response map[string]jsontext.Value
	return &field{into: &response, complete: func() error {
		if _, ok := response[key]; ok {
			return nil
		}
		if method == http.MethodPost {
			delete(response, "searches")
			delete(response, "hit_counts")
		}
		for _, name := range slices.Sorted(maps.Keys(response)) {
			var items []jsontext.Value
			if json.Unmarshal(response[name], &items, asEncodingJSON) == nil && len(items) > 0 && items[0].Kind() == '{' {
				return fmt.Errorf("has no %s, but has results in %s", cut(key, 64), cut(name, 64))
			}
		}
		return nil
	}}
}

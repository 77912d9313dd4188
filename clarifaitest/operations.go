package clarifaitest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/clarifai-go/clarifai"
)

// operation is an operation of the API. Its path is relative to the path of the app or,
// with a leading slash, to /v2.
type operation struct {
	name   string
	method string
	path   string
	query  []parameter
	handle func(*App, *call) (fields, error)
}

// operations are the operations that the app supports. Those without a handler are
// listed only because their paths would otherwise match other operations. The first
// match wins.
var operations = []operation{
	{"ListInputs", http.MethodGet, "inputs", with(paging, strs("ids"), enumeration("status.code", statusCodes)), (*App).listInputs},
	{"PostInputs", http.MethodPost, "inputs", nil, (*App).postInputs},
	{"PatchInputs", http.MethodPatch, "inputs", nil, (*App).patchInputs},
	{"DeleteInputs", http.MethodDelete, "inputs", nil, (*App).deleteInputs},
	{"GetInputCount", http.MethodGet, "inputs/status", nil, (*App).getInputCount},
	{"StreamInputs", http.MethodGet, "inputs/stream", []parameter{number("per_page"), str("last_id"), flag("order_by_id"), flag("descending")}, (*App).streamInputs},
	{"PostInputsSearches", http.MethodPost, "inputs/searches", nil, (*App).postInputsSearches},
	{"GetInput", http.MethodGet, "inputs/{input_id}", nil, (*App).getInput},
	{"DeleteAnnotations", http.MethodDelete, "inputs/annotations", nil, nil}, // "annotations" is not an input ID
	{"DeleteInput", http.MethodDelete, "inputs/{input_id}", nil, (*App).deleteInputByID},

	{"ListAnnotations", http.MethodGet, "annotations", annotationsQuery, (*App).listAnnotations},
	{"GetAnnotation", http.MethodGet, "inputs/{input_id}/annotations/{annotation_id}", nil, (*App).getAnnotation},
	{"PostAnnotationsSearches", http.MethodPost, "annotations/searches", nil, (*App).postAnnotationsSearches},

	{"ListConcepts", http.MethodGet, "concepts", with(paging, str("id").keeps(containsID)), conceptKind.list},
	{"PostConceptsSearches", http.MethodPost, "concepts/searches", nil, (*App).postConceptsSearches},
	{"ListConceptRelations", http.MethodGet, "concepts/relations", nil, nil},
	{"GetConceptCounts", http.MethodGet, "concepts/status", nil, nil},
	{"ListKnowledgeGraphs", http.MethodGet, "concepts/knowledge_graphs", nil, nil},
	{"GetConcept", http.MethodGet, "concepts/{concept_id}", nil, conceptKind.get},

	{"ListDatasets", http.MethodGet, "datasets", datasetsQuery, datasetKind.list},
	{"ListDatasets", http.MethodGet, "/users/{user_id}/datasets", datasetsQuery, datasetKind.list},
	{"GetDataset", http.MethodGet, "datasets/{dataset_id}", []parameter{strs("additional_fields")}, datasetKind.get},
	{"ListDatasetInputs", http.MethodGet, "datasets/{dataset_id}/inputs", paging, (*App).listDatasetInputs},
	{"ListDatasetVersions", http.MethodGet, "datasets/{dataset_id}/versions",
		with(paging, enumeration("request_origins", requestOrigins).repeated().any("request_origin")), datasetVersionKind.list},

	{"ListModels", http.MethodGet, "models", modelsQuery, modelKind.list},
	{"ListModels", http.MethodGet, "/users/{user_id}/models", modelsQuery, modelKind.list},
	{"ListModelTypes", http.MethodGet, "models/types", nil, nil},
	{"GetModel", http.MethodGet, "models/{model_id}", []parameter{str("version_id"), str("language"), flag("trained_before"),
		additional("all", "stars", "outputs", "presets")}, (*App).getModel},
	{"ListModelVersions", http.MethodGet, "models/{model_id}/versions", modelVersionsQuery, modelVersionKind.list},

	{"ListWorkflows", http.MethodGet, "workflows", workflowsQuery, workflowKind.list},
	{"ListWorkflows", http.MethodGet, "/users/{user_id}/workflows", workflowsQuery, workflowKind.list},
	{"GetWorkflow", http.MethodGet, "workflows/{workflow_id}", []parameter{additional("all", "stars")}, workflowKind.get},

	{"ListApps", http.MethodGet, "/users/{user_id}/apps", appsQuery, appKind.list},
	{"ListApps", http.MethodGet, "/apps", appsQuery, appKind.list},
	{"GetApp", http.MethodGet, "/users/{user_id}/apps/{app_id}", []parameter{additional("all", "stars", "counts")}, appKind.get},
	{"GetApp", http.MethodGet, "/app", []parameter{additional("all", "stars", "counts")}, appKind.get},

	{"ListSearches", http.MethodGet, "searches", paging, (*App).listSearches},
	{"GetSearch", http.MethodGet, "searches/{id}", nil, (*App).getSearch},
	{"PostSearchesByID", http.MethodPost, "searches/{id}", nil, (*App).postSearchesByID},
	{"DeleteSearch", http.MethodDelete, "searches/{id}", nil, (*App).deleteSearch},
}

// The enumerations in queries.
var (
	statusCodes    = ownNames[clarifai.StatusCode]("ZERO")
	gettables      = ownNames[clarifai.Gettable]("UNKNOWN_VISIBILITY")
	licenseTypes   = ownNames[clarifai.LicenseType]("UNKNOWN_LICENSE_TYPE")
	requestOrigins = ownNames[clarifai.DatasetVersionRequestOrigin]("DATASET_VERSION_REQUEST_ORIGIN_NOT_SET")
)

// The parameters of the list operations, as defined by the API. Deprecated parameters
// are omitted.
var (
	paging = []parameter{number("page"), number("per_page")}

	annotationsQuery = with(paging, strs("ids"), strs("input_ids"), strs("user_ids"), strs("model_version_ids"), strs("workflow_version_ids"),
		flag("list_all_annotations"), flag("return_model_output"), str("task_id"))

	datasetsQuery = with(resourceQuery("modified_at", "created_at", "star_count", "id", "relevance"), strs("additional_fields"), bookmark)

	modelsQuery = with(resourceQuery("modified_at", "created_at", "star_count", "name", "num_inputs=model_version.total_input_count", "relevance"),
		additional("all", "stars", "outputs", "presets", "counts"), bookmark, visibility, flag("show_replicas"),
		str("model_type_id").any("model_type_id"),
		flag("trained_only").keeps(func(c *call, r *resource, _ []any) bool {
			return given[bool](c, "bookmark") || isTrained(r, "model_version.status.code") // does not apply to bookmarks
		}),
		strs("input_fields").any("model_version.input_info.fields_map"),
		strs("output_fields").any("model_version.output_info.fields_map"),
		str("license").any("model_version.license"),
		flag("featured_only").keeps(func(_ *call, r *resource, _ []any) bool { return len(r.values("featured_order")) > 0 }),
		strs("toolkits").any("toolkits"), strs("use_cases").any("use_cases"), strs("languages").any("languages"),
		strs("model_version_ids").keeps(func(c *call, r *resource, ids []any) bool {
			return slices.ContainsFunc(c.app.of(modelVersionKind).within(r.id), func(version *resource) bool { return slices.Contains(ids, any(version.id)) })
		}),
		enumeration("license_type", licenseTypes).any("license_type"),
		number("source").any("source"), str("creator").any("creator"),
		number("min_replicas").keeps(func(_ *call, r *resource, given []any) bool { return r.number("replica_count") >= given[0].(float64) }))

	modelVersionsQuery = with(with(paging, sorting("created_at", "status_code=status.code", "num_inputs=total_input_count", "description")...),
		strs("concept_ids").keeps(func(_ *call, r *resource, ids []any) bool {
			have := r.values("output_info.data.concepts.id")
			return !slices.ContainsFunc(ids, func(id any) bool { return !slices.Contains(have, id) })
		}),
		flag("trained_only").keeps(func(_ *call, r *resource, _ []any) bool { return isTrained(r, "status.code") }),
		number("min_replicas").keeps(none)) // versions do not have a number of replicas

	workflowsQuery = with(resourceQuery("modified_at", "created_at", "star_count", "id", "relevance"),
		additional("all", "stars"), bookmark, visibility, flag("featured_only").keeps(none)) // workflows have no field for it

	appsQuery = with(resourceQuery("modified_at", "created_at", "star_count", "id", "name", "relevance"),
		additional("all", "stars", "counts"), visibility, flag("featured_only").keeps(none),
		flag("template_only").keeps(isTrue("is_template")))
)

// resourceQuery returns the parameters that most list operations have in common. By
// default, the results are sorted by the first field of sortedBy.
func resourceQuery(sortedBy ...string) []parameter {
	return with(with(paging, sorting(sortedBy...)...), flag("starred_only").keeps(isTrue("is_starred")), str("search").keeps(matchesSearch))
}

// pages reports whether requests for the named operation select a page by number. The
// number is in the query, or in the body if the operation is a search.
func pages(name string) bool {
	return slices.ContainsFunc(operations, func(op operation) bool {
		return op.name == name && (op.parameter("page") != nil || op.method == http.MethodPost && strings.Contains(op.path, "searches"))
	})
}

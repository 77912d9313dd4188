package contract

import (
	"context"

	"github.com/clarifai-go/clarifai"
)

// resources has calls of the methods in annotations.go, concepts.go, datasets.go,
// models.go, workflows.go and apps.go.
var resources = []methodCall{
	{"ListAnnotations", "ListAnnotations", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.ListAnnotations(ctx, &clarifai.ListAnnotationsRequest{
			PageParams:         clarifai.PageParams{Page: 2, PerPage: 20},
			IDs:                []string{"a"},
			InputIDs:           []string{"i"},
			UserIDs:            []string{"u", "v"},
			ModelVersionIDs:    []string{"m"},
			WorkflowVersionIDs: []string{"w"},
			ListAllAnnotations: true,
			ReturnModelOutput:  true,
			TaskID:             "t",
		}))
	}, []string{`{"page":2,"per_page":20,"ids":["a"],"input_ids":["i"],"user_ids":["u","v"],"model_version_ids":["m"],
		"workflow_version_ids":["w"],"list_all_annotations":true,"return_model_output":true,"task_id":"t"}`}},
	{"ListAnnotationsAll", "ListAnnotations", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.ListAnnotationsAll(ctx, nil))
	}, twoLargePages},
	{"GetAnnotation", "GetAnnotation", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.GetAnnotation(ctx, "a b", "a b"))
	}, []string{`{"input_id":"a b","annotation_id":"a b"}`}},
	{"ListConcepts", "ListConcepts", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.ListConcepts(ctx, &clarifai.ListConceptsRequest{PageParams: clarifai.PageParams{Page: 2, PerPage: 20}, ID: "dog"}))
	}, []string{`{"page":2,"per_page":20,"id":"dog"}`}},
	{"ListConceptsAll", "ListConcepts", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.ListConceptsAll(ctx, nil))
	}, twoLargePages},
	{"PostConceptsSearches", "PostConceptsSearches", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.PostConceptsSearches(ctx, &clarifai.PostConceptsSearchesRequest{
			PageParams: clarifai.PageParams{Page: 2, PerPage: 20},
			ConceptQuery: &clarifai.ConceptQuery{
				Name: "dog*", Language: "en", UseCases: []clarifai.WorkflowModelUseCase{clarifai.UseCaseClassification, clarifai.UseCaseDetection},
				Model: &clarifai.Model{ID: "m", ModelVersion: &clarifai.ModelVersion{ID: "v"}}, IgnoreAppConcepts: true,
			},
			ExtraInfo: &clarifai.ConceptExtraInfoRequest{RankableModel: &clarifai.Model{ID: "e"}},
		}))
	}, []string{`{"pagination":{"page":2,"per_page":20},"concept_query":{"name":"dog*","language":"en","use_cases":["CLASSIFICATION","DETECTION"],
		"model":{"id":"m","model_version":{"id":"v"}},"ignore_app_concepts":true},"extra_info":{"rankable_model":{"id":"e"}}}`}},
	{"PostConceptsSearchesAll", "PostConceptsSearches", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.PostConceptsSearchesAll(ctx, nil))
	}, []string{`{"pagination":{"page":1,"per_page":1000}}`, `{"pagination":{"page":2,"per_page":1000}}`}},
	{"GetConcept", "GetConcept", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.GetConcept(ctx, "a b"))
	}, []string{`{"concept_id":"a b"}`}},
	{"ListDatasets", "ListDatasets", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.ListDatasets(ctx, &clarifai.ListDatasetsRequest{
			PageParams:       clarifai.PageParams{Page: 2, PerPage: 20},
			AdditionalFields: []string{"all", "stars"},
			SortBy:           clarifai.SortByID,
			SortAscending:    true,
			StarredOnly:      true,
			Bookmark:         true,
			Search:           "train",
		}))
	}, []string{`{"page":2,"per_page":20,"additional_fields":["all","stars"],"sort_by_id":true,"sort_ascending":true,
		"starred_only":true,"bookmark":true,"search":"train"}`}},
	{"ListDatasetsAll", "ListDatasets", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.ListDatasetsAll(ctx, nil))
	}, twoLargePages},
	{"ListDatasetInputs", "ListDatasetInputs", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.ListDatasetInputs(ctx, &clarifai.ListDatasetInputsRequest{DatasetID: "d", PageParams: clarifai.PageParams{Page: 2, PerPage: 20}}))
	}, []string{`{"dataset_id":"d","page":2,"per_page":20}`}},
	{"ListDatasetInputsAll", "ListDatasetInputs", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.ListDatasetInputsAll(ctx, &clarifai.ListDatasetInputsRequest{DatasetID: "d"}))
	}, []string{`{"dataset_id":"d","page":1,"per_page":1000}`, `{"dataset_id":"d","page":2,"per_page":1000}`}},
	{"ListDatasetVersions", "ListDatasetVersions", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.ListDatasetVersions(ctx, &clarifai.ListDatasetVersionsRequest{
			DatasetID:      "d",
			PageParams:     clarifai.PageParams{Page: 2, PerPage: 20},
			RequestOrigins: []clarifai.DatasetVersionRequestOrigin{clarifai.DatasetVersionManual, clarifai.DatasetVersionTraining},
		}))
	}, []string{`{"dataset_id":"d","page":2,"per_page":20,"request_origins":["MANUAL","TRAINING"]}`}},
	{"ListDatasetVersionsAll", "ListDatasetVersions", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.ListDatasetVersionsAll(ctx, &clarifai.ListDatasetVersionsRequest{DatasetID: "d"}))
	}, []string{`{"dataset_id":"d","page":1,"per_page":1000}`, `{"dataset_id":"d","page":2,"per_page":1000}`}},
	{"GetDataset", "GetDataset", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.GetDataset(ctx, "d", &clarifai.GetDatasetRequest{AdditionalFields: []string{"stars"}}))
	}, []string{`{"dataset_id":"d","additional_fields":["stars"]}`}},
	{"ListModels", "ListModels", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.ListModels(ctx, &clarifai.ListModelsRequest{
			PageParams:       clarifai.PageParams{Page: 2, PerPage: 20},
			AdditionalFields: []string{"stars", "counts"},
			ShowReplicas:     true,
			SortBy:           clarifai.SortByNumInputs,
			SortAscending:    true,
			ModelTypeID:      "visual-classifier",
			TrainedOnly:      true,
			InputFields:      []string{"image"},
			OutputFields:     []string{"regions[...].data.concepts"},
			License:          "MIT",
			FeaturedOnly:     true,
			StarredOnly:      true,
			Toolkits:         []string{"t"},
			UseCases:         []string{"u"},
			Languages:        []string{"en", "de"},
			Bookmark:         true,
			ModelVersionIDs:  []string{"v"},
			LicenseType:      clarifai.LicenseOpenSource,
			Source:           clarifai.ModelWrapped,
			Creator:          "c",
			MinReplicas:      3,
			Visibility:       clarifai.GettableOrg,
			Search:           "cars & trucks",
		}))
	}, []string{`{"page":2,"per_page":20,"additional_fields":["stars","counts"],"show_replicas":true,"sort_by_num_inputs":true,"sort_ascending":true,
		"model_type_id":"visual-classifier","trained_only":true,"input_fields":["image"],"output_fields":["regions[...].data.concepts"],"license":"MIT",
		"featured_only":true,"starred_only":true,"toolkits":["t"],"use_cases":["u"],"languages":["en","de"],"bookmark":true,"model_version_ids":["v"],
		"license_type":"OPEN_SOURCE","source":2,"creator":"c","min_replicas":3,"visibility":{"gettable":"ORG"},"search":"cars & trucks"}`}},
	{"ListModelsAll", "ListModels", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.ListModelsAll(ctx, nil))
	}, twoLargePages},
	{"ListModelVersions", "ListModelVersions", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.ListModelVersions(ctx, &clarifai.ListModelVersionsRequest{
			ModelID:       "m",
			PageParams:    clarifai.PageParams{Page: 2, PerPage: 20},
			ConceptIDs:    []string{"dog"},
			TrainedOnly:   true,
			MinReplicas:   1,
			SortBy:        clarifai.SortByStatusCode,
			SortAscending: true,
		}))
	}, []string{`{"model_id":"m","page":2,"per_page":20,"concept_ids":["dog"],"trained_only":true,"min_replicas":1,
		"sort_by_status_code":true,"sort_ascending":true}`}},
	{"ListModelVersionsAll", "ListModelVersions", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.ListModelVersionsAll(ctx, &clarifai.ListModelVersionsRequest{ModelID: "m"}))
	}, []string{`{"model_id":"m","page":1,"per_page":1000}`, `{"model_id":"m","page":2,"per_page":1000}`}},
	{"GetModel", "GetModel", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.GetModel(ctx, "m", &clarifai.GetModelRequest{VersionID: "v", Language: "en", TrainedBefore: true, AdditionalFields: []string{"all"}}))
	}, []string{`{"model_id":"m","version_id":"v","language":"en","trained_before":true,"additional_fields":["all"]}`}},
	{"ListWorkflows", "ListWorkflows", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.ListWorkflows(ctx, &clarifai.ListWorkflowsRequest{
			PageParams:       clarifai.PageParams{Page: 2, PerPage: 20},
			AdditionalFields: []string{"stars"},
			SortBy:           clarifai.SortByRelevance,
			SortAscending:    true,
			FeaturedOnly:     true,
			StarredOnly:      true,
			Bookmark:         true,
			Visibility:       clarifai.GettablePublic,
			Search:           "faces",
		}))
	}, []string{`{"page":2,"per_page":20,"additional_fields":["stars"],"sort_by_relevance":true,"sort_ascending":true,"featured_only":true,
		"starred_only":true,"bookmark":true,"visibility":{"gettable":"PUBLIC"},"search":"faces"}`}},
	{"ListWorkflowsAll", "ListWorkflows", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.ListWorkflowsAll(ctx, nil))
	}, twoLargePages},
	{"GetWorkflow", "GetWorkflow", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.GetWorkflow(ctx, "w", &clarifai.GetWorkflowRequest{AdditionalFields: []string{"all"}}))
	}, []string{`{"workflow_id":"w","additional_fields":["all"]}`}},
	{"ListApps", "ListApps", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.App("USER", "").ListApps(ctx, &clarifai.ListAppsRequest{
			PageParams:       clarifai.PageParams{Page: 2, PerPage: 20},
			AdditionalFields: []string{"counts"},
			SortBy:           clarifai.SortByName,
			SortAscending:    true,
			FeaturedOnly:     true,
			StarredOnly:      true,
			TemplateOnly:     true,
			Visibility:       clarifai.GettablePrivate,
			Search:           "demo",
		}))
	}, []string{`{"page":2,"per_page":20,"additional_fields":["counts"],"sort_by_name":true,"sort_ascending":true,"featured_only":true,
		"starred_only":true,"template_only":true,"visibility":{"gettable":"PRIVATE"},"search":"demo"}`}},
	{"ListAppsAll", "ListApps", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.ListAppsAll(ctx, nil))
	}, twoLargePages},
	{"GetApp", "GetApp", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.GetApp(ctx, &clarifai.GetAppRequest{AdditionalFields: []string{"all"}}))
	}, []string{`{"additional_fields":["all"]}`}},
}

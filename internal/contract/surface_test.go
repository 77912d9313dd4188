package contract

import (
	"context"
	"iter"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// clientOf returns a client of the SDK that talks to the server.
func clientOf(t *testing.T, s *server) *clarifai.Client {
	t.Helper()
	client, err := clarifai.NewClient(
		clarifai.WithPAT("token"),
		clarifai.WithApp("USER", "APP"),
		clarifai.WithBaseURL(s.URL),
		clarifai.WithRetry(clarifai.RetryPolicy{}),
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.HTTPClient().CloseIdleConnections)
	return client
}

// twoPages answers with one result on the first page and none on the second, and
// with an empty resource where the method returns a single one.
func twoPages(method protoreflect.MethodDescriptor, request *dynamicpb.Message) (proto.Message, error) {
	response := success(method)
	if pagingOf(method.Input().Fields()) != notPaging {
		key, err := resultsOf(method)
		if err != nil || !isFirstPage(request) {
			return response, err
		}
		result := response.Mutable(key).List().AppendMutable().Message()
		// What StreamInputs goes on from.
		if id := result.Descriptor().Fields().ByName("id"); id != nil {
			result.Set(id, protoreflect.ValueOfString("first"))
		}
		return response, nil
	}
	fields := method.Output().Fields()
	for i := range fields.Len() {
		if field := fields.Get(i); field.Message() != nil && !field.IsList() {
			response.Mutable(field)
		}
	}
	return response, nil
}

func isFirstPage(request *dynamicpb.Message) bool {
	fields := request.Descriptor().Fields()
	if lastID := fields.ByName("last_id"); lastID != nil {
		return request.Get(lastID).String() != "first"
	}
	params := protoreflect.Message(request)
	if pagination := fields.ByName("pagination"); pagination != nil {
		params = request.Get(pagination).Message()
	}
	return params.Get(params.Descriptor().Fields().ByName("page")).Uint() <= 1
}

// each is the error of an iterator, once it has been run to its end.
func each[T any](items iter.Seq2[*T, error]) error {
	for _, err := range items {
		if err != nil {
			return err
		}
	}
	return nil
}

// failure is the error of a call whose result does not matter.
func failure[T any](_ T, err error) error { return err }

// everyMethod calls each method of the SDK. The requests are what has to arrive at
// the operation, one for each time that it has to be called, but for user_app_id,
// which is always the same.
var everyMethod = []struct {
	method    string // of the Client
	operation string
	call      func(context.Context, *clarifai.Client) error
	requests  []string
}{
	{"ListInputs", "ListInputs", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.ListInputs(ctx, nil))
	}, []string{`{}`}},
	{"ListInputs", "ListInputs", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.ListInputs(ctx, &clarifai.ListInputsRequest{
			PageParams: clarifai.PageParams{Page: 2, PerPage: 20},
			IDs:        []string{"a&ids=b", "c d/e,f"},
			StatusCode: clarifai.StatusInputSuccess,
		}))
	}, []string{`{"page":2,"per_page":20,"ids":["a&ids=b","c d/e,f"],"status":{"code":30000}}`}},
	{"ListInputsAll", "ListInputs", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.ListInputsAll(ctx, nil))
	}, []string{`{"page":1,"per_page":1000}`, `{"page":2,"per_page":1000}`}},
	{"ListInputsAll", "ListInputs", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.ListInputsAll(ctx, &clarifai.ListInputsRequest{
			PageParams: clarifai.PageParams{PerPage: 20},
			IDs:        []string{"a"},
			StatusCode: clarifai.StatusInputFailed,
		}))
	}, []string{
		`{"page":1,"per_page":20,"ids":["a"],"status":{"code":30002}}`,
		`{"page":2,"per_page":20,"ids":["a"],"status":{"code":30002}}`,
	}},
	{"StreamInputs", "StreamInputs", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.StreamInputs(ctx, nil))
	}, []string{`{}`}},
	{"StreamInputs", "StreamInputs", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.StreamInputs(ctx, &clarifai.StreamInputsRequest{PerPage: 20, LastID: "a", OrderByID: true, Descending: true}))
	}, []string{`{"per_page":20,"last_id":"a","order_by_id":true,"descending":true}`}},
	{"StreamInputsAll", "StreamInputs", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.StreamInputsAll(ctx, nil))
	}, []string{`{"per_page":1000}`, `{"per_page":1000,"last_id":"first"}`}},
	{"StreamInputsAll", "StreamInputs", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.StreamInputsAll(ctx, &clarifai.StreamInputsRequest{PerPage: 20, LastID: "a", Descending: true}))
	}, []string{`{"per_page":20,"last_id":"a","descending":true}`, `{"per_page":20,"last_id":"first","descending":true}`}},
	{"GetInput", "GetInput", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.GetInput(ctx, "a b+ä"))
	}, []string{`{"input_id":"a b+ä"}`}},
	{"GetInputCount", "GetInputCount", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.GetInputCount(ctx))
	}, []string{`{}`}},
	{"PostInputs", "PostInputs", func(ctx context.Context, c *clarifai.Client) error {
		inputs := []*clarifai.Input{
			clarifai.ImageFromURL("a", "https://example.com/a.jpg"),
			clarifai.ImageFromBytes("b", []byte{0xff, 0xd8, 0xff}),
			clarifai.VideoFromURL("c", "https://example.com/c.mp4"),
			clarifai.VideoFromBytes("d", []byte("d")),
			clarifai.AudioFromURL("e", "https://example.com/e.wav"),
			clarifai.AudioFromBytes("f", []byte("f")),
			clarifai.TextFromURL("g", "https://example.com/g.txt"),
			clarifai.TextFromString("", "<h> & \u2028"),
		}
		inputs[0].DatasetIDs = []string{"train"}
		inputs[0].Data.Concepts = []clarifai.Concept{{ID: "dog", Value: clarifai.Ptr(0.0)}, {ID: "cat"}}
		inputs[0].Data.Metadata = map[string]any{"n": 1.5, "deep": map[string]any{"list": []any{nil, true}}}
		return failure(c.PostInputs(ctx, &clarifai.PostInputsRequest{
			Inputs:                    inputs,
			InputsAddJobID:            "job",
			InputIDConflictResolution: clarifai.InputIDConflictSuffix,
		}))
	}, []string{`{"inputs_add_job_id":"job","input_id_conflict_resolution":"SUFFIX","inputs":[
		{"id":"a","dataset_ids":["train"],"data":{"image":{"url":"https://example.com/a.jpg"},
			"concepts":[{"id":"dog","value":0},{"id":"cat"}],"metadata":{"n":1.5,"deep":{"list":[null,true]}}}},
		{"id":"b","data":{"image":{"base64":"/9j/"}}},
		{"id":"c","data":{"video":{"url":"https://example.com/c.mp4"}}},
		{"id":"d","data":{"video":{"base64":"ZA=="}}},
		{"id":"e","data":{"audio":{"url":"https://example.com/e.wav"}}},
		{"id":"f","data":{"audio":{"base64":"Zg=="}}},
		{"id":"g","data":{"text":{"url":"https://example.com/g.txt"}}},
		{"data":{"text":{"raw":"<h> & \u2028"}}}]}`}},
	{"PostInputs", "PostInputs", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.PostInputs(ctx, &clarifai.PostInputsRequest{
			Inputs:                    []*clarifai.Input{{Data: &clarifai.Data{}}},
			InputIDConflictResolution: clarifai.InputIDConflictSkip,
		}))
	}, []string{`{"inputs":[{"data":{}}],"input_id_conflict_resolution":"SKIP"}`}},
	{"PatchInputs", "PatchInputs", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.PatchInputs(ctx, &clarifai.PatchInputsRequest{
			Inputs: []*clarifai.Input{{ID: "a", Data: &clarifai.Data{Metadata: map[string]any{}}}},
			Action: "overwrite",
		}))
	}, []string{`{"inputs":[{"id":"a","data":{"metadata":{}}}],"action":"overwrite"}`}},
	{"DeleteInput", "DeleteInput", func(ctx context.Context, c *clarifai.Client) error {
		return c.DeleteInput(ctx, "a?b")
	}, []string{`{"input_id":"a?b"}`}},
	{"DeleteInputs", "DeleteInputs", func(ctx context.Context, c *clarifai.Client) error {
		return c.DeleteInputs(ctx, "a", "b")
	}, []string{`{"ids":["a","b"]}`}},
	{"PostAnnotationsSearches", "PostAnnotationsSearches", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.PostAnnotationsSearches(ctx, &clarifai.PostAnnotationsSearchesRequest{
			Searches: []clarifai.Search{
				clarifai.NewSearch(clarifai.FilterByConcept("people", false), clarifai.RankByText("a red car")),
				{Query: &clarifai.Query{Language: "en"}, ID: "s", Name: "n", Save: true, Algorithm: "brute_force",
					MinValue: 0.25, Metric: clarifai.MetricCosineDistance, Visibility: &clarifai.Visibility{Gettable: clarifai.GettablePublic}},
			},
			PageParams: clarifai.PageParams{Page: 2, PerPage: 20},
		}))
	}, []string{`{"pagination":{"page":2,"per_page":20},"searches":[
		{"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"people","value":0}]}}}],
			"ranks":[{"annotation":{"data":{"text":{"raw":"a red car"}}}}]}},
		{"query":{"language":"en"},"id":"s","name":"n","save":true,"algorithm":"brute_force",
			"min_value":0.25,"metric":"COSINE_DISTANCE","visibility":{"gettable":"PUBLIC"}}]}`}},
	{"PostAnnotationsSearchesAll", "PostAnnotationsSearches", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.PostAnnotationsSearchesAll(ctx, &clarifai.PostAnnotationsSearchesRequest{Searches: anySearch}))
	}, []string{
		`{"searches":[{"query":{}}],"pagination":{"page":1,"per_page":1000}}`,
		`{"searches":[{"query":{}}],"pagination":{"page":2,"per_page":1000}}`,
	}},
	{"PostInputsSearches", "PostInputsSearches", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.PostInputsSearches(ctx, &clarifai.PostInputsSearchesRequest{Searches: anySearch}))
	}, []string{`{"searches":[{"query":{}}]}`}},
	{"PostInputsSearches", "PostInputsSearches", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.PostInputsSearches(ctx, &clarifai.PostInputsSearchesRequest{
			Searches:   anySearch,
			PageParams: clarifai.PageParams{Page: 2},
			OnlyCount:  true,
		}))
	}, []string{`{"searches":[{"query":{}}],"pagination":{"page":2},"only_count":true}`}},
	{"PostInputsSearchesAll", "PostInputsSearches", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.PostInputsSearchesAll(ctx, &clarifai.PostInputsSearchesRequest{
			Searches:   anySearch,
			PageParams: clarifai.PageParams{PerPage: 20},
		}))
	}, []string{
		`{"searches":[{"query":{}}],"pagination":{"page":1,"per_page":20}}`,
		`{"searches":[{"query":{}}],"pagination":{"page":2,"per_page":20}}`,
	}},
	{"ListSearches", "ListSearches", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.ListSearches(ctx, nil))
	}, []string{`{}`}},
	{"ListSearches", "ListSearches", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.ListSearches(ctx, &clarifai.ListSearchesRequest{PageParams: clarifai.PageParams{Page: 2, PerPage: 20}}))
	}, []string{`{"page":2,"per_page":20}`}},
	{"ListSearchesAll", "ListSearches", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.ListSearchesAll(ctx, nil))
	}, []string{`{"page":1,"per_page":1000}`, `{"page":2,"per_page":1000}`}},
	{"GetSearch", "GetSearch", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.GetSearch(ctx, "s"))
	}, []string{`{"id":"s"}`}},
	{"PostSearchesByID", "PostSearchesByID", func(ctx context.Context, c *clarifai.Client) error {
		return failure(c.PostSearchesByID(ctx, &clarifai.PostSearchesByIDRequest{
			ID:         "s",
			PageParams: clarifai.PageParams{Page: 2, PerPage: 20},
		}))
	}, []string{`{"id":"s","pagination":{"page":2,"per_page":20}}`}},
	{"PostSearchesByIDAll", "PostSearchesByID", func(ctx context.Context, c *clarifai.Client) error {
		return each(c.PostSearchesByIDAll(ctx, &clarifai.PostSearchesByIDRequest{ID: "s"}))
	}, []string{
		`{"id":"s","pagination":{"page":1,"per_page":1000}}`,
		`{"id":"s","pagination":{"page":2,"per_page":1000}}`,
	}},
	{"DeleteSearch", "DeleteSearch", func(ctx context.Context, c *clarifai.Client) error {
		return c.DeleteSearch(ctx, "s")
	}, []string{`{"id":"s"}`}},
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
		return failure(c.GetAnnotation(ctx, "i", "a b"))
	}, []string{`{"input_id":"i","annotation_id":"a b"}`}},
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

// twoLargePages are the requests of an iterator over one page of results.
var twoLargePages = []string{`{"page":1,"per_page":1000}`, `{"page":2,"per_page":1000}`}

var anySearch = []clarifai.Search{clarifai.NewSearch()}

// callEveryMethod returns the calls that arrived, for each of everyMethod.
func callEveryMethod(t *testing.T) [][]call {
	t.Helper()
	var all [][]call
	for _, test := range everyMethod {
		s := serve(t, twoPages)
		if err := test.call(t.Context(), clientOf(t, s)); err != nil {
			t.Errorf("%s: %v", test.method, err)
		}
		all = append(all, s.received())
	}
	return all
}

func TestEveryMethodSendsWhatWasSet(t *testing.T) {
	for i, calls := range callEveryMethod(t) {
		test := everyMethod[i]
		if len(calls) != len(test.requests) {
			t.Errorf("%s: %d requests, want %d", test.method, len(calls), len(test.requests))
			continue
		}
		for i, request := range test.requests {
			app := `{"user_app_id":{"user_id":"USER","app_id":"APP"}`
			if test.operation == "ListApps" {
				app = `{"user_app_id":{"user_id":"USER"}`
			}
			if request != "{}" {
				app += ","
			}
			checkCall(t, calls[i], test.operation, app+strings.TrimPrefix(request, "{"))
		}
	}
}

// notOperations are the exported methods of a Client that call nothing.
var notOperations = map[string]string{
	"App":        "makes a client",
	"HTTPClient": "gives the HTTP client",
	"String":     "prints a client",
	"GoString":   "prints a client",
}

func TestEveryMethodIsCalled(t *testing.T) {
	called := make(map[string]bool)
	for _, test := range everyMethod {
		called[test.method] = true
	}
	client := reflect.TypeFor[*clarifai.Client]()
	for i := range client.NumMethod() {
		name := client.Method(i).Name
		if _, ok := notOperations[name]; called[name] == ok {
			t.Errorf("%s is to be in everyMethod or in notOperations", name)
		}
		delete(called, name)
	}
	for name := range called {
		t.Errorf("%s is in everyMethod, and no method of a Client", name)
	}
}

// neverSet are the fields of requests that the SDK does not set, and why.
var neverSet = map[protoreflect.FullName]string{
	"clarifai.api.ListAnnotationsRequest.statuses":        "a repeated message, which a query cannot hold",
	"clarifai.api.ListDatasetsRequest.id":                 "deprecated",
	"clarifai.api.ListModelsRequest.name":                 "deprecated",
	"clarifai.api.ListModelsRequest.query":                "deprecated",
	"clarifai.api.ListModelsRequest.filter_by_user_id":    "deprecated",
	"clarifai.api.ListModelsRequest.dont_fetch_from_main": "deprecated",
	"clarifai.api.ListWorkflowsRequest.id":                "deprecated",
	"clarifai.api.ListWorkflowsRequest.query":             "deprecated",
	"clarifai.api.ListWorkflowsRequest.search_term":       "deprecated",
	"clarifai.api.ListAppsRequest.id":                     "deprecated",
	"clarifai.api.ListAppsRequest.name":                   "deprecated",
	"clarifai.api.ListAppsRequest.query":                  "deprecated",
}

// A field that the API adds to a request is noticed here: no call sets it.
func TestEveryFieldOfARequestCanBeSet(t *testing.T) {
	missing := make(map[protoreflect.FullName]bool)
	var set []protoreflect.FullName
	for _, calls := range callEveryMethod(t) {
		for _, call := range calls {
			fields := call.request.Descriptor().Fields()
			for i := range fields.Len() {
				if oneof := fields.Get(i).ContainingOneof(); oneof == nil { // of which only one can be set
					missing[fields.Get(i).FullName()] = true
				}
			}
			call.request.Range(func(field protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
				set = append(set, field.FullName())
				return true
			})
		}
	}
	for _, name := range set {
		delete(missing, name)
	}
	for name, reason := range neverSet {
		if !missing[name] {
			t.Errorf("%s (%s) is set, or is no field of a request", name, reason)
		}
		delete(missing, name)
	}
	for name := range missing {
		t.Errorf("%s is never set", name)
	}
}

// The paths of the SDK are the documented ones, not others that the definition
// keeps for compatibility.
func TestEveryMethodUsesTheDocumentedPath(t *testing.T) {
	for _, test := range everyMethod {
		documented := endpointOf(t, test.operation).routes[0]
		s := serve(t, twoPages)
		client := clientOf(t, s)
		sent := &recorder{next: client.HTTPClient().Transport}
		client.HTTPClient().Transport = sent
		if err := test.call(t.Context(), client); err != nil {
			t.Errorf("%s: %v", test.method, err)
		}
		want := strings.NewReplacer("{user_id}", "USER", "{app_id}", "APP").Replace(documented.path())
		for _, got := range sent.requests {
			if verb, path, _ := strings.Cut(got, " "); verb != documented.verb || !matches(want, path) {
				t.Errorf("%s sent %s, want %s %s", test.method, got, documented.verb, want)
			}
		}
	}
}

// matches reports whether the template is that of an escaped path.
func matches(template, path string) bool {
	return slices.EqualFunc(strings.Split(template, "/"), strings.Split(path, "/"), func(want, got string) bool {
		return want == got || strings.HasPrefix(want, "{")
	})
}

// recorder notes the verb and the path of what a client sends.
type recorder struct {
	next     http.RoundTripper
	requests []string
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	r.requests = append(r.requests, request.Method+" "+request.URL.EscapedPath())
	return r.next.RoundTrip(request)
}

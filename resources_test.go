package clarifai_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
)

const user = "https://api.clarifai.com/v2/users/USER"

// listed returns the ID of the first result of a page.
func listed[T any](id func(*T) string) func(*clarifai.Page[T], error) (string, error) {
	return func(page *clarifai.Page[T], err error) (string, error) {
		if err != nil || len(page.Items) == 0 {
			return "", err
		}
		return id(page.Items[0]), nil
	}
}

// iterated returns the IDs of all results, separated by commas.
func iterated[T any](items iter.Seq2[*T, error], id func(*T) string) (string, error) {
	ids, err := collect(items, id)
	return strings.Join(ids, ","), err
}

var (
	annotationID   = func(x *clarifai.Annotation) string { return x.ID }
	conceptID      = func(x *clarifai.Concept) string { return x.ID }
	datasetID      = func(x *clarifai.Dataset) string { return x.ID }
	datasetInputID = func(x *clarifai.DatasetInput) string { return x.Input.ID }
	datasetVersion = func(x *clarifai.DatasetVersion) string { return x.ID }
	modelID        = func(x *clarifai.Model) string { return x.ID }
	modelVersion   = func(x *clarifai.ModelVersion) string { return x.ID }
	workflowID     = func(x *clarifai.Workflow) string { return x.ID }
	appID          = func(x *clarifai.App) string { return x.ID }
)

// lists holds the list methods of all resources: a call for one page, a call for
// all pages, and the requests that they send. The second page of all pages is
// requested with page=2.
var lists = []struct {
	key, page, all string
	list           func(context.Context, *clarifai.Client) (string, error)
	listAll        func(context.Context, *clarifai.Client) (string, error)
}{
	{
		"annotations", "GET " + base + "/annotations?input_ids=i&list_all_annotations=true&page=2&per_page=20&user_ids=u&user_ids=v",
		"GET " + base + "/annotations?page=1&per_page=1000",
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return listed(annotationID)(c.ListAnnotations(ctx, &clarifai.ListAnnotationsRequest{
				PageParams: clarifai.PageParams{Page: 2, PerPage: 20}, InputIDs: []string{"i"}, UserIDs: []string{"u", "v"}, ListAllAnnotations: true,
			}))
		},
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return iterated(c.ListAnnotationsAll(ctx, nil), annotationID)
		},
	},
	{
		"concepts", "GET " + base + "/concepts?id=d%26g", "GET " + base + "/concepts?page=1&per_page=1000",
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return listed(conceptID)(c.ListConcepts(ctx, &clarifai.ListConceptsRequest{ID: "d&g"}))
		},
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return iterated(c.ListConceptsAll(ctx, nil), conceptID)
		},
	},
	{
		"concepts", "POST " + base + `/concepts/searches {"concept_query":{"name":"dog","model":{"id":"m"}},"pagination":{"page":2,"per_page":20}}`,
		"POST " + base + `/concepts/searches {"pagination":{"page":1,"per_page":1000}}`,
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return listed(conceptID)(c.PostConceptsSearches(ctx, &clarifai.PostConceptsSearchesRequest{
				PageParams:   clarifai.PageParams{Page: 2, PerPage: 20},
				ConceptQuery: &clarifai.ConceptQuery{Name: "dog", Model: &clarifai.Model{ID: "m"}},
			}))
		},
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return iterated(c.PostConceptsSearchesAll(ctx, nil), conceptID)
		},
	},
	{
		"datasets", "GET " + base + "/datasets?bookmark=true&search=train&sort_ascending=true&sort_by_relevance=true", "GET " + base + "/datasets?page=1&per_page=1000",
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return listed(datasetID)(c.ListDatasets(ctx, &clarifai.ListDatasetsRequest{
				SortBy: clarifai.SortByRelevance, SortAscending: true, Bookmark: true, Search: "train",
			}))
		},
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return iterated(c.ListDatasetsAll(ctx, nil), datasetID)
		},
	},
	{
		"dataset_inputs", "GET " + base + "/datasets/a%2Fb/inputs?page=2", "GET " + base + "/datasets/d/inputs?page=1&per_page=1000",
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return listed(datasetInputID)(c.ListDatasetInputs(ctx, &clarifai.ListDatasetInputsRequest{DatasetID: "a/b", PageParams: clarifai.PageParams{Page: 2}}))
		},
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return iterated(c.ListDatasetInputsAll(ctx, &clarifai.ListDatasetInputsRequest{DatasetID: "d"}), datasetInputID)
		},
	},
	{
		"dataset_versions", "GET " + base + "/datasets/d/versions?request_origins=1&request_origins=4", "GET " + base + "/datasets/d/versions?page=1&per_page=1000",
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return listed(datasetVersion)(c.ListDatasetVersions(ctx, &clarifai.ListDatasetVersionsRequest{
				DatasetID:      "d",
				RequestOrigins: []clarifai.DatasetVersionRequestOrigin{clarifai.DatasetVersionManual, clarifai.DatasetVersionEvalPredictions},
			}))
		},
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return iterated(c.ListDatasetVersionsAll(ctx, &clarifai.ListDatasetVersionsRequest{DatasetID: "d"}), datasetVersion)
		},
	},
	{
		"models", "GET " + base + "/models?license_type=2&model_type_id=visual-classifier&sort_by_star_count=true&source=1&visibility.gettable=50",
		"GET " + base + "/models?page=1&per_page=1000",
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return listed(modelID)(c.ListModels(ctx, &clarifai.ListModelsRequest{
				SortBy: clarifai.SortByStarCount, ModelTypeID: "visual-classifier", LicenseType: clarifai.LicenseOpenSource,
				Source: clarifai.ModelHosted, Visibility: clarifai.GettablePublic,
			}))
		},
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return iterated(c.ListModelsAll(ctx, nil), modelID)
		},
	},
	{
		"model_versions", "GET " + base + "/models/m/versions?concept_ids=dog&sort_by_description=true&trained_only=true",
		"GET " + base + "/models/m/versions?page=1&per_page=1000",
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return listed(modelVersion)(c.ListModelVersions(ctx, &clarifai.ListModelVersionsRequest{
				ModelID: "m", ConceptIDs: []string{"dog"}, TrainedOnly: true, SortBy: clarifai.SortByDescription,
			}))
		},
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return iterated(c.ListModelVersionsAll(ctx, &clarifai.ListModelVersionsRequest{ModelID: "m"}), modelVersion)
		},
	},
	{
		"workflows", "GET " + base + "/workflows?additional_fields=all&sort_by_id=true&starred_only=true", "GET " + base + "/workflows?page=1&per_page=1000",
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return listed(workflowID)(c.ListWorkflows(ctx, &clarifai.ListWorkflowsRequest{
				AdditionalFields: []string{"all"}, SortBy: clarifai.SortByID, StarredOnly: true,
			}))
		},
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return iterated(c.ListWorkflowsAll(ctx, nil), workflowID)
		},
	},
	{
		"apps", "GET " + user + "/apps?sort_by_name=true&template_only=true", "GET " + user + "/apps?page=1&per_page=1000",
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return listed(appID)(c.App("USER", "").ListApps(ctx, &clarifai.ListAppsRequest{SortBy: clarifai.SortByName, TemplateOnly: true}))
		},
		func(ctx context.Context, c *clarifai.Client) (string, error) {
			return iterated(c.App("USER", "").ListAppsAll(ctx, nil), appID)
		},
	},
}

func TestListResources(t *testing.T) {
	for _, test := range lists {
		one := `{"id":"a","input":{"id":"a"}}`
		body := `{"status":{"code":10000},"` + test.key + `":[` + one + `]}`
		client, mock := newClient(t)
		requests := recorder(t, mock, answer(200, body))
		if id, err := test.list(t.Context(), client); err != nil || id != "a" {
			t.Errorf("%s: %q, %v", test.page, id, err)
		}
		all := recorder(t, mock, answer(200, body), answer(200, success))
		if ids, err := test.listAll(t.Context(), client); err != nil || ids != "a" {
			t.Errorf("%s: %q, %v", test.all, ids, err)
		}
		second := strings.NewReplacer("page=1&", "page=2&", `"page":1,`, `"page":2,`).Replace(test.all)
		var sent []string
		for _, r := range append(*requests, *all...) {
			sent = append(sent, strings.TrimSpace(r.method+" "+r.url+" "+r.body))
		}
		if want := []string{test.page, test.all, second}; strings.Join(sent, "\n") != strings.Join(want, "\n") {
			t.Errorf("sent\n%s\nwant\n%s", strings.Join(sent, "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestGetResource(t *testing.T) {
	for _, test := range []struct {
		sent, key string
		get       func(context.Context, *clarifai.Client) (any, error)
	}{
		{"/inputs/a%2Fb/annotations/x%20y", "annotation", func(ctx context.Context, c *clarifai.Client) (any, error) { return c.GetAnnotation(ctx, "a/b", "x y") }},
		{"/concepts/dog", "concept", func(ctx context.Context, c *clarifai.Client) (any, error) { return c.GetConcept(ctx, "dog") }},
		{"/datasets/d", "dataset", func(ctx context.Context, c *clarifai.Client) (any, error) { return c.GetDataset(ctx, "d", nil) }},
		{"/models/m?language=en&trained_before=true&version_id=v", "model", func(ctx context.Context, c *clarifai.Client) (any, error) {
			return c.GetModel(ctx, "m", &clarifai.GetModelRequest{VersionID: "v", Language: "en", TrainedBefore: true})
		}},
		{"/workflows/w?additional_fields=stars&additional_fields=all", "workflow", func(ctx context.Context, c *clarifai.Client) (any, error) {
			return c.GetWorkflow(ctx, "w", &clarifai.GetWorkflowRequest{AdditionalFields: []string{"stars", "all"}})
		}},
		{"", "app", func(ctx context.Context, c *clarifai.Client) (any, error) { return c.GetApp(ctx, nil) }},
	} {
		client, mock := newClient(t)
		requests := recorder(t, mock, answer(200, `{"status":{"code":10000},"`+test.key+`":{"id":"a"}}`), answer(200, success))
		if got, err := test.get(t.Context(), client); err != nil || got == nil {
			t.Errorf("%s: %v, %v", test.key, got, err)
		}
		if r := (*requests)[0]; r.method != "GET" || r.url != base+test.sent {
			t.Errorf("sent %s %s, want GET %s", r.method, r.url, base+test.sent)
		}
		if _, err := test.get(t.Context(), client); !errors.Is(err, clarifai.ErrInvalidResponse) || !strings.Contains(err.Error(), "missing "+test.key) {
			t.Errorf("response without %s: %v", test.key, err)
		}
	}
}

func TestInvalidResourceRequestIsRejected(t *testing.T) {
	for says, call := range map[string]func(context.Context, *clarifai.Client) error{
		`dataset_id "": must not be empty`: func(ctx context.Context, c *clarifai.Client) error {
			_, err := c.ListDatasetInputs(ctx, nil)
			return err
		},
		`dataset_id "..": must not be`: func(ctx context.Context, c *clarifai.Client) error {
			_, err := iterated(c.ListDatasetVersionsAll(ctx, &clarifai.ListDatasetVersionsRequest{DatasetID: ".."}), datasetVersion)
			return err
		},
		`model_id "": must not be empty`: func(ctx context.Context, c *clarifai.Client) error {
			_, err := iterated(c.ListModelVersionsAll(ctx, nil), modelVersion)
			return err
		},
		`sort_by "star_count": must be one of ["status_code" "num_inputs" "description" "created_at"]`: func(ctx context.Context, c *clarifai.Client) error {
			_, err := c.ListModelVersions(ctx, &clarifai.ListModelVersionsRequest{ModelID: "m", SortBy: clarifai.SortByStarCount})
			return err
		},
		`sort_by "relevance": requires Search`: func(ctx context.Context, c *clarifai.Client) error {
			_, err := c.ListApps(ctx, &clarifai.ListAppsRequest{SortBy: clarifai.SortByRelevance})
			return err
		},
		`sort_by "num_inputs"`: func(ctx context.Context, c *clarifai.Client) error {
			_, err := c.ListWorkflows(ctx, &clarifai.ListWorkflowsRequest{SortBy: clarifai.SortByNumInputs})
			return err
		},
		`sort_by "name"`: func(ctx context.Context, c *clarifai.Client) error {
			_, err := c.ListDatasets(ctx, &clarifai.ListDatasetsRequest{SortBy: clarifai.SortByName})
			return err
		},
		`model_version_ids[1] "": must not be empty`: func(ctx context.Context, c *clarifai.Client) error {
			_, err := c.ListModels(ctx, &clarifai.ListModelsRequest{ModelVersionIDs: []string{"a", ""}})
			return err
		},
		`user_ids[0] "a\xff"`: func(ctx context.Context, c *clarifai.Client) error {
			_, err := c.ListAnnotations(ctx, &clarifai.ListAnnotationsRequest{UserIDs: []string{"a\xff"}})
			return err
		},
		`search "\xff": must be valid UTF-8`: func(ctx context.Context, c *clarifai.Client) error {
			_, err := c.ListModels(ctx, &clarifai.ListModelsRequest{Search: "\xff"})
			return err
		},
		`concept_query.workflow "*clarifai.Workflow": must not be set together with concept_query.model`: func(ctx context.Context, c *clarifai.Client) error {
			_, err := c.PostConceptsSearches(ctx, &clarifai.PostConceptsSearchesRequest{
				ConceptQuery: &clarifai.ConceptQuery{Model: &clarifai.Model{ID: "m"}, Workflow: &clarifai.Workflow{ID: "w"}},
			})
			return err
		},
		`model_id "types": is the path of another operation`: func(ctx context.Context, c *clarifai.Client) error {
			_, err := c.GetModel(ctx, "types", nil)
			return err
		},
		`concept_id "relations": is the path of another operation`: func(ctx context.Context, c *clarifai.Client) error {
			_, err := c.GetConcept(ctx, "relations")
			return err
		},
		`annotation_id "": must not be empty`: func(ctx context.Context, c *clarifai.Client) error {
			_, err := c.GetAnnotation(ctx, "i", "")
			return err
		},
		`app_id: `: func(ctx context.Context, c *clarifai.Client) error {
			_, err := c.App("USER", "").ListModels(ctx, nil)
			return err
		},
	} {
		client, mock := newClient(t)
		requests := recorder(t, mock, answer(200, success))
		err := call(t.Context(), client)
		if !errors.Is(err, clarifai.ErrInvalidArgument) || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v\ndoes not contain %s", err, says)
		}
		if len(*requests) != 0 {
			t.Errorf("%s: %d requests", says, len(*requests))
		}
	}
}

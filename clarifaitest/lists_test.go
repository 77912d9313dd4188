package clarifaitest_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
)

// listed returns the IDs on a page.
func listed[T any](t *testing.T, id func(*T) string) func(*clarifai.Page[T], error) []string {
	return func(page *clarifai.Page[T], err error) (ids []string) {
		t.Helper()
		if err != nil {
			t.Error(err)
			return nil
		}
		for _, item := range page.Items {
			ids = append(ids, id(item))
		}
		return ids
	}
}

func TestDatasets(t *testing.T) {
	app := clarifaitest.NewApp()
	app.AddInputs(
		&clarifai.Input{ID: "a", DatasetIDs: []string{"train", "all"}},
		&clarifai.Input{ID: "b", DatasetIDs: []string{"", "all"}, Data: concepts(clarifai.Concept{})},
	)
	app.AddDatasets(
		&clarifai.Dataset{ID: "all", Description: "everything", Version: &clarifai.DatasetVersion{ID: "1"}},
		&clarifai.Dataset{ID: "empty", IsStarred: true},
		&clarifai.Dataset{ID: "bookmark", BookmarkOrigin: &clarifai.BookmarkOrigin{ID: "original"}},
	)
	app.AddDatasetVersions("all",
		&clarifai.DatasetVersion{ID: "2", RequestOrigin: clarifai.DatasetVersionTraining},
		&clarifai.DatasetVersion{ID: "3", RequestOrigin: clarifai.DatasetVersionManual})
	app.AddWorkflows(&clarifai.Workflow{ID: "all", Version: &clarifai.WorkflowVersion{ID: "of a workflow"}})
	client := app.Client()
	datasetIDs := listed(t, func(d *clarifai.Dataset) string { return d.ID })
	for _, test := range []struct {
		request clarifai.ListDatasetsRequest
		want    []string
	}{
		{clarifai.ListDatasetsRequest{}, []string{"train", "all", "empty"}},
		{clarifai.ListDatasetsRequest{SortBy: clarifai.SortByID}, []string{"train", "empty", "all"}},
		{clarifai.ListDatasetsRequest{SortBy: clarifai.SortByID, SortAscending: true}, []string{"all", "empty", "train"}},
		{clarifai.ListDatasetsRequest{StarredOnly: true}, []string{"empty"}},
		{clarifai.ListDatasetsRequest{Bookmark: true}, []string{"bookmark"}},
		{clarifai.ListDatasetsRequest{Search: "every"}, []string{"all"}},
	} {
		if got := datasetIDs(client.ListDatasets(t.Context(), &test.request)); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%+v: got %v, want %v", test.request, got, test.want)
		}
	}
	inputs := listed(t, func(d *clarifai.DatasetInput) string { return d.Input.ID })(
		client.ListDatasetInputs(t.Context(), &clarifai.ListDatasetInputsRequest{DatasetID: "all"}))
	if want := []string{"a", "b"}; !reflect.DeepEqual(inputs, want) {
		t.Errorf("got inputs %v, want %v", inputs, want)
	}
	for _, test := range []struct {
		origins []clarifai.DatasetVersionRequestOrigin
		want    []string
	}{
		{nil, []string{"1", "2", "3"}},
		{[]clarifai.DatasetVersionRequestOrigin{clarifai.DatasetVersionManual, clarifai.DatasetVersionEvalGroundTruth}, []string{"3"}},
	} {
		got := listed(t, func(v *clarifai.DatasetVersion) string { return v.ID })(
			client.ListDatasetVersions(t.Context(), &clarifai.ListDatasetVersionsRequest{DatasetID: "all", RequestOrigins: test.origins}))
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("versions made for %v: got %v, want %v", test.origins, got, test.want)
		}
	}
	dataset, err := client.GetDataset(t.Context(), "all", nil)
	if err != nil {
		t.Fatal(err)
	}
	if v := dataset.Version; dataset.Description != "everything" || v.ID != "3" || v.DatasetID != "all" || v.Status.Code != clarifai.StatusDatasetVersionReady {
		t.Errorf("got %+v with version %+v", dataset, dataset.Version)
	}
	if page, err := client.ListConcepts(t.Context(), nil); err != nil || len(page.Items) != 0 {
		t.Errorf("got %+v (%v), want no concept, as none has an ID or a name", page, err)
	}
	if named, err := client.GetDataset(t.Context(), "train", nil); err != nil || named.CreatedAt == nil || named.ModifiedAt == nil {
		t.Errorf("got %+v (%v)", named, err)
	}
}

func TestWorkflowsAndApps(t *testing.T) {
	app := clarifaitest.NewApp()
	public := &clarifai.Visibility{Gettable: clarifai.GettablePublic}
	app.AddWorkflows(
		&clarifai.Workflow{ID: "w1", Visibility: public},
		&clarifai.Workflow{ID: "w2", IsStarred: true, Description: "detects faces"},
		&clarifai.Workflow{ID: "w3", BookmarkOrigin: &clarifai.BookmarkOrigin{ID: "original"}},
	)
	client := app.Client()
	for _, test := range []struct {
		request clarifai.ListWorkflowsRequest
		want    []string
	}{
		{clarifai.ListWorkflowsRequest{}, []string{"w1", "w2"}},
		{clarifai.ListWorkflowsRequest{Visibility: clarifai.GettablePublic}, []string{"w1"}},
		{clarifai.ListWorkflowsRequest{StarredOnly: true}, []string{"w2"}},
		{clarifai.ListWorkflowsRequest{FeaturedOnly: true}, nil},
		{clarifai.ListWorkflowsRequest{Bookmark: true}, []string{"w3"}},
		{clarifai.ListWorkflowsRequest{Search: "face", SortBy: clarifai.SortByRelevance}, []string{"w2"}},
	} {
		got := listed(t, func(w *clarifai.Workflow) string { return w.ID })(client.ListWorkflows(t.Context(), &test.request))
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%+v: got %v, want %v", test.request, got, test.want)
		}
	}
	if workflow, err := client.GetWorkflow(t.Context(), "w2", nil); err != nil || workflow.Description != "detects faces" {
		t.Errorf("got %+v (%v)", workflow, err)
	}

	app.AddApps(
		&clarifai.App{ID: "other", Name: "An Other", Visibility: public},
		&clarifai.App{ID: "template", IsTemplate: clarifai.Ptr(true)},
		&clarifai.App{ID: "no template", IsTemplate: clarifai.Ptr(false), IsStarred: true},
	)
	for _, test := range []struct {
		request clarifai.ListAppsRequest
		want    []string
	}{
		{clarifai.ListAppsRequest{}, []string{"app", "other", "template", "no template"}},
		{clarifai.ListAppsRequest{TemplateOnly: true}, []string{"template"}},
		{clarifai.ListAppsRequest{StarredOnly: true}, []string{"no template"}},
		{clarifai.ListAppsRequest{FeaturedOnly: true}, nil},
		{clarifai.ListAppsRequest{Visibility: clarifai.GettablePublic}, []string{"other"}},
		{clarifai.ListAppsRequest{Search: "another"}, nil},
		{clarifai.ListAppsRequest{Search: "an"}, []string{"other"}},
		{clarifai.ListAppsRequest{SortBy: clarifai.SortByName}, []string{"other", "app", "template", "no template"}},
	} {
		got := listed(t, func(a *clarifai.App) string { return a.ID })(client.ListApps(t.Context(), &test.request))
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%+v: got %v, want %v", test.request, got, test.want)
		}
	}
	for id, name := range map[string]string{"app": "", "other": "An Other", "any": ""} {
		if got, err := client.App("u", id).GetApp(t.Context(), nil); err != nil || got.ID != id || got.Name != name || got.UserID != "u" || got.CreatedAt == nil {
			t.Errorf("got %+v (%v), want app %s of user u", got, err, id)
		}
	}
	app.AddApps(&clarifai.App{ID: "app", Name: "named", UserID: "owner"})
	if got, err := client.GetApp(t.Context(), nil); err != nil || got.Name != "named" || got.UserID != "owner" {
		t.Errorf("got %+v (%v), want the app that was added with its ID", got, err)
	}
	if page, err := client.ListApps(t.Context(), nil); err != nil || len(page.Items) != 4 {
		t.Errorf("got %+v (%v), want each app once", page, err)
	}
}

// The default order is by modification time, newest first.
func TestListsAreSortedAsTheAPISorts(t *testing.T) {
	app := clarifaitest.NewApp()
	at := func(hour int, zone *time.Location) *time.Time {
		return clarifai.Ptr(time.Date(2026, 1, 1, hour, 0, 0, 500, zone))
	}
	east := time.FixedZone("", 12*60*60)
	app.AddModels(
		&clarifai.Model{ID: "first"},
		&clarifai.Model{ID: "old", Name: "b", CreatedAt: at(1, time.UTC), ModifiedAt: at(9, time.UTC), StarCount: 10},
		&clarifai.Model{ID: "older", Name: "B", CreatedAt: at(2, time.UTC), ModifiedAt: at(20, east), StarCount: 9, ModelVersion: &clarifai.ModelVersion{TotalInputCount: 7}},
		&clarifai.Model{ID: "last", Name: "a", StarCount: -1},
	)
	trained := listed(t, modelID)(app.Client().ListModels(t.Context(), &clarifai.ListModelsRequest{TrainedOnly: true}))
	if len(trained) != 4 {
		t.Errorf("got %v, want all: models without a version count as trained", trained)
	}
	for _, test := range []struct {
		by        clarifai.SortBy
		ascending bool
		want      string
	}{
		{"", false, "first last old older"},
		{"", true, "older old first last"},
		{clarifai.SortByModifiedAt, false, "first last old older"},
		{clarifai.SortByCreatedAt, false, "first last older old"},
		{clarifai.SortByCreatedAt, true, "old older first last"},
		{clarifai.SortByName, false, "old last older first"},
		{clarifai.SortByStarCount, false, "old older first last"},
		{clarifai.SortByStarCount, true, "last first older old"},
		{clarifai.SortByNumInputs, false, "older first old last"},
	} {
		got := listed(t, modelID)(app.Client().ListModels(t.Context(), &clarifai.ListModelsRequest{SortBy: test.by, SortAscending: test.ascending}))
		if strings.Join(got, " ") != test.want {
			t.Errorf("by %q, ascending %t: got %v, want %s", test.by, test.ascending, got, test.want)
		}
	}
}

// Resources with the same time stay in the order of adding, across pages.
func TestSortingIsStable(t *testing.T) {
	app := clarifaitest.NewApp()
	old := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var now, before []string
	for i := range 100 {
		model := &clarifai.Model{ID: fmt.Sprint(i * 37 % 100)}
		if i%3 == 0 {
			model.ModifiedAt = &old
			before = append(before, model.ID)
		} else {
			now = append(now, model.ID)
		}
		app.AddModels(model)
	}
	want := append(now, before...)
	var got []string
	for model, err := range app.Client().ListModelsAll(t.Context(), &clarifai.ListModelsRequest{PageParams: clarifai.PageParams{PerPage: 7}}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, model.ID)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAnnotations(t *testing.T) {
	app := zoo()
	client := app.Client()
	for _, test := range []struct {
		request clarifai.ListAnnotationsRequest
		want    string
	}{
		{clarifai.ListAnnotationsRequest{}, "a1 a3 a5 a6 a7 a8"}, // a2 is of a model, a4 of a workflow
		{clarifai.ListAnnotationsRequest{ListAllAnnotations: true, ReturnModelOutput: true}, "a1 a2 a3 a4 a5 a6 a7 a8"},
		{clarifai.ListAnnotationsRequest{InputIDs: []string{"berlin", "video"}}, "a1 a5 a7"},
		{clarifai.ListAnnotationsRequest{IDs: []string{"a1", "a1"}, InputIDs: []string{"paris", "berlin"}}, "a1"},
		{clarifai.ListAnnotationsRequest{IDs: []string{"a1"}, InputIDs: []string{"paris"}}, ""},
		{clarifai.ListAnnotationsRequest{UserIDs: []string{"u1", "u2"}}, "a1 a3"},
		{clarifai.ListAnnotationsRequest{ModelVersionIDs: []string{"m1"}}, "a2"},
		{clarifai.ListAnnotationsRequest{WorkflowVersionIDs: []string{"w1"}, UserIDs: []string{"u2"}}, "a3 a4"},
		{clarifai.ListAnnotationsRequest{UserIDs: []string{"none"}}, ""},
		{clarifai.ListAnnotationsRequest{TaskID: "t1"}, "a1"},
		{clarifai.ListAnnotationsRequest{PageParams: clarifai.PageParams{Page: 2, PerPage: 4}}, "a7 a8"},
	} {
		got := listed(t, func(a *clarifai.Annotation) string { return a.ID })(client.ListAnnotations(t.Context(), &test.request))
		if strings.Join(got, " ") != test.want {
			t.Errorf("%+v: got %v, want %s", test.request, got, test.want)
		}
	}
	app.AddAnnotations(
		&clarifai.Annotation{ID: "trusted", InputID: "berlin", ModelVersionID: "m9", Trusted: true},
		&clarifai.Annotation{ID: "untrusted", InputID: "berlin", ModelVersionID: "m9"},
	)
	if _, answer := send(t, app, "GET", "/v2/annotations?user_ids=", ""); !strings.Contains(answer, `"annotations":[]`) {
		t.Errorf("got %s, want none: no user has the ID %q", answer, "")
	}
	if page, err := client.ListAnnotations(t.Context(), nil); err != nil || page.Items[len(page.Items)-1].ID != "trusted" {
		t.Errorf("got %+v (%v), want the annotation of a model that is trusted", page, err)
	}
	an, err := client.GetAnnotation(t.Context(), "berlin", "a2")
	if err != nil || an.ID != "a2" || an.InputID != "berlin" || an.Data == nil {
		t.Errorf("got %+v (%v)", an, err)
	}
	var e *clarifai.Error
	if _, err := client.ListAnnotations(t.Context(), &clarifai.ListAnnotationsRequest{IDs: []string{"a1"}}); !errors.As(err, &e) || e.Status.Code != clarifai.StatusConnInvalidRequest {
		t.Errorf("IDs without inputs: got %v", err)
	}
}

// Missing resources are reported with the API's code for their kind.
func TestMissingResourcesAreNotFound(t *testing.T) {
	app := clarifaitest.NewApp()
	app.AddAnnotations(&clarifai.Annotation{ID: "a", InputID: "i"})
	app.AddModelVersions("m", &clarifai.ModelVersion{ID: "v"})
	app.AddWorkflows(&clarifai.Workflow{ID: "w", Version: &clarifai.WorkflowVersion{ID: "v"}})
	client, ctx := app.Client(), t.Context()
	failure := func(_ any, err error) error { return err }
	search := func(q clarifai.ConceptQuery) error {
		return failure(client.PostConceptsSearches(ctx, &clarifai.PostConceptsSearchesRequest{ConceptQuery: &q}))
	}
	for name, test := range map[string]struct {
		err  error
		code clarifai.StatusCode
	}{
		"annotation":         {failure(client.GetAnnotation(ctx, "i", "none")), clarifai.StatusConnDoesNotExist},
		"annotation's input": {failure(client.GetAnnotation(ctx, "none", "a")), clarifai.StatusConnDoesNotExist},
		"concept":            {failure(client.GetConcept(ctx, "none")), clarifai.StatusConnDoesNotExist},
		"dataset":            {failure(client.GetDataset(ctx, "none", nil)), clarifai.StatusConnDoesNotExist},
		"dataset of inputs": {failure(client.ListDatasetInputs(ctx, &clarifai.ListDatasetInputsRequest{DatasetID: "none"})),
			clarifai.StatusConnDoesNotExist},
		"dataset of versions": {failure(client.ListDatasetVersions(ctx, &clarifai.ListDatasetVersionsRequest{DatasetID: "none"})),
			clarifai.StatusConnDoesNotExist},
		"model":              {failure(client.GetModel(ctx, "none", nil)), clarifai.StatusModelDoesNotExist},
		"version of a model": {failure(client.GetModel(ctx, "m", &clarifai.GetModelRequest{VersionID: "none"})), clarifai.StatusModelDoesNotExist},
		"model of versions": {failure(client.ListModelVersions(ctx, &clarifai.ListModelVersionsRequest{ModelID: "none"})),
			clarifai.StatusModelDoesNotExist},
		"workflow":            {failure(client.GetWorkflow(ctx, "none", nil)), clarifai.StatusWorkflowDoesNotExist},
		"model of concepts":   {search(clarifai.ConceptQuery{Model: &clarifai.Model{ID: "none"}}), clarifai.StatusModelDoesNotExist},
		"version of concepts": {search(clarifai.ConceptQuery{Model: &clarifai.Model{ID: "m", ModelVersion: &clarifai.ModelVersion{ID: "none"}}}), clarifai.StatusModelDoesNotExist},
		"version of a workflow of concepts": {search(clarifai.ConceptQuery{Workflow: &clarifai.Workflow{ID: "w", Version: &clarifai.WorkflowVersion{ID: "none"}}}),
			clarifai.StatusWorkflowDoesNotExist},
		"workflow of concepts": {search(clarifai.ConceptQuery{Workflow: &clarifai.Workflow{ID: "none"}}), clarifai.StatusWorkflowDoesNotExist},
	} {
		var e *clarifai.Error
		if !errors.Is(test.err, clarifai.ErrNotFound) || !errors.As(test.err, &e) || e.Status.Code != test.code || e.HTTPStatus != 404 {
			t.Errorf("%s: got %v, want 404 and %d", name, test.err, test.code)
		}
	}
}

func TestListsRejectWhatTheAPIRejects(t *testing.T) {
	app := clarifaitest.NewApp()
	for _, test := range []struct {
		target string
		code   int
	}{
		{"datasets?sort_by_relevance=true", 11102},
		{"datasets?sort_by_id=true&sort_by_created_at=true", 11100},
		{"datasets?sort_by_id=1", 11100},
		{"datasets?search=a&search=b", 11100},
		{"models?additional_fields=replicas", 11100},
		{"models?license_type=FREE", 11100},
		{"models?min_replicas=-1", 11100},
		{"models?min_replicas=4294967296", 11100},
		{"models?visibility.gettable=2147483648", 11100},
		{"models?page=-1", 11102},
		{"models?per_page=1001", 11102},
		{"workflows?template_only=true", 11100},
	} {
		if status, answer := send(t, app, "GET", "/v2/users/u/apps/a/"+test.target, ""); status != 400 || !strings.Contains(answer, fmt.Sprintf(`"code":%d`, test.code)) {
			t.Errorf("%s: got %d %s, want 400 with %d", test.target, status, answer, test.code)
		}
	}
	both := `{"concept_query":{"model":{"id":"m"},"workflow":{"id":"w"}}}`
	if status, answer := send(t, app, "POST", "/v2/users/u/apps/a/concepts/searches", both); status != 400 || !strings.Contains(answer, `"code":11100`) {
		t.Errorf("got %d %s, want 400 for a model and a workflow", status, answer)
	}
	if status, answer := send(t, app, "GET", "/v2/users/u/apps/a/models/types", ""); status != 404 || !strings.Contains(answer, "does not answer ListModelTypes") {
		t.Errorf("got %d %s, want a hint that the app does not answer ListModelTypes", status, answer)
	}
	if status, answer := send(t, app, "POST", "/v2/users/u/apps/a/models", "{}"); status != 405 || !strings.Contains(answer, "clarifaitest does not answer POST") {
		t.Errorf("got %d %s, want a hint that the app does not answer PostModels", status, answer)
	}
}

// Lists can be requested without the app, or without the user and the app.
func TestListsWithoutAnApp(t *testing.T) {
	app := clarifaitest.NewApp()
	app.AddModels(&clarifai.Model{ID: "model", UserID: "someone"})
	for _, test := range []struct{ target, want string }{
		{"/v2/users/u/models", `"user_id":"someone"`}, // as added
		{"/v2/users/u/models?search=someone", `"models":[]`},
		{"/v2/models?search=someone", `"id":"model"`},                                                                          // without a user, user IDs are searched too
		{"/v2/models?search=&creator=&starred_only=false&min_replicas=0&license_type=0&visibility.gettable=0", `"id":"model"`}, // zero means not set
		{"/v2/users/u/datasets", `"datasets":[]`},
		{"/v2/users/u/workflows", `"workflows":[]`},
		{"/v2/apps", `"id":"app"`},
		{"/v2/app", `"app":{"created_at"`},
		{"/v2/prefix/v2/users/u/apps", `"user_id":"u"`},
	} {
		if status, answer := send(t, app, "GET", test.target, ""); status != 200 || !strings.Contains(answer, test.want) {
			t.Errorf("%s: got %d %s, want %s", test.target, status, answer, test.want)
		}
	}
	if _, answer := send(t, app, "GET", "/v2/users/u/apps/a", ""); strings.Contains(answer, "app_id") {
		t.Errorf("got %s, but an app has no app_id", answer)
	}
}

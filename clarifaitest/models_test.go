package clarifaitest_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
)

func modelID(m *clarifai.Model) string { return m.ID }

func TestModelFilters(t *testing.T) {
	app := clarifaitest.NewApp()
	app.AddModels(
		&clarifai.Model{ID: "general", ModelTypeID: "visual-classifier", Name: "General Recognition", Source: clarifai.ModelWrapped, Creator: "clarifai",
			LicenseType: clarifai.LicenseClosedSource, Toolkits: []string{"pytorch"}, UseCases: []string{"tagging"}, Languages: []string{"en", "de"},
			FeaturedOrder: clarifai.Ptr(int32(0)), IsStarred: true, Visibility: &clarifai.Visibility{Gettable: clarifai.GettablePublic}, ReplicaCount: 2,
			ModelVersion: &clarifai.ModelVersion{ID: "v1", License: "MIT",
				InputInfo:  &clarifai.InputInfo{FieldsMap: map[string]any{"image": "images"}},
				OutputInfo: &clarifai.OutputInfo{FieldsMap: map[string]any{"concepts": "softmax"}}}},
		&clarifai.Model{ID: "faces", ModelTypeID: "visual-detector", Description: "Finds the faces of people.", Languages: []string{"fr"},
			ModelVersion: &clarifai.ModelVersion{ID: "v2", Status: &clarifai.Status{Code: clarifai.StatusModelTraining},
				OutputInfo: &clarifai.OutputInfo{FieldsMap: map[string]any{"regions[...].data.concepts": "classes"}}}},
		&clarifai.Model{ID: "plain", Notes: "For general use; 2 kinds", Visibility: &clarifai.Visibility{Gettable: clarifai.GettablePrivate}},
		&clarifai.Model{ID: "elsewhere", BookmarkOrigin: &clarifai.BookmarkOrigin{ID: "original"},
			ModelVersion: &clarifai.ModelVersion{ID: "v3", Status: &clarifai.Status{Code: clarifai.StatusModelTraining}}},
	)
	app.AddModelVersions("plain", &clarifai.ModelVersion{ID: "p1"}, &clarifai.ModelVersion{ID: "p2"})
	for _, test := range []struct {
		request clarifai.ListModelsRequest
		want    []string
	}{
		{clarifai.ListModelsRequest{}, []string{"general", "faces", "plain"}},
		{clarifai.ListModelsRequest{Bookmark: true}, []string{"elsewhere"}},
		{clarifai.ListModelsRequest{Bookmark: true, TrainedOnly: true}, []string{"elsewhere"}},
		{clarifai.ListModelsRequest{TrainedOnly: true}, []string{"general", "plain"}},
		{clarifai.ListModelsRequest{ModelTypeID: "visual-detector"}, []string{"faces"}},
		{clarifai.ListModelsRequest{InputFields: []string{"image", "text"}}, []string{"general"}},
		{clarifai.ListModelsRequest{OutputFields: []string{"regions[...].data.concepts"}}, []string{"faces"}},
		{clarifai.ListModelsRequest{License: "MIT"}, []string{"general"}},
		{clarifai.ListModelsRequest{License: "GPL"}, nil},
		{clarifai.ListModelsRequest{FeaturedOnly: true}, []string{"general"}},
		{clarifai.ListModelsRequest{StarredOnly: true}, []string{"general"}},
		{clarifai.ListModelsRequest{Toolkits: []string{"pytorch"}}, []string{"general"}},
		{clarifai.ListModelsRequest{UseCases: []string{"tagging", "none"}}, []string{"general"}},
		{clarifai.ListModelsRequest{Languages: []string{"de", "fr"}}, []string{"general", "faces"}},
		{clarifai.ListModelsRequest{ModelVersionIDs: []string{"v2", "p1"}}, []string{"faces", "plain"}},
		{clarifai.ListModelsRequest{LicenseType: clarifai.LicenseClosedSource}, []string{"general"}},
		{clarifai.ListModelsRequest{LicenseType: clarifai.LicenseOpenSource}, nil},
		{clarifai.ListModelsRequest{Source: clarifai.ModelWrapped}, []string{"general"}},
		{clarifai.ListModelsRequest{Creator: "clarifai"}, []string{"general"}},
		{clarifai.ListModelsRequest{MinReplicas: 2}, []string{"general"}},
		{clarifai.ListModelsRequest{MinReplicas: 3}, nil},
		{clarifai.ListModelsRequest{Visibility: clarifai.GettablePublic}, []string{"general"}},
		{clarifai.ListModelsRequest{Visibility: clarifai.GettablePrivate}, []string{"faces", "plain"}}, // private by default
		{clarifai.ListModelsRequest{Search: "GENER"}, []string{"general", "plain"}},
		{clarifai.ListModelsRequest{Search: "people face"}, []string{"faces"}},
		{clarifai.ListModelsRequest{Search: "recog"}, []string{"general"}},
		{clarifai.ListModelsRequest{Search: "eneral"}, nil},
		{clarifai.ListModelsRequest{Search: "user"}, nil},
		{clarifai.ListModelsRequest{Search: "2"}, []string{"plain"}},
		{clarifai.ListModelsRequest{ShowReplicas: true, AdditionalFields: []string{"all"}}, []string{"general", "faces", "plain"}},
	} {
		if got := listed(t, modelID)(app.Client().ListModels(t.Context(), &test.request)); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%+v: got %v, want %v", test.request, got, test.want)
		}
	}
}

func TestModelVersions(t *testing.T) {
	app := clarifaitest.NewApp()
	app.AddModels(&clarifai.Model{ID: "m", Name: "named", ModelVersion: &clarifai.ModelVersion{ID: "v1"}})
	concepts := func(ids ...string) *clarifai.OutputInfo {
		data := &clarifai.Data{}
		for _, id := range ids {
			data.Concepts = append(data.Concepts, clarifai.Concept{ID: id})
		}
		return &clarifai.OutputInfo{Data: data}
	}
	app.AddModelVersions("m",
		&clarifai.ModelVersion{ID: "v2", OutputInfo: concepts("cat", "dog")},
		&clarifai.ModelVersion{ID: "v3", OutputInfo: concepts("dog"), Status: &clarifai.Status{Code: clarifai.StatusModelTraining}})
	app.AddModelVersions("other", &clarifai.ModelVersion{ID: "v1"})
	client := app.Client()
	for _, test := range []struct {
		request clarifai.ListModelVersionsRequest
		want    []string
	}{
		{clarifai.ListModelVersionsRequest{}, []string{"v1", "v2", "v3"}},
		{clarifai.ListModelVersionsRequest{ModelID: "other"}, []string{"v1"}},
		{clarifai.ListModelVersionsRequest{ConceptIDs: []string{"dog"}}, []string{"v2", "v3"}},
		{clarifai.ListModelVersionsRequest{ConceptIDs: []string{"dog", "cat"}}, []string{"v2"}},
		{clarifai.ListModelVersionsRequest{TrainedOnly: true}, []string{"v1", "v2"}},
		{clarifai.ListModelVersionsRequest{MinReplicas: 1}, nil},
		{clarifai.ListModelVersionsRequest{SortBy: clarifai.SortByStatusCode}, []string{"v3", "v1", "v2"}},
		{clarifai.ListModelVersionsRequest{SortBy: clarifai.SortByStatusCode, SortAscending: true}, []string{"v1", "v2", "v3"}},
	} {
		if test.request.ModelID == "" {
			test.request.ModelID = "m"
		}
		got := listed(t, func(v *clarifai.ModelVersion) string { return v.ID })(client.ListModelVersions(t.Context(), &test.request))
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%+v: got %v, want %v", test.request, got, test.want)
		}
	}
	for _, test := range []struct {
		request *clarifai.GetModelRequest
		want    string
	}{
		{nil, "v3"},
		{&clarifai.GetModelRequest{VersionID: "v1"}, "v1"},
		{&clarifai.GetModelRequest{TrainedBefore: true}, "v2"},
		{&clarifai.GetModelRequest{VersionID: "v3", TrainedBefore: true, Language: "en", AdditionalFields: []string{"all"}}, "v3"},
	} {
		model, err := client.GetModel(t.Context(), "m", test.request)
		if err != nil {
			t.Errorf("%+v: %v", test.request, err)
			continue
		}
		if model.ModelVersion.ID != test.want || model.Name != "named" || model.UserID != "user" || model.AppID != "app" {
			t.Errorf("%+v: got %+v with version %+v, want version %s", test.request, model, model.ModelVersion, test.want)
		}
	}
	app.AddModels(&clarifai.Model{ID: "m", ModelVersion: &clarifai.ModelVersion{ID: "v1"}})
	if model, err := client.GetModel(t.Context(), "m", &clarifai.GetModelRequest{TrainedBefore: true}); err != nil || model.ModelVersion.ID != "v1" {
		t.Errorf("got %+v (%v), want the version in the model, which is trained", model, err)
	}
	if code := clarifai.StatusModelTrained; listedVersion(t, client, "v1").Status.Code != code || listedVersion(t, client, "v2").CreatedAt == nil {
		t.Errorf("fields that the API sets are missing: %+v, %+v", listedVersion(t, client, "v1"), listedVersion(t, client, "v2"))
	}
}

func listedVersion(t *testing.T, client *clarifai.Client, id string) *clarifai.ModelVersion {
	t.Helper()
	model, err := client.GetModel(t.Context(), "m", &clarifai.GetModelRequest{VersionID: id})
	if err != nil {
		t.Fatal(err)
	}
	return model.ModelVersion
}

func TestConcepts(t *testing.T) {
	app := zoo()
	app.AddConcepts(
		&clarifai.Concept{ID: "dog", Name: "Dog", Definition: "a friend", Language: "en"},
		&clarifai.Concept{ID: "hund", Name: "Dogge", Language: "de"},
		&clarifai.Concept{Name: "Nameless"},
	)
	client := app.Client()
	ids := listed(t, func(c *clarifai.Concept) string { return c.ID })
	all := []string{"song", "people", "face", "dog", "hund", "Nameless"}
	if got := ids(client.ListConcepts(t.Context(), nil)); !sameElements(got, all) {
		t.Errorf("got %v, want %v", got, all)
	}
	if got := ids(client.ListConcepts(t.Context(), &clarifai.ListConceptsRequest{ID: "OG"})); !reflect.DeepEqual(got, []string{"dog"}) {
		t.Errorf("got %v, want dog", got)
	}
	for id, want := range map[string]clarifai.Concept{
		"dog":      {ID: "dog", Name: "Dog", Definition: "a friend", Language: "en"},
		"people":   {ID: "people", Name: "People"},
		"Nameless": {ID: "Nameless", Name: "Nameless"},
	} {
		got, err := client.GetConcept(t.Context(), id)
		if err != nil {
			t.Error(err)
			continue
		}
		want.Value, want.CreatedAt, want.UserID, want.AppID = clarifai.Ptr(1.0), got.CreatedAt, "user", "app"
		if !reflect.DeepEqual(*got, want) || got.CreatedAt == nil {
			t.Errorf("got %+v, want %+v", *got, want)
		}
	}

	output := func(ids ...string) *clarifai.ModelVersion {
		v := &clarifai.ModelVersion{ID: strings.Join(ids, "+"), OutputInfo: &clarifai.OutputInfo{Data: &clarifai.Data{}}}
		for _, id := range ids {
			v.OutputInfo.Data.Concepts = append(v.OutputInfo.Data.Concepts, clarifai.Concept{ID: id, Name: id})
		}
		return v
	}
	app.AddModels(&clarifai.Model{ID: "classifier", ModelTypeID: "visual-classifier"})
	app.AddModelVersions("classifier", output("apple", "dog"), output("pear"))
	app.AddModels(&clarifai.Model{ID: "detector", ModelTypeID: "visual-detector", ModelVersion: output("plum")}, &clarifai.Model{ID: "embedder"})
	app.AddModelVersions("tagger", output("fig"))
	node := func(id, model string, inputs ...clarifai.NodeInput) clarifai.WorkflowNode {
		return clarifai.WorkflowNode{ID: id, Model: &clarifai.Model{ID: model}, NodeInputs: inputs}
	}
	nodes := []clarifai.WorkflowNode{
		node("last", "tagger", clarifai.NodeInput{NodeID: "middle"}), {ID: "middle", NodeInputs: []clarifai.NodeInput{{NodeID: "first"}}},
		node("first", "detector"), node("alone", "classifier"),
	}
	nodes[3].Model.ModelVersion = &clarifai.ModelVersion{ID: "apple+dog"}
	app.AddWorkflows(&clarifai.Workflow{ID: "w", Nodes: nodes, Version: &clarifai.WorkflowVersion{ID: "wv"}})
	workflow := &clarifai.Workflow{ID: "w", Version: &clarifai.WorkflowVersion{ID: "wv"}}
	for _, test := range []struct {
		query *clarifai.ConceptQuery
		want  []string
	}{
		{nil, all},
		{&clarifai.ConceptQuery{Name: "dog"}, []string{"dog"}},
		{&clarifai.ConceptQuery{Name: "dog", Language: "de"}, []string{"hund"}},
		{&clarifai.ConceptQuery{Name: "PEO*"}, []string{"people"}},
		{&clarifai.ConceptQuery{Name: "eople"}, nil},
		{&clarifai.ConceptQuery{Model: &clarifai.Model{ID: "classifier"}}, append(slices.Clone(all), "pear")},
		{&clarifai.ConceptQuery{Model: &clarifai.Model{ID: "classifier"}, IgnoreAppConcepts: true}, []string{"pear"}},
		{&clarifai.ConceptQuery{Model: &clarifai.Model{ID: "classifier", ModelVersion: &clarifai.ModelVersion{ID: "apple+dog"}}, Name: "d"}, []string{"dog"}},
		{&clarifai.ConceptQuery{Model: &clarifai.Model{ID: "embedder"}, IgnoreAppConcepts: true}, nil},
		{&clarifai.ConceptQuery{Workflow: workflow, IgnoreAppConcepts: true}, []string{"fig", "plum", "apple", "dog"}},
		{&clarifai.ConceptQuery{Workflow: &clarifai.Workflow{ID: "w"}, UseCases: []clarifai.WorkflowModelUseCase{clarifai.UseCaseDetection}}, []string{"fig", "plum"}},
		{&clarifai.ConceptQuery{Workflow: &clarifai.Workflow{ID: "w"}, UseCases: []clarifai.WorkflowModelUseCase{clarifai.UseCaseClassification}}, []string{"apple", "dog"}},
	} {
		got := ids(client.PostConceptsSearches(t.Context(), &clarifai.PostConceptsSearchesRequest{ConceptQuery: test.query}))
		if !sameElements(got, test.want) {
			t.Errorf("%+v: got %v, want %v", test.query, got, test.want)
		}
	}
	page, err := client.PostConceptsSearches(t.Context(), &clarifai.PostConceptsSearchesRequest{PageParams: clarifai.PageParams{Page: 2, PerPage: 3}})
	if err != nil || len(page.Items) != 3 {
		t.Errorf("got %+v (%v), want a page of three", page, err)
	}
}

func sameElements(got, want []string) bool {
	return reflect.DeepEqual(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want)))
}

func TestAppKeepsCopiesOfResources(t *testing.T) {
	app := clarifaitest.NewApp()
	created := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	app.AddConcepts(&clarifai.Concept{ID: "plain", CreatedAt: &created})
	if c, err := app.Client().GetConcept(t.Context(), "plain"); err != nil || c.Name != "plain" || !c.CreatedAt.Equal(created) {
		t.Errorf("got %+v (%v), want a concept named as its ID", c, err)
	}
	app.AddWorkflows(&clarifai.Workflow{ID: "w", CreatedAt: &created})
	if w, err := app.Client().GetWorkflow(t.Context(), "w", nil); err != nil || !w.CreatedAt.Equal(created) || !w.ModifiedAt.Equal(created) {
		t.Errorf("got %+v (%v), want one that was modified when it was created", w, err)
	}
	given := &clarifai.Model{Metadata: map[string]any{"n": 1e300}, ModelVersion: &clarifai.ModelVersion{Description: "d"}}
	app.AddModels(given, given)
	given.Metadata["n"], given.ModelVersion.Description = 2, "changed"
	for range 2 {
		page, err := app.Client().ListModels(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Items) != 2 || page.Items[0].ID == "" || page.Items[0].ID == page.Items[1].ID {
			t.Fatalf("got %+v, want two models with unique IDs", page.Items)
		}
		if m := page.Items[0]; m.Metadata["n"] != 1e300 || m.ModelVersion.Description != "d" || m.ModelVersion.ID == "" {
			t.Errorf("got %+v with version %+v", m, m.ModelVersion)
		}
		page.Items[0].Metadata["n"] = 3
	}
	if given.ID != "" || given.CreatedAt != nil || given.ModelVersion.ID != "" {
		t.Errorf("AddModels changed its argument: %+v", given)
	}
	page, err := app.Client().ListModels(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	app.AddModels(&clarifai.Model{ID: page.Items[0].ID, Name: "replaced"})
	if again, err := app.Client().ListModels(t.Context(), nil); err != nil || len(again.Items) != 2 || again.Items[0].Name != "replaced" {
		t.Errorf("got %+v (%v), want the first model replaced", again, err)
	}
}

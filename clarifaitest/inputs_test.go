package clarifaitest_test

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
)

func TestPost(t *testing.T) {
	app := people(1)
	client := app.Client()
	posted, err := client.PostInputs(t.Context(), &clarifai.PostInputsRequest{Inputs: []*clarifai.Input{
		clarifai.ImageFromURL("new", "https://example.com/new.jpg"),
		{Data: concepts(clarifai.Concept{ID: "people"}), DatasetIDs: []string{"train"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(posted) != 2 || posted[0].ID != "new" || posted[1].ID == "" || posted[0].Status.Code != clarifai.StatusInputPending || posted[1].DatasetIDs != nil {
		t.Errorf("got %+v", posted)
	}
	got, err := client.GetInput(t.Context(), posted[1].ID)
	if err != nil || got.Status.Code != clarifai.StatusInputSuccess || *got.Data.Concepts[0].Value != 1 {
		t.Errorf("got %+v (%v)", got, err)
	}
	if _, inputs := found(t, app, clarifai.NewSearch(clarifai.FilterByDataset("train"))); !reflect.DeepEqual(inputs, []string{posted[1].ID}) {
		t.Errorf("got %v in the dataset", inputs)
	}
}

func TestPostDuplicates(t *testing.T) {
	client := people(2).Client()
	post := func(request *clarifai.PostInputsRequest) ([]*clarifai.Input, *clarifai.Error) {
		posted, err := client.PostInputs(t.Context(), request)
		var e *clarifai.Error
		errors.As(err, &e)
		return posted, e
	}
	codes := func(inputs []*clarifai.Input) (codes []clarifai.StatusCode) {
		for _, input := range inputs {
			codes = append(codes, input.Status.Code)
		}
		return codes
	}
	const pending, duplicate = clarifai.StatusInputPending, clarifai.StatusInputDuplicate

	posted, err := post(&clarifai.PostInputsRequest{Inputs: []*clarifai.Input{{ID: "i0001"}, {ID: "x"}, {ID: "x"}}})
	if got := codes(posted); !reflect.DeepEqual(got, []clarifai.StatusCode{duplicate, pending, duplicate}) {
		t.Errorf("got %v", got)
	}
	if err == nil || err.Status.Code != clarifai.StatusMixedStatus || !errors.Is(err, clarifai.ErrPartialFailure) || len(err.Failed) != 2 {
		t.Errorf("got %v, want a partial failure with two items", err)
	}

	posted, err = post(&clarifai.PostInputsRequest{Inputs: []*clarifai.Input{{ID: "i0001"}, {ID: "i0002"}}})
	if got := codes(posted); err == nil || err.Status.Code != clarifai.StatusFailure || !reflect.DeepEqual(got, []clarifai.StatusCode{duplicate, duplicate}) {
		t.Errorf("all taken: got %v and %v", got, err)
	}

	posted, err = post(&clarifai.PostInputsRequest{
		Inputs:                    []*clarifai.Input{{ID: "i0001"}, {ID: "y"}, {ID: "y"}},
		InputIDConflictResolution: clarifai.InputIDConflictSuffix,
	})
	if err == nil || posted[0].ID != "i0001-1" || posted[2].Status.Code != duplicate {
		t.Errorf("with suffixes: got %v and %v", inputIDs(posted), err)
	}
	if ids := streamed(t, client, nil); !reflect.DeepEqual(ids, []string{"i0001", "i0002", "x", "i0001-1", "y"}) {
		t.Errorf("the app has %v", ids)
	}
}

func TestPatch(t *testing.T) {
	const data = `{
		"image": {"url": "u"},
		"concepts": [{"id": "a", "value": 1}, {"id": "b", "value": 0.5}],
		"metadata": {"k": "v", "in": {"x": 1, "y": 2}, "list": [1]},
		"int_value": 9007199254740993,
		"regions": [{"id": "r", "value": 0.5}]
	}`
	for _, test := range []struct{ name, action, patch, want string }{
		{"merge concepts", "merge", `{"concepts": [{"id": "b", "value": 0}, {"id": "c"}]}`,
			`"concepts":[{"id":"a","value":1},{"id":"b","value":0},{"id":"c","value":1}]`},
		{"merge metadata", "merge", `{"metadata": {"k": "w", "in": {"y": 3, "z": 4}, "list": [2]}}`,
			`"metadata":{"in":{"x":1,"y":3,"z":4},"k":"w","list":[1,2]}`},
		{"merge a field that is not there", "merge", `{"geo": {"geo_point": {"longitude": 1, "latitude": 2}}}`,
			`"geo":{"geo_point":{"longitude":1,"latitude":2}}`},
		{"merge a region", "merge", `{"regions": [{"id": "r", "track_id": "t"}]}`,
			`"regions":[{"id":"r","value":0.5,"track_id":"t"}]`},
		{"overwrite", "overwrite", `{"concepts": [{"name": "c"}], "metadata": {"n": 1}}`,
			`"concepts":[{"name":"c","value":1}],"metadata":{"n":1},"regions"`},
		{"overwrite by name", "merge", `{"concepts": [{"name": "a"}]}`,
			`"concepts":[{"id":"a","value":1},{"id":"b","value":0.5},{"name":"a","value":1}]`},
		{"remove concepts", "remove", `{"concepts": [{"id": "a"}, {"id": "none"}]}`,
			`"concepts":[{"id":"b","value":0.5}]`},
		{"remove all concepts", "remove", `{"concepts": [{"id": "a"}, {"id": "b"}]}`,
			`"data":{"image":{"url":"u"},"metadata"`},
		{"remove metadata", "remove", `{"metadata": {"k": "", "in": {"x": 0, "y": 0}}}`,
			`"metadata":{"list":[1]}`},
		{"remove a field", "remove", `{"metadata": {}}`,
			`"value":0.5}],"regions"`},
		{"large numbers", "merge", `{"metadata": {"k": 1}}`,
			`"int_value":9007199254740993`},
		{"nothing", "merge", `{}`, `"image":{"url":"u"}`},
	} {
		app := clarifaitest.NewApp()
		post := fmt.Sprintf(`{"inputs":[{"id":"i","data":%s,"dataset_ids":["d"]}]}`, data)
		if status, answer := send(t, app, "POST", "/v2/users/u/apps/a/inputs", post); status != http.StatusOK {
			t.Fatal(answer)
		}
		patch := fmt.Sprintf(`{"action":%q,"inputs":[{"id":"i","data":%s}]}`, test.action, test.patch)
		if status, answer := send(t, app, "PATCH", "/v2/users/u/apps/a/inputs", patch); status != http.StatusOK || !strings.Contains(answer, test.want) {
			t.Errorf("%s: got %s\nwant %s in it", test.name, answer, test.want)
		}
		if _, answer := send(t, app, "GET", "/v2/users/u/apps/a/inputs/i", ""); !strings.Contains(answer, test.want) {
			t.Errorf("%s: then got %s\nwant %s in it", test.name, answer, test.want)
		}
		if _, inputs := found(t, app, clarifai.NewSearch(clarifai.FilterByDataset("d"))); len(inputs) != 1 {
			t.Errorf("%s: the input left its dataset", test.name)
		}
	}
}

func TestPatchUnknownInputs(t *testing.T) {
	client := people(1).Client()
	patch := func(ids ...string) error {
		var inputs []*clarifai.Input
		for _, id := range ids {
			inputs = append(inputs, &clarifai.Input{ID: id, Data: concepts(clarifai.Concept{ID: "new"})})
		}
		_, err := client.PatchInputs(t.Context(), &clarifai.PatchInputsRequest{Action: "merge", Inputs: inputs})
		return err
	}
	if err := patch("none"); !errors.Is(err, clarifai.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	err := patch("none", "i0001")
	var e *clarifai.Error
	if !errors.Is(err, clarifai.ErrPartialFailure) || !errors.As(err, &e) || len(e.Failed) != 1 || e.Failed[0].Status.Code != clarifai.StatusInputDoesNotExist {
		t.Errorf("got %v", err)
	}
	if input, err := client.GetInput(t.Context(), "i0001"); err != nil || input.Data.Concepts[0].ID != "new" || !input.ModifiedAt.After(*input.CreatedAt) {
		t.Errorf("got %+v (%v)", input, err)
	}
}

func TestDelete(t *testing.T) {
	app := people(6)
	client := app.Client()
	if err := client.DeleteInput(t.Context(), "i0003"); err != nil {
		t.Fatal(err)
	}
	if err := client.DeleteInput(t.Context(), "i0003"); !errors.Is(err, clarifai.ErrNotFound) {
		t.Errorf("the second time: got %v", err)
	}
	if annotations, _ := found(t, app, clarifai.NewSearch(clarifai.FilterByConcept("people", true))); !reflect.DeepEqual(annotations, []string{"ai0006"}) {
		t.Errorf("got the annotations %v", annotations)
	}
	if err := client.DeleteInputs(t.Context(), "i0001", "none"); !errors.Is(err, clarifai.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if err := client.DeleteInputs(t.Context(), "i0002", "i0004", "i0002"); err != nil {
		t.Error(err)
	}
	app.AddInputs(&clarifai.Input{ID: "i0003"})
	if ids := streamed(t, client, nil); !reflect.DeepEqual(ids, []string{"i0001", "i0005", "i0006", "i0003"}) {
		t.Errorf("the app has %v", ids)
	}
	app.AddAnnotations(&clarifai.Annotation{ID: "ai0003", InputID: "i0003"})
	if annotations, _ := found(t, app, clarifai.NewSearch(clarifai.FilterByInputID("i0003"))); len(annotations) != 1 {
		t.Errorf("got the annotations %v of the input that was added again", annotations)
	}
}

func TestWritesThatTheAPIRejects(t *testing.T) {
	app := people(1)
	many := `{"inputs":[` + strings.Repeat(`{},`, 128) + `{}]}`
	for _, test := range []struct {
		method, target, body string
		httpStatus, code     int
	}{
		{"POST", "inputs", `{"inputs":[]}`, 400, 11102},
		{"POST", "inputs", `{"inputs":[null]}`, 400, 11100},
		{"POST", "inputs", many, 400, 11102},
		{"POST", "inputs", `{"inputs":[{"dat":{}}]}`, 400, 11100},
		{"PATCH", "inputs", `{"inputs":[{"id":"i0001"}]}`, 400, 11102},
		{"PATCH", "inputs", `{"inputs":[{"id":"i0001"}],"action":"replace"}`, 400, 11102},
		{"PATCH", "inputs", `{"action":"merge"}`, 400, 11102},
		{"DELETE", "inputs", `{}`, 400, 11102},
		{"DELETE", "inputs", `{"id":"a"}`, 400, 11100},
		{"DELETE", "inputs/i0001", `{}`, 400, 11100},
		{"DELETE", "inputs/none", ``, 404, 30102},
		{"GET", "inputs/stream?page=2", ``, 400, 11100},
		{"GET", "inputs/stream?descending=yes", ``, 400, 11100},
		{"GET", "inputs/stream?order_by_id=1", ``, 400, 11100},
		{"GET", "inputs/stream?per_page=1001", ``, 400, 11102},
		{"GET", "inputs/stream?order_by_id=false&descending=true", ``, 200, 10000},
		{"GET", "searches/none", ``, 404, 11101},
		{"POST", "searches/none", `{}`, 404, 11101},
		{"DELETE", "searches/none", ``, 404, 11101},
		{"GET", "searches?per_page=x", ``, 400, 11102},
		{"GET", "concepts?page=-1", ``, 400, 11102},
		{"GET", "datasets/d/inputs?per_page=1001", ``, 400, 11102},
	} {
		httpStatus, answer := send(t, app, test.method, "/v2/users/u/apps/a/"+test.target, test.body)
		if httpStatus != test.httpStatus || !strings.Contains(answer, fmt.Sprintf(`"code":%d`, test.code)) {
			t.Errorf("%s %s %.100s: got %d %s, want %d with %d", test.method, test.target, test.body, httpStatus, answer, test.httpStatus, test.code)
		}
	}
}

func TestSavedSearches(t *testing.T) {
	app := people(9)
	client := app.Client()
	saved := clarifai.NewSearch(clarifai.FilterByConcept("people", true))
	saved.ID, saved.Name, saved.Save = "people", "People", true
	page, err := client.PostAnnotationsSearches(t.Context(), &clarifai.PostAnnotationsSearchesRequest{Searches: []clarifai.Search{saved}})
	if err != nil || len(page.Items) != 0 || len(page.Searches) != 1 || page.Searches[0].ID != "people" {
		t.Fatalf("got %+v (%v)", page, err)
	}
	other := clarifai.NewSearch(clarifai.FilterByInputID("i0001"))
	other.Save = true
	page, err = client.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{other}})
	if err != nil || page.Searches[0].ID == "" {
		t.Fatalf("got %+v (%v)", page, err)
	}
	otherID := page.Searches[0].ID

	search, err := client.GetSearch(t.Context(), "people")
	if err != nil || search.Name != "People" || search.ApplicationID != "app" || search.CreatedAt == nil || len(search.Query.Filters) != 1 {
		t.Errorf("got %+v (%v)", search, err)
	}
	list, err := client.ListSearches(t.Context(), nil)
	if err != nil || len(list.Items) != 2 || list.Items[0].ID != "people" || list.Items[1].ID != otherID {
		t.Errorf("got %+v (%v)", list, err)
	}
	page, err = client.PostSearchesByID(t.Context(), &clarifai.PostSearchesByIDRequest{ID: "people", PageParams: clarifai.PageParams{Page: 2, PerPage: 2}})
	if err != nil || len(page.Items) != 1 || page.Items[0].Annotation.ID != "ai0009" {
		t.Errorf("got %+v (%v)", page, err)
	}
	page, err = client.PostSearchesByID(t.Context(), &clarifai.PostSearchesByIDRequest{ID: otherID})
	if err != nil || len(page.Items) != 1 || page.Items[0].Annotation != nil || page.Items[0].Input.ID != "i0001" {
		t.Errorf("a search of inputs: got %+v (%v)", page, err)
	}
	saved.Name = "Renamed"
	if _, err := client.PostAnnotationsSearches(t.Context(), &clarifai.PostAnnotationsSearchesRequest{Searches: []clarifai.Search{saved}}); err != nil {
		t.Fatal(err)
	}
	if list, err := client.ListSearches(t.Context(), nil); err != nil || len(list.Items) != 2 || list.Items[0].Name != "Renamed" {
		t.Errorf("saved again: got %+v (%v)", list, err)
	}
	if err := client.DeleteSearch(t.Context(), "people"); err != nil {
		t.Error(err)
	}
	if _, err := client.GetSearch(t.Context(), "people"); !errors.Is(err, clarifai.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	app.SetResultWindow(1)
	if _, err := client.PostSearchesByID(t.Context(), &clarifai.PostSearchesByIDRequest{ID: otherID}); !errors.Is(err, clarifai.ErrResultWindow) {
		t.Errorf("got %v, want the window", err)
	}
}

// Saving a search again keeps the time at which it was created.
func TestSavingAgainKeepsCreatedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := people(1).Client()
		save := func() clarifai.Search {
			page, err := client.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{{ID: "s", Save: true}}})
			if err != nil {
				t.Fatal(err)
			}
			return page.Searches[0]
		}
		first := save()
		time.Sleep(time.Hour)
		second := save()
		got, err := client.GetSearch(t.Context(), "s")
		if err != nil {
			t.Fatal(err)
		}
		for _, search := range []clarifai.Search{second, *got} {
			if !search.CreatedAt.Equal(*first.CreatedAt) || search.ModifiedAt.Sub(*first.ModifiedAt) != time.Hour {
				t.Errorf("created %v, modified %v; first %v", search.CreatedAt, search.ModifiedAt, first.CreatedAt)
			}
		}
	})
}

func TestConceptsAndDatasetInputs(t *testing.T) {
	app := zoo()
	client := app.Client()
	listConcepts := clarifai.Endpoint[clarifai.Concept]{Method: http.MethodGet, Path: "/v2/users/{user_id}/apps/{app_id}/concepts", Key: "concepts"}
	var ids []string
	for concept, err := range listConcepts.All(t.Context(), client, &clarifai.PageParams{PerPage: 2}) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, concept.ID)
	}
	if want := []string{"song", "people", "dog", "face"}; !reflect.DeepEqual(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
	if _, answer := send(t, app, "GET", "/v2/users/u/apps/a/concepts?id=EOP", ""); strings.Count(answer, `"name"`) != 1 || !strings.Contains(answer, `"people"`) {
		t.Errorf("like EOP: got %s", answer)
	}

	type datasetInput struct{ Input clarifai.Input }
	inputs, err := clarifai.Endpoint[datasetInput]{
		Method: http.MethodGet, Path: "/v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/inputs", Key: "dataset_inputs",
	}.With("dataset_id", "train").List(t.Context(), client, nil)
	if err != nil || len(inputs.Items) != 2 || inputs.Items[1].Input.ID != "paris" {
		t.Errorf("got %+v (%v)", inputs, err)
	}
}

// large returns an app with 100,000 inputs.
func large() *clarifaitest.App {
	app := clarifaitest.NewApp()
	inputs := slices.Repeat([]*clarifai.Input{{Data: &clarifai.Data{
		Image:    &clarifai.Image{URL: "https://example.com/image.jpg"},
		Metadata: map[string]any{"camera": "front"},
	}}}, 100_000)
	app.AddInputs(inputs...)
	return app
}

func BenchmarkListInputs(b *testing.B) {
	client := large().Client()
	for b.Loop() {
		page, err := client.ListInputs(b.Context(), &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{Page: 50, PerPage: 1000}})
		if err != nil || len(page.Items) != 1000 {
			b.Fatal(err)
		}
	}
}

func BenchmarkStreamInputsByID(b *testing.B) {
	client := large().Client()
	for b.Loop() {
		page, err := client.StreamInputs(b.Context(), &clarifai.StreamInputsRequest{LastID: fmt.Sprintf("%032x", 99_999), PerPage: 1000, OrderByID: true})
		if err != nil || len(page.Items) != 1000 {
			b.Fatal(err)
		}
	}
}

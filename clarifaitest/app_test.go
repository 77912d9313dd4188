package clarifaitest_test

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
	"github.com/jarcoal/httpmock"
)

// people returns an app with n inputs i0001, i0002, …, each with an annotation:
// "people" for every third one, "dog" for the others.
func people(n int) *clarifaitest.App {
	app := clarifaitest.NewApp()
	for i := 1; i <= n; i++ {
		id, concept := fmt.Sprintf("i%04d", i), "dog"
		if i%3 == 0 {
			concept = "people"
		}
		app.AddInputs(&clarifai.Input{ID: id, Data: &clarifai.Data{Image: &clarifai.Image{URL: "https://example.com/" + id}}})
		app.AddAnnotations(&clarifai.Annotation{
			ID: "a" + id, InputID: id,
			Data: &clarifai.Data{Concepts: []clarifai.Concept{{ID: concept}}},
		})
	}
	return app
}

func inputIDs(inputs []*clarifai.Input) (ids []string) {
	for _, input := range inputs {
		ids = append(ids, input.ID)
	}
	return ids
}

func TestAppPagesListsAsTheAPIDoes(t *testing.T) {
	client := people(250).Client()
	for _, test := range []struct {
		page, perPage, count int
		first                string
	}{
		{0, 0, 128, "i0001"},
		{2, 0, 122, "i0129"},
		{2, 20, 20, "i0021"},
		{1, 1000, 250, "i0001"},
		{13, 20, 10, "i0241"},
		{14, 20, 0, ""},
		{4294967, 1000, 0, ""},
	} {
		page, err := client.ListInputs(t.Context(), &clarifai.ListInputsRequest{
			PageParams: clarifai.PageParams{Page: test.page, PerPage: test.perPage},
		})
		if err != nil {
			t.Errorf("page %d of %d: %v", test.page, test.perPage, err)
			continue
		}
		if len(page.Items) != test.count || test.count > 0 && page.Items[0].ID != test.first {
			t.Errorf("page %d of %d: %d inputs %v, want %d from %s", test.page, test.perPage, len(page.Items), inputIDs(page.Items), test.count, test.first)
		}
	}
}

func TestListFilters(t *testing.T) {
	app := people(5)
	app.AddInputs(&clarifai.Input{ID: "waiting", Status: &clarifai.Status{Code: clarifai.StatusInputPending}})
	for _, test := range []struct {
		request clarifai.ListInputsRequest
		want    []string
	}{
		{clarifai.ListInputsRequest{IDs: []string{"i0004", "i0002", "none"}}, []string{"i0002", "i0004"}},
		{clarifai.ListInputsRequest{StatusCode: clarifai.StatusInputPending}, []string{"waiting"}},
		{clarifai.ListInputsRequest{StatusCode: clarifai.StatusInputFailed}, nil},
	} {
		page, err := app.Client().ListInputs(t.Context(), &test.request)
		if err != nil {
			t.Fatal(err)
		}
		if got := inputIDs(page.Items); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%+v: got %v, want %v", test.request, got, test.want)
		}
	}
}

func TestGetAndCount(t *testing.T) {
	app := people(7)
	app.AddInputs(
		&clarifai.Input{ID: "waiting", Status: &clarifai.Status{Code: clarifai.StatusInputPending}},
		&clarifai.Input{ID: "broken", Status: &clarifai.Status{Code: clarifai.StatusInputFailed}},
		&clarifai.Input{ID: "a/b c", DatasetIDs: []string{"d"}},
	)
	client := app.Client()
	input, err := client.GetInput(t.Context(), "a/b c")
	if err != nil {
		t.Fatal(err)
	}
	if input.ID != "a/b c" || input.Status.Code != clarifai.StatusInputSuccess || input.CreatedAt.IsZero() || input.DatasetIDs != nil {
		t.Errorf("got %+v", input)
	}
	count, err := client.GetInputCount(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := (clarifai.InputCount{Processed: 8, ToProcess: 1, Errors: 1}); *count != want {
		t.Errorf("got %+v, want %+v", *count, want)
	}
	_, err = client.GetInput(t.Context(), "none")
	var e *clarifai.Error
	if !errors.Is(err, clarifai.ErrNotFound) || !errors.As(err, &e) || e.Status.Code != clarifai.StatusInputDoesNotExist || e.HTTPStatus != http.StatusNotFound {
		t.Errorf("got %v, want 404 and 30102", err)
	}
}

// send sends a request without the SDK.
func send(t *testing.T, app *clarifaitest.App, method, target, body string) (httpStatus int, answer string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "https://api.clarifai.com"+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := app.Transport().RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var b strings.Builder
	if err := resp.Write(&b); err != nil {
		t.Fatal(err)
	}
	_, answer, _ = strings.Cut(b.String(), "\r\n\r\n")
	return resp.StatusCode, answer
}

func TestAppRejectsWhatTheAPIRejects(t *testing.T) {
	app := people(3)
	const list, search = "/v2/users/u/apps/a/inputs", "/v2/users/u/apps/a/annotations/searches"
	for _, test := range []struct {
		method, target, body string
		httpStatus, code     int
	}{
		{"GET", list + "?per_page=1000", "", 200, 10000},
		{"GET", "/v2/inputs?page=1", "", 200, 10000},
		{"GET", "/clarifai" + list, "", 200, 10000},
		{"GET", "/v2/prefix" + list, "", 200, 10000},
		{"GET", list + "?per_page=1001", "", 400, 11102},
		{"GET", list + "?page=-1", "", 400, 11102},
		{"GET", list + "?page=two", "", 400, 11102},
		{"GET", list + "?page=", "", 400, 11102},
		{"GET", list + "?page=4294967295&per_page=1000", "", 400, 11102},
		{"GET", list + "?page=1&page=2", "", 400, 11100},
		{"GET", list + "?pages=2", "", 400, 11100},
		{"GET", list + "?status.code=NOT_A_CODE", "", 400, 11100},
		{"GET", list + "?status.code=INPUT_SUCCESS", "", 200, 10000},
		{"GET", list + "?status.code=0", "", 200, 10000},
		{"GET", list + "?status.code=ZERO", "", 200, 10000},
		{"GET", list, `{"page":2}`, 400, 11100},
		{"GET", list + "/", "", 404, 11101},
		{"GET", "/v2/users//apps/a/inputs", "", 404, 11101},
		{"GET", "/v2/users/u/apps/a/inputz", "", 404, 11101},
		{"GET", "/users/u/apps/a/inputs", "", 404, 11101},
		{"GET", list + "/none", "", 404, 30102},
		{"DELETE", list + "/annotations", "", 404, 11101},
		{"PUT", list, `{}`, 405, 11103},
		{"POST", search, `{"searches":[{}],"pagination":{"page":1,"per_page":"20"}}`, 200, 10000},
		{"POST", search, `{"searches":[{}],"pagination":{"per_page":1001}}`, 400, 11102},
		{"POST", search, `{"searches":[{}],"pagination":{"page":-1}}`, 400, 11102},
		{"POST", search, `{"searches":[{}],"pagination":{"page":"two"}}`, 400, 11102},
		{"POST", search, `{"searches":[{}],"pagination":{"pages":1}}`, 400, 11100},
		{"POST", search, `{"searches":[{}],"page":1}`, 400, 11100},
		{"POST", search, `{"Searches":[{}]}`, 400, 11100},
		{"POST", search, `{"searches":[{"query":{"filter":[]}}]}`, 400, 11100},
		{"POST", search, `{"searches":[{"query":{"filters":[{"annotation":{"status":{"kode":1}}}]}}]}`, 400, 11100},
		{"POST", search, `{"searches":{}}`, 400, 11100},
		{"POST", search, `{"searches":`, 400, 11100},
		{"POST", search, `[]`, 400, 11100},
		{"POST", search, `{"searches":[{}],"only_count":true}`, 400, 11100},
		{"POST", search + "?pagination.page=2", `{"searches":[{}]}`, 400, 11100},
		{"POST", search, `{}`, 400, 40002},
		{"POST", search, ``, 400, 40002},
		{"POST", search, `{"searches":[{"query":{"ands":[{}]}}]}`, 400, 40002},
		{"POST", search, `{"searches":[{"query":{"filters":[{"annotation":{"data":{"image":{"url":"x"}}}}]}}]}`, 400, 40002},
		{"POST", search, `{"searches":[{"query":{"filters":[{"annotation":{"data":{"geo":{"geo_point":{"latitude":1,"longitude":1}}}}}]}}]}`, 400, 40002},
		{"POST", search, `{"searches":[{"query":{"ranks":[{"annotation":{"task_id":"t"}}]}}]}`, 400, 40002},
		{"POST", search, `{"searches":[{"query":{"ranks":[{}]}}]}`, 400, 40002},
		{"POST", search, `{"searches":[{"query":{"ranks":[{"annotation":{"input_id":"none"}}]}}]}`, 404, 30102},
	} {
		httpStatus, answer := send(t, app, test.method, test.target, test.body)
		if httpStatus != test.httpStatus || !strings.Contains(answer, fmt.Sprintf(`"code":%d`, test.code)) {
			t.Errorf("%s %s %s: got %d %s, want %d with %d", test.method, test.target, test.body, httpStatus, answer, test.httpStatus, test.code)
		}
	}
	_, answer := send(t, app, "POST", search, `{"searches":[{},{"query":{"filters":[{"anotation":{}}]}}]}`)
	if !strings.Contains(answer, `\"anotation\" within \"/searches/1/query/filters/0\"`) {
		t.Errorf("got %s, which does not name the unknown field", answer)
	}
}

func TestAnEmptyPageHasAnEmptyList(t *testing.T) {
	app := clarifaitest.NewApp()
	if _, answer := send(t, app, "GET", "/v2/users/u/apps/a/inputs", ""); !strings.Contains(answer, `"inputs":[]`) {
		t.Errorf("got %s", answer)
	}
	if _, answer := send(t, app, "POST", "/v2/users/u/apps/a/inputs/searches", `{"searches":[{}]}`); !strings.Contains(answer, `"hits":[]`) {
		t.Errorf("got %s", answer)
	}
}

func TestAppKeepsCopies(t *testing.T) {
	app := clarifaitest.NewApp()
	given := &clarifai.Input{Data: &clarifai.Data{
		Concepts: []clarifai.Concept{{ID: "people"}},
		Metadata: map[string]any{"camera": "front"},
	}}
	app.AddInputs(given, given)
	if given.ID != "" || given.Status != nil || given.Data.Concepts[0].Value != nil {
		t.Errorf("AddInputs changed its argument: %+v", given)
	}
	given.Data.Concepts[0].ID = "changed"
	given.Data.Metadata["camera"] = "changed"
	for range 2 {
		page, err := app.Client().ListInputs(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Items) != 2 || page.Items[0].ID == page.Items[1].ID {
			t.Fatalf("got %v, want two inputs with unique IDs", inputIDs(page.Items))
		}
		data := page.Items[0].Data
		if data.Concepts[0].ID != "people" || *data.Concepts[0].Value != 1 || data.Metadata["camera"] != "front" {
			t.Errorf("got %+v", data)
		}
		data.Metadata["camera"] = "changed"
	}
}

func TestAddInputsReplacesInPlace(t *testing.T) {
	app := people(3)
	app.AddInputs(&clarifai.Input{ID: "i0002", Status: &clarifai.Status{Code: clarifai.StatusInputFailed}})
	page, err := app.Client().ListInputs(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if ids := inputIDs(page.Items); !reflect.DeepEqual(ids, []string{"i0001", "i0002", "i0003"}) || page.Items[1].Status.Code != clarifai.StatusInputFailed {
		t.Errorf("got %v, with %v", ids, page.Items[1].Status)
	}
}

func TestAddPanicsOnNil(t *testing.T) {
	for name, add := range map[string]func(){
		"AddInputs":      func() { clarifaitest.NewApp().AddInputs(nil) },
		"AddAnnotations": func() { clarifaitest.NewApp().AddAnnotations(nil) },
		"AddModels":      func() { clarifaitest.NewApp().AddModels(&clarifai.Model{}, nil) },
		"not JSON": func() {
			clarifaitest.NewApp().AddInputs(&clarifai.Input{Data: &clarifai.Data{Metadata: map[string]any{"f": func() {}}}})
		},
		"Client": func() { clarifaitest.NewApp().Client(clarifai.WithTimeout(-1)) },
	} {
		func() {
			defer func() {
				if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), "clarifaitest: ") {
					t.Errorf("%s: recovered %v", name, r)
				}
			}()
			add()
		}()
	}
}

func TestClientIgnoresTheEnvironment(t *testing.T) {
	for _, name := range []string{"CLARIFAI_PAT", "CLARIFAI_SESSION_TOKEN", "CLARIFAI_USER_ID", "CLARIFAI_APP_ID", "CLARIFAI_API_BASE"} {
		t.Setenv(name, "from the environment")
	}
	app := people(1)
	var sent *http.Request
	app.Transport().RegisterResponder("GET", "=~.*", func(r *http.Request) (*http.Response, error) {
		sent = r
		return httpmock.NewStringResponse(200, `{"status":{"code":10000}}`), nil
	})
	hc := &http.Client{Transport: httpmock.NewMockTransport()}
	if _, err := app.Client(clarifai.WithHTTPClient(hc)).ListInputs(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got := sent.URL.String(); got != "https://api.clarifai.com/v2/users/user/apps/app/inputs" {
		t.Errorf("sent to %s", got)
	}
	if got := sent.Header.Get("Authorization"); got != "Key clarifaitest-token" {
		t.Errorf("sent with %q", got)
	}
}

func TestRegisteredRespondersTakePrecedence(t *testing.T) {
	app := people(3)
	app.Transport().RegisterResponder("GET", "=~/inputs/status$", httpmock.NewStringResponder(500, `{"status":{"code":10020}}`))
	client := app.Client()
	if _, err := client.GetInputCount(t.Context()); err == nil {
		t.Error("the app answered instead of the responder")
	}
	if _, err := client.ListInputs(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func TestConcurrentUse(t *testing.T) {
	app := people(30)
	var workers sync.WaitGroup
	for i := range 8 {
		workers.Go(func() {
			client := app.Client()
			app.AddInputs(&clarifai.Input{ID: fmt.Sprint("new", i)})
			for _, err := range client.ListInputsAll(t.Context(), nil, clarifai.Prefetch(3)) {
				if err != nil {
					t.Error(err)
				}
			}
			search := clarifai.NewSearch(clarifai.FilterByConcept("people", true))
			hits := 0
			for _, err := range client.PostAnnotationsSearchesAll(t.Context(), &clarifai.PostAnnotationsSearchesRequest{Searches: []clarifai.Search{search}}) {
				if err != nil {
					t.Error(err)
				}
				hits++
			}
			if hits != 10 {
				t.Errorf("got %d hits, want 10", hits)
			}
		})
	}
	workers.Wait()
	if count, err := app.Client().GetInputCount(t.Context()); err != nil || count.Processed != 38 {
		t.Errorf("got %+v (%v), want 38 inputs", count, err)
	}
}

package clarifai_test

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
)

func TestListInputsDecodesAllFields(t *testing.T) {
	client, mock := newClient(t)
	recorder(t, mock, answer(200, testdata(t, "list_inputs.json")))
	page, err := client.ListInputs(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := &clarifai.Page[clarifai.Input]{
		Number:  1,
		PerPage: 128,
		Status:  clarifai.Status{Code: clarifai.StatusSuccess, Description: "Ok", ReqID: "req-list"},
		Items: []*clarifai.Input{
			{
				ID: "beach",
				Data: &clarifai.Data{
					Image: &clarifai.Image{
						URL: "https://example.com/beach.jpg",
						Hosted: &clarifai.HostedURL{
							Prefix: "https://data.example.com", Suffix: "users/u/apps/a/inputs/image/1f",
							Sizes: []string{"orig", "tiny", "small", "large"}, Crossorigin: "use-credentials",
						},
						ImageInfo: &clarifai.ImageInfo{Width: 1024, Height: 768, Format: "JPEG", ColorMode: "YUV"},
					},
					Concepts: []clarifai.Concept{
						{ID: "people", Name: "people", Value: clarifai.Ptr(1.0), AppID: "a", UserID: "u"},
						{ID: "night", Name: "night", Value: clarifai.Ptr(0.0)},
					},
					Metadata: map[string]any{"camera": "front", "shots": 3.0, "tags": []any{"a", "b"}, "empty": map[string]any{}},
					Geo:      &clarifai.Geo{GeoPoint: &clarifai.GeoPoint{Longitude: 13.4, Latitude: 52.5}},
				},
				CreatedAt:  clarifai.Ptr(time.Date(2026, 2, 3, 4, 5, 6, 789012345, time.UTC)),
				ModifiedAt: clarifai.Ptr(time.Date(2026, 2, 3, 4, 5, 7, 0, time.UTC)),
				Status:     &clarifai.Status{Code: clarifai.StatusInputSuccess, Description: "Download complete"},
			},
			{
				ID:     "note",
				Data:   &clarifai.Data{Text: &clarifai.Text{Raw: "Grüße, 世界", TextInfo: &clarifai.TextInfo{CharCount: 9, Encoding: "UTF-8"}}},
				Status: &clarifai.Status{Code: clarifai.StatusInputPending, Description: "Pending"},
			},
		},
	}
	if !reflect.DeepEqual(visible(page), want) {
		t.Errorf("got  %+v\nwant %+v", page, want)
	}
}

func TestGetInputAndInputCount(t *testing.T) {
	client, mock := newClient(t)
	requests := recorder(t, mock,
		answer(200, `{"status":{"code":10000},"input":{"id":"a","status":{"code":30001}}}`),
		answer(200, `{"status":{"code":10000},"counts":{"processed":7,"to_process":2,"errors":1,"reindexing":4}}`))
	input, err := client.GetInput(t.Context(), "a")
	if err != nil || !reflect.DeepEqual(input, &clarifai.Input{ID: "a", Status: &clarifai.Status{Code: 30001}}) {
		t.Error(input, err)
	}
	counts, err := client.GetInputCount(t.Context())
	if err != nil || *counts != (clarifai.InputCount{Processed: 7, ToProcess: 2, Errors: 1, Reindexing: 4}) {
		t.Error(counts, err)
	}
	for i, want := range []string{base + "/inputs/a", base + "/inputs/status"} {
		if got := (*requests)[i]; got.method != "GET" || got.url != want || got.body != "" {
			t.Errorf("sent %+v", got)
		}
	}
}

// stream responds to StreamInputs with the inputs that follow last_id.
func stream(items int) (respond httpmock.Responder, asked *[]string) {
	asked = new([]string)
	return func(r *http.Request) (*http.Response, error) {
		*asked = append(*asked, r.URL.RawQuery)
		perPage := 20
		if n, err := strconv.Atoi(r.URL.Query().Get("per_page")); err == nil {
			perPage = n
		}
		next := 0
		if last, err := strconv.Atoi(r.URL.Query().Get("last_id")); err == nil {
			next = last + 1
		}
		var inputs []string
		for i := next; i < min(next+perPage, items); i++ {
			inputs = append(inputs, fmt.Sprintf(`{"id":"%d"}`, i))
		}
		return httpmock.NewStringResponse(200, fmt.Sprintf(`{"status":{"code":10000},"inputs":[%s]}`, strings.Join(inputs, ","))), nil
	}, asked
}

func TestStreamInputsResumesFromLastID(t *testing.T) {
	client, mock := newClient(t)
	respond, asked := stream(25)
	mock.RegisterNoResponder(respond)

	if page, err := client.StreamInputs(t.Context(), nil); err != nil || page.Number != 1 || len(page.Items) != 20 {
		t.Error(page, err)
	}
	req := &clarifai.StreamInputsRequest{PerPage: 10, LastID: "4", OrderByID: true, Descending: true}
	if page, err := client.StreamInputs(t.Context(), req); err != nil || len(page.Items) != 10 || page.Items[0].ID != "5" {
		t.Error(page, err)
	}
	all := client.StreamInputsAll(t.Context(), req, clarifai.Prefetch(8))
	for range 2 {
		if ids, err := collect(all, inputID); err != nil || !slices.Equal(ids, count(25)[5:]) {
			t.Error(ids, err)
		}
	}
	if ids, err := collect(client.StreamInputsAll(t.Context(), nil, clarifai.Limit(7)), inputID); err != nil || !slices.Equal(ids, count(7)) {
		t.Error(ids, err)
	}
	if ids, err := collect(client.StreamInputsAll(t.Context(), nil), inputID); err != nil || !slices.Equal(ids, count(25)) {
		t.Error(ids, err)
	}
	const ordered = "&order_by_id=true&per_page=10"
	want := []string{
		"",
		"descending=true&last_id=4" + ordered,
		"descending=true&last_id=4" + ordered, "descending=true&last_id=14" + ordered, "descending=true&last_id=24" + ordered,
		"descending=true&last_id=4" + ordered, "descending=true&last_id=14" + ordered, "descending=true&last_id=24" + ordered,
		"per_page=7",
		"per_page=1000", "last_id=24&per_page=1000",
	}
	if !slices.Equal(*asked, want) {
		t.Errorf("got  %q\nwant %q", *asked, want)
	}
	if *req != (clarifai.StreamInputsRequest{PerPage: 10, LastID: "4", OrderByID: true, Descending: true}) {
		t.Errorf("changed the request: %+v", req)
	}
}

func TestStreamInputsEndsWithPageErrorOnFailureOrRepeatedCursor(t *testing.T) {
	client, mock := newClient(t)
	same := answer(200, `{"status":{"code":10000},"inputs":[{"id":"0"}]}`)
	for _, test := range []struct {
		answers []httpmock.Responder
		want    error
	}{
		{[]httpmock.Responder{same, same}, clarifai.ErrPageRepeated},
		{[]httpmock.Responder{same, answer(404, success)}, clarifai.ErrNotFound},
	} {
		requests := recorder(t, mock, test.answers...)
		ids, err := collect(client.StreamInputsAll(t.Context(), nil), inputID)
		var page *clarifai.PageError
		if !slices.Equal(ids, count(1)) || !errors.Is(err, test.want) || !errors.As(err, &page) || page.Page != 2 || len(*requests) != 2 {
			t.Error(ids, err, len(*requests))
		}
	}
	for _, req := range []*clarifai.StreamInputsRequest{{PerPage: -1}, {PerPage: 1001}} {
		_, err := client.StreamInputs(t.Context(), req)
		_, allErr := collect(client.StreamInputsAll(t.Context(), req), inputID)
		if !errors.Is(err, clarifai.ErrInvalidPage) || !errors.Is(allErr, clarifai.ErrInvalidPage) {
			t.Error(err, allErr)
		}
	}
}

func TestInputWrites(t *testing.T) {
	client, mock := newClient(t)
	requests := recorder(t, mock, answer(200, `{"status":{"code":10000},"inputs":[{"id":"a","status":{"code":30001}}]}`))
	taken := []*clarifai.Input{{ID: "a", Status: &clarifai.Status{Code: 30001}}}
	inputs := []*clarifai.Input{clarifai.ImageFromURL("a", "https://example.com/a.jpg")}
	const encoded = `"inputs":[{"id":"a","data":{"image":{"url":"https://example.com/a.jpg"}}}]`

	got, err := client.PostInputs(t.Context(), &clarifai.PostInputsRequest{
		Inputs: inputs, InputsAddJobID: "job", InputIDConflictResolution: clarifai.InputIDConflictSuffix,
	})
	if err != nil || !reflect.DeepEqual(got, taken) {
		t.Error(got, err)
	}
	got, err = client.PatchInputs(t.Context(), &clarifai.PatchInputsRequest{Inputs: inputs, Action: "merge"})
	if err != nil || !reflect.DeepEqual(got, taken) {
		t.Error(got, err)
	}
	if err := client.DeleteInput(t.Context(), "a/b"); err != nil {
		t.Error(err)
	}
	if err := client.DeleteInputs(t.Context(), "a", "b"); err != nil {
		t.Error(err)
	}
	for i, want := range []request{
		{method: "POST", url: base + "/inputs", body: `{` + encoded + `,"inputs_add_job_id":"job","input_id_conflict_resolution":2}`},
		{method: "PATCH", url: base + "/inputs", body: `{` + encoded + `,"action":"merge"}`},
		{method: "DELETE", url: base + "/inputs/a%2Fb"},
		{method: "DELETE", url: base + "/inputs", body: `{"ids":["a","b"]}`},
	} {
		got := (*requests)[i]
		got.header = nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}

func TestPartialFailureListsFailedInputsAndReturnsAll(t *testing.T) {
	client, mock := newClient(t)
	recorder(t, mock, answer(200, testdata(t, "post_inputs_mixed.json")))
	req := &clarifai.PostInputsRequest{Inputs: []*clarifai.Input{{ID: "new"}, {ID: "old"}}}
	inputs, err := client.PostInputs(t.Context(), req)
	var e *clarifai.Error
	if !errors.Is(err, clarifai.ErrPartialFailure) || !errors.As(err, &e) {
		t.Fatal(err)
	}
	want := []clarifai.ItemError{{Index: 1, ID: "old", Status: clarifai.Status{Code: 30100, Description: "Duplicate", Details: "Input has a duplicate ID"}}}
	if !reflect.DeepEqual(e.Failed, want) {
		t.Errorf("failed: %+v", e.Failed)
	}
	if len(inputs) != 2 || inputs[0].ID != "new" || inputs[0].Status.Code != clarifai.StatusInputPending || inputs[1].ID != "old" {
		t.Errorf("inputs: %+v", inputs)
	}
	if !strings.Contains(err.Error(), `item 1 "old": 30100 INPUT_DUPLICATE: Duplicate`) {
		t.Error(err)
	}
}

func TestErrorTextListsAtMostTenFailedItems(t *testing.T) {
	err := &clarifai.Error{Method: "POST", Path: "/v2/inputs", Failed: make([]clarifai.ItemError, 128)}
	if text := err.Error(); strings.Count(text, "item ") != 10 || !strings.Contains(text, "; and 118 more") {
		t.Error(text)
	}
}

func TestNullInputInWriteResponseIsInvalid(t *testing.T) {
	client, mock := newClient(t)
	recorder(t, mock, answer(200, `{"status":{"code":10000},"inputs":[null]}`))
	if _, err := client.PostInputs(t.Context(), &clarifai.PostInputsRequest{Inputs: []*clarifai.Input{{}}}); !errors.Is(err, clarifai.ErrInvalidResponse) {
		t.Error(err)
	}
}

func TestFailureOfAllInputsListsEachFailure(t *testing.T) {
	client, mock := newClient(t)
	recorder(t, mock, answer(400, `{"status":{"code":10020},"inputs":[{"id":"old","status":{"code":30100,"description":"Duplicate"}}]}`))
	inputs, err := client.PostInputs(t.Context(), &clarifai.PostInputsRequest{Inputs: []*clarifai.Input{{ID: "old"}}})
	var e *clarifai.Error
	if errors.Is(err, clarifai.ErrPartialFailure) || !errors.As(err, &e) || len(inputs) != 1 {
		t.Fatal(inputs, err)
	}
	if want := []clarifai.ItemError{{ID: "old", Status: clarifai.Status{Code: clarifai.StatusInputDuplicate, Description: "Duplicate"}}}; !reflect.DeepEqual(e.Failed, want) {
		t.Errorf("failed: %+v", e.Failed)
	}
}

func TestInvalidInputWritesAreRejected(t *testing.T) {
	client, mock := newClient(t)
	many := make([]*clarifai.Input, 129)
	for i := range many {
		many[i] = &clarifai.Input{ID: fmt.Sprint(i)}
	}
	post := func(req *clarifai.PostInputsRequest) error {
		_, err := client.PostInputs(t.Context(), req)
		return err
	}
	patch := func(req *clarifai.PatchInputsRequest) error {
		_, err := client.PatchInputs(t.Context(), req)
		return err
	}
	for _, test := range []struct {
		err  error
		want string
	}{
		{post(nil), "number of inputs 0: must be 1 to 128"},
		{post(&clarifai.PostInputsRequest{}), "number of inputs 0: must be 1 to 128"},
		{post(&clarifai.PostInputsRequest{Inputs: many}), "number of inputs 129: must be 1 to 128"},
		{post(&clarifai.PostInputsRequest{Inputs: []*clarifai.Input{{}, nil}}), "inputs[1]: must not be nil"},
		{patch(nil), "number of inputs 0: must be at least 1"},
		{patch(&clarifai.PatchInputsRequest{Inputs: []*clarifai.Input{{ID: "a"}, {}}, Action: "merge"}), `inputs[1].id "": must not be empty`},
		{patch(&clarifai.PatchInputsRequest{Inputs: many[:1]}), `action "": must be one of merge, overwrite, remove`},
		{patch(&clarifai.PatchInputsRequest{Inputs: many[:1], Action: "delete"}), `action "delete": must be one of merge, overwrite, remove`},
		{client.DeleteInput(t.Context(), ""), `input_id "": must not be empty`},
		{client.DeleteInputs(t.Context()), `ids []: must have at least one ID`},
		{client.DeleteInputs(t.Context(), "a", ""), `ids[1] "": must not be empty`},
		{func() error {
			_, err := client.ListInputs(t.Context(), &clarifai.ListInputsRequest{IDs: []string{""}})
			return err
		}(), `ids[0] "": must not be empty`},
	} {
		if !errors.Is(test.err, clarifai.ErrInvalidArgument) || test.err.Error() != "clarifai: "+test.want {
			t.Errorf("got %v, want %s", test.err, test.want)
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests", n)
	}
	recorder(t, mock, answer(200, success))
	if err := post(&clarifai.PostInputsRequest{Inputs: many[:128]}); err != nil {
		t.Error("128 inputs:", err)
	}
}

func TestInputConstructors(t *testing.T) {
	client, mock := newClient(t)
	requests := recorder(t, mock, answer(200, success))
	if _, err := client.PostInputs(t.Context(), &clarifai.PostInputsRequest{Inputs: []*clarifai.Input{
		clarifai.ImageFromURL("1", "u"), clarifai.ImageFromBytes("2", []byte("\xff\xd8")),
		clarifai.VideoFromURL("3", "u"), clarifai.VideoFromBytes("4", []byte("v")),
		clarifai.AudioFromURL("5", "u"), clarifai.AudioFromBytes("6", []byte("a")),
		clarifai.TextFromURL("7", "u"), clarifai.TextFromString("", "<text>"),
	}}); err != nil {
		t.Fatal(err)
	}
	want := `{"inputs":[` +
		`{"id":"1","data":{"image":{"url":"u"}}},{"id":"2","data":{"image":{"base64":"/9g="}}},` +
		`{"id":"3","data":{"video":{"url":"u"}}},{"id":"4","data":{"video":{"base64":"dg=="}}},` +
		`{"id":"5","data":{"audio":{"url":"u"}}},{"id":"6","data":{"audio":{"base64":"YQ=="}}},` +
		`{"id":"7","data":{"text":{"url":"u"}}},{"data":{"text":{"raw":"\u003ctext\u003e"}}}]}`
	if got := (*requests)[0].body; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAbsentAndZeroValuesAreEncodedDifferently(t *testing.T) {
	client, mock := newClient(t)
	requests := recorder(t, mock, answer(200, success))
	input := &clarifai.Input{ID: "a", Data: &clarifai.Data{
		Concepts: []clarifai.Concept{{ID: "absent", Value: clarifai.Ptr(0.0)}, {ID: "unsaid"}},
		Metadata: map[string]any{},
		Regions:  []clarifai.Region{{RegionInfo: &clarifai.RegionInfo{BoundingBox: &clarifai.BoundingBox{}}}},
		Image:    &clarifai.Image{},
		Geo:      &clarifai.Geo{GeoPoint: &clarifai.GeoPoint{}},
	}}
	if _, err := client.PostInputs(t.Context(), &clarifai.PostInputsRequest{Inputs: []*clarifai.Input{input, {Data: &clarifai.Data{}}}}); err != nil {
		t.Fatal(err)
	}
	want := `{"inputs":[{"id":"a","data":{"image":{},"concepts":[{"id":"absent","value":0},{"id":"unsaid"}],"metadata":{},` +
		`"geo":{"geo_point":{"longitude":0,"latitude":0}},"regions":[{"region_info":{"bounding_box":{}}}]}},{"data":{}}]}`
	if got := (*requests)[0].body; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

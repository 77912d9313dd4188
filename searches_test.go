package clarifai_test

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
)

func TestSearchPageDecodesAllFields(t *testing.T) {
	client, mock := newClient(t)
	recorder(t, mock, answer(200, testdata(t, "annotations_searches.json")))
	search := clarifai.NewSearch(clarifai.FilterByConcept("people", true))
	page, err := client.PostAnnotationsSearches(t.Context(), &clarifai.PostAnnotationsSearchesRequest{Searches: []clarifai.Search{search}})
	if err != nil {
		t.Fatal(err)
	}
	want := &clarifai.SearchPage{
		Page: clarifai.Page[clarifai.Hit]{
			Number:  1,
			PerPage: 128,
			Status:  clarifai.Status{Code: clarifai.StatusSuccess, Description: "Ok", ReqID: "req-search"},
			Items: []*clarifai.Hit{{
				Score: 0.98,
				Input: &clarifai.Input{ID: "beach", Data: &clarifai.Data{Image: &clarifai.Image{URL: "https://example.com/beach.jpg"}}},
				Annotation: &clarifai.Annotation{
					ID: "ann-1", InputID: "beach",
					Data: &clarifai.Data{Regions: []clarifai.Region{{
						ID:         "r1",
						RegionInfo: &clarifai.RegionInfo{BoundingBox: &clarifai.BoundingBox{TopRow: 0.1, LeftCol: 0.2, BottomRow: 0.3, RightCol: 0.4}},
						Data:       &clarifai.Data{Concepts: []clarifai.Concept{{ID: "people", Value: clarifai.Ptr(1.0)}}},
					}}},
					Status: &clarifai.Status{Code: clarifai.StatusAnnotationSuccess},
					Worker: &clarifai.Worker{User: &clarifai.User{ID: "u"}},
				},
			}},
		},
		ID:       "search-1",
		Searches: []clarifai.Search{search},
	}
	page.Page = *visible(&page.Page)
	if !reflect.DeepEqual(page, want) {
		t.Errorf("got  %+v\nwant %+v", page, want)
	}
}

func TestOnlyCountReturnsCountsInsteadOfHits(t *testing.T) {
	client, mock := newClient(t)
	recorder(t, mock, answer(200, testdata(t, "inputs_searches_count.json")))
	req := &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{clarifai.NewSearch(), clarifai.NewSearch()}, OnlyCount: true}
	page, err := client.PostInputsSearches(t.Context(), req)
	if err != nil || len(page.Items) != 0 || !slices.Equal(page.HitCounts, []clarifai.HitCount{{EstimatedTotal: math.MaxUint64}, {EstimatedTotal: 7}}) {
		t.Error(page, err)
	}
	if hits, err := collect(client.PostInputsSearchesAll(t.Context(), req), hitID); err != nil || len(hits) != 0 {
		t.Error(hits, err)
	}
}

func TestSavedSearches(t *testing.T) {
	client, mock := newClient(t)
	const searches = base + "/searches"
	requests := recorder(t, mock,
		answer(200, `{"status":{"code":10000},"searches":[{"id":"s","name":"People","query":{"filters":[{"negate":true}]},"metric":"COSINE_DISTANCE"}]}`),
		answer(200, `{"status":{"code":10000},"search":{"id":"s","save":true,"metric":1}}`),
		answer(200, `{"status":{"code":10000},"id":"run","hits":[{"score":1,"input":{"id":"0"}}]}`),
		answer(200, success))
	page, err := client.ListSearches(t.Context(), &clarifai.ListSearchesRequest{PageParams: clarifai.PageParams{Page: 2, PerPage: 20}})
	if err != nil || !reflect.DeepEqual(page.Items, []*clarifai.Search{{
		ID: "s", Name: "People", Query: &clarifai.Query{Filters: []clarifai.Filter{{Negate: true}}}, Metric: clarifai.MetricCosineDistance,
	}}) {
		t.Error(page, err)
	}
	search, err := client.GetSearch(t.Context(), "s/1")
	if err != nil || !reflect.DeepEqual(search, &clarifai.Search{ID: "s", Save: true, Metric: clarifai.MetricEuclideanDistance}) {
		t.Error(search, err)
	}
	hits, err := client.PostSearchesByID(t.Context(), &clarifai.PostSearchesByIDRequest{ID: "s", PageParams: clarifai.PageParams{Page: 2, PerPage: 20}})
	if err != nil || hits.ID != "run" || len(hits.Items) != 1 {
		t.Error(hits, err)
	}
	if err := client.DeleteSearch(t.Context(), "s"); err != nil {
		t.Error(err)
	}
	for i, want := range []request{
		{method: "GET", url: searches + "?page=2&per_page=20"},
		{method: "GET", url: searches + "/s%2F1"},
		{method: "POST", url: searches + "/s", body: `{"pagination":{"page":2,"per_page":20}}`},
		{method: "DELETE", url: searches + "/s"},
	} {
		got := (*requests)[i]
		got.header = nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}

	server := &pager{items: 25}
	mock.RegisterNoResponder(server.respond)
	byID := &clarifai.PostSearchesByIDRequest{ID: "s", PageParams: clarifai.PageParams{PerPage: 10}}
	if ids, err := collect(client.PostSearchesByIDAll(t.Context(), byID), hitID); err != nil || !slices.Equal(ids, count(25)) {
		t.Error(ids, err)
	}
	recorder(t, mock, answer(200, `{"status":{"code":10000},"searches":[{"id":"0"}]}`), answer(200, success))
	if ids, err := collect(client.ListSearchesAll(t.Context(), nil), func(s *clarifai.Search) string { return s.ID }); err != nil || !slices.Equal(ids, count(1)) {
		t.Error(ids, err)
	}
}

func TestSavingASearchIsNotRetried(t *testing.T) {
	client, mock := newClient(t)
	requests := recorder(t, mock, answer(502, "<html>"))
	search := clarifai.NewSearch(clarifai.FilterByImage())
	search.ID, search.Save = "images", true
	if _, err := client.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{search}}); err == nil || len(*requests) != 1 {
		t.Errorf("sent %d times, %v", len(*requests), err)
	}
	if _, err := client.PostAnnotationsSearches(t.Context(), &clarifai.PostAnnotationsSearchesRequest{Searches: []clarifai.Search{search}}); err == nil || len(*requests) != 2 {
		t.Errorf("sent %d times, %v", len(*requests)-1, err)
	}
}

func TestNotNegatesPartsAndDoubleNegationCancels(t *testing.T) {
	search := clarifai.NewSearch(
		clarifai.Not(clarifai.FilterByInputID("a")),
		clarifai.Not(clarifai.Not(clarifai.FilterByInputID("b"))),
		clarifai.Not(clarifai.RankByText("c")),
	)
	got, err := json.Marshal(search)
	want := `{"query":{"filters":[{"negate":true,"annotation":{"input_id":"a"}},{"annotation":{"input_id":"b"}}],` +
		`"ranks":[{"negate":true,"annotation":{"data":{"text":{"raw":"c"}}}}]}}`
	if err != nil || string(got) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
}

func TestInvalidSearchIsRejected(t *testing.T) {
	client, mock := newClient(t)
	now := time.Now()
	for _, test := range []struct {
		part clarifai.SearchPart
		want string // in the error
	}{
		{clarifai.FilterByConcept("", true), `concept id ""`},
		{clarifai.FilterByConceptName("", true), `concept name ""`},
		{clarifai.FilterByMetadata(nil), "metadata"},
		{clarifai.FilterByMetadata(map[string]any{}), "metadata"},
		{clarifai.FilterByMetadata(map[string]any{"x": math.NaN()}), "NaN"},
		{clarifai.FilterByMetadata(map[string]any{"x": func() {}}), "func()"},
		{clarifai.FilterByGeo(91, 0, 1), "latitude 91: must be -90 to 90"},
		{clarifai.FilterByGeo(-90.5, 0, 1), "latitude -90.5"},
		{clarifai.FilterByGeo(0, 181, 1), "longitude 181: must be -180 to 180"},
		{clarifai.FilterByGeo(math.NaN(), 0, 1), "latitude NaN"},
		{clarifai.FilterByGeo(0, math.Inf(1), 1), "longitude +Inf"},
		{clarifai.FilterByGeo(0, 0, -1), "kilometers -1"},
		{clarifai.FilterByGeo(0, 0, math.Inf(1)), "kilometers +Inf"},
		{clarifai.FilterByGeoBox(0, 0, 0, 200), "longitude 200"},
		{clarifai.FilterByCluster(""), `cluster id ""`},
		{clarifai.FilterByAnnotationID(""), `annotation id ""`},
		{clarifai.FilterByInputID(""), `input_id ""`},
		{clarifai.FilterByModelVersionID(""), "model_version_id"},
		{clarifai.FilterByTaskID(""), "task_id"},
		{clarifai.FilterByUserID(""), "user_id"},
		{clarifai.FilterByWorkerModelVersionID(""), "worker.model.model_version.id"},
		{clarifai.FilterByWorkerUserID(""), "worker.user.id"},
		{clarifai.FilterByWorkerWorkflowVersionID(""), "worker.workflow.version.id"},
		{clarifai.FilterByAnnotationInfo(nil), "annotation_info"},
		{clarifai.FilterByAnnotationStatus(0), "status.code 0"},
		{clarifai.FilterByInputStatus(-1), "status.code -1"},
		{clarifai.FilterByTrackID(""), "track_id"},
		{clarifai.FilterByDataset(), "dataset_ids"},
		{clarifai.FilterByDataset("a", ""), "dataset_ids[1]"},
		{clarifai.FilterByLastUpdated(time.Time{}, time.Time{}), "last_updated_time_range"},
		{clarifai.FilterByLastUpdated(now, now.Add(-1)), "end_time"},
		{clarifai.RankByConcept("", true), "concept id"},
		{clarifai.RankByConceptName("", false), "concept name"},
		{clarifai.RankByEmbedding(nil), "vector"},
		{clarifai.RankByEmbedding([]float64{0, math.NaN()}), "vector[1] NaN"},
		{clarifai.RankByEmbedding([]float64{math.MaxFloat64}), "vector[0]"},
		{clarifai.RankByImageURL(""), "image url"},
		{clarifai.RankByImageBytes(nil), "image bytes"},
		{clarifai.RankByText(""), "text"},
		{clarifai.RankByInputID(""), "input_id"},
		{clarifai.RankByModelVersionID(""), "model_version_id"},
		{nil, "SearchPart"},
	} {
		for _, part := range []clarifai.SearchPart{test.part, clarifai.Not(test.part)} {
			searches := []clarifai.Search{clarifai.NewSearch(clarifai.FilterByImage()), clarifai.NewSearch(part)}
			annotations := &clarifai.PostAnnotationsSearchesRequest{Searches: searches}
			inputs := &clarifai.PostInputsSearchesRequest{Searches: searches}
			var errs []error
			add := func(_ any, err error) { errs = append(errs, err) }
			add(client.PostAnnotationsSearches(t.Context(), annotations))
			add(client.PostInputsSearches(t.Context(), inputs))
			add(collect(client.PostAnnotationsSearchesAll(t.Context(), annotations, clarifai.Prefetch(2)), hitID))
			add(collect(client.PostInputsSearchesAll(t.Context(), inputs), hitID))
			for _, err := range errs {
				if !errors.Is(err, clarifai.ErrInvalidArgument) || !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v does not contain %q", err, test.want)
				}
			}
		}
	}
	_, err := client.PostAnnotationsSearches(t.Context(), nil)
	_, errAll := collect(client.PostInputsSearchesAll(t.Context(), nil), hitID)
	_, errID := client.PostSearchesByID(t.Context(), nil)
	_, errIDAll := collect(client.PostSearchesByIDAll(t.Context(), nil), hitID)
	_, errGet := client.GetSearch(t.Context(), "..")
	errDelete := client.DeleteSearch(t.Context(), "")
	for _, err := range []error{err, errAll, errID, errIDAll, errGet, errDelete} {
		if !errors.Is(err, clarifai.ErrInvalidArgument) {
			t.Error(err)
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

package clarifai_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
)

// Filters, ranks and inputs copy their arguments, so that a map, a slice or a
// buffer can be reused.
func TestSearchPartsAndInputsCopyTheirArguments(t *testing.T) {
	type camera struct{ Name string }
	nested := map[string]any{"list": []any{"a", map[string]any{"x": 1}}, "names": []string{"b"}, "camera": &camera{"c"}, "sizes": map[string]int{"w": 3}}
	vector, ids, types, image := []float64{1, 2}, []string{"d", "e"}, []clarifai.InputType{clarifai.InputTypeAudio}, []byte("file")
	make := func() []clarifai.Search {
		return []clarifai.Search{
			clarifai.NewSearch(clarifai.FilterByMetadata(nested)),
			clarifai.NewSearch(clarifai.Not(clarifai.FilterByAnnotationInfo(nested))),
			clarifai.NewSearch(clarifai.RankByEmbedding(vector)),
			clarifai.NewSearch(clarifai.FilterByDataset(ids...)),
			clarifai.NewSearch(clarifai.FilterByAnyConcept(ids...)),
			clarifai.NewSearch(clarifai.FilterByAnyInputType(types...)),
			clarifai.NewSearch(clarifai.RankByImageBytes(image)),
			{Query: &clarifai.Query{Ands: []clarifai.And{{Input: clarifai.ImageFromBytes("a", image)}}}},
			{Query: &clarifai.Query{Ands: []clarifai.And{{Input: clarifai.VideoFromBytes("a", image)}}}},
			{Query: &clarifai.Query{Ands: []clarifai.And{{Input: clarifai.AudioFromBytes("a", image)}}}},
		}
	}
	before, want := make(), []string(nil)
	for _, search := range before {
		want = append(want, marshal(t, search))
	}
	nested["list"].([]any)[0] = "changed"
	nested["list"].([]any)[1].(map[string]any)["x"] = 2
	nested["names"].([]string)[0] = "changed"
	nested["camera"].(*camera).Name = "changed"
	nested["sizes"].(map[string]int)["w"] = 4
	nested["more"] = true
	vector[0], ids[0], types[0], image[0] = 7, "changed", clarifai.InputTypeVideo, 'x'
	for i, after := range make() {
		if got := marshal(t, before[i]); got != want[i] {
			t.Errorf("got  %s\nwant %s", got, want[i])
		}
		if got := marshal(t, after); got == want[i] {
			t.Errorf("%s is unchanged", got)
		}
	}
}

func marshal(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestFiltersCanShareAMap(t *testing.T) {
	client, mock := newClient(t)
	requests := recorder(t, mock, answer(200, success))
	metadata := map[string]any{}
	var parts []clarifai.SearchPart
	for _, camera := range []string{"front", "back"} {
		metadata["camera"] = camera
		parts = append(parts, clarifai.FilterByMetadata(metadata))
	}
	if _, err := client.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{clarifai.NewSearch(parts...)}}); err != nil {
		t.Fatal(err)
	}
	want := `{"searches":[{"query":{"filters":[{"annotation":{"data":{"metadata":{"camera":"front"}}}},{"annotation":{"data":{"metadata":{"camera":"back"}}}}]}}]}`
	if got := (*requests)[0].body; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTheErrorOfACustomPartIsAnInvalidArgument(t *testing.T) {
	client, mock := newClient(t)
	requests := recorder(t, mock, answer(200, success))
	custom := errors.New("no such color")
	search := clarifai.NewSearch(clarifai.Not(func(*clarifai.Search) error { return custom }))
	_, err := client.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{search}})
	if !errors.Is(err, custom) || !errors.Is(err, clarifai.ErrInvalidArgument) || err.Error() != "clarifai: invalid argument: no such color" || len(*requests) != 0 {
		t.Errorf("%v, %d requests", err, len(*requests))
	}
}

func TestLargeNumbersInAFilterAreSentAsTheyAre(t *testing.T) {
	numbers := map[string]any{"a": uint64(math.MaxUint64), "b": int64(1<<53 + 1), "d": 0.1, "e": []any{json.Number("1.50")}}
	want := `{"a":18446744073709551615,"b":9007199254740993,"d":0.1,"e":[1.50]}`
	for _, part := range []clarifai.SearchPart{clarifai.FilterByMetadata(numbers), clarifai.FilterByAnnotationInfo(numbers)} {
		client, mock := newClient(t)
		requests := recorder(t, mock, answer(200, success))
		if _, err := client.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{clarifai.NewSearch(part)}}); err != nil {
			t.Fatal(err)
		}
		if got := (*requests)[0].body; !strings.Contains(got, want) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// A custom part is passed a search with a non-nil query, both on its own and inside
// Not, which copies its filters and ranks.
func TestNotAppliesACustomPartToAnEmptySearch(t *testing.T) {
	custom := func(s *clarifai.Search) error {
		s.Query.Filters = append(s.Query.Filters, clarifai.Filter{Negate: true, Input: &clarifai.Input{}})
		s.Query.Ranks = append(s.Query.Ranks, clarifai.Rank{Annotation: &clarifai.Annotation{ID: "a"}})
		s.MinValue, s.Query.Language = 0.5, "en"
		return nil
	}
	withoutQuery := func(s *clarifai.Search) error {
		s.Query = nil
		return nil
	}
	replacing := func(s *clarifai.Search) error {
		*s = clarifai.NewSearch(clarifai.FilterByInputID("b"))
		return nil
	}
	for name, test := range map[string]struct {
		parts []clarifai.SearchPart
		want  string
	}{
		"alone":                     {[]clarifai.SearchPart{custom}, `{"query":{"language":"en","filters":[{"negate":true,"input":{}}],"ranks":[{"annotation":{"id":"a"}}]},"min_value":0.5}`},
		"negated":                   {[]clarifai.SearchPart{clarifai.Not(custom)}, `{"query":{"filters":[{"input":{}}],"ranks":[{"negate":true,"annotation":{"id":"a"}}]}}`},
		"negated twice":             {[]clarifai.SearchPart{clarifai.Not(clarifai.Not(custom))}, `{"query":{"filters":[{"negate":true,"input":{}}],"ranks":[{"annotation":{"id":"a"}}]}}`},
		"negated, after another":    {[]clarifai.SearchPart{clarifai.FilterByInputLevel(), clarifai.Not(replacing)}, `{"query":{"filters":[{"annotation":{"input_level":true}},{"negate":true,"annotation":{"input_id":"b"}}]}}`},
		"taking the query":          {[]clarifai.SearchPart{withoutQuery, clarifai.FilterByInputLevel()}, `{"query":{"filters":[{"annotation":{"input_level":true}}]}}`},
		"taking the query, negated": {[]clarifai.SearchPart{clarifai.Not(withoutQuery), clarifai.FilterByInputLevel()}, `{"query":{"filters":[{"annotation":{"input_level":true}}]}}`},
		"a rank negated twice":      {[]clarifai.SearchPart{clarifai.Not(clarifai.Not(clarifai.RankByText("t")))}, `{"query":{"ranks":[{"annotation":{"data":{"text":{"raw":"t"}}}}]}}`},
	} {
		got, err := json.Marshal(clarifai.NewSearch(test.parts...))
		if err != nil || string(got) != test.want {
			t.Errorf("%s: got %s, %v\nwant %s", name, got, err, test.want)
		}
	}
}

func TestFiltersWithAlternatives(t *testing.T) {
	for want, part := range map[string]clarifai.SearchPart{
		`{"annotation":{"data":{"concepts":[{"id":"cat","value":1},{"id":"dog","value":1}]}}}`:               clarifai.FilterByAnyConcept("cat", "dog"),
		`{"negate":true,"annotation":{"data":{"concepts":[{"id":"cat","value":1},{"id":"dog","value":1}]}}}`: clarifai.Not(clarifai.FilterByAnyConcept("cat", "dog")),
		`{"input":{"data":{"image":{},"video":{}}}}`:                                                         clarifai.FilterByAnyInputType(clarifai.InputTypeVideo, clarifai.InputTypeImage),
		`{"input":{"data":{"text":{},"audio":{}}}}`:                                                          clarifai.FilterByAnyInputType(clarifai.InputTypeAudio, clarifai.InputTypeText, clarifai.InputTypeAudio),
	} {
		got, err := json.Marshal(clarifai.NewSearch(part))
		if err != nil || string(got) != `{"query":{"filters":[`+want+`]}}` {
			t.Errorf("got %s, %v\nwant %s", got, err, want)
		}
	}
}

// String fields with a fixed set of values have constants.
func TestStringConstants(t *testing.T) {
	search := clarifai.Search{Algorithm: clarifai.AlgorithmBruteForce}
	limit := clarifai.GeoLimit{Type: clarifai.WithinMiles}
	patch := clarifai.PatchInputsRequest{Action: clarifai.ActionRemove}
	got := []string{
		search.Algorithm, clarifai.AlgorithmNearestNeighbor, clarifai.AlgorithmAvgConceptBruteForce,
		limit.Type, clarifai.WithinKilometers, clarifai.WithinDegrees, clarifai.WithinRadians,
		patch.Action, clarifai.ActionMerge, clarifai.ActionOverwrite,
	}
	want := []string{
		"brute_force", "nearest_neighbor", "avg_concept_brute_force",
		"withinMiles", "withinKilometers", "withinDegrees", "withinRadians",
		"remove", "merge", "overwrite",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestInputCountTotalIsTheSumOfAllCounts(t *testing.T) {
	const most = 1<<32 - 1
	if got := (clarifai.InputCount{1, 20, 300, 4000, 50_000, 600_000, 7_000_000, most}).Total(); got != 7_654_321+most {
		t.Errorf("got %d", got)
	}
}

func TestHostedURL(t *testing.T) {
	for _, hosted := range []*clarifai.HostedURL{
		{Prefix: "https://data.clarifai.com", Suffix: "users/u/a.jpg"},
		{Prefix: "https://data.clarifai.com/", Suffix: "/users/u/a.jpg"},
	} {
		if got := hosted.URL("small"); got != "https://data.clarifai.com/small/users/u/a.jpg" {
			t.Errorf("got %s", got)
		}
	}
	if got := new(clarifai.Image).Hosted.URL("small"); got != "" {
		t.Errorf("got %s", got)
	}
}

func TestFilterByLastUpdatedAllowsOpenRangesAndInstants(t *testing.T) {
	client, mock := newClient(t)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	east, west := time.FixedZone("east", 14*3600), time.FixedZone("west", -12*3600)
	for _, test := range []struct {
		start, end time.Time
		want       string // the request sent, or the error
	}{
		{at, time.Time{}, `{"start_time":"2026-01-02T03:04:05Z"}`},
		{time.Time{}, at, `{"end_time":"2026-01-02T03:04:05Z"}`},
		{at, at, `{"start_time":"2026-01-02T03:04:05Z","end_time":"2026-01-02T03:04:05Z"}`},
		{at.In(east), at.In(west), `{"start_time":"2026-01-02T03:04:05Z","end_time":"2026-01-02T03:04:05Z"}`},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, east), time.Time{}, `{"start_time":"9999-12-31T10:00:00Z"}`},
		{time.Date(0, 12, 31, 23, 0, 0, 0, west), time.Time{}, `{"start_time":"0001-01-01T11:00:00Z"}`},
		{time.Date(9999, 12, 31, 23, 0, 0, 0, west), time.Time{}, "last_updated_time_range.start_time"},
		{time.Time{}, time.Date(1, 1, 1, 1, 0, 0, 0, east), "last_updated_time_range.end_time"},
		{at, at.Add(-1), "must not be before the start"},
		{time.Time{}, time.Time{}, "must have a start or an end"},
	} {
		requests := recorder(t, mock, answer(200, success))
		search := clarifai.NewSearch(clarifai.FilterByLastUpdated(test.start, test.end))
		_, err := client.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{search}})
		if !strings.HasPrefix(test.want, "{") {
			if !errors.Is(err, clarifai.ErrInvalidArgument) || !strings.Contains(err.Error(), test.want) || len(*requests) > 0 {
				t.Errorf("%v to %v: %v", test.start, test.end, err)
			}
			continue
		}
		want := `{"searches":[{"query":{"filters":[{"last_updated_time_range":` + test.want + `}]}}]}`
		if err != nil || (*requests)[0].body != want {
			t.Errorf("%v to %v: sent %q, %v", test.start, test.end, *requests, err)
		}
	}
}

func TestMinValueMustFitInFloat32(t *testing.T) {
	client, mock := newClient(t)
	for value, valid := range map[float64]bool{-1: true, -math.MaxFloat32: true, math.MaxFloat32: true, -1e39: false, 1e39: false, math.Inf(-1): false, math.NaN(): false} {
		requests := recorder(t, mock, answer(200, success))
		_, err := client.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{{}, {MinValue: value}}})
		if !valid {
			if err == nil || !strings.Contains(err.Error(), "searches[1].min_value") || len(*requests) > 0 {
				t.Errorf("%g: %v", value, err)
			}
			continue
		}
		if want := `{"searches":[{},{"min_value":` + marshal(t, value) + `}]}`; err != nil || (*requests)[0].body != want {
			t.Errorf("%g: sent %q, %v", value, *requests, err)
		}
	}
}

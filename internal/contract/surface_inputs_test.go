package contract

import (
	"context"

	"github.com/clarifai-go/clarifai"
)

// inputsAndSearches has calls of the methods in inputs.go and searches.go.
var inputsAndSearches = []methodCall{
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
}

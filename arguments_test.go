package clarifai_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
)

type (
	ctxT    = context.Context
	clientT = *clarifai.Client
)

// first ranges over an iterator to its first error.
func first(all func(yield func(*clarifai.Input, error) bool)) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// firstHit is first for the hits of a search.
func firstHit(all func(yield func(*clarifai.Hit, error) bool)) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// searching calls a search of annotations with the parts.
func searching(parts ...clarifai.SearchPart) func(ctxT, clientT) error {
	return searchingFor(clarifai.NewSearch(parts...))
}

func searchingFor(searches ...clarifai.Search) func(ctxT, clientT) error {
	return func(ctx ctxT, c clientT) error {
		_, err := c.PostAnnotationsSearches(ctx, &clarifai.PostAnnotationsSearchesRequest{Searches: searches})
		return err
	}
}

func listing(page, perPage int, ids ...string) func(ctxT, clientT) error {
	return func(ctx ctxT, c clientT) error {
		_, err := c.ListInputs(ctx, &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{Page: page, PerPage: perPage}, IDs: ids})
		return err
	}
}

func listingAll(page, perPage int, opts ...clarifai.IterOption) func(ctxT, clientT) error {
	return func(ctx ctxT, c clientT) error {
		return first(c.ListInputsAll(ctx, &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{Page: page, PerPage: perPage}}, opts...))
	}
}

func getting(id string) func(ctxT, clientT) error {
	return func(ctx ctxT, c clientT) error { _, err := c.GetInput(ctx, id); return err }
}

func gettingSearch(id string) func(ctxT, clientT) error {
	return func(ctx ctxT, c clientT) error { _, err := c.GetSearch(ctx, id); return err }
}

func posting(inputs ...*clarifai.Input) func(ctxT, clientT) error {
	return func(ctx ctxT, c clientT) error {
		_, err := c.PostInputs(ctx, &clarifai.PostInputsRequest{Inputs: inputs})
		return err
	}
}

func patching(action string, inputs ...*clarifai.Input) func(ctxT, clientT) error {
	return func(ctx ctxT, c clientT) error {
		_, err := c.PatchInputs(ctx, &clarifai.PatchInputsRequest{Inputs: inputs, Action: action})
		return err
	}
}

func deleting(ids ...string) func(ctxT, clientT) error {
	return func(ctx ctxT, c clientT) error { return c.DeleteInputs(ctx, ids...) }
}

// making creates a client with valid options, followed by the given ones.
func making(opts ...clarifai.Option) func(ctxT, clientT) error {
	return func(ctxT, clientT) error {
		_, err := clarifai.NewClient(append([]clarifai.Option{clarifai.WithPAT(token), clarifai.WithApp("USER", "APP")}, opts...)...)
		return err
	}
}

func ofApp(user, app string) func(ctxT, clientT) error {
	return func(ctx ctxT, c clientT) error { _, err := c.App(user, app).ListInputs(ctx, nil); return err }
}

func ofEndpoint(e clarifai.Endpoint[clarifai.Concept]) func(ctxT, clientT) error {
	return func(ctx ctxT, c clientT) error { _, err := e.List(ctx, c, nil); return err }
}

type byPointer struct{ *clarifai.PageParams }

func cyclic() map[string]any {
	m := map[string]any{}
	m["self"] = m
	return m
}

func wrongCalls() []wrongCall {
	var none ctxT
	nan, inf := math.NaN(), math.Inf(1)
	concepts := clarifai.Endpoint[clarifai.Concept]{Method: "GET", Path: "/v2/users/{user_id}/apps/{app_id}/concepts", Key: "concepts"}
	with := func(change func(*clarifai.Endpoint[clarifai.Concept])) func(ctxT, clientT) error {
		e := concepts
		change(&e)
		return ofEndpoint(e)
	}
	data := func(d clarifai.Data) *clarifai.Input { return &clarifai.Input{ID: "a", Data: &d} }
	return []wrongCall{
		// The limits of a page, for each way to request one.
		{"a page below zero", listing(-1, 0), "page -1: must be 1 or more"},
		{"the least page", listing(math.MinInt, 0), "page -9223372036854775808: must be 1 or more"},
		{"a page size below zero", listing(1, -1), "per_page -1: must be 1 to 1000"},
		{"a page size above the most", listing(1, 1001), "per_page 1001: must be 1 to 1000"},
		{"the largest page size", listing(1, math.MaxInt), "per_page 9223372036854775807: must be 1 to 1000"},
		{"a product above 32 bits", listing(4294968, 1000), "page 4294968: must be at most 4294967 with 1000 results per page"},
		{"a product above 32 bits with the default size", listing(33554432, 0), "page 33554432: must be at most 33554431 with 128 results per page"},
		{"a product above 64 bits", listing(math.MaxInt, 1000), "page 9223372036854775807: must be at most 4294967"},
		{"a page beyond 32 bits", listing(math.MaxInt, 1), "page 9223372036854775807: must be at most 4294967295 with 1"},
		{"a page below zero of all", listingAll(-1, 0), "page -1: must be 1 or more"},
		{"a page below zero of all, ahead", listingAll(-1, 0, clarifai.Prefetch(8)), "page -1: must be 1 or more"},
		{"a page size below zero of all, ahead", listingAll(1, -7, clarifai.Prefetch(8)), "per_page -7: must be 1 to 1000"},
		{"a page size above the most of all", listingAll(1, 1001), "per_page 1001: must be 1 to 1000"},
		{"an overflow of all", listingAll(math.MaxInt, 0, clarifai.Prefetch(8)), "page 9223372036854775807: must be at most 4294967"},
		{"a page size in a search", func(ctx ctxT, c clientT) error {
			_, err := c.PostInputsSearches(ctx, &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{clarifai.NewSearch()}, PageParams: clarifai.PageParams{PerPage: 1001}})
			return err
		}, "per_page 1001: must be 1 to 1000"},
		{"a page in a search of all", func(ctx ctxT, c clientT) error {
			return firstHit(c.PostAnnotationsSearchesAll(ctx, &clarifai.PostAnnotationsSearchesRequest{Searches: []clarifai.Search{clarifai.NewSearch()}, PageParams: clarifai.PageParams{Page: -2}}))
		}, "page -2: must be 1 or more"},
		{"a page of saved searches", func(ctx ctxT, c clientT) error {
			_, err := c.ListSearches(ctx, &clarifai.ListSearchesRequest{PageParams: clarifai.PageParams{Page: -3}})
			return err
		}, "page -3: must be 1 or more"},
		{"a page of a saved search", func(ctx ctxT, c clientT) error {
			_, err := c.PostSearchesByID(ctx, &clarifai.PostSearchesByIDRequest{ID: "a", PageParams: clarifai.PageParams{PerPage: 2000}})
			return err
		}, "per_page 2000: must be 1 to 1000"},
		{"a page size of a stream", func(ctx ctxT, c clientT) error {
			_, err := c.StreamInputs(ctx, &clarifai.StreamInputsRequest{PerPage: -1})
			return err
		}, "per_page -1: must be 1 to 1000"},
		{"a page size of all of a stream", func(ctx ctxT, c clientT) error {
			return first(c.StreamInputsAll(ctx, &clarifai.StreamInputsRequest{PerPage: 1001}))
		}, "per_page 1001: must be 1 to 1000"},
		{"a page of an endpoint", func(ctx ctxT, c clientT) error {
			_, err := concepts.List(ctx, c, &clarifai.PageParams{Page: -1})
			return err
		}, "page -1: must be 1 or more"},

		// The options of an iterator.
		{"a limit below zero", listingAll(1, 1, clarifai.Limit(-1)), "Limit -1: must be 0 items or more"},
		{"a prefetch below zero", listingAll(1, 1, clarifai.Prefetch(-1)), "Prefetch -1: must be 0 to 1000 pages"},
		{"a prefetch above the most", listingAll(1, 1, clarifai.Prefetch(1001)), "Prefetch 1001: must be 0 to 1000 pages"},
		{"a nil iterator option", listingAll(1, 1, nil), "IterOption: must not be nil"},
		{"a limit of a stream", func(ctx ctxT, c clientT) error { return first(c.StreamInputsAll(ctx, nil, clarifai.Limit(-5))) }, "Limit -5: must be 0 items or more"},

		// IDs, in paths, in queries and in bodies.
		{"an empty ID", getting(""), `input_id "": must not be empty`},
		{"a dot", gettingSearch("."), `id ".": must not be "." or ".."`},
		{"two dots", gettingSearch(".."), `id "..": must not be "." or ".."`},
		{"a way up", gettingSearch("../models"), `id "../models": must not be`},
		{"a way up in the middle", gettingSearch("a/../b"), `id "a/../b": must not be`},
		{"a slash first", gettingSearch("/a"), `id "/a": must not be`},
		{"a slash last", gettingSearch("a/"), `id "a/": must not be`},
		{"two slashes", gettingSearch("a//b"), `id "a//b": must not be`},
		{"a line end", gettingSearch("a\nb"), `id "a\nb": must not contain control characters`},
		{"a NUL", gettingSearch("a\x00"), `id "a\x00": must not contain control characters`},
		{"a DEL", gettingSearch("a\x7f"), `id "a\x7f": must not contain control characters`},
		{"no UTF-8", getting("a\xff"), `input_id "a\xff": must be valid UTF-8`},
		{"an empty ID of an annotation", func(ctx ctxT, c clientT) error { _, err := c.GetAnnotation(ctx, "..", ""); return err }, `annotation_id "": must not be empty`},
		{"an empty ID to delete", func(ctx ctxT, c clientT) error { return c.DeleteInput(ctx, "") }, `input_id "": must not be empty`},
		{"no ID of a search", func(ctx ctxT, c clientT) error { _, err := c.GetSearch(ctx, ""); return err }, `id "": must not be empty`},
		{"no ID of a search to delete", func(ctx ctxT, c clientT) error { return c.DeleteSearch(ctx, "..") }, `id "..": must not be`},
		{"no ID of a search to run", func(ctx ctxT, c clientT) error { _, err := c.PostSearchesByID(ctx, nil); return err }, `id "": must not be empty`},
		{"no ID of a search to run, all", func(ctx ctxT, c clientT) error { return firstHit(c.PostSearchesByIDAll(ctx, nil)) }, `id "": must not be empty`},
		{"no IDs to delete", deleting(), "ids []: must have at least one ID"},
		{"an empty ID among others", deleting("a", ""), `ids[1] "": must not be empty`},
		{"no UTF-8 among IDs", deleting("a", "b", "\xc3\x28"), `ids[2] "\xc3(": must be valid UTF-8`},
		{"an empty ID to list", listing(0, 0, "a", ""), `ids[1] "": must not be empty`},
		{"a last ID that is not UTF-8", func(ctx ctxT, c clientT) error {
			_, err := c.StreamInputs(ctx, &clarifai.StreamInputsRequest{LastID: "a\xff"})
			return err
		}, `last_id "a\xff": must be valid UTF-8`},
		{"an ID of an input to add", posting(&clarifai.Input{ID: "a"}, &clarifai.Input{ID: "b\xff"}), `inputs[1].id "b\xff": must be valid UTF-8`},

		// Whose app it is.
		{"no app", ofApp("USER", ""), "app_id: missing: use WithApp or Client.App, or set CLARIFAI_APP_ID"},
		{"an app of two dots", ofApp("USER", ".."), `app_id "..": must not be`},
		{"a user that leads elsewhere", ofApp("../..", "APP"), `user_id "../..": must not be`},
		{"a user of two lines", ofApp("a\r\nb", "APP"), `user_id "a\r\nb": must not contain control characters`},

		// Endpoints of the caller's own.
		{"no method", with(func(e *clarifai.Endpoint[clarifai.Concept]) { e.Method = "" }), `Endpoint.Method "": must be GET or POST`},
		{"another method", with(func(e *clarifai.Endpoint[clarifai.Concept]) { e.Method = "DELETE" }), `Endpoint.Method "DELETE": must be GET or POST`},
		{"no key", with(func(e *clarifai.Endpoint[clarifai.Concept]) { e.Path, e.Key = "/v2/new", "" }), `Endpoint.Key "": must be the name of the response field`},
		{"no path", with(func(e *clarifai.Endpoint[clarifai.Concept]) { e.Path = "" }), `path "": must start with /`},
		{"a path that is a URL", with(func(e *clarifai.Endpoint[clarifai.Concept]) { e.Path = "https://evil.example/" }), `path "https://evil.example/": must start with /`},
		{"a path with a host", with(func(e *clarifai.Endpoint[clarifai.Concept]) { e.Path = "//evil.example/v2" }), `path "//evil.example/v2": must be an escaped URL path`},
		{"a path with a query", with(func(e *clarifai.Endpoint[clarifai.Concept]) { e.Path = "/v2/concepts?page=7" }), `path "/v2/concepts?page=7": must be an escaped URL path`},
		{"a path with a fragment", with(func(e *clarifai.Endpoint[clarifai.Concept]) { e.Path = "/v2/concepts#x" }), `path "/v2/concepts#x": must be an escaped URL path`},
		{"a path of two lines", with(func(e *clarifai.Endpoint[clarifai.Concept]) { e.Path = "/v2\n" }), `path "/v2\n": must be an escaped URL path`},
		{"a path with half an escape", with(func(e *clarifai.Endpoint[clarifai.Concept]) { e.Path = "/v2/%2" }), `path "/v2/%2": must be an escaped URL path`},
		{"a part that is not filled in", with(func(e *clarifai.Endpoint[clarifai.Concept]) { e.Path += "/{id}" }), `{id} is not filled in; use With`},
		{"a part that is not there", ofEndpoint(concepts.With("id", "a")), `has no {id}`},
		{"an empty part", ofEndpoint(clarifai.Endpoint[clarifai.Concept]{Method: "GET", Path: "/v2/{id}", Key: "k"}.With("id", "")), `id "": must not be empty`},
		{"a request with its page elsewhere", func(ctx ctxT, c clientT) error { _, err := concepts.List(ctx, c, &byPointer{}); return err }, "*clarifai_test.byPointer: must be a pointer to a struct that embeds PageParams by value"},
		{"a request that is no pointer", func(ctx ctxT, c clientT) error {
			_, err := concepts.List(ctx, c, byPointer{&clarifai.PageParams{}})
			return err
		}, "clarifai_test.byPointer: must be a pointer to a struct"},

		// Nothing, where something must be.
		{"a nil context", func(_ ctxT, c clientT) error { _, err := c.ListInputs(none, nil); return err }, "ctx: must not be nil"},
		{"a nil context of all", func(_ ctxT, c clientT) error { return first(c.ListInputsAll(none, nil)) }, "ctx: must not be nil"},
		{"a nil context of all, ahead", func(_ ctxT, c clientT) error { return first(c.ListInputsAll(none, nil, clarifai.Prefetch(8))) }, "ctx: must not be nil"},
		{"a nil context of a write", func(_ ctxT, c clientT) error { return c.DeleteInput(none, "a") }, "ctx: must not be nil"},
		{"a nil client", func(ctx ctxT, _ clientT) error { _, err := (clientT)(nil).ListInputs(ctx, nil); return err }, "Client: must be created by NewClient"},
		{"a nil client of all, ahead", func(ctx ctxT, _ clientT) error {
			return first((clientT)(nil).ListInputsAll(ctx, nil, clarifai.Prefetch(8)))
		}, "Client: must be created by NewClient"},
		{"a zero client", func(ctx ctxT, _ clientT) error { _, err := new(clarifai.Client).GetInputCount(ctx); return err }, "Client: must be created by NewClient"},
		{"a zero client of an app", func(ctx ctxT, _ clientT) error { return new(clarifai.Client).App("a", "b").DeleteInput(ctx, "a") }, "Client: must be created by NewClient"},
		{"a nil client of an endpoint", func(ctx ctxT, _ clientT) error { _, err := concepts.List(ctx, nil, nil); return err }, "Client: must be created by NewClient"},
		{"no search", searchingFor(), "searches []: must not be empty; see NewSearch"},
		{"a nil search request", func(ctx ctxT, c clientT) error { _, err := c.PostAnnotationsSearches(ctx, nil); return err }, "searches []: must not be empty; see NewSearch"},
		{"a nil search request of inputs", func(ctx ctxT, c clientT) error { _, err := c.PostInputsSearches(ctx, nil); return err }, "searches []: must not be empty; see NewSearch"},
		{"a nil search request of all", func(ctx ctxT, c clientT) error { return firstHit(c.PostAnnotationsSearchesAll(ctx, nil)) }, "searches []: must not be empty; see NewSearch"},
		{"a nil part", searching(nil), "SearchPart: must not be nil"},
		{"a nil part that is negated", searching(clarifai.Not(nil)), "SearchPart: must not be nil"},
		{"a nil request to add", func(ctx ctxT, c clientT) error { _, err := c.PostInputs(ctx, nil); return err }, "number of inputs 0: must be 1 to 128"},
		{"no inputs to add", posting(), "number of inputs 0: must be 1 to 128"},
		{"too many inputs to add", posting(make([]*clarifai.Input, 129)...), "number of inputs 129: must be 1 to 128"},
		{"a nil input to add", posting(&clarifai.Input{}, nil), "inputs[1]: must not be nil"},
		{"a nil request to change", func(ctx ctxT, c clientT) error { _, err := c.PatchInputs(ctx, nil); return err }, "number of inputs 0: must be at least 1"},
		{"an input to change without an ID", patching("merge", &clarifai.Input{}), `inputs[0].id "": must not be empty`},
		{"no action", patching("", &clarifai.Input{ID: "a"}), `action "": must be one of merge, overwrite, remove`},
		{"another action", patching("Merge", &clarifai.Input{ID: "a"}), `action "Merge": must be one of merge, overwrite, remove`},

		// What a search is made of.
		{"a latitude above", searching(clarifai.FilterByGeo(90.01, 0, 1)), "latitude 90.01: must be -90 to 90"},
		{"a latitude below", searching(clarifai.FilterByGeo(-91, 0, 1)), "latitude -91: must be -90 to 90"},
		{"a longitude above", searching(clarifai.FilterByGeo(0, 180.5, 1)), "longitude 180.5: must be -180 to 180"},
		{"a distance below zero", searching(clarifai.FilterByGeo(0, 0, -1)), "kilometers -1: must be 0 to"},
		{"a distance that is infinite", searching(clarifai.FilterByGeo(0, 0, inf)), "kilometers +Inf: must be 0 to"},
		{"a latitude that is no number", searching(clarifai.FilterByGeo(nan, 0, 1)), "latitude NaN: must be -90 to 90"},
		{"a longitude that is infinite", searching(clarifai.Not(clarifai.FilterByGeo(0, -inf, 1))), "longitude -Inf: must be -180 to 180"},
		{"a box with a corner off the earth", searching(clarifai.FilterByGeoBox(0, 0, 0, 181)), "longitude 181: must be -180 to 180"},
		{"a box with NaN", searching(clarifai.FilterByGeoBox(nan, 0, 0, 0)), "latitude NaN: must be -90 to 90"},
		{"a concept without an ID", searching(clarifai.FilterByConcept("", true)), `concept id "": must not be empty`},
		{"a concept without a name", searching(clarifai.RankByConceptName("", true)), `concept name "": must not be empty`},
		{"no concept", searching(clarifai.FilterByAnyConcept()), `concept ids []: must have at least one ID`},
		{"an empty concept among others", searching(clarifai.FilterByAnyConcept("a", "")), `concept ids[1] "": must not be empty`},
		{"no input type", searching(clarifai.FilterByAnyInputType()), `input types []: must not be empty`},
		{"another input type", searching(clarifai.FilterByAnyInputType("image", "Image", "")), `input types[1] "Image": must be audio, image, text or video`},
		{"a URL of two lines", searching(clarifai.RankByImageURL("https://a\n")), `image url "https://a\n": must not contain control characters`},
		{"the first of two bad parts", searching(clarifai.FilterByInputID(""), clarifai.FilterByUserID("")), `input_id "": must not be empty`},
		{"the first of two bad names", ofEndpoint(concepts.With("a", "b").With("c", "d")), `has no {a}`},
		{"a bad part after good ones", searching(clarifai.FilterByImage(), clarifai.FilterByInputID("")), `input_id "": must not be empty`},
		{"a bad search after a good one", searchingFor(clarifai.NewSearch(), clarifai.NewSearch(clarifai.FilterByUserID(""))), `user_id "": must not be empty`},
		{"no metadata", searching(clarifai.FilterByMetadata(nil)), "metadata map[]: must have at least one key"},
		{"no annotation info", searching(clarifai.FilterByAnnotationInfo(map[string]any{})), "annotation_info map[]: must have at least one key"},
		{"no dataset", searching(clarifai.FilterByDataset()), "dataset_ids []: must have at least one ID"},
		{"an empty dataset", searching(clarifai.FilterByDataset("a", "")), `dataset_ids[1] "": must not be empty`},
		{"a status of zero", searching(clarifai.FilterByInputStatus(0)), "status.code 0: must be greater than 0"},
		{"a status below zero", searching(clarifai.FilterByAnnotationStatus(-1)), "status.code -1: must be greater than 0"},
		{"no time", searching(clarifai.FilterByLastUpdated(time.Time{}, time.Time{})), "last_updated_time_range: must have a start or an end"},
		{"an end before the start", searching(clarifai.FilterByLastUpdated(time.Unix(2, 0), time.Unix(1, 0))), "last_updated_time_range.end_time 1970"},
		{"no text", searching(clarifai.RankByText("")), `text "": must not be empty`},
		{"a text that is none", searching(clarifai.RankByText("\xff")), `text "\xff": must be valid UTF-8`},
		{"no image", searching(clarifai.RankByImageBytes(nil)), "image bytes []: must not be empty"},
		{"no URL", searching(clarifai.RankByImageURL("")), `image url "": must not be empty`},
		{"no vector", searching(clarifai.RankByEmbedding(nil)), "vector []: must not be empty"},
		{"NaN in a vector", searching(clarifai.RankByEmbedding([]float64{0, nan})), "vector[1] NaN: must be"},
		{"infinity in a vector", searching(clarifai.RankByEmbedding([]float64{-inf})), "vector[0] -Inf: must be"},
		{"a least score of NaN", searchingFor(clarifai.Search{MinValue: nan}), "searches[0].min_value NaN: must be"},
		{"a least score beyond a float32", searchingFor(clarifai.NewSearch(), clarifai.Search{MinValue: 1e300}), "searches[1].min_value 1e+300: must be"},

		// What JSON cannot say.
		{"NaN in metadata", searching(clarifai.FilterByMetadata(map[string]any{"a": 1, "b": []any{1, nan}})), `.metadata.b[1] NaN: must be a finite number`},
		{"NaN as a concept's value", posting(data(clarifai.Data{}), data(clarifai.Data{Concepts: []clarifai.Concept{{ID: "a"}, {ID: "b", Value: clarifai.Ptr(nan)}}})), "inputs[1].data.concepts[1].value NaN: must be a finite number"},
		{"infinity as a place", patching("merge", data(clarifai.Data{Geo: &clarifai.Geo{GeoPoint: &clarifai.GeoPoint{Latitude: inf}}})), "inputs[0].data.geo.geo_point.latitude +Inf: must be a finite number"},
		{"a function in metadata", posting(data(clarifai.Data{Metadata: map[string]any{"f": func() {}}})), `inputs[0].data.metadata.f: json: unsupported type: func()`},
		{"metadata that holds itself", posting(data(clarifai.Data{Metadata: cyclic()})), `inputs[0].data.metadata.self`},
		{"a year that JSON has not", searchingFor(clarifai.Search{AsOf: clarifai.Ptr(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC))}), "searches[0].as_of"},

		// Clients.
		{"no token", func(ctxT, clientT) error { _, err := clarifai.NewClient(); return err }, "token: missing: use WithPAT or WithSessionToken, or set CLARIFAI_PAT"},
		{"two tokens", making(clarifai.WithSessionToken("s")), "WithPAT and WithSessionToken: must not both be set"},
		{"a token with a space", making(clarifai.WithPAT("Key abc")), "WithPAT (CLARIFAI_PAT): must be printable ASCII without spaces; byte 3 of it is not"},
		{"a token of a file with its line end", making(clarifai.WithPAT("abc\n")), "WithPAT (CLARIFAI_PAT): must be printable ASCII without spaces; byte 3 of it is not"},
		{"a session token with a letter of no header", making(clarifai.WithPAT(""), clarifai.WithSessionToken("é")), "WithSessionToken (CLARIFAI_SESSION_TOKEN): must be printable ASCII"},
		{"a nil option", making(nil), "Option: must not be nil"},
		{"plain http", making(clarifai.WithBaseURL("http://api.clarifai.com")), `WithBaseURL (CLARIFAI_API_BASE) "http://api.clarifai.com": must be https`},
		{"plain http to an address", making(clarifai.WithBaseURL("http://10.0.0.1")), `"http://10.0.0.1": must be https`},
		{"plain http to all addresses", making(clarifai.WithBaseURL("http://0.0.0.0:80")), `"http://0.0.0.0:80": must be https`},
		{"plain http to a name that begins well", making(clarifai.WithBaseURL("http://127.0.0.1.evil.example")), `must be https`},
		{"another scheme", making(clarifai.WithBaseURL("unix:///tmp/s")), `"unix:///tmp/s": must be an https URL`},
		{"no host", making(clarifai.WithBaseURL("https://")), `"https://": has no host`},
		{"a port only", making(clarifai.WithBaseURL("https://:443")), `"https://:443": has no host`},
		{"a port that is a word", making(clarifai.WithBaseURL("https://api.clarifai.com:https")), `is not a URL: invalid port`},
		{"port 0", making(clarifai.WithBaseURL("https://api.clarifai.com:0")), `"https://api.clarifai.com:0": must have a port between 1 and 65535`},
		{"a port beyond the last", making(clarifai.WithBaseURL("https://api.clarifai.com:65536")), `"https://api.clarifai.com:65536": must have a port between 1 and 65535`},
		{"a space", making(clarifai.WithBaseURL("https://api clarifai.com")), `"https://api clarifai.com": is not a URL`},
		{"a control character", making(clarifai.WithBaseURL("https://api.clarifai.com/\n")), `is not a URL`},
		{"half an escape", making(clarifai.WithBaseURL("https://api.clarifai.com/%2")), `is not a URL`},
		{"a query", making(clarifai.WithBaseURL("https://api.clarifai.com/?a=b")), `must not have a query or a fragment`},
		{"an empty query", making(clarifai.WithBaseURL("https://api.clarifai.com?")), `must not have a query or a fragment`},
		{"a fragment", making(clarifai.WithBaseURL("https://api.clarifai.com/#v2")), `must not have a query or a fragment`},
		{"no timeout", making(clarifai.WithTimeout(0)), "WithTimeout 0s: must be greater than 0"},
		{"a timeout below zero", making(clarifai.WithTimeout(-time.Second)), "WithTimeout -1s: must be greater than 0"},
		{"retries below zero", making(clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: -1})), "RetryPolicy.MaxRetries -1: must be 0 or more"},
		{"a least wait below zero", making(clarifai.WithRetry(clarifai.RetryPolicy{MinWait: -1})), "RetryPolicy.MinWait -1ns: must be 0 or more"},
		{"a longest wait below zero", making(clarifai.WithRetry(clarifai.RetryPolicy{MaxWait: -1})), "RetryPolicy.MaxWait -1ns: must be 0 or more"},
		{"waits the wrong way round", making(clarifai.WithRetry(clarifai.RetryPolicy{MinWait: time.Hour, MaxWait: time.Minute})), "RetryPolicy.MaxWait 1m0s: must be MinWait (1h0m0s) or more"},
		{"no rate", making(clarifai.WithRateLimit(0)), "WithRateLimit 0: must be greater than 0 per second, and finite"},
		{"a rate below zero", making(clarifai.WithRateLimit(-15)), "WithRateLimit -15: must be greater than 0"},
		{"a rate of NaN", making(clarifai.WithRateLimit(nan)), "WithRateLimit NaN: must be greater than 0"},
		{"an infinite rate", making(clarifai.WithRateLimit(inf)), "WithRateLimit +Inf: must be greater than 0"},
		{"no response size", making(clarifai.WithMaxResponseSize(0)), "WithMaxResponseSize 0: must be 1 byte or more"},
		{"a response size below zero", making(clarifai.WithMaxResponseSize(math.MinInt64)), "WithMaxResponseSize -9223372036854775808: must be 1 byte or more"},
		{"a user agent of two lines", making(clarifai.WithUserAgent("a/1\r\nX-Evil: 1")), `WithUserAgent "a/1\r\nX-Evil: 1": must not contain control characters`},
	}
}

type wrongCall struct {
	name string
	call func(ctxT, clientT) error
	says string
}

// Each wrong call is refused with its argument, its value and its bound, and costs
// nothing: no request, no goroutine.
func TestInvalidArgumentsSendNothing(t *testing.T) {
	noLeaks(t)
	clearEnvironment(t)
	seen := map[string]bool{}
	for _, wrong := range wrongCalls() {
		if seen[wrong.name] {
			t.Errorf("%s is there twice", wrong.name)
		}
		seen[wrong.name] = true
		t.Run(wrong.name, func(t *testing.T) {
			var sent atomic.Int32
			transport := roundTripper(func(*http.Request) (*http.Response, error) {
				sent.Add(1)
				return nil, errors.New("sent")
			})
			err := wrong.call(t.Context(), clientOf(t, "https://api.clarifai.com", clarifai.WithHTTPClient(&http.Client{Transport: transport})))
			var argument *clarifai.ArgumentError
			if !errors.Is(err, clarifai.ErrInvalidArgument) || !errors.As(err, &argument) {
				t.Errorf("%T: %v", err, err)
			}
			if !strings.Contains(fmt.Sprint(err), wrong.says) {
				t.Errorf("%v\ndoes not contain %s", err, wrong.says)
			}
			if page := strings.HasPrefix(wrong.says, "page ") || strings.HasPrefix(wrong.says, "per_page "); errors.Is(err, clarifai.ErrInvalidPage) != page {
				t.Errorf("ErrInvalidPage is %v", !page)
			}
			if n := sent.Load(); n != 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
	t.Logf("%d wrong calls", len(seen))
}

// A wrong request is wrong each time that its iterator is ranged over, and right
// once it is mended.
func TestAnInvalidIteratorYieldsOneError(t *testing.T) {
	noLeaks(t)
	client, mock := newClient(t)
	requests := recorder(t, mock, answer(200, success))
	request := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 1001}}
	all := client.ListInputsAll(t.Context(), request, clarifai.Prefetch(8))
	for range 2 {
		n := 0
		for input, err := range all {
			var failed *clarifai.PageError
			if n++; input != nil || !errors.As(err, &failed) || failed.Page != 1 {
				t.Errorf("%v, %v", input, err)
			}
		}
		if n != 1 || len(*requests) != 0 {
			t.Errorf("%d errors, %d requests", n, len(*requests))
		}
	}
	request.PerPage = 1000
	if err := first(client.ListInputsAll(t.Context(), request)); err != nil {
		t.Error(err)
	}
}

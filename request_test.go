package clarifai_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
)

// A search is what holds most: slices, maps, pointers and times.
func TestALoopCopiesTheRequestWhenItStarts(t *testing.T) {
	newSearch := func() *clarifai.PostInputsSearchesRequest {
		search := clarifai.NewSearch(clarifai.FilterByMetadata(map[string]any{"a": map[string]any{"b": []any{"c"}}}), clarifai.FilterByConcept("people", true))
		search.AsOf = clarifai.Ptr(time.Unix(1, 0).UTC())
		return &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{search}, PageParams: clarifai.PageParams{PerPage: 10}}
	}
	search := newSearch()
	list := &clarifai.ListInputsRequest{IDs: []string{"a", "b"}, PageParams: clarifai.PageParams{PerPage: 10}}
	byID := &clarifai.PostSearchesByIDRequest{ID: "s", PageParams: clarifai.PageParams{PerPage: 10}}
	var mu sync.Mutex
	sent := map[string]int{}
	client, mock := newClient(t)
	server := &pager{items: 55}
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		text := r.URL.Path + " " + strings.Join(r.URL.Query()["ids"], ",")
		if r.Method == "POST" {
			content := body(t, &http.Response{Body: r.Body})
			r.Body = httpmock.NewRespBodyFromString(content)
			content, _, _ = strings.Cut(content, `"pagination"`)
			text = r.URL.Path + " " + content
		}
		mu.Lock()
		sent[text]++
		mu.Unlock()
		return server.respond(r)
	})
	for _, prefetch := range []int{0, 3} {
		clear(sent)
		for _, err := range client.PostInputsSearchesAll(t.Context(), search, clarifai.Prefetch(prefetch)) {
			if err != nil {
				t.Fatal(err)
			}
			// Whatever the caller does is no data race, and changes no page.
			s := &search.Searches[0]
			s.MinValue++
			*s.AsOf = s.AsOf.Add(time.Hour)
			s.Query.Filters[0].Annotation.Data.Metadata["a"].(map[string]any)["b"].([]any)[0] = fmt.Sprint(s.MinValue)
			*s.Query.Filters[1].Annotation.Data.Concepts[0].Value = s.MinValue
			s.Query.Filters[1].Annotation.Data.Concepts[0].ID = "car"
			search.Searches = append(search.Searches[:1], *s)
			search.OnlyCount = true
		}
		for _, err := range client.ListInputsAll(t.Context(), list, clarifai.Prefetch(prefetch)) {
			if err != nil {
				t.Fatal(err)
			}
			list.IDs[0], list.StatusCode = list.IDs[0]+"x", 1
		}
		again := client.PostSearchesByIDAll(t.Context(), byID, clarifai.Prefetch(prefetch))
		byID.ID = "t" // before the loop
		for _, err := range again {
			if err != nil {
				t.Fatal(err)
			}
			byID.ID = "u"
		}
		if len(sent) != 3 {
			t.Errorf("Prefetch(%d): %d different requests: %v", prefetch, len(sent), sent)
		}
		for text, n := range sent {
			if n < 7 || strings.Contains(text, "/searches/") && !strings.HasSuffix(strings.Fields(text)[0], "/t") {
				t.Errorf("%d times %s", n, text)
			}
		}
		*search = *newSearch()
		list.IDs = []string{"a", "b"}
	}
}

func TestALoopDoesNotCopyStructsWithUnexportedFields(t *testing.T) {
	type request struct {
		clarifai.PageParams
		lock  sync.Mutex
		Lock  *sync.Mutex
		Loop  any
		Array [1][]string
		Calls func()
	}
	req := &request{Lock: &sync.Mutex{}, Array: [1][]string{{"a"}}}
	loop := map[string]any{"number": 1}
	loop["self"] = []any{loop}
	req.Loop = loop
	calls := 0
	req.Calls = func() { calls++ }
	list := func(_ context.Context, own *request) (*ownPage, error) {
		own.Calls()
		if own.Lock != req.Lock {
			t.Error("copied a lock")
		}
		own.Array[0][0] = "b"
		copied := own.Loop.(map[string]any)
		copied["number"] = 2
		if inner := copied["self"].([]any)[0].(map[string]any); inner["number"] != 2 {
			t.Error("a map that holds itself has become two")
		}
		return &ownPage{}, nil
	}
	if err := firstError(clarifai.Pages(t.Context(), list, req)); err != nil || calls != 1 || loop["number"] != 1 || req.Array[0][0] != "a" {
		t.Error(err, calls, loop["number"], req.Array)
	}
	req.lock.Lock() // used
}

// A search with Save set is a write, which a loop would send once for each page.
func TestIteratorsRejectRequestsThatWrite(t *testing.T) {
	client, mock := newClient(t)
	mock.RegisterNoResponder(answer(200, success))
	saved := clarifai.NewSearch(clarifai.FilterByImage())
	saved.ID, saved.Save = "images", true
	searches := []clarifai.Search{clarifai.NewSearch(), saved}
	inputs := &clarifai.PostInputsSearchesRequest{Searches: searches}
	annotations := &clarifai.PostAnnotationsSearchesRequest{Searches: searches}
	endpoint := clarifai.Endpoint[clarifai.Hit]{Method: "POST", Path: "/v2/users/{user_id}/apps/{app_id}/inputs/searches", Key: "hits"}
	type embedding struct {
		clarifai.PostInputsSearchesRequest
	}
	type own struct {
		Searches            []clarifai.Search `json:"searches"`
		clarifai.PageParams `json:"pagination,omitzero"`
	}
	type ownPointers struct {
		Searches            []*clarifai.Search `json:"searches"`
		clarifai.PageParams `json:"pagination,omitzero"`
	}
	type ownOne struct {
		Search              *clarifai.Search `json:"search"`
		clarifai.PageParams `json:"pagination,omitzero"`
	}
	type named struct {
		*clarifai.Search
		Name string
	}
	type base struct {
		Anything any `json:"anything"`
	}
	type ownAnything struct {
		base
		clarifai.PageParams `json:"pagination,omitzero"`
	}
	loop := map[string]any{"searches": searches}
	loop["self"] = loop
	anything := map[string]any{
		"a slice": searches, "a pointer to a slice": &searches, "an array": [1]clarifai.Search{saved}, "a map": loop,
		"a struct": []struct{ Search clarifai.Search }{{saved}}, "a pointer to a struct": &struct{ Search any }{&saved},
		"a struct that embeds it": []named{{}, {Search: &saved}},
	}
	for name, value := range anything {
		if err := firstError(endpoint.All(t.Context(), client, &ownAnything{base: base{value}})); !errors.Is(err, clarifai.ErrInvalidArgument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := firstError(endpoint.All(t.Context(), client, &ownAnything{base: base{[]named{{}}}})); err != nil {
		t.Error("without a search:", err)
	}
	mock.Reset()
	mock.RegisterNoResponder(answer(200, success))
	for name, loop := range map[string]func(opts ...clarifai.IterOption) error{
		"PostInputsSearchesAll": func(opts ...clarifai.IterOption) error {
			return firstError(client.PostInputsSearchesAll(t.Context(), inputs, opts...))
		},
		"PostAnnotationsSearchesAll": func(opts ...clarifai.IterOption) error {
			return firstError(client.PostAnnotationsSearchesAll(t.Context(), annotations, opts...))
		},
		"Pages": func(opts ...clarifai.IterOption) error {
			return firstError(clarifai.Pages(t.Context(), client.PostInputsSearches, inputs, opts...))
		},
		"Pages of annotations": func(opts ...clarifai.IterOption) error {
			return firstError(clarifai.Pages(t.Context(), client.PostAnnotationsSearches, annotations, opts...))
		},
		"Endpoint.All": func(opts ...clarifai.IterOption) error {
			return firstError(endpoint.All(t.Context(), client, inputs, opts...))
		},
		"Endpoint.Pages": func(opts ...clarifai.IterOption) error {
			return firstError(endpoint.Pages(t.Context(), client, inputs, opts...))
		},
		"an embedded request": func(opts ...clarifai.IterOption) error {
			return firstError(endpoint.All(t.Context(), client, &embedding{*inputs}, opts...))
		},
		"a custom request": func(opts ...clarifai.IterOption) error {
			return firstError(endpoint.All(t.Context(), client, &own{Searches: searches}, opts...))
		},
		"pointers": func(opts ...clarifai.IterOption) error {
			return firstError(endpoint.All(t.Context(), client, &ownPointers{Searches: []*clarifai.Search{nil, &saved}}, opts...))
		},
		"a pointer": func(opts ...clarifai.IterOption) error {
			return firstError(endpoint.All(t.Context(), client, &ownOne{Search: &saved}, opts...))
		},
		"a custom function": func(opts ...clarifai.IterOption) error {
			return firstError(clarifai.Pages(t.Context(), func(context.Context, *own) (*ownPage, error) {
				t.Error("called")
				return &ownPage{}, nil
			}, &own{Searches: searches}, opts...))
		},
	} {
		for _, opts := range [][]clarifai.IterOption{nil, {clarifai.Prefetch(8)}, {clarifai.Limit(1)}} {
			err := loop(opts...)
			var failed *clarifai.PageError
			if !errors.Is(err, clarifai.ErrInvalidArgument) || !errors.As(err, &failed) || failed.CanResume() || !strings.Contains(err.Error(), "call PostInputsSearches") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests", n)
	}

	// One page is one request.
	if _, err := client.PostInputsSearches(t.Context(), inputs); err != nil || mock.GetTotalCallCount() != 1 {
		t.Error(err, mock.GetTotalCallCount())
	}
	// And one that fails is not retried, in whatever request it comes.
	mock.Reset()
	mock.RegisterNoResponder(answer(502, "<html>"))
	for i, req := range []clarifai.PageRequest{inputs, &embedding{*inputs}, &own{Searches: searches}, &ownPointers{Searches: []*clarifai.Search{&saved}}, &ownOne{Search: &saved}} {
		if _, err := endpoint.List(t.Context(), client, req); err == nil || mock.GetTotalCallCount() != i+1 {
			t.Errorf("%T: sent %d times, %v", req, mock.GetTotalCallCount()-i, err)
		}
	}
}

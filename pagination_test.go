package clarifai_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
	"go.uber.org/goleak"
)

// pager answers as the API does: with the page of items asked for, in the query
// or in the body, under the key that the path calls for.
type pager struct {
	items  int
	window int                                    // the most that page × per_page may be; 0: no bound
	size   func(page, perPage int) (from, to int) // nil: as asked
	before func(r *http.Request, page int) *http.Response

	mu    sync.Mutex
	asked []clarifai.PageParams
}

func (p *pager) respond(r *http.Request) (*http.Response, error) {
	params := clarifai.PageParams{}
	key, item := "inputs", `{"id":"%d"}`
	if r.Method == http.MethodPost {
		key, item = "hits", `{"score":1,"input":{"id":"%d"}}`
		var body struct{ Pagination clarifai.PageParams }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			return nil, err
		}
		params = body.Pagination
	} else {
		fmt.Sscan(r.URL.Query().Get("page"), &params.Page)
		fmt.Sscan(r.URL.Query().Get("per_page"), &params.PerPage)
	}
	p.mu.Lock()
	p.asked = append(p.asked, params)
	p.mu.Unlock()
	if p.before != nil {
		if resp := p.before(r, params.Page); resp != nil {
			return resp, nil
		}
	}
	if p.window > 0 && params.Page*params.PerPage > p.window {
		return httpmock.NewStringResponse(400, fmt.Sprintf(`{"status":{"code":40002,"details":"page * perPage cannot exceed %d"}}`, p.window)), nil
	}
	from, to := (params.Page-1)*params.PerPage, params.Page*params.PerPage
	if p.size != nil {
		from, to = p.size(params.Page, params.PerPage)
	}
	var items []string
	for i := from; i < min(to, p.items); i++ {
		items = append(items, fmt.Sprintf(item, i))
	}
	return httpmock.NewStringResponse(200, fmt.Sprintf(`{"status":{"code":10000},%q:[%s]}`, key, strings.Join(items, ","))), nil
}

// pages are the numbers of the pages that were asked for, in order of number.
func (p *pager) pages() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	var pages []int
	for _, params := range p.asked {
		pages = append(pages, params.Page)
	}
	slices.Sort(pages)
	return pages
}

// collect ranges over all items, and returns their IDs and the error.
func collect[T any](seq func(yield func(*T, error) bool), id func(*T) string) (ids []string, err error) {
	for item, e := range seq {
		if err != nil {
			return ids, fmt.Errorf("an item or error after %w", err)
		}
		if err = e; err == nil {
			ids = append(ids, id(item))
		}
	}
	return ids, err
}

func inputID(in *clarifai.Input) string { return in.ID }
func hitID(hit *clarifai.Hit) string    { return hit.Input.ID }

// visible is a page as a caller can write it down.
func visible[T any](p *clarifai.Page[T]) *clarifai.Page[T] {
	return &clarifai.Page[T]{Items: p.Items, Number: p.Number, PerPage: p.PerPage, Status: p.Status}
}

// count are the IDs from 0 to n-1.
func count(n int) []string {
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprint(i))
	}
	return ids
}

// bothWays runs a test with the iterator over a GET and over a POST endpoint.
func bothWays(t *testing.T, client *clarifai.Client, run func(t *testing.T, all func(params clarifai.PageParams, opts ...clarifai.IterOption) ([]string, error))) {
	t.Helper()
	t.Run("ListInputsAll", func(t *testing.T) {
		run(t, func(params clarifai.PageParams, opts ...clarifai.IterOption) ([]string, error) {
			return collect(client.ListInputsAll(t.Context(), &clarifai.ListInputsRequest{PageParams: params}, opts...), inputID)
		})
	})
	t.Run("PostAnnotationsSearchesAll", func(t *testing.T) {
		run(t, func(params clarifai.PageParams, opts ...clarifai.IterOption) ([]string, error) {
			req := &clarifai.PostAnnotationsSearchesRequest{Searches: []clarifai.Search{clarifai.NewSearch()}, PageParams: params}
			return collect(client.PostAnnotationsSearchesAll(t.Context(), req, opts...), hitID)
		})
	})
}

func TestTheTwoRequestsOfTheDocumentation(t *testing.T) {
	client, mock := newClient(t)
	requests := recorder(t, mock, answer(200, testdata(t, "list_inputs.json")), answer(200, testdata(t, "annotations_searches.json")))

	inputs, err := client.ListInputs(t.Context(), &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{Page: 2, PerPage: 20}})
	if err != nil || inputs.Number != 2 || len(inputs.Items) != 2 || inputs.Status.ReqID != "req-list" {
		t.Error(inputs, err)
	}
	hits, err := client.PostAnnotationsSearches(t.Context(), &clarifai.PostAnnotationsSearchesRequest{
		Searches:   []clarifai.Search{clarifai.NewSearch(clarifai.FilterByConcept("people", true))},
		PageParams: clarifai.PageParams{Page: 2, PerPage: 20},
	})
	if err != nil || hits.Number != 2 || len(hits.Items) != 1 || hits.ID != "search-1" {
		t.Error(hits, err)
	}

	for i, want := range []request{
		{method: "GET", url: base + "/inputs?page=2&per_page=20"},
		{
			method: "POST", url: base + "/annotations/searches",
			body: `{"searches":[{"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"people","value":1}]}}}]}}],"pagination":{"page":2,"per_page":20}}`,
		},
	} {
		got := (*requests)[i]
		contentType := got.header.Get("Content-Type")
		got.header = nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if (want.body != "") != (contentType == "application/json") {
			t.Errorf("%s with Content-Type %q", want.method, contentType)
		}
	}
}

func TestWhatIsNotSetIsNotSent(t *testing.T) {
	client, mock := newClient(t)
	requests := recorder(t, mock, answer(200, success))
	search := []clarifai.Search{clarifai.NewSearch(clarifai.RankByText("car"))}
	const searches = `{"searches":[{"query":{"ranks":[{"annotation":{"data":{"text":{"raw":"car"}}}}]}}]`
	for _, test := range []struct {
		call func() error
		want request
	}{
		{
			func() error { _, err := client.ListInputs(t.Context(), nil); return err },
			request{method: "GET", url: base + "/inputs"},
		},
		{
			func() error {
				_, err := client.ListInputs(t.Context(), &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 1000}, IDs: []string{"b", "a"}, StatusCode: 30000})
				return err
			},
			request{method: "GET", url: base + "/inputs?ids=b&ids=a&per_page=1000&status.code=30000"},
		},
		{
			func() error {
				_, err := client.PostAnnotationsSearches(t.Context(), &clarifai.PostAnnotationsSearchesRequest{Searches: search})
				return err
			},
			request{method: "POST", url: base + "/annotations/searches", body: searches + `}`},
		},
		{
			func() error {
				_, err := client.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: search})
				return err
			},
			request{method: "POST", url: base + "/inputs/searches", body: searches + `}`},
		},
		{
			func() error {
				_, err := client.PostSearchesByID(t.Context(), &clarifai.PostSearchesByIDRequest{ID: "s"})
				return err
			},
			request{method: "POST", url: base + "/searches/s", body: `{}`},
		},
		{
			func() error {
				_, err := client.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: search, PageParams: clarifai.PageParams{Page: 3}, OnlyCount: true})
				return err
			},
			request{method: "POST", url: base + "/inputs/searches", body: searches + `,"pagination":{"page":3},"only_count":true}`},
		},
	} {
		*requests = nil
		if err := test.call(); err != nil {
			t.Error(err)
		}
		got := (*requests)[0]
		got.header = nil
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("got  %+v\nwant %+v", got, test.want)
		}
	}
}

func TestAnInvalidPageIsRefusedBeforeAnythingIsSent(t *testing.T) {
	clearEnvironment(t)
	httpmock.Activate(t)
	client, err := clarifai.NewClient(clarifai.WithPAT(token), clarifai.WithApp("USER", "APP"))
	if err != nil {
		t.Fatal(err)
	}
	search := []clarifai.Search{clarifai.NewSearch()}
	for _, test := range []struct {
		params   clarifai.PageParams
		argument string
		value    int
		bound    string
	}{
		{clarifai.PageParams{Page: -1}, "page", -1, "1 or more"},
		{clarifai.PageParams{Page: math.MinInt}, "page", math.MinInt, "1 or more"},
		{clarifai.PageParams{PerPage: -1}, "per_page", -1, "1 to 1000"},
		{clarifai.PageParams{PerPage: 1001}, "per_page", 1001, "1 to 1000"},
		{clarifai.PageParams{Page: 1, PerPage: math.MaxInt}, "per_page", math.MaxInt, "1 to 1000"},
		{clarifai.PageParams{Page: math.MaxInt}, "page", math.MaxInt, "must be at most"},
		{clarifai.PageParams{Page: math.MaxInt, PerPage: 1}, "page", math.MaxInt, "at most 4294967295 with 1 "},
		{clarifai.PageParams{Page: 4294968, PerPage: 1000}, "page", 4294968, "at most 4294967 with 1000"},
	} {
		list := &clarifai.ListInputsRequest{PageParams: test.params}
		annotations := &clarifai.PostAnnotationsSearchesRequest{Searches: search, PageParams: test.params}
		inputs := &clarifai.PostInputsSearchesRequest{Searches: search, PageParams: test.params}
		errs := []error{test.params.Validate()}
		add := func(_ any, err error) { errs = append(errs, err) }
		add(client.ListInputs(t.Context(), list))
		add(client.PostAnnotationsSearches(t.Context(), annotations))
		add(client.PostInputsSearches(t.Context(), inputs))
		add(client.ListSearches(t.Context(), &clarifai.ListSearchesRequest{PageParams: test.params}))
		add(client.PostSearchesByID(t.Context(), &clarifai.PostSearchesByIDRequest{ID: "s", PageParams: test.params}))
		for _, opts := range [][]clarifai.IterOption{nil, {clarifai.Prefetch(8)}} {
			add(collect(client.ListInputsAll(t.Context(), list, opts...), inputID))
			add(collect(client.PostAnnotationsSearchesAll(t.Context(), annotations, opts...), hitID))
			add(collect(client.PostInputsSearchesAll(t.Context(), inputs, opts...), hitID))
		}
		for i, err := range errs {
			var argument *clarifai.ArgumentError
			if !errors.Is(err, clarifai.ErrInvalidPage) || !errors.Is(err, clarifai.ErrInvalidArgument) || !errors.As(err, &argument) {
				t.Errorf("%+v, call %d: %v", test.params, i, err)
				continue
			}
			if argument.Argument != test.argument || argument.Value != test.value || !strings.Contains(err.Error(), test.bound) {
				t.Errorf("%+v: %v", test.params, err)
			}
		}
	}
	if n := httpmock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestTheBoundsOfAPageAreValid(t *testing.T) {
	for _, params := range []clarifai.PageParams{
		{}, {Page: 1}, {PerPage: 1}, {Page: 1, PerPage: 1000}, {Page: 4294967, PerPage: 1000}, {Page: 33554431}, {Page: math.MaxUint32, PerPage: 1},
	} {
		if err := params.Validate(); err != nil {
			t.Errorf("%+v: %v", params, err)
		}
	}
}

func TestAllResultsArriveOnceAndInOrder(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	for _, test := range []struct {
		name  string
		opts  []clarifai.IterOption
		pages []int // asked for at least and, without Prefetch, at most
	}{
		{"one by one", nil, []int{1, 2, 3, 4}},
		{"Prefetch(1)", []clarifai.IterOption{clarifai.Prefetch(1)}, []int{1, 2, 3, 4}},
		{"Prefetch(8)", []clarifai.IterOption{clarifai.Prefetch(8)}, []int{1, 2, 3, 4}},
	} {
		t.Run(test.name, func(t *testing.T) {
			bothWays(t, client, func(t *testing.T, all func(clarifai.PageParams, ...clarifai.IterOption) ([]string, error)) {
				server := &pager{items: 2500}
				mock.RegisterNoResponder(server.respond)
				ids, err := all(clarifai.PageParams{}, test.opts...)
				if err != nil || !slices.Equal(ids, count(2500)) {
					t.Errorf("%d items, error %v", len(ids), err)
				}
				pages := server.pages()
				if len(pages) < len(test.pages) || !slices.Equal(pages[:len(test.pages)], test.pages) || test.opts == nil && len(pages) > len(test.pages) {
					t.Errorf("asked for pages %v", pages)
				}
				for _, params := range server.asked {
					if params.PerPage != 1000 {
						t.Errorf("asked for %+v", params)
					}
				}
			})
		})
	}
}

func TestAnIterationGoesOnFromThePageAskedFor(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	bothWays(t, client, func(t *testing.T, all func(clarifai.PageParams, ...clarifai.IterOption) ([]string, error)) {
		server := &pager{items: 250}
		mock.RegisterNoResponder(server.respond)
		ids, err := all(clarifai.PageParams{Page: 3, PerPage: 50}, clarifai.Prefetch(2))
		if err != nil || !slices.Equal(ids, count(250)[100:]) {
			t.Errorf("%v, error %v", ids, err)
		}
	})
}

func TestShortPagesInTheMiddleLoseNothing(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	for _, prefetch := range []int{0, 4} {
		bothWays(t, client, func(t *testing.T, all func(clarifai.PageParams, ...clarifai.IterOption) ([]string, error)) {
			// A server that gives no more than 7 results a page, and 1 in each third.
			server := &pager{items: 100, size: func(page, _ int) (from, to int) {
				sizes := []int{7, 7, 1}
				for i := range page - 1 {
					from += sizes[i%3]
				}
				return from, from + sizes[(page-1)%3]
			}}
			mock.RegisterNoResponder(server.respond)
			ids, err := all(clarifai.PageParams{PerPage: 50}, clarifai.Prefetch(prefetch))
			if err != nil || !slices.Equal(ids, count(100)) {
				t.Errorf("%v, error %v", ids, err)
			}
		})
	}
}

func TestTheListOfTheLastPageMayBeMissingOrNull(t *testing.T) {
	client, mock := newClient(t)
	for _, last := range []string{success, `{"status":{"code":10000},"inputs":null}`, `{"status":{"code":10000},"inputs":[]}`} {
		recorder(t, mock, answer(200, `{"status":{"code":10000},"inputs":[{"id":"0"}]}`), answer(200, last))
		if ids, err := collect(client.ListInputsAll(t.Context(), nil), inputID); err != nil || !slices.Equal(ids, count(1)) {
			t.Error(last, ids, err)
		}
	}
	recorder(t, mock, answer(200, `{"status":{"code":10000},"inputs":[{"id":"0"},null]}`))
	if page, err := client.ListInputs(t.Context(), nil); !errors.Is(err, clarifai.ErrInvalidResponse) {
		t.Error("a null among the items:", page, err)
	}
}

func TestAServerThatIgnoresThePageIsNoticed(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	for _, prefetch := range []int{0, 8} {
		for _, stuck := range []int{1, 5} { // the page that it gives from then on
			bothWays(t, client, func(t *testing.T, all func(clarifai.PageParams, ...clarifai.IterOption) ([]string, error)) {
				server := &pager{items: 1000, size: func(page, perPage int) (from, to int) {
					page = min(page, stuck)
					return (page - 1) * perPage, page * perPage
				}}
				mock.RegisterNoResponder(server.respond)
				ids, err := all(clarifai.PageParams{PerPage: 10}, clarifai.Prefetch(prefetch))
				var page *clarifai.PageError
				if !errors.Is(err, clarifai.ErrPageRepeated) || !errors.As(err, &page) || page.Page != stuck+1 {
					t.Error(err)
				}
				if !slices.Equal(ids, count(stuck*10)) {
					t.Error(ids)
				}
				if n := len(server.pages()); n > stuck+2+prefetch {
					t.Errorf("%d requests", n)
				}
			})
		}
	}
}

func TestAnErrorComesOnceAfterAllItemsBeforeIt(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	for _, prefetch := range []int{0, 1, 8} {
		bothWays(t, client, func(t *testing.T, all func(clarifai.PageParams, ...clarifai.IterOption) ([]string, error)) {
			server := &pager{items: 250}
			server.before = func(_ *http.Request, page int) *http.Response {
				if page == 4 {
					return httpmock.NewStringResponse(404, testdata(t, "input_not_found.json"))
				}
				return nil
			}
			mock.RegisterNoResponder(server.respond)
			ids, err := all(clarifai.PageParams{PerPage: 50}, clarifai.Prefetch(prefetch))
			var page *clarifai.PageError
			var api *clarifai.Error
			if !errors.As(err, &page) || page.Page != 4 || !errors.As(err, &api) || !errors.Is(err, clarifai.ErrNotFound) {
				t.Fatal(err)
			}
			if !slices.Equal(ids, count(150)) {
				t.Error(ids)
			}

			mock.RegisterNoResponder((&pager{items: 250}).respond)
			rest, err := all(clarifai.PageParams{Page: page.Page, PerPage: page.PerPage}, clarifai.Prefetch(prefetch))
			if err != nil || !slices.Equal(append(ids, rest...), count(250)) {
				t.Error("going on from the page that failed:", rest, err)
			}
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestBreakingOutSendsNoFurtherRequest(t *testing.T) {
	defer goleak.VerifyNone(t) // so that there is nobody left who could send one
	for _, prefetch := range []int{0, 3} {
		var sent atomic.Int32
		server := &pager{items: 1000}
		client, _ := newClient(t, clarifai.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			sent.Add(1)
			return server.respond(r)
		})}))
		n := 0
		for _, err := range client.ListInputsAll(t.Context(), &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 10}}, clarifai.Prefetch(prefetch)) {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n == 15 {
				break
			}
		}
		if sent := int(sent.Load()); sent < 2 || sent > 2+prefetch {
			t.Errorf("Prefetch(%d): %d requests", prefetch, sent)
		}
	}
}

func TestAnIteratorIsLazy(t *testing.T) {
	client, mock := newClient(t)
	server := &pager{items: 30}
	mock.RegisterNoResponder(server.respond)
	all := client.ListInputsAll(t.Context(), &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 10}})
	if n := len(server.pages()); n != 0 {
		t.Errorf("%d requests before the loop", n)
	}
	n := 0
	for range all {
		n++
		if want := (n-1)/10 + 1; len(server.pages()) != want {
			t.Fatalf("at item %d: %d requests, want %d", n, len(server.pages()), want)
		}
	}
}

func TestAnIteratorCanBeRangedOverAgainAndLeavesTheRequestAsItWas(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	server := &pager{items: 25}
	mock.RegisterNoResponder(server.respond)
	req := &clarifai.ListInputsRequest{IDs: []string{"a"}, PageParams: clarifai.PageParams{PerPage: 10}}
	search := &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{clarifai.NewSearch()}}
	inputs := client.ListInputsAll(t.Context(), req, clarifai.Prefetch(2))
	hits := client.PostInputsSearchesAll(t.Context(), search, clarifai.Limit(20))
	for range 2 {
		if ids, err := collect(inputs, inputID); err != nil || !slices.Equal(ids, count(25)) {
			t.Error(ids, err)
		}
		if ids, err := collect(hits, hitID); err != nil || !slices.Equal(ids, count(20)) {
			t.Error(ids, err)
		}
	}
	if want := (&clarifai.ListInputsRequest{IDs: []string{"a"}, PageParams: clarifai.PageParams{PerPage: 10}}); !reflect.DeepEqual(req, want) {
		t.Errorf("%+v", req)
	}
	if search.PageParams != (clarifai.PageParams{}) {
		t.Errorf("%+v", search)
	}
}

func TestLimitStopsAfterSoManyItemsAndAsksForNoMore(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	for _, test := range []struct {
		limit, perPage, prefetch int
		asked                    []clarifai.PageParams
	}{
		{limit: 0, asked: nil},
		{limit: 1, asked: []clarifai.PageParams{{Page: 1, PerPage: 1}}},
		{limit: 20, asked: []clarifai.PageParams{{Page: 1, PerPage: 20}}},
		{limit: 20, prefetch: 8, asked: []clarifai.PageParams{{Page: 1, PerPage: 20}}},
		{limit: 1000, asked: []clarifai.PageParams{{Page: 1, PerPage: 1000}}},
		{limit: 1500, asked: []clarifai.PageParams{{Page: 1, PerPage: 1000}, {Page: 2, PerPage: 1000}}},
		{limit: 25, perPage: 10, asked: []clarifai.PageParams{{Page: 1, PerPage: 10}, {Page: 2, PerPage: 10}, {Page: 3, PerPage: 10}}},
		{limit: 25, perPage: 10, prefetch: 8, asked: []clarifai.PageParams{{Page: 1, PerPage: 10}, {Page: 2, PerPage: 10}, {Page: 3, PerPage: 10}}},
		{limit: 5, perPage: 10, asked: []clarifai.PageParams{{Page: 1, PerPage: 10}}},
	} {
		t.Run(fmt.Sprintf("%d of %d, prefetch %d", test.limit, test.perPage, test.prefetch), func(t *testing.T) {
			bothWays(t, client, func(t *testing.T, all func(clarifai.PageParams, ...clarifai.IterOption) ([]string, error)) {
				server := &pager{items: 2500}
				mock.RegisterNoResponder(server.respond)
				ids, err := all(clarifai.PageParams{PerPage: test.perPage}, clarifai.Limit(test.limit), clarifai.Prefetch(test.prefetch))
				if err != nil || !slices.Equal(ids, count(test.limit)) {
					t.Errorf("%d items, %v", len(ids), err)
				}
				slices.SortFunc(server.asked, func(a, b clarifai.PageParams) int { return a.Page - b.Page })
				if !slices.Equal(server.asked, test.asked) {
					t.Errorf("asked for %v", server.asked)
				}
			})
		})
	}
}

func TestLimitIsReachedOverShortPagesToo(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	for _, prefetch := range []int{0, 4} {
		server := &pager{items: 100, size: func(page, _ int) (from, to int) { return (page - 1) * 3, page * 3 }}
		mock.RegisterNoResponder(server.respond)
		ids, err := collect(client.ListInputsAll(t.Context(), nil, clarifai.Limit(20), clarifai.Prefetch(prefetch)), inputID)
		if err != nil || !slices.Equal(ids, count(20)) {
			t.Error(ids, err)
		}
	}
}

// delay waits, in the virtual time of a synctest bubble, or until the request is
// given up, as httpmock does not stop a responder.
func delay(r *http.Request, d time.Duration) {
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}

func TestAFailureTellsThePageSizeThatLimitChose(t *testing.T) {
	client, mock := newClient(t)
	server := &pager{items: 6000}
	server.before = func(_ *http.Request, page int) *http.Response {
		if page == 3 {
			return httpmock.NewStringResponse(404, success)
		}
		return nil
	}
	mock.RegisterNoResponder(server.respond)
	ids, err := collect(client.ListInputsAll(t.Context(), nil, clarifai.Limit(2500)), inputID)
	var page *clarifai.PageError
	if !errors.As(err, &page) || page.Page != 3 || page.PerPage != 1000 {
		t.Fatal(err)
	}
	mock.RegisterNoResponder((&pager{items: 6000}).respond)
	req := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{Page: page.Page, PerPage: page.PerPage}}
	rest, err := collect(client.ListInputsAll(t.Context(), req, clarifai.Limit(2500-len(ids))), inputID)
	if err != nil || !slices.Equal(append(ids, rest...), count(2500)) {
		t.Errorf("%d and %d items, %v", len(ids), len(rest), err)
	}
}

func TestAPageOfPartialSuccessComesWithTheError(t *testing.T) {
	client, mock := newClient(t)
	recorder(t, mock, answer(200, `{"status":{"code":10010},"inputs":[{"id":"0"}],"hits":[{"input":{"id":"0"}}]}`))
	page, err := client.ListInputs(t.Context(), nil)
	if !errors.Is(err, clarifai.ErrPartialFailure) || page == nil || len(page.Items) != 1 {
		t.Error(page, err)
	}
	hits, err := client.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{clarifai.NewSearch()}})
	if !errors.Is(err, clarifai.ErrPartialFailure) || hits == nil || len(hits.Items) != 1 {
		t.Error(hits, err)
	}
	if ids, err := collect(client.ListInputsAll(t.Context(), nil), inputID); !errors.Is(err, clarifai.ErrPartialFailure) || len(ids) != 0 {
		t.Error(ids, err)
	}
}

func TestPrefetchKeepsSoManyRequestsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, mock := newClient(t)
		var now, most atomic.Int32
		server := &pager{items: 1000}
		server.before = func(r *http.Request, _ int) *http.Response {
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
			delay(r, 20*time.Millisecond)
			return nil
		}
		mock.RegisterNoResponder(server.respond)
		req := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 10}}
		for _, test := range []struct {
			prefetch int
			took     time.Duration
		}{{0, 101 * 20 * time.Millisecond}, {8, 13 * 20 * time.Millisecond}} {
			most.Store(0)
			start := time.Now()
			ids, err := collect(client.ListInputsAll(t.Context(), req, clarifai.Prefetch(test.prefetch)), inputID)
			if err != nil || !slices.Equal(ids, count(1000)) {
				t.Errorf("%d items, %v", len(ids), err)
			}
			if took := time.Since(start); took != test.took || int(most.Load()) != max(test.prefetch, 1) {
				t.Errorf("Prefetch(%d): %v, at most %d at a time", test.prefetch, took, most.Load())
			}
		}
	})
}

func TestPrefetchedPagesArriveInOrderHoweverTheyAreAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, mock := newClient(t)
		server := &pager{items: 1000}
		server.before = func(r *http.Request, page int) *http.Response {
			delay(r, time.Duration(page*7919%13)*time.Millisecond)
			return nil
		}
		mock.RegisterNoResponder(server.respond)
		req := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 10}}
		if ids, err := collect(client.ListInputsAll(t.Context(), req, clarifai.Prefetch(16)), inputID); err != nil || !slices.Equal(ids, count(1000)) {
			t.Errorf("%d items, %v", len(ids), err)
		}
	})
}

func TestCancellingEndsAnIterationAtOnce(t *testing.T) {
	for _, prefetch := range []int{0, 8} {
		synctest.Test(t, func(t *testing.T) { // which also fails when a goroutine is left behind
			client, mock := newClient(t)
			server := &pager{items: 1000}
			server.before = func(r *http.Request, page int) *http.Response {
				if page == 3 {
					<-r.Context().Done()
				}
				return nil
			}
			mock.RegisterNoResponder(server.respond)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start := time.Now()
			req := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 10}}
			ids, err := collect(client.ListInputsAll(ctx, req, clarifai.Prefetch(prefetch)), inputID)
			var page *clarifai.PageError
			if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &page) || page.Page != 3 || time.Since(start) != time.Second {
				t.Error(err, time.Since(start))
			}
			if !slices.Equal(ids, count(20)) {
				t.Error(ids)
			}
		})
	}
}

func TestPagesFetchedAheadOfACancellationAreNotDelivered(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	server := &pager{items: 1000}
	mock.RegisterNoResponder(server.respond)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var ids []string
	var last error
	for in, err := range client.ListInputsAll(ctx, &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 10}}, clarifai.Prefetch(4)) {
		if last = err; err == nil {
			ids = append(ids, in.ID)
			cancel()
		}
	}
	var page *clarifai.PageError
	if !errors.Is(last, context.Canceled) || !errors.As(last, &page) || page.Page != 2 || !slices.Equal(ids, count(10)) {
		t.Error(ids, last)
	}
}

func TestASearchEndsAtTheResultWindowAfterAllHitsBeforeIt(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	for _, test := range []struct {
		window, perPage, prefetch int
		failed                    int // the page that is past the window
	}{
		{window: 2000, perPage: 1000, failed: 3},
		{window: 2500, perPage: 1000, failed: 3},
		{window: 2300, perPage: 1000, failed: 3},
		{window: 2500, perPage: 0, failed: 3},
		{window: 2500, perPage: 1000, prefetch: 8, failed: 3},
		{window: 2499, perPage: 7, failed: 358},
		{window: 300, perPage: 1000, failed: 1},
	} {
		server := &pager{items: 5000, window: test.window}
		mock.RegisterNoResponder(server.respond)
		req := &clarifai.PostAnnotationsSearchesRequest{
			Searches: []clarifai.Search{clarifai.NewSearch()}, PageParams: clarifai.PageParams{PerPage: test.perPage},
		}
		ids, err := collect(client.PostAnnotationsSearchesAll(t.Context(), req, clarifai.Prefetch(test.prefetch)), hitID)
		var page *clarifai.PageError
		if !errors.Is(err, clarifai.ErrResultWindow) || !errors.As(err, &page) || page.Page != test.failed {
			t.Errorf("%+v: %v", test, err)
		}
		if !slices.Equal(ids, count(test.window)) {
			t.Errorf("%+v: %d hits", test, len(ids))
		}
	}
}

// owner is a type of a caller's own, and so are the requests that follow.
type owner struct {
	Name string `json:"name"`
}

type listOwnersRequest struct {
	clarifai.PageParams
	Query string `url:"query,omitempty"`
}

type searchOwnersRequest struct {
	Kind                string `json:"kind"`
	clarifai.PageParams `json:"pagination,omitzero"`
}

// untaggedRequest would be sent as {"page":2} by a POST.
type untaggedRequest struct{ clarifai.PageParams }

// nestedRequest holds a request by a pointer, and foreignRequest by its interface.
type nestedRequest struct{ *clarifai.ListInputsRequest }

type foreignRequest struct{ clarifai.PageRequest }

type sharedParamsRequest struct{ *clarifai.PageParams }

func TestAnyEndpointCanBePagedWithTypesOfTheCaller(t *testing.T) {
	client, mock := newClient(t)
	requests := recorder(t, mock, answer(200, `{"status":{"code":10000,"req_id":"r"},"owners":[{"name":"a"},{"name":"b"}]}`))
	get := clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/owners", Key: "owners"}
	post := clarifai.Endpoint[owner]{Method: "POST", Path: "/v2/users/{user_id}/owners/searches", Key: "owners"}
	params := clarifai.PageParams{Page: 2, PerPage: 20}
	for _, test := range []struct {
		endpoint clarifai.Endpoint[owner]
		req      clarifai.PageRequest
		want     request
	}{
		{get.With("dataset_id", "d/1"), &listOwnersRequest{PageParams: params, Query: "x y"}, request{method: "GET", url: base + "/datasets/d%2F1/owners?page=2&per_page=20&query=x+y"}},
		{get.With("dataset_id", "d"), &params, request{method: "GET", url: base + "/datasets/d/owners?page=2&per_page=20"}},
		{get.With("dataset_id", "d"), nil, request{method: "GET", url: base + "/datasets/d/owners"}},
		{get.With("dataset_id", "d"), (*listOwnersRequest)(nil), request{method: "GET", url: base + "/datasets/d/owners"}},
		{get.With("dataset_id", "d").With("user_id", "U2"), (*clarifai.PageParams)(nil), request{method: "GET", url: "https://api.clarifai.com/v2/users/U2/apps/APP/datasets/d/owners"}},
		{post, &searchOwnersRequest{Kind: "k", PageParams: params}, request{method: "POST", url: "https://api.clarifai.com/v2/users/USER/owners/searches", body: `{"kind":"k","pagination":{"page":2,"per_page":20}}`}},
		{post, &searchOwnersRequest{Kind: "k"}, request{method: "POST", url: "https://api.clarifai.com/v2/users/USER/owners/searches", body: `{"kind":"k"}`}},
		{post, &params, request{method: "POST", url: "https://api.clarifai.com/v2/users/USER/owners/searches", body: `{"pagination":{"page":2,"per_page":20}}`}},
		{post, nil, request{method: "POST", url: "https://api.clarifai.com/v2/users/USER/owners/searches", body: `{}`}},
	} {
		*requests = nil
		page, err := test.endpoint.List(t.Context(), client, test.req)
		if err != nil {
			t.Errorf("%+v: %v", test.want, err)
			continue
		}
		want := &clarifai.Page[owner]{Items: []*owner{{"a"}, {"b"}}, Number: 1, PerPage: 128, Status: clarifai.Status{Code: 10000, ReqID: "r"}}
		if strings.Contains(test.want.url+test.want.body, "20") {
			want.Number, want.PerPage = 2, 20
		}
		if !reflect.DeepEqual(visible(page), want) {
			t.Errorf("got %+v", page)
		}
		got := (*requests)[0]
		got.header = nil
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("got  %+v\nwant %+v", got, test.want)
		}
	}
	if get.Path != "/v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/owners" {
		t.Error("With changed the endpoint it was called on")
	}
}

func TestAnEndpointThatCannotBeCalledIsRefused(t *testing.T) {
	client, mock := newClient(t)
	good := clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/owners/{owner_id}/cars", Key: "cars"}
	for name, test := range map[string]struct {
		endpoint clarifai.Endpoint[owner]
		client   *clarifai.Client
		req      clarifai.PageRequest
		want     string
	}{
		"not filled in":      {good, client, nil, "{owner_id}"},
		"an empty ID":        {good.With("owner_id", ""), client, nil, "owner_id"},
		"dots":               {good.With("owner_id", ".."), client, nil, `owner_id ".."`},
		"an unknown name":    {good.With("owner", "a"), client, nil, "{owner}"},
		"another method":     {clarifai.Endpoint[owner]{Method: "PUT", Path: "/v2/cars", Key: "cars"}, client, nil, `Endpoint.Method "PUT"`},
		"no key":             {clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/cars"}, client, nil, "Endpoint.Key"},
		"a relative path":    {clarifai.Endpoint[owner]{Method: "GET", Path: "cars", Key: "cars"}, client, nil, `path "cars"`},
		"shared page params": {clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/cars", Key: "cars"}, client, &sharedParamsRequest{&clarifai.PageParams{}}, "embeds PageParams by value"},
		"a nested pointer":   {clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/cars", Key: "cars"}, client, &nestedRequest{}, "embeds PageParams by value"},
		"nil, nested":        {clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/cars", Key: "cars"}, client, (*nestedRequest)(nil), "embeds PageParams by value"},
		"an interface":       {clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/cars", Key: "cars"}, client, &foreignRequest{}, "embeds PageParams by value"},
		"the status as key":  {clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/cars", Key: "status"}, client, nil, "Endpoint.Key"},
		"no page params":     {clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/cars", Key: "cars"}, client, sharedParamsRequest{}, "embeds PageParams by value"},
		"no tag":             {clarifai.Endpoint[owner]{Method: "POST", Path: "/v2/cars", Key: "cars"}, client, &untaggedRequest{}, "pagination,omitzero"},
		"a nil client":       {good.With("owner_id", "a"), nil, nil, "NewClient"},
		"an empty client":    {good.With("owner_id", "a"), &clarifai.Client{}, nil, "NewClient"},
		"its other app":      {good.With("owner_id", "a"), (*clarifai.Client)(nil).App("a", "b"), nil, "NewClient"},
	} {
		_, listErr := test.endpoint.List(t.Context(), test.client, test.req)
		_, allErr := collect(test.endpoint.All(t.Context(), test.client, test.req), func(o *owner) string { return o.Name })
		for _, err := range []error{listErr, allErr} {
			if !errors.Is(err, clarifai.ErrInvalidArgument) || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "clarifai: ") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if page := new(clarifai.PageError); !errors.As(allErr, &page) || page.Page != 1 {
			t.Errorf("%s: %v is not of page 1", name, allErr)
		}
	}
	if hc := (&clarifai.Client{}).HTTPClient(); hc != nil {
		t.Error("an empty client has an http.Client:", hc)
	}
	for name, opt := range map[string]clarifai.IterOption{
		"Limit -1": clarifai.Limit(-1), "Prefetch -1": clarifai.Prefetch(-1), "Prefetch 1001": clarifai.Prefetch(1001), "IterOption": nil,
	} {
		_, err := collect(client.ListInputsAll(t.Context(), nil, opt), inputID)
		if !errors.Is(err, clarifai.ErrInvalidArgument) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

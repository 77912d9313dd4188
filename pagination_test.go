package clarifai_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
)

// pager answers like the API, with the requested page of items: in the query
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

// pages returns the numbers of the requested pages in ascending order.
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

func TestTheDocumentedRequestsAreSent(t *testing.T) {
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

func TestUnsetFieldsAreOmitted(t *testing.T) {
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

func TestAnInvalidPageSendsNothing(t *testing.T) {
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
		{}, {Page: 1}, {PerPage: 1}, {Page: 1, PerPage: 1000}, {Page: 4294967, PerPage: 1000}, {Page: 33554431}, {Page: int(min(uint64(math.MaxInt), math.MaxUint32)), PerPage: 1},
	} {
		if err := params.Validate(); err != nil {
			t.Errorf("%+v: %v", params, err)
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// delay waits, in the virtual time of a synctest bubble, or until the request is
// given up, as httpmock does not stop a responder.
func delay(r *http.Request, d time.Duration) {
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}

func TestAPartialFailureOfAPageReturnsThePage(t *testing.T) {
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

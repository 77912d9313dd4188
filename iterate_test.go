package clarifai_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
	"go.uber.org/goleak"
)

func TestAllYieldsEveryResultOnceAndInOrder(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	for _, test := range []struct {
		name  string
		opts  []clarifai.IterOption
		pages []int // must be requested; without Prefetch, no others
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
					t.Errorf("requested pages %v", pages)
				}
				for _, params := range server.asked {
					if params.PerPage != 1000 {
						t.Errorf("requested %+v", params)
					}
				}
			})
		})
	}
}

func TestAnIterationStartsAtTheRequestedPage(t *testing.T) {
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
			// The server returns at most 7 results per page, and 1 on every third page.
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

func TestAMissingOrNullListIsAnEmptyPage(t *testing.T) {
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

func TestAnErrorIsDeliveredOnceAfterAllItemsBeforeIt(t *testing.T) {
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
				t.Error("resumed from the failed page:", rest, err)
			}
		})
	}
}

func TestLeavingALoopSendsNoFurtherRequest(t *testing.T) {
	defer goleak.VerifyNone(t) // no goroutine is left to send a request
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

func TestAnIteratorIsReusableAndDoesNotChangeTheRequest(t *testing.T) {
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

func TestLimitStopsAfterThatManyItemsAndRequestsNoMore(t *testing.T) {
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
					t.Errorf("requested %v", server.asked)
				}
			})
		})
	}
}

func TestLimitIsReachedAcrossShortPages(t *testing.T) {
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

func TestAFailureReportsThePageSizeThatLimitChose(t *testing.T) {
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

func TestCancellingEndsAnIterationImmediately(t *testing.T) {
	for _, prefetch := range []int{0, 8} {
		synctest.Test(t, func(t *testing.T) { // also fails if a goroutine is left
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

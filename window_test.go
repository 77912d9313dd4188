package clarifai_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
	"go.uber.org/goleak"
)

func TestASearchEndsAtTheResultWindowAfterAllHitsBeforeIt(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	for _, test := range []struct {
		window, perPage, prefetch int
		failed                    int // the page past the window
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

// The result window ends in the middle of page 3. Another failure there is not mistaken
// for the window, and page 3 is delivered completely or not at all.
func TestAFailureAtTheResultWindowIsNotMistakenForIt(t *testing.T) {
	const window, perPage = 25, 10
	for _, prefetch := range []int{0, 8} {
		client, mock := newClient(t)
		down := true
		mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			var search struct {
				Pagination clarifai.PageParams `json:"pagination"`
			}
			if err := json.NewDecoder(r.Body).Decode(&search); err != nil {
				t.Error(err)
			}
			page := search.Pagination
			if page.Page*page.PerPage > window {
				return httpmock.NewStringResponse(400, fmt.Sprintf(`{"status":{"code":40002,"details":"page * perPage cannot exceed %d"}}`, window)), nil
			}
			if page.PerPage < perPage && page.Page*page.PerPage == window && down {
				return httpmock.NewStringResponse(500, `{"status":{"code":10020}}`), nil
			}
			var hits []string
			for i := range page.PerPage {
				hits = append(hits, fmt.Sprintf(`{"input":{"id":"%d"}}`, (page.Page-1)*page.PerPage+i))
			}
			return httpmock.NewStringResponse(200, `{"status":{"code":10000},"hits":[`+strings.Join(hits, ",")+`]}`), nil
		})
		call, params := pagedCalls[1], clarifai.PageParams{PerPage: perPage}
		items, err := toTheEnd(t, call.all(t.Context(), client, params, clarifai.Prefetch(prefetch)))
		var failed *clarifai.PageError
		if !errors.As(err, &failed) || failed.Page != 3 || errors.Is(err, clarifai.ErrResultWindow) {
			t.Fatal(err)
		}
		inOrder(t, items, 20)

		down, params.Page = false, failed.Page
		rest, err := toTheEnd(t, call.all(t.Context(), client, params, clarifai.Prefetch(prefetch)))
		if !errors.Is(err, clarifai.ErrResultWindow) {
			t.Error(err)
		}
		inOrder(t, append(items, rest...), window)
	}
}

// hitsBeforeWindow ranges over a search with a result window. It returns the pages and
// the error, which must be a PageError and come last.
func hitsBeforeWindow(t *testing.T, client *clarifai.Client, params clarifai.PageParams, opts ...clarifai.IterOption) ([]received, []string, *clarifai.PageError) {
	t.Helper()
	req := &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{{}}, PageParams: params}
	pages, err := receive(t, clarifai.Pages(t.Context(), client.PostInputsSearches, req, opts...), searchPage)
	var ids []string
	for _, page := range pages {
		// Number counts in pages of the same size.
		if from, _ := strconv.Atoi(page.ids[0]); from != (page.number-1)*page.perPage {
			t.Errorf("page %d of %d starts with hit %d", page.number, page.perPage, from)
		}
		ids = append(ids, page.ids...)
	}
	var failed *clarifai.PageError
	if err != nil && !errors.As(err, &failed) {
		t.Errorf("no PageError: %v", err)
	}
	return pages, ids, failed
}

func TestTheLastHitsBeforeTheWindowArriveInSmallerPages(t *testing.T) {
	client, mock := newClient(t)
	for _, test := range []struct {
		window, perPage int
		sizes           []int // sizes of the pages after the full ones
	}{
		{window: 30, perPage: 10},
		{window: 25, perPage: 10, sizes: []int{5}},
		{window: 23, perPage: 10, sizes: []int{2, 1}},
		{window: 21, perPage: 10, sizes: []int{1}},
		{window: 9, perPage: 10, sizes: []int{9}},
		{window: 1, perPage: 10, sizes: []int{1}},
		{window: 13, perPage: 7, sizes: []int{1, 1, 1, 1, 1, 1}}, // only pages of size 1 fit, as 7 is prime
		{window: 2003, perPage: 1000, sizes: []int{2, 1}},
	} {
		for _, prefetch := range []int{0, 1, 8} {
			server := &pager{items: 5000, window: test.window}
			mock.RegisterNoResponder(server.respond)
			pages, ids, failed := hitsBeforeWindow(t, client, clarifai.PageParams{PerPage: test.perPage}, clarifai.Prefetch(prefetch))
			name := fmt.Sprintf("window %d, pages of %d, Prefetch(%d)", test.window, test.perPage, prefetch)
			if !slices.Equal(ids, count(test.window)) {
				t.Errorf("%s: %d hits", name, len(ids))
			}
			if failed == nil || !errors.Is(failed, clarifai.ErrResultWindow) || failed.Page != test.window/test.perPage+1 || failed.PerPage != test.perPage || failed.CanResume() {
				t.Errorf("%s: %v", name, failed)
			}
			full := test.window / test.perPage
			if len(pages) != full+len(test.sizes) {
				t.Fatalf("%s: %d pages", name, len(pages))
			}
			for i, size := range test.sizes {
				if pages[full+i].perPage != size {
					t.Errorf("%s: page %d has size %d, want %d", name, full+i+1, pages[full+i].perPage, size)
				}
			}
		}
	}
}

func TestResultsThatEndAtOrBeforeTheWindow(t *testing.T) {
	client, mock := newClient(t)
	for _, test := range []struct {
		items, limit int
		complete     bool // known to be complete, so there is no error
	}{
		{items: 20, complete: true}, // the small page after them is empty
		{items: 19, complete: true},
		{items: 24, complete: false}, // there may be more results past the window
		{items: 100, limit: 23, complete: true},
		{items: 100, limit: 25, complete: true},
		{items: 100, limit: 26, complete: false},
	} {
		mock.RegisterNoResponder((&pager{items: test.items, window: 25}).respond)
		opts := []clarifai.IterOption{clarifai.Prefetch(2)}
		want := min(test.items, 25)
		if test.limit > 0 {
			opts = append(opts, clarifai.Limit(test.limit))
			want = min(want, test.limit)
		}
		_, ids, failed := hitsBeforeWindow(t, client, clarifai.PageParams{PerPage: 10}, opts...)
		if !slices.Equal(ids, count(want)) || (failed == nil) != test.complete || failed != nil && !errors.Is(failed, clarifai.ErrResultWindow) {
			t.Errorf("%+v: %d hits, %v", test, len(ids), failed)
		}
	}
}

// If any request near the window fails, the iterator returns its error, delivers
// nothing from the page that extends past the window, and repeats nothing when resumed.
func TestAFailureNearTheWindowIsNotTheEndOfTheResults(t *testing.T) {
	const window, perPage = 27, 10 // 20 hits in full pages, 5, and 2 in pages of one
	client, mock := newClient(t)
	for _, prefetch := range []int{0, 1, 8} {
		for _, at := range []clarifai.PageParams{{Page: 1, PerPage: 10}, {Page: 2, PerPage: 10}, {Page: 3, PerPage: 10}, {Page: 5, PerPage: 5}, {Page: 6, PerPage: 5}, {Page: 26, PerPage: 1}, {Page: 27, PerPage: 1}, {Page: 28, PerPage: 1}} {
			for name, failure := range map[string]*http.Response{
				"an error":            httpmock.NewStringResponse(404, success),
				"an invalid response": httpmock.NewStringResponse(200, "{}"),
				"an unknown limit":    httpmock.NewStringResponse(400, `{"status":{"code":40002,"details":"page * perPage cannot exceed your limit"}}`),
			} {
				var healed atomic.Bool
				server := &pager{items: 5000, window: window}
				mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
					text, err := io.ReadAll(r.Body)
					if err != nil {
						return nil, err
					}
					var search struct{ Pagination clarifai.PageParams }
					if err := json.Unmarshal(text, &search); err != nil {
						return nil, err
					}
					if search.Pagination == at && !healed.Load() {
						return failure, nil
					}
					r.Body = io.NopCloser(bytes.NewReader(text))
					return server.respond(r)
				})
				name = fmt.Sprintf("%s at page %d of %d, Prefetch(%d)", name, at.Page, at.PerPage, prefetch)
				_, ids, failed := hitsBeforeWindow(t, client, clarifai.PageParams{PerPage: perPage}, clarifai.Prefetch(prefetch))
				if failed == nil {
					t.Errorf("%s: ended without an error after %d hits", name, len(ids))
					continue
				}
				if !failed.CanResume() { // at the window, after all hits that are available
					if !errors.Is(failed, clarifai.ErrResultWindow) || !slices.Equal(ids, count(len(ids))) {
						t.Errorf("%s: %d hits, %v", name, len(ids), failed)
					}
					continue
				}
				if failed.PerPage != perPage || len(ids) != (failed.Page-1)*perPage {
					t.Errorf("%s: %d hits before %+v", name, len(ids), failed)
				}
				healed.Store(true)
				_, rest, failed := hitsBeforeWindow(t, client, clarifai.PageParams{Page: failed.Page, PerPage: failed.PerPage}, clarifai.Prefetch(prefetch))
				if !slices.Equal(append(ids, rest...), count(window)) || !errors.Is(failed, clarifai.ErrResultWindow) {
					t.Errorf("%s, resumed: %d and %d hits, %v", name, len(ids), len(rest), failed)
				}
			}
		}
	}
}

// If a server rejects a page that its own limit allows, the page is not requested
// again.
func TestAPageRefusedWithinTheResultWindowEndsTheSearch(t *testing.T) {
	client, mock := newClient(t)
	for _, window := range []int64{30, 31, 39, 40, 1 << 40} {
		server := &pager{items: 5000}
		server.before = func(_ *http.Request, page int) *http.Response {
			if page < 3 {
				return nil
			}
			return httpmock.NewStringResponse(400, fmt.Sprintf(`{"status":{"code":40002,"details":"page * perPage cannot exceed %d"}}`, window))
		}
		mock.RegisterNoResponder(server.respond)
		_, ids, failed := hitsBeforeWindow(t, client, clarifai.PageParams{PerPage: 10})
		if !slices.Equal(ids, count(20)) || !errors.Is(failed, clarifai.ErrResultWindow) || len(server.pages()) != 3 {
			t.Errorf("window %d: %d hits, %v, requested pages %v", window, len(ids), failed, server.pages())
		}
	}
}

func TestLeavingTheLoopAmongTheLastHitsBeforeTheWindow(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	mock.RegisterNoResponder((&pager{items: 5000, window: 23}).respond) // pages of 10, 10, 2 and 1
	req := &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{{}}, PageParams: clarifai.PageParams{PerPage: 10}}
	n := 0
	for _, err := range client.PostInputsSearchesAll(t.Context(), req) {
		if n++; err != nil || n == 21 {
			break
		}
	}
	if n != 21 {
		t.Errorf("left at hit %d", n)
	}
}

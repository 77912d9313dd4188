package clarifai_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
	"go.uber.org/goleak"
)

// scripted responds to a request for page n with the n-th of the given pages. Each page
// is a list of input IDs, or "!" for a failure. Every later page is end.
func scripted(end string, pages ...string) httpmock.Responder {
	return func(r *http.Request) (*http.Response, error) {
		n, err := strconv.Atoi(r.URL.Query().Get("page"))
		if err != nil {
			return nil, err
		}
		page := end
		if n <= len(pages) {
			page = pages[n-1]
		}
		if page == "!" {
			return httpmock.NewStringResponse(404, success), nil
		}
		return httpmock.NewStringResponse(200, inputsOf(page)), nil
	}
}

func inputsOf(ids string) string {
	var inputs []string
	for id := range strings.FieldsSeq(ids) {
		inputs = append(inputs, fmt.Sprintf(`{"id":%q}`, id))
	}
	return `{"status":{"code":10000},"inputs":[` + strings.Join(inputs, ",") + `]}`
}

// Each letter is a page with one input.
func TestCyclesOfPagesAreDetectedAndSinglePagesMayRepeat(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	many := strings.Fields(strings.Join(count(1500), " "))
	for _, test := range []struct {
		pages     string
		end       string
		limit     int    // 0 means no limit
		delivered string // items before the error
		failed    int    // page of the error; 0 if there is no error
		err       error
		requests  int // without Prefetch
	}{
		{pages: "a b c", delivered: "a b c", requests: 4},
		{pages: "a a", delivered: "a a", requests: 3},
		{pages: "a a b b c", delivered: "a a b b c", requests: 6},
		{pages: "a b a c a", delivered: "a b a c a", requests: 6},
		{pages: "a b c a d b e c", delivered: "a b c a d b e c", requests: 9},
		{pages: "a a a", delivered: "a", failed: 2, err: clarifai.ErrPageRepeated, requests: 3},
		{pages: "a", end: "a", delivered: "a", failed: 2, err: clarifai.ErrPageRepeated, requests: 3},
		{pages: "a b c", end: "c", delivered: "a b c", failed: 4, err: clarifai.ErrPageRepeated, requests: 5},
		{pages: "a b c", end: "a", delivered: "a b c", failed: 4, err: clarifai.ErrPageRepeated, requests: 5},
		{pages: "a b a b", delivered: "a b", failed: 3, err: clarifai.ErrPageRepeated, requests: 4},
		{pages: "a b c b a", delivered: "a b c", failed: 4, err: clarifai.ErrPageRepeated, requests: 5},
		{pages: "a b a c a b", delivered: "a b a c", failed: 5, err: clarifai.ErrPageRepeated, requests: 6},
		{pages: strings.Join(append(many, many[:2]...), " "), delivered: strings.Join(many, " "), failed: 1501, err: clarifai.ErrPageRepeated, requests: 1502},
		// A held-back page is delivered even if the next request fails, so nothing is
		// lost.
		{pages: "a b a !", delivered: "a b a", failed: 4, err: clarifai.ErrNotFound, requests: 4},
		{pages: "a !", delivered: "a", failed: 2, err: clarifai.ErrNotFound, requests: 2},
		// Limit does not deliver a possibly repeated page either.
		{pages: "a b c", limit: 2, delivered: "a b", requests: 2},
		{pages: "a a b", limit: 2, delivered: "a a", requests: 3},
		{pages: "a a", limit: 2, delivered: "a a", requests: 3},
		{pages: "a a a", limit: 2, delivered: "a", failed: 2, err: clarifai.ErrPageRepeated, requests: 3},
		{pages: "a a !", limit: 2, delivered: "a a", failed: 3, err: clarifai.ErrNotFound, requests: 3},
		{pages: "a a b c", limit: 3, delivered: "a a b", requests: 3},
		{pages: "a a b c d e", limit: 4, delivered: "a a b c", requests: 4},
	} {
		for _, prefetch := range []int{0, 1, 8} {
			mock.Reset()
			mock.RegisterNoResponder(scripted(test.end, strings.Fields(test.pages)...))
			opts := []clarifai.IterOption{clarifai.Prefetch(prefetch)}
			if test.limit > 0 {
				opts = append(opts, clarifai.Limit(test.limit))
			}
			req := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 1}}
			got, err := receive(t, clarifai.Pages(t.Context(), client.ListInputs, req, opts...), inputPage)
			name := fmt.Sprintf("%.20s, then %q, limit %d, Prefetch(%d)", test.pages, test.end, test.limit, prefetch)
			var ids []string
			for i, page := range got {
				ids = append(ids, page.ids...)
				if page.number != i+1 || len(page.ids) != 1 {
					t.Errorf("%s: page %d has number %d and %d inputs", name, i+1, page.number, len(page.ids))
				}
			}
			if !slices.Equal(ids, strings.Fields(test.delivered)) {
				t.Errorf("%s: delivered %q", name, ids)
			}
			var failed *clarifai.PageError
			if !errors.Is(err, test.err) || (err == nil) != (test.err == nil) ||
				err != nil && (!errors.As(err, &failed) || failed.Page != test.failed || failed.CanResume() == errors.Is(err, clarifai.ErrPageRepeated)) {
				t.Errorf("%s: %v", name, err)
			}
			exact := prefetch == 0 || test.limit > 0 && test.err == nil // Limit requests no page that is not needed
			if n := mock.GetTotalCallCount(); exact && n != test.requests || n > test.requests+prefetch {
				t.Errorf("%s: %d requests", name, n)
			}
		}
	}
}

func TestAPageHeldBackIsNotDeliveredOnceTheContextIsDone(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	for _, prefetch := range []int{0, 4} {
		ctx, cancel := context.WithCancel(t.Context())
		respond := scripted("", "a", "b", "a", "c", "d")
		mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			if r.URL.Query().Get("page") == "4" {
				cancel()
			}
			return respond(r)
		})
		req := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 1}}
		ids, err := collect(client.ListInputsAll(ctx, req, clarifai.Prefetch(prefetch)), inputID)
		var failed *clarifai.PageError
		if !errors.Is(err, context.Canceled) || !errors.As(err, &failed) || prefetch == 0 && (failed.Page != 3 || len(ids) != 2) || failed.Page != len(ids)+1 || !failed.CanResume() {
			t.Errorf("Prefetch(%d): %v, %v", prefetch, ids, err)
		}
	}
}

func TestLeavingTheLoopAtAPageThatWasHeldBack(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	for _, prefetch := range []int{0, 4} {
		mock.Reset()
		mock.RegisterNoResponder(scripted("", "a", "a", "b", "c", "d", "e", "f", "g", "h"))
		n := 0
		for range clarifai.Pages(t.Context(), client.ListInputs, &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 1}}, clarifai.Prefetch(prefetch)) {
			if n++; n == 2 {
				break
			}
		}
		if sent := mock.GetTotalCallCount(); n != 2 || sent < 3 || sent > 3+prefetch {
			t.Errorf("Prefetch(%d): %d pages, %d requests", prefetch, n, sent)
		}
	}
}

// A page with more, fewer or other results than an earlier one is not a repeat of it.
func TestAPageIsARepeatOnlyIfAllItsResultsAre(t *testing.T) {
	client, mock := newClient(t)
	pages := []string{"a b c", "a b", "a b d", "c b a", "a b c d"}
	mock.RegisterNoResponder(scripted("", pages...))
	ids, err := collect(client.ListInputsAll(t.Context(), nil), inputID)
	if want := strings.Fields(strings.Join(pages, " ")); err != nil || !slices.Equal(ids, want) {
		t.Error(ids, err)
	}
}

// cursors responds with the inputs that follow last_id.
func cursors(pages map[string]string) httpmock.Responder {
	return func(r *http.Request) (*http.Response, error) {
		return httpmock.NewStringResponse(200, inputsOf(pages[r.URL.Query().Get("last_id")])), nil
	}
}

func TestARepeatedCursorEndsAStream(t *testing.T) {
	client, mock := newClient(t)
	long := map[string]string{"": "0"} // repeats after 1,500 pages
	for i := range 1500 {
		long[fmt.Sprint(i)] = fmt.Sprint((i + 1) % 1500)
	}
	for name, test := range map[string]struct {
		pages     map[string]string
		lastID    string
		limit     int
		delivered []string
		err       error
	}{
		"the page before":                 {pages: map[string]string{"": "a b", "b": "a b"}, delivered: []string{"a", "b"}, err: clarifai.ErrPageRepeated},
		"two pages":                       {pages: map[string]string{"": "a b", "b": "c d", "d": "a b"}, delivered: []string{"a", "b", "c", "d"}, err: clarifai.ErrPageRepeated},
		"with other inputs":               {pages: map[string]string{"": "a b", "b": "c d", "d": "x b"}, delivered: []string{"a", "b", "c", "d"}, err: clarifai.ErrPageRepeated},
		"into the middle":                 {pages: map[string]string{"": "a", "a": "b", "b": "c", "c": "b"}, delivered: []string{"a", "b", "c"}, err: clarifai.ErrPageRepeated},
		"to the start":                    {pages: map[string]string{"s": "a", "a": "s"}, lastID: "s", delivered: []string{"a"}, err: clarifai.ErrPageRepeated},
		"the cursor itself":               {pages: map[string]string{"s": "s"}, lastID: "s", err: clarifai.ErrPageRepeated},
		"a distant page":                  {pages: long, delivered: count(1500), err: clarifai.ErrPageRepeated},
		"before the limit":                {pages: map[string]string{"": "a", "a": "b", "b": "a"}, limit: 3, delivered: []string{"a", "b"}, err: clarifai.ErrPageRepeated},
		"after the limit":                 {pages: map[string]string{"": "a", "a": "b", "b": "a"}, limit: 2, delivered: []string{"a", "b"}},
		"no repeat, but the same last ID": {pages: map[string]string{"": "a b", "b": "a b c"}, delivered: []string{"a", "b", "a", "b", "c"}},
	} {
		mock.Reset()
		mock.RegisterNoResponder(cursors(test.pages))
		var opts []clarifai.IterOption
		if test.limit > 0 {
			opts = append(opts, clarifai.Limit(test.limit))
		}
		ids, err := collect(client.StreamInputsAll(t.Context(), &clarifai.StreamInputsRequest{PerPage: 2, LastID: test.lastID}, opts...), inputID)
		if !slices.Equal(ids, test.delivered) || !errors.Is(err, test.err) || (err == nil) != (test.err == nil) {
			t.Errorf("%s: %d inputs, %v", name, len(ids), err)
		}
		var failed *clarifai.PageError
		if errors.As(err, &failed) && (failed.CanResume() || failed.Page != mock.GetTotalCallCount()) {
			t.Errorf("%s: after %d requests: %+v", name, mock.GetTotalCallCount(), failed)
		}
	}
}

func TestAStreamNeedsAnIDToContinueFrom(t *testing.T) {
	client, mock := newClient(t)
	mock.RegisterNoResponder(answer(200, `{"status":{"code":10000},"inputs":[{"id":"a"},{"data":{}}]}`))
	for _, lastID := range []string{"", "s"} {
		mock.ZeroCallCounters()
		ids, err := collect(client.StreamInputsAll(t.Context(), &clarifai.StreamInputsRequest{LastID: lastID}), inputID)
		if !errors.Is(err, clarifai.ErrInvalidResponse) || len(ids) != 0 || mock.GetTotalCallCount() != 1 {
			t.Error(ids, err)
		}
	}
	// So do the results of a custom function.
	type unnamed struct{ Name string }
	for _, last := range []any{nil, &unnamed{"a"}, []int{1}, func() {}} {
		list := func(context.Context, *clarifai.StreamInputsRequest) (*clarifai.Page[any], error) {
			return &clarifai.Page[any]{Items: []*any{&last}}, nil
		}
		if err := firstError(clarifai.Pages(t.Context(), list, nil)); !errors.Is(err, clarifai.ErrInvalidResponse) {
			t.Errorf("%v: %v", last, err)
		}
	}
	list := func(context.Context, *clarifai.StreamInputsRequest) (*clarifai.Page[clarifai.Input], error) {
		return &clarifai.Page[clarifai.Input]{Items: []*clarifai.Input{nil}}, nil
	}
	if err := firstError(clarifai.Pages(t.Context(), list, nil)); !errors.Is(err, clarifai.ErrInvalidResponse) {
		t.Error(err)
	}
}

func TestAServerThatIgnoresThePageIsDetected(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	for _, prefetch := range []int{0, 8} {
		for _, stuck := range []int{1, 5} { // the page that is repeated from then on
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

// The server may start to repeat a page at any point of an iteration.
func TestAPageThatRepeatsThePreviousOneEndsTheIteration(t *testing.T) {
	const perPage = 3
	noLeaks(t)
	for _, call := range pagedCalls {
		for _, prefetch := range []int{0, 1, 8} {
			for _, from := range []int{2, 3, 9, 40} { // the first page that repeats
				t.Run(fmt.Sprintf("%s/Prefetch(%d)/page %d", call.name, prefetch, from), func(t *testing.T) {
					pages := &faultyServer{pages: from - 1, perPage: perPage}
					requests := 0
					var mu sync.Mutex
					client, mock := newClient(t)
					mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
						page, key := requestedPage(r)
						mu.Lock()
						defer mu.Unlock()
						requests++
						return httpmock.NewBytesResponse(200, pages.page(min(page, from-1), key)), nil
					})
					items, err := toTheEnd(t, call.all(t.Context(), client, clarifai.PageParams{PerPage: perPage}, clarifai.Prefetch(prefetch)))
					var failed *clarifai.PageError
					if !errors.Is(err, clarifai.ErrPageRepeated) || !errors.As(err, &failed) || failed.Page != from {
						t.Errorf("%v", err)
					}
					mu.Lock()
					defer mu.Unlock()
					if requests > from+1+prefetch { // one more request detects the repeat
						t.Errorf("%d requests", requests)
					}
					// The request ID of a page is not part of its results.
					inOrder(t, items, (from-1)*perPage)
				})
			}
		}
	}
}

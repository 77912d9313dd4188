package clarifai_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
	"go.uber.org/goleak"
)

// received is what a test compares of a page.
type received struct {
	number, perPage int
	ids             []string
}

func receive[P any](t *testing.T, pages iter.Seq2[P, error], visit func(P) received) (all []received, err error) {
	t.Helper()
	for page, e := range pages {
		if err != nil {
			t.Fatalf("a page or error after %v", err)
		}
		if err = e; err == nil {
			all = append(all, visit(page))
		}
	}
	return all, err
}

func inputPage(p *clarifai.Page[clarifai.Input]) received {
	r := received{number: p.Number, perPage: p.PerPage}
	for _, in := range p.Items {
		r.ids = append(r.ids, in.ID)
	}
	return r
}

func searchPage(p *clarifai.SearchPage) received {
	r := received{number: p.Number, perPage: p.PerPage}
	for _, hit := range p.Items {
		r.ids = append(r.ids, hit.Input.ID)
	}
	return r
}

// inPages is what pages of n items from a number on should be.
func inPages(number, perPage, n int) (all []received) {
	for ids := range slices.Chunk(count(n)[(number-1)*perPage:], perPage) {
		all = append(all, received{number, perPage, ids})
		number++
	}
	return all
}

func TestPagesYieldsThePagesOfEveryMethodThatListsOrSearches(t *testing.T) {
	defer goleak.VerifyNone(t)
	client, mock := newClient(t)
	ctx := t.Context()
	params := clarifai.PageParams{Page: 2, PerPage: 10}
	searches := []clarifai.Search{clarifai.NewSearch()}
	ofSearches := func(p *clarifai.Page[clarifai.Search]) received {
		r := received{number: p.Number, perPage: p.PerPage}
		for _, s := range p.Items {
			r.ids = append(r.ids, s.ID)
		}
		return r
	}
	endpoint := clarifai.Endpoint[clarifai.Input]{Method: "GET", Path: "/v2/users/{user_id}/apps/{app_id}/inputs", Key: "inputs"}
	for name, pages := range map[string]func(opts ...clarifai.IterOption) ([]received, error){
		"ListInputs": func(opts ...clarifai.IterOption) ([]received, error) {
			return receive(t, clarifai.Pages(ctx, client.ListInputs, &clarifai.ListInputsRequest{PageParams: params}, opts...), inputPage)
		},
		"PostInputsSearches": func(opts ...clarifai.IterOption) ([]received, error) {
			return receive(t, clarifai.Pages(ctx, client.PostInputsSearches, &clarifai.PostInputsSearchesRequest{PageParams: params, Searches: searches}, opts...), searchPage)
		},
		"PostAnnotationsSearches": func(opts ...clarifai.IterOption) ([]received, error) {
			return receive(t, clarifai.Pages(ctx, client.PostAnnotationsSearches, &clarifai.PostAnnotationsSearchesRequest{PageParams: params, Searches: searches}, opts...), searchPage)
		},
		"PostSearchesByID": func(opts ...clarifai.IterOption) ([]received, error) {
			return receive(t, clarifai.Pages(ctx, client.PostSearchesByID, &clarifai.PostSearchesByIDRequest{PageParams: params, ID: "s"}, opts...), searchPage)
		},
		"ListSearches": func(opts ...clarifai.IterOption) ([]received, error) {
			return receive(t, clarifai.Pages(ctx, client.ListSearches, &clarifai.ListSearchesRequest{PageParams: params}, opts...), ofSearches)
		},
		"Endpoint.Pages": func(opts ...clarifai.IterOption) ([]received, error) {
			return receive(t, endpoint.Pages(ctx, client, &params, opts...), inputPage)
		},
		"a function with PageParams": func(opts ...clarifai.IterOption) ([]received, error) {
			list := func(ctx context.Context, req *clarifai.PageParams) (*clarifai.Page[clarifai.Input], error) {
				return endpoint.List(ctx, client, req)
			}
			return receive(t, clarifai.Pages(ctx, list, &params, opts...), inputPage)
		},
	} {
		for _, prefetch := range []int{0, 1, 3} {
			server := &pager{items: 35}
			mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
				resp, err := server.respond(r)
				if err == nil && strings.HasSuffix(r.URL.Path, "/searches") && r.Method == "GET" {
					return httpmock.NewStringResponse(200, strings.ReplaceAll(body(t, resp), `"inputs"`, `"searches"`)), nil
				}
				return resp, err
			})
			got, err := pages(clarifai.Prefetch(prefetch))
			if err != nil || !reflect.DeepEqual(got, inPages(2, 10, 35)) {
				t.Errorf("%s, Prefetch(%d): %v, %v", name, prefetch, got, err)
			}
			if asked := server.pages(); prefetch == 0 && !slices.Equal(asked, []int{2, 3, 4, 5}) {
				t.Errorf("%s: requested pages %v", name, asked)
			}
		}
	}
	if params != (clarifai.PageParams{Page: 2, PerPage: 10}) {
		t.Errorf("changed the request: %+v", params)
	}
}

func TestPagesAcceptsANilRequest(t *testing.T) {
	client, mock := newClient(t)
	mock.RegisterNoResponder((&pager{items: 2500}).respond)
	endpoint := clarifai.Endpoint[clarifai.Input]{Method: "GET", Path: "/v2/users/{user_id}/apps/{app_id}/inputs", Key: "inputs"}
	for name, pages := range map[string]iter.Seq2[*clarifai.Page[clarifai.Input], error]{
		"Pages":             clarifai.Pages(t.Context(), client.ListInputs, nil),
		"Endpoint.Pages":    endpoint.Pages(t.Context(), client, nil),
		"nil *PageParams":   endpoint.Pages(t.Context(), client, (*clarifai.PageParams)(nil)),
		"nil *ListInputs":   endpoint.Pages(t.Context(), client, (*clarifai.ListInputsRequest)(nil)),
		"a nil option list": clarifai.Pages(t.Context(), client.ListInputs, nil, []clarifai.IterOption(nil)...),
	} {
		if got, err := receive(t, pages, inputPage); err != nil || !reflect.DeepEqual(got, inPages(1, 1000, 2500)) {
			t.Errorf("%s: %d pages, %v", name, len(got), err)
		}
	}
}

// The next page can be requested only once the ID of the last input has arrived, so a
// page is requested only when it is needed.
func TestStreamInputsIgnoresPrefetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, mock := newClient(t)
		respond, asked := stream(25)
		mock.RegisterNoResponder(respond)
		req := &clarifai.StreamInputsRequest{PerPage: 10}
		for range clarifai.Pages(t.Context(), client.StreamInputs, req, clarifai.Prefetch(8)) {
			synctest.Wait()
			break
		}
		if want := []string{"per_page=10"}; !slices.Equal(*asked, want) {
			t.Errorf("requested %q for the first page, want %q", *asked, want)
		}
	})
}

func TestPagesOfStreamInputsFollowTheLastID(t *testing.T) {
	client, mock := newClient(t)
	respond, asked := stream(25)
	mock.RegisterNoResponder(respond)
	req := &clarifai.StreamInputsRequest{PerPage: 10}
	want := inPages(1, 10, 25)
	type rawInput struct {
		Name string `json:"id"`
	}
	list := func(ctx context.Context, req *clarifai.StreamInputsRequest) (*clarifai.Page[rawInput], error) {
		page, err := client.StreamInputs(ctx, req)
		if err != nil {
			return nil, err
		}
		var raw clarifai.Page[rawInput]
		for _, in := range page.Items {
			raw.Items = append(raw.Items, &rawInput{in.ID})
		}
		return &raw, nil
	}
	for range 2 {
		*asked = nil
		got, err := receive(t, clarifai.Pages(t.Context(), client.StreamInputs, req, clarifai.Prefetch(8)), inputPage)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Error(got, err)
		}
		if want := []string{"per_page=10", "last_id=9&per_page=10", "last_id=19&per_page=10", "last_id=24&per_page=10"}; !slices.Equal(*asked, want) {
			t.Errorf("requested %q", *asked)
		}
	}
	got, err := receive(t, clarifai.Pages(t.Context(), list, req), func(p *clarifai.Page[rawInput]) received {
		r := received{number: p.Number, perPage: p.PerPage}
		for _, in := range p.Items {
			r.ids = append(r.ids, in.Name)
		}
		return r
	})
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Error("results of a custom type:", got, err)
	}
	if *req != (clarifai.StreamInputsRequest{PerPage: 10}) {
		t.Errorf("changed the request: %+v", req)
	}
}

func TestPagesHaveTheirPageSize(t *testing.T) {
	client, mock := newClient(t)
	mock.RegisterNoResponder((&pager{items: 5000}).respond)
	page, err := client.ListInputs(t.Context(), nil)
	if err != nil || page.Number != 1 || page.PerPage != 128 {
		t.Errorf("by default: page %d of %d, %v", page.Number, page.PerPage, err)
	}
	page, err = client.ListInputs(t.Context(), &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{Page: 3, PerPage: 7}})
	if err != nil || page.Number != 3 || page.PerPage != 7 {
		t.Errorf("requested page 3 of 7, got page %d of %d, %v", page.Number, page.PerPage, err)
	}
	hits, err := client.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{{}}, PageParams: clarifai.PageParams{PerPage: 9}})
	if err != nil || hits.Number != 1 || hits.PerPage != 9 {
		t.Errorf("requested 9 hits, got page %d of %d, %v", hits.Number, hits.PerPage, err)
	}
	if got, err := receive(t, clarifai.Pages(t.Context(), client.ListInputs, nil, clarifai.Limit(300)), inputPage); err != nil || !reflect.DeepEqual(got, inPages(1, 300, 300)) {
		t.Error("chosen by Limit:", got, err)
	}
	respond, _ := stream(25)
	mock.RegisterNoResponder(respond)
	page, err = client.StreamInputs(t.Context(), nil)
	if err != nil || page.Number != 1 || page.PerPage != 20 {
		t.Errorf("of a stream: page %d of %d, %v", page.Number, page.PerPage, err)
	}
}

func TestLimitCutsTheLastPage(t *testing.T) {
	client, mock := newClient(t)
	for _, prefetch := range []int{0, 4} {
		server := &pager{items: 1000}
		mock.RegisterNoResponder(server.respond)
		req := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 10}}
		got, err := receive(t, clarifai.Pages(t.Context(), client.ListInputs, req, clarifai.Limit(25), clarifai.Prefetch(prefetch)), inputPage)
		if err != nil || !reflect.DeepEqual(got, inPages(1, 10, 25)) || len(server.pages()) != 3 {
			t.Errorf("%v, %v, requested pages %v", got, err, server.pages())
		}
		for page := range clarifai.Pages(t.Context(), client.ListInputs, req, clarifai.Limit(5)) {
			if len(page.Items) != 5 || cap(page.Items) != 5 {
				t.Errorf("%d items and room for %d", len(page.Items), cap(page.Items))
			}
		}
	}
}

// ownPage is a page of a caller's own.
type ownPage struct {
	clarifai.Page[owner]
	Note string
}

func TestPagesOfCustomListFunctionsAreNotConsideredRepeated(t *testing.T) {
	same := func(_ context.Context, req *listOwnersRequest) (*ownPage, error) {
		if req.Page > 5 {
			return &ownPage{}, nil
		}
		return &ownPage{clarifai.Page[owner]{Items: []*owner{{"a"}}}, req.Query}, nil
	}
	for _, prefetch := range []int{0, 3} {
		n := 0
		for page, err := range clarifai.Pages(t.Context(), same, &listOwnersRequest{Query: "q"}, clarifai.Prefetch(prefetch)) {
			if n++; err != nil || page.Note != "q" || page.Number != n || page.PerPage != 1000 {
				t.Errorf("%+v, %v", page, err)
			}
		}
		if n != 5 {
			t.Errorf("%d pages", n)
		}
	}
}

func TestPagesRejectsInvalidArguments(t *testing.T) {
	client, mock := newClient(t)
	for name, test := range map[string]struct {
		pages func() error
		want  string
	}{
		"no function": {func() error {
			return firstError(clarifai.Pages[clarifai.ListInputsRequest, *clarifai.Page[clarifai.Input]](t.Context(), nil, nil))
		}, "list: must not be nil"},
		"no page and no error": {func() error {
			return firstError(clarifai.Pages(t.Context(), func(context.Context, *clarifai.PageParams) (*ownPage, error) { return nil, nil }, nil))
		}, "must return a page or an error"},
		"no page within the page": {func() error {
			type broken struct{ *clarifai.Page[owner] }
			return firstError(clarifai.Pages(t.Context(), func(context.Context, *clarifai.PageParams) (broken, error) { return broken{}, nil }, nil))
		}, "must return a page or an error"},
		"a request without a page": {func() error {
			return firstError(clarifai.Pages(t.Context(), func(context.Context, *owner) (*ownPage, error) { return nil, nil }, nil))
		}, "embeds PageParams by value"},
		"a shared page": {func() error {
			return firstError(clarifai.Pages(t.Context(), func(context.Context, *sharedParamsRequest) (*ownPage, error) { return nil, nil }, nil))
		}, "embeds PageParams by value"},
		"a shared cursor": {func() error {
			type shared struct{ *clarifai.StreamInputsRequest }
			return firstError(clarifai.Pages(t.Context(), func(context.Context, *shared) (*ownPage, error) { return nil, nil }, &shared{&clarifai.StreamInputsRequest{}}))
		}, "embeds PageParams by value"},
		"no context": {func() error {
			var none context.Context
			return firstError(clarifai.Pages(none, client.ListInputs, nil))
		}, "ctx: must not be nil"},
		"no client": {func() error {
			return firstError(clarifai.Pages(t.Context(), (*clarifai.Client)(nil).ListInputs, nil))
		}, "NewClient"},
		"a page size": {func() error {
			return firstError(clarifai.Pages(t.Context(), client.StreamInputs, &clarifai.StreamInputsRequest{PerPage: 1001}))
		}, "per_page 1001"},
		"an option": {func() error {
			return firstError(clarifai.Pages(t.Context(), client.StreamInputs, nil, clarifai.Prefetch(1001)))
		}, "Prefetch 1001"},
	} {
		err := test.pages()
		var failed *clarifai.PageError
		if !errors.Is(err, clarifai.ErrInvalidArgument) || !errors.As(err, &failed) || failed.CanResume() || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// firstError ranges to the end and returns the error.
func firstError[P any](pages iter.Seq2[P, error]) (err error) {
	for _, err = range pages {
	}
	return err
}

func TestCollectReturnsTheItemsBeforeAnError(t *testing.T) {
	client, mock := newClient(t)
	server := &pager{items: 25}
	mock.RegisterNoResponder(server.respond)
	req := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 10}}
	inputs, err := clarifai.Collect(client.ListInputsAll(t.Context(), req))
	if ids := inputPage(&clarifai.Page[clarifai.Input]{Items: inputs}).ids; err != nil || !slices.Equal(ids, count(25)) {
		t.Error(ids, err)
	}
	if pages, err := clarifai.Collect(clarifai.Pages(t.Context(), client.ListInputs, req)); err != nil || len(pages) != 3 {
		t.Error(pages, err)
	}
	server.before = func(_ *http.Request, page int) *http.Response {
		if page == 3 {
			return httpmock.NewStringResponse(404, success)
		}
		return nil
	}
	inputs, err = clarifai.Collect(client.ListInputsAll(t.Context(), req))
	if ids := inputPage(&clarifai.Page[clarifai.Input]{Items: inputs}).ids; !errors.Is(err, clarifai.ErrNotFound) || !slices.Equal(ids, count(20)) {
		t.Error(ids, err)
	}
}

// body reads the body of a response.
func body(t *testing.T, resp *http.Response) string {
	t.Helper()
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

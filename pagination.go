package clarifai

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"net/http"
	"reflect"
)

// The defaults and the limit of the pagination parameters, as documented at
// https://docs.clarifai.com/api-guide/advanced-topics/pagination.
const (
	DefaultPage    = 1    // page returned if PageParams.Page is 0
	DefaultPerPage = 128  // number of results per page if PageParams.PerPage is 0
	MaxPerPage     = 1000 // maximum number of results per page
)

// maxPrefetch is the largest valid argument of Prefetch. It limits the number of pages
// held in memory.
const maxPrefetch = 1000

// PageParams selects a page. Requests embed it. A GET request sends it in the query. A
// POST request sends it in the body, under the name in the json tag of the embedded
// field. Zero values are omitted.
type PageParams struct {
	// Page is the page number, starting at 1. Zero means page 1.
	Page int `url:"page,omitempty" json:"page,omitempty"`

	// PerPage is the number of results per page, at most 1,000. Zero means 128.
	// For an iterator, zero means 1,000, or the value of Limit if that is less.
	PerPage int `url:"per_page,omitempty" json:"per_page,omitempty"`
}

// Validate reports an error if the page is invalid: Page must not be negative, PerPage
// must be between 0 and 1,000, and their product must fit in a uint32. The error is an
// [*ArgumentError] that matches [ErrInvalidPage]. Every call validates its page before
// it sends anything.
func (p PageParams) Validate() error {
	invalid := func(argument string, value any, reason string) error {
		return &ArgumentError{Argument: argument, Value: value, Reason: reason, kind: ErrInvalidPage}
	}
	if p.Page < 0 {
		return invalid("page", p.Page, "must be 1 or more, or 0 for the first page")
	}
	if p.PerPage < 0 || p.PerPage > MaxPerPage {
		return invalid("per_page", p.PerPage, fmt.Sprintf("must be 1 to %d, or 0 for %d", MaxPerPage, DefaultPerPage))
	}
	perPage := p.PerPage
	if perPage == 0 {
		perPage = DefaultPerPage
	}
	if last := math.MaxUint32 / uint64(perPage); uint64(p.Page) > last {
		return invalid("page", p.Page, fmt.Sprintf("must be at most %d with %d results per page", last, perPage))
	}
	return nil
}

func (p *PageParams) pageParams() *PageParams { return p }

// Page is one page of results.
//
// The next page is PageParams{Page: p.Number + 1, PerPage: p.PerPage}, unless [Limit]
// truncated the page. After a page of [Client.StreamInputs], continue from the ID of
// its last input instead.
type Page[T any] struct {
	Items   []*T   // empty past the last page
	Number  int    // page number, starting at 1
	PerPage int    // page size on which Number is based
	Status  Status // status of the response

	// checksum identifies the results of the page; 0 means unknown.
	checksum uint64
}

func (p *Page[T]) page() *Page[T] { return p }

// PageRequest is a pointer to a struct that embeds [PageParams], or a *PageParams for a
// request without other parameters. A nil request selects the first page.
type PageRequest interface{ pageParams() *PageParams }

// Endpoint is a paginated operation of the API. T is the type of a result. Results are
// decoded by the rules of [encoding/json], except that numbers may also be quoted.
//
// The field Operation names any of the API's 64 paginated operations, which
// [Operations] lists:
//
//	listTasks := clarifai.Endpoint[Task]{Operation: "ListTasks"}
//	for task, err := range listTasks.All(ctx, client, nil) { … }
//
// For an operation that is newer than this package, set Method, Path and Key instead:
//
//	listGadgets := clarifai.Endpoint[Gadget]{
//		Method: http.MethodGet,
//		Path:   "/v2/users/{user_id}/apps/{app_id}/gadgets",
//		Key:    "gadgets",
//	}
//
// An Endpoint[json.RawMessage] returns each result as the API sent it, including fields
// that this package does not know. The caller owns the bytes.
//
// A POST endpoint must be a search. It is retried like a GET, unless the request
// contains a Search with Save set. Use [Client.Do] for a POST that modifies anything.
//
// An Endpoint is safe for concurrent use.
type Endpoint[T any] struct {
	// Operation is the API's name for a paginated operation, such as "ListModels".
	// If it is set, the other fields are optional.
	Operation string

	// Method is GET or POST. A GET sends the request in the query, encoded by its
	// url tags. A POST sends it as the JSON body, and PageParams must be tagged
	// `json:"pagination,omitzero"`.
	Method string

	// Path is the path as documented by the API. The client fills in {user_id} and
	// {app_id}; use With to fill in any other {name}.
	//
	// Many operations have several paths. For example, ListModels also has the path
	// /v2/users/{user_id}/models, which lists the models of all apps of a user. If
	// Path is empty, the client uses the path of Operation within an app. If the
	// operation has no such path, the client uses the first documented path.
	Path string

	// Key is the response field that holds the results. It is required only for an
	// operation that is newer than this package. A response without the field is an
	// empty page, because the API may omit empty lists. If such a response has
	// results in another field, the error matches [ErrInvalidResponse].
	Key string

	err error // first error of With
}

// With returns a copy of the endpoint with {name} in the path replaced by the escaped
// value. If the value is invalid, the next call fails. A value must not contain control
// characters, and none of its segments between slashes may be empty, "." or "..".
func (e Endpoint[T]) With(name, value string) Endpoint[T] {
	_, err := resolve(e.Operation, &e.Method, &e.Path, &e.Key)
	if err == nil {
		e.Path, err = fillPath(e.Path, name, value)
	}
	if e.err == nil {
		e.err = err
	}
	return e
}

// List returns the requested page. Past the last page, it returns an empty page and no
// error.
//
// If an argument is invalid, List sends nothing and returns an [*ArgumentError]. Any
// other error is an [*Error]. If the error matches [ErrPartialFailure], List also
// returns a page with the results that the API sent.
func (e Endpoint[T]) List(ctx context.Context, c *Client, req PageRequest) (*Page[T], error) {
	return e.list(ctx, c, req)
}

// list is like List, but also decodes additional fields of the response.
func (e Endpoint[T]) list(ctx context.Context, c *Client, req PageRequest, others ...*field) (*Page[T], error) {
	if e.err != nil {
		return nil, e.err
	}
	known, err := resolve(e.Operation, &e.Method, &e.Path, &e.Key)
	if err != nil {
		return nil, err
	}
	if req, err = prepare(req); err != nil {
		return nil, err
	}
	op, err := e.operation(req)
	if err != nil {
		return nil, err
	}
	if !known {
		others = append(others, noOtherResults(e.Method, e.Key))
	}
	page, err := getPage[T](ctx, c, op, e.Key, others...)
	if page != nil {
		page.PerPage = cmp.Or(req.pageParams().PerPage, DefaultPerPage)
	}
	return page, err
}

// getPage gets a page. It decodes the results from the response field that is named
// key, and also decodes the fields in others.
func getPage[T any](ctx context.Context, c *Client, op operation, key string, others ...*field) (*Page[T], error) {
	page := &Page[T]{Number: op.page}
	results := itemsField(key, &page.Items)
	op.fields = append(others, results)
	var err error
	page.Status, err = c.do(ctx, op)
	if err != nil && !errors.Is(err, ErrPartialFailure) {
		return nil, err
	}
	page.checksum = results.checksum
	return page, err
}

// operation returns the call that requests a page, or an error if the endpoint or the
// request is invalid.
func (e Endpoint[T]) operation(req PageRequest) (operation, error) {
	op := operation{method: e.Method, path: e.Path, read: true}
	if e.Key == "" || e.Key == "status" {
		return op, &ArgumentError{Argument: "Endpoint.Key", Value: e.Key, Reason: "must be the name of the response field that holds the results"}
	}
	params := req.pageParams()
	if err := params.Validate(); err != nil {
		return op, err
	}
	if req, ok := req.(interface{ validate() error }); ok {
		if err := req.validate(); err != nil {
			return op, err
		}
	}
	op.read = !writes(reflect.ValueOf(req).Elem())
	op.page, op.perPage = max(params.Page, DefaultPage), params.PerPage
	switch e.Method {
	case http.MethodGet:
		values, err := queryOf(req)
		if err != nil {
			return op, err
		}
		op.query = values
	case http.MethodPost:
		if f, ok := reflect.TypeOf(req).Elem().FieldByName("PageParams"); ok && f.Tag.Get("json") == "" {
			return op, &ArgumentError{Argument: "request", Value: fmt.Sprintf("%T", req), Reason: "PageParams must be tagged `json:\"pagination,omitzero\"` for a POST"}
		}
		op.body = req
	default:
		return op, &ArgumentError{Argument: "Endpoint.Method", Value: e.Method, Reason: "must be GET or POST"}
	}
	return op, nil
}

// IterOption configures an iterator over all pages.
type IterOption func(*iteration) error

// Prefetch fetches up to n pages ahead of the current one, in parallel. Results still
// arrive in order, each exactly once. At most n requests are in flight, and at most
// n+2 pages are held in memory. The default is 0, which fetches each page when it is
// needed. The maximum is 1,000. If n is out of range, the iterator yields an
// [*ArgumentError].
//
// At the end of the results, up to n requests are wasted. Prefetch is ignored if a page
// can be requested only after the previous one has arrived, as with
// [Client.StreamInputs].
//
// If a goroutine that fetches a page panics, the loop panics with the same value when it
// reaches that page. If the goroutine calls [runtime.Goexit], as t.Fatal does in the
// [http.RoundTripper] of a test, the iterator yields an error for that page.
func Prefetch(n int) IterOption {
	return func(it *iteration) error {
		if n < 0 || n > maxPrefetch {
			return &ArgumentError{Argument: "Prefetch", Value: n, Reason: fmt.Sprintf("must be 0 to %d pages", maxPrefetch)}
		}
		it.prefetch = n
		return nil
	}
}

// Limit stops an iterator after n items. If n is negative, the iterator yields an
// [*ArgumentError]. If PageParams.PerPage is 0, the page size is at most n. [Pages]
// truncates the last page that it yields.
func Limit(n int) IterOption {
	return func(it *iteration) error {
		if n < 0 {
			return &ArgumentError{Argument: "Limit", Value: n, Reason: "must be 0 items or more"}
		}
		it.limit = n
		return nil
	}
}

// Pages returns an iterator over the pages of any method that lists or searches. It
// starts at the page that the request selects, by default the first one, and ends
// after the last page:
//
//	for page, err := range clarifai.Pages(ctx, client.ListInputs, req) {
//		if err != nil {
//			return err
//		}
//		…
//	}
//
// With a search such as [Client.PostInputsSearches], the iterator yields a
// [*SearchPage]. With [Client.StreamInputs], it continues from the ID of the last
// input. The list function may also be a custom one whose request embeds [PageParams]
// or [StreamInputsRequest], and whose result is or embeds a [Page]. With [Prefetch],
// several goroutines call list at the same time. Each call receives its own copy of the
// request. The slices and maps of the copies are shared, and must not be modified. The
// returned page must not be modified after list returns.
//
// Without [Prefetch], a page is fetched when the previous one has been consumed. The
// iteration ends at the first empty page, which is not yielded. A short page does not
// end it, because other pages may follow. If PageParams.PerPage is 0, the page size is
// 1,000, which requires the fewest requests. An iterator can be used more than once.
// Leaving the loop cancels all requests in flight.
//
// The request may be nil. Each loop starts with a deep copy of the request, so the
// caller may modify the request afterwards. The copy and the original share all data to
// which an unexported field points. If a field is a pointer to a struct that has
// unexported fields, such as a *sql.DB, they also share that struct.
//
// An error ends the iteration. It is yielded once, as a [*PageError], after all pages
// that precede the failed page. Once the context is done, no further page is yielded. A
// request that writes, such as a search with Save set, is rejected with an
// [*ArgumentError] before anything is sent, because each page would repeat the write.
//
// If the server returns the same pages in a cycle, the iteration ends with
// [ErrPageRepeated]. With [Client.StreamInputs], a cycle is detected when a page ends
// with the same input as an earlier page. Otherwise, it is detected when two consecutive
// pages both equal earlier pages. A single page may legitimately equal an earlier one.
// Such a page is therefore held back until the next request has completed, and is
// yielded unless the next page also equals an earlier one. Detecting cycles uses about
// 20 bytes of memory per page.
//
// To resume an interrupted iteration, record Number and PerPage of each page after
// processing it, and start at the next page:
//
//	req.PageParams = clarifai.PageParams{Page: page.Number + 1, PerPage: page.PerPage}
//
// Do not resume after a page that [Limit] truncated: the rest of that page would be
// skipped. To resume [Client.StreamInputs], use the ID of the last input instead. Adding
// or deleting results shifts page numbers, which affects every method except
// StreamInputs.
func Pages[Q any, P interface{ page() *Page[T] }, T any](ctx context.Context, list func(context.Context, *Q) (P, error), req *Q, opts ...IterOption) iter.Seq2[P, error] {
	if list == nil {
		list = func(context.Context, *Q) (page P, err error) {
			return page, &ArgumentError{Argument: "list", Reason: "must not be nil"}
		}
	}
	return pages(ctx, req, opts, func(ctx context.Context, req any) (P, error) { return list(ctx, req.(*Q)) })
}

// Pages returns an iterator over the pages of the endpoint; see the function [Pages].
// The request may be nil.
func (e Endpoint[T]) Pages(ctx context.Context, c *Client, req PageRequest, opts ...IterOption) iter.Seq2[*Page[T], error] {
	if req == nil {
		req = &PageParams{}
	}
	return pages(ctx, req, opts, func(ctx context.Context, req any) (*Page[T], error) { return e.List(ctx, c, req.(PageRequest)) })
}

// All returns an iterator over the results of all pages, starting at the page that the
// request selects, by default the first one:
//
//	for item, err := range endpoint.All(ctx, client, nil) {
//		if err != nil {
//			return err
//		}
//		…
//	}
//
// It yields the items of the pages that [Pages] yields. The documentation of Pages says
// when pages are fetched, when the iteration ends, and which errors it yields.
func (e Endpoint[T]) All(ctx context.Context, c *Client, req PageRequest, opts ...IterOption) iter.Seq2[*T, error] {
	return items(e.Pages(ctx, c, req, opts...))
}

// items returns an iterator over the items of pages.
func items[P interface{ page() *Page[T] }, T any](pages iter.Seq2[P, error]) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for page, err := range pages {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, item := range page.page().Items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// Collect collects the items of an iterator such as [Client.ListInputsAll] into a slice.
// If the iterator yields an error, Collect returns it with the items yielded before it.
func Collect[T any](items iter.Seq2[*T, error]) ([]*T, error) {
	var all []*T
	for item, err := range items {
		if err != nil {
			return all, err
		}
		all = append(all, item)
	}
	return all, nil
}

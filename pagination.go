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

// The bounds of a page, as the API documents them:
// https://docs.clarifai.com/api-guide/advanced-topics/pagination
const (
	DefaultPage    = 1    // the page that the API gives when none is asked for
	DefaultPerPage = 128  // the results in a page when PageParams.PerPage is 0
	MaxPerPage     = 1000 // the most results that a page can have
)

// maxPrefetch bounds the pages that Prefetch holds in memory.
const maxPrefetch = 1000

// PageParams selects a page. Requests embed it; its place there decides where it
// goes: into the query of a GET, or under the name of its json tag into the body
// of a POST. What is zero is not sent.
type PageParams struct {
	// Page is the number of the page, from 1. 0 means 1.
	Page int `url:"page,omitempty" json:"page,omitempty"`

	// PerPage is how many results a page has, at most 1,000. 0 means 128; to an
	// iterator over all pages it means 1,000, or its Limit if that is less.
	PerPage int `url:"per_page,omitempty" json:"per_page,omitempty"`
}

// Validate reports whether the API can serve such a page: Page is not negative,
// PerPage is 0 to 1,000, and their product, the number of the last result, fits
// the API's 32 bits. Its error is an [*ArgumentError] and an [ErrInvalidPage].
// Every call validates before it sends anything.
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
// The page that follows it is PageParams{Page: p.Number + 1, PerPage: p.PerPage},
// unless [Limit] cut it, or it comes from [Client.StreamInputs], which continues
// from the ID of the last input.
type Page[T any] struct {
	Items   []*T   // empty past the last page
	Number  int    // which page this is, from 1
	PerPage int    // the page size that Number counts in
	Status  Status // of the response

	// checksum tells the results of one page from those of another; 0 means unknown.
	checksum uint64
}

func (p *Page[T]) page() *Page[T] { return p }

// PageRequest is a pointer to a struct that embeds [PageParams], or a
// *PageParams itself where a request has nothing else. A nil request asks for
// the first page.
type PageRequest interface{ pageParams() *PageParams }

// Endpoint is an operation of the API that pages. Its T is the type of a result,
// decoded by the rules of [encoding/json]; a number may also be in quotes.
//
// Any of the 64 operations that page can be named; [Operations] lists them:
//
//	listTasks := clarifai.Endpoint[Task]{Operation: "ListTasks"}
//	for task, err := range listTasks.All(ctx, client, nil) { … }
//
// An operation that is newer than this package needs Method, Path and Key instead:
//
//	listGadgets := clarifai.Endpoint[Gadget]{
//		Method: http.MethodGet,
//		Path:   "/v2/users/{user_id}/apps/{app_id}/gadgets",
//		Key:    "gadgets",
//	}
//
// An Endpoint[json.RawMessage] yields each result as the API sent it, with the
// fields that this package does not know. The bytes are a copy, and can be kept.
//
// A POST endpoint is a search. It is retried like a GET, unless its request has a
// Search with Save set. Use [Client.Do] for a POST that changes anything.
//
// An Endpoint is a value, and safe for concurrent use.
type Endpoint[T any] struct {
	// Operation is the API's name of one of the operations that page, such as
	// "ListModels". The other fields may then be empty.
	Operation string

	// Method is GET or POST. The request goes into the query of a GET, as its url
	// tags say, and is the JSON body of a POST, as its json tags say, where
	// PageParams must be tagged `json:"pagination,omitzero"`.
	Method string

	// Path is the path as the API documents it. {user_id} and {app_id} are filled
	// from the client, any other {name} by With. The default is the path of
	// Operation within an app, if there is one, else the first one that the API
	// documents. Many operations have others, such as /v2/users/{user_id}/models
	// for the models of all apps of a user.
	Path string

	// Key is the field of the response that holds the results. It can be left out
	// for a path of the operations that page; for any other path it is required. A
	// response without the field is an empty page, since the API may leave an empty
	// list out, unless it has results in another field, which is an
	// [ErrInvalidResponse].
	Key string

	err error // why With could not fill the path
}

// With returns a copy of the endpoint with the {name} in its path replaced by the
// escaped value. A value that cannot be an ID makes the next call fail: one that is
// empty, "." or "..", has such a part between slashes, or has control characters.
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

// List returns the page that the request asks for. Past the last page that is a
// page without items, not an error.
//
// The errors are an [*ArgumentError] for what is refused before anything is
// sent, and otherwise an [*Error]. Only with an [ErrPartialFailure] there is a page
// too, of the results that came.
func (e Endpoint[T]) List(ctx context.Context, c *Client, req PageRequest) (*Page[T], error) {
	return e.list(ctx, c, req)
}

// list is List, with other fields of the response.
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

// getPage gets a page, whose results come in the field key, with other fields of the
// response.
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

// operation makes the call that asks for a page, or refuses it.
func (e Endpoint[T]) operation(req PageRequest) (operation, error) {
	op := operation{method: e.Method, path: e.Path, read: true}
	if e.Key == "" || e.Key == "status" {
		return op, &ArgumentError{Argument: "Endpoint.Key", Value: e.Key, Reason: "must name the field of the response that holds the results"}
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
			return op, &ArgumentError{Argument: "request", Value: fmt.Sprintf("%T", req), Reason: "must tag its PageParams `json:\"pagination,omitzero\"`, where a POST has them"}
		}
		op.body = req
	default:
		return op, &ArgumentError{Argument: "Endpoint.Method", Value: e.Method, Reason: "must be GET or POST"}
	}
	return op, nil
}

// IterOption configures an iterator over all pages.
type IterOption func(*iteration) error

// Prefetch fetches up to the given number of pages ahead of the one being consumed,
// in parallel. The results still arrive in order, each once. At most that many
// requests are in flight, and at most that many pages and two more are in memory.
// The default is 0, which fetches a page when it is needed; the maximum is 1,000.
// Any other number makes the iterator yield an [*ArgumentError].
//
// Up to that many requests past the last page are wasted. Prefetch is ignored where
// a page can be requested only once the page before it has arrived, as with
// [Client.StreamInputs].
//
// If a goroutine that fetches a page panics, the loop panics with the same value
// when it reaches that page. If it calls [runtime.Goexit], as t.Fatal does in an
// [http.RoundTripper] of a test, the iterator yields an error for that page.
func Prefetch(pages int) IterOption {
	return func(it *iteration) error {
		if pages < 0 || pages > maxPrefetch {
			return &ArgumentError{Argument: "Prefetch", Value: pages, Reason: fmt.Sprintf("must be 0 to %d pages", maxPrefetch)}
		}
		it.prefetch = pages
		return nil
	}
}

// Limit stops an iterator after the given number of items, which must not be
// negative, or the iterator yields an [*ArgumentError]. If PageParams.PerPage is 0,
// a page has at most that many results. The last page that [Pages] yields is cut to
// the limit.
func Limit(items int) IterOption {
	return func(it *iteration) error {
		if items < 0 {
			return &ArgumentError{Argument: "Limit", Value: items, Reason: "must be 0 items or more"}
		}
		it.limit = items
		return nil
	}
}

// Pages iterates over the pages of any method that lists or searches, from the page
// that the request selects, the first by default, to the last:
//
//	for page, err := range clarifai.Pages(ctx, client.ListInputs, req) {
//		if err != nil {
//			return err
//		}
//		…
//	}
//
// With [Client.PostInputsSearches] and its like it yields a [*SearchPage], and with
// [Client.StreamInputs] it continues from the ID of the last input. A custom list
// function works too, if its request embeds [PageParams] or [StreamInputsRequest]
// and its result is or embeds a [Page]. With [Prefetch], list is called by several
// goroutines at once. Each call gets a request of its own, whose slices and maps
// are shared by all calls and must not be changed. The page that list returns
// belongs to the loop.
//
// A page is fetched when the one before it has been consumed. The iteration ends at
// the first empty page, which is not yielded: a short page may be followed by
// others. If PageParams.PerPage is 0, a page has 1,000 results, which takes the
// fewest requests. An iterator can be ranged over again. Leaving the loop cancels all
// requests in flight.
//
// The request may be nil. A loop copies it when it starts, with everything that it
// refers to, so it can be changed in the meantime. Only unexported fields, and pointers
// to structs that have some, such as a *sql.DB, are copied as they are.
//
// An error comes once, as a [*PageError], after all pages before the one that
// failed, and ends the iteration. Once the context is done, no further page is
// yielded. A request that writes, such as a search with Save set, is refused with an
// [*ArgumentError] before anything is sent, since it would be sent for each page.
//
// The iteration ends with [ErrPageRepeated] if it goes round in circles: if two
// consecutive pages have the results of earlier ones, or if a page of
// [Client.StreamInputs] ends with the same input as an earlier one. The results of a
// single page may rightly equal those of an earlier one, so such a page is held
// back until the next one has arrived: it is yielded unless that one is repeated
// too, even if that one fails, and with [Limit] as without. This takes about 20
// bytes of memory a page.
//
// To resume an iteration that was interrupted, record Number and PerPage of each
// page once it has been processed, and start again with the next page:
//
//	req.PageParams = clarifai.PageParams{Page: page.Number + 1, PerPage: page.PerPage}
//
// A page that [Limit] cut is no such checkpoint, as the rest of it would be skipped.
// [Client.StreamInputs] resumes from the ID of the last input instead. While results
// are added or deleted, page numbers shift, and only it is not affected.
func Pages[Q any, P interface{ page() *Page[T] }, T any](ctx context.Context, list func(context.Context, *Q) (P, error), req *Q, opts ...IterOption) iter.Seq2[P, error] {
	if list == nil {
		list = func(context.Context, *Q) (page P, err error) {
			return page, &ArgumentError{Argument: "list", Reason: "must not be nil"}
		}
	}
	return pages(ctx, req, opts, func(ctx context.Context, req any) (P, error) { return list(ctx, req.(*Q)) })
}

// Pages is the function [Pages] for the endpoint. The request may be nil.
func (e Endpoint[T]) Pages(ctx context.Context, c *Client, req PageRequest, opts ...IterOption) iter.Seq2[*Page[T], error] {
	if req == nil {
		req = &PageParams{}
	}
	return pages(ctx, req, opts, func(ctx context.Context, req any) (*Page[T], error) { return e.List(ctx, c, req.(PageRequest)) })
}

// All iterates over every result, from the page that the request selects, the first
// by default, to the last:
//
//	for item, err := range endpoint.All(ctx, client, nil) {
//		if err != nil {
//			return err
//		}
//		…
//	}
//
// It yields the items of the pages of [Pages], which documents when pages are
// fetched, how the iteration ends, and what errors there are.
func (e Endpoint[T]) All(ctx context.Context, c *Client, req PageRequest, opts ...IterOption) iter.Seq2[*T, error] {
	return items(e.Pages(ctx, c, req, opts...))
}

// items iterates over the items of pages.
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

// Collect gathers the items of an iterator such as [Client.ListInputsAll]. If the
// iterator yields an error, Collect returns it with the items that came before it.
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

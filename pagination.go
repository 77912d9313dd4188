package clarifai

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"net/http"
	"reflect"
	"sync"
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
type Page[T any] struct {
	Items  []*T   // empty past the last page
	Number int    // which page this is, from 1
	Status Status // of the response
}

// PageRequest is a pointer to a struct that embeds [PageParams], or a
// *PageParams itself where a request has nothing else. A nil request asks for
// the first page.
type PageRequest interface{ pageParams() *PageParams }

// Endpoint is an endpoint of the API that pages. Its T is what the results are
// decoded into, with [encoding/json]'s rules; a number may also be in quotes, except
// in a struct that embeds another. [Client.ListInputs] and the searches are
// endpoints; any other one of the API can be had by naming it:
//
//	var listConcepts = clarifai.Endpoint[clarifai.Concept]{
//		Method: http.MethodGet,
//		Path:   "/v2/users/{user_id}/apps/{app_id}/concepts",
//		Key:    "concepts",
//	}
//	for concept, err := range listConcepts.All(ctx, client, nil) { … }
//
// An Endpoint is a value, and safe for concurrent use.
type Endpoint[T any] struct {
	// Method is GET or POST. The request goes into the query of a GET, as its url
	// tags say, and is the JSON body of a POST, as its json tags say, where
	// PageParams is to be tagged `json:"pagination,omitzero"`.
	Method string

	// Path is the path as the API documents it. {user_id} and {app_id} are filled
	// with those of the client, any other {name} by With.
	Path string

	// Key is the field of the response that holds the results. A response without
	// it counts as an empty page, as the API may leave an empty list out; so a
	// misspelt Key finds nothing.
	Key string

	err error // why With could not fill the path
}

// With returns the endpoint with the {name} in its path filled with the value,
// escaped. What cannot be an ID is refused by the call that follows: a value that
// is empty, "." or "..", has such a part between slashes, or has control characters.
func (e Endpoint[T]) With(name, value string) Endpoint[T] {
	path, err := fillPath(e.Path, name, value)
	if err == nil {
		e.Path = path
	} else if e.err == nil {
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
	own, err := cloneRequest(req)
	if err != nil {
		return nil, err
	}
	page, _, err := e.fetch(ctx, c, own, others...)
	return page, err
}

// fetch gets what a request of our own asks for, as getPage does.
func (e Endpoint[T]) fetch(ctx context.Context, c *Client, req PageRequest, others ...*field) (*Page[T], uint64, error) {
	op, err := e.operation(req)
	if err != nil {
		return nil, 0, err
	}
	return getPage[T](ctx, c, op, e.Key, others...)
}

// getPage gets a page and the checksum of its results, which come in the field
// key, with other fields of the response.
func getPage[T any](ctx context.Context, c *Client, op operation, key string, others ...*field) (*Page[T], uint64, error) {
	page := &Page[T]{Number: op.page}
	results := itemsField(key, &page.Items)
	op.fields = append(others, results)
	var err error
	page.Status, err = c.do(ctx, op)
	if err != nil && !errors.Is(err, ErrPartialFailure) {
		return nil, 0, err
	}
	return page, results.checksum, err
}

// operation makes the call that asks for a page, or refuses it.
func (e Endpoint[T]) operation(req PageRequest) (operation, error) {
	op := operation{method: e.Method, path: e.Path, read: true}
	if e.err != nil {
		return op, e.err
	}
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
	if req, ok := req.(interface{ writes() bool }); ok {
		op.read = !req.writes()
	}
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

// pageOnly is the request of a caller who asks for nothing but a page.
type pageOnly struct {
	PageParams `json:"pagination,omitzero"`
}

// cloneRequest copies a request, so that its page can be set.
func cloneRequest(req PageRequest) (PageRequest, error) {
	if params, ok := req.(*PageParams); ok && params != nil {
		return &pageOnly{*params}, nil
	} else if ok || req == nil {
		return &pageOnly{}, nil
	}
	v := reflect.ValueOf(req)
	if v.Kind() == reflect.Pointer && holdsPageParams(v.Type().Elem()) {
		clone := reflect.New(v.Type().Elem())
		if !v.IsNil() {
			clone.Elem().Set(v.Elem())
		}
		return clone.Interface().(PageRequest), nil
	}
	return nil, &ArgumentError{Argument: "request", Value: v.Type(), Reason: "must be a pointer to a struct that embeds PageParams by value"}
}

// holdsPageParams reports whether a type is a struct that embeds PageParams by
// value, at any depth.
func holdsPageParams(t reflect.Type) bool {
	if t == reflect.TypeFor[PageParams]() {
		return true
	}
	for i := 0; t.Kind() == reflect.Struct && i < t.NumField(); i++ {
		if f := t.Field(i); f.Anonymous && holdsPageParams(f.Type) {
			return true
		}
	}
	return false
}

// IterOption is an option of an iterator over all pages.
type IterOption func(*iteration) error

// iteration is what the options of an iterator set.
type iteration struct {
	prefetch int
	limit    int
}

// Prefetch has an iterator ask for up to so many pages ahead of the one that is
// being consumed, in parallel; the results still come in order, each once. At
// most so many requests are under way at a time, and that many pages and one
// more are in memory. 0, the default, asks for a page when it is needed; at most
// 1,000, or the iterator yields an [*ArgumentError]. Towards the end of the
// results, it asks for pages that are empty.
func Prefetch(pages int) IterOption {
	return func(it *iteration) error {
		if pages < 0 || pages > maxPrefetch {
			return &ArgumentError{Argument: "Prefetch", Value: pages, Reason: fmt.Sprintf("must be 0 to %d pages", maxPrefetch)}
		}
		it.prefetch = pages
		return nil
	}
}

// Limit has an iterator stop after so many items: 0 or more, or the iterator yields
// an [*ArgumentError]. With it and no PageParams.PerPage, pages have no more than so
// many results.
func Limit(items int) IterOption {
	return func(it *iteration) error {
		if items < 0 {
			return &ArgumentError{Argument: "Limit", Value: items, Reason: "must be 0 items or more"}
		}
		it.limit = items
		return nil
	}
}

func newIteration(opts []IterOption) (iteration, error) {
	it := iteration{limit: math.MaxInt}
	for _, opt := range opts {
		if opt == nil {
			return it, &ArgumentError{Argument: "IterOption", Reason: "must not be nil"}
		}
		if err := opt(&it); err != nil {
			return it, err
		}
	}
	return it, nil
}

// perPage is the page size of an iteration: the one asked for, else the largest
// that is useful, as a caller who wants everything wants the fewest round trips.
func (it *iteration) perPage(asked int) int {
	if asked != 0 {
		return asked
	}
	return min(MaxPerPage, max(it.limit, 1))
}

// All iterates over every result from the page that the request asks for, the
// first by default, to the last:
//
//	for item, err := range endpoint.All(ctx, client, nil) {
//		if err != nil {
//			return err
//		}
//		…
//	}
//
// It asks for a page when the one before it is used up, and ends at the first
// empty page: a short page may be followed by others. Without
// PageParams.PerPage it asks for 1,000 results per page, for the fewest round
// trips. It reads the request when a loop starts and leaves it as it is, can be
// ranged over again, and stops all work when the loop ends.
//
// An error comes once, as a [*PageError] with the number of the page, after all
// items of the pages before it, and ends the iteration. [ErrPageRepeated] is one
// of them. A context that is done ends it before the next page.
func (e Endpoint[T]) All(ctx context.Context, c *Client, req PageRequest, opts ...IterOption) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		req, err := cloneRequest(req)
		if err != nil {
			yield(nil, &PageError{Page: DefaultPage, Err: err})
			return
		}
		params := req.pageParams()
		if params.Page == 0 {
			params.Page = DefaultPage
		}
		it, err := newIteration(opts)
		if err != nil {
			yield(nil, &PageError{Page: params.Page, Err: err})
			return
		}
		params.PerPage = it.perPage(params.PerPage)
		if err := params.Validate(); err != nil { // before the pages ahead of one below zero
			yield(nil, &PageError{params.Page, params.PerPage, err})
			return
		}
		fetch := func(ctx context.Context, number int) (*Page[T], uint64, error) {
			own, err := cloneRequest(req) // as pages may be fetched in parallel
			if err != nil {
				return nil, 0, err
			}
			own.pageParams().Page = number
			return e.fetch(ctx, c, own)
		}
		failed := iterate(ctx, &it, *params, fetch, yield)
		if failed == nil {
			return
		}
		// What is before the result window in the page that failed is delivered
		// whole, or not at all where something else fails, so that going on from
		// that page then repeats nothing.
		items, err := itemsBeforeWindow(ctx, it, failed, params, fetch)
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, &PageError{failed.Page, failed.PerPage, err})
		}
	}
}

// itemsBeforeWindow gets the items that are before the result window and in the
// page that failed because it reaches past it. The error is what ends the
// iteration: that of the page, unless something else goes wrong.
func itemsBeforeWindow[T any](ctx context.Context, it iteration, failed *PageError, params *PageParams, fetch fetcher[T]) (items []*T, err error) {
	last := failed
	for last != nil {
		smaller, ok := beforeWindow(last)
		if !ok && errors.Is(last, ErrResultWindow) {
			return items, failed.Err
		} else if !ok {
			return nil, last.Err
		}
		*params = smaller
		last = iterate(ctx, &it, *params, fetch, func(item *T, _ error) bool {
			items = append(items, item)
			return true
		})
	}
	return items, nil
}

// fetcher gets a page by its number, and the checksum of its results.
type fetcher[T any] func(ctx context.Context, number int) (*Page[T], uint64, error)

// iterate is the engine of every iterator: it fetches page after page, from
// params.Page until one is empty, and yields their items. It returns the error
// that ended it, and takes what it yielded off it.limit.
func iterate[T any](ctx context.Context, it *iteration, params PageParams, fetch fetcher[T], yield func(*T, error) bool) *PageError {
	if ctx == nil {
		return &PageError{params.Page, params.PerPage, errNilContext}
	}
	ctx, cancel := context.WithCancel(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel()

	type result struct {
		page     *Page[T]
		checksum uint64
		err      error
	}
	var ahead []chan result // of the pages that have been asked for and not been looked at
	// ask asks for the pages from number on that could be needed for so many
	// items, were all of them full.
	ask := func(number, items int) {
		for len(ahead) < it.prefetch && len(ahead)*params.PerPage < items {
			number, answer := number+len(ahead), make(chan result, 1)
			ahead = append(ahead, answer)
			workers.Go(func() {
				page, checksum, err := fetch(ctx, number)
				answer <- result{page, checksum, err}
			})
		}
	}

	var checksum uint64 // of the page before
	for number := params.Page; it.limit > 0; number++ {
		var r result
		if it.prefetch == 0 {
			r.page, r.checksum, r.err = fetch(ctx, number)
		} else {
			ask(number, it.limit)
			r, ahead = <-ahead[0], ahead[1:]
		}
		switch {
		case r.err != nil:
			return &PageError{number, params.PerPage, r.err}
		case ctx.Err() != nil: // while a page fetched ahead was waiting
			return &PageError{number, params.PerPage, contextError(ctx)}
		case len(r.page.Items) == 0:
			return nil
		case number > params.Page && r.checksum == checksum:
			return &PageError{number, params.PerPage, ErrPageRepeated}
		}
		checksum = r.checksum
		ask(number+1, it.limit-len(r.page.Items))
		for _, item := range r.page.Items {
			if it.limit--; !yield(item, nil) {
				return nil
			}
			if it.limit == 0 {
				return nil
			}
		}
	}
	return nil
}

// beforeWindow gives the page of the results that lie before the result window
// and in the page that failed because it reaches past it: a page counts in units
// of its size, so only a size that divides the number of results before it will do.
func beforeWindow(failed *PageError) (PageParams, bool) {
	var e *Error
	if !errors.As(failed.Err, &e) {
		return PageParams{}, false
	}
	window, _ := e.resultWindow()
	before := int64(failed.Page-1) * int64(failed.PerPage)
	if window-before >= int64(failed.PerPage) {
		return PageParams{}, false
	}
	for size := window - before; size > 0; size-- {
		if before%size == 0 {
			return PageParams{Page: int(before/size) + 1, PerPage: int(size)}, true
		}
	}
	return PageParams{}, false
}

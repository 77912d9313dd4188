package clarifai

import (
	"cmp"
	"context"
	"errors"
	"hash/maphash"
	"iter"
	"math"
	"reflect"
	"sync"
)

// iteration is the state of one loop over an iterator.
type iteration struct {
	prefetch int
	limit    int           // number of items still to be yielded
	request  any           // copy of the caller's request
	cursor   cursorRequest // request, if it is a cursorRequest
	params   PageParams    // first page, and the size of all pages
}

// newIteration returns the state of a new loop. If it returns an error, the state still
// has the params that the caller needs for a [PageError].
func newIteration(ctx context.Context, req any, opts []IterOption) (*iteration, error) {
	it := &iteration{limit: math.MaxInt, params: PageParams{Page: DefaultPage}}
	if err := checkRequest(reflect.TypeOf(req)); err != nil {
		return it, err
	}
	it.request = detach(req)
	switch req := it.request.(type) {
	case PageRequest:
		it.params = *req.pageParams()
		it.params.Page = cmp.Or(it.params.Page, DefaultPage)
	case cursorRequest:
		it.cursor, it.params.PerPage = req, *req.pageSize()
	}
	for _, opt := range opts {
		if opt == nil {
			return it, &ArgumentError{Argument: "IterOption", Reason: "must not be nil"}
		}
		if err := opt(it); err != nil {
			return it, err
		}
	}
	if it.cursor != nil {
		it.prefetch = 0
	}
	if it.params.PerPage == 0 {
		it.params.PerPage = min(MaxPerPage, it.limit)
	}
	if ctx == nil {
		return it, errNilContext
	}
	if writes(reflect.ValueOf(it.request).Elem()) {
		return it, &ArgumentError{Argument: "save", Value: true, Reason: "must be false in an iterator, because the search would be saved once for each page; call PostInputsSearches or PostAnnotationsSearches"}
	}
	return it, it.params.Validate()
}

// at returns a copy of the request for the given page.
func (it *iteration) at(number int) any {
	original := reflect.ValueOf(it.request).Elem()
	own := reflect.New(original.Type())
	own.Elem().Set(original)
	req := own.Interface()
	switch req := req.(type) {
	case PageRequest:
		*req.pageParams() = PageParams{Page: number, PerPage: it.params.PerPage}
	case cursorRequest:
		*req.pageSize() = it.params.PerPage
	}
	return req
}

// pages returns an iterator over pages. All iterators of the package use it.
func pages[P interface{ page() *Page[T] }, T any](ctx context.Context, req any, opts []IterOption, list func(context.Context, any) (P, error)) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) {
		var failed *PageError
		it, err := newIteration(ctx, req, opts)
		if err != nil {
			failed = &PageError{it.params.Page, it.params.PerPage, err}
		} else if failed = iterate(ctx, it, list, func(page P) bool { return yield(page, nil) }); failed != nil {
			// The failed page may start within the result window and end past it. Its
			// results within the window are then fetched as smaller pages. If another
			// error occurs, no smaller page is delivered: the caller may resume from
			// the failed page and must not get a result twice.
			var before []P
			before, failed.Err = pagesBeforeWindow(ctx, *it, failed, list)
			for _, page := range before {
				if !yield(page, nil) {
					return
				}
			}
		}
		if failed != nil && failed.Err != nil {
			var none P
			yield(none, failed)
		}
	}
}

// iterate fetches pages, from it.params.Page to the first empty page, and yields them.
// It subtracts the number of yielded items from it.limit, and returns the error that
// ended the iteration.
func iterate[P interface{ page() *Page[T] }, T any](ctx context.Context, it *iteration, list func(context.Context, any) (P, error), yield func(P) bool) *PageError {
	ctx, cancel := context.WithCancel(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel()

	type result struct {
		page     P
		err      error
		panicked any
	}
	fetch := func(number int) (r result) {
		r.page, r.err = list(ctx, it.at(number))
		if v := reflect.ValueOf(r.page); r.err == nil && (v.Kind() == reflect.Pointer && v.IsNil() || r.page.page() == nil) {
			r.err = &ArgumentError{Argument: "list", Reason: "must return a page or an error"}
		}
		return r
	}
	var ahead []chan result // results of the requested pages, in order
	// ask requests further pages until it.prefetch pages are pending. It requests no
	// more pages than are needed for the given number of items. number is the page
	// number of the first pending page.
	ask := func(number, items int) {
		for len(ahead) < it.prefetch && len(ahead)*it.params.PerPage < items {
			number, answer := number+len(ahead), make(chan result, 1)
			ahead = append(ahead, answer)
			workers.Go(func() {
				r := result{err: errGoexit} // replaced if fetch returns
				defer func() {
					r.panicked = recover()
					answer <- r
				}()
				r = fetch(number)
			})
		}
	}

	seen := map[uint64]bool{} // earlier pages, by checksum or cursor
	if it.cursor != nil {
		seen[maphash.String(checksumSeed, it.cursor.cursor())] = true
	}
	var held []P // at most one page, which has the same results as an earlier one
	fail := func(number int, err error) *PageError { return &PageError{number, it.params.PerPage, err} }
	deliver := func(number int, page P) (more bool) {
		p := page.page()
		p.Number, p.PerPage = number, it.params.PerPage
		if len(p.Items) > it.limit {
			p.Items = p.Items[:it.limit:it.limit]
		}
		it.limit -= len(p.Items)
		return yield(page)
	}
	for number := it.params.Page; it.limit > 0; number++ {
		waiting := 0 // items of the page held back
		if held != nil {
			waiting = len(held[0].page().Items)
		}
		var r result
		if it.prefetch == 0 {
			r = fetch(number)
		} else {
			ask(number, max(it.limit-waiting, 1)) // the next page decides whether the held page is delivered
			r, ahead = <-ahead[0], ahead[1:]
		}
		if r.panicked != nil {
			panic(r.panicked)
		}
		count, repeated := 0, false
		if r.err == nil {
			count = len(r.page.page().Items)
		}
		if count > 0 {
			p := r.page.page()
			repeated, r.err = it.repeats(seen, p.checksum, p.Items[count-1])
		}
		done := ctx.Err() != nil
		if done && r.err == nil { // the page was fetched before the context was done
			r.err = contextError(ctx)
		}
		switch {
		case held != nil && done:
			return fail(number-1, r.err)
		case held != nil && repeated:
			return fail(number-1, ErrPageRepeated)
		case r.err == nil && repeated && it.cursor != nil:
			return fail(number, ErrPageRepeated)
		case r.err == nil && count > 0:
			ask(number+1, it.limit-waiting-count)
		}
		if held != nil {
			if !deliver(number-1, held[0]) {
				return nil
			}
			held = nil
		}
		switch {
		case r.err != nil:
			return fail(number, r.err)
		case count == 0 || it.limit == 0:
			return nil
		case repeated:
			held = []P{r.page}
		case !deliver(number, r.page):
			return nil
		}
	}
	return nil
}

// errGoexit is the error of a page whose goroutine did not return.
var errGoexit = errors.New(prefix + "the goroutine that fetched the page called runtime.Goexit, as t.Fatal does in a transport or a responder of a test")

// repeats records a page, and reports whether it has the same results as an earlier
// one. If there is a cursor, repeats moves it past the last result.
func (it *iteration) repeats(seen map[uint64]bool, checksum uint64, last any) (bool, error) {
	if it.cursor != nil {
		if err := it.cursor.follow(last); err != nil {
			return false, err
		}
		checksum = maphash.String(checksumSeed, it.cursor.cursor())
	}
	repeated := checksum != 0 && seen[checksum]
	seen[checksum] = true
	return repeated, nil
}

// pagesBeforeWindow fetches the results of the failed page that are within the result
// window, as smaller pages. The returned error is the error of the failed page, or nil if
// the smaller pages complete the iteration. If fetching them fails for another reason,
// only that error is returned.
func pagesBeforeWindow[P interface{ page() *Page[T] }, T any](ctx context.Context, it iteration, failed *PageError, list func(context.Context, any) (P, error)) (pages []P, err error) {
	for last := failed; last != nil; {
		smaller, ok := beforeWindow(last)
		if !ok && errors.Is(last, ErrResultWindow) {
			return pages, failed.Err
		} else if !ok {
			return nil, last.Err
		}
		it.params = smaller
		last = iterate(ctx, &it, list, func(page P) bool {
			pages = append(pages, page)
			return true
		})
	}
	return pages, nil
}

// beforeWindow returns the largest page that starts where the failed page starts and
// does not exceed the result window. A page starts after (Page-1)*PerPage results, so
// PerPage must divide the number of results that precede the failed page.
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

// Package clarifaitest is for the tests of whoever uses package clarifai: it
// provides a Clarifai app in memory, and clients that talk to it and to nothing
// else. A whole test:
//
//	func TestCountsPeople(t *testing.T) {
//		app := clarifaitest.NewApp()
//		app.AddInputs(
//			&clarifai.Input{ID: "a", Data: &clarifai.Data{Concepts: []clarifai.Concept{{ID: "people"}}}},
//			&clarifai.Input{ID: "b"},
//		)
//		if n, err := CountPeople(t.Context(), app.Client()); err != nil || n != 1 {
//			t.Fatalf("got %d people (%v), want 1", n, err)
//		}
//	}
//
// The app answers every operation that package clarifai has a method for, and
// ListConcepts and ListDatasetInputs besides, as the API does: it pages with the
// API's defaults and bounds, refuses query parameters and body fields that the
// API does not know, and reports errors with the API's codes. Of the two names
// that protobuf gives a field in JSON, it takes the documented one, such as
// per_page, alone. For any other operation, register a responder on
// [App.Transport].
//
// # One app
//
// Whatever user and app a request names, this app answers it. It asks for no
// token. It gives what it has in the order in which it was added.
//
// # Writes
//
// PostInputs answers that its inputs are pending, and is done with them at once:
// from then on their status is success. An ID that is taken, or twice in a
// request, fails with code 30100, unless it is to get a suffix, as -1. When some
// inputs of a request fail, the answer has the code 10010, when all do, 10020.
// There are no jobs that count the inputs added. To test how code waits for an
// input, add it with a status of your own, and add it again later with another.
//
// PatchInputs changes Data field by field. "overwrite" puts each field given in
// the place of the one there. "merge" does so too, but adds to objects key by key,
// and to lists: a concept, or whatever else has an ID, is merged with the one of
// the same ID, or of the same name where it has no ID, and the rest is appended.
// "remove" takes away the fields given: of objects the keys given, of lists what
// has the ID or the name. Inputs that do not exist fail with code 30102.
//
// DeleteInputs deletes nothing when one of the inputs does not exist. The
// annotations of an input go with it. StreamInputs goes on after an input that has
// been deleted meanwhile.
//
// A search with Save is kept under its ID, in the place of one that has it, and
// finds nothing until PostSearchesByID runs it as the search that it was posted as.
//
// # Annotations
//
// A search finds the annotations of [App.AddAnnotations], and with them what the
// inputs say themselves: an input's own concepts, regions and other labels count
// as one more annotation of it. So do its metadata and its place, when it has no
// annotation that they would go with: in a search, an annotation without metadata
// or a place of its own has those of its input. What inputs say themselves is found
// before the other annotations.
//
// A concept without a value has the value 1. A concept counts as present from 0.5
// on. One without a name is found by its ID, and one without an ID by its name.
//
// # Filters
//
// Every filter that package clarifai can build is decided, all those of a query
// are ANDed, and several concepts in one filter are too. A filter by a concept's
// absence or by anything negated holds for an input, in a search of inputs, when
// it holds for all its annotations. A box of coordinates does not cross the 180th
// meridian. What the API does not list as supported in a filter or a rank is
// refused with code 40002, as ignoring it would let a test pass that should not.
//
// # Ranks
//
// A rank by concept scores a hit with the value that the concept has there, or
// with 1 minus the value for a concept with the value 0 or a negated rank. A rank
// by likeness would need the API's models, so it has a stand-in that always
// gives the same: 1 for the very same input, image or text; where both have an
// embedding of the same length, their cosine similarity, scaled to 0 to 1; and
// otherwise a number below 0.99 made of a hash of the rank and the input's ID.
// The score of several ranks is their mean. Hits of the same score stay in the
// order in which they were added. Algorithm, metric and language change nothing.
package clarifaitest

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
	"golang.org/x/time/rate"
)

// App is a Clarifai app in memory. It is safe for concurrent use. [NewApp] makes
// one.
type App struct {
	transport *httpmock.MockTransport

	mu             sync.Mutex
	inputs         []*input // in the order of adding
	inputByID      map[string]*input
	inputsByID     []*input       // in the order of IDs; nil when it has to be made anew
	deleted        map[string]int // the serial numbers of deleted inputs, for cursors that stand on them
	annotations    []*annotation  // in the order of adding
	ofInput        map[string][]*annotation
	annotationKeys map[annotationKey]bool
	searches       []*savedSearch // in the order of saving
	serial         int            // of the last thing added
	resources      map[*kind]*collection
	made           string // when the app was made
	requests       []arrival
	faults         []*fault
	limiter        *rate.Limiter // nil means no limit
	window         int           // the most results that a search pages to; 0 means all
}

// NewApp returns an app that is empty.
func NewApp() *App {
	a := &App{
		transport:      httpmock.NewMockTransport(),
		inputByID:      make(map[string]*input),
		deleted:        make(map[string]int),
		ofInput:        make(map[string][]*annotation),
		annotationKeys: make(map[annotationKey]bool),
		resources:      make(map[*kind]*collection),
		made:           now().Format(time.RFC3339Nano),
	}
	a.transport.RegisterNoResponder(a.respond)
	return a
}

// Transport returns the app as a transport, for a client of your own:
//
//	clarifai.NewClient(clarifai.WithHTTPClient(&http.Client{Transport: app.Transport()}), …)
//
// It is the same one each time, and the one of [App.Client]. The app is its "no
// responder": a responder that you register comes first, and the app answers what
// no other one does.
func (a *App) Transport() *httpmock.MockTransport { return a.transport }

// Client returns a client of the app, which needs no network, no token and no
// environment. Options change what it is made with:
//
//	clarifai.WithPAT("clarifaitest-token")
//	clarifai.WithApp("user", "app")
//	clarifai.WithBaseURL("https://api.clarifai.com")
//	clarifai.WithRetry(…) // four times, after 1 ms
//
// Its transport is the app's, also with [clarifai.WithHTTPClient]. Client panics
// when [clarifai.NewClient] refuses an option.
func (a *App) Client(opts ...clarifai.Option) *clarifai.Client {
	all := []clarifai.Option{
		clarifai.WithPAT("clarifaitest-token"),
		clarifai.WithApp("user", "app"),
		clarifai.WithBaseURL("https://api.clarifai.com"),
		clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: 4, MinWait: time.Millisecond, MaxWait: time.Millisecond}),
	}
	all = append(all, opts...)
	all = append(all, clarifai.WithHTTPClient(&http.Client{Transport: a.transport}))
	client, err := clarifai.NewClient(all...)
	if err != nil {
		panic(fmt.Sprintf("clarifaitest: Client: %v", err))
	}
	return client
}

// Register puts the app behind [http.DefaultTransport], for code under test that
// makes a client of its own: it calls [httpmock.Activate], and the app answers what
// no other responder does and has a path of the API. The test that registers it
// deactivates it:
//
//	app.Register()
//	defer httpmock.DeactivateAndReset()
//
// or has httpmock do so, with httpmock.Activate(t) before Register. Like all of
// httpmock's default transport, it is not for parallel tests.
func (a *App) Register() {
	httpmock.Activate()
	httpmock.RegisterNoResponder(func(req *http.Request) (*http.Response, error) {
		if !strings.Contains(req.URL.Path, "/v2/") {
			return httpmock.ConnectionFailure(req)
		}
		return a.respond(req)
	})
}

// AddInputs adds copies of inputs, any number at once. An ID that the app has
// already replaces that input in its place; an empty one is made up. What the API
// would set is set when it is not: the status, to success, and the times, to now.
// It panics when an input is nil, or cannot be written as JSON.
//
// As with the API, DatasetIDs serve searches and are not given back.
func (a *App) AddInputs(inputs ...*clarifai.Input) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, in := range inputs {
		if in == nil {
			panic(fmt.Sprintf("clarifaitest: AddInputs: input %d is nil", i))
		}
		added := clone(in)
		a.setDefaults(added)
		a.putInput(added)
	}
}

// AddAnnotations adds copies of annotations of inputs, with an input's ID in
// InputID; the input may be added later, or not at all. For the rest it does as
// [App.AddInputs].
func (a *App) AddAnnotations(annotations ...*clarifai.Annotation) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, given := range annotations {
		if given == nil {
			panic(fmt.Sprintf("clarifaitest: AddAnnotations: annotation %d is nil", i))
		}
		added := clone(given)
		added.ID = cmp.Or(added.ID, a.newID())
		if added.Status == nil {
			added.Status = statusOf(clarifai.StatusAnnotationSuccess, "")
		}
		now := now()
		added.CreatedAt = cmp.Or(added.CreatedAt, &now)
		added.ModifiedAt = cmp.Or(added.ModifiedAt, added.CreatedAt)
		a.putAnnotation(newAnnotation(added))
	}
}

// SetResultWindow has searches refuse a page that reaches past so many results,
// as the API does, with an error that is a [clarifai.ErrResultWindow]. 0, the
// default, lets them page to the end.
func (a *App) SetResultWindow(results int) {
	if results < 0 {
		panic(fmt.Sprintf("clarifaitest: SetResultWindow: %d results", results))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.window = results
}

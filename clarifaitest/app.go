// Package clarifaitest provides an in-memory Clarifai app for tests of code that
// uses package clarifai. Its clients need no network and no token. A complete test:
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
// The app supports every operation that has a method in package clarifai. It pages
// with the API's defaults and bounds, rejects unknown query parameters and body
// fields, and reports errors with the API's codes. For other operations, register
// a responder on [App.Transport].
//
// The app accepts any user ID and app ID and requires no token.
//
// # Writes
//
// PostInputs returns inputs with the status pending; later requests return them with the
// status success. To test code that waits for an input, call [App.AddInputs] twice: first
// with a pending input, and later with the same input and the status success. An input
// fails with code 30100 if its ID occurs earlier in the request. It also fails if its ID
// already exists, unless the request asks for a suffix, such as -1. If some inputs of a
// request fail, the response has code 10010; if all fail, it has code 10020.
// InputsAddJobID is ignored.
//
// PatchInputs changes only the fields of Data that the request contains. The action
// "overwrite" replaces these fields. The action "merge" merges objects key by key. In a
// list, it merges elements with the same ID or name and appends all other elements. It
// replaces all other fields. The action "remove" removes fields, keys of objects and
// elements of lists. An input that does not exist fails with code 30102.
//
// If any of the inputs in a request does not exist, DeleteInputs fails and deletes
// nothing. The annotations of an input are deleted with it.
//
// A search with Save set is stored and returns no hits. PostSearchesByID runs it.
//
// # Lists
//
// By default, lists that the API sorts by time start with the newest item, and all other
// lists are in insertion order. Concepts and datasets are listed if they were added or
// if an input or annotation refers to them. Annotations by a model or a workflow are not
// trusted unless Trusted is set. A parameter with several values selects resources that
// match any of them, but model versions must have all of the given concepts. Only models
// with a FeaturedOrder are featured.
//
// # Searches
//
// The concepts, regions and other labels of an input together count as one annotation.
// Such annotations come before the annotations added with [App.AddAnnotations].
// Annotations inherit the metadata and the location of their input unless they have
// their own. A concept without a value has the value 1. A concept is present if its
// value is at least 0.5.
//
// All filters that package clarifai can build are supported. The filters of a query are
// ANDed. Within a filter, concepts are ORed, and so are input types. In a search of
// inputs, a filter must match at least one annotation of an input. A negated filter, or
// a filter for an absent concept, must match all annotations of the input. Fields that
// the API does not document as supported are rejected with code 40002.
//
// In a search ranked by concept, the score of a hit is the value of the concept. In a
// search ranked by similarity, the score is 1 if the hit and the rank have the same
// input ID, image or text. Otherwise, if they have embeddings of the same length, the
// score is the cosine similarity of the embeddings, scaled to the range 0 to 1. For any
// other hit, the score is a number below 0.99 that depends only on the rank and the ID
// of the input. In a search with several ranks, the score is the mean over all ranks.
// Hits with the same score are in insertion order. The Algorithm, the Metric and the
// Language of a search are ignored.
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

// App is an in-memory Clarifai app, made by [NewApp]. It is safe for concurrent
// use.
type App struct {
	transport *httpmock.MockTransport

	mu             sync.Mutex
	inputs         []*input // in insertion order
	inputByID      map[string]*input
	inputsByID     []*input       // in the order of IDs; nil if out of date
	deleted        map[string]int // serial numbers of deleted inputs, for cursors
	annotations    []*annotation  // in insertion order
	ofInput        map[string][]*annotation
	annotationKeys map[annotationKey]bool
	searches       []*savedSearch // in the order of saving
	serial         int            // the last one used
	resources      map[*kind]*collection
	made           string // when the app was made
	requests       []arrival
	faults         []*fault
	limiter        *rate.Limiter // nil means no limit
	window         int           // the result window of searches; 0 means no limit
}

// NewApp returns an empty app.
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

// Transport returns the app as a transport, for a custom client:
//
//	clarifai.NewClient(clarifai.WithHTTPClient(&http.Client{Transport: app.Transport()}), …)
//
// It always returns the same transport, which [App.Client] uses too. Responders
// registered on it take precedence over the app.
func (a *App) Transport() *httpmock.MockTransport { return a.transport }

// Client returns a client of the app. It needs no network, no token and no
// environment variables. The options override these:
//
//	clarifai.WithPAT("clarifaitest-token")
//	clarifai.WithApp("user", "app")
//	clarifai.WithBaseURL("https://api.clarifai.com")
//	clarifai.WithRetry(…) // four retries, 1 ms apart
//
// Its transport is always the app's, even if [clarifai.WithHTTPClient] is given.
// Client panics if [clarifai.NewClient] fails.
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

// Register is for code under test that makes its own client. It calls
// [httpmock.Activate] and makes the app answer API requests that are sent through
// [http.DefaultTransport]. Other responders take precedence. The test must deactivate
// httpmock:
//
//	app.Register()
//	defer httpmock.DeactivateAndReset()
//
// or call httpmock.Activate(t) before Register. As http.DefaultTransport is
// global, such tests cannot run in parallel.
func (a *App) Register() {
	httpmock.Activate()
	httpmock.RegisterNoResponder(func(req *http.Request) (*http.Response, error) {
		if !strings.Contains(req.URL.Path, "/v2/") {
			return httpmock.ConnectionFailure(req)
		}
		return a.respond(req)
	})
}

// AddInputs adds copies of inputs. An input with the ID of an existing one
// replaces it in place; an empty ID is replaced by a new one. A nil Status becomes
// success, a nil CreatedAt becomes the current time, and a nil ModifiedAt becomes
// CreatedAt. An input belongs to the datasets in its DatasetIDs. Like the API, the app
// never returns the DatasetIDs.
//
// AddInputs panics if an input is nil or cannot be encoded as JSON.
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

// AddAnnotations adds copies of annotations, as [App.AddInputs] does with inputs.
// InputID names the input, which need not exist. Annotations of different inputs may
// have the same ID.
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

// SetResultWindow limits how many results a search can page through. A page beyond
// the limit fails with an error that matches [clarifai.ErrResultWindow], as with the
// API. The default, 0, means no limit.
func (a *App) SetResultWindow(results int) {
	if results < 0 {
		panic(fmt.Sprintf("clarifaitest: SetResultWindow: invalid number of results %d", results))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.window = results
}

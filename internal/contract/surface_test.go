package contract

import (
	"context"
	"iter"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// clientOf returns an SDK client of the server.
func clientOf(t *testing.T, s *server) *clarifai.Client {
	t.Helper()
	client, err := clarifai.NewClient(
		clarifai.WithPAT("token"),
		clarifai.WithApp("USER", "APP"),
		clarifai.WithBaseURL(s.URL),
		clarifai.WithRetry(clarifai.RetryPolicy{}),
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.HTTPClient().CloseIdleConnections)
	return client
}

// twoPages responds with one result on the first page and none on the second. A method
// that gets a single resource returns an empty one.
func twoPages(method protoreflect.MethodDescriptor, request *dynamicpb.Message) (proto.Message, error) {
	response := success(method)
	if pagingOf(method.Input().Fields()) != notPaging {
		key, err := resultsOf(method)
		if err != nil || !isFirstPage(request) {
			return response, err
		}
		result := response.Mutable(key).List().AppendMutable().Message()
		// StreamInputs needs an ID to continue from.
		if id := result.Descriptor().Fields().ByName("id"); id != nil {
			result.Set(id, protoreflect.ValueOfString("first"))
		}
		return response, nil
	}
	fields := method.Output().Fields()
	for i := range fields.Len() {
		if field := fields.Get(i); field.Message() != nil && !field.IsList() {
			response.Mutable(field)
		}
	}
	return response, nil
}

func isFirstPage(request *dynamicpb.Message) bool {
	fields := request.Descriptor().Fields()
	if lastID := fields.ByName("last_id"); lastID != nil {
		return request.Get(lastID).String() != "first"
	}
	params := protoreflect.Message(request)
	if pagination := fields.ByName("pagination"); pagination != nil {
		params = request.Get(pagination).Message()
	}
	return params.Get(params.Descriptor().Fields().ByName("page")).Uint() <= 1
}

// each runs an iterator to its end and returns its error.
func each[T any](items iter.Seq2[*T, error]) error {
	for _, err := range items {
		if err != nil {
			return err
		}
	}
	return nil
}

// failure returns the error of a call and discards its result.
func failure[T any](_ T, err error) error { return err }

// methodCall is a call of a method of the SDK. Its requests are those that the
// operation must receive, in order and without user_app_id, which is always the same.
type methodCall struct {
	method    string // the name of a method of Client
	operation string
	call      func(context.Context, *clarifai.Client) error
	requests  []string
}

// everyMethod has a call of each method of the SDK.
var everyMethod = slices.Concat(inputsAndSearches, resources)

// twoLargePages are the requests of an iterator over one page of results.
var twoLargePages = []string{`{"page":1,"per_page":1000}`, `{"page":2,"per_page":1000}`}

var anySearch = []clarifai.Search{clarifai.NewSearch()}

// callEveryMethod makes the calls of everyMethod and returns the received calls of
// each.
func callEveryMethod(t *testing.T) [][]call {
	t.Helper()
	var all [][]call
	for _, test := range everyMethod {
		s := serve(t, twoPages)
		if err := test.call(t.Context(), clientOf(t, s)); err != nil {
			t.Errorf("%s: %v", test.method, err)
		}
		all = append(all, s.received())
	}
	return all
}

func TestEveryMethodSendsWhatWasSet(t *testing.T) {
	for i, calls := range callEveryMethod(t) {
		test := everyMethod[i]
		if len(calls) != len(test.requests) {
			t.Errorf("%s: %d requests, want %d", test.method, len(calls), len(test.requests))
			continue
		}
		for i, request := range test.requests {
			app := `{"user_app_id":{"user_id":"USER","app_id":"APP"}`
			if test.operation == "ListApps" {
				app = `{"user_app_id":{"user_id":"USER"}`
			}
			if request != "{}" {
				app += ","
			}
			checkCall(t, calls[i], test.operation, app+strings.TrimPrefix(request, "{"))
		}
	}
}

// notOperations are the exported methods of Client that send no request.
var notOperations = map[string]string{
	"App":        "makes a client",
	"HTTPClient": "returns the HTTP client",
	"String":     "prints a client",
	"GoString":   "prints a client",
	"Do":         "calls any operation",
}

func TestEveryMethodIsCalled(t *testing.T) {
	called := make(map[string]bool)
	for _, test := range everyMethod {
		called[test.method] = true
	}
	client := reflect.TypeFor[*clarifai.Client]()
	for i := range client.NumMethod() {
		name := client.Method(i).Name
		if _, ok := notOperations[name]; called[name] == ok {
			t.Errorf("%s must be in everyMethod or in notOperations", name)
		}
		delete(called, name)
	}
	for name := range called {
		t.Errorf("%s is in everyMethod, but is not a method of Client", name)
	}
}

// neverSet are the fields of requests that the SDK never sets, with reasons.
var neverSet = map[protoreflect.FullName]string{
	"clarifai.api.ListAnnotationsRequest.statuses":        "a repeated message, which a query cannot hold",
	"clarifai.api.ListDatasetsRequest.id":                 "deprecated",
	"clarifai.api.ListModelsRequest.name":                 "deprecated",
	"clarifai.api.ListModelsRequest.query":                "deprecated",
	"clarifai.api.ListModelsRequest.filter_by_user_id":    "deprecated",
	"clarifai.api.ListModelsRequest.dont_fetch_from_main": "deprecated",
	"clarifai.api.ListWorkflowsRequest.id":                "deprecated",
	"clarifai.api.ListWorkflowsRequest.query":             "deprecated",
	"clarifai.api.ListWorkflowsRequest.search_term":       "deprecated",
	"clarifai.api.ListAppsRequest.id":                     "deprecated",
	"clarifai.api.ListAppsRequest.name":                   "deprecated",
	"clarifai.api.ListAppsRequest.query":                  "deprecated",
}

// This test fails when the API adds a field to a request, because no call sets it.
func TestEveryFieldOfARequestCanBeSet(t *testing.T) {
	missing := make(map[protoreflect.FullName]bool)
	var set []protoreflect.FullName
	for _, calls := range callEveryMethod(t) {
		for _, call := range calls {
			fields := call.request.Descriptor().Fields()
			for i := range fields.Len() {
				if oneof := fields.Get(i).ContainingOneof(); oneof == nil { // only one of its fields can be set
					missing[fields.Get(i).FullName()] = true
				}
			}
			call.request.Range(func(field protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
				set = append(set, field.FullName())
				return true
			})
		}
	}
	for _, name := range set {
		delete(missing, name)
	}
	for name, reason := range neverSet {
		if !missing[name] {
			t.Errorf("%s (%s) is set, or is not a field of a request", name, reason)
		}
		delete(missing, name)
	}
	for name := range missing {
		t.Errorf("%s is never set", name)
	}
}

// The SDK uses the documented paths, not those that the definition keeps for
// compatibility.
func TestEveryMethodUsesTheDocumentedPath(t *testing.T) {
	for _, test := range everyMethod {
		documented := endpointOf(t, test.operation).routes[0]
		s := serve(t, twoPages)
		client := clientOf(t, s)
		sent := &recorder{next: client.HTTPClient().Transport}
		client.HTTPClient().Transport = sent
		if err := test.call(t.Context(), client); err != nil {
			t.Errorf("%s: %v", test.method, err)
		}
		want := strings.NewReplacer("{user_id}", "USER", "{app_id}", "APP").Replace(documented.path())
		for _, got := range sent.requests {
			if verb, path, _ := strings.Cut(got, " "); verb != documented.verb || !matches(want, path) {
				t.Errorf("%s sent %s, want %s %s", test.method, got, documented.verb, want)
			}
		}
	}
}

// matches reports whether an escaped path matches the template.
func matches(template, path string) bool {
	return slices.EqualFunc(strings.Split(template, "/"), strings.Split(path, "/"), func(want, got string) bool {
		return want == got || strings.HasPrefix(want, "{")
	})
}

// recorder records the verb and the path of each request.
type recorder struct {
	next     http.RoundTripper
	requests []string
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	r.requests = append(r.requests, request.Method+" "+request.URL.EscapedPath())
	return r.next.RoundTrip(request)
}

package contract

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// The tests in the files alike_*_test.go compare the app of package clarifaitest with
// the strict server, so that a test that passes with the app also passes with the
// server.

// content is the content of both the app and the server. The inputs are in the dataset
// "d", and each has an annotation with the same ID. Each kind of resource has one
// resource for each of the IDs, including versions of the dataset "d" and of the model
// "m".
type content struct {
	inputs    []string // in the order of adding, which differs from the order of IDs
	failed    string   // the input that failed; the others succeeded
	searches  []string
	resources []string
}

// manyOf returns content with n of each kind.
func manyOf(n int) content {
	const step = 7919 // a prime, to shuffle the IDs
	var c content
	for i := range n {
		c.inputs = append(c.inputs, fmt.Sprintf("i%05d", i*step%n))
		c.searches = append(c.searches, fmt.Sprintf("s%05d", i*step%n))
		c.resources = append(c.resources, fmt.Sprintf("r%05d", i*step%n))
	}
	return c
}

// app returns an app with the content.
func (c content) app(t *testing.T) *clarifaitest.App {
	t.Helper()
	app := clarifaitest.NewApp()
	for _, id := range c.inputs {
		app.AddInputs(&clarifai.Input{ID: id, Status: &clarifai.Status{Code: c.status(id)}, DatasetIDs: []string{"d"}})
		app.AddAnnotations(&clarifai.Annotation{ID: id, InputID: id})
	}
	for _, id := range c.resources {
		app.AddConcepts(&clarifai.Concept{ID: id})
		app.AddDatasetVersions("d", &clarifai.DatasetVersion{ID: id})
		app.AddDatasets(&clarifai.Dataset{ID: id})
		app.AddModelVersions("m", &clarifai.ModelVersion{ID: id})
		app.AddModels(&clarifai.Model{ID: id})
		app.AddWorkflows(&clarifai.Workflow{ID: id})
		app.AddApps(&clarifai.App{ID: id})
	}
	if len(c.searches) == 0 {
		return app
	}
	var save []clarifai.Search
	for _, id := range c.searches {
		save = append(save, clarifai.Search{ID: id, Save: true, Query: &clarifai.Query{}})
	}
	if _, err := app.Client().PostAnnotationsSearches(t.Context(), &clarifai.PostAnnotationsSearchesRequest{Searches: save}); err != nil {
		t.Fatal(err)
	}
	return app
}

func (c content) status(inputID string) clarifai.StatusCode {
	if inputID == c.failed {
		return clarifai.StatusInputFailed
	}
	return clarifai.StatusInputSuccess
}

// idOf is the path of the ID in a result of an operation.
var idOf = map[string]string{
	"ListInputs":              "id",
	"StreamInputs":            "id",
	"ListSearches":            "id",
	"PostInputsSearches":      "input.id",
	"PostAnnotationsSearches": "annotation.id",
	"PostSearchesByID":        "annotation.id",
	"ListAnnotations":         "id",
	"ListConcepts":            "id",
	"PostConceptsSearches":    "id",
	"ListDatasets":            "id",
	"ListDatasetInputs":       "input.id",
	"ListDatasetVersions":     "id",
	"ListModels":              "id",
	"ListModelVersions":       "id",
	"ListWorkflows":           "id",
	"ListApps":                "id",
}

// firstOf is the first result of an operation that also returns a resource outside the
// content: the app itself, or the parent of the versions.
var firstOf = map[string]string{"ListApps": "app", "ListDatasets": "d", "ListModels": "m"}

// behave pages as the API documents. Operations that do not page succeed.
func (c content) behave(method protoreflect.MethodDescriptor, request *dynamicpb.Message) (proto.Message, error) {
	name := string(method.Name())
	if idOf[name] == "" {
		return twoPages(method, request)
	}
	ids := c.inputs
	switch name {
	case "ListSearches":
		ids = c.searches
	case "ListInputs":
		ids = c.filtered(request)
	case "ListConcepts", "PostConceptsSearches", "ListDatasetVersions", "ListModelVersions", "ListWorkflows":
		ids = c.resources
	case "ListApps", "ListDatasets", "ListModels":
		ids = append([]string{firstOf[name]}, c.resources...)
	}
	page, err := c.page(name, ids, request)
	if err != nil {
		return nil, err
	}
	key, err := resultsOf(method)
	if err != nil {
		return nil, err
	}
	response := success(method)
	for _, id := range page {
		if err := setString(response.Mutable(key).List().AppendMutable().Message(), idOf[name], id); err != nil {
			return nil, err
		}
	}
	return response, nil
}

// filtered returns the inputs that ListInputs lists.
func (c content) filtered(request *dynamicpb.Message) []string {
	fields := request.Descriptor().Fields()
	wanted := request.Get(fields.ByName("ids")).List()
	status := request.Get(fields.ByName("status")).Message()
	code := clarifai.StatusCode(status.Get(status.Descriptor().Fields().ByName("code")).Enum())
	return slices.DeleteFunc(slices.Clone(c.inputs), func(id string) bool {
		if code != 0 && code != c.status(id) {
			return true
		}
		for i := range wanted.Len() {
			if wanted.Get(i).String() == id {
				return false
			}
		}
		return wanted.Len() > 0
	})
}

// page returns the IDs on the page that a request asks for.
func (c content) page(operation string, ids []string, request *dynamicpb.Message) ([]string, error) {
	params := protoreflect.Message(request)
	if pagination := request.Descriptor().Fields().ByName("pagination"); pagination != nil {
		params = request.Get(pagination).Message()
	}
	get := func(name protoreflect.Name) protoreflect.Value {
		return params.Get(params.Descriptor().Fields().ByName(name))
	}
	perPage := int(get("per_page").Uint())
	if perPage > 1000 {
		return nil, connect.NewError(connect.CodeInvalidArgument, errors.New("more than 1000 per page"))
	}
	if operation == "StreamInputs" {
		ids = slices.Clone(ids)
		if get("order_by_id").Bool() {
			slices.Sort(ids)
		}
		if get("descending").Bool() {
			slices.Reverse(ids)
		}
		if last := get("last_id").String(); last != "" {
			i := slices.Index(ids, last)
			if i < 0 {
				return nil, connect.NewError(connect.CodeNotFound, errors.New("no such input"))
			}
			ids = ids[i+1:]
		}
		return ids[:min(cmp.Or(perPage, 20), len(ids))], nil
	}
	page := cmp.Or(int(get("page").Uint()), 1)
	perPage = cmp.Or(perPage, 128)
	start := min((page-1)*perPage, len(ids))
	return ids[start:min(start+perPage, len(ids))], nil
}

// pair is an app and a server with the same content.
type pair struct {
	app    *clarifaitest.App
	server *server
}

func pairOf(t *testing.T, c content) pair {
	t.Helper()
	return pair{c.app(t), serve(t, c.behave)}
}

// clients returns a client of each.
func (p pair) clients(t *testing.T) (ofApp, ofServer *clarifai.Client) {
	t.Helper()
	return p.app.Client(clarifai.WithApp("USER", "APP"), clarifai.WithRetry(clarifai.RetryPolicy{})), clientOf(t, p.server)
}

// sendApp is like [send], but sends the request to the app.
func sendApp(t *testing.T, app *clarifaitest.App, verb, target, body string) (status int, response string) {
	t.Helper()
	return sendTo(t, &http.Client{Transport: app.Transport()}, "https://api.clarifai.com"+target, verb, body)
}

// readBy returns the requests that an app received, as the server decodes them.
func readBy(t *testing.T, s *server, requests []clarifaitest.Request) []call {
	t.Helper()
	var calls []call
	for _, r := range requests {
		body := ""
		if r.Body != nil {
			encoded, err := json.Marshal(r.Body)
			if err != nil {
				t.Fatal(err)
			}
			body = string(encoded)
		}
		before := len(s.received())
		target := url.URL{Path: r.Path, RawQuery: r.Query.Encode()}
		if status, response := send(t, s, r.Method, target.String(), body); status != http.StatusOK {
			t.Fatalf("%s %s %s: %d %s", r.Method, &target, body, status, response)
		}
		arrived := s.received()[before:]
		if len(arrived) != 1 || arrived[0].method != r.Operation {
			t.Fatalf("%s %s is %v for the server and %s for the app", r.Method, &target, arrived, r.Operation)
		}
		calls = append(calls, arrived[0])
	}
	return calls
}

// checkAlike fails the test unless the calls are equal.
func checkAlike(t *testing.T, app, server []call) {
	t.Helper()
	if len(app) != len(server) {
		t.Errorf("the app was called %d times, the server %d", len(app), len(server))
		return
	}
	for i := range app {
		if app[i].method != server[i].method || !proto.Equal(app[i].request, server[i].request) {
			t.Errorf("the app was called with %s\n%s\nthe server with %s\n%s", app[i].method, protojson.Format(app[i].request),
				server[i].method, protojson.Format(server[i].request))
		}
	}
}

// strictly decodes the response of an operation. Fields that are not in the definition
// fail the test.
func strictly(t *testing.T, operation, response string) *dynamicpb.Message {
	t.Helper()
	message := dynamicpb.NewMessage(endpointOf(t, operation).method.Output())
	if err := protojson.Unmarshal([]byte(response), message); err != nil {
		t.Fatalf("response of %s\n%s\n%v", operation, response, err)
	}
	if !message.Has(message.Descriptor().Fields().ByName("status")) {
		t.Fatalf("response of %s without a status: %s", operation, response)
	}
	return message
}

// idsIn returns the IDs of the results in a response.
func idsIn(t *testing.T, operation, response string) []string {
	t.Helper()
	message := strictly(t, operation, response)
	list := message.Get(endpointOf(t, operation).key).List()
	ids := []string{}
	for i := range list.Len() {
		result := list.Get(i).Message()
		names := strings.Split(idOf[operation], ".")
		for _, name := range names[:len(names)-1] {
			result = result.Get(result.Descriptor().Fields().ByName(protoreflect.Name(name))).Message()
		}
		ids = append(ids, result.Get(result.Descriptor().Fields().ByName("id")).String())
	}
	return ids
}

// listener records the responses to a client.
type listener struct {
	next    http.RoundTripper
	answers []string
}

func listen(client *clarifai.Client) *listener {
	l := &listener{next: client.HTTPClient().Transport}
	client.HTTPClient().Transport = l
	return l
}

func (l *listener) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := l.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	l.answers = append(l.answers, string(body))
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

// every is the content that the calls of everyMethod need to succeed.
var every = content{
	inputs:    []string{"a&ids=b", "c d/e,f", "a", "b", "a b+ä", "a?b", "a b"},
	failed:    "a",
	searches:  []string{"s"},
	resources: []string{"a b", "d", "e", "m", "v", "w"},
}

// Every method succeeds with both, both receive the same requests, and the responses of
// the app conform to the definition.
func TestAppAndServerReceiveTheSameRequests(t *testing.T) {
	s := serve(t, every.behave)
	for _, test := range everyMethod {
		p := pair{every.app(t), s}
		saved := len(p.app.Requests())
		before := len(s.received())
		ofApp, ofServer := p.clients(t)
		heard := listen(ofApp)
		if err := test.call(t.Context(), ofApp); err != nil {
			t.Errorf("%s: the app: %v", test.method, err)
			continue
		}
		if err := test.call(t.Context(), ofServer); err != nil {
			t.Errorf("%s: the server: %v", test.method, err)
			continue
		}
		calls := s.received()[before:]
		checkAlike(t, readBy(t, s, p.app.Requests()[saved:]), calls)
		if len(calls) != len(test.requests) {
			t.Errorf("%s: %d requests, want %d", test.method, len(calls), len(test.requests))
		}
		for _, answer := range heard.answers {
			strictly(t, test.operation, answer)
		}
	}
}

// Both accept a search with any parts and decode it to the same request. The search in
// the response of the app is valid too.
func TestAppAcceptsEveryPart(t *testing.T) {
	p := pair{clarifaitest.NewApp(), serve(t, nil)}
	ofApp, ofServer := p.clients(t)
	heard := listen(ofApp)
	a := arguments{newFiller(7, nil)}
	names := slices.Sorted(maps.Keys(parts))
	for i := range 300 {
		var searches []clarifai.Search
		for range 1 + a.rand.IntN(3) {
			search, _ := randomSearch(a, names)
			searches = append(searches, search)
			for _, rank := range search.Query.Ranks {
				if id := rank.Annotation.InputID; id != "" {
					p.app.AddInputs(&clarifai.Input{ID: id}) // only existing inputs can be used in a rank
				}
			}
		}
		operation, call := "PostAnnotationsSearches", func(c *clarifai.Client) error {
			return failure(c.PostAnnotationsSearches(t.Context(), &clarifai.PostAnnotationsSearchesRequest{Searches: searches}))
		}
		if i%2 == 0 {
			operation, call = "PostInputsSearches", func(c *clarifai.Client) error {
				return failure(c.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: searches}))
			}
		}
		if err := errors.Join(call(ofApp), call(ofServer)); err != nil {
			encoded, _ := json.Marshal(searches)
			t.Fatalf("%v\n%s", err, encoded)
		}
		calls := p.server.received()
		checkAlike(t, readBy(t, p.server, []clarifaitest.Request{p.app.LastRequest()}), calls[len(calls)-1:])
		strictly(t, operation, heard.answers[i])
	}
}

// answered are the operations that the app supports.
func answered() map[string]bool {
	names := make(map[string]bool)
	for _, test := range everyMethod {
		names[test.operation] = true
	}
	return names
}

// Every route leads to the same operation in both, unless the app does not support it.
func TestAppHasTheRoutesOfItsOperations(t *testing.T) {
	app := clarifaitest.NewApp()
	names := answered()
	for _, e := range everyEndpoint(t) {
		want := string(e.method.Name())
		if !names[want] {
			want = ""
		}
		for _, r := range e.routes {
			sendApp(t, app, r.verb, variable.ReplaceAllString(r.template, "value"), "")
			if got := app.LastRequest().Operation; got != want {
				t.Errorf("%s %s is %q for the app, want %q", r.verb, r.template, got, want)
			}
		}
	}
}

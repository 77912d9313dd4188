package contract

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
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

// The tests in this file hold the app of package clarifaitest against the strict
// server: a test that passes with the one would pass with the other.

// content is what both the app and the server have: these inputs, an annotation
// of each that has its ID, and these saved searches.
type content struct {
	inputs   []string // in the order of adding, which is not that of the IDs
	failed   string   // the input that failed; the others succeeded
	searches []string
}

// manyOf gives content of n each.
func manyOf(n int) content {
	const step = 7919 // is prime, and so takes IDs in an order of its own
	var c content
	for i := range n {
		c.inputs = append(c.inputs, fmt.Sprintf("i%05d", i*step%n))
		c.searches = append(c.searches, fmt.Sprintf("s%05d", i*step%n))
	}
	return c
}

// app gives an app with the content.
func (c content) app(t *testing.T) *clarifaitest.App {
	t.Helper()
	app := clarifaitest.NewApp()
	for _, id := range c.inputs {
		app.AddInputs(&clarifai.Input{ID: id, Status: &clarifai.Status{Code: c.status(id)}})
		app.AddAnnotations(&clarifai.Annotation{ID: id, InputID: id})
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

// idOf is where a result of an operation has its ID.
var idOf = map[string]string{
	"ListInputs":              "id",
	"StreamInputs":            "id",
	"ListSearches":            "id",
	"PostInputsSearches":      "input.id",
	"PostAnnotationsSearches": "annotation.id",
	"PostSearchesByID":        "annotation.id",
}

// behave answers as the API documents that it pages. What does not page succeeds.
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

// filtered gives the inputs that ListInputs lists.
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

// page gives those of the IDs that a request asks for.
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

// pair is the app and the server with the same content.
type pair struct {
	app    *clarifaitest.App
	server *server
}

func pairOf(t *testing.T, c content) pair {
	t.Helper()
	return pair{c.app(t), serve(t, c.behave)}
}

// clients gives a client of each.
func (p pair) clients(t *testing.T) (ofApp, ofServer *clarifai.Client) {
	t.Helper()
	return p.app.Client(clarifai.WithApp("USER", "APP"), clarifai.WithRetry(clarifai.RetryPolicy{})), clientOf(t, p.server)
}

// sendApp sends a request to the app as [send] does to the server.
func sendApp(t *testing.T, app *clarifaitest.App, verb, target, body string) (status int, response string) {
	t.Helper()
	return sendTo(t, &http.Client{Transport: app.Transport()}, "https://api.clarifai.com"+target, verb, body)
}

// readBy gives requests that an app was sent, as the server reads them.
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
			t.Fatalf("%s %s is %v to the server, and %s to the app", r.Method, &target, arrived, r.Operation)
		}
		calls = append(calls, arrived[0])
	}
	return calls
}

// checkAlike fails the test unless the calls are the same.
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

// strictly reads what an operation answered; what the definition does not know is
// an error.
func strictly(t *testing.T, operation, response string) *dynamicpb.Message {
	t.Helper()
	message := dynamicpb.NewMessage(endpointOf(t, operation).method.Output())
	if err := protojson.Unmarshal([]byte(response), message); err != nil {
		t.Fatalf("%s answered\n%s\n%v", operation, response, err)
	}
	if !message.Has(message.Descriptor().Fields().ByName("status")) {
		t.Fatalf("%s answered without a status: %s", operation, response)
	}
	return message
}

// idsIn gives the IDs of the results in an answer.
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

// listener keeps what a client is answered.
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

// every is what each call of everyMethod needs to succeed.
var every = content{
	inputs:   []string{"a&ids=b", "c d/e,f", "a", "b", "a b+ä", "a?b"},
	failed:   "a",
	searches: []string{"s"},
}

// Every method succeeds with both, both read the same requests, and the app
// answers nothing that the definition does not know.
func TestAppIsCalledAsTheServerIs(t *testing.T) {
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

// Whatever parts a search is made of, both take it, and read the same. What the
// app repeats of it is valid too.
func TestAppTakesEveryPart(t *testing.T) {
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
					p.app.AddInputs(&clarifai.Input{ID: id}) // only what exists can be ranked by
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

// fakeOnly are the operations that the app answers beside those of everyMethod.
var fakeOnly = []string{"ListConcepts", "ListDatasetInputs"}

// answered are the operations that the app answers.
func answered() map[string]bool {
	names := make(map[string]bool)
	for _, test := range everyMethod {
		names[test.operation] = true
	}
	for _, name := range fakeOnly {
		names[name] = true
	}
	return names
}

// Every route leads to the same operation in both, or to none in the app.
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
				t.Errorf("%s %s is %q to the app, want %q", r.verb, r.template, got, want)
			}
		}
	}
}

const appURL = "/v2/users/USER/apps/APP"

// What the definition rejects, the app refuses, with the same HTTP status.
func TestAppRefusesWhatTheDefinitionRejects(t *testing.T) {
	p := pairOf(t, every)
	for _, test := range []struct{ verb, target, body string }{
		// Queries.
		{"GET", "/inputs?pages=2", ""},
		{"GET", "/inputs?page=two", ""},
		{"GET", "/inputs?page=", ""},
		{"GET", "/inputs?page=-1", ""},
		{"GET", "/inputs?page=%2B2", ""},
		{"GET", "/inputs?page=2.5", ""},
		{"GET", "/inputs?page=0x2", ""},
		{"GET", "/inputs?page=4294967296", ""},
		{"GET", "/inputs?per_page=1001", ""},
		{"GET", "/inputs?per_page=4294967295", ""},
		{"GET", `/inputs?per_page="20"`, ""},
		{"GET", "/inputs?pagination.page=2", ""},
		{"GET", "/inputs?Page=2", ""},
		{"GET", "/inputs?id=a", ""},
		{"GET", "/inputs?ids.0=a", ""},
		{"GET", "/inputs?ids[]=a", ""},
		{"GET", "/inputs?status=30000", ""},
		{"GET", "/inputs?status_code=30000", ""},
		{"GET", "/inputs?status.code=", ""},
		{"GET", "/inputs?status.code=NO_SUCH_CODE", ""},
		{"GET", "/inputs?status.code=2147483648", ""},
		{"GET", "/inputs?status.code=input_download_success", ""},
		{"GET", "/inputs?status.code.name=30000", ""},
		{"GET", "/inputs/a?page=1", ""},
		{"GET", "/inputs/status?page=1", ""},
		{"GET", "/inputs/stream?page=1", ""},
		{"GET", "/inputs/stream?per_page=1001", ""},
		{"GET", "/inputs/stream?order_by_id=1", ""},
		{"GET", "/inputs/stream?order_by_id=yes", ""},
		{"GET", "/inputs/stream?order_by_id=TRUE", ""},
		{"GET", "/inputs/stream?descending=", ""},
		{"GET", "/inputs/stream?last_id=none", ""},
		{"GET", "/searches?id=s", ""},
		{"GET", "/searches/s?page=1", ""},
		{"GET", "/concepts?ids=a", ""},
		{"GET", "/concepts?per_page=x", ""},
		{"GET", "/datasets/d/inputs?ids=a", ""},
		{"DELETE", "/inputs/a?force=true", ""},
		{"DELETE", "/searches/s?force=true", ""},
		// A query where the fields belong in the body, and the other way round.
		{"POST", "/inputs/searches?page=2", `{"searches":[{}]}`},
		{"POST", "/inputs/searches?pagination.page=2", `{"searches":[{}]}`},
		{"POST", "/annotations/searches?page=2&per_page=20", `{"searches":[{}]}`},
		{"POST", "/searches/s?page=2", `{}`},
		{"POST", "/inputs?inputs_add_job_id=j", `{"inputs":[{}]}`},
		{"DELETE", "/inputs?ids=a", `{"ids":["a"]}`},
		{"GET", "/inputs", `{"page":2}`},
		{"GET", "/inputs", `{}`},
		{"GET", "/inputs/a", `{}`},
		{"GET", "/searches", `{}`},
		{"DELETE", "/inputs/a", `{}`},
		{"DELETE", "/searches/s", `{}`},
		// Bodies.
		{"POST", "/inputs/searches", `{"searches":`},
		{"POST", "/inputs/searches", `{"searches":[{}]} {}`},
		{"POST", "/inputs/searches", `[]`},
		{"POST", "/inputs/searches", `"searches"`},
		{"POST", "/inputs/searches", `null`},
		{"POST", "/inputs/searches", `{"searches":[{}],}`},
		{"POST", "/inputs/searches", `{'searches':[{}]}`},
		{"POST", "/inputs/searches", "{\"searches\":[{\"name\":\"\xff\"}]}"},
		{"POST", "/inputs/searches", `{"searches":[{"name":"\ud800"}]}`},
		{"POST", "/inputs/searches", `{"searches":[{"name":"\udc00\ud800"}]}`},
		{"POST", "/inputs/searches", `{"searchs":[{}]}`},
		{"POST", "/inputs/searches", `{"Searches":[{}]}`},
		{"POST", "/inputs/searches", `{"searches":{}}`},
		{"POST", "/inputs/searches", `{"searches":[null]}`},
		{"POST", "/inputs/searches", `{"searches":[[]]}`},
		{"POST", "/inputs/searches", `{"searches":["a"]}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"searches":[{}]}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"page":2}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"per_page":2}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":2}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":[]}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":-1}}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":1.5}}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":"two"}}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":""}}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":" 2"}}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":true}}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":[2]}}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":4294967296}}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":1,"page":2}}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"per_page":1001}}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"size":20}}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"only_count":1}`},
		{"POST", "/inputs/searches", `{"searches":[{}],"only_count":"true"}`},
		{"POST", "/annotations/searches", `{"searches":[{}],"only_count":true}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filter":[]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filters":{}}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filters":[{"annotation":{"data":{"concept":[]}}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":1}]}}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"a","value":"high"}]}}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"a","value":1e39}]}}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filters":[{"annotation":{"data":{"metadata":[]}}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filters":[{"annotation":{"data":{"metadata":"a"}}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filters":[{"annotation":{"status":{"code":"NO_SUCH_CODE"}}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filters":[{"annotation":{"status":{"code":"30000"}}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filters":[{"annotation":{"status":30000}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filters":[{"annotation":{"input_id":null,"negate":"yes"}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filters":[{"last_updated_time_range":{"start_time":"yesterday"}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filters":[{"last_updated_time_range":{"start_time":1767225600}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filters":[{"last_updated_time_range":{"start_time":"0000-01-01T00:00:00Z"}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"filters":[{"last_updated_time_range":{"start_time":"2026-01-01"}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"ranks":[{"annotation":{"data":{"image":{"base64":"!"}}}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"ranks":[{"annotation":{"data":{"embeddings":[{"vector":[1,null]}]}}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"query":{"ranks":[{"annotation":{"data":{"embeddings":[{"vector":"1"}]}}}]}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"metric":"NO_SUCH_METRIC"}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"metric":"2"}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"metric":1.5}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"metric":2147483648}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"min_value":-1e39}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"save":0}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"visibility":{"gettable":"EVERYONE"}}]}`},
		{"POST", "/annotations/searches", `{"searches":[{"visibility":50}]}`},
		{"POST", "/searches/s", `{"searches":[{}]}`},
		{"POST", "/searches/s", `{"pagination":{"page":"x"}}`},
		{"POST", "/inputs", `{"inputs":{}}`},
		{"POST", "/inputs", `{"inputs":[{"ID":"x"}]}`},
		{"POST", "/inputs", `{"inputs":[{"id":7}]}`},
		{"POST", "/inputs", `{"inputs":[{"data":{"image":"https://example.com/a.jpg"}}]}`},
		{"POST", "/inputs", `{"inputs":[{"data":{"int_value":1.5}}]}`},
		{"POST", "/inputs", `{"inputs":[{"dataset_ids":"d"}]}`},
		{"POST", "/inputs", `{"inputs":[{"dataset_ids":[null]}]}`},
		{"POST", "/inputs", `{"inputs":[{"dataset_ids":[1]}]}`},
		{"POST", "/inputs", `{"inputs":[{}],"input_id_conflict_resolution":"REPLACE"}`},
		{"POST", "/inputs", `{"inputs":[{}],"action":"merge"}`},
		{"PATCH", "/inputs", `{"inputs":[{"id":"a"}],"action":1}`},
		{"PATCH", "/inputs", `{"inputs":[{"id":"a"}],"actions":"merge"}`},
		{"DELETE", "/inputs", `{"id":"a"}`},
		{"DELETE", "/inputs", `{"ids":"a"}`},
		{"DELETE", "/inputs", `{"ids":["a",2]}`},
		{"DELETE", "/inputs", `{"ids":["a",null]}`},
		// Paths and verbs.
		{"GET", "/input", ""},
		{"GET", "/inputs/", ""},
		{"GET", "/inputs/a/", ""},
		{"GET", "/Inputs", ""},
		{"GET", "//inputs", ""},
		{"GET", "/inputs/a/b", ""},
		{"GET", "/datasets//inputs", ""},
		{"GET", "/searches/s/t", ""},
		{"GET", "/annotations/searches", ""},
		{"PUT", "/inputs", `{}`},
		{"PUT", "/inputs/a", `{}`},
		{"PATCH", "/inputs/a", `{}`},
		{"HEAD", "/inputs", ""},
		{"POST", "/inputs/status", `{}`},
		{"POST", "/inputs/stream", `{}`},
		{"DELETE", "/inputs/searches/s", ""},
		{"DELETE", "/searches", ""},
		{"PUT", "/searches/s", `{}`},
	} {
		ofServer, answer := send(t, p.server, test.verb, appURL+test.target, test.body)
		if ofServer < 400 || ofServer >= 500 {
			t.Errorf("%s %s %s: the server: %d %s", test.verb, test.target, test.body, ofServer, answer)
		}
		ofApp, answer := sendApp(t, p.app, test.verb, appURL+test.target, test.body)
		if ofApp != ofServer {
			t.Errorf("%s %s %s: the app: %d %s, want %d", test.verb, test.target, test.body, ofApp, answer, ofServer)
		}
	}
}

// Why the app and the server may differ on a request that is odd but valid.
const (
	camelCase   = "the app knows the documented names alone, so that what it records has one name"
	twice       = "the server takes the last one; the app refuses, as nobody can mean both"
	asJSON      = "the server reads what is in a query as JSON"
	beyond      = "page times per_page is beyond 32 bits, which package clarifai never sends"
	otherCode   = "package clarifai does not name the codes of other resources"
	codeAlone   = "the app filters by the code alone, as package clarifai does"
	inPath      = "the path says it"
	reference   = "package clarifai refers to users by their ID, and the app does not know their fields"
	notANumber  = "package clarifai never sends it, and the app could not give it back"
	undecidable = "the API does not document it as supported, and the app refuses what it cannot decide"
	missing     = "the app has no such thing; the server does not look"
	rule        = "the app refuses it by a rule that the definition does not have, such as at least one search"
)

// What is odd but valid is taken or refused alike, and so read that it gives the
// same results, or it has a reason to differ.
func TestAppTakesWhatIsOdd(t *testing.T) {
	p := pairOf(t, manyOf(300))
	for _, test := range []struct{ verb, target, body, reason string }{
		{"GET", "/inputs?", "", ""},
		{"GET", "/inputs?page=0&per_page=0", "", ""},
		{"GET", "/inputs?page=2&page=3", "", twice},
		{"GET", "/inputs?page=2&page=2", "", twice},
		{"GET", "/inputs?perPage=20", "", camelCase},
		{"GET", "/inputs?per%5Fpage=20", "", ""},
		{"GET", "/inputs?page=%32", "", ""},
		{"GET", "/inputs?page=2&", "", ""},
		{"GET", "/inputs?&page=2", "", ""},
		{"GET", "/inputs?page", "", ""},
		{"GET", "/inputs?page=+2", "", asJSON},
		{"GET", "/inputs?page=2.0", "", ""},
		{"GET", "/inputs?page=2e0", "", ""},
		{"GET", "/inputs?page=-0", "", ""},
		{"GET", "/inputs?page=02", "", asJSON},
		{"GET", "/inputs?status.code=MODEL_TRAINED", "", otherCode},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"annotation":{"worker":{"user":{"id":"u","nam":"u"}}},"negate":true}]}}]}`, reference},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"annotation":{"status":{"code":"MODEL_TRAINED"}},"negate":true}]}}]}`, otherCode},
		{"GET", "/inputs?page=null", "", asJSON},
		{"GET", "/inputs?page=2%zz", "", ""},
		{"GET", "/inputs?page=2;per_page=20", "", ""},
		{"GET", "/inputs?page=4294967295&per_page=1000", "", beyond},
		{"GET", "/inputs?ids=", "", ""},
		{"GET", "/inputs?ids=i00001&ids=i00001", "", ""},
		{"GET", "/inputs?ids=i00001,i00002", "", ""},
		{"GET", "/inputs?status.code=30000", "", ""},
		{"GET", "/inputs?status.code=INPUT_DOWNLOAD_SUCCESS", "", ""},
		{"GET", "/inputs?status.code=INPUT_IMAGE_DOWNLOAD_SUCCESS", "", ""},
		{"GET", "/inputs?status.code=0", "", ""},
		{"GET", "/inputs?status.code=ZERO", "", ""},
		{"GET", "/inputs?status.code=123456", "", ""},
		{"GET", "/inputs?status.code=-1", "", ""},
		{"GET", "/inputs?status.description=a", "", codeAlone},
		{"GET", "/inputs?user_app_id.user_id=USER", "", inPath},
		{"GET", "/inputs/stream?order_by_id=true&orderById=true", "", camelCase},
		{"GET", "/inputs/stream?order_by_id=true&order_by_id=false", "", twice},
		{"GET", "/inputs/stream?lastId=i00001", "", camelCase},
		{"GET", "/inputs/stream?last_id=", "", ""},
		{"GET", "/inputs/stream?descending=false", "", ""},
		{"GET", "/inputs/stream?descending=null", "", asJSON},
		{"GET", "/inputs/searches", "", ""},
		{"GET", "/inputs/a%2Fb", "", ""},
		{"GET", "/inputs/a:b", "", ""},
		{"GET", "/inputs/stream/", "", ""},
		{"GET", "/%69nputs", "", ""},
		{"GET", "/inputs/%69%30%30%30%30%31", "", ""},
		{"GET", "/searches?per_page=20", "", ""},
		{"POST", "/inputs/searches", "", rule},
		{"POST", "/inputs/searches", "{}", rule},
		{"POST", "/inputs/searches?", `{"searches":[{}]}`, ""},
		{"POST", "/inputs/searches", ` {"searches" : [ { } ] }` + "\n", ""},
		{"POST", "/inputs/searches", "\ufeff" + `{"searches":[{}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":null}`, rule},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":null}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":null,"per_page":null}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":0,"per_page":0}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":"2","per_page":"20"}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":2.0,"per_page":2e1}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":"2.0"}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":-0}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"perPage":20}}`, camelCase},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"perPage":20,"per_page":20}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"onlyCount":false}`, camelCase},
		{"POST", "/inputs/searches", `{"searches":[{}],"only_count":null}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"user_app_id":{"user_id":"USER"}}`, inPath},
		{"POST", "/inputs/searches", `{"searches":[{"metric":2}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"metric":2.0}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"metric":99}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"metric":null}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"minValue":"0.5"}]}`, camelCase},
		{"POST", "/inputs/searches", `{"searches":[{"min_value":"NaN"}]}`, notANumber},
		{"POST", "/inputs/searches", `{"searches":[{"as_of":"2126-01-01T00:00:00+01:00"}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"as_of":"2126-01-01T00:00:00.123456789123Z"}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"as_of":"2126-01-01t00:00:00z"}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":null}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":null,"ranks":[]}}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{}]}}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"annotation":{"inputId":"i00001"}}]}}]}`, camelCase},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"a","value":"0.0"}]}}}]}}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"annotation":{"data":{"metadata":{"inputId":null,"Case":["1",{"perPage":1}]}}},"negate":true}]}}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"input":{"status":{"code":"INPUT_DOWNLOAD_SUCCESS"}}}]}}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"annotation":{"worker":{"user":{"id":"u","email_addresses":[]}}},"negate":true}]}}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"annotation":{"worker":{"user":{"name":"u"}}},"negate":true}]}}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"annotation":{"data":{"image":{}}}}]}}]}`, undecidable},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"ranks":[{}]}}]}`, undecidable},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"ranks":[{"annotation":{"input_id":"none"}}]}}]}`, missing},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"ranks":[{"annotation":{"data":{"image":{"base64":"_9j_"}}}}]}}],"pagination":{"page":9}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"ranks":[{"annotation":{"data":{"image":{"base64":"ZA"}}}}]}}],"pagination":{"page":9}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"ranks":[{"annotation":{"data":{"embeddings":[{"vector":["1",2]}]}}}]}}],"pagination":{"page":9}}`, ""},
		{"POST", "/searches/s00001", "", ""},
		{"POST", "/searches/s00001", `{"id":"s00001"}`, inPath},
		{"POST", "/searches/none", `{}`, missing},
		{"GET", "/searches/none", "", missing},
		{"GET", "/inputs/none", "", missing},
		{"POST", "/inputs", `{"inputs":[]}`, rule},
		{"POST", "/inputs", `{"inputs":[{"id":null,"data":{"text":{"raw":"\u00e4\u2028"}}}]}`, ""},
		{"POST", "/inputs", `{"inputs":[{"data":{"int_value":"9007199254740993","intValue":null}}]}`, ""},
		{"POST", "/inputs", `{"inputs":[{"data":{"bool_value":true}}],"input_id_conflict_resolution":"SKIP"}`, ""},
		{"POST", "/inputs", `{"inputs":[{"data":{"struct_value":null}}],"input_id_conflict_resolution":"INPUT_ID_CONFLICT_RESOLUTION_NOT_SET"}`, ""},
		{"PATCH", "/inputs", `{"inputs":[{"id":"i00001"}],"action":"MERGE"}`, rule},
		{"PATCH", "/inputs", `{"inputs":[{"id":"i00001"}]}`, rule},
		{"DELETE", "/inputs", `{"ids":[]}`, rule},
		{"DELETE", "/inputs", "", rule},
	} {
		ofServer, want := send(t, p.server, test.verb, appURL+test.target, test.body)
		ofApp, got := sendApp(t, p.app, test.verb, appURL+test.target, test.body)
		operation := p.app.LastRequest().Operation
		alike := (ofServer < 400) == (ofApp < 400)
		what := fmt.Sprintf("the app: %d %.300s, the server: %d", ofApp, got, ofServer)
		if alike && ofApp < 400 && idOf[operation] != "" && test.reason == "" {
			if app, server := idsIn(t, operation, got), idsIn(t, operation, want); !slices.Equal(app, server) {
				alike, what = false, fmt.Sprintf("the app: %d results, the server: %d", len(app), len(server))
			}
		}
		if alike != (test.reason == "") {
			t.Errorf("%s %s %s: %s (%s)", test.verb, test.target, test.body, what, test.reason)
		}
	}
}

// The names of enumerations are taken, all of them and no others.
func TestAppKnowsTheNamesOfEnumerations(t *testing.T) {
	p := pairOf(t, content{})
	for _, test := range []struct{ message, field, target, body string }{
		{"Search", "metric", "/inputs/searches", `{"searches":[{"metric":"NAME"}]}`},
		{"Visibility", "gettable", "/inputs/searches", `{"searches":[{"visibility":{"gettable":"NAME"}}]}`},
		{"Point", "visibility", "/inputs", `{"inputs":[{"data":{"regions":[{"region_info":{"point":{"visibility":"NAME"}}}]}}]}`},
		{"PostInputsRequest", "input_id_conflict_resolution", "/inputs", `{"inputs":[{}],"input_id_conflict_resolution":"NAME"}`},
	} {
		values := message(t, test.message).Fields().ByName(protoreflect.Name(test.field)).Enum().Values()
		for i := range values.Len() {
			body := strings.Replace(test.body, "NAME", string(values.Get(i).Name()), 1)
			if status, answer := sendApp(t, p.app, "POST", appURL+test.target, body); status != http.StatusOK {
				t.Errorf("%s: %d %s", body, status, answer)
				continue
			}
			// What the app records is what the server reads.
			if calls := readBy(t, p.server, []clarifaitest.Request{p.app.LastRequest()}); len(calls) != 1 {
				t.Errorf("%s: %d calls", body, len(calls))
			}
		}
		if status, answer := sendApp(t, p.app, "POST", appURL+test.target, test.body); status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", test.body, status, answer)
		}
	}
}

// Whatever an input holds, the app takes it in a request and gives it back as the
// definition has it, and so with what it says of failures.
func TestAppAnswersWhatTheDefinitionKnows(t *testing.T) {
	app := every.app(t)
	f := fillerFor(t, 8)
	expect := func(operation string, want int, verb, target, body string) *dynamicpb.Message {
		t.Helper()
		status, answer := sendApp(t, app, verb, appURL+target, body)
		if got := app.LastRequest().Operation; status != want || got != operation {
			t.Fatalf("%s %s %.1000s: %s: %d %.1000s, want %d", verb, target, body, got, status, answer, want)
		}
		return strictly(t, operation, answer)
	}
	options := protojson.MarshalOptions{UseProtoNames: true, UseEnumNumbers: true}
	for i := range 60 {
		input := dynamicpb.NewMessage(message(t, "Input"))
		data := input.Mutable(input.Descriptor().Fields().ByName("data")).Message()
		f.fill(data)
		id := fmt.Sprintf("filled-%d", i)
		if err := setString(input, "id", id); err != nil {
			t.Fatal(err)
		}
		encoded, err := options.Marshal(input)
		if err != nil {
			t.Fatal(err)
		}
		expect("PostInputs", http.StatusOK, "POST", "/inputs", fmt.Sprintf(`{"inputs":[%s]}`, encoded))
		got := expect("GetInput", http.StatusOK, "GET", "/inputs/"+id, "")
		checkSameData(t, got, data)
	}
	expect("ListInputs", http.StatusOK, "GET", "/inputs?per_page=1000", "")
	expect("StreamInputs", http.StatusOK, "GET", "/inputs/stream?per_page=1000", "")
	expect("PostInputsSearches", http.StatusOK, "POST", "/inputs/searches", `{"searches":[{}],"pagination":{"per_page":1000}}`)
	expect("PostAnnotationsSearches", http.StatusOK, "POST", "/annotations/searches", `{"searches":[{},{"save":true,"as_of":"2126-01-01T00:00:00Z"}],"pagination":{"per_page":1000}}`)
	expect("PostInputsSearches", http.StatusOK, "POST", "/inputs/searches", `{"searches":[{},{}],"only_count":true}`)
	expect("ListConcepts", http.StatusOK, "GET", "/concepts?per_page=1000", "")
	expect("ListDatasetInputs", http.StatusOK, "GET", "/datasets/none/inputs", "")
	app.AddInputs(&clarifai.Input{ID: "of a dataset", DatasetIDs: []string{"d"}})
	expect("ListDatasetInputs", http.StatusOK, "GET", "/datasets/d/inputs", "")
	expect("ListSearches", http.StatusOK, "GET", "/searches", "")
	expect("PatchInputs", http.StatusOK, "PATCH", "/inputs", `{"inputs":[{"id":"filled-1","data":{"metadata":{"a":1}}},{"id":"none"}],"action":"merge"}`)
	expect("PatchInputs", http.StatusNotFound, "PATCH", "/inputs", `{"inputs":[{"id":"none"}],"action":"merge"}`)
	expect("PostInputs", http.StatusOK, "POST", "/inputs", `{"inputs":[{"id":"a"},{"id":"new"}]}`)
	expect("PostInputs", http.StatusBadRequest, "POST", "/inputs", `{"inputs":[{"id":"a"}]}`)
	expect("GetInput", http.StatusNotFound, "GET", "/inputs/none", "")
	expect("DeleteInput", http.StatusNotFound, "DELETE", "/inputs/none", "")
	expect("PostInputsSearches", http.StatusBadRequest, "POST", "/inputs/searches", `{"searches":`)

	app.SetResultWindow(10)
	expect("PostInputsSearches", http.StatusBadRequest, "POST", "/inputs/searches", `{"searches":[{}]}`)
	app.AddFault(clarifaitest.Fault{Nth: 1, Status: clarifai.Status{Code: clarifai.StatusConnThrottled, Details: "d", TimeRemaining: 1}})
	expect("ListInputs", http.StatusTooManyRequests, "GET", "/inputs", "")
	app.SetRateLimit(0.001)
	expect("ListInputs", http.StatusOK, "GET", "/inputs", "")
	expect("ListInputs", http.StatusTooManyRequests, "GET", "/inputs", "")
}

// checkSameData fails the test unless the input of a response has the data.
func checkSameData(t *testing.T, response *dynamicpb.Message, want protoreflect.Message) {
	t.Helper()
	input := response.Get(response.Descriptor().Fields().ByName("input")).Message()
	got := input.Get(input.Descriptor().Fields().ByName("data")).Message()
	setConceptValues(got)
	setConceptValues(want)
	if !proto.Equal(got.Interface(), want.Interface()) {
		t.Fatalf("got\n%s\nwant\n%s", protojson.Format(got.Interface()), protojson.Format(want.Interface()))
	}
}

// setConceptValues gives the concepts in a message that have no value the one that
// the API takes them to have, and that the app gives some of them.
func setConceptValues(message protoreflect.Message) {
	if message.Descriptor().Name() == "Concept" {
		value := message.Descriptor().Fields().ByName("value")
		if !message.Has(value) {
			message.Set(value, protoreflect.ValueOfFloat32(1))
		}
	}
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.IsMap() || field.Message() == nil:
		case field.IsList():
			for i := range value.List().Len() {
				setConceptValues(value.List().Get(i).Message())
			}
		default:
			setConceptValues(value.Message())
		}
		return true
	})
}

// pagesOf are the requests that the paging of an operation is held against: a
// target with a query, or with a body in which PAGE stands for the pagination.
var pagesOf = map[string]struct{ verb, target, body string }{
	"ListInputs":              {"GET", "/inputs", ""},
	"ListSearches":            {"GET", "/searches", ""},
	"PostInputsSearches":      {"POST", "/inputs/searches", `{"searches":[{}],"pagination":PAGE}`},
	"PostAnnotationsSearches": {"POST", "/annotations/searches", `{"searches":[{}],"pagination":PAGE}`},
	"PostSearchesByID":        {"POST", "/searches/s00000", `{"pagination":PAGE}`},
}

// many is more than a page of the largest size.
var many = manyOf(1100)

// comparePages fails the test unless both give the same page, or both refuse it.
func comparePages(t *testing.T, p pair, operation, verb, target, body string) (ids []string, refused bool) {
	t.Helper()
	ofServer, want := send(t, p.server, verb, appURL+target, body)
	ofApp, got := sendApp(t, p.app, verb, appURL+target, body)
	if ofServer != http.StatusOK || ofApp != http.StatusOK {
		if ofServer != http.StatusBadRequest || ofApp != http.StatusBadRequest {
			t.Errorf("%s %s %s: the app: %d, the server: %d", verb, target, body, ofApp, ofServer)
		}
		return nil, true
	}
	ids = idsIn(t, operation, got)
	if server := idsIn(t, operation, want); !slices.Equal(ids, server) {
		t.Errorf("%s %s %s: the app gives %d results %.50q, the server %d %.50q", verb, target, body, len(ids), ids, len(server), server)
	}
	return ids, false
}

func TestAppPagesAsTheAPIDoes(t *testing.T) {
	p := pairOf(t, many)
	pages := []string{"", "0", "2", "3", "1100", "4294967"}
	for operation, request := range pagesOf {
		refused := 0
		for _, page := range pages {
			for _, perPage := range []string{"", "0", "1", "550", "1000", "1001"} {
				query, pagination := url.Values{}, make(map[string]json.Number)
				for name, value := range map[string]string{"page": page, "per_page": perPage} {
					if value != "" {
						query.Set(name, value)
						pagination[name] = json.Number(value)
					}
				}
				target, body := request.target, request.body
				if body == "" {
					target += "?" + query.Encode()
				} else {
					encoded, _ := json.Marshal(pagination)
					body = strings.Replace(body, "PAGE", string(encoded), 1)
				}
				if _, ok := comparePages(t, p, operation, request.verb, target, body); ok {
					refused++
				}
			}
		}
		if refused != len(pages) {
			t.Errorf("%s: %d pages were refused, want those with 1001 results", operation, refused)
		}
	}
}

// A stream is followed to its end, whatever order it has.
func TestAppStreamsAsTheAPIDoes(t *testing.T) {
	p := pairOf(t, many)
	for _, order := range []string{"", "&order_by_id=true", "&descending=true", "&order_by_id=true&descending=true"} {
		for _, perPage := range []string{"", "0", "1", "20", "1000", "1001"} {
			last, received := "", 0
			for range 4 { // far enough
				target := "/inputs/stream?last_id=" + last + order
				if perPage != "" {
					target += "&per_page=" + perPage
				}
				ids, refused := comparePages(t, p, "StreamInputs", "GET", target, "")
				if refused != (perPage == "1001") {
					t.Errorf("%s: refused: %t", target, refused)
				}
				if len(ids) == 0 {
					break
				}
				last = ids[len(ids)-1]
				received += len(ids)
			}
			if perPage == "1000" && received != len(many.inputs) {
				t.Errorf("%s: %d inputs, want %d", order, received, len(many.inputs))
			}
		}
	}
}

// iterators give the IDs of all that the methods with pages iterate over.
var iterators = map[string]func(context.Context, *clarifai.Client, clarifai.PageParams, ...clarifai.IterOption) iter.Seq2[string, error]{
	"ListInputsAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.ListInputsAll(ctx, &clarifai.ListInputsRequest{PageParams: params}, options...), func(i *clarifai.Input) string { return i.ID })
	},
	"StreamInputsAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.StreamInputsAll(ctx, &clarifai.StreamInputsRequest{PerPage: params.PerPage}, options...), func(i *clarifai.Input) string { return i.ID })
	},
	"ListSearchesAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.ListSearchesAll(ctx, &clarifai.ListSearchesRequest{PageParams: params}, options...), func(s *clarifai.Search) string { return s.ID })
	},
	"PostInputsSearchesAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.PostInputsSearchesAll(ctx, &clarifai.PostInputsSearchesRequest{Searches: anySearch, PageParams: params}, options...),
			func(h *clarifai.Hit) string { return h.Input.ID })
	},
	"PostAnnotationsSearchesAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.PostAnnotationsSearchesAll(ctx, &clarifai.PostAnnotationsSearchesRequest{Searches: anySearch, PageParams: params}, options...),
			func(h *clarifai.Hit) string { return h.Annotation.ID })
	},
	"PostSearchesByIDAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.PostSearchesByIDAll(ctx, &clarifai.PostSearchesByIDRequest{ID: "s00000", PageParams: params}, options...),
			func(h *clarifai.Hit) string { return h.Annotation.ID })
	},
}

func ids[T any](items iter.Seq2[*T, error], id func(*T) string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for item, err := range items {
			if err != nil {
				yield("", err)
				return
			}
			if !yield(id(item), nil) {
				return
			}
		}
	}
}

func TestAppIsIteratedAsTheAPIIs(t *testing.T) {
	p := pairOf(t, many)
	ofApp, ofServer := p.clients(t)
	for method, iterate := range iterators {
		for _, test := range []struct {
			params  clarifai.PageParams
			options []clarifai.IterOption
			count   int
		}{
			{clarifai.PageParams{}, nil, 1100},
			{clarifai.PageParams{PerPage: 550}, nil, 1100},
			{clarifai.PageParams{PerPage: 128}, []clarifai.IterOption{clarifai.Prefetch(3)}, 1100},
			{clarifai.PageParams{PerPage: 20}, []clarifai.IterOption{clarifai.Limit(50)}, 50},
			{clarifai.PageParams{}, []clarifai.IterOption{clarifai.Limit(7)}, 7},
			{clarifai.PageParams{PerPage: 100}, []clarifai.IterOption{clarifai.Prefetch(8), clarifai.Limit(250)}, 250},
			{clarifai.PageParams{PerPage: 100}, []clarifai.IterOption{clarifai.Prefetch(2), clarifai.Limit(2000)}, 1100},
			{clarifai.PageParams{Page: 3, PerPage: 500}, []clarifai.IterOption{clarifai.Prefetch(1)}, 100},
			{clarifai.PageParams{Page: 4, PerPage: 500}, nil, 0},
		} {
			if method == "StreamInputsAll" && test.params.Page > 1 {
				continue // it knows no pages
			}
			var got [2][]string
			for i, client := range []*clarifai.Client{ofApp, ofServer} {
				for id, err := range iterate(t.Context(), client, test.params, test.options...) {
					if err != nil {
						t.Fatalf("%s %+v: %v", method, test.params, err)
					}
					got[i] = append(got[i], id)
				}
			}
			if !slices.Equal(got[0], got[1]) || len(got[0]) != test.count {
				t.Errorf("%s %+v: the app gives %d items, the server %d, want the same %d", method, test.params, len(got[0]), len(got[1]), test.count)
			}
		}
	}
}

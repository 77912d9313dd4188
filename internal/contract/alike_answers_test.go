package contract

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// The app accepts an input with any data and returns it in the form of the definition.
// Its error responses conform to the definition too.
func TestAppResponsesConformToTheDefinition(t *testing.T) {
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

// checkSameData fails the test unless the input in a response has the given data.
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

// kind is a kind of resource that the app returns as it was added.
type kind struct {
	list, get string // the targets; get is empty for a kind that is only listed
	operation string // lists the kind
	add       func(*testing.T, *clarifai.Client, *clarifaitest.App)
}

// kindOf returns a kind. The operation lists its resources, and the method adds them to
// the app.
func kindOf[T any](operation, list, get string, method func(*clarifaitest.App, ...*T)) kind {
	return kind{list, get, operation, func(t *testing.T, client *clarifai.Client, app *clarifaitest.App) {
		t.Helper()
		listing := filled(clarifai.Endpoint[T]{Operation: operation}, endpointOf(t, operation).routes[0])
		page, err := listing.List(t.Context(), client, nil)
		if err != nil {
			t.Fatal(err)
		}
		method(app, page.Items...)
	}}
}

var everyKind = []kind{
	kindOf("ListAnnotations", "/annotations", "/inputs/i/annotations/", (*clarifaitest.App).AddAnnotations),
	kindOf("ListConcepts", "/concepts", "/concepts/", (*clarifaitest.App).AddConcepts),
	kindOf("ListDatasets", "/datasets", "/datasets/", (*clarifaitest.App).AddDatasets),
	kindOf("ListDatasetVersions", "/datasets/d/versions", "", func(app *clarifaitest.App, versions ...*clarifai.DatasetVersion) {
		app.AddDatasetVersions("d", versions...)
	}),
	kindOf("ListModels", "/models", "/models/", (*clarifaitest.App).AddModels),
	kindOf("ListModelVersions", "/models/m/versions", "", func(app *clarifaitest.App, versions ...*clarifai.ModelVersion) {
		app.AddModelVersions("m", versions...)
	}),
	kindOf("ListWorkflows", "/workflows", "/workflows/", (*clarifaitest.App).AddWorkflows),
	kindOf("ListApps", "/v2/users/USER/apps", "/v2/users/USER/apps/", (*clarifaitest.App).AddApps),
}

// Lists and gets return a resource with any data as it was added to the app.
func TestAppReturnsResourcesAsAdded(t *testing.T) {
	f := fillerFor(t, 11)
	for _, kind := range everyKind {
		app := clarifaitest.NewApp()
		app.AddInputs(&clarifai.Input{ID: "i"})
		e := endpointOf(t, kind.operation)
		response := success(e.method)
		want := response.Mutable(e.key).List()
		for i := range 60 {
			resource := want.AppendMutable().Message()
			f.fill(resource)
			setKnown(resource, map[protoreflect.Name]string{"id": fmt.Sprintf("filled-%d", i), "input_id": "i"})
		}
		kind.add(t, clientOf(t, serve(t, respondWith(&response))), app)
		ask := func(target string) *dynamicpb.Message {
			t.Helper()
			status, answer := sendApp(t, app, http.MethodGet, urlOf(target), "")
			if status != http.StatusOK {
				t.Fatalf("%s: %d %s", target, status, answer)
			}
			return strictly(t, app.LastRequest().Operation, answer)
		}
		listed := ask(kind.list + "?per_page=1000")
		for i := range want.Len() {
			var got protoreflect.Message
			resource, id := want.Get(i).Message(), fmt.Sprintf("filled-%d", i)
			if kind.get == "" {
				got = withID(t, listed.Get(e.key).List(), id)
			} else {
				ask(kind.get + id).Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
					if field.Name() != "status" {
						got = value.Message()
					}
					return true
				})
			}
			dropDefaults(got, resource)
			setConceptValues(got)
			setConceptValues(resource)
			if !proto.Equal(got.Interface(), resource.Interface()) {
				t.Fatalf("%s: got\n%s\nwant\n%s", kind.list, protojson.Format(got.Interface()), protojson.Format(resource.Interface()))
			}
		}
	}
}

// withID returns the message with the given ID.
func withID(t *testing.T, list protoreflect.List, id string) protoreflect.Message {
	t.Helper()
	for i := range list.Len() {
		if message := list.Get(i).Message(); message.Get(message.Descriptor().Fields().ByName("id")).String() == id {
			return message
		}
	}
	t.Fatalf("none of the %d results has the ID %s", list.Len(), id)
	return nil
}

// setKnown sets the named fields, except those that the message does not have.
func setKnown(message protoreflect.Message, texts map[protoreflect.Name]string) {
	for name, text := range texts {
		if field := message.Descriptor().Fields().ByName(name); field != nil {
			message.Set(field, protoreflect.ValueOfString(text))
		}
	}
}

// dropDefaults clears the fields that the app sets by default, in the resource and its
// latest version, unless they were set when the resource was added.
func dropDefaults(got, added protoreflect.Message) {
	fields := got.Descriptor().Fields()
	for _, name := range []protoreflect.Name{"id", "created_at", "modified_at", "user_id", "app_id", "dataset_id", "status", "name", "value"} {
		if field := fields.ByName(name); field != nil && !added.Has(field) {
			got.Clear(field)
		}
	}
	for _, name := range []protoreflect.Name{"version", "model_version"} {
		if field := fields.ByName(name); field != nil && field.Message() != nil && added.Has(field) {
			dropDefaults(got.Mutable(field).Message(), added.Get(field).Message())
		}
	}
}

// setConceptValues sets the value of concepts without one to 1, the API's default. The
// app does so for some of them.
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

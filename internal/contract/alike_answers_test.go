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

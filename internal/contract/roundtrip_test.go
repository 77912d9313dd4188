package contract

import (
	"encoding/json"
	"testing"

	"github.com/clarifai-go/clarifai"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// fillerFor returns a filler that omits the fields that the SDK omits.
func fillerFor(t *testing.T, seed uint64) *filler {
	t.Helper()
	leftOut := compareAll(t).leftOut
	return newFiller(seed, func(field protoreflect.FieldDescriptor) bool {
		return leftOut[field.FullName()] != ""
	})
}

// checkSurvives fails the test unless the value encodes to JSON that is equal to the
// message.
func checkSurvives(t *testing.T, want *dynamicpb.Message, value any) {
	t.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	got := dynamicpb.NewMessage(want.Descriptor())
	if err := protojson.Unmarshal(encoded, got); err != nil {
		t.Fatalf("%v in %s", err, encoded)
	}
	if !proto.Equal(got, want) {
		t.Fatalf("got\n%s\nwant\n%s", protojson.Format(got), protojson.Format(want))
	}
}

// survive sends random messages in responses of the operation and checks that the
// decoded results encode to the same messages.
func survive[T any](t *testing.T, operation string, fill func(*filler, protoreflect.Message)) {
	t.Parallel()
	const pages, perPage = 40, 50
	e := endpointOf(t, operation)
	var sent []*dynamicpb.Message
	s := serve(t, func(method protoreflect.MethodDescriptor, _ *dynamicpb.Message) (proto.Message, error) {
		response := success(method)
		list := response.Mutable(e.key).List()
		for _, message := range sent {
			list.Append(protoreflect.ValueOfMessage(message))
		}
		return response, nil
	})
	client := clientOf(t, s)
	public := clarifai.Endpoint[T]{Method: e.routes[0].verb, Path: e.routes[0].path(), Key: string(e.key.Name())}
	for _, name := range e.routes[0].variables() {
		if name != "user_id" && name != "app_id" {
			public = public.With(name, "a")
		}
	}
	f := fillerFor(t, 3)
	for range pages {
		sent = nil
		for range perPage {
			message := dynamicpb.NewMessage(e.key.Message())
			fill(f, message)
			sent = append(sent, message)
		}
		page, err := public.List(t.Context(), client, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Items) != perPage {
			t.Fatalf("%d results, want %d", len(page.Items), perPage)
		}
		for i, item := range page.Items {
			checkSurvives(t, sent[i], item)
		}
	}
}

// Any message that the SDK decodes is encoded unchanged.
func TestMessagesSurvive(t *testing.T) {
	fill := (*filler).fill
	t.Run("Input", func(t *testing.T) { survive[clarifai.Input](t, "ListInputs", fill) })
	t.Run("Annotation", func(t *testing.T) { survive[clarifai.Annotation](t, "ListAnnotations", fill) })
	t.Run("Concept", func(t *testing.T) { survive[clarifai.Concept](t, "ListConcepts", fill) })
	t.Run("App", func(t *testing.T) { survive[clarifai.App](t, "ListApps", fill) })
	t.Run("Dataset", func(t *testing.T) { survive[clarifai.Dataset](t, "ListDatasets", fill) })
	t.Run("DatasetInput", func(t *testing.T) { survive[clarifai.DatasetInput](t, "ListDatasetInputs", fill) })
	t.Run("DatasetVersion", func(t *testing.T) { survive[clarifai.DatasetVersion](t, "ListDatasetVersions", fill) })
	t.Run("Model", func(t *testing.T) { survive[clarifai.Model](t, "ListModels", fill) })
	t.Run("ModelVersion", func(t *testing.T) { survive[clarifai.ModelVersion](t, "ListModelVersions", fill) })
	t.Run("Workflow", func(t *testing.T) { survive[clarifai.Workflow](t, "ListWorkflows", fill) })
	t.Run("WorkflowVersion", func(t *testing.T) { survive[clarifai.WorkflowVersion](t, "ListWorkflowVersions", fill) })
	t.Run("Search", func(t *testing.T) { survive[clarifai.Search](t, "ListSearches", fill) })
	t.Run("Hit", func(t *testing.T) { survive[clarifai.Hit](t, "PostAnnotationsSearches", fill) })
	// No operation lists data. It nests deepest in an input without other fields.
	t.Run("Data", func(t *testing.T) {
		survive[clarifai.Input](t, "ListInputs", func(f *filler, input protoreflect.Message) {
			f.fill(input.Mutable(input.Descriptor().Fields().ByName("data")).Message())
		})
	})
}

// Raw results equal the results that the API sent, including fields that the SDK omits.
func TestRawResultsSurvive(t *testing.T) {
	var response *dynamicpb.Message
	client := clientOf(t, serve(t, respondWith(&response)))
	f := newFiller(12, nil)
	for _, operation := range clarifai.Operations() {
		e := endpointOf(t, operation)
		raw := filled(clarifai.Endpoint[json.RawMessage]{Operation: operation, Path: e.routes[0].path()}, e.routes[0])
		for range 10 {
			response = filledResponse(t, f, operation)
			page, err := raw.List(t.Context(), client, nil)
			if err != nil {
				t.Fatal(err)
			}
			sent := response.Get(e.key).List()
			if len(page.Items) != sent.Len() {
				t.Fatalf("%s: %d results, want %d", operation, len(page.Items), sent.Len())
			}
			for i, item := range page.Items {
				checkSurvives(t, sent.Get(i).Message().(*dynamicpb.Message), item)
			}
		}
	}
}

// respondWith responds to every call with the current value of response.
func respondWith(response **dynamicpb.Message) behaviour {
	return func(protoreflect.MethodDescriptor, *dynamicpb.Message) (proto.Message, error) {
		return *response, nil
	}
}

// filledResponse returns a successful response of the operation with random fields.
func filledResponse(t *testing.T, f *filler, operation string) *dynamicpb.Message {
	t.Helper()
	method := endpointOf(t, operation).method
	response := dynamicpb.NewMessage(method.Output())
	f.fill(response)
	status := method.Output().Fields().ByName("status")
	response.Set(status, success(method).Get(status))
	return response
}

func TestSearchPageSurvives(t *testing.T) {
	var response *dynamicpb.Message
	client := clientOf(t, serve(t, respondWith(&response)))
	f := fillerFor(t, 4)
	for range 500 {
		response = filledResponse(t, f, "PostInputsSearches")
		page, err := client.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: anySearch})
		if err != nil {
			t.Fatal(err)
		}
		checkSurvives(t, response, map[string]any{
			"status": page.Status, "id": page.ID, "hits": page.Items,
			"hit_counts": page.HitCounts, "query": page.Query, "searches": page.Searches,
		})
	}
}

func TestSingleResourcesSurvive(t *testing.T) {
	var response *dynamicpb.Message
	client := clientOf(t, serve(t, respondWith(&response)))
	f := fillerFor(t, 5)
	for _, test := range []struct {
		operation, key string
		get            func() (any, error)
	}{
		{"GetInput", "input", func() (any, error) { return client.GetInput(t.Context(), "a") }},
		{"GetAnnotation", "annotation", func() (any, error) { return client.GetAnnotation(t.Context(), "i", "a") }},
		{"GetConcept", "concept", func() (any, error) { return client.GetConcept(t.Context(), "a") }},
		{"GetDataset", "dataset", func() (any, error) { return client.GetDataset(t.Context(), "a", nil) }},
		{"GetModel", "model", func() (any, error) { return client.GetModel(t.Context(), "a", nil) }},
		{"GetWorkflow", "workflow", func() (any, error) { return client.GetWorkflow(t.Context(), "a", nil) }},
		{"GetApp", "app", func() (any, error) { return client.GetApp(t.Context(), nil) }},
		{"GetSearch", "search", func() (any, error) { return client.GetSearch(t.Context(), "a") }},
		{"GetInputCount", "counts", func() (any, error) { return client.GetInputCount(t.Context()) }},
	} {
		for range 300 {
			response = filledResponse(t, f, test.operation)
			resource := response.Mutable(response.Descriptor().Fields().ByName(protoreflect.Name(test.key))).Message()
			got, err := test.get()
			if err != nil {
				t.Fatalf("%s: %v", test.operation, err)
			}
			checkSurvives(t, resource.(*dynamicpb.Message), got)
		}
	}
}

package clarifai_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
	"github.com/jarcoal/httpmock"
)

// mocked returns a client of an in-memory app that also answers one more operation.
func mocked(method, path, body string) *clarifai.Client {
	app := clarifaitest.NewApp()
	app.Transport().RegisterResponder(method, path, httpmock.NewStringResponder(200, body))
	return app.Client()
}

// A prediction. Predictions are billed, so the call is not marked as idempotent, and is not
// retried if the API may have acted on it.
func ExampleClient_Do() {
	client := mocked("POST", "=~/models/general/outputs$",
		`{"status":{"code":10000},"outputs":[{"data":{"concepts":[{"name":"dog","value":0.98},{"name":"cat","value":0.02}]}}]}`)

	postModelOutputs := clarifai.Call{
		Method: http.MethodPost,
		Path:   "/v2/users/{user_id}/apps/{app_id}/models/{model_id}/outputs",
	}
	request := struct {
		Inputs []*clarifai.Input `json:"inputs"`
	}{
		Inputs: []*clarifai.Input{clarifai.ImageFromURL("", "https://example.com/dog.jpg")},
	}
	var response struct {
		Outputs []*clarifai.Output `json:"outputs"`
	}
	if _, err := client.Do(context.Background(), postModelOutputs.With("model_id", "general"), request, &response); err != nil {
		log.Fatal(err)
	}
	for _, concept := range response.Outputs[0].Data.Concepts {
		fmt.Println(concept.Name, *concept.Value)
	}
	// Output:
	// dog 0.98
	// cat 0.02
}

// Creating a dataset. If only some of several datasets can be created, the error matches
// ErrPartialFailure, and the response holds those that were created.
func ExampleClient_Do_createDataset() {
	client := mocked("POST", "=~/datasets$", `{"status":{"code":10000},"datasets":[{"id":"train","created_at":"2026-11-25T12:00:00Z"}]}`)

	request := map[string]any{
		"datasets": []clarifai.Dataset{{ID: "train", Description: "Images to train on"}},
	}
	var response struct {
		Datasets []*clarifai.Dataset `json:"datasets"`
	}
	status, err := client.Do(context.Background(), clarifai.Call{
		Method: http.MethodPost,
		Path:   "/v2/users/{user_id}/apps/{app_id}/datasets",
	}, request, &response)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(status.Code, response.Datasets[0].ID, response.Datasets[0].CreatedAt.Year())
	// Output: SUCCESS train 2026
}

// Deleting an annotation. Deleting it twice does no harm, so the call is retried.
func ExampleCall() {
	client := mocked("DELETE", "=~/inputs/photo/annotations/label$", `{"status":{"code":10000}}`)

	deleteAnnotation := clarifai.Call{
		Method:     http.MethodDelete,
		Path:       "/v2/users/{user_id}/apps/{app_id}/inputs/{input_id}/annotations/{annotation_id}",
		Idempotent: true,
	}
	_, err := client.Do(context.Background(), deleteAnnotation.With("input_id", "photo").With("annotation_id", "label"), nil, nil)
	if err != nil && !errors.Is(err, clarifai.ErrNotFound) { // already deleted
		log.Fatal(err)
	}
	fmt.Println("deleted")
	// Output: deleted
}

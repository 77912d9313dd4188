package clarifai_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
	"github.com/jarcoal/httpmock"
)

// exampleApp returns an in-memory app with 250 inputs. Every tenth input shows people.
func exampleApp() *clarifaitest.App {
	app := clarifaitest.NewApp()
	for i := range 250 {
		id := fmt.Sprintf("input-%03d", i+1)
		app.AddInputs(clarifai.ImageFromURL(id, "https://example.com/"+id+".jpg"))
		if i%10 == 0 {
			people := clarifai.Concept{ID: "people", Value: clarifai.Ptr(1.0)}
			app.AddAnnotations(&clarifai.Annotation{InputID: id, Data: &clarifai.Data{Concepts: []clarifai.Concept{people}}})
		}
	}
	return app
}

func ExampleNewClient() {
	client, err := clarifai.NewClient(
		clarifai.WithPAT("your-personal-access-token"),   // or $CLARIFAI_PAT
		clarifai.WithApp("user", "app"),                  // or $CLARIFAI_USER_ID and $CLARIFAI_APP_ID
		clarifai.WithBaseURL("https://api.clarifai.com"), // or $CLARIFAI_API_BASE, or this
		clarifai.WithRateLimit(15),
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client) // does not print the token
	// Output: clarifai.Client{user "user", app "app" at https://api.clarifai.com}
}

// A page of a GET endpoint. The page parameters are sent in the query.
func ExampleClient_ListInputs() {
	client := exampleApp().Client()
	page, err := client.ListInputs(context.Background(), &clarifai.ListInputsRequest{
		PageParams: clarifai.PageParams{Page: 2, PerPage: 20},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("page", page.Number, "has", len(page.Items), "inputs, the first is", page.Items[0].ID)
	// Output: page 2 has 20 inputs, the first is input-021
}

// A page of a POST endpoint. The page parameters are sent in the body.
func ExampleClient_PostAnnotationsSearches() {
	client := exampleApp().Client()
	page, err := client.PostAnnotationsSearches(context.Background(), &clarifai.PostAnnotationsSearchesRequest{
		Searches:   []clarifai.Search{clarifai.NewSearch(clarifai.FilterByConcept("people", true))},
		PageParams: clarifai.PageParams{Page: 2, PerPage: 20},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, hit := range page.Items {
		fmt.Println(hit.Input.ID)
	}
	// Output:
	// input-201
	// input-211
	// input-221
	// input-231
	// input-241
}

// All inputs. Pages are fetched as they are needed.
func ExampleClient_ListInputsAll() {
	client := exampleApp().Client()
	n := 0
	for input, err := range client.ListInputsAll(context.Background(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		if n++; n == 1 {
			fmt.Println("the first is", input.ID)
		}
	}
	fmt.Println("inputs:", n)
	// Output:
	// the first is input-001
	// inputs: 250
}

// All hits of a search.
func ExampleClient_PostAnnotationsSearchesAll() {
	client := exampleApp().Client()
	req := &clarifai.PostAnnotationsSearchesRequest{
		Searches: []clarifai.Search{clarifai.NewSearch(clarifai.FilterByConcept("people", true))},
	}
	n := 0
	for _, err := range client.PostAnnotationsSearchesAll(context.Background(), req) {
		if err != nil {
			log.Fatal(err)
		}
		n++
	}
	fmt.Println("hits:", n)
	// Output: hits: 25
}

// With Prefetch, pages are fetched in parallel, and still arrive in order.
func ExamplePrefetch() {
	client := exampleApp().Client()
	req := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 50}}
	last := ""
	for input, err := range client.ListInputsAll(context.Background(), req, clarifai.Prefetch(4)) {
		if err != nil {
			log.Fatal(err)
		}
		last = input.ID
	}
	fmt.Println("the last is", last)
	// Output: the last is input-250
}

func ExampleLimit() {
	client := exampleApp().Client()
	for input, err := range client.ListInputsAll(context.Background(), nil, clarifai.Limit(3)) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(input.ID)
	}
	// Output:
	// input-001
	// input-002
	// input-003
}

// A PageError has the number of the page that failed. None of its items have been
// delivered, so a script can resume from there.
func ExamplePageError() {
	app := exampleApp()
	client := app.Client()
	const page3 = `=~/inputs\?page=3&`
	app.Transport().RegisterResponder("GET", page3,
		httpmock.NewStringResponder(http.StatusInternalServerError, "<html>out of order</html>"))

	req := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 50}}
	delivered := 0
	list := func() error {
		for _, err := range client.ListInputsAll(context.Background(), req) {
			if err != nil {
				return err
			}
			delivered++
		}
		return nil
	}

	err := list()
	var failed *clarifai.PageError
	if errors.As(err, &failed) && failed.CanResume() {
		fmt.Println("delivered", delivered, "inputs, then page", failed.Page, "failed")
		app.Transport().RegisterResponder("GET", page3, nil) // the server is back
		req.PageParams = clarifai.PageParams{Page: failed.Page, PerPage: failed.PerPage}
		err = list()
	}
	fmt.Println("delivered", delivered, "inputs, error", err)
	// Output:
	// delivered 100 inputs, then page 3 failed
	// delivered 250 inputs, error <nil>
}

// Use errors.Is to test for a kind of error, and errors.As to get the details.
func ExampleError() {
	client := exampleApp().Client()
	_, err := client.GetInput(context.Background(), "no-such-input")
	if errors.Is(err, clarifai.ErrNotFound) {
		fmt.Println("there is no such input")
	}
	var e *clarifai.Error
	if errors.As(err, &e) {
		fmt.Println(e.HTTPStatus, e.Status.Code)
	}
	// Output:
	// there is no such input
	// 404 INPUT_DOES_NOT_EXIST
}

func ExampleArgumentError() {
	client := exampleApp().Client()
	_, err := client.ListInputs(context.Background(), &clarifai.ListInputsRequest{
		PageParams: clarifai.PageParams{PerPage: 5000},
	})
	fmt.Println(errors.Is(err, clarifai.ErrInvalidPage), err)
	// Output: true clarifai: per_page 5000: must be 1 to 1000, or 0 for 128
}

// Any paginated operation of the API, by name, with a custom type.
func ExampleEndpoint() {
	type task struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	client := mocked("GET", "=~/tasks", `{"status":{"code":10000},"tasks":[{"id":"t1","name":"Label cars"},{"id":"t2","name":"Review cars"}]}`)

	page, err := clarifai.Endpoint[task]{Operation: "ListTasks"}.List(context.Background(), client, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, task := range page.Items {
		fmt.Println(task.ID, task.Name)
	}
	// Output:
	// t1 Label cars
	// t2 Review cars
}

// Results as the API sent them, including fields that this package does not know.
func ExampleEndpoint_raw() {
	client := mocked("GET", "=~/models/general/versions", `{"status":{"code":10000},"model_versions":[{"id":"v1","brand_new":true}]}`)

	listModelVersions := clarifai.Endpoint[json.RawMessage]{Operation: "ListModelVersions"}.With("model_id", "general")
	page, err := listModelVersions.List(context.Background(), client, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(*page.Items[0]))
	// Output: {"id":"v1","brand_new":true}
}

func ExampleNewSearch() {
	search := clarifai.NewSearch(
		clarifai.FilterByConcept("people", true),
		clarifai.Not(clarifai.FilterByDataset("train")),
		clarifai.FilterByGeo(52.5, 13.4, 10),
		clarifai.RankByText("a red car"),
	)
	search.MinValue = 0.8 // omit hits with a lower score
	fmt.Println(len(search.Query.Filters), "filters,", len(search.Query.Ranks), "rank")
	// Output: 3 filters, 1 rank
}

// httpmock.Activate mocks every client without a custom transport.
func Example_mockDefault() {
	httpmock.Activate() // in a test, use httpmock.Activate(t), which also deactivates it
	defer httpmock.DeactivateAndReset()
	httpmock.RegisterResponder("GET", "https://api.clarifai.com/v2/users/me/apps/app/inputs",
		httpmock.NewStringResponder(200, `{"status":{"code":10000},"inputs":[{"id":"a"}]}`))

	client, err := clarifai.NewClient(clarifai.WithPAT("any"), clarifai.WithApp("me", "app"), clarifai.WithBaseURL("https://api.clarifai.com"))
	if err != nil {
		log.Fatal(err)
	}
	page, err := client.ListInputs(context.Background(), nil)
	fmt.Println(page.Items[0].ID, err)
	// Output: a <nil>
}

// httpmock.ActivateNonDefault mocks a single client.
func Example_mockNonDefault() {
	client, err := clarifai.NewClient(clarifai.WithPAT("any"), clarifai.WithApp("me", "app"), clarifai.WithBaseURL("https://api.clarifai.com"))
	if err != nil {
		log.Fatal(err)
	}
	httpmock.ActivateNonDefault(client.HTTPClient())
	defer httpmock.DeactivateAndReset()
	httpmock.RegisterResponder("GET", "=~/inputs$",
		httpmock.NewStringResponder(404, `{"status":{"code":11101,"description":"Resource does not exist"}}`))

	_, err = client.ListInputs(context.Background(), nil)
	fmt.Println(errors.Is(err, clarifai.ErrNotFound))
	// Output: true
}

// clarifaitest answers like the API, without any JSON in the test.
func Example_mockApp() {
	app := clarifaitest.NewApp()
	app.AddInputs(clarifai.TextFromString("a", "hello"))
	page, err := app.Client().ListInputs(context.Background(), nil)
	fmt.Println(page.Items[0].Data.Text.Raw, err)
	// Output: hello <nil>
}

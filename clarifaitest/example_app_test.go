package clarifaitest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
	"github.com/jarcoal/httpmock"
)

// The third page of a list fails; the code under test must report it.
func ExampleApp_AddFault() {
	app := clarifaitest.NewApp()
	app.AddInputs(&clarifai.Input{ID: "a"}, &clarifai.Input{ID: "b"}, &clarifai.Input{ID: "c"})
	app.AddFault(clarifaitest.Fault{Operation: "ListInputs", Page: 3, HTTPStatus: http.StatusServiceUnavailable})

	request := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 1}}
	for input, err := range app.Client().ListInputsAll(context.Background(), request) {
		var page *clarifai.PageError
		if errors.As(err, &page) {
			fmt.Println("page", page.Page, "failed:", err != nil)
			break
		}
		fmt.Println(input.ID)
	}
	// Output:
	// a
	// b
	// page 3 failed: true
}

// The code under test must request page 2 with 20 results per page.
func ExampleApp_LastRequest() {
	app := clarifaitest.NewApp()
	request := &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{Page: 2, PerPage: 20}}
	if _, err := app.Client().ListInputs(context.Background(), request); err != nil {
		fmt.Println(err)
	}
	fmt.Println(app.LastRequest("ListInputs").Page() == clarifai.PageParams{Page: 2, PerPage: 20})
	// Output: true
}

// The code under test makes its own client.
func ExampleApp_Register() {
	app := clarifaitest.NewApp()
	app.AddInputs(&clarifai.Input{ID: "a"})
	app.Register()
	defer httpmock.DeactivateAndReset()

	client, err := clarifai.NewClient(clarifai.WithPAT("any"), clarifai.WithApp("any", "any"))
	if err != nil {
		fmt.Println(err)
		return
	}
	count, err := client.GetInputCount(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(count.Processed)
	// Output: 1
}

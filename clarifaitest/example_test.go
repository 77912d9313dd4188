package clarifaitest_test

import (
	"context"
	"fmt"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
)

// CountPeople is the code under test.
func CountPeople(ctx context.Context, client *clarifai.Client) (int, error) {
	search := clarifai.NewSearch(clarifai.FilterByConcept("people", true))
	n := 0
	for _, err := range client.PostInputsSearchesAll(ctx, &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{search}}) {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

func Example() {
	app := clarifaitest.NewApp()
	app.AddInputs(
		&clarifai.Input{ID: "a", Data: &clarifai.Data{Concepts: []clarifai.Concept{{ID: "people"}}}},
		&clarifai.Input{ID: "b"},
	)
	fmt.Println(CountPeople(context.Background(), app.Client()))
	// Output: 1 <nil>
}

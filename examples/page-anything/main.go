// Command page-anything pages an endpoint that the SDK has no method for, with a
// type of its own: the concepts of an app.
//
//	go run ./examples/page-anything
//
// It runs on the app of CLARIFAI_USER_ID and CLARIFAI_APP_ID, with the token of
// CLARIFAI_PAT, or without a token on a sample app. Any other endpoint that pages
// is a matter of another path, key and type.
package main

import (
	"context"
	"flag"
	"io"
	"iter"
	"net/http"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/examples/internal/script"
)

const name = "page-anything"

// concept is as much of a concept as this script needs.
type concept struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

var listConcepts = clarifai.Endpoint[concept]{
	Method: http.MethodGet,
	Path:   "/v2/users/{user_id}/apps/{app_id}/concepts",
	Key:    "concepts",
}

// listConceptsRequest has a parameter beside the page.
type listConceptsRequest struct {
	clarifai.PageParams
	ID string `url:"id,omitempty"`
}

func main() { script.Main(run) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return script.Exit(name, list(ctx, args, stdout, stderr), stderr)
}

func list(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var page script.PageFlags
	var request listConceptsRequest
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	page.Register(flags)
	flags.StringVar(&request.ID, "id", "", "only concepts with an ID like this `text`")
	if err := script.Parse(flags, args, stderr); err != nil {
		return err
	}
	request.PageParams = page.PageParams
	if err := request.Validate(); err != nil {
		return err
	}
	out := script.NewOutput(page.JSON, stdout, stderr, "ID", "NAME")
	client, err := script.Connect(name, out, stderr)
	if err != nil {
		return err
	}
	var concepts iter.Seq2[*concept, error]
	if page.All {
		concepts = listConcepts.All(ctx, client, &request)
	} else if listed, err := listConcepts.List(ctx, client, &request); err != nil {
		return err
	} else {
		concepts = script.Items(listed.Items)
	}
	return script.Print(out, concepts, func(c *concept) []string { return []string{c.ID, c.Name} })
}

// Command search-annotations searches the annotations of an app: one page of the
// hits, or all of them.
//
//	go run ./examples/search-annotations -concept people -page 2 -per-page 20
//
// It is the POST example of https://docs.clarifai.com/api-guide/advanced-topics/pagination.
// It runs on the app of CLARIFAI_USER_ID and CLARIFAI_APP_ID, with the token of
// CLARIFAI_PAT, or without a token on a sample app. It prints the request, in
// whose body the page went, and then the hits.
//
// There is a flag for every filter and rank of the SDK; see -help. What passes
// all filters is found. Without a filter or a rank, it is what has the concept
// "people".
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"iter"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/examples/internal/script"
)

const name = "search-annotations"

func main() { script.Main(run) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return script.Exit(name, search(ctx, args, stdout, stderr), stderr)
}

func search(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var page script.PageFlags
	var parts []clarifai.SearchPart
	var minValue float64
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	page.Register(flags)
	registerParts(flags, &parts)
	flags.Float64Var(&minValue, "min-value", 0, "leave out hits with a lower `score`")
	if err := script.Parse(flags, args, stderr); err != nil {
		return err
	}
	if len(parts) == 0 {
		parts = append(parts, clarifai.FilterByConcept("people", true))
	}
	query := clarifai.NewSearch(parts...)
	query.MinValue = minValue
	request := &clarifai.PostAnnotationsSearchesRequest{
		Searches:   []clarifai.Search{query},
		PageParams: page.PageParams,
	}
	if err := request.Validate(); err != nil {
		return err
	}
	out := script.NewOutput(page.JSON, stdout, stderr, "SCORE", "INPUT", "ANNOTATION", "CONCEPTS")
	client, err := script.Connect(name, out, stderr)
	if err != nil {
		return err
	}
	var hits iter.Seq2[*clarifai.Hit, error]
	if page.All {
		hits = client.PostAnnotationsSearchesAll(ctx, request)
	} else if found, err := client.PostAnnotationsSearches(ctx, request); err != nil {
		return err
	} else {
		hits = script.Items(found.Items)
	}
	return script.Print(out, hits, func(hit *clarifai.Hit) []string {
		input, annotation := hit.Input, hit.Annotation
		if input == nil {
			input = &clarifai.Input{ID: "-"}
		}
		if annotation == nil {
			annotation = &clarifai.Annotation{ID: "-"}
		}
		return []string{fmt.Sprintf("%.4f", hit.Score), input.ID, annotation.ID, script.Concepts(annotation.Data)}
	})
}

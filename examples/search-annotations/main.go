// Command search-annotations searches the annotations of an app and prints one page
// of hits or all hits.
//
//	go run ./examples/search-annotations -concept people -page 2 -per-page 20
//
// It implements the POST example of
// https://docs.clarifai.com/api-guide/advanced-topics/pagination. The environment
// variables CLARIFAI_USER_ID, CLARIFAI_APP_ID and CLARIFAI_PAT specify the app and
// the token. With -sample, or if no CLARIFAI_ variable is set, the command uses a
// sample app in memory. It prints the hits on standard output. On standard error, it
// prints the app in use and each request. The request body contains the page parameters.
//
// Each filter and rank of the SDK has a flag; see -help. Hits match all filters.
// The default is a search for the concept "people".
package main

import (
	"context"
	"flag"
	"fmt"
	"io"

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
	flags.Float64Var(&minValue, "min-value", 0, "minimum `score` of hits")
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
	client, err := script.Connect(name, *page.Sample, stderr, stderr)
	if err != nil {
		return err
	}
	pages := script.One(ctx, client.PostAnnotationsSearches, request)
	if page.All {
		pages = clarifai.Pages(ctx, client.PostAnnotationsSearches, request)
	}
	printer := script.Printer[clarifai.Hit]{Stdout: stdout, Stderr: stderr, JSON: page.JSON, Table: table}
	return script.Print(printer, pages, func(p *clarifai.SearchPage) []*clarifai.Hit { return p.Items })
}

func table([]*clarifai.Hit) (header []string, _ func(*clarifai.Hit) []string) {
	return []string{"SCORE", "INPUT", "ANNOTATION", "CONCEPTS"}, row
}

func row(hit *clarifai.Hit) []string {
	input, annotation := hit.Input, hit.Annotation
	if input == nil {
		input = &clarifai.Input{ID: "-"}
	}
	if annotation == nil {
		annotation = &clarifai.Annotation{ID: "-"}
	}
	return []string{fmt.Sprintf("%.4f", hit.Score), input.ID, annotation.ID, script.Concepts(annotation.Data)}
}

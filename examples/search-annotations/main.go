// Command search-annotations searches the annotations of an app: one page of the
// hits, or all of them.
//
//	go run ./examples/search-annotations -concept people -page 2 -per-page 20
//
// It is the POST example of https://docs.clarifai.com/api-guide/advanced-topics/pagination.
// It uses the app of CLARIFAI_USER_ID and CLARIFAI_APP_ID, with the token of CLARIFAI_PAT.
// Without any CLARIFAI_ variable in the environment, or with -sample, it uses a made-up
// app in memory. It writes the hits to standard output, and to standard error which app
// it uses and each request, with the page in its body.
//
// Each filter and rank of the SDK has a flag; see -help. A hit passes all filters.
// Without a filter or a rank, the search finds what has the concept "people".
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
	flags.Float64Var(&minValue, "min-value", 0, "omit hits with a lower `score`")
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

// Command list-inputs lists the inputs of an app: one page or all pages.
//
//	go run ./examples/list-inputs -page 2 -per-page 20
//
// It implements the GET example of
// https://docs.clarifai.com/api-guide/advanced-topics/pagination. The environment
// variables CLARIFAI_USER_ID, CLARIFAI_APP_ID and CLARIFAI_PAT specify the app and
// the token. With -sample, or if no CLARIFAI_ variable is set, the command uses a
// sample app in memory. It prints the inputs on standard output. On standard error,
// it prints the app in use and each request. The query contains the page parameters.
package main

import (
	"context"
	"flag"
	"io"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/examples/internal/script"
)

const name = "list-inputs"

func main() { script.Main(run) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return script.Exit(name, list(ctx, args, stdout, stderr), stderr)
}

func list(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var page script.PageFlags
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	page.Register(flags)
	if err := script.Parse(flags, args, stderr); err != nil {
		return err
	}
	request := &clarifai.ListInputsRequest{PageParams: page.PageParams}
	if err := request.Validate(); err != nil {
		return err
	}
	client, err := script.Connect(name, *page.Sample, stderr, stderr)
	if err != nil {
		return err
	}
	pages := script.One(ctx, client.ListInputs, request)
	if page.All {
		pages = clarifai.Pages(ctx, client.ListInputs, request)
	}
	printer := script.Printer[clarifai.Input]{Stdout: stdout, Stderr: stderr, JSON: page.JSON, Table: table}
	return script.Print(printer, pages, func(p *clarifai.Page[clarifai.Input]) []*clarifai.Input { return p.Items })
}

func table([]*clarifai.Input) (header []string, _ func(*clarifai.Input) []string) {
	return []string{"ID", "MEDIA", "STATUS", "ADDED"}, row
}

func row(input *clarifai.Input) []string {
	status, added := "-", "-"
	if input.Status != nil {
		status = input.Status.Code.String()
	}
	if input.CreatedAt != nil {
		added = input.CreatedAt.Format("2006-01-02 15:04")
	}
	return []string{input.ID, script.Media(input), status, added}
}

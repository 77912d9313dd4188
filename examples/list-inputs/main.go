// Command list-inputs lists the inputs of an app: one page, or all of them.
//
//	go run ./examples/list-inputs -page 2 -per-page 20
//
// It is the GET example of https://docs.clarifai.com/api-guide/advanced-topics/pagination.
// It runs on the app of CLARIFAI_USER_ID and CLARIFAI_APP_ID, with the token of
// CLARIFAI_PAT, or without a token on a sample app. It prints the request, in
// whose query the page went, and then the inputs.
package main

import (
	"context"
	"flag"
	"io"
	"iter"

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
	out := script.NewOutput(page.JSON, stdout, stderr, "ID", "MEDIA", "STATUS", "ADDED")
	client, err := script.Connect(name, out, stderr)
	if err != nil {
		return err
	}
	var inputs iter.Seq2[*clarifai.Input, error]
	if page.All {
		inputs = client.ListInputsAll(ctx, request)
	} else if listed, err := client.ListInputs(ctx, request); err != nil {
		return err
	} else {
		inputs = script.Items(listed.Items)
	}
	return script.Print(out, inputs, func(input *clarifai.Input) []string {
		status, added := "-", "-"
		if input.Status != nil {
			status = input.Status.Code.String()
		}
		if input.CreatedAt != nil {
			added = input.CreatedAt.Format("2006-01-02 15:04")
		}
		return []string{input.ID, script.Media(input), status, added}
	})
}

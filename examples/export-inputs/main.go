// Command export-inputs writes all inputs of an app to a file, one JSON object a
// line.
//
//	go run ./examples/export-inputs -out inputs.jsonl
//
// It runs on the app of CLARIFAI_USER_ID and CLARIFAI_APP_ID, with the token of
// CLARIFAI_PAT, or without a token on a sample app.
//
// Whatever ends it, Ctrl-C, a crash or an error, the same command goes on after the
// last whole line of the file, with no input twice and none missing: it pages by
// the last input received, not by number, so inputs that are added or deleted
// meanwhile shift nothing. Only the input of the last line must still be there when
// it goes on: the file could be of another app. When it is done, the same command
// adds the inputs that are new. Do not run it twice at once with the same file.
//
// A page can be asked for only when the one before it is there, so pages do not
// come in parallel; -prefetch lets reading run ahead of writing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"sync"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/examples/internal/script"
)

const name = "export-inputs"

// maxPrefetch bounds the pages in memory.
const maxPrefetch = 1000

func main() { script.Main(run) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	file, err := export(ctx, args, stderr)
	code := script.Exit(name, err, stderr)
	if file != nil && err != nil && !errors.Is(err, clarifai.ErrInvalidArgument) {
		fmt.Fprintf(stderr, "%s: %d inputs are in %s; run the same command again to go on after them\n", name, file.lines, file.Name())
	}
	return code
}

// export returns the file, closed, unless it could not be opened.
func export(ctx context.Context, args []string, stderr io.Writer) (_ *exportFile, err error) {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	out := flags.String("out", "inputs.jsonl", "`file` to write to, or to go on with")
	perPage := flags.Int("per-page", clarifai.MaxPerPage, "inputs in a page, 1 to 1000")
	prefetch := flags.Int("prefetch", 0, "read up to so many `pages` ahead of writing, at most 1000")
	rate := flags.Float64("rate", 0, "send at most so many `requests` per second; 0 means as many as may be")
	if err := script.Parse(flags, args, stderr); err != nil {
		return nil, err
	}
	if *perPage < 1 || *perPage > clarifai.MaxPerPage {
		return nil, fmt.Errorf("%w: -per-page %d: must be 1 to %d", script.ErrUsage, *perPage, clarifai.MaxPerPage)
	}
	if *prefetch < 0 || *prefetch > maxPrefetch {
		return nil, fmt.Errorf("%w: -prefetch %d: must be 0 to %d", script.ErrUsage, *prefetch, maxPrefetch)
	}
	if !(*rate >= 0) {
		return nil, fmt.Errorf("%w: -rate %v: must be 0 or more", script.ErrUsage, *rate)
	}
	var opts []clarifai.Option
	if *rate != 0 {
		opts = append(opts, clarifai.WithRateLimit(*rate))
	}
	client, err := script.Connect(name, io.Discard, stderr, opts...)
	if err != nil {
		return nil, err
	}
	file, err := openExport(*out)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()

	if file.lines > 0 {
		// Another app would not know where to go on.
		if _, err := client.GetInput(ctx, file.lastID); errors.Is(err, clarifai.ErrNotFound) {
			return nil, fmt.Errorf("%s ends with the input %q, which the app does not have: it is of another app, or that input has been deleted; export to another file", *out, file.lastID)
		} else if err != nil {
			return file, err
		}
	}
	before := file.lines
	progress := newProgress(stderr, before, total(ctx, client))
	err = copyInputs(ctx, client, file, *perPage, *prefetch, progress)
	progress.end()
	if err == nil {
		fmt.Fprintf(stderr, "%s: %d inputs are in %s, %d of them new\n", name, file.lines, *out, file.lines-before)
	}
	return file, err
}

// total gives the number of inputs, or 0 where it cannot be had: the export can do
// without.
func total(ctx context.Context, client *clarifai.Client) int {
	count, err := client.GetInputCount(ctx)
	if err != nil {
		return 0
	}
	return int(count.Processed) + int(count.ToProcess) + int(count.Processing) + int(count.Errors)
}

// copyInputs writes the inputs that follow those of the file. After an error, those
// that came before it are written too.
func copyInputs(ctx context.Context, client *clarifai.Client, file *exportFile, perPage, prefetch int, progress progress) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	inputs := client.StreamInputsAll(ctx, &clarifai.StreamInputsRequest{PerPage: perPage, LastID: file.lastID})
	if prefetch > 0 {
		inputs = ahead(inputs, prefetch*perPage)
	}
	flush := func() error {
		n, err := file.flush()
		progress.add(n)
		return err
	}
	for input, err := range inputs {
		if err != nil {
			return errors.Join(err, flush())
		}
		err = file.add(input)
		if err == nil && file.pending == perPage {
			err = flush()
		}
		if err != nil {
			cancel() // what is being read ahead
			return err
		}
	}
	return flush()
}

// ahead takes up to so many items from a sequence before they are asked for.
func ahead[T any](items iter.Seq2[T, error], n int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		type result struct {
			item T
			err  error
		}
		results, stop := make(chan result, n), make(chan struct{})
		var reader sync.WaitGroup
		defer reader.Wait()
		defer close(stop)
		reader.Go(func() {
			defer close(results)
			for item, err := range items {
				select {
				case results <- result{item, err}:
				case <-stop:
					return
				}
			}
		})
		for r := range results {
			if !yield(r.item, r.err) {
				return
			}
		}
	}
}

// Command export-inputs exports all inputs of an app to a file in JSON Lines
// format. Each line is an input as the API sent it, except that insignificant space
// characters are removed.
//
//	go run ./examples/export-inputs -out inputs.jsonl
//	go run ./examples/export-inputs -out - | gzip >inputs.jsonl.gz
//
// The environment variables CLARIFAI_USER_ID, CLARIFAI_APP_ID and CLARIFAI_PAT
// specify the app and the token. With -sample, or if no CLARIFAI_ variable is set,
// the command uses a sample app in memory. The app in use and the progress of the
// export are printed on standard error.
//
// After an interrupt, a crash or an error, run the same command again to resume
// after the last complete line of the file. No input is missed or repeated. The
// export continues from the last input received, not from a page number, so
// adding or deleting inputs in the meantime does not affect it. The last input
// must still exist, since the command uses it to check that the file belongs to
// the app. Once the export is complete, running the command again appends new
// inputs. Do not run two exports to the same file at the same time.
//
// With -by-page, the command requests pages by number and can fetch them in
// parallel. It records the next page in a second file, inputs.jsonl.page, and
// resumes from that page. If inputs are added or deleted during the export, pages
// shift and inputs may be missed or exported twice. Use -by-page only for an app
// that does not change during the export.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"net/http"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/examples/internal/script"
)

const name = "export-inputs"

// maxPrefetch is the limit of clarifai.Prefetch.
const maxPrefetch = 1000

func main() { script.Main(run) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	options, err := parse(args, stderr)
	if err != nil {
		return script.Exit(name, err, stderr)
	}
	e, err := options.export(ctx, stdout, stderr)
	var notes []string
	switch {
	case e == nil, errors.Is(err, clarifai.ErrInvalidArgument): // the same command would fail again
	case e.file == nil:
		notes = append(notes, fmt.Sprintf("%d inputs have been written", e.lines))
	default:
		notes = append(notes, fmt.Sprintf("%s has %d inputs; run the same command again to resume", options.out, e.lines))
	}
	return script.Exit(name, err, stderr, notes...)
}

// options holds the values of the flags.
type options struct {
	out      string
	perPage  int
	byPage   bool
	prefetch int
	rate     float64
	sample   *bool
}

func parse(args []string, stderr io.Writer) (*options, error) {
	var o options
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.StringVar(&o.out, "out", "inputs.jsonl", "`file` to create or resume; - means standard output, which cannot be resumed")
	flags.IntVar(&o.perPage, "per-page", clarifai.MaxPerPage, "inputs per page, 1 to 1000")
	flags.BoolVar(&o.byPage, "by-page", false, "request pages by number and resume from the page recorded in FILE.page; if inputs are added or deleted during the export, pages shift and inputs may be missed or exported twice")
	flags.IntVar(&o.prefetch, "prefetch", 0, "with -by-page, maximum number of `pages` to fetch ahead in parallel, up to 1000")
	flags.Float64Var(&o.rate, "rate", 0, "maximum number of `requests` per second; 0 means no limit")
	o.sample = script.SampleFlag(flags)
	if err := script.Parse(flags, args, stderr); err != nil {
		return nil, err
	}
	switch {
	case o.perPage < 1 || o.perPage > clarifai.MaxPerPage:
		return nil, fmt.Errorf("%w: -per-page %d: must be 1 to %d", script.ErrUsage, o.perPage, clarifai.MaxPerPage)
	case o.prefetch < 0 || o.prefetch > maxPrefetch:
		return nil, fmt.Errorf("%w: -prefetch %d: must be 0 to %d", script.ErrUsage, o.prefetch, maxPrefetch)
	case o.prefetch > 0 && !o.byPage:
		return nil, fmt.Errorf("%w: -prefetch requires -by-page", script.ErrUsage)
	}
	return &o, nil
}

// export writes the inputs to the output and closes the output file. It returns the
// state of the output, or nil if the output was not opened or cannot be resumed.
func (o *options) export(ctx context.Context, stdout, stderr io.Writer) (_ *export, err error) {
	var opts []clarifai.Option
	if o.rate != 0 {
		opts = append(opts, clarifai.WithRateLimit(o.rate))
	}
	client, err := script.Connect(name, *o.sample, io.Discard, stderr, opts...)
	if err != nil {
		return nil, err
	}
	e := &export{Writer: stdout}
	from := position{Page: 1, PerPage: o.perPage}
	if o.out != "-" {
		if e, err = open(o.out); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, e.file.Close()) }()
		if from, err = o.position(e); err != nil {
			return nil, err
		}
	}
	if e.lines > 0 {
		if found, err := has(ctx, client, e.lastID); err != nil {
			return e, err
		} else if !found {
			return nil, fmt.Errorf("%s ends with the input %q, which the app does not have: the file belongs to another app or the input was deleted; use another file", o.out, e.lastID)
		}
	}
	if err := e.cut(e.lines, e.size); err != nil { // remove an incomplete line
		return e, err
	}
	before, kept := e.lines, e.lines
	if o.byPage {
		kept = from.Lines
	}
	progress := newProgress(stderr, fitsBar(stderr), kept, total(ctx, client))
	pages := stream(ctx, client, &clarifai.StreamInputsRequest{PerPage: o.perPage, LastID: e.lastID})
	if o.byPage {
		pages = listInputs.Pages(ctx, client, &clarifai.PageParams{Page: from.Page, PerPage: from.PerPage}, clarifai.Prefetch(o.prefetch))
	}
	err = o.copy(e, pages, from, progress)
	progress.end()
	if err == nil && e.file != nil {
		fmt.Fprintf(stderr, "%s: %d inputs are in %s, %d of them new\n", name, e.lines, o.out, max(e.lines-before, 0))
	}
	return e, err
}

// position returns the position from which an export with -by-page resumes.
func (o *options) position(e *export) (position, error) {
	from, err := load(o.out)
	switch recorded := from != (position{}); {
	case err != nil:
		return from, err
	case recorded && !o.byPage:
		return from, fmt.Errorf("%s was exported with -by-page: use -by-page again or another file", o.out)
	case !o.byPage:
		return from, nil
	case recorded && from.PerPage != o.perPage:
		return from, fmt.Errorf("%s was exported with -per-page %d: use the same value or another file", o.out, from.PerPage)
	case recorded && from.Size > e.size:
		return from, fmt.Errorf("%s is shorter than recorded in %s: delete both files or use another file", o.out, positionPath(o.out))
	case recorded:
		return from, nil
	case e.lines > 0:
		return from, fmt.Errorf("%s was exported without -by-page: omit -by-page or use another file", o.out)
	}
	from = position{Page: 1, PerPage: o.perPage}
	return from, from.save(o.out)
}

// listInputs returns each input exactly as the API sent it.
var listInputs = clarifai.Endpoint[json.RawMessage]{Operation: "ListInputs"}

// stream returns the same inputs as listInputs, but requests each page by the ID of the
// last input received instead of by number.
func stream(ctx context.Context, client *clarifai.Client, req *clarifai.StreamInputsRequest) iter.Seq2[*clarifai.Page[json.RawMessage], error] {
	list := func(ctx context.Context, req *clarifai.StreamInputsRequest) (*clarifai.Page[json.RawMessage], error) {
		call := clarifai.Call{Method: http.MethodGet, Path: "/v2/users/{user_id}/apps/{app_id}/inputs/stream"}
		var response struct {
			Inputs []*json.RawMessage `json:"inputs"`
		}
		status, err := client.Do(ctx, call, req, &response)
		return &clarifai.Page[json.RawMessage]{Items: response.Inputs, Status: status}, err
	}
	return clarifai.Pages(ctx, list, req)
}

// has reports whether the app has the input. The ID is sent in the query, since not
// every ID is valid in a path.
func has(ctx context.Context, client *clarifai.Client, id string) (bool, error) {
	page, err := listInputs.List(ctx, client, &struct {
		clarifai.PageParams
		IDs string `url:"ids"`
	}{IDs: id})
	return err == nil && len(page.Items) > 0, err
}

// total returns the number of inputs, or 0 if it is unknown. The export works
// without it.
func total(ctx context.Context, client *clarifai.Client) int {
	count, err := client.GetInputCount(ctx)
	if err != nil {
		return 0
	}
	return int(count.Processed) + int(count.ToProcess) + int(count.Processing) + int(count.Errors)
}

// copy writes pages to the export.
func (o *options) copy(e *export, pages iter.Seq2[*clarifai.Page[json.RawMessage], error], from position, progress progress) error {
	for page, err := range pages {
		if err != nil {
			return err
		}
		if o.byPage && page.Number == from.Page {
			if err := e.cut(from.Lines, from.Size); err != nil {
				return err
			}
		}
		lines, size := e.lines, e.size
		err := e.add(page.Items)
		progress.add(e.lines - lines)
		if err == nil && o.byPage && e.file != nil {
			err = after(page, e, lines, size).save(o.out)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

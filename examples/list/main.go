// Command list lists the results of any paginated operation of the API: one page or
// all pages.
//
//	go run ./examples/list ListModels -page 2
//	go run ./examples/list ListModelVersions -with model_id=general -all -json
//	go run ./examples/list PostConceptsSearches -param 'concept_query={"name":"p*"}'
//
// The environment variables CLARIFAI_USER_ID, CLARIFAI_APP_ID and CLARIFAI_PAT
// specify the app and the token. With -sample, or if no CLARIFAI_ variable is set,
// the command uses a sample app in memory. It prints a table with the ID, name and
// time of each result or, with -json, the results as the API sent them. Columns
// without values are omitted. The app in use and each request are printed on
// standard error.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/examples/internal/script"
)

const name = "list"

func main() { script.Main(run) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return script.Exit(name, list(ctx, args, stdout, stderr), stderr)
}

func list(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var page script.PageFlags
	var endpoint clarifai.Endpoint[json.RawMessage] // results as the API sent them
	var fills [][2]string
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.Usage = func() { usage(flags) }
	page.Register(flags)
	flags.StringVar(&endpoint.Path, "path", "", "`path` to use if the operation has several, such as /v2/users/{user_id}/models for ListModels")
	flags.Func("with", "replace {name} in the path: `name=value`", func(text string) error {
		name, value, err := cut(text)
		fills = append(fills, [2]string{name, value})
		return err
	})
	var params params
	flags.Func("param", "add a parameter to the query or the body: `name=value`; in a body, a value that is not valid JSON is sent as a string", func(text string) error {
		name, value, err := cut(text)
		params = append(params, [2]string{name, value})
		return err
	})
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		endpoint.Operation, args = args[0], args[1:]
	}
	if err := script.Parse(flags, args, stderr); err != nil {
		return err
	}
	if endpoint.Operation == "" {
		return fmt.Errorf("%w: the first argument must be an operation, such as ListModels; use -h to list all operations", script.ErrUsage)
	}
	for _, fill := range fills {
		endpoint = endpoint.With(fill[0], fill[1])
	}
	client, err := script.Connect(name, *page.Sample, stderr, stderr)
	if err != nil {
		return err
	}
	get := func(ctx context.Context, req *request) (*clarifai.Page[json.RawMessage], error) {
		return endpoint.List(ctx, client, req)
	}
	req := &request{page.PageParams, params}
	pages := script.One(ctx, get, req)
	if page.All {
		pages = clarifai.Pages(ctx, get, req)
	}
	printer := script.Printer[json.RawMessage]{Stdout: stdout, Stderr: stderr, JSON: page.JSON, Table: table}
	return script.Print(printer, pages, func(p *clarifai.Page[json.RawMessage]) []*json.RawMessage { return p.Items })
}

func cut(text string) (name, value string, err error) {
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		err = fmt.Errorf("must be name=value")
	}
	return name, value, err
}

func usage(flags *flag.FlagSet) {
	w := flags.Output()
	fmt.Fprintf(w, "Usage: %s OPERATION [flags]\n\nFlags:\n", name)
	flags.PrintDefaults()
	fmt.Fprintf(w, "\nOperations:\n")
	for _, operation := range clarifai.Operations() {
		fmt.Fprintf(w, "  %s\n", operation)
	}
}

// request holds the parameters of any operation.
type request struct {
	clarifai.PageParams `json:"pagination"`
	Params              params
}

// params holds names and values in the order of the flags.
type params [][2]string

// EncodeValues adds the parameters to the query of a GET.
func (p params) EncodeValues(_ string, query *url.Values) error {
	for _, param := range p {
		query.Add(param[0], param[1])
	}
	return nil
}

// MarshalJSON returns the body of a POST.
func (r request) MarshalJSON() ([]byte, error) {
	body := map[string]any{}
	for _, param := range r.Params {
		var value any = json.RawMessage(param[1])
		if !json.Valid([]byte(param[1])) {
			value = param[1]
		}
		body[param[0]] = value
	}
	if r.PageParams != (clarifai.PageParams{}) {
		body["pagination"] = r.PageParams
	}
	return json.Marshal(body)
}

// columns lists the possible columns of the table and the fields that they show.
var columns = []struct {
	header string
	fields []string
}{
	{"ID", []string{"id"}},
	{"NAME", []string{"name"}},
	{"TIME", []string{"created_at", "timestamp"}},
}

// table returns the header and the row function for the columns that have values.
// The header is nil if no column has values.
func table(results []*json.RawMessage) (header []string, row func(*json.RawMessage) []string) {
	var used []int
	for i, column := range columns {
		for _, result := range results {
			if cell(result, column.fields) != "-" {
				header, used = append(header, column.header), append(used, i)
				break
			}
		}
	}
	return header, func(result *json.RawMessage) []string {
		var cells []string
		for _, i := range used {
			cells = append(cells, cell(result, columns[i].fields))
		}
		return cells
	}
}

// cell returns the value of the first field that is set in a result or, failing that, in
// the input of the result. Some results, such as hits, contain an input. If no field is
// set, cell returns "-".
func cell(result *json.RawMessage, fields []string) string {
	var own, input map[string]json.RawMessage
	_ = json.Unmarshal(*result, &own) // a value that is not an object has no fields
	_ = json.Unmarshal(own["input"], &input)
	for _, object := range []map[string]json.RawMessage{own, input} {
		for _, field := range fields {
			text := string(object[field])
			_ = json.Unmarshal(object[field], &text) // unquote strings; null leaves text unchanged
			if text != "" && text != "null" {
				return text
			}
		}
	}
	return "-"
}

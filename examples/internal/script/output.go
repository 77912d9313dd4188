package script

import (
	"encoding/json"
	"errors"
	"flag"
	"io"
	"iter"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/clarifai-go/clarifai"
)

// PageFlags are the flags that say which results, and how to print them.
type PageFlags struct {
	clarifai.PageParams
	All  bool
	JSON bool
}

// Register adds the flags to a set.
func (f *PageFlags) Register(flags *flag.FlagSet) {
	flags.IntVar(&f.Page, "page", 0, "`number` of the page, from 1; not sent when 0, which means 1")
	flags.IntVar(&f.PerPage, "per-page", 0, "results in a page, 1 to 1000; not sent when 0, which means 128")
	flags.BoolVar(&f.All, "all", false, "print the results of this page and of all that follow; pages have 1000 results then, unless -per-page says otherwise")
	flags.BoolVar(&f.JSON, "json", false, "print one JSON object a line on standard output and nothing else there")
}

// Output prints results, and the requests that were sent for them.
type Output struct {
	json    *json.Encoder // nil for a table
	stdout  io.Writer
	stderr  io.Writer
	table   *tabwriter.Writer
	columns []string
	rows    int
}

// NewOutput makes an output of JSON, or of a table with these columns.
func NewOutput(asJSON bool, stdout, stderr io.Writer, columns ...string) *Output {
	o := &Output{stdout: stdout, stderr: stderr, columns: columns}
	if asJSON {
		o.json = json.NewEncoder(stdout)
		o.json.SetEscapeHTML(false)
	}
	o.table = tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	return o
}

// Write prints a request, after the rows so far. With JSON that goes to standard
// error.
func (o *Output) Write(request []byte) (int, error) {
	if o.json != nil {
		return o.stderr.Write(request)
	}
	if err := o.table.Flush(); err != nil {
		return 0, err
	}
	return o.stdout.Write(request)
}

// Items iterates over the results of a page.
func Items[T any](items []*T) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}

// Print prints results until there are no more or one is an error: each as JSON,
// or the cells of its row. What came before an error is printed too.
func Print[T any](o *Output, results iter.Seq2[*T, error], cells func(*T) []string) error {
	for result, err := range results {
		if err == nil {
			err = o.result(result, func() []string { return cells(result) })
		}
		if err != nil {
			return errors.Join(err, o.table.Flush())
		}
	}
	if o.json == nil && o.rows == 0 {
		_, err := io.WriteString(o.stdout, "no results\n")
		return err
	}
	return o.table.Flush()
}

func (o *Output) result(result any, cells func() []string) error {
	if o.json != nil {
		return o.json.Encode(result)
	}
	if o.rows++; o.rows == 1 {
		if err := o.row(o.columns); err != nil {
			return err
		}
	}
	return o.row(cells())
}

func (o *Output) row(cells []string) error {
	for i, cell := range cells {
		cells[i] = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) { // a tab would be a cell of its own, and an escape a command to the terminal
				return ' '
			}
			return r
		}, cell)
	}
	_, err := io.WriteString(o.table, strings.Join(cells, "\t")+"\n")
	return err
}

// Media says what an input is.
func Media(input *clarifai.Input) string {
	if input == nil || input.Data == nil {
		return "-"
	}
	switch data := input.Data; {
	case data.Image != nil:
		return "image"
	case data.Video != nil:
		return "video"
	case data.Audio != nil:
		return "audio"
	case data.Text != nil:
		return "text"
	}
	return "-"
}

// Concepts names the concepts of data, those that are absent with a "!", and those
// of its regions.
func Concepts(data *clarifai.Data) string {
	var names []string
	collectConcepts(data, &names)
	if len(names) == 0 {
		return "-"
	}
	return strings.Join(names, ", ")
}

func collectConcepts(data *clarifai.Data, names *[]string) {
	if data == nil {
		return
	}
	for _, concept := range data.Concepts {
		name := concept.Name
		if name == "" {
			name = concept.ID
		}
		if concept.Value != nil && *concept.Value == 0 {
			name = "!" + name
		}
		*names = append(*names, name)
	}
	for _, region := range data.Regions {
		collectConcepts(region.Data, names)
	}
}

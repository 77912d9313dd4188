package script

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"iter"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/clarifai-go/clarifai"
)

// PageFlags holds the flags that select results and their output format.
type PageFlags struct {
	clarifai.PageParams
	All    bool
	JSON   bool
	Sample *bool
}

// Register adds the flags to a flag set.
func (f *PageFlags) Register(flags *flag.FlagSet) {
	flags.IntVar(&f.Page, "page", 0, "page `number`, starting at 1; 0 omits it from the request, and the API returns page 1")
	flags.IntVar(&f.PerPage, "per-page", 0, "results per page, 1 to 1000; 0 omits it from the request, and the API returns 128")
	flags.BoolVar(&f.All, "all", false, "print this page and all following pages, with a default page size of 1000")
	flags.BoolVar(&f.JSON, "json", false, "print JSON Lines instead of a table")
	f.Sample = SampleFlag(flags)
}

// One returns an iterator over a single page. See [clarifai.Pages] for all pages.
func One[Q, P any](ctx context.Context, list func(context.Context, *Q) (P, error), req *Q) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) { yield(list(ctx, req)) }
}

// Printer prints results, one per line.
type Printer[T any] struct {
	Stdout, Stderr io.Writer
	JSON           bool // print JSON Lines instead of a table

	// Table returns the header of the table and a function that returns the row of
	// a result. The argument of Table is the first page that has results. If the
	// header is nil, results are printed as JSON Lines.
	Table func([]*T) (header []string, row func(*T) []string)
}

// Print prints each page as soon as it arrives. It stops at the first error.
func Print[P, T any](p Printer[T], pages iter.Seq2[P, error], items func(P) []*T) error {
	lines := json.NewEncoder(p.Stdout)
	lines.SetEscapeHTML(false)
	table := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	var row func(*T) []string
	empty := true
	for page, err := range pages {
		if err != nil {
			return err
		}
		results := items(page)
		if empty && len(results) > 0 && !p.JSON {
			var header []string
			if header, row = p.Table(results); header != nil {
				if err := writeRow(table, header); err != nil {
					return err
				}
			}
			p.JSON = header == nil
		}
		empty = empty && len(results) == 0
		for _, result := range results {
			if p.JSON {
				err = lines.Encode(result)
			} else {
				err = writeRow(table, row(result))
			}
			if err != nil {
				return err
			}
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	if empty {
		fmt.Fprintln(p.Stderr, "no results")
	}
	return nil
}

func writeRow(table *tabwriter.Writer, cells []string) error {
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) { // tabs would start a new cell, and escapes could control the terminal
				return ' '
			}
			return r
		}, cell)
	}
	_, err := io.WriteString(table, strings.Join(row, "\t")+"\n")
	return err
}

// Media returns the media type of an input.
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

// Concepts returns the names of the concepts in data and its regions. Absent
// concepts are marked with "!".
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

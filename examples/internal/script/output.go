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

// PageFlags are the flags that select results and say how to print them.
type PageFlags struct {
	clarifai.PageParams
	All    bool
	JSON   bool
	Sample *bool
}

// Register adds the flags to a set.
func (f *PageFlags) Register(flags *flag.FlagSet) {
	flags.IntVar(&f.Page, "page", 0, "`number` of the page, from 1; if 0, it is omitted from the request, and the API returns page 1")
	flags.IntVar(&f.PerPage, "per-page", 0, "results per page, 1 to 1000; if 0, it is omitted from the request, and the API returns 128")
	flags.BoolVar(&f.All, "all", false, "print this page and all that follow, with 1000 results per page by default")
	flags.BoolVar(&f.JSON, "json", false, "print JSON Lines, not a table")
	f.Sample = SampleFlag(flags)
}

// One iterates over a single page, where [clarifai.Pages] iterates over all.
func One[Q, P any](ctx context.Context, list func(context.Context, *Q) (P, error), req *Q) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) { yield(list(ctx, req)) }
}

// Printer prints results on standard output, one per line.
type Printer[T any] struct {
	Stdout, Stderr io.Writer
	JSON           bool // print JSON Lines, not a table

	// Table returns the header of the table, and what makes a row of a result. It gets
	// the results of the first page. Without a header, they are printed as JSON Lines.
	Table func([]*T) (header []string, row func(*T) []string)
}

// Print prints each page once it has arrived, until there are no more or one fails.
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
			if unicode.IsControl(r) { // a tab would start a cell, and an escape is a command to the terminal
				return ' '
			}
			return r
		}, cell)
	}
	_, err := io.WriteString(table, strings.Join(row, "\t")+"\n")
	return err
}

// Media returns the kind of an input.
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

// Concepts returns the names of the concepts of data and its regions. A "!" marks an
// absent one.
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

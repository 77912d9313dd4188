package clarifai_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"net/http"
	"os"
	"path/filepath"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
)

// checkpoint is the progress of an export: the next page, and the size of the file before it.
type checkpoint struct {
	clarifai.PageParams
	Size int64
}

// exportPages writes the IDs of all inputs to a file, and updates a checkpoint file after
// each page. If it is interrupted, the next run resumes at the last checkpoint.
func exportPages(ctx context.Context, client *clarifai.Client, path string) error {
	done := checkpoint{PageParams: clarifai.PageParams{Page: 1, PerPage: 50}}
	if text, err := os.ReadFile(path + ".checkpoint"); err == nil {
		if err := json.Unmarshal(text, &done); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer file.Close()

	req := &clarifai.ListInputsRequest{PageParams: done.PageParams}
	for page, err := range clarifai.Pages(ctx, client.ListInputs, req, clarifai.Prefetch(4)) {
		if err != nil {
			return err
		}
		var lines bytes.Buffer
		for _, input := range page.Items {
			fmt.Fprintln(&lines, input.ID)
		}
		n, err := file.WriteAt(lines.Bytes(), done.Size) // overwrites anything after the checkpoint
		if err != nil {
			return err
		}
		done = checkpoint{clarifai.PageParams{Page: page.Number + 1, PerPage: page.PerPage}, done.Size + int64(n)}
		if err := done.save(path + ".checkpoint"); err != nil {
			return err
		}
	}
	return file.Truncate(done.Size)
}

// save replaces the file atomically.
func (c checkpoint) save(path string) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", text, 0o666); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// An export with a checkpoint after each page. If the program is killed, the next run
// resumes without losing or repeating inputs.
func ExamplePages() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "inputs.txt")
	app := exampleApp()
	client := app.Client()

	app.AddFault(clarifaitest.Fault{Operation: "ListInputs", Page: 3, HTTPStatus: http.StatusInternalServerError, Nth: 1})
	var failed *clarifai.PageError
	if err := exportPages(context.Background(), client, path); errors.As(err, &failed) {
		fmt.Println("page", failed.Page, "failed, resume:", failed.CanResume())
	}
	fmt.Println(exportPages(context.Background(), client, path))
	text, err := os.ReadFile(path)
	fmt.Println(bytes.Count(text, []byte("\n")), "inputs,", err)
	// Output:
	// page 3 failed, resume: true
	// <nil>
	// 250 inputs, <nil>
}

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/clarifai-go/clarifai"
)

// position is where an export by page resumes. It is in a file of its own, beside that
// of the inputs.
type position struct {
	Page    int   `json:"page"`     // to request next
	PerPage int   `json:"per_page"` // what Page counts in
	Lines   int   `json:"lines"`    // of the pages before
	Size    int64 `json:"size"`     // of those lines
}

func positionPath(path string) string { return path + ".page" }

// load reads the position of a file of inputs. It is zero if none is recorded.
func load(path string) (p position, err error) {
	text, err := os.ReadFile(positionPath(path))
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	} else if err != nil {
		return p, err
	}
	if err := json.Unmarshal(text, &p); err != nil || p.Page < 1 {
		return p, fmt.Errorf("%s is not the position of an export", positionPath(path))
	}
	return p, nil
}

// save replaces the position of a file of inputs.
func (p position) save(path string) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	next := positionPath(path) + ".tmp"
	file, err := os.Create(next)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(next, positionPath(path))
}

// after returns the position after a page that has been written to an export of some
// lines and size before. A page that is not full is read again, as inputs may have
// been added to it.
func after[T any](page *clarifai.Page[T], e *export, lines int, size int64) position {
	if len(page.Items) < page.PerPage {
		return position{page.Number, page.PerPage, lines, size}
	}
	return position{page.Number + 1, page.PerPage, e.lines, e.size}
}

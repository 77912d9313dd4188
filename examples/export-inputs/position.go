package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/clarifai-go/clarifai"
)

// position is the position from which an export by page resumes. It is stored in a
// separate file next to the exported inputs.
type position struct {
	Page    int   `json:"page"`     // next page to request
	PerPage int   `json:"per_page"` // page size that Page refers to
	Lines   int   `json:"lines"`    // number of lines before Page
	Size    int64 `json:"size"`     // size of those lines in bytes
}

func positionPath(path string) string { return path + ".page" }

// load returns the position stored for the file at path, or the zero value if no
// position is stored.
func load(path string) (p position, err error) {
	text, err := os.ReadFile(positionPath(path))
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	} else if err != nil {
		return p, err
	}
	if err := json.Unmarshal(text, &p); err != nil || p.Page < 1 {
		return p, fmt.Errorf("%s does not hold the position of an export", positionPath(path))
	}
	return p, nil
}

// save atomically replaces the position stored for the file at path.
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

// after returns the position to store once a page has been written to e. The
// parameters lines and size describe the export before the page was written. A page
// that is not full is requested again, since inputs may be added to it.
func after[T any](page *clarifai.Page[T], e *export, lines int, size int64) position {
	if len(page.Items) < page.PerPage {
		return position{page.Number, page.PerPage, lines, size}
	}
	return position{page.Number + 1, page.PerPage, e.lines, e.size}
}

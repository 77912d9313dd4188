package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/clarifai-go/clarifai"
)

// exportFile is a file of inputs, one a line. Only whole lines count: half of one,
// which a crash may leave at the end, is cut off when the file is opened again.
type exportFile struct {
	*os.File
	lines   int    // in the file
	lastID  string // of the last line; empty when there is none
	buffer  bytes.Buffer
	pending int // lines in the buffer
}

// openExport opens a file to append to. It refuses one that is not an export, as it
// would cut off its end.
func openExport(path string) (*exportFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	file := &exportFile{File: f}
	if err := file.findEnd(); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return file, nil
}

// findEnd counts the lines, and cuts off what follows the last whole one.
func (e *exportFile) findEnd() error {
	if info, err := e.Stat(); err != nil {
		return err
	} else if !info.Mode().IsRegular() {
		return errors.New("is not a regular file, so it could not be gone on with")
	}
	var last, line []byte // the last whole line, and what follows it
	var end int64         // of the last whole line
	reader := bufio.NewReaderSize(e, 1<<20)
	for {
		var err error
		line, err = appendLine(line[:0], reader)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		e.lines++
		end += int64(len(line))
		last, line = line, last
	}
	if e.lines > 0 {
		var input struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(last, &input); err != nil || input.ID == "" {
			return fmt.Errorf("line %d is not an input, so the file is not an export", e.lines)
		}
		e.lastID = input.ID
	}
	const start = `{"id":"` // of every line
	if half := string(line[:min(len(line), len(start))]); !strings.HasPrefix(start, half) {
		return errors.New("ends with what is not part of an input, so the file is not an export")
	}
	if err := e.Truncate(end); err != nil {
		return err
	}
	_, err := e.Seek(end, io.SeekStart)
	return err
}

// appendLine appends a line to a buffer, or with io.EOF what comes after the last
// one.
func appendLine(buffer []byte, reader *bufio.Reader) ([]byte, error) {
	for {
		part, err := reader.ReadSlice('\n')
		buffer = append(buffer, part...)
		if err != bufio.ErrBufferFull {
			return buffer, err
		}
	}
}

// add adds a line, which is written by the next flush.
func (e *exportFile) add(input *clarifai.Input) error {
	encoder := json.NewEncoder(&e.buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(input); err != nil {
		return err
	}
	e.pending++
	e.lastID = input.ID
	return nil
}

// flush writes the lines added, down to the disk, and gives their number.
func (e *exportFile) flush() (lines int, err error) {
	if e.pending == 0 {
		return 0, nil
	}
	if _, err := e.Write(e.buffer.Bytes()); err != nil {
		return 0, err
	}
	if err := e.Sync(); err != nil {
		return 0, err
	}
	lines = e.pending
	e.lines += lines
	e.pending = 0
	e.buffer.Reset()
	return lines, nil
}

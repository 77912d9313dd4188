package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// export is the destination of the inputs, a file or standard output. It holds one
// input per line.
type export struct {
	io.Writer
	file   *os.File // nil for standard output
	lines  int      // number of complete lines
	size   int64    // total size of the complete lines in bytes
	lastID string   // ID of the last input; empty if the file has no inputs
	buffer bytes.Buffer
}

// open opens a file for appending and creates it if it does not exist. It returns
// an error if the file is not an export. After a crash, the file may end with an
// incomplete line; see cut.
func open(path string) (*export, error) {
	// Opening a named pipe would block until its other end is opened.
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file and cannot be resumed; use -out - to write to standard output", path)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	e := &export{Writer: file, file: file}
	if err := e.scan(); err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return e, nil
}

// scan finds the last complete line.
func (e *export) scan() error {
	var last, line []byte // the last complete line and the bytes after it
	reader := bufio.NewReaderSize(e.file, 1<<20)
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
		e.size += int64(len(line))
		last, line = line, last
	}
	start := `{"id":"` // start of an input
	if e.lines > 0 {
		var input struct{ ID string }
		if err := json.Unmarshal(last, &input); err != nil || input.ID == "" {
			return fmt.Errorf("line %d is not an input, so the file is not an export", e.lines)
		}
		e.lastID = input.ID
		start = "{"
	}
	if half := string(line[:min(len(line), len(start))]); !strings.HasPrefix(start, half) {
		return errors.New("the last line is not part of an input, so the file is not an export")
	}
	return nil
}

// appendLine appends the next line to a buffer. At the end of the file, it appends
// the incomplete last line and returns io.EOF.
func appendLine(buffer []byte, reader *bufio.Reader) ([]byte, error) {
	for {
		part, err := reader.ReadSlice('\n')
		buffer = append(buffer, part...)
		if err != bufio.ErrBufferFull {
			return buffer, err
		}
	}
}

// cut truncates the file to its first n lines, which occupy size bytes.
func (e *export) cut(n int, size int64) error {
	if e.file == nil {
		return nil
	}
	if err := e.file.Truncate(size); err != nil {
		return err
	}
	if _, err := e.file.Seek(size, io.SeekStart); err != nil {
		return err
	}
	e.lines, e.size = n, size
	return nil
}

// add writes the JSON of each input on its own line and syncs the file to disk. If it
// fails, e.lines and e.size include only complete lines.
func (e *export) add(inputs []*json.RawMessage) error {
	e.buffer.Reset()
	for _, input := range inputs {
		if err := json.Compact(&e.buffer, *input); err != nil {
			return err
		}
		e.buffer.WriteByte('\n')
	}
	n, err := e.Write(e.buffer.Bytes())
	written := e.buffer.Bytes()[:n]
	e.lines += bytes.Count(written, []byte("\n"))
	e.size += int64(bytes.LastIndexByte(written, '\n') + 1)
	if e.file == nil {
		return err
	}
	if err != nil {
		return errors.Join(err, e.cut(e.lines, e.size)) // remove an incomplete line
	}
	return e.file.Sync()
}

package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
)

func TestResumesFromAnyByte(t *testing.T) {
	want := whole(t)
	path := filepath.Join(t.TempDir(), "out")
	firstLine := strings.Index(want, "\n") + 1
	cuts := []int{0, 1, 6, 7, 8, firstLine - 1, firstLine, firstLine + 1, len(want) - 1, len(want)}
	for range 40 {
		cuts = append(cuts, rand.IntN(len(want)))
	}
	for _, cut := range cuts {
		write(t, path, want[:cut])
		code, stderr := start(t, t.Context(), "-sample", "-out", path, "-per-page", "100")
		if code != 0 || read(t, path) != want {
			t.Errorf("from byte %d: got %d, %q and another file", cut, code, stderr)
		}
		if lines := strings.Count(want[:cut], "\n"); lines > 0 && !strings.Contains(stderr, fmt.Sprintf("resuming after %d inputs\n", lines)) {
			t.Errorf("from byte %d: got %q", cut, stderr)
		}
	}
}

func TestResumesByPageFromAnyByte(t *testing.T) {
	want := whole(t)
	lines := strings.SplitAfter(want, "\n")
	path := filepath.Join(t.TempDir(), "out")
	for range 40 {
		page := rand.IntN(8) + 1 // the pages have 30 inputs
		recorded := position{Page: page, PerPage: 30, Lines: 30 * (page - 1)}
		recorded.Size = int64(len(strings.Join(lines[:recorded.Lines], "")))
		if err := recorded.save(path); err != nil {
			t.Fatal(err)
		}
		cut := int(recorded.Size) + rand.IntN(len(want)-int(recorded.Size)+1)
		write(t, path, want[:cut])
		code, stderr := start(t, t.Context(), "-sample", "-out", path, "-per-page", "30", "-by-page", "-prefetch", "2")
		if code != 0 || read(t, path) != want {
			t.Errorf("page %d, byte %d: got %d, %q and another file", page, cut, code, stderr)
		}
		if page > 1 && !strings.Contains(stderr, fmt.Sprintf("resuming after %d inputs\n", recorded.Lines)) {
			t.Errorf("page %d, byte %d: got %q", page, cut, stderr)
		}
	}
}

// The last page is requested again, since inputs may have been added to it.
func TestByPageAppendsNewInputs(t *testing.T) {
	app := clarifaitest.NewApp()
	path := filepath.Join(t.TempDir(), "out")
	serve(t, app, nil)
	n := 0
	for _, add := range []int{7, 0, 2, 1, 10, 13, 0} {
		for range add {
			app.AddInputs(&clarifai.Input{ID: fmt.Sprint("i", n)})
			n++
		}
		code, stderr := start(t, t.Context(), "-out", path, "-by-page", "-per-page", "10")
		if want := fmt.Sprintf("%d inputs are in %s, %d of them new\n", n, path, add); code != 0 || !strings.HasSuffix(stderr, want) {
			t.Errorf("got %d and %q, want %q", code, stderr, want)
		}
		checkIDs(t, path, n)
		if next, err := load(path); err != nil || next.Page != n/10+1 || next.Lines != n/10*10 {
			t.Errorf("%d inputs: recorded %+v, %v", n, next, err)
		}
	}
}

// A server may return fewer inputs than were requested, on any page.
func TestByPageResumesAfterShortPages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	answers(t, `{"id":"i0"}`, `{"id":"i1"},{"id":"i2"}`, `{"id":"i3"}`)
	if code, stderr := start(t, t.Context(), "-out", path, "-by-page", "-per-page", "2"); code != 1 || !strings.Contains(stderr, "has 4 inputs; run the same command again") {
		t.Errorf("got %d and %q", code, stderr)
	}
	if got, want := read(t, positionPath(path)), `{"page":3,"per_page":2,"lines":3,"size":36}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	answers(t, `{"id":"i3"},{"id":"i4"}`, "")
	if code, stderr := start(t, t.Context(), "-out", path, "-by-page", "-per-page", "2"); code != 0 {
		t.Errorf("got %d and %q", code, stderr)
	}
	checkIDs(t, path, 5)
}

func TestDoesNotMixPaginationModes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	run := func(want int, part string, args ...string) {
		t.Helper()
		code, stderr := start(t, t.Context(), append(args, "-sample", "-out", path)...)
		if code != want || !strings.Contains(stderr, part) {
			t.Errorf("got %d and %q", code, stderr)
		}
	}
	run(0, "")
	run(1, "was exported without -by-page", "-by-page")
	path += "2"
	run(0, "", "-by-page", "-per-page", "30")
	run(1, "was exported with -by-page")
	run(1, "was exported with -per-page 30", "-by-page")
	write(t, path, "")
	run(1, "is shorter than recorded in "+path+".page", "-by-page", "-per-page", "30")
	write(t, positionPath(path), "{}")
	run(1, path+".page does not hold the position of an export", "-by-page", "-per-page", "30")
}

func TestDoesNotChangeOtherFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "precious")
	for _, content := range []string{"a note", "a note\n", "{\"id\":\"\"}\n", "{}\n", "{\"id\":\"input-001\"}\n# the end", `{"name":`, "[]\n"} {
		write(t, path, content)
		code, stderr := start(t, t.Context(), "-sample", "-out", path)
		if code != 1 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, path) || read(t, path) != content {
			t.Errorf("%q: got %d, %q and %q", content, code, stderr, read(t, path))
		}
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{t.TempDir(), os.DevNull, pipe, filepath.Join(t.TempDir(), "no", "folder")} {
		if code, stderr := start(t, t.Context(), "-sample", "-out", path); code != 1 || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: got %d and %q", path, code, stderr)
		}
	}
}

func TestDoesNotResumeWithAnotherApp(t *testing.T) {
	content := whole(t) + `{"id":"half`
	path := filepath.Join(t.TempDir(), "out")
	write(t, path, content)
	app := clarifaitest.NewApp()
	app.AddInputs(&clarifai.Input{ID: "other"})
	serve(t, app, nil)
	code, stderr := start(t, t.Context(), "-out", path)
	if code != 1 || strings.Count(stderr, "\n") != 2 || !strings.Contains(stderr, "another app") || strings.Contains(stderr, "run the same command") || read(t, path) != content {
		t.Errorf("got %d and %q", code, stderr)
	}
	// Any other error ends the export, since the app cannot be checked.
	app.AddFault(clarifaitest.Fault{Operation: "ListInputs", HTTPStatus: 403})
	code, stderr = start(t, t.Context(), "-out", path)
	if code != 1 || !strings.Contains(stderr, "HTTP 403") || !strings.Contains(stderr, "run the same command") || read(t, path) != content {
		t.Errorf("got %d and %q", code, stderr)
	}
}

func TestErrorsExplainHowToResume(t *testing.T) {
	app := clarifaitest.NewApp()
	for i := range 95 {
		app.AddInputs(&clarifai.Input{ID: fmt.Sprint("i", i)})
	}
	app.AddFault(clarifaitest.Fault{Operation: "StreamInputs", Nth: 4, HTTPStatus: 500})
	app.AddFault(clarifaitest.Fault{Operation: "StreamInputs", Nth: 6, HTTPStatus: 500})
	serve(t, app, nil)
	path := filepath.Join(t.TempDir(), "out")
	for _, lines := range []int{30, 40} {
		code, stderr := start(t, t.Context(), "-out", path, "-per-page", "10")
		hint := fmt.Sprintf("; %s has %d inputs; run the same command again to resume\n", path, lines)
		if code != 1 || !strings.HasSuffix(stderr, hint) || !strings.Contains(stderr, "HTTP 500") || strings.Contains(stderr, "secret") {
			t.Errorf("got %d and %q, want 1 and %q", code, stderr, hint)
		}
	}
	if code, stderr := start(t, t.Context(), "-out", path); code != 0 {
		t.Errorf("got %d and %q", code, stderr)
	}
	checkIDs(t, path, 95)
	app.AddInputs(&clarifai.Input{ID: "i95"}, &clarifai.Input{ID: "i96"})
	if code, stderr := start(t, t.Context(), "-out", path); code != 0 || !strings.HasSuffix(stderr, "97 inputs are in "+path+", 2 of them new\n") {
		t.Errorf("got %d and %q", code, stderr)
	}
	checkIDs(t, path, 97)
}

func TestWritesInputsReceivedBeforeAnError(t *testing.T) {
	for _, args := range [][]string{nil, {"-by-page"}, {"-by-page", "-prefetch", "1"}} {
		answers(t, `{"id":"i0"}`, `{"id":"i1"}`, `{"id":"i2"}`) // short pages
		path := filepath.Join(t.TempDir(), "out")
		if code, stderr := start(t, t.Context(), append(args, "-out", path)...); code != 1 || !strings.Contains(stderr, "has 3 inputs") {
			t.Errorf("%q: got %d and %q", args, code, stderr)
		}
		checkIDs(t, path, 3)
	}
}

// Not every ID that the API sends is valid in a path.
func TestResumesAfterAnyID(t *testing.T) {
	for _, id := range []string{"a/../b", "..", "a\x7fb", "ü ?&#%2f", "a,b"} {
		text, err := json.Marshal(id)
		if err != nil {
			t.Fatal(err)
		}
		input := fmt.Sprintf(`{"id":%s}`, text)
		handle(t, func(w http.ResponseWriter, r *http.Request) {
			results := ""
			switch query := r.URL.Query(); {
			case query.Get("ids") == id:
				results = input
			case query.Get("last_id") == id:
				results = `{"id":"i1"}`
			case query.Get("last_id") != "i1" && !strings.HasSuffix(r.URL.Path, "/inputs/status"):
				t.Errorf("%q: sent %s", id, r.URL)
			}
			fmt.Fprintf(w, `{"status":{"code":10000},"inputs":[%s]}`, results)
		})
		path := filepath.Join(t.TempDir(), "out")
		write(t, path, input+"\n")
		if code, stderr := start(t, t.Context(), "-out", path); code != 0 || read(t, path) != input+"\n{\"id\":\"i1\"}\n" {
			t.Errorf("%q: got %d, %q and %q", id, code, stderr, read(t, path))
		}
	}
}

func TestResumesAfterALineOfAnyLength(t *testing.T) {
	content := fmt.Sprintf("{\"id\":\"known\",\"data\":{\"text\":{\"raw\":%q}}}\n", strings.Repeat("x", 5<<20))
	answers(t, `{"id":"i1"}`, "")
	path := filepath.Join(t.TempDir(), "out")
	write(t, path, content)
	if code, stderr := start(t, t.Context(), "-out", path); code != 0 || read(t, path) != content+"{\"id\":\"i1\"}\n" {
		t.Errorf("got %d, %q and %d bytes", code, stderr, len(read(t, path)))
	}
}

func TestRemovesAnIncompleteLineImmediately(t *testing.T) {
	answers(t)
	path := filepath.Join(t.TempDir(), "out")
	const line = "{\"id\":\"known\"}\n"
	for _, half := range []string{line[:8], "{", `{"data":`} {
		write(t, path, line+half)
		if code, stderr := start(t, t.Context(), "-out", path); code != 1 || read(t, path) != line {
			t.Errorf("got %d, %q and %q", code, stderr, read(t, path))
		}
	}
}

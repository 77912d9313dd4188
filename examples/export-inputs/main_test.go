package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
	"github.com/clarifai-go/clarifai/examples/internal/scripttest"
)

func start(t *testing.T, ctx context.Context, args ...string) (code int, stderr string) {
	t.Helper()
	var stdout, err bytes.Buffer
	code = run(ctx, args, &stdout, &err)
	if stdout.Len() > 0 {
		t.Errorf("standard output: %s", &stdout)
	}
	return code, err.String()
}

// serve serves an app and sets the environment so that the script uses it. It calls
// before, if not nil, before each request.
func serve(t *testing.T, app *clarifaitest.App, before func()) {
	t.Helper()
	api := &url.URL{Scheme: "https", Host: "api.clarifai.com"}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(api) }, Transport: app.Transport()}
	handle(t, func(w http.ResponseWriter, r *http.Request) {
		if before != nil {
			before()
		}
		proxy.ServeHTTP(w, r)
	})
}

// handle serves a handler and sets the environment so that the script uses it.
func handle(t *testing.T, handler http.HandlerFunc) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	t.Setenv("CLARIFAI_PAT", "secret")
	t.Setenv("CLARIFAI_USER_ID", "u")
	t.Setenv("CLARIFAI_APP_ID", "a")
	t.Setenv("CLARIFAI_API_BASE", server.URL)
}

// answers serves the given pages of inputs in turn, and then status 500. Every
// single input exists.
func answers(t *testing.T, pages ...string) {
	t.Helper()
	handle(t, func(w http.ResponseWriter, r *http.Request) {
		const answer = `{"status":{"code":10000},"inputs":[%s]}`
		switch {
		case strings.HasSuffix(r.URL.Path, "/status"):
			w.WriteHeader(http.StatusForbidden)
		case r.URL.Query().Has("ids"):
			fmt.Fprintf(w, answer, `{"id":"known"}`)
		case len(pages) == 0:
			w.WriteHeader(http.StatusInternalServerError)
		default:
			fmt.Fprintf(w, answer, pages[0])
			pages = pages[1:]
		}
	})
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// whole returns the complete export of the sample app.
func whole(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "whole")
	code, stderr := start(t, t.Context(), "-sample", "-out", path)
	if want := "export-inputs: sample app: 250 made-up inputs, 90 of them annotated \"people\"\nexport-inputs: 250 inputs are in " + path + ", 250 of them new\n"; code != 0 || stderr != want {
		t.Fatalf("got %d and %q, want %q", code, stderr, want)
	}
	return read(t, path)
}

func TestExportsEveryInputOnce(t *testing.T) {
	lines := strings.SplitAfter(whole(t), "\n")
	if len(lines) != 251 || lines[250] != "" {
		t.Fatalf("got %d lines, want 250", len(lines)-1)
	}
	for i, line := range lines[:250] {
		var input clarifai.Input
		if err := json.Unmarshal([]byte(line), &input); err != nil || input.ID != fmt.Sprintf("input-%03d", i+1) {
			t.Errorf("line %d: %s: %v", i+1, line, err)
		}
	}
}

func TestPaginationModesProduceTheSameFile(t *testing.T) {
	want := whole(t)
	t.Chdir(t.TempDir())
	for _, args := range []string{
		"-per-page 7", "-per-page 250 -rate 1000",
		"-by-page", "-by-page -per-page 125", "-by-page -prefetch 3 -per-page 20", "-by-page -prefetch 1000 -rate 1000",
	} {
		path := filepath.Join(t.TempDir(), "out")
		if code, stderr := start(t, t.Context(), append(strings.Fields(args), "-sample", "-out", path)...); code != 0 || read(t, path) != want {
			t.Errorf("%s: got %d, %q and another file", args, code, stderr)
		}
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), append(strings.Fields(args), "-sample", "-out", "-"), &stdout, &stderr); code != 0 || stdout.String() != want || strings.Count(stderr.String(), "\n") != 1 {
			t.Errorf("%s -out -: got %d, %q and another output", args, code, &stderr)
		}
	}
	if files, _ := os.ReadDir("."); len(files) != 0 {
		t.Errorf("-out - left %v", files)
	}
}

// Only the whitespace between values is removed from what the API sent.
func TestLinesAreInputsAsSentByTheAPI(t *testing.T) {
	inputs := []string{
		`{"id":"a","new_field":{"x":[1,2.50,1e400,-0]},"data":{"concepts":[{"id":"c","value":"NaN"}]}}`,
		`{"id":"<b>&","data":{"text":{"raw":"<>&\u2028\u003c é \ud800"},"metadata":{"big":12345678901234567890,"dup":1,"dup":2}}}`,
		`{"data":null,"status":{"code":"FROM_THE_FUTURE"},"id":"c/../d","created_at":"yesterday"}`,
		`{"id":"last","id2":7}`,
	}
	spaced := make([]string, len(inputs))
	for i, input := range inputs {
		spaced[i] = strings.NewReplacer(`":`, "\" :\n\t ", `,"`, " , \"").Replace(input)
	}
	want := strings.Join(inputs, "\n") + "\n"
	for _, args := range [][]string{{"-per-page", "2"}, {"-per-page", "2", "-by-page"}} {
		answers(t, spaced[0]+","+spaced[1], spaced[2], spaced[3], "")
		path := filepath.Join(t.TempDir(), "out")
		if code, stderr := start(t, t.Context(), append(args, "-out", path)...); code != 0 || read(t, path) != want {
			t.Errorf("%q: got %d, %q and\n%swant\n%s", args, code, stderr, read(t, path), want)
		}
	}
}

func TestExportsInputsAddedDuringTheExport(t *testing.T) {
	app := clarifaitest.NewApp()
	n := 0
	add := func(inputs int) {
		for range inputs {
			app.AddInputs(&clarifai.Input{ID: fmt.Sprint("i", n)})
			n++
		}
	}
	add(50)
	serve(t, app, func() {
		if n < 80 {
			add(3)
		}
	})
	path := filepath.Join(t.TempDir(), "out")
	if code, stderr := start(t, t.Context(), "-out", path, "-per-page", "10"); code != 0 {
		t.Errorf("got %d and %q", code, stderr)
	}
	checkIDs(t, path, n)
}

// checkIDs fails the test unless the file contains the inputs i0, i1, … in order.
func checkIDs(t *testing.T, path string, n int) {
	t.Helper()
	lines := strings.SplitAfter(read(t, path), "\n")
	if len(lines) != n+1 {
		t.Fatalf("got %d lines, want %d", len(lines)-1, n)
	}
	for i, line := range lines[:n] {
		if !strings.Contains(line, fmt.Sprintf(`"id":"i%d"`, i)) {
			t.Errorf("line %d is %s", i+1, line)
		}
	}
}

func TestTotalCountsInputsInAllStates(t *testing.T) {
	handle(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"status":{"code":10000},"counts":{"processed":1,"to_process":2,"errors":4,"processing":8}}`)
	})
	client, err := clarifai.NewClient()
	if err != nil {
		t.Fatal(err)
	}
	if got := total(t.Context(), client); got != 15 {
		t.Errorf("got %d, want 15", got)
	}
}

func TestExportsWithoutATotal(t *testing.T) {
	app := clarifaitest.NewApp()
	app.AddInputs(&clarifai.Input{ID: "i0"})
	app.AddFault(clarifaitest.Fault{Operation: "GetInputCount", HTTPStatus: 403})
	serve(t, app, nil)
	path := filepath.Join(t.TempDir(), "out")
	if code, stderr := start(t, t.Context(), "-out", path); code != 0 {
		t.Errorf("got %d and %q", code, stderr)
	}
	checkIDs(t, path, 1)
}

func TestDoesNotUseTheSampleAppIfConfigured(t *testing.T) {
	for _, name := range []string{"CLARIFAI_PAT", "CLARIFAI_USER_ID", "CLARIFAI_API_BASE", "CLARIFAI_SESSION_TOKEN"} {
		t.Setenv(name, "") // restored after the test
		os.Unsetenv(name)
	}
	t.Setenv("CLARIFAI_APP_ID", "production")
	path := filepath.Join(t.TempDir(), "out")
	if code, stderr := start(t, t.Context(), "-out", path); code != 2 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "CLARIFAI_PAT") {
		t.Errorf("got %d and %q", code, stderr)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("wrote", read(t, path))
	}
	t.Setenv("CLARIFAI_APP_ID", "")
	t.Setenv("CLARIFAI_PAT", "secret")
	if code, stderr := start(t, t.Context(), "-out", path); code != 2 || !strings.HasSuffix(stderr, "or set CLARIFAI_APP_ID\n") {
		t.Errorf("got %d and %q", code, stderr)
	}
	if got := read(t, path); got != "" {
		t.Error("wrote", got)
	}
}

func TestRejectsInvalidFlags(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, args := range [][]string{
		{"-per-page", "1001"}, {"-per-page", "0"}, {"-per-page", "x"}, {"-rate", "-1"}, {"-rate", "Inf"}, {"-rate", "NaN"},
		{"-prefetch", "2"}, {"-by-page", "-prefetch", "-1"}, {"-by-page", "-prefetch", "1001"}, {"-nope"}, {"stray"},
	} {
		code, stderr := start(t, t.Context(), append([]string{"-sample"}, args...)...)
		if code != 2 || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "export-inputs: ") {
			t.Errorf("%q: got %d and %q; want 2 and one line", args, code, stderr)
		}
	}
	if files, _ := os.ReadDir("."); len(files) != 0 {
		t.Errorf("left %v", files)
	}
}

func TestHelpExplainsPagingByNumber(t *testing.T) {
	var stderr bytes.Buffer
	if code := run(t.Context(), []string{"-h"}, io.Discard, &stderr); code != 0 || !strings.Contains(stderr.String(), "pages shift") {
		t.Errorf("got %d and %q", code, &stderr)
	}
}

func TestREADMEOutput(t *testing.T) { scripttest.CheckREADME(t, name, run) }

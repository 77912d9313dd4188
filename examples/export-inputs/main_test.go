package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
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

// serve puts an app behind the environment, as if it were the API, and calls
// before, if it is there, before each request.
func serve(t *testing.T, app *clarifaitest.App, before func()) {
	t.Helper()
	api := &url.URL{Scheme: "https", Host: "api.clarifai.com"}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(api) }, Transport: app.Transport()}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if before != nil {
			before()
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	t.Setenv("CLARIFAI_PAT", "secret")
	t.Setenv("CLARIFAI_USER_ID", "u")
	t.Setenv("CLARIFAI_APP_ID", "a")
	t.Setenv("CLARIFAI_API_BASE", server.URL)
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// whole exports the sample app, and gives the file.
func whole(t *testing.T) string {
	t.Helper()
	t.Setenv("CLARIFAI_PAT", "")
	path := filepath.Join(t.TempDir(), "whole")
	code, stderr := start(t, t.Context(), "-out", path)
	if want := "250 inputs are in " + path + ", 250 of them new\n"; code != 0 || !strings.HasSuffix(stderr, want) {
		t.Fatalf("got %d and %q", code, stderr)
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

func TestPagesAndPrefetchChangeNothing(t *testing.T) {
	want := whole(t)
	for _, args := range []string{"-per-page 7", "-per-page 250", "-prefetch 3 -per-page 20", "-prefetch 1000 -rate 1000"} {
		path := filepath.Join(t.TempDir(), "out")
		if code, stderr := start(t, t.Context(), append(strings.Fields(args), "-out", path)...); code != 0 || read(t, path) != want {
			t.Errorf("%s: got %d, %q and another file", args, code, stderr)
		}
	}
}

func TestGoesOnFromAnyByte(t *testing.T) {
	want := whole(t)
	path := filepath.Join(t.TempDir(), "out")
	firstLine := strings.Index(want, "\n") + 1
	cuts := []int{0, 1, 6, 7, 8, firstLine - 1, firstLine, firstLine + 1, len(want) - 1, len(want)}
	for range 40 {
		cuts = append(cuts, rand.IntN(len(want)))
	}
	for _, cut := range cuts {
		if err := os.WriteFile(path, []byte(want[:cut]), 0o666); err != nil {
			t.Fatal(err)
		}
		code, stderr := start(t, t.Context(), "-out", path, "-per-page", "100")
		if code != 0 || read(t, path) != want {
			t.Errorf("from byte %d: got %d, %q and another file", cut, code, stderr)
		}
		if lines := strings.Count(want[:cut], "\n"); lines > 0 && !strings.Contains(stderr, fmt.Sprintf("going on after %d inputs\n", lines)) {
			t.Errorf("from byte %d: got %q", cut, stderr)
		}
	}
}

func TestLeavesOtherFilesAlone(t *testing.T) {
	t.Setenv("CLARIFAI_PAT", "")
	path := filepath.Join(t.TempDir(), "precious")
	for _, content := range []string{"a note", "a note\n", "{\"id\":\"\"}\n", "{}\n", "{\"id\":\"input-001\"}\n# the end", `{"name":`, "[]\n"} {
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		code, stderr := start(t, t.Context(), "-out", path)
		if code != 1 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, path) || read(t, path) != content {
			t.Errorf("%q: got %d, %q and %q", content, code, stderr, read(t, path))
		}
	}
	for _, path := range []string{t.TempDir(), os.DevNull, filepath.Join(t.TempDir(), "no", "folder")} {
		if code, stderr := start(t, t.Context(), "-out", path); code != 1 || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: got %d and %q", path, code, stderr)
		}
	}
}

func TestDoesNotGoOnWithAnotherApp(t *testing.T) {
	content := whole(t)
	path := filepath.Join(t.TempDir(), "out")
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
	app := clarifaitest.NewApp()
	app.AddInputs(&clarifai.Input{ID: "other"})
	serve(t, app, nil)
	code, stderr := start(t, t.Context(), "-out", path)
	if code != 1 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "another app") || read(t, path) != content {
		t.Errorf("got %d and %q", code, stderr)
	}
}

func TestSaysHowToGoOnAfterAnError(t *testing.T) {
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
		hint := fmt.Sprintf("export-inputs: %d inputs are in %s; run the same command again to go on after them\n", lines, path)
		if code != 1 || !strings.HasSuffix(stderr, hint) || !strings.Contains(stderr, "HTTP 500") || strings.Contains(stderr, "secret") {
			t.Errorf("got %d and %q, want 1 and %q", code, stderr, hint)
		}
	}
	if code, stderr := start(t, t.Context(), "-out", path, "-prefetch", "2"); code != 0 {
		t.Errorf("got %d and %q", code, stderr)
	}
	checkIDs(t, path, 95)
	app.AddInputs(&clarifai.Input{ID: "i95"}, &clarifai.Input{ID: "i96"})
	if code, stderr := start(t, t.Context(), "-out", path); code != 0 || !strings.HasSuffix(stderr, "97 inputs are in "+path+", 2 of them new\n") {
		t.Errorf("got %d and %q", code, stderr)
	}
	checkIDs(t, path, 97)
}

// checkIDs fails the test unless a file holds the inputs i0, i1, … in order.
func checkIDs(t *testing.T, path string, n int) {
	t.Helper()
	lines := strings.SplitAfter(read(t, path), "\n")
	if len(lines) != n+1 {
		t.Fatalf("got %d lines, want %d", len(lines)-1, n)
	}
	for i, line := range lines[:n] {
		if !strings.HasPrefix(line, fmt.Sprintf(`{"id":"i%d"`, i)) {
			t.Errorf("line %d is %s", i+1, line)
		}
	}
}

func TestMissesNothingThatIsAddedMeanwhile(t *testing.T) {
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

func TestDoesWithoutATotal(t *testing.T) {
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

func TestRefusesBadFlags(t *testing.T) {
	t.Setenv("CLARIFAI_PAT", "")
	t.Chdir(t.TempDir())
	for _, args := range [][]string{
		{"-per-page", "1001"}, {"-per-page", "0"}, {"-per-page", "x"}, {"-prefetch", "-1"}, {"-prefetch", "1001"}, {"-rate", "-1"}, {"-rate", "Inf"}, {"-rate", "NaN"},
		{"-nope"}, {"stray"},
	} {
		code, stderr := start(t, t.Context(), args...)
		if code != 2 || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "export-inputs: ") {
			t.Errorf("%q: got %d and %q; want 2 and one line", args, code, stderr)
		}
	}
	if files, _ := os.ReadDir("."); len(files) != 0 {
		t.Errorf("left %v", files)
	}
}

// build builds the script.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "export-inputs")
	if output, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return binary
}

func TestCutsOffHalfALineAtOnce(t *testing.T) {
	app := clarifaitest.NewApp()
	app.AddInputs(&clarifai.Input{ID: "i0"})
	app.AddFault(clarifaitest.Fault{Operation: "StreamInputs", HTTPStatus: 500})
	serve(t, app, nil)
	path := filepath.Join(t.TempDir(), "out")
	const line = "{\"id\":\"i0\"}\n"
	if err := os.WriteFile(path, []byte(line+line[:8]), 0o666); err != nil {
		t.Fatal(err)
	}
	if code, stderr := start(t, t.Context(), "-out", path); code != 1 || read(t, path) != line {
		t.Errorf("got %d, %q and %q", code, stderr, read(t, path))
	}
}

func TestSurvivesKill(t *testing.T) {
	want := whole(t)
	binary := build(t)
	path := filepath.Join(t.TempDir(), "out")
	for kills := 0; ; kills++ {
		command := exec.Command(binary, "-out", path, "-per-page", "2", "-prefetch", fmt.Sprint(kills%3))
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		killed := time.AfterFunc(time.Duration(20+rand.IntN(60+10*kills))*time.Millisecond, func() { _ = command.Process.Kill() })
		err := command.Wait()
		killed.Stop()
		if err == nil {
			t.Logf("killed %d times", kills)
			break
		}
		if kills == 100 {
			t.Fatal("it gets nowhere")
		}
	}
	if read(t, path) != want {
		t.Error("the file is not the same")
	}
}

func TestCtrlC(t *testing.T) {
	want := whole(t)
	binary := build(t)
	path := filepath.Join(t.TempDir(), "out")
	var stderr bytes.Buffer
	command := exec.Command(binary, "-out", path, "-per-page", "10", "-rate", "10", "-prefetch", "2")
	command.Stderr = &stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if info, err := os.Stat(path); err == nil && info.Size() > 0 {
			break
		}
	}
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	file := read(t, path)
	hint := fmt.Sprintf("export-inputs: interrupted\nexport-inputs: %d inputs are in %s; run the same command again to go on after them\n", strings.Count(file, "\n"), path)
	if code := command.ProcessState.ExitCode(); code != 130 || !strings.HasSuffix(stderr.String(), hint) {
		t.Errorf("got %d and %q, want 130 and %q", code, &stderr, hint)
	}
	if !strings.HasPrefix(want, file) || !strings.HasSuffix(file, "\n") || file == want {
		t.Errorf("the file has %d bytes, which are not whole lines of the first", len(file))
	}
	if code, stderr := start(t, t.Context(), "-out", path); code != 0 || read(t, path) != want {
		t.Errorf("then got %d, %q and another file", code, stderr)
	}
}

func TestTermination(t *testing.T) {
	binary := build(t)
	t.Setenv("CLARIFAI_PAT", "")
	command := exec.Command(binary, "-out", filepath.Join(t.TempDir(), "out"), "-per-page", "1", "-rate", "1")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	if code := command.ProcessState.ExitCode(); code != 130 {
		t.Errorf("got %d", code)
	}
}

func TestAheadReadsAheadAndStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		read := 0
		numbers := func(yield func(int, error) bool) {
			for yield(read, nil) {
				read++
			}
		}
		taken := 0
		for n := range ahead(numbers, 5) {
			if n != taken {
				t.Errorf("got %d, want %d", n, taken)
			}
			synctest.Wait()
			if read > taken+6 || read < 5 {
				t.Errorf("%d are read, %d taken", read, taken)
			}
			if taken++; taken == 10 {
				break
			}
		}
	})
}

func TestProgressInLines(t *testing.T) {
	for _, test := range []struct {
		lines lines
		want  string
	}{
		{lines{done: 1500, before: 500, total: 2500}, "1500 of 2500 inputs (60%), 100 per second, 10s left"},
		{lines{done: 1500, before: 500}, "1500 inputs, 100 per second"},
		{lines{done: 500, before: 500, total: 2500}, "500 inputs, 0 per second"},
	} {
		if got := test.lines.text(10 * time.Second); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		var w bytes.Buffer
		p := newProgress(&w, 0, 100)
		for range 8 {
			time.Sleep(time.Second)
			p.add(10)
		}
		p.end()
		if got, want := w.String(), "export-inputs: 50 of 100 inputs (50%), 10 per second, 5s left\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// The bar is for a terminal, but writes what it would to anything.
func TestProgressBar(t *testing.T) {
	for _, left := range []int{100, 0, 30} { // 30 are less than come
		var w bytes.Buffer
		b := newBar(&w, left)
		b.add(25)
		time.Sleep(150 * time.Millisecond) // it shows itself ten times a second
		b.add(25)
		b.end()
		if !strings.Contains(w.String(), "inputs/s") || !strings.HasSuffix(w.String(), "\n") {
			t.Errorf("%d left: got %q", left, &w)
		}
	}
}

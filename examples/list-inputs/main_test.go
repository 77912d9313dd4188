package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/examples/internal/scripttest"
)

func start(t *testing.T, ctx context.Context, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(ctx, args, &out, &err)
	return code, out.String(), err.String()
}

const onSample = "list-inputs: sample app: 250 made-up inputs, 90 of them annotated \"people\"\n"

func TestPrintsTheRequestAndATable(t *testing.T) {
	code, stdout, stderr := start(t, t.Context(), "-sample", "-page", "2", "-per-page", "2")
	wantOut := `ID         MEDIA  STATUS         ADDED
input-003  image  INPUT_SUCCESS  2026-01-01 00:03
input-004  image  INPUT_SUCCESS  2026-01-01 00:04
`
	wantErr := onSample + "GET https://api.clarifai.com/v2/users/me/apps/sample/inputs?page=2&per_page=2\n"
	if code != 0 || stdout != wantOut || stderr != wantErr {
		t.Errorf("got %d\n%s%s\nwant\n%s%s", code, stdout, stderr, wantOut, wantErr)
	}
}

func TestJSONPrintsOnlyObjects(t *testing.T) {
	code, stdout, stderr := start(t, t.Context(), "-sample", "-json", "-all", "-per-page", "100")
	if code != 0 || !strings.HasPrefix(stderr, onSample+"GET https://api.clarifai.com/v2/users/me/apps/sample/inputs?page=1&per_page=100\n") {
		t.Errorf("got %d and %s", code, stderr)
	}
	lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
	if len(lines) != 250 {
		t.Fatalf("got %d lines, want 250", len(lines))
	}
	for _, line := range lines {
		var input clarifai.Input
		if err := json.Unmarshal([]byte(line), &input); err != nil || input.ID == "" {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestAllStartsAtTheGivenPage(t *testing.T) {
	_, stdout, _ := start(t, t.Context(), "-sample", "-all", "-page", "3", "-per-page", "100")
	if n := strings.Count(stdout, "\ninput-"); n != 50 || !strings.Contains(stdout, "\ninput-250 ") {
		t.Errorf("got %d inputs, want the last 50:\n%s", n, stdout)
	}
}

func TestReportsNoResults(t *testing.T) {
	want := onSample + "GET https://api.clarifai.com/v2/users/me/apps/sample/inputs?page=9\nno results\n"
	if code, stdout, stderr := start(t, t.Context(), "-sample", "-page", "9"); code != 0 || stdout != "" || stderr != want {
		t.Errorf("got %d, %q and\n%s", code, stdout, stderr)
	}
}

func TestRejectsInvalidFlags(t *testing.T) {
	for _, args := range [][]string{
		{"-per-page", "1001"}, {"-per-page", "-1"}, {"-page", "-1"}, {"-page", "two"}, {"-page"}, {"-page", "4294967295", "-per-page", "1000"},
		{"-all", "-per-page", "1001"}, {"-json=perhaps"}, {"-nope"}, {"-page", "1", "stray"},
	} {
		code, stdout, stderr := start(t, t.Context(), append(args, "-sample")...)
		if code != 2 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "list-inputs: ") {
			t.Errorf("%q: got %d, %q and %q; want 2 and one line", args, code, stdout, stderr)
		}
	}
}

func TestHelp(t *testing.T) {
	if code, stdout, stderr := start(t, t.Context(), "-help"); code != 0 || stdout != "" || !strings.Contains(stderr, "-per-page") {
		t.Errorf("got %d, %q and %q", code, stdout, stderr)
	}
}

// TestMain runs the script instead of the tests in a process started by command.
func TestMain(m *testing.M) {
	if os.Getenv("RUN_SCRIPT") != "" {
		main()
	}
	os.Exit(m.Run())
}

// command returns a command that runs the script in a separate process.
func command(t *testing.T, args ...string) (_ *exec.Cmd, stderr *bytes.Buffer) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], append(args, "-sample")...)
	cmd.Env = append(os.Environ(), "RUN_SCRIPT=1")
	stderr = new(bytes.Buffer)
	cmd.Stderr = stderr
	return cmd, stderr
}

func TestExitsWhenOutputIsClosed(t *testing.T) {
	cmd, stderr := command(t, "-all", "-per-page", "1", "-json")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReaderSize(stdout, 16).ReadString('\n'); err != nil {
		t.Fatal(line, err)
	}
	stdout.Close()
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 141 || !strings.HasSuffix(stderr.String(), "\nlist-inputs: standard output was closed by its reader\n") || strings.Count(stderr.String(), "list-inputs: ") != 2 {
		t.Errorf("got %d and %q", code, stderr)
	}
}

func TestExitsWhenTheDiskIsFull(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	for _, args := range [][]string{nil, {"-json"}, {"-all"}} {
		cmd, stderr := command(t, args...)
		cmd.Stdout = full
		_ = cmd.Run()
		if code := cmd.ProcessState.ExitCode(); code != 1 || !strings.HasSuffix(stderr.String(), "\nlist-inputs: write /dev/stdout: no space left on device\n") || strings.Count(stderr.String(), "list-inputs: ") != 2 {
			t.Errorf("%q: got %d and %q", args, code, stderr)
		}
	}
}

func TestExitsOnCtrlC(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if code, _, stderr := start(t, ctx, "-sample", "-all"); code != 130 || !strings.HasSuffix(stderr, "list-inputs: interrupt\n") {
		t.Errorf("got %d and %q", code, stderr)
	}
}

func TestRunsOnTheRealAPIWithAToken(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Key secret" {
			t.Errorf("sent with %q", r.Header.Get("Authorization"))
		}
		w.Write([]byte(`{"status":{"code":10000},"inputs":[{"id":"a\tb\u001b[31m"}]}`))
	}))
	defer server.Close()
	t.Setenv("CLARIFAI_PAT", "secret")
	t.Setenv("CLARIFAI_USER_ID", "ada")
	t.Setenv("CLARIFAI_APP_ID", "pictures")
	t.Setenv("CLARIFAI_API_BASE", server.URL)
	const table = "ID        MEDIA  STATUS  ADDED\na b [31m  -      -       -\n"
	app := "list-inputs: real app: user \"ada\", app \"pictures\" at " + server.URL + "\n"
	request := "GET " + server.URL + "/v2/users/ada/apps/pictures/inputs?per_page=5\n"
	code, stdout, stderr := start(t, t.Context(), "-per-page", "5")
	if code != 0 || stdout != table || stderr != app+request {
		t.Errorf("got %d\n%s%s\nwant\n%s%s%s", code, stdout, stderr, table, app, request)
	}
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		w.Write([]byte("<html>\n"))
	})
	code, _, stderr = start(t, t.Context())
	if code != 1 || strings.Count(stderr, "\n") != 3 || !strings.Contains(stderr, "HTTP 403") || strings.Contains(stderr, "secret") {
		t.Errorf("got %d and %q", code, stderr)
	}
	t.Setenv("CLARIFAI_APP_ID", "")
	if code, _, stderr = start(t, t.Context()); code != 2 || !strings.Contains(stderr, "CLARIFAI_APP_ID") {
		t.Errorf("got %d and %q", code, stderr)
	}
}

func TestREADMEOutput(t *testing.T) { scripttest.CheckREADME(t, name, run) }

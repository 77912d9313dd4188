package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
)

// start runs the script without a token, unless the test has set one.
func start(t *testing.T, ctx context.Context, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(ctx, args, &out, &err)
	return code, out.String(), err.String()
}

const onSample = "list-inputs: CLARIFAI_PAT is not set, so this runs on a sample app: 250 inputs, 90 of them annotated \"people\"\n"

func TestPrintsTheRequestAndATable(t *testing.T) {
	t.Setenv("CLARIFAI_PAT", "")
	code, stdout, stderr := start(t, t.Context(), "-page", "2", "-per-page", "2")
	want := `GET https://api.clarifai.com/v2/users/me/apps/sample/inputs?page=2&per_page=2
ID         MEDIA  STATUS         ADDED
input-003  image  INPUT_SUCCESS  2026-01-01 00:03
input-004  image  INPUT_SUCCESS  2026-01-01 00:04
`
	if code != 0 || stdout != want || stderr != onSample {
		t.Errorf("got %d\n%s%s\nwant\n%s%s", code, stdout, stderr, want, onSample)
	}
}

func TestPrintsNothingButObjectsWithJSON(t *testing.T) {
	t.Setenv("CLARIFAI_PAT", "")
	code, stdout, stderr := start(t, t.Context(), "-json", "-all", "-per-page", "100")
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

func TestAllStartsAtThePage(t *testing.T) {
	t.Setenv("CLARIFAI_PAT", "")
	_, stdout, _ := start(t, t.Context(), "-all", "-page", "3", "-per-page", "100")
	if n := strings.Count(stdout, "\ninput-"); n != 50 || !strings.Contains(stdout, "\ninput-250 ") {
		t.Errorf("got %d inputs, want the last 50:\n%s", n, stdout)
	}
}

func TestSaysThatThereIsNothing(t *testing.T) {
	t.Setenv("CLARIFAI_PAT", "")
	want := "GET https://api.clarifai.com/v2/users/me/apps/sample/inputs?page=9\nno results\n"
	if code, stdout, _ := start(t, t.Context(), "-page", "9"); code != 0 || stdout != want {
		t.Errorf("got %d\n%s", code, stdout)
	}
}

func TestRefusesBadFlags(t *testing.T) {
	t.Setenv("CLARIFAI_PAT", "")
	for _, args := range [][]string{
		{"-per-page", "1001"}, {"-per-page", "-1"}, {"-page", "-1"}, {"-page", "two"}, {"-page"}, {"-page", "4294967295", "-per-page", "1000"},
		{"-all", "-per-page", "1001"}, {"-json=perhaps"}, {"-nope"}, {"stray"}, {"-page", "1", "stray"},
	} {
		code, stdout, stderr := start(t, t.Context(), args...)
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

func TestEndsOnCtrlC(t *testing.T) {
	t.Setenv("CLARIFAI_PAT", "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if code, _, stderr := start(t, ctx, "-all"); code != 130 || !strings.HasSuffix(stderr, "list-inputs: interrupted\n") {
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
	want := "GET " + server.URL + "/v2/users/ada/apps/pictures/inputs?per_page=5\nID        MEDIA  STATUS  ADDED\na b [31m  -      -       -\n"
	code, stdout, stderr := start(t, t.Context(), "-per-page", "5")
	if code != 0 || stdout != want || stderr != "" {
		t.Errorf("got %d\n%s%s\nwant\n%s", code, stdout, stderr, want)
	}
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		w.Write([]byte("<html>\n"))
	})
	code, _, stderr = start(t, t.Context())
	if code != 1 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "HTTP 403") || strings.Contains(stderr, "secret") {
		t.Errorf("got %d and %q", code, stderr)
	}
	t.Setenv("CLARIFAI_APP_ID", "")
	if code, _, stderr = start(t, t.Context()); code != 2 || !strings.Contains(stderr, "CLARIFAI_APP_ID") {
		t.Errorf("got %d and %q", code, stderr)
	}
}

package script

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/clarifai-go/clarifai"
)

// environment sets the given CLARIFAI_ variables and unsets all others.
func environment(t *testing.T, variables ...string) {
	t.Helper()
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "CLARIFAI_") {
			t.Setenv(name, "") // restored after the test
			os.Unsetenv(name)
		}
	}
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
}

func TestSampleAppIsUsedOnlyIfUnconfiguredOrRequested(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"status":{"code":10000},"inputs":[{"id":"real"}]}`)
	}))
	defer server.Close()
	base := "CLARIFAI_API_BASE=" + server.URL
	for _, test := range []struct {
		variables []string
		sample    bool
		want      string // the ID of the first input, or a part of the error
	}{
		{nil, false, "input-001"},
		{nil, true, "input-001"},
		{[]string{"CLARIFAI_PAT=secret", "CLARIFAI_APP_ID=a", base}, true, "input-001"},
		{[]string{"CLARIFAI_ROOT_CERTIFICATES_PATH=/does/not/exist"}, true, "input-001"},
		{[]string{"CLARIFAI_PAT=secret", "CLARIFAI_APP_ID=a", base}, false, "real"},
		{[]string{"CLARIFAI_SESSION_TOKEN=secret", "CLARIFAI_APP_ID=a", base}, false, "real"},
		{[]string{"CLARIFAI_APP_ID=production"}, false, "CLARIFAI_PAT"},
		{[]string{"CLARIFAI_USER_ID=me"}, false, "CLARIFAI_PAT"},
		{[]string{"CLARIFAI_PAT="}, false, "CLARIFAI_PAT"}, // an undefined secret in CI
		{[]string{base}, false, "CLARIFAI_PAT"},
		{[]string{"CLARIFAI_TYPO=x"}, false, "CLARIFAI_PAT"},
		{[]string{"CLARIFAI_PAT=secret"}, false, "CLARIFAI_APP_ID"},
		{[]string{"CLARIFAI_SESSION_TOKEN=secret"}, false, "CLARIFAI_APP_ID"},
	} {
		environment(t, test.variables...)
		var stderr bytes.Buffer
		got := func() string {
			client, err := Connect("script", test.sample, io.Discard, &stderr)
			if err != nil {
				return err.Error()
			}
			page, err := client.ListInputs(t.Context(), nil)
			if err != nil {
				return err.Error()
			}
			return page.Items[0].ID
		}()
		first := map[string]string{
			"input-001": "script: sample app: 250 made-up inputs, 90 of them annotated \"people\"\n",
			"real":      "script: real app: user \"me\", app \"a\" at " + server.URL + "\n",
		}[test.want]
		if !strings.Contains(got, test.want) || stderr.String() != first {
			t.Errorf("%q, %v: got %q and %q, want %q and %q", test.variables, test.sample, got, &stderr, test.want, first)
		}
	}
}

func TestExitMessagesAndCodes(t *testing.T) {
	pipe := func(e error) error { return &fs.PathError{Op: "write", Path: "/dev/stdout", Err: e} }
	canceled := func(cause error) error {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		environment(t)
		client, err := Connect("script", true, io.Discard, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.ListInputs(ctx, nil)
		return err
	}
	for _, test := range []struct {
		err  error
		code int
		line string
	}{
		{nil, 0, ""},
		{flag.ErrHelp, 0, ""},
		{fmt.Errorf("%w: -x: bad", ErrUsage), 2, "script: -x: bad; note\n"},
		{clarifai.PageParams{Page: -1}.Validate(), 2, "script: page -1: must be 1 or more, or 0 for the first page; note\n"},
		{errors.Join(io.ErrUnexpectedEOF, io.ErrShortWrite), 1, "script: unexpected EOF; short write; note\n"},
		{canceled(ended{syscall.SIGINT}), 130, "script: interrupt; note\n"},
		{canceled(ended{syscall.SIGTERM}), 143, "script: terminated; note\n"},
		{canceled(nil), 130, "script: interrupt; note\n"},
		{pipe(syscall.EPIPE), 141, "script: standard output was closed by its reader; note\n"},
		{pipe(syscall.ENOSPC), 1, "script: write /dev/stdout: no space left on device; note\n"},
	} {
		var stderr bytes.Buffer
		if code := Exit("script", test.err, &stderr, "note"); code != test.code || stderr.String() != test.line {
			t.Errorf("%v: got %d and %q, want %d and %q", test.err, code, &stderr, test.code, test.line)
		}
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, syscall.EPIPE }

func TestRequestIsSentIfLoggingFails(t *testing.T) {
	environment(t)
	client, err := Connect("script", true, failing{}, failing{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.ListInputs(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

package clarifai_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
)

// logged returns a client that logs, and a function that returns the records so far.
func logged(t *testing.T, opts ...clarifai.Option) (*clarifai.Client, *httpmock.MockTransport, func() []map[string]any) {
	t.Helper()
	var out bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	client, mock := newClient(t, append(opts, clarifai.WithLogger(logger))...)
	return client, mock, func() (records []map[string]any) {
		t.Helper()
		if strings.Contains(out.String(), token) {
			t.Error("a record contains the token")
		}
		for d := json.NewDecoder(&out); ; {
			var record map[string]any
			if err := d.Decode(&record); err == io.EOF {
				return records
			} else if err != nil {
				t.Fatal(err)
			}
			delete(record, "time")
			if _, ok := record["duration"].(float64); ok != (record["level"] == "DEBUG") {
				t.Errorf("duration: %v", record)
			}
			delete(record, "duration")
			records = append(records, record)
		}
	}
}

func check(t *testing.T, got []map[string]any, want ...map[string]any) {
	t.Helper()
	a, _ := json.MarshalIndent(got, "", "\t")
	b, _ := json.MarshalIndent(want, "", "\t")
	if !bytes.Equal(a, b) {
		t.Errorf("logged %s\nwant %s", a, b)
	}
}

type record = map[string]any

func TestAttemptsAndRetriesAreLogged(t *testing.T) {
	const path = "/v2/users/USER/apps/APP/inputs"
	client, mock, records := logged(t, clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: 2, MinWait: time.Millisecond, MaxWait: time.Millisecond}))
	recorder(t, mock, answer(429, testdata(t, "throttled.json")), httpmock.NewErrorResponder(&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}), answer(200, testdata(t, "list_inputs.json")))
	if _, err := client.ListInputs(t.Context(), &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{Page: 3, PerPage: 20}}); err != nil {
		t.Fatal(err)
	}
	const refused = "dial tcp: connection refused"
	check(t, records(),
		record{"level": "DEBUG", "msg": "clarifai: attempt", "method": "GET", "path": path, "page": 3, "per_page": 20, "attempt": 1, "http_status": 429, "code": 11005, "request_id": "req-429"},
		record{"level": "WARN", "msg": "clarifai: retry", "method": "GET", "path": path, "page": 3, "per_page": 20, "attempt": 1, "wait": 1_000_000, "cause": "HTTP 429: 11005 CONN_THROTTLED"},
		record{"level": "DEBUG", "msg": "clarifai: attempt", "method": "GET", "path": path, "page": 3, "per_page": 20, "attempt": 2, "http_status": 0, "code": 0, "request_id": "", "error": refused},
		record{"level": "WARN", "msg": "clarifai: retry", "method": "GET", "path": path, "page": 3, "per_page": 20, "attempt": 2, "wait": 1_000_000, "cause": refused},
		record{"level": "DEBUG", "msg": "clarifai: attempt", "method": "GET", "path": path, "page": 3, "per_page": 20, "attempt": 3, "http_status": 200, "code": 10000, "request_id": "req-list"},
	)
}

func TestThePageOfARequestIsLogged(t *testing.T) {
	client, mock, records := logged(t)
	recorder(t, mock, answer(200, `{"status":{"code":10000},"inputs":[],"input":{"id":"a"}}`))
	_, errGet := client.GetInput(t.Context(), "a")
	_, errList := client.ListInputs(t.Context(), nil)
	_, errStream := client.StreamInputs(t.Context(), &clarifai.StreamInputsRequest{PerPage: 7})
	if err := errors.Join(errGet, errList, errStream, client.DeleteInput(t.Context(), "a")); err != nil {
		t.Fatal(err)
	}
	got := records()
	for i, want := range []record{{}, {"page": 1.0}, {"per_page": 7.0}, {}} {
		for _, name := range []string{"page", "per_page"} {
			if got[i][name] != want[name] {
				t.Errorf("record %d: %s is %v, want %v", i, name, got[i][name], want[name])
			}
		}
	}
}

// People who read a log may not be allowed to see the data.
func TestNoDataOfAResponseIsLogged(t *testing.T) {
	const secret = "Jane Doe"
	bodies := map[string]fault{}
	for name, body := range map[string]string{
		"a field of the wrong type":       `{"status":{"code":10000},"inputs":[{"created_at":"` + secret + `"}]}`,
		"a number for text":               `{"status":{"code":10000},"inputs":[{"id":"` + secret + `","data":7}]}`,
		"not JSON":                        secret,
		"JSON with a syntax error":        `{"status":{"code":10000},"inputs":[{"id":"` + secret + `"}` + secret,
		"a key":                           `{"status":{"code":10000},"inputs":[{"data":{"metadata":{"` + secret + `":` + secret + `}}}]}`,
		"a plain key":                     `{"status":{"code":10000},"inputs":[{"data":{"metadata":{"Jane":Doe}}}]}`,
		"a plain key of another object":   `{"status":{"code":10000},"inputs":[{"data":{"video":{"Jane":Doe}}}]}`,
		"a plain key of another map":      `{"status":{"code":10000},"inputs":[{"data":{"image":{"hosted_image_info":{"Jane":{"width":"Doe"}}}}}]}`,
		"a plain key of an unknown field": `{"status":{"code":10000},"Jane":{"Doe":nil}}`,
		"a status":                        `{"status":{"code":"` + secret + `","description":"` + secret + `","details":"` + secret + `"}}`,
	} {
		bodies[name] = says(200, body)
	}
	bodies["a redirect"] = says(302, "", "Location", "https://example.com/"+secret)
	bodies["a header"] = raw(false, func(conn net.Conn, _ []byte) { _, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+secret+"\r\n\r\n") })
	bodies["a status line"] = raw(false, func(conn net.Conn, _ []byte) { _, _ = io.WriteString(conn, secret+"\r\n\r\n") })
	bodies["a length"] = raw(false, func(conn net.Conn, _ []byte) {
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: "+secret+"\r\n\r\n")
	})
	for name, f := range bodies {
		server := newFaultyServer(t, 1, 1)
		server.script = func(int, int) fault { return f }
		server.Start()
		var out bytes.Buffer
		client := clientOf(t, server.URL, clarifai.WithLogger(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))))
		if _, err := client.ListInputs(t.Context(), nil); err == nil {
			t.Errorf("%s: no error", name)
		}
		if strings.Contains(out.String(), "Jane") || strings.Contains(out.String(), "Doe") {
			t.Errorf("%s: %s", name, out.String())
		}
		if !strings.Contains(out.String(), "error=") && name != "a status" {
			t.Errorf("%s: no error in %s", name, out.String())
		}
	}
}

// By default, resty logs to standard error.
func TestNothingIsWrittenToStandardError(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/stderr")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	standard := os.Stderr
	os.Stderr = file
	defer func() { os.Stderr = standard }()
	server := httptest.NewServer(nil)
	url := server.URL
	server.Close()
	client := clientOf(t, url) // refused
	if _, err := client.ListInputs(t.Context(), nil); err == nil {
		t.Error("no error")
	}
	client = clientOf(t, url, clarifai.WithRetry(clarifai.RetryPolicy{}))
	if err := client.DeleteInput(t.Context(), "a"); err == nil {
		t.Error("no error")
	}
	if b, err := os.ReadFile(file.Name()); err != nil || len(b) > 0 {
		t.Errorf("%s%v", b, err)
	}
}

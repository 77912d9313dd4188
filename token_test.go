package clarifai_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
)

// secrets are tokens, some with characters that messages escape.
var secrets = map[string]struct {
	token string
	use   func(string) clarifai.Option
}{
	"plain PAT":           {token, clarifai.WithPAT},
	"odd PAT":             {`pat/0123"45'67\89+<&>=%7B$1`, clarifai.WithPAT},
	"plain session token": {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2Vzc2lvbg", clarifai.WithSessionToken},
	"odd session token":   {`session/0123"45'67\89+<&>=%7B$1`, clarifai.WithSessionToken},
}

// emitted collects all output that a program could make of the package's values. It is
// safe for concurrent use.
type emitted struct {
	mu sync.Mutex
	bytes.Buffer
}

func (e *emitted) Write(b []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.Buffer.Write(b)
}

// print writes a value with every formatting verb and encoding that programs use.
func (e *emitted) print(v any) {
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%t", "%T"} {
		fmt.Fprintf(e, verb+"\n", v)
	}
	if b, err := json.Marshal(v); err == nil {
		e.Write(b)
	}
	slog.New(slog.NewTextHandler(e, nil)).Info("text", "value", v, "group", slog.GroupValue(slog.Any("value", v)))
	slog.New(slog.NewJSONHandler(e, nil)).Info("JSON", "value", v)
	fmt.Fprintln(e, fmt.Errorf("wrapped: %w", errors.New(fmt.Sprint(v))))
	dump(e, reflect.ValueOf(v), map[uintptr]bool{}, 0)
}

// printError prints an error and every error that it wraps.
func (e *emitted) printError(err error) {
	if err == nil {
		return
	}
	e.print(err)
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		e.printError(err.Unwrap())
	case interface{ Unwrap() []error }:
		for _, err := range err.Unwrap() {
			e.printError(err)
		}
	}
}

// dump writes every string and number that is reachable from a value, including
// unexported fields, as debuggers and deep printers do.
func dump(w io.Writer, v reflect.Value, seen map[uintptr]bool, depth int) {
	if depth > 40 || !v.IsValid() {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.Pointer()] {
			seen[v.Pointer()] = true
			dump(w, v.Elem(), seen, depth+1)
		}
	case reflect.Interface:
		dump(w, v.Elem(), seen, depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			dump(w, v.Field(i), seen, depth+1)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
			fmt.Fprintf(w, "%s\n", v.Bytes())
			return
		}
		for i := range v.Len() {
			dump(w, v.Index(i), seen, depth+1)
		}
	case reflect.Map:
		for keys := v.MapRange(); keys.Next(); {
			dump(w, keys.Key(), seen, depth+1)
			dump(w, keys.Value(), seen, depth+1)
		}
	case reflect.String:
		fmt.Fprintln(w, v.String())
	}
}

// holds finds the token in the output, whether plain, escaped or in base64.
func (e *emitted) holds(token string) (form, where string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for form, text := range spellings(token) {
		if i := strings.Index(e.String(), text); i >= 0 {
			return form, e.String()[max(0, i-200):min(e.Len(), i+200)]
		}
	}
	return "", ""
}

func spellings(token string) map[string]string {
	asJSON, _ := json.Marshal(token)
	asGo := strconv.Quote(token)
	escaped, upper := "", ""
	for i, r := range token {
		escaped += fmt.Sprintf(`\u%04x`, r)
		upper += []string{string(r), fmt.Sprintf(`\u%04X`, r)}[i%2]
	}
	return map[string]string{
		"unchanged":                        token,
		"in JSON":                          string(asJSON[1 : len(asJSON)-1]),
		"in JSON, with slashes escaped":    strings.ReplaceAll(string(asJSON[1:len(asJSON)-1]), "/", `\/`),
		"quoted":                           asGo[1 : len(asGo)-1],
		"in a query":                       url.QueryEscape(token),
		"in a path":                        url.PathEscape(token),
		"in HTML":                          html.EscapeString(token),
		"in a JSON pointer":                strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1"),
		"in JSON, with everything escaped": escaped,
		"in JSON, with some escaped":       upper,
		"in base64":                        base64.StdEncoding.EncodeToString([]byte(token)),
		"in hex":                           fmt.Sprintf("%x", token),
	}
}

// echoes returns servers that echo the token, in each of its encodings.
func echoes(token string) map[string]fault {
	all := map[string]fault{}
	forms := spellings(token)
	delete(forms, "in base64") // encodings such as base64 are not redacted
	delete(forms, "in hex")
	asJSON := forms["in JSON"]
	for form, text := range forms {
		all["a page, "+form] = says(500, "<html>Authorization: Key "+text+"</html>")
		all["a page that is not UTF-8, "+form] = says(200, text[:5]+"\xff"+text[5:]+"\xff"+text)
		all["a page, far in, "+form] = says(200, strings.Repeat(".", 250)+text)
		all["a JSON text, "+form] = says(200, `"`+text+`"`)
		if form == "unchanged" && asJSON != token || form == "quoted" && asJSON != text {
			continue // not JSON
		}
		for _, code := range []int{200, 400, 401, 429, 503} {
			all[fmt.Sprint("a status, ", form, code)] = says(code, fmt.Sprintf(`{"status":{"code":11102,"description":"%s","details":"for %[1]s","req_id":"%[1]s","developer_notes":"%[1]s"}}`, text))
		}
		all["a code, "+form] = says(400, `{"status":{"code":"`+text+`"}}`)
		all["a success, "+form] = says(200, fmt.Sprintf(`{"status":{"code":10000,"description":"%s","details":"%[1]s","req_id":"%[1]s"}}`, text))
		all["an item of a write, "+form] = says(200, fmt.Sprintf(`{"status":{"code":10010},"inputs":[{"id":"a","status":{"code":30100,"description":"%s","details":"%[1]s"}}]}`, text))
		all["a name before a wrong value, "+form] = says(200, fmt.Sprintf(`{"status":{"code":10000},"inputs":[{"data":{"metadata":{"a":{"%s":[1e999]}}}}],"hits":[{"input":{"data":{"metadata":{"%[1]s":1e999}}}}]}`, text))
		all["a name before invalid JSON, "+form] = says(200, fmt.Sprintf(`{"status":{"code":10000},"inputs":[{"data":{"metadata":{"a":{"%s":[nil]}}}}],"hits":[{"input":{"data":{"metadata":{"%[1]s":nil}}}}]}`, text))
		all["a field of the wrong type, "+form] = says(200, fmt.Sprintf(`{"status":{"code":10000},"inputs":[{"created_at":"%s"}],"hits":[{"input":{"created_at":"%[1]s"}}]}`, text))
	}
	line := func(text string) fault {
		return raw(false, func(conn net.Conn, _ []byte) { _, _ = io.WriteString(conn, text) })
	}
	all["a status line"] = line("HTTP/1.1 " + token + " OK\r\n\r\n")
	all["a protocol"] = line(token + " 200 OK\r\n\r\n")
	all["a header without a colon"] = line("HTTP/1.1 200 OK\r\n" + token + "\r\n\r\n")
	all["a length"] = line("HTTP/1.1 200 OK\r\nContent-Length: " + token + "\r\n\r\n")
	all["two lengths"] = line("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: " + token + "\r\n\r\n")
	all["an encoding"] = line("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + token + "\r\n\r\n")
	all["a chunk size"] = line("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + token + "\r\n")
	all["headers"] = says(302, "", "Location", "https://evil.example/?t="+token, "Retry-After", token, "X-Echo", token)
	all["a redirect, escaped"] = says(302, "", "Location", "https://evil.example/?t="+url.QueryEscape(token))
	all["a redirect to an invalid URL"] = says(302, "", "Location", "http://[::1]"+token)
	return all
}

// The output is errors, logs, formatted values, JSON and a deep dump of everything,
// after every fault and after responses that echo the token.
func TestNoOutputContainsTheToken(t *testing.T) {
	noLeaks(t)
	for name, secret := range secrets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all, stalling := echoes(secret.token), map[string]bool{}
			for _, f := range faults {
				if f.fault != nil && !f.http2 {
					all["fault: "+f.name], stalling["fault: "+f.name] = f.fault, f.timeout
				}
			}
			var mu sync.Mutex
			var answer fault
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				mu.Lock()
				f := answer
				mu.Unlock()
				f(w, r, []byte(success))
			}))
			server.Config.ErrorLog = nowhere
			server.Start()
			defer server.Close()
			for fault, f := range all {
				timeout := time.Minute
				if stalling[fault] {
					timeout = 20 * time.Millisecond
				}
				mu.Lock()
				answer = f
				mu.Unlock()
				var out emitted
				for _, handler := range []slog.Handler{
					slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}),
					slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}),
				} {
					client := clientOf(t, server.URL, clarifai.WithPAT(""), secret.use(secret.token), clarifai.WithLogger(slog.New(handler)),
						clarifai.WithTimeout(timeout), clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: 1, MinWait: 1, MaxWait: 1}))
					for _, err := range oneOfEach(t.Context(), client) {
						out.printError(err)
					}
					for _, err := range client.ListInputsAll(t.Context(), nil, clarifai.Limit(1), clarifai.Prefetch(1)) {
						out.printError(err)
					}
					if page, err := client.ListInputs(t.Context(), nil); err == nil {
						out.print(page.Status)
					}
					client.HTTPClient().CloseIdleConnections()
				}
				if !strings.Contains(out.String(), "clarifai: attempt") {
					t.Errorf("%s: nothing was logged", fault)
				}
				if form, where := out.holds(secret.token); form != "" {
					t.Errorf("%s: found the token (%s) in …%s…", fault, form, where)
				}
			}
		})
	}
}

func TestNoPrintedValueContainsTheToken(t *testing.T) {
	for name, secret := range secrets {
		t.Run(name, func(t *testing.T) {
			clearEnvironment(t)
			ownDefaultTransports(t)
			for _, variable := range []string{"CLARIFAI_PAT", "CLARIFAI_SESSION_TOKEN", ""} {
				opts := []clarifai.Option{clarifai.WithApp("USER", "APP"), clarifai.WithBaseURL("http://127.0.0.1:1"), clarifai.WithRetry(clarifai.RetryPolicy{})}
				if variable != "" {
					t.Setenv(variable, secret.token)
				} else {
					opts = append(opts, secret.use(secret.token))
				}
				client, err := clarifai.NewClient(opts...)
				if err != nil {
					t.Fatal(err)
				}
				// This client and its transport are not printed, as they would be in
				// use.
				busy, err := clarifai.NewClient(append(opts, clarifai.WithHTTPClient(&http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}))...)
				if err != nil {
					t.Fatal(err)
				}
				if variable != "" {
					t.Setenv(variable, "")
				}
				_, refused := busy.ListInputs(t.Context(), nil)
				_, argument := busy.GetInput(t.Context(), "..")
				var out emitted
				for _, v := range []any{
					client, *client, client.App("a", "b"), client.HTTPClient(), *client.HTTPClient(), client.HTTPClient().Transport, opts,
					secret.use(secret.token), []*clarifai.Client{client}, map[string]any{"client": client}, struct{ c *clarifai.Client }{client},
					clarifai.RetryPolicy{}, client.ListInputs, client.ListInputsAll(t.Context(), nil), clarifai.Prefetch(1),
				} {
					out.print(v)
				}
				out.printError(refused)
				out.printError(argument)
				func() {
					defer func() { out.print(recover()) }()
					panic(client)
				}()
				func() {
					defer func() { out.print(recover()) }()
					(*clarifai.Client)(nil).App("", "")
				}()
				if form, where := out.holds(secret.token); form != "" {
					t.Errorf("found the token (%s) in …%s…", form, where)
				}
			}
		})
	}
}

// Errors about an invalid token or option do not show it either.
func TestAnInvalidTokenIsNotShown(t *testing.T) {
	clearEnvironment(t)
	const secret = "hunter2"
	for _, opts := range [][]clarifai.Option{
		{clarifai.WithPAT(secret + "\n")},
		{clarifai.WithPAT(" " + secret)},
		{clarifai.WithSessionToken(secret + "\x00")},
		{clarifai.WithSessionToken("é" + secret)},
		{clarifai.WithPAT(secret), clarifai.WithSessionToken(secret)},
		{clarifai.WithPAT("p"), clarifai.WithBaseURL("https://user:" + secret + "@api.clarifai.com")},
		{clarifai.WithPAT("p"), clarifai.WithBaseURL("user:" + secret + "@api.clarifai.com")},
		{clarifai.WithPAT("p"), clarifai.WithBaseURL("https://user:" + secret + " @api.clarifai.com")},
		{clarifai.WithPAT("p"), clarifai.WithBaseURL("https://user:" + secret + "/@api.clarifai.com")},
		{clarifai.WithPAT("p"), clarifai.WithBaseURL("https://user:%" + secret + "@api.clarifai.com")},
		{clarifai.WithPAT("p"), clarifai.WithBaseURL("ftp://user:" + secret + "@api.clarifai.com")},
		{clarifai.WithPAT("p"), clarifai.WithBaseURL("https://user\n:" + secret + "@api.clarifai.com")},
	} {
		_, err := clarifai.NewClient(opts...)
		if !errors.Is(err, clarifai.ErrInvalidArgument) {
			t.Errorf("%v", err)
		}
		var out emitted
		out.printError(err)
		if form, where := out.holds(secret); form != "" {
			t.Errorf("found the secret (%s) in …%s…", form, where)
		}
	}
}

// The test checks what a program writes when it panics during a call.
func TestAPanicDoesNotShowTheToken(t *testing.T) {
	if secret := os.Getenv("PANIC_WITH"); secret != "" {
		transport := roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.Header.Get("Authorization") != "Key "+secret {
				os.Exit(7)
			}
			panic("out of order")
		})
		client := clientOf(t, "https://api.clarifai.com", clarifai.WithPAT(secret), clarifai.WithHTTPClient(&http.Client{Transport: transport}))
		prefetch := clarifai.Prefetch(len(os.Getenv("PANIC_AHEAD")))
		for range client.ListInputsAll(context.Background(), nil, prefetch) {
		}
		return
	}
	secret := secrets["odd PAT"].token
	for _, ahead := range []string{"", "1"} {
		program := exec.Command(os.Args[0], "-test.run=^TestAPanicDoesNotShowTheToken$", "-test.v")
		program.Env = append(os.Environ(), "PANIC_WITH="+secret, "PANIC_AHEAD="+ahead, "GOTRACEBACK=all")
		text, err := program.CombinedOutput()
		if err == nil || !bytes.Contains(text, []byte("panic: out of order")) {
			t.Fatalf("%v\n%s", err, text)
		}
		out := emitted{}
		out.Write(text)
		if form, where := out.holds(secret); form != "" {
			t.Errorf("found the token (%s) in …%s…", form, where)
		}
	}
}

// The token is in the Authorization header and nowhere else in a request.
func TestTheTokenIsSentInItsHeaderOnly(t *testing.T) {
	for name, secret := range secrets {
		client, mock := newClient(t, clarifai.WithPAT(""), secret.use(secret.token), clarifai.WithUserAgent("a/1"))
		mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			headers := maps.Clone(r.Header)
			if got := headers.Get("Authorization") + headers.Get("X-Clarifai-Session-Token"); got != secret.token && got != "Key "+secret.token {
				t.Errorf("%s: sent as %q", name, got)
			}
			headers.Del("Authorization")
			headers.Del("X-Clarifai-Session-Token")
			var out emitted
			fmt.Fprintln(&out, r.URL, headers)
			if r.Body != nil {
				_, _ = io.Copy(&out, r.Body)
			}
			if form, where := out.holds(secret.token); form != "" {
				t.Errorf("%s: found the token (%s) in …%s…", name, form, where)
			}
			return httpmock.NewStringResponse(200, success), nil
		})
		oneOfEach(t.Context(), client)
	}
}

package clarifai_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
	"github.com/jarcoal/httpmock"
)

func TestOptionsOverrideTheEnvironment(t *testing.T) {
	for _, test := range []struct {
		name        string
		environment map[string]string
		opts        []clarifai.Option
		url         string
		header      map[string]string
	}{
		{
			name:   "defaults",
			opts:   []clarifai.Option{clarifai.WithPAT("pat"), clarifai.WithApp("", "app")},
			url:    "https://api.clarifai.com/v2/users/me/apps/app/inputs/status",
			header: map[string]string{"Authorization": "Key pat"},
		},
		{
			name: "environment",
			environment: map[string]string{
				"CLARIFAI_PAT": "pat", "CLARIFAI_SESSION_TOKEN": "session", "CLARIFAI_USER_ID": "user",
				"CLARIFAI_APP_ID": "app", "CLARIFAI_API_BASE": "https://proxy.example/clarifai/",
			},
			url:    "https://proxy.example/clarifai/v2/users/user/apps/app/inputs/status",
			header: map[string]string{"Authorization": "Key pat", "X-Clarifai-Session-Token": ""},
		},
		{
			name:        "session token of the environment",
			environment: map[string]string{"CLARIFAI_SESSION_TOKEN": "session", "CLARIFAI_APP_ID": "app"},
			url:         "https://api.clarifai.com/v2/users/me/apps/app/inputs/status",
			header:      map[string]string{"Authorization": "", "X-Clarifai-Session-Token": "session"},
		},
		{
			name: "options",
			environment: map[string]string{
				"CLARIFAI_PAT": "no", "CLARIFAI_USER_ID": "no", "CLARIFAI_APP_ID": "no", "CLARIFAI_API_BASE": "https://no.example",
			},
			opts: []clarifai.Option{
				clarifai.WithSessionToken("session"), clarifai.WithApp("user", "app"), clarifai.WithBaseURL("other.example:8443/a/b"),
				clarifai.WithUserAgent("exporter/1.2"),
			},
			url:    "https://other.example:8443/a/b/v2/users/user/apps/app/inputs/status",
			header: map[string]string{"Authorization": "", "X-Clarifai-Session-Token": "session", "User-Agent": "exporter/1.2 clarifai-go/0.2.0"},
		},
		{
			name:   "http on this machine",
			opts:   []clarifai.Option{clarifai.WithPAT("pat"), clarifai.WithApp("", "app"), clarifai.WithBaseURL("http://[::1]:8080")},
			url:    "http://[::1]:8080/v2/users/me/apps/app/inputs/status",
			header: map[string]string{"Authorization": "Key pat", "User-Agent": "clarifai-go/0.2.0", "Accept": "application/json"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			clearEnvironment(t)
			for name, value := range test.environment {
				t.Setenv(name, value)
			}
			mock := httpmock.NewMockTransport()
			client, err := clarifai.NewClient(append(test.opts, clarifai.WithHTTPClient(&http.Client{Transport: mock}))...)
			if err != nil {
				t.Fatal(err)
			}
			requests := recorder(t, mock, answer(200, `{"status":{"code":10000},"counts":{}}`))
			if _, err := client.GetInputCount(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := (*requests)[0]
			if got.method != "GET" || got.url != test.url || got.body != "" {
				t.Errorf("sent %+v, want GET %s", got, test.url)
			}
			for name, want := range test.header {
				if got := got.header.Get(name); got != want {
					t.Errorf("header %s: %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestNewClientRejectsInvalidOptions(t *testing.T) {
	clearEnvironment(t)
	pat := clarifai.WithPAT("pat")
	for _, test := range []struct {
		name string
		opts []clarifai.Option
		want []string // in the error
	}{
		{"no token", nil, []string{"WithPAT", "CLARIFAI_PAT", "WithSessionToken", "CLARIFAI_SESSION_TOKEN"}},
		{"two tokens", []clarifai.Option{pat, clarifai.WithSessionToken("session")}, []string{"WithPAT", "WithSessionToken"}},
		{"a token with a line end", []clarifai.Option{clarifai.WithPAT("secret\n")}, []string{"WithPAT", "CLARIFAI_PAT", "byte 6"}},
		{"plain http", []clarifai.Option{pat, clarifai.WithBaseURL("http://api.clarifai.com")}, []string{"WithBaseURL", "CLARIFAI_API_BASE", "http://api.clarifai.com", "https"}},
		{"a host like localhost", []clarifai.Option{pat, clarifai.WithBaseURL("http://localhost.example")}, []string{"localhost.example"}},
		{"another scheme", []clarifai.Option{pat, clarifai.WithBaseURL("ftp://api.clarifai.com")}, []string{"ftp://", "https"}},
		{"no host", []clarifai.Option{pat, clarifai.WithBaseURL("https:///v2")}, []string{"no host"}},
		{"one slash", []clarifai.Option{pat, clarifai.WithBaseURL("https:/api.clarifai.com")}, []string{"no host"}},
		{"no colon", []clarifai.Option{pat, clarifai.WithBaseURL("https//api.clarifai.com")}, []string{"no host"}},
		{"no port", []clarifai.Option{pat, clarifai.WithBaseURL("api.clarifai.com:")}, []string{"port"}},
		{"a query", []clarifai.Option{pat, clarifai.WithBaseURL("https://api.clarifai.com?x=1")}, []string{"query"}},
		{"the version of the paths", []clarifai.Option{pat, clarifai.WithBaseURL("https://proxy.example/clarifai/v2/")}, []string{"https://proxy.example/clarifai/v2/", "must not end in /v2"}},
		{"a password", []clarifai.Option{pat, clarifai.WithBaseURL("https://u:hunter2@api.clarifai.com")}, []string{"password"}},
		{"no URL", []clarifai.Option{pat, clarifai.WithBaseURL("https://exa mple")}, []string{"exa mple"}},
		{"a negative timeout", []clarifai.Option{pat, clarifai.WithTimeout(-1)}, []string{"WithTimeout", "-1ns"}},
		{"negative retries", []clarifai.Option{pat, clarifai.WithRetry(clarifai.RetryPolicy{MaxRetries: -1})}, []string{"MaxRetries", "-1"}},
		{"waits the wrong way round", []clarifai.Option{pat, clarifai.WithRetry(clarifai.RetryPolicy{MinWait: 2, MaxWait: 1})}, []string{"MaxWait", "1ns", "2ns"}},
		{"no rate", []clarifai.Option{pat, clarifai.WithRateLimit(0)}, []string{"WithRateLimit", "0"}},
		{"no response size", []clarifai.Option{pat, clarifai.WithMaxResponseSize(0)}, []string{"WithMaxResponseSize", "0"}},
		{"a user agent of two lines", []clarifai.Option{pat, clarifai.WithUserAgent("a\r\nb")}, []string{"WithUserAgent"}},
		{"a nil option", []clarifai.Option{nil}, []string{"Option", "nil"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			client, err := clarifai.NewClient(test.opts...)
			var argument *clarifai.ArgumentError
			if client != nil || !errors.Is(err, clarifai.ErrInvalidArgument) || !errors.As(err, &argument) {
				t.Fatalf("client %v, error %v", client, err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
			for _, secret := range []string{"secret", "hunter2"} {
				if strings.Contains(fmt.Sprintf("%v %+v", err, argument), secret) {
					t.Errorf("%q holds a secret", err)
				}
			}
		})
	}
}

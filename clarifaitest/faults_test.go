package clarifaitest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
	"github.com/jarcoal/httpmock"
)

func TestFaultOfAPage(t *testing.T) {
	app := clarifaitest.NewApp()
	for i := range 100 {
		app.AddInputs(&clarifai.Input{ID: fmt.Sprint(i), Data: &clarifai.Data{Concepts: []clarifai.Concept{{ID: "c"}}}})
	}
	app.AddFault(clarifaitest.Fault{Page: 3, HTTPStatus: http.StatusServiceUnavailable})
	params := clarifai.PageParams{PerPage: 10}
	search := []clarifai.Search{clarifai.NewSearch(clarifai.FilterByConcept("c", true))}
	for _, prefetch := range []int{0, 8} {
		inputs, hits := 0, 0
		var inputsErr, hitsErr error
		for _, inputsErr = range app.Client().ListInputsAll(t.Context(), &clarifai.ListInputsRequest{PageParams: params}, clarifai.Prefetch(prefetch)) {
			inputs++
		}
		for _, hitsErr = range app.Client().PostInputsSearchesAll(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: search, PageParams: params}, clarifai.Prefetch(prefetch)) {
			hits++
		}
		for _, err := range []error{inputsErr, hitsErr} {
			var page *clarifai.PageError
			if !errors.As(err, &page) || page.Page != 3 {
				t.Errorf("Prefetch(%d): %v", prefetch, err)
			}
		}
		if inputs != 21 || hits != 21 { // the error included
			t.Errorf("Prefetch(%d): %d inputs, %d hits", prefetch, inputs, hits)
		}
	}
	app.AddFault(clarifaitest.Fault{Page: 1, HTTPStatus: http.StatusServiceUnavailable})
	if _, err := app.Client().GetInputCount(t.Context()); err != nil {
		t.Error("operation without pages:", err)
	}
}

func TestFaultOfTheNthRequest(t *testing.T) {
	app := people(10)
	app.AddFault(clarifaitest.Fault{Operation: "ListInputs", Nth: 3, HTTPStatus: http.StatusForbidden})
	client := app.Client()
	if _, err := client.GetInputCount(t.Context()); err != nil {
		t.Error(err)
	}
	n := 0
	var err error
	for _, err = range client.ListInputsAll(t.Context(), &clarifai.ListInputsRequest{PageParams: clarifai.PageParams{PerPage: 4}}) {
		if err == nil {
			n++
		}
	}
	var page *clarifai.PageError
	if n != 8 || !errors.As(err, &page) || page.Page != 3 || !errors.Is(err, clarifai.ErrForbidden) {
		t.Errorf("got %d inputs and %v", n, err)
	}
	if _, err := client.ListInputs(t.Context(), nil); err != nil {
		t.Errorf("the fourth request: %v", err)
	}
}

func TestFaultIsRetried(t *testing.T) {
	app := people(1)
	app.AddFault(clarifaitest.Fault{Nth: 1, HTTPStatus: http.StatusServiceUnavailable})
	app.AddFault(clarifaitest.Fault{Nth: 2, Status: clarifai.Status{Code: clarifai.StatusTryAgain}})
	app.AddFault(clarifaitest.Fault{Nth: 3, Err: io.ErrUnexpectedEOF})
	app.AddFault(clarifaitest.Fault{Nth: 4, HTTPStatus: 502, Body: "<html>"})
	if _, err := app.Client().GetInput(t.Context(), "i0001"); err != nil {
		t.Error(err)
	}
	if n := len(app.Requests("GetInput")); n != 5 {
		t.Errorf("got %d requests, want 5", n)
	}
}

func TestFaultResponses(t *testing.T) {
	app := people(1)
	client := app.Client(clarifai.WithRetry(clarifai.RetryPolicy{}))
	for _, test := range []struct {
		fault  clarifaitest.Fault
		is     error
		status int
		code   clarifai.StatusCode
	}{
		{clarifaitest.Fault{HTTPStatus: 500}, nil, 500, clarifai.StatusFailure},
		{clarifaitest.Fault{Status: clarifai.Status{Code: clarifai.StatusConnThrottled}}, clarifai.ErrRateLimited, 429, clarifai.StatusConnThrottled},
		{clarifaitest.Fault{Status: clarifai.Status{Code: clarifai.StatusConnKeyInvalid}}, clarifai.ErrUnauthorized, 401, clarifai.StatusConnKeyInvalid},
		{clarifaitest.Fault{Status: clarifai.Status{Code: clarifai.StatusConnInsufficientScopes}}, clarifai.ErrForbidden, 403, clarifai.StatusConnInsufficientScopes},
		{clarifaitest.Fault{Status: clarifai.Status{Code: clarifai.StatusInputDoesNotExist}}, clarifai.ErrNotFound, 404, clarifai.StatusInputDoesNotExist},
		{clarifaitest.Fault{HTTPStatus: 200, Status: clarifai.Status{Code: clarifai.StatusConnExceedsLimits, Details: "d"}}, clarifai.ErrRateLimited, 200, clarifai.StatusConnExceedsLimits},
		{clarifaitest.Fault{HTTPStatus: 504, Body: "<html>"}, clarifai.ErrInvalidResponse, 504, 0},
		{clarifaitest.Fault{Err: io.ErrUnexpectedEOF}, io.ErrUnexpectedEOF, 0, 0},
	} {
		app.ClearFaults()
		app.AddFault(test.fault)
		_, err := client.ListInputs(t.Context(), nil)
		var e *clarifai.Error
		if !errors.As(err, &e) || e.HTTPStatus != test.status || e.Status.Code != test.code || test.is != nil && !errors.Is(err, test.is) {
			t.Errorf("%+v: got %v", test.fault, err)
		}
	}
	app.ClearFaults()
	if _, err := client.ListInputs(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// If several faults fail a request, the first one added determines the response.
func TestFirstFaultDeterminesTheResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := people(1)
		app.AddFault(clarifaitest.Fault{Delay: 2 * time.Second})
		app.AddFault(clarifaitest.Fault{HTTPStatus: http.StatusForbidden, Delay: time.Second})
		app.AddFault(clarifaitest.Fault{HTTPStatus: http.StatusNotFound, Delay: time.Second})
		start := time.Now()
		if _, err := app.Client().GetInput(t.Context(), "i0001"); !errors.Is(err, clarifai.ErrForbidden) {
			t.Errorf("got %v, want the first of two failures", err)
		}
		if took := time.Since(start); took != 4*time.Second {
			t.Errorf("took %v, want the delays of all faults", took)
		}
	})
}

func TestFailedRequestsDoNotChangeTheApp(t *testing.T) {
	app := people(1)
	app.AddFault(clarifaitest.Fault{Operation: "DeleteInput", HTTPStatus: 500})
	client := app.Client()
	if err := client.DeleteInput(t.Context(), "i0001"); err == nil {
		t.Error("no error")
	}
	if _, err := client.GetInput(t.Context(), "i0001"); err != nil {
		t.Error(err)
	}
}

func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := people(1)
		app.AddFault(clarifaitest.Fault{Delay: 30 * time.Second})
		start := time.Now()
		if _, err := app.Client().GetInput(t.Context(), "i0001"); err != nil || time.Since(start) != 30*time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}

		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start = time.Now()
		if _, err := app.Client().GetInput(ctx, "i0001"); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 10*time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}

		client := app.Client(clarifai.WithTimeout(time.Second), clarifai.WithRetry(clarifai.RetryPolicy{}))
		start = time.Now()
		if _, err := client.GetInput(t.Context(), "i0001"); err == nil || time.Since(start) != time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		synctest.Wait()
	})
}

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := people(1)
		app.SetRateLimit(15)
		client := app.Client(clarifai.WithRetry(clarifai.RetryPolicy{}))
		for i := range 16 {
			_, err := client.GetInput(t.Context(), "i0001")
			if (err != nil) != (i == 15) {
				t.Errorf("request %d: %v", i, err)
			}
			var e *clarifai.Error
			if err != nil && (!errors.Is(err, clarifai.ErrRateLimited) || !errors.As(err, &e) || e.Status.Code != clarifai.StatusConnThrottled || e.Status.Details != "exceeded limit of 15 requests per second") {
				t.Errorf("got %v", err)
			}
		}
		time.Sleep(time.Second)
		for range 15 {
			if _, err := client.GetInput(t.Context(), "i0001"); err != nil {
				t.Error(err)
			}
		}
		polite := app.Client(clarifai.WithRateLimit(14), clarifai.WithRetry(clarifai.RetryPolicy{}))
		time.Sleep(time.Second)
		for range 100 {
			if _, err := polite.GetInput(t.Context(), "i0001"); err != nil {
				t.Fatal(err)
			}
		}
		app.SetRateLimit(0)
		for range 100 {
			if _, err := client.GetInput(t.Context(), "i0001"); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// At a rate below one per second, single requests are allowed.
func TestRateLimitBelowOnePerSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := people(1)
		app.SetRateLimit(0.5)
		client := app.Client(clarifai.WithRetry(clarifai.RetryPolicy{}))
		for i := range 3 {
			if _, err := client.GetInput(t.Context(), "i0001"); err != nil {
				t.Errorf("round %d: %v", i, err)
			}
			if _, err := client.GetInput(t.Context(), "i0001"); !errors.Is(err, clarifai.ErrRateLimited) {
				t.Errorf("round %d: got %v, want the rate limit", i, err)
			}
			time.Sleep(time.Second)
			if _, err := client.GetInput(t.Context(), "i0001"); !errors.Is(err, clarifai.ErrRateLimited) {
				t.Errorf("round %d, after a second: got %v, want the rate limit", i, err)
			}
			time.Sleep(time.Second)
		}
	})
}

func TestInvalidArgumentsPanic(t *testing.T) {
	for name, do := range map[string]func(*clarifaitest.App){
		"no failure": func(a *clarifaitest.App) { a.AddFault(clarifaitest.Fault{Operation: "ListInputs", Nth: 1}) },
		"operation":  func(a *clarifaitest.App) { a.AddFault(clarifaitest.Fault{Operation: "ListInput", HTTPStatus: 500}) },
		"a page of one": func(a *clarifaitest.App) {
			a.AddFault(clarifaitest.Fault{Operation: "GetInput", Page: 1, HTTPStatus: 500})
		},
		"a page of a stream": func(a *clarifaitest.App) {
			a.AddFault(clarifaitest.Fault{Operation: "StreamInputs", Page: 3, HTTPStatus: 500})
		},
		"negative nth":   func(a *clarifaitest.App) { a.AddFault(clarifaitest.Fault{Nth: -1, HTTPStatus: 500}) },
		"negative delay": func(a *clarifaitest.App) { a.AddFault(clarifaitest.Fault{Delay: -1}) },
		"requests":       func(a *clarifaitest.App) { a.Requests("listInputs") },
		"last request":   func(a *clarifaitest.App) { a.LastRequest("") },
		"window":         func(a *clarifaitest.App) { a.SetResultWindow(-1) },
		"rate":           func(a *clarifaitest.App) { a.SetRateLimit(math.NaN()) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			do(clarifaitest.NewApp())
		}()
	}
}

func TestRequests(t *testing.T) {
	app := people(3)
	client := app.Client()
	if got := app.LastRequest(); !reflect.DeepEqual(got, clarifaitest.Request{}) {
		t.Errorf("before any: got %+v", got)
	}
	want := clarifai.PageParams{Page: 2, PerPage: 20}
	request := &clarifai.ListInputsRequest{PageParams: want, IDs: []string{"a", "b"}}
	if _, err := client.ListInputs(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	search := &clarifai.PostAnnotationsSearchesRequest{PageParams: want, Searches: []clarifai.Search{clarifai.NewSearch(clarifai.FilterByConcept("people", true))}}
	if _, err := client.PostAnnotationsSearches(t.Context(), search); err != nil {
		t.Fatal(err)
	}
	if _, err := client.GetInput(t.Context(), "none"); err == nil {
		t.Fatal("no error")
	}
	send(t, app, "GET", "/nowhere", "")
	send(t, app, "POST", "/v2/users/u/apps/a/inputs/searches", `{"searches":`)

	requests := app.Requests()
	var operations []string
	for _, r := range requests {
		operations = append(operations, r.Operation)
	}
	if want := []string{"ListInputs", "PostAnnotationsSearches", "GetInput", "", "PostInputsSearches"}; !reflect.DeepEqual(operations, want) {
		t.Errorf("got %q, want %q", operations, want)
	}
	for _, r := range app.Requests("ListInputs", "PostAnnotationsSearches") {
		if r.Page() != want {
			t.Errorf("%s: got %+v, want %+v", r.Operation, r.Page(), want)
		}
	}
	list := requests[0]
	if list.Method != "GET" || list.Path != "/v2/users/user/apps/app/inputs" || list.Query.Encode() != "ids=a&ids=b&page=2&per_page=20" || list.Body != nil {
		t.Errorf("got %+v", list)
	}
	if filters := app.LastRequest("PostAnnotationsSearches").Body["searches"].([]any)[0].(map[string]any)["query"]; !reflect.DeepEqual(filters, map[string]any{
		"filters": []any{map[string]any{"annotation": map[string]any{"data": map[string]any{"concepts": []any{map[string]any{"id": "people", "value": 1.0}}}}}},
	}) {
		t.Errorf("got %v", filters)
	}
	if page := app.LastRequest("GetInput").Page(); page != (clarifai.PageParams{}) {
		t.Errorf("got %+v, want no page", page)
	}
	list.Query["ids"][0] = "changed"
	if app.Requests()[0].Query["ids"][0] != "a" {
		t.Error("a caller can change recorded requests")
	}
}

func TestRequestPage(t *testing.T) {
	app := clarifaitest.NewApp()
	for _, test := range []struct {
		pagination string
		want       clarifai.PageParams
	}{
		{`{"page":2,"per_page":"20"}`, clarifai.PageParams{Page: 2, PerPage: 20}},
		{`{"page":2.0,"per_page":2e1}`, clarifai.PageParams{Page: 2, PerPage: 20}},
		{`{"page":2.5,"per_page":20}`, clarifai.PageParams{PerPage: 20}},
		{`{"page":"2.5","per_page":null}`, clarifai.PageParams{}},
		{`[]`, clarifai.PageParams{}},
	} {
		status, answer := send(t, app, "POST", "/v2/concepts/searches", `{"pagination":`+test.pagination+`}`)
		if got := app.LastRequest().Page(); got != test.want {
			t.Errorf("%s: got %+v, want %+v", test.pagination, got, test.want)
		}
		if accepted := test.want.Page == 2; accepted != (status == 200) {
			t.Errorf("%s: got %d %s", test.pagination, status, answer)
		}
	}
}

func TestRegister(t *testing.T) {
	httpmock.Activate(t)
	app := people(3)
	app.Register()
	t.Setenv("CLARIFAI_PAT", "secret")
	t.Setenv("CLARIFAI_APP_ID", "app")
	t.Setenv("CLARIFAI_API_BASE", "")
	client, err := clarifai.NewClient() // as code under test does
	if err != nil {
		t.Fatal(err)
	}
	if page, err := client.ListInputs(t.Context(), nil); err != nil || len(page.Items) != 3 {
		t.Errorf("got %+v (%v)", page, err)
	}
	if _, err := http.Get("https://example.com/other"); err == nil || !strings.Contains(err.Error(), "no responder found") {
		t.Errorf("another host: got %v", err)
	}
	httpmock.RegisterResponder("GET", "https://example.com/other", httpmock.NewStringResponder(200, "other"))
	if resp, err := http.Get("https://example.com/other"); err != nil {
		t.Error(err)
	} else {
		resp.Body.Close()
	}
	if n := len(app.Requests()); n != 1 {
		t.Errorf("got %d requests, want 1", n)
	}
	httpmock.DeactivateAndReset()
	if http.DefaultTransport == http.RoundTripper(httpmock.DefaultTransport) {
		t.Error("still active")
	}
}

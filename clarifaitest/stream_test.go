package clarifaitest_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
)

func streamed(t *testing.T, client *clarifai.Client, request *clarifai.StreamInputsRequest) []string {
	t.Helper()
	page, err := client.StreamInputs(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return inputIDs(page.Items)
}

func TestStream(t *testing.T) {
	app := clarifaitest.NewApp()
	for _, id := range []string{"c", "a", "e", "b", "d"} {
		app.AddInputs(&clarifai.Input{ID: id})
	}
	client := app.Client()
	for _, test := range []struct {
		request clarifai.StreamInputsRequest
		want    string
	}{
		{clarifai.StreamInputsRequest{}, "caebd"},
		{clarifai.StreamInputsRequest{PerPage: 2}, "ca"},
		{clarifai.StreamInputsRequest{PerPage: 2, LastID: "a"}, "eb"},
		{clarifai.StreamInputsRequest{PerPage: 2, LastID: "b"}, "d"},
		{clarifai.StreamInputsRequest{LastID: "d"}, ""},
		{clarifai.StreamInputsRequest{Descending: true, PerPage: 2}, "db"},
		{clarifai.StreamInputsRequest{Descending: true, LastID: "b"}, "eac"},
		{clarifai.StreamInputsRequest{Descending: true, LastID: "c"}, ""},
		{clarifai.StreamInputsRequest{OrderByID: true}, "abcde"},
		{clarifai.StreamInputsRequest{OrderByID: true, LastID: "b", PerPage: 2}, "cd"},
		{clarifai.StreamInputsRequest{OrderByID: true, Descending: true, LastID: "d"}, "cba"},
	} {
		if got := strings.Join(streamed(t, client, &test.request), ""); got != test.want {
			t.Errorf("%+v: got %s, want %s", test.request, got, test.want)
		}
	}
	_, err := client.StreamInputs(t.Context(), &clarifai.StreamInputsRequest{LastID: "none"})
	if !errors.Is(err, clarifai.ErrNotFound) {
		t.Errorf("after a nonexistent input: got %v", err)
	}
}

func TestStreamResumesAfterADeletedInput(t *testing.T) {
	app := people(6)
	client := app.Client()
	if err := client.DeleteInputs(t.Context(), "i0002", "i0003"); err != nil {
		t.Fatal(err)
	}
	for request, want := range map[clarifai.StreamInputsRequest][]string{
		{LastID: "i0002"}:                                    {"i0004", "i0005", "i0006"},
		{LastID: "i0003", Descending: true}:                  {"i0001"},
		{LastID: "i0003", OrderByID: true, PerPage: 1}:       {"i0004"},
		{LastID: "i0003", OrderByID: true, Descending: true}: {"i0001"},
	} {
		if got := streamed(t, client, &request); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v: got %v, want %v", request, got, want)
		}
	}
}

func TestStreamDefaultPage(t *testing.T) {
	if n := len(streamed(t, people(30).Client(), nil)); n != 20 {
		t.Errorf("got %d inputs, want 20", n)
	}
}

// The order by ID reflects added, replaced and deleted inputs.
func TestStreamOrderByIDFollowsChanges(t *testing.T) {
	app := clarifaitest.NewApp()
	client := app.Client()
	byID := &clarifai.StreamInputsRequest{OrderByID: true}
	check := func(want string) {
		t.Helper()
		if got := strings.Join(streamed(t, client, byID), ""); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	app.AddInputs(&clarifai.Input{ID: "d"}, &clarifai.Input{ID: "b"})
	check("bd")
	app.AddInputs(&clarifai.Input{ID: "c"})
	check("bcd")
	if err := client.DeleteInput(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	check("cd")
	if _, err := client.PostInputs(t.Context(), &clarifai.PostInputsRequest{Inputs: []*clarifai.Input{{ID: "a"}}}); err != nil {
		t.Fatal(err)
	}
	check("acd")
	app.AddInputs(&clarifai.Input{ID: "c", Status: &clarifai.Status{Code: clarifai.StatusInputFailed}})
	page, err := client.StreamInputs(t.Context(), byID)
	if err != nil || len(page.Items) != 3 || page.Items[1].Status.Code != clarifai.StatusInputFailed {
		t.Errorf("got %+v (%v), want the second input replaced", page, err)
	}
}

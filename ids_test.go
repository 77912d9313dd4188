package clarifai_test

import (
	"errors"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
)

// oddIDs are IDs that are not valid in a path or that form the path of another
// operation.
var oddIDs = []string{"s3://b/k", "..", ".", "../models", "a/", "/a", "a\nb", "\x00", "\x7f", "annotations", "status", "stream"}

// Every input that PostInputs accepts can be read, changed, annotated, listed,
// searched and deleted by the ID that the API returned.
func TestInputsWithAnyAcceptedIDCanBeUsed(t *testing.T) {
	for _, id := range append(oddIDs, "a", "a/b", "ü?#%2F", " ") {
		app := clarifaitest.NewApp()
		app.AddInputs(&clarifai.Input{ID: "other"})
		client := app.Client()
		posted, err := client.PostInputs(t.Context(), &clarifai.PostInputsRequest{Inputs: []*clarifai.Input{clarifai.TextFromString(id, "text")}})
		if err != nil || posted[0].ID != id {
			t.Errorf("%q: PostInputs: %v", id, err)
			continue
		}
		if input, err := client.GetInput(t.Context(), id); err != nil || input.ID != id || input.Data.Text == nil {
			t.Errorf("%q: GetInput: %v", id, err)
		}
		if page, err := client.ListInputs(t.Context(), &clarifai.ListInputsRequest{IDs: []string{id}}); err != nil || len(page.Items) != 1 {
			t.Errorf("%q: ListInputs: %v", id, err)
		}
		if _, err := client.PatchInputs(t.Context(), &clarifai.PatchInputsRequest{Inputs: posted, Action: clarifai.ActionMerge}); err != nil {
			t.Errorf("%q: PatchInputs: %v", id, err)
		}
		search := clarifai.NewSearch(clarifai.FilterByInputID(id), clarifai.RankByInputID(id))
		if page, err := client.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{search}}); err != nil || len(page.Items) != 1 {
			t.Errorf("%q: PostInputsSearches: %v", id, err)
		}
		if err := client.DeleteInput(t.Context(), id); err != nil {
			t.Errorf("%q: DeleteInput: %v", id, err)
		}
		_, err = client.GetInput(t.Context(), id)
		var e *clarifai.Error
		if !errors.Is(err, clarifai.ErrNotFound) || !errors.As(err, &e) || e.Path == "" || e.Status.ReqID == "" {
			t.Errorf("%q: GetInput after DeleteInput: %v", id, err)
		}
		if count, err := client.GetInputCount(t.Context()); err != nil || count.Total() != 1 {
			t.Errorf("%q: %d inputs remain, %v", id, count.Total(), err)
		}
	}
}

// An ID that is not valid in a path is sent in the query or the body only.
func TestIDsThatAreInvalidInPathsAreSentElsewhere(t *testing.T) {
	client, mock := newClient(t)
	for _, id := range oddIDs {
		requests := recorder(t, mock, answer(200, `{"status":{"code":10000,"req_id":"r"},"inputs":[{"id":"another"}],"annotations":[{"id":"a","input_id":"another"}]}`))
		if _, err := client.GetInput(t.Context(), id); !errors.Is(err, clarifai.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
		if err := client.DeleteInput(t.Context(), id); err != nil {
			t.Errorf("%q: %v", id, err)
		}
		want := []string{"GET " + base + "/inputs?ids=" + url.QueryEscape(id) + " ", "DELETE " + base + `/inputs {"ids":["` + strings.NewReplacer("\n", `\n`, "\x00", `\u0000`).Replace(id) + `"]}`}
		if !slices.Contains([]string{"annotations", "status", "stream"}, id) { // these are valid in this path
			if _, err := client.GetAnnotation(t.Context(), id, "a"); !errors.Is(err, clarifai.ErrNotFound) {
				t.Errorf("%q: %v", id, err)
			}
			want = append(want, "GET "+base+"/annotations?ids=a&input_ids="+url.QueryEscape(id)+"&list_all_annotations=true ")
		}
		var got []string
		for _, r := range *requests {
			got = append(got, r.method+" "+r.url+" "+r.body)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got\n%q, want\n%q", id, got, want)
		}
	}
	requests := recorder(t, mock, answer(200, success))
	for _, id := range []string{"", "\xff", "a\xc3/.."} {
		if _, err := client.GetInput(t.Context(), id); !errors.Is(err, clarifai.ErrInvalidArgument) {
			t.Errorf("%q: %v", id, err)
		}
		if err := client.DeleteInput(t.Context(), id); !errors.Is(err, clarifai.ErrInvalidArgument) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if len(*requests) > 0 {
		t.Errorf("%q", *requests)
	}
}

func TestErrorForUnlistedInputNamesItsID(t *testing.T) {
	client, mock := newClient(t)
	recorder(t, mock, answer(200, `{"status":{"code":10000,"description":"Ok","req_id":"r"}}`))
	_, err := client.GetInput(t.Context(), "s3://b/k")
	if want := `clarifai: GET /v2/users/USER/apps/APP/inputs: HTTP 200: 10000 SUCCESS: Ok (request ID r): not found: no result has the ID "s3://b/k"`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	recorder(t, mock, answer(401, `{"status":{"code":11008}}`))
	if _, err := client.GetInput(t.Context(), "s3://b/k"); !errors.Is(err, clarifai.ErrUnauthorized) {
		t.Errorf("%v", err)
	}
}

// The cursor of a stream is the last ID received, even if it is unusual.
func TestStreamCursorIsSentUnchanged(t *testing.T) {
	app := clarifaitest.NewApp()
	ids := append(oddIDs, "end")
	for _, id := range ids {
		app.AddInputs(&clarifai.Input{ID: id})
	}
	client := app.Client()
	var got []string
	for input, err := range client.StreamInputsAll(t.Context(), &clarifai.StreamInputsRequest{PerPage: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, input.ID)
	}
	if !reflect.DeepEqual(got, ids) {
		t.Errorf("got %q, want %q", got, ids)
	}
	page, err := client.StreamInputs(t.Context(), &clarifai.StreamInputsRequest{LastID: "a\nb"})
	if err != nil || len(page.Items) == 0 || page.Items[0].ID != "\x00" {
		t.Errorf("%v", err)
	}
}

package clarifaitest_test

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
)

// scores returns the score of each hit by the ID of its input, and their order.
func scores(t *testing.T, app *clarifaitest.App, search clarifai.Search) (map[string]float64, []string) {
	t.Helper()
	page, err := app.Client().PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{search}})
	if err != nil {
		t.Fatal(err)
	}
	byID, order := map[string]float64{}, []string{}
	for i, hit := range page.Items {
		if hit.Score < 0 || hit.Score > 1 || i > 0 && hit.Score > page.Items[i-1].Score {
			t.Errorf("hit %d has the score %g", i, hit.Score)
		}
		byID[hit.Input.ID] = hit.Score
		order = append(order, hit.Input.ID)
	}
	return byID, order
}

func TestRankByConcept(t *testing.T) {
	app := clarifaitest.NewApp()
	for id, value := range map[string]float64{"low": 0.25, "high": 0.875} {
		app.AddInputs(&clarifai.Input{ID: id})
		app.AddAnnotations(&clarifai.Annotation{InputID: id, Data: concepts(clarifai.Concept{ID: "cat", Name: "Cat", Value: &value})})
	}
	app.AddInputs(&clarifai.Input{ID: "none"})
	up := []string{"high", "low", "none"}
	down := []string{"none", "low", "high"}
	for _, test := range []struct {
		part  clarifai.SearchPart
		order []string
		high  float64
	}{
		{clarifai.RankByConcept("cat", true), up, 0.875},
		{clarifai.RankByConceptName("Cat", true), up, 0.875},
		{clarifai.RankByConcept("cat", false), down, 0.125},
		{clarifai.Not(clarifai.RankByConcept("cat", true)), down, 0.125},
		{clarifai.Not(clarifai.RankByConcept("cat", false)), up, 0.875},
	} {
		byID, order := scores(t, app, clarifai.NewSearch(test.part))
		if !reflect.DeepEqual(order, test.order) || byID["high"] != test.high {
			t.Errorf("got %v %v, want %v with %g", order, byID, test.order, test.high)
		}
	}
	search := clarifai.NewSearch(clarifai.RankByConcept("cat", true))
	search.MinValue = 0.25
	if _, order := scores(t, app, search); !reflect.DeepEqual(order, up[:2]) {
		t.Errorf("with a minimum: got %v, want %v", order, up[:2])
	}
}

func TestRankBySimilarity(t *testing.T) {
	app := clarifaitest.NewApp()
	for i := range 50 {
		app.AddInputs(&clarifai.Input{ID: fmt.Sprint(i), Data: &clarifai.Data{
			Image: &clarifai.Image{URL: fmt.Sprint("https://example.com/", i), Base64: []byte{byte(i)}},
			Text:  &clarifai.Text{Raw: fmt.Sprint("text ", i)},
		}})
	}
	for name, part := range map[string]clarifai.SearchPart{
		"URL":   clarifai.RankByImageURL("https://example.com/7"),
		"bytes": clarifai.RankByImageBytes([]byte{7}),
		"text":  clarifai.RankByText("text 7"),
		"input": clarifai.RankByInputID("7"),
	} {
		byID, order := scores(t, app, clarifai.NewSearch(part))
		if len(order) != 50 || order[0] != "7" || byID["7"] != 1 || byID[order[1]] > 0.99 {
			t.Errorf("%s: got %v with %v, want 7 first, with 1", name, order, byID)
		}
		if _, again := scores(t, app, clarifai.NewSearch(part)); !reflect.DeepEqual(again, order) {
			t.Errorf("%s: the order changed the second time", name)
		}
	}
	_, one := scores(t, app, clarifai.NewSearch(clarifai.RankByText("one")))
	_, two := scores(t, app, clarifai.NewSearch(clarifai.RankByText("two")))
	_, version := scores(t, app, clarifai.NewSearch(clarifai.RankByModelVersionID("v")))
	if reflect.DeepEqual(one, two) || len(version) != 50 {
		t.Error("different ranks give the same order")
	}
}

func TestRankByEmbedding(t *testing.T) {
	app := clarifaitest.NewApp()
	for id, vector := range map[string][]float64{"same": {2, 0}, "across": {0, 1}, "opposite": {-1, 0}} {
		app.AddInputs(&clarifai.Input{ID: id, Data: &clarifai.Data{Embeddings: []clarifai.Embedding{{Vector: vector}}}})
	}
	for _, part := range []clarifai.SearchPart{clarifai.RankByEmbedding([]float64{1, 0}), clarifai.RankByInputID("same")} {
		byID, order := scores(t, app, clarifai.NewSearch(part))
		if want := []string{"same", "across", "opposite"}; !reflect.DeepEqual(order, want) || math.Abs(byID["across"]-0.5) > 1e-9 {
			t.Errorf("got %v %v, want %v", order, byID, want)
		}
	}
}

// The value of a concept is its highest value in any region or annotation.
func TestRankTakesTheHighestValue(t *testing.T) {
	app := clarifaitest.NewApp()
	cat := func(value float64) clarifai.Region {
		return clarifai.Region{Data: concepts(clarifai.Concept{ID: "cat", Value: &value})}
	}
	app.AddInputs(&clarifai.Input{ID: "one"}, &clarifai.Input{ID: "several"})
	app.AddAnnotations(
		&clarifai.Annotation{ID: "regions", InputID: "one", Data: &clarifai.Data{Regions: []clarifai.Region{cat(0.25), cat(0.75), cat(0.5)}}},
		&clarifai.Annotation{ID: "low", InputID: "several", Data: concepts(clarifai.Concept{ID: "cat", Value: clarifai.Ptr(0.25)})},
		&clarifai.Annotation{ID: "high", InputID: "several", Data: concepts(clarifai.Concept{ID: "cat", Value: clarifai.Ptr(0.875)})},
		&clarifai.Annotation{ID: "lower", InputID: "several", Data: concepts(clarifai.Concept{ID: "cat", Value: clarifai.Ptr(0.5)})},
	)
	byID, order := scores(t, app, clarifai.NewSearch(clarifai.RankByConcept("cat", true)))
	if byID["one"] != 0.75 || byID["several"] != 0.875 || !reflect.DeepEqual(order, []string{"several", "one"}) {
		t.Errorf("got %v in the order %v", byID, order)
	}
	if annotations, _ := found(t, app, clarifai.NewSearch(clarifai.FilterByConcept("cat", true))); !reflect.DeepEqual(annotations, []string{"regions", "high", "lower"}) {
		t.Errorf("got %v, want those with a value of at least 0.5", annotations)
	}
}

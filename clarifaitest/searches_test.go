package clarifaitest_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
)

func day(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }

func concepts(list ...clarifai.Concept) *clarifai.Data { return &clarifai.Data{Concepts: list} }

// anyOf returns a filter by one or more of the concepts.
func anyOf(list ...clarifai.Concept) clarifai.SearchPart {
	return func(s *clarifai.Search) error {
		s.Query.Filters = append(s.Query.Filters, clarifai.Filter{Annotation: &clarifai.Annotation{Data: concepts(list...)}})
		return nil
	}
}

// zoo returns an app with something to find for every filter.
func zoo() *clarifaitest.App {
	at := func(lat, lon float64) *clarifai.Geo {
		return &clarifai.Geo{GeoPoint: &clarifai.GeoPoint{Latitude: lat, Longitude: lon}}
	}
	app := clarifaitest.NewApp()
	app.AddInputs(
		&clarifai.Input{ID: "berlin", DatasetIDs: []string{"train"}, Data: &clarifai.Data{
			Image: &clarifai.Image{URL: "https://example.com/berlin.jpg"}, Geo: at(52.52, 13.405),
			Metadata: map[string]any{"camera": "front", "size": map[string]any{"w": 3, "h": 4}},
		}},
		&clarifai.Input{ID: "paris", DatasetIDs: []string{"test", "train"}, Data: &clarifai.Data{
			Text: &clarifai.Text{Raw: "a cat in paris"}, Geo: at(48.8566, 2.3522), Metadata: map[string]any{"camera": "back", "n": 7},
		}},
		&clarifai.Input{ID: "video", Status: &clarifai.Status{Code: clarifai.StatusInputPending}, Data: &clarifai.Data{
			Video: &clarifai.Video{URL: "https://example.com/video.mp4"},
		}},
		&clarifai.Input{ID: "audio", Data: &clarifai.Data{
			Audio:    &clarifai.Audio{URL: "https://example.com/audio.mp3"},
			Concepts: []clarifai.Concept{{ID: "song", Name: "Song"}, {ID: "people", Value: clarifai.Ptr(0.0)}},
		}},
	)
	region := func(id string, info clarifai.RegionInfo) []clarifai.Region {
		return []clarifai.Region{{TrackID: id, RegionInfo: &info, Data: concepts(clarifai.Concept{ID: "face"})}}
	}
	app.AddAnnotations(
		&clarifai.Annotation{ID: "a1", InputID: "berlin", Data: concepts(clarifai.Concept{ID: "people", Name: "People"}), CreatedAt: clarifai.Ptr(day(1)),
			TaskID: "t1", UserID: "u1", Trusted: true, AnnotationInfo: map[string]any{"batch": "7", "round": 2}},
		&clarifai.Annotation{ID: "a2", InputID: "berlin", Data: concepts(clarifai.Concept{Name: "dog", Value: clarifai.Ptr(0.8)}), CreatedAt: clarifai.Ptr(day(2)),
			Worker: &clarifai.Worker{Model: &clarifai.Model{ModelVersion: &clarifai.ModelVersion{ID: "m1"}}}, AnnotationInfo: map[string]any{"batch": "7"}},
		&clarifai.Annotation{ID: "a3", InputID: "paris", InputLevel: true, Data: concepts(clarifai.Concept{ID: "people", Value: clarifai.Ptr(0.3)}), CreatedAt: clarifai.Ptr(day(3)),
			Worker: &clarifai.Worker{User: &clarifai.User{ID: "u2"}}, Status: &clarifai.Status{Code: clarifai.StatusAnnotationPending}},
		&clarifai.Annotation{ID: "a4", InputID: "video", CreatedAt: clarifai.Ptr(day(4)), Data: &clarifai.Data{
			Frames: []clarifai.Frame{{FrameInfo: &clarifai.FrameInfo{Index: 1}, Data: &clarifai.Data{Regions: region("track", clarifai.RegionInfo{BoundingBox: &clarifai.BoundingBox{}})}}},
		}, Worker: &clarifai.Worker{Workflow: &clarifai.Workflow{Version: &clarifai.WorkflowVersion{ID: "w1"}}}},
		&clarifai.Annotation{ID: "a5", InputID: "video", CreatedAt: clarifai.Ptr(day(5)), Data: &clarifai.Data{
			TimeSegments: []clarifai.TimeSegment{{TimeInfo: &clarifai.TimeInfo{}}}, Clusters: []clarifai.Cluster{{ID: "c1"}},
		}},
		&clarifai.Annotation{ID: "a6", InputID: "paris", CreatedAt: clarifai.Ptr(day(6)), Data: &clarifai.Data{
			Text: &clarifai.Text{Raw: "chat"}, Regions: region("", clarifai.RegionInfo{Span: &clarifai.Span{}}),
		}},
		&clarifai.Annotation{ID: "a7", InputID: "berlin", CreatedAt: clarifai.Ptr(day(7)), Data: &clarifai.Data{Regions: slices.Concat(
			region("", clarifai.RegionInfo{Mask: &clarifai.Mask{}}), region("", clarifai.RegionInfo{Point: &clarifai.Point{}}), region("", clarifai.RegionInfo{Polygon: &clarifai.Polygon{}}),
		)}},
		&clarifai.Annotation{ID: "a8", InputID: "elsewhere", CreatedAt: clarifai.Ptr(day(8)), Data: concepts(clarifai.Concept{ID: "people"})},
	)
	return app
}

// found returns the IDs of the annotations and of the inputs that a search finds.
func found(t *testing.T, app *clarifaitest.App, search clarifai.Search) (annotations, inputs []string) {
	t.Helper()
	page, err := app.Client().PostAnnotationsSearches(t.Context(), &clarifai.PostAnnotationsSearchesRequest{Searches: []clarifai.Search{search}})
	if err != nil {
		t.Fatal(err)
	}
	for _, hit := range page.Items {
		annotations = append(annotations, hit.Annotation.ID)
	}
	page, err = app.Client().PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{search}})
	if err != nil {
		t.Fatal(err)
	}
	for _, hit := range page.Items {
		inputs = append(inputs, hit.Input.ID)
	}
	return annotations, inputs
}

func TestEveryFilter(t *testing.T) {
	app := zoo()
	type parts []clarifai.SearchPart
	ids := func(ids ...string) []string { return ids }
	for _, test := range []struct {
		name                string
		parts               parts
		annotations, inputs []string
	}{
		{"all", nil, ids("audio-input-level", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"), ids("berlin", "paris", "video", "audio")},
		{"concept", parts{clarifai.FilterByConcept("people", true)}, ids("a1", "a8"), ids("berlin")},
		{"no concept", parts{clarifai.FilterByConcept("people", false)}, ids("audio-input-level", "a2", "a3", "a4", "a5", "a6", "a7"), ids("paris", "video", "audio")},
		{"any concept", parts{clarifai.FilterByAnyConcept("people", "dog", "song")}, ids("audio-input-level", "a1", "a2", "a8"), ids("berlin", "audio")},
		{"none of several concepts", parts{clarifai.Not(clarifai.FilterByAnyConcept("people", "dog", "face"))}, ids("audio-input-level", "a3", "a5"), ids("audio")},
		{"every one of several concepts", parts{clarifai.FilterByConcept("people", true), clarifai.FilterByConcept("dog", true)}, nil, ids("berlin")},
		{"a concept or the absence of one", parts{anyOf(clarifai.Concept{ID: "song"}, clarifai.Concept{ID: "face", Value: clarifai.Ptr(0.0)})}, ids("audio-input-level", "a1", "a2", "a3", "a5", "a8"), ids("audio")},
		{"any input type", parts{clarifai.FilterByAnyInputType(clarifai.InputTypeVideo, clarifai.InputTypeText)}, ids("a3", "a4", "a5", "a6"), ids("paris", "video")},
		{"none of several input types", parts{clarifai.Not(clarifai.FilterByAnyInputType(clarifai.InputTypeVideo, clarifai.InputTypeText))}, ids("audio-input-level", "a1", "a2", "a7", "a8"), ids("berlin", "audio")},
		{"concept name", parts{clarifai.FilterByConceptName("People", true)}, ids("a1"), ids("berlin")},
		{"concept name from ID", parts{clarifai.FilterByConceptName("people", true)}, ids("a8"), nil},
		{"concept ID from name", parts{clarifai.FilterByConcept("dog", true)}, ids("a2"), ids("berlin")},
		{"concept of an input", parts{clarifai.FilterByConceptName("Song", true)}, ids("audio-input-level"), ids("audio")},
		{"concept of a region", parts{clarifai.FilterByConcept("face", true)}, ids("a4", "a6", "a7"), ids("berlin", "paris", "video")},
		{"and", parts{clarifai.FilterByConcept("people", true), clarifai.FilterByInputID("berlin")}, ids("a1"), ids("berlin")},
		{"not", parts{clarifai.Not(clarifai.FilterByInputID("berlin")), clarifai.Not(clarifai.FilterByInputID("video"))}, ids("audio-input-level", "a3", "a6", "a8"), ids("paris", "audio")},
		{"metadata", parts{clarifai.FilterByMetadata(map[string]any{"camera": "front"})}, ids("a1", "a2", "a7"), ids("berlin")},
		{"metadata, any key", parts{clarifai.FilterByMetadata(map[string]any{"camera": "front", "n": 7})}, ids("a1", "a2", "a3", "a6", "a7"), ids("berlin", "paris")},
		{"metadata, inner key", parts{clarifai.FilterByMetadata(map[string]any{"size": map[string]any{"w": 3}})}, ids("a1", "a2", "a7"), ids("berlin")},
		{"geo", parts{clarifai.FilterByGeo(52.5, 13.4, 10)}, ids("a1", "a2", "a7"), ids("berlin")},
		{"geo far", parts{clarifai.FilterByGeo(52.52, 13.405, 879)}, ids("a1", "a2", "a3", "a6", "a7"), ids("berlin", "paris")},
		{"geo not so far", parts{clarifai.FilterByGeo(52.52, 13.405, 876)}, ids("a1", "a2", "a7"), ids("berlin")},
		{"geo box", parts{clarifai.FilterByGeoBox(50, 0, 45, 10)}, ids("a3", "a6"), ids("paris")},
		{"cluster", parts{clarifai.FilterByCluster("c1")}, ids("a5"), ids("video")},
		{"annotation ID", parts{clarifai.FilterByAnnotationID("a2")}, ids("a2"), ids("berlin")},
		{"input ID", parts{clarifai.FilterByInputID("video")}, ids("a4", "a5"), ids("video")},
		{"input without annotations", parts{clarifai.FilterByInputID("audio")}, ids("audio-input-level"), ids("audio")},
		{"nonexistent input", parts{clarifai.FilterByInputID("elsewhere")}, ids("a8"), nil},
		{"model version", parts{clarifai.FilterByModelVersionID("m1")}, ids("a2"), ids("berlin")},
		{"worker model version", parts{clarifai.FilterByWorkerModelVersionID("m1")}, ids("a2"), ids("berlin")},
		{"worker workflow version", parts{clarifai.FilterByWorkerWorkflowVersionID("w1")}, ids("a4"), ids("video")},
		{"task", parts{clarifai.FilterByTaskID("t1")}, ids("a1"), ids("berlin")},
		{"user", parts{clarifai.FilterByUserID("u2")}, ids("a3"), ids("paris")},
		{"worker user", parts{clarifai.FilterByWorkerUserID("u1")}, ids("a1"), ids("berlin")},
		{"info", parts{clarifai.FilterByAnnotationInfo(map[string]any{"batch": "7"})}, ids("a1", "a2"), ids("berlin")},
		{"info, every key", parts{clarifai.FilterByAnnotationInfo(map[string]any{"batch": "7", "round": 2})}, ids("a1"), ids("berlin")},
		{"input level", parts{clarifai.FilterByInputLevel()}, ids("audio-input-level", "a3"), ids("berlin", "paris", "video", "audio")},
		{"annotation status", parts{clarifai.FilterByAnnotationStatus(clarifai.StatusAnnotationPending)}, ids("a3"), ids("paris")},
		{"trusted", parts{clarifai.FilterByTrusted()}, ids("a1"), ids("berlin")},
		{"classification", parts{clarifai.FilterByClassification()}, ids("audio-input-level", "a1", "a2", "a3", "a8"), ids("berlin", "paris", "video", "audio")},
		{"frame", parts{clarifai.FilterByFrame()}, ids("a4"), ids("video")},
		{"time segment", parts{clarifai.FilterByTimeSegment()}, ids("a5"), ids("video")},
		{"bounding box", parts{clarifai.FilterByBoundingBox()}, ids("a4"), ids("video")},
		{"mask", parts{clarifai.FilterByMask()}, ids("a7"), ids("berlin")},
		{"point", parts{clarifai.FilterByPoint()}, ids("a7"), ids("berlin")},
		{"polygon", parts{clarifai.FilterByPolygon()}, ids("a7"), ids("berlin")},
		{"span", parts{clarifai.FilterBySpan()}, ids("a6"), ids("paris")},
		{"track", parts{clarifai.FilterByTrackID("track")}, ids("a4"), ids("video")},
		{"text annotation", parts{clarifai.FilterByTextAnnotation()}, ids("a6"), ids("paris")},
		{"image", parts{clarifai.FilterByImage()}, ids("a1", "a2", "a7"), ids("berlin")},
		{"text", parts{clarifai.FilterByText()}, ids("a3", "a6"), ids("paris")},
		{"video", parts{clarifai.FilterByVideo()}, ids("a4", "a5"), ids("video")},
		{"audio", parts{clarifai.FilterByAudio()}, ids("audio-input-level"), ids("audio")},
		{"dataset", parts{clarifai.FilterByDataset("test")}, ids("a3", "a6"), ids("paris")},
		{"datasets", parts{clarifai.FilterByDataset("none", "train")}, ids("a1", "a2", "a3", "a6", "a7"), ids("berlin", "paris")},
		{"not in dataset", parts{clarifai.Not(clarifai.FilterByDataset("train"))}, ids("audio-input-level", "a4", "a5", "a8"), ids("video", "audio")},
		{"input status", parts{clarifai.FilterByInputStatus(clarifai.StatusInputPending)}, ids("a4", "a5"), ids("video")},
		{"updated", parts{clarifai.FilterByLastUpdated(day(2), day(3))}, ids("a2", "a3"), ids("berlin", "paris")},
		{"updated until", parts{clarifai.FilterByLastUpdated(time.Time{}, day(1))}, ids("a1"), ids("berlin")},
	} {
		annotations, inputs := found(t, app, clarifai.NewSearch(test.parts...))
		if !reflect.DeepEqual(annotations, test.annotations) {
			t.Errorf("%s: got annotations %v, want %v", test.name, annotations, test.annotations)
		}
		if !reflect.DeepEqual(inputs, test.inputs) {
			t.Errorf("%s: got inputs %v, want %v", test.name, inputs, test.inputs)
		}
	}
}

// A filter by a kind of region finds only that kind.
func TestRegionFilters(t *testing.T) {
	app := clarifaitest.NewApp()
	for id, info := range map[string]clarifai.RegionInfo{
		"box": {BoundingBox: &clarifai.BoundingBox{}}, "mask": {Mask: &clarifai.Mask{}}, "point": {Point: &clarifai.Point{}},
		"polygon": {Polygon: &clarifai.Polygon{}}, "span": {Span: &clarifai.Span{}},
	} {
		app.AddAnnotations(&clarifai.Annotation{ID: id, InputID: id, Data: &clarifai.Data{Regions: []clarifai.Region{{RegionInfo: &info}}}})
	}
	app.AddAnnotations(&clarifai.Annotation{ID: "none", Data: &clarifai.Data{Regions: []clarifai.Region{{}}}})
	for id, part := range map[string]clarifai.SearchPart{
		"box": clarifai.FilterByBoundingBox(), "mask": clarifai.FilterByMask(), "point": clarifai.FilterByPoint(),
		"polygon": clarifai.FilterByPolygon(), "span": clarifai.FilterBySpan(),
	} {
		if got, _ := found(t, app, clarifai.NewSearch(part)); !reflect.DeepEqual(got, []string{id}) {
			t.Errorf("%s: got %v", id, got)
		}
	}
}

// Annotations of two inputs may have the same ID.
func TestAnnotationIDsAreUniquePerInput(t *testing.T) {
	app := clarifaitest.NewApp()
	add := func(inputID, concept string) {
		app.AddAnnotations(&clarifai.Annotation{ID: "a", InputID: inputID, Data: concepts(clarifai.Concept{ID: concept})})
	}
	check := func(want ...string) {
		t.Helper()
		page, err := app.Client().PostAnnotationsSearches(t.Context(), &clarifai.PostAnnotationsSearchesRequest{Searches: []clarifai.Search{clarifai.NewSearch()}})
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, hit := range page.Items {
			got = append(got, hit.Annotation.InputID+" "+hit.Annotation.Data.Concepts[0].ID)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	app.AddInputs(&clarifai.Input{ID: "one"}, &clarifai.Input{ID: "two"})
	add("one", "cat")
	add("two", "cat")
	check("one cat", "two cat")
	add("two", "dog")
	check("one cat", "two dog")
	if got, _ := found(t, app, clarifai.NewSearch(clarifai.FilterByConcept("cat", true))); !reflect.DeepEqual(got, []string{"a"}) {
		t.Errorf("got %v, want the annotation of the first input", got)
	}
	for input, concept := range map[string]string{"one": "cat", "two": "dog"} {
		if an, err := app.Client().GetAnnotation(t.Context(), input, "a"); err != nil || an.Data.Concepts[0].ID != concept {
			t.Errorf("of %s: got %+v (%v), want %s", input, an, err, concept)
		}
	}
	if err := app.Client().DeleteInput(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	check("two dog")
	if _, err := app.Client().GetAnnotation(t.Context(), "one", "a"); !errors.Is(err, clarifai.ErrNotFound) {
		t.Errorf("got %v for an annotation of a deleted input", err)
	}
	add("one", "bird")
	check("two dog", "one bird")
}

func TestGeoUnits(t *testing.T) {
	app := zoo() // with Berlin and Paris, 878 km apart
	for unit, kilometers := range map[string]float64{"withinKilometers": 1, "withinMiles": 1.609344, "withinDegrees": 111.19, "withinRadians": 6371} {
		for _, limit := range []float64{870, 885} {
			search := clarifai.NewSearch(clarifai.FilterByGeo(52.52, 13.405, limit/kilometers))
			search.Query.Filters[0].Annotation.Data.Geo.GeoLimit.Type = unit
			if _, inputs := found(t, app, search); slices.Contains(inputs, "paris") != (limit > 878) {
				t.Errorf("%s %g: got %v", unit, limit/kilometers, inputs)
			}
		}
	}
}

// Metadata of an input without labels is found once, whether the input has
// annotations or not.
func TestMetadataIsFoundOnce(t *testing.T) {
	app := clarifaitest.NewApp()
	app.AddInputs(
		&clarifai.Input{ID: "annotated", Data: &clarifai.Data{Metadata: map[string]any{"k": "v"}}},
		&clarifai.Input{ID: "bare", Data: &clarifai.Data{Metadata: map[string]any{"k": "v"}}},
	)
	app.AddAnnotations(&clarifai.Annotation{ID: "a", InputID: "annotated", Data: concepts(clarifai.Concept{ID: "people"})})
	annotations, _ := found(t, app, clarifai.NewSearch(clarifai.FilterByMetadata(map[string]any{"k": "v"})))
	if want := []string{"bare-input-level", "a"}; !reflect.DeepEqual(annotations, want) {
		t.Errorf("got %v, want %v", annotations, want)
	}
}

func TestHits(t *testing.T) {
	page, err := zoo().Client().App("u", "a").PostAnnotationsSearches(t.Context(), &clarifai.PostAnnotationsSearchesRequest{
		Searches: []clarifai.Search{clarifai.NewSearch(clarifai.FilterByConcept("people", true))},
	})
	if err != nil {
		t.Fatal(err)
	}
	hit := page.Items[0]
	if hit.Score != 1 || hit.Input.ID != "berlin" || hit.Input.Data.Image == nil || hit.Annotation.ID != "a1" || hit.UserID != "u" || hit.AppID != "a" {
		t.Errorf("got %+v", hit)
	}
	if hit := page.Items[1]; hit.Input == nil || hit.Input.ID != "elsewhere" {
		t.Errorf("got %+v, want the ID of the nonexistent input", hit)
	}
	if page.ID == "" || page.Query == nil || len(page.Searches) != 1 {
		t.Errorf("got %+v, want the search repeated", page)
	}
}

func TestSeveralSearchesFindEachHitOnce(t *testing.T) {
	page, err := zoo().Client().PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{
		clarifai.NewSearch(clarifai.FilterByInputID("paris")),
		clarifai.NewSearch(clarifai.FilterByDataset("train")),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Items) != 2 || page.Items[0].Input.ID != "paris" || page.Items[1].Input.ID != "berlin" {
		t.Errorf("got %d hits", len(page.Items))
	}
}

func TestOnlyCount(t *testing.T) {
	page, err := zoo().Client().PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{OnlyCount: true, Searches: []clarifai.Search{
		clarifai.NewSearch(), clarifai.NewSearch(clarifai.FilterByDataset("train")),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if want := []clarifai.HitCount{{EstimatedTotal: 4}, {EstimatedTotal: 2}}; len(page.Items) != 0 || !reflect.DeepEqual(page.HitCounts, want) {
		t.Errorf("got %d hits and %v, want %v", len(page.Items), page.HitCounts, want)
	}
}

func TestAsOf(t *testing.T) {
	search := clarifai.NewSearch(clarifai.FilterByConcept("people", true))
	search.AsOf = clarifai.Ptr(day(2))
	if annotations, inputs := found(t, zoo(), search); !reflect.DeepEqual(annotations, []string{"a1"}) || !reflect.DeepEqual(inputs, []string{"berlin"}) {
		t.Errorf("got %v and %v", annotations, inputs)
	}
	search = clarifai.NewSearch(clarifai.FilterByInputID("berlin"))
	for _, test := range []struct {
		asOf time.Time
		want []string
	}{
		{day(2).Add(-1), []string{"a1"}},
		{day(2), []string{"a1", "a2"}}, // the time itself is included
		{day(2).Add(1), []string{"a1", "a2"}},
	} {
		search.AsOf = &test.asOf
		if annotations, _ := found(t, zoo(), search); !reflect.DeepEqual(annotations, test.want) {
			t.Errorf("as of %v: got %v, want %v", test.asOf, annotations, test.want)
		}
	}
}

func TestResultWindow(t *testing.T) {
	app := people(300) // 100 of them of people
	app.SetResultWindow(60)
	client := app.Client()
	request := &clarifai.PostAnnotationsSearchesRequest{
		Searches:   []clarifai.Search{clarifai.NewSearch(clarifai.FilterByConcept("people", true))},
		PageParams: clarifai.PageParams{PerPage: 25},
	}
	hits := 0
	var err error
	for _, err = range client.PostAnnotationsSearchesAll(t.Context(), request) {
		if err == nil {
			hits++
		}
	}
	if hits != 60 || !errors.Is(err, clarifai.ErrResultWindow) {
		t.Errorf("got %d hits and %v, want 60 and the window", hits, err)
	}
	if page, err := client.ListInputs(t.Context(), nil); err != nil || len(page.Items) != 128 {
		t.Errorf("a list has no window, but got %v", err)
	}
}

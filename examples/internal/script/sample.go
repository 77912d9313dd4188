package script

import (
	"fmt"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
)

const (
	sampleInputs = 250
	samplePeople = 90 // number of inputs annotated "people"
)

// SampleApp returns a new sample app, whose content is always the same. Each common
// filter matches some inputs of the app. The inputs are images and videos, taken in and
// around Berlin by two cameras. Each input is in one of two datasets, train and test.
// Some inputs have an annotation with the concept "people". Some others have an
// annotation with the concept "car" and a bounding box. The app also has two models and
// a workflow.
func SampleApp() *clarifaitest.App {
	app := clarifaitest.NewApp()
	created := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	app.AddConcepts(&clarifai.Concept{ID: "people", Name: "people", CreatedAt: &created}, &clarifai.Concept{ID: "car", Name: "car", CreatedAt: &created})
	app.AddDatasets(&clarifai.Dataset{ID: "train", CreatedAt: &created}, &clarifai.Dataset{ID: "test", CreatedAt: &created})
	app.AddModels(&clarifai.Model{ID: "people-detector", Name: "People detector", CreatedAt: &created}, &clarifai.Model{ID: "car-detector", Name: "Car detector", CreatedAt: &created})
	app.AddModelVersions("people-detector", &clarifai.ModelVersion{ID: "1", CreatedAt: &created}, &clarifai.ModelVersion{ID: "2", CreatedAt: &created})
	app.AddWorkflows(&clarifai.Workflow{ID: "detect", CreatedAt: &created})
	for i := 1; i <= sampleInputs; i++ {
		id := fmt.Sprintf("input-%03d", i)
		added := time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC)
		data := &clarifai.Data{
			Metadata: map[string]any{"camera": []string{"front", "back"}[i%2], "shot": i},
			Geo:      &clarifai.Geo{GeoPoint: &clarifai.GeoPoint{Latitude: float64(52400+i) / 1000, Longitude: 13.4}},
		}
		if i%25 == 0 {
			data.Video = &clarifai.Video{URL: "https://example.com/" + id + ".mp4"}
		} else {
			data.Image = &clarifai.Image{URL: "https://example.com/" + id + ".jpg"}
		}
		app.AddInputs(&clarifai.Input{
			ID: id, Data: data, CreatedAt: &added,
			DatasetIDs: []string{[]string{"test", "train", "train"}[i%3]},
		})
		people := i*samplePeople/sampleInputs != (i-1)*samplePeople/sampleInputs
		switch car := (clarifai.Concept{ID: "car", Name: "car", Value: clarifai.Ptr(1.0)}); {
		case people:
			app.AddAnnotations(&clarifai.Annotation{
				ID: "people-" + id, InputID: id, CreatedAt: &added, UserID: "ada",
				Data: &clarifai.Data{Concepts: []clarifai.Concept{{ID: "people", Name: "people", Value: clarifai.Ptr(1.0)}}},
			})
		case i%5 == 0:
			box := &clarifai.BoundingBox{TopRow: 0.25, LeftCol: 0.25, BottomRow: 0.75, RightCol: 0.75}
			app.AddAnnotations(&clarifai.Annotation{
				ID: "car-" + id, InputID: id, CreatedAt: &added, UserID: "ben",
				Data: &clarifai.Data{Regions: []clarifai.Region{{
					RegionInfo: &clarifai.RegionInfo{BoundingBox: box}, Data: &clarifai.Data{Concepts: []clarifai.Concept{car}},
				}}},
			})
		}
	}
	return app
}

package clarifai

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

func filterPart(filter Filter, err error) SearchPart {
	return func(s *Search) error {
		s.query().Filters = append(s.query().Filters, filter)
		return err
	}
}

func filterByAnnotation(annotation Annotation, err error) SearchPart {
	return filterPart(Filter{Annotation: &annotation}, err)
}

func filterByData(data Data, err error) SearchPart {
	return filterByAnnotation(Annotation{Data: &data}, err)
}

func filterByInput(input Input, err error) SearchPart {
	return filterPart(Filter{Input: &input}, err)
}

func rankByAnnotation(annotation Annotation, err error) SearchPart {
	return func(s *Search) error {
		s.query().Ranks = append(s.query().Ranks, Rank{Annotation: &annotation})
		return err
	}
}

func rankByData(data Data, err error) SearchPart {
	return rankByAnnotation(Annotation{Data: &data}, err)
}

// The filters. What they are made of is what the API documents as supported in a
// filter; the JSON in their comments is what they add to query.filters.

// FilterByConcept finds what has the concept or, if present is false, what does not
// have it. The latter asks for the concept with the value 0, and may find only what is
// annotated with that value; [Not] with FilterByConcept(id, true) leaves out what has
// the concept, and finds everything else, annotated with it or not.
//
//	{"annotation":{"data":{"concepts":[{"id":"people","value":1}]}}}
func FilterByConcept(id string, present bool) SearchPart {
	return filterByData(conceptData(Concept{ID: id}, present), checkText("concept id", id))
}

// FilterByConceptName is FilterByConcept with the name of the concept.
//
//	{"annotation":{"data":{"concepts":[{"name":"people","value":1}]}}}
func FilterByConceptName(name string, present bool) SearchPart {
	return filterByData(conceptData(Concept{Name: name}, present), checkText("concept name", name))
}

// FilterByAnyConcept finds what has one or more of the concepts. Several filters, on
// the other hand, find what passes all of them.
//
//	{"annotation":{"data":{"concepts":[{"id":"cat","value":1},{"id":"dog","value":1}]}}}
func FilterByAnyConcept(ids ...string) SearchPart {
	var data Data
	for _, id := range ids {
		data.Concepts = append(data.Concepts, Concept{ID: id, Value: Ptr(1.0)})
	}
	return filterByData(data, checkSome("concept ids", ids))
}

// FilterByMetadata finds what has one or more of the keys with the same value in its
// metadata.
//
//	{"annotation":{"data":{"metadata":{"camera":"front"}}}}
func FilterByMetadata(metadata map[string]any) SearchPart {
	return filterByData(Data{Metadata: copyOf(metadata)}, checkObject("metadata", metadata))
}

// FilterByGeo finds what is within so many kilometers of a point in degrees.
//
//	{"annotation":{"data":{"geo":{"geo_point":{"longitude":13.4,"latitude":52.5},"geo_limit":{"type":"withinKilometers","value":10}}}}}
func FilterByGeo(lat, lon, km float64) SearchPart {
	geo := &Geo{GeoPoint: &GeoPoint{Latitude: lat, Longitude: lon}, GeoLimit: &GeoLimit{Type: WithinKilometers, Value: km}}
	return filterByData(Data{Geo: geo}, cmp.Or(checkPoint(lat, lon), checkRange("kilometers", km, 0, math.MaxFloat32)))
}

// FilterByGeoBox finds what is in the box between two opposite corners, in degrees.
//
//	{"annotation":{"data":{"geo":{"geo_box":[{"geo_point":{"longitude":13,"latitude":52}},{"geo_point":{"longitude":14,"latitude":53}}]}}}}
func FilterByGeoBox(lat1, lon1, lat2, lon2 float64) SearchPart {
	geo := &Geo{GeoBox: []GeoBoxedPoint{
		{GeoPoint: &GeoPoint{Latitude: lat1, Longitude: lon1}},
		{GeoPoint: &GeoPoint{Latitude: lat2, Longitude: lon2}},
	}}
	return filterByData(Data{Geo: geo}, cmp.Or(checkPoint(lat1, lon1), checkPoint(lat2, lon2)))
}

// FilterByCluster finds what belongs to the cluster.
//
//	{"annotation":{"data":{"clusters":[{"id":"c1"}]}}}
func FilterByCluster(id string) SearchPart {
	return filterByData(Data{Clusters: []Cluster{{ID: id}}}, checkText("cluster id", id))
}

// FilterByAnnotationID finds the annotation.
//
//	{"annotation":{"id":"a1"}}
func FilterByAnnotationID(id string) SearchPart {
	return filterByAnnotation(Annotation{ID: id}, checkText("annotation id", id))
}

// FilterByInputID finds what belongs to the input.
//
//	{"annotation":{"input_id":"i1"}}
func FilterByInputID(id string) SearchPart {
	return filterByAnnotation(Annotation{InputID: id}, checkText("input_id", id))
}

// FilterByModelVersionID finds what that version of a model annotated, by the
// field that FilterByWorkerModelVersionID supersedes.
//
//	{"annotation":{"model_version_id":"v1"}}
func FilterByModelVersionID(id string) SearchPart {
	return filterByAnnotation(Annotation{ModelVersionID: id}, checkText("model_version_id", id))
}

// FilterByTaskID finds what was annotated in the task.
//
//	{"annotation":{"task_id":"t1"}}
func FilterByTaskID(id string) SearchPart {
	return filterByAnnotation(Annotation{TaskID: id}, checkText("task_id", id))
}

// FilterByUserID finds what the user annotated, by the field that
// FilterByWorkerUserID supersedes.
//
//	{"annotation":{"user_id":"u1"}}
func FilterByUserID(id string) SearchPart {
	return filterByAnnotation(Annotation{UserID: id}, checkText("user_id", id))
}

// FilterByWorkerModelVersionID finds what that version of a model annotated.
//
//	{"annotation":{"worker":{"model":{"model_version":{"id":"v1"}}}}}
func FilterByWorkerModelVersionID(id string) SearchPart {
	worker := &Worker{Model: &Model{ModelVersion: &ModelVersion{ID: id}}}
	return filterByAnnotation(Annotation{Worker: worker}, checkText("worker.model.model_version.id", id))
}

// FilterByWorkerUserID finds what the user annotated.
//
//	{"annotation":{"worker":{"user":{"id":"u1"}}}}
func FilterByWorkerUserID(id string) SearchPart {
	return filterByAnnotation(Annotation{Worker: &Worker{User: &User{ID: id}}}, checkText("worker.user.id", id))
}

// FilterByWorkerWorkflowVersionID finds what that version of a workflow annotated.
//
//	{"annotation":{"worker":{"workflow":{"version":{"id":"v1"}}}}}
func FilterByWorkerWorkflowVersionID(id string) SearchPart {
	worker := &Worker{Workflow: &Workflow{Version: &WorkflowVersion{ID: id}}}
	return filterByAnnotation(Annotation{Worker: worker}, checkText("worker.workflow.version.id", id))
}

// FilterByAnnotationInfo finds annotations by what is in their info.
//
//	{"annotation":{"annotation_info":{"batch":"7"}}}
func FilterByAnnotationInfo(info map[string]any) SearchPart {
	return filterByAnnotation(Annotation{AnnotationInfo: copyOf(info)}, checkObject("annotation_info", info))
}

// FilterByInputLevel finds annotations of an input as a whole.
//
//	{"annotation":{"input_level":true}}
func FilterByInputLevel() SearchPart {
	return filterByAnnotation(Annotation{InputLevel: true}, nil)
}

// FilterByAnnotationStatus finds annotations in a state, such as
// StatusAnnotationSuccess.
//
//	{"annotation":{"status":{"code":24150}}}
func FilterByAnnotationStatus(code StatusCode) SearchPart {
	return filterByAnnotation(Annotation{Status: &Status{Code: code}}, checkStatusCode(code))
}

// FilterByTrusted finds trusted annotations. The API has deprecated the field.
//
//	{"annotation":{"trusted":true}}
func FilterByTrusted() SearchPart {
	return filterByAnnotation(Annotation{Trusted: true}, nil)
}

// FilterByClassification finds annotations of no particular place or time in an
// input.
//
//	{"annotation":{"data":{}}}
func FilterByClassification() SearchPart {
	return filterByData(Data{}, nil)
}

// FilterByFrame finds annotations of a frame of a video.
//
//	{"annotation":{"data":{"frames":[{"frame_info":{}}]}}}
func FilterByFrame() SearchPart {
	return filterByData(Data{Frames: []Frame{{FrameInfo: &FrameInfo{}}}}, nil)
}

// FilterByTimeSegment finds annotations of a stretch of time.
//
//	{"annotation":{"data":{"time_segments":[{"time_info":{}}]}}}
func FilterByTimeSegment() SearchPart {
	return filterByData(Data{TimeSegments: []TimeSegment{{TimeInfo: &TimeInfo{}}}}, nil)
}

// FilterByBoundingBox finds annotations of a rectangle.
//
//	{"annotation":{"data":{"regions":[{"region_info":{"bounding_box":{}}}]}}}
func FilterByBoundingBox() SearchPart {
	return filterByRegion(RegionInfo{BoundingBox: &BoundingBox{}})
}

// FilterByMask finds annotations of a mask.
//
//	{"annotation":{"data":{"regions":[{"region_info":{"mask":{}}}]}}}
func FilterByMask() SearchPart {
	return filterByRegion(RegionInfo{Mask: &Mask{}})
}

// FilterByPoint finds annotations of a point.
//
//	{"annotation":{"data":{"regions":[{"region_info":{"point":{}}}]}}}
func FilterByPoint() SearchPart {
	return filterByRegion(RegionInfo{Point: &Point{}})
}

// FilterByPolygon finds annotations of a polygon.
//
//	{"annotation":{"data":{"regions":[{"region_info":{"polygon":{}}}]}}}
func FilterByPolygon() SearchPart {
	return filterByRegion(RegionInfo{Polygon: &Polygon{}})
}

// FilterBySpan finds annotations of a stretch of text.
//
//	{"annotation":{"data":{"regions":[{"region_info":{"span":{}}}]}}}
func FilterBySpan() SearchPart {
	return filterByRegion(RegionInfo{Span: &Span{}})
}

func filterByRegion(info RegionInfo) SearchPart {
	return filterByData(Data{Regions: []Region{{RegionInfo: &info}}}, nil)
}

// FilterByTrackID finds annotations of the track.
//
//	{"annotation":{"data":{"regions":[{"track_id":"t1"}]}}}
func FilterByTrackID(id string) SearchPart {
	return filterByData(Data{Regions: []Region{{TrackID: id}}}, checkText("track_id", id))
}

// FilterByTextAnnotation finds annotations of text.
//
//	{"annotation":{"data":{"text":{}}}}
func FilterByTextAnnotation() SearchPart {
	return filterByData(Data{Text: &Text{}}, nil)
}

// FilterByAudio finds audio inputs.
//
//	{"input":{"data":{"audio":{}}}}
func FilterByAudio() SearchPart { return FilterByAnyInputType(InputTypeAudio) }

// FilterByImage finds image inputs.
//
//	{"input":{"data":{"image":{}}}}
func FilterByImage() SearchPart { return FilterByAnyInputType(InputTypeImage) }

// FilterByText finds text inputs.
//
//	{"input":{"data":{"text":{}}}}
func FilterByText() SearchPart { return FilterByAnyInputType(InputTypeText) }

// FilterByVideo finds video inputs.
//
//	{"input":{"data":{"video":{}}}}
func FilterByVideo() SearchPart { return FilterByAnyInputType(InputTypeVideo) }

// FilterByAnyInputType finds inputs of one or more types.
//
//	{"input":{"data":{"image":{},"video":{}}}}
func FilterByAnyInputType(types ...InputType) SearchPart {
	var data Data
	var err error
	if len(types) == 0 {
		err = &ArgumentError{Argument: "input types", Value: types, Reason: "must be 1 or more"}
	}
	for i, t := range types {
		switch t {
		case InputTypeAudio:
			data.Audio = &Audio{}
		case InputTypeImage:
			data.Image = &Image{}
		case InputTypeText:
			data.Text = &Text{}
		case InputTypeVideo:
			data.Video = &Video{}
		default:
			err = cmp.Or(err, error(&ArgumentError{Argument: fmt.Sprintf("input types[%d]", i), Value: string(t), Reason: "must be audio, image, text or video"}))
		}
	}
	return filterByInput(Input{Data: &data}, err)
}

// FilterByDataset finds inputs of one or more of the datasets.
//
//	{"input":{"dataset_ids":["d1","d2"]}}
func FilterByDataset(ids ...string) SearchPart {
	return filterByInput(Input{DatasetIDs: slices.Clone(ids)}, checkSome("dataset_ids", ids))
}

// FilterByInputStatus finds inputs in a state, such as StatusInputSuccess.
//
//	{"input":{"status":{"code":30000}}}
func FilterByInputStatus(code StatusCode) SearchPart {
	return filterByInput(Input{Status: &Status{Code: code}}, checkStatusCode(code))
}

// FilterByLastUpdated finds annotations that were changed from start to end, both
// included. A zero time leaves that side open, but not both. The API knows the
// years 1 to 9999.
//
//	{"last_updated_time_range":{"start_time":"2026-01-01T00:00:00Z","end_time":"2026-02-01T00:00:00Z"}}
func FilterByLastUpdated(start, end time.Time) SearchPart {
	var span TimeRange
	var err error
	// In UTC, as a zone can take the year out of bounds.
	start, end = start.UTC(), end.UTC()
	if !start.IsZero() {
		span.StartTime = &start
		err = checkYear("last_updated_time_range.start_time", start)
	}
	if !end.IsZero() {
		span.EndTime = &end
		err = cmp.Or(err, checkYear("last_updated_time_range.end_time", end))
	}
	switch {
	case start.IsZero() && end.IsZero():
		err = &ArgumentError{Argument: "last_updated_time_range", Reason: "must have a start or an end"}
	case err == nil && !end.IsZero() && end.Before(start):
		err = &ArgumentError{Argument: "last_updated_time_range.end_time", Value: end, Reason: fmt.Sprintf("must not be before the start, %v", start)}
	}
	return filterPart(Filter{LastUpdatedTimeRange: &span}, err)
}

// The ranks. What they are made of is what the API documents as supported in a
// rank; the JSON in their comments is what they add to query.ranks.

// RankByConcept puts first what a model finds the concept in or, if present is
// false, what it does not.
//
//	{"annotation":{"data":{"concepts":[{"id":"people","value":1}]}}}
func RankByConcept(id string, present bool) SearchPart {
	return rankByData(conceptData(Concept{ID: id}, present), checkText("concept id", id))
}

// RankByConceptName is RankByConcept with the name of the concept.
//
//	{"annotation":{"data":{"concepts":[{"name":"people","value":1}]}}}
func RankByConceptName(name string, present bool) SearchPart {
	return rankByData(conceptData(Concept{Name: name}, present), checkText("concept name", name))
}

// RankByEmbedding puts first what is near the vector, whose numbers must be
// finite.
//
//	{"annotation":{"data":{"embeddings":[{"vector":[0.1,0.2],"num_dimensions":2}]}}}
func RankByEmbedding(vector []float64) SearchPart {
	var err error
	if len(vector) == 0 {
		err = &ArgumentError{Argument: "vector", Value: vector, Reason: "must have 1 dimension or more"}
	}
	for i, x := range vector {
		err = cmp.Or(err, checkRange(fmt.Sprintf("vector[%d]", i), x, -math.MaxFloat32, math.MaxFloat32))
	}
	return rankByData(Data{Embeddings: []Embedding{{Vector: slices.Clone(vector), NumDimensions: uint32(len(vector))}}}, err)
}

// RankByImageURL puts first what looks like the image at a public URL.
//
//	{"annotation":{"data":{"image":{"url":"https://example.com/car.jpg"}}}}
func RankByImageURL(url string) SearchPart {
	return rankByData(Data{Image: &Image{URL: url}}, checkLine("image url", url))
}

// RankByImageBytes puts first what looks like the image in the bytes of a file.
//
//	{"annotation":{"data":{"image":{"base64":"/9j/4AAQ"}}}}
func RankByImageBytes(file []byte) SearchPart {
	var err error
	if len(file) == 0 {
		err = &ArgumentError{Argument: "image bytes", Value: file, Reason: "must not be empty"}
	}
	return rankByData(Data{Image: &Image{Base64: slices.Clone(file)}}, err)
}

// RankByText puts first what the text describes.
//
//	{"annotation":{"data":{"text":{"raw":"a red car"}}}}
func RankByText(text string) SearchPart {
	return rankByData(Data{Text: &Text{Raw: text}}, checkText("text", text))
}

// RankByInputID puts first what is like the input.
//
//	{"annotation":{"input_id":"i1"}}
func RankByInputID(id string) SearchPart {
	return rankByAnnotation(Annotation{InputID: id}, checkText("input_id", id))
}

// RankByModelVersionID ranks by the embeddings or concepts of that version of a
// model.
//
//	{"annotation":{"model_version_id":"v1"}}
func RankByModelVersionID(id string) SearchPart {
	return rankByAnnotation(Annotation{ModelVersionID: id}, checkText("model_version_id", id))
}

func conceptData(concept Concept, present bool) Data {
	concept.Value = Ptr(0.0)
	if present {
		concept.Value = Ptr(1.0)
	}
	return Data{Concepts: []Concept{concept}}
}

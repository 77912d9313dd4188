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

// Each of the following filters adds the JSON in its comment to query.filters. The
// filters use only fields that the API supports there.

// FilterByConcept matches results with the concept if present is true. Otherwise it
// matches results in which the value of the concept is 0. In that case the API may skip
// results that are not explicitly annotated with the value 0. To match all results that
// do not have the concept, annotated or not, use [Not] with FilterByConcept(id, true).
//
//	{"annotation":{"data":{"concepts":[{"id":"people","value":1}]}}}
func FilterByConcept(id string, present bool) SearchPart {
	return filterByData(conceptData(Concept{ID: id}, present), checkText("concept id", id))
}

// FilterByConceptName is like [FilterByConcept] but uses the name of the concept.
//
//	{"annotation":{"data":{"concepts":[{"name":"people","value":1}]}}}
func FilterByConceptName(name string, present bool) SearchPart {
	return filterByData(conceptData(Concept{Name: name}, present), checkText("concept name", name))
}

// FilterByAnyConcept matches results with at least one of the concepts. By
// contrast, a search with several filters matches only results that pass all of
// them.
//
//	{"annotation":{"data":{"concepts":[{"id":"cat","value":1},{"id":"dog","value":1}]}}}
func FilterByAnyConcept(ids ...string) SearchPart {
	var data Data
	for _, id := range ids {
		data.Concepts = append(data.Concepts, Concept{ID: id, Value: Ptr(1.0)})
	}
	return filterByData(data, checkSome("concept ids", ids))
}

// FilterByMetadata matches results whose metadata has the given value for at least one
// of the keys.
//
//	{"annotation":{"data":{"metadata":{"camera":"front"}}}}
func FilterByMetadata(metadata map[string]any) SearchPart {
	return filterByData(Data{Metadata: copyOf(metadata)}, checkObject("metadata", metadata))
}

// FilterByGeo matches results within km kilometers of a point. The latitude and
// longitude are in degrees.
//
//	{"annotation":{"data":{"geo":{"geo_point":{"longitude":13.4,"latitude":52.5},"geo_limit":{"type":"withinKilometers","value":10}}}}}
func FilterByGeo(lat, lon, km float64) SearchPart {
	geo := &Geo{GeoPoint: &GeoPoint{Latitude: lat, Longitude: lon}, GeoLimit: &GeoLimit{Type: WithinKilometers, Value: km}}
	return filterByData(Data{Geo: geo}, cmp.Or(checkPoint(lat, lon), checkRange("kilometers", km, 0, math.MaxFloat32)))
}

// FilterByGeoBox matches results within the box between two opposite corners, whose
// latitudes and longitudes are in degrees.
//
//	{"annotation":{"data":{"geo":{"geo_box":[{"geo_point":{"longitude":13,"latitude":52}},{"geo_point":{"longitude":14,"latitude":53}}]}}}}
func FilterByGeoBox(lat1, lon1, lat2, lon2 float64) SearchPart {
	geo := &Geo{GeoBox: []GeoBoxedPoint{
		{GeoPoint: &GeoPoint{Latitude: lat1, Longitude: lon1}},
		{GeoPoint: &GeoPoint{Latitude: lat2, Longitude: lon2}},
	}}
	return filterByData(Data{Geo: geo}, cmp.Or(checkPoint(lat1, lon1), checkPoint(lat2, lon2)))
}

// FilterByCluster matches results in the cluster.
//
//	{"annotation":{"data":{"clusters":[{"id":"c1"}]}}}
func FilterByCluster(id string) SearchPart {
	return filterByData(Data{Clusters: []Cluster{{ID: id}}}, checkText("cluster id", id))
}

// FilterByAnnotationID matches the annotation with the ID.
//
//	{"annotation":{"id":"a1"}}
func FilterByAnnotationID(id string) SearchPart {
	return filterByAnnotation(Annotation{ID: id}, checkText("annotation id", id))
}

// FilterByInputID matches the annotations of the input.
//
//	{"annotation":{"input_id":"i1"}}
func FilterByInputID(id string) SearchPart {
	return filterByAnnotation(Annotation{InputID: id}, checkText("input_id", id))
}

// FilterByModelVersionID matches annotations made by the model version. It uses a
// field that the API has deprecated; see [FilterByWorkerModelVersionID].
//
//	{"annotation":{"model_version_id":"v1"}}
func FilterByModelVersionID(id string) SearchPart {
	return filterByAnnotation(Annotation{ModelVersionID: id}, checkText("model_version_id", id))
}

// FilterByTaskID matches annotations made for the task.
//
//	{"annotation":{"task_id":"t1"}}
func FilterByTaskID(id string) SearchPart {
	return filterByAnnotation(Annotation{TaskID: id}, checkText("task_id", id))
}

// FilterByUserID matches annotations made by the user. It uses a field that the API
// has deprecated; see [FilterByWorkerUserID].
//
//	{"annotation":{"user_id":"u1"}}
func FilterByUserID(id string) SearchPart {
	return filterByAnnotation(Annotation{UserID: id}, checkText("user_id", id))
}

// FilterByWorkerModelVersionID matches annotations made by the model version.
//
//	{"annotation":{"worker":{"model":{"model_version":{"id":"v1"}}}}}
func FilterByWorkerModelVersionID(id string) SearchPart {
	worker := &Worker{Model: &Model{ModelVersion: &ModelVersion{ID: id}}}
	return filterByAnnotation(Annotation{Worker: worker}, checkText("worker.model.model_version.id", id))
}

// FilterByWorkerUserID matches annotations made by the user.
//
//	{"annotation":{"worker":{"user":{"id":"u1"}}}}
func FilterByWorkerUserID(id string) SearchPart {
	return filterByAnnotation(Annotation{Worker: &Worker{User: &User{ID: id}}}, checkText("worker.user.id", id))
}

// FilterByWorkerWorkflowVersionID matches annotations made by the workflow version.
//
//	{"annotation":{"worker":{"workflow":{"version":{"id":"v1"}}}}}
func FilterByWorkerWorkflowVersionID(id string) SearchPart {
	worker := &Worker{Workflow: &Workflow{Version: &WorkflowVersion{ID: id}}}
	return filterByAnnotation(Annotation{Worker: worker}, checkText("worker.workflow.version.id", id))
}

// FilterByAnnotationInfo matches annotations by the content of their
// AnnotationInfo.
//
//	{"annotation":{"annotation_info":{"batch":"7"}}}
func FilterByAnnotationInfo(info map[string]any) SearchPart {
	return filterByAnnotation(Annotation{AnnotationInfo: copyOf(info)}, checkObject("annotation_info", info))
}

// FilterByInputLevel matches annotations that describe an input as a whole.
//
//	{"annotation":{"input_level":true}}
func FilterByInputLevel() SearchPart {
	return filterByAnnotation(Annotation{InputLevel: true}, nil)
}

// FilterByAnnotationStatus matches annotations with the status code, such as
// StatusAnnotationSuccess.
//
//	{"annotation":{"status":{"code":24150}}}
func FilterByAnnotationStatus(code StatusCode) SearchPart {
	return filterByAnnotation(Annotation{Status: &Status{Code: code}}, checkStatusCode(code))
}

// FilterByTrusted matches trusted annotations. The API has deprecated the field.
//
//	{"annotation":{"trusted":true}}
func FilterByTrusted() SearchPart {
	return filterByAnnotation(Annotation{Trusted: true}, nil)
}

// FilterByClassification matches annotations that do not refer to a specific
// location or time in the input.
//
//	{"annotation":{"data":{}}}
func FilterByClassification() SearchPart {
	return filterByData(Data{}, nil)
}

// FilterByFrame matches annotations of video frames.
//
//	{"annotation":{"data":{"frames":[{"frame_info":{}}]}}}
func FilterByFrame() SearchPart {
	return filterByData(Data{Frames: []Frame{{FrameInfo: &FrameInfo{}}}}, nil)
}

// FilterByTimeSegment matches annotations of time segments.
//
//	{"annotation":{"data":{"time_segments":[{"time_info":{}}]}}}
func FilterByTimeSegment() SearchPart {
	return filterByData(Data{TimeSegments: []TimeSegment{{TimeInfo: &TimeInfo{}}}}, nil)
}

// FilterByBoundingBox matches annotations with bounding boxes.
//
//	{"annotation":{"data":{"regions":[{"region_info":{"bounding_box":{}}}]}}}
func FilterByBoundingBox() SearchPart {
	return filterByRegion(RegionInfo{BoundingBox: &BoundingBox{}})
}

// FilterByMask matches annotations with masks.
//
//	{"annotation":{"data":{"regions":[{"region_info":{"mask":{}}}]}}}
func FilterByMask() SearchPart {
	return filterByRegion(RegionInfo{Mask: &Mask{}})
}

// FilterByPoint matches annotations with points.
//
//	{"annotation":{"data":{"regions":[{"region_info":{"point":{}}}]}}}
func FilterByPoint() SearchPart {
	return filterByRegion(RegionInfo{Point: &Point{}})
}

// FilterByPolygon matches annotations with polygons.
//
//	{"annotation":{"data":{"regions":[{"region_info":{"polygon":{}}}]}}}
func FilterByPolygon() SearchPart {
	return filterByRegion(RegionInfo{Polygon: &Polygon{}})
}

// FilterBySpan matches annotations with text spans.
//
//	{"annotation":{"data":{"regions":[{"region_info":{"span":{}}}]}}}
func FilterBySpan() SearchPart {
	return filterByRegion(RegionInfo{Span: &Span{}})
}

func filterByRegion(info RegionInfo) SearchPart {
	return filterByData(Data{Regions: []Region{{RegionInfo: &info}}}, nil)
}

// FilterByTrackID matches annotations of the track.
//
//	{"annotation":{"data":{"regions":[{"track_id":"t1"}]}}}
func FilterByTrackID(id string) SearchPart {
	return filterByData(Data{Regions: []Region{{TrackID: id}}}, checkText("track_id", id))
}

// FilterByTextAnnotation matches text annotations.
//
//	{"annotation":{"data":{"text":{}}}}
func FilterByTextAnnotation() SearchPart {
	return filterByData(Data{Text: &Text{}}, nil)
}

// FilterByAudio matches audio inputs.
//
//	{"input":{"data":{"audio":{}}}}
func FilterByAudio() SearchPart { return FilterByAnyInputType(InputTypeAudio) }

// FilterByImage matches image inputs.
//
//	{"input":{"data":{"image":{}}}}
func FilterByImage() SearchPart { return FilterByAnyInputType(InputTypeImage) }

// FilterByText matches text inputs.
//
//	{"input":{"data":{"text":{}}}}
func FilterByText() SearchPart { return FilterByAnyInputType(InputTypeText) }

// FilterByVideo matches video inputs.
//
//	{"input":{"data":{"video":{}}}}
func FilterByVideo() SearchPart { return FilterByAnyInputType(InputTypeVideo) }

// FilterByAnyInputType matches inputs of any of the types.
//
//	{"input":{"data":{"image":{},"video":{}}}}
func FilterByAnyInputType(types ...InputType) SearchPart {
	var data Data
	var err error
	if len(types) == 0 {
		err = &ArgumentError{Argument: "input types", Value: types, Reason: "must not be empty"}
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

// FilterByDataset matches inputs in any of the datasets.
//
//	{"input":{"dataset_ids":["d1","d2"]}}
func FilterByDataset(ids ...string) SearchPart {
	return filterByInput(Input{DatasetIDs: slices.Clone(ids)}, checkSome("dataset_ids", ids))
}

// FilterByInputStatus matches inputs with the status code, such as
// StatusInputSuccess.
//
//	{"input":{"status":{"code":30000}}}
func FilterByInputStatus(code StatusCode) SearchPart {
	return filterByInput(Input{Status: &Status{Code: code}}, checkStatusCode(code))
}

// FilterByLastUpdated matches annotations last changed between start and end,
// inclusive. A zero start or end means no limit, but they must not both be zero.
// Years must be between 1 and 9999.
//
//	{"last_updated_time_range":{"start_time":"2026-01-01T00:00:00Z","end_time":"2026-02-01T00:00:00Z"}}
func FilterByLastUpdated(start, end time.Time) SearchPart {
	var span TimeRange
	var err error
	// Use UTC, since a time zone offset can make the year invalid.
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

// Each of the following ranks adds the JSON in its comment to query.ranks. The ranks use
// only fields that the API supports there.

// RankByConcept sorts results by the predicted probability of the concept, highest
// first, or lowest first if present is false.
//
//	{"annotation":{"data":{"concepts":[{"id":"people","value":1}]}}}
func RankByConcept(id string, present bool) SearchPart {
	return rankByData(conceptData(Concept{ID: id}, present), checkText("concept id", id))
}

// RankByConceptName is like [RankByConcept] but uses the name of the concept.
//
//	{"annotation":{"data":{"concepts":[{"name":"people","value":1}]}}}
func RankByConceptName(name string, present bool) SearchPart {
	return rankByData(conceptData(Concept{Name: name}, present), checkText("concept name", name))
}

// RankByEmbedding sorts results by their distance from the vector, nearest first.
// Each element must be finite and within the range of float32.
//
//	{"annotation":{"data":{"embeddings":[{"vector":[0.1,0.2],"num_dimensions":2}]}}}
func RankByEmbedding(vector []float64) SearchPart {
	var err error
	if len(vector) == 0 {
		err = &ArgumentError{Argument: "vector", Value: vector, Reason: "must not be empty"}
	}
	for i, x := range vector {
		err = cmp.Or(err, checkRange(fmt.Sprintf("vector[%d]", i), x, -math.MaxFloat32, math.MaxFloat32))
	}
	return rankByData(Data{Embeddings: []Embedding{{Vector: slices.Clone(vector), NumDimensions: uint32(len(vector))}}}, err)
}

// RankByImageURL sorts results by visual similarity to the image at a public URL.
//
//	{"annotation":{"data":{"image":{"url":"https://example.com/car.jpg"}}}}
func RankByImageURL(url string) SearchPart {
	return rankByData(Data{Image: &Image{URL: url}}, checkLine("image url", url))
}

// RankByImageBytes sorts results by visual similarity to an image, given as the content
// of an image file.
//
//	{"annotation":{"data":{"image":{"base64":"/9j/4AAQ"}}}}
func RankByImageBytes(file []byte) SearchPart {
	var err error
	if len(file) == 0 {
		err = &ArgumentError{Argument: "image bytes", Value: file, Reason: "must not be empty"}
	}
	return rankByData(Data{Image: &Image{Base64: slices.Clone(file)}}, err)
}

// RankByText sorts results by how well the text describes them.
//
//	{"annotation":{"data":{"text":{"raw":"a red car"}}}}
func RankByText(text string) SearchPart {
	return rankByData(Data{Text: &Text{Raw: text}}, checkText("text", text))
}

// RankByInputID sorts results by similarity to the input.
//
//	{"annotation":{"input_id":"i1"}}
func RankByInputID(id string) SearchPart {
	return rankByAnnotation(Annotation{InputID: id}, checkText("input_id", id))
}

// RankByModelVersionID ranks results by the embeddings or concepts of the model
// version.
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

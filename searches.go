package clarifai

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"net/http"
	"slices"
	"time"
)

const (
	appPath      = "/v2/users/{user_id}/apps/{app_id}"
	searchesPath = appPath + "/searches"
	searchPath   = searchesPath + "/{id}"
)

var (
	postAnnotationsSearches = Endpoint[Hit]{Method: http.MethodPost, Path: appPath + "/annotations/searches", Key: "hits"}
	postInputsSearches      = Endpoint[Hit]{Method: http.MethodPost, Path: inputsPath + "/searches", Key: "hits"}
	postSearchesByID        = Endpoint[Hit]{Method: http.MethodPost, Path: searchPath, Key: "hits"}
	listSearches            = Endpoint[Search]{Method: http.MethodGet, Path: searchesPath, Key: "searches"}
)

// SearchPage is a page of the hits of a search.
type SearchPage struct {
	Page[Hit]
	ID        string     // of this search
	HitCounts []HitCount // for each of the searches, with PostInputsSearchesRequest.OnlyCount
	Query     *Query     // of the request, as the API read it; nil where it is not repeated
	Searches  []Search   // of the request, as the API read them; empty where they are not repeated
}

// HitCount is how many hits a search has on all its pages.
type HitCount struct {
	EstimatedTotal uint64 `json:"estimated_total"`
}

// PostAnnotationsSearchesRequest searches annotations.
type PostAnnotationsSearchesRequest struct {
	Searches   []Search `json:"searches"` // one or more; see NewSearch
	PageParams `json:"pagination,omitzero"`
}

func (r *PostAnnotationsSearchesRequest) validate() error { return checkSearches(r.Searches) }
func (r *PostAnnotationsSearchesRequest) writes() bool    { return saves(r.Searches) }

// PostAnnotationsSearches searches the annotations of the app, and returns a
// page of hits; see [Endpoint.List] for its bounds and errors. A hit is an
// annotation with its input. Past the account's limit on pages the error is an
// [ErrResultWindow].
//
// https://docs.clarifai.com/api-guide/search/filter
func (c *Client) PostAnnotationsSearches(ctx context.Context, req *PostAnnotationsSearchesRequest) (*SearchPage, error) {
	if req == nil {
		req = &PostAnnotationsSearchesRequest{} // refused as one without a search
	}
	return c.searchPage(ctx, postAnnotationsSearches, req)
}

// PostAnnotationsSearchesAll iterates over the hits of a search of annotations,
// as [Endpoint.All] does. Past the account's limit on pages it ends with an
// [ErrResultWindow], after all hits before the limit.
func (c *Client) PostAnnotationsSearchesAll(ctx context.Context, req *PostAnnotationsSearchesRequest, opts ...IterOption) iter.Seq2[*Hit, error] {
	return postAnnotationsSearches.All(ctx, c, req, opts...)
}

// PostInputsSearchesRequest searches inputs.
type PostInputsSearchesRequest struct {
	Searches   []Search `json:"searches"` // one or more; see NewSearch
	PageParams `json:"pagination,omitzero"`
	OnlyCount  bool `json:"only_count,omitempty"` // no hits, but SearchPage.HitCounts
}

func (r *PostInputsSearchesRequest) validate() error { return checkSearches(r.Searches) }
func (r *PostInputsSearchesRequest) writes() bool    { return saves(r.Searches) }

// PostInputsSearches searches the inputs of the app, and returns a page of hits,
// or their number with OnlyCount. A hit is an input. Otherwise it is as
// [Client.PostAnnotationsSearches].
func (c *Client) PostInputsSearches(ctx context.Context, req *PostInputsSearchesRequest) (*SearchPage, error) {
	if req == nil {
		req = &PostInputsSearchesRequest{} // refused as one without a search
	}
	return c.searchPage(ctx, postInputsSearches, req)
}

// PostInputsSearchesAll iterates over the hits of a search of inputs, as
// [Client.PostAnnotationsSearchesAll] does. With OnlyCount there are none.
func (c *Client) PostInputsSearchesAll(ctx context.Context, req *PostInputsSearchesRequest, opts ...IterOption) iter.Seq2[*Hit, error] {
	return postInputsSearches.All(ctx, c, req, opts...)
}

// ListSearchesRequest selects saved searches.
type ListSearchesRequest struct {
	PageParams
}

// ListSearches returns a page of the saved searches of the app; see
// [Endpoint.List] for its bounds and errors. The request may be nil.
func (c *Client) ListSearches(ctx context.Context, req *ListSearchesRequest) (*Page[Search], error) {
	return listSearches.List(ctx, c, req)
}

// ListSearchesAll iterates over the saved searches of the app, as [Endpoint.All]
// does. The request may be nil.
func (c *Client) ListSearchesAll(ctx context.Context, req *ListSearchesRequest, opts ...IterOption) iter.Seq2[*Search, error] {
	return listSearches.All(ctx, c, req, opts...)
}

// GetSearch returns a saved search. The error for one that does not exist is an
// [ErrNotFound].
func (c *Client) GetSearch(ctx context.Context, searchID string) (*Search, error) {
	path, err := fillPath(searchPath, "id", searchID)
	if err != nil {
		return nil, err
	}
	return getOne[Search](ctx, c, path, "search")
}

// DeleteSearch deletes a saved search. Its errors are [*ArgumentError] and [*Error].
func (c *Client) DeleteSearch(ctx context.Context, searchID string) error {
	path, err := fillPath(searchPath, "id", searchID)
	if err != nil {
		return err
	}
	_, err = c.do(ctx, operation{method: http.MethodDelete, path: path})
	return err
}

// PostSearchesByIDRequest runs a saved search.
type PostSearchesByIDRequest struct {
	ID         string `json:"-"` // of the saved search
	PageParams `json:"pagination,omitzero"`
}

// PostSearchesByID runs a saved search, and returns a page of hits, as
// [Client.PostAnnotationsSearches] does.
func (c *Client) PostSearchesByID(ctx context.Context, req *PostSearchesByIDRequest) (*SearchPage, error) {
	if req == nil {
		req = &PostSearchesByIDRequest{} // refused as one without an ID
	}
	return c.searchPage(ctx, postSearchesByID.With("id", req.ID), req)
}

// PostSearchesByIDAll iterates over the hits of a saved search, as
// [Client.PostAnnotationsSearchesAll] does.
func (c *Client) PostSearchesByIDAll(ctx context.Context, req *PostSearchesByIDRequest, opts ...IterOption) iter.Seq2[*Hit, error] {
	if req == nil {
		req = &PostSearchesByIDRequest{}
	}
	return postSearchesByID.With("id", req.ID).All(ctx, c, req, opts...)
}

func (c *Client) searchPage(ctx context.Context, e Endpoint[Hit], req PageRequest) (*SearchPage, error) {
	var page SearchPage
	hits, err := e.list(ctx, c, req, map[string]any{
		"id": &page.ID, "hit_counts": &page.HitCounts, "query": &page.Query, "searches": &page.Searches,
	})
	if hits == nil {
		return nil, err
	}
	page.Page = *hits
	return &page, err
}

// saves reports whether a search is to be kept, which is a write.
func saves(searches []Search) bool {
	return slices.ContainsFunc(searches, func(s Search) bool { return s.Save })
}

func checkSearches(searches []Search) error {
	if len(searches) == 0 {
		return &ArgumentError{Argument: "searches", Value: searches, Reason: "must be 1 search or more; see NewSearch"}
	}
	for i, search := range searches {
		if search.err != nil {
			return search.err
		}
		if err := checkRange(fmt.Sprintf("searches[%d].min_value", i), search.MinValue, -math.MaxFloat32, math.MaxFloat32); err != nil {
			return err
		}
	}
	return nil
}

// Search is a query, and how it is to be carried out. [NewSearch] makes one.
type Search struct {
	Query         *Query      `json:"query,omitempty"`
	ID            string      `json:"id,omitempty"` // of the saved search, unique in the app
	ApplicationID string      `json:"application_id,omitempty"`
	Name          string      `json:"name,omitempty"`        // of the saved search, for people
	AsOf          *time.Time  `json:"as_of,omitempty"`       // search the annotations as they were then
	GitHash       string      `json:"git_hash,omitempty"`    // set by the API
	CreatedAt     *time.Time  `json:"created_at,omitempty"`  // set by the API
	ModifiedAt    *time.Time  `json:"modified_at,omitempty"` // set by the API
	Algorithm     string      `json:"algorithm,omitempty"`   // nearest_neighbor (the default), brute_force or avg_concept_brute_force
	Save          bool        `json:"save,omitempty"`        // keep this search under ID, and do not carry it out: a write, see RetryPolicy
	MinValue      float64     `json:"min_value,omitempty"`   // leave out hits with a lower score
	Visibility    *Visibility `json:"visibility,omitempty"`
	Metric        Metric      `json:"metric,omitempty"`

	err error // what is wrong with the parts, for the call to report
}

// Metric is how the distance of two embeddings is measured.
type Metric int32

// The metrics. The API takes the Euclidean distance when none is given; another
// one needs an Algorithm that is brute force.
const (
	MetricEuclideanDistance Metric = 1
	MetricCosineDistance    Metric = 2
)

// UnmarshalJSON reads a number or a name; an unknown name is read as 0.
func (m *Metric) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(m, b, map[string]Metric{
		"EUCLIDEAN_DISTANCE": MetricEuclideanDistance, "COSINE_DISTANCE": MetricCosineDistance,
	})
}

// Query selects and orders: what passes all filters, by the ranks.
type Query struct {
	Ands     []And    `json:"ands,omitempty"`     // of searches saved long ago; Filters and Ranks took their place
	Language string   `json:"language,omitempty"` // of the names of concepts, in place of the app's own
	Filters  []Filter `json:"filters,omitempty"`
	Ranks    []Rank   `json:"ranks,omitempty"`
}

// And is what queries were made of before filters and ranks.
type And struct {
	Input      *Input      `json:"input,omitempty"`
	Output     *Output     `json:"output,omitempty"`
	Negate     bool        `json:"negate,omitempty"`
	Annotation *Annotation `json:"annotation,omitempty"`
}

// Filter leaves out what does not match. Its Annotation, Input or time range is an
// example of what does.
type Filter struct {
	Negate               bool        `json:"negate,omitempty"` // leave out what matches instead
	Annotation           *Annotation `json:"annotation,omitempty"`
	Input                *Input      `json:"input,omitempty"`
	LastUpdatedTimeRange *TimeRange  `json:"last_updated_time_range,omitempty"`
}

// Rank orders by likeness to its Annotation.
type Rank struct {
	Negate     bool        `json:"negate,omitempty"` // the unlike first
	Annotation *Annotation `json:"annotation,omitempty"`
}

// TimeRange is a time from start to end, both included; either may be absent.
type TimeRange struct {
	StartTime *time.Time `json:"start_time,omitempty"`
	EndTime   *time.Time `json:"end_time,omitempty"`
}

// SearchPart adds something to a search: a filter or a rank. Its error is
// reported by the call that the search is passed to.
type SearchPart func(*Search) error

// NewSearch makes a search of parts. What passes all filters is found, ordered by
// the ranks. An invalid part, such as a latitude of 91, is refused by the call that
// the search is passed to, before anything is sent.
//
//	clarifai.NewSearch(
//		clarifai.FilterByConcept("people", true),
//		clarifai.Not(clarifai.FilterByDataset("train")),
//		clarifai.RankByText("a red car"),
//	)
func NewSearch(parts ...SearchPart) Search {
	search := Search{Query: &Query{}}
	for _, part := range parts {
		if err := part.apply(&search); err != nil && search.err == nil {
			search.err = err
		}
	}
	return search
}

func (s *Search) query() *Query {
	if s.Query == nil {
		s.Query = &Query{}
	}
	return s.Query
}

func (part SearchPart) apply(s *Search) error {
	if part == nil {
		return &ArgumentError{Argument: "SearchPart", Reason: "must not be nil"}
	}
	return part(s)
}

// Not negates a part: a filter leaves out what matches, a rank puts the unlike
// first. Whatever else a part of your own does is left undone.
//
//	Not(FilterByInputID("a")): {"negate":true,"annotation":{"input_id":"a"}}
func Not(part SearchPart) SearchPart {
	return func(s *Search) error {
		var added Search
		if err := part.apply(&added); err != nil {
			return err
		}
		for _, filter := range added.query().Filters {
			filter.Negate = !filter.Negate
			s.query().Filters = append(s.query().Filters, filter)
		}
		for _, rank := range added.query().Ranks {
			rank.Negate = !rank.Negate
			s.query().Ranks = append(s.query().Ranks, rank)
		}
		return nil
	}
}

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
// have it.
//
//	{"annotation":{"data":{"concepts":[{"id":"people","value":1}]}}}
func FilterByConcept(id string, present bool) SearchPart {
	return filterByData(conceptData(Concept{ID: id}, present), checkID("concept id", id))
}

// FilterByConceptName is FilterByConcept with the name of the concept.
//
//	{"annotation":{"data":{"concepts":[{"name":"people","value":1}]}}}
func FilterByConceptName(name string, present bool) SearchPart {
	return filterByData(conceptData(Concept{Name: name}, present), checkText("concept name", name))
}

// FilterByMetadata finds what has one of the keys with that value in its
// metadata: with several keys, any of them will do.
//
//	{"annotation":{"data":{"metadata":{"camera":"front"}}}}
func FilterByMetadata(metadata map[string]any) SearchPart {
	return filterByData(Data{Metadata: metadata}, checkObject("metadata", metadata))
}

// FilterByGeo finds what is within so many kilometers of a point in degrees.
//
//	{"annotation":{"data":{"geo":{"geo_point":{"longitude":13.4,"latitude":52.5},"geo_limit":{"type":"withinKilometers","value":10}}}}}
func FilterByGeo(lat, lon, km float64) SearchPart {
	geo := &Geo{GeoPoint: &GeoPoint{Latitude: lat, Longitude: lon}, GeoLimit: &GeoLimit{Type: "withinKilometers", Value: km}}
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
	return filterByData(Data{Clusters: []Cluster{{ID: id}}}, checkID("cluster id", id))
}

// FilterByAnnotationID finds the annotation.
//
//	{"annotation":{"id":"a1"}}
func FilterByAnnotationID(id string) SearchPart {
	return filterByAnnotation(Annotation{ID: id}, checkID("annotation id", id))
}

// FilterByInputID finds what belongs to the input.
//
//	{"annotation":{"input_id":"i1"}}
func FilterByInputID(id string) SearchPart {
	return filterByAnnotation(Annotation{InputID: id}, checkID("input_id", id))
}

// FilterByModelVersionID finds what that version of a model annotated, by the
// field that FilterByWorkerModelVersionID supersedes.
//
//	{"annotation":{"model_version_id":"v1"}}
func FilterByModelVersionID(id string) SearchPart {
	return filterByAnnotation(Annotation{ModelVersionID: id}, checkID("model_version_id", id))
}

// FilterByTaskID finds what was annotated in the task.
//
//	{"annotation":{"task_id":"t1"}}
func FilterByTaskID(id string) SearchPart {
	return filterByAnnotation(Annotation{TaskID: id}, checkID("task_id", id))
}

// FilterByUserID finds what the user annotated, by the field that
// FilterByWorkerUserID supersedes.
//
//	{"annotation":{"user_id":"u1"}}
func FilterByUserID(id string) SearchPart {
	return filterByAnnotation(Annotation{UserID: id}, checkID("user_id", id))
}

// FilterByWorkerModelVersionID finds what that version of a model annotated.
//
//	{"annotation":{"worker":{"model":{"model_version":{"id":"v1"}}}}}
func FilterByWorkerModelVersionID(id string) SearchPart {
	worker := &Worker{Model: &Model{ModelVersion: &ModelVersion{ID: id}}}
	return filterByAnnotation(Annotation{Worker: worker}, checkID("worker.model.model_version.id", id))
}

// FilterByWorkerUserID finds what the user annotated.
//
//	{"annotation":{"worker":{"user":{"id":"u1"}}}}
func FilterByWorkerUserID(id string) SearchPart {
	return filterByAnnotation(Annotation{Worker: &Worker{User: &User{ID: id}}}, checkID("worker.user.id", id))
}

// FilterByWorkerWorkflowVersionID finds what that version of a workflow annotated.
//
//	{"annotation":{"worker":{"workflow":{"version":{"id":"v1"}}}}}
func FilterByWorkerWorkflowVersionID(id string) SearchPart {
	worker := &Worker{Workflow: &Workflow{Version: &WorkflowVersion{ID: id}}}
	return filterByAnnotation(Annotation{Worker: worker}, checkID("worker.workflow.version.id", id))
}

// FilterByAnnotationInfo finds annotations by what is in their info.
//
//	{"annotation":{"annotation_info":{"batch":"7"}}}
func FilterByAnnotationInfo(info map[string]any) SearchPart {
	return filterByAnnotation(Annotation{AnnotationInfo: info}, checkObject("annotation_info", info))
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
	return filterByData(Data{Regions: []Region{{TrackID: id}}}, checkID("track_id", id))
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
func FilterByAudio() SearchPart { return filterByInput(Input{Data: &Data{Audio: &Audio{}}}, nil) }

// FilterByImage finds image inputs.
//
//	{"input":{"data":{"image":{}}}}
func FilterByImage() SearchPart { return filterByInput(Input{Data: &Data{Image: &Image{}}}, nil) }

// FilterByText finds text inputs.
//
//	{"input":{"data":{"text":{}}}}
func FilterByText() SearchPart { return filterByInput(Input{Data: &Data{Text: &Text{}}}, nil) }

// FilterByVideo finds video inputs.
//
//	{"input":{"data":{"video":{}}}}
func FilterByVideo() SearchPart { return filterByInput(Input{Data: &Data{Video: &Video{}}}, nil) }

// FilterByDataset finds inputs of any of the datasets, one or more.
//
//	{"input":{"dataset_ids":["d1","d2"]}}
func FilterByDataset(ids ...string) SearchPart {
	err := checkIDs("dataset_ids", ids)
	if len(ids) == 0 {
		err = &ArgumentError{Argument: "dataset_ids", Value: ids, Reason: "must be 1 ID or more"}
	}
	return filterByInput(Input{DatasetIDs: ids}, err)
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
	return rankByData(conceptData(Concept{ID: id}, present), checkID("concept id", id))
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
	return rankByData(Data{Embeddings: []Embedding{{Vector: vector, NumDimensions: uint32(len(vector))}}}, err)
}

// RankByImageURL puts first what looks like the image at a public URL.
//
//	{"annotation":{"data":{"image":{"url":"https://example.com/car.jpg"}}}}
func RankByImageURL(url string) SearchPart {
	return rankByData(Data{Image: &Image{URL: url}}, checkID("image url", url))
}

// RankByImageBytes puts first what looks like the image in the bytes of a file.
//
//	{"annotation":{"data":{"image":{"base64":"/9j/4AAQ"}}}}
func RankByImageBytes(file []byte) SearchPart {
	var err error
	if len(file) == 0 {
		err = &ArgumentError{Argument: "image bytes", Value: file, Reason: "must not be empty"}
	}
	return rankByData(Data{Image: &Image{Base64: file}}, err)
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
	return rankByAnnotation(Annotation{InputID: id}, checkID("input_id", id))
}

// RankByModelVersionID ranks by the embeddings or concepts of that version of a
// model.
//
//	{"annotation":{"model_version_id":"v1"}}
func RankByModelVersionID(id string) SearchPart {
	return rankByAnnotation(Annotation{ModelVersionID: id}, checkID("model_version_id", id))
}

func conceptData(concept Concept, present bool) Data {
	concept.Value = Ptr(0.0)
	if present {
		concept.Value = Ptr(1.0)
	}
	return Data{Concepts: []Concept{concept}}
}

func checkObject(argument string, object map[string]any) error {
	if len(object) == 0 {
		return &ArgumentError{Argument: argument, Value: object, Reason: "must have 1 key or more"}
	}
	return nil
}

func checkStatusCode(code StatusCode) error {
	if code <= 0 {
		return &ArgumentError{Argument: "status.code", Value: int(code), Reason: "must be more than 0"}
	}
	return nil
}

func checkPoint(lat, lon float64) error {
	return cmp.Or(checkRange("latitude", lat, -90, 90), checkRange("longitude", lon, -180, 180))
}

func checkYear(argument string, t time.Time) error {
	if t.Year() >= 1 && t.Year() <= 9999 {
		return nil
	}
	return &ArgumentError{Argument: argument, Value: t, Reason: "must be in the years 1 to 9999"}
}

func checkRange(argument string, x, low, high float64) error {
	if x >= low && x <= high { // false for NaN
		return nil
	}
	return &ArgumentError{Argument: argument, Value: x, Reason: fmt.Sprintf("must be %g to %g", low, high)}
}

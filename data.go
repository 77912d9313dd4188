package clarifai

import (
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The types in this file mirror the API's messages of the same names. Each
// field has the API's JSON name. A nil pointer, map or slice is absent, which is
// not the same as empty: an empty object has a meaning to this API. Every other
// field is omitted when it is zero, which the API reads as not set.
//
// What the API returned, marshaled, is what it returned but for fields that these
// types do not have; Endpoint[json.RawMessage] keeps those too. Numbers that are not
// finite, which the API may return in place of a float, are read and cannot be written.

// Input is a piece of data in an app: an image, a video, an audio clip or a
// text, with what is known about it.
type Input struct {
	ID         string         `json:"id,omitzero"` // unique in its app; made up by the API when empty
	Data       *Data          `json:"data,omitzero"`
	CreatedAt  *time.Time     `json:"created_at,omitzero"`  // set by the API
	ModifiedAt *time.Time     `json:"modified_at,omitzero"` // set by the API
	Status     *Status        `json:"status,omitzero"`      // of this input: a write may succeed for some inputs and fail for others
	DatasetIDs []string       `json:"dataset_ids,omitzero"` // used by PostInputs and in search filters; empty in what other calls return
	Settings   *InputSettings `json:"settings,omitzero"`
}

// InputType is a kind of input.
type InputType string

// The types of inputs.
const (
	InputTypeAudio InputType = "audio"
	InputTypeImage InputType = "image"
	InputTypeText  InputType = "text"
	InputTypeVideo InputType = "video"
)

// InputSettings holds the defaults for annotation tracks of a video input.
type InputSettings struct {
	Worker          *Worker   `json:"worker,omitzero"`            // the model that proposes annotations; a workflow is not supported
	SampleRateMs    uint32    `json:"sample_rate_ms,omitzero"`    // milliseconds between samples
	SampleRateFrame uint32    `json:"sample_rate_frame,omitzero"` // frames between samples
	PinnedConcepts  []Concept `json:"pinned_concepts,omitzero"`   // their IDs count
}

// InputCount is the number of an app's inputs by state: of processing, which every
// input goes through once, and of reindexing, which a change of the app can bring.
type InputCount struct {
	Processed     uint32 `json:"processed"`      // ready
	ToProcess     uint32 `json:"to_process"`     // waiting
	Errors        uint32 `json:"errors"`         // failed
	Processing    uint32 `json:"processing"`     // under way
	Reindexed     uint32 `json:"reindexed"`      // ready again
	ToReindex     uint32 `json:"to_reindex"`     // waiting
	ReindexErrors uint32 `json:"reindex_errors"` // failed
	Reindexing    uint32 `json:"reindexing"`     // under way
}

// Total returns the number of all inputs. An input is in one state at a time, so it is
// the sum of the counts.
func (c InputCount) Total() uint64 {
	var total uint64
	for _, n := range []uint32{c.Processed, c.ToProcess, c.Errors, c.Processing, c.Reindexed, c.ToReindex, c.ReindexErrors, c.Reindexing} {
		total += uint64(n)
	}
	return total
}

// Data is what an input holds, an annotation says or a model predicts. It nests:
// regions, frames, tracks, time segments and parts have data of their own.
type Data struct {
	Image        *Image         `json:"image,omitzero"`
	Video        *Video         `json:"video,omitzero"`
	Concepts     []Concept      `json:"concepts,omitzero"`
	Metadata     map[string]any `json:"metadata,omitzero"` // any JSON object; numbers are float64
	Geo          *Geo           `json:"geo,omitzero"`
	Colors       []Color        `json:"colors,omitzero"` // the dominant colors of an image
	Clusters     []Cluster      `json:"clusters,omitzero"`
	Embeddings   []Embedding    `json:"embeddings,omitzero"`
	Regions      []Region       `json:"regions,omitzero"`
	Frames       []Frame        `json:"frames,omitzero"`
	Text         *Text          `json:"text,omitzero"`
	Audio        *Audio         `json:"audio,omitzero"`
	Tracks       []Track        `json:"tracks,omitzero"`
	TimeSegments []TimeSegment  `json:"time_segments,omitzero"`
	Hits         []Hit          `json:"hits,omitzero"`
	Heatmaps     []Image        `json:"heatmaps,omitzero"`
	Parts        []Part         `json:"parts,omitzero"` // of multi-modal data
	NDArray      *NDArray       `json:"ndarray,omitzero"`
	IntValue     int64          `json:"int_value,omitzero"`
	FloatValue   float64        `json:"float_value,omitzero"`
	BytesValue   []byte         `json:"bytes_value,omitzero"`
	BoolValue    bool           `json:"bool_value,omitzero"`
	StringValue  string         `json:"string_value,omitzero"`
	StructValue  map[string]any `json:"struct_value,omitzero"` // any JSON object; numbers are float64
}

// conceptLists holds room for concepts while they are decoded.
var conceptLists = sync.Pool{New: func() any { return new([8]Concept) }}

// UnmarshalJSONFrom reads data for encoding/json/v2. A page has a thousand lists of
// concepts, each of which would grow and be copied several times, and then keep twice
// the memory that it needs.
func (d *Data) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	type fields Data // without the method
	if d.Concepts != nil {
		return json.UnmarshalDecode(dec, (*fields)(d))
	}
	room := conceptLists.Get().(*[8]Concept)
	d.Concepts = room[:0]
	err := json.UnmarshalDecode(dec, (*fields)(d))
	if len(d.Concepts) == 0 && cap(d.Concepts) == len(room) {
		d.Concepts = nil // there are none
	} else if cap(d.Concepts) == len(room) {
		d.Concepts = slices.Clone(d.Concepts)
	}
	clear(room[:])
	conceptLists.Put(room)
	return err
}

// Visibility says who may read a resource.
type Visibility struct {
	Gettable Gettable `json:"gettable,omitzero"`
}

// Gettable is the level of access that reading a resource needs.
type Gettable string

// The levels of access. To be public, a resource must also be in a public app of
// a public user.
const (
	GettablePrivate Gettable = "PRIVATE" // collaborators and teammates
	GettableOrg     Gettable = "ORG"     // the same organization
	GettablePublic  Gettable = "PUBLIC"  // everyone
)

var gettableNumbers = map[Gettable]int32{
	GettablePrivate: 10,
	GettableOrg:     30,
	GettablePublic:  50,
}

// UnmarshalJSON reads a number or a name.
func (g *Gettable) UnmarshalJSON(b []byte) error { return unmarshalEnum(g, b, gettableNumbers) }

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
func (g Gettable) MarshalJSON() ([]byte, error) { return marshalEnum(g, gettableNumbers) }

// EncodeValues is MarshalJSON for a query.
func (g Gettable) EncodeValues(key string, v *url.Values) error {
	v.Set(key, enumText(g, gettableNumbers))
	return nil
}

// BookmarkOrigin is the resource that a bookmark stands for.
type BookmarkOrigin struct {
	ID           string       `json:"id,omitzero"`
	AppID        string       `json:"app_id,omitzero"`
	UserID       string       `json:"user_id,omitzero"`
	ResourceType BookmarkType `json:"resource_type,omitzero"`
}

// BookmarkType is the kind of resource that a bookmark stands for.
type BookmarkType string

// The kinds of bookmarks.
const (
	BookmarkModel    BookmarkType = "model"
	BookmarkWorkflow BookmarkType = "workflow"
	BookmarkDataset  BookmarkType = "dataset"
	BookmarkModule   BookmarkType = "module"
)

var bookmarkTypeNumbers = map[BookmarkType]int32{
	BookmarkModel:    1,
	BookmarkWorkflow: 2,
	BookmarkDataset:  3,
	BookmarkModule:   4,
}

// UnmarshalJSON reads a number or a name.
func (t *BookmarkType) UnmarshalJSON(b []byte) error { return unmarshalEnum(t, b, bookmarkTypeNumbers) }

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
func (t BookmarkType) MarshalJSON() ([]byte, error) { return marshalEnum(t, bookmarkTypeNumbers) }

// Region is a part of an image or a text.
type Region struct {
	ID         string      `json:"id,omitzero"`
	RegionInfo *RegionInfo `json:"region_info,omitzero"` // where it is
	Data       *Data       `json:"data,omitzero"`        // what is there
	Value      float64     `json:"value,omitzero"`       // confidence, 0 to 1
	TrackID    string      `json:"track_id,omitzero"`    // ties regions of several frames together
}

// RegionInfo says where a region is: one of its fields is set.
type RegionInfo struct {
	BoundingBox       *BoundingBox `json:"bounding_box,omitzero"`
	Mask              *Mask        `json:"mask,omitzero"`
	Polygon           *Polygon     `json:"polygon,omitzero"`
	Point             *Point       `json:"point,omitzero"`
	Span              *Span        `json:"span,omitzero"`
	Token             *Token       `json:"token,omitzero"`
	KeypointLocations []Point      `json:"keypoint_locations,omitzero"` // in the order of the concept's keypoint names
}

// BoundingBox is a rectangle. Rows are fractions of the height, from 0 at the top to
// 1 at the bottom, and columns of the width, from 0 at the left to 1 at the right.
type BoundingBox struct {
	TopRow    float64 `json:"top_row,omitzero"`
	LeftCol   float64 `json:"left_col,omitzero"`
	BottomRow float64 `json:"bottom_row,omitzero"`
	RightCol  float64 `json:"right_col,omitzero"`
}

// Mask is a region given pixel by pixel.
type Mask struct {
	Image *Image `json:"image,omitzero"`
}

// Polygon is an area within connected points.
type Polygon struct {
	Points []Point `json:"points,omitzero"`
}

// Point is a place in an image.
type Point struct {
	Row        float64         `json:"row,omitzero"` // of the height: 0 at the top to 1 at the bottom
	Col        float64         `json:"col,omitzero"` // of the width: 0 at the left to 1 at the right
	Z          float64         `json:"z,omitzero"`   // depth
	Visibility PointVisibility `json:"visibility,omitzero"`
}

// PointVisibility says whether a point can be seen.
type PointVisibility string

// The visibilities of a point.
const (
	PointVisible    PointVisibility = "VISIBLE"
	PointNotVisible PointVisibility = "NOT_VISIBLE" // occluded
	PointNotPresent PointVisibility = "NOT_PRESENT" // outside the image
)

var pointVisibilityNumbers = map[PointVisibility]int32{
	PointVisible:    1,
	PointNotVisible: 2,
	PointNotPresent: 3,
}

// UnmarshalJSON reads a number or a name.
func (v *PointVisibility) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(v, b, pointVisibilityNumbers)
}

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
func (v PointVisibility) MarshalJSON() ([]byte, error) { return marshalEnum(v, pointVisibilityNumbers) }

// Span is a stretch of a text, in characters.
type Span struct {
	CharStart uint32 `json:"char_start,omitzero"`
	CharEnd   uint32 `json:"char_end,omitzero"`
	RawText   string `json:"raw_text,omitzero"`
}

// Token is a token of a text, in characters.
type Token struct {
	CharStart uint32 `json:"char_start,omitzero"`
	CharEnd   uint32 `json:"char_end,omitzero"`
	RawText   string `json:"raw_text,omitzero"`
}

// Geo is a place on earth, or in a filter an area: GeoLimit around GeoPoint, or
// the box between the two points of GeoBox.
type Geo struct {
	GeoPoint *GeoPoint       `json:"geo_point,omitzero"`
	GeoLimit *GeoLimit       `json:"geo_limit,omitzero"`
	GeoBox   []GeoBoxedPoint `json:"geo_box,omitzero"`
}

// GeoPoint is a place on earth, in degrees.
type GeoPoint struct {
	Longitude float64 `json:"longitude"` // -180 to 180
	Latitude  float64 `json:"latitude"`  // -90 to 90
}

// GeoLimit is a distance.
type GeoLimit struct {
	Type  string  `json:"type,omitzero"` // the unit: WithinKilometers, WithinMiles, WithinDegrees or WithinRadians
	Value float64 `json:"value"`
}

// The units of a GeoLimit.
const (
	WithinKilometers = "withinKilometers"
	WithinMiles      = "withinMiles"
	WithinDegrees    = "withinDegrees"
	WithinRadians    = "withinRadians"
)

// GeoBoxedPoint is a corner of a box.
type GeoBoxedPoint struct {
	GeoPoint *GeoPoint `json:"geo_point,omitzero"`
}

// Color is a color of an image.
type Color struct {
	RawHex string  `json:"raw_hex,omitzero"`
	W3C    *W3C    `json:"w3c,omitzero"`   // the nearest named color
	Value  float64 `json:"value,omitzero"` // its share of the image, 0 to 1
}

// W3C is a color with a name on the Web.
type W3C struct {
	Hex  string `json:"hex,omitzero"`
	Name string `json:"name,omitzero"`
}

// Cluster is a group of similar annotations.
type Cluster struct {
	ID         string    `json:"id,omitzero"`
	Count      uint32    `json:"count,omitzero"` // annotations in it
	Score      float64   `json:"score,omitzero"` // where clusters are listed, the share of inputs that are in it
	Hits       []Hit     `json:"hits,omitzero"`  // examples of it
	Projection []float64 `json:"projection,omitzero"`
}

// Embedding is a vector that stands for an input.
type Embedding struct {
	Vector        []float64 `json:"vector,omitzero"`
	NumDimensions uint32    `json:"num_dimensions,omitzero"`
}

// Hit is one result of a search.
type Hit struct {
	Score      float64     `json:"score"` // 0 (unlike the query) to 1 (like it), 0.5 when unrelated; 1 when the search only filters
	Input      *Input      `json:"input,omitzero"`
	Annotation *Annotation `json:"annotation,omitzero"` // the annotation of the input that matched
	UserID     string      `json:"user_id,omitzero"`
	AppID      string      `json:"app_id,omitzero"`
}

// Output is what a model made of an input.
type Output struct {
	ID        string     `json:"id,omitzero"`
	Status    *Status    `json:"status,omitzero"`
	CreatedAt *time.Time `json:"created_at,omitzero"`
	Model     *Model     `json:"model,omitzero"`
	Input     *Input     `json:"input,omitzero"`
	Data      *Data      `json:"data,omitzero"`

	PromptTokens     uint32 `json:"prompt_tokens,omitzero"`     // what a language model read
	CompletionTokens uint32 `json:"completion_tokens,omitzero"` // what it wrote
}

// Ptr returns a pointer to v, for fields that tell absent from zero:
//
//	clarifai.Concept{ID: "dog", Value: clarifai.Ptr(0.0)} // not a dog
func Ptr[T any](v T) *T { return &v }

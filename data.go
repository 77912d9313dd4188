package clarifai

import (
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The types in this file mirror the API's messages of the same names, and each
// field has the API's JSON name. A nil pointer, map or slice is omitted. An empty one
// is encoded, since an empty object has a meaning in this API. Most other fields are
// omitted if they are zero, since the API treats a zero value as not set.
//
// Decoding a response and encoding it again preserves all fields that these types
// have, except that zero values may be omitted. Endpoint[json.RawMessage] preserves
// the response exactly. A float that is NaN or infinite, which the API may return,
// can be decoded but not encoded.

// Input is a piece of data in an app: an image, a video, an audio clip or a text.
type Input struct {
	ID         string         `json:"id,omitzero"` // unique within the app; if empty, the API generates one
	Data       *Data          `json:"data,omitzero"`
	CreatedAt  *time.Time     `json:"created_at,omitempty"`  // set by the API
	ModifiedAt *time.Time     `json:"modified_at,omitempty"` // set by the API
	Status     *Status        `json:"status,omitzero"`       // status of the input; a write can succeed for some inputs and fail for others
	DatasetIDs []string       `json:"dataset_ids,omitzero"`  // used only by PostInputs and search filters
	Settings   *InputSettings `json:"settings,omitzero"`
}

// InputType is the type of an input.
type InputType string

// The types of inputs.
const (
	InputTypeAudio InputType = "audio"
	InputTypeImage InputType = "image"
	InputTypeText  InputType = "text"
	InputTypeVideo InputType = "video"
)

// InputSettings holds the default settings for annotation tracks of a video input.
type InputSettings struct {
	Worker          *Worker   `json:"worker,omitzero"`            // model that generates annotations; workflows are not supported
	SampleRateMs    uint32    `json:"sample_rate_ms,omitzero"`    // sampling interval in milliseconds
	SampleRateFrame uint32    `json:"sample_rate_frame,omitzero"` // sampling interval in frames
	PinnedConcepts  []Concept `json:"pinned_concepts,omitzero"`   // the API uses only their IDs
}

// InputCount holds the number of inputs of an app in each state. Every input is
// processed once when it is added. A change to the app can cause inputs to be
// reindexed.
type InputCount struct {
	Processed     uint32 `json:"processed"`      // processed successfully
	ToProcess     uint32 `json:"to_process"`     // waiting to be processed
	Errors        uint32 `json:"errors"`         // failed to be processed
	Processing    uint32 `json:"processing"`     // being processed
	Reindexed     uint32 `json:"reindexed"`      // reindexed successfully
	ToReindex     uint32 `json:"to_reindex"`     // waiting to be reindexed
	ReindexErrors uint32 `json:"reindex_errors"` // failed to be reindexed
	Reindexing    uint32 `json:"reindexing"`     // being reindexed
}

// Total returns the total number of inputs. It is the sum of all counts, since an
// input is in exactly one state.
func (c InputCount) Total() uint64 {
	var total uint64
	for _, n := range []uint32{c.Processed, c.ToProcess, c.Errors, c.Processing, c.Reindexed, c.ToReindex, c.ReindexErrors, c.Reindexing} {
		total += uint64(n)
	}
	return total
}

// Data is the content of an input, an annotation or a prediction. Regions, frames,
// tracks, time segments and parts contain nested Data.
type Data struct {
	Image        *Image         `json:"image,omitzero"`
	Video        *Video         `json:"video,omitzero"`
	Concepts     []Concept      `json:"concepts,omitzero"`
	Metadata     map[string]any `json:"metadata,omitzero"` // any JSON object; numbers are float64
	Geo          *Geo           `json:"geo,omitzero"`
	Colors       []Color        `json:"colors,omitzero"` // dominant colors of an image
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
	Parts        []Part         `json:"parts,omitzero"` // parts of multimodal data
	NDArray      *NDArray       `json:"ndarray,omitzero"`
	IntValue     int64          `json:"int_value,omitzero"`
	FloatValue   float64        `json:"float_value,omitzero"`
	BytesValue   []byte         `json:"bytes_value,omitzero"`
	BoolValue    bool           `json:"bool_value,omitzero"`
	StringValue  string         `json:"string_value,omitzero"`
	StructValue  map[string]any `json:"struct_value,omitzero"` // any JSON object; numbers are float64
}

// conceptLists is a pool of buffers for decoding concepts.
var conceptLists = sync.Pool{New: func() any { return new([8]Concept) }}

// UnmarshalJSONFrom implements the UnmarshalerFrom interface of encoding/json/v2.
// It decodes the concepts into a buffer first. A page can have a thousand slices of
// concepts. Without the buffer, each slice could be reallocated several times and end
// up with twice the necessary capacity.
func (d *Data) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	type fields Data // omits the method
	if d.Concepts != nil {
		return json.UnmarshalDecode(dec, (*fields)(d))
	}
	room := conceptLists.Get().(*[8]Concept)
	d.Concepts = room[:0]
	err := json.UnmarshalDecode(dec, (*fields)(d))
	if len(d.Concepts) == 0 && cap(d.Concepts) == len(room) {
		d.Concepts = nil // no concepts in the JSON
	} else if cap(d.Concepts) == len(room) {
		d.Concepts = slices.Clone(d.Concepts)
	}
	clear(room[:])
	conceptLists.Put(room)
	return err
}

// Visibility specifies who can read a resource.
type Visibility struct {
	Gettable Gettable `json:"gettable,omitzero"`
}

// Gettable is the access level required to read a resource.
type Gettable string

// The access levels. A resource is public only if its app and its user are public
// too.
const (
	GettablePrivate Gettable = "PRIVATE" // readable by collaborators and teammates
	GettableOrg     Gettable = "ORG"     // readable by members of the organization
	GettablePublic  Gettable = "PUBLIC"  // readable by everyone
)

var gettableNumbers = map[Gettable]int32{
	GettablePrivate: 10,
	GettableOrg:     30,
	GettablePublic:  50,
}

// UnmarshalJSON decodes a number or a name.
func (g *Gettable) UnmarshalJSON(b []byte) error { return unmarshalEnum(g, b, gettableNumbers) }

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (g Gettable) MarshalJSON() ([]byte, error) { return marshalEnum(g, gettableNumbers) }

// EncodeValues adds the value's number to a query, or its name if the number is unknown.
func (g Gettable) EncodeValues(key string, v *url.Values) error {
	v.Set(key, enumText(g, gettableNumbers))
	return nil
}

// BookmarkOrigin identifies the resource that a bookmark refers to.
type BookmarkOrigin struct {
	ID           string       `json:"id,omitzero"`
	AppID        string       `json:"app_id,omitzero"`
	UserID       string       `json:"user_id,omitzero"`
	ResourceType BookmarkType `json:"resource_type,omitzero"`
}

// BookmarkType is the type of resource that a bookmark refers to.
type BookmarkType string

// The types of bookmarks.
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

// UnmarshalJSON decodes a number or a name.
func (t *BookmarkType) UnmarshalJSON(b []byte) error { return unmarshalEnum(t, b, bookmarkTypeNumbers) }

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (t BookmarkType) MarshalJSON() ([]byte, error) { return marshalEnum(t, bookmarkTypeNumbers) }

// Region is a part of an image or a text.
type Region struct {
	ID         string      `json:"id,omitzero"`
	RegionInfo *RegionInfo `json:"region_info,omitzero"` // location of the region
	Data       *Data       `json:"data,omitzero"`        // data of the region, such as concepts
	Value      float64     `json:"value,omitzero"`       // confidence, from 0 to 1
	TrackID    string      `json:"track_id,omitzero"`    // ID shared by the regions of a track
}

// RegionInfo describes the location of a region. One of its fields is set.
type RegionInfo struct {
	BoundingBox       *BoundingBox `json:"bounding_box,omitzero"`
	Mask              *Mask        `json:"mask,omitzero"`
	Polygon           *Polygon     `json:"polygon,omitzero"`
	Point             *Point       `json:"point,omitzero"`
	Span              *Span        `json:"span,omitzero"`
	Token             *Token       `json:"token,omitzero"`
	KeypointLocations []Point      `json:"keypoint_locations,omitzero"` // in the same order as the concept's keypoint names
}

// BoundingBox is a rectangle in an image. Rows are fractions of the height, from 0
// (top) to 1 (bottom). Columns are fractions of the width, from 0 (left) to 1
// (right).
type BoundingBox struct {
	TopRow    float64 `json:"top_row,omitzero"`
	LeftCol   float64 `json:"left_col,omitzero"`
	BottomRow float64 `json:"bottom_row,omitzero"`
	RightCol  float64 `json:"right_col,omitzero"`
}

// Mask is a region specified by an image.
type Mask struct {
	Image *Image `json:"image,omitzero"`
}

// Polygon is an area bounded by line segments between consecutive points.
type Polygon struct {
	Points []Point `json:"points,omitzero"`
}

// Point is a position in an image.
type Point struct {
	Row        float64         `json:"row,omitzero"` // fraction of the height, from 0 (top) to 1 (bottom)
	Col        float64         `json:"col,omitzero"` // fraction of the width, from 0 (left) to 1 (right)
	Z          float64         `json:"z,omitzero"`   // depth
	Visibility PointVisibility `json:"visibility,omitzero"`
}

// PointVisibility specifies whether a point is visible.
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

// UnmarshalJSON decodes a number or a name.
func (v *PointVisibility) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(v, b, pointVisibilityNumbers)
}

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (v PointVisibility) MarshalJSON() ([]byte, error) { return marshalEnum(v, pointVisibilityNumbers) }

// Span is a range of characters in a text.
type Span struct {
	CharStart uint32 `json:"char_start,omitzero"`
	CharEnd   uint32 `json:"char_end,omitzero"`
	RawText   string `json:"raw_text,omitzero"`
}

// Token is a token in a text. Its position is given in characters.
type Token struct {
	CharStart uint32 `json:"char_start,omitzero"`
	CharEnd   uint32 `json:"char_end,omitzero"`
	RawText   string `json:"raw_text,omitzero"`
}

// Geo is a geographic location. In a filter it is an area: either the points within
// GeoLimit of GeoPoint, or the box with the two corners in GeoBox.
type Geo struct {
	GeoPoint *GeoPoint       `json:"geo_point,omitzero"`
	GeoLimit *GeoLimit       `json:"geo_limit,omitzero"`
	GeoBox   []GeoBoxedPoint `json:"geo_box,omitzero"`
}

// GeoPoint is a geographic location in degrees.
type GeoPoint struct {
	Longitude float64 `json:"longitude"` // from -180 to 180
	Latitude  float64 `json:"latitude"`  // from -90 to 90
}

// GeoLimit is a maximum distance.
type GeoLimit struct {
	Type  string  `json:"type,omitzero"` // unit of Value: WithinKilometers, WithinMiles, WithinDegrees or WithinRadians
	Value float64 `json:"value"`
}

// The units of a GeoLimit.
const (
	WithinKilometers = "withinKilometers"
	WithinMiles      = "withinMiles"
	WithinDegrees    = "withinDegrees"
	WithinRadians    = "withinRadians"
)

// GeoBoxedPoint is a corner of a geographic box.
type GeoBoxedPoint struct {
	GeoPoint *GeoPoint `json:"geo_point,omitzero"`
}

// Color is a color of an image.
type Color struct {
	RawHex string  `json:"raw_hex,omitzero"`
	W3C    *W3C    `json:"w3c,omitzero"`   // closest named color
	Value  float64 `json:"value,omitzero"` // fraction of the image, from 0 to 1
}

// W3C is a named web color.
type W3C struct {
	Hex  string `json:"hex,omitzero"`
	Name string `json:"name,omitzero"`
}

// Cluster is a group of similar annotations.
type Cluster struct {
	ID         string    `json:"id,omitzero"`
	Count      uint32    `json:"count,omitzero"` // number of annotations in the cluster
	Score      float64   `json:"score,omitzero"` // when clusters are listed, the share of the app's inputs that are in the cluster
	Hits       []Hit     `json:"hits,omitzero"`  // representative examples
	Projection []float64 `json:"projection,omitzero"`
}

// Embedding is a vector that represents an input.
type Embedding struct {
	Vector        []float64 `json:"vector,omitzero"`
	NumDimensions uint32    `json:"num_dimensions,omitzero"`
}

// Hit is one result of a search.
type Hit struct {
	Score      float64     `json:"score"` // similarity from 0 (dissimilar) to 1 (similar), 0.5 if unrelated; may be 1 for all hits if the search has no ranks
	Input      *Input      `json:"input,omitzero"`
	Annotation *Annotation `json:"annotation,omitzero"` // matching annotation of the input
	UserID     string      `json:"user_id,omitzero"`
	AppID      string      `json:"app_id,omitzero"`
}

// Output is the output of a model for an input.
type Output struct {
	ID        string     `json:"id,omitzero"`
	Status    *Status    `json:"status,omitzero"`
	CreatedAt *time.Time `json:"created_at,omitempty"`
	Model     *Model     `json:"model,omitzero"`
	Input     *Input     `json:"input,omitzero"`
	Data      *Data      `json:"data,omitzero"`

	PromptTokens     uint32 `json:"prompt_tokens,omitzero"`     // number of tokens in the prompt of a language model
	CompletionTokens uint32 `json:"completion_tokens,omitzero"` // number of tokens that the language model generated
}

// Ptr returns a pointer to v. It is useful for fields that distinguish between
// absent and zero values:
//
//	clarifai.Concept{ID: "dog", Value: clarifai.Ptr(0.0)} // not a dog
func Ptr[T any](v T) *T { return &v }

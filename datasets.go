package clarifai

import (
	"context"
	"iter"
	"net/url"
	"time"
)

const (
	datasetsPath = appPath + "/datasets"
	datasetPath  = datasetsPath + "/{dataset_id}"
)

var (
	listDatasets        = Endpoint[Dataset]{Operation: "ListDatasets"}
	listDatasetInputs   = Endpoint[DatasetInput]{Operation: "ListDatasetInputs"}
	listDatasetVersions = Endpoint[DatasetVersion]{Operation: "ListDatasetVersions"}
)

// ListDatasetsRequest selects and sorts datasets. The zero value selects all
// datasets except bookmarks.
type ListDatasetsRequest struct {
	PageParams
	AdditionalFields []string `url:"additional_fields,omitempty"` // additional fields to return
	SortBy           SortBy   `url:"sort_by,omitempty"`           // SortByCreatedAt, SortByStarCount, SortByModifiedAt (the default), SortByID or SortByRelevance
	SortAscending    bool     `url:"sort_ascending,omitempty"`    // sort in ascending order; the default is descending
	StarredOnly      bool     `url:"starred_only,omitempty"`      // only datasets that the owner of the token has starred
	Bookmark         bool     `url:"bookmark,omitempty"`          // only bookmarks, which refer to datasets of other apps
	Search           string   `url:"search,omitempty"`            // keywords to search for in ID, description or notes; prefixes match
}

func (r *ListDatasetsRequest) validate() error {
	return r.SortBy.check(r.Search, SortByCreatedAt, SortByStarCount, SortByModifiedAt, SortByID, SortByRelevance)
}

// ListDatasets returns a page of the datasets of the app. See [Endpoint.List] for
// limits and errors. The request may be nil.
func (c *Client) ListDatasets(ctx context.Context, req *ListDatasetsRequest) (*Page[Dataset], error) {
	return listDatasets.List(ctx, c, req)
}

// ListDatasetsAll returns an iterator over the datasets of the app; see
// [Endpoint.All]. The request may be nil.
func (c *Client) ListDatasetsAll(ctx context.Context, req *ListDatasetsRequest, opts ...IterOption) iter.Seq2[*Dataset, error] {
	return listDatasets.All(ctx, c, req, opts...)
}

// ListDatasetInputsRequest selects the inputs of a dataset.
type ListDatasetInputsRequest struct {
	DatasetID string `url:"-"` // required
	PageParams
}

// ListDatasetInputs returns a page of the inputs of a dataset. See [Endpoint.List]
// for limits and errors.
func (c *Client) ListDatasetInputs(ctx context.Context, req *ListDatasetInputsRequest) (*Page[DatasetInput], error) {
	if req == nil {
		req = &ListDatasetInputsRequest{} // the call below rejects the empty DatasetID
	}
	return listDatasetInputs.With("dataset_id", req.DatasetID).List(ctx, c, req)
}

// ListDatasetInputsAll returns an iterator over the inputs of a dataset; see
// [Endpoint.All].
func (c *Client) ListDatasetInputsAll(ctx context.Context, req *ListDatasetInputsRequest, opts ...IterOption) iter.Seq2[*DatasetInput, error] {
	return items(Pages(ctx, c.ListDatasetInputs, req, opts...))
}

// ListDatasetVersionsRequest selects the versions of a dataset.
type ListDatasetVersionsRequest struct {
	DatasetID string `url:"-"` // required
	PageParams
	RequestOrigins requestOrigins `url:"request_origins,omitempty"` // only versions with any of these origins
}

// ListDatasetVersions returns a page of the versions of a dataset. See
// [Endpoint.List] for limits and errors.
func (c *Client) ListDatasetVersions(ctx context.Context, req *ListDatasetVersionsRequest) (*Page[DatasetVersion], error) {
	if req == nil {
		req = &ListDatasetVersionsRequest{} // the call below rejects the empty DatasetID
	}
	return listDatasetVersions.With("dataset_id", req.DatasetID).List(ctx, c, req)
}

// ListDatasetVersionsAll returns an iterator over the versions of a dataset; see
// [Endpoint.All].
func (c *Client) ListDatasetVersionsAll(ctx context.Context, req *ListDatasetVersionsRequest, opts ...IterOption) iter.Seq2[*DatasetVersion, error] {
	return items(Pages(ctx, c.ListDatasetVersions, req, opts...))
}

// GetDatasetRequest selects the fields to return.
type GetDatasetRequest struct {
	AdditionalFields []string `url:"additional_fields,omitempty"` // additional fields to return
}

// GetDataset returns a dataset. If it does not exist, the error matches
// [ErrNotFound]. The request may be nil.
func (c *Client) GetDataset(ctx context.Context, datasetID string, req *GetDatasetRequest) (*Dataset, error) {
	path, err := fillPath(datasetPath, "dataset_id", datasetID)
	if err != nil {
		return nil, err
	}
	return getOne[Dataset](ctx, c, path, "dataset", req)
}

// Dataset is a collection of inputs.
type Dataset struct {
	ID                      string                        `json:"id,omitzero"`                        // unique within the app
	CreatedAt               *time.Time                    `json:"created_at,omitempty"`               // set by the API
	ModifiedAt              *time.Time                    `json:"modified_at,omitempty"`              // set by the API
	AppID                   string                        `json:"app_id,omitzero"`                    // ID of the app that it belongs to
	UserID                  string                        `json:"user_id,omitzero"`                   // ID of the owner
	Description             string                        `json:"description,omitzero"`               // short description
	Metadata                map[string]any                `json:"metadata,omitzero"`                  // any JSON object; numbers are float64
	Visibility              *Visibility                   `json:"visibility,omitzero"`                // who can read it
	DefaultAnnotationFilter *AnnotationFilter             `json:"default_annotation_filter,omitzero"` // default for new versions
	DefaultProcessingInfo   *DatasetVersionProcessingInfo `json:"default_processing_info,omitzero"`   // default for new versions
	Notes                   string                        `json:"notes,omitzero"`                     // detailed notes, at most 64 KB
	Version                 *DatasetVersion               `json:"version,omitzero"`                   // latest version, or the requested version
	IsStarred               bool                          `json:"is_starred,omitzero"`                // whether the owner of the token has starred it; set by the API
	StarCount               int32                         `json:"star_count,omitzero"`                // number of users who starred the dataset; set by the API
	BookmarkOrigin          *BookmarkOrigin               `json:"bookmark_origin,omitzero"`           // original resource if this is a bookmark; set by the API
	Image                   *Image                        `json:"image,omitzero"`                     // picture of the dataset
}

// DatasetInput is an input in a dataset.
type DatasetInput struct {
	CreatedAt *time.Time `json:"created_at,omitempty"` // when the input was added to the dataset; set by the API
	Input     *Input     `json:"input,omitzero"`
}

// DatasetVersion is a snapshot of the inputs and annotations of a dataset.
type DatasetVersion struct {
	ID         string     `json:"id,omitzero"`           // unique within the dataset
	CreatedAt  *time.Time `json:"created_at,omitempty"`  // set by the API
	ModifiedAt *time.Time `json:"modified_at,omitempty"` // set by the API
	AppID      string     `json:"app_id,omitzero"`       // ID of the app that it belongs to
	UserID     string     `json:"user_id,omitzero"`      // ID of the owner
	DatasetID  string     `json:"dataset_id,omitzero"`   // ID of the dataset

	// AnnotationFilterConfig or ModelPredictConfig specifies the source of the
	// annotations. Exactly one of them is set.
	AnnotationFilterConfig *AnnotationFilterConfig `json:"annotation_filter_config,omitzero"`
	ModelPredictConfig     *ModelPredictConfig     `json:"model_predict_config,omitzero"`

	Status               *Status                          `json:"status,omitzero"`                  // progress of creating the version; set by the API
	Description          string                           `json:"description,omitzero"`             // short description
	ProcessingInfo       *DatasetVersionProcessingInfo    `json:"processing_info,omitzero"`         // if nil when the version is created, the dataset's DefaultProcessingInfo is copied
	Metrics              map[string]DatasetVersionMetrics `json:"metrics,omitzero"`                 // set by the API
	ExportInfo           *DatasetVersionExportInfo        `json:"export_info,omitzero"`             // exports of the version
	Metadata             map[string]any                   `json:"metadata,omitzero"`                // any JSON object; numbers are float64
	Visibility           *Visibility                      `json:"visibility,omitzero"`              // who can read it
	EmbedModelVersionIDs []string                         `json:"embed_model_version_ids,omitzero"` // embedding model versions whose embeddings are included; if empty, no embeddings are included
	RequestOrigin        DatasetVersionRequestOrigin      `json:"request_origin,omitzero"`          // why the version was created; set by the API
}

// AnnotationFilterConfig selects the annotations of a dataset version.
type AnnotationFilterConfig struct {
	AnnotationFilter  *AnnotationFilter `json:"annotation_filter,omitzero"`
	IgnoreEmptyInputs bool              `json:"ignore_empty_inputs,omitzero"` // exclude inputs that have no annotations after filtering
}

// AnnotationFilter is a saved search that selects annotations.
type AnnotationFilter struct {
	ID         string     `json:"id,omitzero"`           // unique within the app
	CreatedAt  *time.Time `json:"created_at,omitempty"`  // set by the API
	ModifiedAt *time.Time `json:"modified_at,omitempty"` // set by the API
	UserID     string     `json:"user_id,omitzero"`
	AppID      string     `json:"app_id,omitzero"`
	Search     *Search    `json:"search,omitzero"`
}

// ModelPredictConfig selects the model whose predictions become the annotations of
// a dataset version.
type ModelPredictConfig struct {
	Model *Model `json:"model,omitzero"` // a model of the dataset's app, unless its UserID and AppID are set
}

// DatasetVersionProcessingInfo specifies how annotations are processed when a
// dataset version is created.
type DatasetVersionProcessingInfo struct {
	FrameInterpolationInfo *FrameInterpolationInfo `json:"frame_interpolation_info,omitzero"` // if nil, frames are not interpolated
}

// FrameInterpolationInfo specifies how annotations are interpolated between the
// annotated frames of a video.
type FrameInterpolationInfo struct {
	SampleMs uint32 `json:"sample_ms,omitzero"` // milliseconds between frames; if 0, the dataset's value is used; if both are 0, the input's value is used
}

// DatasetVersionMetrics counts the contents of a dataset version. A count is nil if
// it was not computed.
type DatasetVersionMetrics struct {
	InputsCount             *uint64 `json:"inputs_count,omitzero"`
	UnlabeledInputsCount    *uint64 `json:"unlabeled_inputs_count,omitzero"` // inputs without positive concepts
	InputsWithMetadataCount *uint64 `json:"inputs_with_metadata_count,omitzero"`
	InputsWithGeoCount      *uint64 `json:"inputs_with_geo_count,omitzero"`

	RegionsCount         *uint64       `json:"regions_count,omitzero"`
	RegionLocationMatrix *MatrixUint64 `json:"region_location_matrix,omitzero"` // number of regions in each cell of a grid over the image, starting at the top left
	BoundingBoxesCount   *uint64       `json:"bounding_boxes_count,omitzero"`
	PolygonsCount        *uint64       `json:"polygons_count,omitzero"`
	PointsCount          *uint64       `json:"points_count,omitzero"`
	MasksCount           *uint64       `json:"masks_count,omitzero"`

	RegionInputsCount *uint64 `json:"region_inputs_count,omitzero"` // inputs with regions, not counting regions of frames
	RegionFramesCount *uint64 `json:"region_frames_count,omitzero"` // frames with regions
	FramesCount       *uint64 `json:"frames_count,omitzero"`
	FrameInputsCount  *uint64 `json:"frame_inputs_count,omitzero"` // inputs with frames
	EmbeddingsCount   *uint64 `json:"embeddings_count,omitzero"`

	// The numbers of positive concepts for inputs, regions and frames.
	PositiveInputTagsCount  *uint64 `json:"positive_input_tags_count,omitzero"`
	PositiveRegionTagsCount *uint64 `json:"positive_region_tags_count,omitzero"`
	PositiveFrameTagsCount  *uint64 `json:"positive_frame_tags_count,omitzero"`
}

// MatrixUint64 is a matrix of numbers. The element in row i and column j is
// Data[i*NCols+j].
type MatrixUint64 struct {
	NCols uint64   `json:"n_cols,omitzero"` // number of columns
	Data  []uint64 `json:"data,omitzero"`   // elements in row-major order
}

// DatasetVersionExportInfo holds the exports of a dataset version, by format.
type DatasetVersionExportInfo struct {
	ClarifaiDataProtobuf *DatasetVersionExport `json:"clarifai_data_protobuf,omitzero"`
	ClarifaiDataJSON     *DatasetVersionExport `json:"clarifai_data_json,omitzero"`
	COCO                 *DatasetVersionExport `json:"coco,omitzero"`
}

// DatasetVersionExport is a dataset version exported to a file.
type DatasetVersionExport struct {
	Format            DatasetVersionExportFormat `json:"format,omitzero"`
	Status            *Status                    `json:"status,omitzero"` // status of the export; set by the API
	URL               string                     `json:"url,omitzero"`    // download URL of the file; set by the API
	Size              uint64                     `json:"size,omitzero"`   // size of the file in bytes; set by the API
	IncludeEmbeddings bool                       `json:"include_embeddings,omitzero"`
}

// DatasetVersionExportFormat is the format of an export. Exports are ZIP archives.
type DatasetVersionExportFormat string

// The formats of an export.
const (
	ExportClarifaiDataProtobuf DatasetVersionExportFormat = "CLARIFAI_DATA_PROTOBUF" // inputs as Clarifai protobuf messages
	ExportCOCO                 DatasetVersionExportFormat = "COCO"                   // https://cocodataset.org/#format-data
	ExportClarifaiDataJSON     DatasetVersionExportFormat = "CLARIFAI_DATA_JSON"     // inputs as Clarifai JSON
)

var datasetVersionExportFormatNumbers = map[DatasetVersionExportFormat]int32{
	ExportClarifaiDataProtobuf: 1,
	ExportCOCO:                 2,
	ExportClarifaiDataJSON:     3,
}

// UnmarshalJSON decodes a number or a name.
func (f *DatasetVersionExportFormat) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(f, b, datasetVersionExportFormatNumbers)
}

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (f DatasetVersionExportFormat) MarshalJSON() ([]byte, error) {
	return marshalEnum(f, datasetVersionExportFormatNumbers)
}

// DatasetVersionRequestOrigin is the reason why a dataset version was created.
type DatasetVersionRequestOrigin string

// The origins of a dataset version.
const (
	DatasetVersionManual          DatasetVersionRequestOrigin = "MANUAL"            // created by a user
	DatasetVersionTraining        DatasetVersionRequestOrigin = "TRAINING"          // created to train a model
	DatasetVersionEvalGroundTruth DatasetVersionRequestOrigin = "EVAL_GROUND_TRUTH" // ground truth of an evaluation
	DatasetVersionEvalPredictions DatasetVersionRequestOrigin = "EVAL_PREDICTIONS"  // model predictions of an evaluation
)

var datasetVersionRequestOriginNumbers = map[DatasetVersionRequestOrigin]int32{
	DatasetVersionManual:          1,
	DatasetVersionTraining:        2,
	DatasetVersionEvalGroundTruth: 3,
	DatasetVersionEvalPredictions: 4,
}

// UnmarshalJSON decodes a number or a name.
func (o *DatasetVersionRequestOrigin) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(o, b, datasetVersionRequestOriginNumbers)
}

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (o DatasetVersionRequestOrigin) MarshalJSON() ([]byte, error) {
	return marshalEnum(o, datasetVersionRequestOriginNumbers)
}

type requestOrigins []DatasetVersionRequestOrigin

// EncodeValues adds the origins to a query as numbers. Without it, the query encoder
// would add their names.
func (origins requestOrigins) EncodeValues(key string, v *url.Values) error {
	for _, o := range origins {
		v.Add(key, enumText(o, datasetVersionRequestOriginNumbers))
	}
	return nil
}

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

// ListDatasetsRequest selects and sorts datasets. Its zero value selects all of
// them, except those that are bookmarks.
type ListDatasetsRequest struct {
	PageParams
	AdditionalFields []string `url:"additional_fields,omitempty"` // what to include beyond the usual fields
	SortBy           SortBy   `url:"sort_by,omitempty"`           // SortByCreatedAt, SortByStarCount, SortByModifiedAt (the default), SortByID or SortByRelevance
	SortAscending    bool     `url:"sort_ascending,omitempty"`    // the default is descending order
	StarredOnly      bool     `url:"starred_only,omitempty"`      // only those that the owner of the token has starred
	Bookmark         bool     `url:"bookmark,omitempty"`          // only bookmarks of datasets of other apps
	Search           string   `url:"search,omitempty"`            // only those with these words in ID, description or notes; the start of a word suffices
}

func (r *ListDatasetsRequest) validate() error {
	return r.SortBy.check(r.Search, SortByCreatedAt, SortByStarCount, SortByModifiedAt, SortByID, SortByRelevance)
}

// ListDatasets returns a page of the datasets of the app; see [Endpoint.List] for
// its bounds and errors. The request may be nil.
func (c *Client) ListDatasets(ctx context.Context, req *ListDatasetsRequest) (*Page[Dataset], error) {
	return listDatasets.List(ctx, c, req)
}

// ListDatasetsAll iterates over the datasets of the app, as [Endpoint.All] does.
// The request may be nil.
func (c *Client) ListDatasetsAll(ctx context.Context, req *ListDatasetsRequest, opts ...IterOption) iter.Seq2[*Dataset, error] {
	return listDatasets.All(ctx, c, req, opts...)
}

// ListDatasetInputsRequest selects the inputs of a dataset.
type ListDatasetInputsRequest struct {
	DatasetID string `url:"-"` // required
	PageParams
}

// ListDatasetInputs returns a page of the inputs of a dataset; see [Endpoint.List]
// for its bounds and errors.
func (c *Client) ListDatasetInputs(ctx context.Context, req *ListDatasetInputsRequest) (*Page[DatasetInput], error) {
	if req == nil {
		req = &ListDatasetInputsRequest{} // refused as one without a DatasetID
	}
	return listDatasetInputs.With("dataset_id", req.DatasetID).List(ctx, c, req)
}

// ListDatasetInputsAll iterates over the inputs of a dataset, as [Endpoint.All]
// does.
func (c *Client) ListDatasetInputsAll(ctx context.Context, req *ListDatasetInputsRequest, opts ...IterOption) iter.Seq2[*DatasetInput, error] {
	return items(Pages(ctx, c.ListDatasetInputs, req, opts...))
}

// ListDatasetVersionsRequest selects the versions of a dataset.
type ListDatasetVersionsRequest struct {
	DatasetID string `url:"-"` // required
	PageParams
	RequestOrigins requestOrigins `url:"request_origins,omitempty"` // only those made for one of these reasons
}

// ListDatasetVersions returns a page of the versions of a dataset; see
// [Endpoint.List] for its bounds and errors.
func (c *Client) ListDatasetVersions(ctx context.Context, req *ListDatasetVersionsRequest) (*Page[DatasetVersion], error) {
	if req == nil {
		req = &ListDatasetVersionsRequest{} // refused as one without a DatasetID
	}
	return listDatasetVersions.With("dataset_id", req.DatasetID).List(ctx, c, req)
}

// ListDatasetVersionsAll iterates over the versions of a dataset, as
// [Endpoint.All] does.
func (c *Client) ListDatasetVersionsAll(ctx context.Context, req *ListDatasetVersionsRequest, opts ...IterOption) iter.Seq2[*DatasetVersion, error] {
	return items(Pages(ctx, c.ListDatasetVersions, req, opts...))
}

// GetDatasetRequest selects the fields of a dataset.
type GetDatasetRequest struct {
	AdditionalFields []string `url:"additional_fields,omitempty"` // what to include beyond the usual fields
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
	ID                      string                        `json:"id,omitzero"`                        // unique in its app
	CreatedAt               *time.Time                    `json:"created_at,omitzero"`                // set by the API
	ModifiedAt              *time.Time                    `json:"modified_at,omitzero"`               // set by the API
	AppID                   string                        `json:"app_id,omitzero"`                    // of the app that it belongs to
	UserID                  string                        `json:"user_id,omitzero"`                   // of the owner
	Description             string                        `json:"description,omitzero"`               // short
	Metadata                map[string]any                `json:"metadata,omitzero"`                  // any JSON object; numbers are float64
	Visibility              *Visibility                   `json:"visibility,omitzero"`                // who may read it
	DefaultAnnotationFilter *AnnotationFilter             `json:"default_annotation_filter,omitzero"` // for new versions
	DefaultProcessingInfo   *DatasetVersionProcessingInfo `json:"default_processing_info,omitzero"`   // for new versions
	Notes                   string                        `json:"notes,omitzero"`                     // in depth, at most 64 KB
	Version                 *DatasetVersion               `json:"version,omitzero"`                   // the latest one, or the one referred to
	IsStarred               bool                          `json:"is_starred,omitzero"`                // by the owner of the token; set by the API
	StarCount               int32                         `json:"star_count,omitzero"`                // users who starred the dataset; set by the API
	BookmarkOrigin          *BookmarkOrigin               `json:"bookmark_origin,omitzero"`           // of a bookmark, the original; set by the API
	Image                   *Image                        `json:"image,omitzero"`                     // represents the dataset
}

// DatasetInput is an input in a dataset.
type DatasetInput struct {
	CreatedAt *time.Time `json:"created_at,omitzero"` // when the input was added to the dataset; set by the API
	Input     *Input     `json:"input,omitzero"`
}

// DatasetVersion is a snapshot of the inputs and annotations of a dataset.
type DatasetVersion struct {
	ID         string     `json:"id,omitzero"`          // unique in its dataset
	CreatedAt  *time.Time `json:"created_at,omitzero"`  // set by the API
	ModifiedAt *time.Time `json:"modified_at,omitzero"` // set by the API
	AppID      string     `json:"app_id,omitzero"`      // of the app that it belongs to
	UserID     string     `json:"user_id,omitzero"`     // of the owner
	DatasetID  string     `json:"dataset_id,omitzero"`  // of the dataset that it is a version of

	// What the version is made of: the annotations that pass a filter, or the
	// predictions of a model. One of the two is set.
	AnnotationFilterConfig *AnnotationFilterConfig `json:"annotation_filter_config,omitzero"`
	ModelPredictConfig     *ModelPredictConfig     `json:"model_predict_config,omitzero"`

	Status               *Status                          `json:"status,omitzero"`                  // of the making of the version; set by the API
	Description          string                           `json:"description,omitzero"`             // short
	ProcessingInfo       *DatasetVersionProcessingInfo    `json:"processing_info,omitzero"`         // if nil, that of the dataset is copied when the version is created
	Metrics              map[string]DatasetVersionMetrics `json:"metrics,omitzero"`                 // set by the API
	ExportInfo           *DatasetVersionExportInfo        `json:"export_info,omitzero"`             // the exports that were made
	Metadata             map[string]any                   `json:"metadata,omitzero"`                // any JSON object; numbers are float64
	Visibility           *Visibility                      `json:"visibility,omitzero"`              // who may read it
	EmbedModelVersionIDs []string                         `json:"embed_model_version_ids,omitzero"` // the embedding models whose embeddings are included; none if empty
	RequestOrigin        DatasetVersionRequestOrigin      `json:"request_origin,omitzero"`          // what the version was made for; set by the API
}

// AnnotationFilterConfig says which annotations a dataset version holds.
type AnnotationFilterConfig struct {
	AnnotationFilter  *AnnotationFilter `json:"annotation_filter,omitzero"`
	IgnoreEmptyInputs bool              `json:"ignore_empty_inputs,omitzero"` // leave out inputs none of whose annotations pass
}

// AnnotationFilter is a saved search that selects annotations.
type AnnotationFilter struct {
	ID         string     `json:"id,omitzero"`          // unique in its app
	CreatedAt  *time.Time `json:"created_at,omitzero"`  // set by the API
	ModifiedAt *time.Time `json:"modified_at,omitzero"` // set by the API
	UserID     string     `json:"user_id,omitzero"`
	AppID      string     `json:"app_id,omitzero"`
	Search     *Search    `json:"search,omitzero"`
}

// ModelPredictConfig says which model makes the annotations of a dataset version.
type ModelPredictConfig struct {
	Model *Model `json:"model,omitzero"` // in the app of the dataset unless UserID and AppID are set
}

// DatasetVersionProcessingInfo says how annotations are changed on their way into
// a dataset version.
type DatasetVersionProcessingInfo struct {
	FrameInterpolationInfo *FrameInterpolationInfo `json:"frame_interpolation_info,omitzero"` // nil for no interpolation
}

// FrameInterpolationInfo says how frames between the annotated frames of a video
// get annotations.
type FrameInterpolationInfo struct {
	SampleMs uint32 `json:"sample_ms,omitzero"` // milliseconds between frames; 0 means that of the dataset, else of the input
}

// DatasetVersionMetrics counts what a dataset version holds. A nil count was not
// computed.
type DatasetVersionMetrics struct {
	InputsCount             *uint64 `json:"inputs_count,omitzero"`
	UnlabeledInputsCount    *uint64 `json:"unlabeled_inputs_count,omitzero"` // without a concept that is present
	InputsWithMetadataCount *uint64 `json:"inputs_with_metadata_count,omitzero"`
	InputsWithGeoCount      *uint64 `json:"inputs_with_geo_count,omitzero"`

	RegionsCount         *uint64       `json:"regions_count,omitzero"`
	RegionLocationMatrix *MatrixUint64 `json:"region_location_matrix,omitzero"` // regions in each cell of a grid over the image, from the top left
	BoundingBoxesCount   *uint64       `json:"bounding_boxes_count,omitzero"`
	PolygonsCount        *uint64       `json:"polygons_count,omitzero"`
	PointsCount          *uint64       `json:"points_count,omitzero"`
	MasksCount           *uint64       `json:"masks_count,omitzero"`

	RegionInputsCount *uint64 `json:"region_inputs_count,omitzero"` // inputs with regions of their own, not only in their frames
	RegionFramesCount *uint64 `json:"region_frames_count,omitzero"` // frames with regions
	FramesCount       *uint64 `json:"frames_count,omitzero"`
	FrameInputsCount  *uint64 `json:"frame_inputs_count,omitzero"` // inputs with frames
	EmbeddingsCount   *uint64 `json:"embeddings_count,omitzero"`

	// Concepts that are present, by what they are attached to.
	PositiveInputTagsCount  *uint64 `json:"positive_input_tags_count,omitzero"`
	PositiveRegionTagsCount *uint64 `json:"positive_region_tags_count,omitzero"`
	PositiveFrameTagsCount  *uint64 `json:"positive_frame_tags_count,omitzero"`
}

// MatrixUint64 is a matrix of numbers: row i, column j is Data[i*NCols+j].
type MatrixUint64 struct {
	NCols uint64   `json:"n_cols,omitzero"` // columns in each row
	Data  []uint64 `json:"data,omitzero"`   // row by row
}

// DatasetVersionExportInfo holds the exports of a dataset version, by format.
type DatasetVersionExportInfo struct {
	ClarifaiDataProtobuf *DatasetVersionExport `json:"clarifai_data_protobuf,omitzero"`
	ClarifaiDataJSON     *DatasetVersionExport `json:"clarifai_data_json,omitzero"`
	COCO                 *DatasetVersionExport `json:"coco,omitzero"`
}

// DatasetVersionExport is a file made of a dataset version.
type DatasetVersionExport struct {
	Format            DatasetVersionExportFormat `json:"format,omitzero"`
	Status            *Status                    `json:"status,omitzero"` // of the export; set by the API
	URL               string                     `json:"url,omitzero"`    // of the file, to download; set by the API
	Size              uint64                     `json:"size,omitzero"`   // of the file, in bytes; set by the API
	IncludeEmbeddings bool                       `json:"include_embeddings,omitzero"`
}

// DatasetVersionExportFormat is the format of an export, a ZIP archive.
type DatasetVersionExportFormat string

// The formats of an export.
const (
	ExportClarifaiDataProtobuf DatasetVersionExportFormat = "CLARIFAI_DATA_PROTOBUF" // inputs as Clarifai's protobuf messages
	ExportCOCO                 DatasetVersionExportFormat = "COCO"                   // https://cocodataset.org/#format-data
	ExportClarifaiDataJSON     DatasetVersionExportFormat = "CLARIFAI_DATA_JSON"     // inputs as Clarifai's JSON
)

var datasetVersionExportFormatNumbers = map[DatasetVersionExportFormat]int32{
	ExportClarifaiDataProtobuf: 1,
	ExportCOCO:                 2,
	ExportClarifaiDataJSON:     3,
}

// UnmarshalJSON reads a number or a name.
func (f *DatasetVersionExportFormat) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(f, b, datasetVersionExportFormatNumbers)
}

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
func (f DatasetVersionExportFormat) MarshalJSON() ([]byte, error) {
	return marshalEnum(f, datasetVersionExportFormatNumbers)
}

// DatasetVersionRequestOrigin is what a dataset version was made for.
type DatasetVersionRequestOrigin string

// The origins of a dataset version.
const (
	DatasetVersionManual          DatasetVersionRequestOrigin = "MANUAL"            // someone asked for it
	DatasetVersionTraining        DatasetVersionRequestOrigin = "TRAINING"          // to train a model
	DatasetVersionEvalGroundTruth DatasetVersionRequestOrigin = "EVAL_GROUND_TRUTH" // what an evaluation compares predictions with
	DatasetVersionEvalPredictions DatasetVersionRequestOrigin = "EVAL_PREDICTIONS"  // what a model predicted in an evaluation
)

var datasetVersionRequestOriginNumbers = map[DatasetVersionRequestOrigin]int32{
	DatasetVersionManual:          1,
	DatasetVersionTraining:        2,
	DatasetVersionEvalGroundTruth: 3,
	DatasetVersionEvalPredictions: 4,
}

// UnmarshalJSON reads a number or a name.
func (o *DatasetVersionRequestOrigin) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(o, b, datasetVersionRequestOriginNumbers)
}

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
func (o DatasetVersionRequestOrigin) MarshalJSON() ([]byte, error) {
	return marshalEnum(o, datasetVersionRequestOriginNumbers)
}

// requestOrigins has the numbers in a query, where the library would write names.
type requestOrigins []DatasetVersionRequestOrigin

func (origins requestOrigins) EncodeValues(key string, v *url.Values) error {
	for _, o := range origins {
		v.Add(key, enumText(o, datasetVersionRequestOriginNumbers))
	}
	return nil
}

package clarifai

import (
	"cmp"
	"context"
	"iter"
	"net/url"
	"time"
)

const (
	modelsPath = appPath + "/models"
	modelPath  = modelsPath + "/{model_id}"
)

var (
	listModels        = Endpoint[Model]{Operation: "ListModels"}
	listModelVersions = Endpoint[ModelVersion]{Operation: "ListModelVersions"}
)

// ListModelsRequest selects and sorts models. Its zero value selects all of them,
// except those that are bookmarks.
type ListModelsRequest struct {
	PageParams
	AdditionalFields []string    `url:"additional_fields,omitempty"`   // what to include beyond the usual fields: all, stars, outputs, presets or counts
	ShowReplicas     bool        `url:"show_replicas,omitempty"`       // include Model.ReplicaCount
	SortBy           SortBy      `url:"sort_by,omitempty"`             // SortByName, SortByNumInputs, SortByModifiedAt (the default, of the latest version), SortByCreatedAt, SortByStarCount or SortByRelevance
	SortAscending    bool        `url:"sort_ascending,omitempty"`      // the default is descending order
	ModelTypeID      string      `url:"model_type_id,omitempty"`       // only those of this type, as the operation ListModelTypes lists them
	TrainedOnly      bool        `url:"trained_only,omitempty"`        // only those that are trained, or need no training; not together with Bookmark
	InputFields      []string    `url:"input_fields,omitempty"`        // only those that read these fields of Data, such as "image"
	OutputFields     []string    `url:"output_fields,omitempty"`       // only those that predict these fields of Data, such as "regions[...].data.concepts"
	License          string      `url:"license,omitempty"`             // only those with a version under this license
	FeaturedOnly     bool        `url:"featured_only,omitempty"`       // only those that Clarifai features
	StarredOnly      bool        `url:"starred_only,omitempty"`        // only those that the owner of the token has starred
	Toolkits         []string    `url:"toolkits,omitempty"`            // only those with these tags
	UseCases         []string    `url:"use_cases,omitempty"`           // only those with these tags
	Languages        []string    `url:"languages,omitempty"`           // only those with these tags
	Bookmark         bool        `url:"bookmark,omitempty"`            // only bookmarks of models of other apps
	ModelVersionIDs  []string    `url:"model_version_ids,omitempty"`   // only those with one of these versions
	LicenseType      LicenseType `url:"license_type,omitempty"`        // only those with this kind of license
	Source           ModelSource `url:"source,omitempty"`              // only those from this source
	Creator          string      `url:"creator,omitempty"`             // only those made by this creator
	MinReplicas      uint32      `url:"min_replicas,omitempty"`        // only those that have at least this many replicas deployed
	Visibility       Gettable    `url:"visibility.gettable,omitempty"` // only those with this visibility
	Search           string      `url:"search,omitempty"`              // only those with these words in ID, name, description or notes; the start of a word suffices
}

func (r *ListModelsRequest) validate() error {
	return cmp.Or(
		r.SortBy.check(r.Search, SortByName, SortByNumInputs, SortByModifiedAt, SortByCreatedAt, SortByStarCount, SortByRelevance),
		checkIDs("model_version_ids", r.ModelVersionIDs),
	)
}

// ListModels returns a page of the models of the app, each with its latest
// version; see [Endpoint.List] for its bounds and errors. The request may be nil.
func (c *Client) ListModels(ctx context.Context, req *ListModelsRequest) (*Page[Model], error) {
	return listModels.List(ctx, c, req)
}

// ListModelsAll iterates over the models of the app, as [Endpoint.All] does. The
// request may be nil.
func (c *Client) ListModelsAll(ctx context.Context, req *ListModelsRequest, opts ...IterOption) iter.Seq2[*Model, error] {
	return listModels.All(ctx, c, req, opts...)
}

// ListModelVersionsRequest selects and sorts the versions of a model.
type ListModelVersionsRequest struct {
	ModelID string `url:"-"` // required
	PageParams
	ConceptIDs    []string `url:"concept_ids,omitempty"`    // only those with these concepts
	TrainedOnly   bool     `url:"trained_only,omitempty"`   // only those that are trained
	MinReplicas   uint32   `url:"min_replicas,omitempty"`   // only those that have at least this many replicas deployed
	SortBy        SortBy   `url:"sort_by,omitempty"`        // SortByStatusCode, SortByNumInputs, SortByDescription or SortByCreatedAt (the default)
	SortAscending bool     `url:"sort_ascending,omitempty"` // the default is descending order
}

func (r *ListModelVersionsRequest) validate() error {
	return cmp.Or(
		r.SortBy.check("", SortByStatusCode, SortByNumInputs, SortByDescription, SortByCreatedAt),
		checkIDs("concept_ids", r.ConceptIDs),
	)
}

// ListModelVersions returns a page of the versions of a model; see [Endpoint.List]
// for its bounds and errors.
func (c *Client) ListModelVersions(ctx context.Context, req *ListModelVersionsRequest) (*Page[ModelVersion], error) {
	if req == nil {
		req = &ListModelVersionsRequest{} // refused as one without a ModelID
	}
	return listModelVersions.With("model_id", req.ModelID).List(ctx, c, req)
}

// ListModelVersionsAll iterates over the versions of a model, as [Endpoint.All]
// does.
func (c *Client) ListModelVersionsAll(ctx context.Context, req *ListModelVersionsRequest, opts ...IterOption) iter.Seq2[*ModelVersion, error] {
	return items(Pages(ctx, c.ListModelVersions, req, opts...))
}

// GetModelRequest selects a version and the fields of a model.
type GetModelRequest struct {
	VersionID        string   `url:"version_id,omitempty"`        // the version to include; the default is the latest one
	Language         string   `url:"language,omitempty"`          // of the names of the model's concepts
	TrainedBefore    bool     `url:"trained_before,omitempty"`    // include the latest version that is trained
	AdditionalFields []string `url:"additional_fields,omitempty"` // what to include beyond the usual fields: all, stars, outputs or presets
}

// GetModel returns a model, with its latest version. If it does not exist, the
// error matches [ErrNotFound]. The request may be nil.
func (c *Client) GetModel(ctx context.Context, modelID string, req *GetModelRequest) (*Model, error) {
	path, err := pathOf(modelPath, "model_id", modelID, "types")
	if err != nil {
		return nil, err
	}
	return getOne[Model](ctx, c, path, "model", req)
}

// Model makes predictions about inputs.
type Model struct {
	ID                  string            `json:"id,omitzero"`                   // unique in its app
	Name                string            `json:"name,omitzero"`                 // deprecated by the API; superseded by ID
	CreatedAt           *time.Time        `json:"created_at,omitzero"`           // set by the API
	ModifiedAt          *time.Time        `json:"modified_at,omitzero"`          // when its latest version was created; set by the API
	AppID               string            `json:"app_id,omitzero"`               // set by the API
	OutputInfo          *OutputInfo       `json:"output_info,omitzero"`          // deprecated by the API; superseded by ModelVersion.OutputInfo
	ModelVersion        *ModelVersion     `json:"model_version,omitzero"`        // the latest one, or the one referred to
	DisplayName         string            `json:"display_name,omitzero"`         // deprecated by the API; superseded by ID
	UserID              string            `json:"user_id,omitzero"`              // of the owner
	DefaultEvalInfo     *EvalInfo         `json:"default_eval_info,omitzero"`    // for evaluations that say nothing else
	ModelTypeID         string            `json:"model_type_id,omitzero"`        // such as "visual-classifier"; the same for all versions
	Task                string            `json:"task,omitzero"`                 // that the model was trained for
	Visibility          *Visibility       `json:"visibility,omitzero"`           // who may read it
	Description         string            `json:"description,omitzero"`          // short
	Metadata            map[string]any    `json:"metadata,omitzero"`             // any JSON object; numbers are float64
	Presets             map[string]any    `json:"presets,omitzero"`              // any JSON object; numbers are float64
	Notes               string            `json:"notes,omitzero"`                // in depth, at most 64 KB
	Toolkits            []string          `json:"toolkits,omitzero"`             // tags
	UseCases            []string          `json:"use_cases,omitzero"`            // tags
	Languages           []string          `json:"languages,omitzero"`            // tags
	LanguagesFull       []FullTag         `json:"languages_full,omitzero"`       // Languages with their names; set by the API
	CheckConsents       []string          `json:"check_consents,omitzero"`       // tags of consents to check
	IsStarred           bool              `json:"is_starred,omitzero"`           // by the owner of the token; set by the API
	StarCount           int32             `json:"star_count,omitzero"`           // users who starred the model; set by the API
	WorkflowRecommended *bool             `json:"workflow_recommended,omitzero"` // best used within a workflow; nil if not set
	BookmarkOrigin      *BookmarkOrigin   `json:"bookmark_origin,omitzero"`      // of a bookmark, the original; set by the API
	Image               *Image            `json:"image,omitzero"`                // represents the model
	LicenseType         LicenseType       `json:"license_type,omitzero"`         // the kind of license
	Source              ModelSource       `json:"source,omitzero"`               // where it runs
	Creator             string            `json:"creator,omitzero"`              // who made it
	VersionCount        int32             `json:"version_count,omitzero"`        // set by the API
	BillingType         BillingType       `json:"billing_type,omitzero"`         // the unit that predictions are billed by
	FeaturedOrder       *int32            `json:"featured_order,omitzero"`       // among the featured models, the highest first; nil if not featured
	DeployRestriction   DeployRestriction `json:"deploy_restriction,omitzero"`   // where it can be deployed
	ReplicaCount        uint32            `json:"replica_count,omitzero"`        // replicas deployed, if ListModelsRequest.ShowReplicas is set; set by the API
	OpenRouterInfo      *OpenRouterInfo   `json:"open_router_info,omitzero"`     // for a model on OpenRouter
}

// ModelVersion is a version of a model: trained, being trained, or uploaded.
type ModelVersion struct {
	ID                    string                 `json:"id,omitzero"`                      // set by the API
	CreatedAt             *time.Time             `json:"created_at,omitzero"`              // set by the API
	Status                *Status                `json:"status,omitzero"`                  // untrained, training, trained, …; set by the API
	ActiveConceptCount    uint32                 `json:"active_concept_count,omitzero"`    // set by the API
	Metrics               *EvalMetrics           `json:"metrics,omitzero"`                 // of an evaluation; set by the API
	TotalInputCount       uint32                 `json:"total_input_count,omitzero"`       // inputs it was trained on; set by the API
	PretrainedModelConfig *PretrainedModelConfig `json:"pretrained_model_config,omitzero"` // of a version that was trained elsewhere
	CompletedAt           *time.Time             `json:"completed_at,omitzero"`            // when its training ended; set by the API
	Description           string                 `json:"description,omitzero"`             // short
	Visibility            *Visibility            `json:"visibility,omitzero"`              // who may read it
	AppID                 string                 `json:"app_id,omitzero"`                  // of the app that it belongs to
	UserID                string                 `json:"user_id,omitzero"`                 // of the owner
	ModifiedAt            *time.Time             `json:"modified_at,omitzero"`             // set by the API
	Metadata              map[string]any         `json:"metadata,omitzero"`                // any JSON object; numbers are float64
	License               string                 `json:"license,omitzero"`                 // the name of the license
	OutputInfo            *OutputInfo            `json:"output_info,omitzero"`             // what it predicts, and the concepts it is trained on
	InputInfo             *InputInfo             `json:"input_info,omitzero"`              // how inputs are prepared for it
	TrainInfo             *TrainInfo             `json:"train_info,omitzero"`              // how it is trained
	ImportInfo            *ImportInfo            `json:"import_info,omitzero"`             // deprecated by the API
	TrainLog              string                 `json:"train_log,omitzero"`               // set by the API
	InferenceComputeInfo  *ComputeInfo           `json:"inference_compute_info,omitzero"`  // what it needs to run
	BuildInfo             *BuildInfo             `json:"build_info,omitzero"`              // the container image that runs it
	MethodSignatures      []MethodSignature      `json:"method_signatures,omitzero"`       // the methods it can be called with
	SpecialHandling       []SpecialHandling      `json:"special_handling,omitzero"`        // what has to be done before it can be used
}

// PretrainedModelConfig is for a version that was trained elsewhere.
type PretrainedModelConfig struct {
	InputFieldsMap  map[string]any `json:"input_fields_map,omitzero"`  // from the fields of Data to the inputs in Triton's config.pbtxt
	OutputFieldsMap map[string]any `json:"output_fields_map,omitzero"` // from the fields of Data to the outputs in Triton's config.pbtxt
	ModelZipURL     string         `json:"model_zip_url,omitzero"`     // of a zipped model in Triton's format
	LocalDev        bool           `json:"local_dev,omitzero"`         // runs outside the platform, for development
}

// OutputInfo says what a model predicts.
type OutputInfo struct {
	Data         *Data            `json:"data,omitzero"`          // the model's concepts
	OutputConfig *OutputConfig    `json:"output_config,omitzero"` // Params supersedes it over time
	Message      string           `json:"message,omitzero"`       // where to find the rest, if it is left out; set by the API
	FieldsMap    map[string]any   `json:"fields_map,omitzero"`    // from the fields of Data to the outputs of the model's graph
	Params       map[string]any   `json:"params,omitzero"`        // arguments of a prediction, as the model type defines them
	ParamsSpecs  []ModelTypeField `json:"params_specs,omitzero"`  // parameters that this model has beyond those of its type
}

// OutputConfig configures a model's predictions, and the training of a custom
// model.
type OutputConfig struct {
	ConceptsMutuallyExclusive     bool           `json:"concepts_mutually_exclusive,omitzero"`       // deprecated by the API
	ExistingModelID               string         `json:"existing_model_id,omitzero"`                 // deprecated by the API
	Language                      string         `json:"language,omitzero"`                          // of the names of predicted concepts, in place of the app's default
	HyperParameters               string         `json:"hyper_parameters,omitzero"`                  // deprecated by the API; superseded by HyperParams
	MaxConcepts                   uint32         `json:"max_concepts,omitzero"`                      // at most this many concepts in a prediction; 0 means 20
	MinValue                      float64        `json:"min_value,omitzero"`                         // leave out concepts with a lower value
	SelectConcepts                []Concept      `json:"select_concepts,omitzero"`                   // only these concepts, by ID or name
	TrainingTimeout               uint32         `json:"training_timeout,omitzero"`                  // in seconds
	SampleMs                      uint32         `json:"sample_ms,omitzero"`                         // milliseconds between the frames of a video that are predicted
	HyperParams                   map[string]any `json:"hyper_params,omitzero"`                      // of the training
	EmbedModelVersionID           string         `json:"embed_model_version_id,omitzero"`            // deprecated by the API; superseded by InputInfo.BaseEmbedModel
	FailOnMissingPositiveExamples bool           `json:"fail_on_missing_positive_examples,omitzero"` // if not set, random examples are used in their place
	ModelMetadata                 map[string]any `json:"model_metadata,omitzero"`                    // deprecated by the API
}

// InputInfo says how inputs are prepared for a model.
type InputInfo struct {
	FieldsMap      map[string]any `json:"fields_map,omitzero"`       // from the fields of Data to the inputs of the model's graph
	Params         map[string]any `json:"params,omitzero"`           // as the model type defines them
	BaseEmbedModel *Model         `json:"base_embed_model,omitzero"` // whose embeddings the model reads
}

// TrainInfo says how a model version is trained.
type TrainInfo struct {
	Params          map[string]any `json:"params,omitzero"`            // as the model type defines them
	Dataset         *Dataset       `json:"dataset,omitzero"`           // to train on, and its version
	ResumeFromModel *Model         `json:"resume_from_model,omitzero"` // whose training is resumed
}

// ImportInfo says how a model was imported from another toolkit.
type ImportInfo struct {
	Params map[string]any `json:"params,omitzero"`
}

// ComputeInfo says what a model needs to run. Quantities are written as in
// Kubernetes: "100m" or "4.5" CPUs, "1500Mi" or "3Gi" of memory.
type ComputeInfo struct {
	CPULimit            string   `json:"cpu_limit,omitzero"`            // CPUs, at most
	CPUMemory           string   `json:"cpu_memory,omitzero"`           // memory, at most
	CPURequests         string   `json:"cpu_requests,omitzero"`         // CPUs, at least
	CPUMemoryRequests   string   `json:"cpu_memory_requests,omitzero"`  // memory, at least
	NumAccelerators     uint32   `json:"num_accelerators,omitzero"`     // GPUs or TPUs
	AcceleratorMemory   string   `json:"accelerator_memory,omitzero"`   // of each accelerator, at least
	AcceleratorType     []string `json:"accelerator_type,omitzero"`     // the types that will do; any if empty
	AcceleratorTopology []string `json:"accelerator_topology,omitzero"` // of accelerators in several hosts, such as "2x2x1"
}

// BuildInfo says which container image runs a model version.
type BuildInfo struct {
	DockerImageName   string `json:"docker_image_name,omitzero"`   // without the tag
	DockerImageTag    string `json:"docker_image_tag,omitzero"`    // such as "latest"
	DockerImageDigest string `json:"docker_image_digest,omitzero"` // of its content
	Platform          string `json:"platform,omitzero"`            // such as "linux/amd64,linux/arm64"
}

// OpenRouterInfo holds the parameters of a model on OpenRouter.
type OpenRouterInfo struct {
	Params map[string]any `json:"params,omitzero"` // any JSON object; numbers are float64
}

// FullTag is a tag with its name.
type FullTag struct {
	Name string `json:"name,omitzero"` // such as "English"
	ID   string `json:"id,omitzero"`   // such as "en"
}

// SpecialHandling says what has to be done before a model version can be used.
type SpecialHandling struct {
	ID     string                `json:"id,omitzero"`
	Reason SpecialHandlingReason `json:"reason,omitzero"`
	Done   bool                  `json:"done,omitzero"`
}

// SpecialHandlingReason is why a model version needs special handling.
type SpecialHandlingReason string

// The reasons for special handling.
const SpecialHandlingContactSales SpecialHandlingReason = "CONTACT_SALES"

var specialHandlingReasonNumbers = map[SpecialHandlingReason]int32{
	SpecialHandlingContactSales: 1,
}

// UnmarshalJSON reads a number or a name.
func (r *SpecialHandlingReason) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(r, b, specialHandlingReasonNumbers)
}

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
func (r SpecialHandlingReason) MarshalJSON() ([]byte, error) {
	return marshalEnum(r, specialHandlingReasonNumbers)
}

// LicenseType is the kind of license that a model is under.
type LicenseType string

// The kinds of licenses.
const (
	LicenseFirstParty   LicenseType = "FIRST_PARTY"
	LicenseOpenSource   LicenseType = "OPEN_SOURCE"
	LicenseClosedSource LicenseType = "CLOSED_SOURCE"
)

var licenseTypeNumbers = map[LicenseType]int32{
	LicenseFirstParty:   1,
	LicenseOpenSource:   2,
	LicenseClosedSource: 3,
}

// UnmarshalJSON reads a number or a name.
func (l *LicenseType) UnmarshalJSON(b []byte) error { return unmarshalEnum(l, b, licenseTypeNumbers) }

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
func (l LicenseType) MarshalJSON() ([]byte, error) { return marshalEnum(l, licenseTypeNumbers) }

// EncodeValues is MarshalJSON for a query.
func (l LicenseType) EncodeValues(key string, v *url.Values) error {
	v.Set(key, enumText(l, licenseTypeNumbers))
	return nil
}

// ModelSource is where a model runs.
type ModelSource string

// The sources of models.
const (
	ModelHosted  ModelSource = "HOSTED"  // on the platform
	ModelWrapped ModelSource = "WRAPPED" // elsewhere, called by the platform
)

var modelSourceNumbers = map[ModelSource]int32{
	ModelHosted:  1,
	ModelWrapped: 2,
}

// UnmarshalJSON reads a number or a name.
func (s *ModelSource) UnmarshalJSON(b []byte) error { return unmarshalEnum(s, b, modelSourceNumbers) }

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
func (s ModelSource) MarshalJSON() ([]byte, error) { return marshalEnum(s, modelSourceNumbers) }

// EncodeValues is MarshalJSON for a query.
func (s ModelSource) EncodeValues(key string, v *url.Values) error {
	v.Set(key, enumText(s, modelSourceNumbers))
	return nil
}

// BillingType is the unit that predictions of a model are billed by.
type BillingType string

// The units of billing.
const (
	BillingTokens BillingType = "Tokens"
	BillingOps    BillingType = "Ops" // operations
)

var billingTypeNumbers = map[BillingType]int32{
	BillingTokens: 1,
	BillingOps:    2,
}

// UnmarshalJSON reads a number or a name.
func (t *BillingType) UnmarshalJSON(b []byte) error { return unmarshalEnum(t, b, billingTypeNumbers) }

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
func (t BillingType) MarshalJSON() ([]byte, error) { return marshalEnum(t, billingTypeNumbers) }

// DeployRestriction is the kind of compute that a model can be deployed on.
type DeployRestriction string

// The restrictions on deployment.
const (
	DeployNoLimits                DeployRestriction = "NO_LIMITS"
	DeploySharedComputeOnly       DeployRestriction = "SHARED_COMPUTE_ONLY"
	DeployDedicatedComputeOnly    DeployRestriction = "DEDICATED_COMPUTE_ONLY"
	DeployOwnDedicatedComputeOnly DeployRestriction = "MODEL_OWNER_DEDICATED_COMPUTE_ONLY" // dedicated compute of the model's owner
)

var deployRestrictionNumbers = map[DeployRestriction]int32{
	DeployNoLimits:                1,
	DeploySharedComputeOnly:       2,
	DeployDedicatedComputeOnly:    3,
	DeployOwnDedicatedComputeOnly: 4,
}

// UnmarshalJSON reads a number or a name.
func (d *DeployRestriction) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(d, b, deployRestrictionNumbers)
}

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
func (d DeployRestriction) MarshalJSON() ([]byte, error) {
	return marshalEnum(d, deployRestrictionNumbers)
}

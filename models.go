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

// ListModelsRequest selects and sorts models. The zero value selects all models
// except bookmarks.
type ListModelsRequest struct {
	PageParams
	AdditionalFields []string    `url:"additional_fields,omitempty"`   // additional fields to return: all, stars, outputs, presets or counts
	ShowReplicas     bool        `url:"show_replicas,omitempty"`       // return Model.ReplicaCount
	SortBy           SortBy      `url:"sort_by,omitempty"`             // SortByName, SortByNumInputs, SortByModifiedAt (the default; when the latest version was modified), SortByCreatedAt, SortByStarCount or SortByRelevance
	SortAscending    bool        `url:"sort_ascending,omitempty"`      // sort in ascending order; the default is descending
	ModelTypeID      string      `url:"model_type_id,omitempty"`       // only models of this type; the operation ListModelTypes lists the types
	TrainedOnly      bool        `url:"trained_only,omitempty"`        // only models that are trained or need no training; cannot be used with Bookmark
	InputFields      []string    `url:"input_fields,omitempty"`        // only models with these input fields of Data, such as "image"
	OutputFields     []string    `url:"output_fields,omitempty"`       // only models with these output fields of Data, such as "regions[...].data.concepts"
	License          string      `url:"license,omitempty"`             // only models with this license
	FeaturedOnly     bool        `url:"featured_only,omitempty"`       // only models featured by Clarifai
	StarredOnly      bool        `url:"starred_only,omitempty"`        // only models that the owner of the token has starred
	Toolkits         []string    `url:"toolkits,omitempty"`            // only models with these toolkit tags
	UseCases         []string    `url:"use_cases,omitempty"`           // only models with these use case tags
	Languages        []string    `url:"languages,omitempty"`           // only models with these language tags
	Bookmark         bool        `url:"bookmark,omitempty"`            // only bookmarks, which refer to models of other apps
	ModelVersionIDs  []string    `url:"model_version_ids,omitempty"`   // only models with any of these versions
	LicenseType      LicenseType `url:"license_type,omitempty"`        // only models with this type of license
	Source           ModelSource `url:"source,omitempty"`              // only models from this source
	Creator          string      `url:"creator,omitempty"`             // only models by this creator
	MinReplicas      uint32      `url:"min_replicas,omitempty"`        // only models with at least this many replicas
	Visibility       Gettable    `url:"visibility.gettable,omitempty"` // only models with this visibility
	Search           string      `url:"search,omitempty"`              // keywords to search for in ID, name, description or notes; prefixes match
}

func (r *ListModelsRequest) validate() error {
	return cmp.Or(
		r.SortBy.check(r.Search, SortByName, SortByNumInputs, SortByModifiedAt, SortByCreatedAt, SortByStarCount, SortByRelevance),
		checkIDs("model_version_ids", r.ModelVersionIDs),
	)
}

// ListModels returns a page of the models of the app, each with its latest version.
// See [Endpoint.List] for limits and errors. The request may be nil.
func (c *Client) ListModels(ctx context.Context, req *ListModelsRequest) (*Page[Model], error) {
	return listModels.List(ctx, c, req)
}

// ListModelsAll returns an iterator over the models of the app; see [Endpoint.All].
// The request may be nil.
func (c *Client) ListModelsAll(ctx context.Context, req *ListModelsRequest, opts ...IterOption) iter.Seq2[*Model, error] {
	return listModels.All(ctx, c, req, opts...)
}

// ListModelVersionsRequest selects and sorts the versions of a model.
type ListModelVersionsRequest struct {
	ModelID string `url:"-"` // required
	PageParams
	ConceptIDs    []string `url:"concept_ids,omitempty"`    // only versions with these concepts
	TrainedOnly   bool     `url:"trained_only,omitempty"`   // only versions that are trained
	MinReplicas   uint32   `url:"min_replicas,omitempty"`   // only versions with at least this many replicas
	SortBy        SortBy   `url:"sort_by,omitempty"`        // SortByStatusCode, SortByNumInputs, SortByDescription or SortByCreatedAt (the default)
	SortAscending bool     `url:"sort_ascending,omitempty"` // sort in ascending order; the default is descending
}

func (r *ListModelVersionsRequest) validate() error {
	return cmp.Or(
		r.SortBy.check("", SortByStatusCode, SortByNumInputs, SortByDescription, SortByCreatedAt),
		checkIDs("concept_ids", r.ConceptIDs),
	)
}

// ListModelVersions returns a page of the versions of a model. See [Endpoint.List]
// for limits and errors.
func (c *Client) ListModelVersions(ctx context.Context, req *ListModelVersionsRequest) (*Page[ModelVersion], error) {
	if req == nil {
		req = &ListModelVersionsRequest{} // the call below rejects the empty ModelID
	}
	return listModelVersions.With("model_id", req.ModelID).List(ctx, c, req)
}

// ListModelVersionsAll returns an iterator over the versions of a model; see
// [Endpoint.All].
func (c *Client) ListModelVersionsAll(ctx context.Context, req *ListModelVersionsRequest, opts ...IterOption) iter.Seq2[*ModelVersion, error] {
	return items(Pages(ctx, c.ListModelVersions, req, opts...))
}

// GetModelRequest selects the version and the fields to return.
type GetModelRequest struct {
	VersionID        string   `url:"version_id,omitempty"`        // version to return; the default is the latest version
	Language         string   `url:"language,omitempty"`          // language of the model's concept names
	TrainedBefore    bool     `url:"trained_before,omitempty"`    // include the latest trained version
	AdditionalFields []string `url:"additional_fields,omitempty"` // additional fields to return: all, stars, outputs or presets
}

// GetModel returns a model and its latest version. If it does not exist, the error
// matches [ErrNotFound]. The request may be nil.
func (c *Client) GetModel(ctx context.Context, modelID string, req *GetModelRequest) (*Model, error) {
	path, err := pathOf(modelPath, "model_id", modelID, "types")
	if err != nil {
		return nil, err
	}
	return getOne[Model](ctx, c, path, "model", req)
}

// Model makes predictions about inputs.
type Model struct {
	ID                  string            `json:"id,omitzero"`                   // unique within the app
	Name                string            `json:"name,omitzero"`                 // deprecated by the API: use ID
	CreatedAt           *time.Time        `json:"created_at,omitempty"`          // set by the API
	ModifiedAt          *time.Time        `json:"modified_at,omitempty"`         // when the latest version was created; set by the API
	AppID               string            `json:"app_id,omitzero"`               // set by the API
	OutputInfo          *OutputInfo       `json:"output_info,omitzero"`          // deprecated by the API: use ModelVersion.OutputInfo
	ModelVersion        *ModelVersion     `json:"model_version,omitzero"`        // latest version, or the requested version
	DisplayName         string            `json:"display_name,omitzero"`         // deprecated by the API: use ID
	UserID              string            `json:"user_id,omitzero"`              // ID of the owner
	DefaultEvalInfo     *EvalInfo         `json:"default_eval_info,omitzero"`    // default parameters of evaluations
	ModelTypeID         string            `json:"model_type_id,omitzero"`        // type of the model, such as "visual-classifier"; the same for all versions
	Task                string            `json:"task,omitzero"`                 // task that the model was trained for
	Visibility          *Visibility       `json:"visibility,omitzero"`           // who can read it
	Description         string            `json:"description,omitzero"`          // short description
	Metadata            map[string]any    `json:"metadata,omitzero"`             // any JSON object; numbers are float64
	Presets             map[string]any    `json:"presets,omitzero"`              // any JSON object; numbers are float64
	Notes               string            `json:"notes,omitzero"`                // detailed notes, at most 64 KB
	Toolkits            []string          `json:"toolkits,omitzero"`             // toolkit tags
	UseCases            []string          `json:"use_cases,omitzero"`            // use case tags
	Languages           []string          `json:"languages,omitzero"`            // language tags
	LanguagesFull       []FullTag         `json:"languages_full,omitzero"`       // Languages and their names; set by the API
	CheckConsents       []string          `json:"check_consents,omitzero"`       // tags for consent checks
	IsStarred           bool              `json:"is_starred,omitzero"`           // whether the owner of the token has starred it; set by the API
	StarCount           int32             `json:"star_count,omitzero"`           // number of users who starred the model; set by the API
	WorkflowRecommended *bool             `json:"workflow_recommended,omitzero"` // whether the model is best used within a workflow; nil if not set
	BookmarkOrigin      *BookmarkOrigin   `json:"bookmark_origin,omitzero"`      // original resource if this is a bookmark; set by the API
	Image               *Image            `json:"image,omitzero"`                // picture of the model
	LicenseType         LicenseType       `json:"license_type,omitzero"`         // type of license
	Source              ModelSource       `json:"source,omitzero"`               // where the model runs
	Creator             string            `json:"creator,omitzero"`              // creator of the model
	VersionCount        int32             `json:"version_count,omitzero"`        // number of versions; set by the API
	BillingType         BillingType       `json:"billing_type,omitzero"`         // billing unit of predictions
	FeaturedOrder       *int32            `json:"featured_order,omitzero"`       // position among the featured models, highest first; nil if not featured
	DeployRestriction   DeployRestriction `json:"deploy_restriction,omitzero"`   // where the model can be deployed
	ReplicaCount        uint32            `json:"replica_count,omitzero"`        // number of deployed replicas; set by the API if ListModelsRequest.ShowReplicas is true
	OpenRouterInfo      *OpenRouterInfo   `json:"open_router_info,omitzero"`     // set for models on OpenRouter
}

// ModelVersion is a version of a model. It can be trained by the API or uploaded.
type ModelVersion struct {
	ID                    string                 `json:"id,omitzero"`                      // set by the API
	CreatedAt             *time.Time             `json:"created_at,omitempty"`             // set by the API
	Status                *Status                `json:"status,omitzero"`                  // training state; set by the API
	ActiveConceptCount    uint32                 `json:"active_concept_count,omitzero"`    // number of active concepts; set by the API
	Metrics               *EvalMetrics           `json:"metrics,omitzero"`                 // evaluation metrics; set by the API
	TotalInputCount       uint32                 `json:"total_input_count,omitzero"`       // number of inputs that it was trained on; set by the API
	PretrainedModelConfig *PretrainedModelConfig `json:"pretrained_model_config,omitzero"` // configuration of a version that was not trained by the API
	CompletedAt           *time.Time             `json:"completed_at,omitempty"`           // when training completed; set by the API
	Description           string                 `json:"description,omitzero"`             // short description
	Visibility            *Visibility            `json:"visibility,omitzero"`              // who can read it
	AppID                 string                 `json:"app_id,omitzero"`                  // ID of the app that it belongs to
	UserID                string                 `json:"user_id,omitzero"`                 // ID of the owner
	ModifiedAt            *time.Time             `json:"modified_at,omitempty"`            // set by the API
	Metadata              map[string]any         `json:"metadata,omitzero"`                // any JSON object; numbers are float64
	License               string                 `json:"license,omitzero"`                 // name of the license
	OutputInfo            *OutputInfo            `json:"output_info,omitzero"`             // outputs, and the concepts that it is trained on
	InputInfo             *InputInfo             `json:"input_info,omitzero"`              // how inputs are prepared
	TrainInfo             *TrainInfo             `json:"train_info,omitzero"`              // how the version is trained
	ImportInfo            *ImportInfo            `json:"import_info,omitzero"`             // deprecated by the API
	TrainLog              string                 `json:"train_log,omitzero"`               // training log; set by the API
	InferenceComputeInfo  *ComputeInfo           `json:"inference_compute_info,omitzero"`  // compute resources needed to run it
	BuildInfo             *BuildInfo             `json:"build_info,omitzero"`              // container image that runs it
	MethodSignatures      []MethodSignature      `json:"method_signatures,omitzero"`       // methods that can be called
	SpecialHandling       []SpecialHandling      `json:"special_handling,omitzero"`        // steps required before it can be used
}

// PretrainedModelConfig configures a model version that was not trained by the API.
type PretrainedModelConfig struct {
	InputFieldsMap  map[string]any `json:"input_fields_map,omitzero"`  // maps fields of Data to inputs in Triton's config.pbtxt
	OutputFieldsMap map[string]any `json:"output_fields_map,omitzero"` // maps fields of Data to outputs in Triton's config.pbtxt
	ModelZipURL     string         `json:"model_zip_url,omitzero"`     // URL of a zip file with a model in Triton's format
	LocalDev        bool           `json:"local_dev,omitzero"`         // whether the model runs outside the platform for development
}

// OutputInfo describes the output of a model.
type OutputInfo struct {
	Data         *Data            `json:"data,omitzero"`          // concepts of the model
	OutputConfig *OutputConfig    `json:"output_config,omitzero"` // gradually being replaced by Params
	Message      string           `json:"message,omitzero"`       // how to get the full information if it is omitted; set by the API
	FieldsMap    map[string]any   `json:"fields_map,omitzero"`    // maps fields of Data to outputs of the model graph
	Params       map[string]any   `json:"params,omitzero"`        // prediction parameters, defined by the model type
	ParamsSpecs  []ModelTypeField `json:"params_specs,omitzero"`  // parameters of the model in addition to those of its type
}

// OutputConfig configures the predictions of a model and the training of a custom
// model.
type OutputConfig struct {
	ConceptsMutuallyExclusive     bool           `json:"concepts_mutually_exclusive,omitzero"`       // deprecated by the API
	ExistingModelID               string         `json:"existing_model_id,omitzero"`                 // deprecated by the API
	Language                      string         `json:"language,omitzero"`                          // language of predicted concept names; the default is the app's language
	HyperParameters               string         `json:"hyper_parameters,omitzero"`                  // deprecated by the API: use HyperParams
	MaxConcepts                   uint32         `json:"max_concepts,omitzero"`                      // maximum number of concepts in a prediction; 0 means 20
	MinValue                      float64        `json:"min_value,omitzero"`                         // minimum value of predicted concepts
	SelectConcepts                []Concept      `json:"select_concepts,omitzero"`                   // concepts to return, by ID or name
	TrainingTimeout               uint32         `json:"training_timeout,omitzero"`                  // timeout in seconds
	SampleMs                      uint32         `json:"sample_ms,omitzero"`                         // interval between the video frames used for predictions, in milliseconds
	HyperParams                   map[string]any `json:"hyper_params,omitzero"`                      // training hyperparameters
	EmbedModelVersionID           string         `json:"embed_model_version_id,omitzero"`            // deprecated by the API: use InputInfo.BaseEmbedModel
	FailOnMissingPositiveExamples bool           `json:"fail_on_missing_positive_examples,omitzero"` // fail if positive examples are missing; if false, random examples are used instead
	ModelMetadata                 map[string]any `json:"model_metadata,omitzero"`                    // deprecated by the API
}

// InputInfo describes the input of a model.
type InputInfo struct {
	FieldsMap      map[string]any `json:"fields_map,omitzero"`       // maps fields of Data to inputs of the model graph
	Params         map[string]any `json:"params,omitzero"`           // parameters defined by the model type
	BaseEmbedModel *Model         `json:"base_embed_model,omitzero"` // model whose embeddings are the input
}

// TrainInfo specifies how a model version is trained.
type TrainInfo struct {
	Params          map[string]any `json:"params,omitzero"`            // parameters defined by the model type
	Dataset         *Dataset       `json:"dataset,omitzero"`           // dataset and dataset version to train on
	ResumeFromModel *Model         `json:"resume_from_model,omitzero"` // model whose training is resumed
}

// ImportInfo describes how a model was imported from another toolkit.
type ImportInfo struct {
	Params map[string]any `json:"params,omitzero"`
}

// ComputeInfo describes the compute resources that a model needs. Quantities use
// Kubernetes notation: "100m" or "4.5" for CPUs, "1500Mi" or "3Gi" for memory.
type ComputeInfo struct {
	CPULimit            string   `json:"cpu_limit,omitzero"`            // maximum number of CPUs
	CPUMemory           string   `json:"cpu_memory,omitzero"`           // maximum CPU memory
	CPURequests         string   `json:"cpu_requests,omitzero"`         // minimum number of CPUs
	CPUMemoryRequests   string   `json:"cpu_memory_requests,omitzero"`  // minimum CPU memory
	NumAccelerators     uint32   `json:"num_accelerators,omitzero"`     // number of GPUs or TPUs
	AcceleratorMemory   string   `json:"accelerator_memory,omitzero"`   // minimum memory per accelerator
	AcceleratorType     []string `json:"accelerator_type,omitzero"`     // supported accelerator types; if empty, any type
	AcceleratorTopology []string `json:"accelerator_topology,omitzero"` // topology of multi-host accelerators, such as "2x2x1"
}

// BuildInfo describes the container image that runs a model version.
type BuildInfo struct {
	DockerImageName   string `json:"docker_image_name,omitzero"`   // image name without the tag
	DockerImageTag    string `json:"docker_image_tag,omitzero"`    // image tag, such as "latest"
	DockerImageDigest string `json:"docker_image_digest,omitzero"` // content digest of the image
	Platform          string `json:"platform,omitzero"`            // comma-separated platforms, such as "linux/amd64,linux/arm64"
}

// OpenRouterInfo holds the parameters of a model on OpenRouter.
type OpenRouterInfo struct {
	Params map[string]any `json:"params,omitzero"` // any JSON object; numbers are float64
}

// FullTag is the ID and the name of a tag.
type FullTag struct {
	Name string `json:"name,omitzero"` // such as "English"
	ID   string `json:"id,omitzero"`   // such as "en"
}

// SpecialHandling is a step required before a model version can be used.
type SpecialHandling struct {
	ID     string                `json:"id,omitzero"`
	Reason SpecialHandlingReason `json:"reason,omitzero"`
	Done   bool                  `json:"done,omitzero"`
}

// SpecialHandlingReason is the reason for special handling of a model version.
type SpecialHandlingReason string

// The reasons for special handling.
const SpecialHandlingContactSales SpecialHandlingReason = "CONTACT_SALES"

var specialHandlingReasonNumbers = map[SpecialHandlingReason]int32{
	SpecialHandlingContactSales: 1,
}

// UnmarshalJSON decodes a number or a name.
func (r *SpecialHandlingReason) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(r, b, specialHandlingReasonNumbers)
}

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (r SpecialHandlingReason) MarshalJSON() ([]byte, error) {
	return marshalEnum(r, specialHandlingReasonNumbers)
}

// LicenseType is the type of a model's license.
type LicenseType string

// The types of licenses.
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

// UnmarshalJSON decodes a number or a name.
func (l *LicenseType) UnmarshalJSON(b []byte) error { return unmarshalEnum(l, b, licenseTypeNumbers) }

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (l LicenseType) MarshalJSON() ([]byte, error) { return marshalEnum(l, licenseTypeNumbers) }

// EncodeValues adds the value's number to a query, or its name if the number is unknown.
func (l LicenseType) EncodeValues(key string, v *url.Values) error {
	v.Set(key, enumText(l, licenseTypeNumbers))
	return nil
}

// ModelSource specifies where a model runs.
type ModelSource string

// The sources of models.
const (
	ModelHosted  ModelSource = "HOSTED"  // runs on the platform
	ModelWrapped ModelSource = "WRAPPED" // runs elsewhere and is called by the platform
)

var modelSourceNumbers = map[ModelSource]int32{
	ModelHosted:  1,
	ModelWrapped: 2,
}

// UnmarshalJSON decodes a number or a name.
func (s *ModelSource) UnmarshalJSON(b []byte) error { return unmarshalEnum(s, b, modelSourceNumbers) }

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (s ModelSource) MarshalJSON() ([]byte, error) { return marshalEnum(s, modelSourceNumbers) }

// EncodeValues adds the value's number to a query, or its name if the number is unknown.
func (s ModelSource) EncodeValues(key string, v *url.Values) error {
	v.Set(key, enumText(s, modelSourceNumbers))
	return nil
}

// BillingType is the billing unit of a model's predictions.
type BillingType string

// The billing units.
const (
	BillingTokens BillingType = "Tokens"
	BillingOps    BillingType = "Ops" // operations
)

var billingTypeNumbers = map[BillingType]int32{
	BillingTokens: 1,
	BillingOps:    2,
}

// UnmarshalJSON decodes a number or a name.
func (t *BillingType) UnmarshalJSON(b []byte) error { return unmarshalEnum(t, b, billingTypeNumbers) }

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (t BillingType) MarshalJSON() ([]byte, error) { return marshalEnum(t, billingTypeNumbers) }

// DeployRestriction restricts the compute that a model can be deployed on.
type DeployRestriction string

// The deployment restrictions.
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

// UnmarshalJSON decodes a number or a name.
func (d *DeployRestriction) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(d, b, deployRestrictionNumbers)
}

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (d DeployRestriction) MarshalJSON() ([]byte, error) {
	return marshalEnum(d, deployRestrictionNumbers)
}

package clarifai

import (
	"context"
	"fmt"
	"iter"
	"time"
)

const conceptsPath = appPath + "/concepts"

var (
	listConcepts         = Endpoint[Concept]{Operation: "ListConcepts"}
	postConceptsSearches = Endpoint[Concept]{Operation: "PostConceptsSearches"}
)

// ListConceptsRequest selects concepts. The zero value selects all concepts of the
// app.
type ListConceptsRequest struct {
	PageParams
	ID string `url:"id,omitempty"` // only concepts whose ID is similar to this one
}

// ListConcepts returns a page of the concepts of the app. See [Endpoint.List] for
// limits and errors. The request may be nil.
func (c *Client) ListConcepts(ctx context.Context, req *ListConceptsRequest) (*Page[Concept], error) {
	return listConcepts.List(ctx, c, req)
}

// ListConceptsAll returns an iterator over the concepts of the app; see
// [Endpoint.All]. The request may be nil.
func (c *Client) ListConceptsAll(ctx context.Context, req *ListConceptsRequest, opts ...IterOption) iter.Seq2[*Concept, error] {
	return listConcepts.All(ctx, c, req, opts...)
}

// PostConceptsSearchesRequest searches concepts. The zero value matches all
// concepts of the app.
type PostConceptsSearchesRequest struct {
	ConceptQuery *ConceptQuery            `json:"concept_query,omitzero"`
	ExtraInfo    *ConceptExtraInfoRequest `json:"extra_info,omitzero"` // what to return in Concept.ExtraInfo
	PageParams   `json:"pagination,omitzero"`
}

// ConceptQuery selects concepts.
type ConceptQuery struct {
	Name     string                 `json:"name,omitzero"`      // name to search for
	Language string                 `json:"language,omitzero"`  // language of Name; the default is "en"
	UseCases []WorkflowModelUseCase `json:"use_cases,omitzero"` // only concepts of models with any of these use cases; implies IgnoreAppConcepts

	// Model and Workflow add the concepts of a model or a workflow to the results.
	// At most one of them may be set. The API uses only the ID and the version ID.
	// The default version is the latest.
	Model    *Model    `json:"model,omitzero"`
	Workflow *Workflow `json:"workflow,omitzero"`

	IgnoreAppConcepts bool `json:"ignore_app_concepts,omitzero"` // exclude the concepts of the app
}

// ConceptExtraInfoRequest requests additional information about each concept.
type ConceptExtraInfoRequest struct {
	// RankableModel is an embedding model. If it is set,
	// ConceptExtraInfo.IsRankable reports whether the concept can be ranked with
	// that model. Only the IDs of the model, its version, its app and its user are
	// used.
	RankableModel *Model `json:"rankable_model,omitzero"`
}

// WorkflowModelUseCase is the purpose of a model in a workflow.
type WorkflowModelUseCase string

// The use cases of a model in a workflow.
const (
	UseCaseClassification WorkflowModelUseCase = "CLASSIFICATION" // classifies whole inputs
	UseCaseDetection      WorkflowModelUseCase = "DETECTION"      // detects regions, or classifies regions that another model detected
)

var workflowModelUseCaseNumbers = map[WorkflowModelUseCase]int32{
	UseCaseClassification: 1,
	UseCaseDetection:      2,
}

// UnmarshalJSON decodes a number or a name.
func (u *WorkflowModelUseCase) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(u, b, workflowModelUseCaseNumbers)
}

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (u WorkflowModelUseCase) MarshalJSON() ([]byte, error) {
	return marshalEnum(u, workflowModelUseCaseNumbers)
}

func (r *PostConceptsSearchesRequest) validate() error {
	if q := r.ConceptQuery; q != nil && q.Model != nil && q.Workflow != nil {
		return &ArgumentError{Argument: "concept_query.workflow", Value: fmt.Sprintf("%T", q.Workflow), Reason: "must not be set together with concept_query.model"}
	}
	return nil
}

// PostConceptsSearches returns a page of the concepts that match a query. See
// [Endpoint.List] for limits and errors. The request may be nil.
func (c *Client) PostConceptsSearches(ctx context.Context, req *PostConceptsSearchesRequest) (*Page[Concept], error) {
	return postConceptsSearches.List(ctx, c, req)
}

// PostConceptsSearchesAll returns an iterator over the concepts that match a query;
// see [Endpoint.All]. The request may be nil.
func (c *Client) PostConceptsSearchesAll(ctx context.Context, req *PostConceptsSearchesRequest, opts ...IterOption) iter.Seq2[*Concept, error] {
	return postConceptsSearches.All(ctx, c, req, opts...)
}

// GetConcept returns a concept of the app. If it does not exist, the error matches
// [ErrNotFound].
func (c *Client) GetConcept(ctx context.Context, conceptID string) (*Concept, error) {
	path, err := pathOf(conceptsPath+"/{concept_id}", "concept_id", conceptID, "relations", "status", "knowledge_graphs")
	if err != nil {
		return nil, err
	}
	return getOne[Concept](ctx, c, path, "concept", nil)
}

// Concept is a label and its confidence.
type Concept struct {
	ID   string `json:"id,omitzero"`
	Name string `json:"name,omitzero"`

	// Value is 1 if the concept is present and 0 if it is absent. In a prediction,
	// it is the probability of the concept. If Value is nil in a request, the API
	// uses 1. Use [Ptr] to set Value.
	Value *float64 `json:"value,omitzero"`

	CreatedAt    *time.Time        `json:"created_at,omitempty"` // set by the API
	Language     string            `json:"language,omitzero"`    // language of Name; set by the API
	AppID        string            `json:"app_id,omitzero"`
	Definition   string            `json:"definition,omitzero"`
	VocabID      string            `json:"vocab_id,omitzero"` // ID of the vocabulary that the concept belongs to
	Visibility   *Visibility       `json:"visibility,omitzero"`
	UserID       string            `json:"user_id,omitzero"`
	KeypointInfo *KeypointInfo     `json:"keypoint_info,omitzero"`
	ExtraInfo    *ConceptExtraInfo `json:"extra_info,omitzero"`
	Metadata     map[string]any    `json:"metadata,omitzero"` // any JSON object; numbers are float64
	Image        *Image            `json:"image,omitzero"`    // picture of the concept
}

// ConceptExtraInfo is the additional information selected by
// [ConceptExtraInfoRequest].
type ConceptExtraInfo struct {
	IsRankable bool `json:"is_rankable,omitzero"` // whether the concept can be used in a rank
}

// KeypointInfo describes the keypoints of a concept.
type KeypointInfo struct {
	KeypointNames []string       `json:"keypoint_names,omitzero"`
	Skeleton      []KeypointEdge `json:"skeleton,omitzero"` // connections between keypoints
}

// KeypointEdge connects two keypoints, given as indexes into KeypointNames.
type KeypointEdge struct {
	K1 uint32 `json:"k1,omitzero"`
	K2 uint32 `json:"k2,omitzero"`
}

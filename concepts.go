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

// ListConceptsRequest selects concepts. Its zero value selects all of them.
type ListConceptsRequest struct {
	PageParams
	ID string `url:"id,omitempty"` // only those with an ID similar to this one
}

// ListConcepts returns a page of the concepts of the app; see [Endpoint.List] for
// its bounds and errors. The request may be nil.
func (c *Client) ListConcepts(ctx context.Context, req *ListConceptsRequest) (*Page[Concept], error) {
	return listConcepts.List(ctx, c, req)
}

// ListConceptsAll iterates over the concepts of the app, as [Endpoint.All] does.
// The request may be nil.
func (c *Client) ListConceptsAll(ctx context.Context, req *ListConceptsRequest, opts ...IterOption) iter.Seq2[*Concept, error] {
	return listConcepts.All(ctx, c, req, opts...)
}

// PostConceptsSearchesRequest searches concepts. Its zero value finds all concepts
// of the app.
type PostConceptsSearchesRequest struct {
	ConceptQuery *ConceptQuery            `json:"concept_query,omitzero"`
	ExtraInfo    *ConceptExtraInfoRequest `json:"extra_info,omitzero"` // what Concept.ExtraInfo is to hold
	PageParams   `json:"pagination,omitzero"`
}

// ConceptQuery selects concepts.
type ConceptQuery struct {
	Name     string                 `json:"name,omitzero"`      // the name to search for
	Language string                 `json:"language,omitzero"`  // the language of Name, such as "en", the default
	UseCases []WorkflowModelUseCase `json:"use_cases,omitzero"` // only concepts of models with one of these use cases; implies IgnoreAppConcepts

	// Model or Workflow, at most one of them, adds the concepts of a model or of a
	// workflow. Its ID and the ID of its version are used; without a version it is
	// the latest one.
	Model    *Model    `json:"model,omitzero"`
	Workflow *Workflow `json:"workflow,omitzero"`

	IgnoreAppConcepts bool `json:"ignore_app_concepts,omitzero"` // leave out the concepts of the app
}

// ConceptExtraInfoRequest asks for more about each concept.
type ConceptExtraInfoRequest struct {
	// RankableModel is an embedding model. ConceptExtraInfo.IsRankable then tells
	// whether a rank by the concept can use it. The ID of the model, of its version,
	// of its app and of its user are used.
	RankableModel *Model `json:"rankable_model,omitzero"`
}

// WorkflowModelUseCase is what a model does in a workflow.
type WorkflowModelUseCase string

// The use cases of a model in a workflow.
const (
	UseCaseClassification WorkflowModelUseCase = "CLASSIFICATION" // classifies whole inputs
	UseCaseDetection      WorkflowModelUseCase = "DETECTION"      // detects regions, or classifies those that another model detected
)

var workflowModelUseCaseNumbers = map[WorkflowModelUseCase]int32{
	UseCaseClassification: 1,
	UseCaseDetection:      2,
}

// UnmarshalJSON reads a number or a name.
func (u *WorkflowModelUseCase) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(u, b, workflowModelUseCaseNumbers)
}

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
func (u WorkflowModelUseCase) MarshalJSON() ([]byte, error) {
	return marshalEnum(u, workflowModelUseCaseNumbers)
}

func (r *PostConceptsSearchesRequest) validate() error {
	if q := r.ConceptQuery; q != nil && q.Model != nil && q.Workflow != nil {
		return &ArgumentError{Argument: "concept_query.workflow", Value: fmt.Sprintf("%T", q.Workflow), Reason: "must not be set together with concept_query.model"}
	}
	return nil
}

// PostConceptsSearches returns a page of the concepts that match a query; see
// [Endpoint.List] for its bounds and errors. The request may be nil.
func (c *Client) PostConceptsSearches(ctx context.Context, req *PostConceptsSearchesRequest) (*Page[Concept], error) {
	return postConceptsSearches.List(ctx, c, req)
}

// PostConceptsSearchesAll iterates over the concepts that match a query, as
// [Endpoint.All] does. The request may be nil.
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

// Concept is a label, and how far it applies.
type Concept struct {
	ID   string `json:"id,omitzero"`
	Name string `json:"name,omitzero"`

	// Value is 1 for a concept that is present and 0 for one that is absent; in
	// a prediction, its probability in between. Nil says nothing, which the API
	// takes for 1 in a request. Use [Ptr] to set it.
	Value *float64 `json:"value,omitzero"`

	CreatedAt    *time.Time        `json:"created_at,omitzero"` // set by the API
	Language     string            `json:"language,omitzero"`   // of Name; set by the API
	AppID        string            `json:"app_id,omitzero"`
	Definition   string            `json:"definition,omitzero"`
	VocabID      string            `json:"vocab_id,omitzero"` // the vocabulary that the concept belongs to
	Visibility   *Visibility       `json:"visibility,omitzero"`
	UserID       string            `json:"user_id,omitzero"`
	KeypointInfo *KeypointInfo     `json:"keypoint_info,omitzero"`
	ExtraInfo    *ConceptExtraInfo `json:"extra_info,omitzero"`
	Metadata     map[string]any    `json:"metadata,omitzero"` // any JSON object; numbers are float64
	Image        *Image            `json:"image,omitzero"`    // represents the concept
}

// ConceptExtraInfo holds what the API says of a concept when asked for more.
type ConceptExtraInfo struct {
	IsRankable bool `json:"is_rankable,omitzero"` // can be used in a rank
}

// KeypointInfo describes the keypoints of a concept.
type KeypointInfo struct {
	KeypointNames []string       `json:"keypoint_names,omitzero"`
	Skeleton      []KeypointEdge `json:"skeleton,omitzero"` // which keypoints are connected
}

// KeypointEdge connects two keypoints, given as indexes into KeypointNames.
type KeypointEdge struct {
	K1 uint32 `json:"k1,omitzero"`
	K2 uint32 `json:"k2,omitzero"`
}

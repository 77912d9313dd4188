package clarifai

import (
	"context"
	"iter"
	"time"
)

const workflowsPath = appPath + "/workflows"

var listWorkflows = Endpoint[Workflow]{Operation: "ListWorkflows"}

// ListWorkflowsRequest selects and sorts workflows. Its zero value selects all of
// them, except those that are bookmarks.
type ListWorkflowsRequest struct {
	PageParams
	AdditionalFields []string `url:"additional_fields,omitempty"`   // what to include beyond the usual fields: all or stars
	SortBy           SortBy   `url:"sort_by,omitempty"`             // SortByID, SortByModifiedAt (the default), SortByCreatedAt, SortByStarCount or SortByRelevance
	SortAscending    bool     `url:"sort_ascending,omitempty"`      // the default is descending order
	FeaturedOnly     bool     `url:"featured_only,omitempty"`       // only those that Clarifai features
	StarredOnly      bool     `url:"starred_only,omitempty"`        // only those that the owner of the token has starred
	Bookmark         bool     `url:"bookmark,omitempty"`            // only bookmarks of workflows of other apps
	Visibility       Gettable `url:"visibility.gettable,omitempty"` // only those with this visibility
	Search           string   `url:"search,omitempty"`              // only those with these words in ID, description or notes; the start of a word suffices
}

func (r *ListWorkflowsRequest) validate() error {
	return r.SortBy.check(r.Search, SortByID, SortByModifiedAt, SortByCreatedAt, SortByStarCount, SortByRelevance)
}

// ListWorkflows returns a page of the workflows of the app; see [Endpoint.List]
// for its bounds and errors. The request may be nil.
func (c *Client) ListWorkflows(ctx context.Context, req *ListWorkflowsRequest) (*Page[Workflow], error) {
	return listWorkflows.List(ctx, c, req)
}

// ListWorkflowsAll iterates over the workflows of the app, as [Endpoint.All]
// does. The request may be nil.
func (c *Client) ListWorkflowsAll(ctx context.Context, req *ListWorkflowsRequest, opts ...IterOption) iter.Seq2[*Workflow, error] {
	return listWorkflows.All(ctx, c, req, opts...)
}

// GetWorkflowRequest selects the fields of a workflow.
type GetWorkflowRequest struct {
	AdditionalFields []string `url:"additional_fields,omitempty"` // what to include beyond the usual fields: all or stars
}

// GetWorkflow returns a workflow, with its latest version. If it does not exist,
// the error matches [ErrNotFound]. The request may be nil.
func (c *Client) GetWorkflow(ctx context.Context, workflowID string, req *GetWorkflowRequest) (*Workflow, error) {
	path, err := fillPath(workflowsPath+"/{workflow_id}", "workflow_id", workflowID)
	if err != nil {
		return nil, err
	}
	return getOne[Workflow](ctx, c, path, "workflow", req)
}

// Workflow is a graph of models: what one predicts can be the input of others.
type Workflow struct {
	ID             string           `json:"id,omitzero"`              // unique in its app
	AppID          string           `json:"app_id,omitzero"`          // of the app that it belongs to
	CreatedAt      *time.Time       `json:"created_at,omitzero"`      // set by the API
	Nodes          []WorkflowNode   `json:"nodes,omitzero"`           // of the latest version
	Metadata       map[string]any   `json:"metadata,omitzero"`        // any JSON object; numbers are float64
	Visibility     *Visibility      `json:"visibility,omitzero"`      // who may read it
	UserID         string           `json:"user_id,omitzero"`         // of the owner
	ModifiedAt     *time.Time       `json:"modified_at,omitzero"`     // set by the API
	Version        *WorkflowVersion `json:"version,omitzero"`         // the latest one, or the one referred to
	IsStarred      bool             `json:"is_starred,omitzero"`      // by the owner of the token; set by the API
	StarCount      int32            `json:"star_count,omitzero"`      // users who starred the workflow; set by the API
	Description    string           `json:"description,omitzero"`     // short
	Notes          string           `json:"notes,omitzero"`           // in depth, at most 64 KB
	UseCases       []string         `json:"use_cases,omitzero"`       // tags
	CheckConsents  []string         `json:"check_consents,omitzero"`  // tags of consents to check
	BookmarkOrigin *BookmarkOrigin  `json:"bookmark_origin,omitzero"` // of a bookmark, the original; set by the API
	Image          *Image           `json:"image,omitzero"`           // represents the workflow
}

// WorkflowVersion is a version of a workflow.
type WorkflowVersion struct {
	ID           string         `json:"id,omitzero"`          // set by the API
	WorkflowID   string         `json:"workflow_id,omitzero"` // of the workflow that it is a version of
	CreatedAt    *time.Time     `json:"created_at,omitzero"`  // set by the API
	ModifiedAt   *time.Time     `json:"modified_at,omitzero"` // set by the API
	Visibility   *Visibility    `json:"visibility,omitzero"`  // who may read it
	Nodes        []WorkflowNode `json:"nodes,omitzero"`
	Metadata     map[string]any `json:"metadata,omitzero"`      // any JSON object; numbers are float64
	AppID        string         `json:"app_id,omitzero"`        // of the app that it belongs to
	UserID       string         `json:"user_id,omitzero"`       // of the owner
	Description  string         `json:"description,omitzero"`   // short
	License      string         `json:"license,omitzero"`       // the name of the license
	IsDeprecated bool           `json:"is_deprecated,omitzero"` // one of its model versions was deleted; set by the API
}

// WorkflowNode is a model in a workflow.
type WorkflowNode struct {
	ID             string      `json:"id,omitzero"`              // unique in the workflow
	Model          *Model      `json:"model,omitzero"`           // its ID and the ID of its version count
	NodeInputs     []NodeInput `json:"node_inputs,omitzero"`     // the nodes whose output the model reads; empty for the input of the workflow
	SuppressOutput bool        `json:"suppress_output,omitzero"` // leave its output out of predictions

	// OutputInfoOverride replaces the Data and the Params of the model's OutputInfo.
	OutputInfoOverride *OutputInfo `json:"output_info_override,omitzero"`
}

// NodeInput refers to another node of the workflow.
type NodeInput struct {
	NodeID string `json:"node_id,omitzero"`
}

package clarifai

import (
	"context"
	"iter"
	"time"
)

const workflowsPath = appPath + "/workflows"

var listWorkflows = Endpoint[Workflow]{Operation: "ListWorkflows"}

// ListWorkflowsRequest selects and sorts workflows. The zero value selects all
// workflows except bookmarks.
type ListWorkflowsRequest struct {
	PageParams
	AdditionalFields []string `url:"additional_fields,omitempty"`   // additional fields to return: all or stars
	SortBy           SortBy   `url:"sort_by,omitempty"`             // SortByID, SortByModifiedAt (the default), SortByCreatedAt, SortByStarCount or SortByRelevance
	SortAscending    bool     `url:"sort_ascending,omitempty"`      // sort in ascending order; the default is descending
	FeaturedOnly     bool     `url:"featured_only,omitempty"`       // only workflows featured by Clarifai
	StarredOnly      bool     `url:"starred_only,omitempty"`        // only workflows that the owner of the token has starred
	Bookmark         bool     `url:"bookmark,omitempty"`            // only bookmarks, which refer to workflows of other apps
	Visibility       Gettable `url:"visibility.gettable,omitempty"` // only workflows with this visibility
	Search           string   `url:"search,omitempty"`              // keywords to search for in ID, description or notes; prefixes match
}

func (r *ListWorkflowsRequest) validate() error {
	return r.SortBy.check(r.Search, SortByID, SortByModifiedAt, SortByCreatedAt, SortByStarCount, SortByRelevance)
}

// ListWorkflows returns a page of the workflows of the app. See [Endpoint.List] for
// limits and errors. The request may be nil.
func (c *Client) ListWorkflows(ctx context.Context, req *ListWorkflowsRequest) (*Page[Workflow], error) {
	return listWorkflows.List(ctx, c, req)
}

// ListWorkflowsAll returns an iterator over the workflows of the app; see
// [Endpoint.All]. The request may be nil.
func (c *Client) ListWorkflowsAll(ctx context.Context, req *ListWorkflowsRequest, opts ...IterOption) iter.Seq2[*Workflow, error] {
	return listWorkflows.All(ctx, c, req, opts...)
}

// GetWorkflowRequest selects the fields to return.
type GetWorkflowRequest struct {
	AdditionalFields []string `url:"additional_fields,omitempty"` // additional fields to return: all or stars
}

// GetWorkflow returns a workflow and its latest version. If it does not exist, the
// error matches [ErrNotFound]. The request may be nil.
func (c *Client) GetWorkflow(ctx context.Context, workflowID string, req *GetWorkflowRequest) (*Workflow, error) {
	path, err := fillPath(workflowsPath+"/{workflow_id}", "workflow_id", workflowID)
	if err != nil {
		return nil, err
	}
	return getOne[Workflow](ctx, c, path, "workflow", req)
}

// Workflow is a graph of models. The output of a model can be the input of other
// models.
type Workflow struct {
	ID             string           `json:"id,omitzero"`              // unique within the app
	AppID          string           `json:"app_id,omitzero"`          // ID of the app that it belongs to
	CreatedAt      *time.Time       `json:"created_at,omitempty"`     // set by the API
	Nodes          []WorkflowNode   `json:"nodes,omitzero"`           // nodes of the latest version
	Metadata       map[string]any   `json:"metadata,omitzero"`        // any JSON object; numbers are float64
	Visibility     *Visibility      `json:"visibility,omitzero"`      // who can read it
	UserID         string           `json:"user_id,omitzero"`         // ID of the owner
	ModifiedAt     *time.Time       `json:"modified_at,omitempty"`    // set by the API
	Version        *WorkflowVersion `json:"version,omitzero"`         // latest version, or the requested version
	IsStarred      bool             `json:"is_starred,omitzero"`      // whether the owner of the token has starred it; set by the API
	StarCount      int32            `json:"star_count,omitzero"`      // number of users who starred the workflow; set by the API
	Description    string           `json:"description,omitzero"`     // short description
	Notes          string           `json:"notes,omitzero"`           // detailed notes, at most 64 KB
	UseCases       []string         `json:"use_cases,omitzero"`       // use case tags
	CheckConsents  []string         `json:"check_consents,omitzero"`  // tags for consent checks
	BookmarkOrigin *BookmarkOrigin  `json:"bookmark_origin,omitzero"` // original resource if this is a bookmark; set by the API
	Image          *Image           `json:"image,omitzero"`           // picture of the workflow
}

// WorkflowVersion is a version of a workflow.
type WorkflowVersion struct {
	ID           string         `json:"id,omitzero"`           // set by the API
	WorkflowID   string         `json:"workflow_id,omitzero"`  // ID of the workflow
	CreatedAt    *time.Time     `json:"created_at,omitempty"`  // set by the API
	ModifiedAt   *time.Time     `json:"modified_at,omitempty"` // set by the API
	Visibility   *Visibility    `json:"visibility,omitzero"`   // who can read it
	Nodes        []WorkflowNode `json:"nodes,omitzero"`
	Metadata     map[string]any `json:"metadata,omitzero"`      // any JSON object; numbers are float64
	AppID        string         `json:"app_id,omitzero"`        // ID of the app that it belongs to
	UserID       string         `json:"user_id,omitzero"`       // ID of the owner
	Description  string         `json:"description,omitzero"`   // short description
	License      string         `json:"license,omitzero"`       // name of the license
	IsDeprecated bool           `json:"is_deprecated,omitzero"` // whether a model version that it uses was deleted; set by the API
}

// WorkflowNode is a model in a workflow.
type WorkflowNode struct {
	ID             string      `json:"id,omitzero"`              // unique within the workflow
	Model          *Model      `json:"model,omitzero"`           // the API uses only its ID and version ID
	NodeInputs     []NodeInput `json:"node_inputs,omitzero"`     // nodes whose output is the input of the model; if empty, the input of the workflow is used
	SuppressOutput bool        `json:"suppress_output,omitzero"` // exclude the output of the node from predictions

	// OutputInfoOverride overrides Data and Params of the model's OutputInfo.
	OutputInfoOverride *OutputInfo `json:"output_info_override,omitzero"`
}

// NodeInput refers to another node of the workflow.
type NodeInput struct {
	NodeID string `json:"node_id,omitzero"`
}

package clarifai

import (
	"cmp"
	"context"
	"iter"
	"time"
)

var listAnnotations = Endpoint[Annotation]{Operation: "ListAnnotations"}

// ListAnnotationsRequest selects annotations. The zero value selects all trusted
// annotations of the app.
type ListAnnotationsRequest struct {
	PageParams
	IDs      []string `url:"ids,omitempty"`       // only annotations with these IDs; InputIDs must then list their inputs in the same order
	InputIDs []string `url:"input_ids,omitempty"` // only annotations of these inputs

	// UserIDs, ModelVersionIDs and WorkflowVersionIDs select the annotations made
	// by any of these users, model versions or workflow versions, including
	// annotations that are not trusted.
	UserIDs            []string `url:"user_ids,omitempty"`
	ModelVersionIDs    []string `url:"model_version_ids,omitempty"`
	WorkflowVersionIDs []string `url:"workflow_version_ids,omitempty"`

	ListAllAnnotations bool   `url:"list_all_annotations,omitempty"` // include annotations that are not trusted
	ReturnModelOutput  bool   `url:"return_model_output,omitempty"`  // include the model output in annotations made by models
	TaskID             string `url:"task_id,omitempty"`              // only annotations made for this task
}

func (r *ListAnnotationsRequest) validate() error {
	return cmp.Or(
		checkIDs("ids", r.IDs),
		checkIDs("input_ids", r.InputIDs),
		checkIDs("user_ids", r.UserIDs),
		checkIDs("model_version_ids", r.ModelVersionIDs),
		checkIDs("workflow_version_ids", r.WorkflowVersionIDs),
	)
}

// ListAnnotations returns a page of the annotations of the app. See [Endpoint.List]
// for limits and errors. The request may be nil.
//
// https://docs.clarifai.com/create/labeling/api/annotations
func (c *Client) ListAnnotations(ctx context.Context, req *ListAnnotationsRequest) (*Page[Annotation], error) {
	return listAnnotations.List(ctx, c, req)
}

// ListAnnotationsAll returns an iterator over the annotations of the app; see
// [Endpoint.All]. The request may be nil.
func (c *Client) ListAnnotationsAll(ctx context.Context, req *ListAnnotationsRequest, opts ...IterOption) iter.Seq2[*Annotation, error] {
	return listAnnotations.All(ctx, c, req, opts...)
}

// GetAnnotation returns an annotation of an input. If it does not exist, the error
// matches [ErrNotFound]. If either ID is not valid in a path, GetAnnotation uses
// ListAnnotations to find the annotation.
//
// https://docs.clarifai.com/create/labeling/api/annotations
func (c *Client) GetAnnotation(ctx context.Context, inputID, annotationID string) (*Annotation, error) {
	if err := cmp.Or(checkText("input_id", inputID), checkText("annotation_id", annotationID)); err != nil {
		return nil, err
	}
	path, err := fillPath(inputPath+"/annotations/{annotation_id}", "input_id", inputID)
	if err == nil {
		path, err = fillPath(path, "annotation_id", annotationID)
	}
	if err == nil {
		return getOne[Annotation](ctx, c, path, "annotation", nil)
	}
	req := &ListAnnotationsRequest{IDs: []string{annotationID}, InputIDs: []string{inputID}, ListAllAnnotations: true}
	return findOne(ctx, c, listAnnotations, appPath+"/annotations", annotationID, req, func(a *Annotation) bool { return a.ID == annotationID && a.InputID == inputID })
}

// Annotation is a description of an input, such as the concepts that a person, a model
// or a workflow found in one of its regions.
type Annotation struct {
	ID                  string         `json:"id,omitzero"`
	InputID             string         `json:"input_id,omitzero"`
	Data                *Data          `json:"data,omitzero"`
	AnnotationInfo      map[string]any `json:"annotation_info,omitzero"`        // any JSON object; numbers are float64
	UserID              string         `json:"user_id,omitzero"`                // deprecated by the API: use Worker.User.ID
	ModelVersionID      string         `json:"model_version_id,omitzero"`       // deprecated by the API: use Worker.Model.ModelVersion.ID
	EmbedModelVersionID string         `json:"embed_model_version_id,omitzero"` // deprecated by the API
	Status              *Status        `json:"status,omitzero"`
	CreatedAt           *time.Time     `json:"created_at,omitempty"`    // set by the API
	ModifiedAt          *time.Time     `json:"modified_at,omitempty"`   // set by the API
	Trusted             bool           `json:"trusted,omitzero"`        // deprecated by the API
	InputLevel          bool           `json:"input_level,omitzero"`    // whether it describes the input as a whole
	ConsensusInfo       map[string]any `json:"consensus_info,omitzero"` // information about a consensus review; any JSON object
	TaskID              string         `json:"task_id,omitzero"`
	Worker              *Worker        `json:"worker,omitzero"` // author of the annotation
}

// Worker is the author of an annotation. Exactly one of its fields is set.
type Worker struct {
	User     *User     `json:"user,omitzero"`
	Model    *Model    `json:"model,omitzero"`
	Workflow *Workflow `json:"workflow,omitzero"`
}

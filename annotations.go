package clarifai

import (
	"cmp"
	"context"
	"iter"
	"time"
)

var listAnnotations = Endpoint[Annotation]{Operation: "ListAnnotations"}

// ListAnnotationsRequest selects annotations. Its zero value selects the trusted
// annotations of the app.
type ListAnnotationsRequest struct {
	PageParams
	IDs      []string `url:"ids,omitempty"`       // only those with one of these IDs; InputIDs then has the input of each, in the same order
	InputIDs []string `url:"input_ids,omitempty"` // only those of one of these inputs

	// Only the annotations of these workers. What matches one of the three lists
	// is returned, whether trusted or not.
	UserIDs            []string `url:"user_ids,omitempty"`
	ModelVersionIDs    []string `url:"model_version_ids,omitempty"`
	WorkflowVersionIDs []string `url:"workflow_version_ids,omitempty"`

	ListAllAnnotations bool   `url:"list_all_annotations,omitempty"` // also those that are not trusted
	ReturnModelOutput  bool   `url:"return_model_output,omitempty"`  // include what the model predicted in the annotations of models
	TaskID             string `url:"task_id,omitempty"`              // only those made for this task
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

// ListAnnotations returns a page of the annotations of the app; see
// [Endpoint.List] for its bounds and errors. The request may be nil.
//
// https://docs.clarifai.com/create/labeling/api/annotations
func (c *Client) ListAnnotations(ctx context.Context, req *ListAnnotationsRequest) (*Page[Annotation], error) {
	return listAnnotations.List(ctx, c, req)
}

// ListAnnotationsAll iterates over the annotations of the app, as [Endpoint.All]
// does. The request may be nil.
func (c *Client) ListAnnotationsAll(ctx context.Context, req *ListAnnotationsRequest, opts ...IterOption) iter.Seq2[*Annotation, error] {
	return listAnnotations.All(ctx, c, req, opts...)
}

// GetAnnotation returns an annotation of an input. If it does not exist, the
// error matches [ErrNotFound]. If one of the IDs cannot be part of a path, the
// annotation is found by ListAnnotations.
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

// Annotation says something about an input: a person, a model or a workflow
// found these concepts, in this region, at this time.
type Annotation struct {
	ID                  string         `json:"id,omitzero"`
	InputID             string         `json:"input_id,omitzero"`
	Data                *Data          `json:"data,omitzero"`
	AnnotationInfo      map[string]any `json:"annotation_info,omitzero"`        // any JSON object; numbers are float64
	UserID              string         `json:"user_id,omitzero"`                // superseded by Worker.User.ID
	ModelVersionID      string         `json:"model_version_id,omitzero"`       // superseded by Worker.Model.ModelVersion.ID
	EmbedModelVersionID string         `json:"embed_model_version_id,omitzero"` // deprecated by the API
	Status              *Status        `json:"status,omitzero"`
	CreatedAt           *time.Time     `json:"created_at,omitzero"`     // set by the API
	ModifiedAt          *time.Time     `json:"modified_at,omitzero"`    // set by the API
	Trusted             bool           `json:"trusted,omitzero"`        // deprecated by the API
	InputLevel          bool           `json:"input_level,omitzero"`    // describes the input as a whole
	ConsensusInfo       map[string]any `json:"consensus_info,omitzero"` // of a review by consensus
	TaskID              string         `json:"task_id,omitzero"`
	Worker              *Worker        `json:"worker,omitzero"` // who made the annotation
}

// Worker is who made an annotation: one of its fields is set.
type Worker struct {
	User     *User     `json:"user,omitzero"`
	Model    *Model    `json:"model,omitzero"`
	Workflow *Workflow `json:"workflow,omitzero"`
}

package clarifai

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"

	jsonv1 "github.com/go-json-experiment/json/v1"
)

const (
	inputsPath = "/v2/users/{user_id}/apps/{app_id}/inputs"
	inputPath  = inputsPath + "/{input_id}"
)

var listInputs = Endpoint[Input]{Operation: "ListInputs"}

// ListInputsRequest selects inputs. The zero value selects all inputs.
type ListInputsRequest struct {
	PageParams
	IDs        []string   `url:"ids,omitempty"`         // only inputs with these IDs; at most a few hundred, since they are sent in the URL
	StatusCode StatusCode `url:"status.code,omitempty"` // only inputs with this status, such as StatusInputSuccess
}

func (r *ListInputsRequest) validate() error { return checkIDs("ids", r.IDs) }

// ListInputs returns a page of the inputs of the app. See [Endpoint.List] for
// limits and errors. The request may be nil.
//
// https://docs.clarifai.com/api-guide/data/create-get-update-delete#list-all-inputs
func (c *Client) ListInputs(ctx context.Context, req *ListInputsRequest) (*Page[Input], error) {
	return listInputs.List(ctx, c, req)
}

// ListInputsAll returns an iterator over the inputs of the app; see [Endpoint.All].
// The request may be nil. If inputs are added or deleted during the iteration,
// pages shift and inputs may be missed or repeated; [Client.StreamInputsAll] is not
// affected.
func (c *Client) ListInputsAll(ctx context.Context, req *ListInputsRequest, opts ...IterOption) iter.Seq2[*Input, error] {
	return listInputs.All(ctx, c, req, opts...)
}

// StreamInputsRequest selects the page that follows a given input. The zero value
// selects the first page, in the order in which inputs were added.
type StreamInputsRequest struct {
	PerPage    int    `url:"per_page,omitempty"`    // at most 1,000; 0 means 20, but iterators use 1,000, or their Limit if that is less
	LastID     string `url:"last_id,omitempty"`     // ID of the last input received; empty for the first page
	OrderByID  bool   `url:"order_by_id,omitempty"` // order by ID instead of by the time of addition
	Descending bool   `url:"descending,omitempty"`  // reverse the order
}

// defaultStreamPerPage is the API's default page size.
const defaultStreamPerPage = 20

func (r *StreamInputsRequest) cursor() string { return r.LastID }
func (r *StreamInputsRequest) pageSize() *int { return &r.PerPage }

// follow sets LastID to the ID of last. A list function passed to [Pages] may return
// its own type of input, so last may be of any type with an ID.
func (r *StreamInputsRequest) follow(last any) error {
	var result struct {
		ID string `json:"id"`
	}
	if input, ok := last.(*Input); ok && input != nil {
		result.ID = input.ID
	} else if text, err := jsonv1.Marshal(last); err != nil {
		return &joined{ErrInvalidResponse, err}
	} else if err := jsonv1.Unmarshal(text, &result); err != nil {
		return &joined{ErrInvalidResponse, err}
	}
	if result.ID == "" {
		return fmt.Errorf("%w: the last input has no ID to continue from", ErrInvalidResponse)
	}
	r.LastID = result.ID
	return nil
}

// StreamInputs returns the page of inputs that follows LastID. Unlike a numbered
// page, it does not shift when inputs are added or deleted. Page.Number is always
// 1, since the API does not number these pages. See [Endpoint.List] for errors. The
// request may be nil.
func (c *Client) StreamInputs(ctx context.Context, req *StreamInputsRequest) (*Page[Input], error) {
	if req == nil {
		req = &StreamInputsRequest{}
	}
	if err := (PageParams{PerPage: req.PerPage}).Validate(); err != nil {
		return nil, err
	}
	if req.LastID != "" {
		if err := checkText("last_id", req.LastID); err != nil {
			return nil, err
		}
	}
	values, err := queryOf(req)
	if err != nil {
		return nil, err
	}
	op := operation{method: http.MethodGet, path: inputsPath + "/stream", query: values, read: true, perPage: req.PerPage}
	page, err := getPage[Input](ctx, c, op, "inputs")
	if page != nil {
		page.Number, page.PerPage = DefaultPage, cmp.Or(req.PerPage, defaultStreamPerPage)
	}
	return page, err
}

// StreamInputsAll returns an iterator over the inputs that follow LastID. It ends
// at the first empty page. It works like [Endpoint.All], with three differences.
// [Prefetch] is ignored, since a page can be requested only after the previous page
// has arrived. [PageError.Page] is the number of the page within the iteration,
// starting at 1. To resume after an error, set LastID to the ID of the last input
// received. The request may be nil.
func (c *Client) StreamInputsAll(ctx context.Context, req *StreamInputsRequest, opts ...IterOption) iter.Seq2[*Input, error] {
	return items(Pages(ctx, c.StreamInputs, req, opts...))
}

// GetInput returns an input. If it does not exist, the error matches [ErrNotFound].
// For an ID such as s3://b/k, which is not valid in a path, GetInput uses ListInputs
// to find the input.
//
// https://docs.clarifai.com/api-guide/data/create-get-update-delete#get-input-by-id
func (c *Client) GetInput(ctx context.Context, inputID string) (*Input, error) {
	if err := checkText("input_id", inputID); err != nil {
		return nil, err
	}
	if path, err := pathOfInput(inputID); err == nil {
		return getOne[Input](ctx, c, path, "input", nil)
	}
	return findOne(ctx, c, listInputs, inputsPath, inputID, &ListInputsRequest{IDs: []string{inputID}}, func(input *Input) bool { return input.ID == inputID })
}

// findOne is like getOne, but for a resource whose ID is not valid in a path. It
// lists the resources with that ID.
func findOne[T any](ctx context.Context, c *Client, e Endpoint[T], path, id string, req PageRequest, is func(*T) bool) (*T, error) {
	page, err := e.List(ctx, c, req)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(page.Items, is); i >= 0 {
		return page.Items[i], nil
	}
	path, _ = fillApp(path, c.userID, c.appID) // as List did
	err = fmt.Errorf("%w: no result has the ID %q", ErrNotFound, cut(id, readableLength))
	return nil, &Error{Method: http.MethodGet, Path: path, HTTPStatus: http.StatusOK, Status: page.Status, Attempts: 1, Err: err}
}

// GetInputCount returns the number of inputs of the app in each state. Any error is
// an [*ArgumentError] or an [*Error].
func (c *Client) GetInputCount(ctx context.Context) (*InputCount, error) {
	return getOne[InputCount](ctx, c, inputsPath+"/status", "counts", nil)
}

// MaxPostInputs is the maximum number of inputs in a PostInputs request.
const MaxPostInputs = 128

// PostInputsRequest holds the inputs to add.
type PostInputsRequest struct {
	Inputs []*Input `json:"inputs"` // 1 to 128 inputs; the API uses only their ID, Data and DatasetIDs

	// InputsAddJobID is the ID of a job that collects statistics about the added
	// inputs. If the job does not exist, the API creates it. If the ID is empty, no
	// statistics are collected.
	InputsAddJobID string `json:"inputs_add_job_id,omitzero"`

	// InputIDConflictResolution specifies how to handle IDs that already exist.
	InputIDConflictResolution InputIDConflictResolution `json:"input_id_conflict_resolution,omitzero"`
}

// InputIDConflictResolution specifies how to handle an input whose ID already
// exists.
type InputIDConflictResolution int32

// The ways to resolve an ID conflict. The API defaults to InputIDConflictSkip.
const (
	InputIDConflictSkip   InputIDConflictResolution = 1 // the input fails with StatusInputDuplicate
	InputIDConflictSuffix InputIDConflictResolution = 2 // a suffix is added to the ID; an ID used twice in the request still fails
)

// PostInputs adds inputs and returns them. The API processes them asynchronously:
// the status of an input is StatusInputPending at first and StatusInputSuccess once
// it has been downloaded and indexed.
//
// If some inputs fail, PostInputs returns all inputs, each with its Status, and an
// error that matches [ErrPartialFailure]. If all inputs fail, the error does not
// match ErrPartialFailure. In both cases Error.Failed lists the failed inputs and
// their status, such as StatusInputDuplicate for an ID that already exists. A
// request that the API may have processed is not retried; see [RetryPolicy].
//
// https://docs.clarifai.com/api-guide/data/create-get-update-delete#add-inputs
func (c *Client) PostInputs(ctx context.Context, req *PostInputsRequest) ([]*Input, error) {
	if req == nil {
		req = &PostInputsRequest{}
	}
	if n := len(req.Inputs); n < 1 || n > MaxPostInputs {
		return nil, &ArgumentError{Argument: "number of inputs", Value: n, Reason: fmt.Sprintf("must be 1 to %d", MaxPostInputs)}
	}
	if err := checkInputs(req.Inputs); err != nil {
		return nil, err
	}
	return c.writeInputs(ctx, http.MethodPost, req)
}

// PatchInputsRequest holds the inputs to change.
type PatchInputsRequest struct {
	Inputs []*Input `json:"inputs"` // one or more inputs; the API uses only their ID and Data

	Action string `json:"action"` // how to change Data: ActionMerge, ActionOverwrite or ActionRemove
}

// The actions of PatchInputs.
const (
	ActionMerge     = "merge"     // merge with the existing data
	ActionOverwrite = "overwrite" // replace the existing data
	ActionRemove    = "remove"    // remove from the existing data
)

// PatchInputs changes one or more inputs and returns their new state. It returns
// the same errors as [Client.PostInputs].
//
// https://docs.clarifai.com/api-guide/data/create-get-update-delete#update-inputs
func (c *Client) PatchInputs(ctx context.Context, req *PatchInputsRequest) ([]*Input, error) {
	if req == nil {
		req = &PatchInputsRequest{}
	}
	if err := checkInputs(req.Inputs); err != nil {
		return nil, err
	}
	for i, input := range req.Inputs {
		if err := checkText(fmt.Sprintf("inputs[%d].id", i), input.ID); err != nil {
			return nil, err
		}
	}
	if actions := []string{ActionMerge, ActionOverwrite, ActionRemove}; !slices.Contains(actions, req.Action) {
		return nil, &ArgumentError{Argument: "action", Value: req.Action, Reason: "must be one of " + strings.Join(actions, ", ")}
	}
	return c.writeInputs(ctx, http.MethodPatch, req)
}

// DeleteInput deletes an input. Any error is an [*ArgumentError] or an [*Error]. For
// an ID such as s3://b/k, which is not valid in a path, DeleteInput uses
// DeleteInputs.
//
// https://docs.clarifai.com/api-guide/data/create-get-update-delete#delete-input-by-id
func (c *Client) DeleteInput(ctx context.Context, inputID string) error {
	if err := checkText("input_id", inputID); err != nil {
		return err
	}
	path, err := pathOfInput(inputID)
	if err != nil {
		return c.DeleteInputs(ctx, inputID)
	}
	_, err = c.do(ctx, operation{method: http.MethodDelete, path: path})
	return err
}

// DeleteInputs deletes one or more inputs. Any error is an [*ArgumentError] or an
// [*Error].
//
// https://docs.clarifai.com/api-guide/data/create-get-update-delete#delete-multiple-inputs
func (c *Client) DeleteInputs(ctx context.Context, inputIDs ...string) error {
	if err := checkSome("ids", inputIDs); err != nil {
		return err
	}
	body := struct {
		IDs []string `json:"ids"`
	}{inputIDs}
	_, err := c.do(ctx, operation{method: http.MethodDelete, path: inputsPath, body: body})
	return err
}

func pathOfInput(id string) (string, error) {
	return pathOf(inputPath, "input_id", id, "annotations", "status", "stream")
}

func (c *Client) writeInputs(ctx context.Context, method string, body any) ([]*Input, error) {
	var inputs []*Input
	_, err := c.do(ctx, operation{method: method, path: inputsPath, body: body, fields: []*field{itemsField("inputs", &inputs)}})
	return inputs, err
}

// checkInputs checks the inputs of PostInputs and PatchInputs.
func checkInputs(inputs []*Input) error {
	if len(inputs) == 0 {
		return &ArgumentError{Argument: "number of inputs", Value: 0, Reason: "must be at least 1"}
	}
	for i, input := range inputs {
		if input == nil {
			return &ArgumentError{Argument: fmt.Sprintf("inputs[%d]", i), Reason: "must not be nil"}
		}
		if input.ID != "" {
			if err := checkText(fmt.Sprintf("inputs[%d].id", i), input.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// ImageFromURL returns an image input for the image at a public URL. If id is
// empty, the API generates an ID; the same applies to the other functions that
// return an Input.
func ImageFromURL(id, url string) *Input {
	return &Input{ID: id, Data: &Data{Image: &Image{URL: url}}}
}

// ImageFromBytes returns an image input with the content of an image file.
func ImageFromBytes(id string, file []byte) *Input {
	return &Input{ID: id, Data: &Data{Image: &Image{Base64: slices.Clone(file)}}}
}

// VideoFromURL returns a video input for the file at a public URL.
func VideoFromURL(id, url string) *Input {
	return &Input{ID: id, Data: &Data{Video: &Video{URL: url}}}
}

// VideoFromBytes returns a video input with the content of a video file.
func VideoFromBytes(id string, file []byte) *Input {
	return &Input{ID: id, Data: &Data{Video: &Video{Base64: slices.Clone(file)}}}
}

// AudioFromURL returns an audio input for the file at a public URL.
func AudioFromURL(id, url string) *Input {
	return &Input{ID: id, Data: &Data{Audio: &Audio{URL: url}}}
}

// AudioFromBytes returns an audio input with the content of an audio file.
func AudioFromBytes(id string, file []byte) *Input {
	return &Input{ID: id, Data: &Data{Audio: &Audio{Base64: slices.Clone(file)}}}
}

// TextFromURL returns a text input for the text at a public URL.
func TextFromURL(id, url string) *Input {
	return &Input{ID: id, Data: &Data{Text: &Text{URL: url}}}
}

// TextFromString returns a text input with the given text.
func TextFromString(id, text string) *Input {
	return &Input{ID: id, Data: &Data{Text: &Text{Raw: text}}}
}

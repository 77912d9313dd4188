package clarifai

import (
	"cmp"
	"context"
	"errors"
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

// ListInputsRequest selects inputs. Its zero value selects all of them.
type ListInputsRequest struct {
	PageParams
	IDs        []string   `url:"ids,omitempty"`         // only those with one of these IDs; a few hundred at most, as they are sent in the URL
	StatusCode StatusCode `url:"status.code,omitempty"` // only those in this state, such as StatusInputSuccess
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
// The request may be nil. Inputs that are added or deleted meanwhile shift the
// pages; [Client.StreamInputsAll] is not disturbed by them.
func (c *Client) ListInputsAll(ctx context.Context, req *ListInputsRequest, opts ...IterOption) iter.Seq2[*Input, error] {
	return listInputs.All(ctx, c, req, opts...)
}

// StreamInputsRequest selects a page by the input before it. Its zero value
// selects the first page, in the order in which the inputs were added.
type StreamInputsRequest struct {
	PerPage    int    `url:"per_page,omitempty"`    // at most 1,000; 0 means 20, and to an iterator 1,000, or its Limit if that is less
	LastID     string `url:"last_id,omitempty"`     // of the last input received; empty for the first page
	OrderByID  bool   `url:"order_by_id,omitempty"` // by ID, not by the time of adding
	Descending bool   `url:"descending,omitempty"`  // in the reverse order
}

// defaultStreamPerPage is the page size of the API where none is requested.
const defaultStreamPerPage = 20

func (r *StreamInputsRequest) cursor() string { return r.LastID }
func (r *StreamInputsRequest) pageSize() *int { return &r.PerPage }

// follow takes results of any type that has an ID, as a custom list function may
// return them.
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

// StreamInputs returns the page of the inputs that follow LastID. Unlike the
// page that a number stands for, it stays right while inputs are added or
// deleted. The request may be nil. Its Number is always 1: the API does not number
// these pages. The errors are those of [Endpoint.List].
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

// StreamInputsAll iterates over the inputs that follow LastID, until a page is
// empty. It works like [Endpoint.All], except that [Prefetch] is ignored, as a page
// can be requested only once the page before it has arrived; that a
// [PageError.Page] counts the pages from 1; and that to resume after an error, one
// sets LastID to the ID of the last input received. The request may be nil.
func (c *Client) StreamInputsAll(ctx context.Context, req *StreamInputsRequest, opts ...IterOption) iter.Seq2[*Input, error] {
	return items(Pages(ctx, c.StreamInputs, req, opts...))
}

// GetInput returns an input. If it does not exist, the error matches [ErrNotFound].
// An input whose ID cannot be part of a path, such as s3://b/k, is found by
// ListInputs.
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

// findOne is getOne for a resource whose ID cannot be part of a path: it lists the
// resources with that ID.
func findOne[T any](ctx context.Context, c *Client, e Endpoint[T], path, id string, req PageRequest, is func(*T) bool) (*T, error) {
	page, err := e.List(ctx, c, req)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(page.Items, is); i >= 0 {
		return page.Items[i], nil
	}
	path, _ = fillApp(path, c.userID, c.appID) // as List did
	err = fmt.Errorf("%w: no %q", ErrNotFound, cut(id, readableLength))
	return nil, &Error{Method: http.MethodGet, Path: path, HTTPStatus: http.StatusOK, Status: page.Status, Attempts: 1, Err: err}
}

// GetInputCount returns the number of inputs of the app by state. Its errors are
// [*ArgumentError] and [*Error].
func (c *Client) GetInputCount(ctx context.Context) (*InputCount, error) {
	return getOne[InputCount](ctx, c, inputsPath+"/status", "counts", nil)
}

// MaxPostInputs is the most inputs that one PostInputs takes.
const MaxPostInputs = 128

// PostInputsRequest holds the inputs to add.
type PostInputsRequest struct {
	Inputs []*Input `json:"inputs"` // 1 to 128; their ID, Data and DatasetIDs count

	// InputsAddJobID names a job that collects statistics: a new one or, with an
	// ID that exists, one more to count for. Empty means none.
	InputsAddJobID string `json:"inputs_add_job_id,omitzero"`

	// InputIDConflictResolution tells what to do with an ID that is taken.
	InputIDConflictResolution InputIDConflictResolution `json:"input_id_conflict_resolution,omitzero"`
}

// InputIDConflictResolution tells what to do with an input whose ID is taken.
type InputIDConflictResolution int32

// The ways to resolve an ID conflict. The API skips when none is given.
const (
	InputIDConflictSkip   InputIDConflictResolution = 1 // the input fails with StatusInputDuplicate
	InputIDConflictSuffix InputIDConflictResolution = 2 // the ID gets a suffix; an ID that is twice in one request still fails
)

// PostInputs adds inputs, and returns them as the API took them. It is
// asynchronous: an input is StatusInputPending at first, and
// StatusInputSuccess once it has been downloaded and indexed.
//
// When some inputs fail, all come back, each with its Status, together with an
// error that is an [ErrPartialFailure]. When all fail it is not, but in both cases
// Error.Failed lists those that failed, and why: StatusInputDuplicate for an ID
// that is taken. A request that may have been acted on is not sent again; see
// [RetryPolicy].
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
	Inputs []*Input `json:"inputs"` // found by their ID; their Data counts

	Action string `json:"action"` // what to do with Data: ActionMerge, ActionOverwrite or ActionRemove
}

// The actions of PatchInputs.
const (
	ActionMerge     = "merge"     // add to what is there
	ActionOverwrite = "overwrite" // replace what is there
	ActionRemove    = "remove"    // remove what is there
)

// PatchInputs changes inputs, one or more, and returns them as they are now. Its
// errors are those of [Client.PostInputs].
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

// DeleteInput deletes an input. Its errors are [*ArgumentError] and [*Error]. An
// input whose ID cannot be part of a path, such as s3://b/k, is deleted by
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

// DeleteInputs deletes inputs: at least one. Its errors are [*ArgumentError] and
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
	var e *Error
	if !errors.As(err, &e) {
		return inputs, err
	}
	for i, input := range inputs {
		if input != nil && input.Status != nil && input.Status.failed() {
			e.Failed = append(e.Failed, ItemError{Index: i, ID: input.ID, Status: c.conn.redact.status(*input.Status)})
		}
	}
	return inputs, err
}

// checkInputs refuses what PostInputs and PatchInputs could not act on.
func checkInputs(inputs []*Input) error {
	if len(inputs) == 0 {
		return &ArgumentError{Argument: "number of inputs", Value: 0, Reason: "must be 1 or more"}
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

// ImageFromURL makes an image input of the image at a public URL. An empty id
// has the API make one up; so do the constructors that follow.
func ImageFromURL(id, url string) *Input {
	return &Input{ID: id, Data: &Data{Image: &Image{URL: url}}}
}

// ImageFromBytes makes an image input of the bytes of an image file.
func ImageFromBytes(id string, file []byte) *Input {
	return &Input{ID: id, Data: &Data{Image: &Image{Base64: slices.Clone(file)}}}
}

// VideoFromURL makes a video input of the video at a public URL.
func VideoFromURL(id, url string) *Input {
	return &Input{ID: id, Data: &Data{Video: &Video{URL: url}}}
}

// VideoFromBytes makes a video input of the bytes of a video file.
func VideoFromBytes(id string, file []byte) *Input {
	return &Input{ID: id, Data: &Data{Video: &Video{Base64: slices.Clone(file)}}}
}

// AudioFromURL makes an audio input of the audio at a public URL.
func AudioFromURL(id, url string) *Input {
	return &Input{ID: id, Data: &Data{Audio: &Audio{URL: url}}}
}

// AudioFromBytes makes an audio input of the bytes of an audio file.
func AudioFromBytes(id string, file []byte) *Input {
	return &Input{ID: id, Data: &Data{Audio: &Audio{Base64: slices.Clone(file)}}}
}

// TextFromURL makes a text input of the text at a public URL.
func TextFromURL(id, url string) *Input {
	return &Input{ID: id, Data: &Data{Text: &Text{URL: url}}}
}

// TextFromString makes a text input of a text.
func TextFromString(id, text string) *Input {
	return &Input{ID: id, Data: &Data{Text: &Text{Raw: text}}}
}

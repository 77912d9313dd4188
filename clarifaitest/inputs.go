package clarifaitest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/go-json-experiment/json/jsontext"
)

func (a *App) listInputs(c *call) (fields, error) {
	page, err := c.page(clarifai.DefaultPerPage)
	if err != nil {
		return nil, err
	}
	inputs := a.inputs
	if ids := c.given["ids"]; len(ids) > 0 {
		inputs = filter(inputs, func(in *input) bool { return slices.Contains(ids, any(in.ID)) })
	}
	if code := clarifai.StatusCode(given[float64](c, "status.code")); code != 0 {
		inputs = filter(inputs, func(in *input) bool { return in.Status.Code == code })
	}
	return fields{"inputs": encoded(cut(inputs, page))}, nil
}

func (a *App) getInput(c *call) (fields, error) {
	in := a.inputByID[c.path["input_id"]]
	if in == nil {
		return nil, refuse(clarifai.StatusInputDoesNotExist, "input %q", c.path["input_id"])
	}
	return fields{"input": in.json}, nil
}

func (a *App) getInputCount(*call) (fields, error) {
	var counts clarifai.InputCount
	for _, in := range a.inputs {
		switch in.Status.Code {
		case clarifai.StatusInputSuccess:
			counts.Processed++
		case clarifai.StatusInputPending:
			counts.ToProcess++
		case clarifai.StatusInputInProgress:
			counts.Processing++
		case clarifai.StatusInputReindexSuccess:
			counts.Reindexed++
		case clarifai.StatusInputReindexPending:
			counts.ToReindex++
		case clarifai.StatusInputReindexInProgress:
			counts.Reindexing++
		case clarifai.StatusInputReindexFailed:
			counts.ReindexErrors++
		default:
			counts.Errors++
		}
	}
	return fields{"counts": counts}, nil
}

// streamInputs returns the inputs after a cursor, which may be the ID of a deleted
// input.
func (a *App) streamInputs(c *call) (fields, error) {
	const defaultPerPage = 20
	page, err := c.page(defaultPerPage)
	if err != nil {
		return nil, err
	}
	byID, descending := given[bool](c, "order_by_id"), given[bool](c, "descending")
	inputs := a.inputs
	if byID {
		inputs = a.sortedInputs()
	}
	before, after := 0, 0 // numbers of inputs: before the cursor; up to and including it
	if descending {
		before = len(inputs)
	}
	if last := c.query.Get("last_id"); last != "" {
		serial, deleted := a.deleted[last]
		if in := a.inputByID[last]; in != nil {
			serial = in.serial
		} else if !deleted {
			return nil, refuse(clarifai.StatusInputDoesNotExist, "last_id %q is not an input", last)
		}
		if byID {
			before, _ = slices.BinarySearchFunc(inputs, last, func(in *input, id string) int { return strings.Compare(in.ID, id) })
		} else {
			before = a.following(serial - 1)
		}
		if after = before; a.inputByID[last] != nil {
			after++
		}
	}
	if descending {
		inputs = slices.Clone(inputs[max(0, before-page.PerPage):before])
		slices.Reverse(inputs)
	} else {
		inputs = inputs[after:min(after+page.PerPage, len(inputs))]
	}
	return fields{"inputs": encoded(inputs)}, nil
}

func (a *App) postInputs(c *call) (fields, error) {
	var body clarifai.PostInputsRequest
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if err := checkNumber(body.Inputs); err != nil {
		return nil, err
	}
	inRequest := make(map[string]bool)
	return eachInput(body.Inputs, refuse(clarifai.StatusFailure, "no inputs were added"), func(given *clarifai.Input) (*clarifai.Input, *clarifai.Status) {
		in := &clarifai.Input{ID: given.ID, Data: given.Data, DatasetIDs: given.DatasetIDs, Settings: given.Settings}
		if in.ID != "" {
			if inRequest[in.ID] {
				return nil, statusOf(clarifai.StatusInputDuplicate, "ID %q occurs twice in the request", in.ID)
			}
			inRequest[in.ID] = true
		}
		if a.inputByID[in.ID] != nil {
			if body.InputIDConflictResolution != clarifai.InputIDConflictSuffix {
				return nil, statusOf(clarifai.StatusInputDuplicate, "ID %q already exists", in.ID)
			}
			in.ID = a.suffixed(in.ID)
		}
		a.setDefaults(in)
		added := *a.putInput(in).Input
		added.DatasetIDs = nil
		added.Status = statusOf(clarifai.StatusInputPending, "")
		return &added, nil
	})
}

// suffixed returns an unused ID.
func (a *App) suffixed(id string) string {
	for i := 1; ; i++ {
		if free := fmt.Sprintf("%s-%d", id, i); a.inputByID[free] == nil {
			return free
		}
	}
}

func (a *App) patchInputs(c *call) (fields, error) {
	var body clarifai.PatchInputsRequest
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if err := checkNumber(body.Inputs); err != nil {
		return nil, err
	}
	patch := patches[body.Action]
	if patch == nil {
		return nil, refuse(clarifai.StatusConnInvalidRequest, "action must be merge, overwrite or remove, got %q", body.Action)
	}
	return eachInput(body.Inputs, refuse(clarifai.StatusInputDoesNotExist, "none of the inputs exist"), func(given *clarifai.Input) (*clarifai.Input, *clarifai.Status) {
		old := a.inputByID[given.ID]
		if old == nil {
			return nil, statusOf(clarifai.StatusInputDoesNotExist, "input %q", given.ID)
		}
		in := *old.Input
		if given.Data != nil {
			fillConceptValues(given.Data)
			in.Data = patchData(in.Data, given.Data, patch)
		}
		now := now()
		in.ModifiedAt = &now
		patched := *a.putInput(&in).Input
		patched.DatasetIDs = nil
		return &patched, nil
	})
}

func checkNumber(inputs []*clarifai.Input) error {
	if len(inputs) < 1 || len(inputs) > clarifai.MaxPostInputs {
		return refuse(clarifai.StatusConnInvalidRequest, "the number of inputs must be 1 to %d", clarifai.MaxPostInputs)
	}
	return nil
}

// eachInput writes inputs one by one, as some may fail. If all fail, it returns the
// problem allFailed.
func eachInput(inputs []*clarifai.Input, allFailed *problem, write func(*clarifai.Input) (*clarifai.Input, *clarifai.Status)) (fields, error) {
	written := make([]*clarifai.Input, len(inputs))
	failed := 0
	for i, in := range inputs {
		done, failure := write(in)
		if failure != nil {
			failed++
			done = &clarifai.Input{ID: in.ID, Data: in.Data, Status: failure}
		}
		written[i] = done
	}
	answer := fields{"inputs": written}
	switch failed {
	case 0:
		return answer, nil
	case len(inputs):
		allFailed.fields = answer
		return nil, allFailed
	}
	mixed := refuse(clarifai.StatusMixedStatus, "%d of %d inputs failed", failed, len(inputs))
	mixed.fields = answer
	return nil, mixed
}

func (a *App) deleteInputByID(c *call) (fields, error) {
	return a.deleteAll([]string{c.path["input_id"]})
}

type deleteInputsBody struct {
	IDs []string `json:"ids"`
}

func (a *App) deleteInputs(c *call) (fields, error) {
	var body deleteInputsBody
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if len(body.IDs) == 0 {
		return nil, refuse(clarifai.StatusConnInvalidRequest, "ids must not be empty")
	}
	return a.deleteAll(body.IDs)
}

// deleteAll deletes all of the inputs or, if one does not exist, none.
func (a *App) deleteAll(ids []string) (fields, error) {
	for _, id := range ids {
		if a.inputByID[id] == nil {
			return nil, refuse(clarifai.StatusInputDoesNotExist, "input %q", id)
		}
	}
	for _, id := range ids {
		if a.inputByID[id] != nil { // the ID may be given twice
			a.deleteInput(id)
		}
	}
	return nil, nil
}

// datasetInput is a result of ListDatasetInputs.
type datasetInput struct {
	CreatedAt *time.Time     `json:"created_at"`
	Input     jsontext.Value `json:"input"`
}

func (a *App) listDatasetInputs(c *call) (fields, error) {
	page, err := c.page(clarifai.DefaultPerPage)
	if err != nil {
		return nil, err
	}
	dataset, err := a.find(datasetKind, c, c.path["dataset_id"])
	if err != nil {
		return nil, err
	}
	list := []datasetInput{}
	for _, in := range cut(filter(a.inputs, func(in *input) bool { return slices.Contains(in.DatasetIDs, dataset.id) }), page) {
		list = append(list, datasetInput{in.CreatedAt, in.json})
	}
	return fields{"dataset_inputs": list}, nil
}

// encoded returns the JSON of inputs.
func encoded(inputs []*input) []jsontext.Value {
	list := make([]jsontext.Value, len(inputs))
	for i, in := range inputs {
		list[i] = in.json
	}
	return list
}

// filter returns the items for which keep is true.
func filter[T any](items []T, keep func(T) bool) []T {
	var kept []T
	for _, item := range items {
		if keep(item) {
			kept = append(kept, item)
		}
	}
	return kept
}

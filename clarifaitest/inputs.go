package clarifaitest

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/clarifai-go/clarifai"
)

func (a *App) listInputs(c *call) (fields, error) {
	page, err := c.page()
	if err != nil {
		return nil, err
	}
	inputs := a.inputs
	if ids := c.query["ids"]; len(ids) > 0 {
		inputs = filter(inputs, func(in *input) bool { return slices.Contains(ids, in.ID) })
	}
	if c.query.Has("status.code") {
		var code clarifai.StatusCode
		if json.Unmarshal([]byte(strconv.Quote(c.query.Get("status.code"))), &code) != nil || code == 0 {
			return nil, refuse(clarifai.StatusConnBadRequestFormat, "status.code %q is none of the API's", c.query.Get("status.code"))
		}
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

// encoded gives inputs as they stand in an answer.
func encoded(inputs []*input) []json.RawMessage {
	list := make([]json.RawMessage, len(inputs))
	for i, in := range inputs {
		list[i] = in.json
	}
	return list
}

// filter gives the items that are kept.
func filter[T any](items []T, keep func(T) bool) []T {
	var kept []T
	for _, item := range items {
		if keep(item) {
			kept = append(kept, item)
		}
	}
	return kept
}

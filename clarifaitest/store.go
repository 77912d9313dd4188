package clarifaitest

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// input is immutable, so that responses can be encoded without holding the lock. A
// change replaces the whole input.
type input struct {
	*clarifai.Input
	serial int
	json   jsontext.Value // for responses
	own    *annotation    // the input's own labels, as an annotation
	labels bool           // own has more than metadata and a location
	place  bool           // own has metadata or a location
}

// annotation is immutable, like input.
type annotation struct {
	*clarifai.Annotation
	json jsontext.Value
}

type annotationKey struct{ inputID, id string }

// setDefaults sets the fields that the API sets.
func (a *App) setDefaults(in *clarifai.Input) {
	in.ID = cmp.Or(in.ID, a.newID())
	if in.Status == nil {
		in.Status = statusOf(clarifai.StatusInputSuccess, "")
	}
	now := now()
	in.CreatedAt = cmp.Or(in.CreatedAt, &now)
	in.ModifiedAt = cmp.Or(in.ModifiedAt, in.CreatedAt)
}

// now returns the current time with the API's precision.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// newID returns an ID that looks like the API's.
func (a *App) newID() string {
	a.serial++
	return fmt.Sprintf("%032x", a.serial)
}

// putInput adds an input and replaces any existing input with the same ID. It does not
// copy the input.
func (a *App) putInput(in *clarifai.Input) *input {
	put := newInput(in)
	if old := a.inputByID[in.ID]; old != nil {
		put.serial = old.serial
		a.inputs[a.following(old.serial)-1] = put
	} else {
		a.serial++
		put.serial = a.serial
		a.inputs = append(a.inputs, put)
		delete(a.deleted, in.ID)
	}
	a.inputByID[in.ID] = put
	a.inputsByID = nil
	return put
}

// following returns the index of the first input whose serial number is greater than
// serial. The input whose number is serial may have been deleted.
func (a *App) following(serial int) int {
	i, found := slices.BinarySearchFunc(a.inputs, serial, func(in *input, serial int) int { return cmp.Compare(in.serial, serial) })
	if found {
		i++
	}
	return i
}

func (a *App) deleteInput(id string) {
	in := a.inputByID[id]
	i := a.following(in.serial)
	a.inputs = slices.Delete(a.inputs, i-1, i)
	delete(a.inputByID, id)
	a.inputsByID = nil
	a.deleted[id] = in.serial
	if of := a.ofInput[id]; len(of) > 0 {
		for _, an := range of {
			delete(a.annotationKeys, annotationKey{id, an.ID})
		}
		delete(a.ofInput, id)
		a.annotations = slices.DeleteFunc(a.annotations, func(an *annotation) bool { return an.InputID == id })
	}
}

// sortedInputs returns the inputs sorted by ID.
func (a *App) sortedInputs() []*input {
	if a.inputsByID == nil {
		a.inputsByID = slices.Clone(a.inputs)
		slices.SortFunc(a.inputsByID, func(x, y *input) int { return strings.Compare(x.ID, y.ID) })
	}
	return a.inputsByID
}

func (a *App) putAnnotation(an *annotation) {
	key := annotationKey{an.InputID, an.ID}
	if a.annotationKeys[key] {
		same := func(other *annotation) bool { return other.InputID == an.InputID && other.ID == an.ID }
		of := a.ofInput[an.InputID]
		of[slices.IndexFunc(of, same)] = an
		a.annotations[slices.IndexFunc(a.annotations, same)] = an
		return
	}
	a.annotationKeys[key] = true
	a.ofInput[an.InputID] = append(a.ofInput[an.InputID], an)
	a.annotations = append(a.annotations, an)
}

func newInput(in *clarifai.Input) *input {
	fillConceptValues(in.Data)
	given := *in
	given.DatasetIDs = nil
	put := &input{Input: in, json: mustMarshal(&given)}

	own := &clarifai.Annotation{
		ID:         in.ID + "-input-level",
		InputID:    in.ID,
		Data:       &clarifai.Data{},
		Status:     statusOf(clarifai.StatusAnnotationSuccess, ""),
		CreatedAt:  in.CreatedAt,
		ModifiedAt: in.ModifiedAt,
		InputLevel: true,
	}
	if in.Data != nil {
		data := *in.Data
		data.Image, data.Video, data.Audio, data.Text, data.Embeddings = nil, nil, nil, nil, nil
		own.Data = &data
		put.place = len(data.Metadata) > 0 || data.Geo != nil
		labels := data
		labels.Metadata, labels.Geo = nil, nil
		put.labels = !reflect.ValueOf(labels).IsZero()
	}
	put.own = newAnnotation(own)
	return put
}

func newAnnotation(an *clarifai.Annotation) *annotation {
	fillConceptValues(an.Data)
	return &annotation{an, mustMarshal(an)}
}

// fillConceptValues sets missing concept values to 1, the API's default.
func fillConceptValues(data *clarifai.Data) {
	for d := range nested(data) {
		for i := range d.Concepts {
			if d.Concepts[i].Value == nil {
				d.Concepts[i].Value = clarifai.Ptr(1.0)
			}
		}
	}
}

// clone returns a copy of v. It encodes v as JSON and decodes the JSON, so the copy is
// what a server would receive.
func clone[T any](v *T) *T {
	copied := new(T)
	mustUnmarshal(mustMarshal(v), copied)
	return copied
}

// legacy holds the JSON options for the types of package clarifai. The options follow the
// rules of encoding/json, but reject invalid UTF-8.
var legacy = json.JoinOptions(jsonv1.DefaultOptionsV1(), jsonv1.ReportErrorsWithLegacySemantics(false), jsontext.AllowInvalidUTF8(false))

func mustMarshal(v any) jsontext.Value {
	b, err := json.Marshal(v, legacy)
	if err != nil {
		panic(fmt.Sprintf("clarifaitest: %T: %v", v, err))
	}
	return b
}

func mustUnmarshal(b []byte, v any, opts ...json.Options) {
	if err := json.Unmarshal(b, v, append(opts, legacy)...); err != nil {
		panic(fmt.Sprintf("clarifaitest: %T: %v", v, err))
	}
}

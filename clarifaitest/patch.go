package clarifaitest

import (
	"cmp"

	"github.com/clarifai-go/clarifai"
)

// object is a JSON object.
type object = map[string]any

// patches maps the actions of PatchInputs to functions that apply the given data to the
// existing data in place.
var patches = map[string]func(have, given object){
	"merge":     merge,
	"overwrite": overwrite,
	"remove":    remove,
}

// patchData applies a patch to the JSON form of data.
func patchData(have, given *clarifai.Data, patch func(have, given object)) *clarifai.Data {
	patched := objectOf(cmp.Or(have, &clarifai.Data{}))
	patch(patched, objectOf(given))
	data := new(clarifai.Data)
	mustUnmarshal(mustMarshal(patched), data)
	return data
}

// overwrite replaces the given fields.
func overwrite(have, given object) {
	for name, value := range given {
		have[name] = value
	}
}

// merge merges given objects and lists into the existing ones, and replaces all other
// given fields. A list element with the ID of an existing element is merged into that
// element; any other element is appended.
func merge(have, given object) {
	for name, value := range given {
		switch value := value.(type) {
		case object:
			if inner, ok := have[name].(object); ok {
				merge(inner, value)
				continue
			}
		case []any:
			if list, ok := have[name].([]any); ok {
				for _, element := range value {
					if same := withID(list, element); same >= 0 {
						merge(list[same].(object), element.(object))
					} else {
						list = append(list, element)
					}
				}
				have[name] = list
				continue
			}
		}
		have[name] = value
	}
}

// remove removes the given fields. If a given field is an object with keys, only these
// keys are removed from the existing object. If it is a list, only the elements with the
// given IDs are removed from the existing list. A field that becomes empty is removed.
func remove(have, given object) {
	for name, value := range given {
		switch value := value.(type) {
		case object:
			if inner, ok := have[name].(object); ok && len(value) > 0 {
				if remove(inner, value); len(inner) > 0 {
					continue
				}
			}
		case []any:
			if list, ok := have[name].([]any); ok {
				for _, element := range value {
					if same := withID(list, element); same >= 0 {
						list = append(list[:same], list[same+1:]...)
					}
				}
				if have[name] = list; len(list) > 0 {
					continue
				}
			}
		}
		delete(have, name)
	}
}

// withID returns the index of the first element with the same ID as other, or with the
// same name if other has no ID. It returns -1 if no element matches.
func withID(list []any, other any) int {
	o, ok := other.(object)
	if !ok {
		return -1
	}
	for i, element := range list {
		e, ok := element.(object)
		for _, key := range []string{"id", "name"} {
			if id, _ := o[key].(string); ok && id != "" {
				if e[key] == id {
					return i
				}
				break
			}
		}
	}
	return -1
}

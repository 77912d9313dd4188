package clarifaitest

import (
	"cmp"

	"github.com/clarifai-go/clarifai"
)

// object is a JSON object.
type object = map[string]any

// patches are the actions of PatchInputs: each changes what is there by what is
// given, field by field of the data.
var patches = map[string]func(have, given object){
	"merge":     merge,
	"overwrite": overwrite,
	"remove":    remove,
}

// patchData applies a patch to data, in their JSON form.
func patchData(have, given *clarifai.Data, patch func(have, given object)) *clarifai.Data {
	patched := objectOf(cmp.Or(have, &clarifai.Data{}))
	patch(patched, objectOf(given))
	data := new(clarifai.Data)
	mustUnmarshal(mustMarshal(patched), data)
	return data
}

// overwrite puts the fields given in the place of those there.
func overwrite(have, given object) {
	for name, value := range given {
		have[name] = value
	}
}

// merge does so too, but goes into objects, and adds to lists: what has the ID of
// an element there is merged into it, and the rest is appended.
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

// remove takes the fields given away, but goes into objects that are not empty,
// and takes from lists the elements that have an ID given.
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

// withID finds the element of a list that has the ID of another, or the name where
// that has none.
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

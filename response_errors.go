package clarifai

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// unreadable is a decoding error. The text of the embedded error may quote the response.
// The text in loggable never quotes the response.
type unreadable struct {
	error
	loggable string
}

func (e unreadable) Unwrap() error { return e.error }

// loggable returns the text of an error without quoted parts, which may be data.
func loggable(err error) string {
	text := bare(err)
	var unreadable unreadable
	if errors.As(err, &unreadable) {
		text = bare(ErrInvalidResponse) + ": " + unreadable.loggable
	}
	return quoted.ReplaceAllString(text, "…")
}

var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"?`)

// where converts an error of the JSON library to the style of this package. The new
// error includes the path and the offset of the invalid value.
func (r *response) where(err error) error {
	var path, known, kind string
	var at int64
	switch e := err.(type) {
	case *jsontext.SyntacticError:
		path, known, at, err, kind = jsonPath(e.JSONPointer), r.known(e.JSONPointer), e.ByteOffset, e.Err, "invalid JSON"
	case *json.SemanticError:
		path, known, at, err = jsonPath(e.JSONPointer), r.known(e.JSONPointer), e.ByteOffset, e.Err
		found := cmp.Or(map[jsontext.Kind]string{'{': "an object", '[': "an array", '"': "a string", '0': "a number"}[e.JSONKind], e.JSONKind.String())
		kind = fmt.Sprintf("%s is not of type %v", found, e.GoType)
		if err == nil {
			err = fmt.Errorf("%s where %s is expected", found, wanted(e.GoType))
		} else if len(e.JSONValue) > 0 {
			err = fmt.Errorf("%s: %w", kind, err)
		}
	}
	if path != "" {
		err = fmt.Errorf("%s: %w", path, err)
	}
	if known != "" {
		kind = known + ": " + kind
	}
	return unreadable{fmt.Errorf("%w, at byte %d", err, at), fmt.Sprintf("%s, at byte %d", kind, at)}
}

// known returns the start of a path, up to the first name that does not belong to a Go
// field. Such a name is data: a key of a map, or an unknown field.
func (r *response) known(path jsontext.Pointer) string {
	var start jsontext.Pointer
	var t reflect.Type
	for _, f := range r.fields {
		if f.name == "" {
			t = reflect.TypeOf(f.into)
		}
	}
	for name := range path.Tokens() {
		if i := slices.IndexFunc(r.fields, func(f *field) bool { return f.name == name }); start == "" && i >= 0 {
			t = reflect.TypeOf(r.fields[i].into)
		} else if t = typeWithin(t, name); t == nil {
			break
		}
		start = start.AppendToken(name)
	}
	return jsonPath(start)
}

// typeWithin returns the type of the field or element of t with the given JSON name or
// index, or nil if t has no such field or element.
func typeWithin(t reflect.Type, name string) reflect.Type {
	if t == nil {
		return nil
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return t.Elem()
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); f.IsExported() && strings.EqualFold(cmp.Or(tag, f.Name), name) {
				return f.Type
			}
		}
	}
	return nil
}

// wanted describes the JSON value that a type expects.
func wanted(t reflect.Type) string {
	switch kind := t.Kind(); {
	case kind == reflect.String, t == reflect.TypeFor[[]byte](), t == reflect.TypeFor[time.Time]():
		return "a string"
	case kind == reflect.Struct, kind == reflect.Map:
		return "an object"
	case kind == reflect.Slice, kind == reflect.Array:
		return "an array"
	case kind == reflect.Bool:
		return "true or false"
	case reflect.Int <= kind && kind <= reflect.Float64:
		return "a number"
	}
	return t.String()
}
